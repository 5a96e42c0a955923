//! A lock beside a file, `.<name>.lock`: the system drops it with the process, so a kill leaves none behind.
//!
//! It is a side file because a lock on the log itself would keep everybody on Windows from reading it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::store::file::{careful, private, same_file};

/// How long [`Lock::wait`] waits.
const PATIENCE: Duration = Duration::from_secs(2);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

/// Why a lock was not had.
#[derive(Debug)]
pub enum Taken {
    /// Another program has it; what that one wrote about itself.
    By(String),
    Io(io::Error),
}

impl Lock {
    /// Takes the lock beside a file; `about` tells others who has it and since when.
    pub fn take(beside: &Path, about: &str) -> Result<Self, Taken> {
        let name = beside.file_name().unwrap_or_default().to_string_lossy();
        let path = beside.with_file_name(format!(".{name}.lock"));
        let mut options = OpenOptions::new();
        careful(private(options.read(true).write(true).create(true).truncate(false)));
        let mut file = options.open(&path).map_err(Taken::Io)?;
        if !file.metadata().map_err(Taken::Io)?.is_file() {
            return Err(Taken::Io(io::Error::new(io::ErrorKind::InvalidInput, "the lock is not a regular file")));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Taken::By(note(&path))),
            Err(TryLockError::Error(e)) => return Err(Taken::Io(e)),
        }
        if !same_file(&file, &path) {
            // Whoever had it removed it between our open and our lock.
            return Self::take(beside, about);
        }
        // The note is a courtesy; the lock holds without it.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(about.as_bytes()));
        Ok(Self { file, path })
    }

    /// Takes the lock, waiting a little for another program to finish.
    pub fn wait(beside: &Path) -> io::Result<Self> {
        Self::wait_for(beside, PATIENCE)
    }

    /// Takes the lock, waiting so long for another program to finish.
    pub fn wait_for(beside: &Path, patience: Duration) -> io::Result<Self> {
        let until = Instant::now() + patience;
        loop {
            match Self::take(beside, "") {
                Ok(lock) => return Ok(lock),
                Err(Taken::Io(e)) => return Err(e),
                Err(Taken::By(_)) if Instant::now() < until => std::thread::sleep(Duration::from_millis(10)),
                Err(Taken::By(_)) => return Err(io::ErrorKind::ResourceBusy.into()),
            }
        }
    }
}

impl Lock {
    /// Whether the lock still lies beside the file it is for; where its folder was moved or it was removed, it keeps
    /// nobody out.
    pub fn is_there(&self) -> bool {
        same_file(&self.file, &self.path)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is held, so that nobody else's lock is removed. If it stays, it does no harm.
        if self.is_there() {
            let _ = fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

/// The lock of a log while it is written. It follows the path of the log: where it is gone, it is taken again.
#[derive(Debug)]
pub struct Guard {
    beside: PathBuf,
    about: String,
    lock: Mutex<Option<Lock>>,
}

impl Guard {
    /// With the lock that was taken for a file, if its disk took one.
    pub fn new(beside: &Path, about: String, lock: Option<Lock>) -> Self {
        Self { beside: beside.to_owned(), about, lock: Mutex::new(lock) }
    }

    /// Makes sure that nobody else writes the file: an error of the kind [`io::ErrorKind::ResourceBusy`] has what another
    /// program wrote about itself.
    pub fn hold(&self) -> io::Result<()> {
        let mut lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if lock.as_ref().is_some_and(Lock::is_there) {
            return Ok(());
        }
        *lock = None;
        match Lock::take(&self.beside, &self.about) {
            Ok(taken) => *lock = Some(taken),
            Err(Taken::By(who)) => return Err(io::Error::new(io::ErrorKind::ResourceBusy, who)),
            // A disk that takes no lock says so when it takes no log; some never take one.
            Err(Taken::Io(_)) => {}
        }
        Ok(())
    }
}

fn note(path: &Path) -> String {
    let mut text = String::new();
    // On Windows the note cannot be read while the lock is held; then nothing is known about the other.
    let _ = File::open(path).and_then(|f| f.take(200).read_to_string(&mut text));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_is_refused_and_says_who_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("a.json");
        let first = Lock::take(&log, "张三").unwrap();
        assert!(matches!(Lock::take(&log, "李四"), Err(Taken::By(who)) if cfg!(windows) || who == "张三"));
        drop(first);
        drop(Lock::take(&log, "李四").unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "no lock file is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_follows_the_path_and_never_removes_that_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let logs = dir.path().join("logs");
        fs::create_dir(&logs).unwrap();
        let log = logs.join("a.json");
        let guard = Guard::new(&log, "first".into(), Some(Lock::take(&log, "first").unwrap()));
        guard.hold().unwrap();
        fs::rename(&logs, dir.path().join("away")).unwrap();
        fs::create_dir(&logs).unwrap();
        let second = Lock::take(&log, "second").unwrap();
        let why = guard.hold().unwrap_err();
        assert_eq!((why.kind(), why.to_string().as_str()), (io::ErrorKind::ResourceBusy, "second"));
        assert!(second.is_there());
        drop(second);
        guard.hold().unwrap();
        assert!(matches!(Lock::take(&log, "third"), Err(Taken::By(who)) if who == "first"));
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_is_never_taken_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let precious = dir.path().join("precious");
        fs::write(&precious, b"precious").unwrap();
        std::os::unix::fs::symlink(&precious, dir.path().join(".a.json.lock")).unwrap();
        assert!(matches!(Lock::take(&dir.path().join("a.json"), "x"), Err(Taken::Io(_))));
        assert_eq!(fs::read(&precious).unwrap(), b"precious");
    }
}
