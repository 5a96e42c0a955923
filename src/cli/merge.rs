//! `xunjie merge`: one archive out of any number of logs, and what it says about them.
//!
//! Every figure is a function of what was read, never of its order. The output may take the place of a file only if that
//! file is a merged log, and what stands in it is joined in. It is looked at under a lock, right before it is replaced, so
//! that no merge ever loses what an earlier one held, nor one that runs at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, anyhow};
use serde::Serialize;

use crate::archive::reading::{Oddity, Outcome, Reading, Sitting};
use crate::checklist::Checklist;
use crate::cli::receipt::{self, Receipt, State};
use crate::cli::{Exit, MergeArgs};
use crate::district::District;
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::Stamp;
use crate::report;
use crate::store::codec;
use crate::store::file::{self, RealDisk};
use crate::store::inputs::{self, Inputs, NotMerged};
use crate::store::lock::Lock;
use crate::tell;
use crate::text::visible;

/// A clock that is so many seconds ahead is in the future; a day covers every time zone.
const AHEAD_S: i64 = 86_400;
/// How many ids are named in a line.
const NAMED: usize = 12;
/// How long another merge onto the same file is waited for: it reads and writes all of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the logs are compared with.
pub struct Known<'a> {
    pub checklist: &'a Checklist,
    pub district: &'a District,
    pub now: Stamp,
}

/// What a merge says.
#[derive(Debug, Serialize)]
struct Figures {
    files: usize,
    identical_copies: usize,
    left_aside: Vec<String>,
    sessions: Sessions,
    events: usize,
    /// Of these, so many that only the file had which was written.
    kept_events: usize,
    disputes: Disputes,
    unknown_targets: BTreeSet<String>,
    unknown_sites: BTreeSet<String>,
    other_checklists: BTreeSet<String>,
    other_editions: BTreeSet<String>,
    other_districts: BTreeSet<String>,
    strange_clocks: Vec<Odd>,
    odd_sessions: Vec<Odd>,
    /// Claims and rulings that name what is not there.
    dangling: Vec<String>,
    refused: usize,
    damaged: usize,
    /// Every file, and what was had of it.
    receipts: Vec<Receipt>,
}

#[derive(Debug, Serialize)]
struct Sessions {
    total: usize,
    /// Not in the file that is written to.
    new: usize,
    /// There with fewer events; where nothing is there, in another copy.
    extended: usize,
    forked: usize,
}

#[derive(Debug, Serialize)]
struct Disputes {
    total: usize,
    open: usize,
}

/// A session and what is odd about it.
#[derive(Debug, Serialize)]
struct Odd {
    session: String,
    shown: String,
    why: Vec<String>,
}

/// Writes the merged log and says what was in it.
pub fn merge(
    out: &mut dyn Write,
    err: &mut dyn Write,
    lang: Lang,
    args: &MergeArgs,
    mut inputs: Inputs,
    known: &Known,
) -> Result<Exit> {
    let nothing = match (inputs.files.len(), inputs.files.iter().filter(|f| f.read.is_ok()).count()) {
        (0, _) => Some(m::MERGE_NOTHING),
        (_, 0) => Some(m::MERGE_ALL_REFUSED),
        _ => None,
    };
    if let Some(why) = nothing {
        Figures::of(&inputs, None, known, lang).tell(err, lang, args.json)?;
        writeln!(err, "{}", why.get(lang))?;
        return Ok(Exit::Failed);
    }
    let Some(path) = &args.out else {
        out.write_all(codec::archive_text(&inputs.archive).as_bytes())?;
        let figures = Figures::of(&inputs, None, known, lang);
        figures.tell(err, lang, args.json)?;
        return Ok(figures.exit());
    };
    let (before, done) = write(path, &mut inputs, lang)?;
    let figures = Figures::of(&inputs, before.as_ref(), known, lang);
    figures.tell(out, lang, args.json)?;
    if !args.json {
        writeln!(out, "{}", done.with(lang, &[("path", &tell::path(path))]))?;
    }
    Ok(figures.exit())
}

/// What stood in the file that was written.
struct Before {
    /// Each session: its canonical head and how many events.
    held: BTreeMap<String, usize>,
    /// How many events only that file had.
    only: usize,
}

