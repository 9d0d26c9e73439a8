//! Row by row in the file's order: whose row it is. First key the address, second the LinkedIn profile, and a phone
//! with a name where there is neither. Knows what the database said; asks it nothing.

use std::collections::HashMap;

use uuid::Uuid;

use crate::import::clean::keys::Key;
use crate::import::clean::{CompanyKey, Person};

/// Keys and what they stand for, at the time of the merge.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) leads: HashMap<Key, Uuid>,
    pub(super) companies: HashMap<CompanyKey, Uuid>,
    /// Line of the file that named a lead (of a list of companies: a company) first.
    pub(super) lines: HashMap<Uuid, u64>,
    /// Identities to be added.
    pub(super) added: Vec<(Key, Uuid)>,
}

/// Whose row it is.
pub(super) struct Whose {
    pub(super) lead_id: Uuid,
    pub(super) is_new: bool,
    /// The profile stands for somebody else already.
    pub(super) profile_is_taken: bool,
    /// Found by the profile, under another address.
    pub(super) by_profile: bool,
}

impl Known {
    /// Whose a row is, and remembers its keys for the rows to come.
    pub(super) fn whose(&mut self, person: &Person) -> Whose {
        let found = person.keys.iter().enumerate().find_map(|(at, key)| Some((at, *self.leads.get(key)?)));
        let (lead_id, is_new) = found.map_or_else(|| (Uuid::now_v7(), true), |(_, id)| (id, false));
        let mut profile_is_taken = false;
        for key in &person.keys {
            match self.leads.get(key) {
                Some(other) => profile_is_taken |= *other != lead_id,
                None => {
                    self.leads.insert(key.clone(), lead_id);
                    self.added.push((key.clone(), lead_id));
                }
            }
        }
        Whose { lead_id, is_new, profile_is_taken, by_profile: found.is_some_and(|(at, _)| at > 0) }
    }
}
