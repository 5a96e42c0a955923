//! Notes: the box they are written in, repeated, left as drafts.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::i18n::{Msg, messages as m};
use crate::log::{Act, MAX_NOTE, Note, Verdict};
use crate::search::half_width;
use crate::text::visible;
use crate::tui::app::App;
use crate::tui::app::popup::{PickKind, Popup, digit};
use crate::tui::app::recording::Duty;
use crate::tui::app::walk::{KEY_REPEAT_MS, REPEAT_GUARD_MS, has_note, verdict_name};
use crate::tui::field::Field;
use crate::tui::keymap::{self, Action, Scope};
use crate::tui::{Effect, Now};

/// How many phrases the note box lists, each with the digit that picks it.
pub const PHRASES: usize = 6;

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
    /// Who must put it right and by when, and what of that stands.
    pub duty: Duty,
    pub recorded_duty: Duty,
    /// What was counted: a phrase may be picked with a digit behind it, as long as nothing else stands there.
    pub(super) counted: Option<String>,
    picked: Option<Picked>,
    shown: Option<usize>,
    /// The verdict key that opened it: while it is held it types nothing.
    opener: Option<Opener>,
}

/// A phrase that a digit has just put into the field.
#[derive(Clone, Debug)]
struct Picked {
    digit: char,
    /// What stood in the field before it, and what stands there with the phrase.
    before: String,
    after: String,
}

/// What goes on behind a phrase that was picked with a digit.
const GOES_ON: [char; 9] = [',', '，', ';', '；', '。', ':', '：', '(', '（'];

