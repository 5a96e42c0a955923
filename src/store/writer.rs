//! The writer thread: makes events durable, and says so only then.
//!
//! Events that arrive during a sync share the next one. What fits into the last block of the file is written within it;
//! where it does not fit, the log is written anew with room behind it. After any failed call the file is not trusted
//! again: the whole log is written anew beside it, synced and renamed over it, and appending goes on there. What lies
//! there by then and holds more than the log is put aside first. Nothing is given up while the program runs; what is still
//! unsaved when it ends is handed back.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::log::Event;
use crate::store::codec::{Encoder, Room, closing};
use crate::store::copies::Over;
use crate::store::file::{self, Disk, Handle};
use crate::store::lock::Guard;

/// The first wait before a failed save is tried again; doubled up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// How often that is tried while somebody waits for the end.
const SHORTLY: Duration = Duration::from_millis(200);
/// How long ending waits for a disk that fails.
const LAST_TRIES: Duration = Duration::from_millis(1_200);
/// How long ending waits for a disk that does not answer.
const NO_ANSWER: Duration = Duration::from_millis(500);

/// What the writer thread says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The log is on the disk with its first `events` events.
    Saved { events: usize },
    /// It is not; the thread goes on trying.
    Failing { waiting: usize, path: PathBuf, kind: io::ErrorKind, why: String },
    /// Another program had changed or removed the log, and it is written again; what lay there was put aside under this
    /// name, unless the log holds all of it.
    Mended { path: PathBuf, kept: Option<PathBuf> },
}

/// What is known of the file when its thread starts.
#[derive(Debug)]
pub enum Standing {
    /// It holds exactly what is handed over, with this room behind it.
    Whole(Room),
    /// Nothing: whatever lies there is looked at before the log is written.
    Unknown,
    /// It has these bytes, and all that they hold is kept elsewhere.
    Read(Vec<u8>),
}

/// What the thread is given.
#[derive(Debug)]
enum Job {
    Event(Box<Event>),
    /// What is typed and not yet accepted, kept beside the log; empty when there is nothing.
    Drafts(String),
}

/// What could not be saved when the program ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Unsaved {
    pub path: PathBuf,
    pub waiting: usize,
    pub why: String,
    /// The whole log.
    pub document: String,
}

/// A running writer thread of one log.
#[derive(Debug)]
pub struct Writer {
    jobs: Sender<Job>,
    thread: JoinHandle<Result<(), Unsaved>>,
    /// The same log on this side, for a disk that never answers again.
    encoder: Encoder,
    saved: Arc<AtomicUsize>,
    path: PathBuf,
}

impl Writer {
    /// Starts the thread. `encoder` holds the events of the log so far; the guard keeps others from writing it.
    pub fn start(
        path: PathBuf,
        encoder: Encoder,
        standing: Standing,
        (disk, guard): (Box<dyn Disk>, Option<Arc<Guard>>),
        report: impl Fn(Report) + Send + 'static,
    ) -> io::Result<Self> {
        let (jobs, inbox) = mpsc::channel();
        let saved = if matches!(standing, Standing::Whole(_)) { encoder.len() } else { 0 };
        let (file, over) = match standing {
            Standing::Whole(room) => (Trust::Closed(room), Over::default()),
            Standing::Unknown => (Trust::No, Over::default()),
            Standing::Read(bytes) => (Trust::No, Over::known(bytes)),
        };
        let known = Arc::new(AtomicUsize::new(saved));
        let desk = Desk {
            path: path.clone(),
            encoder: encoder.clone(),
            saved,
            known: known.clone(),
            told: None,
            drafts: None,
            file,
            over,
            mended: Mended::No,
            disk,
            guard,
            below: None,
            is_settled: false,
        };
        let thread = thread::Builder::new().name("xunjie-writer".into()).spawn(move || desk.work(&inbox, &report))?;
        Ok(Self { jobs, thread, encoder, saved: known, path })
    }

    /// Hands over an event; a report follows when it is durable.
    pub fn append(&mut self, event: Event) {
        self.encoder.push(&event);
        // The thread ends only after this sender is gone.
        let _ = self.jobs.send(Job::Event(Box::new(event)));
    }

