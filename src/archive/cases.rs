//! Each fault from the day it was found until a second look finds it put right.
//!
//! A case is a target at a place of a site, over all rounds. A fail opens it, `fixed` claims that it has been put right,
//! a later pass by somebody other than who claimed it verifies it, a later fail brings it back. What is later is told by
//! [`order`](super::order); a pass that may have come before a fail closes nothing. A look that was replaced in its round
//! (rule 2) stays a step if it failed, and if it passed as long as nobody else says otherwise. In a round that is disputed
//! only the fails are steps, in one that is ruled the looks that agree with the ruling, and the fails that were replaced.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::archive::order::{Days, Moment, in_order};
use crate::archive::reading::{Cell, Claim, Decision, EARLIEST, Gone, Key, Look, Outcome, Reading, Standing};
use crate::checklist::{Checklist, Due, TargetId};
use crate::district::Source;
use crate::log::{Code, EventId, EventRef, Name, Note, Person, Place, Stamp, Verdict};

/// A fault, followed over all rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub subject: Subject,
    /// The record that opened it, which no later change of its note changes; `fixed` names this or any other fail of it.
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    pub checklist: Code,
    /// As in [`Key`].
    pub district: Option<Code>,
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
    /// Of a fail, when it was first said in its session.
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
    /// Of a claim, the record it names.
    pub names: Option<EventRef>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Passed,
    /// Passed by the one who claimed it: no second look.
    PassedByClaimer,
    /// Passed, and nothing says for certain that it was after the fail: a clock is wrong.
    PassedInDoubt,
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

    /// The unit that must put it right: the last one that was named; both where a log was continued on two machines.
    pub fn unit(&self) -> Option<String> {
        let last = self.steps.iter().rev().find(|s| s.unit.is_some())?;
        let mut units: Vec<&str> = Vec::new();
        for unit in self.steps.iter().filter(|s| s.is_beside(last)).filter_map(|s| s.unit.as_ref()) {
            if !units.contains(&unit.as_str()) {
                units.push(unit.as_str());
            }
        }
        Some(units.join(" / "))
    }

    /// The latest note on the fault itself; both where a log was continued on two machines.
    pub fn note(&self) -> Option<String> {
        let of_last = self.last_told(|s| s.note.as_ref().filter(|n| !n.as_str().is_empty()));
        (!of_last.is_empty()).then(|| of_last.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(" / "))
    }

    /// The day by which it must be put right: as an inspector set it, else by the target; none where it needs a plan. Of
    /// two days that were set on two machines in one log, the earlier.
    pub fn due(&self, list: &Checklist) -> Option<Date> {
        let last = self.since_found().iter().rev().find(|s| set_day(s).is_some());
        let beside =
            last.and_then(|last| self.since_found().iter().filter(|s| s.is_beside(last)).filter_map(set_day).min());
        beside.or_else(|| self.due_by_target(list))
    }

    /// What the last fail says that says it at all, and what stands beside it in the same session.
    fn last_told<'a, T: PartialEq>(&'a self, of: impl Fn(&'a Step) -> Option<&'a T>) -> Vec<&'a T> {
        let fails = || self.steps.iter().filter(|s| s.what == What::Failed && of(s).is_some());
        let Some(last) = fails().next_back() else { return Vec::new() };
        let mut told = Vec::new();
        for text in fails().filter(|s| s.is_beside(last)).filter_map(&of) {
            if !told.contains(&text) {
                told.push(text);
            }
        }
        told
    }

    /// Whether it was given a later day than the one it first had, since it was last found.
    pub fn is_extended(&self, list: &Checklist) -> bool {
        let first = set_day(self.found()).or_else(|| self.due_by_target(list));
        first.zip(self.due(list)).is_some_and(|(first, now)| now > first)
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
                What::PassedByClaimer | What::PassedInDoubt => {}
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
        let claims = Claims::of(self);
        // Most targets never fail anywhere, and need no closer look.
        let failed = self.by_subject().filter(|cells| cells.iter().any(|(_, cell)| cell.ever_failed()));
        failed.filter_map(move |cells| {
            let rounds: Vec<Round> = cells.iter().map(|(key, cell)| (&key.round, *cell)).collect();
            self.case(Subject::of(cells.first()?.0), &rounds, &claims)
        })
    }

    fn case(&self, subject: Subject, rounds: &[Round], claims: &Claims) -> Option<Case> {
        let mut records: Vec<Record> = rounds.iter().flat_map(|round| self.records(*round)).collect();
        records.extend(self.claimed(&subject, rounds, claims));
        records.sort_by(|a, b| a.by_clock().cmp(&b.by_clock()));
        let (steps, moments): (Vec<(Step, u64)>, Vec<Moment>) =
            records.into_iter().map(|r| ((r.step, r.first), r.moment)).unzip();
        let order = in_order(&moments);
        let first = order.iter().position(|at| steps[*at].0.what == What::Failed)?;
        let (found, seq) = &steps[order[first]];
        let disputed = rounds.iter().any(|(_, cell)| self.outcome(cell).is_open());
        let case = Case {
            id: EventRef::new(&found.event.session, *seq),
            subject,
            state: CaseState::Open,
            returns: 0,
            disputed,
            steps: Vec::new(),
        };
        let mut course = Course { case, open: Vec::new() };
        let mut steps: Vec<Option<Step>> = steps.into_iter().map(|(step, _)| Some(step)).collect();
        for at in &order[first..] {
            if let Some(step) = steps[*at].take() {
                course.take(step, &moments[*at]);
            }
        }
        Some(course.case)
    }

    /// The claims on any fail of these rounds, those that stand no more among them, each once.
    fn claimed<'a>(&'a self, subject: &Subject, rounds: &[Round<'a>], claims: &Claims<'a>) -> Vec<Record<'a>> {
        if claims.by_event.is_empty() {
            return Vec::new();
        }
        let fails = rounds.iter().flat_map(|(round, cell)| self.fails(round, cell));
        let gone = claims.gone.get(subject).into_iter().flatten();
        let fails = fails.chain(gone.map(|g| (&g.event, g.session, &g.key.round)));
        let mut named: BTreeMap<usize, Vec<(usize, &Name)>> = BTreeMap::new();
        for (event, session, round) in fails {
            for claim in claims.by_event.get(&event.reference()).into_iter().flatten() {
                named.entry(*claim).or_default().push((session, round));
            }
        }
        let record = |(claim, names): (usize, Vec<(usize, &'a Name)>)| {
            let claim = &self.claims[claim];
            let step = self.claim_step(claim, names[0].1);
            let moment = Moment { names, ..self.moment(claim.session, claim.event.seq, &claim.at) };
            Record { first: claim.event.seq, turn: Turn::Claim, step, moment }
        };
        named.into_iter().map(record).collect()
    }

    /// What the looks of one round add to a case.
    fn records<'a>(&'a self, (round, cell): Round<'a>) -> Vec<Record<'a>> {
        let standing = self.standing(cell);
        let agrees = |l: &Look| match standing.outcome {
            Outcome::Nothing => false,
            Outcome::Agreed(_) => true,
            Outcome::Ruled(verdict) => l.verdict == verdict,
            _ => l.verdict == Verdict::Fail,
        };
        let counting = standing.looks.iter().filter(|l| agrees(l));
        let replaced = standing.superseded.iter().filter(|l| self.stays_a_step(l, &standing));
        let record = |l: &&'a Look| self.look_record(l, round);
        let mut records: Vec<Record> = counting.filter_map(record).collect();
        if records.is_empty() && matches!(standing.outcome, Outcome::Ruled(_)) {
            records.extend(self.ruling_record(&standing, round));
        }
        records.extend(replaced.filter_map(record));
        records
    }

    /// Whether a look that was replaced is still a step of its case: it failed, or nobody else says that it did not pass.
    fn stays_a_step(&self, replaced: &Look, standing: &Standing) -> bool {
        let who = |l: &Look| (&self.head(l.session).by.id, &self.head(l.session).device.id);
        let is_against = |l: &&&Look| !matches!(l.verdict, Verdict::Pass | Verdict::Unseen) && who(l) != who(replaced);
        match (replaced.verdict, standing.outcome) {
            (Verdict::Fail, _) => true,
            (Verdict::Pass, Outcome::Agreed(_)) => !standing.looks.iter().any(|l| is_against(&l)),
            _ => false,
        }
    }

    /// Every fail of a round, those that no longer count among them, with its session.
    fn fails<'a>(&self, round: &'a Name, cell: &'a Cell) -> Vec<(&'a EventId, usize, &'a Name)> {
        let looks = cell.looks().iter().filter(|l| l.verdict == Verdict::Fail).map(|l| (&l.event, l.session));
        let rulings = cell.rulings().filter(|d| d.verdict == Verdict::Fail).map(|d| (&d.event, d.session));
        looks.chain(rulings).map(|(event, session)| (event, session, round)).collect()
    }

    fn moment(&self, session: usize, seq: u64, at: &Stamp) -> Moment<'_> {
        let head = self.head(session);
        Moment {
            session,
            device: head.device.id.as_str(),
            number: head.device.session,
            seq,
            days: None,
            clock: Some(at.seconds()).filter(|_| self.sessions[session].has_good_clock()),
            called: None,
            names: Vec::new(),
        }
    }

    /// Where a look or a ruling stands in its round.
    pub(super) fn moment_in<'a>(&'a self, (session, seq, at): (usize, u64, &Stamp), round: &'a Name) -> Moment<'a> {
        let sitting = &self.sessions[session];
        // A round that is the day of a wrong clock says no more than that clock.
        let says = |days: &Days| sitting.has_good_clock() || !days.are_just(&sitting.head.started);
        let days = Days::of(round).filter(says);
        Moment { days, called: Some((session, round)), ..self.moment(session, seq, at) }
    }

    fn look_record<'a>(&'a self, look: &'a Look, round: &'a Name) -> Option<Record<'a>> {
        let step = self.look_step(look, round)?;
        if step.what != What::Failed {
            let moment = self.moment_in((look.session, look.event.seq, &look.at), round);
            return Some(Record {
                first: look.event.seq,
                turn: Turn::Pass,
                step,
                moment: Moment { called: None, ..moment },
            });
        }
        let (at, seq) = look.since();
        let moment = self.moment_in((look.session, seq, at), round);
        Some(Record { first: look.first_fail().seq, turn: Turn::Fail, step: Step { at: at.clone(), ..step }, moment })
    }

    /// A ruling that agrees with no look is a look itself.
    fn ruling_record<'a>(&'a self, standing: &Standing<'a>, round: &'a Name) -> Option<Record<'a>> {
        let (ruling, _) = standing.decisions.iter().find(|(_, holds)| *holds)?;
        let source = standing.looks.first().and_then(|l| self.head(l.session).source);
        let step = self.ruling_step(ruling, round, source)?;
        let turn = if step.what == What::Failed { Turn::Fail } else { Turn::Pass };
        let saw: HashSet<&EventRef> = ruling.saw.iter().collect();
        let looks = standing.looks.iter().chain(&standing.superseded);
        let names = looks.filter(|l| saw.contains(&l.event.reference())).map(|l| (l.session, round)).collect();
        let moment = self.moment_in((ruling.session, ruling.event.seq, &ruling.at), round);
        let called = moment.called.filter(|_| turn == Turn::Fail);
        Some(Record { first: ruling.event.seq, turn, step, moment: Moment { names, called, ..moment } })
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
            names: None,
        })
    }

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
            names: None,
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
            names: Some(claim.case.clone()),
        }
    }
}

