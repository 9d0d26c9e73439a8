//! Makes, changes and removes connections. Leaves what to paste where to `paste`.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::hmac::Hmac;
use super::kinds::{KINDS, Kind};
use super::paste::Issued;
use super::proof::Proof;
use super::secret::{Secret, digest};
use super::{Connection, Keys, find};
use crate::{Error, Result};

/// A connection to be made.
#[derive(Debug, Clone, Default)]
pub struct New {
    pub source: String,
    /// Empty: the source's first tool.
    pub provider: String,
    /// Empty: the source's or the tool's name.
    pub label: String,
    /// path, secret, bearer or hmac; None: the source's first way.
    pub way: Option<String>,
    /// Another name for the header that carries the secret.
    pub header: Option<String>,
    /// How signatures are put together, for hmac.
    pub hmac: Hmac,
    /// A secret that exists already at the vendor; None: a fresh one.
    pub secret: Option<Secret>,
}

/// Makes a connection. Its secrets are in what is returned, and nowhere else in clear.
pub async fn add(pool: &PgPool, keys: &Keys, new: New, now: Timestamp) -> Result<Issued> {
    let known = || KINDS.iter().map(|kind| kind.source).collect::<Vec<_>>().join(", ");
    let kind = Kind::of(&new.source).ok_or_else(|| {
        Error::invalid(
            format!("`{}` sends no webhooks that we know", new.source),
            format!("one of: {}", known()),
        )
    })?;
    let provider = match new.provider.as_str() {
        "" => kind.providers.first().copied().unwrap_or_default(),
        named => kind.providers.iter().find(|known| **known == named).copied().ok_or_else(|| {
            let hint = match kind.providers {
                [] => "leave `--provider` out".into(),
                some => format!("one of: {}", some.join(", ")),
            };
            Error::invalid(format!("{} knows no tool `{named}`", kind.source), hint)
        })?,
    };
    let way = new.way.as_deref().unwrap_or(kind.ways[0]);
    if !kind.ways.contains(&way) {
        return Err(Error::invalid(
            format!("deliveries of {} cannot prove themselves by `{way}`", kind.source),
            format!("one of: {}", kind.ways.join(", ")),
        ));
    }
    let proof = kind.proof(way, new.header.as_deref(), new.hmac);
    if proof == Proof::Path && new.secret.is_some() {
        return Err(Error::invalid(
            "a secret of yours has no place here: this tool can be told an address only",
            "leave it out",
        ));
    }
    let id = Uuid::now_v7();
    let tool = if provider.is_empty() { kind.source } else { provider };
    let label = if new.label.trim().is_empty() { tool } else { new.label.trim() };
    let (path, secret) = (Secret::fresh()?, secret_for(&proof, new.secret)?);

    let mut tx = pool.begin().await?;
    sqlx::query(
        "insert into touchline.connections (id, source, provider, label, proof, created_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(kind.source)
    .bind(provider)
    .bind(label)
    .bind(sqlx::types::Json(&proof))
    .bind(now.to_sqlx())
    .execute(&mut *tx)
    .await?;
    keep(&mut tx, keys, id, &proof, &path, secret.as_ref(), now).await?;
    tx.commit().await?;
    Ok(Issued {
        id,
        source: kind.source.into(),
        provider: provider.into(),
        label: label.into(),
        proof,
        path,
        secret,
    })
}

/// Gives a connection new secrets. The ones before are accepted for `grace` more.
pub async fn rotate(
    pool: &PgPool,
    keys: &Keys,
    named: &str,
    given: Option<Secret>,
    grace: SignedDuration,
    now: Timestamp,
) -> Result<Issued> {
    let Connection { id, source, provider, label, proof, .. } = find(pool, named, now).await?;
    let (path, secret) = (Secret::fresh()?, secret_for(&proof, given)?);
    let until = now.checked_add(grace).unwrap_or(Timestamp::MAX);
    let mut tx = pool.begin().await?;
    // Two are valid at most: what was on its way out goes now.
    sqlx::query("delete from touchline.connection_secrets where connection_id = $1 and (valid_until is not null or $2 <= $3)")
        .bind(id)
        .bind(until.to_sqlx())
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    sqlx::query("update touchline.connection_secrets set valid_until = $2 where connection_id = $1")
        .bind(id)
        .bind(until.to_sqlx())
        .execute(&mut *tx)
        .await?;
    keep(&mut tx, keys, id, &proof, &path, secret.as_ref(), now).await?;
    tx.commit().await?;
    Ok(Issued { id, source, provider, label, proof, path, secret })
}

/// Refuses a connection's deliveries from now on. What came stays.
pub async fn remove(pool: &PgPool, named: &str, now: Timestamp) -> Result<Connection> {
    let connection = find(pool, named, now).await?;
    let mut tx = pool.begin().await?;
    sqlx::query("update touchline.connections set removed_at = $2 where id = $1")
        .bind(connection.id)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    sqlx::query("delete from touchline.connection_secrets where connection_id = $1")
        .bind(connection.id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(connection)
}

/// Notes the vendor's id of the webhook that leads to a connection.
pub async fn set_webhook(pool: &PgPool, id: Uuid, webhook_id: &str) -> Result<()> {
    sqlx::query("update touchline.connections set webhook_id = $2 where id = $1")
        .bind(id)
        .bind(webhook_id)
        .execute(pool)
        .await?;
    Ok(())
}

fn secret_for(proof: &Proof, given: Option<Secret>) -> Result<Option<Secret>> {
    match (proof, given) {
        (Proof::Path, _) => Ok(None),
        (Proof::Hmac(hmac), Some(given)) if hmac.key(given.reveal()).is_none() => Err(Error::invalid(
            "that key is not written in Base64",
            "leave `--key-is-base64` out, or give the key as the vendor shows it",
        )),
        (_, Some(given)) => Ok(Some(given)),
        (Proof::Hmac(hmac), None) if hmac.key_is_base64 => {
            use base64::Engine;
            let fresh = Secret::fresh()?;
            Ok(Some(Secret::given(
                &base64::prelude::BASE64_STANDARD.encode(digest(fresh.reveal().as_bytes())),
            )?))
        }
        (_, None) => Ok(Some(Secret::fresh()?)),
    }
}

/// Keeps secrets: digests, and the key of an HMAC sealed.
async fn keep(
    tx: &mut PgConnection,
    keys: &Keys,
    id: Uuid,
    proof: &Proof,
    path: &Secret,
    secret: Option<&Secret>,
    now: Timestamp,
) -> Result<()> {
    let mut rows = vec![("path", path.digest(), None)];
    match (proof, secret) {
        (Proof::Path, _) | (_, None) => {}
        (Proof::Header { .. }, Some(secret)) => rows.push(("header", secret.digest(), None)),
        (Proof::Hmac(_), Some(secret)) => {
            let sealed = keys.make()?.seal(secret.reveal().as_bytes(), id.as_bytes())?;
            rows.push(("hmac", secret.digest(), Some(sealed)));
        }
    }
    for (kind, sha256, sealed) in rows {
        sqlx::query(
            "insert into touchline.connection_secrets (connection_id, kind, sha256, sealed, created_at) values ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(kind)
        .bind(&sha256[..])
        .bind(sealed)
        .bind(now.to_sqlx())
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}
