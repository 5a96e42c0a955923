//! Popups: the note with its phrases, lists to pick from, pages to read.

use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::i18n::messages as m;
use crate::log::{Act, Name, Verdict};
use crate::text::{cut, fit, visible, width, wrap};
use crate::tui::Now;
use crate::tui::app::noting::{NoteBox, PHRASES, note_title};
use crate::tui::app::popup::{Page, PageKind, Pick, Popup};
use crate::tui::app::rows::{help_rows, time_rows, wordings};
use crate::tui::app::ruling::ReasonBox;
use crate::tui::app::walk::{Walk, place_name, verdict_name};
use crate::tui::app::{App, Screen};
use crate::tui::field::Field;
use crate::tui::keymap::Scope;
use crate::tui::theme::{Role, role};
use crate::tui::view::counting;
use crate::tui::view::review::{case_lines, evidence_page, reason_title};
use crate::tui::view::walk::{about, due_name, known_before, mark_name, state_name};
use crate::tui::view::{Spot, boxed, choice_spots, clear, inside, put, shown_rows, small};

/// The widest popup: longer lines are hard to read.
const WIDEST: u16 = 100;
/// How many rows a long note takes.
const NOTE_ROWS: usize = 3;

pub fn draw(frame: &mut Frame, body: Rect, app: &App, popup: &Popup) {
    match popup {
        Popup::Note(note) => note_box(frame, body, app, note),
        Popup::Pick(pick) => pick_list(frame, body, app, pick),
        Popup::Count(at) => counting::draw(frame, body, app, *at),
        Popup::Name { kind, field, .. } => name_box(frame, body, app, kind, field),
        Popup::Folder(folder) => folder_box(frame, body, app, folder),
        Popup::Reason(reason) => reason_box(frame, body, app, reason),
        Popup::Page(page) => page_text(frame, body, app, page),
    }
}

/// A field with its label, in as many rows as the area has; the real cursor stands in it, so that an input method opens
/// its window there.
pub fn field(frame: &mut Frame, area: Rect, app: &App, label: &str, field: &Field) {
    let label = format!(" {label} ");
    let indent = u16::try_from(width(&label)).unwrap_or(0);
    let room = usize::from(area.width.saturating_sub(indent + 1));
    let (rows, (row, column)) = field.rows(room, usize::from(area.height));
    put(frame, area, 0, &label, app.theme.style(Role::Key));
    let text = Rect { x: area.x + indent, width: area.width.saturating_sub(indent), ..area };
    for (i, line) in rows.iter().enumerate() {
        put(frame, text, u16::try_from(i).unwrap_or(0), line, app.theme.style(Role::Text));
    }
    frame.set_cursor_position(Position::new((text.x + column).min(area.right().saturating_sub(1)), area.y + row));
}

/// A popup of so many rows inside, in the upper part of the body, where a candidate window has room below it.
pub(super) fn over(frame: &mut Frame, body: Rect, rows: usize, left: &str, right: &str, app: &App) -> Rect {
    over_in(frame, over_area(body, rows), left, right, app)
}

/// What such a popup covers.
fn over_area(body: Rect, rows: usize) -> Rect {
    let height = small(rows + 2).min(body.height);
    let y = body.y + (body.height - height) / 3;
    centred(Rect { y, height, ..body })
}

/// No wider than can be read well, in the middle.
fn centred(area: Rect) -> Rect {
    let width = area.width.min(WIDEST);
    Rect { x: area.x + (area.width - width) / 2, width, ..area }
}

fn over_in(frame: &mut Frame, area: Rect, left: &str, right: &str, app: &App) -> Rect {
    clear(frame, area);
    boxed(frame, area, left, right, app)
}

