//! Rates and coverage, in every grouping the office asks for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::reading::{Key, Reading, State};
use crate::checklist::{Checklist, Reach, Target};
use crate::district::{District, Source};
use crate::i18n::{Both, messages as m};
use crate::log::{Code, Place};
use crate::report::figures::{Rate, Tally};
use crate::report::overview::{Chosen, Grid, GridSite, Rounds};

/// How much was seen of how much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Coverage {
    pub seen: usize,
    pub of: usize,
}

/// A group with its judgements.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Line {
    /// The id in the checklist or the district; empty where there is none.
    pub id: String,
    pub name: Both,
    #[serde(flatten)]
    pub tally: Tally,
    /// Absent where nothing passed or failed.
    pub rate: Option<Rate>,
}

/// A site, or all of them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SiteLine {
    #[serde(flatten)]
    pub line: Line,
    /// Whether the district knows it.
    pub known: bool,
    /// Targets seen, of all.
    pub coverage: Coverage,
    /// Of those a walk can reach; the others are papers in an office.
    pub walkable: Coverage,
    /// Targets judged at named places, of those that apply at every place that was visited.
    pub pairs: Coverage,
    /// The pass rate if each target judged here passed as often as it does over all sites.
    pub expected: Option<f64>,
    /// In the order of the checklist's categories.
    pub categories: Vec<Line>,
}

/// All groupings. Sites, categories, clauses, programmes and targets count a target at a site once, over its places;
/// place types count it at each place, sources count each look that stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    pub total: SiteLine,
    pub sites: Vec<SiteLine>,
    pub place_types: Vec<Line>,
    pub sources: Vec<Line>,
    pub clauses: Vec<Line>,
    /// Only where the checklist names programmes.
    pub programmes: Vec<Line>,
    /// Every target, over the sites.
    pub targets: Vec<Line>,
}

impl Coverage {
    /// From 0 to 1; none where there is nothing to see.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.seen as f64 / self.of as f64)
    }

    fn join(&mut self, other: Self) {
        self.seen += other.seen;
        self.of += other.of;
    }
}

impl Line {
    pub fn new(id: impl Into<String>, name: Both, tally: Tally) -> Self {
        Self { id: id.into(), name, rate: tally.rate(), tally }
    }

    /// Targets seen, of all of the group.
    pub fn coverage(&self) -> Coverage {
        Coverage { seen: self.tally.seen(), of: self.tally.all() }
    }
}

/// What the summary is made of.
pub(super) struct Stuff<'a> {
    pub(super) reading: &'a Reading,
    pub(super) list: &'a Checklist,
    pub(super) district: &'a District,
    pub(super) chosen: &'a Chosen<'a>,
    pub(super) grid: &'a Grid,
    pub(super) rounds: &'a Rounds,
}

impl Summary {
    pub(super) fn of(stuff: &Stuff) -> Self {
        let targets = stuff.targets();
        let shares: Vec<Option<f64>> = targets.iter().map(|t| share_without_disputes(t.tally)).collect();
        let pairs = stuff.pairs();
        let site = |row: &GridSite| {
            let pairs = pairs.get(&row.site).copied().unwrap_or_default();
            stuff.site(row, pairs, &shares)
        };
        let sites: Vec<SiteLine> = stuff.grid.sites.iter().map(site).collect();
        Self {
            total: stuff.total(&sites),
            sites,
            place_types: stuff.place_types(),
            sources: stuff.sources(),
            clauses: stuff.clauses(),
            programmes: stuff.programmes(),
            targets,
        }
    }
}

/// The pass rate of what is settled.
fn share_without_disputes(tally: Tally) -> Option<f64> {
    let n = tally.pass + tally.fail;
    (n > 0).then(|| tally.pass as f64 / n as f64)
}

