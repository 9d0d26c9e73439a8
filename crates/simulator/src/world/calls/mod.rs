//! The calls of a simulated Vapi: planned once from the leads who have a number, then shown as they stand at any time.
//! A call is a pure function of its plan and the clock, so that nothing has to be kept in step. How a call looks is in
//! `render`, what it tells by webhook in `messages`.

mod messages;
mod plan;
mod render;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::World;
use crate::clock::{DAY, MINUTE, parse, stamp};
use crate::material::calls::{CallOutcome, ROUND};
use crate::prng::Prng;

pub use messages::CallMessage;
pub(super) use plan::Callee;
use plan::Plan;

/// How long the vendor keeps calls (pay-as-you-go).
const RETENTION: i64 = 14 * DAY;

/// Everything the vendor of calls holds.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    pub(super) organization: String,
    pub(super) assistant: String,
    pub(super) line: String,
    pub(super) campaign: String,
    plans: BTreeMap<String, Plan>,
    /// Records as somebody put them, in the place of what the plan says.
    put: BTreeMap<String, Value>,
    gone: BTreeSet<String>,
    pub(crate) assistants: BTreeMap<String, Value>,
    pub(crate) numbers: BTreeMap<String, Value>,
    pub(crate) campaigns: BTreeMap<String, Value>,
    /// Answers given: each shows other signed addresses.
    answers: u64,
}

impl Calls {
    /// Plans calls to these people, from two weeks before `now` to two weeks after it; those in the mail campaign `mail`
    /// are in the campaign of calls, too.
    pub(super) fn new(callees: &[Callee], mail: &str, seed: u64, now: i64) -> Self {
        // Chance of its own: the rest of the world stays as it is.
        let mut prng = Prng::new(seed ^ 0x7661_7069);
        let mut id = |at: i64| prng.uuid(at).to_string();
        let mut calls = Calls {
            organization: id(now - 300 * DAY),
            assistant: id(now - 60 * DAY),
            line: id(now - 90 * DAY),
            campaign: id(now - 13 * DAY),
            ..Calls::default()
        };
        calls.furnish(now);
        plan::past(&mut calls, callees, mail, &mut prng, now);
        plan::future(&mut calls, callees, mail, &mut prng, now);
        calls
    }

    /// Assistant, line and campaign.
    fn furnish(&mut self, now: i64) {
        let (created, changed) = (stamp(now - 60 * DAY), stamp(now - 20 * DAY));
        let assistant = json!({
            "id": self.assistant, "orgId": self.organization, "name": "Tour planning, first call",
            "createdAt": created, "updatedAt": changed,
            "firstMessage": "Hi {{first_name}}, this is the assistant of Lotse. Do you have a minute?",
            "model": {"provider": "openai", "model": "gpt-4.1",
                "messages": [{"role": "system", "content": "You call on behalf of Lotse."}]},
            "voice": {"provider": "vapi", "voiceId": "Elliot"},
            "server": {"url": "https://touchline.example.com/hooks/vapi/made-up-path-secret", "timeoutSeconds": 20},
            "serverMessages": ["status-update", "end-of-call-report"],
        });
        self.assistants.insert(self.assistant.clone(), assistant);
        let line = json!({
            "id": self.line, "orgId": self.organization, "provider": "twilio", "number": "+12025550199",
            "name": "Outbound line", "status": "active", "createdAt": created, "updatedAt": created,
            "twilioAccountSid": "AC00000000000000000000000000000000",
            "twilioAuthToken": "made-up-twilio-token-0123456789",
        });
        self.numbers.insert(self.line.clone(), line);
        let campaign = json!({
            "id": self.campaign, "orgId": self.organization, "name": "Tour planning by phone", "status": "in-progress",
            "createdAt": stamp(now - 13 * DAY), "updatedAt": stamp(now - DAY), "assistantId": self.assistant,
            "phoneNumberId": self.line, "maxConcurrency": 10,
        });
        self.campaigns.insert(self.campaign.clone(), campaign);
    }

    fn add(&mut self, plan: Plan) {
        self.plans.insert(plan.id.clone(), plan);
    }

    /// Calls as the vendor lists them, in no particular order.
    pub(crate) fn all(&mut self, now: i64) -> Vec<Value> {
        self.answers += 1;
        let planned = self.plans.values().filter(|plan| !self.put.contains_key(&plan.id));
        let mut all: Vec<Value> =
            planned.filter_map(|plan| render::call(self, plan, now, self.answers)).collect();
        all.extend(self.put.values().cloned());
        let oldest = stamp(now - RETENTION);
        all.retain(|call| {
            let text = |field: &str| call[field].as_str().unwrap_or_default();
            !self.gone.contains(text("id")) && text("createdAt") >= oldest.as_str()
        });
        all
    }

    /// One call, also one that the list no longer shows.
    pub(crate) fn one(&mut self, id: &str, now: i64) -> Option<Value> {
        self.answers += 1;
        if self.gone.contains(id) {
            return None;
        }
        self.put.get(id).cloned().or_else(|| render::call(self, self.plans.get(id)?, now, self.answers))
    }
}

