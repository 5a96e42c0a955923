//! ```text
//!  xunjie  复核 陈主任  截至 2020-08-22        待裁定 63  已保存 09:41
//!  [概览]  分歧 63  问题 120  人员 4  输入 49
//! ┌ 概览 ──────────────────────────────── 各点位最近一次 ┐
//! │  社区        合格率    n  覆盖   1   2   3 ...        │
//! │> 周楼社区    83-86%  120  64%   90  80 ...            │
//! └──────────────────────────────────────────────────────┘
//!  what the chosen row rests on: records by person, the course of a case
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::archive::cases::{Case, CaseState, Step, What};
use crate::archive::reading::{Cell, Key, Look, Outcome, Reading, State};
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::Verdict;
use crate::report::{PersonRow, Rounds, SiteRow, TOO_FEW, Tally};
use crate::tell;
use crate::text::{cut, fit, visible, width, wrap};
use crate::tui::app::App;
use crate::tui::app::review::{Review, Tab};
use crate::tui::app::ruling::{Deed, ReasonBox};
use crate::tui::app::saving::Saving;
use crate::tui::app::walk::verdict_name;
use crate::tui::theme::{Role, role};
use crate::tui::view::{Spot, boxed, inside, put, row_spots, shown_rows, small};

/// The width of a percentage with the space before it.
const PERCENT: usize = 5;

pub fn draw(frame: &mut Frame, area: Rect, app: &App, review: &Review) {
    tabs(frame, Rect { height: 1, ..area }, app, review);
    let details = detail_lines(app, review, usize::from(area.width).saturating_sub(2));
    let (list, detail) = lists(area, review);
    let (left, right) = title(app, review);
    let inner = boxed(frame, list, &left, &right, app);
    let cells = usize::from(inner.width);
    let head = heading(app, review, cells);
    let skip = u16::try_from(head.len()).unwrap_or(0);
    for (i, line) in (0..).zip(&head) {
        put(frame, inner, i, &fit(line, cells), app.theme.style(Role::Faint));
    }
    let rows = rows(app, review, cells.saturating_sub(2));
    let cursor = review.cursor(app);
    if rows.is_empty() {
        let none = if review.tab == Tab::Cases { m::NO_CASES } else { m::NO_DISPUTES };
        put(frame, inner, skip, &format!(" {}", none.get(app.lang)), app.theme.style(Role::Faint));
    }
    for (i, area) in shown_rows(below_heading(inner, skip), cursor, rows.len(), app.top) {
        let (role, text) = &rows[i];
        let focused = i == cursor;
        let style = app.theme.style(if focused { Role::Focus } else { *role });
        let text = fit(&format!("{} {text}", if focused { ">" } else { " " }), cells);
        put(frame, area, 0, &text, style);
    }
    for (i, (role, text)) in (0..detail.height).zip(details) {
        put(frame, detail, i, &format!(" {text}"), app.theme.style(role));
    }
}

/// The box of the list, and what the chosen row rests on below it. The rows below keep their place from row to row, so that
/// the list does not jump; a long detail is a page.
fn lists(area: Rect, review: &Review) -> (Rect, Rect) {
    let below = if has_detail(review) { (area.height / 3).clamp(4, 10) } else { 0 };
    let list = Rect { y: area.y + 1, height: area.height - 1 - below, ..area };
    (list, Rect { y: list.bottom(), height: below, ..area })
}

fn below_heading(inner: Rect, skip: u16) -> Rect {
    Rect { y: inner.y + skip, height: inner.height.saturating_sub(skip), ..inner }
}

/// What a click means: a page, a row.
pub fn spots(area: Rect, app: &App, review: &Review) -> Vec<(Rect, Spot)> {
    let inner = inside(lists(area, review).0);
    let cells = usize::from(inner.width);
    let list = below_heading(inner, small(heading(app, review, cells).len()));
    let rows = rows(app, review, cells.saturating_sub(2)).len();
    let mut spots = row_spots(list, review.cursor(app), rows, app);
    spots.extend(shown_tabs(area, app, review).into_iter().map(|(tab, area, _)| (area, Spot::Page(tab))));
    spots
}

