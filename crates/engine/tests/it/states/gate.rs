//! The gate: a stop wins, each touch goes out at most once; and that the test of it can fail.

use std::env;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::suppressions::gate::{self, Answer, Outcome, Outgoing};
use engine::suppressions::{self, Ask, Channel};
use engine::touches::{self, Kind};
use futures::future::join_all;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::support::{NOW, Scene};
use crate::mirror::support::Store;

fn outgoing(lead_id: Uuid, channel: Channel, key: &str) -> Outgoing {
    Outgoing {
        lead_id,
        campaign_id: None,
        channel,
        sequence_step: Some(1),
        contact_address: None,
        dedup_key: key.into(),
        by_hand: false,
    }
}

#[tokio::test]
async fn a_touch_goes_out_once_and_one_at_a_time() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let pool = scene.pool();
    let first = gate::enqueue(pool, &outgoing(ann, Channel::Email, "a"), NOW).await.unwrap();
    assert_eq!(
        gate::enqueue(pool, &outgoing(ann, Channel::Email, "a"), NOW).await.unwrap(),
        first,
        "the same touch"
    );
    let second = gate::enqueue(pool, &outgoing(ann, Channel::Email, "b"), NOW).await.unwrap();
    let call = gate::enqueue(pool, &outgoing(ann, Channel::Call, "a"), NOW).await.unwrap();
    assert_eq!(gate::claim(pool, first, NOW).await.unwrap(), Answer::Go);
    assert_eq!(gate::claim(pool, first, NOW).await.unwrap(), Answer::None, "not twice");
    assert_eq!(gate::claim(pool, second, NOW).await.unwrap(), Answer::Busy);
    assert_eq!(gate::claim(pool, call, NOW).await.unwrap(), Answer::Go, "another channel");
    assert!(gate::settle(pool, first, Outcome::Unknown, "timeout", NOW).await.unwrap());
    assert_eq!(gate::claim(pool, second, NOW).await.unwrap(), Answer::Busy, "while it is unclear");
    assert_eq!(
        gate::claim(pool, first, NOW).await.unwrap(),
        Answer::None,
        "what is unclear is never sent again"
    );
    assert!(gate::settle(pool, first, Outcome::Sent, "found there", NOW).await.unwrap());
    assert!(!gate::settle(pool, first, Outcome::Failed, "late", NOW).await.unwrap());
    assert_eq!(gate::claim(pool, second, NOW).await.unwrap(), Answer::Go);
}

#[tokio::test]
async fn a_stop_blocks_what_goes_by_itself_and_a_suppression_what_people_send_too() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let pool = scene.pool();
    let by_hand = |key| Outgoing { by_hand: true, ..outgoing(ann, Channel::Email, key) };
    scene.log(ann, Kind::Email, Some(touches::Outcome::Interested)).await;
    let id = gate::enqueue(pool, &outgoing(ann, Channel::Email, "a"), NOW).await.unwrap();
    assert_eq!(gate::claim(pool, id, NOW).await.unwrap(), Answer::Blocked("reply".into()));
    let id = gate::enqueue(pool, &by_hand("b"), NOW).await.unwrap();
    assert_eq!(gate::claim(pool, id, NOW).await.unwrap(), Answer::Go, "an answer to an answer");
    gate::settle(pool, id, Outcome::Sent, "", NOW).await.unwrap();
    scene.log(ann, Kind::Call, Some(touches::Outcome::DoNotContact)).await;
    let id = gate::enqueue(pool, &by_hand("c"), NOW).await.unwrap();
    assert_eq!(gate::claim(pool, id, NOW).await.unwrap(), Answer::Blocked("do_not_contact".into()));
}

/// What a race came to.
#[derive(Debug, Default)]
struct Race {
    claims: usize,
    went: i64,
    blocked: i64,
    /// Touches that started after the person's stop had committed.
    late: i64,
}

/// Persons at a time.
const LANES: usize = 4;

