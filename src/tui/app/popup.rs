//! What opens over the walk: the note, lists to pick from, and pages to read.

use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::archive::reading::Key;
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::{MAX_NAME, Name, Place, Verdict, Why};
use crate::text::visible;
use crate::tui::app::noting::NoteBox;
use crate::tui::app::rows::numbered;
use crate::tui::app::ruling::ReasonBox;
use crate::tui::app::walk::{Then, named_place};
use crate::tui::app::{App, Screen};
use crate::tui::field::Field;
use crate::tui::keymap::{self, Action, Scope};
use crate::tui::theme::Role;
use crate::tui::view::popup::furthest;
use crate::tui::{Effect, Now};

/// The longest path that can be typed.
const MAX_PATH: usize = 1_000;
/// How many rows a page key moves.
const PAGE: usize = 8;

/// What is open over the screen.
#[derive(Clone, Debug)]
pub enum Popup {
    Note(NoteBox),
    Pick(Pick),
    /// The counter of a target.
    Count(usize),
    /// The name of a place of a type.
    Name {
        kind: String,
        field: Field,
        /// The target one wants to be at there, else the first open one.
        target: Option<usize>,
    },
    /// Another folder for a log that cannot be saved where it is.
    Folder(Field),
    /// Why a supervisor decides so.
    Reason(ReasonBox),
    Page(Page),
}

/// A list to pick from.
#[derive(Clone, Debug)]
pub struct Pick {
    pub kind: PickKind,
    /// What narrows the list, where the list is long.
    pub filter: Option<Field>,
    pub cursor: usize,
    /// The note box that waits underneath.
    pub(super) under: Option<NoteBox>,
    /// Whether going back opens that note box again.
    pub(super) back_to_note: bool,
    /// Rows that do not depend on anything shown.
    fixed: Vec<(Msg, Choice)>,
}

/// What is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickKind {
    Search,
    Places,
    /// A place for a target that does not apply where one stands.
    PlaceFor(usize),
    Failures,
    /// The places done, and the place types nobody has been to.
    Overview,
    Phrases,
    /// Who must put a fault right.
    Units,
    Photos,
    Palette,
    Summary,
    /// The summary on the way to another site.
    SwitchSite,
    /// What to do with a walk or a review that is left while saving fails.
    Unsaved,
    /// A second answer where one person was asked already: the target, the key and the verdict.
    Answer(usize, Action, Verdict),
    /// What to do about a log that somebody else has open.
    Taken,
}

/// A row of a list.
#[derive(Clone, Debug)]
pub struct Row {
    pub text: String,
    pub role: Role,
    pub choice: Choice,
}

/// What Enter does on a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    Target(usize, Option<Place>),
    Place(Option<Place>),
    /// What was found before, with its place.
    Known(usize, Option<Place>),
    PlaceType(String),
    /// The same for a target one wants to be at there.
    PlaceFor(usize, String),
    /// A new place of a type, with what was typed as its name.
    NewPlace(String, String),
    /// What was typed as the name of a new place, whose type is still to be chosen.
    NeedsType(String),
    Phrase(String),
    Unit(Option<Name>),
    /// A photograph, or a folder of them.
    Attach(PathBuf),
    ShowPhoto(String),
    Command(Action),
    /// A verdict on a target, by a key.
    Give(usize, Action, Verdict),
    End(Why, Then),
    /// End it with something unsaved.
    EndUnsaved(Why, Then),
    OtherFolder,
    Look(PathBuf),
    Back,
    /// A line that is only read.
    Nothing,
}

