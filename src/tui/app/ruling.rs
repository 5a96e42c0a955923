//! What a supervisor does in a review: rules, sends back, records what is said to be put right; undo and redo.

use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent};

use crate::archive::cases::CaseState;
use crate::archive::reading::{Key, Outcome};
use crate::i18n::messages as m;
use crate::log::{Act, Event, EventRef, MAX_NOTE, Note, Ruling, Verdict, Why};
use crate::session::{Intent, Session};
use crate::tui::app::popup::{Pick, Popup};
use crate::tui::app::review::{Own, Review};
use crate::tui::app::saving::{Saving, SecondCopy};
use crate::tui::app::walk::{Press, Then, turned_back, verdict_name};
use crate::tui::app::{App, Screen};
use crate::tui::field::Field;
use crate::tui::keymap::{self, Action};
use crate::tui::{Effect, Now};

/// What a reason is asked for.
#[derive(Clone, Debug)]
pub enum Deed {
    Rule(Key, Verdict),
    Fixed(EventRef),
}

/// The line in which a reason is typed.
#[derive(Clone, Debug)]
pub struct ReasonBox {
    pub deed: Deed,
    pub field: Field,
}

impl Review {
    /// A ruling on a key, which names every record that counts now; one that a fork doubled is named twice.
    fn ruling(&self, key: &Key, verdict: Verdict, reason: Note) -> Option<Ruling> {
        let looks = self.reading.standing(self.reading.cell(key)?).looks;
        Some(Ruling {
            site: key.site.clone()?,
            round: key.round.clone(),
            target: key.target.clone(),
            place: key.place.clone(),
            saw: looks.iter().map(|l| l.event.reference()).collect(),
            verdict,
            reason,
        })
    }

    /// Says and writes down; what was read is read anew with it.
    fn record(&mut self, act: Act, intent: Intent, now: &Now) -> Option<Effect> {
        let own = self.own.as_mut()?;
        let event = Event { seq: own.session.next_seq(), at: now.stamp.clone(), ms: now.ms, act };
        own.session.apply_as(event.clone(), intent);
        own.saving.handed_over(now);
        Some(Effect::Append(event))
    }
}

impl App {
    /// A digit rules as the record with this number says.
    pub(super) fn rule_for_record(&mut self, key: KeyEvent) {
        let Screen::Review(review) = &self.screen else { return };
        let number = match keymap::normal(key).code {
            KeyCode::Char(c) => c.to_digit(10).unwrap_or(0) as usize,
            _ => 0,
        };
        let Some((_, cell)) = review.dispute(self) else { return };
        let looks = review.reading.standing(cell).looks;
        match looks.get(number.wrapping_sub(1)).map(|l| l.verdict) {
            Some(Verdict::Unseen) => self.tell(m::RULE_UNSEEN.get(self.lang).to_owned()),
            Some(verdict) => self.ask_reason(verdict),
            None => self.tell(m::NO_SUCH_RECORD.with(self.lang, &[("n", &number)])),
        }
    }

    pub(super) fn ask_reason(&mut self, verdict: Verdict) {
        let Screen::Review(review) = &self.screen else { return };
        let Some((key, _)) = review.dispute(self) else {
            return self.tell(m::NO_DISPUTES.get(self.lang).to_owned());
        };
        if key.site.is_none() {
            return self.warn(m::ODD_NO_SITE.get(self.lang).to_owned());
        }
        let deed = Deed::Rule(key.clone(), verdict);
        self.popup = Some(Popup::Reason(ReasonBox { deed, field: Field::new("", MAX_NOTE) }));
    }

    pub(super) fn ask_fixed(&mut self) {
        let Screen::Review(review) = &self.screen else { return };
        let Some((_, case)) = review.case(self) else {
            return self.tell(m::NO_CASES.get(self.lang).to_owned());
        };
        if case.state == CaseState::Verified {
            return self.tell(m::CASE_IS_VERIFIED.get(self.lang).to_owned());
        }
        let deed = Deed::Fixed(case.found().event.reference());
        self.popup = Some(Popup::Reason(ReasonBox { deed, field: Field::new("", MAX_NOTE) }));
    }

    /// Enter accepts, an empty reason too; Esc leaves everything as it was.
    pub(super) fn reason_key(&mut self, mut reason: ReasonBox, key: KeyEvent, now: &Now) -> Vec<Effect> {
        match keymap::resolve(keymap::Scope::List, key) {
            Some(Action::Accept) => return self.decide(&reason, now),
            Some(Action::Back) => return Vec::new(),
            _ => _ = reason.field.key(key),
        }
        self.popup = Some(Popup::Reason(reason));
        Vec::new()
    }

    fn decide(&mut self, reason: &ReasonBox, now: &Now) -> Vec<Effect> {
        let Ok(note) = Note::try_from(reason.field.value().trim()) else { return Vec::new() };
        let Screen::Review(review) = &self.screen else { return Vec::new() };
        let act = match &reason.deed {
            Deed::Rule(key, verdict) => match review.ruling(key, *verdict, note) {
                Some(ruling) => Act::Rule(ruling),
                None => return Vec::new(),
            },
            Deed::Fixed(case) => Act::Fixed {
                case: case.clone(),
                note: Some(note).filter(|n| !n.as_str().is_empty()),
                photos: Vec::new(),
            },
        };
        self.do_in_review(vec![act], Intent::New, now)
    }

