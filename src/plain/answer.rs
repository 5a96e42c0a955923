//! What a line says: one table of commands reads it and fills the help.

use crate::i18n::{Lang, Msg, messages as m};
use crate::log::Verdict;
use crate::search::half_width;

/// What stands between a command and its text.
const SEPARATORS: [char; 7] = [':', '：', ',', '，', ';', '；', '、'];
/// What finds: the slash, and what a Chinese input method sends for it.
const FIND: [char; 3] = ['/', '／', '、'];

/// Something a line can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Judge(Verdict),
    Undo,
    Redo,
    Full,
    Find,
    Place,
    List,
    Remark,
    Photo,
    Unit,
    Due,
    Count,
    Time,
    Language,
    Help,
    Summary,
}

impl Command {
    /// Whether it writes into the log.
    pub fn writes(self) -> bool {
        use Command::{Count, Due, Judge, Photo, Redo, Remark, Undo, Unit};
        matches!(self, Judge(_) | Undo | Redo | Remark | Photo | Unit | Due | Count)
    }
}

/// A line that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// An empty line.
    Nothing,
    /// A command, with the text after it.
    Do(Command, &'a str),
    /// A command that takes no text, with some: whoever wrote it meant something else.
    TooMuch(&'a str),
    /// Perhaps the id of a target.
    Other(&'a str),
}

/// One row of the table.
struct Row {
    command: Command,
    /// What is typed for it, in half-width forms.
    keys: &'static [&'static str],
    /// Its word, which is read as well.
    word: Msg,
    help: Msg,
    text: Text,
}

/// Whether a command takes a text.
#[derive(Clone, Copy, PartialEq)]
enum Text {
    Taken,
    None,
}

macro_rules! commands {
    ($($command:expr, [$($key:literal),*] $word:ident $help:ident $text:ident;)*) => {
        &[$(Row { command: $command, keys: &[$($key),*], word: m::$word, help: m::$help, text: Text::$text }),*]
    };
}

/// Every command. What is first typed in small letters and then in large ones stands in this order.
const COMMANDS: &[Row] = commands! {
    Command::Judge(Verdict::Pass), ["1", "p"] PASS PLAIN_HELP_PASS None;
    Command::Judge(Verdict::Fail), ["2", "f"] FAIL PLAIN_HELP_FAIL Taken;
    Command::Judge(Verdict::Na), ["3", "n"] NA PLAIN_HELP_NA None;
    Command::Judge(Verdict::Unseen), ["4", "s"] UNSEEN PLAIN_HELP_UNSEEN Taken;
    Command::Undo, ["u"] KEY_UNDO HELP_UNDO None;
    Command::Redo, ["U"] KEY_REDO HELP_REDO None;
    Command::Place, ["w", "5"] KEY_PLACES PLAIN_HELP_PLACE Taken;
    Command::Full, ["i", "8"] KEY_CARD PLAIN_HELP_FULL None;
    Command::Find, ["/"] KEY_SEARCH PLAIN_HELP_FIND Taken;
    Command::List, ["l"] UNANSWERED PLAIN_HELP_LIST None;
    Command::Remark, ["m"] REMARK PLAIN_HELP_REMARK Taken;
    Command::Photo, ["a"] KEY_PHOTOS PLAIN_HELP_PHOTO Taken;
    Command::Unit, ["r"] KEY_UNIT PLAIN_HELP_UNIT Taken;
    Command::Due, ["d"] KEY_DUE PLAIN_HELP_DUE Taken;
    Command::Count, ["c"] KEY_COUNT PLAIN_HELP_COUNT None;
    Command::Time, ["t"] KEY_TIME HELP_TIME None;
    Command::Language, ["L"] KEY_LANGUAGE HELP_LANGUAGE None;
    Command::Help, ["?", "h"] KEY_HELP HELP_HELP None;
    Command::Summary, ["q"] TITLE_SUMMARY PLAIN_HELP_SUMMARY None;
};

/// Reads a line. A text follows its command after a blank or a separator, so that `2号楼` is no fail.
pub fn read(line: &str) -> Answer<'_> {
    let line = line.trim();
    if line.is_empty() {
        return Answer::Nothing;
    }
    if let Some(query) = line.strip_prefix(FIND) {
        return Answer::Do(Command::Find, query.trim());
    }
    let parts = |c: char| c.is_whitespace() || SEPARATORS.contains(&c);
    let end = line.find(parts).unwrap_or(line.len());
    let (head, rest) = line.split_at(end);
    let rest = rest.trim_start_matches(parts).trim_end();
    match row(head) {
        Some(row) if row.text == Text::None && !rest.is_empty() => Answer::TooMuch(head),
        Some(row) => Answer::Do(row.command, rest),
        None => Answer::Other(line),
    }
}

