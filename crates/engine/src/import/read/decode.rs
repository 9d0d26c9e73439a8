//! Bytes in a file's encoding become UTF-8, streaming. UTF-8 passes as it is: a record that breaks it is mended alone.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

/// A reader of UTF-8 without a byte-order mark, over a reader of `encoding`.
pub(in crate::import) fn decoder(
    source: impl Read + Send + 'static,
    encoding: &'static Encoding,
) -> Box<dyn Read + Send> {
    if encoding == UTF_8 {
        Box::new(WithoutMark { source, start: None })
    } else {
        let decoder = encoding.new_decoder_with_bom_removal();
        Box::new(Transcoded {
            source,
            decoder,
            input: vec![0; 64 * 1024],
            held: 0..0,
            ended: false,
            done: false,
        })
    }
}

/// Drops a UTF-8 byte-order mark.
struct WithoutMark<R> {
    source: R,
    /// What is left of the first three bytes, once they are read.
    start: Option<Vec<u8>>,
}

impl<R: Read> Read for WithoutMark<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start.is_none() {
            let mut start = Vec::with_capacity(3);
            (&mut self.source).take(3).read_to_end(&mut start)?;
            if start == [0xEF, 0xBB, 0xBF] {
                start.clear();
            }
            self.start = Some(start);
        }
        match &mut self.start {
            Some(start) if !start.is_empty() => {
                let count = start.len().min(out.len());
                out[..count].copy_from_slice(&start[..count]);
                start.drain(..count);
                Ok(count)
            }
            _ => self.source.read(out),
        }
    }
}

/// Another encoding as UTF-8; what cannot be read becomes U+FFFD.
struct Transcoded<R> {
    source: R,
    decoder: Decoder,
    input: Vec<u8>,
    held: std::ops::Range<usize>,
    ended: bool,
    done: bool,
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.len() < 16 {
            return Err(io::Error::other("a decoder needs room for one character"));
        }
        while !self.done {
            if self.held.is_empty() && !self.ended {
                let read = self.source.read(&mut self.input)?;
                self.ended = read == 0;
                self.held = 0..read;
            }
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(&self.input[self.held.clone()], out, self.ended);
            self.held.start += read;
            if self.ended && result == CoderResult::InputEmpty {
                self.done = true;
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
