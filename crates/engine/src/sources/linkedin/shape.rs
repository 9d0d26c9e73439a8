//! One touch out of whatever shape a tool sends: each meaning has the places where tools put it, in order. Sources
//! disagree on the same tool's payload, so every spelling is accepted from every tool.

use jiff::Timestamp;
use serde_json::Value;

use super::{names, when};
use crate::identity;

/// Longest profile, name or id that is kept in a column; the whole is in the payload.
const LONGEST: usize = 600;

/// One touch as a tool told it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) provider: String,
    /// The event as the tool names it.
    pub(crate) named: String,
    /// The event in our words.
    pub(crate) event: &'static str,
    /// Canonical profile: the public name where there is one, else LinkedIn's member id.
    pub(crate) profile: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) sender: Option<String>,
    pub(crate) campaign_ref: Option<String>,
    pub(crate) campaign: Option<String>,
    pub(crate) happened_at: Option<Timestamp>,
    pub(crate) message: Option<String>,
    /// The tool's own id of the touch.
    pub(crate) id: Option<String>,
}

const EVENT: &[&str] = &["event_type", "eventType", "event", "hook.event", "type"];
const PROFILE: &[&str] = &[
    "linkedin_url",
    "linkedinUrl",
    "linkedInUrl",
    "lead.profile_url",
    "lead.linkedin_url",
    "lead.profileUrl",
    "lead.linkedinUrl",
    "leadProfile.linkedInUrl",
    "leadProfile.profileUrl",
    "contact.profile_link",
    "profileUrl",
    "profile_url",
    "user_profile_url",
    "leadLinkedinUrl",
    "leadLinkedInUrl",
    "profileLink",
    "profile_link",
    "link",
    "linkedin",
    "attendees.0.attendee_profile_url",
    "sender.attendee_profile_url",
    "contact.sales_nav_link",
    "linkedin_profile",
    "defaultProfileUrl",
    "query",
];
const EMAIL: &[&str] = &[
    "email",
    "lead.email_address",
    "lead.email",
    "lead.emailAddress",
    "lead.enriched_email",
    "leadProfile.emailAddress",
    "leadProfile.email",
    "contact.email",
    "leadEmail",
    "email_address",
    "corporateEmail",
    "manualEmail",
    "linkedInEmail",
];
const SENDER: &[&str] = &[
    "sender.id",
    "sender.linkedInAccount.id",
    "sender.profile_url",
    "sender",
    "hook.li_account",
    "account_id",
    "accountId",
    "senderId",
    "sendUserId",
    "linkedInAccount.id",
];
const CAMPAIGN_REF: &[&str] = &["campaign.id", "campaignId", "campaign_id"];
const CAMPAIGN: &[&str] =
    &["campaign.name", "campaign", "campaignName", "campaign_name", "messenger.campaign_instance"];
const WHEN: &[&str] = &[
    "occurred_at",
    "timestamp",
    "hook.fired_datetime",
    "message.timestamp",
    "message.created_at",
    "createdAt",
    "created_at",
    "date",
    "hookDate",
    "eventTimestamp",
];
const MESSAGE: &[&str] =
    &["message", "message.text", "message.message", "message.body", "message_text", "text"];
const ID: &[&str] = &["external_id", "message.id", "message_id", "messageId"];

/// The tool that a payload comes from, where its shape says so and the connection did not.
pub(super) fn provider<'a>(value: &Value, told: &'a str) -> Option<&'a str> {
    let has = |field: &str| value.get(field).is_some();
    if has("resultObject") && (has("agentId") || has("containerId")) {
        return Some("phantombuster");
    }
    if !told.trim().is_empty() {
        return Some(told);
    }
    match () {
        () if has("hook") && (has("messenger") || has("contact")) => Some("expandi"),
        () if has("hookDate") => Some("dripify"),
        () if has("recent_messages") || has("leadProfile") || value["lead"].get("profile_url").is_some() => {
            Some("heyreach")
        }
        () if has("user_provider_id") || has("account_type") => Some("unipile"),
        () => None,
    }
}