/// A case on its way.
struct Course<'a> {
    case: Case,
    /// The fails nobody has verified, and when a good clock first said that each was named.
    open: Vec<(Moment<'a>, Option<i64>)>,
}

impl<'a> Course<'a> {
    fn take(&mut self, mut step: Step, moment: &Moment<'a>) {
        let case = &mut self.case;
        match step.what {
            What::Failed => {
                case.returns += usize::from(case.state == CaseState::Verified);
                // Found again after a claim: it was not put right.
                case.state = if case.returns > 0 { CaseState::Back } else { CaseState::Open };
                self.open.push((moment.clone(), None));
            }
            What::Claimed => {
                if case.state != CaseState::Verified {
                    case.state = CaseState::Claimed;
                }
                for (fail, at) in &mut self.open {
                    if fail.called.is_some_and(|called| moment.names.contains(&called)) {
                        *at = at.iter().copied().chain(moment.clock).min();
                    }
                }
            }
            _ if case.claimed_by().iter().any(|p| p.id == step.by.id) => step.what = What::PassedByClaimer,
            _ if self.open.iter().all(|(fail, named)| moment.is_surely_after(fail, *named)) => {
                case.state = CaseState::Verified;
                self.open.clear();
            }
            _ => step.what = What::PassedInDoubt,
        }
        case.steps.push(step);
    }
}

