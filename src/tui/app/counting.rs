//! Counting at a target: so many of each thing on so much ground or in so much time, and the verdict that follows.
//!
//! What was counted stays with the walk until it is recorded, and a stopwatch goes on while one walks.

use jiff::SignedDuration;

use crate::checklist::{Checklist, Countable, Counting, Target, TargetId};
use crate::i18n::{Lang, messages as m};
use crate::log::{Code, Drafts, Measure, Note, Per, Place, Verdict};
use crate::tui::app::App;
use crate::tui::app::noting::Opener;
use crate::tui::app::popup::Popup;
use crate::tui::app::walk::Walk;
use crate::tui::keymap::{self, Action, Scope};
use crate::tui::{Effect, Now};

use crossterm::event::{KeyCode, KeyEvent};

/// The most of anything that is counted, and the most ground or time.
const MOST: u64 = 1_000_000;

/// A count under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    /// In the order of the things that are counted.
    pub counts: Vec<u64>,
    /// Square metres or metres; for time the milliseconds of the stopwatch up to when it was last stopped.
    pub amount: u64,
    /// When the stopwatch was started, in milliseconds of the program.
    pub runs_since: Option<u64>,
    /// The class of the road.
    pub class: usize,
    /// The row one is at: a thing that is counted, then the amount, then the class.
    pub row: usize,
    /// Whether it was said that the time is over.
    told: bool,
}

impl Counter {
    pub fn new(counting: &Counting) -> Self {
        Self { counts: vec![0; counting.items.len()], ..Self::default() }
    }

    /// Milliseconds on the stopwatch.
    pub fn elapsed(&self, now: &Now) -> u64 {
        self.amount + self.runs_since.map_or(0, |since| now.ms.saturating_sub(since))
    }

    /// How much ground, or how many seconds.
    fn denominator(&self, counting: &Counting, now: &Now) -> u64 {
        if counting.is_timed() { self.elapsed(now) / 1000 } else { self.amount }
    }

    /// Of each thing, how many that is for the amount the limits speak of.
    pub fn scaled(&self, counting: &Counting, now: &Now) -> Vec<Option<f64>> {
        let amount = self.denominator(counting, now) as f64 / if counting.is_timed() { 60.0 } else { 1.0 };
        let scale =
            |count: &u64| (amount > 0.0 && counting.per > 0).then(|| *count as f64 * counting.per as f64 / amount);
        self.counts.iter().map(scale).collect()
    }

    /// The verdict that follows: fail where any limit is not kept, none where nothing can be told.
    pub fn verdict(&self, counting: &Counting, now: &Now) -> Option<Verdict> {
        let class = counting.classes.get(self.class)?;
        // Before the time is over nothing passes; more than the whole time allows fails at once.
        if counting.is_timed() && self.elapsed(now) < counting.per.saturating_mul(60_000) {
            let too_many = self.counts.iter().zip(&class.limits).any(|(n, limit)| !limit.holds(*n as f64));
            return too_many.then_some(Verdict::Fail);
        }
        let mut verdict = None;
        for (scaled, limit) in self.scaled(counting, now).into_iter().zip(&class.limits) {
            match scaled {
                Some(scaled) if !limit.holds(scaled) => return Some(Verdict::Fail),
                Some(_) => verdict = Some(Verdict::Pass),
                None => {}
            }
        }
        verdict
    }

    fn measures(&self, counting: &Counting, now: &Now) -> Vec<Measure> {
        let unit = if counting.is_timed() { "s" } else { &counting.unit };
        let per = Code::try_from(unit).ok().map(|unit| Per { amount: self.denominator(counting, now), unit });
        let measure = |(item, count): (&Countable, &u64)| {
            Some(Measure { what: Code::try_from(item.id.as_str()).ok()?, count: *count, per: per.clone() })
        };
        counting.items.iter().zip(&self.counts).filter_map(measure).collect()
    }

    /// What was counted, in a sentence for the note.
    pub fn told(&self, counting: &Counting, now: &Now, lang: Lang) -> String {
        let counts = counting.items.iter().zip(&self.counts).filter(|(_, n)| **n > 0);
        let counts: Vec<String> = counts.map(|(item, n)| format!("{}{n}", spaced(item.name.get(lang), lang))).collect();
        let nothing = m::COUNT_NOTHING.get(lang).to_owned();
        let counts = if counts.is_empty() { nothing } else { counts.join(m::LIST_COMMA.get(lang)) };
        format!("{counts} / {}", self.amount_shown(counting, now, lang))
    }

    /// The ground, or the time on the stopwatch.
    pub fn amount_shown(&self, counting: &Counting, now: &Now, lang: Lang) -> String {
        if counting.is_timed() {
            let time = SignedDuration::from_secs(i64::try_from(self.elapsed(now) / 1000).unwrap_or(0));
            return format!("{}:{:02}", time.as_mins(), time.as_secs() % 60);
        }
        format!("{} {}", self.amount, counting.unit_name.get(lang))
    }

