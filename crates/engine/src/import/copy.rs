//! PostgreSQL's binary COPY format, written row by row.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// Sent at once.
const STEP: usize = 256 * 1024;

/// Rows on their way into a table.
pub(super) struct Copy {
    statement: &'static str,
    bytes: Vec<u8>,
    rows: u64,
}

impl Copy {
    /// `statement`: `copy … from stdin (format binary)`.
    pub(super) fn new(statement: &'static str) -> Self {
        let mut bytes = Vec::with_capacity(STEP);
        bytes.extend_from_slice(b"PGCOPY\n\xFF\r\n\0");
        bytes.extend_from_slice(&[0; 8]);
        Self { statement, bytes, rows: 0 }
    }

    pub(super) fn row(&mut self, columns: i16) -> &mut Self {
        self.rows += 1;
        self.bytes.extend_from_slice(&columns.to_be_bytes());
        self
    }

    fn field(&mut self, value: &[u8]) -> &mut Self {
        let length = i32::try_from(value.len()).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(value);
        self
    }

    fn null(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(&(-1_i32).to_be_bytes());
        self
    }

    pub(super) fn text(&mut self, value: Option<&str>) -> &mut Self {
        self.bytea(value.map(str::as_bytes))
    }

    pub(super) fn bytea(&mut self, value: Option<&[u8]>) -> &mut Self {
        match value {
            Some(value) => self.field(value),
            None => self.null(),
        }
    }

    pub(super) fn uuid(&mut self, value: Option<Uuid>) -> &mut Self {
        match value {
            Some(value) => self.field(value.as_bytes()),
            None => self.null(),
        }
    }

    pub(super) fn int(&mut self, value: u32) -> &mut Self {
        self.field(&value.to_be_bytes())
    }

    pub(super) fn bigint(&mut self, value: Option<u64>) -> &mut Self {
        match value {
            Some(value) => self.field(&value.to_be_bytes()),
            None => self.null(),
        }
    }

    pub(super) fn instant(&mut self, at: jiff::Timestamp) -> &mut Self {
        const YEAR_2000: i64 = 946_684_800_000_000;
        self.field(&(at.as_microsecond() - YEAR_2000).to_be_bytes())
    }

    /// JSON text as `jsonb`.
    pub(super) fn jsonb(&mut self, value: Option<&[u8]>) -> &mut Self {
        let Some(value) = value else { return self.null() };
        let length = i32::try_from(value.len() + 1).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.push(1);
        self.bytes.extend_from_slice(value);
        self
    }

    /// `text[]`; null where nothing is in it.
    pub(super) fn texts<'a>(&mut self, values: impl ExactSizeIterator<Item = &'a str>) -> &mut Self {
        const TEXT: u32 = 25;
        if values.len() == 0 {
            return self.null();
        }
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
        for word in [1, 0, TEXT, count, 1] {
            self.bytes.extend_from_slice(&word.to_be_bytes());
        }
        for value in values {
            self.field(value.as_bytes());
        }
        let length = u32::try_from(self.bytes.len() - at - 4).unwrap_or(u32::MAX);
        self.bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
        self
    }

    /// Sends one row whose last column is large JSON, without a copy of it.
    pub(super) async fn send_with_json(mut self, json: &[u8], connection: &mut PgConnection) -> Result<()> {
        let length = i32::try_from(json.len() + 1).unwrap_or(i32::MAX);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.push(1);
        let mut copy = connection.copy_in_raw(self.statement).await?;
        copy.send(self.bytes.as_slice()).await?;
        for step in json.chunks(STEP) {
            copy.send(step).await?;
        }
        copy.send((-1_i16).to_be_bytes().as_slice()).await?;
        copy.finish().await?;
        Ok(())
    }

    /// Sends the rows and gives their room back.
    pub(super) async fn send(&mut self, connection: &mut PgConnection) -> Result<()> {
        let mut bytes = std::mem::take(&mut self.bytes);
        if self.rows == 0 {
            return Ok(());
        }
        bytes.extend_from_slice(&(-1_i16).to_be_bytes());
        let mut copy = connection.copy_in_raw(self.statement).await?;
        for step in bytes.chunks(STEP) {
            copy.send(step).await?;
        }
        copy.finish().await?;
        Ok(())
    }
}
