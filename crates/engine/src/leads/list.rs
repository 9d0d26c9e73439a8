//! Lists of leads: filtered, ordered, by keyset. A page costs the same at the hundredth million as at the first.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Row};
use uuid::Uuid;

use super::filter::{Bound, Conditions, Filter, Sort, Touched};
use crate::{Error, Result, keyset};

/// Where counting stops: a list that holds more says so.
pub const COUNT_UP_TO: i64 = 10_000;

/// A lead as a line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ListedLead)]
pub struct Listed {
    pub id: Uuid,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub job_title: Option<String>,
    pub phone: Option<String>,
    pub linkedin_url: Option<String>,
    pub lead_status: String,
    pub company_id: Option<Uuid>,
    pub company_name: Option<String>,
    pub company_domain: Option<String>,
    pub created_at: Timestamp,
    /// Null: never touched.
    pub last_touch_at: Option<Timestamp>,
    /// Null: not a word yet.
    pub last_answer_at: Option<Timestamp>,
    /// The next over all campaigns; null: none is planned.
    pub next_followup_at: Option<Timestamp>,
    /// Reason of the suppression; null: the person may be contacted.
    pub suppressed_because: Option<String>,
}

impl Listed {
    /// First and last name; None: neither is known.
    pub fn name(&self) -> Option<String> {
        super::full_name(self.first_name.as_deref(), self.last_name.as_deref())
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    pub leads: Vec<Listed>,
    /// Cursor of the page that follows; null: this is the last.
    pub next: Option<String>,
}

/// How many a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    Exactly(i64),
    /// More than [`COUNT_UP_TO`].
    More,
    /// By the server's own estimate.
    About(i64),
}

/// Leads of a filter in an order, at most `limit`, from the cursor of the page before on.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    sort: Sort,
    after: Option<&str>,
    limit: i64,
    now: Timestamp,
) -> Result<Page> {
    let after = after.map(|cursor| Cursor::read(cursor, sort)).transpose()?;
    // One more than asked for tells whether a page follows.
    let mut wanted = limit + 1;
    let mut leads = Vec::new();
    let touched_first = sort == Sort::LastTouch;
    if touched_first
        && filter.touched != Some(Touched::Never)
        && !matches!(after, Some(Cursor::Untouched(..)))
    {
        leads = fetch(pool, filter, Part::Touched, after.as_ref(), wanted, now).await?;
        wanted -= leads.len() as i64;
    }
    if wanted > 0 && may_be_untouched(filter) | !touched_first {
        let part = match sort {
            Sort::LastTouch => Part::Untouched,
            Sort::Added => Part::Added,
            Sort::Name => Part::Name,
        };
        let after = after.as_ref().filter(|cursor| !matches!(cursor, Cursor::Touched(..)));
        leads.extend(fetch(pool, filter, part, after, wanted, now).await?);
    }
    let next = keyset::cut(&mut leads, limit, |last| Cursor::of(last, sort).text());
    Ok(Page { leads, next })
}

/// How many leads a filter leaves: counted up to [`COUNT_UP_TO`], all of them by the server's estimate.
pub async fn count(pool: &PgPool, filter: &Filter, now: Timestamp) -> Result<Count> {
    if *filter == Filter::default() {
        let about: i64 = sqlx::query_scalar(
            "select greatest(reltuples, 0)::bigint from pg_class where oid = 'leads'::regclass",
        )
        .fetch_one(pool)
        .await?;
        if about > COUNT_UP_TO {
            return Ok(Count::About(about));
        }
    }
    let conditions = filter.conditions(2, now);
    let sql = include_str!("count.sql").replace("/* filters */", &conditions.sql);
    let query = bind(sqlx::query(AssertSqlSafe(sql)).bind(COUNT_UP_TO + 1), conditions);
    let found: i64 = query.persistent(false).fetch_one(pool).await?.try_get("found")?;
    Ok(if found > COUNT_UP_TO { Count::More } else { Count::Exactly(found) })
}

/// Those never touched are no part of a list that asks for touches or answers.
fn may_be_untouched(filter: &Filter) -> bool {
    matches!(filter.touched, None | Some(Touched::Never)) && filter.answered.is_none()
}

/// A stretch of a list that one index gives in order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Touched,
    Untouched,
    Added,
    Name,
}

/// The stretches of a whole list, in order.
pub(super) fn parts(filter: &Filter, sort: Sort) -> Vec<Part> {
    match sort {
        Sort::Added => vec![Part::Added],
        Sort::Name => vec![Part::Name],
        Sort::LastTouch => {
            let touched = (filter.touched != Some(Touched::Never)).then_some(Part::Touched);
            let untouched = may_be_untouched(filter).then_some(Part::Untouched);
            touched.into_iter().chain(untouched).collect()
        }
    }
}

