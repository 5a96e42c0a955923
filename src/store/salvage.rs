//! Reads what does not parse as a whole: logs that were cut, glued together, edited or overwritten in part.
//!
//! [`BEGINNING`] and [`EVENT`] cannot stand inside a JSON string, where a quote has a backslash before it. So wherever
//! these bytes are, a log or an event begins, whatever stands before them. A log that another program laid out anew, with
//! blanks and on other lines, is first brought back into our layout.
//!
//! An event is given to a log only if it says that it belongs to it, or, where it was written in version 1 and cannot say
//! so, if its link follows that of the event taken before it.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use memchr::memmem;
use serde::de::IgnoredAny;

use crate::log::{Head, Line, Mark, Object};
use crate::store::codec::{
    BEGINNING, Damage, Document, Log, MAX_EVENTS, MAX_WHY, Refusal, Take, checked, few, first_line, own_events,
    supported, to_line,
};

/// How an event begins.
const EVENT: &[u8] = b"{\"seq\":";
/// The word that says whose format it is.
const FORMAT: &[u8] = b"\"xunjie-log\"";
/// What stands before the first event.
const EVENTS: &[u8] = b",\"events\":[";
const BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Reads any sequence of logs; what cannot be read is named with its line. Nothing at all is the first reason why.
pub(super) fn all(bytes: &[u8], take: Take) -> Result<Vec<Damage>, Option<Refusal>> {
    let mut found = Found { taker: take, logs: 0, damage: Vec::new(), refused: None };
    found.sequence(bytes, 0);
    if found.logs == 0 {
        return Err(found.refused);
    }
    Ok(few(found.damage))
}

/// Reads one damaged log that stands at the beginning.
pub(super) fn one(bytes: &[u8]) -> Result<Log, Refusal> {
    let own;
    let bytes = if bytes.starts_with(BEGINNING) {
        bytes
    } else {
        own = in_our_layout(bytes).ok_or(Refusal::NotALog)?;
        &own
    };
    let end = next_log(bytes);
    let mut log = document(&bytes[..end])?;
    if end < bytes.len() {
        log.damage.push(Damage::OtherLog { line: Counter::default().lines(bytes, end) + 1 });
    }
    Ok(log)
}

/// Where the next thing that is neither blank nor a BOM is.
fn content(bytes: &[u8], mut at: usize) -> Option<usize> {
    while at < bytes.len() {
        if bytes[at..].starts_with(BOM) {
            at += BOM.len();
        } else if bytes[at].is_ascii_whitespace() {
            at += 1;
        } else {
            return Some(at);
        }
    }
    None
}

/// Where the next log begins, in whatever layout, after the first byte; the end where there is none.
fn next_log(bytes: &[u8]) -> usize {
    let mut words = memmem::find_iter(bytes, FORMAT);
    words.find_map(|at| log_before(&bytes[..at]).filter(|at| *at > 0)).unwrap_or(bytes.len())
}

/// Where a log begins whose first value is the format, which stands right behind some bytes.
fn log_before(bytes: &[u8]) -> Option<usize> {
    let before = |bytes: &[u8], word: &[u8]| bytes.trim_ascii_end().strip_suffix(word).map(<[u8]>::len);
    let colon = before(bytes, b":")?;
    let name = before(&bytes[..colon], b"\"format\"")?;
    before(&bytes[..name], b"{")
}

/// Whether events stand behind a whole log: a block within it was overwritten with what ends one.
fn goes_on(behind: &[u8]) -> bool {
    let behind = behind.trim_ascii_start();
    match behind.strip_prefix(b"{") {
        // Another log, as in every merged one, or an event.
        Some(first) => first.trim_ascii_start().starts_with(b"\"seq\""),
        None => !behind.is_empty() && memmem::find(&behind[..next_log(behind)], b"\"seq\"").is_some(),
    }
}

