//! A checklist: categories, targets, place types. Loading takes bytes; every fault of a file is named.
//!
//! The one that is compiled in breaks the 40 clauses of the 2014 edition of the National Sanitary City standard
//! into 8 categories and 184 targets. Only those two totals come from the subdistrict's own text; the split is this project's.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use crate::i18n::Both;
use crate::shape::{self, Check, Fault, What, checked, is_id};

/// The name a file must carry in `format`.
pub const FORMAT: &str = "xunjie-checklist";
/// The newest version of the file format this program reads.
pub const VERSION: u64 = 1;

const BUILT_IN: &[u8] = include_bytes!("../checklists/national-sanitary-city-2014.json");

/// What is judged, in which order, at which places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    pub format: Format,
    pub version: u64,
    /// Names the checklist in logs: letters, digits, `-`, `_`, `.`.
    #[schemars(length(min = 1), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"))]
    pub id: String,
    /// Which edition of the standard, and which edition of this breakdown of it.
    #[schemars(length(min = 1, max = 64))]
    pub edition: String,
    pub name: Both,
    /// Where the targets come from and what is not certain about them; shown on the help screen.
    pub about: Both,
    /// The documents the evidence marks rest on.
    pub sources: Vec<Document>,
    /// The clauses of the standard.
    #[schemars(length(min = 1))]
    pub clauses: Vec<Clause>,
    #[schemars(length(min = 1))]
    pub place_types: Vec<PlaceType>,
    #[schemars(length(min = 1))]
    pub categories: Vec<Category>,
    /// SHA-256 of the file's bytes, in hex: logs name it, so that a changed checklist is noticed.
    #[serde(skip)]
    pub sha256: String,
    #[serde(skip)]
    index: Index,
}

/// The word in `format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Format {
    #[default]
    #[serde(rename = "xunjie-checklist")]
    Checklist,
}

/// A document, by its title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    #[schemars(length(min = 1))]
    pub id: String,
    #[schemars(length(min = 1))]
    pub title: String,
}

/// A clause of the standard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    pub no: u64,
    pub name: Both,
}

/// A kind of place, as a back alley or a market; decides which targets apply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceType {
    #[schemars(length(min = 1), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"))]
    pub id: String,
    pub name: Both,
    /// Pinyin initials of the Chinese name, for searching.
    #[schemars(length(min = 1))]
    pub initials: String,
    /// Whole pinyin of the Chinese name, for searching: a syllable for each initial, without tones, with blanks between,
    /// `la ji tong`; ü is written `v`. Latin letters and digits of the name stand in both or in neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[a-z0-9ü]+( [a-z0-9ü]+)*$"))]
    pub pinyin: Option<String>,
}

/// A group of targets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub no: u64,
    pub name: Both,
    /// A name of at most 8 Han characters or 16 letters, for narrow columns.
    pub short: Both,
    #[schemars(length(min = 1))]
    pub targets: Vec<Target>,
}

/// One thing to judge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub id: TargetId,
    pub name: Both,
    /// Pinyin initials of the Chinese name, checked by hand: 银行 is `yh`.
    #[schemars(length(min = 1))]
    pub initials: String,
    /// Whole pinyin of the Chinese name, for searching: a syllable for each initial, without tones, with blanks between,
    /// `la ji tong`; ü is written `v`. Latin letters and digits of the name stand in both or in neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[a-z0-9ü]+( [a-z0-9ü]+)*$"))]
    pub pinyin: Option<String>,
    /// The number of the clause of the standard.
    pub clause: u64,
    /// Ids of the place types it applies at.
    #[schemars(length(min = 1))]
    pub places: Vec<String>,
    #[schemars(length(min = 1))]
    pub method: Vec<Method>,
    pub reach: Reach,
    /// The default time to put a fault right.
    pub due: Due,
    pub evidence: Evidence,
    /// What to look at.
    pub look: Both,
    pub pass: Both,
    pub fail: Both,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// Common faults, as phrases ready for a note.
    #[schemars(length(min = 1))]
    pub faults: Vec<Both>,
    /// What is counted at it, where the verdict follows from a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Counting>,
    /// Ids of the district's programmes it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<String>,
}

