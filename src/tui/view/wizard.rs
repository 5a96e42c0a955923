//! One question at a time: a list to pick from, or a field.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::i18n::messages as m;
use crate::text::{fit, visible, wrap};
use crate::tui::app::App;
use crate::tui::app::wizard::{Step, Wizard};
use crate::tui::theme::Role;
use crate::tui::view::{boxed, put, scroll};

pub fn draw(frame: &mut Frame, area: Rect, app: &App, wizard: &Wizard) {
    let (at, of) = wizard.progress();
    let step = wizard.step();
    let title = step.question().get(app.lang);
    let inner = boxed(frame, area, title, &format!("{at}/{of}"), app);
    let hints = wrap(step.hint().get(app.lang), usize::from(inner.width).saturating_sub(2));
    for (row, hint) in hints.iter().enumerate() {
        put(frame, inner, u16::try_from(row).unwrap_or(0), &format!(" {hint}"), app.theme.style(Role::Faint));
    }
    let used = u16::try_from(hints.len()).unwrap_or(0) + 1;
    let below = Rect { y: inner.y + used, height: inner.height.saturating_sub(used), ..inner };
    let typed = matches!(step, Step::Name | Step::Round | Step::Site);
    if typed {
        field(frame, below, app, wizard);
    }
    if !matches!(step, Step::Name | Step::Round) {
        let skip = if typed { 2 } else { 0 };
        let list = Rect { y: below.y + skip, height: below.height.saturating_sub(skip), ..below };
        answers(frame, list, app, wizard);
    }
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
    let height = usize::from(area.height);
    let first = scroll(wizard.cursor, answers.len(), height);
    for (i, (text, _)) in answers.iter().enumerate().skip(first).take(height) {
        let focused = i == wizard.cursor;
        let style = app.theme.style(if focused { Role::Focus } else { Role::Text });
        let number = if i < 9 { format!("{}", i + 1) } else { " ".to_owned() };
        let arrow = if focused { ">" } else { " " };
        let text = fit(&format!("{arrow} {number} {}", visible(text)), usize::from(area.width));
        put(frame, area, u16::try_from(i - first).unwrap_or(0), &text, style);
    }
}
