//! One session as it stands: its events folded into verdicts, undo and redo.
//!
//! The fold is the same whether an event has just happened or is read back after a kill, so undo works across
//! restarts, and what the screen shows is what the log says.

use std::collections::{BTreeMap, HashMap};

use crate::checklist::TargetId;
use crate::log::{Act, Code, Event, EventRef, Head, Judgement, Name, Note, Place, Verdict, Why};

/// A session: its head and what its events come to.
#[derive(Clone, Debug)]
pub struct Session {
    pub head: Head,
    events: Vec<Event>,
    /// What was said, by item. An item is something said once; it keeps its number when it is taken back and said again.
    items: HashMap<u64, Item>,
    /// The item an event says, as long as it stands.
    by_seq: BTreeMap<u64, u64>,
    /// The events that judge a key and stand; the last one is what counts.
    by_key: BTreeMap<Key, Vec<u64>>,
    /// The events that remark on a key and stand; the last one is what is shown.
    remarked: BTreeMap<Key, Vec<u64>>,
    /// How often each verdict stands for a target, over its places, in the order of [`Verdict::ALL`].
    tally: HashMap<TargetId, [usize; 4]>,
    done: Vec<Change>,
    /// The steps that redo takes again, the next one last. A new verdict leaves them; one whose matter was dealt with anew
    /// since is dropped when its turn comes.
    undone: Vec<Undone>,
    /// The latest event that said something new of a matter or cleared it.
    newest: HashMap<Matter, u64>,
    state: State,
}

type Key = (TargetId, Option<Place>);

/// Whether a session goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Paused,
    Finished,
}

#[derive(Clone, Copy)]
enum Count {
    More,
    Less,
}

/// Something said in a session: a judgement, a remark, a ruling, a claim.
#[derive(Clone, Debug, PartialEq)]
struct Item {
    /// The event that says it now; none while it is taken back.
    seq: Option<u64>,
    act: Act,
}

/// One step of undo.
#[derive(Clone, Debug, PartialEq)]
enum Change {
    Said(u64),
    /// Items that one key took back together, in the order they were said.
    TakenBack {
        items: Vec<u64>,
        ms: u64,
    },
}

impl Change {
    fn items(&self) -> &[u64] {
        match self {
            Self::Said(item) => std::slice::from_ref(item),
            Self::TakenBack { items, .. } => items,
        }
    }
}

/// A step that was undone, and the event that undid it.
#[derive(Clone, Debug, PartialEq)]
struct Undone {
    change: Change,
    at: u64,
}

/// What something is said about: of two things said about one matter, the later counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Matter {
    Judged(Key),
    Remarked(Option<TargetId>, Option<Place>),
    Ruled(Code, Name, Key),
    Claimed(EventRef),
    Assigned(EventRef),
}

impl Matter {
    fn of(act: &Act) -> Option<Self> {
        match act {
            Act::Judge(j) => Some(Self::Judged((j.target.clone(), j.place.clone()))),
            Act::Remark { target, place, .. } => Some(Self::Remarked(target.clone(), place.clone())),
            Act::Rule(r) => Some(Self::Ruled(r.site.clone(), r.round.clone(), (r.target.clone(), r.place.clone()))),
            Act::Fixed { case, .. } => Some(Self::Claimed(case.clone())),
            Act::Assign(a) => Some(Self::Assigned(a.case.clone())),
            Act::Issue(_) | Act::Void { .. } | Act::Withdraw { .. } | Act::Same { .. } => None,
            Act::Undo { .. } | Act::End { .. } | Act::Resume { .. } => None,
        }
    }
}

/// What an event is meant as, for the steps of undo and redo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    New,
    Undo,
    Redo,
}

/// What an undo or a redo does, for the screen: the events to write and the target to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub acts: Vec<Act>,
    pub target: Option<TargetId>,
    pub place: Option<Place>,
}

/// A verdict that stands, with the event that gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing<'a> {
    pub seq: u64,
    pub judgement: &'a Judgement,
}

