//! Carries out what the interface asks for, with the store: starts, resumes and closes logs, keeps settings.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, SendError, Sender};
use std::thread;
use std::time::Duration;

use crate::archive::History;
use crate::checklist::{Checklist, TargetId};
use crate::district::District;
use crate::i18n::{Lang, messages as m};
use crate::log::{ChecklistRef, Code, Drafts, Head, Kind, Name, Person, Place, SessionId, SiteRef, Stamp, Why};
use crate::session::{Session, State};
use crate::store::codec::{self, Damage, Encoder};
use crate::store::copies::{self, Copy, Over, Places, Whole};
use crate::store::file::{self, ForeignDisk, RealDisk};
use crate::store::inputs::Inputs;
use crate::store::lock::{Guard, Lock, Taken};
use crate::store::rescue::{self, Left};
use crate::store::writer::{Report, Standing, Unsaved, Writer};
use crate::store::{self, Asked, Folders, Settings, Unreadable, photos};
use crate::tell;
use crate::text::visible;
use crate::tui::app::photos::Camera;
use crate::tui::{Effect, Host, Input, Opened, Reply, Start};

/// How long the end of a log waits for its second copy.
const MIRROR_PATIENCE: Duration = Duration::from_millis(500);

/// How long a walk that is taken up again waits for its copies: a stick may not answer.
const COPIES_PATIENCE: Duration = Duration::from_secs(2);
/// How long the end of a log waits for its lock file to go.
const LOCK_PATIENCE: Duration = Duration::from_millis(200);

/// How long a list of files is waited for; one that comes later is shown then.
const LIST_PATIENCE: Duration = Duration::from_millis(300);

/// How many photographs of a folder are offered.
const NEWEST: usize = 9;

/// What was done, or the text that says why not.
type Told<T> = Result<T, String>;

/// Carries out what the interface asks for.
pub struct Desk {
    folders: Folders,
    checklist: Arc<Checklist>,
    /// The district whose communities are walked, for the heads of logs.
    district: Option<Code>,
    lang: Lang,
    /// Where answers go that are not there at once.
    inputs: Sender<Input>,
    /// Since when this program runs, for others who find a log open.
    since: String,
    /// Where copies of the open log may lie: its second copy, rescue files.
    places: Places,
    /// What is read beside the logs of this computer for what was found before.
    archives: Vec<PathBuf>,
    open: Option<OpenLog>,
}

/// A log that is being written.
struct OpenLog {
    writer: Writer,
    mirror: Option<Writer>,
    path: PathBuf,
    /// Shared with the writer thread, which sees to it that it follows the log.
    guard: Arc<Guard>,
}

