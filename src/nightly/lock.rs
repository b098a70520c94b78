//! Two nights never overlap.
//!
//! In: the path of the store. Out: a lock that ends with the process, however it ends. Never: a lock that a killed process leaves behind.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Held while a night is at work.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code)] File);

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum Locked {
    #[error("another night is at work (process {process}); this one does nothing. The lock is {path}", path = path.display())]
    Held { process: String, path: PathBuf },
    #[error("{path}: the lock cannot be made: {source}; check the permissions of the folder", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

impl Lock {
    /// Takes the lock beside a store.
    ///
    /// # Errors
    /// When another process holds it, or the file cannot be written.
    pub fn take(store: &Path) -> Result<Self, Locked> {
        let mut name = store.file_name().unwrap_or_default().to_owned();
        name.push(".night.lock");
        let path = store.with_file_name(name);
        let io = |source| Locked::Io { path: path.clone(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(io)?;
        }
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(source)) => return Err(io(source)),
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                let _ = file.read_to_string(&mut process);
                return Err(Locked::Held { process: process.trim().to_owned(), path });
            }
        }
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(io)?;
        Ok(Self(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_was_first_and_may_come_later() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("s.sqlite");
        let first = Lock::take(&store).unwrap();
        let told = Lock::take(&store).unwrap_err().to_string();
        assert!(told.contains(&format!("process {}", std::process::id())), "{told}");
        drop(first);
        Lock::take(&store).unwrap();
    }
}
