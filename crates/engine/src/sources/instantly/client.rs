//! HTTP to Instantly API v2: key, pace, retries, and what an answer means. Knows no stream and no table.
//! Source of every rule: the fact sheet, 1.1 to 1.3 and 7.

use std::sync::Arc;
use std::time::Duration;

use backon::BackoffBuilder;
use futures::StreamExt;
use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::task::JoinSet;

use super::answer;
use super::limiter::Pace;
use crate::clock::Clock;
use crate::source::VendorError;
use crate::usage::Usage;
use crate::{Error, Result};

/// Answers larger than this, decompressed, are refused: no page of 100 records comes near it.
const MAX_ANSWER_BYTES: usize = 64 << 20;
/// The longest pause the vendor may ask for before we call it a failure.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);

/// How to reach one workspace.
#[derive(Clone)]
pub struct Settings {
    /// Base address, without `/api/v2`.
    pub api_url: String,
    /// Bearer key.
    pub api_key: String,
    /// All requests; 0: no limit of ours.
    pub requests_per_minute: u32,
    /// Requests to `/emails*`; 0: no limit of ours.
    pub emails_per_minute: u32,
    /// Longest wait for an answer, and for the next bytes of one.
    pub timeout: Duration,
    /// First pause before a retry; doubles each time.
    pub retry_pause: Duration,
    /// Retries of one request before it counts as failed.
    pub retries: usize,
}

impl Settings {
    /// The vendor's address and a careful pace.
    pub fn new(api_key: impl Into<String>) -> Self {
        Self {
            api_url: "https://api.instantly.ai".into(),
            api_key: api_key.into(),
            requests_per_minute: 5000,
            emails_per_minute: 17,
            timeout: Duration::from_secs(60),
            retry_pause: Duration::from_millis(500),
            retries: 8,
        }
    }
}

/// One request, repeatable.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    /// Path under `/api/v2`, beginning with `/`.
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Value>,
}

impl Request {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), query: Vec::new(), body: None }
    }

    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::POST, path: path.into(), query: Vec::new(), body: Some(body) }
    }

    /// Without a body: the vendor refuses an empty one that calls itself JSON (fact sheet, 1).
    pub fn post_bare(path: impl Into<String>) -> Self {
        Self { method: Method::POST, path: path.into(), query: Vec::new(), body: None }
    }

    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }
}

/// A good answer: JSON text, and when it was asked for.
#[derive(Debug)]
pub struct Answer {
    pub text: String,
    pub requested_at: Timestamp,
}

/// A client for one workspace. Clones share the pace.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    settings: Arc<Settings>,
    all: Arc<Pace>,
    emails: Arc<Pace>,
    clock: Clock,
}

impl Client {
    pub fn new(settings: Settings, clock: Clock) -> Result<Self> {
        let invalid = |what: String| Error::invalid(what, "set INSTANTLY_API_URL to the API's base address");
        let url = reqwest::Url::parse(&settings.api_url)
            .map_err(|error| invalid(format!("INSTANTLY_API_URL is no address: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid(format!(
                "INSTANTLY_API_URL must begin with https://, not {}://",
                url.scheme()
            )));
        }
        // A plain agent string: the vendor's front refuses some libraries' own (403, error code 1010).
        let http = reqwest::Client::builder()
            .user_agent(concat!("touchline/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10).min(settings.timeout))
            .read_timeout(settings.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| invalid(format!("the HTTP client could not start: {error}")))?;
        Ok(Self {
            http,
            all: Arc::new(Pace::per_minute(settings.requests_per_minute)),
            emails: Arc::new(Pace::per_minute(settings.emails_per_minute)),
            settings: Arc::new(settings),
            clock,
        })
    }

    /// Sends a request until `read` can make something of the answer, it is refused for good, or the retries are used
    /// up.
    ///
    /// Each attempt is a task of its own, so that an answer is taken in and read while the pages before it are stored.
    pub async fn ask<T: Send + 'static>(
        &self,
        request: &Request,
        usage: &Usage,
        read: impl Fn(&Answer) -> std::result::Result<T, VendorError> + Clone + Send + 'static,
    ) -> std::result::Result<T, VendorError> {
        let mut pauses = backon::ExponentialBuilder::default()
            .with_min_delay(self.settings.retry_pause)
            .with_max_delay(Duration::from_secs(30).max(self.settings.retry_pause))
            .with_max_times(self.settings.retries)
            .with_jitter()
            .build();
        loop {
            let error = match self.attempt(request, usage, read.clone()).await {
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
                self.pace(request).hold(pause);
            }
            tracing::debug!(path = %request.path, %error, ?pause, "trying again");
            usage.retry();
            usage.waited(pause);
            tokio::time::sleep(pause).await;
        }
    }