/// What is counted, on how much ground or in how much time, and what is allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    #[schemars(length(min = 1, max = 9))]
    pub items: Vec<Countable>,
    /// `m2`, `m`, or `min`, which is timed with a stopwatch.
    #[schemars(length(min = 1), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"))]
    pub unit: String,
    pub unit_name: Both,
    /// What the amount is called: the area, the way walked, the time.
    pub amount_name: Both,
    /// The limits are for so many units.
    #[schemars(range(min = 1))]
    pub per: u64,
    /// Classes of road, or one; the first is taken where nothing is chosen.
    #[schemars(length(min = 1))]
    pub classes: Vec<CountClass>,
}

impl Counting {
    /// Whether time is what the limits speak of, taken with a stopwatch.
    pub fn is_timed(&self) -> bool {
        self.unit == "min"
    }

    /// How many numbers there are to enter: of each thing, the amount, and the class where there are several.
    pub fn rows(&self) -> usize {
        self.items.len() + 1 + usize::from(self.classes.len() > 1)
    }
}

/// Something that is counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Countable {
    #[schemars(length(min = 1), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"))]
    pub id: String,
    pub name: Both,
}

/// The limits of a class, in the order of what is counted; what comes after the last has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountClass {
    pub name: Both,
    pub limits: Vec<Bound>,
}

/// What is allowed: fewer than a number, or so many and no more.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub struct Bound {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub below: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub most: Option<f64>,
}

impl Bound {
    pub fn holds(self, n: f64) -> bool {
        self.below.is_none_or(|limit| n < limit) && self.most.is_none_or(|limit| n <= limit)
    }
}

/// A figure, where there is one. A rate over a whole town is never applied to one shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What one place must meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Both>,
    /// What the whole area must meet, worked out later from many records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Both>,
}

/// How sure a requirement is, and where it was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub mark: Mark,
    /// Ids of the documents it was found in; none for a decision of this project.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// How sure a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Mark {
    /// Seen in two or more independent documents.
    V2,
    /// Seen in one document.
    V1,
    /// Unconfirmed: found in no document.
    M,
    /// A decision that turns a clause into something one can pass or fail.
    D,
}

/// How a target is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    Observe,
    Measure,
    Document,
    Ask,
}

/// Where one must be to judge a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// From public space.
    Street,
    /// On a walk, but one must step in or ask for a paper.
    Inside,
    /// From papers in an office only; no walk reaches it.
    Office,
}

/// The default time to put a fault right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Due {
    #[serde(rename = "now")]
    Now,
    #[serde(rename = "24h")]
    Day,
    #[serde(rename = "3d")]
    ThreeDays,
    #[serde(rename = "7d")]
    Week,
    #[serde(rename = "30d")]
    Month,
    /// Needs a plan of works.
    #[serde(rename = "plan")]
    Plan,
}

/// The id of a target, as `3.10`: 1 to 16 letters, digits, `.`, `_`, `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[schemars(with = "String", extend("pattern" = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,15}$"))]
pub struct TargetId(Arc<str>);

impl TargetId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for TargetId {
    type Error = String;

    fn try_from(id: &str) -> Result<Self, String> {
        if is_id(id) && id.len() <= 16 { Ok(Self(id.into())) } else { Err(format!("not a target id: {id:?}")) }
    }
}

impl TryFrom<String> for TargetId {
    type Error = String;

    fn try_from(id: String) -> Result<Self, String> {
        id.as_str().try_into()
    }
}

impl<'de> Deserialize<'de> for TargetId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        checked(d)
    }
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where each target stands: category and place in it, in reading order, and by id.
#[derive(Clone, Debug, Default, PartialEq)]
struct Index {
    flat: Vec<(usize, usize)>,
    by_id: HashMap<TargetId, usize>,
}

