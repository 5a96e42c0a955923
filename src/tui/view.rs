//! The screen. Views read the app and change nothing; what they share is here.
//!
//! ```text
//! header        xunjie   农业路社区 · 张三 ...                    已保存 09:41   87/184
//! body          one of view/*.rs
//! NOT SAVED     only while saving fails, and then it stays
//! message       what just happened
//! keys          what can be pressed now
//! ```

mod big;
mod counting;
mod home;
pub mod popup;
pub mod review;
pub mod walk;
mod wizard;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use crate::i18n::messages as m;
use crate::text::{cut, fit, visible, width, wrap};
use crate::tui::app::review::Tab;
use crate::tui::app::{App, Message, Screen, Tone};
use crate::tui::keymap::{self, Binding};
use crate::tui::theme::Role;

/// Below this the screen says what it needs.
pub const SMALLEST: (u16, u16) = (60, 16);
/// The most rows a message takes.
const MESSAGE_ROWS: usize = 3;
/// From this on everything is shown.
pub const WHOLE: (u16, u16) = (80, 24);

/// Whether a window is too small to show what would be judged.
pub fn is_too_small((width, height): (u16, u16)) -> bool {
    width < SMALLEST.0 || height < SMALLEST.1
}

/// Draws everything.
pub fn draw(frame: &mut Frame, app: &App) {
    let area = frame.area();
    if is_too_small((area.width, area.height)) {
        let need = m::TOO_SMALL.with(app.lang, &[("w", &SMALLEST.0), ("h", &SMALLEST.1)]);
        put(frame, area, 0, &cut(&need, usize::from(area.width)), Style::default());
        return;
    }
    let Parts { body, foot, failing, message } = Parts::of(app, area);
    match &app.screen {
        Screen::Walk(walk) => walk::draw(frame, body, app, walk),
        Screen::Review(open) => review::draw(frame, body, app, open),
        Screen::Home(home) => home::draw(frame, body, app, home),
        Screen::Wizard(wizard) => wizard::draw(frame, body, app, wizard),
    }
    header(frame, Rect { height: 1, ..area }, app);
    footer(frame, foot, app, &failing, &message);
    if let Some(open) = &app.popup {
        popup::draw(frame, body, app, open);
    }
    reverse_halves(frame.buffer_mut());
}

/// Lets the second half of a reversed wide character be reversed too. Else nobody would draw its cell again when another
/// wide character covers the first half: some terminals (kitty, alacritty) leave it reversed.
fn reverse_halves(buffer: &mut Buffer) {
    for y in buffer.area.top()..buffer.area.bottom() {
        for x in buffer.area.left()..buffer.area.right().saturating_sub(1) {
            let cell = &buffer[(x, y)];
            if cell.modifier.contains(Modifier::REVERSED) && width(cell.symbol()) > 1 {
                buffer[(x + 1, y)].modifier.insert(Modifier::REVERSED);
            }
        }
    }
}

/// The window without its first line: the body, and what stands below it.
struct Parts {
    body: Rect,
    foot: Rect,
    failing: Vec<String>,
    message: Vec<String>,
}

impl Parts {
    fn of(app: &App, area: Rect) -> Self {
        let cells = usize::from(area.width).saturating_sub(2);
        let failing = failing_lines(app, cells);
        let message = message_lines(app, cells);
        let below = 1 + small(failing.len() + message.len());
        let body = Rect { y: 1, height: area.height - 1 - below, ..area };
        let foot = Rect { y: area.height - below, height: below, ..area };
        Self { body, foot, failing, message }
    }
}

/// What lies under the pointer and answers a click.
#[derive(Clone, Debug, PartialEq)]
pub enum Spot {
    /// A row of the list of the screen, and the first one that is shown; in a walk `at` is the target.
    Row {
        at: usize,
        top: usize,
    },
    Category(usize),
    Page(Tab),
    /// A row of what is open over the screen, or an answer to a question.
    Choice(usize),
    Phrase(usize),
    Key(KeyEvent),
}

