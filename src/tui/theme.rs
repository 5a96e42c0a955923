//! Colours: the 16 of the terminal, never a background, so that light and dark terminals both stay readable.
//! Every state is a letter as well; with `NO_COLOR` or `--no-color` the styles have no colour at all.

use ratatui::style::{Color, Modifier, Style};

use crate::log::Verdict;

/// How things are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Colour,
    Plain,
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
