//! Copies of one session: nothing that lies somewhere is ever written over unread, and no copy's events are lost.
//!
//! A log may have copies: a second one on a stick, rescue files of disks that failed, what was put aside. Whoever writes a
//! whole log looks first at what lies there ([`Over`]), and whoever takes a log up again unites its copies ([`unite`]).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::log::Line;
use crate::session::Session;
use crate::store::codec::{self, Damage, Encoder, Log, TAIL, to_line};
use crate::store::file::{self, Disk, Handle};
use crate::store::{Opened, Unreadable};

/// How the name of a rescue file begins; that of its log follows.
pub(super) const RESCUE: &str = "xunjie-rescue-";

/// Where copies of a log may lie besides its own folder.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Where second copies are kept.
    pub mirror: Option<PathBuf>,
    /// Where rescue files are written.
    pub rescue: Vec<PathBuf>,
}

/// A copy of a log.
#[derive(Clone, Debug)]
pub struct Copy {
    pub path: PathBuf,
    pub log: Log,
}

/// A session as all its copies have it.
#[derive(Debug)]
pub struct Whole {
    pub log: Log,
    /// Its own file as it was read.
    pub own: Result<Opened, Unreadable>,
    /// Whether that file holds just this, so that it can be appended to.
    pub is_whole: bool,
    /// Copies that brought events the log itself had lost, and how many.
    pub recovered: Vec<(PathBuf, usize)>,
    /// Copies that were continued apart, and how many of their events the log does not have.
    pub apart: Vec<(PathBuf, usize)>,
}

impl Whole {
    pub fn session(&self) -> Session {
        Session::read(self.log.head.clone(), self.log.events().cloned())
    }
}

impl Places {
    /// The copies of a log that can be read, by what they are called; whether they are of the same session is seen later.
    pub fn copies(&self, log: &Path) -> Vec<Copy> {
        let read = |path: PathBuf| {
            let bytes = file::read(&path, codec::MAX_BYTES).ok()?;
            Some(Copy { log: codec::read(&bytes).ok()?, path })
        };
        self.paths(log).into_iter().filter_map(read).collect()
    }

    /// The names of the logs of which copies lie in the mirror and among the rescue files.
    pub fn logs(&self) -> Vec<String> {
        let name = |path: PathBuf| Some(path.file_name()?.to_string_lossy().into_owned());
        let is_log = |found: &str| found.ends_with(".json") && !found.starts_with('.');
        let mirrored = self.mirror.iter().flat_map(|m| named(m, &|found| is_log(found) && !found.starts_with(RESCUE)));
        let rescued = self.rescue.iter().flat_map(|r| named(r, &|found| is_log(found) && found.starts_with(RESCUE)));
        let rescued = rescued.filter(|p| file::is_own(p)).filter_map(name).map(|found| {
            let stem = found.trim_start_matches(RESCUE).trim_end_matches(".json");
            // The second rescue of a log has a number behind its name, which ends with eight digits of an id.
            let number = stem.rsplit_once('-').filter(|(log, n)| log.len() > 8 && n.len() < 8 && is_number(n));
            format!("{}.json", number.map_or(stem, |(log, _)| log))
        });
        mirrored.filter_map(name).chain(rescued).collect()
    }

