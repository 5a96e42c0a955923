//! What a disk did not take goes into a file elsewhere, in the first folder that answers.

use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::store::copies;
use crate::store::writer::Unsaved;

/// A folder that takes longer may be on the disk that hangs: the next one is tried beside it.
const PER_FOLDER: Duration = Duration::from_millis(250);
/// How long the last one is waited for, and those before it once more.
const AT_LAST: Duration = Duration::from_millis(500);

/// What stayed unsaved when a log was closed, and the file it is all in instead, if there is one.
#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    pub unsaved: Unsaved,
    pub file: Option<PathBuf>,
}

/// Writes the whole log to the first of these folders that takes it. Nothing waits for a folder that does not answer.
pub fn rescue(unsaved: Unsaved, folders: &[PathBuf]) -> Left {
    let file = first_to_take(&unsaved, folders);
    Left { unsaved, file }
}

fn first_to_take(unsaved: &Unsaved, folders: &[PathBuf]) -> Option<PathBuf> {
    let (told, taken) = mpsc::channel();
    for folder in folders {
        let (folder, log) = (folder.clone(), unsaved.path.clone());
        let (told, document) = (told.clone(), unsaved.document.clone());
        let write = move || {
            // Whoever asked may have found another place by now.
            let _ = told.send(copies::rescue(&folder, &log, &document).ok());
        };
        if thread::Builder::new().name("xunjie-rescue".into()).spawn(write).is_err() {
            continue;
        }
        if let Ok(Some(path)) = taken.recv_timeout(PER_FOLDER) {
            return Some(path);
        }
    }
    drop(told);
    loop {
        match taken.recv_timeout(AT_LAST) {
            Ok(Some(path)) => return Some(path),
            Ok(None) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsaved() -> Unsaved {
        Unsaved {
            path: PathBuf::from("/gone/a.json"),
            waiting: 1,
            why: "no answer".to_owned(),
            document: "document".to_owned(),
        }
    }

    #[test]
    fn the_first_folder_that_takes_it_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let folders = [dir.path().join("none"), dir.path().to_owned(), std::env::temp_dir()];
        let left = rescue(unsaved(), &folders);
        let file = left.file.unwrap();
        assert_eq!(file.parent(), Some(dir.path()));
        assert_eq!(std::fs::read(file).unwrap(), b"document");
    }

    #[test]
    fn without_a_folder_there_is_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let left = rescue(unsaved(), &[dir.path().join("none")]);
        assert_eq!((left.file, left.unsaved), (None, unsaved()));
    }
}
