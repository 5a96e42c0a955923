//! A workbook for Excel, WPS and LibreOffice: a sheet for each table, real dates and numbers, ready to print on A4.
//!
//! Texts are written as texts, never as formulas. Nothing in it comes from a clock, so equal reports give equal bytes.

use jiff::civil::Date;
use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, Color, ConditionalFormat2ColorScale,
    ConditionalFormatFormula, ConditionalFormatType, DocProperties, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet, XlsxError,
};

use crate::export::prose;
use crate::export::table::{Column, Kind, Table, Value};
use crate::export::tables;
use crate::i18n::{Lang, messages as m};
use crate::report::Report;
use crate::text::{cut, visible, width, wrap};

/// The paper's number in the file format.
const A4: u8 = 9;
/// A spreadsheet's cell takes no more UTF-16 units.
const MAX_CELL: usize = 32_767;
/// Widths in characters of the standard font.
const NARROWEST: usize = 6;
const WORD: usize = 14;
const SENTENCE: usize = 22;
const CODE: usize = 44;
const PAGE: usize = 120;
/// Points a line takes, with room for Chinese, and the tallest row a spreadsheet knows.
const LINE: usize = 17;
const TALLEST: usize = 409;
/// The longest title in a page's header, in cells; a spreadsheet takes 255 characters in all.
const LONGEST_HEADER: usize = 100;
/// How many columns of the ledger go to the printer; the others are for looking up.
const LEDGER_PRINTED: u16 = 17;

/// The report as a workbook.
pub fn bytes(report: &Report, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = Some(report.about.as_of).filter(|day| fits(*day)).unwrap_or(Date::constant(2000, 1, 1));
    let title = prose::title(report, lang);
    book.set_properties(&DocProperties::new().set_title(&title).set_creation_datetime(&made));
    let looks = Looks::new();
    add_brief(book.add_worksheet(), report, lang, &looks)?;
    for table in tables::all(report, lang) {
        let sheet = book.add_worksheet();
        add_table(sheet, &table.flat(lang), &looks)?;
        set_up_page(sheet, &title);
        match table.id {
            "ledger" => mark_ledger(sheet, &table)?,
            "site-categories" => add_matrix(book.add_worksheet(), report, lang, &looks, &title)?,
            "categories" => {
                add_rate_chart(sheet, &table, lang)?;
                sheet.set_print_fit_to_pages(1, 1);
            }
            "over-time" => add_cases_chart(sheet, &table, lang)?,
            "ranking" => {
                add_paste(sheet, &table, report, lang, &looks)?;
                sheet.set_print_fit_to_pages(1, 1);
            }
            _ => {}
        }
    }
    book.save_to_buffer()
}

/// Days a spreadsheet can count.
fn fits(day: Date) -> bool {
    (1900..=9999).contains(&day.year())
}

/// How cells look.
struct Looks {
    title: Format,
    heading: Format,
    plain: Format,
    header: Format,
    text: Format,
    code: Format,
    whole: Format,
    share: Format,
    real: Format,
    day: Format,
    note: Format,
    pasted: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = || Format::new().set_border(FormatBorder::Hair).set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(16),
            heading: Format::new().set_bold().set_font_size(12),
            plain: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0x00E7_ECEF)),
            text: cell().set_text_wrap().set_indent(1),
            code: cell().set_indent(1),
            whole: cell().set_num_format("0"),
            share: cell().set_num_format("0.0%"),
            real: cell().set_num_format("0.00"),
            day: cell().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            note: Format::new().set_italic(),
            pasted: Format::new(),
        }
    }

    fn of(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Word | Kind::Sentence => &self.text,
            Kind::Code => &self.code,
            Kind::Whole => &self.whole,
            Kind::Share | Kind::Range => &self.share,
            Kind::Real => &self.real,
            Kind::Day => &self.day,
        }
    }
}

