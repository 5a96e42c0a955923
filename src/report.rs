//! Figures that can be defended in a meeting: rates with their coverage, number and interval; agreement of inspectors.
//!
//! The rate is pass / (pass + fail); n/a and unseen are never in it. A disputed target makes it a range and never counts
//! as a pass. The interval is Wilson's at 95 %. Definitions: the project's study of how such inspections are counted.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::archive::reading::{Cell, Key, Reading, State};
use crate::checklist::{Checklist, TargetId};
use crate::district::District;
use crate::i18n::Both;
use crate::log::{Code, Kind, Name, Person, Place, Verdict};

/// Fewer judgements than this are too few to compare.
pub const TOO_FEW: usize = 30;
/// The normal quantile of a two-sided 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// How many targets stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub pass: usize,
    pub fail: usize,
    pub na: usize,
    pub unseen: usize,
    pub disputed: usize,
    pub not_inspected: usize,
}

/// A share with what it rests on. Where something is disputed, from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    pub low: f64,
    pub high: f64,
    /// The 95 % Wilson interval, from that of the low share to that of the high one.
    pub interval: (f64, f64),
    pub n: usize,
}

impl Tally {
    pub fn add(&mut self, state: State) {
        *match state {
            State::Pass => &mut self.pass,
            State::Fail => &mut self.fail,
            State::Na => &mut self.na,
            State::Unseen => &mut self.unseen,
            State::Disputed => &mut self.disputed,
            State::NotInspected => &mut self.not_inspected,
        } += 1;
    }

    pub fn join(&mut self, other: Self) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.na += other.na;
        self.unseen += other.unseen;
        self.disputed += other.disputed;
        self.not_inspected += other.not_inspected;
    }

    /// Targets somebody has judged: pass, fail, n/a or disputed.
    pub fn seen(&self) -> usize {
        self.pass + self.fail + self.na + self.disputed
    }

    pub fn all(&self) -> usize {
        self.seen() + self.unseen + self.not_inspected
    }

    /// The pass rate; none where nothing passed or failed.
    pub fn rate(&self) -> Option<Rate> {
        let n = self.pass + self.fail + self.disputed;
        if n == 0 {
            return None;
        }
        let share = |k: usize| k as f64 / n as f64;
        let interval = (wilson(self.pass, n).0, wilson(self.pass + self.disputed, n).1);
        Some(Rate { low: share(self.pass), high: share(self.pass + self.disputed), interval, n })
    }
}

/// The 95 % Wilson interval of k out of n, n at least 1.
pub fn wilson(k: usize, n: usize) -> (f64, f64) {
    let (p, n) = (k as f64 / n as f64, n as f64);
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    (((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0))
}

/// Which rounds are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Rounds {
    /// Of every target at a place, the round in which it was seen last.
    #[default]
    Latest,
    One(Name),
}

/// What the logs name and the checklist and the district do not have; it is kept, and counts in no figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strangers {
    pub targets: BTreeSet<String>,
    pub sites: BTreeSet<String>,
    pub checklists: BTreeSet<String>,
    /// Other editions of this checklist: their targets count by their ids.
    pub editions: BTreeSet<String>,
}

/// What is strange to a checklist and a district.
pub fn strangers(reading: &Reading, list: &Checklist, district: &District) -> Strangers {
    let mut strangers = Strangers::default();
    for sitting in &reading.sessions {
        let head = &sitting.head;
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

/// A key with what is known of it; whether anybody saw it, and when it was looked at last.
type Dated<'a> = ((bool, i64), &'a Key, &'a Cell);

/// The keys that count in the rounds looked at: of this checklist, at a named site.
pub fn choose<'a>(reading: &'a Reading, list: &Checklist, rounds: &Rounds) -> Chosen<'a> {
    let mut latest: BTreeMap<(&Code, &TargetId, Option<&Place>), Dated> = BTreeMap::new();
    for (key, cell) in reading.cells().filter(|(k, c)| k.checklist.as_str() == list.id && !c.looks().is_empty()) {
        let Some(site) = &key.site else { continue };
        if matches!(rounds, Rounds::One(round) if *round != key.round) {
            continue;
        }
        // Within one second the round with the greater label counts, so that the choice is always the same.
        let newest = cell.looks().iter().map(|l| l.at.seconds()).max().unwrap_or(0);
        // A door that was shut on the last day does not make up for what was found behind it before.
        let at = (reading.outcome(cell).state() != State::Unseen, newest);
        let slot = latest.entry((site, &key.target, key.place.as_ref())).or_insert((at, key, cell));
        if (at, &key.round) > (slot.0, &slot.1.round) {
            *slot = (at, key, cell);
        }
    }
    let mut chosen = Chosen::new();
    for ((site, target, _), (_, key, cell)) in latest {
        chosen.entry((site, target)).or_default().push((key, cell));
    }
    chosen
}

