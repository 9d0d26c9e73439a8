//! How to reach Vapi.

use std::time::Duration;

use clap::Args;
use engine::Error;
use engine::sources::vapi;

/// The vendor's own address; an empty setting means it, too.
const DEFAULT_VAPI_URL: &str = "https://api.vapi.ai";

/// How to reach Vapi. The ids keep the settings apart from the other vendor's.
#[derive(Args)]
pub(crate) struct Vapi {
    #[arg(
        id = "vapi-api-key",
        long = "vapi-api-key",
        env = "VAPI_API_KEY",
        hide = true,
        hide_env_values = true,
        global = true
    )]
    api_key: Option<String>,
    #[arg(
        id = "vapi-api-url", long = "vapi-api-url",
        env = "VAPI_API_URL",
        default_value = DEFAULT_VAPI_URL,
        hide = true,
        global = true
    )]
    api_url: String,
    #[arg(
        id = "vapi-requests-per-minute",
        long = "vapi-requests-per-minute",
        env = "VAPI_REQUESTS_PER_MINUTE",
        default_value_t = 85,
        hide = true,
        global = true
    )]
    requests_per_minute: u32,
    #[arg(
        id = "vapi-timeout-seconds",
        long = "vapi-timeout-seconds",
        env = "VAPI_TIMEOUT_SECONDS",
        default_value_t = 60,
        hide = true,
        global = true
    )]
    timeout_seconds: u64,
    #[arg(
        id = "vapi-retries",
        long = "vapi-retries",
        env = "VAPI_RETRIES",
        default_value_t = 5,
        hide = true,
        global = true
    )]
    retries: usize,
    #[arg(
        id = "vapi-retry-pause-ms",
        long = "vapi-retry-pause-ms",
        env = "VAPI_RETRY_PAUSE_MS",
        default_value_t = 2000,
        hide = true,
        global = true
    )]
    retry_pause_ms: u64,
}

impl Vapi {
    /// Whether a key is set.
    pub(crate) fn has_key(&self) -> bool {
        self.api_key.as_deref().is_some_and(|key| !key.trim().is_empty())
    }

    /// How to reach the organisation; an error where no key is set.
    pub(crate) fn settings(&self) -> engine::Result<vapi::Settings> {
        let key = self.api_key.as_deref().map(str::trim).filter(|key| !key.is_empty()).ok_or_else(|| {
            Error::invalid(
                "no Vapi key is set",
                "set VAPI_API_KEY to the private key of your organisation (Vapi: Organization, API Keys)",
            )
        })?;
        Ok(vapi::Settings {
            api_url: match self.api_url.trim() {
                "" => DEFAULT_VAPI_URL.into(),
                url => url.into(),
            },
            requests_per_minute: self.requests_per_minute,
            timeout: Duration::from_secs(self.timeout_seconds.max(1)),
            retry_pause: Duration::from_millis(self.retry_pause_ms.max(1)),
            retries: self.retries,
            ..vapi::Settings::new(key)
        })
    }
}
