//! Faults of a JSON file a person wrote: every one of them, with its line and its place in the file.
//!
//! The JSON Schema that `xunjie schema` prints is also the table this check works from, so the two cannot differ.
//! Only the words that our own schemas use are understood: `type`, `properties`, `required`,
//! `minProperties`, `additionalProperties`, `items`, `minItems`, `maxItems`, `minLength`, `maxLength`, `minimum`, `enum`,
//! `const`, `anyOf`, `oneOf`, `$ref`.

mod syntax;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::marker::PhantomData;

use jsonc_parser::ast::{NumberLit, Object, Value as Node};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::Deserializer;
use serde::de::{Error, Visitor};
use serde_json::Value;

use crate::i18n::{Lang, messages as m};
use crate::text::visible;

pub use syntax::{Syntax, Why};

/// How many faults of one file are named.
const MAX_FAULTS: usize = 1_000;

/// One fault of a file: where it stands and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1; 0 where the fault has no line, as an encoding has none.
    pub line: usize,
    /// The place in the file, as `categories[2].targets[9].pass.en`.
    pub at: String,
    pub what: What,
}

/// What is wrong, and so what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Encoding(Encoding),
    Syntax(Syntax),
    Missing(String),
    Unknown(String),
    Type(&'static str),
    Empty,
    NotOneOf(Vec<String>),
    Twice(String),
    NoSuch(String),
    BadId(String),
    /// Pinyin that does not fit these initials.
    Misspelt(String),
    TooLong(u64),
    /// Less than it may be.
    TooSmall(String),
    /// More than so many things in a list.
    TooMany(u64),
    /// So many more faults are not named.
    More(usize),
    Newer {
        found: u64,
        known: u64,
    },
    OtherFormat {
        found: String,
        wanted: &'static str,
    },
}

/// Why bytes are not read as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf16,
    NotUtf8,
}

impl Fault {
    fn of(syntax: Syntax) -> Self {
        Self { line: syntax.line, at: String::new(), what: What::Syntax(syntax) }
    }

    /// What a reader said of a text whose shape was good.
    pub fn of_reader(error: &serde_json::Error) -> Self {
        Self::of(Syntax { line: error.line(), column: error.column(), why: Why::Other(error.to_string()) })
    }

    /// The fault in the language of the user, without the name of the file.
    pub fn tell(&self, lang: Lang) -> String {
        let what = self.what.tell(lang);
        let at = visible(&self.at);
        match (self.line, self.at.is_empty()) {
            (0, true) => what,
            (0, false) => format!("{at}: {what}"),
            (line, true) => match &self.what {
                What::Syntax(Syntax { column, .. }) if *column > 0 => {
                    format!("{}: {what}", m::LINE_COLUMN.with(lang, &[("n", &line), ("column", column)]))
                }
                _ => format!("{}: {what}", m::LINE.with(lang, &[("n", &line)])),
            },
            (line, false) => format!("{}, {at}: {what}", m::LINE.with(lang, &[("n", &line)])),
        }
    }
}

impl What {
    fn tell(&self, lang: Lang) -> String {
        match self {
            Self::Encoding(Encoding::Utf16) => m::FAULT_UTF16.get(lang).to_owned(),
            Self::Encoding(Encoding::NotUtf8) => m::FAULT_NOT_UTF8.get(lang).to_owned(),
            Self::Syntax(syntax) => syntax.tell(lang),
            Self::Missing(name) => m::FAULT_MISSING.with(lang, &[("name", &visible(name))]),
            Self::Unknown(name) => m::FAULT_UNKNOWN.with(lang, &[("name", &visible(name))]),
            Self::Type(wanted) => m::FAULT_TYPE.with(lang, &[("wanted", wanted)]),
            Self::Empty => m::FAULT_EMPTY.get(lang).to_owned(),
            Self::NotOneOf(names) => m::FAULT_NOT_ONE_OF.with(lang, &[("names", &names.join(", "))]),
            Self::Twice(id) => m::FAULT_TWICE.with(lang, &[("id", &visible(id))]),
            Self::NoSuch(id) => m::FAULT_NO_SUCH.with(lang, &[("id", &visible(id))]),
            Self::BadId(id) => m::FAULT_BAD_ID.with(lang, &[("id", &visible(id))]),
            Self::Misspelt(initials) => m::FAULT_MISSPELT.with(lang, &[("initials", &visible(initials))]),
            Self::TooLong(most) => m::FAULT_TOO_LONG.with(lang, &[("n", most)]),
            Self::TooSmall(least) => m::FAULT_TOO_SMALL.with(lang, &[("n", least)]),
            Self::TooMany(most) => m::FAULT_TOO_MANY.with(lang, &[("n", most)]),
            Self::More(n) => m::FAULT_MORE.with(lang, &[("n", n)]),
            Self::Newer { found, known } => m::FAULT_NEWER.with(lang, &[("found", found), ("known", known)]),
            Self::OtherFormat { found, wanted } => {
                m::FAULT_OTHER_FORMAT.with(lang, &[("found", &visible(found)), ("wanted", wanted)])
            }
        }
    }
}

