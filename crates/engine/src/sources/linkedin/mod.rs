//! LinkedIn tools: what HeyReach, Expandi, lemlist, PhantomBuster, Dripify, Unipile, Prosp and our own documented
//! address tell by webhook, and what a list of touches holds. Nothing is pulled, and LinkedIn itself is never driven.
//! Leaves receiving to `inbox`, lists to `import`, what an event means for a lead to `normalise/*.sql`.

mod names;
mod record;
mod shape;
mod when;

use serde_json::Value;

pub use record::EVENTS;
pub(crate) use record::record;
pub(crate) use shape::Touch;
pub(crate) use when::instant;

use crate::raw::{Payload, RawTable, Record};
use crate::source::{self, Delivery, Step, Understood};

/// Column value, folder, argument.
pub const NAME: &str = "linkedin";

/// Raw tables that come by webhook and by list.
pub const TABLES: &[&RawTable] = &[&record::EVENTS];

/// From raw to normalised, in order; each runs over what changed and may be run again at any time.
pub const STEPS: &[Step] = &[
    Step::new("linkedin people", include_str!("normalise/10_people.sql")),
    Step::new("linkedin profiles", include_str!("normalise/20_profiles.sql")),
    Step::new("linkedin profile links", include_str!("normalise/21_profile_links.sql")),
    Step::new("linkedin events", include_str!("normalise/30_events.sql")),
    Step::new("linkedin troubles", include_str!("normalise/40_troubles.sql")),
];

/// The touch that a file of a tool's results tells of, by the tool's name within the file's.
pub(crate) fn named_by_file(file_name: &str) -> Option<&'static str> {
    names::of_phantom(file_name)
}

/// The tool of a delivery that names none: a connection without one is our documented address.
const GENERIC: &str = "generic";

/// Reads a delivery: one touch, a list of them, or the result of a run with a row for each.
pub fn understand(delivery: &Delivery) -> Understood {
    let objects = match source::objects(delivery.body) {
        Ok(objects) => objects,
        Err(reason) => return Understood::SetAside(reason),
    };
    let mut records = Vec::with_capacity(objects.len());
    let mut refused = None;
    for object in objects {
        let payload = Payload::new(object.get());
        let Ok(value) = serde_json::from_str::<Value>(&payload.json) else { continue };
        let provider = shape::provider(&value, delivery.provider).unwrap_or(GENERIC);
        if provider == "phantombuster" {
            match run_results(&value, delivery) {
                Ok(rows) => records.extend(rows),
                Err(reason) => refused = Some(reason),
            }
            continue;
        }
        match Touch::read(&value, provider, delivery.event) {
            Ok(touch) => records.push((&record::EVENTS, record(touch, payload))),
            Err(reason) => refused = Some(reason),
        }
    }
    match refused {
        // One that is understood is worth more than a list that waits for its worst item; the bytes stay as they came.
        Some(reason) if records.is_empty() => Understood::SetAside(reason),
        _ => Understood::Records(records),
    }
}

/// PhantomBuster tells of a whole run, its rows as JSON within a string. Which touch they are is the phantom's.
fn run_results(run: &Value, delivery: &Delivery) -> Result<Vec<(&'static RawTable, Record)>, String> {
    let result = match &run["resultObject"] {
        Value::String(text) => text.clone(),
        Value::Null => return Err("the run brought no `resultObject`".into()),
        rows => rows.to_string(),
    };
    let rows =
        source::objects(result.as_bytes()).map_err(|reason| format!("its `resultObject`: {reason}"))?;
    let phantom = shape::text(run, &["script", "agentName"]).unwrap_or_default();
    let event = delivery.event.map(str::to_owned).or_else(|| names::of_phantom(&phantom).map(str::to_owned));
    let Some(event) = event else {
        return Err(format!(
            "which touch the phantom `{phantom}` does is not known: put it at the end of the address"
        ));
    };
    let mut records = Vec::with_capacity(rows.len());
    let mut refused = String::from("its `resultObject` has no rows");
    for row in rows {
        let payload = Payload::new(row.get());
        let Ok(value) = serde_json::from_str::<Value>(&payload.json) else { continue };
        match Touch::read(&value, "phantombuster", Some(&event)) {
            Ok(mut touch) => {
                touch.sender = touch.sender.or_else(|| shape::text(run, &["agentId"]));
                records.push((&record::EVENTS, record(touch, payload)));
            }
            Err(reason) => refused = reason,
        }
    }
    if records.is_empty() { Err(refused) } else { Ok(records) }
}