    /// Hands over what is typed and not yet accepted.
    pub fn keep_drafts(&self, text: String) {
        let _ = self.jobs.send(Job::Drafts(text));
    }

    /// Waits until everything is durable, or hands back what could not be saved; a disk that does not answer at all is
    /// not waited for for ever.
    pub fn finish(self) -> Result<(), Unsaved> {
        self.finish_within(LAST_TRIES + NO_ANSWER)
    }

    /// The same, with this much patience.
    pub fn finish_within(self, patience: Duration) -> Result<(), Unsaved> {
        drop(self.jobs);
        let until = Instant::now() + patience;
        while !self.thread.is_finished() && Instant::now() < until {
            thread::sleep(Duration::from_millis(2));
        }
        let unsaved = |why: &str| Unsaved {
            path: self.path.clone(),
            waiting: self.encoder.len() - self.saved.load(Ordering::SeqCst),
            why: why.to_owned(),
            document: self.encoder.whole(),
        };
        if !self.thread.is_finished() {
            return Err(unsaved("no answer"));
        }
        self.thread.join().unwrap_or_else(|_| Err(unsaved("the writer thread stopped")))
    }
}

/// How far the file on the disk can be relied on.
enum Trust {
    /// There is none, or a call on it failed: it must be written anew.
    No,
    /// It holds what was saved, with room behind it; not open yet.
    Closed(Room),
    Open(Box<dyn Handle>, Room),
}

/// Whether another program changed the log, and that is not told yet.
#[derive(Clone, Copy, PartialEq)]
enum Mended {
    No,
    Yes,
}

/// What this program finds wrong itself, in errors whose kind alone is told: no text of the system stands behind it.
fn own_error(kind: io::ErrorKind) -> io::Error {
    io::Error::new(kind, "")
}

struct Desk {
    path: PathBuf,
    encoder: Encoder,
    /// How many events are durable.
    saved: usize,
    /// The same number, for the other side.
    known: Arc<AtomicUsize>,
    told: Option<Report>,
    /// Drafts that are not on the disk yet.
    drafts: Option<String>,
    file: Trust,
    /// What is known of what lies there where the log is written anew.
    over: Over,
    mended: Mended,
    disk: Box<dyn Disk>,
    guard: Option<Arc<Guard>>,
    /// The disk below that of the log.
    below: Option<u64>,
    /// Whether the log was written once, and where its disk is seen.
    is_settled: bool,
}

