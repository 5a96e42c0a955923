//! Leaving while the disk of the log hangs, by every door: it ends in time, and everything is in a rescue file.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use xunjie::checklist::Checklist;
use xunjie::demo::{self, Options};
use xunjie::district::District;
use xunjie::log::Act;
use xunjie::store;
use xunjie::store::lock::Lock;

use crate::terminal::{Terminal, WALK, only_log};

/// What one waits for the end at most.
const IN_TIME: Duration = Duration::from_secs(3);
/// The calls that make a log durable or touch its files.
const CALLS: &str = "fdatasync,fsync,write,pwrite64,unlink,unlinkat,rename,renameat,renameat2";

/// A disk that does not answer: a strace on the whole program that holds up every call on the log, its lock and its drafts.
struct Hang(Child);

impl Hang {
    fn on(t: &Terminal, log: &Path) -> Option<Self> {
        let name = log.file_name().unwrap().to_string_lossy();
        let files = [log.to_owned(), log.with_file_name(format!(".{name}.lock"))];
        let draft = log.with_file_name(format!(".{name}.draft"));
        let id = t.child.process_id().unwrap().to_string();
        let mut command = Command::new("strace");
        command.args(["-qq", "-f", "-o", "/dev/null", "-e", &format!("trace={CALLS}")]);
        command.args(["-e", &format!("inject={CALLS}:delay_enter=30000000"), "-p", &id]);
        files.iter().chain([&draft]).for_each(|file| _ = command.arg("-P").arg(file));
        let Ok(child) = command.spawn() else {
            eprintln!("left out: no strace");
            return None;
        };
        let hang = Self(child);
        let end = Instant::now() + Duration::from_secs(5);
        while !is_traced(&id) {
            if Instant::now() > end {
                eprintln!("left out: no right to trace");
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(hang)
    }
}

impl Drop for Hang {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether every thread of a process has its tracer.
fn is_traced(id: &str) -> bool {
    let traced = |task: PathBuf| {
        let status = fs::read_to_string(task.join("status")).unwrap_or_default();
        status.lines().any(|l| l.starts_with("TracerPid:") && !l.ends_with("\t0"))
    };
    fs::read_dir(format!("/proc/{id}/task")).unwrap().all(|task| traced(task.unwrap().path()))
}

/// How long the program takes to end, and what it ends with. Nobody is told of its end as long as one of its threads waits for
/// the disk in the system, nor as long as strace holds one; but its first thread, which has done everything, is gone.
fn ends(t: &mut Terminal, hang: Hang) -> (Duration, u32) {
    let asked = Instant::now();
    let stat = format!("/proc/{}/stat", t.child.process_id().unwrap());
    let is_over = || fs::read_to_string(&stat).is_ok_and(|s| s.rsplit(") ").next().is_some_and(|r| r.starts_with('Z')));
    while !is_over() {
        assert!(asked.elapsed() < Duration::from_secs(10), "still running:\n{}", t.text());
        std::thread::sleep(Duration::from_millis(10));
    }
    let took = asked.elapsed();
    drop(hang);
    (took, t.exit())
}

/// The rescue file in the home folder, and what it records, in short.
fn rescued(home: &Path) -> Vec<&'static str> {
    let is_rescue = |p: &PathBuf| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("xunjie-rescue-"));
    let mut found = fs::read_dir(home).unwrap().map(|e| e.unwrap().path()).filter(is_rescue);
    let path = found.next().expect("a rescue file in the home folder");
    let session = store::open(&path).unwrap().session();
    let short = |act: &Act| match act {
        Act::Judge(_) => "judge",
        Act::End { .. } => "end",
        Act::Fixed { .. } => "fixed",
        _ => "other",
    };
    session.events().iter().map(|e| short(&e.act)).collect()
}

/// Nobody else is kept from the log.
fn is_let_go(log: &Path) -> bool {
    Lock::take(log, "").is_ok()
}

/// A walk with one verdict saved, and two more of which the disk says nothing.
fn on_a_hung_disk(home: &Path) -> Option<(Terminal, Hang)> {
    let mut t = Terminal::start(home, WALK);
    t.until("0/184").until("已保存");
    t.press("1", " 1/184").until("已保存");
    let hang = Hang::on(&t, &only_log(home))?;
    t.press("3", " 2/184").press("1", " 3/184").until("保存中");
    Some((t, hang))
}

fn ended_in_time(home: &Path, (took, code): (Duration, u32), events: &[&str]) {
    assert!(took < IN_TIME, "it took {took:?}");
    assert_eq!(code, 1, "something stayed unsaved");
    assert_eq!(rescued(home), events);
    assert!(is_let_go(&only_log(home)));
}

#[test]
fn finishing_when_the_disk_is_known_to_hang() {
    let home = tempfile::tempdir().unwrap();
    let Some((mut t, hang)) = on_a_hung_disk(home.path()) else { return };
    t.until("磁盘没有回应");
    t.press("q", "返回继续巡查").press("1", "> 1 结束巡查").press("\r", "改存到另一个目录").press("3", "> 3 仍要离开");
    let asked = Instant::now();
    // Home says where everything is, and the file is there already.
    t.press("\r", "新巡查").until("全部内容已另存为");
    let home_after = asked.elapsed();
    assert!(home_after < IN_TIME, "{home_after:?}");
    assert_eq!(rescued(home.path()), ["judge", "judge", "judge", "end"]);
    t.press("q", "");
    ended_in_time(home.path(), ends(&mut t, hang), &["judge", "judge", "judge", "end"]);
}

#[test]
fn pausing_before_anybody_knows_that_the_disk_hangs() {
    let home = tempfile::tempdir().unwrap();
    let Some((mut t, hang)) = on_a_hung_disk(home.path()) else { return };
    t.press("q", "返回继续巡查");
    let asked = Instant::now();
    t.press("\r", "新巡查");
    assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
    t.press("q", "");
    ended_in_time(home.path(), ends(&mut t, hang), &["judge", "judge", "judge", "end"]);
}

#[test]
fn ctrl_c_twice() {
    let home = tempfile::tempdir().unwrap();
    let Some((mut t, hang)) = on_a_hung_disk(home.path()) else { return };
    t.press("\x03", "返回继续巡查").press("\x03", "");
    ended_in_time(home.path(), ends(&mut t, hang), &["judge", "judge", "judge", "end"]);
}

#[test]
fn being_asked_to_end() {
    for signal in ["TERM", "HUP"] {
        let home = tempfile::tempdir().unwrap();
        let Some((mut t, hang)) = on_a_hung_disk(home.path()) else { return };
        t.signal(signal);
        ended_in_time(home.path(), ends(&mut t, hang), &["judge", "judge", "judge"]);
    }
}

/// What the processor has done for a program, in ticks of ten milliseconds.
fn ticks(id: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let rest = stat.rsplit(") ").next().unwrap_or_default();
    rest.split(' ').skip(11).take(2).map(|n| n.parse::<u64>().unwrap_or(0)).sum()
}

#[test]
fn a_window_that_is_closed_and_nobody_burns_a_core_for_it() {
    let home = tempfile::tempdir().unwrap();
    let Some((mut t, hang)) = on_a_hung_disk(home.path()) else { return };
    let id = t.child.process_id().unwrap();
    t.close();
    let (closed, before) = (Instant::now(), ticks(id));
    std::thread::sleep(Duration::from_secs(1));
    let used = ticks(id).saturating_sub(before);
    assert!(used < 30, "{used} of 100 ticks");
    let (_, code) = ends(&mut t, hang);
    ended_in_time(home.path(), (closed.elapsed(), code), &["judge", "judge", "judge"]);
}

#[test]
fn line_by_line_the_end_of_what_is_typed_and_pausing() {
    for leaving in ["\x04", "q\r"] {
        let home = tempfile::tempdir().unwrap();
        let args: Vec<&str> = WALK.iter().copied().chain(["--plain"]).collect();
        let mut t = Terminal::start(home.path(), &args);
        t.until("[0/184]");
        t.press("1\r", "1.01 合格，已保存").until("[1/184]");
        let Some(hang) = Hang::on(&t, &only_log(home.path())) else { return };
        t.press("1\r", "磁盘没有回应").until("[2/184]");
        if leaving == "q\r" {
            t.press(leaving, "返回继续巡查").press("2\r", "仍要离开").press("3\r", "");
        } else {
            t.press(leaving, "");
        }
        ended_in_time(home.path(), ends(&mut t, hang), &["judge", "judge", "end"]);
        assert!(t.text().replace('\n', "").contains("xunjie-rescue-"), "{}", t.text());
    }
}

#[test]
fn line_by_line_before_anybody_knows_that_the_disk_hangs() {
    let home = tempfile::tempdir().unwrap();
    let args: Vec<&str> = WALK.iter().copied().chain(["--plain"]).collect();
    let mut t = Terminal::start(home.path(), &args);
    t.until("[0/184]");
    t.press("1\r", "1.01 合格，已保存").until("[1/184]");
    let Some(hang) = Hang::on(&t, &only_log(home.path())) else { return };
    t.send(b"\x04");
    ended_in_time(home.path(), ends(&mut t, hang), &["judge", "end"]);
}

#[test]
fn a_review() {
    let home = tempfile::tempdir().unwrap();
    let samples = home.path().join("samples");
    for sample in demo::samples(&Checklist::built_in(), &District::built_in(), &Options { sites: 2, days: 3, seed: 3 })
    {
        let path = samples.join(sample.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, sample.bytes).unwrap();
    }
    let samples = samples.to_string_lossy().into_owned();
    let args = ["--lang", "zh", "review", &samples, "--by", "he2=何主任", "--as-of", "2020-08-22"];
    let mut t = Terminal::start(home.path(), &args);
    t.until("[概览]");
    t.press("\t", "采纳该条").press("\t", "[问题");
    t.press("c", "理由").press("\r", "已登记整改").until("已保存");
    let Some(hang) = Hang::on(&t, &only_log(home.path())) else { return };
    t.send(b"j");
    std::thread::sleep(Duration::from_millis(100));
    t.press("c", "理由").press("\r", "已登记整改").until("保存中");
    t.press("q", "");
    ended_in_time(home.path(), ends(&mut t, hang), &["fixed", "fixed", "end"]);
}

/// A window that shows nothing any more, as one in which Ctrl-S was pressed: verdicts are saved all the same, and whoever asks
/// the program to end is answered.
#[test]
fn a_terminal_that_has_stopped_reading() {
    for plain in [None, Some("--plain")] {
        let home = tempfile::tempdir().unwrap();
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_xunjie"));
        command.args(WALK.iter().copied().chain(plain));
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        let mut child = pair.slave.spawn_command(command).unwrap();
        let mut keys = pair.master.take_writer().unwrap();
        std::thread::sleep(Duration::from_millis(1_500));
        // Far more than a terminal keeps of what nobody reads.
        let given = if plain.is_some() { 0 } else { 60 };
        for n in 0..given {
            keys.write_all(crate::terminal::verdict_key(n).as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(30));
        }
        for _ in 0..if plain.is_some() { 60 } else { 0 } {
            keys.write_all(b"?\r").unwrap();
            std::thread::sleep(Duration::from_millis(60));
        }
        std::thread::sleep(Duration::from_millis(300));
        let id = child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
        let asked = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(asked.elapsed() < IN_TIME, "still running, {plain:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
        let log = only_log(home.path());
        assert_eq!(store::open(&log).unwrap().session().standings().count(), given);
        assert!(is_let_go(&log));
    }
}