    /// Writes into the log of the review; the first time it is begun before that.
    fn do_in_review(&mut self, acts: Vec<Act>, intent: Intent, now: &Now) -> Vec<Effect> {
        let Some(review) = self.review() else { return Vec::new() };
        if review.own.is_none() {
            let by = review.by.clone();
            review.waiting = acts;
            return vec![Effect::StartReview { by, at: now.stamp.clone() }];
        }
        let told = acts.first().cloned();
        let effects = acts.into_iter().filter_map(|act| review.record(act, intent, now)).collect();
        self.change_review(|review, app| {
            if let Some(own) = &review.own {
                review.reading.renew(&own.session);
            }
            review.compute(app);
        });
        self.tell_deed(told.as_ref(), intent);
        effects
    }

    fn tell_deed(&mut self, act: Option<&Act>, intent: Intent) {
        let lang = self.lang;
        let text = match (act, intent) {
            (Some(_), Intent::Undo) => m::TOLD_UNDONE.with(lang, &[("what", &self.deed_name(act))]),
            (Some(_), Intent::Redo) => m::TOLD_REDONE.with(lang, &[("what", &self.deed_name(act))]),
            (Some(Act::Rule(r)), Intent::New) if r.verdict == Verdict::Unseen => {
                m::TOLD_SENT_BACK.with(lang, &[("id", &r.target)])
            }
            (Some(Act::Rule(r)), Intent::New) => {
                m::TOLD_RULED.with(lang, &[("id", &r.target), ("verdict", &verdict_name(r.verdict).get(lang))])
            }
            (Some(Act::Fixed { .. }), Intent::New) => m::TOLD_FIXED.get(lang).to_owned(),
            _ => return,
        };
        self.tell(text);
        self.tell_if_still_open(act);
    }

    /// A ruling that stands beside another one settles nothing.
    fn tell_if_still_open(&mut self, act: Option<&Act>) {
        let (Some(Act::Rule(r)), Screen::Review(review)) = (act, &self.screen) else { return };
        let about = |k: &Key| {
            k.site.as_ref() == Some(&r.site) && k.round == r.round && k.target == r.target && k.place == r.place
        };
        let cell = review.reading.cells().find(|(k, _)| about(k)).map(|(_, c)| c);
        if cell.is_some_and(|c| review.reading.outcome(c) == Outcome::RulersDiffer) {
            self.warn(m::STILL_DIFFER.with(self.lang, &[("id", &r.target)]));
        }
    }

    /// What an undo or a redo is about.
    fn deed_name(&self, act: Option<&Act>) -> String {
        let said = |seq: u64| match &self.screen {
            Screen::Review(r) => r.own.as_ref()?.session.events().iter().find(|e| e.seq == seq).map(|e| &e.act),
            _ => None,
        };
        let act = match act {
            Some(Act::Undo { of }) => said(*of),
            other => other,
        };
        match act {
            Some(Act::Rule(r)) => m::TITLE_RULE
                .with(self.lang, &[("id", &r.target), ("verdict", &verdict_name(r.verdict).get(self.lang))]),
            _ => m::TITLE_FIXED.get(self.lang).to_owned(),
        }
    }

    /// The log of the review is open: what waited for it is written.
    pub(super) fn review_started(&mut self, session: Session, path: PathBuf, now: &Now) -> Vec<Effect> {
        let Some(review) = self.review() else { return Vec::new() };
        review.own = Some(Own { session, path, saving: Saving::new(0, now) });
        let waiting = std::mem::take(&mut review.waiting);
        self.copy = SecondCopy::default();
        self.do_in_review(waiting, Intent::New, now)
    }

    /// Undo or redo by key: held down, it is one step.
    pub(super) fn turn_ruling_key(&mut self, action: Action, now: &Now) -> Vec<Effect> {
        let turn = if action == Action::Redo { Intent::Redo } else { Intent::Undo };
        let press = self.review().map_or(Press::Meant, |review| review.guard.press(action, now));
        let effects = match press {
            Press::Meant => {
                let effects = self.turn_ruling(turn, now);
                if let Some(review) = self.review().filter(|_| effects.is_empty()) {
                    review.guard.doubtful = None;
                }
                return effects;
            }
            Press::Repeat => Vec::new(),
            Press::SecondRepeat => self.turn_ruling(turned_back(action), now),
        };
        self.tell(m::HELD_KEY.get(self.lang).to_owned());
        effects
    }

    fn turn_ruling(&mut self, intent: Intent, now: &Now) -> Vec<Effect> {
        let Some(own) = self.review().and_then(|r| r.own.as_mut()) else { return Vec::new() };
        let (step, none) = match intent {
            Intent::Redo => (own.session.redo(), m::NOTHING_TO_REDO),
            _ => (own.session.undo(), m::NOTHING_TO_UNDO),
        };
        match step {
            Some(step) => self.do_in_review(step.acts, intent, now),
            None => {
                self.tell(none.get(self.lang).to_owned());
                Vec::new()
            }
        }
    }

    /// Ends the review; with rulings that are not saved it asks first, as a walk does.
    pub(super) fn end_review(&mut self, now: &Now) -> Vec<Effect> {
        let own = self.review().and_then(|r| r.own.as_ref());
        if own.is_some_and(|own| own.saving.failing.is_some()) {
            self.popup = Some(Popup::Pick(Pick::unsaved(Why::Finished, Then::Exit)));
            return Vec::new();
        }
        self.leave_review(now)
    }

    /// Ends the review whatever the disk says.
    pub(super) fn leave_review(&mut self, now: &Now) -> Vec<Effect> {
        let Some(review) = self.review() else { return Vec::new() };
        let mut effects: Vec<Effect> =
            review.record(Act::End { why: Some(Why::Finished) }, Intent::New, now).into_iter().collect();
        effects.extend(self.leave());
        effects
    }
}
