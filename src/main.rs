//! Wiring: arguments, threads, the clock, the terminal, the exit code.

use std::ffi::OsString;
#[cfg(windows)]
use std::io::BufWriter;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
#[cfg(windows)]
use crossterm::cursor::MoveTo;
use crossterm::cursor::Show;
use crossterm::event::{self as term, DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::execute;
use crossterm::style::Print;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use xunjie::archive::Archive;
use xunjie::archive::reading::{Folder, Reading};
use xunjie::checklist::Checklist;
use xunjie::cli::merge::Known;
use xunjie::cli::report::{Plan, Unusable};
use xunjie::cli::{self, Args, Command, Exit, MergeArgs, ReportArgs, ReviewArgs, WalkArgs};
use xunjie::desk::Desk;
use xunjie::district::District;
use xunjie::i18n::{Lang, messages as m};
use xunjie::log::{Name, Stamp};
use xunjie::outlet::{Flow, Outlet, Pace};
use xunjie::plain::{self, Discarded, Outside, Plain, dialogue};
use xunjie::store::inputs::Inputs;
use xunjie::store::rescue::Left;
use xunjie::store::{self, Folders, Settings, file};
use xunjie::tell;
use xunjie::text::visible;
use xunjie::tui::app::recheck::Recheck;
use xunjie::tui::app::{App, First, Parts, review};
use xunjie::tui::theme::{Lines, Theme};
use xunjie::tui::{Effect, Input, Now, Start, Tui};

/// What a frame takes at most, but for very large windows.
#[cfg(windows)]
const FRAME_BYTES: usize = 64 << 10;
/// How long the next frame waits for the last one to be taken; after that it is left out.
const FRAME_PATIENCE: Duration = Duration::from_millis(20);
/// How long the end waits for a terminal that has stopped reading.
const LAST_WORDS: Duration = Duration::from_millis(300);
/// What a window that is closed counts as, where no signal says so.
const HANGUP: i32 = 1;
/// What Ctrl-C and Ctrl-Break count as on Windows.
#[cfg(windows)]
const INTERRUPT: i32 = 2;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    // A language must be known before the arguments are, for their help.
    let lang = cli::lang_of(&args).or_else(remembered_lang).unwrap_or_else(system_lang);
    let parsed = match cli::parse(args, lang) {
        Ok(parsed) => parsed,
        Err(e) => {
            // What was typed is in the message; a broken pipe while help is printed is nobody's fault.
            let text: Vec<String> = cli::usage::told(&e, lang).lines().map(|l| visible(l).into_owned()).collect();
            let text = text.join("\n") + "\n";
            let (exit, _) = if e.use_stderr() {
                (Exit::Usage, io::stderr().write_all(text.as_bytes()))
            } else {
                (Exit::Done, io::stdout().write_all(text.as_bytes()))
            };
            return ExitCode::from(exit as u8);
        }
    };
    match run(&parsed, lang) {
        Ok(code) => ExitCode::from(code),
        Err(e) if is_broken_pipe(&e) => ExitCode::from(Exit::Done as u8),
        Err(e) => {
            let why = visible(&format!("{e:#}")).into_owned();
            let _ = writeln!(io::stderr(), "xunjie: {}", m::ERROR.with(lang, &[("why", &why)]));
            ExitCode::from(Exit::Failed as u8)
        }
    }
}

fn run(args: &Args, lang: Lang) -> Result<u8> {
    match &args.command {
        Command::Home => interactive(args, lang, &Opening::Home),
        Command::Walk(walk) => walk_in(args, walk, lang, &Opening::Walk(walk)),
        Command::Recheck(paths, walk) => walk_in(args, walk, lang, &Opening::Recheck(paths, walk)),
        Command::Review(review) => interactive(args, lang, &Opening::Review(review)),
        command => print(command, args, lang),
    }
}

/// The commands that print and are done.
fn print(command: &Command, args: &Args, lang: Lang) -> Result<u8> {
    let out = &mut io::stdout().lock();
    let exit = match command {
        Command::Check(check) if check.json => cli::check_as_json(out, lang, &check.files)?,
        Command::Check(check) => cli::check(out, lang, &check.files)?,
        Command::Demo(demo) => {
            let folders = folders(args, lang)?;
            let (list, district) = (load_checklist(args, &folders, lang)?, load_district(args, &folders, lang)?);
            cli::demo(out, lang, demo, &list, &district)?
        }
        Command::Merge(merge) => run_merge(out, args, merge, lang)?,
        Command::Report(report) => run_report(out, args, report, lang)?,
        Command::Schema(kind) => cli::schema(out, *kind)?,
        Command::Completions(shell) => cli::completions(out, *shell)?,
        Command::Where => cli::places(out, lang, &folders(args, lang)?, args)?,
        Command::Home | Command::Walk(_) | Command::Recheck(..) | Command::Review(_) => Exit::Done,
    };
    Ok(exit as u8)
}

