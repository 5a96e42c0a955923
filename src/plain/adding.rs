//! What goes with a verdict that stands: photographs, who must put a fault right, and by when.

use std::path::PathBuf;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::checklist::TargetId;
use crate::i18n::messages as m;
use crate::log::{Judgement, Name, Photo, Place, Verdict};
use crate::plain::answer;
use crate::plain::dialogue::{Asking, Dialogue};
use crate::store::photos::Shot;
use crate::text::visible;
use crate::tui::app::photos::{Camera, unquoted};
use crate::tui::app::recording::Duty;
use crate::tui::view::walk::due_name;
use crate::tui::{Effect, Now};

/// The furthest day in days: a year typed alone is none.
const MOST_DAYS: i64 = 366;

impl Dialogue {
    /// The target that is asked about where its verdict is such, else the one judged last here: after a fail the walk has
    /// gone on.
    fn judged_at_hand(&self, wanted: impl Fn(&Judgement) -> bool) -> Option<usize> {
        let fits = |at: &usize| {
            let id = &self.list.target(*at).id;
            self.walk.session.standing(id, self.walk.place.as_ref()).is_some_and(|s| wanted(s.judgement))
        };
        let last = || self.walk.judged_last().and_then(|id| self.list.position(id));
        self.at.filter(fits).or_else(|| last().filter(fits))
    }

    fn fail_at_hand(&self) -> Option<usize> {
        self.judged_at_hand(|j| j.verdict == Verdict::Fail)
    }

    /// The responsible unit of a fault; without a text those used before are listed.
    pub(super) fn unit(&mut self, text: &str, now: &Now) -> Vec<Effect> {
        let Some(at) = self.fail_at_hand() else {
            return self.refuse(m::PLAIN_NO_FAIL.get(self.lang).to_owned());
        };
        let units = self.walk.units();
        match text {
            "" if units.is_empty() => return self.refuse(m::PLAIN_HELP_UNIT.get(self.lang).to_owned()),
            "" => self.asking = Asking::Unit(at, units),
            _ => return self.set_unit(at, text, now),
        }
        Vec::new()
    }

    /// A unit by its number among those listed, or by name; an empty line leaves it.
    pub(super) fn unit_of(&mut self, at: usize, units: &[Name], line: &str, now: &Now) -> Vec<Effect> {
        let name = match answer::number(line).map(|n| n.checked_sub(1).and_then(|i| units.get(i))) {
            Some(Some(unit)) => unit.to_string(),
            Some(None) => return self.refuse(m::PLAIN_NO_NUMBER.with(self.lang, &[("n", &line)])),
            None => line.to_owned(),
        };
        self.asking = Asking::Verdict;
        if name.is_empty() { Vec::new() } else { self.set_unit(at, &name, now) }
    }

    fn set_unit(&mut self, at: usize, text: &str, now: &Now) -> Vec<Effect> {
        let unit = if text == "-" { None } else { Some(Name::try_from(text)) };
        let Ok(unit) = unit.transpose() else {
            return self.refuse(m::PLAIN_TOO_LONG.get(self.lang).to_owned());
        };
        let duty = self.duty(at);
        self.set_duty(at, Duty { unit, ..duty }, now)
    }

    /// The day by which a fault must be put right: so many days from today, a date, or a dash for the target's own time.
    pub(super) fn due(&mut self, text: &str, now: &Now) -> Vec<Effect> {
        let Some(at) = self.fail_at_hand() else {
            return self.refuse(m::PLAIN_NO_FAIL.get(self.lang).to_owned());
        };
        let today = now.stamp.date().parse::<Date>().ok();
        let days = || answer::number(text).and_then(|n| i64::try_from(n).ok()).filter(|n| *n <= MOST_DAYS);
        let in_days = || today?.checked_add(days()?.days()).ok();
        let day = in_days().or_else(|| text.parse().ok().filter(|day: &Date| today.is_none_or(|today| *day >= today)));
        let due = match (text, day) {
            ("", _) => return self.refuse(m::PLAIN_HELP_DUE.get(self.lang).to_owned()),
            ("-", _) => None,
            (_, Some(day)) => Name::try_from(day.to_string()).ok(),
            (_, None) => return self.refuse(m::PLAIN_BAD_DUE.with(self.lang, &[("text", &text)])),
        };
        let duty = self.duty(at);
        self.set_duty(at, Duty { due, ..duty }, now)
    }

    fn duty(&self, at: usize) -> Duty {
        self.walk.duty(&self.list.target(at).id, Verdict::Fail)
    }

