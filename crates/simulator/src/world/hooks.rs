//! What is told by webhook: the vendor's subscriptions, what waits to be sent, and the vendor's log of every attempt.
//! Leaves what a happening looks like to `told` and `linkedin`, and HTTP to `sender`.

use std::collections::{BTreeMap, HashSet};

use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::{MINUTE, SECOND, stamp};
use crate::prng::Prng;

/// How often Instantly repeats a delivery, and how long after.
const PAUSES: [i64; 3] = [5 * SECOND, 10 * SECOND, 15 * SECOND];
/// After so many deliveries in a row that came to nothing, Instantly switches a subscription off.
const PATIENCE: u32 = 5;
/// A LinkedIn tool goes on for a day.
const TOOL_ATTEMPTS: u32 = 11;

/// How deliveries go wrong on their way, by seed. In percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manners {
    /// Never arrive. Instantly's log has them; a tool tries again.
    pub lost: usize,
    /// Arrive twice.
    pub doubled: usize,
    /// Whatever is due at the same time arrives in another order.
    pub shuffled: bool,
}

impl Manners {
    /// As live deliveries are: a few lost, a few doubled, in any order.
    pub fn live() -> Self {
        Manners { lost: 4, doubled: 6, shuffled: true }
    }
}

/// Something on its way to an address.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) to: To,
    pub(crate) body: Bytes,
    lead: Option<String>,
    attempt: u32,
    group: Option<Uuid>,
    /// The same once more, which no log knows of.
    again: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum To {
    /// A subscription of Instantly, by id.
    Subscription(String),
    /// Another tool, by name.
    Tool(&'static str),
}

/// Where a post goes, and the headers that go with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// What came of a post: a status, or why there is none.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
    pub(crate) milliseconds: u64,
}

impl Outcome {
    pub(crate) fn failed(error: &str) -> Self {
        Outcome { status: None, error: Some(error.to_owned()), milliseconds: 0 }
    }

