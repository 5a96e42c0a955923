//! Where reports go. Everything that can be refused is refused before the work starts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use memchr::memmem;

use crate::store::codec;
use crate::store::file::{self, OpenDisk};

/// How much of a file is looked through for a log, in bytes.
const SEARCHED: u64 = 256 << 20;
/// How a report in Markdown begins: in this format alone a note could hold what logs are made of.
const MARKDOWN: &[u8] = b"# ";

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
    /// It is too large to be looked through.
    TooLarge,
    NoFolder(PathBuf),
    Io(io::Error),
}

impl Destination {
    /// Looks at a place. A folder is one that exists, or is written with a separator at its end.
    pub fn find(path: &Path, inputs: &[PathBuf], names: &[String]) -> Result<Self, Refused> {
        // What a link points to is what is replaced, never the link.
        let real = match dunce::canonicalize(path) {
            Ok(real) => real,
            Err(_) if path.is_symlink() => return Err(Refused::NotAFile),
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
            names.iter().try_for_each(|name| replaceable(&real.join(name), inputs))?;
            return Ok(Self::Folder(real));
        }
        let above = real.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !above.is_dir() {
            return Err(Refused::NoFolder(above.to_owned()));
        }
        replaceable(&real, inputs)?;
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
            write(&path, bytes, inputs).map_err(|why| (path.clone(), why))?;
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

fn write(path: &Path, bytes: &[u8], inputs: &[PathBuf]) -> Result<(), Refused> {
    // Reading may have taken long, and something else may stand there by now.
    replaceable(path, inputs)?;
    let before = fs::metadata(path).ok().map(|about| about.permissions());
    file::replace(&OpenDisk, path, bytes).map_err(Refused::Io)?;
    // Who could read the old one can read the new one, and nobody else.
    before.map_or(Ok(()), |permissions| fs::set_permissions(path, permissions)).map_err(Refused::Io)
}

/// Whether a report may take the place of what stands at a path.
fn replaceable(path: &Path, inputs: &[PathBuf]) -> Result<(), Refused> {
    let about = match fs::metadata(path) {
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
    if has_a_log(&bytes) { Err(Refused::Log) } else { Ok(()) }
}

/// Whether there is a log in a file, or what is left of one.
fn has_a_log(bytes: &[u8]) -> bool {
    let holds = |part: &[u8]| memmem::find(bytes, part).is_some();
    let torn = || holds(codec::BEGINNING) || (holds(b"{\"seq\":") && holds(b"\"do\":\""));
    codec::read_all(bytes).is_ok_and(|(archive, _)| !archive.is_empty()) || (!bytes.starts_with(MARKDOWN) && torn())
}
