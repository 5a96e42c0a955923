//! The command line: what it understands, and what its commands print.

mod check;
mod demo;
pub mod merge;
pub mod receipt;
pub mod report;
pub mod usage;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::{EnumValueParser, PossibleValue};
use clap::{Arg, ArgAction, ArgMatches, ValueEnum, ValueHint, value_parser};
use clap_complete::Shell;

use crate::checklist;
use crate::demo::{MAX_DAYS, Options};
use crate::district::{self, Source};
use crate::export;
use crate::i18n::{Lang, Msg, messages as m};
use crate::store::{Folders, codec};
use crate::tell;

pub use check::{check, check_as_json};
pub use demo::demo;

/// Checklists and districts are read up to this size.
pub const MAX_FILE: u64 = 4 << 20;

/// What a command ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    SomeRefused = 3,
}

/// A command line that was understood.
#[derive(Clone, Debug)]
pub struct Args {
    pub lang: Option<Lang>,
    pub logs: Option<PathBuf>,
    pub checklist: Option<PathBuf>,
    pub district: Option<PathBuf>,
    pub mirror: Option<PathBuf>,
    /// Whether the screen does without colours.
    pub no_color: bool,
    /// Whether frames are drawn with ASCII alone.
    pub ascii: bool,
    /// Whether the mouse is left to the terminal.
    pub no_mouse: bool,
    pub command: Command,
}

#[derive(Clone, Debug)]
pub enum Command {
    Home,
    Walk(WalkArgs),
    Check(CheckArgs),
    Merge(MergeArgs),
    Review(ReviewArgs),
    Report(ReportArgs),
    Recheck(Vec<PathBuf>, WalkArgs),
    Demo(DemoArgs),
    Where,
    Schema(Kind),
    Completions(Shell),
}

#[derive(Clone, Debug)]
pub struct WalkArgs {
    pub site: String,
    pub by: String,
    pub round: Option<String>,
    pub source: Source,
    /// Whether it is walked line by line, without a screen.
    pub plain: bool,
}

#[derive(Clone, Debug)]
pub struct CheckArgs {
    pub files: Vec<PathBuf>,
    /// Whether the receipts are told as JSON.
    pub json: bool,
}

#[derive(Clone, Debug)]
pub struct MergeArgs {
    pub paths: Vec<PathBuf>,
    /// Where the merged log goes; standard output where none is given.
    pub out: Option<PathBuf>,
    /// Whether the figures are told as JSON.
    pub json: bool,
}

#[derive(Clone, Debug)]
pub struct ReviewArgs {
    pub paths: Vec<PathBuf>,
    /// Who rules; who used the program last where not given.
    pub by: Option<String>,
    /// The day for which "overdue" is told; today where not given.
    pub as_of: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ReportArgs {
    pub paths: Vec<PathBuf>,
    /// That of the name of the file where not given.
    pub format: Option<report::Format>,
    /// A file or a folder; standard output where not given.
    pub out: Option<PathBuf>,
    pub as_of: Option<String>,
    pub round: Option<String>,
    pub against: Option<String>,
    /// The one table that is wanted as CSV.
    pub table: Option<&'static str>,
    pub no_bom: bool,
}

#[derive(Clone, Debug)]
pub struct DemoArgs {
    pub options: crate::demo::Options,
    pub out: PathBuf,
}

/// The kinds of file that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Log,
    Checklist,
    District,
    Report,
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Log, Self::Checklist, Self::District, Self::Report]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Log => "log",
            Self::Checklist => "checklist",
            Self::District => "district",
            Self::Report => "report",
        }))
    }
}

impl ValueEnum for Source {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.code()))
    }
}

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Zh, Self::En]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.code()))
    }
}

/// The language a command line asks for, found before it is parsed, so that its help is in that language.
pub fn lang_of(args: &[OsString]) -> Option<Lang> {
    let mut args = args.iter().map(|a| a.to_string_lossy());
    while let Some(arg) = args.next() {
        if let Some(value) = arg.strip_prefix("--lang=") {
            return Lang::from_tag(value);
        }
        if arg == "--lang" {
            return args.next().and_then(|v| Lang::from_tag(&v));
        }
    }
    None
}

