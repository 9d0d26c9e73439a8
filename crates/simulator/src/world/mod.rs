//! The simulated workspace: its records as the vendor shows them, and the journal behind its figures.
//! How it comes to be is in `birth`, how it goes on in
//! `agenda`, what one can do to it in `commands`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::{self, Clock};
use crate::material::sequences::Sequence;
use crate::prng::Prng;

mod agenda;
mod answers;
mod birth;
mod bulk;
mod calls;
mod commands;
mod enrolment;
mod figures;
pub(crate) mod hooks;
pub(crate) mod journal;
mod letters;
pub(crate) mod linkedin;
pub(crate) mod mails;
mod sending;
mod stir;
mod told;
mod weather;

use agenda::Agenda;
use calls::Calls;
use enrolment::Enrolment;
use hooks::{Address, Hooks, Outcome, Post};
use journal::{Entry, Selection};
use linkedin::LinkedIn;
use mails::Mails;

pub use calls::{CallMessage, VapiKind};
pub use stir::Happening;

/// Vapi's name as one that reports.
const VAPI: &str = "vapi";

/// The state of the simulated workspace. Same seed, same clock and same commands give the same world.
#[derive(Debug)]
pub struct World {
    pub(crate) clock: Clock,
    prng: Prng,
    organization: String,
    owner: String,
    workspace: Value,
    labels: BTreeMap<String, Value>,
    campaigns: BTreeMap<String, Value>,
    accounts: BTreeMap<String, Value>,
    leads: BTreeMap<String, Value>,
    blocked: BTreeMap<String, Value>,
    pub(crate) mails: Mails,
    pub(crate) calls: Calls,
    journal: Vec<Entry>,
    agenda: Agenda,
    /// What the world knows of a lead beyond its record.
    enrolments: BTreeMap<String, Enrolment>,
    /// The texts a campaign sends.
    stories: BTreeMap<String, &'static Sequence>,
    /// The time of the latest record: creation times never run backwards.
    latest: i64,
    /// When its history ended: what came in the last days before is unread.
    born: i64,
    people: usize,
    lively: bool,
    pub(crate) hooks: Hooks,
    /// The tool beside the mail, where there is one.
    linkedin: Option<LinkedIn>,
    /// Up to when Vapi has told of its calls.
    calls_told_until: jiff::Timestamp,
    letters: usize,
}

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `/campaigns`, by id.
    Campaign,
    /// `/accounts`, by address.
    Account,
    /// `/leads/list`, by id.
    Lead,
    /// `/emails`, by id; without `is_auto_reply`, as in the list.
    Email,
    /// `/lead-labels`, by id.
    Label,
    /// `/block-lists-entries`, by id.
    Blocked,
}

impl World {
    /// Every record of a kind by its id (an account's address), exactly as its list answers it.
    pub fn records(&self, kind: Kind) -> BTreeMap<String, Value> {
        match kind {
            Kind::Campaign => self.campaigns.clone(),
            Kind::Account => self.accounts.clone(),
            Kind::Lead => self.leads.clone(),
            Kind::Label => self.labels.clone(),
            Kind::Blocked => self.blocked.clone(),
            Kind::Email => self
                .mails
                .all()
                .map(|mail| (mail["id"].as_str().unwrap_or_default().to_owned(), mail))
                .collect(),
        }
    }

    /// Campaign configurations by id, the draft included.
    pub fn campaigns(&self) -> &BTreeMap<String, Value> {
        &self.campaigns
    }

    /// Sending mailboxes by address.
    pub fn accounts(&self) -> &BTreeMap<String, Value> {
        &self.accounts
    }

    /// Leads by id.
    pub fn leads(&self) -> &BTreeMap<String, Value> {
        &self.leads
    }

    /// Addresses and domains that are not written to, by id.
    pub fn block_list(&self) -> &BTreeMap<String, Value> {
        &self.blocked
    }

    /// E-mails as the list shows them, newest first. Bulk mails are made on the way.
    pub fn emails(&self) -> impl Iterator<Item = Value> {
        self.mails.all()
    }

    /// How many e-mails there are.
    pub fn email_count(&self) -> usize {
        self.mails.len()
    }

    /// An e-mail as `GET /emails/{id}` shows it, with `is_auto_reply`.
    pub fn email(&self, id: &str) -> Option<Value> {
        self.mails.detail(Uuid::parse_str(id).ok()?)
    }

    /// The workspace record.
    pub fn workspace(&self) -> &Value {
        &self.workspace
    }

    /// The custom lead labels by id.
    pub fn labels(&self) -> &BTreeMap<String, Value> {
        &self.labels
    }

    /// What `GET /campaigns/analytics` answers without parameters.
    pub fn analytics(&self) -> Value {
        let rows = self.campaigns.keys();
        Value::Array(rows.filter_map(|id| self.analytics_row(id, &Selection::campaign(id), true)).collect())
    }