    /// Sends a request once: for writes, which the vendor cannot recognise when they are repeated (fact sheet, 1.4).
    pub(super) async fn ask_once<T: Send + 'static>(
        &self,
        request: &Request,
        usage: &Usage,
        read: impl Fn(&Answer) -> std::result::Result<T, VendorError> + Send + 'static,
    ) -> std::result::Result<T, VendorError> {
        self.attempt(request, usage, read).await
    }

    /// Requests to `/emails*` that fit into one minute.
    pub(super) fn emails_per_minute(&self) -> usize {
        match self.settings.emails_per_minute {
            0 => usize::MAX,
            per_minute => per_minute as usize,
        }
    }

    /// The instant it is, for what is known without a request.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The pace that an answer of "too many" is about.
    fn pace(&self, request: &Request) -> &Pace {
        if request.path.starts_with("/emails") { &self.emails } else { &self.all }
    }

    async fn attempt<T: Send + 'static>(
        &self,
        request: &Request,
        usage: &Usage,
        read: impl Fn(&Answer) -> std::result::Result<T, VendorError> + Send + 'static,
    ) -> std::result::Result<T, VendorError> {
        let scarce = request.path.starts_with("/emails");
        let mut wait = self.all.book();
        if scarce {
            wait = wait.max(self.emails.book());
        }
        if !wait.is_zero() {
            usage.waited(wait);
            tokio::time::sleep(wait).await;
        }
        if scarce {
            self.emails.depart();
        }
        usage.request();
        let requested_at = self.clock.now();
        let url = format!("{}/api/v2{}", self.settings.api_url.trim_end_matches('/'), request.path);
        let mut builder = self.http.request(request.method.clone(), url).bearer_auth(&self.settings.api_key);
        if !request.query.is_empty() {
            builder = builder.query(&request.query);
        }
        if let Some(body) = &request.body {
            builder = builder.header("content-type", "application/json").body(body.to_string());
        }
        let clock = self.clock.clone();
        in_a_task(async move {
            let response = builder.send().await.map_err(|error| unavailable(&error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let body = whole(response).await?;
            if status.is_success() {
                return read(&Answer { text: answer::text(body)?, requested_at });
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
fn unavailable(error: &reqwest::Error) -> VendorError {
    let message = if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke off before the answer was whole"
    };
    VendorError::Unavailable { message: message.into() }
}

/// What a status other than 2xx means.
fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> VendorError {
    let message = answer::message(body);
    match status.as_u16() {
        429 => {
            let told = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            VendorError::RateLimited { retry_after: told.and_then(|told| retry_after(told, now)) }
        }
        // A missing scope is 401 too: only the message tells (fact sheet 1.3). The vendor's own text says 403.
        401 | 403 if message.to_lowercase().contains("invalid scope") => {
            let part = |name: &str| {
                let rest = message.split_once(name)?.1;
                Some(rest.split_once(". ").map_or(rest, |(part, _)| part).trim().to_owned())
            };
            VendorError::MissingScope {
                required: part("Required:").unwrap_or_else(|| "it asks for".into()),
                found: part("Found:").unwrap_or_default(),
            }
        }
        401 => VendorError::Unauthorised { message },
        404 => VendorError::NotFound { message },
        408 | 425 | 500..=599 => VendorError::Unavailable { message: format!("{status}: {message}") },
        code => VendorError::Rejected { status: code, message },
    }
}

/// `Retry-After` in seconds or as an HTTP date.
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0)
            .then(|| Duration::from_secs_f64(seconds.min(86_400.0)));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::from_secs(at.as_second().saturating_sub(now.as_second()).max(0).unsigned_abs()))
}
