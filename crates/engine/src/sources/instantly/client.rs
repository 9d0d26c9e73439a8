//! HTTP to Instantly API v2: key, address, pace, and what a refusal means. Knows no stream and no table; leaves attempts
//! and retries to `source`. Source of every rule: the fact sheet, 1.1 to 1.3 and 7.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::answer;
use crate::Result;
use crate::clock::Clock;
pub(super) use crate::source::Answer;
use crate::source::http::{self, Asked, Http, Retries};
use crate::source::{Pace, VendorError};
use crate::usage::Usage;

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

/// A client for one workspace. Clones share the pace.
#[derive(Clone)]
pub struct Client {
    http: Http,
    settings: Arc<Settings>,
    all: Arc<Pace>,
    emails: Arc<Pace>,
}

impl Client {
    pub fn new(settings: Settings, clock: Clock) -> Result<Self> {
        Ok(Self {
            http: Http::new(&settings.api_url, "INSTANTLY_API_URL", settings.timeout, clock)?,
            // 100/s and 6,000/min for all, 20/min sliding for `/emails*`; 3.1 s apart still met 429s in production, 3.5 s
            // did not.
            all: Arc::new(Pace::per_minute(settings.requests_per_minute)),
            emails: Arc::new(Pace::per_minute(settings.emails_per_minute)),
            settings: Arc::new(settings),
        })
    }

    /// Sends a request until `read` can make something of the answer, it is refused for good, or the retries are used
    /// up.
    pub async fn ask<T: Send + 'static>(
        &self,
        request: &Request,
        usage: &Usage,
        read: impl Fn(&Answer) -> std::result::Result<T, VendorError> + Clone + Send + 'static,
    ) -> std::result::Result<T, VendorError> {
        let retries = Retries { pause: self.settings.retry_pause, times: self.settings.retries };
        let build = |http: &reqwest::Client| self.build(http, request);
        let asked = Asked { build: &build, paces: &self.paces(request), refusal, sift: |body| body };
        self.http.ask(&asked, retries, usage, read).await
    }

    /// Sends a request once: for writes, which the vendor cannot recognise when they are repeated (fact sheet, 1.4).
    pub(super) async fn ask_once<T: Send + 'static>(
        &self,
        request: &Request,
        usage: &Usage,
        read: impl Fn(&Answer) -> std::result::Result<T, VendorError> + Send + 'static,
    ) -> std::result::Result<T, VendorError> {
        let build = |http: &reqwest::Client| self.build(http, request);
        let asked = Asked { build: &build, paces: &self.paces(request), refusal, sift: |body| body };
        self.http.once(&asked, usage, read).await
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
        self.http.now()
    }

    fn paces(&self, request: &Request) -> Vec<&Pace> {
        if request.path.starts_with("/emails") { vec![&*self.all, &*self.emails] } else { vec![&*self.all] }
    }

    fn build(&self, http: &reqwest::Client, request: &Request) -> reqwest::RequestBuilder {
        let url = format!("{}/api/v2{}", self.settings.api_url.trim_end_matches('/'), request.path);
        let mut builder = http.request(request.method.clone(), url).bearer_auth(&self.settings.api_key);
        if !request.query.is_empty() {
            builder = builder.query(&request.query);
        }
        if let Some(body) = &request.body {
            builder = builder.header("content-type", "application/json").body(body.to_string());
        }
        builder
    }
}

/// What a status other than 2xx means.
fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> VendorError {
    let message = answer::message(body);
    match status.as_u16() {
        429 => VendorError::RateLimited { retry_after: http::retry_after(headers, now) },
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
