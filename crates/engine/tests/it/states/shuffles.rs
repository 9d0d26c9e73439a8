//! One script over all roads, in any order, doubled, with gaps that heal: one state.
//!
//! `TOUCHLINE_SHUFFLES=10000` shuffles the fold so often, `TOUCHLINE_SHUFFLES=5001-10000` with these seeds;
//! `TOUCHLINE_ROAD_SHUFFLES=…` the roads from the first byte.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::hash::{Hash, Hasher};
use std::ops::RangeInclusive;

use engine::touches::{self, Kind, Log, Outcome};
use engine::{normalise, states};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::support::{FIRST, NOW, SECOND, Scene, linked, told};
use crate::roads::support::{Sent, assert_settled, fixture, take_in};

const PEOPLE: usize = 100;

fn name(n: usize) -> String {
    format!("p{n}")
}

fn address(n: usize) -> String {
    format!("p{n}@firm{}.example.com", n % 30)
}

fn phone(n: usize) -> String {
    format!("+120255501{n:02}")
}

/// People with addresses, numbers and profiles, most of them in campaigns; some are not known yet.
async fn world() -> Scene {
    let scene = Scene::new().await;
    scene
        .execute("update campaigns set vapi_campaign_id = '3c9a4f2e-0001-4d55-8a7e-0c9b6e1f2a31' where campaign_name = 'calls'")
        .await;
    for n in 0..PEOPLE {
        scene
            .execute(&format!(
                "insert into leads (first_name, email, phone, linkedin_url) values ('{}', '{}', '{}', 'https://www.linkedin.com/in/{}-test')",
                name(n),
                address(n),
                phone(n),
                name(n)
            ))
            .await;
        scene
            .execute(&format!(
                "insert into lead_identities (identity_kind, identity_value, lead_id)
                 select kind, value, id from leads, (values ('email', '{}'), ('linkedin', 'in/{}-test'), ('phone', '{}')) i (kind, value) where first_name = '{}'",
                address(n),
                name(n),
                phone(n),
                name(n)
            ))
            .await;
    }
    scene
}

/// A report of Vapi on a call.
fn called(n: usize, number: usize, fixture_name: &str) -> Sent {
    let mut body: serde_json::Value = serde_json::from_str(&fixture("vapi", fixture_name)).unwrap();
    let at: Timestamp = "2026-11-10T09:00:00Z".parse().unwrap();
    let at = at + SignedDuration::from_mins((number * 700 + n) as i64);
    let message = &mut body["message"];
    message["timestamp"] = json!(at.as_millisecond());
    message["customer"] = json!({ "number": phone(n) });
    message["call"]["customer"] = json!({ "number": phone(n) });
    message["call"]["id"] = json!(format!("019b1c10-4a2e-7c11-8d01-{:012}", n * 10 + number));
    message["call"]["createdAt"] = json!((at - SignedDuration::from_mins(3)).to_string());
    if message.get("startedAt").is_some() {
        message["startedAt"] = json!((at - SignedDuration::from_mins(2)).to_string());
        message["endedAt"] = json!(at.to_string());
    }
    if let Some(overrides) = message["call"].get_mut("assistantOverrides") {
        *overrides = json!({});
    }
    if let Some(artifact) = message.get_mut("artifact") {
        artifact["variableValues"] = json!({});
    }
    Sent::vapi(body.to_string())
}

/// Everything that is delivered, over all roads.
fn script() -> Vec<Sent> {
    let mut script = Vec::new();
    for n in 0..PEOPLE {
        let who = address(n);
        for (place, campaign) in [FIRST, SECOND].into_iter().enumerate() {
            let start = (n * 13 + place * 4000) as i64;
            for step in 0..4 {
                script.push(told("email_sent", campaign, &who, start + step * 1440));
                for open in 0..4 {
                    script.push(told("email_opened", campaign, &who, start + step * 1440 + 7 + open * 31));
                }
                script.push(told("link_clicked", campaign, &who, start + step * 1440 + 90));
            }
            let end = start + 5000;
            match (n + place) % 9 {
                0 => script.push(told("reply_received", campaign, &who, end)),
                1 => script.push(told("auto_reply_received", campaign, &who, end)),
                2 => script.push(told("email_bounced", campaign, &who, end)),
                3 => script.push(told("lead_unsubscribed", campaign, &who, end)),
                4 => {
                    script.push(told("reply_received", campaign, &who, end));
                    script.push(told("lead_interested", campaign, &who, end + 3));
                    script.push(told("lead_meeting_booked", campaign, &who, end + 900));
                }
                5 => {
                    script.push(told("lead_out_of_office", campaign, &who, end));
                    script.push(told("lead_not_interested", campaign, &who, end + 3));
                }
                _ => {}
            }
        }
        for (place, event) in
            ["connection_sent", "connection_accepted", "message_sent", "message_sent"].iter().enumerate()
        {
            script.push(linked(event, &name(n), (n * 17 + place * 500) as i64));
        }
        if n % 11 == 0 {
            script.push(linked("message_replied", &name(n), (n * 17 + 3000) as i64));
        }
        let report = match n % 4 {
            0 => "webhook.end-of-call-report.completed",
            1 => "webhook.end-of-call-report.voicemail",
            2 => "webhook.end-of-call-report.no-answer",
            _ => "webhook.end-of-call-report.busy",
        };
        script.push(called(n, 1, report));
        script.push(called(n, 2, "webhook.status-update.ringing"));
        script.push(called(n, 2, "webhook.end-of-call-report.no-answer"));
    }
    script
}

