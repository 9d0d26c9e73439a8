//! A timeline as it is read: days, each touch with what it was in words, opens and clicks folded into their mail. Leaves
//! which touches to the engine, markup to `parts/touch.html`.

use engine::timeline::Touch;
use engine::words;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::parts;

/// Touches of one day, newest first.
pub(crate) struct Day {
    pub(crate) words: String,
    pub(crate) entries: Vec<Entry>,
}

/// One touch.
pub(crate) struct Entry {
    pub(crate) touch: Touch,
    pub(crate) channel: &'static str,
    pub(crate) inbound: bool,
    /// What happened, with the name.
    pub(crate) what: String,
    /// Where: campaign, step, outcome.
    pub(crate) beside: String,
    /// The words, as paragraphs; quoted mail is apart.
    pub(crate) said: Vec<String>,
    pub(crate) quoted: Option<String>,
    pub(crate) transcript: Vec<Turn>,
    pub(crate) opened: Vec<Timestamp>,
    pub(crate) clicked: Vec<Timestamp>,
}

/// One turn of a call.
pub(crate) struct Turn {
    pub(crate) who: String,
    pub(crate) them: bool,
    pub(crate) words: String,
}

impl Entry {
    /// One quiet line: there are no words to show.
    pub(crate) fn is_line(&self) -> bool {
        self.said.is_empty() && self.transcript.is_empty() && !self.touch.has_recording && !self.is_wordless()
    }

    /// The call whose recording can be heard.
    pub(crate) fn recording(&self) -> Option<&str> {
        self.touch.vapi_call_id.as_deref().filter(|_| self.touch.has_recording)
    }

    pub(crate) fn is_mail(&self) -> bool {
        self.channel == "email" && (!self.said.is_empty() || self.is_wordless())
    }

    /// A mail of theirs whose markup holds no words, such as a picture: it can be looked at all the same.
    fn is_wordless(&self) -> bool {
        let is_message = matches!(
            self.touch.event_type.as_str(),
            "email_replied" | "email_received" | "email_auto_replied"
        );
        self.said.is_empty() && is_message && self.touch.has_raw
    }

    pub(crate) fn can_be_undone(&self) -> bool {
        self.touch.event_source == "manual" && self.touch.withdrawn_at.is_none()
    }

    /// Seconds between the touch and our knowing of it, where that says something.
    pub(crate) fn known_after(&self) -> Option<String> {
        let seconds = self.touch.observed_at.duration_since(self.touch.event_timestamp).as_secs();
        match seconds {
            0..120 => Some(format!("Known after {seconds} s")),
            120..7200 => Some(format!("Known after {} min", seconds / 60)),
            _ => None,
        }
    }
}

/// Touches newest first, as days.
pub(crate) fn days(touches: Vec<Touch>, name: &str, now: Timestamp, zone: &TimeZone) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for entry in folded(touches, name) {
        let words = day_words(entry.touch.event_timestamp, now, zone);
        match days.last_mut() {
            Some(day) if day.words == words => day.entries.push(entry),
            _ => days.push(Day { words, entries: vec![entry] }),
        }
    }
    days
}

/// Opens and clicks stand with the mail they belong to, where it is on the page.
pub(crate) fn folded(touches: Vec<Touch>, name: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut traces: Vec<Touch> = Vec::new();
    for touch in touches {
        if !matches!(touch.event_type.as_str(), "email_opened" | "email_clicked") {
            let mut entry = entry(touch, name);
            if entry.touch.event_type == "email_sent" {
                let (ours, others): (Vec<Touch>, Vec<Touch>) =
                    traces.into_iter().partition(|trace| belongs(trace, &entry.touch));
                traces = others;
                for trace in ours {
                    let to = if trace.event_type == "email_opened" {
                        &mut entry.opened
                    } else {
                        &mut entry.clicked
                    };
                    to.insert(0, trace.event_timestamp);
                }
            }
            entries.push(entry);
        } else {
            traces.push(touch);
        }
    }
    // Their mail is on an earlier page.
    entries.extend(traces.into_iter().map(|trace| entry(trace, name)));
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.touch.event_timestamp, entry.touch.id)));
    entries
}

fn belongs(trace: &Touch, mail: &Touch) -> bool {
    trace.campaign_id == mail.campaign_id
        && (trace.sequence_step.is_none() || trace.sequence_step == mail.sequence_step)
}

fn entry(touch: Touch, name: &str) -> Entry {
    let channel = touch.channel();
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    // Only a mail may be HTML; what people type elsewhere is what they mean.
    let mail = given(&touch.email_body).map(|text| words::words(&text));
    let typed =
        || [&touch.linkedin_message_text, &touch.note_text, &touch.call_summary].into_iter().find_map(given);
    let text = mail.or_else(|| typed().map(|text| words::plain(&text))).unwrap_or_default();
    let own = words::without_quote(&text).trim().to_owned();
    let quoted = text
        .trim()
        .strip_prefix(own.as_str())
        .map(str::trim)
        .filter(|rest| !rest.is_empty())
        .map(str::to_owned);
    Entry {
        channel,
        inbound: touch.from_them(),
        what: what(&touch, first(name)),
        beside: beside(&touch),
        said: own.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        quoted,
        transcript: touch
            .call_transcript
            .as_deref()
            .map(|text| transcript(text, first(name)))
            .unwrap_or_default(),
        opened: Vec::new(),
        clicked: Vec::new(),
        touch,
    }
}