/// Parses a command line; help and mistakes come back as clap's error, ready to be printed.
pub fn parse(args: Vec<OsString>, lang: Lang) -> Result<Args, clap::Error> {
    let matches = command(lang).try_get_matches_from(args)?;
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
    Ok(Args {
        lang: matches.get_one::<Lang>("lang").copied(),
        logs: path("logs"),
        checklist: path("checklist"),
        district: path("district"),
        mirror: path("mirror"),
        no_color: matches.get_flag("no-color"),
        ascii: matches.get_flag("ascii"),
        no_mouse: matches.get_flag("no-mouse"),
        command: subcommand(&matches),
    })
}

fn subcommand(matches: &ArgMatches) -> Command {
    let paths = |of: &ArgMatches, name: &str| of.get_many::<PathBuf>(name).into_iter().flatten().cloned().collect();
    match matches.subcommand() {
        Some(("walk", walk)) => Command::Walk(walk_args(walk)),
        Some(("recheck", recheck)) => Command::Recheck(paths(recheck, "paths"), walk_args(recheck)),
        Some(("check", check)) => {
            Command::Check(CheckArgs { files: paths(check, "files"), json: check.get_flag("json") })
        }
        Some(("merge", merge)) => Command::Merge(MergeArgs {
            paths: paths(merge, "paths"),
            // As for inputs, a dash is the standard one.
            out: merge.get_one::<PathBuf>("out").filter(|p| p.as_os_str() != "-").cloned(),
            json: merge.get_flag("json"),
        }),
        Some(("review", review)) => Command::Review(ReviewArgs {
            paths: paths(review, "paths"),
            by: review.get_one::<String>("by").cloned(),
            as_of: review.get_one::<String>("as-of").cloned(),
        }),
        Some(("report", report)) => Command::Report(report_args(report)),
        Some(("demo", demo)) => Command::Demo(demo_args(demo)),
        Some(("where", _)) => Command::Where,
        Some(("schema", schema)) => Command::Schema(schema.get_one::<Kind>("what").copied().unwrap_or(Kind::Log)),
        Some(("completions", shell)) => {
            Command::Completions(shell.get_one::<Shell>("shell").copied().unwrap_or(Shell::Bash))
        }
        _ => Command::Home,
    }
}

fn walk_args(walk: &ArgMatches) -> WalkArgs {
    let text = |name: &str| walk.get_one::<String>(name).cloned();
    WalkArgs {
        site: text("site").unwrap_or_default(),
        by: text("by").unwrap_or_default(),
        round: text("round"),
        source: walk.get_one::<Source>("source").copied().unwrap_or(Source::Own),
        plain: walk.get_flag("plain"),
    }
}

fn report_args(report: &ArgMatches) -> ReportArgs {
    let text = |name: &str| report.get_one::<String>(name).cloned();
    ReportArgs {
        paths: report.get_many::<PathBuf>("paths").into_iter().flatten().cloned().collect(),
        format: report.get_one::<report::Format>("format").copied(),
        out: report.get_one::<PathBuf>("out").filter(|p| p.as_os_str() != "-").cloned(),
        as_of: text("as-of"),
        round: text("round"),
        against: text("against"),
        table: text("table").and_then(|name| export::NAMES.iter().copied().find(|n| *n == name)),
        no_bom: report.get_flag("no-bom"),
    }
}

fn demo_args(demo: &ArgMatches) -> DemoArgs {
    let usual = Options::default();
    let count = |name: &str, usual: usize| demo.get_one::<u64>(name).map_or(usual, |n| *n as usize);
    let options = Options {
        sites: count("sites", usual.sites),
        days: count("days", usual.days),
        seed: demo.get_one::<u64>("seed").copied().unwrap_or(usual.seed),
    };
    let out = demo.get_one::<PathBuf>("out").cloned().unwrap_or_else(|| PathBuf::from(DEMO_FOLDER));
    DemoArgs { options, out }
}

/// Where samples go if nothing else is said.
const DEMO_FOLDER: &str = "xunjie-demo";

