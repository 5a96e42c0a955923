//! The state of the interface and how it changes. Views only read it.

pub mod counting;
pub mod counts;
pub mod home;
mod judging;
mod mouse;
mod moving;
pub mod noting;
pub mod photos;
pub mod popup;
pub mod recheck;
pub mod recording;
pub mod review;
pub mod rows;
pub mod ruling;
pub mod saving;
pub mod walk;
pub mod wizard;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Position;

use crate::checklist::Checklist;
use crate::district::District;
use crate::i18n::{Lang, messages as m};
use crate::log::Stamp;
use crate::search::Finder;
use crate::store::Settings;
use crate::store::rescue::Left;
use crate::store::writer::Report;
use crate::tell;
use crate::tui::app::home::Home;
use crate::tui::app::photos::Camera;
use crate::tui::app::popup::{Pick, Popup};
use crate::tui::app::recheck::Recheck;
use crate::tui::app::review::Review;
use crate::tui::app::saving::{CopyNews, SecondCopy};
use crate::tui::app::walk::Walk;
use crate::tui::app::wizard::Wizard;
use crate::tui::keymap::{self, Action, Scope};
use crate::tui::theme::{Lines, Theme};
use crate::tui::view::{WHOLE, is_too_small};
use crate::tui::{Effect, Input, Now, Opened, Reply, Start};

/// So many keys waiting at once where a key judges were not pressed one by one.
const BURST_OF_KEYS: usize = 2;
/// So many characters waiting at once in a field were not typed.
const BURST_OF_TEXT: usize = 3;

/// Everything the screen shows.
#[derive(Debug)]
pub struct App {
    pub lang: Lang,
    pub theme: Theme,
    pub lines: Lines,
    /// Whether a walk shows the one target under the cursor across the whole window.
    pub big: bool,
    pub checklist: Arc<Checklist>,
    pub district: Arc<District>,
    pub settings: Settings,
    pub logs: PathBuf,
    pub screen: Screen,
    pub popup: Option<Popup>,
    pub message: Option<Message>,
    /// The cells of the window when it was last drawn.
    pub size: (u16, u16),
    /// The first row of the list as it was when a click chose a row; the next key lets the list follow the cursor again.
    pub top: Option<usize>,
    /// Where and when a click last did more than choose a row.
    clicked: Option<(Position, u64)>,
    /// What could not be saved when a log was closed.
    pub unsaved: Vec<Left>,
    /// The signal the program was ended with, if it was.
    pub signal: Option<i32>,
    /// What the walk that is started looks at again.
    recheck: Option<Recheck>,
    /// How far the second copy of the open log has come.
    pub copy: SecondCopy,
    pub(super) camera: Camera,
    /// The target whose photographs are listed, where the walk goes on from it afterwards: its next key is for another one.
    pub(super) photos_of: Option<usize>,
    /// The moment of the last input: what the next picture shows.
    pub drawn_at: Now,
    /// Made when something is looked for first.
    finder: OnceCell<Finder>,
    /// When this version was made: a clock before that is wrong.
    made: Stamp,
    start: First,
    over: bool,
}

/// The screen that is open.
#[derive(Debug)]
pub enum Screen {
    Home(Home),
    Wizard(Box<Wizard>),
    Walk(Box<Walk>),
    Review(Box<Review>),
}

/// What the program starts with.
#[derive(Clone, Debug)]
pub enum First {
    /// The first run: language, name, site; a language that was asked for is no question.
    Questions {
        name: String,
        lang: Option<Lang>,
    },
    Home,
    Walk(Start),
    /// A review that is open already.
    Review,
}

/// What the message line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub text: String,
    pub tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Told,
    Warning,
}