impl Host for Desk {
    fn run(&mut self, effect: Effect) -> Option<Reply> {
        match effect {
            Effect::SaveSettings(settings) => self.save_settings(&settings),
            Effect::ListLogs => self.list(),
            Effect::Start(start) => Some(self.start(&start).unwrap_or_else(Reply::Failed)),
            Effect::StartReview { by, at } => Some(self.start_review(by, at).unwrap_or_else(Reply::Failed)),
            Effect::Resume(path, why) => Some(self.resume(path, why).unwrap_or_else(Reply::Failed)),
            Effect::Look(path) => Some(self.look(path).unwrap_or_else(Reply::Failed)),
            Effect::ReadHistory { site, except } => {
                self.read_history(site, except);
                None
            }
            Effect::Append(event) => {
                if let Some(open) = &mut self.open {
                    if let Some(mirror) = &mut open.mirror {
                        mirror.append(event.clone());
                    }
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
            Effect::FindPhotos(folder) => {
                self.find_photos(folder);
                None
            }
            Effect::Attach { photo, target, place, named } => {
                self.attach(photo, (target, place), named);
                None
            }
            Effect::ShowPhoto(file) => self.show_photo(&file).err().map(Reply::Notice),
            Effect::MoveTo(folder) => Some(self.move_to(&folder).unwrap_or_else(Reply::Notice)),
            Effect::Close => self.close().map(Reply::Closed),
            Effect::Redraw => None,
        }
    }
}

impl Desk {
    pub fn new(folders: Folders, checklist: Arc<Checklist>, lang: Lang, inputs: Sender<Input>, since: String) -> Self {
        let (places, archives, open) = (Places::default(), Vec::new(), None);
        Self { folders, checklist, district: None, lang, inputs, since, places, archives, open }
    }

    /// Names the district in the head of every log.
    pub fn with_district(mut self, district: &District) -> Self {
        self.district = Code::try_from(district.id.as_str()).ok();
        self
    }

    /// Keeps a second copy of every log that is written in this folder, in the background.
    pub fn with_mirror(mut self, folder: Option<PathBuf>) -> Self {
        self.places.mirror = folder;
        self
    }

    /// Writes what a disk does not take to the first of these folders that does, and looks there for rescue files of a walk
    /// that is taken up again.
    pub fn with_rescue(mut self, folders: Vec<PathBuf>) -> Self {
        self.places.rescue = folders;
        self
    }

    /// Reads these too for what was found before.
    pub fn with_archives(mut self, archives: Vec<PathBuf>) -> Self {
        self.archives = archives;
        self
    }

    fn save_settings(&mut self, settings: &Settings) -> Option<Reply> {
        self.lang = settings.lang.unwrap_or(self.lang);
        self.folders.save_settings(settings).err().map(|e| Reply::Notice(tell::file(self.lang, &e)))
    }

    /// Lists the logs. Their disk may have ceased to answer, and then one leaves for the list: nothing waits for it.
    fn list(&self) -> Option<Reply> {
        let (folders, lang) = (self.folders.clone(), self.lang);
        self.promptly("xunjie-list", LIST_PATIENCE, move || match folders.list() {
            Ok(logs) => Reply::Listed(logs),
            Err(e) => Reply::Notice(tell::file(lang, &e)),
        })
    }

    /// A new walk, or the unfinished one of the same site, round and inspector.
    fn start(&mut self, start: &Start) -> Told<Reply> {
        let asked = Asked { site: &start.site.id, round: start.round.as_str(), by: start.by.id.as_str() };
        let (unfinished, unreadable) = self.folders.begun(&asked);
        if let Some(path) = unfinished {
            let reply = self.resume(path, Why::Paused)?;
            return Ok(self.with_unread(reply, &unreadable));
        }
        if let Some(path) = self.left_in_copies(&asked, &unreadable) {
            return self.resume(path, Why::Recovered);
        }
        self.settle()?;
        let site = SiteRef { id: Code::try_from(start.site.id.as_str())?, name: start.site.name.clone() };
        let head = Head {
            site: Some(site),
            round: Some(start.round.clone()),
            source: Some(start.source),
            ..self.head(Kind::Walk, start.by.clone(), start.at.clone())?
        };
        let (session, path) = self.begin(head)?;
        Ok(self.with_unread(opened(session, path, None, None), &unreadable))
    }

    /// Says which logs of the walk that is asked for cannot be read, before anything else is said.
    fn with_unread(&self, mut reply: Reply, unreadable: &[(PathBuf, Unreadable)]) -> Reply {
        let told = unreadable.iter().map(|(path, why)| {
            let why = tell::why_unreadable(self.lang, why);
            m::OWN_UNREADABLE.with(self.lang, &[("path", &tell::name(path)), ("why", &why)])
        });
        let told: Vec<String> = told.collect();
        if let (Reply::Opened(opened), false) = (&mut reply, told.is_empty()) {
            opened.notice = Some(told.into_iter().chain(opened.notice.take()).collect::<Vec<_>>().join("   "));
        }
        reply
    }

    /// The log of a walk that is asked for, where only its copies can be read: it is unreadable itself, or gone.
    fn left_in_copies(&self, asked: &Asked, unreadable: &[(PathBuf, Unreadable)]) -> Option<PathBuf> {
        let device = self.folders.device_id()?;
        let mut names: Vec<PathBuf> = unreadable.iter().map(|(path, _)| path.clone()).collect();
        let (places, logs) = (self.places.clone(), self.folders.logs.clone());
        names.extend(self.in_time(move || places.logs()).into_iter().flatten().map(|name| logs.join(name)));
        names.retain(|path| asked.is_named(path));
        names.sort_unstable();
        names.dedup();
        names.into_iter().rev().find(|path| {
            let is_gone = path.symlink_metadata().is_err();
            (is_gone || unreadable.iter().any(|(own, _)| own == path))
                // The stick may hold what another computer wrote.
                && self.united(path, self.copies_of(path)).is_ok_and(|whole| {
                    whole.log.head.device.id == device && asked.goes_on_in(&whole.session())
                })
        })
    }

    /// The log of a review: it has no site.
    fn start_review(&mut self, by: Person, at: Stamp) -> Told<Reply> {
        self.settle()?;
        let (session, path) = self.begin(self.head(Kind::Review, by, at)?)?;
        Ok(Reply::ReviewStarted { session: Box::new(session), path })
    }

    /// Begins a new log.
    fn begin(&mut self, head: Head) -> Told<(Session, PathBuf)> {
        let path = self.folders.new_log(&head);
        let session = Session::new(head);
        // A disk that takes no lock takes no log either, and the screen will say so; nobody else knows this new name.
        let lock = self.lock(&path, &session.head.by).ok().flatten();
        self.write(&path, Encoder::new(&session.head), Standing::Unknown, self.guard(&path, &session.head.by, lock))?;
        Ok((session, path))
    }

    fn head(&self, kind: Kind, by: Person, at: Stamp) -> Told<Head> {
        Ok(Head {
            id: SessionId::new_v7(),
            kind,
            by,
            device: self.folders.next_session().unwrap_or_else(|_| Folders::uncounted_session()),
            district: self.district.clone(),
            site: None,
            round: None,
            source: None,
            checklist: ChecklistRef {
                id: Code::try_from(self.checklist.id.as_str())?,
                edition: Name::try_from(self.checklist.edition.as_str())?,
                sha256: Code::try_from(self.checklist.sha256.as_str())?,
            },
            started: at,
            app: Name::try_from(env!("CARGO_PKG_VERSION"))?,
        })
    }

    /// Takes a log up again, united with what its copies have more.
    fn resume(&mut self, path: PathBuf, why: Why) -> Told<Reply> {
        self.settle()?;
        let copies = self.copies_of(&path);
        let by = self.united(&path, copies.clone())?.log.head.by;
        let lock = match self.lock(&path, &by) {
            Ok(lock) => lock,
            Err(why) => return Ok(Reply::Taken { path, why }),
        };
        // Read again: before the lock somebody else may have written.
        let whole = self.united(&path, copies)?;
        let session = whole.session();
        if let Some(why) = self.only_to_look_at(&session.head) {
            return Ok(looked_at(session, path, Some(why)));
        }
        // A log without an end was left by a kill or a power cut.
        let why = if session.state() == State::Open { Why::Recovered } else { why };
        let (standing, notice) = self.standing(&path, &whole);
        self.write(&path, Encoder::resume(&whole.log), standing, self.guard(&path, &by, lock))?;
        Ok(opened(session, path, Some(why), notice))
    }

    /// What is known of the file of a log that is taken up again, and what the inspector must be told about it. A file that
    /// is not as this program wrote it is kept, where the disk lets it: what cannot be kept now is kept before it is replaced.
    fn standing(&self, path: &Path, whole: &Whole) -> (Standing, Option<String>) {
        let lang = self.lang;
        let mut notices = Vec::new();
        for (from, n) in &whole.recovered {
            notices.push(m::RECOVERED.with(lang, &[("path", &tell::folder(from)), ("n", n)]));
        }
        // What lies where the second copy goes is put aside there, and told then.
        let second = self.places.mirror.as_ref().and_then(|m| Some(m.join(path.file_name()?)));
        let apart = || whole.apart.iter().filter(|(from, _)| Some(from) != second.as_ref());
        if let Some((from, _)) = apart().next() {
            let n: usize = apart().map(|(_, n)| n).sum();
            notices.push(m::COPY_APART.with(lang, &[("path", &tell::path(from)), ("n", &n)]));
        }
        let room = whole.own.as_ref().ok().and_then(store::Opened::room).filter(|_| whole.is_whole);
        let standing = match (&whole.own, room) {
            (_, Some(room)) => Standing::Whole(room),
            (Ok(own), _) if own.damage().is_empty() && own.is_ours() => Standing::Unknown,
            (Ok(own), _) => {
                let kept = store::keep_damaged(path).ok();
                let is_torn = own.damage().iter().all(|d| matches!(d, Damage::CutShort { .. }));
                let n = own.log.lines.len();
                notices.push(match (&kept, is_torn) {
                    (Some(copy), true) => m::TORN.with(lang, &[("n", &n), ("copy", &tell::name(copy))]),
                    (Some(copy), false) => m::REPAIRED.with(lang, &[("n", &n), ("copy", &tell::name(copy))]),
                    (None, true) => m::TORN_UNKEPT.with(lang, &[("n", &n)]),
                    (None, false) => m::REPAIRED_UNKEPT.with(lang, &[("n", &n)]),
                });
                kept.map_or(Standing::Unknown, |_| Standing::Read(own.bytes.clone()))
            }
            (Err(why), _) => self.standing_of_unreadable(path, why, &mut notices),
        };
        let changed = whole.log.head.checklist.sha256.as_str() != self.checklist.sha256;
        if notices.is_empty() && changed {
            notices.push(m::OTHER_EDITION.with(lang, &[("edition", &visible(&self.checklist.edition))]));
        }
        (standing, (!notices.is_empty()).then(|| notices.join("   ")))
    }

    fn standing_of_unreadable(&self, path: &Path, why: &Unreadable, notices: &mut Vec<String>) -> Standing {
        let Ok(bytes) = file::read(path, codec::MAX_BYTES) else {
            // It is missing, or the writer thread puts it aside.
            return Standing::Unknown;
        };
        let Ok(copy) = store::keep_damaged(path) else {
            return Standing::Unknown;
        };
        let why = tell::why_unreadable(self.lang, why);
        notices.push(m::UNREADABLE_KEPT.with(self.lang, &[("why", &why), ("copy", &tell::name(&copy))]));
        Standing::Read(bytes)
    }

    /// The copies of a log. What does not answer in time is not waited for: it is looked at before it is written over.
    fn copies_of(&self, path: &Path) -> Vec<Copy> {
        let (places, path) = (self.places.clone(), path.to_owned());
        self.in_time(move || places.copies(&path)).unwrap_or_default()
    }

    /// What a stick or another disk says, where it answers in time.
    fn in_time<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (found, read) = mpsc::channel();
        let work = move || {
            let _ = found.send(work());
        };
        thread::Builder::new().name("xunjie-copies".into()).spawn(work).ok()?;
        read.recv_timeout(COPIES_PATIENCE).ok()
    }

    fn united(&self, path: &Path, copies: Vec<Copy>) -> Told<Whole> {
        copies::unite(store::open(path), copies).map_err(|e| tell::unreadable(self.lang, path, &e))
    }

    fn look(&mut self, path: PathBuf) -> Told<Reply> {
        let read = store::open(&path).map_err(|e| tell::unreadable(self.lang, &path, &e))?;
        Ok(looked_at(read.session(), path, None))
    }

    /// Why a log is only shown: a review, or a walk with another checklist, whose ids mean something else.
    fn only_to_look_at(&self, head: &Head) -> Option<String> {
        if head.kind != Kind::Walk || head.site.is_none() {
            return Some(m::NOT_A_WALK.get(self.lang).to_owned());
        }
        let other = head.checklist.id.as_str() != self.checklist.id;
        other.then(|| m::OTHER_CHECKLIST.with(self.lang, &[("id", &head.checklist.id)]))
    }

    /// Settles the log that was open before another is.
    fn settle(&mut self) -> Told<()> {
        match self.close() {
            Some(Err(left)) => Err(tell::left(self.lang, &left)),
            _ => Ok(()),
        }
    }

    /// Starts the writer thread of a log, and that of its second copy.
    fn write(&mut self, path: &Path, encoder: Encoder, standing: Standing, guard: Guard) -> Told<()> {
        let guard = Arc::new(guard);
        let mirror = self.start_mirror(path, encoder.clone());
        let how = (Box::new(RealDisk) as Box<dyn file::Disk>, Some(guard.clone()));
        let writer = Writer::start(path.to_owned(), encoder, standing, how, self.reporting(Input::Writer))
            .map_err(|e| tell::io(self.lang, &e))?;
        self.open = Some(OpenLog { writer, mirror, path: path.to_owned(), guard });
        Ok(())
    }

    fn start_mirror(&self, path: &Path, encoder: Encoder) -> Option<Writer> {
        // A log that goes on where its second copy was is its own copy.
        let folder = self.places.mirror.as_ref().filter(|m| !file::is_same_folder(m, file::folder_of(path)))?;
        let how = (Box::new(ForeignDisk) as Box<dyn file::Disk>, None);
        let copy = folder.join(path.file_name()?);
        let report = self.reporting(Input::Mirror);
        let report = move |what| match what {
            // A copy that was changed and holds nothing more is just written again.
            Report::Mended { kept: None, .. } => {}
            what => report(what),
        };
        // Without its thread there is no second copy; the log itself is not touched by that.
        Writer::start(copy, encoder, Standing::Unknown, how, report).ok()
    }

    /// Hands on what a writer thread says.
    fn reporting(&self, wrap: fn(Report) -> Input) -> impl Fn(Report) + Send + 'static {
        let (lang, inputs) = (self.lang, self.inputs.clone());
        move |report| {
            let input = match report {
                Report::Mended { path, kept } => {
                    Input::Reply(Reply::Notice(tell::mended(lang, &path, kept.as_deref())))
                }
                report => wrap(report),
            };
            // The loop is gone only when nobody looks any more.
            let _ = inputs.send(input);
        }
    }