/// The whole command line, with its texts in one language.
pub fn command(lang: Lang) -> clap::Command {
    let say = |msg: Msg| msg.get(lang);
    let template = format!("{{about}}\n\n{} {{usage}}\n\n{{all-args}}\n\n{}\n", say(m::HEAD_USAGE), say(m::EXIT_CODES));
    let sub = |name: &'static str, about: Msg| {
        clap::Command::new(name)
            .about(about.get(lang))
            .help_template(template.clone())
            .disable_help_flag(true)
            .disable_version_flag(true)
            .arg(help_flag(lang))
    };
    let option = |name: &'static str, help: Msg| option(lang, name, help);
    let path = |name: &'static str, help: Msg| {
        option(name, help).value_parser(value_parser!(PathBuf)).global(true).value_hint(ValueHint::AnyPath)
    };
    let flag = |name: &'static str, help: Msg| option(name, help).action(ArgAction::SetTrue).global(true);
    let program = clap::Command::new("xunjie")
        .about(say(m::CLI_ABOUT))
        .version(env!("CARGO_PKG_VERSION"))
        .help_template(template.clone())
        .subcommand_help_heading(say(m::HEAD_COMMANDS))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(option("lang", m::OPT_LANG).value_parser(EnumValueParser::<Lang>::new()).global(true))
        .arg(path("logs", m::OPT_LOGS).value_name("DIR"))
        .arg(path("mirror", m::OPT_MIRROR).value_name("DIR"))
        .arg(path("checklist", m::OPT_CHECKLIST).value_name("FILE"))
        .arg(path("district", m::OPT_DISTRICT).value_name("FILE"))
        .arg(flag("no-color", m::OPT_NO_COLOR))
        .arg(flag("ascii", m::OPT_ASCII))
        .arg(flag("no-mouse", m::OPT_NO_MOUSE))
        .arg(help_flag(lang))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .help(say(m::CLI_VERSION))
                .help_heading(say(m::HEAD_OPTIONS))
                .action(ArgAction::Version),
        );
    subcommands(lang, &sub).into_iter().fold(program, clap::Command::subcommand)
}

/// What the program can do, in the order of its help.
fn subcommands(lang: Lang, sub: &dyn Fn(&'static str, Msg) -> clap::Command) -> Vec<clap::Command> {
    let option = |name: &'static str, help: Msg| option(lang, name, help);
    let positional = |name: &'static str, help: Msg| {
        Arg::new(name).help(help.get(lang)).help_heading(m::HEAD_ARGUMENTS.get(lang)).required(true)
    };
    let paths = || many(positional("paths", m::OPT_PATHS)).value_name("PATH");
    let out = option("out", m::OPT_OUT).short('o').value_name("FILE");
    let out = out.value_parser(value_parser!(PathBuf)).value_hint(ValueHint::FilePath);
    let kind = positional("what", m::OPT_WHAT).value_name("KIND").value_parser(EnumValueParser::<Kind>::new());
    let shell = positional("shell", m::OPT_SHELL).value_name("SHELL").value_parser(EnumValueParser::<Shell>::new());
    let recheck = sub("recheck", m::CLI_RECHECK).arg(paths());
    vec![
        walk_options(sub("walk", m::CLI_WALK), lang, m::OPT_ROUND),
        sub("merge", m::CLI_MERGE).arg(paths()).arg(out).arg(option("json", m::OPT_JSON).action(ArgAction::SetTrue)),
        sub("review", m::CLI_REVIEW)
            .arg(paths())
            .arg(option("by", m::OPT_REVIEW_BY).value_name("ID[=NAME]"))
            .arg(option("as-of", m::OPT_AS_OF).value_name("DATE")),
        walk_options(recheck, lang, m::OPT_RECHECK_ROUND),
        report_options(sub("report", m::CLI_REPORT).arg(paths()), lang),
        demo_options(sub("demo", m::CLI_DEMO), lang),
        sub("check", m::CLI_CHECK)
            .arg(many(positional("files", m::OPT_FILES)).value_name("FILE"))
            .arg(option("json", m::OPT_CHECK_JSON).action(ArgAction::SetTrue)),
        sub("where", m::CLI_WHERE),
        sub("schema", m::CLI_SCHEMA).arg(kind),
        sub("completions", m::CLI_COMPLETIONS).arg(shell),
    ]
}

/// One path or more.
fn many(arg: Arg) -> Arg {
    arg.num_args(1..).value_parser(value_parser!(PathBuf)).value_hint(ValueHint::AnyPath)
}

fn option(lang: Lang, name: &'static str, help: Msg) -> Arg {
    Arg::new(name).long(name).help(help.get(lang)).help_heading(m::HEAD_OPTIONS.get(lang))
}