fn run_merge(out: &mut io::StdoutLock, args: &Args, merge: &MergeArgs, lang: Lang) -> Result<Exit> {
    if merge.out.is_none() && out.is_terminal() {
        writeln!(io::stderr(), "xunjie: {}", m::ERROR.with(lang, &[("why", &m::MERGE_TO_TERMINAL.get(lang))]))?;
        return Ok(Exit::Usage);
    }
    survive_file_limit()?;
    let clock = Clock::new();
    let folders = folders(args, lang)?;
    let (checklist, district) = (load_checklist(args, &folders, lang)?, load_district(args, &folders, lang)?);
    let inputs = read_inputs(&merge.paths, &clock, lang);
    let known = Known { checklist: &checklist, district: &district, now: clock.now().stamp };
    cli::merge::merge(out, &mut io::stderr(), lang, merge, inputs, &known)
}

fn run_report(out: &mut io::StdoutLock, args: &Args, report: &ReportArgs, lang: Lang) -> Result<Exit> {
    let folders = folders(args, lang)?;
    let custom = [(&args.checklist, cli::CHECKLIST_FILE), (&args.district, cli::DISTRICT_FILE)];
    let custom = custom.into_iter().filter_map(|(given, name)| given.clone().or_else(|| folders.custom_file(name)));
    let plan = match Plan::of(report, custom.collect(), lang, out.is_terminal()) {
        Ok(plan) => plan,
        Err(Unusable(why)) => {
            writeln!(io::stderr(), "xunjie: {}", m::ERROR.with(lang, &[("why", &why)]))?;
            return Ok(Exit::Usage);
        }
    };
    survive_file_limit()?;
    let clock = Clock::new();
    let (checklist, district) = (load_checklist(args, &folders, lang)?, load_district(args, &folders, lang)?);
    let rulings = Inputs::read(&folders.review_logs(), &mut io::empty(), &mut |_, _| {}).archive;
    let folder = Folder::new(plan.as_of()).of_district(&district.id);
    let read = fold_inputs(&report.paths, &clock, lang, (&rulings, folder))?;
    let known = Known { checklist: &checklist, district: &district, now: clock.now().stamp };
    cli::report::report((out, &mut io::stderr()), lang, &plan, read, &rulings, &known)
}

/// A file that grows over a limit of the system is an error like any other, not the end.
fn survive_file_limit() -> Result<()> {
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default())?;
    Ok(())
}

fn read_inputs(paths: &[PathBuf], clock: &Clock, lang: Lang) -> Inputs {
    let mut progress = Progress { started: clock.start, drawn: None, lang };
    let inputs = Inputs::read(paths, &mut io::stdin(), &mut |done, total| progress.tell(done, total));
    progress.clear();
    inputs
}

/// Reads paths in which there must be something, and keeps what a report is made of.
fn fold_inputs(paths: &[PathBuf], clock: &Clock, lang: Lang, keep: (&Archive, Folder)) -> Result<(Inputs, Reading)> {
    let mut progress = Progress { started: clock.start, drawn: None, lang };
    let (inputs, reading) = Inputs::fold(paths, &mut io::stdin(), &mut |done, total| progress.tell(done, total), keep);
    progress.clear();
    Ok((with_something(inputs, lang)?, reading))
}

/// How far reading has come, on a terminal, once it takes longer than one would wait.
struct Progress {
    started: Instant,
    drawn: Option<Instant>,
    lang: Lang,
}

impl Progress {
    const PATIENCE: Duration = Duration::from_millis(500);
    const EVERY: Duration = Duration::from_millis(100);
    const CELLS: usize = 30;

    fn tell(&mut self, done: usize, total: usize) {
        let now = Instant::now();
        let due = match self.drawn {
            None => now - self.started > Self::PATIENCE && io::stderr().is_terminal(),
            Some(last) => now - last > Self::EVERY,
        };
        if due {
            self.drawn = Some(now);
            let full = Self::CELLS * done / total.max(1);
            let text = m::MERGE_PROGRESS.with(self.lang, &[("done", &done), ("total", &total)]);
            let bar = format!("\r[{}{}] {text}", "#".repeat(full), " ".repeat(Self::CELLS - full));
            // A terminal that is gone is no reason to stop reading. What an old console must be told first, `execute` does.
            let _ = execute!(io::stderr(), Print(bar), Clear(ClearType::UntilNewLine));
        }
    }

