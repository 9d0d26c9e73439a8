//! A sliding window over a reader: as much of it as one record needs, and no more.

use std::io::{self, Read};

/// Read at once.
const STEP: usize = 256 * 1024;
/// Less room than this is not filled: a decoder needs some.
const LEAST: usize = 64;

pub(super) struct Window<R> {
    source: R,
    step: usize,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    /// Bytes given back so far.
    passed: u64,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: R) -> Self {
        Self::in_steps(source, STEP)
    }

    /// A window that reads so many bytes at once.
    pub(super) fn in_steps(source: R, step: usize) -> Self {
        Self { source, step, buffer: Vec::new(), start: 0, ended: false, passed: 0 }
    }

    /// What is at hand.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Whether nothing follows what is at hand.
    pub(super) fn is_last(&self) -> bool {
        self.ended
    }

    /// Bytes before the window.
    pub(super) fn passed(&self) -> u64 {
        self.passed
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.start += bytes;
        self.passed += bytes as u64;
    }

    /// Reads on; what was passed makes room.
    pub(super) fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let before = self.buffer.len();
        self.buffer.resize(before + self.step, 0);
        let mut filled = before;
        while self.buffer.len() - filled >= LEAST.min(self.step) {
            match self.source.read(&mut self.buffer[filled..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.buffer.truncate(filled);
        Ok(())
    }
}
