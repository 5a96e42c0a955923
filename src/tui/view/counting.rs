//! The counter:
//!
//! ```text
//! ┌ 3.07 散落垃圾不超限 ─────────── 计数 ┐
//! │> 1 果皮            2     2.0  限 <5  │
//! │  2 纸屑塑膜        0     0.0  限 <6  │
//! │    面积            1000 平方米       │
//! │    路级            二级              │
//! │ 合格                                 │
//! └──────────────────────────────────────┘
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::checklist::{Bound, Counting};
use crate::i18n::messages as m;
use crate::text::{fit, visible};
use crate::tui::Now;
use crate::tui::app::App;
use crate::tui::app::counting::{Counter, not_yet};
use crate::tui::app::walk::verdict_name;
use crate::tui::theme::{Role, role};
use crate::tui::view::popup::over;
use crate::tui::view::put;

pub fn draw(frame: &mut Frame, body: Rect, app: &App, at: usize) {
    let target = app.checklist.target(at);
    let (Some(counting), Some(counter)) = (&target.count, app.counter(target)) else {
        return;
    };
    let now = &app.drawn_at;
    let rows = rows(app, counting, counter, now);
    let title = format!("{} {}", target.id, target.name.get(app.lang));
    let inner = over(frame, body, rows.len() + 3, &visible(&title), m::COUNT_TITLE.get(app.lang), app);
    for (n, row) in rows.iter().enumerate() {
        let mark = if n == counter.row { ">" } else { " " };
        let style = app.theme.style(if n == counter.row { Role::Title } else { Role::Text });
        put(frame, inner, u16::try_from(n).unwrap_or(0), &format!("{mark} {row}"), style);
    }
    let below = u16::try_from(rows.len()).unwrap_or(0);
    let verdict = counter.verdict(counting, now);
    let keys = match counting.is_timed() {
        true => m::COUNT_KEYS_TIMED,
        false if counter.row == counting.items.len() => m::COUNT_KEYS_AMOUNT,
        false => m::COUNT_KEYS,
    };
    let word = verdict.map_or_else(|| not_yet(counting, app.lang), |v| verdict_name(v).get(app.lang).to_owned());
    let proposed = m::COUNT_PROPOSES.with(app.lang, &[("verdict", &word)]);
    put(frame, inner, below + 1, &format!(" {proposed}"), app.theme.style(role(verdict)));
    put(frame, inner, below + 2, &format!(" {}", keys.get(app.lang)), app.theme.style(Role::Faint));
}

fn rows(app: &App, counting: &Counting, counter: &Counter, now: &Now) -> Vec<String> {
    let lang = app.lang;
    let class = counting.classes.get(counter.class);
    let scaled = counter.scaled(counting, now);
    let mut rows = Vec::new();
    for (n, item) in counting.items.iter().enumerate() {
        let limit = class.and_then(|c| c.limits.get(n)).and_then(bound);
        let limit = m::COUNT_LIMIT.with(lang, &[("limit", &limit.unwrap_or_else(|| "-".into()))]);
        let share = scaled[n].map_or("-".into(), |s| format!("{s:.1}"));
        let name = fit(&visible(item.name.get(lang)), 18);
        rows.push(format!("{} {name} {:>5} {share:>8}  {limit}", n + 1, counter.counts[n]));
    }
    let running = if counter.runs_since.is_some() { m::COUNT_RUNNING.get(lang) } else { "" };
    let amount = fit(&visible(counting.amount_name.get(lang)), 18);
    rows.push(format!("  {amount} {} {running}", counter.amount_shown(counting, now, lang)));
    if counting.classes.len() > 1 {
        let name = fit(m::COUNT_CLASS.get(lang), 18);
        rows.push(format!("  {name} {}", visible(class.map_or("", |c| c.name.get(lang)))));
    }
    rows
}

fn bound(bound: &Bound) -> Option<String> {
    let below = bound.below.map(|limit| format!("<{limit}"));
    below.or_else(|| bound.most.map(|limit| format!("<={limit}")))
}
