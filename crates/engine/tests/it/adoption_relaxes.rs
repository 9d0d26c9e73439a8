//! What was too strict is loosened, what is stricter for a reason of its owner's stays.

use engine::db::{Plan, migrate};

use crate::adoption_support::{FIRST_TWO, LEADS_AND_STEPS, THREE_TO_NINE, catalog, handmade, one, run};

fn steps(plan: &Plan) -> String {
    plan.to_string()
}

/// Definitions of the constraints of a table.
async fn constraints(pool: &sqlx::PgPool, table: &str) -> Vec<String> {
    let of = format!("constraint {table} ");
    catalog(pool).await.into_iter().filter(|fact| fact.starts_with(&of)).collect()
}

#[tokio::test]
async fn rows_without_company_name_or_lead_can_be_stored_afterwards() {
    let pool = handmade(true, &[FIRST_TWO, THREE_TO_NINE, LEADS_AND_STEPS]).await;
    migrate(&pool).await.unwrap();
    for sql in [
        "insert into leads (job_title) values ('Owner')",
        "insert into companies (company_name) values ('No domain'), ('No domain either')",
        "insert into campaigns (campaign_name) values ('No offer, no owner_note')",
        "insert into events (event_source, event_type, event_timestamp) values ('pigeon', 'landed', now())",
        "insert into users (full_name) values ('No address')",
        // One row a campaign and day, which UNIQUE (analytics_date) forbade, and of a campaign not there yet.
        "insert into instantly_daily_analytics_raw (analytics_date, instantly_campaign_id, raw_json) values
           ('2025-12-01', 'c2', '{}'), ('2025-12-01', 'c9', '{}'), ('2025-12-01', null, '{}')",
        "insert into instantly_campaigns_raw (instantly_campaign_id, campaign_status, raw_json) values ('c8', -99, '{}')",
        "insert into instantly_leads_raw (instantly_lead_id, raw_json) values ('l9', '{}')",
        "insert into instantly_emails_raw (instantly_email_id, event_type, raw_json) values ('m9', 'auto_replied', '{}')",
    ] {
        run(&pool, sql).await;
    }
}

#[tokio::test]
async fn deleting_a_lead_does_not_delete_history_any_more() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    migrate(&pool).await.unwrap();
    run(&pool, "delete from own_notes; delete from leads").await;
    assert_eq!(one(&pool, "select count(*)::text from events where lead_id is null").await, "2");
}

#[tokio::test]
async fn the_raw_layer_refers_to_nothing_afterwards() {
    let pool = handmade(false, &[FIRST_TWO]).await;
    run(&pool, "alter table instantly_emails_raw add owner_id uuid references users (id) on delete cascade")
        .await;
    migrate(&pool).await.unwrap();
    for table in ["instantly_daily_analytics_raw", "instantly_emails_raw"] {
        assert!(!constraints(&pool, table).await.iter().any(|fact| fact.contains("FOREIGN KEY")));
    }
}

#[tokio::test]
async fn an_address_stays_unique_among_leads_where_its_owner_wants_it() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(&pool, "create unique index one_address on leads (lower(email)); create unique index one_name on leads (full_name)")
        .await;
    let plan = steps(&migrate(&pool).await.unwrap());
    assert!(plan.contains("its uniqueness of (full_name) goes"), "{plan}");
    let facts = catalog(&pool).await;
    assert!(facts.iter().any(|fact| fact.contains("one_address ON public.leads")));
    assert!(facts.iter().any(|fact| fact.contains("leads_email_key UNIQUE (email)")));
    assert!(!facts.iter().any(|fact| fact.contains("one_name")));
}

