//! What opens over the walk: the note, lists to pick from, and pages to read.

use std::collections::HashMap;
use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::checklist::PlaceType;
use crate::i18n::{Both, Lang, Msg, messages as m};
use crate::log::{MAX_NAME, MAX_NOTE, Place, Verdict, Why};
use crate::search;
use crate::text::visible;
use crate::tui::app::walk::{KEY_REPEAT_MS, REPEAT_GUARD_MS, Then, place_name, verdict_name};
use crate::tui::app::{App, Screen};
use crate::tui::field::Field;
use crate::tui::keymap::{self, Action, BINDINGS, Scope};
use crate::tui::theme::{Role, mark, role};
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
    /// The name of a place of a type.
    Name {
        kind: String,
        field: Field,
    },
    /// Another folder for a log that cannot be saved where it is.
    Folder(Field),
    Page(Page),
}

/// The note of a target.
#[derive(Clone, Debug)]
pub struct NoteBox {
    pub target: usize,
    pub verdict: Option<Verdict>,
    pub field: Field,
    /// The note that stands.
    pub recorded: String,
    /// Notes typed before, the newest first, and the one shown.
    pub earlier: Vec<String>,
    shown: Option<usize>,
    /// The verdict key that opened it: while it is held it types nothing.
    opener: Option<Opener>,
}

/// A verdict key that may still be held down.
#[derive(Clone, Debug)]
pub struct Opener {
    pub action: Action,
    pub pressed: u64,
    /// What was in the field before the key was taken as typing.
    before: String,
}

impl Opener {
    pub fn new(action: Action, now: &Now) -> Self {
        Self { action, pressed: now.ms, before: String::new() }
    }
}

impl NoteBox {
    pub fn new(target: usize, verdict: Option<Verdict>, text: &str, recorded: String, earlier: Vec<String>) -> Self {
        Self { target, verdict, field: Field::new(text, MAX_NOTE), recorded, earlier, shown: None, opener: None }
    }

    pub fn opened_by(mut self, opener: Option<Opener>) -> Self {
        self.opener = opener;
        self
    }

    /// Whether it opened with a verdict, so that leaving it goes on with the walk.
    pub fn is_fresh(&self) -> bool {
        self.opener.is_some()
    }

    /// Whether a key is the opener pressed too soon, or repeating because it is held; what its first repeat typed goes.
    fn is_held(&mut self, key: KeyEvent, now: &Now) -> bool {
        let Some(opener) = &mut self.opener else {
            return false;
        };
        if keymap::resolve(Scope::Walk, key) != Some(opener.action) {
            return false;
        }
        let gap = now.ms.saturating_sub(opener.pressed);
        opener.pressed = now.ms;
        if gap < KEY_REPEAT_MS {
            self.field.set(&opener.before);
        } else if gap >= REPEAT_GUARD_MS {
            opener.before = self.field.value().to_owned();
            return false;
        }
        true
    }

    /// Puts an earlier note into the field.
    fn recall(&mut self, older: bool) {
        let next = match (self.shown, older) {
            (None, true) => Some(0),
            (None, false) => None,
            (Some(i), true) => Some((i + 1).min(self.earlier.len().saturating_sub(1))),
            (Some(i), false) => i.checked_sub(1),
        };
        let text = next.and_then(|i| self.earlier.get(i)).cloned();
        self.shown = next.filter(|_| text.is_some());
        self.field.set(&text.unwrap_or_default());
    }
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
    Failures,
    Phrases,
    Palette,
    Summary,
    /// The summary on the way to another site.
    SwitchSite,
    /// What to do with a walk that is left while saving fails.
    Unsaved,
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
    PlaceType(String),
    /// A new place of a type, with what was typed as its name.
    NewPlace(String, String),
    Phrase(String),
    Command(Action),
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
            Self::Name { field, .. } | Self::Folder(field) => Some(field),
            Self::Page(page) => page.filter.as_mut(),
        }
    }
}

