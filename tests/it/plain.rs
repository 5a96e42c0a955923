//! A walk without a screen: what is said, what is recorded, and that nothing is judged by chance.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use xunjie::archive::reading::Reading;
use xunjie::checklist::Checklist;
use xunjie::desk::Desk;
use xunjie::district::District;
use xunjie::i18n::Lang;
use xunjie::log::{Act, Stamp, Verdict};
use xunjie::plain::{self, Discarded, Outside, Plain, Source, dialogue};
use xunjie::session::{Session, State};
use xunjie::store;
use xunjie::store::inputs::Inputs;
use xunjie::tui::app::First;
use xunjie::tui::app::recheck::Recheck;
use xunjie::tui::{Input, Now, Start};

use crate::runner::World;
use crate::terminal::{Terminal, only_log};

/// An answer that does not come.
const WAITS: &str = "(waits)";

/// Somebody who reads a question and then writes the next lines of a script, several at once where they are pasted.
struct Person {
    script: VecDeque<String>,
    inputs: Sender<Input>,
    source: Source,
    text: String,
}

impl Write for Person {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.push_str(std::str::from_utf8(bytes).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.text.ends_with("> ") {
            match self.script.pop_front() {
                Some(lines) if lines == WAITS => {}
                Some(lines) => {
                    // A terminal shows what is typed, Enter too.
                    if self.source == Source::Terminal {
                        self.text += &format!("{lines}\n");
                    }
                    lines.split('\n').for_each(|l| self.inputs.send(Input::Line(Some(l.into()))).unwrap());
                }
                None => self.inputs.send(Input::Line(None)).unwrap(),
            }
        }
        Ok(())
    }
}

/// Walks with these answers, then the input ends; gives the transcript.
fn walk(world: &World, source: Source, answers: &[&str]) -> String {
    walk_on(world, (source, Discarded::Yes), answers)
}

/// The same on a terminal that can or cannot throw away what was typed.
fn walk_on(world: &World, terminal: (Source, Discarded), answers: &[&str]) -> String {
    let First::Walk(start) = world.walk("nongye-lu") else { unreachable!() };
    walk_by(world, terminal, answers, &|| world.now(), (start, None))
}

/// The same by another clock, or to look at something again.
fn walk_by(
    world: &World,
    (source, discarded): (Source, Discarded),
    answers: &[&str],
    clock: &dyn Fn() -> Now,
    (start, recheck): (Start, Option<Recheck>),
) -> String {
    let (inputs, inbox) = mpsc::channel();
    let checklist = Arc::new(Checklist::built_in());
    let since = "2020-08-22 08:00".to_owned();
    let mut desk = Desk::new(world.folders(), checklist.clone(), world.lang, inputs.clone(), since)
        .with_district(&District::built_in());
    let parts = dialogue::Parts {
        lang: world.lang,
        checklist,
        district: Arc::new(District::built_in()),
        settings: world.folders().settings().unwrap().unwrap_or_default(),
        made: Stamp::try_from(world.made).unwrap(),
        recheck,
    };
    let (dialogue, first) = plain::open(start, parts, &mut desk, &world.now()).unwrap();
    let script = answers.iter().map(|a| (*a).to_owned()).collect();
    let mut person = Person { script, inputs, source, text: String::new() };
    let outside = Outside { suspend: &|| {}, taken: &|| {}, discard: &|| discarded };
    let mut plain = Plain::new(dialogue, source, &mut person, clock, &mut desk, outside);
    plain.run(first, &inbox).unwrap();
    let (signal, unsaved) = plain.ended();
    assert!(signal.is_none() && unsaved.is_empty());
    let log = world.log_path().to_string_lossy().into_owned();
    person.text.replace(&log, "LOG")
}

/// What was recorded, an event a line.
fn acts(session: &Session) -> Vec<String> {
    let told = |act: &Act| match act {
        Act::Judge(j) => {
            let place = j.place.as_ref().and_then(|p| p.name.as_ref()).map(|n| format!(" @{n}")).unwrap_or_default();
            let note = j.note.as_ref().map(|n| format!(" {n}")).unwrap_or_default();
            format!("{} {:?}{place}{note}", j.target, j.verdict)
        }
        Act::Remark { target: Some(target), note, .. } => format!("{target} remark {note}"),
        Act::Undo { of } => format!("undo {of}"),
        Act::Resume { why: Some(why) } => format!("resume {why:?}"),
        Act::End { why: Some(why) } => format!("end {why:?}"),
        other => format!("{other:?}"),
    };
    session.events().iter().map(|e| told(&e.act)).collect()
}

