//! The tables of a report. The order of columns is a promise: new ones come at the end.

use crate::export::table::{Col, Kind, Table, Value};
use crate::i18n::{Both, Lang, Msg, messages as m};
use crate::report::{
    CategoryChanges, Closure, ClosureLine, Comparison, Coverage, Day, DisputedTarget, LedgerRow, Line, Measured,
    Ranked, Rate, Report, RowState, SiteLine, Stands, TOO_FEW,
};
use crate::text::visible;

/// Every table of a report that has rows, in the order in which they are filed.
pub fn all(report: &Report, lang: Lang) -> Vec<Table> {
    let mut tables: Vec<Table> = NAMES.iter().filter_map(|name| one(report, name, lang)).collect();
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// The names of the tables, as `--table` takes them and CSV files are called.
pub const NAMES: [&str; 15] = [
    "ledger",
    "sites",
    "categories",
    "ranking",
    "comparison",
    "closure",
    "place-types",
    "sources",
    "programmes",
    "agreement",
    "disputed-targets",
    "over-time",
    "clauses",
    "targets",
    "site-categories",
];

/// The table of a name.
pub fn one(report: &Report, name: &str, lang: Lang) -> Option<Table> {
    let summary = &report.summary;
    let lines = |id, title, lines| Table::of(id, title, LINE, lines, lang);
    Some(match name {
        "ledger" => ledger(report, lang),
        "sites" => sites(report, lang),
        "site-categories" => site_categories(report, lang),
        "categories" => lines("categories", m::SHEET_CATEGORIES, &summary.total.categories),
        "place-types" => {
            lines("place-types", m::SHEET_PLACE_TYPES, &summary.place_types).with_note(m::NOTE_PLACE_TYPES.get(lang))
        }
        "sources" => lines("sources", m::SHEET_SOURCES, &summary.sources).with_note(m::NOTE_SOURCES.get(lang)),
        "clauses" => lines("clauses", m::SHEET_CLAUSES, &summary.clauses),
        "programmes" => lines("programmes", m::SHEET_PROGRAMMES, &summary.programmes),
        "targets" => lines("targets", m::SHEET_TARGETS, &summary.targets).with_note(m::NOTE_TARGETS.get(lang)),
        "ranking" => ranking(report, lang),
        "comparison" => comparison(&report.comparison, &report.closure, lang),
        "closure" => closure(report, lang),
        "agreement" => agreement(report, lang),
        "disputed-targets" => {
            Table::of("disputed-targets", m::SHEET_DISPUTED, DISPUTED, &report.agreement.disputed, lang)
        }
        "over-time" => Table::of("over-time", m::SHEET_OVER_TIME, OVER_TIME, &report.over_time, lang)
            .with_note(m::NOTE_OVER_TIME.get(lang)),
        _ => return None,
    })
}

fn ledger(report: &Report, lang: Lang) -> Table {
    Table::of("ledger", m::SHEET_LEDGER, LEDGER, &report.ledger, lang).with_note(m::NOTE_LEDGER.get(lang))
}

const LEDGER: &[Col<LedgerRow>] = &[
    Col::new(m::TH_SERIAL, Kind::Whole, |r, _| Value::whole(r.serial)),
    Col::new(m::TH_CATEGORY, Kind::Word, |r, lang| named(&r.category, r.category_name.get(lang))),
    Col::new(m::TH_TARGET_ID, Kind::Word, |r, _| Value::text(&r.target)),
    Col::new(m::TH_TARGET, Kind::Sentence, |r, lang| Value::text(r.target_name.get(lang))),
    Col::new(m::TH_SITE, Kind::Word, |r, lang| Value::text(r.site_name.get(lang))),
    Col::new(m::TH_PLACE, Kind::Word, |r, _| Value::text(&r.place)),
    Col::new(m::TH_WHAT, Kind::Sentence, |r, _| Value::text(&r.what)),
    Col::new(m::TH_SOURCE, Kind::Word, |r, lang| Value::text(r.source_name.get(lang))),
    Col::new(m::TH_FOUND, Kind::Day, |r, _| r.found.into()),
    Col::new(m::TH_FOUND_BY, Kind::Word, |r, _| Value::text(&r.found_by)),
    Col::new(m::TH_UNIT, Kind::Word, |r, _| Value::text(&r.unit)),
    Col::new(m::TH_DUE_DAY, Kind::Day, |r, _| r.due.into()),
    Col::new(m::TH_STATE, Kind::Word, |r, lang| Value::text(state(r.state).get(lang))),
    Col::new(m::TH_FIXED, Kind::Day, |r, _| r.fixed.into()),
    Col::new(m::TH_VERIFIED, Kind::Day, |r, _| r.verified.into()),
    Col::new(m::TH_DAYS, Kind::Whole, |r, _| r.days.map_or(Value::Empty, Value::Whole)),
    Col::new(m::TH_RETURNS, Kind::Whole, |r, _| Value::whole(r.returns)),
    // From here on for looking up; these do not go to the printer.
    Col::new(m::TH_PHOTOS, Kind::Code, |r, _| Value::text(&r.photos.join("; "))),
    Col::new(m::TH_PLACE_TYPE, Kind::Word, |r, lang| Value::text(r.place_type_name.get(lang))),
    Col::new(m::TH_OVERDUE, Kind::Word, |r, lang| yes(r.overdue, lang)),
    Col::new(m::TH_DISPUTED, Kind::Word, |r, lang| yes(r.disputed, lang)),
    Col::new(m::TH_FOUND_AGAIN, Kind::Day, |r, _| r.found_again.into()),
    Col::new(m::TH_FIXED_BY, Kind::Word, |r, _| Value::text(&r.fixed_by)),
    Col::new(m::TH_VERIFIED_BY, Kind::Word, |r, _| Value::text(&r.verified_by)),
    Col::new(m::TH_REWORKS, Kind::Whole, |r, _| Value::whole(r.reworks)),
    Col::new(m::TH_EXTENDED, Kind::Word, |r, lang| yes(r.extended, lang)),
    Col::new(m::TH_ROUNDS, Kind::Code, |r, _| Value::text(&r.rounds.join("; "))),
    Col::new(m::TH_CASE, Kind::Code, |r, _| Value::text(r.case.as_str())),
];

/// What a state of a case is called.
pub(super) fn state(state: RowState) -> Msg {
    match state {
        RowState::Open => m::CASE_OPEN,
        RowState::Back => m::CASE_BACK,
        RowState::Claimed => m::CASE_CLAIMED,
        RowState::Verified => m::CASE_VERIFIED,
    }
}

fn yes(is: bool, lang: Lang) -> Value {
    if is { Value::text(m::YES.get(lang)) } else { Value::Empty }
}

fn named(id: &str, name: &str) -> Value {
    Value::text(format!("{id} {name}").trim())
}

/// The columns of every group with judgements.
const LINE: &[Col<Line>] = &[
    Col::new(m::TH_ID, Kind::Word, |l, _| Value::text(&l.id)),
    Col::new(m::TH_NAME, Kind::Sentence, |l, lang| Value::text(l.name.get(lang))),
    Col::new(m::TH_PASS_RATE, Kind::Range, |l, _| rate(l.rate)),
    Col::new(m::TH_INTERVAL, Kind::Range, |l, _| interval(l.rate)),
    Col::new(m::TH_N, Kind::Whole, |l, _| n(l.rate)),
    Col::new(m::TH_PASS, Kind::Whole, |l, _| Value::whole(l.tally.pass)),
    Col::new(m::TH_FAIL, Kind::Whole, |l, _| Value::whole(l.tally.fail)),
    Col::new(m::TH_DISPUTES, Kind::Whole, |l, _| Value::whole(l.tally.disputed)),
    Col::new(m::TH_NA, Kind::Whole, |l, _| Value::whole(l.tally.na)),
    Col::new(m::TH_UNSEEN, Kind::Whole, |l, _| Value::whole(l.tally.unseen)),
    Col::new(m::TH_NOT_INSPECTED, Kind::Whole, |l, _| Value::whole(l.tally.not_inspected)),
];

/// The pass rate, whatever n is: the table has n beside it.
fn rate(rate: Option<Rate>) -> Value {
    rate.map_or(Value::Empty, |r| Value::Range(r.low, r.high))
}

fn interval(rate: Option<Rate>) -> Value {
    rate.map_or(Value::Empty, |r| Value::Range(r.interval.0, r.interval.1))
}

fn n(rate: Option<Rate>) -> Value {
    Value::whole(rate.map_or(0, |r| r.n))
}

fn sites(report: &Report, lang: Lang) -> Table {
    let mut total = report.summary.total.clone();
    total.line.name = m::ALL_SITES.into();
    total.line.id.clear();
    let rows: Vec<&SiteLine> = report.summary.sites.iter().chain([&total]).collect();
    Table::of("sites", m::SHEET_SITES, SITES, rows, lang).with_total().with_note(m::NOTE_SITES.get(lang))
}

const SITES: &[Col<SiteLine>] = &[
    Col::new(m::TH_ID, Kind::Word, |s, _| Value::text(&s.line.id)),
    Col::new(m::TH_SITE, Kind::Word, |s, lang| Value::text(s.line.name.get(lang))),
    Col::new(m::TH_PASS_RATE, Kind::Range, |s, _| rate(s.line.rate)),
    Col::new(m::TH_INTERVAL, Kind::Range, |s, _| interval(s.line.rate)),
    Col::new(m::TH_N, Kind::Whole, |s, _| n(s.line.rate)),
    Col::new(m::TH_COVERAGE, Kind::Share, |s, _| covered(s.coverage)),
    Col::new(m::TH_COVERAGE_WALKABLE, Kind::Share, |s, _| covered(s.walkable)),
    Col::new(m::TH_COVERAGE_PAIRS, Kind::Share, |s, _| covered(s.pairs)),
    Col::new(m::TH_PASS, Kind::Whole, |s, _| Value::whole(s.line.tally.pass)),
    Col::new(m::TH_FAIL, Kind::Whole, |s, _| Value::whole(s.line.tally.fail)),
    Col::new(m::TH_DISPUTES, Kind::Whole, |s, _| Value::whole(s.line.tally.disputed)),
    Col::new(m::TH_NA, Kind::Whole, |s, _| Value::whole(s.line.tally.na)),
    Col::new(m::TH_UNSEEN, Kind::Whole, |s, _| Value::whole(s.line.tally.unseen)),
    Col::new(m::TH_NOT_INSPECTED, Kind::Whole, |s, _| Value::whole(s.line.tally.not_inspected)),
    Col::new(m::TH_EXPECTED, Kind::Share, |s, _| s.expected.into()),
];

fn covered(coverage: Coverage) -> Value {
    coverage.share().into()
}

/// A site and one of its categories.
struct SiteCategory {
    site: Both,
    category: Line,
}

fn site_categories(report: &Report, lang: Lang) -> Table {
    let of = |site: &SiteLine| {
        let name = site.line.name.clone();
        site.categories.clone().into_iter().map(move |category| SiteCategory { site: name.clone(), category })
    };
    // Where nobody went there is nothing to tell by category; the table of the sites says so.
    let walked = report.summary.sites.iter().filter(|s| s.line.tally.not_inspected < s.line.tally.all());
    let rows: Vec<SiteCategory> = walked.flat_map(of).collect();
    Table::of("site-categories", m::SHEET_MATRIX, SITE_CATEGORY, &rows, lang)
}

const SITE_CATEGORY: &[Col<SiteCategory>] = &[
    Col::new(m::TH_SITE, Kind::Word, |r, lang| Value::text(r.site.get(lang))),
    Col::new(m::TH_CATEGORY, Kind::Word, |r, lang| named(&r.category.id, r.category.name.get(lang))),
    Col::new(m::TH_PASS_RATE, Kind::Range, |r, _| rate(r.category.rate)),
    Col::new(m::TH_INTERVAL, Kind::Range, |r, _| interval(r.category.rate)),
    Col::new(m::TH_N, Kind::Whole, |r, _| n(r.category.rate)),
    Col::new(m::TH_PASS, Kind::Whole, |r, _| Value::whole(r.category.tally.pass)),
    Col::new(m::TH_FAIL, Kind::Whole, |r, _| Value::whole(r.category.tally.fail)),
    Col::new(m::TH_DISPUTES, Kind::Whole, |r, _| Value::whole(r.category.tally.disputed)),
    Col::new(m::TH_NA, Kind::Whole, |r, _| Value::whole(r.category.tally.na)),
    Col::new(m::TH_UNSEEN, Kind::Whole, |r, _| Value::whole(r.category.tally.unseen)),
    Col::new(m::TH_NOT_INSPECTED, Kind::Whole, |r, _| Value::whole(r.category.tally.not_inspected)),
    Col::new(m::TH_COVERAGE, Kind::Share, |r, _| covered(r.category.coverage())),
];

/// A site in the ranking, those with too few judgements at the end.
struct RankRow {
    rank: Option<usize>,
    id: String,
    name: Both,
    rate: Option<Rate>,
    n: usize,
    expected: Option<f64>,
    list: Msg,
}

fn ranking(report: &Report, lang: Lang) -> Table {
    let ranked = report.ranking.ranked.iter().map(|r| RankRow {
        rank: Some(r.rank),
        id: r.id.clone(),
        name: r.name.clone(),
        rate: Some(r.rate),
        n: r.rate.n,
        expected: r.expected,
        list: list_name(r),
    });
    let few = report.ranking.too_few.iter().map(|u| RankRow {
        rank: None,
        id: u.id.clone(),
        name: u.name.clone(),
        rate: None,
        n: u.n,
        expected: None,
        list: m::LIST_TOO_FEW,
    });
    let rows: Vec<RankRow> = ranked.chain(few).collect();
    Table::of("ranking", m::SHEET_RANKING, RANKING, &rows, lang).with_note(m::NOTE_RANKING.get(lang))
}

fn list_name(ranked: &Ranked) -> Msg {
    match ranked.standing {
        Stands::Red => m::LIST_RED,
        Stands::Between => m::LIST_BETWEEN,
        Stands::Black => m::LIST_BLACK,
    }
}

const RANKING: &[Col<RankRow>] = &[
    Col::new(m::TH_RANK, Kind::Whole, |r, _| r.rank.map_or(Value::Empty, Value::whole)),
    Col::new(m::TH_ID, Kind::Word, |r, _| Value::text(&r.id)),
    Col::new(m::TH_SITE, Kind::Word, |r, lang| Value::text(r.name.get(lang))),
    Col::new(m::TH_PASS_RATE, Kind::Range, |r, _| rate(r.rate)),
    Col::new(m::TH_INTERVAL, Kind::Range, |r, _| interval(r.rate)),
    Col::new(m::TH_N, Kind::Whole, |r, _| Value::whole(r.n)),
    Col::new(m::TH_EXPECTED, Kind::Share, |r, _| r.expected.into()),
    Col::new(m::TH_LIST, Kind::Word, |r, lang| Value::text(r.list.get(lang))),
];

fn comparison(comparison: &Comparison, closure: &Closure, lang: Lang) -> Table {
    let total = CategoryChanges { id: String::new(), name: m::BY_ALL.into(), changes: comparison.total.clone() };
    let rows: Vec<&CategoryChanges> = comparison.categories.iter().chain([&total]).collect();
    let never =
        m::NOTE_COMPARISON_NEVER.with(lang, &[("n", &comparison.never_seen), ("of", &comparison.targets_of_sites)]);
    let repeat = m::NOTE_COMPARISON_REPEAT.with(lang, &[("n", &closure.came_back), ("times", &closure.returns)]);
    let mut table = Table::of("comparison", m::SHEET_COMPARISON, COMPARISON, rows, lang)
        .with_total()
        .with_note(compared(comparison, lang))
        .with_note(m::NOTE_COMPARISON_UNITS.get(lang))
        .with_note(never)
        .with_note(repeat);
    if comparison.total.all() == 0 {
        table.rows.clear();
    }
    table
}

/// What is compared with what.
pub(super) fn compared(comparison: &Comparison, lang: Lang) -> String {
    let Some(against) = &comparison.against else {
        return m::NOTE_COMPARISON_LATEST.get(lang).to_owned();
    };
    let latest = m::NOTE_COMPARISON_LATEST_ROUND.get(lang);
    let round = visible(comparison.round.as_deref().unwrap_or(latest)).into_owned();
    m::NOTE_COMPARISON.with(lang, &[("round", &round), ("against", &visible(against))])
}

const COMPARISON: &[Col<CategoryChanges>] = &[
    Col::new(m::TH_CATEGORY, Kind::Word, |r, lang| named(&r.id, r.name.get(lang))),
    Col::new(m::TH_FIXED_N, Kind::Whole, |r, _| Value::whole(r.changes.fixed)),
    Col::new(m::TH_STILL, Kind::Whole, |r, _| Value::whole(r.changes.still_failing)),
    Col::new(m::TH_NEWLY, Kind::Whole, |r, _| Value::whole(r.changes.newly_failing)),
    Col::new(m::TH_FIRST_SEEN, Kind::Whole, |r, _| Value::whole(r.changes.failing_first_seen)),
    Col::new(m::TH_NOT_AGAIN, Kind::Whole, |r, _| Value::whole(r.changes.not_seen_again)),
    Col::new(m::TH_DISPUTES, Kind::Whole, |r, _| Value::whole(r.changes.disputed)),
    Col::new(m::TH_OTHER, Kind::Whole, |r, _| Value::whole(r.changes.other)),
    Col::new(m::TH_RATE_BEFORE, Kind::Range, |r, _| rate(r.changes.before.rate())),
    Col::new(m::TH_RATE_NOW, Kind::Range, |r, _| rate(r.changes.now.rate())),
    Col::new(m::TH_N_BOTH, Kind::Whole, |r, _| Value::whole(r.changes.now.all())),
];

/// A closure with what it is grouped by.
struct ClosureRow {
    by: Msg,
    line: ClosureLine,
}

fn closure(report: &Report, lang: Lang) -> Table {
    let total = ClosureLine { id: String::new(), name: m::ALL_SITES.into(), closure: report.closure };
    let by = |by: Msg| move |line: &ClosureLine| ClosureRow { by, line: line.clone() };
    let sites = report.closure_by_site.iter().map(by(m::BY_SITE));
    let sources = report.closure_by_source.iter().map(by(m::BY_SOURCE));
    let mut rows: Vec<ClosureRow> = sites.chain(sources).chain([ClosureRow { by: m::BY_ALL, line: total }]).collect();
    if report.closure.found == 0 {
        rows.clear();
    }
    Table::of("closure", m::SHEET_CLOSURE, CLOSURE, &rows, lang).with_total().with_note(m::NOTE_CLOSURE.get(lang))
}

const CLOSURE: &[Col<ClosureRow>] = &[
    Col::new(m::TH_GROUP, Kind::Word, |r, lang| Value::text(r.by.get(lang))),
    Col::new(m::TH_NAME, Kind::Word, |r, lang| Value::text(r.line.name.get(lang))),
    Col::new(m::TH_FOUND_N, Kind::Whole, |r, _| Value::whole(r.line.closure.found)),
    Col::new(m::TH_OPEN_N, Kind::Whole, |r, _| Value::whole(r.line.closure.open)),
    Col::new(m::TH_CLAIMED_N, Kind::Whole, |r, _| Value::whole(r.line.closure.claimed)),
    Col::new(m::TH_VERIFIED_N, Kind::Whole, |r, _| Value::whole(r.line.closure.verified)),
    Col::new(m::TH_OVERDUE, Kind::Whole, |r, _| Value::whole(r.line.closure.overdue)),
    Col::new(m::TH_CAME_BACK, Kind::Whole, |r, _| Value::whole(r.line.closure.came_back)),
    Col::new(m::TH_WITHOUT_UNIT, Kind::Whole, |r, _| Value::whole(r.line.closure.without_unit)),
    Col::new(m::TH_DUE_N, Kind::Whole, |r, _| Value::whole(r.line.closure.due)),
    Col::new(m::TH_CLOSURE, Kind::Share, |r, _| due_share(&r.line.closure, r.line.closure.due_closed)),
    Col::new(m::TH_ON_TIME, Kind::Share, |r, _| due_share(&r.line.closure, r.line.closure.due_on_time)),
    Col::new(m::TH_REWORK, Kind::Share, |r, _| due_share(&r.line.closure, r.line.closure.due_reworked)),
    Col::new(m::TH_EXTENSION, Kind::Share, |r, _| due_share(&r.line.closure, r.line.closure.due_extended)),
    Col::new(m::TH_MEDIAN, Kind::Whole, |r, _| r.line.closure.median_days.map_or(Value::Empty, Value::Whole)),
    Col::new(m::TH_P90, Kind::Whole, |r, _| r.line.closure.p90_days.map_or(Value::Empty, Value::Whole)),
    Col::new(m::TH_OWN_SHARE, Kind::Share, |r, _| r.line.closure.own_share().into()),
];

fn due_share(closure: &Closure, n: usize) -> Value {
    closure.of_due(n).into()
}

/// Two inspectors, or all, with how far they agree.
struct AgreementRow {
    first: String,
    second: String,
    measured: Measured,
}

fn agreement(report: &Report, lang: Lang) -> Table {
    let agreement = &report.agreement;
    let all = |msg: Msg, measured: Measured| AgreementRow {
        first: msg.get(lang).to_owned(),
        second: String::new(),
        measured,
    };
    let mut rows = vec![all(m::AGREE_ALL, agreement.all), all(m::AGREE_WINDOW, agreement.within_window)];
    rows.extend(agreement.by_pair.iter().map(|pair| AgreementRow {
        first: pair.first.clone(),
        second: pair.second.clone(),
        measured: pair.measured,
    }));
    if agreement.all.n == 0 {
        rows.clear();
    }
    Table::of("agreement", m::SHEET_AGREEMENT, AGREEMENT, &rows, lang).with_note(m::NOTE_AGREEMENT.get(lang))
}

const AGREEMENT: &[Col<AgreementRow>] = &[
    Col::new(m::TH_FIRST, Kind::Word, |r, _| Value::text(&r.first)),
    Col::new(m::TH_SECOND, Kind::Word, |r, _| Value::text(&r.second)),
    Col::new(m::TH_N, Kind::Whole, |r, _| Value::whole(r.measured.n)),
    Col::new(m::TH_BOTH_PASS, Kind::Whole, |r, _| Value::whole(r.measured.table.both_pass)),
    Col::new(m::TH_ONLY_FIRST, Kind::Whole, |r, _| Value::whole(r.measured.table.only_first)),
    Col::new(m::TH_ONLY_SECOND, Kind::Whole, |r, _| Value::whole(r.measured.table.only_second)),
    Col::new(m::TH_BOTH_FAIL, Kind::Whole, |r, _| Value::whole(r.measured.table.both_fail)),
    Col::new(m::TH_RAW, Kind::Share, |r, _| enough(&r.measured, r.measured.raw).into()),
    Col::new(m::TH_KAPPA, Kind::Real, |r, _| real(enough(&r.measured, r.measured.kappa))),
    Col::new(m::TH_AC1, Kind::Real, |r, _| real(enough(&r.measured, r.measured.ac1))),
];

/// Below so many double judgements only the table is shown.
fn enough(measured: &Measured, figure: Option<f64>) -> Option<f64> {
    figure.filter(|_| measured.n >= TOO_FEW)
}

fn real(figure: Option<f64>) -> Value {
    figure.map_or(Value::Empty, Value::Real)
}

const DISPUTED: &[Col<DisputedTarget>] = &[
    Col::new(m::TH_TARGET_ID, Kind::Word, |r, _| Value::text(&r.id)),
    Col::new(m::TH_TARGET, Kind::Sentence, |r, lang| Value::text(r.name.get(lang))),
    Col::new(m::TH_DISPUTES_N, Kind::Whole, |r, _| Value::whole(r.disputes)),
    Col::new(m::TH_DISPUTES_OPEN, Kind::Whole, |r, _| Value::whole(r.open)),
    Col::new(m::TH_JUDGED_TWICE, Kind::Whole, |r, _| Value::whole(r.judged_twice)),
];

const OVER_TIME: &[Col<Day>] = &[
    Col::new(m::TH_DAY, Kind::Day, |r, _| Value::Day(r.day)),
    Col::new(m::TH_FOUND_N, Kind::Whole, |r, _| Value::whole(r.found)),
    Col::new(m::TH_NOT_VERIFIED, Kind::Whole, |r, _| Value::whole(r.open)),
    Col::new(m::TH_VERIFIED_N, Kind::Whole, |r, _| Value::whole(r.verified)),
];
