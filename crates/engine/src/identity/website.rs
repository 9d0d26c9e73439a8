//! What a website cell holds, in all the ways people write one. Leaves the choice between website and e-mail address
//! to `domain`.

use super::{free_mail, host, placeholder, social, text};

/// What a website cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Website {
    /// A registrable domain; `cleaned` if it had to be picked out of other text or mended.
    Domain { domain: String, cleaned: bool },
    /// A page at a social network or directory; `bare` if it is the network's own front page.
    Social { domain: String, bare: bool },
    /// A free-mail provider.
    FreeMail,
    /// Text that gives no domain: an IP address, `localhost`, a company's name.
    Unusable,
    /// A word for "nothing".
    Placeholder,
    /// An empty cell.
    Absent,
}

/// Reads a website cell.
pub fn from_website(cell: &str) -> Website {
    let shown = text::plain(cell);
    if shown.is_empty() {
        return Website::Absent;
    }
    if placeholder::is_placeholder(&shown) {
        return Website::Placeholder;
    }
    let direct = if shown.contains(' ') { Website::Unusable } else { link(&shown) };
    if matches!(direct, Website::Domain { .. }) {
        return mark_cleaned(direct, shown != cell.trim());
    }
    let found = if shown.contains(" .") { joined(&shown) } else { Website::Unusable };
    let found = better(found, picked(&shown));
    let found =
        if found == Website::Unusable && !capital_follows_dot(&shown) { joined(&shown) } else { found };
    mark_cleaned(better(direct, found), true)
}

/// One link without blanks: scheme, user, port, path and query are put aside.
fn link(text: &str) -> Website {
    let text = text::with_slashes(text);
    let rest = without_scheme(&text);
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let name = authority.rsplit_once('@').map_or(authority, |(_, name)| name);
    let name = name.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(name, |(name, _)| name);
    let Some(host) = host::ascii(name).filter(|host| host::has_known_suffix(host)) else {
        return Website::Unusable;
    };
    let Some(domain) = host::registrable(&host).map(str::to_owned) else { return Website::Unusable };
    if social::is_social(&domain) {
        let front = path.split(['?', '#']).next().is_none_or(|path| path.trim_matches('/').is_empty());
        let bare = front && host.strip_prefix("www.").unwrap_or(&host) == domain;
        return Website::Social { domain, bare };
    }
    if free_mail::is_free_mail(&host) {
        return Website::FreeMail;
    }
    Website::Domain { domain, cleaned: false }
}

/// The text after `https://`, also after its usual misspellings and repetitions.
fn without_scheme(text: &str) -> &str {
    let mut rest = text.trim_start_matches(['/', ':']);
    while let Some(end) = rest.find("//").filter(|&end| end <= 8) {
        let scheme = rest[..end].trim_end_matches([':', ';']);
        if !scheme.bytes().all(|b| b.is_ascii_alphabetic()) {
            break;
        }
        rest = rest[end..].trim_start_matches(['/', ':']);
    }
    for scheme in ["https:", "http:", "mailto:"] {
        if rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)) {
            return rest[scheme.len()..].trim_start_matches('/');
        }
    }
    rest
}

fn is_port(text: &str) -> bool {
    text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The best link among several, or inside a sentence.
fn picked(text: &str) -> Website {
    let quoting = |c: char| "\"'`<>()[]{}*,;.!".contains(c);
    text.split([' ', ',', ';', '|'])
        .map(|piece| piece.trim_matches(quoting))
        .filter(|piece| piece.contains('.'))
        .map(link)
        .fold(Website::Unusable, better)
}

/// `theta . test` as `theta.test`; other blanks make it a sentence.
fn joined(text: &str) -> Website {
    let joined = text.replace(" .", ".").replace(". ", ".");
    if joined.contains(' ') { Website::Unusable } else { link(joined.trim_end_matches([',', ';'])) }
}

/// `Orr. Co` is prose, `orr. co` is a domain with a blank in it.
fn capital_follows_dot(text: &str) -> bool {
    text.match_indices(". ").any(|(at, _)| text[at + 2..].starts_with(char::is_uppercase))
}

/// A domain over a social page over a free-mail provider over nothing; the earlier one of two alike.
fn better(first: Website, second: Website) -> Website {
    let rank = |website: &Website| match website {
        Website::Domain { .. } => 3,
        Website::Social { .. } => 2,
        Website::FreeMail => 1,
        Website::Unusable | Website::Placeholder | Website::Absent => 0,
    };
    if rank(&second) > rank(&first) { second } else { first }
}

fn mark_cleaned(website: Website, cleaned: bool) -> Website {
    match website {
        Website::Domain { domain, .. } => Website::Domain { domain, cleaned },
        other => other,
    }
}
