//! Disks that fail, in the built program. What needs rights that are not there is said and left out.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use xunjie::store;

use crate::terminal::{Terminal, WALK, only_log, verdict_key};

/// A small file system of its own, where this may be mounted.
struct Mount(PathBuf);

impl Mount {
    fn tmpfs(dir: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(dir).unwrap();
        let args = ["-t", "tmpfs", "-o", options, "tmpfs"];
        let mounted = Command::new("mount").args(args).arg(dir).output().is_ok_and(|o| o.status.success());
        if !mounted {
            eprintln!("left out: no right to mount");
        }
        mounted.then(|| Self(dir.to_owned()))
    }

    /// An ext4 of four megabytes in a file.
    fn ext4(dir: &Path) -> Option<Self> {
        fs::create_dir_all(dir).unwrap();
        let image = dir.with_extension("img");
        fs::write(&image, vec![0; 4 << 20]).unwrap();
        let made = Command::new("mkfs.ext4").arg("-q").arg(&image).output().is_ok_and(|o| o.status.success());
        let mount = || Command::new("mount").args(["-o", "loop"]).arg(&image).arg(dir).output();
        let mounted = made && mount().is_ok_and(|o| o.status.success());
        if !mounted {
            eprintln!("left out: no ext4 can be made and mounted");
        }
        mounted.then(|| Self(dir.to_owned()))
    }

    fn remount(&self, options: &str) -> bool {
        let options = format!("remount,{options}");
        Command::new("mount").args(["-o", &options]).arg(&self.0).status().is_ok_and(|s| s.success())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn walk_in(logs: &Path) -> Vec<String> {
    let mut args: Vec<String> = WALK.iter().map(|a| (*a).to_owned()).collect();
    args.extend(["--logs".to_owned(), logs.to_string_lossy().into_owned()]);
    args
}

fn start(home: &Path, args: &[String]) -> Terminal {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let t = Terminal::start(home, &args);
    t.until("0/184").until("已保存");
    t
}

/// Judges until saving fails; gives the verdicts that were given.
fn judge_until_it_fails(t: &mut Terminal) -> usize {
    judge_from(t, 0)
}

/// The same where so many are judged already.
fn judge_from(t: &mut Terminal, given: usize) -> usize {
    for n in given..184 {
        t.press(verdict_key(n), &format!(" {}/184", n + 1));
        std::thread::sleep(Duration::from_millis(30));
        if t.text().contains("未保存") {
            return n + 1;
        }
    }
    panic!("nothing failed:\n{}", t.text());
}

fn verdicts(log: &Path) -> usize {
    store::open(log).unwrap().session().standings().count()
}

fn the_log_in(logs: &Path) -> PathBuf {
    let mut names = fs::read_dir(logs).unwrap().map(|e| e.unwrap().path());
    names.find(|p| p.extension().is_some_and(|e| e == "json")).unwrap()
}

#[test]
fn a_full_disk_is_told_the_walk_goes_on_and_it_is_saved_when_there_is_room() {
    for make in [|dir: &Path| Mount::tmpfs(dir, "size=64k"), Mount::ext4] {
        let home = tempfile::tempdir().unwrap();
        let disk = home.path().join("disk");
        if let Some(_mount) = make(&disk) {
            walk_on_a_full_disk(home.path(), &disk);
        }
    }
}

/// Fills a disk to its last block; one that allots late is asked several times.
fn fill(disk: &Path) {
    let mut filler = fs::File::create(disk.join("filler")).unwrap();
    for _ in 0..3 {
        while filler.write_all(&[0; 1024]).is_ok() {}
        let _ = filler.sync_all();
    }
}

fn walk_on_a_full_disk(home: &Path, disk: &Path) {
    let logs = disk.join("logs");
    let mut t = start(home, &walk_in(&logs));
    fill(disk);
    let given = judge_until_it_fails(&mut t);
    t.until(logs.to_str().unwrap()).until("磁盘已满").until("请腾出空间");
    let pressed = Instant::now();
    t.press(verdict_key(given), &format!(" {}/184", given + 1));
    eprintln!("key to screen {:?} on a full disk", pressed.elapsed());
    fs::remove_file(disk.join("filler")).unwrap();
    let freed = Instant::now();
    t.until("已保存");
    eprintln!("saved {:?} after there was room", freed.elapsed());
    assert_eq!(verdicts(&the_log_in(&logs)), given + 1);
    t.press("q", "返回继续巡查").press("\r", "新巡查").press("q", "");
    assert_eq!(t.exit(), 0);
}

#[test]
fn a_folder_that_takes_nothing_new_is_told_and_used_when_it_does() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(_mount) = Mount::ext4(&disk) else {
        return;
    };
    let logs = disk.join("logs");
    fs::create_dir(&logs).unwrap();
    let change = |flag: &str| Command::new("chattr").arg(flag).arg(&logs).status().is_ok_and(|s| s.success());
    if !change("+i") {
        eprintln!("left out: no immutable folders");
        return;
    }
    let args = walk_in(&logs);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut t = Terminal::start(home.path(), &args);
    t.until("未保存").until("Operation not permitted");
    t.press("1", " 1/184").press("3", " 2/184");
    assert!(change("-i"));
    t.until("已保存");
    assert_eq!(verdicts(&the_log_in(&logs)), 2);
}

#[test]
fn a_walk_begins_on_a_disk_without_inodes_and_is_saved_when_there_are_some() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(_mount) = Mount::tmpfs(&disk, "size=4m,nr_inodes=12") else {
        return;
    };
    let logs = disk.join("logs");
    fs::create_dir(&logs).unwrap();
    let fillers = (0..).map_while(|n| fs::write(disk.join(format!("filler{n}")), b"").ok()).count();
    let args = walk_in(&logs);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut t = Terminal::start(home.path(), &args);
    t.until("未保存").until("No space left");
    t.press("1", " 1/184").press("3", " 2/184");
    for n in 0..fillers {
        fs::remove_file(disk.join(format!("filler{n}"))).unwrap();
    }
    t.until("已保存");
    assert_eq!(verdicts(&the_log_in(&logs)), 2);
}

