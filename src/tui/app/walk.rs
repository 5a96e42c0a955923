//! The walk: the list of targets, the verdicts, undo and redo, and the guards against slips.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent};

use crate::archive::History;
use crate::checklist::{Checklist, Target, TargetId};
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::{Act, Drafts, Judgement, Name, Note, Place, Stamp, Verdict, Why};
use crate::session::{Intent, Session, Standing, State};
use crate::store::Settings;
use crate::store::codec::{MAX_BYTES, MAX_EVENTS};
use crate::store::writer::Report;
use crate::text::visible;
use crate::tui::app::counting::Counter;
use crate::tui::app::popup::{Page, PageKind, Pick, PickKind, Popup};
use crate::tui::app::recheck::Recheck;
use crate::tui::app::recording::Turned;
use crate::tui::app::saving::Saving;
use crate::tui::app::{App, Screen};
use crate::tui::keymap::Action;
use crate::tui::{Effect, Now, Opened};

/// The same verdict key within this time of its last press counts once: a held key repeats.
pub const REPEAT_GUARD_MS: u64 = 250;
/// A held key begins to repeat after at most this time.
const KEY_DELAY_MS: u64 = 1_000;
/// A key that comes again within this time repeats because it is held: fingers are slower.
pub const KEY_REPEAT_MS: u64 = 80;
/// More undone at a stretch than this is more than a slip: it is said how it all comes back.
const MANY_UNDONE: usize = 3;
/// When the wall clock and the other one part by more than this between two keys, it is told.
const CLOCK_JUMP_S: i64 = 120;
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
    pub(super) bytes: u64,
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
    /// Whether nothing is open where one stands and nobody has moved the cursor since: it rests on what was judged last,
    /// and a verdict key that comes too late judges nothing.
    pub(super) rests: bool,
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
    /// How many steps were undone one after the other, without anything recorded since.
    pub(super) undone: usize,
    /// How many photographs are being copied.
    pub copying: usize,
    /// Counts under way, by target and place.
    pub(super) counters: BTreeMap<(TargetId, Option<Place>), Counter>,
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
pub struct Guard {
    /// The last press of a key that is guarded.
    last: Option<(Action, u64)>,
    /// The last verdict, if its key had been pressed a moment before: it may be the first repeat of a held key.
    pub(super) doubtful: Option<(Action, u64)>,
    /// When the latest verdicts were given.
    pub(super) times: Vec<u64>,
}

/// What the press of a key is, by when the same key was pressed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Press {
    Meant,
    /// The key is held down.
    Repeat,
    /// It is held down, and the press that was taken for one was its first repeat: what that did is to be turned back.
    SecondRepeat,
}

impl Guard {
    /// A held key repeats after a delay longer than the guard, so that its first repeat is taken for a press; the next one
    /// follows faster than a finger can.
    pub(super) fn press(&mut self, action: Action, now: &Now) -> Press {
        let gap = match self.last.replace((action, now.ms)) {
            Some((last, at)) if last == action => now.ms.saturating_sub(at),
            _ => u64::MAX,
        };
        if gap >= REPEAT_GUARD_MS {
            self.doubtful = (gap <= KEY_DELAY_MS).then_some((action, now.ms));
            return Press::Meant;
        }
        let doubtful = self.doubtful.take().filter(|(_, at)| now.ms.saturating_sub(*at) <= KEY_REPEAT_MS);
        if doubtful.is_some() { Press::SecondRepeat } else { Press::Repeat }
    }
}

