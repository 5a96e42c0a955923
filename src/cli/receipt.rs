//! What is said of each file that was read or not: the same in every command, as text and as JSON.

use std::collections::HashMap;

use serde::Serialize;

use crate::i18n::{Lang, Msg, messages as m};
use crate::store::inputs::{Input, Inputs};
use crate::tell;

/// How many things are listed on a terminal, and how many of one file.
const LISTED: usize = 20;
const LISTED_OF_FILE: usize = 8;
/// How many names stand in a line.
const NAMED: usize = 12;

/// A file, and what was had of it.
#[derive(Debug, Serialize)]
pub struct Receipt {
    pub file: String,
    pub kind: Kind,
    pub state: State,
    pub sessions: usize,
    pub events: usize,
    /// The first file with the same content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
    /// What was not taken or does not fit, each with its line where that is known.
    pub why: Vec<String>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Log,
    Checklist,
    District,
}

/// How much of a file was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Whole,
    /// Something was not taken, or does not fit the chain.
    Damaged,
    Refused,
}

/// A receipt for each file, in the order in which they were read.
pub fn receipts(inputs: &Inputs, lang: Lang) -> Vec<Receipt> {
    let mut first = HashMap::new();
    inputs.files.iter().map(|input| receipt(input, &mut first, lang)).collect()
}

fn receipt<'a>(input: &'a Input, first: &mut HashMap<&'a [u8; 32], String>, lang: Lang) -> Receipt {
    let (file, why) = (tell::path(&input.path), tell::input(lang, input));
    let (state, sessions, events, copy_of) = match &input.read {
        Err(_) => (State::Refused, 0, 0, None),
        Ok(content) => {
            let state = if why.is_empty() { State::Whole } else { State::Damaged };
            let copy_of = first.get(&content.digest).cloned();
            first.entry(&content.digest).or_insert_with(|| file.clone());
            (state, content.sessions, content.events, copy_of)
        }
    };
    Receipt { file, kind: Kind::Log, state, sessions, events, copy_of, why }
}

impl Receipt {
    /// What is wrong, a line each, with the name of the file.
    pub fn lines(&self) -> Vec<String> {
        self.why.iter().map(|why| format!("{}: {why}", self.file)).collect()
    }

    /// The same, no more than one reads among other files.
    fn short(&self, lang: Lang) -> Vec<String> {
        let lines = self.lines();
        cut_to(LISTED_OF_FILE, lines, |n| format!("{}: {}", self.file, m::AND_MORE_OF_FILE.with(lang, &[("n", &n)])))
    }
}

/// The files of which something is wrong, refused ones first; so many that a terminal shows them.
pub fn faults(receipts: &[Receipt], lang: Lang, more: Msg) -> Vec<String> {
    let of = |state| receipts.iter().filter(move |r| r.state == state);
    let faulty: Vec<Vec<String>> = of(State::Refused).chain(of(State::Damaged)).map(|r| r.short(lang)).collect();
    let lines = cut_to(LISTED, faulty, |n| vec![more.with(lang, &[("n", &n)])]);
    lines.into_iter().flatten().collect()
}

/// As many lines as a terminal shows, and how many more there are.
pub fn cut(lines: Vec<String>, lang: Lang) -> Vec<String> {
    cut_to(LISTED, lines, |n| m::AND_MORE.with(lang, &[("n", &n)]))
}

fn cut_to<T>(most: usize, mut all: Vec<T>, more: impl FnOnce(usize) -> T) -> Vec<T> {
    let n = all.len().saturating_sub(most);
    // One that is left out takes as much room as the line that says so.
    if n > 1 {
        all.truncate(most);
        all.push(more(n));
    }
    all
}

/// What was left aside, by name; nothing where nothing was.
pub fn left_aside(aside: &[String], lang: Lang) -> Option<String> {
    let mut names = aside.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(" ");
    if aside.len() > NAMED {
        names.push_str(" ...");
    }
    (!aside.is_empty()).then(|| m::LEFT_ASIDE.with(lang, &[("n", &aside.len()), ("names", &names)]))
}

/// The names of what was left aside, as they may be shown.
pub fn names_aside(inputs: &Inputs) -> Vec<String> {
    inputs.left_aside.iter().map(|path| tell::path(path)).collect()
}
