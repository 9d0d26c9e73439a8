//! The reason a line of the queue gives, in words: why now, or what it waits for. Pure: facts in, a sentence out.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::item::ItemKind;
use crate::replies::Reply;

/// What somebody who is not due waits for, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// Must not be contacted on this channel.
    Suppressed,
    /// Answered, said no, was stopped: on whatever channel.
    Stopped,
    NoPhone,
    NoProfile,
    AllTriesMade,
    Snoozed,
    /// The campaign begins with a message of ours, and none has gone out.
    NoMessageYet,
    /// The connection on LinkedIn was not accepted.
    NotAcceptedYet,
    NotDue,
    OutsideHours,
    DailyLimit,
}

impl WaitsFor {
    pub const ALL: &[Self] = &[
        Self::Suppressed,
        Self::Stopped,
        Self::NoPhone,
        Self::NoProfile,
        Self::AllTriesMade,
        Self::Snoozed,
        Self::NoMessageYet,
        Self::NotAcceptedYet,
        Self::NotDue,
        Self::OutsideHours,
        Self::DailyLimit,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Suppressed => "suppressed",
            Self::Stopped => "stopped",
            Self::NoPhone => "no_phone",
            Self::NoProfile => "no_profile",
            Self::AllTriesMade => "all_tries_made",
            Self::Snoozed => "snoozed",
            Self::NoMessageYet => "no_message_yet",
            Self::NotAcceptedYet => "not_accepted_yet",
            Self::NotDue => "not_due",
            Self::OutsideHours => "outside_hours",
            Self::DailyLimit => "daily_limit",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }
}

/// What is known about a line.
#[derive(Debug, Clone)]
pub(super) struct Facts<'r> {
    pub(super) kind: ItemKind,
    pub(super) channel: &'r str,
    pub(super) waits_for: Option<WaitsFor>,
    pub(super) due_at: Option<Timestamp>,
    pub(super) opens_at: Option<Timestamp>,
    pub(super) local_time: &'r str,
    pub(super) time_zone: &'r str,
    pub(super) attempt: i64,
    pub(super) max_attempts: Option<i32>,
    pub(super) after_days: Option<i32>,
    pub(super) daily_limit: Option<i32>,
    pub(super) used_today: i64,
    pub(super) snoozed_until: Option<Timestamp>,
    pub(super) stop_reason: Option<&'r str>,
    pub(super) stop_words: Option<&'r str>,
    pub(super) stop_event_type: Option<&'r str>,
    pub(super) stopped_since: Option<Timestamp>,
    pub(super) mails_sent: i64,
    pub(super) last_mail_at: Option<Timestamp>,
    pub(super) mails_opened: i64,
    pub(super) last_try_type: Option<&'r str>,
    pub(super) last_try_outcome: Option<&'r str>,
    pub(super) last_try_at: Option<Timestamp>,
    pub(super) promise_type: Option<&'r str>,
    pub(super) promised_at: Option<Timestamp>,
    pub(super) promise_words: Option<String>,
}

/// What to do, in a word.
pub(super) fn action(kind: ItemKind, channel: &str) -> &'static str {
    match (kind, channel) {
        (ItemKind::Answer, _) => "Answer",
        (ItemKind::Call, _) | (ItemKind::FollowUp, "call") => "Call",
        (ItemKind::Connect, _) => "Connect",
        (ItemKind::Message, _) | (ItemKind::FollowUp, "linkedin") => "Write",
        (ItemKind::FollowUp, _) => "Follow up",
    }
}

/// Why it is due, or what it waits for.
pub(super) fn told(facts: &Facts, now: Timestamp) -> String {
    match facts.waits_for {
        Some(waits_for) => waiting(facts, waits_for, now),
        None => now_because(facts, now),
    }
}

