//! Handling keys: no panic in any state, and the events equal what a log of them says.
#![no_main]

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use libfuzzer_sys::fuzz_target;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use xunjie::checklist::Checklist;
use xunjie::district::District;
use xunjie::i18n::Lang;
use xunjie::log::{Event as LogEvent, Stamp};
use xunjie::session::Session;
use xunjie::store::{Settings, codec};
use xunjie::tui::app::{App, First, Parts};
use xunjie::tui::theme::Theme;
use xunjie::tui::{Effect, Input, Now, Opened, Reply, view};

static LIST: LazyLock<Arc<Checklist>> = LazyLock::new(|| Arc::new(Checklist::built_in()));
static DISTRICT: LazyLock<Arc<District>> = LazyLock::new(|| Arc::new(District::built_in()));
const HEAD: &[u8] = include_bytes!("../seeds/empty.json");

const KEYS: &[KeyCode] = &[
    KeyCode::Enter, KeyCode::Esc, KeyCode::Up, KeyCode::Down, KeyCode::Left, KeyCode::Right, KeyCode::Tab,
    KeyCode::BackTab, KeyCode::Backspace, KeyCode::Delete, KeyCode::PageUp, KeyCode::PageDown, KeyCode::Home,
    KeyCode::End, KeyCode::F(1), KeyCode::F(2), KeyCode::F(3), KeyCode::F(4), KeyCode::F(5), KeyCode::F(6),
    KeyCode::F(7), KeyCode::F(8), KeyCode::F(10), KeyCode::Char('桶'), KeyCode::Char('１'), KeyCode::Char('\u{202e}'),
];

fn key(byte: u8) -> Option<KeyEvent> {
    let plain = |code| Some(KeyEvent::new(code, KeyModifiers::NONE));
    match byte {
        b' '..=b'~' => plain(KeyCode::Char(char::from(byte))),
        128..=153 => plain(KEYS[usize::from(byte - 128)]),
        154..=179 => Some(KeyEvent::new(KeyCode::Char(char::from(byte - 154 + b'a')), KeyModifiers::CONTROL)),
        _ => None,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let log = codec::read(HEAD).expect("the seed is a log");
    let stamp = |ms: u64| Stamp::try_from(format!("2026-11-24T{:02}:{:02}:{:02}+08:00", 8 + ms / 3_600_000 % 12, ms / 60_000 % 60, ms / 1000 % 60)).expect("a moment");
    let mut app = App::new(Parts {
        lang: Lang::Zh,
        theme: Theme::Colour,
        checklist: LIST.clone(),
        district: DISTRICT.clone(),
        settings: Settings::default(),
        logs: PathBuf::from("logs"),
        made: stamp(0),
        start: First::Home,
    });
    let opened = Opened {
        session: Session::new(log.head.clone()),
        path: PathBuf::from("a.json"),
        writable: true,
        saved: 0,
        bytes: 0,
        drafts: Default::default(),
        resumed: None,
        notice: None,
    };
    let mut ms = 0;
    app.update(Input::Reply(Reply::Opened(Box::new(opened))), &Now { stamp: stamp(ms), ms });
    let mut written: Vec<LogEvent> = Vec::new();
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a test terminal");
    for (n, byte) in bytes.iter().take(400).enumerate() {
        ms += if *byte >= 200 { u64::from(byte - 199) * 40 } else { 0 };
        let Some(key) = key(*byte) else {
            continue;
        };
        ms += 130;
        for effect in app.update(Input::Terminal(vec![Event::Key(key)]), &Now { stamp: stamp(ms), ms }) {
            if let Effect::Append(event) = effect {
                assert_eq!(event.seq, written.len() as u64 + 1);
                written.push(event);
            }
        }
        if n % 16 == 0 {
            let _ = terminal.draw(|frame| view::draw(frame, &app));
        }
    }
    let _ = terminal.draw(|frame| view::draw(frame, &app));
    if let xunjie::tui::app::Screen::Walk(walk) = &app.screen {
        let read = Session::read(log.head.clone(), written);
        assert!(read.standings().eq(walk.session.standings()));
    }
});
