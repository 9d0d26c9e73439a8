//! What a file lists: people, or companies only.

use serde::{Deserialize, Serialize};

use super::{Column, Field};

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// People; companies come with them.
    People,
    /// Companies without people, such as Apollo's accounts export.
    CompaniesOnly,
    /// People without any way to reach them, or nothing we know.
    Unusable,
}

impl Kind {
    pub(super) fn of(columns: &[Column]) -> Self {
        let has = |field: Field| columns.iter().any(|column| column.field == Some(field));
        let reaches_person = columns.iter().any(|column| {
            matches!(column.field, Some(Field::Email | Field::LinkedinUrl))
                || (column.field == Some(Field::Phone) && !column.of_company)
        });
        let names_person = has(Field::FirstName) || has(Field::LastName) || has(Field::FullName);
        if reaches_person || (names_person && has(Field::Phone)) {
            // A list with one bare `Phone` and no person in it lists companies.
            let person = names_person || has(Field::Email) || has(Field::LinkedinUrl) || has(Field::JobTitle);
            if person || !has(Field::CompanyName) {
                return Self::People;
            }
        }
        let names_company = has(Field::CompanyName) || has(Field::Website);
        if names_company && !names_person && !has(Field::JobTitle) {
            Self::CompaniesOnly
        } else {
            Self::Unusable
        }
    }
}
