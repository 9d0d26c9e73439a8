//! Who is in a campaign: the list, people added with a verdict each, people taken out. What happened stays whatever is done.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use crate::edit;
use crate::identity;
use crate::keyset::{self, After};
use crate::{Error, Result, touches};

/// Most people in one call.
const MOST: usize = 10_000;

/// Somebody in a campaign, and how far they came on each channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Member {
    pub campaign_lead_id: Uuid,
    pub lead_id: Uuid,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub linkedin_url: Option<String>,
    pub job_title: Option<String>,
    pub company_id: Option<Uuid>,
    pub company_name: Option<String>,
    pub overall_status: String,
    pub email_status: String,
    pub call_status: String,
    pub linkedin_status: String,
    pub sequence_step: Option<i32>,
    pub interest_status: Option<i32>,
    pub next_followup_at: Option<Timestamp>,
    pub stopped_at: Option<Timestamp>,
    pub stop_reason: Option<String>,
    pub created_at: Timestamp,
}

/// A page of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Members {
    pub members: Vec<Member>,
    /// Where the next page begins; null: this is the last.
    pub next: Option<After>,
}

/// What became of one who was to be added or taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = MemberVerdict)]
pub struct Verdict {
    /// As given.
    pub given: String,
    pub lead_id: Option<Uuid>,
    pub who: Option<String>,
    /// added, back_in, already_in, suppressed, unknown, repeated; removed, not_in.
    pub verdict: String,
    /// Why, or what to know.
    pub why: Option<String>,
}

/// Members of a campaign, latest first; only those with this overall status where one is given.
pub async fn members(
    pool: &PgPool,
    campaign_id: Uuid,
    overall_status: Option<&str>,
    after: Option<After>,
    limit: i64,
) -> Result<Members> {
    let limit = limit.clamp(1, 500);
    let rows = sqlx::query(include_str!("members.sql"))
        .bind(campaign_id)
        .bind(overall_status)
        .bind(after.map(|after| after.at.to_sqlx()))
        .bind(after.map(|after| after.id))
        .bind(limit + 1)
        .fetch_all(pool)
        .await?;
    let mut members = rows.iter().map(member).collect::<Result<Vec<_>>>()?;
    let next = keyset::cut(&mut members, limit, |last| After::of(last.created_at, last.campaign_lead_id));
    Ok(Members { members, next })
}

fn member(row: &PgRow) -> Result<Member> {
    Ok(Member {
        campaign_lead_id: row.try_get("id")?,
        lead_id: row.try_get("lead_id")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        email: row.try_get("email")?,
        phone: row.try_get("phone")?,
        linkedin_url: row.try_get("linkedin_url")?,
        job_title: row.try_get("job_title")?,
        company_id: row.try_get("company_id")?,
        company_name: row.try_get("company_name")?,
        overall_status: row.try_get("overall_status")?,
        email_status: row.try_get("email_status")?,
        call_status: row.try_get("call_status")?,
        linkedin_status: row.try_get("linkedin_status")?,
        sequence_step: row.try_get("sequence_step")?,
        interest_status: row.try_get("interest_status")?,
        next_followup_at: edit::instant(row, "next_followup_at")?,
        stopped_at: edit::instant(row, "stopped_at")?,
        stop_reason: row.try_get("stop_reason")?,
        created_at: edit::at(row, "created_at")?,
    })
}

