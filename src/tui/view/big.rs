//! One target across the whole window, for sunlight and for eyes that see little.
//!
//! ```text
//! ── 背街小巷 幸福巷 ──────────────────────────────────── 还剩 29 项  F1 ──
//!                        3.04  路面无积水污水外溢
//! ─────────────────────────────────────────────────────────────────────────
//!  合格   无一处积水长过一只鞋，井口和管口无污水流到路面
//!
//!  不合格 任一处积水长过一只鞋，或任一处污水流到路面
//!
//!  限值   ...
//!
//!  上次 不合格 2020-08-15 李四
//!                              不  合  格
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::checklist::Target;
use crate::i18n::{Lang, messages as m};
use crate::text::{cut, fit, visible, width, wrap};
use crate::tui::app::App;
use crate::tui::app::popup::Popup;
use crate::tui::app::walk::Walk;
use crate::tui::theme::{Role, role};
use crate::tui::view::popup::note_area;
use crate::tui::view::walk::{last_known, name_of, now, rows_of, slice, state_name};
use crate::tui::view::{WHOLE, put};

/// How far things stand apart: as far as the window has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spacing {
    Tight,
    Wordings,
    Parts,
    Lines,
}

/// What stands on the card over the verdict.
struct Card {
    head: Vec<Line<'static>>,
    wordings: Vec<Line<'static>>,
    below: Vec<Line<'static>>,
}

pub fn draw(frame: &mut Frame, area: Rect, app: &App, walk: &Walk) {
    let bar = if area.height + 3 >= WHOLE.1 { 3 } else { 1 };
    let bar = Rect { y: area.bottom() - bar, height: bar, ..area };
    // A note that is being written has the name over it; the wordings stay in sight below.
    let note = match &app.popup {
        Some(Popup::Note(note)) => note_area(area, app, note).height,
        _ => 0,
    };
    let top = note.min(area.height - bar.height);
    let card = Rect { y: area.y + top, height: area.height - bar.height - top, ..area };
    let Some(at) = app.focused() else {
        put(frame, card, 0, &format!(" {}", m::NOTHING_LISTED.get(app.lang)), app.theme.style(Role::Faint));
        return;
    };
    let target = app.checklist.target(at);
    let room = usize::from(card.height);
    let spaced = |spacing| {
        let card = Card::of(app, walk, target, usize::from(area.width), spacing);
        if note > 0 { Card { head: Vec::new(), below: Vec::new(), ..card } } else { card }
    };
    let roomy = [Spacing::Lines, Spacing::Parts, Spacing::Wordings].into_iter().map(spaced);
    let lines = roomy.into_iter().find(|c| c.height() <= room).unwrap_or_else(|| spaced(Spacing::Tight));
    let lines = lines.in_rows(room, app);
    frame.render_widget(Paragraph::new(lines), card);
    verdict(frame, bar, app, walk, target);
}

impl Card {
    fn of(app: &App, walk: &Walk, target: &Target, cells: usize, spacing: Spacing) -> Self {
        let lang = app.lang;
        let blank = |from: Spacing| (spacing >= from).then(Line::default);
        let mut head = vec![title(app, walk, cells)];
        head.extend(blank(Spacing::Parts));
        head.extend(name(app, target, cells));
        head.extend(blank(Spacing::Parts));
        head.push(rule("", "", app, cells));
        let labels = [(m::LABEL_PASS, Role::Good, &target.pass), (m::LABEL_FAIL, Role::Bad, &target.fail)];
        let mut rows: Vec<_> = labels.into_iter().map(|(l, role, text)| (l, role, text.get(lang).to_owned())).collect();
        // Where the wordings speak of a limit, nobody can judge without its figure.
        let limit = target.limit.as_ref().and_then(|l| l.place.as_ref());
        rows.extend(limit.map(|text| (m::LIMIT_PLACE, Role::Key, text.get(lang).to_owned())));
        let mut wordings = Vec::new();
        for row in rows_of(app, &rows, lang, cells.saturating_sub(2)) {
            wordings.extend(blank(Spacing::Wordings));
            wordings.extend(between(row, spacing));
        }
        let last = walk.last_known(&target.id).map(|k| (Role::Warn, last_known(app, k)));
        let mut below = Vec::new();
        for (role, text) in last.into_iter().chain(now(app, walk, target).map(|text| (Role::Title, text))) {
            let text = wrap(&text, cells.saturating_sub(2));
            let style = app.theme.style(role);
            below.extend(blank(Spacing::Wordings));
            below.extend(text.into_iter().take(2).map(|l| Line::styled(format!(" {l}"), style)));
        }
        Self { head, wordings, below }
    }