impl Step {
    /// Whether both were said of one round in one session, as where a log was continued on two machines.
    fn is_beside(&self, other: &Self) -> bool {
        (self.session, &self.round) == (other.session, &other.round)
    }
}

impl Subject {
    pub fn of(key: &Key) -> Self {
        let Key { checklist, district, site, target, place, .. } = key.clone();
        Self { checklist, district, site, target, place }
    }
}

/// The day an inspector set, where it is one an office's calendar has.
fn set_day(step: &Step) -> Option<Date> {
    step.due.as_ref()?.as_str().parse().ok().filter(|day: &Date| day.year() > 0)
}

/// A step with where it stands.
struct Record<'a> {
    step: Step,
    /// The number of the event that opened it in its session.
    first: u64,
    turn: Turn,
    moment: Moment<'a>,
}

impl Record<'_> {
    /// The order of the clocks. One that is wrong puts nothing behind anything else.
    fn by_clock(&self) -> (bool, i64, Turn, &EventId) {
        (self.moment.clock.is_some(), self.step.at.seconds(), self.turn, &self.step.event)
    }
}

/// What comes first within a second: what keeps a case open comes last, and nobody verifies his own work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Claim,
    Pass,
    Fail,
}

/// The claims of a reading, by what they name.
struct Claims<'a> {
    by_event: HashMap<&'a EventRef, Vec<usize>>,
    /// What of it stands no more.
    gone: HashMap<Subject, Vec<&'a Gone>>,
}

impl<'a> Claims<'a> {
    fn of(reading: &'a Reading) -> Self {
        let mut claims = Self { by_event: HashMap::new(), gone: HashMap::new() };
        for (at, claim) in reading.claims.iter().enumerate() {
            claims.by_event.entry(&claim.case).or_default().push(at);
        }
        for gone in &reading.gone {
            claims.gone.entry(Subject::of(&gone.key)).or_default().push(gone);
        }
        claims
    }
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
