//! `/metrics` for Prometheus. A dozen numbers, written by hand: a library would bring a registry and macros for them.
//! Leaves counting to the engine.

use std::fmt::Write;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use engine::PgPool;
use engine::clock::Clock;
use engine::inbox::{self, BATCH_BOUNDS, Counts, Gauges, Inbox};

/// What the page needs.
#[derive(Clone)]
pub(crate) struct Measured {
    pub(crate) pool: PgPool,
    pub(crate) inbox: Inbox,
    pub(crate) clock: Clock,
}

pub(crate) async fn metrics(State(measured): State<Measured>) -> Response {
    let gauges = inbox::gauges(&measured.pool, measured.clock.now()).await;
    if let Err(error) = &gauges {
        tracing::error!(%error, "the database could not be measured");
    }
    let text = text(&measured.inbox.meter().counts(), measured.inbox.queued(), gauges.ok().as_ref());
    (StatusCode::OK, [(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

fn text(counts: &Counts, queued: usize, gauges: Option<&Gauges>) -> String {
    let mut text = String::new();
    about(&mut text, "deliveries_received_total", "counter", "Deliveries committed and answered with 2xx.");
    for (source, count) in &counts.received {
        let _ = writeln!(text, "touchline_deliveries_received_total{{source=\"{source}\"}} {count}");
    }
    about(&mut text, "deliveries_refused_total", "counter", "Deliveries not taken in, by reason.");
    for ((source, reason), count) in &counts.refused {
        let labels = format!("source=\"{source}\",reason=\"{reason}\"");
        let _ = writeln!(text, "touchline_deliveries_refused_total{{{labels}}} {count}");
    }
    about(&mut text, "commit_deliveries", "histogram", "Deliveries in one commit.");
    let mut below = 0;
    for (at, count) in counts.batches.iter().enumerate() {
        below += count;
        let bound = BATCH_BOUNDS.get(at).map_or("+Inf".into(), usize::to_string);
        let _ = writeln!(text, "touchline_commit_deliveries_bucket{{le=\"{bound}\"}} {below}");
    }
    let _ = writeln!(text, "touchline_commit_deliveries_sum {}", counts.batched);
    let _ = writeln!(text, "touchline_commit_deliveries_count {below}");
    gauge(&mut text, "commit_queue", "Deliveries that wait for their commit.", queued as f64);
    gauge(&mut text, "database_up", "1 while the database answers.", f64::from(u8::from(gauges.is_some())));
    let Some(gauges) = gauges else { return text };
    for (name, help, value) in [
        ("deliveries_waiting", "Deliveries that wait to be understood.", gauges.waiting as f64),
        ("deliveries_set_aside", "Deliveries that nobody could read.", gauges.set_aside as f64),
        (
            "understand_lag_seconds",
            "How long the oldest delivery has waited to be understood.",
            gauges.lag_seconds,
        ),
        ("problems", "Things that were kept and need a look.", gauges.problems as f64),
        ("unmatched_events", "Events whose person is unknown.", gauges.unmatched as f64),
    ] {
        gauge(&mut text, name, help, value);
    }
    text
}

fn about(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP touchline_{name} {help}\n# TYPE touchline_{name} {kind}");
}

fn gauge(text: &mut String, name: &str, help: &str, value: f64) {
    about(text, name, "gauge", help);
    let _ = writeln!(text, "touchline_{name} {value}");
}
