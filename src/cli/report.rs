//! `xunjie report`: what the office files. What can be refused is refused before anything is read.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use jiff::civil::Date;

use crate::archive::Archive;
use crate::archive::reading::Reading;
use crate::cli::merge::{Known, told_dangling};
use crate::cli::receipt;
use crate::cli::{Exit, ReportArgs};
use crate::export::destination::{Destination, Refused};
use crate::export::{self, csv::Mark};
use crate::i18n::{Lang, messages as m};
use crate::log::Name;
use crate::report::{self, Options, Report, Rounds};
use crate::store::inputs::Inputs;
use crate::store::photos;
use crate::tell;
use crate::text::visible;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Csv,
    Html,
    Md,
    Json,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Md => "md",
            Self::Json => "json",
        }
    }

    /// The format of a file's name.
    fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        Self::value_variants().iter().copied().find(|f| extension.eq_ignore_ascii_case(f.name()))
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Xlsx, Self::Csv, Self::Html, Self::Md, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// A report that can be written where it is wanted.
#[derive(Debug)]
pub struct Plan {
    format: Format,
    /// Standard output where none.
    to: Option<Destination>,
    table: Option<&'static str>,
    mark: Mark,
    options: Options,
    /// What must never be written over.
    kept: Vec<PathBuf>,
}

/// Why a command line asks for what cannot be; the exit code is that of a wrong use.
#[derive(Debug)]
pub struct Unusable(pub String);

impl Plan {
    /// What a command line asks for; it is looked at where it would be written. `files` are read besides the inputs.
    pub fn of(args: &ReportArgs, files: Vec<PathBuf>, lang: Lang, to_screen: bool) -> Result<Self, Unusable> {
        let format = args.format.or_else(|| Format::of(args.out.as_deref()?));
        let format = format.ok_or_else(|| Unusable(m::REPORT_NO_FORMAT.get(lang).to_owned()))?;
        if format == Format::Xlsx && args.out.is_none() && to_screen {
            return Err(Unusable(m::REPORT_TO_TERMINAL.get(lang).to_owned()));
        }
        if let (Some(named), Some(out)) = (args.out.as_deref().and_then(Format::of), &args.out)
            && named != format
        {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("format", &format.name()), ("path", &tell::path(out))];
            return Err(Unusable(m::REPORT_OTHER_NAME.with(lang, &values)));
        }
        if args.table.is_some() && format != Format::Csv {
            return Err(Unusable(m::REPORT_TABLE_CSV.get(lang).to_owned()));
        }
        let mark = if args.no_bom { Mark::None } else { Mark::Bom };
        let options = Options {
            as_of: args.as_of.as_deref().map(|text| day("--as-of", text, lang)).transpose()?,
            rounds: match &args.round {
                Some(round) => Rounds::One(label("--round", round, lang)?),
                None => Rounds::Latest,
            },
            against: args.against.as_deref().map(|round| label("--against", round, lang)).transpose()?,
        };
        let kept = args.paths.iter().cloned().chain(files).collect();
        let mut plan = Self { format, to: None, table: args.table, mark, options, kept };
        let find = |path: &PathBuf| {
            let refuse = |why| Unusable(refusal(path, &why, lang));
            Destination::find(path, &plan.kept, &plan.names()).map_err(refuse)
        };
        let to = args.out.as_ref().map(find).transpose()?;
        plan.to = to;
        Ok(plan)
    }

    /// The day it is made for, where one is given.
    pub fn as_of(&self) -> Option<Date> {
        self.options.as_of
    }

    /// The files that are written to a folder.
    fn names(&self) -> Vec<String> {
        let file = |name: &str| format!("{name}.{}", self.format.name());
        match (self.format, self.table) {
            (Format::Csv, None) => export::NAMES.iter().map(|name| file(name)).collect(),
            (Format::Csv, Some(table)) => vec![file(table)],
            _ => vec![file("report")],
        }
    }

    /// The files with their content; one where it does not go to a folder.
    fn files(&self, report: &Report, lang: Lang) -> Result<Vec<(String, Vec<u8>)>> {
        let one = |bytes: Vec<u8>| vec![(format!("report.{}", self.format.name()), bytes)];
        Ok(match self.format {
            Format::Xlsx => one(export::xlsx::bytes(report, lang)?),
            Format::Html => one(export::html::bytes(report, lang)?),
            Format::Md => one(export::markdown::bytes(report, lang)),
            Format::Json => one(export::json::bytes(report)?),
            Format::Csv => {
                let all = matches!(self.to, Some(Destination::Folder(_))) && self.table.is_none();
                let names = if all { &export::NAMES[..] } else { &[self.table.unwrap_or(export::NAMES[0])][..] };
                let tables = names.iter().filter_map(|name| export::one(report, name, lang));
                let csv = |table: export::Table| {
                    Ok((format!("{}.csv", table.id), export::csv::bytes(&table, lang, self.mark)?))
                };
                tables.map(csv).collect::<Result<_>>()?
            }
        })
    }
}

