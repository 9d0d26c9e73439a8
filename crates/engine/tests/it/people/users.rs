//! Users, roles, set-up links.

use engine::Error;
use engine::actor::Role;
use engine::sessions::{self, Browser};
use engine::users::{self, New, setup};

use super::{PASSWORD, later, now, somebody};

#[tokio::test]
async fn an_address_is_one_user_however_it_is_written() {
    let database = testkit::database().await;
    let pool = database.pool();
    let user = somebody(pool, "Jane@Acme.example", Role::Member).await;
    assert_eq!(user.email.as_deref(), Some("jane@acme.example"));
    let again = New { email: "JANE@acme.example ", full_name: None, role: Role::Admin };
    assert!(matches!(users::add(pool, again, now()).await, Err(Error::Conflict { .. })));
    assert_eq!(users::find(pool, "jane@ACME.example").await.unwrap(), user);
    assert_eq!(users::find(pool, &user.id.to_string()).await.unwrap(), user);
    // Adopted rows may hold capitals.
    sqlx::query("insert into users (email) values ('Bob@Acme.example')").execute(pool).await.unwrap();
    let bob = New { email: "bob@acme.example", full_name: None, role: Role::Admin };
    assert!(matches!(users::add(pool, bob, now()).await, Err(Error::Conflict { .. })));
    assert_eq!(users::find(pool, "bob@acme.example").await.unwrap().role, Role::Member);
    let nobody = users::find(pool, "eve@acme.example").await.unwrap_err();
    assert!(nobody.hint().unwrap().contains("user list"));
}

#[tokio::test]
async fn whoever_was_alone_before_there_were_roles_is_an_admin() {
    let database = testkit::database().await;
    let pool = database.pool();
    sqlx::raw_sql("insert into users (email) values ('jane@acme.example')").execute(pool).await.unwrap();
    let update = include_str!("../../../../../migrations/0031_people.sql");
    let update = update.lines().find(|line| line.starts_with("update users")).unwrap();
    sqlx::raw_sql(update).execute(pool).await.unwrap();
    assert_eq!(users::list(pool).await.unwrap()[0].role, Role::Admin);
    sqlx::raw_sql("update users set role = 'member'; insert into users (email) values ('bob@acme.example')")
        .execute(pool)
        .await
        .unwrap();
    sqlx::raw_sql(update).execute(pool).await.unwrap();
    assert!(users::list(pool).await.unwrap().iter().all(|user| user.role == Role::Member));
}

#[tokio::test]
async fn the_last_admin_can_neither_be_shut_out_nor_demoted() {
    let database = testkit::database().await;
    let pool = database.pool();
    somebody(pool, "jane@acme.example", Role::Admin).await;
    somebody(pool, "bob@acme.example", Role::Admin).await;
    // Both at once: one of them stays.
    let (jane, bob) = tokio::join!(
        users::set_role(pool, "jane@acme.example", Role::Reader, now()),
        users::disable(pool, "bob@acme.example", now())
    );
    assert_eq!(u8::from(jane.is_ok()) + u8::from(bob.is_ok()), 1, "{jane:?} {bob:?}");
    let admins = users::list(pool).await.unwrap();
    let left: Vec<_> = admins.iter().filter(|u| u.role == Role::Admin && u.disabled_at.is_none()).collect();
    assert_eq!(left.len(), 1);
    let named = left[0].email.clone().unwrap();
    assert!(matches!(users::disable(pool, &named, now()).await, Err(Error::Conflict { .. })));
    assert!(matches!(users::set_role(pool, &named, Role::Member, now()).await, Err(Error::Conflict { .. })));
    assert!(users::set_role(pool, &named, Role::Admin, now()).await.is_ok());
}

#[tokio::test]
async fn whoever_is_shut_out_is_out_at_once_and_may_be_let_in_again() {
    let database = testkit::database().await;
    let pool = database.pool();
    somebody(pool, "root@acme.example", Role::Admin).await;
    let user = somebody(pool, "jane@acme.example", Role::Member).await;
    let begun = sessions::begin(pool, user.id, Browser::default(), now()).await.unwrap();
    let link = setup::give(pool, &user, now()).await.unwrap();
    assert!(sessions::find(pool, begun.token.reveal(), now()).await.unwrap().is_some());
    users::disable(pool, "jane@acme.example", now()).await.unwrap();
    assert!(sessions::find(pool, begun.token.reveal(), now()).await.unwrap().is_none());
    assert!(setup::open(pool, link.reveal(), now()).await.is_err());
    assert!(sessions::sign_in(pool, "jane@acme.example", PASSWORD, Browser::default(), now()).await.is_err());
    let disabled = users::disable(pool, "jane@acme.example", later(5)).await.unwrap();
    assert_eq!(disabled.disabled_at, Some(now()), "again changes nothing");
    assert!(matches!(setup::give(pool, &disabled, now()).await, Err(Error::Conflict { .. })));

    users::enable(pool, "jane@acme.example", now()).await.unwrap();
    assert!(
        sessions::find(pool, begun.token.reveal(), now()).await.unwrap().is_none(),
        "the old one is over"
    );
    sessions::sign_in(pool, "jane@acme.example", PASSWORD, Browser::default(), now()).await.unwrap();
}

