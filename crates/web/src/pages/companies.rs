//! Companies: the list, and one with its people and what happened with them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use engine::companies::{self, Company, Person, Touch};
use engine::keyset::After;
use engine::timeline;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use uuid::Uuid;

use super::{asked, page};
use crate::error::Result;
use crate::parts;
use crate::say;
use crate::shell::Shell;
use crate::state::App;

const LINES: i64 = 50;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "companies.html")]
struct Page {
    shell: Shell,
    q: String,
    companies: Vec<Company>,
    next: Option<String>,
}

/// `GET /companies`
pub(crate) async fn list(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let search = asked::filled(&asked.q).map(str::to_owned);
    let after = asked::filled(&asked.after).map(str::parse::<After>).transpose()?;
    let wanted = companies::Asked { search: search.clone(), industry: None };
    let found = companies::list(&app.pool, &wanted, after, LINES).await?;
    let q = search.unwrap_or_default();
    let next = found
        .next
        .map(|next| format!("/companies?q={}&after={next}", utf8_percent_encode(&q, NON_ALPHANUMERIC)));
    let page_of = Page { shell, q, companies: found.companies, next };
    Ok(page(&page_of.shell.clone(), &page_of))
}

#[derive(Template)]
#[template(path = "company.html")]
struct One {
    shell: Shell,
    company: Company,
    people: Vec<Person>,
    more_people: Option<String>,
    touches: Vec<Touch>,
    more_touches: Option<String>,
}

impl One {
    fn who(&self, person: &Person) -> String {
        let names: Vec<&str> =
            [&person.first_name, &person.last_name].into_iter().flatten().map(String::as_str).collect();
        if names.is_empty() { parts::or(person.email.clone(), "No name") } else { names.join(" ") }
    }

    fn channel(&self, touch: &Touch) -> &'static str {
        timeline::channel(&touch.event_type, "")
    }

    fn is_theirs(&self, touch: &Touch) -> bool {
        timeline::from_them(&touch.event_type, touch.call_outcome.as_deref())
    }

    fn what(&self, touch: &Touch) -> String {
        say::happened(&touch.event_type)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Within {
    people: Option<String>,
    touches: Option<String>,
}

/// `GET /companies/{id}`
pub(crate) async fn show(
    shell: Shell,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(within): Query<Within>,
) -> Result<Response> {
    let people = asked::filled(&within.people).map(str::parse::<After>).transpose()?;
    let touches = asked::filled(&within.touches).map(str::parse::<After>).transpose()?;
    let (company, people, touches) = tokio::try_join!(
        companies::show(&app.pool, id),
        companies::people(&app.pool, id, people, LINES),
        companies::touches(&app.pool, id, touches, 30),
    )?;
    let page_of = One {
        shell,
        company,
        people: people.people,
        more_people: people.next.map(|next| format!("/companies/{id}?people={next}")),
        touches: touches.touches,
        more_touches: touches.next.map(|next| format!("/companies/{id}?touches={next}")),
    };
    Ok(page(&page_of.shell.clone(), &page_of))
}
