//! ```text
//!  xunjie  农业路社区 张三 自查 2020-08-22                已保存 09:41  87/184
//! ┌ 类别 ──────────────────┐┌ 3 市容环境卫生 ─────────────────── 31/66 F4 ┐
//! │ 1 组织管理    4/10     ││ P 3.09  果皮箱间距合适                       │
//! │>3 市容环境   31/66  F4 ││ F 3.10  果皮箱完好不满溢        桶满, 两处   │
//! └────────────────────────┘└──────────────────────────────────────────────┘
//!  3.11 临街立面阳台整洁 / Facades, balconies, windows tidy
//!  ... what to look at, pass, fail, limit, last known result
//! ```
//! Below 80x24 the categories give way and the target is told in three lines.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::archive::Known;
use crate::checklist::{Due, Mark, Method, Reach, Target};
use crate::district::Source;
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::{Name, Verdict};
use crate::text::{cut, fit, visible, width, wrap};
use crate::tui::app::App;
use crate::tui::app::counts::Count;
use crate::tui::app::walk::{Filter, Walk, place_name, verdict_name};
use crate::tui::theme::{Role, mark, role};
use crate::tui::view::{Spot, WHOLE, big, boxed, inside, put, row_spots, shown_rows};

/// Width of the box of categories.
const CATEGORIES: u16 = 26;
/// Cells that a note or an earlier result keeps beside a long name.
const BESIDE: usize = 14;
/// Rows of the target in full at 80x24; more where there is more room.
const DETAIL: u16 = 10;
/// Rows of the target in a small window.
const SHORT: u16 = 6;

pub fn draw(frame: &mut Frame, area: Rect, app: &App, walk: &Walk) {
    if app.big {
        return big::draw(frame, area, app, walk);
    }
    let parts = Parts::of(area, app);
    if let Some(area) = parts.categories {
        categories(frame, area, app, walk);
    }
    targets(frame, parts.targets, app, walk);
    if let Some(at) = app.focused() {
        let target = app.checklist.target(at);
        let whole = parts.categories.is_some();
        let tell = if whole { full } else { short };
        frame.render_widget(Paragraph::new(tell(app, walk, target, parts.detail)), parts.detail);
    }
}

/// The parts of the screen of a walk.
struct Parts {
    categories: Option<Rect>,
    targets: Rect,
    detail: Rect,
}

impl Parts {
    fn of(area: Rect, app: &App) -> Self {
        let whole = area.width >= WHOLE.0 && app.size.1 >= WHOLE.1;
        let spare = area.height.saturating_sub(21) / 2;
        // What an alarm or a long message takes, the target in full gives, so that the list keeps its rows.
        let taken = (app.size.1.saturating_sub(3)).saturating_sub(area.height).min(3);
        let detail_rows = if whole { DETAIL + spare.min(8) - taken } else { SHORT };
        let lists = Rect { height: area.height - detail_rows, ..area };
        let aside = if whole { CATEGORIES } else { 0 };
        Self {
            categories: whole.then_some(Rect { width: aside, ..lists }),
            targets: Rect { x: lists.x + aside, width: lists.width - aside, ..lists },
            detail: Rect { y: lists.bottom(), height: detail_rows, ..area },
        }
    }
}

/// What a click means: a target, a category. The big card has nothing to choose from.
pub fn spots(area: Rect, app: &App, walk: &Walk) -> Vec<(Rect, Spot)> {
    if app.big {
        return Vec::new();
    }
    let parts = Parts::of(area, app);
    let (rows, at) = rows_and_cursor(app, walk);
    let mut spots = row_spots(inside(parts.targets), at, rows.len(), app);
    for (_, spot) in &mut spots {
        if let Spot::Row { at, .. } = spot {
            *at = rows[*at];
        }
    }
    let categories = parts.categories.map(|area| shown_categories(inside(area), app));
    spots.extend(categories.into_iter().flatten().map(|(i, area)| (area, Spot::Category(i))));
    spots
}

