//! Why a text a person wrote is no JSON, at the character that is to blame.

use jsonc_parser::errors::{ParseError, ParseErrorKind as Kind};

use crate::i18n::{Lang, messages as m};
use crate::text::visible;

/// What stands where no JSON has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syntax {
    /// From 1.
    pub line: usize,
    /// In characters, from 1; 0 where it is not known.
    pub column: usize,
    pub why: Why,
}

/// What is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A mark of Chinese text or print in the place of one of JSON.
    Lookalike {
        found: char,
        wanted: char,
    },
    NoColon,
    NoComma,
    CommaAtEnd,
    Comment,
    SingleQuotes,
    /// A text without its second quote, or with a line feed or an unknown escape in it.
    BadText,
    BadNumber,
    /// The file ends within a list or an object.
    Unfinished,
    TooDeep,
    Unexpected(char),
    Nothing,
    /// What the program that reads it says.
    Other(String),
}

/// Marks that input methods and word processors write, and what JSON has.
const LOOKALIKES: [(char, char); 15] = [
    ('：', ':'),
    ('，', ','),
    ('、', ','),
    ('“', '"'),
    ('”', '"'),
    ('„', '"'),
    ('＂', '"'),
    ('「', '"'),
    ('」', '"'),
    ('｛', '{'),
    ('｝', '}'),
    ('［', '['),
    ('］', ']'),
    ('【', '['),
    ('】', ']'),
];

impl Syntax {
    /// What a parser found, told by the character that caused it where that is another one.
    pub fn of(error: &ParseError, text: &str) -> Self {
        let (line, column) = (error.line_display(), error.column_display());
        if let Some((line, column, (found, wanted))) = lookalike(text, line) {
            return Self { line, column, why: Why::Lookalike { found, wanted } };
        }
        let found = text.get(error.range().start..).and_then(|rest| rest.chars().next());
        Self { line, column, why: why(error.kind(), found) }
    }

    /// In the language of the user, without line and column.
    pub fn tell(&self, lang: Lang) -> String {
        let why = match &self.why {
            Why::Lookalike { found, wanted } => m::SYNTAX_LOOKALIKE.with(lang, &[("found", found), ("wanted", wanted)]),
            Why::NoColon => m::SYNTAX_NO_COLON.get(lang).to_owned(),
            Why::NoComma => m::SYNTAX_NO_COMMA.get(lang).to_owned(),
            Why::CommaAtEnd => m::SYNTAX_COMMA_AT_END.get(lang).to_owned(),
            Why::Comment => m::SYNTAX_COMMENT.get(lang).to_owned(),
            Why::SingleQuotes => m::SYNTAX_SINGLE_QUOTES.get(lang).to_owned(),
            Why::BadText => m::SYNTAX_BAD_TEXT.get(lang).to_owned(),
            Why::BadNumber => m::SYNTAX_BAD_NUMBER.get(lang).to_owned(),
            Why::Unfinished => m::SYNTAX_UNFINISHED.get(lang).to_owned(),
            Why::TooDeep => m::SYNTAX_TOO_DEEP.get(lang).to_owned(),
            Why::Nothing => m::SYNTAX_NOTHING.get(lang).to_owned(),
            Why::Unexpected(found) => {
                m::SYNTAX_UNEXPECTED.with(lang, &[("found", &visible(found.encode_utf8(&mut [0; 4])))])
            }
            Why::Other(why) => visible(why).into_owned(),
        };
        m::FAULT_SYNTAX.with(lang, &[("why", &why)])
    }
}

