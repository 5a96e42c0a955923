//! What several sessions come to. An archive is a set of (head, event); what stands in it is computed, never stored.
//!
//! ```text
//! branch     a session whose copies were continued apart, taken apart again
//! reading    what stands: looks, disputes, rulings
//! sheet      a session as one file has it, read once
//! cases      each fault from the day it was found until a second look finds it put right
//! latest     which round counts as the latest
//! order      which of two records came first
//! doubts     clocks that are against what is known, names that lead nowhere
//! history    what earlier sessions found at a site, for the walk
//! ```

mod branch;
pub mod cases;
mod doubts;
pub mod history;
mod latest;
mod order;
pub mod reading;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::log::{Head, Line, SessionId};

pub use doubts::{Dangling, Loose};
pub use history::{History, Known};
pub use sheet::Sheet;

/// A set of (head, event). Joining is set union, so that order, repetition and grouping of what is joined change nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    sessions: BTreeMap<Copy, BTreeSet<Entry>>,
}

/// A session as one copy of it was headed. Two heads of one id are two copies: both stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    id: SessionId,
    /// Canonical JSON.
    head: String,
}

/// An event as it stands in a file. One number with two contents is a fork: both stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub seq: u64,
    /// Canonical JSON, without the chain value.
    pub event: Box<str>,
    pub chain: Option<Box<str>>,
}

/// A session of an archive: its head as canonical JSON, and its events by number and content.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub id: &'a SessionId,
    pub head: &'a str,
    pub entries: &'a BTreeSet<Entry>,
}

impl Copy {
    pub fn of(head: &Head) -> Self {
        Self { id: head.id.clone(), head: canonical(head) }
    }
}

impl Archive {
    /// Takes in a copy of a session, whole or not; what is there already stays once.
    pub fn add(&mut self, head: &Head, lines: impl IntoIterator<Item = Line>) {
        let entries = self.sessions.entry(Copy::of(head)).or_default();
        entries.extend(lines.into_iter().map(|line| Entry {
            seq: line.event.seq,
            event: line.bare().into(),
            chain: line.chain.map(Into::into),
        }));
    }

    /// The union of both.
    pub fn join(mut self, other: Self) -> Self {
        for (key, entries) in other.sessions {
            self.sessions.entry(key).or_default().extend(entries);
        }
        self
    }

    /// The sessions by id; copies of one id with different heads stand one after another.
    pub fn members(&self) -> impl Iterator<Item = Member<'_>> {
        self.sessions.iter().map(|(key, entries)| Member { id: &key.id, head: &key.head, entries })
    }

    /// Gives each session to `take` and lets go of it, so that no more is kept than must be.
    pub fn take_apart<T>(self, mut take: impl FnMut(&Member) -> T) -> Vec<(Copy, T)> {
        let take = |(copy, entries): (Copy, BTreeSet<Entry>)| {
            let taken = take(&Member { id: &copy.id, head: &copy.head, entries: &entries });
            (copy, taken)
        };
        self.sessions.into_iter().map(take).collect()
    }

    /// Whether anything of a copy is in it.
    pub fn has(&self, copy: &Copy) -> bool {
        self.sessions.contains_key(copy)
    }

    /// The copies it holds, in order.
    pub fn copies(&self) -> impl Iterator<Item = &Copy> {
        self.sessions.keys()
    }

    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    /// How many events it holds. Copies of an event with different links in the chain are one event.
    pub fn events(&self) -> usize {
        self.members().map(|m| m.events()).sum()
    }

    /// Whether everything in another archive is in this one.
    pub fn holds(&self, other: &Self) -> bool {
        other.sessions.iter().all(|(key, entries)| self.sessions.get(key).is_some_and(|own| own.is_superset(entries)))
    }
}

impl Member<'_> {
    /// How many events it has, however many links each was found with.
    pub fn events(&self) -> usize {
        let next = self.entries.iter().skip(1);
        let again = self.entries.iter().zip(next).filter(|(a, b)| (a.seq, &a.event) == (b.seq, &b.event)).count();
        self.entries.len() - again
    }

    /// The first number that stands for two contents, if one does: a copy was continued on two machines, or edited.
    pub fn fork(&self) -> Option<u64> {
        let next = self.entries.iter().skip(1);
        self.entries.iter().zip(next).find(|(a, b)| a.seq == b.seq && a.event != b.event).map(|(a, _)| a.seq)
    }

    pub fn is_forked(&self) -> bool {
        self.fork().is_some()
    }
}

/// One line of JSON, always the same for the same content. Our types have string keys only, so this cannot fail.
fn canonical(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
