//! A power cut at any moment of a walk, and a disk that becomes full in mid-write: whatever such a disk may hold then is
//! one JSON document with every event that was called saved.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xunjie::i18n::Lang;
use xunjie::log::{Act, Event, Head, Judgement, Note, Verdict};
use xunjie::store;
use xunjie::store::codec::Encoder;
use xunjie::store::file::{Disk, Handle};
use xunjie::store::writer::{Report, Standing, Writer};

use crate::runner::World;

/// What a disk writes wholly or not at all.
const BLOCK: usize = 4096;

/// A file of a disk in memory: what it holds for those who read it now, and what of that may be on the disk.
#[derive(Default)]
struct Inode {
    now: Vec<u8>,
    synced: Vec<u8>,
    /// What each block was since the last sync, oldest first.
    blocks: BTreeMap<usize, Vec<Vec<u8>>>,
    /// How long the file was since then.
    lengths: Vec<usize>,
}

#[derive(Default)]
struct State {
    inodes: Vec<Inode>,
    /// The names now, and each state of them since the folder was synced, beginning with that.
    names: BTreeMap<PathBuf, usize>,
    past: Vec<BTreeMap<PathBuf, usize>>,
    log: PathBuf,
    saved: usize,
    cuts: usize,
    faults: Vec<String>,
    /// After so many more writes the disk is full, for so many calls.
    full: Option<(usize, usize)>,
}

impl Inode {
    /// Everything the file may hold after a power cut: any block and the length as at any moment since the last sync.
    fn after_a_cut(&self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for length in self.lengths.iter().copied().chain([self.synced.len()]) {
            let mut begun = self.synced.clone();
            begun.resize(length, 0);
            let mut states = vec![begun];
            for (at, versions) in &self.blocks {
                let from = at * BLOCK;
                let with = |state: &Vec<u8>, version: &Vec<u8>| {
                    let mut state = state.clone();
                    let to = (from + version.len()).min(length).max(from.min(length));
                    let n = to - from.min(length);
                    state[from.min(length)..to].copy_from_slice(&version[..n]);
                    state
                };
                let more: Vec<_> = states.iter().flat_map(|s| versions.iter().map(move |v| with(s, v))).collect();
                states.extend(more);
            }
            all.extend(states);
        }
        all
    }
}

impl State {
    /// Cuts the power now, in every way that may come to.
    fn cut(&mut self) {
        let now = std::iter::once(&self.names);
        let logs: Vec<Option<usize>> = self.past.iter().chain(now).map(|n| n.get(&self.log).copied()).collect();
        for log in logs {
            let Some(inode) = log else {
                if self.saved > 0 {
                    self.faults.push("the log is gone".into());
                }
                continue;
            };
            for bytes in self.inodes[inode].after_a_cut() {
                self.cuts += 1;
                let fault = self.check(&bytes);
                self.faults.extend(fault);
            }
        }
    }

    fn check(&self, bytes: &[u8]) -> Option<String> {
        match serde_json::from_slice::<serde_json::Value>(bytes) {
            Ok(log) if log["events"].as_array().unwrap().len() >= self.saved => None,
            Ok(_) => Some(format!("an event of {} is lost", self.saved)),
            Err(e) => Some(format!("no JSON: {e}")),
        }
    }

    fn is_full(&mut self) -> bool {
        match &mut self.full {
            Some((0, 0)) => false,
            Some((0, calls)) => {
                *calls -= 1;
                true
            }
            Some((writes, _)) => {
                *writes -= 1;
                false
            }
            None => false,
        }
    }
}

#[derive(Clone, Default)]
struct Model(Arc<Mutex<State>>);

struct Open(Model, usize);

impl Model {
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.0.lock().unwrap();
        let done = work(&mut state);
        state.cut();
        done
    }

    /// Changes names, which a journal brings to the disk in their order.
    fn rename_with(&self, work: impl FnOnce(&mut State) -> io::Result<()>) -> io::Result<()> {
        self.with(|s| {
            let before = s.names.clone();
            s.past.push(before);
            work(s)
        })
    }

    fn at(&self, path: &Path) -> io::Result<usize> {
        self.0.lock().unwrap().names.get(path).copied().ok_or(io::ErrorKind::NotFound.into())
    }
}

