//! Where adoption is impossible it stops before changing anything and names every row and column in the way.

use engine::db::{migrate, plan};
use sqlx::PgPool;

use crate::{
    adoption_support::{FIRST_TWO, LEADS_AND_STEPS, THREE_TO_NINE, catalog, contents, handmade, one, run},
    own_database::supabase_database,
};

/// Migrating is refused, by the dry run too, and changes nothing. The message with its hint.
async fn refused(pool: &PgPool) -> String {
    let before = (catalog(pool).await, contents(pool).await);
    let rehearsal = plan(pool).await.unwrap_err().to_string();
    let error = migrate(pool).await.unwrap_err();
    assert_eq!(error.to_string(), rehearsal);
    assert_eq!((catalog(pool).await, contents(pool).await), before);
    format!("{error}\nhint: {}", error.hint().unwrap())
}

fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in\n{message}");
    }
}

#[tokio::test]
async fn a_column_of_another_type_is_named_with_its_type_and_a_remedy() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "create type mood as enum ('new', 'contacted');
         alter table leads drop constraint leads_lead_status_check, alter lead_status drop default,
           alter lead_status type mood using lead_status::mood;
         alter table leads alter apollo_data type json;
         alter table events alter event_timestamp type timestamp without time zone;
         alter table campaigns alter vapi_campaign_id type integer using null;
         alter table offers alter target_industries type text using null;",
    )
    .await;
    let message = refused(&pool).await;
    assert_says(
        &message,
        &[
            "5 things stand in the way",
            "`leads.lead_status` is of type mood; it must be text",
            "alter column lead_status type text using lead_status::text",
            "`leads.apollo_data` is of type json; it must be jsonb",
            "`events.event_timestamp` is of type timestamp without time zone",
            "event_timestamp at time zone 'UTC'",
            "`campaigns.vapi_campaign_id` is of type integer; it must be text",
            "`offers.target_industries` is of type text; it must be text[]",
            "nothing was changed",
        ],
    );
    // The remedies are right: after them it goes through.
    run(
        &pool,
        "alter table leads alter column lead_status type text using lead_status::text;
         alter table leads alter column apollo_data type jsonb using apollo_data::jsonb;
         alter table events alter column event_timestamp drop default,
           alter column event_timestamp type timestamp with time zone using event_timestamp at time zone 'UTC';
         alter table campaigns alter column vapi_campaign_id type text using vapi_campaign_id::text;
         alter table offers alter column target_industries type text[] using string_to_array(target_industries, ',');",
    )
    .await;
    migrate(&pool).await.unwrap();
}

#[tokio::test]
async fn duplicate_keys_are_named_with_their_values_and_ids() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "alter table companies drop constraint companies_company_domain_key;
         insert into companies (id, company_name, company_domain) values
           ('00000000-0000-0000-0000-00000000000a', 'Slate', 'slate.example'),
           ('00000000-0000-0000-0000-00000000000b', 'Slate Inc', 'slate.example');
         alter table instantly_daily_analytics_raw drop constraint instantly_daily_analytics_raw_analytics_date_key;
         insert into instantly_daily_analytics_raw (analytics_date, raw_json) values ('2025-11-30', '{}');
         alter table users drop constraint users_pkey cascade;
         update users set id = '00000000-0000-0000-0000-00000000000c';",
    )
    .await;
    let message = refused(&pool).await;
    assert_says(
        &message,
        &[
            "`companies (company_domain)` must be unique",
            "slate.example: 2 rows, ids 00000000-0000-0000-0000-00000000000a, 00000000-0000-0000-0000-00000000000b",
            "`instantly_daily_analytics_raw (analytics_date)` must be unique where (instantly_campaign_id IS NULL)",
            "2025-11-30: 2 rows",
            "`users (id)` must be unique",
        ],
    );
}

#[tokio::test]
async fn at_most_ten_duplicates_are_named_and_the_rest_counted() {
    let pool = handmade(false, &[FIRST_TWO]).await;
    run(
        &pool,
        "alter table instantly_emails_raw drop constraint instantly_emails_raw_instantly_email_id_key;
         insert into instantly_emails_raw (instantly_email_id, raw_json)
         select 'x' || n % 13, '{}' from generate_series(1, 26) n;",
    )
    .await;
    assert_says(
        &refused(&pool).await,
        &["but 13 values are there more than once", "x0: 2 rows", "… and 3 more"],
    );
}

