//! Which of two records came first, as far as anything says so.
//!
//! Three things are known for certain enough to go by: a device counts its sessions, and a session its records; who names
//! a record has seen it; and rounds that are days, weeks or months follow each other. Where none of them says anything the
//! clock does. A clock may be wrong, and what is known may contradict itself (a walk that is taken up again, a label that
//! was typed wrong), so the order is made so: again and again, of all records that none of the remaining ones is known to
//! precede, the earliest by clock comes next; where each waits for another, the earliest by clock of them all.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::log::{Name, Stamp};

/// So few records are compared two by two.
const FEW: usize = 12;
/// A walk that begins so many days before or after the days of its round has a wrong clock, or a wrong round.
const DAYS_OFF: i64 = 7;
/// Before it there was no program that writes logs: such a day is that of a clock that stood still.
const FIRST_YEAR: i16 = 2020;

/// The days of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    first: Date,
    last: Date,
}

impl Days {
    /// The days of a round that is a day, `2020-08-22`, a second look at one, `2020-08-22-recheck`, a week, `2020-W34`, or a
    /// month, `2020-08`. Any other label says nothing about when it was.
    pub fn of(round: &Name) -> Option<Self> {
        let text = round.as_str();
        let text = text.strip_suffix("-recheck").filter(|day| day.len() == 10).unwrap_or(text);
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i16>().ok()).flatten();
        let year = number(text.get(..4)?).filter(|year| *year >= FIRST_YEAR)?;
        let rest = text.get(4..)?.strip_prefix('-')?;
        match (rest.len(), rest.strip_prefix('W')) {
            (3, Some(week)) => {
                let day = |weekday| Some(ISOWeekDate::new(year, number(week)?.try_into().ok()?, weekday).ok()?.date());
                Some(Self { first: day(Weekday::Monday)?, last: day(Weekday::Sunday)? })
            }
            (2, None) => {
                let first = Date::new(year, number(rest)?.try_into().ok()?, 1).ok()?;
                Some(Self { first, last: first.last_of_month() })
            }
            (5, None) => {
                let (month, day) = rest.split_once('-')?;
                let day = Date::new(year, number(month)?.try_into().ok()?, number(day)?.try_into().ok()?).ok()?;
                Some(Self { first: day, last: day })
            }
            _ => None,
        }
    }

    /// Whether a clock says a day that is far from these.
    pub fn are_far_from(self, at: &Stamp) -> bool {
        let far = || {
            let day: Date = at.date().parse().ok()?;
            let off = DAYS_OFF.days();
            Some(day < self.first.checked_sub(off).ok()? || day > self.last.checked_add(off).ok()?)
        };
        far().unwrap_or(false)
    }

    /// Whether they are the one day that a clock says, as they are where nobody gave the round a name.
    pub fn are_just(self, at: &Stamp) -> bool {
        at.date().parse().is_ok_and(|day: Date| self.first == day && day == self.last)
    }

    fn are_before(self, other: Self) -> bool {
        self.last < other.first
    }
}

/// Where a record stands among others.
#[derive(Clone, Debug)]
pub(super) struct Moment<'a> {
    pub session: usize,
    pub device: &'a str,
    /// The number of the session on the device.
    pub number: u64,
    pub seq: u64,
    pub days: Option<Days>,
    /// What its clock says; none where the clock says nothing.
    pub clock: Option<i64>,
    /// As what others can name it: its session and round.
    pub called: Option<(usize, &'a Name)>,
    /// What it names.
    pub names: Vec<(usize, &'a Name)>,
}

impl Moment<'_> {
    /// Whether anything but a clock says that it came before another one.
    pub fn is_before(&self, other: &Self) -> bool {
        let by_days = || self.days.zip(other.days).is_some_and(|(a, b)| a.are_before(b));
        (self.session == other.session && self.seq < other.seq)
            || (self.device == other.device && self.number < other.number)
            || by_days()
            || self.called.is_some_and(|own| other.names.contains(&own))
    }

    /// Whether it came after another one beyond doubt: something says so, and nothing that it came before. The other one may
    /// have been named at some time.
    pub fn is_surely_after(&self, other: &Self, named: Option<i64>) -> bool {
        let is_known = || other.is_before(self);
        let by_clock = match (other.clock, self.clock) {
            (Some(other), Some(own)) => other < own || (other == own && is_known()),
            (None, Some(own)) => named.is_some_and(|at| at < own) || is_known(),
            (_, None) => is_known(),
        };
        by_clock && !self.is_before(other)
    }
}