/// What the header says.
pub fn header(app: &App, review: &Review) -> (String, String) {
    let lang = app.lang;
    let left = m::REVIEW_OF.with(lang, &[("by", &review.by.shown()), ("date", &review.as_of)]);
    let open = m::OPEN_DISPUTES.with(lang, &[("n", &review.open_disputes)]);
    let shown = |(saving, events, _): (&Saving, usize, _)| app.copy.beside(saving.shown(events, lang), lang);
    let saved = review.open_log().map(|open| format!("  {}", shown(open)));
    (left, format!("{open}{}", saved.unwrap_or_default()))
}

fn tabs(frame: &mut Frame, area: Rect, app: &App, review: &Review) {
    for (tab, area, text) in shown_tabs(area, app, review) {
        let role = if tab == review.tab { Role::Title } else { Role::Faint };
        put(frame, area, 0, &text, app.theme.style(role));
    }
}

/// The pages, each with its place and what it says, as many as there is room for.
fn shown_tabs(area: Rect, app: &App, review: &Review) -> Vec<(Tab, Rect, String)> {
    let mut shown = Vec::new();
    let open = review.cases.iter().filter(|c| c.state != CaseState::Verified).count();
    let mut x = area.x + 1;
    for tab in Tab::ALL {
        let name = tab.name().get(app.lang);
        let text = match tab {
            Tab::Disputes => format!("{name} {}", review.open_disputes),
            Tab::Cases => format!("{name} {open}"),
            Tab::Inputs if review.inputs.faulty() > 0 => {
                format!("{name} {} !{}", review.inputs.files.len(), review.inputs.faulty())
            }
            Tab::Inputs => format!("{name} {}", review.inputs.files.len()),
            Tab::Overview | Tab::People => name.to_owned(),
        };
        let chosen = tab == review.tab;
        let text = if chosen { format!("[{text}]") } else { format!(" {text} ") };
        let cells = small(width(&text));
        if x + cells > area.right() {
            break;
        }
        shown.push((tab, Rect { x, width: cells, height: 1, ..area }, text));
        x += cells + 1;
    }
    shown
}

fn has_detail(review: &Review) -> bool {
    matches!(review.tab, Tab::Disputes | Tab::Cases | Tab::Inputs)
}

fn title(app: &App, review: &Review) -> (String, String) {
    let lang = app.lang;
    let n = review.rows(app);
    let at = if n == 0 { 0 } else { review.cursor(app) + 1 };
    let count = format!("{at}/{n}");
    match review.tab {
        Tab::Overview => {
            let rounds = match &review.rounds {
                Rounds::Latest => m::LATEST.get(lang).to_owned(),
                Rounds::One(round) => m::ROUND_SHOWN.with(lang, &[("round", &visible(round.as_str()))]),
            };
            let name = review.site.as_ref().map(|s| app.site_name(Some(s)));
            let site = review.site.as_ref().and_then(|s| review.overview.sites.iter().find(|row| row.site == *s));
            let total = site.map_or(&review.overview.total, |row| &row.total);
            (
                name.unwrap_or_else(|| Tab::Overview.name().get(lang).to_owned()),
                format!("{rounds}  {} {}", m::TOTAL.get(lang), whole_rate(total)),
            )
        }
        Tab::Disputes => (review.disputes_shown.name().get(lang).to_owned(), count),
        Tab::Cases => {
            let order = review.cases_order.name().get(lang);
            (review.cases_shown.name().get(lang).to_owned(), format!("{order}  {count}"))
        }
        tab => (tab.name().get(lang).to_owned(), count),
    }
}

/// What stands over the columns.
fn heading(app: &App, review: &Review, cells: usize) -> Vec<String> {
    let say = |msg: Msg| msg.get(app.lang);
    match review.tab {
        Tab::Overview if review.site.is_none() => {
            let mut line = format!(
                "  {} {} {:>5} {}",
                fit(say(m::COL_SITE), site_cells(cells)),
                right(say(m::COL_RATE), 8),
                "n",
                right(say(m::COL_SEEN), PERCENT)
            );
            for category in app.checklist.categories.iter().take(shown_categories(app, cells)) {
                line.push_str(&format!("{:>PERCENT$}", category.no));
            }
            vec![line]
        }
        Tab::People => vec![format!(
            "  {} {} {} {} {} {} {} {:>6} {:>6}",
            fit(say(m::COL_PERSON), 14),
            right(say(m::COL_WALKS), 5),
            right(say(m::COL_TARGETS), 7),
            right(say(m::COL_PACE), 6),
            right(say(m::COL_PASSED), 5),
            right(say(m::COL_DOUBLE), 6),
            right(say(m::COL_RAW), 5),
            "kappa",
            "AC1"
        )],
        _ => Vec::new(),
    }
}

