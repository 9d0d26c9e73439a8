//! A person's LinkedIn profile in one spelling. Company pages, posts and searches are no profiles.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use super::text;

/// `in/<slug>` from any spelling of a profile's address: other countries' hosts, the mobile site, the old `/pub/…`,
/// Sales Navigator. A slug is in lower case; a member id (see [`is_member_id`]) keeps its case, which means something.
pub fn profile(link: &str) -> Option<String> {
    let link = text::plain(link);
    let link = text::with_slashes(&link);
    let path = path(link.trim_matches(|c: char| " \"'<>(),;".contains(c)))?;
    let path = path.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != "mwlite").collect();
    let kind = parts.first()?.to_lowercase();
    let slug = match (kind.as_str(), parts.get(1..)?) {
        ("in", [slug, ..]) => tidy(slug)?,
        ("pub", [name, a, b, c, ..]) if [a, b, c].iter().all(|part| is_short_hex(part)) => {
            tidy(&format!("{name}-{c:0>3}{b:0>3}{a}"))?
        }
        ("pub", [name]) => tidy(name)?,
        ("sales", [room, id, ..]) if matches!(*room, "lead" | "people") => member_id(id)?,
        ("talent" | "recruiter", ["profile", id, ..]) => member_id(id)?,
        _ => return None,
    };
    Some(format!("in/{slug}"))
}

/// Whether a profile is known by LinkedIn's own id (`in/ACwAA…`) instead of the person's public name. The two never
/// match each other: where a row has both, the public name is the key.
pub fn is_member_id(profile: &str) -> bool {
    profile.strip_prefix("in/").is_some_and(|slug| member_id(slug).is_some())
}

/// What follows the host, or the link itself if it is already `in/slug`.
fn path(link: &str) -> Option<&str> {
    let lower = link.to_ascii_lowercase();
    let start = lower.find("://").map_or(0, |at| at + 3);
    let start = start + (lower.len() - start - lower[start..].trim_start_matches('/').len());
    if lower[start..].starts_with("in/") {
        return Some(&link[start..]);
    }
    let end = lower[start..].find('/').map(|at| start + at)?;
    let host = lower[start..end].split(':').next()?;
    (host == "linkedin.com" || host.ends_with(".linkedin.com")).then(|| &link[end..])
}

/// A slug decoded (also twice), composed, in lower case; nothing if a slug cannot look like it.
fn tidy(slug: &str) -> Option<String> {
    let mut slug = slug.to_owned();
    let is_plain = slug.is_ascii() && !slug.contains('%');
    for _ in 0..if is_plain { 0 } else { 3 } {
        slug = percent_decode_str(&slug).decode_utf8().ok()?.nfc().collect();
    }
    if let Some(id) = member_id(&slug) {
        return Some(id);
    }
    slug.make_ascii_lowercase();
    for _ in 0..if is_plain { 0 } else { 3 } {
        slug = slug.to_lowercase().nfc().collect();
    }
    let slug = text::plain(slug.trim_matches(|c: char| " \"'<>(),;".contains(c)));
    let odd = |c: char| c.is_whitespace() || c.is_control() || "/\\%?#@:|<>\"'(),;".contains(c);
    let said_nothing = matches!(&*slug, "" | "null" | "undefined" | "none" | "unavailable" | "me");
    (!said_nothing && !slug.contains(odd)).then(|| slug.into_owned())
}

/// The id that begins a Sales Navigator link (`ACwAA…,NAME_SEARCH,…`).
fn member_id(text: &str) -> Option<String> {
    let id = text.split(',').next()?;
    let [b'A', b'A'..=b'Z', third, b'A', b'A', rest @ ..] = id.as_bytes() else { return None };
    let sound = rest.len() >= 5 && rest.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (sound && third.is_ascii_alphabetic()).then(|| id.to_owned())
}

fn is_short_hex(part: &str) -> bool {
    (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit())
}
