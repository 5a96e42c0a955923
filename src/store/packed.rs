//! Zip files with logs inside: what people send. Members are read one after another and never written anywhere.
//!
//! What a zip says of itself is not trusted: as much is unpacked as it declares and no more, and all that it declares has a
//! limit, so that a small file cannot become a day of work.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::store::{Unreadable, file};

/// The most files a zip may have.
const MAX_MEMBERS: usize = 10_000;
/// The most that the logs of a zip may come to, in bytes.
pub const MAX_UNPACKED: u64 = 1 << 30;
/// How a zip begins: with a member, or with the end where there is none.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// How other packed files begin: gzip, bzip2, xz, 7z, rar, zstd.
const OTHERS: [&[u8]; 6] =
    [b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd"];

/// Why what is packed is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is packed in another way than zip.
    Other,
    /// It is torn, or not made as zips are.
    Broken,
    /// It needs a password.
    Locked,
    /// It is packed by a method that is not read.
    Method,
    TooLarge,
    TooMany,
    /// Nothing in it may be a log.
    NoLogs,
}

impl From<Why> for Unreadable {
    fn from(why: Why) -> Self {
        Self::Packed(why)
    }
}

/// A file in a zip.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// The zip's path with the member's name behind it.
    pub path: PathBuf,
    pub at: usize,
    /// How many bytes it has when it is unpacked.
    pub size: u64,
}

/// Whether a file begins as a zip does.
pub(super) fn is_zip(begins: &[u8]) -> bool {
    ZIP.iter().any(|begin| begins.starts_with(begin))
}

/// Whether a file begins as something does that is packed in another way.
pub(super) fn is_packed_otherwise(begins: &[u8]) -> bool {
    OTHERS.iter().any(|begin| begins.starts_with(begin))
}

/// A zip that is open; the next member of the same zip is not looked for anew.
#[derive(Default)]
pub(super) struct Open {
    zip: Option<(PathBuf, ZipArchive<File>)>,
}

impl Open {
    /// The members of a zip that are files and not the system's own.
    pub fn members(&mut self, path: &Path) -> Result<Vec<Member>, Unreadable> {
        let zip = self.zip(path)?;
        if zip.len() > MAX_MEMBERS {
            return Err(Why::TooMany.into());
        }
        // Of two members of one name only one can be found.
        if zip.has_duplicate_names() {
            return Err(Why::Broken.into());
        }
        let mut members = Vec::new();
        for at in 0..zip.len() {
            let member = zip.by_index_raw(at).map_err(why)?;
            let name = String::from_utf8_lossy(member.name_raw()).into_owned();
            let aside = |part: &str| part.starts_with('.') || part == "__MACOSX" || part.ends_with(".photos");
            if !member.is_dir() && !name.split(['/', '\\']).any(aside) {
                members.push(Member { path: path.join(name.trim_start_matches('/')), at, size: member.size() });
            }
        }
        Ok(members)
    }

    /// Opens a member; it gives as many bytes as the zip declares, or an error.
    pub fn member(&mut self, zip: &Path, member: &Member) -> Result<impl Read, Unreadable> {
        let inner = self.zip(zip)?.by_index(member.at).map_err(why)?;
        Ok(Declared { inner, left: member.size })
    }

    fn zip(&mut self, path: &Path) -> Result<&mut ZipArchive<File>, Unreadable> {
        if self.zip.as_ref().is_none_or(|(own, _)| own != path) {
            let (file, _) = file::open_regular(path)?;
            self.zip = Some((path.to_owned(), ZipArchive::new(file).map_err(why)?));
        }
        match &mut self.zip {
            Some((_, zip)) => Ok(zip),
            None => Err(Why::Broken.into()),
        }
    }
}

fn why(error: ZipError) -> Unreadable {
    match error {
        ZipError::Io(e) if e.kind() != io::ErrorKind::UnexpectedEof => e.into(),
        ZipError::UnsupportedArchive(text) if text == ZipError::PASSWORD_REQUIRED => Why::Locked.into(),
        ZipError::InvalidPassword => Why::Locked.into(),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Why::Method.into(),
        _ => Why::Broken.into(),
    }
}

/// A member that never gives more than was declared.
struct Declared<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Declared<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(n as u64).ok_or(io::ErrorKind::InvalidData)?;
        Ok(n)
    }
}
