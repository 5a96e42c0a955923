//! What stands in an archive: a pure function of the set. The rules with their reasons: `docs/reading.md`.
//!
//! 1. Within a session, what was taken back is dropped; the last judgement of a key is its look at that key.
//! 2. Of one inspector with one device, the session with the higher number counts. Never the clock. `unseen` replaces
//!    nothing but `unseen`.
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
    /// Named only where sessions of several districts are read that have a community of this id.
    pub district: Option<Code>,
    /// None where the log names no site.
    pub site: Option<Code>,
    pub round: Name,
    pub target: TargetId,
    pub place: Option<Place>,
}

impl Key {
    /// Where it is, by whose checklist.
    fn community(&self) -> (&Code, Option<&Code>, Option<&Code>) {
        (&self.checklist, self.district.as_ref(), self.site.as_ref())
    }
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
    /// Where it was judged a fail before: the first time, and since when without a break.
    opened: Option<Opened>,
    note: Option<Note>,
    unit: Option<Name>,
    due: Option<Name>,
    photos: Box<[Name]>,
}

/// The beginnings of a fail that was judged again, as each change of its note is.
#[derive(Clone, Debug, PartialEq)]
struct Opened {
    /// The first fail of the key in the session, whatever became of it.
    first: u64,
    /// The first of the fails that stand with no other verdict between them.
    since: u64,
    at: Stamp,
}

impl More {
    fn of(j: &Judgement, opened: Option<Opened>, texts: &mut Texts) -> Option<Box<Self>> {
        let more = Self {
            opened,
            note: j.note.clone(),
            unit: j.unit.as_ref().map(|unit| share(&mut texts.names, unit)),
            due: j.due.clone(),
            photos: j.photos.iter().map(|p| p.file.clone()).collect(),
        };
        (more != Self::default()).then(|| Box::new(more))
    }
}

impl Look {
    fn opened(&self) -> Option<&Opened> {
        self.more.as_ref()?.opened.as_ref()
    }

    /// The first fail of its key in its session, which no later change of a note, unit, day or photograph changes.
    pub fn first_fail(&self) -> EventId {
        EventId { session: self.event.session.clone(), seq: self.opened().map_or(self.event.seq, |o| o.first) }
    }

    /// Since when it has been a fail in its session: the moment and the number of the event.
    pub fn since(&self) -> (&Stamp, u64) {
        self.opened().map_or((&self.at, self.event.seq), |o| (&o.at, o.since))
    }

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

/// A fail that stands no more: judged again, corrected or taken back. A claim may have named it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gone {
    pub session: usize,
    pub key: Key,
    pub event: EventId,
    pub at: Stamp,
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
    /// From where to where the numbers of its events go without a gap.
    numbers: Vec<(u64, u64)>,
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
    /// The device counts its sessions otherwise than its clock says they began.
    ClockAgainstNumber,
    /// It began on this day, far from the days of its round.
    ClockAgainstRound {
        at: Stamp,
    },
    /// By its clock it names what was not there yet, or was named before.
    ClockAgainstNamed {
        at: Stamp,
    },
    /// A walk without a site cannot be ruled on.
    NoSite,
}

impl Oddity {
    /// Whether it is about a clock, which then closes no case.
    pub fn is_clock(&self) -> bool {
        matches!(self, Self::ClockEarly { .. } | Self::ClockBack { .. }) || self.is_contradiction()
    }

    /// Whether what other sessions say is against its clock.
    pub(super) fn is_contradiction(&self) -> bool {
        matches!(self, Self::ClockAgainstNumber | Self::ClockAgainstRound { .. } | Self::ClockAgainstNamed { .. })
    }
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
    /// What claims name that stands no more.
    pub(super) gone: Vec<Gone>,
    /// How many sessions have records of later days than the reading is of.
    pub later: usize,
    /// How many sessions of other districts are left out.
    pub elsewhere: BTreeMap<Code, usize>,
    shared: Shared,
}

/// What a reading takes of a session. Where the session stands among others is not known yet.
#[derive(Debug)]
pub struct Folded {
    /// None where it began later than the reading is of, or is another district's.
    sitting: Option<Sitting>,
    is_later: bool,
    /// The district it is of, where that is not the one that is read.
    elsewhere: Option<Code>,
    looks: Looks,
    /// Rulings and claims.
    others: Vec<Event>,
    gone: Vec<Fallen>,
}

