//! A folder of output that survives: what is written goes on after a kill, a crash or a full disk where it stopped.
//!
//! In: the bytes of some files, piece by piece, and the position of the run after each batch. Out: the files, under their names only
//! when all are whole, with the same bytes whether the run was interrupted or not. Never: a piece that is counted as done before
//! it is on the disk.
//!
//! While the run lasts everything lies in [`WORK`] below the folder: the growing files, and `checkpoint.json`, which says how long
//! they were at which position of the run. It is replaced only after they are on the disk. Going on cuts the files back to it.

use crate::pipeline::{Position, Start, Summary};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Where a run that has not ended keeps its files.
pub const WORK: &str = ".solieu-run";
const CHECKPOINT: &str = "checkpoint.json";
/// Checkpoints come at most so often …
const SHORTEST: Duration = Duration::from_millis(200);
/// … and so seldom that they take no more than one part in so many of the time.
const SHARE: u32 = 20;
const BUFFER: usize = 256 << 10;

/// Why a folder cannot be used for output.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{}: cannot be used for output: {error}; name a folder that can be written", path.display())]
    Unusable { path: PathBuf, error: io::Error },
    #[error("{}: another run is writing there; wait for its end or name another folder", .0.display())]
    Busy(PathBuf),
    #[error("{dir}: an interrupted run lies there; go on with --resume, or remove {dir}/{WORK} to begin anew", dir = .0.display())]
    Interrupted(PathBuf),
    #[error("{dir}: the interrupted run there had another {what} ({was}, now {is}); go on as it began, or remove {dir}/{WORK} to begin anew", dir = dir.display())]
    Other { dir: PathBuf, what: String, was: String, is: String },
    #[error("{dir}: the interrupted run there is damaged: {reason}; remove {dir}/{WORK} to begin anew", dir = dir.display())]
    Damaged { dir: PathBuf, reason: String },
}

/// A file that grows.
pub struct Part {
    pub name: String,
    /// What stands at its beginning.
    pub head: Vec<u8>,
    /// Whether it is output, or only serves to make some.
    pub kept: bool,
}

/// What a folder is, once it is opened.
pub enum Opened {
    /// To be written, from [`Folder::start`] on.
    Going(Box<Folder>),
    /// An earlier run had ended but for putting its files in their places, which is done now.
    Whole(Box<Start>),
}

/// Output on its way into a folder.
pub struct Folder {
    dir: PathBuf,
    work: PathBuf,
    files: Vec<(Part, BufWriter<File>)>,
    checkpoint: Checkpoint,
    last: Instant,
    pause: Duration,
    /// Held while the run lasts.
    _lock: File,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Checkpoint {
    /// What must not change between the runs.
    settings: Map<String, Value>,
    start: Start,
    /// Records for which the format has no place.
    left_out: usize,
    /// Length of each file.
    lengths: Vec<u64>,
    /// The files to be put in their places; none while the run lasts.
    whole: Option<Vec<String>>,
}

impl Folder {
    /// Opens a folder, which is made when it is not there. `settings` are what a run must share with the one it goes on with.
    ///
    /// # Errors
    /// When the folder cannot be written, another run writes to it, or an interrupted run lies there and `resume` is not wanted or
    /// not possible. Nothing is lost then.
    pub fn open(dir: &Path, settings: Map<String, Value>, parts: Vec<Part>, resume: bool) -> Result<Opened, FolderError> {
        let unusable = |error| FolderError::Unusable { path: dir.to_owned(), error };
        let work = dir.join(WORK);
        fs::create_dir_all(&work).map_err(unusable)?;
        let lock = lock(dir, &work)?;
        let earlier = earlier(dir, &work)?;
        if let Some(earlier) = &earlier {
            if !resume {
                return Err(FolderError::Interrupted(dir.to_owned()));
            }
            same(dir, &earlier.settings, &settings)?;
            if let Some(names) = &earlier.whole {
                place(dir, &work, names).map_err(unusable)?;
                return Ok(Opened::Whole(Box::new(earlier.start.clone())));
            }
        }
        let checkpoint = earlier.unwrap_or(Checkpoint { settings, ..Checkpoint::default() });
        let files = parts.into_iter().enumerate().map(|(i, part)| grow(dir, &work, part, checkpoint.lengths.get(i).copied()));
        let files = files.collect::<Result<_, _>>()?;
        let folder = Self { dir: dir.to_owned(), work, files, checkpoint, last: Instant::now(), pause: SHORTEST, _lock: lock };
        Ok(Opened::Going(Box::new(folder)))
    }

    /// Where the run has to begin.
    pub fn start(&self) -> Start {
        self.checkpoint.start.clone()
    }

