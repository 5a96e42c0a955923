//! What a report says in sentences: the brief for the review meeting and the ranking as text.

use crate::export::table::{percent, range};
use crate::export::tables::{compared, state};
use crate::i18n::{Lang, Msg, messages as m};
use crate::report::{CategoryChanges, Closure, LedgerRow, Line, Ranked, Rate, Report, RowState, Stands, Unranked};
use crate::text::visible;

/// A headline and its lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) lines: Vec<String>,
}

/// The title of the report, and what it is about.
pub(super) fn title(report: &Report, lang: Lang) -> String {
    m::REPORT_TITLE.with(lang, &[("district", &visible(report.about.district.get(lang)))])
}

/// The day of the report, and from what it is made.
pub(super) fn scope(report: &Report, lang: Lang) -> Vec<String> {
    let about = &report.about;
    let (list, edition) = (visible(about.checklist.get(lang)), visible(&about.edition));
    let scope = match (about.first_day, about.last_day) {
        (Some(from), Some(to)) => m::REPORT_SCOPE.with(
            lang,
            &[
                ("checklist", &list),
                ("edition", &edition),
                ("from", &from),
                ("to", &to),
                ("walks", &about.walks),
                ("people", &about.inspectors),
            ],
        ),
        _ => m::REPORT_SCOPE_EMPTY.with(lang, &[("checklist", &list), ("edition", &edition)]),
    };
    let mut lines = vec![m::REPORT_AS_OF.with(lang, &[("date", &about.as_of)]), scope];
    let round = report.comparison.round.as_ref().map(|r| m::REPORT_ROUND.with(lang, &[("round", &visible(r))]));
    lines.extend(round);
    lines
}

/// The brief, on one page.
pub(super) fn brief(report: &Report, lang: Lang) -> Vec<Section> {
    let brief = &report.brief;
    let total = &report.comparison.total;
    let fixed = m::BRIEF_FIXED
        .with(lang, &[("fixed", &total.fixed), ("still", &total.still_failing), ("newly", &total.newly_failing)]);
    let oldest = brief
        .oldest
        .iter()
        .filter_map(|serial| report.ledger.iter().find(|row| row.serial == *serial))
        .map(|row| case(row, lang));
    let mut sections = vec![
        section(m::BRIEF_FIGURES, lang, five_figures(report, lang)),
        section(m::BRIEF_WORST, lang, brief.worst.iter().map(|l| line(l, lang)).collect()),
        section(m::BRIEF_OLDEST, lang, oldest.collect()),
        section(m::BRIEF_CHANGES, lang, vec![compared(&report.comparison, lang), fixed]),
        section(m::BRIEF_BETTER, lang, brief.better.iter().map(|c| change(c, lang)).collect()),
        section(m::BRIEF_WORSE, lang, brief.worse.iter().map(|c| change(c, lang)).collect()),
    ];
    let cautions = cautions(report, lang);
    if !cautions.is_empty() {
        sections.push(section(m::BRIEF_CAUTION, lang, cautions));
    }
    sections
}

fn section(title: Msg, lang: Lang, mut lines: Vec<String>) -> Section {
    if lines.is_empty() {
        lines.push(m::BRIEF_NONE.get(lang).to_owned());
    }
    Section { title: title.get(lang), lines }
}

fn five_figures(report: &Report, lang: Lang) -> Vec<String> {
    let brief = &report.brief;
    let rate = match brief.rate.rate {
        Some(r) => m::BRIEF_RATE.with(lang, &[("rate", &rate(r)), ("interval", &interval(r)), ("n", &r.n)]),
        None => m::BRIEF_NO_RATE.get(lang).to_owned(),
    };
    let (all, walkable) = (brief.coverage, brief.walkable);
    let coverage = m::BRIEF_COVERAGE.with(
        lang,
        &[
            ("seen", &all.seen),
            ("of", &all.of),
            ("share", &maybe(all.share())),
            ("wseen", &walkable.seen),
            ("wof", &walkable.of),
            ("wshare", &maybe(walkable.share())),
            ("walked", &report.about.sites_walked),
            ("sites", &report.about.sites),
        ],
    );
    let cases = &brief.cases;
    let counts = m::BRIEF_CASES.with(
        lang,
        &[
            ("found", &cases.found),
            ("open", &cases.open),
            ("back", &report.ledger.iter().filter(|r| r.state == RowState::Back).count()),
            ("claimed", &cases.claimed),
            ("verified", &cases.verified),
            ("overdue", &cases.overdue),
        ],
    );
    let own = m::BRIEF_OWN.with(
        lang,
        &[
            ("own", &cases.own_finds),
            ("found", &cases.found),
            ("share", &maybe(cases.own_share())),
            ("back", &cases.came_back),
        ],
    );
    vec![rate, coverage, counts, closed(cases, lang), own]
}

fn closed(cases: &Closure, lang: Lang) -> String {
    let share = |n: usize| match cases.of_due(n) {
        Some(share) => format!("{n}/{} ({})", cases.due, percent(share)),
        None => "-".to_owned(),
    };
    let (closure, on_time) = (share(cases.due_closed), share(cases.due_on_time));
    m::BRIEF_CLOSURE.with(lang, &[("due", &cases.due), ("closure", &closure), ("on_time", &on_time)])
}

fn maybe(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), percent)
}

pub(super) fn rate(rate: Rate) -> String {
    range(rate.low, rate.high)
}

pub(super) fn interval(rate: Rate) -> String {
    range(rate.interval.0, rate.interval.1)
}

