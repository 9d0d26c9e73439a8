//! A host name in the one spelling that can be compared: lower case, punycode, no final dot.

use std::borrow::Cow;

/// The host in ASCII, or nothing if it is no name in the public DNS: an IP address, one label, a broken label.
pub(super) fn ascii(host: &str) -> Option<String> {
    if host.len() > 1000 {
        return None; // punycode takes quadratic time, and no host is this long
    }
    let ascii =
        if is_plain(host) { Cow::Borrowed(host) } else { Cow::Owned(idna::domain_to_ascii(host).ok()?) };
    let ascii = ascii.strip_suffix('.').unwrap_or(&ascii);
    let top = ascii.rsplit_once('.')?.1;
    let sound = ascii.len() <= 253 && ascii.split('.').all(is_label) && !is_number(top);
    sound.then(|| ascii.to_owned())
}

/// Whether a host is spelled as it can be compared: nothing to lower, map or check. Nearly every one is.
fn is_plain(host: &str) -> bool {
    host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
        && !host.contains("xn--")
}

/// The part of a host that one owner registered: `example.co.uk`, `tenant.myshopify.com`; nothing for a bare suffix.
pub(super) fn registrable(host: &str) -> Option<&str> {
    psl::domain_str(host).filter(|domain| !domain.contains('_'))
}

/// Whether the host ends in a suffix that exists, or in one reserved for examples and tests.
pub(super) fn has_known_suffix(host: &str) -> bool {
    psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known())
        || host.ends_with(".test")
        || host.ends_with(".example")
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A last label that is a number makes an IP address (`192.0.2.10`), or a typing error.
fn is_number(label: &str) -> bool {
    let digits = label.strip_prefix("0x").unwrap_or(label);
    label.bytes().all(|b| b.is_ascii_digit())
        || (digits != label && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}
