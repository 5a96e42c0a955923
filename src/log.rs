//! What is recorded: the head of a session and its events. An event is never changed; a correction is another event.
//!
//! Reading is strict: unknown fields, wrong words, arrays in place of objects and values over the limits are errors,
//! so that nothing is understood by half.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::checklist::{TargetId, hex};
use crate::district::Source;
use crate::i18n::Both;
use crate::shape::{checked, is_id};

/// The longest note, in characters.
pub const MAX_NOTE: usize = 10_000;
/// The largest count: what every JSON reader takes exactly.
pub const MAX_COUNT: u64 = 1 << 53;
/// The longest name, in characters.
pub const MAX_NAME: usize = 64;

/// Who, where, why and with which checklist: fixed before the first event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// UUID v7.
    pub id: SessionId,
    pub kind: Kind,
    #[serde(deserialize_with = "object")]
    pub by: Person,
    #[serde(deserialize_with = "object")]
    pub device: Device,
    /// The district whose communities are meant, by the id in its file; absent in logs of version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<Code>,
    /// The community; absent in a review.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "maybe_object")]
    pub site: Option<SiteRef>,
    /// What is compared with what: the day of the walk, or a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    #[serde(deserialize_with = "object")]
    pub checklist: ChecklistRef,
    pub started: Stamp,
    /// The version of the program.
    pub app: Name,
}

/// What a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One inspector, one site, one sitting.
    Walk,
    /// A supervisor's rulings.
    Review,
}

/// An inspector or a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// A short code: 1 to 64 letters, digits, `.`, `_`, `-`.
    pub id: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}

impl Person {
    /// The name, or the code where there is no name.
    pub fn shown(&self) -> &str {
        self.name.as_ref().map_or(self.id.as_str(), Name::as_str)
    }
}

/// The installation a session was made with, and its counter of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Device {
    pub id: Code,
    /// One more for each session of this device.
    #[serde(deserialize_with = "count")]
    pub session: u64,
}

/// A community, with its name at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteRef {
    pub id: Code,
    #[serde(deserialize_with = "object")]
    pub name: Both,
}

/// Which checklist was used, down to its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistRef {
    pub id: Code,
    pub edition: Name,
    pub sha256: Code,
}

/// Something that happened in a session.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Event {
    /// 1, 2, 3 ... in the session.
    #[schemars(range(min = 1))]
    pub seq: u64,
    pub at: Stamp,
    /// Milliseconds since the program started, from a clock nobody can set.
    pub ms: u64,
    #[serde(flatten)]
    pub act: Act,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum Act {
    /// A verdict. Editing a note judges again.
    Judge(Judgement),
    /// A note without a verdict.
    Remark {
        #[serde(skip_serializing_if = "Option::is_none")]
        target: Option<TargetId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
        note: Note,
    },
    /// Takes back an event of this session.
    Undo { of: u64 },
    /// Finished, or paused.
    End {
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// Taken up again.
    Resume {
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// Somebody claims that a fault has been put right.
    Fixed {
        /// `<session>#<seq>` of the fail.
        case: EventRef,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<Note>,
        /// What it looks like now.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[schemars(default)]
        photos: Vec<Photo>,
    },
    /// A supervisor's ruling.
    Rule(Ruling),
    /// A case is given to somebody, or another day.
    Assign(Assignment),
    /// A paper with a number is issued for some cases.
    Issue(Paper),
    /// A fail that should not have been recorded; it stays, marked.
    Void {
        /// `<session>#<seq>` of the fail.
        case: EventRef,
        reason: Note,
    },
    /// A claim, ruling or assignment of an earlier session is taken back.
    Withdraw {
        /// `<session>#<seq>` of what is taken back.
        record: EventRef,
        reason: Note,
    },
    /// Cases that describe one fault.
    Same {
        /// `<session>#<seq>` of a fail of each.
        #[schemars(length(min = 2))]
        cases: Vec<EventRef>,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
}

/// A verdict on a target, at a place or for the whole site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Judgement {
    pub target: TargetId,
    pub verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// The unit that must put it right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Name>,
    /// The day by which it must be put right, `2020-08-23`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Name>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub photos: Vec<Photo>,
    /// What was counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub measure: Vec<Measure>,
    /// Other targets that describe the same fault at this place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub covers: Vec<TargetId>,
}

/// So many of something, on so much ground or in so much time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What was counted, by its id in the checklist.
    pub what: Code,
    pub count: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
}

/// What a count is of: whole square metres (`m2`), metres (`m`), seconds (`s`), people (`people`), or what the checklist
/// says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Per {
    pub amount: u64,
    pub unit: Code,
}

