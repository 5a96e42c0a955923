//! Files: read with care, replaced atomically, private to the user.
//!
//! What the writer thread does to a disk goes through [`Disk`], so that tests can make any call fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::store::codec::MAX_BYTES;

/// The calls that make a log durable, as the machine's disk has them.
pub trait Disk: Send {
    /// Makes a new file that only the user can read; an existing one is an error.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        Ok(Box::new(private(OpenOptions::new().write(true).create_new(true)).open(path)?))
    }

    /// Opens an existing file for writing.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        Ok(Box::new(careful(OpenOptions::new().write(true)).open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        patiently(|| fs::rename(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    /// Reads what lies at a path, which may be a log.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read(path, MAX_BYTES)
    }

    /// Gives what lies at a path a second name, so that there is no moment without it; a disk that knows no second names
    /// moves it.
    fn keep(&self, path: &Path, copy: &Path) -> io::Result<()> {
        fs::hard_link(path, copy).or_else(|_| self.rename(path, copy))
    }

    /// Makes the entries of a folder durable; Windows does so with the file itself, see [`replace`].
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    /// Makes one folder, whose parent must be there, for the user alone.
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        private_folder().create(path)
    }
}

/// An open file.
pub trait Handle: Send {
    /// Writes at an offset in bytes; may write less than it was given.
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<usize>;
    fn sync(&mut self) -> io::Result<()>;
    /// Whether the file is still the one of this name and has this many bytes.
    fn is_at(&self, path: &Path, bytes: u64) -> bool;
}

/// The disk of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {}

/// A disk that comes and goes, as a stick: a folder that is gone is not made again, because it would be made on another disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct ForeignDisk;

impl Disk for ForeignDisk {
    fn create_folder(&self, _: &Path) -> io::Result<()> {
        // No words of the system: nothing was asked of it.
        Err(io::Error::new(io::ErrorKind::NotFound, ""))
    }
}

/// A disk for what others are to open: files are as readable as the user's other files.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenDisk;

impl Disk for OpenDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Handle>> {
        Ok(Box::new(OpenOptions::new().write(true).create_new(true).open(path)?))
    }
}

impl Handle for File {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<usize> {
        self.seek(SeekFrom::Start(at))?;
        self.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn is_at(&self, path: &Path, bytes: u64) -> bool {
        same_file(self, path) && self.metadata().is_ok_and(|m| m.len() == bytes)
    }
}

/// Whether an open file is the one of this name.
#[cfg(unix)]
pub fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

/// Whether an open file is the one of this name: on Windows too an open file can be moved or removed. A file keeps to its
/// volume, so the number within the volume tells it apart.
#[cfg(windows)]
pub fn same_file(file: &File, path: &Path) -> bool {
    use winapi_util::{AsHandleRef, Handle, file::information};
    let open = information(file.as_handle_ref());
    let named = Handle::from_path(path).and_then(|named| information(&named));
    matches!((open, named), (Ok(a), Ok(b)) if a.file_index() == b.file_index())
}

/// How long is waited in turn for somebody who holds a file.
#[cfg(windows)]
const HELD: [u64; 4] = [10, 40, 150, 300];

/// On Windows nobody replaces a file that a virus scanner or a sync client is just looking at; that is over in a moment.
#[cfg(windows)]
fn patiently(attempt: impl Fn() -> io::Result<()>) -> io::Result<()> {
    /// `ERROR_ACCESS_DENIED`, `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION`.
    const BY_OTHERS: [i32; 3] = [5, 32, 33];
    for wait in HELD {
        match attempt() {
            Err(e) if e.raw_os_error().is_some_and(|code| BY_OTHERS.contains(&code)) => {
                std::thread::sleep(std::time::Duration::from_millis(wait));
            }
            done => return done,
        }
    }
    attempt()
}

#[cfg(unix)]
fn patiently(attempt: impl Fn() -> io::Result<()>) -> io::Result<()> {
    attempt()
}

/// A free name beside a file for what was found damaged or changed: `<name>.damaged-1`, `-2` ...
pub fn damaged_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut free = (1..).map(|n| path.with_file_name(format!("{name}.damaged-{n}")));
    free.find(|p| p.symlink_metadata().is_err()).unwrap_or_else(|| path.with_extension("damaged"))
}