    /// Goes on with the open log in another folder, under the same name.
    fn move_to(&mut self, folder: &Path) -> Told<Reply> {
        let Some(old) = self.open.as_ref().map(|o| o.path.clone()) else {
            return Err(m::NOT_FINISHED.get(self.lang).to_owned());
        };
        let (path, document) = match self.finish(|unsaved| unsaved) {
            Some(Err(unsaved)) => (folder.join(old.file_name().unwrap_or_default()), unsaved.document),
            // It was saved after all; it goes on where it is.
            _ => return self.reopen(&old).map(|()| Reply::Moved(old)),
        };
        match self.write_there(&path, &document) {
            Ok(kept) => {
                for kept in kept {
                    let text = tell::mended(self.lang, &path, Some(&kept));
                    let _ = self.inputs.send(Input::Reply(Reply::Notice(text)));
                }
                self.take_photos_along(old, path.clone());
                Ok(Reply::Moved(path))
            }
            // Nothing is lost: the thread tries again where the log was.
            Err(why) => self.rewrite(&old, &document).and(Err(why)),
        }
    }

    /// Writes a log over whatever lies at a path and goes on there; gives what was put aside.
    fn write_there(&mut self, path: &Path, document: &str) -> Told<Vec<PathBuf>> {
        let fails = |e: &std::io::Error| format!("{}: {}", tell::path(path), tell::io(self.lang, e));
        let log = codec::read(document.as_bytes()).map_err(|e| tell::refusal(self.lang, &e))?;
        let encoder = Encoder::resume(&log);
        let lock = self.lock(path, &log.head.by)?;
        let mut over = Over::default();
        let (text, room) = encoder.laid_out();
        over.write(&RealDisk, path, &encoder, text.as_bytes()).map_err(|e| fails(&e))?;
        let guard = self.guard(path, &log.head.by, lock);
        self.write(path, encoder, Standing::Whole(room), guard)?;
        Ok(over.take_kept())
    }

