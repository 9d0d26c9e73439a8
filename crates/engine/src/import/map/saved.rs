//! Mappings kept under a name, and offered again for a file of the same shape.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{Field, Mapping, synonyms};
use crate::import::read::Record;
use crate::{Error, Result};

/// The shape of a file: its headers, in any order and spelling.
pub(in crate::import) fn shape(header: &Record) -> Vec<u8> {
    let mut words: Vec<String> =
        header.cells().map(synonyms::normal).filter(|word| !word.is_empty()).collect();
    words.sort();
    Sha256::digest(words.join("\u{1f}").as_bytes()).to_vec()
}

/// A mapping by its name.
pub(in crate::import) async fn saved(
    connection: &mut PgConnection,
    name: &str,
) -> Result<Option<Vec<(String, Option<Field>)>>> {
    let found: Option<serde_json::Value> =
        sqlx::query_scalar("select fields from touchline.import_mappings where mapping_name = $1")
            .bind(name)
            .fetch_optional(connection)
            .await?;
    found.map(fields).transpose()
}

/// The mapping used last for a file of this shape, with its name.
pub(in crate::import) async fn offered(
    connection: &mut PgConnection,
    shape: &[u8],
) -> Result<Option<(String, Vec<(String, Option<Field>)>)>> {
    let found: Option<(String, serde_json::Value)> = sqlx::query_as(
        "select mapping_name, fields from touchline.import_mappings where shape = $1 order by updated_at desc limit 1",
    )
    .bind(shape)
    .fetch_optional(connection)
    .await?;
    found.map(|(name, value)| Ok((name, fields(value)?))).transpose()
}

/// The names under which mappings are kept, those for files of this shape first.
pub(in crate::import) async fn names(connection: &mut PgConnection, shape: &[u8]) -> Result<Vec<String>> {
    let names = sqlx::query_scalar(
        "select mapping_name from touchline.import_mappings order by shape <> $1, updated_at desc, mapping_name limit 100",
    )
    .bind(shape)
    .fetch_all(connection)
    .await?;
    Ok(names)
}

/// Keeps a mapping under a name; the same name again replaces it.
pub(in crate::import) async fn save(
    connection: &mut PgConnection,
    name: &str,
    shape: &[u8],
    mapping: &Mapping,
    now: jiff_sqlx::Timestamp,
) -> Result<()> {
    let fields: Vec<(&str, Option<Field>)> =
        mapping.columns.iter().map(|column| (column.key.as_str(), column.field)).collect();
    sqlx::query(
        "insert into touchline.import_mappings (mapping_name, shape, fields, created_at, updated_at)
         values ($1, $2, $3, $4, $4)
         on conflict (mapping_name) do update set shape = $2, fields = $3, updated_at = $4",
    )
    .bind(name)
    .bind(shape)
    .bind(serde_json::json!(fields))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

fn fields(value: serde_json::Value) -> Result<Vec<(String, Option<Field>)>> {
    serde_json::from_value(value).map_err(|error| {
        Error::conflict(
            format!("a saved mapping cannot be read: {error}"),
            "save it anew with --map and --mapping",
        )
    })
}
