//! What is known of the disk while a log is open.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::i18n::{Lang, messages as m};
use crate::store::writer::Report;
use crate::tell;
use crate::tui::Now;

/// A disk that does not answer for so long counts as failing.
const WATCHDOG_MS: u64 = 3_000;

/// How far the disk has come with a log.
#[derive(Clone, Debug, Default)]
pub struct Saving {
    /// How many events are on the disk.
    pub saved: usize,
    /// When the disk last said so, `09:41`.
    pub saved_at: Option<String>,
    /// Set while saving fails.
    pub failing: Option<Failing>,
    /// Since when an event waits for the disk, in milliseconds since the program started.
    waits_since: Option<u64>,
}

/// What saving fails with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    pub path: PathBuf,
    /// What the system says; none where the disk does not answer at all.
    pub why: Option<(ErrorKind, String)>,
}

impl Saving {
    pub fn new(saved: usize, now: &Now) -> Self {
        Self { saved, saved_at: (saved > 0).then(|| now.stamp.time().to_owned()), ..Self::default() }
    }

    /// An event was handed to the writer thread.
    pub fn handed_over(&mut self, now: &Now) {
        self.waits_since.get_or_insert(now.ms);
    }

    /// Takes in what the writer thread says of a log that has so many events.
    pub fn reported(&mut self, report: Report, events: usize, now: &Now) {
        match report {
            Report::Saved { events: saved } => {
                self.saved = saved;
                self.saved_at = Some(now.stamp.time().to_owned());
                self.failing = None;
                self.waits_since = (saved < events).then_some(now.ms);
            }
            Report::Failing { path, kind, why, .. } => self.failing = Some(Failing { path, why: Some((kind, why)) }),
            // It is told in words.
            Report::Mended { .. } => {}
        }
    }

    /// How long the disk may still take before it counts as not answering.
    pub fn patience(&self, now: &Now) -> Option<u64> {
        let since = self.waits_since.filter(|_| self.failing.is_none())?;
        Some((since + WATCHDOG_MS).saturating_sub(now.ms))
    }

    /// The disk has not answered for too long: what is not known to be saved is not saved.
    pub fn lose_patience(&mut self, path: &Path, now: &Now) {
        if self.patience(now) == Some(0) {
            self.failing = Some(Failing { path: path.to_owned(), why: None });
        }
    }

    /// Whether all of so many events are on the disk.
    pub fn is_saved(&self, events: usize) -> bool {
        self.failing.is_none() && self.saved == events
    }

    /// What the header says.
    pub fn shown(&self, events: usize, lang: Lang) -> String {
        match &self.saved_at {
            _ if self.failing.is_some() => m::UNSAVED.get(lang).to_owned(),
            Some(at) if self.is_saved(events) => m::SAVED.with(lang, &[("at", at)]),
            _ => m::SAVING.get(lang).to_owned(),
        }
    }
}

/// How far the second copy of the open log has come. Whether there is to be one shows when its thread says something first.
#[derive(Clone, Debug, Default)]
pub struct SecondCopy(Option<Saving>);

/// What is told of the second copy, once each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyNews {
    Lost(Failing),
    Back,
}

impl SecondCopy {
    /// Whether there should be a copy and is none that has everything.
    pub fn is_lost(&self) -> bool {
        self.0.as_ref().is_some_and(|saving| saving.failing.is_some())
    }

    /// An event was handed to its thread too.
    pub fn handed_over(&mut self, now: &Now) {
        if let Some(saving) = &mut self.0 {
            saving.handed_over(now);
        }
    }

    /// Takes in what its thread says, while a log of so many events is open.
    pub fn reported(&mut self, report: &Report, (log, events): (&Path, usize), now: &Now) -> Option<CopyNews> {
        // The copy of the log before this one may still be heard of.
        if matches!(report, Report::Failing { path, .. } if path.file_name() != log.file_name()) {
            return None;
        }
        let was_lost = self.is_lost();
        let saving = self.0.get_or_insert_default();
        saving.reported(report.clone(), events, now);
        match (was_lost, &saving.failing) {
            (false, Some(failing)) => Some(CopyNews::Lost(failing.clone())),
            (true, None) => Some(CopyNews::Back),
            _ => None,
        }
    }

    /// How long its disk may still take before it counts as not answering.
    pub fn patience(&self, now: &Now) -> Option<u64> {
        self.0.as_ref()?.patience(now)
    }

    /// Its disk has not answered for too long.
    pub fn lose_patience(&mut self, log: &Path, now: &Now) -> Option<CopyNews> {
        let saving = self.0.as_mut()?;
        if saving.patience(now) != Some(0) {
            return None;
        }
        saving.lose_patience(log, now);
        saving.failing.clone().map(CopyNews::Lost)
    }

    /// What the header says of the log, and that there is no copy of it where one should be.
    pub fn beside(&self, saved: String, lang: Lang) -> String {
        if self.is_lost() { m::SAVED_NO_COPY.with(lang, &[("saved", &saved)]) } else { saved }
    }
}

impl CopyNews {
    /// The same in words.
    pub fn tell(&self, lang: Lang) -> String {
        match self {
            Self::Lost(Failing { why: None, .. }) => m::MIRROR_HANGS.get(lang).to_owned(),
            Self::Lost(failing) => {
                m::MIRROR_LOST.with(lang, &[("path", &tell::path(&failing.path)), ("why", &failing.reason(lang))])
            }
            Self::Back => m::MIRROR_BACK.get(lang).to_owned(),
        }
    }
}

impl Failing {
    /// What is wrong, in the user's language where it is a common thing, and in the system's own words.
    pub fn reason(&self, lang: Lang) -> String {
        let Some((kind, why)) = &self.why else {
            return m::NO_ANSWER.get(lang).to_owned();
        };
        tell::io_of(lang, *kind, why)
    }
}