fn rows(app: &App, review: &Review, cells: usize) -> Vec<(Role, String)> {
    match review.tab {
        Tab::Overview if review.site.is_some() => {
            review.targets.iter().enumerate().map(|(at, (state, _))| target_row(app, at, *state)).collect()
        }
        Tab::Overview => review.overview.sites.iter().map(|row| site_row(app, row, cells)).collect(),
        Tab::Disputes => review.disputes.iter().map(|key| dispute_row(app, review, key)).collect(),
        Tab::Cases => review.listed_cases.iter().map(|i| case_row(app, review, &review.cases[*i], cells)).collect(),
        Tab::People => review.people.iter().map(|row| person_row(app, row)).collect(),
        Tab::Inputs => input_rows(app, review),
    }
}

fn site_cells(cells: usize) -> usize {
    if cells < 70 { 18 } else { 14 }
}

/// How many categories have a column beside site, rate, n and coverage.
fn shown_categories(app: &App, cells: usize) -> usize {
    let room = cells.saturating_sub(site_cells(cells) + 24) / PERCENT;
    app.checklist.categories.len().min(room)
}

fn site_row(app: &App, row: &SiteRow, cells: usize) -> (Role, String) {
    let cells = cells + 2;
    let name = if row.known { row.name.get(app.lang).to_owned() } else { format!("? {}", row.name.get(app.lang)) };
    let total = &row.total;
    let n = total.rate().map_or(0, |r| r.n);
    let seen = percent(total.seen() as f64 / total.all().max(1) as f64);
    let mut text = format!("{} {:>8} {n:>5} {seen:>PERCENT$}", fit(&visible(&name), site_cells(cells)), rate(total));
    for tally in row.categories.iter().take(shown_categories(app, cells)) {
        text.push_str(&format!("{:>PERCENT$}", short_rate(tally)));
    }
    let role = match total {
        Tally { disputed: 1.., .. } => Role::Warn,
        t if t.seen() == 0 => Role::Faint,
        _ => Role::Text,
    };
    (role, text)
}

/// `83-86%`, or one figure where nothing is disputed.
fn rate(tally: &Tally) -> String {
    match tally.rate() {
        None => "-".into(),
        Some(r) => {
            let (low, high) = (format!("{:.0}", r.low * 100.0), format!("{:.0}", r.high * 100.0));
            if low == high { format!("{low}%") } else { format!("{low}-{high}%") }
        }
    }
}

/// The rate with its 95 % interval and what it rests on.
fn whole_rate(tally: &Tally) -> String {
    match tally.rate() {
        None => "-".into(),
        Some(r) => {
            let (low, high) = r.interval;
            format!("{} ({:.0}-{:.0}) n={}", rate(tally), low * 100.0, high * 100.0, r.n)
        }
    }
}

