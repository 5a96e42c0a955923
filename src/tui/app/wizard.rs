//! A few questions before a walk, each with Enter for the obvious answer.

use crossterm::event::{KeyCode, KeyEvent};

use crate::district::{Site, Source};
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::{MAX_NAME, Name, Person};
use crate::search::{self, Forms};
use crate::store::person;
use crate::tui::app::{App, Screen};
use crate::tui::field::Field;
use crate::tui::keymap::{self, Action, Scope};
use crate::tui::{Effect, Now, Start};

/// The questions and the answers so far.
#[derive(Debug)]
pub struct Wizard {
    steps: &'static [Step],
    at: usize,
    pub cursor: usize,
    /// What is typed: the answer, or what narrows the list.
    pub field: Field,
    site: Option<Site>,
    by: Option<Person>,
    source: Source,
    first_name: String,
}

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Language,
    Name,
    Site,
    Source,
    Round,
}

const FIRST_RUN: &[Step] = &[Step::Language, Step::Name, Step::Site];
/// The same in a language that was asked for.
const FIRST_RUN_IN: &[Step] = &[Step::Name, Step::Site];
const NEW_WALK: &[Step] = &[Step::Site, Step::Source, Step::Name, Step::Round];

impl Step {
    pub fn question(self) -> Msg {
        match self {
            Self::Language => m::ASK_LANGUAGE,
            Self::Name => m::ASK_NAME,
            Self::Site => m::ASK_SITE,
            Self::Source => m::ASK_SOURCE,
            Self::Round => m::ASK_ROUND,
        }
    }

    pub fn hint(self) -> Msg {
        match self {
            Self::Language => m::HINT_LANGUAGE,
            Self::Name => m::HINT_NAME,
            Self::Site => m::HINT_SITE,
            Self::Source => m::HINT_SOURCE,
            Self::Round => m::HINT_ROUND,
        }
    }

    fn is_list(self) -> bool {
        matches!(self, Self::Language | Self::Site | Self::Source)
    }
}

/// An answer that can be picked.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Lang(Lang),
    Site(Site),
    Source(Source),
}

impl Wizard {
    /// The first run: language, unless one was asked for, name, site.
    pub fn first_run(app: &App, name: &str, lang: Option<Lang>) -> Self {
        let mut wizard = Self::new(if lang.is_some() { FIRST_RUN_IN } else { FIRST_RUN }, name);
        wizard.enter(app, None);
        wizard
    }

    /// A new walk, starting from the answers of the last one.
    pub fn new_walk(app: &App) -> Self {
        let name = app.settings.by.as_ref().map(|p| match &p.name {
            Some(name) if crate::store::code_for(name.as_str()) != p.id => format!("{}={name}", p.id),
            Some(name) => name.to_string(),
            None => p.id.to_string(),
        });
        let mut wizard = Self::new(NEW_WALK, &name.unwrap_or_default());
        wizard.enter(app, None);
        wizard
    }

    fn new(steps: &'static [Step], name: &str) -> Self {
        Self {
            steps,
            at: 0,
            cursor: 0,
            field: Field::new("", MAX_NAME),
            site: None,
            by: None,
            source: Source::Own,
            first_name: name.to_owned(),
        }
    }

    pub fn step(&self) -> Step {
        self.steps[self.at]
    }

    /// Which question of how many this is, from 1.
    pub fn progress(&self) -> (usize, usize) {
        (self.at + 1, self.steps.len())
    }

    /// The field takes text where something is typed; digits of a short list pick.
    pub fn field_mut(&mut self) -> Option<&mut Field> {
        matches!(self.step(), Step::Name | Step::Round | Step::Site).then_some(&mut self.field)
    }

    /// Sets up a question with its obvious answer.
    fn enter(&mut self, app: &App, now: Option<&Now>) {
        self.cursor = 0;
        let text = match (self.step(), now) {
            (Step::Name, _) => self.first_name.clone(),
            (Step::Round, Some(now)) => now.stamp.date().to_owned(),
            _ => String::new(),
        };
        self.field = Field::proposing(&text, MAX_NAME);
        if self.step() == Step::Language {
            self.cursor = usize::from(app.lang == Lang::En);
        }
        if self.step() == Step::Site {
            let last = app.settings.site.as_ref().map(|s| s.as_str());
            self.cursor = app.district.sites.iter().position(|s| Some(s.id.as_str()) == last).unwrap_or(0);
        }
    }

    /// The answers of a list question.
    pub fn answers(&self, app: &App) -> Vec<(String, Answer)> {
        let lang = app.lang;
        match self.step() {
            Step::Language => {
                vec![("中文".to_owned(), Answer::Lang(Lang::Zh)), ("English".to_owned(), Answer::Lang(Lang::En))]
            }
            Step::Site => {
                let forms = |s: &&Site| Forms::new(&s.id, &s.name, &s.initials, s.pinyin.as_deref());
                let sites = search::among(&app.district.sites, forms, self.field.value(), lang);
                let text = |s: &Site| format!("{}  {}", s.name.get(lang), s.name.get(lang.other()));
                sites.into_iter().map(|s| (text(s), Answer::Site(s.clone()))).collect()
            }
            Step::Source => {
                app.district.sources.iter().map(|s| (s.name.get(lang).to_owned(), Answer::Source(s.id))).collect()
            }
            Step::Name | Step::Round => Vec::new(),
        }
    }
}

