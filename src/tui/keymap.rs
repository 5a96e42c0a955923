//! The one table of keys: it resolves keys, fills the key bar, the help screen, the palette and the README's table.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::i18n::{Lang, Msg, messages as m};
use crate::search::half_width;

/// Something a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Pass,
    Fail,
    Na,
    Unseen,
    Clear,
    Next,
    Note,
    Repeat,
    Phrases,
    Photos,
    Count,
    /// Who must put a fault right, and by when.
    Unit,
    Due,
    Undo,
    Redo,
    Up,
    Down,
    PreviousCategory,
    NextCategory,
    PageUp,
    PageDown,
    First,
    Last,
    Places,
    Search,
    NextHit,
    PreviousHit,
    Filter,
    Failures,
    Overview,
    Card,
    Big,
    History,
    Time,
    SwitchSite,
    Language,
    Palette,
    Help,
    Summary,
    Reopen,
    Redraw,
    // In a review.
    RuleRecord,
    RulePass,
    RuleFail,
    RuleNa,
    SendBack,
    Fixed,
    Order,
    NextTab,
    PreviousTab,
    NextRound,
    PreviousRound,
    // On the home screen.
    NewWalk,
    Quit,
    // In lists and fields.
    Accept,
    Back,
}

/// Where a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Walk,
    /// The note of a verdict.
    Note,
    /// What a supervisor sees.
    Review,
    Home,
    /// Lists to choose from, fields and texts.
    List,
}

