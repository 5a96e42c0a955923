//! The folders of the program: settings, this installation's identity, and the logs. Nothing else writes a log.

pub mod codec;
pub mod copies;
mod cores;
pub mod file;
pub mod folding;
pub mod inputs;
pub mod lock;
pub mod packed;
pub mod photos;
pub mod rescue;
mod salvage;
pub mod writer;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::checklist::TargetId;
use crate::i18n::Lang;
use crate::log::{Code, Device, Drafts, Head, MAX_COUNT, Name, Object, Person, Place};
use crate::session::{Session, State};
use crate::store::codec::{Damage, Log, Refusal, Room};
use crate::store::file::RealDisk;

/// Settings and identity files are small.
const MAX_SETTINGS: u64 = 1 << 20;
/// Merged logs of others in this folder of the logs are read for what was found before.
const IMPORTS: &str = "imports";
/// How many finished logs are read for the home screen; older ones are listed by name.
const FINISHED_READ: usize = 20;
/// The last event of a log lies within so many bytes of its end, behind which blanks fill a block; one with a longer note
/// is not an end.
const LAST_EVENT: u64 = 512 + codec::BLOCK as u64;

/// Where everything is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    pub logs: PathBuf,
    pub config: PathBuf,
    pub data: PathBuf,
}

/// Something that went wrong with a file, by its name.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", crate::text::visible(&path.to_string_lossy()))]
pub struct FileError {
    pub path: PathBuf,
    pub source: io::Error,
}

/// Names the file an error is about.
trait At<T> {
    fn at(self, path: &Path) -> Result<T, FileError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, FileError> {
        self.map_err(|source| FileError { path: path.to_owned(), source })
    }
}

/// What the program remembers between two starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub lang: Option<Lang>,
    pub by: Option<Person>,
    /// The id of the site of the last walk.
    pub site: Option<Code>,
    /// Where a second copy of the open log is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mirror: Option<PathBuf>,
    /// Where photographs come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub camera: Option<PathBuf>,
}

impl Folders {
    /// The folders of this user; `logs` overrides where logs are kept.
    pub fn find(logs: Option<PathBuf>) -> Option<Self> {
        let dirs = directories::ProjectDirs::from("", "", "xunjie")?;
        // Not what Windows carries from computer to computer with the user: the identity is this computer's, and so are
        // logs with their photographs.
        let data = dirs.data_local_dir().to_owned();
        Some(Self { logs: logs.unwrap_or_else(|| data.join("logs")), config: dirs.config_dir().to_owned(), data })
    }

