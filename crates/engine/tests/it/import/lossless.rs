//! What comes out of `raw_data` is what went in, whatever the dialect and however the bytes arrive.

use std::io::{self, Read};

use engine::import::{Input, Options};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use sqlx::PgPool;

use super::support::{import, run};

/// A reader that gives as many bytes at a time as it likes.
struct Chunks {
    bytes: Vec<u8>,
    at: usize,
    step: usize,
}

impl Read for Chunks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.step.min(out.len()).min(self.bytes.len() - self.at);
        out[..count].copy_from_slice(&self.bytes[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[derive(Debug, Clone)]
struct Table {
    rows: Vec<Vec<String>>,
    delimiter: char,
    line_end: &'static str,
    quote_all: bool,
    /// A blank before every quote; only where everything is quoted.
    space: bool,
    encoding: u8,
    last_line_ends: bool,
    step: usize,
}

fn table() -> impl Strategy<Value = Table> {
    let cell = prop_oneof![
        "[a-zA-Z0-9 ]{0,12}",
        "[\"',;\t|\r\n:=@a]{0,8}",
        "\\PC{0,10}",
        Just(String::new()),
        Just("a\"b\"\"c".to_owned()),
    ];
    let row = proptest::collection::vec(cell, 4).prop_map(|mut row| {
        row[0] = format!("x{}", row[0]); // no row is blank
        row
    });
    (
        proptest::collection::vec(row, 1..12),
        prop_oneof![Just(','), Just(';'), Just('\t'), Just('|')],
        prop_oneof![Just("\n"), Just("\r\n"), Just("\r")],
        prop_oneof![Just((false, false)), Just((true, false)), Just((true, true))],
        0_u8..4,
        any::<bool>(),
        prop_oneof![Just(1_usize), 2_usize..40, Just(1 << 20)],
    )
        .prop_map(|(rows, delimiter, line_end, (quote_all, space), encoding, last_line_ends, step)| {
            Table { rows, delimiter, line_end, quote_all, space, encoding, last_line_ends, step }
        })
}

const HEADER: [&str; 4] = ["Email", "First Name", "Notes of \"ours\"", "Company"];

impl Table {
    fn bytes(&self) -> Vec<u8> {
        let cell = |cell: &str| {
            let needs = self.quote_all || cell.contains([self.delimiter, '"', '\n', '\r']);
            if needs { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
        };
        let between = if self.space { format!("{} ", self.delimiter) } else { self.delimiter.to_string() };
        let line = |cells: Vec<String>| cells.join(&between);
        let mut lines = vec![line(HEADER.iter().map(|name| cell(name)).collect())];
        lines.extend(self.rows.iter().map(|row| line(row.iter().map(|text| cell(text)).collect())));
        let mut text = lines.join(self.line_end);
        if self.last_line_ends {
            text.push_str(self.line_end);
        }
        match self.encoding {
            1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            2 => [vec![0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
            3 => [vec![0xFE, 0xFF], text.encode_utf16().flat_map(u16::to_be_bytes).collect()].concat(),
            _ => text.into_bytes(),
        }
    }
}

#[tokio::test]
async fn raw_data_equals_what_went_in() {
    let database = testkit::database().await;
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    for _ in 0..60 {
        let table = table().new_tree(&mut runner).unwrap().current();
        let bytes = table.bytes();
        let source = Box::new(Chunks { bytes, at: 0, step: table.step });
        let input = Input::Stream { name: "any.csv".into(), source };
        let again = Options { again: true, ..Options::default() };
        let imported = run(database.pool(), input, &again).await.unwrap();
        assert_eq!(imported.report.refusal, None, "{table:?}");
        let found = cells(database.pool(), imported.report.id, &HEADER).await;
        assert_eq!(found, table.rows, "{table:?}");
    }
}

/// The cells of an import by header, in the order of the file.
async fn cells(pool: &PgPool, id: impl ToString, header: &[&str]) -> Vec<Vec<String>> {
    let items: Vec<Value> = sqlx::query_scalar(
        "select e.item from touchline.import_parts p join csv_imports_raw r on r.id = p.csv_import_id
          cross join jsonb_array_elements(r.raw_data) with ordinality as e (item, position)
          where p.import_id = $1::uuid order by p.part, e.position",
    )
    .bind(id.to_string())
    .fetch_all(pool)
    .await
    .unwrap();
    items
        .iter()
        .map(|item| header.iter().map(|name| item[*name].as_str().unwrap_or("(absent)").to_owned()).collect())
        .collect()
}

/// The corpus of the `csv-spectrum` crate, with an address in front so that each file is a list.
#[tokio::test]
async fn the_spectrum_of_csv_files_is_read_as_it_says() {
    let database = testkit::database().await;
    for sample in csv_spectrum::spectrum() {
        let text = String::from_utf8(sample.csv.to_vec()).unwrap();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let options = Options {
            again: true,
            map: vec![(header.get(0).unwrap().into(), Some(engine::import::Field::Email))],
            ..Options::default()
        };
        let input =
            Input::Stream { name: sample.name.into(), source: Box::new(std::io::Cursor::new(sample.csv)) };
        let imported = run(database.pool(), input, &options).await.unwrap();
        assert_eq!(imported.report.refusal, None, "{}", sample.name);
        let names: Vec<&str> = header.iter().collect();
        let found = cells(database.pool(), imported.report.id, &names).await;
        assert_eq!(found, rows, "{}", sample.name);
    }
}

#[tokio::test]
async fn the_bytes_are_kept_as_they_came() {
    let database = testkit::database().await;
    let pool = database.pool();
    let list: String = (0..200_000)
        .fold("Email,Name\r\n".into(), |list, n| list + &format!("a{}@x.test,\"A \"\"{n}\"\"\"\r\n", n % 5));
    import(pool, list.clone()).await;
    let parts: Vec<(i32, Vec<u8>)> =
        sqlx::query_as("select size_bytes, compressed from touchline.import_file_parts order by part")
            .fetch_all(pool)
            .await
            .unwrap();
    let kept: Vec<u8> = parts
        .iter()
        .flat_map(|(size, part)| lz4_flex::block::decompress(part, usize::try_from(*size).unwrap()).unwrap())
        .collect();
    assert!(parts.len() > 1);
    assert!(kept == list.as_bytes());
    let same: bool = sqlx::query_scalar("select file_sha256 = sha256($1) from touchline.import_files")
        .bind(&kept)
        .fetch_one(pool)
        .await
        .unwrap();
    assert!(same);
}