const TOUR_ZH: &[&str] = &[
    "1",
    "2",
    "1",
    "f 桶满",
    "３",
    "4",
    "",
    "什么",
    "1 桶满",
    "w 背街小巷 幸福巷",
    "合格",
    "u",
    "i",
    "310",
    "m 明天再来",
    "/公厕",
    "2",
    "w 市场",
    "1",
    "东",
    "",
    "t",
    "w -",
    "q",
    "3",
    "q",
    "1",
];
const TOUR_EN: &[&str] = &[
    "1",
    "2",
    "1",
    "f bin full",
    "3",
    "4",
    "",
    "what",
    "1 full",
    "w back alley Xingfu Lane",
    "pass",
    "u",
    "i",
    "310",
    "m again tomorrow",
    "/toilet",
    "3",
    "w market",
    "East",
    "",
    "t",
    "w -",
    "?",
    "q",
    "3",
    "q",
    "2",
];

#[test]
fn the_dialogue_reads_well_in_both_languages() {
    for (lang, tour) in [(Lang::Zh, TOUR_ZH), (Lang::En, TOUR_EN)] {
        let world = World::new(lang);
        let told = walk(&world, Source::Terminal, tour);
        assert!(!told.contains('\u{1b}'));
        insta::assert_snapshot!(format!("plain-{}", lang.code()), told);
    }
}

#[test]
fn what_is_answered_is_recorded_and_told_as_saved() {
    let world = World::new(Lang::Zh);
    let told = walk(&world, Source::Pipe, &TOUR_ZH[..TOUR_ZH.len() - 2]);
    for line in
        ["1.01 合格，已保存 08:00", "1.03 不合格: 桶满，已保存 08:00", "巡查暂停，用同样的命令继续，已保存 08:00"]
    {
        assert!(told.lines().any(|l| l == line), "{line} in {told}");
    }
    let session = world.session();
    assert_eq!(
        acts(&session),
        [
            "1.01 Pass",
            "1.02 Fail",
            "1.02 Fail 近12个月无记录",
            "1.03 Fail 桶满",
            "1.04 Na",
            "1.05 Unseen",
            "2.11 Pass @幸福巷",
            "undo 7",
            "3.10 remark 明天再来",
            "end Paused",
        ]
    );
    assert_eq!(session.state(), State::Paused);
}

#[test]
fn what_is_not_understood_judges_nothing() {
    for lang in [Lang::Zh, Lang::En] {
        let world = World::new(lang);
        let long = "很".repeat(30_000);
        let answers = [
            "2号楼",
            "12",
            "yes",
            "1 x",
            "n 2",
            "2 桶\u{1b}[A满",
            "\u{1b}[A",
            "m",
            "u",
            "9.99",
            &long,
            "/",
            "/zzzz",
            "w 月球",
            "",
        ];
        let told = walk(&world, Source::Pipe, &answers);
        assert_eq!(acts(&world.session()), ["end Paused"]);
        // Whatever was wrong, it was said, and the same target was asked about again.
        assert_eq!(told.matches("\n1.01 ").count(), answers.len(), "{told}");
    }
}

#[test]
fn photographs_unit_and_day_go_to_the_fail_just_given() {
    let world = World::new(Lang::En);
    let camera = world.dir.path().join("DCIM 1");
    fs::create_dir_all(&camera).unwrap();
    fs::write(camera.join("IMG_0001.JPG"), b"a photograph").unwrap();
    let folder = format!("a \"{}\"", camera.display());
    let answers = ["a", "2 full", "r Road crew", "d 3", "d 2019-01-01", "d 2020", &folder, "1", "a", "", "r", "1", "u"];
    let told = walk(&world, Source::Pipe, &answers);
    for line in [
        "judge 1.01 first, then attach photographs",
        "1.01 unit: Road crew, due: 2020-08-25, saved 08:00",
        "1.01 photograph 1.01-1.jpg, u takes it back, saved 08:00",
        "1.01 unit: Road crew, due: 2020-08-25, as before",
        "1: Road crew",
    ] {
        assert!(told.lines().any(|l| l == line), "{line} in {told}");
    }
    assert!(told.contains("Not a due day: 2019-01-01") && told.contains("Not a due day: 2020;"), "{told}");
    assert!(told.contains("attached: 1.01-1.jpg"), "{told}");
    let session = world.session();
    let judgement = session.standings().next().unwrap().judgement.clone();
    assert_eq!(judgement.note.unwrap().as_str(), "full");
    assert_eq!((judgement.unit.unwrap().as_str(), judgement.due.unwrap().as_str()), ("Road crew", "2020-08-25"));
    assert!(judgement.photos.is_empty(), "the last thing recorded was taken back");
    let copy = store::photos::folder(&world.log_path()).join("1.01-1.jpg");
    assert_eq!(fs::read(copy).unwrap(), b"a photograph");
}

