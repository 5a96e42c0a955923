//! Where one goes: places that are known, place types, and how a typed line names one of them.

use crate::checklist::{Checklist, PlaceType};
use crate::i18n::{Lang, messages as m};
use crate::log::{Name, Place};
use crate::search::{self, Forms};
use crate::tui::app::walk::{Walk, place_name};

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    Whole,
    Known(Place),
    /// A place type, with the name that was typed for it, if one was.
    Type(String, Option<String>),
    /// A name that nobody knows; of what type it is will be asked.
    Name(String),
}

/// What a line comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    One(Choice),
    /// Several fit.
    Several(Vec<Choice>),
    Nothing,
}

/// Everything that can be chosen: known places, the latest first, the whole community, then the types.
pub fn choices(walk: &Walk, list: &Checklist) -> Vec<Choice> {
    let known = walk.places(list).into_iter().map(Choice::Known);
    let types = list.place_types.iter().filter(|_| walk.recheck.is_none());
    let types = types.map(|t| Choice::Type(t.id.clone(), None));
    known.chain([Choice::Whole]).chain(types).collect()
}

/// Where a target applies that does not apply where one stands: known places, types, the whole community. Nothing where it
/// applies here, or nowhere in particular.
pub fn choices_for(list: &Checklist, walk: &Walk, at: usize) -> Vec<Choice> {
    let target = list.target(at);
    let somewhere = list.place_types.iter().any(|t| target.applies_at(&t.id));
    if walk.recheck.is_some() || !somewhere || walk.applies(list, target) {
        return Vec::new();
    }
    let fits = |choice: &Choice| match choice {
        Choice::Whole => true,
        Choice::Known(place) => target.applies_at(place.kind.as_str()),
        Choice::Type(kind, _) => target.applies_at(kind),
        Choice::Name(_) => true,
    };
    let (mut all, whole): (Vec<_>, Vec<_>) =
        choices(walk, list).into_iter().filter(fits).partition(|c| *c != Choice::Whole);
    all.extend(whole);
    all
}

/// A choice as it is shown, with how many targets apply there.
pub fn shown(choice: &Choice, list: &Checklist, lang: Lang) -> String {
    let kind = |id: &str| list.place_type(id).map_or(id, |t| t.name.get(lang)).to_owned();
    let (name, n) = match choice {
        Choice::Whole => (m::WHOLE_SITE.get(lang).to_owned(), list.len()),
        Choice::Known(place) => (place_name(list, place, lang), list.count_at(place.kind.as_str())),
        Choice::Type(id, None) => (kind(id), list.count_at(id)),
        Choice::Type(id, Some(name)) => (format!("{} {name}", kind(id)), list.count_at(id)),
        Choice::Name(name) => return m::PLAIN_OTHER_TYPE.with(lang, &[("name", name)]),
    };
    format!("{name} [{n}]")
}

/// What a typed line names: a dash, a known place, a type and a name after it, or a part of a type's name.
pub fn find(text: &str, walk: &Walk, list: &Checklist, lang: Lang) -> Found {
    let text = text.trim();
    let wanted = search::normal(text);
    let whole = [m::WHOLE_SITE.zh, m::WHOLE_SITE.en].map(search::normal);
    if wanted == "-" || whole.contains(&wanted) {
        return Found::One(Choice::Whole);
    }
    let named = |p: &Place| {
        let own = p.name.as_ref().is_some_and(|n| search::normal(n.as_str()) == wanted);
        own || search::normal(&place_name(list, p, lang)) == wanted
    };
    let mut known: Vec<Choice> = walk.places(list).into_iter().filter(named).map(Choice::Known).collect();
    match known.len() {
        0 => {}
        1 => return Found::One(known.remove(0)),
        _ => return Found::Several(known),
    }
    match typed(text, list) {
        // 公园路 is hardly a park called 路: what is written in one is asked about.
        Some((choice, Ends::Within)) => return Found::Several(vec![choice, Choice::Name(text.to_owned())]),
        Some((choice, Ends::AtWord)) => return Found::One(choice),
        None => {}
    }
    let (head, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = (!rest.trim().is_empty()).then(|| rest.trim().to_owned());
    let whole = fitting(text, None, list, lang);
    let mut fits = if whole.is_empty() { fitting(head, name, list, lang) } else { whole };
    match fits.len() {
        0 if walk.recheck.is_none() && is_name(text) => Found::One(Choice::Name(text.to_owned())),
        0 => Found::Nothing,
        1 => Found::One(fits.remove(0)),
        _ => Found::Several(fits),
    }
}

/// Whether a text can be the name of a place: one letter is hardly meant as one.
fn is_name(text: &str) -> bool {
    Name::try_from(text).is_ok() && !(text.len() == 1 && text.is_ascii())
}

/// The types a text names: one it begins with, else those it is a part of.
pub fn types(text: &str, list: &Checklist, lang: Lang) -> Vec<String> {
    let kind = |choice: Choice| if let Choice::Type(kind, _) = choice { Some(kind) } else { None };
    let typed = typed(text, list).map(|(choice, _)| choice);
    let fits = typed.map_or_else(|| fitting(text, None, list, lang), |choice| vec![choice]);
    fits.into_iter().filter_map(kind).collect()
}

/// Where the name of a type ends in a text.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    AtWord,
    Within,
}

/// The type whose id, name or initials the text begins with, the longest of them, and the name after it.
fn typed(text: &str, list: &Checklist) -> Option<(Choice, Ends)> {
    let names = |t: &PlaceType| [t.name.zh.clone(), t.name.en.clone(), t.id.clone(), t.initials.clone()];
    let fit =
        |t: &PlaceType| names(t).iter().filter_map(|n| Some((n.chars().count(), after(text, n)?))).max_by_key(|f| f.0);
    let (_, rest, kind) =
        list.place_types.iter().filter_map(|t| fit(t).map(|(n, rest)| (n, rest, &t.id))).max_by_key(|f| f.0)?;
    let name = rest.trim();
    let within = !name.is_empty() && !rest.starts_with(char::is_whitespace);
    let choice = Choice::Type(kind.clone(), (!name.is_empty()).then(|| name.to_owned()));
    Some((choice, if within { Ends::Within } else { Ends::AtWord }))
}

/// What follows a name at the beginning of a text, in whatever width and case; a word of letters must end there.
fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for c in name.chars() {
        let typed = rest.next()?;
        if search::half_width(typed).to_lowercase().ne(search::half_width(c).to_lowercase()) {
            return None;
        }
    }
    let rest = rest.as_str();
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace) || name.chars().all(|c| !c.is_ascii());
    ends.then_some(rest)
}

fn fitting(query: &str, name: Option<String>, list: &Checklist, lang: Lang) -> Vec<Choice> {
    let fits = search::among(&list.place_types, |t: &&PlaceType| Forms::from(*t), query, lang);
    fits.into_iter().map(|t| Choice::Type(t.id.clone(), name.clone())).collect()
}