/// A log that was laid out anew, and what stands behind it, without the blanks between its words; none where no log stands
/// at the beginning. No text has a line feed in it, so that at the end of a line a quote that was lost does no more harm.
/// Line feeds move before the next `{`, so that lines are still counted right where events begin.
fn in_our_layout(bytes: &[u8]) -> Option<Vec<u8>> {
    let format = memmem::find(bytes, FORMAT)?;
    log_before(&bytes[..format]).filter(|at| *at == 0)?;
    let mut own = Vec::with_capacity(bytes.len());
    let (mut lines, mut is_text, mut is_escaped, mut is_apart) = (0, false, false, false);
    for byte in bytes {
        match byte {
            b'\n' => (lines, is_text, is_escaped, is_apart) = (lines + 1, false, false, true),
            _ if is_text => {
                own.push(*byte);
                is_text = *byte != b'"' || is_escaped;
                is_escaped = *byte == b'\\' && !is_escaped;
            }
            byte if byte.is_ascii_whitespace() && *byte != b'\x0c' => is_apart = true,
            byte => {
                // Two words that a blank kept apart stay two.
                if std::mem::take(&mut is_apart) && is_word(*byte) && own.last().copied().is_some_and(is_word) {
                    own.push(b' ');
                }
                if *byte == b'{' {
                    own.resize(own.len() + std::mem::take(&mut lines), b'\n');
                }
                own.push(*byte);
                is_text = *byte == b'"';
            }
        }
    }
    own.resize(own.len() + lines, b'\n');
    // Line feeds before its first word were not there.
    own.starts_with(BEGINNING).then_some(own)
}

/// Counts lines up to places that only move on.
#[derive(Default)]
struct Counter {
    at: usize,
    lines: usize,
}

impl Counter {
    /// How many line ends stand before a place.
    fn lines(&mut self, bytes: &[u8], at: usize) -> usize {
        self.lines += memchr::memchr_iter(b'\n', &bytes[self.at..at]).count();
        self.at = at;
        self.lines
    }
}

/// What a sequence of logs comes to.
struct Found<'a> {
    taker: Take<'a>,
    /// How many logs it was given.
    logs: usize,
    damage: Vec<Damage>,
    refused: Option<Refusal>,
}

impl Found<'_> {
    /// Takes all logs of some bytes, before which so many lines stand.
    fn sequence(&mut self, bytes: &[u8], before: usize) {
        let mut counter = Counter::default();
        let mut at = 0;
        // Where all of it is text, not every word has to be looked at for that.
        let text = std::str::from_utf8(bytes).ok();
        while let Some(start) = content(bytes, at) {
            let before = before + counter.lines(bytes, start);
            at = start + self.take(&bytes[start..], text.and_then(|text| text.get(start..)), before);
        }
    }

    fn give(&mut self, head: Head, lines: Vec<Line>) {
        self.logs += 1;
        (self.taker)(head, lines);
    }

    /// Gives a document that was read whole, without what says that it belongs elsewhere.
    fn give_document(&mut self, document: Document, bytes: &[u8], before: usize) {
        let Document { head: Object(head), events, .. } = document;
        let mark = head.id.mark();
        if events.iter().all(|line| line.bears(mark) != Some(false)) {
            return self.give(head, events);
        }
        // In our own layout event n stands on line n + 1.
        let is_ours = memchr::memchr_iter(b'\n', bytes).count() == events.len() + 1;
        let lines = events.into_iter().enumerate().map(|(i, line)| (if is_ours { i + 2 } else { 0 }, line));
        let (lines, foreign) = own_events(&head.id, lines);
        self.give(head, lines.into_iter().map(|(_, line)| line).collect());
        foreign.into_iter().for_each(|damage| self.tell(damage.further_down(before)));
    }

    /// Takes what stands at the beginning; gives how many bytes that was.
    fn take(&mut self, bytes: &[u8], text: Option<&str>, before: usize) -> usize {
        let whole = match text {
            Some(text) => whole(serde_json::Deserializer::from_str(text)),
            None => whole(serde_json::Deserializer::from_slice(bytes)),
        };
        if let Some((document, length)) = whole.filter(|(_, length)| !goes_on(&bytes[*length..])) {
            match document.events.len() {
                _ if supported(document.version).is_err() => self.refuse(supported(document.version).err(), before),
                n if n > MAX_EVENTS => self.refuse(Some(Refusal::TooManyEvents), before),
                _ => self.give_document(document, &bytes[..length], before),
            }
            return length;
        }
        let end = next_log(bytes);
        let part = &bytes[..end];
        if part.starts_with(BEGINNING) {
            match document(part) {
                Ok(log) => {
                    self.give(log.head, log.lines);
                    log.damage.into_iter().for_each(|d| self.tell(d.further_down(before)));
                }
                Err(why) => self.refuse(Some(why), before),
            }
            return end;
        }
        if part.starts_with(EVENT) {
            self.tell(Damage::NoHead { line: before + 1 });
            return end;
        }
        if let Some(own) = in_our_layout(bytes) {
            self.sequence(&own, before);
            return bytes.len();
        }
        // Something whole of another program, or of a newer version in another layout.
        let mut other = serde_json::Deserializer::from_slice(part).into_iter::<IgnoredAny>();
        match other.next() {
            Some(Ok(_)) if part[0] == b'{' || part[0] == b'[' => {
                self.refuse(Some(Refusal::NotALog), before);
                other.byte_offset()
            }
            _ => {
                self.tell(Damage::Junk { line: before + 1 });
                end
            }
        }
    }

    fn refuse(&mut self, why: Option<Refusal>, before: usize) {
        let Some(why) = why else { return };
        self.tell(Damage::Refused { line: before + 1, why: Box::new(why.clone()) });
        self.refused.get_or_insert(why);
    }

    /// However much is wrong, only so much of it is kept.
    fn tell(&mut self, damage: Damage) {
        self.damage.push(damage);
        if self.damage.len() > 1_000 {
            self.damage = few(std::mem::take(&mut self.damage));
        }
    }
}