impl Desk {
    fn work(mut self, inbox: &Receiver<Job>, report: &dyn Fn(Report)) -> Result<(), Unsaved> {
        let mut wait = FIRST_WAIT;
        let mut open = true;
        let mut deadline = None;
        self.below = file::disk_below(file::folder_of(&self.path));
        loop {
            let attempt = self.save();
            self.save_drafts();
            self.tell_mended(&attempt, report);
            let waiting = self.encoder.len() - self.saved;
            match attempt {
                Ok(()) => {
                    self.tell(report, Report::Saved { events: self.saved });
                    wait = FIRST_WAIT;
                    if !open {
                        return Ok(());
                    }
                    open = self.take(inbox, None);
                }
                Err(e) => {
                    let (kind, why) = (e.kind(), e.to_string());
                    let path = self.path.clone();
                    if !open && deadline.is_none_or(|d| Instant::now() > d) {
                        return Err(Unsaved { path, waiting, why, document: self.encoder.whole() });
                    }
                    self.tell(report, Report::Failing { waiting, path, kind, why });
                    if open {
                        open = self.take(inbox, Some(wait));
                    } else {
                        thread::sleep(wait.min(SHORTLY));
                    }
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
            if !open && deadline.is_none() {
                deadline = Some(Instant::now() + LAST_TRIES);
            }
        }
    }

    /// Takes what is waiting, after waiting for something; false when nothing will come any more.
    fn take(&mut self, inbox: &Receiver<Job>, at_most: Option<Duration>) -> bool {
        let first = match at_most {
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(time) => inbox.recv_timeout(time),
        };
        match first {
            Ok(job) => self.accept(job),
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        while let Ok(job) = inbox.try_recv() {
            self.accept(job);
        }
        true
    }

    fn accept(&mut self, job: Job) {
        match job {
            Job::Event(event) => self.encoder.push(&event),
            Job::Drafts(text) => self.drafts = Some(text),
        }
    }

    /// Drafts are a help, not a record: a disk that cannot keep them is told by the log, which it cannot keep either.
    fn save_drafts(&mut self) {
        let Some(text) = self.drafts.take() else {
            return;
        };
        let path = file::draft_path(&self.path);
        let _ = match text.as_str() {
            "" => self.disk.remove(&path),
            text => file::replace(&*self.disk, &path, text.as_bytes()).map(drop),
        };
    }

    /// Says what is new.
    fn tell(&mut self, report: &dyn Fn(Report), what: Report) {
        if self.told.as_ref() != Some(&what) {
            self.told = Some(what.clone());
            report(what);
        }
    }

    /// Says that the log was changed by others, once it is whole again, and where what they wrote is.
    fn tell_mended(&mut self, attempt: &io::Result<()>, report: &dyn Fn(Report)) {
        let path = &self.path;
        for kept in self.over.take_kept() {
            self.mended = Mended::No;
            report(Report::Mended { path: path.clone(), kept: Some(kept) });
        }
        if self.mended == Mended::Yes && attempt.is_ok() {
            self.mended = Mended::No;
            report(Report::Mended { path: path.clone(), kept: None });
        }
    }

    /// One attempt to make everything durable.
    fn save(&mut self) -> io::Result<()> {
        let file = std::mem::replace(&mut self.file, Trust::No);
        if self.saved == self.encoder.len() && !matches!(file, Trust::No) {
            self.file = file;
            return Ok(());
        }
        let opened = match file {
            Trust::No => None,
            Trust::Closed(room) => Some((self.disk.open(&self.path)?, room)),
            Trust::Open(handle, room) => Some((handle, room)),
        };
        self.hold()?;
        let (handle, room) = match opened {
            // A file that was removed, replaced or cut takes every write and keeps less than the log.
            Some((handle, room)) if handle.is_at(&self.path, room.length()) => self.append(handle, room)?,
            Some(_) => {
                self.mended = Mended::Yes;
                self.write_anew()?
            }
            None => self.write_anew()?,
        };
        self.settle();
        self.file = Trust::Open(handle, room);
        self.saved = self.encoder.len();
        self.known.store(self.saved, Ordering::SeqCst);
        Ok(())
    }

    /// Makes sure that the disk is there, with the folder, and that nobody else writes the log.
    fn hold(&self) -> io::Result<()> {
        let folder = file::folder_of(&self.path);
        // Nothing is written below a disk that was taken away: it would be hidden when that comes back.
        if self.below.is_some_and(|below| file::is_on(folder, below)) {
            return Err(own_error(io::ErrorKind::NotConnected));
        }
        if !folder.exists() {
            // A folder that was removed is made again; one on a stick that was pulled out has no parent either.
            self.disk.create_folder(folder)?;
        }
        self.guard.as_ref().map_or(Ok(()), |guard| guard.hold())
    }

    /// What is done once the log was written for the first time.
    fn settle(&mut self) {
        if !self.is_settled {
            self.is_settled = true;
            self.below = self.below.or_else(|| file::disk_below(file::folder_of(&self.path)));
            file::sweep(&self.path);
        }
    }

    /// Writes what is new within the last block, or all of it anew where it does not fit.
    fn append(&mut self, mut handle: Box<dyn Handle>, room: Room) -> io::Result<(Box<dyn Handle>, Room)> {
        let (bytes, over) = self.encoder.since(self.saved);
        let Some((at, room)) = room.take(bytes.len(), over) else {
            return self.write_anew();
        };
        if let Err(e) = file::write_all(&mut *handle, at, bytes.as_bytes()) {
            // Half an event over the last line would be no JSON as long as the disk fails: the last line is put back.
            let last = format!("{:1$}", closing(self.saved), bytes.len());
            let _ = file::write_all(&mut *handle, at, last.as_bytes());
            return Err(e);
        }
        handle.sync()?;
        if handle.is_at(&self.path, room.length()) {
            return Ok((handle, room));
        }
        self.mended = Mended::Yes;
        Err(own_error(io::ErrorKind::StaleNetworkFileHandle))
    }

    fn write_anew(&mut self) -> io::Result<(Box<dyn Handle>, Room)> {
        let (text, room) = self.encoder.laid_out();
        let handle = self.over.write(&*self.disk, &self.path, &self.encoder, text.as_bytes())?;
        Ok((handle, room))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Verdict;
    use crate::session::tests::{head, judge, stamp};
    use crate::store::codec;
    use crate::store::file::RealDisk;
    use std::fs;
    use std::path::Path;
    use std::sync::Mutex;

    fn event(seq: u64) -> Event {
        Event { seq, at: stamp(), ms: seq, act: judge("3.10", Verdict::Pass) }
    }

    /// What a call of a test disk is, in the order they came.
    #[derive(Clone, Debug, PartialEq)]
    enum Call {
        Create,
        Open,
        Write,
        Sync,
        Rename,
        SyncFolder,
        Remove,
        Read,
        Keep,
        Saved(usize),
    }

    /// A real disk whose n-th call fails, once or from then on, and whose writes may be short.
    #[derive(Clone)]
    struct BadDisk {
        calls: Arc<AtomicUsize>,
        fail: Fail,
        error: i32,
        short: bool,
        trace: Arc<Mutex<Vec<Call>>>,
    }

    #[cfg(unix)]
    const ERRORS: [i32; 6] = [BROKEN, FULL, libc::EACCES, READ_ONLY, libc::EDQUOT, libc::EINTR];
    #[cfg(unix)]
    const BROKEN: i32 = libc::EIO;
    #[cfg(unix)]
    const FULL: i32 = libc::ENOSPC;
    #[cfg(unix)]
    const READ_ONLY: i32 = libc::EROFS;

    /// The last three: access denied, and two that say that somebody else holds the file.
    #[cfg(windows)]
    const ERRORS: [i32; 6] = [BROKEN, FULL, READ_ONLY, 5, 32, 33];
    /// `ERROR_IO_DEVICE`
    #[cfg(windows)]
    const BROKEN: i32 = 1117;
    /// `ERROR_DISK_FULL`
    #[cfg(windows)]
    const FULL: i32 = 112;
    /// `ERROR_WRITE_PROTECT`
    #[cfg(windows)]
    const READ_ONLY: i32 = 19;

    #[derive(Clone, Copy)]
    enum Fail {
        Never,
        At(usize),
        Between(usize, usize),
    }

    impl BadDisk {
        fn new(fail: Fail, error: i32) -> Self {
            Self { calls: Arc::default(), fail, error, short: false, trace: Arc::default() }
        }

        fn call(&self, call: Call) -> io::Result<()> {
            self.trace.lock().unwrap().push(call);
            let n = self.calls.fetch_add(1, Ordering::SeqCst);
            let fails = match self.fail {
                Fail::Never => false,
                Fail::At(at) => n == at,
                Fail::Between(from, to) => (from..to).contains(&n),
            };
            if fails { Err(io::Error::from_raw_os_error(self.error)) } else { Ok(()) }
        }
    }

    struct BadHandle(Box<dyn Handle>, BadDisk);

    impl Disk for BadDisk {
        fn create(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
            self.call(Call::Create)?;
            Ok(Box::new(BadHandle(RealDisk.create(path)?, self.clone())))
        }

        fn open(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
            self.call(Call::Open)?;
            Ok(Box::new(BadHandle(RealDisk.open(path)?, self.clone())))
        }

        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.call(Call::Rename)?;
            RealDisk.rename(from, to)
        }

        fn remove(&self, path: &Path) -> io::Result<()> {
            self.call(Call::Remove)?;
            RealDisk.remove(path)
        }

        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            self.call(Call::Read)?;
            RealDisk.read(path)
        }

        fn keep(&self, path: &Path, copy: &Path) -> io::Result<()> {
            self.call(Call::Keep)?;
            RealDisk.keep(path, copy)
        }

        fn sync_folder(&self, path: &Path) -> io::Result<()> {
            self.call(Call::SyncFolder)?;
            RealDisk.sync_folder(path)
        }

        fn create_folder(&self, path: &Path) -> io::Result<()> {
            RealDisk.create_folder(path)
        }
    }

    impl Handle for BadHandle {
        fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<usize> {
            // A failing write leaves half of its bytes behind, as a full disk does.
            let half = &bytes[..bytes.len().div_ceil(2)];
            if let Err(e) = self.1.call(Call::Write) {
                let _ = self.0.write_at(at, half);
                return Err(e);
            }
            self.0.write_at(at, if self.1.short { half } else { bytes })
        }

        fn sync(&mut self) -> io::Result<()> {
            self.1.call(Call::Sync)?;
            self.0.sync()
        }

        fn is_at(&self, path: &Path, bytes: u64) -> bool {
            self.0.is_at(path, bytes)
        }
    }

    /// Starts a new log where nothing is known of what lies there.
    fn start(path: &Path, disk: Box<dyn Disk>, report: impl Fn(Report) + Send + 'static) -> Writer {
        Writer::start(path.to_owned(), Encoder::new(&head()), Standing::Unknown, (disk, None), report).unwrap()
    }

    /// Saves three events one by one on a disk; at each report of "saved" the file must hold what it says.
    fn walk_on(disk: BadDisk, old: usize) -> (Result<(), Unsaved>, Vec<Report>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.json");
        let mut encoder = Encoder::new(&head());
        for seq in 1..=old {
            encoder.push(&event(seq as u64));
        }
        let (text, room) = encoder.laid_out();
        if old > 0 {
            fs::write(&path, text).unwrap();
        }
        let reports = Arc::new(Mutex::new(Vec::new()));
        let (seen, file, trace) = (reports.clone(), path.clone(), disk.trace.clone());
        let report = move |report: Report| {
            if let Report::Saved { events } = report {
                trace.lock().unwrap().push(Call::Saved(events));
                let log = codec::read(&fs::read(&file).unwrap()).unwrap();
                assert!(log.lines.len() >= events && log.damage.is_empty(), "saved {events}: {:?}", log.damage);
            }
            seen.lock().unwrap().push(report);
        };
        let standing = if old > 0 { Standing::Whole(room) } else { Standing::Unknown };
        let mut writer = Writer::start(path.clone(), encoder, standing, (Box::new(disk), None), report).unwrap();
        for seq in old + 1..=old + 3 {
            writer.append(event(seq as u64));
            thread::sleep(Duration::from_millis(2));
        }
        let end = writer.finish();
        if end.is_ok() {
            let log = codec::read(&fs::read(&path).unwrap()).unwrap();
            assert_eq!((log.lines.len(), log.damage.len()), (old + 3, 0));
            let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
            assert_eq!(names, ["log.json"], "no temporary file is left");
        } else if old > 0 {
            let log = codec::read(&fs::read(&path).unwrap()).unwrap();
            assert!(log.lines.len() >= old, "what was saved before stays");
        }
        let reports = reports.lock().unwrap().clone();
        (end, reports)
    }

    #[test]
    fn a_good_disk_saves_every_event_and_syncs_before_it_says_so() {
        let disk = BadDisk::new(Fail::Never, 0);
        let trace = disk.trace.clone();
        let (end, reports) = walk_on(disk, 0);
        assert_eq!(end, Ok(()));
        assert!(reports.iter().all(|r| matches!(r, Report::Saved { .. })));
        let trace = trace.lock().unwrap();
        use Call::{Create, Read, Rename, Saved, Sync, SyncFolder, Write};
        let mut first = vec![Create, Write, Sync, Read, Rename, SyncFolder, Saved(trace_first(&trace))];
        if cfg!(windows) {
            first.insert(5, Sync);
        }
        assert_eq!(trace[..first.len()], first);
        for (i, call) in trace.iter().enumerate().skip(first.len()) {
            if matches!(call, Saved(_)) {
                assert_eq!(trace[i - 1], Sync, "{trace:?}");
            }
        }
    }

    fn trace_first(trace: &[Call]) -> usize {
        trace.iter().find_map(|c| if let Call::Saved(n) = c { Some(*n) } else { None }).unwrap()
    }

    #[test]
    fn whichever_call_fails_once_nothing_false_is_said_and_everything_is_saved() {
        for old in [0, 2] {
            for n in 0..16 {
                for error in ERRORS {
                    let (end, _) = walk_on(BadDisk::new(Fail::At(n), error), old);
                    assert_eq!(end, Ok(()), "call {n} failed with {error}");
                }
            }
        }
    }

    #[test]
    fn a_disk_that_fails_for_a_while_is_told_and_used_again() {
        let (end, reports) = walk_on(BadDisk::new(Fail::Between(2, 9), FULL), 2);
        assert_eq!(end, Ok(()));
        assert!(reports.iter().any(|r| matches!(r, Report::Failing { .. })));
        assert_eq!(reports.last(), Some(&Report::Saved { events: 5 }));
    }

    #[test]
    fn a_disk_that_stays_bad_hands_everything_back() {
        let (end, reports) = walk_on(BadDisk::new(Fail::Between(0, usize::MAX), READ_ONLY), 2);
        let unsaved = end.unwrap_err();
        assert_eq!(unsaved.waiting, 3);
        assert_eq!(codec::read(unsaved.document.as_bytes()).unwrap().lines.len(), 5);
        assert!(reports.iter().all(|r| !matches!(r, Report::Saved { events } if *events > 2)));
    }

    #[test]
    fn after_a_failed_sync_the_same_file_is_never_synced_again() {
        let disk = BadDisk::new(Fail::At(2), BROKEN);
        let trace = disk.trace.clone();
        assert_eq!(walk_on(disk, 2).0, Ok(()));
        use Call::{Create, Open, Read, Rename, Sync, Write};
        let calls: Vec<Call> = trace.lock().unwrap().iter().filter(|c| !matches!(c, Call::Saved(_))).cloned().collect();
        assert_eq!(calls[..3], [Open, Write, Sync]);
        assert_eq!(calls[3..8], [Create, Write, Sync, Read, Rename], "{calls:?}");
    }

    #[test]
    fn short_writes_are_finished() {
        let mut disk = BadDisk::new(Fail::Never, 0);
        disk.short = true;
        assert_eq!(walk_on(disk, 2).0, Ok(()));
    }

    #[test]
    fn a_burst_shares_its_syncs() {
        let dir = tempfile::tempdir().unwrap();
        let disk = BadDisk::new(Fail::Never, 0);
        let trace = disk.trace.clone();
        let mut writer =
            start(&dir.path().join("a.json"), Box::new(disk), |_| thread::sleep(Duration::from_millis(20)));
        for seq in 1..=100 {
            writer.append(event(seq));
        }
        writer.finish().unwrap();
        let syncs = trace.lock().unwrap().iter().filter(|c| **c == Call::Sync).count();
        assert!(syncs <= 5, "{syncs} syncs for 100 events");
    }

    #[test]
    fn a_log_that_is_removed_replaced_or_cut_in_mid_walk_is_written_again() {
        let harms: &[fn(&Path)] = &[
            // Windows keeps a folder while a file in it is open, and may keep the name of a removed one so long.
            #[cfg(unix)]
            |path| fs::remove_file(path).unwrap(),
            #[cfg(unix)]
            |path| fs::remove_dir_all(path.parent().unwrap()).unwrap(),
            |path| fs::rename(path, path.with_extension("away")).unwrap(),
            |path| fs::write(path, b"").unwrap(),
            |path| {
                let copy = path.with_extension("copy");
                fs::copy(path, &copy).unwrap();
                fs::rename(copy, path).unwrap();
            },
            #[cfg(unix)]
            |path| {
                fs::rename(path, path.with_extension("away")).unwrap();
                std::os::unix::fs::symlink(path.with_extension("away"), path).unwrap();
            },
        ];
        for (n, harm) in harms.iter().enumerate() {
            let dir = tempfile::tempdir().unwrap();
            let logs = dir.path().join("logs");
            fs::create_dir(&logs).unwrap();
            let path = logs.join("a.json");
            let mut writer = start(&path, Box::new(RealDisk), |_| {});
            writer.append(event(1));
            thread::sleep(Duration::from_millis(50));
            harm(&path);
            writer.append(event(2));
            writer.finish().unwrap();
            let log = codec::read(&file::read(&path, 10_000).unwrap()).unwrap();
            assert_eq!(log.lines.len(), 2, "harm {n}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_another_computer_wrote_while_the_stick_was_away_is_kept_and_told() {
        let dir = tempfile::tempdir().unwrap();
        let (stick, away) = (dir.path().join("stick"), dir.path().join("away"));
        fs::create_dir_all(stick.join("logs")).unwrap();
        let path = stick.join("logs/a.json");
        let reports = Arc::new(Mutex::new(Vec::new()));
        let seen = reports.clone();
        let mut writer = start(&path, Box::new(RealDisk), move |report| seen.lock().unwrap().push(report));
        let until = |is: &dyn Fn(&Report) -> bool| {
            while !reports.lock().unwrap().iter().any(is) {
                thread::sleep(Duration::from_millis(2));
            }
        };
        writer.append(event(1));
        until(&|r| matches!(r, Report::Saved { events: 1 }));
        fs::rename(&stick, &away).unwrap();
        writer.append(event(2));
        until(&|r| matches!(r, Report::Failing { .. }));
        let log = away.join("logs/a.json");
        let mut other = Encoder::resume(&codec::read(&fs::read(&log).unwrap()).unwrap());
        (2..=4).for_each(|seq| other.push(&Event { act: judge("3.10", Verdict::Fail), ..event(seq) }));
        fs::write(&log, other.whole()).unwrap();
        fs::rename(&away, &stick).unwrap();
        writer.finish().unwrap();
        let kept = stick.join("logs/a.json.damaged-1");
        assert_eq!(fs::read_to_string(&kept).unwrap(), other.whole());
        assert_eq!(codec::read(&fs::read(&path).unwrap()).unwrap().lines.len(), 2);
        until(&|r| *r == Report::Mended { path: path.clone(), kept: Some(kept.clone()) });
    }

    #[test]
    fn drafts_lie_beside_the_log_until_there_are_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        let draft = file::draft_path(&path);
        let start = || start(&path, Box::new(RealDisk), |_| {});
        let writer = start();
        writer.keep_drafts("半句".into());
        writer.finish().unwrap();
        assert_eq!(fs::read(&draft).unwrap(), "半句".as_bytes());
        let writer = start();
        writer.keep_drafts(String::new());
        writer.finish().unwrap();
        assert!(!draft.exists());
    }

    /// A disk whose sync never comes back.
    #[derive(Clone)]
    struct HungDisk(Arc<Mutex<()>>);

    struct HungHandle(Arc<Mutex<()>>);

    impl Disk for HungDisk {
        fn create(&self, _: &Path) -> io::Result<Box<dyn Handle>> {
            Ok(Box::new(HungHandle(self.0.clone())))
        }

        fn open(&self, _: &Path) -> io::Result<Box<dyn Handle>> {
            Ok(Box::new(HungHandle(self.0.clone())))
        }

        fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
            Ok(())
        }

        fn remove(&self, _: &Path) -> io::Result<()> {
            Ok(())
        }

        fn sync_folder(&self, _: &Path) -> io::Result<()> {
            Ok(())
        }

        fn create_folder(&self, _: &Path) -> io::Result<()> {
            Ok(())
        }
    }

    impl Handle for HungHandle {
        fn write_at(&mut self, _: u64, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn sync(&mut self) -> io::Result<()> {
            drop(self.0.lock());
            Ok(())
        }

        fn is_at(&self, _: &Path, _: u64) -> bool {
            true
        }
    }

    #[test]
    fn a_disk_that_hangs_does_not_hang_the_end_and_loses_nothing() {
        let gate = Arc::new(Mutex::new(()));
        let shut = gate.lock().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut writer = start(&dir.path().join("a.json"), Box::new(HungDisk(gate.clone())), |_| {});
        writer.append(event(1));
        writer.append(event(2));
        let unsaved = writer.finish_within(Duration::from_millis(50)).unwrap_err();
        assert_eq!(unsaved.waiting, 2);
        assert_eq!(codec::read(unsaved.document.as_bytes()).unwrap().lines.len(), 2);
        drop(shut);
    }
}
