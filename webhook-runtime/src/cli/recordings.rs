//! Recordings on disk: a file a delivery, which its owner alone can read, for it can hold tokens.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::Recording;
use crate::cli::Call;
use crate::cli::failure::Failure;

/// A folder that recordings are added to. Nothing in it is written over.
pub(super) struct Folder {
    path: PathBuf,
    /// The number of the last file.
    last: Mutex<u32>,
}

impl Folder {
    /// The folder at this path, which is made where it is not there.
    pub(super) fn open(path: &str) -> Result<Self, Failure> {
        fs::create_dir_all(path).map_err(|said| Failure::of_file("make the folder", path, said))?;
        Ok(Self { path: path.into(), last: Mutex::new(0) })
    }

    /// Writes a recording, and names its file.
    pub(super) fn add(&self, recording: &Recording) -> Result<PathBuf, Failure> {
        // One after another, so that the numbers are the order in which they came.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            *last = last.saturating_add(1);
            let path = self.path.join(format!("{:04}-{}.recording", *last, recording.source()));
            match create(&path).and_then(|mut file| file.write_all(&recording.write())) {
                Ok(()) => return Ok(path),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && *last < u32::MAX => {}
                Err(said) => return Err(Failure::of_file("write", &path.to_string_lossy(), said)),
            }
        }
    }
}

fn create(path: &Path) -> std::io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The recording in a file.
pub(super) fn read(call: &Call, file: &str) -> Result<Recording, Failure> {
    Recording::read(&call.read(file)?).map_err(|error| Failure::unreachable(format!("{file}: {error}")))
}