/// The order of records, which come in that of their clocks; by their places.
pub(super) fn in_order(moments: &[Moment]) -> Vec<usize> {
    let n = moments.len();
    let goes_back = |at: usize| moments[at + 1..].iter().any(|later| later.is_before(&moments[at]));
    // Mostly the clocks say what is known.
    if n <= FEW && !(0..n).any(goes_back) {
        return (0..n).collect();
    }
    let mut graph = Graph::of(moments);
    let mut order = Vec::with_capacity(n);
    let mut is_done = vec![false; n];
    let mut ready: BinaryHeap<Reverse<usize>> = (0..n).filter(|at| graph.waits[*at] == 0).map(Reverse).collect();
    let mut first_left = 0;
    while order.len() < n {
        let next = match ready.pop() {
            Some(Reverse(at)) => at,
            None => {
                // Each waits for another.
                while is_done[first_left] {
                    first_left += 1;
                }
                first_left
            }
        };
        if std::mem::replace(&mut is_done[next], true) {
            continue;
        }
        order.push(next);
        graph.let_go(next, &mut |free| {
            if free < n && !is_done[free] {
                ready.push(Reverse(free));
            }
        });
    }
    order
}

/// What waits for what: records, and behind them gates, each of which opens when everything before it is done, so that
/// there are no more edges than records.
struct Graph {
    then: Vec<Vec<usize>>,
    /// For how many each waits.
    waits: Vec<usize>,
    /// How many of them are records.
    records: usize,
}

impl Graph {
    fn of(moments: &[Moment]) -> Self {
        let n = moments.len();
        let mut graph = Self { then: vec![Vec::new(); n], waits: vec![0; n], records: n };
        let mut devices: HashMap<&str, Vec<(u64, u64, usize)>> = HashMap::new();
        let mut sessions: HashMap<usize, Vec<(u64, u64, usize)>> = HashMap::new();
        let mut dated = Vec::new();
        let mut called: HashMap<(usize, &Name), Vec<usize>> = HashMap::new();
        for (at, m) in moments.iter().enumerate() {
            devices.entry(m.device).or_default().push((m.number, m.number, at));
            sessions.entry(m.session).or_default().push((m.seq, m.seq, at));
            dated.extend(m.days.map(|days| (days.first, days.last, at)));
            if let Some(own) = m.called {
                called.entry(own).or_default().push(at);
            }
        }
        devices.into_values().for_each(|spans| graph.follow(spans));
        sessions.into_values().for_each(|spans| graph.follow(spans));
        graph.follow(dated);
        for (at, m) in moments.iter().enumerate() {
            for first in m.names.iter().filter_map(|named| called.get(named)).flatten().filter(|first| **first != at) {
                graph.edge(*first, at);
            }
        }
        graph
    }

    fn edge(&mut self, first: usize, then: usize) {
        self.then[first].push(then);
        self.waits[then] += 1;
    }

    /// What begins waits for everything that ended before.
    fn follow<T: Ord + Copy>(&mut self, mut spans: Vec<(T, T, usize)>) {
        spans.sort_unstable();
        let mut by_end = spans.clone();
        by_end.sort_unstable_by_key(|(_, end, at)| (*end, *at));
        let mut by_end = by_end.into_iter().peekable();
        let mut gate = None;
        for together in spans.chunk_by(|a, b| a.0 == b.0) {
            let begin = together[0].0;
            if by_end.peek().is_some_and(|(_, end, _)| *end < begin) {
                let next = self.then.len();
                self.then.push(Vec::new());
                self.waits.push(0);
                gate.into_iter().for_each(|gate| self.edge(gate, next));
                while let Some((_, _, ended)) = by_end.next_if(|(_, end, _)| *end < begin) {
                    self.edge(ended, next);
                }
                gate = Some(next);
            }
            for (_, _, at) in together {
                gate.into_iter().for_each(|gate| self.edge(gate, *at));
            }
        }
    }

