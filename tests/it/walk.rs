//! Walks by keys, read back from the log.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use xunjie::i18n::Lang;
use xunjie::log::{Act, Verdict, Why};
use xunjie::session::{Session, State};
use xunjie::store::Read;
use xunjie::tui::app::First;

use crate::runner::{Run, World};

const SIZE: (u16, u16) = (80, 24);

fn verdicts(session: &Session) -> Vec<(String, Verdict, String, String)> {
    session
        .standings()
        .map(|s| {
            let place = s.judgement.place.as_ref().and_then(|p| p.name.as_ref()).map_or("", |n| n.as_str());
            let note = s.judgement.note.as_ref().map_or("", |n| n.as_str());
            (s.judgement.target.to_string(), s.judgement.verdict, place.to_owned(), note.to_owned())
        })
        .collect()
}

fn row(id: &str, verdict: Verdict, place: &str, note: &str) -> (String, Verdict, String, String) {
    (id.to_owned(), verdict, place.to_owned(), note.to_owned())
}

/// 184 targets, three of them fail with a ready phrase: one key each, two more for each fail, and two to finish.
#[test]
fn a_whole_walk_takes_one_key_a_target() {
    let world = World::new(Lang::Zh);
    let mut keys = 0;
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        for n in 0..184 {
            let fail = [9, 99, 183].contains(&n);
            for key in if fail { &["2", "1", "Enter"][..] } else { &["1"][..] } {
                run.press(key);
                keys += 1;
            }
        }
        assert!(run.settle().screen().contains("184/184"));
        run.press("q Enter");
        keys += 2;
    });
    assert_eq!(keys, 184 + 2 * 3 + 2);
    let session = world.session();
    assert_eq!(session.state(), State::Finished);
    let all = verdicts(&session);
    assert_eq!(all.len(), 184);
    let fails: Vec<_> = all.iter().filter(|v| v.1 == Verdict::Fail).collect();
    assert_eq!(fails.len(), 3);
    assert!(fails.iter().all(|f| !f.3.is_empty()));
}

#[test]
fn the_big_card_takes_every_key_as_the_list_does() {
    let logs = ["", "z"].map(|open| {
        let world = World::new(Lang::Zh);
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            run.press(open).press("1 3 w 3").text("幸福巷").press("Enter");
            run.press("1 f").text("桶满").press("Enter 3 u 4 2 Enter Down 1 Up x . Space 3");
            run.press("F9 1").settle();
        });
        verdicts(&world.session())
    });
    assert_eq!(logs[0], logs[1]);
    assert!(logs[0].len() > 6);
}

#[test]
fn verdicts_notes_places_and_undo_stand_in_the_log() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1");
        run.press("w 3").text("幸福巷").press("Enter");
        run.press("1 f").text("桶满，两处").press("Enter 3 u 4 2 Enter");
        run.settle();
    });
    let session = world.session();
    assert_eq!(
        verdicts(&session),
        [
            row("1.01", Verdict::Pass, "", ""),
            row("2.11", Verdict::Pass, "幸福巷", ""),
            row("3.01", Verdict::Fail, "幸福巷", "桶满，两处"),
            row("3.02", Verdict::Unseen, "幸福巷", "拒绝检查"),
        ]
    );
    let undone = session.events().iter().filter(|e| matches!(e.act, Act::Undo { .. })).count();
    assert_eq!(undone, 1);
    let head = &session.head;
    assert_eq!(head.by.name.as_ref().unwrap().as_str(), "张三");
    assert_eq!(head.checklist.sha256.as_str().len(), 64);
    let name = world.log_path().file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(name, format!("2020-08-22T080000_nongye-lu_zhang3_{}.json", &head.id.as_str()[..8]));
}

#[test]
fn a_walk_is_taken_up_where_it_was_left_and_can_be_undone_to_its_start() {
    let world = World::new(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        _ = run.press("w 3").text("Xingfu Lane").press("Enter 1 2 1 Enter q 2 Enter");
    });
    assert_eq!(world.session().state(), State::Paused);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let screen = run.settle().screen();
        assert!(screen.contains("Xingfu Lane") && screen.contains("2/33 F1"), "{screen}");
        run.press("u u u u");
        assert!(run.settle().screen().contains("0/184"));
    });
    let session = world.session();
    assert!(session.standings().next().is_none());
    assert!(session.events().iter().any(|e| e.act == Act::Resume { why: Some(Why::Paused) }));
}

#[test]
fn a_finished_walk_is_read_only_until_it_is_reopened() {
    let world = World::new(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 q 1 Enter"));
    let before = std::fs::read(world.log_path()).unwrap();
    world.run(SIZE, First::Home, |run| {
        run.press("Down Enter 2");
        assert!(run.screen().contains("only to look at"));
        run.press("x u");
    });
    assert_eq!(std::fs::read(world.log_path()).unwrap(), before);
    world.run(SIZE, First::Home, |run| _ = run.press("Down Enter r 2 Enter q 1 Enter"));
    let session = world.session();
    assert_eq!(verdicts(&session), [row("1.01", Verdict::Pass, "", ""), row("1.02", Verdict::Fail, "", "")]);
    assert!(session.events().iter().any(|e| e.act == Act::Resume { why: Some(Why::Reopened) }));
}

#[test]
fn several_places_that_fail_one_target_are_several_records() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w 3").text("一巷").press("Enter / 310 Enter 2").text("满").press("Enter");
        run.press("w").text("bjxx").press("Enter").text("二巷").press("Enter / 310 Enter 2").text("破").press("Enter");
        run.press("!");
        let screen = run.settle().screen();
        assert!(screen.contains("一巷") && screen.contains("二巷"), "{screen}");
    });
    let fails = verdicts(&world.session());
    assert_eq!(fails, [row("3.10", Verdict::Fail, "一巷", "满"), row("3.10", Verdict::Fail, "二巷", "破")]);
}

#[test]
fn a_held_key_counts_once() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let key = KeyEvent::new(KeyCode::Char('1'), KeyModifiers::NONE);
        for _ in 0..30 {
            world.wait(33);
            run.terminal(vec![Event::Key(key)]);
        }
        let screen = run.screen();
        assert!(screen.contains("1/184") && screen.contains("只算一次"), "{screen}");
        run.press("1");
        assert!(run.screen().contains("2/184"));
    });
}

