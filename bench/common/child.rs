//! A program run to its end as a process of its own: how long it took, how much memory it had at its peak.

use std::io::Read;
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// How a program ran.
pub struct Ran {
    /// From its start to its end.
    pub seconds: f64,
    /// The most memory it held at once (VmHWM), as last seen before it ended.
    pub peak_bytes: u64,
    pub printed: String,
}

/// A program built beside this one.
pub fn beside(name: &str) -> Result<Command> {
    let path: PathBuf = std::env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{} is not built; `bin/bench` builds it", path.display());
    Ok(Command::new(path))
}

/// Runs it; blocks, so the runtime needs a thread for everything else.
pub fn run(mut command: Command) -> Result<Ran> {
    command.stdin(Stdio::null());
    watched(command, None::<fn(ChildStdin)>)
}

/// Runs it and feeds its standard input from another thread.
pub fn run_fed(mut command: Command, feed: impl FnOnce(ChildStdin) + Send + 'static) -> Result<Ran> {
    command.stdin(Stdio::piped());
    watched(command, Some(feed))
}

fn watched(mut command: Command, feed: Option<impl FnOnce(ChildStdin) + Send + 'static>) -> Result<Ran> {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn().context("starting a program")?;
    if let (Some(feed), Some(stdin)) = (feed, child.stdin.take()) {
        std::thread::spawn(move || feed(stdin));
    }
    let mut stdout = child.stdout.take().context("its output")?;
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).map(|_| text)
    });
    let (status, mut peak_bytes) = (format!("/proc/{}/status", child.id()), 0);
    let (code, seconds) = loop {
        peak_bytes = peak_bytes.max(peak(&status).unwrap_or(0));
        if let Some(code) = child.try_wait()? {
            break (code, began.elapsed().as_secs_f64());
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let printed = reading.join().map_err(|_| anyhow::anyhow!("its output could not be read"))??;
    ensure!(code.success(), "a program ended with {code}: {printed}");
    Ok(Ran { seconds, peak_bytes, printed })
}

fn peak(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}
