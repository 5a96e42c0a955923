//! A district: who runs the inspection, its communities, and the figures that size the job.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::i18n::Both;
use crate::shape::{self, Check, Fault, What};

/// The name a file must carry in `format`.
pub const FORMAT: &str = "xunjie-district";
/// The newest version of the file format this program reads.
pub const VERSION: u64 = 1;

const BUILT_IN: &[u8] = include_bytes!("../seeds/qingping.json");

/// Who runs the inspection, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct District {
    pub format: Format,
    pub version: u64,
    #[schemars(length(min = 1), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"))]
    pub id: String,
    pub name: Both,
    /// What the district belongs to.
    pub part_of: Both,
    #[schemars(length(min = 1))]
    pub sites: Vec<Site>,
    /// Why a walk is made; the four words a log knows.
    #[schemars(length(min = 1))]
    pub sources: Vec<SourceName>,
    #[serde(default)]
    pub programmes: Vec<Programme>,
    /// The heads of compounds, buildings and stairs, the widest first.
    #[serde(default)]
    pub stewards: Vec<Both>,
    #[serde(default)]
    pub figures: Vec<Figure>,
}

/// The word in `format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Format {
    #[serde(rename = "xunjie-district")]
    District,
}

/// A community of the district.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    #[schemars(length(min = 1), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z-]{0,63}$"))]
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

/// Why a walk was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// An unannounced visit by the national office.
    Covert,
    /// A check by the office that leads the drive.
    Supervision,
    /// The subdistrict's own check.
    #[serde(rename = "self")]
    Own,
    /// Complaints, the media, the province.
    Other,
}

impl Source {
    pub const ALL: [Self; 4] = [Self::Own, Self::Covert, Self::Supervision, Self::Other];

    /// The word in logs and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Covert => "covert",
            Self::Supervision => "supervision",
            Self::Own => "self",
            Self::Other => "other",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// What a source is called in this district.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceName {
    pub id: Source,
    pub name: Both,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Both>,
}

/// A programme of works or campaigns, of which some parts may be known by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    #[schemars(length(min = 1), regex(pattern = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"))]
    pub id: String,
    pub name: Both,
    /// How many parts it has.
    pub count: u64,
    /// The parts that are named in the source.
    pub named: Vec<Both>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Both>,
}

/// A figure and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    pub name: Both,
    pub value: f64,
    pub unit: Both,
    /// The document it comes from, by title or description.
    pub source: Both,
}

impl District {
    /// The district that is compiled in.
    pub fn built_in() -> Self {
        serde_json::from_slice(BUILT_IN).unwrap_or_else(|e| unreachable!("the built-in district is tested: {e}"))
    }

    /// The bytes of the district that is compiled in.
    pub fn built_in_bytes() -> &'static [u8] {
        BUILT_IN
    }

    /// Reads a file, or names every fault of it.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let faults = faults(bytes);
        if !faults.is_empty() {
            return Err(faults);
        }
        let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
        serde_json::from_slice(bytes).map_err(|e| vec![Fault::of_reader(&e)])
    }

    pub fn site(&self, id: &str) -> Option<&Site> {
        self.sites.iter().find(|s| s.id == id)
    }

    /// What a source is called here.
    pub fn source(&self, source: Source) -> Option<&SourceName> {
        self.sources.iter().find(|s| s.id == source)
    }
}

/// Every fault of a district file, in file order; none when it is good.
pub fn faults(bytes: &[u8]) -> Vec<Fault> {
    let text = match shape::decode(bytes) {
        Ok(text) => text,
        Err(why) => return vec![Fault { line: 0, at: String::new(), what: What::Encoding(why) }],
    };
    let mut check = match Check::new(text) {
        Ok(check) => check,
        Err(fault) => return vec![fault],
    };
    if let Err(fault) = check.kind(FORMAT, VERSION) {
        return vec![fault];
    }
    check.against(&schema());
    for path in ["id", "sites[].id", "programmes[].id"] {
        check.ids(path);
    }
    for path in ["sites[].id", "sources[].id", "programmes[].id"] {
        check.unique(path);
    }
    check.spelt("sites[]");
    check.faults()
}

/// The JSON Schema (2020-12) of a district file.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(District).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_district_is_good() {
        let district = District::read(BUILT_IN).unwrap();
        assert_eq!(district, District::built_in());
        assert_eq!(district.sites.len(), 16);
        assert!(Source::ALL.into_iter().all(|s| district.source(s).is_some()));
        let counts: Vec<u64> = district.programmes.iter().map(|p| p.count).collect();
        assert_eq!(counts, [10, 10, 8]);
        assert!(district.sites.iter().all(|s| s.initials.len() == s.name.zh.chars().count()));
    }

    #[test]
    fn pinyin_begins_with_the_initials() {
        let district = District::built_in();
        for site in &district.sites {
            let pinyin = site.pinyin.as_deref().unwrap_or_default();
            let firsts: String = pinyin.split(' ').filter_map(|s| s.chars().next()).collect();
            assert_eq!(firsts, site.initials, "{}: {pinyin}", site.name.zh);
        }
        assert_eq!(district.site("changle-lu").unwrap().pinyin.as_deref(), Some("chang le lu she qu"));
        let text = std::str::from_utf8(BUILT_IN).unwrap().replacen("\"zhou lou she qu\"", "\"zhou she qu\"", 1);
        let found = faults(text.as_bytes());
        let expect = Fault { line: 8, at: "sites[0].pinyin".into(), what: What::Misspelt("zlsq".into()) };
        assert_eq!(found, [expect]);
    }

    #[test]
    fn a_site_id_must_be_fit_for_a_file_name() {
        let text = std::str::from_utf8(BUILT_IN).unwrap().replacen("\"zhoulou\"", "\"../周楼\"", 1);
        let faults = faults(text.as_bytes());
        assert!(faults.iter().any(|f| f.at == "sites[0].id" && f.what == What::BadId("../周楼".into())), "{faults:?}");
    }
}
