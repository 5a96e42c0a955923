//! The supervisor's screen: golden screens, rulings that are written, read back and taken back.

use std::fs;
use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use xunjie::archive::cases::CaseState;
use xunjie::archive::reading::Reading;
use xunjie::checklist::Checklist;
use xunjie::demo::{self, Options};
use xunjie::district::District;
use xunjie::i18n::Lang;
use xunjie::log::{Act, Verdict};
use xunjie::store;
use xunjie::store::inputs::Inputs;
use xunjie::tui::app::recheck::Recheck;
use xunjie::tui::app::review::{Review, Start, Tab};
use xunjie::tui::app::{First, Screen};
use xunjie::tui::{Effect, Input};

use crate::runner::{Run, World};
use crate::terminal::Terminal;

/// The samples of two communities and three days, in a folder.
fn samples(dir: &Path) -> PathBuf {
    let options = Options { sites: 2, days: 3, seed: 3 };
    let folder = dir.join("samples");
    for sample in demo::samples(&Checklist::built_in(), &District::built_in(), &options) {
        let path = folder.join(sample.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, sample.bytes).unwrap();
    }
    folder
}

fn start(world: &World) -> Start {
    let mut paths = vec![samples(world.dir.path())];
    paths.extend(world.folders().review_logs());
    let mut inputs = Inputs::read(&paths, &mut std::io::empty(), &mut |_, _| {});
    for file in &mut inputs.files {
        file.path = PathBuf::from(file.path.file_name().unwrap());
    }
    Start { inputs, by: store::person("he2=何主任").unwrap(), as_of: "2020-08-22".parse().unwrap() }
}

/// Opens the review and does something in it.
fn review<T>(world: &World, size: (u16, u16), work: impl FnOnce(&mut Run) -> T) -> T {
    world.run(size, First::Review, |run| {
        run.tui.app.open_review(start(world));
        run.tui.draw().unwrap();
        work(run)
    })
}

fn open<'a>(run: &'a Run) -> &'a Review {
    match &run.tui.app.screen {
        Screen::Review(review) => review,
        other => panic!("no review: {other:?}"),
    }
}

fn golden(name: &str, keys: &str) {
    for lang in [Lang::Zh, Lang::En] {
        for (label, size) in [("80x24", (80, 24)), ("60x16", (60, 16))] {
            let world = World::new(lang);
            let screen = review(&world, size, |run| {
                if !keys.is_empty() {
                    run.press(keys);
                }
                run.settle().screen()
            });
            insta::assert_snapshot!(format!("{name}-{}-{label}", lang.code()), screen);
        }
    }
}

#[test]
fn pages_of_the_review() {
    golden("review-overview", "");
    golden("review-round", "]");
    golden("review-site", "Down Enter");
    golden("review-disputes", "Right");
    golden("review-reason", "Right 1");
    golden("review-ruled", "Right 1 照片核实 Enter v v");
    golden("review-cases", "Right Right");
    golden("review-case", "Right Right Down Enter");
    golden("review-people", "Right Right Right");
    golden("review-inputs", "Left");
    golden("review-help", "?");
}

#[test]
fn clicks_go_through_pages_rows_and_keys() {
    for lang in [Lang::Zh, Lang::En] {
        let zh = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
        for size in [(80, 24), (61, 17)] {
            review(&World::new(lang), size, |run| {
                run.click(zh(" 问题", " Cases"));
                assert_eq!(open(run).tab, Tab::Cases);
                // Each row that is shown, from below: the list stays as it is under the pointer.
                let before = run.press("Home").screen();
                let rows: Vec<u16> =
                    (3..).zip(before.lines().skip(3)).map_while(|(y, l)| l.starts_with('│').then_some(y)).collect();
                for y in rows.iter().rev() {
                    run.click_at(size.0 / 2 + y % 2, *y);
                    assert_eq!(open(run).cursor(&run.tui.app), usize::from(y - 3), "{before}");
                }
                // Again on the same row opens it.
                run.click_at(size.0 / 2, 3);
                assert!(run.screen().contains(zh("─ 问题经过 ─", "─ The case ─")), "{}", run.screen());
                run.press("Esc").click(zh(" 分歧", " Disputes"));
                assert_eq!(open(run).tab, Tab::Disputes);
                let open_before = open(run).open_disputes;
                run.click(zh("p 合格", "p pass")).click_key(zh("回车 确定", "Enter accept")).settle();
                assert_eq!(open(run).open_disputes, open_before - 1);
                run.click(zh(" 概览", " Overview")).click(zh("周楼", "Zhoulou"));
                run.settle();
            });
        }
    }
}