    fn clear(&self) {
        if self.drawn.is_some() {
            let _ = execute!(io::stderr(), Print('\r'), Clear(ClearType::UntilNewLine));
        }
    }
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

/// What the screen opens with.
enum Opening<'a> {
    Home,
    Walk(&'a WalkArgs),
    Review(&'a ReviewArgs),
    Recheck(&'a [PathBuf], &'a WalkArgs),
}

/// The screen, from start to exit code.
fn interactive(args: &Args, lang: Lang, opening: &Opening) -> Result<u8> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(anyhow!(m::NO_TERMINAL.get(lang)));
    }
    let folders = folders(args, lang)?;
    let checklist = Arc::new(load_checklist(args, &folders, lang)?);
    let district = Arc::new(load_district(args, &folders, lang)?);
    let (settings, unread) = settings(&folders, lang);
    let clock = Clock::new();
    let start = match opening {
        Opening::Walk(walk) | Opening::Recheck(_, walk) => match first_walk(walk, &district, &clock, lang, opening) {
            Ok(start) => First::Walk(start),
            Err(e) => {
                writeln!(io::stderr(), "xunjie: {}", m::ERROR.with(lang, &[("why", &format!("{e:#}"))]))?;
                return Ok(Exit::Usage as u8);
            }
        },
        Opening::Review(_) => First::Review,
        Opening::Home if settings.as_ref().is_none_or(|s| s.by.is_none()) => {
            First::Questions { name: user_name(), lang: args.lang }
        }
        Opening::Home => First::Home,
    };
    let plain = args.no_color || std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let theme = if plain { Theme::Plain } else { Theme::Colour };
    let settings = settings.unwrap_or_default();
    let logs = folders.logs.clone();
    let mut app =
        App::new(Parts { lang, theme, checklist: checklist.clone(), district, settings, logs, made: made(), start });
    let lines = || lines(args);
    let Some(mut read) = read_for(opening, &mut app, &folders, &clock)? else {
        return Ok(Exit::Done as u8);
    };
    let district = app.district.clone();
    let mirror = mirror(args, &app.settings, &folders, lang)?;
    let desk = |inputs| {
        Desk::new(folders, checklist, lang, inputs, clock.started_at())
            .with_district(&district)
            .with_mirror(mirror)
            .with_rescue(rescue_folders())
            .with_archives(std::mem::take(&mut read.archives))
    };
    if let Some(unread) = unread {
        app.warn(unread);
    }
    let mouse = if args.no_mouse { Mouse::Left } else { Mouse::Taken };
    let ended = on_screen(app, desk, &clock, (mouse, &lines))?;
    Ok(read.exit(ended.exit(lang)))
}

/// Whether frames can be drawn with lines, on a screen that is taken already.
fn lines(args: &Args) -> Lines {
    if args.ascii { Lines::Ascii } else { lines_of_terminal() }
}

#[cfg(unix)]
fn lines_of_terminal() -> Lines {
    let says = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    // The first of these that is set decides, as for every program.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(says);
    locale.map_or(Lines::Drawn, |l| Lines::of_locale(&l))
}

/// With a Chinese code page and font the Windows console draws a line two cells wide. Neither is what counts, nor who the
/// terminal says it is: a line is drawn and taken away again, and the console, which answers at once, knows how far it went.
#[cfg(windows)]
fn lines_of_terminal() -> Lines {
    let drawn = || -> io::Result<u16> {
        execute!(io::stdout(), MoveTo(0, 0), Print(Lines::Drawn.set().horizontal_top))?;
        let (cells, _) = crossterm::cursor::position()?;
        execute!(io::stdout(), MoveTo(0, 0), Clear(ClearType::All))?;
        Ok(cells)
    };
    Lines::of_width(drawn().ok())
}

/// Settings are a comfort: without them the walk can be done all the same.
fn settings(folders: &Folders, lang: Lang) -> (Option<Settings>, Option<String>) {
    match folders.settings() {
        Ok(settings) => (settings, None),
        Err(e) => (None, Some(m::SETTINGS_UNREAD.with(lang, &[("why", &tell::file(lang, &e))]))),
    }
}