/// The categories that are shown, each with its place.
fn shown_categories(area: Rect, app: &App) -> impl Iterator<Item = (usize, Rect)> {
    let focus = app.focused().map_or(0, |at| app.checklist.category_of(at));
    shown_rows(area, focus, app.checklist.categories.len(), None)
}

/// The targets of the list, and which of them is the focused one.
fn rows_and_cursor(app: &App, walk: &Walk) -> (Vec<usize>, usize) {
    let listed = walk.listed(&app.checklist);
    let cursor = walk.cursor(&listed);
    let (.., rows) = slice(app, walk, &listed, cursor);
    let at = rows.iter().position(|r| Some(r) == listed.get(cursor)).unwrap_or(0);
    (rows, at)
}

/// What the header says: who, where and why on the left, what is saved and counted on the right.
pub fn header(app: &App, walk: &Walk) -> (String, String) {
    let head = &walk.session.head;
    let site = head.site.as_ref().map_or("", |s| s.name.get(app.lang));
    let source = head.source.map(|s| source_name(app, s)).unwrap_or_default();
    let round = head.round.as_ref().map_or("", |r| r.as_str());
    let place = match &walk.place {
        Some(place) => place.name.as_ref().map_or_else(|| place_name(&app.checklist, place, app.lang), Name::to_string),
        None => m::WHOLE_SITE.get(app.lang).to_owned(),
    };
    let site = match &walk.recheck {
        Some(_) => format!("{} {site}", m::RECHECK.get(app.lang)),
        None => site.to_owned(),
    };
    let left = format!("{site} / {place}  {}  {source}  {round}", head.by.shown());
    let count = walk.count_all(&app.checklist);
    let saved = if walk.writable {
        app.copy.beside(walk.saving.shown(walk.session.events().len(), app.lang), app.lang)
    } else {
        m::READING.get(app.lang).to_owned()
    };
    (left, format!("{saved}  {}/{}", count.done, count.total))
}

fn source_name(app: &App, source: Source) -> String {
    app.district.source(source).map_or(source.code(), |s| s.name.get(app.lang)).to_owned()
}

/// What the message line says when nothing has happened: where one stands and what is filtered.
pub fn hint(app: &App, walk: &Walk) -> String {
    let lang = app.lang;
    if walk.session.events().len() < 10 && walk.recheck.is_some() {
        return m::RECHECK_HINT.get(lang).to_owned();
    }
    let somewhere = walk.place.is_some() || walk.session.standings().any(|s| s.judgement.place.is_some());
    if walk.session.events().len() < 10 && walk.writable && !somewhere {
        return m::FIRST_HINT.get(lang).to_owned();
    }
    String::new()
}

fn categories(frame: &mut Frame, area: Rect, app: &App, walk: &Walk) {
    let list = &app.checklist;
    let inner = boxed(frame, area, m::CATEGORIES.get(app.lang), "", app);
    let focus = app.focused().map(|at| list.category_of(at));
    for (i, area) in shown_categories(inner, app) {
        let category = &list.categories[i];
        let count = walk.count(list, i);
        let here = focus == Some(i);
        let arrow = if here { ">" } else { " " };
        let name = fit(&visible(category.short.get(app.lang)), 11);
        let fails = if count.fails > 0 { format!("F{}", count.fails) } else { String::new() };
        let done = if count.total == 0 { "-".to_owned() } else { format!("{}/{}", count.done, count.total) };
        let text = format!("{arrow}{} {name} {done:>5} {fails}", category.no);
        let role = match (here, count) {
            (true, _) => Role::Title,
            (_, Count { fails: 1.., .. }) => Role::Bad,
            (_, Count { total: 0, .. }) => Role::Faint,
            (_, c) if c.done == c.total => Role::Good,
            _ => Role::Text,
        };
        put(frame, area, 0, &text, app.theme.style(role));
    }
}

