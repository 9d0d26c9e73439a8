//! Measures the import of a list: 100,000 Apollo rows, complete (bytes, raw rows, companies, people, verdicts, report),
//! beside `COPY` of the same rows without damage into a table of text columns. Same server, same run, in turns.

mod copy;
mod list;

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use bench::child::{self, Ran};
use bench::median;
use bench::place::{Fresh, Place};
use clap::Parser;
use serde_json::Value;

use list::List;

#[derive(Parser)]
struct Settings {
    /// Rounds that count; one more goes before them
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Rows of the list
    #[arg(long, default_value_t = 100_000)]
    rows: u64,
    /// Rows of one more import, whose time is compared with the others'; 0: none
    #[arg(long, default_value_t = 0)]
    large: u64,
    /// Gigabytes of one more import, made on the fly and read from standard input, for its memory; 0: none
    #[arg(long, default_value_t = 0.0)]
    gigabytes: f64,
}

/// One list imported, and the same bytes once more.
struct Round {
    copy: f64,
    first: Ran,
    second: Ran,
}

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::parse();
    let place = Place::open().await;
    let folder = testkit::folder();
    let (ours, plain) = (folder.path().join("list.csv"), folder.path().join("plain.csv"));
    let bytes = List { rows: settings.rows, damaged: true }.write(File::create(&ours)?)?;
    List { rows: settings.rows, damaged: false }.write(File::create(&plain)?)?;
    println!(
        "{} rows of 60 columns, {} bytes each; seconds, ours of whole processes",
        settings.rows,
        bytes / settings.rows
    );
    println!("round         COPY   import  ratio   same again  ratio   peak MiB");
    let mut rounds = Vec::new();
    for number in 0..=settings.rounds {
        // In turns: who goes first also changes.
        let round = if number % 2 == 0 {
            let (first, second) = twice(&place, &ours, settings.rows).await?;
            Round { copy: copied(&place, &plain, settings.rows).await?, first, second }
        } else {
            let copy = copied(&place, &plain, settings.rows).await?;
            let (first, second) = twice(&place, &ours, settings.rows).await?;
            Round { copy, first, second }
        };
        println!(
            "{:<8} {:>9.2} {:>8.2} {:>6.2} {:>12.2} {:>6.2} {:>10.1}",
            if number == 0 { "warm-up".into() } else { number.to_string() },
            round.copy,
            round.first.seconds,
            round.first.seconds / round.copy,
            round.second.seconds,
            round.second.seconds / round.copy,
            mebibytes(&round.first)
        );
        rounds.push(round);
    }
    let counted = &rounds[rounds.len().min(2) - 1..];
    let each = |pick: &dyn Fn(&Round) -> f64| median(counted.iter().map(pick).collect());
    let first = each(&|round| round.first.seconds);
    println!(
        "median   {:>9.2} {first:>8.2} {:>6.2} {:>12.2} {:>6.2}",
        each(&|round| round.copy),
        each(&|round| round.first.seconds / round.copy),
        each(&|round| round.second.seconds),
        each(&|round| round.second.seconds / round.copy),
    );
    if settings.large > 0 {
        List { rows: settings.large, damaged: true }.write(File::create(&ours)?)?;
        let fresh = ready(&place).await?;
        let ran = import(&fresh, &ours, settings.large).await?;
        println!(
            "{} rows: {:.1} s, {:.2} times the time of {}; peak {:.1} MiB",
            settings.large,
            ran.seconds,
            ran.seconds / first,
            settings.rows,
            mebibytes(&ran)
        );
    }
    std::fs::remove_file(&ours)?;
    if settings.gigabytes > 0.0 {
        let rows = (settings.gigabytes * 1e9 / (bytes as f64 / settings.rows as f64)) as u64;
        let ran = streamed(&place, rows).await?;
        println!("{rows} rows from standard input: {:.1} s; peak {:.1} MiB", ran.seconds, mebibytes(&ran));
    }
    Ok(())
}

async fn twice(place: &Place, list: &Path, rows: u64) -> Result<(Ran, Ran)> {
    let fresh = ready(place).await?;
    let first = import(&fresh, list, rows).await?;
    let second = import(&fresh, list, rows).await?;
    fresh.pool.close().await;
    Ok((first, second))
}

async fn copied(place: &Place, list: &Path, rows: u64) -> Result<f64> {
    let fresh = place.fresh("bench").await?;
    let seconds = copy::copy(&fresh.pool, list, rows).await?;
    fresh.pool.close().await;
    Ok(seconds)
}

/// A migrated database, with nothing left for the disk from what was before.
async fn ready(place: &Place) -> Result<Fresh> {
    let fresh = place.fresh("bench").await?;
    let mut migrate = child::beside("touchline")?;
    migrate.arg("migrate").env("DATABASE_URL", &fresh.url);
    tokio::task::spawn_blocking(move || child::run(migrate)).await??;
    sqlx::query("checkpoint").execute(&fresh.pool).await?;
    Ok(fresh)
}

async fn import(fresh: &Fresh, list: &Path, rows: u64) -> Result<Ran> {
    let mut command = child::beside("touchline")?;
    command.args(["--json", "import"]).arg(list).env("DATABASE_URL", &fresh.url);
    let ran = tokio::task::spawn_blocking(move || child::run(command)).await??;
    complete(&ran, rows)?;
    Ok(ran)
}

async fn streamed(place: &Place, rows: u64) -> Result<Ran> {
    let fresh = ready(place).await?;
    let mut command = child::beside("touchline")?;
    command.args(["--json", "import", "-"]).env("DATABASE_URL", &fresh.url);
    let feed = move |stdin| {
        // A reader that is gone shows in its exit code.
        let _ = List { rows, damaged: true }.write(stdin);
    };
    let ran = tokio::task::spawn_blocking(move || child::run_fed(command, feed)).await??;
    complete(&ran, rows)?;
    Ok(ran)
}

/// Every row has its verdict, of every kind there should be.
fn complete(ran: &Ran, rows: u64) -> Result<()> {
    let report: Value = serde_json::from_str(&ran.printed)?;
    let count = |name: &str| report[name].as_u64().with_context(|| format!("`{name}` is missing"));
    ensure!(report["state"] == "completed" && report["adds_up"] == true, "no complete import: {report}");
    ensure!(count("rows")? == rows, "{} rows for {rows}", count("rows")?);
    ensure!(count("new_rows")? > rows * 9 / 10 && count("duplicate")? > rows / 50, "other sums: {report}");
    Ok(())
}

fn mebibytes(ran: &Ran) -> f64 {
    ran.peak_bytes as f64 / f64::from(1 << 20)
}
