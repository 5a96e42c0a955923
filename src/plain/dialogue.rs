//! The walk as question and answer: a line goes in, lines and effects come out.

use std::path::PathBuf;
use std::sync::Arc;

use crate::checklist::{Checklist, Counting};
use crate::district::District;
use crate::i18n::{Lang, Msg, messages as m};
use crate::log::{Act, Name, Stamp, Verdict, Why};
use crate::plain::answer::{self, Answer, Command};
use crate::plain::places::{self, Choice};
use crate::plain::telling::In;
use crate::session::{Intent, State};
use crate::store::Settings;
use crate::store::photos::Shot;
use crate::store::rescue::Left;
use crate::store::writer::Report;
use crate::tell;
use crate::text::visible;
use crate::tui::app::recheck::Recheck;
use crate::tui::app::rows::{finish_told, time_rows};
use crate::tui::app::saving::{CopyNews, Failing, SecondCopy};
use crate::tui::app::walk::{Walk, place_name};
use crate::tui::{Effect, Now, Opened, Reply};

/// How many hits of a search are listed.
pub(super) const HITS: usize = 20;

/// A walk that is told and answered line by line.
#[derive(Debug)]
pub struct Dialogue {
    pub walk: Walk,
    pub lang: Lang,
    pub(super) list: Arc<Checklist>,
    pub(super) settings: Settings,
    made: Stamp,
    /// When the last answer came.
    pub(super) seen: Now,
    /// The target that is asked about; none when all are answered.
    pub(super) at: Option<usize>,
    pub(super) asking: Asking,
    /// The target one wants to be at when it is known where.
    pub(super) wanted: Option<usize>,
    /// What was said and not yet printed.
    lines: Vec<String>,
    /// What the last answer recorded; it is told with what the disk says.
    pub(super) recorded: Option<String>,
    copy: SecondCopy,
    unsaved: Vec<Left>,
    signal: Option<i32>,
    over: bool,
}

/// What a dialogue is made of.
pub struct Parts {
    pub lang: Lang,
    pub checklist: Arc<Checklist>,
    pub district: Arc<District>,
    pub settings: Settings,
    /// When this version was made: a clock before that is wrong.
    pub made: Stamp,
    /// What is looked at again, and nothing else.
    pub recheck: Option<Recheck>,
}

/// What the next line answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Asking {
    Verdict,
    /// The note of a verdict that was just given, with phrases to choose from.
    Note(usize, Verdict, Vec<String>),
    Hits(Vec<usize>),
    Place(Vec<Choice>),
    /// The name of a place of this type.
    Name(String),
    Summary,
    /// How to leave while saving fails.
    Unsaved(Why),
    Folder,
    /// The responsible unit of a fault, with those used before.
    Unit(usize, Vec<Name>),
    /// A photograph for a target, with the newest of the camera.
    Photo(usize, Vec<Shot>),
    /// A number of a counter.
    Count(usize, usize),
    /// Whether an answer takes the place of the one before, with what was said with it.
    Answer(usize, Verdict, String),
    /// The type of a new place with this name.
    Type(String),
}

