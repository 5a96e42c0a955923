//! Reads paths for a report: session by session, so that no more is kept than what it is made of.
//!
//! A session is folded as soon as it is read, and its texts are let go of. Most sessions are in one file, or in files that
//! have the same of it. Where they have not, as with a copy that went on, those files are read once more and joined.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;

use crate::archive::reading::{Folded, Folder, Reading};
use crate::archive::{Archive, Copy, Sheet};
use crate::store::Unreadable;
use crate::store::cores::on_all_cores;
use crate::store::inputs::{Content, Found, Inputs, Notes, Source};
use crate::store::packed::Open;

/// A session of a file, folded.
struct Part {
    copy: Copy,
    folded: Folded,
    digest: [u8; 32],
}

/// A session that was seen, in one file or several.
struct Seen {
    folded: Folded,
    digest: [u8; 32],
    /// By their numbers.
    files: Vec<usize>,
    /// Whether two files do not have the same of it.
    differs: bool,
}

impl Inputs {
    /// Reads paths into what stands in them, as a folder takes it. Of the texts only what had to be joined is kept, and
    /// every session of `whole`.
    pub fn fold(
        paths: &[PathBuf],
        stdin: &mut dyn Read,
        progress: &mut dyn FnMut(usize, usize),
        (whole, blank): (&Archive, Folder),
    ) -> (Self, Reading) {
        let found = Found::at(paths);
        let mut seen: BTreeMap<Copy, Seen> = BTreeMap::new();
        let mut held = Archive::default();
        let worker = || {
            let mut folder = blank.clone();
            move |source: Source, open: &mut Open| fold_file(source, open, &mut folder)
        };
        let mut take = |file, (parts, archive): (Vec<Part>, Archive)| {
            held = std::mem::take(&mut held).join(archive);
            parts.into_iter().for_each(|part| part.put(file, &mut seen));
        };
        let mut inputs = found.read(stdin, progress, &worker, &mut take);
        let to_join = |copy: &Copy, of: &Seen| of.differs || whole.has(copy) || held.has(copy);
        let again: BTreeSet<Copy> =
            seen.iter().filter(|(copy, of)| to_join(copy, of)).map(|(c, _)| c.clone()).collect();
        let files: BTreeSet<usize> = again.iter().flat_map(|copy| &seen[copy].files).copied().collect();
        inputs.archive = held.join(read_again(&found, &files, &again, &mut inputs));
        seen.retain(|copy, _| !again.contains(copy));
        let reading = gather(seen, &inputs.archive, blank);
        (inputs, reading)
    }
}

/// Folds the sessions of a file. What is on standard input cannot be read again, so that its texts are kept; of a file
/// that cannot be judged log by log, some sessions are read once more.
fn fold_file(
    mut source: Source,
    open: &mut Open,
    folder: &mut Folder,
) -> Result<(Content, (Vec<Part>, Archive)), Unreadable> {
    let (mut parts, mut archive, mut notes) = (Vec::new(), Archive::default(), Notes::default());
    let is_kept = source.is_stdin();
    let damage = source.read(open, &mut |head, lines| {
        let (head, lines) = notes.note(head, lines);
        if is_kept {
            return archive.add(&head, lines);
        }
        let sheet = Sheet::of(head, lines);
        let digest = sheet.digest();
        let (copy, folded) = folder.sheet(sheet);
        parts.push(Part { copy, folded, digest });
    })?;
    if is_kept || !notes.has_doubts() {
        return Ok((notes.content(damage, &archive, Vec::new)?, (parts, archive)));
    }
    let mut doubtful = Archive::default();
    source.read(open, &mut |head, lines| {
        if notes.is_doubtful(&head.id) {
            doubtful.add(&head, lines);
        }
    })?;
    Ok((notes.content(damage, &doubtful, || source.lines(open))?, (parts, archive)))
}

impl Part {
    fn put(self, file: usize, seen: &mut BTreeMap<Copy, Seen>) {
        let Self { copy, folded, digest } = self;
        match seen.get_mut(&copy) {
            Some(of) => {
                of.files.push(file);
                of.differs |= of.digest != digest;
            }
            None => {
                let folded = folded.moved_here();
                seen.insert(copy, Seen { folded, digest, files: vec![file], differs: false });
            }
        }
    }
}

