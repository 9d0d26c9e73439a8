//! A part's rows sorted out: the companies and people they stand for, and a first verdict on each. Knows what the
//! database said; asks it nothing, and leaves writing to [`super::stage`].

use std::sync::Arc;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Task;
use super::resolve::Known;
use super::verdict::{Outcome, Verdict, Written};
use crate::import::clean::{self, Company, CompanyKey, Person, Row, Said};
use crate::import::part::Part;
use crate::import::{HashMap, HashSet};

/// What a part brings for one person: the first value of each field.
pub(super) struct Draft {
    pub(super) lead_id: Uuid,
    pub(super) is_new: bool,
    pub(super) overwrites: bool,
    pub(super) position: u32,
    pub(super) person: Arc<Person>,
    pub(super) company_id: Option<Uuid>,
}

/// A company of a part, with the id it has or gets.
pub(super) struct Placed {
    pub(super) id: Uuid,
    pub(super) is_new: bool,
}

pub(super) fn companies(part: &Part, known: &mut Known) -> HashMap<CompanyKey, Placed> {
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
pub(super) fn sort_out(
    task: &Task,
    part: &Part,
    known: &mut Known,
    companies: &HashMap<CompanyKey, Placed>,
) -> (Vec<Draft>, Vec<(Uuid, u32)>, Vec<Verdict>) {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut at: HashMap<Uuid, usize> = HashMap::default();
    let mut further = Vec::new();
    let mut verdicts = Vec::with_capacity(part.rows.len());
    let mut made: HashSet<Uuid> = HashSet::default();
    for (index, row) in part.rows.iter().enumerate() {
        let position = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let mut verdict = blank_verdict(row);
        let place = |company: &Company| companies.get(company.key.as_ref()?);
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
                let mut person = Arc::clone(person);
                if whose.profile_is_taken {
                    Arc::make_mut(&mut person).linkedin_url = None;
                }
                let draft = at.get(&whose.lead_id).map(|index| &mut drafts[*index]);
                if let Some(draft) = draft {
                    further.push((whose.lead_id, position));
                    fill(draft, &person, verdict.company_id);
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
            verdict.company_written = Some(Written::default());
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
            let key = row.said.company().and_then(|company| company.key.as_ref());
            verdict.company_written =
                key.and_then(|key| part.companies.get(key)).map(|draft| company_written(&draft.company));
        }
    }
    debug_assert!(task.companies_only || verdicts.len() == part.rows.len());
    (drafts, further, verdicts)
}

fn companies_new(said: &Said, companies: &HashMap<CompanyKey, Placed>) -> bool {
    said.company()
        .and_then(|company| companies.get(company.key.as_ref()?))
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
fn fill(draft: &mut Draft, person: &Person, company_id: Option<Uuid>) {
    let own = Arc::make_mut(&mut draft.person);
    let pairs = [
        (&mut own.email, &person.email),
        (&mut own.first_name, &person.first_name),
        (&mut own.last_name, &person.last_name),
        (&mut own.job_title, &person.job_title),
        (&mut own.seniority, &person.seniority),
        (&mut own.phone, &person.phone),
        (&mut own.linkedin_url, &person.linkedin_url),
    ];
    for (slot, value) in pairs {
        if slot.is_none() {
            slot.clone_from(value);
        }
    }
    draft.company_id = draft.company_id.or(company_id);
}

/// As `touchline.written` does it in SQL.
fn written<const N: usize>(columns: [Option<&str>; N]) -> Written {
    let mut hasher = Sha256::new();
    for (index, column) in columns.into_iter().enumerate() {
        if index > 0 {
            hasher.update(b"\x1f");
        }
        hasher.update(column.unwrap_or(""));
    }
    let mut digest = Written::default();
    digest.copy_from_slice(&hasher.finalize()[..8]);
    digest
}

fn lead_written(draft: &Draft) -> Written {
    let p = &draft.person;
    let company_id = draft.company_id.map(|id| id.to_string());
    written([
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

fn company_written(company: &Company) -> Written {
    written([
        company.name.as_deref(),
        company.domain.as_deref(),
        company.industry.as_deref(),
        company.size.as_deref(),
    ])
}
