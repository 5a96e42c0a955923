//! What lies at some paths: files, folders, zip files, standard input, read with care into one archive.
//!
//! A file that cannot be read costs itself only and is named. Small files are read whole; a large one is an archive and
//! is read document by document, so that no line and no file decides how much memory is used. What is noted of a file, its
//! [`Content`], is the same whichever command asks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use memchr::memmem;
use sha2::{Digest, Sha256};

use crate::archive::reading::{Folder, Oddity, Reading};
use crate::archive::{Archive, Copy};
use crate::log::{Act, Head, Line, SessionId};
use crate::store::codec::{self, Damage, MAX_BYTES, Refusal, Take};
use crate::store::cores::on_all_cores;
use crate::store::packed::{self, MAX_UNPACKED, Member, Open};
use crate::store::{Unreadable, file};

/// How deep folders are looked into.
const MAX_DEPTH: usize = 8;
/// The path that means standard input.
pub const STDIN: &str = "-";
/// How much of a file is looked at to see whether it is a log.
const GLANCE: u64 = 4096;
/// How many things that do not fit are kept of one session, and of one file.
const NAMED_OF_SESSION: usize = 3;
const NAMED_OF_FILE: usize = 100;
/// What is never a log, whatever is in it; a folder of photographs is not opened file by file.
const NO_LOGS: [&str; 18] = [
    "jpg", "jpeg", "png", "heic", "heif", "webp", "gif", "bmp", "tif", "mp4", "mov", "pdf", "doc", "docx", "xls",
    "xlsx", "csv", "html",
];

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Inputs {
    pub archive: Archive,
    /// In the order of their paths.
    pub files: Vec<Input>,
    /// Files in folders and zip files that are no logs by their name and their beginning.
    pub left_aside: Vec<PathBuf>,
}

/// A file that was read, or not.
#[derive(Debug)]
pub struct Input {
    pub path: PathBuf,
    pub read: Result<Content, Unreadable>,
}

/// What was in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Content {
    pub sessions: usize,
    pub events: usize,
    /// What is wrong with it: what was not taken, and what does not fit the chain or the numbers.
    pub faults: Vec<Fault>,
    /// Whether a record in it may name a photograph.
    pub may_have_photos: bool,
    /// SHA-256 of what it holds, however it is laid out: equal digests are identical copies.
    pub digest: [u8; 32],
    /// Each session it holds: the canonical head and how many events; nothing where its texts were let go of.
    pub held: Vec<(String, usize)>,
}

/// Something wrong with a file, or with one of several sessions in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub session: Option<SessionId>,
    pub damage: Damage,
}

impl Inputs {
    /// Files whose content another file has too, beyond the first of each content.
    pub fn copies(&self) -> usize {
        let contents = self.contents().map(|c| c.digest);
        let n = contents.clone().count();
        n - contents.collect::<BTreeSet<_>>().len()
    }

    /// Files with something in them.
    pub fn contents(&self) -> impl Iterator<Item = &Content> + Clone {
        self.files.iter().filter_map(|f| f.read.as_ref().ok()).filter(|c| c.sessions > 0)
    }

    /// Files that were not taken whole, or in which something does not fit.
    pub fn faulty(&self) -> usize {
        self.files.iter().filter(|f| f.read.as_ref().map_or(true, |c| !c.faults.is_empty())).count()
    }

    /// Reads paths; says after each file how many of how many are done.
    pub fn read(paths: &[PathBuf], stdin: &mut dyn Read, progress: &mut dyn FnMut(usize, usize)) -> Self {
        let mut all = Archive::default();
        let mut take = |_, archive| all = std::mem::take(&mut all).join(archive);
        let inputs = Found::at(paths).read(stdin, progress, &|| read_whole, &mut take);
        Self { archive: all, ..inputs }
    }

    /// The same where only what is said of the files is wanted: what is in them is let go of.
    pub fn look(paths: &[PathBuf], stdin: &mut dyn Read, progress: &mut dyn FnMut(usize, usize)) -> Self {
        Found::at(paths).read(stdin, progress, &|| read_whole, &mut |_, _| {})
    }
}

