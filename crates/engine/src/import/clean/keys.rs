//! What a person is known by: the address, the LinkedIn profile, and a phone with a name where there is neither.

use std::sync::Arc;

use super::{Person, values};
use crate::identity::company;

/// A kind of [`KINDS`], and the value.
pub(in crate::import) type Key = (&'static str, Arc<str>);

pub(in crate::import) const KINDS: [&str; 3] = ["email", "linkedin", "phone"];

/// The keys of a person, best first.
pub(super) fn of(person: &Person) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::with_capacity(2);
    if let Some(email) = &person.email {
        keys.push((KINDS[0], email.as_str().into()));
    }
    if let Some(profile) = &person.profile {
        keys.push((KINDS[1], profile.as_str().into()));
    }
    if let (true, Some(phone)) = (keys.is_empty(), &person.phone) {
        let name = [&person.first_name, &person.last_name].into_iter().flatten().cloned().collect::<Vec<_>>();
        let name: String = company::folded(&name.join(" ")).unwrap_or_default().chars().take(200).collect();
        keys.push((KINDS[2], format!("{} {name}", values::digits(phone)).trim_end().into()));
    }
    keys
}
