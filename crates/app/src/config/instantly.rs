//! How to reach Instantly.

use std::time::Duration;

use clap::Args;
use engine::Error;
use engine::sources::instantly;

/// The vendor's own address; an empty setting means it, too.
const DEFAULT_INSTANTLY_URL: &str = "https://api.instantly.ai";

/// How to reach Instantly.
#[derive(Args)]
pub(crate) struct Instantly {
    #[arg(
        long = "instantly-api-key",
        env = "INSTANTLY_API_KEY",
        hide = true,
        hide_env_values = true,
        global = true
    )]
    pub(crate) api_key: Option<String>,
    #[arg(
        long = "instantly-api-url",
        env = "INSTANTLY_API_URL",
        default_value = DEFAULT_INSTANTLY_URL,
        hide = true,
        global = true
    )]
    api_url: String,
    #[arg(
        long = "instantly-requests-per-minute",
        env = "INSTANTLY_REQUESTS_PER_MINUTE",
        default_value_t = 5000,
        hide = true,
        global = true
    )]
    requests_per_minute: u32,
    #[arg(
        long = "instantly-emails-per-minute",
        env = "INSTANTLY_EMAILS_PER_MINUTE",
        default_value_t = 17,
        hide = true,
        global = true
    )]
    pub(crate) emails_per_minute: u32,
    #[arg(
        long = "instantly-timeout-seconds",
        env = "INSTANTLY_TIMEOUT_SECONDS",
        default_value_t = 60,
        hide = true,
        global = true
    )]
    timeout_seconds: u64,
    #[arg(
        long = "instantly-retries",
        env = "INSTANTLY_RETRIES",
        default_value_t = 8,
        hide = true,
        global = true
    )]
    retries: usize,
    #[arg(
        long = "instantly-retry-pause-ms",
        env = "INSTANTLY_RETRY_PAUSE_MS",
        default_value_t = 500,
        hide = true,
        global = true
    )]
    retry_pause_ms: u64,
}

impl Instantly {
    /// Whether a key is set.
    pub(crate) fn has_key(&self) -> bool {
        self.api_key.as_deref().is_some_and(|key| !key.trim().is_empty())
    }

    /// How to reach the workspace; an error where no key is set.
    pub(crate) fn settings(&self) -> engine::Result<instantly::Settings> {
        let key = self.api_key.as_deref().map(str::trim).filter(|key| !key.is_empty()).ok_or_else(|| {
            Error::invalid(
                "no Instantly key is set",
                "set INSTANTLY_API_KEY to a v2 key with all:read (Instantly: Settings, Integrations, API Keys); \
                 `touchline demo` shows what comes without one",
            )
        })?;
        Ok(instantly::Settings {
            api_url: match self.api_url.trim() {
                "" => DEFAULT_INSTANTLY_URL.into(),
                url => url.into(),
            },
            requests_per_minute: self.requests_per_minute,
            emails_per_minute: self.emails_per_minute,
            timeout: Duration::from_secs(self.timeout_seconds.max(1)),
            retry_pause: Duration::from_millis(self.retry_pause_ms.max(1)),
            retries: self.retries,
            ..instantly::Settings::new(key)
        })
    }
}
