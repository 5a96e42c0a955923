//! The supervisor's screen: overview, disputes, cases, people, inputs. A ruling is an event of a review session of its
//! own, which begins with the first one.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent};
use jiff::civil::Date;

use crate::archive::cases::{Case, CaseState};
use crate::archive::reading::{Cell, Key, Outcome, Reading, State};
use crate::checklist::TargetId;
use crate::i18n::{Msg, messages as m};
use crate::log::{Act, Code, Event, EventRef, MAX_NOTE, Name, Note, Person, Place, Ruling, Verdict, Why};
use crate::report::{self, Overview, PersonRow, Rounds};
use crate::session::{Intent, Session};
use crate::store::inputs::Inputs;
use crate::text::visible;
use crate::tui::app::popup::{Page, PageKind, Popup};
use crate::tui::app::saving::Saving;
use crate::tui::app::walk::verdict_name;
use crate::tui::app::{App, Screen};
use crate::tui::field::Field;
use crate::tui::keymap::{self, Action};
use crate::tui::{Effect, Now};

/// How many rows a page key moves.
const PAGE: usize = 10;

/// What a review begins with.
#[derive(Debug)]
pub struct Start {
    pub inputs: Inputs,
    pub by: Person,
    /// The day for which "overdue" is told.
    pub as_of: Date,
}

/// An open review.
#[derive(Debug)]
pub struct Review {
    pub reading: Reading,
    pub inputs: Inputs,
    pub by: Person,
    pub as_of: Date,
    /// The log of the rulings, once there is one.
    pub own: Option<Own>,
    /// What is to be written as soon as there is a log.
    waiting: Vec<Act>,
    pub tab: Tab,
    cursors: [usize; Tab::ALL.len()],
    pub rounds: Rounds,
    /// The site whose targets are listed in the overview.
    pub site: Option<Code>,
    site_cursor: usize,
    pub disputes_shown: DisputesShown,
    pub cases_shown: CasesShown,
    pub cases_order: CasesOrder,
    // Computed from the reading whenever it changes.
    pub overview: Overview,
    pub disputes: Vec<Key>,
    pub open_disputes: usize,
    pub cases: Vec<Case>,
    pub people: Vec<PersonRow>,
    all_rounds: Vec<Name>,
}

/// The log of a review.
#[derive(Debug)]
pub struct Own {
    pub session: Session,
    pub path: PathBuf,
    pub saving: Saving,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Overview,
    Disputes,
    Cases,
    People,
    Inputs,
}

/// Which disputes are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputesShown {
    Open,
    SentBack,
    Ruled,
    All,
}

/// Which cases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CasesShown {
    NotVerified,
    Overdue,
    Claimed,
    Back,
    Verified,
    All,
}

/// In which order cases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CasesOrder {
    /// The longest overdue first.
    Due,
    /// By the unit that must put them right.
    Unit,
    Site,
}

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

impl Tab {
    pub const ALL: [Self; 5] = [Self::Overview, Self::Disputes, Self::Cases, Self::People, Self::Inputs];

    pub fn name(self) -> Msg {
        match self {
            Self::Overview => m::TAB_OVERVIEW,
            Self::Disputes => m::TAB_DISPUTES,
            Self::Cases => m::TAB_CASES,
            Self::People => m::TAB_PEOPLE,
            Self::Inputs => m::TAB_INPUTS,
        }
    }
}

impl DisputesShown {
    pub fn name(self) -> Msg {
        match self {
            Self::Open => m::SHOWN_OPEN,
            Self::SentBack => m::OUTCOME_SENT_BACK,
            Self::Ruled => m::SHOWN_RULED,
            Self::All => m::FILTER_ALL,
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Open => Self::SentBack,
            Self::SentBack => Self::Ruled,
            Self::Ruled => Self::All,
            Self::All => Self::Open,
        }
    }

    fn fits(self, outcome: Outcome) -> bool {
        let ruled = matches!(outcome, Outcome::Ruled(_));
        match self {
            Self::Open => outcome.is_open(),
            Self::SentBack => outcome == Outcome::SentBack,
            Self::Ruled => ruled,
            Self::All => outcome.is_open() || ruled || outcome == Outcome::SentBack,
        }
    }
}

impl CasesOrder {
    pub fn name(self) -> Msg {
        match self {
            Self::Due => m::ORDER_DUE,
            Self::Unit => m::ORDER_UNIT,
            Self::Site => m::ORDER_SITE,
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Due => Self::Unit,
            Self::Unit => Self::Site,
            Self::Site => Self::Due,
        }
    }
}

impl CasesShown {
    const ALL: [Self; 6] = [Self::NotVerified, Self::Overdue, Self::Claimed, Self::Back, Self::Verified, Self::All];

