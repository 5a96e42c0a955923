//! Logs of every version of the format are read for ever. A folder of `formats` holds files that a program of that version wrote.

use std::fs;

use tempfile::tempdir;
use xunjie::log::{Act, Event};
use xunjie::store::codec::{self, Encoder, archive_text, read_all};

const WALK: &[u8] = include_bytes!("formats/v1/walk.json");
const REVIEW: &[u8] = include_bytes!("formats/v1/review.json");
const MERGED: &[u8] = include_bytes!("formats/v1/merged.jsonl");

/// A walk of version 1 and the same walk as this program goes on with it.
fn gone_on() -> String {
    let log = codec::read(WALK).unwrap();
    let mut encoder = Encoder::resume(&log);
    let last = log.events().last().unwrap().clone();
    encoder.push(&Event { seq: last.seq + 1, act: Act::Resume { why: None }, ..last });
    encoder.whole()
}

#[test]
fn logs_of_version_1_are_read_whole() {
    for (bytes, events) in [(WALK, 8), (REVIEW, 8)] {
        let log = codec::read(bytes).unwrap();
        assert_eq!((log.lines.len(), log.damage.as_slice()), (events, &[][..]));
    }
    let (archive, damage) = read_all(MERGED).unwrap();
    assert_eq!((archive.members().count(), archive.events(), damage.as_slice()), (2, 16, &[][..]));
}

#[test]
fn a_walk_of_version_1_goes_on_without_a_changed_line() {
    let text = gone_on();
    let (old, new): (Vec<&str>, Vec<&str>) =
        (std::str::from_utf8(WALK).unwrap().lines().collect(), text.lines().collect());
    assert_eq!(new[0], old[0].replacen("\"version\":1", "\"version\":2", 1));
    assert_eq!(new[1..8], old[1..8]);
    assert!(new[9].contains("\"seq\":9,\"in\":\"cc64b2a5\","), "{}", new[9]);
    let log = codec::read(text.as_bytes()).unwrap();
    assert_eq!((log.lines.len(), log.damage.as_slice()), (9, &[][..]));
}

#[test]
fn copies_of_both_versions_are_one_session() {
    let (new, text) = (gone_on(), String::from_utf8(MERGED.to_vec()).unwrap());
    for all in [format!("{text}{new}"), format!("{new}{text}")] {
        let (archive, damage) = read_all(all.as_bytes()).unwrap();
        assert_eq!((archive.members().count(), archive.events(), damage.len()), (2, 17, 0));
        assert!(archive.members().all(|m| !m.is_forked()));
        // What is written is of the newest version and the same archive.
        let merged = archive_text(&archive);
        assert!(merged.lines().all(|line| line.contains("\"version\":2")));
        assert_eq!(read_all(merged.as_bytes()).unwrap().0, archive);
    }
}

/// Events of version 1 do not say whose they are: behind a hole nothing proves it, and they are named.
#[test]
fn what_stands_behind_a_hole_in_version_1_is_named_and_given_to_nobody() {
    let text = String::from_utf8(WALK.to_vec()).unwrap();
    let hole = text.replacen("\"seq\":5,", "\"seq\":,", 1);
    let log = codec::read(hole.as_bytes()).unwrap();
    assert_eq!(log.events().map(|e| e.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(log.damage.contains(&codec::Damage::NoHead { line: 7 }), "{:?}", log.damage);
    // A cut costs what was cut.
    let cut = codec::read(&WALK[..WALK.len() - 40]).unwrap();
    assert_eq!(cut.lines.len(), 7);
}

#[test]
fn the_program_goes_on_with_a_walk_of_version_1() {
    let dir = tempdir().unwrap();
    let logs = dir.path().join("logs");
    fs::create_dir(&logs).unwrap();
    let path = logs.join("2026-11-24T220309_nongye-lu_t1_01a20f95.json");
    fs::write(&path, WALK).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_xunjie"))
        .args(["walk", "--site", "nongye-lu", "--by", "t1=测试", "--round", "R1", "--lang", "en", "--plain", "--logs"])
        .arg(&logs)
        .envs(["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"].map(|name| (name, dir.path())))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\"format\":\"xunjie-log\",\"version\":2,"), "{text}");
    assert!(text.contains("\"seq\":9,\"in\":\"cc64b2a5\","), "{text}");
    let log = codec::read(text.as_bytes()).unwrap();
    assert_eq!(log.damage, []);
}
