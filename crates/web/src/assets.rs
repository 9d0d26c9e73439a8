//! Stylesheet, scripts and icons: embedded, compressed once, and named by a hash of all of them, so that a browser
//! keeps them for good. Leaves what they look like to the files.

use std::io::Write;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// A list of files as they stand in `assets`.
macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../assets/", $folder, "/", $name)))),*]
    };
}

/// The stylesheet, in its order: layers first, then the files. One request.
const STYLES: &[(&str, &str)] = files!["css":
    "tokens.css", "reset.css", "base.css", "layout.css",
    "shell.css", "button.css", "field.css", "chip.css", "status.css", "channel.css", "key.css", "panel.css",
    "segment.css", "table.css", "filters.css", "menu.css", "dialog.css", "palette.css", "toast.css", "notice.css",
    "wait.css", "strip.css", "chart.css", "funnel.css", "timeline.css", "message.css", "person.css", "facts.css",
    "home.css", "queue.css", "sequence.css", "import.css", "receipt.css", "door.css",
    "utilities.css", "print.css",
];
const LAYERS: &str = "@layer reset, base, layout, components, utilities;\n";

/// Our modules; they name each other by relative paths, which hold because all stand under one hash.
const SCRIPTS: &[(&str, &str)] = files!["js": "app.js", "theme.js", "moves.js", "time.js", "keys.js", "palette.js", "live.js", "toast.js", "drop.js"];

const ICONS: &[(&str, &str)] = files!["icons": "sprite.svg", "mark.svg", "chevron.svg"];

const HTMX: &str = include_str!(env!("HTMX"));

struct Asset {
    path: String,
    kind: &'static str,
    plain: Vec<u8>,
    gzip: Vec<u8>,
}

struct Set {
    hash: String,
    assets: Vec<Asset>,
}

static SET: LazyLock<Set> = LazyLock::new(|| {
    const CSS: &str = "text/css; charset=utf-8";
    const JS: &str = "text/javascript; charset=utf-8";
    const SVG: &str = "image/svg+xml";
    let style: String =
        std::iter::once(LAYERS).chain(STYLES.iter().flat_map(|(_, text)| [*text, "\n"])).collect();
    let mut assets = vec![asset("app.css".into(), CSS, &style), asset("js/htmx.js".into(), JS, HTMX)];
    assets.extend(SCRIPTS.iter().map(|(name, text)| asset(format!("js/{name}"), JS, text)));
    assets.extend(ICONS.iter().map(|(name, text)| asset(format!("icons/{name}"), SVG, text)));
    let mut hash = Sha256::new();
    for asset in &assets {
        hash.update(asset.path.as_bytes());
        hash.update(&asset.plain);
    }
    let hash = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Set { hash, assets }
});

fn asset(path: String, kind: &'static str, text: &str) -> Asset {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; an empty answer says that there is no smaller one.
    let gzip = gzip.write_all(text.as_bytes()).and_then(|()| gzip.finish()).unwrap_or_default();
    Asset { path, kind, plain: text.as_bytes().to_vec(), gzip }
}

/// Address of a file of `assets`: `app.css`, `js/keys.js`, `icons/sprite.svg`.
pub(crate) fn url(path: &str) -> String {
    format!("/assets/{}/{path}", SET.hash)
}

/// `GET /assets/{hash}/{path}`. An address with the hash of other files is not known here: a page of an older process
/// would get new scripts that do not fit it.
pub(crate) async fn serve(Path((hash, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = SET.assets.iter().find(|asset| asset.path == path && SET.hash == hash) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let has = |name, wanted: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(wanted))
    };
    let keep = [(ETAG, format!("\"{hash}\"")), (CACHE_CONTROL, "public, max-age=31536000, immutable".into())];
    if has(IF_NONE_MATCH, &hash) {
        return (StatusCode::NOT_MODIFIED, keep).into_response();
    }
    let kind = [(CONTENT_TYPE, asset.kind), (VARY, "accept-encoding")];
    if has(ACCEPT_ENCODING, "gzip") && !asset.gzip.is_empty() {
        return (keep, kind, [(CONTENT_ENCODING, "gzip")], asset.gzip.as_slice()).into_response();
    }
    (keep, kind, asset.plain.as_slice()).into_response()
}
