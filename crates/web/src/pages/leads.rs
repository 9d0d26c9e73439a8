//! Leads: a list that is filtered by its address, with views as names for addresses.

pub(crate) mod bulk;
mod columns;

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use engine::leads::{
    self, Answered, COUNT_UP_TO, Count, Drawn, Filter, LeadStatus, Listed, Membership, Reach, Sort, Touched,
};
use engine::views::{self, View};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use uuid::Uuid;

use self::columns::{Column, Columns};
use super::{asked, page};
use crate::error::Result;
use crate::session::Actor;
use crate::shell::Shell;
use crate::state::App;
use crate::strip;
use crate::{csv as file, parts};

/// Lines of a page.
const LINES: i64 = 50;

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    status: Option<String>,
    /// Id of a campaign, `any` or `none`.
    campaign: Option<String>,
    reach: Option<String>,
    touched: Option<String>,
    answered: Option<String>,
    /// `yes`: only those who must not be contacted; `no`: only the others.
    suppressed: Option<String>,
    company: Option<String>,
    import: Option<String>,
    sort: Option<String>,
    after: Option<String>,
}

impl Asked {
    /// The same out of a form that holds more.
    fn of(pairs: &[(String, String)]) -> Self {
        let given =
            |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        Self {
            q: given("q"),
            status: given("status"),
            campaign: given("campaign"),
            reach: given("reach"),
            touched: given("touched"),
            answered: given("answered"),
            suppressed: given("suppressed"),
            company: given("company"),
            import: given("import"),
            sort: given("sort"),
            after: None,
        }
    }

    fn order(&self) -> Result<Sort> {
        Ok(asked::word("sort", &self.sort, Sort::ALL, Sort::word)?.unwrap_or(Sort::LastTouch))
    }

    fn filter(&self) -> Result<Filter> {
        let membership = asked::filled(&self.campaign).and_then(Membership::named);
        Ok(Filter {
            search: asked::filled(&self.q).map(str::to_owned),
            lead_status: asked::word("status", &self.status, LeadStatus::ALL, LeadStatus::word)?,
            campaign_id: if membership.is_some() { None } else { asked::id("campaign", &self.campaign)? },
            membership,
            reach: asked::word("reach", &self.reach, Reach::ALL, Reach::word)?,
            touched: asked::word("touched", &self.touched, Touched::ALL, Touched::word)?,
            answered: asked::word("answered", &self.answered, Answered::ALL, Answered::word)?,
            suppressed: asked::word("suppressed", &self.suppressed, &[true, false], |yes| {
                if yes { "yes" } else { "no" }
            })?,
            company_id: asked::id("company", &self.company)?,
            csv_import_id: asked::id("import", &self.import)?,
        })
    }

    /// Everything but the page, as it stands in the address.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        [
            ("q", &self.q),
            ("status", &self.status),
            ("campaign", &self.campaign),
            ("reach", &self.reach),
            ("touched", &self.touched),
            ("answered", &self.answered),
            ("suppressed", &self.suppressed),
            ("company", &self.company),
            ("import", &self.import),
            ("sort", &self.sort),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, asked::filled(value)?.to_owned())))
        .collect()
    }
}

