//! `touchline import`, killed and started again.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

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

fn list() -> String {
    let mut list = String::from("Email,First Name,Company,Website\n");
    for n in 0..45_000 {
        match n % 900 {
            7 => list.push_str("nobody,No,One,\n"),
            8 => list.push_str("p1@c1.test,Again,C,\n"),
            _ => list.push_str(&format!("p{n}@c{}.test,P{n},C{},\n", n % 300, n % 300)),
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

#[tokio::test]
async fn killed_anywhere_and_run_again_it_ends_as_if_nothing_had_happened() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, list()).unwrap();
    let undisturbed = testkit::database().await;
    let whole = import(&undisturbed.url(), &file);
    assert_eq!(whole["rows"], 45_000);

    let database = testkit::database().await;
    let mut kills = 0;
    for attempt in 0..8_u64 {
        let mut child = touchline(&database.url())
            .arg("import")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(150 + attempt * 173 % 1100));
        kills += u64::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(kills > 0);
    let done = import(&database.url(), &file);
    for sum in SUMS {
        assert_eq!(done[sum], whole[sum], "{sum} after {kills} kills");
    }
    for (question, what) in [
        ("select count(*) from leads", "leads"),
        ("select count(*) from companies", "companies"),
        ("select count(*) from lead_identities", "identities"),
        ("select count(*) from touchline.import_rows", "verdicts"),
        ("select sum(jsonb_array_length(raw_data))::bigint from csv_imports_raw", "raw rows"),
        ("select count(*) from touchline.imports", "imports"),
    ] {
        let count = async |pool| sqlx::query_scalar::<_, i64>(question).fetch_one(pool).await.unwrap();
        assert_eq!(count(database.pool()).await, count(undisturbed.pool()).await, "{what}");
    }
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
