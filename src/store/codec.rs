//! The bytes of a log: one JSON document, the head and each event on lines of their own, the last line `]}`.
//!
//! Saving writes over that last line, so the document is valid JSON after every save and no byte of an event that was
//! saved is ever changed. Behind the last line blanks fill the block of the disk it is in: what is saved next is written
//! within that block, which a disk writes wholly or not at all, and which needs no room on a full one. Reading takes the
//! document as a whole where it parses, else line by line: a damaged line costs itself and is named.
//!
//! Each event carries a [`link`](crate::log::link) to what stands before it, and since version 2 the mark of its session, so that nothing
//! that happens to a file ever gives it to another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::archive::Archive;
use crate::log::{Event, Head, Line, Object, SessionId};
use crate::shape::{self, Encoding};
use crate::store::salvage;

/// The word in `format`.
pub const FORMAT: &str = "xunjie-log";
/// The newest version of the format this program reads, and the one it writes. Each step says what it brought:
///
/// 1. The first one.
/// 2. Events name their session (`in`); heads name their district; what a fail covers; photographs of what was put right;
///    assignments, issued papers, voided fails, withdrawn records, cases that are the same.
///
/// A log of version 1 is one of version 2 that lacks all this: it is read as it is, and keeps its lines and links when it
/// is written again. Its events belong to it where it is whole, or where their links prove it.
pub const VERSION: u64 = 2;
/// The most events of one session.
pub const MAX_EVENTS: usize = 20_000;
/// The largest session log, in bytes.
pub const MAX_BYTES: u64 = 16 << 20;
/// A document of a merged log is closed before it has so many bytes of events; the rest is room for its head.
const FULL_DOCUMENT: usize = MAX_BYTES as usize - (1 << 20);
/// How the first line of a log begins.
pub const BEGINNING: &[u8] = b"{\"format\":\"xunjie-log\"";
/// How many damages of one log are named; the rest only counts.
const MAX_NAMED: usize = 100;
/// The longest reason that is kept, in characters.
pub(super) const MAX_WHY: usize = 200;
/// The last line of a log.
pub const TAIL: &str = "]}\n";
/// What a disk writes wholly or not at all, in bytes.
pub const BLOCK: usize = 4096;

/// Where a log ends in a file that is laid out in blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Behind its last line; blanks and a line feed follow.
    end: usize,
    /// The bytes of the file.
    length: usize,
}

impl Room {
    pub fn length(self) -> u64 {
        self.length as u64
    }

    /// Where so many bytes are written over so many at the end of the log, all within the last block, and the room behind
    /// them; none where they do not fit.
    pub fn take(self, bytes: usize, over: usize) -> Option<(u64, Self)> {
        let at = self.end.checked_sub(over)?;
        let end = at + bytes;
        let fits = at + BLOCK >= self.length && end < self.length;
        fits.then_some((at as u64, Self { end, ..self }))
    }
}

/// Writes a session: gives each next event its line, and the whole document when it must be written anew.
#[derive(Clone, Debug)]
pub struct Encoder {
    session: SessionId,
    first: String,
    lines: Vec<String>,
    chain: String,
}