    pub(crate) fn is_good(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

#[derive(Debug)]
pub(crate) struct Hooks {
    prng: Prng,
    pub(crate) subscriptions: BTreeMap<String, Value>,
    /// Deliveries in a row that came to nothing, by subscription.
    failures: BTreeMap<String, u32>,
    /// By time and id, as the list gives them, with address and outcome for its filters.
    log: BTreeMap<(i64, Uuid), Logged>,
    waiting: BTreeMap<(i64, u64), Post>,
    planned: u64,
    tools: BTreeMap<&'static str, Address>,
    manners: Manners,
    /// What was told of whom already: the first of its kind says so.
    firsts: HashSet<(String, String)>,
    /// Deliveries count as taken without being sent: the history before anybody listened.
    pub(super) is_history: bool,
}

#[derive(Debug)]
pub(crate) struct Logged {
    pub(crate) row: Bytes,
    pub(crate) url: String,
    pub(crate) lead: Option<String>,
    pub(crate) success: bool,
}

impl Hooks {
    pub(super) fn new(seed: u64, manners: Manners) -> Self {
        Hooks {
            // Of its own: whether anybody listens must not change the world.
            prng: Prng::new(seed ^ 0x7765_6268_6f6f_6b73),
            subscriptions: BTreeMap::new(),
            failures: BTreeMap::new(),
            log: BTreeMap::new(),
            waiting: BTreeMap::new(),
            planned: 0,
            tools: BTreeMap::new(),
            manners,
            firsts: HashSet::new(),
            is_history: false,
        }
    }

    /// Whether anybody would hear of anything.
    pub(super) fn has_listeners(&self) -> bool {
        !self.subscriptions.is_empty()
    }

    /// True the first time something is told of somebody.
    pub(super) fn is_first(&mut self, what: &str, whom: &str) -> bool {
        self.firsts.insert((what.to_owned(), whom.to_owned()))
    }

    pub(crate) fn subscribe(&mut self, organization: &str, at: i64, asked: &Value) -> Value {
        let id = self.prng.uuid(at).to_string();
        let subscription = json!({
            "id": id, "organization": organization, "campaign": asked["campaign"], "name": asked["name"],
            "target_hook_url": asked["target_hook_url"], "event_type": asked["event_type"],
            "custom_interest_value": asked["custom_interest_value"], "headers": asked["headers"],
            "timestamp_created": stamp(at), "status": 1, "timestamp_error": null,
        });
        self.subscriptions.insert(id, subscription.clone());
        subscription
    }

    pub(crate) fn resume(&mut self, id: &str) -> Option<Value> {
        let subscription = self.subscriptions.get_mut(id)?;
        subscription["status"] = json!(1);
        subscription["timestamp_error"] = Value::Null;
        self.failures.remove(id);
        Some(subscription.clone())
    }

    /// Gives another tool an address; what it has to tell since the world began follows.
    pub(crate) fn set_tool(&mut self, tool: &'static str, address: Address) {
        self.tools.insert(tool, address);
    }

    pub(super) fn has_tool(&self, tool: &str) -> bool {
        self.tools.contains_key(tool)
    }

    /// Takes back what tools would still have told of the time until then.
    pub(super) fn forget_until(&mut self, until: i64) {
        self.waiting.retain(|(at, _), post| *at > until || !matches!(post.to, To::Tool(_)));
    }

    /// Tells every subscription that asked for it.
    pub(super) fn tell(&mut self, at: i64, organization: &str, payload: &Value) {
        let wanted: Vec<(String, bool)> = self
            .subscriptions
            .iter()
            .filter(|(_, subscription)| takes(subscription, payload))
            .map(|(id, subscription)| (id.clone(), subscription["status"] == -1))
            .collect();
        for (id, is_disabled) in wanted {
            let post = Post {
                to: To::Subscription(id),
                body: payload.to_string().into(),
                lead: payload["lead_email"].as_str().map(str::to_owned),
                attempt: 0,
                group: None,
                again: false,
            };
            if self.is_history {
                let taken = Outcome { status: Some(200), error: None, milliseconds: 118 };
                self.log(at, organization, &post, &taken, None);
            } else if is_disabled {
                self.log(at, organization, &post, &Outcome::failed("Webhook is disabled"), None);
            } else {
                self.wait(at, post);
            }
        }
    }

    /// Lets another tool tell something, once it has an address.
    pub(super) fn tell_by_tool(&mut self, at: i64, tool: &'static str, payload: &Value) {
        let body = payload.to_string().into();
        self.wait(at, Post { to: To::Tool(tool), body, lead: None, attempt: 0, group: None, again: false });
    }

    fn wait(&mut self, at: i64, post: Post) {
        self.planned += 1;
        self.waiting.insert((at, self.planned), post);
    }

    /// What is due and has somewhere to go, as it leaves: some are lost, some doubled, some out of order.
    pub(crate) fn take_due(&mut self, now: i64, organization: &str) -> Vec<(Address, Post)> {
        let due: Vec<(i64, u64)> = self
            .waiting
            .range(..=(now, u64::MAX))
            .filter(|(_, post)| self.address(&post.to).is_some())
            .map(|(key, _)| *key)
            .collect();
        let mut leaving = Vec::with_capacity(due.len());
        for key in due {
            let Some(post) = self.waiting.remove(&key) else { continue };
            let Some(address) = self.address(&post.to) else { continue };
            if self.prng.chance(self.manners.lost) {
                self.lose(now, organization, post);
                continue;
            }
            if self.prng.chance(self.manners.doubled) {
                leaving.push((address.clone(), Post { again: true, ..post.clone() }));
            }
            leaving.push((address, post));
        }
        if self.manners.shuffled {
            for place in (1..leaving.len()).rev() {
                let other = self.prng.below(place + 1);
                leaving.swap(place, other);
            }
        }
        leaving
    }

    /// Instantly thinks it gave up; a tool believes in its retry.
    fn lose(&mut self, now: i64, organization: &str, post: Post) {
        match post.to {
            To::Subscription(_) => {
                self.log(now, organization, &post, &Outcome::failed("Connection timeout"), None);
            }
            To::Tool(_) => self.wait(now + MINUTE, Post { attempt: post.attempt + 1, ..post }),
        }
    }

    fn address(&self, to: &To) -> Option<Address> {
        match to {
            To::Tool(tool) => self.tools.get(tool).cloned(),
            To::Subscription(id) => {
                let subscription = self.subscriptions.get(id)?;
                let headers = subscription["headers"].as_object().into_iter().flatten();
                Some(Address {
                    url: subscription["target_hook_url"].as_str()?.to_owned(),
                    headers: headers
                        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                        .collect(),
                })
            }
        }
    }

    /// Writes what came of a post, plans its repetition, and loses patience with who never takes anything.
    pub(crate) fn settle(&mut self, now: i64, organization: &str, mut post: Post, outcome: &Outcome) {
        if post.again {
            return;
        }
        let good = outcome.is_good();
        let To::Subscription(id) = post.to.clone() else {
            if !good && post.attempt < TOOL_ATTEMPTS {
                self.wait(now + (MINUTE << post.attempt), Post { attempt: post.attempt + 1, ..post });
            }
            return;
        };
        let pause = PAUSES.get(post.attempt as usize).copied().filter(|_| !good);
        if post.group.is_none() && (!good || post.attempt > 0) {
            post.group = Some(self.prng.uuid(now));
        }
        self.log(now, organization, &post, outcome, pause.map(|pause| now + pause));
        match pause {
            _ if good => drop(self.failures.remove(&id)),
            Some(pause) => self.wait(now + pause, Post { attempt: post.attempt + 1, ..post }),
            None => {
                let failures = self.failures.entry(id.clone()).or_default();
                *failures += 1;
                if *failures >= PATIENCE
                    && let Some(subscription) = self.subscriptions.get_mut(&id)
                {
                    subscription["status"] = json!(-1);
                    subscription["timestamp_error"] = json!(stamp(now));
                }
            }
        }
        if self.subscriptions.get(&id).is_some_and(|subscription| subscription["status"] == -1) {
            self.give_up(now, organization, &id);
        }
    }

    /// What still waits for a subscription that was switched off is not sent any more.
    fn give_up(&mut self, now: i64, organization: &str, id: &str) {
        let to = To::Subscription(id.to_owned());
        let waiting: Vec<(i64, u64)> =
            self.waiting.iter().filter(|(_, post)| post.to == to).map(|(key, _)| *key).collect();
        for key in waiting {
            if let Some(post) = self.waiting.remove(&key) {
                self.log(now, organization, &post, &Outcome::failed("Webhook is disabled"), None);
            }
        }
    }

    fn log(&mut self, at: i64, organization: &str, post: &Post, outcome: &Outcome, retry_at: Option<i64>) {
        let To::Subscription(id) = &post.to else { return };
        let url = self.subscriptions.get(id).and_then(|s| s["target_hook_url"].as_str()).unwrap_or_default();
        let url = url.to_owned();
        let row_id = self.prng.uuid(at);
        let payload: Value = serde_json::from_slice(&post.body).unwrap_or_default();
        let row = json!({
            "id": row_id.to_string(), "timestamp_created": stamp(at), "timestamp_created_date": crate::clock::day(at),
            "organization_id": organization, "payload": payload, "success": outcome.is_good(),
            "retry_count": post.attempt, "will_retry": retry_at.is_some(), "webhook_url": url,
            "status_code": outcome.status, "error_message": outcome.error,
            "timestamp_next_retry": retry_at.map(stamp), "retry_group_id": post.group.map(|id| id.to_string()),
            "retry_successful": (post.attempt > 0 && outcome.is_good()).then_some(true), "lead_email": post.lead,
            "response_time_ms": outcome.status.map(|_| outcome.milliseconds),
        });
        let row = row.to_string().into();
        let logged = Logged { row, url, lead: post.lead.clone(), success: outcome.is_good() };
        self.log.insert((at, row_id), logged);
    }

    /// The log, newest first.
    pub(crate) fn logged(&self) -> impl Iterator<Item = (&(i64, Uuid), &Logged)> {
        self.log.iter().rev()
    }

    /// How much waits to be sent, also what has nowhere to go yet.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

/// Whether a subscription asked for this: everything, one type, or one custom label; of all campaigns or one.
fn takes(subscription: &Value, payload: &Value) -> bool {
    let delivered = payload["event_type"].as_str().unwrap_or_default();
    let of_campaign =
        subscription["campaign"].is_null() || subscription["campaign"] == payload["campaign_id"];
    // Subscribed under another name than the one it is delivered by.
    let delivered = if delivered == "link_clicked" { "email_link_clicked" } else { delivered };
    let of_type = subscription["event_type"].as_str().is_some_and(|t| t == "all_events" || t == delivered);
    of_campaign && of_type
}
