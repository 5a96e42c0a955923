//! The two languages, and texts that exist in both.

pub mod messages;

use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Zh,
    En,
}

impl Lang {
    /// Reads `zh` or `en`, and locale names such as `zh_CN.UTF-8`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        match tag.get(..2) {
            Some("zh") => Some(Self::Zh),
            Some("en") => Some(Self::En),
            _ => None,
        }
    }

    /// The short code, `zh` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
}

/// A text of a data file, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Both {
    #[schemars(length(min = 1))]
    pub zh: String,
    #[schemars(length(min = 1))]
    pub en: String,
}

impl Both {
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl From<Msg> for Both {
    fn from(msg: Msg) -> Self {
        Self { zh: msg.zh.to_owned(), en: msg.en.to_owned() }
    }
}

/// A text of the program, in both languages. `{name}` marks what [`Msg::with`] fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Msg {
    pub zh: &'static str,
    pub en: &'static str,
}

impl Msg {
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// Fills in the named places. What is filled in is never searched for further names.
    pub fn with(self, lang: Lang, values: &[(&str, &dyn Display)]) -> String {
        let mut out = String::new();
        let mut rest = self.get(lang);
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            out.push_str(before);
            let Some(close) = from.find('}') else {
                rest = from;
                break;
            };
            let name = &from[1..close];
            match values.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => out.push_str(&value.to_string()),
                None => out.push_str(&from[..=close]),
            }
            rest = &from[close + 1..];
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn both_languages_of_a_message_fill_in_the_same_names() {
        for (key, msg) in messages::ALL {
            assert_eq!(names(msg.zh), names(msg.en), "{key}");
            assert!(!msg.zh.trim().is_empty() && !msg.en.trim().is_empty(), "{key}");
        }
    }

    #[test]
    fn filled_in_text_is_taken_as_it_is() {
        let msg = Msg { zh: "{a}与{b}", en: "{a} and {b}" };
        assert_eq!(msg.with(Lang::En, &[("a", &"{b}"), ("b", &2)]), "{b} and 2");
        assert_eq!(msg.with(Lang::Zh, &[("a", &1)]), "1与{b}");
    }

    #[test]
    fn locale_names_choose_the_language() {
        assert_eq!(Lang::from_tag("zh_CN.UTF-8"), Some(Lang::Zh));
        assert_eq!(Lang::from_tag("EN-gb"), Some(Lang::En));
        assert_eq!(Lang::from_tag("C"), None);
    }
}
