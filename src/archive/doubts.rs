//! What in an archive speaks against itself: clocks against everything else, and names that lead nowhere.

use std::collections::{HashMap, HashSet};

use crate::archive::cases::What;
use crate::archive::order::{Days, clocks_that_fit};
use crate::archive::reading::{Oddity, Reading, round_of};
use crate::log::{EventId, EventRef, Stamp};

/// The clocks of two computers may differ by so many seconds before one of them is called wrong.
const APART_S: i64 = 3600;

/// A claim or a ruling that names what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dangling {
    /// The session it is written in, by its place in [`Reading::sessions`].
    pub session: usize,
    pub event: EventId,
    /// What it names.
    pub names: EventRef,
    pub why: Loose,
}

/// Why a name leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loose {
    /// A claim of something that nobody has sent.
    ClaimOfNothing,
    /// A claim of a record that is no fail, or of which no case is left.
    ClaimOfNoFault,
    /// A ruling that saw something nobody has sent.
    RulingOnNothing,
}

/// The sessions that name a record, and when.
type Naming<'a> = Vec<(usize, &'a Stamp)>;

impl Reading {
    /// The claims and rulings that name what is not there, in the order of sessions.
    pub fn dangling(&self) -> Vec<Dangling> {
        let mut sessions: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, sitting) in self.sessions.iter().enumerate() {
            sessions.entry(sitting.head.id.as_str()).or_default().push(number);
        }
        let is_there = |event: &EventRef| {
            let (session, seq) = parts(event);
            sessions.get(session).into_iter().flatten().any(|number| self.sessions[*number].has(seq))
        };
        let mut dangling = Vec::new();
        let known = if self.claims.is_empty() { HashSet::new() } else { self.claims_with_a_case() };
        for claim in self.claims.iter().filter(|c| !known.contains(&(c.session, c.event.clone(), c.case.clone()))) {
            let why = if is_there(&claim.case) { Loose::ClaimOfNoFault } else { Loose::ClaimOfNothing };
            let (event, names) = (claim.event.clone(), claim.case.clone());
            dangling.push(Dangling { session: claim.session, event, names, why });
        }
        let rulings = self.cells().flat_map(|(_, cell)| cell.rulings());
        for (ruling, names) in rulings.flat_map(|r| r.saw.iter().map(move |saw| (r, saw))) {
            if !is_there(names) {
                let (session, event, names) = (ruling.session, ruling.event.clone(), names.clone());
                dangling.push(Dangling { session, event, names, why: Loose::RulingOnNothing });
            }
        }
        dangling.sort_by(|a, b| (a.session, &a.event, &a.names).cmp(&(b.session, &b.event, &b.names)));
        dangling.dedup();
        dangling
    }

    fn claims_with_a_case(&self) -> HashSet<(usize, EventId, EventRef)> {
        let steps = self.each_case().flat_map(|case| case.steps).filter(|step| step.what == What::Claimed);
        steps.filter_map(|step| Some((step.session, step.event, step.names?))).collect()
    }

    /// Finds the sessions whose clocks are against what is known: against the numbers of a device's sessions, the days of
    /// their rounds, what names what.
    pub(super) fn doubt_clocks(&mut self) {
        for sitting in &mut self.sessions {
            sitting.oddities.retain(|odd| !odd.is_contradiction());
            let days = sitting.head.round.is_some().then(|| Days::of(&round_of(&sitting.head))).flatten();
            let started = &sitting.head.started;
            if sitting.has_good_clock() && days.is_some_and(|days| days.are_far_from(started)) {
                sitting.oddities.push(Oddity::ClockAgainstRound { at: started.clone() });
            }
        }
        for number in self.against_number() {
            self.sessions[number].oddities.push(Oddity::ClockAgainstNumber);
        }
        let mut told = HashSet::new();
        for (number, at) in self.against_named() {
            if told.insert(number) {
                self.sessions[number].oddities.push(Oddity::ClockAgainstNamed { at });
            }
        }
    }

    /// The sessions that did not begin in the order in which their devices count them.
    fn against_number(&self) -> Vec<usize> {
        let mut devices: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, sitting) in self.sessions.iter().enumerate().filter(|(_, s)| s.has_good_clock()) {
            devices.entry(sitting.head.device.id.as_str()).or_default().push(number);
        }
        let of_one = |own: Vec<usize>| {
            let head = |number: &usize| &self.sessions[*number].head;
            let begun: Vec<(u64, i64)> =
                own.iter().map(|n| (head(n).device.session, head(n).started.seconds())).collect();
            let fit = clocks_that_fit(&begun);
            own.into_iter().zip(fit).filter(|(_, fits)| !fits).map(|(number, _)| number).collect::<Vec<_>>()
        };
        devices.into_values().flat_map(of_one).collect()
    }

    /// The sessions that name what by its clock came later, and those that are named so, with what their own clock said.
    fn against_named(&self) -> Vec<(usize, Stamp)> {
        let mut named: HashMap<&str, HashMap<u64, Naming>> = HashMap::new();
        let claims = self.claims.iter().map(|c| (&c.case, c.session, &c.at));
        let rulings = self.cells().flat_map(|(_, cell)| cell.rulings());
        let saw = rulings.flat_map(|r| r.saw.iter().map(move |event| (event, r.session, &r.at)));
        for (event, session, at) in claims.chain(saw) {
            let (of, seq) = parts(event);
            named.entry(of).or_default().entry(seq).or_default().push((session, at));
        }
        let by_session: Vec<_> = self.sessions.iter().map(|s| named.get(s.head.id.as_str())).collect();
        let has_good_clock: Vec<bool> = self.sessions.iter().map(|s| s.has_good_clock()).collect();
        let mut against = Vec::new();
        let looks = self.cells().flat_map(|(_, cell)| cell.looks()).map(|l| (l.session, l.event.seq, &l.at));
        let rulings = self.cells().flat_map(|(_, cell)| cell.rulings()).map(|r| (r.session, r.event.seq, &r.at));
        let gone = self.gone.iter().map(|g| (g.session, g.event.seq, &g.at));
        for (named, seq, said) in looks.chain(rulings).chain(gone).filter(|(named, ..)| has_good_clock[*named]) {
            let by = by_session[named].and_then(|by_seq| by_seq.get(&seq));
            for (session, at) in by.into_iter().flatten() {
                if has_good_clock[*session] && at.seconds() + APART_S < said.seconds() {
                    against.push((*session, (*at).clone()));
                    against.push((named, said.clone()));
                }
            }
        }
        against.sort();
        against
    }
}

/// The session and the number of an event.
fn parts(event: &EventRef) -> (&str, u64) {
    let (session, seq) = event.as_str().split_once('#').unwrap_or_default();
    (session, seq.parse().unwrap_or_default())
}