    /// Milliseconds until the time the limits speak of is over.
    fn left(&self, counting: &Counting, now: &Now) -> Option<u64> {
        let full = counting.per.saturating_mul(60_000);
        self.runs_since.filter(|_| counting.is_timed() && !self.told)?;
        Some(full.saturating_sub(self.elapsed(now)))
    }

    fn add(&mut self, row: usize, by: i64) {
        if let Some(count) = self.counts.get_mut(row) {
            *count = count.saturating_add_signed(by).min(MOST);
        }
    }

    /// Enters a number of a row: how many of a thing, the amount, minutes where time counts, or a class from 1 on. Gives
    /// whether there is such a row and class.
    pub fn set(&mut self, counting: &Counting, row: usize, n: u64) -> bool {
        let n = n.min(MOST);
        match row.checked_sub(self.counts.len()) {
            None => self.counts[row] = n,
            Some(0) if counting.is_timed() => (self.amount, self.runs_since) = (n * 60_000, None),
            Some(0) => self.amount = n,
            Some(_) => match usize::try_from(n).ok().and_then(|n| n.checked_sub(1)) {
                Some(class) if class < counting.classes.len() => self.class = class,
                _ => return false,
            },
        }
        true
    }

    pub fn turn_watch(&mut self, now: &Now) {
        match self.runs_since.take() {
            Some(since) => self.amount += now.ms.saturating_sub(since),
            None => self.runs_since = Some(now.ms),
        }
    }
}

/// A name with a blank behind it where words need one.
fn spaced(name: &str, lang: Lang) -> String {
    if lang == Lang::Zh { name.to_owned() } else { format!("{name} ") }
}

impl App {
    /// Opens the counter of the focused target, where there is something to count.
    pub(super) fn open_counter(&mut self) {
        let Some((at, list)) = self.at_hand() else {
            return;
        };
        let target = list.target(at);
        let Some(counting) = &target.count else {
            self.tell(m::COUNT_NOT_HERE.with(self.lang, &[("id", &target.id), ("ids", &countable(&list))]));
            return;
        };
        let Some(walk) = self.walk() else {
            return;
        };
        walk.focus = at;
        walk.counter_of(target, counting);
        self.popup = Some(Popup::Count(at));
    }

    /// What is being counted, in words, by target and place.
    pub(super) fn counted(&self) -> Drafts {
        match &self.screen {
            super::Screen::Walk(walk) => walk.counted(&self.checklist, &self.drawn_at, self.lang),
            _ => Drafts::new(),
        }
    }

    /// The counter of a target here.
    pub fn counter(&self, target: &Target) -> Option<&Counter> {
        match &self.screen {
            super::Screen::Walk(walk) => walk.counters.get(&walk.draft_key(&target.id)),
            _ => None,
        }
    }

    pub(super) fn count_key(&mut self, at: usize, key: KeyEvent, now: &Now) -> Vec<Effect> {
        self.message = None;
        let list = self.checklist.clone();
        let target = list.target(at);
        let (Some(counting), Some(walk)) = (&target.count, self.walk()) else {
            return Vec::new();
        };
        let counter = walk.counter_of(target, counting);
        let things = counting.items.len();
        let rows = counting.rows();
        match (keymap::resolve(Scope::List, key), keymap::normal(key).code) {
            (Some(Action::Accept), _) => return self.record_count(at, now),
            (Some(Action::Back), _) => return Vec::new(),
            (Some(Action::Up), _) => counter.row = counter.row.checked_sub(1).unwrap_or(rows - 1),
            (Some(Action::Down), _) => counter.row = (counter.row + 1) % rows,
            (_, KeyCode::Char(c @ '0'..='9')) if counter.row == things && !counting.is_timed() => {
                let digit = u64::from(c.to_digit(10).unwrap_or(0));
                counter.amount = (counter.amount.saturating_mul(10) + digit).min(MOST);
            }
            (_, KeyCode::Char(c @ '1'..='9')) => {
                let row = c.to_digit(10).map_or(0, |d| d as usize - 1);
                if row < things {
                    counter.row = row;
                    counter.add(row, 1);
                }
            }
            (_, code) => counter.step(counting, code, now),
        }
        self.popup = Some(Popup::Count(at));
        self.drafts_with(None)
    }

