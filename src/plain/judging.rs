//! What an answer records: verdicts, notes, remarks, undo and redo.

use crate::i18n::messages as m;
use crate::log::{Judgement, Note, Verdict};
use crate::plain::answer::{self, Answer, Command};
use crate::plain::dialogue::{Asking, Dialogue};
use crate::session::Intent;
use crate::tui::app::rows::phrases;
use crate::tui::app::walk::{has_note, place_name, verdict_name};
use crate::tui::{Effect, Now};

impl Dialogue {
    /// Gives a verdict on the target that is asked about; a fail or an unseen without a text asks for one.
    pub(super) fn judge(&mut self, verdict: Verdict, text: &str, now: &Now) -> Vec<Effect> {
        let Some(at) = self.at else {
            return self.refuse(m::PLAIN_NO_TARGET.get(self.lang).to_owned());
        };
        if self.is_second_answer(at, verdict, text) {
            self.asking = Asking::Answer(at, verdict, text.to_owned());
            return Vec::new();
        }
        self.give(at, verdict, text, now)
    }

    /// Whether a verdict would take the place of what another person answered here.
    fn is_second_answer(&self, at: usize, verdict: Verdict, text: &str) -> bool {
        let target = self.list.target(at);
        let standing = self.walk.session.standing(&target.id, self.walk.place.as_ref()).map(|s| s.judgement);
        let note = |j: &Judgement| j.note.as_ref().map_or("", Note::as_str).to_owned();
        let replaces = |j: &Judgement| j.verdict != verdict || !text.is_empty() && has_note(j) && note(j) != text;
        target.is_interview() && standing.is_some_and(replaces)
    }

    /// Says what was answered here, and what may become of it.
    pub(super) fn say_answers(&mut self, at: usize, verdict: Verdict) {
        let (list, lang) = (self.list.clone(), self.lang);
        let target = list.target(at);
        let name = format!("{} {}", target.id, target.name.get(lang));
        let told = self.walk.answer_told(&target.id, lang).unwrap_or_default();
        self.say(&m::TITLE_ANSWER.with(lang, &[("target", &name)]));
        self.say(m::ANSWER_HINT.get(lang));
        let replace = verdict_name(verdict).get(lang);
        let keep = m::KEEP_ANSWER.with(lang, &[("answer", &told)]);
        self.say_numbered(&[keep, m::REPLACE_ANSWER.with(lang, &[("verdict", &replace)])]);
    }

    /// Keeps the answer that stands, or replaces it.
    pub(super) fn answer_of(&mut self, at: usize, verdict: Verdict, text: &str, line: &str, now: &Now) -> Vec<Effect> {
        match (answer::number(line), line) {
            (Some(2), _) => {
                self.asking = Asking::Verdict;
                self.give(at, verdict, text, now)
            }
            (Some(1), _) | (_, "") => {
                self.asking = Asking::Verdict;
                let id = &self.list.target(at).id;
                let told = self.walk.answer_told(id, self.lang).unwrap_or_default();
                let kept = m::ANSWER_KEPT.with(self.lang, &[("id", id), ("answer", &told)]);
                self.advance(at);
                self.refuse(kept)
            }
            _ => self.refuse(m::PLAIN_PICK.get(self.lang).to_owned()),
        }
    }

    fn give(&mut self, at: usize, verdict: Verdict, text: &str, now: &Now) -> Vec<Effect> {
        let id = self.list.target(at).id.clone();
        let standing = self.walk.session.standing(&id, self.walk.place.as_ref()).map(|s| s.judgement.clone());
        let before = standing.as_ref().map(|j| j.verdict);
        let Ok(note) = Note::try_from(text) else {
            return self.refuse(m::PLAIN_TOO_LONG.get(self.lang).to_owned());
        };
        let same = standing.is_some_and(|j| j.verdict == verdict && j.note.as_ref() == Some(&note));
        let effects = match text {
            _ if same => Vec::new(),
            "" => self.walk.judge_anew(&id, verdict, now).into_iter().collect(),
            _ => self.write_note(at, Some(verdict), note, now),
        };
        let told = self.judged(at, verdict, before, text);
        if effects.is_empty() && self.list.target(at).is_interview() {
            // Another note would be another person's.
            let answer = self.walk.answer_told(&id, self.lang).unwrap_or_default();
            self.say(&m::ANSWER_SAME.with(self.lang, &[("id", &id), ("answer", &answer)]));
            self.advance(at);
            return effects;
        }
        if effects.is_empty() {
            self.say(&m::PLAIN_UNCHANGED.with(self.lang, &[("what", &told)]));
        } else {
            self.recorded = Some(told);
        }
        if text.is_empty() && matches!(verdict, Verdict::Fail | Verdict::Unseen) {
            let draft = self.walk.drafts.get(&self.walk.draft_key(&id)).cloned();
            let ready = phrases(self.list.target(at), Some(verdict), self.lang);
            self.asking = Asking::Note(at, verdict, draft.into_iter().chain(ready).collect());
        } else {
            self.advance(at);
        }
        effects
    }

