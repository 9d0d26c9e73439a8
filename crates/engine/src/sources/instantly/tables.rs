//! Instantly's raw tables: which columns are extracted, and how a payload fills them.
//! Leaves storing to `raw` and fetching to `streams`. Field meanings: the fact sheet, 2 and 4.

use jiff::civil::Date;

use super::mail;
use crate::identity;
use crate::raw::{Column, Fields, RawTable};
pub(super) use crate::source::Extracted;

const TEXT: &str = "text";
const INTEGER: &str = "integer";

/// Longest key we index; anything longer is set aside.
const MAX_KEY_BYTES: usize = 600;

pub(super) static CAMPAIGNS: RawTable = RawTable {
    name: "instantly_campaigns_raw",
    key: "t.instantly_campaign_id",
    same_record: "t.instantly_campaign_id = i.record_key",
    columns: &[
        Column("instantly_campaign_id", TEXT),
        Column("campaign_name", TEXT),
        Column("campaign_status", INTEGER),
        Column("leads_count", INTEGER),
        Column("contacted_count", INTEGER),
        Column("reply_count", INTEGER),
        Column("emails_sent_count", INTEGER),
    ],
};

pub(super) static CAMPAIGN_CONFIGS: RawTable = RawTable {
    name: "instantly_campaign_configs_raw",
    key: "t.instantly_campaign_id",
    same_record: "t.instantly_campaign_id = i.record_key",
    columns: &[
        Column("instantly_campaign_id", TEXT),
        Column("campaign_name", TEXT),
        Column("campaign_status", INTEGER),
    ],
};

pub(super) static ACCOUNTS: RawTable = RawTable {
    name: "instantly_accounts_raw",
    key: "t.email",
    same_record: "t.email = i.record_key",
    columns: &[
        Column("email", TEXT),
        Column("first_name", TEXT),
        Column("last_name", TEXT),
        Column("account_status", INTEGER),
        Column("warmup_status", INTEGER),
        Column("warmup_score", INTEGER),
    ],
};

pub(super) static LEADS: RawTable = RawTable {
    name: "instantly_leads_raw",
    key: "t.instantly_lead_id",
    same_record: "t.instantly_lead_id = i.record_key",
    columns: &[
        Column("instantly_lead_id", TEXT),
        Column("instantly_campaign_id", TEXT),
        Column("email_address", TEXT),
        Column("lead_domain", TEXT),
        Column("lead_code", INTEGER),
        Column("interest_code", INTEGER),
    ],
};

pub(super) static DAILY: RawTable = RawTable {
    name: "instantly_daily_analytics_raw",
    key: "to_char(t.analytics_date, 'YYYY-MM-DD') || '|' || coalesce(t.instantly_campaign_id, '')",
    same_record: "t.analytics_date = i.analytics_date \
                  and t.instantly_campaign_id is not distinct from i.instantly_campaign_id",
    columns: &[
        Column("analytics_date", "date"),
        Column("instantly_campaign_id", TEXT),
        Column("sent", INTEGER),
        Column("opened", INTEGER),
        Column("unique_opened", INTEGER),
        Column("replies", INTEGER),
        Column("unique_replies", INTEGER),
        Column("clicks", INTEGER),
        Column("unique_clicks", INTEGER),
    ],
};

pub(super) static STEPS: RawTable = RawTable {
    name: "instantly_steps_raw",
    key: "t.step_key",
    same_record: "t.step_key = i.record_key",
    columns: &[
        Column("step_key", TEXT),
        Column("instantly_campaign_id", TEXT),
        Column("step_label", TEXT),
        Column("variant_label", TEXT),
    ],
};

pub(super) static EMAILS: RawTable = RawTable {
    name: "instantly_emails_raw",
    key: "t.instantly_email_id",
    same_record: "t.instantly_email_id = i.record_key",
    columns: &[
        Column("instantly_email_id", TEXT),
        Column("instantly_campaign_id", TEXT),
        Column("email_address", TEXT),
        Column("event_type", TEXT),
        Column("event_date", "timestamptz"),
    ],
};

pub(super) static EMAIL_DETAILS: RawTable = RawTable {
    name: "instantly_email_details_raw",
    key: "t.instantly_email_id",
    same_record: "t.instantly_email_id = i.record_key",
    columns: &[Column("instantly_email_id", TEXT), Column("is_auto_reply", "boolean")],
};

pub(super) static BLOCK_LIST: RawTable = RawTable {
    name: "instantly_block_list_raw",
    key: "t.instantly_block_id",
    same_record: "t.instantly_block_id = i.record_key",
    columns: &[
        Column("instantly_block_id", TEXT),
        Column("contact_kind", TEXT),
        Column("contact_address", TEXT),
    ],
};

/// Key and extracted columns of a record, or None where it carries no usable key.
pub(super) type Extract = fn(&Fields) -> Option<Extracted>;

