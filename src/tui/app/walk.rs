//! The walk: the list of targets, the verdicts, undo and redo, and the guards against slips.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::archive::{History, Known};
use crate::checklist::{Checklist, Target, TargetId};
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::{Act, Drafts, Event, Judgement, Measure, Name, Note, Place, Stamp, Verdict, Why};
use crate::session::{Intent, Session, Standing, State};
use crate::store::Settings;
use crate::store::codec::{self, MAX_BYTES, MAX_EVENTS};
use crate::store::writer::Report;
use crate::text::visible;
use crate::tui::app::counting::Counter;
use crate::tui::app::popup::{Page, PageKind, Pick, PickKind, Popup};
use crate::tui::app::recheck::Recheck;
use crate::tui::app::saving::Saving;
use crate::tui::app::{App, Screen};
use crate::tui::keymap::Action;
use crate::tui::{Effect, Now, Opened};

/// The same verdict key within this time of its last press counts once: a held key repeats.
pub const REPEAT_GUARD_MS: u64 = 250;
/// A key that comes again within this time repeats because it is held: fingers are slower.
pub const KEY_REPEAT_MS: u64 = 80;
/// When the wall clock and the other one part by more than this between two keys, it is told.
const CLOCK_JUMP_S: i64 = 120;
/// How many earlier notes are offered.
const EARLIER_NOTES: usize = 50;
/// A log takes no more than what can be read again; some room is kept for its end.
const FULL_EVENTS: usize = MAX_EVENTS - 100;
const FULL_BYTES: u64 = MAX_BYTES - (1 << 20);

/// An open walk and what of it is on the screen.
#[derive(Debug)]
pub struct Walk {
    pub session: Session,
    pub path: PathBuf,
    pub writable: bool,
    pub saving: Saving,
    /// About how large the log is.
    bytes: u64,
    /// The wall clock and the other one at the last key: when they part, somebody set the clock or the machine slept.
    clocks: (i64, u64),
    /// Whether it was said already that the clock is wrong.
    clock_told: bool,
    /// Where the inspector stands; none is the whole site.
    pub place: Option<Place>,
    /// What is listed where the walk looks again at what is open.
    pub recheck: Option<Recheck>,
    pub filter: Filter,
    /// The focused target, in reading order.
    pub focus: usize,
    pub history: History,
    /// Whether that has been read.
    pub knows_before: bool,
    /// Notes that were typed and not accepted.
    pub drafts: Drafts,
    /// The drafts as they are on the disk, the one being typed among them.
    pub(super) drafts_kept: Drafts,
    /// What the last search found.
    pub hits: Vec<usize>,
    pub(super) guard: Guard,
    /// How many photographs are being copied.
    pub(super) copying: usize,
    /// Counts under way, by target and place.
    pub(super) counters: BTreeMap<(TargetId, Option<Place>), Counter>,
}

/// Who must put a fault right, and by when where that is not the target's own time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duty {
    pub unit: Option<Name>,
    /// A day, `2020-08-23`.
    pub due: Option<Name>,
}

impl Duty {
    /// The days after today that one key goes through.
    const DAYS: [i64; 5] = [0, 1, 3, 7, 30];

    /// Goes on to a later day, at last back to the target's own time.
    pub(super) fn next_due(&mut self, today: Date) {
        let set = self.due.as_ref().and_then(|due| due.as_str().parse::<Date>().ok());
        let days = Self::DAYS.iter().filter_map(|n| today.checked_add(n.days()).ok());
        let next = days.into_iter().find(|day| set.is_none_or(|set| *day > set));
        self.due = next.and_then(|day| Name::try_from(day.to_string()).ok());
    }
}

/// A step that was taken back or again: what to write, and the target it was about.
#[derive(Debug)]
pub struct Turned {
    pub effects: Vec<Effect>,
    pub target: Option<TargetId>,
    /// That target, in reading order, where the checklist has it.
    pub at: Option<usize>,
}

/// Which targets are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    All,
    Unanswered,
    Failed,
    WithoutNote,
    Different,
}

impl Filter {
    pub const ALL: [Self; 5] = [Self::All, Self::Unanswered, Self::Failed, Self::WithoutNote, Self::Different];

