//! The funnel: its sums follow the events by whatever road they change, and every number opens its rows.

use engine::funnel::{self, By, Channel, Counts, Selection, Stage, Unit};
use engine::normalise;
use jiff::Timestamp;
use jiff::civil::date;
use sqlx::AssertSqlSafe;
use testkit::TestDatabase;

const WORLD: &str = "
insert into offers (id, offer_name) values ('00000000-0000-0000-0000-00000000000f', 'Audit');
insert into campaigns (id, campaign_name, offer_id)
select ('00000000-0000-0000-0000-0000000000c' || n)::uuid, 'Campaign ' || n, case when n < 3 then '00000000-0000-0000-0000-00000000000f'::uuid end
  from generate_series(1, 3) n;
insert into leads (id, email) select ('00000000-0000-0000-0000-0000000010' || lpad(n::text, 2, '0'))::uuid, n || '@example.com' from generate_series(10, 39) n;
insert into events (event_source, event_type, lead_id, campaign_id, event_timestamp, sequence_step, interest_status, call_outcome)
select 'test',
       (array['email_sent', 'email_sent', 'email_sent', 'email_opened', 'email_replied', 'email_auto_replied', 'email_bounced',
              'call_completed', 'call_voicemail', 'message_sent', 'message_replied', 'interest_changed', 'note_added'])[1 + (n * 7 % 13)],
       case when n % 17 > 0 then ('00000000-0000-0000-0000-0000000010' || lpad((10 + n * 11 % 30)::text, 2, '0'))::uuid end,
       case when n % 9 > 0 then ('00000000-0000-0000-0000-0000000000c' || (1 + n % 3))::uuid end,
       '2026-03-01T22:30:00Z'::timestamptz + n * interval '5 hours',
       nullif(n % 4, 0),
       case when n * 7 % 13 = 11 then (array[1, 2, 4, -1])[1 + n % 4] end,
       case when n * 7 % 13 = 7 then (array['interested', 'meeting', 'not_interested', 'wrong_number', null])[1 + n % 5] end
  from generate_series(1, 600) n;";

async fn world() -> TestDatabase {
    let database = testkit::database().await;
    sqlx::raw_sql(WORLD).execute(database.pool()).await.unwrap();
    count(&database).await;
    database
}

async fn count(database: &TestDatabase) {
    normalise::normalise(database.pool(), Timestamp::UNIX_EPOCH).await.unwrap();
}

/// People and touches counted from the events themselves, as text, to compare with the sums.
async fn differences(database: &TestDatabase) -> Vec<String> {
    let query = "
      with people as (
        select campaign_id, channel, stage, on_day, count(*) as number from (
          select lead_id, campaign_id, coalesce(channel, 'any') as channel, stage, min(touched_on) as on_day
            from touchline.counted_touches where lead_id is not null and stage <> 'delivered'
           group by lead_id, stage, grouping sets ((campaign_id, channel), (campaign_id), (channel), ())
          having grouping(campaign_id) = 1 or campaign_id is not null) first_days
         group by 1, 2, 3, 4),
      touches as (
        select campaign_id, channel, sequence_step, stage, touched_on, count(*) as number
          from touchline.counted_touches group by 1, 2, 3, 4, 5)
      select 'people ' || row(d.*)::text from (
        (select * from people except all select campaign_id, channel, stage, reached_on, people from touchline.funnel_people where people <> 0 and stage <> 'delivered')
        union all
        (select campaign_id, channel, stage, reached_on, people from touchline.funnel_people where people <> 0 and stage <> 'delivered' except all select * from people)) d
      union all
      select 'touches ' || row(d.*)::text from (
        (select * from touches except all select campaign_id, channel, sequence_step, stage, touched_on, touches from touchline.funnel_touches)
        union all
        (select campaign_id, channel, sequence_step, stage, touched_on, touches from touchline.funnel_touches except all select * from touches)) d";
    sqlx::query_scalar(query).fetch_all(database.pool()).await.unwrap()
}