fn targets(frame: &mut Frame, area: Rect, app: &App, walk: &Walk) {
    let list = &app.checklist;
    let listed = walk.listed(list);
    let cursor = walk.cursor(&listed);
    let (title, count, _) = slice(app, walk, &listed, cursor);
    let (rows, at) = rows_and_cursor(app, walk);
    let fails = if count.fails > 0 { format!(" F{}", count.fails) } else { String::new() };
    let right = format!("{}/{}{fails}", count.done, count.total);
    let inner = boxed(frame, area, &title, &right, app);
    if rows.is_empty() {
        put(frame, inner, 0, m::NOTHING_LISTED.get(app.lang), app.theme.style(Role::Faint));
    }
    for (i, area) in shown_rows(inner, at, rows.len(), app.top) {
        target_row(frame, area, app, walk, rows[i], i == at && !walk.rests());
    }
}

/// What the list shows: one category at a time for the whole site, else everything that applies or is filtered.
pub fn slice(app: &App, walk: &Walk, listed: &[usize], cursor: usize) -> (String, Count, Vec<usize>) {
    let list = &app.checklist;
    if walk.place.is_some() || walk.filter != Filter::All || walk.recheck.is_some() {
        let whole = walk.recheck.as_ref().map(|_| m::WHOLE_SITE.get(app.lang).to_owned());
        let place = walk.place.as_ref().map(|p| place_name(list, p, app.lang)).or(whole);
        let filter = (walk.filter != Filter::All).then(|| walk.filter.name().get(app.lang).to_owned());
        // What is listed goes through the categories: the one at hand heads it.
        let category = listed.get(cursor).map(|at| &list.categories[list.category_of(*at)]);
        let category = category.map(|c| format!("{} {}", c.no, visible(c.short.get(app.lang))));
        let title: Vec<String> = place.into_iter().chain(filter).chain(category).collect();
        return (title.join(" | "), walk.count_here(list), listed.to_vec());
    }
    let Some(at) = listed.get(cursor) else {
        return (String::new(), Count::default(), Vec::new());
    };
    let category = list.category_of(*at);
    let title = format!("{} {}", list.categories[category].no, visible(list.categories[category].name.get(app.lang)));
    let rows = listed.iter().copied().filter(|t| list.category_of(*t) == category).collect();
    (title, walk.count(list, category), rows)
}

fn target_row(frame: &mut Frame, area: Rect, app: &App, walk: &Walk, at: usize, focused: bool) {
    let target = app.checklist.target(at);
    let verdict = walk.verdict(&target.id);
    let cells = usize::from(area.width);
    let beside = beside(app, walk, target);
    let arrow = if focused { ">" } else { " " };
    let name = format!("{:<5} {}", target.id, visible(target.name.get(app.lang)));
    // What stands beside a name keeps some room even where the name is long.
    let kept = if beside.is_empty() { 0 } else { width(&beside).min(BESIDE) + 2 };
    let name = cut(&name, cells.saturating_sub(4 + kept)).into_owned();
    let beside = cut(&beside, cells.saturating_sub(4 + width(&name) + 2)).into_owned();
    let gap = cells.saturating_sub(4 + width(&name) + width(&beside));
    let text = format!("{name}{}{beside}", " ".repeat(gap));
    let mark_style = app.theme.style(role(verdict));
    let text_style = if focused { app.theme.style(Role::Focus) } else { app.theme.style(Role::Text) };
    // A verdict that only stands at some place is told in small letters where one stands nowhere in particular.
    let elsewhere = walk.place.is_none() && walk.session.standing(&target.id, None).is_none();
    let letter = mark(verdict);
    let letter = if elsewhere { letter.to_lowercase() } else { letter.to_owned() };
    let line = Line::from(vec![
        Span::raw(arrow),
        Span::styled(letter, if focused { app.theme.style(Role::Focus) } else { mark_style }),
        Span::styled(format!(" {text}"), text_style),
    ]);
    frame.render_widget(line, area);
}

