//! What is wrong with a file, in the language of the user.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::archive::reading::{Oddity, Reading};
use crate::archive::{Dangling, Loose};
use crate::checklist::TargetId;
use crate::i18n::{Lang, messages as m};
use crate::log::Photo;
use crate::shape::{self, Fault};
use crate::store::codec::{self, Damage, Refusal};
use crate::store::inputs::{self, Input};
use crate::store::photos::Wrong;
use crate::store::rescue::Left;
use crate::store::{FileError, Unreadable, file, packed};
use crate::text::visible;

/// A path as it may be shown.
pub fn path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// What the system says went wrong: a common thing in the language of the user, with the system's own words behind it.
pub fn io(lang: Lang, error: &io::Error) -> String {
    io_of(lang, error.kind(), &error.to_string())
}

/// The same with the path it happened to.
pub fn file(lang: Lang, error: &FileError) -> String {
    format!("{}: {}", path(&error.path), io(lang, &error.source))
}

/// The same from what was kept of it. What this program found out itself has no words of the system behind it.
pub fn io_of(lang: Lang, kind: ErrorKind, why: &str) -> String {
    if kind == ErrorKind::ResourceBusy && why.contains('\t') {
        return m::DISK_OTHER_WRITER.with(lang, &[("who", &owner(lang, why))]);
    }
    let common = match kind {
        ErrorKind::StorageFull => m::DISK_FULL,
        ErrorKind::QuotaExceeded => m::DISK_QUOTA,
        ErrorKind::ReadOnlyFilesystem => m::DISK_READ_ONLY,
        ErrorKind::PermissionDenied => m::DISK_DENIED,
        ErrorKind::NotFound => m::DISK_GONE,
        ErrorKind::AlreadyExists => m::DISK_EXISTS,
        ErrorKind::IsADirectory => m::DISK_IS_FOLDER,
        ErrorKind::NotADirectory => m::DISK_NO_FOLDER,
        ErrorKind::FileTooLarge => m::DISK_LIMIT,
        ErrorKind::InvalidFilename => m::DISK_NAME,
        ErrorKind::InvalidInput => m::DISK_NO_FILE,
        ErrorKind::NotConnected => m::DISK_AWAY,
        ErrorKind::StaleNetworkFileHandle => m::DISK_CHANGED,
        ErrorKind::ResourceBusy => m::DISK_BUSY,
        _ => m::DISK_ERROR,
    };
    if why.is_empty() { common.get(lang).to_owned() } else { format!("{} ({})", common.get(lang), visible(why)) }
}

/// Who has a log open, from what that program wrote about itself.
pub fn owner(lang: Lang, note: &str) -> String {
    let parts: Vec<&str> = note.split('\t').collect();
    match parts[..] {
        [by, since, pid] => {
            let (by, since, pid) = (visible(by), visible(since), visible(pid));
            m::WHO_SINCE.with(lang, &[("by", &by), ("since", &since), ("pid", &pid)])
        }
        _ => m::WHO_UNKNOWN.get(lang).to_owned(),
    }
}

/// What became of a log that another program had changed or removed.
pub fn mended(lang: Lang, log: &Path, kept: Option<&Path>) -> String {
    match kept {
        Some(kept) => m::LOG_KEPT_ASIDE.with(lang, &[("path", &folder(log)), ("kept", &name(kept))]),
        None => m::LOG_MENDED.get(lang).to_owned(),
    }
}

/// The folder a file is in, as it may be shown: the names of logs are long.
pub fn folder(of: &Path) -> String {
    path(file::folder_of(of))
}

/// The last part of a path as it may be shown.
pub fn name(of: &Path) -> String {
    path(Path::new(of.file_name().unwrap_or_default()))
}

/// What stayed unsaved when a log was closed, and where it all is.
pub fn left(lang: Lang, left: &Left) -> String {
    let n = &left.unsaved.waiting;
    match &left.file {
        Some(file) => m::UNSAVED_RESCUED.with(lang, &[("n", n), ("rescue", &path(file))]),
        None => m::UNSAVED_AT_END.with(lang, &[("n", n)]),
    }
}