impl Dialogue {
    /// Opens the walk; a log that may only be looked at is not walked.
    pub fn open(opened: Opened, parts: Parts, now: &Now) -> Result<(Self, Vec<Effect>), String> {
        if !opened.writable {
            return Err(opened.notice.unwrap_or_else(|| m::NOT_A_WALK.get(parts.lang).to_owned()));
        }
        let (notice, goes_on) = (opened.notice.clone(), opened.resumed.is_some());
        let list = parts.checklist;
        let (mut walk, resumed) = Walk::open(opened, &list, now);
        let mut settings = parts.settings;
        walk.remember_in(&mut settings);
        settings.lang = Some(parts.lang);
        let mut effects: Vec<Effect> = resumed.into_iter().collect();
        effects.push(Effect::SaveSettings(settings.clone()));
        let (site, except) = (walk.site().to_owned(), walk.session.head.id.clone());
        effects.push(Effect::ReadHistory { site, except });
        let mut at = walk.next_unanswered(&list, list.len() - 1);
        if let Some(recheck) = parts.recheck {
            walk.look_again(recheck, &list);
            at = Some(walk.focus);
        }
        let mut dialogue = Self {
            at,
            walk,
            lang: parts.lang,
            list,
            settings,
            made: parts.made,
            seen: now.clone(),
            asking: Asking::Verdict,
            wanted: None,
            lines: Vec::new(),
            recorded: None,
            copy: SecondCopy::default(),
            unsaved: Vec::new(),
            signal: None,
            over: false,
        };
        dialogue.greet(&parts.district, goes_on);
        dialogue.lines.extend(notice.map(|n| visible(&n).into_owned()));
        Ok((dialogue, effects))
    }

    fn greet(&mut self, district: &District, goes_on: bool) {
        self.say(&self.told().head(district));
        if goes_on {
            let count = self.walk.count_all(&self.list);
            self.say(&m::PLAIN_GOES_ON.with(self.lang, &[("n", &count.done), ("of", &count.total)]));
        }
        if self.walk.place.is_some() {
            self.say_place();
        }
        let drafts: Vec<String> = self.walk.drafts.iter().map(|((id, _), text)| format!("{id} {text}")).collect();
        for draft in drafts {
            self.say(&format!("{}: {draft}", m::DRAFT.get(self.lang)));
        }
        self.say(m::PLAIN_HINT.get(self.lang));
    }

    /// Whether the program is to be left.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The signal it was ended with, and what could not be saved.
    pub fn ended(self) -> (Option<i32>, Vec<Left>) {
        (self.signal, self.unsaved)
    }