impl Encoder {
    pub fn new(head: &Head) -> Self {
        let session = head.id.clone();
        let head = to_line(head);
        Self {
            session,
            first: format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"head\":{head},\"events\":[\n"),
            lines: Vec::new(),
            chain: head,
        }
    }

    /// Goes on where a log that was read ends. Its links stay as they were read, so that a broken one stays visible.
    pub fn resume(log: &Log) -> Self {
        let mut encoder = Self::new(&log.head);
        for line in &log.lines {
            let chain = line.chain.clone().unwrap_or_else(|| line.chain_after(&encoder.chain));
            encoder.add(&line.bare(), chain);
        }
        encoder
    }

    /// Adds an event; [`Encoder::since`] and [`Encoder::whole`] then hold it.
    pub fn push(&mut self, event: &Event) {
        let line = Line::new(event.clone(), &self.session);
        let chain = line.chain_after(&self.chain);
        self.add(&line.bare(), chain);
    }

    fn add(&mut self, bare: &str, chain: String) {
        self.lines.push(with_chain(bare, &chain));
        self.chain = chain;
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What to write over the end of a log that holds the first `events` events, and over how many bytes of it.
    pub fn since(&self, events: usize) -> (String, usize) {
        let mut out = String::new();
        for (i, line) in self.lines[events..].iter().enumerate() {
            if i + events > 0 {
                out.push_str(",\n");
            }
            out.push_str(line);
        }
        out.push_str(closing(self.len()));
        (out, closing(events).len())
    }

    /// The whole document.
    pub fn whole(&self) -> String {
        self.first.clone() + &self.since(0).0 + "\n"
    }

    /// The whole document as it is written to a file: with blanks behind the first line where the last one would leave
    /// less than half a block to what comes next, and behind the last one up to the end of its block.
    pub fn laid_out(&self) -> (String, Room) {
        let (body, _) = self.since(0);
        let used = (self.first.len() + body.len() - closing(self.len()).len()) % BLOCK;
        let before = if used > BLOCK / 2 { BLOCK - used } else { 0 };
        let end = self.first.len() + before + body.len();
        let length = (end + 1).next_multiple_of(BLOCK);
        let (first, behind) = (self.first.trim_ascii_end(), length - end - 1);
        let text = format!("{first}{:before$}\n{body}{:behind$}\n", "", "");
        (text, Room { end, length })
    }

    /// Where this log ends in some bytes, if they are byte for byte as this program writes it.
    pub fn room_in(&self, bytes: &[u8]) -> Option<Room> {
        let rest = bytes.strip_prefix(self.first.trim_ascii_end().as_bytes())?;
        let rest = unblanked(rest).strip_prefix(b"\n")?.strip_prefix(self.since(0).0.as_bytes())?;
        let end = bytes.len() - rest.len();
        (unblanked(rest) == b"\n").then_some(Room { end, length: bytes.len() })
    }
}

/// The last line of a log without its line feed, and with that of the event before it.
const CLOSING: &str = "]}";
const LAST_LINE: &str = "\n]}";

/// What stands at the end of a log of so many events.
pub fn closing(events: usize) -> &'static str {
    if events == 0 { CLOSING } else { LAST_LINE }
}

/// Without the blanks it begins with.
fn unblanked(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|b| **b == b' ').count()..]
}

/// How many bytes an event takes in the file.
pub fn line_length(event: &Event) -> u64 {
    // The marks of its session, the link, the comma and the line feed come on top of the event.
    to_line(event).len() as u64 + 54
}

/// A log that was read, and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    pub head: Head,
    pub lines: Vec<Line>,
    pub damage: Vec<Damage>,
}

impl Log {
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.lines.iter().map(|l| &l.event)
    }
}

/// Something wrong with a log that could be read all the same. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The last line is missing: the file was cut short after this line.
    CutShort { line: usize },
    /// A line that is no event; it is left out.
    BadLine { line: usize, why: String },
    /// The first event that does not fit the chain: something before or in it was changed.
    BrokenChain { line: usize, seq: u64 },
    /// An event that comes twice or out of order.
    OutOfOrder { line: usize, seq: u64 },
    /// A log among others that begins on this line and is not read at all.
    Refused { line: usize, why: Box<Refusal> },
    /// Something that belongs to no log begins on this line.
    Junk { line: usize },
    /// Events begin on this line whose log is not known, because its head is missing.
    NoHead { line: usize },
    /// An event that does not bear the mark of its session at both ends: a piece of another's, or two pieces; it is left out.
    Foreign { line: usize, seq: u64 },
    /// Another log begins on this line, where only one is read.
    OtherLog { line: usize },
    /// The lines can be read, the document as a whole is no JSON.
    NotJson,
    /// So many more damages are not named.
    More { count: usize },
}

impl Damage {
    /// The same damage in a file where so many lines stand before the log.
    pub fn further_down(self, lines: usize) -> Self {
        match self {
            Self::CutShort { line } => Self::CutShort { line: line + lines },
            Self::BadLine { line, why } => Self::BadLine { line: line + lines, why },
            // In a document laid out anew the line of an event is not known.
            Self::BrokenChain { line, seq } if line > 0 => Self::BrokenChain { line: line + lines, seq },
            Self::OutOfOrder { line, seq } if line > 0 => Self::OutOfOrder { line: line + lines, seq },
            Self::Foreign { line, seq } if line > 0 => Self::Foreign { line: line + lines, seq },
            Self::Refused { line, why } => Self::Refused { line: line + lines, why },
            Self::Junk { line } => Self::Junk { line: line + lines },
            Self::NoHead { line } => Self::NoHead { line: line + lines },
            Self::OtherLog { line } => Self::OtherLog { line: line + lines },
            other => other,
        }
    }
}