fn walk_options(walk: clap::Command, lang: Lang, round: Msg) -> clap::Command {
    walk.arg(option(lang, "site", m::OPT_SITE).required(true).value_name("ID"))
        .arg(option(lang, "by", m::OPT_BY).required(true).value_name("ID[=NAME]"))
        .arg(option(lang, "round", round).value_name("R"))
        .arg(
            option(lang, "source", m::OPT_SOURCE)
                .value_parser(EnumValueParser::<Source>::new())
                .default_value(Source::Own.code()),
        )
        .arg(option(lang, "plain", m::OPT_PLAIN).action(ArgAction::SetTrue))
}

fn report_options(report: clap::Command, lang: Lang) -> clap::Command {
    let out = option(lang, "out", m::OPT_REPORT_OUT).short('o').value_name("FILE|DIR");
    let format = option(lang, "format", m::OPT_FORMAT).value_parser(EnumValueParser::<report::Format>::new());
    report
        .arg(format.value_name("FORMAT"))
        .arg(out.value_parser(value_parser!(PathBuf)).value_hint(ValueHint::AnyPath))
        .arg(option(lang, "as-of", m::OPT_REPORT_AS_OF).value_name("DATE"))
        .arg(option(lang, "round", m::OPT_REPORT_ROUND).value_name("R"))
        .arg(option(lang, "against", m::OPT_AGAINST).value_name("R"))
        .arg(option(lang, "table", m::OPT_TABLE).value_name("TABLE").value_parser(export::NAMES))
        .arg(option(lang, "no-bom", m::OPT_NO_BOM).action(ArgAction::SetTrue))
}

fn demo_options(demo: clap::Command, lang: Lang) -> clap::Command {
    let number = |name: &'static str, help: Msg, most: u64| {
        option(lang, name, help).value_name("N").value_parser(value_parser!(u64).range(..=most))
    };
    let folder = option(lang, "out", m::OPT_DEMO_OUT).short('o').value_name("DIR");
    demo.arg(number("sites", m::OPT_DEMO_SITES, 1_000))
        .arg(number("days", m::OPT_DEMO_DAYS, MAX_DAYS as u64))
        .arg(number("seed", m::OPT_DEMO_SEED, u64::MAX))
        .arg(folder.value_parser(value_parser!(PathBuf)).value_hint(ValueHint::DirPath))
}

fn help_flag(lang: Lang) -> Arg {
    Arg::new("help")
        .short('h')
        .long("help")
        .help(m::CLI_HELP.get(lang))
        .help_heading(m::HEAD_OPTIONS.get(lang))
        .action(ArgAction::Help)
}

/// Prints a completion script.
pub fn completions(out: &mut dyn Write, shell: Shell) -> io::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(Lang::En), "xunjie", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Done)
}

/// Prints a JSON Schema.
pub fn schema(out: &mut dyn Write, kind: Kind) -> io::Result<Exit> {
    let schema = match kind {
        Kind::Log => codec::schema(),
        Kind::Checklist => checklist::schema(),
        Kind::District => district::schema(),
        Kind::Report => export::json::schema(),
    };
    writeln!(out, "{schema:#}")?;
    Ok(Exit::Done)
}

/// Prints every folder and file in use.
pub fn places(out: &mut dyn Write, lang: Lang, folders: &Folders, args: &Args) -> io::Result<Exit> {
    let chosen = |given: &Option<PathBuf>, name: &str| match given.clone().or_else(|| folders.custom_file(name)) {
        Some(path) => tell::path(&path),
        None => m::BUILT_IN.get(lang).to_owned(),
    };
    let there = |path: &Path| {
        let missing = if path.exists() { String::new() } else { format!(" {}", m::NOT_YET.get(lang)) };
        tell::path(path) + &missing
    };
    let rows = [
        (m::WHERE_LOGS, there(&folders.logs)),
        (m::WHERE_SETTINGS, there(&folders.settings_file())),
        (m::WHERE_DEVICE, there(&folders.device_file())),
        (m::WHERE_CHECKLIST, chosen(&args.checklist, CHECKLIST_FILE)),
        (m::WHERE_DISTRICT, chosen(&args.district, DISTRICT_FILE)),
    ];
    for (name, path) in rows {
        writeln!(out, "{} {path}", crate::text::fit(name.get(lang), 10))?;
    }
    Ok(Exit::Done)
}

/// The name of a checklist of one's own in the configuration folder.
pub const CHECKLIST_FILE: &str = "checklist.json";
/// The name of a district of one's own in the configuration folder.
pub const DISTRICT_FILE: &str = "district.json";
