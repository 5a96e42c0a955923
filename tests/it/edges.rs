//! Cases of reading that a supervisor would ask about, each written out: one log is one line of a table.

use xunjie::archive::reading::{Key, Oddity, Outcome, Reading};
use xunjie::checklist::Checklist;
use xunjie::district::District;
use xunjie::log::Verdict;
use xunjie::report::{self, Rounds};
use xunjie::store::codec;

/// A walk at a site; fields that a case does not care about stand in the middle of the ordinary.
struct Walk {
    id: u8,
    by: &'static str,
    name: &'static str,
    device: (&'static str, u64),
    site: Option<&'static str>,
    round: Option<&'static str>,
    district: Option<&'static str>,
    checklist: &'static str,
    started: &'static str,
    events: Vec<String>,
}

impl Walk {
    fn new(id: u8, by: &'static str, events: &[&str]) -> Self {
        Self {
            id,
            by,
            name: "张三",
            device: (["d0", "d1", "d2", "d3"][usize::from(id) % 4], 1),
            site: Some("nongye-lu"),
            round: Some("R1"),
            district: None,
            checklist: "national-sanitary-city-2014",
            started: "2020-08-22T08:00:00+08:00",
            events: events.iter().map(|e| (*e).to_owned()).collect(),
        }
    }

