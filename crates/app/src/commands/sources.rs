//! The sources whose keys are here.

use engine::clock::Clock;
use engine::source::Source;
use engine::sources::{instantly, vapi};

use crate::config::{Instantly, Vapi};

/// Every source whose key is set.
pub(super) fn asked_for(
    asked: &Instantly,
    calls: &Vapi,
    clock: &Clock,
) -> engine::Result<Vec<Box<dyn Source>>> {
    let mut sources: Vec<Box<dyn Source>> = Vec::new();
    if asked.has_key() {
        sources.push(Box::new(instantly(asked, clock)?));
    }
    if calls.has_key() {
        let client = vapi::Client::new(calls.settings()?, clock.clone())?;
        sources.push(Box::new(vapi::Vapi::new(client)));
    }
    Ok(sources)
}

/// Instantly; an error where no key is set.
pub(super) fn instantly(asked: &Instantly, clock: &Clock) -> engine::Result<instantly::Instantly> {
    Ok(instantly::Instantly::new(instantly::Client::new(asked.settings()?, clock.clone())?))
}
