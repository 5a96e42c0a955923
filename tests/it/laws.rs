//! Any keys at all: the file stays valid JSON and equal to the screen, and undo of everything is the empty walk.
//! Any logs at all: joining them is set union, over bytes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::BTreeSet;

use proptest::prelude::*;

use xunjie::archive::Archive;
use xunjie::i18n::Lang;
use xunjie::session::Session;
use xunjie::store::{self, codec};
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
                    // One by one: held down, it would be one step.
                    run.press("u");
                }
                run.settle();
                assert_eq!(stands(&open(run).unwrap()), Vec::<String>::new());
            }
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_note_is_what_was_typed_or_the_phrase_that_was_shown_for_its_first_digit(typed in "[1-7处坑a ，]{0,8}") {
        let world = World::new(Lang::Zh);
        let phrases = world.run((80, 24), world.walk("nongye-lu"), |run| {
            run.press("/").text("302").press("Enter 2").text(&typed).press("Enter").settle();
            let list = run.tui.app.checklist.clone();
            let target = list.targets().find(|t| t.id.as_str() == "3.02").unwrap();
            target.faults.iter().map(|f| f.zh.clone()).collect::<Vec<_>>()
        });
        let first = typed.chars().next().and_then(|c| c.to_digit(10)).and_then(|d| phrases.get(d as usize - 1));
        // Behind a phrase come digits and commas; whatever else is written on a digit makes it a number.
        let expect = match (first, typed.get(1..)) {
            (Some(phrase), Some(rest)) if !rest.starts_with(['处', '坑', 'a', ' ']) => format!("{phrase}{rest}"),
            _ => typed.clone(),
        };
        let session = world.session();
        let note = session.standings().next().unwrap().judgement.note.clone();
        prop_assert_eq!(note.map_or(String::new(), |n| n.to_string()), expect.trim());
    }
}

/// Bytes of a log: one of three sessions, some of its events, now and then with another content under the same number.
fn some_log() -> impl Strategy<Value = Vec<u8>> {
    let events = prop::collection::btree_map(1u64..7, (0u8..2, any::<bool>()), 0..6);
    (0u8..3, any::<bool>(), events).prop_map(|(session, other_head, events)| {
        let name = if other_head { "李四" } else { "张三" };
        let head = format!(
            concat!(
                "{{\"id\":\"0190abcd-0000-7000-8000-00000000000{}\",\"kind\":\"walk\",\"by\":{{\"id\":\"z\",\"name\":\"{}\"}},",
                "\"device\":{{\"id\":\"d\",\"session\":1}},\"checklist\":{{\"id\":\"c\",\"edition\":\"1\",\"sha256\":\"0\"}},",
                "\"started\":\"2026-11-24T08:00:00+08:00\",\"app\":\"0.1.0\"}}"
            ),
            session, name
        );
        let event = |(seq, (content, chain)): (u64, (u8, bool))| {
            let chain = if chain { ",\"chain\":\"0123456789abcdef\"" } else { "" };
            format!("{{\"seq\":{seq},\"at\":\"2026-11-24T08:00:00+08:00\",\"ms\":1,\"do\":\"remark\",\"note\":\"{content}\"{chain}}}")
        };
        let events: Vec<String> = events.into_iter().map(event).collect();
        format!("{{\"format\":\"xunjie-log\",\"version\":1,\"head\":{head},\"events\":[\n{}\n]}}\n", events.join(",\n")).into_bytes()
    })
}

fn merge(logs: &[&[u8]]) -> Vec<u8> {
    let archives = logs.iter().map(|l| codec::read_all(l).unwrap().0);
    codec::archive_text(&archives.reduce(Archive::join).unwrap_or_default()).into_bytes()
}

/// Every (head, event) of some bytes.
fn elements(log: &[u8]) -> BTreeSet<String> {
    let archive = codec::read_all(log).unwrap().0;
    archive.members().flat_map(|m| m.entries.iter().map(move |e| format!("{} {e:?}", m.head))).collect()
}

proptest! {
    #[test]
    fn joining_logs_is_set_union(a in some_log(), b in some_log(), c in some_log()) {
        let ab = merge(&[&a, &b]);
        // L1 to L5: order, grouping, repetition, nothing, and one's own output.
        prop_assert_eq!(&ab, &merge(&[&b, &a]));
        prop_assert_eq!(merge(&[&ab, &c]), merge(&[&a, &merge(&[&b, &c])]));
        prop_assert_eq!(merge(&[&a, &a]), merge(&[&a]));
        prop_assert_eq!(merge(&[&a, b""]), merge(&[&a]));
        prop_assert_eq!(&merge(&[&ab, &a]), &ab);
        // L6 and L7: no event lost, none invented.
        let union: BTreeSet<String> = elements(&a).union(&elements(&b)).cloned().collect();
        prop_assert_eq!(elements(&ab), union);
        // L8: canonical is canonical. Concatenation is a merged log too.
        prop_assert_eq!(&merge(&[&ab]), &ab);
        prop_assert_eq!(merge(&[&[a.clone(), b.clone()].concat()]), ab);
    }

    #[test]
    fn a_half_copied_log_and_the_whole_are_the_whole(a in some_log(), cut in 0usize..400) {
        // L10.
        let whole = merge(&[&a]);
        if let Ok((half, _)) = codec::read_all(&a[..cut.min(a.len())]) {
            let half = codec::archive_text(&half).into_bytes();
            prop_assert_eq!(merge(&[&half, &a]), whole);
        }
    }
}
