//! Lists of leads: every filter, order and page shows what the rows say; what a list is ordered by follows the events.

use std::collections::BTreeSet;

use engine::leads::{self, Answered, Count, Filter, LeadStatus, Membership, Page, Reach, Sort, Touched};
use jiff::Timestamp;
use testkit::TestDatabase;
use uuid::Uuid;

const WORLD: &str = "
insert into companies (id, company_name, company_domain) values ('00000000-0000-0000-0000-0000000000ac', 'Acme Fulfilment', 'acme.example');
insert into campaigns (id, campaign_name) values ('00000000-0000-0000-0000-0000000000c1', 'One');
insert into leads (id, first_name, last_name, email, phone, lead_status, company_id, created_at)
select ('00000000-0000-0000-0000-0000000010' || lpad(n::text, 2, '0'))::uuid,
       case when n % 5 > 0 then (array['Jane', 'ÉMILE', 'Omar', '100%'])[1 + n % 4] end,
       case when n % 7 > 0 then (array['Oyelaran', 'Novak', 'de Vries'])[1 + n % 3] end,
       case when n % 11 > 0 then 'lead' || n || '@example.com' end,
       case when n % 2 = 0 then '+1 555 0100' end,
       (array['new', 'contacted', 'replied'])[1 + n % 3],
       case when n % 4 = 0 then '00000000-0000-0000-0000-0000000000ac'::uuid end,
       '2026-01-01'::timestamptz + n / 10 * interval '1 day'
  from generate_series(10, 69) n;
insert into campaign_leads (campaign_id, lead_id) select '00000000-0000-0000-0000-0000000000c1', id from leads where email like '%3%';
insert into events (event_source, event_type, lead_id, event_timestamp, call_outcome)
select 'test',
       (array['email_sent', 'email_replied', 'email_opened', 'call_completed', 'email_auto_replied'])[1 + n % 5],
       ('00000000-0000-0000-0000-0000000010' || lpad((10 + n * 7 % 40)::text, 2, '0'))::uuid,
       '2026-02-11'::timestamptz + n % 40 * interval '1 day',
       case when n % 15 = 3 then 'voicemail' end
  from generate_series(1, 200) n;
insert into suppressions (lead_id, channel, reason, source, natural_key, suppressed_at)
select id, 'all', 'opt_out', 'test', id::text, '2026-02-02' from leads where email like '%4@%';";

async fn world() -> TestDatabase {
    let database = testkit::database().await;
    sqlx::raw_sql(WORLD).execute(database.pool()).await.unwrap();
    database
}

fn now() -> Timestamp {
    "2026-03-23T00:00:00Z".parse().unwrap()
}

/// All pages of a list, by small pages.
async fn all(database: &TestDatabase, filter: &Filter, sort: Sort) -> Vec<leads::Listed> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let Page { leads, next } =
            leads::list(database.pool(), filter, sort, after.as_deref(), 7, now()).await.unwrap();
        assert!(
            leads.len() <= 7 && (next.is_none() || leads.len() == 7),
            "a page is full unless it is the last"
        );
        found.extend(leads);
        let Some(next) = next else { return found };
        after = Some(next);
    }
}

