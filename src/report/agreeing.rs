//! How far inspectors agree, two by two, and on which targets they do not.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::reading::{Look, Reading};
use crate::checklist::Checklist;
use crate::i18n::Both;
use crate::log::{Code, Verdict};
use crate::report::figures::Agreement;
use crate::report::overview::Rounds;

/// Two looks further apart than this may have seen two different states of the street.
pub const WINDOW_S: i64 = 2 * 3600;
/// How many targets are named.
const MOST: usize = 10;

/// Judgements of the same target at the same place in the same round, by two inspectors.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Agreements {
    /// All of them; each pair of inspectors counts once, the one with the lesser code is the first.
    pub all: Measured,
    /// Those within two hours, where a change of the street is unlikely.
    pub within_window: Measured,
    pub by_pair: Vec<PairAgreement>,
    /// The targets with most disputes, settled or not.
    pub disputed: Vec<DisputedTarget>,
}

/// A table with what it says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Measured {
    #[serde(flatten)]
    pub table: Agreement,
    pub n: usize,
    pub raw: Option<f64>,
    /// Cohen's.
    pub kappa: Option<f64>,
    /// Gwet's.
    pub ac1: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PairAgreement {
    pub first: String,
    pub second: String,
    #[serde(flatten)]
    pub measured: Measured,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DisputedTarget {
    pub id: String,
    pub name: Both,
    /// Keys on which inspectors differ, and those of them nobody has ruled on.
    pub disputes: usize,
    pub open: usize,
    /// Keys that two or more inspectors judged.
    pub judged_twice: usize,
}

impl From<Agreement> for Measured {
    fn from(table: Agreement) -> Self {
        Self { table, n: table.n(), raw: table.raw(), kappa: table.kappa(), ac1: table.ac1() }
    }
}

#[derive(Default)]
struct Counts {
    disputes: usize,
    open: usize,
    judged_twice: usize,
}

impl Agreements {
    pub(super) fn of(reading: &Reading, list: &Checklist, rounds: &Rounds) -> Self {
        let mut all = Agreement::default();
        let mut near = Agreement::default();
        let mut by_pair: BTreeMap<(&Code, &Code), Agreement> = BTreeMap::new();
        let mut targets: BTreeMap<usize, Counts> = BTreeMap::new();
        for (key, cell) in reading.cells().filter(|(k, c)| k.checklist.as_str() == list.id && c.looks().len() > 1) {
            let Some(at) = list.position(&key.target) else { continue };
            if matches!(rounds, Rounds::One(round) if *round != key.round) {
                continue;
            }
            let standing = reading.standing(cell);
            let counts = targets.entry(at).or_default();
            let mut twice = false;
            for (a, b) in both_ways_once(&standing.looks) {
                let (a, b) = (Seen::of(reading, a), Seen::of(reading, b));
                let (first, second) = if a.by <= b.by { (a, b) } else { (b, a) };
                if first.by == second.by {
                    continue;
                }
                twice = true;
                all.add(first.verdict, second.verdict);
                by_pair.entry((first.by, second.by)).or_default().add(first.verdict, second.verdict);
                if (first.at - second.at).abs() <= WINDOW_S {
                    near.add(first.verdict, second.verdict);
                }
            }
            let said: Vec<Verdict> =
                standing.looks.iter().map(|l| l.verdict).filter(|v| *v != Verdict::Unseen).collect();
            counts.judged_twice += usize::from(twice);
            counts.disputes += usize::from(said.windows(2).any(|w| w[0] != w[1]));
            counts.open += usize::from(standing.outcome.is_open());
        }
        let pair = |((first, second), table): (&(&Code, &Code), &Agreement)| PairAgreement {
            first: name_of(reading, first),
            second: name_of(reading, second),
            measured: (*table).into(),
        };
        Self {
            all: all.into(),
            within_window: near.into(),
            by_pair: by_pair.iter().filter(|(_, table)| table.n() > 0).map(pair).collect(),
            disputed: most_disputed(list, targets),
        }
    }
}

/// A look, as it is compared.
struct Seen<'a> {
    by: &'a Code,
    verdict: Verdict,
    at: i64,
}

impl<'a> Seen<'a> {
    fn of(reading: &'a Reading, look: &Look) -> Self {
        Self { by: &reading.head(look.session).by.id, verdict: look.verdict, at: look.at.seconds() }
    }
}

/// Every two of them, once.
fn both_ways_once<'a, 'b>(looks: &'b [&'a Look]) -> impl Iterator<Item = (&'a Look, &'a Look)> + use<'a, 'b> {
    looks.iter().enumerate().flat_map(move |(at, a)| looks[at + 1..].iter().map(move |b| (*a, *b)))
}

/// The name an inspector goes by, else the code: the least one, so that it is always the same.
fn name_of(reading: &Reading, code: &Code) -> String {
    let own = reading.sessions.iter().filter(|s| s.head.by.id == *code);
    let names = own.filter_map(|s| s.head.by.name.as_ref());
    names.min().map_or_else(|| code.to_string(), ToString::to_string)
}

fn most_disputed(list: &Checklist, targets: BTreeMap<usize, Counts>) -> Vec<DisputedTarget> {
    let mut disputed: Vec<(usize, Counts)> = targets.into_iter().filter(|(_, c)| c.disputes > 0).collect();
    disputed.sort_by_key(|(at, counts)| (std::cmp::Reverse(counts.disputes), *at));
    let row = |(at, counts): (usize, Counts)| {
        let target = list.target(at);
        DisputedTarget {
            id: target.id.to_string(),
            name: target.name.clone(),
            disputes: counts.disputes,
            open: counts.open,
            judged_twice: counts.judged_twice,
        }
    };
    disputed.into_iter().take(MOST).map(row).collect()
}