impl Pick {
    pub fn new(kind: PickKind, app: &App) -> Self {
        let filtered = matches!(kind, PickKind::Search | PickKind::Places | PickKind::Palette);
        let under = match &app.popup {
            Some(Popup::Note(note)) if kind == PickKind::Phrases => Some(note.clone()),
            _ => None,
        };
        let mut pick =
            Self { kind, filter: filtered.then(|| Field::new("", MAX_NAME)), cursor: 0, under, ..Self::bare(kind) };
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
    pub fn title(&self) -> Msg {
        match self.kind {
            PickKind::Search => m::TITLE_SEARCH,
            PickKind::Places => m::TITLE_PLACES,
            PickKind::Failures => m::TITLE_FAILURES,
            PickKind::Phrases => m::TITLE_PHRASES,
            PickKind::Palette => m::TITLE_PALETTE,
            PickKind::Summary => m::TITLE_SUMMARY,
            PickKind::SwitchSite => m::TITLE_SWITCH,
            PickKind::Unsaved => m::TITLE_UNSAVED,
            PickKind::Taken => m::TITLE_TAKEN,
        }
    }

    /// What stands beside the title: how many rows, or in the summary how the walk stands.
    pub fn count(&self, app: &App, rows: usize) -> String {
        match self.kind {
            PickKind::Summary | PickKind::SwitchSite => app.totals(),
            _ => rows.to_string(),
        }
    }

    /// The rows, as they are now.
    pub fn rows(&self, app: &App) -> Vec<Row> {
        let query = self.filter.as_ref().map_or("", Field::value);
        match self.kind {
            PickKind::Search => app.search_rows(query),
            PickKind::Places => app.place_rows(query),
            PickKind::Failures => app.failure_rows(),
            PickKind::Phrases => app.phrase_rows(self.under.as_ref()),
            PickKind::Palette => app.palette_rows(query),
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

    /// Whether a digit only moves to its row: where 1 would end something, it must not do so by accident.
    fn digit_moves(&self) -> bool {
        matches!(self.kind, PickKind::Summary | PickKind::SwitchSite | PickKind::Unsaved)
    }

    /// Whether a digit picks a row: not while something is typed, and never in a search, where ids are typed.
    fn digit_picks(&self) -> bool {
        self.kind != PickKind::Search && self.filter.as_ref().is_none_or(Field::is_empty)
    }
}

impl App {
    pub(super) fn popup_key(&mut self, key: KeyEvent, now: &Now) -> Vec<Effect> {
        match self.popup.take() {
            Some(Popup::Note(note)) => self.note_key(note, key, now),
            Some(Popup::Pick(pick)) => self.pick_key(pick, key, now),
            Some(Popup::Name { kind, field }) => {
                self.name_key(kind, field, key);
                Vec::new()
            }
            Some(Popup::Folder(field)) => self.folder_key(field, key),
            Some(Popup::Page(page)) => {
                self.page_key(page, key);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn note_key(&mut self, mut note: NoteBox, key: KeyEvent, now: &Now) -> Vec<Effect> {
        self.message = None;
        if note.is_held(key, now) {
            self.popup = Some(Popup::Note(note));
            return Vec::new();
        }
        let phrase = match keymap::normal(key).code {
            KeyCode::Char(c @ '1'..='9') if note.field.is_empty() => self.phrases(&note).get(digit(c)).cloned(),
            _ => None,
        };
        if let Some(phrase) = phrase {
            note.field.set(&phrase);
            return self.typing(note);
        }
        match key.code {
            KeyCode::Enter => return self.accept_note(note, now),
            KeyCode::Esc => return self.keep_draft(&note),
            KeyCode::Char('c' | 'q') if key.modifiers.contains(KeyModifiers::CONTROL) => return self.keep_draft(&note),
            KeyCode::Up => note.recall(true),
            KeyCode::Down => note.recall(false),
            KeyCode::Tab => {
                self.popup = Some(Popup::Note(note));
                self.pick(PickKind::Phrases);
                return Vec::new();
            }
            _ => {
                note.field.key(key);
            }
        }
        self.typing(note)
    }

    /// What is typed is kept on the disk as a draft before it is accepted.
    fn typing(&mut self, note: NoteBox) -> Vec<Effect> {
        let effects = self.drafts_with(Some(&note));
        self.popup = Some(Popup::Note(note));
        effects
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

    /// Ctrl-C a second time, in the summary, pauses the walk and leaves the program.
    fn left_list(&mut self, kind: PickKind, key: KeyEvent, now: &Now) -> Vec<Effect> {
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
            Choice::PlaceType(kind) => {
                self.popup = Some(Popup::Name { kind, field: Field::new("", MAX_NAME) });
            }
            Choice::NewPlace(kind, name) => {
                if let Some(place) = Self::named_place(&kind, &name) {
                    self.set_place(Some(place));
                }
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
            Choice::Command(action) => return self.command(action, now),
            Choice::End(why, then) => return self.end_walk(why, then, now),
            Choice::EndUnsaved(why, then) => return self.leave_walk(why, then, now),
            Choice::OtherFolder => self.popup = Some(Popup::Folder(Field::new("", MAX_PATH))),
            Choice::Look(path) => return vec![Effect::Look(path)],
            Choice::Back => {}
            Choice::Nothing => self.popup = Some(Popup::Pick(pick)),
        }
        Vec::new()
    }

    fn choose_target(&mut self, pick: &Pick, at: usize, place: Option<Place>) {
        let list = self.checklist.clone();
        let query = pick.filter.as_ref().map(|f| f.value().to_owned());
        let Screen::Walk(walk) = &mut self.screen else {
            return;
        };
        let before = walk.place.clone();
        match query {
            Some(query) => walk.hits = search::targets(&list, &query),
            None => walk.place = place,
        }
        walk.jump(&list, at);
        self.tell_place(&before);
    }

    fn name_key(&mut self, kind: String, mut field: Field, key: KeyEvent) {
        self.message = None;
        match keymap::resolve(Scope::List, key) {
            Some(Action::Accept) => match Self::named_place(&kind, field.value()) {
                Some(place) => self.set_place(Some(place)),
                None => self.popup = Some(Popup::Name { kind, field }),
            },
            Some(Action::Back) => self.pick(PickKind::Places),
            _ => {
                field.key(key);
                self.popup = Some(Popup::Name { kind, field });
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

    /// Ready phrases for a note: reasons for what could not be seen, else the common faults of the target.
    pub fn phrases(&self, note: &NoteBox) -> Vec<String> {
        if note.verdict == Some(Verdict::Unseen) {
            return [m::REASON_LOCKED, m::REASON_REFUSED, m::REASON_BLOCKED, m::REASON_DARK, m::REASON_UNSAFE]
                .map(|r| r.get(self.lang).to_owned())
                .to_vec();
        }
        self.checklist.target(note.target).faults.iter().map(|f| f.get(self.lang).to_owned()).collect()
    }

    fn phrase_rows(&self, under: Option<&NoteBox>) -> Vec<Row> {
        let Some(note) = under else {
            return Vec::new();
        };
        let mut phrases = self.phrases(note);
        // Faults of the same category's other targets are too many to be of use; what was typed before is.
        phrases.extend(note.earlier.iter().filter(|e| !phrases.contains(e)).cloned().collect::<Vec<_>>());
        let row = |(i, phrase): (usize, String)| Row {
            text: numbered(i, &visible(&phrase)),
            role: Role::Text,
            choice: Choice::Phrase(phrase),
        };
        phrases.into_iter().enumerate().map(row).collect()
    }

    fn search_rows(&self, query: &str) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let row = |at: usize| {
            let target = self.checklist.target(at);
            let verdict = walk.verdict(&target.id);
            let elsewhere = if walk.applies(target) { "" } else { m::NOT_HERE.get(self.lang) };
            let text = format!("{} {:<5} {} {elsewhere}", mark(verdict), target.id, self.both(&target.name));
            Row { text, role: role(verdict), choice: Choice::Target(at, None) }
        };
        let mut hits = search::targets(&self.checklist, query);
        // What applies here comes first, in its order.
        hits.sort_by_key(|at| !walk.applies(self.checklist.target(*at)));
        hits.into_iter().map(row).collect()
    }

    fn both(&self, name: &Both) -> String {
        format!("{}  {}", name.get(self.lang), name.get(self.lang.other()))
    }

    /// Known places first, the latest of them on top; then place types; then the typed name as a new place of each type.
    fn place_rows(&self, query: &str) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let wanted = search::normal(query);
        let known = walk.places(&self.checklist);
        let mut judged: HashMap<&Place, usize> = HashMap::new();
        for place in walk.session.standings().filter_map(|s| s.judgement.place.as_ref()) {
            *judged.entry(place).or_default() += 1;
        }
        let mut rows: Vec<(String, Choice)> = Vec::new();
        for place in &known {
            let own = place.name.as_ref().map_or("", |n| n.as_str()).to_lowercase();
            if wanted.is_empty() || own.contains(&wanted) {
                rows.push(self.known_place(place, judged.get(place).copied().unwrap_or(0)));
            }
        }
        if wanted.is_empty() {
            let whole = format!("{}  {}", m::WHOLE_SITE.get(self.lang), self.checklist.len());
            rows.push((whole, Choice::Place(None)));
        }
        rows.extend(self.type_rows(query));
        if !wanted.is_empty() {
            rows.extend(self.new_place_rows(query, known.first()));
        }
        let number =
            |(i, (text, choice)): (usize, (String, Choice))| Row { text: numbered(i, &text), role: Role::Text, choice };
        rows.into_iter().enumerate().map(number).collect()
    }

    fn known_place(&self, place: &Place, judged: usize) -> (String, Choice) {
        let name = place_name(&self.checklist, place, self.lang);
        let total = self.checklist.count_at(place.kind.as_str());
        (format!("{name}  {judged}/{total}"), Choice::Place(Some(place.clone())))
    }

    fn type_rows(&self, query: &str) -> Vec<(String, Choice)> {
        let list = &self.checklist;
        let mut types: Vec<_> = list
            .place_types
            .iter()
            .filter_map(|t| Some((search::rank(&t.id, &t.name, &t.initials, query)?, t)))
            .collect();
        types.sort_by_key(|(rank, _)| *rank);
        let row = |t: &PlaceType| {
            let n = list.count_at(&t.id);
            let text = format!("+ {}  {}", self.both(&t.name), m::TARGETS.with(self.lang, &[("n", &n)]));
            (text, Choice::PlaceType(t.id.clone()))
        };
        types.into_iter().map(|(_, t)| row(t)).collect()
    }

    /// The typed name as a new place: of the type one stands at first, then of every other.
    fn new_place_rows(&self, query: &str, last: Option<&Place>) -> Vec<(String, Choice)> {
        let name = query.trim();
        let mut types: Vec<&PlaceType> = self.checklist.place_types.iter().collect();
        types.sort_by_key(|t| last.is_none_or(|p| p.kind.as_str() != t.id));
        let row = |t: &PlaceType| {
            let text = format!("+ {} {}", t.name.get(self.lang), visible(name));
            (text, Choice::NewPlace(t.id.clone(), name.to_owned()))
        };
        types.into_iter().map(row).collect()
    }

    fn failure_rows(&self) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let fails = walk.fails(&self.checklist);
        fails.into_iter().map(|(at, s)| self.record_row(at, s.judgement)).collect()
    }

    fn record_row(&self, at: usize, judgement: &crate::log::Judgement) -> Row {
        let target = self.checklist.target(at);
        let place = judgement.place.as_ref().map(|p| place_name(&self.checklist, p, self.lang)).unwrap_or_default();
        let note = judgement.note.as_ref().map_or("", |n| n.as_str());
        let name = target.name.get(self.lang);
        let text = format!("{} {:<5} {name}  {place}  {}", mark(Some(judgement.verdict)), target.id, visible(note));
        let role = role(Some(judgement.verdict));
        Row { text: text.trim_end().to_owned(), role, choice: Choice::Target(at, judgement.place.clone()) }
    }

    fn palette_rows(&self, query: &str) -> Vec<Row> {
        let wanted = search::normal(query);
        let fits = |b: &&keymap::Binding| {
            let (zh, en) = (b.help.zh, b.help.en.to_lowercase());
            wanted.is_empty() || zh.contains(&wanted) || en.contains(&wanted) || b.initials.starts_with(&wanted)
        };
        let row = |b: &keymap::Binding| {
            let keys = b.keys_shown(self.lang);
            let text = format!("{}  {}", crate::text::fit(&keys, 16), b.help.get(self.lang));
            Row { text, role: Role::Text, choice: Choice::Command(b.action) }
        };
        keymap::in_scope(Scope::Walk).filter(fits).map(row).collect()
    }

    /// Whether nothing of the checklist is left unanswered.
    fn all_answered(&self) -> bool {
        let Screen::Walk(walk) = &self.screen else {
            return false;
        };
        let count = walk.count_all(&self.checklist);
        count.done == count.total
    }

    /// How many targets stand how, over all places.
    fn totals(&self) -> String {
        let Screen::Walk(walk) = &self.screen else {
            return String::new();
        };
        let verdicts: Vec<Option<Verdict>> = self.checklist.targets().map(|t| walk.session.verdict(&t.id)).collect();
        let states = Verdict::ALL.map(Some).into_iter().chain([None]);
        let count = |state: &Option<Verdict>| verdicts.iter().filter(|v| *v == state).count();
        let name = |state: Option<Verdict>| state.map_or(m::UNANSWERED, verdict_name).get(self.lang);
        states.map(|s| format!("{} {}", name(s), count(&s))).collect::<Vec<_>>().join("  ")
    }

    /// The end of a walk: finish, pause, back; then what Enter jumps to. Nothing here blocks.
    fn summary_rows(&self, then: Then) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let row = |text: String, choice| Row { text, role: Role::Title, choice };
        let say = |i: usize, msg: Msg| numbered(i, msg.get(self.lang));
        let mut rows = if walk.writable {
            vec![
                row(say(0, m::FINISH), Choice::End(Why::Finished, then)),
                row(say(1, m::PAUSE), Choice::End(Why::Paused, then)),
                row(say(2, m::GO_ON), Choice::Back),
            ]
        } else {
            vec![row(say(0, m::CLOSE), Choice::End(Why::Paused, then)), row(say(1, m::GO_ON), Choice::Back)]
        };
        let heading = |msg: Msg, n: usize| Row {
            text: format!("{} {n}", msg.get(self.lang)),
            role: Role::Faint,
            choice: Choice::Nothing,
        };
        let list = &self.checklist;
        let bare: Vec<Row> = walk
            .fails(list)
            .into_iter()
            .filter(|(_, s)| s.judgement.note.as_ref().is_none_or(|n| n.as_str().trim().is_empty()))
            .map(|(at, s)| self.record_row(at, s.judgement))
            .collect();
        let unseen: Vec<Row> = walk
            .session
            .standings()
            .filter(|s| s.judgement.verdict == Verdict::Unseen)
            .filter_map(|s| Some(self.record_row(list.position(&s.judgement.target)?, s.judgement)))
            .collect();
        let open: Vec<Row> = list
            .targets()
            .enumerate()
            .filter(|(_, t)| walk.session.verdict(&t.id).is_none())
            .map(|(at, t)| Row {
                text: format!("{} {:<5} {}", mark(None), t.id, t.name.get(self.lang)),
                role: Role::Text,
                choice: Choice::Target(at, None),
            })
            .collect();
        let drafts: Vec<Row> = walk
            .drafts
            .iter()
            .filter_map(|(id, text)| {
                let at = list.position(id)?;
                let text = format!("{} {id:<5} {}", mark(walk.verdict(id)), visible(text));
                Some(Row { text, role: Role::Warn, choice: Choice::Target(at, walk.place.clone()) })
            })
            .collect();
        for (msg, part) in
            [(m::DRAFTS_LEFT, drafts), (m::FAILS_WITHOUT_NOTE, bare), (m::NOT_SEEN, unseen), (m::NOT_ANSWERED, open)]
        {
            if !part.is_empty() {
                rows.push(heading(msg, part.len()));
                rows.extend(part);
            }
        }
        rows
    }
}

/// The help screen's lines: the keys of this screen first, then all others.
pub fn help_rows(scope: Scope, lang: Lang, query: &str) -> Vec<(Role, String)> {
    let wanted = search::normal(query);
    let mut rows = Vec::new();
    let order = [scope, Scope::Walk, Scope::Home, Scope::List];
    for (i, scope) in order.into_iter().enumerate() {
        if order[..i].contains(&scope) {
            continue;
        }
        let fits = |b: &&keymap::Binding| {
            let keys = b.keys_shown(lang).to_lowercase();
            let (zh, en) = (b.help.zh, b.help.en.to_lowercase());
            b.scope == scope && (wanted.is_empty() || keys == wanted || zh.contains(&wanted) || en.contains(&wanted))
        };
        let part: Vec<_> = BINDINGS
            .iter()
            .filter(fits)
            .map(|b| (Role::Text, format!("{}  {}", crate::text::fit(&b.keys_shown(lang), 18), b.help.get(lang))))
            .collect();
        if !part.is_empty() {
            rows.push((Role::Title, scope.name().get(lang).to_owned()));
            rows.extend(part);
        }
    }
    rows
}

/// The verdict a note belongs to, or that it is a remark.
pub fn note_title(note: &NoteBox) -> Msg {
    note.verdict.map_or(m::REMARK, verdict_name)
}

fn numbered(i: usize, text: &str) -> String {
    if i < 9 { format!("{} {text}", i + 1) } else { format!("  {text}") }
}

fn digit(c: char) -> usize {
    c.to_digit(10).map_or(0, |d| d as usize).saturating_sub(1)
}
