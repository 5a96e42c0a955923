//! What was saved is never replaced, by whichever door a log is written: its copies are united with it, and what others
//! wrote is put aside and told.

use std::fs;
use std::path::{Path, PathBuf};

use xunjie::archive::Archive;
use xunjie::i18n::Lang;
use xunjie::log::{Act, Event, Judgement, Verdict};
use xunjie::store::codec::Encoder;
use xunjie::store::inputs::Inputs;
use xunjie::store::{self, copies};

use crate::runner::{Run, World};

const SIZE: (u16, u16) = (100, 30);

/// A world with a stick for second copies and a folder for rescue files.
fn world(lang: Lang) -> World {
    let mut world = World::new(lang);
    let (stick, rescue) = (world.dir.path().join("stick"), world.dir.path().join("rescue"));
    fs::create_dir_all(&stick).unwrap();
    fs::create_dir_all(&rescue).unwrap();
    (world.mirror, world.rescue) = (Some(stick), vec![rescue]);
    world
}

fn verdicts(log: &Path) -> usize {
    store::open(log).map_or(0, |o| o.session().standings().count())
}

/// The screen as running text: a long message goes over two lines.
fn told(run: &mut Run) -> String {
    run.screen().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn copy_of(log: &Path, folder: &Path) -> PathBuf {
    folder.join(log.file_name().unwrap())
}

fn aside(log: &Path, n: usize) -> PathBuf {
    log.with_file_name(format!("{}.damaged-{n}", log.file_name().unwrap().to_string_lossy()))
}

/// Goes on with a log as another program does: verdicts on targets nobody else judges.
pub fn gone_on(log: &Path, targets: &[&str]) -> String {
    let read = store::open(log).unwrap().log;
    let (mut encoder, last) = (Encoder::resume(&read), read.events().last().unwrap().clone());
    for (seq, target) in (last.seq + 1..).zip(targets) {
        let judged = Judgement {
            target: (*target).try_into().unwrap(),
            verdict: Verdict::Pass,
            place: None,
            note: None,
            unit: None,
            due: None,
            photos: Vec::new(),
            measure: Vec::new(),
            covers: Vec::new(),
        };
        encoder.push(&Event { seq, act: Act::Judge(judged), ..last.clone() });
    }
    encoder.whole()
}

fn in_folders(folders: &[&Path]) -> Archive {
    let paths: Vec<PathBuf> = folders.iter().map(|f| f.to_path_buf()).collect();
    Inputs::read(&paths, &mut std::io::empty(), &mut |_, _| {}).archive
}

fn archive_of(bytes: &str) -> Archive {
    store::codec::read_all(bytes.as_bytes()).unwrap().0
}

#[test]
fn a_log_that_was_cut_or_damaged_is_healed_from_its_second_copy_and_told() {
    let world = world(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 3 1 3 1 3").settle());
    let (log, copy) = (world.log_path(), copy_of(&world.log_path(), world.mirror.as_ref().unwrap()));
    let good = fs::read(&log).unwrap();
    assert_eq!((verdicts(&log), verdicts(&copy)), (6, 6));
    let start = good.iter().position(|b| *b == b'\n').unwrap() + 1;
    // Behind the last line are blanks only.
    let end = good.trim_ascii_end().len();
    let cuts = (0..12).map(|n| good[..start + (end - start) * n / 12].to_vec());
    let text = String::from_utf8(good.clone()).unwrap();
    let zeroed = |from: usize| {
        let mut bytes = good.clone();
        bytes[from..from + 60].fill(0);
        bytes
    };
    let harms = [
        text.replacen("\"seq\":3,", "\"seq\":,", 1).into_bytes(),
        text.replacen("\"verdict\":\"na\"", "\"verdict\":\"pass\"", 1).into_bytes(),
        zeroed(end - 100),
        zeroed(start + 200),
        Vec::new(),
        vec![0; good.len()],
        b"\xff\xfe{\0\"\0".to_vec(),
    ];
    for (n, bytes) in cuts.chain(harms).enumerate() {
        fs::write(&log, &bytes).unwrap();
        fs::write(&copy, &good).unwrap();
        let _ = fs::remove_file(aside(&log, 1));
        let unreadable = store::open(&log).is_err();
        let screen = world.run(SIZE, xunjie::tui::app::First::Home, |run| {
            let effect = xunjie::tui::Effect::Resume(log.clone(), xunjie::log::Why::Paused);
            let reply = run.tui.host.run(effect).unwrap();
            run.tui.take(xunjie::tui::Input::Reply(reply)).unwrap();
            told(run.settle())
        });
        assert!(screen.contains("6/184"), "harm {n}: {screen}");
        assert!(screen.contains("recovered from"), "harm {n}: {screen}");
        assert!(unreadable || screen.contains("/stick"), "harm {n}: {screen}");
        assert_eq!((verdicts(&log), verdicts(&copy)), (6, 6), "harm {n}");
        let healed = store::open(&log).unwrap();
        assert!(healed.is_ours() && healed.damage().is_empty(), "harm {n}");
    }
}

#[test]
fn a_log_that_is_missing_is_taken_up_again_from_a_rescue_file() {
    let mut world = world(Lang::Zh);
    world.mirror = None;
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 3 1").settle());
    let log = world.log_path();
    let document = gone_on(&log, &["8.01", "8.02"]);
    let file = copies::rescue(&world.rescue[0], &log, &document).unwrap();
    fs::remove_file(&log).unwrap();
    world.run(SIZE, xunjie::tui::app::First::Home, |run| {
        let reply = run.tui.host.run(xunjie::tui::Effect::Resume(log.clone(), xunjie::log::Why::Paused)).unwrap();
        run.tui.take(xunjie::tui::Input::Reply(reply)).unwrap();
        let screen = told(run.settle());
        assert!(screen.contains("5/184") && screen.contains("找回 5 条"), "{screen}");
    });
    assert_eq!((verdicts(&log), verdicts(&file)), (5, 5));
}

#[test]
fn rescue_files_of_one_walk_stand_beside_one_another_and_are_united_at_the_next_start() {
    let world = world(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 3").settle());
    let log = world.log_path();
    let longer = gone_on(&log, &["8.01", "8.02", "8.03"]);
    let first = copies::rescue(&world.rescue[0], &log, &longer).unwrap();
    let second = copies::rescue(&world.rescue[0], &log, &gone_on(&log, &["8.01"])).unwrap();
    assert_ne!(first, second);
    assert_eq!((verdicts(&first), verdicts(&second)), (5, 3));
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let screen = told(run.settle());
        assert!(screen.contains("5/184") && screen.contains("3 records recovered from"), "{screen}");
    });
    assert_eq!(verdicts(&log), 5);
    // Told once: it is all in the log now.
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let screen = told(run.settle());
        assert!(!screen.contains("recovered"), "{screen}");
    });
}