    /// How many records an earlier run had no place for.
    pub fn left_out(&self) -> usize {
        self.checkpoint.left_out
    }

    /// Appends to each file.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn write<'b>(&mut self, pieces: impl IntoIterator<Item = &'b [u8]>) -> io::Result<()> {
        self.files.iter_mut().zip(pieces).try_for_each(|((_, file), piece)| file.write_all(piece))
    }

    /// Told how far the run is; remembers it on the disk from time to time.
    ///
    /// # Errors
    /// When the disk does not take it; the last checkpoint stays.
    pub fn reached(&mut self, position: Position, summary: &Summary, left_out: usize) -> io::Result<()> {
        if self.last.elapsed() < self.pause {
            return Ok(());
        }
        let began = Instant::now();
        self.checkpoint.start = Start { position, summary: summary.clone() };
        self.checkpoint.left_out = left_out;
        self.save()?;
        self.pause = SHORTEST.max(began.elapsed() * SHARE);
        self.last = Instant::now();
        Ok(())
    }

    /// Ends the run: `make` adds files to the work folder, which it is given, and names them; then all get their places.
    ///
    /// # Errors
    /// When the disk does not take it; the run can be resumed.
    pub fn finish(mut self, summary: &Summary, make: impl FnOnce(&Path) -> io::Result<Vec<String>>) -> io::Result<()> {
        self.files.iter_mut().try_for_each(|(_, file)| file.flush())?;
        let made = make(&self.work)?;
        made.iter().try_for_each(|name| File::open(self.work.join(name))?.sync_all())?;
        let kept = self.files.iter().filter(|(part, _)| part.kept).map(|(part, _)| part.name.clone());
        let names: Vec<String> = kept.chain(made).collect();
        self.checkpoint.start.summary = summary.clone();
        self.checkpoint.whole = Some(names.clone());
        self.save()?;
        place(&self.dir, &self.work, &names)
    }

    /// First the files, then what tells how long they are.
    fn save(&mut self) -> io::Result<()> {
        self.checkpoint.lengths.clear();
        for (_, file) in &mut self.files {
            file.flush()?;
            file.get_ref().sync_data()?;
            self.checkpoint.lengths.push(file.get_ref().metadata()?.len());
        }
        let new = self.work.join(format!("{CHECKPOINT}.tmp"));
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(&self.checkpoint)?)?;
        file.sync_all()?;
        fs::rename(&new, self.work.join(CHECKPOINT))?;
        sync(&self.work)
    }
}

fn lock(dir: &Path, work: &Path) -> Result<File, FolderError> {
    let unusable = |error| FolderError::Unusable { path: dir.to_owned(), error };
    let file = OpenOptions::new().create(true).append(true).open(work.join("lock")).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FolderError::Busy(dir.to_owned())),
        // A file system without locks: two runs at once cannot be told there.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// What an interrupted run has left; none when it had no checkpoint yet.
fn earlier(dir: &Path, work: &Path) -> Result<Option<Checkpoint>, FolderError> {
    let bytes = match fs::read(work.join(CHECKPOINT)) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FolderError::Unusable { path: work.join(CHECKPOINT), error }),
    };
    let checkpoint = serde_json::from_slice(&bytes);
    checkpoint.map(Some).map_err(|e| FolderError::Damaged { dir: dir.to_owned(), reason: e.to_string() })
}

fn same(dir: &Path, was: &Map<String, Value>, is: &Map<String, Value>) -> Result<(), FolderError> {
    let told = |settings: &Map<String, Value>, what: &str| settings.get(what).map_or("none".to_owned(), Value::to_string);
    match was.keys().chain(is.keys()).find(|what| was.get(*what) != is.get(*what)) {
        None => Ok(()),
        Some(what) => Err(FolderError::Other { dir: dir.to_owned(), what: what.clone(), was: told(was, what), is: told(is, what) }),
    }
}

/// Opens a file at its beginning, or where the checkpoint says that it ended.
fn grow(dir: &Path, work: &Path, part: Part, length: Option<u64>) -> Result<(Part, BufWriter<File>), FolderError> {
    let path = work.join(&part.name);
    let open = || -> io::Result<(File, u64)> {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let has = file.metadata()?.len();
        file.set_len(length.unwrap_or(0).min(has))?;
        Ok((file, has))
    };
    let (mut file, has) = open().map_err(|error| FolderError::Unusable { path: path.clone(), error })?;
    match length {
        Some(length) if has < length => Err(FolderError::Damaged { dir: dir.to_owned(), reason: format!("{} is too short", part.name) }),
        Some(_) => Ok((part, BufWriter::with_capacity(BUFFER, file))),
        None => {
            file.write_all(&part.head).map_err(|error| FolderError::Unusable { path, error })?;
            Ok((part, BufWriter::with_capacity(BUFFER, file)))
        }
    }
}

