//! The built program in a real pseudo-terminal, and what that terminal shows.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtyPair, PtySize, native_pty_system};

/// A program on a terminal of its own, and what that terminal shows.
pub struct Terminal {
    pair: Option<PtyPair>,
    pub child: Box<dyn Child + Send + Sync>,
    keys: Option<Box<dyn Write + Send>>,
    pub screen: Arc<Mutex<vt100::Parser>>,
    /// Everything that was written to the terminal.
    pub raw: Arc<Mutex<Vec<u8>>>,
    /// Tells the reading thread to let go of the terminal.
    stop: Arc<AtomicBool>,
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Terminal {
    pub fn start(home: &Path, args: &[&str]) -> Self {
        Self::start_with(home, args, &[])
    }

    /// With more of an environment.
    pub fn start_with(home: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        Self::start_under(&[], home, args, env)
    }

    /// Under another program, as a shell that sets limits.
    pub fn start_under(wrapper: &[&str], home: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let program = env!("CARGO_BIN_EXE_xunjie");
        let words: Vec<&str> = wrapper.iter().copied().chain([program]).chain(args.iter().copied()).collect();
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", home);
        command.env("LANG", "zh_CN.UTF-8");
        command.env("TERM", "xterm-256color");
        command.env("USER", "wang");
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(24, 80, 0)));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let raw = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (shown, kept, stopped) = (screen.clone(), raw.clone(), stop.clone());
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n) = reader.read(&mut bytes) {
                if n == 0 {
                    return;
                }
                shown.lock().unwrap().process(&bytes[..n]);
                kept.lock().unwrap().extend_from_slice(&bytes[..n]);
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { pair: Some(pair), child, keys: Some(keys), screen, raw, stop }
    }

    pub fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until the screen shows a text.
    pub fn until(&self, wanted: &str) -> &Self {
        let end = Instant::now() + Duration::from_secs(20);
        while !self.text().contains(wanted) {
            assert!(Instant::now() < end, "no {wanted:?} in\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// Sends keys in one piece and waits until the screen shows what they lead to.
    pub fn press(&mut self, keys: &str, wanted: &str) -> &mut Self {
        self.send(keys.as_bytes());
        self.until(wanted);
        self
    }

    pub fn exit(&mut self) -> u32 {
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < end, "still running:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends bytes and does not wait.
    pub fn send(&mut self, bytes: &[u8]) {
        let keys = self.keys.as_mut().unwrap();
        keys.write_all(bytes).unwrap();
        keys.flush().unwrap();
    }

    /// Closes the window: a last key makes the program write, so that the reading thread lets go too.
    pub fn close(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.send(b"j");
        std::thread::sleep(Duration::from_millis(100));
        self.keys = None;
        self.pair = None;
    }

    pub fn resize(&mut self, rows: u16, cols: u16) {
        // The emulator itself does not bear the smallest sizes, nor a wide character that its edge cuts in half.
        let mut parser = self.screen.lock().unwrap();
        parser.process(b"\x1b[2J");
        parser.screen_mut().set_size(rows.max(10), cols.max(40));
        drop(parser);
        self.pair.as_ref().unwrap().master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits until the screen is as it should be.
    pub fn wait_for(&self, what: &str, is: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + Duration::from_secs(10);
        while !is(self.screen.lock().unwrap().screen()) {
            assert!(Instant::now() < end, "no {what}:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

pub const WALK: &[&str] = &["walk", "--site", "nongye-lu", "--by", "zhang3=张三", "--round", "R1", "--lang", "zh"];

pub fn only_log(home: &Path) -> PathBuf {
    let logs = home.join(".local/share/xunjie/logs");
    let found: Vec<_> = std::fs::read_dir(&logs)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

/// Verdict keys in turn: the same key at once counts once.
pub fn verdict_key(n: usize) -> &'static str {
    if n.is_multiple_of(2) { "1" } else { "3" }
}
