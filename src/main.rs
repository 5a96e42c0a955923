//! Wiring: arguments, threads, the clock, the terminal, the exit code.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use crossterm::event::{self as term, DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;

use xunjie::archive::History;
use xunjie::checklist::Checklist;
use xunjie::cli::{self, Args, Command, Exit, WalkArgs};
use xunjie::district::District;
use xunjie::i18n::{Lang, messages as m};
use xunjie::log::{ChecklistRef, Code, Head, Kind, Name, SessionId, SiteRef, Stamp, Why};
use xunjie::session::{Session, State};
use xunjie::store::codec::Encoder;
use xunjie::store::file::RealDisk;
use xunjie::store::lock::{Lock, Taken};
use xunjie::store::writer::{Unsaved, Writer};
use xunjie::store::{self, Folders, Settings, file};
use xunjie::text::visible;
use xunjie::tui::app::{App, First, Parts};
use xunjie::tui::theme::Theme;
use xunjie::tui::{self, Effect, Host, Input, Now, Opened, Reply, Start};

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    // A language must be known before the arguments are, for their help.
    let lang = cli::lang_of(&args).or_else(remembered_lang).unwrap_or_else(system_lang);
    let parsed = match cli::parse(args, lang) {
        Ok(parsed) => parsed,
        Err(e) => {
            // A broken pipe while help is printed is nobody's fault.
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { Exit::Usage } else { Exit::Done } as u8);
        }
    };
    match run(&parsed, lang) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(e) if is_broken_pipe(&e) => ExitCode::from(Exit::Done as u8),
        Err(e) => {
            let why = visible(&format!("{e:#}")).into_owned();
            let _ = writeln!(io::stderr(), "xunjie: {}", m::ERROR.with(lang, &[("why", &why)]));
            ExitCode::from(Exit::Failed as u8)
        }
    }
}

fn run(args: &Args, lang: Lang) -> Result<Exit> {
    let out = &mut io::stdout().lock();
    Ok(match &args.command {
        Command::Check(files) => cli::check(out, lang, files)?,
        Command::Schema(kind) => cli::schema(out, *kind)?,
        Command::Completions(shell) => cli::completions(out, *shell)?,
        Command::Keys => cli::keys(out, lang)?,
        Command::Where => cli::places(out, lang, &folders(args, lang)?, args)?,
        Command::Home => interactive(args, lang, None)?,
        Command::Walk(walk) => interactive(args, lang, Some(walk))?,
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

fn system_lang() -> Lang {
    sys_locale::get_locale().and_then(|l| Lang::from_tag(&l)).unwrap_or(Lang::Zh)
}

fn remembered_lang() -> Option<Lang> {
    Folders::find(None)?.settings().ok()??.lang
}

fn folders(args: &Args, lang: Lang) -> Result<Folders> {
    let logs =
        args.logs.clone().or_else(|| std::env::var_os("XUNJIE_LOGS").filter(|v| !v.is_empty()).map(PathBuf::from));
    Folders::find(logs).ok_or_else(|| anyhow!(m::NO_HOME.get(lang)))
}

/// The screen, from start to exit code.
fn interactive(args: &Args, lang: Lang, walk: Option<&WalkArgs>) -> Result<Exit> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(anyhow!(m::NO_TERMINAL.get(lang)));
    }
    let folders = folders(args, lang)?;
    let checklist = Arc::new(load_checklist(args, &folders, lang)?);
    let district = Arc::new(load_district(args, &folders, lang)?);
    let settings = folders.settings()?;
    let clock = Clock::new();
    let start = match walk {
        Some(walk) => match first_walk(walk, &district, &clock, lang) {
            Ok(start) => First::Walk(start),
            Err(e) => {
                writeln!(io::stderr(), "xunjie: {}", m::ERROR.with(lang, &[("why", &format!("{e:#}"))]))?;
                return Ok(Exit::Usage);
            }
        },
        None if settings.as_ref().is_none_or(|s| s.by.is_none()) => First::Questions { name: user_name() },
        None => First::Home,
    };
    let theme = if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) { Theme::Plain } else { Theme::Colour };
    let settings = settings.unwrap_or_default();
    let logs = folders.logs.clone();
    let app = App::new(Parts { lang, theme, checklist: checklist.clone(), district, settings, logs, start });
    let unsaved = on_screen(app, folders, checklist, &clock)?;
    rescue(unsaved, lang)
}

fn user_name() -> String {
    ["USER", "USERNAME"].iter().find_map(|v| std::env::var(v).ok()).unwrap_or_default()
}

