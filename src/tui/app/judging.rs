//! Verdicts by key, with the guards against slips; undo and redo.

use std::sync::Arc;

use crate::checklist::Checklist;
use crate::i18n::messages as m;
use crate::log::Verdict;
use crate::session::{Intent, Standing};
use crate::tui::app::noting::Opener;
use crate::tui::app::popup::{Choice, PickKind, Row};
use crate::tui::app::rows::numbered;
use crate::tui::app::walk::{Press, place_name, turned_back, verdict_name};
use crate::tui::app::{App, Screen};
use crate::tui::keymap::Action;
use crate::tui::theme::Role;
use crate::tui::{Effect, Now};

/// More verdicts than this within [`PACE_MS`] are asked about.
const PACE_VERDICTS: usize = 5;
const PACE_MS: u64 = 2_000;

impl App {
    /// Says why nothing can be judged, where that is so.
    pub(super) fn refuse_writing(&mut self) -> bool {
        let why = match self.walk() {
            Some(walk) if !walk.writable => m::READ_ONLY,
            Some(walk) if walk.is_full() => m::LOG_FULL,
            _ => return false,
        };
        self.warn(why.get(self.lang).to_owned());
        true
    }

    pub(super) fn verdict_key(&mut self, action: Action, verdict: Verdict, now: &Now) -> Vec<Effect> {
        if self.refuse_writing() {
            return Vec::new();
        }
        if let Some(effects) = self.held(action, now) {
            return effects;
        }
        if self.refuse_at_rest() {
            return Vec::new();
        }
        let Some(at) = self.focused() else {
            self.tell(m::NOTHING_LISTED.get(self.lang).to_owned());
            return Vec::new();
        };
        if self.ask_about_answer(at, action, verdict) {
            return Vec::new();
        }
        self.give(at, action, verdict, now)
    }

    /// Gives a verdict, says so and goes on.
    pub(super) fn give(&mut self, at: usize, action: Action, verdict: Verdict, now: &Now) -> Vec<Effect> {
        let list = self.checklist.clone();
        let target = list.target(at);
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let place = walk.place.clone();
        let before = walk.session.standing(&target.id, place.as_ref()).map(|s| s.judgement.verdict);
        let effects: Vec<Effect> = walk.judge_anew(&target.id, verdict, now).into_iter().collect();
        walk.focus = at;
        if effects.is_empty() {
            // Nothing was written that the repeat of a held key could take back.
            walk.guard.doubtful = None;
        }
        match self.answer_told(at).filter(|_| effects.is_empty() && target.is_interview()) {
            Some(told) => self.tell(m::ANSWER_SAME.with(self.lang, &[("id", &target.id), ("answer", &told)])),
            None => self.judged(at, verdict, before),
        }
        self.ask_about_pace(now);
        match verdict {
            Verdict::Fail | Verdict::Unseen => self.open_note_box(at, Some(verdict), Some(Opener::new(action, now))),
            Verdict::Pass | Verdict::Na => self.advance(at),
        }
        effects
    }

    /// Asks before the answer of one person takes the place of another's; whether it does.
    fn ask_about_answer(&mut self, at: usize, action: Action, verdict: Verdict) -> bool {
        let list = self.checklist.clone();
        let target = list.target(at);
        let Some(walk) = self.walk() else {
            return false;
        };
        let before = walk.session.standing(&target.id, walk.place.as_ref()).map(|s| s.judgement.verdict);
        if !target.is_interview() || before.is_none_or(|before| before == verdict) {
            return false;
        }
        walk.guard.doubtful = None;
        self.pick(PickKind::Answer(at, action, verdict));
        true
    }

    /// The verdict that stands for a target here, with the time it was given.
    pub(super) fn answer_told(&self, at: usize) -> Option<String> {
        let Screen::Walk(walk) = &self.screen else {
            return None;
        };
        walk.answer_told(&self.checklist.target(at).id, self.lang)
    }

    /// To leave the answer that stands, or to replace it; nothing is replaced by a key pressed twice.
    pub(super) fn answer_rows(&self, at: usize, action: Action, verdict: Verdict) -> Vec<Row> {
        let told = self.answer_told(at).unwrap_or_default();
        let replace = verdict_name(verdict).get(self.lang);
        let row = |text: String, choice| Row { text, role: Role::Title, choice };
        vec![
            row(numbered(0, &m::KEEP_ANSWER.with(self.lang, &[("answer", &told)])), Choice::Back),
            row(
                numbered(1, &m::REPLACE_ANSWER.with(self.lang, &[("verdict", &replace)])),
                Choice::Give(at, action, verdict),
            ),
            Row { text: m::ANSWER_HINT.get(self.lang).to_owned(), role: Role::Faint, choice: Choice::Nothing },
        ]
    }