    /// Gives the verdict that follows, with what was counted.
    fn record_count(&mut self, at: usize, now: &Now) -> Vec<Effect> {
        let list = self.checklist.clone();
        let target = list.target(at);
        let lang = self.lang;
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let before = walk.session.standing(&target.id, walk.place.as_ref()).map(|s| s.judgement.verdict);
        let Some((verdict, effect)) = walk.record_count(target, lang, now) else {
            self.popup = Some(Popup::Count(at));
            self.tell(target.count.as_ref().map_or(String::new(), |c| not_yet(c, lang)));
            return Vec::new();
        };
        self.judged(at, verdict, before);
        match verdict {
            Verdict::Fail => {
                self.open_note_box(at, Some(verdict), Some(Opener::new(Action::Fail, now)));
                if let Some(Popup::Note(note)) = &mut self.popup {
                    note.counted = Some(note.field.value().to_owned());
                }
            }
            _ => self.advance(at),
        }
        let mut effects = vec![effect];
        effects.extend(self.drafts_with(None));
        effects
    }

    /// Milliseconds until a stopwatch has something to say, or until its picture changes.
    pub(super) fn watch_wakes(&self, now: &Now) -> Option<u64> {
        let super::Screen::Walk(walk) = &self.screen else {
            return None;
        };
        let left = walk.watch_left(&self.checklist, now);
        let seen = match &self.popup {
            Some(Popup::Count(at)) => self.counter(self.checklist.target(*at)).filter(|c| c.runs_since.is_some()),
            _ => None,
        };
        let second = seen.map(|c| 1000 - c.elapsed(now) % 1000);
        left.into_iter().chain(second).min()
    }

    /// Says once when the time of a stopwatch is over.
    pub(super) fn watch_over(&mut self, now: &Now) {
        let list = self.checklist.clone();
        let lang = self.lang;
        let over = self.walk().and_then(|walk| walk.watch_over(&list, now));
        if let Some((id, minutes)) = over {
            self.warn(m::COUNT_TIME_OVER.with(lang, &[("id", &id), ("n", &minutes)]));
        }
    }
}

/// Why no verdict follows from a count yet.
pub fn not_yet(counting: &Counting, lang: Lang) -> String {
    if counting.is_timed() {
        return m::COUNT_TIME_NOT_OVER.get(lang).to_owned();
    }
    m::COUNT_NO_AMOUNT.with(lang, &[("what", &counting.amount_name.get(lang))])
}

/// The ids of the targets where there is something to count.
pub fn countable(list: &Checklist) -> String {
    let ids: Vec<&str> = list.targets().filter(|t| t.count.is_some()).map(|t| t.id.as_str()).collect();
    ids.join(" ")
}

fn counting_of<'a>(list: &'a Checklist, id: &TargetId) -> Option<&'a Counting> {
    list.target(list.position(id)?).count.as_ref()
}

impl Walk {
    /// The counter of a target where one stands, begun if it was not.
    pub fn counter_of(&mut self, target: &Target, counting: &Counting) -> &mut Counter {
        let key = self.draft_key(&target.id);
        self.counters.entry(key).or_insert_with(|| Counter::new(counting))
    }

    /// Gives the verdict that follows from what was counted; none, and the counter stays, where nothing follows.
    pub fn record_count(&mut self, target: &Target, lang: Lang, now: &Now) -> Option<(Verdict, Effect)> {
        let key = self.draft_key(&target.id);
        let (counting, counter) = (target.count.as_ref()?, self.counters.get(&key)?);
        let verdict = counter.verdict(counting, now)?;
        let (measures, told) = (counter.measures(counting, now), counter.told(counting, now, lang));
        self.counters.remove(&key);
        Some((verdict, self.judge_counted(&target.id, verdict, Note::try_from(told).ok(), measures, now)))
    }

    /// What is being counted, in words, by target and place.
    pub fn counted(&self, list: &Checklist, now: &Now, lang: Lang) -> Drafts {
        let begun = self.counters.iter().filter(|(_, c)| c.counts.iter().any(|n| *n > 0));
        let told = |(key, counter): (&(TargetId, Option<Place>), &Counter)| {
            Some((key.clone(), counter.told(counting_of(list, &key.0)?, now, lang)))
        };
        begun.filter_map(told).collect()
    }

    /// Milliseconds until the time of a running stopwatch is over.
    pub fn watch_left(&self, list: &Checklist, now: &Now) -> Option<u64> {
        let running = self.counters.iter().filter(|(_, c)| c.runs_since.is_some());
        running.filter_map(|((id, _), c)| c.left(counting_of(list, id)?, now)).min()
    }

    /// The target whose time is over, and how many minutes that was; once for each.
    pub fn watch_over(&mut self, list: &Checklist, now: &Now) -> Option<(TargetId, u64)> {
        let mut over = None;
        for ((id, _), counter) in &mut self.counters {
            if let Some(counting) = counting_of(list, id)
                && counter.left(counting, now) == Some(0)
            {
                counter.told = true;
                over = Some((id.clone(), counting.per));
            }
        }
        over
    }
}

