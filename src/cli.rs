//! The command line: what it understands, and what its commands print.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::{EnumValueParser, PossibleValue};
use clap::{Arg, ArgAction, ArgMatches, ValueEnum, ValueHint, value_parser};
use clap_complete::Shell;

use crate::checklist::{self, Checklist};
use crate::district::{self, District, Source};
use crate::i18n::{Lang, Msg, messages as m};
use crate::session::State;
use crate::shape::Fault;
use crate::store::codec;
use crate::store::{Folders, Opened, file};
use crate::tell;

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
    pub command: Command,
}

#[derive(Clone, Debug)]
pub enum Command {
    Home,
    Walk(WalkArgs),
    Check(Vec<PathBuf>),
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
}

/// The kinds of file that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Log,
    Checklist,
    District,
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Log, Self::Checklist, Self::District]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Log => "log",
            Self::Checklist => "checklist",
            Self::District => "district",
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
        command: subcommand(&matches),
    })
}

fn subcommand(matches: &ArgMatches) -> Command {
    match matches.subcommand() {
        Some(("walk", walk)) => {
            let text = |name: &str| walk.get_one::<String>(name).cloned();
            Command::Walk(WalkArgs {
                site: text("site").unwrap_or_default(),
                by: text("by").unwrap_or_default(),
                round: text("round"),
                source: walk.get_one::<Source>("source").copied().unwrap_or(Source::Own),
            })
        }
        Some(("check", check)) => {
            Command::Check(check.get_many::<PathBuf>("files").into_iter().flatten().cloned().collect())
        }
        Some(("where", _)) => Command::Where,
        Some(("schema", schema)) => Command::Schema(schema.get_one::<Kind>("what").copied().unwrap_or(Kind::Log)),
        Some(("completions", shell)) => {
            Command::Completions(shell.get_one::<Shell>("shell").copied().unwrap_or(Shell::Bash))
        }
        _ => Command::Home,
    }
}

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
    let positional = |name: &'static str, help: Msg| {
        Arg::new(name).help(help.get(lang)).help_heading(m::HEAD_ARGUMENTS.get(lang)).required(true)
    };
    clap::Command::new("xunjie")
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
        .arg(help_flag(lang))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .help(say(m::CLI_VERSION))
                .help_heading(say(m::HEAD_OPTIONS))
                .action(ArgAction::Version),
        )
        .subcommand(walk_options(sub("walk", m::CLI_WALK), lang))
        .subcommand(
            sub("check", m::CLI_CHECK).arg(
                positional("files", m::OPT_FILES)
                    .num_args(1..)
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .value_hint(ValueHint::FilePath),
            ),
        )
        .subcommand(sub("where", m::CLI_WHERE))
        .subcommand(
            sub("schema", m::CLI_SCHEMA)
                .arg(positional("what", m::OPT_WHAT).value_name("KIND").value_parser(EnumValueParser::<Kind>::new())),
        )
        .subcommand(
            sub("completions", m::CLI_COMPLETIONS).arg(
                positional("shell", m::OPT_SHELL).value_name("SHELL").value_parser(EnumValueParser::<Shell>::new()),
            ),
        )
}

fn option(lang: Lang, name: &'static str, help: Msg) -> Arg {
    Arg::new(name).long(name).help(help.get(lang)).help_heading(m::HEAD_OPTIONS.get(lang))
}

fn walk_options(walk: clap::Command, lang: Lang) -> clap::Command {
    walk.arg(option(lang, "site", m::OPT_SITE).required(true).value_name("ID"))
        .arg(option(lang, "by", m::OPT_BY).required(true).value_name("ID[=NAME]"))
        .arg(option(lang, "round", m::OPT_ROUND).value_name("R"))
        .arg(
            option(lang, "source", m::OPT_SOURCE)
                .value_parser(EnumValueParser::<Source>::new())
                .default_value(Source::Own.code()),
        )
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

/// Looks at files and says of each what is wrong with it.
pub fn check(out: &mut dyn Write, lang: Lang, files: &[PathBuf]) -> io::Result<Exit> {
    let mut exit = Exit::Done;
    for path in files {
        let name = tell::path(path);
        let found = check_one(lang, path);
        for line in &found.lines {
            writeln!(out, "{name}: {line}")?;
        }
        if !found.good {
            exit = if files.len() == 1 { Exit::Failed } else { Exit::SomeRefused };
        }
    }
    Ok(exit)
}

/// What is said of one file.
struct Found {
    lines: Vec<String>,
    good: bool,
}

fn check_one(lang: Lang, path: &Path) -> Found {
    let bad = |line: String| Found { lines: vec![line], good: false };
    let bytes = match file::read(path, codec::MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(e) => return bad(e.to_string()),
    };
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).into_owned();
    match declared_format(&start) {
        Some(checklist::FORMAT) => match Checklist::read(&bytes) {
            Ok(list) => {
                let (c, t) = (list.categories.len(), list.len());
                good(m::CHECK_GOOD_CHECKLIST.with(lang, &[("c", &c), ("t", &t)]))
            }
            Err(faults) => told(lang, &faults),
        },
        Some(district::FORMAT) => match District::read(&bytes) {
            Ok(district) => good(m::CHECK_GOOD_DISTRICT.with(lang, &[("n", &district.sites.len())])),
            Err(faults) => told(lang, &faults),
        },
        _ => check_as_log(lang, bytes),
    }
}

fn check_as_log(lang: Lang, bytes: Vec<u8>) -> Found {
    match codec::read(&bytes) {
        Ok(log) => check_log(lang, &Opened { log, bytes }),
        Err(why) => Found { lines: vec![tell::refusal(lang, &why)], good: false },
    }
}

/// What a file says it is: the first `"format"` in it. A note of a log may hold any word.
fn declared_format(start: &str) -> Option<&'static str> {
    let (_, after) = start.split_once("\"format\"")?;
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    [checklist::FORMAT, district::FORMAT]
        .into_iter()
        .find(|f| value.strip_prefix(f).is_some_and(|v| v.starts_with('"')))
}

fn good(line: String) -> Found {
    Found { lines: vec![line], good: true }
}

fn told(lang: Lang, faults: &[Fault]) -> Found {
    Found { lines: faults.iter().map(|f| f.tell(lang)).collect(), good: false }
}

fn check_log(lang: Lang, opened: &Opened) -> Found {
    let n = opened.log.lines.len();
    let damage = opened.damage();
    if damage.is_empty() {
        let state = match opened.session().state() {
            State::Open => m::STATE_OPEN,
            State::Paused => m::STATE_PAUSED,
            State::Finished => m::STATE_FINISHED,
        };
        let line = m::CHECK_COMPLETE.with(lang, &[("n", &n), ("state", &state.get(lang))]);
        return Found { lines: vec![line], good: true };
    }
    let mut lines: Vec<String> = damage.iter().map(|d| tell::damage(lang, d)).collect();
    lines.push(m::CHECK_DAMAGED.with(lang, &[("n", &n)]));
    Found { lines, good: false }
}