/// A supervisor's decision, which names the records it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ruling {
    pub site: Code,
    pub round: Name,
    pub target: TargetId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    pub saw: Vec<EventRef>,
    pub verdict: Verdict,
    pub reason: Note,
}

/// Who must put a case right, and by when. What is absent stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Assignment {
    /// `<session>#<seq>` of the fail.
    pub case: EventRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Name>,
    /// The day by which it must be put right, `2020-08-23`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
}

/// A paper that was issued, with the number it bears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Paper {
    pub kind: PaperKind,
    pub number: Name,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Name>,
    /// The day by which it must be answered, `2020-08-23`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Name>,
    /// `<session>#<seq>` of a fail of each case it lists, in its order.
    pub cases: Vec<EventRef>,
}

/// What a paper asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PaperKind {
    /// To put faults right.
    Rectify,
    /// To put right what is overdue.
    Supervise,
}

/// Notes that were typed and not accepted, each where it was typed: a note of one place is never offered at another.
pub type Drafts = BTreeMap<(TargetId, Option<Place>), String>;

/// How a target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Pass,
    Fail,
    /// The place lacks the thing.
    Na,
    /// It could not be seen: shut, refused, dark.
    Unseen,
}

impl Verdict {
    pub const ALL: [Self; 4] = [Self::Pass, Self::Fail, Self::Na, Self::Unseen];
}

/// Where a verdict was given: a named spot of a place type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    #[serde(rename = "type")]
    pub kind: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
}

/// A photograph beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    pub file: Name,
    pub sha256: Code,
}

/// Why a session ended or was taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    Finished,
    Paused,
    /// A finished log is corrected.
    Reopened,
    /// Taken up after a kill or a power cut.
    Recovered,
}

