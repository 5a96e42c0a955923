//! One page that opens everywhere and prints on A4: no script, nothing from elsewhere, charts with their texts.
//!
//! The template escapes every text. What is computed here is only where the marks of the charts stand.

use jiff::civil::Date;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use crate::export::prose;
use crate::export::table::{Kind, Table, Value};
use crate::export::tables;
use crate::i18n::{Lang, messages as m};
use crate::report::{CategoryName, Day, Line, Report, SiteLine};
use crate::text::{cut, visible, wrap};

const TEMPLATE: &str = include_str!("report.html");

/// The report as a page.
pub fn bytes(report: &Report, lang: Lang) -> Result<Vec<u8>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("report", TEMPLATE)?;
    let page = environment.get_template("report")?.render(Serde(Page::of(report, lang)))?;
    Ok(page.into_bytes())
}

#[derive(Serialize)]
struct Page {
    lang: &'static str,
    title: String,
    contents: &'static str,
    scope: Vec<String>,
    sections: Vec<Section>,
    charts: Charts,
    paste: Vec<String>,
    tables: Vec<PageTable>,
}

#[derive(Serialize)]
struct Section {
    title: &'static str,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct PageTable {
    id: &'static str,
    title: &'static str,
    notes: Vec<String>,
    columns: Vec<PageColumn>,
    rows: Vec<Vec<PageCell>>,
}

#[derive(Serialize)]
struct PageColumn {
    title: String,
    class: &'static str,
}

#[derive(Serialize)]
struct PageCell {
    text: String,
    class: &'static str,
}

#[derive(Serialize)]
struct Charts {
    rates: Bars,
    heat: Heat,
    cases: Lines,
}

impl Page {
    fn of(report: &Report, lang: Lang) -> Self {
        let sections = prose::brief(report, lang).into_iter();
        Self {
            lang: match lang {
                Lang::Zh => "zh-CN",
                Lang::En => "en",
            },
            title: prose::title(report, lang),
            contents: m::REPORT_CONTENTS.get(lang),
            scope: prose::scope(report, lang),
            sections: sections.map(|s| Section { title: s.title, lines: s.lines }).collect(),
            charts: Charts {
                rates: Bars::of(&report.summary.total.categories, &shorts(report, lang), lang),
                heat: Heat::of(report, lang),
                cases: Lines::of(&report.over_time, lang),
            },
            paste: prose::ranking(report, lang),
            tables: tables::all(report, lang).into_iter().map(PageTable::of).collect(),
        }
    }
}