/// The ids that plain SQL finds.
async fn by_sql(database: &TestDatabase, condition: &str) -> BTreeSet<Uuid> {
    let query = format!("select id from leads l where {condition}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(query))
        .fetch_all(database.pool())
        .await
        .unwrap()
        .into_iter()
        .collect()
}

#[tokio::test]
async fn pages_in_every_order_hold_every_lead_once() {
    let database = world().await;
    let everybody = by_sql(&database, "true").await;
    for sort in Sort::ALL {
        let found = all(&database, &Filter::default(), *sort).await;
        assert_eq!(found.len(), everybody.len(), "{sort:?}");
        assert_eq!(found.iter().map(|lead| lead.id).collect::<BTreeSet<_>>(), everybody, "{sort:?}");
        match sort {
            Sort::LastTouch => assert!(
                found.is_sorted_by(|a, b| a.last_touch_at >= b.last_touch_at),
                "never touched comes last"
            ),
            Sort::Added => assert!(found.is_sorted_by(|a, b| a.created_at >= b.created_at)),
            Sort::Name => {
                let names: Vec<Option<String>> =
                    found.iter().map(|lead| lead.last_name.clone().map(|name| name.to_lowercase())).collect();
                let novak = names.iter().position(|name| name.as_deref() == Some("novak"));
                assert!(novak < names.iter().rposition(|name| name.as_deref() == Some("oyelaran")));
            }
        }
    }
}

#[tokio::test]
async fn every_filter_finds_what_its_rows_say() {
    let database = world().await;
    let recent = "exists (select from events e where e.lead_id = l.id and e.event_type in ('email_sent', 'email_replied', 'call_completed') and e.event_timestamp >=";
    let answered = "exists (select from events e where e.lead_id = l.id and (e.event_type = 'email_replied' or e.event_type = 'call_completed' and coalesce(e.call_outcome, '') <> 'voicemail'))";
    let touched = "exists (select from events e where e.lead_id = l.id and e.event_type in ('email_sent', 'email_replied', 'call_completed'))";
    let campaign: Uuid = "00000000-0000-0000-0000-0000000000c1".parse().unwrap();
    let company: Uuid = "00000000-0000-0000-0000-0000000000ac".parse().unwrap();
    let searched = |text: &str| Filter { search: Some(text.into()), ..Filter::default() };
    let member = "exists (select from campaign_leads m where m.lead_id = l.id)";
    let cases: Vec<(Filter, String)> = vec![
        (
            Filter { lead_status: Some(LeadStatus::Replied), ..Filter::default() },
            "lead_status = 'replied'".into(),
        ),
        (Filter { campaign_id: Some(campaign), ..Filter::default() }, member.into()),
        (Filter { membership: Some(Membership::None), ..Filter::default() }, format!("not {member}")),
        (Filter { reach: Some(Reach::Phone), ..Filter::default() }, "phone is not null".into()),
        (Filter { touched: Some(Touched::Week), ..Filter::default() }, format!("{recent} '2026-03-16')")),
        (
            Filter { touched: Some(Touched::Longer), ..Filter::default() },
            format!("{touched} and not {recent} '2026-02-21')"),
        ),
        (Filter { touched: Some(Touched::Never), ..Filter::default() }, format!("not {touched}")),
        (Filter { answered: Some(Answered::Yes), ..Filter::default() }, answered.into()),
        (
            Filter { answered: Some(Answered::No), ..Filter::default() },
            format!("{touched} and not {answered}"),
        ),
        (Filter { suppressed: Some(true), ..Filter::default() }, "email like '%4@%'".into()),
        (
            Filter { suppressed: Some(false), ..Filter::default() },
            "email is null or email not like '%4@%'".into(),
        ),
        (
            Filter { company_id: Some(company), answered: Some(Answered::Yes), ..Filter::default() },
            format!("company_id is not null and {answered}"),
        ),
        (searched("OYEL"), "last_name = 'Oyelaran'".into()),
        (searched(" jane oye "), "first_name = 'Jane' and last_name = 'Oyelaran'".into()),
        (searched("de vries"), "last_name = 'de Vries'".into()),
        (searched("lead34@"), "email = 'lead34@example.com'".into()),
        (searched("acme"), "company_id is not null".into()),
        (searched("acme ful"), "company_id is not null".into()),
        (searched("100%"), "first_name = '100%'".into()),
        (searched("émi"), "first_name = 'ÉMILE'".into()),
        (searched("%"), "false".into()),
    ];
    for (filter, condition) in cases {
        let wanted = by_sql(&database, &condition).await;
        assert!(
            condition == "false" || (!wanted.is_empty() && wanted.len() < 60),
            "{condition} tells nothing"
        );
        for sort in Sort::ALL {
            let found: BTreeSet<Uuid> =
                all(&database, &filter, *sort).await.iter().map(|lead| lead.id).collect();
            assert_eq!(found, wanted, "{filter:?} by {sort:?}");
        }
        let counted = leads::count(database.pool(), &filter, now()).await.unwrap();
        assert_eq!(counted, Count::Exactly(wanted.len() as i64), "{filter:?}");
    }
}

#[tokio::test]
async fn what_lists_are_ordered_by_follows_the_events_by_whatever_road_they_change() {
    let database = world().await;
    let wrong = "
      with so as (
        select lead_id, max(event_timestamp) as touched, max(event_timestamp) filter (where touchline.is_answer(event_type, call_outcome)) as answered
          from events where lead_id is not null and withdrawn_at is null and touchline.is_touch(event_type) group by lead_id)
      select count(*) from so full join touchline.lead_activity a using (lead_id)
       where (so.touched, so.answered) is distinct from (a.last_touch_at, a.last_answer_at)";
    for change in [
        "select 1",
        "update events set withdrawn_at = now() where event_timestamp > '2026-03-15'",
        "update events set lead_id = (select min(id::text)::uuid from leads) where event_type = 'call_completed'",
        "update events set event_timestamp = event_timestamp + interval '3 days', note_text = 'later' where event_type = 'email_sent'",
        "update events set call_outcome = 'voicemail' where event_type = 'call_completed'",
        "delete from events where event_type = 'email_replied'",
        "delete from leads where email like '%2%'",
        "delete from events",
    ] {
        sqlx::raw_sql(change).execute(database.pool()).await.unwrap();
        let wrong: i64 = sqlx::query_scalar(wrong).fetch_one(database.pool()).await.unwrap();
        assert_eq!(wrong, 0, "after {change}");
    }
    let left: i64 = sqlx::query_scalar("select count(*) from touchline.lead_activity")
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let database = world().await;
    let page = leads::list(database.pool(), &Filter::default(), Sort::Name, None, 3, now()).await.unwrap();
    for (cursor, sort) in
        [(page.next.as_deref().unwrap(), Sort::Added), ("x", Sort::Name), ("", Sort::LastTouch)]
    {
        let refused = leads::list(database.pool(), &Filter::default(), sort, Some(cursor), 3, now()).await;
        assert!(matches!(refused, Err(engine::Error::Invalid { .. })), "{cursor} {sort:?}");
    }
}
