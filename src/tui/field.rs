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
}

impl Field {
    pub fn new(value: &str, limit: usize) -> Self {
        Self { input: Input::new(value.to_owned()), limit }
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
        let room = self.value().chars().count() < self.limit;
        if room && !c.is_control() {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// What of the text is shown in so many cells, and the column of the cursor in it.
    pub fn window(&self, cells: usize) -> (String, u16) {
        let before: String = self.value().chars().take(self.input.cursor()).collect();
        let after: String = self.value().chars().skip(self.input.cursor()).collect();
        let mut before = text::visible(&before).into_owned();
        let after = text::visible(&after);
        // The cursor itself needs a cell.
        while text::width(&before) >= cells && !before.is_empty() {
            before.remove(0);
        }
        let column = text::width(&before);
        let rest: String = after
            .chars()
            .scan(cells.saturating_sub(column), |left, c| {
                *left = left.checked_sub(text::width(c.encode_utf8(&mut [0; 4])))?;
                Some(c)
            })
            .collect();
        (before + &rest, u16::try_from(column).unwrap_or(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_the_cursor_and_never_cuts_a_character() {
        let mut field = Field::new("", 100);
        field.paste("桶满，两处\r\n都在路口");
        assert_eq!(field.value(), "桶满，两处  都在路口");
        let (shown, column) = field.window(9);
        assert_eq!((shown.as_str(), column), ("都在路口", 8));
        field.key(KeyEvent::new(KeyCode::Home, KeyModifiers::NONE));
        let (shown, column) = field.window(9);
        assert_eq!((shown.as_str(), column), ("桶满，两", 0));
    }

    #[test]
    fn no_more_than_the_limit_and_no_controls() {
        let mut field = Field::new("", 3);
        field.paste("\u{1b}[31m合格");
        assert_eq!(field.value(), "[31");
    }
}
