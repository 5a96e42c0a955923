//! What lies at some paths: files, folders, standard input, read with care into one archive.
//!
//! A file that cannot be read costs itself only and is named. Small files are read whole; a large one is an archive and
//! is read document by document, so that no line and no file decides how much memory is used.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::archive::Archive;
use crate::store::codec::{self, Damage, MAX_BYTES, Refusal, Take};
use crate::store::cores::on_all_cores;
use crate::store::{Unreadable, file};

/// How deep folders are looked into.
const MAX_DEPTH: usize = 8;
/// The path that means standard input.
pub const STDIN: &str = "-";

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Inputs {
    pub archive: Archive,
    /// In the order of their paths.
    pub files: Vec<Input>,
    /// Files in folders that have another ending than `.json` or `.jsonl`.
    pub left_aside: usize,
}

/// A file that was read, or not.
#[derive(Debug)]
pub struct Input {
    pub path: PathBuf,
    pub read: Result<Content, Unreadable>,
}

/// What was in a file.
#[derive(Debug)]
pub struct Content {
    pub sessions: usize,
    pub events: usize,
    pub damage: Vec<Damage>,
    /// Whether a record in it may name a photograph.
    pub may_have_photos: bool,
    /// SHA-256 of what it holds, however it is laid out: equal digests are identical copies.
    digest: Option<[u8; 32]>,
    /// Each session it holds: the canonical head and how many events.
    pub held: Vec<(String, usize)>,
}

impl Inputs {
    /// Files whose content another file has too, beyond the first of each content.
    pub fn copies(&self) -> usize {
        let contents = self.contents().filter_map(|c| c.digest);
        let n = contents.clone().count();
        n - contents.collect::<BTreeSet<_>>().len()
    }

    /// Files with something in them.
    pub fn contents(&self) -> impl Iterator<Item = &Content> + Clone {
        self.files.iter().filter_map(|f| f.read.as_ref().ok()).filter(|c| c.sessions > 0)
    }

    /// Files of which something was not taken.
    pub fn faulty(&self) -> usize {
        self.files.iter().filter(|f| f.read.as_ref().map_or(true, |c| !c.damage.is_empty())).count()
    }

    /// Reads paths; says after each file how many of how many are done.
    pub fn read(paths: &[PathBuf], stdin: &mut dyn Read, progress: &mut dyn FnMut(usize, usize)) -> Self {
        let mut all = Archive::default();
        let read = |source: Source| {
            let mut archive = Archive::default();
            let damage = source.read(&mut |head, lines| archive.add(&head, lines))?;
            Ok((Content::of(&archive, damage), archive))
        };
        let mut take = |_, archive| all = std::mem::take(&mut all).join(archive);
        let inputs = Found::at(paths).read(stdin, progress, &|| read, &mut take);
        Self { archive: all, ..inputs }
    }
}

impl Content {
    /// Of a file whose texts were let go of: whether it is a copy of another is not known.
    pub(super) fn folded(sessions: usize, events: usize, damage: Vec<Damage>, may_have_photos: bool) -> Self {
        Self { sessions, events, damage, may_have_photos, digest: None, held: Vec::new() }
    }

    pub(super) fn of(archive: &Archive, damage: Vec<Damage>) -> Self {
        let mut hash = Sha256::new();
        let mut held = Vec::new();
        for member in archive.members() {
            hash.update(member.head);
            for entry in member.entries {
                hash.update(entry.event.as_bytes());
                hash.update(entry.chain.as_deref().unwrap_or_default());
                hash.update(b"\n");
            }
            held.push((member.head.to_owned(), member.events()));
        }
        let (sessions, digest) = (held.len(), Some(hash.finalize().into()));
        Self { sessions, events: archive.events(), damage, may_have_photos: true, digest, held }
    }
}