#[tokio::test]
async fn a_set_up_link_opens_once_and_only_the_newest_one() {
    let database = testkit::database().await;
    let pool = database.pool();
    let new = New { email: "jane@acme.example", full_name: None, role: Role::Member };
    let user = users::add(pool, new, now()).await.unwrap();
    assert!(!user.has_password);
    let older = setup::give(pool, &user, now()).await.unwrap();
    let link = setup::give(pool, &user, now()).await.unwrap();
    assert!(setup::open(pool, older.reveal(), now()).await.is_err());
    assert!(setup::open(pool, link.reveal(), later(73 * 60)).await.is_err(), "it ends after three days");
    // A password that is refused leaves it open.
    let refused = setup::choose(pool, link.reveal(), ("", None), "short", now()).await;
    assert!(matches!(refused, Err(Error::Invalid { field: Some(field), .. }) if field == "password"));
    // Of eight at once one gets through.
    let all: Vec<_> = (0..8)
        .map(|n| {
            let (pool, link) = (pool.clone(), link.reveal().to_owned());
            tokio::spawn(async move {
                setup::choose(&pool, &link, ("", None), &format!("{PASSWORD} {n}"), now()).await.is_ok()
            })
        })
        .collect();
    let mut through = 0;
    for one in all {
        through += u8::from(one.await.unwrap());
    }
    assert_eq!(through, 1);
    let again = setup::choose(pool, link.reveal(), ("", None), PASSWORD, now()).await;
    assert!(matches!(again, Err(Error::NotFound { .. })), "closed for good");
}

#[tokio::test]
async fn the_first_link_makes_an_admin_and_closes_for_good() {
    let database = testkit::database().await;
    let pool = database.pool();
    let first = setup::give_first(pool, now()).await.unwrap().unwrap();
    let link = setup::give_first(pool, now()).await.unwrap().unwrap();
    assert!(setup::open(pool, first.reveal(), now()).await.is_err(), "the newer one replaced it");
    let nobody = setup::choose(pool, link.reveal(), ("no address", None), PASSWORD, now()).await;
    assert!(matches!(nobody, Err(Error::Invalid { field: Some(field), .. }) if field == "email"));
    let admin = setup::choose(pool, link.reveal(), ("jane@acme.example", Some("Jane")), PASSWORD, now());
    let admin = admin.await.unwrap();
    assert_eq!((admin.role, admin.full_name.as_deref()), (Role::Admin, Some("Jane")));
    assert!(setup::give_first(pool, now()).await.unwrap().is_none());
    assert!(setup::choose(pool, link.reveal(), ("eve@acme.example", None), PASSWORD, now()).await.is_err());

    // A link that was given out before an admin came by command is closed by that, too.
    let database = testkit::database().await;
    let pool = database.pool();
    let link = setup::give_first(pool, now()).await.unwrap().unwrap();
    somebody(pool, "jane@acme.example", Role::Admin).await;
    let eve = setup::choose(pool, link.reveal(), ("eve@acme.example", None), PASSWORD, now()).await;
    assert!(matches!(eve, Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn passwords_that_are_tried_first_are_refused_and_none_is_kept_in_clear() {
    let database = testkit::database().await;
    let pool = database.pool();
    let long = "x".repeat(2000);
    for weak in
        ["", "short", "aaaaaaaaaaaaaa", "password123!", "jane@acme.example", "jane@acme.example1", &long]
    {
        let new = New { email: "jane@acme.example", full_name: None, role: Role::Member };
        let refused = setup::add_with_password(pool, new, weak, now()).await.unwrap_err();
        assert!(
            matches!(&refused, Error::Invalid { field: Some(f), .. } if f == "password"),
            "{weak}: {refused}"
        );
        assert!(refused.hint().is_some());
    }
    assert!(users::list(pool).await.unwrap().is_empty(), "a refused password leaves no user behind");
    somebody(pool, "jane@acme.example", Role::Member).await;
    let kept: String =
        sqlx::query_scalar("select argon2 from touchline.passwords").fetch_one(pool).await.unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
}
