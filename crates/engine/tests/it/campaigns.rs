//! Offers, campaigns and companies as people write them: fields by name, members with a verdict each, results.

use engine::campaigns::{self, Verdict};
use engine::{companies, offers};
use jiff::{SignedDuration, Timestamp};
use sqlx::PgPool;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::constant(1_795_400_000, 0);

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

async fn campaign(
    pool: &PgPool,
    name: &str,
    fields: campaigns::Fields,
) -> engine::Result<campaigns::Campaign> {
    campaigns::add(pool, &campaigns::Fields { campaign_name: some(name), ..fields }, None, NOW).await
}

#[tokio::test]
async fn an_offer_is_made_edited_put_away_and_found_by_name() {
    let database = testkit::database().await;
    let pool = database.pool();
    let fields = offers::Fields {
        offer_name: some("  Cost audit "),
        offer_type: some("consulting"),
        price_min: some("4900.50"),
        target_industries: Some(vec!["Logistics".into(), " ".into()]),
        ..offers::Fields::default()
    };
    let made = offers::add(pool, &fields, None, NOW).await.unwrap();
    assert_eq!(
        (made.offer_name.as_str(), made.price_min.as_deref(), made.target_industries.len()),
        ("Cost audit", Some("4900.50"), 1)
    );
    assert_eq!(offers::named(pool, "cost AUDIT").await.unwrap(), made.id);
    assert_eq!(offers::named(pool, &made.id.to_string()[..13]).await.unwrap(), made.id);

    let later = NOW + SignedDuration::from_hours(1);
    let cleared = offers::Fields { price_min: some(""), price_max: some("100"), ..offers::Fields::default() };
    let edited = offers::edit(pool, made.id, &cleared, later).await.unwrap();
    assert_eq!(
        (edited.price_min, edited.price_max.as_deref(), edited.offer_type.as_deref()),
        (None, Some("100"), Some("consulting"))
    );
    let same = offers::edit(pool, made.id, &cleared, later + SignedDuration::from_hours(1)).await.unwrap();
    assert_eq!(same.updated_at, later, "the same again changes nothing");

    offers::archive(pool, made.id, true, later).await.unwrap();
    assert!(offers::list(pool, &offers::Asked::default(), None, 10).await.unwrap().offers.is_empty());
    offers::archive(pool, made.id, false, later).await.unwrap();
    assert_eq!(offers::list(pool, &offers::Asked::default(), None, 10).await.unwrap().offers.len(), 1);
}

#[tokio::test]
async fn what_cannot_stand_in_a_field_is_refused_by_its_name() {
    let database = testkit::database().await;
    let pool = database.pool();
    let named = || offers::Fields { offer_name: some("Audit"), ..offers::Fields::default() };
    let long = "x".repeat(201);
    for (fields, field) in [
        (offers::Fields::default(), "offer_name"),
        (offers::Fields { offer_name: Some(long), ..named() }, "offer_name"),
        (offers::Fields { offer_name: some("a\0b"), ..named() }, "offer_name"),
        (offers::Fields { offer_type: some("gift"), ..named() }, "offer_type"),
        (offers::Fields { price_min: some("-1"), ..named() }, "price_min"),
        (offers::Fields { price_max: some("1e9"), ..named() }, "price_max"),
        (offers::Fields { price_min: some("2"), price_max: some("1"), ..named() }, "price_max"),
    ] {
        let error = offers::add(pool, &fields, None, NOW).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("{field}:")), "{error}");
        assert!(error.hint().is_some());
    }
    for (fields, field) in [
        (
            campaigns::Fields { campaign_status: some("gone"), ..campaigns::Fields::default() },
            "campaign_status",
        ),
        (campaigns::Fields { offer_id: some("audit"), ..campaigns::Fields::default() }, "offer_id"),
        (
            campaigns::Fields { offer_id: some(&Uuid::nil().to_string()), ..campaigns::Fields::default() },
            "offer_id",
        ),
        (
            campaigns::Fields { stops_company: some("perhaps"), ..campaigns::Fields::default() },
            "stops_company",
        ),
    ] {
        let error = campaign(pool, "One", fields).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("{field}:")), "{error}");
    }
}

