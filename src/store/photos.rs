//! Photographs beside a log: copied into a folder of its own, named in the log with the SHA-256 of their bytes.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use memchr::memmem;
use sha2::{Digest, Sha256};

use crate::checklist::{TargetId, hex};
use crate::log::{Code, Name, Photo};
use crate::session::Session;
use crate::store::codec::{self, MAX_BYTES};
use crate::store::file::{self, Disk, RealDisk};

/// The largest photograph, in bytes.
const MAX_PHOTO: u64 = 64 << 20;
/// What the names of photographs end in.
const EXTENSIONS: [&str; 9] = ["jpg", "jpeg", "png", "heic", "heif", "webp", "gif", "bmp", "tif"];

/// What is wrong with a photograph that a log names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    /// Its bytes are not those that were recorded.
    Changed,
}

/// Where the photographs of a log are.
pub fn folder(log: &Path) -> PathBuf {
    let name = log.file_name().unwrap_or_default().to_string_lossy();
    log.with_file_name(format!("{name}.photos"))
}

/// A photograph of the camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shot {
    pub path: PathBuf,
    /// When it was written, by the clock of this place: `08-22 08:21`.
    pub taken: String,
    /// The file beside the log that has the same bytes.
    pub copy: Option<String>,
}

/// The newest photographs of a camera's folder, the newest first, at most so many; those that lie beside the log already
/// say so.
pub fn newest(camera: &Path, log: Option<&Path>, most: usize) -> io::Result<Vec<Shot>> {
    let copies = log.map(|log| sizes(&folder(log))).unwrap_or_default();
    let shot = |(modified, path): (Timestamp, PathBuf)| {
        let taken = modified.to_zoned(TimeZone::system()).strftime("%m-%d %H:%M").to_string();
        let copy = copy_of(&path, &copies).map(|name| name.to_string_lossy().into_owned());
        Shot { path, taken, copy }
    };
    Ok(photos_in(camera)?.into_iter().take(most).map(shot).collect())
}

/// The photographs of a folder, the newest first.
fn photos_in(folder: &Path) -> io::Result<Vec<(Timestamp, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.filter_map(Result::ok) {
        let path = entry.path();
        let modified = entry.metadata().and_then(|about| about.modified()).ok();
        if let Some(modified) = modified.and_then(|at| Timestamp::try_from(at).ok())
            && is_photo(&path)
        {
            found.push((modified, path));
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found)
}

/// The photographs of a folder with their sizes; none where there is no such folder.
fn sizes(folder: &Path) -> Vec<(u64, PathBuf)> {
    let found = photos_in(folder).unwrap_or_default().into_iter();
    found.filter_map(|(_, path)| Some((path.metadata().ok()?.len(), path))).collect()
}

/// Which of these files has the same bytes. Only what is as large is read.
fn copy_of<'a>(photo: &Path, copies: &'a [(u64, PathBuf)]) -> Option<&'a OsStr> {
    let size = photo.metadata().ok()?.len();
    let mut same = copies.iter().filter(|(own, _)| *own == size).peekable();
    same.peek()?;
    let bytes = file::read(photo, MAX_PHOTO).ok()?;
    let copy = same.find(|(_, path)| file::read(path, MAX_PHOTO).is_ok_and(|own| own == bytes));
    copy.and_then(|(_, path)| path.file_name())
}

