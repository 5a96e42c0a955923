//! The ledger: one row for each case, and what the rows add up to.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::cases::{Case, CaseState, What};
use crate::archive::reading::{EARLIEST, Reading};
use crate::checklist::Checklist;
use crate::district::{District, Source};
use crate::i18n::{Both, messages as m};
use crate::log::{EventRef, Name, Stamp};
use crate::report::overview::Rounds;
use crate::report::summary::{both, source_name};

/// A case as the office files it. Dates are those of the inspectors' own clocks and zones.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LedgerRow {
    /// From 1, in the order in which the cases were first found; the same in every round.
    pub serial: usize,
    /// The record that opened it, as `fixed` events name it.
    pub case: EventRef,
    /// Number and name of the category; empty where the checklist does not have the target.
    pub category: String,
    pub category_name: Both,
    pub target: String,
    pub target_name: Both,
    /// The id of the site; empty where the log names none.
    pub site: String,
    pub site_name: Both,
    /// Empty for the whole site.
    pub place_type: String,
    pub place_type_name: Both,
    pub place: String,
    /// What is wrong, as noted last.
    pub what: String,
    pub source: Option<Source>,
    pub source_name: Both,
    /// When it was first found; absent where the clock stood still.
    pub found: Option<Date>,
    pub found_by: String,
    /// When it was found again, where it came back.
    pub found_again: Option<Date>,
    /// The unit that must put it right.
    pub unit: String,
    /// Absent where the target needs a plan.
    pub due: Option<Date>,
    pub state: RowState,
    pub overdue: bool,
    /// Whether it is found in a round that is still disputed.
    pub disputed: bool,
    /// When somebody last said that it has been put right.
    pub fixed: Option<Date>,
    pub fixed_by: String,
    pub verified: Option<Date>,
    pub verified_by: String,
    /// From found, or found again, to verified, or to the day of the report.
    pub days: Option<i64>,
    /// How often it was found again after it had been verified.
    pub returns: usize,
    /// How often it was claimed and still found failing.
    pub reworks: usize,
    /// Whether it was given a later day.
    pub extended: bool,
    pub photos: Vec<String>,
    pub rounds: Vec<String>,
}

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RowState {
    Open,
    Back,
    Claimed,
    Verified,
}

/// What the cases add up to. Closure, on time, rework and extension are over the cases that are due, as digital city
/// management counts them; a case is due when its day is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Closure {
    pub found: usize,
    /// Nobody says that it has been put right; those that came back are among them.
    pub open: usize,
    pub claimed: usize,
    pub verified: usize,
    pub overdue: usize,
    /// Open cases without a unit that must put them right.
    pub without_unit: usize,
    /// Cases that were found again after they had been verified, and how often.
    pub came_back: usize,
    pub returns: usize,
    pub own_finds: usize,
    /// Cases whose day is over.
    pub due: usize,
    /// Of those: verified; verified by their day; claimed and still found failing; given a later day.
    pub due_closed: usize,
    pub due_on_time: usize,
    pub due_reworked: usize,
    pub due_extended: usize,
    /// Days from found to verified, of the verified ones: median and 90th percentile (nearest rank).
    pub median_days: Option<i64>,
    pub p90_days: Option<i64>,
}

/// A site's or a source's closure.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ClosureLine {
    pub id: String,
    pub name: Both,
    #[serde(flatten)]
    pub closure: Closure,
}

/// How many cases stood how at the end of a day on which something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Day {
    pub day: Date,
    /// Cases that were found for the first time, up to this day.
    pub found: usize,
    /// Found and not verified.
    pub open: usize,
    pub verified: usize,
}

/// What rows are made with.
pub(super) struct Desk<'a> {
    pub(super) reading: &'a Reading,
    pub(super) list: &'a Checklist,
    pub(super) district: &'a District,
    pub(super) as_of: Date,
}

