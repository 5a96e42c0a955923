//! Shares with what they rest on: tallies, Wilson's interval, agreement beyond chance.

use schemars::JsonSchema;
use serde::Serialize;

use crate::archive::reading::State;
use crate::log::Verdict;

/// Fewer judgements than this are too few to compare.
pub const TOO_FEW: usize = 30;
/// The normal quantile of a two-sided 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// How many targets stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tally {
    pub pass: usize,
    pub fail: usize,
    pub na: usize,
    pub unseen: usize,
    pub disputed: usize,
    pub not_inspected: usize,
}

/// A share with what it rests on. Where something is disputed, from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
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

/// Two who judged the same keys, pass or fail: how often which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
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