/// The whole log that stands at the beginning, if one does, and how many bytes it has.
fn whole<'de, R: serde_json::de::Read<'de>>(source: serde_json::Deserializer<R>) -> Option<(Document, usize)> {
    let mut values = source.into_iter::<Object<Document>>();
    let Object(document) = values.next()?.ok()?;
    Some((document, values.byte_offset()))
}

/// Reads one damaged log, event by event.
fn document(part: &[u8]) -> Result<Log, Refusal> {
    let events = memmem::find(part, EVENTS).map(|at| at + EVENTS.len());
    let first = events.or_else(|| memchr::memchr(b'\n', part)).unwrap_or(part.len());
    let (version, head) = first_line(part[..first].trim_ascii_end())?;
    supported(version)?;
    let mut gather = Gather::new(head);
    let mut counter = Counter::default();
    let mut at = first;
    while at < part.len() {
        let stop = gather.stop(part, at);
        gather.between(&part[at..stop], counter.lines(part, stop) + 1);
        at = match part.get(stop) {
            None => stop,
            Some(b']') => {
                gather.is_closed = true;
                part[stop..].iter().position(|b| *b == b'}').map_or(part.len(), |n| stop + n + 1)
            }
            Some(_) => gather.event(part, stop, counter.lines(part, stop) + 1)?,
        };
    }
    let last = counter.lines(part, part.trim_ascii_end().len().max(counter.at)) + 1;
    Ok(gather.log(last))
}

/// A damaged log while it is read.
struct Gather {
    head: Head,
    mark: Mark,
    lines: Vec<(usize, Line)>,
    /// What was taken, by its hash: a block of the file may come twice.
    taken: HashSet<u64>,
    hasher: RandomState,
    /// The link of the last event that was taken.
    chain: String,
    bad: Vec<Damage>,
    /// Whether the end of the log was seen.
    is_closed: bool,
    /// Whether what parts events is not what it should be.
    is_odd: bool,
}

impl Gather {
    fn new(head: Head) -> Self {
        let (chain, mark) = (to_line(&head), head.id.mark());
        let (lines, bad, taken, hasher) = (Vec::new(), Vec::new(), HashSet::new(), RandomState::new());
        Self { head, mark, lines, taken, hasher, chain, bad, is_closed: false, is_odd: false }
    }

