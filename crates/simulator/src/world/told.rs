//! A happening as Instantly tells it by webhook: one flat object, the lead's variables merged into its top level.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::World;
use super::journal::What;
use crate::clock::stamp;
use crate::material::preview;

impl World {
    /// Tells what just happened to a lead, if anybody listens.
    pub(super) fn tell(&mut self, lead: &str, at: i64, what: What, step: Option<u8>, mail: Option<Uuid>) {
        if !self.hooks.has_listeners() {
            return;
        }
        let Some(event_type) = self.delivered_name(what) else { return };
        let Some(enrolment) = self.enrolments.get(lead) else { return };
        let (campaign, account, address) =
            (enrolment.campaign.clone(), enrolment.account.clone(), enrolment.person.email.clone());
        let mut payload = self.variables(lead);
        let campaign_name = self.campaigns.get(&campaign).map(|campaign| campaign["name"].clone());
        super::merge_into(
            &mut payload,
            json!({
                "timestamp": stamp(at), "event_type": event_type, "workspace": self.organization,
                "campaign_id": campaign, "campaign_name": campaign_name, "lead_email": address, "email": address,
                "email_account": account,
            }),
        );
        if let Some(step) = step {
            let variant = self.variant(lead, step);
            super::merge_into(&mut payload, json!({"step": step + 1, "variant": variant + 1}));
        }
        if matches!(what, What::Sent | What::Opened | What::Clicked | What::Replied | What::AutoReplied) {
            payload.insert("is_first".into(), json!(self.hooks.is_first(&event_type, lead)));
        }
        if let Some(mail) = mail.and_then(|id| self.mails.get(id)) {
            self.quote(&mut payload, &mail, what);
        }
        self.hooks.tell(at, &self.organization, &Value::Object(payload));
    }

    /// Tells of a mail from somebody who is no lead: an address, a message, and no campaign.
    pub(super) fn tell_stranger(&mut self, at: i64, mail: Uuid) {
        if !self.hooks.has_listeners() {
            return;
        }
        let Some(mail) = self.mails.get(mail) else { return };
        let mut payload = Map::new();
        super::merge_into(
            &mut payload,
            json!({
                "timestamp": stamp(at), "event_type": "reply_received", "workspace": self.organization,
                "lead_email": mail["from_address_email"], "email": mail["from_address_email"],
                "email_account": mail["eaccount"],
            }),
        );
        self.quote(&mut payload, &mail, What::Replied);
        self.hooks.tell(at, &self.organization, &Value::Object(payload));
    }

    /// The name by which it is delivered; None: nobody is told.
    fn delivered_name(&self, what: What) -> Option<String> {
        let name = match what {
            What::Sent => "email_sent",
            What::Opened => "email_opened",
            What::Clicked => "link_clicked",
            What::Replied => "reply_received",
            What::AutoReplied => "auto_reply_received",
            What::Bounced => "email_bounced",
            What::Unsubscribed => "lead_unsubscribed",
            What::Opportunity | What::Completed => return None,
            What::Interest(value) => match value {
                0 => "lead_out_of_office",
                1 => "lead_interested",
                2 => "lead_meeting_booked",
                3 => "lead_meeting_completed",
                4 => "lead_closed",
                -1 => "lead_not_interested",
                -2 => "lead_wrong_person",
                -3 => "lead_lost",
                -4 => "lead_no_show",
                custom => {
                    let label = self.labels.values().find(|label| label["interest_status"] == custom)?;
                    return label["label"].as_str().map(str::to_owned);
                }
            },
        };
        Some(name.to_owned())
    }

    fn variables(&self, lead: &str) -> Map<String, Value> {
        let payload = self.leads.get(lead).and_then(|lead| lead["payload"].as_object()).cloned();
        payload.unwrap_or_default().into_iter().filter(|(_, value)| !value.is_null()).collect()
    }

    /// The words of the mail it is about.
    fn quote(&self, payload: &mut Map<String, Value>, mail: &Value, what: What) {
        let (text, html) = (&mail["body"]["text"], &mail["body"]["html"]);
        payload.insert("email_id".into(), mail["id"].clone());
        if what == What::Sent {
            payload.insert("email_subject".into(), mail["subject"].clone());
            payload.insert("email_text".into(), text.clone());
            payload.insert("email_html".into(), html.clone());
            return;
        }
        let thread = mail["thread_id"].as_str().unwrap_or_default();
        let url = format!(
            "https://app.instantly.ai/app/unibox?thread_search=thread:{thread}&selected_wks={}",
            self.organization
        );
        payload.insert("unibox_url".into(), json!(url));
        payload.insert("reply_subject".into(), mail["subject"].clone());
        if let Some(text) = text.as_str() {
            payload.insert("reply_text_snippet".into(), json!(preview(text)));
            payload.insert("reply_text".into(), json!(text));
        }
        if let Some(html) = html.as_str().filter(|html| !html.is_empty()) {
            payload.insert("reply_html".into(), json!(html));
        }
    }
}
