//! The columns of one file: their keys in the stored objects, and the field each one fills.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::synonyms::{self, Meaning};
use super::{Field, Kind};
use crate::identity::{email, linkedin, website};
use crate::import::read::Record;
use crate::{Error, Result};

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportColumn)]
pub struct Column {
    /// Its key in `raw_data` and `apollo_data`: the header as it was, ` (2)` after a repeated one, `column_N` for none.
    pub key: String,
    /// The header was empty; the key is left out of rows that have nothing there.
    pub unnamed: bool,
    /// The field it fills; none: it is kept in `apollo_data` only.
    pub field: Option<Field>,
    /// Among the columns of one field, the smaller rank is asked first.
    pub rank: usize,
    /// It speaks of the company, and goes to the company's `apollo_data` too.
    pub of_company: bool,
    /// Why it was taken so, for people.
    pub reason: String,
}

/// What every column of a file means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    pub columns: Vec<Column>,
    pub kind: Kind,
}

/// Keys of ours within the objects.
const RESERVED: [&str; 2] = ["_extra", "_emails"];

impl Mapping {
    /// Guesses by name and then by values; `told` are a person's corrections, by header or key.
    pub fn guess(header: &Record, sample: &[Record], told: &[(String, Option<Field>)]) -> Result<Self> {
        let mut columns = columns(header, sample);
        for (index, column) in columns.iter_mut().enumerate() {
            by_values(column, header.cell(index), index, sample);
        }
        for (name, field) in told {
            apply(&mut columns, name, *field)?;
        }
        if !columns.iter().any(|column| column.field == Some(Field::Email)) && told.is_empty() {
            find_emails(&mut columns, sample);
        }
        let kind = Kind::of(&columns);
        Ok(Self { columns, kind })
    }

    /// Columns that fill a field, in the order they are asked.
    pub fn of(&self, field: Field) -> Vec<usize> {
        let mut found: Vec<usize> =
            (0..self.columns.len()).filter(|&index| self.columns[index].field == Some(field)).collect();
        found.sort_by_key(|&index| self.columns[index].rank);
        found
    }

    /// Whether a column has no header.
    pub fn has_unnamed_columns(&self) -> bool {
        self.columns.iter().enumerate().any(|(index, column)| column.key == format!("column_{}", index + 1))
    }

    /// Whether a header stood more than once.
    pub fn has_repeated_headers(&self, header: &Record) -> bool {
        let mut seen = std::collections::HashSet::new();
        header.cells().map(str::trim).filter(|cell| !cell.is_empty()).any(|cell| !seen.insert(cell))
    }
}

fn columns(header: &Record, sample: &[Record]) -> Vec<Column> {
    let mut used: HashMap<String, usize> = RESERVED.iter().map(|key| ((*key).to_owned(), 1)).collect();
    let mut columns = Vec::with_capacity(header.len());
    for (index, cell) in header.cells().enumerate() {
        let unnamed = cell.trim().is_empty();
        let name = if unnamed { format!("column_{}", index + 1) } else { cell.to_owned() };
        let mut key = name.clone();
        let mut number = *used.get(&name).unwrap_or(&0);
        while used.contains_key(&key) {
            number += 1;
            key = format!("{name} ({})", number.max(2));
        }
        used.insert(name, number.max(1));
        used.insert(key.clone(), 1);
        let meaning = synonyms::meaning(cell);
        let Meaning { field, rank, of_company } =
            meaning.unwrap_or(Meaning { field: None, rank: 0, of_company: false });
        let reason = match (meaning, field) {
            (_, Some(_)) => "its name",
            (Some(_), None) => "its name: kept as it is",
            (None, None) => "not known: kept as it is",
        };
        let empty = sample.iter().all(|record| record.cell(index).trim().is_empty());
        columns.push(Column {
            key,
            unnamed: unnamed && empty,
            field,
            rank,
            of_company,
            reason: reason.into(),
        });
    }
    columns
}

/// Links are what they link to: `companyUrl` is a website at one vendor and a LinkedIn page at another.
fn by_values(column: &mut Column, header: &str, index: usize, sample: &[Record]) {
    let values: Vec<&str> =
        sample.iter().map(|record| record.cell(index).trim()).filter(|cell| !cell.is_empty()).collect();
    let most = |test: &dyn Fn(&str) -> bool| {
        !values.is_empty() && values.iter().filter(|value| test(value)).count() * 2 > values.len()
    };
    let at_linkedin = |value: &str| value.to_ascii_lowercase().contains("linkedin.com/");
    if synonyms::is_link(header) {
        if most(&|value| linkedin::profile(value).is_some()) {
            (column.field, column.rank, column.reason) =
                (Some(Field::LinkedinUrl), 50, "its values are profiles".into());
        } else if most(&|value| matches!(website::from_website(value), website::Website::Domain { .. })) {
            (column.field, column.rank, column.reason) =
                (Some(Field::Website), 50, "its values are websites".into());
            column.of_company = true;
        }
    } else if column.field == Some(Field::Website)
        && synonyms::normal(header) != "website"
        && most(&|value| at_linkedin(value))
    {
        column.field = Some(Field::CompanyLinkedinUrl);
        column.reason = "its values are LinkedIn pages, no websites".into();
    }
}

/// No header names the address: a column none of whose headers is known, where nearly every value is one.
fn find_emails(columns: &mut [Column], sample: &[Record]) {
    for (index, column) in columns.iter_mut().enumerate() {
        if column.field.is_some() || column.reason.starts_with("its name") {
            continue;
        }
        let values: Vec<&str> =
            sample.iter().map(|record| record.cell(index).trim()).filter(|cell| !cell.is_empty()).collect();
        let addresses =
            values.iter().filter(|value| value.contains('@') && email::key(value).is_some()).count();
        if addresses > 0 && addresses * 10 >= values.len() * 7 {
            (column.field, column.rank, column.reason) =
                (Some(Field::Email), 50, "its values are addresses".into());
        }
    }
}

/// A person's word: by the header as it stands, else as the synonym table would spell it.
fn apply(columns: &mut [Column], name: &str, field: Option<Field>) -> Result<()> {
    let exact = columns.iter().any(|column| column.key.trim() == name.trim());
    let mut found = false;
    for column in columns.iter_mut() {
        let same = if exact {
            column.key.trim() == name.trim()
        } else {
            synonyms::normal(&column.key) == synonyms::normal(name)
        };
        if same {
            found = true;
            column.field = field;
            column.rank = 0;
            column.of_company = field.map_or(column.of_company, Field::is_of_company);
            column.reason = "you said so".into();
        }
    }
    if found {
        return Ok(());
    }
    let known: Vec<&str> = columns.iter().take(12).map(|column| column.key.trim()).collect();
    Err(Error::invalid(
        format!("the file has no column `{name}`"),
        format!("its columns begin: {}", known.join(", ")),
    ))
}