impl Scope {
    /// The heading of its keys.
    pub fn name(self) -> Msg {
        match self {
            Walk => m::SCOPE_WALK,
            Scope::Note => m::SCOPE_NOTE,
            Review => m::SCOPE_REVIEW,
            Home => m::SCOPE_HOME,
            List => m::SCOPE_LIST,
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    pub action: Action,
    pub scope: Scope,
    pub keys: &'static [Key],
    /// What the key bar says; what must go first where room is short has the higher `rank`.
    pub label: Msg,
    pub rank: u8,
    /// What the help screen says.
    pub help: Msg,
    /// Pinyin initials of the Chinese help text's first words, for the palette.
    pub initials: &'static str,
}

/// A key, with or without Ctrl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Plain(KeyCode),
    Ctrl(char),
}

use Action as A;
use Key::{Ctrl, Plain};
use KeyCode as K;
use Scope::{Home, List, Review, Walk};

const fn c(char: char) -> Key {
    Plain(K::Char(char))
}

macro_rules! bindings {
    ($($scope:ident $action:ident [$($key:expr),*] $label:ident $rank:literal $help:ident $initials:literal;)*) => {
        &[$(Binding {
            action: A::$action, scope: Scope::$scope, keys: &[$($key),*],
            label: m::$label, rank: $rank, help: m::$help, initials: $initials,
        }),*]
    };
}

/// Every key of the program. Within a scope no key appears twice.
pub const BINDINGS: &[Binding] = bindings! {
    Walk Pass [c('1'), c('p')] KEY_PASS 99 HELP_PASS "hg";
    Walk Fail [c('2'), c('f')] KEY_FAIL 98 HELP_FAIL "bhg";
    Walk Na [c('3'), c('n')] KEY_NA 97 HELP_NA "bsy";
    Walk Unseen [c('4'), c('s')] KEY_UNSEEN 96 HELP_UNSEEN "wc";
    Walk Next [c(' '), Plain(K::Tab)] KEY_NEXT 80 HELP_NEXT "xyx";
    Walk Undo [c('u'), Plain(K::Backspace), Ctrl('z')] KEY_UNDO 90 HELP_UNDO "cx";
    Walk Search [c('/'), Plain(K::F(3))] KEY_SEARCH 85 HELP_SEARCH "cz";
    Walk Places [c('w'), c('5')] KEY_PLACES 88 HELP_PLACES "dw";
    Walk Help [c('?'), Plain(K::F(1))] KEY_HELP 95 HELP_HELP "bz";
    Walk Summary [c('q'), Ctrl('q'), Ctrl('c'), Plain(K::F(10))] KEY_SUMMARY 93 HELP_SUMMARY "xj";
    Walk Clear [c('x'), c('0'), Plain(K::Delete)] KEY_CLEAR 40 HELP_CLEAR "qc";
    Walk Note [Plain(K::Enter), c('e')] KEY_NOTE 70 HELP_NOTE "bz";
    Walk Repeat [c('.')] KEY_REPEAT 30 HELP_REPEAT "cfbz";
    Walk Phrases [c(';'), c('6')] KEY_PHRASES 35 HELP_PHRASES "cyy";
    Walk Photos [c('a'), Plain(K::F(12))] KEY_PHOTOS 33 HELP_PHOTOS "zp";
    Walk Count [c('c'), Plain(K::F(11))] KEY_COUNT 34 HELP_COUNT "js";
    Walk Redo [c('U'), Ctrl('y')] KEY_REDO 20 HELP_REDO "cz";
    Walk Up [Plain(K::Up), c('k')] KEY_UP 5 HELP_UP "s";
    Walk Down [Plain(K::Down), c('j')] KEY_DOWN 5 HELP_DOWN "x";
    Walk PreviousCategory [Plain(K::Left), c('h'), c('[')] KEY_PREVIOUS 6 HELP_PREVIOUS_CATEGORY "sygl";
    Walk NextCategory [Plain(K::Right), c('l'), c(']')] KEY_CATEGORY 7 HELP_NEXT_CATEGORY "xygl";
    Walk PageUp [Plain(K::PageUp)] KEY_PAGE_UP 2 HELP_PAGE_UP "sy";
    Walk PageDown [Plain(K::PageDown)] KEY_PAGE_DOWN 2 HELP_PAGE_DOWN "xy";
    Walk First [Plain(K::Home), c('g')] KEY_FIRST 2 HELP_FIRST "dyx";
    Walk Last [Plain(K::End), c('G')] KEY_LAST 2 HELP_LAST "zhyx";
    Walk NextHit [c('>')] KEY_NEXT_HIT 3 HELP_NEXT_HIT "xygjg";
    Walk PreviousHit [c('<')] KEY_PREVIOUS_HIT 3 HELP_PREVIOUS_HIT "sygjg";
    Walk Filter [c('v'), c('7')] KEY_FILTER 45 HELP_FILTER "sx";
    Walk Failures [c('!'), Plain(K::F(4))] KEY_FAILURES 50 HELP_FAILURES "bhglb";
    Walk Overview [c('W'), Ctrl('w')] KEY_OVERVIEW 32 HELP_OVERVIEW "dwgl";
    Walk Card [c('i'), c('8')] KEY_CARD 60 HELP_CARD "qw";
    Walk Big [c('z'), Plain(K::F(9))] KEY_BIG 44 HELP_BIG "dkp";
    Walk History [c('o'), c('9')] KEY_HISTORY 25 HELP_HISTORY "ls";
    Walk Time [c('t'), Plain(K::F(5))] KEY_TIME 15 HELP_TIME "ys";
    Walk SwitchSite [c('S'), Plain(K::F(6))] KEY_SWITCH 10 HELP_SWITCH "hsq";
    Walk Language [c('L'), Plain(K::F(7))] KEY_LANGUAGE 12 HELP_LANGUAGE "yy";
    Walk Palette [c(':'), Ctrl('p'), Plain(K::F(2))] KEY_PALETTE 14 HELP_PALETTE "ml";
    Walk Reopen [c('r'), Plain(K::F(8))] KEY_REOPEN 4 HELP_REOPEN "cxdk";
    Walk Redraw [Ctrl('l')] KEY_REDRAW 1 HELP_REDRAW "ch";

    Note Accept [Plain(K::Enter)] KEY_ACCEPT 99 HELP_ACCEPT_NOTE "qd";
    Note Back [Plain(K::Esc), Ctrl('c'), Ctrl('q')] KEY_DRAFT 98 HELP_DRAFT "cg";
    Note Up [Plain(K::Up)] KEY_EARLIER 95 HELP_EARLIER "yq";
    Note Down [Plain(K::Down)] KEY_LATER 5 HELP_LATER "jx";
    Note Phrases [Plain(K::Tab)] KEY_PHRASES 97 HELP_PHRASES_ADD "cyy";
    Note Photos [Plain(K::F(12))] KEY_PHOTOS 96 HELP_PHOTOS_NOTE "zp";
    Note Unit [Plain(K::F(8))] KEY_UNIT 49 HELP_UNIT "zrdw";
    Note Due [Plain(K::F(9))] KEY_DUE 48 HELP_DUE "zgqx";
    Note Language [Plain(K::F(7))] KEY_LANGUAGE 12 HELP_LANGUAGE "yy";
    Note Redraw [Ctrl('l')] KEY_REDRAW 1 HELP_REDRAW "ch";

    Review NextTab [Plain(K::Right), Plain(K::Tab), c('l')] KEY_NEXT_TAB 99 HELP_NEXT_TAB "xyy";
    Review PreviousTab [Plain(K::Left), c('h')] KEY_PREVIOUS_TAB 4 HELP_PREVIOUS_TAB "syy";
    Review RuleRecord [c('1'), c('2'), c('3'), c('4'), c('5'), c('6'), c('7'), c('8'), c('9')]
        KEY_RULE_RECORD 98 HELP_RULE_RECORD "cd";
    Review RulePass [c('p')] KEY_PASS 97 HELP_RULE_PASS "pw";
    Review RuleFail [c('f')] KEY_FAIL 96 HELP_RULE_FAIL "pw";
    Review RuleNa [c('n')] KEY_NA 95 HELP_RULE_NA "pw";
    Review SendBack [c('r')] KEY_SEND_BACK 94 HELP_SEND_BACK "fh";
    Review Fixed [c('c'), c('0')] KEY_FIXED 98 HELP_FIXED "dj";
    Review Undo [c('u'), Plain(K::Backspace), Ctrl('z')] KEY_UNDO 90 HELP_UNDO "cx";
    Review Redo [c('U'), Ctrl('y')] KEY_REDO 20 HELP_REDO "cz";
    Review Accept [Plain(K::Enter)] KEY_OPEN 70 HELP_OPEN_DETAIL "dk";
    Review Back [Plain(K::Esc)] KEY_BACK 10 HELP_BACK_TO_SITES "fh";
    Review Filter [c('v')] KEY_FILTER 60 HELP_FILTER_REVIEW "sx";
    Review Order [c('o')] KEY_ORDER 59 HELP_ORDER "px";
    Review NextRound [c(']')] KEY_ROUND 61 HELP_NEXT_ROUND "jyl";
    Review PreviousRound [c('[')] KEY_PREVIOUS_ROUND 3 HELP_PREVIOUS_ROUND "xyl";
    Review Up [Plain(K::Up), c('k')] KEY_UP 5 HELP_UP "s";
    Review Down [Plain(K::Down), c('j')] KEY_DOWN 5 HELP_DOWN "x";
    Review PageUp [Plain(K::PageUp)] KEY_PAGE_UP 2 HELP_PAGE_UP "sy";
    Review PageDown [Plain(K::PageDown)] KEY_PAGE_DOWN 2 HELP_PAGE_DOWN "xy";
    Review First [Plain(K::Home), c('g')] KEY_FIRST 2 HELP_FIRST "dyx";
    Review Last [Plain(K::End), c('G')] KEY_LAST 2 HELP_LAST "zhyx";
    Review Language [c('L'), Plain(K::F(7))] KEY_LANGUAGE 12 HELP_LANGUAGE "yy";
    Review Help [c('?'), Plain(K::F(1))] KEY_HELP 99 HELP_HELP "bz";
    Review Quit [c('q'), Ctrl('q'), Ctrl('c'), Plain(K::F(10))] KEY_QUIT 88 HELP_QUIT_REVIEW "tc";
    Review Redraw [Ctrl('l')] KEY_REDRAW 1 HELP_REDRAW "ch";

    Home Accept [Plain(K::Enter)] KEY_OPEN 95 HELP_OPEN "dk";
    Home NewWalk [c('n'), c('1')] KEY_NEW_WALK 90 HELP_NEW_WALK "xxc";
    Home Reopen [c('r'), Plain(K::F(8))] KEY_REOPEN 40 HELP_REOPEN "cxdk";
    Home Up [Plain(K::Up), c('k')] KEY_UP 5 HELP_UP "s";
    Home Down [Plain(K::Down), c('j')] KEY_DOWN 5 HELP_DOWN "x";
    Home PageUp [Plain(K::PageUp)] KEY_PAGE_UP 2 HELP_PAGE_UP "sy";
    Home PageDown [Plain(K::PageDown)] KEY_PAGE_DOWN 2 HELP_PAGE_DOWN "xy";
    Home First [Plain(K::Home), c('g')] KEY_FIRST 2 HELP_FIRST "dyx";
    Home Last [Plain(K::End), c('G')] KEY_LAST 2 HELP_LAST "zhyx";
    Home Language [c('L'), Plain(K::F(7))] KEY_LANGUAGE 70 HELP_LANGUAGE "yy";
    Home Help [c('?'), Plain(K::F(1))] KEY_HELP 80 HELP_HELP "bz";
    Home Quit [c('q'), Ctrl('q'), Ctrl('c'), Plain(K::F(10))] KEY_QUIT 85 HELP_QUIT "tc";
    Home Redraw [Ctrl('l')] KEY_REDRAW 1 HELP_REDRAW "ch";

    List Accept [Plain(K::Enter)] KEY_ACCEPT 90 HELP_ACCEPT "qd";
    List Back [Plain(K::Esc), Ctrl('c'), Ctrl('q')] KEY_BACK 89 HELP_BACK "fh";
    List Up [Plain(K::Up)] KEY_UP 50 HELP_UP "s";
    List Down [Plain(K::Down), Plain(K::Tab)] KEY_DOWN 50 HELP_DOWN "x";
    List PageUp [Plain(K::PageUp)] KEY_PAGE_UP 2 HELP_PAGE_UP "sy";
    List PageDown [Plain(K::PageDown)] KEY_PAGE_DOWN 2 HELP_PAGE_DOWN "xy";
    List Language [Plain(K::F(7))] KEY_LANGUAGE 12 HELP_LANGUAGE "yy";
    List Redraw [Ctrl('l')] KEY_REDRAW 1 HELP_REDRAW "ch";
};

/// The key with its full-width form made half-width and Shift folded into the character.
pub fn normal(key: KeyEvent) -> KeyEvent {
    let mut key = key;
    if let K::Char(char) = key.code {
        key.code = K::Char(half_width(char));
        key.modifiers.remove(KeyModifiers::SHIFT);
    }
    if key.code == K::BackTab {
        key.code = K::Up;
        key.modifiers = KeyModifiers::NONE;
    }
    key
}

/// What a key does in a scope.
pub fn resolve(scope: Scope, key: KeyEvent) -> Option<Action> {
    let key = normal(key);
    let pressed = match key.code {
        K::Char(char) if key.modifiers.contains(KeyModifiers::CONTROL) => Ctrl(char.to_ascii_lowercase()),
        code if key.modifiers.is_empty() => Plain(code),
        _ => return None,
    };
    in_scope(scope).find(|b| b.keys.contains(&pressed)).map(|b| b.action)
}

pub fn in_scope(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |b| b.scope == scope)
}

