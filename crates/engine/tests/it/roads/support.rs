//! Deliveries on their way into a store, as the inbox takes them up: understood, stored, normalised.

use std::path::PathBuf;

use engine::normalise;
use engine::raw::{self, Record};
use engine::source::{Delivery, Understood};
use engine::sources;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::mirror::support::Store;

pub(crate) const NOW: Timestamp = Timestamp::constant(1_795_400_000, 0);

/// A delivery under test.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) source: &'static str,
    pub(crate) provider: &'static str,
    pub(crate) event: Option<&'static str>,
    pub(crate) body: String,
}

impl Sent {
    pub(crate) fn instantly(body: impl Into<String>) -> Self {
        Self { source: "instantly", provider: "", event: None, body: body.into() }
    }

    pub(crate) fn linkedin(provider: &'static str, body: impl Into<String>) -> Self {
        Self { source: "linkedin", provider, event: None, body: body.into() }
    }

    /// As the receiver stores it: without secrets.
    pub(crate) fn vapi(body: impl Into<String>) -> Self {
        let body: String = body.into();
        let kept = sources::vapi::redact(body.as_bytes());
        Self { source: "vapi", provider: "", event: None, body: String::from_utf8(kept).unwrap() }
    }

    pub(crate) fn to(self, event: &'static str) -> Self {
        Self { event: Some(event), ..self }
    }

    pub(crate) fn understood(&self) -> Understood {
        let source = sources::SOURCES.iter().find(|source| source.name == self.source).unwrap();
        let read = source.understand.unwrap();
        read(&Delivery {
            provider: self.provider,
            event: self.event,
            body: self.body.as_bytes(),
            received_at: NOW,
        })
    }

    /// Why it was set aside.
    pub(crate) fn refusal(&self) -> String {
        match self.understood() {
            Understood::SetAside(reason) => reason,
            Understood::Records(records) => panic!("understood: {records:?}"),
        }
    }

    /// What a column of its raw table holds, a value for each record.
    pub(crate) fn column(&self, name: &str) -> Vec<Option<String>> {
        match self.understood() {
            Understood::Records(records) => records
                .into_iter()
                .map(|(table, record)| {
                    let place = table.columns.iter().position(|column| column.0 == name).unwrap();
                    record.values[place].clone()
                })
                .collect(),
            Understood::SetAside(reason) => panic!("set aside: {reason}"),
        }
    }
}

/// A fixture's text.
pub(crate) fn fixture(folder: &str, name: &str) -> String {
    std::fs::read_to_string(fixtures(folder).join(format!("{name}.json"))).unwrap()
}

pub(crate) fn fixtures(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures").join(folder)
}

/// The fixture with these fields over it.
pub(crate) fn with(text: &str, fields: &Value) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    for (name, field) in fields.as_object().unwrap() {
        value[name] = field.clone();
    }
    value.to_string()
}

/// Takes deliveries in, `size` at a time, and works out what they mean.
pub(crate) async fn take_in(store: &Store, sent: &[Sent], size: usize) {
    for (number, batch) in sent.chunks(size).enumerate() {
        let now = NOW + SignedDuration::from_secs(number as i64);
        let mut tx = store.pool().begin().await.unwrap();
        for sent in batch {
            let Understood::Records(records) = sent.understood() else { continue };
            for (table, record) in records {
                let stored = raw::store(&mut tx, table, &[(now, record)]).await.unwrap();
                changed(&mut tx, table.name, &stored.changed_keys).await;
            }
        }
        tx.commit().await.unwrap();
        normalise::normalise(store.pool(), now).await.unwrap();
    }
}

/// Stores one record of a raw table that a sync would have brought.
pub(crate) async fn polled(store: &Store, table: &str, record: Record) {
    let table = sources::raw_tables().find(|raw| raw.name == table).unwrap();
    let mut tx = store.pool().begin().await.unwrap();
    let stored = raw::store(&mut tx, table, &[(NOW, record)]).await.unwrap();
    changed(&mut tx, table.name, &stored.changed_keys).await;
    tx.commit().await.unwrap();
    normalise::normalise(store.pool(), NOW).await.unwrap();
}

async fn changed(tx: &mut sqlx::PgConnection, table: &str, keys: &[String]) {
    if keys.is_empty() {
        return;
    }
    sqlx::query("insert into touchline.changes (raw_table, record_keys, run_id) values ($1, $2, $3)")
        .bind(table)
        .bind(keys)
        .bind(uuid::Uuid::nil())
        .execute(tx)
        .await
        .unwrap();
}

/// A rebuild that finds nothing to put right.
pub(crate) async fn assert_settled(store: &Store) {
    let later = NOW + SignedDuration::from_hours(1000);
    let rebuilt = normalise::rebuild(store.pool(), later, true).await.unwrap();
    assert_eq!(rebuilt.differences, []);
}
