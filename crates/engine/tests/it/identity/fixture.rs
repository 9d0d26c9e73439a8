//! Reads a CSV fixture and what is promised for it.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use engine::identity::Note;
use serde_json::Value;

/// A CSV fixture: rows by header, with their physical line, and the promise.
pub(crate) struct Fixture {
    pub(crate) rows: Vec<Row>,
    pub(crate) expected: Value,
}

/// One record.
pub(crate) struct Row {
    pub(crate) line: u64,
    cells: HashMap<String, String>,
}

impl Row {
    pub(crate) fn get(&self, header: &str) -> &str {
        self.cells.get(header).map_or("", String::as_str)
    }
}

impl Fixture {
    /// Reads a fixture whose header is on the given line.
    pub(crate) fn read(file: &str, header_line: usize) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/csv");
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let text = text.split_inclusive('\n').skip(header_line - 1).collect::<String>();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let row = |record: csv::StringRecord| Row {
            line: record.position().unwrap().line() + header_line as u64 - 1,
            cells: headers.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect(),
        };
        let rows: Vec<Row> = reader.records().map(|record| row(record.unwrap())).collect();
        assert!(!rows.is_empty());
        let all: Value =
            serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
        Self { rows, expected: all[file].clone() }
    }

    /// A list of words of the promise.
    pub(crate) fn words(&self, pointer: &str) -> Vec<&str> {
        let list = self.expected.pointer(pointer).unwrap().as_array().unwrap();
        list.iter().map(|word| word.as_str().unwrap()).collect()
    }

    /// A number of the promise.
    pub(crate) fn count(&self, pointer: &str) -> usize {
        self.expected.pointer(pointer).unwrap().as_u64().unwrap().try_into().unwrap()
    }

    /// The promised notes, as a set.
    pub(crate) fn notes(&self) -> BTreeSet<&str> {
        self.words("/notes").into_iter().collect()
    }
}

/// Notes as a set of codes.
pub(crate) fn codes(notes: impl IntoIterator<Item = Note>) -> BTreeSet<&'static str> {
    notes.into_iter().map(Note::code).collect()
}