fn why(kind: &Kind, found: Option<char>) -> Why {
    match kind {
        Kind::ExpectedColonAfterObjectKey => Why::NoColon,
        Kind::ExpectedComma => Why::NoComma,
        Kind::TrailingCommasNotAllowed => Why::CommaAtEnd,
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => Why::Comment,
        Kind::SingleQuotedStringsNotAllowed => Why::SingleQuotes,
        Kind::String(_) => Why::BadText,
        Kind::UnterminatedArray | Kind::UnterminatedObject => Why::Unfinished,
        Kind::NestingDepthExceeded => Why::TooDeep,
        Kind::BareDecimalPointNumbersNotAllowed
        | Kind::ExpectedDigit
        | Kind::ExpectedDigitFollowingNegativeSign
        | Kind::ExpectedPlusMinusOrDigitInNumberLiteral
        | Kind::HexadecimalNumbersNotAllowed
        | Kind::NonFiniteNumbersNotAllowed
        | Kind::UnaryPlusNumbersNotAllowed => Why::BadNumber,
        _ => found.map_or(Why::Unfinished, Why::Unexpected),
    }
}

/// The first mark up to the end of a line that stands where JSON has another: outside of all texts, or at the end of one
/// that it should have closed. With its line and column.
fn lookalike(text: &str, last: usize) -> Option<(usize, usize, (char, char))> {
    for (line, row) in text.lines().enumerate().take(last) {
        let (mut is_text, mut is_escaped, mut closing) = (false, false, None);
        for (column, c) in row.chars().enumerate() {
            let like = LOOKALIKES.iter().find(|(found, _)| *found == c);
            if let (false, Some(like)) = (is_text, like) {
                return Some((line + 1, column + 1, *like));
            }
            if is_text && like.is_some_and(|(_, wanted)| *wanted == '"') && line + 1 == last {
                let behind: String = row.chars().skip(column + 1).collect();
                let ends =
                    behind.trim_start().starts_with([':', ',', '}', ']', '：', '，']) || behind.trim().is_empty();
                closing = closing.or(like.filter(|_| ends).map(|like| (line + 1, column + 1, *like)));
            }
            match c {
                '"' if !is_escaped => is_text = !is_text,
                _ => {}
            }
            is_escaped = is_text && c == '\\' && !is_escaped;
        }
        if closing.is_some() {
            return closing;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Check, What};

    fn told(text: &str, lang: Lang) -> String {
        let fault = Check::new(text).err().unwrap();
        assert!(matches!(fault.what, What::Syntax(_)));
        fault.tell(lang)
    }

    #[test]
    fn the_character_that_is_to_blame_is_named_with_its_line_and_column() {
        let cases = [
            ("{\n  \"id\"： \"x\"\n}", "第 2 行第 7 列: 不是正确的 JSON: “：”应为半角的“:”"),
            ("{\"id\": \"x\"，\n\"a\": 1}", "第 1 行第 11 列: 不是正确的 JSON: “，”应为半角的“,”"),
            ("{“id\": 1}", "第 1 行第 2 列: 不是正确的 JSON: ““”应为半角的“\"”"),
            ("{\"名”: \"农业路\"}", "第 1 行第 4 列: 不是正确的 JSON: “””应为半角的“\"”"),
            ("{\"id\" \"x\"}", "冒号"),
            ("[1 2]", "逗号"),
            ("[1,]", "最后"),
            ("[1, // x\n2]", "注释"),
            ("{'id': 1}", "单引号"),
            ("[1, x]", "“x”"),
            ("{\"a\": [1, 2", "没有写完"),
            ("[01]", "第 1 行"),
        ];
        for (text, expect) in cases {
            let told = told(text, Lang::Zh);
            assert!(told.contains(expect), "{text}: {told}");
            let words = told.replace("JSON", "").replace("“x”", "");
            assert!(!words.chars().any(|c| c.is_ascii_alphabetic()), "no English in {told}");
        }
        assert_eq!(
            told("{\n  \"id\"： \"x\"\n}", Lang::En),
            "line 2, column 7: is not JSON: \"：\" should be the half-width \":\""
        );
        // What Chinese text has in its texts is no fault.
        assert!(told("{\"a\": \"甲：乙，“丙”\", 1}", Lang::Zh).contains("“1”"));
    }
}
