//! Where a request comes from and where it goes, as far as that can be believed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Uri};

use super::Entry;

/// The name by which the server was called, without its port.
pub(super) fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let named = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(|a| a.as_str()))?;
    let name = match named.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => named.rsplit_once(':').map_or(named, |(name, _)| name),
    };
    Some(name.trim_end_matches('.').to_ascii_lowercase())
}

/// Whether that name can only mean this machine. Others resolve where their owner says, which may be here.
pub(crate) fn is_loopback_host(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The network address that asks. What a proxy on this machine says is believed; what others say is not.
pub(crate) fn address(extensions: &Extensions, headers: &HeaderMap) -> String {
    let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() else { return String::new() };
    let told = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    let address = if peer.ip().is_loopback() { told().unwrap_or(peer.ip()) } else { peer.ip() };
    match address.to_canonical() {
        // A network of one household.
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        four @ IpAddr::V4(_) => four.to_string(),
    }
}

/// Whether a form came over an unencrypted connection from another machine: browsers say so in `Origin`.
pub(crate) fn is_plain_http(parts: &Parts, entry: &Entry) -> bool {
    let origin = parts.headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or("");
    let is_here = host(&parts.headers, &parts.uri).is_some_and(|name| is_loopback_host(&name));
    !entry.plain_http && !is_here && origin.starts_with("http://")
}

/// An address of ours to go on to; anything else leads home.
pub(crate) fn ours(page: &str) -> &str {
    let is_ours = page.starts_with('/')
        && !page.starts_with("//")
        && !page.contains('\\')
        && !page.chars().any(char::is_control)
        && !page.starts_with("/sign-in");
    if is_ours { page } else { "/" }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for name in ["localhost", "127.0.0.1", "127.9.9.9", "::1", "app.localhost"] {
            assert!(is_loopback_host(name), "{name}");
        }
        for name in
            ["example.com", "127.0.0.1.example.com", "localhost.example.com", "0.0.0.0", "192.0.2.1", ""]
        {
            assert!(!is_loopback_host(name), "{name}");
        }
        let host_of = |text: &'static str| {
            let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static(text))]);
            host(&headers, &Uri::from_static("/")).unwrap()
        };
        assert_eq!(host_of("[::1]:7575"), "::1");
        assert_eq!(host_of("LOCALHOST.:7575"), "localhost");
        assert_eq!(host_of("127.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn only_addresses_of_ours_are_gone_on_to() {
        for page in ["/leads?q=a", "/"] {
            assert_eq!(ours(page), page);
        }
        for page in ["//example.com", "https://example.com", "/\\example.com", "/a\nb", "", "/sign-in?next=/"]
        {
            assert_eq!(ours(page), "/", "{page:?}");
        }
    }
}