/// One row of `/campaigns/analytics`.
pub(super) fn campaign(f: &Fields) -> Option<Extracted> {
    let key = key(f, "campaign_id")?;
    let values = vec![
        Some(key.clone()),
        name(f, "campaign_name"),
        number(f, "campaign_status"),
        number(f, "leads_count"),
        number(f, "contacted_count"),
        number(f, "reply_count"),
        number(f, "emails_sent_count"),
    ];
    Some(Extracted { key, values })
}

/// One campaign of `/campaigns`.
pub(super) fn campaign_config(f: &Fields) -> Option<Extracted> {
    let key = key(f, "id")?;
    let values = vec![Some(key.clone()), name(f, "name"), number(f, "status")];
    Some(Extracted { key, values })
}

/// One account of `/accounts`.
pub(super) fn account(f: &Fields) -> Option<Extracted> {
    let key = key(f, "email")?;
    let values = vec![
        Some(key.clone()),
        name(f, "first_name"),
        name(f, "last_name"),
        number(f, "status"),
        number(f, "warmup_status"),
        number(f, "stat_warmup_score"),
    ];
    Some(Extracted { key, values })
}

/// One lead of `/leads/list`.
pub(super) fn lead(f: &Fields) -> Option<Extracted> {
    let key = key(f, "id")?;
    let email = f.text("email").and_then(|email| identity::email::key(&email));
    let website = f.filled("website").or_else(|| f.filled("company_domain"));
    let domain = identity::domain::company_domain(website.as_deref(), email.as_deref()).domain;
    let values = vec![
        Some(key.clone()),
        name(f, "campaign"),
        email,
        domain,
        number(f, "status"),
        number(f, "lt_interest_status"),
    ];
    Some(Extracted { key, values })
}

/// One message of `/emails`.
pub(super) fn email(f: &Fields) -> Option<Extracted> {
    let key = key(f, "id")?;
    let values = vec![
        Some(key.clone()),
        name(f, "campaign_id"),
        mail::address(f),
        Some(mail::event_type(f).into()),
        mail::event_date(f).map(|at| at.to_string()),
    ];
    Some(Extracted { key, values })
}

/// One message of `/emails/{id}`.
pub(super) fn email_detail(f: &Fields) -> Option<Extracted> {
    let key = key(f, "id")?;
    let values = vec![Some(key.clone()), f.flag("is_auto_reply").map(|flag| flag.to_string())];
    Some(Extracted { key, values })
}

/// One entry of `/block-lists-entries`: an address, or a whole domain.
pub(super) fn blocked(f: &Fields) -> Option<Extracted> {
    let key = key(f, "id")?;
    let value = f.filled("bl_value").unwrap_or_default();
    let (kind, address) = match f.flag("is_domain") {
        Some(true) => ("domain", identity::domain::host(&value)),
        _ => ("email", identity::email::key(&value)),
    };
    let values = vec![Some(key.clone()), address.is_some().then(|| kind.into()), address];
    Some(Extracted { key, values })
}

/// One day of `/campaigns/analytics/daily`, asked for one campaign or (empty) the workspace.
pub(super) fn day(f: &Fields, campaign_id: &str) -> Option<Extracted> {
    let date: Date = f.text("date")?.get(..10)?.parse().ok()?;
    if !(2000..2200).contains(&date.year()) {
        return None;
    }
    let mut values = vec![Some(date.to_string()), (!campaign_id.is_empty()).then(|| campaign_id.to_owned())];
    values.extend(DAILY.columns[2..].iter().map(|column| number(f, column.0)));
    Some(Extracted { key: format!("{date}|{campaign_id}"), values })
}

/// One row of `/campaigns/analytics/steps`.
pub(super) fn step(f: &Fields, campaign_id: &str) -> Option<Extracted> {
    f.raw("sent").or_else(|| f.raw("step"))?;
    let (step, variant) = (name(f, "step"), name(f, "variant"));
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let key = format!("{campaign_id}|{}|{}", part(&step), part(&variant));
    // Clients have met these spellings of "not known" (fact sheet, 7 no. 19).
    let label = |part: Option<String>| part.filter(|p| !matches!(p.as_str(), "null" | "\\N" | "N/A" | ""));
    let values = vec![Some(key.clone()), Some(campaign_id.to_owned()), label(step), label(variant)];
    (key.len() <= MAX_KEY_BYTES).then_some(Extracted { key, values })
}

fn key(f: &Fields, field: &str) -> Option<String> {
    f.filled(field).filter(|key| key.len() <= MAX_KEY_BYTES)
}

/// Text that is indexed: an index entry ends at 2,704 bytes, so it is cut; the whole is in the payload.
pub(super) fn name(f: &Fields, field: &str) -> Option<String> {
    f.text(field).map(|text| text.chars().take(600).collect())
}

fn number(f: &Fields, field: &str) -> Option<String> {
    f.integer(field).map(|number| number.to_string())
}
