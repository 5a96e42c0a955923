//! A walk that looks again at what is open: cases that nobody has verified, and what a supervisor sent back.

use std::collections::BTreeMap;

use crate::archive::cases::{Case, CaseState};
use crate::archive::reading::{Outcome, Reading};
use crate::checklist::Checklist;
use crate::i18n::{Lang, messages as m};
use crate::log::{Code, Person, Place};
use crate::text::visible;

/// What is looked at again at a site, place by place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recheck {
    /// By place, then by target in reading order.
    items: BTreeMap<(Option<Place>, usize), Item>,
}

/// A target that is looked at again.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub state: ItemState,
    /// What was found, by whom, and on which day.
    note: String,
    by: Person,
    date: String,
    /// Who says that it has been put right: their pass verifies nothing.
    claimed_by: Vec<Code>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    Open,
    Claimed,
    SentBack,
}

impl Recheck {
    /// What is open at a site.
    pub fn of(reading: &Reading, list: &Checklist, site: &str) -> Self {
        let mut recheck = Self::default();
        let here = |of: &Option<Code>, checklist: &Code| {
            of.as_ref().is_some_and(|s| s.as_str() == site) && checklist.as_str() == list.id
        };
        for case in reading.cases() {
            let subject = &case.subject;
            if case.state != CaseState::Verified && here(&subject.site, &subject.checklist) {
                let at = list.position(&subject.target);
                recheck.items.extend(at.map(|at| ((subject.place.clone(), at), Item::of(&case))));
            }
        }
        for (key, cell) in reading.cells().filter(|(k, _)| here(&k.site, &k.checklist)) {
            let standing = reading.standing(cell);
            if let (Outcome::SentBack, Some(at)) = (standing.outcome, list.position(&key.target)) {
                let Some((decision, _)) = standing.decisions.iter().find(|(_, holds)| *holds) else { continue };
                let item = Item {
                    state: ItemState::SentBack,
                    note: decision.reason.to_string(),
                    by: reading.head(decision.session).by.clone(),
                    date: decision.at.date().to_owned(),
                    claimed_by: Vec::new(),
                };
                recheck.items.insert((key.place.clone(), at), item);
            }
        }
        recheck
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// A target, by its place in reading order, where one stands.
    pub fn item(&self, place: Option<&Place>, at: usize) -> Option<&Item> {
        self.items.get(&(place.cloned(), at))
    }

    /// Everything, place by place.
    pub fn all(&self) -> impl Iterator<Item = (Option<&Place>, usize)> {
        self.items.keys().map(|(place, at)| (place.as_ref(), *at))
    }
}

impl Item {
    fn of(case: &Case) -> Self {
        let found = case.found();
        let claimed_by: Vec<Code> = case.claimed_by().into_iter().map(|p| p.id.clone()).collect();
        Self {
            state: if case.state == CaseState::Claimed { ItemState::Claimed } else { ItemState::Open },
            note: case.note().unwrap_or_default(),
            by: found.by.clone(),
            date: found.at.date().to_owned(),
            claimed_by,
        }
    }

    /// Whether somebody's own claim is looked at.
    pub fn is_claimed_by(&self, who: &Code) -> bool {
        self.claimed_by.contains(who)
    }

    /// What stands beside the target: how far it has come, and the earlier note.
    pub fn shown(&self, lang: Lang) -> String {
        let word = match self.state {
            ItemState::Open => m::CASE_OPEN,
            ItemState::Claimed => m::CASE_CLAIMED,
            ItemState::SentBack => m::OUTCOME_SENT_BACK,
        };
        let date = self.date.get(5..).unwrap_or_default();
        visible(&format!("{} {} {date} {}", word.get(lang), self.note, self.by.shown())).into_owned()
    }
}