/// What a click at a cell means, by the same reckoning by which the screen was drawn.
pub fn spot_at(app: &App, at: Position) -> Option<Spot> {
    let (width, height) = app.size;
    if is_too_small((width, height)) {
        return None;
    }
    let Parts { body, foot, .. } = Parts::of(app, Rect::new(0, 0, width, height));
    let mut spots = key_spots(app, foot);
    spots.extend(match (&app.popup, &app.screen) {
        (Some(open), _) => popup::spots(body, app, open),
        (None, Screen::Walk(walk)) => walk::spots(body, app, walk),
        (None, Screen::Review(open)) => review::spots(body, app, open),
        (None, Screen::Home(home)) => home::spots(body, app, home),
        (None, Screen::Wizard(wizard)) => wizard::spots(body, app, wizard),
    });
    spots.into_iter().find(|(area, _)| area.contains(at)).map(|(_, spot)| spot)
}

fn key_spots(app: &App, foot: Rect) -> Vec<(Rect, Spot)> {
    let row = last_row(foot);
    let named = named_keys(app, usize::from(row.width)).into_iter();
    // Which of nine digits is meant a click cannot say.
    let one = named.filter(|named| !named.binding.is_number());
    one.filter_map(|named| {
        let key = named.binding.keys.first()?;
        Some((Rect { x: row.x + named.x, width: named.cells, ..row }, Spot::Key(key.event())))
    })
    .collect()
}

fn last_row(area: Rect) -> Rect {
    Rect { y: area.bottom().saturating_sub(1), height: 1, ..area }
}

fn header(frame: &mut Frame, area: Rect, app: &App) {
    let (left, right) = match &app.screen {
        Screen::Walk(walk) => walk::header(app, walk),
        Screen::Review(open) => review::header(app, open),
        Screen::Home(_) | Screen::Wizard(_) => {
            (app.district.name.get(app.lang).to_owned(), env!("CARGO_PKG_VERSION").to_owned())
        }
    };
    let room = usize::from(area.width).saturating_sub(width(&right) + 2);
    let (left, named) = (visible(&left), " xunjie  ");
    // In a narrow window who and where one is matters more than the name of the program.
    let named = if width(named) + width(&left) > room { " " } else { named };
    let left = fit(&format!("{named}{left}"), room);
    let style = app.theme.style(Role::Title);
    put(frame, area, 0, &format!("{left} {right} "), style);
}

fn footer(frame: &mut Frame, area: Rect, app: &App, failing: &[String], message: &[String]) {
    let cells = usize::from(area.width);
    let alarm = app.theme.style(Role::Bad).add_modifier(Modifier::REVERSED);
    let role = match &app.message {
        Some(Message { tone: Tone::Warning, .. }) => Role::Warn,
        Some(_) => Role::Text,
        None => Role::Faint,
    };
    let alarms = failing.iter().map(|text| (fit(&format!(" {text}"), cells), alarm));
    let messages = message.iter().map(|text| (format!(" {text}"), app.theme.style(role)));
    for (row, (text, style)) in (0..).zip(alarms.chain(messages)) {
        put(frame, area, row, &text, style);
    }
    frame.render_widget(key_bar(app, cells), last_row(area));
}

/// What just happened, or a hint; a long message takes two lines rather than losing its end.
fn message_lines(app: &App, cells: usize) -> Vec<String> {
    let mut lines = match (&app.message, &app.screen) {
        (Some(message), _) => wrap(&visible(&message.text), cells),
        (None, Screen::Walk(walk)) if app.popup.is_none() => vec![cut(&walk::hint(app, walk), cells).into_owned()],
        (None, _) => vec![String::new()],
    };
    lines.truncate(MESSAGE_ROWS);
    lines
}

