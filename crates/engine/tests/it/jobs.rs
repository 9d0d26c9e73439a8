//! Files received in pieces, long work asked for by pages: kept, worked through once, taken up again after a restart.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use engine::clock::Clock;
use engine::db::{Database, Settings};
use engine::import;
use engine::import::Field;
use engine::import::upload::{self, Reading, Received, Upload};
use engine::jobs::{self, Job, Kind, State, Wake};
use engine::sync::Stop;
use futures::{StreamExt, stream};
use jiff::Timestamp;
use serde_json::json;
use testkit::TestDatabase;
use uuid::Uuid;

const LIST: &str = "First Name,Last Name,Email,Company\r\nJane,Doe,jane@acme.example.com,Acme\r\n\
Rob,Roe,rob@acme.example.com,Acme\r\nRob,Roe,rob@acme.example.com,Acme\r\nNobody,,,\r\n";

async fn open(test: &TestDatabase) -> Database {
    Database::open(Settings::new("/nonexistent").url(test.url())).await.unwrap()
}

fn now() -> Timestamp {
    "2026-11-01T12:00:00Z".parse().unwrap()
}

async fn received(database: &Database, name: &str, text: &str, size: usize) -> Received {
    let pieces: Vec<io::Result<Bytes>> =
        text.as_bytes().chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    upload::receive(database.pool(), name, stream::iter(pieces).boxed(), None, now()).await.unwrap()
}

async fn kept(database: &Database, text: &str) -> Upload {
    match received(database, "people.csv", text, 7).await {
        Received::Kept(upload) => *upload,
        Received::Refused(report) => panic!("{report:?}"),
    }
}

