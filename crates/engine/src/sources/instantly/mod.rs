//! Instantly API v2: its streams as a table, and how each is paged.
//! Leaves HTTP to `client`, payloads to `tables`, what they mean to `normalise/*.sql`.

mod access;
mod answer;
mod client;
mod codes;
mod feed;
mod mail;
mod pages;
pub(crate) mod reconcile;
mod tables;
mod walks;
mod webhook;
pub mod webhooks;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};

pub use access::{Access, access};
pub use client::{Client, Request, Settings};
pub use webhook::understand;

use crate::source::{Lane, Page, Shape, Source, Step, Stream, Vendor, VendorError, Walk, Webhook};
use crate::usage::Usage;

/// Column value, folder, argument.
pub const NAME: &str = "instantly";

const EVERYTHING: Option<&str> = Some("true");

/// What can be pulled, in the order it should be: what gives names and counters first, the scarce mail beside it.
pub const STREAMS: &[Stream] = &[
    Stream {
        name: "campaigns",
        table: &tables::CAMPAIGN_CONFIGS,
        scope: "campaigns:read",
        without: "campaign settings, drafts, and the words of every step",
        shape: Shape::Whole,
        complete_over: EVERYTHING,
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "campaign_analytics",
        table: &tables::CAMPAIGNS,
        scope: "",
        without: "lifetime counters per campaign",
        shape: Shape::Whole,
        complete_over: EVERYTHING,
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "accounts",
        table: &tables::ACCOUNTS,
        scope: "accounts:read",
        without: "the state of the mailboxes that send",
        shape: Shape::Whole,
        complete_over: EVERYTHING,
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "leads",
        table: &tables::LEADS,
        scope: "leads:read",
        without: "people, their companies, custom variables and interest",
        shape: Shape::Whole,
        complete_over: EVERYTHING,
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "block_list",
        table: &tables::BLOCK_LIST,
        scope: "block_list_entries:read",
        without: "the addresses and domains that must not be written to",
        shape: Shape::Whole,
        // What left the list lifts nothing, so nobody is asked about it.
        complete_over: None,
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "daily_analytics",
        table: &tables::DAILY,
        scope: "",
        without: "counters per day",
        shape: Shape::PerSubject(include_str!("subjects/daily_analytics.sql")),
        complete_over: Some(include_str!("subjects/daily_analytics_scope.sql")),
        needs: Some("campaign_analytics"),
        lane: Lane::Plenty,
    },
    Stream {
        name: "step_analytics",
        table: &tables::STEPS,
        scope: "",
        without: "counters per step and variant",
        shape: Shape::PerSubject(include_str!("subjects/step_analytics.sql")),
        complete_over: Some(include_str!("subjects/step_analytics_scope.sql")),
        needs: Some("campaign_analytics"),
        lane: Lane::Plenty,
    },
    // What was delivered, and what should have been: heals the webhooks.
    Stream {
        name: "webhook_events",
        table: &webhook::WEBHOOK_EVENTS,
        scope: "webhook_events:read",
        without: "openings, clicks and whatever else a webhook missed",
        shape: Shape::Feed,
        complete_over: None,
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "emails",
        table: &tables::EMAILS,
        scope: "emails:read",
        without: "every message and every reply",
        shape: Shape::Feed,
        complete_over: EVERYTHING,
        needs: None,
        lane: Lane::Scarce,
    },
    Stream {
        name: "email_details",
        table: &tables::EMAIL_DETAILS,
        scope: "emails:read",
        without: "which replies were automatic",
        shape: Shape::PerSubject(include_str!("subjects/email_details.sql")),
        complete_over: None,
        needs: Some("emails"),
        lane: Lane::Scarce,
    },
];

