//! The end of a walk: what did not come although everything should have is marked gone, and the walk is closed. A
//! walk that saw suspiciously little stops and asks. Leaves getting to the end to `walk`.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::PgConnection;

use super::walk::Position;
use super::{Receipt, Run, State, at};
use crate::raw::{self, Bury};
use crate::source::{Shape, Stream};
use crate::{Error, Result};

/// Closes a walk that reached its end; the receipt says finished, stopped or failed, and why.
pub(super) async fn finish(
    run: &Run<'_>,
    stream: &Stream,
    position: &Position,
    mut receipt: Receipt,
) -> Result<Receipt> {
    let now = run.clock.now();
    receipt.state = State::Finished;
    let mut tx = run.database.pool().begin().await?;
    if !nothing_came(&mut tx, run, stream, position, &mut receipt).await? {
        bury_what_is_missing(&mut tx, run, stream, position, &mut receipt, now).await?;
    }
    receipt.ended_at = Some(now);
    // A feed looks for what is new in every run; the other walks saw their first page when they began.
    let complete_at = if stream.shape == Shape::Feed { receipt.started_at } else { position.walk_started_at };
    let complete_at = (receipt.state == State::Finished).then_some(complete_at);
    if !close(&mut tx, run, stream, complete_at, None, now).await? {
        return Err(Error::conflict(
            format!("another sync has taken over the stream {}", stream.name),
            "nothing is lost: the other run goes on from the same place",
        ));
    }
    receipt.write(&mut tx, run.id).await?;
    tx.commit().await?;
    Ok(receipt)
}

/// A walk that cannot come to its end begins anew next time: from the very start, where none ever came to it.
pub(super) async fn forget(run: &Run<'_>, stream: &Stream, position: &Position) -> Result<()> {
    let begin = if position.first { run.source.fresh_cursor(stream) } else { None };
    let mut connection = run.database.pool().acquire().await?;
    close(&mut connection, run, stream, None, begin, run.clock.now()).await?;
    Ok(())
}

/// "200 OK, 0 rows" where records were is no success, unless a person says so.
async fn nothing_came(
    tx: &mut PgConnection,
    run: &Run<'_>,
    stream: &Stream,
    position: &Position,
    receipt: &mut Receipt,
) -> Result<bool> {
    // Where absence proves nothing, an empty answer does not either.
    let may_be_empty = matches!(stream.shape, Shape::PerSubject(_))
        || stream.complete_over.is_none()
        || run.options.allow_gone;
    if receipt.items > 0 || position.resumed || may_be_empty {
        return Ok(false);
    }
    // Where the vendor keeps records for a while only, an empty list is no wonder once all of them are older.
    let bound_to_show = stream.complete_over.unwrap_or("true");
    let count = format!(
        "select count(*) from {} t where t.gone_at is null and $2::timestamptz is not null and $1::uuid is not null and {bound_to_show}",
        stream.table.name
    );
    let live: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
        .bind(position.walk_id)
        .bind(at(position.walk_started_at))
        .fetch_one(tx)
        .await?;
    if live == 0 {
        return Ok(false);
    }
    receipt.state = State::Failed;
    receipt.reason = Some(format!("the vendor answered with nothing where {live} records were before"));
    receipt.hint = Some(format!(
        "check that the key belongs to the same workspace; if everything was deleted there, say so with `{}`",
        word_for(stream)
    ));
    Ok(true)
}

/// Tombstones for what a whole walk did not see; none where only a part was walked, or too much is missing.
async fn bury_what_is_missing(
    tx: &mut PgConnection,
    run: &Run<'_>,
    stream: &Stream,
    position: &Position,
    receipt: &mut Receipt,
    now: Timestamp,
) -> Result<()> {
    let Some(scope) = stream.complete_over else { return Ok(()) };
    // Kept by the pages themselves, so that it holds over a kill: only a walk over everything leaves seen keys.
    let saw_everything: bool =
        sqlx::query_scalar("select exists (select from touchline.walk_pages where walk_id = $1)")
            .bind(position.walk_id)
            .fetch_one(&mut *tx)
            .await?;
    if !saw_everything {
        return Ok(());
    }
    let allow = run.options.allow_gone;
    let buried =
        raw::bury(tx, stream.table, scope, position.walk_id, position.walk_started_at, now, allow).await?;
    match buried {
        Bury::Done { keys } if keys.is_empty() => {}
        Bury::Done { keys } => {
            receipt.gone += keys.len() as u64;
            sqlx::query("insert into touchline.changes (raw_table, record_keys, run_id) values ($1, $2, $3)")
                .bind(stream.table.name)
                .bind(&keys)
                .bind(run.id)
                .execute(tx)
                .await?;
        }
        Bury::Braked { missing, of } => {
            receipt.state = State::Stopped;
            receipt.reason = Some(format!(
                "{missing} of {of} records were not there any more; more than 5 % at once is not taken for deletion"
            ));
            receipt.hint = Some(format!(
                "look at the vendor; if they were deleted there, say so with `{}`",
                word_for(stream)
            ));
        }
    }
    Ok(())
}

/// Closes the stream's walk; false where another run owns the stream by now.
async fn close(
    connection: &mut PgConnection,
    run: &Run<'_>,
    stream: &Stream,
    complete_at: Option<Timestamp>,
    next_begin: Option<Value>,
    now: Timestamp,
) -> Result<bool> {
    let closed = sqlx::query(include_str!("finish.sql"))
        .bind(run.source.name())
        .bind(stream.name)
        .bind(run.id)
        .bind(complete_at.map(at))
        .bind(at(now))
        .bind(next_begin)
        .execute(connection)
        .await?;
    Ok(closed.rows_affected() > 0)
}

/// How a person says that what is missing was deleted. Only a whole walk can find that of a feed.
fn word_for(stream: &Stream) -> String {
    let full = if stream.shape == Shape::Feed { " --full" } else { "" };
    format!("touchline sync --stream {}{full} --allow-gone", stream.name)
}