impl Session {
    pub fn new(head: Head) -> Self {
        Self {
            head,
            events: Vec::new(),
            items: HashMap::new(),
            by_seq: BTreeMap::new(),
            by_key: BTreeMap::new(),
            remarked: BTreeMap::new(),
            tally: HashMap::new(),
            done: Vec::new(),
            undone: Vec::new(),
            newest: HashMap::new(),
            state: State::Open,
        }
    }

    /// Folds a log that was read.
    pub fn read(head: Head, events: impl IntoIterator<Item = Event>) -> Self {
        let mut session = Self::new(head);
        for event in events {
            session.apply(event);
        }
        session
    }

    /// All events, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// The number of the next event.
    pub fn next_seq(&self) -> u64 {
        self.events.last().map_or(1, |e| e.seq + 1)
    }

    /// Takes in an event that was read back: what it was meant as is told from what came before it.
    pub fn apply(&mut self, event: Event) {
        let intent = self.infer(&event.act);
        let seq = event.seq;
        self.apply_as(event, intent);
        // What was cleared and stands again may have been judged anew: no redo may clear it once more.
        let cleared = |u: &Undone| u.at == seq && matches!(u.change, Change::TakenBack { .. });
        if self.undone.last().is_some_and(cleared) {
            self.undone.pop();
            self.drop_outdated();
        }
    }

    /// Takes in an event that has just happened. To say again what redo would say is a redo: the log cannot tell them apart.
    pub fn apply_as(&mut self, event: Event, intent: Intent) {
        let intent = if intent == Intent::New && self.says_undone(&event.act) { Intent::Redo } else { intent };
        match &event.act {
            Act::Undo { of } => self.taken_back(*of, (event.seq, event.ms), intent),
            Act::End { why } => {
                self.state = if *why == Some(Why::Paused) { State::Paused } else { State::Finished };
            }
            Act::Resume { .. } => self.state = State::Open,
            _ => self.said(event.seq, &event.act, intent),
        }
        self.events.push(event);
        self.drop_outdated();
    }

    /// Drops the steps whose turn it is to be redone as long as what they would bring back was dealt with anew since they
    /// were undone: a redo never takes the place of a newer verdict.
    fn drop_outdated(&mut self) {
        while self.undone.last().is_some_and(|undone| self.is_outdated(undone)) {
            self.undone.pop();
        }
    }

    fn is_outdated(&self, undone: &Undone) -> bool {
        let mut matters = undone.change.items().iter().filter_map(|i| Matter::of(&self.items.get(i)?.act));
        matters.any(|matter| self.newest.get(&matter).is_some_and(|newest| *newest > undone.at))
    }

    /// Whether an act is what redo would say next.
    fn says_undone(&self, act: &Act) -> bool {
        match self.undone.last().map(|u| &u.change) {
            Some(Change::Said(item)) => !self.stands(*item) && self.says(*item, act),
            _ => false,
        }
    }

    /// A step of undo writes what redo or a new verdict could write too; where a log allows two readings, both let the
    /// same verdicts stand.
    fn infer(&self, act: &Act) -> Intent {
        match (act, self.done.last()) {
            (Act::Undo { of }, done) => self.infer_undo(*of, done, self.undone.last().map(|u| &u.change)),
            _ if self.says_undone(act) => Intent::Redo,
            (_, Some(Change::TakenBack { items, .. }))
                if self.first_silent(items).is_some_and(|i| self.says(i, act)) =>
            {
                Intent::Undo
            }
            _ => Intent::New,
        }
    }

    fn infer_undo(&self, of: u64, done: Option<&Change>, undone: Option<&Change>) -> Intent {
        let item = self.by_seq.get(&of).copied().unwrap_or_default();
        let redo = match undone {
            Some(Change::TakenBack { items, .. }) if items.contains(&item) => Some(items),
            _ => None,
        };
        let under_way = redo.is_some_and(|items| self.first_silent(items).is_some());
        match done {
            Some(Change::Said(last)) if *last == item && !under_way => Intent::Undo,
            _ if redo.is_some() => Intent::Redo,
            _ => Intent::New,
        }
    }

