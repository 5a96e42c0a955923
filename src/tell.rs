//! What is wrong with a file, in the language of the user.

use std::path::Path;

use crate::i18n::{Lang, messages as m};
use crate::shape::{self, Fault};
use crate::store::Unreadable;
use crate::store::codec::{self, Damage, Refusal};
use crate::text::visible;

/// A path as it may be shown.
pub fn path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// A damage in the language of the user, with its line.
pub fn damage(lang: Lang, found: &Damage) -> String {
    let none = &0;
    let (line, what) = match found {
        Damage::NotJson => (none, m::NOT_JSON.get(lang).to_owned()),
        Damage::More { count } => (none, m::MORE_DAMAGE.with(lang, &[("n", count)])),
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
        Refusal::TooManyEvents => m::REFUSED_TOO_MANY.with(lang, &[("n", &codec::MAX_EVENTS)]),
    }
}

/// Why a log cannot be opened, with its path.
pub fn unreadable(lang: Lang, file: &Path, why: &Unreadable) -> String {
    let why = match why {
        Unreadable::Io(e) => visible(e).into_owned(),
        Unreadable::Refused(refused) => refusal(lang, refused),
    };
    format!("{}: {why}", path(file))
}
