//! The ranking of the sites, and who stands out.
//!
//! A ranking hurts people, so it is ordered by the interval and not by the bare rate, says nothing where there are fewer
//! judgements than [`TOO_FEW`], and sites that look the same to one tenth of a per cent share a rank. On the red and the
//! black list are only those whose whole interval lies above or below the rate of all sites together.

use schemars::JsonSchema;
use serde::Serialize;

use crate::i18n::Both;
use crate::report::figures::{Rate, TOO_FEW};
use crate::report::summary::{SiteLine, Summary};

/// The sites in order.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ranking {
    /// The rate of all sites together.
    pub overall: Option<Rate>,
    /// The best first.
    pub ranked: Vec<Ranked>,
    /// Sites with too few judgements, or none, in the district's order.
    pub too_few: Vec<Unranked>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ranked {
    /// From 1; ties share a rank.
    pub rank: usize,
    pub id: String,
    pub name: Both,
    pub rate: Rate,
    /// The rate if each target judged here passed as often as it does over all sites.
    pub expected: Option<f64>,
    pub standing: Stands,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Unranked {
    pub id: String,
    pub name: Both,
    pub n: usize,
}

/// Where a site's interval lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stands {
    /// Wholly above the rate of all: the red list.
    Red,
    /// Around it: chance may explain the difference.
    Between,
    /// Wholly below it: the black list.
    Black,
}

impl Ranking {
    pub(super) fn of(summary: &Summary) -> Self {
        let overall = summary.total.line.rate;
        let enough = |site: &&SiteLine| site.line.rate.is_some_and(|r| r.n >= TOO_FEW);
        let mut best: Vec<(&SiteLine, Rate)> =
            summary.sites.iter().filter(enough).filter_map(|s| Some((s, s.line.rate?))).collect();
        // Stable, so that ties stay in the district's order.
        best.sort_by_key(|(_, rate)| std::cmp::Reverse(weight(rate)));
        let few = summary.sites.iter().filter(|s| !enough(s));
        Self {
            overall,
            ranked: best.iter().map(|(site, rate)| Ranked::of(site, *rate, overall, &best)).collect(),
            too_few: few.map(Unranked::of).collect(),
        }
    }

    pub fn on(&self, list: Stands) -> impl Iterator<Item = &Ranked> {
        self.ranked.iter().filter(move |r| r.standing == list)
    }
}

/// What decides the order: the lower end of the interval, then the upper one, in tenths of a per cent as printed.
pub(super) fn weight(rate: &Rate) -> (u32, u32) {
    let tenths = |share: f64| (share * 1000.0).round() as u32;
    (tenths(rate.interval.0), tenths(rate.interval.1))
}

impl Ranked {
    fn of(site: &SiteLine, rate: Rate, overall: Option<Rate>, all: &[(&SiteLine, Rate)]) -> Self {
        let standing = match overall {
            Some(overall) if rate.interval.0 > overall.high => Stands::Red,
            Some(overall) if rate.interval.1 < overall.low => Stands::Black,
            _ => Stands::Between,
        };
        Self {
            rank: 1 + all.iter().filter(|(_, other)| weight(other) > weight(&rate)).count(),
            id: site.line.id.clone(),
            name: site.line.name.clone(),
            rate,
            expected: site.expected,
            standing,
        }
    }
}

impl Unranked {
    fn of(site: &SiteLine) -> Self {
        let n = site.line.rate.map_or(0, |r| r.n);
        Self { id: site.line.id.clone(), name: site.line.name.clone(), n }
    }
}