/// Something wrong with a file, in the language of the user: with its line, or the session where there are several.
pub fn fault(lang: Lang, fault: &inputs::Fault) -> String {
    let what = damage(lang, &fault.damage);
    match &fault.session {
        Some(id) => format!("{}: {what}", m::OF_SESSION.with(lang, &[("id", &&id.as_str()[..8])])),
        None => what,
    }
}

/// What is wrong with a file that was read or not, a line each; nothing where it was taken whole.
pub fn input(lang: Lang, input: &Input) -> Vec<String> {
    match &input.read {
        Err(why) => vec![why_unreadable(lang, why)],
        Ok(content) => content.faults.iter().map(|f| fault(lang, f)).collect(),
    }
}

/// A damage in the language of the user, with its line.
pub fn damage(lang: Lang, found: &Damage) -> String {
    let none = &0;
    let (line, what) = match found {
        Damage::NotJson => (none, m::NOT_JSON.get(lang).to_owned()),
        Damage::More { count } => (none, m::MORE_DAMAGE.with(lang, &[("n", count)])),
        Damage::Junk { line } => (line, m::JUNK.get(lang).to_owned()),
        Damage::NoHead { line } => (line, m::NO_HEAD.get(lang).to_owned()),
        Damage::Foreign { line, seq } => (line, m::FOREIGN_EVENT.with(lang, &[("seq", seq)])),
        Damage::OtherLog { line } => (line, m::OTHER_LOG.get(lang).to_owned()),
        Damage::Refused { line, why } => match &**why {
            // The line in the file, not in the log.
            Refusal::BadHead { why, .. } => (line, m::REFUSED_HEAD.with(lang, &[("why", &visible(why))])),
            why => (line, refusal(lang, why)),
        },
        Damage::CutShort { line } => (line, m::CUT_SHORT.get(lang).to_owned()),
        Damage::BadLine { line, why } => (line, m::BAD_EVENT.with(lang, &[("why", &visible(why))])),
        Damage::BrokenChain { line, seq } => (line, m::BROKEN_CHAIN.with(lang, &[("seq", seq)])),
        Damage::OutOfOrder { line, seq } => (line, m::OUT_OF_ORDER.with(lang, &[("seq", seq)])),
    };
    if *line == 0 { what } else { format!("{}: {what}", m::LINE.with(lang, &[("n", line)])) }
}

/// Why a file is not read as a log.
pub fn refusal(lang: Lang, why: &Refusal) -> String {
    let fault = |what| Fault { line: 0, at: String::new(), what }.tell(lang);
    match why {
        Refusal::Empty => m::REFUSED_EMPTY.get(lang).to_owned(),
        Refusal::Encoding(encoding) => fault(shape::What::Encoding(*encoding)),
        Refusal::NotALog => m::REFUSED_NOT_LOG.get(lang).to_owned(),
        Refusal::Newer { found } => fault(shape::What::Newer { found: *found, known: codec::VERSION }),
        Refusal::BadHead { line, why } => {
            let what = m::REFUSED_HEAD.with(lang, &[("why", &visible(why))]);
            format!("{}: {what}", m::LINE.with(lang, &[("n", line)]))
        }
        Refusal::Link => m::REFUSED_LINK.get(lang).to_owned(),
        Refusal::NotAFile => m::REFUSED_NOT_FILE.get(lang).to_owned(),
        Refusal::TooLarge => m::REFUSED_TOO_LARGE.with(lang, &[("n", &(codec::MAX_BYTES >> 20))]),
        Refusal::TooManyEvents => m::REFUSED_TOO_MANY.with(lang, &[("n", &codec::MAX_EVENTS)]),
    }
}

