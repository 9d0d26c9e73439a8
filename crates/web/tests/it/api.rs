//! What every address of the API owes: strict reading, pages, fields, ETags, problems.

use serde_json::{Value, json};

use crate::support::{Answer, Server};

async fn with_people() -> Server {
    let server = Server::alone().await;
    sqlx::raw_sql(
        "insert into leads (first_name, last_name, email, lead_status)
         select 'Jane', 'Doe ' || n, 'jane' || n || '@acme.example', 'new' from generate_series(1, 7) n",
    )
    .execute(server.pool())
    .await
    .unwrap();
    server
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let server = with_people().await;
    for sort in ["touched", "added", "name"] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = server.get(&format!("/api/v1/leads?limit=3&sort={sort}{after}")).await.json();
            seen.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|lead| lead["email"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(seen.len(), 7);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 7, "{sort}");
    }
}

#[tokio::test]
async fn what_is_not_known_is_refused_by_name_with_what_there_is() {
    let server = with_people().await;
    for (path, field, hint) in [
        ("/api/v1/leads?colour=red", "colour", ""),
        ("/api/v1/leads?lead_status=shiny", "lead_status", "one of: new, contacted"),
        ("/api/v1/leads?limit=0", "limit", "1 to 500"),
        ("/api/v1/leads?limit=many", "limit", ""),
        ("/api/v1/leads?fields=email,colour", "fields", "email"),
        ("/api/v1/funnel?by=moon", "by", "campaign"),
        ("/api/v1/campaigns?status=shiny", "status", "paused"),
        ("/api/v1/offers?offer_type=shiny", "offer_type", "consulting"),
        ("/api/v1/jobs?kind=nap", "kind", "import_check"),
        ("/api/v1/replies?since=yesterday", "since", ""),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["field"], field, "{path}: {problem}");
        assert!(problem["hint"].as_str().unwrap().contains(hint), "{path}: {problem}");
    }
    let named = server.get("/api/v1/leads?colour=red").await.json();
    assert!(named["title"].as_str().unwrap().contains("lead_status"), "{named}");
    let body =
        server.send("POST", "/api/v1/keys", json!({"label": "x", "scopes": ["read"], "colour": 1})).await;
    assert_eq!((body.status, body.json()["field"].as_str()), (422, Some("colour")), "{}", body.text);
    for (body, status) in
        [("{", 400), ("", 400), ("[]", 422), (r#"{"label":"a\u0000b","scopes":["read"]}"#, 422)]
    {
        let request =
            server.ask("POST", "/api/v1/keys").header("content-type", "application/json").body(body);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        assert!(answer.json()["title"].is_string());
    }
    // Fields in their order are no fields.
    for (method, path, body) in [
        ("PATCH", "/api/v1/settings", json!([null, null])),
        ("PATCH", "/api/v1/rules", json!({"linkedin": [null, null]})),
        ("POST", "/api/v1/bulk", json!({"action": "set_status", "filter": [null]})),
    ] {
        let refused = server.send(method, path, body).await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.text);
        assert!(refused.text.contains("a list stands where"), "{}", refused.text);
    }
    let plain = server.ask("POST", "/api/v1/keys").body("label=x").send().await.unwrap();
    assert_eq!(plain.status(), 415);
    for path in ["/api/v1/imports/x", "/api/v1/replies/%00"] {
        assert_eq!(server.get(path).await.status, 422, "{path}");
    }
    assert_eq!(server.get("/api/v1/imports/0198f3c2-7d1e-7000-8000-000000000000").await.status, 404);
    assert_eq!(server.get("/api/v1/nothing").await.json()["status"], 404);
    assert_eq!(server.send("DELETE", "/api/v1/leads", json!({})).await.status, 405);
}

#[tokio::test]
async fn an_answer_that_did_not_change_is_not_sent_again() {
    let server = with_people().await;
    let first = server.get("/api/v1/leads?fields=id,email").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{first:?}");
    assert_eq!(first.json()["items"][0].as_object().unwrap().len(), 2);
    let again = server.ask("GET", "/api/v1/leads?fields=id,email").header("if-none-match", &tag);
    let again = Answer::of(again.send().await.unwrap()).await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag.as_str()));
    sqlx::raw_sql("update leads set email = 'new@acme.example' where email = 'jane1@acme.example'")
        .execute(server.pool())
        .await
        .unwrap();
    let changed = server.ask("GET", "/api/v1/leads?fields=id,email").header("if-none-match", &tag);
    assert_eq!(changed.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_reading_page_names_every_operation_and_asks_no_other_host() {
    let server = Server::alone().await;
    let document = server.get("/api/v1/openapi.json").await;
    let tag = document.header("etag").to_owned();
    let known = server.ask("GET", "/api/v1/openapi.json").header("if-none-match", tag);
    assert_eq!(known.send().await.unwrap().status(), 304);
    let document = document.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let page = server.get("/api/v1/docs").await.text;
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            let told = format!("{} {path}", method.to_uppercase());
            assert!(page.contains(&told), "{told}");
            assert!(operation["operationId"].is_string());
        }
    }
    assert!(operations > 25, "{operations}");
    assert!(!page.contains("https://") && !page.contains("http://"), "another host is named");
    assert_eq!(document["security"], json!([{ "key": [] }]) as Value);
}
