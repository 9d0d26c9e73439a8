//! `touchline connections`: who may send webhooks, and what to paste where.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use engine::Error;
use engine::connections::{self, Issued, New, Proof, Secret};
use engine::db::Database;
use engine::source::Source;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{sources, sync};
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
        hmac: options.hmac.hmac(&options.place.or_usual()),
        secret: secret(options.secret_file.as_deref())?,
    };
    let pool = database.pool();
    let keys = global.keys()?;
    let clock = sync::system_clock();
    if !options.create {
        let issued = connections::add(pool, &keys, new, clock.now()).await?;
        tell(global, &issued, &options.place)?;
        return Ok(ExitCode::SUCCESS);
    }
    // Refused before anything is made.
    let base = options.place.said().ok_or_else(|| {
        Error::invalid(
            "it is not known where Instantly reaches this machine",
            "say it with `--public-url https://hooks.example.com` (TOUCHLINE_PUBLIC_URL)",
        )
    })?;
    if new.source != "instantly" {
        return Err(Error::invalid(
            format!("webhooks of {} cannot be made by API", new.source),
            "leave `--create` out, and paste the address there",
        )
        .into());
    }
    let source = sources::instantly(instantly, &clock)?;
    let issued = connections::add(pool, &keys, new, clock.now()).await?;
    let header = issued.header();
    let header = header.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
    let made = source.create_webhook(&issued.label, &issued.url(base), header).await;
    tell(global, &issued, &options.place)?;
    let webhook = made.map_err(engine::Error::from)?;
    connections::set_webhook(pool, issued.id, &webhook.id).await?;
    output::note(
        global,
        &format!("Made at Instantly, too: webhook {}. There is nothing to paste.", webhook.id),
    );
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
            match one.webhook_state.as_deref() {
                Some("disabled") => {
                    told.push("SWITCHED OFF at the vendor: `touchline connections resume`".into())
                }
                Some("missing") => told.push("its webhook is not at the vendor any more".into()),
                _ => {}
            }
            if let Some(at) = one.webhook_resumed_at {
                told.push(format!("switched on again {}", output::ago(at, now)));
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
        return output::json(&issued.to_json(&place.or_usual()));
    }
    let rows: Vec<Vec<String>> = issued
        .settings(&place.or_usual())
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

pub(super) async fn test(
    global: &Global,
    database: &Database,
    named: &str,
    place: &Place,
) -> anyhow::Result<ExitCode> {
    let clock = sync::system_clock();
    let tested =
        connections::test(database.pool(), &global.keys()?, named, &place.or_usual(), &clock).await?;
    if global.json {
        output::json(&tested)?;
    } else {
        output::print(&format!(
            "{}: {} answered {} in {} ms and stored it as delivery {}, set apart as a trial: it is no touch.",
            tested.label, tested.address, tested.status, tested.milliseconds, tested.delivery_id
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn resume(
    global: &Global,
    database: &Database,
    instantly: &Instantly,
    named: &str,
) -> anyhow::Result<ExitCode> {
    let clock = sync::system_clock();
    let source = sources::instantly(instantly, &clock)?;
    let healed = connections::resume(database.pool(), &source, named, clock.now()).await?;
    if global.json {
        output::json(&healed)?;
    } else if healed.resumed > 0 {
        output::print(&format!(
            "{}: Instantly had switched its webhook off; it is on again.\n\
             What was missed meanwhile: `touchline sync --stream webhook_events` (a running `touchline serve` does it by itself).",
            healed.label
        ));
    } else {
        output::print(&format!("{}: its webhook at Instantly is on; nothing to resume.", healed.label));
    }
    Ok(ExitCode::SUCCESS)
}
