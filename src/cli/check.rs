//! `xunjie check`: looks at files and says of each what is wrong with it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::checklist::{self, Checklist};
use crate::cli::Exit;
use crate::district::{self, District};
use crate::i18n::{Lang, messages as m};
use crate::session::State;
use crate::shape::Fault;
use crate::store::codec;
use crate::store::photos;
use crate::store::{Opened, file};
use crate::tell;

/// Looks at files and says of each what is wrong with it.
pub fn check(out: &mut dyn Write, lang: Lang, files: &[PathBuf]) -> io::Result<Exit> {
    let mut exit = Exit::Done;
    for path in files {
        let name = tell::path(path);
        let found = check_one(lang, path);
        for line in &found.lines {
            writeln!(out, "{name}: {line}")?;
        }
        if !found.good {
            exit = if files.len() == 1 { Exit::Failed } else { Exit::SomeRefused };
        }
    }
    Ok(exit)
}

/// What is said of one file.
struct Found {
    lines: Vec<String>,
    good: bool,
}

fn check_one(lang: Lang, path: &Path) -> Found {
    let bad = |line: String| Found { lines: vec![line], good: false };
    let bytes = match file::read(path, codec::MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(e) => return bad(tell::io(lang, &e)),
    };
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).into_owned();
    match declared_format(&start) {
        Some(checklist::FORMAT) => match Checklist::read(&bytes) {
            Ok(list) => {
                let (c, t) = (list.categories.len(), list.len());
                good(m::CHECK_GOOD_CHECKLIST.with(lang, &[("c", &c), ("t", &t)]))
            }
            Err(faults) => told(lang, &faults),
        },
        Some(district::FORMAT) => match District::read(&bytes) {
            Ok(district) => good(m::CHECK_GOOD_DISTRICT.with(lang, &[("n", &district.sites.len())])),
            Err(faults) => told(lang, &faults),
        },
        _ => check_as_log(lang, path, bytes),
    }
}

fn check_as_log(lang: Lang, path: &Path, bytes: Vec<u8>) -> Found {
    match codec::read(&bytes) {
        Ok(log) => check_log(lang, path, &Opened { log, bytes }),
        Err(why) => Found { lines: vec![tell::refusal(lang, &why)], good: false },
    }
}

/// What a file says it is: the first `"format"` in it. A note of a log may hold any word.
fn declared_format(start: &str) -> Option<&'static str> {
    let (_, after) = start.split_once("\"format\"")?;
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    [checklist::FORMAT, district::FORMAT]
        .into_iter()
        .find(|f| value.strip_prefix(f).is_some_and(|v| v.starts_with('"')))
}

fn good(line: String) -> Found {
    Found { lines: vec![line], good: true }
}

fn told(lang: Lang, faults: &[Fault]) -> Found {
    Found { lines: faults.iter().map(|f| f.tell(lang)).collect(), good: false }
}

fn check_log(lang: Lang, path: &Path, opened: &Opened) -> Found {
    let n = opened.log.lines.len();
    let damage = opened.damage();
    if damage.is_empty() {
        let state = match opened.session().state() {
            State::Open => m::STATE_OPEN,
            State::Paused => m::STATE_PAUSED,
            State::Finished => m::STATE_FINISHED,
        };
        let line = m::CHECK_COMPLETE.with(lang, &[("n", &n), ("state", &state.get(lang))]);
        let wrong = photos::all_wrong(path, &opened.session());
        let photos: Vec<String> = wrong.iter().map(|found| tell::photo(lang, found)).collect();
        return Found { good: photos.is_empty(), lines: std::iter::once(line).chain(photos).collect() };
    }
    let mut lines: Vec<String> = damage.iter().map(|d| tell::damage(lang, d)).collect();
    lines.push(m::CHECK_DAMAGED.with(lang, &[("n", &n)]));
    Found { lines, good: false }
}