impl Desk<'_> {
    /// A row for each case of this checklist that failed in the rounds looked at, and how they stood over time. Serial
    /// numbers are in the order in which cases were first found, counted over all rounds.
    pub(super) fn ledger(&self, rounds: &Rounds) -> (Vec<LedgerRow>, Vec<Day>) {
        let mut changes = Changes::default();
        let own = self.reading.each_case().filter(|case| case.subject.checklist.as_str() == self.list.id);
        let row = |case: Case| {
            let is_asked = case.steps.iter().any(|s| s.what == What::Failed && rounds.has(&s.round));
            let row = is_asked.then(|| {
                changes.add(&case, self.as_of);
                self.row(&case)
            });
            ((case.steps[0].at.seconds(), case.subject, case.id), row)
        };
        let mut rows: Vec<_> = own.map(row).collect();
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        let rows = (1..).zip(rows).filter_map(|(serial, (_, row))| Some(LedgerRow { serial, ..row? })).collect();
        (rows, changes.over_time())
    }

    /// A row that has no number yet.
    fn row(&self, case: &Case) -> LedgerRow {
        let (first, found) = (&case.steps[0], case.found());
        let at = self.list.position(&case.subject.target);
        let category = at.map(|at| &self.list.categories[self.list.category_of(at)]);
        let place = case.subject.place.as_ref();
        let kind = place.and_then(|p| self.list.place_type(p.kind.as_str()));
        let source = first.source;
        let fixed = case.claims().next_back();
        let verified = case.verified();
        let found_day = date(&found.at);
        let until = verified.map_or(Some(self.as_of), |s| date(&s.at));
        LedgerRow {
            serial: 0,
            case: case.id.clone(),
            category: category.map_or_else(String::new, |c| c.no.to_string()),
            category_name: category.map_or_else(Both::default, |c| c.name.clone()),
            target: case.subject.target.to_string(),
            target_name: at.map_or_else(Both::default, |at| self.list.target(at).name.clone()),
            site: case.subject.site.as_ref().map_or_else(String::new, ToString::to_string),
            site_name: self.site_name(case),
            place_type: place.map_or_else(String::new, |p| p.kind.to_string()),
            place_type_name: match (place, kind) {
                (None, _) => m::REPORT_WHOLE_SITE.into(),
                (Some(_), Some(kind)) => kind.name.clone(),
                (Some(place), None) => both(place.kind.as_str()),
            },
            place: place.and_then(|p| p.name.as_ref()).map_or_else(String::new, ToString::to_string),
            what: case.note().unwrap_or_default(),
            source,
            source_name: source.map_or_else(|| m::REPORT_NO_SOURCE.into(), |s| source_name(self.district, s)),
            found: date(&first.at),
            found_by: first.by.shown().to_owned(),
            found_again: found_day.filter(|_| case.returns > 0),
            unit: case.unit().unwrap_or_default(),
            due: case.due(self.list),
            state: case.state.into(),
            overdue: case.is_overdue(self.list, self.as_of),
            disputed: case.disputed,
            fixed: fixed.and_then(|s| date(&s.at)),
            fixed_by: fixed.map_or_else(String::new, |s| s.by.shown().to_owned()),
            verified: verified.and_then(|s| date(&s.at)),
            verified_by: verified.map_or_else(String::new, |s| s.by.shown().to_owned()),
            days: found_day.zip(until).map(days_between),
            returns: case.returns,
            reworks: case.reworks(),
            extended: case.is_extended(self.list),
            photos: photos(case),
            rounds: rounds(case),
        }
    }

    fn site_name(&self, case: &Case) -> Both {
        let Some(id) = &case.subject.site else { return Both::default() };
        let own = self.district.site(id.as_str()).map(|s| s.name.clone());
        let heads = || case.steps.iter().filter_map(|s| self.reading.head(s.session).site.as_ref());
        let in_log = || heads().find(|site| site.id == *id).map(|site| site.name.clone());
        own.or_else(in_log).unwrap_or_else(|| both(id.as_str()))
    }
}

/// The rounds in which it was found failing.
fn rounds(case: &Case) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let failed = case.steps.iter().filter(|s| s.what == What::Failed);
    failed.filter(|s| seen.insert(&s.round)).map(|s| s.round.to_string()).collect()
}

/// The local day of a moment; none where the clock stood still.
fn date(at: &Stamp) -> Option<Date> {
    at.date().parse().ok().filter(|_| at.seconds() >= EARLIEST)
}

/// Whole days, never less than none.
fn days_between((from, to): (Date, Date)) -> i64 {
    i64::from((to - from).get_days()).max(0)
}