impl PageTable {
    fn of(table: Table) -> Self {
        let class = |kind: Kind| match kind {
            Kind::Word => "word",
            Kind::Sentence => "sentence",
            Kind::Code => "code",
            Kind::Day => "day",
            Kind::Whole | Kind::Share | Kind::Range | Kind::Real => "number",
        };
        let classes: Vec<&str> = table.columns.iter().map(|c| class(c.kind)).collect();
        let cell = |(value, class): (&Value, &&'static str)| PageCell { text: value.shown(), class };
        Self {
            id: table.id,
            title: table.title,
            notes: table.notes,
            rows: table.rows.iter().map(|row| row.iter().zip(&classes).map(cell).collect()).collect(),
            columns: table.columns.into_iter().map(|c| PageColumn { class: class(c.kind), title: c.title }).collect(),
        }
    }
}

/// The categories as charts name them.
fn shorts(report: &Report, lang: Lang) -> Vec<String> {
    let name = |c: &CategoryName| visible(&format!("{} {}", c.id, c.short.get(lang))).into_owned();
    report.about.categories.iter().map(name).collect()
}

/// Rates as bars with their intervals. Lengths are in the units of the picture, which is scaled as a whole.
#[derive(Serialize)]
struct Bars {
    title: &'static str,
    /// What the picture says, for those who cannot see it.
    says: String,
    height: usize,
    rows: Vec<Bar>,
    /// Where the scale has its lines.
    grid: Vec<Tick>,
}

#[derive(Serialize)]
struct Bar {
    name: String,
    y: usize,
    /// The ends of the bar, of the part that is disputed, and of the interval.
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    text: String,
    empty: bool,
}

#[derive(Serialize)]
struct Tick {
    x: f64,
    text: String,
}

/// The left end of the bars, and how long one of 100 % is.
const LEFT: f64 = 210.0;
const FULL: f64 = 330.0;
const BAR: usize = 30;

impl Bars {
    fn of(lines: &[Line], names: &[String], lang: Lang) -> Self {
        let x = |share: f64| tenth(LEFT + FULL * share);
        let bar = |(n, (line, name)): (usize, (&Line, &String))| Bar {
            name: cut(name, 28).into_owned(),
            y: n * BAR,
            low: line.rate.map_or(LEFT, |r| x(r.low)),
            high: line.rate.map_or(LEFT, |r| x(r.high)),
            from: line.rate.map_or(LEFT, |r| x(r.interval.0)),
            to: line.rate.map_or(LEFT, |r| x(r.interval.1)),
            text: line
                .rate
                .map_or_else(|| m::CHART_NO_DATA.get(lang).to_owned(), |r| format!("{} (n={})", prose::rate(r), r.n)),
            empty: line.rate.is_none(),
        };
        let rows: Vec<Bar> = lines.iter().zip(names).enumerate().map(bar).collect();
        let says: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.name, row.text)).collect();
        let grid =
            [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| Tick { x: x(share), text: format!("{:.0}%", share * 100.0) });
        Self {
            title: m::CHART_RATE.get(lang),
            says: says.join("; "),
            height: rows.len() * BAR,
            rows,
            grid: grid.into(),
        }
    }
}