    fn text(&self) -> String {
        let field = |name: &str, value: Option<String>| value.map_or(String::new(), |v| format!("\"{name}\":{v},"));
        let site = self.site.map(|s| format!("{{\"id\":\"{s}\",\"name\":{{\"zh\":\"某\",\"en\":\"x\"}}}}"));
        let events: Vec<String> = (1..)
            .zip(&self.events)
            .map(|(seq, e)| format!("{{\"seq\":{seq},\"at\":\"{}\",\"ms\":{seq},{e}}}", self.started))
            .collect();
        format!(
            concat!(
                "{{\"format\":\"xunjie-log\",\"version\":1,\"head\":{{\"id\":\"0190abcd-0000-7000-8000-00000000000{}\",",
                "\"kind\":\"walk\",\"by\":{{\"id\":\"{}\",\"name\":\"{}\"}},\"device\":{{\"id\":\"{}\",\"session\":{}}},{}{}{}",
                "\"checklist\":{{\"id\":\"{}\",\"edition\":\"1\",\"sha256\":\"0\"}},\"started\":\"{}\",\"app\":\"0.1.0\"}},",
                "\"events\":[{}]}}\n"
            ),
            self.id,
            self.by,
            self.name,
            self.device.0,
            self.device.1,
            field("district", self.district.map(|d| format!("\"{d}\""))),
            field("site", site),
            field("round", self.round.map(|r| format!("\"{r}\""))),
            self.checklist,
            self.started,
            events.join(",")
        )
    }
}

fn judge(target: &str, verdict: &str) -> String {
    format!("\"do\":\"judge\",\"target\":\"{target}\",\"verdict\":\"{verdict}\"")
}

fn read(walks: &[Walk]) -> Reading {
    let text: String = walks.iter().map(Walk::text).collect();
    let (archive, damage) = codec::read_all(text.as_bytes()).unwrap();
    assert!(damage.is_empty(), "{damage:?}");
    // Order never matters.
    let back: String = walks.iter().rev().map(Walk::text).collect();
    let reading = Reading::of(&archive);
    assert_eq!(reading, Reading::of(&codec::read_all(back.as_bytes()).unwrap().0));
    reading
}

/// How the only key there is stands.
fn outcome(walks: &[Walk]) -> Outcome {
    let reading = read(walks);
    let cells: Vec<_> = reading.cells().collect();
    assert_eq!(cells.len(), 1, "{cells:?}");
    reading.outcome(cells[0].1)
}

fn keys(walks: &[Walk]) -> Vec<Key> {
    read(walks).cells().map(|(key, _)| key.clone()).collect()
}

#[test]
fn verdicts_of_two_and_three() {
    let of = |verdicts: &[&str]| {
        let walks: Vec<Walk> = (0..)
            .zip(verdicts)
            .map(|(i, v)| Walk::new(i, ["a", "b", "c"][usize::from(i)], &[&judge("3.10", v)]))
            .collect();
        outcome(&walks)
    };
    assert_eq!(of(&["pass", "pass"]), Outcome::Agreed(Verdict::Pass));
    assert_eq!(of(&["pass", "fail", "na"]), Outcome::Disputed);
    assert_eq!(of(&["na", "fail"]), Outcome::Disputed, "whether it applies at all is a dispute too");
    assert_eq!(of(&["unseen", "fail"]), Outcome::Agreed(Verdict::Fail));
    assert_eq!(of(&["unseen", "unseen"]), Outcome::Agreed(Verdict::Unseen));
}

#[test]
fn what_was_taken_back_disputes_nothing() {
    let (pass, fail) = (judge("3.10", "pass"), judge("3.10", "fail"));
    let undo = |of: u64| format!("\"do\":\"undo\",\"of\":{of}");
    let b = || Walk::new(1, "b", &[&fail]);
    assert_eq!(outcome(&[Walk::new(0, "a", &[&pass, &undo(1)]), b()]), Outcome::Agreed(Verdict::Fail));
    // An undo of an undo, of a missing event, of itself, of a later one: nothing happens.
    for of in [9, 2, 3] {
        assert_eq!(outcome(&[Walk::new(0, "a", &[&pass, &undo(of)]), b()]), Outcome::Disputed, "{of}");
    }
    assert_eq!(outcome(&[Walk::new(0, "a", &[&pass, &undo(1), &undo(2)]), b()]), Outcome::Agreed(Verdict::Fail));
    let remark = "\"do\":\"remark\",\"target\":\"3.10\",\"note\":\"看不清\"";
    assert_eq!(outcome(&[Walk::new(0, "a", &[remark]), b()]), Outcome::Agreed(Verdict::Fail));
    assert!(keys(&[Walk::new(0, "a", &[]), Walk::new(1, "a", &[&pass, &undo(1)])]).is_empty());
}

#[test]
fn later_sessions_of_one_device_supersede_and_a_cloned_laptop_disputes() {
    let walk = |id, by, device, verdict: &str, started| Walk {
        device,
        started,
        ..Walk::new(id, by, &[&judge("3.10", verdict)])
    };
    let (early, late) = ("2020-08-22T08:00:00+08:00", "2020-08-22T18:00:00+08:00");
    // By number, never by clock.
    let changed = [walk(0, "a", ("d", 7), "fail", early), walk(1, "a", ("d", 6), "pass", late)];
    assert_eq!(outcome(&changed), Outcome::Agreed(Verdict::Fail));
    assert_eq!(
        outcome(&[walk(0, "a", ("d", 7), "fail", early), walk(1, "b", ("d", 6), "pass", late)]),
        Outcome::Disputed
    );
    assert_eq!(
        outcome(&[walk(0, "a", ("d", 7), "fail", early), walk(1, "a", ("d", 7), "pass", late)]),
        Outcome::Disputed
    );
    assert_eq!(
        outcome(&[walk(0, "a", ("d", 7), "fail", early), walk(1, "a", ("e", 6), "pass", late)]),
        Outcome::Disputed
    );
}

#[test]
fn what_is_not_the_same_is_never_compared() {
    let (pass, fail) = (judge("3.10", "pass"), judge("3.10", "fail"));
    let a = || Walk::new(0, "a", &[&pass]);
    let b = || Walk::new(1, "b", &[&fail]);
    for other in [
        Walk { site: Some("zhoulou"), ..b() },
        Walk { site: None, ..b() },
        Walk { round: Some("R2"), ..b() },
        Walk { checklist: "another", ..b() },
    ] {
        assert_eq!(keys(&[a(), other]).len(), 2);
    }
    // A site that was renamed is the same by its id; so is an inspector.
    assert_eq!(outcome(&[a(), Walk { name: "李四", ..b() }]), Outcome::Disputed);
    // Without a round it is the day the walk began, where the inspector is: over midnight it stays the same.
    let night = Walk { round: None, started: "2020-08-22T23:59:59+08:00", ..a() };
    let morning = Walk { round: None, started: "2020-08-22T00:00:01+05:30", ..b() };
    let rounds: Vec<String> = keys(&[night, morning]).iter().map(|k| k.round.to_string()).collect();
    assert_eq!(rounds, ["2020-08-22"]);
    let odd = read(&[Walk { site: None, ..a() }]);
    assert!(odd.sessions[0].oddities.contains(&Oddity::NoSite));
}

#[test]
fn people_stand_by_code_never_by_time() {
    let late = "2020-08-22T18:00:00+08:00";
    let walks = [
        Walk { started: late, ..Walk::new(0, "a", &[&judge("3.10", "fail")]) },
        Walk::new(1, "c", &[&judge("3.10", "pass")]),
        Walk { started: "1970-01-01T08:00:00+08:00", ..Walk::new(2, "b", &[&judge("3.10", "na")]) },
    ];
    let reading = read(&walks);
    let cell = reading.cells().next().unwrap().1;
    let order: Vec<&str> =
        reading.standing(cell).looks.iter().map(|l| reading.head(l.session).by.id.as_str()).collect();
    assert_eq!(order, ["a", "b", "c"]);
    assert!(
        reading
            .sessions
            .iter()
            .any(|s| matches!(s.oddities[..], [Oddity::Broken { .. }, ..] | [Oddity::ClockEarly { .. }, ..]))
    );
}

/// L12, with sites and targets nobody knows.
#[test]
fn every_target_of_every_site_is_counted_once() {
    let (list, district) = (Checklist::built_in(), District::built_in());
    let walks = [
        Walk::new(0, "a", &[&judge("3.10", "pass"), &judge("1.01", "na"), &judge("99.1", "fail")]),
        Walk::new(1, "b", &[&judge("3.10", "fail"), &judge("1.02", "unseen")]),
        Walk { site: Some("elsewhere"), round: Some("R2"), ..Walk::new(2, "c", &[&judge("3.10", "fail")]) },
    ];
    let reading = read(&walks);
    for (rounds, sites) in [(Rounds::Latest, 17), (Rounds::One("R1".try_into().unwrap()), 17)] {
        let overview = report::overview(&reading, &list, &district, &rounds);
        assert_eq!((overview.sites.len(), overview.total.all()), (sites, sites * 184));
        let by_category: usize = overview.sites.iter().flat_map(|s| &s.categories).map(report::Tally::all).sum();
        assert_eq!(by_category, sites * 184);
        let strangers = report::strangers(&reading, &list, &district);
        assert!(strangers.targets.iter().eq(["99.1"]) && strangers.sites.iter().eq(["elsewhere"]), "{strangers:?}");
        assert_eq!(strangers.editions.len(), 1, "another edition of the checklist: {strangers:?}");
    }
    let total = report::overview(&reading, &list, &district, &Rounds::Latest).total;
    assert_eq!((total.pass, total.fail, total.na, total.unseen, total.disputed), (0, 1, 1, 1, 1));
    let rate = total.rate().unwrap();
    assert_eq!((rate.n, rate.low, rate.high), (2, 0.0, 0.5));
}

#[test]
fn two_names_and_two_codes_of_one_person_are_pointed_out() {
    let walks = [
        Walk { name: "Zhang San", ..Walk::new(0, "a", &[&judge("3.10", "pass")]) },
        Walk { name: "ｚhang san ", ..Walk::new(1, "b", &[&judge("3.11", "pass")]) },
        Walk { name: "张三", ..Walk::new(2, "a", &[&judge("3.12", "pass")]) },
    ];
    let people = report::people(&read(&walks), &Checklist::built_in());
    assert_eq!(people.len(), 2);
    assert_eq!(people[0].other_names.len(), 1);
    assert!(people.iter().all(|p| p.other_codes.len() == 1), "{people:?}");
}

#[test]
fn a_door_that_was_shut_later_does_not_make_up_for_a_fail() {
    let (list, district) = (Checklist::built_in(), District::built_in());
    let later = "2020-08-23T08:00:00+08:00";
    let walks = [
        Walk::new(0, "a", &[&judge("3.10", "fail")]),
        Walk { round: Some("R2"), started: later, ..Walk::new(1, "b", &[&judge("3.10", "unseen")]) },
    ];
    let reading = read(&walks);
    let total = report::overview(&reading, &list, &district, &Rounds::Latest).total;
    assert_eq!((total.fail, total.unseen), (1, 0));
    let second = Rounds::One("R2".try_into().unwrap());
    assert_eq!(report::overview(&reading, &list, &district, &second).total.unseen, 1);
}

/// A session that was copied and continued hundreds of times is read as one: the last of each key counts.
#[test]
fn a_session_with_more_branches_than_anybody_has_laptops_is_read_as_one() {
    let walks: Vec<Walk> = (0..300u32)
        .map(|i| {
            let remark = format!("\"do\":\"remark\",\"note\":\"{i}\"");
            Walk::new(0, "a", &[&judge("3.10", "pass"), &remark, &judge("3.10", "fail")])
        })
        .collect();
    let reading = read(&walks);
    assert!(reading.sessions[0].oddities.contains(&Oddity::Forked { seq: 2 }));
    let cell = reading.cells().next().unwrap().1;
    assert_eq!(reading.outcome(cell), Outcome::Agreed(Verdict::Fail));
}

/// A kind of event that no version of the format has yet costs itself, and is named.
#[test]
fn an_unknown_event_is_named_and_the_rest_stands() {
    let unknown = "\"do\":\"vanish\",\"why\":\"finished\"";
    let walk = Walk::new(0, "a", &[&judge("3.10", "pass"), &judge("3.12", "pass"), &judge("3.11", "fail")]);
    let log = codec::read(walk.text().as_bytes()).unwrap();
    let mut encoder = codec::Encoder::new(&log.head);
    log.events().for_each(|event| encoder.push(event));
    let text = encoder.whole().replacen(&judge("3.12", "pass"), unknown, 1);
    let (archive, damage) = codec::read_all(text.as_bytes()).unwrap();
    assert_eq!(archive.events(), 2);
    assert!(format!("{damage:?}").contains("vanish"), "{damage:?}");
}

/// Two districts may both have a community of one id: they never make one of the two.
#[test]
fn communities_of_two_districts_stay_apart() {
    let of = |id, by, district, verdict| Walk { district, ..Walk::new(id, by, &[&judge("3.10", verdict)]) };
    let (own, other) = (of(0, "a", Some("qingping"), "pass"), of(1, "b", Some("xinhua"), "fail"));
    let text = [own.text(), other.text()].concat();
    let archive = codec::read_all(text.as_bytes()).unwrap().0;
    let all = Reading::of(&archive);
    let stand: Vec<Outcome> = all.cells().map(|(_, cell)| all.outcome(cell)).collect();
    assert_eq!(stand, [Outcome::Agreed(Verdict::Pass), Outcome::Agreed(Verdict::Fail)], "no dispute");
    assert_eq!(all.cases().len(), 1);
    // A report is of one district, and says what it leaves out.
    let reading = Reading::of_district(&archive, "qingping");
    assert_eq!((reading.cells().count(), reading.cases().len(), reading.elsewhere.len()), (1, 0, 1));
    let strangers = report::strangers(&reading, &Checklist::built_in(), &District::built_in());
    assert_eq!(strangers.districts.into_iter().collect::<Vec<_>>(), ["xinhua"]);
    // A log of version 1 names no district and is one of this.
    let (old, new) = (of(0, "a", None, "fail"), of(1, "b", Some("qingping"), "pass"));
    let reading = read(&[old, new]);
    let stand: Vec<Outcome> = reading.cells().map(|(_, cell)| reading.outcome(cell)).collect();
    assert_eq!(stand, [Outcome::Disputed]);
}
