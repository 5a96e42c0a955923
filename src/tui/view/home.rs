//! ```text
//!  青屏街街道
//!  > 继续  农业路社区  张三  2020-08-22 08:02   87/184
//!    新巡查
//!    看    幸福街社区  张三  2020-08-21 ...   184/184 F4
//!  日志目录 ...
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::i18n::messages as m;
use crate::log::Verdict;
use crate::session::{Session, State};
use crate::store::{Listed, Read};
use crate::text::{fit, visible};
use crate::tui::app::home::{Home, Row, name_of};
use crate::tui::app::{App, shown};
use crate::tui::theme::Role;
use crate::tui::view::{Spot, boxed, inside, put, row_spots, shown_rows};

pub fn draw(frame: &mut Frame, area: Rect, app: &App, home: &Home) {
    let inner = boxed(frame, area, m::HOME.get(app.lang), "", app);
    let rows = home.rows();
    for (i, area) in shown_rows(list(area), home.cursor, rows.len(), app.top) {
        let focused = i == home.cursor;
        let style = app.theme.style(if focused { Role::Focus } else { role(&rows[i]) });
        let arrow = if focused { ">" } else { " " };
        let text = fit(&format!("{arrow} {}", text(app, &rows[i])), usize::from(area.width));
        put(frame, area, 0, &text, style);
    }
    let folder = m::LOG_FOLDER.with(app.lang, &[("path", &shown(&app.logs))]);
    put(frame, inner, inner.height.saturating_sub(1), &format!(" {folder}"), app.theme.style(Role::Faint));
}

/// Where the walks are listed: over the name of their folder.
fn list(area: Rect) -> Rect {
    let inner = inside(area);
    Rect { height: inner.height.saturating_sub(2), ..inner }
}

pub fn spots(area: Rect, app: &App, home: &Home) -> Vec<(Rect, Spot)> {
    row_spots(list(area), home.cursor, home.rows().len(), app)
}

fn role(row: &Row) -> Role {
    match row {
        Row::Unfinished(_) | Row::NewWalk => Role::Title,
        Row::Finished(_) => Role::Text,
        Row::Unreadable(_) => Role::Warn,
    }
}

fn text(app: &App, row: &Row) -> String {
    let lang = app.lang;
    match row {
        Row::Unfinished(log) => line(app, log, m::CONTINUE.get(lang)),
        Row::NewWalk => m::NEW_WALK.get(lang).to_owned(),
        Row::Finished(log) => line(app, log, m::LOOK_AT.get(lang)),
        Row::Unreadable(log) => format!("{}  {}", m::UNREADABLE.get(lang), name_of(&log.path)),
    }
}

fn line(app: &App, log: &Listed, what: &str) -> String {
    match &log.read {
        Read::Session(session) => format!("{what}  {}", about(app, session)),
        Read::NotYet | Read::Unreadable(_) => format!("{what}  {}", name_of(&log.path)),
    }
}

fn about(app: &App, session: &Session) -> String {
    let head = &session.head;
    let site = head.site.as_ref().map_or("", |s| s.name.get(app.lang));
    let when = format!("{} {}", head.started.date(), head.started.time());
    let verdicts: Vec<Option<Verdict>> = app.checklist.targets().map(|t| session.verdict(&t.id)).collect();
    let done = verdicts.iter().flatten().count();
    let fails = verdicts.iter().filter(|v| **v == Some(Verdict::Fail)).count();
    let fails = if fails > 0 { format!("  F{fails}") } else { String::new() };
    let state = if session.state() == State::Paused { m::PAUSED.get(app.lang) } else { "" };
    let text = format!("{site}  {}  {when}  {done}/{}{fails}  {state}", head.by.shown(), app.checklist.len());
    visible(text.trim_end()).into_owned()
}
