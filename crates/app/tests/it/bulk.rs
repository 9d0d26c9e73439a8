//! `touchline bulk`: the same done to many from the command line.

use serde_json::Value;
use testkit::TestDatabase;

use crate::support::{database, on, run};

const LIST: &str = "Email,First Name,Last Name\n\
    ada@example.com,Ada,Quill\n\
    adam@example.com,Adam,Reed\n\
    bea@example.com,Bea,Stone\n";

async fn listed() -> TestDatabase {
    let database = database().await;
    let folder = testkit::folder();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, LIST).unwrap();
    run(&mut on(&database, &["import", file.to_str().unwrap()])).await.expect(0);
    run(&mut on(&database, &["campaign", "add", "Spring"])).await.expect(0);
    database
}

async fn json(database: &TestDatabase, arguments: &[&str]) -> Value {
    run(on(database, arguments).arg("--json")).await.expect(0).json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_added_set_and_suppressed_and_each_is_taken_back() {
    let database = listed().await;
    let added = json(&database, &["bulk", "add", "Spring", "--search", "ada"]).await;
    assert_eq!((&added["leads"], &added["changed"]), (&2.into(), &2.into()), "{added}");
    let suppressed =
        json(&database, &["bulk", "suppress", "--reason", "opt-out", "--who", "bea@example.com"]).await;
    assert_eq!((&suppressed["changed"], &suppressed["reason"]), (&1.into(), &"opt_out".into()));
    let again = ["bulk", "add", "Spring", "--who", "ada@example.com", "ADA@example.com"];
    assert_eq!(json(&database, &again).await["leads"], 1, "named twice is one person");
    let told = run(&mut on(&database, &["bulk", "add", "Spring", "--everybody"])).await.expect(0);
    assert_eq!(told.stdout, "Added to Spring: 2 already in, 1 suppressed.\n");
    assert!(told.stderr.contains("take it back: touchline bulk undo "), "{}", told.stderr);
    let set = json(&database, &["bulk", "set-status", "qualified", "--campaign", "Spring"]).await;
    assert_eq!(set["verdicts"], serde_json::json!({ "changed": 2 }));
    let set = set["id"].as_str().unwrap();
    let shown = json(&database, &["bulk", "show", set, "--limit", "1"]).await;
    let next = shown["next"].as_str().expect("one of two is on the page");
    assert_eq!(shown["people"].as_array().unwrap().len(), 1);
    let shown = json(&database, &["bulk", "show", set, "--limit", "1", "--after", next]).await;
    assert_eq!((shown["people"].as_array().unwrap().len(), &shown["next"]), (1, &Value::Null));
    for _ in 0..2 {
        let undone = json(&database, &["bulk", "undo", set]).await;
        assert!(undone["undone_at"].is_string(), "{undone}");
    }
    let still = json(&database, &["lead", "list", "--status", "qualified"]).await;
    assert_eq!(still["leads"].as_array().unwrap().len(), 0);
    let list = json(&database, &["bulk", "list"]).await;
    let words: Vec<&str> =
        list["actions"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(words, ["set_status", "add_to_campaign", "add_to_campaign", "suppress", "add_to_campaign"]);
    let kept: i64 =
        sqlx::query_scalar("select count(*) from touchline.audit where action like 'touchline bulk %'")
            .fetch_one(database.pool())
            .await
            .unwrap();
    assert_eq!(kept, 7, "every write is in the audit log, no look is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_meant_by_mistake() {
    let database = listed().await;
    let refused: [(&[&str], i32, &str); 7] = [
        (&["bulk", "suppress"], 1, "it is not said whom"),
        (&["bulk", "suppress", "--search", " "], 1, "it is not said whom"),
        (&["bulk", "suppress", "--who", "ada@example.com", "--search", "b"], 1, "--who and a filter"),
        (&["bulk", "suppress", "--everybody", "--status", "new"], 1, "--everybody and a filter"),
        (&["bulk", "suppress", "--who", "ada@example.com", "nobody@example.com"], 1, "nobody@example.com"),
        (&["bulk", "set-status", "warm", "--everybody"], 2, "warm"),
        (&["bulk", "add", "Autumn", "--everybody"], 1, "Autumn"),
    ];
    for (arguments, code, words) in refused {
        let ran = run(&mut on(&database, arguments)).await.expect(code);
        assert!(ran.stderr.contains(words), "{arguments:?}: {}", ran.stderr);
    }
    let list = json(&database, &["bulk", "list"]).await;
    assert_eq!(list["actions"], serde_json::json!([]));
    let suppressed = json(&database, &["lead", "list", "--suppressed"]).await;
    assert_eq!(suppressed["leads"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_found_by_the_list_that_brought_them_and_by_their_company() {
    let database = listed().await;
    let imports = json(&database, &["imports", "list"]).await;
    let id = imports[0]["id"].as_str().unwrap();
    for narrowed in [["--import", id], ["--import", &id[..23]], ["--company", "example.com"]] {
        let found = json(&database, &[&["lead", "list"], &narrowed[..]].concat()).await;
        assert_eq!(found["leads"].as_array().unwrap().len(), 3, "{narrowed:?}");
    }
    let told = run(&mut on(&database, &["bulk", "suppress", "--import", id])).await.expect(0);
    assert_eq!(told.stdout, "Never to be contacted (manual): 3 changed.\n");
    let ran = run(&mut on(&database, &["lead", "list", "--import", "0000"])).await.expect(1);
    assert!(ran.stderr.contains("there is no import `0000`"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_put_people_into_a_campaign_is_in_the_audit_log() {
    let database = listed().await;
    run(&mut on(&database, &["campaign", "members", "Spring", "--add", "ada@example.com"])).await.expect(0);
    run(&mut on(&database, &["campaign", "members", "Spring"])).await.expect(0);
    let kept: i64 = sqlx::query_scalar(
        "select count(*) from touchline.audit where action = 'touchline campaign members'",
    )
    .fetch_one(database.pool())
    .await
    .unwrap();
    assert_eq!(kept, 1);
}
