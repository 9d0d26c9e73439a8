//! What the database knows of a part's rows, asked at once. Leaves saying whose row it is to [`resolve`].

use sqlx::PgConnection;
use uuid::Uuid;

use super::Task;
use super::resolve::Known;
use crate::Result;
use crate::import::clean::keys::{KINDS, Key};
use crate::import::clean::{CompanyKey, Said};
use crate::import::part::Part;

/// Everything the rows of a part are known by, asked at once.
pub(super) async fn ask(tx: &mut PgConnection, task: &Task, part: &Part) -> Result<Known> {
    let mut keys: [Vec<&str>; 3] = Default::default();
    for row in &part.rows {
        if let Said::Person(person) = &row.said {
            for (kind, value) in &person.keys {
                let of_kind = KINDS.iter().zip(&mut keys).find(|(known, _)| *known == kind);
                of_kind.into_iter().for_each(|(_, values)| values.push(value));
            }
        }
    }
    let mut known = Known::default();
    let [emails, profiles, phones] = keys;
    let found: Vec<(String, String, Uuid, bool)> = sqlx::query_as(include_str!("known_identities.sql"))
        .bind(emails)
        .bind(profiles)
        .bind(phones)
        .fetch_all(&mut *tx)
        .await?;
    for (kind, value, lead_id, is_kept) in found {
        let kind = KINDS.into_iter().find(|known| *known == kind).unwrap_or(KINDS[0]);
        let key: Key = (kind, value.into());
        if !is_kept {
            known.added.push((key.clone(), lead_id));
        }
        known.leads.insert(key, lead_id);
    }
    let (mut domains, mut names) = (Vec::new(), Vec::new());
    for (key, draft) in &part.companies {
        match key {
            CompanyKey::Domain(domain) => domains.push(&**domain),
            CompanyKey::Name(folded) => {
                names.push(&**folded);
                names.extend(draft.company.name.as_deref());
            }
        }
    }
    let found: Vec<(Uuid, Option<String>, Option<String>)> =
        sqlx::query_as(include_str!("companies_by_key.sql"))
            .bind(domains)
            .bind(names)
            .fetch_all(&mut *tx)
            .await?;
    for (id, domain, name) in found {
        if let Some(key) = CompanyKey::of(domain.as_deref(), name.as_deref()) {
            known.companies.entry(key).or_insert(id);
        }
    }
    let (column, ids): (_, Vec<Uuid>) = if task.companies_only {
        ("company_id = any ($2) and lead_id is null", known.companies.values().copied().collect())
    } else {
        ("lead_id = any ($2)", known.leads.values().copied().collect())
    };
    if !ids.is_empty() {
        // The import is no condition of the search: no plan may read all its rows for those of a few people.
        let statement = format!(
            "select {}, min(line) filter (where import_id = $1 and outcome <> 'duplicate') from touchline.import_rows where {column} group by 1",
            if task.companies_only { "company_id" } else { "lead_id" }
        );
        let lines: Vec<(Uuid, Option<i64>)> = sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(task.import_id)
            .bind(ids)
            .fetch_all(&mut *tx)
            .await?;
        known.lines = lines.into_iter().filter_map(|(id, line)| Some((id, line?.unsigned_abs()))).collect();
    }
    Ok(known)
}