/// How a target stands over its places.
pub fn state_of(reading: &Reading, keys: &[(&Key, &Cell)]) -> State {
    State::over_places(keys.iter().map(|(_, cell)| reading.outcome(cell).state()))
}

/// Sites by categories. Every site of the district is in it, and every other one that was walked.
pub fn overview(reading: &Reading, list: &Checklist, district: &District, rounds: &Rounds) -> Overview {
    let chosen = choose(reading, list, rounds);
    let mut overview = Overview { sites: Vec::new(), total: Tally::default() };
    for (site, name, known) in sites(reading, list, district) {
        let mut row = SiteRow { site, name, known, categories: Vec::new(), total: Tally::default() };
        for category in &list.categories {
            let mut tally = Tally::default();
            for target in &category.targets {
                let keys = chosen.get(&(&row.site, &target.id)).map_or(&[][..], Vec::as_slice);
                tally.add(state_of(reading, keys));
            }
            row.total.join(tally);
            row.categories.push(tally);
        }
        overview.total.join(row.total);
        overview.sites.push(row);
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

/// The rounds of a reading, by the time they were last looked at, the newest first.
pub fn rounds(reading: &Reading, list: &Checklist) -> Vec<Name> {
    let mut newest: BTreeMap<&Name, i64> = BTreeMap::new();
    for (key, cell) in reading.cells().filter(|(k, _)| k.checklist.as_str() == list.id) {
        let at = cell.looks().iter().map(|l| l.at.seconds()).max().unwrap_or(0);
        let slot = newest.entry(&key.round).or_insert(at);
        *slot = at.max(*slot);
    }
    let mut rounds: Vec<(i64, &Name)> = newest.into_iter().map(|(name, at)| (at, name)).collect();
    rounds.sort_unstable_by(|a, b| b.cmp(a));
    rounds.into_iter().map(|(_, name)| name.clone()).collect()
}

/// Two who judged the same keys, pass or fail: how often which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    pub both_pass: usize,
    pub only_first: usize,
    pub only_second: usize,
    pub both_fail: usize,
}

impl Agreement {
    pub fn n(&self) -> usize {
        self.both_pass + self.only_first + self.only_second + self.both_fail
    }

    pub fn add(&mut self, first: Verdict, second: Verdict) {
        match (first, second) {
            (Verdict::Pass, Verdict::Pass) => self.both_pass += 1,
            (Verdict::Pass, Verdict::Fail) => self.only_first += 1,
            (Verdict::Fail, Verdict::Pass) => self.only_second += 1,
            (Verdict::Fail, Verdict::Fail) => self.both_fail += 1,
            _ => {}
        }
    }

    /// The share they agreed on; none where there is nothing to compare.
    pub fn raw(&self) -> Option<f64> {
        let n = self.n();
        (n > 0).then(|| (self.both_pass + self.both_fail) as f64 / n as f64)
    }

    /// Cohen's kappa; none where chance alone explains everything.
    pub fn kappa(&self) -> Option<f64> {
        let (a, b) = self.shares()?;
        over_chance(self.raw()?, a * b + (1.0 - a) * (1.0 - b))
    }

    /// Gwet's AC1, which does not fall when nearly everything passes.
    pub fn ac1(&self) -> Option<f64> {
        let (a, b) = self.shares()?;
        let q = f64::midpoint(a, b);
        over_chance(self.raw()?, 2.0 * q * (1.0 - q))
    }

    /// The share each passed.
    fn shares(&self) -> Option<(f64, f64)> {
        let n = self.n();
        let share = |k: usize| k as f64 / n as f64;
        (n > 0).then(|| (share(self.both_pass + self.only_first), share(self.both_pass + self.only_second)))
    }
}

fn over_chance(observed: f64, expected: f64) -> Option<f64> {
    (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
}

/// An inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRow {
    pub person: Person,
    /// Other names the same code goes by.
    pub other_names: BTreeSet<Name>,
    /// Other codes with the same name.
    pub other_codes: BTreeSet<Code>,
    pub walks: usize,
    pub sites: usize,
    /// Different targets judged.
    pub targets: usize,
    pub verdicts: Tally,
    /// Seconds for one judgement, of the time the inspector was at it.
    pub pace: Option<f64>,
    /// With all others who judged the same keys; this one is the first.
    pub agreement: Agreement,
}

/// The inspectors, by code.
pub fn people(reading: &Reading, list: &Checklist) -> Vec<PersonRow> {
    let mut gathered: BTreeMap<Code, Gathered> = BTreeMap::new();
    for sitting in reading.sessions.iter().filter(|s| s.head.kind == Kind::Walk) {
        gathered.entry(sitting.head.by.id.clone()).or_default().walk(sitting);
    }
    for (key, cell) in reading.cells().filter(|(k, _)| k.checklist.as_str() == list.id) {
        let looks = reading.standing(cell).looks;
        for look in &looks {
            let Some(own) = gathered.get_mut(&reading.head(look.session).by.id) else { continue };
            own.verdicts.add(look.verdict.into());
            own.targets.extend(list.position(&key.target));
            for other in &looks {
                if reading.head(other.session).by.id != reading.head(look.session).by.id {
                    own.agreement.add(look.verdict, other.verdict);
                }
            }
        }
    }
    let codes = codes_by_name(&gathered);
    gathered.into_iter().map(|(id, g)| g.row(id, &codes)).collect()
}

#[derive(Default)]
struct Gathered {
    names: BTreeSet<Name>,
    walks: usize,
    sites: BTreeSet<Code>,
    targets: BTreeSet<usize>,
    verdicts: Tally,
    active_ms: u64,
    judged: usize,
    agreement: Agreement,
}

impl Gathered {
    fn walk(&mut self, sitting: &crate::archive::reading::Sitting) {
        self.names.extend(sitting.head.by.name.clone());
        self.sites.extend(sitting.head.site.as_ref().map(|s| s.id.clone()));
        self.walks += 1;
        self.active_ms += sitting.active_ms;
        self.judged += sitting.judged;
    }

    fn row(mut self, id: Code, codes: &BTreeMap<String, BTreeSet<Code>>) -> PersonRow {
        let name = self.names.pop_first();
        let same = name.as_ref().and_then(|n| codes.get(&plain(n))).cloned().unwrap_or_default();
        PersonRow {
            other_codes: same.into_iter().filter(|c| *c != id).collect(),
            person: Person { id, name },
            other_names: self.names,
            walks: self.walks,
            sites: self.sites.len(),
            targets: self.targets.len(),
            verdicts: self.verdicts,
            pace: (self.judged > 0).then(|| self.active_ms as f64 / 1000.0 / self.judged as f64),
            agreement: self.agreement,
        }
    }
}

/// A name without what only spelling changes: width of letters, composed or not, case, blanks.
fn plain(name: &Name) -> String {
    name.as_str().nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn codes_by_name(gathered: &BTreeMap<Code, Gathered>) -> BTreeMap<String, BTreeSet<Code>> {
    let mut codes: BTreeMap<String, BTreeSet<Code>> = BTreeMap::new();
    for (id, own) in gathered {
        for name in &own.names {
            codes.entry(plain(name)).or_default().insert(id.clone());
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 0.006
    }

    #[test]
    fn intervals_are_those_of_the_textbook() {
        // 9 of 10: 60 to 98 %; 27 of 30: 74 to 97 %; 90 of 100: 83 to 95 %; 270 of 300: 86 to 93 %.
        for (k, n, low, high) in
            [(9, 10, 0.60, 0.98), (27, 30, 0.74, 0.97), (90, 100, 0.83, 0.95), (270, 300, 0.86, 0.93)]
        {
            let (l, h) = wilson(k, n);
            assert!(near(l, low) && near(h, high), "{k} of {n}: {l} {h}");
        }
        assert_eq!((wilson(0, 5).0, wilson(5, 5).1), (0.0, 1.0));
    }

    #[test]
    fn a_dispute_makes_the_rate_a_range() {
        let tally = Tally { pass: 8, fail: 1, disputed: 1, na: 5, unseen: 7, not_inspected: 3 };
        let rate = tally.rate().unwrap();
        assert!(near(rate.low, 0.8) && near(rate.high, 0.9) && rate.n == 10);
        assert_eq!((tally.seen(), tally.all()), (15, 25));
        assert_eq!(Tally { na: 3, ..Tally::default() }.rate(), None);
    }

    #[test]
    fn agreement_is_that_of_the_worked_tables() {
        let table = |a, b, c, d| Agreement { both_pass: a, only_first: b, only_second: c, both_fail: d };
        for (t, raw, kappa, ac1) in [
            (table(45, 5, 5, 45), 0.90, 0.80, 0.80),
            (table(85, 5, 5, 5), 0.90, 0.44, 0.88),
            (table(40, 4, 4, 2), 0.84, 0.24, 0.80),
            (table(25, 4, 4, 17), 0.84, 0.67, 0.69),
        ] {
            assert!(
                near(t.raw().unwrap(), raw) && near(t.kappa().unwrap(), kappa) && near(t.ac1().unwrap(), ac1),
                "{t:?}"
            );
        }
        assert_eq!(table(40, 0, 0, 0).kappa(), None);
        assert_eq!(Agreement::default().raw(), None);
    }
}