    /// Copies the photographs after a log that has moved, in the background; where they are is said.
    fn take_photos_along(&self, old: PathBuf, new: PathBuf) {
        if old == new || !photos::folder(&old).is_dir() {
            return;
        }
        let lang = self.lang;
        self.in_background("xunjie-photos", move || {
            let (from, to) = (tell::path(&photos::folder(&old)), tell::path(&photos::folder(&new)));
            Reply::Notice(match photos::follow(&old, &new) {
                Ok(n) => m::PHOTOS_FOLLOWED.with(lang, &[("n", &n), ("path", &to)]),
                Err(e) => m::PHOTOS_LEFT.with(lang, &[("path", &from), ("why", &tell::io(lang, &e))]),
            })
        });
    }

    fn reopen(&mut self, path: &Path) -> Told<()> {
        let read = store::open(path).map_err(|e| tell::unreadable(self.lang, path, &e))?;
        let by = &read.log.head.by;
        let lock = self.lock(path, by)?;
        let standing = read.room().map_or(Standing::Unknown, Standing::Whole);
        self.write(path, Encoder::resume(&read.log), standing, self.guard(path, by, lock))
    }

    fn rewrite(&mut self, path: &Path, document: &str) -> Told<()> {
        let log = codec::read(document.as_bytes()).map_err(|e| tell::refusal(self.lang, &e))?;
        let by = &log.head.by;
        let lock = self.lock(path, by).ok().flatten();
        self.write(path, Encoder::resume(&log), Standing::Unknown, self.guard(path, by, lock))
    }

