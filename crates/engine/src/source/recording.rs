//! A recording as it comes from a vendor. Leaves where it lies to the vendor's folder.

use bytes::Bytes;
use futures::stream::BoxStream;

use super::VendorError;

/// Sound on its way: never held whole in memory.
pub struct Recording {
    /// As the storage names it; only sound and moving pictures, anything else is `application/octet-stream`.
    pub content_type: String,
    /// Bytes that follow, where it is known.
    pub length: Option<u64>,
    /// `Content-Range`, where a part was asked for and given.
    pub part: Option<String>,
    pub bytes: BoxStream<'static, Result<Bytes, VendorError>>,
}
