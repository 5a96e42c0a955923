//! The interface: what goes in, what comes out, and the loop that users and tests both run.

pub mod app;
pub mod field;
pub mod keymap;
pub mod theme;
pub mod view;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect};

use crate::archive::History;
use crate::checklist::TargetId;
use crate::district::{Site, Source};
use crate::log::{Drafts, Event, Name, Person, Photo, Place, SessionId, Stamp, Why};
use crate::session::Session;
use crate::store::rescue::Left;
use crate::store::writer::Report;
use crate::store::{Listed, Settings};
use crate::tui::app::App;
use crate::tui::app::photos::Camera;

/// How often a terminal that has stopped reading is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The time of an input: the wall clock for people, and a clock nobody can set for order and pace.
#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    pub stamp: Stamp,
    /// Milliseconds since the program started.
    pub ms: u64,
}

/// What goes into the loop.
#[derive(Debug)]
pub enum Input {
    /// What the terminal had waiting, together: a paste on Windows comes as many keys at once.
    Terminal(Vec<crossterm::event::Event>),
    Writer(Report),
    Reply(Reply),
    /// What the writer thread of the second copy says.
    Mirror(Report),
    /// The window was closed or the system asks to end, with this signal.
    Hangup(i32),
    /// The system asks to stop for a while, as `kill -TSTP` does.
    Suspend,
    /// A line that was typed, of a walk without a screen; none at the end of what is typed.
    Line(Option<Vec<u8>>),
}

/// What the interface wants done outside.
#[derive(Debug, PartialEq)]
pub enum Effect {
    SaveSettings(Settings),
    ListLogs,
    Start(Start),
    /// Take up an unfinished or finished log again.
    Resume(PathBuf, Why),
    /// Begin the log of a review.
    StartReview {
        by: Person,
        at: Stamp,
    },
    /// Read a log without changing it.
    Look(PathBuf),
    /// What earlier walks found at a site; the answer comes when it is ready.
    ReadHistory {
        site: String,
        except: SessionId,
    },
    Append(Event),
    /// Keep what is typed and not yet accepted; nothing when there is none.
    KeepDrafts(Drafts),
    /// Go on with the open log in another folder.
    MoveTo(PathBuf),
    /// Look for the newest photographs in a folder.
    FindPhotos(PathBuf),
    /// Copy a photograph beside the open log; where it is a folder, that is the camera's.
    Attach {
        photo: PathBuf,
        target: TargetId,
        place: Option<Place>,
        /// Names of photographs the log has already.
        named: Vec<Name>,
    },
    /// Open a photograph of the open log with the system's viewer.
    ShowPhoto(String),
    /// Settle everything and let go of the log.
    Close,
    /// Draw everything again.
    Redraw,
}

/// A walk to start, or to take up where it is unfinished.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    pub site: Site,
    pub by: Person,
    pub round: Name,
    pub source: Source,
    pub at: Stamp,
}

/// What comes back.
#[derive(Debug)]
pub enum Reply {
    Listed(Vec<Listed>),
    Opened(Box<Opened>),
    ReviewStarted {
        session: Box<Session>,
        path: PathBuf,
    },
    History(String, History),
    Closed(Result<PathBuf, Left>),
    /// The log goes on under this path.
    Moved(PathBuf),
    /// Somebody else has the log open; it can be looked at.
    Taken {
        path: PathBuf,
        why: String,
    },
    /// It could not be done; the text names the file and the reason.
    Failed(String),
    /// The newest photographs of the camera's folder.
    Photos(Camera),
    /// A folder was chosen instead of a photograph: it is the camera's from now on.
    CameraChosen(Camera),
    /// A photograph lies beside a log, or why not.
    Attached {
        log: PathBuf,
        target: TargetId,
        place: Option<Place>,
        photo: Result<Photo, String>,
    },
    /// Something went wrong that does not stop the work.
    Notice(String),
}

/// An open log.
#[derive(Debug)]
pub struct Opened {
    pub session: Session,
    pub path: PathBuf,
    /// Whether it may be written.
    pub writable: bool,
    /// How many of its events are on the disk already.
    pub saved: usize,
    /// How large it is.
    pub bytes: u64,
    /// Notes that were typed and not accepted.
    pub drafts: Drafts,
    /// Why it is taken up again; none for a new one and for one that is only looked at.
    pub resumed: Option<Why>,
    /// What the inspector must be told about it.
    pub notice: Option<String>,
}

/// Whoever carries out effects. Some answer at once, others through the inbox.
pub trait Host {
    fn run(&mut self, effect: Effect) -> Option<Reply>;
}

/// The terminal, the app and whoever carries out effects, wired together.
pub struct Tui<'a, B: Backend> {
    pub terminal: Terminal<B>,
    pub app: App,
    pub clock: &'a dyn Fn() -> Now,
    pub host: &'a mut dyn Host,
    /// Gives the terminal back, stops until the shell lets the program go on, and takes the terminal again.
    pub suspend: &'a dyn Fn(),
    /// Whether the terminal has taken what was drawn before; it is waited for a little.
    pub taken: &'a dyn Fn() -> bool,
}

impl<B: Backend> Tui<'_, B> {
    /// Runs until the program is left: takes all that is waiting, then draws once. Nothing moves by itself, but for the
    /// patience with a disk that does not answer. A terminal that has stopped reading is drawn on when it reads again, and
    /// what is recorded and asked for meanwhile waits for nothing.
    pub fn run(&mut self, inbox: &Receiver<Input>) -> Result<(), B::Error> {
        self.start()?;
        while !self.app.is_over() {
            let taken = (self.taken)();
            if taken {
                self.draw()?;
            }
            match self.wait(inbox, (!taken).then_some(LOOK_AGAIN)) {
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => self.app.lose_patience(&(self.clock)()),
                Ok(input) => {
                    for input in std::iter::once(input).chain(inbox.try_iter()) {
                        self.take(input)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits for an input, at most so long and as long as the app has patience.
    fn wait(&self, inbox: &Receiver<Input>, at_most: Option<Duration>) -> Result<Input, RecvTimeoutError> {
        let patience = self.app.patience(&(self.clock)()).map(Duration::from_millis);
        match patience.into_iter().chain(at_most).min() {
            Some(time) => inbox.recv_timeout(time),
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Does what comes before the first screen.
    pub fn start(&mut self) -> Result<(), B::Error> {
        let effects = self.app.start();
        self.carry_out(effects)
    }

    pub fn draw(&mut self) -> Result<(), B::Error> {
        // The app reckons with the size that is drawn: where a click lands depends on it.
        self.terminal.autoresize()?;
        let area = self.terminal.get_frame().area();
        self.app.size = (area.width, area.height);
        let app = &self.app;
        self.terminal.draw(|frame| view::draw(frame, app))?;
        Ok(())
    }

    /// Takes in one input and carries out what it leads to.
    pub fn take(&mut self, input: Input) -> Result<(), B::Error> {
        if matches!(input, Input::Suspend) {
            (self.suspend)();
            return self.redraw();
        }
        let effects = self.app.update(input, &(self.clock)());
        self.carry_out(effects)
    }

    /// Draws everything anew the next time. `Terminal::clear` would ask the terminal where the cursor is, and the answer
    /// would come to the thread that reads the keys.
    fn redraw(&mut self) -> Result<(), B::Error> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> Result<(), B::Error> {
        let mut waiting = VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            if effect == Effect::Redraw {
                self.redraw()?;
            } else if let Some(reply) = self.host.run(effect) {
                waiting.extend(self.app.update(Input::Reply(reply), &(self.clock)()));
            }
        }
        Ok(())
    }
}