/// A row or a column as the format numbers them.
fn at(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn col(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn add_brief(sheet: &mut Worksheet, report: &Report, lang: Lang, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(m::SHEET_BRIEF.get(lang))?;
    sheet.set_column_width(0, PAGE as f64)?;
    put(sheet, 0, 0, &prose::title(report, lang), &looks.title)?;
    sheet.set_row_height(0, (2 * LINE) as f64)?;
    let mut lines: Vec<(String, &Format)> = prose::scope(report, lang).into_iter().map(|l| (l, &looks.plain)).collect();
    for section in prose::brief(report, lang) {
        lines.push((String::new(), &looks.plain));
        lines.push((section.title.to_owned(), &looks.heading));
        lines.extend(section.lines.into_iter().map(|l| (l, &looks.plain)));
    }
    for (n, (line, format)) in lines.iter().enumerate() {
        put(sheet, at(n + 1), 0, line, format)?;
        sheet.set_row_height(at(n + 1), height(lines_of(line, PAGE)))?;
    }
    set_up_page(sheet, &prose::title(report, lang));
    sheet.set_print_fit_to_pages(1, 1);
    Ok(())
}

/// Header, rows, and the notes below them, where they are out of the way of filters.
fn add_table(sheet: &mut Worksheet, table: &Table, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(table.title)?;
    let mut widths = Vec::new();
    for (c, column) in table.columns.iter().enumerate() {
        put(sheet, 0, col(c), &column.title, &looks.header)?;
        let wide = column_width(column, table.rows.iter().map(|row| &row[c]));
        sheet.set_column_width(col(c), wide as f64)?;
        widths.push(wide);
    }
    let titles = table.columns.iter().zip(&widths).map(|(c, wide)| lines_of(&c.title, *wide));
    sheet.set_row_height(0, height(titles.max().unwrap_or(1)))?;
    for (r, row) in table.rows.iter().enumerate() {
        for (c, value) in row.iter().enumerate() {
            let format = looks.of(table.columns[c].kind);
            let is_total = table.has_total && r + 1 == table.rows.len();
            write(sheet, at(r + 1), col(c), value, &if is_total { format.clone().set_bold() } else { format.clone() })?;
        }
        // Not every program makes a row as tall as its wrapped texts.
        let wrapped = row.iter().zip(&widths).zip(&table.columns).filter(|(_, column)| column.kind != Kind::Code);
        let lines = wrapped.map(|((value, wide), _)| lines_of(&value.shown(), *wide));
        sheet.set_row_height(at(r + 1), height(lines.max().unwrap_or(1)))?;
    }
    let last = col(table.columns.len() - 1);
    sheet.set_freeze_panes(1, 0)?;
    let filtered = table.rows.len() - usize::from(table.has_total && table.rows.len() > 1);
    sheet.autofilter(0, 0, at(filtered), last)?;
    sheet.set_repeat_rows(0, 0)?;
    for (n, note) in table.notes.iter().enumerate() {
        put(sheet, at(table.rows.len() + 2 + n), 0, note, &looks.note)?;
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, col: u16, value: &Value, format: &Format) -> Result<(), XlsxError> {
    match value {
        Value::Empty => sheet.write_blank(row, col, format)?,
        Value::Text(text) => return put(sheet, row, col, text, format),
        Value::Whole(n) => sheet.write_number_with_format(row, col, *n as f64, format)?,
        Value::Share(n) | Value::Real(n) => sheet.write_number_with_format(row, col, *n, format)?,
        Value::Day(day) if fits(*day) => sheet.write_datetime_with_format(row, col, day, format)?,
        value => return put(sheet, row, col, &value.shown(), format),
    };
    Ok(())
}

/// Writes a text as a text, harmless and no longer than a cell takes.
fn put(sheet: &mut Worksheet, row: u32, col: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, col, cell_text(&visible(text)), format)?;
    Ok(())
}

/// What fits into a cell.
fn cell_text(text: &str) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MAX_CELL
    };
    text.chars().take_while(fits).collect()
}

/// Wide enough for what stands in it; a Chinese character takes two.
fn column_width<'a>(column: &Column, values: impl Iterator<Item = &'a Value>) -> usize {
    let most = match column.kind {
        Kind::Word => WORD,
        Kind::Sentence => SENTENCE,
        Kind::Code => CODE,
        _ => 12,
    };
    let widest = values.map(|v| width(&v.shown())).max().unwrap_or(0);
    // The header is wrapped between words; the button of the filter takes some of it.
    let word = column.title.split(' ').map(width).max().unwrap_or(0);
    let header = if column.title.is_ascii() { word + 3 } else { width(&column.title).div_ceil(2) + 3 };
    (widest + 3).min(most).max(header).max(NARROWEST)
}

/// How many lines a text takes in a column.
fn lines_of(text: &str, wide: usize) -> usize {
    wrap(text, wide.saturating_sub(2).max(2)).len().max(1)
}

fn height(lines: usize) -> f64 {
    (lines * LINE).min(TALLEST) as f64
}

fn set_up_page(sheet: &mut Worksheet, title: &str) {
    // In headers and footers an ampersand begins a code.
    let title = cut(title, LONGEST_HEADER).replace('&', "&&");
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_header(format!("&L{title}&R&A")).set_footer("&C&P / &N");
}

/// Overdue rows are shaded and bold, verified ones grey: both can be told apart on a printer without colours.
fn mark_ledger(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let (rows, last) = (at(table.rows.len()), col(table.columns.len() - 1));
    let letter = |title: crate::i18n::Msg| {
        let place = table.columns.iter().position(|c| c.title == title.zh || c.title == title.en);
        place.map(|n| char::from(b'A' + u8::try_from(n).unwrap_or(0)))
    };
    if let (Some(overdue), Some(verified)) = (letter(m::TH_OVERDUE), letter(m::TH_VERIFIED)) {
        let late = Format::new().set_bold().set_background_color(Color::RGB(0x00F4_C7A1));
        let done = Format::new().set_font_color(Color::RGB(0x0070_7070));
        let rule = |letter: char, format: Format| {
            ConditionalFormatFormula::new().set_rule(format!("=${letter}2<>\"\"").as_str()).set_format(format)
        };
        sheet.add_conditional_format(1, 0, rows, last, &rule(overdue, late))?;
        sheet.add_conditional_format(1, 0, rows, last, &rule(verified, done))?;
    }
    sheet.set_print_area(0, 0, rows, LEDGER_PRINTED - 1)?;
    Ok(())
}

