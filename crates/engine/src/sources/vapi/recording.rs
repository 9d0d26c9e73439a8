//! Fetches a recording: asks the vendor with the key, which answers with a signed address; asks that without the key.
//! An address that came from an answer is only followed to hosts we know, over https, and never into a network of our
//! own. Source: the fact sheet, 3.1.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, LOCATION, RANGE};
use reqwest::{Response, Url};

use super::client::{Client, Question, refusal};
use crate::source::http::unavailable;
use crate::source::{Recording, VendorError};

/// Hosts, and all below them, at which the vendor is known to keep recordings.
const HOSTS: &[&str] = &["vapi.ai", "amazonaws.com", "cloudflarestorage.com", "storage.googleapis.com"];

/// One segment of a path; what need not be encoded stays as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What there may be, the best first.
const KINDS: &[&str] = &["mono-recording", "stereo-recording"];

/// The recording, or the part that `range` asks for.
pub(super) async fn open(
    client: &Client,
    call_id: &str,
    range: Option<&str>,
) -> Result<Recording, VendorError> {
    let mut nothing = VendorError::NotFound { message: "no recording".into() };
    for kind in KINDS {
        match of_kind(client, call_id, kind, range).await {
            Err(VendorError::NotFound { message }) => nothing = VendorError::NotFound { message },
            outcome => return outcome,
        }
    }
    Err(nothing)
}

async fn of_kind(
    client: &Client,
    call_id: &str,
    kind: &str,
    range: Option<&str>,
) -> Result<Recording, VendorError> {
    let segment = utf8_percent_encode(call_id, SEGMENT);
    let question = Question::new(format!("/call/{segment}/{kind}"));
    let range = range.filter(|range| range.starts_with("bytes=") && range.len() <= 100);
    let with_range = |request: reqwest::RequestBuilder| match range {
        Some(range) => request.header(RANGE, range),
        None => request,
    };
    let answer = with_range(client.build(client.http(), &question))
        .send()
        .await
        .map_err(|error| unavailable(&error))?;
    if !answer.status().is_redirection() {
        return sound(client, answer).await;
    }
    let signed = location(answer.headers(), client.api_url())?;
    // The key stays here: storage would refuse it, and another host must not see it.
    let stored = if same_origin(&signed, client.api_url()) { client.http() } else { client.outside() };
    let answer = with_range(stored.get(signed)).send().await.map_err(|error| unavailable(&error))?;
    sound(client, answer).await
}

/// Where a redirect leads, if it may be followed.
fn location(headers: &HeaderMap, api: &Url) -> Result<Url, VendorError> {
    let refused = |message: &str| VendorError::Rejected { status: 302, message: message.into() };
    let told = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let url =
        told.and_then(|told| api.join(told).ok()).ok_or_else(|| refused("its redirect leads nowhere"))?;
    if same_origin(&url, api) || (url.scheme() == "https" && url.host_str().is_some_and(is_known)) {
        return Ok(url);
    }
    Err(refused("its recording lies at a host that Touchline does not know"))
}

fn is_known(host: &str) -> bool {
    HOSTS.iter().any(|known| {
        host == *known
            || host.strip_suffix(known).is_some_and(|below| below.ends_with('.') && below.len() > 1)
    })
}

fn same_origin(url: &Url, api: &Url) -> bool {
    url.origin() == api.origin()
}

/// The answer as sound, or what went wrong.
async fn sound(client: &Client, answer: Response) -> Result<Recording, VendorError> {
    let (status, headers) = (answer.status(), answer.headers().clone());
    if status.is_redirection() {
        return Err(VendorError::Rejected {
            status: status.as_u16(),
            message: "its redirect leads to another".into(),
        });
    }
    if !status.is_success() {
        // Storage answers in XML of its own; what it says is of no use to a person.
        let body = answer.bytes().await.map_err(|error| unavailable(&error))?;
        return Err(refusal(status, &headers, &body[..body.len().min(500)], client.now()));
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content_type = text(CONTENT_TYPE)
        .filter(|kind| kind.starts_with("audio/") || kind.starts_with("video/"))
        .unwrap_or_else(|| "application/octet-stream".into());
    Ok(Recording {
        content_type,
        length: text(CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        part: text(CONTENT_RANGE).filter(|_| status.as_u16() == 206),
        bytes: answer.bytes_stream().map(|chunk| chunk.map_err(|error| unavailable(&error))).boxed(),
    })
}

/// A client for addresses that came from an answer: it resolves to public addresses only.
pub(super) fn outside(timeout: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent(concat!("touchline/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10).min(timeout))
        .read_timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .https_only(true)
        .dns_resolver(Arc::new(PublicOnly))
        .build()
}

/// Names are looked up as ever; addresses within a network of our own are left out of what is found.
struct PublicOnly;

impl reqwest::dns::Resolve for PublicOnly {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let outside: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if outside.is_empty() {
                return Err(std::io::Error::other("it resolves to no public address").into());
            }
            Ok(Box::new(outside.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.is_documentation()
                || shared
                || a == 0
                || a >= 240)
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public(IpAddr::V4(v4)),
            None => {
                let first = v6.segments()[0];
                // unique local, link-local, multicast; only 2000::/3 is given out
                first & 0xe000 == 0x2000
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_hosts_over_https_are_followed() {
        let api = Url::parse("https://api.vapi.ai").unwrap();
        let follows = |to: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(LOCATION, to.parse().unwrap());
            location(&headers, &api).is_ok()
        };
        for good in [
            "https://storage.vapi.ai/a.wav",
            "https://bucket.s3.us-west-2.amazonaws.com/a.wav?X-Amz-Signature=a",
            "/recordings/a.wav",
        ] {
            assert!(follows(good), "{good}");
        }
        for bad in [
            "http://storage.vapi.ai/a.wav",
            "https://vapi.ai.example.com/a.wav",
            "https://evilvapi.ai/a.wav",
            "https://169.254.169.254/latest/meta-data",
            "https://storage.vapi.ai@example.com/",
            "file:///etc/passwd",
            "//example.com/a.wav",
        ] {
            assert!(!follows(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_within_a_network_of_our_own_are_not_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "2606:4700::1111"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