    pub fn name(self) -> Msg {
        match self {
            Self::All => m::FILTER_ALL,
            Self::Unanswered => m::FILTER_UNANSWERED,
            Self::Failed => m::FILTER_FAILED,
            Self::WithoutNote => m::FILTER_WITHOUT_NOTE,
            Self::Different => m::FILTER_DIFFERENT,
        }
    }
}

/// What the guards against slips remember.
#[derive(Debug, Default)]
pub(super) struct Guard {
    /// The last press of a verdict key.
    pub(super) last: Option<(Action, u64)>,
    /// The last verdict, if its key had been pressed a moment before: it may be the first repeat of a held key.
    pub(super) doubtful: Option<(Action, u64)>,
    /// When the latest verdicts were given.
    pub(super) times: Vec<u64>,
}

/// How many targets of a group are answered, and how many of those fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub done: usize,
    pub total: usize,
    pub fails: usize,
}

impl Walk {
    /// Opens a log; one that is taken up again says so in the log.
    pub fn open(opened: Opened, list: &Checklist, now: &Now) -> (Self, Option<Effect>) {
        let resumed = opened.resumed;
        let mut walk = Self {
            session: opened.session,
            path: opened.path,
            writable: opened.writable,
            saving: Saving::new(opened.saved, now),
            bytes: opened.bytes,
            clocks: (now.stamp.seconds(), now.ms),
            clock_told: false,
            place: None,
            recheck: None,
            filter: Filter::All,
            focus: 0,
            history: History::default(),
            knows_before: false,
            drafts_kept: opened.drafts.clone(),
            drafts: opened.drafts,
            hits: Vec::new(),
            guard: Guard::default(),
            copying: 0,
            counters: BTreeMap::new(),
        };
        walk.place = walk.last_place();
        walk.focus = walk.next_unanswered(list, list.len() - 1).unwrap_or(0);
        let effect = resumed.map(|why| walk.record(Act::Resume { why: Some(why) }, now));
        (walk, effect)
    }

    /// Where the last verdict was given: a walk that is taken up again goes on there.
    fn last_place(&self) -> Option<Place> {
        self.session.events().iter().rev().find_map(|e| match &e.act {
            Act::Judge(j) => Some(j.place.clone()),
            _ => None,
        })?
    }

    pub fn site(&self) -> &str {
        self.session.head.site.as_ref().map_or("", |s| s.id.as_str())
    }

    /// Takes in what the writer thread says.
    pub fn reported(&mut self, report: Report, now: &Now) {
        self.saving.reported(report, self.session.events().len(), now);
    }

    /// How long the disk may still take before it counts as not answering.
    pub fn patience(&self, now: &Now) -> Option<u64> {
        self.saving.patience(now)
    }

    /// The disk has not answered for too long: what is not known to be saved is not saved.
    pub fn lose_patience(&mut self, now: &Now) {
        self.saving.lose_patience(&self.path, now);
    }

    /// The log goes on under another path, saved up to now.
    pub fn moved(&mut self, path: PathBuf, now: &Now) {
        self.path = path;
        self.reported(Report::Saved { events: self.session.events().len() }, now);
    }

    /// Whether the log has grown as large as a log may be.
    pub fn is_full(&self) -> bool {
        self.session.events().len() >= FULL_EVENTS || self.bytes >= FULL_BYTES
    }

    /// How many events are not known to be on the disk.
    pub fn at_risk(&self) -> usize {
        self.session.events().len() - self.saving.saved
    }

    /// Whether everything that happened is on the disk.
    pub fn is_saved(&self) -> bool {
        self.saving.is_saved(self.session.events().len())
    }

    /// Whether a target applies where the inspector stands.
    pub fn applies(&self, list: &Checklist, target: &Target) -> bool {
        if let Some(recheck) = &self.recheck {
            return list.position(&target.id).is_some_and(|at| recheck.item(self.place.as_ref(), at).is_some());
        }
        self.place.as_ref().is_none_or(|p| target.applies_at(p.kind.as_str()))
    }

