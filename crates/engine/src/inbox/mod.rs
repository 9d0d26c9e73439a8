//! Webhook deliveries: proven, committed with many others at once, answered, and understood later.
//! Leaves HTTP to `web`, secrets to `connections`, what a delivery means to the sources.
//!
//! The promise: an answer of 2xx means that the bytes are on disk. Understanding comes after, so no bug in it can lose
//! a delivery or make a vendor switch its webhook off.

mod body;
mod deliveries;
mod forget;
mod headers;
mod meter;
mod receive;
mod settle;
mod understand;
mod worker;
mod writer;

pub use body::Body;
pub use deliveries::{DeliveryHead, DeliveryWhole, Overview, list, overview, retry, show};
pub use forget::{KEPT, forget};
pub use headers::Headers;
pub use meter::{BATCH_BOUNDS, Counts, Gauges, Meter, gauges};
pub use receive::{Admitted, Inbox, Limits, Refused, Request};
pub use understand::{Progress, understand, understand_with};
pub use worker::work;
