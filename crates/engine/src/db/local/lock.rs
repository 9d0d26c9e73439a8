//! The two locks: one process at a time starts or stops the server, and everybody who uses it is counted.
//! The kernel frees both when their holder dies, however it dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::layout::{Layout, unusable};
use crate::{Error, Result};

/// Recovery after a crash may take a while, and whoever does it holds the gate.
const PATIENCE: Duration = Duration::from_secs(180);

/// The right to start or stop the server, until the file is dropped.
pub(super) fn gate(layout: &Layout) -> Result<File> {
    let file = open(layout, "gate.lock")?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(unusable(&layout.root.join("gate.lock"), &error)),
            Err(TryLockError::WouldBlock) if began.elapsed() > PATIENCE => return Err(gate_is_shut(layout)),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// The mark that this process uses the server. Taken behind the gate, so that nobody stops it meanwhile.
pub(super) fn in_use(layout: &Layout) -> Result<File> {
    let file = open(layout, "in-use.lock")?;
    file.lock_shared().map_err(|error| unusable(&layout.root.join("in-use.lock"), &error))?;
    Ok(file)
}

/// Takes the mark away, and tells whether somebody else's is left. To be asked behind the gate.
pub(super) fn others_use_it(in_use: &File) -> bool {
    in_use.unlock().and_then(|()| in_use.try_lock().map_err(Into::into)).is_err()
}

fn open(layout: &Layout, name: &str) -> Result<File> {
    let path = layout.root.join(name);
    let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
    file.map_err(|error| unusable(&path, &error))
}

fn gate_is_shut(layout: &Layout) -> Error {
    Error::conflict(
        format!(
            "another touchline process has been starting or stopping the local database in {} for {} seconds",
            layout.root.display(),
            PATIENCE.as_secs()
        ),
        "look at `server.log` in that folder; end the other process if it is stuck, then run the command again",
    )
}
