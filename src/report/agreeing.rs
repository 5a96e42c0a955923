//! How far inspectors agree, two by two, and on which targets they do not.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::reading::{Key, Look, Reading, Standing};
use crate::checklist::Checklist;
use crate::i18n::Both;
use crate::log::{Code, Verdict};
use crate::report::figures::Agreement;
use crate::report::overview::Rounds;

/// Two looks further apart than this may have seen two different states of the street.
pub const WINDOW_S: i64 = 2 * 3600;
/// How many targets are named.
const MOST: usize = 10;
/// How many pairs of inspectors are named.
const MOST_PAIRS: usize = 200;

/// Judgements of the same target at the same place in the same round, by two inspectors.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Agreements {
    /// All of them; each pair of inspectors counts once, the one with the lesser code is the first.
    pub all: Measured,
    /// Those within two hours, where a change of the street is unlikely.
    pub within_window: Measured,
    /// Those with most in common.
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
    pub first_id: String,
    pub first: String,
    pub second_id: String,
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
    /// Keys with two looks or more that judged and count.
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
        let own = |key: &Key| key.checklist.as_str() == list.id && rounds.has(&key.round);
        for (key, cell) in reading.cells().filter(|(key, cell)| own(key) && cell.looks().len() > 1) {
            let Some(at) = list.position(&key.target) else { continue };
            let standing = reading.standing(cell);
            targets.entry(at).or_default().add(&standing);
            let views = views(reading, &standing.looks);
            for (n, first) in views.iter().enumerate() {
                for second in &views[n + 1..] {
                    all.add(first.verdict, second.verdict);
                    by_pair.entry((first.by, second.by)).or_default().add(first.verdict, second.verdict);
                    if first.apart(second) <= WINDOW_S {
                        near.add(first.verdict, second.verdict);
                    }
                }
            }
        }
        Self {
            all: all.into(),
            within_window: near.into(),
            by_pair: pairs(reading, by_pair),
            disputed: most_disputed(list, targets),
        }
    }
}

impl Counts {
    fn add(&mut self, standing: &Standing) {
        let said = || standing.looks.iter().map(|l| l.verdict).filter(|v| *v != Verdict::Unseen);
        let open = standing.outcome.is_open();
        self.judged_twice += usize::from(said().count() > 1);
        self.disputes += usize::from(open || said().zip(said().skip(1)).any(|(a, b)| a != b));
        self.open += usize::from(open);
    }
}

/// Pairs of inspectors, those with most in common first.
fn pairs(reading: &Reading, tables: BTreeMap<(&Code, &Code), Agreement>) -> Vec<PairAgreement> {
    let names = names(reading);
    let name = |code: &Code| names.get(code).cloned().unwrap_or_else(|| code.to_string());
    let mut tables: Vec<((&Code, &Code), Agreement)> = tables.into_iter().collect();
    tables.sort_by_key(|(codes, table)| (std::cmp::Reverse(table.n()), *codes));
    let pair = |((first, second), table): ((&Code, &Code), Agreement)| PairAgreement {
        first_id: first.to_string(),
        first: name(first),
        second_id: second.to_string(),
        second: name(second),
        measured: table.into(),
    };
    tables.into_iter().take(MOST_PAIRS).map(pair).collect()
}

/// What an inspector says of a key, however often.
pub(super) struct View<'a> {
    pub(super) by: &'a Code,
    pub(super) verdict: Verdict,
    /// The moments of the looks, in seconds.
    at: Vec<i64>,
}

impl View<'_> {
    /// Seconds between the two looks that are closest.
    fn apart(&self, other: &Self) -> i64 {
        let apart = |a: &i64| other.at.iter().map(move |b| (a - b).abs()).min();
        self.at.iter().filter_map(apart).min().unwrap_or(i64::MAX)
    }
}

/// What each inspector says, by code. Who looked twice counts once; who contradicts himself, and who did not see, is left
/// out.
pub(super) fn views<'a>(reading: &'a Reading, looks: &[&Look]) -> Vec<View<'a>> {
    let mut said: BTreeMap<&Code, Vec<(Verdict, i64)>> = BTreeMap::new();
    for look in looks.iter().filter(|l| matches!(l.verdict, Verdict::Pass | Verdict::Fail)) {
        said.entry(&reading.head(look.session).by.id).or_default().push((look.verdict, look.at.seconds()));
    }
    let view = |(by, said): (&'a Code, Vec<(Verdict, i64)>)| {
        let verdict = said[0].0;
        let agree = said.iter().all(|(v, _)| *v == verdict);
        agree.then(|| View { by, verdict, at: said.into_iter().map(|(_, at)| at).collect() })
    };
    said.into_iter().filter_map(view).collect()
}

/// The name each inspector goes by, the least one so that it is always the same; with the code where two share it.
fn names(reading: &Reading) -> BTreeMap<&Code, String> {
    let mut names: BTreeMap<&Code, &str> = BTreeMap::new();
    for by in reading.sessions.iter().map(|s| &s.head.by) {
        let shown = by.shown();
        names.entry(&by.id).and_modify(|name| *name = shown.min(name)).or_insert(shown);
    }
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    names.values().for_each(|name| *codes.entry(name).or_default() += 1);
    let shown = |code: &Code, name: &str| match codes.get(name) {
        Some(2..) => format!("{name} ({code})"),
        _ => name.to_owned(),
    };
    names.iter().map(|(code, name)| (*code, shown(code, name))).collect()
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
