//! A large workspace to read from: leads and events by the million, the same each time.

use std::time::Instant;

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::place::{Fresh, Place};

/// How large.
#[derive(clap::Args, Debug, Clone)]
pub struct Size {
    /// Leads
    #[arg(long, default_value_t = 1_000_000)]
    pub leads: u64,
    /// Events
    #[arg(long, default_value_t = 10_000_000)]
    pub events: u64,
    /// A database that an earlier run has filled, or an empty one to fill and keep; none: one for this run
    #[arg(long)]
    pub database_url: Option<String>,
}

/// A filled database, and what keeps it there.
pub struct World {
    pub url: String,
    pub pool: PgPool,
    _fresh: Option<(Place, Fresh)>,
}

impl World {
    /// Opens it, and fills it where it is empty.
    pub async fn open(size: &Size) -> Result<Self> {
        let (url, fresh) = match &size.database_url {
            Some(url) => (url.clone(), None),
            None => {
                let place = Place::open().await;
                let fresh = place.fresh("bench_world").await?;
                (fresh.url.clone(), Some((place, fresh)))
            }
        };
        let pool = engine::db::pool_options().max_connections(20).connect(&url).await?;
        engine::db::migrate(&pool).await?;
        let filled: bool = sqlx::query_scalar("select exists (select from leads)").fetch_one(&pool).await?;
        if !filled {
            fill(&pool, size).await?;
        }
        Ok(Self { url, pool, _fresh: fresh })
    }
}

async fn fill(pool: &PgPool, size: &Size) -> Result<()> {
    let began = Instant::now();
    let sql = include_str!("world.sql")
        .replace("{leads}", &size.leads.to_string())
        .replace("{events}", &size.events.to_string());
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.context("filling the database")?;
    println!(
        "filled with {} leads and {} events in {:.0} s",
        size.leads,
        size.events,
        began.elapsed().as_secs_f64()
    );
    let began = Instant::now();
    engine::normalise::normalise(pool, jiff::Timestamp::now()).await?;
    sqlx::query("analyze").execute(pool).await?;
    println!("counted for the funnel in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// The id of the lead with that number; numbers are taken round the workspace.
pub fn lead(number: u64, size: &Size) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0000 + u128::from(1 + number % size.leads))
}

/// The same id as pgbench makes it, of a variable `:lead`.
pub const LEAD_IN_PGBENCH: &str =
    "('00000000-0000-4000-8000-' || lpad(to_hex(:lead::bigint), 12, '0'))::uuid";

/// The value below which so many percent of ascending values lie.
pub fn percentile(ascending: &[f64], percent: usize) -> f64 {
    let last = ascending.len().saturating_sub(1);
    ascending.get((ascending.len() * percent / 100).min(last)).copied().unwrap_or(f64::NAN)
}