impl Checklist {
    /// The checklist that is compiled in.
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN).unwrap_or_else(|e| unreachable!("the built-in checklist is tested: {e}"))
    }

    /// The bytes of the checklist that is compiled in.
    pub fn built_in_bytes() -> &'static [u8] {
        BUILT_IN
    }

    /// Reads a file, or names every fault of it.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let faults = faults(bytes);
        if !faults.is_empty() {
            return Err(faults);
        }
        Self::parse(bytes).map_err(|e| vec![Fault::of_reader(&e)])
    }

    fn parse(bytes: &[u8]) -> serde_json::Result<Self> {
        let mut list: Self = serde_json::from_slice(bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes))?;
        list.sha256 = hex(&Sha256::digest(bytes));
        for (c, category) in list.categories.iter().enumerate() {
            for (t, target) in category.targets.iter().enumerate() {
                list.index.by_id.insert(target.id.clone(), list.index.flat.len());
                list.index.flat.push((c, t));
            }
        }
        Ok(list)
    }

    /// How many targets there are.
    pub fn len(&self) -> usize {
        self.index.flat.len()
    }

    pub fn is_empty(&self) -> bool {
        self.index.flat.is_empty()
    }

    /// The target at a place in reading order, from 0.
    pub fn target(&self, at: usize) -> &Target {
        let (c, t) = self.index.flat[at];
        &self.categories[c].targets[t]
    }

    /// The category a target belongs to, as a place in `categories`.
    pub fn category_of(&self, at: usize) -> usize {
        self.index.flat[at].0
    }

    /// Where the target with this id stands in reading order.
    pub fn position(&self, id: &TargetId) -> Option<usize> {
        self.index.by_id.get(id).copied()
    }

    /// All targets in reading order.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.categories.iter().flat_map(|c| &c.targets)
    }

    pub fn place_type(&self, id: &str) -> Option<&PlaceType> {
        self.place_types.iter().find(|p| p.id == id)
    }

    /// How many targets apply at a place type.
    pub fn count_at(&self, place_type: &str) -> usize {
        self.targets().filter(|t| t.applies_at(place_type)).count()
    }

    /// How many targets a walk can reach; the others are papers in an office.
    pub fn walkable(&self) -> usize {
        self.targets().filter(|t| t.reach != Reach::Office).count()
    }
}

impl Target {
    pub fn applies_at(&self, place_type: &str) -> bool {
        self.places.iter().any(|p| p == place_type)
    }

    /// Whether somebody is asked and nothing is looked at: another answer at a place is another person's.
    pub fn is_interview(&self) -> bool {
        self.method == [Method::Ask]
    }
}

/// Every fault of a checklist file, in file order; none when it is good.
pub fn faults(bytes: &[u8]) -> Vec<Fault> {
    let bare = |what| vec![Fault { line: 0, at: String::new(), what }];
    let text = match shape::decode(bytes) {
        Ok(text) => text,
        Err(why) => return bare(What::Encoding(why)),
    };
    let mut check = match Check::new(text) {
        Ok(check) => check,
        Err(fault) => return vec![fault],
    };
    if let Err(fault) = check.kind(FORMAT, VERSION) {
        return vec![fault];
    }
    check.against(&schema());
    check.ids("id");
    check.ids("place_types[].id");
    check.ids("categories[].targets[].id");
    check.ids("categories[].targets[].programmes[]");
    check.ids("categories[].targets[].count.items[].id");
    check.unique_in_each("categories[].targets[].count.items[].id");
    limits_have_things(&mut check);
    let places = check.unique("place_types[].id");
    check.defined("categories[].targets[].places[]", &places);
    check.unique("categories[].targets[].id");
    let sources = check.unique("sources[].id");
    check.defined("categories[].targets[].evidence.sources[]", &sources);
    let clauses = check.unique("clauses[].no");
    check.defined("categories[].targets[].clause", &clauses);
    check.unique("categories[].no");
    check.spelt("place_types[]");
    check.spelt("categories[].targets[]");
    check.faults()
}