#[test]
fn a_rescue_file_in_the_folder_of_the_logs_is_a_copy_and_no_walk_of_its_own() {
    let mut world = world(Lang::En);
    world.rescue = vec![world.folders().logs];
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 3").settle());
    let log = world.log_path();
    copies::rescue(&world.rescue[0], &log, &gone_on(&log, &["8.01", "8.02"])).unwrap();
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.settle());
    assert_eq!((world.log_path(), verdicts(&log)), (log.clone(), 4));
}

#[test]
fn a_copy_that_was_continued_apart_is_kept_told_and_merged() {
    let world = world(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 3").settle());
    let (log, stick) = (world.log_path(), world.mirror.clone().unwrap());
    let copy = copy_of(&log, &stick);
    let other = gone_on(&log, &["8.01", "8.02"]);
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1").settle());
    fs::write(&copy, &other).unwrap();
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.settle().until(|run| told(run).contains("kept as"));
    });
    // Whoever takes the walk up again hears of it as long as the log does not have it.
    fs::rename(aside(&copy, 1), aside(&log, 1)).unwrap();
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let screen = told(run.settle());
        assert!(screen.contains("holds 2 records that this log does not"), "{screen}");
    });
    fs::rename(aside(&log, 1), aside(&copy, 1)).unwrap();
    assert!(in_folders(&[&stick]).holds(&archive_of(&other)), "nothing of the copy is lost");
    assert_eq!(verdicts(&copy), 3);
}

#[test]
fn what_was_put_aside_beside_a_log_is_merged() {
    let world = world(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 3").settle());
    let log = world.log_path();
    let other = gone_on(&log, &["8.01", "8.02"]);
    fs::write(aside(&log, 3), &other).unwrap();
    let read = in_folders(&[log.parent().unwrap()]);
    assert!(read.holds(&archive_of(&other)));
}

#[test]
fn a_log_that_was_changed_under_the_feet_is_written_again_and_told() {
    for (harm, kept) in [("cut", false), ("gone on with", true), ("removed", false)] {
        let world = world(Lang::En);
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            run.press("1 3").settle();
            let log = world.log_path();
            match harm {
                "cut" => {
                    let bytes = fs::read(&log).unwrap();
                    fs::write(&log, &bytes[..bytes.trim_ascii_end().len() - 60]).unwrap();
                }
                "removed" => fs::remove_file(&log).unwrap(),
                _ => fs::write(&log, gone_on(&log, &["8.01"])).unwrap(),
            }
            run.press("1").settle();
            let wanted = if kept { "kept as" } else { "has been written again" };
            run.until(|run| told(run).contains(wanted));
            assert!(!run.screen().contains("NOT SAVED"), "{harm}");
        });
        assert_eq!(aside(&world.log_path(), 1).exists(), kept, "{harm}");
        assert_eq!(verdicts(&world.log_path()), 3, "{harm}");
    }
}

