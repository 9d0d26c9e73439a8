//! Keys, scopes, limits and wrong questions.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use simulator::{Limits, Options};

use crate::support::start;

#[tokio::test]
async fn a_key_is_needed_and_a_missing_scope_is_401() {
    let api = start(Options::default()).await;
    let response = api.client.get(format!("{}/api/v2/campaigns", api.sim.url())).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let body: serde_json::Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({"statusCode": 401, "error": "Unauthorized", "message": "Missing Authorization header"})
    );

    api.sim.set_scopes(&["campaigns:all", "leads:all"]);
    assert_eq!(api.get("/api/v2/campaigns").await.0, 200);
    let (status, body) = api.get("/api/v2/accounts").await;
    assert_eq!(status, 401);
    assert_eq!(body["message"], "Invalid scope. Required: accounts:read. Found: campaigns:all, leads:all");

    api.sim.set_revoked(true);
    assert_eq!(api.get("/api/v2/campaigns").await.0, 401);
    api.sim.set_revoked(false);
    assert_eq!(api.get("/api/v2/campaigns").await.0, 200);
}

#[tokio::test]
async fn wrong_questions_get_the_vendors_envelopes() {
    let api = start(Options::default()).await;
    let (status, body) = api.get("/api/v2/nowhere").await;
    assert_eq!(
        (status, &body),
        (404, &json!({"statusCode": 404, "error": "Not Found", "message": "Resource not found"}))
    );
    for path in ["campaigns?limit=101", "emails?limit=0", "accounts?limit=many", "emails?starting_after=x"] {
        let (status, body) = api.get(&format!("/api/v2/{path}")).await;
        assert_eq!((status, &body["error"]), (400, &json!("Bad Request")), "{path}");
    }
    for body in [json!([]), json!({"limit": 101}), json!({"limit": "5"}), json!({"campaign": 7})] {
        let (status, answer) = api.post("/api/v2/leads/list", &body).await;
        assert_eq!((status, &answer["statusCode"]), (400, &json!(400)), "{body}");
    }
    let response = api.request(Method::POST, "/api/v2/leads/list").body("not json").send().await.unwrap();
    assert_eq!(response.status(), 400);
    let days = "start_date=2026-11-10&end_date=2026-11-01";
    let (status, body) = api.get(&format!("/api/v2/campaigns/analytics/daily?{days}")).await;
    assert_eq!((status, body), (400, json!({"message": "Start Date must be earlier than End Date"})));
}

#[tokio::test]
async fn limits_answer_429_and_pass_again_when_the_window_has_slid() {
    let limits = Limits { minute: Duration::from_millis(600), ..Limits::vendor() };
    let api = start(Options { limits, ..Options::default() }).await;
    for path in ["/api/v2/emails?limit=1", "/api/v2/emails/unread/count"].iter().cycle().take(20) {
        assert_eq!(api.get(path).await.0, 200);
    }
    let (status, body) = api.get("/api/v2/emails?limit=1").await;
    assert_eq!((status, &body["message"]), (429, &json!("Rate limit exceeded")));
    assert_eq!(api.get("/api/v2/campaigns").await.0, 200, "only e-mails are that scarce");
    tokio::time::sleep(Duration::from_millis(650)).await;
    assert_eq!(api.get("/api/v2/emails?limit=1").await.0, 200);
}

#[tokio::test]
async fn every_request_is_seen() {
    let api = start(Options::default()).await;
    api.get("/api/v2/accounts?limit=1").await;
    api.post("/api/v2/leads/list", &json!({"limit": 2})).await;
    let seen = api.sim.requests();
    assert_eq!(seen.len(), 2);
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path.as_str(), seen[0].status),
        ("GET", "/api/v2/accounts?limit=1", 200)
    );
    assert_eq!(seen[1].body, "{\"limit\":2}");
}
