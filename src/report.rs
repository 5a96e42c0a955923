//! Figures that can be defended in a meeting, computed once from an archive, a checklist and a district.
//!
//! The rate is pass / (pass + fail); n/a and unseen are never in it. A disputed target makes it a range and never counts
//! as a pass. The interval is Wilson's at 95 %. Definitions: the project's study of how such inspections are counted.

mod agreeing;
mod brief;
mod comparison;
mod figures;
mod ledger;
mod overview;
mod people;
mod ranking;
mod summary;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::Archive;
use crate::archive::reading::{EARLIEST, Reading, Sitting, round_of};
use crate::checklist::Checklist;
use crate::district::{District, Source};
use crate::i18n::{Both, messages as m};
use crate::log::{Kind, Name};

pub use agreeing::{Agreements, DisputedTarget, Measured, PairAgreement};
pub use brief::Brief;
pub use comparison::{CategoryChanges, Changes, Comparison};
pub use figures::{Agreement, Rate, TOO_FEW, Tally, wilson};
pub use ledger::{Closure, ClosureLine, Day, LedgerRow, RowState};
pub use overview::{
    Chosen, Grid, GridSite, Overview, Rounds, SiteRow, Strangers, choose, overview, rounds, state_of, strangers,
};
pub use people::{PersonRow, people};
pub use ranking::{Ranked, Ranking, Stands, Unranked};
pub use summary::{Coverage, Line, SiteLine, Summary};

/// The newest version of the JSON form.
pub const VERSION: u64 = 1;

/// What the office files. Everything in it is a function of the archive, the checklist, the district and the options.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    pub format: Format,
    pub version: u64,
    pub about: About,
    pub brief: Brief,
    pub summary: Summary,
    pub ranking: Ranking,
    pub comparison: Comparison,
    pub closure: Closure,
    /// By site and by source.
    pub closure_by_site: Vec<ClosureLine>,
    pub closure_by_source: Vec<ClosureLine>,
    /// The cases at the end of each day on which something changed.
    pub over_time: Vec<Day>,
    pub agreement: Agreements,
    pub ledger: Vec<LedgerRow>,
}

/// The word in `format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Format {
    #[default]
    #[serde(rename = "xunjie-report")]
    Report,
}

/// What the report is about, and what one must know before one uses its figures.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct About {
    pub district: Both,
    pub checklist: Both,
    pub edition: String,
    pub categories: Vec<CategoryName>,
    /// How many targets the checklist has, and how many of them a walk can reach.
    pub targets: usize,
    pub walkable: usize,
    /// The day for which it is made.
    pub as_of: Date,
    /// The first and the last day of the walks, of clocks that go.
    pub first_day: Option<Date>,
    pub last_day: Option<Date>,
    pub sites: usize,
    /// Sites where something was seen.
    pub sites_walked: usize,
    pub walks: usize,
    pub inspectors: usize,
    /// Keys on which inspectors differ and nobody has ruled.
    pub open_disputes: usize,
    /// Sessions about which something is odd: forks, missing events, clocks.
    pub odd_sessions: usize,
    /// Walks whose last word is not that they were finished: paused, given up, or cut short.
    pub unfinished_walks: usize,
    /// Sessions with records after the day of the report, which are left out.
    pub later_sessions: usize,
    /// Named in the logs and not in the checklist: they are in the ledger and in no rate.
    pub unknown_targets: Vec<String>,
    /// Named in the logs and not in the district: each is a site of its own.
    pub unknown_sites: Vec<String>,
    pub other_checklists: Vec<String>,
    pub other_editions: Vec<String>,
    /// Districts whose sessions are left out.
    pub other_districts: Vec<String>,
}

/// What a category is called.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CategoryName {
    pub id: String,
    pub name: Both,
    /// At most 8 Han characters or 16 letters, for narrow columns.
    pub short: Both,
}

/// What is asked of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The day for which it is made; that of the newest record where not given. Never a clock.
    pub as_of: Option<Date>,
    pub rounds: Rounds,
    /// The round to compare with; the look before where not given.
    pub against: Option<Name>,
}

impl Report {
    /// A report of nothing: its tables have their columns.
    pub fn blank() -> Self {
        let nothing = Reading::of(&Archive::default());
        Self::of(&nothing, &Checklist::built_in(), &District::built_in(), &Options::default())
    }

