//! A part's companies and people into the temporary tables that the SQL statements work from. Leaves what is in them to
//! [`super::draft`], what is made of them to [`super::part`].

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::Task;
use super::draft::{Draft, Placed};
use crate::Result;
use crate::import::clean::CompanyKey;
use crate::import::copy::Copy;
use crate::import::part::Part;

pub(super) async fn stage_companies(
    tx: &mut PgConnection,
    task: &Task,
    part: &Part,
    companies: &HashMap<CompanyKey, Placed>,
) -> Result<()> {
    let mut copy = Copy::new("copy import_companies from stdin (format binary)");
    let mut order: Vec<_> = part.companies.iter().collect();
    order.sort_by_key(|(_, draft)| draft.position);
    for (key, draft) in order {
        let (Some(placed), company) = (companies.get(key), &draft.company) else { continue };
        let json = draft.json(&task.company_keys);
        let keys = task.company_keys.iter().filter(|(column, _)| draft.has(*column));
        let keys: Vec<&str> = keys.map(|(column, _)| task.company_names[column].as_str()).collect();
        copy.row(8)
            .uuid(Some(placed.id))
            .bool(placed.is_new)
            .text(company.name.as_deref())
            .text(company.domain.as_deref())
            .text(company.industry.as_deref())
            .text(company.size.as_deref())
            .jsonb(json.as_deref())
            .texts(keys.into_iter());
    }
    copy.send(tx).await?;
    Ok(())
}

pub(super) async fn stage_people(
    tx: &mut PgConnection,
    drafts: &[Draft],
    further: &[(Uuid, u32)],
) -> Result<()> {
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
    copy.send(&mut *tx).await?;
    let mut copy = Copy::new("copy import_further from stdin (format binary)");
    for (lead_id, position) in further {
        copy.row(2).uuid(Some(*lead_id)).int(*position);
    }
    copy.send(tx).await?;
    Ok(())
}
