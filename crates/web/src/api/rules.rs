//! When the queue calls and writes on LinkedIn: the rules of a campaign, and the default of all.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use engine::funnel::Channel;
use engine::queue::rules::{self, Change, Field, Rules};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::asked::{Asked, Id, Sent, by_name};
use super::page::Page;
use super::problem::{BodyRefusals, EditRefusals, Refusals};
use super::unchanged::unchanged;
use crate::error::Result;
use crate::session::Actor;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, set)).routes(routes!(show_default, set_default))
}

/// Rules to set; a channel that is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRules {
    #[serde(default, deserialize_with = "by_name")]
    call: ChannelRules,
    #[serde(default, deserialize_with = "by_name")]
    linkedin: ChannelRules,
}

/// A rule that is left out stays; null is as the default has it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct ChannelRules {
    /// Days without an answer after our last message on another channel.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 365)]
    after_days: Option<Option<i32>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 365)]
    between_days: Option<Option<i32>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 100)]
    max_attempts: Option<Option<i32>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 100_000)]
    daily_limit: Option<Option<i32>>,
    /// In the zone of the lead, e.g. 09:00-17:00.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    hours: Option<Option<String>>,
    /// 1 Monday to 7 Sunday.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<Vec<i16>>, min_items = 1)]
    weekdays: Option<Option<Vec<i16>>>,
}

/// Null is told from what is left out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

impl NewRules {
    fn changes(&self) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for (channel, rules) in [(Channel::Call, &self.call), (Channel::Linkedin, &self.linkedin)] {
            for field in Field::ALL {
                if let Some(text) = rules.text_of(*field) {
                    changes.push(Change::of(channel, *field, &text)?);
                }
            }
        }
        Ok(changes)
    }
}

impl ChannelRules {
    /// A rule as people write it.
    fn text_of(&self, field: Field) -> Option<String> {
        let number = |given: Option<Option<i32>>| given.map(|number| number.map(|number| number.to_string()));
        let days = |days: &Vec<i16>| days.iter().map(i16::to_string).collect::<Vec<_>>().join(",");
        let text = match field {
            Field::AfterDays => number(self.after_days),
            Field::BetweenDays => number(self.between_days),
            Field::MaxAttempts => number(self.max_attempts),
            Field::DailyLimit => number(self.daily_limit),
            Field::Hours => self.hours.clone(),
            Field::Weekdays => self.weekdays.as_ref().map(|given| given.as_ref().map(days)),
        };
        text.map(|text| text.unwrap_or_else(|| "default".into()))
    }
}

/// When the queue calls and writes for a campaign, channel by channel.
#[utoipa::path(get, path = "/campaigns/{id}/rules", tag = "campaigns", operation_id = "show_rules",
    params(("id" = Uuid, Path)), responses((status = 200, description = "Rules", body = Page<Rules>), Refusals))]
async fn show(State(app): State<App>, Id(id): Id, Asked(()): Asked<()>) -> Result<Json<Page<Rules>>> {
    stand(&app, Some(id)).await.map(Json)
}

/// Sets rules of a campaign. They hold from now on.
#[utoipa::path(patch, path = "/campaigns/{id}/rules", tag = "campaigns", operation_id = "set_rules", request_body = NewRules,
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "ETag of what was seen")),
    responses((status = 200, description = "Rules as they stand then", body = Page<Rules>), Refusals, BodyRefusals, EditRefusals))]
async fn set(
    State(app): State<App>,
    actor: Actor,
    Id(id): Id,
    Asked(()): Asked<()>,
    headers: HeaderMap,
    Sent(new): Sent<NewRules>,
) -> Result<Json<Page<Rules>>> {
    write(&app, &actor, &headers, Some(id), &new).await.map(Json)
}

/// The rules of every campaign that sets nothing else.
#[utoipa::path(get, path = "/rules", tag = "campaigns", operation_id = "show_default_rules",
    responses((status = 200, description = "Rules", body = Page<Rules>), Refusals))]
async fn show_default(State(app): State<App>, Asked(()): Asked<()>) -> Result<Json<Page<Rules>>> {
    stand(&app, None).await.map(Json)
}

/// Sets the default of all campaigns; here every rule needs a value.
#[utoipa::path(patch, path = "/rules", tag = "campaigns", operation_id = "set_default_rules", request_body = NewRules,
    params(("If-Match" = Option<String>, Header, description = "ETag of what was seen")),
    responses((status = 200, description = "Rules as they stand then", body = Page<Rules>), Refusals, BodyRefusals, EditRefusals))]
async fn set_default(
    State(app): State<App>,
    actor: Actor,
    Asked(()): Asked<()>,
    headers: HeaderMap,
    Sent(new): Sent<NewRules>,
) -> Result<Json<Page<Rules>>> {
    write(&app, &actor, &headers, None, &new).await.map(Json)
}

async fn stand(app: &App, campaign: Option<Uuid>) -> Result<Page<Rules>> {
    Ok(Page::whole(rules::show(&app.pool, campaign).await?))
}

async fn write(
    app: &App,
    actor: &Actor,
    headers: &HeaderMap,
    campaign: Option<Uuid>,
    new: &NewRules,
) -> Result<Page<Rules>> {
    let fits = |stands| unchanged(headers, &Page::whole(stands));
    let (changes, by, now) = (new.changes()?, actor.user_id(), app.clock.now());
    Ok(Page::whole(rules::set_if(&app.pool, campaign, &changes, fits, by, now).await?))
}
