//! Each fault from the day it was found until a second look finds it put right.
//!
//! A case is a target at a place of a site, over all rounds. A fail opens it, `fixed` claims that it has been put right,
//! a later pass by somebody other than who claimed it verifies it, a later fail brings it back. "Later" is what the
//! clocks of the records say; where two say the same second, the fail counts as the later one, so that nothing closes by
//! chance. Only looks that count are part of it: in a round that is disputed the fails, in one that is ruled those that
//! agree with the ruling.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::archive::reading::{Cell, Claim, Decision, EARLIEST, Key, Look, Outcome, Reading};
use crate::checklist::{Checklist, Due, TargetId};
use crate::district::Source;
use crate::log::{Code, EventId, EventRef, Name, Note, Person, Place, Stamp, Verdict};

/// A fault, followed over all rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub subject: Subject,
    /// The record that opened it; `fixed` names this or any later fail of it.
    pub id: EventRef,
    pub state: CaseState,
    /// How often it was found again after it had been verified.
    pub returns: usize,
    /// Whether a round in which it was found is still disputed.
    pub disputed: bool,
    /// Everything that happened to it, in order.
    pub steps: Vec<Step>,
}

/// What a case is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    pub checklist: Code,
    pub site: Option<Code>,
    pub target: TargetId,
    pub place: Option<Place>,
}

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseState {
    /// Found, and nobody says that it has been put right.
    Open,
    /// It was verified once and has been found again.
    Back,
    /// Somebody says that it has been put right.
    Claimed,
    /// Somebody else has seen that it has.
    Verified,
}

/// Something that happened to a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub what: What,
    pub at: Stamp,
    pub by: Person,
    pub event: EventId,
    pub note: Option<Note>,
    pub unit: Option<Name>,
    pub due: Option<Name>,
    /// The file names of the photographs.
    pub photos: Vec<Name>,
    /// The round it belongs to; of a ruling the one that was ruled on.
    pub round: Name,
    /// The source of the walk it was found on; of a ruling that of the looks it rules on.
    pub source: Option<Source>,
    /// The session it was written in, by its place in [`Reading::sessions`].
    pub session: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Passed,
    /// Passed by the one who claimed it: no second look.
    PassedByClaimer,
    Failed,
    Claimed,
}

impl Case {
    /// The fail that opened it, or that brought it back.
    pub fn found(&self) -> &Step {
        let mut found = &self.steps[0];
        let mut closed = false;
        for step in &self.steps {
            match step.what {
                What::Failed if closed => (found, closed) = (step, false),
                What::Passed => closed = true,
                _ => {}
            }
        }
        found
    }

    /// The unit that must put it right: the last one that was named.
    pub fn unit(&self) -> Option<&Name> {
        self.steps.iter().rev().find_map(|s| s.unit.as_ref())
    }

    /// The latest note on the fault itself.
    pub fn note(&self) -> Option<&Note> {
        self.steps.iter().rev().filter(|s| s.what == What::Failed).find_map(|s| s.note.as_ref())
    }

    /// The day by which it must be put right: as an inspector set it, else by the target; none where it needs a plan.
    pub fn due(&self, list: &Checklist) -> Option<Date> {
        self.set_days().next_back().or_else(|| self.due_by_target(list))
    }

    /// Whether it was given a later day than the one it first had, since it was last found.
    pub fn is_extended(&self, list: &Checklist) -> bool {
        let first = set_day(self.found()).or_else(|| self.due_by_target(list));
        first.zip(self.due(list)).is_some_and(|(first, now)| now > first)
    }

    /// The days inspectors have set since it was last found.
    fn set_days(&self) -> impl DoubleEndedIterator<Item = Date> {
        self.since_found().iter().filter_map(set_day)
    }

    /// What happened since it was last found, that finding included.
    fn since_found(&self) -> &[Step] {
        let found = self.found();
        let from = self.steps.iter().position(|s| s.what == What::Failed && s.event == found.event);
        &self.steps[from.unwrap_or(0)..]
    }

    fn due_by_target(&self, list: &Checklist) -> Option<Date> {
        let found = self.found();
        let target = list.position(&self.subject.target).filter(|_| list.id == self.subject.checklist.as_str());
        let days = match list.target(target?).due {
            Due::Now => Some(0),
            Due::Day => Some(1),
            Due::ThreeDays => Some(3),
            Due::Week => Some(7),
            Due::Month => Some(30),
            Due::Plan => None,
        };
        // A clock that stood still says nothing about how late it is.
        let days = days.filter(|_| found.at.seconds() >= EARLIEST);
        found.at.date().parse::<Date>().ok()?.checked_add(days?.days()).ok()
    }

