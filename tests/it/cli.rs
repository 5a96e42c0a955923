//! The built program without a screen.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use xunjie::checklist::Checklist;
use xunjie::i18n::Lang;

use crate::runner::World;

fn run(home: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xunjie"))
        .args(args)
        .env_clear()
        .env("HOME", home)
        .env("LANG", "en_GB.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_and_version_in_the_language_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let zh = run(dir.path(), &["--lang", "zh", "--help"]);
    assert!(text(&zh.stdout).contains("用法:") && text(&zh.stdout).contains("开始或继续一次巡查"));
    let en = run(dir.path(), &["--help"]);
    assert!(text(&en.stdout).contains("Usage:") && text(&en.stdout).contains("Exit codes"));
    assert_eq!((zh.status.code(), en.status.code()), (Some(0), Some(0)));
    for lang in ["zh", "en"] {
        let walk = run(dir.path(), &["walk", "--help", "--lang", lang]);
        assert!(text(&walk.stdout).contains("--plain") && text(&walk.stdout).contains("TERM=dumb"));
    }
    let version = run(dir.path(), &["--version"]);
    assert_eq!(text(&version.stdout).trim(), format!("xunjie {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn mistakes_of_usage_end_with_2_and_say_what_there_is() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["fly"]).status.code(), Some(2));
    assert_eq!(run(dir.path(), &["walk"]).status.code(), Some(2));
    assert_eq!(run(dir.path(), &["schema", "moon"]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn the_folder_of_the_logs_is_refused_for_second_copies_by_whatever_path() {
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("logs");
    fs::create_dir(&logs).unwrap();
    std::os::unix::fs::symlink(&logs, dir.path().join("link")).unwrap();
    for mirror in ["logs", "link", "logs/../logs/"] {
        let mirror = dir.path().join(mirror);
        let (logs, mirror) = (logs.to_str().unwrap(), mirror.to_str().unwrap());
        let walk = ["walk", "--site", "nongye-lu", "--by", "a", "--plain", "--logs", logs, "--mirror", mirror];
        let out = run(dir.path(), &walk);
        assert_eq!(out.status.code(), Some(1), "{mirror}");
        assert!(text(&out.stderr).contains("is the log folder itself"), "{}", text(&out.stderr));
        assert_eq!(fs::read_dir(dir.path().join("logs")).unwrap().count(), 0);
    }
}

#[test]
fn without_a_terminal_there_is_a_message_and_no_panic() {
    let dir = tempfile::tempdir().unwrap();
    for args in [&[][..], &["walk", "--site", "nongye-lu", "--by", "a"][..]] {
        let out = run(dir.path(), args);
        assert_eq!(out.status.code(), Some(1));
        assert!(text(&out.stderr).contains("terminal"), "{}", text(&out.stderr));
        assert!(!dir.path().join(".local").exists(), "nothing was written");
    }
}

#[test]
fn where_names_every_folder() {
    let dir = tempfile::tempdir().unwrap();
    let out = run(dir.path(), &["where", "--logs", "/somewhere/else"]);
    let out = text(&out.stdout);
    assert!(out.contains("/somewhere/else") && out.contains("settings.json") && out.contains("built in"), "{out}");
}

#[test]
fn schemas_are_json() {
    let dir = tempfile::tempdir().unwrap();
    for kind in ["log", "checklist", "district", "report"] {
        let out = run(dir.path(), &["schema", kind]);
        serde_json::from_slice::<serde_json::Value>(&out.stdout).unwrap();
    }
}

#[test]
fn check_says_of_each_file_what_it_is() {
    let world = World::new(Lang::Zh);
    world.run((80, 24), world.walk("nongye-lu"), |run| _ = run.press("1 2 1 Enter q 1 Enter"));
    let log = world.log_path();
    let dir = world.dir.path();
    let good = run(dir, &["check", log.to_str().unwrap()]);
    assert!(text(&good.stdout).contains("complete log: 4 events, finished"), "{}", text(&good.stdout));
    assert_eq!(good.status.code(), Some(0));

    let bytes = fs::read(&log).unwrap();
    let cut = dir.join("cut.json");
    fs::write(&cut, &bytes[..bytes.trim_ascii_end().len() - 60]).unwrap();
    let out = run(dir, &["check", cut.to_str().unwrap()]);
    assert!(text(&out.stdout).contains("line 5: cut short here"), "{}", text(&out.stdout));
    assert_eq!(out.status.code(), Some(3), "as `merge` and `report` end, which take the rest of it");

    let list = dir.join("list.json");
    let broken = text(Checklist::built_in_bytes()).replacen("\"3.10\"", "\"3.09\"", 1);
    fs::write(&list, broken).unwrap();
    let out = run(dir, &["check", log.to_str().unwrap(), list.to_str().unwrap()]);
    let told = text(&out.stdout);
    assert!(told.contains("categories[2].targets[9].id: 3.09 comes twice"), "{told}");
    assert_eq!(out.status.code(), Some(3));

    // A folder is looked into.
    let out = run(dir, &["check", "--lang", "zh", dir.to_str().unwrap()]);
    let told = text(&out.stdout);
    assert!(told.contains("日志完整: 4 条") && told.contains("在此被截断") && told.contains("3.09 重复"), "{told}");
    assert_eq!(out.status.code(), Some(3));
    let out = run(dir, &["check", "missing.json"]);
    assert!(text(&out.stdout).starts_with("missing.json: "));
}

#[test]
fn a_checklist_of_ones_own_is_taken_or_refused_whole() {
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("own.json");
    fs::write(&list, "{\"format\":\"xunjie-checklist\",\"version\":9}").unwrap();
    let out = run(dir.path(), &["check", list.to_str().unwrap()]);
    assert!(text(&out.stdout).contains("version 9; this program knows up to 1"), "{}", text(&out.stdout));
}

#[test]
fn no_escape_of_a_file_or_its_name_reaches_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    // Windows has no names with controls in them.
    let controls = if cfg!(unix) { "\u{1b}]0;x\u{7}" } else { "" };
    let evil = dir.path().join(format!("a{controls}\u{202e}.json"));
    fs::write(&evil, "{\"format\":\"xunjie-checklist\",\"version\":1,\"\u{9b}31m\u{200b}\":0,\"\u{1b}\":0}").unwrap();
    let out = run(dir.path(), &["check", evil.to_str().unwrap()]);
    let told = text(&out.stdout);
    assert!(told.contains("<U+001B>") && told.contains("<U+202E>") && told.contains("<U+009B>"), "{told}");
    assert!(!told.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}' || c == '\u{200b}'), "{told:?}");
}

#[test]
fn a_log_may_say_any_word_in_its_notes() {
    let world = World::new(Lang::Zh);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.press("2").text("\"format\":\"xunjie-checklist\"").press("Enter").settle();
    });
    let out = run(world.dir.path(), &["check", world.log_path().to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stdout));
}

#[test]
fn what_check_calls_good_can_be_used() {
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("own.json");
    let good = text(Checklist::built_in_bytes());
    for (from, to) in [
        ("\"3.10\"", "\"3.10-and-far-too-long\""),
        (
            "\"edition\": \"2014-1\"",
            "\"edition\": \"a name of an edition that is longer than the sixty-four characters it may have\"",
        ),
        ("\"version\": 1", "\"version\": 0"),
    ] {
        fs::write(&list, good.replacen(from, to, 1)).unwrap();
        let out = run(dir.path(), &["check", list.to_str().unwrap()]);
        assert_eq!(out.status.code(), Some(1), "{to}: {}", text(&out.stdout));
        assert!(Checklist::read(&fs::read(&list).unwrap()).is_err());
    }
}

#[test]
fn a_hundred_thousand_faults_are_counted_and_not_all_named() {
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("own.json");
    let places = "{\"id\":\"a\",\"name\":{\"zh\":\"\",\"en\":\"b\"},\"initials\":\"a\"},".repeat(50_000);
    fs::write(
        &list,
        text(Checklist::built_in_bytes()).replacen("\"place_types\": [", &format!("\"place_types\": [{places}"), 1),
    )
    .unwrap();
    let out = run(dir.path(), &["check", list.to_str().unwrap()]);
    assert!(text(&out.stdout).contains("more faults"));
    assert!(text(&out.stdout).lines().count() < 1_100);
}

#[test]
fn no_escape_of_the_command_line_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let out = run(dir.path(), &["x\u{1b}]0;p\u{7}"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(!text(&out.stderr).contains('\u{1b}') && text(&out.stderr).contains("<U+001B>"));
}

#[test]
fn mistakes_are_told_in_the_language_of_the_user() {
    let dir = tempfile::tempdir().unwrap();
    let told = |args: &[&str]| {
        let out = run(dir.path(), &[&["--lang", "zh"], args].concat());
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        text(&out.stderr)
    };
    let missing = told(&["walk"]);
    assert!(missing.contains("缺少: --site <ID> --by <ID[=NAME]>") && missing.contains("用法:"), "{missing}");
    assert!(told(&["fly"]).contains("没有这个命令: fly"));
    assert!(told(&["merg", "x"]).contains("是不是: merge"));
    let unknown = told(&["report", "x", "--fromat", "csv"]);
    assert!(unknown.contains("没有这个选项: --fromat") && unknown.contains("是不是: --format"), "{unknown}");
    let value = told(&["report", "x", "--format", "doc"]);
    assert!(value.contains("不能是 doc") && value.contains("xlsx csv html md json"), "{value}");
    // No English is left in them.
    for text in [missing, unknown, value] {
        assert!(
            !["error", "required", "tip", "unexpected", "possible"].iter().any(|word| text.contains(word)),
            "{text}"
        );
    }
}
