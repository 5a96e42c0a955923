//! What opens over the walk: the note, lists to pick from, and pages to read.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::i18n::{Both, Lang, Msg, messages as m};
use crate::log::{MAX_NAME, MAX_NOTE, Place, Verdict, Why};
use crate::search;
use crate::text::visible;
use crate::tui::app::walk::{Then, place_name, verdict_name};
use crate::tui::app::{App, Screen};
use crate::tui::field::Field;
use crate::tui::keymap::{self, Action, BINDINGS, Scope};
use crate::tui::theme::{Role, mark, role};
use crate::tui::{Effect, Now};

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
}

impl NoteBox {
    pub fn new(target: usize, verdict: Option<Verdict>, text: &str, recorded: String, earlier: Vec<String>) -> Self {
        Self { target, verdict, field: Field::new(text, MAX_NOTE), recorded, earlier, shown: None }
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
    under: Option<NoteBox>,
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
    Phrase(String),
    Command(Action),
    End(Why, Then),
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
            Self::Name { field, .. } => Some(field),
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
        let mut pick = Self { kind, filter: filtered.then(|| Field::new("", MAX_NAME)), cursor: 0, under };
        if matches!(kind, PickKind::Summary | PickKind::SwitchSite) {
            pick.cursor = usize::from(!app.all_answered());
        }
        pick
    }

    pub fn title(&self) -> Msg {
        match self.kind {
            PickKind::Search => m::TITLE_SEARCH,
            PickKind::Places => m::TITLE_PLACES,
            PickKind::Failures => m::TITLE_FAILURES,
            PickKind::Phrases => m::TITLE_PHRASES,
            PickKind::Palette => m::TITLE_PALETTE,
            PickKind::Summary => m::TITLE_SUMMARY,
            PickKind::SwitchSite => m::TITLE_SWITCH,
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
        }
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
            Some(Popup::Page(page)) => {
                self.page_key(page, key);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn note_key(&mut self, mut note: NoteBox, key: KeyEvent, now: &Now) -> Vec<Effect> {
        self.message = None;
        let phrase = match keymap::normal(key).code {
            KeyCode::Char(c @ '1'..='9') if note.field.is_empty() => self.phrases(&note).get(digit(c)).cloned(),
            _ => None,
        };
        if let Some(phrase) = phrase {
            note.field.set(&phrase);
            self.popup = Some(Popup::Note(note));
            return Vec::new();
        }
        match key.code {
            KeyCode::Enter => return self.accept_note(note, now),
            KeyCode::Esc => {
                self.keep_draft(&note);
                return Vec::new();
            }
            KeyCode::Char('c' | 'q') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.keep_draft(&note);
                return Vec::new();
            }
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
        self.popup = Some(Popup::Note(note));
        Vec::new()
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
                self.popup = pick.under.map(Popup::Note);
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
            let effects = self.end_walk(Why::Paused, Then::Home, now);
            self.over = true;
            return effects;
        }
        Vec::new()
    }

    /// A digit picks; in the summary it only moves there, because 1 is also the key for pass.
    fn digit(&mut self, mut pick: Pick, rows: &[Row], c: char, now: &Now) -> Vec<Effect> {
        let at = digit(c);
        if at < rows.len() {
            pick.cursor = at;
            if !matches!(pick.kind, PickKind::Summary | PickKind::SwitchSite) {
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
            Choice::Phrase(phrase) => {
                if let Some(mut note) = pick.under {
                    let joined = match note.field.value().trim() {
                        "" => phrase,
                        before => format!("{before} {phrase}"),
                    };
                    note.field.set(&joined);
                    self.popup = Some(Popup::Note(note));
                }
            }
            Choice::Command(action) => return self.command(action, now),
            Choice::End(why, then) => return self.end_walk(why, then, now),
            Choice::Back => {}
            Choice::Nothing => self.popup = Some(Popup::Pick(pick)),
        }
        Vec::new()
    }

    fn choose_target(&mut self, pick: &Pick, at: usize, place: Option<Place>) {
        let list = self.checklist.clone();
        let lang = self.lang;
        let query = pick.filter.as_ref().map(|f| f.value().to_owned());
        let Screen::Walk(walk) = &mut self.screen else {
            return;
        };
        match query {
            Some(query) => walk.hits = search::targets(&list, &query),
            None => walk.place = place,
        }
        if walk.jump(&list, at) {
            self.tell(m::LEFT_PLACE.with(lang, &[("id", &list.target(at).id)]));
        }
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

    fn page_key(&mut self, mut page: Page, key: KeyEvent) {
        match keymap::resolve(Scope::List, key) {
            Some(Action::Back | Action::Accept) => return,
            Some(Action::Up) => page.scroll = page.scroll.saturating_sub(1),
            Some(Action::Down) => page.scroll += 1,
            Some(Action::PageUp) => page.scroll = page.scroll.saturating_sub(PAGE),
            Some(Action::PageDown) => page.scroll += PAGE,
            _ => match &mut page.filter {
                Some(filter) => {
                    filter.key(key);
                    page.scroll = 0;
                }
                // A page without a field closes with the key that opened it, or any other of the walk.
                None => return,
            },
        }
        let last = self.page_length(&page).saturating_sub(1);
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

    fn place_rows(&self, query: &str) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let list = &self.checklist;
        let wanted = search::normal(query);
        let mut rows: Vec<(String, Choice)> = Vec::new();
        for place in walk.places(list) {
            let name = place_name(list, &place, self.lang);
            if wanted.is_empty() || name.to_lowercase().contains(&wanted) {
                let judged = walk.session.standings().filter(|s| s.judgement.place.as_ref() == Some(&place)).count();
                let total = list.count_at(place.kind.as_str());
                rows.push((format!("{name}  {judged}/{total}"), Choice::Place(Some(place))));
            }
        }
        if wanted.is_empty() {
            let whole = format!("{}  {}", m::WHOLE_SITE.get(self.lang), list.len());
            rows.push((whole, Choice::Place(None)));
        }
        let mut types: Vec<_> = list
            .place_types
            .iter()
            .filter_map(|t| Some((search::rank(&t.id, &t.name, &t.initials, query)?, t)))
            .collect();
        types.sort_by_key(|(rank, _)| *rank);
        rows.extend(types.into_iter().map(|(_, t)| {
            let n = list.count_at(&t.id);
            let text = format!("+ {}  {}", self.both(&t.name), m::TARGETS.with(self.lang, &[("n", &n)]));
            (text, Choice::PlaceType(t.id.clone()))
        }));
        let number =
            |(i, (text, choice)): (usize, (String, Choice))| Row { text: numbered(i, &text), role: Role::Text, choice };
        rows.into_iter().enumerate().map(number).collect()
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
        for (msg, part) in [(m::FAILS_WITHOUT_NOTE, bare), (m::NOT_SEEN, unseen), (m::NOT_ANSWERED, open)] {
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