#[tokio::test]
async fn the_sums_follow_the_events_by_whatever_road_they_change() {
    let database = world().await;
    assert_eq!(differences(&database).await, Vec::<String>::new(), "after the first count");
    let all =
        funnel::funnel(database.pool(), Unit::Touches, By::Campaign, Selection::default()).await.unwrap();
    assert!(all.total.answered > 50 && all.total.meeting > 5 && all.lines.len() == 4, "{all:?}");

    for change in [
        "insert into events (event_source, event_type, lead_id, event_timestamp) select 'test', 'email_replied', id, '2026-01-01' from leads limit 5",
        "update events set withdrawn_at = now() where event_type = 'email_sent' and extract(day from event_timestamp) = 3",
        "update events set event_timestamp = event_timestamp - interval '40 days' where event_type = 'message_sent'",
        "update events set lead_id = (select min(id::text)::uuid from leads) where lead_id is null",
        "update events set campaign_id = '00000000-0000-0000-0000-0000000000c1' where campaign_id is null",
        "update events set note_text = 'counts as before'",
        "update events set withdrawn_at = now() where event_type = 'email_bounced' and sequence_step = 1",
        "update events set sequence_step = null where event_type = 'email_bounced' and sequence_step = 2",
        "update events set campaign_id = '00000000-0000-0000-0000-0000000000c2' where event_type = 'email_bounced' and sequence_step = 3",
        "update events set withdrawn_at = null where event_type = 'email_bounced'",
        "delete from events where event_type = 'email_bounced' and extract(day from event_timestamp) < 15",
        "delete from events where event_type = 'email_opened'",
        "delete from leads where email like '1%'",
        "delete from campaigns where campaign_name = 'Campaign 3'",
        "delete from events",
    ] {
        sqlx::query(AssertSqlSafe(change)).execute(database.pool()).await.unwrap();
        count(&database).await;
        assert_eq!(differences(&database).await, Vec::<String>::new(), "after {change}");
    }
}

#[tokio::test]
async fn what_counts_as_before_is_not_counted_again() {
    let database = world().await;
    sqlx::query("update events set note_text = 'x', updated_at = now()")
        .execute(database.pool())
        .await
        .unwrap();
    let waiting: i64 = sqlx::query_scalar("select count(*) from touchline.funnel_changes")
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(waiting, 0);
}

/// The number of a stage.
fn of(counts: &Counts, stage: Stage) -> i64 {
    match stage {
        Stage::Contacted => counts.contacted,
        Stage::Bounced => counts.bounced,
        Stage::Delivered => counts.delivered,
        Stage::Opened => counts.opened,
        Stage::Answered => counts.answered,
        Stage::Positive => counts.positive,
        Stage::Meeting => counts.meeting,
        Stage::Converted => counts.converted,
    }
}

#[tokio::test]
async fn every_number_opens_exactly_its_rows() {
    let database = world().await;
    let pool = database.pool();
    let narrow = Selection {
        since: Some(date(2026, 3, 10)),
        until: Some(date(2026, 5, 20)),
        channel: Some(Channel::Email),
        ..Selection::default()
    };
    let mut compared = 0;
    for unit in [Unit::People, Unit::Touches] {
        for by in By::ALL.iter().copied().filter(|by| unit == Unit::Touches || *by != By::Step) {
            for selection in [Selection::default(), narrow] {
                let funnel = funnel::funnel(pool, unit, by, selection).await.unwrap();
                let lines = funnel.lines.iter().map(|line| (Some((by, line.key.as_deref())), &line.counts));
                for (line, counts) in lines.chain([(None, &funnel.total)]) {
                    for stage in Stage::ALL.iter().copied() {
                        let number = of(counts, stage);
                        let rows =
                            funnel::rows(pool, unit, stage, selection, line, None, 10_000).await.unwrap();
                        assert_eq!(
                            rows.len() as i64,
                            number,
                            "{unit:?} by {by:?} {line:?} {stage:?} {selection:?}"
                        );
                        compared += usize::from(number > 0);
                    }
                }
            }
        }
    }
    assert!(compared > 200, "{compared}");
}

