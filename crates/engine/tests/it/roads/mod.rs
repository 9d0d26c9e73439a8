//! Touches by webhook, log and list: every road ends in one row.

mod backlog;
mod instantly_webhooks;
mod linkedin_webhooks;
pub(crate) mod support;
mod touch_lists;
mod vapi_webhooks;