/// A text to read.
#[derive(Clone, Debug)]
pub struct Page {
    pub kind: PageKind,
    pub scroll: usize,
    pub filter: Option<Field>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PageKind {
    Help,
    Card,
    History,
    /// Who found what of some keys.
    Evidence(Vec<Key>),
    /// What happened to a case of the review.
    Case(usize),
    /// With the moment it was opened.
    Time(Now),
}

impl Page {
    pub fn help() -> Self {
        Self { kind: PageKind::Help, scroll: 0, filter: Some(Field::new("", MAX_NAME)) }
    }
}

impl Popup {
    pub fn field_mut(&mut self) -> Option<&mut Field> {
        match self {
            Self::Note(note) => Some(&mut note.field),
            Self::Pick(pick) => pick.filter.as_mut(),
            Self::Count(_) => None,
            Self::Name { field, .. } | Self::Folder(field) => Some(field),
            Self::Reason(reason) => Some(&mut reason.field),
            Self::Page(page) => page.filter.as_mut(),
        }
    }
}

impl Pick {
    pub fn new(kind: PickKind, app: &App) -> Self {
        let filter = match kind {
            PickKind::Search | PickKind::Places | PickKind::Palette | PickKind::Units => Some(Field::new("", MAX_NAME)),
            PickKind::Photos => Some(Field::new("", MAX_PATH)),
            _ => None,
        };
        let under = match &app.popup {
            Some(Popup::Note(note)) if matches!(kind, PickKind::Phrases | PickKind::Units) => Some(note.clone()),
            _ => None,
        };
        let mut pick = Self { kind, filter, cursor: 0, under, ..Self::bare(kind) };
        if matches!(kind, PickKind::Failures | PickKind::Overview) {
            let first = pick.rows(app).iter().position(|row| row.choice != Choice::Nothing);
            pick.cursor = first.unwrap_or(0);
        }
        if matches!(kind, PickKind::Summary | PickKind::SwitchSite) {
            pick.cursor = usize::from(!app.all_answered());
        }
        pick
    }

    fn bare(kind: PickKind) -> Self {
        Self { kind, filter: None, cursor: 0, under: None, back_to_note: true, fixed: Vec::new() }
    }

    /// Leaving while saving fails: wait, another folder, or leave all the same.
    pub fn unsaved(why: Why, then: Then) -> Self {
        let fixed = vec![
            (m::WAIT_FOR_DISK, Choice::Back),
            (m::OTHER_FOLDER, Choice::OtherFolder),
            (m::LEAVE_UNSAVED, Choice::EndUnsaved(why, then)),
        ];
        Self { fixed, ..Self::bare(PickKind::Unsaved) }
    }

    /// A log that cannot be written now can be looked at.
    pub fn taken(path: PathBuf) -> Self {
        let fixed = vec![(m::GO_BACK, Choice::Back), (m::ONLY_LOOK, Choice::Look(path))];
        Self { fixed, ..Self::bare(PickKind::Taken) }
    }

    /// What is picked, in words.
    pub fn title(&self, app: &App) -> String {
        let msg = match self.kind {
            PickKind::Search => m::TITLE_SEARCH,
            PickKind::Places => m::TITLE_PLACES,
            PickKind::PlaceFor(_) => m::TITLE_PLACE_FOR,
            PickKind::Failures => m::TITLE_FAILURES,
            PickKind::Overview => m::TITLE_OVERVIEW,
            PickKind::Phrases => m::TITLE_PHRASES,
            PickKind::Units => m::TITLE_UNITS,
            PickKind::Photos => m::TITLE_PHOTOS,
            PickKind::Palette => m::TITLE_PALETTE,
            PickKind::Answer(..) => m::TITLE_ANSWER,
            PickKind::Summary => m::TITLE_SUMMARY,
            PickKind::SwitchSite => m::TITLE_SWITCH,
            PickKind::Unsaved => m::TITLE_UNSAVED,
            PickKind::Taken => m::TITLE_TAKEN,
        };
        let at = if let PickKind::PlaceFor(at) = self.kind { Some(at) } else { app.focused() };
        let target =
            at.map(|at| app.checklist.target(at)).map(|t| format!("{} {}", t.id, visible(t.name.get(app.lang))));
        msg.with(app.lang, &[("target", &target.unwrap_or_default())])
    }

