//! Every kind of trouble, in the middle of every stream: once, and for as long as nobody helps.

use std::time::Duration;

use engine::sync::{Options, Receipt, State};
use simulator::{Fault, Rule};
use tokio::sync::OnceCell;

use super::support::{Mirror, difference, finished, large_mirror};

/// Streams, the path each asks, and how many requests pass before the trouble.
const STREAMS: [(&str, &str, usize); 10] = [
    ("campaigns", "/api/v2/campaigns", 1),
    ("campaign_analytics", "/api/v2/campaigns/analytics", 0),
    ("accounts", "/api/v2/accounts", 1),
    ("leads", "/api/v2/leads/list", 1),
    ("block_list", "/api/v2/block-lists-entries", 1),
    ("daily_analytics", "/api/v2/campaigns/analytics/daily", 1),
    ("step_analytics", "/api/v2/campaigns/analytics/steps", 1),
    ("webhook_events", "/api/v2/webhook-events", 1),
    ("emails", "/api/v2/emails", 1),
    ("email_details", "/api/v2/emails/", 3),
];

/// What an undisturbed mirror of the same world holds.
static UNDISTURBED: OnceCell<(Vec<String>, Vec<String>)> = OnceCell::const_new();

async fn undisturbed() -> &'static (Vec<String>, Vec<String>) {
    UNDISTURBED
        .get_or_init(async || {
            let mirror = large_mirror().await;
            mirror.sync().await;
            (mirror.raw_dump().await, mirror.normalised_dump().await)
        })
        .await
}

/// One stream, mirrored and not yet understood.
async fn walk(mirror: &Mirror, stream: &str) -> Receipt {
    let options = Options { streams: vec![stream.to_owned()], raw_only: true, ..Options::default() };
    mirror.sync_with(&options).await.streams.remove(0)
}

struct Expected {
    /// How a stream ends that meets the fault once.
    once: State,
    /// Words of the reason when it never stops, and of the hint; None: the stream cannot show this fault.
    forever: fn(&str) -> Option<(&'static str, &'static str)>,
}

async fn trouble(fault: Fault, expected: Expected) {
    let mut mirror = large_mirror().await;
    if matches!(fault, Fault::SlowBody { .. }) {
        mirror.settings.timeout = Duration::from_millis(250);
        mirror.settings.retries = 1;
    }
    for (stream, path, after) in STREAMS {
        let words = (expected.forever)(stream);
        if let Some((reason, hint)) = words {
            mirror.sim.faults().push(Rule::always(path, fault.clone()).after(after));
            let failed = walk(&mirror, stream).await;
            assert_eq!(failed.state, State::Failed, "{stream}: {failed:?}");
            assert!(failed.reason.as_ref().unwrap().contains(reason), "{stream}: {failed:?}");
            assert!(failed.hint.as_ref().unwrap().contains(hint), "{stream}: {failed:?}");
            assert_eq!(failed.items > 0, after > 0, "what came before is kept, {stream}: {failed:?}");
            let state =
                mirror.value("select state from touchline.runs order by started_at desc limit 1").await;
            assert_eq!(state.as_deref(), Some("failed"));
            mirror.sim.faults().clear();
        }
        if expected.once == State::Finished || words.is_none() {
            // After the trouble above the walk is on its second page already.
            let after = if words.is_some() { 0 } else { after };
            mirror.sim.faults().push(Rule::once(path, fault.clone()).after(after));
        }
        let healed = walk(&mirror, stream).await;
        assert_eq!(healed.state, State::Finished, "{stream}: {healed:?}");
        assert!(mirror.sim.faults().rules().is_empty(), "{stream} never met the fault");
    }
    finished(mirror.sync_with(&Options { streams: vec!["campaigns".into()], ..Options::default() }).await);
    let (raw, normalised) = undisturbed().await;
    assert_eq!(&mirror.raw_dump().await, raw);
    assert_eq!(difference(&mirror.normalised_dump().await, normalised), [""; 0]);
    assert_eq!(mirror.count("raw_history").await, 0);
    assert_eq!(mirror.count("touchline.walk_pages").await, 0);
}

const HEALS: State = State::Finished;
const UNAVAILABLE: fn(&str) -> Option<(&'static str, &'static str)> =
    |_| Some(("the vendor could not answer", "goes on where it stopped"));
const UNREADABLE: fn(&str) -> Option<(&'static str, &'static str)> =
    |_| Some(("the vendor's answer could not be read", "INSTANTLY_API_URL"));
const LIMITED: fn(&str) -> Option<(&'static str, &'static str)> =
    |_| Some(("rate limit", "INSTANTLY_EMAILS_PER_MINUTE"));

#[tokio::test]
async fn too_many_requests_is_waited_out_without_a_retry_after() {
    trouble(Fault::TooManyRequests { retry_after: None }, Expected { once: HEALS, forever: LIMITED }).await;
}