    pub fn of(reading: &Reading, list: &Checklist, district: &District, options: &Options) -> Self {
        let as_of = options.as_of.or_else(|| newest_day(reading, list)).unwrap_or(Date::ZERO);
        let against = options.against.clone().map(Rounds::One);
        let pairs = overview::pairs(reading, list);
        let chosen = overview::choose_of(&pairs, &options.rounds);
        let grid = Grid::of(reading, list, district, &chosen);
        let earlier = against.as_ref().map(|r| Grid::of(reading, list, district, &overview::choose_of(&pairs, r)));
        let summary = Summary::of(&summary::Stuff {
            reading,
            list,
            district,
            chosen: &chosen,
            grid: &grid,
            rounds: &options.rounds,
        });
        let sides = comparison::Sides { now: &options.rounds, before: against.as_ref() };
        let comparison = Comparison::of((reading, &pairs), list, &sides, (&grid, earlier.as_ref()));
        let (ledger, over_time) = ledger::Desk { reading, list, district, as_of }.ledger(&options.rounds);
        let closure = Closure::of(&ledger, as_of);
        Self {
            format: Format::Report,
            version: VERSION,
            about: About::of(reading, list, district, (as_of, &options.rounds), &summary.sites),
            brief: Brief::of(&summary.total, closure, &ledger, &comparison),
            ranking: Ranking::of(&summary),
            comparison,
            closure,
            closure_by_site: by_site(&summary, &ledger, as_of),
            closure_by_source: by_source(&ledger, as_of),
            over_time,
            agreement: Agreements::of(reading, list, &options.rounds),
            summary,
            ledger,
        }
    }
}

/// The day of the newest record of a checklist, of clocks that may be right if there are any.
fn newest_day(reading: &Reading, list: &Checklist) -> Option<Date> {
    let own = reading.sessions.iter().filter(|s| s.head.checklist.id.as_str() == list.id);
    own.filter_map(|s| Some((s.has_good_clock(), s.newest.date().parse().ok()?))).max().map(|(_, day)| day)
}

/// Every site with a case, in the order of the summary, then what belongs to none of its sites.
fn by_site(summary: &Summary, ledger: &[LedgerRow], as_of: Date) -> Vec<ClosureLine> {
    let place = |id: &str| summary.sites.iter().position(|s| s.line.id == id).unwrap_or(usize::MAX);
    let mut rows: BTreeMap<(usize, &str), Vec<&LedgerRow>> = BTreeMap::new();
    for row in ledger {
        rows.entry((place(&row.site), &row.site)).or_default().push(row);
    }
    let line = |((_, id), rows): ((usize, &str), Vec<&LedgerRow>)| {
        let name = if id.is_empty() { m::REPORT_NO_SITE.into() } else { rows[0].site_name.clone() };
        ClosureLine { id: id.to_owned(), name, closure: Closure::of(rows, as_of) }
    };
    rows.into_iter().map(line).collect()
}

fn by_source(ledger: &[LedgerRow], as_of: Date) -> Vec<ClosureLine> {
    let mut sources: Vec<(Option<Source>, &Both)> = ledger.iter().map(|row| (row.source, &row.source_name)).collect();
    sources.sort_by_key(|(source, _)| *source);
    sources.dedup_by_key(|(source, _)| *source);
    let line = |(source, name): (Option<Source>, &Both)| {
        let own = ledger.iter().filter(|row| row.source == source);
        let id = source.map_or("", Source::code);
        ClosureLine { id: id.to_owned(), name: name.clone(), closure: Closure::of(own, as_of) }
    };
    sources.into_iter().map(line).collect()
}

impl About {
    fn of(
        reading: &Reading,
        list: &Checklist,
        district: &District,
        (as_of, rounds): (Date, &Rounds),
        grid: &[SiteLine],
    ) -> Self {
        let own = |s: &&Sitting| s.head.checklist.id.as_str() == list.id && rounds.has(&round_of(&s.head));
        let counts = |s: &&Sitting| s.head.kind == Kind::Walk && own(s);
        let walks = || reading.sessions.iter().filter(counts);
        // A clock that stood still says nothing about the first day.
        let known = || walks().filter(|s| s.head.started.seconds() >= EARLIEST);
        let days = || known().filter_map(|s| s.head.started.date().parse::<Date>().ok());
        let mut inspectors: Vec<&str> = walks().map(|s| s.head.by.id.as_str()).collect();
        inspectors.sort_unstable();
        inspectors.dedup();
        let cells = reading.cells().filter(|(k, _)| k.checklist.as_str() == list.id && rounds.has(&k.round));
        let open = cells.filter(|(_, cell)| reading.outcome(cell).is_open());
        let strangers = strangers(reading, list, district);
        Self {
            district: district.name.clone(),
            checklist: list.name.clone(),
            edition: list.edition.clone(),
            categories: list
                .categories
                .iter()
                .map(|c| CategoryName { id: c.no.to_string(), name: c.name.clone(), short: c.short.clone() })
                .collect(),
            targets: list.len(),
            walkable: list.walkable(),
            as_of,
            first_day: days().min(),
            last_day: days().max(),
            sites: grid.len(),
            sites_walked: grid.iter().filter(|s| s.coverage.seen > 0).count(),
            walks: walks().count(),
            inspectors: inspectors.len(),
            open_disputes: open.count(),
            odd_sessions: walks().filter(|s| !s.oddities.is_empty()).count(),
            unfinished_walks: walks().filter(|s| !s.is_finished).count(),
            later_sessions: reading.later,
            unknown_targets: strangers.targets.into_iter().collect(),
            unknown_sites: strangers.sites.into_iter().collect(),
            other_checklists: strangers.checklists.into_iter().collect(),
            other_editions: strangers.editions.into_iter().collect(),
            other_districts: strangers.districts.into_iter().collect(),
        }
    }
}
