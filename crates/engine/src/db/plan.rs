//! What a migration did or would do: one line a step in plain words, with the SQL behind it.
//! Leaves deciding on the steps to `migrate`, `adopt` and `access`.

use std::fmt;

use serde::Serialize;

/// Everything one run of `migrate` did, or would do, in order. Empty: the database is current.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    pub steps: Vec<PlanStep>,
}

/// One step: what it does and why, and its SQL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanStep {
    pub action: Action,
    /// What it is done to: a table, `table.column`, an index, or a migration.
    pub subject: String,
    /// What is done and why, in words for people.
    pub what: String,
    /// The statements, in order; empty for a note.
    pub sql: Vec<String>,
}

/// The kinds of step, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A table made by hand becomes ours, with its rows.
    Adopt,
    /// Something stricter than the contract is loosened.
    Relax,
    /// A column, default, key or reference that was missing comes to a table made by hand.
    Add,
    /// Same thing, other name: it gets the name the contract gives it.
    Rename,
    /// A table or index that was missing.
    Create,
    /// A migration is applied.
    Apply,
    /// Access that nobody should have is taken away.
    LockDown,
    /// Something stays as it is, and why.
    Note,
}

impl Action {
    const ALL: [Self; 8] = [
        Self::Adopt,
        Self::Relax,
        Self::Add,
        Self::Rename,
        Self::Create,
        Self::Apply,
        Self::LockDown,
        Self::Note,
    ];
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Adopt => "adopt",
            Self::Relax => "relax",
            Self::Add => "add",
            Self::Rename => "rename",
            Self::Create => "create",
            Self::Apply => "apply",
            Self::LockDown => "lock down",
            Self::Note => "note",
        })
    }
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(crate) fn push(&mut self, step: PlanStep) {
        self.steps.push(step);
    }
}

impl PlanStep {
    pub(crate) fn new(
        action: Action,
        subject: impl Into<String>,
        what: impl Into<String>,
        sql: impl Into<String>,
    ) -> Self {
        Self { action, subject: subject.into(), what: what.into(), sql: vec![sql.into()] }
    }

    pub(crate) fn note(subject: impl Into<String>, what: impl Into<String>) -> Self {
        Self { action: Action::Note, subject: subject.into(), what: what.into(), sql: Vec::new() }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "The database is current: nothing to do.");
        }
        for action in Action::ALL {
            for step in self.steps.iter().filter(|step| step.action == action) {
                writeln!(f, "{:<9}  {}: {}", step.action, step.subject, step.what)?;
            }
        }
        Ok(())
    }
}