/// Puts whole files in their places and removes the work folder. May be repeated after an interruption at any moment.
fn place(dir: &Path, work: &Path, names: &[String]) -> io::Result<()> {
    for name in names {
        match fs::rename(work.join(name), dir.join(name)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound && dir.join(name).exists() => {}
            other => other?,
        }
    }
    sync(dir)?;
    // The checkpoint goes last but for the folder: what is left without it is no run.
    let rest = fs::read_dir(work)?.flatten().map(|e| e.path()).filter(|p| p.file_name().is_some_and(|n| n != CHECKPOINT));
    rest.for_each(|path| drop(fs::remove_file(path)));
    fs::remove_file(work.join(CHECKPOINT))?;
    fs::remove_dir(work)
}

/// Makes sure that names are on the disk, not files alone.
#[cfg(unix)]
fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(rules: &str) -> Map<String, Value> {
        Map::from_iter([("rules".to_owned(), rules.into())])
    }

    fn open(dir: &Path, rules: &str, resume: bool) -> Result<Opened, FolderError> {
        let part = |name: &str, kept| Part { name: name.into(), head: b"head\n".to_vec(), kept };
        Folder::open(dir, settings(rules), vec![part("a", true), part("b", false)], resume)
    }

    fn going(dir: &Path, resume: bool) -> Box<Folder> {
        match open(dir, "r", resume).unwrap() {
            Opened::Going(folder) => folder,
            Opened::Whole(_) => panic!("the run has not ended"),
        }
    }

    fn position(items: u64) -> Position {
        Position { items, fingerprint: 7 }
    }

    fn told<T>(result: Result<T, FolderError>) -> String {
        result.err().unwrap().to_string()
    }

    #[test]
    fn what_was_written_behind_the_checkpoint_is_written_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = going(dir.path(), false);
        folder.pause = Duration::ZERO;
        folder.write([b"one\n".as_slice(), b"1\n"]).unwrap();
        folder.reached(position(1), &Summary::default(), 3).unwrap();
        folder.write([b"torn".as_slice(), b""]).unwrap();
        drop(folder);
        let mut folder = going(dir.path(), true);
        assert_eq!((folder.start().position, folder.left_out()), (position(1), 3));
        folder.write([b"two\n".as_slice(), b"2\n"]).unwrap();
        let make = |work: &Path| {
            assert_eq!(fs::read(work.join("b"))?, b"head\n1\n2\n");
            fs::write(work.join("c"), "made").map(|()| vec!["c".to_owned()])
        };
        folder.finish(&Summary::default(), make).unwrap();
        assert_eq!(fs::read(dir.path().join("a")).unwrap(), b"head\none\ntwo\n");
        assert_eq!(fs::read(dir.path().join("c")).unwrap(), b"made");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_interruption_while_files_get_their_places_is_mended() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = going(dir.path(), false);
        folder.write([b"one\n".as_slice(), b""]).unwrap();
        folder.checkpoint.whole = Some(vec!["a".into(), "b".into()]);
        folder.save().unwrap();
        fs::rename(dir.path().join(WORK).join("a"), dir.path().join("a")).unwrap();
        drop(folder);
        assert!(matches!(open(dir.path(), "r", true), Ok(Opened::Whole(_))));
        assert_eq!(fs::read(dir.path().join("a")).unwrap(), b"head\none\n");
        assert!(dir.path().join("b").exists() && !dir.path().join(WORK).exists());
    }

    #[test]
    fn nothing_is_thrown_away_unasked() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = going(dir.path(), false);
        assert!(told(open(dir.path(), "r", true)).contains("another run is writing there"));
        folder.save().unwrap();
        drop(folder);
        assert!(told(open(dir.path(), "r", false)).contains("go on with --resume"));
        assert!(told(open(dir.path(), "s", true)).contains("another rules (\"r\", now \"s\")"));
        fs::write(dir.path().join(WORK).join("a"), "").unwrap();
        assert!(told(open(dir.path(), "r", true)).contains("a is too short"));
        fs::write(dir.path().join(WORK).join(CHECKPOINT), "{").unwrap();
        assert!(told(open(dir.path(), "r", true)).contains("is damaged: EOF"));
    }

    #[test]
    fn a_run_without_a_checkpoint_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = going(dir.path(), false);
        folder.write([b"one\n".as_slice(), b""]).unwrap();
        drop(folder);
        going(dir.path(), false).finish(&Summary::default(), |_| Ok(Vec::new())).unwrap();
        assert_eq!(fs::read(dir.path().join("a")).unwrap(), b"head\n");
    }
}
