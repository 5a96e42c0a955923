//! What the lists and the help screen show, row by row.

use std::collections::HashMap;

use crate::archive::Known;
use crate::checklist::{Checklist, PlaceType, Target};
use crate::i18n::{Both, Lang, Msg, messages as m};
use crate::log::{Name, Place, Verdict, Why};
use crate::search::{self, Finder, Forms, Rank};
use crate::text::visible;
use crate::tui::Now;
use crate::tui::app::noting::NoteBox;
use crate::tui::app::popup::{Choice, Row};
use crate::tui::app::walk::{Then, Walk, place_name, verdict_name};
use crate::tui::app::{App, Screen};
use crate::tui::keymap::{self, BINDINGS, Scope};
use crate::tui::theme::{Role, mark, role};

impl App {
    /// Ready phrases for a note: reasons for what could not be seen, else the common faults of the target.
    pub fn phrases(&self, note: &NoteBox) -> Vec<String> {
        phrases(self.checklist.target(note.target), note.verdict, self.lang)
    }

    pub(super) fn phrase_rows(&self, under: Option<&NoteBox>) -> Vec<Row> {
        let Some(note) = under else {
            return Vec::new();
        };
        let mut phrases = self.phrases(note);
        // Faults of the same category's other targets are too many to be of use; what was typed before is.
        phrases.extend(note.earlier.iter().filter(|e| !phrases.contains(e)).cloned().collect::<Vec<_>>());
        let row = |(i, phrase): (usize, String)| Row {
            text: numbered(i, &visible(&phrase)),
            role: Role::Text,
            choice: Choice::Phrase(phrase),
        };
        phrases.into_iter().enumerate().map(row).collect()
    }