    fn says(&self, item: u64, act: &Act) -> bool {
        self.items.get(&item).is_some_and(|i| i.act == *act)
    }

    fn stands(&self, item: u64) -> bool {
        self.items.get(&item).is_some_and(|i| i.seq.is_some())
    }

    /// The first of some items that is taken back.
    fn first_silent(&self, items: &[u64]) -> Option<u64> {
        items.iter().copied().find(|i| !self.stands(*i))
    }

    fn said(&mut self, seq: u64, act: &Act, intent: Intent) {
        let again = match (intent, self.done.last(), self.undone.last().map(|u| &u.change)) {
            (Intent::Redo, _, Some(Change::Said(item))) => Some(*item),
            (Intent::Undo, Some(Change::TakenBack { items, .. }), _) => self.first_silent(items),
            _ => None,
        };
        if let Some(item) = again.filter(|i| self.says(*i, act)) {
            self.set(item, Some(seq));
            self.move_step(intent, seq);
            return;
        }
        self.newest.extend(Matter::of(act).map(|matter| (matter, seq)));
        self.items.insert(seq, Item { seq: None, act: act.clone() });
        self.set(seq, Some(seq));
        self.done.push(Change::Said(seq));
    }

    fn taken_back(&mut self, of: u64, (seq, ms): (u64, u64), intent: Intent) {
        let Some(item) = self.by_seq.get(&of).copied() else {
            return;
        };
        self.set(item, None);
        if intent != Intent::New {
            self.move_step(intent, seq);
            return;
        }
        let matter = self.items.get(&item).and_then(|i| Matter::of(&i.act));
        self.newest.extend(matter.map(|matter| (matter, seq)));
        match self.done.last_mut() {
            Some(Change::TakenBack { items, ms: at }) if *at == ms => {
                let at = items.partition_point(|i| *i < item);
                items.insert(at, item);
            }
            _ => self.done.push(Change::TakenBack { items: vec![item], ms }),
        }
    }

    /// Moves the step that an event undoes or redoes, once all of it is.
    fn move_step(&mut self, intent: Intent, seq: u64) {
        let (from, said_stands) = match intent {
            Intent::Undo => (self.done.last(), false),
            Intent::Redo => (self.undone.last().map(|u| &u.change), true),
            Intent::New => return,
        };
        let complete = match from {
            Some(Change::Said(item)) => self.stands(*item) == said_stands,
            Some(Change::TakenBack { items, .. }) => items.iter().all(|i| self.stands(*i) != said_stands),
            None => false,
        };
        if complete && intent == Intent::Undo {
            self.undone.extend(self.done.pop().map(|change| Undone { change, at: seq }));
        } else if complete {
            self.done.extend(self.undone.pop().map(|u| u.change));
        }
    }

    /// Lets an item stand through an event, or no longer.
    fn set(&mut self, number: u64, seq: Option<u64>) {
        let Some(item) = self.items.get_mut(&number) else {
            return;
        };
        let key = match &item.act {
            Act::Judge(j) => Some((j.target.clone(), j.place.clone())),
            _ => None,
        };
        let remark = match &item.act {
            Act::Remark { target: Some(target), place, .. } => Some((target.clone(), place.clone())),
            _ => None,
        };
        let before = std::mem::replace(&mut item.seq, seq);
        if let Some(key) = remark {
            put_head(&mut self.remarked, key, before, seq);
        }
        if let Some(key) = &key {
            self.count(key, Count::Less);
        }
        if let Some(before) = before {
            self.by_seq.remove(&before);
        }
        if let Some(seq) = seq {
            self.by_seq.insert(seq, number);
        }
        if let Some(key) = key {
            put_head(&mut self.by_key, key.clone(), before, seq);
            self.count(&key, Count::More);
        }
    }

