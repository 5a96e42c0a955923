//! What stands in an archive: a pure function of the set.
//!
//! 1. Within a session, what was taken back is dropped; the last judgement of a key is its look at that key.
//! 2. Of one inspector with one device, the session with the higher number counts. Never the clock.
//! 3. What counts, by distinct verdict: none, not inspected; one, agreed; more, a dispute. `unseen` disputes nothing.
//! 4. Other rounds are other keys: history, never a dispute.
//! 5. A ruling holds while the records it saw cover the looks that count; a new one reopens. Two that hold and differ are
//!    a dispute of rulings. Within a session and of one person with one device, rules 1 and 2 hold for rulings too.
//! 6. A target over its places: fail if any fails, disputed if any is, else pass, n/a, unseen.
//!
//! A ruling names events by session and number. Where a fork put two contents under one number it must name it twice,
//! or it would settle what it never saw. A ruling on what nobody has looked at waits for the evidence it names.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use jiff::civil::Date;

use crate::archive::branch::{Said, Tree};
use crate::archive::{Archive, Copy, Member, Sheet};
use crate::checklist::TargetId;
use crate::log::{
    Act, Code, Event, EventId, EventRef, Head, Judgement, Name, Note, Place, SessionId, Stamp, Verdict, Why,
};
use crate::session::{Session, active_ms};

/// A clock before this is wrong: the drive this program was made for began in 2020.
pub const EARLIEST: i64 = 1_577_836_800;
/// A clock that goes back by so many seconds within a session was set, or is broken.
const BACK_S: i64 = 120;

/// What is compared: a target at a place, or for the whole site where none is named, in a round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The same id in another checklist is another target.
    pub checklist: Code,
    /// None where the log names no site.
    pub site: Option<Code>,
    pub round: Name,
    pub target: TargetId,
    pub place: Option<Place>,
}

/// The judgement of a key that a session ended with.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The session, by its place in [`Reading::sessions`].
    pub session: usize,
    pub at: Stamp,
    pub event: EventId,
    pub verdict: Verdict,
    /// Most looks have no more to say.
    more: Option<Box<More>>,
}

/// What a look may say besides its verdict.
#[derive(Clone, Debug, Default, PartialEq)]
struct More {
    note: Option<Note>,
    unit: Option<Name>,
    due: Option<Name>,
    photos: Box<[Name]>,
}

impl More {
    fn of(j: &Judgement, texts: &mut Texts) -> Option<Box<Self>> {
        let more = Self {
            note: j.note.clone(),
            unit: j.unit.as_ref().map(|unit| share(&mut texts.names, unit)),
            due: j.due.clone(),
            photos: j.photos.iter().map(|p| p.file.clone()).collect(),
        };
        (more != Self::default()).then(|| Box::new(more))
    }
}

impl Look {
    pub fn note(&self) -> Option<&Note> {
        self.more.as_ref()?.note.as_ref()
    }

    /// The unit that must put it right.
    pub fn unit(&self) -> Option<&Name> {
        self.more.as_ref()?.unit.as_ref()
    }

    /// The day by which it must be put right.
    pub fn due(&self) -> Option<&Name> {
        self.more.as_ref()?.due.as_ref()
    }

    /// The file names of the photographs.
    pub fn photos(&self) -> &[Name] {
        self.more.as_ref().map_or(&[], |more| &more.photos)
    }
}

/// A supervisor's decision on a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub session: usize,
    pub at: Stamp,
    pub event: EventId,
    pub verdict: Verdict,
    pub reason: Note,
    pub saw: Vec<EventRef>,
}

/// Somebody's word that a fault has been put right.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub session: usize,
    pub at: Stamp,
    pub event: EventId,
    pub case: EventRef,
    pub note: Option<Note>,
}

/// Everything known of a key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    looks: Vec<Look>,
    decisions: Vec<Decision>,
}

