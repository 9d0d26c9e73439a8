//! One part into the database, in the transaction it is given: raw rows, companies, leads, identities, verdicts, sums.
//! Set-based: the rows come by COPY, the steps are SQL statements.

mod resolve;
mod verdict;

use std::collections::{HashMap, HashSet};

use jiff_sqlx::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::clean::{self, Company, CompanyKey, Person, Row, Said};
use super::copy::Copy;
use super::part::Part;
use crate::Result;
use crate::identity::company;
use resolve::{KINDS, Known};
use verdict::{Outcome, Sums, Verdict};

/// What stays the same over the parts of an import.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) import_id: Uuid,
    pub(super) file_name: String,
    pub(super) overwrite: Vec<String>,
    /// The company's own columns, as [`super::part::Builder::keys`] gives them.
    pub(super) company_keys: Vec<(usize, Vec<u8>)>,
    /// The same keys as text, by column.
    pub(super) company_names: HashMap<usize, String>,
    pub(super) companies_only: bool,
}

/// What a part brings for one person: the first value of each field.
struct Draft {
    lead_id: Uuid,
    is_new: bool,
    overwrites: bool,
    position: u32,
    person: Person,
    company_id: Option<Uuid>,
}

/// Stores a part. `number` counts from 1.
pub(super) async fn part(
    tx: &mut PgConnection,
    task: &Task,
    part: &Part,
    number: i32,
    now: Timestamp,
) -> Result<()> {
    let raw_id = Uuid::now_v7();
    if !part.rows.is_empty() {
        keep_raw(tx, task, part, raw_id, now).await?;
    }
    // One merge at a time, and none beside a normalisation: both make leads.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline normalise', 0))")
        .execute(&mut *tx)
        .await?;
    sqlx::raw_sql(include_str!("temporary.sql")).execute(&mut *tx).await?;
    let mut known = ask(tx, task, part).await?;
    let companies = companies(part, &mut known);
    let (drafts, further, mut verdicts) = sort_out(task, part, &mut known, &companies);

    stage_companies(tx, task, part, &companies).await?;
    let mut companies_filled: HashSet<Uuid> = HashSet::new();
    let companies_new = sqlx::query(include_str!("new_companies.sql"))
        .bind(raw_id)
        .bind(now)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    if companies.values().any(|company| !company.is_new) {
        let filled: Vec<Uuid> = sqlx::query_scalar(include_str!("known_companies.sql"))
            .bind(task.import_id)
            .bind(now)
            .bind(&task.overwrite)
            .fetch_all(&mut *tx)
            .await?;
        companies_filled.extend(filled);
    }
    stage_people(tx, &drafts, &further).await?;
    sqlx::query(include_str!("new_leads.sql")).bind(raw_id).bind(now).execute(&mut *tx).await?;
    let mut leads_filled: HashSet<Uuid> = HashSet::new();
    if !further.is_empty() {
        let filled: Vec<Uuid> = sqlx::query_scalar(include_str!("known_leads.sql"))
            .bind(raw_id)
            .bind(now)
            .bind(task.import_id)
            .bind(&task.overwrite)
            .fetch_all(&mut *tx)
            .await?;
        leads_filled.extend(filled);
    }
    let filled = companies_filled.len();
    settle(&mut verdicts, &leads_filled, companies_filled);
    add_identities(tx, task, &known, now).await?;
    write_verdicts(tx, task, number, &verdicts).await?;
    if !part.rows.is_empty() {
        sqlx::query(
            "insert into touchline.import_parts (import_id, part, csv_import_id) values ($1, $2, $3)",
        )
        .bind(task.import_id)
        .bind(number)
        .bind(raw_id)
        .execute(&mut *tx)
        .await?;
    }
    let mut sums = Sums::default();
    verdicts.iter().for_each(|verdict| sums.add(verdict));
    advance(tx, task, part, number, &sums, (companies_new, filled), now).await
}

async fn keep_raw(tx: &mut PgConnection, task: &Task, part: &Part, id: Uuid, now: Timestamp) -> Result<()> {
    const COLUMNS: &str = "copy csv_imports_raw (id, file_name, total_rows, import_status, created_at, updated_at, raw_data) from stdin (format binary)";
    let mut copy = Copy::new(COLUMNS);
    let rows = u32::try_from(part.rows.len()).unwrap_or(u32::MAX);
    copy.row(7)
        .uuid(Some(id))
        .text(Some(&task.file_name))
        .int(rows)
        .text(Some("completed"))
        .instant(now.to_jiff())
        .instant(now.to_jiff());
    copy.send_with_json(&part.json, tx).await
}