impl Counter {
    /// One more, one less, another class, the watch on or off: what the row one is at has.
    fn step(&mut self, counting: &Counting, code: KeyCode, now: &Now) {
        let things = counting.items.len();
        if counting.is_timed() && code == KeyCode::Char(' ') {
            return self.turn_watch(now);
        }
        let by = match code {
            KeyCode::Right | KeyCode::Char(' ' | '+' | '=') => 1,
            KeyCode::Left | KeyCode::Char('-') | KeyCode::Backspace => -1,
            _ => return,
        };
        match self.row {
            row if row < things => self.add(row, by),
            row if row == things && counting.is_timed() => self.turn_watch(now),
            row if row == things && code == KeyCode::Backspace => self.amount /= 10,
            row if row == things => self.amount = self.amount.saturating_add_signed(by * 10).min(MOST),
            _ => self.class = (self.class + 1) % counting.classes.len().max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::Checklist;
    use crate::log::Stamp;

    fn now(ms: u64) -> Now {
        Now { stamp: Stamp::try_from("2026-11-24T08:00:00+08:00").unwrap(), ms }
    }

    fn counting(id: &str) -> Counting {
        let list = Checklist::built_in();
        let at = list.position(&id.to_owned().try_into().unwrap()).unwrap();
        list.target(at).count.clone().unwrap()
    }

    #[test]
    fn litter_is_scaled_to_a_thousand_square_metres() {
        let litter = counting("3.07");
        let mut counter = Counter::new(&litter);
        let verdict = |counts: [u64; 4], amount, class| {
            let counter = Counter { counts: counts.to_vec(), amount, class, ..Counter::new(&litter) };
            counter.verdict(&litter, &now(0))
        };
        // Second class: fewer than 5 peel, 6 paper, 8 butts, 8 spit; first class: fewer than 4 of each.
        assert_eq!(verdict([4, 5, 7, 7], 1000, 0), Some(Verdict::Pass));
        assert_eq!(verdict([5, 0, 0, 0], 1000, 0), Some(Verdict::Fail));
        assert_eq!(verdict([0, 0, 8, 0], 1000, 0), Some(Verdict::Fail));
        assert_eq!(verdict([3, 3, 3, 3], 1000, 1), Some(Verdict::Pass));
        assert_eq!(verdict([0, 0, 0, 4], 1000, 1), Some(Verdict::Fail));
        assert_eq!(
            (verdict([0, 0, 1, 0], 200, 0), verdict([0, 0, 2, 0], 250, 0)),
            (Some(Verdict::Pass), Some(Verdict::Fail))
        );
        assert_eq!(verdict([1, 1, 1, 1], 0, 0), None, "on no ground nothing can be told");
        for code in [KeyCode::Right, KeyCode::Char(' '), KeyCode::Left] {
            counter.step(&litter, code, &now(0));
        }
        assert_eq!(counter.counts[0], 1);
    }

    #[test]
    fn rat_traces_are_scaled_to_the_way_walked_and_a_short_way_allows_none() {
        let traces = counting("8.02");
        let verdict =
            |n, metres| Counter { counts: vec![n], amount: metres, ..Counter::new(&traces) }.verdict(&traces, &now(0));
        assert_eq!((verdict(5, 2000), verdict(6, 2000)), (Some(Verdict::Pass), Some(Verdict::Fail)));
        assert_eq!(
            (verdict(1, 399), verdict(1, 400), verdict(0, 100)),
            (Some(Verdict::Fail), Some(Verdict::Pass), Some(Verdict::Pass))
        );
    }

    #[test]
    fn a_stopwatch_goes_on_and_says_once_that_the_time_is_over() {
        let landings = counting("8.04");
        let mut counter = Counter::new(&landings);
        counter.row = 1;
        counter.step(&landings, KeyCode::Char(' '), &now(1_000));
        assert_eq!(counter.left(&landings, &now(61_000)), Some(29 * 60_000));
        assert_eq!(counter.amount_shown(&landings, &now(62_000), Lang::En), "1:01");
        counter.counts[0] = 1;
        assert_eq!(counter.verdict(&landings, &now(601_000)), None, "before the time is over nothing passes");
        counter.counts[0] = 2;
        assert_eq!(
            counter.verdict(&landings, &now(601_000)),
            Some(Verdict::Fail),
            "two are too many for the whole time"
        );
        counter.counts[0] = 1;
        assert_eq!(counter.verdict(&landings, &now(1_801_000)), Some(Verdict::Pass));
        counter.step(&landings, KeyCode::Char(' '), &now(1_801_000));
        assert_eq!((counter.elapsed(&now(9_000_000)), counter.left(&landings, &now(9_000_000))), (1_800_000, None));
        assert_eq!(
            counter.measures(&landings, &now(0))[0].per.as_ref().map(|p| (p.amount, p.unit.as_str())),
            Some((1800, "s"))
        );
    }
}