    /// What was typed as a unit, the units known here, and none.
    pub(super) fn unit_rows(&self, query: &str) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let wanted = search::normal(query);
        let known = walk.units().into_iter().filter(|u| u.as_str().to_lowercase().contains(&wanted));
        let mut units: Vec<Option<Name>> = known.map(Some).collect();
        let typed = Name::try_from(query.trim()).ok().filter(|name| !units.contains(&Some(name.clone())));
        units.extend(typed.map(Some));
        units.push(None);
        let row = |(i, unit): (usize, Option<Name>)| Row {
            text: numbered(i, &unit.as_ref().map_or(m::NO_UNIT.get(self.lang).into(), |u| visible(u.as_str()))),
            role: Role::Text,
            choice: Choice::Unit(unit),
        };
        let mut rows: Vec<Row> = units.into_iter().enumerate().map(row).collect();
        if wanted.is_empty() {
            let text = m::UNIT_HINT.get(self.lang).to_owned();
            rows.push(Row { text, role: Role::Faint, choice: Choice::Nothing });
        }
        rows
    }

    pub(super) fn search_rows(&self, query: &str) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let row = |at: usize| {
            let target = self.checklist.target(at);
            let verdict = walk.verdict(&target.id);
            let elsewhere = if walk.applies(&self.checklist, target) {
                String::new()
            } else {
                format!("{} ", m::NOT_HERE.get(self.lang))
            };
            let (mark, id, name) = (mark(verdict), &target.id, self.both(&target.name));
            let text = format!("{mark} {id:<5} {elsewhere}{name}");
            let role = if elsewhere.is_empty() { role(verdict) } else { Role::Faint };
            Row { text, role, choice: Choice::Target(at, None) }
        };
        self.hits(walk, query).into_iter().map(row).collect()
    }

    /// The targets that fit a query, in the order in which they are listed.
    pub(super) fn hits(&self, walk: &Walk, query: &str) -> Vec<usize> {
        let finder = self.finder.get_or_init(|| Finder::new(&self.checklist));
        hits(finder, &self.checklist, walk, query, self.lang)
    }

    pub(super) fn both(&self, name: &Both) -> String {
        format!("{}  {}", name.get(self.lang), name.get(self.lang.other()))
    }

    /// Known places first, the latest of them on top; then place types; then the typed name as a new place of each type.
    pub(super) fn place_rows(&self, query: &str) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let wanted = search::normal(query);
        let known = walk.places(&self.checklist);
        let mut judged: HashMap<&Place, usize> = HashMap::new();
        for place in walk.session.standings().filter_map(|s| s.judgement.place.as_ref()) {
            *judged.entry(place).or_default() += 1;
        }
        let mut rows: Vec<(String, Choice)> = Vec::new();
        // Along a street the next place is of the same type.
        let here = walk.place.as_ref().filter(|_| wanted.is_empty() && walk.recheck.is_none());
        if let Some(kind) = here.and_then(|p| self.checklist.place_type(p.kind.as_str())) {
            let next = m::NEXT_OF_TYPE.with(self.lang, &[("type", &kind.name.get(self.lang))]);
            rows.push((next, Choice::PlaceType(kind.id.clone())));
        }
        for place in &known {
            let shown = search::normal(&place_name(&self.checklist, place, self.lang));
            if wanted.is_empty() || shown.contains(&wanted) || dense(&shown).contains(&dense(&wanted)) {
                rows.push(self.known_place(place, judged.get(place).copied().unwrap_or(0)));
            }
        }
        let whole = [m::WHOLE_SITE.zh, m::WHOLE_SITE.en].map(search::normal);
        if wanted == "-" || whole.iter().any(|name| name.contains(&wanted)) {
            let again = walk.recheck.as_ref().map(|r| r.all().filter(|(p, _)| p.is_none()).count());
            let n = again.unwrap_or_else(|| self.checklist.len());
            rows.push((format!("{}  {n}", m::WHOLE_SITE.get(self.lang)), Choice::Place(None)));
        }
        if walk.recheck.is_none() {
            rows.extend(self.type_rows(query));
        }
        if walk.recheck.is_none() && !wanted.is_empty() {
            rows.extend(self.new_place_rows(query.trim(), known.first()));
        }
        // With something typed digits are part of a name.
        let number = |i, text: &str| if wanted.is_empty() { numbered(i, text) } else { format!("  {text}") };
        let row =
            |(i, (text, choice)): (usize, (String, Choice))| Row { text: number(i, &text), role: Role::Text, choice };
        rows.into_iter().enumerate().map(row).collect()
    }

    /// Where a target applies: places of this walk or known before, the latest of them on top, place types, the whole site.
    pub(super) fn place_rows_for(&self, at: usize) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let list = &self.checklist;
        let target = list.target(at);
        let known = walk.places(list).into_iter().filter(|p| target.applies_at(p.kind.as_str()));
        let known = known.map(|p| (place_name(list, &p, self.lang), Choice::Target(at, Some(p))));
        let types = list.place_types.iter().filter(|t| target.applies_at(&t.id));
        let types = types.map(|t| (format!("+ {}", self.both(&t.name)), Choice::PlaceFor(at, t.id.clone())));
        let whole = (m::WHOLE_SITE.get(self.lang).to_owned(), Choice::Target(at, None));
        let rows = known.chain(types).chain([whole]).enumerate();
        rows.map(|(i, (text, choice))| Row { text: numbered(i, &text), role: Role::Text, choice }).collect()
    }

    pub(super) fn known_place(&self, place: &Place, judged: usize) -> (String, Choice) {
        let name = place_name(&self.checklist, place, self.lang);
        let again = match &self.screen {
            Screen::Walk(walk) => walk.recheck.as_ref().map(|r| r.all().filter(|(p, _)| *p == Some(place)).count()),
            _ => None,
        };
        let total = again.unwrap_or_else(|| self.checklist.count_at(place.kind.as_str()));
        (format!("{name}  {judged}/{total}"), Choice::Place(Some(place.clone())))
    }

    pub(super) fn type_rows(&self, query: &str) -> Vec<(String, Choice)> {
        let list = &self.checklist;
        let types = search::among(&list.place_types, |t| Forms::from(*t), query, self.lang);
        let row = |t: &PlaceType| {
            let n = list.count_at(&t.id);
            let text = format!("+ {}  {}", self.both(&t.name), m::TARGETS.with(self.lang, &[("n", &n)]));
            (text, Choice::PlaceType(t.id.clone()))
        };
        types.into_iter().map(row).collect()
    }

    /// The typed name as a new place. Its type is only given where it is named before the name and no other type is called
    /// so; else it is asked for, and Enter alone makes no place: the type one stands at comes first, then every other.
    fn new_place_rows(&self, query: &str, last: Option<&Place>) -> Vec<(String, Choice)> {
        let row = |t: &PlaceType, name: &str| {
            let text = format!("+ {} {}", t.name.get(self.lang), visible(name));
            (text, Choice::NewPlace(t.id.clone(), name.to_owned()))
        };
        let (head, rest) = query.split_once(char::is_whitespace).unwrap_or_default();
        let named = search::among(&self.checklist.place_types, |t| Forms::from(*t), head, self.lang);
        let named: Vec<_> =
            named.into_iter().filter(|_| !rest.trim().is_empty()).map(|t| row(t, rest.trim())).collect();
        let mut types: Vec<&PlaceType> = self.checklist.place_types.iter().collect();
        types.sort_by_key(|t| last.is_none_or(|p| p.kind.as_str() != t.id));
        let asked = m::PICK_TYPE.with(self.lang, &[("name", &visible(query))]);
        let mut rows = vec![(asked, Choice::NeedsType(query.to_owned()))];
        let at = usize::from(named.len() != 1);
        rows.splice(at..at, named);
        rows.extend(types.into_iter().map(|t| row(t, query)));
        rows
    }

    pub(super) fn failure_rows(&self) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let fails = walk.fails(&self.checklist);
        let mut rows: Vec<Row> = fails.into_iter().map(|(at, s)| self.record_row(at, s.judgement)).collect();
        let before = walk.open_before(&self.checklist);
        if walk.recheck.is_none() && !before.is_empty() {
            rows.push(self.heading(m::FAILING_BEFORE, before.len()));
            rows.extend(before.into_iter().map(|(at, known)| self.known_row(at, known)));
        }
        rows
    }

    fn heading(&self, msg: Msg, n: usize) -> Row {
        Row { text: format!("{} {n}", msg.get(self.lang)), role: Role::Faint, choice: Choice::Nothing }
    }

    fn known_row(&self, at: usize, known: &Known) -> Row {
        let target = self.checklist.target(at);
        let place = known.place.as_ref().map(|p| place_name(&self.checklist, p, self.lang)).unwrap_or_default();
        let note = known.note.as_ref().map_or("".into(), |n| visible(n.as_str()));
        let name = target.name.get(self.lang);
        let text = format!("f {:<5} {name}  {place}  {} {note}", target.id, known.at.date());
        Row { text: text.trim_end().to_owned(), role: Role::Warn, choice: Choice::Known(at, known.place.clone()) }
    }

    /// Of the targets that apply at the places of this walk, how many are judged.
    pub(super) fn pairs(&self) -> String {
        let Screen::Walk(walk) = &self.screen else {
            return String::new();
        };
        let count = walk.count_pairs(&self.checklist);
        m::PAIRS.with(self.lang, &[("done", &count.done), ("total", &count.total)])
    }

    /// The places of this walk with their verdicts, then the place types nobody has been to in it.
    pub(super) fn overview_rows(&self) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let list = &self.checklist;
        let places = walk.by_place();
        let mut rows = vec![self.heading(m::PLACES_DONE, places.len())];
        for (place, own) in &places {
            let verdict = |v: &Verdict| own.iter().filter(|s| s.judgement.verdict == *v).count();
            let counts = Verdict::ALL.map(|v| (mark(Some(v)), verdict(&v)));
            let counts: Vec<String> =
                counts.iter().filter(|(_, n)| *n > 0).map(|(mark, n)| format!("{mark}{n}")).collect();
            let name = place_name(list, place, self.lang);
            let text = format!("{name}  {}/{}  {}", own.len(), list.count_at(place.kind.as_str()), counts.join(" "));
            let role = if verdict(&Verdict::Fail) > 0 { Role::Bad } else { Role::Text };
            rows.push(Row { text, role, choice: Choice::Place(Some((*place).clone())) });
        }
        let been = |id: &str| places.keys().any(|p| p.kind.as_str() == id);
        let missing: Vec<&PlaceType> = list.place_types.iter().filter(|t| !been(&t.id)).collect();
        rows.push(self.heading(m::TYPES_MISSING, missing.len()));
        rows.extend(missing.into_iter().map(|t| {
            let n = list.count_at(&t.id);
            let text = format!("+ {}  {}", t.name.get(self.lang), m::TARGETS.with(self.lang, &[("n", &n)]));
            Row { text, role: Role::Text, choice: Choice::PlaceType(t.id.clone()) }
        }));
        rows
    }

    pub(super) fn record_row(&self, at: usize, judgement: &crate::log::Judgement) -> Row {
        let target = self.checklist.target(at);
        let place = judgement.place.as_ref().map(|p| place_name(&self.checklist, p, self.lang)).unwrap_or_default();
        let note = judgement.note.as_ref().map_or("", |n| n.as_str());
        let name = target.name.get(self.lang);
        let text = format!("{} {:<5} {name}  {place}  {}", mark(Some(judgement.verdict)), target.id, visible(note));
        let role = role(Some(judgement.verdict));
        Row { text: text.trim_end().to_owned(), role, choice: Choice::Target(at, judgement.place.clone()) }
    }

    pub(super) fn palette_rows(&self, query: &str) -> Vec<Row> {
        let forms = |b: &&keymap::Binding| Forms::new("", &b.help.into(), b.initials, None);
        let row = |b: &keymap::Binding| {
            let keys = b.keys_shown(self.lang);
            let text = format!("{}  {}", crate::text::fit(&keys, 16), b.help.get(self.lang));
            Row { text, role: Role::Text, choice: Choice::Command(b.action) }
        };
        // A key that is typed or written finds what it does.
        let typed = query.trim();
        let is_key = |b: &&keymap::Binding| b.keys_shown(self.lang).split(' ').any(|key| key == typed);
        let by_key: Vec<_> = keymap::in_scope(Scope::Walk).filter(is_key).collect();
        let named = search::among(keymap::in_scope(Scope::Walk), forms, query, self.lang);
        let others = named.into_iter().filter(|b| !by_key.iter().any(|own| own.action == b.action));
        by_key.iter().copied().chain(others).map(row).collect()
    }

    /// Whether nothing of the checklist is left unanswered.
    pub(super) fn all_answered(&self) -> bool {
        let Screen::Walk(walk) = &self.screen else {
            return false;
        };
        let count = walk.count_all(&self.checklist);
        count.done == count.total
    }

    /// How many targets stand how, over all places.
    pub(super) fn totals(&self) -> String {
        match &self.screen {
            Screen::Walk(walk) => totals(walk, &self.checklist, self.lang),
            _ => String::new(),
        }
    }

    /// The end of a walk: finish, pause, back; then what Enter jumps to. Nothing here blocks.
    pub(super) fn summary_rows(&self, then: Then) -> Vec<Row> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let row = |text: String, choice| Row { text, role: Role::Title, choice };
        let say = |i: usize, msg: Msg| numbered(i, msg.get(self.lang));
        let mut rows = if walk.writable {
            vec![
                row(numbered(0, &self.finish_told(walk)), Choice::End(Why::Finished, then)),
                row(say(1, m::PAUSE), Choice::End(Why::Paused, then)),
                row(say(2, m::GO_ON), Choice::Back),
            ]
        } else {
            vec![row(say(0, m::CLOSE), Choice::End(Why::Paused, then)), row(say(1, m::GO_ON), Choice::Back)]
        };
        rows.extend(self.loose_ends(walk));
        rows
    }

    /// To finish, with how many notes that were left are recorded by it.
    fn finish_told(&self, walk: &Walk) -> String {
        finish_told(walk.loose_notes(&self.counted()).len(), self.lang)
    }

    /// What is missing at the end, each part under a heading that counts it; Enter jumps there.
    fn loose_ends(&self, walk: &Walk) -> Vec<Row> {
        let heading = |msg: Msg, n: usize| Row {
            text: format!("{} {n}", msg.get(self.lang)),
            role: Role::Faint,
            choice: Choice::Nothing,
        };
        let list = &self.checklist;
        let bare: Vec<Row> = walk
            .fails(list)
            .into_iter()
            .filter(|(_, s)| s.judgement.note.as_ref().is_none_or(|n| n.as_str().trim().is_empty()))
            .map(|(at, s)| self.record_row(at, s.judgement))
            .collect();
        let unseen: Vec<Row> = walk
            .session
            .standings()
            .filter(|s| s.judgement.verdict == Verdict::Unseen)
            .filter_map(|s| Some(self.record_row(list.position(&s.judgement.target)?, s.judgement)))
            .collect();
        let unanswered: Vec<(Option<&Place>, usize)> = match &walk.recheck {
            Some(recheck) => recheck.all().filter(|(place, at)| stands(walk, list, *place, *at).is_none()).collect(),
            None => (0..list.len())
                .filter(|at| walk.session.verdict(&list.target(*at).id).is_none())
                .map(|at| (None, at))
                .collect(),
        };
        let open_row = |(place, at): (Option<&Place>, usize)| {
            let target = list.target(at);
            let place_name = place.map(|p| place_name(list, p, self.lang)).unwrap_or_default();
            let text = format!("{} {:<5} {}  {place_name}", mark(None), target.id, target.name.get(self.lang));
            Row { text: text.trim_end().to_owned(), role: Role::Text, choice: Choice::Target(at, place.cloned()) }
        };
        let open: Vec<Row> = unanswered.into_iter().map(open_row).collect();
        let counted = self.counted();
        let drafts: Vec<Row> = walk
            .drafts
            .iter()
            .chain(&counted)
            .filter_map(|((id, place), text)| {
                let at = list.position(id)?;
                let text = format!("{} {id:<5} {}", mark(walk.verdict(id)), visible(text));
                Some(Row { text, role: Role::Warn, choice: Choice::Target(at, place.clone()) })
            })
            .collect();
        let mut rows = Vec::new();
        if walk.count_pairs(list).total > 0 {
            rows.push(Row { text: self.pairs(), role: Role::Faint, choice: Choice::Nothing });
        }
        for (msg, part) in
            [(m::DRAFTS_LEFT, drafts), (m::FAILS_WITHOUT_NOTE, bare), (m::NOT_SEEN, unseen), (m::NOT_ANSWERED, open)]
        {
            if !part.is_empty() {
                rows.push(heading(msg, part.len()));
                rows.extend(part);
            }
        }
        rows
    }
}

