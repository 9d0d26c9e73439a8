//! Which columns of the list are shown: they stand in the address, so that a view keeps them. Name and status always are.

use crate::error::Result;
use crate::pages::asked;

/// What can be shown, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Company,
    Email,
    Phone,
    Reach,
    Strip,
    Last,
    Answer,
    Next,
    Added,
}

impl Column {
    pub(crate) const ALL: &[Self] = &[
        Self::Company,
        Self::Email,
        Self::Phone,
        Self::Reach,
        Self::Strip,
        Self::Last,
        Self::Answer,
        Self::Next,
        Self::Added,
    ];
    /// Those of a list that says nothing else.
    const USUAL: &[Self] = &[Self::Company, Self::Reach, Self::Strip, Self::Last, Self::Next, Self::Added];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Reach => "reach",
            Self::Strip => "weeks",
            Self::Last => "touched",
            Self::Answer => "answered",
            Self::Next => "next",
            Self::Added => "added",
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Company => "Company",
            Self::Email => "E-mail",
            Self::Phone => "Phone",
            Self::Reach => "Reach",
            Self::Strip => "Six weeks",
            Self::Last => "Last touch",
            Self::Answer => "Last answer",
            Self::Next => "Next",
            Self::Added => "Added",
        }
    }
}

/// The columns that were chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Columns(Option<Vec<Column>>);

impl Columns {
    /// `col=` in what stands behind the question mark, as often as there are columns; alone and empty: none.
    pub(crate) fn of(pairs: &[(String, String)]) -> Result<Self> {
        let given: Vec<&str> =
            pairs.iter().filter(|(name, _)| name == "col").map(|(_, word)| word.as_str()).collect();
        if given.is_empty() {
            return Ok(Self(None));
        }
        let mut chosen = Vec::new();
        for word in given {
            chosen.extend(asked::word("column", &Some(word.to_owned()), Column::ALL, Column::word)?);
        }
        Ok(Self(Some(chosen)))
    }

    pub(crate) fn show(&self, column: Column) -> bool {
        self.0.as_deref().unwrap_or(Column::USUAL).contains(&column)
    }

    /// As it stands in an address; nothing where nothing was chosen.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let Some(chosen) = &self.0 else { return Vec::new() };
        let words = Column::ALL.iter().filter(|column| chosen.contains(column)).map(|one| one.word());
        let words: Vec<&str> = if chosen.is_empty() { vec![""] } else { words.collect() };
        words.into_iter().map(|word| ("col", word.to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Columns};

    fn of(words: &[&str]) -> Columns {
        let pairs: Vec<_> = words.iter().map(|word| ("col".to_owned(), (*word).to_owned())).collect();
        Columns::of(&pairs).unwrap()
    }

    #[test]
    fn columns_come_back_from_an_address_and_strange_ones_are_told() {
        assert!(of(&[]).show(Column::Company) && !of(&[]).show(Column::Phone));
        assert!(of(&[]).pairs().is_empty());
        let chosen = of(&["", "phone", "company"]);
        assert!(chosen.show(Column::Phone) && !chosen.show(Column::Last));
        assert_eq!(chosen.pairs(), [("col", "company".to_owned()), ("col", "phone".to_owned())]);
        let none = of(&[""]);
        assert!(Column::ALL.iter().all(|column| !none.show(*column)));
        assert_eq!(none.pairs(), [("col", String::new())]);
        assert!(Columns::of(&[("col".into(), "shoe".into())]).is_err());
    }
}
