//! Golden screens, in both languages, whole and reduced.

use xunjie::i18n::Lang;
use xunjie::tui::app::{First, Screen};
use xunjie::tui::theme::Lines;

use crate::runner::{Run, World};

const SIZES: [(&str, (u16, u16)); 2] = [("80x24", (80, 24)), ("60x16", (60, 16))];

/// Draws the same thing in both languages and sizes. A file name or the log folder never shows.
fn golden(name: &str, first: impl Fn(&World) -> First, work: impl Fn(&mut Run)) {
    for lang in [Lang::Zh, Lang::En] {
        for (label, size) in SIZES {
            let world = World::new(lang);
            let first = first(&world);
            let screen = world.run(size, first, |run| {
                work(run);
                run.settle().screen()
            });
            insta::assert_snapshot!(format!("{name}-{}-{label}", lang.code()), screen);
        }
    }
}

fn at_an_alley(run: &mut Run) {
    run.press("w 3").text("幸福巷").press("Enter");
    run.press("1 f 1 Enter n s 1 Enter");
}

#[test]
fn questions_of_the_first_run() {
    let first = |_: &World| First::Questions { name: "wang".into(), lang: None };
    golden("first-language", first, |_| {});
    golden("first-name", first, |run| {
        run.press("Enter");
    });
    golden("first-site", first, |run| {
        run.press("Enter Enter nyl");
    });
}

#[test]
fn home_with_and_without_walks() {
    golden("home-empty", |_| First::Home, |_| {});
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run((80, 24), world.walk("nongye-lu"), |run| _ = run.press("1 f Enter q 2 Enter"));
        world.run((80, 24), world.walk("zhoulou"), |run| _ = run.press("1 1 q 1 Enter"));
        for (label, size) in SIZES {
            let screen = world.run(size, First::Home, |run| run.settle().screen());
            insta::assert_snapshot!(format!("home-{}-{label}", lang.code()), screen);
        }
    }
}

#[test]
fn the_walk() {
    let first = |w: &World| w.walk("nongye-lu");
    golden("walk-new", first, |_| {});
    golden("walk-place", first, at_an_alley);
    golden("walk-filter", first, |run| {
        at_an_alley(run);
        run.press("v v");
    });
    golden("walk-nothing-listed", first, |run| _ = run.press("v v"));
}

#[test]
fn the_big_card() {
    let first = |w: &World| w.walk("nongye-lu");
    golden("big-new", first, |run| _ = run.press("z"));
    golden("big-place", first, |run| {
        at_an_alley(run);
        run.press("z 1");
    });
    golden("big-failed", first, |run| {
        at_an_alley(run);
        run.press("F9 g Down");
    });
    golden("big-note", first, |run| _ = run.press("z f").text("桶满，两处"));
    golden("big-nothing-listed", first, |run| _ = run.press("v v z"));
    golden("big-ascii", first, |run| {
        run.tui.app.lines = Lines::Ascii;
        run.press("z 1 g");
    });
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run((80, 24), world.walk_in("nongye-lu", "R1"), |run| _ = run.press("f 1 Enter 1 q 1 Enter"));
        for (label, size) in SIZES {
            let screen = world.run(size, world.walk_in("nongye-lu", label), |run| run.settle().press("z").screen());
            insta::assert_snapshot!(format!("big-last-known-{}-{label}", lang.code()), screen);
        }
    }
}

/// Whatever the checklist says fits, or the card says where the rest is; the verdict is always there.
#[test]
fn the_big_card_shows_every_target_in_every_window() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run((60, 16), world.walk("nongye-lu"), |run| {
            run.press("z");
            for n in 0..184 {
                for (w, h) in [(60, 16), (80, 24), (61, 19)] {
                    let screen = run.resize(w, h).screen();
                    let id = run.tui.app.checklist.target(n).id.to_string();
                    assert!(screen.contains(&format!("{id}  ")), "{screen}");
                    assert!(screen.contains(if lang == Lang::Zh { "未  判" } else { "U N A N S" }), "{screen}");
                }
                run.press("Down");
            }
        });
    }
}