/// Whether a name is one that [`damaged_path`] gives to the log of this name.
pub fn is_damaged_name(name: &str, log: &str) -> bool {
    let number = name.strip_prefix(log).and_then(|rest| rest.strip_prefix(".damaged-"));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The folder a file is in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether two paths lead to one folder, whatever links and detours they take; one that is not there yet is judged by the
/// part of its path that is.
pub fn is_same_folder(a: &Path, b: &Path) -> bool {
    let real = |path: &Path| {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let there = whole.ancestors().find_map(|part| Some((part, dunce::canonicalize(part).ok()?)));
        there.map_or(whole.clone(), |(part, real)| real.join(whole.strip_prefix(part).unwrap_or(Path::new(""))))
    };
    real(a).components().eq(real(b).components())
}

/// The disk below the one a folder is on: what is seen in its place when that disk is taken away. None where nothing is.
#[cfg(unix)]
pub fn disk_below(folder: &Path) -> Option<u64> {
    let real = fs::canonicalize(folder).ok()?;
    let own = device(&real)?;
    real.ancestors().skip(1).filter_map(device).find(|below| *below != own)
}

/// Whether a folder, or what is left of the way to it, is on this disk.
#[cfg(unix)]
pub fn is_on(folder: &Path, disk: u64) -> bool {
    folder.ancestors().find_map(device) == Some(disk)
}

#[cfg(unix)]
fn device(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|about| about.dev())
}

/// On Windows a disk that is taken away leaves nothing in its place.
#[cfg(windows)]
pub fn disk_below(_: &Path) -> Option<u64> {
    None
}

#[cfg(windows)]
pub fn is_on(_: &Path, _: u64) -> bool {
    false
}

/// Removes what a kill left of files that were being written in the folder of a file, if it is older than that file. Only
/// the names that [`replace`] gives: nothing else is ever called so.
pub fn sweep(beside: &Path) {
    let modified = |path: &Path| fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?.modified().ok();
    let (Some(now), Ok(entries)) = (modified(beside), fs::read_dir(folder_of(beside))) else {
        return;
    };
    for path in entries.filter_map(Result::ok).map(|e| e.path()).filter(|p| is_temp(p)) {
        let is_old = modified(&path).and_then(|then| now.duration_since(then).ok()).is_some_and(|age| age > LEFT_OVER);
        if is_old {
            // It does no harm if it stays.
            let _ = fs::remove_file(path);
        }
    }
}

/// So old is a file that nobody is writing any more.
const LEFT_OVER: Duration = Duration::from_secs(60);

fn is_temp(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let id = name.strip_prefix('.').and_then(|n| n.strip_suffix(".tmp"));
    id.is_some_and(|id| id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

/// Whether a file belongs to the user who runs this program.
#[cfg(unix)]
pub fn is_own(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(path).is_ok_and(|about| about.uid() == rustix::process::geteuid().as_raw())
}

/// On Windows the temporary folder is the user's own.
#[cfg(windows)]
pub fn is_own(_: &Path) -> bool {
    true
}

/// Where notes that were typed and not accepted are kept.
pub fn draft_path(log: &Path) -> PathBuf {
    let name = log.file_name().unwrap_or_default().to_string_lossy();
    log.with_file_name(format!(".{name}.draft"))
}

/// Writes everything, whatever portions the disk takes it in.
pub fn write_all(handle: &mut dyn Handle, mut at: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match handle.write_at(at, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => {
                at += n as u64;
                bytes = &bytes[n..];
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Replaces a file as a whole, durably: the old content stands until the new one is safe. Gives the open new file.
pub fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<Box<dyn Handle>> {
    replace_after(disk, path, bytes, &mut || Ok(()))
}

/// The same; when the new content is safe and before it takes the place of the old, `look` sees to what lies there.
pub fn replace_after(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
    look: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<Box<dyn Handle>> {
    let folder = folder_of(path);
    let temp = temp_name(path);
    let written = disk.create(&temp).and_then(|mut handle| {
        write_all(&mut *handle, 0, bytes)?;
        handle.sync()?;
        look()?;
        disk.rename(&temp, path)?;
        if cfg!(windows) {
            // A folder cannot be synced there; the file under its new name can.
            handle.sync()?;
        }
        Ok(handle)
    });
    match written {
        Ok(handle) => disk.sync_folder(folder).map(|()| handle),
        Err(e) => {
            // It may not exist; the first error is the one to tell.
            let _ = disk.remove(&temp);
            Err(e)
        }
    }
}

/// Whether a file could be made in a folder, found out by making one.
pub fn probe(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    let temp = temp_name(&folder.join("probe"));
    let made = disk.create(&temp).map(drop);
    made.and_then(|()| disk.remove(&temp))
}

/// A name beside the file that no log has, and that is short enough wherever a name of the user's is.
fn temp_name(path: &Path) -> PathBuf {
    path.with_file_name(format!(".{}.tmp", uuid::Uuid::new_v4().simple()))
}

/// Makes a folder that only the user can enter, and the folders it is in.
pub fn create_folder(path: &Path) -> io::Result<()> {
    private_folder().recursive(true).create(path)
}

fn private_folder() -> fs::DirBuilder {
    #[cfg_attr(windows, expect(unused_mut, reason = "modes are for Unix; on Windows the profile is the user's alone"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Reads a regular file of at most `limit` bytes: links are not followed, pipes and devices are not waited for.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, length) = open_regular(path)?;
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(limit)).unwrap_or(0));
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {limit} bytes")));
    }
    Ok(bytes)
}

/// Reads the last bytes of a regular file.
pub fn read_end(path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
    let (mut file, length) = open_regular(path)?;
    file.seek(SeekFrom::Start(length.saturating_sub(bytes)))?;
    let mut end = Vec::new();
    file.take(bytes).read_to_end(&mut end)?;
    Ok(end)
}

/// Opens a regular file for reading; gives its length in bytes.
pub fn open_regular(path: &Path) -> io::Result<(File, u64)> {
    let file = careful(OpenOptions::new().read(true)).open(path);
    // Windows does not open a folder at all, and calls that a lack of rights.
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "not a regular file"));
    }
    let file = file?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    Ok((file, about.len()))
}

