//! A part's companies, people and identities on their way into the database: by `COPY` where they go as they are, else as
//! arrays that a statement makes rows of. Leaves what is in them to [`super::draft`], their order to [`super::part`].

use jiff_sqlx::Timestamp;
use sqlx::postgres::PgArguments;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, Row};
use uuid::Uuid;

use super::Task;
use super::draft::{Draft, Placed};
use super::filled::{Filled, Says};
use super::resolve::Known;
use crate::Result;
use crate::import::clean::{Company, CompanyKey, Person};
use crate::import::copy::Copy;
use crate::import::part::Part;
use crate::import::{HashMap, HashSet};

/// A part's companies: new ones on their way, known ones for [`fill_companies`].
pub(super) struct Companies {
    new: Copy,
    known: Vec<KnownCompany>,
    /// Nobody had them before.
    pub(super) made: u64,
}

/// What a part says of a company that is here.
struct KnownCompany {
    id: Uuid,
    company: Company,
    /// Its own columns, a JSON object.
    columns: Option<String>,
}

impl Companies {
    /// Companies nobody had before go where they belong.
    pub(super) async fn send(&mut self, tx: &mut PgConnection) -> Result<()> {
        self.new.send(tx).await
    }
}

/// Sorts companies into new and known ones; of those, the ones that may get a blank filled.
pub(super) fn companies(
    task: &Task,
    filled: &mut Filled,
    part: &Part,
    companies: &HashMap<CompanyKey, Placed>,
    now: Timestamp,
) -> Companies {
    let mut new = Copy::new(
        "copy companies (id, created_at, updated_at, first_seen_in_csv_id, company_name, company_domain, industry, company_size, apollo_data) from stdin (format binary)",
    );
    let mut order: Vec<_> = part.companies.iter().collect();
    order.sort_by_key(|(_, draft)| draft.position);
    let (mut known, mut made) = (Vec::new(), 0);
    for (key, draft) in order {
        let Some(placed) = companies.get(key) else { continue };
        let says = Says::of(draft);
        let company = &draft.company;
        let columns = || draft.json(part, &task.company_keys);
        if placed.is_new {
            new.row(9)
                .uuid(Some(placed.id))
                .instant(now.to_jiff())
                .instant(now.to_jiff())
                .uuid(part.raw_id)
                .text(company.name.as_deref())
                .text(company.domain.as_deref())
                .text(company.industry.as_deref())
                .text(company.size.as_deref())
                .jsonb(columns().as_deref());
            made += 1;
        } else if !task.overwrite.is_empty() || !filled.has(placed.id, &says) {
            let columns = columns().map(|json| String::from_utf8_lossy(&json).into_owned());
            known.push(KnownCompany { id: placed.id, company: company.clone(), columns });
        }
        filled.add(placed.id, &says);
    }
    Companies { new, known, made }
}

/// Fills blanks of companies that are here; which of them had some.
pub(super) async fn fill_companies(
    tx: &mut PgConnection,
    task: &Task,
    companies: &Companies,
    now: Timestamp,
) -> Result<HashSet<Uuid>> {
    let known = &companies.known;
    if known.is_empty() {
        return Ok(HashSet::default());
    }
    let column = |pick: fn(&Company) -> &Option<String>| -> Vec<Option<&str>> {
        known.iter().map(|known| pick(&known.company).as_deref()).collect()
    };
    let filled = sqlx::query_scalar(include_str!("known_companies.sql"))
        .bind(task.import_id)
        .bind(now)
        .bind(&task.overwrite)
        .bind(known.iter().map(|known| known.id).collect::<Vec<_>>())
        .bind(column(|company| &company.name))
        .bind(column(|company| &company.domain))
        .bind(column(|company| &company.industry))
        .bind(column(|company| &company.size))
        .bind(known.iter().map(|known| known.columns.as_deref()).collect::<Vec<_>>())
        .fetch_all(tx)
        .await?;
    Ok(filled.into_iter().collect())
}

/// Stores people nobody had before.
pub(super) async fn new_people(
    tx: &mut PgConnection,
    part: &Part,
    drafts: &[Draft],
    now: Timestamp,
) -> Result<()> {
    let new: Vec<_> = drafts.iter().filter(|draft| draft.is_new).collect();
    if new.is_empty() {
        return Ok(());
    }
    let others = |draft: &&Draft| {
        let others = &draft.person.other_emails;
        (!others.is_empty()).then(|| Json(others.clone()))
    };
    let statement = sqlx::query(include_str!("new_leads.sql"))
        .bind(part.raw_id)
        .bind(now)
        .bind(new.iter().map(|draft| draft.position.cast_signed()).collect::<Vec<_>>())
        .bind(new.iter().map(others).collect::<Vec<_>>());
    columns_of(&new, statement).execute(tx).await?;
    Ok(())
}

/// Fills blanks of people who are here by now, from further rows; which of them had some.
pub(super) async fn fill_people(
    tx: &mut PgConnection,
    task: &Task,
    part: &Part,
    drafts: &[Draft],
    further: &[(Uuid, u32)],
    now: Timestamp,
) -> Result<HashSet<Uuid>> {
    if further.is_empty() {
        return Ok(HashSet::default());
    }
    let known: Vec<_> = drafts.iter().filter(|draft| !draft.is_new).collect();
    let items = further.iter().map(|(_, position)| String::from_utf8_lossy(part.object(*position)));
    let statement = sqlx::query(include_str!("known_leads.sql"))
        .bind(task.import_id)
        .bind(now)
        .bind(&task.overwrite)
        .bind(further.iter().map(|(lead_id, _)| *lead_id).collect::<Vec<_>>())
        .bind(further.iter().map(|(_, position)| position.cast_signed()).collect::<Vec<_>>())
        .bind(items.collect::<Vec<_>>())
        .bind(known.iter().map(|draft| draft.overwrites).collect::<Vec<_>>());
    let filled = columns_of(&known, statement).fetch_all(tx).await?;
    Ok(filled.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?)
}

type Statement<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;

/// People as the last parameters of a statement, a column each.
fn columns_of<'q>(drafts: &[&'q Draft], statement: Statement<'q>) -> Statement<'q> {
    let column = |pick: fn(&Person) -> &Option<String>| -> Vec<Option<&'q str>> {
        drafts.iter().map(|draft| pick(&draft.person).as_deref()).collect()
    };
    statement
        .bind(drafts.iter().map(|draft| draft.lead_id).collect::<Vec<_>>())
        .bind(column(|person| &person.first_name))
        .bind(column(|person| &person.last_name))
        .bind(column(|person| &person.email))
        .bind(column(|person| &person.job_title))
        .bind(column(|person| &person.seniority))
        .bind(column(|person| &person.phone))
        .bind(column(|person| &person.linkedin_url))
        .bind(drafts.iter().map(|draft| draft.company_id).collect::<Vec<_>>())
}

/// What people are known by from now on.
pub(super) async fn identities(tx: &mut PgConnection, known: &Known, now: Timestamp) -> Result<()> {
    let mut order: Vec<_> = known.added.iter().collect();
    order.sort(); // neighbours in the index
    let mut copy = Copy::new(
        "copy lead_identities (identity_kind, identity_value, lead_id, created_at) from stdin (format binary)",
    );
    for ((kind, value), lead_id) in order {
        copy.row(4).text(Some(kind)).text(Some(value)).uuid(Some(*lead_id)).instant(now.to_jiff());
    }
    copy.send(tx).await?;
    Ok(())
}