/// Why a reply is there.
pub(super) fn answer(reply: &Reply, now: Timestamp) -> String {
    if let Some(until) = reply.snoozed_until.filter(|until| *until > now) {
        return format!("Snoozed until {}", day_of(until));
    }
    let how = match (reply.channel.as_str(), reply.call_outcome.as_deref()) {
        ("call", Some("callback")) => "Asked to be called back",
        ("call", _) => "Was interested on the phone",
        ("linkedin", _) => "Wrote on LinkedIn",
        _ => "Wrote a mail",
    };
    let since = reply.waiting_since.unwrap_or(reply.event_timestamp);
    let step = match (reply.sequence_step, &reply.campaign_name) {
        (Some(step), Some(campaign)) => format!(" on step {step} of {campaign}"),
        _ => String::new(),
    };
    let unknown = match (reply.lead_id, reply.channel.as_str()) {
        (Some(_), _) => "",
        (None, "call") => "; nobody is known by this number",
        (None, "linkedin") => "; nobody is known by this profile",
        (None, _) => "; nobody is known by this address",
    };
    format!("{how}{step}; waits {} for an answer{unknown}", long(now, since))
}

fn now_because(facts: &Facts, now: Timestamp) -> String {
    match facts.kind {
        ItemKind::FollowUp => promised(facts, now),
        ItemKind::Connect if facts.mails_sent > 0 => {
            format!("{}; connect after {}", mails(facts, now), days(facts.after_days))
        }
        ItemKind::Connect => "The campaign begins on LinkedIn".into(),
        ItemKind::Message if facts.last_try_type == Some("connection_accepted") => {
            format!("Accepted the connection {} ago; nothing was written yet", since(facts.last_try_at, now))
        }
        ItemKind::Message => format!(
            "Last written {} ago, no answer; {}",
            since(facts.last_try_at, now),
            nth(facts, "message")
        ),
        _ => call_because(facts, now),
    }
}

fn call_because(facts: &Facts, now: Timestamp) -> String {
    if facts.attempt > 1 {
        let last = match (facts.last_try_type, facts.last_try_outcome) {
            (None, _) => "Tried before".to_owned(),
            (_, Some("voicemail")) | (Some("call_voicemail"), _) => {
                format!("Voicemail {} ago", since(facts.last_try_at, now))
            }
            (_, Some("busy")) => format!("Busy {} ago", since(facts.last_try_at, now)),
            (_, Some("callback")) => format!("Asked {} ago to be called back", since(facts.last_try_at, now)),
            (Some("call_completed"), _) => format!("Talked {} ago", since(facts.last_try_at, now)),
            (Some("call_failed"), _) => format!("The call {} ago failed", since(facts.last_try_at, now)),
            _ => format!("No answer {} ago", since(facts.last_try_at, now)),
        };
        return format!("{last}; {}", nth(facts, "try"));
    }
    if facts.mails_sent == 0 {
        return "The campaign begins with a call".into();
    }
    format!("{}; call after {}", mails(facts, now), days(facts.after_days))
}

/// How our mails went.
fn mails(facts: &Facts, now: Timestamp) -> String {
    let many =
        if facts.mails_sent == 1 { "1 mail".to_owned() } else { format!("{} mails", facts.mails_sent) };
    let opened = match facts.mails_opened {
        0 => String::new(),
        1 => ", opened once".into(),
        times => format!(", opened {times} times"),
    };
    format!("No answer to {many}, last one {} ago{opened}", since(facts.last_mail_at, now))
}

fn promised(facts: &Facts, now: Timestamp) -> String {
    let due = facts.due_at.map(day_of).unwrap_or_default();
    let late = facts.due_at.filter(|due| now.duration_since(*due).as_secs() >= 86_400);
    let late = late.map(|due| format!(", {} late", long(now, due))).unwrap_or_default();
    let who = match facts.promise_type {
        Some(kind) if kind.starts_with("call_") => "on the phone",
        Some(kind) if kind.starts_with("email_") => "by e-mail",
        Some(_) => "in a note",
        None => return format!("Planned for {due}{late}"),
    };
    let words = facts
        .promise_words
        .as_deref()
        .map(|words| crate::words::excerpt(words, 120))
        .filter(|w| !w.is_empty());
    let words = words.map(|words| format!(": {words}")).unwrap_or_default();
    format!("Agreed {who} {} ago for {due}{late}{words}", since(facts.promised_at, now))
}