/// Text types with rules of their own: each is checked when it is read and when it is made. A copy shares its text.
macro_rules! checked_text {
    ($($(#[$doc:meta])* $name:ident { $rule:expr, $schema:meta $(, $normal:expr)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
        #[schemars(with = "String", $schema)]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.as_str().try_into()
            }
        }

        impl TryFrom<&str> for $name {
            type Error = String;

            fn try_from(text: &str) -> Result<Self, String> {
                let good: fn(&str) -> bool = $rule;
                if !good(text) {
                    return Err(not_a(stringify!($name), text));
                }
                $(
                    let normal: fn(&str) -> Option<String> = $normal;
                    if let Some(text) = normal(text) {
                        return Ok(Self(text.into()));
                    }
                )?
                Ok(Self(text.into()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                checked(d)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

fn not_a(what: &str, text: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    format!("not a {what}: {shown:?}")
}

checked_text! {
    /// An id: 1 to 64 ASCII letters, digits, `.`, `_`, `-`.
    Code { is_id, extend("pattern" = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$") }
    /// A name of at most 64 characters.
    Name { |t| (1..=MAX_NAME).contains(&t.chars().count()), extend("minLength" = 1, "maxLength" = 64) }
    /// A note of at most 10,000 characters.
    Note { |t| (0..=MAX_NOTE).contains(&t.chars().count()), extend("maxLength" = 10000) }
    /// The id of a session: a UUID. Capitals are the same id.
    SessionId { is_session_id, extend("pattern" = r"^[0-9A-Fa-f-]{36}$"), in_small_letters }
    /// An event of some session: `<session>#<seq>`.
    EventRef { is_event_ref, extend("pattern" = r"^[0-9A-Fa-f-]{36}#[1-9]\d*$"), in_small_letters }
}

/// The longest moment, in bytes.
const MAX_STAMP: usize = 35;

/// A moment, RFC 3339 with the offset of the inspector's clock. There are millions of them, so each is kept in place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(with = "String", extend("pattern" = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"))]
pub struct Stamp {
    /// Zeros behind it, which no moment has, so that the order of the bytes is that of the texts.
    text: [u8; MAX_STAMP],
    length: u8,
}

fn is_stamp(text: &str) -> bool {
    text.len() >= 20
        && text.len() <= MAX_STAMP
        && text.as_bytes()[10] == b'T'
        && !text.contains('[')
        && (Clock::read(text.as_bytes()).is_some_and(|c| c.is_moment()) || text.parse::<jiff::Timestamp>().is_ok())
}

impl TryFrom<&str> for Stamp {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, String> {
        if !is_stamp(text) {
            return Err(not_a("Stamp", text));
        }
        let mut stamp = Self { text: [0; MAX_STAMP], length: text.len() as u8 };
        stamp.text[..text.len()].copy_from_slice(text.as_bytes());
        Ok(stamp)
    }
}

impl TryFrom<String> for Stamp {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.as_str().try_into()
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        checked(d)
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_tuple("Stamp").field(&self.as_str()).finish()
    }
}

fn is_session_id(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn is_event_ref(text: &str) -> bool {
    text.split_once('#').is_some_and(|(session, seq)| {
        is_session_id(session) && !seq.starts_with('0') && seq.parse::<u64>().is_ok_and(|seq| seq <= MAX_COUNT)
    })
}

/// The same in small letters; none where it is so already.
fn in_small_letters(text: &str) -> Option<String> {
    text.bytes().any(|b| b.is_ascii_uppercase()).then(|| text.to_ascii_lowercase())
}

impl Stamp {
    pub fn as_str(&self) -> &str {
        // It was made of a text.
        std::str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }

    /// The inspector's local date, `2020-08-22`.
    pub fn date(&self) -> &str {
        &self.as_str()[..10]
    }

    /// The inspector's local time, `08:02`.
    pub fn time(&self) -> &str {
        &self.as_str()[11..16]
    }

    /// Seconds since 1970, for the order of what is shown; nothing is decided by it.
    pub fn seconds(&self) -> i64 {
        // Reports ask for it millions of times.
        plain_seconds(&self.text[..usize::from(self.length)])
            .unwrap_or_else(|| self.as_str().parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_second))
    }
}

/// The numbers of a moment in the common way of writing one.
struct Clock {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    has_fraction: bool,
    offset_minutes: i64,
}

impl Clock {
    /// Reads `2020-08-22T08:02:11+08:00`, with or without a fraction, or with a `Z`; none of any other text, which may be
    /// a moment all the same.
    fn read(text: &[u8]) -> Option<Self> {
        const LOCAL: &[u8; 19] = b"0000-00-00T00:00:00";
        const OFFSET: &[u8; 6] = b"+00:00";
        let (local, rest) = text.split_at_checked(LOCAL.len())?;
        let digits = rest.strip_prefix(b".").map(|rest| rest.iter().take_while(|b| b.is_ascii_digit()).count());
        let zone = &rest[digits.map_or(0, |n| n + 1)..];
        if digits.is_some_and(|n| !(1..=9).contains(&n)) || !has_shape(local, LOCAL) {
            return None;
        }
        let number = |text: &[u8]| text.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'));
        let offset_minutes = match zone {
            b"Z" => 0,
            zone if !has_shape(zone, OFFSET) || zone[4] > b'5' => return None,
            zone => {
                let minutes = number(&zone[1..3]) * 60 + number(&zone[4..6]);
                if zone[0] == b'-' { -minutes } else { minutes }
            }
        };
        Some(Self {
            year: number(&local[0..4]),
            month: number(&local[5..7]),
            day: number(&local[8..10]),
            hour: number(&local[11..13]),
            minute: number(&local[14..16]),
            second: number(&local[17..19]),
            has_fraction: digits.is_some(),
            offset_minutes,
        })
    }

    /// Whether it is a moment for certain. Left to others is what is rare: leap seconds, the last days of long months,
    /// other centuries.
    fn is_moment(&self) -> bool {
        (1971..2100).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=28).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
            && self.offset_minutes.abs() < 15 * 60
    }
}

/// Seconds since 1970 of a moment in the common way of writing one; none of any other.
fn plain_seconds(text: &[u8]) -> Option<i64> {
    let clock = Clock::read(text)?;
    // A leap second counts as the one before it.
    let time = clock.hour * 3_600 + clock.minute * 60 + clock.second.min(59);
    let seconds = days_since_1970(clock.year, clock.month, clock.day) * 86_400 + time - clock.offset_minutes * 60;
    // Before 1970 a fraction counts the other way.
    (seconds >= 0 || !clock.has_fraction).then_some(seconds)
}

/// Whether a text has digits where a shape has zeros, either sign where it has a plus, and else the same.
fn has_shape(text: &[u8], shape: &[u8]) -> bool {
    let fits = |(b, shape): (&u8, &u8)| match shape {
        b'0' => b.is_ascii_digit(),
        b'+' => matches!(b, b'+' | b'-'),
        shape => b == shape,
    };
    text.len() == shape.len() && text.iter().zip(shape).all(fits)
}

/// Days of the Gregorian calendar; the year is taken to begin in March, so that a leap day is its last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}

/// An event of some session; written as [`EventRef`]. There are millions of them, so a session's text is kept once.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EventId {
    pub session: SessionId,
    pub seq: u64,
}

impl EventId {
    /// As other logs name it.
    pub fn reference(&self) -> EventRef {
        EventRef::new(&self.session, self.seq)
    }
}

impl EventRef {
    /// An event of a session.
    pub fn new(session: &SessionId, seq: u64) -> Self {
        Self(format!("{session}#{seq}").into())
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}#{}", self.session, self.seq)
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The order of what is written: 10 comes before 2.
impl Ord for EventId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.session.cmp(&other.session).then_with(|| {
            let same_length = self.seq.checked_ilog10() == other.seq.checked_ilog10();
            if same_length { self.seq.cmp(&other.seq) } else { self.seq.to_string().cmp(&other.seq.to_string()) }
        })
    }
}

impl PartialOrd for EventId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl SessionId {
    /// A new UUID v7.
    pub fn new_v7() -> Self {
        Self(uuid::Uuid::now_v7().to_string().into())
    }

    /// What each of its events bears.
    pub fn mark(&self) -> Mark {
        let mut mark = [b'0'; MARK];
        mark.copy_from_slice(&self.0.as_bytes()[self.0.len() - MARK..]);
        Mark(mark)
    }
}

/// How many hex digits a [`Mark`] has.
const MARK: usize = 8;
/// How many hex digits a [`link`] has.
const LINK: usize = 16;

/// Which session an event belongs to: the last 8 hex digits of its id. Of a UUID v7 these are random; the first ones are
/// the time, which two sessions may share.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark([u8; MARK]);

impl Mark {
    fn as_str(&self) -> &str {
        // It was made of a text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl TryFrom<&str> for Mark {
    type Error = String;

    fn try_from(text: &str) -> Result<Self, String> {
        let good = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let mark = <[u8; MARK]>::try_from(text.as_bytes()).ok().filter(|_| good);
        mark.map(Self).ok_or_else(|| not_a("session mark", text))
    }
}

impl TryFrom<String> for Mark {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.as_str().try_into()
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        checked(d)
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An event as it stands in the file: the event, the session it says it belongs to, and its link in the chain.
///
/// An event bears its mark at both ends, first and behind its link: where a block of a file was lost, the beginning of one
/// event and the end of another can stand together as if they were one.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub event: Event,
    /// Absent in events that were written in version 1.
    pub mark: Option<Mark>,
    /// 16 hex digits of the [`link`], and behind them the mark where there is one.
    pub chain: Option<String>,
}

impl Line {
    /// An event of a session, as it is written now.
    pub fn new(event: Event, session: &SessionId) -> Self {
        Self { event, mark: Some(session.mark()), chain: None }
    }

    /// Its chain value where it follows another, or the head's line.
    pub fn chain_after(&self, before: &str) -> String {
        let mut chain = link(before, &self.bare());
        chain.push_str(self.mark.as_ref().map_or("", Mark::as_str));
        chain
    }

    /// Whether it bears the mark of a session, at both ends; none where it bears no mark. An event that lost its end can be
    /// one good line all the same.
    pub fn bears(&self, mark: Mark) -> Option<bool> {
        let end = self.chain.as_deref().and_then(|chain| chain.get(LINK..));
        self.mark.map(|own| own == mark && end == Some(mark.as_str()))
    }

    /// Writes its canonical JSON without the link, which is computed from just this.
    pub fn write_bare(&self, to: &mut Vec<u8>) {
        #[derive(Serialize)]
        struct Bare<'a> {
            seq: u64,
            #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
            mark: Option<Mark>,
            at: &'a Stamp,
            ms: u64,
            #[serde(flatten)]
            act: &'a Act,
        }
        let Event { seq, at, ms, act } = &self.event;
        // Our types have string keys only, so this cannot fail.
        let _ = serde_json::to_writer(to, &Bare { seq: *seq, mark: self.mark, at, ms: *ms, act });
    }

    /// The same as text.
    pub fn bare(&self) -> String {
        let mut text = Vec::with_capacity(200);
        self.write_bare(&mut text);
        String::from_utf8(text).unwrap_or_else(|e| unreachable!("JSON is UTF-8: {e}"))
    }
}

/// The link of an event: the first 16 hex digits of SHA-256 over the chain value before it (for the first event: the
/// head's line), a line feed, and the event's own line without its chain value. It shows damage, not forgers.
pub fn link(before: &str, line: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(before.as_bytes());
    hash.update(b"\n");
    hash.update(line.as_bytes());
    hex(&hash.finalize()[..LINK / 2])
}

/// The link in a chain value, without the mark behind it.
pub fn link_of(chain: &str) -> &str {
    chain.get(..LINK).unwrap_or(chain)
}

/// Every field an event of any kind may have. What does not belong to its kind is refused afterwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    seq: u64,
    #[serde(rename = "in")]
    mark: Option<Mark>,
    at: Stamp,
    ms: u64,
    #[serde(rename = "do")]
    act: Word,
    target: Option<TargetId>,
    verdict: Option<Verdict>,
    #[serde(default, deserialize_with = "maybe_object")]
    place: Option<Place>,
    note: Option<Note>,
    unit: Option<Name>,
    due: Option<Name>,
    photos: Option<Vec<Object<Photo>>>,
    measure: Option<Vec<Object<Measure>>>,
    of: Option<u64>,
    why: Option<Why>,
    case: Option<EventRef>,
    site: Option<Code>,
    round: Option<Name>,
    saw: Option<Vec<EventRef>>,
    reason: Option<Note>,
    covers: Option<Vec<TargetId>>,
    person: Option<Name>,
    kind: Option<PaperKind>,
    number: Option<Name>,
    cases: Option<Vec<EventRef>>,
    record: Option<EventRef>,
    chain: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Judge,
    Remark,
    Undo,
    End,
    Resume,
    Fixed,
    Rule,
    Assign,
    Issue,
    Void,
    Withdraw,
    Same,
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let Object(raw) = Object::<Raw>::deserialize(d)?;
        raw.line().map_err(D::Error::custom)
    }
}

impl Raw {
    fn line(mut self) -> Result<Line, String> {
        if self.seq == 0 || self.seq > MAX_COUNT || self.ms > MAX_COUNT {
            return Err("seq must be from 1 to 2^53, ms at most 2^53".into());
        }
        let counts = self.measure.iter().flatten().map(|m| m.0.count.max(m.0.per.as_ref().map_or(0, |p| p.amount)));
        if counts.max().is_some_and(|n| n > MAX_COUNT) {
            return Err("counts must be at most 2^53".into());
        }
        let act = self.act()?;
        if let Some(field) = self.left_over() {
            return Err(format!("`{field}` does not belong to this kind of event"));
        }
        let chain = self.chain.take();
        let digits = LINK + if self.mark.is_some() { MARK } else { 0 };
        if chain.as_ref().is_some_and(|c| c.len() != digits) {
            return Err(format!("`chain` must have {digits} hex digits"));
        }
        Ok(Line { event: Event { seq: self.seq, at: self.at, ms: self.ms, act }, mark: self.mark, chain })
    }

    fn act(&mut self) -> Result<Act, String> {
        Ok(match self.act {
            Word::Judge => Act::Judge(Judgement {
                target: need(self.target.take(), "target")?,
                verdict: need(self.verdict.take(), "verdict")?,
                place: self.place.take(),
                note: self.note.take(),
                unit: self.unit.take(),
                due: self.due.take(),
                photos: objects(&mut self.photos),
                measure: objects(&mut self.measure),
                covers: self.covers.take().unwrap_or_default(),
            }),
            Word::Remark => Act::Remark {
                target: self.target.take(),
                place: self.place.take(),
                note: need(self.note.take(), "note")?,
            },
            Word::Undo => Act::Undo { of: need(self.of.take(), "of")? },
            Word::End => Act::End { why: self.why.take() },
            Word::Resume => Act::Resume { why: self.why.take() },
            Word::Fixed => Act::Fixed {
                case: need(self.case.take(), "case")?,
                note: self.note.take(),
                photos: objects(&mut self.photos),
            },
            Word::Rule => Act::Rule(Ruling {
                site: need(self.site.take(), "site")?,
                round: need(self.round.take(), "round")?,
                target: need(self.target.take(), "target")?,
                place: self.place.take(),
                saw: need(self.saw.take(), "saw")?,
                verdict: need(self.verdict.take(), "verdict")?,
                reason: need(self.reason.take(), "reason")?,
            }),
            Word::Assign | Word::Issue | Word::Void | Word::Withdraw | Word::Same => self.office_act()?,
        })
    }

    /// What an office does with cases.
    fn office_act(&mut self) -> Result<Act, String> {
        Ok(match self.act {
            Word::Assign => Act::Assign(Assignment {
                case: need(self.case.take(), "case")?,
                unit: self.unit.take(),
                person: self.person.take(),
                due: self.due.take(),
                reason: self.reason.take(),
            }),
            Word::Issue => Act::Issue(Paper {
                kind: need(self.kind.take(), "kind")?,
                number: need(self.number.take(), "number")?,
                unit: self.unit.take(),
                due: self.due.take(),
                cases: need(self.cases.take(), "cases")?,
            }),
            Word::Void => {
                Act::Void { case: need(self.case.take(), "case")?, reason: need(self.reason.take(), "reason")? }
            }
            Word::Withdraw => Act::Withdraw {
                record: need(self.record.take(), "record")?,
                reason: need(self.reason.take(), "reason")?,
            },
            _ => Act::Same {
                cases: need(self.cases.take().filter(|cases| cases.len() > 1), "cases")?,
                reason: self.reason.take(),
            },
        })
    }

    fn left_over(&self) -> Option<&'static str> {
        let left = [
            (self.target.is_some(), "target"),
            (self.verdict.is_some(), "verdict"),
            (self.place.is_some(), "place"),
            (self.note.is_some(), "note"),
            (self.unit.is_some(), "unit"),
            (self.due.is_some(), "due"),
            (self.photos.is_some(), "photos"),
            (self.measure.is_some(), "measure"),
            (self.of.is_some(), "of"),
            (self.why.is_some(), "why"),
            (self.case.is_some(), "case"),
            (self.site.is_some(), "site"),
            (self.round.is_some(), "round"),
            (self.saw.is_some(), "saw"),
            (self.reason.is_some(), "reason"),
            (self.covers.is_some(), "covers"),
            (self.person.is_some(), "person"),
            (self.kind.is_some(), "kind"),
            (self.number.is_some(), "number"),
            (self.cases.is_some(), "cases"),
            (self.record.is_some(), "record"),
        ];
        left.into_iter().find(|(is, _)| *is).map(|(_, name)| name)
    }
}

/// Takes a list out; where there is none, an empty one.
fn objects<T>(list: &mut Option<Vec<Object<T>>>) -> Vec<T> {
    list.take().unwrap_or_default().into_iter().map(|item| item.0).collect()
}

fn need<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("`{name}` is missing"))
}

