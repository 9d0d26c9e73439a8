//! One record becomes a person and a company, or a refusal with its reason; every repair has a code. The rules for
//! single values are `identity`'s; matching with what is stored is left to `merge`.

pub(super) mod keys;
mod person;
mod size;
mod values;

use std::sync::Arc;

use crate::identity::company;

use super::map::{Field, Kind, Mapping};
use super::read::{Damage, Record};

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Person(Arc<Person>),
    Company(Company),
    /// Nothing usable, and why.
    Nothing(&'static str),
}

impl Said {
    /// The company it speaks of.
    pub(super) fn company(&self) -> Option<&Company> {
        match self {
            Self::Person(person) => person.company.as_ref(),
            Self::Company(company) => Some(company),
            Self::Nothing(_) => None,
        }
    }
}

/// A person as the row has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) email: Option<String>,
    /// Further addresses of the same cell.
    pub(super) other_emails: Vec<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) job_title: Option<String>,
    pub(super) seniority: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) linkedin_url: Option<String>,
    /// `in/slug`, the key.
    pub(super) profile: Option<String>,
    pub(super) company: Option<Company>,
    /// What the person is known by, best first.
    pub(super) keys: Vec<keys::Key>,
}

/// A company as the row has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Company {
    pub(super) domain: Option<String>,
    pub(super) name: Option<String>,
    pub(super) industry: Option<String>,
    pub(super) size: Option<String>,
    /// What it is known by: the domain, else the folded name.
    pub(super) key: Option<CompanyKey>,
}

/// What a company is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum CompanyKey {
    Domain(Arc<str>),
    Name(Arc<str>),
}

impl CompanyKey {
    pub(super) fn of(domain: Option<&str>, name: Option<&str>) -> Option<Self> {
        match domain {
            Some(domain) => Some(Self::Domain(domain.into())),
            None => name.and_then(company::folded).map(|folded| Self::Name(folded.into())),
        }
    }
}

/// A row, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) said: Said,
    /// What was found while reading it.
    pub(super) reading: Vec<&'static str>,
    /// What was changed in its values.
    pub(super) repairs: Vec<&'static str>,
}

/// Findings that change nothing.
pub(super) fn is_warning(code: &str) -> bool {
    matches!(code, "mojibake_suspected" | "known_by_profile" | "must_not_be_contacted")
}

/// Reads the rows of one file.
pub(super) struct Cleaner {
    mapping: Mapping,
    header: Record,
    columns: Columns,
}

/// Columns of each field, in the order they are asked.
struct Columns {
    email: Vec<usize>,
    first_name: Vec<usize>,
    last_name: Vec<usize>,
    full_name: Vec<usize>,
    job_title: Vec<usize>,
    seniority: Vec<usize>,
    phone: Vec<usize>,
    linkedin: Vec<usize>,
    company_name: Vec<usize>,
    website: Vec<usize>,
    industry: Vec<usize>,
    size: Vec<usize>,
}

impl Cleaner {
    pub(super) fn new(mapping: Mapping, header: Record) -> Self {
        let of = |field| mapping.of(field);
        let columns = Columns {
            email: of(Field::Email),
            first_name: of(Field::FirstName),
            last_name: of(Field::LastName),
            full_name: of(Field::FullName),
            job_title: of(Field::JobTitle),
            seniority: of(Field::Seniority),
            phone: of(Field::Phone),
            linkedin: of(Field::LinkedinUrl),
            company_name: of(Field::CompanyName),
            website: of(Field::Website),
            industry: of(Field::Industry),
            size: of(Field::CompanySize),
        };
        Self { mapping, header, columns }
    }

    /// What a record says. Its cells stay as they are.
    pub(super) fn clean(&self, record: &Record) -> Row {
        let mut reading = reading_notes(record);
        let width = self.header.len();
        if record.len() < width && record.damage != Damage::RecordTooLarge {
            reading.push("short_row");
        }
        if (width..record.len()).any(|index| !record.cell(index).trim().is_empty()) {
            reading.push("long_row");
        }
        let mut repairs = Vec::new();
        let said = match self.refusal(record) {
            Some(reason) => Said::Nothing(reason),
            None if self.mapping.kind == Kind::CompaniesOnly => self.company_row(record, &mut repairs),
            None => self.person_row(record, &mut repairs),
        };
        if matches!(said, Said::Nothing(_)) {
            repairs.clear();
        }
        Row { line: record.line, said, reading, repairs }
    }

    /// Refusals that need no value understood.
    fn refusal(&self, record: &Record) -> Option<&'static str> {
        match record.damage {
            Damage::Unterminated => return Some("unterminated_quote"),
            Damage::CellTooLarge => return Some("cell_too_large"),
            Damage::RecordTooLarge => return Some("record_too_large"),
            Damage::None | Damage::StrayQuote | Damage::Resynced => {}
        }
        // Two exports put end to end have a byte-order mark in the middle.
        let first = record.cell(0).trim_start_matches('\u{FEFF}');
        if record.len() == self.header.len()
            && first == self.header.cell(0)
            && record.cells().skip(1).eq(self.header.cells().skip(1))
        {
            return Some("repeated_header");
        }
        None
    }

    fn company_row(&self, record: &Record, notes: &mut Vec<&'static str>) -> Said {
        let company = self.company(record, None, notes);
        match company {
            Some(company) if company.key.is_some() => Said::Company(company),
            _ => Said::Nothing("no_company"),
        }
    }
}

fn reading_notes(record: &Record) -> Vec<&'static str> {
    let mut notes = Vec::new();
    match record.damage {
        Damage::StrayQuote => notes.push("stray_quote"),
        Damage::Resynced => notes.push("unterminated_quote_resynced"),
        _ => {}
    }
    if record.had_nul {
        notes.push("nul_removed");
    }
    if record.was_windows_1252 {
        notes.push("line_windows_1252");
    }
    notes
}