#[tokio::test]
async fn a_campaign_is_linked_once_and_a_link_switches_its_channel_on() {
    let database = testkit::database().await;
    let pool = database.pool();
    let theirs = || campaigns::Fields { instantly_campaign_id: some("abc"), ..campaigns::Fields::default() };
    let first = campaign(pool, "First", theirs()).await.unwrap();
    assert!(first.uses_email && !first.uses_calls);
    let refused = campaign(pool, "Second", theirs()).await.unwrap_err();
    assert!(
        refused.to_string().contains("`First`") && refused.hint().unwrap().contains(&first.id.to_string())
    );
    let assistant = campaigns::Fields { vapi_assistant_id: some("opener"), ..campaigns::Fields::default() };
    assert!(campaigns::edit(pool, first.id, &assistant, NOW).await.unwrap().uses_calls);
    let unlinked = campaigns::Fields { instantly_campaign_id: some(""), ..campaigns::Fields::default() };
    assert_eq!(campaigns::edit(pool, first.id, &unlinked, NOW).await.unwrap().instantly_campaign_id, None);
    campaign(pool, "Second", theirs()).await.unwrap();

    campaign(pool, "second", campaigns::Fields::default()).await.unwrap();
    let several = campaigns::named(pool, "Second").await.unwrap_err();
    assert!(matches!(several, engine::Error::Conflict { .. }), "{several}");
}

#[tokio::test]
async fn members_are_added_with_a_verdict_each_and_taken_out_without_losing_what_happened() {
    let database = testkit::database().await;
    let pool = database.pool();
    sqlx::raw_sql(
        "insert into leads (id, first_name, email, phone) values
           ('00000000-0000-0000-0000-000000000001', 'Ada', 'ada@example.com', '+15550101'),
           ('00000000-0000-0000-0000-000000000002', 'Ben', 'ben@example.com', null),
           ('00000000-0000-0000-0000-000000000003', 'Cy', 'cy@example.com', null),
           ('00000000-0000-0000-0000-000000000004', 'Di', null, null);
         insert into lead_identities (identity_kind, identity_value, lead_id) values
           ('email', 'ada@example.com', '00000000-0000-0000-0000-000000000001'),
           ('phone', '+15550101', '00000000-0000-0000-0000-000000000001'),
           ('linkedin', 'in/di', '00000000-0000-0000-0000-000000000004');
         insert into suppressions (lead_id, channel, reason, source, natural_key, suppressed_at) values
           ('00000000-0000-0000-0000-000000000002', 'all', 'do_not_contact', 'manual', 'a', now()),
           ('00000000-0000-0000-0000-000000000003', 'email', 'opt_out', 'manual', 'b', now());",
    )
    .execute(pool)
    .await
    .unwrap();
    let channels =
        campaigns::Fields { uses_email: Some(true), uses_calls: Some(true), ..campaigns::Fields::default() };
    let id = campaign(pool, "Calls", channels).await.unwrap().id;
    let given: Vec<String> = [
        " Ada@Example.com",
        "+1 555 0101",
        "ben@example.com",
        "cy@example.com",
        "https://www.linkedin.com/in/di/",
        "nobody@example.com",
        "00000000-0000-0000-0000-000000000009",
        "what?",
    ]
    .map(String::from)
    .into();
    let told = |verdicts: &[Verdict]| verdicts.iter().map(|v| v.verdict.clone()).collect::<Vec<_>>();
    let verdicts = campaigns::add_members(pool, id, &given, None, NOW).await.unwrap();
    assert_eq!(
        told(&verdicts),
        ["added", "repeated", "suppressed", "added", "added", "unknown", "unknown", "unknown"]
    );
    assert_eq!(
        verdicts[2].why.as_deref(),
        Some("call: asked not to be contacted; email: asked not to be contacted")
    );
    assert_eq!(verdicts[3].why.as_deref(), Some("email: opted out"), "by telephone they may be reached");
    assert_eq!(verdicts[0].who.as_deref(), Some("Ada"));
    let again = campaigns::add_members(pool, id, &given[..1], None, NOW).await.unwrap();
    assert_eq!(told(&again), ["already_in"]);
    assert_eq!(campaigns::show(pool, id).await.unwrap().members, 3);

    let out = campaigns::remove_members(pool, id, &given[..3], None, NOW).await.unwrap();
    assert_eq!(told(&out), ["removed", "repeated", "not_in"]);
    assert_eq!(campaigns::members(pool, id, None, None, 10).await.unwrap().members.len(), 2);
    assert_eq!(told(&campaigns::add_members(pool, id, &given[..1], None, NOW).await.unwrap()), ["back_in"]);

    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = campaigns::members(pool, id, None, after, 1).await.unwrap();
        paged.extend(page.members);
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    assert_eq!(paged, campaigns::members(pool, id, None, None, 10).await.unwrap().members);
}