/// From raw to normalised, in order; each runs over what changed and may be run again at any time.
pub const STEPS: &[Step] = &[
    Step::new("campaigns", include_str!("normalise/10_campaigns.sql")),
    Step::new("companies", include_str!("normalise/20_companies.sql")),
    Step::new("companies without a domain", include_str!("normalise/21_companies_without_domain.sql")),
    Step::new("known leads", include_str!("normalise/30_known_leads.sql")),
    Step::new("leads", include_str!("normalise/31_leads.sql")),
    Step::new("lead fields", include_str!("normalise/32_lead_fields.sql")),
    Step::new("automatic replies", include_str!("normalise/40_automatic_replies.sql")),
    Step::new("events", include_str!("normalise/41_events.sql")),
    Step::new("webhook events", include_str!("normalise/44_webhook_events.sql")),
    Step::new("webhook troubles", include_str!("normalise/45_webhook_troubles.sql")),
    Step::new("late campaigns", include_str!("normalise/43_late_campaigns.sql")),
    Step::new("block list", include_str!("normalise/60_block_list.sql")),
];

/// What vendor leads say of an enrollment where no event does.
pub const STANDINGS: &[Step] =
    &[Step::new("instantly standings", include_str!("normalise/50_standings.sql"))];

/// What a person has to change where something goes wrong.
pub static VENDOR: Vendor = Vendor {
    key: "make a new v2 key in Instantly (Settings, Integrations, API Keys) and set INSTANTLY_API_KEY",
    scopes: "in Instantly (Settings, Integrations, API Keys)",
    url_setting: "INSTANTLY_API_URL",
    pace_setting: "INSTANTLY_REQUESTS_PER_MINUTE or INSTANTLY_EMAILS_PER_MINUTE",
};

/// The vendor, reached through one client.
pub struct Instantly {
    client: Client,
}

impl Instantly {
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

impl Source for Instantly {
    fn name(&self) -> &'static str {
        NAME
    }

    fn vendor(&self) -> &'static Vendor {
        &VENDOR
    }

    fn streams(&self) -> &'static [Stream] {
        STREAMS
    }

    fn fresh_cursor(&self, stream: &Stream) -> Option<serde_json::Value> {
        (stream.shape == Shape::Feed).then(feed::fresh_cursor)
    }

    fn pages<'a>(&'a self, walk: Walk) -> BoxStream<'a, Result<Page, VendorError>> {
        let client = &self.client;
        match walk.stream.name {
            "campaigns" => walks::list(client, walk, walks::CAMPAIGNS).boxed(),
            "accounts" => walks::list(client, walk, walks::ACCOUNTS).boxed(),
            "leads" => walks::list(client, walk, walks::LEADS).boxed(),
            "block_list" => walks::list(client, walk, walks::BLOCK_LIST).boxed(),
            "campaign_analytics" => walks::campaign_analytics(client, walk).boxed(),
            "daily_analytics" => walks::per_subject(client, walk, walks::daily).boxed(),
            "step_analytics" => walks::per_subject(client, walk, walks::steps).boxed(),
            "email_details" => {
                // A minute's worth a run: the list of new mail must not wait for verdicts on old replies.
                let mut walk = walk;
                walk.subjects.truncate(client.emails_per_minute());
                walks::per_subject(client, walk, walks::email_detail).boxed()
            }
            "webhook_events" => feed::feed(client, walk, feed::WEBHOOK_EVENTS).boxed(),
            _ => feed::feed(client, walk, feed::EMAILS).boxed(),
        }
    }

    fn webhooks<'a>(&'a self) -> BoxFuture<'a, Result<Option<Vec<Webhook>>, VendorError>> {
        async {
            let listed = webhooks::list(&self.client, &Usage::default()).await?;
            Ok(Some(listed.into_iter().map(Webhook::from).collect()))
        }
        .boxed()
    }

    fn resume_webhook<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Webhook, VendorError>> {
        async { webhooks::resume(&self.client, id, &Usage::default()).await.map(Webhook::from) }.boxed()
    }

    fn create_webhook<'a>(
        &'a self,
        name: &'a str,
        target_url: &'a str,
        header: Option<(&'a str, &'a str)>,
    ) -> BoxFuture<'a, Result<Webhook, VendorError>> {
        async move {
            let usage = Usage::default();
            webhooks::create(&self.client, name, target_url, header, &usage).await.map(Webhook::from)
        }
        .boxed()
    }
}
