//! One e-mail address out of a cell, in the one spelling that leads are matched by. Whether the mailbox exists is not
//! asked here.

mod cell;

use super::note::{self, Note};
use super::{host, placeholder, text};

/// The address of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// In lower case, the domain in punycode.
    pub address: String,
    /// What was changed beyond letter case.
    pub notes: Vec<Note>,
    /// Further good addresses of the same cell, in order.
    pub others: Vec<String>,
}

/// Why a cell gives no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailProblem {
    /// Empty, or a word for "nothing".
    #[error("there is no e-mail address")]
    Absent,
    /// An address that stands for "we do not know it", such as `email_not_unlocked@…`.
    #[error("the address is a placeholder for one that the vendor did not give out")]
    Placeholder,
    /// No address, or not one that mail can be sent to; says why.
    #[error("the address cannot be used: {0}")]
    Invalid(&'static str),
}

impl EmailProblem {
    /// The reason code of a row that fails by this; an absent address alone fails none.
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::Absent => None,
            Self::Placeholder => Some("placeholder_email"),
            Self::Invalid(_) => Some("invalid_email"),
        }
    }
}

/// Longest list of addresses that one cell may hold; what follows is not read.
const MOST: usize = 50;

/// Reads a cell that a person or a vendor filled in. The first good address is the main one.
pub fn canonical(cell: &str) -> Result<Email, EmailProblem> {
    if is_bare(cell)
        && let Ok(address) = address(cell)
        && address == cell
    {
        return Ok(Email { address, notes: Vec::new(), others: Vec::new() });
    }
    let shown = text::plain(cell);
    if shown.is_empty() || placeholder::is_placeholder(&shown) {
        return Err(EmailProblem::Absent);
    }
    let (mut found, mut problem) = (Vec::new(), None);
    for candidate in cell::candidates(&shown).into_iter().take(MOST) {
        match address(&candidate) {
            Ok(address) if found.contains(&address) => {}
            Ok(address) => found.push(address),
            Err(reason) => problem = problem.or(Some(reason)),
        }
    }
    if found.is_empty() {
        return Err(problem.unwrap_or(EmailProblem::Invalid("it has no @")));
    }
    let address = found.remove(0);
    let mut notes = Vec::new();
    if !found.is_empty() {
        notes.push(Note::MultipleEmails);
    } else if !cell.eq_ignore_ascii_case(&address) {
        note::add(&mut notes, Note::EmailCleaned);
    }
    Ok(Email { address, notes, others: found })
}

/// The canonical address of a value, or nothing: for vendors' data, where no report is made.
pub fn key(value: &str) -> Option<String> {
    canonical(value).ok().map(|email| email.address)
}

/// One address without anything around it.
fn address(text: &str) -> Result<String, EmailProblem> {
    use EmailProblem::Invalid;
    let (local, domain) = text.rsplit_once('@').ok_or(Invalid("it has no @"))?;
    if local.contains('@') {
        return Err(Invalid("it has more than one @"));
    }
    if text.contains(' ') {
        return Err(Invalid("it has a blank inside"));
    }
    if !local.is_ascii() {
        return Err(Invalid(
            "letters outside ASCII before the @ need SMTPUTF8, which senders do not promise",
        ));
    }
    if local.is_empty() || local.len() > 64 {
        return Err(Invalid("the part before the @ must have 1 to 64 characters"));
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(Invalid("the part before the @ has a dot too many"));
    }
    if !local.bytes().all(is_local) {
        return Err(Invalid("the part before the @ has a character that addresses do not have"));
    }
    let host = host::ascii(domain).filter(|host| !host.contains('_'));
    let host = host.ok_or(Invalid("what follows the @ is no domain"))?;
    let address = format!("{}@{host}", local.to_ascii_lowercase());
    if address.len() > 254 {
        return Err(Invalid("it has more than 254 characters"));
    }
    if is_placeholder(&address) { Err(EmailProblem::Placeholder) } else { Ok(address) }
}

/// Whether a cell holds nothing that is written around addresses or has more than one spelling. Nearly every one does not.
fn is_bare(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"@.-_+".contains(&b))
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`~-".contains(&byte)
}

/// Addresses that vendors and people write where they have none.
fn is_placeholder(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let said: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    let says_unknown = matches!(
        said.as_str(),
        "emailnotunlocked"
            | "emailnotfound"
            | "emailnotavailable"
            | "emailnotprovided"
            | "emailunavailable"
            | "noemail"
            | "noemails"
            | "noemailaddress"
            | "noemailavailable"
            | "noemailfound"
            | "noemailprovided"
            | "nomail"
            | "notavailable"
            | "notprovided"
            | "none"
            | "null"
            | "undefined"
            | "unknown"
    );
    let echoes =
        domain.split('.').next() == Some(local) && matches!(local, "na" | "no" | "nil" | "xxx" | "email");
    says_unknown || echoes || domain.ends_with(".invalid")
}