    fn paths(&self, log: &Path) -> Vec<PathBuf> {
        let name = log.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut paths = Vec::new();
        for folder in self.mirror.iter().filter(|m| !file::is_same_folder(m, file::folder_of(log))) {
            paths.push(folder.join(&name));
            paths.extend(named(folder, &|found| file::is_damaged_name(found, &name)));
        }
        let rescue = format!("{RESCUE}{}", name.trim_end_matches(".json"));
        for folder in &self.rescue {
            let found = named(folder, &|found| found.starts_with(&rescue) && found.ends_with(".json"));
            // The folder for temporary files is everybody's.
            paths.extend(found.into_iter().filter(|p| file::is_own(p)));
        }
        paths.extend(named(file::folder_of(log), &|found| file::is_damaged_name(found, &name)));
        paths
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The files of a folder with such names, in order.
fn named(folder: &Path, is_wanted: &dyn Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> =
        entries.filter(|e| is_wanted(&e.file_name().to_string_lossy())).map(|e| e.path()).collect();
    found.sort_unstable();
    found
}

/// Unites a log with its copies. Where the log is damaged or cannot be read, it begins with a copy that is whole. Copies
/// of other sessions bring nothing.
pub fn unite(own: Result<Opened, Unreadable>, mut copies: Vec<Copy>) -> Result<Whole, Unreadable> {
    // The longest first: what it brings needs no other.
    copies.sort_by_key(|c| (!c.log.damage.is_empty(), std::cmp::Reverse(c.log.lines.len())));
    let head = match (&own, copies.first()) {
        (Ok(own), _) => own.log.head.clone(),
        (Err(_), Some(copy)) => copy.log.head.clone(),
        (Err(why), None) => return Err(why.clone()),
    };
    copies.retain(|c| c.log.head == head);
    let is_better = |copy: &Copy| copy.log.damage.is_empty() && own.as_ref().is_ok_and(|o| !o.damage().is_empty());
    let first = usize::from(copies.first().is_some_and(is_better));
    let mut union = Union { head: to_line(&head), lines: Vec::new() };
    let (mut recovered, mut apart) = (Vec::new(), Vec::new());
    let had: Vec<Line> = own.as_ref().map_or(Vec::new(), |o| o.log.lines.clone());
    let mut take = |union: &mut Union, copy: &Copy| {
        let taken = union.take_in(&copy.log);
        let n = taken.added.iter().filter(|line| !has(&had, line)).count();
        recovered.extend((n > 0).then(|| (copy.path.clone(), n)));
        apart.extend((taken.apart > 0).then(|| (copy.path.clone(), taken.apart)));
    };
    copies[..first].iter().for_each(|copy| take(&mut union, copy));
    if let Ok(own) = &own {
        union.take_in(&own.log);
    }
    copies[first..].iter().for_each(|copy| take(&mut union, copy));
    let is_whole = own.as_ref().is_ok_and(|o| o.is_ours() && o.log.lines == union.lines);
    let lines = union.lines.into_iter().map(|line| (0, line)).collect();
    Ok(Whole { log: codec::checked(head, lines, Vec::new()), own, is_whole, recovered, apart })
}

/// What copies of a session come to, in the order of their numbers.
struct Union {
    /// Its head's line.
    head: String,
    lines: Vec<Line>,
}

/// What a copy came to.
struct Taken {
    added: Vec<Line>,
    /// How many events it has that cannot be taken in: their numbers stand for others here.
    apart: usize,
}

impl Union {
    /// Takes in what a copy has more. What was continued apart is never mixed: there, only what is linked to what stands
    /// here is taken.
    fn take_in(&mut self, copy: &Log) -> Taken {
        if self.lines.is_empty() {
            self.lines = copy.lines.clone();
            return Taken { added: self.lines.clone(), apart: 0 };
        }
        // An event that was changed afterwards does not fit its place: that is damage, not another branch.
        let links =
            std::iter::once(self.head.as_str()).chain(copy.lines.iter().map(|l| l.chain.as_deref().unwrap_or("")));
        let fitting: Vec<bool> = links.zip(&copy.lines).map(|(before, line)| is_linked(before, line)).collect();
        let is_branch =
            |(line, fits): (&Line, &bool)| *fits && self.same(line).is_none() && self.number(line).is_some();
        let clashes = copy.lines.iter().zip(&fitting).any(is_branch);
        let mut taken = Taken { added: Vec::new(), apart: 0 };
        for (line, fits) in copy.lines.iter().zip(fitting) {
            if self.same(line).is_some() {
                continue;
            }
            let at = self.lines.partition_point(|l| l.event.seq < line.event.seq);
            let is_free = self.number(line).is_none();
            if is_free && (!clashes || self.goes_on(at, line)) {
                self.lines.insert(at, line.clone());
                taken.added.push(line.clone());
            } else {
                taken.apart += usize::from(fits);
            }
        }
        taken
    }

    fn number(&self, line: &Line) -> Option<&Line> {
        let at = self.lines.partition_point(|l| l.event.seq < line.event.seq);
        self.lines.get(at).filter(|l| l.event.seq == line.event.seq)
    }

    /// The same event by number and content.
    fn same(&self, line: &Line) -> Option<&Line> {
        let at = self.lines.partition_point(|l| l.event.seq < line.event.seq);
        let mut under = self.lines[at..].iter().take_while(|l| l.event.seq == line.event.seq);
        under.find(|l| l.event == line.event)
    }

    /// Whether an event is linked to what stands before a place.
    fn goes_on(&self, at: usize, line: &Line) -> bool {
        let before = match at.checked_sub(1) {
            None => Some(&self.head),
            Some(last) => self.lines[last].chain.as_ref(),
        };
        before.is_some_and(|before| is_linked(before, line))
    }
}

fn is_linked(before: &str, line: &Line) -> bool {
    line.chain.as_ref() == Some(&line.chain_after(before))
}

/// Whether an event stands among some in the order of their numbers.
fn has(lines: &[Line], wanted: &Line) -> bool {
    let from = lines.partition_point(|l| l.event.seq < wanted.event.seq);
    lines[from..].iter().take_while(|l| l.event.seq == wanted.event.seq).any(|l| l.event == wanted.event)
}

/// Writing a whole log where something may lie already.
#[derive(Debug, Default)]
pub struct Over {
    /// What lies there and may be replaced: it was read, and all of it is kept elsewhere.
    known: Option<Vec<u8>>,
    /// What was put aside and not told yet.
    kept: Vec<PathBuf>,
    /// How often in a row something lay there that could not be read.
    unread: usize,
}

/// So often reading what lies there is tried before it is put aside unread.
const TRIES: usize = 3;

impl Over {
    /// These bytes lie there, and all of what they hold is kept elsewhere.
    pub fn known(bytes: Vec<u8>) -> Self {
        Self { known: Some(bytes), ..Self::default() }
    }

    /// Writes a log as a whole. What lies there and holds no more than this log is replaced; anything else is put aside
    /// under a free name first.
    pub fn write(&mut self, disk: &dyn Disk, path: &Path, own: &Encoder, bytes: &[u8]) -> io::Result<Box<dyn Handle>> {
        file::replace_after(disk, path, bytes, &mut || self.look(disk, path, own))
    }

    /// What was put aside since this was asked last.
    pub fn take_kept(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.kept)
    }

    fn look(&mut self, disk: &dyn Disk, path: &Path, own: &Encoder) -> io::Result<()> {
        match disk.read(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(e) => {
                self.unread += 1;
                if self.unread < TRIES {
                    return Err(e);
                }
                let copy = file::damaged_path(path);
                disk.rename(path, &copy)?;
                self.kept.push(copy);
                Ok(())
            }
            Ok(found) if self.known.as_ref() == Some(&found) || is_held(own, &found) => Ok(()),
            Ok(found) => {
                let copy = file::damaged_path(path);
                disk.keep(path, &copy)?;
                self.kept.push(copy);
                // Should the rest fail, it is not put aside once more.
                self.known = Some(found);
                Ok(())
            }
        }
    }
}

/// Whether a log holds everything that some bytes hold.
fn is_held(own: &Encoder, found: &[u8]) -> bool {
    let whole = own.whole();
    if found.trim_ascii().is_empty() || is_torn(whole.as_bytes(), found) {
        return true;
    }
    let (Ok(own), Ok(found)) = (codec::read(whole.as_bytes()), codec::read(found)) else {
        return false;
    };
    // What could not be read may be anything, but for a last line that was never finished.
    let is_readable = |damage: &Damage| {
        matches!(
            damage,
            Damage::CutShort { .. } | Damage::BrokenChain { .. } | Damage::OutOfOrder { .. } | Damage::NotJson
        )
    };
    own.head == found.head && found.damage.iter().all(is_readable) && found.lines.iter().all(|l| has(&own.lines, l))
}

/// Whether some bytes are what a write of this log leaves that broke off: a part of it, and what is left of its last line.
fn is_torn(whole: &[u8], found: &[u8]) -> bool {
    // The first line may end in blanks.
    let line = memchr::memchr(b'\n', found).unwrap_or(found.len());
    let found: Vec<u8> = [found[..line].trim_ascii_end(), &found[line..]].concat();
    let same = whole.iter().zip(&found).take_while(|(a, b)| a == b).count();
    found[same..].iter().all(|b| TAIL.as_bytes().contains(b) || *b == b' ')
}

/// Writes a rescue file of a log into a folder, under a name that takes nothing from another rescue.
pub fn rescue(folder: &Path, log: &Path, document: &str) -> io::Result<PathBuf> {
    let name = log.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = name.trim_end_matches(".json");
    let mut names = std::iter::once(format!("{RESCUE}{stem}.json"))
        .chain((2..).map(|n| format!("{RESCUE}{stem}-{n}.json")))
        .map(|name| folder.join(name));
    let free = names.find(|path| path.symlink_metadata().is_err()).ok_or(io::ErrorKind::AlreadyExists)?;
    file::replace(&file::RealDisk, &free, document.as_bytes())?;
    Ok(free)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Event, Verdict};
    use crate::session::tests::{head, judge, stamp};
    use crate::store::file::RealDisk;

