//! Damaged files of our own making, as files: what is no list is refused with the reason, of a list only the damaged rows
//! suffer. `fixtures/damaged/README.md` says what is wrong with each; the snapshot says what an import made of it.

use std::fmt::Write as _;
use std::path::PathBuf;

use engine::import::{self, Input, Options};
use sqlx::PgPool;

use super::support::run;

#[tokio::test]
async fn every_damaged_file_comes_out_as_it_should() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/damaged");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "csv"))
        .collect();
    files.sort();
    assert!(files.len() >= 20, "files are gone");
    let database = testkit::database().await;
    let mut told = String::new();
    for path in files {
        told += &outcome(database.pool(), path).await;
        let emptied = "truncate leads, companies, lead_identities, csv_imports_raw, touchline.imports,
            touchline.import_parts, touchline.import_rows, touchline.import_changes cascade";
        sqlx::query(emptied).execute(database.pool()).await.unwrap();
    }
    insta::assert_snapshot!(told);
}

async fn outcome(pool: &PgPool, path: PathBuf) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let input = Input::File { name: name.clone(), path };
    let report = run(pool, input, &Options::default()).await.unwrap().report;
    assert!(report.adds_up(), "{name}");
    let mut told = format!("{name}: ");
    if let Some(refusal) = &report.refusal {
        writeln!(told, "refused, {refusal}").unwrap();
        return told;
    }
    writeln!(
        told,
        "{} {:?}, header in line {}, {} rows, {} blank {:?}",
        report.encoding.unwrap(),
        report.delimiter.unwrap(),
        report.header_line.unwrap(),
        report.rows,
        report.blank_rows,
        report.file_notes
    )
    .unwrap();
    for row in import::rows(pool, report.id, None, 0, 100).await.unwrap() {
        let person: Option<String> = sqlx::query_scalar(
            "select concat_ws(', ', email, first_name, last_name, job_title, company_name, company_size)
               from leads l left join companies c on c.id = l.company_id where l.id = $1",
        )
        .bind(row.lead_id)
        .fetch_optional(pool)
        .await
        .unwrap();
        let mut words = vec![row.outcome];
        words.extend(row.reason);
        words.extend(row.notes.unwrap_or_default());
        writeln!(told, "  {} {}: {}", row.line, words.join(" "), person.unwrap_or_default()).unwrap();
    }
    told
}