/// Why a file is not read as a log at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Empty,
    Encoding(Encoding),
    NotALog,
    Newer {
        found: u64,
    },
    BadHead {
        line: usize,
        why: String,
    },
    TooManyEvents,
    /// Larger than a log may be.
    TooLarge,
    /// Links are not followed: they lead where nobody looked.
    Link,
    /// A pipe, a device.
    NotAFile,
}

/// Reads one session log.
pub fn read(bytes: &[u8]) -> Result<Log, Refusal> {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(Refusal::Empty);
    }
    match shape::decode(bytes) {
        Ok(text) => match serde_json::from_str::<Object<Document>>(text) {
            Ok(Object(document)) => document.log(text),
            Err(_) => salvage::one(bytes.trim_ascii_start()).map_err(|why| match why {
                Refusal::NotALog => newer(text).unwrap_or(Refusal::NotALog),
                other => other,
            }),
        },
        Err(Encoding::Utf16) => Err(Refusal::Encoding(Encoding::Utf16)),
        Err(Encoding::NotUtf8) => salvage::one(bytes).map_err(|why| match why {
            Refusal::NotALog => Refusal::Encoding(Encoding::NotUtf8),
            other => other,
        }),
    }
}

/// Reads any sequence of logs: one session log, a merged log, several of either one after another, or nothing.
/// What cannot be read is named with its line; everything else is taken.
pub fn read_all(bytes: &[u8]) -> Result<(Archive, Vec<Damage>), Refusal> {
    let mut archive = Archive::default();
    let damage = read_each(bytes, &mut |head, lines| archive.add(&head, lines))?;
    Ok((archive, damage))
}

/// What each log of a sequence is given to.
pub type Take<'a> = &'a mut dyn FnMut(Head, Vec<Line>);

/// The same, log by log, so that no more is kept than must be.
pub fn read_each(bytes: &[u8], take: Take) -> Result<Vec<Damage>, Refusal> {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    salvage::all(bytes, take).map_err(|why| why.filter(|w| *w != Refusal::NotALog).unwrap_or_else(|| refusal(bytes)))
}

/// Why nothing at all is read.
fn refusal(bytes: &[u8]) -> Refusal {
    read(bytes).err().unwrap_or(Refusal::NotALog)
}

/// As many damages as are named; the rest only counts.
pub fn few(mut damage: Vec<Damage>) -> Vec<Damage> {
    let more: usize =
        damage.iter().skip(MAX_NAMED).map(|d| if let Damage::More { count } = d { *count } else { 1 }).sum();
    damage.truncate(MAX_NAMED);
    damage.extend((more > 0).then_some(Damage::More { count: more }));
    damage
}

/// A merged log: one document a line, by id; equal archives give equal bytes. A session that has grown over what one
/// document may hold, which only copies that were continued apart can, is several documents.
pub fn archive_text(archive: &Archive) -> String {
    let mut out = String::new();
    for member in archive.members() {
        let begin = format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"head\":{},\"events\":[", member.head);
        out.push_str(&begin);
        let (mut events, mut from) = (0, out.len());
        for entry in member.entries {
            if events == MAX_EVENTS || (events > 0 && out.len() - from + entry.event.len() > FULL_DOCUMENT) {
                out.push_str("]}\n");
                out.push_str(&begin);
                (events, from) = (0, out.len());
            }
            if events > 0 {
                out.push(',');
            }
            match &entry.chain {
                Some(chain) => out.push_str(&with_chain(&entry.event, chain)),
                None => out.push_str(&entry.event),
            }
            events += 1;
        }
        out.push_str("]}\n");
    }
    out
}

/// An event's line with its link in the chain.
fn with_chain(bare: &str, chain: &str) -> String {
    format!("{},\"chain\":\"{chain}\"}}", &bare[..bare.len() - 1])
}

/// The document as a whole.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    format: FormatWord,
    pub(super) version: u64,
    pub(super) head: Object<Head>,
    pub(super) events: Vec<Line>,
}

#[derive(Deserialize)]
enum FormatWord {
    #[serde(rename = "xunjie-log")]
    Log,
}