    fn height(&self) -> usize {
        self.head.len() + self.wordings.len() + self.below.len()
    }

    /// The card in so many rows: what is too long gives way to where the rest can be read.
    fn in_rows(mut self, rows: usize, app: &App) -> Vec<Line<'static>> {
        let room = rows.saturating_sub(self.head.len() + self.below.len());
        if self.wordings.len() > room && self.head.is_empty() {
            // A note is open, and no key but those of a note works.
            self.wordings.truncate(room);
        } else if self.wordings.len() > room {
            self.wordings.truncate(room.saturating_sub(1));
            self.wordings.push(Line::styled(format!(" {}", m::MORE.get(app.lang)), app.theme.style(Role::Faint)));
        }
        self.head.into_iter().chain(self.wordings).chain(self.below).collect()
    }
}

/// Lines with a blank one between each two, where there is room for that.
fn between(lines: Vec<Line<'static>>, spacing: Spacing) -> Vec<Line<'static>> {
    let mut spaced = Vec::new();
    for (i, line) in lines.into_iter().enumerate() {
        if i > 0 && spacing == Spacing::Lines {
            spaced.push(Line::default());
        }
        spaced.push(line);
    }
    spaced
}

/// The first rule: where one stands, and what is left to judge there.
fn title(app: &App, walk: &Walk, cells: usize) -> Line<'static> {
    let listed = walk.listed(&app.checklist);
    let (place, count, _) = slice(app, walk, &listed, walk.cursor(&listed));
    let left = m::LEFT_HERE.with(app.lang, &[("n", &(count.total - count.done))]);
    let fails = if count.fails > 0 { format!("  F{}", count.fails) } else { String::new() };
    rule(&place, &format!("{left}{fails}"), app, cells)
}

/// A line across the window, with a text near each end.
fn rule(left: &str, right: &str, app: &App, cells: usize) -> Line<'static> {
    let stroke = app.lines.set().horizontal_top;
    let padded = |text: &str| if text.is_empty() { String::new() } else { format!(" {text} ") };
    let right = padded(right);
    let left = cut(&padded(left), cells.saturating_sub(width(&right) + 6)).into_owned();
    let gap = cells.saturating_sub(width(&left) + width(&right) + 4);
    let style = app.theme.style(Role::Title);
    Line::from(vec![
        Span::raw(stroke.repeat(2)),
        Span::styled(left, style),
        Span::raw(stroke.repeat(gap)),
        Span::styled(right, style),
        Span::raw(stroke.repeat(2)),
    ])
}

fn name(app: &App, target: &Target, cells: usize) -> Vec<Line<'static>> {
    let text = format!("{}  {}", target.id, name_of(app, target));
    let style = app.theme.style(Role::Title);
    wrap(&text, cells.saturating_sub(2)).into_iter().map(|l| Line::styled(l, style).centered()).collect()
}

/// The verdict that stands, reversed over the whole width; a target without one has a plain line.
fn verdict(frame: &mut Frame, area: Rect, app: &App, walk: &Walk, target: &Target) {
    let verdict = walk.verdict(&target.id);
    let word = spread(state_name(verdict).get(app.lang), app.lang);
    let style = match verdict {
        Some(_) => app.theme.style(role(verdict)).add_modifier(Modifier::BOLD | Modifier::REVERSED),
        None => app.theme.style(Role::Title),
    };
    let cells = usize::from(area.width);
    let word = fit(&format!("{}{word}", " ".repeat(cells.saturating_sub(width(&word)) / 2)), cells);
    for row in 0..area.height {
        let text = if row == area.height / 2 { word.clone() } else { " ".repeat(cells) };
        put(frame, area, row, &text, style);
    }
}

/// A word with its letters apart.
fn spread(word: &str, lang: Lang) -> String {
    let gap = if lang == Lang::Zh { "  " } else { " " };
    let letters: Vec<String> = visible(word).to_uppercase().chars().map(String::from).collect();
    letters.join(gap)
}
