//! What is due and why: every reason to wait, the order, the rules, and what people decide.

use std::collections::BTreeMap;

use engine::funnel::Channel;
use engine::queue::rules::{self, Change};
use engine::queue::{self, Asked, Decision, Line, WaitsFor, Words};
use jiff::{SignedDuration, Timestamp};
use testkit::TestDatabase;
use uuid::Uuid;

/// Monday, 15:00 in London, 10:00 in New York, 7:00 in Los Angeles, midnight in Tokyo.
const NOW: Timestamp = Timestamp::constant(1_795_446_000, 0);
const END_OF_DAY: Timestamp = Timestamp::constant(1_795_478_399, 0);

const WORLD: &str = r#"
insert into companies (id, company_name) values ('00000000-0000-0000-0000-0000000000aa', 'Acme');
insert into campaigns (id, campaign_name, campaign_status, uses_email, uses_calls, uses_linkedin)
values ('00000000-0000-0000-0000-0000000000c1', 'Calls', 'active', true, true, false),
       ('00000000-0000-0000-0000-0000000000c2', 'Profiles', 'active', true, false, true),
       ('00000000-0000-0000-0000-0000000000c3', 'Paused', 'paused', false, true, true),
       ('00000000-0000-0000-0000-0000000000c4', 'Cold calls', 'active', false, true, false);
insert into leads (id, first_name, email, phone, linkedin_url, company_id, apollo_data)
select ('00000000-0000-0000-0000-0000000010' || lpad(t.n::text, 2, '0'))::uuid, t.name, t.name || '@example.com', t.phone,
       case when t.n >= 14 and t.n <> 18 then 'linkedin.com/in/' || t.name end, '00000000-0000-0000-0000-0000000000aa', t.data::jsonb
  from (values
    (1,  'york',     '+1 212 555 0101', null),
    (2,  'angeles',  '+1 213 555 0102', null),
    (3,  'nophone',  null,              null),
    (4,  'dontcall', '+1 212 555 0104', null),
    (5,  'answered', '+1 212 555 0105', null),
    (6,  'early',    '+1 212 555 0106', null),
    (7,  'enough',   '+1 212 555 0107', null),
    (8,  'again',    '+1 212 555 0108', null),
    (9,  'second',   '+1 212 555 0109', null),
    (10, 'promised', '+1 212 555 0110', null),
    (11, 'unmailed', '+1 212 555 0111', null),
    (12, 'london',   '0555 0112',       '{"Country": "United Kingdom"}'),
    (13, 'tokyo',    '+81 3 5550 0113', null),
    (14, 'connect',  null,              '{"State": "New York"}'),
    (15, 'asked',    null,              '{"State": "New York"}'),
    (16, 'accepted', null,              '{"State": "New York"}'),
    (17, 'paused',   '+1 212 555 0117', null),
    (18, 'noprofile', null,             null),
    (19, 'outside',  '+1 212 555 0119', null),
    (20, 'cold',     '+1 212 555 0120', null)
  ) t (n, name, phone, data);
insert into campaign_leads (id, campaign_id, lead_id, email_sent_at, linkedin_status, overall_status, stopped_at, stop_reason, next_followup_at, created_at)
select ('00000000-0000-0000-0000-0000000020' || lpad(n::text, 2, '0'))::uuid,
       ('00000000-0000-0000-0000-0000000000c' || case when n = 20 then 4 when n = 17 then 3 when n >= 14 then 2 else 1 end)::uuid,
       ('00000000-0000-0000-0000-0000000010' || lpad(n::text, 2, '0'))::uuid,
       case when n not in (11, 17, 20) then to_timestamp(1795446000) - case when n = 6 then 1 else 10 - n * 0.1 end * interval '1 day' end,
       case n when 15 then 'connection_sent' when 16 then 'connected' else 'not_started' end,
       case n when 5 then 'replied' else 'active' end,
       case n when 5 then to_timestamp(1795446000) - interval '3 days' end,
       case n when 5 then 'reply' end,
       case n when 10 then to_timestamp(1795446000) + interval '2 hours' end,
       to_timestamp(1795446000) - interval '20 days'
  from generate_series(1, 20) n where n <> 19;