/// Everything the rows of a part are known by, asked at once.
async fn ask(tx: &mut PgConnection, task: &Task, part: &Part) -> Result<Known> {
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

/// A company of a part, with the id it has or gets.
struct Placed {
    id: Uuid,
    is_new: bool,
}

fn companies(part: &Part, known: &mut Known) -> HashMap<CompanyKey, Placed> {
    let mut keys: Vec<_> = part.companies.iter().collect();
    keys.sort_by_key(|(_, draft)| draft.position);
    keys.into_iter()
        .map(|(key, _)| {
            let found = known.companies.get(key).copied();
            (key.clone(), Placed { id: found.unwrap_or_else(Uuid::now_v7), is_new: found.is_none() })
        })
        .collect()
}

/// Row by row: whose it is, and what that makes of it. New and known people come back as drafts, further rows of
/// people by position.
fn sort_out(
    task: &Task,
    part: &Part,
    known: &mut Known,
    companies: &HashMap<CompanyKey, Placed>,
) -> (Vec<Draft>, Vec<(Uuid, u32)>, Vec<Verdict>) {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut at: HashMap<Uuid, usize> = HashMap::new();
    let mut further = Vec::new();
    let mut verdicts = Vec::with_capacity(part.rows.len());
    let mut made: HashSet<Uuid> = HashSet::new();
    for (index, row) in part.rows.iter().enumerate() {
        let position = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let mut verdict = blank_verdict(row);
        let place = |company: &Company| company.key().and_then(|key| companies.get(&key));
        match &row.said {
            Said::Nothing(reason) => verdict.reason = Some(reason),
            Said::Company(company) => {
                let Some(placed) = place(company) else { continue };
                verdict.company_id = Some(placed.id);
                verdict.outcome = match known.lines.get(&placed.id) {
                    Some(line) => joins(&mut verdict, *line),
                    None if placed.is_new => Outcome::New,
                    None => Outcome::Unchanged,
                };
                known.lines.entry(placed.id).or_insert(row.line);
            }
            Said::Person(person) => {
                let whose = known.whose(person);
                let placed = person.company.as_ref().and_then(place);
                verdict.lead_id = Some(whose.lead_id);
                verdict.company_id = placed.map(|placed| placed.id);
                let earlier = known.lines.get(&whose.lead_id).copied();
                verdict.outcome = match earlier {
                    Some(line) => joins(&mut verdict, line),
                    None if whose.is_new => Outcome::New,
                    None => Outcome::Unchanged,
                };
                if whose.by_profile && earlier.is_none() {
                    verdict.notes.push("known_by_profile");
                }
                known.lines.entry(whose.lead_id).or_insert(row.line);
                let mut person = (**person).clone();
                if whose.profile_is_taken {
                    person.linkedin_url = None;
                }
                let draft = at.get(&whose.lead_id).map(|index| &mut drafts[*index]);
                if let Some(draft) = draft {
                    further.push((whose.lead_id, position));
                    fill(draft, person, verdict.company_id);
                } else {
                    if !whose.is_new {
                        further.push((whose.lead_id, position));
                    }
                    at.insert(whose.lead_id, drafts.len());
                    drafts.push(Draft {
                        lead_id: whose.lead_id,
                        is_new: whose.is_new,
                        overwrites: earlier.is_none(),
                        position,
                        person,
                        company_id: verdict.company_id,
                    });
                }
            }
        }
        if let Some(id) = verdict.company_id
            && companies_new(&row.said, companies)
            && made.insert(id)
        {
            verdict.company_written = Some(Vec::new());
        }
        finish_notes(&mut verdict, row);
        verdicts.push(verdict);
    }
    let draft_of = |id: Option<Uuid>| id.and_then(|id| at.get(&id)).map(|index| &drafts[*index]);
    for (verdict, row) in verdicts.iter_mut().zip(&part.rows) {
        if verdict.outcome == Outcome::New {
            verdict.lead_written = draft_of(verdict.lead_id).map(lead_written);
        }
        if verdict.company_written.is_some() {
            let key = row.said.company().and_then(Company::key);
            verdict.company_written =
                key.and_then(|key| part.companies.get(&key)).map(|draft| company_written(&draft.company));
        }
    }
    debug_assert!(task.companies_only || verdicts.len() == part.rows.len());
    (drafts, further, verdicts)
}

fn companies_new(said: &Said, companies: &HashMap<CompanyKey, Placed>) -> bool {
    said.company()
        .and_then(Company::key)
        .and_then(|key| companies.get(&key))
        .is_some_and(|placed| placed.is_new)
}

fn blank_verdict(row: &Row) -> Verdict {
    Verdict {
        line: row.line,
        outcome: Outcome::Rejected,
        reason: None,
        joins_line: None,
        notes: row.reading.clone(),
        repaired: false,
        lead_id: None,
        company_id: None,
        lead_written: None,
        company_written: None,
    }
}

fn joins(verdict: &mut Verdict, line: u64) -> Outcome {
    verdict.joins_line = Some(line);
    verdict.reason = Some("duplicate_in_file");
    Outcome::Duplicate
}

/// Repairs of values count where the values serve: not for a duplicate or a refused row.
fn finish_notes(verdict: &mut Verdict, row: &Row) {
    if !matches!(verdict.outcome, Outcome::Duplicate | Outcome::Rejected) {
        verdict.notes.extend(&row.repairs);
        verdict.repaired = verdict.notes.iter().any(|note| !clean::is_warning(note));
    }
}

/// Later rows fill the blanks of the first.
fn fill(draft: &mut Draft, person: Person, company_id: Option<Uuid>) {
    let own = &mut draft.person;
    let pairs = [
        (&mut own.email, person.email),
        (&mut own.first_name, person.first_name),
        (&mut own.last_name, person.last_name),
        (&mut own.job_title, person.job_title),
        (&mut own.seniority, person.seniority),
        (&mut own.phone, person.phone),
        (&mut own.linkedin_url, person.linkedin_url),
    ];
    for (slot, value) in pairs {
        if slot.is_none() {
            *slot = value;
        }
    }
    draft.company_id = draft.company_id.or(company_id);
}

/// As `touchline.written` does it in SQL.
fn written(columns: &[Option<&str>]) -> Vec<u8> {
    let text: Vec<&str> = columns.iter().map(|column| column.unwrap_or("")).collect();
    Sha256::digest(text.join("\u{1f}").as_bytes())[..8].to_vec()
}

fn lead_written(draft: &Draft) -> Vec<u8> {
    let p = &draft.person;
    let company_id = draft.company_id.map(|id| id.to_string());
    written(&[
        p.first_name.as_deref(),
        p.last_name.as_deref(),
        p.email.as_deref(),
        p.job_title.as_deref(),
        p.seniority.as_deref(),
        p.phone.as_deref(),
        p.linkedin_url.as_deref(),
        company_id.as_deref(),
    ])
}

fn company_written(company: &Company) -> Vec<u8> {
    written(&[
        company.name.as_deref(),
        company.domain.as_deref(),
        company.industry.as_deref(),
        company.size.as_deref(),
    ])
}

async fn stage_companies(
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

async fn stage_people(tx: &mut PgConnection, drafts: &[Draft], further: &[(Uuid, u32)]) -> Result<()> {
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

/// Known people and companies that something was filled for make the row that did it `updated`.
fn settle(verdicts: &mut [Verdict], leads: &HashSet<Uuid>, mut companies: HashSet<Uuid>) {
    for verdict in verdicts {
        let company_filled = verdict.company_id.is_some_and(|id| companies.remove(&id));
        let lead_filled = verdict.lead_id.is_some_and(|id| leads.contains(&id));
        if verdict.outcome == Outcome::Unchanged && (lead_filled || company_filled) {
            verdict.outcome = Outcome::Updated;
        }
    }
}

async fn add_identities(tx: &mut PgConnection, task: &Task, known: &Known, now: Timestamp) -> Result<()> {
    let (mut kinds, mut values, mut leads) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, value, lead_id) in &known.added {
        kinds.push(*kind);
        values.push(value.as_str());
        leads.push(*lead_id);
    }
    if kinds.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("identities.sql"))
        .bind(kinds)
        .bind(values)
        .bind(leads)
        .bind(now)
        .bind(task.import_id)
        .execute(tx)
        .await?;
    Ok(())
}

async fn write_verdicts(tx: &mut PgConnection, task: &Task, number: i32, verdicts: &[Verdict]) -> Result<()> {
    let mut copy = Copy::new("copy touchline.import_rows from stdin (format binary)");
    for (index, verdict) in verdicts.iter().enumerate() {
        copy.row(12)
            .uuid(Some(task.import_id))
            .bigint(Some(verdict.line))
            .int(number.unsigned_abs())
            .int(u32::try_from(index + 1).unwrap_or(u32::MAX))
            .text(Some(verdict.outcome.code()))
            .text(verdict.reason)
            .bigint(verdict.joins_line)
            .texts(verdict.notes.iter().copied())
            .uuid(verdict.lead_id)
            .uuid(verdict.company_id)
            .bytea(verdict.lead_written.as_deref())
            .bytea(verdict.company_written.as_deref());
    }
    copy.send(tx).await?;
    Ok(())
}

/// The report grows, and the place to go on moves, with the part.
async fn advance(
    tx: &mut PgConnection,
    task: &Task,
    part: &Part,
    number: i32,
    sums: &Sums,
    (companies_new, companies_filled): (u64, usize),
    now: Timestamp,
) -> Result<()> {
    let [new, updated, unchanged, duplicate, rejected] = sums.by_outcome;
    sqlx::query(include_str!("advance.sql"))
        .bind(task.import_id)
        .bind(i64::try_from(part.next.0).unwrap_or(i64::MAX))
        .bind(i64::try_from(part.next.1).unwrap_or(i64::MAX))
        .bind(number)
        .bind(sums.rows)
        .bind(new)
        .bind(updated)
        .bind(unchanged)
        .bind(duplicate)
        .bind(rejected)
        .bind(sums.repaired)
        .bind(i64::try_from(part.blank_rows).unwrap_or(i64::MAX))
        .bind(i64::try_from(companies_new).unwrap_or(i64::MAX))
        .bind(i64::try_from(companies_filled).unwrap_or(i64::MAX))
        .bind(serde_json::json!(sums.notes))
        .bind(serde_json::json!(sums.reasons))
        .bind(part.last)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
