//! A text field of one line: graphemes, Chinese, paste, and the column where the real cursor must stand.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

use crate::text;

/// A text field that holds at most `limit` characters.
#[derive(Clone, Debug)]
pub struct Field {
    input: Input,
    limit: usize,
    /// Whether it holds what was proposed: what is typed replaces it.
    proposed: bool,
}

impl Field {
    pub fn new(value: &str, limit: usize) -> Self {
        Self { input: Input::new(value.to_owned()), limit, proposed: false }
    }

    /// A field with a proposal: the first character typed or pasted replaces it, a key that edits keeps it.
    pub fn proposing(value: &str, limit: usize) -> Self {
        Self { proposed: true, ..Self::new(value, limit) }
    }

    pub fn value(&self) -> &str {
        self.input.value()
    }

    pub fn is_empty(&self) -> bool {
        self.value().is_empty()
    }

    pub fn set(&mut self, value: &str) {
        self.input = Input::new(value.chars().take(self.limit).collect());
    }

    /// Handles an editing key; false when it is none.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if ctrl => {
                self.input.reset();
                true
            }
            KeyCode::Char(c) if !ctrl && !key.modifiers.contains(KeyModifiers::ALT) => {
                self.insert(c);
                true
            }
            _ if std::mem::take(&mut self.proposed) => self.key(key),
            KeyCode::Backspace | KeyCode::Delete | KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End => {
                self.input.handle_event(&Event::Key(key)).is_some() || !ctrl
            }
            KeyCode::Char('a' | 'e' | 'w' | 'k') if ctrl => {
                self.input.handle_event(&Event::Key(key));
                true
            }
            _ => false,
        }
    }

    /// Takes in pasted text: what ends lines becomes a blank.
    pub fn paste(&mut self, text: &str) {
        for c in text.trim_end().chars().take(self.limit + 1) {
            self.insert(if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
        }
    }

    fn insert(&mut self, c: char) {
        if std::mem::take(&mut self.proposed) {
            self.input.reset();
        }
        let room = self.value().chars().count() < self.limit;
        if room && !c.is_control() {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// The text in rows of so many cells, at most `rows` of them, the one with the cursor among them; and the row and
    /// column of the cursor.
    pub fn rows(&self, cells: usize, rows: usize) -> (Vec<String>, (u16, u16)) {
        let mut lines = vec![String::new()];
        let mut cursor = (0, 0);
        for (i, c) in self.value().chars().chain([' ']).enumerate() {
            let shown = text::visible(c.encode_utf8(&mut [0; 4])).into_owned();
            let used = lines.last().map_or(0, |l| text::width(l));
            // Marks that join the character before stay with it.
            if used + text::width(&shown).max(1) > cells && text::width(&shown) > 0 {
                lines.push(String::new());
            }
            let at = lines.len() - 1;
            if i == self.input.cursor() {
                cursor = (at, text::width(&lines[at]));
            }
            lines[at].push_str(&shown);
        }
        let first = cursor.0.saturating_sub(rows.saturating_sub(1));
        let lines = lines.into_iter().skip(first).take(rows).collect();
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        (lines, (small(cursor.0 - first), small(cursor.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_follow_the_cursor_and_never_cut_a_character() {
        let mut field = Field::new("", 100);
        field.paste("桶满，两处\r\n都在路口");
        assert_eq!(field.value(), "桶满，两处  都在路口");
        let (rows, cursor) = field.rows(9, 3);
        assert_eq!((rows, cursor), (vec!["桶满，两".into(), "处  都在".into(), "路口 ".into()], (2, 4)));
        let (rows, cursor) = field.rows(9, 1);
        assert_eq!((rows, cursor), (vec!["路口 ".into()], (0, 4)));
        field.key(KeyEvent::new(KeyCode::Home, KeyModifiers::NONE));
        let (rows, cursor) = field.rows(9, 1);
        assert_eq!((rows, cursor), (vec!["桶满，两".into()], (0, 0)));
    }

    #[test]
    fn what_is_typed_replaces_a_proposal_and_editing_keeps_it() {
        let press = |field: &mut Field, code| field.key(KeyEvent::new(code, KeyModifiers::NONE));
        let mut typed = Field::proposing("inspector", 100);
        press(&mut typed, KeyCode::Char('张'));
        press(&mut typed, KeyCode::Char('三'));
        let mut pasted = Field::proposing("inspector", 100);
        pasted.paste("李四");
        let mut edited = Field::proposing("R1", 100);
        press(&mut edited, KeyCode::Backspace);
        press(&mut edited, KeyCode::Char('2'));
        assert_eq!((typed.value(), pasted.value(), edited.value()), ("张三", "李四", "R2"));
        assert_eq!(Field::proposing("inspector", 100).value(), "inspector");
    }

    #[test]
    fn no_more_than_the_limit_and_no_controls() {
        let mut field = Field::new("", 3);
        field.paste("\u{1b}[31m合格");
        assert_eq!(field.value(), "[31");
    }
}