/// Whether the terminal says of itself that it only prints lines.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// A walk on the screen, or line by line where that is asked for or all the terminal can do.
fn walk_in(args: &Args, walk: &WalkArgs, lang: Lang, opening: &Opening) -> Result<u8> {
    if walk.plain || is_dumb() { in_lines(args, walk, lang, opening) } else { interactive(args, lang, opening) }
}

/// A walk line by line, from start to exit code.
fn in_lines(args: &Args, walk: &WalkArgs, lang: Lang, opening: &Opening) -> Result<u8> {
    let folders = folders(args, lang)?;
    let checklist = Arc::new(load_checklist(args, &folders, lang)?);
    let district = Arc::new(load_district(args, &folders, lang)?);
    let (settings, unread) = settings(&folders, lang);
    let settings = settings.unwrap_or_default();
    let clock = Clock::new();
    let start = match first_walk(walk, &district, &clock, lang, opening) {
        Ok(start) => start,
        Err(e) => {
            writeln!(io::stderr(), "xunjie: {}", m::ERROR.with(lang, &[("why", &format!("{e:#}"))]))?;
            return Ok(Exit::Usage as u8);
        }
    };
    let (mut read, mut recheck) = (ReadBefore::default(), None);
    if let Opening::Recheck(paths, walk) = opening {
        let Some(found) = read_recheck(paths, walk, &folders, ((&checklist, &district), &clock, lang))? else {
            return Ok(Exit::Done as u8);
        };
        (recheck, read) = (Some(found.0), found.1);
    }
    let (inputs, inbox) = mpsc::channel();
    let mirror = mirror(args, &settings, &folders, lang)?;
    let mut desk = Desk::new(folders, checklist.clone(), lang, inputs.clone(), clock.started_at())
        .with_district(&district)
        .with_mirror(mirror)
        .with_rescue(rescue_folders())
        .with_archives(std::mem::take(&mut read.archives));
    let parts = dialogue::Parts { lang, checklist, district, settings, made: made(), recheck };
    let (mut dialogue, first) = plain::open(start, parts, &mut desk, &clock.now()).map_err(|why| anyhow!(why))?;
    if let Some(unread) = unread {
        dialogue.say(&unread);
    }
    let out = Outlet::start(io::stdout(), Pace::Lines)?;
    watch_signals(&inputs, &out.flow())?;
    let taken = read_lines(inputs)?;
    let outside = Outside { suspend: &stop, taken: &|| _ = taken.try_recv(), discard: &discard_typed };
    Ok(read.exit(answered((dialogue, first), &mut desk, &inbox, out, (&clock, outside))?.exit(lang)))
}

/// Asks and takes answers to the end, and settles the log whatever happens.
fn answered(
    (dialogue, first): (dialogue::Dialogue, Vec<Effect>),
    desk: &mut Desk,
    inbox: &Receiver<Input>,
    mut out: Outlet,
    (clock, outside): (&Clock, Outside),
) -> Result<Ended> {
    let source = if io::stdin().is_terminal() { plain::Source::Terminal } else { plain::Source::Pipe };
    let clock = || clock.now();
    let mut plain = Plain::new(dialogue, source, &mut out, &clock, desk, outside);
    let result = std::panic::catch_unwind(AssertUnwindSafe(|| plain.run(first, inbox)));
    let (signal, mut unsaved) = plain.ended();
    if let Some(Err(left)) = desk.close() {
        unsaved.push(left);
    }
    Ended { unsaved, signal }.after(result)
}

/// What was read before the screen opens.
#[derive(Default)]
struct ReadBefore {
    archives: Vec<PathBuf>,
    /// How many files were not taken whole.
    faulty: usize,
}

impl ReadBefore {
    /// The exit code, where files that were refused count unless something worse happened.
    fn exit(&self, ended: u8) -> u8 {
        if ended == 0 && self.faulty > 0 { Exit::SomeRefused as u8 } else { ended }
    }
}

/// Reads what a review or a recheck is about; nothing where there is nothing to look at again, which is said.
fn read_for(opening: &Opening, app: &mut App, folders: &Folders, clock: &Clock) -> Result<Option<ReadBefore>> {
    let lang = app.lang;
    match opening {
        Opening::Home | Opening::Walk(_) => Ok(Some(ReadBefore::default())),
        Opening::Review(review) => {
            let start = first_review(review, folders, &app.settings, clock, lang)?;
            let faulty = start.inputs.faulty();
            app.open_review(start);
            Ok(Some(ReadBefore { archives: Vec::new(), faulty }))
        }
        Opening::Recheck(paths, walk) => {
            let Some((recheck, read)) =
                read_recheck(paths, walk, folders, ((&app.checklist, &app.district), clock, lang))?
            else {
                return Ok(None);
            };
            app.look_again(recheck);
            Ok(Some(read))
        }
    }
}

