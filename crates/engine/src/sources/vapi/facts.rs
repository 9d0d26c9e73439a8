//! What a call says of itself, in a list and in a message: the same columns from both. Reads the places that the vendor
//! documents first, then those where real payloads have it (fact sheet, 3 and 5).

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::reasons;
use crate::identity;
use crate::raw::parse_timestamp;

/// Longest text that goes into a column; the whole is in the payload.
const LONGEST: usize = 600;

/// Variable values and metadata in which people put our ids, the most telling first.
const OUR_NAMES: &[&str] = &[
    "campaign_lead_id",
    "campaignLeadId",
    "enrollment_id",
    "touchline_id",
    "lead_id",
    "leadId",
    "external_id",
    "externalId",
    "campaign_id",
    "campaignId",
];

/// Names under which an analysis tells the outcome.
const OUTCOME_NAMES: &[&str] = &["outcome", "calloutcome", "disposition"];

/// Our words for an outcome, and what else says the same.
const OUTCOMES: &[(&str, &[&str])] = &[
    ("interested", &["interested", "positive"]),
    ("not_interested", &["notinterested", "nointerest", "negative"]),
    ("meeting", &["meeting", "meetingbooked", "demobooked", "appointment", "booked"]),
    ("callback", &["callback", "calllater", "callagain"]),
    ("wrong_number", &["wrongnumber", "wrongperson"]),
    ("do_not_call", &["donotcall", "dnc", "optout", "unsubscribe"]),
    ("voicemail", &["voicemail"]),
    ("no_answer", &["noanswer"]),
];

/// The columns that a call and a message about one have in common.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    pub(super) call_type: Option<String>,
    pub(super) status: Option<String>,
    pub(super) ended_reason: Option<String>,
    pub(super) campaign: Option<String>,
    pub(super) number: Option<String>,
    pub(super) our_ids: Vec<Uuid>,
    pub(super) scheduled_for: Option<Timestamp>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) started_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) seconds: Option<i32>,
    pub(super) cost: Option<f64>,
    pub(super) outcome: Option<&'static str>,
    pub(super) customer_spoke: Option<bool>,
    pub(super) has_recording: Option<bool>,
}

impl Facts {
    /// A call as the vendor lists it.
    pub(super) fn of_call(call: &Value) -> Self {
        let mut facts = Self::of(call, call);
        facts.status = text(&call["status"]);
        facts
    }

    /// A message; the call within it is a snapshot from its making, whose status and times of change say nothing.
    pub(super) fn of_message(message: &Value, status: Option<&str>) -> Self {
        let mut facts = Self::of(&message["call"], message);
        facts.status = status.map(cut);
        facts.campaign = facts.campaign.or_else(|| text(&message["campaignId"]));
        facts
    }

    /// `call` says who and since when, `told` what has become of it.
    fn of(call: &Value, told: &Value) -> Self {
        let instant = |value: &Value| value.as_str().and_then(parse_timestamp).filter(in_range);
        let (started_at, ended_at) = (instant(&told["startedAt"]), instant(&told["endedAt"]));
        let customer = if told["customer"].is_object() { &told["customer"] } else { &call["customer"] };
        let contact = &told["contact"]["number"];
        let artifact = &told["artifact"];
        Self {
            call_type: text(&call["type"]),
            status: None,
            ended_reason: text(&told["endedReason"]),
            campaign: text(&call["campaignId"]),
            number: [&customer["number"], &call["customer"]["number"], contact]
                .into_iter()
                .find_map(|number| identity::phone::e164(number.as_str()?)),
            our_ids: our_ids(call, told, customer),
            scheduled_for: instant(&call["schedulePlan"]["earliestAt"]),
            created_at: instant(&call["createdAt"]),
            started_at,
            ended_at,
            seconds: seconds(told, started_at, ended_at),
            cost: told["cost"].as_f64().filter(|cost| cost.is_finite() && cost.abs() < 1e9),
            outcome: outcome(told),
            customer_spoke: customer_spoke(told),
            has_recording: artifact.is_object().then(|| has_recording(artifact, told)),
        }
    }