fn row(head: &str) -> Option<&'static Row> {
    let typed: String = head.chars().map(half_width).collect();
    let exact = COMMANDS.iter().find(|r| r.keys.contains(&typed.as_str()));
    let word = |r: &&Row| typed == r.word.zh || typed.eq_ignore_ascii_case(r.word.en);
    let large = |r: &&Row| r.keys.iter().any(|k| k.eq_ignore_ascii_case(&typed));
    exact.or_else(|| COMMANDS.iter().find(word)).or_else(|| COMMANDS.iter().find(large))
}

/// The number a line is, in full-width digits too.
pub fn number(line: &str) -> Option<usize> {
    let digits: String = line.trim().chars().map(half_width).collect();
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().unwrap_or(usize::MAX))
}

/// The help: what can be answered, a line each.
pub fn help(lang: Lang) -> Vec<String> {
    let row = |r: &Row| format!("{}: {}", r.keys.join(" "), r.help.get(lang));
    let others = [m::PLAIN_HELP_NEXT, m::PLAIN_HELP_GO, m::PLAIN_HELP_END].map(|h| h.get(lang).to_owned());
    COMMANDS.iter().map(row).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Command::{Find, Judge, Language, List, Place, Redo, Remark, Undo};
    use Verdict::{Fail, Na, Pass, Unseen};

    #[test]
    fn verdicts_as_they_are_typed() {
        for (verdict, lines) in [
            (Pass, &["1", "１", "p", "P", "ｐ", "合格", "pass", " 1 ", "　1　"][..]),
            (Fail, &["2", "２", "f", "F", "不合格", "Fail"]),
            (Na, &["3", "n", "不适用", "n/a"]),
            (Unseen, &["4", "s", "未查", "unseen"]),
        ] {
            for line in lines {
                assert_eq!(read(line), Answer::Do(Judge(verdict), ""), "{line:?}");
            }
        }
        for line in ["2 桶满", "２　桶满", "f:桶满", "不合格：桶满", "2，桶满", "2、桶满 "] {
            assert_eq!(read(line), Answer::Do(Judge(Fail), "桶满"), "{line:?}");
        }
        assert_eq!(read("4 锁门, 无人； "), Answer::Do(Judge(Unseen), "锁门, 无人；"));
    }

    #[test]
    fn what_may_mean_something_else_judges_nothing() {
        for line in ["2号楼", "12", "2.11", "310", "合格证过期", "yes", "22", "1p", "2桶满"] {
            assert_eq!(read(line), Answer::Other(line), "{line:?}");
        }
        assert_eq!(read("1 桶满"), Answer::TooMuch("1"));
        assert_eq!(read("n 2"), Answer::TooMuch("n"));
    }

    #[test]
    fn commands_by_letter_word_and_full_width_form() {
        assert_eq!((read("u"), read("Ｕ")), (Answer::Do(Undo, ""), Answer::Do(Redo, "")));
        assert_eq!((read("l"), read("L")), (Answer::Do(List, ""), Answer::Do(Language, "")));
        assert_eq!(read("撤销"), Answer::Do(Undo, ""));
        for line in ["/果皮箱", "／果皮箱", "、果皮箱", "/ 果皮箱"] {
            assert_eq!(read(line), Answer::Do(Find, "果皮箱"), "{line:?}");
        }
        assert_eq!(read("w 农贸市场 东"), Answer::Do(Place, "农贸市场 东"));
        assert_eq!(read("w -"), Answer::Do(Place, "-"));
        assert_eq!(read("m 明天再来"), Answer::Do(Remark, "明天再来"));
        assert_eq!(read(" \u{3000}"), Answer::Nothing);
    }

    #[test]
    fn no_key_and_no_word_stands_twice() {
        let keys: Vec<&str> =
            COMMANDS.iter().flat_map(|r| r.keys.iter().copied().chain([r.word.zh, r.word.en])).collect();
        for (i, key) in keys.iter().enumerate() {
            assert!(!keys[..i].contains(key), "{key}");
        }
    }

    #[test]
    fn numbers_are_digits_only() {
        assert_eq!((number(" １2 "), number("3"), number("")), (Some(12), Some(3), None));
        assert_eq!((number("3 处"), number("-1"), number("99999999999999999999")), (None, None, Some(usize::MAX)));
    }
}