impl Document {
    fn log(self, text: &str) -> Result<Log, Refusal> {
        let FormatWord::Log = self.format;
        supported(self.version)?;
        if self.events.len() > MAX_EVENTS {
            return Err(Refusal::TooManyEvents);
        }
        let head = self.head.0;
        // In our own layout event n stands on line n + 1. In a file that was laid out anew only the number of the event is known.
        let own = text.lines().count() == self.events.len() + 2;
        let lines = self.events.into_iter().enumerate().map(|(i, l)| (if own { i + 2 } else { 0 }, l));
        let (lines, foreign) = own_events(&head.id, lines);
        Ok(checked(head, lines, foreign))
    }
}

/// Parts the events that may belong to a session from those that say that they belong to another.
pub(super) fn own_events(
    session: &SessionId,
    lines: impl Iterator<Item = (usize, Line)>,
) -> (Vec<(usize, Line)>, Vec<Damage>) {
    let mark = session.mark();
    let mut foreign = Vec::new();
    let mut own = Vec::with_capacity(lines.size_hint().0);
    for (at, line) in lines {
        match line.bears(mark) {
            Some(false) => foreign.push(Damage::Foreign { line: at, seq: line.event.seq }),
            _ => own.push((at, line)),
        }
    }
    (own, few(foreign))
}

/// Follows the chain and the numbers; both only flag, the events still count.
pub(super) fn checked(head: Head, lines: Vec<(usize, Line)>, mut damage: Vec<Damage>) -> Log {
    let mut chain = to_line(&head);
    let mut broken = false;
    let mut last = 0;
    let mut disorder = 0;
    for (at, line) in &lines {
        let expected = line.chain_after(&chain);
        if line.chain.as_ref() != Some(&expected) && !broken {
            damage.push(Damage::BrokenChain { line: *at, seq: line.event.seq });
            broken = true;
        }
        chain = line.chain.clone().unwrap_or(expected);
        if line.event.seq != last + 1 {
            disorder += 1;
            if disorder <= MAX_NAMED {
                damage.push(Damage::OutOfOrder { line: *at, seq: line.event.seq });
            }
        }
        last = line.event.seq;
    }
    if disorder > MAX_NAMED {
        damage.push(Damage::More { count: disorder - MAX_NAMED });
    }
    Log { head, lines: lines.into_iter().map(|(_, l)| l).collect(), damage }
}

/// The first line of a damaged file: everything up to the events.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstLine {
    format: FormatWord,
    version: u64,
    head: Object<Head>,
    #[serde(rename = "events")]
    _events: [(); 0],
}

/// Whether a document in another layout is a log of a newer version.
fn newer(text: &str) -> Option<Refusal> {
    #[derive(Deserialize)]
    struct Declared {
        format: FormatWord,
        version: u64,
    }
    let declared = serde_json::from_str::<Object<Declared>>(text).ok()?.0;
    let FormatWord::Log = declared.format;
    (declared.version > VERSION).then_some(Refusal::Newer { found: declared.version })
}

/// The version and the head of a log, from everything before its first event.
pub(super) fn first_line(row: &[u8]) -> Result<(u64, Head), Refusal> {
    let bad = |why: String| Refusal::BadHead { line: 1, why: why.chars().take(MAX_WHY).collect() };
    let row = std::str::from_utf8(row).map_err(|e| bad(e.to_string()))?;
    let first = serde_json::from_str::<Object<FirstLine>>(&format!("{row}]}}"))
        .map_err(|e| version_of(row).unwrap_or_else(|| bad(e.to_string())))?
        .0;
    let FormatWord::Log = first.format;
    Ok((first.version, first.head.0))
}

/// Whether this program reads a version.
pub(super) fn supported(version: u64) -> Result<(), Refusal> {
    match version {
        1..=VERSION => Ok(()),
        0 => Err(Refusal::BadHead { line: 1, why: "version 0".into() }),
        found => Err(Refusal::Newer { found }),
    }
}

/// The version a first line declares, where it is not ours.
fn version_of(first: &str) -> Option<Refusal> {
    let rest = first.split_once("\"version\":")?.1;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|v| *v > VERSION).map(|found| Refusal::Newer { found })
}

