//! The domain a company is known by. The website wins; the e-mail address serves where the website is silent.

use super::note::{self, Note};
use super::website::{self, Website};
use super::{email, free_mail, host, text};

pub use website::from_website;

/// The registrable domain of a host by the Public Suffix List, its private part included: tenants of one hosting
/// service stay apart. Nothing for IP addresses, `localhost` and bare suffixes.
pub fn registrable(host: &str) -> Option<String> {
    host::registrable(&host::ascii(&text::plain(host))?).map(str::to_owned)
}

/// A host as it can be compared, whoever registered it; nothing for what is no name in the public DNS.
pub fn host(host: &str) -> Option<String> {
    host::ascii(&text::plain(host.trim().trim_start_matches('@')))
}

/// A company's domain, and what was noticed on the way to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyDomain {
    /// The registrable domain, if one was found.
    pub domain: Option<String>,
    /// What was changed or turned away.
    pub notes: Vec<Note>,
}

impl CompanyDomain {
    /// Whether a domain was offered and turned away, so that a named company deserves
    /// [`Note::CompanyWithoutDomain`]. A row that never offered one needs no note.
    pub fn was_turned_away(&self) -> bool {
        let refusals = [Note::WebsiteIsSocial, Note::WebsiteUnusable, Note::FreeMailDomain];
        self.domain.is_none() && refusals.iter().any(|refusal| self.notes.contains(refusal))
    }
}

/// Decides a company's domain from the website and the e-mail address of one row.
pub fn company_domain(website: Option<&str>, email: Option<&str>) -> CompanyDomain {
    let mut notes = Vec::new();
    let website = website.map_or(Website::Absent, from_website);
    if let Website::Domain { domain, cleaned } = website {
        if cleaned {
            notes.push(Note::WebsiteCleaned);
        }
        return CompanyDomain { domain: Some(domain), notes };
    }
    let of_email = email.and_then(email::key).and_then(|address| of_address(&address));
    match website {
        Website::Social { domain, bare: true }
            if of_email.as_ref().is_some_and(|own| own.domain == domain) =>
        {
            return CompanyDomain { domain: Some(domain), notes }; // someone who works at the network itself
        }
        Website::Social { .. } => notes.push(Note::WebsiteIsSocial),
        Website::FreeMail => notes.push(Note::FreeMailDomain),
        Website::Unusable if of_email.as_ref().is_some_and(|own| !own.is_free_mail) => {
            notes.push(Note::WebsiteUnusableEmailDomainUsed);
        }
        Website::Unusable => notes.push(Note::WebsiteUnusable),
        Website::Placeholder => notes.push(Note::PlaceholderAsEmpty),
        Website::Domain { .. } | Website::Absent => {}
    }
    match of_email {
        Some(own) if own.is_free_mail => {
            note::add(&mut notes, Note::FreeMailDomain);
            CompanyDomain { domain: None, notes }
        }
        own => CompanyDomain { domain: own.map(|own| own.domain), notes },
    }
}

struct AddressDomain {
    domain: String,
    is_free_mail: bool,
}

/// The registrable domain of a canonical address.
fn of_address(address: &str) -> Option<AddressDomain> {
    let host = address.rsplit_once('@')?.1;
    let domain = host::registrable(host)?.to_owned();
    Some(AddressDomain { domain, is_free_mail: free_mail::is_free_mail(host) })
}
