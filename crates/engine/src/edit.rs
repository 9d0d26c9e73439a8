//! What rooms that write people's own rows share: fields by name, what may stand in them, and finding a row by what people
//! call it. Every refusal names the field.

use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgExecutor, PgPool, Row};
use uuid::Uuid;

use crate::{Error, Result};

/// Longest name, in characters; longest text.
const NAME: usize = 200;
const TEXT: usize = 100_000;

/// A name that something has to have.
pub(crate) fn name(field: &str, value: &str) -> Result<()> {
    match value.chars().count() {
        0 => {
            Err(Error::invalid(format!("{field}: it is empty"), "give it a name that people will recognise"))
        }
        1..=NAME => no_nul(field, value),
        length => Err(Error::invalid(
            format!("{field}: it has {length} characters, and {NAME} fit"),
            "choose a shorter name; a description may be longer",
        )),
    }
}

/// A text: what is not given stays, an empty one is cleared.
pub(crate) fn text(field: &str, held: &mut Option<String>, given: Option<&str>) -> Result<()> {
    let Some(given) = given else { return Ok(()) };
    let given = given.trim();
    if given.chars().count() > TEXT {
        return Err(Error::invalid(format!("{field}: it is longer than {TEXT} characters"), "shorten it"));
    }
    no_nul(field, given)?;
    *held = (!given.is_empty()).then(|| given.to_owned());
    Ok(())
}

/// A word of a closed set.
pub(crate) fn word(
    field: &str,
    held: &mut Option<String>,
    given: Option<&str>,
    words: &[&str],
) -> Result<()> {
    let Some(given) = given.map(str::trim) else { return Ok(()) };
    if !given.is_empty() && !words.contains(&given) {
        return Err(Error::invalid(
            format!("{field}: there is no `{given}`"),
            format!("one of: {}", words.join(", ")),
        ));
    }
    *held = (!given.is_empty()).then(|| given.to_owned());
    Ok(())
}

/// A price, as written.
pub(crate) fn price(field: &str, held: &mut Option<String>, given: Option<&str>) -> Result<()> {
    let Some(given) = given.map(str::trim) else { return Ok(()) };
    let digits = given.chars().filter(char::is_ascii_digit).count();
    let plain = given.chars().all(|c| c.is_ascii_digit() || c == '.') && given.matches('.').count() <= 1;
    let is_price = plain && (1..=15).contains(&digits);
    if !given.is_empty() && !is_price {
        return Err(Error::invalid(
            format!("{field}: `{given}` is no price"),
            "write it in digits, such as 4900 or 49.50; the currency is the one the team works in",
        ));
    }
    *held = (!given.is_empty()).then(|| given.to_owned());
    Ok(())
}

fn no_nul(field: &str, value: &str) -> Result<()> {
    if value.contains('\0') {
        return Err(Error::invalid(
            format!("{field}: it holds a character that cannot be stored"),
            "take the NUL out",
        ));
    }
    Ok(())
}

/// Words to look for, so that what they hold stands for itself in a pattern.
pub(crate) fn like(search: Option<&str>) -> Option<String> {
    let search = search.map(str::trim).filter(|search| !search.is_empty())?;
    Some(search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_").replace('\0', ""))
}

/// The one row that a name or the beginning of an id means; `sql` answers with id and name.
pub(crate) async fn named(pool: &PgPool, sql: &'static str, wanted: &str, what: &str) -> Result<Uuid> {
    let wanted = wanted.trim();
    if let Ok(id) = wanted.parse::<Uuid>() {
        return Ok(id);
    }
    let found: Vec<(Uuid, String)> =
        sqlx::query_as(sql).bind(wanted.replace('\0', "")).fetch_all(pool).await?;
    let by_name: Vec<&(Uuid, String)> =
        found.iter().filter(|(_, name)| name.to_lowercase() == wanted.to_lowercase()).collect();
    match (by_name.as_slice(), found.as_slice()) {
        ([(id, _)], _) | ([], [(id, _)]) => Ok(*id),
        ([], []) => Err(Error::not_found(
            format!("there is no {what} `{wanted}`"),
            format!("`touchline {what} list` shows them; a name has to be whole"),
        )),
        _ => {
            let several: Vec<String> =
                found.iter().take(5).map(|(id, name)| format!("{name} ({id})")).collect();
            Err(Error::conflict(
                format!("`{wanted}` could be several: {}", several.join(", ")),
                "give the id instead",
            ))
        }
    }
}

/// Which version of a row stands; `sql` answers with its `xmin`, and locks the row where it is asked in a transaction. What was
/// read and changed outside is written only if this is still the same: two edits at once both hold.
pub(crate) async fn version(
    executor: impl PgExecutor<'_>,
    sql: &'static str,
    id: Uuid,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar(sql).bind(id).fetch_optional(executor).await?)
}

/// A time that may be missing.
pub(crate) fn instant(row: &PgRow, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(column)?.map(|at| at.to_jiff()))
}

/// A time.
pub(crate) fn at(row: &PgRow, column: &str) -> Result<Timestamp> {
    Ok(row.try_get::<jiff_sqlx::Timestamp, _>(column)?.to_jiff())
}
