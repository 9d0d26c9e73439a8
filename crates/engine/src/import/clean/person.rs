//! The person and the company of one row.

use std::sync::Arc;

use super::size::company_size;
use super::values::{self, note};
use super::{Cleaner, Company, CompanyKey, Person, Said, keys};
use crate::identity::email::{self, EmailProblem};
use crate::identity::website::{self, Website};
use crate::identity::{Note, company, domain, linkedin, mojibake, name, placeholder};
use crate::import::read::Record;

/// The longest profile that serves as a key: index entries end.
const LONGEST_PROFILE: usize = 500;

impl Cleaner {
    pub(super) fn person_row(&self, record: &Record, notes: &mut Vec<&'static str>) -> Said {
        let (address, problem) = self.email(record, notes);
        if address.is_none() && self.is_shifted(record) {
            return Said::Nothing("shifted_row");
        }
        let mut person = Person::default();
        if let Some(found) = address {
            (person.email, person.other_emails) = (Some(found.address), found.others);
        }
        self.profile(record, &mut person, notes);
        person.phone = self.phone(record, notes);
        if person.email.is_none() && person.profile.is_none() && person.phone.is_none() {
            return Said::Nothing(problem.and_then(EmailProblem::code).unwrap_or("no_contact"));
        }
        if problem.and_then(EmailProblem::code).is_some() {
            note(notes, "email_dropped"); // another way to reach the person is left
        }
        self.name(record, &mut person, notes);
        person.job_title = self.text(record, &self.columns.job_title, notes);
        person.seniority =
            self.text(record, &self.columns.seniority, notes).map(|seniority| values::seniority(&seniority));
        person.company = self.company(record, person.email.as_deref(), notes);
        person.keys = keys::of(&person);
        Said::Person(Arc::new(person))
    }

    /// The first good address of the columns that hold one, else what is wrong with the first bad one.
    fn email(
        &self,
        record: &Record,
        notes: &mut Vec<&'static str>,
    ) -> (Option<email::Email>, Option<EmailProblem>) {
        let mut problem = None;
        for &index in &self.columns.email {
            let cell = record.cell(index);
            match email::canonical(cell) {
                Ok(found) => {
                    found.notes.iter().for_each(|found| note(notes, found.code()));
                    return (Some(found), None);
                }
                Err(EmailProblem::Absent) if !cell.trim().is_empty() => {
                    note(notes, Note::PlaceholderAsEmpty.code());
                }
                Err(EmailProblem::Absent) => {}
                Err(found) => problem = problem.or(Some(found)),
            }
        }
        (None, problem)
    }

    /// A row of another width with something else where the address belongs, and the address elsewhere.
    fn is_shifted(&self, record: &Record) -> bool {
        let own = &self.columns.email;
        let other = own.iter().any(|&index| {
            let cell = record.cell(index).trim();
            !cell.is_empty() && !cell.contains('@')
        });
        record.len() != self.header.len()
            && other
            && (0..record.len()).any(|index| {
                !own.contains(&index)
                    && record.cell(index).contains('@')
                    && email::key(record.cell(index)).is_some()
            })
    }

    /// A public name is a better key than LinkedIn's own id.
    fn profile(&self, record: &Record, person: &mut Person, notes: &mut Vec<&'static str>) {
        let mut second = None;
        for &index in &self.columns.linkedin {
            let cell = record.cell(index).trim();
            if cell.is_empty() {
                continue;
            }
            if placeholder::is_placeholder(cell) {
                note(notes, Note::PlaceholderAsEmpty.code());
                continue;
            }
            let Some(profile) = linkedin::profile(cell).filter(|key| key.len() <= LONGEST_PROFILE) else {
                continue;
            };
            if !linkedin::is_member_id(&profile) {
                (person.profile, person.linkedin_url) = (Some(profile), Some(cell.to_owned()));
                return;
            }
            second = second.or(Some((profile, cell.to_owned())));
        }
        if let Some((profile, link)) = second {
            (person.profile, person.linkedin_url) = (Some(profile), Some(link));
        }
    }

    fn phone(&self, record: &Record, notes: &mut Vec<&'static str>) -> Option<String> {
        for &index in &self.columns.phone {
            let cell = record.cell(index).trim();
            if cell.is_empty() {
                continue;
            }
            match values::phone(cell) {
                Some(phone) => return Some(phone),
                None if placeholder::is_placeholder(cell) && !cell.contains('#') => {
                    note(notes, Note::PlaceholderAsEmpty.code());
                }
                None => note(notes, "phone_unusable"),
            }
        }
        None
    }

    fn name(&self, record: &Record, person: &mut Person, notes: &mut Vec<&'static str>) {
        let first = values::first(record, &self.columns.first_name);
        let last = values::first(record, &self.columns.last_name);
        let full = values::first(record, &self.columns.full_name);
        let mut found = name::clean(first, last);
        if first.is_empty() && last.is_empty() && !full.is_empty() {
            found = name::split(full);
        }
        found.notes.iter().for_each(|found| note(notes, found.code()));
        (person.first_name, person.last_name) = (found.first, found.last);
    }

    /// Text that is kept as it is, placeholders aside.
    fn text(&self, record: &Record, columns: &[usize], notes: &mut Vec<&'static str>) -> Option<String> {
        for &index in columns {
            let cell = record.cell(index).trim();
            if cell.is_empty() {
                continue;
            }
            if placeholder::is_placeholder(cell) {
                note(notes, Note::PlaceholderAsEmpty.code());
                continue;
            }
            if values::is_formula(cell) {
                note(notes, Note::FormulaLike.code());
            }
            if mojibake::is_suspected(cell) {
                note(notes, Note::MojibakeSuspected.code());
            }
            return Some(cell.to_owned());
        }
        None
    }

    pub(super) fn company(
        &self,
        record: &Record,
        email: Option<&str>,
        notes: &mut Vec<&'static str>,
    ) -> Option<Company> {
        let mut company_name = None;
        for &index in &self.columns.company_name {
            let cell = record.cell(index);
            company_name = company_name.or_else(|| company::name(cell));
            if company_name.is_some() {
                break;
            }
            if !cell.trim().is_empty() {
                note(notes, Note::PlaceholderAsEmpty.code());
            }
        }
        let sites =
            || self.columns.website.iter().map(|&index| record.cell(index)).filter(|c| !c.trim().is_empty());
        let site = match self.columns.website.len() {
            0 => None,
            1 => sites().next(),
            _ => sites()
                .find(|cell| matches!(website::from_website(cell), Website::Domain { .. }))
                .or_else(|| sites().next()),
        };
        let found = domain::company_domain(site, email);
        found.notes.iter().for_each(|found| note(notes, found.code()));
        if found.was_turned_away() && company_name.is_some() {
            note(notes, Note::CompanyWithoutDomain.code());
        }
        let industry = self.text(record, &self.columns.industry, notes);
        let size = self.columns.size.iter().find_map(|&index| company_size(record.cell(index), notes));
        let company_name = company_name.or_else(|| found.domain.clone());
        company_name.as_ref()?;
        let key = CompanyKey::of(found.domain.as_deref(), company_name.as_deref());
        Some(Company { domain: found.domain, name: company_name, industry, size, key })
    }
}
