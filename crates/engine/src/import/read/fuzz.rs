//! The reader against bytes that nobody wrote: whatever comes, it ends, every byte is accounted for, and neither the
//! pieces the bytes come in nor going on in the middle changes a record.
//!
//! The corpus beside the fixtures is replayed on every run, with a short search after it. For a long one:
//! `TOUCHLINE_FUZZ_SECONDS=3600 cargo test -p engine --release -- fuzz`; what behaves in a new way is then added to the
//! corpus.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::{Damage, Dialect, Reader, Record};

const LONGEST: usize = 1500;
/// Shorter bytes come in the smallest pieces, too: that takes quadratic time.
const SHORT: usize = 300;
const PIECES: [&[u8]; 24] = [
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r\n",
    b"\r",
    b"\\\"",
    b"\\",
    b"'",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xE9",
    b"\xFF\xFE",
    b"a",
    b"ab@example.test",
    b" ",
    b"=1+1",
    b"\",\"",
    b"\"\n\"",
    b"\n\n",
    b"\xC3\xA9",
];

#[test]
fn any_bytes_are_read_to_their_end_in_any_pieces() {
    let told = std::env::var("TOUCHLINE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let until = Instant::now() + Duration::from_secs(told.unwrap_or(2));
    let mut seeds = corpus();
    assert!(seeds.len() > 20, "the corpus is gone");
    let mut seen: HashSet<u64> = HashSet::new();
    for seed in &seeds {
        seen.extend(check(seed));
    }
    let mut dice = Rng::with_seed(told.unwrap_or(7));
    let mut tried: u64 = 0;
    while Instant::now() < until {
        let bytes = mutated(&seeds, &mut dice);
        tried += 1;
        let before = seen.len();
        seen.extend(check(&bytes));
        if seen.len() > before {
            if told.is_some() && bytes.len() < 400 {
                let name = format!("{:016x}.csv", digest(&bytes));
                std::fs::write(folder().join(name), &bytes).unwrap();
            }
            seeds.push(bytes);
        }
    }
    println!("{tried} inputs, {} ways to behave", seen.len());
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/reader")
}

fn corpus() -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

fn digest(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// Reads bytes in every dialect and in several pieces; what the reader did with them, a number for each step: what became
/// of a record, and of the one before it.
fn check(bytes: &[u8]) -> HashSet<u64> {
    let mut ways = HashSet::new();
    for (delimiter, quote, skip_initial_space) in
        [(b',', b'"', false), (b';', b'"', false), (b',', b'\'', false), (b',', b'"', true)]
    {
        let dialect = Dialect { delimiter, quote, skip_initial_space };
        let told = || format!("{dialect:?} {:?}", String::from_utf8_lossy(bytes));
        let whole = records(bytes, dialect, 1 << 20, None);
        let mut before = (0, 0);
        let mut damage = None;
        for (record, position) in &whole {
            assert!(position.0 > before.0 && record.line > before.1, "it goes on: {}", told());
            before = (position.0, record.line);
            let width = record.len().cmp(&whole[0].0.len());
            let text = (record.had_nul, record.was_windows_1252);
            let last = damage.replace(record.damage as u8);
            ways.insert(digest(&(delimiter, quote, skip_initial_space, last, damage, width, text)));
        }
        assert_eq!(before.0, bytes.len() as u64, "every byte is accounted for: {}", told());
        let steps: &[usize] = if bytes.len() <= SHORT { &[1, 2, 3, 7] } else { &[41, 64] };
        for &step in steps {
            assert_eq!(records(bytes, dialect, step, None), whole, "in pieces of {step}: {}", told());
        }
        for cut in [whole.len() / 3, whole.len() / 2] {
            let Some((_, at)) = cut.checked_sub(1).map(|last| &whole[last]) else { continue };
            let rest = records(bytes, dialect, 31, Some((*at, whole[0].0.len())));
            assert_eq!(rest, whole[cut..], "going on after record {cut}: {}", told());
        }
    }
    ways
}

type Found = Vec<(Record, (u64, u64))>;

/// All records, each with the place after it. The first one is the header, unless it goes on at a place.
fn records(bytes: &[u8], dialect: Dialect, step: usize, from: Option<((u64, u64), usize)>) -> Found {
    let mut reader = Reader::in_steps(bytes, dialect, step);
    if let Some((place, width)) = from {
        reader.expect(width);
        reader.skip_to(place).unwrap();
    }
    let mut found = Found::new();
    while let Some(record) = reader.next().unwrap() {
        if found.is_empty() && from.is_none() {
            reader.expect(record.len());
        }
        assert!(record.damage != Damage::RecordTooLarge, "nothing here is that large");
        found.push((record, reader.position()));
        assert!(found.len() <= bytes.len() + 1, "it ends");
    }
    found
}

fn mutated(seeds: &[Vec<u8>], dice: &mut Rng) -> Vec<u8> {
    let mut bytes = seeds[dice.usize(..seeds.len())].clone();
    for _ in 0..dice.usize(1..6) {
        let at = dice.usize(..=bytes.len());
        let end = (at + dice.usize(..24)).min(bytes.len());
        match dice.u8(..6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.u8(..8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].repeat(dice.usize(1..4));
                bytes.splice(at..at, again);
            }
            3 => {
                let other = &seeds[dice.usize(..seeds.len())];
                let from = dice.usize(..=other.len());
                let to = (from + dice.usize(..60)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            _ => drop(bytes.splice(at..at, PIECES[dice.usize(..PIECES.len())].iter().copied())),
        }
    }
    bytes.truncate(LONGEST);
    bytes
}