    /// Takes the lock of a log, or says who has it. A disk that takes nothing new takes no lock, and nobody else has one:
    /// the walk goes on unsaved, and the lock is taken with the first save.
    fn lock(&self, path: &Path, by: &Person) -> Told<Option<Lock>> {
        match Lock::take(path, &self.about(by)) {
            Ok(lock) => Ok(Some(lock)),
            Err(Taken::By(who)) => Err(m::LOCKED.with(self.lang, &[("who", &tell::owner(self.lang, &who))])),
            Err(Taken::Io(e)) => match e.kind() {
                ErrorKind::ReadOnlyFilesystem | ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Ok(None),
                _ => Err(format!("{}: {}", tell::path(path), tell::io(self.lang, &e))),
            },
        }
    }

    fn guard(&self, path: &Path, by: &Person, lock: Option<Lock>) -> Guard {
        Guard::new(path, self.about(by), lock)
    }

    /// What others are told who find a log open.
    fn about(&self, by: &Person) -> String {
        format!("{}\t{}\t{}", by.shown(), self.since, std::process::id())
    }

    /// Reads earlier walks of a site in the background, on this computer and in merged logs; nothing waits for it.
    fn read_history(&self, site: String, except: SessionId) {
        let mut paths = self.archives.clone();
        paths.extend(self.folders.known_of(&site));
        let (inputs, district) = (self.inputs.clone(), self.district.clone());
        let work = move || {
            let read = Inputs::read(&paths, &mut std::io::empty(), &mut |_, _| {});
            let history = History::at_site(&read.archive, (district.as_ref(), &site), &except);
            let _ = inputs.send(Input::Reply(Reply::History(site, history)));
        };
        // Without the thread the walk goes on without earlier results.
        let _ = thread::Builder::new().name("xunjie-history".into()).spawn(work);
    }

