//! The screen. Views read the app and change nothing; what they share is here.
//!
//! ```text
//! header        xunjie   农业路社区 · 张三 ...                    已保存 09:41   87/184
//! body          one of view/*.rs
//! NOT SAVED     only while saving fails, and then it stays
//! message       what just happened
//! keys          what can be pressed now
//! ```

mod home;
pub mod popup;
pub mod review;
pub mod walk;
mod wizard;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use crate::i18n::messages as m;
use crate::text::{cut, fit, visible, width, wrap};
use crate::tui::app::{App, Message, Screen, Tone};
use crate::tui::keymap;
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
    let cells = usize::from(area.width).saturating_sub(2);
    let failing = failing_lines(app, cells);
    let message = message_lines(app, cells);
    let below = 1 + u16::try_from(failing.len() + message.len()).unwrap_or(0);
    let body = Rect { y: 1, height: area.height - 1 - below, ..area };
    let foot = Rect { y: area.height - below, height: below, ..area };
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
    let left = fit(&format!(" xunjie  {}", visible(&left)), room);
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
    frame.render_widget(key_bar(app, cells), Rect { y: area.bottom().saturating_sub(1), height: 1, ..area });
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

/// The keys of this state, the most important ones first dropped last.
fn key_bar(app: &App, cells: usize) -> Line<'static> {
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
        chosen.push((order, key, label));
    }
    chosen.sort_by_key(|(order, ..)| *order);
    let mut spans = vec![Span::raw(" ")];
    for (_, key, label) in chosen {
        spans.push(Span::styled(key, app.theme.style(Role::Key)));
        spans.push(Span::raw(format!(" {label}  ")));
    }
    Line::from(spans)
}

/// Writes one line of an area, clipped to it.
fn put(frame: &mut Frame, area: Rect, row: u16, text: &str, style: Style) {
    if row < area.height {
        let y = area.y + row;
        frame.buffer_mut().set_stringn(area.x, y, text, usize::from(area.width), style);
    }
}

/// A box with a title left and one right; gives the inside.
fn boxed(frame: &mut Frame, area: Rect, left: &str, right: &str, style: Style) -> Rect {
    let block = Block::default().borders(Borders::ALL);
    let inner = block.inner(area);
    frame.render_widget(block, area);
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
    inner
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
    fn the_cursor_stays_in_sight() {
        for rows in 0..40 {
            for cursor in 0..rows {
                let first = scroll(cursor, rows, 9);
                assert!(first <= cursor && cursor < first + 9);
            }
        }
    }
}
