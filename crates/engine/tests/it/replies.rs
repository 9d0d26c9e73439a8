//! Who answered: every channel in one list, what needs a person first, nothing lost between two pages.

use engine::funnel::Channel;
use engine::queue::{self, Decision, Item, ItemKind, Words};
use engine::replies::{self, Asked, Reply, State};
use jiff::{SignedDuration, Timestamp};
use testkit::TestDatabase;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::constant(1_795_400_000, 0);

/// One conversation a lead; hours are before now. `n` names the event.
const WORLD: &str = "
insert into companies (id, company_name, company_domain) values ('00000000-0000-0000-0000-0000000000aa', 'Brandt', 'brandt.example');
insert into campaigns (id, campaign_name, campaign_status) values ('00000000-0000-0000-0000-00000000000c', 'Dock slots', 'active');
insert into leads (id, first_name, last_name, email, company_id)
select ('00000000-0000-0000-0000-0000000010' || lpad(n::text, 2, '0'))::uuid, 'Person', 'Number' || n, 'p' || n || '@brandt.example',
       '00000000-0000-0000-0000-0000000000aa'
  from generate_series(1, 12) n;
insert into campaign_leads (id, campaign_id, lead_id, overall_status)
select ('00000000-0000-0000-0000-0000000020' || lpad(n::text, 2, '0'))::uuid, '00000000-0000-0000-0000-00000000000c',
       ('00000000-0000-0000-0000-0000000010' || lpad(n::text, 2, '0'))::uuid, case n when 7 then 'unsubscribed' else 'active' end
  from generate_series(1, 12) n;
insert into events (id, event_source, event_type, lead_id, campaign_id, campaign_lead_id, event_timestamp, sequence_step, call_outcome, contact_kind, contact_address, email_body)
select ('00000000-0000-0000-0000-0000000030' || lpad(t.n::text, 2, '0'))::uuid, 'test', t.event_type,
       ('00000000-0000-0000-0000-0000000010' || lpad(t.lead::text, 2, '0'))::uuid,
       case when t.lead is not null then '00000000-0000-0000-0000-00000000000c'::uuid end,
       ('00000000-0000-0000-0000-0000000020' || lpad(t.lead::text, 2, '0'))::uuid,
       to_timestamp(1795400000) - t.hours * interval '1 hour', t.step, t.outcome,
       coalesce(t.kind, 'email'), coalesce(t.address, 'p' || t.lead || '@brandt.example'), t.words
  from (values
    (1,  1,    'email_sent',         30,  1,    null,             null,       null,                   'Do trucks wait?'),
    (2,  1,    'email_replied',      20,  null, null,             null,       null,                   E'Yes, they do.\\n\\nOn Monday Mara wrote:\\n> Do trucks wait?'),
    (3,  2,    'email_replied',      19,  null, null,             null,       null,                   'Send it.'),
    (4,  2,    'email_sent',         18,  null, null,             null,       null,                   'Here it is.'),
    (5,  3,    'email_replied',      17,  null, null,             null,       null,                   'Who are you?'),
    (6,  3,    'email_sent',         16,  2,    null,             null,       null,                   'a step is no answer'),
    (7,  4,    'email_auto_replied', 15,  null, null,             null,       null,                   'Out of office'),
    (8,  5,    'email_replied',      14,  null, null,             null,       null,                   'First'),
    (9,  5,    'email_replied',      13,  null, null,             null,       null,                   'Second'),
    (10, 6,    'message_replied',    12,  null, null,             'linkedin', 'in/person6',           null),
    (11, 7,    'email_replied',      11,  null, null,             null,       null,                   'Remove me'),
    (12, 8,    'call_completed',     10,  null, 'callback',       'phone',    '+15550108',            null),
    (13, 9,    'call_completed',     9,   null, null,             'phone',    '+15550109',            null),
    (14, 10,   'call_completed',     8,   null, 'voicemail',      'phone',    '+15550110',            null),
    (15, 11,   'call_completed',     7,   null, 'not_interested', 'phone',    '+15550111',            null),
    (16, null, 'email_replied',      6,   null, null,             null,       'a.number4@brandt.example', 'It is me you want.'),
    (17, null, 'email_received',     2000, null, null,            null,       'old@elsewhere.example', 'From long ago'),
    (18, 12,   'email_replied',      1500, null, null,            null,       null,                   'Older than the window')
  ) t (n, lead, event_type, hours, step, outcome, kind, address, words);";

