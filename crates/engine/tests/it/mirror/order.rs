//! The normalised rows are a function of the set of payloads, not of their order; a rebuild puts back what was lost.

use engine::normalise::{self, Rebuilt};
use engine::raw::{self, Payload, RawTable, Record};
use engine::sources;
use engine::sync::Options;
use jiff::{SignedDuration, Timestamp};
use simulator::Size;
use sqlx::{AssertSqlSafe, Row};
use std::time::Duration;

use super::support::{Mirror, Store, finished};

/// One payload of a record on its way in.
type Told = (&'static RawTable, Timestamp, Record);

const NOW: Timestamp = Timestamp::constant(1_795_500_000, 0);

/// The raw layer as records, asked for at `at`.
async fn snapshot(store: &Store, at: Timestamp) -> Vec<Told> {
    let mut told = Vec::new();
    for table in sources::raw_tables() {
        let columns: Vec<String> = table.columns.iter().map(|c| format!("{}::text", c.0)).collect();
        let sql = format!(
            "select {} as key, array[{}] as columns, raw_json::text as json, raw_bytes from {} t",
            table.key,
            columns.join(", "),
            table.name
        );
        for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(store.pool()).await.unwrap() {
            let bytes: Option<Vec<u8>> = row.get("raw_bytes");
            let text = bytes.map_or_else(|| row.get("json"), |bytes| String::from_utf8(bytes).unwrap());
            let record =
                Record { key: row.get("key"), values: row.get("columns"), payload: Payload::new(&text) };
            told.push((table, at, record));
        }
    }
    told
}

/// Two looks at a world that lives on for three weeks in between.
async fn a_world_told_twice() -> Vec<Told> {
    let mirror = Mirror::of(Size { campaigns: 2, leads: 30, accounts: 2, steps: 3, bulk: None }).await;
    // Three spellings of an employer without a website, and of one with.
    mirror.sim.world(|world| {
        let ids: Vec<String> = world.leads().keys().take(6).cloned().collect();
        for (number, id) in ids.iter().enumerate() {
            let name = ["Great Lakes Freight", "GREAT LAKES FREIGHT", "great lakes freight"][number % 3];
            world.edit_lead(id, |lead| {
                lead.insert("company_name".into(), name.into());
                lead.insert(
                    "website".into(),
                    if number < 3 { "".into() } else { "https://lakes.example.com".into() },
                );
                lead.insert("company_domain".into(), "".into());
                if number < 3 {
                    lead.insert("email".into(), format!("person{number}@gmail.com").into());
                }
            });
        }
    });
    let raw_only = Options { raw_only: true, ..Options::default() };
    finished(mirror.sync_with(&raw_only).await);
    let mut told = snapshot(&mirror, NOW).await;
    mirror.sim.advance(Duration::from_secs(21 * 86_400));
    let stopped = Options { allow_gone: true, ..raw_only };
    finished(mirror.sync_with(&stopped).await);
    let later = snapshot(&mirror, NOW + SignedDuration::from_hours(24)).await;
    let changed = mirror.count("raw_history").await;
    assert!(later.len() > told.len() && changed > 10, "the world moved: {changed}");
    told.extend(later);
    told
}

/// Stores and understands the payloads in batches of `size`.
async fn take_in(store: &Store, told: &[Told], size: usize) {
    for (number, batch) in told.chunks(size).enumerate() {
        let mut tx = store.pool().begin().await.unwrap();
        for table in sources::raw_tables() {
            let records: Vec<(Timestamp, Record)> = batch
                .iter()
                .filter(|(of, _, _)| of.name == table.name)
                .map(|(_, at, record)| (*at, record.clone()))
                .collect();
            let stored = raw::store(&mut tx, table, &records).await.unwrap();
            sqlx::query("insert into touchline.changes (raw_table, record_keys, run_id) values ($1, $2, $3)")
                .bind(table.name)
                .bind(&stored.changed_keys)
                .bind(uuid::Uuid::nil())
                .execute(&mut *tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let now = NOW + SignedDuration::from_secs(number as i64);
        normalise::normalise(store.pool(), now).await.unwrap();
    }
}

async fn rebuild(store: &Store, look_only: bool) -> Rebuilt {
    let later = NOW + SignedDuration::from_hours(1000);
    normalise::rebuild(store.pool(), later, look_only).await.unwrap()
}

/// What the first has and the second has not, for a message a person can read.
fn only_in<'a>(here: &'a [String], there: &[String]) -> Vec<&'a String> {
    here.iter().filter(|line| !there.contains(line)).take(5).collect()
}

fn same(found: &[String], expected: &[String], what: &str) {
    let (more, less) = (only_in(found, expected), only_in(expected, found));
    assert!(found == expected, "{what}\nonly here: {more:#?}\nonly there: {less:#?}");
}

#[tokio::test]
async fn shuffled_payloads_in_any_batches_give_the_same_rows() {
    let told = a_world_told_twice().await;
    let mut expected: Option<Vec<String>> = None;
    for (seed, size) in [(0, usize::MAX), (1, 120), (2, 40)] {
        let store = Store::new().await;
        let mut told = told.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut told);
        if seed == 1 {
            // The worst of all orders: newest first, mail before people, people before campaigns.
            told.sort_by_key(|(table, at, _)| {
                let place = sources::raw_tables().position(|raw| raw.name == table.name);
                std::cmp::Reverse((place, *at))
            });
        }
        take_in(&store, &told, size).await;
        let dump = store.normalised_dump().await;
        for kind in ["company ", "lead ", "campaign ", "enrollment ", "event "] {
            assert!(dump.iter().any(|line| line.starts_with(kind)), "no {kind}");
        }
        same(
            &dump,
            expected.get_or_insert_with(|| dump.clone()),
            &format!("order {seed} in batches of {size}"),
        );
        let rebuilt = rebuild(&store, true).await;
        assert_eq!(rebuilt.differences, [], "order {seed} in batches of {size}");
    }
}