/// The low end: what is disputed never counts as a pass.
fn short_rate(tally: &Tally) -> String {
    tally.rate().map_or("-".into(), |r| format!("{:.0}", r.low * 100.0))
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

fn right(text: &str, cells: usize) -> String {
    format!("{}{text}", " ".repeat(cells.saturating_sub(width(text))))
}

fn state_mark(state: State) -> (&'static str, Role) {
    match state {
        State::Pass => ("P", Role::Good),
        State::Fail => ("F", Role::Bad),
        State::Na => ("N", Role::Text),
        State::Unseen => ("-", Role::Warn),
        State::Disputed => ("?", Role::Warn),
        State::NotInspected => (".", Role::Faint),
    }
}

fn target_row(app: &App, at: usize, state: State) -> (Role, String) {
    let target = app.checklist.target(at);
    let (mark, role) = state_mark(state);
    (role, format!("{mark} {:<5} {}", target.id, visible(target.name.get(app.lang))))
}

fn target_name(app: &App, key: &crate::checklist::TargetId) -> String {
    let name = app.checklist.position(key).map_or("?", |at| app.checklist.target(at).name.get(app.lang));
    format!("{key:<5} {}", visible(name))
}

fn dispute_row(app: &App, review: &Review, key: &Key) -> (Role, String) {
    let outcome = review.reading.cell(key).map_or(Outcome::Nothing, |c| review.reading.standing(c).outcome);
    let word =
        if outcome == Outcome::Disputed { String::new() } else { format!("{}  ", outcome_name(outcome, app.lang)) };
    let site = app.site_name(key.site.as_ref());
    let spot = app.spot_name(key.place.as_ref());
    let text = format!("{}  {word}{site} {spot}  {}", target_name(app, &key.target), visible(key.round.as_str()));
    (if outcome.is_open() { Role::Text } else { Role::Good }, text)
}

fn outcome_name(outcome: Outcome, lang: Lang) -> String {
    let word = |msg: Msg| msg.get(lang).to_owned();
    match outcome {
        Outcome::Nothing => word(m::UNANSWERED),
        Outcome::Agreed(v) => format!("{}: {}", word(m::OUTCOME_AGREED), verdict_name(v).get(lang)),
        Outcome::Ruled(v) => format!("{}: {}", word(m::OUTCOME_RULED), verdict_name(v).get(lang)),
        Outcome::SentBack => word(m::OUTCOME_SENT_BACK),
        Outcome::Disputed => word(m::OUTCOME_DISPUTED),
        Outcome::Reopened => word(m::OUTCOME_REOPENED),
        Outcome::RulersDiffer => word(m::OUTCOME_RULERS),
    }
}

fn case_row(app: &App, review: &Review, case: &Case, cells: usize) -> (Role, String) {
    let lang = app.lang;
    let overdue = case.is_overdue(&app.checklist, review.as_of);
    let (word, role) = match case.state {
        CaseState::Verified => (m::CASE_VERIFIED, Role::Good),
        CaseState::Claimed => (m::CASE_CLAIMED, Role::Text),
        CaseState::Back => (m::CASE_BACK, Role::Warn),
        CaseState::Open => (m::CASE_OPEN, Role::Text),
    };
    let role = if overdue { Role::Bad } else { role };
    let mark = if overdue { "!" } else { " " };
    let due = case.due(&app.checklist).map_or("-".to_owned(), |d| d.to_string()[2..].to_owned());
    let back = if case.returns > 0 && case.state != CaseState::Back { m::CASE_BACK.get(lang) } else { "" };
    let unit = visible(&case.unit().unwrap_or_default()).into_owned();
    let site = app.site_name(case.subject.site.as_ref());
    let spot = app.spot_name(case.subject.place.as_ref());
    let named = |at| app.checklist.target(at).name.get(lang).to_owned();
    let named = || app.checklist.position(&case.subject.target).map(named);
    let note = case.note().or_else(named).unwrap_or_default();
    let note = visible(&note);
    let place = format!("{site} {spot}");
    let room = (cells.saturating_sub(27) / 2).clamp(12, 36);
    let text = format!(
        "{} {mark}{due:>8} {:<5} {}  {note} {unit} {back}",
        fit(word.get(lang), if lang == Lang::Zh { 8 } else { 9 }),
        case.subject.target,
        fit(&place, room)
    );
    (role, text.trim_end().to_owned())
}

fn person_row(app: &App, row: &PersonRow) -> (Role, String) {
    let lang = app.lang;
    let n = row.agreement.n();
    let judged = row.verdicts.pass + row.verdicts.fail;
    let passed = if judged == 0 { "-".into() } else { percent(row.verdicts.pass as f64 / judged as f64) };
    let figure = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.2}"));
    let agreement = if n < TOO_FEW {
        right(m::TOO_FEW.get(lang), 19)
    } else {
        let a = &row.agreement;
        format!("{:>5} {:>6} {:>6}", a.raw().map_or("-".into(), percent), figure(a.kappa()), figure(a.ac1()))
    };
    let pace = row.pace.map_or("-".into(), |s| format!("{s:.0}"));
    let targets = format!("{}/{}", row.targets, app.checklist.len());
    let odd: Vec<String> = row
        .other_names
        .iter()
        .map(|name| visible(name.as_str()).into_owned())
        .chain(row.other_codes.iter().map(|c| format!("= {c}?")))
        .collect();
    let text = format!(
        "{} {:>5} {targets:>7} {pace:>6} {passed:>5} {n:>6} {agreement} {}",
        fit(&visible(row.person.shown()), 14),
        row.walks,
        odd.join(" ")
    );
    (Role::Text, text.trim_end().to_owned())
}

