//! HTTP to Vapi: key, address, pace, and what a refusal means. Secrets are blacked out of every answer before anybody
//! reads it. Nothing is ever sent that changes something there; no call is placed.
//! Leaves attempts and retries to `source`. Source of every rule: the fact sheet, 1 and 8.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::{StatusCode, Url};

use super::recording;
use super::redact::redact;
use crate::clock::Clock;
use crate::source::http::{self, Asked, Http, Retries};
use crate::source::{Answer, Pace, VendorError, answer};
use crate::usage::Usage;
use crate::{Error, Result};

/// How to reach one organisation.
#[derive(Clone)]
pub struct Settings {
    /// Base address.
    pub api_url: String,
    /// Private bearer key.
    pub api_key: String,
    /// All requests; 0: no limit of ours.
    pub requests_per_minute: u32,
    /// Longest wait for an answer, and for the next bytes of one.
    pub timeout: Duration,
    /// First pause before a retry; doubles each time.
    pub retry_pause: Duration,
    /// Retries of one request before it counts as failed.
    pub retries: usize,
}

impl Settings {
    /// The vendor's address, and the pace and retries of the vendor's own tools: its limit is not published.
    pub fn new(api_key: impl Into<String>) -> Self {
        Self {
            api_url: "https://api.vapi.ai".into(),
            api_key: api_key.into(),
            requests_per_minute: 85,
            timeout: Duration::from_secs(60),
            retry_pause: Duration::from_secs(2),
            retries: 5,
        }
    }
}

/// Path and query of a question.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
}

impl Question {
    pub(super) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: Vec::new() }
    }

    pub(super) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }
}

/// A client for one organisation. Clones share the pace.
#[derive(Clone)]
pub struct Client {
    http: Http,
    settings: Arc<Settings>,
    api_url: Url,
    outside: reqwest::Client,
    pace: Arc<Pace>,
}

impl Client {
    pub fn new(settings: Settings, clock: Clock) -> Result<Self> {
        let http = Http::new(&settings.api_url, "VAPI_API_URL", settings.timeout, clock)?;
        let unusable = |what: String| Error::invalid(what, "set VAPI_API_URL to the API's base address");
        Ok(Self {
            http,
            api_url: Url::parse(&settings.api_url)
                .map_err(|error| unusable(format!("VAPI_API_URL is no address: {error}")))?,
            outside: recording::outside(settings.timeout)
                .map_err(|error| unusable(format!("the HTTP client could not start: {error}")))?,
            pace: Arc::new(Pace::per_minute(settings.requests_per_minute)),
            settings: Arc::new(settings),
        })
    }

    /// Asks until `read` can make something of the answer, it is refused for good, or the retries are used up.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: &Question,
        usage: &Usage,
        read: impl Fn(&Answer) -> std::result::Result<T, VendorError> + Clone + Send + 'static,
    ) -> std::result::Result<T, VendorError> {
        let retries = Retries { pause: self.settings.retry_pause, times: self.settings.retries };
        let build = |http: &reqwest::Client| self.build(http, question);
        let asked = Asked { build: &build, paces: &[&*self.pace], refusal, sift: |body| redact(&body) };
        self.http.ask(&asked, retries, usage, read).await
    }

    /// The base address.
    pub(super) fn api_url(&self) -> &Url {
        &self.api_url
    }

    /// For the vendor's own host.
    pub(super) fn http(&self) -> &reqwest::Client {
        self.http.client()
    }

    /// For addresses that came from an answer.
    pub(super) fn outside(&self) -> &reqwest::Client {
        &self.outside
    }

    /// The instant it is.
    pub(super) fn now(&self) -> Timestamp {
        self.http.now()
    }

    /// The request with the key on it.
    pub(super) fn build(&self, http: &reqwest::Client, question: &Question) -> reqwest::RequestBuilder {
        let url = format!("{}{}", self.settings.api_url.trim_end_matches('/'), question.path);
        let builder = http.get(url).bearer_auth(&self.settings.api_key);
        if question.query.is_empty() { builder } else { builder.query(&question.query) }
    }
}

/// What a status other than 2xx means.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> VendorError {
    let message = answer::message(body);
    match status.as_u16() {
        429 => VendorError::RateLimited { retry_after: http::retry_after(headers, now) },
        401 | 403 => VendorError::Unauthorised { message },
        404 => VendorError::NotFound { message },
        408 | 425 | 500..=599 => VendorError::Unavailable { message: format!("{status}: {message}") },
        code => VendorError::Rejected { status: code, message },
    }
}
