//! What tests may rely on.

use sqlx::{Connection, PgConnection};
use testkit::Era;

#[tokio::test]
async fn every_test_has_its_own_migrated_database() {
    let (one, other) = tokio::join!(testkit::database(), testkit::database());
    sqlx::query("insert into users (email) values ('ada@example.com')").execute(one.pool()).await.unwrap();
    let there: i64 = sqlx::query_scalar("select count(*) from users").fetch_one(other.pool()).await.unwrap();
    assert_eq!(there, 0);
}

#[tokio::test]
async fn a_test_database_goes_with_its_test() {
    let kept = testkit::empty_database().await;
    let dropped = testkit::empty_database().await;
    let name = dropped.name().to_owned();
    sqlx::query("select 1").execute(dropped.pool()).await.unwrap();
    drop(dropped);
    let left: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(kept.pool())
        .await
        .unwrap();
    assert!(!left);
}

#[tokio::test]
async fn the_owner_of_a_supabase_project_is_no_superuser_and_may_make_schemas() {
    for (era, granted) in [(Era::Granted, true), (Era::Revoked, false)] {
        let project = testkit::supabase(era).await;
        let mut owner = PgConnection::connect(&project.url()).await.unwrap();
        let superuser: bool = sqlx::query_scalar("select usesuper from pg_user where usename = current_user")
            .fetch_one(&mut owner)
            .await
            .unwrap();
        assert!(!superuser);
        sqlx::raw_sql("create schema touchline; create table things ()").execute(&mut owner).await.unwrap();
        let readable: bool = sqlx::query_scalar("select has_table_privilege('anon', 'things', 'select')")
            .fetch_one(&mut owner)
            .await
            .unwrap();
        assert_eq!(readable, granted, "{era:?}");
    }
}