/// Files that were not taken whole, then what is odd about sessions, then all others.
fn input_rows(app: &App, review: &Review) -> Vec<(Role, String)> {
    let lang = app.lang;
    let mut rows = Vec::new();
    for input in &review.inputs.files {
        let path = tell::path(&input.path);
        let wrong = tell::input(lang, input).into_iter().next();
        rows.push(match (&input.read, wrong) {
            (Err(_), wrong) => (Role::Bad, format!("{path}: {}", wrong.unwrap_or_default())),
            (Ok(_), Some(wrong)) => (Role::Warn, format!("{path}: {wrong}")),
            (Ok(content), None) => {
                let read = m::INPUT_READ.with(lang, &[("sessions", &content.sessions), ("events", &content.events)]);
                (Role::Text, format!("{path}: {read}"))
            }
        });
    }
    let aside = &review.inputs.left_aside;
    if !aside.is_empty() {
        let names: Vec<String> = aside.iter().map(|path| tell::path(path)).collect();
        rows.push((Role::Text, m::LEFT_ASIDE.with(lang, &[("n", &aside.len()), ("names", &names.join(" "))])));
    }
    for sitting in review.reading.sessions.iter().filter(|s| !s.oddities.is_empty()) {
        let head = &sitting.head;
        let site = head.site.as_ref().map_or("", |s| s.name.get(lang));
        let odd: Vec<String> = sitting.oddities.iter().map(|o| tell::oddity(lang, o)).collect();
        let who = visible(&format!("{} {site} {}", head.started.date(), head.by.shown())).into_owned();
        rows.push((Role::Warn, format!("{who}: {}", odd.join("; "))));
    }
    rows.extend(review.strangers.iter().map(|(msg, ids)| {
        let named = ids.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        (Role::Warn, msg.with(lang, &[("n", &ids.len()), ("ids", &visible(&named))]))
    }));
    rows.sort_by_key(|(role, _)| match role {
        Role::Bad => 0,
        Role::Warn => 1,
        _ => 2,
    });
    rows
}