    /// All folders below one, for tests and sticks.
    pub fn under(root: &Path) -> Self {
        Self { logs: root.join("logs"), config: root.join("config"), data: root.join("data") }
    }

    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.json")
    }

    pub fn device_file(&self) -> PathBuf {
        self.data.join("device.json")
    }

    /// A checklist or district file that replaces the built-in one.
    pub fn custom_file(&self, name: &str) -> Option<PathBuf> {
        let path = self.config.join(name);
        path.exists().then_some(path)
    }

    /// The settings; none on the first run. Unreadable settings are an error, because writing would lose them.
    pub fn settings(&self) -> Result<Option<Settings>, FileError> {
        read_json(&self.settings_file())
    }

    pub fn save_settings(&self, settings: &Settings) -> Result<(), FileError> {
        write_json(&self.settings_file(), settings)
    }

    /// The identity of this installation for a new session: the counter goes up by one, on the disk, first.
    pub fn next_session(&self) -> Result<Device, FileError> {
        let path = self.device_file();
        file::create_folder(&self.data).at(&self.data)?;
        let _lock = lock::Lock::wait(&path).at(&path)?;
        let mut device = match read_json::<Device>(&path)? {
            Some(device) => device,
            None => Device { id: new_device_id(), session: 0 },
        };
        device.session = (device.session + 1).min(MAX_COUNT);
        write_json(&path, &device)?;
        Ok(device)
    }

    /// An identity for one session that cannot be counted, because the disk takes nothing: a device of its own.
    pub fn uncounted_session() -> Device {
        Device { id: new_device_id(), session: 1 }
    }

    /// A path for a new log that no file has: `<date>T<time>_<site>_<inspector>_<first 8 of id>.json`. Its folder is made
    /// if it can be; the writer thread says so if it cannot.
    pub fn new_log(&self, head: &Head) -> PathBuf {
        let _ = file::create_folder(&self.logs);
        let path = self.logs.join(log_name(head, 8));
        let taken = path.symlink_metadata().is_ok();
        if taken { self.logs.join(log_name(head, 36)) } else { path }
    }

    /// The names of logs, the newest first.
    pub fn log_names(&self) -> Result<Vec<PathBuf>, FileError> {
        let entries = match fs::read_dir(&self.logs) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(e).at(&self.logs),
        };
        let mut names: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|e| e == "json") && !is_hidden(p) && !is_rescue(p))
            .collect();
        names.sort_unstable_by(|a, b| b.file_name().cmp(&a.file_name()));
        Ok(names)
    }

    /// The logs of reviews made on this computer.
    pub fn review_logs(&self) -> Vec<PathBuf> {
        let mut names = self.log_names().unwrap_or_default();
        names.retain(|p| is_review(p));
        names
    }

    /// What the home screen lists, the newest first. Unfinished walks are read whole, and the newest finished ones; a
    /// glance at its end tells which a log is.
    pub fn list(&self) -> Result<Vec<Listed>, FileError> {
        let mut finished = 0;
        let mut read = |path: PathBuf| {
            let ended = file::read_end(&path, LAST_EVENT).is_ok_and(|end| ends_finished(&end));
            finished += usize::from(ended);
            if ended && finished > FINISHED_READ { Listed { path, read: Read::NotYet } } else { Listed::read(path) }
        };
        // Rulings are seen in the review, with what they rule on.
        Ok(self.log_names()?.into_iter().filter(|p| !is_review(p)).map(&mut read).collect())
    }

    /// Where walks of a site may be: its logs on this computer, and the folder for merged logs of others.
    pub fn known_of(&self, site: &str) -> Vec<PathBuf> {
        let marked = format!("_{site}_");
        let mut paths = self.log_names().unwrap_or_default();
        paths.retain(|p| p.file_name().is_some_and(|n| n.to_string_lossy().contains(&marked)));
        let imports = self.logs.join(IMPORTS);
        paths.extend(imports.is_dir().then_some(imports));
        paths
    }

    /// The walks of a site and an inspector on this computer: the unfinished one of a round, if there is one, and those that
    /// came before it in the list and cannot be read.
    pub fn begun(&self, walk: &Asked) -> (Option<PathBuf>, Vec<(PathBuf, Unreadable)>) {
        let mut unreadable = Vec::new();
        for path in self.log_names().unwrap_or_default().into_iter().filter(|path| walk.is_named(path)) {
            match open(&path) {
                Ok(opened) if walk.goes_on_in(&opened.session()) => return (Some(path), unreadable),
                Ok(_) => {}
                Err(why) => unreadable.push((path, why)),
            }
        }
        (None, unreadable)
    }

    /// The id of this installation; none before its first walk.
    pub fn device_id(&self) -> Option<Code> {
        read_json::<Device>(&self.device_file()).ok().flatten().map(|device| device.id)
    }
}

/// A walk that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The id of the site.
    pub site: &'a str,
    pub round: &'a str,
    /// The code of the inspector.
    pub by: &'a str,
}

impl Asked<'_> {
    /// Whether the name of a file is that of a log of this site and inspector.
    pub fn is_named(&self, path: &Path) -> bool {
        let marked = format!("_{}_{}_", self.site, self.by);
        path.file_name().is_some_and(|n| n.to_string_lossy().contains(&marked))
    }

    /// Whether it is this walk, and unfinished.
    pub fn goes_on_in(&self, session: &Session) -> bool {
        let head = &session.head;
        session.state() != State::Finished
            && head.by.id.as_str() == self.by
            && head.round.as_ref().is_some_and(|r| r.as_str() == self.round)
            && head.site.as_ref().is_some_and(|s| s.id.as_str() == self.site)
    }
}

/// A log on the home screen.
#[derive(Clone, Debug)]
pub struct Listed {
    pub path: PathBuf,
    pub read: Read,
}

/// What is known of a listed log.
#[derive(Clone, Debug)]
pub enum Read {
    Session(Box<Session>),
    /// Finished long ago and not read.
    NotYet,
    Unreadable(Unreadable),
}

impl Listed {
    fn read(path: PathBuf) -> Self {
        let read = match open(&path) {
            Ok(opened) => Read::Session(Box::new(opened.session())),
            Err(why) => Read::Unreadable(why),
        };
        Self { path, read }
    }
}

/// Whether the end of a log is the event that finishes it.
fn ends_finished(end: &[u8]) -> bool {
    let end = String::from_utf8_lossy(end);
    let last = end.trim_end().trim_end_matches("]}").trim_end().lines().last().unwrap_or_default().to_owned();
    last.contains("\"do\":\"end\",\"why\":\"finished\"")
}

/// Why a log cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// What the system says, and what kind of thing that is.
    Io(io::ErrorKind, String),
    /// More folders deep than are gone into.
    TooDeep(usize),
    /// A zip file, or what is packed otherwise.
    Packed(packed::Why),
    Refused(Refusal),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind(), error.to_string())
    }
}

/// A log that was read, with its bytes.
#[derive(Clone, Debug)]
pub struct Opened {
    pub log: Log,
    pub bytes: Vec<u8>,
}

impl Opened {
    pub fn session(&self) -> Session {
        Session::read(self.log.head.clone(), self.log.events().cloned())
    }

