//! CSV that spreadsheets open in Chinese: UTF-8 with a byte order mark, lines that end in CR LF, one table a file.
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers are written as they are.

use csv::{Terminator, WriterBuilder};

use crate::export::table::{Table, Value};
use crate::i18n::Lang;

/// Whether a byte order mark tells spreadsheets that the text is UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Bom,
    None,
}

/// A table as CSV.
pub fn bytes(table: &Table, lang: Lang, mark: Mark) -> Result<Vec<u8>, csv::Error> {
    let table = table.flat(lang);
    let mut out = match mark {
        Mark::Bom => "\u{FEFF}".as_bytes().to_vec(),
        Mark::None => Vec::new(),
    };
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(&mut out);
    writer.write_record(table.columns.iter().map(|c| harmless(&c.title)))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(cell))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(out)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Text(text) => harmless(text),
        Value::Share(figure) | Value::Real(figure) => format!("{figure:.4}"),
        value => value.shown(),
    }
}

/// Excel and WPS run what begins like this, with Chinese settings the wide forms too, and whatever blanks stand before it.
fn harmless(text: &str) -> String {
    const RUN: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    let runs = text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(is_blank).starts_with(RUN);
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_gets_an_apostrophe_whatever_blanks_stand_before_it() {
        for blank in ["", " ", "  ", "\u{a0}", "\u{3000}", "\t", "\r\n", "\u{2003} ", "\u{b}"] {
            for begin in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠A1"] {
                let text = format!("{blank}{begin}");
                assert_eq!(harmless(&text), format!("'{text}"), "{text:?}");
            }
            // Blanks alone are no reason.
            if !blank.contains(['\t', '\r']) {
                let text = format!("{blank}桶满 = 2");
                assert_eq!(harmless(&text), text);
            }
        }
    }
}
