//! The rules of reading, written down plainly and slowly a second time, and compared with the program on random logs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use xunjie::archive::Archive;
use xunjie::archive::cases::{CaseState, What};
use xunjie::archive::reading::{Oddity, Outcome, Reading, State};
use xunjie::checklist::{Checklist, TargetId};
use xunjie::district::District;
use xunjie::i18n::Both;
use xunjie::log::{
    Act, ChecklistRef, Code, Device, Event, EventRef, Head, Judgement, Kind, Name, Note, Person, Place, Ruling,
    SessionId, SiteRef, Stamp, Verdict,
};
use xunjie::report::{self, Rounds};
use xunjie::store::codec::{self, Encoder};

static LIST: LazyLock<Checklist> = LazyLock::new(Checklist::built_in);

/// A session as a test plans it: what its head says, and what happened, on one machine or on two.
#[derive(Clone, Debug)]
pub struct Plan {
    person: u8,
    device: u8,
    number: u64,
    round: u8,
    /// The day its clock says; two of them are wrong.
    start: u8,
    /// Whether the clock goes back on the way.
    falls: bool,
    acts: Vec<Step>,
    /// A copy goes on from after so many events, with these.
    copy: Option<(usize, Vec<Step>)>,
}

#[derive(Clone, Debug)]
enum Step {
    Judge(u8, u8, Verdict, u8),
    Undo(u64),
    Rule(u8, u8, u8, Verdict, Vec<(u8, u64)>),
    Fixed(u8, u64),
    Note,
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    prop_oneof![3 => Just(Verdict::Pass), 3 => Just(Verdict::Fail), 1 => Just(Verdict::Na), 1 => Just(Verdict::Unseen)]
}

/// Mostly the first of two, so that much is said of the same.
fn mostly_first() -> impl Strategy<Value = u8> {
    prop_oneof![4 => Just(0u8), 1 => Just(1u8)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let seen = prop::collection::vec((0u8..6, 1u64..5), 0..5);
    let spot = || (mostly_first(), mostly_first());
    let judge = (spot(), verdicts(), 0u8..2).prop_map(|((t, p), v, n)| Step::Judge(t, p, v, n));
    let rule = (0u8..5, spot(), verdicts(), seen).prop_map(|(r, (t, p), v, s)| Step::Rule(r, t, p, v, s));
    let step = prop_oneof![
        9 => judge,
        2 => (1u64..7).prop_map(Step::Undo),
        2 => rule,
        4 => (0u8..4, 1u64..4).prop_map(|(s, n)| Step::Fixed(s, n)),
        1 => Just(Step::Note),
    ];
    prop::collection::vec(step, 0..6)
}

pub fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let copy = prop::option::weighted(0.3, (0usize..3, steps()));
    let who = (prop_oneof![2 => Just(0u8), 1 => Just(1), 1 => Just(2)], 0u8..2, 1u64..6);
    let round = prop_oneof![3 => Just(0u8), 1 => Just(1), 2 => Just(2), 2 => Just(3), 1 => Just(4)];
    // Mostly the clock goes with the numbers of the sessions.
    let start = prop::option::weighted(0.3, 0u8..7);
    let plan = (who, round, start, prop::bool::weighted(0.05), steps(), copy).prop_map(
        |((person, device, number), round, start, falls, acts, copy)| {
            let start = start.unwrap_or(number as u8 - 1);
            Plan { person, device, number, round, start, falls, acts, copy }
        },
    );
    prop::collection::vec(plan, 0..6)
}

fn name(text: &str) -> Name {
    Name::try_from(text).unwrap()
}

fn code(text: &str) -> Code {
    Code::try_from(text).unwrap()
}

fn id(session: u8) -> SessionId {
    SessionId::try_from(format!("0190abcd-0000-7000-8000-00000000000{session}")).unwrap()
}

fn place(p: u8) -> Option<Place> {
    (p > 0).then(|| Place { kind: code("market"), name: Some(name("东")) })
}

fn target(t: u8) -> TargetId {
    TargetId::try_from(format!("3.0{}", t + 1)).unwrap()
}

/// Two labels that say nothing, two weeks, and a second look at a day of the second.
const ROUNDS: [&str; 5] = ["R1", "R2", "2020-W34", "2020-W35", "2020-08-25-recheck"];
/// Two days of the first week, three of the second, and two that are wrong.
const DAYS: [&str; 7] =
    ["2020-08-21", "2020-08-22", "2020-08-24", "2020-08-25", "2020-08-26", "2021-08-22", "1970-01-01"];

fn round(r: u8) -> Name {
    name(ROUNDS[usize::from(r)])
}

/// Sessions of one start begin at the same second: nothing may hang on such a tie but what the rules say.
fn at(plan: &Plan, seq: u64) -> Stamp {
    let minute = if plan.falls && seq > 2 { 0 } else { 30 };
    Stamp::try_from(format!("{}T08:{minute:02}:0{}+08:00", DAYS[usize::from(plan.start)], seq.min(9))).unwrap()
}