fn waiting(facts: &Facts, waits_for: WaitsFor, now: Timestamp) -> String {
    let ago = |at: Option<Timestamp>| at.map(|at| format!(", {} ago", long(now, at))).unwrap_or_default();
    match waits_for {
        WaitsFor::Suppressed => {
            format!("Must not be contacted: {}{}", reason(facts), ago(facts.stopped_since))
        }
        WaitsFor::Stopped => match facts.stop_event_type.and_then(elsewhere) {
            Some(channel) if matches!(facts.stop_reason, Some("reply" | "replied" | "meeting")) => {
                format!("Answered {channel}{}", ago(facts.stopped_since))
            }
            _ => format!("Stopped: {}{}", reason(facts), ago(facts.stopped_since)),
        },
        WaitsFor::NoPhone => "No phone number".into(),
        WaitsFor::NoProfile => "No LinkedIn profile".into(),
        WaitsFor::AllTriesMade => {
            let max = facts.max_attempts.unwrap_or_default();
            format!("All {max} tries are made; it ends quietly")
        }
        WaitsFor::Snoozed => format!("Snoozed until {}", facts.snoozed_until.map(day_of).unwrap_or_default()),
        WaitsFor::NoMessageYet => "Waits for the first message of the campaign".into(),
        WaitsFor::NotAcceptedYet => {
            format!("Waits for the connection to be accepted{}", ago(facts.last_try_at))
        }
        WaitsFor::NotDue if facts.kind == ItemKind::FollowUp => {
            format!("Planned for {}", facts.due_at.map(day_of).unwrap_or_default())
        }
        WaitsFor::NotDue => format!("Not due before {}", facts.due_at.map(day_of).unwrap_or_default()),
        WaitsFor::OutsideHours => format!(
            "Outside their hours: it is {} there ({}); from {}",
            facts.local_time,
            facts.time_zone,
            facts.opens_at.map(|at| moment(at, facts.time_zone)).unwrap_or_default()
        ),
        WaitsFor::DailyLimit => {
            let (used, limit) = (facts.used_today, facts.daily_limit.unwrap_or_default());
            if used >= i64::from(limit) {
                format!("Daily limit reached: {used} of {limit} made today")
            } else {
                format!("Daily limit of {limit}: {used} made today, and others fell due earlier")
            }
        }
    }
}

fn reason<'r>(facts: &Facts<'r>) -> &'r str {
    facts.stop_words.or(facts.stop_reason).unwrap_or("no reason is known")
}

/// The channel on which they answered.
fn elsewhere(event_type: &str) -> Option<&'static str> {
    Some(match event_type {
        kind if kind.starts_with("email_") => "by e-mail",
        kind if kind.starts_with("call_") => "on the phone",
        kind if kind.starts_with("message_") => "on LinkedIn",
        _ => return None,
    })
}

fn nth(facts: &Facts, what: &str) -> String {
    match facts.max_attempts {
        Some(max) => format!("{what} {} of {max}", facts.attempt),
        None => format!("{what} {}", facts.attempt),
    }
}

fn days(number: Option<i32>) -> String {
    match number {
        Some(1) => "1 day".into(),
        number => format!("{} days", number.unwrap_or_default()),
    }
}

fn since(at: Option<Timestamp>, now: Timestamp) -> String {
    at.map_or_else(|| "some time".into(), |at| long(now, at))
}

/// How long ago, roughly.
fn long(now: Timestamp, at: Timestamp) -> String {
    let unit =
        |number: i64, one: &str| if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") };
    match now.duration_since(at).as_secs() {
        ..60 => "less than a minute".into(),
        seconds @ 60..3600 => unit(seconds / 60, "minute"),
        seconds @ 3600..172_800 => unit(seconds / 3600, "hour"),
        seconds => unit(seconds / 86_400, "day"),
    }
}

/// An instant for a sentence; pages show the exact one beside it.
fn day_of(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%-d %b %Y, %H:%M UTC").to_string()
}

fn moment(at: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).strftime("%a %H:%M").to_string()
}