/// People who are claimed for without a pause while somebody stops them, one after the other, until so many claims are made.
async fn race(store: &Store, claim: &str, claims: usize) -> Race {
    // In which order transactions committed, by triggers that fire at the end of each.
    sqlx::raw_sql(
        "create sequence turn;
         create table turns (lead_id uuid, what text, turn bigint);
         create function note_stop() returns trigger language plpgsql as $$
           begin insert into turns values (new.lead_id, 'stop', nextval('turn')); return null; end $$;
         create function note_start() returns trigger language plpgsql as $$
           begin insert into turns values (new.lead_id, 'start', nextval('turn')); return null; end $$;
         create constraint trigger note_stop after insert on suppressions deferrable initially deferred
           for each row execute function note_stop();
         create constraint trigger note_start after update on touchline.outbox deferrable initially deferred
           for each row when (new.state = 'sending') execute function note_start();",
    )
    .execute(store.pool())
    .await
    .unwrap();
    let claim = format!("select {claim}($1, now())");
    let lanes = (0..LANES).map(|_| lane(store, &claim, claims.div_ceil(LANES)));
    let mut race = Race { claims: join_all(lanes).await.into_iter().sum(), ..Race::default() };
    assert!(race.claims >= claims);
    race.went = store.count("touchline.outbox where state = 'sent'").await;
    race.blocked = store.count("touchline.outbox where state = 'blocked'").await;
    race.late = store
        .count("(select from turns s join turns c using (lead_id) where s.what = 'stop' and c.what = 'start' and c.turn > s.turn) q")
        .await;
    race
}

/// One person after the other, until so many claims are made.
async fn lane(store: &Store, claim: &str, claims: usize) -> usize {
    let mut made = 0;
    while made < claims {
        let insert = "insert into leads (email) values (gen_random_uuid() || '@example.com') returning id";
        let lead: Uuid = sqlx::query_scalar(insert).fetch_one(store.pool()).await.unwrap();
        let stopped = AtomicBool::new(false);
        let claimed = async {
            let mut number = 0;
            loop {
                let last = stopped.load(Ordering::SeqCst);
                let key = format!("{lead} {number}");
                let id =
                    gate::enqueue(store.pool(), &outgoing(lead, Channel::Email, &key), NOW).await.unwrap();
                let answer: String = sqlx::query_scalar(AssertSqlSafe(claim.to_owned()))
                    .bind(id)
                    .fetch_one(store.pool())
                    .await
                    .unwrap();
                if answer == "go" {
                    gate::settle(store.pool(), id, Outcome::Sent, "", NOW).await.unwrap();
                }
                number += 1;
                if last {
                    return number;
                }
            }
        };
        let stop = async {
            let ask = Ask {
                who: lead.to_string(),
                channel: Channel::All,
                reason: "manual".into(),
                note: None,
                company: false,
            };
            suppressions::suppress(store.pool(), &ask, None, NOW).await.unwrap();
            stopped.store(true, Ordering::SeqCst);
        };
        made += futures::join!(claimed, stop).0;
    }
    made
}

/// `touchline.claim`, told to look around for a while between its look and its deed, with or without its lock.
async fn slow_claim(store: &Store, name: &str, locks: bool) {
    let claim = store
        .value("select pg_get_functiondef('touchline.claim(uuid, timestamptz)'::regprocedure)")
        .await
        .unwrap();
    let lock = "perform from leads where id = waiting.lead_id for no key update;";
    assert!(claim.contains(lock) && claim.contains("update touchline.outbox\n     set state = 'sending'"));
    let claim = claim
        .replace("touchline.claim(", &format!("{name}("))
        .replace(lock, if locks { lock } else { "" })
        .replace(
            "update touchline.outbox\n     set state = 'sending'",
            "perform pg_sleep(0.03);\n  update touchline.outbox\n     set state = 'sending'",
        );
    sqlx::raw_sql(AssertSqlSafe(claim)).execute(store.pool()).await.unwrap();
}

/// `TOUCHLINE_CLAIMS=1000000` for the long form.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_touch_starts_after_a_stop_has_committed() {
    let asked = env::var("TOUCHLINE_CLAIMS").ok().map(|claims| claims.parse().unwrap());
    let store = Store::new().await;
    let claim = if asked.is_some() {
        "touchline.claim"
    } else {
        slow_claim(&store, "slow_claim", true).await;
        "slow_claim"
    };
    let race = race(&store, claim, asked.unwrap_or(60)).await;
    assert_eq!(race.late, 0, "{race:?}");
    assert!(race.went > 0 && race.blocked > 0, "nothing was at stake: {race:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_lock_touches_start_after_a_stop_so_this_test_can_fail() {
    let store = Store::new().await;
    slow_claim(&store, "unlocked_claim", false).await;
    let race = race(&store, "unlocked_claim", 60).await;
    assert!(race.late > 0, "{race:?}");
}