insert into events (event_source, event_type, lead_id, campaign_id, campaign_lead_id, event_timestamp, sequence_step, call_outcome, note_text, follow_up_at)
select 'test', t.kind, l.id, m.campaign_id, m.id, to_timestamp(1795446000) - t.hours * interval '1 hour', t.step, t.outcome, t.note,
       to_timestamp(1795446000) + t.due * interval '1 hour'
  from (values
    (1,  'email_sent',          240, 1, null,        null, null),
    (1,  'email_sent',          96,  2, null,        null, null),
    (1,  'email_opened',        95,  2, null,        null, null),
    (7,  'call_no_answer',      200, null, null,     null, null),
    (7,  'call_no_answer',      150, null, null,     null, null),
    (7,  'call_voicemail',      100, null, null,     null, null),
    (8,  'call_voicemail',      20,  null, null,     null, null),
    (9,  'call_no_answer',      72,  null, null,     null, null),
    (10, 'call_completed',      50,  null, 'callback', 'ask for the dock list', 2),
    (15, 'connection_sent',     60,  null, null,     null, null),
    (16, 'connection_sent',     60,  null, null,     null, null),
    (16, 'connection_accepted', 30,  null, null,     null, null),
    (19, 'note_added',          48,  null, null,     'wants a price', -1)
  ) t (n, kind, hours, step, outcome, note, due)
  join leads l on l.id = ('00000000-0000-0000-0000-0000000010' || lpad(t.n::text, 2, '0'))::uuid
  left join campaign_leads m on m.lead_id = l.id;
insert into events (id, event_source, event_type, lead_id, event_timestamp)
values ('00000000-0000-0000-0000-000000003005', 'linkedin', 'message_replied', '00000000-0000-0000-0000-000000001005', to_timestamp(1795446000) - interval '3 days');
update campaign_leads set stop_event_id = '00000000-0000-0000-0000-000000003005' where id = '00000000-0000-0000-0000-000000002005';
insert into suppressions (lead_id, channel, reason, source, natural_key, suppressed_at)
values ('00000000-0000-0000-0000-000000001004', 'call', 'do_not_call', 'manual', 'test:4', to_timestamp(1795446000) - interval '5 days');
"#;

async fn world() -> TestDatabase {
    let database = testkit::database().await;
    sqlx::raw_sql(WORLD).execute(database.pool()).await.unwrap();
    // who answered on LinkedIn has our word since
    sqlx::query("insert into events (event_source, event_type, lead_id, event_timestamp) values ('linkedin', 'message_sent', '00000000-0000-0000-0000-000000001005', to_timestamp(1795446000) - interval '2 days')")
        .execute(database.pool())
        .await
        .unwrap();
    database
}

fn until(until: Timestamp) -> Asked {
    Asked { until, channel: None, campaign_id: None, waiting: false }
}

async fn lines(database: &TestDatabase, asked: Asked) -> Vec<Line> {
    queue::list(database.pool(), asked, None, 500, NOW).await.unwrap().items
}

async fn names(database: &TestDatabase, asked: Asked) -> Vec<String> {
    lines(database, asked).await.into_iter().map(|line| line.first_name.unwrap()).collect()
}

#[tokio::test]
async fn what_is_due_stands_in_the_order_in_which_it_fell_due_and_says_why() {
    let database = world().await;
    let due = lines(&database, until(END_OF_DAY)).await;
    let told: Vec<(&str, &str, &str)> = due
        .iter()
        .map(|line| (line.first_name.as_deref().unwrap(), line.action, line.why.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("outside", "Follow up", "Agreed in a note 2 days ago for 23 Nov 2026, 14:00 UTC: wants a price"),
            (
                "promised",
                "Call",
                "Agreed on the phone 2 days ago for 23 Nov 2026, 17:00 UTC: ask for the dock list"
            ),
            ("cold", "Call", "The campaign begins with a call"),
            ("york", "Call", "No answer to 2 mails, last one 4 days ago, opened once; call after 3 days"),
            ("angeles", "Call", "No answer to 1 mail, last one 9 days ago; call after 3 days"),
            ("london", "Call", "No answer to 1 mail, last one 8 days ago; call after 3 days"),
            ("second", "Call", "No answer 3 days ago; try 2 of 3"),
            ("connect", "Connect", "No answer to 1 mail, last one 8 days ago; connect after 2 days"),
            ("accepted", "Write", "Accepted the connection 30 hours ago; nothing was written yet"),
        ]
    );
}

