//! Keys: shown once, bounded by scopes and by their owner, revoked at once.

use engine::Error;
use engine::actor::{Role, Scope};
use engine::api_keys::{self, New};
use engine::users;

use super::{later, now, somebody};

fn key<'a>(label: &'a str, scopes: &'a [Scope]) -> New<'a> {
    New { label, scopes, user_id: None, expires_at: None }
}

#[tokio::test]
async fn a_key_is_kept_as_a_digest_and_opens_what_it_was_made_for() {
    let database = testkit::database().await;
    let pool = database.pool();
    let (made, secret) =
        api_keys::add(pool, key("crm", &[Scope::Touches, Scope::Read]), now()).await.unwrap();
    assert!(secret.reveal().starts_with(&made.hint) && secret.reveal().len() > 60);
    let rows: String = sqlx::query_scalar("select json_agg(k)::text from touchline.api_keys k")
        .fetch_one(pool)
        .await
        .unwrap();
    assert!(!rows.contains(&secret.reveal()[12..]), "{rows}");
    let actor = api_keys::actor(pool, secret.reveal(), now()).await.unwrap().unwrap();
    assert_eq!((actor.key_id, actor.label.as_str()), (Some(made.id), "crm"));
    assert!(actor.may(Scope::Read) && actor.may(Scope::Touches) && !actor.may(Scope::People));
    let refused = actor.check(Scope::Imports).unwrap_err();
    assert!(matches!(&refused, Error::Forbidden { .. }) && refused.to_string().contains("imports"));
    assert_eq!(api_keys::list(pool, None).await.unwrap()[0].last_used_at, Some(now()));

    api_keys::revoke(pool, "crm", now()).await.unwrap();
    assert!(api_keys::actor(pool, secret.reveal(), now()).await.unwrap().is_none(), "at once");
    let again = api_keys::revoke(pool, &made.id.to_string(), later(9)).await.unwrap();
    assert_eq!(again.revoked_at, Some(now()), "again changes nothing");
    for other in ["", "tlk_", "tlk_0000", &secret.reveal()[..30], &secret.reveal().to_uppercase()] {
        assert!(api_keys::actor(pool, other, now()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_key_goes_no_further_than_its_owner() {
    let database = testkit::database().await;
    let pool = database.pool();
    somebody(pool, "root@acme.example", Role::Admin).await;
    let user = somebody(pool, "jane@acme.example", Role::Admin).await;
    let new = New { user_id: Some(user.id), ..key("hers", &[Scope::Read, Scope::People, Scope::Touches]) };
    let (_, secret) = api_keys::add(pool, new, now()).await.unwrap();
    let may = async |scope| {
        let actor = api_keys::actor(pool, secret.reveal(), now()).await.unwrap();
        actor.is_some_and(|actor| actor.may(scope))
    };
    assert!(may(Scope::People).await && !may(Scope::Imports).await);
    users::set_role(pool, "jane@acme.example", Role::Member, now()).await.unwrap();
    assert!(!may(Scope::People).await && may(Scope::Touches).await);
    users::set_role(pool, "jane@acme.example", Role::Reader, now()).await.unwrap();
    assert!(!may(Scope::Touches).await && may(Scope::Read).await);
    users::disable(pool, "jane@acme.example", now()).await.unwrap();
    assert!(!may(Scope::Read).await);
}

#[tokio::test]
async fn a_key_needs_a_name_a_scope_and_time_to_live() {
    let database = testkit::database().await;
    let pool = database.pool();
    let past = New { expires_at: Some(now()), ..key("late", &[Scope::Read]) };
    for (new, named) in [(key(" ", &[Scope::Read]), "label"), (key("x", &[]), "scopes"), (past, "expires_at")]
    {
        let refused = api_keys::add(pool, new, now()).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid { field: Some(field), .. } if field == named), "{refused}");
    }
    let brief = New { expires_at: Some(later(10)), ..key("brief", &[Scope::Read]) };
    let (_, secret) = api_keys::add(pool, brief, now()).await.unwrap();
    assert!(api_keys::actor(pool, secret.reveal(), later(9)).await.unwrap().is_some());
    assert!(api_keys::actor(pool, secret.reveal(), later(10)).await.unwrap().is_none());
}
