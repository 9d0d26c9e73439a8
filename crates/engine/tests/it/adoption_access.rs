//! After migrate nobody has rights by default: not everybody, not an API's anonymous role.

use engine::db::migrate;
use sqlx::PgPool;

use crate::{
    adoption_support::{FIRST_TWO, LEADS_AND_STEPS, THREE_TO_NINE, handmade, one, run},
    own_database::supabase_database,
};

/// Tables, views and sequences of ours on which `role` may do something, and functions it may call.
async fn open_to(pool: &PgPool, role: &str) -> String {
    let sql = format!(
        "select coalesce(string_agg(what, ' '), 'nothing')
           from (
             select c.relname as what
               from pg_class c
              where c.relnamespace in ('public'::regnamespace, 'touchline'::regnamespace)
                and c.relname not in ('own_notes', 'lead_overview', 'own_notes_id_seq')
                and case when c.relkind in ('r', 'v') then has_any_column_privilege('{role}', c.oid, 'select, insert, update')
                           or has_table_privilege('{role}', c.oid, 'select, insert, update, delete, truncate, trigger')
                         when c.relkind = 'S' then has_sequence_privilege('{role}', c.oid, 'usage, select, update') end
             union all
             select f.proname
               from pg_proc f
              where f.pronamespace = 'touchline'::regnamespace
                and has_function_privilege('{role}', f.oid, 'execute')
           ) open"
    );
    one(pool, &sql).await
}

#[tokio::test]
async fn the_anonymous_role_can_touch_nothing_of_ours_in_either_era() {
    for legacy in [false, true] {
        let pool = handmade(legacy, &[FIRST_TWO, THREE_TO_NINE, LEADS_AND_STEPS]).await;
        run(&pool, "grant select on leads to public; grant update (email) on users to anon").await;
        migrate(&pool).await.unwrap();
        assert_eq!(open_to(&pool, "anon").await, "nothing");
        assert!(migrate(&pool).await.unwrap().is_empty());

        let (_, fresh) = supabase_database(legacy).await;
        migrate(&fresh).await.unwrap();
        assert_eq!(open_to(&fresh, "anon").await, "nothing");
    }
}

#[tokio::test]
async fn what_is_not_ours_keeps_its_grants() {
    let pool = handmade(true, &[FIRST_TWO, THREE_TO_NINE]).await;
    migrate(&pool).await.unwrap();
    assert_eq!(one(&pool, "select has_table_privilege('anon', 'own_notes', 'select')::text").await, "true");
    assert_eq!(
        one(&pool, "select has_function_privilege('anon', 'update_updated_at_column()', 'execute')::text")
            .await,
        "true"
    );
}

#[tokio::test]
async fn every_table_of_ours_has_row_level_security_and_what_opens_later_is_closed_by_the_next_run() {
    let pool = handmade(true, &[FIRST_TWO]).await;
    migrate(&pool).await.unwrap();
    let bare = "select coalesce(string_agg(relname, ' '), 'none') from pg_class
                 where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity";
    assert_eq!(one(&pool, bare).await, "none");
    run(&pool, "alter table events disable row level security; grant select on events to anon").await;
    let plan = migrate(&pool).await.unwrap().to_string();
    assert!(plan.contains("lock down  events: row-level security on"), "{plan}");
    assert!(plan.contains("lock down  events: no access for anon"), "{plan}");
    assert_eq!((one(&pool, bare).await.as_str(), open_to(&pool, "anon").await.as_str()), ("none", "nothing"));
}
