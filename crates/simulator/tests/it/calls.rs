//! The simulated Vapi: calls by windows of time, one key of its own, recordings behind a redirect, and messages.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulator::{CallOutcome, Options, Simulator, Size, World};

struct Vapi {
    sim: Simulator,
    client: reqwest::Client,
}

impl Vapi {
    async fn start() -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { sim: Simulator::start(Options::default()).await.unwrap(), client }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let request = self.client.get(format!("{}{path}", self.sim.url())).bearer_auth(self.sim.vapi_key());
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
    }
}

fn field<'a>(calls: &'a [Value], name: &str) -> Vec<&'a str> {
    calls.iter().map(|call| call[name].as_str().unwrap()).collect()
}

#[tokio::test]
async fn calls_are_listed_newest_first_within_a_window_of_time() {
    let vapi = Vapi::start().await;
    let (_, all) = vapi.get("/call?limit=1000").await;
    let all = all.as_array().unwrap();
    let created = field(all, "createdAt");
    assert!(all.len() > 15 && created.is_sorted_by(|a, b| a >= b));
    let reasons: BTreeSet<&str> = field(all, "endedReason").into_iter().collect();
    assert!(reasons.contains("voicemail") && reasons.contains("customer-ended-call"), "{reasons:?}");
    let middle = created[all.len() / 2];
    let (_, older) = vapi.get(&format!("/call?createdAtLe={middle}&limit=1000")).await;
    assert_eq!(older.as_array().unwrap().len(), all.len() - all.len() / 2);
    assert_eq!(vapi.get("/call?limit=3").await.1.as_array().unwrap().len(), 3);
    assert_eq!(vapi.get("/call?cursor=3").await.0, 400, "unknown parameters are refused");
    assert_eq!(vapi.get("/call?limit=1001").await.0, 400);
    let (_, first) = vapi.get(&format!("/call/{}", all[0]["id"].as_str().unwrap())).await;
    assert_eq!(first["id"], all[0]["id"]);
    for (path, count) in [("/assistant", 1), ("/phone-number", 1)] {
        assert_eq!(vapi.get(path).await.1.as_array().unwrap().len(), count, "{path}");
    }
    assert_eq!(vapi.get("/v2/campaign").await.1["metadata"]["hasNextPage"], false);
}

#[tokio::test]
async fn each_vendor_has_a_key_of_its_own() {
    let vapi = Vapi::start().await;
    let with =
        |key: &str, path: &str| vapi.client.get(format!("{}{path}", vapi.sim.url())).bearer_auth(key).send();
    assert_eq!(with(vapi.sim.key(), "/call").await.unwrap().status(), 401);
    assert_eq!(with(vapi.sim.vapi_key(), "/api/v2/campaigns").await.unwrap().status(), 401);
    assert_eq!(vapi.get("/call").await.0, 200);
}

#[tokio::test]
async fn a_recording_is_behind_a_redirect_that_wants_no_key() {
    let vapi = Vapi::start().await;
    let calls = vapi.sim.world(World::calls);
    let recorded = calls.iter().find(|call| call["artifact"]["recordingUrl"].is_string()).unwrap();
    let silent = calls.iter().find(|call| call["artifact"]["recordingUrl"].is_null()).unwrap();
    let path = |call: &Value| format!("/call/{}/mono-recording", call["id"].as_str().unwrap());
    assert_eq!(vapi.get(&path(silent)).await.0, 404);
    let request = vapi.client.get(format!("{}{}", vapi.sim.url(), path(recorded)));
    let redirect = request.bearer_auth(vapi.sim.vapi_key()).send().await.unwrap();
    assert_eq!(redirect.status(), 302);
    let signed = redirect.headers()["location"].to_str().unwrap().to_owned();
    let with_key = vapi.client.get(&signed).bearer_auth("key").send().await.unwrap();
    assert_eq!(with_key.status(), 400, "storage refuses a second kind of proof");
    let bytes = vapi.client.get(&signed).send().await.unwrap().bytes().await.unwrap();
    assert!(bytes.starts_with(b"RIFF"));
}

#[tokio::test]
async fn a_call_lives_through_its_states_and_tells_each_of_them() {
    let vapi = Vapi::start().await;
    let start = vapi.sim.clock().now();
    let id = vapi.sim.world(|world| {
        let lead = world.leads().iter().find(|(_, lead)| lead["phone"].is_string()).unwrap().0.clone();
        world.place_call(&lead, CallOutcome::Meeting).unwrap()
    });
    let mut seen = Vec::new();
    for _ in 0..40 {
        let status = vapi.get(&format!("/call/{id}")).await.1["status"].as_str().unwrap().to_owned();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        vapi.sim.advance(std::time::Duration::from_secs(3));
    }
    assert_eq!(seen, ["queued", "ringing", "in-progress", "ended"]);
    let told = vapi.sim.world(|world| world.call_messages(start, start + SignedDuration::from_hours(1)));
    let of_call: Vec<_> = told.iter().filter(|message| message.call_id == id).collect();
    let kinds: Vec<&str> = of_call.iter().map(|message| message.kind).collect();
    assert_eq!(
        kinds,
        ["status-update", "status-update", "status-update", "status-update", "end-of-call-report"]
    );
    let report = of_call[4];
    assert_eq!(report.body["message"]["call"]["status"], "queued", "a snapshot, as it was made");
    assert_ne!(report.again(1), report.body, "signed addresses differ");
    assert_eq!(report.again(1)["message"]["transcript"], report.body["message"]["transcript"]);
    assert_eq!(vapi.get(&format!("/call/{id}")).await.1["analysis"]["structuredData"]["outcome"], "meeting");
}

#[test]
fn the_same_seed_gives_the_same_calls_and_a_demo_has_a_few_hundred() {
    let made = || World::new(&Options { size: Size::demo(), ..Options::default() });
    let (mut one, mut other) = (made(), made());
    assert_eq!(one.calls(), other.calls());
    assert!((200..600).contains(&one.calls().len()), "{}", one.calls().len());
    let whole = |world: &World| {
        let told = world.call_messages(Timestamp::UNIX_EPOCH, Timestamp::MAX);
        told.into_iter().map(|message| message.body).collect::<Vec<_>>()
    };
    assert!(whole(&one) == whole(&other));
}