#[test]
fn a_read_only_disk_is_told_and_walks_go_on_unsaved_until_it_takes_them() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(mount) = Mount::tmpfs(&disk, "size=4m") else {
        return;
    };
    let logs = disk.join("logs");
    let args = walk_in(&logs);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut t = Terminal::start(home.path(), &args);
    t.until("0/184").until("已保存");
    t.press("1", " 1/184").until("已保存");
    drop(t);
    assert!(mount.remount("ro"));
    // The walk that is there goes on, a new one begins; both unsaved, and saved when the disk takes them.
    let mut t = Terminal::start(home.path(), &args);
    t.until("1/184").until("未保存").until("Read-only");
    t.press("3", " 2/184");
    assert!(mount.remount("rw"));
    t.until("已保存");
    drop(t);
    assert!(mount.remount("ro"));
    let other: Vec<&str> = args.iter().map(|a| if *a == "R1" { "R2" } else { a }).collect();
    let mut t = Terminal::start(home.path(), &other);
    t.until("未保存").until("Read-only");
    t.press("1", " 1/184").press("3", " 2/184");
    assert!(mount.remount("rw"));
    t.until("已保存");
    let found: Vec<usize> = fs::read_dir(&logs)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .map(|p| verdicts(&p))
        .collect();
    assert_eq!(found.iter().sum::<usize>(), 2 + 2);
}

