//! What the database knows of a part's rows, asked at once. Leaves saying whose row it is to [`resolve`].

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::Task;
use super::resolve::{self, KINDS, Known};
use crate::Result;
use crate::identity::company;
use crate::import::clean::{CompanyKey, Said};
use crate::import::part::Part;

/// Everything the rows of a part are known by, asked at once.
pub(super) async fn ask(tx: &mut PgConnection, task: &Task, part: &Part) -> Result<Known> {
    let mut keys: HashMap<&'static str, Vec<String>> = HashMap::new();
    for row in &part.rows {
        if let Said::Person(person) = &row.said {
            resolve::keys(person)
                .into_iter()
                .for_each(|(kind, value)| keys.entry(kind).or_default().push(value));
        }
    }
    let mut known = Known::default();
    let of = |kind: &str| keys.get(kind).cloned().unwrap_or_default();
    let found: Vec<(String, String, Uuid, bool)> = sqlx::query_as(include_str!("known_identities.sql"))
        .bind(of(KINDS[0]))
        .bind(of(KINDS[1]))
        .bind(of(KINDS[2]))
        .fetch_all(&mut *tx)
        .await?;
    for (kind, value, lead_id, is_kept) in found {
        let kind = KINDS.into_iter().find(|known| *known == kind).unwrap_or(KINDS[0]);
        if !is_kept {
            known.added.push((kind, value.clone(), lead_id));
        }
        known.leads.insert((kind, value), lead_id);
    }
    let (mut domains, mut names) = (Vec::new(), Vec::new());
    for (key, draft) in &part.companies {
        match key {
            CompanyKey::Domain(domain) => domains.push(domain.clone()),
            CompanyKey::Name(folded) => {
                names.push(folded.clone());
                names.extend(draft.company.name.clone());
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
        let key = match domain {
            Some(domain) => Some(CompanyKey::Domain(domain)),
            None => name.as_deref().and_then(company::folded).map(CompanyKey::Name),
        };
        if let Some(key) = key {
            known.companies.entry(key).or_insert(id);
        }
    }
    let (column, ids): (_, Vec<Uuid>) = if task.companies_only {
        ("company_id = any ($2) and lead_id is null", known.companies.values().copied().collect())
    } else {
        ("lead_id = any ($2)", known.leads.values().copied().collect())
    };
    if !ids.is_empty() {
        let statement = format!(
            "select {}, min(line) from touchline.import_rows where import_id = $1 and {column} and outcome <> 'duplicate' group by 1",
            if task.companies_only { "company_id" } else { "lead_id" }
        );
        let lines: Vec<(Uuid, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(task.import_id)
            .bind(ids)
            .fetch_all(&mut *tx)
            .await?;
        known.lines = lines.into_iter().map(|(id, line)| (id, line.unsigned_abs())).collect();
    }
    Ok(known)
}
