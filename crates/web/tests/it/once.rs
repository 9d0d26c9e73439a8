//! `Idempotency-Key`: the same again is done once.

use serde_json::{Value, json};

use crate::support::{Answer, Server, json as with_json};

async fn add_user(server: &Server, key: &str, body: &Value) -> Answer {
    let request = server.ask("POST", "/api/v1/users").header("idempotency-key", key);
    Answer::of(with_json(request, body).send().await.unwrap()).await
}

#[tokio::test]
async fn an_import_sent_twice_under_one_key_gets_the_same_answer() {
    let server = Server::alone().await;
    let send = async |key: &'static str, file: &'static str| {
        let request =
            server.ask("POST", "/api/v1/imports?file_name=a.csv").header("content-type", "text/csv");
        Answer::of(request.header("idempotency-key", key).body(file).send().await.unwrap()).await
    };
    let file = "First Name,Email\nJane,jane@acme.example\nBob,bob@acme.example\n";
    let first = send("one", file).await;
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(first.json()["new_rows"], 2);
    let again = send("one", file).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = send("one", "First Name,Email\nEve,eve@acme.example\n").await;
    assert_eq!(other.status, 422);
    assert_eq!(other.json()["field"], "Idempotency-Key");
    let known = send("two", file).await;
    assert_eq!(
        (known.status, known.json()["known"].clone()),
        (200, json!(true)),
        "equal bytes are one import anyway"
    );
}

#[tokio::test]
async fn of_many_at_once_under_one_key_one_is_done_and_no_secret_is_kept() {
    let server = Server::alone().await;
    let body = json!({"email": "jane@acme.example", "role": "member"});
    let all = (0..8).map(|_| add_user(&server, "k", &body));
    let answers = futures::future::join_all(all).await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 1, "{answers:?}");
    for other in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(other.status, 409);
        assert!(other.text.contains("shown that once"), "{}", other.text);
    }
    let link = made[0].json()["setup_link"].as_str().unwrap().to_owned();
    let secret = link.rsplit('/').next().unwrap();
    let kept: String = sqlx::query_scalar("select string_agg(coalesce(encode(body, 'escape'), '') || headers, ' ') from touchline.idempotency_keys")
        .fetch_one(server.pool())
        .await
        .unwrap();
    assert!(!kept.contains(secret), "{kept}");
    let users: i64 = sqlx::query_scalar("select count(*) from users").fetch_one(server.pool()).await.unwrap();
    assert_eq!(users, 1);
}

#[tokio::test]
async fn a_refusal_is_repeated_word_for_word() {
    let server = Server::alone().await;
    let body = json!({"email": "no address", "role": "member"});
    let first = add_user(&server, "k", &body).await;
    assert_eq!((first.status, first.json()["field"].as_str()), (422, Some("email")));
    let again = add_user(&server, "k", &body).await;
    assert_eq!((again.status, again.json()), (422, first.json()));
    assert_eq!(again.header("idempotency-replayed"), "true");
}
