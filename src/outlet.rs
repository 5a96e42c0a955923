//! Output through a thread of its own: a terminal that stops reading holds up nothing but what it shows.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What a flush waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Nothing: whoever draws asks [`Flow::is_taken`] before the next frame.
    Frames,
    /// That everything is written, as with any other output, or that [`Flow::release`] is called.
    Lines,
}

/// Collects what is written until it is flushed; a thread writes it.
#[derive(Debug)]
pub struct Outlet {
    pending: Vec<u8>,
    jobs: Sender<Vec<u8>>,
    flow: Flow,
    pace: Pace,
}

/// How far the thread has come.
#[derive(Clone, Debug, Default)]
pub struct Flow(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Flushes that are not written yet.
    waiting: usize,
    fault: Option<io::Error>,
    /// Nothing can be written any more.
    broken: bool,
    released: bool,
}

impl Outlet {
    /// Starts the thread that writes to `out`.
    pub fn start(out: impl Write + Send + 'static, pace: Pace) -> io::Result<Self> {
        let flow = Flow::default();
        let (jobs, inbox) = mpsc::channel();
        let (shared, name) = (flow.clone(), "xunjie-output".to_owned());
        thread::Builder::new().name(name).spawn(move || shared.work(out, &inbox))?;
        Ok(Self { pending: Vec::new(), jobs, flow, pace })
    }

    /// How far it has come.
    pub fn flow(&self) -> Flow {
        self.flow.clone()
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.pending.is_empty() {
            self.flow.state().waiting += 1;
            if self.jobs.send(std::mem::take(&mut self.pending)).is_err() {
                self.flow.wrote(Err(io::ErrorKind::BrokenPipe.into()));
            }
        }
        if self.pace == Pace::Lines {
            self.flow.wait();
        }
        self.flow.fault()
    }
}

impl Flow {
    /// Whether everything is written, after waiting a little.
    pub fn is_taken(&self, patience: Duration) -> bool {
        let waits = |state: &mut State| state.waiting > 0 && !state.broken;
        let waited = self.0.moved.wait_timeout_while(self.state(), patience, waits);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// From now on nobody waits for the output: the program is to end.
    pub fn release(&self) {
        self.state().released = true;
        self.0.moved.notify_all();
    }

    fn wait(&self) {
        let waits = |state: &mut State| state.waiting > 0 && !state.broken && !state.released;
        drop(self.0.moved.wait_while(self.state(), waits));
    }

    fn work(&self, mut out: impl Write, inbox: &Receiver<Vec<u8>>) {
        for bytes in inbox {
            let written = out.write_all(&bytes).and_then(|()| out.flush());
            let failed = written.is_err();
            self.wrote(written);
            if failed {
                return;
            }
        }
    }

    fn wrote(&self, written: io::Result<()>) {
        let mut state = self.state();
        state.waiting = state.waiting.saturating_sub(1);
        if let Err(e) = written {
            state.broken = true;
            state.fault = Some(e);
        }
        drop(state);
        self.0.moved.notify_all();
    }

    /// What went wrong: the error itself once, and that nothing can be written ever after.
    fn fault(&self) -> io::Result<()> {
        let mut state = self.state();
        match state.fault.take() {
            Some(e) => Err(e),
            None if state.broken => Err(io::ErrorKind::BrokenPipe.into()),
            None => Ok(()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORTLY: Duration = Duration::from_millis(20);

    /// Takes nothing until its gate is opened.
    struct Gated(Receiver<()>, Sender<Vec<u8>>);

    impl Write for Gated {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(|_| io::Error::from_raw_os_error(5))?;
            self.1.send(bytes.to_owned()).unwrap();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn gated(pace: Pace) -> (Outlet, Sender<()>, Receiver<Vec<u8>>) {
        let (open, gate) = mpsc::channel();
        let (shown, screen) = mpsc::channel();
        (Outlet::start(Gated(gate, shown), pace).unwrap(), open, screen)
    }

    #[test]
    fn a_frame_never_waits_and_says_when_it_is_taken() {
        let (mut out, open, screen) = gated(Pace::Frames);
        out.write_all(b"fra").unwrap();
        out.write_all(b"me").unwrap();
        out.flush().unwrap();
        assert!(!out.flow().is_taken(SHORTLY));
        open.send(()).unwrap();
        assert_eq!(screen.recv().unwrap(), b"frame", "in one piece");
        assert!(out.flow().is_taken(Duration::from_secs(5)));
        out.flush().unwrap();
        assert!(out.flow().is_taken(SHORTLY), "nothing to write is nothing to wait for");
    }

    #[test]
    fn a_line_waits_until_it_is_taken_or_the_program_is_to_end() {
        let (mut out, open, _screen) = gated(Pace::Lines);
        open.send(()).unwrap();
        writeln!(out, "one").unwrap();
        out.flush().unwrap();
        assert!(out.flow().is_taken(Duration::ZERO));
        let flow = out.flow();
        let ends = std::thread::spawn(move || {
            std::thread::sleep(SHORTLY);
            flow.release();
        });
        writeln!(out, "two").unwrap();
        out.flush().unwrap();
        ends.join().unwrap();
        assert!(!out.flow().is_taken(Duration::ZERO));
    }

    #[test]
    fn what_goes_wrong_is_told_by_the_next_flush() {
        let (mut out, open, _screen) = gated(Pace::Lines);
        drop(open);
        writeln!(out, "one").unwrap();
        assert_eq!(out.flush().unwrap_err().raw_os_error(), Some(5));
        assert!(out.flow().is_taken(Duration::ZERO), "nobody waits for what is gone");
        assert!(out.flush().is_err());
    }
}
