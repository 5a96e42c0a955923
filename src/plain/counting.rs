//! Counting without a screen: each thing is asked for, then the ground or the time, and the limit judges.

use crate::i18n::messages as m;
use crate::plain::answer;
use crate::plain::dialogue::{Asking, Dialogue};
use crate::search::half_width;
use crate::tui::app::counting::{Counter, countable, not_yet};
use crate::tui::app::walk::verdict_name;
use crate::tui::{Effect, Now};

impl Dialogue {
    /// Begins to count at the target that is asked about; where time counts, the stopwatch is started first.
    pub(super) fn count(&mut self, now: &Now) -> Vec<Effect> {
        let Some(at) = self.at else {
            return self.refuse(m::PLAIN_NO_TARGET.get(self.lang).to_owned());
        };
        let list = self.list.clone();
        let target = list.target(at);
        let Some(counting) = &target.count else {
            let ids = countable(&list);
            return self.refuse(m::COUNT_NOT_HERE.with(self.lang, &[("id", &target.id), ("ids", &ids)]));
        };
        let counter = self.walk.counter_of(target, counting);
        if counting.is_timed() && *counter == Counter::new(counting) {
            counter.turn_watch(now);
            let values: [(&str, &dyn std::fmt::Display); 2] = [("id", &target.id), ("n", &counting.per)];
            self.say(&m::PLAIN_COUNT_STARTED.with(self.lang, &values));
            return self.next();
        }
        self.asking = Asking::Count(at, 0);
        Vec::new()
    }

    /// Asks for one thing, the amount or the class; at last says what follows.
    pub(super) fn say_count(&mut self, at: usize, row: usize) {
        let (list, lang, now) = (self.list.clone(), self.lang, self.seen.clone());
        let target = list.target(at);
        let Some(counting) = &target.count else {
            return;
        };
        let counter = self.walk.counter_of(target, counting).clone();
        let ask = |what: &str, n: &dyn std::fmt::Display| m::PLAIN_ASK_COUNT.with(lang, &[("what", &what), ("n", n)]);
        let amount = counter.amount_shown(counting, &now, lang);
        let name = counting.amount_name.get(lang);
        let line = match row.checked_sub(counting.items.len()) {
            None => ask(counting.items[row].name.get(lang), &counter.counts[row]),
            Some(0) if counting.is_timed() => m::PLAIN_ASK_MINUTES.with(lang, &[("what", &name), ("n", &amount)]),
            Some(0) => ask(name, &amount),
            Some(1) if counting.classes.len() > 1 => {
                let classes: Vec<String> = counting.classes.iter().map(|c| c.name.get(lang).to_owned()).collect();
                self.say_numbered(&classes);
                ask(m::COUNT_CLASS.get(lang), &classes[counter.class])
            }
            Some(_) => {
                let counted = counter.told(counting, &now, lang);
                match counter.verdict(counting, &now) {
                    Some(verdict) => {
                        let verdict = verdict_name(verdict).get(lang);
                        m::PLAIN_COUNT_FOLLOWS.with(lang, &[("counted", &counted), ("verdict", &verdict)])
                    }
                    None => format!("{counted}: {}", not_yet(counting, lang)),
                }
            }
        };
        self.say(&line);
    }

    /// A number counts, an empty line keeps what there is; behind the last question it records the verdict that follows.
    pub(super) fn counted(&mut self, at: usize, row: usize, line: &str, now: &Now) -> Vec<Effect> {
        let list = self.list.clone();
        let target = list.target(at);
        let Some(counting) = &target.count else {
            return Vec::new();
        };
        let typed: String = line.chars().map(half_width).collect();
        if typed.eq_ignore_ascii_case("x") {
            self.asking = Asking::Verdict;
            return self.refuse(m::PLAIN_COUNT_KEPT.get(self.lang).to_owned());
        }
        let questions = counting.rows();
        match answer::number(line) {
            Some(n) if row < questions => {
                if !self.walk.counter_of(target, counting).set(counting, row, n as u64) {
                    return self.refuse(m::PLAIN_NO_NUMBER.with(self.lang, &[("n", &line)]));
                }
            }
            None if line.is_empty() && row < questions => {}
            None if line.is_empty() => return self.record_count(at, now),
            _ => return self.refuse(m::PLAIN_PROMPT_COUNT.get(self.lang).to_owned()),
        }
        self.asking = Asking::Count(at, row + 1);
        Vec::new()
    }

    fn record_count(&mut self, at: usize, now: &Now) -> Vec<Effect> {
        let list = self.list.clone();
        let target = list.target(at);
        let before = self.walk.session.standing(&target.id, self.walk.place.as_ref()).map(|s| s.judgement.verdict);
        let Some((verdict, effect)) = self.walk.record_count(target, self.lang, now) else {
            // Nothing follows yet: most likely the amount is missing.
            self.asking = Asking::Count(at, target.count.as_ref().map_or(0, |c| c.items.len()));
            return Vec::new();
        };
        let standing = self.walk.session.standing(&target.id, self.walk.place.as_ref());
        let note = standing.and_then(|s| s.judgement.note.as_ref()).map(|n| n.to_string()).unwrap_or_default();
        self.recorded = Some(self.judged(at, verdict, before, &note));
        self.asking = Asking::Verdict;
        self.advance(at);
        vec![effect]
    }
}