#[test]
fn a_ruling_is_an_event_that_is_read_back_and_taken_back() {
    let world = World::new(Lang::Zh);
    let (before, ruled) = review(&world, (80, 24), |run| {
        let before = open(run).open_disputes;
        assert!(before > 3);
        assert!(open(run).own.is_none(), "looking begins no log");
        run.press("Right 2 照片核实 Enter");
        assert_eq!(open(run).open_disputes, before - 1);
        run.press("f Enter r 再看一次 Enter");
        assert_eq!(open(run).open_disputes, before - 3);
        run.press("u u");
        assert_eq!(open(run).open_disputes, before - 1);
        run.press("U");
        assert_eq!(open(run).open_disputes, before - 2);
        // Esc leaves everything as it was; a number without a record does nothing.
        run.press("p Esc 9");
        assert_eq!(open(run).open_disputes, before - 2);
        run.settle();
        let ruled = open(run).own.as_ref().unwrap().session.clone();
        run.press("q");
        (before, ruled)
    });
    let logs = world.folders().review_logs();
    let read = store::open(&logs[0]).unwrap();
    assert!(logs.len() == 1 && read.damage().is_empty() && read.is_ours());
    let rulings: Vec<_> = read
        .session()
        .said_and_stands()
        .filter_map(|(_, act)| match act {
            Act::Rule(r) => Some((r.verdict, r.reason.to_string(), r.saw.len())),
            _ => None,
        })
        .collect();
    assert_eq!(rulings.len(), 2);
    assert_eq!((rulings[0].1.as_str(), rulings[1].0, rulings[0].2 >= 2), ("照片核实", Verdict::Fail, true));
    assert_eq!(read.session().events().len(), ruled.events().len() + 1, "and the end");
    // The next day the rulings of this computer are there again.
    review(&world, (80, 24), |run| assert_eq!(open(run).open_disputes, before - 2));
}

#[test]
fn a_held_undo_key_takes_one_ruling_back_and_a_new_one_leaves_the_others_to_be_redone() {
    let world = World::new(Lang::Zh);
    review(&world, (80, 24), |run| {
        let before = open(run).open_disputes;
        run.press("Right f Enter f Enter f Enter");
        assert_eq!(open(run).open_disputes, before - 3);
        run.hold_down(KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE), 31);
        assert_eq!(open(run).open_disputes, before - 2);
        assert!(run.screen().contains("只算一次"), "{}", run.screen());
        run.press("u u");
        assert_eq!(open(run).open_disputes, before);
        // Another ruling than the one that was taken back stays; the two others come back.
        run.press("p Enter U U U").settle();
        assert_eq!(open(run).open_disputes, before - 3);
        let own = open(run).own.as_ref().unwrap().session.clone();
        let stands =
            own.said_and_stands().filter_map(|(_, act)| if let Act::Rule(r) = act { Some(r.verdict) } else { None });
        let mut stands: Vec<Verdict> = stands.collect();
        stands.sort();
        assert_eq!(stands, [Verdict::Pass, Verdict::Fail, Verdict::Fail]);
    });
}

#[test]
fn a_fault_that_is_said_to_be_put_right_waits_for_a_second_look() {
    let world = World::new(Lang::En);
    review(&world, (80, 24), |run| {
        run.press("Right Right Down");
        let (at, state) = open(run).case(&run.tui.app).map(|(at, c)| (at, c.state)).unwrap();
        assert_eq!(state, CaseState::Open);
        run.press("c").text("cleaned").press("Enter");
        assert_eq!(open(run).cases[at].state, CaseState::Claimed);
        assert!(run.screen().contains("claimed"));
        run.press("u");
        assert_ne!(open(run).cases[at].state, CaseState::Claimed);
        // Every filter and every order shows something or says that there is nothing.
        for _ in 0..6 {
            run.press("v o");
            run.screen();
        }
    });
}

/// A walk of somebody that looks again at what is open at the first community of the samples.
fn recheck<T>(world: &World, by: &str, work: impl FnOnce(&mut Run) -> T) -> T {
    let reading = Reading::of(&start(world).inputs.archive);
    let site = "qingfeng-lu";
    let recheck = Recheck::of(&reading, &Checklist::built_in(), site);
    assert!(!recheck.is_empty());
    let First::Walk(mut first) = world.walk_in(site, "2020-08-22-recheck") else { unreachable!("a walk") };
    first.by = store::person(by).unwrap();
    world.run((80, 24), First::Review, |run| {
        run.tui.app.look_again(recheck);
        let opened = run.tui.host.run(Effect::Start(first)).unwrap();
        run.tui.take(Input::Reply(opened)).unwrap();
        work(run)
    })
}