/// Takes bytes as UTF-8 text; a byte order mark is taken off.
pub fn decode(bytes: &[u8]) -> Result<&str, Encoding> {
    if bytes.starts_with(&[0xFF, 0xFE])
        || bytes.starts_with(&[0xFE, 0xFF])
        || bytes.starts_with(&[b'{', 0])
        || bytes.starts_with(&[0, b'{'])
    {
        return Err(Encoding::Utf16);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| Encoding::NotUtf8)
}

/// Whether a text may be an id: 1 to 64 ASCII letters, digits, `.`, `_`, `-`, of which the first is a letter or digit.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// Reads a text with a rule of its own; it is copied once, into the place where it stays.
pub(crate) fn checked<'de, D: Deserializer<'de>, T>(d: D) -> Result<T, D::Error>
where
    T: for<'a> TryFrom<&'a str, Error = String>,
{
    struct Checked<T>(PhantomData<T>);
    impl<T: for<'a> TryFrom<&'a str, Error = String>> Visitor<'_> for Checked<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            text.try_into().map_err(E::custom)
        }
    }
    d.deserialize_str(Checked(PhantomData))
}

/// Whether pinyin is a syllable without tones for each of some initials, with one blank between two.
fn fits_initials(pinyin: &str, initials: &str) -> bool {
    let spelt = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == 'ü');
    pinyin.split(' ').all(spelt)
        && pinyin.split(' ').filter_map(|s| s.chars().next()).eq(initials.chars().flat_map(char::to_lowercase))
}

/// A parsed file that is being checked; faults gather in it.
pub struct Check<'a> {
    lines: Lines,
    root: Node<'a>,
    faults: Vec<Fault>,
}