/// What saving fails with, as long as it fails: how much is at risk, where, why, and what to do.
fn failing_lines(app: &App, cells: usize) -> Vec<String> {
    let (saving, events) = match &app.screen {
        Screen::Walk(walk) => (&walk.saving, walk.session.events().len()),
        Screen::Review(open) => match open.open_log() {
            Some((saving, events, _)) => (saving, events),
            None => return Vec::new(),
        },
        Screen::Home(_) | Screen::Wizard(_) => return Vec::new(),
    };
    let Some(failing) = &saving.failing else {
        return Vec::new();
    };
    let at_risk = events - saving.saved;
    let path = visible(&failing.path.to_string_lossy()).into_owned();
    let why = failing.reason(app.lang);
    let mut lines = wrap(&m::NOT_SAVED.with(app.lang, &[("n", &at_risk), ("why", &why)]), cells);
    lines.extend(wrap(&path, cells));
    lines.truncate(4);
    lines
}

/// A key named in the key bar, and where.
struct Named {
    binding: &'static Binding,
    key: String,
    x: u16,
    cells: u16,
}

fn key_bar(app: &App, cells: usize) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for named in named_keys(app, cells) {
        spans.push(Span::styled(named.key, app.theme.style(Role::Key)));
        spans.push(Span::raw(format!(" {}  ", named.binding.label.get(app.lang))));
    }
    Line::from(spans)
}

/// The keys of this state, the most important ones first dropped last.
fn named_keys(app: &App, cells: usize) -> Vec<Named> {
    let mut bindings: Vec<_> = keymap::in_scope(app.scope()).filter(|b| app.is_of_use(b.action)).enumerate().collect();
    bindings.sort_by_key(|(_, b)| std::cmp::Reverse(b.rank));
    let mut used = 1;
    let mut chosen = Vec::new();
    for (order, binding) in bindings {
        let key = binding.short_keys(app.lang, cells >= usize::from(WHOLE.0));
        let label = binding.label.get(app.lang);
        let needs = width(&key) + 1 + width(label) + 2;
        if used + needs > cells + 1 {
            break;
        }
        used += needs;
        chosen.push((order, Named { binding, key, x: 0, cells: small(needs - 2) }));
    }
    chosen.sort_by_key(|(order, _)| *order);
    let mut x = 1;
    let mut place = |named: Named| {
        let named = Named { x, ..named };
        x += named.cells + 2;
        named
    };
    chosen.into_iter().map(|(_, named)| place(named)).collect()
}