#[test]
fn a_second_look_lists_only_what_is_open_with_the_earlier_note() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        let screen = recheck(&world, "sun7=孙七", |run| run.press("1 1 2 1 Enter").settle().screen());
        insta::assert_snapshot!(format!("recheck-{}-80x24", lang.code()), screen);
        let summary = recheck(&world, "sun7=孙七", |run| run.press("q").settle().screen());
        insta::assert_snapshot!(format!("recheck-summary-{}-80x24", lang.code()), summary);
    }
}

#[test]
fn somebody_else_verifies_and_whoever_claimed_it_does_not() {
    let not_verified = |world: &World| {
        let mut inputs = start(world).inputs;
        let walks = Inputs::read(&[world.folders().logs], &mut std::io::empty(), &mut |_, _| {});
        inputs.archive = inputs.archive.join(walks.archive);
        let cases = Reading::of(&inputs.archive).cases();
        let open = cases.iter().filter(|c| c.subject.site.as_ref().is_some_and(|s| s.as_str() == "qingfeng-lu"));
        let open: Vec<CaseState> = open.map(|c| c.state).filter(|s| *s != CaseState::Verified).collect();
        (open.len(), open.iter().filter(|s| **s == CaseState::Claimed).count())
    };
    // The samples' supervisor claimed some of them: a walk of his own closes none of those.
    for (by, claimer) in [("sun7=孙七", false), ("chen1=陈主任", true)] {
        let world = World::new(Lang::Zh);
        let (open, claimed) = not_verified(&world);
        assert!(claimed > 0);
        recheck(&world, by, |run| {
            let mut told = 0;
            for _ in 0..open {
                run.press("1");
                told += usize::from(run.tui.app.message.as_ref().is_some_and(|m| m.text.contains("须他人复查")));
            }
            assert_eq!(told, if claimer { claimed } else { 0 });
            run.press("q 1 Enter").settle();
        });
        assert_eq!(not_verified(&world).0, if claimer { claimed } else { 0 }, "{by}");
    }
}

#[test]
fn what_others_found_stands_beside_the_target_from_imports() {
    let world = World::new(Lang::Zh);
    let imports = world.folders().logs.join("imports");
    fs::create_dir_all(&imports).unwrap();
    let archive = start(&world).inputs.archive;
    fs::write(imports.join("七月.jsonl"), xunjie::store::codec::archive_text(&archive)).unwrap();
    world.run((80, 24), world.walk("qingfeng-lu"), |run| {
        // It is read in the background.
        for _ in 0..100 {
            run.settle();
            if matches!(&run.tui.app.screen, Screen::Walk(walk) if !walk.history.is_empty()) {
                break;
            }
        }
        assert!(run.screen().contains("上次"), "{}", run.screen());
    });
}

/// A newcomer's first ten seconds, with the built program.
#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn demo_and_review_in_a_real_terminal() {
    let home = tempfile::tempdir().unwrap();
    let samples = samples(home.path()).to_string_lossy().into_owned();
    let args = ["--lang", "zh", "review", &samples, "--by", "he2=何主任", "--as-of", "2020-08-22"];
    let mut t = Terminal::start(home.path(), &args);
    t.until("[概览]");
    t.press("\t", "采纳该条");
    t.press("1", "理由").press("照片核实", "理由 照片核实").press("\r", "u 撤销").until("已保存");
    t.press("q", "");
    assert_eq!(t.exit(), 3, "two of the samples are not taken whole");
    let log = crate::terminal::only_log(home.path());
    let session = store::open(&log).unwrap().session();
    assert!(matches!(&session.events()[0].act, Act::Rule(r) if r.reason.as_str() == "照片核实"));
}

#[test]
fn leaving_with_rulings_that_are_not_saved_is_asked() {
    use std::io::ErrorKind;
    use xunjie::store::writer::Report;
    let world = World::new(Lang::Zh);
    review(&world, (80, 24), |run| {
        run.press("Right 1 照片核实 Enter").settle();
        let (path, why) = (PathBuf::from("/full/a.json"), "full".to_owned());
        let failing = Report::Failing { waiting: 1, path, kind: ErrorKind::StorageFull, why };
        run.tui.take(Input::Writer(failing)).unwrap();
        run.press("q");
        assert!(!run.tui.app.is_over() && run.screen().contains("改存到另一个目录"), "{}", run.screen());
        run.press("Enter");
        assert!(!run.tui.app.is_over(), "back, and wait for the disk");
        run.press("q 3 Enter");
        assert!(run.tui.app.is_over());
    });
}