/// Reads what is open at a site; nothing where nothing is, which is said.
fn read_recheck(
    paths: &[PathBuf],
    walk: &WalkArgs,
    folders: &Folders,
    ((checklist, district), clock, lang): ((&Checklist, &District), &Clock, Lang),
) -> Result<Option<(Recheck, ReadBefore)>> {
    let archives: Vec<PathBuf> = paths.iter().cloned().chain(folders.review_logs()).collect();
    let inputs = some_inputs(&archives, clock, lang)?;
    let reading = Reading::of_district(&inputs.archive, &district.id);
    let recheck = Recheck::of(&reading, checklist, &walk.site);
    if recheck.is_empty() {
        let site = visible(&walk.site).into_owned();
        writeln!(io::stdout(), "{}", m::NOTHING_TO_RECHECK.with(lang, &[("site", &site)]))?;
        return Ok(None);
    }
    Ok(Some((recheck, ReadBefore { archives, faulty: inputs.faulty() })))
}

/// Reads paths in which there must be something.
fn some_inputs(paths: &[PathBuf], clock: &Clock, lang: Lang) -> Result<Inputs> {
    with_something(read_inputs(paths, clock, lang), lang)
}

/// What was read, where there is something in it.
fn with_something(inputs: Inputs, lang: Lang) -> Result<Inputs> {
    if inputs.contents().next().is_some() {
        return Ok(inputs);
    }
    let refused = inputs.files.iter().filter_map(|f| Some(tell::unreadable(lang, &f.path, f.read.as_ref().err()?)));
    let told: Vec<String> = refused.chain([m::MERGE_NOTHING.get(lang).to_owned()]).collect();
    Err(anyhow!(told.join("; ")))
}

/// Reads what is to be reviewed, and the rulings made on this computer before.
fn first_review(
    review: &ReviewArgs,
    folders: &Folders,
    settings: &Settings,
    clock: &Clock,
    lang: Lang,
) -> Result<review::Start> {
    let given = review.by.as_deref().map(|by| store::person(by).ok_or_else(|| anyhow!(m::BAD_BY.get(lang))));
    let by = match given.transpose()?.or_else(|| settings.by.clone()).or_else(|| store::person(&user_name())) {
        Some(by) => by,
        None => return Err(anyhow!(m::GIVE_BY.get(lang))),
    };
    let as_of = review.as_of.clone().unwrap_or_else(|| clock.now().stamp.date().to_owned());
    let dashed = as_of.len() == 10 && as_of.bytes().filter(|b| *b == b'-').count() == 2;
    let as_of = as_of.parse().ok().filter(|_| dashed);
    let as_of = as_of.ok_or_else(|| {
        let date = visible(review.as_of.as_deref().unwrap_or_default()).into_owned();
        anyhow!("--as-of: {}", m::BAD_DATE.with(lang, &[("date", &date)]))
    })?;
    let mut paths = review.paths.clone();
    paths.extend(folders.review_logs());
    let inputs = some_inputs(&paths, clock, lang)?;
    Ok(review::Start { inputs, by, as_of })
}

/// The day this version was made; a computer that says an earlier one has a wrong clock.
fn made() -> Stamp {
    Stamp::try_from("2026-11-01T00:00:00+08:00").unwrap_or_else(|e| unreachable!("a date is a date: {e}"))
}

fn user_name() -> String {
    ["USER", "USERNAME"].iter().find_map(|v| std::env::var(v).ok()).unwrap_or_default()
}

fn first_walk(walk: &WalkArgs, district: &District, clock: &Clock, lang: Lang, opening: &Opening) -> Result<Start> {
    let site = district.site(&walk.site).ok_or_else(|| {
        let ids: Vec<&str> = district.sites.iter().map(|s| s.id.as_str()).collect();
        anyhow!(m::NO_SUCH_SITE.with(lang, &[("id", &visible(&walk.site)), ("ids", &ids.join(" "))]))
    })?;
    let by = store::person(&walk.by).ok_or_else(|| anyhow!(m::BAD_BY.get(lang)))?;
    let at = clock.now().stamp;
    // A second look is a round of its own, or it would dispute the first.
    let label = if matches!(opening, Opening::Recheck(..)) { "-recheck" } else { "" };
    let round = walk.round.clone().unwrap_or_else(|| format!("{}{label}", at.date()));
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

    /// The date and time for a person who asks who has a log open.
    fn started_at(&self) -> String {
        jiff::Zoned::now().strftime("%Y-%m-%d %H:%M").to_string()
    }

    fn now(&self) -> Now {
        #[cfg(debug_assertions)]
        self.panic_when_asked();
        let text = jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let stamp = Stamp::try_from(text).unwrap_or_else(|e| unreachable!("the clock gives RFC 3339: {e}"));
        Now { stamp, ms: u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX) }
    }
}

