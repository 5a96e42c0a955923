//! What earlier sessions found at a site.

use std::collections::BTreeMap;

use crate::archive::Archive;
use crate::archive::order::{Days, Moment, in_order};
use crate::archive::reading::{EARLIEST, round_of};
use crate::checklist::TargetId;
use crate::log::{Code, Device, Head, Line, Name, Note, Person, Place, SessionId, Stamp, Verdict};
use crate::session::Session;

/// What earlier sessions found, by target, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    by_target: BTreeMap<TargetId, Vec<Known>>,
}

/// A verdict of an earlier session.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub session: SessionId,
    pub at: Stamp,
    pub by: Person,
    pub place: Option<Place>,
    pub verdict: Verdict,
    pub note: Option<Note>,
    pub unit: Option<Name>,
}

/// Something known, with where it stands among the rest.
struct Found {
    known: Known,
    device: Device,
    round: Name,
    sitting: usize,
    seq: u64,
    /// Whether the clock may be right.
    has_clock: bool,
}

impl History {
    /// What stands in the sessions of a site, but for one. Those that name another district have another site.
    pub fn at_site(archive: &Archive, (district, site): (Option<&Code>, &str), except: &SessionId) -> Self {
        let mut found: BTreeMap<TargetId, Vec<Found>> = BTreeMap::new();
        for (number, member) in archive.members().enumerate().filter(|(_, m)| m.id != except) {
            // The archive wrote these lines itself, so they can be read.
            let Ok(head) = serde_json::from_str::<Head>(member.head) else { continue };
            let is_elsewhere = head.district.as_ref().zip(district).is_some_and(|(own, other)| own != other);
            if !is_elsewhere && head.site.as_ref().is_some_and(|s| s.id.as_str() == site) {
                let lines = member.entries.iter().filter_map(|e| serde_json::from_str::<Line>(&e.event).ok());
                find(number, &Session::read(head, lines.map(|l| l.event)), &mut found);
            }
        }
        Self { by_target: found.into_iter().map(|(target, found)| (target, newest_first(found))).collect() }
    }

    /// Everything known of a target, the newest first.
    pub fn of(&self, target: &TargetId) -> &[Known] {
        self.by_target.get(target).map_or(&[], Vec::as_slice)
    }

    /// The last thing known of a target: at this place if anything is, else anywhere at the site.
    pub fn last(&self, target: &TargetId, place: Option<&Place>) -> Option<&Known> {
        let all = self.of(target);
        let here = place.and_then(|p| all.iter().find(|k| k.place.as_ref() == Some(p)));
        here.or_else(|| all.first())
    }

    /// Everything known, target by target, of each the newest first.
    pub fn all(&self) -> impl Iterator<Item = &Known> {
        self.by_target.values().flatten()
    }

    /// What was failing at a place, or for the whole site, when somebody last saw it; in the order of targets.
    pub fn still_failing(&self) -> Vec<(&TargetId, &Known)> {
        let mut failing = Vec::new();
        for (target, all) in &self.by_target {
            let mut told: Vec<Option<&Place>> = Vec::new();
            for known in all.iter().filter(|k| k.verdict != Verdict::Unseen) {
                if told.contains(&known.place.as_ref()) {
                    continue;
                }
                told.push(known.place.as_ref());
                if known.verdict == Verdict::Fail {
                    failing.push((target, known));
                }
            }
        }
        failing
    }

    /// When the newest verdict was given, in seconds since 1970; 0 where nothing is known.
    pub fn newest(&self) -> i64 {
        self.all().map(|k| k.at.seconds()).max().unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.by_target.is_empty()
    }
}

