//! Colours: the 16 of the terminal, never a background, so that light and dark terminals both stay readable.
//! Every state is a letter as well, and every frame can be drawn with ASCII; with `NO_COLOR` or `--no-color` the styles have no colour at all.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

use crate::log::Verdict;

/// How things are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Colour,
    Plain,
}

/// What frames are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    Drawn,
    /// For terminals that draw a line two cells wide, or not at all.
    Ascii,
}

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Text,
    Title,
    Focus,
    Faint,
    Key,
    Good,
    Bad,
    Warn,
}

impl Theme {
    pub fn style(self, role: Role) -> Style {
        let plain = Style::default();
        match role {
            Role::Text => plain,
            Role::Title | Role::Key => plain.add_modifier(Modifier::BOLD),
            Role::Focus => plain.add_modifier(Modifier::REVERSED),
            Role::Faint => plain.add_modifier(Modifier::DIM),
            Role::Good => self.colour(plain, Color::Green),
            Role::Bad => self.colour(plain.add_modifier(Modifier::BOLD), Color::Red),
            Role::Warn => self.colour(plain.add_modifier(Modifier::BOLD), Color::Yellow),
        }
    }

    fn colour(self, style: Style, colour: Color) -> Style {
        match self {
            Self::Colour => style.fg(colour),
            Self::Plain => style,
        }
    }
}

impl Lines {
    /// What the name of a locale, as `zh_CN.GBK`, leads to: only what names another charset than UTF-8 speaks against
    /// lines.
    pub fn of_locale(name: &str) -> Self {
        let name = name.split('@').next().unwrap_or_default();
        let charset = name.split_once('.').map(|(_, charset)| charset.replace('-', "").to_ascii_lowercase());
        match (name, charset) {
            ("C" | "POSIX", _) => Self::Ascii,
            (_, Some(charset)) if charset != "utf8" => Self::Ascii,
            _ => Self::Drawn,
        }
    }

    /// What it leads to how many cells a console took to draw a line; one that does not say is taken for the worst.
    pub fn of_width(cells: Option<u16>) -> Self {
        if cells == Some(1) { Self::Drawn } else { Self::Ascii }
    }

    pub fn set(self) -> border::Set<'static> {
        match self {
            Self::Drawn => border::PLAIN,
            Self::Ascii => ASCII,
        }
    }
}

const ASCII: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// The letter of a verdict; `.` where there is none yet.
pub fn mark(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Pass) => "P",
        Some(Verdict::Fail) => "F",
        Some(Verdict::Na) => "N",
        Some(Verdict::Unseen) => "-",
        None => ".",
    }
}

/// The role of a verdict.
pub fn role(verdict: Option<Verdict>) -> Role {
    match verdict {
        Some(Verdict::Pass) => Role::Good,
        Some(Verdict::Fail) => Role::Bad,
        Some(Verdict::Unseen) => Role::Warn,
        Some(Verdict::Na) | None => Role::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_one_cell_are_drawn() {
        assert_eq!(
            [Some(1), Some(2), Some(0), None].map(Lines::of_width).map(|l| l == Lines::Drawn),
            [true, false, false, false]
        );
    }

    #[test]
    fn another_charset_than_utf_8_draws_no_lines() {
        for drawn in ["zh_CN.UTF-8", "zh_CN.utf8", "C.UTF-8", "en_GB", "UTF-8", "de_DE.UTF-8@euro"] {
            assert_eq!(Lines::of_locale(drawn), Lines::Drawn, "{drawn}");
        }
        for ascii in ["zh_CN.GBK", "zh_CN.GB18030", "zh_TW.Big5", "de_DE.ISO-8859-15@euro", "C", "POSIX"] {
            assert_eq!(Lines::of_locale(ascii), Lines::Ascii, "{ascii}");
        }
    }
}