async fn fetch(
    pool: &PgPool,
    filter: &Filter,
    part: Part,
    after: Option<&Cursor>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Listed>> {
    let (text, all) = statement(filter, part, after, now);
    // Never kept as a prepared statement: its best plan depends on what is looked for.
    let query = bind(sqlx::query(AssertSqlSafe(text)).bind(limit), all).persistent(false);
    query.fetch_all(pool).await?.iter().map(listed).collect()
}

/// A stretch as SQL: `$1` how many, and what its conditions bind.
pub(super) fn statement(
    filter: &Filter,
    part: Part,
    after: Option<&Cursor>,
    now: Timestamp,
) -> (String, Conditions) {
    let mut all = filter.conditions(2, now);
    let order = match part {
        Part::Touched => {
            // Not null, said so that the index on activity leads.
            all.plain("a.lead_id is not null");
            "order by a.last_touch_at desc, a.lead_id desc"
        }
        Part::Untouched => {
            all.plain("a.lead_id is null");
            "order by l.created_at desc, l.id desc"
        }
        Part::Added => "order by l.created_at desc, l.id desc",
        Part::Name => "order by lower(coalesce(l.last_name, l.first_name, l.email, '')), l.id",
    };
    if let Some(after) = after {
        after.beyond(&mut all);
    }
    let mut text = include_str!("list.sql").replace("/* filters */", &all.sql).replace("/* order */", order);
    if part == Part::Touched {
        text = text.replace("left join touchline.lead_activity a", "join touchline.lead_activity a");
    }
    (text, all)
}

pub(crate) fn bind(
    query: Query<'_, Postgres, PgArguments>,
    conditions: Conditions,
) -> Query<'_, Postgres, PgArguments> {
    conditions.bound.into_iter().fold(query, |query, value| match value {
        Bound::Text(text) => query.bind(text),
        Bound::Id(id) => query.bind(id),
        Bound::Instant(instant) => query.bind(instant.to_sqlx()),
    })
}

pub(super) fn listed(row: &PgRow) -> Result<Listed> {
    let instant = |name: &str| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
    };
    Ok(Listed {
        id: row.try_get("id")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        email: row.try_get("email")?,
        job_title: row.try_get("job_title")?,
        phone: row.try_get("phone")?,
        linkedin_url: row.try_get("linkedin_url")?,
        lead_status: row.try_get("lead_status")?,
        company_id: row.try_get("company_id")?,
        company_name: row.try_get("company_name")?,
        company_domain: row.try_get("company_domain")?,
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
        last_touch_at: instant("last_touch_at")?,
        last_answer_at: instant("last_answer_at")?,
        next_followup_at: instant("next_followup_at")?,
        suppressed_because: row.try_get("suppressed_because")?,
    })
}

/// Where a page ends: the last lead on it, by what the list is ordered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cursor {
    Touched(Timestamp, Uuid),
    Untouched(Timestamp, Uuid),
    Added(Timestamp, Uuid),
    Name(String, Uuid),
}

impl Cursor {
    fn of(last: &Listed, sort: Sort) -> Self {
        match (sort, last.last_touch_at) {
            (Sort::LastTouch, Some(at)) => Self::Touched(at, last.id),
            (Sort::LastTouch, None) => Self::Untouched(last.created_at, last.id),
            (Sort::Added, _) => Self::Added(last.created_at, last.id),
            (Sort::Name, _) => {
                let name = [&last.last_name, &last.first_name, &last.email].into_iter().flatten().next();
                Self::Name(name.cloned().unwrap_or_default(), last.id)
            }
        }
    }

    /// The leads behind it.
    fn beyond(&self, all: &mut Conditions) {
        match self {
            Self::Touched(at, id) => {
                all.and("a.last_touch_at <= ?", Bound::Instant(*at));
                let at = all.bound.len() + 1;
                all.and(&format!("(a.last_touch_at, a.lead_id) < (${at}, ?)"), Bound::Id(*id));
            }
            Self::Untouched(at, id) | Self::Added(at, id) => {
                all.and("l.created_at <= ?", Bound::Instant(*at));
                let at = all.bound.len() + 1;
                all.and(&format!("(l.created_at, l.id) < (${at}, ?)"), Bound::Id(*id));
            }
            Self::Name(name, id) => {
                // The database lowers letters its own way: so does the cursor.
                let order = "lower(coalesce(l.last_name, l.first_name, l.email, ''))";
                all.and(&format!("{order} >= lower(?)"), Bound::Text(name.clone()));
                let at = all.bound.len() + 1;
                all.and(&format!("({order}, l.id) > (lower(${at}), ?)"), Bound::Id(*id));
            }
        }
    }

    fn text(&self) -> String {
        let parts = match self {
            Self::Touched(at, id) => ("touched", at.to_string(), id),
            Self::Untouched(at, id) => ("untouched", at.to_string(), id),
            Self::Added(at, id) => ("added", at.to_string(), id),
            Self::Name(name, id) => ("name", name.clone(), id),
        };
        let (kind, key, id) = parts;
        BASE64_URL_SAFE_NO_PAD.encode(format!("{kind}\n{id}\n{key}"))
    }

    fn read(text: &str, sort: Sort) -> Result<Self> {
        let read = || {
            let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let mut parts = text.splitn(3, '\n');
            let (kind, id, key) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
            match (kind, sort) {
                ("touched", Sort::LastTouch) => Some(Self::Touched(key.parse().ok()?, id)),
                ("untouched", Sort::LastTouch) => Some(Self::Untouched(key.parse().ok()?, id)),
                ("added", Sort::Added) => Some(Self::Added(key.parse().ok()?, id)),
                ("name", Sort::Name) => Some(Self::Name(key.into(), id)),
                _ => None,
            }
        };
        read().ok_or_else(|| {
            Error::invalid_field(
                "after",
                "this cursor belongs to no page of this list",
                "take `next` of the page before, with the same order; without a cursor the list begins anew",
            )
        })
    }
}

/// A campaign to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub id: Uuid,
    pub name: String,
}

/// Campaigns to filter by, those at work first; two hundred at most.
pub async fn campaign_choices(pool: &PgPool) -> Result<Vec<Choice>> {
    let rows = sqlx::query(include_str!("campaign_choices.sql")).fetch_all(pool).await?;
    rows.iter()
        .map(|row| Ok(Choice { id: row.try_get("id")?, name: row.try_get("campaign_name")? }))
        .collect()
}