#[tokio::test]
async fn checks_of_its_owner_stay_unless_they_list_what_is_open() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "alter table leads add constraint short_title check (length(job_title) < 300);
         alter table leads add constraint address_there check (email is not null);
         alter table campaigns add constraint known_zone check (timezone in ('UTC', 'America/New_York'));",
    )
    .await;
    migrate(&pool).await.unwrap();
    let leads = constraints(&pool, "leads").await.concat();
    assert!(leads.contains("short_title") && !leads.contains("address_there"), "{leads}");
    assert!(constraints(&pool, "campaigns").await.concat().contains("known_zone"));
    assert!(constraints(&pool, "offers").await.concat().contains("price_order"));
    assert!(!constraints(&pool, "events").await.concat().contains("CHECK"));
}

#[tokio::test]
async fn a_primary_key_of_its_owner_stays_and_the_contracts_key_comes_beside_it() {
    let pool = handmade(false, &[FIRST_TWO]).await;
    run(
        &pool,
        "alter table instantly_accounts_raw drop constraint instantly_accounts_raw_pkey, add row_id bigserial primary key,
           alter email drop not null;
         alter table instantly_emails_raw drop constraint instantly_emails_raw_pkey,
           drop constraint instantly_emails_raw_instantly_email_id_key, add primary key (instantly_email_id);
         alter table instantly_campaigns_raw drop constraint instantly_campaigns_raw_pkey cascade;",
    )
    .await;
    let plan = migrate(&pool).await.unwrap();
    let accounts = constraints(&pool, "instantly_accounts_raw").await.concat();
    assert!(accounts.contains("PRIMARY KEY (row_id)") && accounts.contains("UNIQUE (email)"), "{plan}");
    let emails = constraints(&pool, "instantly_emails_raw").await.concat();
    assert!(emails.contains("PRIMARY KEY (instantly_email_id)") && emails.contains("UNIQUE (id)"), "{plan}");
    let campaigns = constraints(&pool, "instantly_campaigns_raw").await.concat();
    assert!(campaigns.contains("instantly_campaigns_raw_pkey PRIMARY KEY (instantly_campaign_id)"), "{plan}");
    run(&pool, "insert into instantly_accounts_raw (email, raw_json) values ('b@mail.example', '{}') on conflict (email) do nothing").await;
    assert!(migrate(&pool).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_primary_key_that_keeps_records_out_gives_way_to_the_contracts() {
    let pool = handmade(false, &[FIRST_TWO, LEADS_AND_STEPS]).await;
    run(
        &pool,
        "alter table instantly_daily_analytics_raw drop constraint instantly_daily_analytics_raw_pkey, drop id,
           add primary key (analytics_date)",
    )
    .await;
    migrate(&pool).await.unwrap();
    assert!(constraints(&pool, "instantly_daily_analytics_raw").await.concat().contains("PRIMARY KEY (id)"));
    let steps = constraints(&pool, "instantly_steps_raw").await.concat();
    assert!(steps.contains("PRIMARY KEY (id)"), "{steps}");
    assert!(steps.contains("UNIQUE (instantly_campaign_id, step)"), "{steps}");
}

#[tokio::test]
async fn rows_without_a_parent_are_kept_and_told() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "alter table events drop constraint events_campaign_id_fkey;
         update events set campaign_id = '00000000-0000-0000-0000-00000000000d';
         alter table offers drop constraint offers_created_by_fkey;
         update offers set created_by = null;
         drop view lead_overview; drop table companies cascade;",
    )
    .await;
    let plan = steps(&migrate(&pool).await.unwrap());
    assert!(
        plan.contains("2 rows name a record that is not there (00000000-0000-0000-0000-00000000000d)"),
        "{plan}"
    );
    let events = constraints(&pool, "events").await.concat();
    assert!(events.contains("events_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE SET NULL NOT VALID"));
    // The companies are gone for good; their table is made anew, and the leads keep what they said.
    assert!(plan.contains("leads.company_id: foreign key to companies, for new rows only"), "{plan}");
    assert!(migrate(&pool).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_missing_payload_column_comes_empty_and_is_told() {
    let pool = handmade(false, &[FIRST_TWO]).await;
    run(
        &pool,
        "alter table instantly_emails_raw drop column raw_json; alter table users drop column id cascade",
    )
    .await;
    let plan = steps(&migrate(&pool).await.unwrap());
    assert!(
        plan.contains(
            "note       instantly_emails_raw.raw_json: new column, empty in the rows that are there"
        ),
        "{plan}"
    );
    assert_eq!(one(&pool, "select count(distinct id)::text from users").await, "2");
    assert!(migrate(&pool).await.unwrap().is_empty());
}

#[tokio::test]
async fn types_that_hold_less_are_widened_and_those_that_hold_more_stay() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "create extension citext with schema extensions;
         drop view lead_overview;
         alter table users alter email type extensions.citext;
         alter table leads alter email type extensions.citext, alter seniority type char(9), alter created_at type timestamptz(3);
         alter table instantly_campaigns_raw alter leads_count type bigint;
         alter table companies alter industry type varchar;
         create view industries as select industry from companies;",
    )
    .await;
    migrate(&pool).await.unwrap();
    let types = |table: &str, column: &str| {
        format!(
            "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = '{table}'::regclass and attname = '{column}'"
        )
    };
    for (table, column, wanted) in [
        ("users", "email", "citext"),
        ("users", "full_name", "text"),
        ("leads", "seniority", "text"),
        ("leads", "created_at", "timestamp with time zone"),
        ("instantly_campaigns_raw", "leads_count", "bigint"),
        ("instantly_accounts_raw", "account_status", "integer"),
        ("companies", "industry", "character varying"),
        ("offers", "price_min", "numeric"),
    ] {
        let found = one(&pool, &types(table, column)).await;
        assert_eq!(found.trim_start_matches("extensions."), wanted, "{table}.{column}");
    }
}

