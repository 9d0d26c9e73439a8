//! A part's companies, people and identities on their way into the database: new ones where they belong, the others into
//! temporary tables that the SQL statements work from. Leaves what is in them to [`super::draft`], what is made of them to
//! [`super::part`].

use std::collections::HashMap;

use jiff_sqlx::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Task;
use super::draft::{Draft, Placed};
use super::filled::{Filled, Says};
use super::resolve::Known;
use crate::Result;
use crate::import::clean::CompanyKey;
use crate::import::copy::Copy;
use crate::import::part::{CompanyDraft, Part};

/// A part's companies on their way.
pub(super) struct Companies {
    new: Copy,
    known: Copy,
    /// Nobody had them before.
    pub(super) made: u64,
    /// Known ones that may get a blank filled.
    pub(super) staged: u64,
}

impl Companies {
    /// Companies nobody had before go where they belong; of known ones, those that may get a blank filled are staged.
    pub(super) async fn send(&mut self, tx: &mut PgConnection) -> Result<()> {
        self.new.send(&mut *tx).await?;
        if self.staged > 0 {
            sqlx::query("truncate import_companies").execute(&mut *tx).await?;
            self.known.send(tx).await?;
        }
        Ok(())
    }
}

/// Sorts companies into new and known ones.
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
    let mut known = Copy::new("copy import_companies from stdin (format binary)");
    let mut order: Vec<_> = part.companies.iter().collect();
    order.sort_by_key(|(_, draft)| draft.position);
    let (mut made, mut staged) = (0, 0);
    for (key, draft) in order {
        let Some(placed) = companies.get(key) else { continue };
        let says = Says::of(draft);
        if placed.is_new {
            new.row(9).uuid(Some(placed.id)).instant(now.to_jiff()).instant(now.to_jiff()).uuid(part.raw_id);
            described(&mut new, task, part, draft);
            made += 1;
        } else if !task.overwrite.is_empty() || !filled.has(placed.id, &says) {
            known.row(7).uuid(Some(placed.id));
            described(&mut known, task, part, draft);
            let keys: Vec<&str> =
                draft.columns().map(|column| task.company_names[&column].as_str()).collect();
            known.texts(keys.into_iter());
            staged += 1;
        }
        filled.add(placed.id, &says);
    }
    Companies { new, known, made, staged }
}

fn described(copy: &mut Copy, task: &Task, part: &Part, draft: &CompanyDraft) {
    let company = &draft.company;
    copy.text(company.name.as_deref())
        .text(company.domain.as_deref())
        .text(company.industry.as_deref())
        .text(company.size.as_deref())
        .jsonb(draft.json(part, &task.company_keys).as_deref());
}

/// People, new ones and known ones.
pub(super) async fn people(tx: &mut PgConnection, drafts: &[Draft]) -> Result<()> {
    let mut copy = Copy::new("copy import_people from stdin (format binary)");
    for draft in drafts {
        let p = &draft.person;
        copy.row(13)
            .uuid(Some(draft.lead_id))
            .bool(draft.is_new)
            .int(draft.position)
            .bool(draft.overwrites)
            .text(p.first_name.as_deref())
            .text(p.last_name.as_deref())
            .text(p.email.as_deref())
            .text(p.job_title.as_deref())
            .text(p.seniority.as_deref())
            .text(p.phone.as_deref())
            .text(p.linkedin_url.as_deref())
            .uuid(draft.company_id)
            .texts(p.other_emails.iter().map(String::as_str));
    }
    sqlx::query("truncate import_people").execute(&mut *tx).await?;
    copy.send(tx).await?;
    Ok(())
}

/// Rows of people who are there by now, with their original columns.
pub(super) async fn further(tx: &mut PgConnection, part: &Part, further: &[(Uuid, u32)]) -> Result<()> {
    let mut copy = Copy::new("copy import_further from stdin (format binary)");
    for (lead_id, position) in further {
        copy.row(3).uuid(Some(*lead_id)).int(*position).jsonb(Some(part.object(*position)));
    }
    sqlx::query("truncate import_further").execute(&mut *tx).await?;
    copy.send(tx).await?;
    Ok(())
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