/// A session, and what is odd about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sitting {
    pub head: Head,
    pub events: usize,
    pub judged: usize,
    /// Milliseconds the inspector was at it.
    pub active_ms: u64,
    pub newest: Stamp,
    /// Whether its last word is that it was finished.
    pub is_finished: bool,
    pub oddities: Vec<Oddity>,
}

/// Something about a session that a supervisor must know; its events count all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// This number stands for two contents: the log was continued on two machines, or edited.
    Forked {
        seq: u64,
    },
    /// Copies of this session have different heads.
    TwoHeads,
    /// This event is not linked to what stands before it: something was changed by hand or is missing.
    Broken {
        seq: u64,
    },
    /// Events before this one are missing.
    Gap {
        seq: u64,
    },
    Empty,
    /// The clock said a day before there was this program.
    ClockEarly {
        at: Stamp,
    },
    /// The clock went back in the session.
    ClockBack {
        seq: u64,
    },
    /// A walk without a site cannot be ruled on.
    NoSite,
}

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody looked; at most a ruling waits for its evidence.
    Nothing,
    Agreed(Verdict),
    Ruled(Verdict),
    /// Ruled to be looked at once more.
    SentBack,
    Disputed,
    /// Disputed anew: a ruling did not see all of it.
    Reopened,
    RulersDiffer,
}

/// How a key or a target counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    NotInspected,
    Unseen,
    Na,
    Pass,
    Disputed,
    Fail,
}

/// A key with everything that decides how it stands.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// The looks that count, by inspector, device and session; never by time, which would suggest a winner.
    pub looks: Vec<&'a Look>,
    /// Looks of an inspector who looked again with the same device.
    pub superseded: Vec<&'a Look>,
    /// The decisions that count; whether each holds is told beside it.
    pub decisions: Vec<(&'a Decision, bool)>,
    pub outcome: Outcome,
}

/// Texts that many keys have, each kept once.
#[derive(Clone, Default)]
struct Texts {
    names: HashSet<Name>,
    spots: HashSet<Arc<Spot>>,
}

/// The copy that is kept.
fn share<T: Clone + Eq + Hash>(kept: &mut HashSet<T>, text: &T) -> T {
    match kept.get(text) {
        Some(kept) => kept.clone(),
        None => {
            kept.insert(text.clone());
            text.clone()
        }
    }
}

/// What stands in an archive.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub sessions: Vec<Sitting>,
    /// In the order of keys.
    cells: Vec<(Key, Cell)>,
    pub claims: Vec<Claim>,
    /// How many sessions have records of later days than the reading is of.
    pub later: usize,
}

/// What a reading takes of a session. Where the session stands among others is not known yet.
#[derive(Debug)]
pub struct Folded {
    /// None where it began later than the reading is of.
    sitting: Option<Sitting>,
    is_later: bool,
    looks: Looks,
    /// Rulings and claims.
    others: Vec<Event>,
}

impl Folded {
    /// The same where the thread that keeps it finds room again when it lets go of it.
    pub fn moved_here(self) -> Self {
        let mut looks = Vec::with_capacity(self.looks.len());
        looks.extend(self.looks);
        Self { looks, ..self }
    }
}

/// A target at a place.
type Spot = (TargetId, Option<Place>);
/// What a session says, spot by spot.
type Looks = Vec<(Arc<Spot>, Look)>;
/// What all looks of a session have in common.
type Drawer = (Code, Option<Code>, Name);

/// Folds sessions, one after another: what they have in common is kept once.
#[derive(Clone, Default)]
pub struct Folder {
    texts: Texts,
    /// Records of later days, `2020-08-22`, are left out.
    until: Option<String>,
}

impl Folder {
    pub fn new(until: Option<Date>) -> Self {
        Self { texts: Texts::default(), until: until.map(|day| day.to_string()) }
    }

    /// Folds a session as one file has it; gives the copy it is of beside it.
    pub fn sheet(&mut self, sheet: Sheet) -> (Copy, Folded) {
        sheet.fold(|head, tree| self.fold(head, tree))
    }