fn first_walk(walk: &WalkArgs, district: &District, clock: &Clock, lang: Lang) -> Result<Start> {
    let site = district.site(&walk.site).ok_or_else(|| {
        let ids: Vec<&str> = district.sites.iter().map(|s| s.id.as_str()).collect();
        anyhow!(m::NO_SUCH_SITE.with(lang, &[("id", &visible(&walk.site)), ("ids", &ids.join(" "))]))
    })?;
    let by = store::person(&walk.by).ok_or_else(|| anyhow!(m::BAD_BY.get(lang)))?;
    let at = clock.now().stamp;
    let round = walk.round.clone().unwrap_or_else(|| at.date().to_owned());
    let round = Name::try_from(round).map_err(|_| anyhow!("--round: {}", m::BAD_ROUND.get(lang)))?;
    Ok(Start { site: site.clone(), by, round, source: walk.source, at })
}

fn load_checklist(args: &Args, folders: &Folders, lang: Lang) -> Result<Checklist> {
    match args.checklist.clone().or_else(|| folders.custom_file(cli::CHECKLIST_FILE)) {
        None => Ok(Checklist::built_in()),
        Some(path) => Checklist::read(&read_file(&path)?).map_err(|faults| refused(&path, lang, &faults)),
    }
}

fn load_district(args: &Args, folders: &Folders, lang: Lang) -> Result<District> {
    match args.district.clone().or_else(|| folders.custom_file(cli::DISTRICT_FILE)) {
        None => Ok(District::built_in()),
        Some(path) => District::read(&read_file(&path)?).map_err(|faults| refused(&path, lang, &faults)),
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    file::read(path, cli::MAX_FILE).with_context(|| visible(&path.to_string_lossy()).into_owned())
}

fn refused(path: &Path, lang: Lang, faults: &[xunjie::shape::Fault]) -> anyhow::Error {
    let path = visible(&path.to_string_lossy()).into_owned();
    let told: Vec<String> = faults.iter().map(|f| f.tell(lang)).collect();
    anyhow!("{}; {}", m::FILE_REFUSED.with(lang, &[("path", &path)]), told.join("; "))
}

/// The wall clock and the clock nobody can set.
struct Clock {
    start: Instant,
}

impl Clock {
    fn new() -> Self {
        Self { start: Instant::now() }
    }

    fn now(&self) -> Now {
        let text = jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let stamp = Stamp::try_from(text).unwrap_or_else(|e| unreachable!("the clock gives RFC 3339: {e}"));
        Now { stamp, ms: u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX) }
    }
}

/// Runs the loop on the real terminal and gives it back as it was.
fn on_screen(mut app: App, folders: Folders, checklist: Arc<Checklist>, clock: &Clock) -> Result<Vec<Unsaved>> {
    let (inputs, inbox) = mpsc::channel();
    let mut desk = Desk { folders, checklist, open: None, inputs: inputs.clone(), lang: app.lang };
    let mut terminal = ratatui::try_init()?;
    let restored = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let _ = execute!(io::stdout(), DisableBracketedPaste);
        restored(info);
    }));
    // Not every console knows bracketed paste.
    let _ = execute!(io::stdout(), EnableBracketedPaste);
    watch_signals(&inputs)?;
    read_keys(inputs)?;
    let result = tui::run(&mut terminal, &mut app, &inbox, &|| clock.now(), &mut desk);
    let _ = execute!(io::stdout(), DisableBracketedPaste);
    let _ = terminal.show_cursor();
    ratatui::restore();
    let mut unsaved = std::mem::take(&mut app.unsaved);
    if let Some(Err(left)) = desk.close() {
        unsaved.push(left);
    }
    result?;
    Ok(unsaved)
}

/// Reads the terminal on a thread of its own; what is waiting together stays together.
fn read_keys(inputs: Sender<Input>) -> Result<()> {
    thread::Builder::new().name("xunjie-keys".into()).spawn(move || {
        while let Ok(first) = term::read() {
            let mut batch = vec![first];
            while let Ok(true) = term::poll(Duration::ZERO) {
                match term::read() {
                    Ok(next) => batch.push(next),
                    Err(_) => break,
                }
            }
            if inputs.send(Input::Terminal(batch)).is_err() {
                return;
            }
        }
        let _ = inputs.send(Input::Hangup);
    })?;
    Ok(())
}

