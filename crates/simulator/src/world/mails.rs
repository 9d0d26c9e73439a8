//! The mailbox: e-mails in the order of time, each with its serialised row at hand so that pages are concatenation.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use super::bulk::Bulk;
use crate::clock;

/// Creation time, then id: the order of the vendor's list.
type Key = (i64, Uuid);

#[derive(Debug, Default)]
pub(crate) struct Mails {
    rows: BTreeMap<Key, Mail>,
    times: HashMap<Uuid, i64>,
    bulk: Option<Bulk>,
}

#[derive(Debug)]
enum Mail {
    /// The record as the list shows it (no `is_auto_reply`); as bytes, which take a fifth of the room.
    Kept { auto_reply: bool, bytes: Bytes },
    /// Made from its number when someone asks.
    Bulk(u32),
}

/// What `GET /emails` can filter by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) campaign: Option<String>,
    pub(crate) lead: Option<String>,
    pub(crate) thread: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) unread: Option<bool>,
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
    pub(crate) ascending: bool,
}

/// Rows of a page and the id of the last.
pub(crate) struct Page {
    pub(crate) rows: Vec<Bytes>,
    pub(crate) last: Option<Uuid>,
}

impl Mails {
    /// Keeps a record under its own id and `timestamp_created`; an older one with that id goes.
    pub(crate) fn put(&mut self, mut value: Value, auto_reply: bool) -> Option<Uuid> {
        if let Some(fields) = value.as_object_mut() {
            fields.remove("is_auto_reply");
        }
        let id = value["id"].as_str().and_then(|id| Uuid::parse_str(id).ok())?;
        let at = value["timestamp_created"].as_str().and_then(clock::parse)?;
        self.remove(id);
        let bytes = Bytes::from(value.to_string());
        self.times.insert(id, at);
        self.rows.insert((at, id), Mail::Kept { auto_reply, bytes });
        Some(id)
    }

    pub(crate) fn fill(&mut self, bulk: Bulk) {
        for number in 0..bulk.count {
            let (at, id) = (bulk.at(number), bulk.id(number));
            self.times.insert(id, at);
            self.rows.insert((at, id), Mail::Bulk(number));
        }
        self.bulk = Some(bulk);
    }

    pub(crate) fn remove(&mut self, id: Uuid) -> bool {
        self.times.remove(&id).is_some_and(|at| self.rows.remove(&(at, id)).is_some())
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The time of the newest.
    pub(crate) fn newest(&self) -> Option<i64> {
        self.rows.keys().next_back().map(|(at, _)| *at)
    }

    /// The record as the list shows it.
    pub(crate) fn get(&self, id: Uuid) -> Option<Value> {
        let at = self.times.get(&id)?;
        self.rows.get(&(*at, id)).map(|mail| self.value(mail, &(*at, id)))
    }

    /// Whether the vendor takes it for an automatic reply.
    pub(crate) fn is_auto_reply(&self, id: Uuid) -> Option<bool> {
        let at = self.times.get(&id)?;
        self.rows.get(&(*at, id)).map(|mail| matches!(mail, Mail::Kept { auto_reply: true, .. }))
    }

    /// The record as `GET /emails/{id}` shows it.
    pub(crate) fn detail(&self, id: Uuid) -> Option<Value> {
        let mut value = self.get(id)?;
        value["is_auto_reply"] = json!(i32::from(self.is_auto_reply(id)?));
        Some(value)
    }

    /// Every record, newest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = Value> {
        self.rows.iter().rev().map(|(key, mail)| self.value(mail, key))
    }

    pub(crate) fn page(&self, filter: &Filter, after: Option<Uuid>, limit: usize) -> Page {
        let mut range = (filter.from.map_or(Bound::Unbounded, |at| Bound::Included((at, Uuid::nil()))), {
            filter.to.map_or(Bound::Unbounded, |at| Bound::Included((at, Uuid::max())))
        });
        if let Some(id) = after {
            // The cursor's mail may be gone; its id still tells the time.
            let at = self.times.get(&id).copied().unwrap_or_else(|| (id.as_u128() >> 80) as i64);
            let key = (at, id);
            if filter.ascending {
                range.0 = later(range.0, key);
            } else {
                range.1 = earlier(range.1, key);
            }
        }
        if is_empty(&range) {
            return Page { rows: Vec::new(), last: None };
        }
        let rows = self.rows.range(range);
        let wanted = |(key, mail): &(&Key, &Mail)| self.matches(mail, key, filter);
        let picked: Vec<(&Key, &Mail)> = if filter.ascending {
            rows.filter(wanted).take(limit).collect()
        } else {
            rows.rev().filter(wanted).take(limit).collect()
        };
        let last = picked.last().map(|(key, _)| key.1);
        Page { rows: picked.into_iter().map(|(key, mail)| self.bytes(mail, key)).collect(), last }
    }

    fn matches(&self, mail: &Mail, key: &Key, filter: &Filter) -> bool {
        let plain = filter.campaign.is_none() && filter.lead.is_none() && filter.thread.is_none();
        if plain && filter.account.is_none() && filter.kind.is_none() && filter.unread.is_none() {
            return true;
        }
        let value = &self.value(mail, key);
        let is = |field: &str, wanted: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| value[field].as_str() == Some(wanted.as_str()))
        };
        let kind = value["ue_type"].as_i64();
        is("campaign_id", &filter.campaign)
            && is("lead", &filter.lead)
            && is("thread_id", &filter.thread)
            && filter.account.as_ref().is_none_or(|list| {
                list.split(',').any(|account| value["eaccount"].as_str() == Some(account.trim()))
            })
            && filter.kind.as_deref().is_none_or(|wanted| match wanted {
                "received" => kind == Some(2),
                "sent" => kind == Some(1),
                // The vendor's own words: everything but campaign sends.
                _ => kind != Some(1),
            })
            && filter.unread.is_none_or(|wanted| is_unread(value) == wanted)
    }

    fn value(&self, mail: &Mail, key: &Key) -> Value {
        serde_json::from_slice(&self.bytes(mail, key)).unwrap_or_default()
    }

    fn bytes(&self, mail: &Mail, _key: &Key) -> Bytes {
        match (mail, &self.bulk) {
            (Mail::Kept { bytes, .. }, _) => bytes.clone(),
            (Mail::Bulk(number), Some(bulk)) => bulk.render(*number),
            (Mail::Bulk(_), None) => Bytes::from_static(b"null"),
        }
    }
}

/// 0 and 1, or booleans: the vendor sends both.
pub(crate) fn is_unread(value: &Value) -> bool {
    value["is_unread"] == 1 || value["is_unread"] == true
}

fn later(bound: Bound<Key>, after: Key) -> Bound<Key> {
    match bound {
        Bound::Included(key) if key > after => Bound::Included(key),
        _ => Bound::Excluded(after),
    }
}

fn earlier(bound: Bound<Key>, before: Key) -> Bound<Key> {
    match bound {
        Bound::Included(key) if key < before => Bound::Included(key),
        _ => Bound::Excluded(before),
    }
}

/// A map refuses a range that runs backwards, so it is told apart here.
fn is_empty(range: &(Bound<Key>, Bound<Key>)) -> bool {
    match range {
        (Bound::Included(a), Bound::Included(b)) => a > b,
        (Bound::Included(a) | Bound::Excluded(a), Bound::Included(b) | Bound::Excluded(b)) => a >= b,
        _ => false,
    }
}
