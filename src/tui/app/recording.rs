//! What a walk writes: verdicts with what goes with them, notes, and steps taken back or again.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::checklist::{Checklist, TargetId};
use crate::log::{Act, Drafts, Event, Judgement, Measure, Name, Note, Verdict};
use crate::session::{Intent, State};
use crate::store::codec;
use crate::tui::app::walk::Walk;
use crate::tui::{Effect, Now};

/// Who must put a fault right, and by when where that is not the target's own time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duty {
    pub unit: Option<Name>,
    /// A day, `2020-08-23`.
    pub due: Option<Name>,
}

impl Duty {
    /// The days after today that one key goes through.
    const DAYS: [i64; 5] = [0, 1, 3, 7, 30];

    /// Goes on to a later day, at last back to the target's own time.
    pub fn next_due(&mut self, today: Date) {
        let set = self.due.as_ref().and_then(|due| due.as_str().parse::<Date>().ok());
        let days = Self::DAYS.iter().filter_map(|n| today.checked_add(n.days()).ok());
        let next = days.into_iter().find(|day| set.is_none_or(|set| *day > set));
        self.due = next.and_then(|day| Name::try_from(day.to_string()).ok());
    }
}

/// A step that was taken back or again: what to write, and the target it was about.
#[derive(Debug)]
pub struct Turned {
    pub effects: Vec<Effect>,
    pub target: Option<TargetId>,
    /// That target, in reading order, where the checklist has it.
    pub at: Option<usize>,
}

impl Walk {
    /// Writes down what happened.
    pub fn record(&mut self, act: Act, now: &Now) -> Effect {
        self.record_as(act, Intent::New, now)
    }

    pub(super) fn record_as(&mut self, act: Act, intent: Intent, now: &Now) -> Effect {
        let event = Event { seq: self.session.next_seq(), at: now.stamp.clone(), ms: now.ms, act };
        self.session.apply_as(event.clone(), intent);
        if intent == Intent::New {
            self.undone = 0;
        }
        self.saving.handed_over(now);
        self.bytes += codec::line_length(&event);
        Effect::Append(event)
    }

    /// Judges a target where the inspector stands. What went with the same verdict before goes with it again; a new fail
    /// goes to the unit that was named for this target last.
    pub fn judge(&mut self, target: &TargetId, verdict: Verdict, note: Option<Note>, now: &Now) -> Effect {
        let duty = self.duty(target, verdict);
        self.judge_with(target, verdict, note, duty, now)
    }

    pub fn judge_with(
        &mut self,
        target: &TargetId,
        verdict: Verdict,
        note: Option<Note>,
        duty: Duty,
        now: &Now,
    ) -> Effect {
        let standing = self.session.standing(target, self.place.as_ref()).map(|s| s.judgement);
        let photos = standing.filter(|j| j.verdict == verdict).map(|j| j.photos.clone()).unwrap_or_default();
        let (target, place) = (target.clone(), self.place.clone());
        let measure = standing.filter(|j| j.verdict == verdict).map(|j| j.measure.clone()).unwrap_or_default();
        let covers = standing.filter(|j| j.verdict == verdict).map(|j| j.covers.clone()).unwrap_or_default();
        let judgement =
            Judgement { target, verdict, place, note, unit: duty.unit, due: duty.due, photos, measure, covers };
        self.record(Act::Judge(judgement), now)
    }

    /// Judges by what was counted.
    pub(super) fn judge_counted(
        &mut self,
        target: &TargetId,
        verdict: Verdict,
        note: Option<Note>,
        measure: Vec<Measure>,
        now: &Now,
    ) -> Effect {
        let duty = self.duty(target, verdict);
        let standing = self.session.standing(target, self.place.as_ref()).map(|s| s.judgement);
        let same = standing.filter(|j| j.verdict == verdict);
        let photos = same.map(|j| j.photos.clone()).unwrap_or_default();
        let covers = same.map(|j| j.covers.clone()).unwrap_or_default();
        // What was noted of the same verdict stays beside what was counted.
        let before = same.and_then(|j| j.note.as_ref()).filter(|n| !n.as_str().trim().is_empty());
        let both = note.as_ref().zip(before).map(|(note, before)| format!("{note} {before}"));
        let note = both.and_then(|text| Note::try_from(text).ok()).or(note);
        let (target, place) = (target.clone(), self.place.clone());
        let (unit, due) = (duty.unit, duty.due);
        let judgement = Judgement { target, verdict, place, note, unit, due, photos, measure, covers };
        self.record(Act::Judge(judgement), now)
    }

    /// Who must put a fault right, and by when: as it stands, else as it was last for this target.
    pub fn duty(&self, target: &TargetId, verdict: Verdict) -> Duty {
        if verdict != Verdict::Fail {
            return Duty::default();
        }
        let standing = self.session.standing(target, self.place.as_ref()).map(|s| s.judgement);
        match standing.filter(|j| j.verdict == verdict) {
            Some(judgement) => Duty { unit: judgement.unit.clone(), due: judgement.due.clone() },
            None => Duty { unit: self.last_unit(target), due: None },
        }
    }