#[test]
fn what_does_not_apply_here_is_judged_where_one_says() {
    let world = World::new(Lang::Zh);
    let answers = ["w 背街小巷 甲巷", "340", "", "340", "1", "q", "x", "340", "1", "东厕", "2 有蝇", "q", "2"];
    let told = walk(&world, Source::Pipe, &answers);
    assert!(told.contains("3.40 公厕地面便器墙面干净: 不在此点位，去哪里\n1: 公共厕所 [9]"), "{told}");
    assert!(told.contains("只有一个字母，不当名称"), "{told}");
    assert_eq!(acts(&world.session()), ["3.40 Fail @东厕 有蝇", "end Paused"]);
}

#[test]
fn counting_asks_for_each_thing_and_judges_by_the_limit() {
    let world = World::new(Lang::Zh);
    // 1 butt on 200 square metres is 5 on 1,000: within the 8 that are allowed; 2 peel are 10, and 5 are not.
    let first = ["c", "307", "c", "", "", "1", "", "", "", "", "200", "", ""];
    let told = walk(&world, Source::Pipe, &first);
    assert!(told.contains("1.01 不用计数；可计数的: 3.07 8.02 8.04"), "{told}");
    assert!(told.contains("先填面积"), "without any ground nothing follows: {told}");
    assert!(told.contains("3.07 合格: 烟蒂1 / 200 平方米，已保存 08:00"), "{told}");
    walk(&world, Source::Pipe, &["307", "c", "２", "x", "c", "", "", "", "", "200", "9", "1", ""]);
    let session = world.session();
    let judgement = session.standings().next().unwrap().judgement.clone();
    assert_eq!(judgement.verdict, Verdict::Fail);
    let counts: Vec<u64> = judgement.measure.iter().map(|m| m.count).collect();
    assert_eq!((counts, judgement.measure[0].per.as_ref().unwrap().amount), (vec![2, 0, 0, 0], 200));
}

#[test]
fn a_stopwatch_goes_on_while_one_walks_and_says_when_the_time_is_over() {
    let world = World::new(Lang::En);
    // Half an hour passes with each look at the clock.
    let clock = || {
        world.wait(1_800_000);
        world.now()
    };
    let First::Walk(start) = world.walk("nongye-lu") else { unreachable!() };
    let answers = ["804", "c", WAITS, "804", "c", "2", "", ""];
    let told = walk_by(&world, (Source::Pipe, Discarded::Yes), &answers, &clock, (start, None));
    assert!(told.contains("8.04: the stopwatch runs and says when 30 minutes are over"), "{told}");
    assert_eq!(told.matches("\n8.04: 30 minutes are over\n").count(), 1, "{told}");
    let session = world.session();
    let judgement = session.standings().next().unwrap().judgement.clone();
    let per = judgement.measure[0].per.clone().unwrap();
    assert!(per.amount > 1_800 && per.unit.as_str() == "s", "{per:?}");
}

#[test]
fn what_is_open_is_looked_at_again_line_by_line() {
    let world = World::new(Lang::Zh);
    let all = ["w 背街小巷 甲巷", "301", "2 坑", "w 公共厕所 东厕", "2 有蝇", "q", "1"];
    walk(&world, Source::Pipe, &all);
    let log = world.log_path();
    let read = Inputs::read(std::slice::from_ref(&log), &mut io::empty(), &mut |_, _| {});
    let recheck = Recheck::of(&Reading::of(&read.archive), &Checklist::built_in(), "nongye-lu");
    let next = World::new(Lang::Zh);
    let First::Walk(start) = next.walk_in("nongye-lu", "2020-08-22-recheck") else { unreachable!() };
    let told =
        walk_by(&next, (Source::Pipe, Discarded::Yes), &["1", "1", "w", ""], &|| next.now(), (start, Some(recheck)));
    assert!(told.contains("3.01 路面平整无坑洼 [0/1]，未整改 坑 08-22 张三\n"), "{told}");
    assert!(told.contains("现在: 公共厕所 东厕"), "{told}");
    assert!(!told.contains("农贸市场"), "only the places of what is open are offered: {told}");
    let done = acts(&next.session());
    assert!(done[0] == "3.01 Pass @甲巷" && done[1].ends_with("Pass @东厕"), "{done:?}");
}

