//! What stands in the way of an adoption: collected, then told all at once, before anything is changed.

use std::fmt;

use crate::Error;

/// One thing only a person can put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Table, `table.column`, or table and key.
    pub(super) subject: String,
    /// What is there, and what would be needed.
    pub(super) what: String,
    /// What the person may do about it.
    pub(super) remedy: String,
}

impl Refusal {
    pub(super) fn new(
        subject: impl Into<String>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { subject: subject.into(), what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}\n  remedy: {}", self.subject, self.what, self.remedy)
    }
}

/// One error that names them all.
pub(super) fn error(refusals: &[Refusal]) -> Error {
    let list: Vec<_> = refusals.iter().map(|refusal| format!("\n- {refusal}")).collect();
    let things =
        if refusals.len() == 1 { "1 thing stands" } else { &format!("{} things stand", refusals.len()) };
    Error::conflict(
        format!("the tables made by hand cannot be adopted yet: {things} in the way{}", list.concat()),
        "nothing was changed; put this right, then run `touchline migrate` again",
    )
}