/// Reads a file into an archive of its own.
fn read_whole(mut source: Source, open: &mut Open) -> Result<(Content, Archive), Unreadable> {
    let (mut archive, mut notes) = (Archive::default(), Notes::default());
    let damage = source.read(open, &mut |head, lines| {
        let (head, lines) = notes.note(head, lines);
        archive.add(&head, lines);
    })?;
    let held = archive.members().map(|m| (m.head.to_owned(), m.events())).collect();
    let content = notes.content(damage, &archive, || source.lines(open))?;
    Ok((Content { held, ..content }, archive))
}

/// What is noted of a file while it is read, log by log.
#[derive(Default)]
pub(super) struct Notes {
    /// How many events each session has.
    sessions: BTreeMap<SessionId, usize>,
    /// Sessions that come more than once.
    again: BTreeSet<SessionId>,
    /// What does not fit the chain or the numbers, where a log is read for itself.
    unfit: BTreeMap<SessionId, Vec<Damage>>,
    /// Of each log, however it is laid out.
    digests: BTreeSet<[u8; 32]>,
    photos: bool,
}

impl Notes {
    /// Notes a log and gives it back.
    pub(super) fn note(&mut self, head: Head, lines: Vec<Line>) -> (Head, Vec<Line>) {
        let log = codec::checked(head, lines.into_iter().map(|line| (0, line)).collect(), Vec::new());
        let id = &log.head.id;
        self.digests.insert(digest(&log));
        self.photos |= log.lines.iter().any(|l| matches!(&l.event.act, Act::Judge(j) if !j.photos.is_empty()));
        if self.sessions.insert(id.clone(), log.lines.len()).is_some() {
            self.again.insert(id.clone());
        }
        if !log.damage.is_empty() {
            let unfit = self.unfit.entry(id.clone()).or_default();
            unfit.extend(log.damage.into_iter().take(NAMED_OF_SESSION));
            unfit.truncate(NAMED_OF_SESSION);
        }
        (log.head, log.lines)
    }

    /// Whether more must be known of some sessions than a look at each log tells.
    pub(super) fn has_doubts(&self) -> bool {
        !self.again.is_empty() || !self.unfit.is_empty()
    }

    /// Whether this is one of them.
    pub(super) fn is_doubtful(&self, id: &SessionId) -> bool {
        self.again.contains(id) || self.unfit.contains_key(id)
    }

    /// What was in the file. The archive has all of the doubtful sessions at least; `lines` reads the file as one log, for
    /// the lines of what does not fit.
    pub(super) fn content(
        self,
        damage: Vec<Damage>,
        archive: &Archive,
        lines: impl FnOnce() -> Vec<Damage>,
    ) -> Result<Content, Unreadable> {
        if self.sessions.is_empty() && damage.is_empty() {
            return Err(Unreadable::Refused(Refusal::Empty));
        }
        let sure = self.sessions.iter().filter(|(id, _)| !self.is_doubtful(id)).map(|(_, events)| *events);
        let doubtful = archive.members().filter(|m| self.is_doubtful(m.id)).map(|m| m.events());
        let events: Vec<usize> = sure.chain(doubtful).collect();
        let mut hash = Sha256::new();
        self.digests.iter().for_each(|digest| hash.update(digest));
        Ok(Content {
            sessions: events.len(),
            events: events.iter().sum(),
            faults: self.faults(damage, archive, lines),
            may_have_photos: self.photos,
            digest: hash.finalize().into(),
            held: Vec::new(),
        })
    }