/// A limit behind the last thing that is counted is for nothing.
fn limits_have_things(check: &mut Check) {
    let target_of = |at: &str| at.split(".count.").next().unwrap_or_default().to_owned();
    let mut things: HashMap<String, usize> = HashMap::new();
    for found in check.strings("categories[].targets[].count.items[].id") {
        *things.entry(target_of(&found.at)).or_default() += 1;
    }
    for bound in ["below", "most"] {
        for found in check.strings(&format!("categories[].targets[].count.classes[].limits[].{bound}")) {
            let n = things.get(&target_of(&found.at)).copied().unwrap_or(0);
            let at = found.at.rsplit('[').next().and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
            if at.is_some_and(|at| at >= n) {
                check.blame(&found, What::TooMany(n as u64));
            }
        }
    }
}

/// The JSON Schema (2020-12) of a checklist file.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Checklist).to_value()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS[usize::from(n)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_checklist_is_the_breakdown() {
        let list = Checklist::read(BUILT_IN).unwrap();
        assert_eq!(list, Checklist::built_in(), "both ways of reading agree");
        let sizes: Vec<usize> = list.categories.iter().map(|c| c.targets.len()).collect();
        assert_eq!(sizes, [10, 14, 66, 12, 26, 24, 12, 20]);
        assert_eq!((list.len(), list.clauses.len(), list.place_types.len(), list.walkable()), (184, 40, 37, 157));
        let used: std::collections::HashSet<u64> = list.targets().map(|t| t.clause).collect();
        // Clause 38 to 40 close the standard; every clause has a target.
        assert_eq!(used.len(), 40);
        let pairs: usize = list.targets().map(|t| t.places.len()).sum();
        assert_eq!(pairs, 488);
        assert!(list.place_types.iter().all(|p| (1..=33).contains(&list.count_at(&p.id))));
    }

    #[test]
    fn evidence_is_as_strong_as_its_mark_says() {
        for target in Checklist::built_in().targets() {
            let n = target.evidence.sources.len();
            let fits = match target.evidence.mark {
                Mark::V2 => n >= 2,
                Mark::V1 => n == 1,
                Mark::M | Mark::D => n == 0,
            };
            assert!(fits, "{}: {:?}", target.id, target.evidence);
        }
    }

    #[test]
    fn wordings_keep_to_what_a_narrow_terminal_shows() {
        use crate::text::{visible, width};
        let list = Checklist::built_in();
        for target in list.targets() {
            assert!((2..=6).contains(&target.faults.len()), "{}", target.id);
            assert!(width(&target.name.zh) <= 22 && width(&target.name.en) <= 49, "{}", target.id);
            let han = target.name.zh.chars().filter(|c| !c.is_ascii()).count();
            assert_eq!(target.initials.len(), han, "{}", target.id);
            for text in [&target.look, &target.pass, &target.fail] {
                assert!(width(&text.zh) <= 78 && width(&text.en) <= 145, "{}: {text:?}", target.id);
            }
            let limits = target.limit.iter().flat_map(|l| l.place.iter().chain(&l.area));
            let all = [&target.name, &target.look, &target.pass, &target.fail];
            for text in all.into_iter().chain(&target.faults).chain(limits) {
                assert!(text.en.is_ascii(), "{}: {text:?}", target.id);
                assert_eq!(visible(&text.zh), text.zh, "{}", target.id);
            }
        }
        let mut names: Vec<&str> = list.targets().map(|t| t.name.zh.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 184);
    }

    #[test]
    fn counting_that_makes_no_sense_is_a_fault_with_its_line() {
        let good = std::str::from_utf8(BUILT_IN).unwrap();
        let told = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            let bad = good.replacen(from, to, 1);
            let line = 1 + bad.lines().zip(good.lines()).take_while(|(bad, good)| bad == good).count();
            let faults = faults(bad.as_bytes());
            assert!(faults.iter().all(|f| f.line >= line && f.at.contains(".count.")), "{to}: {faults:?}");
            faults.into_iter().map(|f| f.what).collect::<Vec<_>>()
        };
        assert_eq!(told("\"per\": 1000", "\"per\": 0"), [What::TooSmall("1".into())]);
        assert_eq!(told("{\"below\": 5}", "{\"below\": -5}"), [What::TooSmall("0".into())]);
        assert_eq!(told("{\"below\": 5}", "{}"), [What::Empty]);
        assert_eq!(told("{\"below\": 5}", "{\"below\": 5}, {\"most\": 5}"), [What::TooMany(4)]);
        assert_eq!(told("\"id\": \"paper\"", "\"id\": \"peel\""), [What::Twice("peel".into())]);
        let item = "{\"id\": \"x1\", \"name\": {\"zh\": \"x\", \"en\": \"x\"}}, ";
        let ten: String = (0..6).map(|n| item.replace("x1", &format!("x{n}"))).collect();
        let peel = "{\"id\": \"peel\"";
        assert_eq!(told(peel, &format!("{ten}{peel}")), [What::TooMany(9)]);
    }

    #[test]
    fn initials_are_right_for_polyphones() {
        let list = Checklist::built_in();
        let initials = |id: &str| {
            let at = list.position(&TargetId::try_from(id.to_owned()).unwrap()).unwrap();
            list.target(at).initials.clone()
        };
        assert_eq!(initials("3.48"), "hhgstdc");
        assert_eq!(initials("3.65"), "xdyhwwl");
        assert_eq!(initials("3.27"), "zjbjscdb");
    }

    #[test]
    fn pinyin_begins_with_the_initials_and_has_a_syllable_for_each_character() {
        let list = Checklist::built_in();
        let targets = list.targets().map(|t| (&t.name, &t.initials, &t.pinyin));
        let types = list.place_types.iter().map(|p| (&p.name, &p.initials, &p.pinyin));
        let mut n = 0;
        for (name, initials, pinyin) in targets.chain(types) {
            let pinyin = pinyin.as_deref().unwrap_or_default();
            let firsts: String = pinyin.split(' ').filter_map(|s| s.chars().next()).collect();
            assert_eq!(firsts, **initials, "{}: {pinyin}", name.zh);
            assert_eq!(pinyin.split(' ').count(), name.zh.chars().count(), "{}: {pinyin}", name.zh);
            assert!(pinyin.bytes().all(|b| b.is_ascii_lowercase() || b == b' '), "{}: {pinyin}", name.zh);
            n += 1;
        }
        assert_eq!(n, 184 + 37);
    }

    #[test]
    fn a_character_of_several_sounds_has_the_one_it_has_here() {
        let list = Checklist::built_in();
        let sounds = |zh: &str| {
            let target = list.targets().find(|t| t.name.zh == zh).map(|t| &t.pinyin);
            target.and_then(Option::as_deref).unwrap_or_default()
        };
        assert_eq!(sounds("划行归市通道畅"), "hua hang gui shi tong dao chang");
        assert_eq!(sounds("巷道硬化无五乱"), "xiang dao ying hua wu wu luan");
        assert_eq!(sounds("人行道盲道完好不占"), "ren xing dao mang dao wan hao bu zhan");
        assert_eq!(sounds("主街保洁时长达标"), "zhu jie bao jie shi chang da biao");
        assert_eq!(sounds("无非法行医"), "wu fei fa xing yi");
        assert_eq!(sounds("重症精障管理率达标"), "zhong zheng jing zhang guan li lv da biao");
        assert_eq!(sounds("儿童接种建卡率达标"), "er tong jie zhong jian ka lv da biao");
        assert_eq!(sounds("社区健教栏按期更换"), "she qu jian jiao lan an qi geng huan");
        assert_eq!(sounds("无违规饲养畜禽"), "wu wei gui si yang chu qin");
        assert_eq!(sounds("垃圾污水处理率达标"), "la ji wu shui chu li lv da biao");
        assert_eq!(sounds("虫害投诉已处置"), "chong hai tou su yi chu zhi");
    }

    #[test]
    fn pinyin_that_does_not_fit_the_initials_is_named_with_its_line_and_place() {
        let text = String::from_utf8(BUILT_IN.to_vec()).unwrap();
        let broken = text
            .replacen("\"hua hang gui shi tong dao chang\"", "\"hua xing gui shi tong dao chang\"", 1)
            .replacen("\"zhu ci gan dao\"", "\"zhǔ cì gàn dào\"", 1)
            .replacen("\"bei jie xiao xiang\"", "\"bei  jie xiao xiang\"", 1)
            .replacen("\"lv dian bin guan\"", "\"lü dian bin guan\"", 1)
            .replacen(", \"pinyin\": \"wang ba\"", "", 1);
        let line = |part: &str| broken.lines().position(|l| l.contains(part)).unwrap() + 1;
        let fault = |part: &str, at: &str, initials: &str| Fault {
            line: line(part),
            at: at.to_owned(),
            what: What::Misspelt(initials.to_owned()),
        };
        let expect = [
            fault("zhǔ cì", "place_types[0].pinyin", "zcgd"),
            fault("bei  jie", "place_types[1].pinyin", "bjxx"),
            fault("hua xing", "categories[2].targets[47].pinyin", "hhgstdc"),
        ];
        assert_eq!(faults(broken.as_bytes()), expect);
    }

    #[test]
    fn every_fault_of_a_file_is_named_with_its_line_and_place() {
        let text = String::from_utf8(BUILT_IN.to_vec()).unwrap();
        let broken = text
            .replacen("\"edition\"", "\"editoin\"", 1)
            .replacen("\"id\": \"1.02\"", "\"id\": \"1.01\"", 1)
            .replacen("\"places\": [\"subdistrict\"]", "\"places\": [\"moon\"]", 1)
            .replacen("\"due\": \"plan\"", "\"due\": \"someday\"", 1)
            .replacen("\"zh\": \"市级资料\"", "\"zh\": \" \"", 1)
            .replacen(", \"en\": \"scrap yard\"", "", 1);
        let faults = faults(broken.as_bytes());
        let told: Vec<(&str, &What)> = faults.iter().map(|f| (f.at.as_str(), &f.what)).collect();
        let expect = [
            ("", What::Missing("edition".into())),
            ("", What::Unknown("editoin".into())),
            ("categories[0].targets[1].id", What::Twice("1.01".into())),
            ("categories[0].targets[1].places[0]", What::NoSuch("moon".into())),
            ("place_types[36].name.zh", What::Empty),
            ("place_types[10].name", What::Missing("en".into())),
        ];
        for (at, what) in &expect {
            assert!(told.contains(&(at, what)), "{at} {what:?} in {told:?}");
        }
        assert!(told.iter().any(|(at, what)| at.ends_with("due") && matches!(what, What::NotOneOf(_))));
        assert_eq!(faults.len(), 7, "{told:?}");
        let line = broken.lines().position(|l| l.contains("\"moon\"")).unwrap() + 1;
        assert!(faults.iter().any(|f| f.line == line && f.what == What::NoSuch("moon".into())));
    }

    #[test]
    fn text_that_is_no_checklist_is_one_fault() {
        let one = |bytes: &[u8]| {
            let faults = faults(bytes);
            assert_eq!(faults.len(), 1, "{faults:?}");
            faults.into_iter().next().unwrap().what
        };
        assert!(matches!(one(b"{\"format\": \"xunjie-checklist\","), What::Syntax(_)));
        assert!(matches!(one(b"[1, 2]"), What::Type(_)));
        assert!(matches!(one(b"{\"format\": \"other\"}"), What::OtherFormat { .. }));
        assert!(matches!(
            one(b"{\"format\": \"xunjie-checklist\", \"version\": 2}"),
            What::Newer { found: 2, known: 1 }
        ));
        assert!(matches!(one(b"\xff\xfe{\x00"), What::Encoding(_)));
        assert!(matches!(one("{\"format\": \"检\"}".as_bytes().split_last().unwrap().1), What::Syntax(_)));
        assert!(matches!(one(b"\xb0\xb2"), What::Encoding(_)));
        assert!(matches!(one("[".repeat(100_000).as_bytes()), What::Syntax(_)));
    }
}
