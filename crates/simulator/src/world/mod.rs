//! The simulated workspace: its records as the vendor shows them, and the journal behind its figures.
//! How it comes to be is in `birth`, how it goes on in
//! `agenda`, what one can do to it in `commands`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
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
pub(crate) mod journal;
mod letters;
pub(crate) mod mails;
mod sending;
mod weather;

use agenda::Agenda;
use calls::Calls;
use enrolment::Enrolment;
use journal::{Entry, Selection};
use mails::Mails;

pub use calls::{CallMessage, VapiKind};

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
}

impl World {
    /// Every record of a kind by its id (an account's address), exactly as its list answers it.
    pub fn records(&self, kind: Kind) -> BTreeMap<String, Value> {
        match kind {
            Kind::Campaign => self.campaigns.clone(),
            Kind::Account => self.accounts.clone(),
            Kind::Lead => self.leads.clone(),
            Kind::Label => self.labels.clone(),
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
    if let (Some(into), Value::Object(fields)) = (into.as_object_mut(), fields) {
        into.extend(fields);
    }
}