#[test]
fn a_torn_log_is_taken_up_again_on_a_full_disk() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(_mount) = Mount::tmpfs(&disk, "size=256k") else {
        return;
    };
    let logs = disk.join("logs");
    let args = walk_in(&logs);
    let mut t = start(home.path(), &args);
    t.press("1", " 1/184").press("3", " 2/184").press("1", " 3/184").until("已保存");
    drop(t);
    let log = the_log_in(&logs);
    let bytes = fs::read(&log).unwrap();
    let torn = String::from_utf8_lossy(&bytes).rfind("\"chain\"").unwrap();
    fs::write(&log, &bytes[..torn]).unwrap();
    fill(&disk);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut t = Terminal::start(home.path(), &args);
    t.until("2/184").until("未保存").until("磁盘已满");
    t.press("3", " 3/184");
    fs::remove_file(disk.join("filler")).unwrap();
    t.until("已保存");
    assert_eq!(verdicts(&log), 3);
}

#[test]
fn a_disk_that_is_unmounted_in_mid_walk_is_told_and_nothing_is_written_below_it() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(mount) = Mount::ext4(&disk) else {
        return;
    };
    let logs = disk.join("logs");
    let mut t = start(home.path(), &walk_in(&logs));
    t.press("1", " 1/184").until("已保存");
    drop(mount);
    t.press("3", " 2/184").until("未保存").until("磁盘已卸下");
    t.press("1", " 3/184");
    assert_eq!(fs::read_dir(&disk).unwrap().count(), 0, "nothing lies on the disk below");
    let image = disk.with_extension("img");
    let mounted = Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&disk).status().is_ok_and(|s| s.success());
    assert!(mounted);
    let _mount = Mount(disk.clone());
    t.until("已保存");
    assert_eq!(verdicts(&the_log_in(&logs)), 3);
}

#[test]
fn a_longer_log_in_the_folder_a_walk_moves_to_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(_mount) = Mount::tmpfs(&disk, "size=64k") else {
        return;
    };
    let other = home.path().join("other");
    fs::create_dir(&other).unwrap();
    let logs = disk.join("logs");
    let mut t = start(home.path(), &walk_in(&logs));
    t.press("1", " 1/184").press("3", " 2/184").until("已保存");
    let log = the_log_in(&logs);
    let longer = crate::doors::gone_on(&log, &["8.01", "8.02", "8.03", "8.04"]);
    fs::write(other.join(log.file_name().unwrap()), &longer).unwrap();
    fill(&disk);
    judge_from(&mut t, 2);
    t.press("q", "返回继续巡查").press("\r", "改存到另一个目录").press("2", "> 2").press("\r", "已有的目录");
    t.press(other.to_str().unwrap(), "other").press("\r", "已留作").until("已保存");
    let kept = other.join(format!("{}.damaged-1", log.file_name().unwrap().to_string_lossy()));
    assert_eq!(fs::read_to_string(kept).unwrap(), longer);
}

#[test]
fn a_limit_on_the_size_of_files_is_an_error_like_any_other_and_leaving_rescues_everything() {
    let home = tempfile::tempdir().unwrap();
    // In blocks of 512 bytes: the log may grow to 4096 bytes, and no rescue file may be larger.
    let mut t = Terminal::start_under(&["bash", "-c", "ulimit -f 4; exec \"$0\" \"$@\""], home.path(), WALK, &[]);
    t.until("0/184").until("已保存");
    let given = judge_until_it_fails(&mut t);
    t.press("q", "返回继续巡查").press("\r", "改存到另一个目录");
    // Back and on: nothing is forced.
    t.press("\r", "");
    t.wait_for("the walk again", |s| !s.contents().contains("改存到另一个目录"));
    t.press("q", "返回继续巡查").press("\r", "改存到另一个目录");
    t.press("3", "> 3 仍要离开").press("\r", "新巡查").press("q", "");
    assert_eq!(t.exit(), 1, "something stayed unsaved");
    std::thread::sleep(Duration::from_millis(200));
    let raw = String::from_utf8_lossy(&t.raw.lock().unwrap()).replace("\r\n", "\n");
    let document = &raw[raw.rfind("{\"format\":\"xunjie-log\"").expect("the whole log on standard error")..];
    let log = store::codec::read(document.as_bytes()).unwrap();
    let judged = log.events().filter(|e| matches!(e.act, xunjie::log::Act::Judge(_))).count();
    assert_eq!(judged, given);
    assert!(verdicts(&only_log(home.path())) < given, "what was saved before stays readable");
}