/// What turns back what a key did.
pub(super) fn turned_back(action: Action) -> Intent {
    if action == Action::Undo { Intent::Redo } else { Intent::Undo }
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
            rests: false,
            history: History::default(),
            knows_before: false,
            drafts_kept: opened.drafts.clone(),
            drafts: opened.drafts,
            hits: Vec::new(),
            guard: Guard::default(),
            undone: 0,
            copying: 0,
            counters: BTreeMap::new(),
        };
        walk.place = walk.last_place();
        walk.focus_first_open(list);
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

    /// How a target stands here after something was taken back: a note goes one step before its fail does.
    pub fn state_told(&self, target: Option<&TargetId>, lang: Lang) -> String {
        let Some(standing) = target.and_then(|id| self.shown(id)) else {
            return m::UNANSWERED.get(lang).to_owned();
        };
        let word = verdict_name(standing.judgement.verdict).get(lang);
        match &standing.judgement.note {
            Some(note) if has_note(standing.judgement) => format!("{word}: {}", visible(note.as_str())),
            _ if standing.judgement.verdict == Verdict::Fail => format!("{word} ({})", m::NO_NOTE.get(lang)),
            _ => word.to_owned(),
        }
    }

    /// The verdict that stands for a target here, with the time it was given.
    pub fn answer_told(&self, target: &TargetId, lang: Lang) -> Option<String> {
        let standing = self.session.standing(target, self.place.as_ref())?;
        let event = self.session.events().iter().rev().find(|e| e.seq == standing.seq)?;
        Some(format!("{} {}", verdict_name(standing.judgement.verdict).get(lang), event.at.time()))
    }

    /// What a step of undo or redo came to; after many of them, how many and which key brings them back.
    pub fn turned_told(&self, turn: Intent, turned: &Turned, redo: &str, lang: Lang) -> String {
        let id = turned.target.as_ref().map(ToString::to_string).unwrap_or_default();
        let state = self.state_told(turned.target.as_ref(), lang);
        let told = match turn {
            Intent::Redo => m::REDONE,
            _ if self.undone > MANY_UNDONE => m::UNDONE_MANY,
            _ => m::UNDONE,
        };
        told.with(lang, &[("id", &id), ("state", &state), ("n", &self.undone), ("key", &redo)])
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
            self.rests = self.next_elsewhere(list).is_none();
        }
    }

    /// The next thing to look at again, at whatever place.
    pub fn next_elsewhere(&self, list: &Checklist) -> Option<(Option<Place>, usize)> {
        let mut all = self.recheck.as_ref()?.all();
        let open = all.find(|(place, at)| self.session.standing(&list.target(*at).id, *place).is_none())?;
        Some((open.0.cloned(), open.1))
    }

    /// Milliseconds at it so far, this moment included.
    pub fn active_ms(&self, now: &Now) -> u64 {
        let since = self.session.events().last().map_or(0, |e| now.ms.saturating_sub(e.ms));
        self.session.active_ms() + since
    }

    /// The target judged last where the inspector stands, if its verdict still stands.
    pub fn judged_last(&self) -> Option<&TargetId> {
        let events = self.session.events().iter().rev().filter(|e| !self.session.is_taken_back(e));
        let judged = events.filter_map(|e| match &e.act {
            Act::Judge(j) if j.place == self.place => Some(&j.target),
            _ => None,
        });
        let mut standing = judged.filter(|id| self.session.standing(id, self.place.as_ref()).is_some());
        standing.next()
    }

    /// Goes to a place, or to none, and to the first unanswered target there.
    pub fn stand_at(&mut self, place: Option<Place>, list: &Checklist) {
        self.place = place;
        self.filter = Filter::All;
        self.focus_first_open(list);
    }

    /// To the first target that is open where one stands; where none is, the cursor only rests on the first.
    fn focus_first_open(&mut self, list: &Checklist) {
        let first = self.next_unanswered(list, list.len() - 1);
        let listed = || self.listed(list).first().copied().unwrap_or(0);
        self.focus = first.unwrap_or_else(listed);
        self.rests = first.is_none();
    }

    /// Whether verdict keys judge nothing until the cursor is moved.
    pub fn rests(&self) -> bool {
        self.rests && self.writable
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
        (self.focus, self.rests) = (at, false);
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
        let judges = matches!(action, A::Pass | A::Fail | A::Na | A::Unseen | A::Clear | A::Repeat);
        let writes = judges || matches!(action, A::Note | A::Phrases | A::Photos | A::Count | A::Undo | A::Redo);
        match &self.screen {
            Screen::Walk(_) if let Some(Popup::Note(note)) = &self.popup => note.has_use_of(action),
            Screen::Walk(walk) if walk.rests() => !judges && !matches!(action, A::Reopen | A::Note),
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
        let rests = self.walk().is_some_and(|w| w.rests());
        match action {
            // Where all is done there is no note to open but the last one's: one goes on.
            Some(Action::Note) if rests && key.code == KeyCode::Enter => {
                self.go_on_from_done();
                Vec::new()
            }
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
            A::Undo | A::Redo => return self.turn_key(action, now),
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

    /// Ends or pauses the walk whatever the disk says; what cannot be saved is rescued when the program ends. To finish it
    /// accepts the notes that were left; a pause keeps them as they are.
    pub(super) fn leave_walk(&mut self, why: Why, then: Then, now: &Now) -> Vec<Effect> {
        let counted = self.counted();
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let (mut effects, mut noted) = (Vec::new(), 0);
        if walk.writable && walk.session.state() == State::Open {
            if why == Why::Finished {
                (effects, noted) = walk.record_loose_notes(&counted, now);
            }
            effects.push(walk.record(Act::End { why: Some(why) }, now));
        }
        self.popup = None;
        self.message = None;
        if noted > 0 {
            self.tell(m::DRAFTS_RECORDED.with(self.lang, &[("n", &noted)]));
        }
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