    /// A log with passes up to one number and fails behind it.
    fn log_of(passes: u64, fails: u64) -> Encoder {
        let mut encoder = Encoder::new(&head());
        for seq in 1..=passes + fails {
            let verdict = if seq <= passes { Verdict::Pass } else { Verdict::Fail };
            encoder.push(&Event { seq, at: stamp(), ms: seq, act: judge("3.10", verdict) });
        }
        encoder
    }

    fn read(encoder: &Encoder) -> Log {
        codec::read(encoder.whole().as_bytes()).unwrap()
    }

    fn copy(name: &str, encoder: &Encoder) -> Copy {
        Copy { path: name.into(), log: read(encoder) }
    }

    fn opened(bytes: &str) -> Result<Opened, Unreadable> {
        let log = codec::read(bytes.as_bytes()).map_err(Unreadable::Refused)?;
        Ok(Opened { log, bytes: bytes.as_bytes().to_vec() })
    }

    fn seqs(whole: &Whole) -> Vec<u64> {
        whole.log.events().map(|e| e.seq).collect()
    }

    /// Writes a log of five events over something; gives what lies there then, and what was put aside.
    fn write_over(there: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        fs::write(&path, there).unwrap();
        let (own, mut over) = (log_of(5, 0), Over::default());
        over.write(&RealDisk, &path, &own, own.whole().as_bytes()).unwrap();
        let kept = over.take_kept().iter().map(|p| fs::read(p).unwrap()).collect();
        (fs::read(&path).unwrap(), kept)
    }

