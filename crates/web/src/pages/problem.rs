//! The page that says what went wrong and what to do. What was being sent stands on it, to be mended or sent again.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::page;
use crate::error::Said;
use crate::parts;
use crate::say;
use crate::session::sent::{Field, Sent};
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "problem.html")]
struct Page<'a> {
    shell: Shell,
    what: String,
    hint: Option<String>,
    field: Option<&'a str>,
    /// Where one is.
    crumb: &'static str,
    /// It goes by itself: the page asks again.
    passing: bool,
    /// It may be another time.
    again: bool,
    /// What was being sent, and where to.
    sent: Option<(&'a str, Vec<Field>)>,
    /// The page it was asked from.
    before: Option<String>,
}

impl Page<'_> {
    /// What a field that people type is called.
    fn label(&self, field: &Field) -> Option<String> {
        let rule = || field.name.contains('.').then(|| say::capital(field.name.replace(['.', '_'], " ")));
        say::label(&field.name).map(str::to_owned).or_else(rule)
    }

    fn is_wrong(&self, field: &Field) -> bool {
        self.field == Some(field.name.as_str())
    }
}

pub(crate) fn page_of(shell: Shell, said: &Said, sent: Option<&Sent>, before: Option<String>) -> Response {
    let passing = said.status == StatusCode::SERVICE_UNAVAILABLE;
    let ours = said.status == StatusCode::INTERNAL_SERVER_ERROR;
    let can_be_mended = passing || ours || said.status == StatusCode::UNPROCESSABLE_ENTITY;
    let crumb = match said.status {
        StatusCode::NOT_FOUND => "Not here",
        StatusCode::SERVICE_UNAVAILABLE => "One moment",
        _ => "Not done",
    };
    let page_of = Page {
        what: say::with_labels(&said.what),
        hint: said.hint.as_deref().map(say::with_labels),
        field: said.field.as_deref(),
        crumb,
        passing,
        again: passing || (ours && before.is_none()),
        sent: sent.filter(|_| can_be_mended).map(|sent| (sent.to.as_str(), sent.fields())),
        before,
        shell: shell.clone(),
    };
    page(&shell, &page_of)
}