/// What an app is made of.
pub struct Parts {
    pub lang: Lang,
    pub theme: Theme,
    pub checklist: Arc<Checklist>,
    pub district: Arc<District>,
    pub settings: Settings,
    pub logs: PathBuf,
    /// When this version was made.
    pub made: Stamp,
    pub start: First,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self {
            lang: parts.lang,
            theme: parts.theme,
            lines: Lines::Drawn,
            big: false,
            checklist: parts.checklist,
            district: parts.district,
            settings: parts.settings,
            logs: parts.logs,
            screen: Screen::Home(Home::default()),
            popup: None,
            message: None,
            size: WHOLE,
            top: None,
            clicked: None,
            unsaved: Vec::new(),
            signal: None,
            recheck: None,
            copy: SecondCopy::default(),
            camera: Camera::default(),
            photos_of: None,
            drawn_at: Now { stamp: parts.made.clone(), ms: 0 },
            finder: OnceCell::new(),
            made: parts.made,
            start: parts.start,
            over: false,
        }
    }

    /// Lets the walk that is started look again at what is open, and at nothing else.
    pub fn look_again(&mut self, recheck: Recheck) {
        self.recheck = Some(recheck);
    }

    /// Opens a review in the place of what the program starts with.
    pub fn open_review(&mut self, start: review::Start) {
        self.screen = Screen::Review(Box::new(Review::new(start, self)));
        self.start = First::Review;
    }

    /// Whether the program is to be left.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// What to do before the first screen.
    pub fn start(&mut self) -> Vec<Effect> {
        match self.start.clone() {
            First::Questions { name, lang } => {
                self.screen = Screen::Wizard(Box::new(Wizard::first_run(self, &name, lang)));
                Vec::new()
            }
            First::Home => vec![Effect::ListLogs],
            First::Review => Vec::new(),
            First::Walk(start) => vec![Effect::Start(start)],
        }
    }

    /// Takes in one input and says what is to be done outside.
    pub fn update(&mut self, input: Input, now: &Now) -> Vec<Effect> {
        let effects = self.take(input, now);
        if effects.iter().any(|e| matches!(e, Effect::Append(_))) {
            self.copy.handed_over(now);
        }
        effects
    }

    fn take(&mut self, input: Input, now: &Now) -> Vec<Effect> {
        self.drawn_at = now.clone();
        match input {
            Input::Terminal(events) => self.terminal(events, now),
            Input::Writer(report) => {
                match &mut self.screen {
                    Screen::Walk(walk) => walk.reported(report, now),
                    Screen::Review(review) => {
                        if let Some(own) = &mut review.own {
                            own.saving.reported(report, own.session.events().len(), now);
                        }
                    }
                    Screen::Home(_) | Screen::Wizard(_) => {}
                }
                Vec::new()
            }
            Input::Mirror(report) => {
                self.mirrored(&report, now);
                Vec::new()
            }
            Input::Reply(reply) => self.reply(reply, now),
            Input::Hangup(signal) => {
                self.signal = Some(signal);
                self.leave()
            }
            // The loop has done it before this; lines are for a walk without a screen.
            Input::Suspend | Input::Line(_) => Vec::new(),
        }
    }

    fn leave(&mut self) -> Vec<Effect> {
        self.over = true;
        vec![Effect::Close]
    }

    /// How many milliseconds the disk may still take to answer before the screen says that it does not.
    pub fn patience(&self, now: &Now) -> Option<u64> {
        let log = match &self.screen {
            Screen::Walk(walk) => walk.patience(now).into_iter().chain(self.watch_wakes(now)).min(),
            Screen::Review(review) => review.own.as_ref().and_then(|own| own.saving.patience(now)),
            Screen::Home(_) | Screen::Wizard(_) => return None,
        };
        log.into_iter().chain(self.copy.patience(now)).min()
    }

    /// Says that the disk does not answer.
    pub fn lose_patience(&mut self, now: &Now) {
        self.watch_over(now);
        self.drawn_at = now.clone();
        match &mut self.screen {
            Screen::Walk(walk) => walk.lose_patience(now),
            Screen::Review(review) => {
                if let Some(own) = &mut review.own {
                    own.saving.lose_patience(&own.path, now);
                }
            }
            Screen::Home(_) | Screen::Wizard(_) => {}
        }
        if let Some((log, _)) = self.open_log() {
            let news = self.copy.lose_patience(&log, now);
            self.tell_copy(news);
        }
    }

    /// The log that is written, and how many events it has.
    fn open_log(&self) -> Option<(PathBuf, usize)> {
        match &self.screen {
            Screen::Walk(walk) if walk.writable => Some((walk.path.clone(), walk.session.events().len())),
            Screen::Review(review) => review.open_log().map(|(_, events, path)| (path.to_owned(), events)),
            _ => None,
        }
    }

    fn mirrored(&mut self, report: &Report, now: &Now) {
        if let Some((log, events)) = self.open_log() {
            let news = self.copy.reported(report, (&log, events), now);
            self.tell_copy(news);
        }
    }

    /// The second copy is told about when it fails and when it is back, once each; that there is none stays in the header.
    fn tell_copy(&mut self, news: Option<CopyNews>) {
        match news {
            Some(news @ CopyNews::Lost(_)) => self.warn(news.tell(self.lang)),
            Some(news @ CopyNews::Back) => self.tell(news.tell(self.lang)),
            None => {}
        }
    }

    fn reply(&mut self, reply: Reply, now: &Now) -> Vec<Effect> {
        match reply {
            Reply::Listed(logs) => {
                if let Screen::Home(home) = &mut self.screen {
                    home.fill(logs);
                }
                Vec::new()
            }
            Reply::Opened(opened) => self.opened(*opened, now),
            Reply::History(site, history) => {
                if let Screen::Walk(walk) = &mut self.screen
                    && walk.site() == site
                {
                    walk.history = history;
                    walk.knows_before = true;
                    self.tell_open_before();
                    self.check_clock(now);
                }
                Vec::new()
            }
            Reply::Closed(Ok(path)) => {
                let warned = self.message.as_ref().is_some_and(|said| said.tone == Tone::Warning);
                if !path.as_os_str().is_empty() && !warned {
                    let said = self.message.take().map(|s| format!("{}   ", s.text)).unwrap_or_default();
                    self.tell(said + &m::CLOSED.with(self.lang, &[("path", &shown(&path))]));
                }
                Vec::new()
            }
            Reply::Closed(Err(left)) => {
                self.warn(tell::left(self.lang, &left));
                self.unsaved.push(left);
                Vec::new()
            }
            Reply::Moved(path) => self.log_moved(&path, now),
            Reply::Taken { path, why } => {
                let effects = self.go_home();
                self.popup = Some(Popup::Pick(Pick::taken(path)));
                self.warn(why);
                effects
            }
            Reply::Photos(camera) => {
                self.camera = camera;
                Vec::new()
            }
            Reply::CameraChosen(camera) => self.camera_chosen(camera),
            Reply::Attached { log, target, place, photo } => self.attached_photo(&log, (&target, place), photo, now),
            Reply::Notice(text) => {
                match self.message {
                    Some(Message { tone: Tone::Warning, .. }) => self.warn_too(&text),
                    _ => self.warn(text),
                }
                Vec::new()
            }
            Reply::ReviewStarted { session, path } => self.review_started(*session, path, now),
            Reply::Failed(text) => {
                self.warn(text);
                if matches!(self.screen, Screen::Review(_)) { Vec::new() } else { self.go_home() }
            }
        }
    }

    /// The log goes on elsewhere.
    fn log_moved(&mut self, path: &Path, now: &Now) -> Vec<Effect> {
        match &mut self.screen {
            Screen::Walk(walk) => walk.moved(path.to_owned(), now),
            Screen::Review(review) => {
                if let Some(own) = &mut review.own {
                    let events = own.session.events().len();
                    own.path = path.to_owned();
                    own.saving.reported(Report::Saved { events }, events, now);
                }
            }
            Screen::Home(_) | Screen::Wizard(_) => {}
        }
        self.tell(m::MOVED.with(self.lang, &[("path", &shown(path))]));
        Vec::new()
    }

    fn opened(&mut self, opened: Opened, now: &Now) -> Vec<Effect> {
        let left = opened.drafts.keys().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(" ");
        let drafts = (!left.is_empty()).then(|| m::DRAFTS_FOUND.with(self.lang, &[("ids", &left)]));
        let notice = opened.notice.clone().or(drafts);
        let (mut walk, first) = Walk::open(opened, &self.checklist, now);
        // Enter opens the note that was left; it was typed at this place.
        if let Some((id, place)) = walk.drafts.keys().next().cloned()
            && let Some(at) = self.checklist.position(&id)
        {
            walk.place = place;
            walk.jump(&self.checklist, at);
        }
        if let Some(recheck) = self.recheck.take() {
            walk.look_again(recheck, &self.checklist);
        }
        let history = Effect::ReadHistory { site: walk.site().to_owned(), except: walk.session.head.id.clone() };
        self.remember(&walk);
        self.copy = SecondCopy::default();
        self.screen = Screen::Walk(Box::new(walk));
        self.popup = None;
        match notice {
            Some(notice) => self.warn(notice),
            None => self.message = None,
        }
        self.check_clock(now);
        let mut effects: Vec<Effect> = first.into_iter().collect();
        effects.extend([Effect::SaveSettings(self.settings.clone()), history]);
        effects
    }

    /// Says at the beginning of a walk what was failing here before.
    fn tell_open_before(&mut self) {
        let Screen::Walk(walk) = &self.screen else {
            return;
        };
        let n = walk.open_before(&self.checklist).len();
        if n > 0 && walk.recheck.is_none() && self.message.is_none() {
            self.tell(m::OPEN_BEFORE.with(self.lang, &[("n", &n)]));
        }
    }

    /// The next walk offers the same inspector and site.
    fn remember(&mut self, walk: &Walk) {
        walk.remember_in(&mut self.settings);
        self.settings.lang = Some(self.lang);
    }

    /// Leaves what is open for the home screen.
    fn go_home(&mut self) -> Vec<Effect> {
        self.screen = Screen::Home(Home::default());
        self.popup = None;
        vec![Effect::ListLogs]
    }

    pub fn tell(&mut self, text: String) {
        self.message = Some(Message { text, tone: Tone::Told });
    }

    /// Warns without losing what was said already.
    fn warn_too(&mut self, text: &str) {
        let said = self.message.take().map(|s| format!("{}   ", s.text)).unwrap_or_default();
        self.warn(said + text);
    }

    pub fn warn(&mut self, text: String) {
        self.message = Some(Message { text, tone: Tone::Warning });
    }

    fn terminal(&mut self, events: Vec<TermEvent>, now: &Now) -> Vec<Effect> {
        let pressed = |e: &TermEvent| match e {
            TermEvent::Key(k) if k.kind == KeyEventKind::Press => Some(*k),
            _ => None,
        };
        let keys: Vec<KeyEvent> = events.iter().filter_map(pressed).filter(|k| is_text(k) || is_enter(k)).collect();
        let texts = keys.iter().filter(|k| is_text(k)).count();
        let burst = if self.has_field() { texts >= BURST_OF_TEXT } else { keys.len() >= BURST_OF_KEYS };
        let chinese = keys.iter().any(|k| matches!(keymap::normal(*k).code, KeyCode::Char(c) if !c.is_ascii()));
        let mut effects = Vec::new();
        for event in events {
            match event {
                TermEvent::Key(key) if key.kind != KeyEventKind::Release => {
                    effects.extend(self.key_in_burst(key, burst, now));
                }
                TermEvent::Paste(text) => self.paste(&text),
                TermEvent::Mouse(mouse) => effects.extend(self.mouse(mouse, now)),
                _ => {}
            }
        }
        if burst && chinese && !self.has_field() {
            self.warn(m::INPUT_METHOD_ON.get(self.lang).to_owned());
        }
        effects
    }

    /// Pasted text is typing, never a command: where there is no field, it is dropped; in a field, its line ends are blanks.
    fn key_in_burst(&mut self, key: KeyEvent, burst: bool, now: &Now) -> Vec<Effect> {
        if !burst || !(is_text(&key) || is_enter(&key)) {
            return self.key(key, now);
        }
        if !self.has_field() {
            self.warn(m::PASTE_DROPPED.get(self.lang).to_owned());
            return Vec::new();
        }
        let space = KeyEvent::new(KeyCode::Char(' '), KeyModifiers::NONE);
        self.key(if is_enter(&key) { space } else { key }, now)
    }

    fn paste(&mut self, text: &str) {
        match self.field() {
            Some(field) => field.paste(text),
            None => self.warn(m::PASTE_DROPPED.get(self.lang).to_owned()),
        }
    }

    /// The text field that takes what is typed, if one is open.
    fn field(&mut self) -> Option<&mut crate::tui::field::Field> {
        match (&mut self.popup, &mut self.screen) {
            (Some(popup), _) => popup.field_mut(),
            (None, Screen::Wizard(wizard)) => wizard.field_mut(),
            _ => None,
        }
    }

    fn has_field(&mut self) -> bool {
        self.field().is_some()
    }

    fn key(&mut self, key: KeyEvent, now: &Now) -> Vec<Effect> {
        let action = keymap::resolve(self.scope(), key);
        self.top = None;
        // Nobody judges what is not shown; leaving is possible, for a terminal that cannot grow.
        if is_too_small(self.size) {
            let ctrl_c = key.modifiers.contains(KeyModifiers::CONTROL) && matches!(key.code, KeyCode::Char('c' | 'q'));
            return if ctrl_c { self.leave() } else { Vec::new() };
        }
        match action {
            Some(Action::Language) => {
                self.lang = self.lang.other();
                self.settings.lang = Some(self.lang);
                self.message = None;
                return vec![Effect::SaveSettings(self.settings.clone())];
            }
            Some(Action::Redraw) => return vec![Effect::Redraw],
            _ => {}
        }
        if self.popup.is_some() {
            return self.popup_key(key, now);
        }
        self.message = None;
        let effects = match &self.screen {
            Screen::Wizard(_) => self.wizard_key(key, now),
            Screen::Home(_) => self.home_key(action, key),
            Screen::Walk(_) => self.walk_key(action, key, now),
            Screen::Review(_) => self.review_key(action, key, now),
        };
        self.watch_clock(now);
        effects
    }

    /// Where keys are looked up now.
    pub fn scope(&self) -> Scope {
        match (&self.popup, &self.screen) {
            (Some(Popup::Note(_)), _) => Scope::Note,
            (Some(_), _) | (None, Screen::Wizard(_)) => Scope::List,
            (None, Screen::Home(_)) => Scope::Home,
            (None, Screen::Walk(_)) => Scope::Walk,
            (None, Screen::Review(_)) => Scope::Review,
        }
    }

    /// A key that does nothing says why, where the reason can be known.
    fn unknown_key(&mut self, key: KeyEvent) {
        match keymap::normal(key).code {
            KeyCode::Char(c) if !c.is_ascii() => {
                let bound =
                    keymap::in_scope(Scope::Walk).any(|b| b.keys.contains(&keymap::Key::Plain(KeyCode::Char(c))));
                if !bound {
                    self.warn(m::INPUT_METHOD_ON.get(self.lang).to_owned());
                }
            }
            KeyCode::Char(c) => self.tell(m::NO_SUCH_KEY.with(self.lang, &[("key", &c)])),
            _ => {}
        }
    }
}

/// A path as it may be shown.
pub fn shown(path: &std::path::Path) -> String {
    crate::text::visible(&path.to_string_lossy()).into_owned()
}

fn is_enter(key: &KeyEvent) -> bool {
    key.code == KeyCode::Enter
}

fn is_text(key: &KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char(_)) && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
}