async fn world() -> TestDatabase {
    let database = testkit::database().await;
    sqlx::raw_sql(WORLD).execute(database.pool()).await.unwrap();
    database
}

fn number(reply: &Reply) -> u128 {
    let text = reply.event_id.simple().to_string();
    text[30..].parse().unwrap()
}

fn event(number: u32) -> Uuid {
    format!("00000000-0000-0000-0000-0000000030{number:02}").parse().unwrap()
}

async fn all(database: &TestDatabase, asked: Asked) -> Vec<Reply> {
    replies::list(database.pool(), asked, None, 500, NOW).await.unwrap().replies
}

#[tokio::test]
async fn who_needs_an_answer_comes_first_and_unknown_senders_on_top_of_them() {
    let database = world().await;
    let told: Vec<(u128, State)> = all(&database, Asked { automatic: true, ..Asked::default() })
        .await
        .iter()
        .map(|r| (number(r), r.state))
        .collect();
    assert_eq!(
        told,
        [
            // whatever their age
            (16, State::NeedsAnswer),
            (17, State::NeedsAnswer),
            (12, State::NeedsAnswer),
            (10, State::NeedsAnswer),
            (9, State::NeedsAnswer),
            (5, State::NeedsAnswer),
            (2, State::NeedsAnswer),
            (15, State::Closed),
            (13, State::Answered),
            (11, State::Closed),
            (8, State::Followed),
            (3, State::Answered),
            (7, State::Automatic),
        ]
    );
    let waiting = replies::waiting(database.pool(), NOW).await.unwrap();
    assert_eq!((waiting.needs_answer, waiting.unmatched), (7, 2));
}

#[tokio::test]
async fn a_line_says_who_what_since_when_and_whom_an_unknown_sender_might_be() {
    let database = world().await;
    let found = all(&database, Asked::default()).await;
    let by = |n: u128| found.iter().find(|reply| number(reply) == n).unwrap();
    assert_eq!(by(2).snippet, "Yes, they do.");
    assert_eq!((by(2).sequence_step, by(2).campaign_name.as_deref()), (Some(1), Some("Dock slots")));
    assert_eq!(by(2).who(), "Person Number1");
    // the first of two that nobody answered
    assert_eq!(by(9).waiting_since, Some(NOW - SignedDuration::from_hours(14)));
    assert_eq!(by(3).answered_at, Some(NOW - SignedDuration::from_hours(18)));
    let might_be = &by(16).might_be;
    assert_eq!(
        might_be[0].email.as_deref(),
        Some("p4@brandt.example"),
        "the name is in the address: {might_be:?}"
    );
    assert!(by(17).might_be.is_empty());
}

#[tokio::test]
async fn the_list_can_be_narrowed() {
    let database = world().await;
    let numbers = async |asked: Asked| all(&database, asked).await.iter().map(number).collect::<Vec<_>>();
    assert_eq!(numbers(Asked { channel: Some(Channel::Call), ..Asked::default() }).await, [12, 15, 13]);
    assert_eq!(numbers(Asked { channel: Some(Channel::Linkedin), ..Asked::default() }).await, [10]);
    assert_eq!(numbers(Asked { unmatched: true, ..Asked::default() }).await, [16, 17]);
    let day = Some(NOW - SignedDuration::from_hours(12));
    assert_eq!(numbers(Asked { since: day, ..Asked::default() }).await, [16, 12, 10, 15, 13, 11]);
    let longest = Asked { state: Some(State::NeedsAnswer), longest_waiting_first: true, ..Asked::default() };
    assert_eq!(numbers(longest).await, [17, 16, 2, 5, 9, 10, 12]);
    let everything = Some(NOW - SignedDuration::from_hours(3000));
    assert!(numbers(Asked { since: everything, ..Asked::default() }).await.contains(&18));
}

#[tokio::test]
async fn pages_join_without_a_gap_or_a_double_row() {
    let database = world().await;
    for longest_waiting_first in [false, true] {
        let asked = Asked { automatic: true, longest_waiting_first, ..Asked::default() };
        let whole = all(&database, asked).await;
        for size in [1, 3, 5] {
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let page = replies::list(database.pool(), asked, after, size, NOW).await.unwrap();
                paged.extend(page.replies);
                let Some(next) = page.next else { break };
                after = Some(next.to_string().parse().unwrap());
            }
            assert_eq!(paged, whole, "{size} at a time");
        }
    }
}

