//! Adoption loses nothing: rows, extra columns, policies, triggers and views stay, and the result is the contract.

use engine::db::{Action, migrate, plan};

use crate::{
    adoption_support::{
        FIRST_TWO, LEADS_AND_STEPS, THREE_TO_NINE, catalog, contents, contents_of_the_same, contract,
        handmade, one, run,
    },
    own_database::empty_database,
};

/// Every row there was is there, with every value it had; the few that had none and must have one got the default.
#[tokio::test]
async fn no_row_and_no_extra_column_is_lost() {
    for legacy in [false, true] {
        let pool = handmade(legacy, &[FIRST_TWO, THREE_TO_NINE, LEADS_AND_STEPS]).await;
        // What may be filled is filled before, so that contents can be compared whole.
        run(&pool, "update leads set lead_status = 'new' where lead_status is null").await;
        run(&pool, "update campaign_leads set linkedin_status = 'not_started' where linkedin_status is null")
            .await;
        run(&pool, "update users set created_at = updated_at where created_at is null").await;
        let before = contents(&pool).await;
        assert!(before.values().all(|(_, rows)| !rows.is_empty()), "every table of the fixture holds rows");
        migrate(&pool).await.unwrap();
        assert_eq!(contents_of_the_same(&pool, &before).await, before);
    }
}

#[tokio::test]
async fn values_that_must_be_there_get_the_contracts_default() {
    let pool = handmade(false, &[FIRST_TWO, THREE_TO_NINE]).await;
    migrate(&pool).await.unwrap();
    assert_eq!(one(&pool, "select lead_status from leads where first_name = 'Kim'").await, "new");
    assert_eq!(one(&pool, "select distinct linkedin_status from campaign_leads").await, "not_started");
    assert_eq!(
        one(&pool, "select (created_at is not null)::text from users where email like 'ada%'").await,
        "true"
    );
}

#[tokio::test]
async fn what_its_owner_built_around_the_tables_stays() {
    let pool = handmade(true, &[FIRST_TWO, THREE_TO_NINE]).await;
    let kept = |facts: Vec<String>| -> Vec<String> {
        let owners = ["policy ", "trigger ", "view public", "view lead_overview"];
        facts.into_iter().filter(|fact| owners.iter().any(|kind| fact.starts_with(kind))).collect()
    };
    let before = kept(catalog(&pool).await);
    migrate(&pool).await.unwrap();
    let after = kept(catalog(&pool).await);
    assert!(before.len() >= 6, "{before:#?}");
    assert!(before.iter().all(|fact| after.contains(fact)), "{before:#?}\n{after:#?}");
    assert_eq!(
        one(&pool, "select company_name from lead_overview where full_name = 'Lee Park'").await,
        "Roofs"
    );
    assert_eq!(one(&pool, "select count(*)::text from own_notes").await, "2");
    run(&pool, "insert into leads (first_name, last_name) values ('Bo', 'Ek')").await;
    assert_eq!(one(&pool, "select full_name from leads where first_name = 'Bo'").await, "Bo Ek");
}

/// But for defaults that make the same kind of value another way, which stay.
#[tokio::test]
async fn an_adopted_database_has_all_that_a_fresh_one_has() {
    let (fresh, _) = empty_database().await;
    migrate(&fresh).await.unwrap();
    let wanted = contract(&fresh).await;
    for files in [
        &[FIRST_TWO] as &[&str],
        &[FIRST_TWO, THREE_TO_NINE],
        &[FIRST_TWO, LEADS_AND_STEPS],
        &[FIRST_TWO, THREE_TO_NINE, LEADS_AND_STEPS],
        &[LEADS_AND_STEPS],
    ] {
        let pool = handmade(false, files).await;
        migrate(&pool).await.unwrap();
        let found = contract(&pool).await;
        let missing: Vec<_> = wanted
            .iter()
            .filter(|fact| !found.contains(fact) && !has_a_default_of_its_own(&found, fact))
            .collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }
}

/// The same column with another default, or with one where the contract has none.
fn has_a_default_of_its_own(found: &[String], wanted: &str) -> bool {
    let Some((column, _)) = wanted.split_once(" default=") else { return false };
    found.iter().any(|fact| fact.starts_with(&format!("{column} default=")) && !fact.contains("default= "))
}

#[tokio::test]
async fn a_second_run_has_nothing_to_do_and_changes_nothing() {
    for legacy in [false, true] {
        let pool = handmade(legacy, &[FIRST_TWO, THREE_TO_NINE, LEADS_AND_STEPS]).await;
        migrate(&pool).await.unwrap();
        let (facts, rows) = (catalog(&pool).await, contents(&pool).await);
        let second = migrate(&pool).await.unwrap();
        assert!(second.is_empty(), "{second}");
        assert!(plan(&pool).await.unwrap().is_empty());
        assert_eq!((catalog(&pool).await, contents(&pool).await), (facts, rows));
    }
}

#[tokio::test]
async fn a_dry_run_says_what_migrate_does_and_changes_nothing() {
    for legacy in [false, true] {
        let pool = handmade(legacy, &[FIRST_TWO, THREE_TO_NINE, LEADS_AND_STEPS]).await;
        let before = (catalog(&pool).await, contents(&pool).await);
        let rehearsed = plan(&pool).await.unwrap();
        assert_eq!((catalog(&pool).await, contents(&pool).await), before);
        assert_eq!(rehearsed, migrate(&pool).await.unwrap());
    }
}

#[tokio::test]
async fn what_was_made_by_hand_is_recorded_as_adopted_and_the_rest_as_applied() {
    let pool = handmade(false, &[FIRST_TWO, LEADS_AND_STEPS]).await;
    // Three of the four raw tables.
    run(&pool, "drop table instantly_emails_raw").await;
    let plan = migrate(&pool).await.unwrap();
    let sql = "select string_agg(version::text, ' ' order by version) from touchline.migrations where how = 'adopted'";
    assert_eq!(one(&pool, sql).await, "1 2 10");
    assert_eq!(one(&pool, "select count(*)::text from instantly_emails_raw").await, "0");
    let created: Vec<_> = plan.steps.iter().filter(|step| step.action == Action::Create).collect();
    assert!(created.iter().any(|step| step.subject == "instantly_emails_raw"), "{plan}");
}

#[tokio::test]
async fn steps_made_by_hand_get_the_key_a_sync_finds_them_by() {
    let pool = handmade(false, &[LEADS_AND_STEPS]).await;
    migrate(&pool).await.unwrap();
    assert_eq!(
        one(&pool, "select string_agg(step_key, ' ' order by step) from instantly_steps_raw").await,
        "c1|1|0 c1|2|0"
    );
    // And a row that only a sync would write, without `step`.
    run(&pool, "insert into instantly_steps_raw (step_key, instantly_campaign_id, raw_json) values ('c1|3|0', 'c1', '{}'), ('c1|4|0', 'c1', '{}')").await;
}