#[cfg(debug_assertions)]
impl Clock {
    /// Lets a test of a debug build see what a panic leaves behind.
    fn panic_when_asked(&self) {
        let after = std::env::var("XUNJIE_PANIC_AFTER_MS").ok().and_then(|ms| ms.parse().ok());
        assert!(after.is_none_or(|ms: u128| self.start.elapsed().as_millis() < ms), "a panic was asked for");
    }
}

/// How a walk was left.
struct Ended {
    unsaved: Vec<Left>,
    signal: Option<i32>,
}

impl Ended {
    /// What running came to, a panic included: whatever it was, what is unsaved is told.
    fn after(self, result: thread::Result<io::Result<()>>) -> Result<Self> {
        match result {
            Ok(Err(e)) if self.signal.is_none() => {
                tell_unsaved(self.unsaved, Lang::En, Duration::MAX);
                Err(e.into())
            }
            // A terminal that is gone cannot be written on; that is why the program ends.
            Ok(_) => Ok(self),
            Err(panic) => {
                tell_unsaved(self.unsaved, Lang::En, Duration::MAX);
                std::panic::resume_unwind(panic);
            }
        }
    }

    /// Tells what could not be saved; after a signal the exit code is 128 and its number, as shells expect.
    fn exit(self, lang: Lang) -> u8 {
        // Who is asked to end has no time for a terminal that does not read.
        let patience = if self.signal.is_some() { LAST_WORDS } else { Duration::MAX };
        match (tell_unsaved(self.unsaved, lang, patience), self.signal) {
            (Exit::Done, Some(signal)) => u8::try_from(128 + signal).unwrap_or(Exit::Failed as u8),
            (exit, _) => exit as u8,
        }
    }
}

/// Runs the loop on the real terminal and gives it back as it was, whatever happens in between; then settles the log.
fn on_screen(
    mut app: App,
    desk: impl FnOnce(Sender<Input>) -> Desk,
    clock: &Clock,
    (mouse, lines): (Mouse, &dyn Fn() -> Lines),
) -> Result<Ended> {
    let (inputs, inbox) = mpsc::channel();
    let mut desk = desk(inputs.clone());
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        give_back_terminal();
        told(info);
    }));
    take_terminal(mouse)?;
    app.lines = lines();
    let (out, flow) = frames()?;
    let terminal = Terminal::new(CrosstermBackend::new(out))?;
    watch_signals(&inputs, &flow)?;
    read_keys(inputs)?;
    let (suspend, taken) = (|| suspend(mouse), || flow.is_taken(FRAME_PATIENCE));
    let mut tui = Tui { terminal, app, clock: &|| clock.now(), host: &mut desk, suspend: &suspend, taken: &taken };
    let result = std::panic::catch_unwind(AssertUnwindSafe(|| tui.run(&inbox)));
    flow.is_taken(LAST_WORDS);
    give_back_terminal();
    let Tui { terminal, app, .. } = tui;
    // Dropped, it would show the cursor once more and panic where the terminal is gone.
    std::mem::forget(terminal);
    let signal = app.signal;
    let mut unsaved = app.unsaved;
    if let Some(Err(left)) = desk.close() {
        unsaved.push(left);
    }
    Ended { unsaved, signal }.after(result)
}

/// Where frames are written, each at once: a terminal shows no half of it, and one that has stopped reading holds up nothing.
#[cfg(unix)]
fn frames() -> io::Result<(Outlet, Flow)> {
    let out = Outlet::start(io::stdout(), Pace::Frames)?;
    let flow = out.flow();
    Ok((out, flow))
}

/// An old console is called between two pieces of a frame, which keeps to the order only on the thread that draws.
#[cfg(windows)]
fn frames() -> io::Result<(BufWriter<io::Stdout>, Flow)> {
    Ok((BufWriter::with_capacity(FRAME_BYTES, io::stdout()), Flow::default()))
}

/// Who gets the clicks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mouse {
    Taken,
    /// Left to the terminal, to select text with.
    Left,
}

/// Asks for clicks and the wheel, and for nothing else: where every move of the pointer is told, an idle program is awake,
/// and terminals do not let text be selected with Shift.
struct TakeClicks;