    fn last_unit(&self, target: &TargetId) -> Option<Name> {
        let here = self.named_units().find(|(id, _)| *id == target).map(|(_, unit)| unit);
        here.or_else(|| self.history.of(target).iter().find_map(|k| k.unit.as_ref())).cloned()
    }

    /// The units named in this walk, the latest first.
    fn named_units(&self) -> impl Iterator<Item = (&TargetId, &Name)> {
        let events = self.session.events().iter().rev().filter(|e| !self.session.is_taken_back(e));
        events.filter_map(|e| match &e.act {
            Act::Judge(j) => Some((&j.target, j.unit.as_ref()?)),
            _ => None,
        })
    }

    /// The units known at this site, those of this walk first.
    pub fn units(&self) -> Vec<Name> {
        let here = self.named_units().map(|(_, unit)| unit);
        let before = self.history.all().filter_map(|k| k.unit.as_ref());
        let mut seen = HashSet::new();
        here.chain(before).filter(|unit| seen.insert(*unit)).cloned().collect()
    }

    /// Gives a verdict without a note; the same verdict again keeps its note and writes nothing.
    pub fn judge_anew(&mut self, target: &TargetId, verdict: Verdict, now: &Now) -> Option<Effect> {
        let before = self.session.standing(target, self.place.as_ref()).map(|s| s.judgement.verdict);
        (before != Some(verdict)).then(|| self.judge(target, verdict, None, now))
    }

    /// Writes a note: of a verdict that stands here, else a remark.
    pub fn write_note(&mut self, target: &TargetId, verdict: Option<Verdict>, note: Note, now: &Now) -> Effect {
        let duty = verdict.map_or_else(Duty::default, |v| self.duty(target, v));
        self.write_note_for(target, verdict, note, duty, now)
    }

    pub fn write_note_for(
        &mut self,
        target: &TargetId,
        verdict: Option<Verdict>,
        note: Note,
        duty: Duty,
        now: &Now,
    ) -> Effect {
        match verdict {
            Some(verdict) => {
                let some = (!note.as_str().is_empty()).then_some(note);
                self.judge_with(target, verdict, some, duty, now)
            }
            None => {
                let place = self.place.clone();
                self.record(Act::Remark { target: Some(target.clone()), place, note }, now)
            }
        }
    }

    /// What would be lost with the end of the walk, by target and place: notes that were typed and not accepted, and counts
    /// that were begun, in words.
    pub fn loose_notes(&self, counted: &Drafts) -> Drafts {
        let mut notes = self.drafts.clone();
        for (key, counted) in counted {
            let both = |typed: &mut String| *typed = format!("{counted} {typed}");
            notes.entry(key.clone()).and_modify(both).or_insert_with(|| counted.clone());
        }
        let (list_is_full, state) = (self.is_full(), self.session.state());
        notes.retain(|_, text| !text.trim().is_empty() && !list_is_full && state == State::Open && self.writable);
        notes
    }

    /// Records the notes that are left when a walk is finished: each as that of the verdict that stands where it was typed,
    /// else as a remark. Gives what to write and how many there were.
    pub fn record_loose_notes(&mut self, counted: &Drafts, now: &Now) -> (Vec<Effect>, usize) {
        let mut effects = Vec::new();
        let place = self.place.clone();
        for ((target, at), text) in self.loose_notes(counted) {
            self.place = at;
            let standing = self.session.standing(&target, self.place.as_ref()).map(|s| s.judgement);
            let verdict = standing.map(|j| j.verdict);
            let noted = standing.map_or_else(|| self.remark(&target), |j| j.note.as_ref()).map_or("", |n| n.as_str());
            // What was only counted leaves the note that stands beside it.
            let key = (target, self.place.clone());
            let text = if self.drafts.contains_key(&key) { text } else { format!("{text} {noted}") };
            let text = text.trim();
            if text == noted.trim() {
                continue;
            }
            if let Ok(note) = Note::try_from(text) {
                effects.push(self.write_note(&key.0, verdict, note, now));
            }
        }
        self.place = place;
        let n = effects.len();
        // As long as the disk fails they are kept beside the log as well.
        if self.saving.failing.is_none() && !self.is_full() && !self.drafts_kept.is_empty() {
            self.drafts.clear();
            self.drafts_kept.clear();
            effects.push(Effect::KeepDrafts(Drafts::new()));
        }
        (effects, n)
    }

    /// Takes the last step back, or takes it again, and goes where it was; none where there is nothing to turn.
    pub fn turn(&mut self, turn: Intent, list: &Checklist, now: &Now) -> Option<Turned> {
        let step = match turn {
            Intent::Redo => self.session.redo(),
            _ => self.session.undo(),
        }?;
        let effects = step.acts.into_iter().map(|act| self.record_as(act, turn, now)).collect();
        self.undone = if turn == Intent::Redo { self.undone.saturating_sub(1) } else { self.undone + 1 };
        self.place = step.place;
        let at = step.target.as_ref().and_then(|id| list.position(id));
        if let Some(at) = at {
            self.jump(list, at);
        }
        // With the last verdict back all is done again.
        self.rests = turn == Intent::Redo && self.next_unanswered(list, self.focus).is_none();
        Some(Turned { effects, target: step.target, at })
    }
}