/// What people logged: always the same, since what they meant is said with it.
async fn logged(scene: &Scene) {
    let outcomes = [
        Outcome::NotInterested,
        Outcome::DoNotCall,
        Outcome::WrongNumber,
        Outcome::Meeting,
        Outcome::NoAnswer,
        Outcome::OptOut,
    ];
    for (place, outcome) in outcomes.into_iter().enumerate() {
        let log = Log {
            kind: Kind::Call,
            who: address(place * 7 + 5),
            text: Some("as they said".into()),
            at: Some(NOW - SignedDuration::from_hours(30 + place as i64)),
            outcome: Some(outcome),
            reply: false,
            stop: false,
            follow_up_at: None,
            campaign: Some("calls".into()),
        };
        touches::log(scene.pool(), &log, None, NOW).await.unwrap();
    }
}

/// Seeds: as many as asked for, or from one to another.
fn seeds(name: &str, short: u64) -> RangeInclusive<u64> {
    let Ok(asked) = env::var(name) else { return 1..=short };
    let (first, last) = asked.split_once('-').unwrap_or(("1", &asked));
    first.parse().unwrap()..=last.parse().unwrap()
}

fn hash(lines: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    lines.hash(&mut hasher);
    hasher.finish()
}

#[tokio::test]
async fn five_thousand_deliveries_shuffled_doubled_and_healed_over_all_roads_end_in_one_state() {
    let script = script();
    assert!(script.len() >= 5000, "{}", script.len());
    let mut expected: Option<Vec<String>> = None;
    for seed in std::iter::once(0).chain(seeds("TOUCHLINE_ROAD_SHUFFLES", 1)) {
        let mut random = fastrand::Rng::with_seed(seed);
        let scene = world().await;
        let mut sent = script.clone();
        if seed > 0 {
            // A tenth twice; a tenth lost, and healed at the end.
            sent.extend(script.iter().filter(|_| random.u8(..) < 26).cloned());
            random.shuffle(&mut sent);
            let (lost, kept): (Vec<Sent>, Vec<Sent>) = sent.into_iter().partition(|_| random.u8(..) < 26);
            sent = kept;
            take_in(&scene, &sent[..sent.len() / 3], 1000).await;
            logged(&scene).await;
            take_in(&scene, &sent[sent.len() / 3..], 2500).await;
            take_in(&scene, &lost, 5000).await;
        } else {
            take_in(&scene, &sent, 6000).await;
            logged(&scene).await;
        }
        let dump = scene.dump().await;
        let before = expected.get_or_insert_with(|| dump.clone());
        let only = |here: &[String], there: &[String]| {
            here.iter().filter(|line| !there.contains(line)).take(4).cloned().collect::<Vec<_>>()
        };
        assert!(
            hash(&dump) == hash(before),
            "seed {seed}\nnow: {:#?}\nfirst: {:#?}",
            only(&dump, before),
            only(before, &dump)
        );
        assert_settled(&scene).await;
        for kind in ["event ", "enrollment ", "stop ", "suppression "] {
            assert!(dump.iter().any(|line| line.starts_with(kind)), "no {kind}");
        }
    }
}

#[tokio::test]
async fn events_in_any_order_fold_into_one_state() {
    let scene = world().await;
    take_in(&scene, &script(), 6000).await;
    logged(&scene).await;
    let expected = hash(&scene.dump().await);
    scene.execute("create table script as select * from events").await;
    scene.execute("update script set campaign_lead_id = null").await;
    let columns = "select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
                    where table_schema = current_schema and table_name = 'events' and is_generated = 'NEVER'";
    let columns = scene.value(columns).await.unwrap();
    let leads: Vec<Uuid> = sqlx::query_scalar("select id from leads").fetch_all(scene.pool()).await.unwrap();
    for seed in seeds("TOUCHLINE_SHUFFLES", 3) {
        fastrand::seed(seed);
        scene.execute("truncate suppressions, touchline.stops, events, campaign_leads cascade").await;
        scene.execute("update leads set lead_status = 'new', derived = '{}'").await;
        scene.execute("create table turns as select id, random() as turn from script").await;
        let cuts = [0.0, fastrand::f64() * 0.5, 0.5 + fastrand::f64() * 0.5, 1.0];
        for cut in cuts.windows(2) {
            // What came before comes again with it.
            scene
                .execute(&format!(
                    "insert into events ({columns})
                     select {columns}
                       from script join turns using (id) where turn <= {} and (turn > {} or turn < {})
                         on conflict do nothing",
                    cut[1],
                    cut[0],
                    cut[0] / 5.0
                ))
                .await;
            states::again(scene.pool(), &leads, NOW).await.unwrap();
        }
        scene.execute("drop table turns").await;
        assert_eq!(hash(&scene.dump().await), expected, "seed {seed}");
    }
    let rebuilt = normalise::rebuild(scene.pool(), NOW, true).await.unwrap();
    assert_eq!(rebuilt.differences, []);
}