    /// Names a verdict, what it was before, and what still stands elsewhere.
    pub(super) fn judged(&self, at: usize, verdict: Verdict, before: Option<Verdict>, note: &str) -> String {
        let (lang, id) = (self.lang, &self.list.target(at).id);
        let name = verdict_name(verdict).get(lang);
        let fails = self.walk.session.standings_of(id).find(|s| s.judgement.verdict == Verdict::Fail);
        let elsewhere = fails.and_then(|s| s.judgement.place.clone()).filter(|_| self.walk.place.is_none());
        let told = match (before.filter(|b| *b != verdict), elsewhere) {
            (_, Some(place)) => {
                let place = place_name(&self.list, &place, lang);
                m::PLAIN_ELSEWHERE.with(lang, &[("id", id), ("verdict", &name), ("place", &place)])
            }
            (Some(before), None) => {
                let before = verdict_name(before).get(lang);
                m::PLAIN_JUDGED_ANEW.with(lang, &[("id", id), ("verdict", &name), ("before", &before)])
            }
            (None, None) => format!("{id} {name}"),
        };
        if note.is_empty() { told } else { format!("{told}: {note}") }
    }

    /// The note of a verdict that stands already: a number picks a phrase, an empty line leaves it without.
    pub(super) fn note(
        &mut self,
        at: usize,
        verdict: Verdict,
        phrases: &[String],
        line: &str,
        now: &Now,
    ) -> Vec<Effect> {
        let picked = answer::number(line).map(|n| n.checked_sub(1).and_then(|i| phrases.get(i)));
        let text = match (picked, answer::read(line)) {
            (_, Answer::Nothing) => {
                self.asking = Asking::Verdict;
                self.advance(at);
                return Vec::new();
            }
            (Some(Some(phrase)), _) => phrase.as_str(),
            (Some(None), _) => return self.refuse(m::PLAIN_NO_NUMBER.with(self.lang, &[("n", &line)])),
            (None, Answer::Do(Command::Undo, _)) => {
                self.asking = Asking::Verdict;
                return self.turn(Intent::Undo, now);
            }
            // A command of one letter is hardly meant as a note.
            (None, _) if line.chars().count() == 1 && line.is_ascii() => {
                return self.refuse(m::PLAIN_NOTE_LETTER.get(self.lang).to_owned());
            }
            _ => line,
        };
        let Ok(note) = Note::try_from(text) else {
            return self.refuse(m::PLAIN_TOO_LONG.get(self.lang).to_owned());
        };
        let effects = self.write_note(at, Some(verdict), note, now);
        self.asking = Asking::Verdict;
        self.advance(at);
        effects
    }

    /// A remark on a target that is not judged here; else the note of its verdict.
    pub(super) fn remark(&mut self, text: &str, now: &Now) -> Vec<Effect> {
        let Some(at) = self.at else {
            return self.refuse(m::PLAIN_NO_TARGET.get(self.lang).to_owned());
        };
        let note = match Note::try_from(text) {
            Ok(note) if !text.is_empty() => note,
            Ok(_) => return self.refuse(m::PLAIN_HELP_REMARK.get(self.lang).to_owned()),
            Err(_) => return self.refuse(m::PLAIN_TOO_LONG.get(self.lang).to_owned()),
        };
        let id = &self.list.target(at).id;
        let verdict = self.walk.session.standing(id, self.walk.place.as_ref()).map(|s| s.judgement.verdict);
        self.write_note(at, verdict, note, now)
    }

    fn write_note(&mut self, at: usize, verdict: Option<Verdict>, note: Note, now: &Now) -> Vec<Effect> {
        let id = self.list.target(at).id.clone();
        let word = verdict.map_or(m::REMARK, verdict_name).get(self.lang);
        self.recorded = Some(format!("{id} {word}: {note}"));
        let mut effects = vec![self.walk.write_note(&id, verdict, note, now)];
        let key = self.walk.draft_key(&id);
        if self.walk.drafts.remove(&key).is_some() {
            effects.push(Effect::KeepDrafts(self.walk.drafts.clone()));
        }
        effects
    }

    pub(super) fn turn(&mut self, turn: Intent, now: &Now) -> Vec<Effect> {
        let lang = self.lang;
        let before = self.walk.place.clone();
        let Some(turned) = self.walk.turn(turn, &self.list, now) else {
            let nothing = if turn == Intent::Redo { m::NOTHING_TO_REDO } else { m::NOTHING_TO_UNDO };
            return self.refuse(nothing.get(lang).to_owned());
        };
        if self.walk.place != before {
            self.say_place();
        }
        self.recorded = Some(self.walk.turned_told(turn, &turned, "U", lang));
        self.at = turned.at.or(self.at);
        turned.effects
    }
}