impl World {
    /// Calls of the past and of the next two weeks, as a careful team places them: to people who have a number and have
    /// neither answered nor left anywhere, each once.
    pub(super) fn plan_calls(&mut self, seed: u64, now: i64) {
        let closed: BTreeSet<&str> = self
            .enrolments
            .iter()
            .filter(|(id, _)| self.has_spoken(id))
            .map(|(_, enrolment)| enrolment.person.email.as_str())
            .collect();
        let mut numbers = BTreeSet::new();
        let callees: Vec<Callee> = self
            .leads
            .iter()
            .filter(|(id, lead)| {
                plan::number(lead).is_some_and(|number| numbers.insert(number))
                    && self.enrolments.get(*id).is_some_and(|one| !closed.contains(one.person.email.as_str()))
            })
            .map(|(id, record)| {
                let mailed = record["timestamp_last_contact"].as_str().and_then(parse).unwrap_or(0);
                let linked = self.linkedin.as_ref().and_then(|linkedin| linkedin.last_touch(id)).unwrap_or(0);
                let expects = self.linkedin.as_ref().is_some_and(|linkedin| linkedin.expects(id));
                Callee { record, last_touch: mailed.max(linked), is_done: record["status"] == 3 && !expects }
            })
            .collect();
        let mail = self.stories.keys().next().cloned().unwrap_or_default();
        self.calls = Calls::new(&callees, &mail, seed, now);
    }

    /// Every call as `GET /call` answers it now, newest first.
    pub fn calls(&mut self) -> Vec<Value> {
        let now = self.clock.milliseconds();
        let mut all = self.calls.all(now);
        all.sort_by(|a, b| {
            let key = |call: &Value| (call["createdAt"].to_string(), call["id"].to_string());
            key(b).cmp(&key(a))
        });
        all
    }

    /// One call as `GET /call/{id}` answers it now.
    pub fn call(&mut self, id: &str) -> Option<Value> {
        let now = self.clock.milliseconds();
        self.calls.one(id, now)
    }

    /// What Vapi tells of calls by webhook between two instants (the first excluded, the second included), in the order
    /// it happens. Whoever sends them may lose, repeat ([`CallMessage::again`]) and shuffle them.
    pub fn call_messages(&self, after: Timestamp, until: Timestamp) -> Vec<CallMessage> {
        let (after, until) = (after.as_millisecond(), until.as_millisecond());
        let mut told: Vec<CallMessage> = self
            .calls
            .plans
            .values()
            .filter(|plan| plan.may_be_told(after, until))
            .flat_map(|plan| messages::of(&self.calls, plan))
            .filter(|message| {
                let at = message.at.as_millisecond();
                after < at && at <= until
            })
            .collect();
        told.sort_by(|a, b| (a.at, &a.call_id).cmp(&(b.at, &b.call_id)));
        told
    }

    /// Calls a lead who has a number, now, and says how it will come out. Answers the call's id.
    pub fn place_call(&mut self, lead: &str, outcome: CallOutcome) -> Option<String> {
        let at = self.clock.milliseconds();
        let record = self.leads.get(lead)?;
        let plan = Plan::new(&mut self.prng, record, at, 0, outcome)?;
        let id = plan.id.clone();
        self.calls.add(Plan { campaign: Some(self.calls.campaign.clone()), ..plan });
        Some(id)
    }

    /// Keeps a call's record exactly as given, under its `id`.
    pub fn put_call(&mut self, record: Value) -> Option<String> {
        let id = record["id"].as_str()?.to_owned();
        self.calls.put.insert(id.clone(), record);
        Some(id)
    }

    /// Changes a call's record as told; its `updatedAt` moves too. From then on the record stands still.
    pub fn edit_call(&mut self, id: &str, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
        let now = self.clock.milliseconds();
        let Some(mut record) = self.calls.one(id, now) else { return false };
        let Some(fields) = record.as_object_mut() else { return false };
        change(fields);
        fields.insert("updatedAt".into(), json!(stamp(now)));
        self.put_call(record).is_some()
    }

    /// Takes a call away.
    pub fn remove_call(&mut self, id: &str) {
        self.calls.gone.insert(id.to_owned());
    }

    /// Keeps an assistant, a phone number or a campaign of Vapi exactly as given, under its `id`.
    pub fn put_vapi(&mut self, kind: VapiKind, record: Value) -> Option<String> {
        let id = record["id"].as_str()?.to_owned();
        self.calls.of(kind).insert(id.clone(), record);
        Some(id)
    }

    /// Records of Vapi by their ids.
    pub fn vapi(&mut self, kind: VapiKind) -> &BTreeMap<String, Value> {
        self.calls.of(kind)
    }
}

/// A kind of record at Vapi that stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VapiKind {
    Assistant,
    PhoneNumber,
    Campaign,
}

impl Calls {
    pub(crate) fn of(&mut self, kind: VapiKind) -> &mut BTreeMap<String, Value> {
        match kind {
            VapiKind::Assistant => &mut self.assistants,
            VapiKind::PhoneNumber => &mut self.numbers,
            VapiKind::Campaign => &mut self.campaigns,
        }
    }
}

/// The outcome of the `number`th call.
fn outcome(number: usize) -> CallOutcome {
    ROUND[number % ROUND.len()]
}

/// A call of the world's future comes about so often.
const EVERY: i64 = 11 * MINUTE;