    /// Counts the verdict that stands for a key into the tally of its target, or out of it.
    fn count(&mut self, key: &Key, count: Count) {
        let Some(verdict) = self.by_key.get(key).and_then(|h| self.head_of(h)).map(|s| s.judgement.verdict) else {
            return;
        };
        let tally = self.tally.entry(key.0.clone()).or_default();
        let number = &mut tally[verdict as usize];
        *number = match count {
            Count::More => *number + 1,
            Count::Less => number.saturating_sub(1),
        };
    }

    /// What undo would write, or none when nothing is left to undo.
    pub fn undo(&mut self) -> Option<Step> {
        while let Some(change) = self.done.last() {
            let step = self.turn(change, Intent::Undo);
            if !step.acts.is_empty() {
                return Some(step);
            }
            self.done.pop();
        }
        None
    }

    /// What redo would write, or none when nothing is left that was undone and not dealt with anew since.
    pub fn redo(&mut self) -> Option<Step> {
        while let Some(undone) = self.undone.last() {
            let step = self.turn(&undone.change, Intent::Redo);
            if !step.acts.is_empty() {
                return Some(step);
            }
            self.undone.pop();
            self.drop_outdated();
        }
        None
    }

    /// The events that turn a change back or forth; none where things already stand so, as in a log edited by hand.
    fn turn(&self, change: &Change, intent: Intent) -> Step {
        let silence = match change {
            Change::Said(_) => intent == Intent::Undo,
            Change::TakenBack { .. } => intent == Intent::Redo,
        };
        let items = change.items().iter().filter_map(|i| self.items.get(i));
        let acts = items
            .clone()
            .filter_map(|item| match (item.seq, silence) {
                (Some(of), true) => Some(Act::Undo { of }),
                (None, false) => Some(item.act.clone()),
                _ => None,
            })
            .collect();
        let (target, place) = match items.clone().next().map(|i| &i.act) {
            Some(Act::Judge(j)) => (Some(j.target.clone()), j.place.clone()),
            Some(Act::Remark { target, place, .. }) => (target.clone(), place.clone()),
            Some(Act::Rule(r)) => (Some(r.target.clone()), r.place.clone()),
            _ => (None, None),
        };
        Step { acts, target, place }
    }

    /// What would clear the verdict on a target at a place: every judgement of it that stands is taken back.
    pub fn clear(&self, target: &TargetId, place: Option<&Place>) -> Vec<Act> {
        let heads = self.by_key.get(&(target.clone(), place.cloned()));
        heads.into_iter().flatten().map(|of| Act::Undo { of: *of }).collect()
    }

    /// The judgement that stands for a target at a place.
    pub fn standing(&self, target: &TargetId, place: Option<&Place>) -> Option<Standing<'_>> {
        self.head_of(self.by_key.get(&(target.clone(), place.cloned()))?)
    }

    /// The judgements that stand for a target, at all its places.
    pub fn standings_of(&self, target: &TargetId) -> impl Iterator<Item = Standing<'_>> {
        let from = (target.clone(), None);
        let target = target.clone();
        self.by_key.range(from..).take_while(move |(key, _)| key.0 == target).filter_map(|(_, h)| self.head_of(h))
    }

    /// Every judgement that stands: the last of each (target, place) that was not taken back.
    pub fn standings(&self) -> impl Iterator<Item = Standing<'_>> {
        self.by_key.values().filter_map(|heads| self.head_of(heads))
    }

    /// How a target stands over all its places.
    pub fn verdict(&self, target: &TargetId) -> Option<Verdict> {
        let tally = self.tally.get(target)?;
        over_places(Verdict::ALL.into_iter().filter(|v| tally[*v as usize] > 0))
    }

    fn head_of(&self, heads: &[u64]) -> Option<Standing<'_>> {
        let seq = *heads.last()?;
        match &self.items.get(self.by_seq.get(&seq)?)?.act {
            Act::Judge(judgement) => Some(Standing { seq, judgement }),
            _ => None,
        }
    }

    /// The remark that stands for a target at a place: the last one that was not taken back.
    pub fn remark(&self, target: &TargetId, place: Option<&Place>) -> Option<&Note> {
        let seq = self.remarked.get(&(target.clone(), place.cloned()))?.last()?;
        match &self.items.get(self.by_seq.get(seq)?)?.act {
            Act::Remark { note, .. } => Some(note),
            _ => None,
        }
    }

    /// Whether an event said something that does not stand any more.
    pub fn is_taken_back(&self, event: &Event) -> bool {
        matches!(event.act, Act::Judge(_) | Act::Remark { .. }) && !self.by_seq.contains_key(&event.seq)
    }

    /// Everything said that stands, with the event that says it, in order.
    pub fn said_and_stands(&self) -> impl Iterator<Item = (u64, &Act)> {
        self.by_seq.iter().filter_map(|(seq, item)| Some((*seq, &self.items.get(item)?.act)))
    }

    /// Milliseconds the inspector was at it.
    pub fn active_ms(&self) -> u64 {
        active_ms(&self.events)
    }
}