/// The note box lies over the lists, so that the wordings of the target stay in sight below it.
fn note_box(frame: &mut Frame, body: Rect, app: &App, note: &NoteBox) {
    let target = app.checklist.target(note.target);
    let lang = app.lang;
    let title = format!("{} {}  {}", target.id, target.name.get(lang), note_title(note).get(lang));
    let phrases = app.phrases(note);
    let duty = duty_line(app, note);
    let mut rows = note_rows(body, note);
    let area = note_area(body, app, note);
    let inner = over_in(frame, area, &visible(&title), m::NOTE_TITLE.get(lang), app);
    field(frame, Rect { height: rows, ..inner }, app, m::FIELD.get(lang), &note.field);
    if let Some(duty) = duty {
        put(frame, inner, rows, &format!(" {}", cut(&duty, usize::from(inner.width))), app.theme.style(Role::Key));
        rows += 1;
    }
    let hint = match note.just_picked() {
        Some(digit) => m::PICKED_PHRASE.with(lang, &[("digit", &digit)]),
        None if note.digit_picks() => m::PICK_PHRASE.get(lang).to_owned(),
        None => m::MORE_PHRASES.get(lang).to_owned(),
    };
    put(frame, inner, rows, &format!(" {hint}"), app.theme.style(Role::Faint));
    for (i, area) in phrase_rows(body, app, note) {
        let number = if note.digit_picks() { format!("{}", i + 1) } else { " ".into() };
        let text = format!("  {number} {}", visible(&phrases[i]));
        put(frame, area, 0, &text, app.theme.style(Role::Text));
    }
}

/// Who must put the fault right and by when, with the keys that change it.
fn duty_line(app: &App, note: &NoteBox) -> Option<String> {
    (note.verdict == Some(Verdict::Fail)).then(|| {
        let unit = note.duty.unit.as_ref().map_or(m::NO_UNIT.get(app.lang).into(), |u| visible(u.as_str()));
        let own = due_name(app.checklist.target(note.target).due).get(app.lang);
        let due = note.duty.due.as_ref().map_or(own.into(), |due| due_day(app, due));
        m::NOTE_DUTY.with(app.lang, &[("unit", &unit), ("due", &due)])
    })
}

/// A day, with how far off it is.
fn due_day(app: &App, due: &Name) -> String {
    let day = |text: &str| text.parse::<Date>().ok();
    let off = day(due.as_str()).zip(day(app.drawn_at.stamp.date())).map(|(due, today)| (due - today).get_days());
    match off {
        Some(0) => m::DUE_TODAY.with(app.lang, &[("day", due)]),
        Some(n) => m::DUE_ON.with(app.lang, &[("day", due), ("n", &n)]),
        None => visible(due.as_str()).into_owned(),
    }
}

/// How many rows of a note are shown.
fn note_rows(body: Rect, note: &NoteBox) -> u16 {
    let cells = usize::from(body.width.min(WIDEST)).saturating_sub(2);
    let typed = width(&visible(note.field.value())) / cells.saturating_sub(8).max(1) + 1;
    small(typed.min(NOTE_ROWS))
}

/// How many rows say who must put it right and by when.
fn duty_rows(note: &NoteBox) -> u16 {
    u16::from(note.verdict == Some(Verdict::Fail))
}

/// What the note box covers.
pub fn note_area(body: Rect, app: &App, note: &NoteBox) -> Rect {
    let rows = note_rows(body, note) + duty_rows(note) + small(app.phrases(note).len().min(PHRASES));
    centred(Rect { height: (rows + 3).min(body.height), ..body })
}

/// Where the phrases of a note stand.
fn phrase_rows(body: Rect, app: &App, note: &NoteBox) -> impl Iterator<Item = (usize, Rect)> {
    let inner = inside(note_area(body, app, note));
    let used = note_rows(body, note) + duty_rows(note) + 1;
    let area = Rect { y: inner.y + used, height: inner.height.saturating_sub(used), ..inner };
    shown_rows(area, 0, app.phrases(note).len().min(PHRASES), None)
}