#[cfg(unix)]
#[test]
fn a_second_writer_is_kept_out_or_told_although_the_lock_or_its_folder_is_gone() {
    let world = world(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1 3").settle();
        let log = world.log_path();
        let lock = log.with_file_name(format!(".{}.lock", log.file_name().unwrap().to_string_lossy()));
        fs::remove_file(&lock).unwrap();
        world.run(SIZE, world.walk("nongye-lu"), |second| {
            second.press("1").settle();
            run.press("1");
            run.until(|run| told(run).contains("open elsewhere (张三, since"));
            // The line stays, whatever is pressed.
            run.press("j").press("k");
            assert!(told(run).contains("NOT SAVED, 1 at risk: this log is also open elsewhere"), "{}", run.screen());
            second.press("3").settle();
            assert_eq!(verdicts(&log), 4);
        });
        // The other one has gone: what it wrote is put aside and told, and this walk is saved.
        run.settle();
        assert!(told(run).contains("kept as"), "{}", run.screen());
    });
    let log = world.log_path();
    assert_eq!((verdicts(&log), verdicts(&aside(&log, 1))), (3, 4));
    // A folder that is renamed: the lock is taken again where the log goes on.
    let world = World::new(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1 3").settle();
        let logs = world.folders().logs;
        fs::rename(&logs, world.dir.path().join("away")).unwrap();
        run.press("1").settle();
        world.run(SIZE, world.walk("nongye-lu"), |second| {
            let screen = told(second.settle());
            assert!(screen.contains("This walk is open elsewhere"), "{screen}");
        });
    });
    assert_eq!(verdicts(&world.log_path()), 3);
}

#[test]
fn a_log_that_cannot_be_read_is_told_before_a_walk_is_begun_in_its_place() {
    for with_copy in [true, false] {
        for lang in [Lang::Zh, Lang::En] {
            let mut world = world(lang);
            if !with_copy {
                world.mirror = None;
            }
            world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 3 1 3 1 3").settle());
            let log = world.log_path();
            let good = fs::read(&log).unwrap();
            let mut flipped = good.clone();
            flipped[3] ^= 1;
            let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(good.iter().flat_map(|b| [*b, 0])).collect();
            for (n, bytes) in [Vec::new(), vec![0; good.len()], b"garbage".to_vec(), flipped, utf16].iter().enumerate()
            {
                fs::write(&log, bytes).unwrap();
                let screen = world.run(SIZE, world.walk("nongye-lu"), |run| told(run.settle()));
                if with_copy {
                    assert!(screen.contains("6/184"), "harm {n}: {screen}");
                    assert_eq!(verdicts(&log), 6, "harm {n}");
                    continue;
                }
                let said = if lang == Lang::Zh { "读不了" } else { "cannot be read" };
                assert!(screen.contains("0/184") && screen.contains(said), "harm {n}: {screen}");
                assert_eq!(fs::read(&log).unwrap(), *bytes, "left as it is");
                // Nor is a newer one passed over where an unfinished walk is there besides.
                let newer = log.with_file_name("2020-08-23T080000_nongye-lu_zhang3_0190ffff.json");
                fs::write(&newer, bytes).unwrap();
                let screen = world.run(SIZE, world.walk("nongye-lu"), |run| told(run.settle()));
                assert!(screen.contains(said), "harm {n}: {screen}");
                fs::remove_file(newer).unwrap();
                let new = world.folders().log_names().unwrap().into_iter().find(|path| *path != log).unwrap();
                fs::remove_file(new).unwrap();
            }
        }
    }
}

#[test]
fn a_walk_of_which_only_copies_are_left_is_taken_up_again() {
    for from_rescue in [true, false] {
        let mut world = world(Lang::Zh);
        world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 3 1").settle());
        let log = world.log_path();
        if from_rescue {
            let document = fs::read_to_string(&log).unwrap();
            copies::rescue(&world.rescue[0], &log, &document).unwrap();
            copies::rescue(&world.rescue[0], &log, &document).unwrap();
            world.mirror = None;
        }
        fs::remove_file(&log).unwrap();
        let screen = world.run(SIZE, world.walk("nongye-lu"), |run| told(run.settle()));
        assert!(screen.contains("3/184"), "{screen}");
        assert_eq!(verdicts(&log), 3);
        // Another round is another walk.
        let screen = world.run(SIZE, world.walk_in("nongye-lu", "R2"), |run| told(run.settle()));
        assert!(screen.contains("0/184"), "{screen}");
    }
}
