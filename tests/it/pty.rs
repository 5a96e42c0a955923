//! The built program in a real pseudo-terminal.

use std::time::Duration;

use vt100::MouseProtocolMode;

use xunjie::log::{Act, Verdict, Why};
use xunjie::session::State;
use xunjie::store;

use crate::terminal::{Terminal, WALK, only_log, verdict_key};

/// Three verdicts, a note in Chinese, a place, undo, SIGKILL, resume, finish; the log read back event by event.
#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
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
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn being_asked_to_end_leaves_the_log_whole_and_the_terminal_as_it_was() {
    for (signal, number) in [("TERM", 15), ("HUP", 1), ("INT", 2), ("QUIT", 3)] {
        let home = tempfile::tempdir().unwrap();
        let mut t = Terminal::start(home.path(), WALK);
        t.until("0/184");
        t.press("1", "1/184");
        t.signal(signal);
        assert_eq!(t.exit(), 128 + number);
        std::thread::sleep(Duration::from_millis(100));
        let parser = t.screen.lock().unwrap();
        assert!(!parser.screen().alternate_screen() && !parser.screen().hide_cursor(), "{signal}");
        assert!(!parser.screen().bracketed_paste(), "{signal}");
        assert_eq!(parser.screen().mouse_protocol_mode(), MouseProtocolMode::None, "{signal}");
        let session = store::open(&only_log(home.path())).unwrap().session();
        assert_eq!(session.standings().next().unwrap().judgement.verdict, Verdict::Pass);
        assert_ne!(session.state(), State::Finished);
    }
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
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
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn a_window_may_shrink_and_grow() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start(home.path(), WALK);
    t.until("0/184");
    for (rows, cols) in [(10, 40), (1, 1), (16, 60), (24, 80), (60, 200), (24, 80)] {
        t.resize(rows, cols);
        std::thread::sleep(Duration::from_millis(60));
    }
    t.press("1", "1/184");
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
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

/// Clicks are asked for, moves of the pointer are not: an idle program sleeps, and Shift selects text.
#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn clicks_reach_the_program_until_it_ends_and_can_be_left_to_the_terminal() {
    for (flag, mode) in [(None, MouseProtocolMode::PressRelease), (Some("--no-mouse"), MouseProtocolMode::None)] {
        let home = tempfile::tempdir().unwrap();
        let args: Vec<&str> = WALK.iter().copied().chain(flag).collect();
        let mut t = Terminal::start(home.path(), &args);
        t.until("0/184");
        t.wait_for("the mouse", |s| s.mouse_protocol_mode() == mode);
        if flag.is_none() {
            // Pressed and let go on the third row of the list, then on the pass key in the last line.
            t.send(b"\x1b[<0;40;5M\x1b[<0;40;5m");
            t.until(">. 1.03");
            t.send(b"\x1b[<0;4;24M\x1b[<0;4;24m");
            t.until("1.03 合格").until("1/184");
        }
        t.press("q", "返回继续巡查").press("\r", "新巡查").press("q", "");
        assert_eq!(t.exit(), 0);
        std::thread::sleep(Duration::from_millis(100));
        let parser = t.screen.lock().unwrap();
        assert_eq!(parser.screen().mouse_protocol_mode(), MouseProtocolMode::None);
        let raw = String::from_utf8_lossy(&t.raw.lock().unwrap()).into_owned();
        assert!(!raw.contains("[?1003h") && !raw.contains("[?1002h"));
    }
}

/// What is told to the terminal about colours and attributes: the numbers of all `ESC [ ... m`.
fn attributes(raw: &[u8]) -> Vec<u32> {
    let text = String::from_utf8_lossy(raw);
    let codes = text.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end..].starts_with('m').then(|| &rest[..end])
    });
    codes.flat_map(|code| code.split(';').map(|n| n.parse().unwrap_or(0))).collect()
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn no_color_writes_no_colour_and_keeps_reverse_and_bold() {
    let is_colour = |n: &u32| matches!(n, 30..=38 | 40..=48 | 90..=107);
    for (flag, coloured) in [(None, true), (Some("--no-color"), false)] {
        let home = tempfile::tempdir().unwrap();
        let args: Vec<&str> = WALK.iter().copied().chain(flag).collect();
        let mut t = Terminal::start(home.path(), &args);
        t.until("0/184");
        t.press("1", "1.01 合格").press("2", "按数字选用").press("\r", "2/184").press("q", "返回继续巡查");
        let told = attributes(&t.raw.lock().unwrap());
        assert_eq!(told.iter().any(is_colour), coloured, "{told:?}");
        assert!(told.contains(&7) && told.contains(&1), "{told:?}");
    }
}