/// What a click on a popup means: nothing that is only read does anything.
pub fn spots(body: Rect, app: &App, popup: &Popup) -> Vec<(Rect, Spot)> {
    match popup {
        Popup::Pick(pick) => {
            let rows = pick.rows(app).len();
            choice_spots(pick_areas(body, pick, rows).1, pick.cursor.min(rows.saturating_sub(1)), rows)
        }
        // With something in the note its phrases have no numbers and are no choice.
        Popup::Note(note) if note.digit_picks() => {
            phrase_rows(body, app, note).map(|(i, area)| (area, Spot::Phrase(i))).collect()
        }
        Popup::Note(_)
        | Popup::Count(_)
        | Popup::Name { .. }
        | Popup::Folder(_)
        | Popup::Reason(_)
        | Popup::Page(_) => Vec::new(),
    }
}

fn name_box(frame: &mut Frame, body: Rect, app: &App, kind: &str, name: &Field) {
    let shown = app.checklist.place_type(kind).map_or(kind, |t| t.name.get(app.lang));
    let inner = over(frame, body, 3, &visible(shown), "", app);
    field(frame, Rect { height: 1, ..inner }, app, m::PLACE_NAME.get(app.lang), name);
    put(frame, inner, 2, &format!(" {}", m::PLACE_NAME_HINT.get(app.lang)), app.theme.style(Role::Faint));
}

fn folder_box(frame: &mut Frame, body: Rect, app: &App, folder: &Field) {
    let inner = over(frame, body, 4, m::OTHER_FOLDER.get(app.lang), "", app);
    field(frame, Rect { height: 2, ..inner }, app, m::FIELD.get(app.lang), folder);
    put(frame, inner, 3, &format!(" {}", m::OTHER_FOLDER_HINT.get(app.lang)), app.theme.style(Role::Faint));
}

fn reason_box(frame: &mut Frame, body: Rect, app: &App, reason: &ReasonBox) {
    let inner = over(frame, body, 4, &reason_title(reason, app.lang), "", app);
    field(frame, Rect { height: 2, ..inner }, app, m::REASON.get(app.lang), &reason.field);
    put(frame, inner, 3, &format!(" {}", m::REASON_HINT.get(app.lang)), app.theme.style(Role::Faint));
}

fn pick_list(frame: &mut Frame, body: Rect, app: &App, pick: &Pick) {
    let rows = pick.rows(app);
    let count = pick.count(app, rows.len());
    let (area, list) = pick_areas(body, pick, rows.len());
    let inner = over_in(frame, area, &pick.title(app), &count, app);
    if let Some(filter) = &pick.filter {
        field(frame, Rect { height: 1, ..inner }, app, m::FILTER_FIELD.get(app.lang), filter);
    }
    if rows.is_empty() {
        let empty = if pick.filter.as_ref().is_some_and(Field::is_empty) { m::TYPE_TO_SEARCH } else { m::NOTHING_FITS };
        put(frame, list, 0, &format!(" {}", empty.get(app.lang)), app.theme.style(Role::Faint));
    }
    let cursor = pick.cursor.min(rows.len().saturating_sub(1));
    for (i, area) in shown_rows(list, cursor, rows.len(), None) {
        let focused = i == cursor;
        let style = app.theme.style(if focused { Role::Focus } else { rows[i].role });
        let arrow = if focused { ">" } else { " " };
        let text = fit(&format!("{arrow} {}", rows[i].text), usize::from(area.width));
        put(frame, area, 0, &text, style);
    }
}

/// What a list covers with so many rows, and where its rows stand: below the field that narrows it, where it has one.
fn pick_areas(body: Rect, pick: &Pick, rows: usize) -> (Rect, Rect) {
    let (wanted, skip) = if pick.filter.is_some() { (usize::from(body.height), 2) } else { (rows.max(1), 0) };
    let area = over_area(body, wanted + usize::from(skip));
    let inner = inside(area);
    (area, Rect { y: inner.y + skip, height: inner.height.saturating_sub(skip), ..inner })
}

