//! Tries a connection out: a delivery of our own through its address, with the proof it asks for, and a look whether it is
//! stored. Secrets are kept as digests only, so the trial gets an address and a secret of its own, valid for two minutes.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use super::hmac::Signed;
use super::proof::Proof;
use super::secret::Secret;
use super::{Connection, Keys, find};
use crate::clock::Clock;
use crate::{Error, Result};

/// How long its secrets are valid: longer than the trial takes, whatever comes between.
const VALID: SignedDuration = SignedDuration::from_mins(2);
const PATIENCE: Duration = Duration::from_secs(10);
/// A server learns of a new address a moment after it was made.
const ATTEMPTS: usize = 4;
const PAUSE: Duration = Duration::from_millis(400);

/// What came of a trial.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Tested {
    pub connection_id: Uuid,
    pub label: String,
    /// Where it was sent, without the secret.
    pub address: String,
    /// What the server answered.
    pub status: u16,
    /// The delivery as it was stored.
    pub delivery_id: Uuid,
    pub milliseconds: u64,
}

/// Sends a delivery through a connection's address below `base`, and sees that it is stored.
pub async fn test(pool: &PgPool, keys: &Keys, named: &str, base: &str, clock: &Clock) -> Result<Tested> {
    let connection = find(pool, named, clock.now()).await?;
    let (path, header) = (Secret::fresh()?, Secret::fresh()?);
    give(pool, &connection, &path, &header, clock.now()).await?;
    let outcome = send(pool, keys, &connection, (&path, &header), base, clock).await;
    sqlx::query("delete from touchline.connection_secrets where connection_id = $1 and is_trial")
        .bind(connection.id)
        .execute(pool)
        .await?;
    outcome
}

async fn give(
    pool: &PgPool,
    connection: &Connection,
    path: &Secret,
    header: &Secret,
    now: Timestamp,
) -> Result<()> {
    let until = now.checked_add(VALID).unwrap_or(Timestamp::MAX);
    for (kind, secret) in [("path", path), ("header", header)] {
        sqlx::query(
            "insert into touchline.connection_secrets (connection_id, kind, sha256, valid_until, created_at, is_trial)
             values ($1, $2, $3, $4, $5, true)",
        )
        .bind(connection.id)
        .bind(kind)
        .bind(&secret.digest()[..])
        .bind(until.to_sqlx())
        .bind(now.to_sqlx())
        .execute(pool)
        .await?;
    }
    Ok(())
}

async fn send(
    pool: &PgPool,
    keys: &Keys,
    connection: &Connection,
    (path, header): (&Secret, &Secret),
    base: &str,
    clock: &Clock,
) -> Result<Tested> {
    let base = base.trim_end_matches('/');
    let target = format!("/hooks/{}/{}", connection.source, path.reveal());
    let unusable = |error: &dyn std::fmt::Display| {
        Error::invalid(format!("`{base}` is no address: {error}"), "give one like https://hooks.example.com")
    };
    let url = reqwest::Url::parse(&format!("{base}{target}")).map_err(|error| unusable(&error))?;
    let http = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| unusable(&error))?;
    let address = format!("{base}/hooks/{}/…", connection.source);
    let mut attempt = 0;
    loop {
        attempt += 1;
        let sent_at = clock.now();
        let mark = Uuid::now_v7().to_string();
        let body = serde_json::json!({ "event_type": "touchline_trial", "id": mark }).to_string();
        let mut request = http.post(url.clone()).header("content-type", "application/json");
        for (name, value) in
            proof(pool, keys, connection, header, url.path(), body.as_bytes(), sent_at).await?
        {
            request = request.header(name, value);
        }
        let answer = request.body(body).send().await.map_err(|error| {
            let why = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
            Error::conflict(
                format!("{address} {why}"),
                "start `touchline serve`, or say where it is reached with `--public-url` (TOUCHLINE_PUBLIC_URL)",
            )
        })?;
        let status = answer.status().as_u16();
        if status == 404 && attempt < ATTEMPTS {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        if !answer.status().is_success() {
            return Err(refused(&address, status));
        }
        let milliseconds = clock.now().duration_since(sent_at).as_millis().max(0).unsigned_abs() as u64;
        let stored: Option<Uuid> = sqlx::query_scalar(include_str!("trial.sql"))
            .bind(connection.id)
            .bind(mark.as_bytes())
            .fetch_optional(pool)
            .await?;
        let Some(delivery_id) = stored else {
            return Err(Error::conflict(
                format!("{address} answered {status}, and nothing was stored here"),
                "another Touchline answers there, or it works on another database: compare DATABASE_URL",
            ));
        };
        return Ok(Tested {
            connection_id: connection.id,
            label: connection.label.clone(),
            address,
            status,
            delivery_id,
            milliseconds,
        });
    }
}

/// The headers that prove it, as the vendor would send them.
async fn proof(
    pool: &PgPool,
    keys: &Keys,
    connection: &Connection,
    header: &Secret,
    target: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<Vec<(String, String)>> {
    match &connection.proof {
        Proof::Path => Ok(Vec::new()),
        Proof::Header { name, prefix } => Ok(vec![(name.clone(), format!("{prefix}{}", header.reveal()))]),
        Proof::Hmac(hmac) => {
            let sealed: Option<Vec<u8>> = sqlx::query_scalar(
                "select sealed from touchline.connection_secrets where connection_id = $1 and kind = 'hmac' and valid_until is null",
            )
            .bind(connection.id)
            .fetch_optional(pool)
            .await?
            .flatten();
            let lost = || {
                Error::conflict(
                    "the key of this connection cannot be opened",
                    "use the TOUCHLINE_SECRET_KEY or key file it was made with, or rotate it",
                )
            };
            let key = keys.existing()?.ok_or_else(lost)?;
            let written =
                key.open(&sealed.ok_or_else(lost)?, connection.id.as_bytes()).map_err(|_| lost())?;
            let key =
                std::str::from_utf8(&written).ok().and_then(|written| hmac.key(written)).ok_or_else(lost)?;
            let timestamp = now.as_millisecond().to_string();
            let message_id = format!("trial-{}", Uuid::now_v7());
            let signed = Signed { method: "POST", target, body };
            let mut headers =
                vec![(hmac.signature_header.clone(), hmac.sign(&key, &timestamp, &message_id, signed))];
            headers.extend(hmac.timestamp_header.clone().map(|name| (name, timestamp)));
            headers.push((hmac.message_id_header.clone(), message_id));
            Ok(headers)
        }
    }
}

fn refused(address: &str, status: u16) -> Error {
    let hint = match status {
        404 => "the server there works on another database, or something before it changes the path",
        401 => "something before the server takes the header away, or its clock is wrong by minutes",
        413 => "something before the server takes no bodies",
        503 => "the server cannot store anything now: look at its log and at `touchline status`",
        _ => "something before the server answers by itself: a proxy, a tunnel, a sign-in page",
    };
    Error::conflict(format!("{address} answered {status}"), hint)
}