    fn set_duty(&mut self, at: usize, duty: Duty, now: &Now) -> Vec<Effect> {
        let same = duty == self.duty(at);
        let target = self.list.target(at);
        let none = m::NO_UNIT.get(self.lang).to_owned();
        let unit = duty.unit.as_ref().map_or(none, |u| visible(u.as_str()).into_owned());
        let due = duty.due.as_ref().map_or(due_name(target.due).get(self.lang).to_owned(), Name::to_string);
        let told = m::PLAIN_DUTY.with(self.lang, &[("id", &target.id), ("unit", &unit), ("due", &due)]);
        if same {
            return self.refuse(m::PLAIN_UNCHANGED.with(self.lang, &[("what", &told)]));
        }
        self.recorded = Some(told);
        let standing = self.walk.session.standing(&target.id, self.walk.place.as_ref());
        let note = standing.and_then(|s| s.judgement.note.clone());
        vec![self.walk.judge_with(&target.id, Verdict::Fail, note, duty, now)]
    }

    /// Attaches a photograph by its path; without one the newest of the camera's folder are listed.
    pub(super) fn photo(&mut self, text: &str) -> Vec<Effect> {
        let Some(at) = self.judged_at_hand(|_| true) else {
            let id = self.at.map(|at| self.list.target(at).id.to_string()).unwrap_or_default();
            return self.refuse(m::PHOTO_NEEDS_VERDICT.with(self.lang, &[("id", &id)]));
        };
        match (text, self.settings.camera.clone()) {
            ("", None) => self.refuse(m::PHOTO_HINT.get(self.lang).to_owned()),
            ("", Some(camera)) => {
                self.walk.copying += 1;
                vec![Effect::FindPhotos(camera)]
            }
            _ => self.attach(at, PathBuf::from(unquoted(text))),
        }
    }

    fn attach(&mut self, at: usize, photo: PathBuf) -> Vec<Effect> {
        let place = self.walk.place.clone();
        vec![self.walk.copy_photo(photo, self.list.target(at).id.clone(), place)]
    }

    /// A photograph lies beside the log: now it is recorded.
    pub(super) fn attached(
        &mut self,
        (target, place): (&TargetId, Option<Place>),
        photo: Result<Photo, String>,
        now: &Now,
    ) -> Vec<Effect> {
        let photo = match photo {
            Ok(photo) => photo,
            Err(why) => return self.refuse(why),
        };
        let values: [(&str, &dyn std::fmt::Display); 2] = [("id", target), ("file", &photo.file.clone())];
        let effect = self.walk.record_photo(target, place, photo, now);
        match effect {
            Some(_) => self.recorded = Some(m::PHOTO_ATTACHED.with(self.lang, &values)),
            None => self.say(&m::PHOTO_NOT_RECORDED.with(self.lang, &values)),
        }
        effect.into_iter().collect()
    }

    /// Lists the newest photographs of the camera.
    pub(super) fn photos_found(&mut self, camera: &Camera) {
        self.walk.copying = self.walk.copying.saturating_sub(1);
        match self.judged_at_hand(|_| true) {
            Some(at) if !camera.newest.is_empty() => self.asking = Asking::Photo(at, camera.newest.clone()),
            _ => self.say(&m::PHOTO_NONE.with(self.lang, &[("path", &camera.folder.display())])),
        }
    }

    /// A photograph by its number among those listed, or by its path; an empty line leaves it.
    pub(super) fn photo_of(&mut self, at: usize, shots: &[Shot], line: &str) -> Vec<Effect> {
        let path = match answer::number(line).map(|n| n.checked_sub(1).and_then(|i| shots.get(i))) {
            Some(Some(shot)) => shot.path.clone(),
            Some(None) => return self.refuse(m::PLAIN_NO_NUMBER.with(self.lang, &[("n", &line)])),
            None => PathBuf::from(unquoted(line)),
        };
        self.asking = Asking::Verdict;
        if path.as_os_str().is_empty() { Vec::new() } else { self.attach(at, path) }
    }

    /// The photographs of the camera, a line each.
    pub(super) fn say_photos(&mut self, at: usize, shots: &[Shot]) {
        let target = self.list.target(at);
        self.say(
            &m::TITLE_PHOTOS.with(self.lang, &[("target", &format!("{} {}", target.id, target.name.get(self.lang)))]),
        );
        let rows: Vec<String> = shots.iter().map(|shot| self.walk.shot_told(shot, self.lang)).collect();
        self.say_numbered(&rows);
    }
}