    /// What stands beside the title: how many rows, or in the summary how the walk stands.
    pub fn count(&self, app: &App, rows: usize) -> String {
        match self.kind {
            PickKind::Summary | PickKind::SwitchSite => app.totals(),
            PickKind::Overview => app.pairs(),
            _ => rows.to_string(),
        }
    }

    /// The rows, as they are now.
    pub fn rows(&self, app: &App) -> Vec<Row> {
        let query = self.filter.as_ref().map_or("", Field::value);
        match self.kind {
            PickKind::Search => app.search_rows(query),
            PickKind::Places => app.place_rows(query),
            PickKind::PlaceFor(at) => app.place_rows_for(at),
            PickKind::Failures => app.failure_rows(),
            PickKind::Overview => app.overview_rows(),
            PickKind::Phrases => app.phrase_rows(self.under.as_ref()),
            PickKind::Units => app.unit_rows(query),
            PickKind::Photos => app.photo_rows(query),
            PickKind::Palette => app.palette_rows(query),
            PickKind::Answer(at, action, verdict) => app.answer_rows(at, action, verdict),
            PickKind::Summary => app.summary_rows(Then::Home),
            PickKind::SwitchSite => app.summary_rows(Then::NextSite),
            PickKind::Unsaved | PickKind::Taken => self.fixed_rows(app.lang),
        }
    }

    fn fixed_rows(&self, lang: Lang) -> Vec<Row> {
        let row = |(i, (msg, choice)): (usize, &(Msg, Choice))| Row {
            text: numbered(i, msg.get(lang)),
            role: Role::Title,
            choice: choice.clone(),
        };
        self.fixed.iter().enumerate().map(row).collect()
    }

    /// Whether a digit only moves to its row: where 1 would end something or 2 replace it, it must not do so by accident.
    fn digit_moves(&self) -> bool {
        matches!(self.kind, PickKind::Summary | PickKind::SwitchSite | PickKind::Unsaved | PickKind::Answer(..))
    }