    /// What is wrong with the file: the damage, and what does not fit and is not told as damage already.
    fn faults(&self, damage: Vec<Damage>, archive: &Archive, lines: impl FnOnce() -> Vec<Damage>) -> Vec<Fault> {
        let mut unfit: Vec<Fault> = Vec::new();
        for (id, noted) in &self.unfit {
            let is_alone = !self.again.contains(id) && archive.members().all(|m| m.id != id || !m.is_forked());
            let damage = if is_alone { noted.clone() } else { unfit_together(id, archive) };
            unfit.extend(damage.into_iter().map(|damage| Fault { session: Some(id.clone()), damage }));
        }
        if self.sessions.len() == 1 && !unfit.is_empty() {
            let with_lines = if self.again.is_empty() { lines() } else { Vec::new() };
            let same = |f: &Fault| with_lines.iter().find(|d| is_same_place(d, &f.damage)).unwrap_or(&f.damage).clone();
            unfit = unfit.iter().map(|f| Fault { session: None, damage: same(f) }).collect();
        }
        let mut told: Vec<&Damage> = damage.iter().collect();
        unfit.retain(|f| match told.iter().position(|d| is_same_place(d, &f.damage)) {
            Some(at) => {
                told.swap_remove(at);
                false
            }
            None => true,
        });
        let more = unfit.len().saturating_sub(NAMED_OF_FILE);
        unfit.truncate(NAMED_OF_FILE);
        let more = (more > 0).then_some(Damage::More { count: more });
        let of_file = |damage| Fault { session: None, damage };
        damage.into_iter().map(of_file).chain(unfit).chain(more.map(of_file)).collect()
    }
}

/// SHA-256 of a log. Where it fits, its last link stands for all of it.
fn digest(log: &codec::Log) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(codec::to_line(&log.head));
    let from = if log.damage.is_empty() { log.lines.len().saturating_sub(1) } else { 0 };
    for line in &log.lines[from..] {
        hash.update(b"\n");
        hash.update(codec::to_line(&line.event));
        hash.update(line.chain.as_deref().unwrap_or_default());
    }
    hash.finalize().into()
}

/// What does not fit in a session that a file has in several copies, or whose copies were continued apart.
fn unfit_together(id: &SessionId, archive: &Archive) -> Vec<Damage> {
    let mut folder = Folder::default();
    let of_session = archive.copies().zip(archive.members()).filter(|(_, member)| member.id == id);
    let folded: Vec<(Copy, _)> =
        of_session.filter_map(|(c, member)| Some((c.clone(), folder.member(&member)?))).collect();
    let unfit = |odd: &Oddity| match odd {
        Oddity::Broken { seq } => Some(Damage::BrokenChain { line: 0, seq: *seq }),
        Oddity::Gap { seq } => Some(Damage::OutOfOrder { line: 0, seq: *seq }),
        _ => None,
    };
    Reading::gather(folded).sessions.iter().flat_map(|s| &s.oddities).filter_map(unfit).collect()
}

/// Whether two say the same of the same event, with its line or without.
fn is_same_place(a: &Damage, b: &Damage) -> bool {
    match (a, b) {
        (Damage::BrokenChain { seq: a, .. }, Damage::BrokenChain { seq: b, .. })
        | (Damage::OutOfOrder { seq: a, .. }, Damage::OutOfOrder { seq: b, .. }) => a == b,
        _ => false,
    }
}

/// Something that is read.
pub(super) enum Source<'a> {
    File(&'a Path),
    /// Of a zip.
    Member(&'a Path, &'a Member),
    Stdin(&'a mut dyn Read),
    /// It cannot be, and why.
    Refused(&'a Unreadable),
}

impl Source<'_> {
    /// Reads it, log by log.
    pub(super) fn read(&mut self, open: &mut Open, take: Take) -> Result<Vec<Damage>, Unreadable> {
        match self {
            Self::File(path) => read_file(path, take),
            Self::Member(zip, member) => {
                let mut source = open.member(zip, member)?;
                read_sized(&mut source, member.size, take).map_err(|why| match why {
                    Unreadable::Io(..) => packed::Why::Broken.into(),
                    why => why,
                })
            }
            Self::Stdin(stdin) => read_stream(*stdin, 0, take),
            Self::Refused(why) => Err(why.clone()),
        }
    }

    /// What does not fit in it as one log, with its lines; nothing where it cannot be read once more.
    pub(super) fn lines(&mut self, open: &mut Open) -> Vec<Damage> {
        let bytes = match self {
            Self::File(path) => file::read(path, MAX_BYTES).ok(),
            Self::Member(zip, member) if member.size <= MAX_BYTES => {
                open.member(zip, member).ok().and_then(|mut source| {
                    let mut bytes = Vec::new();
                    source.read_to_end(&mut bytes).ok().map(|_| bytes)
                })
            }
            _ => None,
        };
        bytes.and_then(|bytes| codec::read(&bytes).ok()).map_or_else(Vec::new, |log| log.damage)
    }

    pub(super) fn is_stdin(&self) -> bool {
        matches!(self, Self::Stdin(_))
    }
}

/// Something that paths come to.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) path: PathBuf,
    from: From,
}