/// One decimal is finer than any screen.
fn tenth(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

/// Sites by categories, the lower the rate the darker.
#[derive(Serialize)]
struct Heat {
    title: &'static str,
    says: String,
    width: usize,
    height: usize,
    columns: Vec<HeatColumn>,
    rows: Vec<HeatRow>,
}

#[derive(Serialize)]
struct HeatColumn {
    x: usize,
    /// The name, in lines.
    lines: Vec<String>,
}

#[derive(Serialize)]
struct HeatRow {
    name: String,
    y: usize,
    cells: Vec<HeatCell>,
}

#[derive(Serialize)]
struct HeatCell {
    x: usize,
    /// From 0, all passed, to 5; none where nothing was judged.
    shade: Option<u8>,
    text: String,
    /// What the cell says in full.
    says: String,
}

/// Where the cells of the heat map begin, and their size.
const HEAT: (usize, usize) = (150, 56);
const CELL: (usize, usize) = (92, 26);

impl Heat {
    fn of(report: &Report, lang: Lang) -> Self {
        let summary = &report.summary;
        let name = |line: &Line| visible(&format!("{} {}", line.id, line.name.get(lang))).into_owned();
        let x = |n: usize| HEAT.0 + n * CELL.0;
        let row = |(n, site): (usize, &SiteLine)| {
            let cells = site.categories.iter().enumerate();
            HeatRow {
                name: cut(&visible(site.line.name.get(lang)), 20).into_owned(),
                y: HEAT.1 + n * CELL.1,
                cells: cells.map(|(c, line)| HeatCell::of(x(c), line, &name(line), lang)).collect(),
            }
        };
        let rows: Vec<HeatRow> = summary.sites.iter().enumerate().map(row).collect();
        let total = &summary.total.categories;
        let says = rows.iter().flat_map(|row| row.cells.iter().filter(|c| c.shade.is_some()).map(move |c| (row, c)));
        Self {
            title: m::CHART_HEAT.get(lang),
            says: says.map(|(row, cell)| format!("{}, {}", row.name, cell.says)).collect::<Vec<_>>().join("; "),
            width: x(total.len()),
            height: HEAT.1 + rows.len() * CELL.1 + 4,
            columns: shorts(report, lang)
                .iter()
                .enumerate()
                .map(|(n, name)| HeatColumn {
                    x: x(n) + CELL.0 / 2,
                    lines: wrap(name, 12).into_iter().take(3).collect(),
                })
                .collect(),
            rows,
        }
    }
}

impl HeatCell {
    fn of(x: usize, line: &Line, name: &str, lang: Lang) -> Self {
        let Some(rate) = line.rate else {
            let says = format!("{name}: {}", m::CHART_NO_DATA.get(lang));
            return Self { x, shade: None, text: "-".into(), says };
        };
        let shade = match rate.low {
            r if r >= 1.0 => 0,
            r if r >= 0.95 => 1,
            r if r >= 0.9 => 2,
            r if r >= 0.8 => 3,
            r if r >= 0.6 => 4,
            _ => 5,
        };
        let says = format!("{name}: {}, n={}", prose::rate(rate), rate.n);
        Self { x, shade: Some(shade), text: format!("{:.0}% n={}", rate.low * 100.0, rate.n), says }
    }
}

/// Cases over the days.
#[derive(Serialize)]
struct Lines {
    title: &'static str,
    says: String,
    lines: Vec<ChartLine>,
    days: Vec<Tick>,
    counts: Vec<CountTick>,
}

#[derive(Serialize)]
struct ChartLine {
    name: &'static str,
    class: &'static str,
    /// Points as SVG takes them.
    points: String,
    /// Where its name stands, out of the way of the others.
    label_y: f64,
    last: usize,
}

#[derive(Serialize)]
struct CountTick {
    y: f64,
    text: String,
}

/// The corner and the size of the field the lines are drawn in.
const FIELD: (f64, f64, f64, f64) = (50.0, 20.0, 520.0, 220.0);

impl Lines {
    fn of(days: &[Day], lang: Lang) -> Self {
        let title = m::CHART_CASES.get(lang);
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Self { title, says: String::new(), lines: Vec::new(), days: Vec::new(), counts: Vec::new() };
        };
        let most = days.iter().map(|d| d.found.max(d.open).max(d.verified)).max().unwrap_or(0).max(1);
        let span = f64::from((last.day - first.day).get_days()).max(1.0);
        let x = |day: Date| tenth(FIELD.0 + FIELD.2 * f64::from((day - first.day).get_days()) / span);
        let y = |count: usize| tenth(FIELD.1 + FIELD.3 * (1.0 - count as f64 / most as f64));
        let line = |name: &'static str, class: &'static str, count: fn(&Day) -> usize| ChartLine {
            name,
            class,
            points: days.iter().map(|d| format!("{},{}", x(d.day), y(count(d)))).collect::<Vec<_>>().join(" "),
            label_y: y(count(last)) + 4.0,
            last: count(last),
        };
        let mut lines = vec![
            line(m::TH_FOUND_N.get(lang), "found", |d| d.found),
            line(m::TH_VERIFIED_N.get(lang), "verified", |d| d.verified),
            line(m::TH_NOT_VERIFIED.get(lang), "open", |d| d.open),
        ];
        part(&mut lines);
        let says = lines.iter().map(|l| format!("{} {}", l.name, l.last)).collect::<Vec<_>>().join(", ");
        Self {
            title,
            says: format!("{} - {}: {says}", first.day, last.day),
            lines,
            days: [first.day, last.day].map(|day| Tick { x: x(day), text: day.to_string() }).into(),
            counts: [0, most.div_ceil(2), most].map(|n| CountTick { y: y(n), text: n.to_string() }).into(),
        }
    }
}

/// Moves names apart that would stand on each other.
fn part(lines: &mut [ChartLine]) {
    const APART: f64 = 16.0;
    lines.sort_by(|a, b| a.label_y.total_cmp(&b.label_y));
    let mut lowest = f64::MIN;
    for line in lines {
        line.label_y = line.label_y.max(lowest + APART);
        lowest = line.label_y;
    }
}
