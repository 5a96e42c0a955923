//! What the screen has shown as saved is never lost: kills at random moments, any keys, damaged logs.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton};

use xunjie::i18n::Lang;
use xunjie::store;
use xunjie::tui::app::{App, First, Screen};

use crate::runner::World;
use crate::terminal::{Terminal, verdict_key};

/// A small generator with a seed that is told, so that every failure can be played again.
struct Dice(u64);

impl Dice {
    /// From `XUNJIE_SEED`, else always the same.
    fn new() -> Self {
        let seed = std::env::var("XUNJIE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_200_822);
        eprintln!("seed {seed}");
        Self(seed)
    }

    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

fn from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|s| s.parse().ok()).unwrap_or(otherwise)
}

/// How many targets the header says are answered, if it says that they are saved.
fn shown_as_saved(screen: &str) -> Option<usize> {
    let header = screen.lines().next()?;
    let (_, after) = header.split_once("已保存 ")?;
    after.split_whitespace().nth(1)?.split_once("/184")?.0.parse().ok()
}

/// What stands in the newest log of a round.
fn on_disk(home: &Path, round: &str) -> usize {
    let logs = home.join(".local/share/xunjie/logs");
    let names = fs::read_dir(&logs).into_iter().flatten().filter_map(Result::ok).map(|e| e.path());
    names
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .filter_map(|p| store::open(&p).ok())
        .filter(|o| o.log.head.round.as_ref().is_some_and(|r| r.as_str() == round))
        .map(|o| o.session().standings().count())
        .max()
        .unwrap_or(0)
}

/// SIGKILL at random moments while keys are typed; the screen is the witness. `XUNJIE_KILLS=1000` for the long run.
#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn a_kill_never_loses_what_the_screen_called_saved() {
    let kills = from_env("XUNJIE_KILLS", 200);
    let mut dice = Dice::new();
    let home = tempfile::tempdir().unwrap();
    let (mut round, mut before, mut witnessed) = (0, 0, 0);
    for kill in 0..kills {
        let name = format!("R{round}");
        let args = ["walk", "--site", "nongye-lu", "--by", "zhang3=张三", "--round", &name, "--lang", "zh"];
        let mut t = Terminal::start(home.path(), &args);
        t.until(&format!(" {before}/184"));
        assert!(!t.text().contains("1/3"), "kill {kill}: a question instead of the walk");
        let keys = dice.roll(12);
        for n in 0..keys {
            t.send(verdict_key(usize::try_from(n).unwrap()).as_bytes());
            std::thread::sleep(Duration::from_micros(dice.roll(20_000)));
        }
        std::thread::sleep(Duration::from_micros(dice.roll(8_000)));
        let shown = shown_as_saved(&t.text());
        t.child.kill().unwrap();
        t.child.wait().unwrap();
        let now = on_disk(home.path(), &name);
        witnessed += usize::from(shown.is_some_and(|s| s > before));
        assert!(now >= shown.unwrap_or(before), "kill {kill}: shown as saved {shown:?}, on the disk {now}");
        assert!(now <= before + usize::try_from(keys).unwrap(), "kill {kill}: {now} after {before} and {keys} keys");
        before = now;
        if before > 170 {
            (round, before) = (round + 1, 0);
        }
    }
    eprintln!("{kills} kills, {witnessed} with verdicts the screen had just shown as saved");
    assert!(witnessed as u64 * 10 > kills, "the screen was witness only {witnessed} times");
}

/// 30,000 keys of any kind, clicks between them, and 300 sizes from 1x1 to 400x120.
#[test]
fn any_keys_in_any_window_never_panic() {
    use crossterm::event::MouseEventKind::{Down, ScrollDown, ScrollUp};
    let mut dice = Dice::new();
    let world = World::new(Lang::Zh);
    let chars: Vec<char> = "12340pfnsxuUw/.;vieogGkjhl[]<>!:?LtSrqz 桶１，\u{202e}\u{1b}é".chars().collect();
    let codes = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Null,
    ];
    let modifiers =
        [KeyModifiers::NONE, KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::CONTROL, KeyModifiers::ALT];
    let pick = |dice: &mut Dice, n: usize| usize::try_from(dice.roll(n as u64)).unwrap();
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        for n in 0..30_000 {
            let code = match dice.roll(10) {
                0 => KeyCode::F(u8::try_from(dice.roll(13)).unwrap()),
                1..=3 => codes[pick(&mut dice, codes.len())],
                _ => KeyCode::Char(chars[pick(&mut dice, chars.len())]),
            };
            let key = KeyEvent::new(code, modifiers[pick(&mut dice, modifiers.len())]);
            world.wait(dice.roll(400));
            if dice.roll(8) == 0 {
                let kinds = [Down(MouseButton::Left), Down(MouseButton::Right), ScrollUp, ScrollDown];
                let kind = kinds[pick(&mut dice, kinds.len())];
                let (column, row) = (pick(&mut dice, 90), pick(&mut dice, 26));
                run.mouse(kind, u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
            }
            // Ctrl-C twice leaves the program; here it goes on, as after a new start.
            run.terminal(vec![Event::Key(key)]);
            if n % 100 == 0 {
                let size = (u16::try_from(1 + dice.roll(400)).unwrap(), u16::try_from(1 + dice.roll(120)).unwrap());
                run.resize(size.0, size.1).screen();
                run.resize(80, 24);
            }
            if n % 7 == 0 {
                run.screen();
            }
        }
        run.settle();
    });
    for path in world.folders().log_names().unwrap() {
        let opened = store::open(&path).unwrap();
        assert!(opened.damage().is_empty() && opened.is_ours(), "{path:?}");
    }
}

