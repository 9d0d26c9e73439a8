//! How every command speaks: one JSON document, exit codes, errors with a hint, a reader that goes away.

use std::process::Stdio;

use serde_json::Value;
use simulator::{Fault, Kind, Rule, Simulator};
use testkit::TestDatabase;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use crate::support::{self, finished, on, reaching, run, small_world, sync, touchline};

async fn synced() -> (TestDatabase, Simulator) {
    let (vendor, database) = (small_world().await, support::database().await);
    run(&mut sync(&database, &vendor)).await.expect(0);
    (database, vendor)
}

fn someone(vendor: &Simulator) -> (String, String) {
    let leads = vendor.world(|world| world.records(Kind::Lead));
    let (id, lead) =
        leads.iter().find(|(_, lead)| lead["email"].as_str().is_some_and(|e| e.contains('@'))).unwrap();
    (id.clone(), lead["email"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_prints_one_json_document_where_it_is_asked_for() {
    let (database, vendor) = synced().await;
    let (id, email) = someone(&vendor);
    let commands: [&[&str]; 36] = [
        &["sync"],
        &["status"],
        &["replies"],
        &["replies", "--unmatched"],
        &["timeline", &email],
        &["lead", "show", &email],
        &["raw", "show", "instantly_leads_raw", &id],
        &["raw", "show", "instantly_leads_raw", &id, "--diff", "2099-01-01", "2099-01-02"],
        &["rebuild"],
        &["rebuild", "--dry-run"],
        &["migrate"],
        &["migrate", "--dry-run"],
        &["schema"],
        &["lead", "list"],
        &["lead", "list", "--status", "contacted", "--sort", "name", "--limit", "1"],
        &["bulk", "list"],
        &["campaign", "list"],
        &["offer", "list"],
        &["company", "list"],
        &["rules", "show"],
        &["queue"],
        &["queue", "--waiting"],
        &["stops"],
        &["suppressions"],
        &["funnel"],
        &["funnel", "--by", "week"],
        &["settings", "time-zone"],
        &["settings", "stop-company"],
        &["jobs"],
        &["connections", "list"],
        &["key", "list"],
        &["user", "list"],
        &["audit"],
        &["deliveries", "list"],
        &["imports", "list"],
        &["reconcile"],
    ];
    for arguments in commands {
        let mut command = on(&database, arguments);
        let ran = run(reaching(command.arg("--json"), &vendor)).await.expect(0);
        assert!(matches!(ran.json(), Value::Object(_) | Value::Array(_)), "{arguments:?}: {ran:?}");
        assert_eq!(ran.stderr, "", "{arguments:?} talks to people where a program listens");
        assert!(!ran.stdout.contains('\u{1b}'), "{arguments:?} colours a pipe");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_anything_was_synced_status_says_what_to_do() {
    let empty = testkit::empty_database().await;
    let refused = run(&mut on(&empty, &["status"])).await.expect(1);
    assert!(refused.stderr.contains("hint: run `touchline migrate --dry-run`"), "{}", refused.stderr);
    let database = support::database().await;
    let told = run(&mut on(&database, &["status"])).await.expect(0).stdout;
    assert!(
        told.contains("Nothing has been synced yet.") && told.contains("next: set INSTANTLY_API_KEY"),
        "{told}"
    );
    let status = run(&mut on(&database, &["status", "--json"])).await.expect(0).json();
    assert!(status["streams"].as_array().unwrap().iter().all(|stream| stream["last_state"].is_null()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_known_is_an_error_with_a_hint() {
    let (database, vendor) = synced().await;
    let cases: [(&[&str], &str, &str); 5] = [
        (&["sync", "--stream", "letters"], "no stream letters", "hint: one of: campaigns, "),
        (&["raw", "show", "letters_raw", "1"], "no raw table letters_raw", "hint: one of: instantly_"),
        (&["raw", "show", "instantly_leads_raw", "nobody"], "no record nobody", "hint: the key is"),
        (&["timeline", "nobody@example.com"], "nobody@example.com", "hint: "),
        (&["lead", "show", "nobody@example.com"], "nobody@example.com", "hint: "),
    ];
    for (arguments, what, hint) in cases {
        let ran = run(reaching(&mut on(&database, arguments), &vendor)).await.expect(1);
        assert!(
            ran.stderr.starts_with("error: ") && ran.stderr.contains(what),
            "{arguments:?}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(hint), "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments:?}");
    }
    let ran = run(&mut on(&database, &["sync"])).await.expect(1);
    assert!(ran.stderr.contains("no Instantly key is set\nhint: set INSTANTLY_API_KEY"), "{}", ran.stderr);
    run(&mut on(&database, &["synchronise"])).await.expect(2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_not_there_is_an_error_whose_hint_can_be_followed() {
    let help = run(&mut touchline(&["--help"])).await.expect(0).stdout;
    let mut command = touchline(&["status"]);
    let ran = run(command.env("DATABASE_URL", "postgres://me@127.0.0.1:1/none")).await.expect(1);
    assert!(ran.stderr.contains("hint: "), "{}", ran.stderr);
    for named in ran.stderr.split("`touchline ").skip(1) {
        let name = named.split(['`', ' ']).next().unwrap();
        assert!(
            help.contains(&format!("\n  {name} ")),
            "the hint names `{name}`, which is no command:\n{help}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_refused_fails_with_one_and_says_what_to_do() {
    let (vendor, database) = (small_world().await, support::database().await);
    vendor.set_revoked(true);
    let ran = run(reaching(&mut on(&database, &["sync"]), &vendor)).await.expect(1);
    assert!(ran.stdout.contains("not in sync") && ran.stdout.contains("hint: make a new v2 key"), "{ran:?}");
    vendor.set_revoked(false);
    run(&mut sync(&database, &vendor)).await.expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_answer_where_records_were_is_no_success() {
    let (database, vendor) = synced().await;
    vendor.faults().push(Rule::always("/api/v2/accounts", Fault::EmptyItems));
    let ran = run(reaching(&mut on(&database, &["sync", "--stream", "accounts"]), &vendor)).await.expect(1);
    assert!(ran.stdout.contains("answered with nothing where 4 records were before"), "{}", ran.stdout);
    assert!(ran.stdout.contains("`touchline sync --stream accounts --allow-gone`"), "{}", ran.stdout);
    let gone: i64 =
        sqlx::query_scalar("select count(*) from public.instantly_accounts_raw where gone_at is not null")
            .fetch_one(database.pool())
            .await
            .unwrap();
    assert_eq!(gone, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn psql_opens_on_the_same_database_and_gives_its_exit_code() {
    let (database, vendor) = synced().await;
    let leads = vendor.world(|world| world.leads().len());
    let ran = run(&mut on(&database, &["psql", "-XAtc", "select count(*) from instantly_leads_raw"]))
        .await
        .expect(0);
    assert_eq!(ran.stdout.trim(), leads.to_string());
    run(&mut on(&database, &["psql", "-Xc", "select from nowhere"])).await.expect(1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_goes_away_is_no_crash() {
    let (database, vendor) = synced().await;
    for arguments in
        [&["schema"][..], &["replies", "--limit", "1000"], &["sync"], &["sync", "--log", "debug"]]
    {
        let mut command = on(&database, arguments);
        let ran = first_line_of(reaching(&mut command, &vendor)).await;
        assert_eq!(ran, (Some(0), false), "{arguments:?}");
    }
}

/// As `touchline … 2>&1 | head -1`: exit code, and whether it panicked.
async fn first_line_of(command: &mut Command) -> (Option<i32>, bool) {
    let (reader, writer) = std::io::pipe().unwrap();
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    let child = command.spawn().unwrap();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut reader = tokio::fs::File::from_std(std::fs::File::from(std::os::fd::OwnedFd::from(reader)));
    let mut first = [0; 16];
    let _ = reader.read(&mut first).await;
    drop(reader);
    let ran = finished(child).await;
    // A panic ends a Rust program with 101.
    (ran.status.code(), ran.status.code() == Some(101))
}
