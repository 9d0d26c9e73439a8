//! Which column means what: by name through the synonym table, then by its values, never by position. A person's word
//! wins over both.

mod columns;
mod kind;
mod saved;
pub(super) mod synonyms;

use serde::{Deserialize, Serialize};

pub use columns::{Column, Mapping};
pub use kind::Kind;
pub(super) use saved::{names, offered, save, saved, shape};

/// What a column can be to us.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[schema(as = ImportField)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Email,
    FirstName,
    LastName,
    FullName,
    JobTitle,
    Seniority,
    Phone,
    LinkedinUrl,
    CompanyName,
    /// `companies.company_domain`, out of a website.
    #[serde(rename = "company_domain")]
    Website,
    Industry,
    CompanySize,
    CompanyLinkedinUrl,
}

/// Every field with the name people give it.
pub const FIELDS: &[(&str, Field)] = &[
    ("email", Field::Email),
    ("first_name", Field::FirstName),
    ("last_name", Field::LastName),
    ("full_name", Field::FullName),
    ("job_title", Field::JobTitle),
    ("seniority", Field::Seniority),
    ("phone", Field::Phone),
    ("linkedin_url", Field::LinkedinUrl),
    ("company_name", Field::CompanyName),
    ("company_domain", Field::Website),
    ("industry", Field::Industry),
    ("company_size", Field::CompanySize),
    ("company_linkedin_url", Field::CompanyLinkedinUrl),
];

impl Field {
    /// The name people give it.
    pub fn name(self) -> &'static str {
        FIELDS.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// The field of a name; `website` is another word for `company_domain`.
    pub fn named(name: &str) -> Option<Self> {
        let name = if name == "website" { "company_domain" } else { name };
        FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }

    /// Whether it speaks of the company.
    pub fn is_of_company(self) -> bool {
        matches!(
            self,
            Self::CompanyName | Self::Website | Self::Industry | Self::CompanySize | Self::CompanyLinkedinUrl
        )
    }
}
