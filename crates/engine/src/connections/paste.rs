//! What to paste where, once secrets were made: the only time they are seen. Leaves printing to `app`.

use serde_json::{Value, json};
use uuid::Uuid;

use super::proof::Proof;
use super::secret::Secret;

/// A connection with its secrets in clear, as it was made or rotated just now.
#[derive(Debug, Clone)]
pub struct Issued {
    pub id: Uuid,
    pub source: String,
    pub provider: String,
    pub label: String,
    pub proof: Proof,
    pub(super) path: Secret,
    pub(super) secret: Option<Secret>,
}

/// One thing to paste, and into which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub field: String,
    pub value: String,
}

impl Issued {
    /// The address that the vendor posts to, below the server's own.
    pub fn url(&self, base: &str) -> String {
        format!("{}/hooks/{}/{}", base.trim_end_matches('/'), self.source, self.path.reveal())
    }

    /// The secret besides the address, where there is one.
    pub fn secret(&self) -> Option<&str> {
        self.secret.as_ref().map(Secret::reveal)
    }

    /// The header that carries the secret, as name and value.
    pub fn header(&self) -> Option<(String, String)> {
        match (&self.proof, self.secret()) {
            (Proof::Header { name, prefix }, Some(secret)) => {
                Some((name.clone(), format!("{prefix}{secret}")))
            }
            _ => None,
        }
    }

    /// Where in the vendor's settings it goes.
    pub fn place(&self) -> &'static str {
        match (self.source.as_str(), self.provider.as_str()) {
            ("instantly", _) => {
                "Instantly: Settings, Integrations, Webhooks, Add Webhook; event type: all events"
            }
            ("vapi", _) => {
                "Vapi: the server of the assistant, the phone number or the organisation (Settings, Server)"
            }
            (_, "heyreach") => {
                "HeyReach: Integrations, Webhooks; one webhook an event, each with its own address"
            }
            (_, "expandi") => "Expandi: Campaign or LinkedIn settings, Webhooks; one an event",
            (_, "phantombuster") => "PhantomBuster: the Phantom, Settings, Advanced, Webhook",
            (_, "dripify") => {
                "Dripify: Campaign, Webhook of each trigger; the body names no event, so the address must"
            }
            _ => "any tool that can POST JSON (Zapier, Make, n8n): a POST to this address",
        }
    }

    /// What to paste, field by field.
    pub fn settings(&self, base: &str) -> Vec<Setting> {
        let setting = |field: &str, value: String| Setting { field: field.into(), value };
        let url = self.url(base);
        let mut settings = vec![setting("URL", url.clone())];
        if self.source == "linkedin" && self.provider != "generic" && self.provider != "phantombuster" {
            settings.push(setting("or, with its event", format!("{url}/message_replied")));
        }
        if let Some((name, value)) = self.header() {
            settings.push(setting("header name", name));
            settings.push(setting("header value", value));
        }
        if let (Proof::Hmac(hmac), Some(secret)) = (&self.proof, self.secret()) {
            settings.push(setting("HMAC secretKey", secret.into()));
            settings.push(setting("signatureHeader", hmac.signature_header.clone()));
            if let Some(name) = &hmac.timestamp_header {
                settings.push(setting("timestampHeader", name.clone()));
            }
            settings.push(setting("payloadFormat", hmac.payload_format.clone()));
        }
        if self.source == "vapi" {
            let backoff = r#"{"type":"exponential","maxRetries":10,"baseDelaySeconds":1}"#;
            settings.push(setting("server.backoffPlan", backoff.into()));
            settings.push(setting("serverMessages", r#"["status-update","end-of-call-report"]"#.into()));
        }
        settings
    }

    /// The same for programs.
    pub fn to_json(&self, base: &str) -> Value {
        json!({
            "id": self.id,
            "source": self.source,
            "provider": self.provider,
            "label": self.label,
            "proof": self.proof,
            "url": self.url(base),
            "secret": self.secret(),
            "header": self.header().map(|(name, value)| json!({ "name": name, "value": value })),
            "place": self.place(),
        })
    }
}
