//! `xunjie merge` and `xunjie demo` as a supervisor uses them: real files, hostile files, the built program.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use xunjie::archive::reading::{Oddity, Reading};
use xunjie::checklist::Checklist;
use xunjie::demo::{self, Options};
use xunjie::district::District;
use xunjie::store::codec;

/// A folder with two good logs of one demo, and the program to run in it.
struct Office {
    dir: TempDir,
}

impl Office {
    fn new() -> Self {
        let office = Self { dir: tempfile::tempdir().unwrap() };
        let good = |text: &String| {
            codec::read(text.as_bytes()).is_ok_and(|l| l.damage.is_empty() && !l.head.id.as_str().starts_with("0000"))
        };
        let mut logs: Vec<String> = samples().into_iter().map(|(_, text)| text).collect();
        logs.retain(good);
        // One log of each session, no copies.
        logs.sort_by_key(|text| text.lines().next().unwrap().to_owned());
        logs.dedup_by_key(|text| text.lines().next().unwrap().to_owned());
        logs.retain(|text| text.contains("\"kind\":\"walk\""));
        let mut good = logs.iter();
        fs::create_dir(office.path("logs")).unwrap();
        office.write("logs/a.json", good.next().unwrap());
        office.write("logs/b.json", good.next().unwrap());
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, "")
    }

    fn run_with(&self, args: &[&str], stdin: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_xunjie"))
            .args(["--lang", "en"])
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read its input closes it.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Merges, and gives the exit code and the figures.
    fn merge(&self, args: &[&str]) -> (i32, Value) {
        let out = self.run(&[&["merge", "--json", "-o", "all.jsonl"], args].concat());
        let figures = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", shown(&out)));
        (out.status.code().unwrap(), figures)
    }
}

/// The receipts of files that were read so far.
fn of_state<'a>(figures: &'a Value, state: &str) -> Vec<&'a Value> {
    figures["receipts"].as_array().unwrap().iter().filter(|r| r["state"] == state).collect()
}