/// The first name of somebody known by one; else the whole.
fn first(name: &str) -> &str {
    if name.contains('@') { name } else { name.split_whitespace().next().unwrap_or(name) }
}

fn what(touch: &Touch, name: &str) -> String {
    let subject = touch.email_subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    let by = touch.performed_by_name.as_deref().unwrap_or("You");
    match touch.event_type.as_str() {
        "email_sent" => subject.map_or("You wrote".into(), |subject| format!("You wrote: {subject}")),
        "email_replied" => format!("{name} answered"),
        "email_received" => format!("{name} wrote"),
        "email_auto_replied" => "Automatic reply".into(),
        "email_opened" => format!("{name} opened it"),
        "email_clicked" => format!("{name} clicked a link"),
        "email_bounced" => "The mail bounced".into(),
        "email_unsubscribed" => format!("{name} opted out"),
        "call_completed" => match touch.call_duration_seconds {
            Some(seconds) if seconds > 0 => format!("Talked with {name}, {}", parts::lasted(&seconds)),
            _ if touch.from_them() => format!("Talked with {name}"),
            _ => format!("Called {name}"),
        },
        "call_voicemail" => "Called, voicemail".into(),
        "call_no_answer" => "Called, no answer".into(),
        "call_failed" => "The call failed".into(),
        "call_initiated" => "Call placed".into(),
        "call_answered" => format!("{name} picked up"),
        "connection_sent" => "Connection request sent".into(),
        "connection_accepted" => format!("{name} accepted your request"),
        "message_sent" => "You wrote on LinkedIn".into(),
        "message_replied" => format!("{name} answered on LinkedIn"),
        "note_added" => format!("{by} noted"),
        "interest_changed" => "Interest changed".into(),
        "queue_done" => format!("{by} did it"),
        "queue_skipped" => format!("{by} skipped it"),
        "queue_snoozed" => format!("{by} put it off"),
        "resumed" => format!("{by} let it go on"),
        other => parts::sentence(&parts::plain(other)).trim_end_matches('.').to_owned(),
    }
}

fn beside(touch: &Touch) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(campaign) = &touch.campaign_name {
        parts.push(campaign.clone());
    }
    if let Some(step) = touch.sequence_step {
        parts.push(format!("step {step}"));
    }
    // `call_voicemail` says it already.
    let said = |outcome: &&str| *outcome != "other" && touch.event_type != format!("call_{outcome}");
    if let Some(outcome) = touch.call_outcome.as_deref().filter(said) {
        parts.push(parts::plain(outcome));
    }
    if let Some(words) = touch.interest_status.map(interest) {
        parts.push(words.into());
    }
    if matches!(touch.event_type.as_str(), "call_failed" | "call_no_answer")
        && let Some(reason) = &touch.call_ended_reason
    {
        parts.push(reason.replace('-', " "));
    }
    parts.join(", ")
}

fn interest(code: i32) -> &'static str {
    match code {
        0 => "out of office",
        1 => "interested",
        2 => "meeting booked",
        3 => "meeting held",
        4 => "won",
        -1 => "not interested",
        -2 => "wrong person",
        -3 => "lost",
        -4 => "no show",
        _ => "a label of your own",
    }
}

/// `AI: …` and `User: …` line by line, as voice tools write it; anything else is one turn without a name.
fn transcript(text: &str, name: &str) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for line in words::plain(text).lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (who, rest) = match line.split_once(':') {
            Some((who, rest)) if who.len() <= 24 && !who.contains(['.', '?', '!']) => {
                (Some(who.trim()), rest.trim())
            }
            _ => (None, line),
        };
        match who {
            Some(who) => {
                let them =
                    matches!(who.to_ascii_lowercase().as_str(), "user" | "customer" | "lead" | "human")
                        || who.eq_ignore_ascii_case(name);
                let ours = matches!(who.to_ascii_lowercase().as_str(), "ai" | "assistant" | "bot" | "agent");
                let shown = if them {
                    name
                } else if ours {
                    "We"
                } else {
                    who
                };
                turns.push(Turn { who: shown.into(), them, words: rest.into() });
            }
            None => match turns.last_mut() {
                Some(turn) => {
                    turn.words.push(' ');
                    turn.words.push_str(rest);
                }
                None => turns.push(Turn { who: String::new(), them: false, words: rest.into() }),
            },
        }
    }
    turns
}

fn day_words(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let day = at.to_zoned(zone.clone()).date();
    let today = now.to_zoned(zone.clone()).date();
    let words = if day.year() == today.year() { "%A %-d %B" } else { "%A %-d %B %Y" };
    let words = parts::format(words, at, zone);
    if day == today {
        format!("Today, {words}")
    } else if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
        format!("Yesterday, {words}")
    } else {
        words
    }
}

/// Where a page of a timeline ends, as an address carries it.
pub(crate) fn cursor(last: &Touch) -> String {
    format!("{}.{}", last.event_timestamp.as_microsecond(), last.id.simple())
}

/// The other way; None: it is no such place.
pub(crate) fn read_cursor(text: &str) -> Option<(Timestamp, Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}
