//! The rules of reading, written down plainly and slowly a second time, and compared with the program on random logs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use xunjie::archive::Archive;
use xunjie::archive::cases::CaseState;
use xunjie::archive::reading::{Outcome, Reading, State};
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
    start: u32,
    acts: Vec<Step>,
    /// A copy goes on from after so many events, with these.
    copy: Option<(usize, Vec<Step>)>,
}

#[derive(Clone, Debug)]
enum Step {
    Judge(u8, u8, Verdict),
    Undo(u64),
    Rule(u8, u8, u8, Verdict, Vec<(u8, u64)>),
    Fixed(u8, u64),
    Note,
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    prop_oneof![3 => Just(Verdict::Pass), 3 => Just(Verdict::Fail), 1 => Just(Verdict::Na), 1 => Just(Verdict::Unseen)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let seen = prop::collection::vec((0u8..6, 1u64..5), 0..5);
    let step = prop_oneof![
        8 => (0u8..2, 0u8..2, verdicts()).prop_map(|(t, p, v)| Step::Judge(t, p, v)),
        2 => (1u64..7).prop_map(Step::Undo),
        3 => (0u8..2, 0u8..2, 0u8..2, verdicts(), seen).prop_map(|(r, t, p, v, s)| Step::Rule(r, t, p, v, s)),
        2 => (0u8..6, 1u64..5).prop_map(|(s, n)| Step::Fixed(s, n)),
        1 => Just(Step::Note),
    ];
    prop::collection::vec(step, 0..6)
}

pub fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let copy = prop::option::weighted(0.2, (0usize..4, steps()));
    let plan = (0u8..3, 0u8..2, 1u64..3, 0u8..2, 0u32..4, steps(), copy).prop_map(
        |(person, device, number, round, start, acts, copy)| Plan { person, device, number, round, start, acts, copy },
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

fn round(r: u8) -> Name {
    name(if r == 0 { "R1" } else { "R2" })
}

/// Sessions of one start begin at the same second: nothing may hang on such a tie but what the rules say.
fn at(start: u32, seq: u64) -> Stamp {
    Stamp::try_from(format!("2020-08-2{}T08:00:0{}+08:00", start + 1, seq.min(9))).unwrap()
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
        started: at(plan.start, 0),
        app: name("0.1.0"),
    }
}

fn act(step: &Step) -> Act {
    let note = |text: &str| Note::try_from(text).unwrap();
    match step {
        Step::Judge(t, p, verdict) => Act::Judge(Judgement {
            target: target(*t),
            verdict: *verdict,
            place: place(*p),
            note: None,
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
        Event { seq, at: at(plan.start, seq), ms: seq * 1000, act: act(step) }
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
            let stands = machines.iter().zip(&standing).all(|(all, left)| !all.contains(event) || left.contains(event));
            let reference = format!("{}#{}", head.id, event.seq);
            let one = Said { event: event.clone(), reference, head: head.clone() };
            if stands && !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

fn stands(machine: &[Event], head: &Head) -> Vec<Event> {
    let mut left: Vec<Event> = Vec::new();
    for event in machine {
        match event.act {
            Act::Undo { of } => left.retain(|e| e.seq != of),
            _ => left.push(event.clone()),
        }
    }
    let again = |e: &Event, other: &Event| key(&e.act, head).is_some_and(|k| key(&other.act, head) == Some(k));
    let later = |e: &Event| left.iter().any(|other| other.seq > e.seq && again(e, other));
    left.iter().filter(|e| !later(e)).cloned().collect()
}

/// What a judgement or a ruling is about; the two never count as one another.
fn key(act: &Act, head: &Head) -> Option<(bool, Key)> {
    match act {
        Act::Judge(j) => Some((false, (head.round.as_ref().unwrap().to_string(), j.target.clone(), j.place.clone()))),
        Act::Rule(r) => Some((true, (r.round.to_string(), r.target.clone(), r.place.clone()))),
        _ => None,
    }
}

/// Rule 2: of one inspector and device, only the highest session.
fn newest(all: &[&Said]) -> Vec<Said> {
    let higher = |a: &Said, b: &Said| {
        a.head.by.id == b.head.by.id
            && a.head.device.id == b.head.device.id
            && b.head.device.session > a.head.device.session
    };
    all.iter().filter(|a| !all.iter().any(|b| higher(a, b))).map(|s| (*s).clone()).collect()
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
    /// Everything that says fail, whether or not it counts.
    fails: Vec<Said>,
    heads: Vec<Said>,
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
    let said = looks.into_iter().chain(about(true));
    Cell { fails: said.filter(|s| verdict(s) == Verdict::Fail).cloned().collect(), heads, holding, outcome }
}

fn all_keys() -> Vec<Key> {
    let mut keys = Vec::new();
    for r in 0..2 {
        for t in 0..2 {
            keys.extend([0, 1].map(|p| (round(r).to_string(), target(t), place(p))));
        }
    }
    keys
}

/// Rule 7, for one target at one place: what happened in order, and how it ended.
fn case(all: &[Said], about: (TargetId, Option<Place>)) -> Option<(CaseState, usize)> {
    // 1 passed, 2 failed: in one second, what keeps a case open comes later. 3 claimed with the fail, 0 claimed after it:
    // in one second, whoever claims has claimed before he passes.
    let mut steps: Vec<(i64, u8, String, String)> = Vec::new();
    let step = |s: &Said| {
        let kind = match verdict(s) {
            Verdict::Pass => 1,
            Verdict::Fail => 2,
            _ => return None,
        };
        Some((s.event.at.seconds(), kind, s.reference.clone(), s.head.by.id.to_string()))
    };
    let mut fails: Vec<Said> = Vec::new();
    for r in 0..2 {
        let cell = cell(all, &(round(r).to_string(), about.0.clone(), about.1.clone()));
        fails.extend(cell.fails.clone());
        let with = |v: Verdict| cell.heads.iter().filter(move |l| verdict(l) == v).filter_map(step);
        match cell.outcome {
            Outcome::Nothing => {}
            Outcome::Agreed(_) => steps.extend(cell.heads.iter().filter_map(step)),
            Outcome::Ruled(v) if with(v).next().is_some() => steps.extend(with(v)),
            Outcome::Ruled(_) => {
                let mut first: Vec<&Said> = cell.holding.iter().collect();
                first.sort_by_key(|s| (s.head.by.id.clone(), s.reference.clone()));
                steps.extend(step(first[0]));
            }
            _ => steps.extend(with(Verdict::Fail)),
        }
    }
    for fail in &fails {
        for claim in all {
            if matches!(&claim.event.act, Act::Fixed { case, .. } if case.as_str() == fail.reference) {
                let (claimed, failed) = (claim.event.at.seconds(), fail.event.at.seconds());
                let kind = if claimed > failed { 0 } else { 3 };
                steps.push((claimed.max(failed), kind, claim.reference.clone(), claim.head.by.id.to_string()));
            }
        }
    }
    steps.sort();
    steps.dedup();
    walk_through(&steps)
}

fn walk_through(steps: &[(i64, u8, String, String)]) -> Option<(CaseState, usize)> {
    let mut state = None;
    let mut returns = 0;
    let mut claimers: Vec<&str> = Vec::new();
    for (_, kind, _, by) in steps {
        state = match (kind, state) {
            (2, before) => {
                returns += usize::from(before == Some(CaseState::Verified));
                claimers.clear();
                Some(if returns > 0 { CaseState::Back } else { CaseState::Open })
            }
            (_, None) => None,
            (0 | 3, Some(before)) => {
                claimers.push(by);
                Some(if before == CaseState::Verified { before } else { CaseState::Claimed })
            }
            (_, before) if claimers.contains(&by.as_str()) => before,
            _ => Some(CaseState::Verified),
        };
    }
    state.map(|s| (s, returns))
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
        let heads: Vec<String> = found
            .get(&key)
            .into_iter()
            .flat_map(|s| &s.looks)
            .map(|l| format!("{} {:?}", l.event, l.verdict))
            .collect();
        let mut wanted: Vec<String> =
            expected.heads.iter().map(|h| format!("{} {:?}", h.reference, verdict(h))).collect();
        let mut sorted = heads.clone();
        sorted.sort();
        wanted.sort();
        assert_eq!(sorted, wanted, "{key:?}");
    }
    for t in 0..2 {
        for p in 0..2 {
            let about = (target(t), place(p));
            let cases = reading.cases();
            let one = cases.iter().find(|c| (&c.subject.target, &c.subject.place) == (&about.0, &about.1));
            assert_eq!(one.map(|c| (c.state, c.returns)), case(&all, about), "{one:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn reading_is_what_the_rules_say(plans in plans()) {
        compare(&plans);
    }

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
        for rounds in [Rounds::Latest, Rounds::One(round(0)), Rounds::One(round(1))] {
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
        prop_assert_eq!(whole.cases().len(), renewed.cases().len());
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