    /// How a target stands here: at the place, or over all places where none is set.
    pub fn verdict(&self, target: &TargetId) -> Option<Verdict> {
        match &self.place {
            Some(place) => self.session.standing(target, Some(place)).map(|s| s.judgement.verdict),
            // What is looked at again for the whole site is judged there, not at its places.
            None if self.recheck.is_some() => self.session.standing(target, None).map(|s| s.judgement.verdict),
            None => self.session.verdict(target),
        }
    }

    /// The judgement shown for a target here: at the place, else for the whole site, else the place that decides.
    pub fn shown(&self, target: &TargetId) -> Option<Standing<'_>> {
        if self.place.is_some() {
            return self.session.standing(target, self.place.as_ref());
        }
        let verdict = self.session.verdict(target);
        let deciding = self.session.standings_of(target).find(|s| Some(s.judgement.verdict) == verdict);
        self.session.standing(target, None).filter(|s| Some(s.judgement.verdict) == verdict).or(deciding)
    }

    /// The targets that are listed, in reading order.
    pub fn listed(&self, list: &Checklist) -> Vec<usize> {
        list.targets()
            .enumerate()
            .filter(|(_, t)| self.applies(list, t) && self.passes_filter(t))
            .map(|(at, _)| at)
            .collect()
    }

    pub(super) fn passes_filter(&self, target: &Target) -> bool {
        let verdict = || self.verdict(&target.id);
        match self.filter {
            Filter::All => true,
            Filter::Unanswered => verdict().is_none(),
            Filter::Failed => verdict() == Some(Verdict::Fail),
            Filter::WithoutNote => {
                self.shown(&target.id).is_some_and(|s| s.judgement.verdict == Verdict::Fail && !has_note(s.judgement))
            }
            Filter::Different => {
                let last = self.history.last(&target.id, self.place.as_ref());
                verdict().is_some_and(|v| last.is_some_and(|k| k.verdict != v))
            }
        }
    }

    /// Counts the targets of a category that apply here.
    pub fn count(&self, list: &Checklist, category: usize) -> Count {
        self.count_of(list.categories[category].targets.iter().filter(|t| self.applies(list, t)))
    }

    /// Counts everything that applies here.
    pub fn count_here(&self, list: &Checklist) -> Count {
        self.count_of(list.targets().filter(|t| self.applies(list, t)))
    }

    fn count_of<'a>(&self, targets: impl Iterator<Item = &'a Target>) -> Count {
        targets.fold(Count::default(), |count, target| self.add_to(count, self.verdict(&target.id)))
    }

    /// Counts all targets of the checklist over all places.
    pub fn count_all(&self, list: &Checklist) -> Count {
        if let Some(recheck) = &self.recheck {
            return recheck.all().fold(Count::default(), |count, (place, at)| {
                let standing = self.session.standing(&list.target(at).id, place);
                self.add_to(count, standing.map(|s| s.judgement.verdict))
            });
        }
        list.targets().fold(Count::default(), |count, t| self.add_to(count, self.session.verdict(&t.id)))
    }

    fn add_to(&self, count: Count, verdict: Option<Verdict>) -> Count {
        Count {
            done: count.done + usize::from(verdict.is_some()),
            total: count.total + 1,
            fails: count.fails + usize::from(verdict == Some(Verdict::Fail)),
        }
    }

    /// The next unanswered target after a place in reading order, going round at the end.
    pub fn next_unanswered(&self, list: &Checklist, after: usize) -> Option<usize> {
        let n = list.len();
        (1..=n).map(|step| (after + step) % n).find(|at| {
            let target = list.target(*at);
            self.applies(list, target) && self.verdict(&target.id).is_none()
        })
    }

    /// Begins to look again at what is open, where the first of it is.
    pub fn look_again(&mut self, recheck: Recheck, list: &Checklist) {
        self.recheck = Some(recheck);
        let next = self.next_elsewhere(list).or_else(|| {
            let first = self.recheck.as_ref()?.all().next()?;
            Some((first.0.cloned(), first.1))
        });
        if let Some((place, at)) = next {
            (self.place, self.focus) = (place, at);
        }
    }

    /// The next thing to look at again, at whatever place.
    pub(super) fn next_elsewhere(&self, list: &Checklist) -> Option<(Option<Place>, usize)> {
        let mut all = self.recheck.as_ref()?.all();
        let open = all.find(|(place, at)| self.session.standing(&list.target(*at).id, *place).is_none())?;
        Some((open.0.cloned(), open.1))
    }

    /// Fails that stand, in reading order, with their places.
    pub fn fails(&self, list: &Checklist) -> Vec<(usize, Standing<'_>)> {
        let mut fails: Vec<(usize, Standing)> = self
            .session
            .standings()
            .filter(|s| s.judgement.verdict == Verdict::Fail)
            .filter_map(|s| Some((list.position(&s.judgement.target)?, s)))
            .collect();
        fails.sort_by_key(|(at, s)| (*at, s.seq));
        fails
    }

    /// What was failing here before and has not been judged again at its place in this walk, in reading order.
    pub fn open_before(&self, list: &Checklist) -> Vec<(usize, &Known)> {
        let judged = |id: &TargetId, known: &Known| self.session.standing(id, known.place.as_ref()).is_some();
        let failing = self.history.still_failing().into_iter().filter(|(id, known)| !judged(id, known));
        let mut open: Vec<(usize, &Known)> = failing.filter_map(|(id, k)| Some((list.position(id)?, k))).collect();
        open.sort_by_key(|(at, _)| *at);
        open
    }

    /// At the places of this walk: how many of the targets that apply there are judged.
    pub fn count_pairs(&self, list: &Checklist) -> Count {
        let mut count = Count::default();
        for (place, own) in self.by_place() {
            count.total += list.count_at(place.kind.as_str());
            let applies = |s: &&Standing| {
                let target = list.position(&s.judgement.target).map(|at| list.target(at));
                target.is_some_and(|t| t.applies_at(place.kind.as_str()))
            };
            count.done += own.iter().filter(applies).count();
            count.fails += own.iter().filter(|s| s.judgement.verdict == Verdict::Fail).count();
        }
        count
    }

    /// The places of this walk with what stands at each, in the order of the places.
    pub fn by_place(&self) -> BTreeMap<&Place, Vec<Standing<'_>>> {
        let mut places: BTreeMap<&Place, Vec<Standing>> = BTreeMap::new();
        for standing in self.session.standings() {
            if let Some(place) = standing.judgement.place.as_ref() {
                places.entry(place).or_default().push(standing);
            }
        }
        places
    }

    /// The last thing known of a target here; where it is looked at again, of this very place only.
    pub fn last_known(&self, target: &TargetId) -> Option<&Known> {
        match &self.recheck {
            Some(_) => self.history.of(target).iter().find(|k| k.place == self.place),
            None => self.history.last(target, self.place.as_ref()),
        }
    }

    /// The places of this walk and of earlier ones, the latest first.
    pub fn places(&self, list: &Checklist) -> Vec<Place> {
        if let Some(recheck) = &self.recheck {
            let mut places: Vec<Place> = recheck.all().filter_map(|(place, _)| place.cloned()).collect();
            places.dedup();
            return places;
        }
        let here = self.session.events().iter().rev().filter_map(|e| match &e.act {
            Act::Judge(j) => j.place.clone(),
            _ => None,
        });
        let before = list.targets().flat_map(|t| self.history.of(&t.id)).filter_map(|k| k.place.clone());
        let mut seen = HashSet::new();
        self.place.clone().into_iter().chain(here).chain(before).filter(|p| seen.insert(p.clone())).collect()
    }

    /// Notes typed earlier: for this target here, then in this walk, then at this site; the newest first.
    pub fn earlier_notes(&self, target: &TargetId) -> Vec<String> {
        let said = |act: &Act| match act {
            Act::Judge(j) => j.note.clone().map(|n| (j.target.clone(), n)),
            Act::Remark { target, note, .. } => target.clone().map(|t| (t, note.clone())),
            _ => None,
        };
        let walk: Vec<(TargetId, Note)> = self.session.events().iter().rev().filter_map(|e| said(&e.act)).collect();
        let own = walk.iter().filter(|(t, _)| t == target).map(|(_, n)| n);
        let before = self.history.of(target).iter().filter_map(|k| k.note.as_ref());
        let others = walk.iter().filter(|(t, _)| t != target).map(|(_, n)| n);
        let all = own.chain(before).chain(others).map(Note::as_str).filter(|n| !n.is_empty());
        let mut seen = HashSet::new();
        all.filter(|n| seen.insert(*n)).take(EARLIER_NOTES).map(str::to_owned).collect()
    }

    /// Milliseconds at it so far, this moment included.
    pub fn active_ms(&self, now: &Now) -> u64 {
        let since = self.session.events().last().map_or(0, |e| now.ms.saturating_sub(e.ms));
        self.session.active_ms() + since
    }

    /// Writes down what happened.
    pub fn record(&mut self, act: Act, now: &Now) -> Effect {
        self.record_as(act, Intent::New, now)
    }

    pub(super) fn record_as(&mut self, act: Act, intent: Intent, now: &Now) -> Effect {
        let event = Event { seq: self.session.next_seq(), at: now.stamp.clone(), ms: now.ms, act };
        self.session.apply_as(event.clone(), intent);
        self.saving.handed_over(now);
        self.bytes += codec::line_length(&event);
        Effect::Append(event)
    }

    /// Judges a target where the inspector stands. What went with the same verdict before goes with it again; a new fail
    /// goes to the unit that was named for this target last.
    pub fn judge(&mut self, target: &TargetId, verdict: Verdict, note: Option<Note>, now: &Now) -> Effect {
        let duty = self.duty(target, verdict);
        self.judge_with(target, verdict, note, duty, now)
    }

    pub(super) fn judge_with(
        &mut self,
        target: &TargetId,
        verdict: Verdict,
        note: Option<Note>,
        duty: Duty,
        now: &Now,
    ) -> Effect {
        let standing = self.session.standing(target, self.place.as_ref()).map(|s| s.judgement);
        let photos = standing.filter(|j| j.verdict == verdict).map(|j| j.photos.clone()).unwrap_or_default();
        let (target, place) = (target.clone(), self.place.clone());
        let measure = standing.filter(|j| j.verdict == verdict).map(|j| j.measure.clone()).unwrap_or_default();
        let judgement = Judgement { target, verdict, place, note, unit: duty.unit, due: duty.due, photos, measure };
        self.record(Act::Judge(judgement), now)
    }

    /// Judges by what was counted.
    pub(super) fn judge_counted(
        &mut self,
        target: &TargetId,
        verdict: Verdict,
        note: Option<Note>,
        measure: Vec<Measure>,
        now: &Now,
    ) -> Effect {
        let duty = self.duty(target, verdict);
        let (target, place) = (target.clone(), self.place.clone());
        let (unit, due, photos) = (duty.unit, duty.due, Vec::new());
        self.record(Act::Judge(Judgement { target, verdict, place, note, unit, due, photos, measure }), now)
    }

    /// Who must put a fault right, and by when: as it stands, else as it was last for this target.
    pub(super) fn duty(&self, target: &TargetId, verdict: Verdict) -> Duty {
        if verdict != Verdict::Fail {
            return Duty::default();
        }
        let standing = self.session.standing(target, self.place.as_ref()).map(|s| s.judgement);
        match standing.filter(|j| j.verdict == verdict) {
            Some(judgement) => Duty { unit: judgement.unit.clone(), due: judgement.due.clone() },
            None => Duty { unit: self.last_unit(target), due: None },
        }
    }

    fn last_unit(&self, target: &TargetId) -> Option<Name> {
        let here = self.named_units().find(|(id, _)| *id == target).map(|(_, unit)| unit);
        here.or_else(|| self.history.of(target).iter().find_map(|k| k.unit.as_ref())).cloned()
    }

    /// The units named in this walk, the latest first.
    fn named_units(&self) -> impl Iterator<Item = (&TargetId, &Name)> {
        self.session.events().iter().rev().filter_map(|e| match &e.act {
            Act::Judge(j) => Some((&j.target, j.unit.as_ref()?)),
            _ => None,
        })
    }

    /// The units known at this site, those of this walk first.
    pub fn units(&self) -> Vec<Name> {
        let here = self.named_units().map(|(_, unit)| unit);
        let before = self.history.all().filter_map(|k| k.unit.as_ref());
        let mut seen = HashSet::new();
        here.chain(before).filter(|unit| seen.insert(*unit)).cloned().collect()
    }

    /// Gives a verdict without a note; the same verdict again keeps its note and writes nothing.
    pub fn judge_anew(&mut self, target: &TargetId, verdict: Verdict, now: &Now) -> Option<Effect> {
        let before = self.session.standing(target, self.place.as_ref()).map(|s| s.judgement.verdict);
        (before != Some(verdict)).then(|| self.judge(target, verdict, None, now))
    }

    /// Writes a note: of a verdict that stands here, else a remark.
    pub fn write_note(&mut self, target: &TargetId, verdict: Option<Verdict>, note: Note, now: &Now) -> Effect {
        let duty = verdict.map_or_else(Duty::default, |v| self.duty(target, v));
        self.write_note_for(target, verdict, note, duty, now)
    }

    pub(super) fn write_note_for(
        &mut self,
        target: &TargetId,
        verdict: Option<Verdict>,
        note: Note,
        duty: Duty,
        now: &Now,
    ) -> Effect {
        match verdict {
            Some(verdict) => {
                let some = (!note.as_str().is_empty()).then_some(note);
                self.judge_with(target, verdict, some, duty, now)
            }
            None => {
                let place = self.place.clone();
                self.record(Act::Remark { target: Some(target.clone()), place, note }, now)
            }
        }
    }

    /// Takes the last step back, or takes it again, and goes where it was; none where there is nothing to turn.
    pub fn turn(&mut self, turn: Intent, list: &Checklist, now: &Now) -> Option<Turned> {
        let step = match turn {
            Intent::Redo => self.session.redo(),
            _ => self.session.undo(),
        }?;
        let effects = step.acts.into_iter().map(|act| self.record_as(act, turn, now)).collect();
        self.place = step.place;
        let at = step.target.as_ref().and_then(|id| list.position(id));
        if let Some(at) = at {
            self.jump(list, at);
        }
        Some(Turned { effects, target: step.target, at })
    }

    /// Goes to a place, or to none, and to the first unanswered target there.
    pub fn stand_at(&mut self, place: Option<Place>, list: &Checklist) {
        self.place = place;
        self.filter = Filter::All;
        self.focus = self.next_unanswered(list, list.len() - 1).unwrap_or(0);
    }

    /// By how many minutes the wall clock has moved against the other one since this was asked last, where that is much.
    pub fn clock_jump(&mut self, now: &Now) -> Option<i64> {
        let (wall, ms) = std::mem::replace(&mut self.clocks, (now.stamp.seconds(), now.ms));
        let passed = i64::try_from(now.ms.saturating_sub(ms) / 1000).unwrap_or(i64::MAX);
        let jump = now.stamp.seconds() - wall - passed;
        (jump.abs() > CLOCK_JUMP_S).then_some(jump / 60)
    }

    /// What is wrong with the clock, said once: it is before this version was made, or behind the log's last event.
    pub fn clock_fault(&mut self, made: &Stamp, now: &Now) -> Option<Msg> {
        if !self.writable || self.clock_told {
            return None;
        }
        let newest = self.session.events().iter().map(|e| e.at.seconds()).max().unwrap_or(0);
        let newest = newest.max(self.history.newest());
        let fault = if now.stamp.seconds() < made.seconds() {
            m::CLOCK_OLD
        } else if now.stamp.seconds() + CLOCK_JUMP_S < newest {
            m::CLOCK_BEHIND
        } else {
            return None;
        };
        self.clock_told = true;
        Some(fault)
    }

    /// Lets the next walk offer the same inspector and site.
    pub fn remember_in(&self, settings: &mut Settings) {
        if self.writable {
            settings.by = Some(self.session.head.by.clone());
            settings.site = self.session.head.site.as_ref().map(|s| s.id.clone());
        }
    }

    /// Moves to a target, leaving filter and place where they hide it.
    pub fn jump(&mut self, list: &Checklist, at: usize) {
        self.focus = at;
        let target = list.target(at);
        if !self.applies(list, target) {
            self.place = None;
        }
        if !self.passes_filter(target) {
            self.filter = Filter::All;
        }
    }

    /// Where a draft for a target is kept: at the place where one stands.
    pub fn draft_key(&self, target: &TargetId) -> (TargetId, Option<Place>) {
        (target.clone(), self.place.clone())
    }

    /// The remark on a target here, the latest.
    pub fn remark(&self, target: &TargetId) -> Option<&Note> {
        self.session.remark(target, self.place.as_ref())
    }

    /// The place of the focus in the list; past its end where the list is empty.
    pub fn cursor(&self, listed: &[usize]) -> usize {
        listed.partition_point(|at| *at < self.focus).min(listed.len().saturating_sub(1))
    }
}

