//! Finding targets, place types, sites and commands by id, Chinese, English, pinyin and its initials.
//!
//! Pinyin is never worked out here: the files hold it, because a character may have several sounds.

use crate::checklist::{Checklist, PlaceType, Target};
use crate::i18n::{Both, Lang};

/// How something fits a query, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It is the id.
    Id,
    /// The id begins with it.
    IdStart,
    /// It is the whole name, in any form.
    Whole,
    /// The name begins with it: in the Chinese interface the Chinese one, for there letters are pinyin first.
    Name,
    /// The initials begin with it.
    Initials,
    /// The pinyin begins with it.
    Pinyin,
    /// The pinyin begins with it where some syllables are cut short, as `ljtong`.
    Mixed,
    /// A word of the name begins with it; Chinese has no words, there any character will do.
    Word,
    /// It stands further in among the initials, or in the pinyin where a syllable begins.
    Sound,
    /// It stands elsewhere in the name, its pinyin or the id.
    Inside,
    /// It stands in a phrase for a common fault.
    Fault,
}

impl Rank {
    const ALL: [Self; 11] = [
        Self::Id,
        Self::IdStart,
        Self::Whole,
        Self::Name,
        Self::Initials,
        Self::Pinyin,
        Self::Mixed,
        Self::Word,
        Self::Sound,
        Self::Inside,
        Self::Fault,
    ];
}

/// A target that fits a query, as a place in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub rank: Rank,
    pub at: usize,
}

/// The targets of a checklist, made ready once to be searched on every key.
#[derive(Debug)]
pub struct Finder(Vec<Forms>);

impl Finder {
    pub fn new(list: &Checklist) -> Self {
        Self(list.targets().map(Forms::from).collect())
    }

    /// The targets that fit a query, the best first, equals in reading order. An empty query finds nothing.
    pub fn find(&self, query: &str, lang: Lang) -> Vec<Hit> {
        let query = Query::new(query, lang);
        if query.is_empty() {
            return Vec::new();
        }
        let hit = |(at, forms): (usize, &Forms)| Some(Hit { rank: forms.rank(&query)?, at });
        let mut hits: Vec<Hit> = self.0.iter().enumerate().filter_map(hit).collect();
        hits.sort_unstable();
        hits
    }
}

/// Those of some things that fit a query, the best first, equals in their order. An empty query fits them all.
pub fn among<T>(things: impl IntoIterator<Item = T>, forms: impl Fn(&T) -> Forms, query: &str, lang: Lang) -> Vec<T> {
    let query = Query::new(query, lang);
    if query.is_empty() {
        return things.into_iter().collect();
    }
    let mut found: Vec<(Rank, T)> =
        things.into_iter().filter_map(|thing| Some((forms(&thing).rank(&query)?, thing))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, thing)| thing).collect()
}

/// Half width, lower case, without outer blanks.
pub fn normal(query: &str) -> String {
    query.chars().map(half_width).flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}

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

/// The target with this id, written with its point or without.
pub fn target_by_id(list: &Checklist, query: &str) -> Option<usize> {
    let query = normal(query);
    let fits = |id: &str| {
        let bare: String = id.chars().filter(|c| c.is_alphanumeric()).collect();
        id == query || bare == query
    };
    list.targets().position(|t| !query.is_empty() && fits(&normal(t.id.as_str())))
}

/// What something is found by, in the forms a query is compared with.
#[derive(Debug, Default)]
pub struct Forms {
    id: String,
    /// The id without its punctuation, as `310`.
    bare_id: String,
    zh: String,
    en: String,
    initials: String,
    syllables: Vec<String>,
    faults: Vec<Both>,
}

impl Forms {
    pub fn new(id: &str, name: &Both, initials: &str, pinyin: Option<&str>) -> Self {
        let id = normal(id);
        Self {
            bare_id: id.chars().filter(|c| c.is_alphanumeric()).collect(),
            id,
            zh: dense(&normal(&name.zh)),
            en: normal(&name.en),
            initials: normal(initials),
            syllables: pinyin.unwrap_or_default().split_whitespace().map(|s| toneless(&normal(s))).collect(),
            faults: Vec::new(),
        }
    }

    /// How well it fits a query that is not empty.
    fn rank(&self, query: &Query) -> Option<Rank> {
        Rank::ALL.into_iter().find(|rank| self.fits(*rank, query))
    }

