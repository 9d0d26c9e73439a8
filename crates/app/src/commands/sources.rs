//! The sources whose keys are here.

use std::sync::Arc;

use engine::clock::Clock;
use engine::source::Source;
use engine::sources::{instantly, vapi};

use crate::config::{Instantly, Vapi};

/// Every source whose key is set.
pub(super) fn asked_for(
    asked: &Instantly,
    calls: &Vapi,
    clock: &Clock,
) -> engine::Result<Vec<Arc<dyn Source>>> {
    let mut sources: Vec<Arc<dyn Source>> = Vec::new();
    if asked.has_key() {
        sources.push(Arc::new(instantly(asked, clock)?));
    }
    if calls.has_key() {
        let client = vapi::Client::new(calls.settings()?, clock.clone())?;
        sources.push(Arc::new(vapi::Vapi::new(client)));
    }
    Ok(sources)
}

/// Instantly; an error where no key is set.
pub(super) fn instantly(asked: &Instantly, clock: &Clock) -> engine::Result<instantly::Instantly> {
    Ok(instantly::Instantly::new(instantly::Client::new(asked.settings()?, clock.clone())?))
}