/// Closing the window and being asked to end leave by the same door as quitting.
#[cfg(unix)]
fn watch_signals(inputs: &Sender<Input>) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let inputs = inputs.clone();
    thread::Builder::new().name("xunjie-signals".into()).spawn(move || {
        for _ in signals.forever() {
            if inputs.send(Input::Hangup).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn watch_signals(_: &Sender<Input>) -> Result<()> {
    Ok(())
}

/// Carries out what the interface asks for.
struct Desk {
    folders: Folders,
    checklist: Arc<Checklist>,
    open: Option<OpenLog>,
    inputs: Sender<Input>,
    lang: Lang,
}

/// A log that is being written.
struct OpenLog {
    writer: Writer,
    path: PathBuf,
    _lock: Lock,
}

impl Host for Desk {
    fn run(&mut self, effect: Effect) -> Option<Reply> {
        let failed = |e: anyhow::Error| Reply::Failed(format!("{e:#}"));
        match effect {
            Effect::SaveSettings(settings) => self.save_settings(&settings),
            Effect::ListLogs => Some(match self.folders.list() {
                Ok(logs) => Reply::Listed(logs),
                Err(e) => Reply::Notice(e.to_string()),
            }),
            Effect::Start(start) => Some(self.start(&start).unwrap_or_else(failed)),
            Effect::Resume(path, why) => Some(self.resume(path, why).unwrap_or_else(failed)),
            Effect::Look(path) => Some(self.look(path).unwrap_or_else(failed)),
            Effect::ReadHistory { site, except } => {
                self.read_history(site, except);
                None
            }
            Effect::Append(event) => {
                if let Some(open) = &self.open {
                    open.writer.append(event);
                }
                None
            }
            Effect::Close => self.close().map(Reply::Closed),
            Effect::Redraw => None,
        }
    }
}

impl Desk {
    fn save_settings(&mut self, settings: &Settings) -> Option<Reply> {
        self.lang = settings.lang.unwrap_or(self.lang);
        self.folders.save_settings(settings).err().map(|e| Reply::Notice(e.to_string()))
    }

    /// A new walk, or the unfinished one of the same site, round and inspector.
    fn start(&mut self, start: &Start) -> Result<Reply> {
        if let Some(path) = self.folders.unfinished(&start.site.id, start.round.as_str(), start.by.id.as_str()) {
            return self.resume(path, Why::Paused);
        }
        let head = self.head(start)?;
        let path = self.folders.new_log(&head)?;
        let session = Session::new(head);
        self.write(&path, Encoder::new(&session.head), OnDisk::No, &session)?;
        Ok(opened(session, path, None, None))
    }

    fn head(&self, start: &Start) -> Result<Head> {
        let bad = |e: String| anyhow!(e);
        Ok(Head {
            id: SessionId::new_v7(),
            kind: Kind::Walk,
            by: start.by.clone(),
            device: self.folders.next_session()?,
            site: Some(SiteRef {
                id: Code::try_from(start.site.id.as_str()).map_err(bad)?,
                name: start.site.name.clone(),
            }),
            round: Some(start.round.clone()),
            source: Some(start.source),
            checklist: ChecklistRef {
                id: Code::try_from(self.checklist.id.as_str()).map_err(bad)?,
                edition: Name::try_from(self.checklist.edition.as_str()).map_err(bad)?,
                sha256: Code::try_from(self.checklist.sha256.as_str()).map_err(bad)?,
            },
            started: start.at.clone(),
            app: Name::try_from(env!("CARGO_PKG_VERSION")).map_err(bad)?,
        })
    }

    fn resume(&mut self, path: PathBuf, why: Why) -> Result<Reply> {
        let lang = self.lang;
        let read = store::open(&path).map_err(|e| anyhow!(cli::unreadable(lang, &path, &e)))?;
        let session = read.session();
        // A log without an end was left by a kill or a power cut.
        let why = if session.state() == State::Open { Why::Recovered } else { why };
        let encoder = Encoder::resume(&read.log);
        if read.is_ours() {
            self.write(&path, encoder, OnDisk::Yes, &session)?;
            return Ok(opened(session, path, Some(why), None));
        }
        let lock = self.lock(&path, &session)?;
        let copy = store::keep_damaged(&path, &read.bytes)?;
        drop(lock);
        self.write(&path, encoder, OnDisk::No, &session)?;
        let copy = visible(&copy.to_string_lossy()).into_owned();
        let notice = m::REPAIRED.with(lang, &[("n", &session.events().len()), ("copy", &copy)]);
        Ok(opened(session, path, Some(why), Some(notice)))
    }

    fn look(&mut self, path: PathBuf) -> Result<Reply> {
        let read = store::open(&path).map_err(|e| anyhow!(cli::unreadable(self.lang, &path, &e)))?;
        let session = read.session();
        let saved = session.events().len();
        Ok(Reply::Opened(Box::new(Opened { session, path, writable: false, saved, resumed: None, notice: None })))
    }

    /// Takes the lock and starts the writer thread.
    fn write(&mut self, path: &Path, encoder: Encoder, on_disk: OnDisk, session: &Session) -> Result<()> {
        if let Some(Err(unsaved)) = self.close() {
            return Err(anyhow!("{}: {}", unsaved.path.display(), unsaved.why));
        }
        let lock = self.lock(path, session)?;
        let inputs = self.inputs.clone();
        let report = move |report| {
            // The loop is gone only when nobody looks any more.
            let _ = inputs.send(Input::Writer(report));
        };
        let writer = Writer::start(path.to_owned(), encoder, on_disk == OnDisk::Yes, Box::new(RealDisk), report)?;
        self.open = Some(OpenLog { writer, path: path.to_owned(), _lock: lock });
        Ok(())
    }

    fn lock(&self, path: &Path, session: &Session) -> Result<Lock> {
        let since = jiff::Zoned::now().strftime("%Y-%m-%d %H:%M").to_string();
        let about = format!("{}\t{since}\t{}", session.head.by.shown(), std::process::id());
        Lock::take(path, &about).map_err(|taken| match taken {
            Taken::Io(e) => anyhow::Error::new(e).context(path.display().to_string()),
            Taken::By(who) => anyhow!(m::LOCKED.with(self.lang, &[("who", &self.tell_owner(&who))])),
        })
    }

    fn tell_owner(&self, note: &str) -> String {
        let parts: Vec<&str> = note.split('\t').collect();
        match parts[..] {
            [by, since, pid] => m::WHO_SINCE.with(self.lang, &[("by", &visible(by)), ("since", &since), ("pid", &pid)]),
            _ => m::WHO_UNKNOWN.get(self.lang).to_owned(),
        }
    }

    /// Reads earlier walks of a site in the background; nothing waits for it.
    fn read_history(&self, site: String, except: SessionId) {
        let folders = self.folders.clone();
        let inputs = self.inputs.clone();
        let work = move || {
            let mut history = History::default();
            for session in folders.sessions_of(&site).iter().filter(|s| s.head.id != except) {
                history.add(session);
            }
            let _ = inputs.send(Input::Reply(Reply::History(site, history)));
        };
        // Without the thread the walk goes on without earlier results.
        let _ = thread::Builder::new().name("xunjie-history".into()).spawn(work);
    }

    /// Settles the open log and lets go of it.
    fn close(&mut self) -> Option<Result<PathBuf, Unsaved>> {
        let open = self.open.take()?;
        Some(open.writer.finish().map(|()| open.path))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum OnDisk {
    Yes,
    No,
}

fn opened(session: Session, path: PathBuf, resumed: Option<Why>, notice: Option<String>) -> Reply {
    let saved = session.events().len();
    Reply::Opened(Box::new(Opened { session, path, writable: true, saved, resumed, notice }))
}

/// What could not be saved goes to a file elsewhere or, failing that, to standard error.
fn rescue(unsaved: Vec<Unsaved>, lang: Lang) -> Result<Exit> {
    let mut exit = Exit::Done;
    for left in unsaved {
        exit = Exit::Failed;
        let path = visible(&left.path.to_string_lossy()).into_owned();
        let name = left.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let places = [std::env::home_dir(), std::env::current_dir().ok(), Some(std::env::temp_dir())];
        let saved = places
            .into_iter()
            .flatten()
            .map(|dir| dir.join(format!("xunjie-rescue-{name}")))
            .find(|rescue| file::replace(&RealDisk, rescue, left.document.as_bytes()).is_ok());
        let err = &mut io::stderr();
        match saved {
            Some(rescue) => {
                let rescue = visible(&rescue.to_string_lossy()).into_owned();
                writeln!(
                    err,
                    "{}",
                    m::RESCUED.with(lang, &[("n", &left.waiting), ("path", &path), ("rescue", &rescue)])
                )?;
            }
            None => {
                writeln!(err, "{}", m::RESCUED_STDERR.with(lang, &[("n", &left.waiting), ("path", &path)]))?;
                err.write_all(left.document.as_bytes())?;
            }
        }
    }
    Ok(exit)
}