    /// Whether a digit picks a row: not while something is typed, and never where ids or keys are typed.
    fn digit_picks(&self) -> bool {
        !matches!(self.kind, PickKind::Search | PickKind::Palette) && self.filter.as_ref().is_none_or(Field::is_empty)
    }
}

impl App {
    pub(super) fn popup_key(&mut self, key: KeyEvent, now: &Now) -> Vec<Effect> {
        match self.popup.take() {
            Some(Popup::Note(note)) => self.note_key(note, key, now),
            Some(Popup::Pick(pick)) => self.pick_key(pick, key, now),
            Some(Popup::Count(at)) => self.count_key(at, key, now),
            Some(Popup::Name { kind, field, target }) => {
                self.name_key((kind, target), field, key);
                Vec::new()
            }
            Some(Popup::Reason(reason)) => self.reason_key(reason, key, now),
            Some(Popup::Folder(field)) => self.folder_key(field, key),
            Some(Popup::Page(page)) => {
                self.page_key(page, key);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn pick_key(&mut self, mut pick: Pick, key: KeyEvent, now: &Now) -> Vec<Effect> {
        self.message = None;
        let rows = pick.rows(self);
        let last = rows.len().saturating_sub(1);
        pick.cursor = pick.cursor.min(last);
        match keymap::resolve(Scope::List, key) {
            Some(Action::Up) => pick.cursor = pick.cursor.checked_sub(1).unwrap_or(last),
            Some(Action::Down) => pick.cursor = if pick.cursor == last { 0 } else { pick.cursor + 1 },
            Some(Action::PageUp) => pick.cursor = pick.cursor.saturating_sub(PAGE),
            Some(Action::PageDown) => pick.cursor = (pick.cursor + PAGE).min(last),
            Some(Action::Back) => {
                self.popup = pick.under.filter(|_| pick.back_to_note).map(Popup::Note);
                return self.left_list(pick.kind, key, now);
            }
            Some(Action::Accept) => return self.choose(pick, &rows, now),
            _ => {
                if let KeyCode::Char(c @ '1'..='9') = keymap::normal(key).code
                    && pick.digit_picks()
                {
                    return self.digit(pick, &rows, c, now);
                }
                if pick.filter.as_mut().is_some_and(|f| f.key(key)) {
                    pick.cursor = 0;
                }
            }
        }
        self.popup = Some(Popup::Pick(pick));
        Vec::new()
    }

    /// From photographs the walk goes on; Ctrl-C a second time, in the summary, pauses it and leaves the program.
    fn left_list(&mut self, kind: PickKind, key: KeyEvent, now: &Now) -> Vec<Effect> {
        if kind == PickKind::Photos {
            self.left_photos();
        }
        if kind == PickKind::Summary && key.modifiers.contains(KeyModifiers::CONTROL) {
            return self.end_walk(Why::Paused, Then::Exit, now);
        }
        Vec::new()
    }

    /// A digit picks; in the summary it only moves there, because 1 is also the key for pass.
    fn digit(&mut self, mut pick: Pick, rows: &[Row], c: char, now: &Now) -> Vec<Effect> {
        let at = digit(c);
        if at < rows.len() {
            pick.cursor = at;
            if !pick.digit_moves() {
                return self.choose(pick, rows, now);
            }
        }
        self.popup = Some(Popup::Pick(pick));
        Vec::new()
    }

    fn choose(&mut self, pick: Pick, rows: &[Row], now: &Now) -> Vec<Effect> {
        let Some(row) = rows.get(pick.cursor) else {
            self.popup = Some(Popup::Pick(pick));
            return Vec::new();
        };
        match row.choice.clone() {
            Choice::Target(at, place) => self.choose_target(&pick, at, place),
            Choice::Place(place) => self.set_place(place),
            Choice::Known(at, place) => self.choose_known(at, place),
            Choice::PlaceType(kind) => {
                self.popup = Some(Popup::Name { kind, field: Field::new("", MAX_NAME), target: None });
            }
            Choice::PlaceFor(at, kind) => {
                self.popup = Some(Popup::Name { kind, field: Field::new("", MAX_NAME), target: Some(at) });
            }
            Choice::NewPlace(kind, name) => {
                if let Some(place) = named_place(&kind, &name) {
                    self.set_place(Some(place));
                }
            }
            Choice::NeedsType(name) => {
                self.popup = Some(Popup::Pick(pick));
                self.warn(m::PICK_TYPE_FIRST.with(self.lang, &[("name", &visible(&name))]));
            }
            Choice::Phrase(phrase) => {
                if let Some(mut note) = pick.under {
                    let joined = match note.field.value().trim() {
                        "" => phrase,
                        before => format!("{before} {phrase}"),
                    };
                    note.field.set(&joined);
                    return self.typing(note);
                }
            }
            Choice::Unit(unit) => {
                if let Some(mut note) = pick.under {
                    note.duty.unit = unit;
                    self.popup = Some(Popup::Note(note));
                }
            }
            Choice::Attach(photo) => {
                // The list stays until the answer comes: a digit meant for it must not judge.
                self.popup = Some(Popup::Pick(pick));
                return self.attach(photo);
            }
            Choice::ShowPhoto(file) => return vec![Effect::ShowPhoto(file)],
            Choice::Command(action) => return self.command(action, now),
            Choice::Give(at, action, verdict) => return self.give(at, action, verdict, now),
            Choice::End(why, then) => return self.end_walk(why, then, now),
            Choice::EndUnsaved(..) if matches!(self.screen, Screen::Review(_)) => return self.leave_review(now),
            Choice::EndUnsaved(why, then) => return self.leave_walk(why, then, now),
            Choice::OtherFolder => self.popup = Some(Popup::Folder(Field::new("", MAX_PATH))),
            Choice::Look(path) => return vec![Effect::Look(path)],
            Choice::Back => {}
            Choice::Nothing => self.popup = Some(Popup::Pick(pick)),
        }
        Vec::new()
    }

    fn choose_known(&mut self, at: usize, place: Option<Place>) {
        let list = self.checklist.clone();
        if let Screen::Walk(walk) = &mut self.screen {
            let before = std::mem::replace(&mut walk.place, place);
            walk.jump(&list, at);
            self.tell_place(&before);
        }
    }

    fn choose_target(&mut self, pick: &Pick, at: usize, place: Option<Place>) {
        let list = self.checklist.clone();
        let hits = match (&self.screen, &pick.filter) {
            (Screen::Walk(walk), Some(query)) => Some(self.hits(walk, query.value())),
            _ => None,
        };
        let Screen::Walk(walk) = &mut self.screen else {
            return;
        };
        let before = walk.place.clone();
        match hits {
            Some(hits) => walk.hits = hits,
            None => walk.place = place,
        }
        // A verdict is never given somewhere else than one thinks: one is asked where.
        let target = list.target(at);
        let somewhere = list.place_types.iter().any(|t| target.applies_at(&t.id));
        if pick.kind == PickKind::Search && walk.recheck.is_none() && somewhere && !walk.applies(&list, target) {
            self.pick(PickKind::PlaceFor(at));
            return;
        }
        walk.jump(&list, at);
        self.tell_place(&before);
    }

    fn name_key(&mut self, (kind, target): (String, Option<usize>), mut field: Field, key: KeyEvent) {
        self.message = None;
        match keymap::resolve(Scope::List, key) {
            Some(Action::Accept) if let Some(place) = named_place(&kind, field.value()) => {
                self.set_place(Some(place));
                if let (Some(walk), Some(at)) = (self.walk(), target) {
                    (walk.focus, walk.rests) = (at, false);
                }
            }
            Some(Action::Back) => self.pick(target.map_or(PickKind::Places, PickKind::PlaceFor)),
            _ => {
                field.key(key);
                self.popup = Some(Popup::Name { kind, field, target });
            }
        }
    }

    /// Goes on with the log in another folder; a path is typed as the system writes it.
    fn folder_key(&mut self, mut field: Field, key: KeyEvent) -> Vec<Effect> {
        match keymap::resolve(Scope::List, key) {
            Some(Action::Accept) if !field.value().trim().is_empty() => {
                return vec![Effect::MoveTo(PathBuf::from(field.value().trim()))];
            }
            Some(Action::Back) => return Vec::new(),
            _ => {
                field.key(key);
            }
        }
        self.popup = Some(Popup::Folder(field));
        Vec::new()
    }

    fn page_key(&mut self, mut page: Page, key: KeyEvent) {
        let last = furthest(self, &page);
        page.scroll = page.scroll.min(last);
        let plain = page.filter.is_none();
        match (keymap::resolve(Scope::List, key), keymap::normal(key).code) {
            (Some(Action::Back | Action::Accept), _) => return,
            (Some(Action::Up), _) => page.scroll = page.scroll.saturating_sub(1),
            (Some(Action::Down), _) => page.scroll += 1,
            (Some(Action::PageUp), _) => page.scroll = page.scroll.saturating_sub(PAGE),
            (Some(Action::PageDown), _) => page.scroll += PAGE,
            (_, KeyCode::Home) => page.scroll = 0,
            (_, KeyCode::End) => page.scroll = last,
            (_, KeyCode::Char('q')) if plain => return,
            (_, KeyCode::Char('k')) if plain => page.scroll = page.scroll.saturating_sub(1),
            (_, KeyCode::Char('j' | ' ')) if plain => page.scroll += 1,
            _ => {
                if page.filter.as_mut().is_some_and(|f| f.key(key)) {
                    page.scroll = 0;
                }
            }
        }
        page.scroll = page.scroll.min(last);
        self.popup = Some(Popup::Page(page));
    }
}

pub(super) fn digit(c: char) -> usize {
    c.to_digit(10).map_or(0, |d| d as usize).saturating_sub(1)
}
