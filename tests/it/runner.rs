//! Runs the interface as the program does, with a real store in a folder of its own and a clock that the test moves.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tempfile::TempDir;

use xunjie::checklist::Checklist;
use xunjie::desk::Desk;
use xunjie::district::{District, Source};
use xunjie::i18n::Lang;
use xunjie::log::{Name, Stamp};
use xunjie::session::Session;
use xunjie::store::{self, Folders, Settings};
use xunjie::tui::app::{App, First, Parts, Screen};
use xunjie::tui::theme::Theme;
use xunjie::tui::{Input, Now, Start, Tui};

/// A day on which nothing else happened.
pub const DAY: &str = "2020-08-22";

pub struct World {
    pub dir: TempDir,
    pub lang: Lang,
    /// When the program says it was made.
    pub made: &'static str,
    ms: Cell<u64>,
    /// How far the wall clock was set back, in seconds.
    back: Cell<u64>,
    /// Where second copies are kept.
    pub mirror: Option<PathBuf>,
    /// Where rescue files are looked for.
    pub rescue: Vec<PathBuf>,
}

impl World {
    pub fn new(lang: Lang) -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            lang,
            made: "2020-01-01T00:00:00+08:00",
            ms: Cell::new(0),
            back: Cell::new(0),
            mirror: None,
            rescue: Vec::new(),
        }
    }

    pub fn folders(&self) -> Folders {
        Folders::under(self.dir.path())
    }

    /// Later by so many milliseconds.
    pub fn wait(&self, ms: u64) {
        self.ms.set(self.ms.get() + ms);
    }

    /// Sets the wall clock back by so many seconds; the other clock goes on.
    pub fn set_clock_back(&self, seconds: u64) {
        self.back.set(self.back.get() + seconds);
    }

    pub fn now(&self) -> Now {
        let ms = self.ms.get();
        let wall = 8 * 3600 + ms / 1000 - self.back.get();
        let text = format!("{DAY}T{:02}:{:02}:{:02}+08:00", wall / 3600 % 24, wall / 60 % 60, wall % 60);
        Now { stamp: Stamp::try_from(text).unwrap(), ms }
    }

    pub fn walk(&self, site: &str) -> First {
        self.walk_in(site, DAY)
    }

    pub fn walk_in(&self, site: &str, round: &str) -> First {
        First::Walk(Start {
            site: District::built_in().site(site).unwrap().clone(),
            by: store::person("zhang3=张三").unwrap(),
            round: Name::try_from(round).unwrap(),
            source: Source::Own,
            at: self.now().stamp,
        })
    }

    /// Starts the program in this world and does something with it.
    pub fn run<T>(&self, size: (u16, u16), first: First, work: impl FnOnce(&mut Run) -> T) -> T {
        let (inputs, inbox) = mpsc::channel();
        let checklist = Arc::new(Checklist::built_in());
        let district = Arc::new(District::built_in());
        let mut desk = Desk::new(self.folders(), checklist.clone(), self.lang, inputs, "2020-08-22 08:00".into())
            .with_district(&district)
            .with_mirror(self.mirror.clone())
            .with_rescue(self.rescue.clone());
        let settings = self
            .folders()
            .settings()
            .unwrap()
            .unwrap_or_else(|| Settings { lang: Some(self.lang), ..Settings::default() });
        let app = App::new(Parts {
            lang: self.lang,
            theme: Theme::Colour,
            checklist,
            district,
            settings,
            logs: PathBuf::from("logs"),
            made: Stamp::try_from(self.made).unwrap(),
            start: first,
        });
        let terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        let clock = || self.now();
        let tui = Tui { terminal, app, clock: &clock, host: &mut desk, suspend: &|| {}, taken: &|| true };
        let mut run = Run { tui, inbox, held: false, turn: false, world: self };
        run.tui.start().unwrap();
        let result = work(&mut run);
        drop(run);
        if let Some(closed) = desk.close() {
            closed.unwrap();
        }
        result
    }

    /// The only log there is.
    pub fn log_path(&self) -> PathBuf {
        let names = self.folders().log_names().unwrap();
        assert_eq!(names.len(), 1, "{names:?}");
        names[0].clone()
    }

    pub fn session(&self) -> Session {
        let opened = store::open(&self.log_path()).unwrap();
        assert!(opened.damage().is_empty() && opened.is_ours());
        opened.session()
    }
}

/// A running program.
pub struct Run<'a> {
    pub tui: Tui<'a, TestBackend>,
    inbox: Receiver<Input>,
    held: bool,
    /// Which end of a text was clicked last.
    turn: bool,
    pub world: &'a World,
}

