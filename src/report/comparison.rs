//! Round against round: what was fixed, what still fails, what fails anew.
//!
//! What is compared is a target at a place. Where no round is named, the look that counts now is compared with the round
//! before it in which somebody saw the same target at the same place.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::reading::{Reading, State};
use crate::checklist::Checklist;
use crate::i18n::Both;
use crate::report::figures::{Rate, Tally};
use crate::report::overview::{Dated, Grid, Pair, Pairs, Rounds};

/// What became of the targets from one round to the other.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// The label of the later round; absent where the latest look is meant.
    pub round: Option<String>,
    /// The label of the earlier one; absent where the look before is meant.
    pub against: Option<String>,
    pub total: Changes,
    /// In the order of the checklist's categories.
    pub categories: Vec<CategoryChanges>,
    /// Targets of sites that nobody saw in either round; of how many.
    pub never_seen: usize,
    pub targets_of_sites: usize,
}

/// A category's changes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CategoryChanges {
    pub id: String,
    pub name: Both,
    #[serde(flatten)]
    pub changes: Changes,
}

/// Targets at places, by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Changes {
    /// Failed before, pass now.
    pub fixed: usize,
    /// Failed before and now.
    pub still_failing: usize,
    /// Passed before or did not apply, fail now.
    pub newly_failing: usize,
    /// Fail now, and nobody saw them before.
    pub failing_first_seen: usize,
    /// Failed before and were not seen again.
    pub not_seen_again: usize,
    /// Disputed before or now.
    pub disputed: usize,
    /// Everything else that was seen in either.
    pub other: usize,
    /// Of what was seen both times: how it stood before.
    pub before: Tally,
    /// Of what was seen both times: how it stands now.
    pub now: Tally,
}

impl Changes {
    fn add(&mut self, before: State, now: State) {
        use State::{Disputed, Fail, Na, NotInspected, Pass, Unseen};
        *match (before, now) {
            (Disputed, _) | (_, Disputed) => &mut self.disputed,
            (Fail, Pass) => &mut self.fixed,
            (Fail, Fail) => &mut self.still_failing,
            (Pass | Na, Fail) => &mut self.newly_failing,
            (NotInspected | Unseen, Fail) => &mut self.failing_first_seen,
            (Fail, NotInspected | Unseen) => &mut self.not_seen_again,
            _ => &mut self.other,
        } += 1;
        let seen = |state| !matches!(state, NotInspected | Unseen);
        if seen(before) && seen(now) {
            self.before.add(before);
            self.now.add(now);
        }
    }

    fn join(&mut self, other: &Self) {
        self.fixed += other.fixed;
        self.still_failing += other.still_failing;
        self.newly_failing += other.newly_failing;
        self.failing_first_seen += other.failing_first_seen;
        self.not_seen_again += other.not_seen_again;
        self.disputed += other.disputed;
        self.other += other.other;
        self.before.join(other.before);
        self.now.join(other.now);
    }

    /// All that was seen in either round.
    pub fn all(&self) -> usize {
        self.fixed
            + self.still_failing
            + self.newly_failing
            + self.failing_first_seen
            + self.not_seen_again
            + self.disputed
            + self.other
    }

    /// The rates before and now, of what was seen both times.
    pub fn rates(&self) -> Option<(Rate, Rate)> {
        self.before.rate().zip(self.now.rate())
    }

    /// How many more were fixed than began to fail, where that is more than chance would do: the sign test at 5 %.
    pub fn shift(&self) -> Option<i64> {
        let (better, worse) = (self.fixed, self.newly_failing);
        beyond_chance(better, worse).then(|| better as i64 - worse as i64)
    }
}

/// Whether a fair coin would seldom, once in twenty times, differ so much either way.
fn beyond_chance(a: usize, b: usize) -> bool {
    /// Up to here the distribution is summed, above it the normal one is close.
    const SUMMED: usize = 200;
    /// The square of the normal quantile of a two-sided 5 %.
    const QUANTILE: f64 = 3.841_458_820_694_124;
    let n = a + b;
    if n > SUMMED {
        let apart = a.abs_diff(b).saturating_sub(1) as f64;
        return apart * apart / n as f64 > QUANTILE;
    }
    let mut term = 0.5_f64.powi(i32::try_from(n).unwrap_or(i32::MAX));
    let mut tail = 0.0;
    for k in 0..=a.min(b) {
        tail += term;
        term *= (n - k) as f64 / (k + 1) as f64;
    }
    2.0 * tail < 0.05
}

/// Which rounds are compared.
pub(super) struct Sides<'a> {
    pub(super) now: &'a Rounds,
    /// The look before where none is named.
    pub(super) before: Option<&'a Rounds>,
}