    /// Lets go of what waits for something that is done; tells what waits for nothing any more.
    fn let_go(&mut self, done: usize, free: &mut impl FnMut(usize)) {
        let mut done = vec![done];
        while let Some(at) = done.pop() {
            for then in std::mem::take(&mut self.then[at]) {
                self.waits[then] -= 1;
                if self.waits[then] == 0 {
                    free(then);
                    // A gate opens at once; a record waits for its turn.
                    if then >= self.records {
                        done.push(then);
                    }
                }
            }
        }
    }
}

/// Which of a device's sessions have a clock that fits their numbers: those that belong to every largest choice of sessions
/// in which the clock never goes back. They are given by number and by when they began.
pub(super) fn clocks_that_fit(sessions: &[(u64, i64)]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..sessions.len()).collect();
    order.sort_by_key(|at| sessions[*at]);
    let begins: Vec<i64> = order.iter().map(|at| sessions[*at].1).collect();
    let up_to = longest_up_to(begins.iter().copied());
    let mut from = longest_up_to(begins.iter().rev().map(|at| -at));
    from.reverse();
    let longest = up_to.iter().max().copied().unwrap_or(0);
    let in_one: Vec<bool> = up_to.iter().zip(&from).map(|(a, b)| a + b == longest + 1).collect();
    let mut at_step = vec![0; longest + 1];
    up_to.iter().zip(&in_one).filter(|(_, is)| **is).for_each(|(step, _)| at_step[*step] += 1);
    let mut fit = vec![false; sessions.len()];
    for (i, at) in order.into_iter().enumerate() {
        fit[at] = in_one[i] && at_step[up_to[i]] == 1;
    }
    fit
}

