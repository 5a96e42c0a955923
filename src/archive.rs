//! What several sessions come to. An archive is a set of (head, event); what stands in it is computed, never stored.

use std::collections::{BTreeMap, BTreeSet};

use crate::checklist::TargetId;
use crate::log::{Head, Line, Note, Person, Place, SessionId, Stamp, Verdict};
use crate::session::Session;

/// A set of (head, event). Joining is set union, so that order, repetition and grouping of what is joined change nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    sessions: BTreeMap<Copy, BTreeSet<Entry>>,
}

/// A session as one copy of it was headed. Two heads of one id are two copies: both stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Copy {
    id: SessionId,
    /// Canonical JSON.
    head: String,
}

/// An event as it stands in a file. One number with two contents is a fork: both stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub seq: u64,
    /// Canonical JSON, without the chain value.
    pub event: String,
    pub chain: Option<String>,
}

/// A session of an archive: its head as canonical JSON, and its events by number and content.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub id: &'a SessionId,
    pub head: &'a str,
    pub entries: &'a BTreeSet<Entry>,
}

impl Archive {
    /// Takes in a copy of a session, whole or not; what is there already stays once.
    pub fn add(&mut self, head: &Head, lines: impl IntoIterator<Item = Line>) {
        let key = Copy { id: head.id.clone(), head: canonical(head) };
        let entries = self.sessions.entry(key).or_default();
        entries.extend(lines.into_iter().map(|line| Entry {
            seq: line.event.seq,
            event: canonical(&line.event),
            chain: line.chain,
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

    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }
}

impl Member<'_> {
    /// Whether one number stands for two contents: a copy was continued on two machines, or edited.
    pub fn is_forked(&self) -> bool {
        let mut entries = self.entries.iter().peekable();
        while let Some(entry) = entries.next() {
            if entries.peek().is_some_and(|next| next.seq == entry.seq && next.event != entry.event) {
                return true;
            }
        }
        false
    }
}

/// One line of JSON, always the same for the same content. Our types have string keys only, so this cannot fail.
fn canonical(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What earlier sessions found, by target, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    by_target: BTreeMap<TargetId, Vec<Known>>,
}

/// A verdict of an earlier session.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub session: SessionId,
    pub at: Stamp,
    pub by: Person,
    pub place: Option<Place>,
    pub verdict: Verdict,
    pub note: Option<Note>,
}

impl History {
    /// Takes in what stands in a session.
    pub fn add(&mut self, session: &Session) {
        for standing in session.standings() {
            let Ok(index) = session.events().binary_search_by_key(&standing.seq, |e| e.seq) else {
                continue;
            };
            let event = &session.events()[index];
            let known = Known {
                session: session.head.id.clone(),
                at: event.at.clone(),
                by: session.head.by.clone(),
                place: standing.judgement.place.clone(),
                verdict: standing.judgement.verdict,
                note: standing.judgement.note.clone(),
            };
            let all = self.by_target.entry(standing.judgement.target.clone()).or_default();
            let newer = all.partition_point(|k| k.at.seconds() > known.at.seconds());
            all.insert(newer, known);
        }
    }

    /// Everything known of a target, the newest first.
    pub fn of(&self, target: &TargetId) -> &[Known] {
        self.by_target.get(target).map_or(&[], Vec::as_slice)
    }

    /// The last thing known of a target: at this place if anything is, else anywhere at the site.
    pub fn last(&self, target: &TargetId, place: Option<&Place>) -> Option<&Known> {
        let all = self.of(target);
        let here = place.and_then(|p| all.iter().find(|k| k.place.as_ref() == Some(p)));
        here.or_else(|| all.first())
    }

    /// When the newest verdict was given, in seconds since 1970; 0 where nothing is known.
    pub fn newest(&self) -> i64 {
        self.by_target.values().filter_map(|all| all.first()).map(|k| k.at.seconds()).max().unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.by_target.is_empty()
    }
}