#[tokio::test]
async fn who_waits_is_told_what_for() {
    let database = world().await;
    let waits: BTreeMap<String, (WaitsFor, String)> =
        lines(&database, Asked { waiting: true, ..until(END_OF_DAY) })
            .await
            .into_iter()
            .map(|line| (line.first_name.unwrap(), (line.waits_for.unwrap(), line.why)))
            .collect();
    let told = |name: &str| (waits[name].0, waits[name].1.as_str());
    assert_eq!(told("nophone"), (WaitsFor::NoPhone, "No phone number"));
    assert_eq!(told("noprofile"), (WaitsFor::NoProfile, "No LinkedIn profile"));
    assert_eq!(
        told("dontcall"),
        (WaitsFor::Suppressed, "Must not be contacted: asked not to be called, 5 days ago")
    );
    assert_eq!(told("answered"), (WaitsFor::Stopped, "Answered on LinkedIn, 3 days ago"));
    assert_eq!(told("early"), (WaitsFor::NotDue, "Not due before 25 Nov 2026, 15:00 UTC"));
    assert_eq!(told("enough"), (WaitsFor::AllTriesMade, "All 3 tries are made; it ends quietly"));
    assert_eq!(told("again"), (WaitsFor::NotDue, "Not due before 24 Nov 2026, 19:00 UTC"));
    assert_eq!(told("unmailed"), (WaitsFor::NoMessageYet, "Waits for the first message of the campaign"));
    assert_eq!(
        told("asked"),
        (WaitsFor::NotAcceptedYet, "Waits for the connection to be accepted, 2 days ago")
    );
    assert_eq!(
        told("tokyo"),
        (WaitsFor::OutsideHours, "Outside their hours: it is 00:00 there (Asia/Tokyo); from Tue 09:00")
    );
    assert!(!waits.contains_key("paused") && !waits.contains_key("york"), "{waits:?}");

    let now = lines(&database, Asked { waiting: true, ..until(NOW) }).await;
    let angeles = now.iter().find(|line| line.first_name.as_deref() == Some("angeles")).unwrap();
    assert_eq!(angeles.why, "Outside their hours: it is 07:00 there (America/Los_Angeles); from Mon 09:00");
    assert_eq!(
        (angeles.zone_told_by.as_deref(), angeles.local_time.as_deref()),
        (Some("phone"), Some("07:00"))
    );
}

#[tokio::test]
async fn the_queue_can_be_narrowed_and_comes_page_by_page() {
    let database = world().await;
    let of = |channel| Asked { channel: Some(channel), ..until(END_OF_DAY) };
    assert_eq!(names(&database, of(Channel::Linkedin)).await, ["connect", "accepted"]);
    assert_eq!(names(&database, of(Channel::Email)).await, ["outside"]);
    let campaign =
        Asked { campaign_id: Some("00000000-0000-0000-0000-0000000000c4".parse().unwrap()), ..until(NOW) };
    assert_eq!(names(&database, campaign).await, ["cold"]);
    assert!(!names(&database, until(NOW)).await.contains(&"angeles".to_owned()), "it is 7 o'clock there");
    for asked in [until(END_OF_DAY), Asked { waiting: true, ..until(END_OF_DAY) }] {
        let whole = lines(&database, asked).await;
        assert!(whole.len() > 8);
        for size in [1, 2, 5] {
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let page = queue::list(database.pool(), asked, after, size, NOW).await.unwrap();
                paged.extend(page.items);
                let Some(next) = page.next else { break };
                after = Some(next.to_string().parse().unwrap());
            }
            assert_eq!(paged, whole, "{size} at a time");
        }
    }
}

async fn item(database: &TestDatabase, name: &str) -> Option<queue::Item> {
    let calls = Asked { channel: Some(Channel::Call), ..until(END_OF_DAY) };
    let found = lines(database, calls).await;
    found.into_iter().find(|line| line.first_name.as_deref() == Some(name)).map(|line| line.item)
}

