//! The inspectors: how much they saw, how fast, and how far they agree.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::archive::reading::Reading;
use crate::checklist::Checklist;
use crate::log::{Code, Kind, Name, Person};
use crate::report::agreeing::views;
use crate::report::figures::{Agreement, Tally};

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
        }
        let views = views(reading, &looks);
        for view in &views {
            let Some(own) = gathered.get_mut(view.by) else { continue };
            for other in views.iter().filter(|other| other.by != view.by) {
                own.agreement.add(view.verdict, other.verdict);
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