    pub fn name(self) -> Msg {
        match self {
            Self::NotVerified => m::CASES_NOT_VERIFIED,
            Self::Overdue => m::CASE_OVERDUE,
            Self::Claimed => m::CASE_CLAIMED,
            Self::Back => m::CASE_BACK,
            Self::Verified => m::CASE_VERIFIED,
            Self::All => m::FILTER_ALL,
        }
    }

    fn next(self) -> Self {
        let at = Self::ALL.iter().position(|s| *s == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

impl Review {
    pub fn new(start: Start, app: &App) -> Self {
        let mut review = Self {
            reading: Reading::of(&start.inputs.archive),
            inputs: start.inputs,
            by: start.by,
            as_of: start.as_of,
            own: None,
            waiting: Vec::new(),
            tab: Tab::Overview,
            cursors: [0; Tab::ALL.len()],
            rounds: Rounds::Latest,
            site: None,
            site_cursor: 0,
            disputes_shown: DisputesShown::Open,
            cases_shown: CasesShown::NotVerified,
            cases_order: CasesOrder::Due,
            overview: Overview {
                sites: Vec::new(),
                total: report::Tally::default(),
                unknown_targets: Default::default(),
            },
            disputes: Vec::new(),
            open_disputes: 0,
            cases: Vec::new(),
            people: Vec::new(),
            all_rounds: Vec::new(),
        };
        // Who looked at what, and in which rounds: no ruling changes that.
        review.people = report::people(&review.reading, &app.checklist);
        review.all_rounds = report::rounds(&review.reading, &app.checklist);
        review.compute(app);
        review
    }

    /// Computes what is shown from what was read.
    fn compute(&mut self, app: &App) {
        let list = &app.checklist;
        self.overview = report::overview(&self.reading, list, &app.district, &self.rounds);
        self.cases = self.reading.cases();
        self.open_disputes = self.reading.cells().filter(|(_, c)| self.reading.outcome(c).is_open()).count();
        self.list_disputes(app);
    }

    /// Lists disputes by round, site, target in reading order, place.
    fn list_disputes(&mut self, app: &App) {
        let shown = self.disputes_shown;
        let fitting = self.reading.cells().filter(|(_, c)| shown.fits(self.reading.outcome(c)));
        let mut keys: Vec<Key> = fitting.map(|(key, _)| key.clone()).collect();
        keys.sort_by_key(|k| {
            let at = app.checklist.position(&k.target).unwrap_or(usize::MAX);
            (k.round.clone(), k.site.clone(), at, k.place.clone())
        });
        self.disputes = keys;
    }

    /// The cases that are listed, by their place in [`Review::cases`], in the order that is chosen.
    pub fn listed_cases(&self, app: &App) -> Vec<usize> {
        let list = &app.checklist;
        let fits = |case: &Case| match self.cases_shown {
            CasesShown::NotVerified => case.state != CaseState::Verified,
            CasesShown::Overdue => case.is_overdue(list, self.as_of),
            CasesShown::Claimed => case.state == CaseState::Claimed,
            CasesShown::Back => case.returns > 0,
            CasesShown::Verified => case.state == CaseState::Verified,
            CasesShown::All => true,
        };
        let mut listed: Vec<usize> = (0..self.cases.len()).filter(|i| fits(&self.cases[*i])).collect();
        listed.sort_by_cached_key(|i| {
            let case = &self.cases[*i];
            // Cases without a unit come first: nobody is told to put them right.
            let group = match self.cases_order {
                CasesOrder::Due => None,
                CasesOrder::Unit => case.unit().map(Name::to_string),
                CasesOrder::Site => case.subject.site.as_ref().map(Code::to_string),
            };
            (group, case.state == CaseState::Verified, case.due(list).unwrap_or(Date::MAX), case.subject.clone())
        });
        listed
    }

    /// The targets of the site that is open in the overview, with how each stands.
    pub fn site_rows(&self, app: &App) -> Vec<(usize, State)> {
        let Some(site) = &self.site else { return Vec::new() };
        let chosen = report::choose(&self.reading, &app.checklist, &self.rounds);
        let state =
            |id: &TargetId| chosen.get(&(site, id)).map_or(State::NotInspected, |k| report::state_of(&self.reading, k));
        app.checklist.targets().map(|t| state(&t.id)).enumerate().collect()
    }

    /// The keys of a target at the open site, for its page.
    pub fn keys_of(&self, app: &App, target: usize) -> Vec<Key> {
        let Some(site) = &self.site else { return Vec::new() };
        let chosen = report::choose(&self.reading, &app.checklist, &self.rounds);
        let keys = chosen.get(&(site, &app.checklist.target(target).id));
        keys.into_iter().flatten().map(|(key, _)| (*key).clone()).collect()
    }

    pub fn rows(&self, app: &App) -> usize {
        match self.tab {
            Tab::Overview if self.site.is_some() => app.checklist.len(),
            Tab::Overview => self.overview.sites.len(),
            Tab::Disputes => self.disputes.len(),
            Tab::Cases => self.listed_cases(app).len(),
            Tab::People => self.people.len(),
            Tab::Inputs => {
                self.inputs.files.len() + self.reading.sessions.iter().filter(|s| !s.oddities.is_empty()).count()
            }
        }
    }

    /// The row that is chosen.
    pub fn cursor(&self, app: &App) -> usize {
        let at = if self.tab == Tab::Overview && self.site.is_some() {
            self.site_cursor
        } else {
            self.cursors[self.tab as usize]
        };
        at.min(self.rows(app).saturating_sub(1))
    }

    fn set_cursor(&mut self, at: usize) {
        if self.tab == Tab::Overview && self.site.is_some() {
            self.site_cursor = at;
        } else {
            self.cursors[self.tab as usize] = at;
        }
    }

    /// The dispute that is chosen.
    pub fn dispute<'a>(&'a self, app: &App) -> Option<(&'a Key, &'a Cell)> {
        let key = self.disputes.get(self.cursor(app))?;
        Some((key, self.reading.cell(key)?))
    }

    /// The case that is chosen.
    pub fn case<'a>(&'a self, app: &App) -> Option<(usize, &'a Case)> {
        let at = *self.listed_cases(app).get(self.cursor(app))?;
        Some((at, &self.cases[at]))
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
    fn review(&mut self) -> Option<&mut Review> {
        match &mut self.screen {
            Screen::Review(review) => Some(review),
            _ => None,
        }
    }

    /// Whether a key does something on the page of the review that is open.
    pub(super) fn is_of_use_in_review(&self, review: &Review, action: Action) -> bool {
        use Action as A;
        match action {
            A::RuleRecord | A::RulePass | A::RuleFail | A::RuleNa | A::SendBack => review.tab == Tab::Disputes,
            A::Fixed | A::Order => review.tab == Tab::Cases,
            A::Filter => matches!(review.tab, Tab::Disputes | Tab::Cases),
            A::NextRound | A::PreviousRound => review.tab == Tab::Overview,
            A::Undo | A::Redo => review.own.is_some(),
            A::Accept => !matches!(review.tab, Tab::People | Tab::Inputs),
            A::Back => review.tab == Tab::Overview && review.site.is_some(),
            _ => true,
        }
    }

    pub(super) fn review_key(&mut self, action: Option<Action>, key: KeyEvent, now: &Now) -> Vec<Effect> {
        use Action as A;
        let Some(action) = action.filter(|a| self.is_of_use(*a)) else {
            self.unknown_key(key);
            return Vec::new();
        };
        match action {
            A::RuleRecord => self.rule_for_record(key),
            A::RulePass => self.ask_reason(Verdict::Pass),
            A::RuleFail => self.ask_reason(Verdict::Fail),
            A::RuleNa => self.ask_reason(Verdict::Na),
            A::SendBack => self.ask_reason(Verdict::Unseen),
            A::Fixed => self.ask_fixed(),
            A::Undo => return self.turn_ruling(Intent::Undo, now),
            A::Redo => return self.turn_ruling(Intent::Redo, now),
            A::Accept => self.open_detail(),
            A::Back => self.leave_site(),
            A::Help => self.popup = Some(Popup::Page(Page::help())),
            A::Quit => return self.end_review(now),
            A::NextTab | A::PreviousTab => self.move_tab(action),
            A::NextRound | A::PreviousRound => self.move_round(action),
            A::Filter => self.filter_review(),
            A::Order => self.change_review(|review, _| {
                review.cases_order = review.cases_order.next();
                review.set_cursor(0);
            }),
            _ => self.move_in_review(action),
        }
        Vec::new()
    }

    fn move_in_review(&mut self, action: Action) {
        let Screen::Review(review) = &self.screen else { return };
        let (at, last) = (review.cursor(self), review.rows(self).saturating_sub(1));
        let to = match action {
            Action::Up => at.saturating_sub(1),
            Action::Down => (at + 1).min(last),
            Action::PageUp => at.saturating_sub(PAGE),
            Action::PageDown => (at + PAGE).min(last),
            Action::First => 0,
            Action::Last => last,
            _ => at,
        };
        if let Some(review) = self.review() {
            review.set_cursor(to);
        }
    }

    fn move_tab(&mut self, action: Action) {
        let Some(review) = self.review() else { return };
        let n = Tab::ALL.len();
        let step = if action == Action::NextTab { 1 } else { n - 1 };
        review.tab = Tab::ALL[(review.tab as usize + step) % n];
    }

    /// Goes through the latest state and the rounds, the newest first.
    fn move_round(&mut self, action: Action) {
        self.change_review(|review, app| {
            let at = match &review.rounds {
                Rounds::Latest => 0,
                Rounds::One(round) => review.all_rounds.iter().position(|r| r == round).map_or(0, |i| i + 1),
            };
            let n = review.all_rounds.len() + 1;
            let to = (at + if action == Action::NextRound { 1 } else { n - 1 }) % n;
            review.rounds = to.checked_sub(1).map_or(Rounds::Latest, |i| Rounds::One(review.all_rounds[i].clone()));
            review.compute(app);
        });
    }

    fn filter_review(&mut self) {
        self.change_review(|review, app| {
            if review.tab == Tab::Disputes {
                review.disputes_shown = review.disputes_shown.next();
                review.list_disputes(app);
            } else {
                review.cases_shown = review.cases_shown.next();
            }
            review.set_cursor(0);
        });
    }

    /// Changes the review with the rest of the app in sight.
    fn change_review(&mut self, change: impl FnOnce(&mut Review, &App)) {
        let home = Screen::Home(super::home::Home::default());
        let mut screen = std::mem::replace(&mut self.screen, home);
        if let Screen::Review(review) = &mut screen {
            change(review, self);
        }
        self.screen = screen;
    }

    fn leave_site(&mut self) {
        if let Some(review) = self.review() {
            review.site = None;
        }
    }

    fn open_detail(&mut self) {
        let Screen::Review(review) = &self.screen else { return };
        let at = review.cursor(self);
        let kind = match review.tab {
            Tab::Overview if review.site.is_some() => PageKind::Evidence(review.keys_of(self, at)),
            Tab::Overview => {
                let site = review.overview.sites.get(at).map(|row| row.site.clone());
                if let Some(review) = self.review() {
                    (review.site, review.site_cursor) = (site, 0);
                }
                return;
            }
            Tab::Disputes => PageKind::Evidence(review.disputes.get(at).cloned().into_iter().collect()),
            Tab::Cases => match review.case(self) {
                Some((at, _)) => PageKind::Case(at),
                None => return,
            },
            Tab::People | Tab::Inputs => return,
        };
        self.popup = Some(Popup::Page(Page { kind, scroll: 0, filter: None }));
    }

    /// A digit rules as the record with this number says.
    fn rule_for_record(&mut self, key: KeyEvent) {
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

    fn ask_reason(&mut self, verdict: Verdict) {
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

    fn ask_fixed(&mut self) {
        let Screen::Review(review) = &self.screen else { return };
        let Some((_, case)) = review.case(self) else {
            return self.tell(m::NO_CASES.get(self.lang).to_owned());
        };
        if case.state == CaseState::Verified {
            return self.tell(m::CASE_IS_VERIFIED.get(self.lang).to_owned());
        }
        let deed = Deed::Fixed(case.found().event.clone());
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
            Deed::Fixed(case) => Act::Fixed { case: case.clone(), note: Some(note).filter(|n| !n.as_str().is_empty()) },
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
        self.do_in_review(waiting, Intent::New, now)
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

    fn end_review(&mut self, now: &Now) -> Vec<Effect> {
        let Some(review) = self.review() else { return Vec::new() };
        let mut effects: Vec<Effect> =
            review.record(Act::End { why: Some(Why::Finished) }, Intent::New, now).into_iter().collect();
        effects.extend(self.leave());
        effects
    }

    /// A site as it is shown: as the district calls it, else as its logs do.
    pub fn site_name(&self, site: Option<&Code>) -> String {
        let Some(site) = site else { return m::NO_SITE.get(self.lang).to_owned() };
        let known = self.district.site(site.as_str()).map(|s| s.name.get(self.lang).to_owned());
        let told = || match &self.screen {
            Screen::Review(review) => {
                let row = review.overview.sites.iter().find(|r| r.site == *site)?;
                Some(row.name.get(self.lang).to_owned())
            }
            _ => None,
        };
        visible(&known.or_else(told).unwrap_or_else(|| site.to_string())).into_owned()
    }

    /// Where something is: a place, or the whole community.
    pub fn spot_name(&self, place: Option<&Place>) -> String {
        match place {
            Some(place) => super::walk::place_name(&self.checklist, place, self.lang),
            None => m::WHOLE_SITE.get(self.lang).to_owned(),
        }
    }
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
            saw: looks.iter().map(|l| l.event.clone()).collect(),
            verdict,
            reason,
        })
    }

    /// The log that is open, for what is told of the disk.
    pub fn open_log(&self) -> Option<(&Saving, usize, &Path)> {
        self.own.as_ref().map(|o| (&o.saving, o.session.events().len(), o.path.as_path()))
    }
}
