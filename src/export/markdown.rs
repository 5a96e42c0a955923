//! Markdown for chats, wikis and scripts.

use std::fmt::Write;

use crate::export::prose;
use crate::export::table::{Kind, Table, Value};
use crate::export::tables;
use crate::i18n::Lang;
use crate::report::Report;

/// The report as Markdown.
pub fn bytes(report: &Report, lang: Lang) -> Vec<u8> {
    let mut out = format!("# {}\n\n", escape(&prose::title(report, lang)));
    for line in prose::scope(report, lang) {
        let _ = writeln!(out, "{}  ", escape(&line));
    }
    for section in prose::brief(report, lang) {
        let _ = writeln!(out, "\n## {}\n", escape(section.title));
        for line in &section.lines {
            let _ = writeln!(out, "- {}", escape(line));
        }
    }
    for table in tables::all(report, lang) {
        add(&mut out, &table);
        if table.id == "ranking" {
            let _ = writeln!(out, "\n```\n{}\n```", prose::ranking(report, lang).join("\n").replace('`', "'"));
        }
    }
    out.into_bytes()
}

fn add(out: &mut String, table: &Table) {
    let _ = writeln!(out, "\n## {}\n", escape(table.title));
    for note in &table.notes {
        let _ = writeln!(out, "{}\n", escape(note));
    }
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(table.columns.iter().map(|c| escape(&c.title)).collect()));
    let line = table.columns.iter().map(|c| match c.kind {
        Kind::Word | Kind::Sentence | Kind::Code | Kind::Day => "---".to_owned(),
        Kind::Whole | Kind::Share | Kind::Range | Kind::Real => "---:".to_owned(),
    });
    out.push_str(&row(line.collect()));
    for cells in &table.rows {
        out.push_str(&row(cells.iter().map(Value::shown).map(|text| escape(&text)).collect()));
    }
}

/// Text that stays text: nothing in it is taken for Markdown, HTML or a link.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let links = |word: &str| text[at..].starts_with(word) || text[..at].to_ascii_lowercase().ends_with(word);
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '>' | '@' => out.extend(['\\', c]),
            ':' if links("://") => out.push_str("\\:"),
            '.' if links("www") => out.push_str("\\."),
            '-' | '+' if at == 0 => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