    fn fits(&self, rank: Rank, query: &Query) -> bool {
        let Query { text, dense, sound, lang } = query;
        let sounds = !sound.is_empty();
        match rank {
            Rank::Id => self.id == *text || self.bare_id == *dense,
            Rank::IdStart => self.id.starts_with(text) || self.bare_id.starts_with(dense),
            Rank::Whole => {
                self.zh == *dense
                    || self.en == *text
                    || sounds
                        && (self.initials == *sound
                            || self.letters() == sound.len() && begin_whole(&self.syllables, sound))
            }
            Rank::Name => self.zh.starts_with(dense) || *lang == Lang::En && self.en.starts_with(text),
            Rank::Initials => sounds && self.initials.starts_with(sound),
            Rank::Pinyin => sounds && begin_whole(&self.syllables, sound),
            Rank::Mixed => sounds && begin_short(&self.syllables, sound),
            Rank::Word => {
                let starts = |word: &str| word.starts_with(text);
                self.zh.contains(dense) || word_starts(&self.en).any(starts)
            }
            Rank::Sound => {
                sounds && (self.initials.contains(sound) || self.later().any(|rest| begin_whole(rest, sound)))
            }
            Rank::Inside => {
                self.en.contains(text)
                    || self.id.contains(text)
                    || sounds && self.later().any(|rest| begin_short(rest, sound))
            }
            Rank::Fault => self.faults.iter().any(|fault| fault.zh.contains(dense) || fault.en.contains(text)),
        }
    }

    /// How long the whole pinyin is.
    fn letters(&self) -> usize {
        self.syllables.iter().map(String::len).sum()
    }

    /// The syllables from each but the first on.
    fn later(&self) -> impl Iterator<Item = &[String]> {
        (1..self.syllables.len()).map(|from| &self.syllables[from..])
    }
}

impl From<&Target> for Forms {
    fn from(target: &Target) -> Self {
        let fault = |fault: &Both| Both { zh: dense(&normal(&fault.zh)), en: normal(&fault.en) };
        Self {
            faults: target.faults.iter().map(fault).collect(),
            ..Self::new(target.id.as_str(), &target.name, &target.initials, target.pinyin.as_deref())
        }
    }
}

impl From<&PlaceType> for Forms {
    fn from(kind: &PlaceType) -> Self {
        Self::new(&kind.id, &kind.name, &kind.initials, kind.pinyin.as_deref())
    }
}

/// What is looked for, in the forms it is compared as.
struct Query {
    text: String,
    /// Without blanks.
    dense: String,
    /// As pinyin; empty where it cannot be any.
    sound: String,
    /// The language of the interface.
    lang: Lang,
}