/// PostgreSQL changes no type under a generated column, so that one is made anew; it holds nothing of its own.
#[tokio::test]
async fn columns_under_a_generated_one_lose_their_limit_and_it_stays() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "drop view lead_overview;
         alter table leads drop column full_name;
         alter table leads alter first_name type varchar(40), alter last_name type varchar(40);
         alter table leads add full_name text generated always as (first_name || ' ' || last_name) stored;
         comment on column leads.full_name is 'The owner''s own';
         create index by_full_name on leads (lower(full_name));",
    )
    .await;
    let plan = steps(&migrate(&pool).await.unwrap());
    assert!(plan.contains("first_name, last_name lose their limit of length; full_name"), "{plan}");
    let facts = catalog(&pool).await.join("\n");
    assert!(facts.contains("by_full_name ON public.leads USING btree (lower(full_name))"), "{facts}");
    assert!(facts.contains("comment leads.full_name The owner's own"), "{facts}");
    run(&pool, "insert into leads (first_name, last_name) values (repeat('x', 50), 'Park')").await;
    assert_eq!(
        one(&pool, "select string_agg(right(full_name, 4), ' ' order by full_name) from leads").await,
        "m Bo Park Park"
    );
}

#[tokio::test]
async fn a_stranger_under_the_name_of_our_index_makes_way() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    run(
        &pool,
        "create index events_campaign_id_idx on events (campaign_id);
         create index leads_lower_email_idx on own_notes (note);
         create unique index campaign_leads_pair on campaign_leads (campaign_id, lead_id);
         alter table campaign_leads drop constraint campaign_leads_campaign_id_lead_id_key;",
    )
    .await;
    migrate(&pool).await.unwrap();
    let facts = catalog(&pool).await.join("\n");
    assert!(facts.contains("leads_lower_email_idx_before_touchline ON public.own_notes"), "{facts}");
    assert!(facts.contains("events_campaign_id_idx_before_touchline ON public.events"), "{facts}");
    assert!(
        facts.contains("campaign_leads_campaign_id_lead_id_key UNIQUE (campaign_id, lead_id)"),
        "{facts}"
    );
}