#[test]
fn what_opens_over_the_walk() {
    let first = |w: &World| w.walk("nongye-lu");
    golden("note", first, |run| _ = run.press("f").text("桶满，两处"));
    golden("note-empty", first, |run| _ = run.press("f"));
    golden("counter", first, |run| _ = run.press("/").text("307").press("Enter c 3 3 1 Down"));
    golden("places-done", first, |run| {
        _ = run.press("w").text("market").press("Enter").text("东").press("Enter 2 Enter 1 W")
    });
    golden("units", first, |run| _ = run.press("f F8"));
    golden("photos", first, |run| _ = run.press("n Up a"));
    golden("unseen", first, |run| _ = run.press("s"));
    golden("places", first, |run| _ = run.press("w"));
    golden("place-name", first, |run| _ = run.press("w 3").text("幸福巷"));
    golden("search", first, |run| _ = run.press("/").text("310"));
    golden("failures", first, |run| {
        at_an_alley(run);
        run.press("!");
    });
    golden("summary", first, |run| {
        at_an_alley(run);
        run.press("q");
    });
    golden("history", first, |run| {
        at_an_alley(run);
        run.press("Up Up Up o");
    });
    golden("card", first, |run| _ = run.press("i"));
    golden("time", first, |run| {
        for _ in 0..6 {
            run.world.wait(9_000);
            run.press("1");
        }
        run.press("t");
    });
    golden("palette", first, |run| _ = run.press(":"));
    golden("phrases", first, |run| _ = run.press("f Tab"));
    golden("help", first, |run| _ = run.press("?"));
}

/// Everything that opens over a walk, with the keys that open it.
const OPENED: &[&str] = &["", "2", "4", ";", "w", "w 3", "/", "!", "q", "S", "?", "i", "o", "t", ":"];

#[test]
fn frames_can_be_drawn_with_ascii() {
    let ascii = |run: &mut Run| run.tui.app.lines = Lines::Ascii;
    let first = |w: &World| w.walk("nongye-lu");
    golden("ascii-walk", first, |run| {
        ascii(run);
        at_an_alley(run);
    });
    golden("ascii-note", first, |run| {
        ascii(run);
        run.press("f");
    });
    golden("ascii-home", |_| First::Home, ascii);
}

/// Chinese is two cells wide everywhere. What is one cell wide and not ASCII may be drawn in two on an old console, and
/// the frame falls to pieces.
#[test]
fn with_ascii_every_narrow_cell_is_ascii() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run((80, 24), world.walk_in("nongye-lu", "R1"), |run| _ = run.press("f 1 Enter q 1 Enter"));
        for first in
            [First::Questions { name: "wang".into(), lang: None }, First::Home, world.walk_in("nongye-lu", "R2")]
        {
            world.run((80, 24), first, |run| {
                run.tui.app.lines = Lines::Ascii;
                run.settle();
                let opened = if matches!(run.tui.app.screen, Screen::Walk(_)) { OPENED } else { &["", "Enter"] };
                for keys in opened {
                    let screen = run.press(keys).screen();
                    let narrow = |c: &char| !c.is_ascii() && xunjie::text::width(&c.to_string()) == 1;
                    assert_eq!(screen.chars().find(narrow), None, "{keys}\n{screen}");
                    run.press("Esc");
                }
            });
        }
    }
}

/// With texts in English alone nothing else is left.
#[test]
fn with_ascii_and_english_texts_the_whole_screen_is_ascii() {
    let world = World::new(Lang::En);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.tui.app.lines = Lines::Ascii;
        run.settle();
        let mut checklist = run.tui.app.checklist.as_ref().clone();
        for category in &mut checklist.categories {
            for target in &mut category.targets {
                target.name.zh.clone_from(&target.name.en);
            }
        }
        run.tui.app.checklist = std::sync::Arc::new(checklist);
        run.press("1 2 1 Enter");
        let screen = run.screen().replace("张三", "zhang3");
        assert!(screen.is_ascii(), "{screen}");
    });
}

#[test]
fn a_finished_walk_can_be_looked_at() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run((80, 24), world.walk("nongye-lu"), |run| _ = run.press("1 f 1 Enter q 1 Enter"));
        for (label, size) in SIZES {
            let screen = world.run(size, First::Home, |run| run.press("Down Enter 1").settle().screen());
            insta::assert_snapshot!(format!("look-{}-{label}", lang.code()), screen);
        }
    }
}