pub fn has_note(judgement: &Judgement) -> bool {
    judgement.note.as_ref().is_some_and(|n| !n.as_str().trim().is_empty())
}

/// Makes a place of a type and a typed name.
pub fn named_place(kind: &str, name: &str) -> Option<Place> {
    let name = name.trim();
    let name = (!name.is_empty()).then(|| Name::try_from(name)).transpose().ok()?;
    Some(Place { kind: kind.try_into().ok()?, name })
}

/// The word for a verdict.
pub fn verdict_name(verdict: Verdict) -> Msg {
    match verdict {
        Verdict::Pass => m::PASS,
        Verdict::Fail => m::FAIL,
        Verdict::Na => m::NA,
        Verdict::Unseen => m::UNSEEN,
    }
}

/// A place as it is shown: its name, else what kind it is.
pub fn place_name(list: &Checklist, place: &Place, lang: Lang) -> String {
    let kind = list.place_type(place.kind.as_str()).map_or(place.kind.as_str(), |t| t.name.get(lang));
    match &place.name {
        Some(name) => format!("{kind} {}", visible(name.as_str())),
        None => visible(kind).into_owned(),
    }
}

impl App {
    /// Whether a key of the walk does something now; the key bar leaves out the others.
    pub fn is_of_use(&self, action: Action) -> bool {
        use Action as A;
        let writes = matches!(
            action,
            A::Pass
                | A::Fail
                | A::Na
                | A::Unseen
                | A::Clear
                | A::Note
                | A::Repeat
                | A::Phrases
                | A::Photos
                | A::Count
                | A::Undo
                | A::Redo
        );
        match &self.screen {
            Screen::Walk(walk) if walk.writable => action != A::Reopen,
            Screen::Walk(_) => !writes,
            Screen::Review(review) => self.is_of_use_in_review(review, action),
            Screen::Home(_) | Screen::Wizard(_) => true,
        }
    }

