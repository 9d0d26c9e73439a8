//! What became of a row, and how many of each there are.

use std::collections::BTreeMap;

use uuid::Uuid;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    New,
    Updated,
    Unchanged,
    Duplicate,
    Rejected,
}

impl Outcome {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Duplicate => "duplicate",
            Self::Rejected => "rejected",
        }
    }
}

/// A digest of what was written, for undo.
pub(super) type Written = [u8; 8];

/// The verdict on one row.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) line: u64,
    pub(super) outcome: Outcome,
    pub(super) reason: Option<&'static str>,
    pub(super) joins_line: Option<u64>,
    pub(super) notes: Vec<&'static str>,
    pub(super) repaired: bool,
    pub(super) lead_id: Option<Uuid>,
    pub(super) company_id: Option<Uuid>,
    pub(super) lead_written: Option<Written>,
    pub(super) company_written: Option<Written>,
}

/// Sums over a part.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    pub(super) rows: i64,
    pub(super) by_outcome: [i64; 5],
    pub(super) repaired: i64,
    pub(super) notes: BTreeMap<&'static str, i64>,
    pub(super) reasons: BTreeMap<&'static str, i64>,
}

impl Sums {
    pub(super) fn add(&mut self, verdict: &Verdict) {
        self.rows += 1;
        self.by_outcome[verdict.outcome as usize] += 1;
        self.repaired += i64::from(verdict.repaired);
        for note in &verdict.notes {
            *self.notes.entry(note).or_default() += 1;
        }
        if let (Outcome::Rejected, Some(reason)) = (verdict.outcome, verdict.reason) {
            *self.reasons.entry(reason).or_default() += 1;
        }
    }
}