/// How many there are at most up to each without going back.
fn longest_up_to(moments: impl Iterator<Item = i64>) -> Vec<usize> {
    // The least moment with which so many can end.
    let mut ends: Vec<i64> = Vec::new();
    let longest = |at: i64| {
        let step = ends.partition_point(|end| *end <= at);
        if step == ends.len() {
            ends.push(at);
        } else {
            ends[step] = at;
        }
        step + 1
    };
    moments.map(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::try_from(text).unwrap()
    }

    /// Rule 12 as it is written.
    fn slowly(moments: &[Moment]) -> Vec<usize> {
        let mut left: Vec<usize> = (0..moments.len()).collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            let waits = |at: usize| left.iter().any(|other| *other != at && moments[*other].is_before(&moments[at]));
            let next = (0..left.len()).find(|i| !waits(left[*i])).unwrap_or(0);
            order.push(left.remove(next));
        }
        order
    }

    #[test]
    fn few_and_many_records_are_put_in_the_same_order_as_slowly() {
        let mut random = fastrand::Rng::with_seed(7);
        let rounds = ["a", "2020-W34", "2020-W35", "2020-W36", "2020-08", "2020-08-24", "2020-08-27-recheck"].map(name);
        let (mut circles, mut reordered) = (0, 0);
        for n in (0..3000).map(|i| i % 45) {
            let mut some = |most: usize| random.usize(..most);
            let moments: Vec<Moment> = (0..n)
                .map(|_| {
                    let session = some(n);
                    let round = &rounds[some(7) * some(2)];
                    Moment {
                        session,
                        device: ["d", "e", "f"][session % 3],
                        number: (session / 6) as u64,
                        seq: some(4) as u64,
                        days: Days::of(round).filter(|_| session % 2 == 0),
                        clock: None,
                        called: Some((session, round)).filter(|_| some(2) == 0),
                        names: if some(5) == 0 { vec![(some(n), &rounds[some(7)])] } else { Vec::new() },
                    }
                })
                .collect();
            let order = in_order(&moments);
            assert_eq!(order, slowly(&moments), "{moments:?}");
            reordered += usize::from(!order.is_sorted());
            let is_back = |(at, i): (usize, &usize)| order[at..].iter().any(|j| moments[*j].is_before(&moments[*i]));
            circles += usize::from(order.iter().enumerate().any(is_back));
        }
        assert!(circles > 100 && reordered > circles, "{circles} {reordered}");
    }

    #[test]
    fn as_few_clocks_as_can_be_are_wrong() {
        let mut random = fastrand::Rng::with_seed(8);
        for _ in 0..2000 {
            let sessions: Vec<(u64, i64)> =
                (0..random.usize(..8)).map(|_| (random.u64(..5), random.i64(..5))).collect();
            let fits = |choice: &Vec<usize>| {
                let back = |a: &usize, b: &usize| sessions[*a].0 < sessions[*b].0 && sessions[*a].1 > sessions[*b].1;
                !choice.iter().any(|a| choice.iter().any(|b| back(a, b)))
            };
            let choices = (0..1u32 << sessions.len())
                .map(|bits| (0..sessions.len()).filter(|i| bits & (1 << i) != 0).collect::<Vec<usize>>());
            let good: Vec<Vec<usize>> = choices.filter(fits).collect();
            let most = good.iter().map(Vec::len).max().unwrap_or(0);
            let in_all = |i: usize| good.iter().filter(|c| c.len() == most).all(|c| c.contains(&i));
            let expect: Vec<bool> = (0..sessions.len()).map(in_all).collect();
            assert_eq!(clocks_that_fit(&sessions), expect, "{sessions:?}");
        }
    }

    #[test]
    fn rounds_that_are_days_weeks_and_months_have_days() {
        let days = |round: &str| Days::of(&name(round)).map(|d| (d.first.to_string(), d.last.to_string()));
        let some = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(days("2020-08-22"), some("2020-08-22", "2020-08-22"));
        assert_eq!(days("2020-08-22-recheck"), days("2020-08-22"));
        assert_eq!(days("2020-W34"), some("2020-08-17", "2020-08-23"));
        assert_eq!(days("2020-W53"), some("2020-12-28", "2021-01-03"));
        assert_eq!(days("2024-02"), some("2024-02-01", "2024-02-29"));
        for other in
            ["R1", "第三轮", "2021-W53", "2020-8-22", "2020-13", "2020-02-30", "2020", "2020-08-22-上午", "1970-01-01"]
        {
            assert_eq!(days(other), None, "{other}");
        }
        assert_eq!(days("2020-08-recheck"), None, "no day to look again at");
        let far = |round: &str, at: &str| {
            Days::of(&name(round)).unwrap().are_far_from(&Stamp::try_from(format!("{at}T08:00:00+08:00")).unwrap())
        };
        assert!(!far("2020-W34", "2020-08-30") && far("2020-W34", "2020-08-31"));
        assert!(!far("2020-W34", "2020-08-10") && far("2020-W34", "2020-08-09"));
    }

    /// Very many looks at one target neither wait for each other two by two nor take long.
    #[test]
    fn thousands_of_records_are_put_in_order_at_once() {
        let weeks: Vec<Name> = (1..=52).map(|week| name(&format!("2020-W{week:02}"))).collect();
        let moments: Vec<Moment> = (0..20_000)
            .map(|n| Moment {
                session: n,
                device: "d",
                number: (n * 7919 % 20_000) as u64,
                seq: 1,
                days: Days::of(&weeks[n % 52]),
                clock: None,
                called: None,
                names: Vec::new(),
            })
            .collect();
        let before = std::time::Instant::now();
        assert_eq!(in_order(&moments).len(), 20_000);
        assert!(before.elapsed().as_secs() < 5, "{:?}", before.elapsed());
    }
}