    /// In the order of the tables, from `call_type` on.
    pub(super) fn columns(self) -> impl Iterator<Item = Option<String>> {
        let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let bucket = self.ended_reason.as_deref().map(|reason| reasons::bucket(reason).to_owned());
        let ids: Vec<String> = self.our_ids.iter().map(Uuid::to_string).collect();
        [
            self.call_type,
            self.status,
            self.ended_reason,
            bucket,
            self.campaign,
            self.number,
            (!ids.is_empty()).then(|| format!("{{{}}}", ids.join(","))),
            instant(self.scheduled_for),
            instant(self.created_at),
            instant(self.started_at),
            instant(self.ended_at),
            self.seconds.map(|seconds| seconds.to_string()),
            self.cost.map(|cost| cost.to_string()),
            self.outcome.map(str::to_owned),
            self.customer_spoke.map(|flag| flag.to_string()),
            self.has_recording.map(|flag| flag.to_string()),
        ]
        .into_iter()
    }
}

/// Ids that may be ours, each once, the surest first.
fn our_ids(call: &Value, told: &Value, customer: &Value) -> Vec<Uuid> {
    let overrides = &call["assistantOverrides"];
    let rooms = [
        &overrides["variableValues"],
        &told["artifact"]["variableValues"],
        &overrides["metadata"],
        &call["metadata"],
    ];
    let external = [&customer["externalId"], &call["customer"]["externalId"]];
    let named = rooms.into_iter().flat_map(|room| OUR_NAMES.iter().map(move |name| &room[*name]));
    let mut ids = Vec::new();
    for id in external.into_iter().chain(named) {
        let id = id.as_str().and_then(|id| Uuid::parse_str(id.trim()).ok());
        if let Some(id) = id.filter(|id| !ids.contains(id)) {
            ids.push(id);
        }
    }
    ids
}

/// Length of the conversation: the report's own, else from its start to its end.
fn seconds(told: &Value, started_at: Option<Timestamp>, ended_at: Option<Timestamp>) -> Option<i32> {
    let told_seconds =
        told["durationSeconds"].as_f64().or_else(|| told["durationMs"].as_f64().map(|ms| ms / 1000.0));
    let seconds = match (told_seconds, started_at, ended_at) {
        (Some(seconds), Some(_), _) => seconds,
        (_, Some(start), Some(end)) => end.duration_since(start).as_secs_f64(),
        _ => return None,
    };
    (0.0..f64::from(i32::MAX)).contains(&seconds).then(|| seconds.round() as i32)
}

/// The outcome that the analysis names, where it is one of our words. Anything else stays in the payload.
fn outcome(told: &Value) -> Option<&'static str> {
    let squeezed = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let word = |value: &Value| {
        let said = squeezed(value.as_str()?);
        OUTCOMES.iter().find(|(_, words)| words.contains(&said.as_str())).map(|(word, _)| *word)
    };
    let is_outcome = |name: &str| OUTCOME_NAMES.contains(&squeezed(name).as_str());
    let structured = told["analysis"]["structuredData"].as_object();
    let from_data = structured
        .and_then(|data| data.iter().filter(|(name, _)| is_outcome(name)).find_map(|(_, value)| word(value)));
    from_data.or_else(|| {
        let outputs = told["artifact"]["structuredOutputs"].as_object()?;
        let named = outputs.values().filter(|output| output["name"].as_str().is_some_and(is_outcome));
        named.filter_map(|output| word(&output["result"])).next()
    })
}

/// Whether the other side said anything; None: nothing tells.
fn customer_spoke(told: &Value) -> Option<bool> {
    let transcript = told["artifact"]["transcript"].as_str().or_else(|| told["transcript"].as_str());
    let messages = told["artifact"]["messages"].as_array().or_else(|| told["messages"].as_array());
    if transcript.is_none() && messages.is_none() {
        return None;
    }
    let in_words =
        transcript.is_some_and(|text| text.lines().any(|line| line.trim_start().starts_with("User:")));
    let in_messages = messages.is_some_and(|all| all.iter().any(|message| message["role"] == "user"));
    Some(in_words || in_messages)
}

fn has_recording(artifact: &Value, told: &Value) -> bool {
    let is_there = |value: &Value| value.as_str().is_some_and(|url| !url.trim().is_empty());
    let recording = &artifact["recording"];
    [
        &artifact["recordingUrl"],
        &artifact["stereoRecordingUrl"],
        &artifact["presignedMonoUrl"],
        &artifact["presignedStereoUrl"],
        &recording["stereoUrl"],
        &recording["mono"]["combinedUrl"],
        &told["recordingUrl"],
        &told["stereoRecordingUrl"],
    ]
    .into_iter()
    .any(is_there)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(cut)
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// Years of this trade; PostgreSQL holds fewer than JSON.
pub(super) fn in_range(at: &Timestamp) -> bool {
    (946_684_800..7_258_118_400).contains(&at.as_second())
}
