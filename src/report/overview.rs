//! Sites by categories: which looks count, and how every target of every site stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::reading::{Cell, Key, Reading, State};
use crate::checklist::{Checklist, Target, TargetId};
use crate::district::District;
use crate::i18n::Both;
use crate::log::{Code, Name, Place};
use crate::report::figures::Tally;

/// Which rounds are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Rounds {
    /// Of every target at a place, the round in which it was seen last.
    #[default]
    Latest,
    One(Name),
}

impl Rounds {
    /// Whether a round is looked at.
    pub fn has(&self, round: &Name) -> bool {
        match self {
            Self::Latest => true,
            Self::One(one) => one == round,
        }
    }
}

/// What the logs name and the checklist and the district do not have. Unknown targets and other checklists are in no rate;
/// an unknown site is a site of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strangers {
    pub targets: BTreeSet<String>,
    pub sites: BTreeSet<String>,
    pub checklists: BTreeSet<String>,
    /// Other editions of this checklist: their targets count by their ids.
    pub editions: BTreeSet<String>,
    /// Districts whose sessions are left out, or, where all are read, count for themselves.
    pub districts: BTreeSet<String>,
}

/// What is strange to a checklist and a district.
pub fn strangers(reading: &Reading, list: &Checklist, district: &District) -> Strangers {
    let mut strangers = Strangers::default();
    strangers.districts.extend(reading.elsewhere.keys().map(Code::to_string));
    for sitting in &reading.sessions {
        let head = &sitting.head;
        if let Some(other) = head.district.as_ref().filter(|d| d.as_str() != district.id) {
            strangers.districts.insert(other.to_string());
            continue;
        }
        if head.checklist.id.as_str() != list.id {
            strangers.checklists.insert(head.checklist.id.to_string());
            continue;
        }
        if head.checklist.sha256.as_str() != list.sha256 {
            let sha: String = head.checklist.sha256.as_str().chars().take(8).collect();
            strangers.editions.insert(format!("{} ({sha})", head.checklist.edition));
        }
        let site = head.site.as_ref().map(|s| s.id.as_str());
        strangers.sites.extend(site.filter(|id| district.site(id).is_none()).map(str::to_owned));
    }
    let own = reading.cells().filter(|(k, _)| k.checklist.as_str() == list.id);
    strangers.targets =
        own.map(|(k, _)| &k.target).filter(|t| list.position(t).is_none()).map(|t| t.to_string()).collect();
    strangers
}

/// A site in the overview.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteRow {
    pub site: Code,
    pub name: Both,
    /// Whether the district knows it.
    pub known: bool,
    /// One for each category of the checklist.
    pub categories: Vec<Tally>,
    pub total: Tally,
}

/// Sites by categories.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    pub sites: Vec<SiteRow>,
    pub total: Tally,
}

/// The keys of a reading that count in some rounds, by site and target.
pub type Chosen<'a> = BTreeMap<(&'a Code, &'a TargetId), Vec<(&'a Key, &'a Cell)>>;

/// A target at a place of a site, over all rounds.
pub(super) type Pair<'a> = (&'a Code, &'a TargetId, Option<&'a Place>);

/// How a target at a place stood in a round; whether anybody saw it, and its rank by when it was seen last, come first.
#[derive(Clone, Copy)]
pub(super) struct Dated<'a> {
    pub(super) seen: bool,
    pub(super) newest: usize,
    pub(super) key: &'a Key,
    pub(super) cell: &'a Cell,
}

/// Every target at a place of a named site with its rounds, the one that counts first: of this checklist.
pub(super) type Pairs<'a> = BTreeMap<Pair<'a>, Vec<Dated<'a>>>;

pub(super) fn pairs<'a>(reading: &'a Reading, list: &Checklist) -> Pairs<'a> {
    let own = |(key, cell): &(&Key, &Cell)| key.checklist.as_str() == list.id && !cell.looks().is_empty();
    let dated = |((key, cell), newest): ((&'a Key, &'a Cell), usize)| {
        // A door that was shut on the last day does not make up for what was found behind it before.
        let seen = reading.outcome(cell).state() != State::Unseen;
        Dated { seen, newest, key, cell }
    };
    let pair = |cells: Vec<(&'a Key, &'a Cell)>| {
        let own: Vec<(&Key, &Cell)> = cells.into_iter().filter(own).collect();
        let ranks = reading.ranks(&own);
        let mut rounds: Vec<Dated> = own.into_iter().zip(ranks).map(dated).collect();
        rounds.sort_unstable_by_key(|d| std::cmp::Reverse((d.seen, d.newest)));
        let key = rounds.first()?.key;
        Some(((key.site.as_ref()?, &key.target, key.place.as_ref()), rounds))
    };
    reading.by_subject().filter_map(pair).collect()
}