#[test]
fn what_was_found_before_stands_beside_the_target() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run((80, 24), world.walk_in("nongye-lu", "R1"), |run| _ = run.press("f 1 Enter 1 q 1 Enter"));
        for (label, size) in SIZES {
            let screen = world.run(size, world.walk_in("nongye-lu", label), |run| run.settle().screen());
            insta::assert_snapshot!(format!("last-known-{}-{label}", lang.code()), screen);
        }
    }
}

#[test]
fn a_window_too_small_says_what_it_needs() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run((40, 8), world.walk("nongye-lu"), |run| {
            let screen = run.screen();
            assert!(screen.contains("60x16"), "{screen}");
            for (w, h) in [(1, 1), (2, 1), (59, 16), (60, 15)] {
                run.resize(w, h).screen();
            }
            assert!(run.resize(60, 16).screen().contains("0/184"));
        });
    }
}

#[test]
fn any_size_draws_every_popup() {
    let world = World::new(Lang::Zh);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        for open in ["", "f", "w", "/", "q", "?", "i", "o", "t", ":", "!"] {
            run.press(open);
            for (w, h) in [(60, 16), (61, 17), (79, 23), (81, 25), (200, 60), (400, 120)] {
                run.resize(w, h).screen();
            }
            run.press("Esc");
        }
    });
}

#[test]
#[cfg_attr(windows, ignore = "the folder of a test has a longer path there, which takes another line of the screen")]
fn what_is_shown_while_the_disk_does_not_answer() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        world.run((80, 24), world.walk("nongye-lu"), |run| {
            run.settle();
            run.hold(true);
            run.press("1 3");
            world.wait(3_000);
            run.tui.app.lose_patience(&world.now());
            let alarm = masked(&run.screen(), &world);
            insta::assert_snapshot!(format!("not-saved-{}-80x24", lang.code()), alarm);
            let asked = masked(&run.press("q Enter").screen(), &world);
            insta::assert_snapshot!(format!("leaving-unsaved-{}-80x24", lang.code()), asked);
            let folder = masked(&run.press("2 Enter").screen(), &world);
            insta::assert_snapshot!(format!("other-folder-{}-80x24", lang.code()), folder);
            run.press("Esc").hold(false);
            run.settle();
        });
    }
}

/// Without what differs from run to run: the folder of the test and the id of the session.
fn masked(screen: &str, world: &World) -> String {
    let dir = world.dir.path().to_string_lossy().into_owned();
    let line = |line: &str| match line.split_once("_zhang3_") {
        Some((before, _)) => format!("{}_zhang3_...", before.replace(&dir, "<dir>").replace('\\', "/")),
        None => line.to_owned(),
    };
    screen.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Notes, names and places may hold anything; the screen shows what cannot be seen and passes nothing on.
#[test]
fn no_hidden_character_of_any_text_reaches_the_screen() {
    let hostile = "甲\u{202e}乙\u{200b}\u{e0041}\u{2066}\u{feff}";
    let world = World::new(Lang::Zh);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.press("w 3");
        run.terminal(vec![crossterm::event::Event::Paste(hostile.into())]);
        run.press("Enter 2");
        run.terminal(vec![crossterm::event::Event::Paste(format!("{hostile}\u{1b}]52;c;aGk=\u{7}"))]);
        run.settle();
        let mut seen = run.screen();
        run.press("Enter");
        for open in ["", "!", "o", "q", "w", "i"] {
            seen.push_str(&run.press(open).screen());
            run.press("Esc");
        }
        let hidden = |c: &char| xunjie::text::visible(&c.to_string()) != c.to_string() && *c != '\n';
        assert_eq!(seen.chars().filter(hidden).collect::<String>(), "");
        assert!(seen.contains("<U+202E>") && seen.contains("<U+E0041>"));
        run.settle();
    });
    // The log keeps the text as it was typed; controls are no text.
    let session = world.session();
    let standing = session.standings().next().unwrap();
    assert_eq!(standing.judgement.note.as_ref().unwrap().as_str(), format!("{hostile}]52;c;aGk="));
}
