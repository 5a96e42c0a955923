//! Clicks and the wheel: in both languages, on odd and even columns, through wide characters.

use crossterm::event::{MouseButton, MouseEventKind};

use xunjie::i18n::Lang;
use xunjie::log::Verdict;
use xunjie::session::State;
use xunjie::tui::app::{First, Screen};

use crate::runner::{Run, World};

const SIZE: (u16, u16) = (80, 24);
const DOWN: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

fn focused(run: &Run) -> String {
    let app = &run.tui.app;
    app.focused().map(|at| app.checklist.target(at).id.to_string()).unwrap_or_default()
}

/// A walk by clicks alone, from the questions to its end.
#[test]
fn a_walk_by_clicks_alone() {
    for lang in [Lang::Zh, Lang::En] {
        let zh = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
        let world = World::new(lang);
        world.run(SIZE, First::Questions { name: "zhang3".into(), lang: None }, |run| {
            run.click(zh("中文", "English")).click_key(zh("回车 确定", "Enter accept"));
            run.click(zh("农业路社区", "Nongye Road")).settle();
            assert!(run.screen().contains("0/184"), "{}", run.screen());
            // A category, a row, the row under the cursor, a phrase, the key that accepts.
            run.click(zh("3 市容环境", "3 Appearance"));
            assert_eq!(focused(run), "3.01");
            run.click("3.04");
            assert_eq!(focused(run), "3.04");
            run.settle();
        });
        let world = World::new(lang);
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            run.click(zh("3 市容环境", "3 Appearance")).click("3.04").click(zh("2/f 不合格", "2/f fail"));
            let at = run.tui.app.focused().unwrap();
            let phrase = run.tui.app.checklist.target(at).faults[0].get(lang).to_owned();
            run.click(&phrase).click_key(zh("回车 确定", "Enter accept"));
            run.click(zh("1/p 合格", "1/p pass")).click(zh("3/n 不适用", "3/n n/a"));
            run.click_key(zh("u 撤销", "u undo"));
            run.click(zh("w 点位", "w place")).click(zh("背街小巷", "back alley"));
            run.text("幸福巷").click_key(zh("回车 确定", "Enter accept"));
            run.click(zh("1/p 合格", "1/p pass"));
            run.click(zh("q 小结", "q finish")).click(zh("1 结束巡查", "1 Finish"));
            assert!(matches!(run.tui.app.screen, Screen::Home(_)));
            run.settle();
        });
        let session = world.session();
        assert_eq!(session.state(), State::Finished);
        let all: Vec<_> = session.standings().map(|s| (s.judgement.target.to_string(), s.judgement.verdict)).collect();
        let id = |id: &str, verdict| (id.to_owned(), verdict);
        assert_eq!(all, [id("2.11", Verdict::Pass), id("3.04", Verdict::Fail), id("3.05", Verdict::Pass)]);
        let fail = session.standings().find(|s| s.judgement.verdict == Verdict::Fail).unwrap();
        assert!(!fail.judgement.note.as_ref().unwrap().as_str().is_empty());
    }
}

#[test]
fn every_cell_of_a_row_chooses_that_row_and_the_list_stays_where_it_is() {
    for lang in [Lang::Zh, Lang::En] {
        for size in [SIZE, (60, 16), (81, 25), (133, 40)] {
            let world = World::new(lang);
            world.run(size, world.walk("nongye-lu"), |run| {
                run.press("w 3").text("幸福巷").press("Enter Down Down Down Down Down Down Down Down Down Down");
                let before = run.screen();
                let from = if size.0 >= 80 { 27 } else { 1 };
                for (y, line) in (0..).zip(before.lines()) {
                    let Some(id) = id_in_row(line) else { continue };
                    // Odd and even columns in turn.
                    for x in (from..size.0 - 1).step_by(9) {
                        // The row under the cursor would open.
                        if focused(run) != id {
                            run.click_at(x, y);
                        }
                        assert_eq!(focused(run), id, "column {x} of\n{before}");
                        let ids = |s: &str| s.lines().filter_map(id_in_row).collect::<Vec<_>>();
                        assert_eq!(ids(&run.screen()), ids(&before));
                        run.choose_other(y, &before);
                    }
                }
            });
        }
    }
}

/// The id in a row of the list of targets.
fn id_in_row(line: &str) -> Option<String> {
    let row = line.rsplit_once('│')?.0;
    let row = row.rsplit_once('│')?.1;
    let id: String = row.chars().skip(3).take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    (id.len() == 4).then_some(id)
}

impl Run<'_> {
    /// Chooses a row beside this one, so that the next click has something to change.
    fn choose_other(&mut self, y: u16, screen: &str) {
        let beside =
            [y + 1, y - 1].into_iter().find(|y| screen.lines().nth(usize::from(*y)).and_then(id_in_row).is_some());
        let x = self.tui.app.size.0 - 3;
        self.click_at(x, beside.unwrap());
    }
}

#[test]
fn the_row_under_the_cursor_opens_and_a_double_click_opens_once() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let (x, _, y) = run.find("1.05")[0];
        run.click_at(x, y);
        assert_eq!(focused(run), "1.05");
        // The second of a double click opens what the first has chosen; a third does nothing more.
        run.world.wait(200);
        run.mouse(DOWN, x, y);
        assert!(run.screen().contains("─ 备注 ─"));
        run.world.wait(200);
        run.mouse(DOWN, x, y);
        assert!(run.screen().contains("─ 备注 ─") && run.screen().contains("内容"));
        run.press("Esc").settle();
    });
    assert_eq!(world.session().events().len(), 0);
}