    /// Folds a session of an archive; none where its head cannot be read, which the archive wrote itself.
    pub fn member(&mut self, member: &Member) -> Option<Folded> {
        let head = serde_json::from_str::<Head>(member.head).ok()?;
        Some(self.fold(head, Tree::of(member.head, Said::all_of(member))))
    }

    fn fold(&mut self, head: Head, mut tree: Tree) -> Folded {
        let mut folded = Folded { sitting: None, is_later: false, looks: Vec::new(), others: Vec::new() };
        if let Some(until) = &self.until {
            let later = |at: &Stamp| at.date() > until.as_str();
            folded.is_later = later(&head.started) || tree.said.iter().any(|e| later(&e.at));
            if folded.is_later {
                tree.leave_out(|event| later(&event.at));
            }
            if later(&head.started) && tree.is_empty() {
                return folded;
            }
        }
        let events: Vec<&Event> = tree.events().collect();
        let mut oddities = odd(&head, &events);
        oddities.extend(tree.forked.map(|seq| Oddity::Forked { seq }));
        oddities.extend(tree.broken.map(|seq| Oddity::Broken { seq }));
        let sitting = Sitting::of(head, &events, oddities);
        let stands = standing_in_all(&tree);
        folded.looks.reserve_exact(stands.len());
        for at in stands {
            self.take(&mut folded, &sitting.head.id, &tree.said[at]);
        }
        folded.sitting = Some(sitting);
        folded
    }

    /// Takes in an event that stands.
    fn take(&mut self, folded: &mut Folded, session: &SessionId, event: &Event) {
        let Act::Judge(j) = &event.act else {
            if let Act::Rule(_) | Act::Fixed { .. } = event.act {
                folded.others.push(event.clone());
            }
            return;
        };
        let texts = &mut self.texts;
        let spot = (j.target.clone(), j.place.clone());
        let spot = texts.spots.get(&spot).cloned().unwrap_or_else(|| share(&mut texts.spots, &Arc::new(spot)));
        let look = Look {
            session: 0,
            at: event.at.clone(),
            event: EventId { session: session.clone(), seq: event.seq },
            verdict: j.verdict,
            more: More::of(j, texts),
        };
        folded.looks.push((spot, look));
    }
}

impl Reading {
    pub fn of(archive: &Archive) -> Self {
        let mut folder = Folder::default();
        let fold = |(copy, member): (&Copy, Member)| Some((copy.clone(), folder.member(&member)?));
        let folded: Vec<(Copy, Folded)> = archive.copies().zip(archive.members()).filter_map(fold).collect();
        Self::gather(folded)
    }

    /// The same of an archive that is not needed any more, as it was at the end of a day: what was read is let go of on
    /// the way, and records of later days are left out and counted.
    pub fn instead_of(archive: Archive, until: Option<Date>) -> Self {
        let mut folder = Folder::new(until);
        let folded = archive.take_apart(|member| folder.member(member));
        Self::gather(folded.into_iter().filter_map(|(copy, folded)| Some((copy, folded?))).collect())
    }

    /// Gathers sessions that were folded, each copy once, in the order of an archive.
    pub fn gather(folded: Vec<(Copy, Folded)>) -> Self {
        let mut reading = Self::default();
        let mut gathered = Gathered::default();
        let ids = |at: usize| folded.get(at).map(|(copy, _)| copy.id.clone());
        let same = |at: usize| folded.get(at).zip(folded.get(at + 1)).is_some_and(|((a, _), (b, _))| a.id == b.id);
        let two_heads: HashSet<SessionId> = (0..folded.len()).filter(|at| same(*at)).filter_map(ids).collect();
        for (copy, Folded { sitting, is_later, looks, others }) in folded {
            reading.later += usize::from(is_later);
            let Some(mut sitting) = sitting else { continue };
            if two_heads.contains(&copy.id) {
                let forked_or_broken = |o: &Oddity| matches!(o, Oddity::Forked { .. } | Oddity::Broken { .. });
                let at = sitting.oddities.iter().position(forked_or_broken).unwrap_or(sitting.oddities.len());
                sitting.oddities.insert(at, Oddity::TwoHeads);
            }
            let number = reading.sessions.len();
            gathered.looks(number, &sitting.head, looks);
            reading.claims.extend(gathered.others(number, &sitting.head, others));
            reading.sessions.push(sitting);
        }
        reading.cells = gathered.cells();
        reading
    }

