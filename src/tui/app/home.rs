//! The home screen: unfinished walks first, then a new walk, then finished ones.

use std::path::Path;

use crossterm::event::KeyEvent;

use crate::i18n::messages as m;
use crate::log::Why;
use crate::session::State;
use crate::store::{Listed, Read};
use crate::tui::Effect;
use crate::tui::app::popup::{Page, Popup};
use crate::tui::app::wizard::Wizard;
use crate::tui::app::{App, Screen};
use crate::tui::keymap::Action;

/// The list on the home screen.
#[derive(Debug, Default)]
pub struct Home {
    pub unfinished: Vec<Listed>,
    pub finished: Vec<Listed>,
    pub unreadable: Vec<Listed>,
    pub cursor: usize,
}

/// A row of the home screen.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    Unfinished(&'a Listed),
    NewWalk,
    Finished(&'a Listed),
    Unreadable(&'a Listed),
}

impl Home {
    pub fn fill(&mut self, logs: Vec<Listed>) {
        let mut home = Self::default();
        for log in logs {
            match &log.read {
                Read::Session(session) if session.state() != State::Finished => home.unfinished.push(log),
                Read::Session(_) | Read::NotYet => home.finished.push(log),
                Read::Unreadable(_) => home.unreadable.push(log),
            }
        }
        *self = home;
    }

    pub fn rows(&self) -> Vec<Row<'_>> {
        let mut rows: Vec<Row> = self.unfinished.iter().map(Row::Unfinished).collect();
        rows.push(Row::NewWalk);
        rows.extend(self.finished.iter().map(Row::Finished));
        rows.extend(self.unreadable.iter().map(Row::Unreadable));
        rows
    }
}

impl App {
    pub(super) fn home_key(&mut self, action: Option<Action>, key: KeyEvent) -> Vec<Effect> {
        let Screen::Home(home) = &mut self.screen else {
            return Vec::new();
        };
        let last = home.rows().len() - 1;
        match action {
            Some(Action::Up) => home.cursor = home.cursor.saturating_sub(1),
            Some(Action::Down) => home.cursor = (home.cursor + 1).min(last),
            Some(Action::PageUp) => home.cursor = home.cursor.saturating_sub(10),
            Some(Action::PageDown) => home.cursor = (home.cursor + 10).min(last),
            Some(Action::First) => home.cursor = 0,
            Some(Action::Last) => home.cursor = last,
            Some(Action::Accept) => return self.open_row(),
            Some(Action::Reopen) => return self.reopen_row(),
            Some(Action::NewWalk) => self.new_walk(),
            Some(Action::Help) => self.popup = Some(Popup::Page(Page::help())),
            Some(Action::Quit) => return self.leave(),
            _ => self.unknown_key(key),
        }
        Vec::new()
    }

    pub(super) fn new_walk(&mut self) {
        self.screen = Screen::Wizard(Box::new(Wizard::new_walk(self)));
    }

    fn open_row(&mut self) -> Vec<Effect> {
        let Screen::Home(home) = &self.screen else {
            return Vec::new();
        };
        let effect = match home.rows().get(home.cursor) {
            Some(Row::Unfinished(log)) => Effect::Resume(log.path.clone(), Why::Paused),
            Some(Row::Finished(log)) => Effect::Look(log.path.clone()),
            Some(Row::Unreadable(log)) => {
                let text = m::RUN_CHECK.with(self.lang, &[("path", &name_of(&log.path))]);
                self.warn(text);
                return Vec::new();
            }
            Some(Row::NewWalk) | None => {
                self.new_walk();
                return Vec::new();
            }
        };
        vec![effect]
    }

    fn reopen_row(&mut self) -> Vec<Effect> {
        let Screen::Home(home) = &self.screen else {
            return Vec::new();
        };
        match home.rows().get(home.cursor) {
            Some(Row::Finished(log)) => vec![Effect::Resume(log.path.clone(), Why::Reopened)],
            _ => {
                self.tell(m::REOPEN_WHAT.get(self.lang).to_owned());
                Vec::new()
            }
        }
    }

    /// Lets go of the log and leaves for the home screen.
    pub(super) fn close_to_home(&mut self) -> Vec<Effect> {
        let mut effects = vec![Effect::Close];
        effects.extend(self.go_home());
        effects
    }
}

/// The name of a file, as it may be shown.
pub fn name_of(path: &Path) -> String {
    crate::text::visible(&path.file_name().unwrap_or_default().to_string_lossy()).into_owned()
}
