//! One question at a time: a list to pick from, or a field.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::i18n::messages as m;
use crate::text::{fit, visible, wrap};
use crate::tui::app::App;
use crate::tui::app::wizard::{Step, Wizard};
use crate::tui::theme::Role;
use crate::tui::view::{Spot, boxed, choice_spots, inside, put, shown_rows, small};

pub fn draw(frame: &mut Frame, area: Rect, app: &App, wizard: &Wizard) {
    let (at, of) = wizard.progress();
    let step = wizard.step();
    let title = step.question().get(app.lang);
    let inner = boxed(frame, area, title, &format!("{at}/{of}"), app);
    let Parts { hints, field: typed, list } = Parts::of(area, app, wizard);
    for (row, hint) in hints.iter().enumerate() {
        put(frame, inner, small(row), &format!(" {hint}"), app.theme.style(Role::Faint));
    }
    if let Some(area) = typed {
        field(frame, area, app, wizard);
    }
    if let Some(area) = list {
        answers(frame, area, app, wizard);
    }
}

/// What a question consists of, and where.
struct Parts {
    hints: Vec<String>,
    field: Option<Rect>,
    list: Option<Rect>,
}

impl Parts {
    fn of(area: Rect, app: &App, wizard: &Wizard) -> Self {
        let (inner, step) = (inside(area), wizard.step());
        let hints = wrap(step.hint().get(app.lang), usize::from(inner.width).saturating_sub(2));
        let from = |used: u16| Rect { y: inner.y + used, height: inner.height.saturating_sub(used), ..inner };
        let used = small(hints.len()) + 1;
        let (field, list) = match step {
            Step::Name | Step::Round => (Some(from(used)), None),
            Step::Site => (Some(from(used)), Some(from(used + 2))),
            Step::Language | Step::Source => (None, Some(from(used))),
        };
        Self { hints, field, list }
    }
}

pub fn spots(area: Rect, app: &App, wizard: &Wizard) -> Vec<(Rect, Spot)> {
    let list = Parts::of(area, app, wizard).list;
    list.map_or(Vec::new(), |list| choice_spots(list, wizard.cursor, wizard.answers(app).len()))
}

fn field(frame: &mut Frame, area: Rect, app: &App, wizard: &Wizard) {
    let label = match wizard.step() {
        Step::Site => m::FILTER_FIELD.get(app.lang),
        _ => m::FIELD.get(app.lang),
    };
    super::popup::field(frame, Rect { height: 1, ..area }, app, label, &wizard.field);
}

fn answers(frame: &mut Frame, area: Rect, app: &App, wizard: &Wizard) {
    let answers = wizard.answers(app);
    if answers.is_empty() {
        put(frame, area, 0, &format!(" {}", m::NOTHING_FITS.get(app.lang)), app.theme.style(Role::Warn));
    }
    for (i, area) in shown_rows(area, wizard.cursor, answers.len(), None) {
        let focused = i == wizard.cursor;
        let style = app.theme.style(if focused { Role::Focus } else { Role::Text });
        let number = if i < 9 { format!("{}", i + 1) } else { " ".to_owned() };
        let arrow = if focused { ">" } else { " " };
        let text = fit(&format!("{arrow} {number} {}", visible(&answers[i].0)), usize::from(area.width));
        put(frame, area, 0, &text, style);
    }
}
