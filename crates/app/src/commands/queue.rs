//! `touchline queue`: what is due and why, and what people decide about it.

use engine::queue::Decided;

use crate::config::Global;
use crate::output;

/// What became of a decision.
pub(super) fn told(global: &Global, decided: &Decided) -> anyhow::Result<()> {
    if global.json {
        return output::json(decided);
    }
    let who = decided.who.as_deref().map(|who| format!(": {}", output::plain(who))).unwrap_or_default();
    let again = if decided.is_new { "" } else { " (it was before; nothing changed)" };
    let what = match (decided.taken_back_at, decided.decision.as_str(), decided.until) {
        (Some(_), ..) => "Taken back; it is due again".to_owned(),
        (None, "skip", _) => "Skipped".into(),
        (None, "snooze", Some(until)) => format!("Snoozed until {}", output::instant(until)),
        _ => "Done".into(),
    };
    output::print(&format!("{what}{who}.{again}"));
    if decided.taken_back_at.is_none() {
        output::note(global, &format!("take it back: touchline queue undo {}", decided.id));
    }
    Ok(())
}
