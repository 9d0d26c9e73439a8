//! The page that says what went wrong and what to do.

use askama::Template;
use axum::response::Response;

use super::page;
use crate::error::Said;
use crate::parts;
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "problem.html")]
struct Page<'a> {
    shell: Shell,
    said: &'a Said,
    /// It goes by itself: the page asks again.
    passing: bool,
}

pub(crate) fn page_of(shell: Shell, said: &Said) -> Response {
    let passing = said.status.as_u16() == 503;
    page(&shell.clone(), &Page { shell, said, passing })
}
