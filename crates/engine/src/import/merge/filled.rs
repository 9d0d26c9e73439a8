//! What this run has seen filled of the companies it met, so that a company named in every part is not compared with the
//! database in every part.

use uuid::Uuid;

use crate::import::HashMap;
use crate::import::part::CompanyDraft;

/// More companies than this are forgotten, all at once.
const MOST: usize = 50_000;

/// Columns of companies that are known to hold something.
#[derive(Debug, Default)]
pub(in crate::import) struct Filled(HashMap<Uuid, Says>);

/// What a draft says something about, a bit each: name, industry, size, then the columns of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Says(Vec<u64>);

impl Filled {
    /// Whether all of that is there.
    pub(super) fn has(&self, company_id: Uuid, says: &Says) -> bool {
        self.0.get(&company_id).is_some_and(|had| says.is_within(had))
    }

    /// That is there now.
    pub(super) fn add(&mut self, company_id: Uuid, says: &Says) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.entry(company_id).or_default().join(says);
    }

    /// A transaction did not happen: what was learned in it may not be so.
    pub(in crate::import) fn forget(&mut self) {
        self.0.clear();
    }
}

impl Says {
    pub(super) fn of(draft: &CompanyDraft) -> Self {
        let company = &draft.company;
        let mut says = Self::default();
        // A name that only repeats the domain is none.
        let named = company.name.is_some() && company.name != company.domain;
        let own = [named, company.industry.is_some(), company.size.is_some()];
        (0..).zip(own).filter(|(_, is_said)| *is_said).for_each(|(bit, _)| says.set(bit));
        draft.columns().for_each(|column| says.set(own.len() + column));
        says
    }

    fn set(&mut self, bit: usize) {
        if self.0.len() <= bit / 64 {
            self.0.resize(bit / 64 + 1, 0);
        }
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    fn is_within(&self, other: &Self) -> bool {
        self.0.iter().enumerate().all(|(index, word)| word & !other.0.get(index).unwrap_or(&0) == 0)
    }
}
