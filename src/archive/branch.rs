//! A session whose copies were continued apart, taken apart again.
//!
//! Each event is linked to the one before it, so a copied session that went on on two machines is a tree: each way from
//! its root to a leaf is what one machine wrote. An event stands if it stands in every branch that holds it: what one
//! machine took back of what both had is taken back, and never touches what only the other wrote.

use std::collections::{HashMap, HashSet};

use crate::archive::{Entry, Member};
use crate::log::{Event, Line, link, link_of};

/// A session with more branches than this is read as one: nobody copies a laptop so often.
const MAX_BRANCHES: usize = 64;

/// A session taken apart: what was said, by number and content, and the ways through it.
#[derive(Debug, Default)]
pub(super) struct Tree<'a> {
    pub said: Vec<Event>,
    nodes: Vec<Node<'a>>,
    /// The first number that stands for two contents.
    pub forked: Option<u64>,
    /// The first event that is not linked to what stands before it, in one of its copies at least.
    pub broken: Option<u64>,
    /// Set once there are more branches than are told apart.
    is_tangled: bool,
    /// What is left out, by its place in [`Tree::said`].
    left_out: HashSet<usize>,
}

/// Something said, at its place in the tree.
#[derive(Debug)]
struct Node<'a> {
    /// By its place in [`Tree::said`].
    said: usize,
    seq: u64,
    /// The links it was found with.
    chains: Vec<&'a str>,
    parent: Option<usize>,
    is_linked: bool,
    is_leaf: bool,
}

/// An event of a session with its canonical line and the link it was found with.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub event: Event,
    pub line: &'a str,
    pub chain: Option<&'a str>,
}

impl<'a> Said<'a> {
    /// The events of a session of an archive, in its order.
    pub fn all_of(member: &Member<'a>) -> impl Iterator<Item = Self> {
        let said = |Entry { event: line, chain, .. }: &'a Entry| {
            // The archive wrote this line itself, so it can be read.
            let Line { event, .. } = serde_json::from_str(line).ok()?;
            Some(Said { event, line, chain: chain.as_deref() })
        };
        member.entries.iter().filter_map(said)
    }
}

impl<'a> Tree<'a> {
    /// The tree of a session's events, which come in the order of an archive.
    pub fn of(head: &str, all: impl IntoIterator<Item = Said<'a>>) -> Self {
        let mut tree = Self::default();
        let mut chains = Vec::new();
        let mut all = all.into_iter().peekable();
        while let Some(Said { event, line, chain }) = all.next() {
            chains.push(chain);
            // One event found with several links.
            let again = |next: &Said| (next.event.seq, next.line) == (event.seq, line);
            while let Some(next) = all.next_if(again) {
                chains.push(next.chain);
            }
            tree.forked = tree.forked.or_else(|| tree.said.last().map(|e| e.seq).filter(|seq| *seq == event.seq));
            let seq = event.seq;
            tree.said.push(event);
            tree.place(seq, line, &chains, head);
            chains.clear();
        }
        tree
    }

    /// Leaves out events: they stand in no branch.
    pub fn leave_out(&mut self, which: impl Fn(&Event) -> bool) {
        self.left_out = (0..self.said.len()).filter(|at| which(&self.said[*at])).collect();
    }

    pub fn is_left_out(&self, at: usize) -> bool {
        self.left_out.contains(&at)
    }