fn line(line: &Line, lang: Lang) -> String {
    let Some(r) = line.rate else { return line.name.get(lang).to_owned() };
    let name = visible(line.name.get(lang));
    m::BRIEF_LINE.with(
        lang,
        &[("name", &name), ("rate", &rate(r)), ("interval", &interval(r)), ("n", &r.n), ("fail", &line.tally.fail)],
    )
}

fn case(row: &LedgerRow, lang: Lang) -> String {
    let unit = if row.unit.is_empty() { m::SOURCE_UNIT_NONE.get(lang) } else { &row.unit };
    let target = format!("{} {}", row.target, row.target_name.get(lang));
    let place = if row.place.is_empty() { row.place_type_name.get(lang) } else { &row.place };
    let shown = m::BRIEF_CASE.with(
        lang,
        &[
            ("serial", &row.serial),
            ("site", &visible(row.site_name.get(lang))),
            ("place", &visible(place)),
            ("target", &visible(&target)),
            ("what", &visible(&row.what)),
            ("days", &row.days.unwrap_or(0)),
            ("state", &state(row.state).get(lang)),
            ("unit", &visible(unit)),
        ],
    );
    shown.replace(" ：", "：").replace(" :", ":")
}

fn change(change: &CategoryChanges, lang: Lang) -> String {
    let (before, now) = change.changes.rates().map_or_else(Default::default, |(b, n)| (rate(b), rate(n)));
    let name = visible(change.name.get(lang));
    let n = change.changes.now.all();
    let (fixed, newly) = (change.changes.fixed, change.changes.newly_failing);
    m::BRIEF_CHANGE.with(
        lang,
        &[("name", &name), ("before", &before), ("now", &now), ("n", &n), ("fixed", &fixed), ("newly", &newly)],
    )
}

/// What one must know before one uses the figures.
fn cautions(report: &Report, lang: Lang) -> Vec<String> {
    let about = &report.about;
    let in_rate = report.summary.total.line.tally.disputed;
    let disputes = (about.open_disputes > 0)
        .then(|| m::CAUTION_DISPUTES.with(lang, &[("n", &about.open_disputes), ("rate", &in_rate)]));
    let counts = [
        (about.odd_sessions, m::CAUTION_ODD),
        (about.unfinished_walks, m::CAUTION_UNFINISHED),
        (about.later_sessions, m::CAUTION_LATER),
        (report.closure.without_unit, m::CAUTION_UNIT),
    ];
    let counts = counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, msg)| msg.with(lang, &[("n", &n)]));
    let names = [
        (&about.unknown_targets, m::CAUTION_TARGETS),
        (&about.unknown_sites, m::CAUTION_SITES),
        (&about.other_checklists, m::CAUTION_LISTS),
        (&about.other_editions, m::CAUTION_EDITIONS),
        (&about.other_districts, m::CAUTION_DISTRICTS),
    ];
    let names = names.into_iter().filter(|(ids, _)| !ids.is_empty());
    let names = names.map(|(ids, msg)| msg.with(lang, &[("ids", &visible(&ids.join(", ")))]));
    disputes.into_iter().chain(counts).chain(names).collect()
}

/// The ranking as text, ready to paste into a message: the red list, the black list, all ranks.
pub(super) fn ranking(report: &Report, lang: Lang) -> Vec<String> {
    let ranking = &report.ranking;
    let district = visible(report.about.district.get(lang));
    let mut lines = vec![m::PASTE_TITLE.with(lang, &[("district", &district), ("date", &report.about.as_of)])];
    lines.extend(ranking.overall.map(|r| m::PASTE_OVERALL.with(lang, &[("rate", &rate(r)), ("n", &r.n)])));
    for (title, list) in [(m::PASTE_RED, Stands::Red), (m::PASTE_BLACK, Stands::Black)] {
        let named: Vec<String> = ranking.on(list).map(|r| ranked(r, lang)).collect();
        if named.is_empty() {
            lines.push(format!("{}: {}", title.get(lang), m::PASTE_NONE.get(lang)));
        } else {
            lines.push(title.get(lang).to_owned());
            lines.extend(named);
        }
    }
    // The first of one is no rank.
    if ranking.ranked.len() > 1 {
        lines.push(m::PASTE_RANKED.get(lang).to_owned());
        lines.extend(ranking.ranked.iter().map(|r| ranked(r, lang)));
    }
    let (few, none): (Vec<&Unranked>, Vec<&Unranked>) = ranking.too_few.iter().partition(|u| u.n > 0);
    let name = |u: &&Unranked| visible(u.name.get(lang)).into_owned();
    let counted = |u: &&Unranked| m::PASTE_COUNT.with(lang, &[("name", &name(u)), ("n", &u.n)]);
    let few = (m::PASTE_FEW, few.iter().map(counted).collect::<Vec<_>>());
    let none = (m::PASTE_UNSEEN, none.iter().map(name).collect::<Vec<_>>());
    for (msg, names) in [few, none] {
        if !names.is_empty() {
            lines.push(msg.with(lang, &[("names", &names.join(m::LIST_COMMA.get(lang)))]));
        }
    }
    lines
}

fn ranked(r: &Ranked, lang: Lang) -> String {
    let name = visible(r.name.get(lang));
    m::PASTE_LINE.with(
        lang,
        &[
            ("rank", &r.rank),
            ("name", &name),
            ("rate", &rate(r.rate)),
            ("interval", &interval(r.rate)),
            ("n", &r.rate.n),
        ],
    )
}
