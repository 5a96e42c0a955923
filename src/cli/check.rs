//! `xunjie check`: looks at files and says of each what is wrong with it. Logs are read as `merge` and `report` read them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::checklist::{self, Checklist};
use crate::cli::Exit;
use crate::cli::receipt::{self, Kind, Receipt, State};
use crate::district::{self, District};
use crate::i18n::{Lang, messages as m};
use crate::session;
use crate::shape::Fault;
use crate::store::inputs::Inputs;
use crate::store::photos;
use crate::store::{self, codec, file};
use crate::tell;

/// Looks at files and says of each what is wrong with it.
pub fn check(out: &mut dyn Write, lang: Lang, files: &[PathBuf]) -> io::Result<Exit> {
    let checked = Checked::of(lang, files);
    for found in &checked.files {
        for line in found.receipt.lines() {
            writeln!(out, "{line}")?;
        }
        for line in &found.told {
            writeln!(out, "{}: {line}", found.receipt.file)?;
        }
    }
    if let Some(aside) = receipt::left_aside(&receipt::names_aside(&checked.inputs), lang) {
        writeln!(out, "{aside}")?;
    }
    if checked.files.is_empty() {
        writeln!(out, "{}", m::CHECK_NOTHING.get(lang))?;
    }
    Ok(checked.exit())
}

/// The same as JSON, for scripts: every receipt, and everything in it.
pub fn check_as_json(out: &mut dyn Write, lang: Lang, files: &[PathBuf]) -> io::Result<Exit> {
    #[derive(Serialize)]
    struct Told<'a> {
        files: Vec<&'a Receipt>,
        left_aside: Vec<String>,
    }
    let checked = Checked::of(lang, files);
    let left_aside = receipt::names_aside(&checked.inputs);
    let told = Told { files: checked.files.iter().map(|found| &found.receipt).collect(), left_aside };
    writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
    Ok(checked.exit())
}

/// Everything that was looked at.
struct Checked {
    inputs: Inputs,
    files: Vec<Found>,
}

/// What is said of one file.
struct Found {
    receipt: Receipt,
    /// What is to be known besides what is wrong.
    told: Vec<String>,
}

impl Checked {
    fn of(lang: Lang, files: &[PathBuf]) -> Self {
        let inputs = Inputs::look(files, &mut io::stdin(), &mut |_, _| {});
        let receipts = receipt::receipts(&inputs, lang);
        let found = inputs.files.iter().zip(receipts).map(|(input, receipt)| match receipt.state {
            State::Refused => not_a_log(lang, &input.path, receipt),
            _ => log(lang, &input.path, receipt),
        });
        let files = found.collect();
        Self { inputs, files }
    }

    /// As for every command: damage never passes, and where nothing at all can be used, that is a failure.
    fn exit(&self) -> Exit {
        let is = |state: State| move |found: &Found| found.receipt.state == state;
        if self.files.iter().all(is(State::Refused)) {
            Exit::Failed
        } else if self.files.iter().all(is(State::Whole)) {
            Exit::Done
        } else {
            Exit::SomeRefused
        }
    }
}

/// What is to be known of a log, or of several in one file.
fn log(lang: Lang, path: &Path, mut receipt: Receipt) -> Found {
    let (sessions, n) = (receipt.sessions, receipt.events);
    let values: [(&str, &dyn std::fmt::Display); 2] = [("sessions", &sessions), ("n", &n)];
    let mut told = vec![match (receipt.state, sessions) {
        (State::Whole, 1) => whole(lang, path, &mut receipt),
        (State::Whole, _) => m::CHECK_COMPLETE_LOGS.with(lang, &values),
        _ => m::CHECK_DAMAGED.with(lang, &values),
    }];
    told.extend(receipt.copy_of.as_ref().map(|file| m::CHECK_COPY.with(lang, &[("file", file)])));
    Found { receipt, told }
}

/// What is to be known of one log that is whole; what is wrong with its photographs is noted.
fn whole(lang: Lang, path: &Path, receipt: &mut Receipt) -> String {
    let n = receipt.events;
    // One in a zip, or on standard input, is not opened once more.
    let Ok(opened) = store::open(path) else {
        return m::CHECK_COMPLETE_LOGS.with(lang, &[("sessions", &receipt.sessions), ("n", &n)]);
    };
    let session = opened.session();
    let wrong = photos::all_wrong(path, &session);
    receipt.why.extend(wrong.iter().map(|found| tell::photo(lang, found)));
    if !receipt.why.is_empty() {
        receipt.state = State::Damaged;
    }
    let state = match session.state() {
        session::State::Open => m::STATE_OPEN,
        session::State::Paused => m::STATE_PAUSED,
        session::State::Finished => m::STATE_FINISHED,
    };
    m::CHECK_COMPLETE.with(lang, &[("n", &n), ("state", &state.get(lang))])
}

/// A checklist or a district; what else is no log stays refused for the reason that is given.
fn not_a_log(lang: Lang, path: &Path, mut receipt: Receipt) -> Found {
    let Ok(bytes) = file::read(path, codec::MAX_BYTES) else {
        return Found { receipt, told: Vec::new() };
    };
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).into_owned();
    let (kind, read) = match declared_format(&start) {
        Some(checklist::FORMAT) => {
            let good = |list: Checklist| {
                m::CHECK_GOOD_CHECKLIST.with(lang, &[("c", &list.categories.len()), ("t", &list.len())])
            };
            (Kind::Checklist, Checklist::read(&bytes).map(good))
        }
        Some(district::FORMAT) => {
            let good = |district: District| m::CHECK_GOOD_DISTRICT.with(lang, &[("n", &district.sites.len())]);
            (Kind::District, District::read(&bytes).map(good))
        }
        _ => return Found { receipt, told: Vec::new() },
    };
    receipt.kind = kind;
    let (state, why, told) = match read {
        Ok(good) => (State::Whole, Vec::new(), vec![good]),
        Err(faults) => (State::Refused, faults.iter().map(|f: &Fault| f.tell(lang)).collect(), Vec::new()),
    };
    (receipt.state, receipt.why) = (state, why);
    Found { receipt, told }
}

/// What a file says it is: the first `"format"` in it. A note of a log may hold any word.
fn declared_format(start: &str) -> Option<&'static str> {
    let (_, after) = start.split_once("\"format\"")?;
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    [checklist::FORMAT, district::FORMAT]
        .into_iter()
        .find(|f| value.strip_prefix(f).is_some_and(|v| v.starts_with('"')))
}