#[tokio::test]
async fn the_steps_of_a_campaign_have_the_words_that_the_vendor_holds() {
    let database = testkit::database().await;
    let pool = database.pool();
    let theirs = campaigns::Fields { instantly_campaign_id: some("abc"), ..campaigns::Fields::default() };
    let id = campaign(pool, "Words", theirs).await.unwrap().id;
    sqlx::query("insert into instantly_campaign_configs_raw (instantly_campaign_id, raw_json) values ('abc', $1)")
        .bind(serde_json::json!({ "sequences": [{ "steps": [
            { "delay": 2, "variants": [{ "subject": "Hello", "body": "<p>One</p>" }, { "subject": "Hi", "body": "Two", "v_disabled": true }] },
            { "delay": "x", "variants": [] }
        ] }] }))
        .execute(pool)
        .await
        .unwrap();
    let steps = campaigns::steps(pool, id).await.unwrap();
    assert_eq!((steps.len(), steps[0].delay_days, steps[1].delay_days), (2, Some(2), None));
    let told: Vec<(&str, Option<&str>, bool)> =
        steps[0].variants.iter().map(|v| (v.letter.as_str(), v.subject.as_deref(), v.is_off)).collect();
    assert_eq!(told, [("A", Some("Hello"), false), ("B", Some("Hi"), true)]);
}

#[tokio::test]
async fn a_company_shows_its_people_and_what_happened_with_all_of_them() {
    let database = testkit::database().await;
    let pool = database.pool();
    sqlx::raw_sql(
        "insert into companies (id, company_name, company_domain) values ('00000000-0000-0000-0000-0000000000aa', 'Acme 100%', 'acme.example'), (gen_random_uuid(), 'Other', 'other.example');
         insert into leads (id, first_name, company_id, created_at)
         select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'P' || n, '00000000-0000-0000-0000-0000000000aa', '2026-01-01'::timestamptz + n * interval '1 day'
           from generate_series(1, 3) n;
         insert into events (event_source, event_type, lead_id, event_timestamp)
         select 'test', 'email_sent', ('00000000-0000-0000-0000-00000000000' || 1 + n % 3)::uuid, '2026-02-01'::timestamptz + n * interval '1 hour'
           from generate_series(1, 20) n;",
    )
    .execute(pool)
    .await
    .unwrap();
    let id = companies::named(pool, "ACME.example").await.unwrap();
    let asked = companies::Asked { search: some("100%"), industry: None };
    assert_eq!(
        companies::list(pool, &asked, None, 10).await.unwrap().companies.len(),
        1,
        "a sign stands for itself"
    );
    let fields = companies::Fields { industry: some("Freight"), ..companies::Fields::default() };
    let company = companies::edit(pool, id, &fields, NOW).await.unwrap();
    assert_eq!((company.people, company.industry.as_deref()), (3, Some("Freight")));
    assert_eq!(company.last_touched_at.unwrap().to_string(), "2026-02-01T20:00:00Z");
    assert_eq!(
        companies::people(pool, id, None, 2).await.unwrap().people[0].first_name.as_deref(),
        Some("P3")
    );
    let whole = companies::touches(pool, id, None, 100).await.unwrap().touches;
    assert_eq!(whole.len(), 20);
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = companies::touches(pool, id, after, 3).await.unwrap();
        paged.extend(page.touches);
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    assert_eq!(paged, whole);
}

#[tokio::test]
async fn of_many_edits_at_once_each_holds_and_what_was_not_seen_is_not_written_over() {
    let database = testkit::database().await;
    let pool = database.pool();
    let made = campaign(pool, "June", campaigns::Fields::default()).await.unwrap();
    let edits = (0..12).map(|n| {
        let fields = match n % 3 {
            0 => campaigns::Fields {
                email_body_template: Some("Hello".into()),
                ..campaigns::Fields::default()
            },
            1 => campaigns::Fields { uses_calls: Some(true), ..campaigns::Fields::default() },
            _ => campaigns::Fields { campaign_status: Some("active".into()), ..campaigns::Fields::default() },
        };
        async move { campaigns::edit(pool, made.id, &fields, NOW).await.unwrap() }
    });
    futures::future::join_all(edits).await;
    let stands = campaigns::show(pool, made.id).await.unwrap();
    assert_eq!(stands.email_body_template.as_deref(), Some("Hello"));
    assert!(stands.uses_calls);
    assert_eq!(stands.campaign_status, "active");

    // All have seen the same state: one may write, the others have to look again.
    let written = (0..8).map(|n| {
        let fields =
            campaigns::Fields { campaign_name: Some(format!("Name {n}")), ..campaigns::Fields::default() };
        let seen = stands.campaign_name.clone();
        async move {
            let fits = |now: &campaigns::Campaign| {
                if now.campaign_name == seen {
                    Ok(())
                } else {
                    Err(engine::Error::conflict("changed", "look"))
                }
            };
            campaigns::edit_if(pool, made.id, &fields, fits, NOW).await.is_ok()
        }
    });
    let written = futures::future::join_all(written).await.into_iter().filter(|done| *done).count();
    assert_eq!(written, 1);
}
