//! Domains of free-mail, throw-away and internet-access providers: an address there names no employer.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::host;

const LISTED: &str = include_str!("../../data/free_mail.txt");
const OURS: &str = include_str!("../../data/free_mail_ours.txt");

static DOMAINS: LazyLock<HashSet<&str>> = LazyLock::new(|| lines(LISTED).chain(lines(OURS)).collect());

/// Whether a host, or the domain it belongs to, is a free-mail provider's. Takes lower-case punycode.
pub fn is_free_mail(domain: &str) -> bool {
    DOMAINS.contains(domain) || host::registrable(domain).is_some_and(|domain| DOMAINS.contains(domain))
}

/// The entries of a data file: one a line, `#` begins a comment.
pub(super) fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
