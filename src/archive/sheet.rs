//! A session as one file has it, read once: each event stays beside its own line, which its link is computed from.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::archive::branch::{Said, Tree};
use crate::archive::{Copy, canonical};
use crate::log::{Event, Head, Line};

/// The events of a session in the order of an archive, each once.
#[derive(Debug)]
pub struct Sheet {
    head: Head,
    /// Canonical JSON.
    head_line: String,
    /// The canonical line of each event, and behind it the link it was found with.
    text: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    event: Event,
    line: Range<usize>,
    chain: Option<Range<usize>>,
}

impl Entry {
    fn said(self, text: &str) -> Said<'_> {
        Said { event: self.event, line: &text[self.line], chain: self.chain.map(|at| &text[at]) }
    }

    /// What sets it apart from other events of its session.
    fn key<'a>(&self, text: &'a str) -> (u64, &'a str, Option<&'a str>) {
        (self.event.seq, &text[self.line.clone()], self.chain.clone().map(|at| &text[at]))
    }
}

impl Sheet {
    pub fn of(head: Head, lines: Vec<Line>) -> Self {
        let mut text = Vec::with_capacity(lines.len() * 256);
        let entry = |line: Line| {
            let begin = text.len();
            line.write_bare(&mut text);
            let end = text.len();
            let Line { event, chain, .. } = line;
            text.extend_from_slice(chain.as_deref().unwrap_or_default().as_bytes());
            Entry { event, line: begin..end, chain: chain.map(|_| end..text.len()) }
        };
        let mut entries: Vec<Entry> = lines.into_iter().map(entry).collect();
        let text = String::from_utf8(text).unwrap_or_else(|e| unreachable!("JSON is UTF-8: {e}"));
        let in_order = |a: &Entry, b: &Entry| a.key(&text) < b.key(&text);
        if !entries.windows(2).all(|pair| in_order(&pair[0], &pair[1])) {
            entries.sort_by(|a, b| a.key(&text).cmp(&b.key(&text)));
            entries.dedup_by(|a, b| a.key(&text) == b.key(&text));
        }
        Self { head_line: canonical(&head), head, text, entries }
    }

    /// How many events it has, however many links each was found with.
    pub fn events(&self) -> usize {
        let same = |pair: &&[Entry]| pair[0].key(&self.text).1 == pair[1].key(&self.text).1;
        self.entries.len() - self.entries.windows(2).filter(same).count()
    }

    /// SHA-256 of all of it.
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(&self.head_line);
        for entry in &self.entries {
            let (_, line, chain) = entry.key(&self.text);
            hash.update(line);
            hash.update(chain.unwrap_or_default());
            hash.update(b"\n");
        }
        hash.finalize().into()
    }

    /// Makes something of its head and its tree; gives the copy it was of beside it.
    pub(super) fn fold<T>(self, work: impl FnOnce(Head, Tree) -> T) -> (Copy, T) {
        let Self { head, head_line, text, entries } = self;
        let tree = Tree::of(&head_line, entries.into_iter().map(|e| e.said(&text)));
        let id = head.id.clone();
        let made = work(head, tree);
        (Copy { id, head: head_line }, made)
    }
}
