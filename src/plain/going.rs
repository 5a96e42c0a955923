//! Which target is asked about, and where the inspector stands.

use crate::i18n::messages as m;
use crate::log::Place;
use crate::plain::answer::{self, Answer, Command};
use crate::plain::dialogue::{Asking, Dialogue, HITS};
use crate::plain::places::{self, Choice, Found};
use crate::search::{self, Finder};
use crate::tui::Effect;
use crate::tui::app::rows;
use crate::tui::app::walk::named_place;

/// How much of a line that is not understood is said back.
const SAID_BACK: usize = 40;

impl Dialogue {
    /// On to the next unanswered target; nothing is judged.
    pub(super) fn next(&mut self) -> Vec<Effect> {
        let from = self.at.unwrap_or(self.list.len() - 1);
        self.advance(from);
        Vec::new()
    }

    pub(super) fn advance(&mut self, from: usize) {
        self.at = self.walk.next_unanswered(&self.list, from);
        self.walk.focus = self.at.unwrap_or(from);
        // Where what is open is looked at again, one goes on at the next place.
        if let (None, Some((place, at))) = (self.at, self.walk.next_elsewhere(&self.list)) {
            (self.walk.place, self.walk.focus, self.at) = (place, at, Some(at));
            self.say_place();
        }
    }

    fn go(&mut self, at: usize) {
        // A verdict is never given somewhere else than one thinks: one is asked where.
        let choices = places::choices_for(&self.list.clone(), &self.walk, at);
        if !choices.is_empty() {
            let target = self.list.target(at);
            let target = format!("{} {}", target.id, target.name.get(self.lang));
            self.say(&m::TITLE_PLACE_FOR.with(self.lang, &[("target", &target)]));
            (self.asking, self.wanted) = (Asking::Place(choices), Some(at));
            return;
        }
        let before = self.walk.place.clone();
        self.walk.jump(&self.list, at);
        self.at = Some(at);
        self.asking = Asking::Verdict;
        if self.walk.place != before {
            self.say_place();
        }
    }

    pub(super) fn go_by_id(&mut self, text: &str) -> Vec<Effect> {
        match search::target_by_id(&self.list, text) {
            Some(at) => self.go(at),
            None => {
                let text: String = text.chars().take(SAID_BACK).collect();
                return self.refuse(m::PLAIN_UNKNOWN.with(self.lang, &[("text", &text)]));
            }
        }
        Vec::new()
    }

    pub(super) fn find(&mut self, query: &str) {
        let hits = rows::hits(&Finder::new(&self.list), &self.list, &self.walk, query, self.lang);
        match hits[..] {
            _ if query.is_empty() => self.say(m::PLAIN_HELP_FIND.get(self.lang)),
            [] => self.say(m::NOTHING_FITS.get(self.lang)),
            [at] => self.go(at),
            _ => self.asking = Asking::Hits(hits),
        }
    }

    pub(super) fn hit(&mut self, hits: &[usize], line: &str) -> Vec<Effect> {
        let shown = &hits[..hits.len().min(HITS)];
        let picked = answer::number(line).and_then(|n| shown.get(n.checked_sub(1)?).copied());
        match (picked.or_else(|| search::target_by_id(&self.list, line)), answer::read(line)) {
            (Some(at), _) => self.go(at),
            (None, Answer::Nothing) => self.asking = Asking::Verdict,
            (None, Answer::Do(Command::Find, query)) => {
                self.asking = Asking::Verdict;
                self.find(query);
            }
            _ => return self.refuse(m::PLAIN_PICK.get(self.lang).to_owned()),
        }
        Vec::new()
    }

