//! Sends webhooks over real HTTP: whatever the world has to tell, to the addresses it was given. To this machine only:
//! a simulation must never reach anybody else. Leaves what is told, and what becomes of it, to `world`.

use std::time::{Duration, Instant};

use futures::StreamExt;
use serde_json::{Value, json};

use crate::Simulator;
use crate::world::hooks::{Address, Outcome};

/// How long the vendor waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many are on their way at once.
const AT_ONCE: usize = 32;

/// What became of deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Answered with 2xx.
    pub taken: usize,
    /// Answered otherwise, or not at all.
    pub refused: usize,
}

impl Simulator {
    /// Sends everything that is due, and waits for the answers. What is to be repeated later stays for another call.
    pub async fn deliver(&self) -> Delivered {
        let due = self.world(|world| world.take_due());
        let mut delivered = Delivered::default();
        let mut answers = futures::stream::iter(due)
            .map(|(address, post)| async move {
                let outcome = self.post(&address, post.body.to_vec()).await;
                (post, outcome)
            })
            .buffered(AT_ONCE);
        while let Some((post, outcome)) = answers.next().await {
            match outcome.is_good() {
                true => delivered.taken += 1,
                false => delivered.refused += 1,
            }
            self.world(|world| world.settle(post, &outcome));
        }
        delivered
    }

    /// Sends until nothing is due any more.
    pub async fn deliver_all(&self) -> Delivered {
        let mut all = Delivered::default();
        loop {
            let delivered = self.deliver().await;
            if delivered == Delivered::default() {
                return all;
            }
            all.taken += delivered.taken;
            all.refused += delivered.refused;
        }
    }

    async fn post(&self, address: &Address, body: Vec<u8>) -> Outcome {
        post(self.http(), address, body).await
    }
}

/// What `POST /webhooks/{id}/test` answers: 200 also when the delivery failed.
pub(crate) async fn trial(
    http: &reqwest::Client,
    subscription: &Value,
    organization: &str,
    at: String,
) -> Value {
    let body = json!({
        "timestamp": at, "event_type": "email_sent", "workspace": organization,
        "campaign_id": "00000000-0000-0000-0000-000000000000", "campaign_name": "Test Campaign",
        "lead_email": "test@example.com",
    });
    let headers = subscription["headers"].as_object().into_iter().flatten();
    let address = Address {
        url: subscription["target_hook_url"].as_str().unwrap_or_default().to_owned(),
        headers: headers
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
    };
    let outcome = post(http, &address, body.to_string().into_bytes()).await;
    match (outcome.is_good(), outcome.status) {
        (true, Some(status)) => json!({
            "success": true, "message": "Webhook test successful", "response_time_ms": outcome.milliseconds,
            "status_code": status,
        }),
        (_, Some(status)) => json!({
            "success": false, "error": format!("Webhook returned {status}"),
            "response_time_ms": outcome.milliseconds, "status_code": status,
        }),
        (_, None) => json!({
            "success": false, "error": outcome.error, "response_time_ms": outcome.milliseconds,
        }),
    }
}

async fn post(http: &reqwest::Client, address: &Address, body: Vec<u8>) -> Outcome {
    if !is_here(&address.url) {
        return Outcome::failed("The simulator sends to this machine only");
    }
    let began = Instant::now();
    let mut request =
        http.post(&address.url).timeout(PATIENCE).header("content-type", "application/json").body(body);
    for (name, value) in &address.headers {
        request = request.header(name, value);
    }
    let answer = request.send().await;
    let milliseconds = began.elapsed().as_millis() as u64;
    match answer {
        Ok(answer) => {
            let status = answer.status().as_u16();
            let error = (!answer.status().is_success())
                .then(|| answer.status().canonical_reason().unwrap_or("Error").to_owned());
            Outcome { status: Some(status), error, milliseconds }
        }
        Err(error) => {
            let told = if error.is_timeout() { "Connection timeout" } else { "Connection refused" };
            Outcome { milliseconds, ..Outcome::failed(told) }
        }
    }
}

/// Whether an address is of this machine.
fn is_here(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}
