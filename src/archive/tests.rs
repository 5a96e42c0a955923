//! What stands in small archives, each made of a few sessions.

use crate::archive::cases::{Case, CaseState, What};
use crate::archive::reading::{Folder, Reading};
use crate::archive::{Archive, Copy, History};
use crate::checklist::{Checklist, TargetId};
use crate::log::{Act, Code, Event, EventRef, Head, Line, Name, Note, SessionId, Stamp, Verdict};
use crate::session::tests::{head, judge};

/// A walk of one person with a laptop of his own.
struct Walk {
    head: Head,
    events: Vec<Event>,
}

impl Walk {
    /// By `p<n>` on a day, which is its round too.
    fn on(n: u8, day: &str) -> Self {
        let mut head = head();
        head.id = SessionId::try_from(format!("0190abcd-0000-7000-8000-0000000000{n:02x}")).unwrap();
        head.by.id = Code::try_from(format!("p{n}")).unwrap();
        head.device.id = Code::try_from(format!("d{n}")).unwrap();
        head.checklist.id = Code::try_from(Checklist::built_in().id.as_str()).unwrap();
        head.started = at(day, 8);
        head.round = Some(Name::try_from(day).unwrap());
        Self { head, events: Vec::new() }
    }

    fn act(mut self, hour: u8, act: Act) -> Self {
        let seq = self.events.len() as u64 + 1;
        let day = self.head.started.date().to_owned();
        self.events.push(Event { seq, at: at(&day, hour), ms: seq * 1_000, act });
        self
    }

    fn judge(self, verdict: Verdict) -> Self {
        self.act(9, judge("3.10", verdict))
    }

    /// A fail with a unit and a day.
    fn fail(self, unit: &str, due: &str) -> Self {
        let Act::Judge(mut judgement) = judge("3.10", Verdict::Fail) else { unreachable!() };
        judgement.unit = Name::try_from(unit).ok();
        judgement.due = Name::try_from(due).ok();
        self.act(9, Act::Judge(judgement))
    }

    fn fixed(self, case: &Walk, seq: u64) -> Self {
        let case = EventRef::new(&case.head.id, seq);
        self.act(9, Act::Fixed { case, note: None, photos: Vec::new() })
    }
}

fn at(day: &str, hour: u8) -> Stamp {
    Stamp::try_from(format!("{day}T{hour:02}:00:00+08:00")).unwrap()
}

fn archive(walks: &[&Walk]) -> Archive {
    let mut archive = Archive::default();
    for Walk { head, events } in walks {
        archive.add(head, events.iter().map(|event| Line::new(event.clone(), &head.id)));
    }
    archive
}

