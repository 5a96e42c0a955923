//! The interface: what goes in, what comes out, and the loop that users and tests both run.

pub mod app;
pub mod field;
pub mod keymap;
pub mod theme;
pub mod view;

use std::path::PathBuf;
use std::sync::mpsc::Receiver;

use ratatui::Terminal;
use ratatui::backend::Backend;

use crate::archive::History;
use crate::district::{Site, Source};
use crate::log::{Event, Name, Person, SessionId, Stamp, Why};
use crate::session::Session;
use crate::store::writer::{Report, Unsaved};
use crate::store::{Listed, Settings};
use crate::tui::app::App;

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
    /// The window was closed or the system asks to end.
    Hangup,
}

/// What the interface wants done outside.
#[derive(Debug, PartialEq)]
pub enum Effect {
    SaveSettings(Settings),
    ListLogs,
    Start(Start),
    /// Take up an unfinished or finished log again.
    Resume(PathBuf, Why),
    /// Read a log without changing it.
    Look(PathBuf),
    /// What earlier walks found at a site; the answer comes when it is ready.
    ReadHistory {
        site: String,
        except: SessionId,
    },
    Append(Event),
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
    History(String, History),
    Closed(Result<PathBuf, Unsaved>),
    /// It could not be done; the text names the file and the reason.
    Failed(String),
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
    /// Why it is taken up again; none for a new one and for one that is only looked at.
    pub resumed: Option<Why>,
    /// What the inspector must be told about it.
    pub notice: Option<String>,
}

/// Whoever carries out effects. Some answer at once, others through the inbox.
pub trait Host {
    fn run(&mut self, effect: Effect) -> Option<Reply>;
}

/// Runs until the program is left: takes all that is waiting, then draws once. Nothing moves by itself.
pub fn run<B: Backend>(
    terminal: &mut Terminal<B>,
    app: &mut App,
    inbox: &Receiver<Input>,
    clock: &dyn Fn() -> Now,
    host: &mut dyn Host,
) -> Result<(), B::Error> {
    let first = app.start();
    carry_out(terminal, app, first, clock, host)?;
    while !app.is_over() {
        terminal.draw(|frame| view::draw(frame, app))?;
        let Ok(input) = inbox.recv() else {
            break;
        };
        for input in std::iter::once(input).chain(inbox.try_iter()) {
            let effects = app.update(input, &clock());
            carry_out(terminal, app, effects, clock, host)?;
        }
    }
    Ok(())
}

/// Carries out effects, and what their answers lead to.
fn carry_out<B: Backend>(
    terminal: &mut Terminal<B>,
    app: &mut App,
    effects: Vec<Effect>,
    clock: &dyn Fn() -> Now,
    host: &mut dyn Host,
) -> Result<(), B::Error> {
    let mut waiting = std::collections::VecDeque::from(effects);
    while let Some(effect) = waiting.pop_front() {
        if effect == Effect::Redraw {
            terminal.clear()?;
        } else if let Some(reply) = host.run(effect) {
            waiting.extend(app.update(Input::Reply(reply), &clock()));
        }
    }
    Ok(())
}