/// Whether a digit that had picked a phrase was taken for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TakenForText {
    No,
    /// It was, and the key is still to be typed behind it.
    Digit(char),
    /// It was, and that is all the key does.
    All,
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
        let (duty, recorded_duty) = (Duty::default(), Duty::default());
        let field = Field::new(text, MAX_NOTE);
        let (counted, picked, shown, opener) = (None, None, None, None);
        Self { target, verdict, field, recorded, earlier, duty, recorded_duty, counted, picked, shown, opener }
    }

    /// Whether a digit picks a phrase: while nothing stands in the field but what was counted. Digits are shown before the
    /// phrases then, and at no other time; whatever stands there else makes them text.
    pub fn digit_picks(&self) -> bool {
        self.field.is_empty() || self.counted.as_deref() == Some(self.field.value())
    }

    /// The digit that has just picked the phrase in the field.
    pub fn just_picked(&self) -> Option<char> {
        self.picked.as_ref().filter(|p| p.after == self.field.value()).map(|p| p.digit)
    }

    /// Puts a phrase behind what was counted.
    fn pick(&mut self, digit: char, phrase: &str) {
        let gap = if self.field.is_empty() { "" } else { " " };
        let before = format!("{}{gap}", self.field.value());
        self.field.set(&format!("{before}{phrase}"));
        self.picked = Some(Picked { digit, before, after: self.field.value().to_owned() });
    }

    /// Whoever writes straight on behind a digit has meant the number, such as `3处坑`: it takes the place of the phrase it
    /// had picked, so that no text is ever recorded as another fault. A digit or a comma goes on behind the phrase;
    /// Backspace brings the number back alone.
    fn take_for_text(&mut self, key: KeyEvent) -> TakenForText {
        let picked = self.just_picked().and(self.picked.take());
        self.picked = None;
        let is_text = match key.code {
            KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                !half_width(c).is_ascii_digit() && !GOES_ON.contains(&c)
            }
            code => code == KeyCode::Backspace,
        };
        let Some(picked) = picked.filter(|_| is_text) else {
            return TakenForText::No;
        };
        self.field.set(&format!("{}{}", picked.before, picked.digit));
        if key.code == KeyCode::Backspace { TakenForText::All } else { TakenForText::Digit(picked.digit) }
    }

    pub fn with_duty(mut self, duty: Duty) -> Self {
        (self.duty, self.recorded_duty) = (duty.clone(), duty);
        self
    }

    pub fn opened_by(mut self, opener: Option<Opener>) -> Self {
        self.opener = opener;
        self
    }

    /// Whether it opened with a verdict, so that leaving it goes on with the walk.
    pub fn is_fresh(&self) -> bool {
        self.opener.is_some()
    }

    /// Whether a key of the note does something: only a fault has somebody who must put it right, and a day.
    pub fn has_use_of(&self, action: Action) -> bool {
        match action {
            Action::Unit | Action::Due => self.verdict == Some(Verdict::Fail),
            Action::Photos => self.verdict.is_some(),
            _ => true,
        }
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

impl App {
    pub(super) fn note_key(&mut self, mut note: NoteBox, key: KeyEvent, now: &Now) -> Vec<Effect> {
        self.message = None;
        if note.is_held(key, now) {
            self.popup = Some(Popup::Note(note));
            return Vec::new();
        }
        if let KeyCode::Char(c @ '1'..='9') = keymap::normal(key).code
            && note.digit_picks()
            && let Some(phrase) = self.phrases(&note).into_iter().take(PHRASES).nth(digit(c))
        {
            note.pick(c, &phrase);
            return self.typing(note);
        }
        match note.take_for_text(key) {
            TakenForText::No => {}
            TakenForText::All => return self.typing(note),
            TakenForText::Digit(digit) => self.tell(m::DIGIT_IS_TEXT.with(self.lang, &[("digit", &digit)])),
        }
        match keymap::resolve(Scope::Note, key).filter(|action| note.has_use_of(*action)) {
            Some(Action::Accept) => return self.accept_note(note, now),
            Some(Action::Back) => return self.keep_draft(&note, now),
            Some(Action::Phrases) => return self.over_note(note, PickKind::Phrases),
            Some(Action::Unit) => return self.over_note(note, PickKind::Units),
            Some(Action::Photos) => return self.note_photos(note, now),
            Some(Action::Due) => {
                if let Ok(today) = now.stamp.date().parse() {
                    note.duty.next_due(today);
                }
                self.popup = Some(Popup::Note(note));
                return Vec::new();
            }
            Some(Action::Up) => note.recall(true),
            Some(Action::Down) => note.recall(false),
            _ => {
                note.field.key(key);
            }
        }
        self.typing(note)
    }

    /// Opens a list over the note.
    fn over_note(&mut self, note: NoteBox, kind: PickKind) -> Vec<Effect> {
        self.popup = Some(Popup::Note(note));
        self.pick(kind);
        Vec::new()
    }

    /// What is typed is kept on the disk as a draft before it is accepted.
    pub(super) fn typing(&mut self, note: NoteBox) -> Vec<Effect> {
        let effects = self.drafts_with(Some(&note));
        self.popup = Some(Popup::Note(note));
        effects
    }

    /// The last note of this walk, for this fault too.
    pub(super) fn repeat_note(&mut self, now: &Now) -> Vec<Effect> {
        if self.refuse_at_rest() {
            return Vec::new();
        }
        let Some((at, list)) = self.at_hand() else {
            return Vec::new();
        };
        let id = &list.target(at).id;
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let place = walk.place.clone();
        let standing = walk.session.standing(id, place.as_ref()).map(|s| s.judgement);
        let failed = standing.is_some_and(|j| j.verdict == Verdict::Fail);
        // What one person answered is not written over with what another said.
        let answered = list.target(at).is_interview() && standing.is_some_and(has_note);
        let last = walk.session.events().iter().rev().find_map(|e| match &e.act {
            Act::Judge(j) if !walk.session.is_taken_back(e) && has_note(j) => j.note.clone(),
            _ => None,
        });
        let (Some(note), true) = (last, failed && !answered) else {
            self.tell(m::NOTHING_TO_REPEAT.get(self.lang).to_owned());
            return Vec::new();
        };
        let effect = walk.judge(id, Verdict::Fail, Some(note.clone()), now);
        self.tell(m::NOTE_COPIED.with(self.lang, &[("id", id), ("note", &visible(note.as_str()))]));
        self.advance(at);
        vec![effect]
    }

    /// Opens the note of the focused target; where its verdict stands at a place only, one goes there.
    pub(super) fn open_note(&mut self) {
        let Some((at, list)) = self.at_hand() else {
            return;
        };
        let Some(walk) = self.walk() else {
            return;
        };
        let shown = walk.shown(&list.target(at).id).map(|s| (s.judgement.verdict, s.judgement.place.clone()));
        let before = walk.place.clone();
        if let Some((_, place)) = &shown {
            walk.place.clone_from(place);
            walk.focus = at;
        }
        self.tell_place(&before);
        self.open_note_box(at, shown.map(|(verdict, _)| verdict), None);
    }

    pub(super) fn open_phrases(&mut self) {
        if self.at_hand().is_none() {
            return;
        }
        self.open_note();
        self.pick(PickKind::Phrases);
        if let Some(Popup::Pick(pick)) = &mut self.popup {
            pick.back_to_note = false;
        }
    }

    pub(super) fn open_note_box(&mut self, at: usize, verdict: Option<Verdict>, opener: Option<Opener>) {
        let list = self.checklist.clone();
        let id = &list.target(at).id;
        let Some(walk) = self.walk() else {
            return;
        };
        let place = walk.place.clone();
        let recorded = match verdict {
            Some(_) => walk.session.standing(id, place.as_ref()).and_then(|s| s.judgement.note.as_ref()),
            None => walk.remark(id),
        };
        let recorded = recorded.map(|n| n.as_str().to_owned()).unwrap_or_default();
        let text = walk.drafts.get(&walk.draft_key(id)).cloned().unwrap_or_else(|| recorded.clone());
        let earlier = walk.earlier_notes(id);
        let duty = verdict.map_or_else(Duty::default, |v| walk.duty(id, v));
        let note = NoteBox::new(at, verdict, &text, recorded, earlier).opened_by(opener).with_duty(duty);
        self.popup = Some(Popup::Note(note));
    }

    /// Accepts a note: a note that did not change writes nothing.
    pub(super) fn accept_note(&mut self, note: NoteBox, now: &Now) -> Vec<Effect> {
        let list = self.checklist.clone();
        let id = &list.target(note.target).id;
        let text = note.field.value().trim().to_owned();
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        walk.drafts.remove(&walk.draft_key(id));
        let mut effects = Vec::new();
        if let Ok(written) = Note::try_from(text.clone())
            && (text != note.recorded || note.duty != note.recorded_duty)
        {
            effects.push(walk.write_note_for(id, note.verdict, written, note.duty.clone(), now));
            let word = note.verdict.map_or(m::REMARK, verdict_name).get(self.lang);
            self.tell(m::NOTED.with(self.lang, &[("id", id), ("verdict", &word), ("note", &visible(&text))]));
        }
        effects.extend(self.drafts_with(None));
        if note.is_fresh() {
            self.advance(note.target);
        }
        effects
    }

    /// Keeps what was typed and not accepted; the walk goes on as after an accepted note.
    pub(super) fn keep_draft(&mut self, note: &NoteBox, now: &Now) -> Vec<Effect> {
        let id = self.checklist.target(note.target).id.clone();
        let text = note.field.value().to_owned();
        let changed = text != note.recorded && !text.trim().is_empty();
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        if changed {
            walk.drafts.insert(walk.draft_key(&id), text);
            self.tell(m::DRAFT_KEPT.with(self.lang, &[("id", &id)]));
        } else {
            walk.drafts.remove(&walk.draft_key(&id));
        }
        // A unit or a day that was chosen is no draft.
        let chosen = note.verdict.filter(|_| note.duty != note.recorded_duty);
        let recorded = Note::try_from(note.recorded.as_str()).ok().filter(|n| !n.as_str().is_empty());
        let mut effects: Vec<Effect> = self
            .walk()
            .zip(chosen)
            .map(|(walk, verdict)| walk.judge_with(&id, verdict, recorded, note.duty.clone(), now))
            .into_iter()
            .collect();
        if note.is_fresh() {
            self.advance(note.target);
        }
        effects.extend(self.drafts_with(None));
        effects
    }

    /// Writes the drafts down beside the log, with what is being typed, if they changed.
    pub(super) fn drafts_with(&mut self, note: Option<&NoteBox>) -> Vec<Effect> {
        let list = self.checklist.clone();
        let counted = self.counted();
        let Some(walk) = self.walk().filter(|w| w.writable) else {
            return Vec::new();
        };
        let mut drafts = walk.drafts.clone();
        if let Some(note) = note {
            let id = &list.target(note.target).id;
            drafts.remove(&walk.draft_key(id));
            if note.field.value() != note.recorded && !note.field.value().trim().is_empty() {
                drafts.insert(walk.draft_key(id), note.field.value().to_owned());
            }
        }
        // What is being counted is kept in words: after a kill the note offers it.
        for (key, counted) in counted {
            drafts.entry(key).or_insert(counted);
        }
        if drafts == walk.drafts_kept {
            return Vec::new();
        }
        walk.drafts_kept.clone_from(&drafts);
        vec![Effect::KeepDrafts(drafts)]
    }
}

/// The verdict a note belongs to, or that it is a remark.
pub fn note_title(note: &NoteBox) -> Msg {
    note.verdict.map_or(m::REMARK, verdict_name)
}