fn head(i: u8, plan: &Plan) -> Head {
    Head {
        id: id(i),
        kind: Kind::Walk,
        by: Person { id: code(["zhang3", "li4", "wang5"][usize::from(plan.person)]), name: None },
        device: Device { id: code(["d1", "d2"][usize::from(plan.device)]), session: plan.number },
        district: None,
        site: Some(SiteRef { id: code("nongye-lu"), name: Both { zh: "农业路".into(), en: "Nongye".into() } }),
        round: Some(round(plan.round)),
        source: None,
        checklist: ChecklistRef { id: code("national-sanitary-city-2014"), edition: name("1"), sha256: code("0") },
        started: at(plan, 0),
        app: name("0.1.0"),
    }
}

fn act(step: &Step) -> Act {
    let note = |text: &str| Note::try_from(text).unwrap();
    match step {
        Step::Judge(t, p, verdict, text) => Act::Judge(Judgement {
            target: target(*t),
            verdict: *verdict,
            place: place(*p),
            note: (*text > 0).then(|| note("桶满")),
            unit: None,
            due: None,
            photos: Vec::new(),
            measure: Vec::new(),
            covers: Vec::new(),
        }),
        Step::Undo(of) => Act::Undo { of: *of },
        Step::Rule(r, t, p, verdict, saw) => Act::Rule(Ruling {
            site: code("nongye-lu"),
            round: round(*r),
            target: target(*t),
            place: place(*p),
            saw: saw.iter().map(|(s, n)| EventRef::new(&id(*s), *n)).collect(),
            verdict: *verdict,
            reason: note("照片核实"),
        }),
        Step::Fixed(s, n) => Act::Fixed { case: EventRef::new(&id(*s), *n), note: None, photos: Vec::new() },
        Step::Note => Act::Remark { target: None, place: None, note: note("雨") },
    }
}

fn events(plan: &Plan, steps: &[&Step]) -> Vec<Event> {
    let number = |(i, step): (usize, &&Step)| {
        let seq = i as u64 + 1;
        Event { seq, at: at(plan, seq), ms: seq * 1000, act: act(step) }
    };
    steps.iter().enumerate().map(number).collect()
}

/// What each machine holds of a session: one copy, or two that were continued apart.
fn machines(plan: &Plan) -> Vec<Vec<Event>> {
    let own: Vec<&Step> = plan.acts.iter().collect();
    let mut all = vec![events(plan, &own)];
    if let Some((common, more)) = &plan.copy {
        let other: Vec<&Step> = plan.acts.iter().take(*common).chain(more).collect();
        all.push(events(plan, &other));
    }
    // A copy that is the beginning of another says nothing of its own.
    let whole = all.clone();
    let begins = |a: &[Event], b: &[Event]| b.len() > a.len() && b[..a.len()] == *a;
    all.retain(|a| !whole.iter().any(|b| begins(a, b)));
    all.dedup();
    all
}

pub fn files(plans: &[Plan]) -> Vec<String> {
    let mut files = Vec::new();
    for (i, plan) in (0u8..).zip(plans) {
        for events in machines(plan) {
            let mut encoder = Encoder::new(&head(i, plan));
            events.iter().for_each(|e| encoder.push(e));
            files.push(encoder.whole());
        }
    }
    files
}

pub fn read(files: &[String]) -> Archive {
    files.iter().map(|f| codec::read_all(f.as_bytes()).unwrap().0).fold(Archive::default(), Archive::join)
}

/// One thing that stands, with who said it.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    event: Event,
    reference: String,
    head: Head,
    /// Its session among the plans.
    session: usize,
    /// Of a fail: since which event it has stood, and when that was.
    since: (u64, i64),
}

type Key = (String, TargetId, Option<Place>);

