//! What a record was before it changed: kept, in order, unforgeable.

use std::time::Duration;

use engine::raw::{self, Version};
use engine::sources;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulator::Size;

use super::support::{Mirror, Store};

async fn versions(store: &Store, table: &str, key: &str) -> Vec<Version> {
    let table = sources::raw_tables().find(|raw| raw.name == table).unwrap();
    raw::versions(store.pool(), table, key).await.unwrap()
}

#[tokio::test]
async fn a_changed_record_leaves_its_past_in_history_without_gaps() {
    let mirror = Mirror::of(Size::small()).await;
    let lead = mirror.sim.world(|world| world.leads().keys().next().unwrap().clone());
    let mut told: Vec<Value> = Vec::new();
    let mut made_at = None;
    for round in 0..4 {
        mirror.sim.world(|world| {
            world.edit_lead(&lead, |fields| {
                fields.insert("note".into(), json!({"round": round, "tags": ["a", round]}));
                if round == 2 {
                    fields.remove("company_name");
                }
            });
            told.push(world.leads()[&lead].clone());
        });
        mirror.sync().await;
        let sql = format!("select created_at from instantly_leads_raw where instantly_lead_id = '{lead}'");
        let created = mirror.value(&sql).await;
        assert_eq!(*made_at.get_or_insert(created.clone()), created, "created_at never moves");
        mirror.sim.advance(Duration::from_millis(1));
    }
    let versions = versions(&mirror, "instantly_leads_raw", &lead).await;
    let payloads: Vec<&Value> = versions.iter().rev().map(|version| &version.payload).collect();
    let without_time = |value: &Value| {
        let mut value = value.clone();
        value.as_object_mut().unwrap().remove("timestamp_updated");
        value
    };
    assert_eq!(payloads.len(), told.len());
    for (kept, told) in payloads.iter().zip(&told) {
        assert_eq!(without_time(kept), without_time(told));
    }
    for (newer, older) in versions.iter().zip(&versions[1..]) {
        assert_eq!(older.valid_to, Some(newer.valid_from), "one begins where the other ends");
        assert!(older.valid_from < newer.valid_from);
    }
    assert_eq!(versions[0].valid_to, None);

    let table = sources::raw_tables().find(|raw| raw.name == "instantly_leads_raw").unwrap();
    let at = async |instant| raw::show(mirror.pool(), table, &lead, Some(instant)).await.unwrap();
    for version in &versions {
        assert_eq!(at(version.valid_from).await.as_ref(), Some(version));
        let just_before = version.valid_from.checked_sub(SignedDuration::from_micros(1)).unwrap();
        assert_ne!(at(just_before).await.as_ref(), Some(version));
    }
    assert_eq!(at(Timestamp::UNIX_EPOCH).await, None, "nothing was known then");
    let found = raw::difference(&versions[2].payload, &versions[1].payload);
    let paths: Vec<&str> = found.iter().map(|difference| difference.path.as_str()).collect();
    assert!(paths.contains(&"/note/round") && paths.contains(&"/note/tags/1"), "{paths:?}");
    let gone = found.iter().find(|difference| difference.path == "/company_name").unwrap();
    assert!(gone.before.is_some() && gone.after.is_none(), "a removed key is removed, not merged back");
}

#[tokio::test]
async fn history_refuses_to_be_changed_deleted_or_emptied() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    mirror.sim.world(|world| {
        let id = world.campaigns().keys().next().unwrap().clone();
        world.touch_campaign(&id);
    });
    mirror.sync().await;
    assert_eq!(mirror.count("raw_history").await, 1);
    for forbidden in [
        "update raw_history set valid_to = now()",
        "delete from raw_history",
        "truncate raw_history",
        "delete from raw_history where false",
    ] {
        let refused = sqlx::query(forbidden).execute(mirror.pool()).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{forbidden}: {refused}");
    }
    assert_eq!(mirror.count("raw_history").await, 1);
}
