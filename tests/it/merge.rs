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
        ("logs/empty.json", String::new()),
        ("logs/bom.json", "\u{feff}".into()),
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
    assert_eq!((&figures["left_aside"], &figures["sessions"]["new"]), (&1.into(), &0.into()));
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
    assert!(shown(&out).contains("holds all of it already") && shown(&out).contains("only in the file"), "{}", shown(&out));
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
    let told = figures["refused"].to_string();
    assert!(told.contains("is a link") && told.contains("is no regular file"), "{told}");
    let refused: Vec<&str> =
        figures["refused"].as_array().unwrap().iter().map(|r| r["file"].as_str().unwrap()).collect();
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
    let told = figures["damaged"][0]["why"][0].as_str().unwrap();
    assert!(told.contains(&format!("line {line}: ")) && told.contains("16 MiB"), "{told}");
    assert!(figures["refused"][0]["why"][0].as_str().unwrap().contains("16 MiB"), "{figures}");
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
    assert_eq!((figures["refused"].as_array().unwrap().len(), figures["damaged"].as_array().unwrap().len()), (1, 1));
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