/// What the chosen row rests on.
fn detail_lines(app: &App, review: &Review, cells: usize) -> Vec<(Role, String)> {
    match review.tab {
        Tab::Disputes => review.dispute(app).map_or(Vec::new(), |(key, cell)| evidence(app, review, key, cell, cells)),
        Tab::Cases => review.case(app).map_or(Vec::new(), |(_, case)| case_lines(app, case, cells)),
        Tab::Inputs => {
            let row = input_rows(app, review).into_iter().nth(review.cursor(app));
            let lines = row.map(|(role, text)| wrap(&text, cells).into_iter().map(move |l| (role, l)));
            lines.into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// All records of some keys, as a page.
pub fn evidence_page(app: &App, review: &Review, keys: &[Key], cells: usize) -> Vec<(Role, String)> {
    let mut lines = Vec::new();
    for key in keys {
        if let Some(cell) = review.reading.cell(key) {
            lines.extend(evidence(app, review, key, cell, cells));
        }
    }
    if lines.is_empty() {
        lines.push((Role::Faint, m::NONE.get(app.lang).to_owned()));
    }
    lines
}

/// Who found what of a key, in the order of persons, with the number that rules for each record.
fn evidence(app: &App, review: &Review, key: &Key, cell: &Cell, cells: usize) -> Vec<(Role, String)> {
    let lang = app.lang;
    let reading = &review.reading;
    let standing = reading.standing(cell);
    let (site, spot) = (app.site_name(key.site.as_ref()), app.spot_name(key.place.as_ref()));
    let head = format!("{}  {site} {spot}  {}", target_name(app, &key.target), visible(key.round.as_str()));
    let mut lines = vec![(Role::Title, cut(&head, cells).into_owned())];
    let mut add = |role: Role, text: String| lines.extend(wrap(&text, cells).into_iter().map(|l| (role, l)));
    for (i, look) in standing.looks.iter().enumerate() {
        add(role(Some(look.verdict)), format!("{} {}", i + 1, look_text(reading, look, lang)));
    }
    for look in &standing.superseded {
        add(Role::Faint, format!("  {} {}", look_text(reading, look, lang), m::SUPERSEDED.get(lang)));
    }
    for (decision, holds) in &standing.decisions {
        let msg = if *holds { m::RULED_BY } else { m::RULED_BEFORE };
        let by = visible(reading.head(decision.session).by.shown()).into_owned();
        let verdict = match decision.verdict {
            Verdict::Unseen => m::OUTCOME_SENT_BACK.get(lang),
            verdict => verdict_name(verdict).get(lang),
        };
        let reason = match decision.reason.as_str() {
            "" => m::NO_REASON.get(lang).to_owned(),
            reason => visible(reason).into_owned(),
        };
        add(Role::Title, msg.with(lang, &[("by", &by), ("verdict", &verdict), ("reason", &reason)]));
    }
    if standing.outcome.is_open() || standing.decisions.is_empty() {
        add(Role::Faint, outcome_name(standing.outcome, lang));
    }
    lines
}

fn look_text(reading: &Reading, look: &Look, lang: Lang) -> String {
    let by = visible(reading.head(look.session).by.shown()).into_owned();
    let note = look.note().map_or(String::new(), |n| visible(n.as_str()).into_owned());
    let verdict = verdict_name(look.verdict).get(lang);
    format!("{by}  {verdict}  {} {}  {note}", look.at.date(), look.at.time()).trim_end().to_owned()
}

/// What happened to a case, in order.
pub fn case_lines(app: &App, case: &Case, cells: usize) -> Vec<(Role, String)> {
    let (site, spot) = (app.site_name(case.subject.site.as_ref()), app.spot_name(case.subject.place.as_ref()));
    let disputed = if case.disputed { m::CASE_DISPUTED.get(app.lang) } else { "" };
    let head = format!("{}  {site} {spot}  {disputed}", target_name(app, &case.subject.target));
    let mut lines = vec![(Role::Title, cut(head.trim_end(), cells).into_owned())];
    // The latest first: that is what one decides by.
    for step in case.steps.iter().rev() {
        let (role, text) = step_text(step, app.lang);
        lines.extend(wrap(&text, cells).into_iter().map(|l| (role, l)));
    }
    lines
}

fn step_text(step: &Step, lang: Lang) -> (Role, String) {
    let (word, role) = match step.what {
        What::Failed => (m::STEP_FAILED, Role::Bad),
        What::Passed => (m::STEP_PASSED, Role::Good),
        What::PassedByClaimer => (m::STEP_OWN_PASS, Role::Warn),
        What::PassedInDoubt => (m::STEP_IN_DOUBT, Role::Warn),
        What::Claimed => (m::STEP_CLAIMED, Role::Text),
    };
    let note = step.note.as_ref().map_or(String::new(), |n| visible(n.as_str()).into_owned());
    let unit = step.unit.as_ref().map_or(String::new(), |u| visible(u.as_str()).into_owned());
    let by = visible(step.by.shown()).into_owned();
    let text = format!("{} {}  {}  {by}  {note}  {unit}", step.at.date(), step.at.time(), word.get(lang));
    (role, text.trim_end().to_owned())
}

/// What is decided, over the line in which the reason is typed.
pub fn reason_title(reason: &ReasonBox, lang: Lang) -> String {
    match &reason.deed {
        Deed::Rule(key, Verdict::Unseen) => m::TITLE_SEND_BACK.with(lang, &[("id", &key.target)]),
        Deed::Rule(key, verdict) => {
            m::TITLE_RULE.with(lang, &[("id", &key.target), ("verdict", &verdict_name(*verdict).get(lang))])
        }
        Deed::Fixed(_) => m::TITLE_FIXED.get(lang).to_owned(),
    }
}