#[test]
fn a_key_held_through_the_delay_of_its_repeat_counts_once_too() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        for (key, times) in [('1', 20), ('3', 20)] {
            let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
            world.wait(2_000);
            run.terminal(vec![Event::Key(key)]);
            world.wait(660);
            for _ in 0..times {
                run.terminal(vec![Event::Key(key)]);
                world.wait(33);
            }
        }
        run.settle();
        // The key that opens a note types nothing into it while it is held.
        let key = KeyEvent::new(KeyCode::Char('2'), KeyModifiers::NONE);
        world.wait(2_000);
        run.terminal(vec![Event::Key(key)]);
        world.wait(500);
        for _ in 0..20 {
            run.terminal(vec![Event::Key(key)]);
            world.wait(33);
        }
        run.press("Enter").settle();
    });
    let stands = verdicts(&world.session());
    assert_eq!(
        stands,
        [row("1.01", Verdict::Pass, "", ""), row("1.02", Verdict::Na, "", ""), row("1.03", Verdict::Fail, "", "")]
    );
}

#[test]
fn nothing_is_judged_in_a_window_too_small_to_show_it() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.resize(40, 10).screen();
        run.press("1 2 3");
        assert!(run.resize(80, 24).screen().contains("0/184"));
    });
}

#[test]
fn where_one_stands_is_always_said_and_a_change_is_told() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        assert!(run.screen().contains("农业路社区 / 整个社区"));
        run.press("w 3").text("甲巷").press("Enter 2 1 Enter");
        // A typed name that nobody knows is a new place once its type is chosen: the one one stands at comes first.
        run.press("w").text("乙巷").press("Down Enter");
        assert!(run.screen().contains("农业路社区 / 乙巷"), "{}", run.screen());
        run.press("! Enter");
        assert!(run.screen().contains("现在: 背街小巷 甲巷"), "{}", run.screen());
        // What does not apply here is judged elsewhere: one is asked where.
        run.press("/").text("101").press("Enter");
        let screen = run.screen();
        assert!(
            screen.contains("1.01 爱卫法规或规范文件在效: 不在此点位") && screen.contains("+ 街道办事处"),
            "{screen}"
        );
        run.press("Up Enter");
        assert!(run.screen().contains("现在: 整个社区"), "{}", run.screen());
        // A verdict of a place is told in a small letter, and is not cleared from here.
        run.press("/").text("211").press("Enter");
        let screen = run.screen();
        assert!(screen.contains("f 2.11") && screen.contains("(背街小巷 甲巷)"), "{screen}");
        run.press("x");
        assert!(run.screen().contains("到那里再清除"), "{}", run.screen());
        run.press("1");
        assert!(run.screen().contains("甲巷 的不合格仍在"), "{}", run.screen());
    });
}

/// The ids a search shows, from the top.
fn found(run: &mut Run, query: &str) -> Vec<String> {
    let screen = run.press("/").text(query).screen();
    run.press("Esc");
    let id = |line: &str| {
        line.split_whitespace().find(|w| w.starts_with(char::is_numeric) && w.contains('.')).map(str::to_owned)
    };
    screen.lines().skip(4).filter_map(id).collect()
}

#[test]
fn a_search_shows_first_what_applies_here_unless_it_hardly_fits() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w").text("chengzhongcun").press("Enter").text("甲村").press("Enter");
        for query in ["公厕", "gongce", "gong ce", "gc", "ｇｃ"] {
            assert_eq!(found(run, query)[..3], ["3.45", "3.64", "3.40"], "{query}");
        }
        assert_eq!(found(run, "310"), ["3.10"]);
        assert_eq!(found(run, "lajit"), ["3.49"]);
        run.press("/").text("gongce").press("Enter >");
        assert!(run.screen().contains("2/2") && run.screen().contains(" 3.64 城中村公厕"), "{}", run.screen());
    });
}

#[test]
fn a_target_found_elsewhere_is_judged_at_a_place_of_its_own_type() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w 9").text("东厕").press("Enter 1 w").text("背街").press("Enter").text("甲巷").press("Enter");
        // The public toilet that is known already is the first answer; a new one is named.
        run.press("/").text("340").press("Enter Enter 3");
        run.press("w").text("背街").press("Enter").text("乙巷").press("Enter /").text("340").press("Enter 2");
        run.text("西厕").press("Enter 2 Enter");
    });
    let expect = [row("3.40", Verdict::Na, "东厕", ""), row("3.40", Verdict::Fail, "西厕", "")];
    assert_eq!(verdicts(&world.session()), expect);
}

#[test]
fn backspace_takes_back_and_an_input_method_is_no_hindrance() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1 3 Backspace");
        assert!(run.screen().contains("1/184"), "{}", run.screen());
        // A note goes one step before its fail does, and that is said.
        run.press("2").text("桶满").press("Enter Backspace");
        assert!(run.screen().contains("已撤销 1.02，现为不合格 (无备注)"), "{}", run.screen());
        run.press("Backspace");
        assert!(run.screen().contains("已撤销 1.02，现为未判"), "{}", run.screen());
    });
    assert_eq!(verdicts(&world.session()).len(), 1);
}

#[test]
fn commands_are_found_by_both_names() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        for query in ["撤销", "ＵＮＤＯ", "cx"] {
            let screen = run.press(":").text(query).screen();
            assert!(screen.lines().nth(4).is_some_and(|l| l.contains("u 退格 Ctrl-Z")), "{screen}");
            run.press("Esc");
        }
        // Keys find what they do; a digit chooses nothing that is not numbered.
        for (key, does) in [("1", "1 p"), ("5", "w 5"), ("退格", "u 退格"), ("F9", "z F9")] {
            let screen = run.press(":").text(key).screen();
            assert!(screen.lines().nth(4).is_some_and(|l| l.contains(does)), "{screen}");
            run.press("Esc");
        }
        assert!(run.screen().contains("0/184"));
    });
}

#[test]
fn changing_a_verdict_says_what_it_was() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("2 Enter Up 1");
        assert!(run.screen().contains("1.01 由不合格改为合格"), "{}", run.screen());
    });
}

#[test]
fn leaving_the_phrases_of_an_unjudged_target_leads_back_to_the_list() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("; Esc 1").settle();
        assert!(run.screen().contains("1/184"));
        run.press("; 1 Enter").settle();
    });
    let target = xunjie::checklist::TargetId::try_from("1.02".to_owned()).unwrap();
    assert!(world.session().remark(&target, None).is_some());
}

