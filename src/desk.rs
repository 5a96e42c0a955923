//! Carries out what the interface asks for, with the store: starts, resumes and closes logs, keeps settings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use crate::archive::History;
use crate::checklist::Checklist;
use crate::i18n::{Lang, messages as m};
use crate::log::{ChecklistRef, Code, Head, Kind, Name, SessionId, SiteRef, Why};
use crate::session::{Session, State};
use crate::store::codec::Encoder;
use crate::store::file::RealDisk;
use crate::store::lock::{Lock, Taken};
use crate::store::writer::{Unsaved, Writer};
use crate::store::{self, Folders, Settings};
use crate::tell;
use crate::text::visible;
use crate::tui::{Effect, Host, Input, Opened, Reply, Start};

/// What was done, or the text that says why not.
type Told<T> = Result<T, String>;

/// Carries out what the interface asks for.
pub struct Desk {
    folders: Folders,
    checklist: Arc<Checklist>,
    lang: Lang,
    /// Where answers go that are not there at once.
    inputs: Sender<Input>,
    /// Since when this program runs, for others who find a log open.
    since: String,
    open: Option<OpenLog>,
}

/// A log that is being written.
struct OpenLog {
    writer: Writer,
    path: PathBuf,
    _lock: Lock,
}

impl Host for Desk {
    fn run(&mut self, effect: Effect) -> Option<Reply> {
        match effect {
            Effect::SaveSettings(settings) => self.save_settings(&settings),
            Effect::ListLogs => Some(match self.folders.list() {
                Ok(logs) => Reply::Listed(logs),
                Err(e) => Reply::Notice(e.to_string()),
            }),
            Effect::Start(start) => Some(self.start(&start).unwrap_or_else(Reply::Failed)),
            Effect::Resume(path, why) => Some(self.resume(path, why).unwrap_or_else(Reply::Failed)),
            Effect::Look(path) => Some(self.look(path).unwrap_or_else(Reply::Failed)),
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
            Effect::KeepDrafts(drafts) => {
                if let Some(open) = &self.open {
                    open.writer.keep_drafts(store::drafts_text(&drafts));
                }
                None
            }
            Effect::Close => self.close().map(Reply::Closed),
            Effect::Redraw => None,
        }
    }
}

impl Desk {
    pub fn new(folders: Folders, checklist: Arc<Checklist>, lang: Lang, inputs: Sender<Input>, since: String) -> Self {
        Self { folders, checklist, lang, inputs, since, open: None }
    }

    fn save_settings(&mut self, settings: &Settings) -> Option<Reply> {
        self.lang = settings.lang.unwrap_or(self.lang);
        self.folders.save_settings(settings).err().map(|e| Reply::Notice(e.to_string()))
    }

    /// A new walk, or the unfinished one of the same site, round and inspector.
    fn start(&mut self, start: &Start) -> Told<Reply> {
        if let Some(path) = self.folders.unfinished(&start.site.id, start.round.as_str(), start.by.id.as_str()) {
            return self.resume(path, Why::Paused);
        }
        let head = self.head(start)?;
        let path = self.folders.new_log(&head)?;
        let session = Session::new(head);
        self.write(&path, Encoder::new(&session.head), OnDisk::No, &session)?;
        Ok(opened(session, path, None, None))
    }

    fn head(&self, start: &Start) -> Told<Head> {
        Ok(Head {
            id: SessionId::new_v7(),
            kind: Kind::Walk,
            by: start.by.clone(),
            device: self.folders.next_session()?,
            site: Some(SiteRef { id: Code::try_from(start.site.id.as_str())?, name: start.site.name.clone() }),
            round: Some(start.round.clone()),
            source: Some(start.source),
            checklist: ChecklistRef {
                id: Code::try_from(self.checklist.id.as_str())?,
                edition: Name::try_from(self.checklist.edition.as_str())?,
                sha256: Code::try_from(self.checklist.sha256.as_str())?,
            },
            started: start.at.clone(),
            app: Name::try_from(env!("CARGO_PKG_VERSION"))?,
        })
    }

    fn resume(&mut self, path: PathBuf, why: Why) -> Told<Reply> {
        let lang = self.lang;
        let read = store::open(&path).map_err(|e| tell::unreadable(lang, &path, &e))?;
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
        let copy = tell::path(&copy);
        let notice = m::REPAIRED.with(lang, &[("n", &session.events().len()), ("copy", &copy)]);
        Ok(opened(session, path, Some(why), Some(notice)))
    }

    fn look(&mut self, path: PathBuf) -> Told<Reply> {
        let read = store::open(&path).map_err(|e| tell::unreadable(self.lang, &path, &e))?;
        let session = read.session();
        let saved = session.events().len();
        Ok(Reply::Opened(Box::new(Opened {
            session,
            path,
            writable: false,
            saved,
            drafts: BTreeMap::new(),
            resumed: None,
            notice: None,
        })))
    }

    /// Takes the lock and starts the writer thread.
    fn write(&mut self, path: &Path, encoder: Encoder, on_disk: OnDisk, session: &Session) -> Told<()> {
        if let Some(Err(unsaved)) = self.close() {
            return Err(format!("{}: {}", tell::path(&unsaved.path), unsaved.why));
        }
        let lock = self.lock(path, session)?;
        let inputs = self.inputs.clone();
        let report = move |report| {
            // The loop is gone only when nobody looks any more.
            let _ = inputs.send(Input::Writer(report));
        };
        let writer = Writer::start(path.to_owned(), encoder, on_disk == OnDisk::Yes, Box::new(RealDisk), report)
            .map_err(|e| e.to_string())?;
        self.open = Some(OpenLog { writer, path: path.to_owned(), _lock: lock });
        Ok(())
    }

    fn lock(&self, path: &Path, session: &Session) -> Told<Lock> {
        let about = format!("{}\t{}\t{}", session.head.by.shown(), self.since, std::process::id());
        Lock::take(path, &about).map_err(|taken| match taken {
            Taken::Io(e) => format!("{}: {e}", tell::path(path)),
            Taken::By(who) => m::LOCKED.with(self.lang, &[("who", &self.tell_owner(&who))]),
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
    pub fn close(&mut self) -> Option<Result<PathBuf, Unsaved>> {
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
    let drafts = store::drafts(&path);
    Reply::Opened(Box::new(Opened { session, path, writable: true, saved, drafts, resumed, notice }))
}
