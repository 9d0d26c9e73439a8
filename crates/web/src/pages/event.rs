//! An event as its source gave it, and a mail as it looked: outside text, kept in a frame of its own with a policy of its own.

use std::borrow::Cow;

use ammonia::Builder;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use engine::timeline;
use serde::Deserialize;
use uuid::Uuid;

use super::page;
use crate::error::Result;
use crate::parts;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;

/// Nothing runs, nothing is fetched, nothing is sent; a link opens elsewhere, where a person follows it.
const FRAME: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
const FRAME_WITH_IMAGES: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

const STYLE: &str = "<style>:root{color-scheme:light}body{margin:12px;font:14px/1.55 system-ui,sans-serif;color:#222;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}blockquote{margin:8px 0;padding-left:12px;border-left:2px solid #ccc;color:#555}table{max-width:100%}</style>";

#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    /// A person asked for remote images.
    images: Option<String>,
}

/// `GET /events/{id}/mail`
pub(crate) async fn mail(
    _: Actor,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let mail = timeline::mail(&app.pool, id).await?;
    let images = shown.images.as_deref() == Some("1");
    let body = match (&mail.html, &mail.text) {
        (Some(html), _) => cleaned(html, images),
        (None, Some(text)) => format!("<p>{}</p>", parts::escape(text).replace('\n', "<br>")),
        (None, None) => "<p>This mail has no words.</p>".into(),
    };
    let title = parts::escape(mail.email_subject.as_deref().unwrap_or("Mail"));
    let html = format!(
        "<!doctype html><html lang=\"\"><head><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\"><title>{title}</title>{STYLE}</head><body>{body}</body></html>"
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, if images { FRAME_WITH_IMAGES } else { FRAME }),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, html).into_response())
}

/// Markup without what could run, load or send; remote images only where asked for.
fn cleaned(html: &str, images: bool) -> String {
    Builder::default()
        .add_tag_attributes("table", ["width", "cellpadding", "cellspacing", "border"])
        .add_tag_attributes("td", ["width", "valign", "colspan", "rowspan"])
        .url_schemes(["http", "https", "mailto", "tel", "data"].into())
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            ("img", "src") if value.starts_with("data:image/") => Some(Cow::from(value)),
            ("img", "src") if !images => None,
            // data: is for pictures in the mail itself, never for where a link leads
            (_, "href" | "src" | "cite") if value.trim_start().to_ascii_lowercase().starts_with("data:") => {
                None
            }
            _ => Some(Cow::from(value)),
        })
        .clean(html)
        .to_string()
}

#[derive(Template)]
#[template(path = "raw.html")]
struct Raw {
    shell: Shell,
    /// Null: a person wrote it here.
    json: Option<String>,
}

/// `GET /events/{id}/raw`
pub(crate) async fn raw(shell: Shell, State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response> {
    let raw = timeline::raw(&app.pool, id).await?;
    let json = raw.and_then(|raw| serde_json::to_string_pretty(&raw).ok());
    let page_of = Raw { shell, json };
    Ok(page(&page_of.shell.clone(), &page_of))
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn nothing_of_a_mail_runs_or_loads_by_itself() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<img src=\"https://track.example.com/p.gif\">",
            "<svg onload=alert(1)><a href=\"javascript:alert(1)\">x</a></svg>",
            "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
            "<a href=\" javascript:alert(1)\">x</a>",
            "<iframe src=\"https://example.com\"></iframe><object data=x></object><embed src=x>",
            "<form action=\"https://example.com\"><input name=a><button>x</button></form>",
            "<meta http-equiv=refresh content=\"0;url=https://example.com\"><base href=\"https://example.com\">",
            "<div style=\"background:url(https://example.com/a.gif)\">x</div><style>@import 'https://example.com'</style>",
            "<link rel=stylesheet href=\"https://example.com\"><video src=\"https://example.com\" poster=\"https://example.com\"></video>",
            "<table background=\"https://example.com/a.gif\"><td background=\"https://example.com\">x</td></table>",
            "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
        ] {
            let clean = cleaned(hostile, false).to_ascii_lowercase();
            for sign in [
                "<script",
                "onerror",
                "onload",
                "javascript:",
                "data:text",
                "<iframe",
                "<object",
                "<embed",
                "<form",
                "<input",
                "<meta",
                "<base",
                "url(",
                "<style",
                "<link",
                "<video",
                "background",
                "src=\"http",
            ] {
                assert!(
                    !(clean.contains(&format!("<{sign}")) || sign.starts_with('<') && clean.contains(sign)),
                    "{hostile} left {clean}"
                );
                let inside_text = clean.contains("&lt;");
                assert!(inside_text || !clean.contains(sign), "{hostile} left {clean}");
            }
        }
        assert!(
            cleaned("<img src=\"https://example.com/a.png\">", true)
                .contains("src=\"https://example.com/a.png\"")
        );
        assert!(cleaned("<img src=\"data:image/png;base64,AA\">", false).contains("data:image/png"));
        assert!(cleaned("<a href=\"https://example.com\">x</a>", false).contains("noopener"));
    }
}
