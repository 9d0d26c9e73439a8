//! The reference: what one would write by hand for this one job. Every page goes into one COPY as it comes; one
//! statement at the end writes what changed. No history, no tombstones, no going on after a crash, no retries.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::value::RawValue;
use sqlx::{Connection, Executor, PgConnection};

/// The contract's table and indexes, without the columns that only Touchline needs.
const TABLES: &str = "
    create table if not exists instantly_emails_raw (
      instantly_email_id text primary key,
      instantly_campaign_id text,
      email_address text,
      event_type text,
      event_date timestamptz,
      raw_json jsonb not null
    );
    alter table instantly_emails_raw alter column raw_json set compression lz4;
    create index if not exists by_campaign on instantly_emails_raw (instantly_campaign_id);
    create index if not exists by_type on instantly_emails_raw (event_type);
    create index if not exists by_date on instantly_emails_raw (event_date desc);
    create index if not exists by_address on instantly_emails_raw (email_address);
    create temp table staging (like instantly_emails_raw);
    alter table staging alter column raw_json set compression lz4";

const MERGE: &str = "
    merge into instantly_emails_raw t
    using staging s on s.instantly_email_id = t.instantly_email_id
    when matched and t.raw_json is distinct from s.raw_json then update
      set instantly_campaign_id = s.instantly_campaign_id,
          email_address = s.email_address,
          event_type = s.event_type,
          event_date = s.event_date,
          raw_json = s.raw_json
    when not matched then insert values
      (s.instantly_email_id, s.instantly_campaign_id, s.email_address, s.event_type, s.event_date, s.raw_json)";

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
    next_starting_after: Option<String>,
}

#[derive(Deserialize)]
struct Mail {
    id: String,
    campaign_id: Option<String>,
    lead: Option<String>,
    ue_type: i32,
    timestamp_email: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let setting = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set"));
    let (api, key) = (setting("INSTANTLY_API_URL")?, setting("INSTANTLY_API_KEY")?);
    let mut database = PgConnection::connect(&setting("DATABASE_URL")?).await?;
    database.execute(sqlx::raw_sql(TABLES)).await?;

    let http = reqwest::Client::new();
    let mut copy = database.copy_in_raw("copy staging from stdin").await?;
    let (mut after, mut rows) = (None::<String>, String::new());
    loop {
        let mut request =
            http.get(format!("{api}/api/v2/emails")).bearer_auth(&key).query(&[("limit", "100")]);
        if let Some(after) = &after {
            request = request.query(&[("starting_after", after)]);
        }
        let page = request.send().await?.error_for_status()?.bytes().await?;
        let list: List = serde_json::from_slice(&page)?;
        rows.clear();
        for item in list.items {
            row(&mut rows, item.get())?;
        }
        copy.send(rows.as_bytes()).await?;
        after = list.next_starting_after;
        if after.is_none() {
            break;
        }
    }
    copy.finish().await?;
    database.execute(MERGE).await?;
    database.close().await?;
    Ok(())
}

/// Appends one line of COPY's text format.
fn row(rows: &mut String, json: &str) -> Result<()> {
    let mail: Mail = serde_json::from_str(json)?;
    let kind = match mail.ue_type {
        1 | 3 => "sent",
        2 => "replied",
        4 => "scheduled",
        _ => "other",
    };
    let address = mail.lead.map(|lead| lead.trim().to_lowercase());
    let columns = [Some(mail.id.as_str()), mail.campaign_id.as_deref(), address.as_deref(), Some(kind)];
    for column in columns {
        field(rows, column.unwrap_or("\\N"), column.is_none());
        rows.push('\t');
    }
    field(rows, &mail.timestamp_email, false);
    rows.push('\t');
    field(rows, json, false);
    rows.push('\n');
    Ok(())
}

/// One field, with what COPY would read as its own signs escaped.
fn field(rows: &mut String, mut text: &str, as_is: bool) {
    while let Some(at) = text.find(['\\', '\n', '\r', '\t']).filter(|_| !as_is) {
        rows.push_str(&text[..at]);
        rows.push_str(match text.as_bytes()[at] {
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            _ => "\\t",
        });
        text = &text[at + 1..];
    }
    rows.push_str(text);
}
