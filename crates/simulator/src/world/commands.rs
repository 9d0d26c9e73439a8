//! What a test can make happen, each at the world's now: mails, changes, deletions, restated days, and raw records.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::World;
use super::enrolment::Mood;
use super::journal::{Entry, What};
use crate::clock::{self, HOUR, stamp};
use crate::prng::Prng;

impl World {
    /// Adds the next made-up person to a campaign; the first mail follows in the campaign's hours. Answers the lead's id.
    pub fn add_lead(&mut self, campaign: &str) -> Option<String> {
        self.campaigns.get(campaign)?;
        let at = self.moment();
        Some(self.enrol(campaign, at))
    }

    /// Sends the lead its next step now, whatever the schedule says. Answers the e-mail's id.
    pub fn add_send(&mut self, lead: &str) -> Option<String> {
        let step = self.enrolments.get(lead)?.step.map_or(0, |step| step + 1);
        let at = self.moment();
        self.send(lead, step, at).map(|id| id.to_string())
    }

    /// The lead replies with interest. Answers the e-mail's id.
    pub fn add_reply(&mut self, lead: &str) -> Option<String> {
        let at = self.moment();
        self.reply(lead, Mood::Interested, at).map(|id| id.to_string())
    }

    /// The lead declines. Answers the e-mail's id.
    pub fn add_refusal(&mut self, lead: &str) -> Option<String> {
        let at = self.moment();
        self.reply(lead, Mood::NotInterested, at).map(|id| id.to_string())
    }

    /// The lead replies from another mailbox than its own.
    pub fn add_reply_from_other_mailbox(&mut self, lead: &str) -> Option<String> {
        let at = self.moment();
        self.reply(lead, Mood::OtherMailbox, at).map(|id| id.to_string())
    }

    /// The lead's mailbox answers by itself.
    pub fn add_auto_reply(&mut self, lead: &str) -> Option<String> {
        let at = self.moment();
        self.auto_reply(lead, at).map(|id| id.to_string())
    }

    /// Someone writes who is no lead at all: lead, lead id and campaign are null.
    pub fn add_reply_from_stranger(&mut self) -> Option<String> {
        let at = self.moment();
        self.stranger(at).map(|id| id.to_string())
    }

    /// The lead opens its latest mail once more.
    pub fn add_open(&mut self, lead: &str) {
        let step = self.enrolments.get(lead).and_then(|enrolment| enrolment.step);
        let at = self.moment();
        if let Some(step) = step {
            self.open(lead, step, at);
        }
    }

    /// Sets the lead's interest status, as someone does by hand or the vendor's model by itself.
    pub fn set_interest(&mut self, lead: &str, value: i64) {
        let at = self.moment();
        self.interest(lead, value, at);
    }

    /// Takes the lead's record away; its mails and figures stay.
    pub fn delete_lead(&mut self, id: &str) -> bool {
        self.enrolments.remove(id);
        self.leads.remove(id).is_some()
    }

    /// Takes the campaign away; its mails, leads and daily figures stay.
    pub fn delete_campaign(&mut self, id: &str) -> bool {
        self.stories.remove(id);
        self.campaigns.remove(id).is_some()
    }

    /// Takes an e-mail away.
    pub fn remove_email(&mut self, id: &str) -> bool {
        Uuid::parse_str(id).is_ok_and(|id| self.mails.remove(id))
    }

    /// Changes something of a campaign's configuration and its `timestamp_updated`.
    pub fn touch_campaign(&mut self, id: &str) -> bool {
        let at = self.moment();
        self.touch(id, at)
    }

    pub(crate) fn touch(&mut self, id: &str, at: i64) -> bool {
        let Some(campaign) = self.campaigns.get_mut(id) else { return false };
        let limit = campaign["daily_limit"].as_u64().unwrap_or(90);
        campaign["daily_limit"] = json!(if limit >= 150 { 60 } else { limit + 5 });
        campaign["timestamp_updated"] = json!(stamp(at));
        true
    }

    /// The vendor thinks again about a past UTC day: opens appear, an automatic reply turns out to be a real one (or the
    /// other way round), an opportunity is dated back. The mails agree with it afterwards.
    pub fn restate_day(&mut self, campaign: &str, date: &str) -> bool {
        let at = self.moment();
        self.restate(campaign, date, at)
    }

    pub(crate) fn restate(&mut self, campaign: &str, date: &str, at: i64) -> bool {
        let Some(start) = clock::parse(date) else { return false };
        let of_day = |entry: &&mut Entry| &*entry.campaign == campaign && clock::day(entry.at) == date;
        let turned =
            self.journal.iter_mut().filter(of_day).find(|entry| {
                matches!(entry.what, What::Replied | What::AutoReplied) && entry.mail.is_some()
            });
        if let Some(entry) = turned {
            let now_automatic = entry.what == What::Replied;
            entry.what = if now_automatic { What::AutoReplied } else { What::Replied };
            let (lead, mail) = (entry.lead.to_string(), entry.mail);
            self.reclassify(&lead, mail, now_automatic, at);
        }
        // Anyone still known who was written to before that day's noon.
        let noon = start + 12 * HOUR;
        let known = self.journal.iter().find(|entry| {
            &*entry.campaign == campaign
                && entry.what == What::Sent
                && entry.at < noon
                && self.leads.contains_key(&*entry.lead)
        });
        let Some((lead, step)) = known.map(|entry| (entry.lead.to_string(), entry.step)) else {
            return false;
        };
        let step = step.map(|(step, _)| step);
        let opens = self.leads.get(&lead).and_then(|record| record["email_open_count"].as_u64()).unwrap_or(0);
        self.mark_lead(&lead, at, json!({"email_open_count": opens + 1}));
        self.note(&lead, noon, What::Opened, step, None);
        self.note(&lead, noon, What::Opportunity, step, None);
        true
    }