impl<'a> Check<'a> {
    /// Parses strictly: no comments, no trailing commas. Text that does not parse is one fault.
    pub fn new(text: &'a str) -> Result<Self, Fault> {
        let strict = ParseOptions {
            allow_comments: false,
            allow_loose_object_property_names: false,
            allow_trailing_commas: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed =
            parse_to_ast(text, &CollectOptions::default(), &strict).map_err(|e| Fault::of(Syntax::of(&e, text)))?;
        let nothing = || Fault::of(Syntax { line: 1, column: 0, why: Why::Nothing });
        let root = parsed.value.ok_or_else(nothing)?;
        Ok(Self { lines: Lines::of(text), root, faults: Vec::new() })
    }

    /// Looks for `format` and `version` before anything else: another format or a newer version is the only fault told.
    pub fn kind(&self, wanted: &'static str, known: u64) -> Result<(), Fault> {
        let fault = |what| Err(Fault { line: 1, at: String::new(), what });
        let Some(top) = self.root.as_object() else {
            return fault(What::Type("{ }"));
        };
        let found = top.get_string("format").map(|s| s.value.to_string()).unwrap_or_default();
        if found != wanted {
            return fault(What::OtherFormat { found, wanted });
        }
        let version = top.get_number("version").and_then(|n| n.value.parse::<u64>().ok());
        match version {
            Some(found) if found > known => fault(What::Newer { found, known }),
            Some(0) => fault(What::NotOneOf(vec![known.to_string()])),
            _ => Ok(()),
        }
    }

    /// Compares with a JSON Schema.
    pub fn against(&mut self, schema: &Value) {
        let mut walk = Walk { lines: &self.lines, schema, faults: Vec::new() };
        walk.value(&self.root, schema, "");
        self.faults.append(&mut walk.faults);
    }

    /// The strings and numbers that stand at a path such as `categories[].targets[].id`, in file order.
    pub fn strings(&self, path: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let steps: Vec<&str> = path.split('.').collect();
        gather(&self.root, &steps, String::new(), &mut |text, offset, at| {
            found.push(Found { text: text.to_owned(), offset, at });
        });
        found
    }

    /// Notes a fault at a string found before.
    pub fn blame(&mut self, found: &Found, what: What) {
        let line = self.lines.at(found.offset);
        self.faults.push(Fault { line, at: found.at.clone(), what });
    }

    /// Ids are letters, digits, `.`, `_` and `-`, because file names and logs hold them.
    pub fn ids(&mut self, path: &str) {
        for found in self.strings(path) {
            // File names take the id of a site between underscores.
            let site = path.starts_with("sites") && found.text.contains(['_', '.']);
            if !found.text.trim().is_empty() && (!is_id(&found.text) || site) {
                self.blame(&found, What::BadId(found.text.clone()));
            }
        }
    }

    /// Ids must not repeat.
    pub fn unique(&mut self, path: &str) -> HashSet<String> {
        let mut seen = HashSet::new();
        for found in self.strings(path) {
            if !seen.insert(found.text.clone()) {
                self.blame(&found, What::Twice(found.text.clone()));
            }
        }
        seen
    }

    /// Ids must not repeat in the last list of a path.
    pub fn unique_in_each(&mut self, path: &str) {
        let mut seen = HashSet::new();
        for found in self.strings(path) {
            let list = found.at.rfind('[').map_or("", |end| &found.at[..end]).to_owned();
            if !seen.insert((list, found.text.clone())) {
                self.blame(&found, What::Twice(found.text.clone()));
            }
        }
    }

    /// What is referred to must be defined.
    pub fn defined(&mut self, path: &str, ids: &HashSet<String>) {
        for found in self.strings(path) {
            if !ids.contains(&found.text) {
                self.blame(&found, What::NoSuch(found.text.clone()));
            }
        }
    }

    /// Where things have `pinyin`, it must be syllables without tones that begin with the letters of `initials`.
    pub fn spelt(&mut self, things: &str) {
        let initials: HashMap<String, String> =
            self.strings(&format!("{things}.initials")).into_iter().map(|f| (f.at, f.text)).collect();
        for found in self.strings(&format!("{things}.pinyin")) {
            let beside = found.at.strip_suffix("pinyin").and_then(|at| initials.get(&format!("{at}initials")));
            if let Some(initials) = beside
                && !fits_initials(&found.text, initials)
            {
                self.blame(&found, What::Misspelt(initials.clone()));
            }
        }
    }

    /// All faults, in file order.
    pub fn faults(mut self) -> Vec<Fault> {
        self.faults.sort_by_key(|f| f.line);
        let more = self.faults.len().saturating_sub(MAX_FAULTS);
        self.faults.truncate(MAX_FAULTS);
        if more > 0 {
            self.faults.push(Fault { line: 0, at: String::new(), what: What::More(more) });
        }
        self.faults
    }
}

/// A string and where it stands.
#[derive(Clone, Debug)]
pub struct Found {
    pub text: String,
    offset: usize,
    pub at: String,
}

fn gather(node: &Node, steps: &[&str], at: String, take: &mut impl FnMut(&str, usize, String)) {
    let Some((step, rest)) = steps.split_first() else {
        match node {
            Node::StringLit(s) => take(&s.value, s.start(), at),
            Node::NumberLit(n) => take(n.value, n.start(), at),
            _ => {}
        }
        return;
    };
    let (name, many) = step.strip_suffix("[]").map_or((*step, false), |name| (name, true));
    let Some(prop) = node.as_object().and_then(|o| o.properties.iter().find(|p| p.name.as_str() == name)) else {
        return;
    };
    let at = join(&at, name);
    match (&prop.value, many) {
        (Node::Array(list), true) => {
            for (i, item) in list.elements.iter().enumerate() {
                gather(item, rest, format!("{at}[{i}]"), take);
            }
        }
        (value, false) => gather(value, rest, at, take),
        _ => {}
    }
}

struct Walk<'s, 't> {
    lines: &'t Lines,
    schema: &'s Value,
    faults: Vec<Fault>,
}

impl<'s> Walk<'s, '_> {
    fn blame(&mut self, offset: usize, at: &str, what: What) {
        self.faults.push(Fault { line: self.lines.at(offset), at: at.to_owned(), what });
    }

