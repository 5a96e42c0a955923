//! Photographs of a fault: chosen from the camera's folder or by path, copied beside the log, opened with the system's viewer.

use std::path::{Path, PathBuf};

use crate::checklist::TargetId;
use crate::i18n::{Lang, messages as m};
use crate::log::{Act, Judgement, Name, Photo, Place};
use crate::store::photos::Shot;
use crate::text::visible;
use crate::tui::app::noting::NoteBox;
use crate::tui::app::popup::{Choice, PickKind, Popup, Row};
use crate::tui::app::rows::numbered;
use crate::tui::app::walk::Walk;
use crate::tui::app::{App, Screen};
use crate::tui::theme::Role;
use crate::tui::{Effect, Now};

/// The camera's folder and the newest photographs in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Camera {
    pub folder: PathBuf,
    pub newest: Vec<Shot>,
}

impl App {
    /// Opens the list of photographs for the focused target, or where that is not judged yet, for the one judged last
    /// here: after a fail the cursor has gone on.
    pub(super) fn open_photos(&mut self) -> Vec<Effect> {
        let Some((at, list)) = self.at_hand() else {
            return Vec::new();
        };
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let id = &list.target(at).id;
        let judged = walk.session.standing(id, walk.place.as_ref()).is_some();
        let Some(at) = Some(at).filter(|_| judged).or_else(|| list.position(walk.judged_last()?)) else {
            self.tell(m::PHOTO_NEEDS_VERDICT.with(self.lang, &[("id", id)]));
            return Vec::new();
        };
        // Whatever the photographs are of, the cursor is where it was meant to be as little as before.
        let rests = walk.rests;
        walk.jump(&list, at);
        walk.rests = rests;
        self.photos_of = (!judged).then_some(at);
        // What is listed never changes under the cursor: the newest come below what is attached, when they are read.
        self.camera.newest.clear();
        self.pick(PickKind::Photos);
        self.settings.camera.clone().map(Effect::FindPhotos).into_iter().collect()
    }

    /// Records a note and opens the photographs of its target.
    pub(super) fn note_photos(&mut self, note: NoteBox, now: &Now) -> Vec<Effect> {
        let (at, is_fresh) = (note.target, note.is_fresh());
        // One goes on from the target only when its photographs are closed.
        let mut effects = self.accept_note(note.opened_by(None), now);
        if let Some(walk) = self.walk() {
            walk.focus = at;
        }
        effects.extend(self.open_photos());
        self.photos_of = is_fresh.then_some(at);
        effects
    }

    /// The photographs are closed: the walk goes on where it would have gone without them.
    pub(super) fn left_photos(&mut self) {
        if let Some(at) = self.photos_of.take() {
            self.advance(at);
        }
    }

    /// Photographs that are attached, those of the camera, and what was typed as a path.
    pub(super) fn photo_rows(&self, query: &str) -> Vec<Row> {
        let row = |text: String, choice| Row { text, role: Role::Text, choice };
        let typed = unquoted(query);
        if !typed.is_empty() {
            let text = m::PHOTO_ATTACH.with(self.lang, &[("path", &visible(typed))]);
            return vec![row(text, Choice::Attach(PathBuf::from(typed)))];
        }
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let newest = self.camera.newest.iter();
        let newest = newest.map(|shot| (walk.shot_told(shot, self.lang), Choice::Attach(shot.path.clone())));
        let attached = self.attached().into_iter().map(|photo| {
            let text = m::PHOTO_OPEN.with(self.lang, &[("file", &visible(photo.file.as_str()))]);
            (text, Choice::ShowPhoto(photo.file.as_str().to_owned()))
        });
        let all = attached.chain(newest).enumerate();
        let mut rows: Vec<Row> = all.map(|(i, (text, choice))| row(numbered(i, &text), choice)).collect();
        rows.push(Row { text: m::PHOTO_HINT.get(self.lang).to_owned(), role: Role::Faint, choice: Choice::Nothing });
        rows
    }

    /// The photographs of the focused target here.
    fn attached(&self) -> Vec<Photo> {
        let Screen::Walk(walk) = &self.screen else {
            return Vec::new();
        };
        let standing = walk.session.standing(&self.checklist.target(walk.focus).id, walk.place.as_ref());
        standing.map(|s| s.judgement.photos.clone()).unwrap_or_default()
    }

    /// Has a photograph copied; the record is written when it is there.
    pub(super) fn attach(&mut self, photo: PathBuf) -> Vec<Effect> {
        let list = self.checklist.clone();
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let target = list.target(walk.focus).id.clone();
        let place = walk.place.clone();
        let effect = walk.copy_photo(photo, target, place);
        self.tell(m::PHOTO_COPYING.get(self.lang).to_owned());
        vec![effect]
    }