#[derive(Debug)]
enum From {
    File,
    Stdin,
    Member(PathBuf, Member),
    Refused(Unreadable),
}

impl Item {
    /// It as a source, where it does not have to be given.
    pub(super) fn source(&self) -> Option<Source<'_>> {
        match &self.from {
            From::File => Some(Source::File(&self.path)),
            From::Member(zip, member) => Some(Source::Member(zip, member)),
            From::Refused(why) => Some(Source::Refused(why)),
            From::Stdin => None,
        }
    }
}

/// Whether a path was given by the user or lies in a folder that was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    ByName,
    InFolder,
}

/// The files that paths come to.
#[derive(Default)]
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    left_aside: Vec<PathBuf>,
}

impl Found {
    pub(super) fn at(paths: &[PathBuf]) -> Self {
        let mut found = Self::default();
        for path in paths {
            found.add_given(path);
        }
        found
    }

    /// Reads all of it on all cores. What a worker makes of a file besides its content is given to `take` with the number
    /// of the file, in whatever order. Says after each file how many of how many are done.
    pub(super) fn read<T: Send, W: FnMut(Source, &mut Open) -> Result<(Content, T), Unreadable>>(
        &self,
        stdin: &mut dyn Read,
        progress: &mut dyn FnMut(usize, usize),
        worker: &(impl Fn() -> W + Sync),
        take: &mut dyn FnMut(usize, T),
    ) -> Inputs {
        let mut inputs = Inputs { left_aside: self.left_aside.clone(), ..Inputs::default() };
        let mut reads: Vec<Option<Result<Content, Unreadable>>> = self.items.iter().map(|_| None).collect();
        let mut done = 0;
        let mut put = |at: usize, read: Result<(Content, T), Unreadable>| {
            reads[at] = Some(read.map(|(content, made)| {
                take(at, made);
                content
            }));
            done += 1;
            progress(done, self.items.len());
        };
        // Standard input is one stream, however often it is named.
        for (at, _) in self.items.iter().enumerate().filter(|(_, item)| item.source().is_none()) {
            put(at, worker()(Source::Stdin(stdin), &mut Open::default()));
        }
        let files: Vec<(usize, &Item)> =
            self.items.iter().enumerate().filter(|(_, item)| item.source().is_some()).collect();
        let worker = || {
            let (mut work, mut open) = (worker(), Open::default());
            move |(at, item): &(usize, &Item)| (*at, item.source().map(|source| work(source, &mut open)))
        };
        on_all_cores(&files, &worker, &mut |_, (at, read)| {
            if let Some(read) = read {
                put(at, read);
            }
        });
        for (item, read) in self.items.iter().zip(reads) {
            let Some(read) = read else { continue };
            if read.as_ref().map_or(true, |content| content.sessions == 0) && is_report(&glance(&item.path)) {
                inputs.left_aside.push(item.path.clone());
            } else {
                inputs.files.push(Input { path: item.path.clone(), read });
            }
        }
        inputs
    }

    fn add(&mut self, path: &Path, from: From) {
        self.items.push(Item { path: path.to_owned(), from });
    }