#[test]
fn pasted_text_judges_nothing_and_types_into_a_note() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.terminal(vec![Event::Paste("1p2f3n\n".into())]);
        assert!(run.screen().contains("0/184"));
        let burst = |text: &str| {
            let code = |c| if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            text.chars().map(|c| Event::Key(KeyEvent::new(code(c), KeyModifiers::NONE))).collect()
        };
        for text in ["1p1p\n1", "12", "p\n"] {
            run.terminal(burst(text));
            assert!(run.screen().contains("粘贴的内容"), "{}", run.screen());
        }
        run.terminal(burst("果皮箱"));
        assert!(run.screen().contains("输入法"), "{}", run.screen());
        assert!(run.screen().contains("0/184"));
        run.press("2");
        run.terminal(burst("桶满\n两处"));
        run.terminal(vec![Event::Paste("路口\n东侧\n".into())]);
        run.press("Enter");
        run.settle();
    });
    assert_eq!(verdicts(&world.session()), [row("1.01", Verdict::Fail, "", "桶满 两处路口 东侧")]);
}

#[test]
fn only_presses_count_and_full_width_keys_are_keys() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let release = KeyEvent { kind: KeyEventKind::Release, ..KeyEvent::new(KeyCode::Char('1'), KeyModifiers::NONE) };
        run.terminal(vec![Event::Key(release)]);
        assert!(run.screen().contains("0/184"));
        run.press("１ ｎ");
        assert!(run.screen().contains("2/184"));
        run.press("好");
        assert!(run.screen().contains("输入法"));
        run.press("、").text("310");
        assert!(run.screen().contains("果皮箱完好不满溢"));
    });
}

#[test]
fn a_note_that_is_left_is_offered_again() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("2").text("半句").press("Esc");
        assert!(run.screen().contains("草稿: 半句"), "{}", run.screen());
        // The walk has gone on: a pass now is for the next target.
        run.press("1").settle();
    });
    // As after a kill: the note is still there, and nothing of it is in the log.
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let screen = run.settle().screen();
        assert!(screen.contains("未确认的备注: 1.01") && screen.contains("草稿: 半句"), "{screen}");
        run.press("g Enter Enter").settle();
        run.press("q");
        assert!(!run.screen().contains("草稿"));
    });
    let stands = verdicts(&world.session());
    assert_eq!(stands, [row("1.01", Verdict::Fail, "", "半句"), row("1.02", Verdict::Pass, "", "")]);
}

#[test]
fn a_note_is_repeated_and_earlier_ones_come_back_with_up() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("2").text("甲").press("Enter 2 Enter");
        run.press("Up .");
        run.press("2 Up Enter").settle();
    });
    let notes: Vec<String> = verdicts(&world.session()).into_iter().map(|v| v.3).collect();
    assert_eq!(notes, ["甲", "甲", "甲"]);
}

#[test]
fn clearing_takes_a_verdict_back_and_undo_brings_it_again() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1 Up x");
        assert!(run.screen().contains("0/184"));
        run.press("u");
        assert!(run.screen().contains("1/184"));
        run.press("U");
        assert!(run.screen().contains("0/184"));
        run.press("x");
        assert!(run.screen().contains("没有判定可清除"));
    });
}

#[test]
fn the_language_changes_no_byte_of_the_log() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1").settle();
        let before = std::fs::read(world.log_path()).unwrap();
        run.press("L");
        assert!(run.screen().contains("Organising"));
        run.press("F7").settle();
        assert!(run.screen().contains("组织管理"));
        assert_eq!(std::fs::read(world.log_path()).unwrap(), before);
    });
}

#[test]
fn the_same_walk_opened_twice_is_refused_with_who_has_it() {
    let world = World::new(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1").settle();
        world.run(SIZE, world.walk("nongye-lu"), |second| {
            let screen = second.screen();
            assert!(screen.contains("open elsewhere") && screen.contains("张三"), "{screen}");
        });
        run.press("1").settle();
    });
    assert_eq!(verdicts(&world.session()).len(), 2);
}

#[test]
fn the_first_run_leads_to_a_walk_with_three_keys() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, First::Questions { name: "王五".into(), lang: None }, |run| {
        run.press("Enter Enter Enter 1").settle();
        assert!(run.screen().contains("1/184"));
    });
    let session = world.session();
    assert_eq!(session.head.by.name.as_ref().unwrap().as_str(), "王五");
    assert!(session.head.by.id.as_str().starts_with('p'));
    let settings = world.folders().settings().unwrap().unwrap();
    assert_eq!(settings.by, Some(session.head.by.clone()));
}

#[test]
fn after_photographs_and_counting_the_next_key_is_for_the_next_target() {
    let world = World::new(Lang::En);
    let camera = world.dir.path().join("cam");
    std::fs::create_dir_all(&camera).unwrap();
    std::fs::write(camera.join("IMG_0001.JPG"), b"a photograph").unwrap();
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("2").text("full").press("F12").text(&camera.display().to_string()).press("Enter");
        run.until(|run| run.screen().contains("IMG_0001.JPG"));
        run.press("1");
        run.until(|run| run.settle().screen().contains("photograph 1.01-1.jpg"));
        // The photographs of the last fail, by the key alone, and away again.
        run.press("1 a Esc 3");
        run.press("/").text("307").press("Enter c 1 Down Down Down Down 8 0 Enter Enter 1").settle();
    });
    let given: Vec<_> = verdicts(&world.session()).into_iter().map(|(id, verdict, ..)| (id, verdict)).collect();
    let expect = [("1.01", Verdict::Fail), ("1.02", Verdict::Pass), ("1.03", Verdict::Na), ("3.07", Verdict::Fail)];
    let expect = expect.into_iter().chain([("3.08", Verdict::Pass)]).map(|(id, v)| (id.to_owned(), v));
    assert_eq!(given, expect.collect::<Vec<_>>());
}

#[test]
fn a_place_is_found_by_what_it_is_called_on_the_screen() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w").text("背街 幸福巷").press("Enter 1");
        run.press("w").text("公共厕所 东厕").press("Enter 1");
        for query in ["背街小巷 幸福巷", "背街小巷幸福巷", "背街"] {
            run.press("w").text(query);
            let screen = run.screen();
            assert!(screen.lines().nth(4).is_some_and(|l| l.contains("背街小巷 幸福巷  1/33")), "{screen}");
            run.press("Esc");
        }
    });
    let places: Vec<String> = verdicts(&world.session()).into_iter().map(|(.., place, _)| place).collect();
    assert_eq!(places, ["幸福巷", "东厕"]);
}

