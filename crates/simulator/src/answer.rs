//! An answer before it meets the wire: a status and bytes, and the vendor's envelopes for what went wrong.

use bytes::Bytes;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    /// Where a redirect leads.
    pub(crate) location: Option<String>,
}

impl Answer {
    pub(crate) fn json(value: &Value) -> Self {
        Answer::bytes(value.to_string().into())
    }

    /// JSON that is serialised already.
    pub(crate) fn bytes(body: Bytes) -> Self {
        Answer { status: 200, content_type: "application/json; charset=utf-8", body, location: None }
    }

    pub(crate) fn text(status: u16, content_type: &'static str, body: &'static str) -> Self {
        Answer { status, content_type, body: Bytes::from_static(body.as_bytes()), location: None }
    }

    /// The usual error envelope.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        let error = match status {
            400 => "Bad Request",
            401 => "Unauthorized",
            402 => "Payment Required",
            403 => "Forbidden",
            404 => "Not Found",
            413 => "Payload Too Large",
            429 => "Too Many Requests",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            504 => "Gateway Timeout",
            _ => "Internal Server Error",
        };
        Answer { status, ..Answer::json(&json!({"statusCode": status, "error": error, "message": message})) }
    }

    /// The other envelope, of the analytics endpoints.
    pub(crate) fn refused(message: &str) -> Self {
        Answer { status: 400, ..Answer::json(&json!({"message": message})) }
    }

    pub(crate) fn not_found() -> Self {
        Answer::error(404, "Resource not found")
    }

    pub(crate) fn found(record: Option<&Value>) -> Self {
        record.map_or_else(Answer::not_found, Answer::json)
    }

    /// A page of rows that are serialised already. A full page carries a cursor even if nothing follows it.
    pub(crate) fn page(rows: &[Bytes], limit: usize, cursor: Option<String>) -> Self {
        let mut body = Vec::with_capacity(rows.iter().map(|row| row.len() + 1).sum::<usize>() + 128);
        body.extend_from_slice(b"{\"items\":[");
        for (place, row) in rows.iter().enumerate() {
            if place > 0 {
                body.push(b',');
            }
            body.extend_from_slice(row);
        }
        body.push(b']');
        if let Some(cursor) = cursor.filter(|_| rows.len() == limit) {
            body.extend_from_slice(b",\"next_starting_after\":");
            body.extend_from_slice(json!(cursor).to_string().as_bytes());
        }
        body.push(b'}');
        Answer::bytes(body.into())
    }
}