/// Adds: links are not followed, pipes and devices are not waited for.
pub fn careful(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, libc::O_NONBLOCK | libc::O_NOFOLLOW | libc::O_NOCTTY);
    options
}

/// Adds: only the user may read or write.
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacing_leaves_one_private_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("农业路.json");
        replace(&RealDisk, &path, b"old").unwrap();
        replace(&RealDisk, &path, b"new").unwrap();
        assert_eq!(read(&path, 10).unwrap(), b"new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_somebody_holds_for_a_moment_is_replaced() {
        use std::os::windows::fs::OpenOptionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        fs::write(&path, b"old").unwrap();
        let held = OpenOptions::new().read(true).share_mode(0).open(&path).unwrap();
        let letting_go = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(100));
            drop(held);
        });
        replace(&RealDisk, &path, b"new").unwrap();
        letting_go.join().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn what_a_kill_left_of_a_file_that_was_being_written_is_removed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let old =
            [".0123456789abcdef0123456789abcdef.tmp", ".0123456789abcdef.tmp", "0123456789abcdef0123456789abcdef.tmp"];
        let long_ago = fs::metadata(dir.path()).unwrap().modified().unwrap() - Duration::from_secs(3600);
        for name in old {
            fs::write(at(name), b"half").unwrap();
            File::options().write(true).open(at(name)).unwrap().set_modified(long_ago).unwrap();
        }
        fs::write(at(".ffffffffffffffffffffffffffffffff.tmp"), b"being written").unwrap();
        fs::write(at("a.json"), b"").unwrap();
        sweep(&at("a.json"));
        let mut left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        let expected = [old[1], ".ffffffffffffffffffffffffffffffff.tmp", old[2], "a.json"];
        assert_eq!(left, expected);
    }

    #[cfg(unix)]
    #[test]
    fn one_folder_is_known_by_every_path_that_leads_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let logs = dir.path().join("logs");
        let way = dir.path().join("logs/../logs/./");
        assert!(is_same_folder(&logs, &dir.path().join("./logs")), "not there yet");
        fs::create_dir(&logs).unwrap();
        std::os::unix::fs::symlink(&logs, dir.path().join("link")).unwrap();
        assert!(is_same_folder(&logs, &way) && is_same_folder(&dir.path().join("link"), &logs));
        assert!(!is_same_folder(&logs, dir.path()));
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_within_the_limit_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.json");
        fs::write(&file, b"12345").unwrap();
        assert!(read(&file, 4).is_err());
        let link = dir.path().join("link.json");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(read(&link, 10).is_err());
        assert!(read(dir.path(), 10).is_err());
        let pipe = dir.path().join("pipe.json");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(read(&pipe, 10).is_err(), "a pipe must not hang");
    }
}