fn small(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Writes one line of an area, clipped to it.
fn put(frame: &mut Frame, area: Rect, row: u16, text: &str, style: Style) {
    if row < area.height {
        let y = area.y + row;
        frame.buffer_mut().set_stringn(area.x, y, text, usize::from(area.width), style);
    }
}

/// A box with a title left and one right; gives the inside.
fn boxed(frame: &mut Frame, area: Rect, left: &str, right: &str, app: &App) -> Rect {
    let style = app.theme.style(Role::Title);
    frame.render_widget(Block::default().borders(Borders::ALL).border_set(app.lines.set()), area);
    let room = usize::from(area.width).saturating_sub(4);
    let right_room = width(right);
    let top = Rect { x: area.x + 2, width: area.width.saturating_sub(4), height: 1, ..area };
    put(frame, top, 0, &cut(&format!(" {left} "), room.saturating_sub(right_room + 2)), style);
    if right_room > 0 && right_room + 2 < room {
        let x = area.right() - 3 - u16::try_from(right_room).unwrap_or(0) - 1;
        put(
            frame,
            Rect { x, width: u16::try_from(right_room + 2).unwrap_or(0), ..top },
            0,
            &format!(" {right} "),
            style,
        );
    }
    inside(area)
}

/// What a box leaves free.
fn inside(area: Rect) -> Rect {
    area.inner(Margin::new(1, 1))
}

/// The rows of a list that are shown, each with its place. Where a click has chosen a row, the list begins as it did, so
/// that it does not run away under the pointer.
fn shown_rows(area: Rect, cursor: usize, rows: usize, top: Option<usize>) -> impl Iterator<Item = (usize, Rect)> {
    let height = usize::from(area.height);
    let kept = top.filter(|top| (*top..top + height).contains(&cursor) && top + height <= rows.max(height));
    let first = kept.unwrap_or_else(|| scroll(cursor, rows, height));
    let place = move |i: usize| Rect { y: area.y + small(i - first), height: 1, ..area };
    (first..rows).take(height).map(move |i| (i, place(i)))
}

/// The rows of the list of a screen as what a click on them means.
fn row_spots(area: Rect, cursor: usize, rows: usize, app: &App) -> Vec<(Rect, Spot)> {
    let shown: Vec<_> = shown_rows(area, cursor, rows, app.top).collect();
    let top = shown.first().map_or(0, |(i, _)| *i);
    shown.into_iter().map(|(at, area)| (area, Spot::Row { at, top })).collect()
}

/// The rows of a list to choose from as what a click on them means.
fn choice_spots(area: Rect, cursor: usize, rows: usize) -> Vec<(Rect, Spot)> {
    shown_rows(area, cursor, rows, None).map(|(i, area)| (area, Spot::Choice(i))).collect()
}

/// The first row to show so that the cursor stays in sight, in the middle where it can.
fn scroll(cursor: usize, rows: usize, height: usize) -> usize {
    cursor.saturating_sub(height / 2).min(rows.saturating_sub(height))
}

/// Empties what a popup covers. A wide character that begins left of it would stick out under its border: it goes too.
fn clear(frame: &mut Frame, area: Rect) {
    let buffer = frame.buffer_mut();
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        if area.x > buffer.area.x
            && let Some(cell) = buffer.cell_mut(Position::new(area.x - 1, y))
            && width(cell.symbol()) > 1
        {
            cell.set_char(' ');
        }
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut(Position::new(x, y)) {
                cell.reset();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    #[test]
    fn a_popup_over_chinese_leaves_no_half_character() {
        for x in 0..38u16 {
            for w in 1..(40 - x) {
                let mut terminal = Terminal::new(TestBackend::new(40, 3)).unwrap();
                terminal
                    .draw(|frame| {
                        for (y, text) in
                            ["垃圾桶满溢两处路口东侧果皮箱", "a垃圾桶满溢两处路口东侧果皮箱"].iter().enumerate()
                        {
                            let area = frame.area();
                            put(frame, area, u16::try_from(y).unwrap(), text, Style::default());
                        }
                        clear(frame, Rect { x, y: 0, width: w, height: 3 });
                    })
                    .unwrap();
                let buffer = terminal.backend().buffer();
                for y in 0..2 {
                    for at in 0..40 {
                        let wide = width(buffer[(at, y)].symbol()) > 1;
                        let reaches = at + 1 >= x && at < x + w;
                        assert!(!(wide && reaches), "popup at {x}, {w} wide: column {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_half_of_a_reversed_character_is_left_behind() {
        let row = |text: &str, style: Style| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
            buffer.set_string(0, 0, text, style);
            reverse_halves(&mut buffer);
            buffer
        };
        let reversed = Style::default().add_modifier(Modifier::REVERSED);
        for before in [" 路面坑洞", "路面坑洞", " a路面坑"] {
            for after in ["面", "a面", "整改", "a整改", ""] {
                let (old, new) = (row(before, reversed), row(after, Style::default()));
                let drawn: Vec<u16> = old.diff(&new).into_iter().map(|(x, ..)| x).collect();
                for x in 0..12u16 {
                    let is = |x: u16| old[(x, 0)].modifier.contains(Modifier::REVERSED);
                    let was = is(x) || x > 0 && is(x - 1) && width(old[(x - 1, 0)].symbol()) > 1;
                    let covered = x > 0 && width(new[(x - 1, 0)].symbol()) > 1;
                    assert!(!was || covered || drawn.contains(&x), "{before:?} then {after:?}: column {x}");
                }
            }
        }
    }

    #[test]
    fn the_cursor_stays_in_sight() {
        for rows in 0..40 {
            for cursor in 0..rows {
                let first = scroll(cursor, rows, 9);
                assert!(first <= cursor && cursor < first + 9);
            }
        }
    }
}