impl Disk for Model {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        let inode = self.0.lock().unwrap().inodes.len();
        self.rename_with(|s| {
            if s.full.is_some_and(|(writes, calls)| writes == 0 && calls > 0) && s.is_full() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            s.inodes.push(Inode::default());
            s.names.insert(path.to_owned(), inode);
            Ok(())
        })?;
        Ok(Box::new(Open(self.clone(), inode)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        Ok(Box::new(Open(self.clone(), self.at(path)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.rename_with(|s| {
            let inode = s.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
            s.names.insert(to.to_owned(), inode);
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.rename_with(|s| s.names.remove(path).map(drop).ok_or(io::ErrorKind::NotFound.into()))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let inode = self.at(path)?;
        Ok(self.0.lock().unwrap().inodes[inode].now.clone())
    }

    fn keep(&self, path: &Path, copy: &Path) -> io::Result<()> {
        let inode = self.at(path)?;
        self.rename_with(|s| {
            s.names.insert(copy.to_owned(), inode);
            Ok(())
        })
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        self.with(|s| s.past.clear());
        Ok(())
    }

    fn create_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl Handle for Open {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        let at = usize::try_from(at).unwrap();
        let Self(model, inode) = self;
        model.with(|s| {
            let full = s.is_full();
            let bytes = if full { &bytes[..bytes.len() / 2] } else { bytes };
            let file = &mut s.inodes[*inode];
            let end = at + bytes.len();
            if end > file.now.len() {
                file.now.resize(end, 0);
                file.lengths.push(end);
            }
            file.now[at..end].copy_from_slice(bytes);
            for block in at / BLOCK..end.div_ceil(BLOCK) {
                let whole = file.now[block * BLOCK..file.now.len().min((block + 1) * BLOCK)].to_vec();
                file.blocks.entry(block).or_default().push(whole);
            }
            if full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
        })
    }

    fn sync(&mut self) -> io::Result<()> {
        let Self(model, inode) = self;
        model.with(|s| {
            let file = &mut s.inodes[*inode];
            file.synced = file.now.clone();
            file.blocks.clear();
            file.lengths.clear();
        });
        Ok(())
    }

    fn is_at(&self, path: &Path, bytes: u64) -> bool {
        let s = self.0.0.lock().unwrap();
        s.names.get(path) == Some(&self.1) && s.inodes[self.1].now.len() as u64 == bytes
    }
}

fn a_head() -> Head {
    let world = World::new(Lang::Zh);
    world.run((80, 24), world.walk("nongye-lu"), |run| _ = run.settle());
    store::open(&world.log_path()).unwrap().log.head
}

/// Verdicts with notes of very different lengths, some of them longer than a block.
fn event(seq: u64, head: &Head) -> Event {
    let length = [0, 4, 60, 0, 900, 12, 0, 1_500][usize::try_from(seq % 8).unwrap()];
    let judged = Judgement {
        target: "3.10".try_into().unwrap(),
        verdict: Verdict::Fail,
        place: None,
        note: (length > 0).then(|| Note::try_from("桶".repeat(length)).unwrap()),
        unit: None,
        due: None,
        photos: Vec::new(),
        measure: Vec::new(),
        covers: Vec::new(),
    };
    Event { seq, at: head.started.clone(), ms: seq, act: Act::Judge(judged) }
}

/// Walks on a disk; at each save, and wherever the disk fails, what is there must be whole.
fn walk(events: u64, full: Option<(usize, usize)>) -> (usize, Vec<String>) {
    let (dir, head, model) = (tempfile::tempdir().unwrap(), a_head(), Model::default());
    let path = dir.path().join("a.json");
    {
        let mut state = model.0.lock().unwrap();
        (state.log, state.full) = (path.clone(), full);
    }
    let seen = model.clone();
    let report = move |report: Report| {
        let mut s = seen.0.lock().unwrap();
        match report {
            Report::Saved { events } => s.saved = events,
            Report::Failing { .. } => {
                if let Some(log) = s.names.get(&s.log).copied() {
                    let fault = s.check(&s.inodes[log].now).map(|f| format!("while it fails: {f}"));
                    s.faults.extend(fault);
                }
            }
            Report::Mended { kept, .. } => s.faults.push(format!("put aside: {kept:?}")),
        }
    };
    let how = (Box::new(model.clone()) as Box<dyn Disk>, None);
    let mut writer = Writer::start(path, Encoder::new(&head), Standing::Unknown, how, report).unwrap();
    for seq in 1..=events {
        writer.append(event(seq, &head));
        // Most are saved one by one, some share a save.
        while seq % 5 > 0 && model.0.lock().unwrap().saved < usize::try_from(seq).unwrap() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    writer.finish().unwrap();
    let s = model.0.lock().unwrap();
    assert_eq!(s.saved, usize::try_from(events).unwrap());
    (s.cuts, s.faults.clone())
}

#[test]
fn a_power_cut_at_any_moment_leaves_json_with_every_saved_event() {
    let (cuts, faults) = walk(60, None);
    eprintln!("{cuts} states after power cuts");
    assert!(cuts > 200, "{cuts}");
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn a_disk_that_is_full_in_mid_write_keeps_json_with_every_saved_event() {
    for writes in 0..24 {
        let (_, faults) = walk(16, Some((writes, 1)));
        // Between half an event and the last line put back there is a moment; a power cut just then is another fault.
        let faults: Vec<_> = faults.iter().filter(|f| !f.starts_with("no JSON")).collect();
        assert_eq!(faults, Vec::<&String>::new(), "after {writes} writes");
    }
}
