//! The mouse, where a person tries it: rows, categories, pages, lists to choose from, the keys that are named below.
//!
//! A click gives a verdict only where it presses a key, and then the guards of that key hold.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::i18n::messages as m;
use crate::tui::app::popup::{Page, Popup};
use crate::tui::app::{App, Screen};
use crate::tui::view::popup::furthest;
use crate::tui::view::{Spot, is_too_small, spot_at};
use crate::tui::{Effect, Now};

/// Two clicks at one place within this time are a double click. Whoever double-clicks a key or a row of a menu means it
/// once; the second click would hit whatever lies there by then.
const DOUBLE_CLICK_MS: u64 = 500;
/// How many lines of a page the wheel moves.
const WHEEL_LINES: usize = 3;

impl App {
    pub(super) fn mouse(&mut self, event: MouseEvent, now: &Now) -> Vec<Effect> {
        if is_too_small(self.size) {
            return Vec::new();
        }
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => self.click(Position::new(event.column, event.row), now),
            MouseEventKind::ScrollUp => self.wheel(KeyCode::Up, now),
            MouseEventKind::ScrollDown => self.wheel(KeyCode::Down, now),
            _ => Vec::new(),
        }
    }

    fn click(&mut self, at: Position, now: &Now) -> Vec<Effect> {
        if self.is_second_click(at, now) {
            return Vec::new();
        }
        let Some(spot) = spot_at(self, at) else {
            return Vec::new();
        };
        if let Spot::Row { at, top } = spot
            && !self.is_chosen(at)
        {
            self.choose_row(at);
            self.top = Some(top);
            return Vec::new();
        }
        self.clicked = Some((at, now.ms));
        match spot {
            Spot::Row { .. } => self.key(plain(KeyCode::Enter), now),
            Spot::Key(key) => self.key(key, now),
            Spot::Phrase(i) => {
                let digit = u32::try_from(i + 1).ok().and_then(|n| char::from_digit(n, 10));
                digit.map_or(Vec::new(), |c| self.key(plain(KeyCode::Char(c)), now))
            }
            Spot::Choice(i) => {
                self.move_choice(|_, _| i);
                self.key(plain(KeyCode::Enter), now)
            }
            Spot::Category(category) => {
                self.go_to_category(category);
                Vec::new()
            }
            Spot::Page(tab) => {
                if let Some(review) = self.review() {
                    review.tab = tab;
                }
                self.top = None;
                Vec::new()
            }
        }
    }

    fn is_second_click(&mut self, at: Position, now: &Now) -> bool {
        let Some((before, ms)) = &mut self.clicked else {
            return false;
        };
        let same = before.y == at.y && before.x.abs_diff(at.x) <= 1 && now.ms.saturating_sub(*ms) < DOUBLE_CLICK_MS;
        if same {
            *ms = now.ms;
        }
        same
    }

    /// Whether the cursor is on a row of the screen's list already.
    fn is_chosen(&self, at: usize) -> bool {
        match &self.screen {
            Screen::Walk(walk) => self.focused() == Some(at) && !walk.rests(),
            Screen::Home(home) => home.cursor == at,
            Screen::Review(review) => review.cursor(self) == at,
            Screen::Wizard(_) => false,
        }
    }

    fn choose_row(&mut self, at: usize) {
        self.message = None;
        match &mut self.screen {
            Screen::Walk(walk) => (walk.focus, walk.rests) = (at, false),
            Screen::Home(home) => home.cursor = at,
            Screen::Review(review) => review.set_cursor(at),
            Screen::Wizard(_) => {}
        }
    }

    /// To the first listed target of a category; says so where there is none.
    fn go_to_category(&mut self, category: usize) {
        let list = self.checklist.clone();
        (self.message, self.top) = (None, None);
        let Some(walk) = self.walk() else {
            return;
        };
        match walk.listed(&list).into_iter().find(|at| list.category_of(*at) == category) {
            Some(first) => (walk.focus, walk.rests) = (first, false),
            None => self.tell(m::NOTHING_LISTED.get(self.lang).to_owned()),
        }
    }

    /// Moves the cursor of a list to choose from, if one is open; `to` is given where it is and the last row.
    fn move_choice(&mut self, to: impl Fn(usize, usize) -> usize) -> bool {
        let last = match (&self.popup, &self.screen) {
            (Some(Popup::Pick(pick)), _) => pick.rows(self).len(),
            (None, Screen::Wizard(wizard)) => wizard.answers(self).len(),
            _ => return false,
        };
        let last = last.saturating_sub(1);
        let cursor = match (&mut self.popup, &mut self.screen) {
            (Some(Popup::Pick(pick)), _) => &mut pick.cursor,
            (None, Screen::Wizard(wizard)) => &mut wizard.cursor,
            _ => return false,
        };
        *cursor = to((*cursor).min(last), last);
        true
    }

    /// The wheel moves the cursor of a list and stops at its ends; it scrolls a page. In a text it does nothing: there
    /// the arrows bring earlier notes.
    fn wheel(&mut self, arrow: KeyCode, now: &Now) -> Vec<Effect> {
        let step = |at: usize, last: usize| match arrow {
            KeyCode::Up => at.saturating_sub(1),
            _ => (at + 1).min(last),
        };
        if self.move_choice(step) {
            return Vec::new();
        }
        match self.popup.take() {
            None => return self.key(plain(arrow), now),
            Some(Popup::Page(page)) => {
                let last = furthest(self, &page);
                let scroll = (0..WHEEL_LINES).fold(page.scroll, |at, _| step(at, last)).min(last);
                self.popup = Some(Popup::Page(Page { scroll, ..page }));
            }
            typed => self.popup = typed,
        }
        Vec::new()
    }
}

fn plain(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}