    /// Reads a session that is being written anew, in the place of what was read of it before.
    pub fn renew(&mut self, session: &Session) {
        let number = match self.sessions.iter().position(|s| s.head == session.head) {
            Some(number) => number,
            None => {
                self.sessions.push(Sitting::of(session.head.clone(), &[], Vec::new()));
                self.sessions.len() - 1
            }
        };
        for (_, cell) in &mut self.cells {
            cell.decisions.retain(|d| d.session != number);
            cell.looks.retain(|l| l.session != number);
        }
        self.claims.retain(|c| c.session != number);
        let events: Vec<&Event> = session.events().iter().collect();
        self.sessions[number] = Sitting::of(session.head.clone(), &events, Vec::new());
        let all: Vec<usize> = (0..events.len()).collect();
        let mut folder = Folder::default();
        let mut folded = Folded { sitting: None, is_later: false, looks: Vec::new(), others: Vec::new() };
        for at in standing(&all, |at| events[at]) {
            folder.take(&mut folded, &session.head.id, events[at]);
        }
        let mut gathered = Gathered::default();
        gathered.looks(number, &session.head, folded.looks);
        self.claims.extend(gathered.others(number, &session.head, folded.others));
        self.cells.extend(gathered.cells());
        self.cells.retain(|(_, cell)| !cell.looks.is_empty() || !cell.decisions.is_empty());
        self.cells.sort_by(|(a, _), (b, _)| a.cmp(b));
        self.cells.dedup_by(|(key, from), (same, to)| key == same && to.append(from));
    }

    /// Every key with what is known of it, in the order of keys.
    pub fn cells(&self) -> impl Iterator<Item = (&Key, &Cell)> {
        self.cells.iter().map(|(key, cell)| (key, cell))
    }

    /// The keys of each target at a place of a site, by round: in the order of checklist, site, target, place.
    pub fn by_subject(&self) -> impl Iterator<Item = Vec<(&Key, &Cell)>> {
        let sites = self.cells.chunk_by(|(a, _), (b, _)| (&a.checklist, &a.site) == (&b.checklist, &b.site));
        sites.flat_map(|site| {
            let mut cells: Vec<(&Key, &Cell)> = site.iter().map(|(key, cell)| (key, cell)).collect();
            // Each round is in order already, and sorting makes use of that.
            cells.sort_by(|(a, _), (b, _)| (&a.target, &a.place).cmp(&(&b.target, &b.place)));
            let subjects = cells.chunk_by(|(a, _), (b, _)| (&a.target, &a.place) == (&b.target, &b.place));
            subjects.map(<[_]>::to_vec).collect::<Vec<_>>()
        })
    }

    pub fn cell(&self, key: &Key) -> Option<&Cell> {
        let at = self.cells.binary_search_by(|(k, _)| k.cmp(key)).ok()?;
        Some(&self.cells[at].1)
    }

    /// Who looked or decided.
    pub fn head(&self, session: usize) -> &Head {
        &self.sessions[session].head
    }

    /// How a key stands, and why.
    pub fn standing<'a>(&'a self, cell: &'a Cell) -> Standing<'a> {
        let (mut looks, mut superseded) = self.by_rule_2(&cell.looks, |l| l.session);
        for side in [&mut looks, &mut superseded] {
            side.sort_by_cached_key(|l| self.order(l));
        }
        let (mut decisions, _) = self.by_rule_2(&cell.decisions, |d| d.session);
        decisions.sort_by_key(|d| (self.head(d.session).by.id.as_str(), &d.event));
        let decisions: Vec<(&Decision, bool)> = decisions.into_iter().map(|d| (d, d.covers(&looks))).collect();
        let outcome = outcome(&looks, &decisions);
        Standing { looks, superseded, decisions, outcome }
    }

