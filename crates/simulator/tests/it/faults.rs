//! Each fault really shows on the wire.

use std::time::{Duration, Instant};

use reqwest::Method;
use simulator::{Fault, Options, Rule, Times};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Api, start};

const EMAILS: &str = "/api/v2/emails";

async fn with(fault: Fault) -> Api {
    let api = start(Options::default()).await;
    api.sim.faults().push(Rule::once(EMAILS, fault));
    api
}

async fn raw(api: &Api) -> (u16, Option<String>, reqwest::Result<String>) {
    let response = api.request(Method::GET, EMAILS).send().await.unwrap();
    let retry = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), retry, response.text().await)
}

#[tokio::test]
async fn refusals_have_their_status_and_end_after_their_count() {
    for (fault, status) in [
        (Fault::TooManyRequests { retry_after: None }, 429),
        (Fault::ServerError(500), 500),
        (Fault::ServerError(503), 503),
        (Fault::Html502, 502),
        (Fault::RevokedKey, 401),
        (Fault::MissingScope("emails:read".into()), 401),
    ] {
        let api = with(fault.clone()).await;
        let (answered, _, body) = raw(&api).await;
        assert_eq!(answered, status, "{fault:?}");
        assert_eq!(body.unwrap().starts_with('<'), fault == Fault::Html502);
        assert_eq!(raw(&api).await.0, 200, "once is once");
        assert_eq!(api.sim.requests()[0].fault, Some(fault));
    }
    let api = with(Fault::TooManyRequests { retry_after: Some(7) }).await;
    assert_eq!(raw(&api).await.1.as_deref(), Some("7"));
}

#[tokio::test]
async fn rules_wait_and_match_by_path_and_method() {
    let api = start(Options::default()).await;
    let faults = api.sim.faults();
    faults.push(Rule { times: Times::Count(2), ..Rule::always(EMAILS, Fault::ServerError(500)).after(1) });
    faults.push(Rule { method: Some("POST".into()), ..Rule::always("/api/v2/campaigns", Fault::Html502) });
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(raw(&api).await.0);
    }
    assert_eq!(statuses, [200, 500, 500, 200]);
    assert_eq!(api.get("/api/v2/campaigns").await.0, 200);
    faults.push(Rule::always(EMAILS, Fault::ServerError(500)));
    assert_eq!(raw(&api).await.0, 500);
    faults.clear();
    assert_eq!(raw(&api).await.0, 200);
}

#[tokio::test]
async fn a_truncated_body_promises_more_than_comes() {
    let api = with(Fault::Truncated).await;
    let mut response = api.request(Method::GET, EMAILS).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let promised = response.content_length().unwrap();
    let mut came = 0;
    let error = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => came += chunk.len() as u64,
            Ok(None) => panic!("the body ended as if it were whole"),
            Err(error) => break error,
        }
    };
    assert!(came > 0 && came < promised, "{came} of {promised}: {error}");
    assert_eq!(raw(&api).await.0, 200);
}

#[tokio::test]
async fn a_reset_gives_no_answer_at_all() {
    let api = with(Fault::Reset).await;
    let host = api.sim.url().replace("http://", "");
    let mut line = TcpStream::connect(&host).await.unwrap();
    let request =
        format!("GET {EMAILS} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\n\r\n", api.sim.key());
    line.write_all(request.as_bytes()).await.unwrap();
    let mut came = Vec::new();
    let end = line.read_to_end(&mut came).await;
    assert!(came.is_empty(), "{end:?}: {}", String::from_utf8_lossy(&came));
    assert_eq!(api.sim.requests()[0].status, 0);
    assert_eq!(raw(&api).await.0, 200);

    api.sim.faults().push(Rule::always(EMAILS, Fault::Reset));
    assert!(api.request(Method::GET, EMAILS).send().await.is_err());
}

#[tokio::test]
async fn a_dropped_simulator_answers_no_more() {
    let api = start(Options::default()).await;
    let url = format!("{}{EMAILS}", api.sim.url());
    assert_eq!(raw(&api).await.0, 200);
    drop(api.sim);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(api.client.get(url).send().await.is_err());
}

#[tokio::test]
async fn a_slow_body_takes_its_time() {
    let api = with(Fault::SlowBody { chunk_every: Duration::from_millis(25) }).await;
    let began = Instant::now();
    let (status, _, body) = raw(&api).await;
    assert!(began.elapsed() >= Duration::from_millis(180));
    assert_eq!(status, 200);
    serde_json::from_str::<serde_json::Value>(&body.unwrap()).unwrap();
}

#[tokio::test]
async fn cursors_can_stand_still_or_never_end() {
    let api = start(Options::default()).await;
    let cursor = api.ok(EMAILS).await["next_starting_after"].as_str().unwrap().to_owned();
    api.sim.faults().push(Rule::always(EMAILS, Fault::RepeatedCursor));
    for _ in 0..3 {
        let page = api.ok(&format!("{EMAILS}?starting_after={cursor}")).await;
        assert_eq!(page["next_starting_after"], cursor.as_str());
        assert_eq!(page["items"].as_array().unwrap().len(), 10);
    }
    api.sim.faults().clear();
    api.sim.faults().push(Rule::always("/api/v2/", Fault::EndlessCursor));
    let mut cursors = std::collections::BTreeSet::new();
    let mut next = String::new();
    for _ in 0..30 {
        let page = api.ok(&format!("{EMAILS}?limit=50&starting_after={next}")).await;
        next = page["next_starting_after"].as_str().unwrap().to_owned();
        assert!(!page["items"].as_array().unwrap().is_empty());
        assert!(cursors.insert(next.clone()));
    }
    let body = serde_json::json!({"limit": 100, "starting_after": next});
    assert_eq!(api.post("/api/v2/leads/list", &body).await.1["items"].as_array().unwrap().len(), 40);
}

#[tokio::test]
async fn good_statuses_can_hide_bad_bodies() {
    let api = with(Fault::ErrorInside).await;
    assert!(api.ok(EMAILS).await["error"].is_string());
    let api = with(Fault::EmptyItems).await;
    assert_eq!(api.ok(EMAILS).await, serde_json::json!({"items": []}));
    let api = with(Fault::NotJson).await;
    let (status, _, body) = raw(&api).await;
    assert_eq!(status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&body.unwrap()).is_err());
}