    /// Whether it should have been put right and verified before a day.
    pub fn is_overdue(&self, list: &Checklist, as_of: Date) -> bool {
        self.state != CaseState::Verified && self.due(list).is_some_and(|due| due < as_of)
    }

    /// Who claimed it since it was last found.
    pub fn claimed_by(&self) -> Vec<&Person> {
        self.claims().map(|s| &s.by).collect()
    }

    /// The claims since the last fail, in order.
    pub fn claims(&self) -> impl DoubleEndedIterator<Item = &Step> {
        let last_fail = self.steps.iter().rposition(|s| s.what == What::Failed).unwrap_or(0);
        self.steps[last_fail..].iter().filter(|s| s.what == What::Claimed)
    }

    /// The second look that verified it, where nothing was found since.
    pub fn verified(&self) -> Option<&Step> {
        let since = self.since_found();
        since.iter().find(|s| s.what == What::Passed).filter(|_| self.state == CaseState::Verified)
    }

    /// How often it was claimed and still found failing.
    pub fn reworks(&self) -> usize {
        let (mut claimed, mut verified) = (false, false);
        let mut reworks = 0;
        for step in &self.steps {
            match step.what {
                // Once verified there is nothing left to claim.
                What::Claimed => claimed = !verified,
                What::Passed => (claimed, verified) = (false, true),
                What::Failed => {
                    reworks += usize::from(std::mem::take(&mut claimed));
                    verified = false;
                }
                What::PassedByClaimer => {}
            }
        }
        reworks
    }
}

impl Reading {
    /// All cases, in the order of their subjects.
    pub fn cases(&self) -> Vec<Case> {
        self.each_case().collect()
    }

    /// The same one by one: where there are thousands of walks, all of them take more room than the reading itself.
    pub fn each_case(&self) -> impl Iterator<Item = Case> {
        let mut claims: HashMap<&EventRef, Vec<&Claim>> = HashMap::new();
        for claim in &self.claims {
            claims.entry(&claim.case).or_default().push(claim);
        }
        // Most targets never fail anywhere, and need no closer look.
        let failed = self.by_subject().filter(|cells| cells.iter().any(|(_, cell)| cell.ever_failed()));
        failed.filter_map(move |cells| {
            let rounds: Vec<Round> = cells.iter().map(|(key, cell)| (&key.round, *cell)).collect();
            self.case(Subject::of(cells.first()?.0), &rounds, &claims)
        })
    }

    fn case(&self, subject: Subject, rounds: &[Round], claims: &HashMap<&EventRef, Vec<&Claim>>) -> Option<Case> {
        let steps = rounds.iter().flat_map(|round| self.steps(*round));
        let steps = steps.map(|s| (s.at.seconds(), if s.what == What::Failed { Turn::Fail } else { Turn::Pass }, s));
        let mut timed: Vec<(i64, Turn, Step)> = steps.chain(self.claimed(rounds, claims)).collect();
        timed.sort_by(|(a, x, s), (b, y, t)| (a, x, &s.event).cmp(&(b, y, &t.event)));
        let mut steps: Vec<Step> = timed.into_iter().map(|(_, _, step)| step).collect();
        steps.dedup_by(|a, b| a.event == b.event && a.what == b.what);
        let first = steps.iter().position(|s| s.what == What::Failed)?;
        steps.drain(..first);
        let disputed = rounds.iter().any(|(_, cell)| self.outcome(cell).is_open());
        let mut case = Case {
            subject,
            id: steps[0].event.reference(),
            state: CaseState::Open,
            returns: 0,
            disputed,
            steps: Vec::new(),
        };
        for step in steps {
            case.take(step);
        }
        Some(case)
    }

    /// The claims on any fail of these rounds, with when they count. One that comes with its fail, or before it by its own
    /// clock, comes after it; one that is later comes first in its second, so that no claimer verifies his own work.
    fn claimed(&self, rounds: &[Round], claims: &HashMap<&EventRef, Vec<&Claim>>) -> Vec<(i64, Turn, Step)> {
        if claims.is_empty() {
            return Vec::new();
        }
        let fails = rounds.iter().flat_map(|(round, cell)| self.fails(round, cell));
        let claimed = fails.flat_map(|(event, failed, round)| {
            let named = claims.get(&event.reference()).into_iter().flatten();
            named.map(move |claim| {
                let at = claim.at.seconds();
                let turn = if at > failed { Turn::Claim } else { Turn::ClaimAtOnce };
                (at.max(failed), turn, self.claim_step(claim, round))
            })
        });
        claimed.collect()
    }