/// Works until a job has ended.
async fn ended(database: &Database, job: &Job) -> Job {
    let (handle, stop) = Stop::new();
    let (wake, clock) = (Wake::default(), Clock::new(now));
    let waiting = async {
        loop {
            let job = jobs::show(database.pool(), job.id).await.unwrap();
            if !job.state.is_open() {
                handle.ask();
                return job;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let ((), job) = tokio::join!(jobs::work(database, &[], &clock, &wake, stop), waiting);
    job
}

async fn asked(database: &Database, kind: Kind, subject: Uuid) -> Job {
    jobs::ask(database.pool(), kind, &subject.to_string(), &json!({}), None, now()).await.unwrap()
}

#[tokio::test]
async fn a_file_is_received_looked_at_checked_and_imported_and_the_check_said_the_same() {
    let test = testkit::database().await;
    let database = open(&test).await;
    let pool = database.pool();
    let upload = kept(&database, LIST).await;
    assert_eq!(upload.file_bytes, LIST.len() as i64);

    let preview = upload::preview(pool, &upload).await.unwrap();
    assert_eq!((preview.delimiter, preview.encoding, preview.refusal), (Some(','), Some("utf-8"), None));
    let fields: Vec<Option<Field>> = preview.columns.iter().map(|one| one.column.field).collect();
    assert_eq!(
        fields,
        [Field::FirstName, Field::LastName, Field::Email, Field::CompanyName].map(Some).to_vec()
    );
    assert_eq!(preview.columns[0].samples, ["Jane", "Rob", "Nobody"]);
    assert_eq!(upload::known(pool, &upload).await.unwrap(), None);

    let check = asked(&database, Kind::ImportCheck, upload.id).await;
    let check = ended(&database, &check).await;
    assert_eq!(check.state, State::Finished, "{check:?}");
    let leads: i64 = sqlx::query_scalar("select count(*) from leads").fetch_one(pool).await.unwrap();
    assert_eq!(leads, 0, "a check changes nothing");
    let checked = upload::show(pool, upload.id).await.unwrap().checked.unwrap();
    let outcomes: Vec<&str> = checked.rows.iter().map(|row| row.verdict.outcome.as_str()).collect();
    assert_eq!(outcomes, ["new", "new", "duplicate", "rejected"]);
    assert_eq!(checked.rows[0].person.as_deref(), Some("Jane Doe"));
    assert_eq!(checked.rows[0].company.as_deref(), Some("Acme"));

    let job = asked(&database, Kind::Import, upload.id).await;
    assert_eq!(asked(&database, Kind::Import, upload.id).await.id, job.id, "asked twice, it is one job");
    let job = ended(&database, &job).await;
    assert_eq!(job.state, State::Finished, "{job:?}");
    let upload = upload::show(pool, upload.id).await.unwrap();
    let report = import::show(pool, upload.import_id.unwrap()).await.unwrap();
    assert_eq!((report.rows, report.new_rows, report.duplicate, report.rejected), (4, 2, 1, 1));
    let sums = |r: &import::Report| (r.rows, r.new_rows, r.updated, r.unchanged, r.duplicate, r.rejected);
    assert_eq!(sums(&report), sums(&checked.report));
    let again = kept(&database, LIST).await;
    assert_eq!(upload::known(pool, &again).await.unwrap(), Some(report.id));
}

#[tokio::test]
async fn a_correction_forgets_what_was_worked_out_and_decides_the_import() {
    let test = testkit::database().await;
    let database = open(&test).await;
    let pool = database.pool();
    let upload = kept(&database, "who,where\r\njane@acme.example.com,Acme\r\n").await;
    ended(&database, &asked(&database, Kind::ImportCheck, upload.id).await).await;
    assert!(upload::show(pool, upload.id).await.unwrap().checked.is_some());
    let fields = [("who".to_owned(), Some(Field::Email)), ("where".to_owned(), Some(Field::CompanyName))];
    let reading = Reading { fields: fields.into(), ..Reading::default() };
    let upload = upload::read_as(pool, upload.id, &reading, now()).await.unwrap();
    assert_eq!(upload.checked, None);
    let preview = upload::preview(pool, &upload).await.unwrap();
    assert_eq!(preview.columns[1].column.reason, "you said so");
    ended(&database, &asked(&database, Kind::Import, upload.id).await).await;
    let company: String =
        sqlx::query_scalar("select company_name from companies").fetch_one(pool).await.unwrap();
    assert_eq!(company, "Acme");
}

#[tokio::test]
async fn what_is_no_list_is_refused_with_a_remedy_and_its_bytes_are_not_kept() {
    let test = testkit::database().await;
    let database = open(&test).await;
    let Received::Refused(report) =
        received(&database, "page.csv", "<!doctype html><html><body>Sign in</body></html>", 9).await
    else {
        panic!("kept")
    };
    assert_eq!(report.refusal.as_deref(), Some("not_csv_html"));
    let files: i64 = sqlx::query_scalar("select count(*) from touchline.import_files")
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(files, 0);
}

#[tokio::test]
async fn a_connection_that_breaks_off_leaves_nothing_behind() {
    let test = testkit::database().await;
    let database = open(&test).await;
    let pieces = vec![Ok(Bytes::from_static(LIST.as_bytes())), Err(io::Error::other("reset"))];
    let outcome =
        upload::receive(database.pool(), "people.csv", stream::iter(pieces).boxed(), None, now()).await;
    assert!(outcome.is_err());
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from touchline.uploads) + (select count(*) from touchline.import_file_parts)",
    )
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_job_cut_off_with_its_process_is_taken_up_by_the_next() {
    let test = testkit::database().await;
    let database = open(&test).await;
    let upload = kept(&database, LIST).await;
    let job = asked(&database, Kind::Import, upload.id).await;
    sqlx::query("update touchline.jobs set state = 'running', started_at = asked_at")
        .execute(database.pool())
        .await
        .unwrap();
    assert_eq!(ended(&database, &job).await.state, State::Finished);
}

#[tokio::test]
async fn what_fails_says_why_and_what_to_do_and_what_waits_can_be_stopped() {
    let test = testkit::database().await;
    let database = open(&test).await;
    let pool = database.pool();
    let job = jobs::ask(pool, Kind::Sync, "instantly", &json!({}), None, now()).await.unwrap();
    let job = ended(&database, &job).await;
    assert_eq!(
        (job.state, job.error.as_deref(), job.hint.as_deref()),
        (
            State::Failed,
            Some("instantly has no key here"),
            Some("set its key in the environment of `touchline serve`, and start that again")
        )
    );
    let job = jobs::ask(pool, Kind::Sync, "instantly", &json!({}), None, now()).await.unwrap();
    assert_eq!(jobs::stop(pool, job.id, now()).await.unwrap().state, State::Stopped);
}

#[tokio::test]
async fn an_upload_thrown_away_takes_its_bytes_along_unless_an_import_has_them() {
    let test = testkit::database().await;
    let database = open(&test).await;
    let pool = database.pool();
    let files = async || -> i64 {
        sqlx::query_scalar("select count(*) from touchline.import_files").fetch_one(pool).await.unwrap()
    };
    let upload = kept(&database, LIST).await;
    upload::discard(pool, upload.id).await.unwrap();
    assert_eq!(files().await, 0);
    let upload = kept(&database, LIST).await;
    ended(&database, &asked(&database, Kind::Import, upload.id).await).await;
    let second = kept(&database, LIST).await;
    upload::discard(pool, second.id).await.unwrap();
    assert_eq!(files().await, 1);
}