    /// Where the next event begins, or the end of the log, which counts only right after an event.
    fn stop(&self, part: &[u8], from: usize) -> usize {
        let mut is_clean = true;
        for (at, byte) in part.iter().enumerate().skip(from) {
            match byte {
                b'{' => return at,
                b']' if is_clean && !self.is_closed && part[at + 1..].trim_ascii_start().starts_with(b"}") => {
                    return at;
                }
                byte => is_clean &= is_blank(*byte),
            }
        }
        part.len()
    }

    /// Takes in what stands between two events.
    fn between(&mut self, bytes: &[u8], line: usize) {
        let rest = bytes.iter().filter(|b| !is_blank(**b)).count();
        let commas = bytes.iter().filter(|b| **b == b',').count();
        self.is_odd |= rest > 0 || commas > 1;
        if self.is_closed && rest > 0 {
            self.tell(Damage::Junk { line });
        } else if rest > 1 {
            self.tell(Damage::BadLine { line, why: String::from_utf8_lossy(bytes).chars().take(MAX_WHY).collect() });
        }
    }

    /// Reads the event at a place; gives where it ends, or where the next one begins.
    fn event(&mut self, part: &[u8], at: usize, line: usize) -> Result<usize, Refusal> {
        let mut values = serde_json::Deserializer::from_slice(&part[at..]).into_iter::<Line>();
        match values.next() {
            Some(Ok(event)) => {
                self.take(event, line);
                if self.lines.len() > MAX_EVENTS { Err(Refusal::TooManyEvents) } else { Ok(at + values.byte_offset()) }
            }
            other => {
                let why = other.and_then(Result::err).map_or(String::new(), |e| e.to_string());
                let why = why.split(" at line ").next().unwrap_or_default().chars().take(MAX_WHY).collect();
                self.tell(if self.is_closed { Damage::Junk { line } } else { Damage::BadLine { line, why } });
                Ok(self.after_bad(part, at))
            }
        }
    }

    /// Where to go on after what is no event: at the next one, else at the end of the log.
    fn after_bad(&self, part: &[u8], at: usize) -> usize {
        let next = memmem::find(&part[at + 1..], EVENT).map(|n| at + 1 + n);
        let end = part.trim_ascii_end();
        let close = end.ends_with(b"]}").then_some(end.len().saturating_sub(2)).filter(|close| *close > at);
        next.or(close).unwrap_or(part.len())
    }

    /// Takes an event that belongs to this log for certain, once.
    fn take(&mut self, event: Line, line: usize) {
        let link = event.chain_after(&self.chain);
        let is_own = event.bears(self.mark).unwrap_or(event.chain.as_ref() == Some(&link));
        let hash = self.hasher.hash_one((event.bare(), &event.chain));
        if self.taken.contains(&hash) {
            return self.tell(Damage::OutOfOrder { line, seq: event.event.seq });
        }
        if !is_own {
            return self.tell(Damage::NoHead { line });
        }
        self.taken.insert(hash);
        self.chain = event.chain.clone().unwrap_or(link);
        self.lines.push((line, event));
    }

    /// A run of the same damage is told once, where it begins.
    fn tell(&mut self, damage: Damage) {
        let same = |last: &Damage| {
            matches!(
                (last, &damage),
                (Damage::NoHead { .. }, Damage::NoHead { .. }) | (Damage::Junk { .. }, Damage::Junk { .. })
            )
        };
        if !self.bad.last().is_some_and(same) {
            self.bad.push(damage);
        }
        if self.bad.len() > 1_000 {
            self.bad = few(std::mem::take(&mut self.bad));
        }
    }