impl Query {
    fn new(query: &str, lang: Lang) -> Self {
        let text = normal(query);
        let dense = dense(&text);
        let sound = toneless(&dense.replace(['\'', '’'], ""));
        let sound = if sound.bytes().all(|b| b.is_ascii_alphanumeric()) { sound } else { String::new() };
        Self { text, dense, sound, lang }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// A text without its blanks.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Pinyin without tones, ü as `v`.
fn toneless(pinyin: &str) -> String {
    let bare = |c| match c {
        'ā' | 'á' | 'ǎ' | 'à' => 'a',
        'ē' | 'é' | 'ě' | 'è' => 'e',
        'ī' | 'í' | 'ǐ' | 'ì' => 'i',
        'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
        'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
        c => c,
    };
    pinyin.chars().map(bare).collect()
}

/// The rests of a text from the start of each of its words.
fn word_starts(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.char_indices().filter_map(move |(at, c)| {
        let starts = c.is_alphanumeric() && !inside;
        inside = c.is_alphanumeric();
        starts.then(|| &text[at..])
    })
}

/// How many letters two spellings begin with in common; `u` may be typed for ü.
fn common(syllable: &str, typed: &str) -> usize {
    let same = |(s, t): &(u8, u8)| s == t || (*s == b'v' && *t == b'u');
    syllable.bytes().zip(typed.bytes()).take_while(same).count()
}

/// Whether syllables, one after the other and each whole, begin with what is typed.
fn begin_whole(syllables: &[String], typed: &str) -> bool {
    let mut rest = typed;
    for syllable in syllables {
        let n = common(syllable, rest);
        rest = rest.get(n..).unwrap_or_default();
        if rest.is_empty() {
            return true;
        }
        if n < syllable.len() {
            return false;
        }
    }
    false
}

/// Whether syllables, one after the other and each cut anywhere behind its first letter, begin with what is typed.
fn begin_short(syllables: &[String], typed: &str) -> bool {
    let all = typed.len();
    if all >= u128::BITS as usize {
        return false;
    }
    // Bit n says that the syllables so far can stand for the first n letters.
    let mut reached: u128 = 1;
    for syllable in syllables {
        let mut next = 0;
        for from in (0..all).filter(|n| reached >> n & 1 == 1) {
            for n in 1..=common(syllable, &typed[from..]) {
                next |= 1 << (from + n);
            }
        }
        if next == 0 || next >> all & 1 == 1 {
            return next != 0;
        }
        reached = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::district::District;

    struct Search(Checklist, Finder);

    impl Search {
        fn new() -> Self {
            let list = Checklist::built_in();
            let finder = Finder::new(&list);
            Self(list, finder)
        }

        fn ids(&self, query: &str) -> Vec<String> {
            self.1.find(query, Lang::En).iter().map(|hit| self.0.target(hit.at).id.to_string()).collect()
        }

        fn first(&self, query: &str) -> String {
            self.first_in(query, Lang::En)
        }

        fn first_in(&self, query: &str, lang: Lang) -> String {
            let first = self.1.find(query, lang).first().map(|hit| self.0.target(hit.at).id.to_string());
            first.unwrap_or_default()
        }

        fn rank(&self, query: &str, id: &str) -> Option<Rank> {
            let hits = self.1.find(query, Lang::En);
            hits.iter().find(|hit| self.0.target(hit.at).id.as_str() == id).map(|hit| hit.rank)
        }
    }

    #[test]
    fn every_target_is_among_the_first_by_each_of_its_forms() {
        let search = Search::new();
        let targets = search.0.targets().enumerate();
        for ((at, target), lang) in targets.flat_map(|t| [(t, Lang::Zh), (t, Lang::En)]) {
            let bare: String = target.id.as_str().chars().filter(char::is_ascii_digit).collect();
            let pinyin = target.pinyin.clone().unwrap();
            let joined = pinyin.replace(' ', "");
            let u = joined.replace('v', "u");
            let found = |query: &str| search.1.find(query, lang).iter().position(|hit| hit.at == at);
            for query in [target.id.as_str(), &bare, &target.name.zh, &target.name.en, &pinyin, &joined, &u] {
                assert_eq!(found(query), Some(0), "{} by {query}", target.id);
            }
            // Two targets share their initials.
            assert!(found(&target.initials).is_some_and(|n| n < 2), "{} by {}", target.id, target.initials);
            for fault in &target.faults {
                assert!(found(&fault.zh).is_some() && found(&fault.en).is_some(), "{} by {fault:?}", target.id);
            }
        }
    }

    #[test]
    fn queries_as_an_inspector_types_them() {
        let search = Search::new();
        for query in ["3.10", "310", "３１０", "3。10", "果皮箱完好", "gpxwh", "GPXWH", "ｇｐｘｗｈ", "guopixiangw"]
        {
            assert_eq!(search.first(query), "3.10", "{query}");
        }
        assert_eq!(search.first("cockroaches"), "8.06");
        assert_eq!(search.first("蟑螂"), "8.06");
        assert!(search.ids(" ").is_empty() && search.ids("").is_empty() && search.ids("\u{3000}").is_empty());
        assert!(search.ids("zzzzzz").is_empty() && search.ids(&"a".repeat(500)).is_empty());
    }

    #[test]
    fn pinyin_is_taken_as_it_is_typed() {
        let search = Search::new();
        for query in ["laji", "la ji", "LaJi", "lā jī", "ｌａｊｉ", "la'ji", "laj", "ljr", "lajirq", "lajirongqi"]
        {
            assert_eq!(search.first(query), "3.23", "{query}");
        }
        for query in ["lajit", "lajitong", "la ji tong", "ljtong", "lajt", "ljt"] {
            assert_eq!(search.first(query), "3.49", "{query}");
        }
        for query in ["lvdi", "ludi", "lüdi", "lǜ dì", "lvd", "ldz"] {
            assert_eq!(search.first(query), "3.18", "{query}");
        }
        // What belongs to one syllable is not spelt over two.
        assert!(!search.ids("lai").contains(&"3.23".to_owned()));
    }

    #[test]
    fn the_better_fit_comes_first() {
        let search = Search::new();
        assert_eq!(search.rank("3.10", "3.10"), Some(Rank::Id));
        assert_eq!(search.rank("31", "3.10"), Some(Rank::IdStart));
        assert_eq!(search.rank("无烟草广告", "2.11"), Some(Rank::Whole));
        assert_eq!(search.rank("wu yan cao guang gao", "2.11"), Some(Rank::Whole));
        assert_eq!(search.rank("wycgg", "2.11"), Some(Rank::Whole));
        assert_eq!(search.rank("no tobacco advertising", "2.11"), Some(Rank::Whole));
        assert_eq!(search.rank("无烟", "2.11"), Some(Rank::Name));
        assert_eq!(search.rank("No tob", "2.11"), Some(Rank::Name));
        assert_eq!(search.rank("wyc", "2.11"), Some(Rank::Initials));
        assert_eq!(search.rank("wuyan", "2.11"), Some(Rank::Pinyin));
        assert_eq!(search.rank("wycao", "2.11"), Some(Rank::Mixed));
        assert_eq!(search.rank("广告", "2.11"), Some(Rank::Word));
        assert_eq!(search.rank("tobacco adv", "2.11"), Some(Rank::Word));
        assert_eq!(search.rank("guanggao", "2.11"), Some(Rank::Sound));
        assert_eq!(search.rank("cgg", "2.11"), Some(Rank::Sound));
        assert_eq!(search.rank("ggao", "2.11"), Some(Rank::Inside));
        assert_eq!(search.rank("bacco", "2.11"), Some(Rank::Inside));
        assert_eq!(search.rank("路面坑洞", "3.01"), Some(Rank::Fault));
        assert!(Rank::ALL.is_sorted());
        let ranks: Vec<Hit> = search.1.find("wu", Lang::En);
        assert!(ranks.is_sorted() && ranks.len() > 20);
    }

    #[test]
    fn two_letters_bring_what_is_looked_for_most() {
        let search = Search::new();
        let expect = [
            ("la", "3.23"),
            ("zl", "8.06"),
            ("zh", "3.27"),
            ("gp", "3.09"),
            ("gc", "3.40"),
            ("jg", "3.03"),
            ("lm", "3.01"),
            ("lu", "3.01"),
            ("lv", "3.18"),
            ("cl", "3.15"),
            ("hq", "3.52"),
            ("bi", "3.50"),
            ("my", "8.18"),
            ("公厕", "3.40"),
            ("井盖", "3.03"),
        ];
        for (query, id) in expect {
            assert_eq!(search.first_in(query, Lang::Zh), id, "{query}");
        }
        for (query, id) in
            [("to", "3.40"), ("li", "3.09"), ("ro", "3.01"), ("fl", "6.14"), ("ra", "6.04"), ("la", "3.65")]
        {
            assert_eq!(search.first(query), id, "{query}");
        }
        assert_eq!(search.ids("lj")[..2], ["3.11", "3.23"]);
    }

    #[test]
    fn place_types_and_sites_are_found_by_the_same_forms() {
        let list = Checklist::built_in();
        let types = |query: &str| {
            let found = among(&list.place_types, |t| Forms::from(*t), query, Lang::Zh);
            found.into_iter().map(|t| t.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(types("").len(), 37);
        for place in &list.place_types {
            let pinyin = place.pinyin.as_deref().unwrap();
            for query in [&place.id, &place.name.zh, &place.name.en, &place.initials, pinyin, &pinyin.replace(' ', "")]
            {
                assert_eq!(types(query).first(), Some(&place.id), "{query}");
            }
        }
        for query in ["lvdian", "ludian", "lvd", "HOTEL"] {
            assert_eq!(types(query), ["hotel"], "{query}");
        }
        let district = District::built_in();
        let form = |s: &&crate::district::Site| Forms::new(&s.id, &s.name, &s.initials, s.pinyin.as_deref());
        let sites = |query: &str| among(&district.sites, form, query, Lang::Zh);
        assert_eq!(sites(" ").len(), 16);
        for site in &district.sites {
            let pinyin = site.pinyin.as_deref().unwrap();
            for query in [&site.id, &site.name.zh, &site.name.en, &site.initials, pinyin, &pinyin.replace(' ', "")] {
                assert_eq!(sites(query).first(), Some(&site), "{query}");
            }
        }
        assert_eq!(sites("changle")[0].id, "changle-lu");
        assert_eq!(sites("nongye road")[0].id, "nongye-lu");
    }

    #[test]
    fn a_file_without_pinyin_is_searched_by_its_initials() {
        let name = Both { zh: "5G基站".into(), en: "5G mast".into() };
        let rank = |pinyin: Option<&str>, query: &str| {
            Forms::new("m1", &name, "jz", pinyin).rank(&Query::new(query, Lang::Zh))
        };
        assert_eq!(rank(None, "jz"), Some(Rank::Whole));
        assert_eq!(rank(None, "jizhan"), None);
        assert_eq!(rank(Some("ji zhan"), "jizh"), Some(Rank::Pinyin));
        assert_eq!(rank(None, "５ｇ 基站"), Some(Rank::Whole));
        assert_eq!(rank(None, "M1"), Some(Rank::Id));
    }
}
