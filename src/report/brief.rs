//! One page for the review meeting: five figures, what is worst, what is oldest, what got better and what got worse.

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::comparison::{CategoryChanges, Comparison};
use crate::report::figures::TOO_FEW;
use crate::report::ledger::{Closure, LedgerRow};
use crate::report::ranking::weight;
use crate::report::summary::{Coverage, Line, SiteLine};

/// How many categories and cases are named.
const WORST: usize = 3;
const OLDEST: usize = 5;

/// What is said on the one page.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Brief {
    /// The pass rate over all sites.
    pub rate: Line,
    pub coverage: Coverage,
    pub walkable: Coverage,
    /// Cases found, open, verified, overdue; closure and on-time closure.
    pub cases: Closure,
    /// The categories with the lowest upper ends of their intervals, of those with enough judgements: of these one can be
    /// surest that they are bad, and few judgements alone make none.
    pub worst: Vec<Line>,
    /// Serial numbers of the cases that have been open for longest.
    pub oldest: Vec<usize>,
    /// Categories in which more was fixed than began to fail, by more than chance would do; the most first.
    pub better: Vec<CategoryChanges>,
    /// Categories in which more began to fail than was fixed.
    pub worse: Vec<CategoryChanges>,
}

impl Brief {
    pub(super) fn of(total: &SiteLine, cases: Closure, ledger: &[LedgerRow], comparison: &Comparison) -> Self {
        Self {
            rate: total.line.clone(),
            coverage: total.coverage,
            walkable: total.walkable,
            cases,
            worst: worst(&total.categories),
            oldest: oldest(ledger),
            better: changed(comparison, |shift| shift > 0),
            worse: changed(comparison, |shift| shift < 0),
        }
    }
}

fn worst(categories: &[Line]) -> Vec<Line> {
    let mut lines: Vec<&Line> = categories.iter().filter(|l| l.rate.is_some_and(|r| r.n >= TOO_FEW)).collect();
    lines.sort_by_key(|l| l.rate.map(|r| (weight(&r).1, weight(&r).0)));
    // A category in which nothing failed is not bad, however few there are.
    lines.into_iter().filter(|l| l.tally.fail + l.tally.disputed > 0).take(WORST).cloned().collect()
}

fn oldest(ledger: &[LedgerRow]) -> Vec<usize> {
    let mut open: Vec<&LedgerRow> = ledger.iter().filter(|r| !r.is_closed() && r.days.is_some()).collect();
    open.sort_by_key(|r| (std::cmp::Reverse(r.days), r.serial));
    open.into_iter().take(OLDEST).map(|r| r.serial).collect()
}

fn changed(comparison: &Comparison, counts: impl Fn(i64) -> bool) -> Vec<CategoryChanges> {
    let shift = |c: &CategoryChanges| c.changes.shift().unwrap_or(0);
    let mut changed: Vec<&CategoryChanges> = comparison.categories.iter().filter(|c| counts(shift(c))).collect();
    changed.sort_by_key(|c| std::cmp::Reverse(shift(c).abs()));
    changed.into_iter().cloned().collect()
}
