//! The built program in a real pseudo-terminal.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtyPair, PtySize, native_pty_system};

use xunjie::log::{Act, Verdict, Why};
use xunjie::session::State;
use xunjie::store;

/// A program on a terminal of its own, and what that terminal shows.
struct Terminal {
    pair: PtyPair,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Terminal {
    fn start(home: &Path, args: &[&str]) -> Self {
        Self::start_with(home, args, &[])
    }

    fn start_with(home: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_xunjie"));
        command.args(args);
        command.env_clear();
        command.env("HOME", home);
        command.env("LANG", "zh_CN.UTF-8");
        command.env("TERM", "xterm-256color");
        command.env("USER", "wang");
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(24, 80, 0)));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let shown = screen.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n) = reader.read(&mut bytes) {
                if n == 0 {
                    return;
                }
                shown.lock().unwrap().process(&bytes[..n]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { pair, child, keys, screen }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until the screen shows a text.
    fn until(&self, wanted: &str) -> &Self {
        let end = Instant::now() + Duration::from_secs(20);
        while !self.text().contains(wanted) {
            assert!(Instant::now() < end, "no {wanted:?} in\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// Sends keys in one piece and waits until the screen shows what they lead to.
    fn press(&mut self, keys: &str, wanted: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self.until(wanted);
        self
    }

    fn exit(&mut self) -> u32 {
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < end, "still running:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

const WALK: &[&str] = &["walk", "--site", "nongye-lu", "--by", "zhang3=张三", "--round", "R1", "--lang", "zh"];

fn only_log(home: &Path) -> std::path::PathBuf {
    let logs = home.join(".local/share/xunjie/logs");
    let found: Vec<_> = std::fs::read_dir(&logs)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

/// Three verdicts, a note in Chinese, a place, undo, SIGKILL, resume, finish; the log read back event by event.
#[test]
fn a_walk_survives_a_kill_and_is_finished() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start(home.path(), WALK);
    t.until("0/184");
    t.press("1", "1/184").press("3", "2/184").press("2", "按数字选用");
    t.press("桶满，两处", "内容 桶满，两处").press("\r", "1.03 不合格: 桶满");
    t.press("w", "点位: 选已有的")
        .press("3", "点位名称")
        .press("幸福巷", "点位名称 幸福巷")
        .press("\r", "幸福巷: 33 项目标");
    t.press("1", "2.11 合格").press("u", "已撤销 2.11");
    t.until("已保存");
    t.child.kill().unwrap();
    t.child.wait().unwrap();

    let mut t = Terminal::start(home.path(), WALK);
    t.until("3/184").until("已保存");
    t.press("4", "锁门或歇业").press("\r", "4/184").until("已保存");
    t.press("q", "返回继续巡查").press("1", "> 1 结束巡查").press("\r", "新巡查");
    t.press("q", "");
    assert_eq!(t.exit(), 0);

    let opened = store::open(&only_log(home.path())).unwrap();
    assert!(opened.damage().is_empty() && opened.is_ours());
    let session = opened.session();
    assert_eq!(session.state(), State::Finished);
    let acts: Vec<String> = session.events().iter().map(|e| told(&e.act)).collect();
    assert_eq!(
        acts,
        [
            "1.01 Pass",
            "1.02 Na",
            "1.03 Fail",
            "1.03 Fail 桶满，两处",
            "2.11 Pass @幸福巷",
            "undo 5",
            "resume Recovered",
            "2.11 Unseen @幸福巷",
            "end Finished",
        ]
    );
}

fn told(act: &Act) -> String {
    match act {
        Act::Judge(j) => {
            let place = j.place.as_ref().and_then(|p| p.name.as_ref()).map(|n| format!(" @{n}")).unwrap_or_default();
            let note = j.note.as_ref().map(|n| format!(" {n}")).unwrap_or_default();
            format!("{} {:?}{place}{note}", j.target, j.verdict)
        }
        Act::Undo { of } => format!("undo {of}"),
        Act::Resume { why: Some(why) } => format!("resume {why:?}"),
        Act::End { why: Some(why) } => format!("end {why:?}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn being_asked_to_end_leaves_the_log_whole_and_the_terminal_as_it_was() {
    for signal in ["TERM", "HUP", "INT"] {
        let home = tempfile::tempdir().unwrap();
        let mut t = Terminal::start(home.path(), WALK);
        t.until("0/184");
        t.press("1", "1/184");
        let pid = t.child.process_id().unwrap().to_string();
        let kill = std::process::Command::new("kill").args(["-s", signal, &pid]).status().unwrap();
        assert!(kill.success());
        t.exit();
        std::thread::sleep(Duration::from_millis(100));
        let parser = t.screen.lock().unwrap();
        assert!(!parser.screen().alternate_screen() && !parser.screen().hide_cursor(), "{signal}");
        assert!(!parser.screen().bracketed_paste(), "{signal}");
        let session = store::open(&only_log(home.path())).unwrap().session();
        assert_eq!(session.standings().next().unwrap().judgement.verdict, Verdict::Pass);
        assert_ne!(session.state(), State::Finished);
    }
}

#[test]
fn the_first_run_asks_three_questions_and_is_out_of_the_way() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start(home.path(), &[]);
    t.until("1/3");
    t.press("\r", "2/3").press("\r", "3/3").press("\r", "0/184").press("1", "1/184").until("已保存");
    t.press("q", "返回继续巡查").press("\r", "新巡查").press("q", "");
    assert_eq!(t.exit(), 0);
    let session = store::open(&only_log(home.path())).unwrap().session();
    assert!(matches!(session.events().last().map(|e| &e.act), Some(Act::End { why: Some(Why::Paused) })));
    let mut t = Terminal::start(home.path(), &[]);
    t.until("继续  周楼社区  wang");
    t.press("\r", "周楼社区 / 整个社区").press("q", "返回继续巡查").press("\r", "新巡查").press("q", "");
    assert_eq!(t.exit(), 0);
}

#[test]
fn a_window_may_shrink_and_grow() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start(home.path(), WALK);
    t.until("0/184");
    for (rows, cols) in [(10, 40), (1, 1), (16, 60), (24, 80), (60, 200), (24, 80)] {
        t.pair.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        t.screen.lock().unwrap().screen_mut().set_size(rows, cols);
        std::thread::sleep(Duration::from_millis(60));
    }
    t.press("1", "1/184");
}

#[test]
fn without_colours_the_focus_is_still_reversed() {
    for (env, coloured) in [(&[][..], true), (&[("NO_COLOR", "1")][..], false)] {
        let home = tempfile::tempdir().unwrap();
        let mut t = Terminal::start_with(home.path(), WALK, env);
        t.until("0/184");
        t.press("1", "1.01 合格");
        let parser = t.screen.lock().unwrap();
        let cells: Vec<vt100::Cell> = (0..24)
            .flat_map(|y| (0..80).map(move |x| (y, x)))
            .filter_map(|(y, x)| parser.screen().cell(y, x).cloned())
            .collect();
        assert_eq!(cells.iter().any(|c| c.fgcolor() != vt100::Color::Default), coloured);
        assert!(cells.iter().all(|c| c.bgcolor() == vt100::Color::Default), "no background is ever set");
        assert!(cells.iter().any(vt100::Cell::inverse) && cells.iter().any(vt100::Cell::bold));
    }
}
