//! Any keys at all: the file stays valid JSON and equal to the screen, and undo of everything is the empty walk.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

use xunjie::i18n::Lang;
use xunjie::session::Session;
use xunjie::store;
use xunjie::tui::app::Screen;

use crate::runner::{Run, World};

/// Keys an inspector may press in any order, the end of the walk excepted.
fn keys() -> impl Strategy<Value = Vec<KeyEvent>> {
    let chars: Vec<char> = "12340pfnsxuUw/.;vieogGkjhl[]<>!:?L tS桶１".chars().collect();
    let codes = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Tab,
        KeyCode::Backspace,
        KeyCode::PageDown,
        KeyCode::Left,
        KeyCode::Home,
    ];
    let key = prop_oneof![
        6 => prop::sample::select(chars).prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)),
        3 => prop::sample::select(codes.to_vec()).prop_map(|c| KeyEvent::new(c, KeyModifiers::NONE)),
        1 => prop::sample::select(vec!['z', 'y', 'p', 'l'])
            .prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)),
    ];
    prop::collection::vec(key, 0..60)
}

fn stands(session: &Session) -> Vec<String> {
    session.standings().map(|s| format!("{:?}", s.judgement)).collect()
}

/// The open walk; keys may have led to another screen.
fn open(run: &Run) -> Option<Session> {
    match &run.tui.app.screen {
        Screen::Walk(walk) if walk.writable => Some(walk.session.clone()),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_pressed_the_file_equals_the_screen(keys in keys()) {
        let world = World::new(Lang::Zh);
        world.run((80, 24), world.walk("nongye-lu"), |run| {
            for key in &keys {
                run.key(*key);
                run.screen();
            }
            run.settle();
            if let Some(session) = open(run) {
                let path = world.folders().log_names().unwrap();
                let bytes = path.iter().map(|p| std::fs::read(p).unwrap()).collect::<Vec<_>>();
                for bytes in &bytes {
                    serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
                }
                let on_disk = path.iter().map(|p| store::open(p).unwrap()).find(|o| o.log.head.id == session.head.id).unwrap();
                assert!(on_disk.damage().is_empty());
                assert_eq!(stands(&on_disk.session()), stands(&session));
                assert_eq!(on_disk.session().events(), session.events());
                for _ in 0..3 {
                    run.press("Esc");
                }
                for _ in 0..keys.len() * 2 {
                    run.terminal(vec![Event::Key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::NONE))]);
                }
                run.settle();
                assert_eq!(stands(&open(run).unwrap()), Vec::<String>::new());
            }
        });
    }
}