#[tokio::test]
async fn a_rebuild_puts_right_what_was_tampered_with_and_names_it() {
    let store = Store::new().await;
    take_in(&store, &a_world_told_twice().await, usize::MAX).await;
    let sound = store.normalised_dump().await;
    for (tampering, step) in [
        ("delete from events where event_type = 'email_replied'", "events"),
        ("update events set event_type = 'email_sent', email_subject = 'forged' where event_type = 'email_auto_replied'", "events"),
        ("delete from campaign_leads where id in (select id from campaign_leads order by id limit 5)", "enrollments"),
        ("delete from campaigns where campaign_status = 'draft'", "campaigns"),
        (
            "insert into events (event_source, event_type, event_timestamp, natural_key)
             values ('instantly', 'email_replied', now(), 'instantly:email:made-up')",
            "events without a raw message",
        ),
        ("delete from leads where id in (select lead_id from lead_identities order by identity_value limit 3)", "leads"),
        (
            "update companies set company_name = 'forged', derived = derived || '{\"company_name\": \"forged\"}'
              where company_domain is not null",
            "companies",
        ),
        (
            "update campaign_leads set email_status = 'failed', derived = derived || '{\"email_status\": \"failed\"}'",
            "enrollment states",
        ),
        (
            "update leads set lead_status = 'new', derived = derived || '{\"lead_status\": \"new\"}' where lead_status <> 'new'",
            "lead states",
        ),
    ] {
        assert!(store.execute(tampering).await > 0, "{tampering} changed nothing");
        assert_ne!(store.normalised_dump().await, sound, "{tampering}");
        let seen = rebuild(&store, true).await;
        assert!(!seen.applied && seen.differences.iter().any(|d| d.step == step), "{tampering}: {seen:?}");
        assert_ne!(store.normalised_dump().await, sound, "looking changes nothing");
        let put_right = rebuild(&store, false).await;
        assert!(put_right.applied && put_right.rows() >= seen.rows());
        same(&store.normalised_dump().await, &sound, tampering);
    }
    assert_eq!(rebuild(&store, true).await.differences, []);
}