/// Joins in what stands in a file and writes all of it there. Nobody else who merges onto the file comes between.
fn write(path: &Path, inputs: &mut Inputs, lang: Lang) -> Result<(Option<Before>, Msg)> {
    let shown = tell::path(path);
    let refuse = |why: Msg| anyhow!(why.with(lang, &[("path", &shown)]));
    let failed = |e: &io::Error| anyhow!("{shown}: {}", tell::io(lang, e));
    let _lock = match Lock::wait_for(path, PATIENCE) {
        Ok(lock) => Some(lock),
        Err(e) if e.kind() == io::ErrorKind::ResourceBusy => return Err(refuse(m::MERGE_BUSY)),
        // Some disks of other machines have no locks; there one merges alone.
        Err(e) if e.kind() == io::ErrorKind::Unsupported => None,
        Err(e) => return Err(failed(&e)),
    };
    let before = inputs::standing_at(path).map_err(|why| match why {
        NotMerged::Other => refuse(m::MERGE_NOT_ARCHIVE),
        NotMerged::Damaged => refuse(m::MERGE_OUT_DAMAGED),
        NotMerged::Io(e) => failed(&e),
    })?;
    let mut known = None;
    if let Some(before) = before {
        let held = before.members().map(|m| (m.head.to_owned(), m.events())).collect();
        let is_all = before.holds(&inputs.archive);
        let given = inputs.archive.events();
        inputs.archive = std::mem::take(&mut inputs.archive).join(before);
        let only = inputs.archive.events() - given;
        known = Some(Before { held, only });
        if is_all {
            return Ok((known, m::MERGE_UNCHANGED));
        }
    }
    file::replace(&RealDisk, path, codec::archive_text(&inputs.archive).as_bytes()).map_err(|e| failed(&e))?;
    Ok((known, m::MERGE_WRITTEN))
}

impl Figures {
    fn of(inputs: &Inputs, before: Option<&Before>, known: &Known, lang: Lang) -> Self {
        let reading = Reading::of(&inputs.archive);
        let outcomes = reading.cells().map(|(_, cell)| reading.standing(cell));
        let disputed: Vec<Outcome> = outcomes.filter(differs).map(|s| s.outcome).collect();
        let strangers = report::strangers(&reading, known.checklist, known.district);
        let receipts = receipt::receipts(inputs, lang);
        let count = |state| receipts.iter().filter(|r| r.state == state).count();
        let (refused, damaged) = (count(State::Refused), count(State::Damaged));
        Self {
            files: inputs.files.len() - refused,
            identical_copies: inputs.copies(),
            left_aside: receipt::names_aside(inputs),
            sessions: Sessions::of(inputs, before),
            events: inputs.archive.events(),
            kept_events: before.map_or(0, |b| b.only),
            disputes: Disputes { total: disputed.len(), open: disputed.iter().filter(|o| o.is_open()).count() },
            unknown_targets: strangers.targets,
            unknown_sites: strangers.sites,
            other_checklists: strangers.checklists,
            other_editions: strangers.editions,
            other_districts: strangers.districts,
            strange_clocks: odd_sessions(&reading, lang, |s| clocks(s, known, lang)),
            odd_sessions: odd_sessions(&reading, lang, |s| {
                s.oddities.iter().filter(|o| !is_clock(o)).map(|o| tell::oddity(lang, o)).collect()
            }),
            dangling: dangling(&reading, lang),
            refused,
            damaged,
            receipts,
        }
    }

    fn exit(&self) -> Exit {
        if self.refused == 0 && self.damaged == 0 { Exit::Done } else { Exit::SomeRefused }
    }

    fn tell(&self, to: &mut dyn Write, lang: Lang, json: bool) -> Result<()> {
        if json {
            return Ok(writeln!(to, "{}", serde_json::to_string_pretty(self)?)?);
        }
        for line in self.lines(lang) {
            writeln!(to, "{line}")?;
        }
        Ok(())
    }

    fn lines(&self, lang: Lang) -> Vec<String> {
        let s = &self.sessions;
        let mut lines = vec![
            m::MERGE_FILES.with(
                lang,
                &[
                    ("n", &self.files),
                    ("copies", &self.identical_copies),
                    ("refused", &self.refused),
                    ("damaged", &self.damaged),
                    ("aside", &self.left_aside.len()),
                ],
            ),
            m::MERGE_SESSIONS.with(
                lang,
                &[
                    ("n", &s.total),
                    ("new", &s.new),
                    ("extended", &s.extended),
                    ("forked", &s.forked),
                    ("events", &self.events),
                ],
            ),
            m::MERGE_DISPUTES.with(lang, &[("n", &self.disputes.total), ("open", &self.disputes.open)]),
        ];
        if self.kept_events > 0 {
            lines.push(m::MERGE_KEPT.with(lang, &[("n", &self.kept_events)]));
        }
        for (ids, msg) in [
            (&self.unknown_targets, m::MERGE_UNKNOWN_TARGETS),
            (&self.unknown_sites, m::MERGE_UNKNOWN_SITES),
            (&self.other_checklists, m::MERGE_OTHER_CHECKLISTS),
            (&self.other_editions, m::MERGE_OTHER_EDITIONS),
            (&self.other_districts, m::MERGE_OTHER_DISTRICTS),
        ] {
            if !ids.is_empty() {
                lines.push(msg.with(lang, &[("n", &ids.len()), ("ids", &visible(&some(ids)))]));
            }
        }
        for (odd, msg) in [(&self.strange_clocks, m::MERGE_CLOCKS), (&self.odd_sessions, m::MERGE_ODD)] {
            if !odd.is_empty() {
                lines.push(msg.with(lang, &[("n", &odd.len())]));
                let odd = odd.iter().map(|o| format!("  {}: {}", o.shown, o.why.join("; "))).collect();
                lines.extend(receipt::cut(odd, lang));
            }
        }
        lines.extend(dangling_lines(&self.dangling, lang));
        lines.extend(receipt::left_aside(&self.left_aside, lang));
        lines.extend(receipt::faults(&self.receipts, lang, m::AND_MORE));
        lines
    }
}

