//! People, and what happened with them.

use axum::Json;
use axum::extract::{Path, State};
use engine::keyset::After;
use engine::leads::{
    self, Answered, COUNT_UP_TO, Count, Filter, Lead, LeadStatus, Listed, Membership, Profile, Reach, Sort,
    Touched,
};
use engine::timeline::{self, Touch};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::asked::{Asked, Id, limit, word};
use super::page::{Page, PageAsked};
use super::problem::Refusals;
use crate::error::Result;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(count))
        .routes(routes!(show))
        .routes(routes!(by_address))
        .routes(routes!(touches))
}

macro_rules! closed {
    ($given:expr, $field:literal, $kind:ident) => {
        word(
            $field,
            $given.as_deref(),
            $kind::named,
            &$kind::ALL.iter().map(|one| one.word()).collect::<Vec<_>>(),
        )?
    };
}

/// A filter of leads as it is asked for; lists add their page.
macro_rules! which {
    ($(#[$about:meta])* $name:ident { $($more:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
        #[serde(deny_unknown_fields, default)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $name {
            /// How a name, an address, a company or its domain begins.
            search: Option<String>,
            #[param(value_type = Option<LeadStatus>, inline)]
            #[schema(value_type = Option<LeadStatus>)]
            lead_status: Option<String>,
            campaign_id: Option<Uuid>,
            /// In any campaign, or in none.
            #[param(value_type = Option<Membership>, inline)]
            #[schema(value_type = Option<Membership>)]
            membership: Option<String>,
            /// Who can be reached by this.
            #[param(value_type = Option<Reach>, inline)]
            #[schema(value_type = Option<Reach>)]
            reach: Option<String>,
            /// When last touched.
            #[param(value_type = Option<Touched>, inline)]
            #[schema(value_type = Option<Touched>)]
            touched: Option<String>,
            /// Whether and how they answered.
            #[param(value_type = Option<Answered>, inline)]
            #[schema(value_type = Option<Answered>)]
            answered: Option<String>,
            /// Only those who must not be contacted, or only those who may.
            suppressed: Option<bool>,
            company_id: Option<Uuid>,
            /// Came by this import.
            csv_import_id: Option<Uuid>,
            /// Last touched first where it is left out.
            #[param(value_type = Option<Sort>, inline)]
            #[schema(value_type = Option<Sort>)]
            sort: Option<String>,
            $($more)*
        }

        impl $name {
            /// What is looked for, and in which order.
            pub(super) fn filter(&self) -> Result<(Filter, Sort)> {
                let filter = Filter {
                    search: self.search.clone().filter(|search| !search.trim().is_empty()),
                    lead_status: closed!(self.lead_status, "lead_status", LeadStatus),
                    campaign_id: self.campaign_id,
                    membership: closed!(self.membership, "membership", Membership),
                    reach: closed!(self.reach, "reach", Reach),
                    touched: closed!(self.touched, "touched", Touched),
                    answered: closed!(self.answered, "answered", Answered),
                    suppressed: self.suppressed,
                    company_id: self.company_id,
                    csv_import_id: self.csv_import_id,
                };
                Ok((filter, closed!(self.sort, "sort", Sort).unwrap_or(Sort::LastTouch)))
            }
        }
    };
}

which! {
    /// Which leads, in which order.
    Which {}
}

which! {
    /// Which leads, and which page of them.
    ListAsked {
        /// `next` of the page before.
        after: Option<String>,
        /// 50 where it is left out.
        #[param(minimum = 1, maximum = 500)]
        limit: Option<i64>,
    }
}

/// Leads of a filter, in an order.
#[utoipa::path(get, path = "/leads", tag = "leads", operation_id = "list_leads", params(ListAsked),
    responses((status = 200, description = "A page of leads", body = Page<Listed>), Refusals))]
async fn list(State(app): State<App>, Asked(asked): Asked<ListAsked>) -> Result<Json<Page<Listed>>> {
    let (filter, sort) = asked.filter()?;
    let limit = limit(asked.limit)?;
    let page = leads::list(&app.pool, &filter, sort, asked.after.as_deref(), limit, app.clock.now()).await?;
    Ok(Json(Page { items: page.leads, next: page.next }))
}

/// How many leads a filter leaves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LeadCount)]
struct Counted {
    leads: i64,
    /// exact; at_least: counting stopped there; about: as the database estimates.
    how: &'static str,
}

/// How many leads a filter leaves: counted up to ten thousand.
#[utoipa::path(get, path = "/leads/count", tag = "leads", operation_id = "count_leads", params(Which),
    responses((status = 200, description = "How many", body = Counted), Refusals))]
async fn count(State(app): State<App>, Asked(which): Asked<Which>) -> Result<Json<Counted>> {
    let (filter, _) = which.filter()?;
    let (leads, how) = match leads::count(&app.pool, &filter, app.clock.now()).await? {
        Count::Exactly(leads) => (leads, "exact"),
        Count::More => (COUNT_UP_TO + 1, "at_least"),
        Count::About(leads) => (leads, "about"),
    };
    Ok(Json(Counted { leads, how }))
}

/// A person: state in every campaign, what stands against touching them, colleagues, and where each value came from.
#[utoipa::path(get, path = "/leads/{id}", tag = "leads", operation_id = "show_lead", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The lead", body = Profile), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Profile>> {
    Ok(Json(leads::profile(&app.pool, id, app.clock.now()).await?))
}

/// A person by any address they are known by.
#[utoipa::path(get, path = "/leads/by-email/{email}", tag = "leads", operation_id = "lead_by_email",
    params(("email" = String, Path, description = "Any address of the person")),
    responses((status = 200, description = "The lead, with the state in every campaign", body = Lead), Refusals))]
async fn by_address(
    State(app): State<App>,
    Path(email): Path<String>,
    Asked(()): Asked<()>,
) -> Result<Json<Lead>> {
    Ok(Json(leads::by_email(&app.pool, &email).await?))
}

/// Touches of a lead over all channels, newest first.
#[utoipa::path(get, path = "/leads/{id}/timeline", tag = "leads", operation_id = "timeline",
    params(("id" = Uuid, Path), PageAsked),
    responses((status = 200, description = "A page of touches", body = Page<Touch>), Refusals))]
async fn touches(
    State(app): State<App>,
    Id(id): Id,
    Asked(asked): Asked<PageAsked>,
) -> Result<Json<Page<Touch>>> {
    let limit = limit(asked.limit)?;
    let after =
        asked.after.as_deref().map(str::parse::<After>).transpose()?.map(|after| (after.at, after.id));
    let touches = timeline::of_lead(&app.pool, id, after, limit + 1).await?;
    Ok(Json(Page::cut(touches, limit, |touch| {
        After { rank: 0, at: touch.event_timestamp, id: touch.id }.to_string()
    })))
}
