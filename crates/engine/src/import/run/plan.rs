//! How a file is read: the corrections it is read with, what was decided about it, and the plan that comes of that or
//! of an earlier run. Leaves guessing to [`map`] and [`sniff`], reading to [`super::feed`].

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Options, Run};
use crate::import::keep::Kept;
use crate::import::map::{self, Field, Kind, Mapping};
use crate::import::read::Dialect;
use crate::import::report::Head;
use crate::import::sniff::{self, Refusal, Refused, Sniffed};
use crate::{Error, Result};

/// How a file is read, decided before its first row.
pub(super) struct Plan {
    pub(super) import_id: Uuid,
    pub(super) encoding: &'static encoding_rs::Encoding,
    pub(super) dialect: Dialect,
    pub(super) header_line: u64,
    pub(super) mapping: Mapping,
    pub(super) file_name: String,
    pub(super) overwrite: Vec<String>,
    /// Where to go on: bytes, line, and parts done.
    pub(super) from: (u64, u64, i32),
}

/// What was decided about a file.
pub(in crate::import) struct Chosen {
    pub(in crate::import) sniffed: Sniffed,
    pub(in crate::import) mapping: Mapping,
    /// The saved mapping that serves, or the name to save this one under.
    pub(in crate::import) name: Option<String>,
    pub(in crate::import) notes: Vec<&'static str>,
    pub(in crate::import) shape: Vec<u8>,
    /// A mapping saved for a file of this shape was taken unasked.
    pub(in crate::import) offered: bool,
}

type Told = (Vec<(String, Option<Field>)>, Option<String>, bool);

/// Corrections: those a person gives, else a saved mapping's; and the mapping's name.
async fn told(connection: &mut PgConnection, options: &Options, shape: &[u8]) -> Result<Told> {
    if !options.map.is_empty() {
        return Ok((options.map.clone(), options.mapping.clone(), false));
    }
    if let Some(name) = &options.mapping {
        let found = map::saved(connection, name).await?.ok_or_else(|| {
            Error::not_found(
                format!("no mapping is saved as `{name}`"),
                "save one with --map 'Header=field' --mapping NAME",
            )
        })?;
        return Ok((found, Some(name.clone()), false));
    }
    Ok(match map::offered(connection, shape).await? {
        Some((name, told)) => (told, Some(name), true),
        None => (Vec::new(), None, false),
    })
}

impl Chosen {
    /// What the columns of a file mean, before its first row: as told, as saved, as guessed.
    pub(in crate::import) async fn decide(
        connection: &mut PgConnection,
        options: &Options,
        sniffed: Sniffed,
    ) -> Result<Self> {
        let shape = map::shape(&sniffed.header);
        let (told, name, offered) = told(connection, options, &shape).await?;
        let mapping = Mapping::guess(&sniffed.header, &sniffed.sample, &told)?;
        let mut notes = sniffed.notes.clone();
        if mapping.has_repeated_headers(&sniffed.header) {
            notes.push("duplicate_header");
        }
        if mapping.has_unnamed_columns() {
            notes.push("unnamed_column");
        }
        Ok(Self { sniffed, mapping, name, notes, shape, offered })
    }

    /// The file has nothing to reach anybody by.
    pub(in crate::import) fn refused(&self) -> Option<Refused> {
        (self.mapping.kind == Kind::Unusable).then_some(Refused {
            refusal: Refusal::NoContactColumn,
            encoding: Some(self.sniffed.encoding),
            delimiter: Some(self.sniffed.dialect.delimiter),
        })
    }

    pub(super) fn head<'a>(
        &'a self,
        id: Uuid,
        file_name: &'a str,
        kept: Option<&'a Kept>,
        run: &'a Run<'_>,
    ) -> Head<'a> {
        Head {
            id,
            file_name,
            file: kept.map(|kept| (kept.sha256.as_slice(), kept.size)),
            refusal: None,
            encoding: Some(self.sniffed.encoding),
            delimiter: Some(self.sniffed.dialect.delimiter),
            quote: self.sniffed.dialect.quote,
            header_line: Some(self.sniffed.header.line),
            mapping: serde_json::to_value(&self.mapping).ok(),
            mapping_name: self.name.as_deref(),
            overwrite: &run.options.overwrite,
            file_notes: &self.notes,
            now: run.clock.now(),
        }
    }

    pub(super) fn plan(self, import_id: Uuid, file_name: String, options: &Options) -> Plan {
        Plan {
            import_id,
            encoding: sniff::encoding::named(self.sniffed.encoding),
            dialect: self.sniffed.dialect,
            header_line: self.sniffed.header.line,
            mapping: self.mapping,
            file_name,
            overwrite: options.overwrite.clone(),
            from: (0, 1, 0),
        }
    }
}

/// How an import that was cut off is read.
pub(super) async fn stored_plan(connection: &mut PgConnection, id: Uuid) -> Result<(Plan, Vec<u8>)> {
    type Stored =
        (Vec<u8>, String, String, String, String, bool, i64, serde_json::Value, Vec<String>, i64, i64, i32);
    let stored: Stored = sqlx::query_as(
        "select file_sha256, file_name, encoding, delimiter, quote, $2 = any (file_notes), header_line, mapping, overwrite,
                read_bytes, next_line, parts
           from touchline.imports where id = $1",
    )
    .bind(id)
    .bind(sniff::SPACE_BEFORE_QUOTES)
    .fetch_one(connection)
    .await?;
    let (
        sha256,
        file_name,
        encoding,
        delimiter,
        quote,
        skip_initial_space,
        header_line,
        mapping,
        overwrite,
        bytes,
        line,
        parts,
    ) = stored;
    let byte = |text: &str| text.bytes().next().unwrap_or(b',');
    let mapping = serde_json::from_value(mapping).map_err(|error| {
        Error::conflict(
            format!("the import's mapping cannot be read: {error}"),
            "undo it and import the file anew",
        )
    })?;
    let plan = Plan {
        import_id: id,
        encoding: sniff::encoding::named(&encoding),
        dialect: Dialect { delimiter: byte(&delimiter), quote: byte(&quote), skip_initial_space },
        header_line: header_line.unsigned_abs(),
        mapping,
        file_name,
        overwrite,
        from: (bytes.unsigned_abs(), line.unsigned_abs(), parts),
    };
    Ok((plan, sha256))
}