    /// How a key stands, without the reasons.
    pub fn outcome(&self, cell: &Cell) -> Outcome {
        match (cell.looks.as_slice(), cell.decisions.is_empty()) {
            // Most keys: one look and nothing to weigh.
            ([look], true) => Outcome::Agreed(look.verdict),
            _ => self.standing(cell).outcome,
        }
    }

    /// Inspector, device, session: an order that tells nothing about who was first.
    fn order<'a>(&'a self, look: &Look) -> (&'a str, &'a str, u64, &'a str, u64) {
        let head = self.head(look.session);
        (head.by.id.as_str(), head.device.id.as_str(), head.device.session, head.id.as_str(), look.event.seq)
    }

    /// Parts what counts from what the same person with the same device said again in a later session.
    fn by_rule_2<'a, T>(&self, all: &'a [T], session: impl Fn(&T) -> usize) -> (Vec<&'a T>, Vec<&'a T>) {
        // Most keys have one look, and no ruling.
        if all.len() < 2 {
            return (all.iter().collect(), Vec::new());
        }
        let who = |item: &T| {
            let head = self.head(session(item));
            (head.by.id.as_str(), head.device.id.as_str())
        };
        let mut highest: HashMap<(&str, &str), u64> = HashMap::new();
        for item in all {
            let n = self.head(session(item)).device.session;
            highest.entry(who(item)).and_modify(|h| *h = n.max(*h)).or_insert(n);
        }
        all.iter().partition(|item| highest.get(&who(item)) == Some(&self.head(session(item)).device.session))
    }
}

/// Sessions on their way into a reading.
#[derive(Default)]
struct Gathered {
    /// The looks of each session.
    drawers: BTreeMap<Drawer, Vec<Looks>>,
    decisions: BTreeMap<Key, Vec<Decision>>,
}

impl Gathered {
    /// Takes the looks of a session, which comes behind those that were taken before.
    fn looks(&mut self, session: usize, head: &Head, mut looks: Looks) {
        for (_, look) in &mut looks {
            look.session = session;
        }
        let drawer = (head.checklist.id.clone(), head.site.as_ref().map(|s| s.id.clone()), round_of(head));
        self.drawers.entry(drawer).or_default().push(looks);
    }

    /// Takes the rulings of a session; gives its claims.
    fn others(&mut self, session: usize, head: &Head, others: Vec<Event>) -> Vec<Claim> {
        let mut claims = Vec::new();
        for Event { seq, at, act, .. } in others {
            let event = EventId { session: head.id.clone(), seq };
            match act {
                Act::Rule(r) => {
                    let (checklist, site) = (head.checklist.id.clone(), Some(r.site));
                    let key = Key { checklist, site, round: r.round, target: r.target, place: r.place };
                    let (verdict, reason, saw) = (r.verdict, r.reason, r.saw);
                    let decision = Decision { session, at, event, verdict, reason, saw };
                    self.decisions.entry(key).or_default().push(decision);
                }
                Act::Fixed { case, note, .. } => claims.push(Claim { session, at, event, case, note }),
                _ => {}
            }
        }
        claims
    }