    fn refuse(&mut self, path: &Path, why: impl Into<Unreadable>) {
        self.add(path, From::Refused(why.into()));
    }

    fn add_given(&mut self, path: &Path) {
        let about = fs::symlink_metadata(path);
        match about {
            _ if path.as_os_str() == STDIN => self.add(path, From::Stdin),
            Ok(about) if about.is_dir() => self.add_folder(path, 1),
            Ok(about) if about.is_file() && packed::is_zip(&glance(path)) => self.add_zip(path, Given::ByName),
            // Windows calls `*.json` a wrong name, not one that is missing.
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename) => {
                self.add_pattern(path, e);
            }
            // Whatever else it is, opening it says why it cannot be read.
            _ => self.add(path, From::File),
        }
    }

    /// Not every shell spells out `*.json`.
    fn add_pattern(&mut self, path: &Path, why: io::Error) {
        let fitting = path.to_str().filter(|p| p.contains(['*', '?'])).and_then(|p| glob::glob(p).ok());
        let mut fitting: Vec<PathBuf> = fitting.into_iter().flatten().filter_map(Result::ok).collect();
        fitting.sort();
        if fitting.is_empty() {
            self.refuse(path, why);
        }
        for path in fitting {
            self.add_given(&path);
        }
    }

    fn add_folder(&mut self, folder: &Path, depth: usize) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(e) => return self.refuse(folder, e),
        };
        let mut entries: Vec<fs::DirEntry> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            // Our own side files and those of the system; they hold no log.
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                // Photographs beside a log are part of it.
                if path.extension().is_some_and(|e| e == "photos") {
                    continue;
                }
                if depth < MAX_DEPTH {
                    self.add_folder(&path, depth + 1);
                } else {
                    self.refuse(&path, Unreadable::TooDeep(MAX_DEPTH));
                }
            } else if has_ending(&path, &["zip"]) {
                self.add_zip(&path, Given::InFolder);
            } else if has_ending(&path, &["json", "jsonl"]) || is_log_by_content(&path, || glance(&path)) {
                self.add(&path, From::File);
            } else {
                self.left_aside.push(path);
            }
        }
    }

    /// The logs in a zip. One without any is a zip of something else.
    fn add_zip(&mut self, path: &Path, given: Given) {
        let mut open = Open::default();
        let members = match open.members(path) {
            Ok(members) => members,
            Err(why) => return self.refuse(path, why),
        };
        let mut begins = |member: &Member| {
            let mut begins = Vec::new();
            // What cannot be unpacked says so when it is read.
            let _ = open.member(path, member).map(|source| source.take(GLANCE).read_to_end(&mut begins));
            begins
        };
        let is_log = |member: &Member, begins: &mut dyn FnMut(&Member) -> Vec<u8>| {
            if has_ending(&member.path, &["json", "jsonl"]) {
                !is_report(&begins(member))
            } else {
                is_log_by_content(&member.path, || begins(member))
            }
        };
        let (mut logs, mut aside): (Vec<Member>, Vec<Member>) =
            members.into_iter().partition(|member| is_log(member, &mut begins));
        if logs.is_empty() && given == Given::InFolder {
            return self.left_aside.push(path.to_owned());
        }
        if logs.is_empty() {
            return self.refuse(path, packed::Why::NoLogs);
        }
        if logs.iter().map(|m| m.size).fold(0, u64::saturating_add) > MAX_UNPACKED {
            return self.refuse(path, packed::Why::TooLarge);
        }
        aside.sort_by(|a, b| a.path.cmp(&b.path));
        self.left_aside.extend(aside.into_iter().map(|m| m.path));
        logs.sort_by(|a, b| a.path.cmp(&b.path));
        for member in logs {
            self.items.push(Item { path: member.path.clone(), from: From::Member(path.to_owned(), member) });
        }
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|own| endings.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

/// Whether what is not called a log is one all the same: as `log.json.txt` out of the mail, `log.json.1` of a copy, and
/// `log.json.damaged-1`, in which the beginning may be what is damaged.
fn is_log_by_content(path: &Path, begins: impl FnOnce() -> Vec<u8>) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if has_ending(path, &NO_LOGS) {
        return false;
    }
    let begins = begins();
    let was_log = name.contains(".json") && (begins.is_empty() || packed::is_packed_otherwise(&begins));
    was_log || name.contains(".json.damaged-") || memmem::find(&begins, codec::FORMAT.as_bytes()).is_some()
}

