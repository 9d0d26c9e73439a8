//! What a vendor is to us: streams that can be pulled page by page, and SQL steps that say what the records mean.
//! Leaves HTTP to `sources/*`, storing to `raw`, driving to `sync`.
//!
//! The delivery contract: pages may repeat, overlap, arrive late or shift while one walks. A source only has to give
//! every record at least once before it says that a walk has ended; storing makes each of them one row.

pub(crate) mod answer;
mod body;
mod delivery;
mod extracted;
mod failure;
pub(crate) mod http;
mod pace;
mod recording;
mod step;
mod webhook;

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

pub(crate) use body::objects;
pub use delivery::{Delivery, Understood};
pub(crate) use extracted::{Extracted, page_of};
pub use failure::{ANY_VENDOR, Vendor, VendorError};
pub use http::Answer;
pub(crate) use pace::Pace;
pub use recording::Recording;
pub use step::Step;
pub use webhook::Webhook;

use crate::raw::{RawTable, Record};
use crate::usage::Usage;

/// One vendor.
pub trait Source: Send + Sync {
    /// Its name: column value, folder, argument.
    fn name(&self) -> &'static str;

    /// What a person has to change where something goes wrong.
    fn vendor(&self) -> &'static Vendor;

    /// What can be pulled, in the order it should be.
    fn streams(&self) -> &'static [Stream];

    /// The cursor that makes a walk begin from the start although all is known to be complete; None: no cursor does.
    fn fresh_cursor(&self, stream: &Stream) -> Option<Value>;

    /// Pages of one walk, from where `walk` stands to its end. Retries are the source's; an error ends the walk.
    fn pages<'a>(&'a self, walk: Walk) -> BoxStream<'a, std::result::Result<Page, VendorError>>;

    /// The recording of a call, or the part that `range` (as HTTP writes it) asks for.
    fn recording<'a>(
        &'a self,
        call_id: &'a str,
        _range: Option<&'a str>,
    ) -> BoxFuture<'a, std::result::Result<Recording, VendorError>> {
        let message = format!("{} keeps no recordings: {call_id}", self.name());
        async { Err(VendorError::NotFound { message }) }.boxed()
    }

    /// Every webhook of the account, also those that lead elsewhere; None: the vendor cannot be asked.
    fn webhooks<'a>(&'a self) -> BoxFuture<'a, std::result::Result<Option<Vec<Webhook>>, VendorError>> {
        async { Ok(None) }.boxed()
    }

    /// Lets a webhook deliver again that the vendor switched off; one that is on stays on.
    fn resume_webhook<'a>(&'a self, id: &'a str) -> BoxFuture<'a, std::result::Result<Webhook, VendorError>> {
        let message = format!("webhooks of {} cannot be resumed: {id}", self.name());
        async { Err(VendorError::NotFound { message }) }.boxed()
    }

    /// Has everything delivered to an address, with a header as proof; an address that has it already is left as it is.
    fn create_webhook<'a>(
        &'a self,
        _name: &'a str,
        _target_url: &'a str,
        _header: Option<(&'a str, &'a str)>,
    ) -> BoxFuture<'a, std::result::Result<Webhook, VendorError>> {
        let message = format!("webhooks of {} cannot be made by API", self.name());
        async { Err(VendorError::NotFound { message }) }.boxed()
    }
}

/// One kind of record that can be pulled, as data.
#[derive(Debug)]
pub struct Stream {
    /// Its name: argument, receipt, cursor row.
    pub name: &'static str,
    pub table: &'static RawTable,
    /// Scope the key needs; empty where the vendor states none.
    pub scope: &'static str,
    /// What people cannot see without it.
    pub without: &'static str,
    pub shape: Shape,
    /// SQL over `t`: which stored records a whole walk is bound to show; None where absence proves nothing.
    pub complete_over: Option<&'static str>,
    /// Stream of the same lane that names what this one asks for.
    pub needs: Option<&'static str>,
    /// Streams with the same lane run one after the other; lanes run side by side.
    pub lane: Lane,
}

/// How a stream is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Whole, each time.
    Whole,
    /// Once per subject; the SQL (`$1` when the walk began, `$2` today) names those that are due, and since when.
    PerSubject(&'static str),
    /// Newest first once, then what is new.
    Feed,
}

/// Which limit of the vendor a stream lives under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Plenty,
    Scarce,
}

/// One walk over a stream, as the source needs to know it.
#[derive(Debug, Clone)]
pub struct Walk {
    pub stream: &'static Stream,
    /// Where an earlier run left the walk; None: from the start.
    pub cursor: Option<Value>,
    /// For feeds: everything the vendor had up to here is stored.
    pub watermark: Option<Timestamp>,
    /// For streams asked per subject: what is due.
    pub subjects: Vec<Subject>,
    pub usage: Arc<Usage>,
}

/// Something a stream is asked for by itself: a campaign, a message, the workspace (empty id).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: String,
    /// First and last day to ask for, where the stream has days.
    pub days: Option<(Date, Date)>,
}

/// One page, stored in one transaction with the position it leads to.
#[derive(Debug)]
pub struct Page {
    pub records: Vec<Record>,
    /// Records that have no usable key: kept as bytes, told to people.
    pub set_aside: Vec<String>,
    /// Codes nobody has explained to us yet, as `field=value`.
    pub unknown_codes: Vec<String>,
    /// Size of the answer, decompressed.
    pub bytes: u64,
    /// When the request was sent.
    pub requested_at: Timestamp,
    /// Where the walk goes on after this page; None: a walk of pages ends here.
    pub cursor: Option<Value>,
    /// For feeds: the new watermark, where this page settles one.
    pub watermark: Option<Timestamp>,
    /// The subject this page answers.
    pub subject: Option<Subject>,
    /// Counts towards the proof that the walk saw everything.
    pub part_of_whole: bool,
}