    fn reclassify(&mut self, lead: &str, mail: Option<Uuid>, now_automatic: bool, at: i64) {
        if let Some(value) = mail.and_then(|id| self.mails.get(id)) {
            self.mails.put(value, now_automatic);
        }
        let replies =
            self.leads.get(lead).and_then(|record| record["email_reply_count"].as_u64()).unwrap_or(0);
        let replies = if now_automatic { replies.saturating_sub(1) } else { replies + 1 };
        self.mark_lead(lead, at, json!({"email_reply_count": replies}));
    }

    /// Changes a lead's record as told; its `timestamp_updated` moves too.
    pub fn edit_lead(&mut self, id: &str, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
        let at = self.moment();
        edit(self.leads.get_mut(id), at, change)
    }

    /// Changes a campaign's record as told.
    pub fn edit_campaign(&mut self, id: &str, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
        let at = self.moment();
        edit(self.campaigns.get_mut(id), at, change)
    }

    /// Changes a mailbox's record as told.
    pub fn edit_account(&mut self, address: &str, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
        let at = self.moment();
        edit(self.accounts.get_mut(address), at, change)
    }

    /// Changes an e-mail's record as told. The vendor has no time of change for mails.
    pub fn edit_email(&mut self, id: &str, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
        let Some(id) = Uuid::parse_str(id).ok() else { return false };
        let (Some(mut mail), Some(auto_reply)) = (self.mails.get(id), self.mails.is_auto_reply(id)) else {
            return false;
        };
        if let Some(fields) = mail.as_object_mut() {
            change(fields);
        }
        self.mails.put(mail, auto_reply).is_some()
    }

    /// Keeps a lead's record exactly as given, under its `id`. It has no figures behind it.
    pub fn put_lead(&mut self, record: Value) -> Option<String> {
        let id = record["id"].as_str()?.to_owned();
        self.leads.insert(id.clone(), record);
        Some(id)
    }

    /// Keeps a campaign's record exactly as given, under its `id`.
    pub fn put_campaign(&mut self, record: Value) -> Option<String> {
        let id = record["id"].as_str()?.to_owned();
        self.campaigns.insert(id.clone(), record);
        Some(id)
    }

    /// Keeps a mailbox's record exactly as given, under its `email`.
    pub fn put_account(&mut self, record: Value) -> Option<String> {
        let address = record["email"].as_str()?.to_owned();
        self.accounts.insert(address.clone(), record);
        Some(address)
    }

    /// Puts an address or a whole domain on the block list. Answers the entry's id. Its dice are thrown for it alone, so
    /// that the rest of the world stays as it is.
    pub fn block_now(&mut self, value: &str) -> String {
        let at = self.moment();
        self.block(value, at)
    }

    pub(super) fn block(&mut self, value: &str, at: i64) -> String {
        let id = Prng::new(at.unsigned_abs() ^ self.blocked.len() as u64).uuid(at).to_string();
        let entry = json!({
            "id": id, "timestamp_created": stamp(at), "organization_id": self.organization, "bl_value": value,
            "is_domain": !value.contains('@'),
        });
        self.blocked.insert(id.clone(), entry);
        id
    }

    /// Takes an entry off the block list.
    pub fn unblock(&mut self, id: &str) -> bool {
        self.blocked.remove(id).is_some()
    }

    /// Keeps an e-mail exactly as given, under its `id` (a UUID) and `timestamp_created`.
    pub fn put_email(&mut self, record: Value, auto_reply: bool) -> Option<String> {
        self.mails.put(record, auto_reply).map(|id| id.to_string())
    }

    /// A mail arrives while someone walks the list: in front of everything there is.
    pub(crate) fn shift(&mut self) {
        let newest = self.mails.newest().unwrap_or(0);
        self.latest = self.latest.max(newest);
        let leads: Vec<String> =
            self.enrolments.iter().filter(|(_, e)| e.step.is_some()).map(|(id, _)| id.clone()).collect();
        if leads.is_empty() || self.letters.is_multiple_of(3) {
            self.add_reply_from_stranger();
        } else {
            let lead = self.prng.pick(&leads).clone();
            self.add_auto_reply(&lead);
        }
    }
}

fn edit(record: Option<&mut Value>, at: i64, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
    let Some(fields) = record.and_then(Value::as_object_mut) else { return false };
    change(fields);
    fields.insert("timestamp_updated".into(), json!(stamp(at)));
    true
}
