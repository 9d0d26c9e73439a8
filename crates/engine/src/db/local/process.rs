//! What a process id from a pid file stands for now. Reads `/proc`; where there is none, PostgreSQL's own check of
//! its pid file has to do.

use std::fs;
use std::path::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Process {
    /// Gone, or not to be known.
    Unknown,
    /// Dead, but nobody has collected it yet: the kernel still lists it.
    Zombie,
    /// Alive in another folder: the id was given to a stranger after a crash or a reboot.
    Stranger,
    /// Alive in the folder of the data: the server.
    Server,
}

pub(super) fn look_up(pid: u32, data: &Path) -> Process {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return Process::Unknown };
    // "123 (name, which may hold anything) S …"
    let state = stat.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next());
    if matches!(state, Some('Z' | 'X')) {
        return Process::Zombie;
    }
    match (fs::read_link(format!("/proc/{pid}/cwd")), fs::canonicalize(data)) {
        (Ok(folder), Ok(data)) if folder == data => Process::Server,
        (Ok(_), Ok(_)) => Process::Stranger,
        _ => Process::Unknown,
    }
}
