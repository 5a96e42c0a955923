//! Finding targets, place types and sites by id, Chinese, English and pinyin initials.

use crate::checklist::{Checklist, Target};
use crate::i18n::Both;

/// Turns full-width forms into the half-width keys they stand for: an input method in Chinese mode sends them.
pub fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '。' => '.',
        '、' => '/',
        '【' => '[',
        '】' => ']',
        '《' => '<',
        '》' => '>',
        _ => c,
    }
}

/// How well something fits a query; less is better.
type Rank = u8;

/// The targets that fit a query, the best first, as places in reading order. An empty query finds nothing.
pub fn targets(list: &Checklist, query: &str) -> Vec<usize> {
    let query = normal(query);
    if query.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(Rank, usize)> =
        list.targets().enumerate().filter_map(|(at, t)| Some((rank_target(t, &query)?, at))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

/// The target with this id, written with its point or without.
pub fn target_by_id(list: &Checklist, query: &str) -> Option<usize> {
    let query = normal(query);
    list.targets().position(|t| !query.is_empty() && is_id(t, &query))
}

/// How well a named thing with an id and initials fits a query; an empty query fits everything alike.
pub fn rank(id: &str, name: &Both, initials: &str, query: &str) -> Option<Rank> {
    let query = normal(query);
    if query.is_empty() {
        return Some(0);
    }
    rank_text(id, name, initials, &query)
}

/// Lower case, half width, without outer blanks.
pub fn normal(query: &str) -> String {
    query.trim().chars().map(half_width).flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}

fn rank_target(target: &Target, query: &str) -> Option<Rank> {
    if is_id(target, query) {
        return Some(0);
    }
    let (id, bare) = ids(target);
    if query.starts_with(|c: char| c.is_ascii_digit()) && (id.starts_with(query) || bare.starts_with(query)) {
        return Some(1);
    }
    rank_text("", &target.name, &target.initials, query).or_else(|| {
        let fits = |text: &Both| text.zh.contains(query) || text.en.to_lowercase().contains(query);
        target.faults.iter().any(fits).then_some(8)
    })
}

fn is_id(target: &Target, query: &str) -> bool {
    let (id, bare) = ids(target);
    query == id || query == bare
}

/// The id of a target, and the same without points.
fn ids(target: &Target) -> (String, String) {
    let id = target.id.as_str().to_lowercase();
    let bare = id.chars().filter(char::is_ascii_alphanumeric).collect();
    (id, bare)
}

fn rank_text(id: &str, name: &Both, initials: &str, query: &str) -> Option<Rank> {
    let en = name.en.to_lowercase();
    let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|w| w.starts_with(query));
    let tests: [(bool, Rank); 6] = [
        (!id.is_empty() && id.to_lowercase() == query, 0),
        (initials.starts_with(query) || name.zh.starts_with(query), 2),
        (en.starts_with(query), 3),
        (name.zh.contains(query) || word(&en), 4),
        (initials.contains(query), 5),
        (en.contains(query) || (!id.is_empty() && id.to_lowercase().contains(query)), 6),
    ];
    tests.into_iter().find(|(fits, _)| *fits).map(|(_, rank)| rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(query: &str) -> String {
        let list = Checklist::built_in();
        targets(&list, query).first().map(|at| list.target(*at).id.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_target_is_found_by_id_chinese_english_and_initials() {
        let list = Checklist::built_in();
        for (at, target) in list.targets().enumerate() {
            let bare: String = target.id.as_str().chars().filter(char::is_ascii_digit).collect();
            let queries = [target.id.as_str(), &target.name.zh, &target.name.en, &target.initials];
            for query in queries {
                let rank = targets(&list, query).iter().position(|t| *t == at);
                assert!(rank.is_some_and(|r| r < 3), "{} by {query}: {rank:?}", target.id);
            }
            assert!(targets(&list, &bare).contains(&at), "{} by {bare}", target.id);
        }
    }

    #[test]
    fn queries_as_an_inspector_types_them() {
        assert_eq!(first("3.10"), "3.10");
        assert_eq!(first("310"), "3.10");
        assert_eq!(first("３１０"), "3.10");
        assert_eq!(first("果皮箱完好"), "3.10");
        assert_eq!(first("gpxwh"), "3.10");
        assert_eq!(first("GPXWH"), "3.10");
        assert_eq!(first("cockroaches"), "8.06");
        assert_eq!(first("蟑螂"), "8.06");
        assert_eq!(first(" "), "");
        assert_eq!(first("zzzzzz"), "");
    }
}