/// Damages a log in some way and takes it up again: told, the bytes kept, what is whole there.
fn take_up_damaged(damage: impl Fn(&mut Vec<u8>)) -> (String, usize) {
    let world = World::new(Lang::En);
    world.run((80, 24), world.walk("nongye-lu"), |run| _ = run.press("1 3 2 1 Enter 1").settle());
    let path = world.log_path();
    let mut bytes = fs::read(&path).unwrap();
    damage(&mut bytes);
    fs::write(&path, &bytes).unwrap();
    let screen = world.run((80, 24), world.walk("nongye-lu"), |run| {
        let screen = run.settle().screen();
        run.press("3").settle();
        // A long message goes over two lines.
        screen.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    let kept = path.with_file_name(format!("{}.damaged-1", path.file_name().unwrap().to_string_lossy()));
    assert_eq!(fs::read(kept).unwrap(), bytes, "the file as it was is kept");
    let log = store::open(&path).unwrap().log;
    (screen, log.lines.len())
}

#[test]
fn a_damaged_log_is_said_kept_and_what_is_whole_goes_on() {
    // Five events: pass, n/a, fail, its note, pass. Then come "taken up again" and a new verdict.
    let (screen, events) = take_up_damaged(|bytes| bytes.truncate(bytes.trim_ascii_end().len() - 40));
    assert!(screen.contains("4 events before it are all there"), "{screen}");
    assert_eq!(events, 4 + 2);
    let (screen, events) = take_up_damaged(|bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap().replacen("\"seq\":2,", "\"seq\":two,", 1);
        *bytes = text.into_bytes();
    });
    assert!(screen.contains("damaged") && screen.contains("4 whole events"), "{screen}");
    assert_eq!(events, 4 + 2);
    let (screen, events) = take_up_damaged(|bytes| {
        let at = bytes.trim_ascii_end().len() - 200;
        bytes[at..at + 30].fill(0);
    });
    assert!(screen.contains("damaged"), "{screen}");
    assert!(events >= 3 + 2);
}

#[test]
fn an_unreadable_log_is_listed_and_never_written() {
    let world = World::new(Lang::En);
    world.run((80, 24), world.walk("nongye-lu"), |run| _ = run.press("1").settle());
    let path = world.log_path();
    fs::write(&path, b"{\"format\":\"xunjie-log\",\"version\":9}").unwrap();
    world.run((80, 24), First::Home, |run| {
        let screen = run.settle().screen();
        assert!(screen.contains("Unreadable"), "{screen}");
        run.press("End Enter");
        assert!(run.screen().contains("xunjie check"));
    });
    assert_eq!(fs::read(&path).unwrap(), b"{\"format\":\"xunjie-log\",\"version\":9}");
}

#[test]
fn a_clock_that_is_set_in_mid_walk_is_told_once_and_changes_no_order() {
    let world = World::new(Lang::En);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.press("1");
        world.set_clock_back(3 * 3600);
        run.press("3");
        assert!(run.screen().contains("clock jumped by -18"), "{}", run.screen());
        run.press("1");
        assert!(!run.screen().contains("clock jumped"));
        run.settle();
    });
    let seqs: Vec<u64> = world.session().events().iter().map(|e| e.seq).collect();
    assert_eq!(seqs, [1, 2, 3]);
    // The next walk begins with a clock that is behind what is recorded.
    world.set_clock_back(4 * 3600);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        assert!(run.settle().screen().contains("is behind what is already recorded"), "{}", run.screen());
    });
}

#[test]
fn a_clock_before_the_program_or_behind_other_walks_is_told_when_a_walk_begins() {
    let mut world = World::new(Lang::En);
    world.wait(3_600_000);
    world.run((80, 24), world.walk_in("nongye-lu", "R1"), |run| _ = run.press("1").settle());
    world.set_clock_back(3_000);
    world.run((80, 24), world.walk_in("nongye-lu", "R2"), |run| {
        assert!(run.settle().screen().contains("is behind what is already recorded"), "{}", run.screen());
        run.press("1");
        assert!(!run.screen().contains("is behind"), "told once");
        run.settle();
    });
    world.made = "2030-01-01T00:00:00+08:00";
    world.run((80, 24), world.walk_in("nongye-lu", "R3"), |run| {
        assert!(run.settle().screen().contains("before this program was made"), "{}", run.screen());
    });
}

#[test]
fn a_log_open_elsewhere_can_be_looked_at() {
    let world = World::new(Lang::En);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.press("1").settle();
        world.run((80, 24), world.walk("nongye-lu"), |second| {
            second.press("Down Enter");
            let screen = second.settle().screen();
            assert!(screen.contains("read only") && screen.contains("1/184"), "{screen}");
        });
    });
}

/// A disk that does not answer counts as not saved after three seconds; the walk goes on.
#[test]
fn silence_of_the_disk_is_told() {
    let world = World::new(Lang::En);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.settle();
        // The answers of the writer thread are held back here.
        run.hold(true);
        run.press("1");
        assert!(!run.screen().contains("NOT SAVED"));
        world.wait(3_000);
        let now = world.now();
        assert_eq!(run.tui.app.patience(&now), Some(0));
        run.tui.app.lose_patience(&now);
        let screen = run.screen();
        assert!(screen.contains("NOT SAVED, 1 at risk: the disk does not answer"), "{screen}");
        run.press("3");
        assert!(run.screen().contains("2 at risk") && run.screen().contains("2/184"));
        run.hold(false);
        assert!(!run.settle().screen().contains("NOT SAVED"));
        assert!(matches!(&run.tui.app, App { screen: Screen::Walk(w), .. } if w.patience(&world.now()).is_none()));
    });
}