    pub(super) fn walk(&mut self) -> Option<&mut Walk> {
        match &mut self.screen {
            Screen::Walk(walk) => Some(walk),
            _ => None,
        }
    }

    pub(super) fn walk_key(&mut self, action: Option<Action>, key: KeyEvent, now: &Now) -> Vec<Effect> {
        let looking = self.walk().is_some_and(|w| !w.writable);
        match action {
            Some(action) => self.command(action, now),
            None if looking && key.code == KeyCode::Esc => self.close_to_home(),
            None => {
                self.unknown_key(key);
                Vec::new()
            }
        }
    }

    /// Does what a key or a row of the palette asks for.
    pub(super) fn command(&mut self, action: Action, now: &Now) -> Vec<Effect> {
        use Action as A;
        match action {
            A::Pass => return self.verdict_key(action, Verdict::Pass, now),
            A::Fail => return self.verdict_key(action, Verdict::Fail, now),
            A::Na => return self.verdict_key(action, Verdict::Na, now),
            A::Unseen => return self.verdict_key(action, Verdict::Unseen, now),
            A::Clear => return self.clear(now),
            A::Repeat => return self.repeat_note(now),
            A::Undo => return self.turn(now, Intent::Undo),
            A::Redo => return self.turn(now, Intent::Redo),
            A::Reopen => return self.reopen(),
            A::Photos => return self.open_photos(),
            A::Count => self.open_counter(),
            A::Next => self.go_to_next(),
            A::Note => self.open_note(),
            A::Phrases => self.open_phrases(),
            A::Up | A::Down | A::PageUp | A::PageDown | A::First | A::Last => self.move_focus(action),
            A::PreviousCategory | A::NextCategory => self.move_category(action),
            A::NextHit | A::PreviousHit => self.move_hit(action),
            A::Filter => self.next_filter(),
            A::Places => self.pick(PickKind::Places),
            A::Search => self.pick(PickKind::Search),
            A::Failures => self.pick(PickKind::Failures),
            A::Overview => self.pick(PickKind::Overview),
            A::Palette => self.pick(PickKind::Palette),
            A::Summary if self.walk().is_some_and(|w| !w.writable) => return self.close_to_home(),
            A::Summary => self.pick(PickKind::Summary),
            A::SwitchSite => self.pick(PickKind::SwitchSite),
            A::Big => self.turn_card(),
            A::Card => self.page(PageKind::Card),
            A::History => self.page(PageKind::History),
            A::Time => {
                let at = now.clone();
                self.page(PageKind::Time(at));
            }
            A::Help => self.popup = Some(Popup::Page(Page::help())),
            // Keys of other screens.
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn pick(&mut self, kind: PickKind) {
        let pick = Pick::new(kind, self);
        self.popup = Some(Popup::Pick(pick));
    }

    fn page(&mut self, kind: PageKind) {
        self.popup = Some(Popup::Page(Page { kind, scroll: 0, filter: None }));
    }

    /// From the list to the big card or back; how one sees it stays for the next walk.
    fn turn_card(&mut self) {
        self.big = !self.big;
        if self.big {
            self.tell(m::BIG_SHOWN.get(self.lang).to_owned());
        }
    }

    fn reopen(&mut self) -> Vec<Effect> {
        match self.walk() {
            Some(walk) if !walk.writable => vec![Effect::Resume(walk.path.clone(), Why::Reopened)],
            _ => {
                self.tell(m::NOT_FINISHED.get(self.lang).to_owned());
                Vec::new()
            }
        }
    }

    /// Ends or pauses the walk and goes where the inspector wants next; with something unsaved it asks first.
    pub(super) fn end_walk(&mut self, why: Why, then: Then, now: &Now) -> Vec<Effect> {
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        if walk.copying > 0 {
            // Asked for once more, it is left all the same: a camera that was pulled out never answers.
            walk.copying = 0;
            self.warn(m::PHOTO_STILL_COPYING.get(self.lang).to_owned());
            return Vec::new();
        }
        if walk.saving.failing.is_some() && walk.writable {
            self.popup = Some(Popup::Pick(Pick::unsaved(why, then)));
            return Vec::new();
        }
        self.leave_walk(why, then, now)
    }

    /// Ends or pauses the walk whatever the disk says; what cannot be saved is rescued when the program ends.
    pub(super) fn leave_walk(&mut self, why: Why, then: Then, now: &Now) -> Vec<Effect> {
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        if walk.writable && walk.session.state() == State::Open {
            effects.push(walk.record(Act::End { why: Some(why) }, now));
        }
        self.popup = None;
        self.message = None;
        match then {
            Then::Home => effects.extend(self.close_to_home()),
            Then::NextSite => {
                effects.push(Effect::Close);
                self.new_walk();
            }
            Then::Exit => effects.extend(self.leave()),
        }
        effects
    }

    /// Says once when the wall clock has moved against the other one; no order and no verdict depends on it.
    pub(super) fn watch_clock(&mut self, now: &Now) {
        let Some(walk) = self.walk() else {
            return;
        };
        if let Some(minutes) = walk.clock_jump(now) {
            self.warn_too(&m::CLOCK_JUMPED.with(self.lang, &[("n", &minutes)]));
        }
    }

    /// Says when a walk begins that the clock is wrong: before this version was made, or behind the log's last event.
    pub(super) fn check_clock(&mut self, now: &Now) {
        let made = self.made.clone();
        if let Some(fault) = self.walk().and_then(|walk| walk.clock_fault(&made, now)) {
            self.warn_too(&fault.with(self.lang, &[("at", &now.stamp.date())]));
        }
    }
}

/// Where to after a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Home,
    NextSite,
    Exit,
}