/// Something that is read.
pub(super) enum Source<'a> {
    File(&'a Path),
    Stdin(&'a mut dyn Read),
    /// It cannot be, and why.
    Refused(&'a Unreadable),
}

impl Source<'_> {
    /// Reads it, log by log.
    pub(super) fn read(self, take: Take) -> Result<Vec<Damage>, Unreadable> {
        match self {
            Self::File(path) => read_file(path, take),
            Self::Stdin(stdin) => read_stream(stdin, 0, take),
            Self::Refused(why) => Err(why.clone()),
        }
    }
}

/// The files that paths come to.
#[derive(Default)]
pub(super) struct Found {
    /// With the reason where one cannot be read.
    pub(super) paths: Vec<(PathBuf, Option<Unreadable>)>,
    left_aside: usize,
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
    pub(super) fn read<T: Send, W: FnMut(Source) -> Result<(Content, T), Unreadable>>(
        &self,
        stdin: &mut dyn Read,
        progress: &mut dyn FnMut(usize, usize),
        worker: &(impl Fn() -> W + Sync),
        take: &mut dyn FnMut(usize, T),
    ) -> Inputs {
        let is_stdin = |path: &Path| path.as_os_str() == STDIN;
        let mut inputs = Inputs { left_aside: self.left_aside, ..Inputs::default() };
        let mut reads: Vec<Option<Result<Content, Unreadable>>> = self.paths.iter().map(|_| None).collect();
        let mut done = 0;
        let mut put = |at: usize, read: Result<(Content, T), Unreadable>| {
            reads[at] = Some(read.map(|(content, made)| {
                take(at, made);
                content
            }));
            done += 1;
            progress(done, self.paths.len());
        };
        // Standard input is one stream, however often it is named.
        for (at, _) in self.paths.iter().enumerate().filter(|(_, (path, _))| is_stdin(path)) {
            put(at, worker()(Source::Stdin(stdin)));
        }
        let files: Vec<(usize, &(PathBuf, Option<Unreadable>))> =
            self.paths.iter().enumerate().filter(|(_, (path, _))| !is_stdin(path)).collect();
        let worker = || {
            let mut work = worker();
            move |(_, (path, refused)): &(usize, &(PathBuf, Option<Unreadable>))| match refused {
                Some(why) => work(Source::Refused(why)),
                None => work(Source::File(path)),
            }
        };
        on_all_cores(&files, &worker, &mut |at, read| put(files[at].0, read));
        for ((path, _), read) in self.paths.iter().zip(reads) {
            let Some(read) = read else { continue };
            if read.as_ref().map_or(true, |content| content.sessions == 0) && is_report(path) {
                inputs.left_aside += 1;
            } else {
                inputs.files.push(Input { path: path.clone(), read });
            }
        }
        inputs
    }

    fn add_given(&mut self, path: &Path) {
        let about = fs::symlink_metadata(path);
        match about {
            _ if path.as_os_str() == STDIN => self.paths.push((path.to_owned(), None)),
            Ok(about) if about.is_dir() => self.add_folder(path, 1),
            // Windows calls `*.json` a wrong name, not one that is missing.
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename) => {
                self.add_pattern(path, &e);
            }
            // Whatever else it is, opening it says why it cannot be read.
            _ => self.paths.push((path.to_owned(), None)),
        }
    }

    /// Not every shell spells out `*.json`.
    fn add_pattern(&mut self, path: &Path, why: &io::Error) {
        let fitting = path.to_str().filter(|p| p.contains(['*', '?'])).and_then(|p| glob::glob(p).ok());
        let mut fitting: Vec<PathBuf> = fitting.into_iter().flatten().filter_map(Result::ok).collect();
        fitting.sort();
        if fitting.is_empty() {
            self.paths.push((path.to_owned(), Some(Unreadable::Io(why.kind(), why.to_string()))));
        }
        for path in fitting {
            self.add_given(&path);
        }
    }

    fn add_folder(&mut self, folder: &Path, depth: usize) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(e) => return self.paths.push((folder.to_owned(), Some(e.into()))),
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
                    self.paths.push((path, Some(Unreadable::TooDeep(MAX_DEPTH))));
                }
            } else if is_log(&path) {
                self.paths.push((path, None));
            } else {
                self.left_aside += 1;
            }
        }
    }
}

/// By its ending. What was put aside beside a log may hold what no other file does.
fn is_log(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = name.rsplit_once(".damaged-").filter(|(_, n)| n.bytes().all(|b| b.is_ascii_digit()));
    let named = Path::new(aside.map_or(&*name, |(log, _)| log));
    named.extension().is_some_and(|e| e.eq_ignore_ascii_case("json") || e.eq_ignore_ascii_case("jsonl"))
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
        if !text.is_empty() && !(text.starts_with(codec::BEGINNING) && !text.ends_with(b"[")) {
            return Ok(false);
        }
        line.clear();
    }
    Ok(true)
}

/// The same, log by log.
fn read_file(path: &Path, take: Take) -> Result<Vec<Damage>, Unreadable> {
    let about = fs::symlink_metadata(path)?;
    if about.is_symlink() {
        return Err(Unreadable::Refused(Refusal::Link));
    }
    if !about.is_file() {
        return Err(Unreadable::Refused(Refusal::NotAFile));
    }
    let (mut opened, length) = file::open_regular(path)?;
    if length > MAX_BYTES { read_large(&mut opened, take) } else { read_stream(&mut opened, length, take) }
}

/// A report lies where it was written, often beside the logs.
fn is_report(path: &Path) -> bool {
    const BEGINNING: &str = "{\n  \"format\": \"xunjie-report\"";
    let Ok((file, _)) = file::open_regular(path) else { return false };
    let mut begins = Vec::new();
    file.take(BEGINNING.len() as u64).read_to_end(&mut begins).is_ok() && begins == BEGINNING.as_bytes()
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