/// Adds people by e-mail, phone, LinkedIn profile or id, with a verdict for each, in the order given. Nobody is added who must
/// not be contacted on any channel of the campaign; the same again changes nothing.
pub async fn add_members(
    pool: &PgPool,
    campaign_id: Uuid,
    people: &[String],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Verdict>> {
    super::show(pool, campaign_id).await?;
    change(pool, include_str!("add_members.sql"), campaign_id, people, by, now).await
}

/// Takes people out. What happened with them stays; nothing more is due for them in this campaign.
pub async fn remove_members(
    pool: &PgPool,
    campaign_id: Uuid,
    people: &[String],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Verdict>> {
    super::show(pool, campaign_id).await?;
    change(pool, include_str!("remove_members.sql"), campaign_id, people, by, now).await
}

/// The same for leads, within a transaction.
pub(crate) async fn add_leads(
    tx: &mut PgConnection,
    campaign_id: Uuid,
    leads: &[Uuid],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Verdict>> {
    judged(tx, include_str!("add_members.sql"), campaign_id, &by_ids(leads), by, now).await
}

/// The same for leads, within a transaction.
pub(crate) async fn remove_leads(
    tx: &mut PgConnection,
    campaign_id: Uuid,
    leads: &[Uuid],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Verdict>> {
    judged(tx, include_str!("remove_members.sql"), campaign_id, &by_ids(leads), by, now).await
}

/// Ids of the people that an import brought or met, as `add_members` takes them.
pub async fn leads_of_import(pool: &PgPool, import_id: Uuid) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(include_str!("leads_of_import.sql")).bind(import_id).fetch_all(pool).await?)
}

async fn change(
    pool: &PgPool,
    sql: &'static str,
    campaign_id: Uuid,
    people: &[String],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Verdict>> {
    if people.len() > MOST {
        return Err(Error::invalid(
            format!("people: {} at once, and {MOST} fit", people.len()),
            "add them in several parts",
        ));
    }
    let known: Vec<Given> = people.iter().map(|given| (given.clone(), address(given))).collect();
    let mut tx = pool.begin().await?;
    touches::begin(&mut tx).await?;
    let verdicts = judged(&mut tx, sql, campaign_id, &known, by, now).await?;
    tx.commit().await?;
    Ok(verdicts)
}

/// What somebody gave to mean a person, and how that is read.
type Given = (String, Address);
type Address = (Option<Uuid>, Option<&'static str>, Option<String>);

fn by_ids(leads: &[Uuid]) -> Vec<Given> {
    leads.iter().map(|id| (id.to_string(), (Some(*id), None, None))).collect()
}

/// In a transaction that [`touches::begin`] has begun.
async fn judged(
    tx: &mut PgConnection,
    sql: &'static str,
    campaign_id: Uuid,
    people: &[Given],
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<Vec<Verdict>> {
    let rows = sqlx::query(sql)
        .bind(campaign_id)
        .bind(people.iter().map(|(_, (id, ..))| *id).collect::<Vec<_>>())
        .bind(people.iter().map(|(_, (_, kind, _))| *kind).collect::<Vec<_>>())
        .bind(people.iter().map(|(_, (.., value))| value.as_deref()).collect::<Vec<_>>())
        .bind(by)
        .bind(now.to_sqlx())
        .fetch_all(&mut *tx)
        .await?;
    // What they said before holds in a campaign that they enter, too.
    let leads = rows.iter().map(|row| row.try_get("lead_id")).collect::<sqlx::Result<Vec<Option<Uuid>>>>()?;
    touches::fold(tx, &leads.into_iter().flatten().collect::<Vec<_>>(), now).await?;
    people
        .iter()
        .zip(&rows)
        .map(|((given, _), row)| {
            Ok(Verdict {
                given: given.clone(),
                lead_id: row.try_get("lead_id")?,
                who: row.try_get("who")?,
                verdict: row.try_get("verdict")?,
                why: row.try_get("why")?,
            })
        })
        .collect()
}

/// What people give to mean somebody: an id, an address, a profile, a number; as an identity.
fn address(given: &str) -> Address {
    let given = given.trim();
    if let Ok(id) = given.parse() {
        return (Some(id), None, None);
    }
    if given.contains('@') {
        return (None, Some("email"), identity::email::key(given));
    }
    if let Some(profile) = identity::linkedin::profile(given) {
        return (None, Some("linkedin"), Some(profile));
    }
    let digits: String = given.chars().filter(char::is_ascii_digit).collect();
    if given.starts_with('+') && digits.len() >= 7 {
        return (None, Some("phone"), Some(format!("+{digits}")));
    }
    (None, None, None)
}