/// A fail that stands no more.
#[derive(Debug)]
struct Fallen {
    seq: u64,
    at: Stamp,
    about: About,
}

#[derive(Debug)]
enum About {
    Look(Arc<Spot>),
    Ruling(Box<(Code, Name, Spot)>),
}

impl Folded {
    fn new() -> Self {
        let (looks, others, gone) = (Vec::new(), Vec::new(), Vec::new());
        Self { sitting: None, is_later: false, elsewhere: None, looks, others, gone }
    }

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
/// What all looks of a session have in common: checklist, district, community, round.
type Drawer = (Code, Option<Code>, Option<Code>, Name);
/// The communities whose ids several districts have.
type Shared = BTreeSet<Code>;

/// Folds sessions, one after another: what they have in common is kept once.
#[derive(Clone, Default)]
pub struct Folder {
    texts: Texts,
    /// Records of later days, `2020-08-22`, are left out.
    until: Option<String>,
    /// Sessions that name another district are left out.
    district: Option<Code>,
}

impl Folder {
    pub fn new(until: Option<Date>) -> Self {
        Self { texts: Texts::default(), until: until.map(|day| day.to_string()), district: None }
    }

    /// Leaves out what other districts recorded. A log that names none, as those of version 1, is read as one of this.
    pub fn of_district(mut self, id: &str) -> Self {
        self.district = Code::try_from(id).ok();
        self
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
        let mut folded = Folded::new();
        folded.elsewhere = head.district.clone().filter(|d| self.district.as_ref().is_some_and(|own| own != d));
        if folded.elsewhere.is_some() {
            return folded;
        }
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
        let sitting = Sitting::of(head, &events, oddities, numbers_of(&tree.said));
        let said: Vec<&Event> = tree.said.iter().collect();
        let is_left_out = |at: usize| tree.is_left_out(at);
        self.take_all(&mut folded, &sitting.head.id, (&said, &is_left_out), standing_in_all(&tree));
        folded.sitting = Some(sitting);
        folded
    }

    /// Takes in what stands of what was said, and which fails do not.
    fn take_all(
        &mut self,
        folded: &mut Folded,
        session: &SessionId,
        (said, is_left_out): (&[&Event], &dyn Fn(usize) -> bool),
        stands: Vec<Stands>,
    ) {
        let mut first: HashMap<(&TargetId, &Option<Place>), u64> = HashMap::new();
        let mut left = stands.iter().map(|s| s.at).peekable();
        for (at, event) in said.iter().enumerate().filter(|(at, _)| !is_left_out(*at)) {
            let is_gone = left.next_if_eq(&at).is_none();
            match &event.act {
                Act::Judge(j) if j.verdict == Verdict::Fail => {
                    first.entry((&j.target, &j.place)).or_insert(event.seq);
                    if is_gone {
                        folded.gone.push(Fallen::of(event, About::Look(self.spot(j))));
                    }
                }
                Act::Rule(r) if r.verdict == Verdict::Fail && is_gone => {
                    let about = (r.site.clone(), r.round.clone(), (r.target.clone(), r.place.clone()));
                    folded.gone.push(Fallen::of(event, About::Ruling(Box::new(about))));
                }
                _ => {}
            }
        }
        folded.looks.reserve_exact(stands.len());
        for Stands { at, since } in stands {
            match &said[at].act {
                Act::Judge(j) => {
                    let first = first.get(&(&j.target, &j.place)).filter(|_| j.verdict == Verdict::Fail).copied();
                    let opened = first.filter(|first| *first != said[at].seq).map(|first| Opened {
                        first,
                        since: said[since].seq,
                        at: said[since].at.clone(),
                    });
                    self.take(folded, session, said[at], j, opened);
                }
                Act::Rule(_) | Act::Fixed { .. } => folded.others.push(said[at].clone()),
                _ => {}
            }
        }
    }

    /// A target at a place, of which one copy is kept.
    fn spot(&mut self, j: &Judgement) -> Arc<Spot> {
        let spots = &mut self.texts.spots;
        let spot = (j.target.clone(), j.place.clone());
        spots.get(&spot).cloned().unwrap_or_else(|| share(spots, &Arc::new(spot)))
    }

