//! What earlier sessions found at a site.

use std::collections::BTreeMap;

use crate::archive::Archive;
use crate::checklist::TargetId;
use crate::log::{Head, Line, Name, Note, Person, Place, SessionId, Stamp, Verdict};
use crate::session::Session;

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
    pub unit: Option<Name>,
}

impl History {
    /// What stands in the sessions of a site, but for one.
    pub fn at_site(archive: &Archive, site: &str, except: &SessionId) -> Self {
        let mut history = Self::default();
        for member in archive.members().filter(|m| m.id != except) {
            // The archive wrote these lines itself, so they can be read.
            let Ok(head) = serde_json::from_str::<Head>(member.head) else { continue };
            if head.site.as_ref().is_some_and(|s| s.id.as_str() == site) {
                let lines = member.entries.iter().filter_map(|e| serde_json::from_str::<Line>(&e.event).ok());
                history.add(&Session::read(head, lines.map(|l| l.event)));
            }
        }
        history
    }

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
                unit: standing.judgement.unit.clone(),
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

    /// Everything known, target by target, of each the newest first.
    pub fn all(&self) -> impl Iterator<Item = &Known> {
        self.by_target.values().flatten()
    }

    /// What was failing at a place, or for the whole site, when somebody last saw it; in the order of targets.
    pub fn still_failing(&self) -> Vec<(&TargetId, &Known)> {
        let mut failing = Vec::new();
        for (target, all) in &self.by_target {
            let mut told: Vec<Option<&Place>> = Vec::new();
            for known in all.iter().filter(|k| k.verdict != Verdict::Unseen) {
                if told.contains(&known.place.as_ref()) {
                    continue;
                }
                told.push(known.place.as_ref());
                if known.verdict == Verdict::Fail {
                    failing.push((target, known));
                }
            }
        }
        failing
    }

    /// When the newest verdict was given, in seconds since 1970; 0 where nothing is known.
    pub fn newest(&self) -> i64 {
        self.by_target.values().filter_map(|all| all.first()).map(|k| k.at.seconds()).max().unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.by_target.is_empty()
    }
}