#[test]
fn a_language_that_was_asked_for_is_no_question() {
    let world = World::new(Lang::En);
    world.run(SIZE, First::Questions { name: "wang".into(), lang: Some(Lang::En) }, |run| {
        assert!(run.screen().contains("1/2"), "{}", run.screen());
        run.press("Enter Enter 1").settle();
    });
    assert_eq!(world.folders().settings().unwrap().unwrap().lang, Some(Lang::En));
    assert_eq!(verdicts(&world.session()).len(), 1);
}

#[test]
fn another_site_starts_after_the_walk_is_closed_properly() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1 S 1 Enter").text("zlsq").press("Enter Enter Enter Enter 1").settle();
    });
    let logs = world.folders().list().unwrap();
    let sites: Vec<String> = logs
        .iter()
        .map(|l| match &l.read {
            Read::Session(session) => session.head.site.as_ref().unwrap().id.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sites.len(), 2);
    assert!(sites.contains(&"zhoulou".to_owned()));
}

#[test]
fn old_finished_walks_are_listed_by_name_and_an_old_unfinished_one_stays_first() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk_in("zhoulou", "R0"), |run| _ = run.press("1 q 2 Enter"));
    for round in 1..=25 {
        world.wait(60_000);
        world.run(SIZE, world.walk_in("nongye-lu", &format!("R{round}")), |run| _ = run.press("1 q 1 Enter"));
    }
    let logs = world.folders().list().unwrap();
    let unread = logs.iter().filter(|l| matches!(l.read, Read::NotYet)).count();
    assert_eq!((logs.len(), unread), (26, 5));
    world.run(SIZE, First::Home, |run| {
        assert!(run.screen().lines().nth(2).unwrap().contains("> 继续  周楼社区"));
        run.press("End Enter");
        assert!(run.settle().screen().contains("只看"), "{}", run.screen());
    });
}

#[test]
fn broken_settings_are_put_aside_and_stop_nothing() {
    let world = World::new(Lang::Zh);
    let folders = world.folders();
    for (file, broken) in [(folders.settings_file(), "[]"), (folders.device_file(), "{\"id\":\"a\",\"session\":-1}")] {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, broken).unwrap();
    }
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1").settle());
    assert_eq!(verdicts(&world.session()).len(), 1);
    for (file, broken) in [(folders.settings_file(), "[]"), (folders.device_file(), "{\"id\":\"a\",\"session\":-1}")] {
        let aside = file.with_file_name(format!("{}.damaged-1", file.file_name().unwrap().to_string_lossy()));
        assert_eq!(std::fs::read_to_string(aside).unwrap(), broken);
    }
}

#[test]
fn a_walk_with_another_checklist_is_only_shown() {
    let world = World::new(Lang::En);
    world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1").settle());
    let path = world.log_path();
    let text = std::fs::read_to_string(&path).unwrap().replacen("national-sanitary-city-2014", "another-list", 1);
    std::fs::write(&path, &text).unwrap();
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let screen = run.settle().screen();
        assert!(screen.contains("another checklist, another-list") && screen.contains("read only"), "{screen}");
        run.press("1 2").settle();
    });
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_draft_of_one_place_is_never_offered_at_another() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w 3").text("甲巷").press("Enter 2").text("甲的半句").press("Esc");
        run.press("w").text("乙巷").press("Down Enter 2");
        assert!(!run.screen().contains("甲的半句"), "{}", run.screen());
        run.press("Enter q");
        assert!(run.screen().contains("甲的半句"));
        run.press("Esc").settle();
    });
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.settle().press("q Down Down Down Down Enter");
        assert!(run.screen().contains("甲巷") && run.screen().contains("草稿: 甲的半句"), "{}", run.screen());
        run.press("Enter Enter").settle();
    });
    let stands = verdicts(&world.session());
    assert_eq!(stands, [row("2.11", Verdict::Fail, "乙巷", ""), row("2.11", Verdict::Fail, "甲巷", "甲的半句")]);
}

#[test]
fn a_fault_goes_to_a_unit_and_has_a_day() {
    let duties = |session: &Session| {
        let duty = |s: xunjie::session::Standing| {
            let shown = |name: &Option<xunjie::log::Name>| name.as_ref().map_or("", |n| n.as_str()).to_owned();
            let note = s.judgement.note.as_ref().map_or("", |n| n.as_str()).to_owned();
            (s.judgement.target.to_string(), shown(&s.judgement.unit), shown(&s.judgement.due), note)
        };
        session.standings().map(duty).collect::<Vec<_>>()
    };
    let row =
        |id: &str, unit: &str, due: &str, note: &str| (id.to_owned(), unit.to_owned(), due.to_owned(), note.to_owned());
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        // A unit is typed once; the day is one key.
        run.press("2 F8").text("环卫所").press("Enter F9 F9").text("桶满").press("Enter");
        // The next fault: the unit is picked with a digit, Esc loses nothing that was chosen.
        run.press("2 F8 1 Esc");
        assert!(run.settle().screen().contains("1.03"));
        run.press("Home w").text("xf").press("Enter").press("w").text("市场").press("Enter");
    });
    let today = world.now().stamp.date().to_owned();
    let tomorrow = today.parse::<jiff::civil::Date>().unwrap().tomorrow().unwrap().to_string();
    let before = duties(&world.session());
    assert_eq!(before[0], row("1.01", "环卫所", &tomorrow, "桶满"));
    assert_eq!(before[1], row("1.02", "环卫所", "", ""));
    // Another day: what the unit was for this target last is filled in.
    let next = World::new(Lang::En);
    std::fs::create_dir_all(next.folders().logs).unwrap();
    std::fs::copy(world.log_path(), next.folders().logs.join(world.log_path().file_name().unwrap())).unwrap();
    next.run(SIZE, next.walk_in("nongye-lu", "R2"), |run| {
        run.settle().press("2");
        let screen = run.screen();
        assert!(screen.contains("环卫所"), "{screen}");
        run.press("Enter e").text("full").press("Enter");
    });
}

