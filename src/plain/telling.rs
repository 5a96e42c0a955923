//! What is said of targets and of the walk, in lines that stand on their own when they are read aloud.

use crate::archive::Known;
use crate::checklist::{Checklist, Target};
use crate::district::District;
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::Verdict;
use crate::session::Standing;
use crate::tui::app::rows::{totals, wordings};
use crate::tui::app::walk::{Walk, has_note, place_name, verdict_name};
use crate::tui::view::walk::{due_name, method_name, reach_name};

/// Where a walk is told about: its checklist and language.
#[derive(Clone, Copy)]
pub struct In<'a> {
    pub walk: &'a Walk,
    pub list: &'a Checklist,
    pub lang: Lang,
}

impl In<'_> {
    /// Who walks where and why.
    pub fn head(self, district: &District) -> String {
        let head = &self.walk.session.head;
        let site = head.site.as_ref().map_or("", |s| s.name.get(self.lang));
        let source = head.source.map(|s| district.source(s).map_or(s.code(), |s| s.name.get(self.lang)));
        let round = head.round.as_ref().map_or("", |r| r.as_str());
        let parts = [m::HOME.get(self.lang), site, head.by.shown(), source.unwrap_or_default(), round];
        parts.join(" ")
    }

    /// A target in one line: what it is, how far one is, how it stands, what was last known.
    pub fn target(self, at: usize) -> String {
        let target = self.list.target(at);
        let count = self.walk.count_here(self.list);
        let mut line = format!("{} {} [{}/{}]", target.id, target.name.get(self.lang), count.done, count.total);
        let comma = m::PLAIN_COMMA.get(self.lang);
        let item = self.walk.recheck.as_ref().and_then(|r| r.item(self.walk.place.as_ref(), at));
        line.extend(item.map(|item| format!("{comma}{}", item.shown(self.lang))));
        if let Some(standing) = self.walk.shown(&target.id) {
            line += &format!("{comma}{}", m::PLAIN_NOW.with(self.lang, &[("state", &self.judgement(&standing))]));
        } else if let Some(known) = self.walk.last_known(&target.id) {
            line += &format!("{comma}{}", self.known(known));
        }
        line
    }

    /// A target in full.
    pub fn full(self, at: usize) -> Vec<String> {
        let (target, lang) = (self.list.target(at), self.lang);
        let mut lines = vec![format!("{} {}", target.id, target.name.get(lang)), self.about(target)];
        lines.extend(wordings(target, lang).into_iter().map(|(label, text)| format!("{}: {text}", label.get(lang))));
        if let Some(standing) = self.walk.shown(&target.id) {
            lines.push(m::PLAIN_NOW.with(lang, &[("state", &self.judgement(&standing))]));
        }
        if let Some(remark) = self.walk.remark(&target.id) {
            lines.push(format!("{}: {remark}", m::REMARK.get(lang)));
        }
        lines.extend(self.walk.last_known(&target.id).map(|k| self.known(k)));
        lines
    }

    /// Clause, how and from where it is judged, when it must be put right.
    fn about(self, target: &Target) -> String {
        let lang = self.lang;
        let methods = target.method.iter().map(|how| method_name(*how).get(lang).to_owned());
        let clause = m::CLAUSE.with(lang, &[("n", &target.clause)]);
        let rest = [reach_name(target.reach), due_name(target.due)].map(|t| t.get(lang).to_owned());
        let parts: Vec<String> = std::iter::once(clause).chain(methods).chain(rest).collect();
        parts.join(m::PLAIN_COMMA.get(lang))
    }

    /// A verdict that stands, with its place where that is not where one stands, and its note.
    fn judgement(self, standing: &Standing) -> String {
        let judgement = standing.judgement;
        let place = judgement.place.as_ref().filter(|p| self.walk.place.as_ref() != Some(p));
        let place = place.map(|p| format!(" ({})", place_name(self.list, p, self.lang))).unwrap_or_default();
        let note = judgement.note.as_ref().map(|n| format!(": {n}")).unwrap_or_default();
        format!("{}{place}{note}", verdict_name(judgement.verdict).get(self.lang))
    }

    /// What was found here before.
    fn known(self, known: &Known) -> String {
        let word = verdict_name(known.verdict).get(self.lang);
        let place = known.place.as_ref().filter(|p| self.walk.place.as_ref() != Some(p));
        let place = place.map(|p| format!(" {}", place_name(self.list, p, self.lang))).unwrap_or_default();
        let note = known.note.as_ref().map(|n| format!(" {n}")).unwrap_or_default();
        let last = m::LAST_HERE.get(self.lang);
        format!("{last} {word} {} {}{place}{note}", known.at.date(), known.by.shown())
    }

    /// The targets that are listed here and not answered, under a heading that counts them.
    pub fn unanswered(self) -> Vec<String> {
        let open = |t: &&Target| self.walk.applies(self.list, t) && self.walk.verdict(&t.id).is_none();
        let rows: Vec<String> =
            self.list.targets().filter(open).map(|t| format!("{} {}", t.id, t.name.get(self.lang))).collect();
        let heading = format!("{} {}", m::NOT_ANSWERED.get(self.lang), rows.len());
        std::iter::once(heading).chain(rows).collect()
    }

    /// What the walk comes to, and what is missing.
    pub fn summary(self) -> Vec<String> {
        let mut lines = vec![totals(self.walk, self.list, self.lang)];
        let bare = |s: &Standing| s.judgement.verdict == Verdict::Fail && !has_note(s.judgement);
        let unseen = |s: &Standing| s.judgement.verdict == Verdict::Unseen;
        lines.extend(self.ids(m::FAILS_WITHOUT_NOTE, &bare));
        lines.extend(self.ids(m::NOT_SEEN, &unseen));
        lines
    }

    /// The targets whose verdict is such, in reading order.
    fn ids(self, heading: Msg, wanted: &dyn Fn(&Standing) -> bool) -> Option<String> {
        let standings = self.walk.session.standings().filter(wanted);
        let mut at: Vec<usize> = standings.filter_map(|s| self.list.position(&s.judgement.target)).collect();
        at.sort_unstable();
        at.dedup();
        let ids: Vec<&str> = at.iter().map(|at| self.list.target(*at).id.as_str()).collect();
        (!ids.is_empty()).then(|| format!("{} {}", heading.get(self.lang), ids.join(" ")))
    }
}
