//! Hosts where a company has a page but no domain of its own: social networks, directories, shops, short links.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::free_mail::lines;
use super::host;

static HOSTS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../data/social_hosts.txt")).collect());

/// Whether a host belongs to a social network, directory or the like. Takes lower-case punycode.
pub fn is_social(host: &str) -> bool {
    let Some(domain) = host::registrable(host) else { return false };
    let brand = domain.split('.').next().unwrap_or(domain);
    HOSTS.contains(domain) || HOSTS.contains(format!("{brand}.*").as_str())
}