    /// Takes in a judgement that stands.
    fn take(&mut self, folded: &mut Folded, session: &SessionId, event: &Event, j: &Judgement, opened: Option<Opened>) {
        let spot = self.spot(j);
        let look = Look {
            session: 0,
            at: event.at.clone(),
            event: EventId { session: session.clone(), seq: event.seq },
            verdict: j.verdict,
            more: More::of(j, opened, &mut self.texts),
        };
        folded.looks.push((spot, look));
    }
}

impl Reading {
    pub fn of(archive: &Archive) -> Self {
        Self::by(archive, Folder::default())
    }

    /// The same of one district only.
    pub fn of_district(archive: &Archive, id: &str) -> Self {
        Self::by(archive, Folder::default().of_district(id))
    }

    fn by(archive: &Archive, mut folder: Folder) -> Self {
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
        let mut gone = Vec::new();
        let heads = folded.iter().filter_map(|(_, f)| f.sitting.as_ref()).map(|sitting| &sitting.head);
        reading.shared = shared(heads);
        for (copy, Folded { sitting, is_later, elsewhere, looks, others, gone: own }) in folded {
            reading.later += usize::from(is_later);
            *elsewhere.map_or(&mut 0, |district| reading.elsewhere.entry(district).or_default()) += 1;
            let Some(mut sitting) = sitting else { continue };
            if two_heads.contains(&copy.id) {
                let forked_or_broken = |o: &Oddity| matches!(o, Oddity::Forked { .. } | Oddity::Broken { .. });
                let at = sitting.oddities.iter().position(forked_or_broken).unwrap_or(sitting.oddities.len());
                sitting.oddities.insert(at, Oddity::TwoHeads);
            }
            let number = reading.sessions.len();
            gathered.looks(number, &sitting.head, &reading.shared, looks);
            reading.claims.extend(gathered.others(number, &sitting.head, &reading.shared, others));
            gone.push((number, own));
            reading.sessions.push(sitting);
        }
        reading.cells = gathered.cells();
        reading.gone = reading.named_of(gone);
        reading.doubt_clocks();
        reading
    }

    /// What claims name of what stands no more, which is little of it.
    fn named_of(&self, gone: Vec<(usize, Vec<Fallen>)>) -> Vec<Gone> {
        let mut named: HashMap<&str, HashSet<u64>> = HashMap::new();
        for (session, seq) in self.claims.iter().filter_map(|c| c.case.as_str().split_once('#')) {
            named.entry(session).or_default().extend(seq.parse::<u64>());
        }
        let mut kept = Vec::new();
        for (session, gone) in gone {
            let head = &self.sessions[session].head;
            let Some(named) = named.get(head.id.as_str()) else { continue };
            kept.extend(
                gone.into_iter().filter(|f| named.contains(&f.seq)).map(|f| f.gone(session, head, &self.shared)),
            );
        }
        kept
    }

    /// Reads a session that is being written anew, in the place of what was read of it before.
    pub fn renew(&mut self, session: &Session) {
        let number = match self.sessions.iter().position(|s| s.head == session.head) {
            Some(number) => number,
            None => {
                self.sessions.push(Sitting::of(session.head.clone(), &[], Vec::new(), Vec::new()));
                self.sessions.len() - 1
            }
        };
        for (_, cell) in &mut self.cells {
            cell.decisions.retain(|d| d.session != number);
            cell.looks.retain(|l| l.session != number);
        }
        self.claims.retain(|c| c.session != number);
        self.gone.retain(|g| g.session != number);
        let events: Vec<&Event> = session.events().iter().collect();
        let mut oddities = odd(&session.head, &events);
        oddities.retain(Oddity::is_clock);
        self.sessions[number] = Sitting::of(session.head.clone(), &events, oddities, numbers_of(session.events()));
        let all: Vec<usize> = (0..events.len()).collect();
        let mut folder = Folder::default();
        let mut folded = Folded::new();
        let mut stands = standing(&all, |at| events[at]);
        stands.sort_unstable_by_key(|s| s.at);
        folder.take_all(&mut folded, &session.head.id, (&events, &|_| false), stands);
        let mut gathered = Gathered::default();
        gathered.looks(number, &session.head, &self.shared, folded.looks);
        self.claims.extend(gathered.others(number, &session.head, &self.shared, folded.others));
        let own = self.named_of(vec![(number, folded.gone)]);
        self.gone.extend(own);
        self.cells.extend(gathered.cells());
        self.cells.retain(|(_, cell)| !cell.looks.is_empty() || !cell.decisions.is_empty());
        self.cells.sort_by(|(a, _), (b, _)| a.cmp(b));
        self.cells.dedup_by(|(key, from), (same, to)| key == same && to.append(from));
        self.doubt_clocks();
    }