/// How a file begins; nothing where it cannot be read.
fn glance(path: &Path) -> Vec<u8> {
    let mut begins = Vec::new();
    if let Ok((file, _)) = file::open_regular(path) {
        let _ = file.take(GLANCE).read_to_end(&mut begins);
    }
    begins
}

/// A report lies where it was written, often beside the logs.
fn is_report(begins: &[u8]) -> bool {
    begins.starts_with(b"{\n  \"format\": \"xunjie-report\"")
}

/// Why a merged log may not take the place of a file.
#[derive(Debug)]
pub enum NotMerged {
    /// It is no merged log: a walk's own log, another file, a folder, a link.
    Other,
    /// It is one, of which not all can be read.
    Damaged,
    Io(io::Error),
}

/// The merged log at a path, nothing where nothing is there.
pub fn standing_at(path: &Path) -> Result<Option<Archive>, NotMerged> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_file() => {}
        Ok(_) => return Err(NotMerged::Other),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(NotMerged::Io(e)),
    }
    if !is_laid_out_as_merged(path).map_err(NotMerged::Io)? {
        return Err(NotMerged::Other);
    }
    let mut archive = Archive::default();
    match read_file(path, &mut |head, lines| archive.add(&head, lines)) {
        Ok(damage) if damage.is_empty() => Ok(Some(archive)),
        _ => Err(NotMerged::Damaged),
    }
}

/// Whether each line of a file is a document. A session log is laid out in lines of its own; a walk goes on in it, so it is
/// never made into something else.
fn is_laid_out_as_merged(path: &Path) -> io::Result<bool> {
    let (file, _) = file::open_regular(path)?;
    let mut lines = BufReader::with_capacity(1 << 16, file);
    let mut line = Vec::new();
    while read_line(&mut lines, &mut line)? > 0 {
        let text = line.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&line).trim_ascii();
        // What has the head alone on its line goes on in the lines below.
        let is_document = text.starts_with(codec::BEGINNING) && !text.ends_with(b"[");
        if !text.is_empty() && !is_document {
            return Ok(false);
        }
        line.clear();
    }
    Ok(true)
}

/// Reads one file, however large, log by log.
fn read_file(path: &Path, take: Take) -> Result<Vec<Damage>, Unreadable> {
    let about = fs::symlink_metadata(path)?;
    if about.is_symlink() {
        return Err(Unreadable::Refused(Refusal::Link));
    }
    if !about.is_file() {
        return Err(Unreadable::Refused(Refusal::NotAFile));
    }
    let (mut opened, length) = file::open_regular(path)?;
    read_sized(&mut opened, length, take).map_err(|why| match why {
        Unreadable::Refused(_) if packed::is_packed_otherwise(&glance(path)) => packed::Why::Other.into(),
        why => why,
    })
}

fn read_sized(source: &mut dyn Read, length: u64, take: Take) -> Result<Vec<Damage>, Unreadable> {
    if length > MAX_BYTES { read_large(source, take) } else { read_stream(source, length, take) }
}

/// Reads what may turn out to be large.
fn read_stream(source: &mut dyn Read, length: u64, take: Take) -> Result<Vec<Damage>, Unreadable> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return read_large(&mut bytes.as_slice().chain(source), take);
    }
    codec::read_each(&bytes, take).map_err(Unreadable::Refused)
}