impl App {
    fn wizard(&mut self) -> Option<&mut Wizard> {
        match &mut self.screen {
            Screen::Wizard(wizard) => Some(wizard),
            _ => None,
        }
    }

    pub(super) fn wizard_key(&mut self, key: KeyEvent, now: &Now) -> Vec<Effect> {
        let Screen::Wizard(wizard) = &self.screen else {
            return Vec::new();
        };
        let answers = wizard.answers(self);
        let step = wizard.step();
        let last = answers.len().saturating_sub(1);
        let action = keymap::resolve(Scope::List, key);
        let Some(wizard) = self.wizard() else {
            return Vec::new();
        };
        match action {
            Some(Action::Accept) => return self.answer(answers, now),
            Some(Action::Back) => return self.wizard_back(now),
            Some(Action::Up) => wizard.cursor = wizard.cursor.checked_sub(1).unwrap_or(last),
            Some(Action::Down) => wizard.cursor = if wizard.cursor >= last { 0 } else { wizard.cursor + 1 },
            Some(Action::PageUp) => wizard.cursor = 0,
            Some(Action::PageDown) => wizard.cursor = last,
            _ => {
                let picked = match keymap::normal(key).code {
                    KeyCode::Char(c @ '1'..='9') if step.is_list() && wizard.field.is_empty() => c.to_digit(10),
                    _ => None,
                };
                match picked.map(|d| d as usize - 1) {
                    Some(at) if at <= last => {
                        wizard.cursor = at;
                        return self.answer(answers, now);
                    }
                    Some(_) => {}
                    None => {
                        if wizard.field_mut().is_some_and(|f| f.key(key)) {
                            wizard.cursor = 0;
                        }
                    }
                }
            }
        }
        Vec::new()
    }

    /// Takes the answer; one that cannot be is said and asked again.
    fn answer(&mut self, answers: Vec<(String, Answer)>, now: &Now) -> Vec<Effect> {
        let lang = self.lang;
        let Some(wizard) = self.wizard() else {
            return Vec::new();
        };
        let text = wizard.field.value().trim().to_owned();
        let picked = answers.into_iter().nth(wizard.cursor).map(|(_, a)| a);
        match (wizard.step(), picked) {
            (Step::Language, Some(Answer::Lang(lang))) => {
                self.lang = lang;
                self.settings.lang = Some(lang);
            }
            (Step::Site, Some(Answer::Site(site))) => wizard.site = Some(site),
            (Step::Source, Some(Answer::Source(source))) => wizard.source = source,
            (Step::Name, _) => match person(&text) {
                Some(by) => {
                    wizard.first_name = text;
                    wizard.by = Some(by);
                }
                None => {
                    self.warn(m::BAD_NAME.get(lang).to_owned());
                    return Vec::new();
                }
            },
            (Step::Round, _) => match Name::try_from(text) {
                Ok(round) => return self.start_walk(round, now),
                Err(_) => {
                    self.warn(m::BAD_ROUND.get(lang).to_owned());
                    return Vec::new();
                }
            },
            _ => {
                self.warn(m::NOTHING_FITS.get(lang).to_owned());
                return Vec::new();
            }
        }
        self.wizard_next(now)
    }

    fn wizard_next(&mut self, now: &Now) -> Vec<Effect> {
        let done = self.wizard().is_some_and(|w| w.at + 1 == w.steps.len());
        if done {
            return match Name::try_from(now.stamp.date()) {
                Ok(round) => self.start_walk(round, now),
                Err(_) => Vec::new(),
            };
        }
        self.step_to(now, |at| at + 1);
        Vec::new()
    }

    fn step_to(&mut self, now: &Now, to: impl Fn(usize) -> usize) {
        let mut screen = std::mem::replace(&mut self.screen, Screen::Home(super::home::Home::default()));
        if let Screen::Wizard(wizard) = &mut screen {
            wizard.at = to(wizard.at);
            wizard.enter(self, Some(now));
        }
        self.screen = screen;
    }

    fn start_walk(&mut self, round: Name, now: &Now) -> Vec<Effect> {
        let Some(wizard) = self.wizard() else {
            return Vec::new();
        };
        let (Some(site), Some(by)) = (wizard.site.clone(), wizard.by.clone()) else {
            return Vec::new();
        };
        let start = Start { site, by, round, source: wizard.source, at: now.stamp.clone() };
        vec![Effect::Start(start)]
    }

    /// One question back; from the first one, out.
    fn wizard_back(&mut self, now: &Now) -> Vec<Effect> {
        match self.wizard().map(|w| (w.at, w.steps)) {
            Some((0, FIRST_RUN | FIRST_RUN_IN)) => {
                self.over = true;
                Vec::new()
            }
            Some((0, _)) | None => self.go_home(),
            Some(_) => {
                self.step_to(now, |at| at - 1);
                Vec::new()
            }
        }
    }
}
