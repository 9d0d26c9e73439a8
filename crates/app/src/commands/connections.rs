//! `touchline connections`: who may send webhooks, and what to paste where.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use engine::Error;
use engine::connections::{self, Issued, New, Proof, Secret};
use engine::db::Database;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::config::{Add, Global, Instantly, Place};
use crate::output;

pub(super) async fn add(
    global: &Global,
    database: &Database,
    instantly: &Instantly,
    options: Add,
) -> anyhow::Result<ExitCode> {
    let new = New {
        source: options.source,
        provider: options.provider.unwrap_or_default(),
        label: options.label.unwrap_or_default(),
        way: options.auth.map(|way| way.as_str().into()),
        header: options.header,
        hmac: options.hmac.hmac(&options.place.public_url),
        secret: secret(options.secret_file.as_deref())?,
    };
    let _ = (instantly, options.create);
    let issued = connections::add(database.pool(), &global.keys()?, new, Timestamp::now()).await?;
    tell(global, &issued, &options.place)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn list(global: &Global, database: &Database) -> anyhow::Result<ExitCode> {
    let now = Timestamp::now();
    let live = connections::list(database.pool(), now).await?;
    if global.json {
        output::json(&live)?;
        return Ok(ExitCode::SUCCESS);
    }
    if live.is_empty() {
        output::print("no connections; `touchline connections add instantly` makes one");
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = live
        .iter()
        .map(|one| {
            let heard = one.last_delivery_at.map_or("never heard of".into(), |at| output::ago(at, now));
            let proof = match &one.proof {
                Proof::Path => "address".into(),
                Proof::Header { name, .. } => format!("header {name}"),
                Proof::Hmac(hmac) => format!("signature {}", hmac.signature_header),
            };
            let mut told = Vec::new();
            if one.waiting > 0 {
                told.push(format!("{} waiting", output::count(one.waiting.unsigned_abs())));
            }
            if one.set_aside > 0 {
                told.push(format!("{} set aside", output::count(one.set_aside.unsigned_abs())));
            }
            if let Some(until) = one.rotating_until {
                told.push(format!("earlier secrets until {}", output::instant(until)));
            }
            vec![one.id.to_string(), one.source.clone(), one.label.clone(), proof, heard, told.join(", ")]
        })
        .collect();
    output::print(&output::table(&rows));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn rotate(
    global: &Global,
    database: &Database,
    named: &str,
    grace_hours: u32,
    place: &Place,
    secret_file: Option<PathBuf>,
) -> anyhow::Result<ExitCode> {
    let grace = SignedDuration::from_hours(i64::from(grace_hours));
    let given = secret(secret_file.as_deref())?;
    let keys = global.keys()?;
    let issued = connections::rotate(database.pool(), &keys, named, given, grace, Timestamp::now()).await?;
    tell(global, &issued, place)?;
    output::note(
        global,
        &format!("The address and secret before these are accepted for {grace_hours} h more."),
    );
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn remove(global: &Global, database: &Database, named: &str) -> anyhow::Result<ExitCode> {
    let removed = connections::remove(database.pool(), named, Timestamp::now()).await?;
    if global.json {
        output::json(&json!({ "removed": removed.id }))?;
    } else {
        output::print(&format!(
            "{} ({}) is refused from now on; what it sent stays. Take the webhook out at the vendor, too.",
            removed.label, removed.id
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The secrets, this once.
fn tell(global: &Global, issued: &Issued, place: &Place) -> anyhow::Result<()> {
    if global.json {
        return output::json(&issued.to_json(&place.public_url));
    }
    let rows: Vec<Vec<String>> = issued
        .settings(&place.public_url)
        .into_iter()
        .map(|setting| vec![format!("  {}", setting.field), setting.value])
        .collect();
    output::print(&format!(
        "{} ({})\n\nPaste this at {}\n\n{}\n\nThe secrets are shown this once; only what recognises them is kept.",
        issued.label,
        issued.id,
        issued.place(),
        output::table(&rows)
    ));
    Ok(())
}

fn secret(file: Option<&Path>) -> engine::Result<Option<Secret>> {
    let Some(file) = file else { return Ok(None) };
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(file).map(|read| text = read)
    };
    read.map_err(|error| {
        Error::invalid(
            format!("`{}` cannot be read: {error}", file.display()),
            "give a file with the secret, or `-`",
        )
    })?;
    Secret::given(&text).map(Some)
}

#[expect(clippy::unused_async, reason = "asks the server next")]
pub(super) async fn test(_: &Global, _: &Database, _: &str, _: &Place) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::FAILURE)
}

#[expect(clippy::unused_async, reason = "asks the vendor next")]
pub(super) async fn resume(_: &Global, _: &Database, _: &Instantly, _: &str) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::FAILURE)
}