    /// What was said since this was asked last.
    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// Asks: says what is asked about and gives what stands before the answer.
    pub fn question(&mut self) -> &'static str {
        let prompt = match self.asking.clone() {
            Asking::Verdict => {
                self.say_target();
                m::PLAIN_PROMPT
            }
            Asking::Note(_, verdict, phrases) => {
                self.say_numbered(&phrases);
                if verdict == Verdict::Unseen { m::PLAIN_PROMPT_REASON } else { m::PLAIN_PROMPT_NOTE }
            }
            Asking::Hits(hits) => {
                self.say_hits(&hits);
                m::PLAIN_PROMPT_WHICH
            }
            Asking::Place(choices) => {
                let rows: Vec<String> = choices.iter().map(|c| places::shown(c, &self.list, self.lang)).collect();
                self.say_numbered(&rows);
                m::PLAIN_PROMPT_PLACE
            }
            Asking::Name(kind) => {
                let kind = self.list.place_type(&kind).map_or(kind.as_str(), |t| t.name.get(self.lang)).to_owned();
                self.say(&m::PLAIN_ASK_NAME.with(self.lang, &[("type", &kind)]));
                m::PLAIN_PROMPT_NAME
            }
            Asking::Summary => {
                self.say_summary();
                m::PLAIN_PROMPT_WHICH
            }
            Asking::Unsaved(_) => {
                self.say_choices(&[m::WAIT_FOR_DISK, m::OTHER_FOLDER, m::LEAVE_UNSAVED]);
                m::PLAIN_PROMPT_WHICH
            }
            Asking::Folder => {
                self.say(m::OTHER_FOLDER_HINT.get(self.lang));
                m::PLAIN_PROMPT_FOLDER
            }
            Asking::Unit(_, units) => {
                let units: Vec<String> = units.iter().map(Name::to_string).collect();
                self.say_numbered(&units);
                m::PLAIN_PROMPT_UNIT
            }
            Asking::Photo(at, shots) => {
                self.say_photos(at, &shots);
                m::PLAIN_PROMPT_PHOTO
            }
            Asking::Answer(at, verdict, _) => {
                self.say_answers(at, verdict);
                m::PLAIN_PROMPT_WHICH
            }
            Asking::Type(name) => {
                self.say_types(&name);
                m::PLAIN_PROMPT_TYPE
            }
            Asking::Count(at, row) => {
                self.say_count(at, row);
                let questions = self.list.target(at).count.as_ref().map_or(0, Counting::rows);
                if row < questions { m::PLAIN_PROMPT_COUNT } else { m::PLAIN_PROMPT_RECORD }
            }
        };
        prompt.get(self.lang)
    }

    /// Says what the walk comes to, and how it may be left.
    fn say_summary(&mut self) {
        self.told().summary().iter().for_each(|l| self.say(l));
        let counted = self.walk.counted(&self.list, &self.seen, self.lang);
        let notes = self.walk.loose_notes(&counted);
        for ((id, _), text) in &notes {
            self.say(&format!("{}: {id} {text}", m::DRAFT.get(self.lang)));
        }
        let [pause, go_on] = [m::PAUSE, m::GO_ON].map(|msg| msg.get(self.lang).to_owned());
        self.say_numbered(&[finish_told(notes.len(), self.lang), pause, go_on]);
    }

    /// Takes in a line that was typed.
    pub fn answer(&mut self, line: &[u8], now: &Now) -> Vec<Effect> {
        self.seen = now.clone();
        if let Some(minutes) = self.walk.clock_jump(now) {
            self.say(&m::CLOCK_JUMPED.with(self.lang, &[("n", &minutes)]));
        }
        let line = match self.readable(line) {
            Ok(line) => line,
            Err(why) => {
                self.say(why.get(self.lang));
                return Vec::new();
            }
        };
        let line = line.trim();
        match self.asking.clone() {
            Asking::Verdict => self.command(line, now),
            Asking::Note(at, verdict, phrases) => self.note(at, verdict, &phrases, line, now),
            Asking::Hits(hits) => self.hit(&hits, line),
            Asking::Place(choices) => self.place(Some(&choices), line),
            Asking::Name(kind) => self.name(&kind, line),
            Asking::Summary => self.end_as(line, now),
            Asking::Unsaved(why) => self.leave_as(why, line, now),
            Asking::Folder => self.folder(line),
            Asking::Unit(at, units) => self.unit_of(at, &units, line, now),
            Asking::Photo(at, shots) => self.photo_of(at, &shots, line),
            Asking::Count(at, row) => self.counted(at, row, line, now),
            Asking::Answer(at, verdict, text) => self.answer_of(at, verdict, &text, line, now),
            Asking::Type(name) => self.type_of(&name, line),
        }
    }

    /// The text of a line, or why it has none that may be recorded.
    fn readable(&self, line: &[u8]) -> Result<String, Msg> {
        if line.len() > super::MAX_LINE {
            return Err(m::PLAIN_TOO_LONG);
        }
        let text = std::str::from_utf8(line).map_err(|_| m::PLAIN_NOT_UTF8)?;
        let text = text.trim_start_matches('\u{feff}').replace('\t', " ");
        let text = text.trim_end_matches(['\r', '\n']);
        // An arrow key, or what a paste of formatted text brings along.
        if text.chars().any(char::is_control) { Err(m::PLAIN_CONTROLS) } else { Ok(text.to_owned()) }
    }

    /// The end of what is typed pauses the walk, whatever was asked.
    pub fn end_of_input(&mut self, now: &Now) -> Vec<Effect> {
        self.leave(Why::Paused, now)
    }

    /// The window was closed or the system asks to end.
    pub fn hang_up(&mut self, signal: i32) -> Vec<Effect> {
        self.signal = Some(signal);
        self.over = true;
        vec![Effect::Close]
    }

    /// Takes in what came of an effect, and says what is to be done then.
    pub fn reply(&mut self, reply: Reply, now: &Now) -> Vec<Effect> {
        match reply {
            Reply::Attached { target, place, photo, .. } => {
                self.walk.copying = self.walk.copying.saturating_sub(1);
                return self.attached((&target, place), photo, now);
            }
            Reply::Photos(camera) => self.photos_found(&camera),
            Reply::CameraChosen(camera) => {
                self.settings.camera = Some(camera.folder.clone());
                self.photos_found(&camera);
                return vec![Effect::SaveSettings(self.settings.clone())];
            }
            Reply::History(site, history) if self.walk.site() == site => {
                self.walk.history = history;
                self.walk.knows_before = true;
                if let Some(fault) = self.walk.clock_fault(&self.made.clone(), now) {
                    self.say(&fault.with(self.lang, &[("at", &now.stamp.date())]));
                }
            }
            Reply::Closed(Ok(path)) => {
                if self.walk.saving.failing.take().is_some() {
                    self.say(m::PLAIN_SAVED_AGAIN.get(self.lang));
                }
                self.say(&m::CLOSED.with(self.lang, &[("path", &tell::path(&path))]));
            }
            Reply::Closed(Err(left)) => {
                self.say(&tell::left(self.lang, &left));
                let failing = Failing { path: left.unsaved.path.clone(), why: None };
                self.walk.saving.failing.get_or_insert(failing);
                self.unsaved.push(left);
            }
            Reply::Moved(path) => {
                self.walk.moved(path.clone(), now);
                self.say(&m::MOVED.with(self.lang, &[("path", &tell::path(&path))]));
            }
            Reply::Notice(text) | Reply::Failed(text) => self.say(&text),
            // Answers to what is asked for elsewhere.
            Reply::History(..) | Reply::Listed(_) | Reply::Opened(_) | Reply::ReviewStarted { .. } => {}
            Reply::Taken { why, .. } => self.say(&why),
        }
        Vec::new()
    }

    /// Milliseconds until a stopwatch has something to say, or the disk of the second copy counts as not answering.
    pub fn watch_left(&self, now: &Now) -> Option<u64> {
        self.walk.watch_left(&self.list, now).into_iter().chain(self.copy.patience(now)).min()
    }

    /// Says that the time of a stopwatch is over, or that the second copy hangs.
    pub fn watch_over(&mut self, now: &Now) {
        let news = self.copy.lose_patience(&self.walk.path, now);
        self.say_copy(news.as_ref());
        if let Some((id, n)) = self.walk.watch_over(&self.list, now) {
            self.say(&m::COUNT_TIME_OVER.with(self.lang, &[("id", &id), ("n", &n)]));
        }
    }

    /// Whether something was recorded that is not told yet.
    pub fn has_recorded(&self) -> bool {
        self.recorded.is_some()
    }

    /// Takes in what the writer thread says; that saving begins or ceases to fail is said at once.
    pub fn reported(&mut self, report: Report, now: &Now) {
        let failed = self.walk.saving.failing.is_some();
        self.walk.reported(report, now);
        match (failed, self.walk.saving.failing.is_some()) {
            (false, true) if self.recorded.is_none() => self.say_unsaved(),
            (true, false) => self.say(m::PLAIN_SAVED_AGAIN.get(self.lang)),
            _ => {}
        }
    }

    /// Takes in what the thread of the second copy says; that it fails and that it is back is said once each.
    pub fn mirrored(&mut self, report: &Report, now: &Now) {
        let news = self.copy.reported(report, (&self.walk.path, self.walk.session.events().len()), now);
        self.say_copy(news.as_ref());
    }

    /// An event was handed over to be written.
    pub fn handed_over(&mut self, now: &Now) {
        self.copy.handed_over(now);
    }

    fn say_copy(&mut self, news: Option<&CopyNews>) {
        if let Some(news) = news {
            self.say(&news.tell(self.lang));
        }
    }

    /// Tells what was recorded, now that the disk has said whether it is saved.
    pub fn settled(&mut self) {
        let Some(what) = self.recorded.take() else {
            return;
        };
        let saved = self.walk.saving.shown(self.walk.session.events().len(), self.lang);
        let saved = self.copy.beside(saved, self.lang);
        self.say(&format!("{what}{}{saved}", m::PLAIN_COMMA.get(self.lang)));
        if self.walk.saving.failing.is_some() {
            self.say_unsaved();
        }
    }

    fn command(&mut self, line: &str, now: &Now) -> Vec<Effect> {
        let (command, text) = match answer::read(line) {
            Answer::Nothing => return self.next(),
            Answer::Do(command, text) => (command, text),
            Answer::TooMuch(head) => return self.refuse(m::PLAIN_TOO_MUCH.with(self.lang, &[("key", &head)])),
            Answer::Other(text) => return self.go_by_id(text),
        };
        if command.writes() && self.walk.is_full() {
            return self.refuse(m::LOG_FULL.get(self.lang).to_owned());
        }
        match command {
            Command::Judge(verdict) => return self.judge(verdict, text, now),
            Command::Remark => return self.remark(text, now),
            Command::Photo => return self.photo(text),
            Command::Unit => return self.unit(text, now),
            Command::Due => return self.due(text, now),
            Command::Count => return self.count(now),
            Command::Undo => return self.turn(Intent::Undo, now),
            Command::Redo => return self.turn(Intent::Redo, now),
            Command::Language => return self.switch_language(),
            Command::Place if text.is_empty() => {
                self.asking = Asking::Place(places::choices(&self.walk, &self.list));
            }
            Command::Place => return self.place(None, text),
            Command::Find => self.find(text),
            Command::Full => self.say_full(),
            Command::List => self.told().unanswered().iter().for_each(|l| self.say(l)),
            Command::Time => time_rows(&self.walk, &self.list, self.lang, now).iter().for_each(|l| self.say(l)),
            Command::Help => answer::help(self.lang).iter().for_each(|l| self.say(l)),
            Command::Summary => self.asking = Asking::Summary,
        }
        Vec::new()
    }

    /// Says why nothing was done.
    pub(super) fn refuse(&mut self, why: String) -> Vec<Effect> {
        self.say(&why);
        Vec::new()
    }

    fn switch_language(&mut self) -> Vec<Effect> {
        self.lang = self.lang.other();
        self.settings.lang = Some(self.lang);
        vec![Effect::SaveSettings(self.settings.clone())]
    }

    fn end_as(&mut self, line: &str, now: &Now) -> Vec<Effect> {
        self.asking = Asking::Verdict;
        let why = match (answer::number(line), line) {
            (Some(1), _) => Why::Finished,
            (Some(2), _) => Why::Paused,
            (Some(3), _) | (_, "") => return Vec::new(),
            _ => {
                self.asking = Asking::Summary;
                self.say(m::PLAIN_PICK.get(self.lang));
                return Vec::new();
            }
        };
        if self.walk.saving.failing.is_some() {
            self.say_unsaved();
            self.asking = Asking::Unsaved(why);
            return Vec::new();
        }
        self.leave(why, now)
    }

    fn leave_as(&mut self, why: Why, line: &str, now: &Now) -> Vec<Effect> {
        match answer::number(line) {
            Some(3) => return self.leave(why, now),
            Some(2) => self.asking = Asking::Folder,
            Some(1) => self.asking = Asking::Verdict,
            _ if line.is_empty() => self.asking = Asking::Verdict,
            _ => self.say(m::PLAIN_PICK.get(self.lang)),
        }
        Vec::new()
    }

    /// Goes on with the log in another folder.
    fn folder(&mut self, line: &str) -> Vec<Effect> {
        self.asking = Asking::Verdict;
        if line.is_empty() { Vec::new() } else { vec![Effect::MoveTo(PathBuf::from(line))] }
    }

    /// Ends or pauses the walk whatever the disk says; what cannot be saved is rescued when the program ends.
    fn leave(&mut self, why: Why, now: &Now) -> Vec<Effect> {
        let (mut effects, mut noted) = (Vec::new(), 0);
        if self.walk.session.state() == State::Open {
            if why == Why::Finished {
                let counted = self.walk.counted(&self.list, now, self.lang);
                (effects, noted) = self.walk.record_loose_notes(&counted, now);
            }
            if noted > 0 {
                self.say(&m::DRAFTS_RECORDED.with(self.lang, &[("n", &noted)]));
            }
            effects.push(self.walk.record(Act::End { why: Some(why) }, now));
            let word = if why == Why::Finished { m::PLAIN_FINISHED } else { m::PLAIN_PAUSED };
            self.recorded = Some(word.get(self.lang).to_owned());
        }
        self.over = true;
        effects
    }

    /// What is left to do when the disk has said whether the end is saved.
    pub fn close(&self) -> Vec<Effect> {
        if self.signal.is_some() { Vec::new() } else { vec![Effect::Close] }
    }

    fn told(&self) -> In<'_> {
        In { walk: &self.walk, list: &self.list, lang: self.lang }
    }

    /// Says a line. Whatever it holds of files and notes is made harmless here.
    pub fn say(&mut self, line: &str) {
        self.lines.push(visible(line).into_owned());
    }

    pub(super) fn say_numbered(&mut self, rows: &[String]) {
        for (i, row) in rows.iter().enumerate() {
            self.say(&format!("{}: {row}", i + 1));
        }
    }

    fn say_choices(&mut self, choices: &[Msg]) {
        let rows: Vec<String> = choices.iter().map(|c| c.get(self.lang).to_owned()).collect();
        self.say_numbered(&rows);
    }

    fn say_target(&mut self) {
        let line = match (self.at, &self.walk.place) {
            (Some(at), _) => self.told().target(at),
            (None, Some(_)) => m::PLAIN_DONE_HERE.get(self.lang).to_owned(),
            (None, None) => m::PLAIN_ALL_DONE.get(self.lang).to_owned(),
        };
        self.say(&line);
    }

    fn say_full(&mut self) {
        match self.at {
            Some(at) => self.told().full(at).iter().for_each(|l| self.say(l)),
            None => self.say(m::PLAIN_NO_TARGET.get(self.lang)),
        }
    }

    fn say_hits(&mut self, hits: &[usize]) {
        let row = |at: &usize| {
            let target = self.list.target(*at);
            let here = self.walk.applies(&self.list, target);
            let elsewhere = if here { "" } else { m::NOT_HERE.get(self.lang) };
            format!("{} {} {elsewhere}", target.id, target.name.get(self.lang)).trim_end().to_owned()
        };
        let rows: Vec<String> = hits.iter().take(HITS).map(row).collect();
        self.say_numbered(&rows);
        if hits.len() > HITS {
            self.say(&m::PLAIN_MORE.with(self.lang, &[("n", &(hits.len() - HITS))]));
        }
    }

    pub(super) fn place_shown(&self) -> String {
        let place = self.walk.place.as_ref().map(|p| place_name(&self.list, p, self.lang));
        place.unwrap_or_else(|| m::WHOLE_SITE.get(self.lang).to_owned())
    }

    pub(super) fn say_place(&mut self) {
        let place = self.place_shown();
        self.say(&m::NOW_AT.with(self.lang, &[("place", &place)]));
    }

    /// Says how many are at risk, why, and where they should go.
    fn say_unsaved(&mut self) {
        let Some(failing) = self.walk.saving.failing.clone() else {
            return;
        };
        let (n, why) = (self.walk.at_risk(), failing.reason(self.lang));
        let text = m::NOT_SAVED.with(self.lang, &[("n", &n), ("why", &why)]);
        self.say(&format!("{text} {}", tell::path(&failing.path)));
    }
}