fn day(option: &str, text: &str, lang: Lang) -> Result<Date, Unusable> {
    let dashed = text.len() == 10 && text.bytes().filter(|b| *b == b'-').count() == 2;
    text.parse()
        .ok()
        .filter(|_| dashed)
        .ok_or_else(|| Unusable(format!("{option}: {}", m::BAD_DATE.with(lang, &[("date", &visible(text))]))))
}

fn label(option: &str, round: &str, lang: Lang) -> Result<Name, Unusable> {
    Name::try_from(round).map_err(|_| Unusable(format!("{option}: {}", m::BAD_ROUND.get(lang))))
}

fn refusal(path: &Path, why: &Refused, lang: Lang) -> String {
    let shown = tell::path(path);
    match why {
        Refused::Log => m::REPORT_OVER_LOG.with(lang, &[("path", &shown)]),
        Refused::Input => m::REPORT_OVER_INPUT.with(lang, &[("path", &shown)]),
        Refused::NotAFile => m::REPORT_NOT_A_FILE.with(lang, &[("path", &shown)]),
        Refused::Link => m::REPORT_OVER_LINK.with(lang, &[("path", &shown)]),
        Refused::Other => m::REPORT_OVER_OTHER.with(lang, &[("path", &shown)]),
        Refused::TooLarge => m::REPORT_OVER_LARGE.with(lang, &[("path", &shown)]),
        Refused::NoFolder(folder) => m::REPORT_NO_FOLDER.with(lang, &[("path", &tell::path(folder))]),
        Refused::Io(e) => format!("{shown}: {}", tell::io(lang, e)),
    }
}

/// Makes the report and writes it; what was refused, and what must be known, goes to standard error.
pub fn report(
    (out, err): (&mut dyn Write, &mut dyn Write),
    lang: Lang,
    plan: &Plan,
    (inputs, reading): (Inputs, Reading),
    rulings: &Archive,
    known: &Known,
) -> Result<Exit> {
    let receipts = receipt::receipts(&inputs, lang);
    let aside = receipt::left_aside(&receipt::names_aside(&inputs), lang);
    for line in receipt::faults(&receipts, lang, m::AND_MORE_CHECK).into_iter().chain(aside) {
        writeln!(err, "{line}")?;
    }
    for input in inputs.files.iter().filter(|f| f.read.as_ref().map_or(true, |content| content.may_have_photos)) {
        for wrong in photos::all_wrong_in(&input.path) {
            writeln!(err, "{}: {}", tell::path(&input.path), tell::photo(lang, &wrong))?;
        }
    }
    let has_rulings = inputs.archive.holds(rulings);
    let rounds = report::rounds(&reading, known.checklist);
    let asked = [Some(&plan.options.rounds), plan.options.against.clone().map(Rounds::One).as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|r| if let Rounds::One(name) = r { Some(name.clone()) } else { None })
        .find(|name| !rounds.contains(name));
    if let Some(missing) = asked {
        let known: Vec<&str> = rounds.iter().take(12).map(Name::as_str).collect();
        let (round, known) = (visible(missing.as_str()).into_owned(), visible(&known.join(" ")).into_owned());
        writeln!(err, "xunjie: {}", m::REPORT_NO_ROUND.with(lang, &[("round", &round), ("rounds", &known)]))?;
        return Ok(Exit::Usage);
    }
    if !has_rulings {
        writeln!(err, "{}", m::REPORT_RULINGS.get(lang))?;
    }
    for line in told_dangling(&reading, lang) {
        writeln!(err, "{line}")?;
    }
    if reading.later > 0 {
        writeln!(err, "{}", m::CAUTION_LATER.with(lang, &[("n", &reading.later)]))?;
    }
    let report = Report::of(&reading, known.checklist, known.district, &plan.options);
    if plan.options.as_of.is_none() {
        let day = report.about.as_of;
        let ahead = known.now.date().parse().is_ok_and(|today: Date| day > today);
        let msg = if ahead { m::REPORT_DAY_AHEAD } else { m::REPORT_DAY };
        writeln!(err, "{}", msg.with(lang, &[("date", &day)]))?;
    }
    let files = plan.files(&report, lang)?;
    match &plan.to {
        None => files.iter().try_for_each(|(_, bytes)| out.write_all(bytes))?,
        Some(to) => {
            let written = to.write(&files, &plan.kept).map_err(|(path, why)| not_written(&path, &why, lang))?;
            for path in written {
                writeln!(out, "{}", m::REPORT_WRITTEN.with(lang, &[("path", &tell::path(&path))]))?;
            }
        }
    }
    out.flush()?;
    Ok(if inputs.faulty() == 0 { Exit::Done } else { Exit::SomeRefused })
}

fn not_written(path: &Path, why: &Refused, lang: Lang) -> anyhow::Error {
    match why {
        // On Windows a file that is open in a spreadsheet cannot be replaced.
        Refused::Io(e) if e.kind() == std::io::ErrorKind::PermissionDenied => {
            anyhow!(m::REPORT_MAYBE_OPEN.with(lang, &[("path", &tell::path(path)), ("why", &tell::io(lang, e))]))
        }
        why => anyhow!(refusal(path, why, lang)),
    }
}
