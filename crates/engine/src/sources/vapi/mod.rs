//! Vapi: its streams as a table, and how each is paged. Leaves HTTP to `client`, windows of time to `windows`, what a call
//! says to `facts`, messages to `webhook`, what it all means to `normalise/*.sql`.

mod calls;
mod campaigns;
mod client;
mod facts;
mod reasons;
mod recording;
mod redact;
mod tables;
mod webhook;
mod windows;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};

pub use client::{Client, Settings};
pub use redact::redact;
pub use webhook::understand;

use crate::raw::RawTable;
use crate::source::{Lane, Page, Recording, Shape, Source, Step, Stream, Vendor, VendorError, Walk};
use windows::{ListOf, Pass};

/// Column value, folder, argument.
pub const NAME: &str = "vapi";

/// Raw tables that come by webhook.
pub const WEBHOOK_TABLES: &[&RawTable] = &[&tables::MESSAGES];

const CALLS: ListOf = ListOf {
    path: "/call",
    extract: tables::call,
    statuses: &[
        "scheduled",
        "queued",
        "ringing",
        "in-progress",
        "forwarding",
        "ended",
        "not-found",
        "deletion-failed",
    ],
};
const ASSISTANTS: ListOf = ListOf { path: "/assistant", extract: tables::assistant, statuses: &[] };
const PHONE_NUMBERS: ListOf = ListOf {
    path: "/phone-number",
    extract: tables::phone_number,
    statuses: &["active", "activating", "blocked"],
};

/// What can be pulled, in the order it should be. The key has no scopes.
pub const STREAMS: &[Stream] = &[
    Stream {
        name: "assistants",
        table: &tables::ASSISTANTS,
        scope: "",
        without: "what your assistants are told to say",
        shape: Shape::Whole,
        complete_over: Some("true"),
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "phone_numbers",
        table: &tables::PHONE_NUMBERS,
        scope: "",
        without: "the lines you call from",
        shape: Shape::Whole,
        complete_over: Some("true"),
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "call_campaigns",
        table: &tables::CAMPAIGNS,
        scope: "",
        without: "campaigns that were started inside Vapi",
        shape: Shape::Whole,
        // The vendor lets old ones go by itself.
        complete_over: None,
        needs: None,
        lane: Lane::Plenty,
    },
    Stream {
        name: "calls",
        table: &tables::CALLS,
        scope: "",
        without: "calls that no webhook told of, and what they cost",
        shape: Shape::Feed,
        // Kept for 14 days; older ones are gone there without being deleted.
        complete_over: Some("t.call_created_at > $2 - interval '13 days'"),
        needs: None,
        lane: Lane::Plenty,
    },
];

/// From raw to normalised, in order; each runs over what changed and may be run again at any time.
pub const STEPS: &[Step] = &[
    Step::new("call campaigns", include_str!("normalise/10_campaigns.sql")),
    Step::new("phone numbers", include_str!("normalise/20_phones.sql")),
    Step::new("calls", include_str!("normalise/30_events.sql")),
    Step::new("call troubles", include_str!("normalise/40_troubles.sql")),
];

/// What a person has to change where something goes wrong.
pub static VENDOR: Vendor = Vendor {
    key: "copy the private key of your organisation (Vapi: Organization, API Keys) and set VAPI_API_KEY; a public key will \
          not do",
    scopes: "in Vapi (Organization, API Keys)",
    url_setting: "VAPI_API_URL",
    pace_setting: "VAPI_REQUESTS_PER_MINUTE",
};

/// The vendor, reached through one client.
pub struct Vapi {
    client: Client,
}

impl Vapi {
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

impl Source for Vapi {
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
        (stream.shape == Shape::Feed).then(calls::fresh_cursor)
    }

    fn pages<'a>(&'a self, walk: Walk) -> BoxStream<'a, Result<Page, VendorError>> {
        match walk.stream.name {
            "assistants" => list(&self.client, walk, ASSISTANTS).boxed(),
            "phone_numbers" => list(&self.client, walk, PHONE_NUMBERS).boxed(),
            "call_campaigns" => campaigns::walk(&self.client, walk).boxed(),
            _ => calls::feed(&self.client, walk).boxed(),
        }
    }

    fn recording<'a>(
        &'a self,
        call_id: &'a str,
        range: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Recording, VendorError>> {
        recording::open(&self.client, call_id, range).boxed()
    }
}

/// Walks a list from the stored cursor to its end.
fn list(
    client: &Client,
    walk: Walk,
    list: ListOf,
) -> impl futures::Stream<Item = Result<Page, VendorError>> + '_ {
    let pass = walk.cursor.clone().and_then(|cursor| serde_json::from_value(cursor).ok());
    stream::try_unfold((pass.unwrap_or_else(|| Pass::new(None)), walk), move |(mut pass, walk)| async move {
        if pass.is_done() {
            return Ok(None);
        }
        let mut page = pass.page(client, list, &walk.usage).await?;
        page.cursor = (!pass.is_done()).then(|| serde_json::to_value(&pass).unwrap_or_default());
        Ok(Some((page, (pass, walk))))
    })
}
