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
use crate::store::codec::{self, Damage, MAX_BYTES, Refusal};
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
    /// SHA-256 of what it holds, however it is laid out: equal digests are identical copies.
    digest: [u8; 32],
    /// Each session it holds: the canonical head and how many events.
    pub held: Vec<(String, usize)>,
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

    /// Files of which something was not taken.
    pub fn faulty(&self) -> usize {
        self.files.iter().filter(|f| f.read.as_ref().map_or(true, |c| !c.damage.is_empty())).count()
    }

    /// Reads paths; says after each file how many of how many are done.
    pub fn read(paths: &[PathBuf], stdin: &mut dyn Read, progress: &mut dyn FnMut(usize, usize)) -> Self {
        let mut found = Found::default();
        for path in paths {
            found.add_given(path);
        }
        let mut inputs = Self { left_aside: found.left_aside, ..Self::default() };
        let total = found.paths.len();
        for (done, (path, refused)) in found.paths.into_iter().enumerate() {
            let read = match refused {
                Some(why) => Err(Unreadable::Io(why)),
                None if path.as_os_str() == STDIN => read_stream(stdin),
                None => read_path(&path),
            };
            inputs.take(path, read);
            progress(done + 1, total);
        }
        inputs
    }

    fn take(&mut self, path: PathBuf, read: Result<(Archive, Vec<Damage>), Unreadable>) {
        if read.as_ref().map_or(true, |(archive, _)| archive.is_empty()) && is_report(&path) {
            self.left_aside += 1;
            return;
        }
        let read = read.map(|(archive, damage)| {
            let content = Content::of(&archive, damage);
            self.archive = std::mem::take(&mut self.archive).join(archive);
            content
        });
        self.files.push(Input { path, read });
    }
}

impl Content {
    fn of(archive: &Archive, damage: Vec<Damage>) -> Self {
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
        Self { sessions: held.len(), events: archive.events(), damage, digest: hash.finalize().into(), held }
    }
}

/// The files that paths come to.
#[derive(Default)]
struct Found {
    /// With the reason where one cannot be read.
    paths: Vec<(PathBuf, Option<String>)>,
    left_aside: usize,
}

impl Found {
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
            self.paths.push((path.to_owned(), Some(why.to_string())));
        }
        for path in fitting {
            self.add_given(&path);
        }
    }

    fn add_folder(&mut self, folder: &Path, depth: usize) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(e) => return self.paths.push((folder.to_owned(), Some(e.to_string()))),
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
                    self.paths.push((path, Some(format!("more than {MAX_DEPTH} folders deep"))));
                }
            } else if is_log(&path) {
                self.paths.push((path, None));
            } else {
                self.left_aside += 1;
            }
        }
    }
}

fn is_log(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json") || e.eq_ignore_ascii_case("jsonl"))
}

/// Reads one file, however large.
pub fn read_path(path: &Path) -> Result<(Archive, Vec<Damage>), Unreadable> {
    let about = fs::symlink_metadata(path).map_err(io_reason)?;
    if about.is_symlink() {
        return Err(Unreadable::Refused(Refusal::Link));
    }
    if !about.is_file() {
        return Err(Unreadable::Refused(Refusal::NotAFile));
    }
    let (mut opened, length) = file::open_regular(path).map_err(|e| Unreadable::Io(e.to_string()))?;
    if length > MAX_BYTES { read_large(&mut opened) } else { read_stream(&mut opened) }
}

/// Reads what may turn out to be large.
/// A report lies where it was written, often beside the logs.
fn is_report(path: &Path) -> bool {
    const BEGINNING: &str = "{\n  \"format\": \"xunjie-report\"";
    let Ok((file, _)) = file::open_regular(path) else { return false };
    let mut begins = Vec::new();
    file.take(BEGINNING.len() as u64).read_to_end(&mut begins).is_ok() && begins == BEGINNING.as_bytes()
}

fn read_stream(source: &mut dyn Read) -> Result<(Archive, Vec<Damage>), Unreadable> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| Unreadable::Io(e.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return read_large(&mut bytes.as_slice().chain(source));
    }
    codec::read_all(&bytes).map_err(Unreadable::Refused)
}

/// Reads a large archive, one document after another.
fn read_large(source: &mut dyn Read) -> Result<(Archive, Vec<Damage>), Unreadable> {
    let mut large = Large::default();
    let mut lines = BufReader::with_capacity(1 << 16, source);
    loop {
        let mut before = large.part.len();
        if read_line(&mut lines, &mut large.part).map_err(io_reason)? == 0 {
            break;
        }
        if large.part.len() as u64 > MAX_BYTES && before > 0 && large.is_whole(before) {
            // Where documents are laid out otherwise than here, this is where one ends.
            large.split(before);
            before = 0;
            if !large.part.ends_with(b"\n") {
                read_line(&mut lines, &mut large.part).map_err(io_reason)?;
            }
        }
        if large.part.len() as u64 > MAX_BYTES {
            let whole = large.part.ends_with(b"\n") || skip_line(&mut lines).map_err(io_reason)?;
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
        Some(why) if large.archive.is_empty() => Err(Unreadable::Refused(why)),
        _ => Ok((large.archive, large.damage)),
    }
}

/// Adds the next line, or what is left of one, up to one byte more than a log may have; gives how many bytes that was.
fn read_line(lines: &mut impl BufRead, part: &mut Vec<u8>) -> io::Result<usize> {
    let room = MAX_BYTES.saturating_sub(part.len() as u64);
    lines.take(room + 1).read_until(b'\n', part)
}

fn io_reason(error: io::Error) -> Unreadable {
    Unreadable::Io(error.to_string())
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
#[derive(Default)]
struct Large {
    archive: Archive,
    damage: Vec<Damage>,
    refused: Option<Refusal>,
    /// The document that is being gathered, and the line it begins after.
    part: Vec<u8>,
    begins: usize,
    lines: usize,
}

impl Large {
    /// Reads the document that was gathered.
    fn close_part(&mut self) {
        let part = std::mem::take(&mut self.part);
        match codec::read_all(&part) {
            Ok((archive, damage)) => {
                self.archive = std::mem::take(&mut self.archive).join(archive);
                self.tell(damage.into_iter().map(|d| d.further_down(self.begins)).collect());
            }
            Err(why) => self.leave_out(why),
        }
        self.begins = self.lines;
    }

    /// Whether what was gathered before a place is a sequence of whole documents.
    fn is_whole(&self, before: usize) -> bool {
        codec::read_all(&self.part[..before]).is_ok_and(|(_, damage)| damage.is_empty())
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