/// Milliseconds somebody was at it: from the first to the last event of each run of the program.
pub fn active_ms<'a>(events: impl IntoIterator<Item = &'a Event, IntoIter: Clone>) -> u64 {
    let events = events.into_iter();
    let pairs = events.clone().zip(events.skip(1));
    let went_on = pairs.filter(|(_, next)| !matches!(next.act, Act::Resume { .. }));
    went_on.map(|(event, next)| next.ms.saturating_sub(event.ms)).sum()
}

/// Puts the event that says something in the place of the one that said it before; either may be none.
fn put_head(heads: &mut BTreeMap<Key, Vec<u64>>, key: Key, before: Option<u64>, seq: Option<u64>) {
    let events = heads.entry(key.clone()).or_default();
    events.retain(|s| Some(*s) != before);
    events.extend(seq);
    if events.is_empty() {
        heads.remove(&key);
    }
}

/// How a target stands over its places: fail if any fails, else pass if any passes, else n/a, else unseen.
pub fn over_places(verdicts: impl IntoIterator<Item = Verdict>) -> Option<Verdict> {
    let weight = |v: &Verdict| match v {
        Verdict::Fail => 3,
        Verdict::Pass => 2,
        Verdict::Na => 1,
        Verdict::Unseen => 0,
    };
    verdicts.into_iter().max_by_key(weight)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::log::{ChecklistRef, Code, Device, Kind, Name, Person, SessionId, SiteRef, Stamp};
    use proptest::prelude::*;

    pub(crate) fn head() -> Head {
        let code = |c: &str| Code::try_from(c).unwrap();
        let name = |n: &str| Name::try_from(n).unwrap();
        Head {
            id: SessionId::try_from("0190abcd-0000-7000-8000-000000000001").unwrap(),
            kind: Kind::Walk,
            by: Person { id: code("zhang3"), name: Some(name("张三")) },
            device: Device { id: code("d1"), session: 1 },
            district: Some(code("qingping")),
            site: Some(SiteRef {
                id: code("nongye-lu"),
                name: crate::i18n::Both { zh: "农业路社区".into(), en: "Nongye Road".into() },
            }),
            round: Some(name("2020-08-22")),
            source: None,
            checklist: ChecklistRef { id: code("c"), edition: name("1"), sha256: code("0") },
            started: stamp(),
            app: name("0.1.0"),
        }
    }

    pub(crate) fn stamp() -> Stamp {
        Stamp::try_from("2020-08-22T08:02:11+08:00").unwrap()
    }

    pub(crate) fn judge(target: &str, verdict: Verdict) -> Act {
        Act::Judge(Judgement {
            target: TargetId::try_from(target.to_owned()).unwrap(),
            verdict,
            place: None,
            note: None,
            unit: None,
            due: None,
            photos: Vec::new(),
            measure: Vec::new(),
            covers: Vec::new(),
        })
    }

    /// A session that is driven by the keys of an inspector.
    struct Driven {
        session: Session,
        ms: u64,
    }

    impl Driven {
        fn new() -> Self {
            Self { session: Session::new(head()), ms: 0 }
        }

        fn act(&mut self, acts: Vec<Act>) {
            self.act_as(acts, Intent::New);
        }

        fn act_as(&mut self, acts: Vec<Act>, intent: Intent) {
            self.ms += 1;
            for act in acts {
                let seq = self.session.next_seq();
                self.session.apply_as(Event { seq, at: stamp(), ms: self.ms, act }, intent);
            }
        }

        fn undo(&mut self) -> bool {
            let step = self.session.undo();
            let any = step.is_some();
            self.act_as(step.map(|s| s.acts).unwrap_or_default(), Intent::Undo);
            any
        }

        fn redo(&mut self) -> bool {
            let step = self.session.redo();
            let any = step.is_some();
            self.act_as(step.map(|s| s.acts).unwrap_or_default(), Intent::Redo);
            any
        }

        fn clear(&mut self, target: &str) {
            let acts = self.session.clear(&TargetId::try_from(target.to_owned()).unwrap(), None);
            self.act(acts);
        }

        fn stands(&self) -> Vec<(String, Verdict)> {
            self.session.standings().map(|s| (s.judgement.target.to_string(), s.judgement.verdict)).collect()
        }
    }

    #[test]
    fn the_last_judgement_stands_and_undo_brings_back_the_one_before() {
        let mut d = Driven::new();
        d.act(vec![judge("3.10", Verdict::Pass)]);
        d.act(vec![judge("3.10", Verdict::Fail)]);
        assert_eq!(d.stands(), [("3.10".to_owned(), Verdict::Fail)]);
        d.undo();
        assert_eq!(d.stands(), [("3.10".to_owned(), Verdict::Pass)]);
        d.redo();
        assert_eq!(d.stands(), [("3.10".to_owned(), Verdict::Fail)]);
    }

    #[test]
    fn clearing_is_one_step_of_undo_however_often_a_target_was_judged() {
        let mut d = Driven::new();
        d.act(vec![judge("3.10", Verdict::Pass)]);
        d.act(vec![judge("3.10", Verdict::Fail)]);
        d.clear("3.10");
        assert!(d.stands().is_empty());
        d.undo();
        assert_eq!(d.stands(), [("3.10".to_owned(), Verdict::Fail)]);
        d.redo();
        assert!(d.stands().is_empty());
        while d.undo() {}
        assert!(d.stands().is_empty());
    }

    #[test]
    fn what_is_judged_as_before_it_was_cleared_is_not_cleared_by_a_redo_when_the_log_is_read_back() {
        let mut d = Driven::new();
        d.act(vec![judge("3.10", Verdict::Pass)]);
        d.clear("3.10");
        d.act(vec![judge("3.10", Verdict::Pass)]);
        let mut read = Driven { session: Session::read(head(), d.session.events().to_vec()), ms: 100 };
        for session in [&mut d, &mut read] {
            assert!(!session.redo());
            assert_eq!(session.stands(), [("3.10".to_owned(), Verdict::Pass)]);
        }
    }

    #[test]
    fn over_places_a_fail_decides() {
        use Verdict::{Fail, Na, Pass, Unseen};
        assert_eq!(over_places([Pass, Fail, Na]), Some(Fail));
        assert_eq!(over_places([Unseen, Na, Pass]), Some(Pass));
        assert_eq!(over_places([Unseen, Na]), Some(Na));
        assert_eq!(over_places([]), None);
    }

    #[test]
    fn the_remark_that_stands_is_the_last_one_that_was_not_taken_back() {
        let target = TargetId::try_from("3.10".to_owned()).unwrap();
        let remark = |note: &str| {
            let note = Note::try_from(note).unwrap();
            vec![Act::Remark { target: Some(target.clone()), place: None, note }]
        };
        let shown = |d: &Driven| d.session.remark(&target, None).map(|note| note.as_str().to_owned());
        let mut d = Driven::new();
        d.act(remark("雨"));
        d.act(remark("雨停"));
        assert_eq!(shown(&d).as_deref(), Some("雨停"));
        d.undo();
        assert_eq!(shown(&d).as_deref(), Some("雨"));
        d.undo();
        assert_eq!(shown(&d), None);
        d.redo();
        assert_eq!(shown(&d).as_deref(), Some("雨"));
    }

    #[test]
    fn undo_of_what_is_not_there_changes_nothing() {
        let mut d = Driven::new();
        d.act(vec![Act::Undo { of: 7 }, Act::Undo { of: 2 }]);
        d.act(vec![judge("3.10", Verdict::Pass)]);
        d.act(vec![Act::Undo { of: 1 }]);
        assert_eq!(d.stands().len(), 1);
    }

    #[derive(Clone, Debug)]
    enum Key {
        Judge(u8, Verdict),
        Undo,
        Redo,
        Clear(u8),
    }

    fn keys() -> impl Strategy<Value = Vec<Key>> {
        let key = prop_oneof![
            4 => (0u8..4, 0usize..4).prop_map(|(t, v)| Key::Judge(t, Verdict::ALL[v])),
            3 => Just(Key::Undo),
            2 => Just(Key::Redo),
            1 => (0u8..4).prop_map(Key::Clear),
        ];
        prop::collection::vec(key, 0..40)
    }

    fn press(d: &mut Driven, key: &Key) {
        match key {
            Key::Judge(t, v) => d.act(vec![judge(&format!("3.{t}"), *v)]),
            Key::Clear(t) => d.clear(&format!("3.{t}")),
            Key::Undo => drop(d.undo()),
            Key::Redo => drop(d.redo()),
        }
    }

    /// Keys that clear nothing: of such a log every step is told again when it is read.
    fn plain_keys() -> impl Strategy<Value = Vec<Key>> {
        keys().prop_map(|keys| keys.into_iter().filter(|k| !matches!(k, Key::Clear(_))).collect())
    }

    /// Presses keys and gives what was judged since the last undo, but for what only said again what redo would have said:
    /// in a log that is a redo.
    fn press_all(d: &mut Driven, keys: &[Key]) -> Vec<String> {
        let mut newer = Vec::new();
        for key in keys {
            match key {
                Key::Undo => newer.clear(),
                Key::Judge(t, v) => {
                    let id = format!("3.{t}");
                    newer.retain(|n| *n != id);
                    if !d.session.says_undone(&judge(&id, *v)) {
                        newer.push(id);
                    }
                }
                Key::Clear(t) => newer.retain(|n| *n != format!("3.{t}")),
                Key::Redo => {}
            }
            press(d, key);
        }
        newer
    }

    #[test]
    fn a_new_verdict_leaves_what_was_undone_to_be_redone_but_never_replaced_by_it() {
        let mut d = Driven::new();
        for t in 1..=4 {
            d.act(vec![judge(&format!("3.0{t}"), Verdict::Pass)]);
        }
        while d.undo() {}
        // The cursor stands on the last one undone; another target is judged too.
        d.act(vec![judge("3.01", Verdict::Fail)]);
        d.act(vec![judge("3.09", Verdict::Na)]);
        let mut read = Driven { session: Session::read(head(), d.session.events().to_vec()), ms: 100 };
        for session in [&mut d, &mut read] {
            let mut steps = 0;
            while session.redo() {
                steps += 1;
            }
            let row = |id: &str, verdict| (id.to_owned(), verdict);
            let (pass, fail) = (Verdict::Pass, Verdict::Fail);
            let expect =
                [row("3.01", fail), row("3.02", pass), row("3.03", pass), row("3.04", pass), row("3.09", Verdict::Na)];
            assert_eq!((steps, session.stands()), (3, expect.to_vec()));
        }
    }

    proptest! {
        #[test]
        fn what_was_undone_comes_back_one_by_one_after_a_new_verdict(keys in keys(), undos in 0usize..20) {
            let mut d = Driven::new();
            keys.iter().for_each(|k| press(&mut d, k));
            while d.redo() {}
            let mut full = d.stands();
            let undone = (0..undos).take_while(|_| d.undo()).count();
            d.act(vec![judge("3.9", Verdict::Na)]);
            for _ in 0..undone {
                prop_assert!(d.redo());
            }
            prop_assert!(!d.redo());
            full.push(("3.9".to_owned(), Verdict::Na));
            prop_assert_eq!(d.stands(), full);
        }

        #[test]
        fn no_redo_takes_the_place_of_a_newer_verdict(keys in keys()) {
            let mut d = Driven::new();
            let newer = press_all(&mut d, &keys);
            let of_those = |d: &Driven| d.stands().into_iter().filter(|s| newer.contains(&s.0)).collect::<Vec<_>>();
            let before = of_those(&d);
            while d.redo() {
                prop_assert_eq!(of_those(&d), before.clone());
            }
        }

        #[test]
        fn a_log_that_is_read_back_goes_on_as_if_nobody_had_left(before in plain_keys(), after in plain_keys()) {
            let mut d = Driven::new();
            before.iter().for_each(|k| press(&mut d, k));
            let mut read = Driven { session: Session::read(head(), d.session.events().to_vec()), ms: 1000 };
            for key in after.iter().chain([&Key::Redo; 9]).chain([&Key::Undo; 9]) {
                press(&mut d, key);
                press(&mut read, key);
                prop_assert_eq!(read.stands(), d.stands());
                prop_assert_eq!(&read.session.undone, &d.session.undone);
            }
        }

        #[test]
        fn undo_of_everything_is_the_empty_walk_and_redo_of_everything_brings_it_back(keys in keys()) {
            let mut d = Driven::new();
            keys.iter().for_each(|k| press(&mut d, k));
            while d.redo() {}
            let full = d.stands();
            while d.undo() {}
            prop_assert!(d.stands().is_empty());
            while d.redo() {}
            prop_assert_eq!(d.stands(), full);
        }

        #[test]
        fn every_undo_is_taken_back_by_a_redo(keys in keys()) {
            let mut d = Driven::new();
            for key in &keys {
                press(&mut d, key);
                let before = d.stands();
                for t in 0..4 {
                    let id = TargetId::try_from(format!("3.{t}")).unwrap();
                    let slow = over_places(d.session.standings_of(&id).map(|s| s.judgement.verdict));
                    prop_assert_eq!(d.session.verdict(&id), slow);
                }
                if d.undo() {
                    prop_assert!(d.redo());
                    prop_assert_eq!(d.stands(), before);
                }
            }
        }

        #[test]
        fn a_log_that_is_read_back_stands_alike_and_can_be_undone_to_the_end(keys in keys()) {
            let mut d = Driven::new();
            keys.iter().for_each(|k| press(&mut d, k));
            let again = Session::read(head(), d.session.events().to_vec());
            let mut read = Driven { session: again, ms: 1000 };
            prop_assert_eq!(read.stands(), d.stands());
            while read.undo() {}
            prop_assert!(read.stands().is_empty());
        }

        #[test]
        fn any_events_at_all_are_folded_without_a_panic(
            events in prop::collection::vec((0u64..6, 0u64..6, any::<bool>()), 0..30)
        ) {
            let acts = events.into_iter().map(|(seq, of, undo)| Event {
                seq,
                at: stamp(),
                ms: of,
                act: if undo { Act::Undo { of } } else { judge("1.01", Verdict::Fail) },
            });
            let mut session = Session::read(head(), acts);
            let _ = (session.undo(), session.redo(), session.standings().count());
        }
    }
}
