//! Many e-mails for measuring, made from their number: nothing is stored, and a row is a template with holes filled.

use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::{self, DAY};
use crate::prng::Prng;

/// A made-up mailbox of `count` mails.
#[derive(Debug)]
pub(crate) struct Bulk {
    pub(crate) count: u32,
    seed: u64,
    /// Time of the first mail and the distance to the next.
    start: i64,
    step: i64,
    /// Id and address of the leads they are with, in turn.
    pub(crate) leads: Vec<(String, String)>,
    /// Pieces between the holes: for mails we sent, and for mails we received.
    sent: Vec<String>,
    received: Vec<String>,
    filler: String,
    body: usize,
}

/// The holes, in the words of the template.
const HOLES: [&str; 7] = ["id", "at", "lead", "lead_id", "text", "html", "thread"];

impl Bulk {
    pub(crate) fn new(
        seed: u64,
        now: i64,
        (count, bytes): (usize, usize),
        (organization, campaign, account): (&str, &str, &str),
        leads: Vec<(String, String)>,
    ) -> Self {
        let mut prng = Prng::new(seed);
        let step = (45 * DAY / count.max(1) as i64).max(1);
        let sent = pieces(&template(organization, campaign, account, true));
        let received = pieces(&template(organization, campaign, account, false));
        let frame: usize = sent.iter().map(String::len).sum::<usize>() + 250;
        Bulk {
            count: count as u32,
            seed,
            start: now - step * count as i64,
            step,
            leads,
            sent,
            received,
            filler: filler(&mut prng, bytes + 4_096),
            body: bytes.saturating_sub(frame) / 2,
        }
    }

    pub(crate) fn at(&self, number: u32) -> i64 {
        self.start + self.step * i64::from(number)
    }

    pub(crate) fn id(&self, number: u32) -> Uuid {
        Prng::new(self.seed ^ (u64::from(number) << 20)).uuid(self.at(number))
    }

    /// Every fifth mail is an answer of the lead.
    pub(crate) fn is_reply(number: u32) -> bool {
        number % 5 == 4
    }

    pub(crate) fn lead(&self, number: u32) -> usize {
        // An answer comes from whom the mail before it went to.
        let number = if Bulk::is_reply(number) { number - 1 } else { number };
        number as usize % self.leads.len().max(1)
    }

    pub(crate) fn render(&self, number: u32) -> Bytes {
        let id = self.id(number).to_string();
        let at = clock::stamp(self.at(number));
        let (lead_id, lead) = &self.leads[self.lead(number)];
        let offset = number as usize * 37 % 4_096;
        let text = &self.filler[offset..offset + self.body];
        let thread = format!("{:026}", self.lead(number));
        let mut row = String::with_capacity(self.body * 2 + 2_048);
        for piece in if Bulk::is_reply(number) { &self.received } else { &self.sent } {
            row.push_str(match piece.as_str() {
                "\u{1}id" => &id,
                "\u{1}at" => &at,
                "\u{1}lead" => lead,
                "\u{1}lead_id" => lead_id,
                "\u{1}text" | "\u{1}html" => text,
                "\u{1}thread" => &thread,
                other => other,
            });
        }
        Bytes::from(row)
    }
}

fn template(organization: &str, campaign: &str, account: &str, sent: bool) -> Value {
    let (from, to) = if sent { (account, "%lead%") } else { ("%lead%", account) };
    json!({
        "id": "%id%", "timestamp_created": "%at%", "timestamp_email": "%at%",
        "message_id": "<%id%@mail.example.com>", "subject": if sent { "Your week" } else { "Re: Your week" },
        "from_address_email": from, "to_address_email_list": to, "cc_address_email_list": null,
        "bcc_address_email_list": null, "reply_to": null,
        "body": {"text": "%text%", "html": "<div>%html%</div>"},
        "organization_id": organization, "campaign_id": campaign, "subsequence_id": null, "list_id": null,
        "lead": "%lead%", "lead_id": "%lead_id%", "eaccount": account, "ue_type": if sent { 1 } else { 2 },
        "step": "0_0_0", "is_unread": i32::from(!sent), "reminder_ts": null, "ai_interest_value": null,
        "ai_assisted": null, "is_focused": 1, "i_status": null, "thread_id": "%thread%",
        "content_preview": "Good morning, here is how the week looks", "attachment_json": null,
        "from_address_json": [{"address": from, "name": ""}], "to_address_json": [{"address": to, "name": ""}],
        "cc_address_json": null, "ai_agent_id": null,
    })
}

/// Cuts the serialised template at its holes.
fn pieces(template: &Value) -> Vec<String> {
    template
        .to_string()
        .split('%')
        .map(|piece| if HOLES.contains(&piece) { format!("\u{1}{piece}") } else { piece.to_owned() })
        .collect()
}

/// Plain prose in ASCII, so that any cut is valid and needs no escaping in JSON.
fn filler(prng: &mut Prng, length: usize) -> String {
    const WORDS: &[&str] = &[
        "the",
        "plan",
        "for",
        "Monday",
        "moves",
        "two",
        "trucks",
        "to",
        "Hamburg",
        "and",
        "leaves",
        "room",
        "on",
        "Thursday",
        "orders",
        "arrive",
        "before",
        "noon",
        "we",
        "checked",
        "with",
        "dispatch",
        "again",
        "please",
        "confirm",
        "loading",
        "dock",
        "seven",
        "thank",
        "you",
        "kindly",
        "weather",
        "permitting",
        "crew",
    ];
    let mut text = String::with_capacity(length + 16);
    while text.len() < length {
        text.push_str(WORDS[prng.below(WORDS.len())]);
        text.push(' ');
    }
    text
}
