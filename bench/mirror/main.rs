//! Measures the mirror: 20,000 e-mails over HTTP into PostgreSQL, beside a program written by hand for this one job.
//! Same pages, same server, each program a process of its own on a fresh database, in turns.

mod written;

use anyhow::{Result, ensure};
use clap::Parser;
use simulator::{Options, Simulator, Size};

use bench::child::{self, Ran};
use bench::median;
use bench::place::Place;

#[derive(Parser)]
struct Settings {
    /// Rounds that count; one more goes before them
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// E-mails of a round
    #[arg(long, default_value_t = 20_000)]
    items: usize,
    /// E-mails of the measurement of memory; 0: none
    #[arg(long, default_value_t = 200_000)]
    large: usize,
    /// Bytes of an e-mail
    #[arg(long, default_value_t = 3_000)]
    bytes: usize,
}

/// A first sync and an unchanged second one.
struct Pair {
    first: Ran,
    second: Ran,
    rewritten: i64,
    content: (i64, Option<String>),
}

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::parse();
    let place = Place::open().await;
    let simulator = simulator(&settings, settings.items).await?;
    let items = settings.items as f64;
    println!(
        "{} e-mails of {} bytes, pages of 100; seconds of whole processes",
        settings.items, settings.bytes
    );
    println!("round            first                        unchanged second");
    println!(
        "           by hand  Touchline  ratio      by hand  Touchline  ratio   (Touchline's own seconds)"
    );
    let mut rounds = Vec::new();
    for number in 0..=settings.rounds {
        // In turns: who goes first also changes.
        let (ours, theirs) = if number % 2 == 0 {
            let ours = touchline(&place, &simulator).await?;
            (ours, by_hand(&place, &simulator).await?)
        } else {
            let theirs = by_hand(&place, &simulator).await?;
            (touchline(&place, &simulator).await?, theirs)
        };
        ensure!(ours.content == theirs.content && ours.content.0 == items as i64, "the tables differ");
        println!(
            "{:<8} {:>9.2} {:>10.2} {:>6.2}    {:>9.2} {:>10.2} {:>6.2}   ({:.2}, {:.2})",
            if number == 0 { "warm-up".into() } else { number.to_string() },
            theirs.first.seconds,
            ours.first.seconds,
            theirs.first.seconds / ours.first.seconds,
            theirs.second.seconds,
            ours.second.seconds,
            theirs.second.seconds / ours.second.seconds,
            own_seconds(&ours.first)?,
            own_seconds(&ours.second)?,
        );
        rounds.push((ours, theirs));
    }
    let rounds = &rounds[1..];
    let each = |pick: &dyn Fn(&(Pair, Pair)) -> f64| median(rounds.iter().map(pick).collect());
    println!("\nmedians                       Touchline     by hand   ratio");
    println!(
        "first sync, items/s          {:>10.0}  {:>10.0}  {:>6.2}",
        each(&|(ours, _)| items / ours.first.seconds),
        each(&|(_, theirs)| items / theirs.first.seconds),
        each(&|(ours, theirs)| theirs.first.seconds / ours.first.seconds),
    );
    println!(
        "unchanged second, items/s    {:>10.0}  {:>10.0}  {:>6.2}",
        each(&|(ours, _)| items / ours.second.seconds),
        each(&|(_, theirs)| items / theirs.second.seconds),
        each(&|(ours, theirs)| theirs.second.seconds / ours.second.seconds),
    );
    let rewritten = |pick: fn(&(Pair, Pair)) -> i64| rounds.iter().map(pick).max().unwrap_or(0);
    println!(
        "rows rewritten by the second {:>10}  {:>10}",
        rewritten(|(ours, _)| ours.rewritten),
        rewritten(|(_, theirs)| theirs.rewritten)
    );
    println!(
        "peak memory, MiB             {:>10.1}  {:>10.1}",
        rounds.iter().map(|(ours, _)| mebibytes(ours)).fold(0.0, f64::max),
        rounds.iter().map(|(_, theirs)| mebibytes(theirs)).fold(0.0, f64::max)
    );
    drop(simulator);
    if settings.large > 0 {
        let large = touchline(&place, &self::simulator(&settings, settings.large).await?).await?;
        println!(
            "peak memory at {}, MiB   {:>10.1}  (first {:.1} s, unchanged second {:.1} s)",
            settings.large,
            mebibytes(&large),
            large.first.seconds,
            large.second.seconds
        );
    }
    Ok(())
}

async fn simulator(settings: &Settings, items: usize) -> Result<Simulator> {
    let size = Size::mails(items, settings.bytes);
    Ok(Simulator::start(Options { size, ..Options::default() }).await?)
}

async fn touchline(place: &Place, simulator: &Simulator) -> Result<Pair> {
    let sync = ["sync", "--stream", "emails", "--raw-only", "--json"];
    pair(place, simulator, "touchline", &[&["migrate"]], [&sync, &[&sync[..], &["--full"]].concat()]).await
}

async fn by_hand(place: &Place, simulator: &Simulator) -> Result<Pair> {
    pair(place, simulator, "mirror-by-hand", &[], [&[], &[]]).await
}

async fn pair(
    place: &Place,
    simulator: &Simulator,
    program: &str,
    before: &[&[&str]],
    runs: [&[&str]; 2],
) -> Result<Pair> {
    let fresh = place.fresh("bench").await?;
    let run = async |arguments: &[&str]| {
        simulator.clear_requests();
        let mut command = child::beside(program)?;
        command
            .args(arguments)
            .env("DATABASE_URL", &fresh.url)
            .env("INSTANTLY_API_URL", simulator.url())
            .env("INSTANTLY_API_KEY", simulator.key())
            .env("INSTANTLY_REQUESTS_PER_MINUTE", "0")
            .env("INSTANTLY_EMAILS_PER_MINUTE", "0");
        tokio::task::spawn_blocking(move || child::run(command)).await?
    };
    for arguments in before {
        run(arguments).await?;
    }
    let first = run(runs[0]).await?;
    written::mark(&fresh.pool).await?;
    let second = run(runs[1]).await?;
    let rewritten = written::rewritten(&fresh.pool).await?;
    let pair = Pair { first, second, rewritten, content: written::content(&fresh.pool).await? };
    fresh.pool.close().await;
    Ok(pair)
}

/// What Touchline's receipt says the run took.
fn own_seconds(ran: &Ran) -> Result<f64> {
    #[derive(serde::Deserialize)]
    struct Report {
        started_at: jiff::Timestamp,
        ended_at: jiff::Timestamp,
    }
    let report: Report = serde_json::from_str(&ran.printed)?;
    Ok(report.ended_at.duration_since(report.started_at).as_secs_f64())
}

fn mebibytes(pair: &Pair) -> f64 {
    pair.first.peak_bytes.max(pair.second.peak_bytes) as f64 / f64::from(1 << 20)
}
