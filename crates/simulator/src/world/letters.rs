//! Writes one e-mail record in the vendor's shape.

use serde_json::{Value, json};
use uuid::Uuid;

use super::World;
use crate::clock::{DAY, SECOND, stamp};
use crate::material::{html, preview};

/// What is known of an e-mail before it is written down.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letter {
    /// 1 sent by a campaign, 2 received, 3 sent by hand, 4 scheduled.
    pub(crate) kind: i64,
    /// Address and name.
    pub(crate) from: (String, String),
    pub(crate) to: (String, String),
    pub(crate) cc: Option<(String, String)>,
    pub(crate) account: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) campaign: Option<String>,
    /// Address and id.
    pub(crate) lead: Option<(String, String)>,
    pub(crate) step: Option<String>,
    pub(crate) thread: Option<String>,
    pub(crate) interest: Option<i64>,
    pub(crate) auto_reply: bool,
    /// For a scheduled mail: when it will go out.
    pub(crate) due: Option<i64>,
}

impl World {
    /// Writes the letter at `at` and keeps it.
    pub(crate) fn write(&mut self, at: i64, letter: Letter) -> Option<Uuid> {
        self.letters += 1;
        let received = letter.kind == 2;
        let id = self.prng.uuid(at);
        // The header time is a little earlier, but of the same UTC day: the figures book a mail on one day.
        let header = (at - self.prng.between(2, 40) * SECOND).max(at.div_euclid(DAY) * DAY);
        let header = letter.due.unwrap_or(header - header.rem_euclid(SECOND)).max(at.div_euclid(DAY) * DAY);
        let message = format!("<{:016x}{:016x}@mail.example.com>", self.prng.next(), self.prng.next());
        let scheduled = letter.kind == 4;
        let address = |(address, name): &(String, String)| json!([{"address": address, "name": name}]);
        let to = if scheduled { String::new() } else { letter.to.0.clone() };
        let mut mail = json!({
            "id": id.to_string(), "timestamp_created": stamp(at), "timestamp_email": stamp(header),
            "message_id": message, "subject": letter.subject, "from_address_email": letter.from.0,
            "to_address_email_list": to, "cc_address_email_list": null, "bcc_address_email_list": null,
            "reply_to": null, "body": body(&letter.text, self.letters, received), "organization_id": self.organization,
            "campaign_id": letter.campaign, "subsequence_id": null, "list_id": null,
            "lead": letter.lead.as_ref().map(|(email, _)| email), "lead_id": letter.lead.as_ref().map(|(_, id)| id),
            "eaccount": letter.account, "ue_type": letter.kind, "step": letter.step,
            "is_unread": i32::from(received && at > self.born - 3 * DAY), "reminder_ts": null,
            "ai_interest_value": null, "ai_assisted": null, "is_focused": i32::from(!letter.auto_reply),
            "i_status": letter.interest, "thread_id": letter.thread, "content_preview": preview(&letter.text),
            "attachment_json": null, "from_address_json": address(&letter.from), "to_address_json": address(&letter.to),
            "cc_address_json": null, "ai_agent_id": null,
        });
        if let Some((cc, name)) = &letter.cc {
            // One string, and a display name may hold a comma.
            mail["cc_address_email_list"] = json!(format!("\"{name}\" <{cc}>, ops@example.org"));
            mail["cc_address_json"] =
                json!([{"address": cc, "name": name}, {"address": "ops@example.org", "name": ""}]);
        }
        if scheduled {
            mail["to_address_json"] = json!([]);
            mail["body"] = json!({});
            mail["reminder_ts"] = json!(stamp(header + DAY));
        }
        self.dress(&mut mail, &letter);
        self.mails.put(mail, letter.auto_reply)
    }

    /// The oddities that live mailboxes show.
    fn dress(&self, mail: &mut Value, letter: &Letter) {
        let number = self.letters;
        if letter.auto_reply {
            // A boolean where the document says 0 or 1.
            mail["is_unread"] = json!(mail["is_unread"] == 1);
        }
        if letter.interest == Some(1) {
            mail["ai_interest_value"] = if number.is_multiple_of(2) { json!(0.92) } else { json!("0.92") };
        }
        if letter.kind == 3 && number.is_multiple_of(2) {
            mail["attachment_json"] = json!({"files": [
                {"filename": "lotse – one page (v2).pdf", "size": 18_422, "type": "application/pdf",
                    "url": "https://cdn.example.com/a/page.pdf", "error": null},
                {"filename": "logo.svg", "error": "Upload failed"}]});
            mail["from_address_json"] = Value::Null;
            mail["ai_assisted"] = json!(1);
        }
        if number.is_multiple_of(11) {
            mail["priority_score"] = json!("12");
        }
        if number.is_multiple_of(13)
            && let Some(fields) = mail.as_object_mut()
        {
            for optional in ["ai_agent_id", "bcc_address_email_list", "content_preview", "reminder_ts"] {
                fields.remove(optional);
            }
        }
        if letter.lead.is_none() && letter.kind == 2 {
            mail["from_address_json"] = json!({"address": letter.from.0, "name": letter.from.1});
        }
    }
}

/// Text and HTML; received mail may lack either.
fn body(text: &str, number: usize, received: bool) -> Value {
    match (received, number % 5) {
        (true, 0) => json!({"text": text}),
        (true, 1) => {
            json!({"html": format!("<html><body>{}<img src=\"https://example.org/px.gif\" width=\"1\"></body></html>", html(text))})
        }
        (true, 2) => json!({"text": text, "html": ""}),
        _ => json!({"text": text, "html": html(text)}),
    }
}