impl Comparison {
    pub(super) fn of(
        (reading, pairs): (&Reading, &Pairs),
        list: &Checklist,
        sides: &Sides,
        grids: (&Grid, Option<&Grid>),
    ) -> Self {
        let states = states(reading, pairs, sides);
        let mut categories = vec![Changes::default(); list.categories.len()];
        for ((_, target, _), (before, now)) in states {
            if let Some(at) = list.position(target) {
                categories[list.category_of(at)].add(before, now);
            }
        }
        let mut total = Changes::default();
        categories.iter().for_each(|c| total.join(c));
        let named = list.categories.iter().zip(categories);
        Self {
            round: label(sides.now),
            against: sides.before.and_then(label),
            total,
            categories: named
                .map(|(c, changes)| CategoryChanges { id: c.no.to_string(), name: c.name.clone(), changes })
                .collect(),
            never_seen: never_seen(grids.0, grids.1),
            targets_of_sites: grids.0.sites.iter().map(|s| s.states.len()).sum(),
        }
    }
}

fn label(rounds: &Rounds) -> Option<String> {
    match rounds {
        Rounds::Latest => None,
        Rounds::One(round) => Some(round.to_string()),
    }
}

/// How every pair that was looked at stood before, and stands now.
fn states<'a>(reading: &Reading, pairs: &Pairs<'a>, sides: &Sides) -> BTreeMap<Pair<'a>, (State, State)> {
    let state = |dated: Option<&Dated>| dated.map_or(State::NotInspected, |d| reading.outcome(d.cell).state());
    let states = pairs.iter().map(|(pair, rounds)| {
        let (before, now) = sides.of(rounds);
        (*pair, (state(before), state(now)))
    });
    states.filter(|(_, (before, now))| (*before, *now) != (State::NotInspected, State::NotInspected)).collect()
}

impl Sides<'_> {
    /// The two looks at a pair that are compared, of all its rounds, the one that counts first.
    fn of<'d, 'a>(&self, rounds: &'d [Dated<'a>]) -> (Option<&'d Dated<'a>>, Option<&'d Dated<'a>>) {
        let named = |side: &Rounds| rounds.iter().find(|d| side.has(&d.key.round));
        let latest = |than: &dyn Fn(&&Dated) -> bool| rounds.iter().filter(|d| d.seen).find(than);
        match (self.before, self.now) {
            (Some(before), now @ Rounds::One(_)) => (named(before), named(now)),
            // What was not seen since is not compared with itself.
            (Some(before), Rounds::Latest) => {
                let before = named(before);
                let since = |d: &&Dated| before.is_none_or(|b| d.key != b.key && d.newest >= b.newest);
                (before, latest(&since))
            }
            (None, now) => {
                let now = named(now);
                let earlier = |d: &&Dated| now.is_some_and(|n| d.key != n.key && d.newest <= n.newest);
                (now.and_then(|_| latest(&earlier)), now)
            }
        }
    }
}

/// Targets of sites that nobody saw on either side.
fn never_seen(now: &Grid, before: Option<&Grid>) -> usize {
    let unseen = |state: &State| matches!(state, State::NotInspected | State::Unseen);
    let mut never = 0;
    for (at, site) in now.sites.iter().enumerate() {
        let earlier = before.and_then(|grid| grid.sites.get(at)).map(|s| &s.states);
        let both = |t: usize| earlier.is_none_or(|states| unseen(&states[t]));
        never += site.states.iter().enumerate().filter(|(t, state)| unseen(state) && both(*t)).count();
    }
    never
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_from_chance_by_the_sign_test() {
        // Two-sided: six of six 3.1 %, five of five 6.3 %; nine of ten 2.1 %, eight of ten 10.9 %.
        for (a, b, beyond) in [(6, 0, true), (5, 0, false), (9, 1, true), (8, 2, false), (0, 0, false), (3, 3, false)] {
            assert_eq!(beyond_chance(a, b), beyond, "{a} {b}");
            assert_eq!(beyond_chance(b, a), beyond, "{b} {a}");
        }
        // Where the sum ends and the normal distribution begins, both say the same.
        assert!(beyond_chance(115, 85) && beyond_chance(116, 86) && !beyond_chance(113, 87) && !beyond_chance(114, 88));
    }

    #[test]
    fn every_pair_of_states_is_counted_once() {
        use State::{Disputed, Fail, Na, NotInspected, Pass, Unseen};
        let all = [NotInspected, Unseen, Na, Pass, Disputed, Fail];
        let mut changes = Changes::default();
        for before in all {
            for now in all {
                changes.add(before, now);
            }
        }
        assert_eq!(changes.all(), 36);
        assert_eq!((changes.fixed, changes.still_failing, changes.newly_failing), (1, 1, 2));
        assert_eq!((changes.failing_first_seen, changes.not_seen_again, changes.disputed), (2, 2, 11));
        assert_eq!((changes.before.all(), changes.now.all()), (16, 16));
    }
}