/// How the nine digits are shown together.
const NUMBERS: &str = "1-9";

impl Binding {
    /// Whether every digit is a key of it.
    pub fn is_number(&self) -> bool {
        self.keys.len() == 9
    }

    /// All keys of the row, as `1 p`.
    pub fn keys_shown(&self, lang: Lang) -> String {
        if self.is_number() {
            return NUMBERS.to_owned();
        }
        self.keys.iter().map(|k| k.shown(lang)).collect::<Vec<_>>().join(" ")
    }

    /// The keys the key bar names: where there is room a digit and its letter, else the first.
    pub fn short_keys(&self, lang: Lang, roomy: bool) -> String {
        if self.is_number() {
            return NUMBERS.to_owned();
        }
        let both = roomy && matches!(self.keys, [Plain(K::Char('1'..='4')), Plain(K::Char(_)), ..]);
        if both {
            format!("{}/{}", self.keys[0].shown(lang), self.keys[1].shown(lang))
        } else {
            self.keys.first().map(|k| k.shown(lang)).unwrap_or_default()
        }
    }
}

impl Key {
    /// The press of it.
    pub fn event(self) -> KeyEvent {
        match self {
            Ctrl(char) => KeyEvent::new(K::Char(char), KeyModifiers::CONTROL),
            Plain(code) => KeyEvent::new(code, KeyModifiers::NONE),
        }
    }