    /// What `GET /campaigns/analytics/overview` answers without parameters.
    pub fn analytics_overview(&self) -> Value {
        self.overview(&Selection::default())
    }

    /// What `GET /campaigns/analytics/daily` answers for a campaign (or the workspace) and UTC days, both included.
    pub fn analytics_daily(&self, campaign: Option<&str>, from: Option<&str>, to: Option<&str>) -> Value {
        let mut selection = campaign.map_or_else(Selection::default, Selection::campaign);
        selection.from = from.map(str::to_owned);
        selection.to = to.map(str::to_owned);
        Value::Array(self.daily_rows(&selection))
    }

    /// What `GET /campaigns/analytics/steps` answers for a campaign.
    pub fn analytics_steps(&self, campaign: &str, with_opportunities: bool) -> Value {
        Value::Array(self.step_rows(&Selection::campaign(campaign), with_opportunities))
    }

    /// Webhook subscriptions by id.
    pub fn subscriptions(&self) -> &BTreeMap<String, Value> {
        &self.hooks.subscriptions
    }

    /// Subscribes an address to everything, with a header, as `POST /webhooks` does. Answers the subscription's id.
    pub fn subscribe(&mut self, url: &str, header: Option<(&str, &str)>) -> String {
        let headers = header.map(|(name, value)| json!({ name: value }));
        let asked = json!({ "target_hook_url": url, "event_type": "all_events", "headers": headers });
        self.subscribe_as(&asked)["id"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn subscribe_as(&mut self, asked: &Value) -> Value {
        let at = self.clock.milliseconds();
        self.hooks.subscribe(&self.organization, at, asked)
    }

    /// Gives the LinkedIn tool an address to report to; what it has to tell since the world began follows.
    pub fn report_linkedin_to(&mut self, url: &str) {
        self.hooks.set_tool(linkedin::TOOL, Address { url: url.to_owned(), headers: Vec::new() });
    }

    /// Gives Vapi an address to report calls to, with the header that proves it; what it has to tell since `after` follows.
    pub fn report_calls_to(&mut self, url: &str, header: Option<(&str, &str)>, after: jiff::Timestamp) {
        let headers = header.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
        self.hooks.set_tool(VAPI, Address { url: url.to_owned(), headers });
        self.calls_told_until = after;
    }

    /// What tools had to tell until then was told: an address that is given later does not hear of it.
    pub fn was_told_until(&mut self, until: jiff::Timestamp) {
        self.hooks.forget_until(until.as_millisecond());
    }

    /// Every row of the log of deliveries, newest first, as `GET /webhook-events` gives them.
    pub fn delivery_log(&self) -> Vec<Value> {
        self.hooks.logged().filter_map(|(_, logged)| serde_json::from_slice(&logged.row).ok()).collect()
    }

    /// Deliveries that wait to be sent, also those that have nowhere to go yet.
    pub fn waiting_deliveries(&self) -> usize {
        self.hooks.waiting()
    }

    pub(crate) fn take_due(&mut self) -> Vec<(Address, Post)> {
        if self.hooks.has_tool(VAPI) {
            let (after, until) = (self.calls_told_until, self.clock.now());
            for message in self.call_messages(after, until) {
                self.hooks.tell_by_tool(message.at.as_millisecond(), VAPI, &message.body);
            }
            self.calls_told_until = after.max(until);
        }
        self.hooks.take_due(self.clock.milliseconds(), &self.organization)
    }

    pub(crate) fn settle(&mut self, post: Post, outcome: &Outcome) {
        self.hooks.settle(self.clock.milliseconds(), &self.organization, post, outcome);
    }

    pub(crate) fn organization(&self) -> &str {
        &self.organization
    }

    /// Unread e-mails.
    pub fn unread(&self) -> usize {
        self.mails.all().filter(mails::is_unread).count()
    }

    /// The time of the next record: now, but never before the latest, so that creation times tell the order.
    fn moment(&mut self) -> i64 {
        self.at_least(self.clock.milliseconds())
    }

    fn at_least(&mut self, at: i64) -> i64 {
        self.latest = at.max(self.latest + 1);
        self.latest
    }

    /// Sets fields of a lead and the time of its change.
    fn mark_lead(&mut self, id: &str, at: i64, fields: Value) {
        if let Some(lead) = self.leads.get_mut(id) {
            merge(lead, fields);
            lead["timestamp_updated"] = json!(clock::stamp(at));
        }
    }
}

fn merge(into: &mut Value, fields: Value) {
    if let Some(into) = into.as_object_mut() {
        merge_into(into, fields);
    }
}

fn merge_into(into: &mut Map<String, Value>, fields: Value) {
    if let Value::Object(fields) = fields {
        into.extend(fields);
    }
}