/// What stands right in a row: what there is of this walk, else what was here before.
fn beside(app: &App, walk: &Walk, target: &Target) -> String {
    let last = || {
        let known = walk.last_known(&target.id)?;
        let date = known.at.date().get(5..).unwrap_or_default();
        Some(m::LAST_SHORT.with(app.lang, &[("mark", &mark(Some(known.verdict))), ("date", &date)]))
    };
    let standing = walk.shown(&target.id).is_some();
    now(app, walk, target).or_else(|| last().filter(|_| !standing)).unwrap_or_default()
}

/// What there is of this walk beside a verdict: a note that is being written, the note, a remark, else why it is looked
/// at again.
pub fn now(app: &App, walk: &Walk, target: &Target) -> Option<String> {
    let lang = app.lang;
    if let Some(draft) = walk.drafts.get(&walk.draft_key(&target.id)) {
        return Some(format!("{}: {}", m::DRAFT.get(lang), visible(draft)));
    }
    if let Some(standing) = walk.shown(&target.id) {
        let note = standing.judgement.note.as_ref().map_or("", |n| n.as_str());
        let place = standing.judgement.place.as_ref().filter(|_| walk.place.is_none());
        let place = place.map(|p| format!("({}) ", place_name(&app.checklist, p, lang))).unwrap_or_default();
        return Some(format!("{place}{}", visible(note)).trim_end().to_owned()).filter(|t| !t.is_empty());
    }
    if let Some(remark) = walk.remark(&target.id) {
        return Some(format!("{}: {}", m::REMARK.get(lang), visible(remark.as_str())));
    }
    let again = walk.recheck.as_ref().zip(app.checklist.position(&target.id));
    again.and_then(|(recheck, at)| recheck.item(walk.place.as_ref(), at)).map(|item| item.shown(lang))
}

/// The focused target in full.
fn full(app: &App, walk: &Walk, target: &Target, area: Rect) -> Vec<Line<'static>> {
    let cells = usize::from(area.width).saturating_sub(2);
    let lang = app.lang;
    let mut lines = vec![title(app, target, cells), plain(&about(app, target), Role::Faint, app, cells)];
    let this = this_walk(app, walk, target);
    let last = walk.last_known(&target.id).map(|k| last_known(app, k));
    let below = usize::from(this.is_some()) + usize::from(last.is_some());
    let room = usize::from(area.height).saturating_sub(lines.len() + below);
    let mut wordings = wordings(app, target, lang, cells);
    let other = self::wordings(app, target, lang.other(), cells);
    if room >= wordings.len() + other.len() {
        wordings.extend(other);
    }
    if wordings.len() > room {
        wordings.truncate(room.saturating_sub(1));
        wordings.push(plain(m::MORE.get(lang), Role::Faint, app, cells));
    }
    lines.extend(wordings);
    lines.extend(last.map(|text| plain(&text, Role::Warn, app, cells)));
    lines.extend(this);
    lines
}

/// The focused target in few lines.
fn short(app: &App, walk: &Walk, target: &Target, area: Rect) -> Vec<Line<'static>> {
    let cells = usize::from(area.width).saturating_sub(2);
    let lang = app.lang;
    let mut lines = vec![title(app, target, cells)];
    let rows = [(m::LABEL_PASS, Role::Good, &target.pass), (m::LABEL_FAIL, Role::Bad, &target.fail)];
    let rows = rows.map(|(label, role, text)| (label, role, text.get(lang).to_owned()));
    // What stands or was known before keeps the last line.
    let room = usize::from(area.height).saturating_sub(1);
    for wrapped in rows_of(app, &rows, lang, cells) {
        let most = if lines.len() == 1 { 2 } else { room.saturating_sub(lines.len()) };
        let more = wrapped.len() > most;
        lines.extend(wrapped.into_iter().take(most));
        if let (true, Some(last)) = (more, lines.last_mut()) {
            last.push_span("~");
        }
    }
    let last = walk.last_known(&target.id).map(|k| last_known(app, k));
    lines.extend(this_walk(app, walk, target).or(last.map(|text| plain(&text, Role::Warn, app, cells))));
    lines
}