    pub fn shown(self, lang: Lang) -> String {
        let name = |msg: Msg| msg.get(lang).to_owned();
        match self {
            Ctrl(char) => format!("Ctrl-{}", char.to_ascii_uppercase()),
            Plain(K::Char(' ')) => name(m::SPACE),
            Plain(K::Char(char)) => char.to_string(),
            Plain(K::F(n)) => format!("F{n}"),
            Plain(K::Enter) => name(m::ENTER),
            Plain(K::Up) => name(m::ARROW_UP),
            Plain(K::Down) => name(m::ARROW_DOWN),
            Plain(K::Left) => name(m::ARROW_LEFT),
            Plain(K::Right) => name(m::ARROW_RIGHT),
            Plain(K::PageUp) => "PgUp".into(),
            Plain(K::PageDown) => "PgDn".into(),
            Plain(K::Delete) => "Del".into(),
            Plain(K::Backspace) => name(m::BACKSPACE),
            Plain(code) => format!("{code:?}"),
        }
    }
}

/// The table in Markdown, as the README has it.
pub fn table(lang: Lang) -> String {
    let mut text = String::new();
    for scope in [Walk, Scope::Note, Review, Home, List] {
        let head = format!("| {} | {} |\n| --- | --- |\n", m::KEY_TABLE_KEY.get(lang), m::KEY_TABLE_DOES.get(lang));
        text.push_str(&format!("**{}**\n\n{head}", scope.name().get(lang)));
        for binding in in_scope(scope) {
            let keys: Vec<String> = binding.keys_shown(lang).split(' ').map(|k| format!("`{k}`")).collect();
            text.push_str(&format!("| {} | {} |\n", keys.join(" "), binding.help.get(lang)));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things_in_one_scope() {
        for scope in [Walk, Scope::Note, Review, Home, List] {
            let keys: Vec<Key> = in_scope(scope).flat_map(|b| b.keys).copied().collect();
            for (i, key) in keys.iter().enumerate() {
                assert!(!keys[..i].contains(key), "{key:?} twice in {scope:?}");
            }
        }
    }

    #[test]
    fn verdicts_places_search_and_the_end_need_no_letter() {
        for action in [
            A::Pass,
            A::Fail,
            A::Na,
            A::Unseen,
            A::Clear,
            A::Undo,
            A::Next,
            A::Note,
            A::Places,
            A::Search,
            A::Summary,
            A::Help,
            A::Big,
        ] {
            let plain =
                |k: &Key| matches!(k, Plain(K::Char('0'..='9' | ' ') | K::F(_) | K::Enter | K::Tab | K::Backspace));
            assert!(in_scope(Walk).any(|b| b.action == action && b.keys.iter().any(plain)), "{action:?}");
        }
    }

    #[test]
    fn full_width_forms_act_as_their_keys() {
        let press = |char| resolve(Walk, KeyEvent::new(K::Char(char), KeyModifiers::NONE));
        assert_eq!(press('１'), Some(A::Pass));
        assert_eq!(press('ｐ'), Some(A::Pass));
        assert_eq!(press('？'), Some(A::Help));
        assert_eq!(press('、'), Some(A::Search));
        assert_eq!(press('：'), Some(A::Palette));
        assert_eq!(press('；'), Some(A::Phrases));
        assert_eq!(press('。'), Some(A::Repeat));
        assert_eq!(press('！'), Some(A::Failures));
        assert_eq!(press('】'), Some(A::NextCategory));
        assert_eq!(press('\u{3000}'), Some(A::Next));
        assert_eq!(press('好'), None);
    }
}
