//! Row by row in the file's order: whose row it is. First key the address, second the LinkedIn profile, and a phone
//! with a name where there is neither. Knows what the database said; asks it nothing.

use uuid::Uuid;

use crate::import::clean::keys::Key;
use crate::import::clean::{CompanyKey, Person, Said};
use crate::import::part::Part;
use crate::import::{HashMap, HashSet};

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

/// Who and what the part before stands for, while it is being stored beside this one and nobody sees it yet.
#[derive(Debug, Default)]
pub(in crate::import) struct Names {
    pub(super) leads: HashMap<Key, Uuid>,
    pub(super) companies: HashMap<CompanyKey, Uuid>,
    pub(super) lines: HashMap<Uuid, u64>,
}

/// What a part has of the part before.
#[derive(Debug, Default)]
pub(super) struct Lent {
    pub(super) companies: HashSet<Uuid>,
    pub(super) leads: HashSet<Uuid>,
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
    /// What the part before says of the keys of this one goes before what the database said, which does not see it yet.
    pub(super) fn join(&mut self, part: &Part, names: &Names) -> Lent {
        let mut lent = Lent::default();
        let people = part.rows.iter().filter_map(|row| match &row.said {
            Said::Person(person) => Some(person),
            _ => None,
        });
        for key in people.flat_map(|person| &person.keys) {
            if let Some(&id) = names.leads.get(key) {
                self.leads.insert(key.clone(), id);
                lent.leads.insert(id);
            }
        }
        for key in part.companies.keys() {
            if let Some(&id) = names.companies.get(key) {
                self.companies.insert(key.clone(), id);
                lent.companies.insert(id);
            }
        }
        for id in lent.leads.iter().chain(&lent.companies) {
            if let Some(&line) = names.lines.get(id) {
                self.lines.entry(*id).or_insert(line);
            }
        }
        if !lent.leads.is_empty() {
            self.added.retain(|(key, _)| !names.leads.contains_key(key));
        }
        lent
    }

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
