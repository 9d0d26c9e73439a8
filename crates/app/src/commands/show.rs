//! The demo while one watches: the simulated world lives on, something happens every few seconds, and what arrives is
//! printed as it becomes a touch.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use engine::db::Database;
use engine::demo::{self, Arrival};
use engine::sync::Stop;
use engine::words;
use jiff::Timestamp;
use simulator::{CallOutcome, Simulator};

use crate::output;

/// How often the world moves, sends, and is looked at.
const STEP: Duration = Duration::from_millis(500);
/// The next thing happens after a while: soon at first, then as seldom as one can leave it open for a day.
const SOON: Duration = Duration::from_secs(5);
const LATER: Duration = Duration::from_secs(45);
const FIRST_MINUTES: Duration = Duration::from_secs(180);
/// More than anybody reads at once.
const MOST_LINES: i64 = 40;

/// Until it is asked to stop.
pub(super) async fn go_on(database: &Database, world: &Simulator, mut stop: Stop) {
    let began = Instant::now();
    let (mut moved, mut happened, mut number) = (began, began, 0_usize);
    let since = Timestamp::now();
    let (mut seen, mut told) = (since, HashSet::new());
    // Somebody never wants to be called again; the call takes a minute, so it begins at once.
    world.world(|world| {
        let called = world.leads().iter().find(|(_, lead)| {
            lead["phone"].is_string() && lead["status"].as_i64().is_some_and(|status| status > 0)
        });
        let called = called.map(|(id, _)| id.clone());
        called.and_then(|lead| world.place_call(&lead, CallOutcome::DoNotCall))
    });
    while !stop.is_asked() {
        tokio::select! {
            () = tokio::time::sleep(STEP) => {}
            () = stop.asked() => return,
        }
        world.advance(moved.elapsed());
        moved = Instant::now();
        let pause = if began.elapsed() < FIRST_MINUTES { SOON } else { LATER };
        if happened.elapsed() >= pause {
            world.world(|world| world.stir(number));
            number += 1;
            happened = Instant::now();
        }
        world.deliver().await;
        match demo::arrivals(database.pool(), since, seen, MOST_LINES).await {
            Ok(arrivals) => {
                for arrival in &arrivals {
                    seen = seen.max(arrival.known_at);
                    // What came of a call is known a moment after its end.
                    let is_open = arrival.event_type == "call_completed" && arrival.call_outcome.is_none();
                    if !is_open && told.insert(arrival.id) {
                        output::print(&line(arrival));
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "arrivals could not be looked up"),
        }
    }
}

/// One touch in one line.
fn line(arrival: &Arrival) -> String {
    let who = match (&arrival.lead_name, &arrival.lead_email, &arrival.contact_address) {
        (Some(name), ..) => words::plain(name),
        (None, Some(address), _) => words::plain(address),
        (None, None, Some(address)) => format!("{} (nobody we know)", words::plain(address)),
        (None, None, None) => "Somebody".into(),
    };
    let said = arrival.words.as_deref().map(|text| words::snippet(text, 80)).filter(|text| !text.is_empty());
    let said = |mark: &str| said.as_ref().map_or(String::new(), |text| format!("{mark}“{text}”"));
    let what = match arrival.event_type.as_str() {
        "email_sent" => format!("was written to{}", said(": ")),
        "email_opened" => "opened the mail".into(),
        "email_clicked" => "clicked a link".into(),
        "email_replied" | "email_received" => format!("ANSWERED{}", said(": ")),
        "email_auto_replied" => "is away; a machine answered".into(),
        "email_bounced" => "could not be reached: the mail bounced".into(),
        "email_unsubscribed" => "does not want to be written to any more".into(),
        "interest_changed" => format!("stands differently now{}", said(": ")),
        "connection_sent" => "was asked to connect on LinkedIn".into(),
        "connection_accepted" => "accepted on LinkedIn".into(),
        "message_sent" => format!("was written to on LinkedIn{}", said(": ")),
        "message_replied" => format!("ANSWERED on LinkedIn{}", said(": ")),
        "post_liked" => "had a post liked on LinkedIn".into(),
        "followed" => "is followed on LinkedIn".into(),
        "profile_viewed" => "was looked up on LinkedIn".into(),
        "call_scheduled" => "is due for a call".into(),
        "call_initiated" => "is being called".into(),
        "call_answered" => "picked up the phone".into(),
        "call_completed" => match arrival.call_outcome.as_deref() {
            Some("do_not_call") => "said on the phone: DO NOT CALL AGAIN".into(),
            _ => format!("was spoken to{}", said(": ")),
        },
        "call_voicemail" => "was not there: voicemail".into(),
        "call_no_answer" => "did not pick up".into(),
        "call_failed" => "could not be called".into(),
        other => words::plain(other).replace('_', " "),
    };
    let campaign = arrival
        .campaign_name
        .as_deref()
        .map_or(String::new(), |name| format!("  [{}]", words::excerpt(name, 30)));
    format!("{}  {who} {what}{campaign}", output::instant(arrival.event_timestamp))
}
