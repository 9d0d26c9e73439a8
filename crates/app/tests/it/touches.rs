//! A day's work from the command line: a no on the phone, taken back; who must not be contacted; the check.

use serde_json::Value;

use crate::support::{self, on, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_on_the_phone_stops_everything_with_receipts_and_undo_takes_it_back() {
    let database = support::database().await;
    run(&mut on(&database, &["migrate"])).await.expect(0);
    sqlx::raw_sql(
        "insert into public.campaigns (campaign_name, instantly_campaign_id, uses_email, campaign_status)
         values ('Autumn', 'c-1', true, 'active'), ('Calls', null, false, 'active');
         update public.campaigns set uses_calls = true where campaign_name = 'Calls';
         insert into public.leads (first_name, last_name, email) values ('Jane', 'Doe', 'jane@acme.example');
         insert into public.campaign_leads (campaign_id, lead_id, next_followup_at)
         select c.id, l.id, now() + interval '3 days' from public.campaigns c, public.leads l;",
    )
    .execute(database.pool())
    .await
    .unwrap();
    let states = async || -> Vec<(String, bool, bool)> {
        sqlx::query_as(
            "select overall_status, stopped_at is not null, next_followup_at is not null from public.campaign_leads",
        )
        .fetch_all(database.pool())
        .await
        .unwrap()
    };
    let going = vec![("active".to_owned(), false, true); 2];
    assert_eq!(states().await, going);

    let log = ["log", "call", "jane@acme.example", "not for us", "--outcome", "not-interested"];
    let told = run(&mut on(&database, &log)).await.expect(0);
    for words in [
        "Logged a call with Jane Doe, not interested",
        "Stopped: Autumn (disqualified), Calls",
        "✓ our own gate",
        "✗ RED instantly",
    ] {
        assert!(told.stdout.contains(words), "{words}: {}", told.stdout);
    }
    assert_eq!(states().await, vec![("disqualified".to_owned(), true, false); 2]);
    let red = run(&mut on(&database, &["stops", "--json"])).await.expect(0).json();
    let receipts = red["receipts"].as_array().unwrap();
    assert_eq!(receipts.len(), 2, "{red}");
    let id = receipts[0]["id"].as_str().unwrap();
    let done = run(&mut on(&database, &["stops", "done", id, "--json"])).await.expect(0).json();
    assert_eq!(done["state"], "acknowledged");

    let undone = run(&mut on(&database, &["undo"])).await.expect(0);
    assert!(undone.stdout.contains("Autumn goes on"), "{}", undone.stdout);
    assert_eq!(states().await, going);
    let again = run(&mut on(&database, &["undo", "--json"])).await.expect(0).json();
    assert_eq!(again["was_undone"], true);
    assert_eq!(states().await, going);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_of_one_person_stops_the_whole_company_where_that_is_set() {
    let database = support::database().await;
    run(&mut on(&database, &["migrate"])).await.expect(0);
    sqlx::raw_sql(
        "insert into public.campaigns (campaign_name, uses_calls, campaign_status) values ('Calls', true, 'active');
         insert into public.companies (company_name, company_domain) values ('Acme', 'acme.example');
         insert into public.leads (first_name, email, company_id)
         select name, lower(name) || '@acme.example', id from public.companies, unnest(array['Jane', 'John']) name;
         insert into public.campaign_leads (campaign_id, lead_id, next_followup_at)
         select c.id, l.id, now() + interval '3 days' from public.campaigns c, public.leads l;",
    )
    .execute(database.pool())
    .await
    .unwrap();
    let going = async || -> i64 {
        sqlx::query_scalar("select count(*) from public.campaign_leads where next_followup_at is not null")
            .fetch_one(database.pool())
            .await
            .unwrap()
    };
    let set = async |word: &[&str]| -> Value {
        let arguments = [&["settings", "stop-company", "--json"], word].concat();
        run(&mut on(&database, &arguments)).await.expect(0).json()["stop_company"].clone()
    };
    assert_eq!(set(&[]).await, false);
    run(&mut on(&database, &["log", "call", "jane@acme.example", "--outcome", "do-not-contact"]))
        .await
        .expect(0);
    assert_eq!(going().await, 1, "John goes on");
    assert_eq!((set(&["on"]).await, set(&[]).await), (true.into(), true.into()));
    assert_eq!(going().await, 0, "what was said before counts, too");
    let refused = run(&mut on(&database, &["settings", "stop-company", "maybe"])).await.expect(2);
    assert!(refused.stderr.contains("on or off"), "{}", refused.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_says_why_and_what_to_do() {
    let database = support::database().await;
    run(&mut on(&database, &["migrate"])).await.expect(0);
    for (arguments, code, words) in [
        (&["log", "call", "nobody@acme.example"][..], 1, "hint: check the spelling"),
        (&["log", "call", "jane@acme.example", "--outcome", "sold"], 2, "one of: interested"),
        (&["undo"], 1, "nothing has been logged yet"),
        (&["link", "00000000-0000-0000-0000-000000000000", "--create"], 1, "there is no event"),
        (&["suppress", "gmail.com"], 1, "gives addresses to everybody"),
        (&["interest", "nobody@acme.example", "maybe"], 2, "one of: interested"),
        (
            &["suppressions", "lift", "00000000-0000-0000-0000-000000000000", "--why", "x"],
            1,
            "there is no suppression",
        ),
    ] {
        let ran = run(&mut on(&database, arguments)).await.expect(code);
        assert!(ran.stderr.contains(words), "{arguments:?}: {}", ran.stderr);
    }
    let suppressed =
        run(&mut on(&database, &["suppress", "later@acme.example", "--reason", "opt-out"])).await.expect(0);
    assert!(suppressed.stdout.contains("nobody is known by it yet"), "{}", suppressed.stdout);
    let list: Value = run(&mut on(&database, &["suppressions", "--json"])).await.expect(0).json();
    assert_eq!(list["suppressions"][0]["reason"], "opt_out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_check_of_safety_fails_where_one_case_has_no_explanation() {
    let database = support::database().await;
    run(&mut on(&database, &["migrate"])).await.expect(0);
    let clean = run(&mut on(&database, &["check", "safety"])).await.expect(0);
    assert!(clean.stdout.contains("✓ contacted after an answer: 0 unexplained"), "{}", clean.stdout);
    sqlx::raw_sql(
        "insert into public.leads (first_name, email) values ('Jane', 'jane@acme.example');
         insert into public.events (event_source, event_type, lead_id, event_timestamp, sequence_step)
         select 'instantly', kind, id, at::timestamptz, 1 from public.leads,
                (values ('email_replied', '2026-11-01T09:00Z'), ('email_sent', '2026-11-02T09:00Z')) e (kind, at);",
    )
    .execute(database.pool())
    .await
    .unwrap();
    let found = run(&mut on(&database, &["check", "safety", "--json"])).await.expect(1).json();
    assert_eq!((&found["unexplained"], &found["cases"][0]["kind"]), (&1.into(), &"after_an_answer".into()));
}
