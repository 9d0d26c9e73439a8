//! Search: people, companies and campaigns that begin so; the palette reads the same page.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use engine::leads::{self, Hit};
use serde::Deserialize;

use super::page;
use crate::error::Result;
use crate::parts;
use crate::shell::Shell;
use crate::state::App;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    shell: Shell,
    q: String,
    hits: Vec<Hit>,
}

impl Page {
    fn group(&self, hit: &Hit) -> (&'static str, &'static str, &'static str) {
        match hit.kind.as_str() {
            "company" => ("Companies", "company", "/companies"),
            "campaign" => ("Campaigns", "campaigns", "/campaigns"),
            _ => ("People", "leads", "/leads"),
        }
    }
}

/// `GET /search`
pub(crate) async fn search(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let q = asked.q.unwrap_or_default().chars().take(100).collect::<String>();
    let hits = leads::search(&app.pool, &q, 6, shell.now).await?;
    let page_of = Page { shell, q, hits };
    Ok(page(&page_of.shell.clone(), &page_of))
}
