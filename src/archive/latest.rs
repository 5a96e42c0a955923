//! Which round counts as the latest: by the order of the looks, not by what the latest clock says.

use std::collections::BTreeMap;

use crate::archive::order::{Days, Moment, in_order};
use crate::archive::reading::{Cell, Key, Reading};
use crate::log::{Name, Verdict};

impl Reading {
    /// The places of the rounds of a target at a place in the order in which they were looked at last. A look that saw
    /// nothing counts only where nobody saw anything.
    pub fn ranks(&self, rounds: &[(&Key, &Cell)]) -> Vec<usize> {
        if rounds.len() < 2 {
            return vec![0; rounds.len()];
        }
        let mut looks = Vec::new();
        for (at, (key, cell)) in rounds.iter().enumerate() {
            let is_seen = cell.looks().iter().any(|l| l.verdict != Verdict::Unseen);
            let counting = cell.looks().iter().filter(|l| !is_seen || l.verdict != Verdict::Unseen);
            looks.extend(counting.map(|l| (at, self.moment_in((l.session, l.event.seq, &l.at), &key.round), l)));
        }
        // Within one second the round with the greater label counts, so that the choice is always the same.
        looks.sort_by_key(|(at, moment, l)| {
            (moment.clock.is_some(), l.at.seconds(), &rounds[*at].0.round, l.session, l.event.seq)
        });
        let (places, moments): (Vec<usize>, Vec<Moment>) = looks.into_iter().map(|(at, m, _)| (at, m)).unzip();
        let mut ranks = vec![0; rounds.len()];
        for (rank, at) in (1..).zip(in_order(&moments)) {
            ranks[places[at]] = rank;
        }
        ranks
    }

    /// The rounds of some keys, the newest first.
    pub fn rounds(&self, takes: impl Fn(&Key) -> bool) -> Vec<Name> {
        let mut newest: BTreeMap<&Name, (bool, i64)> = BTreeMap::new();
        for (key, cell) in self.cells().filter(|(key, _)| takes(key)) {
            let clock = |session: usize| self.sessions[session].has_good_clock();
            let at = cell.looks().iter().map(|l| (clock(l.session), l.at.seconds())).max().unwrap_or_default();
            let slot = newest.entry(&key.round).or_insert(at);
            *slot = at.max(*slot);
        }
        let mut rounds: Vec<((bool, i64), &Name)> = newest.into_iter().map(|(name, at)| (at, name)).collect();
        rounds.sort_unstable();
        // Nothing but their days is known of rounds as such.
        let moment = |(at, ((is_good, clock), round)): (usize, &((bool, i64), &Name))| Moment {
            session: at,
            device: "",
            number: 0,
            seq: 0,
            days: Days::of(round),
            clock: Some(*clock).filter(|_| *is_good),
            called: None,
            names: Vec::new(),
        };
        let moments: Vec<Moment> = rounds.iter().enumerate().map(moment).collect();
        in_order(&moments).into_iter().rev().map(|at| rounds[at].1.clone()).collect()
    }
}