    /// Goes to the place a line names; `choices` are those that were listed, by their numbers.
    pub(super) fn place(&mut self, choices: Option<&[Choice]>, line: &str) -> Vec<Effect> {
        if line.is_empty() {
            (self.asking, self.wanted) = (Asking::Verdict, None);
            return Vec::new();
        }
        // The command for a place is often written where it is asked for already.
        let line = match answer::read(line) {
            Answer::Do(Command::Place, text)
                if choices.is_some() && !text.is_empty() && answer::number(line).is_none() =>
            {
                text
            }
            _ => line,
        };
        let listed = || choices.map_or_else(|| places::choices(&self.walk, &self.list), <[Choice]>::to_vec);
        if let Some(n) = answer::number(line) {
            match n.checked_sub(1).and_then(|i| listed().get(i).cloned()) {
                Some(choice) => self.choose_place(choice),
                None => return self.refuse(m::PLAIN_NO_NUMBER.with(self.lang, &[("n", &line)])),
            }
            return Vec::new();
        }
        match places::find(line, &self.walk, &self.list, self.lang) {
            Found::One(choice) => self.choose_place(choice),
            Found::Several(choices) => self.asking = Asking::Place(choices),
            Found::Nothing => return self.refuse(m::PLAIN_NO_PLACE.get(self.lang).to_owned()),
        }
        Vec::new()
    }

    fn choose_place(&mut self, choice: Choice) {
        match choice {
            Choice::Whole => self.stand_at(None),
            Choice::Known(place) => self.stand_at(Some(place)),
            Choice::Type(kind, None) => self.asking = Asking::Name(kind),
            Choice::Type(kind, Some(name)) => {
                self.name(&kind, &name);
            }
            Choice::Name(name) => self.asking = Asking::Type(name),
        }
    }

    /// Asks of what type a new place is.
    pub(super) fn say_types(&mut self, name: &str) {
        self.say(&m::PLAIN_ASK_TYPE.with(self.lang, &[("name", &name)]));
        let types: Vec<String> = self.list.place_types.iter().map(|t| t.name.get(self.lang).to_owned()).collect();
        self.say_numbered(&types);
    }

    /// The type of a new place, by its number or what it is called; an empty line makes no place.
    pub(super) fn type_of(&mut self, name: &str, line: &str) -> Vec<Effect> {
        if line.is_empty() || line.eq_ignore_ascii_case("x") {
            (self.asking, self.wanted) = (Asking::Verdict, None);
            return Vec::new();
        }
        let list = self.list.clone();
        let numbered = answer::number(line).map(|n| n.checked_sub(1).and_then(|i| list.place_types.get(i)));
        let kinds = match numbered {
            Some(Some(kind)) => vec![kind.id.clone()],
            Some(None) => return self.refuse(m::PLAIN_NO_NUMBER.with(self.lang, &[("n", &line)])),
            None => places::types(line, &list, self.lang),
        };
        match &kinds[..] {
            [] => self.refuse(m::PLAIN_NO_TYPE.get(self.lang).to_owned()),
            [kind] => self.name(kind, name),
            _ => {
                let of_type = |kind| Choice::Type(kind, Some(name.to_owned()));
                self.asking = Asking::Place(kinds.into_iter().map(of_type).collect());
                Vec::new()
            }
        }
    }

    pub(super) fn name(&mut self, kind: &str, name: &str) -> Vec<Effect> {
        // A command of one letter is hardly meant as a name.
        if name.chars().count() == 1 && name.is_ascii() && !name.chars().all(|c| c.is_ascii_digit()) {
            if name.eq_ignore_ascii_case("x") {
                (self.asking, self.wanted) = (Asking::Verdict, None);
                return Vec::new();
            }
            return self.refuse(m::PLAIN_NAME_LETTER.get(self.lang).to_owned());
        }
        match named_place(kind, name) {
            Some(place) => self.stand_at(Some(place)),
            None => return self.refuse(m::BAD_ROUND.get(self.lang).to_owned()),
        }
        Vec::new()
    }

    fn stand_at(&mut self, place: Option<Place>) {
        self.walk.stand_at(place, &self.list);
        let wanted = self.wanted.take().filter(|at| self.walk.applies(&self.list, self.list.target(*at)));
        self.at = wanted.or_else(|| self.walk.next_unanswered(&self.list, self.list.len() - 1));
        self.asking = Asking::Verdict;
        let n = self.walk.listed(&self.list).len();
        let name = self.place_shown();
        self.say(&m::AT_PLACE.with(self.lang, &[("place", &name), ("n", &n)]));
    }
}