async fn last_touch(database: &TestDatabase, name: &str) -> Option<String> {
    sqlx::query_scalar("select last_touch_at::text from touchline.lead_activity join leads on leads.id = lead_id where first_name = $1")
        .bind(name)
        .fetch_optional(database.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn decisions_take_a_line_out_and_undo_brings_it_back() {
    let database = world().await;
    let pool = database.pool();
    let york = item(&database, "york").await.unwrap();
    let said = Words { note: Some("her assistant took it".into()), ..Words::default() };
    let done = queue::decide(pool, york, Decision::Done, &said, None, NOW).await.unwrap();
    assert_eq!(item(&database, "york").await, None);
    assert!(
        !queue::decide(pool, york, Decision::Done, &said, None, NOW).await.unwrap().is_new,
        "twice is once"
    );
    // the next try, when its days are over
    let later = NOW + SignedDuration::from_hours(49);
    let next = queue::list(pool, until(later + SignedDuration::from_hours(8)), None, 500, later)
        .await
        .unwrap()
        .items;
    let york_later = next.iter().find(|line| line.first_name.as_deref() == Some("york")).unwrap();
    assert_eq!(
        (york_later.attempt, york_later.item.to_string()),
        (Some(2), york.to_string().replace("002001-1", "002001-2"))
    );

    queue::undo(pool, Some(done.id), None, NOW).await.unwrap();
    assert_eq!(item(&database, "york").await, Some(york));
    let before = last_touch(&database, "york").await;
    let snooze = Decision::Snooze(NOW + SignedDuration::from_hours(72));
    let snoozed = queue::decide(pool, york, snooze, &Words::default(), None, NOW).await.unwrap();
    assert_eq!(last_touch(&database, "york").await, before, "who is put off was not touched");
    assert_eq!(item(&database, "york").await, None);
    let waits = lines(&database, Asked { waiting: true, ..until(END_OF_DAY) }).await;
    let york_waits = waits.iter().find(|line| line.first_name.as_deref() == Some("york")).unwrap();
    assert_eq!(
        (york_waits.waits_for, york_waits.why.as_str()),
        (Some(WaitsFor::Snoozed), "Snoozed until 26 Nov 2026, 15:00 UTC")
    );
    queue::undo(pool, Some(snoozed.id), None, NOW).await.unwrap();

    let promised = item(&database, "promised").await;
    assert!(promised.is_some());
    for line in lines(&database, until(END_OF_DAY)).await {
        queue::decide(pool, line.item, Decision::Skip, &Words::default(), None, NOW).await.unwrap();
    }
    assert_eq!(names(&database, until(END_OF_DAY)).await, Vec::<String>::new(), "everything was decided");
}

#[tokio::test]
async fn rules_are_rows_a_campaign_sets_what_differs() {
    let database = world().await;
    let pool = database.pool();
    let calls: Uuid = "00000000-0000-0000-0000-0000000000c1".parse().unwrap();
    let set = async |campaign: Option<Uuid>, rule: &str| {
        rules::set(pool, campaign, &[Change::parse(rule).unwrap()], None, NOW).await
    };
    let stands = set(Some(calls), "call.daily_limit=1").await.unwrap();
    assert_eq!(
        (stands[0].daily_limit, stands[0].after_days, &stands[0].own[..]),
        (1, 3, &["daily_limit".to_owned()][..])
    );
    let of_calls = Asked { campaign_id: Some(calls), ..until(END_OF_DAY) };
    assert_eq!(names(&database, of_calls).await, ["promised", "york"]);
    let waits = lines(&database, Asked { waiting: true, ..of_calls }).await;
    let second = waits.iter().find(|line| line.first_name.as_deref() == Some("second")).unwrap();
    assert_eq!(second.why, "Daily limit of 1: 0 made today, and others fell due earlier");

    set(Some(calls), "call.daily_limit=default").await.unwrap();
    set(None, "call.max_attempts=1").await.unwrap();
    assert!(!names(&database, of_calls).await.contains(&"second".to_owned()), "the default changed");
    set(Some(calls), "call.max_attempts=5").await.unwrap();
    assert!(names(&database, of_calls).await.contains(&"second".to_owned()));
    set(Some(calls), "call.weekdays=tue").await.unwrap();
    assert_eq!(names(&database, of_calls).await, ["promised"], "it is Monday");
    set(Some(calls), "call.weekdays=mon-sun").await.unwrap();
    set(Some(calls), "call.hours=05:00-06:00").await.unwrap();
    assert_eq!(names(&database, of_calls).await, ["promised", "tokyo"], "too late everywhere but in Tokyo");
    assert!(set(Some(Uuid::nil()), "call.after_days=1").await.is_err());
    assert!(set(None, "call.after_days=default").await.is_err());
}

#[tokio::test]
async fn the_zone_of_a_lead_is_the_best_that_is_known() {
    let database = world().await;
    let pool = database.pool();
    sqlx::query(
        "update leads set time_zone = 'Australia/Perth', updated_at = now() where first_name = 'york'",
    )
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        "update leads set time_zone = 'Mars/Olympus', updated_at = now() where first_name = 'second'",
    )
    .execute(pool)
    .await
    .unwrap();
    lines(&database, until(END_OF_DAY)).await;
    let zones: Vec<(String, Option<String>, String)> = sqlx::query_as(
        "select l.first_name, z.time_zone, z.told_by from touchline.lead_zones z join leads l on l.id = z.lead_id
          where l.first_name in ('york', 'second', 'london', 'connect', 'noprofile') order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let zones: Vec<(&str, Option<&str>, &str)> =
        zones.iter().map(|(n, z, t)| (n.as_str(), z.as_deref(), t.as_str())).collect();
    assert_eq!(
        zones,
        [
            ("connect", Some("America/New_York"), "state"),
            ("london", Some("Europe/London"), "country"),
            ("noprofile", None, "workspace"),
            ("second", Some("America/New_York"), "phone"),
            ("york", Some("Australia/Perth"), "person"),
        ]
    );
}

#[tokio::test]
async fn done_with_an_outcome_logs_the_touch_and_what_follows_follows() {
    let database = world().await;
    let pool = database.pool();
    let said = |outcome: &str| Words { outcome: Some(outcome.into()), ..Words::default() };
    let york = item(&database, "york").await.unwrap();
    let refused = queue::decide(pool, york, Decision::Done, &said("perhaps"), None, NOW).await.unwrap_err();
    assert!(refused.to_string().starts_with("outcome:"), "{refused}");
    assert!(queue::decide(pool, york, Decision::Skip, &said("voicemail"), None, NOW).await.is_err());

    let voicemail = queue::decide(pool, york, Decision::Done, &said("voicemail"), None, NOW).await.unwrap();
    assert_eq!(voicemail.logged.as_ref().unwrap().event_type, "call_voicemail");
    assert_eq!(
        voicemail.touch_id,
        Some(voicemail.logged.as_ref().unwrap().event_id),
        "one row on the timeline"
    );
    let again = queue::decide(pool, york, Decision::Done, &said("voicemail"), None, NOW).await.unwrap();
    assert!(!again.is_new && again.logged.is_none(), "twice is once");
    queue::undo(pool, Some(voicemail.id), None, NOW).await.unwrap();
    assert_eq!(item(&database, "york").await, Some(york), "the touch was taken back with it");

    let no = queue::decide(pool, york, Decision::Done, &said("not-interested"), None, NOW).await.unwrap();
    let stopped = &no.logged.as_ref().unwrap().followed.stopped;
    assert!(stopped.iter().any(|one| one.stop_reason.as_deref() == Some("not_interested")), "{stopped:?}");
    assert_eq!(item(&database, "york").await, None);
    queue::undo(pool, Some(no.id), None, NOW).await.unwrap();
    assert_eq!(item(&database, "york").await, Some(york));

    let agreed = Words { follow_up_at: Some(NOW + SignedDuration::from_hours(3)), ..said("callback") };
    queue::decide(pool, york, Decision::Done, &agreed, None, NOW).await.unwrap();
    let calls = Asked { channel: Some(Channel::Call), ..until(END_OF_DAY) };
    let found = lines(&database, calls).await;
    let promised = found.iter().find(|line| line.first_name.as_deref() == Some("york")).unwrap();
    assert_eq!((promised.action, promised.due_at), ("Call", agreed.follow_up_at), "{}", promised.why);
}