    #[test]
    fn what_holds_no_more_is_replaced_and_anything_else_is_put_aside() {
        let own = log_of(5, 0).whole();
        for cut in 0..=own.len() {
            let (there, kept) = write_over(&own.as_bytes()[..cut]);
            assert_eq!(there, own.as_bytes());
            // Of a head that is cut in half nothing was ever told as saved.
            assert!(kept.is_empty(), "cut at {cut}");
        }
        let others = [
            log_of(8, 0).whole(),
            log_of(3, 1).whole(),
            log_of(2, 0).whole().replace("000000000001", "000000000002"),
            own.replacen("\"seq\":2,", "\"seq\":,", 1),
            "somebody's letter".to_owned(),
            "\0\0\0".to_owned(),
        ];
        for other in others {
            assert_eq!(write_over(other.as_bytes()), (own.clone().into(), vec![other.clone().into()]), "{other}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_put_aside_after_some_tries() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        fs::create_dir(&path).unwrap();
        let (own, mut over) = (log_of(5, 0), Over::default());
        let mut attempt = || over.write(&RealDisk, &path, &own, own.whole().as_bytes()).map(drop);
        assert!(attempt().is_err() && attempt().is_err());
        attempt().unwrap();
        assert_eq!(over.take_kept(), [dir.path().join("a.json.damaged-1")]);
        assert_eq!(fs::read(&path).unwrap(), own.whole().as_bytes());
    }

    #[test]
    fn a_log_that_was_cut_anywhere_is_whole_again_with_a_copy() {
        let own = log_of(5, 0).whole();
        for cut in own.find('\n').unwrap()..own.len() - 1 {
            let had = opened(&own[..cut]).unwrap().log.lines.len();
            let whole = unite(opened(&own[..cut]), vec![copy("stick", &log_of(5, 0))]).unwrap();
            assert_eq!(seqs(&whole), [1, 2, 3, 4, 5]);
            assert!(whole.log.damage.is_empty() && whole.apart.is_empty());
            let expected: Vec<_> = (had < 5).then(|| (PathBuf::from("stick"), 5 - had)).into_iter().collect();
            assert_eq!(whole.recovered, expected, "cut at {cut}");
        }
    }

    #[test]
    fn what_was_changed_is_taken_from_the_copy_and_what_only_the_log_has_stays() {
        let own = log_of(6, 0).whole();
        // The third event is another, the fifth cannot be read; the copy has four.
        let lines: Vec<&str> = own.lines().collect();
        let changed =
            own.replacen(lines[3], &lines[3].replace("pass", "fail"), 1).replacen("\"seq\":5,", "\"seq\":,", 1);
        let whole = unite(opened(&changed), vec![copy("stick", &log_of(4, 0))]).unwrap();
        assert_eq!(seqs(&whole), [1, 2, 3, 4, 6]);
        assert_eq!(whole.log.lines[..4], read(&log_of(4, 0)).lines);
        assert_eq!(whole.recovered, [(PathBuf::from("stick"), 1)]);
    }

    #[test]
    fn branches_are_never_mixed_and_other_sessions_bring_nothing() {
        let own = log_of(5, 0).whole();
        let other = codec::read(log_of(9, 0).whole().replace("000000000001", "000000000002").as_bytes()).unwrap();
        let copies = vec![copy("apart", &log_of(3, 5)), Copy { path: "other".into(), log: other }];
        let whole = unite(opened(&own), copies).unwrap();
        assert_eq!(whole.log.lines, read(&log_of(5, 0)).lines);
        assert_eq!((whole.recovered.len(), whole.apart.clone()), (0, vec![(PathBuf::from("apart"), 5)]));
        assert!(whole.is_whole);
        // A log that cannot be read begins with its longest copy.
        let whole = unite(opened(""), vec![copy("a", &log_of(3, 0)), copy("b", &log_of(4, 0))]).unwrap();
        assert_eq!((seqs(&whole).len(), whole.recovered[0].1), (4, 4));
        assert!(unite(opened(""), Vec::new()).is_err());
    }

    #[test]
    fn rescue_files_never_replace_one_another() {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<_> =
            (0..3).map(|n| rescue(dir.path(), Path::new("logs/a.json"), &n.to_string()).unwrap()).collect();
        let read: Vec<_> = names.iter().map(|p| fs::read_to_string(p).unwrap()).collect();
        assert_eq!(read, ["0", "1", "2"]);
        assert_eq!(names[1].file_name().unwrap(), "xunjie-rescue-a-2.json");
    }

    #[cfg(unix)]
    #[test]
    fn copies_are_found_by_name_on_the_stick_among_rescue_files_and_beside_the_log() {
        let dir = tempfile::tempdir().unwrap();
        let [logs, stick, home] = ["logs", "stick", "home"].map(|n| dir.path().join(n));
        [&logs, &stick, &home].iter().for_each(|f| fs::create_dir(f).unwrap());
        let text = log_of(2, 0).whole();
        let log = logs.join("a.json");
        for path in ["logs/a.json", "logs/a.json.damaged-2", "logs/b.json", "logs/a.json.damaged-x", "stick/a.json"] {
            fs::write(dir.path().join(path), &text).unwrap();
        }
        rescue(&home, &log, &text).unwrap();
        let places = Places { mirror: Some(stick), rescue: vec![home] };
        let found: Vec<_> =
            places.copies(&log).into_iter().map(|c| c.path.strip_prefix(dir.path()).unwrap().to_owned()).collect();
        let expected = ["stick/a.json", "home/xunjie-rescue-a.json", "logs/a.json.damaged-2"];
        assert_eq!(found, expected.map(PathBuf::from));
    }
}
