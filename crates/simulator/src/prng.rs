//! A tiny deterministic source of chance. The same seed gives the same world on every machine, which a general crate
//! does not promise across its versions.

use uuid::Uuid;

/// SplitMix64: ten lines, passes the usual tests, and every state is a valid seed.
#[derive(Debug, Clone)]
pub(crate) struct Prng(u64);

impl Prng {
    pub(crate) fn new(seed: u64) -> Self {
        Prng(seed ^ 0x5851_f42d_4c95_7f2d)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n` − 1; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1).max(1) as u64) as i64
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// An id shaped like the vendor's: UUIDv7, so its order is the order of time.
    pub(crate) fn uuid(&mut self, milliseconds: i64) -> Uuid {
        let (a, b) = (self.next(), self.next());
        let time = (milliseconds as u128 & 0xffff_ffff_ffff) << 80;
        let high = (u128::from(a) & 0x0fff) << 64;
        let low = (u128::from(b) & 0x3fff_ffff_ffff_ffff) | (1 << 63);
        Uuid::from_u128(time | (0x7 << 76) | high | low)
    }

    /// A thread id as seen on the wire: 26 characters of base64url, not a UUID.
    pub(crate) fn thread(&mut self) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        (0..26).map(|_| char::from(LETTERS[self.below(64)])).collect()
    }
}