#[tokio::test]
async fn a_decision_about_a_reply_is_a_row_stands_on_the_timeline_and_can_be_taken_back() {
    let database = world().await;
    let pool = database.pool();
    let state = async |n: u32| replies::one(pool, event(n), NOW).await.unwrap().state;
    let item = Item { kind: ItemKind::Answer, subject: event(2), number: None };
    let words = Words { note: Some("told her on the phone".into()), ..Words::default() };

    let later = Decision::Snooze(NOW + SignedDuration::from_hours(24));
    queue::decide(pool, item, later, &Words::default(), None, NOW).await.unwrap();
    assert_eq!(state(2).await, State::Snoozed);
    let tomorrow = NOW + SignedDuration::from_hours(25);
    assert_eq!(replies::one(pool, event(2), tomorrow).await.unwrap().state, State::NeedsAnswer);

    let done = queue::decide(pool, item, Decision::Done, &words, None, NOW).await.unwrap();
    assert!(done.is_new && done.who.as_deref() == Some("Person Number1"), "{done:?}");
    assert_eq!(state(2).await, State::Handled);
    let again = queue::decide(pool, item, Decision::Done, &words, None, NOW).await.unwrap();
    assert_eq!((again.id, again.is_new), (done.id, false));
    let refused = queue::decide(pool, item, Decision::Skip, &words, None, NOW).await.unwrap_err();
    assert!(refused.hint().unwrap().contains(&done.id.to_string()), "{refused}");

    let lead: Uuid = "00000000-0000-0000-0000-000000001001".parse().unwrap();
    let notes = async || -> Vec<(String, Option<String>)> {
        let touches = engine::timeline::of_lead(pool, lead, None, 50).await.unwrap();
        touches
            .into_iter()
            .filter(|t| t.event_source == "manual")
            .map(|t| (t.event_type, t.note_text))
            .collect()
    };
    assert!(
        notes()
            .await
            .contains(&("queue_done".into(), Some("Their reply done: told her on the phone".into()))),
        "{:?}",
        notes().await
    );

    let back = queue::undo(pool, None, None, NOW + SignedDuration::from_secs(1)).await.unwrap();
    assert_eq!((back.id, back.is_new), (done.id, true));
    assert!(!queue::undo(pool, Some(done.id), None, NOW).await.unwrap().is_new, "twice changes nothing");
    assert_eq!(state(2).await, State::Snoozed, "the decision before it stands again");
    queue::decide(pool, item, Decision::Skip, &words, None, NOW).await.unwrap();
    assert_eq!(state(2).await, State::Handled);
}

#[tokio::test]
async fn a_touch_that_is_taken_back_takes_its_decision_with_it() {
    let database = world().await;
    let pool = database.pool();
    let item = Item { kind: ItemKind::Answer, subject: event(5), number: None };
    let done = queue::decide(pool, item, Decision::Done, &Words::default(), None, NOW).await.unwrap();
    sqlx::query("update events set withdrawn_at = now() where id = $1")
        .bind(done.touch_id)
        .execute(pool)
        .await
        .unwrap();
    assert_eq!(replies::one(pool, event(5), NOW).await.unwrap().state, State::NeedsAnswer);
    assert!(queue::decide(pool, item, Decision::Done, &Words::default(), None, NOW).await.unwrap().is_new);
}

#[tokio::test]
async fn what_is_no_reply_is_refused_by_name() {
    let database = world().await;
    let pool = database.pool();
    let nobody = Uuid::from_u128(9);
    let error = replies::one(pool, nobody, NOW).await.unwrap_err();
    assert!(error.to_string().contains(&nobody.to_string()), "{error}");
    let item = Item { kind: ItemKind::Call, subject: nobody, number: Some(1) };
    let error = queue::decide(pool, item, Decision::Done, &Words::default(), None, NOW).await.unwrap_err();
    assert!(matches!(error, engine::Error::NotFound { .. }), "{error}");
    let past = Decision::Snooze(NOW - SignedDuration::from_secs(1));
    let item = Item { kind: ItemKind::Answer, subject: event(2), number: None };
    let error = queue::decide(pool, item, past, &Words::default(), None, NOW).await.unwrap_err();
    assert!(error.to_string().starts_with("until"), "{error}");
}