    /// Lists a folder of photographs in the background: a camera may be slow.
    fn find_photos(&self, folder: PathBuf) {
        let log = self.open.as_ref().map(|o| o.path.clone());
        self.in_background("xunjie-photos", move || {
            let newest = photos::newest(&folder, log.as_deref(), NEWEST).unwrap_or_default();
            Reply::Photos(Camera { folder, newest })
        });
    }

    /// Copies a photograph beside the open log in the background; of a folder it lists the newest.
    fn attach(&self, photo: PathBuf, (target, place): (TargetId, Option<Place>), named: Vec<Name>) {
        let (lang, log) = (self.lang, self.open.as_ref().map(|o| o.path.clone()));
        self.in_background("xunjie-photo", move || {
            if photo.is_dir() {
                let newest = photos::newest(&photo, log.as_deref(), NEWEST).unwrap_or_default();
                return Reply::CameraChosen(Camera { folder: photo, newest });
            }
            let Some(log) = log else {
                return Reply::Notice(m::NOT_FINISHED.get(lang).to_owned());
            };
            let photo = photos::attach(&log, &photo, &target, &named).map_err(|e| {
                let why = match e.kind() {
                    ErrorKind::InvalidInput => m::PHOTO_KIND.get(lang).to_owned(),
                    ErrorKind::NotFound => m::PHOTO_NO_FILE.get(lang).to_owned(),
                    ErrorKind::FileTooLarge => m::PHOTO_TOO_LARGE.get(lang).to_owned(),
                    _ => tell::io(lang, &e),
                };
                m::PHOTO_FAILED.with(lang, &[("path", &tell::path(&photo)), ("why", &why)])
            });
            Reply::Attached { log, target, place, photo }
        });
    }