/// One line of canonical JSON. Our own types have string keys and finite numbers only, so this cannot fail.
pub(super) fn to_line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The shape of a log file, for its JSON Schema.
#[derive(JsonSchema)]
#[schemars(title = "xunjie log", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct LogFile {
    #[schemars(extend("const" = FORMAT))]
    format: String,
    version: u64,
    head: Head,
    events: Vec<EventLine>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct EventLine {
    #[schemars(flatten)]
    event: Event,
    /// The last 8 hex digits of the id of its session; absent in events of version 1.
    #[schemars(rename = "in", default, regex(pattern = "^[0-9a-f]{8}$"))]
    mark: String,
    /// Damage evidence: 16 digits of a link to what stands before it, and behind them those of `in` once more.
    #[schemars(regex(pattern = "^[0-9a-f]{16}([0-9a-f]{8})?$"))]
    chain: String,
}

/// The JSON Schema (2020-12) of a log.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(LogFile).to_value()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::log::{Act, Judgement, Note, Verdict};
    use crate::session::tests::{head, judge, stamp};

    fn event(seq: u64, act: Act) -> Event {
        Event { seq, at: stamp(), ms: seq * 1000, act }
    }

    pub(in crate::store) fn sample(n: u64) -> Encoder {
        let mut encoder = Encoder::new(&head());
        for seq in 1..=n {
            let mut act = judge("3.10", Verdict::Fail);
            if let Act::Judge(Judgement { note, .. }) = &mut act {
                *note = Some(Note::try_from(format!("桶满, \"两处\" {seq}\n")).unwrap());
            }
            encoder.push(&event(seq, act));
        }
        encoder
    }

    #[test]
    fn the_document_is_json_after_every_save_and_appending_equals_writing_anew() {
        let all = sample(5);
        let mut file = sample(0).whole();
        for n in 0..5 {
            let (bytes, over) = sample(n + 1).since(usize::try_from(n).unwrap());
            file.truncate(file.len() - over - 1);
            file.push_str(&bytes);
            file.push('\n');
            assert_eq!(file, sample(n + 1).whole());
            serde_json::from_str::<serde_json::Value>(&file).unwrap();
            assert!(file.ends_with("\n]}\n"));
        }
        let log = read(file.as_bytes()).unwrap();
        assert_eq!((log.lines.len(), log.damage.as_slice()), (5, &[][..]));
        assert_eq!(Encoder::resume(&log).whole(), all.whole());
    }

    #[test]
    fn a_log_laid_out_in_blocks_is_the_same_log_and_what_fits_is_written_within_the_last_block() {
        let (text, mut room) = sample(0).laid_out();
        let (mut file, mut anew) = (text.into_bytes(), 0);
        for n in 1..=200 {
            let encoder = sample(n);
            let (bytes, over) = encoder.since(encoder.len() - 1);
            match room.take(bytes.len(), over) {
                Some((at, next)) => {
                    let at = usize::try_from(at).unwrap();
                    assert_eq!(at / BLOCK, (at + bytes.len()) / BLOCK, "one block");
                    assert!(at >= file.len() - BLOCK);
                    file[at..at + bytes.len()].copy_from_slice(bytes.as_bytes());
                    room = next;
                }
                None => {
                    anew += 1;
                    let (text, next) = encoder.laid_out();
                    (file, room) = (text.into_bytes(), next);
                    assert!(file.len() <= encoder.whole().len() + 2 * BLOCK);
                }
            }
            assert!(file.len().is_multiple_of(BLOCK) && file.ends_with(b"\n"));
            serde_json::from_slice::<serde_json::Value>(&file).unwrap();
            let log = read(&file).unwrap();
            assert_eq!((log.lines.len(), log.damage.len()), (encoder.len(), 0));
            assert_eq!(encoder.room_in(&file), Some(room));
            let line = std::str::from_utf8(&file).unwrap().lines().nth(encoder.len()).unwrap();
            assert!(line.contains(&format!("\"seq\":{n},")), "event n stands on line n + 1");
        }
        assert!(anew < 200 / 8, "{anew} times the whole");
        let compact = sample(3).whole();
        assert!(sample(3).room_in(compact.as_bytes()).unwrap().take(1, 0).is_none());
        assert_eq!(sample(2).room_in(compact.as_bytes()), None);
    }

    #[test]
    fn a_log_cut_after_any_byte_keeps_every_whole_event_and_says_where_it_was_cut() {
        let whole = sample(4).whole();
        let first = whole.find('\n').unwrap();
        for cut in 0..whole.len() {
            let bytes = &whole.as_bytes()[..cut];
            let lines = bytes.iter().filter(|b| **b == b'\n').count();
            match read(bytes) {
                Ok(log) => {
                    assert!(cut >= first);
                    assert!(log.lines.len() >= lines.saturating_sub(1).min(4), "cut at {cut}");
                    let expected: Vec<_> = read(whole.as_bytes()).unwrap().lines;
                    assert_eq!(log.lines[..], expected[..log.lines.len()]);
                    let complete = cut == whole.len() - 1;
                    assert_eq!(log.damage.is_empty(), complete, "cut at {cut}: {:?}", log.damage);
                    assert!(log.damage.iter().all(|d| matches!(d, Damage::CutShort { .. })), "{:?}", log.damage);
                }
                Err(_) => assert!(cut < first, "cut at {cut}"),
            }
        }
    }

    #[test]
    fn no_flipped_bit_is_taken_for_good() {
        let whole = sample(8).whole().into_bytes();
        assert!(whole.len() * 8 > 10_000);
        let good = read(&whole).unwrap();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << bit;
                if let Ok(log) = read(&bytes) {
                    let changed = log.lines != good.lines || log.head != good.head;
                    assert!(!changed || !log.damage.is_empty(), "byte {at} bit {bit} taken with changed content");
                }
            }
        }
    }

    #[test]
    fn a_damaged_line_costs_itself_and_is_named() {
        let text = sample(4).whole().replacen("\"seq\":2,", "\"seq\":,", 1);
        let log = read(text.as_bytes()).unwrap();
        let seqs: Vec<u64> = log.events().map(|e| e.seq).collect();
        assert_eq!(seqs, [1, 3, 4]);
        assert!(matches!(log.damage[0], Damage::BadLine { line: 3, .. }), "{:?}", log.damage);
        assert!(log.damage.contains(&Damage::BrokenChain { line: 4, seq: 3 }));
    }

    #[test]
    fn an_edited_event_is_named_and_counts() {
        let text = sample(4).whole().replacen("两处\\\" 2", "三处\\\" 2", 1);
        let log = read(text.as_bytes()).unwrap();
        assert_eq!(log.lines.len(), 4);
        assert_eq!(log.damage, [Damage::BrokenChain { line: 3, seq: 2 }]);
        // Going on with such a log keeps the flag.
        assert_eq!(Encoder::resume(&log).whole(), text);
    }

    #[test]
    fn a_log_that_was_laid_out_anew_is_the_same_log() {
        let value: serde_json::Value = serde_json::from_str(&sample(3).whole()).unwrap();
        let log = read(format!("\u{feff}{value:#}\r\n").as_bytes()).unwrap();
        assert_eq!(log.lines.len(), 3);
        let ours = read(sample(3).whole().as_bytes()).unwrap();
        assert_eq!(log.lines, ours.lines);
    }

    #[test]
    fn what_is_not_ours_is_refused_with_the_reason() {
        let why = |bytes: &[u8]| read(bytes).unwrap_err();
        let good = sample(1).whole();
        assert_eq!(why(b" \n"), Refusal::Empty);
        assert_eq!(why(b"\xef\xbb\xbf"), Refusal::Empty);
        assert_eq!(why(b"[1,2]"), Refusal::NotALog);
        assert_eq!(why(b"null"), Refusal::NotALog);
        assert_eq!(why(b"\xff\xfe{\x00"), Refusal::Encoding(Encoding::Utf16));
        assert_eq!(why(b"\xb0\xb2\xc8\xab"), Refusal::Encoding(Encoding::NotUtf8));
        assert_eq!(why(good.replace("\"version\":2", "\"version\":7").as_bytes()), Refusal::Newer { found: 7 });
        let newer = good.replace("\"version\":2", "\"version\":7").replace("\"kind\"", "\"sort\"");
        assert_eq!(why(newer.as_bytes()), Refusal::Newer { found: 7 });
        let pretty = newer.replace(",\"", ",\n  \"").replacen('{', "{\n  ", 1);
        assert_eq!(why(pretty.as_bytes()), Refusal::Newer { found: 7 });
        assert!(matches!(why(good.replace("\"kind\"", "\"sort\"").as_bytes()), Refusal::BadHead { line: 1, .. }));
    }

    #[test]
    fn logs_behind_one_another_are_read_each_for_itself() {
        let (a, b) = (sample(2).whole(), sample(3).whole().replace("00000001", "00000002"));
        let sizes = |text: &str| {
            let (archive, damage) = read_all(text.as_bytes()).unwrap();
            (archive.members().map(|m| m.entries.len()).collect::<Vec<_>>(), damage)
        };
        assert_eq!(sizes(""), (vec![], vec![]));
        assert_eq!(sizes(&format!("{a}{b}")), (vec![2, 3], vec![]));
        let merged = archive_text(&read_all(format!("{b}{a}").as_bytes()).unwrap().0);
        assert_eq!(merged.lines().count(), 2);
        assert_eq!(sizes(&format!("{merged}{a}")), (vec![2, 3], vec![]));
        // A log that was cut never takes in the events of the one behind it.
        let (cut, damage) = sizes(&format!("{}\n{b}", &a[..a.len() - 30]));
        assert_eq!(cut, [1, 3]);
        assert_eq!(damage[0], Damage::CutShort { line: 3 }, "{damage:?}");
        let (noise, damage) = sizes(&format!("{a}noise\n{b}"));
        assert_eq!(noise, [2, 3], "{damage:?}");
        assert_eq!(damage, [Damage::Junk { line: 5 }]);
    }

    #[test]
    fn a_log_of_noise_costs_little_and_says_so() {
        let noise = format!("{}{}", sample(1).whole().lines().next().unwrap(), "\n]}\n{}x".repeat(200_000));
        let log = read(noise.as_bytes()).unwrap();
        assert!(log.lines.is_empty() && log.damage.len() <= MAX_NAMED + 2, "{}", log.damage.len());
        assert_eq!(log.damage, [Damage::Junk { line: 3 }]);
        let noise = format!("{}{}", sample(1).whole().lines().next().unwrap(), "\n{\"seq\":x".repeat(200_000));
        let log = read(noise.as_bytes()).unwrap();
        assert!(log.lines.is_empty() && log.damage.len() <= MAX_NAMED + 2, "{}", log.damage.len());
        assert!(log.damage.iter().any(|d| matches!(d, Damage::More { count } if *count > 199_000)));
        // A separator that was changed is found although every line can be read.
        let text = sample(2).whole().replacen("},\n", "}\u{c}\n", 1);
        assert_eq!(read(text.as_bytes()).unwrap().damage, [Damage::NotJson]);
    }

    #[test]
    fn events_are_read_strictly() {
        let event = |text: &str| serde_json::from_str::<Line>(text);
        let base = r#""seq":1,"at":"2020-08-22T08:02:11+08:00","ms":1"#;
        assert!(event(&format!(r#"{{{base},"do":"undo","of":1}}"#)).is_ok());
        let bad = [
            format!(r#"{{{base},"do":"undo","of":1,"note":"x"}}"#),
            format!(r#"{{{base},"do":"undo","of":1,"of":2}}"#),
            format!(r#"{{{base},"do":"undo","of":1,"extra":0}}"#),
            format!(r#"{{{base},"do":"undo"}}"#),
            format!(r#"{{{base},"do":"undo","of":1.0}}"#),
            format!(r#"{{{base},"do":"judge","target":"3.10","verdict":"maybe"}}"#),
            format!(r#"{{{base},"do":"judge","target":"../x","verdict":"pass"}}"#),
            format!(r#"{{{base},"do":"judge","target":"3.10","verdict":"pass","place":["market"]}}"#),
            format!(r#"{{{base},"do":"judge","target":"3.10","verdict":"pass","note":"\ud800"}}"#),
            r#"[1,"2020-08-22T08:02:11+08:00",1,"undo",1]"#.to_owned(),
            r#"{"seq":0,"at":"2020-08-22T08:02:11+08:00","ms":1,"do":"undo","of":1}"#.to_owned(),
            r#"{"seq":1,"at":"2020-08-22T08:02:11","ms":1,"do":"undo","of":1}"#.to_owned(),
            r#"{"seq":18446744073709551615,"at":"2020-08-22T08:02:11Z","ms":1,"do":"undo","of":1}"#.to_owned(),
            r#"{"seq":-1,"at":"2020-08-22T08:02:11Z","ms":1,"do":"undo","of":1}"#.to_owned(),
        ];
        for text in bad {
            assert!(event(&text).is_err(), "{text}");
        }
        let long = "长".repeat(10_001);
        assert!(event(&format!(r#"{{{base},"do":"remark","note":"{long}"}}"#)).is_err());
    }
}
