//! What a verdict costs, in a log of a few events and in one of thousands; and what starting and drawing cost.
//!
//! `cargo bench`; judge by the ratios within one run.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, KeyModifiers};
use divan::Bencher;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use xunjie::checklist::{Checklist, TargetId};
use xunjie::district::District;
use xunjie::i18n::Lang;
use xunjie::log::{Act, Drafts, Event, Judgement, Place, Stamp, Verdict};
use xunjie::search::Finder;
use xunjie::session::Session;
use xunjie::store::Settings;
use xunjie::store::codec::{self, Encoder};
use xunjie::store::file::RealDisk;
use xunjie::store::writer::{Report, Standing, Writer};
use xunjie::tui::app::{App, First, Parts};
use xunjie::tui::theme::Theme;
use xunjie::tui::{Input, Now, Opened, Reply, view};

const HEAD: &[u8] = include_bytes!("../tests/fuzz/seeds/empty.json");
const SIZES: [u64; 2] = [1, 5_000];

fn main() {
    divan::main();
}

fn stamp() -> Stamp {
    Stamp::try_from("2026-11-24T08:00:00+08:00").unwrap()
}

fn event(seq: u64) -> Event {
    let place = Place {
        kind: "back_alley".try_into().unwrap(),
        name: Some(format!("{}巷", seq % 150).as_str().try_into().unwrap()),
    };
    let act = Act::Judge(Judgement {
        target: TargetId::try_from(format!("3.{:02}", 1 + seq % 66)).unwrap(),
        verdict: if seq.is_multiple_of(7) { Verdict::Fail } else { Verdict::Pass },
        place: Some(place),
        note: None,
        unit: None,
        due: None,
        photos: Vec::new(),
        measure: Vec::new(),
        covers: Vec::new(),
    });
    Event { seq, at: stamp(), ms: seq * 1000, act }
}

fn encoder(events: u64) -> Encoder {
    let mut encoder = Encoder::new(&codec::read(HEAD).unwrap().head);
    (1..=events).for_each(|seq| encoder.push(&event(seq)));
    encoder
}

/// From the key to the disk's word that it is saved.
#[divan::bench(args = SIZES)]
fn save_one_more_event(bencher: Bencher, before: u64) {
    let dir = tempfile::tempdir().unwrap();
    let (said, saved) = mpsc::channel();
    let report = move |report| drop(said.send(report));
    let path = dir.path().join("a.json");
    let mut writer =
        Writer::start(path, encoder(before), Standing::Unknown, (Box::new(RealDisk), None), report).unwrap();
    saved.recv().unwrap();
    let mut seq = before;
    bencher.bench_local(|| {
        seq += 1;
        writer.append(event(seq));
        while !matches!(saved.recv().unwrap(), Report::Saved { events } if events as u64 == seq) {}
    });
}

fn app(events: u64) -> App {
    let head = codec::read(HEAD).unwrap().head;
    let mut app = App::new(Parts {
        lang: Lang::Zh,
        theme: Theme::Colour,
        checklist: Arc::new(Checklist::built_in()),
        district: Arc::new(District::built_in()),
        settings: Settings::default(),
        logs: PathBuf::from("logs"),
        made: stamp(),
        start: First::Home,
    });
    let opened = Opened {
        session: Session::read(head, (1..=events).map(event)),
        path: PathBuf::from("a.json"),
        writable: true,
        saved: 0,
        bytes: 0,
        drafts: Drafts::new(),
        resumed: None,
        notice: None,
    };
    app.update(Input::Reply(Reply::Opened(Box::new(opened))), &Now { stamp: stamp(), ms: 0 });
    app
}

/// A verdict key and the screen after it.
#[divan::bench(args = SIZES)]
fn key_to_screen(bencher: Bencher, before: u64) {
    let mut app = app(before);
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut ms = 0;
    bencher.bench_local(|| {
        ms += 300;
        let code = KeyCode::Char(if ms % 600 == 0 { '1' } else { '3' });
        let key = TermEvent::Key(KeyEvent::new(code, KeyModifiers::NONE));
        app.update(Input::Terminal(vec![key]), &Now { stamp: stamp(), ms });
        terminal.draw(|frame| view::draw(frame, &app)).unwrap();
    });
}

/// A letter in the search of all targets.
#[divan::bench(args = ["l", "wu", "lajitong", "no water", "垃圾", "xyzzy"])]
fn find_a_target(bencher: Bencher, query: &str) {
    let finder = Finder::new(&Checklist::built_in());
    bencher.bench(|| finder.find(divan::black_box(query), Lang::Zh));
}

#[divan::bench]
fn load_the_built_in_checklist() -> Checklist {
    Checklist::built_in()
}

#[divan::bench(args = SIZES)]
fn read_a_log(bencher: Bencher, events: u64) {
    let document = encoder(events).whole();
    bencher.bench(|| codec::read(divan::black_box(document.as_bytes())).unwrap());
}