impl Run<'_> {
    /// Presses keys, a comfortable time apart. Words: `Enter`, `Up`, `C-p`, `F7` ...; everything else is typed
    /// character by character.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for word in keys.split(' ') {
            match named(word) {
                Some(key) => self.key(key),
                None => word.chars().for_each(|c| self.key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))),
            }
        }
        self
    }

    /// Types a text quickly, blanks included, each character on its own.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        }
        self
    }

    pub fn key(&mut self, key: KeyEvent) {
        self.world.wait(300);
        self.terminal(vec![Event::Key(key)]);
    }

    /// Presses one key over and over, as a keyboard does with one that is held.
    pub fn hold_down(&mut self, key: KeyEvent, repeats: usize) -> &mut Self {
        self.world.wait(2_000);
        self.terminal(vec![Event::Key(key)]);
        self.world.wait(500);
        for _ in 0..repeats {
            self.terminal(vec![Event::Key(key)]);
            self.world.wait(30);
        }
        self
    }

    /// What the terminal had waiting, at once.
    pub fn terminal(&mut self, events: Vec<Event>) {
        self.tui.take(Input::Terminal(events)).unwrap();
        self.pending();
    }

    /// Holds back what comes from other threads, as a disk that does not answer does.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
    }

    fn pending(&mut self) {
        if self.held {
            return;
        }
        while let Ok(input) = self.inbox.try_recv() {
            self.tui.take(input).unwrap();
        }
    }

    /// Waits until the disk has said that everything is saved and what was known before has come.
    pub fn settle(&mut self) -> &mut Self {
        let done = |app: &App| match &app.screen {
            // A new log has nothing to save, but the disk has still to say that it is there.
            Screen::Walk(walk) => {
                walk.knows_before && (!walk.writable || (walk.is_saved() && walk.saving.saved_at.is_some()))
            }
            Screen::Review(review) => review.open_log().is_none_or(|(saving, events, _)| saving.is_saved(events)),
            _ => true,
        };
        for _ in 0..200 {
            if let Ok(input) = self.inbox.recv_timeout(Duration::from_millis(20)) {
                self.tui.take(input).unwrap();
            } else if done(&self.tui.app) {
                return self;
            }
        }
        panic!("not saved within four seconds");
    }

    /// Takes in what comes until something is so.
    pub fn until(&mut self, is: impl Fn(&mut Self) -> bool) -> &mut Self {
        for _ in 0..200 {
            if is(self) {
                return self;
            }
            if let Ok(input) = self.inbox.recv_timeout(Duration::from_millis(20)) {
                self.tui.take(input).unwrap();
            }
        }
        panic!("not within four seconds:\n{}", self.screen());
    }

    /// The screen as text.
    pub fn screen(&mut self) -> String {
        let line = |cells: Vec<(u16, String)>| cells.into_iter().map(|(_, symbol)| symbol).collect::<String>();
        self.cells().into_iter().map(|cells| line(cells).trim_end().to_owned() + "\n").collect()
    }

    /// The cells of each line from left to right: where a character begins, and what it is.
    pub fn cells(&mut self) -> Vec<Vec<(u16, String)>> {
        // The backend for tests keeps what was under the second half of a wide character; terminals do not.
        self.tui.terminal.clear().unwrap();
        self.tui.draw().unwrap();
        let buffer = self.tui.terminal.backend().buffer();
        let mut lines = Vec::new();
        for y in 0..buffer.area.height {
            let mut line = Vec::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push((x, symbol.to_owned()));
                x += u16::try_from(xunjie::text::width(symbol).max(1)).unwrap();
            }
            lines.push(line);
        }
        lines
    }

    /// Every cell over which a text stands on the screen: columns from and to, and the row.
    pub fn find(&mut self, wanted: &str) -> Vec<(u16, u16, u16)> {
        let mut found = Vec::new();
        for (y, line) in (0..).zip(self.cells()) {
            for from in 0..line.len() {
                let mut text = String::new();
                for (x, symbol) in &line[from..] {
                    text.push_str(symbol);
                    if text == wanted {
                        let end = x + u16::try_from(xunjie::text::width(symbol)).unwrap();
                        found.push((line[from].0, end, y));
                    }
                    if !wanted.starts_with(&text) {
                        break;
                    }
                }
            }
        }
        found
    }

    /// Clicks on the first place where a text stands, on its last cell or on its first in turn.
    pub fn click(&mut self, wanted: &str) -> &mut Self {
        let first = self.find(wanted).first().copied();
        self.click_one(wanted, first)
    }

    /// Clicks on the last such place: the key bar is below everything.
    pub fn click_key(&mut self, wanted: &str) -> &mut Self {
        let last = self.find(wanted).last().copied();
        self.click_one(wanted, last)
    }

    fn click_one(&mut self, wanted: &str, found: Option<(u16, u16, u16)>) -> &mut Self {
        let Some((from, to, y)) = found else {
            panic!("no {wanted:?} in\n{}", self.screen());
        };
        self.turn = !self.turn;
        self.click_at(if self.turn { to - 1 } else { from }, y)
    }

    /// Clicks a cell, a comfortable time after what was before.
    pub fn click_at(&mut self, x: u16, y: u16) -> &mut Self {
        self.world.wait(600);
        self.mouse(MouseEventKind::Down(MouseButton::Left), x, y)
    }

    pub fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> &mut Self {
        self.tui.draw().unwrap();
        self.terminal(vec![Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })]);
        self
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.tui.terminal.backend_mut().resize(width, height);
        self.tui.terminal.resize(ratatui::layout::Rect::new(0, 0, width, height)).unwrap();
        self
    }
}

fn named(word: &str) -> Option<KeyEvent> {
    let plain = |code| Some(KeyEvent::new(code, KeyModifiers::NONE));
    if let Some(c) = word.strip_prefix("C-") {
        return Some(KeyEvent::new(KeyCode::Char(c.chars().next()?), KeyModifiers::CONTROL));
    }
    match word {
        "Enter" => plain(KeyCode::Enter),
        "Esc" => plain(KeyCode::Esc),
        "Up" => plain(KeyCode::Up),
        "Down" => plain(KeyCode::Down),
        "Left" => plain(KeyCode::Left),
        "Right" => plain(KeyCode::Right),
        "Tab" => plain(KeyCode::Tab),
        "End" => plain(KeyCode::End),
        "Home" => plain(KeyCode::Home),
        "Space" => plain(KeyCode::Char(' ')),
        "Backspace" => plain(KeyCode::Backspace),
        _ => {
            let n = word.strip_prefix('F')?.parse().ok()?;
            plain(KeyCode::F(n))
        }
    }
}
