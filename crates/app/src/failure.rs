//! Errors for people and programs: what happened, then what to do next; and the exit codes.

use std::process::ExitCode;

use crate::output;

/// Something failed.
const FAILED: u8 = 1;
/// Stopped before the end, by a brake or a person; the next run goes on.
pub(crate) const STOPPED: u8 = 3;

/// Prints an error and gives the exit code.
pub(crate) fn report(error: &anyhow::Error, json: bool) -> ExitCode {
    // The engine's errors hold their causes in their own words.
    let told = error.downcast_ref::<engine::Error>();
    let (what, hint) = match told {
        Some(told) => (told.to_string(), told.hint()),
        None => (format!("{error:#}"), None),
    };
    if json {
        output::aside(&serde_json::json!({ "error": what, "hint": hint }).to_string());
    } else {
        output::aside(&format!("error: {what}"));
        if let Some(hint) = hint {
            output::aside(&format!("hint: {hint}"));
        }
    }
    ExitCode::from(FAILED)
}