    /// What the looks of one round that count add to a case.
    fn steps(&self, (round, cell): Round) -> Vec<Step> {
        let standing = self.standing(cell);
        let look = |l: &&Look| self.look_step(l, round);
        let only = |verdict: Verdict| standing.looks.iter().filter(move |l| l.verdict == verdict).filter_map(look);
        match standing.outcome {
            Outcome::Nothing => Vec::new(),
            Outcome::Agreed(_) => standing.looks.iter().filter_map(look).collect(),
            Outcome::Disputed | Outcome::Reopened | Outcome::RulersDiffer | Outcome::SentBack => {
                only(Verdict::Fail).collect()
            }
            Outcome::Ruled(verdict) => {
                let agreeing: Vec<Step> = only(verdict).collect();
                let source = standing.looks.first().and_then(|l| self.head(l.session).source);
                let holding = standing.decisions.iter().find(|(_, holds)| *holds);
                let ruling = holding.map(|(d, _)| self.ruling_step(d, round, source));
                if agreeing.is_empty() { ruling.flatten().into_iter().collect() } else { agreeing }
            }
        }
    }

    /// Every fail of a round, those that no longer count among them, with its second.
    fn fails<'a>(&self, round: &'a Name, cell: &'a Cell) -> Vec<(&'a EventId, i64, &'a Name)> {
        let looks = cell.looks().iter().filter(|l| l.verdict == Verdict::Fail);
        let rulings = cell.rulings().filter(|d| d.verdict == Verdict::Fail).map(|d| (&d.event, d.at.seconds(), round));
        looks.map(|l| (&l.event, l.at.seconds(), round)).chain(rulings).collect()
    }

    fn look_step(&self, look: &Look, round: &Name) -> Option<Step> {
        Some(Step {
            what: of_verdict(look.verdict)?,
            at: look.at.clone(),
            by: self.head(look.session).by.clone(),
            event: look.event.clone(),
            note: look.note().cloned(),
            unit: look.unit().cloned(),
            due: look.due().cloned(),
            photos: look.photos().to_vec(),
            round: round.clone(),
            source: self.head(look.session).source,
            session: look.session,
        })
    }

    /// A ruling that agrees with no look is a look itself.
    fn ruling_step(&self, decision: &Decision, round: &Name, source: Option<Source>) -> Option<Step> {
        Some(Step {
            what: of_verdict(decision.verdict)?,
            at: decision.at.clone(),
            by: self.head(decision.session).by.clone(),
            event: decision.event.clone(),
            note: Some(decision.reason.clone()),
            unit: None,
            due: None,
            photos: Vec::new(),
            round: round.clone(),
            source,
            session: decision.session,
        })
    }

    fn claim_step(&self, claim: &Claim, round: &Name) -> Step {
        Step {
            what: What::Claimed,
            at: claim.at.clone(),
            by: self.head(claim.session).by.clone(),
            event: claim.event.clone(),
            note: claim.note.clone(),
            unit: None,
            due: None,
            photos: Vec::new(),
            round: round.clone(),
            source: None,
            session: claim.session,
        }
    }
}

impl Case {
    fn take(&mut self, mut step: Step) {
        match step.what {
            What::Failed if self.state == CaseState::Verified => {
                self.state = CaseState::Back;
                self.returns += 1;
            }
            // Found again after a claim: it was not put right.
            What::Failed => self.state = if self.returns > 0 { CaseState::Back } else { CaseState::Open },
            What::Claimed if self.state == CaseState::Verified => {}
            What::Claimed => self.state = CaseState::Claimed,
            _ if self.claimed_by().iter().any(|p| p.id == step.by.id) => step.what = What::PassedByClaimer,
            _ => self.state = CaseState::Verified,
        }
        self.steps.push(step);
    }
}

impl Subject {
    pub fn of(key: &Key) -> Self {
        let Key { checklist, site, target, place, .. } = key.clone();
        Self { checklist, site, target, place }
    }
}

/// The day an inspector set, where it is one an office's calendar has.
fn set_day(step: &Step) -> Option<Date> {
    step.due.as_ref()?.as_str().parse().ok().filter(|day: &Date| day.year() > 0)
}

/// What comes first within a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Claim,
    Pass,
    Fail,
    ClaimAtOnce,
}

/// A round of a subject.
type Round<'a> = (&'a Name, &'a Cell);

fn of_verdict(verdict: Verdict) -> Option<What> {
    match verdict {
        Verdict::Fail => Some(What::Failed),
        Verdict::Pass => Some(What::Passed),
        Verdict::Na | Verdict::Unseen => None,
    }
}