/// Copies a photograph beside a log, durably, under the target's id and the next number that is free there and that the
/// log has not `named`. The original stays.
pub fn attach(log: &Path, photo: &Path, target: &TargetId, named: &[Name]) -> io::Result<Photo> {
    // Where a link leads is what was chosen.
    let real = fs::canonicalize(photo)?;
    let extension = extension(photo).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let bytes = file::read(&real, MAX_PHOTO)?;
    // A camera that is still writing.
    if bytes.is_empty() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let folder = folder(log);
    if !folder.is_dir() {
        file::create_folder(&folder)?;
    }
    for n in 1.. {
        let name = format!("{target}-{n}.{extension}");
        let path = folder.join(&name);
        if named.iter().any(|own| own.as_str() == name) {
            continue;
        }
        // The name is taken before the bytes are written: two photographs may be copied at once.
        match RealDisk.create(&path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
            made => drop(made?),
        }
        file::replace(&RealDisk, &path, &bytes)?;
        RealDisk.sync_folder(log.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        return Ok(Photo { file: checked(name)?, sha256: digest(&bytes)? });
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Copies the photographs beside a log to where it lies now, durably, and says how many there are; what is there already
/// is left as it is.
pub fn follow(old: &Path, new: &Path) -> io::Result<usize> {
    let (from, to) = (folder(old), folder(new));
    if !from.is_dir() {
        return Ok(0);
    }
    file::create_folder(&to)?;
    let photos = photos_in(&from)?;
    for (_, path) in &photos {
        let own = to.join(path.file_name().unwrap_or_default());
        if !own.exists() {
            file::replace(&RealDisk, &own, &file::read(path, MAX_PHOTO)?)?;
        }
    }
    Ok(photos.len())
}

/// The photographs that stand in a log and are not beside it as they were recorded, with their targets.
pub fn all_wrong(path: &Path, session: &Session) -> Vec<(TargetId, Photo, Wrong)> {
    let named = session.standings().flat_map(|s| s.judgement.photos.iter().map(|photo| (&s.judgement.target, photo)));
    // A log may name one file a thousand times; it is read once.
    let mut known: HashMap<&Name, Option<Code>> = HashMap::new();
    let wrong = named.filter_map(|(target, photo)| {
        let found = known.entry(&photo.file).or_insert_with(|| digest_of(path, photo));
        Some((target.clone(), photo.clone(), differs(found.as_ref(), photo)?))
    });
    wrong.collect()
}

/// The same of a log that is not open; nothing where it is none.
pub fn all_wrong_in(path: &Path) -> Vec<(TargetId, Photo, Wrong)> {
    let bytes = file::read(path, MAX_BYTES).unwrap_or_default();
    // Most logs name no photograph, and are not read again.
    if memmem::find(&bytes, b"\"photos\":").is_none() {
        return Vec::new();
    }
    codec::read(&bytes)
        .map_or_else(|_| Vec::new(), |log| all_wrong(path, &Session::read(log.head.clone(), log.events().cloned())))
}

/// What is wrong with a photograph of a log, if anything is.
pub fn wrong(log: &Path, photo: &Photo) -> Option<Wrong> {
    differs(digest_of(log, photo).as_ref(), photo)
}

fn differs(found: Option<&Code>, photo: &Photo) -> Option<Wrong> {
    match found {
        Some(digest) if *digest == photo.sha256 => None,
        Some(_) => Some(Wrong::Changed),
        None => Some(Wrong::Missing),
    }
}

/// The SHA-256 of a photograph beside a log; none where there is none.
fn digest_of(log: &Path, photo: &Photo) -> Option<Code> {
    // A name from a log never leads out of the folder.
    let name = Path::new(photo.file.as_str()).file_name().filter(|name| *name == photo.file.as_str())?;
    digest(&file::read(&folder(log).join(name), MAX_PHOTO).ok()?).ok()
}

/// A photograph of a log that may be opened with a viewer: its name is one, and it is a file in the log's own folder.
pub fn viewable(log: &Path, name: &str) -> Option<PathBuf> {
    let own = Path::new(name).file_name().filter(|own| *own == name)?;
    let path = folder(log).join(own);
    (is_photo(&path) && path.symlink_metadata().is_ok_and(|about| about.is_file())).then_some(path)
}

fn is_photo(path: &Path) -> bool {
    extension(path).is_some()
}

/// The ending of a photograph's name, in small letters.
fn extension(path: &Path) -> Option<&'static str> {
    let own = path.extension()?.to_str()?;
    EXTENSIONS.into_iter().find(|e| own.eq_ignore_ascii_case(e))
}

fn digest(bytes: &[u8]) -> io::Result<Code> {
    Code::try_from(hex(&Sha256::digest(bytes))).map_err(io::Error::other)
}

fn checked(name: String) -> io::Result<Name> {
    Name::try_from(name).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photographs_are_copied_numbered_and_checked() {
        let dir = tempfile::tempdir().unwrap();
        let (log, camera) = (dir.path().join("a.json"), dir.path().join("camera"));
        fs::create_dir(&camera).unwrap();
        fs::write(camera.join("IMG 1.JPG"), b"one").unwrap();
        fs::write(camera.join("notes.txt"), b"no photograph").unwrap();
        let target = TargetId::try_from("3.10".to_owned()).unwrap();
        fs::write(camera.join("IMG 2.JPG"), b"two").unwrap();
        fs::File::open(camera.join("IMG 2.JPG")).unwrap().set_modified(Timestamp::UNIX_EPOCH.into()).unwrap();
        let shots = newest(&camera, Some(&log), 9).unwrap();
        let photo: Vec<PathBuf> = shots.iter().map(|s| s.path.clone()).collect();
        assert_eq!(photo, [camera.join("IMG 1.JPG"), camera.join("IMG 2.JPG")]);
        assert!(shots.iter().all(|s| s.copy.is_none()) && !shots[0].taken.is_empty());
        let (first, second) =
            (attach(&log, &photo[0], &target, &[]).unwrap(), attach(&log, &photo[0], &target, &[]).unwrap());
        let copies: Vec<_> = newest(&camera, Some(&log), 9).unwrap().into_iter().map(|s| s.copy).collect();
        assert!(copies[0].as_deref().is_some_and(|own| own.starts_with("3.10-")) && copies[1].is_none(), "{copies:?}");
        assert_eq!((first.file.as_str(), second.file.as_str()), ("3.10-1.jpg", "3.10-2.jpg"));
        assert_eq!(first.sha256.as_str(), "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
        assert_eq!((wrong(&log, &first), wrong(&log, &second)), (None, None));
        fs::write(folder(&log).join("3.10-1.jpg"), b"other").unwrap();
        fs::remove_file(folder(&log).join("3.10-2.jpg")).unwrap();
        assert_eq!((wrong(&log, &first), wrong(&log, &second)), (Some(Wrong::Changed), Some(Wrong::Missing)));
        assert!(attach(&log, &camera.join("notes.txt"), &target, &[]).is_err());
        // A log that moves takes them along.
        let moved = dir.path().join("stick").join("a.json");
        fs::create_dir(dir.path().join("stick")).unwrap();
        fs::write(folder(&log).join("3.10-2.jpg"), b"one").unwrap();
        assert_eq!((follow(&log, &moved).unwrap(), wrong(&moved, &second)), (2, None));
        assert_eq!(follow(&dir.path().join("none.json"), &moved).unwrap(), 0);
        // What the log names already is never named again, wherever that file is now.
        let third = attach(&log, &photo[0], &target, std::slice::from_ref(&second.file)).unwrap();
        assert_eq!(third.file.as_str(), "3.10-3.jpg");
        assert!(viewable(&log, "3.10-3.jpg").is_some() && viewable(&log, "../a.json").is_none());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc/passwd", folder(&log).join("x.jpg")).unwrap();
            fs::write(folder(&log).join("x.desktop"), b"run").unwrap();
            assert_eq!((viewable(&log, "x.jpg"), viewable(&log, "x.desktop")), (None, None));
        }
        let outside = Photo { file: Name::try_from("../camera/IMG 1.JPG").unwrap(), ..first };
        assert_eq!(wrong(&log, &outside), Some(Wrong::Missing));
    }
}