#[test]
fn a_photograph_lies_beside_the_log_and_is_named_in_it() {
    let world = World::new(Lang::En);
    let camera = world.dir.path().join("DCIM 相机");
    std::fs::create_dir_all(&camera).unwrap();
    std::fs::write(camera.join("IMG_0001.JPG"), b"a photograph").unwrap();
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("a");
        assert!(run.screen().contains("judge 1.01 first"), "a photograph goes with a verdict");
        run.press("2").text("full").press("Enter Up a").text(&format!("'{}'", camera.display())).press("Enter");
        run.until(|run| run.screen().contains("IMG_0001.JPG"));
        run.press("1");
        run.until(|run| run.settle().screen().contains("[1 photos]"));
        // Which one is attached already is seen, and from where the cursor has gone to after a fail.
        run.press("Down a");
        run.until(|run| run.screen().contains("attached: 1.01-1.jpg"));
        assert!(run.screen().contains("Photographs: 1.01"), "{}", run.screen());
        // Taken back and done again like everything else; the note stays.
        run.press("Esc u U");
        assert!(run.settle().screen().contains("full"));
    });
    let session = world.session();
    let judgement = session.standings().next().unwrap().judgement.clone();
    let photo = &judgement.photos[0];
    assert_eq!((photo.file.as_str(), judgement.note.unwrap().as_str()), ("1.01-1.jpg", "full"));
    let copy = xunjie::store::photos::folder(&world.log_path()).join("1.01-1.jpg");
    assert_eq!(std::fs::read(&copy).unwrap(), b"a photograph");
    assert!(camera.join("IMG_0001.JPG").exists(), "the original stays");
    // The folder is known the next time.
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1 Up a");
        run.until(|run| run.screen().contains("IMG_0001.JPG"));
        run.press("Esc q 1 Enter");
    });
    let check = |expect: &str| {
        let mut out = Vec::new();
        let _ = xunjie::cli::check(&mut out, Lang::En, &[world.log_path()]).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains(expect), "{out}");
    };
    check("complete");
    std::fs::write(&copy, b"another").unwrap();
    check("1.01-1.jpg of 1.01 is not the one recorded");
    std::fs::remove_file(&copy).unwrap();
    check("1.01-1.jpg of 1.01 is missing");
    // A report names them too, beside its own bytes.
    let folder = world.folders().logs;
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_xunjie"))
        .args(["--lang", "en", "report", "--format", "csv"])
        .arg(folder)
        .env("HOME", world.dir.path())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8(program.stdout).unwrap(), String::from_utf8(program.stderr).unwrap());
    assert!(out.contains("1.01-1.jpg") && err.contains("1.01-1.jpg of 1.01 is missing"), "{err}");
}

#[test]
fn counting_proposes_the_verdict_and_the_counts_are_in_the_log() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        assert!(run.press("c").screen().contains("不用计数；可计数的: 3.07"), "{}", run.screen());
        // Two butts, one peel on 250 square metres of a second-class road: eight butts in a thousand are too many.
        run.press("/").text("307").press("Enter c 3 3 1");
        let screen = run.screen();
        assert!(screen.contains("烟蒂") && screen.contains("<8") && screen.contains("先填面积"), "{screen}");
        run.press("Down Down Down Down 2 5 0");
        assert!(run.screen().contains("回车判为: 不合格"), "{}", run.screen());
        // Leaving keeps what was counted.
        run.press("Esc c");
        assert!(run.screen().contains("250 平方米"));
        run.press("Enter");
        assert!(run.screen().contains("果皮1、烟蒂2 / 250 平方米"), "{}", run.screen());
        run.press("Enter");
        // The stopwatch goes on while one walks.
        run.press("/").text("804").press("Enter c Down Space Esc");
        world.wait(29 * 60_000);
        run.press("/").text("101").press("Enter 1");
        world.wait(2 * 60_000);
        run.tui.app.lose_patience(&world.now());
        assert!(run.screen().contains("8.04 30分钟到"), "{}", run.screen());
        run.press("/").text("804").press("Enter c 1 Enter");
    });
    let session = world.session();
    let measured = |id: &str| {
        let standing = session.standings().find(|s| s.judgement.target.as_str() == id).unwrap();
        let counts: Vec<(String, u64)> =
            standing.judgement.measure.iter().map(|m| (m.what.to_string(), m.count)).collect();
        let per = standing.judgement.measure[0].per.clone().unwrap();
        (standing.judgement.verdict, counts, per.amount, per.unit.to_string())
    };
    let counts = |all: &[(&str, u64)]| all.iter().map(|(what, n)| ((*what).to_owned(), *n)).collect::<Vec<_>>();
    let litter = counts(&[("peel", 1), ("paper", 0), ("butt", 2), ("spit", 0)]);
    assert_eq!(measured("3.07"), (Verdict::Fail, litter, 250, "m2".into()));
    let (verdict, landings, seconds, unit) = measured("8.04");
    assert_eq!((verdict, landings, unit.as_str()), (Verdict::Pass, counts(&[("landing", 1)]), "s"));
    assert!((1860..1900).contains(&seconds), "{seconds}");
    // What was counted passes through merging.
    let text = std::fs::read(world.log_path()).unwrap();
    let (archive, damage) = xunjie::store::codec::read_all(&text).unwrap();
    assert!(damage.is_empty());
    assert!(
        xunjie::store::codec::archive_text(&archive)
            .contains("\"measure\":[{\"what\":\"peel\",\"count\":1,\"per\":{\"amount\":250,\"unit\":\"m2\"}}")
    );
}

#[test]
fn where_one_has_been_and_what_was_open_before() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w").text("market").press("Enter").text("东市场").press("Enter 2 Enter 1 1");
        // The next place of the same type is two keys and its name.
        run.press("w 1").text("西市场").press("Enter 1");
        run.press("W");
        let screen = run.screen();
        assert!(screen.contains("东市场  3/") && screen.contains("P2 F1") && screen.contains("西市场  1/"), "{screen}");
        assert!(screen.contains("点位上的目标 4/") && screen.contains("本次没到的场所类型 36"), "{screen}");
        // A place that was done is gone to from here.
        run.press("Esc q");
        assert!(run.screen().contains("点位上的目标 4/"));
        run.press("1 Enter");
    });
    // Another walk begins with what was failing here, and F4 leads there.
    world.run(SIZE, world.walk_in("nongye-lu", "R2"), |run| {
        let screen = run.settle().screen();
        assert!(screen.contains("以前有 1 处不合格还没复看"), "{screen}");
        run.press("F4 Enter");
        let screen = run.screen();
        assert!(screen.contains("东市场") && screen.contains("上次"), "{screen}");
        run.press("1 F4");
        assert!(!run.screen().contains("以前不合格"), "it has been looked at again");
    });
}