/// An address of this list.
fn address(pairs: &[(&'static str, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    pairs.join("&")
}

fn with_query(query: &str) -> String {
    if query.is_empty() { "/leads".into() } else { format!("/leads?{query}") }
}

/// A filter that is set: a link that takes it away.
struct Chip {
    words: String,
    without: String,
}

#[derive(Template)]
#[template(path = "leads.html")]
struct Page {
    shell: Shell,
    asked: Asked,
    columns: Columns,
    sort: Sort,
    leads: Vec<Listed>,
    drawn: HashMap<Uuid, Vec<Drawn>>,
    count: Count,
    chips: Vec<Chip>,
    views: Vec<View>,
    campaigns: Vec<leads::Choice>,
    /// This list, without its page.
    query: String,
    next: Option<String>,
}

impl Page {
    fn strip(&self, lead: &Uuid) -> parts::Html {
        strip::mini(self.drawn.get(lead).map_or(&[], Vec::as_slice), self.shell.now)
    }

    fn is(&self, field: &Option<String>, word: &str) -> bool {
        asked::filled(field) == Some(word)
    }

    fn sorted(&self, sort: &str) -> String {
        let mut pairs = self.asked.pairs();
        pairs.retain(|(name, _)| *name != "sort");
        pairs.push(("sort", sort.into()));
        pairs.extend(self.columns.pairs());
        with_query(&address(&pairs))
    }

    fn has(&self, column: Column) -> bool {
        self.columns.show(column)
    }

    /// Every column, and whether it is shown.
    fn choices(&self) -> impl Iterator<Item = (Column, bool)> {
        Column::ALL.iter().map(|column| (*column, self.columns.show(*column)))
    }

    /// This list with the usual columns.
    fn usual(&self) -> String {
        with_query(&address(&self.asked.pairs()))
    }

    /// Everything that forms around the list carry on: filters, and the order.
    fn carried(&self) -> Vec<(&'static str, String)> {
        self.asked.pairs()
    }

    fn column_pairs(&self) -> Vec<(&'static str, String)> {
        self.columns.pairs()
    }

    fn how_many(&self) -> String {
        let filtered = !self.chips.is_empty();
        match self.count {
            Count::Exactly(n) if filtered => format!("{} match", parts::count(&n, "lead", "leads")),
            Count::Exactly(n) => parts::count(&n, "lead", "leads"),
            Count::More => format!("More than {} leads match", parts::number(&COUNT_UP_TO)),
            Count::About(n) => format!("About {} leads", parts::about(&n)),
        }
    }
}

/// `GET /leads`
pub(crate) async fn list(
    shell: Shell,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    Query(all): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let (filter, sort, columns) = (asked.filter()?, asked.order()?, Columns::of(&all)?);
    let after = asked::filled(&asked.after);
    let (found, count, views, campaigns) = tokio::try_join!(
        leads::list(&app.pool, &filter, sort, after, LINES, shell.now),
        leads::count(&app.pool, &filter, shell.now),
        views::list(&app.pool, Some("leads")),
        leads::campaign_choices(&app.pool),
    )?;
    let ids: Vec<Uuid> = found.leads.iter().map(|lead| lead.id).collect();
    let drawn = leads::drawn(&app.pool, &ids, shell.now).await?;
    let whole: Vec<_> = asked.pairs().into_iter().chain(columns.pairs()).collect();
    let query = address(&whole);
    let next = found.next.map(|next| {
        let start = if query.is_empty() { String::new() } else { format!("{query}&") };
        with_query(&format!("{start}after={next}"))
    });
    let chips = chips(&asked, &columns, &campaigns);
    let leads = found.leads;
    let page_of =
        Page { shell, asked, columns, sort, leads, drawn, count, chips, views, campaigns, query, next };
    Ok(page(&page_of.shell.clone(), &page_of))
}

/// `GET /leads.csv`: every lead of the list, as it is read.
pub(crate) async fn csv(_: Actor, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response> {
    let (filter, sort) = (asked.filter()?, asked.order()?);
    Ok(file::leads(app.pool.clone(), filter, sort, app.clock.now()))
}

/// What is set, in words, each with the address without it.
fn chips(asked: &Asked, columns: &Columns, campaigns: &[leads::Choice]) -> Vec<Chip> {
    let pairs = asked.pairs();
    pairs
        .iter()
        .filter(|(name, _)| *name != "sort")
        .map(|(name, value)| {
            let others = pairs.iter().filter(|(other, _)| other != name).cloned();
            let without: Vec<_> = others.chain(columns.pairs()).collect();
            Chip { words: words(name, value, campaigns), without: with_query(&address(&without)) }
        })
        .collect()
}

fn words(name: &str, value: &str, campaigns: &[leads::Choice]) -> String {
    match (name, value) {
        ("q", text) => format!("“{text}”"),
        ("campaign", "any") => "In a campaign".into(),
        ("campaign", "none") => "In no campaign".into(),
        ("campaign", id) => {
            let known = campaigns.iter().find(|campaign| campaign.id.to_string() == id);
            format!("In {}", known.map_or("that campaign", |campaign| &campaign.name))
        }
        ("reach", "email") => "With an e-mail address".into(),
        ("reach", "phone") => "With a phone number".into(),
        ("reach", _) => "With a LinkedIn profile".into(),
        ("touched", "today") => "Touched in 24 hours".into(),
        ("touched", "week") => "Touched in 7 days".into(),
        ("touched", "month") => "Touched in 30 days".into(),
        ("touched", "longer") => "Not touched for 30 days".into(),
        ("touched", _) => "Never touched".into(),
        ("answered", "yes") => "Answered".into(),
        ("answered", "no") => "Not answered yet".into(),
        ("answered", _) => "Answered, no next step".into(),
        ("suppressed", "yes") => "Do not contact".into(),
        ("suppressed", _) => "May be contacted".into(),
        ("company", _) => "At one company".into(),
        ("import", _) => "From one import".into(),
        (_, value) => parts::sentence(value).trim_end_matches('.').into(),
    }
}