impl crossterm::Command for TakeClicks {
    fn write_ansi(&self, f: &mut impl std::fmt::Write) -> std::fmt::Result {
        f.write_str("\x1b[?1000h\x1b[?1006h")
    }

    #[cfg(windows)]
    fn execute_winapi(&self) -> io::Result<()> {
        crossterm::Command::execute_winapi(&crossterm::event::EnableMouseCapture)
    }

    #[cfg(windows)]
    fn is_ansi_code_supported(&self) -> bool {
        false
    }
}

/// Takes the terminal: raw, a screen of its own, pastes told apart where the console knows how.
fn take_terminal(mouse: Mouse) -> Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen)?;
    let _ = execute!(io::stdout(), EnableBracketedPaste);
    if mouse == Mouse::Taken {
        let _ = execute!(io::stdout(), TakeClicks);
    }
    Ok(())
}

/// Gives the terminal back. A terminal that is gone takes nothing back, and that must not become a second fault; one that
/// has stopped reading is not waited for.
fn give_back_terminal() {
    at_most(LAST_WORDS, || {
        // One by one: what an old console does not know must not keep the rest from being given back.
        let _ = execute!(io::stdout(), DisableMouseCapture);
        let _ = execute!(io::stdout(), DisableBracketedPaste);
        let _ = execute!(io::stdout(), LeaveAlternateScreen, Show);
    });
    let _ = disable_raw_mode();
}

/// Does something that may never end, on a thread of its own; it is waited for so long and no longer.
fn at_most(patience: Duration, work: impl FnOnce() + Send + 'static) {
    let (done, waits) = mpsc::channel::<()>();
    let work = move || {
        work();
        drop(done);
    };
    if thread::Builder::new().name("xunjie-last".into()).spawn(work).is_ok() {
        let _ = waits.recv_timeout(patience);
    }
}

/// Gives the terminal back, stops as the shell expects, and takes the terminal again afterwards.
fn suspend(mouse: Mouse) {
    give_back_terminal();
    stop();
    let _ = take_terminal(mouse);
}

/// Stops until the shell lets the program go on.
fn stop() {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

/// How many lines are read before the first of them is taken: a pipe may have millions, and signals come behind them.
const LINES_AHEAD: usize = 64;

/// Throws away what the terminal holds of a line that Enter has not ended. The Windows console gives nobody the line
/// that is being typed.
fn discard_typed() -> Discarded {
    #[cfg(unix)]
    return match rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush) {
        Ok(()) => Discarded::Yes,
        Err(_) => Discarded::No,
    };
    #[cfg(windows)]
    Discarded::No
}

/// Reads lines on a thread of its own, the last one too where no line end follows it; each that is taken lets it read on.
fn read_lines(inputs: Sender<Input>) -> Result<Receiver<()>> {
    let (ahead, taken) = mpsc::sync_channel(LINES_AHEAD);
    thread::Builder::new().name("xunjie-lines".into()).spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Some(line) = read_line(&mut stdin) {
            if ahead.send(()).is_err() || inputs.send(Input::Line(Some(line))).is_err() {
                return;
            }
        }
        let _ = inputs.send(Input::Line(None));
    })?;
    Ok(taken)
}

/// A line; of one that is too long, just enough to see that it is. A terminal that is gone is the end.
fn read_line(stdin: &mut impl BufRead) -> Option<Vec<u8>> {
    let most = plain::MAX_LINE as u64 + 1;
    let mut line = Vec::new();
    stdin.by_ref().take(most).read_until(b'\n', &mut line).ok()?;
    let mut rest = line.clone();
    while rest.len() as u64 == most && !rest.ends_with(b"\n") {
        rest.clear();
        stdin.by_ref().take(most).read_until(b'\n', &mut rest).ok()?;
    }
    (!line.is_empty()).then_some(line)
}

/// How long more of what was typed together is waited for; without any time nothing is read.
const TOGETHER: Duration = Duration::from_millis(1);

/// Reads the terminal on a thread of its own; what is waiting together stays together.
fn read_keys(inputs: Sender<Input>) -> Result<()> {
    thread::Builder::new().name("xunjie-keys".into()).spawn(move || {
        while is_something_typed() {
            let mut batch = Vec::new();
            while let Ok(true) = term::poll(TOGETHER) {
                match term::read() {
                    Ok(next) => batch.push(next),
                    Err(_) => break,
                }
            }
            batch.retain(is_input);
            if !batch.is_empty() && inputs.send(Input::Terminal(batch)).is_err() {
                return;
            }
        }
        // The terminal is gone.
        let _ = inputs.send(Input::Hangup(HANGUP));
    })?;
    Ok(())
}