#[tokio::test]
async fn values_outside_the_contracts_lists_are_named_and_counted() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "alter table leads drop constraint leads_lead_status_check;
         update leads set lead_status = 'hot';
         update campaign_leads set email_status = 'queued';",
    )
    .await;
    assert_says(
        &refused(&pool).await,
        &[
            "`leads.lead_status` holds values",
            "'hot': 2 rows",
            "`campaign_leads.email_status`",
            "'queued': 2 rows",
        ],
    );
}

#[tokio::test]
async fn a_limit_that_something_depends_on_is_named_with_the_dependent() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "drop view lead_overview;
         alter table leads drop column full_name;
         alter table leads alter first_name type varchar(40), alter job_title type varchar(80), alter seniority type varchar;
         alter table leads add full_name text generated always as (first_name || '!') stored;
         create view titles as select job_title, seniority, full_name from leads;",
    )
    .await;
    let message = refused(&pool).await;
    assert_says(
        &message,
        &[
            "2 things stand in the way",
            "`leads.first_name` is character varying(40) and must become text, but generated column leads.full_name",
            "`leads.job_title` is character varying(80) and must become text, but view titles depends on it",
        ],
    );
}

#[tokio::test]
async fn a_view_in_the_place_of_a_table_and_a_generated_column_of_ours_are_refused() {
    let pool = handmade(false, &[FIRST_TWO]).await;
    run(
        &pool,
        "create view offers as select 1 as id;
         alter table instantly_accounts_raw drop column last_name;
         alter table instantly_accounts_raw add last_name text generated always as (raw_json ->> 'last') stored;",
    )
    .await;
    assert_says(
        &refused(&pool).await,
        &[
            "`offers` is a view; it must be a table",
            "`instantly_accounts_raw.last_name` is a generated column",
        ],
    );
}

#[tokio::test]
async fn a_key_that_others_lean_on_is_not_dropped_behind_their_back() {
    let pool = handmade(false, &[LEADS_AND_STEPS]).await;
    run(
        &pool,
        "create table own_step_notes (campaign text, step integer,
           foreign key (campaign, step) references instantly_steps_raw (instantly_campaign_id, step))",
    )
    .await;
    assert_says(
        &refused(&pool).await,
        &["`instantly_steps_raw (instantly_campaign_id, step)`", "own_step_notes", "drop constraint"],
    );
}

#[tokio::test]
async fn a_table_of_another_owner_is_named_with_the_owner() {
    let (superuser, pool) = supabase_database(false).await;
    run(&superuser, "create table users (id uuid primary key); grant select on users to sb_postgres").await;
    let owner = one(&superuser, "select current_user::text").await;
    assert_says(
        &refused(&pool).await,
        &[&format!("`users` belongs to `{owner}`"), "alter table users owner to sb_postgres"],
    );
}

#[tokio::test]
async fn without_the_right_to_make_a_schema_the_grant_to_run_is_named() {
    let (superuser, pool) = supabase_database(false).await;
    run(&superuser, "do $$ begin execute format('revoke create on database %I from sb_postgres', current_database()); end $$")
        .await;
    assert_says(
        &refused(&pool).await,
        &["may not make schema touchline", "grant create on database ", "to sb_postgres"],
    );
}

#[tokio::test]
async fn a_newer_database_and_a_changed_migration_are_refused() {
    let pool = handmade(false, &[]).await;
    migrate(&pool).await.unwrap();
    run(&pool, "insert into touchline.migrations values (9999, '9999_later', '', 'applied')").await;
    assert_says(&refused(&pool).await, &["newer than this Touchline", "`9999_later`", "update Touchline"]);
    run(&pool, "delete from touchline.migrations where version = 9999").await;
    run(&pool, "update touchline.migrations set sha256 = '' where version = 3").await;
    assert_says(&refused(&pool).await, &["`0003_csv_imports_raw` was changed after it was applied"]);
}

#[tokio::test]
async fn a_table_in_use_is_a_clear_error_and_not_an_endless_wait() {
    let pool = handmade(false, &[FIRST_TWO]).await;
    let mut editor = pool.begin().await.unwrap();
    sqlx::raw_sql("select * from users").execute(&mut *editor).await.unwrap();
    let error = migrate(&pool).await.unwrap_err();
    assert_says(&error.to_string(), &["adopting `users` failed", "lock timeout"]);
    assert_says(&error.hint().unwrap(), &["another session", "touchline migrate"]);
    editor.rollback().await.unwrap();
    migrate(&pool).await.unwrap();
}