/// Ready phrases for a note: reasons for what could not be seen, else the common faults of the target.
pub fn phrases(target: &Target, verdict: Option<Verdict>, lang: Lang) -> Vec<String> {
    if verdict == Some(Verdict::Unseen) {
        return [m::REASON_LOCKED, m::REASON_REFUSED, m::REASON_BLOCKED, m::REASON_DARK, m::REASON_UNSAFE]
            .map(|r| r.get(lang).to_owned())
            .to_vec();
    }
    target.faults.iter().map(|f| f.get(lang).to_owned()).collect()
}

/// To finish, with how many notes that were left are recorded by it.
pub fn finish_told(notes: usize, lang: Lang) -> String {
    match notes {
        0 => m::FINISH.get(lang).to_owned(),
        n => m::FINISH_WITH_DRAFTS.with(lang, &[("n", &n)]),
    }
}

/// How many targets stand how, over all places.
pub fn totals(walk: &Walk, list: &Checklist, lang: Lang) -> String {
    let verdicts: Vec<Option<Verdict>> = match &walk.recheck {
        Some(recheck) => recheck.all().map(|(place, at)| stands(walk, list, place, at)).collect(),
        None => list.targets().map(|t| walk.session.verdict(&t.id)).collect(),
    };
    let states = Verdict::ALL.map(Some).into_iter().chain([None]);
    let count = |state: &Option<Verdict>| verdicts.iter().filter(|v| *v == state).count();
    let name = |state: Option<Verdict>| state.map_or(m::UNANSWERED, verdict_name).get(lang);
    states.map(|s| format!("{} {}", name(s), count(&s))).collect::<Vec<_>>().join("  ")
}

