//! Where the focus goes, and where the inspector stands.

use crate::i18n::messages as m;
use crate::log::Place;
use crate::tui::app::popup::PickKind;
use crate::tui::app::walk::{Filter, place_name};
use crate::tui::app::{App, Screen};
use crate::tui::keymap::Action;

/// How far a page key moves.
const PAGE: usize = 10;

impl App {
    /// Adds to the message that one stands somewhere else now, if so.
    pub(super) fn tell_place(&mut self, before: &Option<Place>) {
        let Screen::Walk(walk) = &self.screen else {
            return;
        };
        if walk.place == *before {
            return;
        }
        let name = walk.place.as_ref().map(|p| place_name(&self.checklist, p, self.lang));
        let name = name.unwrap_or_else(|| m::WHOLE_SITE.get(self.lang).to_owned());
        self.warn_too(&m::NOW_AT.with(self.lang, &[("place", &name)]));
    }

    /// The focused target, if the list shows it.
    pub fn focused(&self) -> Option<usize> {
        let Screen::Walk(walk) = &self.screen else {
            return None;
        };
        let listed = walk.listed(&self.checklist);
        listed.get(walk.cursor(&listed)).copied()
    }

    /// Goes on to the next unanswered target; says so when there is none.
    pub(super) fn advance(&mut self, from: usize) {
        let list = self.checklist.clone();
        let Some(walk) = self.walk() else {
            return;
        };
        match walk.next_unanswered(&list, from) {
            Some(next) => {
                (walk.focus, walk.rests) = (next, false);
                if walk.filter != Filter::All && !walk.passes_filter(list.target(next)) {
                    walk.focus = from;
                }
            }
            None => self.go_elsewhere(),
        }
    }

    /// Where what is open is looked at again, one goes on at the next place; else all is done.
    fn go_elsewhere(&mut self) {
        let list = self.checklist.clone();
        let next = self.walk().and_then(|walk| {
            let next = walk.next_elsewhere(&list)?;
            let before = std::mem::replace(&mut walk.place, next.0);
            (walk.focus, walk.rests) = (next.1, false);
            Some(before)
        });
        match next {
            Some(before) => self.tell_place(&before),
            None => {
                // A list of what was judged is gone through to correct it: there the cursor is where one wants it.
                if let Some(walk) = self.walk() {
                    walk.rests = matches!(walk.filter, Filter::All | Filter::Unanswered);
                }
                self.say_all_done();
            }
        }
    }

    fn say_all_done(&mut self) {
        let msg = if self.is_place_done() { m::ALL_DONE_HERE } else { m::ALL_DONE };
        let said = self.message.take().map(|s| format!("{}  ", s.text)).unwrap_or_default();
        self.tell(said + msg.get(self.lang));
    }

    /// Whether what is done is one place, so that there may be a next one.
    fn is_place_done(&self) -> bool {
        matches!(&self.screen, Screen::Walk(w) if w.place.is_some() && w.recheck.is_none())
    }

    /// From a place that is done to the next one.
    pub(super) fn go_on_from_done(&mut self) {
        if self.is_place_done() { self.pick(PickKind::Places) } else { self.say_all_done() }
    }

    /// Says that nothing is judged where the cursor only rests on what was judged last.
    pub(super) fn refuse_at_rest(&mut self) -> bool {
        let Some(walk) = self.walk().filter(|w| w.rests()) else {
            return false;
        };
        // Nothing was written that the repeat of a held key could take back.
        walk.guard.doubtful = None;
        self.say_all_done();
        let why = self.message.take().map(|s| s.text).unwrap_or_default();
        self.warn(format!("{}{why}", m::NOTHING_JUDGED.get(self.lang)));
        true
    }

    pub(super) fn go_to_next(&mut self) {
        let from = self.focused().unwrap_or(0);
        let list = self.checklist.clone();
        let Some(walk) = self.walk() else {
            return;
        };
        match walk.next_unanswered(&list, from) {
            Some(next) => {
                walk.jump(&list, next);
            }
            None => self.go_elsewhere(),
        }
    }

    pub(super) fn move_focus(&mut self, action: Action) {
        let list = self.checklist.clone();
        let Some(walk) = self.walk() else {
            return;
        };
        let listed = walk.listed(&list);
        let Some(last) = listed.len().checked_sub(1) else {
            return;
        };
        let cursor = walk.cursor(&listed);
        let to = match action {
            Action::Up => cursor.saturating_sub(1),
            Action::Down => (cursor + 1).min(last),
            Action::PageUp => cursor.saturating_sub(PAGE),
            Action::PageDown => (cursor + PAGE).min(last),
            Action::First => 0,
            _ => last,
        };
        (walk.focus, walk.rests) = (listed[to], false);
    }

    /// To the first listed target of the category before or after; categories with nothing to show are passed over.
    pub(super) fn move_category(&mut self, action: Action) {
        let Some(focused) = self.focused() else {
            return;
        };
        let list = self.checklist.clone();
        let Some(walk) = self.walk() else {
            return;
        };
        let now = list.category_of(focused);
        let listed = walk.listed(&list);
        let mut starts: Vec<usize> = Vec::new();
        for at in &listed {
            if starts.last().is_none_or(|s| list.category_of(*s) != list.category_of(*at)) {
                starts.push(*at);
            }
        }
        let to = match action {
            Action::NextCategory => starts.iter().find(|s| list.category_of(**s) > now).or(starts.first()),
            _ => starts.iter().rev().find(|s| list.category_of(**s) < now).or(starts.last()),
        };
        if let Some(to) = to {
            (walk.focus, walk.rests) = (*to, false);
        }
    }

    pub(super) fn move_hit(&mut self, action: Action) {
        let list = self.checklist.clone();
        let Some(walk) = self.walk() else {
            return;
        };
        // One goes through what was found without leaving the place.
        let hits = walk.hits.iter().copied().filter(|at| walk.applies(&list, list.target(*at)));
        let hits: Vec<usize> = hits.collect();
        let n = hits.len();
        if n == 0 {
            self.tell(m::NO_HITS.get(self.lang).to_owned());
            return;
        }
        let here = hits.iter().position(|at| *at == walk.focus);
        let to = match (here, action) {
            (Some(i), Action::NextHit) => (i + 1) % n,
            (Some(i), _) => (i + n - 1) % n,
            (None, _) => 0,
        };
        walk.jump(&list, hits[to]);
        self.tell(m::HIT.with(self.lang, &[("i", &(to + 1)), ("n", &n)]));
    }

    pub(super) fn next_filter(&mut self) {
        let list = self.checklist.clone();
        let Some(walk) = self.walk() else {
            return;
        };
        let i = Filter::ALL.iter().position(|f| *f == walk.filter).unwrap_or(0);
        walk.filter = Filter::ALL[(i + 1) % Filter::ALL.len()];
        walk.rests = false;
        let n = walk.listed(&list).len();
        let name = walk.filter.name();
        self.tell(m::FILTERED.with(self.lang, &[("filter", &name.get(self.lang)), ("n", &n)]));
    }

    pub(super) fn set_place(&mut self, place: Option<Place>) {
        let list = self.checklist.clone();
        let lang = self.lang;
        let Some(walk) = self.walk() else {
            return;
        };
        walk.stand_at(place, &list);
        let n = walk.listed(&list).len();
        let name = walk.place.as_ref().map(|p| place_name(&list, p, lang));
        let name = name.unwrap_or_else(|| m::WHOLE_SITE.get(lang).to_owned());
        self.tell(m::AT_PLACE.with(lang, &[("place", &name), ("n", &n)]));
    }
}
