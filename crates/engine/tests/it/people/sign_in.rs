//! Signing in, being signed in, and who may try how often.

use engine::Error;
use engine::actor::Role;
use engine::sessions::{self, Browser};

use super::{PASSWORD, later, now, somebody};

fn from(address: &str) -> Browser<'_> {
    Browser { address, user_agent: "Lynx" }
}

#[tokio::test]
async fn whoever_knows_the_password_is_signed_in_until_they_sign_out() {
    let database = testkit::database().await;
    let pool = database.pool();
    let user = somebody(pool, "jane@acme.example", Role::Member).await;
    let begun =
        sessions::sign_in(pool, " JANE@acme.example", PASSWORD, from("192.0.2.1"), now()).await.unwrap();
    let actor = sessions::find(pool, begun.token.reveal(), now()).await.unwrap().unwrap();
    assert_eq!((actor.user_id, actor.role, actor.label.as_str()), (Some(user.id), Role::Member, "Jane Doe"));
    let kept: Vec<u8> =
        sqlx::query_scalar("select sha256 from touchline.sessions").fetch_one(pool).await.unwrap();
    assert_ne!(kept, begun.token.reveal().as_bytes());
    let listed = sessions::list(pool, user.id, now()).await.unwrap();
    assert_eq!((listed.len(), listed[0].user_agent.as_str()), (1, "Lynx"));

    let other = somebody(pool, "bob@acme.example", Role::Admin).await;
    assert!(sessions::end(pool, other.id, begun.id, now()).await.is_err(), "not anybody's to end");
    sessions::end(pool, user.id, begun.id, now()).await.unwrap();
    sessions::end(pool, user.id, begun.id, now()).await.unwrap();
    assert!(sessions::find(pool, begun.token.reveal(), now()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_lives_while_it_is_used_but_not_for_ever() {
    let database = testkit::database().await;
    let pool = database.pool();
    let user = somebody(pool, "jane@acme.example", Role::Member).await;
    let day = 24 * 60;
    let begun = sessions::begin(pool, user.id, Browser::default(), now()).await.unwrap();
    let idle = sessions::begin(pool, user.id, Browser::default(), now()).await.unwrap();
    for days in (0..90).step_by(10) {
        let found = sessions::find(pool, begun.token.reveal(), later(days * day)).await.unwrap();
        assert!(found.is_some(), "after {days} days");
    }
    assert!(sessions::find(pool, begun.token.reveal(), later(91 * day)).await.unwrap().is_none());
    assert!(sessions::find(pool, idle.token.reveal(), later(15 * day)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_the_same_answer() {
    let database = testkit::database().await;
    let pool = database.pool();
    somebody(pool, "jane@acme.example", Role::Member).await;
    let wrong =
        sessions::sign_in(pool, "jane@acme.example", "something else", from("192.0.2.1"), now()).await;
    let nobody = sessions::sign_in(pool, "eve@acme.example", PASSWORD, from("192.0.2.1"), now()).await;
    let (wrong, nobody) = (wrong.unwrap_err(), nobody.unwrap_err());
    assert_eq!((wrong.to_string(), wrong.hint()), (nobody.to_string(), nobody.hint()));
    assert!(matches!(wrong, Error::Unproven { .. }));
}

#[tokio::test]
async fn guesses_are_few_however_many_come_at_once() {
    let database = testkit::database().await;
    let pool = database.pool();
    somebody(pool, "jane@acme.example", Role::Member).await;
    let tries: Vec<_> = (0..40)
        .map(|n| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let guess = format!("guess number {n}");
                sessions::sign_in(&pool, "jane@acme.example", &guess, from("192.0.2.1"), now()).await
            })
        })
        .collect();
    let mut guessed = 0;
    for one in tries {
        guessed += u8::from(matches!(one.await.unwrap(), Err(Error::Unproven { .. })));
    }
    assert_eq!(guessed, 10, "the others were not even compared");
    let right = sessions::sign_in(pool, "jane@acme.example", PASSWORD, from("192.0.2.1"), now()).await;
    let Err(Error::TooOften { seconds, hint, .. }) = right else { panic!("{right:?}") };
    assert_eq!((seconds, hint.as_str()), (900, "try again in 16 minutes"));
    // The person is somewhere else, and gets in; a quarter of an hour later there, too.
    sessions::sign_in(pool, "jane@acme.example", PASSWORD, from("192.0.2.2"), now()).await.unwrap();
    sessions::sign_in(pool, "jane@acme.example", PASSWORD, from("192.0.2.1"), later(16)).await.unwrap();
}

#[tokio::test]
async fn an_account_tried_from_everywhere_is_closed_for_a_while() {
    let database = testkit::database().await;
    let pool = database.pool();
    somebody(pool, "jane@acme.example", Role::Member).await;
    for n in 0..30 {
        let address = format!("192.0.2.{n}");
        let tried = sessions::sign_in(pool, "jane@acme.example", "a guess", from(&address), now());
        assert!(matches!(tried.await, Err(Error::Unproven { .. })));
    }
    let tried = sessions::sign_in(pool, "jane@acme.example", PASSWORD, from("192.0.2.99"), now()).await;
    assert!(matches!(tried, Err(Error::TooOften { .. })));
    // Successes are never counted.
    somebody(pool, "bob@acme.example", Role::Member).await;
    for _ in 0..40 {
        sessions::sign_in(pool, "bob@acme.example", PASSWORD, from("192.0.2.200"), now()).await.unwrap();
    }
    // Old counts go.
    for n in 0..5 {
        let _ =
            sessions::sign_in(pool, "x@acme.example", "a guess", from(&format!("198.51.100.{n}")), later(60))
                .await;
    }
    let left: i64 =
        sqlx::query_scalar("select count(*) from touchline.sign_in_attempts").fetch_one(pool).await.unwrap();
    assert_eq!(left, 6);
}