fn stands(walk: &Walk, list: &Checklist, place: Option<&Place>, at: usize) -> Option<Verdict> {
    walk.session.standing(&list.target(at).id, place).map(|s| s.judgement.verdict)
}

/// Since when, how long and how fast, and how long it takes yet.
pub fn time_rows(walk: &Walk, list: &Checklist, lang: Lang, now: &Now) -> Vec<String> {
    let head = &walk.session.head;
    let active = walk.active_ms(now) / 1000;
    let count = walk.count_all(list);
    let mut lines = vec![
        m::STARTED.with(lang, &[("at", &format!("{} {}", head.started.date(), head.started.time()))]),
        m::ACTIVE.with(lang, &[("t", &clock(active))]),
        m::ANSWERED.with(lang, &[("n", &count.done), ("of", &count.total)]),
    ];
    if count.done >= 5 && active > 0 {
        let each = active as f64 / count.done as f64;
        let left = (each * (count.total - count.done) as f64) as u64;
        lines.push(m::PACE.with(lang, &[("s", &format!("{each:.0}"))]));
        lines.push(m::LEFT.with(lang, &[("t", &clock(left))]));
    }
    lines
}

/// Hours and minutes, `1:07`.
fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 3600, seconds % 3600 / 60)
}

/// What a target says, label by label: what to look at, when it passes and fails, limits, common faults.
pub fn wordings(target: &Target, lang: Lang) -> Vec<(Msg, String)> {
    let text = |both: &Both| both.get(lang).to_owned();
    let mut rows =
        vec![(m::LOOK, text(&target.look)), (m::LABEL_PASS, text(&target.pass)), (m::LABEL_FAIL, text(&target.fail))];
    if let Some(limit) = &target.limit {
        rows.extend(limit.place.iter().map(|t| (m::LIMIT_PLACE, text(t))));
        rows.extend(limit.area.iter().map(|t| (m::LIMIT_AREA, text(t))));
    }
    let faults: Vec<&str> = target.faults.iter().map(|f| f.get(lang)).collect();
    rows.push((m::COMMON_FAULTS, faults.join(m::LIST_COMMA.get(lang))));
    rows
}

