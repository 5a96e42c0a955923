//! What a walk has come to, and what was known before it: counts, fails, places, notes.

use std::collections::{BTreeMap, HashSet};

use crate::archive::Known;
use crate::checklist::{Checklist, Target, TargetId};
use crate::log::{Act, Note, Place, Verdict};
use crate::session::Standing;
use crate::tui::app::walk::Walk;

/// How many earlier notes are offered.
const EARLIER_NOTES: usize = 50;

/// How many targets of a group are answered, and how many of those fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub done: usize,
    pub total: usize,
    pub fails: usize,
}

impl Walk {
    /// Counts the targets of a category that apply here.
    pub fn count(&self, list: &Checklist, category: usize) -> Count {
        self.count_of(list.categories[category].targets.iter().filter(|t| self.applies(list, t)))
    }

    /// Counts everything that applies here.
    pub fn count_here(&self, list: &Checklist) -> Count {
        self.count_of(list.targets().filter(|t| self.applies(list, t)))
    }

    fn count_of<'a>(&self, targets: impl Iterator<Item = &'a Target>) -> Count {
        targets.fold(Count::default(), |count, target| self.add_to(count, self.verdict(&target.id)))
    }

    /// Counts all targets of the checklist over all places.
    pub fn count_all(&self, list: &Checklist) -> Count {
        if let Some(recheck) = &self.recheck {
            return recheck.all().fold(Count::default(), |count, (place, at)| {
                let standing = self.session.standing(&list.target(at).id, place);
                self.add_to(count, standing.map(|s| s.judgement.verdict))
            });
        }
        list.targets().fold(Count::default(), |count, t| self.add_to(count, self.session.verdict(&t.id)))
    }

    fn add_to(&self, count: Count, verdict: Option<Verdict>) -> Count {
        Count {
            done: count.done + usize::from(verdict.is_some()),
            total: count.total + 1,
            fails: count.fails + usize::from(verdict == Some(Verdict::Fail)),
        }
    }

    /// Fails that stand, in reading order, with their places.
    pub fn fails(&self, list: &Checklist) -> Vec<(usize, Standing<'_>)> {
        let mut fails: Vec<(usize, Standing)> = self
            .session
            .standings()
            .filter(|s| s.judgement.verdict == Verdict::Fail)
            .filter_map(|s| Some((list.position(&s.judgement.target)?, s)))
            .collect();
        fails.sort_by_key(|(at, s)| (*at, s.seq));
        fails
    }

    /// What was failing here before and has not been judged again at its place in this walk, in reading order.
    pub fn open_before(&self, list: &Checklist) -> Vec<(usize, &Known)> {
        let judged = |id: &TargetId, known: &Known| self.session.standing(id, known.place.as_ref()).is_some();
        let failing = self.history.still_failing().into_iter().filter(|(id, known)| !judged(id, known));
        let mut open: Vec<(usize, &Known)> = failing.filter_map(|(id, k)| Some((list.position(id)?, k))).collect();
        open.sort_by_key(|(at, _)| *at);
        open
    }

    /// At the places of this walk: how many of the targets that apply there are judged.
    pub fn count_pairs(&self, list: &Checklist) -> Count {
        let mut count = Count::default();
        for (place, own) in self.by_place() {
            count.total += list.count_at(place.kind.as_str());
            let applies = |s: &&Standing| {
                let target = list.position(&s.judgement.target).map(|at| list.target(at));
                target.is_some_and(|t| t.applies_at(place.kind.as_str()))
            };
            count.done += own.iter().filter(applies).count();
            count.fails += own.iter().filter(|s| s.judgement.verdict == Verdict::Fail).count();
        }
        count
    }

    /// The places of this walk with what stands at each, in the order of the places.
    pub fn by_place(&self) -> BTreeMap<&Place, Vec<Standing<'_>>> {
        let mut places: BTreeMap<&Place, Vec<Standing>> = BTreeMap::new();
        for standing in self.session.standings() {
            if let Some(place) = standing.judgement.place.as_ref() {
                places.entry(place).or_default().push(standing);
            }
        }
        places
    }

    /// The last thing known of a target here; where it is looked at again, of this very place only.
    pub fn last_known(&self, target: &TargetId) -> Option<&Known> {
        match &self.recheck {
            Some(_) => self.history.of(target).iter().find(|k| k.place == self.place),
            None => self.history.last(target, self.place.as_ref()),
        }
    }

    /// The places of this walk and of earlier ones, the latest first.
    pub fn places(&self, list: &Checklist) -> Vec<Place> {
        if let Some(recheck) = &self.recheck {
            let mut places: Vec<Place> = recheck.all().filter_map(|(place, _)| place.cloned()).collect();
            places.dedup();
            return places;
        }
        let here = self.session.events().iter().rev().filter_map(|e| match &e.act {
            Act::Judge(j) => j.place.clone(),
            _ => None,
        });
        let before = list.targets().flat_map(|t| self.history.of(&t.id)).filter_map(|k| k.place.clone());
        let mut seen = HashSet::new();
        self.place.clone().into_iter().chain(here).chain(before).filter(|p| seen.insert(p.clone())).collect()
    }

    /// Notes typed earlier: for this target here, then in this walk, then at this site; the newest first.
    pub fn earlier_notes(&self, target: &TargetId) -> Vec<String> {
        let said = |act: &Act| match act {
            Act::Judge(j) => j.note.clone().map(|n| (j.target.clone(), n)),
            Act::Remark { target, note, .. } => target.clone().map(|t| (t, note.clone())),
            _ => None,
        };
        let walk: Vec<(TargetId, Note)> = self.session.events().iter().rev().filter_map(|e| said(&e.act)).collect();
        let own = walk.iter().filter(|(t, _)| t == target).map(|(_, n)| n);
        let before = self.history.of(target).iter().filter_map(|k| k.note.as_ref());
        let others = walk.iter().filter(|(t, _)| t != target).map(|(_, n)| n);
        let all = own.chain(before).chain(others).map(Note::as_str).filter(|n| !n.is_empty());
        let mut seen = HashSet::new();
        all.filter(|n| seen.insert(*n)).take(EARLIER_NOTES).map(str::to_owned).collect()
    }
}