#[tokio::test]
async fn too_many_requests_is_waited_out_for_as_long_as_the_vendor_says() {
    trouble(Fault::TooManyRequests { retry_after: Some(0) }, Expected { once: HEALS, forever: LIMITED })
        .await;
}

#[tokio::test]
async fn a_server_error_is_tried_again() {
    trouble(Fault::ServerError(500), Expected { once: HEALS, forever: UNAVAILABLE }).await;
}

#[tokio::test]
async fn a_gateways_html_page_is_tried_again() {
    trouble(Fault::Html502, Expected { once: HEALS, forever: UNAVAILABLE }).await;
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_tried_again() {
    trouble(Fault::Truncated, Expected { once: HEALS, forever: UNAVAILABLE }).await;
}

#[tokio::test]
async fn an_answer_that_never_ends_is_tried_again() {
    let slow = Fault::SlowBody { chunk_every: Duration::from_secs(30) };
    trouble(slow, Expected { once: HEALS, forever: UNAVAILABLE }).await;
}

#[tokio::test]
async fn a_closed_connection_is_tried_again() {
    trouble(Fault::Reset, Expected { once: HEALS, forever: UNAVAILABLE }).await;
}

#[tokio::test]
async fn an_error_inside_a_good_answer_is_tried_again() {
    trouble(Fault::ErrorInside, Expected { once: HEALS, forever: UNREADABLE }).await;
}

#[tokio::test]
async fn text_that_is_no_json_is_tried_again() {
    trouble(Fault::NotJson, Expected { once: HEALS, forever: UNREADABLE }).await;
}

#[tokio::test]
async fn an_empty_list_in_the_middle_is_asked_for_again() {
    // For ever, a list looks as if it ended there: `tombstones` has what happens then.
    let forever: fn(&str) -> _ = |stream| {
        let is_list =
            matches!(stream, "campaigns" | "accounts" | "leads" | "block_list" | "webhook_events" | "emails");
        (!is_list).then_some(("could not be read", "INSTANTLY_API_URL"))
    };
    trouble(Fault::EmptyItems, Expected { once: HEALS, forever }).await;
}

#[tokio::test]
async fn a_cursor_that_repeats_is_asked_for_again() {
    let forever: fn(&str) -> _ = |stream| {
        let is_list =
            matches!(stream, "campaigns" | "accounts" | "leads" | "block_list" | "webhook_events" | "emails");
        is_list.then_some(("cannot be walked to its end", "begins from the start"))
    };
    trouble(Fault::RepeatedCursor, Expected { once: HEALS, forever }).await;
}

#[tokio::test]
async fn a_cursor_that_never_ends_ends_the_walk_and_not_the_stream() {
    let mirror = large_mirror().await;
    for (stream, path, after) in STREAMS {
        if !matches!(stream, "campaigns" | "accounts" | "leads" | "block_list" | "webhook_events" | "emails")
        {
            assert_eq!(walk(&mirror, stream).await.state, State::Finished);
            continue;
        }
        mirror.sim.clear_requests();
        mirror.sim.faults().push(Rule::always(path, Fault::EndlessCursor).after(after));
        let failed = walk(&mirror, stream).await;
        assert_eq!(failed.state, State::Failed, "{stream}: {failed:?}");
        assert!(failed.reason.as_ref().unwrap().contains("cannot be walked to its end"), "{failed:?}");
        assert!(failed.hint.as_ref().unwrap().contains("begins from the start"), "{failed:?}");
        assert!(mirror.sim.requests().len() < 50, "{stream} asked {} times", mirror.sim.requests().len());
        mirror.sim.faults().clear();
        mirror.sim.faults().push(Rule::once(path, Fault::EndlessCursor).after(after));
        let healed = walk(&mirror, stream).await;
        assert_eq!(healed.state, State::Finished, "{stream}: {healed:?}");
    }
    finished(mirror.sync_with(&Options { streams: vec!["campaigns".into()], ..Options::default() }).await);
    let (raw, normalised) = undisturbed().await;
    assert_eq!(&mirror.raw_dump().await, raw);
    assert_eq!(difference(&mirror.normalised_dump().await, normalised), [""; 0]);
}

#[tokio::test]
async fn a_revoked_key_is_not_tried_again_and_says_what_to_do() {
    let forever: fn(&str) -> _ = |_| Some(("does not accept the key", "set INSTANTLY_API_KEY"));
    trouble(Fault::RevokedKey, Expected { once: State::Failed, forever }).await;
}

#[tokio::test]
async fn a_missing_scope_is_not_taken_for_a_dead_key() {
    let forever: fn(&str) -> _ = |_| Some(("lacks the scope things:read", "give the key this scope"));
    trouble(Fault::MissingScope("things:read".into()), Expected { once: State::Failed, forever }).await;
}