impl Touch {
    /// Reads one object; an error says what is missing.
    pub(crate) fn read(value: &Value, provider: &str, address_event: Option<&str>) -> Result<Self, String> {
        let conversation = Conversation::of(value);
        let named = text(value, EVENT)
            .or_else(|| address_event.map(str::to_owned))
            .or_else(|| conversation.shape().map(str::to_owned))
            .ok_or("no event: name it in the body (`event`) or at the end of the address (/hooks/…/connection_accepted)")?;
        let mut event = names::canonical(&named);
        // A body that names what we do not know may still have been sent to an address that does.
        if event == "other" {
            event = address_event.map_or("other", names::canonical);
        }
        // Unipile tells of messages in both directions by one name.
        if event == "message_replied" && value["is_sender"] == Value::Bool(true) {
            event = "message_sent";
        }
        let profiles: Vec<String> = PROFILE
            .iter()
            .filter_map(|place| text(value, &[place]))
            .chain(text(value, &["user_public_identifier"]).map(|slug| format!("in/{slug}")))
            .filter_map(|link| identity::linkedin::profile(&link))
            .filter(|profile| profile.len() <= LONGEST)
            .collect();
        let by_name = profiles.iter().find(|profile| !identity::linkedin::is_member_id(profile));
        let profile = by_name.or(profiles.first()).cloned();
        let email = EMAIL.iter().find_map(|place| identity::email::key(&text(value, &[place])?));
        if profile.is_none() && email.is_none() && event != "campaign_completed" {
            return Err("nobody it is about: give `linkedin_url` or `email`".into());
        }
        let (message, said_at) = conversation.last(event);
        let day_first = provider == "dripify";
        Ok(Self {
            provider: cut(provider.trim().to_lowercase()),
            named: cut(named),
            event,
            profile,
            email,
            sender: text(value, SENDER).map(cut),
            campaign_ref: text(value, CAMPAIGN_REF).map(cut),
            campaign: text(value, CAMPAIGN).map(cut),
            happened_at: said_at
                .and_then(|at| when::instant(&at, day_first))
                .or_else(|| WHEN.iter().find_map(|place| when::instant(&text(value, &[place])?, day_first))),
            message: message.or_else(|| text(value, MESSAGE)),
            id: text(value, ID).map(cut),
        })
    }
}

/// What was said: HeyReach sends the last messages, Expandi the last of each side.
struct Conversation<'a> {
    messages: &'a [Value],
    messenger: &'a Value,
}

impl<'a> Conversation<'a> {
    fn of(value: &'a Value) -> Self {
        let list = value.get("recent_messages").or_else(|| value.get("recentMessages"));
        let messages = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        Self { messages, messenger: &value["messenger"] }
    }

    /// The event that the last message amounts to.
    fn shape(&self) -> Option<&'static str> {
        let last = self.messages.last()?;
        Some(if is_reply(last) { "message_replied" } else { "message_sent" })
    }

    /// Words and time of the message that the event is about.
    fn last(&self, event: &str) -> (Option<String>, Option<String>) {
        let reply = match event {
            "message_replied" => true,
            "message_sent" => false,
            _ => return (None, None),
        };
        if let Some(message) = self.messages.iter().rfind(|message| is_reply(message) == reply) {
            return (
                text(message, &["message", "text", "body"]),
                text(message, &["creation_time", "creationTime", "createdAt"]),
            );
        }
        if reply {
            return (
                text(self.messenger, &["last_received_message"]),
                text(self.messenger, &["last_received_message_datetime"]),
            );
        }
        (text(self.messenger, &["last_sent_message"]), text(self.messenger, &["last_sent_message_datetime"]))
    }
}

fn is_reply(message: &Value) -> bool {
    message.get("is_reply").or_else(|| message.get("isReply")) == Some(&Value::Bool(true))
}

/// The first of these places that holds text or a number; a place within another is joined by a dot.
pub(super) fn text(value: &Value, places: &[&str]) -> Option<String> {
    places.iter().find_map(|place| {
        let found = place.split('.').try_fold(value, |value, part| match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            _ => value.get(part),
        })?;
        match found {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    })
}

fn cut(text: String) -> String {
    text.chars().take(LONGEST).collect()
}