fn page_text(frame: &mut Frame, body: Rect, app: &App, page: &Page) {
    let cells = usize::from(body.width.min(WIDEST)).saturating_sub(4);
    let lines = page_lines(app, page, cells);
    let title = match page.kind {
        PageKind::Help => m::TITLE_HELP,
        PageKind::Card => m::TITLE_CARD,
        PageKind::History => m::TITLE_HISTORY,
        PageKind::Time(_) => m::TITLE_TIME,
        PageKind::Evidence(_) => m::TITLE_EVIDENCE,
        PageKind::Case(_) => m::TITLE_CASE,
    };
    let head = if page.filter.is_some() { 2 } else { 0 };
    let fits = usize::from(body.height).saturating_sub(head + 2);
    let first = page.scroll.min(lines.len().saturating_sub(fits));
    let part = format!("{}-{}/{}", first + 1, (first + fits).min(lines.len()), lines.len());
    let part = if lines.len() > fits { part } else { String::new() };
    let inner = over(frame, body, lines.len().max(1) + head, title.get(app.lang), &part, app);
    if let Some(filter) = &page.filter {
        field(frame, Rect { height: 1, ..inner }, app, m::FILTER_FIELD.get(app.lang), filter);
    }
    let skip = u16::try_from(head).unwrap_or(0);
    let rows = Rect { y: inner.y + skip, height: inner.height.saturating_sub(skip), ..inner };
    let height = usize::from(rows.height);
    for (i, (role, text)) in lines.iter().skip(first).take(height).enumerate() {
        let text = cut(&format!(" {text}"), usize::from(rows.width)).into_owned();
        put(frame, rows, u16::try_from(i).unwrap_or(0), &text, app.theme.style(*role));
    }
}

/// How far a page can be scrolled in a window of this size.
pub fn furthest(app: &App, page: &Page) -> usize {
    let (width, height) = app.size;
    let cells = usize::from(width.min(WIDEST)).saturating_sub(4);
    let head = if page.filter.is_some() { 2 } else { 0 };
    // The header, the message, the keys and the borders.
    let fits = usize::from(height).saturating_sub(5 + head);
    page_lines(app, page, cells).len().saturating_sub(fits)
}

/// The lines of a page, wrapped.
pub fn page_lines(app: &App, page: &Page, cells: usize) -> Vec<(Role, String)> {
    match &page.kind {
        PageKind::Help => help(app, page.filter.as_ref().map_or("", Field::value), cells),
        PageKind::Card => card(app, cells),
        PageKind::History => history(app, cells),
        PageKind::Time(now) => time(app, now),
        PageKind::Evidence(_) | PageKind::Case(_) => review_page(app, &page.kind, cells),
    }
}

fn review_page(app: &App, kind: &PageKind, cells: usize) -> Vec<(Role, String)> {
    match (kind, &app.screen) {
        (PageKind::Evidence(keys), Screen::Review(review)) => evidence_page(app, review, keys, cells),
        (PageKind::Case(at), Screen::Review(review)) => {
            review.cases.get(*at).map_or(Vec::new(), |case| case_lines(app, case, cells))
        }
        _ => Vec::new(),
    }
}

fn help(app: &App, query: &str, cells: usize) -> Vec<(Role, String)> {
    let scope = match &app.screen {
        Screen::Walk(_) => Scope::Walk,
        Screen::Home(_) => Scope::Home,
        Screen::Review(_) => Scope::Review,
        Screen::Wizard(_) => Scope::List,
    };
    let mut lines = help_rows(scope, app.lang, query);
    if query.trim().is_empty() {
        let list = &app.checklist;
        let sections = [(m::ABOUT_CHECKLIST, list.about.get(app.lang)), (m::ABOUT_MARKS, m::MARKS_TEXT.get(app.lang))];
        for (title, text) in sections {
            lines.push((Role::Title, format!("{}: {}", title.get(app.lang), visible(list.name.get(app.lang)))));
            lines.extend(wrap(&visible(text), cells).into_iter().map(|l| (Role::Text, l)));
        }
    }
    lines
}