    fn in_background(&self, name: &str, work: impl FnOnce() -> Reply + Send + 'static) {
        let inputs = self.inputs.clone();
        let work = move || {
            let _ = inputs.send(Input::Reply(work()));
        };
        // Without the thread nothing comes of it, and nothing else is held up.
        let _ = thread::Builder::new().name(name.into()).spawn(work);
    }

    /// Does what may wait for a disk beside everything else: the answer comes at once if it is there soon, else later.
    fn promptly(&self, name: &str, patience: Duration, work: impl FnOnce() -> Reply + Send + 'static) -> Option<Reply> {
        let (answer, soon) = mpsc::sync_channel(0);
        let inputs = self.inputs.clone();
        let work = move || {
            if let Err(SendError(late)) = answer.send(work()) {
                let _ = inputs.send(Input::Reply(late));
            }
        };
        thread::Builder::new().name(name.into()).spawn(work).ok()?;
        soon.recv_timeout(patience).ok()
    }

    /// Opens a photograph with the system's viewer, which goes on by itself.
    fn show_photo(&self, file: &str) -> Told<()> {
        let Some(open) = &self.open else {
            return Ok(());
        };
        // A log never decides that anything but a photograph beside it is opened.
        let Some(path) = photos::viewable(&open.path, file) else {
            return Err(m::PHOTO_NOT_THERE.with(self.lang, &[("file", &visible(file))]));
        };
        let viewer = if cfg!(windows) {
            "explorer"
        } else if cfg!(target_os = "macos") {
            "open"
        } else {
            "xdg-open"
        };
        // The viewer may not take a path as we do: `explorer` shows another folder where one is relative or has `/` in it.
        let path = std::path::absolute(&path).unwrap_or(path);
        let mut command = Command::new(viewer);
        command.arg(&path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|e| format!("{viewer}: {}", tell::io(self.lang, &e)))?;
        // Whoever started it must take notice of its end.
        let wait = move || {
            let _ = child.wait();
        };
        let _ = thread::Builder::new().name("xunjie-viewer".into()).spawn(wait);
        Ok(())
    }

    /// Settles the open log and lets go of it; what its disk does not take is in a rescue file before anything else is done.
    pub fn close(&mut self) -> Option<Result<PathBuf, Left>> {
        let folders = self.places.rescue.clone();
        self.finish(|unsaved| rescue::rescue(unsaved, &folders))
    }

    /// Settles the open log, keeps what is unsaved, and lets go of the lock last. Nobody waits for a disk that does not answer.
    fn finish<E>(&mut self, keep: impl FnOnce(Unsaved) -> E) -> Option<Result<PathBuf, E>> {
        let OpenLog { writer, mirror, path, guard } = self.open.take()?;
        let ended = writer.finish().map(|()| path).map_err(keep);
        if let Some(mirror) = mirror {
            // A second copy that cannot be finished now is told already; beside a disk that fails there is no time for it.
            let patience = if ended.is_ok() { MIRROR_PATIENCE } else { Duration::ZERO };
            let _ = mirror.finish_within(patience);
        }
        drop_apart(guard);
        Some(ended)
    }
}

/// Lets go of a lock. Removing its file asks the disk of the log, which may not answer: that is done on a thread of its own,
/// and the system takes the lock with the program in any case.
fn drop_apart(guard: Arc<Guard>) {
    let (gone, waits) = mpsc::channel::<()>();
    let release = move || {
        drop(guard);
        drop(gone);
    };
    if thread::Builder::new().name("xunjie-unlock".into()).spawn(release).is_ok() {
        let _ = waits.recv_timeout(LOCK_PATIENCE);
    }
}

fn opened(session: Session, path: PathBuf, resumed: Option<Why>, notice: Option<String>) -> Reply {
    let saved = session.events().len();
    let bytes = std::iter::once(1_000).chain(session.events().iter().map(codec::line_length)).sum();
    let drafts = store::drafts(&path);
    Reply::Opened(Box::new(Opened { session, path, writable: true, saved, bytes, drafts, resumed, notice }))
}

fn looked_at(session: Session, path: PathBuf, notice: Option<String>) -> Reply {
    let saved = session.events().len();
    let drafts = Drafts::new();
    Reply::Opened(Box::new(Opened { session, path, writable: false, saved, bytes: 0, drafts, resumed: None, notice }))
}