#[test]
fn several_lines_at_once_are_a_paste_and_judge_nothing() {
    let world = World::new(Lang::En);
    let told = walk(&world, Source::Terminal, &["1\n1\n2 full", "3", "2", "a note\nof two lines", "one line"]);
    assert_eq!(acts(&world.session()), ["1.01 Na", "1.02 Fail", "1.02 Fail one line", "end Paused"]);
    assert_eq!(told.matches("Several lines came at once; nothing was judged").count(), 2, "{told}");
    // From a pipe each line answers the question it comes to.
    let world = World::new(Lang::En);
    walk(&world, Source::Pipe, &["1\n3\n2 full"]);
    assert_eq!(acts(&world.session()), ["1.01 Pass", "1.02 Na", "1.03 Fail full", "end Paused"]);
}

#[test]
fn where_the_end_of_a_paste_cannot_be_thrown_away_the_line_it_stands_in_is() {
    let world = World::new(Lang::En);
    // The first line after the paste may begin with the end of it.
    let told = walk_on(&world, (Source::Terminal, Discarded::No), &["1\n1", "12", "3", "2\n2", "", "2 late"]);
    assert_eq!(acts(&world.session()), ["1.01 Na", "1.02 Fail late", "end Paused"]);
    assert_eq!(told.matches("Press Enter once, then answer").count(), 2, "{told}");
}

#[test]
fn a_note_of_one_letter_is_a_slip_and_a_wrong_number_asks_again() {
    let world = World::new(Lang::Zh);
    walk(&world, Source::Pipe, &["2", "q", "1", "2", "99", "u", "2", "", "4", "２"]);
    assert_eq!(
        acts(&world.session()),
        [
            "1.01 Fail",
            "1.01 Fail 拿不出文件",
            "1.02 Fail",
            "undo 3",
            "1.02 Fail",
            "1.03 Unseen",
            "1.03 Unseen 拒绝检查",
            "end Paused"
        ]
    );
}

#[test]
fn a_verdict_changed_or_given_again_says_so() {
    let world = World::new(Lang::En);
    let told = walk(&world, Source::Pipe, &["1", "1.01", "1", "101", "3", "1.01", "2 late"]);
    assert!(told.contains("1.01 pass, as before"), "{told}");
    assert!(told.contains("1.01 changed from pass to n/a, saved 08:00"), "{told}");
    assert!(told.contains("[1/184], now n/a"), "{told}");
    assert_eq!(acts(&world.session()), ["1.01 Pass", "1.01 Na", "1.01 Fail late", "end Paused"]);
}

#[test]
fn a_paused_walk_goes_on_in_the_same_log_and_place() {
    let world = World::new(Lang::Zh);
    walk(&world, Source::Pipe, &["w bjxx 幸福巷", "1"]);
    let told = walk(&world, Source::Pipe, &["2 坑\u{202e}洞", "q", "1"]);
    assert!(told.contains("继续上次的巡查，已判 1/184\n现在: 背街小巷 幸福巷"), "{told}");
    assert!(told.contains("3.01 不合格: 坑<U+202E>洞，已保存"), "{told}");
    assert!(told.contains("巡查结束，已保存 08:00\n日志: LOG"), "{told}");
    assert_eq!(
        acts(&world.session()),
        ["2.11 Pass @幸福巷", "end Paused", "resume Paused", "3.01 Fail @幸福巷 坑\u{202e}洞", "end Finished"]
    );
}