/// What stands in a session.
fn find(sitting: usize, session: &Session, found: &mut BTreeMap<TargetId, Vec<Found>>) {
    let head = &session.head;
    let round = round_of(head);
    let is_far = head.round.is_some() && Days::of(&round).is_some_and(|days| days.are_far_from(&head.started));
    let has_clock = head.started.seconds() >= EARLIEST && !is_far;
    for standing in session.standings() {
        let Ok(index) = session.events().binary_search_by_key(&standing.seq, |e| e.seq) else {
            continue;
        };
        let known = Known {
            session: head.id.clone(),
            at: session.events()[index].at.clone(),
            by: head.by.clone(),
            place: standing.judgement.place.clone(),
            verdict: standing.judgement.verdict,
            note: standing.judgement.note.clone(),
            unit: standing.judgement.unit.clone(),
        };
        let (device, round, seq) = (head.device.clone(), round.clone(), standing.seq);
        let one = Found { known, device, round, sitting, seq, has_clock };
        found.entry(standing.judgement.target.clone()).or_default().push(one);
    }
}

/// The newest first, by the order of records; the last of a second that was read is the newest of it.
fn newest_first(mut found: Vec<Found>) -> Vec<Known> {
    found.sort_by_key(|f| (f.has_clock, f.known.at.seconds()));
    let moments = found.iter().map(|f| Moment {
        session: f.sitting,
        device: f.device.id.as_str(),
        number: f.device.session,
        seq: f.seq,
        days: Days::of(&f.round),
        clock: None,
        called: None,
        names: Vec::new(),
    });
    let mut order = in_order(&moments.collect::<Vec<_>>());
    order.reverse();
    let mut known: Vec<Option<Known>> = found.into_iter().map(|f| Some(f.known)).collect();
    order.into_iter().filter_map(|at| known[at].take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::codec;

    /// What a walk shows as the last result is what the later session of a laptop found, whatever its clock says.
    #[test]
    fn the_newest_is_told_by_numbers_and_rounds_before_clocks() {
        let log = |id: u8, device: &str, number: u64, day: &str, round: &str, verdict: &str| {
            format!(
                concat!(
                    "{{\"format\":\"xunjie-log\",\"version\":1,\"head\":{{\"id\":\"0190abcd-0000-7000-8000-00000000000{}\",\"kind\":\"walk\",",
                    "\"by\":{{\"id\":\"a\"}},\"device\":{{\"id\":\"{}\",\"session\":{}}},",
                    "\"site\":{{\"id\":\"s\",\"name\":{{\"zh\":\"某\",\"en\":\"x\"}}}},\"round\":\"{}\",",
                    "\"checklist\":{{\"id\":\"c\",\"edition\":\"1\",\"sha256\":\"0\"}},\"started\":\"{}T08:00:00+08:00\",\"app\":\"0.1.0\"}},",
                    "\"events\":[{{\"seq\":1,\"at\":\"{}T08:00:00+08:00\",\"ms\":1,\"do\":\"judge\",\"target\":\"3.10\",\"verdict\":\"{}\"}}]}}\n"
                ),
                id, device, number, round, day, day, verdict
            )
        };
        let last = |logs: &[String]| {
            let (archive, _) = codec::read_all(logs.concat().as_bytes()).unwrap();
            let none = SessionId::try_from("0190abcd-0000-7000-8000-0000000000ff").unwrap();
            let history = History::at_site(&archive, (None, "s"), &none);
            let known = history.last(&TargetId::try_from("3.10".to_owned()).unwrap(), None).unwrap().verdict;
            (known, history.newest())
        };
        let later = 1_629_331_200;
        let numbered = [log(1, "d", 1, "2021-08-19", "x", "pass"), log(2, "d", 2, "2020-08-26", "y", "fail")];
        assert_eq!(last(&numbered), (Verdict::Fail, later), "the newest clock is the newest clock all the same");
        let weeks =
            [log(1, "d", 1, "2021-08-19", "2020-W34", "pass"), log(2, "e", 1, "2020-08-26", "2020-W35", "fail")];
        assert_eq!(last(&weeks), (Verdict::Fail, later));
        let clocks = [log(1, "d", 1, "2020-08-27", "x", "pass"), log(2, "e", 1, "2020-08-26", "y", "fail")];
        assert_eq!(last(&clocks).0, Verdict::Pass);
    }
}
