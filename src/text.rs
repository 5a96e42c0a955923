//! Text on its way to a terminal: made harmless, measured and cut in cells.
//!
//! Every text that did not come out of the message table passes [`visible`] before it is shown.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands at the end of a text that was cut. One cell, plain ASCII: an ellipsis is two cells wide on some terminals.
const CUT: &str = "~";

/// More combining marks than this on one character are shown as code points.
const MARKS: usize = 8;

/// So many of one unseen character in a row are shown one by one; more are counted.
const RUN: usize = 4;

/// Makes controls, bidi, zero-width, tag and other unseen characters visible as `<U+202E>`, a long run of one as
/// `<U+0000 x200>`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| unseen(c) || c.width() == Some(0)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if unseen(c) {
            let mut rest = 0;
            while chars.next_if_eq(&c).is_some() {
                rest += 1;
            }
            push_unseen(&mut out, c, rest + 1);
            marks = 0;
            continue;
        }
        let mark = c.width() == Some(0);
        marks = if mark { marks + 1 } else { 0 };
        if marks > MARKS || (mark && out.is_empty()) {
            out.push_str(&format!("<U+{:04X}>", c as u32));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn push_unseen(out: &mut String, c: char, times: usize) {
    let code = c as u32;
    if times > RUN {
        out.push_str(&format!("<U+{code:04X} x{times}>"));
    } else {
        (0..times).for_each(|_| out.push_str(&format!("<U+{code:04X}>")));
    }
}

fn unseen(c: char) -> bool {
    matches!(c as u32,
        0x00..=0x1F | 0x7F..=0x9F | 0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5
        | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFC | 0xFFFE | 0xFFFF | 0x1D173..=0x1D17A
        | 0xE000..=0xF8FF | 0xE0000..=0xE0FFF | 0xF0000..=0x10FFFF)
}

/// The width in cells.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts to at most `cells`, never inside a wide character; a cut text ends in `~`.
pub fn cut(text: &str, cells: usize) -> Cow<'_, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    if cells == 0 {
        return Cow::Borrowed("");
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let w = width(grapheme);
        if used + w > cells - 1 {
            break;
        }
        used += w;
        out.push_str(grapheme);
    }
    out.push_str(CUT);
    Cow::Owned(out)
}

/// Cuts or fills with spaces to exactly `cells`.
pub fn fit(text: &str, cells: usize) -> String {
    let mut out = cut(text, cells).into_owned();
    out.extend(std::iter::repeat_n(' ', cells.saturating_sub(width(&out))));
    out
}

/// Breaks into lines of at most `cells`: at spaces where there are some, else between characters,
/// and never so that a line begins with a closing punctuation mark.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    if cells < 2 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if width(&line) + width(piece.trim_end()) > cells && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        let piece = if line.is_empty() { piece.trim_start() } else { piece };
        for grapheme in piece.graphemes(true) {
            if width(&line) + width(grapheme) > cells {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                if grapheme == " " {
                    continue;
                }
            }
            // A cluster wider than the whole line is cut like any other text.
            line.push_str(&cut(grapheme, cells));
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Splits into pieces that stay together: words with the space after them, Han characters with the punctuation after them.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|b| may_break(b, c)) {
            out.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

fn may_break(before: char, after: char) -> bool {
    if "，。；：、！？）》】,.;:!?)".contains(after) || "（《【(".contains(before) {
        return false;
    }
    (before == ' ' && after != ' ') || before.width() == Some(2) || after.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unseen_characters_are_shown() {
        assert_eq!(visible("合格\u{202E}abc"), "合格<U+202E>abc");
        assert_eq!(visible("\u{1b}]52;c;aGk=\u{7}"), "<U+001B>]52;c;aGk=<U+0007>");
        assert_eq!(visible("pa\u{200B}ss\u{E0041}"), "pa<U+200B>ss<U+E0041>");
        assert_eq!(visible(&format!("a{}\u{1}\u{1}b", "\0".repeat(200))), "a<U+0000 x200><U+0001><U+0001>b");
        assert_eq!(visible("桶满"), "桶满");
        assert_eq!(visible("e\u{301}"), "e\u{301}");
        assert_eq!(visible("\u{301}"), "<U+0301>");
    }

    #[test]
    fn chinese_is_never_cut_in_half() {
        assert_eq!(cut("垃圾桶满", 5), "垃圾~");
        assert_eq!(cut("垃圾桶满", 6), "垃圾~");
        assert_eq!(fit("垃圾桶", 4), "垃~ ");
        assert_eq!(cut("垃圾", 4), "垃圾");
        assert_eq!(cut("垃圾", 0), "");
    }

    #[test]
    fn lines_break_at_spaces_and_between_han() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("路面平整无坑洼", 6), ["路面平", "整无坑", "洼"]);
        assert_eq!(wrap("路面平，整", 6), ["路面", "平，整"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("!!a\u{a0}a", 4), ["!!a\u{a0}", "a"].map(|l| l.trim_end()));
    }

    proptest! {
        #[test]
        fn cut_fit_and_wrap_keep_to_the_width(text in "\\PC{0,60}", cells in 2usize..40) {
            let shown = visible(&text).into_owned();
            prop_assert!(width(&cut(&shown, cells)) <= cells);
            prop_assert_eq!(width(&fit(&shown, cells)), cells);
            for line in wrap(&shown, cells) {
                prop_assert!(width(&line) <= cells, "{line:?} in {cells}");
            }
        }

        #[test]
        fn nothing_unseen_is_left(text in any::<String>()) {
            prop_assert!(!visible(&text).chars().any(unseen));
        }
    }
}