/// A day's walk as it is: twelve places, everything that applies there, fifteen faults with a ready phrase.
#[test]
fn a_day_over_twelve_places_takes_little_more_than_a_key_a_verdict() {
    let list = xunjie::checklist::Checklist::built_in();
    let walkable =
        |id: &str| list.targets().any(|t| t.id.as_str() == id && t.reach != xunjie::checklist::Reach::Office);
    // The place types that together reach the most targets, as a route would be laid.
    let mut left: Vec<&xunjie::checklist::Target> = list.targets().filter(|t| walkable(t.id.as_str())).collect();
    let mut route = Vec::new();
    while route.len() < 12 {
        let gain = |kind: &&xunjie::checklist::PlaceType| left.iter().filter(|t| t.applies_at(&kind.id)).count();
        let best = list.place_types.iter().max_by_key(gain).unwrap();
        left.retain(|t| !t.applies_at(&best.id));
        route.push(best);
    }
    let world = World::new(Lang::Zh);
    let (mut keys, mut verdicts, mut faults) = (0, 0, 0);
    world.run((100, 30), world.walk("nongye-lu"), |run| {
        for kind in &route {
            run.press("w").text(&kind.initials).press("Enter").text("东").press("Enter");
            keys += 4 + kind.initials.len();
            for n in 0..list.count_at(&kind.id) {
                verdicts += 1;
                if n % 15 == 7 && faults < 15 {
                    faults += 1;
                    run.press("2 1 Enter");
                    keys += 3;
                } else {
                    run.press("1");
                    keys += 1;
                }
            }
        }
        // What a street shows and none of these places has is found by its id.
        run.press("w").text("整个社区").press("Enter");
        keys += 3;
        for target in &left {
            let id: String = target.id.as_str().chars().filter(char::is_ascii_digit).collect();
            run.press("/").text(&id).press("Enter 1");
            (keys, verdicts) = (keys + 3 + id.len(), verdicts + 1);
        }
    });
    let session = world.session();
    let judged: std::collections::HashSet<String> =
        session.standings().map(|s| s.judgement.target.to_string()).collect();
    let reached = list.targets().filter(|t| judged.contains(t.id.as_str()) && walkable(t.id.as_str())).count();
    assert_eq!((session.standings().count(), faults), (verdicts, 15));
    eprintln!(
        "{keys} keys, {verdicts} verdicts, {reached} of 157 walkable targets, {} places, {faults} faults",
        route.len()
    );
    assert!(
        reached == 157 && keys <= verdicts + 2 * faults + 12 * 9 + 6 * left.len() + 3,
        "{keys} keys, {verdicts} verdicts, {reached} targets"
    );
}

#[test]
fn what_was_counted_survives_a_kill_in_words() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("/").text("307").press("Enter c 3 3 Down Down 2 0 0").settle();
    });
    // The program was dropped in the middle of it.
    let draft = std::fs::read_to_string(xunjie::store::file::draft_path(&world.log_path())).unwrap();
    assert!(draft.contains("烟蒂2 / 200 平方米"), "{draft}");
}

#[test]
fn a_photograph_is_recorded_only_where_it_lies_and_counting_keeps_it() {
    use xunjie::tui::{Input, Reply};
    let world = World::new(Lang::En);
    let photo = |log: std::path::PathBuf, file: &str| Reply::Attached {
        log,
        target: "3.07".to_owned().try_into().unwrap(),
        place: None,
        photo: Ok(xunjie::log::Photo { file: file.try_into().unwrap(), sha256: "0".try_into().unwrap() }),
    };
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("/").text("307").press("Enter 2").text("mine").press("Enter");
        // One that was copied beside another walk's log.
        run.tui.take(Input::Reply(photo("/elsewhere.json".into(), "3.07-9.jpg"))).unwrap();
        assert!(run.screen().contains("not recorded"), "{}", run.screen());
        run.tui.take(Input::Reply(photo(world.log_path(), "3.07-1.jpg"))).unwrap();
        // Counting gives the same verdict: photograph and note stay. A digit picks a phrase behind it, as long as it is shown.
        run.press("/").text("307").press("Enter c 1 1 Down Down Down Down 1 0 0 Enter");
        assert!(run.screen().contains(" 2 Paper and plastic scattered"), "{}", run.screen());
        run.press("2 Enter");
    });
    let session = world.session();
    let judgement = session.standings().next().unwrap().judgement.clone();
    let photos: Vec<&str> = judgement.photos.iter().map(|p| p.file.as_str()).collect();
    assert_eq!(photos, ["3.07-1.jpg"]);
    assert_eq!(judgement.note.unwrap().as_str(), "Peel 2 / 100 m2 mine Paper and plastic scattered");
    assert_eq!((judgement.measure.len(), judgement.measure[0].count), (4, 2));
}

#[test]
fn a_note_that_was_left_is_where_one_begins_again() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w 3").text("甲巷").press("Enter 2").text("半句").press("Esc");
        run.press("w").text("市场").press("Enter").text("东").press("Enter 1").settle();
    });
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.settle().press("Enter");
        let screen = run.screen();
        assert!(screen.contains("甲巷") && screen.contains("半句"), "{screen}");
    });
}

/// The notes of the fails, in the order of the targets.
fn fail_notes(session: &Session) -> Vec<String> {
    verdicts(session).into_iter().filter(|v| v.1 == Verdict::Fail).map(|v| v.3).collect()
}

#[test]
fn what_is_typed_in_a_note_never_becomes_another_fault() {
    let notes = |lang, keys: &dyn Fn(&mut Run)| {
        let world = World::new(lang);
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            run.press("/").text("302").press("Enter 2");
            keys(run);
            run.press("Enter").settle();
        });
        fail_notes(&world.session()).remove(0)
    };
    let zh = |keys: &dyn Fn(&mut Run)| notes(Lang::Zh, keys);
    // A phrase, and how often: the number is text behind it.
    assert_eq!(zh(&|run| _ = run.press("1").text("3处")), "盲道被占3处");
    assert_eq!(zh(&|run| _ = run.press("1").text("，东侧3处")), "盲道被占，东侧3处");
    // A number at the very beginning picks, and is taken for text as soon as one writes on.
    assert_eq!(zh(&|run| _ = run.text("3处坑")), "3处坑");
    assert_eq!(zh(&|run| _ = run.text("３处坑")), "3处坑");
    assert_eq!(notes(Lang::En, &|run| _ = run.text("3 potholes, 2 deep")), "3 potholes, 2 deep");
    // Backspace brings the number back; with nothing left digits pick again.
    assert_eq!(zh(&|run| _ = run.press("3 Backspace").text("处")), "3处");
    assert_eq!(zh(&|run| _ = run.press("3 Backspace Backspace 1")), "盲道被占");
    // What is typed, recalled or chosen from the list lets digits through.
    assert_eq!(zh(&|run| _ = run.text("坑3")), "坑3");
    assert_eq!(zh(&|run| _ = run.press("Space 3").text("处")), "3处");
    assert_eq!(zh(&|run| _ = run.press("Tab 1").text("3处")), "盲道被占3处");
    // Another phrase is added with Tab, by its number.
    assert_eq!(zh(&|run| _ = run.press("1 Tab 3")), "盲道被占 步道砖松动");
}