/// The keys that count in the rounds looked at: of this checklist, at a named site.
pub fn choose<'a>(reading: &'a Reading, list: &Checklist, rounds: &Rounds) -> Chosen<'a> {
    choose_of(&pairs(reading, list), rounds)
}

pub(super) fn choose_of<'a>(pairs: &Pairs<'a>, rounds: &Rounds) -> Chosen<'a> {
    let mut chosen = Chosen::new();
    for ((site, target, _), dated) in pairs {
        if let Some(counts) = dated.iter().find(|d| rounds.has(&d.key.round)) {
            chosen.entry((*site, *target)).or_default().push((counts.key, counts.cell));
        }
    }
    chosen
}

/// How a target stands over its places.
pub fn state_of(reading: &Reading, keys: &[(&Key, &Cell)]) -> State {
    State::over_places(keys.iter().map(|(_, cell)| reading.outcome(cell).state()))
}

/// How every target of every site stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub sites: Vec<GridSite>,
}

/// A site and how each target stands there, in reading order.
#[derive(Clone, Debug, PartialEq)]
pub struct GridSite {
    pub site: Code,
    pub name: Both,
    /// Whether the district knows it.
    pub known: bool,
    pub states: Vec<State>,
}

impl Grid {
    /// Every site of the district is in it, and every other one that was walked.
    pub fn of(reading: &Reading, list: &Checklist, district: &District, chosen: &Chosen) -> Self {
        let row = |(site, name, known): (Code, Both, bool)| {
            let stands = |target: &Target| {
                let keys = chosen.get(&(&site, &target.id));
                keys.map_or(State::NotInspected, |keys| state_of(reading, keys))
            };
            let states = list.targets().map(stands).collect();
            GridSite { site, name, known, states }
        };
        Self { sites: sites(reading, list, district).into_iter().map(row).collect() }
    }
}

impl GridSite {
    /// One tally for each category of the checklist.
    pub fn categories(&self, list: &Checklist) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); list.categories.len()];
        for (at, state) in self.states.iter().enumerate() {
            tallies[list.category_of(at)].add(*state);
        }
        tallies
    }
}

/// Sites by categories.
pub fn overview(reading: &Reading, list: &Checklist, district: &District, rounds: &Rounds) -> Overview {
    let mut overview = Overview { sites: Vec::new(), total: Tally::default() };
    for row in Grid::of(reading, list, district, &choose(reading, list, rounds)).sites {
        let categories = row.categories(list);
        let mut total = Tally::default();
        categories.iter().for_each(|tally| total.join(*tally));
        overview.total.join(total);
        overview.sites.push(SiteRow { site: row.site, name: row.name, known: row.known, categories, total });
    }
    overview
}

/// The sites of the district, then those only the logs know.
fn sites(reading: &Reading, list: &Checklist, district: &District) -> Vec<(Code, Both, bool)> {
    let own = district.sites.iter().filter_map(|s| Some((Code::try_from(s.id.as_str()).ok()?, s.name.clone(), true)));
    let mut sites: Vec<(Code, Both, bool)> = own.collect();
    let mut foreign: BTreeMap<&Code, &Both> = BTreeMap::new();
    for sitting in reading.sessions.iter().filter(|s| s.head.checklist.id.as_str() == list.id) {
        if let Some(site) = sitting.head.site.as_ref().filter(|s| district.site(s.id.as_str()).is_none()) {
            foreign.entry(&site.id).or_insert(&site.name);
        }
    }
    sites.extend(foreign.into_iter().map(|(id, name)| (id.clone(), name.clone(), false)));
    sites
}

/// The rounds of a reading, the newest first.
pub fn rounds(reading: &Reading, list: &Checklist) -> Vec<Name> {
    reading.rounds(|key| key.checklist.as_str() == list.id)
}