    /// What was read; what was being written when a file was cut is the cut, not a second fault.
    fn log(mut self, last: usize) -> Log {
        if !self.is_closed {
            self.bad.pop_if(|d| matches!(d, Damage::BadLine { line, .. } if *line == last));
            self.bad.push(Damage::CutShort { line: last });
        } else if self.bad.is_empty() && self.is_odd {
            self.bad.push(Damage::NotJson);
        }
        let mut log = checked(self.head, self.lines, self.bad);
        if log.damage.is_empty() {
            log.damage.push(Damage::NotJson);
        }
        log.damage = few(log.damage);
        log
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'-' | b'+' | b'.')
}

fn is_blank(byte: u8) -> bool {
    byte == b',' || byte.is_ascii_whitespace() && byte != b'\x0c'
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use crate::log::SessionId;
    use crate::session::tests::{head, judge, stamp};
    use crate::store::codec::tests::sample;
    use crate::store::codec::{Encoder, archive_text, read_all};

    fn another(n: u64) -> String {
        sample(n).whole().replace("00000001", "00000002")
    }

    /// How many events each session of some bytes has.
    fn sizes(text: &[u8]) -> (Vec<usize>, Vec<Damage>) {
        let (archive, damage) = read_all(text).unwrap();
        (archive.members().map(|m| m.entries.len()).collect(), damage)
    }

    /// Every (head, event) of some bytes; nothing where nothing can be read.
    fn elements(text: &[u8]) -> BTreeSet<String> {
        let archive = read_all(text).map(|(archive, _)| archive).unwrap_or_default();
        archive.members().flat_map(|m| m.entries.iter().map(move |e| format!("{} {}", m.head, e.event))).collect()
    }

    #[test]
    fn no_log_gets_the_events_of_another() {
        let (a, b) = (log_of(2), log_of(3));
        let headless = b.split_once('\n').unwrap().1;
        let cut = &a[..a.len() - 12];
        for between in ["\u{feff}", "x", "> ", "\0\0\0", "xyz\n", "]}\n", "\n\n,"] {
            assert_eq!(sizes(format!("{a}{between}{b}").as_bytes()).0, [3, 4], "{between:?}");
            assert_eq!(sizes(format!("{cut}{between}{b}").as_bytes()).0, [2, 4], "{between:?}");
        }
        for (first, kept) in [(a.as_str(), 3), (cut, 2)] {
            let (events, damage) = sizes(format!("{first}{headless}").as_bytes());
            assert_eq!(events, [kept]);
            assert!(damage.iter().any(|d| matches!(d, Damage::NoHead { .. })), "{damage:?}");
        }
        assert_eq!(sizes(format!("{headless}{a}").as_bytes()), (vec![3], vec![Damage::NoHead { line: 1 }]));
    }

    #[test]
    fn junk_in_a_merged_log_costs_nothing_but_itself() {
        let merged = archive_text(&read_all(format!("{}{}", sample(3).whole(), another(4)).as_bytes()).unwrap().0);
        let lines: Vec<&str> = merged.lines().collect();
        for junk in ["xyz\n", "-- \nhi\n", "\0\0\0\0\n", "\0\0", "{\"format\":\"xunjie-log\",\n", "\"", "[1]\n"] {
            let (first, last) = (lines[0], lines[1]);
            for text in [
                format!("{junk}{first}\n{last}\n"),
                format!("{first}\n{junk}{last}\n"),
                format!("{first}\n{last}\n{junk}"),
                format!("{first}{junk}{last}"),
            ] {
                let (events, damage) = sizes(text.as_bytes());
                assert_eq!((events, damage.len()), (vec![3, 4], 1), "{text}");
            }
        }
    }

    #[test]
    fn a_torn_line_of_a_merged_log_keeps_every_whole_event() {
        let merged = archive_text(&read_all(sample(4).whole().as_bytes()).unwrap().0);
        let first = memmem::find(merged.as_bytes(), EVENTS).unwrap() + EVENTS.len();
        let whole = read_all(merged.as_bytes()).unwrap().0;
        let ends: Vec<usize> = memmem::find_iter(merged.as_bytes(), "},{\"seq\"").map(|at| at + 1).collect();
        for cut in first..merged.len() - 2 {
            let (archive, damage) = read_all(&merged.as_bytes()[..cut]).unwrap();
            let kept = ends.iter().filter(|end| **end <= cut).count() + usize::from(cut == merged.len() - 3);
            assert_eq!(archive.events(), kept, "cut at {cut}");
            assert_eq!(damage, [Damage::CutShort { line: 1 }], "cut at {cut}");
            assert!(whole.holds(&archive));
        }
    }

    #[test]
    fn a_union_larger_than_a_log_is_read_again() {
        let copy = |from: u64| {
            let mut encoder = Encoder::new(&head());
            for seq in from..from + 12_000 {
                let act = judge("3.10", crate::log::Verdict::Fail);
                encoder.push(&crate::log::Event { seq, at: stamp(), ms: seq, act });
            }
            encoder.whole()
        };
        let text = archive_text(&read_all(format!("{}{}", copy(1), copy(12_001)).as_bytes()).unwrap().0);
        assert_eq!(text.lines().count(), 2);
        let (again, damage) = read_all(text.as_bytes()).unwrap();
        assert_eq!((again.events(), damage.len(), archive_text(&again) == text), (24_000, 0, true));
    }

    /// What a disk does to a block that goes over the end of one file and the beginning of the next.
    #[derive(Clone, Copy, Debug)]
    enum Block {
        Gone,
        Zeroed,
        Overwritten(&'static str),
        Doubled,
        /// Put in again further down.
        Moved(usize),
    }

    impl Block {
        fn apply(self, text: &str, from: usize, length: usize) -> Vec<u8> {
            let bytes = text.as_bytes();
            let from = from.min(bytes.len());
            let to = (from + length).min(bytes.len());
            let (before, block, after) = (&bytes[..from], &bytes[from..to], &bytes[to..]);
            match self {
                Self::Gone => [before, after].concat(),
                Self::Zeroed => [before, &vec![0; block.len()], after].concat(),
                Self::Overwritten(with) => {
                    [before, with.repeat(block.len() / with.len() + 1).as_bytes(), after].concat()
                }
                Self::Doubled => [before, block, block, after].concat(),
                Self::Moved(by) => {
                    let at = by.min(after.len());
                    [before, &after[..at], block, &after[at..]].concat()
                }
            }
        }
    }

    fn block() -> impl Strategy<Value = Block> {
        prop_oneof![
            Just(Block::Gone),
            Just(Block::Zeroed),
            prop::sample::select(vec!["x", "{", "\"", "]}\n", ",\n"]).prop_map(Block::Overwritten),
            Just(Block::Doubled),
            (0usize..900).prop_map(Block::Moved),
        ]
    }

    /// Which logs each session got events of, told by the targets.
    fn owners(text: &[u8]) -> Vec<BTreeSet<usize>> {
        let archive = read_all(text).map(|(archive, _)| archive).unwrap_or_default();
        let owners = |member: crate::archive::Member| {
            let named = |entry: &crate::archive::Entry| (1..9).find(|i| entry.event.contains(&format!("3.0{i}\"")));
            member.entries.iter().filter_map(named).collect()
        };
        archive.members().map(owners).collect()
    }

    #[derive(Clone, Debug)]
    enum Harm {
        Cut(usize),
        Headless,
        Junk(usize, &'static str),
        DropLine(usize),
    }

    fn harm() -> impl Strategy<Value = Harm> {
        let junk =
            prop::sample::select(vec!["\u{feff}", "x", "\0\0", "\n", "]}\n", "{", "}", ",", "\"", "[1]", "{\"seq\":"]);
        prop_oneof![
            (0usize..900).prop_map(Harm::Cut),
            Just(Harm::Headless),
            (0usize..900, junk).prop_map(|(at, junk)| Harm::Junk(at, junk)),
            (1usize..5).prop_map(Harm::DropLine),
        ]
    }

    fn harmed(text: &str, harm: &Harm) -> String {
        let place = |at: usize| (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        match harm {
            Harm::Cut(at) => text[..place(*at)].to_owned(),
            Harm::Headless => text.split_once('\n').map_or("", |(_, rest)| rest).to_owned(),
            Harm::Junk(at, junk) => format!("{}{junk}{}", &text[..place(*at)], &text[place(*at)..]),
            Harm::DropLine(n) => {
                text.split_inclusive('\n').enumerate().filter(|(i, _)| i != n).map(|(_, line)| line).collect()
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        /// L6 and L7 over damage: whatever happens to some logs of a pile, no log gets an event of another, and the logs
        /// nothing happened to are whole.
        #[test]
        fn nothing_is_given_to_another_and_what_is_whole_stays_whole(
            harms in prop::collection::vec(prop::option::of(harm()), 1..5)
        ) {
            let mut whole = BTreeSet::new();
            let mut text = String::new();
            for (i, harm) in harms.iter().enumerate() {
                let log = log_of(u8::try_from(i + 1).unwrap());
                match harm {
                    None => {
                        whole.extend(elements(log.as_bytes()));
                        text.push_str(&log);
                    }
                    Some(harm) => text.push_str(&harmed(&log, harm)),
                }
            }
            let read = elements(text.as_bytes());
            let lost: Vec<_> = whole.difference(&read).collect();
            prop_assert!(lost.is_empty(), "{lost:?} {text}");
            prop_assert!(owners(text.as_bytes()).iter().all(|o| o.len() <= 1), "{text}");
        }

        /// A block that covers the end of one log and the head of the next gives no event of either to the other, in our
        /// layout or any other. Disks lose 512 bytes at a time.
        #[test]
        fn a_block_over_the_seam_of_two_logs_gives_nothing_to_another(
            (sizes, from, length) in (prop::collection::vec(1u8..9, 2..4), 0usize..4_000, 512usize..3_000),
            block in block(),
            is_laid_out in any::<bool>(),
        ) {
            let lay_out = |log: String| {
                let value: serde_json::Value = serde_json::from_str(&log).unwrap();
                if is_laid_out { in_order(&value) } else { log }
            };
            let text: String = sizes.iter().map(|i| lay_out(log_of(*i))).collect();
            let harmed = block.apply(&text, from, length);
            prop_assert!(owners(&harmed).iter().all(|o| o.len() <= 1), "{}", String::from_utf8_lossy(&harmed));
            // What is read by one door is read by the other.
            if let Ok(log) = crate::store::codec::read(&harmed) {
                let all = elements(&harmed);
                let missing = log.lines.iter().filter(|l| !all.iter().any(|e| e.ends_with(&l.bare()))).count();
                prop_assert_eq!(missing, 0);
            }
        }
    }

    /// A log as another program lays it out: the fields in their order, a line each.
    fn in_order(value: &serde_json::Value) -> String {
        const FIELDS: [&str; 12] =
            ["format", "version", "seq", "in", "id", "at", "ms", "head", "do", "events", "target", "verdict"];
        fn write(value: &serde_json::Value, depth: usize, out: &mut String) {
            let line = |out: &mut String, depth: usize| {
                out.push('\n');
                out.push_str(&"  ".repeat(depth));
            };
            match value {
                serde_json::Value::Object(map) => {
                    let rest = map.keys().map(String::as_str).filter(|k| !FIELDS.contains(k));
                    let names: Vec<&str> = FIELDS.into_iter().chain(rest).filter(|k| map.contains_key(*k)).collect();
                    out.push('{');
                    for (i, name) in names.into_iter().enumerate() {
                        out.push_str(if i > 0 { "," } else { "" });
                        line(out, depth + 1);
                        out.push_str(&format!("\"{name}\": "));
                        write(&map[name], depth + 1, out);
                    }
                    line(out, depth);
                    out.push('}');
                }
                serde_json::Value::Array(items) => {
                    out.push('[');
                    for (i, item) in items.iter().enumerate() {
                        out.push_str(if i > 0 { "," } else { "" });
                        line(out, depth + 1);
                        write(item, depth + 1, out);
                    }
                    line(out, depth);
                    out.push(']');
                }
                other => out.push_str(&other.to_string()),
            }
        }
        let mut out = String::new();
        write(value, 0, &mut out);
        out.push('\n');
        out
    }

    #[test]
    fn a_log_that_was_laid_out_anew_loses_a_bad_event_and_no_other() {
        let laid_out = in_order(&serde_json::from_str(&sample(6).whole()).unwrap());
        assert_eq!(read_all(laid_out.as_bytes()).unwrap().0.events(), 6);
        let line = laid_out.lines().position(|l| l.contains("\"seq\": 3,")).unwrap();
        for (from, to) in
            [("\"seq\": 3", "\"seq\": x"), ("\"ms\": 3000", "\"ms\": 3000\""), ("\"seq\": 3", "\"seq\": 3 4")]
        {
            let text = laid_out.replacen(from, to, 1);
            assert_ne!(text, laid_out);
            for read in [
                read_all(text.as_bytes()).map(|(a, d)| (a.events(), d)),
                crate::store::codec::read(text.as_bytes()).map(|log| (log.lines.len(), log.damage)),
            ] {
                let (events, damage) = read.unwrap();
                assert_eq!(events, 5, "{to} {damage:?}");
                assert!(
                    damage.iter().any(|d| matches!(d, Damage::BadLine { line: at, .. } if *at == line)),
                    "{line} {damage:?}"
                );
            }
        }
        // Behind noise and before another log too.
        let (own, other) = (laid_out.replacen("\"seq\": 3", "\"seq\": x", 1), another(4));
        assert_eq!(sizes(format!("noise\n{own}{other}").as_bytes()).0, [5, 4]);
    }

    #[test]
    fn a_log_goes_on_behind_a_block_that_looks_like_its_end() {
        let text = sample(9).whole();
        let from = text.find(",\n{\"seq\":3,").unwrap();
        let to = text.find("{\"seq\":6,").unwrap();
        let ends = "]}\n".repeat((to - from) / 3 + 1);
        let (own, other) = (format!("{}{}{}", &text[..from], &ends[..to - from], &text[to..]), another(4));
        for (text, expect) in [(own.clone(), vec![6]), (format!("{own}{other}"), vec![6, 4])] {
            let (events, damage) = sizes(text.as_bytes());
            assert_eq!(events, expect, "{damage:?}");
            assert!(!damage.is_empty());
        }
    }

    #[test]
    fn the_tail_of_a_log_whose_head_was_lost_is_not_given_to_the_log_before() {
        // The numbers go on where those of the log before end, as if they were its own.
        let (a, b) = (log_of(2), log_of(6));
        let tail = b.find("{\"seq\":5").unwrap();
        for hole in ["", "\0\0\0\0", "xxxx", "\n"] {
            let cut = &a[..a.rfind("\n]}").unwrap()];
            let text = format!("{cut}{hole}{}", &b[tail..]);
            let (events, damage) = sizes(text.as_bytes());
            assert_eq!(events, [3], "{hole:?}");
            assert!(damage.iter().any(|d| matches!(d, Damage::NoHead { .. })), "{hole:?} {damage:?}");
        }
        // Even where it makes one whole document.
        let text = format!("{},\n{}", &a[..a.rfind("\n]}").unwrap()], &b[tail..]);
        let (events, damage) = sizes(text.as_bytes());
        assert_eq!(events, [3]);
        assert!(damage.iter().any(|d| matches!(d, Damage::Foreign { seq: 5, .. })), "{damage:?}");
    }

    /// A log whose every event names a target of its own.
    fn log_of(i: u8) -> String {
        let mut head = head();
        head.id = SessionId::try_from(format!("0190abcd-0000-7000-8000-00000000000{i}")).unwrap();
        let mut encoder = Encoder::new(&head);
        for seq in 1..=u64::from(i) + 1 {
            let act = judge(&format!("3.0{i}"), crate::log::Verdict::Fail);
            encoder.push(&crate::log::Event { seq, at: stamp(), ms: seq, act });
        }
        encoder.whole()
    }
}