/// Sites by categories: the rate and n beside it; the lower the rate, the darker.
fn add_matrix(sheet: &mut Worksheet, report: &Report, lang: Lang, looks: &Looks, title: &str) -> Result<(), XlsxError> {
    sheet.set_name(m::CHART_HEAT.get(lang))?;
    put(sheet, 0, 0, m::TH_SITE.get(lang), &looks.header)?;
    sheet.set_column_width(0, WORD as f64)?;
    let summary = &report.summary;
    for (c, category) in summary.total.categories.iter().enumerate() {
        let name = format!("{} {}", category.id, category.name.get(lang));
        put(sheet, 0, col(1 + 2 * c), &name, &looks.header)?;
        put(sheet, 0, col(2 + 2 * c), m::TH_N.get(lang), &looks.header)?;
        sheet.set_column_width(col(1 + 2 * c), 12)?;
        sheet.set_column_width(col(2 + 2 * c), 6)?;
    }
    sheet.set_row_height(0, height(3))?;
    for (r, site) in summary.sites.iter().enumerate() {
        let row = at(r + 1);
        sheet.set_row_height(row, height(1))?;
        write(sheet, row, 0, &Value::text(site.line.name.get(lang)), &looks.text)?;
        for (c, line) in site.categories.iter().enumerate() {
            let rate = line.rate.map_or(Value::Empty, |r| Value::Share(r.low));
            write(sheet, row, col(1 + 2 * c), &rate, &looks.share)?;
            write(sheet, row, col(2 + 2 * c), &Value::whole(line.rate.map_or(0, |r| r.n)), &looks.whole)?;
        }
    }
    let rows = at(summary.sites.len());
    for c in 0..summary.total.categories.len() {
        let scale = ConditionalFormat2ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, 0.5)
            .set_maximum(ConditionalFormatType::Number, 1)
            .set_minimum_color(Color::RGB(0x00E0_8A4A))
            .set_maximum_color(Color::White);
        sheet.add_conditional_format(1, col(1 + 2 * c), rows.max(1), col(1 + 2 * c), &scale)?;
    }
    put(sheet, rows + 2, 0, m::NOTE_MATRIX.get(lang), &looks.note)?;
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_repeat_rows(0, 0)?;
    set_up_page(sheet, title);
    Ok(())
}

/// The rates of the categories as bars, beside their table.
fn add_rate_chart(sheet: &mut Worksheet, table: &Table, lang: Lang) -> Result<(), XlsxError> {
    let rows = at(table.rows.len());
    let mut chart = Chart::new_bar();
    // Column B has the names, column C the low rates.
    chart.add_series().set_categories((table.title, 1, 1, rows, 1)).set_values((table.title, 1, 2, rows, 2));
    chart.title().set_name(m::CHART_RATE.get(lang));
    chart.legend().set_hidden();
    // In a chart of bars the second axis is the one of the categories; the first category stands on top.
    chart.y_axis().set_reverse();
    chart.x_axis().set_min(0).set_max(1).set_num_format("0%");
    chart.set_width(640).set_height(360).set_alt_text(m::CHART_RATE.get(lang));
    sheet.insert_chart(rows + 3 + at(table.notes.len()), 1, &chart)?;
    Ok(())
}

/// Found, open and verified cases over the days.
fn add_cases_chart(sheet: &mut Worksheet, table: &Table, lang: Lang) -> Result<(), XlsxError> {
    let rows = at(table.rows.len());
    let mut chart = Chart::new_line();
    // Told apart by their dashes: a printer may know no colours.
    let dashes = [ChartLineDashType::Solid, ChartLineDashType::Solid, ChartLineDashType::Dash];
    for ((c, column), dash) in table.columns.iter().enumerate().skip(1).zip(dashes) {
        let wide = if c == 2 { 3.0 } else { 1.5 };
        let mut line = ChartFormat::new();
        line.set_line(ChartLine::new().set_width(wide).set_dash_type(dash));
        let series = chart.add_series();
        series.set_name(column.title.as_str()).set_format(&mut line);
        series.set_categories((table.title, 1, 0, rows, 0)).set_values((table.title, 1, col(c), rows, col(c)));
    }
    chart.title().set_name(m::CHART_CASES.get(lang));
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.x_axis().set_date_axis(true).set_num_format("yyyy-mm-dd");
    chart.set_width(760).set_height(380).set_alt_text(m::CHART_CASES.get(lang));
    sheet.insert_chart(1, col(table.columns.len() + 1), &chart)?;
    Ok(())
}

/// The ranking as text, below its table.
fn add_paste(
    sheet: &mut Worksheet,
    table: &Table,
    report: &Report,
    lang: Lang,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let first = table.rows.len() + table.notes.len() + 3;
    for (n, line) in prose::ranking(report, lang).into_iter().enumerate() {
        put(sheet, at(first + n), 0, &line, &looks.pasted)?;
    }
    Ok(())
}
