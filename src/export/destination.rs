//! Where reports go. Everything that can be refused is refused before the work starts.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use memchr::memmem;

use crate::export::{self, csv, csv::Mark};
use crate::i18n::{Lang, messages as m};
use crate::report::Report;
use crate::store::codec;
use crate::store::file::{self, OpenDisk};

/// How much of a file is looked through for a log, in bytes.
const SEARCHED: u64 = 256 << 20;
/// How a report in Markdown begins: in this format alone a note could hold what logs are made of.
const MARKDOWN: &[u8] = b"# ";
/// How reports in other formats begin, and what stands in the style of a page.
const JSON: &[u8] = b"{\n  \"format\": \"xunjie-report\"";
const HTML: &[u8] = b"<!DOCTYPE html>\n<html lang=\"";
const STYLE: &str = "--paper: #fff; --ink: #1b1f24; --soft: #57606a;";
/// The most that is read of what a workbook says of itself.
const PROPERTIES: u64 = 1 << 16;

/// A place that was looked at and can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    File(PathBuf),
    /// Made when it is needed.
    Folder(PathBuf),
}

/// Why nothing can be written to a place.
#[derive(Debug)]
pub enum Refused {
    /// What stands there is a log, or an archive of logs.
    Log,
    /// It is one of the inputs.
    Input,
    NotAFile,
    /// It is a link, which may lead anywhere.
    Link,
    /// It is something else than a report of this format.
    Other,
    /// It is too large to be looked through.
    TooLarge,
    NoFolder(PathBuf),
    Io(io::Error),
}

impl Destination {
    /// Looks at a place. A folder is one that exists, or is written with a separator at its end.
    pub fn find(path: &Path, inputs: &[PathBuf], names: &[String]) -> Result<Self, Refused> {
        // Also where it is written with a separator at its end.
        if path.components().as_path().is_symlink() {
            return Err(Refused::Link);
        }
        let real = match dunce::canonicalize(path) {
            Ok(real) => real,
            Err(_) if path.file_name().is_none() || is_written_with(path, "/.") => {
                return Err(Refused::NoFolder(path.to_owned()));
            }
            Err(_) => path.to_owned(),
        };
        let folder = is_written_with(path, "/");
        // What Windows calls a wrong name and Unix no folder.
        if folder && path.components().as_path().is_file() {
            return Err(Refused::NotAFile);
        }
        if real.is_dir() {
            file::probe(&OpenDisk, &real).map_err(Refused::Io)?;
            names.iter().try_for_each(|name| replaceable(&real.join(name), name, inputs))?;
            return Ok(Self::Folder(real));
        }
        let above = real.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !above.is_dir() {
            return Err(Refused::NoFolder(above.to_owned()));
        }
        replaceable(&real, names.first().map_or("", |name| name), inputs)?;
        file::probe(&OpenDisk, above).map_err(Refused::Io)?;
        match (folder, real.exists()) {
            (true, true) => Err(Refused::NotAFile),
            (true, false) => Ok(Self::Folder(real)),
            _ => Ok(Self::File(real)),
        }
    }

    /// Writes files, each as a whole: what stood there stands until the new one is safe.
    pub fn write(&self, files: &[(String, Vec<u8>)], inputs: &[PathBuf]) -> Result<Vec<PathBuf>, (PathBuf, Refused)> {
        let mut written = Vec::new();
        for (name, bytes) in files {
            let path = match self {
                Self::File(path) => path.clone(),
                Self::Folder(folder) => {
                    fs::create_dir_all(folder).map_err(|e| (folder.clone(), Refused::Io(e)))?;
                    folder.join(name)
                }
            };
            write(&path, name, bytes, inputs).map_err(|why| (path.clone(), why))?;
            written.push(path);
        }
        Ok(written)
    }
}

/// Whether a path is written with this end, with whichever separator.
fn is_written_with(path: &Path, end: &str) -> bool {
    let text = path.to_string_lossy();
    text.ends_with(end) || text.ends_with(&end.replace('/', std::path::MAIN_SEPARATOR_STR))
}

