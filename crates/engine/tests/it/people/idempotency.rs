//! A write that is asked for twice under one key is done once.

use engine::Error;
use engine::idempotency::{self, Answer, Claim, fingerprint};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{later, now};

async fn claim(pool: &PgPool, actor: &str, key: &str, body: &[u8], minutes: i64) -> engine::Result<Claim> {
    let request = fingerprint("POST", "/api/v1/x", body);
    idempotency::claim(pool, (actor, key), request, Uuid::now_v7(), later(minutes)).await
}

#[tokio::test]
async fn of_many_at_once_one_does_it_and_the_others_get_its_answer() {
    let database = testkit::database().await;
    let pool = database.pool();
    let all: Vec<_> = (0..16)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { claim(&pool, "owner", "k", b"{}", 0).await.unwrap() })
        })
        .collect();
    let mut mine = Vec::new();
    for one in all {
        match one.await.unwrap() {
            Claim::Mine(claimed) => mine.push(claimed),
            Claim::UnderWay => {}
            Claim::Answered(answer) => panic!("{answer:?}"),
        }
    }
    assert_eq!(mine.len(), 1);
    let answer = Answer { status: 201, headers: json!({"etag": "\"x\""}), body: b"\x00any bytes".to_vec() };
    mine[0].settle(pool, &answer, now()).await.unwrap();
    let Claim::Answered(again) = claim(pool, "owner", "k", b"{}", 60).await.unwrap() else { panic!() };
    assert_eq!(again, answer);

    let other = claim(pool, "owner", "k", b"{ }", 0).await.unwrap_err();
    assert!(matches!(&other, Error::Invalid { field: Some(f), .. } if f == "Idempotency-Key"), "{other}");
    assert!(matches!(claim(pool, "key:1", "k", b"{}", 0).await.unwrap(), Claim::Mine(_)), "another's key");
    assert!(
        matches!(claim(pool, "owner", "k", b"{ }", 25 * 60).await.unwrap(), Claim::Mine(_)),
        "a day later"
    );
}

#[tokio::test]
async fn a_key_that_is_given_back_is_free_and_one_that_was_interrupted_is_not() {
    let database = testkit::database().await;
    let pool = database.pool();
    let Claim::Mine(claimed) = claim(pool, "owner", "k", b"", 0).await.unwrap() else { panic!() };
    claimed.release(pool).await.unwrap();
    let Claim::Mine(_) = claim(pool, "owner", "k", b"", 0).await.unwrap() else { panic!() };
    assert!(matches!(claim(pool, "owner", "k", b"", 14).await.unwrap(), Claim::UnderWay));
    let interrupted = claim(pool, "owner", "k", b"", 16).await.unwrap_err();
    assert!(matches!(&interrupted, Error::Conflict { .. }), "{interrupted}");
    for bad in ["", "line\nbreak", "ü", &"x".repeat(256)] {
        assert!(matches!(claim(pool, "owner", bad, b"", 0).await, Err(Error::Invalid { .. })), "{bad:?}");
    }
}
