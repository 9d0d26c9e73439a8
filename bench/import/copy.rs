//! The yardstick: `COPY` of the file as it is into a table of text columns.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use sqlx::{AssertSqlSafe, PgPool};

/// Seconds from the start of `COPY` to its commit.
pub(crate) async fn copy(pool: &PgPool, list: &Path, rows: u64) -> Result<f64> {
    let mut file = BufReader::new(File::open(list)?);
    let mut header = String::new();
    file.read_line(&mut header)?;
    let columns: Vec<String> =
        (1..=header.split(',').count()).map(|number| format!("c{number} text")).collect();
    let mut connection = pool.acquire().await?;
    let table = format!("create table list ({})", columns.join(", "));
    sqlx::query(AssertSqlSafe(table)).execute(&mut *connection).await?;
    sqlx::query("checkpoint").execute(&mut *connection).await?;

    let began = Instant::now();
    let mut file = File::open(list)?;
    let mut copy = connection.copy_in_raw("copy list from stdin (format csv, header)").await?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        copy.send(&buffer[..read]).await?;
    }
    let copied = copy.finish().await?;
    let seconds = began.elapsed().as_secs_f64();
    ensure!(copied == rows, "COPY took {copied} rows of {rows}");
    Ok(seconds)
}