#[test]
fn no_click_but_on_a_key_gives_a_verdict() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run(SIZE, world.walk("nongye-lu"), |run| {
            for y in 0..23 {
                for x in (y % 3..80).step_by(3) {
                    run.click_at(x, y);
                    if run.tui.app.popup.is_some() {
                        run.press("Esc");
                    }
                }
            }
            run.settle();
        });
        assert_eq!(world.session().events().len(), 0);
    }
}

#[test]
fn at_a_finished_place_a_click_on_a_row_chooses_it_again() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("w").text("hqxsd").press("Enter").text("东").press("Enter 1 1 1");
        // The cursor rests on the last one, and the keys that judge are not offered.
        assert!(run.screen().contains("本点位已查完") && run.find("1/p 合格").is_empty(), "{}", run.screen());
        run.click("3.54");
        assert!(run.tui.app.popup.is_none(), "{}", run.screen());
        run.click_key("3/n 不适用").settle();
    });
    let verdicts: Vec<Verdict> = world.session().standings().map(|s| s.judgement.verdict).collect();
    assert_eq!(verdicts, [Verdict::Pass, Verdict::Pass, Verdict::Na]);
}

#[test]
fn a_double_click_on_a_key_counts_once() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        let (from, to, y) = run.find("1/p 合格")[0];
        // Every cell of the key presses it.
        for x in from..to {
            run.click_at(x, y);
            for _ in 0..2 {
                run.world.wait(300);
                run.mouse(DOWN, x, y);
            }
        }
        // The end of a walk is not reached by a double click, whatever lies under the pointer by then.
        let (x, _, y) = run.find("q 小结")[0];
        run.click_at(x, y);
        run.world.wait(150);
        run.mouse(DOWN, x, y);
        assert!(run.screen().contains("返回继续巡查"));
        run.press("Esc").settle();
        let clicked = usize::from(to - from);
        assert!(run.screen().contains(&format!(" {clicked}/184")), "{}", run.screen());
        assert!(run.find("1/p 合格")[0] == (from, to, y));
    });
}

#[test]
fn the_guard_of_a_key_holds_for_clicks_too() {
    let world = World::new(Lang::Zh);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.press("1");
        run.world.wait(100);
        let (x, _, y) = run.find("1/p 合格")[0];
        run.mouse(DOWN, x, y);
        assert!(run.screen().contains("只算一次"), "{}", run.screen());
        run.settle();
    });
    assert_eq!(world.session().standings().count(), 1);
}

#[test]
fn the_wheel_moves_a_cursor_stops_at_the_ends_and_scrolls_pages() {
    let world = World::new(Lang::En);
    let (up, down) = (MouseEventKind::ScrollUp, MouseEventKind::ScrollDown);
    world.run(SIZE, world.walk("nongye-lu"), |run| {
        run.mouse(down, 40, 5).mouse(down, 40, 5);
        assert_eq!(focused(run), "1.03");
        run.mouse(up, 40, 5).mouse(up, 40, 5).mouse(up, 40, 5);
        assert_eq!(focused(run), "1.01");
        // A list to choose from stops too, where an arrow would go round.
        run.press("q").mouse(up, 40, 5).mouse(up, 40, 5).mouse(up, 40, 5);
        assert!(run.screen().contains("> 1 Finish"));
        run.press("Esc ?");
        let first = run.screen();
        run.mouse(down, 40, 5);
        assert!(run.screen().contains(" 4-20/"), "{}", run.screen());
        run.mouse(up, 40, 5);
        assert_eq!(run.screen(), first);
        for _ in 0..100 {
            run.mouse(down, 40, 5);
        }
        run.mouse(up, 40, 5);
        assert_ne!(run.screen(), first);
        // In a note the arrows bring earlier notes: the wheel must not write over what is typed.
        run.press("Esc 2").text("half a note").mouse(up, 40, 5).mouse(down, 40, 5);
        assert!(run.screen().contains("Text half a note"));
        run.press("Esc z").mouse(down, 40, 5);
        assert_eq!(focused(run), "1.03");
        run.settle();
    });
}

#[test]
fn clicks_go_through_the_home_screen() {
    for lang in [Lang::Zh, Lang::En] {
        let zh = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
        let world = World::new(lang);
        world.run(SIZE, world.walk("nongye-lu"), |run| _ = run.press("1 f Enter q 2 Enter"));
        world.run(SIZE, world.walk("zhoulou"), |run| _ = run.press("1 1 q 1 Enter"));
        world.run(SIZE, First::Home, |run| {
            run.settle();
            run.click(zh("周楼", "Zhoulou"));
            assert!(matches!(&run.tui.app.screen, Screen::Home(home) if home.cursor == 2));
            run.click(zh("周楼", "Zhoulou")).settle();
            assert!(run.screen().contains("2/184"), "{}", run.screen());
            run.click(zh("q 小结", "q finish")).settle();
            run.click(zh("继续", "Continue")).settle();
            assert!(run.screen().contains("2/184"), "{}", run.screen());
            run.press("q").click(zh("2 暂停", "2 Pause")).settle();
        });
    }
}
