//! A part's rows as they were, into `csv_imports_raw`. They need no lock and no answer, so they go ahead of the merge, on
//! a connection of their own: the two heaviest writes run side by side. Leaves what the rows mean to [`super::part`].

use jiff_sqlx::ToSqlx;
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

use crate::clock::Clock;
use crate::import::copy::Copy;
use crate::import::part::Part;
use crate::{Error, Result};

/// Whose parts are kept.
#[derive(Debug, Clone)]
pub(in crate::import) struct Owner {
    pub(in crate::import) import_id: Uuid,
    pub(in crate::import) file_name: String,
}

/// A connection that keeps parts ahead of the merge.
pub(in crate::import) struct Ahead {
    connection: PgConnection,
    owner: Owner,
    clock: Clock,
}

impl Ahead {
    /// Parts that an earlier run kept and did not merge are forgotten: this run may cut them elsewhere.
    pub(in crate::import) async fn open(
        pool: &PgPool,
        owner: Owner,
        parts_done: i32,
        clock: Clock,
    ) -> Result<Self> {
        let mut connection = pool.acquire().await?.detach();
        sqlx::raw_sql(
            "set statement_timeout = 0; set lock_timeout = 0;
             -- A part that is lost with the server is read again; one that was merged is never lost: its commit came later.
             set synchronous_commit = off",
        )
        .execute(&mut connection)
        .await?;
        // The server may still be at work for a process that was killed.
        sqlx::query("select pg_advisory_lock(hashtextextended('touchline import parts ' || $1, 0))")
            .bind(owner.import_id.to_string())
            .execute(&mut connection)
            .await?;
        sqlx::query(include_str!("unmerged.sql"))
            .bind(owner.import_id)
            .bind(parts_done)
            .execute(&mut connection)
            .await?;
        Ok(Self { connection, owner, clock })
    }

    /// Keeps a part in a transaction of its own.
    pub(in crate::import) async fn keep(&mut self, part: &mut Part, number: i32) -> Result<()> {
        let mut tx = self.connection.begin().await?;
        keep(&mut tx, &self.owner, part, number, &self.clock).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(in crate::import) async fn close(self) {
        self.connection.close().await.ok();
    }
}

/// Keeps a part, and notes on it where. A part without rows needs no place.
pub(in crate::import) async fn keep(
    tx: &mut PgConnection,
    owner: &Owner,
    part: &mut Part,
    number: i32,
    clock: &Clock,
) -> Result<()> {
    if part.rows.is_empty() {
        return Ok(());
    }
    let (id, now) = (Uuid::now_v7(), clock.now());
    let mut copy = Copy::new(
        "copy csv_imports_raw (id, file_name, total_rows, import_status, created_at, updated_at, raw_data) from stdin (format binary)",
    );
    copy.row(7)
        .uuid(Some(id))
        .text(Some(&owner.file_name))
        .int(u32::try_from(part.rows.len()).unwrap_or(u32::MAX))
        .text(Some("processing"))
        .instant(now)
        .instant(now);
    copy.send_with_json(&part.json, tx).await?;
    sqlx::query("insert into touchline.import_parts (import_id, part, csv_import_id) values ($1, $2, $3)")
        .bind(owner.import_id)
        .bind(number)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    part.raw_id = Some(id);
    Ok(())
}

/// The rows of a part are being merged. Holds them, too, for what will refer to them.
pub(super) async fn settle(tx: &mut PgConnection, id: Uuid, now: jiff::Timestamp) -> Result<()> {
    let settled =
        sqlx::query("update csv_imports_raw set import_status = 'completed', updated_at = $2 where id = $1")
            .bind(id)
            .bind(now.to_sqlx())
            .execute(tx)
            .await?;
    if settled.rows_affected() == 0 {
        return Err(Error::conflict(
            "a part of the list was deleted from csv_imports_raw while it was imported",
            "run the same command again: it goes on, and stores that part anew",
        ));
    }
    Ok(())
}