/// Reads some sessions of some files once more, whole. A file that cannot be read any more is named as one that cannot.
fn read_again(found: &Found, files: &BTreeSet<usize>, which: &BTreeSet<Copy>, inputs: &mut Inputs) -> Archive {
    let files: Vec<usize> = files.iter().copied().collect();
    let work = |file: &usize, open: &mut Open| -> Result<Archive, Unreadable> {
        let mut archive = Archive::default();
        let mut take = |head, lines| {
            if which.contains(&Copy::of(&head)) {
                archive.add(&head, lines);
            }
        };
        found.items[*file].source().map_or(Ok(Vec::new()), |mut source| source.read(open, &mut take))?;
        Ok(archive)
    };
    let worker = || {
        let mut open = Open::default();
        move |file: &usize| work(file, &mut open)
    };
    let mut all = Archive::default();
    on_all_cores(&files, &worker, &mut |at, read| match read {
        Ok(archive) => all = std::mem::take(&mut all).join(archive),
        Err(why) => {
            let path = &found.items[files[at]].path;
            inputs.files.iter_mut().filter(|f| f.path == *path).for_each(|f| f.read = Err(why.clone()));
        }
    });
    all
}

/// What stands in all of it.
fn gather(seen: BTreeMap<Copy, Seen>, archive: &Archive, mut folder: Folder) -> Reading {
    let mut folded: BTreeMap<Copy, Folded> = seen.into_iter().map(|(copy, of)| (copy, of.folded)).collect();
    for (copy, member) in archive.copies().zip(archive.members()) {
        folded.extend(folder.member(&member).map(|member| (copy.clone(), member)));
    }
    Reading::gather(folded.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::checklist::Checklist;
    use crate::demo;
    use crate::district::District;
    use crate::store::codec::{self, Encoder};

    /// Logs, and of some of them a copy, a half, a copy that went on otherwise, and one with an edited record.
    fn fill(folder: &Path) {
        let options = demo::Options { sites: 4, days: 3, seed: 7 };
        let samples = demo::samples(&Checklist::built_in(), &District::built_in(), &options);
        for (n, bytes) in samples.into_iter().map(|sample| sample.bytes).enumerate() {
            let write = |name: &str, bytes: &[u8]| fs::write(folder.join(format!("{n}{name}.json")), bytes).unwrap();
            write("", &bytes);
            match n % 5 {
                0 => write("-copy", &bytes),
                1 => write("-half", &bytes[..bytes.len() / 2]),
                2 => {
                    let Ok(log) = codec::read(&bytes) else { continue };
                    let mut other = Encoder::new(&log.head);
                    let events: Vec<_> = log.events().take(log.lines.len() / 2).cloned().collect();
                    events.iter().for_each(|event| other.push(event));
                    for event in events.iter().rev().take(2).rev() {
                        other.push(&crate::log::Event { seq: event.seq + 2, ms: event.ms + 1, ..event.clone() });
                    }
                    write("-fork", other.whole().as_bytes());
                }
                3 => {
                    let text = String::from_utf8_lossy(&bytes).replacen("\"pass\"", "\"fail\"", 1);
                    write("-edited", text.as_bytes());
                }
                _ => {}
            }
        }
    }

    #[test]
    fn what_is_folded_file_by_file_is_what_stands_in_the_archive() {
        let dir = tempfile::tempdir().unwrap();
        fill(dir.path());
        let paths = [dir.path().to_owned()];
        let stdin = codec::archive_text(&Inputs::read(&paths, &mut std::io::empty(), &mut |_, _| {}).archive);
        let (some, _) = stdin.as_bytes().split_at(stdin.find('\n').unwrap() + 1);
        for until in [None, Some("2020-08-19".parse().unwrap())] {
            for (paths, stdin) in [(vec![paths[0].clone()], &[][..]), (vec![paths[0].clone(), "-".into()], some)] {
                let whole = Inputs::read(&paths, &mut &*stdin, &mut |_, _| {});
                let faulty = (whole.files.len(), whole.faulty());
                let noted: Vec<_> =
                    whole.files.into_iter().map(|f| f.read.map(|c| Content { held: vec![], ..c })).collect();
                let whole = Inputs { files: Vec::new(), ..whole };
                let expect = Reading::instead_of(whole.archive, until);
                let (inputs, reading) =
                    Inputs::fold(&paths, &mut &*stdin, &mut |_, _| {}, (&Archive::default(), Folder::new(until)));
                assert!(!inputs.archive.is_empty(), "something had to be joined");
                assert_eq!((inputs.files.len(), inputs.faulty()), faulty);
                let same: Vec<_> = inputs.files.into_iter().map(|f| f.read).collect();
                assert_eq!(same, noted, "what is said of a file is the same, however it is read");
                assert!(reading == expect);
            }
        }
    }

    #[test]
    fn sessions_that_are_asked_for_are_kept_whole() {
        let dir = tempfile::tempdir().unwrap();
        fill(dir.path());
        let all = Inputs::read(&[dir.path().to_owned()], &mut std::io::empty(), &mut |_, _| {}).archive;
        let (inputs, _) =
            Inputs::fold(&[dir.path().to_owned()], &mut std::io::empty(), &mut |_, _| {}, (&all, Folder::new(None)));
        assert!(inputs.archive == all);
    }
}