/// Reads a large archive, one document after another.
fn read_large(source: &mut dyn Read, take: Take) -> Result<Vec<Damage>, Unreadable> {
    let mut large = Large::new(take);
    let mut lines = BufReader::with_capacity(1 << 16, source);
    loop {
        let mut before = large.part.len();
        if read_line(&mut lines, &mut large.part)? == 0 {
            break;
        }
        if large.part.len() as u64 > MAX_BYTES && before > 0 && large.is_whole(before) {
            // Where documents are laid out otherwise than here, this is where one ends.
            large.split(before);
            before = 0;
            if !large.part.ends_with(b"\n") {
                read_line(&mut lines, &mut large.part)?;
            }
        }
        if large.part.len() as u64 > MAX_BYTES {
            let whole = large.part.ends_with(b"\n") || skip_line(&mut lines)?;
            large.drop_line(before, whole);
            continue;
        }
        if before > 0 && large.part[before..].starts_with(codec::BEGINNING) {
            large.split(before);
        }
        large.lines += 1;
    }
    large.close_part();
    match large.refused {
        Some(why) if large.logs == 0 => Err(Unreadable::Refused(why)),
        _ => Ok(large.damage),
    }
}

/// Adds the next line, or what is left of one, up to one byte more than a log may have; gives how many bytes that was.
fn read_line(lines: &mut impl BufRead, part: &mut Vec<u8>) -> io::Result<usize> {
    let room = MAX_BYTES.saturating_sub(part.len() as u64);
    lines.take(room + 1).read_until(b'\n', part)
}

/// Leaves out the rest of a line, however long it is.
fn skip_line(lines: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let buffer = lines.fill_buf()?;
        let (n, end) = match buffer.iter().position(|b| *b == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), false),
        };
        lines.consume(n);
        if end || n == 0 {
            return Ok(end);
        }
    }
}

/// A large archive while it is read.
struct Large<'a> {
    taker: Take<'a>,
    /// How many logs it was given.
    logs: usize,
    damage: Vec<Damage>,
    refused: Option<Refusal>,
    /// The document that is being gathered, and the line it begins after.
    part: Vec<u8>,
    begins: usize,
    lines: usize,
}

impl<'a> Large<'a> {
    fn new(taker: Take<'a>) -> Self {
        Self { taker, logs: 0, damage: Vec::new(), refused: None, part: Vec::new(), begins: 0, lines: 0 }
    }

    /// Reads the document that was gathered.
    fn close_part(&mut self) {
        let part = std::mem::take(&mut self.part);
        let take = &mut |head, lines| {
            self.logs += 1;
            (self.taker)(head, lines);
        };
        match codec::read_each(&part, take) {
            Ok(damage) => {
                self.tell(damage.into_iter().map(|d| d.further_down(self.begins)).collect());
            }
            Err(why) => self.leave_out(why),
        }
        self.begins = self.lines;
    }

    /// Whether what was gathered before a place is a sequence of whole documents.
    fn is_whole(&self, before: usize) -> bool {
        codec::read_each(&self.part[..before], &mut |_, _| {}).is_ok_and(|damage| damage.is_empty())
    }

    /// Reads what was gathered before a place; what stands behind it is gathered anew.
    fn split(&mut self, before: usize) {
        let next = self.part.split_off(before);
        self.close_part();
        self.part = next;
    }

    /// However much is wrong, only so much of it is kept.
    fn tell(&mut self, damage: Vec<Damage>) {
        self.damage.extend(damage);
        self.damage = codec::few(std::mem::take(&mut self.damage));
    }

    /// Gives up the line that makes a document larger than a log may be; what stands before it is read.
    fn drop_line(&mut self, before: usize, line_ended: bool) {
        self.part.truncate(before);
        if before > 0 {
            self.close_part();
        }
        self.part = Vec::new();
        self.leave_out(Refusal::TooLarge);
        self.lines += usize::from(line_ended);
        self.begins = self.lines;
    }

    fn leave_out(&mut self, why: Refusal) {
        self.tell(vec![Damage::Refused { line: self.begins + 1, why: Box::new(why.clone()) }]);
        self.refused.get_or_insert(why);
    }
}
