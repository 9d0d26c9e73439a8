//! HTTP to any vendor: attempts at a pace, retries with growing pauses, bodies within bounds. Leaves addresses, keys and
//! what a refusal means to the vendors' clients.

use std::time::Duration;

use backon::BackoffBuilder;
use futures::StreamExt;
use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode};
use tokio::task::JoinSet;

use super::answer;
use super::{Pace, VendorError};
use crate::clock::Clock;
use crate::usage::Usage;
use crate::{Error, Result};

/// Answers larger than this, decompressed, are refused: no page of 100 records comes near it.
const MAX_ANSWER_BYTES: usize = 64 << 20;
/// The longest pause a vendor may ask for before we call it a failure.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);

/// A good answer: JSON text, and when it was asked for.
#[derive(Debug)]
pub struct Answer {
    pub text: String,
    pub requested_at: Timestamp,
}

/// How a request is repeated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retries {
    /// First pause; doubles each time.
    pub(crate) pause: Duration,
    /// Repeats before the request counts as failed.
    pub(crate) times: usize,
}

/// One request, as often as it takes.
pub(crate) struct Asked<'a> {
    /// Makes it anew for each attempt.
    pub(crate) build: &'a (dyn Fn(&reqwest::Client) -> RequestBuilder + Send + Sync),
    /// The paces it keeps; the last is the one that an answer of "too many" is about.
    pub(crate) paces: &'a [&'a Pace],
    /// What a status other than 2xx means.
    pub(crate) refusal: fn(StatusCode, &HeaderMap, &[u8], Timestamp) -> VendorError,
    /// What is done to a good body before anybody reads it.
    pub(crate) sift: fn(Vec<u8>) -> Vec<u8>,
}

/// A client for one account.
#[derive(Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    clock: Clock,
}

impl Http {
    /// `setting` names what holds the address, for people.
    pub(crate) fn new(api_url: &str, setting: &str, timeout: Duration, clock: Clock) -> Result<Self> {
        let invalid = |what: String| Error::invalid(what, format!("set {setting} to the API's base address"));
        let url = reqwest::Url::parse(api_url)
            .map_err(|error| invalid(format!("{setting} is no address: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid(format!("{setting} must begin with https://, not {}://", url.scheme())));
        }
        // A plain agent string: some vendors' fronts refuse libraries' own (403, error code 1010).
        let client = reqwest::Client::builder()
            .user_agent(concat!("touchline/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10).min(timeout))
            .read_timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| invalid(format!("the HTTP client could not start: {error}")))?;
        Ok(Self { client, clock })
    }

    /// The instant it is, for what is known without a request.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The client itself, for what is no JSON.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Sends a request until `read` can make something of the answer, it is refused for good, or the retries are used
    /// up.
    ///
    /// Each attempt is a task of its own, so that an answer is taken in and read while the pages before it are stored.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        asked: &Asked<'_>,
        retries: Retries,
        usage: &Usage,
        read: impl Fn(&Answer) -> std::result::Result<T, VendorError> + Clone + Send + 'static,
    ) -> std::result::Result<T, VendorError> {
        let mut pauses = backon::ExponentialBuilder::default()
            .with_min_delay(retries.pause)
            .with_max_delay(Duration::from_secs(30).max(retries.pause))
            .with_max_times(retries.times)
            .with_jitter()
            .build();
        loop {
            let error = match self.once(asked, usage, read.clone()).await {
                Ok(read) => return Ok(read),
                Err(error) if error.is_retryable() => error,
                Err(error) => return Err(error),
            };
            let Some(mut pause) = pauses.next() else { return Err(error) };
            if let VendorError::RateLimited { retry_after } = &error {
                match retry_after {
                    Some(asked) if *asked > MAX_RETRY_AFTER => return Err(error),
                    Some(asked) => pause = *asked,
                    None => {}
                }
                if let Some(pace) = asked.paces.last() {
                    pace.hold(pause);
                }
            }
            tracing::debug!(%error, ?pause, "trying again");
            usage.retry();
            usage.waited(pause);
            tokio::time::sleep(pause).await;
        }
    }

    /// Sends a request once: also for writes that a vendor cannot recognise when they are repeated.
    pub(crate) async fn once<T: Send + 'static>(
        &self,
        asked: &Asked<'_>,
        usage: &Usage,
        read: impl Fn(&Answer) -> std::result::Result<T, VendorError> + Send + 'static,
    ) -> std::result::Result<T, VendorError> {
        let wait = asked.paces.iter().map(|pace| pace.book()).max().unwrap_or_default();
        if !wait.is_zero() {
            usage.waited(wait);
            tokio::time::sleep(wait).await;
        }
        asked.paces.iter().for_each(|pace| pace.depart());
        usage.request();
        let requested_at = self.clock.now();
        let builder = (asked.build)(&self.client);
        let (clock, refusal, sift) = (self.clock.clone(), asked.refusal, asked.sift);
        in_a_task(async move {
            let response = builder.send().await.map_err(|error| unavailable(&error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let body = whole(response).await?;
            if status.is_success() {
                return read(&Answer { text: answer::text(sift(body))?, requested_at });
            }
            Err(refusal(status, &headers, &body, clock.now()))
        })
        .await
    }
}

/// Runs work beside the caller's; dropped, it ends.
async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = std::result::Result<T, VendorError>> + Send + 'static,
) -> std::result::Result<T, VendorError> {
    let mut task = JoinSet::new();
    task.spawn(work);
    match task.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        _ => Err(VendorError::Unavailable { message: "the request was given up".into() }),
    }
}

/// Reads a body to its end, counting decompressed bytes.
async fn whole(response: reqwest::Response) -> std::result::Result<Vec<u8>, VendorError> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| unavailable(&error))?;
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            let message = format!("the answer is larger than {} MiB", MAX_ANSWER_BYTES >> 20);
            return Err(VendorError::Rejected { status: 200, message });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What a network failure says, without the address (it may hold what people typed).
pub(crate) fn unavailable(error: &reqwest::Error) -> VendorError {
    let message = if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke off before the answer was whole"
    };
    VendorError::Unavailable { message: message.into() }
}

/// How long the vendor asks to wait: `Retry-After` in seconds or as an HTTP date, else `X-RateLimit-Reset`.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let told = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(told) = told(RETRY_AFTER.as_str()) {
        if let Some(seconds) = seconds(told) {
            return Some(seconds);
        }
        let at = jiff::fmt::rfc2822::parse(told).ok()?.timestamp();
        return Some(Duration::from_secs(
            at.as_second().saturating_sub(now.as_second()).max(0).unsigned_abs(),
        ));
    }
    let reset = told("x-ratelimit-reset")?;
    match reset.parse::<i64>() {
        // an instant, in seconds since 1970
        Ok(at) if at > 1_000_000_000 => {
            Some(Duration::from_secs((at - now.as_second()).max(0).unsigned_abs()))
        }
        _ => seconds(reset),
    }
}

fn seconds(told: &str) -> Option<Duration> {
    let seconds = told.parse::<f64>().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(86_400.0)))
}
