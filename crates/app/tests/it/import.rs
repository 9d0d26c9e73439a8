//! `touchline import`, killed and started again.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{dice, setting};

fn touchline(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchline"));
    command.env("DATABASE_URL", url).stdin(Stdio::null());
    command
}

fn import(url: &str, file: &Path) -> Value {
    let output = touchline(url).args(["--json", "import"]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn list(rows: u64) -> String {
    let mut list = String::from("Email,First Name,Company,Website,Note\n");
    let filler = "words that make the parts of a long list many ".repeat(2);
    for n in 0..rows {
        match n % 900 {
            7 => list.push_str("nobody,No,One,\n"),
            8 => list.push_str(&format!("p{}@c1.test,Again,C,,{n}\n", n / 2)),
            _ => list.push_str(&format!("p{n}@c{}.test,P{n},C{},,{filler}\n", n % 300, n % 300)),
        }
    }
    list
}

const SUMS: [&str; 12] = [
    "rows",
    "new_rows",
    "updated",
    "unchanged",
    "duplicate",
    "rejected",
    "repaired",
    "blank_rows",
    "companies_new",
    "companies_filled",
    "parts",
    "notes",
];

/// What is in the database, whatever ids and times it has.
const HELD: [(&str, &str); 6] = [
    (
        "select md5(string_agg(concat_ws('|', l.email, l.first_name, l.last_name, c.company_domain, l.apollo_data), '' order by l.email))
           from leads l left join companies c on c.id = l.company_id",
        "leads",
    ),
    (
        "select md5(string_agg(concat_ws('|', company_domain, company_name, apollo_data), '' order by company_domain)) from companies",
        "companies",
    ),
    (
        "select md5(string_agg(concat_ws('|', i.identity_kind, i.identity_value, l.email), '' order by i.identity_kind, i.identity_value))
           from lead_identities i join leads l on l.id = i.lead_id",
        "identities",
    ),
    (
        "select md5(string_agg(concat_ws('|', line, part, position, outcome, reason, joins_line, notes, lead_id is null), '' order by line))
           from touchline.import_rows",
        "verdicts",
    ),
    (
        "select md5(string_agg(r.raw_data::text, '' order by p.part)) || count(*)
           from csv_imports_raw r left join touchline.import_parts p on p.csv_import_id = r.id",
        "raw rows",
    ),
    ("select count(*)::text from touchline.imports", "imports"),
];

#[tokio::test]
async fn killed_anywhere_and_run_again_it_ends_as_if_nothing_had_happened() {
    let (wanted, rows) = (setting("TOUCHLINE_IMPORT_KILLS", 8), setting("TOUCHLINE_IMPORT_ROWS", 45_000));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, list(rows)).unwrap();
    let undisturbed = testkit::database().await;
    let began = Instant::now();
    let whole = import(&undisturbed.url(), &file);
    let longest = began.elapsed().as_millis().max(400);
    assert_eq!(whole["rows"], rows);

    let (mut dice, mut kills, mut ends) = (dice(), 0, 0);
    while kills < wanted {
        let database = testkit::database().await;
        // Most are killed early: an import that goes on and on has few ends.
        for _ in 0..wanted.min(8) {
            let mut child = touchline(&database.url())
                .arg("import")
                .arg(&file)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(dice.u64(..longest as u64 / 2)));
            kills += u64::from(child.try_wait().unwrap().is_none());
            let _ = child.kill();
            child.wait().unwrap();
        }
        let done = import(&database.url(), &file);
        ends += 1;
        for sum in SUMS {
            assert_eq!(done[sum], whole[sum], "{sum} after {kills} kills");
        }
        for (question, what) in HELD {
            let held = async |pool| sqlx::query_scalar::<_, String>(question).fetch_one(pool).await.unwrap();
            assert_eq!(
                held(database.pool()).await,
                held(undisturbed.pool()).await,
                "{what} after {kills} kills"
            );
        }
    }
    println!("{kills} kills, {ends} imports of {rows} rows that ended as one that was left alone");
}

#[tokio::test]
async fn standard_input_gzip_and_refusals_work_on_the_command_line() {
    let database = testkit::database().await;
    let url = database.url();
    let mut child = touchline(&url)
        .args(["--json", "import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(
        &mut child.stdin.take().unwrap(),
        b"Email,First Name\nada@x.test,Ada\nnobody,Ben\n",
    )
    .unwrap();
    let output = child.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["new_rows"], &report["rejected"]), (&1.into(), &1.into()));

    let id = report["id"].as_str().unwrap();
    let output = touchline(&url).args(["imports", "rejects", id]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().ends_with("nobody,Ben,3,rejected,invalid_email,\r\n"));

    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.csv");
    std::fs::write(&page, "<!DOCTYPE html><html></html>").unwrap();
    let output = touchline(&url).arg("import").arg(&page).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("hint: "));
}