    /// Whether the file is byte for byte what this program writes, so that appending to it is safe.
    pub fn is_ours(&self) -> bool {
        self.room().is_some()
    }

    /// Where the log ends in its file, if that is so.
    pub fn room(&self) -> Option<Room> {
        codec::Encoder::resume(&self.log).room_in(&self.bytes)
    }

    /// The damage that costs or changes something.
    pub fn damage(&self) -> &[Damage] {
        &self.log.damage
    }
}

/// Reads a log.
pub fn open(path: &Path) -> Result<Opened, Unreadable> {
    let bytes = file::read(path, codec::MAX_BYTES)?;
    let log = codec::read(&bytes).map_err(Unreadable::Refused)?;
    Ok(Opened { log, bytes })
}

/// Notes that were typed and not accepted, kept beside a log. A draft that cannot be read is no draft.
pub fn drafts(log: &Path) -> Drafts {
    let bytes = file::read(&file::draft_path(log), MAX_SETTINGS).unwrap_or_default();
    let drafts: Vec<Draft> = serde_json::from_slice(&bytes).unwrap_or_default();
    drafts.into_iter().map(|d| ((d.target, d.place), d.note)).collect()
}

/// A draft as it is kept.
#[derive(Serialize, Deserialize)]
struct Draft {
    target: TargetId,
    place: Option<Place>,
    note: String,
}

/// What to keep of them: nothing when there are none.
pub fn drafts_text(drafts: &Drafts) -> String {
    if drafts.is_empty() {
        return String::new();
    }
    let kept = |((target, place), note): (&(TargetId, Option<Place>), &String)| Draft {
        target: target.clone(),
        place: place.clone(),
        note: note.clone(),
    };
    serde_json::to_string(&drafts.iter().map(kept).collect::<Vec<_>>()).unwrap_or_default()
}

/// Keeps a damaged log under a second name before it is written anew; gives that name.
pub fn keep_damaged(path: &Path) -> Result<PathBuf, FileError> {
    let copy = file::damaged_path(path);
    // A second name needs no room on a full disk; where there are none, the bytes are written once more.
    if fs::hard_link(path, &copy).is_err() {
        let bytes = file::read(path, codec::MAX_BYTES).at(path)?;
        file::replace(&RealDisk, &copy, &bytes).at(&copy)?;
    }
    Ok(copy)
}

/// The code of somebody who gives a name only: what is left of the name in ASCII, else a code computed from the name,
/// so that the same name gets the same code on every laptop.
pub fn code_for(name: &str) -> Code {
    let plain: String = name.trim().to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    if let Ok(code) = Code::try_from(plain) {
        return code;
    }
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(name.trim().as_bytes());
    let code = format!("p{}", &crate::checklist::hex(&digest)[..8]);
    Code::try_from(code).unwrap_or_else(|e| unreachable!("hex digits are a code: {e}"))
}

/// Reads `ID`, `ID=NAME`, or a name alone.
pub fn person(text: &str) -> Option<Person> {
    let text = text.trim();
    if let Some((id, name)) = text.split_once('=') {
        let name = Some(name.trim()).filter(|n| !n.is_empty()).map(Name::try_from).transpose().ok()?;
        return Some(Person { id: Code::try_from(id.trim()).ok()?, name });
    }
    let name = Name::try_from(text).ok()?;
    let id = code_for(text);
    let same = id.as_str() == text;
    Some(Person { id, name: (!same).then_some(name) })
}

/// The name of a log: `<date>T<time>_<site>_<inspector>_<so much of its id>.json`.
pub fn log_name(head: &Head, id_length: usize) -> String {
    let started = head.started.as_str();
    let site = head.site.as_ref().map_or("review", |s| s.id.as_str());
    let time = started[11..19].replace(':', "");
    format!("{}T{time}_{site}_{}_{}.json", &started[..10], head.by.id, &head.id.as_str()[..id_length])
}

fn new_device_id() -> Code {
    let id = uuid::Uuid::new_v4().simple().to_string();
    Code::try_from(&id[..16]).unwrap_or_else(|e| unreachable!("hex digits are a code: {e}"))
}

fn is_review(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().contains("_review_"))
}

/// A rescue file that was written here is a copy of its log, never taken up for it.
fn is_rescue(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(copies::RESCUE))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
}

/// Reads a small file of the program's own. One that is not what it should be is put aside, so that the program starts
/// and nothing of it is lost.
fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, FileError> {
    let bytes = match file::read(path, MAX_SETTINGS) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e).at(path),
    };
    match serde_json::from_slice::<Object<T>>(&bytes) {
        Ok(Object(value)) => Ok(Some(value)),
        Err(_) => fs::rename(path, file::damaged_path(path)).at(path).map(|()| None),
    }
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    file::create_folder(folder).at(folder)?;
    let mut text = serde_json::to_string_pretty(value).map_err(io::Error::from).at(path)?;
    text.push('\n');
    file::replace(&RealDisk, path, text.as_bytes()).map(drop).at(path)
}