    /// Every key with what was said of it, in the order of keys.
    fn cells(mut self) -> Vec<(Key, Cell)> {
        let mut cells: Vec<(Key, Cell)> = Vec::new();
        for (drawer, looks) in self.drawers {
            let mut looks: Looks = looks.into_iter().flatten().collect();
            // What is said of a spot stays in the order of sessions.
            looks.sort_by(|(a, _), (b, _)| a.cmp(b));
            let mut looks = looks.into_iter();
            while let Some((spot, _)) = looks.as_slice().first() {
                let key = key_of(&drawer, spot);
                let more = looks.as_slice().iter().take_while(|(other, _)| other == spot).count();
                let decisions = self.decisions.remove(&key).unwrap_or_default();
                // Most keys have one look for ever, so there is no room for more.
                let own: Box<[Look]> = looks.by_ref().take(more).map(|(_, look)| look).collect();
                cells.push((key, Cell { looks: own.into(), decisions }));
            }
        }
        // Rulings on what nobody has looked at.
        if !self.decisions.is_empty() {
            let alone = |(key, decisions)| (key, Cell { looks: Vec::new(), decisions });
            cells.extend(self.decisions.into_iter().map(alone));
            cells.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        cells
    }
}

fn key_of((checklist, site, round): &Drawer, spot: &Spot) -> Key {
    let (checklist, site, round) = (checklist.clone(), site.clone(), round.clone());
    Key { checklist, site, round, target: spot.0.clone(), place: spot.1.clone() }
}

impl Cell {
    /// Takes over what another cell of its key has; always does.
    fn append(&mut self, other: &mut Self) -> bool {
        self.looks.append(&mut other.looks);
        self.decisions.append(&mut other.decisions);
        true
    }

    /// Whether anybody, an inspector or a supervisor, ever said that it fails.
    pub(super) fn ever_failed(&self) -> bool {
        let ruled = || self.decisions.iter().any(|d| d.verdict == Verdict::Fail);
        self.looks.iter().any(|l| l.verdict == Verdict::Fail) || ruled()
    }

    /// Every ruling, those that no longer count among them.
    pub(super) fn rulings(&self) -> impl Iterator<Item = &Decision> {
        self.decisions.iter()
    }

    /// Every look, those that no longer count among them.
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }
}

impl Decision {
    /// Whether it saw every look that counts and says something.
    fn covers(&self, looks: &[&Look]) -> bool {
        let mut seen: HashMap<&EventRef, usize> = HashMap::new();
        for event in &self.saw {
            *seen.entry(event).or_default() += 1;
        }
        !looks.is_empty()
            && looks.iter().filter(|l| l.verdict != Verdict::Unseen).all(|look| {
                let left = seen.get_mut(&look.event.reference()).filter(|n| **n > 0);
                left.map(|n| *n -= 1).is_some()
            })
    }
}

impl Outcome {
    pub fn state(self) -> State {
        match self {
            Self::Nothing => State::NotInspected,
            Self::Agreed(verdict) | Self::Ruled(verdict) => verdict.into(),
            Self::SentBack | Self::Disputed | Self::Reopened | Self::RulersDiffer => State::Disputed,
        }
    }

    /// Whether a supervisor has to decide.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Disputed | Self::Reopened | Self::RulersDiffer)
    }
}

impl From<Verdict> for State {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Fail => Self::Fail,
            Verdict::Na => Self::Na,
            Verdict::Unseen => Self::Unseen,
        }
    }
}

impl State {
    /// How a target stands over its places.
    pub fn over_places(states: impl IntoIterator<Item = Self>) -> Self {
        // The order of the states is the order of what decides.
        states.into_iter().max().unwrap_or(Self::NotInspected)
    }
}

impl Sitting {
    fn of(head: Head, events: &[&Event], oddities: Vec<Oddity>) -> Self {
        let newest = events.iter().map(|e| &e.at).max_by_key(|at| at.seconds()).unwrap_or(&head.started).clone();
        let judged = events.iter().filter(|e| matches!(e.act, Act::Judge(_))).count();
        let last = events.iter().rev().find(|e| !matches!(e.act, Act::Undo { .. }));
        Self {
            active_ms: active_ms(events.iter().copied()),
            events: events.len(),
            judged,
            newest,
            is_finished: last.is_some_and(|e| matches!(e.act, Act::End { why: Some(Why::Finished) })),
            oddities,
            head,
        }
    }
}

/// The round of a session: its label, else the local day it began.
pub fn round_of(head: &Head) -> Name {
    let day = || Name::try_from(head.started.date()).unwrap_or_else(|e| unreachable!("a date is a name: {e}"));
    head.round.clone().unwrap_or_else(day)
}