/// The targets that fit a query. The id that was typed comes first; then what applies here, but never by some letters
/// inside a word or by a common fault before what fits better.
pub fn hits(finder: &Finder, list: &Checklist, walk: &Walk, query: &str, lang: Lang) -> Vec<usize> {
    let mut hits = finder.find(query, lang);
    hits.sort_by_key(|hit| {
        let elsewhere = !walk.applies(list, list.target(hit.at));
        (hit.rank > Rank::Id, hit.rank >= Rank::Inside, elsewhere)
    });
    hits.into_iter().map(|hit| hit.at).collect()
}

/// The help screen's lines: the keys of this screen first, then all others.
pub fn help_rows(scope: Scope, lang: Lang, query: &str) -> Vec<(Role, String)> {
    let wanted = search::normal(query);
    let mut rows = Vec::new();
    let order = [scope, Scope::Walk, Scope::Note, Scope::Review, Scope::Home, Scope::List];
    for (i, scope) in order.into_iter().enumerate() {
        if order[..i].contains(&scope) {
            continue;
        }
        let fits = |b: &&keymap::Binding| {
            let keys = b.keys_shown(lang).to_lowercase();
            let (zh, en) = (b.help.zh, b.help.en.to_lowercase());
            b.scope == scope && (wanted.is_empty() || keys == wanted || zh.contains(&wanted) || en.contains(&wanted))
        };
        let part: Vec<_> = BINDINGS
            .iter()
            .filter(fits)
            .map(|b| (Role::Text, format!("{}  {}", crate::text::fit(&b.keys_shown(lang), 18), b.help.get(lang))))
            .collect();
        if !part.is_empty() {
            rows.push((Role::Title, scope.name().get(lang).to_owned()));
            rows.extend(part);
        }
    }
    rows
}

fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A row with the digit that picks it.
pub(super) fn numbered(i: usize, text: &str) -> String {
    if i < 9 { format!("{} {text}", i + 1) } else { format!("  {text}") }
}
