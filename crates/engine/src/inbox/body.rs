//! A delivery's body: taken in within limits, and decompressed within the same limits.

use std::io::Read;
use std::sync::Arc;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::receive::Refused;

/// A body on its way in. Its bytes count against what all bodies together may hold until it is dropped.
#[derive(Debug)]
pub struct Body {
    pub(super) bytes: Vec<u8>,
    /// How the bytes are still compressed, where that could not be undone.
    pub(super) encoding: Option<String>,
    room: Arc<Semaphore>,
    taken: Option<OwnedSemaphorePermit>,
    most: usize,
}

impl Body {
    pub(super) fn new(room: Arc<Semaphore>, most: usize) -> Self {
        Self { bytes: Vec::new(), encoding: None, room, taken: None, most }
    }

    /// Takes in the next bytes.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Refused> {
        if self.bytes.len() + chunk.len() > self.most {
            return Err(Refused::TooLarge);
        }
        self.take_room(chunk.len())?;
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    fn take_room(&mut self, bytes: usize) -> Result<(), Refused> {
        let wanted = u32::try_from(bytes).map_err(|_| Refused::TooLarge)?;
        let more = Arc::clone(&self.room).try_acquire_many_owned(wanted).map_err(|_| Refused::Busy)?;
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            taken => *taken = Some(more),
        }
        Ok(())
    }

    /// Undoes the compression that the header names. What cannot be undone stays as it came: it is authentic, so it is
    /// kept. The bytes as they came are returned, for signatures over them.
    pub(super) fn decompress(&mut self, content_encoding: Option<&[u8]>) -> Result<Option<Vec<u8>>, Refused> {
        let named = content_encoding.map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase());
        let Some(named) = named.filter(|name| !matches!(name.as_str(), "" | "identity")) else {
            return Ok(None);
        };
        let mut plain = Vec::new();
        let most = self.most as u64 + 1;
        let read = match named.as_str() {
            "gzip" | "x-gzip" => {
                MultiGzDecoder::new(self.bytes.as_slice()).take(most).read_to_end(&mut plain)
            }
            // The name means zlib's form; some send the bare one.
            "deflate" if self.bytes.first().is_some_and(|first| first & 0x0f == 8) => {
                ZlibDecoder::new(self.bytes.as_slice()).take(most).read_to_end(&mut plain)
            }
            "deflate" => DeflateDecoder::new(self.bytes.as_slice()).take(most).read_to_end(&mut plain),
            _ => Err(std::io::ErrorKind::Unsupported.into()),
        };
        if plain.len() > self.most {
            return Err(Refused::TooLarge);
        }
        if read.is_err() {
            self.encoding = Some(named.replace('\0', "\u{FFFD}"));
            return Ok(None);
        }
        self.take_room(plain.len())?;
        Ok(Some(std::mem::replace(&mut self.bytes, plain)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn body(bytes: &[u8]) -> Body {
        let mut body = Body::new(Arc::new(Semaphore::new(4096)), 1024);
        body.push(bytes).unwrap();
        body
    }

    #[test]
    fn what_is_compressed_is_undone_and_what_cannot_be_is_kept() {
        let plain = b"{\"event\":\"x\"}".as_slice();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(plain).unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(plain).unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(plain).unwrap();
        for (bytes, name) in [
            (gzip.finish().unwrap(), "gzip"),
            (zlib.finish().unwrap(), "deflate"),
            (bare.finish().unwrap(), "Deflate"),
        ] {
            let mut body = body(&bytes);
            assert_eq!(body.decompress(Some(name.as_bytes())).unwrap(), Some(bytes));
            assert_eq!((body.bytes.as_slice(), &body.encoding), (plain, &None));
        }
        for name in ["gzip", "deflate", "br"] {
            let mut body = body(b"no such thing");
            assert_eq!(body.decompress(Some(name.as_bytes())).unwrap(), None);
            assert_eq!(body.bytes, b"no such thing");
            assert_eq!(body.encoding.as_deref(), Some(name));
        }
    }

    #[test]
    fn limits_count_decompressed_bytes() {
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![0; 1_000_000]).unwrap();
        let mut body = body(&bomb.finish().unwrap()[..]);
        assert_eq!(body.decompress(Some(b"gzip")), Err(Refused::TooLarge));
        assert_eq!(self::body(b"").push(&[0; 1025]), Err(Refused::TooLarge));
        let full = Arc::new(Semaphore::new(8));
        assert_eq!(Body::new(full, 1024).push(&[0; 9]), Err(Refused::Busy));
    }
}