fn title(app: &App, target: &Target, cells: usize) -> Line<'static> {
    let other = visible(target.name.get(app.lang.other()));
    let names = format!("{} {} / {other}", target.id, name_of(app, target));
    plain(&names, Role::Title, app, cells)
}

/// The name, with a warning where nothing confirms what it asks for.
pub fn name_of(app: &App, target: &Target) -> String {
    let unconfirmed = match target.evidence.mark {
        Mark::M => format!("({}) ", m::MARK_M.get(app.lang)),
        _ => String::new(),
    };
    format!("{unconfirmed}{}", visible(target.name.get(app.lang)))
}

/// Clause, method, where it is seen, when it must be put right, how sure it is, and where it applies.
pub fn about(app: &App, target: &Target) -> String {
    let lang = app.lang;
    let methods: Vec<&str> = target.method.iter().map(|m| method_name(*m).get(lang)).collect();
    let places: Vec<&str> =
        target.places.iter().map(|p| app.checklist.place_type(p).map_or(p.as_str(), |t| t.name.get(lang))).collect();
    let joint = if lang == Lang::Zh { " " } else { ", " };
    let parts = [
        m::CLAUSE.with(lang, &[("n", &target.clause)]),
        methods.join("+"),
        reach_name(target.reach).get(lang).to_owned(),
        due_name(target.due).get(lang).to_owned(),
        visible(&places.join(joint)).into_owned(),
    ];
    parts.join(" | ")
}

fn wordings(app: &App, target: &Target, lang: Lang, cells: usize) -> Vec<Line<'static>> {
    let mut rows = vec![
        (m::LOOK, Role::Key, target.look.get(lang).to_owned()),
        (m::LABEL_PASS, Role::Good, target.pass.get(lang).to_owned()),
        (m::LABEL_FAIL, Role::Bad, target.fail.get(lang).to_owned()),
    ];
    if let Some(limit) = &target.limit {
        rows.extend(limit.place.as_ref().map(|t| (m::LIMIT_PLACE, Role::Key, t.get(lang).to_owned())));
        rows.extend(limit.area.as_ref().map(|t| (m::LIMIT_AREA, Role::Faint, t.get(lang).to_owned())));
    }
    rows_of(app, &rows, lang, cells).into_iter().flatten().collect()
}

/// Texts with their labels, wrapped beside them; the lines of each together.
pub fn rows_of(app: &App, rows: &[(Msg, Role, String)], lang: Lang, cells: usize) -> Vec<Vec<Line<'static>>> {
    let indent = rows.iter().map(|(label, ..)| width(label.get(lang))).max().unwrap_or(0) + 1;
    let lines = |(label, role, text): &(Msg, Role, String)| {
        let wrapped = wrap(&visible(text), cells.saturating_sub(indent)).into_iter().enumerate();
        let line = |(i, part): (usize, String)| {
            let label = if i == 0 { label.get(lang) } else { "" };
            let label = Span::styled(fit(label, indent), app.theme.style(*role));
            Line::from(vec![Span::raw(" "), label, Span::raw(part)])
        };
        wrapped.map(line).collect()
    };
    rows.iter().map(lines).collect()
}