#[test]
fn screen_and_lines_go_on_with_the_same_walk() {
    let world = World::new(Lang::Zh);
    walk(&world, Source::Pipe, &["1"]);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.press("3 2").text("半句").press("Esc").settle();
        assert!(run.screen().contains("3/184"));
    });
    let told = walk(&world, Source::Pipe, &["103", "2", "1", "2 自写", "103", "2 半句", "u", "u"]);
    assert!(told.contains("草稿: 1.03 半句\n"), "{told}");
    assert!(told.contains("1.03 不合格，与原来相同\n1: 半句\n"), "{told}");
    assert!(told.contains("1.03 不合格: 半句，与原来相同\n"), "{told}");
    let after = &acts(&world.session())[5..];
    assert_eq!(after, ["resume Recovered", "1.03 Fail 半句", "1.04 Fail 自写", "undo 8", "undo 7", "end Paused"]);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        assert!(run.settle().screen().contains("3/184"));
    });
}

#[test]
fn whatever_is_answered_the_log_says_what_was_told() {
    let words = [
        "",
        "1",
        "2",
        "3",
        "4",
        "5",
        "p",
        "f x",
        "2 桶满",
        "u",
        "U",
        "i",
        "l",
        "t",
        "?",
        "q",
        "L",
        "m 注",
        "w",
        "w -",
        "w 背街小巷 东",
        "310",
        "9.99",
        "/水",
        "307",
        "804",
        "c",
        "x",
        "r",
        "r 环卫所",
        "d 3",
        "d -",
        "a",
        "a /nope.jpg",
        "/",
        "7",
        "99",
        "-",
        "幸福巷",
        "market East",
        "\u{202e}",
        "\u{1b}[A",
        "\n",
        "1\n1",
        "２",
    ];
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..40 {
        let world = World::new(Lang::Zh);
        let answers: Vec<&str> = (0..40).map(|_| words[random.usize(..words.len())]).collect();
        let told = walk(&world, Source::Pipe, &answers);
        // Nothing is both chosen as an end and open: the walk is paused or finished, and every event but these was told.
        let session = world.session();
        assert_ne!(session.state(), State::Open, "{answers:?}");
        let saved = told.lines().filter(|l| l.contains("，已保存 ") || l.contains(", saved ")).count();
        // Notes that were left are told together.
        let noted = told.lines().filter_map(|l| l.strip_suffix(" 条备注草稿已记入，重新打开后可撤销"));
        let noted: usize = noted.map(|n| n.parse::<usize>().unwrap()).sum();
        assert_eq!(saved + noted, session.events().len(), "{answers:?}\n{told}");
        assert!(!told.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'), "{told:?}");
    }
}

#[test]
fn a_note_is_a_number_or_what_is_written() {
    let world = World::new(Lang::Zh);
    walk(&world, Source::Pipe, &["302", "2", "3处坑", "2", "1", "2", "３ 处"]);
    let notes: Vec<String> = acts(&world.session()).into_iter().filter(|a| a.matches(' ').count() > 1).collect();
    assert_eq!(notes, ["3.02 Fail 3处坑", "3.03 Fail 雨篦堵塞", "3.04 Fail ３ 处"]);
}

#[test]
fn several_steps_undone_are_counted_and_come_back_after_a_new_verdict() {
    let world = World::new(Lang::En);
    let told =
        walk(&world, Source::Pipe, &["1", "1", "1", "1", "1", "u", "u", "u", "u", "u", "3", "U", "U", "U", "U", "U"]);
    assert_eq!(told.matches("Undone: 1.0").count(), 3, "{told}");
    assert!(told.contains("Undone 5 steps in a row; 1.01 is now unanswered   U brings them back one by one"), "{told}");
    assert_eq!(told.matches("Redone: 1.0").count(), 4, "{told}");
    assert!(told.contains("Nothing to redo"), "{told}");
    let stands: Vec<Verdict> = world.session().standings().map(|s| s.judgement.verdict).collect();
    assert_eq!(stands, [Verdict::Na, Verdict::Pass, Verdict::Pass, Verdict::Pass, Verdict::Pass]);
}

#[test]
fn finishing_records_the_notes_that_were_left_and_a_pause_keeps_them() {
    let world = World::new(Lang::En);
    world.run((80, 24), world.walk("nongye-lu"), |run| {
        run.press("2").text("half a note").press("Esc Enter").text("a remark").press("Esc").settle();
    });
    let told = walk(&world, Source::Pipe, &["q", "2"]);
    assert!(told.contains("draft: 1.01 half a note\n") && told.contains("record drafts as notes: 2"), "{told}");
    assert_eq!(acts(&world.session()), ["1.01 Fail", "resume Recovered", "end Paused"]);
    let told = walk(&world, Source::Pipe, &["307", "c", "", "", "2", "", "", "x", "q", "1"]);
    assert!(told.contains("Drafts recorded as notes: 3"), "{told}");
    assert_eq!(
        acts(&world.session())[3..],
        [
            "resume Paused",
            "1.01 Fail half a note",
            "1.02 remark a remark",
            "3.07 remark Butts 2 / 0 m2",
            "end Finished"
        ]
    );
    assert!(!store::file::draft_path(&world.log_path()).exists());
}

#[test]
fn the_type_of_a_place_that_is_only_named_is_asked() {
    let world = World::new(Lang::Zh);
    let answers = [
        "w 幸福巷",
        "背街小巷",
        "1",
        "w bjxj",
        "",
        "w 城中村路",
        "2",
        "主次干道",
        "1",
        "w 和平里",
        "市场",
        "99",
        "2",
        "1",
    ];
    let told = walk(&world, Source::Pipe, &answers);
    assert!(told.contains("幸福巷 是哪类点位？") && told.contains("\n2: 背街小巷\n"), "{told}");
    // 城中村路 is no village called 路 unless somebody says so.
    assert!(told.contains("1: 城中村 路 [") && told.contains("2: 城中村路，类型另选"), "{told}");
    assert!(told.contains("没有第 99 个"), "{told}");
    let places: Vec<String> = world
        .session()
        .standings()
        .filter_map(|s| s.judgement.place.clone())
        .map(|p| format!("{} {}", p.kind, p.name.unwrap()))
        .collect();
    let expect = ["back_alley 幸福巷", "main_road 城中村路", "temp_market 和平里"];
    assert!(places.len() == 3 && expect.iter().all(|e| places.iter().any(|p| p == e)), "{places:?}");
}

#[test]
fn a_second_answer_at_a_place_is_asked_about_line_by_line() {
    let world = World::new(Lang::Zh);
    let answers =
        ["w wyxq 东苑", "110", "2 嫌脏", "110", "1", "", "110", "2 嫌吵", "1", "110", "2", "110", "1", "x", "2"];
    let told = walk(&world, Source::Pipe, &answers);
    assert!(told.contains("1.10 群众对卫生状况满意: 此处已问过一人"), "{told}");
    assert!(told.contains("1: 保留已有回答 (不合格 08:00)\n2: 改为合格，原来的回答不再算"), "{told}");
    assert_eq!(told.matches("1.10 保留已有回答 (不合格 08:00)").count(), 2, "{told}");
    assert!(told.contains("1.10 此处已有同样的回答"), "{told}");
    assert_eq!(acts(&world.session()), ["1.10 Fail @东苑 嫌脏", "1.10 Pass @东苑", "end Paused"]);
}

const ARGS: &[&str] = &["walk", "--site", "nongye-lu", "--by", "zhang3=张三", "--round", "R1"];

/// Runs the built program with a pipe in and a pipe out.
fn piped(home: &Path, more: &[&str], term: &str, input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xunjie"))
        .args(ARGS)
        .args(more)
        .env_clear()
        .env("HOME", home)
        .env("TERM", term)
        // HOME moves no folders on Windows.
        .env("XUNJIE_LOGS", home.join(".local/share/xunjie/logs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends early does not read it.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_program_walks_through_pipes_and_goes_on_where_it_was() {
    let home = tempfile::tempdir().unwrap();
    let out = piped(home.path(), &["--plain", "--lang", "zh"], "xterm", "\u{feff}1\r\n2 桶满\r\n3".as_bytes());
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("1.03 不适用，已保存"), "{}", text(&out.stdout));
    // A terminal that only prints lines needs no flag.
    let out = piped(home.path(), &["--lang", "en"], "dumb", b"\xff\xfe\n4 locked\nq\n1\n1\n");
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let told = text(&out.stdout);
    assert!(told.contains("answered 3 of 184") && told.contains("This line is not UTF-8"), "{told}");
    assert!(told.contains("Walk finished, saved"), "{told}");
    assert!(!told.contains('\u{1b}') && out.stderr.is_empty());
    let opened = store::open(&only_log(home.path())).unwrap();
    assert!(opened.damage().is_empty() && opened.is_ours());
    assert_eq!(
        acts(&opened.session()),
        ["1.01 Pass", "1.02 Fail 桶满", "1.03 Na", "end Paused", "resume Paused", "1.04 Unseen locked", "end Finished"]
    );
}

#[test]
fn a_wrong_site_is_a_mistake_of_usage() {
    let home = tempfile::tempdir().unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_xunjie"))
        .args(["walk", "--plain", "--site", "moon", "--by", "a", "--lang", "en"])
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("No community moon"));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_saved_is_said_loudly_and_rescued() {
    let home = tempfile::tempdir().unwrap();
    let blocked = home.path().join("file");
    std::fs::write(&blocked, "no folder").unwrap();
    let logs = blocked.join("logs");
    let args = ["--plain", "--lang", "en", "--logs", logs.to_str().unwrap()];
    // Finishing asks first; going back goes back; the end of the input leaves whatever the disk says.
    let out = piped(home.path(), &args, "xterm", b"1\nq\n1\n1\n3\n");
    let told = text(&out.stdout);
    assert_eq!(out.status.code(), Some(1), "{told}");
    assert!(told.contains("1.01 pass, NOT SAVED\nNOT SAVED, 1 at risk"), "{told}");
    assert!(told.contains("Back, and wait for the disk"), "{told}");
    assert!(!told.contains(", saved"), "{told}");
    let rescue = std::fs::read_dir(home.path()).unwrap().map(|e| e.unwrap().path());
    let rescue = rescue.into_iter().find(|p| p.to_string_lossy().contains("xunjie-rescue-")).unwrap();
    assert!(text(&out.stderr).contains(rescue.to_str().unwrap()), "{}", text(&out.stderr));
    assert_eq!(acts(&store::open(&rescue).unwrap().session()), ["1.01 Pass", "1.02 Na", "end Paused"]);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn a_walk_that_is_open_elsewhere_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let args: Vec<&str> = ARGS.iter().copied().chain(["--plain", "--lang", "zh"]).collect();
    let mut t = Terminal::start(home.path(), &args);
    t.until("[0/184]");
    t.press("1\r", "1.01 合格，已保存");
    let out = piped(home.path(), &["--plain", "--lang", "zh"], "xterm", b"1\n");
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("这次巡查已在别处打开"), "{}", text(&out.stderr));
    t.press("q\r", "返回继续巡查").press("1\r", "巡查结束");
    assert_eq!(t.exit(), 0);
    assert_eq!(acts(&store::open(&only_log(home.path())).unwrap().session()), ["1.01 Pass", "end Finished"]);
}

/// A terminal that only prints lines: no escape of any kind; Ctrl-D pauses; what was typed too soon does not count.
#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-console of Windows draws a screen of its own, and HOME moves no folders there"
)]
fn no_escape_reaches_a_terminal_and_its_end_of_input_pauses() {
    let home = tempfile::tempdir().unwrap();
    let args: Vec<&str> = ARGS.iter().copied().chain(["--lang", "zh"]).collect();
    let mut t = Terminal::start_with(home.path(), &args, &[("TERM", "dumb")]);
    t.until("[0/184]");
    t.press("1\r", "[1/184]").press("2\r", "备注: ").press("桶满，两处\r", "1.02 不合格: 桶满，两处，已保存");
    t.until("[2/184]");
    t.press("1\r1\r1\r", "一次来了好几行");
    t.press("?\r", "Ctrl-D").press("\x04", "巡查暂停");
    assert_eq!(t.exit(), 0);
    let raw = t.raw.lock().unwrap().clone();
    assert!(!raw.contains(&0x1b) && !raw.contains(&0x08), "{:?}", String::from_utf8_lossy(&raw));
    let session = store::open(&only_log(home.path())).unwrap().session();
    assert_eq!(acts(&session), ["1.01 Pass", "1.02 Fail", "1.02 Fail 桶满，两处", "end Paused"]);
}

#[cfg(unix)]
#[test]
fn being_asked_to_end_leaves_the_log_whole() {
    for (signal, number) in [("TERM", 15), ("HUP", 1), ("INT", 2)] {
        let home = tempfile::tempdir().unwrap();
        let args: Vec<&str> = ARGS.iter().copied().chain(["--plain", "--lang", "zh"]).collect();
        let mut t = Terminal::start(home.path(), &args);
        t.until("[0/184]");
        t.press("1\r", "1.01 合格，已保存");
        t.signal(signal);
        assert_eq!(t.exit(), 128 + number);
        let session = store::open(&only_log(home.path())).unwrap().session();
        assert_eq!(session.standings().next().unwrap().judgement.verdict, xunjie::log::Verdict::Pass);
        assert_ne!(session.state(), State::Finished);
    }
}