    /// A held key counts once: what to do where a key is not meant.
    pub(super) fn held(&mut self, action: Action, now: &Now) -> Option<Vec<Effect>> {
        let effects = match self.walk()?.guard.press(action, now) {
            Press::Meant => return None,
            Press::Repeat => Vec::new(),
            Press::SecondRepeat => {
                let effects = self.turn(now, turned_back(action));
                if let Some(walk) = self.walk() {
                    walk.guard.times.clear();
                }
                effects
            }
        };
        self.tell(m::HELD_KEY.get(self.lang).to_owned());
        Some(effects)
    }

    /// Names the target just judged, since the cursor has left it, what it was before, and what still stands elsewhere.
    pub(super) fn judged(&mut self, at: usize, verdict: Verdict, before: Option<Verdict>) {
        let lang = self.lang;
        let list = self.checklist.clone();
        let id = &list.target(at).id;
        let name = verdict_name(verdict).get(lang);
        match before.filter(|b| *b != verdict) {
            Some(before) => {
                let before = verdict_name(before).get(lang);
                self.warn(m::JUDGED_ANEW.with(lang, &[("id", id), ("verdict", &name), ("before", &before)]));
            }
            None => self.tell(m::JUDGED.with(lang, &[("id", id), ("verdict", &name)])),
        }
        let Screen::Walk(walk) = &self.screen else {
            return;
        };
        let item = walk.recheck.as_ref().and_then(|r| r.item(walk.place.as_ref(), at));
        let own = item.is_some_and(|i| i.is_claimed_by(&walk.session.head.by.id));
        if verdict == Verdict::Pass && own {
            self.warn_too(&m::OWN_CLAIM.with(lang, &[("id", id)]));
            return;
        }
        let fails = |s: &Standing| s.judgement.verdict == Verdict::Fail && s.judgement.place.is_some();
        let elsewhere = walk.session.standings_of(id).find(fails).and_then(|s| s.judgement.place.clone());
        if let (None, Some(place)) = (&walk.place, elsewhere) {
            let place = place_name(&list, &place, lang);
            self.warn(m::JUDGED_ELSEWHERE.with(lang, &[("id", id), ("verdict", &name), ("place", &place)]));
        }
    }

    pub(super) fn ask_about_pace(&mut self, now: &Now) {
        let Some(walk) = self.walk() else {
            return;
        };
        walk.guard.times.push(now.ms);
        let recent = |t: &u64| now.ms.saturating_sub(*t) <= PACE_MS;
        walk.guard.times.retain(recent);
        if walk.guard.times.len() > PACE_VERDICTS {
            let n = walk.guard.times.len();
            walk.guard.times.clear();
            self.tell(m::FAST.with(self.lang, &[("n", &n), ("s", &(PACE_MS / 1000))]));
        }
    }

    /// The focused target, where something may be written about it; else why not is said.
    pub(super) fn at_hand(&mut self) -> Option<(usize, Arc<Checklist>)> {
        if self.refuse_writing() {
            return None;
        }
        let at = self.focused();
        if at.is_none() {
            self.tell(m::NOTHING_LISTED.get(self.lang).to_owned());
        }
        Some((at?, self.checklist.clone()))
    }

    pub(super) fn clear(&mut self, now: &Now) -> Vec<Effect> {
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
        let acts = walk.session.clear(id, place.as_ref());
        let effects: Vec<Effect> = acts.into_iter().map(|act| walk.record(act, now)).collect();
        let elsewhere = walk.session.standings_of(id).find_map(|s| s.judgement.place.clone());
        let text = match (effects.is_empty(), elsewhere) {
            (false, _) => m::CLEARED.with(self.lang, &[("id", id)]),
            (true, Some(place)) => {
                let place = place_name(&list, &place, self.lang);
                m::CLEAR_ELSEWHERE.with(self.lang, &[("id", id), ("place", &place)])
            }
            (true, None) => m::NOTHING_TO_CLEAR.with(self.lang, &[("id", id)]),
        };
        self.tell(text);
        effects
    }

    /// Undo or redo by key: held down, it is one step like any other key.
    pub(super) fn turn_key(&mut self, action: Action, now: &Now) -> Vec<Effect> {
        if self.refuse_writing() {
            return Vec::new();
        }
        if let Some(effects) = self.held(action, now) {
            return effects;
        }
        let turn = if action == Action::Redo { Intent::Redo } else { Intent::Undo };
        let effects = self.turn(now, turn);
        if let Some(walk) = self.walk() {
            walk.guard.times.clear();
            if effects.is_empty() {
                walk.guard.doubtful = None;
            }
        }
        effects
    }

    fn turn(&mut self, now: &Now, turn: Intent) -> Vec<Effect> {
        let list = self.checklist.clone();
        let lang = self.lang;
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let before = walk.place.clone();
        let Some(turned) = walk.turn(turn, &list, now) else {
            let nothing = if turn == Intent::Redo { m::NOTHING_TO_REDO } else { m::NOTHING_TO_UNDO };
            self.tell(nothing.get(lang).to_owned());
            return Vec::new();
        };
        let told = walk.turned_told(turn, &turned, "Ctrl-Y", lang);
        self.tell(told);
        self.tell_place(&before);
        turned.effects
    }
}