impl Stuff<'_> {
    /// Every target over the sites.
    fn targets(&self) -> Vec<Line> {
        let line = |(at, target): (usize, &Target)| {
            let mut tally = Tally::default();
            self.grid.sites.iter().for_each(|row| tally.add(row.states[at]));
            Line::new(target.id.as_str(), target.name.clone(), tally)
        };
        self.list.targets().enumerate().map(line).collect()
    }

    fn site(&self, row: &GridSite, pairs: Coverage, shares: &[Option<f64>]) -> SiteLine {
        let mut tally = Tally::default();
        let mut walkable = Coverage::default();
        let (mut expected, mut judged) = (0.0, 0);
        for ((state, target), share) in row.states.iter().zip(self.list.targets()).zip(shares) {
            tally.add(*state);
            if target.reach != Reach::Office {
                let seen = !matches!(state, State::NotInspected | State::Unseen);
                walkable.join(Coverage { seen: usize::from(seen), of: 1 });
            }
            if let (State::Pass | State::Fail, Some(share)) = (state, share) {
                expected += share;
                judged += 1;
            }
        }
        let tallies = row.categories(self.list).into_iter().zip(&self.list.categories);
        SiteLine {
            line: Line::new(row.site.as_str(), row.name.clone(), tally),
            known: row.known,
            coverage: Coverage { seen: tally.seen(), of: tally.all() },
            walkable,
            pairs,
            expected: (judged > 0).then(|| expected / f64::from(judged)),
            categories: tallies.map(|(t, c)| Line::new(c.no.to_string(), c.name.clone(), t)).collect(),
        }
    }

    fn total(&self, sites: &[SiteLine]) -> SiteLine {
        let mut tallies = vec![Tally::default(); self.list.categories.len()];
        let (mut tally, mut walkable, mut pairs) = (Tally::default(), Coverage::default(), Coverage::default());
        for site in sites {
            tally.join(site.line.tally);
            walkable.join(site.walkable);
            pairs.join(site.pairs);
            tallies.iter_mut().zip(&site.categories).for_each(|(sum, line)| sum.join(line.tally));
        }
        let categories = tallies.into_iter().zip(&self.list.categories);
        SiteLine {
            line: Line::new(self.district.id.as_str(), self.district.name.clone(), tally),
            known: true,
            coverage: Coverage { seen: tally.seen(), of: tally.all() },
            walkable,
            pairs,
            expected: None,
            categories: categories.map(|(t, c)| Line::new(c.no.to_string(), c.name.clone(), t)).collect(),
        }
    }

    /// Of each site: targets judged at its named places, of those that apply at places known to have been visited.
    fn pairs(&self) -> HashMap<Code, Coverage> {
        let mut places: BTreeMap<&Code, BTreeSet<&Place>> = BTreeMap::new();
        let mut pairs: HashMap<Code, Coverage> = HashMap::new();
        for ((site, target), keys) in self.chosen {
            let Some(at) = self.list.position(target) else { continue };
            for (key, cell) in keys {
                let Some(place) = &key.place else { continue };
                places.entry(site).or_default().insert(place);
                let applies = self.list.target(at).applies_at(place.kind.as_str());
                let seen = self.reading.outcome(cell).state() != State::Unseen;
                pairs.entry((*site).clone()).or_default().seen += usize::from(applies && seen);
            }
        }
        for (site, places) in places {
            let of = places.iter().map(|place| self.list.count_at(place.kind.as_str())).sum();
            pairs.entry(site.clone()).or_default().of = of;
        }
        pairs
    }

    /// By place type; last, what was judged for a whole site.
    fn place_types(&self) -> Vec<Line> {
        let mut tallies: BTreeMap<Option<&str>, Tally> = BTreeMap::new();
        for (_, keys) in self.chosen.iter().filter(|((_, t), _)| self.list.position(t).is_some()) {
            for (key, cell) in keys {
                let kind = key.place.as_ref().map(|p| p.kind.as_str());
                tallies.entry(kind).or_default().add(self.reading.outcome(cell).state());
            }
        }
        let known = self.list.place_types.iter().filter_map(|kind| {
            let tally = tallies.get(&Some(kind.id.as_str()))?;
            Some(Line::new(kind.id.as_str(), kind.name.clone(), *tally))
        });
        let mut lines: Vec<Line> = known.collect();
        for (kind, tally) in &tallies {
            match kind {
                Some(kind) if self.list.place_type(kind).is_none() => {
                    lines.push(Line::new(*kind, both(kind), *tally));
                }
                _ => {}
            }
        }
        let whole = tallies.get(&None).map(|tally| Line::new("", m::REPORT_WHOLE_SITE.into(), *tally));
        lines.extend(whole);
        lines
    }

    /// By source of the walk, each look that stands, in every round: a later look of the office's own must not hide what
    /// others found.
    fn sources(&self) -> Vec<Line> {
        let mut tallies: BTreeMap<Option<Source>, Tally> = BTreeMap::new();
        let own = |key: &Key| key.checklist.as_str() == self.list.id && self.list.position(&key.target).is_some();
        for (_, cell) in self.reading.cells().filter(|(key, _)| own(key) && self.rounds.has(&key.round)) {
            for look in self.reading.standing(cell).looks {
                let source = self.reading.head(look.session).source;
                tallies.entry(source).or_default().add(look.verdict.into());
            }
        }
        let line = |source: Option<Source>| {
            let id = source.map_or("", Source::code);
            let name = source.map_or_else(|| m::REPORT_NO_SOURCE.into(), |s| source_name(self.district, s));
            Some(Line::new(id, name, *tallies.get(&source)?))
        };
        Source::ALL.into_iter().map(Some).chain([None]).filter_map(line).collect()
    }

    fn clauses(&self) -> Vec<Line> {
        let tally = |no: u64| self.over(|target| target.clause == no);
        self.list.clauses.iter().map(|c| Line::new(c.no.to_string(), c.name.clone(), tally(c.no))).collect()
    }

    /// In the order of the district's programmes, then those it does not know.
    fn programmes(&self) -> Vec<Line> {
        let named: BTreeSet<&str> = self.list.targets().flat_map(|t| &t.programmes).map(String::as_str).collect();
        let tally = |id: &str| self.over(|target| target.programmes.iter().any(|p| p == id));
        let own = self.district.programmes.iter().filter(|p| named.contains(p.id.as_str()));
        let mut lines: Vec<Line> = own.map(|p| Line::new(p.id.as_str(), p.name.clone(), tally(&p.id))).collect();
        let foreign = named.iter().filter(|id| self.district.programmes.iter().all(|p| p.id != **id));
        lines.extend(foreign.map(|id| Line::new(*id, both(id), tally(id))));
        lines
    }

    /// Some targets over all sites.
    fn over(&self, takes: impl Fn(&Target) -> bool) -> Tally {
        let mut tally = Tally::default();
        for (at, _) in self.list.targets().enumerate().filter(|(_, target)| takes(target)) {
            self.grid.sites.iter().for_each(|row| tally.add(row.states[at]));
        }
        tally
    }
}

/// What a source is called in a district.
pub(super) fn source_name(district: &District, source: Source) -> Both {
    district.source(source).map_or_else(|| both(source.code()), |s| s.name.clone())
}

/// A name that is the same in both languages.
pub(super) fn both(text: &str) -> Both {
    Both { zh: text.to_owned(), en: text.to_owned() }
}
