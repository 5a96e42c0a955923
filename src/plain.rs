//! A walk without a screen, for screen readers and simple terminals: a question, a line, what came of it.
//!
//! Nothing is ever taken back from what was printed, so that every line stands when it is read. An answer is told
//! together with what the disk says of it; the next question is asked only then.

mod adding;
mod answer;
mod counting;
pub mod dialogue;
mod going;
mod judging;
mod places;
mod telling;

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::i18n::messages as m;
use crate::plain::dialogue::{Dialogue, Parts};
use crate::store::rescue::Left;
use crate::tui::{Effect, Host, Input, Now, Reply, Start};

/// The longest line that is taken, in bytes.
pub const MAX_LINE: usize = 1 << 16;
/// A second line within this time of the first was not typed by hand.
const PASTE: Duration = Duration::from_millis(30);
/// How long a question waits for a photograph that is being copied.
const COPYING: Duration = Duration::from_secs(10);
/// How long leaving waits for the disk before the log is closed; closing has a patience of its own.
const LEAVING: Duration = Duration::from_millis(300);
/// How long the first question waits for what was found before: it cannot be added to a line that was read already.
const HISTORY: Duration = Duration::from_millis(500);

/// Where the lines come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A person at a terminal: what came before its question, or several lines at once, answers nothing.
    Terminal,
    /// A pipe or a file: its lines are there all at once, and each answers the next question.
    Pipe,
}

/// The dialogue, the lines, the output and whoever carries out effects, wired together.
pub struct Plain<'a> {
    dialogue: Dialogue,
    source: Source,
    out: &'a mut dyn Write,
    clock: &'a dyn Fn() -> Now,
    host: &'a mut dyn Host,
    outside: Outside<'a>,
    /// Lines that wait for their question; none at the end of them.
    lines: VecDeque<Option<Vec<u8>>>,
    /// Whether the next line may begin with what was not typed for its question.
    tainted: bool,
}

/// What only the outermost of the program can do.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// Stops until the shell lets the program go on.
    pub suspend: &'a dyn Fn(),
    /// A line was taken: whoever reads may read on.
    pub taken: &'a dyn Fn(),
    /// Throws away what was typed and not ended with Enter.
    pub discard: &'a dyn Fn() -> Discarded,
}

/// Whether a line that Enter has not ended could be thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discarded {
    Yes,
    No,
}

/// Starts a walk, or takes up the unfinished one; gives what is to be done first, or why it cannot be walked.
pub fn open(start: Start, parts: Parts, host: &mut dyn Host, now: &Now) -> Result<(Dialogue, Vec<Effect>), String> {
    match host.run(Effect::Start(start)) {
        Some(Reply::Opened(opened)) => Dialogue::open(*opened, parts, now),
        Some(Reply::Taken { why, .. } | Reply::Failed(why) | Reply::Notice(why)) => Err(why),
        _ => Err(m::NOT_A_WALK.get(parts.lang).to_owned()),
    }
}

impl<'a> Plain<'a> {
    pub fn new(
        dialogue: Dialogue,
        source: Source,
        out: &'a mut dyn Write,
        clock: &'a dyn Fn() -> Now,
        host: &'a mut dyn Host,
        outside: Outside<'a>,
    ) -> Self {
        Self { dialogue, source, out, clock, host, outside, lines: VecDeque::new(), tainted: false }
    }

    /// The signal the walk was ended with, and what could not be saved.
    pub fn ended(self) -> (Option<i32>, Vec<Left>) {
        self.dialogue.ended()
    }

    /// Asks and takes answers until the walk is left.
    pub fn run(&mut self, first: Vec<Effect>, inbox: &Receiver<Input>) -> io::Result<()> {
        self.carry_out(first);
        self.settle(inbox)?;
        self.wait_for_history(inbox)?;
        while !self.dialogue.is_over() {
            self.drop_hasty(inbox)?;
            let Some(line) = self.ask(inbox)? else {
                break;
            };
            if self.dialogue.is_over() {
                break;
            }
            // Nothing has ended the line of the question but a person's Enter.
            if line.is_none() || self.source == Source::Pipe {
                writeln!(self.out)?;
            }
            let now = (self.clock)();
            let effects = match line {
                Some(line) => self.dialogue.answer(&line, &now),
                None => self.dialogue.end_of_input(&now),
            };
            self.carry_out(effects);
            self.settle(inbox)?;
        }
        let last = self.dialogue.close();
        self.carry_out(last);
        // What the disk said while the log was closed.
        while let Ok(input) = inbox.try_recv() {
            self.take(input);
        }
        self.dialogue.settled();
        self.print()
    }