/// Takes an object only; a derived struct alone would take an array as well.
#[derive(Debug)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct OnlyMap<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyMap<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }
        d.deserialize_map(OnlyMap(std::marker::PhantomData)).map(Self)
    }
}

fn count<'de, D: Deserializer<'de>>(d: D) -> Result<u64, D::Error> {
    u64::deserialize(d).and_then(|n| if n <= MAX_COUNT { Ok(n) } else { Err(D::Error::custom("larger than 2^53")) })
}

fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<T, D::Error> {
    Object::deserialize(d).map(|o| o.0)
}

fn maybe_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    Option::<Object<T>>::deserialize(d).map(|o| o.map(|o| o.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_in_the_order_of_their_names() {
        let session = |n: u8| SessionId::try_from(format!("0190abcd-0000-7000-8000-00000000000{n}")).unwrap();
        let event = |n, seq| EventId { session: session(n), seq };
        let mut events: Vec<EventId> = [1, 2, 9, 10, 11, 19, 20, 99, 100, 2_000].map(|seq| event(1, seq)).into();
        events.extend([event(0, 7), event(2, 7)]);
        for (a, b) in events.iter().flat_map(|a| events.iter().map(move |b| (a, b))) {
            assert_eq!(a.cmp(b), a.reference().cmp(&b.reference()), "{a} {b}");
        }
    }

    #[test]
    fn seconds_are_those_of_the_calendar() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..20_000 {
            let mut two = |from: u8, to: u8| random.u8(from..=to);
            let (month, day, hour, minute, second) = (two(1, 12), two(1, 31), two(0, 23), two(0, 59), two(0, 60));
            let (sign, hours, minutes) = (if two(0, 1) == 0 { '-' } else { '+' }, two(0, 14), two(0, 59));
            let year = random.u16(0..=9999);
            let text =
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{hours:02}:{minutes:02}");
            if let Ok(stamp) = Stamp::try_from(text.as_str()) {
                let expect = text.parse::<jiff::Timestamp>().unwrap().as_second();
                assert_eq!(plain_seconds(text.as_bytes()), Some(expect), "{text}");
                assert_eq!(stamp.seconds(), expect);
            }
        }
        for text in [
            "2026-03-17T01:28:59.876Z",
            "2020-08-22T08:02:11.5+08:00",
            "2020-08-22T08:02:11Z",
            "1969-12-31T23:59:59.5Z",
        ] {
            assert_eq!(Stamp::try_from(text).unwrap().seconds(), text.parse::<jiff::Timestamp>().unwrap().as_second());
        }
    }
}
