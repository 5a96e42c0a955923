//! The supervisor's screen: overview, disputes, cases, people, inputs. A ruling is an event of a review session of its
//! own, which begins with the first one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crossterm::event::KeyEvent;
use jiff::civil::Date;

use crate::archive::cases::{Case, CaseState};
use crate::archive::reading::{Cell, Key, Outcome, Reading, State};
use crate::checklist::TargetId;
use crate::i18n::{Msg, messages as m};
use crate::log::{Act, Code, Name, Person, Place, Verdict};
use crate::report::{self, Overview, PersonRow, Rounds};
use crate::session::Session;
use crate::store::inputs::Inputs;
use crate::text::visible;
use crate::tui::app::popup::{Page, PageKind, Popup};
use crate::tui::app::saving::Saving;
use crate::tui::app::walk::Guard;
use crate::tui::app::{App, Screen};
use crate::tui::keymap::Action;
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
    pub(super) waiting: Vec<Act>,
    pub(super) guard: Guard,
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
    pub listed_cases: Vec<usize>,
    /// The targets of the site that is open, in reading order: how each stands, and the keys it rests on.
    pub targets: Vec<(State, Vec<Key>)>,
    pub people: Vec<PersonRow>,
    /// What the checklist and the district do not have, with how it is told.
    pub strangers: Vec<(Msg, BTreeSet<String>)>,
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
            reading: Reading::of_district(&start.inputs.archive, &app.district.id),
            inputs: start.inputs,
            by: start.by,
            as_of: start.as_of,
            own: None,
            guard: Guard::default(),
            waiting: Vec::new(),
            tab: Tab::Overview,
            cursors: [0; Tab::ALL.len()],
            rounds: Rounds::Latest,
            site: None,
            site_cursor: 0,
            disputes_shown: DisputesShown::Open,
            cases_shown: CasesShown::NotVerified,
            cases_order: CasesOrder::Due,
            overview: Overview { sites: Vec::new(), total: report::Tally::default() },
            disputes: Vec::new(),
            open_disputes: 0,
            cases: Vec::new(),
            listed_cases: Vec::new(),
            targets: Vec::new(),
            people: Vec::new(),
            strangers: Vec::new(),
            all_rounds: Vec::new(),
        };
        // Who looked at what, and in which rounds: no ruling changes that.
        review.people = report::people(&review.reading, &app.checklist);
        let strangers = report::strangers(&review.reading, &app.checklist, &app.district);
        let told = [
            (m::MERGE_UNKNOWN_TARGETS, strangers.targets),
            (m::MERGE_UNKNOWN_SITES, strangers.sites),
            (m::MERGE_OTHER_CHECKLISTS, strangers.checklists),
            (m::MERGE_OTHER_EDITIONS, strangers.editions),
            (m::OTHER_DISTRICTS, strangers.districts),
        ];
        review.strangers = told.into_iter().filter(|(_, ids)| !ids.is_empty()).collect();
        review.all_rounds = report::rounds(&review.reading, &app.checklist);
        review.compute(app);
        review
    }

    /// Computes what is shown from what was read.
    pub(super) fn compute(&mut self, app: &App) {
        let list = &app.checklist;
        self.overview = report::overview(&self.reading, list, &app.district, &self.rounds);
        self.cases = self.reading.cases();
        self.open_disputes = self.reading.cells().filter(|(_, c)| self.reading.outcome(c).is_open()).count();
        self.list_disputes(app);
        self.list_cases(app);
        self.list_targets(app);
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

    /// Lists the cases that fit, by their place in [`Review::cases`], in the order that is chosen.
    fn list_cases(&mut self, app: &App) {
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
                CasesOrder::Unit => case.unit(),
                CasesOrder::Site => case.subject.site.as_ref().map(Code::to_string),
            };
            (group, case.state == CaseState::Verified, case.due(list).unwrap_or(Date::MAX), case.subject.clone())
        });
        self.listed_cases = listed;
    }

    /// Lists the targets of the site that is open in the overview.
    fn list_targets(&mut self, app: &App) {
        let Some(site) = &self.site else { return };
        let chosen = report::choose(&self.reading, &app.checklist, &self.rounds);
        let row = |id: &TargetId| {
            let keys = chosen.get(&(site, id)).map_or(&[][..], Vec::as_slice);
            (report::state_of(&self.reading, keys), keys.iter().map(|(key, _)| (*key).clone()).collect())
        };
        let rows = app.checklist.targets().map(|t| row(&t.id)).collect();
        self.targets = rows;
    }

    pub fn rows(&self, app: &App) -> usize {
        match self.tab {
            Tab::Overview if self.site.is_some() => app.checklist.len(),
            Tab::Overview => self.overview.sites.len(),
            Tab::Disputes => self.disputes.len(),
            Tab::Cases => self.listed_cases.len(),
            Tab::People => self.people.len(),
            Tab::Inputs => {
                let odd = self.reading.sessions.iter().filter(|s| !s.oddities.is_empty()).count();
                self.inputs.files.len() + odd + usize::from(!self.inputs.left_aside.is_empty())
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

    pub(super) fn set_cursor(&mut self, at: usize) {
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
        let at = *self.listed_cases.get(self.cursor(app))?;
        Some((at, &self.cases[at]))
    }
}

impl App {
    pub(super) fn review(&mut self) -> Option<&mut Review> {
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
            A::Undo | A::Redo => return self.turn_ruling_key(action, now),
            A::Accept => self.open_detail(),
            A::Back => self.leave_site(),
            A::Help => self.popup = Some(Popup::Page(Page::help())),
            A::Quit => return self.end_review(now),
            A::NextTab | A::PreviousTab => self.move_tab(action),
            A::NextRound | A::PreviousRound => self.move_round(action),
            A::Filter => self.filter_review(),
            A::Order => self.change_review(|review, app| {
                review.cases_order = review.cases_order.next();
                review.list_cases(app);
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
                review.list_cases(app);
            }
            review.set_cursor(0);
        });
    }

    /// Changes the review with the rest of the app in sight.
    pub(super) fn change_review(&mut self, change: impl FnOnce(&mut Review, &App)) {
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
            Tab::Overview if review.site.is_some() => {
                PageKind::Evidence(review.targets.get(at).map_or(Vec::new(), |(_, keys)| keys.clone()))
            }
            Tab::Overview => {
                let site = review.overview.sites.get(at).map(|row| row.site.clone());
                return self.change_review(|review, app| {
                    (review.site, review.site_cursor) = (site, 0);
                    review.list_targets(app);
                });
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
    /// The log that is open, for what is told of the disk.
    pub fn open_log(&self) -> Option<(&Saving, usize, &Path)> {
        self.own.as_ref().map(|o| (&o.saving, o.session.events().len(), o.path.as_path()))
    }
}