fn photos(case: &Case) -> Vec<String> {
    let names: BTreeSet<&Name> = case.steps.iter().flat_map(|s| &s.photos).collect();
    names.into_iter().map(ToString::to_string).collect()
}

impl From<CaseState> for RowState {
    fn from(state: CaseState) -> Self {
        match state {
            CaseState::Open => Self::Open,
            CaseState::Back => Self::Back,
            CaseState::Claimed => Self::Claimed,
            CaseState::Verified => Self::Verified,
        }
    }
}

impl LedgerRow {
    pub fn is_closed(&self) -> bool {
        self.state == RowState::Verified
    }

    fn is_due(&self, as_of: Date) -> bool {
        self.due.is_some_and(|due| due < as_of)
    }
}

impl Closure {
    pub(super) fn of<'a>(rows: impl IntoIterator<Item = &'a LedgerRow>, as_of: Date) -> Self {
        let mut closure = Self::default();
        let mut days = Vec::new();
        for row in rows {
            closure.add(row, as_of);
            days.extend(row.days.filter(|_| row.is_closed()));
        }
        days.sort_unstable();
        closure.median_days = nearest_rank(&days, 50);
        closure.p90_days = nearest_rank(&days, 90);
        closure
    }

    fn add(&mut self, row: &LedgerRow, as_of: Date) {
        let count = usize::from;
        self.found += 1;
        *match row.state {
            RowState::Open | RowState::Back => &mut self.open,
            RowState::Claimed => &mut self.claimed,
            RowState::Verified => &mut self.verified,
        } += 1;
        self.overdue += count(row.overdue);
        self.without_unit += count(!row.is_closed() && row.unit.is_empty());
        self.came_back += count(row.returns > 0);
        self.returns += row.returns;
        self.own_finds += count(row.source == Some(Source::Own));
        if row.is_due(as_of) {
            self.due += 1;
            self.due_closed += count(row.is_closed());
            self.due_on_time += count(row.verified.zip(row.due).is_some_and(|(verified, due)| verified <= due));
            self.due_reworked += count(row.reworks > 0);
            self.due_extended += count(row.extended);
        }
    }

    /// Own finds of all finds.
    pub fn own_share(&self) -> Option<f64> {
        (self.found > 0).then(|| self.own_finds as f64 / self.found as f64)
    }

    /// A share of the cases that are due; none where none is.
    pub fn of_due(&self, n: usize) -> Option<f64> {
        (self.due > 0).then(|| n as f64 / self.due as f64)
    }
}

/// The smallest value with at least so many per cent of all at or below it.
fn nearest_rank(sorted: &[i64], per_cent: usize) -> Option<i64> {
    let rank = (sorted.len() * per_cent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// What changes on each day: found, open, verified. What a clock that stood still says, or one that is ahead of the report,
/// counts on the day of what came before it, or before all days.
#[derive(Default)]
struct Changes(BTreeMap<Date, [isize; 3]>);

impl Changes {
    /// Counts a case.
    fn add(&mut self, case: &Case, as_of: Date) {
        let mut open = false;
        let mut day = Date::MIN;
        for (at, step) in case.steps.iter().enumerate() {
            // Where offsets differ, what comes later can have an earlier date.
            day = date(&step.at).filter(|on| *on <= as_of).unwrap_or(Date::MIN).max(day);
            let [found, opened, verified] = self.0.entry(day).or_default();
            *found += isize::from(at == 0);
            match step.what {
                What::Failed if !open => {
                    *opened += 1;
                    *verified -= isize::from(at > 0);
                    open = true;
                }
                What::Passed if open => {
                    *opened -= 1;
                    *verified += 1;
                    open = false;
                }
                _ => {}
            }
        }
    }

    fn over_time(mut self) -> Vec<Day> {
        let early = self.0.remove(&Date::MIN).unwrap_or_default();
        let mut sums = early.map(isize::unsigned_abs);
        let mut days = Vec::new();
        for (day, change) in self.0 {
            for (sum, by) in sums.iter_mut().zip(change) {
                *sum = sum.saturating_add_signed(by);
            }
            days.push(Day { day, found: sums[0], open: sums[1], verified: sums[2] });
        }
        days
    }
}