/// What this walk says of a target here.
fn this_walk(app: &App, walk: &Walk, target: &Target) -> Option<Line<'static>> {
    let cells = 200;
    let standing = walk.shown(&target.id);
    let note = standing.and_then(|s| s.judgement.note.clone()).or(walk.remark(&target.id).cloned());
    let note = note.as_ref().map_or("", |n| n.as_str());
    let place = standing.and_then(|s| s.judgement.place.as_ref()).filter(|_| walk.place.is_none());
    let place = place.map(|p| format!(" ({})", place_name(&app.checklist, p, app.lang))).unwrap_or_default();
    let verdict = standing.map(|s| s.judgement.verdict);
    let word = match verdict {
        Some(verdict) => verdict_name(verdict).get(app.lang),
        None if !note.is_empty() => m::REMARK.get(app.lang),
        None => return None,
    };
    let photos = standing.map_or(0, |s| s.judgement.photos.len());
    let photos =
        if photos > 0 { format!(" [{}]", m::PHOTO_COUNT.with(app.lang, &[("n", &photos)])) } else { String::new() };
    let duty = standing.map(|s| [&s.judgement.unit, &s.judgement.due]).into_iter().flatten().flatten();
    let duty: Vec<String> = duty.map(|name| visible(name.as_str()).into_owned()).collect();
    let duty = if duty.is_empty() { String::new() } else { format!(" ({})", duty.join(" ")) };
    let text = format!("{word}{place}{photos} {}{duty}", visible(note));
    Some(labelled(app, m::THIS_WALK, self::role(verdict), text.trim_end(), cells))
}

/// What was known before, with its label.
pub fn last_known(app: &App, known: &Known) -> String {
    format!("{} {}", m::LAST_HERE.get(app.lang), known_before(app, known))
}

/// What was known before.
pub fn known_before(app: &App, known: &Known) -> String {
    let note = known.note.as_ref().map(|n| visible(n.as_str()).into_owned()).unwrap_or_default();
    let place = known.place.as_ref().map(|p| place_name(&app.checklist, p, app.lang)).unwrap_or_default();
    let by = visible(known.by.shown());
    let word = verdict_name(known.verdict).get(app.lang);
    format!("{word} {} {by} {place} {note}", known.at.date()).trim_end().to_owned()
}

fn labelled(app: &App, label: Msg, role: Role, text: &str, cells: usize) -> Line<'static> {
    let label = format!("{} ", label.get(app.lang));
    let text = cut(&visible(text), cells.saturating_sub(width(&label))).into_owned();
    Line::from(vec![Span::raw(" "), Span::styled(label, app.theme.style(role)), Span::raw(text)])
}

fn plain(text: &str, role: Role, app: &App, cells: usize) -> Line<'static> {
    Line::from(vec![Span::raw(" "), Span::styled(cut(text, cells).into_owned(), app.theme.style(role))])
}

pub fn method_name(method: Method) -> Msg {
    match method {
        Method::Observe => m::METHOD_OBSERVE,
        Method::Measure => m::METHOD_MEASURE,
        Method::Document => m::METHOD_DOCUMENT,
        Method::Ask => m::METHOD_ASK,
    }
}

pub fn reach_name(reach: Reach) -> Msg {
    match reach {
        Reach::Street => m::REACH_STREET,
        Reach::Inside => m::REACH_INSIDE,
        Reach::Office => m::REACH_OFFICE,
    }
}

pub fn due_name(due: Due) -> Msg {
    match due {
        Due::Now => m::DUE_NOW,
        Due::Day => m::DUE_DAY,
        Due::ThreeDays => m::DUE_THREE_DAYS,
        Due::Week => m::DUE_WEEK,
        Due::Month => m::DUE_MONTH,
        Due::Plan => m::DUE_PLAN,
    }
}

/// How sure a requirement is, in words.
pub fn mark_name(mark: Mark) -> Msg {
    match mark {
        Mark::V2 => m::MARK_V2,
        Mark::V1 => m::MARK_V1,
        Mark::M => m::MARK_M,
        Mark::D => m::MARK_D,
    }
}

/// The verdict in a word, or that there is none.
pub fn state_name(verdict: Option<Verdict>) -> Msg {
    verdict.map_or(m::UNANSWERED, verdict_name)
}