#[cfg(unix)]
#[test]
fn another_charset_gets_frames_in_ascii_by_itself() {
    for (args, locale, ascii) in
        [(None, "zh_CN.UTF-8", false), (None, "zh_CN.GBK", true), (Some("--ascii"), "zh_CN.UTF-8", true)]
    {
        let home = tempfile::tempdir().unwrap();
        let args: Vec<&str> = WALK.iter().copied().chain(args).collect();
        let t = Terminal::start_with(home.path(), &args, &[("LC_ALL", locale)]);
        t.until("0/184");
        assert_eq!((t.text().contains("+- 类别 -"), t.text().contains('┌')), (ascii, !ascii), "{locale}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn being_stopped_gives_the_terminal_back_and_going_on_takes_it_again() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start(home.path(), WALK);
    t.until("0/184");
    t.signal("TSTP");
    t.wait_for("the shell's screen", |s| {
        !s.alternate_screen() && !s.bracketed_paste() && s.mouse_protocol_mode() == MouseProtocolMode::None
    });
    // Only what has stopped can go on.
    let stat = format!("/proc/{}/stat", t.child.process_id().unwrap());
    let stopped =
        || std::fs::read_to_string(&stat).is_ok_and(|s| s.rsplit(") ").next().is_some_and(|r| r.starts_with('T')));
    for _ in 0..200 {
        if stopped() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    t.signal("CONT");
    t.wait_for("the walk again", |s| {
        let clicks = s.mouse_protocol_mode() == MouseProtocolMode::PressRelease;
        s.alternate_screen() && clicks && s.contents().contains("0/184")
    });
    t.press("1", "1/184").until("已保存");
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn a_half_typed_note_survives_a_kill_and_is_offered_again() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start(home.path(), WALK);
    t.until("0/184");
    t.press("2", "按数字选用").press("西口灯杆", "内容 西口灯杆");
    std::thread::sleep(Duration::from_millis(300));
    t.child.kill().unwrap();
    t.child.wait().unwrap();
    let mut t = Terminal::start(home.path(), WALK);
    t.until("未确认的备注: 1.01");
    t.until(">F 1.01");
    t.press("\r", "内容 西口灯杆").press("\r", "1.01 不合格: 西口灯杆").until("已保存");
    assert!(t.text().contains("1/184"));
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn noise_and_a_huge_paste_change_nothing_and_settle() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start(home.path(), WALK);
    t.until("0/184");
    // Broken escape sequences, half a character, a reply nobody asked for.
    for noise in
        [&b"\x1b[\x1b[999;999;999~\x1b]0;x\x07"[..], b"\xe5\x86", b"\x1b[?62;4c\x1b[24;80R", b"\x1bOZ\x1b[<0;1;1M"]
    {
        t.send(noise);
        std::thread::sleep(Duration::from_millis(20));
    }
    let paste = "1p2f3n".repeat(170_000);
    t.send(format!("\x1b[200~{paste}\x1b[201~").as_bytes());
    t.until("粘贴的内容");
    assert!(t.text().contains("0/184"));
    t.press("1", "1/184").until("已保存");
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn drawing_again_is_only_drawing_again() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start(home.path(), WALK);
    t.until("0/184");
    t.press("1", "1/184");
    t.screen.lock().unwrap().process(b"\x1b[2J\x1b[Hgarbage");
    t.press("\x0c", "1/184").press("3", "2/184").until("已保存");
    assert!(!t.text().contains("garbage"));
}

/// A window that is closed with something unsaved: no spinning and no abort.
#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn a_closed_window_ends_the_program_by_the_same_door() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start_under(&["bash", "-c", "ulimit -f 8; exec \"$0\" \"$@\""], home.path(), WALK, &[]);
    t.until("0/184").until("已保存");
    let mut given = 0;
    while !t.text().contains("未保存") {
        t.press(verdict_key(given), &format!(" {}/184", given + 1));
        given += 1;
        std::thread::sleep(Duration::from_millis(20));
    }
    t.close();
    assert_eq!(t.exit(), 1, "something stayed unsaved");
    // The rescue file falls under the same limit here; what was saved before stays readable. The last record may be whole
    // on the disk and the line behind it cut: that is not called saved, and is read all the same.
    let kept = store::open(&only_log(home.path())).unwrap().session().standings().count();
    assert!(kept > 0 && kept <= given, "{kept} of {given}");
}

#[cfg(unix)]
#[test]
fn files_and_folders_are_private_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start_under(&["bash", "-c", "umask 0; exec \"$0\" \"$@\""], home.path(), WALK, &[]);
    t.until("0/184");
    t.press("1", "1/184").press("2", "按数字选用").press("半句", "内容 半句").until("已保存");
    std::thread::sleep(Duration::from_millis(200));
    let mut folders = vec![home.path().join(".local/share/xunjie"), home.path().join(".config/xunjie")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700, "{folder:?}");
        for path in std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
            seen += 1;
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
            }
        }
    }
    // The logs folder, the log, its lock, its draft, the device and the settings.
    assert!(seen >= 6, "{seen}");
}

#[cfg(debug_assertions)]
#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn a_panic_leaves_the_log_whole_and_the_terminal_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let mut t = Terminal::start_with(home.path(), WALK, &[("XUNJIE_PANIC_AFTER_MS", "5000")]);
    t.until("0/184");
    t.press("1", "1/184").until("已保存");
    std::thread::sleep(Duration::from_millis(5_100));
    t.press("3", "a panic was asked for");
    assert_eq!(t.exit(), 101);
    std::thread::sleep(Duration::from_millis(100));
    let parser = t.screen.lock().unwrap();
    assert!(
        !parser.screen().alternate_screen() && !parser.screen().hide_cursor() && !parser.screen().bracketed_paste()
    );
    assert_eq!(parser.screen().mouse_protocol_mode(), MouseProtocolMode::None);
    let opened = store::open(&only_log(home.path())).unwrap();
    assert!(opened.is_ours() && opened.damage().is_empty());
    assert_eq!(opened.session().standings().count(), 1);
}