    /// The newest photographs of the camera: they are offered from now on.
    pub(super) fn camera_chosen(&mut self, camera: Camera) -> Vec<Effect> {
        self.settings.camera = Some(camera.folder.clone());
        self.camera = camera;
        self.message = None;
        if let Some(walk) = self.walk() {
            walk.copying = walk.copying.saturating_sub(1);
        }
        if self.camera.newest.is_empty() {
            let path = visible(&self.camera.folder.to_string_lossy()).into_owned();
            self.warn(m::PHOTO_NONE.with(self.lang, &[("path", &path)]));
        }
        // The list, which has stayed open, shows them.
        if self.lists_photos() {
            self.pick(PickKind::Photos);
        }
        vec![Effect::SaveSettings(self.settings.clone())]
    }

    fn lists_photos(&self) -> bool {
        matches!(&self.popup, Some(Popup::Pick(pick)) if pick.kind == PickKind::Photos)
    }

    /// A photograph lies beside the log: now it is recorded.
    pub(super) fn attached_photo(
        &mut self,
        log: &Path,
        (target, place): (&TargetId, Option<Place>),
        photo: Result<Photo, String>,
        now: &Now,
    ) -> Vec<Effect> {
        let lang = self.lang;
        // Another walk may be open by now; a photograph is only ever recorded where it lies.
        let Some(walk) = self.walk().filter(|w| w.path == log) else {
            self.warn(match photo {
                Ok(photo) => m::PHOTO_NOT_RECORDED.with(lang, &[("id", target), ("file", &photo.file)]),
                Err(why) => why,
            });
            return Vec::new();
        };
        walk.copying = walk.copying.saturating_sub(1);
        let photo = match photo {
            Ok(photo) => photo,
            Err(why) => {
                self.warn(why);
                return Vec::new();
            }
        };
        let Some(walk) = self.walk() else {
            return Vec::new();
        };
        let file = photo.file.clone();
        let Some(effect) = walk.record_photo(target, place, photo, now) else {
            self.warn(m::PHOTO_NOT_RECORDED.with(lang, &[("id", target), ("file", &file)]));
            return Vec::new();
        };
        self.tell(m::PHOTO_ATTACHED.with(lang, &[("id", target), ("file", &visible(file.as_str()))]));
        if self.lists_photos() {
            self.popup = None;
            self.left_photos();
        }
        vec![effect]
    }
}

impl Walk {
    /// Has a photograph copied beside the log; the answer is waited for before the walk is left.
    pub fn copy_photo(&mut self, photo: PathBuf, target: TargetId, place: Option<Place>) -> Effect {
        let judged = self.session.events().iter().filter_map(|e| match &e.act {
            Act::Judge(j) => Some(&j.photos),
            _ => None,
        });
        let named = judged.flatten().map(|photo| photo.file.clone()).collect();
        self.copying += 1;
        Effect::Attach { photo, target, place, named }
    }

    /// A photograph of the camera: its name, when it was taken, and what it is attached as where it is.
    pub fn shot_told(&self, shot: &Shot, lang: Lang) -> String {
        let named = |copy: &&str| self.photos_named().any(|own| own.as_str() == *copy);
        let copy = shot.copy.as_deref().filter(named);
        let copy = copy.map(|copy| m::PHOTO_IS.with(lang, &[("file", &copy)])).unwrap_or_default();
        let name = shot.path.file_name().unwrap_or_default().to_string_lossy();
        visible(format!("{name}  {}  {copy}", shot.taken).trim_end()).into_owned()
    }

    /// The photographs that some verdict of this walk names now.
    fn photos_named(&self) -> impl Iterator<Item = &Name> {
        self.session.standings().flat_map(|s| s.judgement.photos.iter().map(|photo| &photo.file))
    }

    /// Records a photograph that lies beside the log now; none where its verdict does not stand any more.
    pub fn record_photo(&mut self, target: &TargetId, place: Option<Place>, photo: Photo, now: &Now) -> Option<Effect> {
        let standing = self.session.standing(target, place.as_ref()).map(|s| s.judgement.clone());
        let mut judgement = standing.filter(|_| self.writable)?;
        judgement.photos.push(photo);
        Some(self.record(Act::Judge(Judgement { place, ..judgement }), now))
    }
}

/// A path as it comes from dragging a file onto a terminal: in quotes, or as a link to a file.
pub fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix("file://").unwrap_or(text);
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
    quoted('"').or_else(|| quoted('\'')).unwrap_or(text)
}
