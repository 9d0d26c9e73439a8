//! The live connections in memory, so that a delivery costs no question to the database. What was changed elsewhere is
//! known a second later. Leaves storing deliveries to `inbox`.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgPool, Row};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::hmac::Signed;
use super::proof::{Accepted, Proof, Unproven, header};
use super::seal::{Keys, SealKey};
use super::secret::digest;
use crate::Result;
use crate::clock::Clock;

/// How old what we know may be.
const FRESH: Duration = Duration::from_secs(1);
/// How soon an address nobody knows makes us look again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// A connection, and whether it was found by an address that was made for a trial.
type Found = (Arc<KnownConnection>, bool);

/// Live connections, by the digest of the secret in their address.
pub struct Known {
    pool: PgPool,
    keys: Keys,
    clock: Clock,
    held: RwLock<Held>,
    looking: Mutex<()>,
}

#[derive(Default)]
struct Held {
    by_path: HashMap<[u8; 32], Accepted<Found>>,
    looked_at: Option<Instant>,
}

/// A connection with what proves its deliveries.
pub struct KnownConnection {
    pub id: Uuid,
    pub source: String,
    pub provider: String,
    proof: Proof,
    headers: Vec<Accepted<[u8; 32]>>,
    hmac_keys: Vec<Accepted<Vec<u8>>>,
}

impl Known {
    pub fn new(pool: PgPool, keys: Keys, clock: Clock) -> Self {
        Self { pool, keys, clock, held: RwLock::default(), looking: Mutex::default() }
    }

    /// The connection that an address belongs to, and whether the address was made for a trial.
    pub async fn by_path(&self, source: &str, secret: &str) -> Result<Option<Found>> {
        let key = digest(secret.as_bytes());
        self.look(FRESH).await?;
        if let Some(found) = self.find(&key, source) {
            return Ok(Some(found));
        }
        // It may have been made a moment ago.
        self.look(LOOK_AGAIN).await?;
        Ok(self.find(&key, source))
    }

    fn find(&self, key: &[u8; 32], source: &str) -> Option<Found> {
        let held = self.held.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let found = held.by_path.get(key).filter(|one| one.is_valid(self.clock.now()))?;
        (found.secret.0.source == source).then(|| found.secret.clone())
    }

    fn age(&self) -> Option<Duration> {
        let held = self.held.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        held.looked_at.map(|at| at.elapsed())
    }

    /// Asks the database where what we know is older than `oldest`; one at a time, the others wait for its answer.
    async fn look(&self, oldest: Duration) -> Result<()> {
        let is_fresh = || self.age().is_some_and(|age| age < oldest);
        if is_fresh() {
            return Ok(());
        }
        let _looking = self.looking.lock().await;
        if is_fresh() {
            return Ok(());
        }
        let looked_at = Instant::now();
        let by_path = self.load().await?;
        *self.held.write().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Held { by_path, looked_at: Some(looked_at) };
        Ok(())
    }

    async fn load(&self) -> Result<HashMap<[u8; 32], Accepted<Found>>> {
        let now = self.clock.now();
        let rows = sqlx::query(include_str!("known.sql")).bind(now.to_sqlx()).fetch_all(&self.pool).await?;
        let mut connections: HashMap<Uuid, KnownConnection> = HashMap::new();
        let mut paths: Vec<([u8; 32], Uuid, Option<Timestamp>, bool)> = Vec::new();
        let mut seal_key: Option<Option<SealKey>> = None;
        for row in rows {
            let id: Uuid = row.try_get("id")?;
            let valid_until =
                row.try_get::<Option<jiff_sqlx::Timestamp>, _>("valid_until")?.map(|at| at.to_jiff());
            let Ok(sha256) = <[u8; 32]>::try_from(row.try_get::<&[u8], _>("sha256")?) else { continue };
            let connection = match connections.entry(id) {
                std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::hash_map::Entry::Vacant(entry) => {
                    let sqlx::types::Json(proof) = row.try_get("proof")?;
                    entry.insert(KnownConnection {
                        id,
                        source: row.try_get("source")?,
                        provider: row.try_get("provider")?,
                        proof,
                        headers: Vec::new(),
                        hmac_keys: Vec::new(),
                    })
                }
            };
            match row.try_get::<&str, _>("kind")? {
                "path" => paths.push((sha256, id, valid_until, row.try_get("is_trial")?)),
                "header" => connection.headers.push(Accepted { secret: sha256, valid_until }),
                _ => {
                    let key = seal_key.get_or_insert_with(|| self.keys.existing().ok().flatten());
                    match opened(key.as_ref(), connection, row.try_get("sealed")?) {
                        Some(secret) => connection.hmac_keys.push(Accepted { secret, valid_until }),
                        None => tracing::error!(
                            connection = %id,
                            "the key of this connection cannot be opened, so its deliveries are refused; use the \
                             TOUCHLINE_SECRET_KEY or key file it was made with, or rotate it"
                        ),
                    }
                }
            }
        }
        let connections: HashMap<Uuid, Arc<KnownConnection>> =
            connections.into_iter().map(|(id, connection)| (id, Arc::new(connection))).collect();
        Ok(paths
            .into_iter()
            .filter_map(|(sha256, id, valid_until, is_trial)| {
                let found = (Arc::clone(connections.get(&id)?), is_trial);
                Some((sha256, Accepted { secret: found, valid_until }))
            })
            .collect())
    }
}

fn opened(key: Option<&SealKey>, connection: &KnownConnection, sealed: Option<Vec<u8>>) -> Option<Vec<u8>> {
    let written = key?.open(&sealed?, connection.id.as_bytes()).ok()?;
    match &connection.proof {
        Proof::Hmac(hmac) => hmac.key(std::str::from_utf8(&written).ok()?),
        _ => None,
    }
}

impl KnownConnection {
    /// Whether the header shows the secret; true where a signature or nothing does, which comes with the body.
    pub fn header_is_right<'h>(
        &self,
        get: impl Fn(&str) -> Option<&'h [u8]>,
        now: Timestamp,
    ) -> std::result::Result<(), Unproven> {
        match &self.proof {
            Proof::Path => Ok(()),
            Proof::Header { name, prefix } => header(get(name), prefix, &self.headers, now),
            // Not worth reading a body for.
            Proof::Hmac(_) if self.hmac_keys.is_empty() => Err(Unproven::Missing),
            Proof::Hmac(hmac) => get(&hmac.signature_header).map(|_| ()).ok_or(Unproven::Missing),
        }
    }

    /// The signature over the body, where this connection asks for one.
    pub fn signature<'h>(
        &self,
        get: impl Fn(&str) -> Option<&'h [u8]>,
        signed: Signed,
        now: Timestamp,
    ) -> std::result::Result<Option<Vec<u8>>, Unproven> {
        match &self.proof {
            Proof::Hmac(hmac) => hmac.verify(get, signed, &self.hmac_keys, now).map(Some),
            _ => Ok(None),
        }
    }

    /// The header that holds a secret of this connection.
    pub fn secret_header(&self) -> Option<&str> {
        match &self.proof {
            Proof::Header { name, .. } => Some(name),
            Proof::Hmac(hmac) => Some(&hmac.signature_header),
            Proof::Path => None,
        }
    }
}
