//! A form on its way: what stood in it is kept when it does not arrive, because the session had ended or the database is
//! away. Nothing is remembered here: it travels in the page that is shown instead.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, REFERER};
use axum::http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;

use super::ours;

/// Forms up to this size are kept.
const LARGEST: usize = 512 * 1024;

/// What was being sent, and where to.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) to: String,
    /// As browsers write it.
    pub(crate) form: String,
}

/// A field of a form.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) is_long: bool,
}

impl Sent {
    pub(crate) fn fields(&self) -> Vec<Field> {
        fields(&self.form)
    }
}

/// What a request sends, and the request as it was. None: no form, or too large a one.
pub(super) async fn of(request: Request) -> (Request, Option<Sent>) {
    if !is_form(&request) {
        return (request, None);
    }
    let to = whole(request.uri());
    let (parts, body) = request.into_parts();
    // What breaks off on the way here is nobody's form; the handler sees an empty one and refuses it.
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
    let sent = String::from_utf8(bytes.to_vec()).ok().map(|form| Sent { to, form });
    (Request::from_parts(parts, Body::from(bytes)), sent)
}

fn is_form(request: &Request) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let length = header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
        && length.is_some_and(|length| length <= LARGEST)
}

/// The fields of a form as browsers write it.
pub(crate) fn fields(form: &str) -> Vec<Field> {
    let plain = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .take(1000)
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = plain(value);
            Field { name: plain(name), is_long: value.len() > 80 || value.contains('\n'), value }
        })
        .collect()
}

/// Path and query, where they are ours.
pub(super) fn whole(uri: &Uri) -> String {
    ours(uri.path_and_query().map_or("/", |whole| whole.as_str())).to_owned()
}

/// The page the form stood on.
pub(crate) fn page_before(headers: &HeaderMap) -> String {
    let before = headers
        .get("hx-current-url")
        .or_else(|| headers.get(REFERER))
        .and_then(|value| value.to_str().ok()?.parse::<Uri>().ok());
    before.map_or_else(|| "/".into(), |uri| whole(&uri))
}