fn shown(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

fn samples() -> Vec<(String, String)> {
    let options = Options { sites: 2, days: 2, seed: 3 };
    let samples = demo::samples(&Checklist::built_in(), &District::built_in(), &options);
    samples.into_iter().map(|s| (s.name, String::from_utf8_lossy(&s.bytes).into_owned())).collect()
}

fn lines(text: &str) -> usize {
    text.lines().count()
}

#[test]
fn order_names_line_ends_and_repetition_change_no_byte() {
    let office = Office::new();
    let (code, figures) = office.merge(&["logs"]);
    assert_eq!((code, &figures["sessions"]["total"], &figures["files"]), (0, &2.into(), &2.into()));
    let wanted = office.text("all.jsonl");
    let (a, b) = (office.text("logs/a.json"), office.text("logs/b.json"));
    for (name, text) in [
        ("logs/a (1).json", a.clone()),
        ("logs/农业路 副本.json", a.clone()),
        ("logs/b.sync-conflict-20200819-101502-ABCDEFG.json", b.replace('\n', "\r\n")),
        ("logs/with a bom.JSON", format!("\u{feff}{a}")),
        ("logs/laid out anew.json", format!("{:#}", serde_json::from_str::<Value>(&b).unwrap())),
        ("logs/both.jsonl", format!("{a}{b}")),
        ("logs/.hidden.json", "{".into()),
        ("logs/photo.jpg", "\u{0}".into()),
    ] {
        office.write(name, text);
    }
    let long = format!("logs/{}.json", "长".repeat(80));
    office.write(&long, &a);
    for order in [&["logs"][..], &["logs/b.json", "logs/a.json", "logs", "logs"], &["all.jsonl", "logs/both.jsonl"]] {
        let (code, _) = office.merge(order);
        assert_eq!((code, office.text("all.jsonl") == wanted), (0, true), "{order:?}");
    }
    let (_, figures) = office.merge(&["logs"]);
    let aside = figures["left_aside"].as_array().unwrap();
    assert!(aside.len() == 1 && aside[0].as_str().unwrap().ends_with("photo.jpg"), "{figures}");
    assert_eq!(figures["sessions"]["new"], 0);
    assert_eq!(figures["identical_copies"], 6, "{figures}");
    // Standard output, standard input, patterns that no shell spelled out, and a name that begins with a dash.
    let piped = office.run_with(&["merge", "-", "logs/a.json"], &b);
    assert_eq!((piped.status.code(), String::from_utf8(piped.stdout).unwrap() == wanted), (Some(0), true));
    assert_eq!(office.run(&["merge", "logs/?.json"]).stdout, wanted.as_bytes());
    assert_eq!(office.run(&["merge", "logs/?.json", "-o", "-"]).stdout, wanted.as_bytes());
    assert_eq!(office.run(&["merge", "logs/?.json", "--lang", "zh"]).stdout, wanted.as_bytes(), "whatever language");
    office.write("-b.json", &b);
    assert_eq!(office.run(&["merge", "logs/a.json", "--", "-b.json"]).stdout, wanted.as_bytes());
}

#[test]
fn nothing_that_is_there_is_ever_written_over() {
    let office = Office::new();
    let a = office.text("logs/a.json");
    let refused = |args: &[&str], why: &str| {
        let out = office.run(&[&["merge"], args].concat());
        assert_eq!(out.status.code(), Some(1), "{}", shown(&out));
        assert!(shown(&out).contains(why), "{}", shown(&out));
    };
    // A walk's own log, another file, a folder.
    refused(&["logs", "-o", "logs/a.json"], "is no merged log");
    office.write("letter.txt", "Dear all");
    refused(&["logs", "-o", "letter.txt"], "is no merged log");
    refused(&["logs", "-o", "logs"], "is no merged log");
    assert_eq!((office.text("logs/a.json"), office.text("letter.txt")), (a, "Dear all".into()));
    // A merged log that holds more than the inputs: what it holds is joined in, named as an input or not.
    assert_eq!(office.run(&["merge", "logs/a.json", "-o", "all.jsonl"]).status.code(), Some(0));
    let (code, figures) = office.merge(&["logs/b.json"]);
    assert_eq!((code, &figures["sessions"]["new"], lines(&office.text("all.jsonl"))), (0, &1.into(), 2));
    assert!(figures["kept_events"].as_u64().unwrap() > 0, "{figures}");
    let all = office.text("all.jsonl");
    let out = office.run(&["merge", "logs/a.json", "-o", "all.jsonl"]);
    assert!(
        shown(&out).contains("holds all of it already") && shown(&out).contains("only in the file"),
        "{}",
        shown(&out)
    );
    assert_eq!((office.merge(&["all.jsonl", "logs/b.json"]).0, office.text("all.jsonl") == all), (0, true));
    // One that is torn: what could be read of it would be all that is left.
    office.write("torn.jsonl", &all.as_bytes()[..all.len() - 40]);
    refused(&["logs", "-o", "torn.jsonl"], "is damaged");
    assert_eq!(office.text("torn.jsonl"), all[..all.len() - 40]);
    // One that went through the mail is as good.
    office.write("mailed.jsonl", format!("\u{feff}{}", office.text("all.jsonl").replace('\n', "\r\n")));
    assert_eq!(office.run(&["merge", "logs/a.json", "-o", "mailed.jsonl"]).status.code(), Some(0));
    // Nowhere to write: told, nothing lost.
    refused(&["logs", "-o", "no/such/folder/all.jsonl"], "no/such/folder");
    assert_eq!(fs::read_dir(office.dir.path()).unwrap().filter(|e| is_temp(&e.as_ref().unwrap().path())).count(), 0);
}

/// What is said of some files: the lines that name them, and the exit code, of each command.
fn told_by_each(office: &Office, paths: &[&str], name: &str) -> Vec<(Option<i32>, Vec<String>)> {
    let commands: [&[&str]; 3] = [&["check"], &["merge", "-o", "told.jsonl"], &["report", "--format", "md"]];
    let told = |command: &&[&str]| {
        let _ = fs::remove_file(office.path("told.jsonl"));
        let out = office.run(&[command, paths].concat());
        // The one thing that only `check` says: what a file is that has nothing wrong, and how much of it can be used.
        let only = |l: &&str| !l.contains("complete") && !l.contains("usable") && !l.contains("identical copy");
        let all = shown(&out);
        let lines = all.lines().filter(|l| l.starts_with(name)).filter(only).map(str::to_owned).collect();
        (out.status.code(), lines)
    };
    commands.iter().map(told).collect()
}

#[test]
fn check_merge_and_report_say_the_same_of_every_file() {
    let office = Office::new();
    let (a, b) = (office.text("logs/a.json"), office.text("logs/b.json"));
    office.merge(&["logs"]);
    let merged = office.text("all.jsonl");
    let edit = |text: &str| text.replacen("\"verdict\":\"pass\"", "\"verdict\":\"fail\"", 1);
    let without = |n: usize| -> String {
        a.lines().enumerate().filter(|(i, _)| *i != n).map(|(_, l)| format!("{l}\n")).collect()
    };
    let mut swapped: Vec<&str> = a.lines().collect();
    swapped.swap(2, 3);
    let pretty = |text: &str| format!("{:#}\n", serde_json::from_str::<Value>(text).unwrap());
    let cases: Vec<(&str, Vec<u8>, i32, &str)> = vec![
        ("good.json", a.clone().into(), 0, ""),
        ("good.jsonl", merged.clone().into(), 0, ""),
        ("glued.json", format!("{a}{b}{a}").into(), 0, ""),
        ("pretty.json", format!("{}{}", pretty(&a), pretty(&b)).into(), 0, ""),
        ("edited.json", edit(&a).into(), 3, "does not fit the chain"),
        ("edited.jsonl", edit(&merged).into(), 3, "does not fit the chain"),
        ("edited-glued.json", format!("{a}{}", edit(&a)).into(), 3, "does not fit the chain"),
        ("missing.json", without(3).into(), 3, "line 4: event 4 does not follow"),
        ("swapped.json", (swapped.join("\n") + "\n").into(), 3, "does not follow"),
        ("cut.json", a.as_bytes()[..a.len() - 30].into(), 3, "cut short"),
        ("cut.jsonl", merged.as_bytes()[..merged.len() - 30].into(), 3, "cut short"),
        ("bit.json", a.replacen("\"seq\":2,", "\"seq\":\u{12},", 1).into(), 3, "line 3"),
        ("empty.json", Vec::new(), 1, "is empty"),
        ("blank.json", b"\xef\xbb\xbf \r\n".to_vec(), 1, "is empty"),
        ("other.json", b"{\"name\":1}".to_vec(), 1, "no log"),
        ("log.json.gz", b"\x1f\x8b\x08\0".to_vec(), 1, "is packed"),
    ];
    for (name, bytes, code, why) in cases {
        office.write(name, bytes);
        let told = told_by_each(&office, &[name], name);
        for (at, (exit, lines)) in told.iter().enumerate() {
            assert_eq!(*exit, Some(code), "{name} {at}: {told:?}");
            // A report of nothing at all is one error, with the reasons in it.
            if at < 2 || code != 1 {
                assert_eq!(lines, &told[0].1, "{name}");
                assert!(lines.iter().any(|l| l.contains(why)) != why.is_empty(), "{name}: {told:?}");
            }
        }
        // Beside a good one it makes 3, and the receipt is that of `check`.
        let beside = told_by_each(&office, &["logs/a.json", name], name);
        let wanted = if code == 0 { 0 } else { 3 };
        assert!(beside.iter().all(|(exit, lines)| *exit == Some(wanted) && *lines == told[0].1), "{name}: {beside:?}");
        let check = office.run(&["check", "--json", name]);
        let check: Value = serde_json::from_slice(&check.stdout).unwrap();
        let (_, figures) = office.merge(&["logs/b.json", name]);
        assert_eq!(check["files"][0], figures["receipts"][1], "{name}");
    }
}

/// Larger than a log may be: only the archive that is read document by document is left to look at.
#[test]
fn an_edited_record_in_a_large_archive_is_found_by_every_command() {
    let office = Office::new();
    office.merge(&["logs"]);
    let merged = office.text("all.jsonl");
    let edited = merged.replacen("\"verdict\":\"pass\"", "\"verdict\":\"fail\"", 1);
    let large = codec::MAX_BYTES as usize / merged.len() + 2;
    office.write("large.jsonl", format!("{}{edited}", merged.repeat(large)));
    let check = office.run(&["check", "--json", "large.jsonl"]);
    let check: Value = serde_json::from_slice(&check.stdout).unwrap();
    let (code, figures) = office.merge(&["large.jsonl"]);
    let told = figures["receipts"].to_string();
    assert!(code == 3 && told.contains("does not fit the chain") && told.contains("session "), "{told}");
    assert_eq!(check["files"], figures["receipts"]);
}

/// A stick: logs under the names they come with out of the mail and from copying, and what is no log.
#[test]
fn what_lies_in_a_folder_is_read_or_left_aside_by_name() {
    let office = Office::new();
    office.merge(&["logs"]);
    let wanted = office.text("all.jsonl");
    let (a, b) = (office.text("logs/a.json"), office.text("logs/b.json"));
    fs::create_dir(office.path("stick")).unwrap();
    for (name, text) in [
        ("a.json.txt", a.as_str()),
        ("b.json.1", &b),
        ("a.json.damaged-1", &a[..a.len() / 2]),
        ("without an ending", &b),
        ("package.json.bak", "{\"name\": 1}"),
        ("letter.txt", "Dear all"),
        ("photo.jpg", "\u{0}"),
    ] {
        office.write(&format!("stick/{name}"), text);
    }
    let (code, figures) = office.merge(&["stick"]);
    let aside: Vec<&str> = figures["left_aside"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    assert_eq!((code, aside.len(), &figures["files"]), (3, 3, &4.into()), "{figures}");
    for name in ["package.json.bak", "letter.txt", "photo.jpg"] {
        assert!(aside.iter().any(|path| path.ends_with(name)), "{aside:?}");
    }
    assert!(office.text("all.jsonl") == wanted);
    for command in
        [&["check", "stick"][..], &["merge", "stick", "-o", "x.jsonl"], &["report", "stick", "--format", "md"]]
    {
        let told = shown(&office.run(command));
        assert!(told.contains("left aside, no logs 3: ") && told.contains("letter.txt"), "{told}");
    }
    // An empty one is what a stick leaves that is pulled out too early.
    office.write("stick/c.json.txt", "");
    office.write("stick/d.json", "");
    let (code, figures) = office.merge(&["stick"]);
    assert_eq!((code, &figures["refused"]), (3, &2.into()), "{figures}");
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn logs_in_zip_files_are_read_member_by_member() {
    let office = Office::new();
    office.merge(&["logs"]);
    let wanted = office.text("all.jsonl");
    let (a, b) = (office.text("logs/a.json"), office.text("logs/b.json"));
    let edited = a.replacen("\"verdict\":\"pass\"", "\"verdict\":\"fail\"", 1);
    let good = zip_of(&[
        ("logs/a.json", a.as_bytes()),
        ("b.json.txt", b.as_bytes()),
        ("a.json.photos/1.jpg", b"jpg"),
        ("__MACOSX/._a.json", b"\0\0"),
        ("letter.txt", b"Dear all"),
    ]);
    office.write("good.zip", &good);
    let (code, figures) = office.merge(&["good.zip"]);
    assert_eq!((code, office.text("all.jsonl") == wanted), (0, true), "{figures}");
    let names: Vec<&str> =
        figures["receipts"].as_array().unwrap().iter().map(|r| r["file"].as_str().unwrap()).collect();
    assert_eq!(names.join(" ").replace('\\', "/"), "good.zip/b.json.txt good.zip/logs/a.json");
    assert_eq!(figures["left_aside"].to_string().replace("\\\\", "/"), "[\"good.zip/letter.txt\"]");
    // What is wrong with a member is told of it, by every command.
    office.write("bad.zip", zip_of(&[("a.json", edited.as_bytes()), ("empty.json", b""), ("b.json", b.as_bytes())]));
    let told = told_by_each(&office, &["bad.zip"], "bad.zip");
    assert!(told.iter().all(|(code, lines)| *code == Some(3) && lines.len() == told[0].1.len()), "{told:?}");
    assert!(
        told[0].1.iter().any(|l| l.contains("line 2: event 1 does not fit") || l.contains("does not fit the chain"))
    );
    // Torn on the way, without logs, a bomb: refused and named; in a folder a zip of something else is left aside.
    fs::create_dir(office.path("mail")).unwrap();
    // It says of itself that it comes to more than the largest that is unpacked.
    let mut bomb = zip_of(&[("a.json", a.as_bytes())]);
    let entry = bomb.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    bomb[entry + 24..entry + 28].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    // It says that it is small, and is not.
    let mut liar = zip_of(&[("a.json", &vec![b' '; 1 << 20])]);
    let entry = liar.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    liar[entry + 24..entry + 28].copy_from_slice(&9_u32.to_le_bytes());
    office.write("mail/liar.zip", liar);
    office.write("mail/torn.zip", &good[..good.len() / 2]);
    office.write("mail/bomb.zip", bomb);
    office.write("mail/photos.zip", zip_of(&[("1.jpg", b"jpg")]));
    office.write("mail/c.zip", &good);
    let (code, figures) = office.merge(&["mail"]);
    assert_eq!((code, &figures["sessions"]["total"], &figures["refused"]), (3, &2.into(), &3.into()), "{figures}");
    let why = figures["receipts"].to_string();
    assert!(why.contains("damaged or unusual zip") && why.contains("more than 1024 MiB"), "{why}");
    assert!(figures["left_aside"].to_string().contains("photos.zip"), "{figures}");
    let out = office.run(&["merge", "mail/photos.zip", "-o", "none.jsonl"]);
    assert!(out.status.code() == Some(1) && shown(&out).contains("without any log"), "{}", shown(&out));
    // A byte of a member that was changed on the way is found.
    let mut flipped = good.clone();
    flipped[100] ^= 1;
    office.write("flipped.zip", &flipped);
    assert_ne!(office.run(&["merge", "flipped.zip", "-o", "y.jsonl"]).status.code(), Some(0));
}

#[test]
fn long_lists_are_cut_with_a_count_on_a_terminal_and_whole_as_json() {
    let office = Office::new();
    fs::create_dir(office.path("many")).unwrap();
    let a = office.text("logs/a.json");
    let id = codec::read(a.as_bytes()).unwrap().head.id.as_str()[..8].to_owned();
    for n in 0..50 {
        let text = a.replace(&id, &format!("018000{n:02}")).replacen("\"verdict\":\"pass\"", "\"verdict\":\"fail\"", 1);
        office.write(&format!("many/{n:02}.json"), text);
        office.write(&format!("many/{n:02}-other.json"), "{}");
        office.write(&format!("many/{n:02}.txt"), "x");
    }
    let out = office.run(&["merge", "many", "-o", "all.jsonl"]);
    let told = shown(&out);
    assert!(told.lines().count() < 60, "{told}");
    assert!(told.contains("and 30 more; --json has all") && told.contains("and 80 more; --json has all"), "{told}");
    assert!(told.contains("left aside, no logs 50: "), "{told}");
    let (_, figures) = office.merge(&["many"]);
    let n = |name: &str| figures[name].as_array().unwrap().len();
    assert_eq!((n("receipts"), n("left_aside"), n("odd_sessions")), (100, 50, 50));
}

/// Two people at one shared folder: both end well, and the file has what both had.
#[test]
fn merges_onto_one_file_at_once_lose_nothing() {
    let office = Office::new();
    let (_, figures) = office.merge(&["logs"]);
    let wanted = office.text("all.jsonl");
    assert_eq!(figures["sessions"]["total"], 2);
    for pair in 0..30 {
        let start = |log: &str| {
            let args = ["--lang", "en", "merge", log, "-o", "both.jsonl"];
            let (home, out) = (office.dir.path(), Stdio::null());
            let mut merge = Command::new(env!("CARGO_BIN_EXE_xunjie"));
            merge.args(args).current_dir(home).env_clear().env("HOME", home).stdin(Stdio::null()).stdout(out);
            merge.spawn().unwrap()
        };
        let both = [start("logs/a.json"), start("logs/b.json")];
        for mut one in both {
            assert_eq!(one.wait().unwrap().code(), Some(0), "pair {pair}");
        }
        assert!(office.text("both.jsonl") == wanted, "pair {pair}: {} of 2 logs", lines(&office.text("both.jsonl")));
        fs::remove_file(office.path("both.jsonl")).unwrap();
    }
    let left: Vec<_> = fs::read_dir(office.dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "no lock is left: {left:?}");
}

fn is_temp(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "tmp")
}

/// Windows has no names with controls in them; those that turn text round it has.
const HOSTILE_NAME: &str = if cfg!(unix) { "esc\u{1b}]0;x\u{7}.json" } else { "esc\u{202e}.json" };
const HOSTILE_SHOWN: &str = if cfg!(unix) { "<U+001B>" } else { "<U+202E>" };

#[test]
fn every_bad_file_is_named_and_the_rest_is_merged() {
    let office = Office::new();
    office.merge(&["logs"]);
    let wanted = office.text("all.jsonl");
    let a = office.text("logs/a.json");
    let head = a.lines().next().unwrap();
    let deep = "[".repeat(200_000);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(a.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let newer = a.replacen("\"version\":2", "\"version\":9", 1);
    let bad: Vec<(&str, Vec<u8>, &str)> = vec![
        ("list.json", b"[1,2]".to_vec(), "no log"),
        ("null.json", b"null".to_vec(), "no log"),
        ("other.json", br#"{"name":"x","files":[]}"#.to_vec(), "no log"),
        ("deep.json", deep.into_bytes(), "no log"),
        ("utf16.json", utf16, "UTF-16"),
        ("gbk.json", b"{\"note\":\"\xb0\xb2\xc8\xab\"}".to_vec(), "UTF-8"),
        ("newer.json", newer.into_bytes(), "version 9"),
        ("head.json", a.replacen("\"kind\"", "\"sort\"", 1).into_bytes(), "head"),
        ("twice.json", a.replacen("\"kind\":", "\"kind\":\"walk\",\"kind\":", 1).into_bytes(), "head"),
        (HOSTILE_NAME, b"{}".to_vec(), HOSTILE_SHOWN),
    ];
    fs::create_dir(office.path("bad")).unwrap();
    for (name, bytes, _) in &bad {
        office.write(&format!("bad/{name}"), bytes);
    }
    fs::create_dir(office.path("bad/folder.json")).unwrap();
    let out = office.run(&["merge", "logs", "bad", "missing.json", "-o", "all.jsonl"]);
    let told = shown(&out);
    assert_eq!((out.status.code(), office.text("all.jsonl") == wanted), (Some(3), true), "{told}");
    for (name, _, why) in &bad {
        let name = name.split(['\u{1b}', '\u{202e}']).next().unwrap();
        assert!(told.lines().any(|l| l.contains(name) && l.contains(why)), "{name} {why}: {told}");
    }
    assert!(told.contains("missing.json: "), "{told}");
    assert!(!told.contains('\u{1b}'), "no escape sequence");
    // Alone they come to nothing, and nothing is written.
    let out = office.run(&["merge", "bad", "-o", "none.jsonl"]);
    assert_eq!((out.status.code(), office.path("none.jsonl").exists()), (Some(1), false), "{}", shown(&out));
    // Every line that can be read is kept, wherever another is torn or foreign.
    let torn = format!("{head}\n{{\"seq\":1e3}}\n{}", a.lines().nth(1).unwrap());
    office.write("torn.json", &torn.as_bytes()[..torn.len() - 1]);
    let out = office.run(&["merge", "torn.json", "logs/b.json"]);
    assert_eq!((out.status.code(), lines(&String::from_utf8_lossy(&out.stdout))), (Some(3), 2));
    assert!(shown(&out).contains("torn.json: line 2"), "{}", shown(&out));
}

#[cfg(unix)]
#[test]
fn links_pipes_devices_and_circles_neither_hang_nor_lead_anywhere() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let office = Office::new();
    symlink(office.path("logs"), office.path("logs/circle")).unwrap();
    symlink("/dev/zero", office.path("logs/zero.json")).unwrap();
    symlink(office.path("logs/a.json"), office.path("logs/link.json")).unwrap();
    assert!(Command::new("mkfifo").arg(office.path("logs/pipe.json")).status().unwrap().success());
    office.write("logs/locked.json", "{}");
    fs::set_permissions(office.path("logs/locked.json"), fs::Permissions::from_mode(0o000)).unwrap();
    let mut folder = office.path("deep");
    for _ in 0..9 {
        folder.push("d");
    }
    fs::create_dir_all(&folder).unwrap();
    fs::copy(office.path("logs/a.json"), folder.join("a.json")).unwrap();
    let (code, figures) = office.merge(&["logs", "deep"]);
    let refused = of_state(&figures, "refused");
    let told = format!("{refused:?}");
    assert!(told.contains("is a link") && told.contains("is no regular file"), "{told}");
    let refused: Vec<&str> = refused.iter().map(|r| r["file"].as_str().unwrap()).collect();
    for name in ["logs/link.json", "logs/pipe.json", "logs/zero.json", "logs/locked.json", "d/d"] {
        assert!(refused.iter().any(|f| f.contains(name)), "{name}: {refused:?}");
    }
    assert_eq!((code, &figures["sessions"]["total"]), (3, &2.into()));
}

/// A line of a gigabyte, an archive larger than any log, and one in which a document is larger than a log may be.
#[test]
fn what_is_large_is_streamed() {
    let office = Office::new();
    let (a, b) = (office.text("logs/a.json"), office.text("logs/b.json"));
    let one_line = fs::File::create(office.path("line.json")).unwrap();
    one_line.set_len(1 << 30).unwrap();
    let compact = |text: &str| {
        String::from_utf8(codec::archive_text(&codec::read_all(text.as_bytes()).unwrap().0).into_bytes()).unwrap()
    };
    let copies = (codec::MAX_BYTES as usize / a.len() + 2) * 2;
    office.write("large.jsonl", compact(&a).repeat(copies) + &b);
    // Another program's JSON, with blanks between, is as good.
    office.write("spaced.jsonl", compact(&a).replacen("{\"format\":", "{ \"format\" : ", 1).repeat(copies) + &b);
    let (code, figures) = office.merge(&["spaced.jsonl"]);
    assert_eq!((code, &figures["sessions"]["total"]), (0, &2.into()), "{figures}");
    let huge = format!("{}{}\n", a.lines().next().unwrap(), "x".repeat(codec::MAX_BYTES as usize));
    office.write("middle.jsonl", format!("{a}{huge}{b}"));
    let (code, figures) = office.merge(&["large.jsonl"]);
    assert_eq!((code, &figures["sessions"]["total"]), (0, &2.into()), "{figures}");
    let (code, figures) = office.merge(&["middle.jsonl", "line.json"]);
    assert_eq!((code, &figures["sessions"]["total"]), (3, &2.into()), "{figures}");
    let line = lines(&a) + 1;
    let told = of_state(&figures, "damaged")[0]["why"][0].as_str().unwrap().to_owned();
    assert!(told.contains(&format!("line {line}: ")) && told.contains("16 MiB"), "{told}");
    assert!(of_state(&figures, "refused")[0]["why"][0].as_str().unwrap().contains("16 MiB"), "{figures}");
}

#[test]
fn sessions_that_are_odd_are_kept_and_explained() {
    let office = Office::new();
    let a = office.text("logs/a.json");
    let edit = |from: &str, to: &str| {
        assert!(a.contains(from), "{from}");
        a.replacen(from, to, 1)
    };
    let odd = |text: &str| {
        let reading = Reading::of(&codec::read_all(format!("{a}{text}").as_bytes()).unwrap().0);
        reading.sessions.into_iter().flat_map(|s| s.oddities).collect::<Vec<_>>()
    };
    // Edited by hand: both contents stand, and the link shows which event does not fit.
    let edited = edit("\"verdict\":\"pass\"", "\"verdict\":\"fail\"");
    let found = odd(&edited);
    assert!(found.iter().any(|o| matches!(o, Oddity::Forked { .. })), "{found:?}");
    assert!(found.iter().any(|o| matches!(o, Oddity::Broken { .. })), "{found:?}");
    // A copy of version 1 without its links says the same once, and the copy with them does not hide that.
    let old = include_str!("formats/v1/walk.json");
    let bare: String = old
        .lines()
        .map(|l| {
            l.split_once(",\"chain\":\"").map_or(l.to_owned(), |(event, end)| event.to_owned() + &end[17..]) + "\n"
        })
        .collect();
    assert!(!bare.contains("chain"));
    let both = codec::read_all(format!("{old}{bare}").as_bytes()).unwrap().0;
    assert_eq!(both.events(), codec::read_all(old.as_bytes()).unwrap().0.events());
    assert_eq!(odd(&format!("{old}{bare}")), [Oddity::Broken { seq: 1 }]);
    // Another head under one id; a head without a site; no events at all; a hole.
    let renamed = odd(&edit("\"name\":{\"zh\":\"", "\"name\":{\"zh\":\"新"));
    assert_eq!(renamed.iter().filter(|o| **o == Oddity::TwoHeads).count(), 2, "{renamed:?}");
    let hole: String = a.lines().enumerate().filter(|(i, _)| *i != 3).map(|(_, l)| format!("{l}\n")).collect();
    let alone = |text: &str| Reading::of(&codec::read_all(text.as_bytes()).unwrap().0).sessions.remove(0).oddities;
    assert!(alone(&hole).contains(&Oddity::Gap { seq: 4 }));
    let empty = format!("{}\n]}}\n", a.lines().next().unwrap());
    assert_eq!(alone(&empty), [Oddity::Empty]);
    assert!(odd(&empty).is_empty(), "an early copy adds nothing");
    office.write("logs/edited.json", &edited);
    let id = codec::read(a.as_bytes()).unwrap().head.id.as_str()[..8].to_owned();
    let another = |text: String, n: u8| text.replace(&id, &format!("0180000{n}"));
    office.write("logs/future.json", another(a.replace("2020-08", "2220-08"), 1));
    office.write("logs/target.json", another(a.replace("\"target\":\"3.", "\"target\":\"93."), 6));
    office.write("logs/site.json", another(a.replace("\"site\":{\"id\":\"", "\"site\":{\"id\":\"x"), 7));
    office.write("logs/list.json", another(a.replace("\"checklist\":{\"id\":\"", "\"checklist\":{\"id\":\"my"), 8));
    let sha = Checklist::built_in().sha256;
    office.write("logs/edition.json", another(a.replace(&sha, &"0".repeat(64)), 9));
    let out = office.run(&["merge", "logs", "-o", "all.jsonl"]);
    let told = shown(&out);
    for word in [
        "forked 1",
        "does not fit the chain",
        "in the future: 2220-08",
        "93.",
        "communities the district does not have 1: x",
        "other checklists: my",
        "other editions of this checklist",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let again = office.run(&["merge", "all.jsonl"]);
    assert_eq!(again.stdout, office.text("all.jsonl").as_bytes(), "what is odd stays as it is");
}

#[test]
fn claims_and_rulings_that_lead_nowhere_are_counted_and_named() {
    let office = Office::new();
    let a = office.text("logs/a.json");
    let log = codec::read(a.as_bytes()).unwrap();
    let passed =
        log.events().find(|e| matches!(&e.act, xunjie::log::Act::Judge(j) if j.verdict == xunjie::log::Verdict::Pass));
    let (id, passed) = (log.head.id.as_str(), passed.unwrap().seq);
    let gone = "0190abcd-0000-7000-8000-00000000dead";
    let at = "\"at\":\"2020-08-30T08:00:00+08:00\",\"ms\":1";
    let acts = [
        format!("\"do\":\"fixed\",\"case\":\"{gone}#3\""),
        format!("\"do\":\"fixed\",\"case\":\"{id}#{passed}\""),
        format!(
            "\"do\":\"rule\",\"site\":\"x\",\"round\":\"y\",\"target\":\"3.10\",\"saw\":[\"{gone}#4\",\"{id}#1\"],\"verdict\":\"pass\",\"reason\":\"\""
        ),
    ];
    let events: Vec<String> = (1..).zip(acts).map(|(n, act)| format!("{{\"seq\":{n},{at},{act}}}")).collect();
    let head = a.lines().next().unwrap().replacen(id, "0190abcd-0000-7000-8000-00000000beef", 1);
    office.write("logs/c.json", format!("{head}\n{}\n]}}\n", events.join(",\n")));
    let (_, figures) = office.merge(&["logs"]);
    assert_eq!(figures["dangling"].as_array().unwrap().len(), 3, "{figures}");
    for args in [&["merge", "logs", "-o", "all.jsonl"][..], &["report", "all.jsonl", "--format", "md"]] {
        let told = shown(&office.run(args));
        for part in [
            "refer to nothing here 3:".to_owned(),
            format!("beef#1: {gone}#3 is not among the inputs"),
            format!("beef#2: {id}#{passed} is not a fail"),
            format!("beef#3: {gone}#4 is not among the inputs"),
        ] {
            assert!(told.contains(&part), "{part}: {told}");
        }
        assert!(!told.contains(&format!("{id}#1 is not")), "{told}");
    }
}

#[test]
fn two_demos_of_one_seed_are_one_and_are_never_written_over_something_else() {
    let office = Office::new();
    let demo = ["demo", "--sites", "2", "--days", "2", "-o", "samples"];
    let first = office.run(&demo);
    assert_eq!(first.status.code(), Some(0), "{}", shown(&first));
    assert_eq!(office.run(&demo).stdout, first.stdout);
    let other = office.run(&["demo", "--sites", "3", "--days", "2", "-o", "samples"]);
    assert_eq!(other.status.code(), Some(1), "{}", shown(&other));
    let (code, figures) = office.merge(&["samples"]);
    assert_eq!(code, 3, "one file is broken, one is no log");
    assert_eq!((&figures["refused"], &figures["damaged"]), (&1.into(), &1.into()));
    let n = |v: &Value| v.as_u64().unwrap();
    assert!(n(&figures["identical_copies"]) >= 1 && n(&figures["sessions"]["extended"]) >= 1, "{figures}");
    assert!(n(&figures["sessions"]["forked"]) == 1 && n(&figures["disputes"]["open"]) > 0, "{figures}");
    assert_eq!(figures["strange_clocks"].as_array().unwrap().len(), 1, "{figures}");
}

#[test]
fn a_merged_log_never_goes_to_a_screen_and_mistakes_of_usage_end_with_2() {
    let office = Office::new();
    assert_eq!(office.run(&["merge"]).status.code(), Some(2));
    // The pseudo-console of Windows draws a screen of its own.
    if cfg!(unix) {
        let home = tempfile::tempdir().unwrap();
        let log = office.path("logs/a.json").to_string_lossy().into_owned();
        let mut t = crate::terminal::Terminal::start(home.path(), &["merge", &log]);
        t.until("-o");
        assert_eq!(t.exit(), 2);
    }
    let folder = tempfile::tempdir().unwrap();
    let empty = office.run(&["merge", &folder.path().to_string_lossy()]);
    assert_eq!(empty.status.code(), Some(1));
    assert!(shown(&empty).contains("no log was found"), "{}", shown(&empty));
}