/// What of a session stands: what stands in every branch that holds it.
fn standing_in_all(tree: &Tree) -> Vec<usize> {
    let branches = tree.branches();
    if let [only] = branches.as_slice() {
        let mut stands = standing(only, |at| &tree.said[at]);
        stands.sort_unstable();
        return stands;
    }
    let mut stands = BTreeSet::new();
    let mut fell = BTreeSet::new();
    for branch in branches {
        let standing: BTreeSet<usize> = standing(&branch, |at| &tree.said[at]).into_iter().collect();
        fell.extend(branch.into_iter().filter(|at| !standing.contains(at)));
        stands.extend(standing);
    }
    stands.retain(|at| !fell.contains(at));
    stands.into_iter().collect()
}

/// What of a branch stands: everything that was not taken back, and of judgements and rulings the last of each key.
fn standing<'a>(branch: &[usize], event: impl Fn(usize) -> &'a Event) -> Vec<usize> {
    let mut said: BTreeMap<u64, usize> = BTreeMap::new();
    for at in branch {
        let event = event(*at);
        match &event.act {
            Act::Undo { of } => _ = said.remove(of),
            _ => _ = said.insert(event.seq, *at),
        }
    }
    let mut last = HashMap::new();
    let mut standing = Vec::new();
    for at in said.into_values() {
        match &event(at).act {
            Act::Judge(j) => _ = last.insert((None, &j.target, &j.place), at),
            Act::Rule(r) => _ = last.insert((Some((&r.site, &r.round)), &r.target, &r.place), at),
            _ => standing.push(at),
        }
    }
    standing.extend(last.into_values());
    standing
}

fn odd(head: &Head, events: &[&Event]) -> Vec<Oddity> {
    let mut found = Vec::new();
    let walk_without_site = head.kind == crate::log::Kind::Walk && head.site.is_none();
    found.extend(walk_without_site.then_some(Oddity::NoSite));
    found.extend(events.is_empty().then_some(Oddity::Empty));
    let first = events.first().filter(|e| e.seq > 1).map(|e| e.seq);
    let gap = events.windows(2).find(|p| p[1].seq > p[0].seq + 1).map(|p| p[1].seq);
    found.extend(first.or(gap).map(|seq| Oddity::Gap { seq }));
    let seconds: Vec<i64> = events.iter().map(|e| e.at.seconds()).collect();
    let early = seconds.iter().position(|at| *at < EARLIEST).map(|n| &events[n].at);
    let early = Some(&head.started).filter(|at| at.seconds() < EARLIEST).or(early);
    found.extend(early.map(|at| Oddity::ClockEarly { at: at.clone() }));
    // In a fork two machines' events stand side by side; their clocks tell nothing.
    let forked = events.windows(2).any(|p| p[1].seq == p[0].seq);
    let back = seconds.windows(2).position(|p| p[1] + BACK_S < p[0]).filter(|_| !forked);
    found.extend(back.map(|n| Oddity::ClockBack { seq: events[n + 1].seq }));
    found
}

fn outcome(looks: &[&Look], decisions: &[(&Decision, bool)]) -> Outcome {
    if looks.is_empty() {
        return Outcome::Nothing;
    }
    let ruled: BTreeSet<Verdict> = decisions.iter().filter(|(_, holds)| *holds).map(|(d, _)| d.verdict).collect();
    match (ruled.len(), ruled.first()) {
        (1, Some(Verdict::Unseen)) => return Outcome::SentBack,
        (1, Some(verdict)) => return Outcome::Ruled(*verdict),
        (2.., _) => return Outcome::RulersDiffer,
        _ => {}
    }
    let said: BTreeSet<Verdict> = looks.iter().map(|l| l.verdict).filter(|v| *v != Verdict::Unseen).collect();
    match (said.len(), said.first()) {
        (0, _) => Outcome::Agreed(Verdict::Unseen),
        (1, Some(verdict)) => Outcome::Agreed(*verdict),
        _ if decisions.is_empty() => Outcome::Disputed,
        _ => Outcome::Reopened,
    }
}