/// Rule 1: what stands on every machine that has it; what two machines have in common is said once.
fn said(plans: &[Plan]) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    for (i, plan) in (0u8..).zip(plans) {
        let head = head(i, plan);
        let machines = machines(plan);
        let standing: Vec<Vec<Event>> = machines.iter().map(|m| stands(m, &head)).collect();
        for event in machines.iter().flatten() {
            let has = || machines.iter().filter(|m| m.contains(event));
            if !machines.iter().zip(&standing).all(|(all, left)| !all.contains(event) || left.contains(event)) {
                continue;
            }
            let since = has().map(|m| since(m, event, &head)).min().unwrap();
            let reference = format!("{}#{}", head.id, event.seq);
            let one = Said { event: event.clone(), reference, head: head.clone(), session: usize::from(i), since };
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

/// What was not taken back.
fn left(machine: &[Event]) -> Vec<Event> {
    let mut left: Vec<Event> = Vec::new();
    for event in machine {
        match event.act {
            Act::Undo { of } => left.retain(|e| e.seq != of),
            _ => left.push(event.clone()),
        }
    }
    left
}

fn stands(machine: &[Event], head: &Head) -> Vec<Event> {
    let left = left(machine);
    let again = |e: &Event, other: &Event| key(&e.act, head).is_some_and(|k| key(&other.act, head) == Some(k));
    let later = |e: &Event| left.iter().any(|other| other.seq > e.seq && again(e, other));
    left.iter().filter(|e| !later(e)).cloned().collect()
}

fn is_fail(act: &Act) -> bool {
    matches!(act, Act::Judge(j) if j.verdict == Verdict::Fail)
}

/// Rule 8: since when a fail has stood without another verdict. Anything else has stood since it was said.
fn since(machine: &[Event], event: &Event, head: &Head) -> (u64, i64) {
    let mut first = (event.seq, event.at.seconds());
    if is_fail(&event.act) {
        let before =
            left(machine).into_iter().filter(|e| e.seq < event.seq && key(&e.act, head) == key(&event.act, head));
        for earlier in before.collect::<Vec<_>>().into_iter().rev().take_while(|e| is_fail(&e.act)) {
            first = (earlier.seq, earlier.at.seconds());
        }
    }
    first
}

/// What a judgement or a ruling is about; the two never count as one another.
fn key(act: &Act, head: &Head) -> Option<(bool, Key)> {
    match act {
        Act::Judge(j) => Some((false, (head.round.as_ref().unwrap().to_string(), j.target.clone(), j.place.clone()))),
        Act::Rule(r) => Some((true, (r.round.to_string(), r.target.clone(), r.place.clone()))),
        _ => None,
    }
}

/// Rule 2: of one inspector and device, only the highest session; but `unseen` replaces only `unseen`.
fn newest(all: &[&Said]) -> Vec<Said> {
    let replaces = |a: &Said, b: &Said| {
        let is_blind = |s: &Said| matches!(&s.event.act, Act::Judge(j) if j.verdict == Verdict::Unseen);
        who(a) == who(b) && b.head.device.session > a.head.device.session && (!is_blind(b) || is_blind(a))
    };
    all.iter().filter(|a| !all.iter().any(|b| replaces(a, b))).map(|s| (*s).clone()).collect()
}

fn who(said: &Said) -> (&Code, &Code) {
    (&said.head.by.id, &said.head.device.id)
}

fn verdict(said: &Said) -> Verdict {
    match &said.event.act {
        Act::Judge(j) => j.verdict,
        Act::Rule(r) => r.verdict,
        _ => unreachable!("only judgements and rulings have keys"),
    }
}

#[derive(Debug)]
struct Cell {
    heads: Vec<Said>,
    /// The looks that do not count.
    replaced: Vec<Said>,
    holding: Vec<Said>,
    outcome: Outcome,
}

/// Rules 3 and 5.
fn cell(all: &[Said], key: &Key) -> Cell {
    let about = |rule: bool| -> Vec<&Said> {
        all.iter().filter(|s| self::key(&s.event.act, &s.head) == Some((rule, key.clone()))).collect()
    };
    let looks = about(false);
    let heads = newest(&looks);
    let rulings = newest(&about(true));
    let judged: Vec<&Said> = heads.iter().filter(|h| verdict(h) != Verdict::Unseen).collect();
    let holds = |ruling: &&Said| {
        let Act::Rule(r) = &ruling.event.act else { return false };
        let times = |reference: &str, list: Vec<&str>| list.iter().filter(|x| **x == reference).count();
        judged.iter().all(|h| {
            let needed = times(&h.reference, judged.iter().map(|j| j.reference.as_str()).collect());
            times(&h.reference, r.saw.iter().map(EventRef::as_str).collect()) >= needed
        })
    };
    let holding: Vec<Said> = rulings.iter().filter(holds).cloned().collect();
    let ruled: BTreeSet<Verdict> = holding.iter().map(verdict).collect();
    let said: BTreeSet<Verdict> = judged.iter().map(|h| verdict(h)).collect();
    let outcome = if heads.is_empty() {
        Outcome::Nothing
    } else if ruled.len() > 1 {
        Outcome::RulersDiffer
    } else if let Some(v) = ruled.first() {
        if *v == Verdict::Unseen { Outcome::SentBack } else { Outcome::Ruled(*v) }
    } else if said.len() > 1 {
        if rulings.is_empty() { Outcome::Disputed } else { Outcome::Reopened }
    } else {
        Outcome::Agreed(said.first().copied().unwrap_or(Verdict::Unseen))
    };
    let replaced = looks.into_iter().filter(|l| !heads.contains(l)).cloned().collect();
    Cell { heads, replaced, holding, outcome }
}

fn all_keys() -> Vec<Key> {
    let mut keys = Vec::new();
    for r in 0..5 {
        for t in 0..2 {
            keys.extend([0, 1].map(|p| (round(r).to_string(), target(t), place(p))));
        }
    }
    keys
}

/// The first and the last day of a round that has days, as numbers that grow with them.
fn days(round: &str) -> Option<(u32, u32)> {
    match round {
        "2020-W34" => Some((817, 823)),
        "2020-W35" => Some((824, 830)),
        "2020-08-25-recheck" => Some((825, 825)),
        _ => None,
    }
}

/// Rule 13: whose clocks are wrong.
fn wrong_clocks(plans: &[Plan], said: &[Said]) -> Vec<bool> {
    let heads: Vec<Head> = (0u8..).zip(plans).map(|(i, p)| head(i, p)).collect();
    let mut wrong: Vec<bool> = plans
        .iter()
        .map(|plan| {
            let mut all: Vec<Event> = Vec::new();
            machines(plan).into_iter().flatten().for_each(|e| {
                if !all.contains(&e) {
                    all.push(e)
                }
            });
            all.sort_by_key(|e| (e.seq, serde_json::to_string(e).unwrap()));
            let is_forked = all.windows(2).any(|p| p[0].seq == p[1].seq);
            let falls = !is_forked && all.windows(2).any(|p| p[1].at.seconds() + 120 < p[0].at.seconds());
            // A year off is far from every round that has days, the other days are near them.
            let is_far = plan.start == 5 && days(ROUNDS[usize::from(plan.round)]).is_some();
            plan.start == 6 || falls || is_far
        })
        .collect();
    let mut by_number = Vec::new();
    for device in ["d1", "d2"] {
        let own: Vec<usize> =
            (0..plans.len()).filter(|i| !wrong[*i] && heads[*i].device.id.as_str() == device).collect();
        let fits = |a: usize, b: usize| {
            let (a, b) = (&heads[a], &heads[b]);
            a.device.session >= b.device.session || a.started.seconds() <= b.started.seconds()
        };
        let choices = (0u32..1 << own.len()).map(|bits| -> Vec<usize> {
            own.iter().enumerate().filter(|(n, _)| bits & (1 << n) != 0).map(|(_, i)| *i).collect()
        });
        let good: Vec<Vec<usize>> =
            choices.filter(|choice| choice.iter().all(|a| choice.iter().all(|b| fits(*a, *b)))).collect();
        let most = good.iter().map(Vec::len).max().unwrap_or(0);
        let largest: Vec<&Vec<usize>> = good.iter().filter(|c| c.len() == most).collect();
        by_number.extend(own.iter().copied().filter(|i| !largest.iter().all(|c| c.contains(i))));
    }
    by_number.iter().for_each(|i| wrong[*i] = true);
    // What claims and rulings name: what stands, and of what does not the fails.
    let rulings_too = |act: &Act| matches!(act, Act::Judge(_) | Act::Rule(_));
    let standing = said.iter().filter(|s| rulings_too(&s.event.act));
    let mut named: Vec<(String, usize, Event)> =
        standing.map(|s| (s.reference.clone(), s.session, s.event.clone())).collect();
    let claimed: Vec<&str> = said
        .iter()
        .filter_map(|s| if let Act::Fixed { case, .. } = &s.event.act { Some(case.as_str()) } else { None })
        .collect();
    for (i, event) in plans.iter().enumerate().flat_map(|(i, p)| machines(p).into_iter().flatten().map(move |e| (i, e)))
    {
        let reference = format!("{}#{}", heads[i].id, event.seq);
        let failed = is_fail(&event.act) || matches!(&event.act, Act::Rule(r) if r.verdict == Verdict::Fail);
        if failed && claimed.contains(&reference.as_str()) {
            named.push((reference, i, event));
        }
    }
    let mut by_name = Vec::new();
    for (naming, (reference, session, event)) in said.iter().flat_map(|a| named.iter().map(move |b| (a, b))) {
        let names = match &naming.event.act {
            Act::Fixed { case, .. } => case.as_str() == reference,
            Act::Rule(r) => r.saw.iter().any(|saw| saw.as_str() == reference),
            _ => false,
        };
        let is_late = naming.event.at.seconds() + 3600 < event.at.seconds();
        if names && is_late && !wrong[naming.session] && !wrong[*session] {
            by_name.extend([naming.session, *session]);
        }
    }
    by_name.iter().for_each(|i| wrong[*i] = true);
    wrong
}

/// A step of a case.
#[derive(Clone, Debug)]
struct Happened {
    what: What,
    said: Said,
    round: Option<String>,
    has_good_clock: bool,
    /// The sessions and rounds of what it names.
    names: Vec<(usize, String)>,
}

impl Happened {
    fn device(&self) -> (&str, u64) {
        (self.said.head.device.id.as_str(), self.said.head.device.session)
    }

    /// Its days, if they are not those of a wrong clock.
    fn days(&self) -> Option<(u32, u32)> {
        let days = days(self.round.as_deref()?)?;
        let begun = &self.said.head.started.date()[..10];
        let begun = begun.strip_prefix("2020-").map(|d| d.replace('-', "").parse::<u32>().unwrap());
        let is_own = begun.is_some_and(|day| days == (day, day));
        Some(days).filter(|_| self.has_good_clock || !is_own)
    }

    /// Rule 11.
    fn is_known_before(&self, other: &Self) -> bool {
        let (a, b) = (self.device(), other.device());
        let named = self.round.clone().map(|round| (self.said.session, round));
        (self.said.session == other.said.session && self.said.since.0 < other.said.since.0)
            || (a.0 == b.0 && a.1 < b.1)
            || matches!((self.days(), other.days()), (Some(a), Some(b)) if a.1 < b.0)
            || (self.what == What::Failed && named.is_some_and(|n| other.names.contains(&n)))
    }

    fn clock(&self) -> i64 {
        self.said.since.1
    }
}

/// Rule 12: by clock, and then what is known.
fn in_order(mut steps: Vec<Happened>) -> Vec<Happened> {
    let kind = |s: &Happened| match s.what {
        What::Claimed => 0,
        What::Failed => 2,
        _ => 1,
    };
    steps.sort_by_key(|s| (s.has_good_clock, s.clock(), kind(s), s.said.reference.clone()));
    let mut order = Vec::new();
    while !steps.is_empty() {
        let waits = |at: usize| (0..steps.len()).any(|other| other != at && steps[other].is_known_before(&steps[at]));
        let next = (0..steps.len()).find(|at| !waits(*at)).unwrap_or(0);
        order.push(steps.remove(next));
    }
    order
}

/// What is a fail of a target at a place in the session of some plan, or was one: its reference and round.
fn ever_failed(plans: &[Plan], about: &(TargetId, Option<Place>)) -> Vec<(String, usize, String)> {
    let mut failed = Vec::new();
    for (i, plan) in (0u8..).zip(plans) {
        let head = head(i, plan);
        for event in machines(plan).iter().flatten() {
            let is_fail = match &event.act {
                Act::Judge(j) => j.verdict == Verdict::Fail,
                Act::Rule(r) => r.verdict == Verdict::Fail,
                _ => false,
            };
            if let Some((_, (round, target, place))) = key(&event.act, &head).filter(|_| is_fail)
                && (&target, &place) == (&about.0, &about.1)
            {
                failed.push((format!("{}#{}", head.id, event.seq), usize::from(i), round));
            }
        }
    }
    failed
}

/// Rules 7 and 9: the steps of a target at a place, before they are put in order.
fn happened(plans: &[Plan], all: &[Said], wrong: &[bool], about: &(TargetId, Option<Place>)) -> Vec<Happened> {
    let mut steps = Vec::new();
    for round in ROUNDS {
        let cell = cell(all, &(round.to_owned(), about.0.clone(), about.1.clone()));
        let agrees = |l: &&Said| match cell.outcome {
            Outcome::Nothing => false,
            Outcome::Agreed(_) => true,
            Outcome::Ruled(v) => verdict(l) == v,
            _ => verdict(l) == Verdict::Fail,
        };
        let others = |l: &Said| cell.heads.iter().filter(|h| who(h) != who(l)).map(verdict).collect::<Vec<_>>();
        let against = |l: &Said| others(l).iter().any(|v| matches!(v, Verdict::Fail | Verdict::Na));
        let stays = |l: &&Said| {
            let is_agreed = matches!(cell.outcome, Outcome::Agreed(_));
            verdict(l) == Verdict::Fail || (verdict(l) == Verdict::Pass && is_agreed && !against(l))
        };
        let mut here: Vec<Said> = cell.heads.iter().filter(agrees).cloned().collect();
        let mut names = Vec::new();
        let says = |s: &Said| matches!(verdict(s), Verdict::Pass | Verdict::Fail);
        if !here.iter().any(says)
            && let (Outcome::Ruled(_), Some(ruling)) =
                (cell.outcome, cell.holding.iter().min_by_key(|s| (s.head.by.id.clone(), s.reference.clone())))
        {
            let Act::Rule(r) = &ruling.event.act else { unreachable!("it rules") };
            let looks = cell.heads.iter().chain(&cell.replaced);
            let saw = looks.filter(|l| r.saw.iter().any(|saw| saw.as_str() == l.reference));
            names = saw.map(|l| (l.session, round.to_owned())).collect();
            here = vec![ruling.clone()];
        }
        let step = |said: Said, names: Vec<(usize, String)>| Happened {
            what: if verdict(&said) == Verdict::Fail { What::Failed } else { What::Passed },
            round: Some(round.to_owned()),
            has_good_clock: !wrong[said.session],
            said,
            names,
        };
        steps.extend(here.into_iter().filter(says).map(|said| step(said, names.clone())));
        steps.extend(cell.replaced.iter().filter(stays).map(|said| step(said.clone(), Vec::new())));
    }
    let failed = ever_failed(plans, about);
    for claim in all {
        let Act::Fixed { case, .. } = &claim.event.act else { continue };
        let names: Vec<_> =
            failed.iter().filter(|(r, ..)| r == case.as_str()).map(|(_, s, round)| (*s, round.clone())).collect();
        if !names.is_empty() {
            let has_good_clock = !wrong[claim.session];
            steps.push(Happened { what: What::Claimed, said: claim.clone(), round: None, has_good_clock, names });
        }
    }
    steps
}

/// A case as the rules have it.
#[derive(Debug, PartialEq)]
struct Case {
    id: String,
    state: CaseState,
    returns: usize,
    steps: Vec<(What, String)>,
}

/// Rules 7, 8 and 14: how it went.
fn case(plans: &[Plan], all: &[Said], wrong: &[bool], about: &(TargetId, Option<Place>)) -> Option<Case> {
    let order = in_order(happened(plans, all, wrong, about));
    let begin = order.iter().position(|s| s.what == What::Failed)?;
    let order = &order[begin..];
    let own = |s: &Happened| format!("{}#", s.said.head.id);
    let opener = &order[0].said;
    let is_same = |e: &&Event| is_fail(&e.act) && key(&e.act, &opener.head) == key(&opener.event.act, &opener.head);
    let fails = machines(&plans[opener.session]).into_iter().flatten().filter(|e| is_same(&e)).map(|e| e.seq);
    let first = fails.min().unwrap_or(opener.event.seq);
    let mut case =
        Case { id: format!("{}{first}", own(&order[0])), state: CaseState::Open, returns: 0, steps: Vec::new() };
    // From where on fails are open, and claims count.
    let (mut open_from, mut last_fail) = (0, 0);
    for (at, step) in order.iter().enumerate() {
        let mut what = step.what;
        match what {
            What::Failed => {
                case.returns += usize::from(case.state == CaseState::Verified);
                case.state = if case.returns > 0 { CaseState::Back } else { CaseState::Open };
                last_fail = at;
            }
            What::Claimed if case.state == CaseState::Verified => {}
            What::Claimed => case.state = CaseState::Claimed,
            _ => {
                let claims = order[last_fail..at].iter().filter(|s| s.what == What::Claimed);
                if claims.clone().any(|c| c.said.head.by.id == step.said.head.by.id) {
                    what = What::PassedByClaimer;
                } else if (open_from..at).all(|f| order[f].what != What::Failed || is_after(step, f, &order[..at])) {
                    case.state = CaseState::Verified;
                    open_from = at;
                } else {
                    what = What::PassedInDoubt;
                }
            }
        }
        case.steps.push((what, step.said.reference.clone()));
    }
    Some(case)
}

/// Rule 14: whether a pass is after a fail beyond doubt; `before` is all that came before the pass.
fn is_after(pass: &Happened, fail: usize, before: &[Happened]) -> bool {
    let claims = before[fail..].iter().filter(|s| s.what == What::Claimed && s.has_good_clock);
    let fail = &before[fail];
    let own = (fail.said.session, fail.round.clone().unwrap());
    let claimed = claims.filter(|c| c.names.contains(&own)).any(|c| c.clock() < pass.clock());
    let known = fail.is_known_before(pass);
    if pass.is_known_before(fail) {
        return false;
    }
    match (fail.has_good_clock, pass.has_good_clock) {
        (true, true) => fail.clock() < pass.clock() || (known && fail.clock() == pass.clock()),
        (false, true) => known || claimed,
        _ => known,
    }
}

/// Rule 10: the claims and rulings that lead nowhere, with what they name.
fn dangling(plans: &[Plan], all: &[Said], cases: &[Case]) -> BTreeSet<(String, String)> {
    let all_events = (0u8..).zip(plans).flat_map(|(i, p)| machines(p).into_iter().flatten().map(move |e| (i, e.seq)));
    let there: BTreeSet<String> = all_events.map(|(i, seq)| format!("{}#{seq}", id(i))).collect();
    let mut loose = BTreeSet::new();
    for said in all {
        match &said.event.act {
            Act::Fixed { case, .. } => {
                let is_step = cases.iter().flat_map(|c| &c.steps).any(|s| s.1 == said.reference);
                // Two claims may have one number.
                let twin = all.iter().any(|o| o.reference == said.reference && o.event != said.event);
                if !is_step || (twin && !there.contains(case.as_str())) {
                    loose.insert((said.reference.clone(), case.to_string()));
                }
            }
            Act::Rule(r) => {
                let missing = r.saw.iter().filter(|saw| !there.contains(saw.as_str()));
                loose.extend(missing.map(|saw| (said.reference.clone(), saw.to_string())));
            }
            _ => {}
        }
    }
    loose
}

fn compare(plans: &[Plan]) {
    let all = said(plans);
    let reading = Reading::of(&read(&files(plans)));
    let mut found = BTreeMap::new();
    for (key, cell) in reading.cells() {
        found.insert((key.round.to_string(), key.target.clone(), key.place.clone()), reading.standing(cell));
    }
    for key in all_keys() {
        let expected = cell(&all, &key);
        let outcome = found.get(&key).map_or(Outcome::Nothing, |s| s.outcome);
        assert_eq!(outcome, expected.outcome, "{key:?} {expected:?}");
        let told = |l: &&xunjie::archive::reading::Look| format!("{} {:?} {:?}", l.event, l.verdict, l.note());
        let mut heads: Vec<String> = found.get(&key).into_iter().flat_map(|s| &s.looks).map(told).collect();
        let note = |h: &Said| if let Act::Judge(j) = &h.event.act { j.note.clone() } else { None };
        let wanted = expected.heads.iter().map(|h| format!("{} {:?} {:?}", h.reference, verdict(h), note(h).as_ref()));
        let mut wanted: Vec<String> = wanted.collect();
        heads.sort();
        wanted.sort();
        assert_eq!(heads, wanted, "{key:?}");
    }
    let wrong = wrong_clocks(plans, &all);
    let doubted: Vec<bool> = reading.sessions.iter().map(|s| s.oddities.iter().any(Oddity::is_clock)).collect();
    assert_eq!(doubted, wrong);
    let mut cases = Vec::new();
    for about in (0..2).flat_map(|t| (0..2).map(move |p| (target(t), place(p)))) {
        let found = reading.cases();
        let one = found.iter().find(|c| (&c.subject.target, &c.subject.place) == (&about.0, &about.1)).map(|c| Case {
            id: c.id.to_string(),
            state: c.state,
            returns: c.returns,
            steps: c.steps.iter().map(|s| (s.what, s.event.to_string())).collect(),
        });
        let expected = case(plans, &all, &wrong, &about);
        assert_eq!(one, expected, "{about:?}");
        cases.extend(expected);
    }
    let loose: BTreeSet<_> = reading.dangling().iter().map(|d| (d.event.to_string(), d.names.to_string())).collect();
    let expected = dangling(plans, &all, &cases);
    // Of two claims under one number, one may be a step and the other not.
    if all.iter().all(|a| !all.iter().any(|b| a.reference == b.reference && a.event != b.event)) {
        assert_eq!(loose, expected);
    } else {
        assert!(expected.is_subset(&loose), "{loose:?} {expected:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn reading_is_what_the_rules_say(plans in plans()) {
        compare(&plans);
    }

}

/// What the random logs come to: all that the rules tell apart.
#[test]
fn random_logs_reach_what_the_rules_tell_apart() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..1500 {
        let plans = plans().new_tree(&mut runner).unwrap().current();
        let reading = Reading::of(&read(&files(&plans)));
        let mut count = |what: String| *seen.entry(what).or_default() += 1;
        for case in reading.cases() {
            count(format!("{:?}", case.state));
            case.steps.iter().for_each(|s| count(format!("{:?}", s.what)));
            let claims: Vec<_> = case.steps.iter().filter_map(|s| s.names.as_ref()).collect();
            let fails = || case.steps.iter().filter(|s| s.what == What::Failed);
            let is_gone = |names: &&&EventRef| !fails().any(|s| s.event.reference() == ***names);
            claims.iter().filter(is_gone).for_each(|_| count("claim on a fail that is gone".into()));
            let twins = fails().filter(|a| fails().any(|b| a.event == b.event && a.note != b.note)).count();
            (0..twins).for_each(|_| count("two contents under one number".into()));
        }
        for (_, cell) in reading.cells() {
            let standing = reading.standing(cell);
            let failed = standing.superseded.iter().filter(|l| l.verdict == Verdict::Fail).count();
            (0..failed).for_each(|_| count("replaced fail".into()));
            let blind = standing.looks.iter().filter(|l| l.verdict == Verdict::Unseen).count();
            (0..blind * usize::from(standing.looks.len() > 1)).for_each(|_| count("unseen beside others".into()));
        }
        reading.dangling().iter().for_each(|d| count(format!("{:?}", d.why)));
        for odd in reading.sessions.iter().flat_map(|s| &s.oddities).filter(|o| o.is_clock()) {
            count(format!("{odd:?}").split_whitespace().next().unwrap().to_owned());
        }
    }
    for what in [
        "Open",
        "Back",
        "Claimed",
        "Verified",
        "Passed",
        "PassedByClaimer",
        "PassedInDoubt",
        "Failed",
        "claim on a fail that is gone",
        "two contents under one number",
        "replaced fail",
        "unseen beside others",
        "ClaimOfNothing",
        "ClaimOfNoFault",
        "RulingOnNothing",
        "ClockEarly",
        "ClockBack",
        "ClockAgainstNumber",
        "ClockAgainstRound",
        "ClockAgainstNamed",
    ] {
        assert!(seen.get(what).is_some_and(|n| *n >= 5), "{what}: {seen:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// L9 and L11: the same set is read alike however it was put together, and another log takes away no look but by
    /// a later session of the same inspector with the same device.
    #[test]
    fn a_reading_is_a_function_of_the_set(plans in plans()) {
        let files = files(&plans);
        let whole = Reading::of(&read(&files));
        let back: Vec<String> = files.iter().rev().cloned().collect();
        prop_assert_eq!(&whole, &Reading::of(&read(&back)));
        let text = codec::archive_text(&read(&files));
        prop_assert_eq!(&whole, &Reading::of(&read(&[text, files.concat()])));
        // Only whole sessions: a copy that is continued is another branch of the same one.
        let fewer = plans.len().saturating_sub(1);
        let part = Reading::of(&read(&self::files(&plans[..fewer])));
        // L12: whatever is in it, every target of every site is counted once.
        let (list, district) = (LIST.clone(), District::built_in());
        for rounds in [Rounds::Latest, Rounds::One(round(0)), Rounds::One(round(2))] {
            let overview = report::overview(&whole, &list, &district, &rounds);
            prop_assert_eq!(overview.total.all(), 16 * 184);
            let judged = whole.cells().any(|(_, cell)| !cell.looks().is_empty());
            prop_assert!(judged || overview.total.not_inspected == 16 * 184);
        }
        for (key, cell) in part.cells() {
            let now = whole.standing(whole.cell(key).unwrap());
            for look in part.standing(cell).looks {
                let kept = now.looks.iter().any(|l| (&l.event, l.verdict) == (&look.event, look.verdict));
                let head = part.head(look.session);
                let superseded = plans.last().is_some_and(|p| {
                    let last = self::head(0, p);
                    last.by.id == head.by.id && last.device.id == head.device.id && last.device.session > head.device.session
                });
                prop_assert!(kept || superseded, "{key:?} lost {look:?}");
            }
        }
    }

    /// Nobody verifies what he claimed himself; a fail that stands in its session is a step of a case, whatever a later
    /// session said, unless it was ruled otherwise.
    #[test]
    fn no_claimer_verifies_and_no_fail_is_lost(plans in plans()) {
        let reading = Reading::of(&read(&files(&plans)));
        let cases = reading.cases();
        for case in &cases {
            let mut claimers = BTreeSet::new();
            for step in &case.steps {
                match step.what {
                    What::Failed => claimers.clear(),
                    What::Claimed => _ = claimers.insert(step.by.id.clone()),
                    What::Passed => prop_assert!(!claimers.contains(&step.by.id), "{case:?}"),
                    _ => {}
                }
            }
        }
        for (key, cell) in reading.cells() {
            let standing = reading.standing(cell);
            let failed = |l: &&&xunjie::archive::reading::Look| l.verdict == Verdict::Fail;
            let counts = !matches!(standing.outcome, Outcome::Ruled(v) if v != Verdict::Fail);
            let looks = standing.looks.iter().filter(|_| counts).chain(&standing.superseded);
            for look in looks.filter(failed) {
                let own = |c: &&xunjie::archive::cases::Case| c.subject == xunjie::archive::cases::Subject::of(key);
                let case = cases.iter().find(own);
                let has = case.is_some_and(|c| c.steps.iter().any(|s| s.what == What::Failed && s.event == look.event));
                prop_assert!(has, "{look:?} is no step of {case:?}");
            }
        }
    }

    /// A note that is changed changes no case: not its id, not how far it has come, not since when it is known.
    #[test]
    fn changing_the_note_of_a_fail_changes_no_case(plans in plans(), which in 0usize..6) {
        let mut plans = plans;
        plans.iter_mut().for_each(|p| p.acts.retain(|s| !matches!(s, Step::Rule(..))));
        plans.iter_mut().filter_map(|p| p.copy.as_mut()).for_each(|(_, s)| s.retain(|s| !matches!(s, Step::Rule(..))));
        let of = |plans: &[Plan]| {
            let reading = Reading::of(&read(&files(plans)));
            let told = |c: xunjie::archive::cases::Case| {
                let steps: Vec<_> = c.steps.into_iter().map(|s| (s.what, s.at, s.by.id, s.round)).collect();
                (c.id, c.state, c.returns, steps)
            };
            reading.cases().into_iter().map(told).collect::<Vec<_>>()
        };
        let before = of(&plans);
        let Some(plan) = plans.get_mut(which).filter(|p| p.copy.is_none() && !p.falls) else { return Ok(()) };
        let head = head(which as u8, plan);
        let standing = stands(&machines(plan)[0], &head);
        let Some(fail) = standing.iter().rev().find(|e| is_fail(&e.act)) else { return Ok(()) };
        let Step::Judge(t, p, ..) = plan.acts[fail.seq as usize - 1].clone() else { return Ok(()) };
        plan.acts.push(Step::Judge(t, p, Verdict::Fail, 2));
        // Nobody names it yet.
        let own = plan.acts.len() as u64;
        let is_named = plans.iter().flat_map(|p| p.acts.iter().chain(p.copy.iter().flat_map(|(_, s)| s)))
            .any(|s| matches!(s, Step::Fixed(of, n) if (*of, *n) == (which as u8, own)));
        prop_assume!(!is_named);
        prop_assert_eq!(before, of(&plans));
    }

    /// What the screen reads anew after a ruling is what a new start would read.
    #[test]
    fn renewing_one_session_is_reading_it(plans in plans()) {
        let files = files(&plans);
        let whole = Reading::of(&read(&files));
        let mut renewed = whole.clone();
        for (i, plan) in (0u8..).zip(&plans).filter(|(_, p)| p.copy.is_none()) {
            let events = machines(plan).remove(0);
            let session = xunjie::session::Session::read(head(i, plan), events.iter().take(1).cloned());
            renewed.renew(&session);
            renewed.renew(&xunjie::session::Session::read(head(i, plan), events));
        }
        for (key, cell) in whole.cells() {
            let now = renewed.cell(key).map(|c| renewed.standing(c));
            let then = whole.standing(cell);
            prop_assert_eq!(now.as_ref().map(|s| s.outcome), Some(then.outcome));
            prop_assert_eq!(now.map(|s| s.looks.into_iter().cloned().collect::<Vec<_>>()), Some(then.looks.into_iter().cloned().collect::<Vec<_>>()));
        }
        let told = |r: &Reading| r.cases().into_iter().map(|c| (c.id, c.state, c.steps)).collect::<Vec<_>>();
        prop_assert_eq!(told(&whole), told(&renewed));
        prop_assert_eq!(whole.dangling(), renewed.dangling());
    }
}

#[test]
fn a_target_over_its_places() {
    use State::{Disputed, Fail, Na, NotInspected, Pass, Unseen};
    let over = |states: &[State]| State::over_places(states.iter().copied());
    assert_eq!(over(&[]), NotInspected);
    assert_eq!(over(&[Unseen, NotInspected]), Unseen);
    assert_eq!(over(&[Na, Unseen]), Na);
    assert_eq!(over(&[Pass, Na]), Pass);
    assert_eq!(over(&[Disputed, Pass]), Disputed);
    assert_eq!(over(&[Fail, Disputed]), Fail);
}