/// The only case of some walks.
fn case(walks: &[&Walk]) -> Case {
    let mut cases = Reading::of(&archive(walks)).cases();
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

#[test]
fn an_archive_has_the_copies_that_were_added() {
    let (a, b) = (Walk::on(1, "2020-08-22"), Walk::on(2, "2020-08-22"));
    let archive = archive(&[&a]);
    assert!(archive.has(&Copy::of(&a.head)) && !archive.has(&Copy::of(&b.head)));
}

#[test]
fn a_case_has_the_unit_and_the_day_of_its_last_fail() {
    let list = Checklist::built_in();
    let first = Walk::on(1, "2020-08-22").fail("城管中队", "2020-08-25");
    let found = case(&[&first]);
    assert_eq!((found.unit().as_deref(), found.due(&list)), (Some("城管中队"), Some(day("2020-08-25"))));
    assert!(!found.is_extended(&list));
    assert!(found.is_overdue(&list, day("2020-08-26")) && !found.is_overdue(&list, day("2020-08-25")));
    let later = Walk::on(2, "2020-08-29").fail("环卫所", "2020-09-05");
    let again = case(&[&first, &later]);
    assert_eq!((again.unit().as_deref(), again.due(&list)), (Some("环卫所"), Some(day("2020-09-05"))));
    assert!(again.is_extended(&list));
    assert_eq!((again.state, again.returns), (CaseState::Open, 0));
}

#[test]
fn without_a_day_the_target_says_how_long_there_is() {
    let list = Checklist::built_in();
    let due = |target: &str, on: &str| {
        let walk = Walk::on(1, on).act(9, judge(target, Verdict::Fail));
        case(&[&walk]).due(&list)
    };
    // At once, 7 days, 30 days.
    assert_eq!(due("3.10", "2020-08-22"), Some(day("2020-08-22")));
    assert_eq!(due("3.01", "2020-08-22"), Some(day("2020-08-29")));
    assert_eq!(due("3.09", "2020-08-22"), Some(day("2020-09-21")));
    // A clock that stood still says nothing about how late it is, and another checklist's target says nothing here.
    assert_eq!(due("3.10", "1970-01-01"), None);
    let mut other = Walk::on(1, "2020-08-22").judge(Verdict::Fail);
    other.head.checklist.id = Code::try_from("other").unwrap();
    assert_eq!(case(&[&other]).due(&list), None);
}

#[test]
fn a_case_goes_from_found_to_claimed_to_verified_and_comes_back() {
    let found = Walk::on(1, "2020-08-22").judge(Verdict::Fail);
    let claim = Walk::on(2, "2020-08-23").fixed(&found, 1);
    let second = Walk::on(3, "2020-08-24").judge(Verdict::Pass);
    let back = Walk::on(4, "2020-08-30").judge(Verdict::Fail);
    let state = |walks: &[&Walk]| case(walks).state;
    assert_eq!(state(&[&found]), CaseState::Open);
    assert_eq!(state(&[&found, &claim]), CaseState::Claimed);
    let verified = case(&[&found, &claim, &second]);
    assert_eq!(verified.state, CaseState::Verified);
    assert_eq!(verified.verified().map(|s| s.by.id.as_str()), Some("p3"));
    assert_eq!(verified.claimed_by().iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["p2"]);
    assert_eq!(verified.reworks(), 0);
    assert!(!verified.is_overdue(&Checklist::built_in(), day("2021-01-01")));
    let again = case(&[&found, &claim, &second, &back]);
    assert_eq!((again.state, again.returns, again.found().at.date()), (CaseState::Back, 1, "2020-08-30"));
    // Claimed and found failing: it was not put right.
    let rework = case(&[&found, &claim, &back]);
    assert_eq!((rework.state, rework.reworks(), rework.claims().count()), (CaseState::Open, 1, 0));
    // Who claims does not verify.
    let own = Walk::on(2, "2020-08-24").judge(Verdict::Pass);
    let own = case(&[&found, &claim, &own]);
    assert_eq!((own.state, own.steps.last().map(|s| s.what)), (CaseState::Claimed, Some(What::PassedByClaimer)));
}

#[test]
fn a_walk_is_told_what_was_failing_when_it_was_last_seen() {
    let target = |id: &str| TargetId::try_from(id.to_owned()).unwrap();
    let found = Walk::on(5, "2020-08-22").judge(Verdict::Fail).act(10, judge("3.11", Verdict::Fail));
    let shut = Walk::on(6, "2020-08-29").judge(Verdict::Unseen).act(10, judge("3.11", Verdict::Pass));
    let history = History::at_site(&archive(&[&found, &shut]), (None, "nongye-lu"), &head().id);
    let failing: Vec<&TargetId> = history.still_failing().into_iter().map(|(target, _)| target).collect();
    assert_eq!(failing, [&target("3.10")], "3.11 passed since; nobody saw 3.10");
    // Another community, another district, the walk itself.
    let known = |at: (Option<&Code>, &str), except: &Head| {
        let all = archive(&[&found, &shut]);
        History::at_site(&all, at, &except.id).all().count()
    };
    let (own, other) = (Code::try_from("qingping").unwrap(), Code::try_from("xinhua").unwrap());
    assert_eq!(known((Some(&own), "nongye-lu"), &head()), 4);
    assert_eq!(known((Some(&own), "nongye-lu"), &found.head), 2);
    assert_eq!(known((Some(&own), "zhoulou"), &head()), 0);
    assert_eq!(known((Some(&other), "nongye-lu"), &head()), 0);
}

#[test]
fn what_was_recorded_after_a_day_is_left_out_and_counted() {
    let (early, late) =
        (Walk::on(1, "2020-08-22").judge(Verdict::Fail), Walk::on(2, "2020-08-24").judge(Verdict::Pass));
    let until = |day: &str| {
        let mut folder = Folder::new(Some(day.parse().unwrap()));
        let folded = archive(&[&early, &late]).take_apart(|member| folder.member(member));
        let reading = Reading::gather(folded.into_iter().filter_map(|(copy, f)| Some((copy, f?))).collect());
        (reading.sessions.len(), reading.cells().count(), reading.later)
    };
    assert_eq!(until("2020-08-21"), (0, 0, 2));
    assert_eq!(until("2020-08-22"), (1, 1, 1));
    assert_eq!(until("2020-08-23"), (1, 1, 1));
    assert_eq!(until("2020-08-24"), (2, 2, 0));
}

#[test]
fn a_dispute_is_over_once_it_is_ruled_on() {
    let mut review = Walk::on(9, "2020-08-23");
    let (a, b) = (Walk::on(1, "2020-08-22").judge(Verdict::Fail), Walk::on(2, "2020-08-22").judge(Verdict::Pass));
    let saw = [&a, &b].map(|walk| EventRef::new(&walk.head.id, 1)).to_vec();
    let Act::Judge(judged) = judge("3.10", Verdict::Fail) else { unreachable!() };
    let ruling = crate::log::Ruling {
        site: Code::try_from("nongye-lu").unwrap(),
        round: Name::try_from("2020-08-22").unwrap(),
        target: judged.target,
        place: None,
        saw,
        verdict: Verdict::Fail,
        reason: Note::try_from("照片核实").unwrap(),
    };
    review.head.site = None;
    review.head.kind = crate::log::Kind::Review;
    let open = case(&[&a, &b]);
    assert!(open.disputed);
    let ruled = case(&[&a, &b, &review.act(9, Act::Rule(ruling))]);
    assert_eq!((ruled.disputed, ruled.state), (false, CaseState::Open));
}