#[test]
fn a_log_can_go_on_in_another_folder() {
    let home = tempfile::tempdir().unwrap();
    let disk = home.path().join("disk");
    let Some(_mount) = Mount::tmpfs(&disk, "size=64k") else {
        return;
    };
    let other = home.path().join("other");
    fs::create_dir(&other).unwrap();
    let logs = disk.join("logs");
    let mut t = start(home.path(), &walk_in(&logs));
    fs::write(disk.join("filler"), vec![0; 200_000]).unwrap_err();
    let given = judge_until_it_fails(&mut t);
    t.press("q", "返回继续巡查").press("\r", "改存到另一个目录").press("2", "> 2").press("\r", "已有的目录");
    t.press(other.to_str().unwrap(), "other").press("\r", "日志改存到").until("已保存");
    t.press(verdict_key(given), &format!(" {}/184", given + 1)).until("已保存");
    assert_eq!(verdicts(&the_log_in(&other)), given + 1);
}

/// A strace on the writer thread alone, whose calls it delays.
struct Tracer(Child);

impl Tracer {
    fn on_writer(t: &Terminal, inject: &str, trace: &Path) -> Option<Self> {
        Self::with(t, &["-e", "trace=fdatasync", "-e", inject], trace)
    }

    fn with(t: &Terminal, rules: &[&str], trace: &Path) -> Option<Self> {
        let tasks = format!("/proc/{}/task", t.child.process_id().unwrap());
        let named = |task: &PathBuf| fs::read_to_string(task.join("comm")).is_ok_and(|c| c.trim() == "xunjie-writer");
        let task = fs::read_dir(&tasks).unwrap().map(|e| e.unwrap().path()).find(named).expect("a named writer thread");
        let id = task.file_name().unwrap().to_string_lossy().into_owned();
        let args = ["-qq", "-o", trace.to_str().unwrap(), "-p", &id];
        let child = match Command::new("strace").args(args).args(rules).spawn() {
            Ok(child) => child,
            Err(_) => {
                eprintln!("left out: no strace");
                return None;
            }
        };
        let traced = || {
            let status = fs::read_to_string(task.join("status")).unwrap_or_default();
            status.lines().any(|l| l.starts_with("TracerPid:") && !l.ends_with("\t0"))
        };
        let end = Instant::now() + Duration::from_secs(5);
        while !traced() {
            if Instant::now() > end {
                eprintln!("left out: no right to trace");
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(Self(child))
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_slow_disk_never_slows_the_keys_and_bursts_share_syncs() {
    let home = tempfile::tempdir().unwrap();
    let trace = home.path().join("trace");
    let mut t = start(home.path(), &walk_in(&home.path().join("logs")));
    let Some(_tracer) = Tracer::on_writer(&t, "inject=fdatasync:delay_exit=1500000", &trace) else {
        return;
    };
    let mut slowest = Duration::ZERO;
    for n in 0..30 {
        let pressed = Instant::now();
        t.press(verdict_key(n), &format!(" {}/184", n + 1));
        slowest = slowest.max(pressed.elapsed());
    }
    eprintln!("slowest key to screen {slowest:?} with a sync of 1.5 s");
    // All thirty were on the screen while the first of them was still on its way to the disk.
    assert!(t.text().contains("保存中"), "{}", t.text());
    t.until("已保存");
    let syncs = fs::read_to_string(&trace).unwrap().lines().filter(|l| l.contains("fdatasync(")).count();
    assert!(syncs <= 5, "{syncs} syncs for 30 verdicts");
    assert_eq!(verdicts(&the_log_in(&home.path().join("logs"))), 30);
}

#[test]
fn calls_that_fail_in_the_built_program_are_told_with_path_and_reason_and_tried_again() {
    for (call, error, why) in [
        ("fdatasync", "EIO", "Input/output error"),
        ("write", "ENOSPC", "No space left"),
        ("rename", "EACCES", "Permission denied"),
        ("openat", "EROFS", "Read-only"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let logs = home.path().join("logs");
        let mut t = start(home.path(), &walk_in(&logs));
        t.press("1", " 1/184").until("已保存");
        // A first failed sync makes the log be written anew, so that every call is used.
        let inject = if call == "fdatasync" {
            format!("inject=fdatasync:error={error}")
        } else {
            format!("inject={call}:error={error}")
        };
        let first = "inject=fdatasync:error=EIO:when=1";
        let trace = if call == "fdatasync" { "trace=fdatasync".to_owned() } else { format!("trace=fdatasync,{call}") };
        let mut rules = vec!["-e", &trace, "-e", &inject];
        if call != "fdatasync" {
            rules.extend(["-e", first]);
        }
        let Some(tracer) = Tracer::with(&t, &rules, Path::new("/dev/null")) else {
            return;
        };
        t.press("3", " 2/184");
        let pressed = Instant::now();
        t.until("未保存 1 条").until(why).until(logs.to_str().unwrap());
        eprintln!("{call} {error}: told after {:?}", pressed.elapsed());
        t.press("1", " 3/184");
        drop(tracer);
        let ended = Instant::now();
        t.until("已保存");
        eprintln!("{call} {error}: saved {:?} after the fault's end", ended.elapsed());
        assert_eq!(verdicts(&the_log_in(&logs)), 3);
    }
}

#[test]
fn a_disk_that_hangs_is_told_and_the_end_does_not_wait_for_it_for_ever() {
    let home = tempfile::tempdir().unwrap();
    let mut t = start(home.path(), &walk_in(&home.path().join("logs")));
    let hang = "inject=fdatasync:delay_enter=20000000";
    let Some(_tracer) = Tracer::on_writer(&t, hang, Path::new("/dev/null")) else {
        return;
    };
    t.press("1", " 1/184").press("3", " 2/184");
    t.until("磁盘没有回应");
    let pressed = Instant::now();
    t.press("1", " 3/184");
    eprintln!("key to screen {:?} on a hung disk", pressed.elapsed());
    t.press("q", "返回继续巡查")
        .press("\r", "改存到另一个目录")
        .press("3", "> 3")
        .press("\r", "新巡查")
        .press("q", "xunjie-rescue");
    let rescue = fs::read_dir(home.path()).unwrap().map(|e| e.unwrap().path());
    let mut rescue =
        rescue.filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("xunjie-rescue-")));
    assert_eq!(verdicts(&rescue.next().expect("a rescue file in the home folder")), 3);
}

#[test]
fn a_second_copy_follows_and_a_stick_that_is_pulled_out_is_taken_up_again() {
    let home = tempfile::tempdir().unwrap();
    let stick = home.path().join("stick");
    fs::create_dir(&stick).unwrap();
    let mut args = WALK.to_vec();
    args.extend(["--mirror", stick.to_str().unwrap()]);
    let mut t = Terminal::start(home.path(), &args);
    t.until("0/184").until("已保存");
    t.press("1", " 1/184").until("已保存");
    let copied = |n: usize| {
        let end = Instant::now() + Duration::from_secs(10);
        while fs::read_dir(&stick).map_or(0, Iterator::count) == 0 || verdicts(&the_log_in(&stick)) < n {
            assert!(Instant::now() < end, "no copy with {n} verdicts");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    copied(1);
    fs::remove_dir_all(&stick).unwrap();
    t.press("3", " 2/184").until("副本写不了").until("已保存");
    t.press("1", " 3/184").until("已保存");
    fs::create_dir(&stick).unwrap();
    t.until("副本已恢复");
    copied(3);
    // Where blanks stand depends on when a copy was written as a whole.
    let events = |log: &Path| store::open(log).unwrap().log.lines;
    assert_eq!(events(&the_log_in(&stick)), events(&only_log(home.path())));
}