fn write(path: &Path, name: &str, bytes: &[u8], inputs: &[PathBuf]) -> Result<(), Refused> {
    // Reading may have taken long, and something else may stand there by now.
    replaceable(path, name, inputs)?;
    let before = fs::metadata(path).ok().map(|about| about.permissions());
    file::replace(&OpenDisk, path, bytes).map_err(Refused::Io)?;
    // Who could read the old one can read the new one, and nobody else.
    before.map_or(Ok(()), |permissions| fs::set_permissions(path, permissions)).map_err(Refused::Io)
}

/// Whether a report, which is called so in a folder, may take the place of what stands at a path.
fn replaceable(path: &Path, name: &str, inputs: &[PathBuf]) -> Result<(), Refused> {
    let about = match fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => return Err(Refused::Link),
        Ok(about) => about,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) if e.kind() == io::ErrorKind::NotADirectory => return Err(Refused::NotAFile),
        Err(e) => return Err(Refused::Io(e)),
    };
    if !about.is_file() {
        return Err(Refused::NotAFile);
    }
    let real = fs::canonicalize(path).map_err(Refused::Io)?;
    if inputs.iter().any(|input| fs::canonicalize(input).is_ok_and(|input| input == real)) {
        return Err(Refused::Input);
    }
    if about.len() > SEARCHED {
        return Err(Refused::TooLarge);
    }
    let bytes = file::read(&real, SEARCHED).map_err(Refused::Io)?;
    match () {
        () if has_a_log(&bytes) => Err(Refused::Log),
        // An empty file holds nothing that could be lost.
        () if bytes.is_empty() || is_report(&bytes, name) => Ok(()),
        () => Err(Refused::Other),
    }
}

/// Whether something is a report of this program in the format of a name.
fn is_report(bytes: &[u8], name: &str) -> bool {
    let holds = |part: &str| memmem::find(bytes, part.as_bytes()).is_some();
    match Path::new(name).extension().and_then(|e| e.to_str()) {
        Some("json") => bytes.starts_with(JSON),
        Some("html") => bytes.starts_with(HTML) && holds(STYLE),
        Some("md") => {
            let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
            bytes.starts_with(MARKDOWN) && titles().iter().any(|title| first.ends_with(title.as_bytes()))
        }
        Some("csv") => is_table(bytes),
        Some("xlsx") => properties(bytes)
            .is_some_and(|text| titles().iter().any(|title| text.contains(&format!("{title}</dc:title>")))),
        _ => false,
    }
}

/// How the titles of reports end.
fn titles() -> [String; 2] {
    [Lang::Zh, Lang::En].map(|lang| m::REPORT_TITLE.with(lang, &[("district", &"")]))
}

/// Whether the first line is that of one of the tables.
fn is_table(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let blank = Report::blank();
    let first = |bytes: &[u8]| bytes.split(|b| *b == b'\n').next().unwrap_or_default().to_vec();
    let own = first(bytes);
    [Lang::Zh, Lang::En].into_iter().any(|lang| {
        let tables = export::NAMES.iter().filter_map(|name| export::one(&blank, name, lang));
        tables.filter_map(|table| csv::bytes(&table, lang, Mark::None).ok()).any(|table| first(&table) == own)
    })
}

/// What a workbook says of itself.
fn properties(bytes: &[u8]) -> Option<String> {
    let mut zip = zip::ZipArchive::new(io::Cursor::new(bytes)).ok()?;
    let mut text = String::new();
    zip.by_name("docProps/core.xml").ok()?.take(PROPERTIES).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Whether there is a log in a file, or what is left of one.
fn has_a_log(bytes: &[u8]) -> bool {
    let holds = |part: &[u8]| memmem::find(bytes, part).is_some();
    let torn = || holds(codec::BEGINNING) || (holds(b"{\"seq\":") && holds(b"\"do\":\""));
    codec::read_all(bytes).is_ok_and(|(archive, _)| !archive.is_empty()) || (!bytes.starts_with(MARKDOWN) && torn())
}