    /// What was said and is not left out.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.said.iter().enumerate().filter(|(at, _)| !self.left_out.contains(at)).map(|(_, event)| event)
    }

    pub fn is_empty(&self) -> bool {
        self.left_out.len() == self.said.len()
    }

    /// Finds the place of what was said last: one for each event it goes on from.
    fn place(&mut self, seq: u64, text: &str, chains: &[Option<&'a str>], head: &str) {
        let said = self.said.len() - 1;
        let before = self.before(seq);
        let first_new = self.nodes.len();
        // What stands side by side under one number are as many branches at least.
        let ends: usize = self.nodes[before.clone()].iter().map(|n| n.chains.len()).sum();
        self.is_tangled |= before.len().max(ends) > MAX_BRANCHES || chains.len() > MAX_BRANCHES;
        if self.is_tangled {
            return;
        }
        let follows = self.follows(text, before.clone(), head);
        for chain in chains.iter().flatten() {
            if let Some(parent) = follows.get(link_of(chain)) {
                self.nodes.push(Node {
                    said,
                    seq,
                    chains: vec![chain],
                    parent: *parent,
                    is_linked: true,
                    is_leaf: true,
                });
            }
        }
        if self.nodes.len() - first_new < chains.len() {
            self.broken.get_or_insert(seq);
        }
        if self.nodes.len() == first_new {
            let chains = chains.iter().flatten().copied().collect();
            let parent = before.clone().next();
            self.nodes.push(Node { said, seq, chains, parent, is_linked: false, is_leaf: true });
        }
        for at in first_new..self.nodes.len() {
            if let Some(parent) = self.nodes[at].parent {
                self.nodes[parent].is_leaf = false;
            }
        }
    }

    /// The links an event has where it goes on from what was said before it, and from which of that; the head is none of
    /// it. Each is computed once, however many links the event was found with.
    fn follows(&self, text: &str, before: std::ops::Range<usize>, head: &str) -> HashMap<String, Option<usize>> {
        if before.is_empty() {
            return HashMap::from([(link(head, text), None)]);
        }
        let mut follows = HashMap::new();
        // Where a link fits a good event and one that was edited, it goes on from the good one, and from the first.
        let (good, edited): (Vec<usize>, Vec<usize>) = before.partition(|at| self.nodes[*at].is_linked);
        for at in good.into_iter().chain(edited) {
            for chain in &self.nodes[at].chains {
                follows.entry(link(chain, text)).or_insert(Some(at));
            }
        }
        follows
    }

    /// The events with the highest number below one.
    fn before(&self, seq: u64) -> std::ops::Range<usize> {
        let end = self.nodes.partition_point(|n| n.seq < seq);
        let last = self.nodes[..end].last().map_or(0, |n| n.seq);
        self.nodes.partition_point(|n| n.seq < last)..end
    }

    /// What was said in each branch, in order. A session that was never copied has one.
    pub fn branches(&self) -> Vec<Vec<usize>> {
        let leaves: Vec<usize> = (0..self.nodes.len()).filter(|at| self.nodes[*at].is_leaf).collect();
        if self.is_tangled || leaves.len() <= 1 || leaves.len() > MAX_BRANCHES {
            return vec![(0..self.said.len()).filter(|at| !self.left_out.contains(at)).collect()];
        }
        leaves.into_iter().map(|leaf| self.way_to(leaf)).collect()
    }

    fn way_to(&self, leaf: usize) -> Vec<usize> {
        let up = |at: &usize| self.nodes[*at].parent;
        let mut way: Vec<usize> = std::iter::successors(Some(leaf), up).map(|at| self.nodes[at].said).collect();
        way.retain(|at| !self.left_out.contains(at));
        way.reverse();
        way
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Act, Note, Stamp};

    /// Five numbers with 60 contents each, each found with 64 links: within every limit of a log.
    #[test]
    fn many_links_of_many_contents_take_no_longer_than_they_are_many() {
        let event = |seq: u64, n: usize| Event {
            seq,
            at: Stamp::try_from("2020-08-22T08:00:00+08:00").unwrap(),
            ms: 1,
            act: Act::Remark { target: None, place: None, note: Note::try_from(format!("{n:02}")).unwrap() },
        };
        let of_five = |seq| (0..60).map(move |n| (seq, n));
        let events: Vec<(Event, String)> = (1..=5)
            .flat_map(of_five)
            .map(|(seq, n)| (event(seq, n), serde_json::to_string(&event(seq, n)).unwrap()))
            .collect();
        let chains: Vec<String> = (0..64).map(|n| format!("{n:016x}")).collect();
        let said = events.iter().flat_map(|(event, line)| {
            chains.iter().map(|chain| Said { event: event.clone(), line, chain: Some(chain) })
        });
        let tree = Tree::of("{}", said);
        assert_eq!((tree.said.len(), tree.branches().len()), (300, 1), "read as one");
    }
}