#[test]
fn numbers_stand_before_phrases_exactly_when_they_act() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let numbered = |run: &mut Run| run.screen().contains(" 1 盲道被占");
        run.press("/").text("302").press("Enter 2");
        assert!(numbered(run), "{}", run.screen());
        run.press("1");
        assert!(!numbered(run) && run.screen().contains("已选 1；"), "{}", run.screen());
        run.press("Backspace Backspace");
        assert!(numbered(run), "{}", run.screen());
        run.press("3").text("处");
        let screen = run.screen();
        assert!(screen.contains("3 当作数字写入") && screen.contains("3处") && !numbered(run), "{screen}");
        // A text that is pasted is no phrase to be replaced either.
        run.press("Esc").press("2");
        run.terminal(vec![Event::Paste("坑".into())]);
        run.press("2 Enter").settle();
    });
    assert_eq!(fail_notes(&world.session()).last().map(String::as_str), Some("坑2"));
}

#[test]
fn a_held_undo_key_takes_one_step_back() {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    let ctrl = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w 3").text("幸福巷").press("Enter 1 1 1 1 1 1 1 1 1 1 1 1");
        run.hold_down(plain(KeyCode::Backspace), 31);
        assert!(run.screen().contains("11/33") && run.screen().contains("只算一次"), "{}", run.screen());
        run.hold_down(ctrl('z'), 31);
        run.hold_down(plain(KeyCode::Char('u')), 2);
        assert!(run.screen().contains("9/33"), "{}", run.screen());
        // Nor does redo run away.
        run.hold_down(ctrl('y'), 31);
        assert!(run.screen().contains("10/33"), "{}", run.screen());
        // A press and, a moment later, another one are two.
        run.press("u u").settle();
        assert!(run.screen().contains("8/33"), "{}", run.screen());
    });
}

#[test]
fn many_steps_undone_are_counted_and_come_back_after_a_new_verdict() {
    for killed in [false, true] {
        let world = World::new(Lang::Zh);
        let back = |run: &mut Run| {
            let ctrl_y = "C-y ".repeat(11);
            run.press(ctrl_y.trim_end()).settle();
            assert!(run.screen().contains("12/33"), "{}", run.screen());
            // The newer verdict is not replaced.
            run.press("C-y");
            assert!(run.screen().contains("没有可重做的"), "{}", run.screen());
        };
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            run.press("w 3").text("幸福巷").press("Enter 1 1 1 1 1 1 1 1 1 1 1 1 u u u");
            assert!(run.screen().contains("已撤销") && !run.screen().contains("连续"), "{}", run.screen());
            run.press("u u u u u u u u u");
            let screen = run.screen();
            assert!(screen.contains("已连续撤销 12 步") && screen.contains("Ctrl-Y 一步步恢复"), "{screen}");
            run.press("3").settle();
            assert!(run.screen().contains("1/33"), "{}", run.screen());
            // What was undone is told as such where it is told what happened.
            run.press("Up o");
            assert!(run.screen().contains("合格 背街小巷 幸福巷  (已撤销)"), "{}", run.screen());
            run.press("Esc");
            if !killed {
                back(run);
            }
        });
        if killed {
            world.run(SIZE, world.walk("nongye-lu"), |run| back(run.settle()));
        }
        let stands = verdicts(&world.session());
        assert_eq!((stands.len(), stands[0].1), (12, Verdict::Na));
    }
}

#[test]
fn finishing_records_the_notes_that_were_left() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w 3").text("甲巷").press("Enter 2").text("台阶破损两处").press("Esc");
        // One without a verdict, at another place.
        run.press("w").text("ggcs").press("Enter").text("东厕").press("Enter Enter").text("明天再看").press("Esc");
        // A pause leaves them as they are.
        run.press("q");
        assert!(run.screen().contains("1 结束巡查，2 条备注草稿一并记入"), "{}", run.screen());
        run.press("2 Enter").settle();
    });
    assert_eq!(verdicts(&world.session()), [row("2.11", Verdict::Fail, "甲巷", "")]);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.settle().press("q 1 Enter").settle();
        let screen = run.screen();
        assert!(screen.contains("2 条备注草稿已记入") && screen.contains("日志:"), "{screen}");
    });
    let session = world.session();
    assert_eq!(session.state(), State::Finished);
    assert_eq!(verdicts(&session), [row("2.11", Verdict::Fail, "甲巷", "台阶破损两处")]);
    let toilet = session.events().iter().find_map(|e| match &e.act {
        Act::Remark { target: Some(target), place, note } => {
            Some((target.to_string(), place.clone().unwrap().name.unwrap().to_string(), note.to_string()))
        }
        _ => None,
    });
    assert_eq!(toilet.map(|t| (t.1, t.2)), Some(("东厕".to_owned(), "明天再看".to_owned())));
    // They are steps like any other after reopening, and nothing is left beside the log.
    assert!(!xunjie::store::file::draft_path(&world.log_path()).exists());
    world.run(SIZE, First::Home, |run| {
        run.press("Down Enter r u u").settle();
        assert!(run.screen().contains("不合格 (无备注)"), "{}", run.screen());
    });
    assert_eq!(verdicts(&world.session()), [row("2.11", Verdict::Fail, "甲巷", "")]);
}

#[test]
fn finishing_records_what_was_counted_beside_the_note_that_stands() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("/").text("307").press("Enter 2").text("路口").press("Enter");
        run.press("/").text("307").press("Enter c 3 3 Down Down 2 0 0 Esc q 1 Enter").settle();
    });
    assert_eq!(fail_notes(&world.session()), ["烟蒂2 / 200 平方米 路口"]);
}

