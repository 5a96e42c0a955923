//! Tables: what every format but JSON is made of. A column is defined once, for all formats.

use jiff::civil::Date;

use crate::i18n::{Lang, Msg, messages as m};
use crate::text::visible;

/// A table in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The name of its file and its place in a page.
    pub id: &'static str,
    pub title: &'static str,
    /// What must be known to read it.
    pub notes: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Value>>,
    /// Whether the last row is the sum of the others: it is not sorted and filtered with them.
    pub has_total: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub title: String,
    pub kind: Kind,
}

/// What stands in a column; for text, how much room it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word or a name.
    Word,
    /// A sentence, which is wrapped.
    Sentence,
    /// For looking up, not for reading: never wrapped, and not printed where there is no room.
    Code,
    Whole,
    /// From 0 to 1, shown in per cent.
    Share,
    /// Two shares, one where they are the same.
    Range,
    /// A figure with two decimals.
    Real,
    Day,
}

/// What stands in a cell. Texts are harmless: nothing unseen is left in them.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Empty,
    Text(String),
    Whole(i64),
    Share(f64),
    Range(f64, f64),
    Real(f64),
    Day(Date),
}

/// How a column is made from a row of a report.
pub(super) struct Col<R: 'static> {
    pub(super) title: Msg,
    pub(super) kind: Kind,
    pub(super) get: fn(&R, Lang) -> Value,
}

impl<R> Col<R> {
    pub(super) const fn new(title: Msg, kind: Kind, get: fn(&R, Lang) -> Value) -> Self {
        Self { title, kind, get }
    }
}

impl Table {
    pub(super) fn of<'a, R: 'a>(
        id: &'static str,
        title: Msg,
        columns: &[Col<R>],
        rows: impl IntoIterator<Item = &'a R>,
        lang: Lang,
    ) -> Self {
        let row = |row: &R| columns.iter().map(|c| (c.get)(row, lang)).collect();
        Self {
            id,
            title: title.get(lang),
            notes: Vec::new(),
            columns: columns.iter().map(|c| Column { title: c.title.get(lang).to_owned(), kind: c.kind }).collect(),
            rows: rows.into_iter().map(row).collect(),
            has_total: false,
        }
    }

    pub(super) fn with_total(self) -> Self {
        Self { has_total: true, ..self }
    }

    pub(super) fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same with a column for each end of a range: for programs that calculate.
    pub fn flat(&self, lang: Lang) -> Self {
        let mut columns = Vec::new();
        for column in &self.columns {
            if column.kind == Kind::Range {
                let end = |msg: Msg| Column { title: msg.with(lang, &[("name", &column.title)]), kind: Kind::Share };
                columns.extend([end(m::TH_LOW), end(m::TH_HIGH)]);
            } else {
                columns.push(column.clone());
            }
        }
        let row = |row: &Vec<Value>| row.iter().zip(&self.columns).flat_map(|(v, c)| v.flat(c.kind)).collect();
        Self { columns, rows: self.rows.iter().map(row).collect(), ..self.clone() }
    }
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(visible(text).into_owned()) }
    }

    pub(super) fn whole(n: usize) -> Self {
        i64::try_from(n).map_or(Self::Empty, Self::Whole)
    }

    fn flat(&self, kind: Kind) -> Vec<Self> {
        match self {
            Self::Range(low, high) => vec![Self::Share(*low), Self::Share(*high)],
            value if kind == Kind::Range => vec![value.clone(), Self::Empty],
            value => vec![value.clone()],
        }
    }

    /// As people read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(n) => n.to_string(),
            Self::Share(share) => percent(*share),
            Self::Range(low, high) => range(*low, *high),
            Self::Real(real) => format!("{real:.2}"),
            Self::Day(day) => day.to_string(),
        }
    }
}

impl From<Option<f64>> for Value {
    fn from(share: Option<f64>) -> Self {
        share.map_or(Self::Empty, Self::Share)
    }
}

impl From<Option<Date>> for Value {
    fn from(day: Option<Date>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }
}

/// A share in per cent with one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// Two shares in per cent; one where they look the same.
pub(super) fn range(low: f64, high: f64) -> String {
    let (low, high) = (percent(low), percent(high));
    if low == high { low } else { format!("{}-{high}", low.trim_end_matches('%')) }
}
