//! Recordings of calls, fetched at the vendor when somebody wants to hear one: the key stays here, and the vendor's signed
//! address is shown to nobody. Leaves which hosts may be asked to the source, HTTP to `web`.

use std::sync::Arc;

use sqlx::PgPool;

use crate::source::{Recording, Source, VendorError};
use crate::{Error, Result};

/// Where recordings come from: the sources whose key is here.
#[derive(Clone, Default)]
pub struct Recordings {
    sources: Vec<Arc<dyn Source>>,
}

impl Recordings {
    pub fn new(sources: Vec<Arc<dyn Source>>) -> Self {
        Self { sources }
    }

    /// The recording of a call we know, or the part of it that `range` (as HTTP writes it) asks for.
    pub async fn open(&self, pool: &PgPool, call_id: &str, range: Option<&str>) -> Result<Recording> {
        let source: Option<String> =
            sqlx::query_scalar(include_str!("source_of.sql")).bind(call_id).fetch_optional(pool).await?;
        let Some(source) = source else {
            return Err(Error::not_found(
                format!("there is no call `{call_id}`"),
                "`touchline sync vapi` pulls what the vendor still has",
            ));
        };
        let source = self.sources.iter().find(|known| known.name() == source).ok_or_else(|| {
            Error::conflict(
                "recordings stay at the vendor, and no key is set to fetch them",
                "set VAPI_API_KEY where `touchline serve` runs, and start it again",
            )
        })?;
        source.recording(call_id, range).await.map_err(|error| match error {
            VendorError::NotFound { .. } => Error::not_found(
                "the vendor has no recording of this call",
                "it keeps them for 14 days unless one pays for more, and a call nobody answered has none",
            ),
            error => error.into(),
        })
    }
}