    fn resolve(&self, mut schema: &'s Value) -> &'s Value {
        while let Some(name) = schema["$ref"].as_str() {
            schema = &self.schema["$defs"][name.trim_start_matches("#/$defs/")];
        }
        schema
    }

    fn value(&mut self, node: &Node, schema: &'s Value, at: &str) {
        let schema = self.resolve(schema);
        if let Some(options) = schema["anyOf"].as_array() {
            // Ours are always "this or null": null stands for absent.
            let null = options.iter().any(|o| o["type"] == "null");
            match options.iter().find(|o| o["type"] != "null") {
                Some(real) if !(null && matches!(node, Node::NullKeyword(_))) => self.value(node, real, at),
                _ => {}
            }
            return;
        }
        if let Some(allowed) = allowed_words(schema) {
            let ok = node.as_string_lit().is_some_and(|s| allowed.iter().any(|a| *a == s.value));
            if !ok {
                self.blame(node.start(), at, What::NotOneOf(allowed));
            }
            return;
        }
        match (node, type_of(schema)) {
            (Node::Object(object), "object") => self.object(object, schema, at),
            (Node::Array(list), "array") => {
                if list.elements.is_empty() && schema["minItems"].as_u64().unwrap_or(0) > 0 {
                    self.blame(node.start(), at, What::Empty);
                }
                if let Some(most) = schema["maxItems"].as_u64().filter(|most| list.elements.len() as u64 > *most) {
                    self.blame(node.start(), at, What::TooMany(most));
                }
                for (i, item) in list.elements.iter().enumerate() {
                    self.value(item, &schema["items"], &format!("{at}[{i}]"));
                }
            }
            (Node::StringLit(s), "string") => {
                let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
                if s.value.trim().is_empty() && schema["minLength"].as_u64().unwrap_or(0) > 0 {
                    self.blame(node.start(), at, What::Empty);
                } else if s.value.chars().count() as u64 > most {
                    self.blame(node.start(), at, What::TooLong(most));
                }
            }
            (Node::NumberLit(n), "integer") if n.value.parse::<u64>().is_ok() => self.number(n, schema, at),
            (Node::NumberLit(n), "number") => self.number(n, schema, at),
            (_, wanted) => self.blame(node.start(), at, What::Type(wanted)),
        }
    }

    fn number(&mut self, node: &NumberLit, schema: &Value, at: &str) {
        let (least, n) = (&schema["minimum"], node.value.parse::<f64>());
        if let (Some(wanted), Ok(n)) = (least.as_f64(), n)
            && n < wanted
        {
            self.blame(node.start(), at, What::TooSmall(least.to_string()));
        }
    }

    fn object(&mut self, object: &Object, schema: &'s Value, at: &str) {
        let properties = &schema["properties"];
        let mut seen: HashSet<&str> = HashSet::new();
        if object.properties.is_empty() && schema["minProperties"].as_u64().unwrap_or(0) > 0 {
            self.blame(object.start(), at, What::Empty);
        }
        for prop in &object.properties {
            let name = prop.name.as_str();
            let here = join(at, name);
            if !seen.insert(name) {
                self.blame(prop.start(), &here, What::Twice(name.to_owned()));
            }
            match properties.get(name) {
                Some(part) => self.value(&prop.value, part, &here),
                None => self.blame(prop.start(), at, What::Unknown(name.to_owned())),
            }
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !seen.contains(name) {
                self.blame(object.start(), at, What::Missing(name.to_owned()));
            }
        }
    }
}

/// The words a string may be, where the schema lists them.
fn allowed_words(schema: &Value) -> Option<Vec<String>> {
    let word = |v: &Value| v.as_str().map(str::to_owned);
    if let Some(list) = schema["enum"].as_array() {
        return Some(list.iter().filter_map(word).collect());
    }
    if let Some(one) = schema["const"].as_str() {
        return Some(vec![one.to_owned()]);
    }
    let options = schema["oneOf"].as_array()?;
    Some(options.iter().filter_map(allowed_words).flatten().collect())
}

/// The type a schema asks for, as one of the words a fault names.
fn type_of(schema: &Value) -> &'static str {
    let named = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).find(|t| *t != "null"),
        other => other.as_str(),
    };
    match named {
        Some("object") => "object",
        Some("array") => "array",
        Some("integer") => "integer",
        Some("number") => "number",
        _ => "string",
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1).collect())
    }

    /// The line of an offset, from 1.
    fn at(&self, offset: usize) -> usize {
        1 + self.0.partition_point(|start| *start <= offset)
    }
}