#[test]
fn a_name_alone_makes_no_place_of_any_type() {
    for (lang, hint) in [(Lang::Zh, "还没有设点位"), (Lang::En, "No place yet")] {
        let world = World::new(lang);
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            for name in ["幸福巷", "bjxj", "菜市场", "饭店", "马路", "第一小学"] {
                run.press("w").text(name).press("Enter");
                assert!(run.screen().contains(hint), "{name}\n{}", run.screen());
                run.press("Esc");
                assert!(run.tui.app.popup.is_none());
            }
            // The type is chosen with the arrows; named before the name it is known.
            run.press("w").text("幸福巷").press("Enter Down Down Enter 1");
            run.press("w").text("bjxx 和平巷").press("Enter 1");
            // A name that is known already is its place.
            run.press("w").text("幸福").press("Enter 3").settle();
        });
        let places: Vec<_> = world.session().standings().filter_map(|s| s.judgement.place.clone()).collect();
        let of = |name: &str| places.iter().filter(|p| p.name.as_ref().is_some_and(|n| n.as_str() == name)).count();
        assert_eq!((places.len(), of("幸福巷"), of("和平巷")), (3, 2, 1), "{places:?}");
        assert!(places.iter().all(|p| p.kind.as_str() == "back_alley"), "{places:?}");
    }
}

#[test]
fn where_two_types_are_called_so_neither_is_chosen() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w").text("市场 东").press("Enter");
        assert!(run.screen().contains("还没有设点位"), "{}", run.screen());
        run.press("Down Down Enter 1").settle();
    });
    let session = world.session();
    let place = session.standings().next().unwrap().judgement.place.clone().unwrap();
    assert_eq!((place.kind.as_str(), place.name.unwrap().as_str()), ("temp_market", "东"));
}

#[test]
fn a_stray_verdict_key_at_a_finished_place_judges_nothing() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        let list = xunjie::checklist::Checklist::built_in();
        let n = list.count_at("poultry");
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            run.press("w").text("hqxsd").press("Enter").text("东").press("Enter");
            (0..n).for_each(|_| _ = run.press("1"));
            let before = run.settle().tui.app.message.clone().unwrap().text;
            assert!(before.contains(if lang == Lang::Zh { "本点位已查完" } else { "This place is done" }), "{before}");
            // Whatever is pressed once too often: by hand, held down, clicked.
            for key in ["1", "2", "3", "4", "p", "f", "x", "0", "."] {
                run.press(key);
                let nothing = if lang == Lang::Zh { "没有判定。" } else { "Nothing judged." };
                assert!(run.screen().contains(nothing) && run.tui.app.popup.is_none(), "{key}\n{}", run.screen());
            }
            run.hold_down(KeyEvent::new(KeyCode::Char('3'), KeyModifiers::NONE), 9);
            // Enter goes on to the next place, and back it is still done.
            run.press("Enter");
            assert!(run.screen().contains("poultry") || run.screen().contains("活禽销售点"), "{}", run.screen());
            run.press("Esc 3").settle();
        });
        let session = world.session();
        assert_eq!(
            (session.events().len(), verdicts(&session).iter().filter(|v| v.1 == Verdict::Pass).count()),
            (n, n)
        );
        // Taken up again it is done as before; where the cursor is moved a verdict can be corrected.
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            run.settle().press("3 Up 3").settle();
            run.press("4").settle();
        });
        let count = |v| verdicts(&world.session()).iter().filter(|s| s.1 == v).count();
        assert_eq!((count(Verdict::Na), count(Verdict::Unseen)), (1, 0));
    }
}

#[test]
fn undone_to_correct_it_the_last_target_of_a_place_is_judged_again() {
    let world = World::new(Lang::Zh);
    let n = xunjie::checklist::Checklist::built_in().count_at("poultry");
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w").text("hqxsd").press("Enter").text("东").press("Enter");
        (0..n).for_each(|_| _ = run.press("1"));
        run.press("u 2 1 Enter");
        // The note went on to nowhere; a redo that fills the place leaves the cursor at rest too.
        run.press("3 u u U 4").settle();
        assert!(run.screen().contains("没有判定"), "{}", run.screen());
    });
    let last = verdicts(&world.session()).pop().unwrap();
    assert_eq!((verdicts(&world.session()).len(), last.1), (n, Verdict::Fail));
}

#[test]
fn a_second_answer_at_a_place_is_asked_about() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w").text("wyxq").press("Enter").text("东苑").press("Enter /").text("110").press("Enter 1");
        // The same answer is no other record.
        run.press("/").text("110").press("Enter 1");
        assert!(run.screen().contains("已有同样的回答 (合格 08:"), "{}", run.screen());
        // Another one is asked about; the key that gave it, pressed again, replaces nothing.
        run.press("/").text("110").press("Enter 2");
        let screen = run.screen();
        assert!(screen.contains("此处已问过一人") && screen.contains("保留已有回答 (合格 08:"), "{screen}");
        run.press("2 Esc").settle();
    });
    assert_eq!(verdicts(&world.session()), [row("1.10", Verdict::Pass, "东苑", "")]);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.settle().press("/").text("110").press("Enter 2 2 Enter 1 Enter");
        // What is looked at is corrected as ever, and so is another place's answer given.
        run.press("w").text("wyxq 西苑").press("Enter /").text("110").press("Enter 1").settle();
    });
    let list = xunjie::checklist::Checklist::built_in();
    let interviews: Vec<&str> = list.targets().filter(|t| t.is_interview()).map(|t| t.id.as_str()).collect();
    assert_eq!(interviews, ["1.10", "2.02"]);
    assert_eq!(
        verdicts(&world.session()),
        [row("1.10", Verdict::Fail, "东苑", "嫌垃圾清运慢"), row("1.10", Verdict::Pass, "西苑", "")]
    );
}

/// What the next key wipes away is no place for what stays so.
#[test]
fn a_lost_second_copy_stays_in_the_header_until_it_is_back() {
    use std::io::ErrorKind;
    use xunjie::store::writer::Report;
    use xunjie::tui::Input;
    for (lang, said) in [(Lang::Zh, "无副本"), (Lang::En, "no copy")] {
        let world = World::new(lang);
        world.run((60, 16), world.walk("nongye-lu"), |run| {
            run.settle();
            let header = |run: &mut Run| run.screen().lines().next().unwrap().to_owned();
            let path = std::path::Path::new("/stick").join(world.log_path().file_name().unwrap());
            let (kind, why) = (ErrorKind::NotFound, "gone".to_owned());
            run.tui.take(Input::Mirror(Report::Failing { waiting: 0, path, kind, why })).unwrap();
            run.press("1 3 1").settle();
            assert!(header(run).contains(said) && header(run).contains("3/184"), "{}", header(run));
            run.tui.take(Input::Mirror(Report::Saved { events: 3 })).unwrap();
            assert!(!header(run).contains(said), "{}", header(run));
            // Its disk takes the next verdict and says nothing.
            run.press("3").settle();
            world.wait(4_000);
            run.tui.app.lose_patience(&world.now());
            assert!(header(run).contains(said), "{}", header(run));
        });
    }
}
