//! Where a file comes from: a path, or a stream that can be read once; packed with gzip or not.

use std::io::{self, Cursor, Read};
use std::path::PathBuf;

use super::sniff::HEAD_BYTES;

/// A file to import.
pub enum Input {
    /// Read as often as need be.
    File { name: String, path: PathBuf },
    /// Standard input, an upload: read once.
    Stream { name: String, source: Box<dyn Read + Send> },
}

impl Input {
    pub fn name(&self) -> &str {
        match self {
            Self::File { name, .. } | Self::Stream { name, .. } => name,
        }
    }
}

/// The start of a file, unpacked, and what opens it again.
pub(super) struct Opened {
    pub(super) name: String,
    /// Unpacked, at most a megabyte.
    pub(super) head: Vec<u8>,
    /// Whether nothing follows the head.
    pub(super) whole: bool,
    /// None where the source was a stream.
    pub(super) path: Option<PathBuf>,
    /// The bytes as they came, from the start.
    pub(super) source: Box<dyn Read + Send>,
}

/// Opens an input and looks at its start. Blocks.
pub(super) fn open(input: Input) -> io::Result<Opened> {
    let (name, path, mut source): (_, _, Box<dyn Read + Send>) = match input {
        Input::File { name, path } => {
            let file = std::fs::File::open(&path)?;
            (name, Some(path), Box::new(file))
        }
        Input::Stream { name, source } => (name, None, source),
    };
    let mut raw = Vec::new();
    (&mut source).take(HEAD_BYTES as u64).read_to_end(&mut raw)?;
    let all = raw.len() < HEAD_BYTES;
    let (head, whole) = if is_gzip(&raw) {
        let mut head = Vec::new();
        let mut unpacked = flate2::bufread::MultiGzDecoder::new(&raw[..]).take(HEAD_BYTES as u64);
        let ended = unpacked.read_to_end(&mut head);
        if all && let Err(error) = &ended {
            return Err(io::Error::new(error.kind(), format!("the gzip data is damaged: {error}")));
        }
        let whole = all && head.len() < HEAD_BYTES;
        (head, whole)
    } else {
        (raw.clone(), all)
    };
    Ok(Opened { name, head, whole, path, source: Box::new(Cursor::new(raw).chain(source)) })
}

/// The bytes of the list, unpacked where they are packed.
pub(super) fn unpacked(mut source: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut magic = Vec::new();
    (&mut source).take(2).read_to_end(&mut magic)?;
    let packed = is_gzip(&magic);
    let source = Cursor::new(magic).chain(source);
    Ok(if packed { Box::new(flate2::read::MultiGzDecoder::new(source)) } else { Box::new(source) })
}

fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1F, 0x8B])
}