#[tokio::test]
async fn a_bounce_takes_back_the_mail_of_its_step_on_whatever_day_it_comes() {
    let database = testkit::database().await;
    let pool = database.pool();
    let told = "
        insert into leads (id, email) values ('00000000-0000-0000-0000-000000001010', 'ann@example.com'), ('00000000-0000-0000-0000-000000001011', 'bo@example.com');
        insert into campaigns (id, campaign_name) values ('00000000-0000-0000-0000-0000000000c1', 'One');
        insert into events (event_source, event_type, lead_id, campaign_id, event_timestamp, sequence_step)
        select 'test', 'email_sent', lead, '00000000-0000-0000-0000-0000000000c1', '2026-03-01T10:00:00Z'::timestamptz + step * interval '3 days', step
          from unnest(array['00000000-0000-0000-0000-000000001010', '00000000-0000-0000-0000-000000001011']::uuid[]) lead, generate_series(1, 3) step";
    sqlx::raw_sql(told).execute(pool).await.unwrap();
    for (bounce, delivered) in [
        ("select", [2, 2, 2]),
        (
            "insert into events (event_source, event_type, lead_id, campaign_id, event_timestamp, sequence_step) values ('test', 'email_bounced', '00000000-0000-0000-0000-000000001010', '00000000-0000-0000-0000-0000000000c1', '2026-04-01', 2)",
            [2, 1, 2],
        ),
        ("update events set sequence_step = null where event_type = 'email_bounced'", [1, 1, 1]),
        ("update events set withdrawn_at = now() where event_type = 'email_bounced'", [2, 2, 2]),
    ] {
        sqlx::query(bounce).execute(pool).await.unwrap();
        count(&database).await;
        let funnel = funnel::funnel(pool, Unit::Touches, By::Step, Selection::default()).await.unwrap();
        let steps: Vec<i64> = funnel
            .lines
            .iter()
            .filter(|line| line.counts.contacted > 0)
            .map(|line| line.counts.delivered)
            .collect();
        assert_eq!(steps, delivered, "after {bounce}");
    }
}

#[tokio::test]
async fn rows_come_page_by_page_without_a_gap() {
    let database = world().await;
    let (pool, everything) = (database.pool(), Selection::default());
    let whole =
        funnel::rows(pool, Unit::Touches, Stage::Contacted, everything, None, None, 10_000).await.unwrap();
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page =
            funnel::rows(pool, Unit::Touches, Stage::Contacted, everything, None, after, 7).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.event_timestamp, last.event_id));
        paged.extend(page);
    }
    assert_eq!(paged, whole);
}

#[tokio::test]
async fn another_zone_moves_the_days_and_an_unknown_one_is_refused() {
    let database = world().await;
    let before = funnel::days(database.pool(), Unit::Touches, Selection::default()).await.unwrap();
    funnel::set_time_zone(database.pool(), "Asia/Tokyo", Timestamp::UNIX_EPOCH).await.unwrap();
    count(&database).await;
    assert_eq!(differences(&database).await, Vec::<String>::new());
    let after = funnel::days(database.pool(), Unit::Touches, Selection::default()).await.unwrap();
    assert_ne!(before, after);
    assert_eq!(
        before.iter().map(|day| day.contacted).sum::<i64>(),
        after.iter().map(|day| day.contacted).sum::<i64>()
    );
    let refused = funnel::set_time_zone(database.pool(), "Mars/Olympus", Timestamp::UNIX_EPOCH).await;
    assert!(refused.unwrap_err().to_string().contains("Mars/Olympus"));
}