    /// Every key with what is known of it, in the order of keys.
    pub fn cells(&self) -> impl Iterator<Item = (&Key, &Cell)> {
        self.cells.iter().map(|(key, cell)| (key, cell))
    }

    /// The keys of each target at a place of a site, by round: in the order of checklist, site, target, place.
    pub fn by_subject(&self) -> impl Iterator<Item = Vec<(&Key, &Cell)>> {
        let sites = self.cells.chunk_by(|(a, _), (b, _)| a.community() == b.community());
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
        let look = |l: &Look| (l.session, l.verdict != Verdict::Unseen);
        let (mut looks, mut superseded) = self.by_rule_2(&cell.looks, look);
        for side in [&mut looks, &mut superseded] {
            side.sort_by_cached_key(|l| self.order(l));
        }
        let (mut decisions, _) = self.by_rule_2(&cell.decisions, |d| (d.session, true));
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

    /// Parts what counts from what the same person with the same device said again in a later session. Who did not see
    /// anything then has not said otherwise. Of each, its session is told, and whether it says that something was seen.
    fn by_rule_2<'a, T>(&self, all: &'a [T], about: impl Fn(&T) -> (usize, bool)) -> (Vec<&'a T>, Vec<&'a T>) {
        // Most keys have one look, and no ruling.
        if all.len() < 2 {
            return (all.iter().collect(), Vec::new());
        }
        let who = |session: usize| {
            let head = self.head(session);
            (head.by.id.as_str(), head.device.id.as_str())
        };
        let number = |session: usize| self.head(session).device.session;
        let mut highest: HashMap<(&str, &str), (u64, u64)> = HashMap::new();
        for (session, is_seen) in all.iter().map(&about) {
            let (of_all, of_seen) = highest.entry(who(session)).or_default();
            *of_all = number(session).max(*of_all);
            *of_seen = if is_seen { number(session).max(*of_seen) } else { *of_seen };
        }
        all.iter().partition(|item| {
            let (session, is_seen) = about(item);
            let (of_all, of_seen) = highest.get(&who(session)).copied().unwrap_or_default();
            number(session) >= if is_seen { of_seen } else { of_all }
        })
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
    fn looks(&mut self, session: usize, head: &Head, shared: &Shared, mut looks: Looks) {
        for (_, look) in &mut looks {
            look.session = session;
        }
        let site = head.site.as_ref().map(|s| s.id.clone());
        let drawer = (head.checklist.id.clone(), district_of(head, site.as_ref(), shared), site, round_of(head));
        self.drawers.entry(drawer).or_default().push(looks);
    }

    /// Takes the rulings of a session; gives its claims.
    fn others(&mut self, session: usize, head: &Head, shared: &Shared, others: Vec<Event>) -> Vec<Claim> {
        let mut claims = Vec::new();
        for Event { seq, at, act, .. } in others {
            let event = EventId { session: head.id.clone(), seq };
            match act {
                Act::Rule(r) => {
                    let district = district_of(head, Some(&r.site), shared);
                    let (checklist, site) = (head.checklist.id.clone(), Some(r.site));
                    let key = Key { checklist, district, site, round: r.round, target: r.target, place: r.place };
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

fn key_of((checklist, district, site, round): &Drawer, spot: &Spot) -> Key {
    let (checklist, district, site, round) = (checklist.clone(), district.clone(), site.clone(), round.clone());
    Key { checklist, district, site, round, target: spot.0.clone(), place: spot.1.clone() }
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
    /// Whether nothing is known that is against its clock.
    pub fn has_good_clock(&self) -> bool {
        !self.oddities.iter().any(Oddity::is_clock)
    }

    /// Whether it has an event of this number.
    pub(super) fn has(&self, seq: u64) -> bool {
        let at = self.numbers.partition_point(|(_, to)| *to < seq);
        self.numbers.get(at).is_some_and(|(from, _)| *from <= seq)
    }

    fn of(head: Head, events: &[&Event], oddities: Vec<Oddity>, numbers: Vec<(u64, u64)>) -> Self {
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
            numbers,
            head,
        }
    }
}

impl Fallen {
    fn of(event: &Event, about: About) -> Self {
        Self { seq: event.seq, at: event.at.clone(), about }
    }

    fn gone(self, session: usize, head: &Head, shared: &Shared) -> Gone {
        let checklist = head.checklist.id.clone();
        let (site, round, (target, place)) = match self.about {
            About::Look(spot) => (head.site.as_ref().map(|s| s.id.clone()), round_of(head), (*spot).clone()),
            About::Ruling(about) => (Some(about.0), about.1, about.2),
        };
        let district = district_of(head, site.as_ref(), shared);
        let key = Key { checklist, district, site, round, target, place };
        Gone { session, key, event: EventId { session: head.id.clone(), seq: self.seq }, at: self.at }
    }
}

/// The numbers of events, which come in order, as ranges.
fn numbers_of(events: &[Event]) -> Vec<(u64, u64)> {
    let mut numbers: Vec<(u64, u64)> = Vec::with_capacity(1);
    for Event { seq, .. } in events {
        match numbers.last_mut() {
            Some((_, to)) if *seq <= *to + 1 => *to = *seq,
            _ => numbers.push((*seq, *seq)),
        }
    }
    numbers
}

/// The communities whose ids sessions of several districts have. Sessions that name no district are of whichever it is.
fn shared<'a>(heads: impl Iterator<Item = &'a Head>) -> Shared {
    let mut first: HashMap<&Code, &Code> = HashMap::new();
    let of = |head: &'a Head| Some((&head.site.as_ref()?.id, head.district.as_ref()?));
    let is_shared = |(site, district): &(&'a Code, &'a Code)| *first.entry(site).or_insert(district) != *district;
    heads.filter_map(of).filter(is_shared).map(|(site, _)| site.clone()).collect()
}

/// The district of what a session says of a community, where that has to be told.
fn district_of(head: &Head, site: Option<&Code>, shared: &Shared) -> Option<Code> {
    head.district.clone().filter(|_| site.is_some_and(|site| shared.contains(site)))
}

/// The round of a session: its label, else the local day it began.
pub fn round_of(head: &Head) -> Name {
    let day = || Name::try_from(head.started.date()).unwrap_or_else(|e| unreachable!("a date is a name: {e}"));
    head.round.clone().unwrap_or_else(day)
}

/// Something said that stands, by its place among what was said.
struct Stands {
    at: usize,
    /// Of a fail, the first of those before it with no other verdict between them.
    since: usize,
}

/// What of a session stands: what stands in every branch that holds it.
fn standing_in_all(tree: &Tree) -> Vec<Stands> {
    let branches = tree.branches();
    if let [only] = branches.as_slice() {
        let mut stands = standing(only, |at| &tree.said[at]);
        stands.sort_unstable_by_key(|s| s.at);
        return stands;
    }
    let mut stands: BTreeMap<usize, usize> = BTreeMap::new();
    let mut fell = BTreeSet::new();
    for branch in branches {
        let standing = standing(&branch, |at| &tree.said[at]);
        let left: HashSet<usize> = standing.iter().map(|s| s.at).collect();
        fell.extend(branch.into_iter().filter(|at| !left.contains(at)));
        for Stands { at, since } in standing {
            stands.entry(at).and_modify(|first| *first = since.min(*first)).or_insert(since);
        }
    }
    stands.retain(|at, _| !fell.contains(at));
    stands.into_iter().map(|(at, since)| Stands { at, since }).collect()
}

/// What of a branch stands: everything that was not taken back, and of judgements and rulings the last of each key.
fn standing<'a>(branch: &[usize], event: impl Fn(usize) -> &'a Event) -> Vec<Stands> {
    let mut said: BTreeMap<u64, usize> = BTreeMap::new();
    for at in branch {
        let event = event(*at);
        match &event.act {
            Act::Undo { of } => _ = said.remove(of),
            _ => _ = said.insert(event.seq, *at),
        }
    }
    let is_fail = |at: usize| matches!(&event(at).act, Act::Judge(j) if j.verdict == Verdict::Fail);
    let mut last: HashMap<_, Stands> = HashMap::new();
    let mut standing = Vec::new();
    for at in said.into_values() {
        let key = match &event(at).act {
            Act::Judge(j) => (None, &j.target, &j.place),
            Act::Rule(r) => (Some((&r.site, &r.round)), &r.target, &r.place),
            _ => {
                standing.push(Stands { at, since: at });
                continue;
            }
        };
        let before = last.get(&key).filter(|before| is_fail(at) && is_fail(before.at)).map(|before| before.since);
        last.insert(key, Stands { at, since: before.unwrap_or(at) });
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