    /// Asks and waits for a line; none where the program is ended instead.
    fn ask(&mut self, inbox: &Receiver<Input>) -> io::Result<Option<Option<Vec<u8>>>> {
        self.prompt()?;
        loop {
            if self.dialogue.is_over() {
                writeln!(self.out)?;
                return Ok(None);
            }
            if let Some(line) = self.lines.pop_front() {
                if std::mem::take(&mut self.tainted) && line.is_some() {
                    self.prompt()?;
                    continue;
                }
                if line.is_none() || !self.is_pasted(inbox) {
                    return Ok(Some(line));
                }
                self.dialogue.say(m::PLAIN_PASTED.get(self.dialogue.lang));
                self.discard();
                self.prompt()?;
                continue;
            }
            let now = (self.clock)();
            let patience = self.dialogue.watch_left(&now).map_or(Duration::MAX, Duration::from_millis);
            let input = match inbox.recv_timeout(patience) {
                Ok(input) => Some(input),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(Some(None)),
            };
            let asks_again = matches!(input, Some(Input::Suspend));
            match input {
                Some(input) => self.take(input),
                None => self.dialogue.watch_over(&(self.clock)()),
            }
            if self.dialogue.has_recorded() && !self.dialogue.is_over() {
                writeln!(self.out)?;
                self.settle(inbox)?;
                self.prompt()?;
                continue;
            }
            let news = self.dialogue.take_lines();
            if !self.dialogue.is_over() && (asks_again || !news.is_empty()) {
                writeln!(self.out)?;
                news.iter().try_for_each(|l| writeln!(self.out, "{l}"))?;
                self.prompt()?;
            } else {
                news.iter().for_each(|l| self.dialogue.say(l));
            }
        }
    }

    /// Prints what was said and the question.
    fn prompt(&mut self) -> io::Result<()> {
        let prompt = self.dialogue.question();
        self.print()?;
        write!(self.out, "{prompt}")?;
        self.out.flush()
    }

    fn print(&mut self) -> io::Result<()> {
        self.dialogue.take_lines().iter().try_for_each(|l| writeln!(self.out, "{l}"))?;
        self.out.flush()
    }

    /// Whether more lines follow at once; those are dropped with the first.
    fn is_pasted(&mut self, inbox: &Receiver<Input>) -> bool {
        if self.source == Source::Pipe {
            return false;
        }
        while let Ok(input) = inbox.recv_timeout(PASTE) {
            self.take(input);
        }
        // A line that is not ended yet is part of it.
        let typed = self.lines.len();
        self.lines.retain(Option::is_none);
        typed > self.lines.len()
    }

    /// Throws away what is typed of a line; where that cannot be done, the whole line will be, and Enter is asked for.
    fn discard(&mut self) {
        if (self.outside.discard)() == Discarded::No {
            self.tainted = true;
            self.dialogue.say(m::PLAIN_ENTER_FIRST.get(self.dialogue.lang));
        }
    }

    /// What was typed before its question answers nothing.
    fn drop_hasty(&mut self, inbox: &Receiver<Input>) -> io::Result<()> {
        if self.source == Source::Pipe {
            return Ok(());
        }
        while let Ok(input) = inbox.try_recv() {
            self.take(input);
        }
        let typed = self.lines.len();
        self.lines.retain(Option::is_none);
        if typed > self.lines.len() {
            self.dialogue.say(m::PLAIN_HASTY.get(self.dialogue.lang));
            self.discard();
        }
        self.print()
    }

    /// Waits until the disk has said whether everything is saved, and tells it. A photograph is waited for too, but not for
    /// ever: its camera may be gone.
    fn settle(&mut self, inbox: &Receiver<Input>) -> io::Result<()> {
        loop {
            let disk = self.dialogue.walk.patience(&(self.clock)()).map(Duration::from_millis);
            let Some(patience) = disk.or((self.dialogue.walk.copying > 0).then_some(COPYING)) else {
                break;
            };
            let leaves = self.dialogue.is_over();
            match inbox.recv_timeout(if leaves { patience.min(LEAVING) } else { patience }) {
                Ok(input) => self.take(input),
                // It is told when the log is closed.
                Err(RecvTimeoutError::Timeout) if leaves => return self.print(),
                Err(RecvTimeoutError::Timeout) if disk.is_some() => self.dialogue.walk.lose_patience(&(self.clock)()),
                Err(RecvTimeoutError::Timeout) => {
                    self.dialogue.walk.copying = 0;
                    self.dialogue.say(m::PLAIN_PHOTO_SLOW.get(self.dialogue.lang));
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.dialogue.settled();
        self.print()
    }

    fn wait_for_history(&mut self, inbox: &Receiver<Input>) -> io::Result<()> {
        while !self.dialogue.walk.knows_before && !self.dialogue.is_over() {
            match inbox.recv_timeout(HISTORY) {
                Ok(input) => self.take(input),
                Err(_) => break,
            }
        }
        self.print()
    }

    fn take(&mut self, input: Input) {
        let now = (self.clock)();
        match input {
            Input::Line(line) => {
                (self.outside.taken)();
                self.lines.push_back(line);
            }
            Input::Writer(report) => self.dialogue.reported(report, &now),
            Input::Mirror(report) => self.dialogue.mirrored(&report, &now),
            Input::Reply(reply) => {
                let effects = self.dialogue.reply(reply, &now);
                self.carry_out(effects);
            }
            Input::Hangup(signal) => {
                let effects = self.dialogue.hang_up(signal);
                self.carry_out(effects);
            }
            Input::Suspend => (self.outside.suspend)(),
            // Keys are for a screen.
            Input::Terminal(_) => {}
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            if matches!(effect, Effect::Append(_)) {
                self.dialogue.handed_over(&(self.clock)());
            }
            if let Some(reply) = self.host.run(effect) {
                effects.extend(self.dialogue.reply(reply, &(self.clock)()));
            }
        }
    }
}
