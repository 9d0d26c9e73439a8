//! What PostgreSQL itself takes for a statement: pgbench, with the latency of each transaction.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Runs a script of pgbench with so many clients for so many seconds; latencies in milliseconds, ascending.
pub fn latencies(url: &str, script: &str, clients: usize, seconds: u64) -> Result<Vec<f64>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("script.sql");
    std::fs::File::create(&file)?.write_all(script.as_bytes())?;
    let output = Command::new(program()?)
        .current_dir(folder.path())
        .args(["--no-vacuum", "--protocol=prepared", "--log", "--jobs=2"])
        .args([format!("--client={clients}"), format!("--time={seconds}")])
        .arg("--file")
        .arg(&file)
        .arg(url)
        .output()
        .context("starting pgbench")?;
    ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    let mut latencies = Vec::new();
    for entry in std::fs::read_dir(folder.path())? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pgbench_log")) {
            for line in std::fs::read_to_string(path)?.lines() {
                let micros: f64 = line.split(' ').nth(2).context("a line of pgbench's log")?.parse()?;
                latencies.push(micros / 1000.0);
            }
        }
    }
    latencies.sort_by(f64::total_cmp);
    Ok(latencies)
}

/// pgbench, where PATH or Debian have it.
fn program() -> Result<PathBuf> {
    let mut places: Vec<PathBuf> =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        places.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    places
        .into_iter()
        .map(|place| place.join("pgbench"))
        .find(|program| program.exists())
        .context("pgbench is not installed; Debian has it in postgresql-contrib")
}
