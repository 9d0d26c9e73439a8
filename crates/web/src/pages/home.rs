//! Home: a sentence first, then what needs the reader.

use askama::Template;
use axum::response::Response;

use super::page;
use crate::error::Result;
use crate::parts;
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    shell: Shell,
}

pub(crate) async fn home(shell: Shell) -> Result<Response> {
    Ok(page(&shell.clone(), &Page { shell }))
}