/// Why a log cannot be opened.
pub fn why_unreadable(lang: Lang, why: &Unreadable) -> String {
    match why {
        Unreadable::Io(kind, why) => io_of(lang, *kind, why),
        Unreadable::TooDeep(most) => m::REFUSED_TOO_DEEP.with(lang, &[("n", most)]),
        Unreadable::Packed(why) => packed_why(lang, *why),
        Unreadable::Refused(refused) => refusal(lang, refused),
    }
}

/// Why a zip, or what is packed otherwise, is not read.
fn packed_why(lang: Lang, why: packed::Why) -> String {
    use packed::Why;
    match why {
        Why::Other => m::PACKED_OTHER.get(lang).to_owned(),
        Why::Broken => m::PACKED_BROKEN.get(lang).to_owned(),
        Why::Locked => m::PACKED_LOCKED.get(lang).to_owned(),
        Why::Method => m::PACKED_METHOD.get(lang).to_owned(),
        Why::TooLarge => m::PACKED_TOO_LARGE.with(lang, &[("n", &(packed::MAX_UNPACKED >> 20))]),
        Why::TooMany => m::PACKED_TOO_MANY.get(lang).to_owned(),
        Why::NoLogs => m::PACKED_NO_LOGS.get(lang).to_owned(),
    }
}

/// Why a log cannot be opened, with its path.
pub fn unreadable(lang: Lang, file: &Path, why: &Unreadable) -> String {
    format!("{}: {}", path(file), why_unreadable(lang, why))
}

/// Something odd about a session, in the language of the user.
pub fn oddity(lang: Lang, odd: &Oddity) -> String {
    match odd {
        Oddity::Forked { seq } => m::ODD_FORKED.with(lang, &[("seq", seq)]),
        Oddity::TwoHeads => m::ODD_TWO_HEADS.get(lang).to_owned(),
        Oddity::Broken { seq } => m::BROKEN_CHAIN.with(lang, &[("seq", seq)]),
        Oddity::Gap { seq } => m::ODD_GAP.with(lang, &[("seq", seq)]),
        Oddity::Empty => m::ODD_EMPTY.get(lang).to_owned(),
        Oddity::ClockEarly { at } => m::ODD_CLOCK_EARLY.with(lang, &[("at", &at.date())]),
        Oddity::ClockBack { seq } => m::ODD_CLOCK_BACK.with(lang, &[("seq", seq)]),
        Oddity::ClockAgainstNumber => m::ODD_CLOCK_NUMBER.get(lang).to_owned(),
        Oddity::ClockAgainstRound { at } => m::ODD_CLOCK_ROUND.with(lang, &[("at", &at.date())]),
        Oddity::ClockAgainstNamed { at } => m::ODD_CLOCK_NAMED.with(lang, &[("at", &at.date())]),
        Oddity::NoSite => m::ODD_NO_SITE.get(lang).to_owned(),
    }
}

/// A claim or a ruling that names what is not there, with who wrote it when.
pub fn dangling(lang: Lang, reading: &Reading, loose: &Dangling) -> String {
    let msg = match loose.why {
        Loose::ClaimOfNothing => m::LOOSE_CLAIM,
        Loose::ClaimOfNoFault => m::LOOSE_NO_FAULT,
        Loose::RulingOnNothing => m::LOOSE_RULING,
    };
    let head = reading.head(loose.session);
    let by = visible(head.by.shown()).into_owned();
    msg.with(lang, &[("date", &head.started.date()), ("by", &by), ("event", &loose.event), ("names", &loose.names)])
}

/// A photograph that is missing beside its log, or is another one.
pub fn photo(lang: Lang, (target, photo, wrong): &(TargetId, Photo, Wrong)) -> String {
    let msg = match wrong {
        Wrong::Missing => m::PHOTO_MISSING,
        Wrong::Changed => m::PHOTO_CHANGED,
    };
    msg.with(lang, &[("id", target), ("file", &visible(photo.file.as_str()))])
}