/// Waits until there is something to read; false where the terminal is gone. Of that the reader of keys takes no notice: it
/// would read nothing again and again.
#[cfg(unix)]
fn is_something_typed() -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdin = io::stdin();
    loop {
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        let polled = poll(&mut fds, None);
        let told = fds[0].revents();
        match polled {
            Ok(_) => return !told.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL),
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Waits until there is something to read; false where the console is gone.
#[cfg(windows)]
fn is_something_typed() -> bool {
    /// So long that nobody is awake for it.
    const LONG: Duration = Duration::from_secs(3600);
    term::poll(LONG).is_ok()
}

/// Windows tells of every move of the pointer; only what does something wakes the program.
fn is_input(event: &term::Event) -> bool {
    use term::MouseEventKind::{Down, ScrollDown, ScrollUp};
    !matches!(event, term::Event::Mouse(mouse) if !matches!(mouse.kind, Down(_) | ScrollUp | ScrollDown))
}

/// Closing the window and being asked to end leave by the same door as quitting, and nothing waits for the terminal then. A
/// window of another size is drawn anew. A file that grows over a limit of the system is an error like any other, not the end.
#[cfg(unix)]
fn watch_signals(inputs: &Sender<Input>, flow: &Flow) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH, SIGXFSZ};
    let watched = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH, SIGXFSZ];
    let mut signals = signal_hook::iterator::Signals::new(watched)?;
    let (inputs, flow) = (inputs.clone(), flow.clone());
    thread::Builder::new().name("xunjie-signals".into()).spawn(move || {
        for signal in signals.forever() {
            let input = match signal {
                SIGXFSZ => continue,
                SIGTSTP => Input::Suspend,
                SIGWINCH => Input::Terminal(Vec::new()),
                signal => {
                    flow.release();
                    Input::Hangup(signal)
                }
            };
            if inputs.send(input).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Ctrl-C, where it is not a key, and Ctrl-Break leave by the same door as quitting. A window that is closed leaves no
/// time for it: what was recorded is on the disk, and the walk goes on there as after a power cut.
#[cfg(windows)]
fn watch_signals(inputs: &Sender<Input>, flow: &Flow) -> Result<()> {
    let (inputs, flow) = (inputs.clone(), flow.clone());
    ctrlc::set_handler(move || {
        flow.release();
        // The loop is gone only when nobody looks any more.
        let _ = inputs.send(Input::Hangup(INTERRUPT));
    })?;
    Ok(())
}

/// Where what a disk did not take is written, in this order, and looked for when their walk is taken up again.
fn rescue_folders() -> Vec<PathBuf> {
    let places = [std::env::home_dir(), std::env::current_dir().ok(), Some(std::env::temp_dir())];
    let mut folders: Vec<PathBuf> = places.into_iter().flatten().collect();
    folders.dedup();
    folders
}

/// Where the second copy is kept. In the folder of the logs it would be no copy but a second writer of the log.
fn mirror(args: &Args, settings: &Settings, folders: &Folders, lang: Lang) -> Result<Option<PathBuf>> {
    let mirror = args.mirror.as_ref().or(settings.mirror.as_ref());
    match mirror.filter(|mirror| file::is_same_folder(mirror, &folders.logs)) {
        Some(mirror) => Err(anyhow!(m::MIRROR_IS_LOGS.with(lang, &[("path", &tell::path(mirror))]))),
        None => Ok(mirror.cloned()),
    }
}

/// Says what could not be saved and which file it all is in instead; where there is none, it all goes to standard error.
fn tell_unsaved(unsaved: Vec<Left>, lang: Lang, patience: Duration) -> Exit {
    let exit = if unsaved.is_empty() { Exit::Done } else { Exit::Failed };
    let mut text = String::new();
    for Left { unsaved, file } in unsaved {
        let (n, path) = (unsaved.waiting, tell::path(&unsaved.path));
        text += &match file {
            Some(file) => m::RESCUED.with(lang, &[("n", &n), ("path", &path), ("rescue", &tell::path(&file))]),
            None => m::RESCUED_STDERR.with(lang, &[("n", &n), ("path", &path)]) + "\n" + &unsaved.document,
        };
        text += "\n";
    }
    let say = move || {
        // There is nowhere else to say it.
        let _ = io::stderr().write_all(text.as_bytes());
    };
    if exit == Exit::Failed {
        at_most(patience, say);
    }
    exit
}