/// The first ids of many.
fn some(ids: &BTreeSet<String>) -> String {
    let mut text = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(" ");
    if ids.len() > NAMED {
        text.push_str(" ...");
    }
    text
}

/// Whether those who looked at a key differ, ruled or not.
fn differs(standing: &crate::archive::reading::Standing) -> bool {
    let said: BTreeSet<_> = standing.looks.iter().map(|l| l.verdict).collect();
    standing.outcome.is_open() || said.iter().filter(|v| **v != crate::log::Verdict::Unseen).count() > 1
}

impl Sessions {
    fn of(inputs: &Inputs, before: Option<&Before>) -> Self {
        let mut total = BTreeMap::new();
        let mut forked = 0;
        for member in inputs.archive.members() {
            total.insert(member.head, member.events());
            forked += usize::from(member.is_forked());
        }
        let there: BTreeMap<&str, usize> =
            before.into_iter().flat_map(|b| &b.held).map(|(head, n)| (head.as_str(), *n)).collect();
        let copies = inputs.contents().flat_map(|c| &c.held).map(|(head, n)| (head.as_str(), *n));
        let known: Vec<(&str, usize)> =
            if before.is_some() { there.iter().map(|(h, n)| (*h, *n)).collect() } else { copies.collect() };
        let shorter = known.into_iter().filter(|(head, n)| total.get(head) > Some(n));
        Self {
            total: total.len(),
            new: total.keys().filter(|head| !there.contains_key(*head)).count(),
            extended: shorter.map(|(head, _)| head).collect::<BTreeSet<_>>().len(),
            forked,
        }
    }
}

fn is_clock(odd: &Oddity) -> bool {
    odd.is_clock()
}

fn clocks(sitting: &Sitting, known: &Known, lang: Lang) -> Vec<String> {
    let mut why: Vec<String> = sitting.oddities.iter().filter(|o| is_clock(o)).map(|o| tell::oddity(lang, o)).collect();
    if sitting.newest.seconds() > known.now.seconds() + AHEAD_S {
        why.push(m::ODD_CLOCK_FUTURE.with(lang, &[("at", &sitting.newest.date())]));
    }
    why
}

fn odd_sessions(reading: &Reading, lang: Lang, why: impl Fn(&Sitting) -> Vec<String>) -> Vec<Odd> {
    let odd = |sitting: &Sitting| {
        let head = &sitting.head;
        let site = head.site.as_ref().map_or("", |s| s.name.get(lang));
        let id = &head.id.as_str()[..8];
        let by = head.by.shown();
        let shown = m::MERGE_SESSION
            .with(lang, &[("date", &head.started.date()), ("site", &visible(site)), ("by", &visible(by)), ("id", &id)]);
        Odd { session: head.id.to_string(), shown, why: why(sitting) }
    };
    reading.sessions.iter().map(odd).filter(|o| !o.why.is_empty()).collect()
}

fn dangling(reading: &Reading, lang: Lang) -> Vec<String> {
    reading.dangling().iter().map(|loose| tell::dangling(lang, reading, loose)).collect()
}

/// How many claims and rulings lead nowhere, and which; the first of many.
fn dangling_lines(loose: &[String], lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if !loose.is_empty() {
        lines.push(m::MERGE_DANGLING.with(lang, &[("n", &loose.len())]));
        lines.extend(loose.iter().take(NAMED).map(|line| format!("  {line}")));
    }
    if loose.len() > NAMED {
        lines.push("  ...".into());
    }
    lines
}

/// The same of a reading.
pub fn told_dangling(reading: &Reading, lang: Lang) -> Vec<String> {
    dangling_lines(&dangling(reading, lang), lang)
}
