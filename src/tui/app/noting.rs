//! Notes: written, repeated, left as drafts.

use crate::i18n::messages as m;
use crate::log::{Act, Note, Verdict};
use crate::text::visible;
use crate::tui::app::App;
use crate::tui::app::popup::{NoteBox, Opener, PickKind, Popup};
use crate::tui::app::recording::Duty;
use crate::tui::app::walk::{has_note, verdict_name};
use crate::tui::{Effect, Now};

impl App {
    /// The last note of this walk, for this fault too.
    pub(super) fn repeat_note(&mut self, now: &Now) -> Vec<Effect> {
        let Some((at, list)) = self.at_hand() else {
            return Vec::new();
        };
        let id = &list.target(at).id;
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let place = walk.place.clone();
        let failed = walk.session.standing(id, place.as_ref()).is_some_and(|s| s.judgement.verdict == Verdict::Fail);
        let last = walk.session.events().iter().rev().find_map(|e| match &e.act {
            Act::Judge(j) if !walk.session.is_taken_back(e) && has_note(j) => j.note.clone(),
            _ => None,
        });
        let (Some(note), true) = (last, failed) else {
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