/// A target whole, in both languages.
fn card(app: &App, cells: usize) -> Vec<(Role, String)> {
    let Some(at) = app.focused() else {
        return vec![(Role::Faint, m::NOTHING_LISTED.get(app.lang).to_owned())];
    };
    let target = app.checklist.target(at);
    let mut lines = Vec::new();
    let mut add = |role: Role, text: String| lines.extend(wrap(&visible(&text), cells).into_iter().map(|l| (role, l)));
    for lang in [app.lang, app.lang.other()] {
        add(Role::Title, format!("{} {}", target.id, target.name.get(lang)));
        for (label, text) in wordings(target, lang) {
            add(Role::Text, format!("{}: {text}", label.get(lang)));
        }
    }
    add(Role::Faint, about(app, target));
    let clause = app.checklist.clauses.iter().find(|c| c.no == target.clause);
    let clause = clause.map_or("", |c| c.name.get(app.lang));
    add(Role::Faint, format!("{} {clause}", m::CLAUSE.with(app.lang, &[("n", &target.clause)])));
    add(Role::Faint, format!("{}: {}", m::EVIDENCE.get(app.lang), mark_name(target.evidence.mark).get(app.lang)));
    for source in app.checklist.sources.iter().filter(|s| target.evidence.sources.contains(&s.id)) {
        add(Role::Faint, format!("  {}", source.title));
    }
    lines
}

/// What happened to a target in this walk, then what was known before.
fn history(app: &App, cells: usize) -> Vec<(Role, String)> {
    let (Some(at), Screen::Walk(walk)) = (app.focused(), &app.screen) else {
        return Vec::new();
    };
    let target = app.checklist.target(at);
    let mut lines = vec![
        (Role::Title, format!("{} {}", target.id, visible(target.name.get(app.lang)))),
        (Role::Title, m::THIS_WALK.get(app.lang).to_owned()),
    ];
    lines.extend(this_walk_lines(app, walk, &target.id, cells));
    lines.push((Role::Title, m::EARLIER.get(app.lang).to_owned()));
    let earlier = walk.history.of(&target.id);
    if earlier.is_empty() {
        lines.push((Role::Faint, m::NONE.get(app.lang).to_owned()));
    }
    for known in earlier {
        let text = known_before(app, known);
        lines.extend(wrap(&text, cells).into_iter().map(|l| (role(Some(known.verdict)), l)));
    }
    lines
}

fn this_walk_lines(app: &App, walk: &Walk, id: &crate::checklist::TargetId, cells: usize) -> Vec<(Role, String)> {
    let mut lines = Vec::new();
    for event in walk.session.events() {
        let (place, verdict, note) = match &event.act {
            Act::Judge(j) if j.target == *id => (j.place.as_ref(), Some(j.verdict), j.note.as_ref()),
            Act::Remark { target: Some(t), place, note } if t == id => (place.as_ref(), None, Some(note)),
            _ => continue,
        };
        let word = verdict.map_or(m::REMARK, verdict_name).get(app.lang);
        let place = place.map(|p| place_name(&app.checklist, p, app.lang));
        let place = place.unwrap_or_else(|| m::WHOLE_SITE.get(app.lang).to_owned());
        let note = note.map(|n| visible(n.as_str()).into_owned()).unwrap_or_default();
        let undone = if walk.session.is_taken_back(event) { m::TAKEN_BACK.get(app.lang) } else { "" };
        let text = format!("{} {word} {place} {note} {undone}", event.at.time());
        lines.extend(wrap(text.trim_end(), cells).into_iter().map(|l| (Role::Text, l)));
    }
    if lines.is_empty() {
        lines.push((Role::Faint, state_name(None).get(app.lang).to_owned()));
    }
    lines
}

fn time(app: &App, now: &Now) -> Vec<(Role, String)> {
    let Screen::Walk(walk) = &app.screen else {
        return Vec::new();
    };
    let hint = m::PAUSE_HINT.get(app.lang).to_owned();
    let lines = time_rows(walk, &app.checklist, app.lang, now).into_iter().chain([hint]);
    lines.map(|l| (Role::Text, l)).collect()
}
