//! What one message of the Unibox is: whose, what kind, when. Source: the fact sheet, 2 and 4.4.
//! Leaves what it means for a lead to the normalise steps.

use jiff::{SignedDuration, Timestamp};

use crate::identity;
use crate::raw::Fields;

/// A header time may be this far after the vendor's record of it before we call it forged.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_hours(24);

/// The lead's address, canonical; where the message names no lead, the other party's.
pub(super) fn address(f: &Fields) -> Option<String> {
    let key = |text: String| identity::email::key(&text);
    f.text("lead").and_then(key).or_else(|| {
        let other = if is_ours(f) { f.text("to_address_email_list") } else { f.text("from_address_email") };
        other.and_then(key)
    })
}

/// `sent`, `replied`, `auto_replied`, `scheduled` or `other`, as the contract names them.
pub(super) fn event_type(f: &Fields) -> &'static str {
    match f.integer("ue_type") {
        Some(1 | 3) => "sent",
        Some(2) if is_automatic(f) => "auto_replied",
        Some(2) => "replied",
        Some(4) => "scheduled",
        _ => "other",
    }
}

/// When it happened: the header's time if that is sane, else the vendor's record time.
pub(super) fn event_date(f: &Fields) -> Option<Timestamp> {
    let recorded = f.timestamp("timestamp_created").filter(|at| in_range(*at));
    let sane = |at: &Timestamp| {
        // A scheduled message lies in the future by intent.
        let latest =
            recorded.filter(|_| f.integer("ue_type") != Some(4)).and_then(|r| r.checked_add(CLOCK_SKEW).ok());
        in_range(*at) && latest.is_none_or(|latest| *at <= latest)
    };
    f.timestamp("timestamp_email").filter(sane).or(recorded)
}

/// Between 2000 and 2200: outside lies no mail of this trade, and PostgreSQL reads other years differently.
pub(super) fn in_range(at: Timestamp) -> bool {
    (946_684_800..7_258_118_400).contains(&at.as_second())
}

/// Whether we wrote it; a code nobody has explained is decided by the sender.
fn is_ours(f: &Fields) -> bool {
    match f.integer("ue_type") {
        Some(1 | 3 | 4) => true,
        Some(2) => false,
        _ => f.filled("from_address_email").is_none_or(|from| {
            f.text("eaccount").is_some_and(|ours| ours.trim().eq_ignore_ascii_case(from.trim()))
        }),
    }
}

/// Known to be automatic: a mail system wrote it, the vendor says so, or filed it as out of office. The list leaves
/// `is_auto_reply` out on every row; `/emails/{id}` has it and overrules the filing (fact sheet, 7 no. 1).
fn is_automatic(f: &Fields) -> bool {
    is_from_mail_system(f) || f.flag("is_auto_reply").unwrap_or(f.integer("i_status") == Some(0))
}

/// Delivery notices: no person answers from these addresses, whatever flag the vendor gives them.
fn is_from_mail_system(f: &Fields) -> bool {
    f.text("from_address_email").is_some_and(|from| {
        let from = from.trim().to_ascii_lowercase();
        from.starts_with("mailer-daemon@") || from.starts_with("postmaster@")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_header_time_gives_way_to_the_record_time() {
        let at = |json: String| event_date(&Fields::of(&json)).unwrap().to_string();
        let recorded = r#""timestamp_created": "2026-11-20T12:00:11.000Z""#;
        assert_eq!(
            at(format!(r#"{{{recorded}, "timestamp_email": "2026-11-20T12:00:02Z"}}"#)),
            "2026-11-20T12:00:02Z"
        );
        assert_eq!(
            at(format!(r#"{{{recorded}, "timestamp_email": "2099-01-01T00:00:00Z"}}"#)),
            "2026-11-20T12:00:11Z"
        );
        assert_eq!(
            at(format!(r#"{{{recorded}, "timestamp_email": "1970-01-01T00:00:00Z"}}"#)),
            "2026-11-20T12:00:11Z"
        );
        assert_eq!(at(format!(r#"{{{recorded}, "timestamp_email": "soon"}}"#)), "2026-11-20T12:00:11Z");
    }

    #[test]
    fn an_automatic_reply_is_one_only_when_something_says_so() {
        let kind = |json| event_type(&Fields::of(json));
        assert_eq!(kind(r#"{"ue_type": 2}"#), "replied");
        assert_eq!(kind(r#"{"ue_type": "2", "i_status": 0}"#), "auto_replied");
        assert_eq!(kind(r#"{"ue_type": 2, "i_status": null}"#), "replied");
        assert_eq!(kind(r#"{"ue_type": 2, "i_status": 0, "is_auto_reply": 0}"#), "replied");
        assert_eq!(kind(r#"{"ue_type": 2, "is_auto_reply": true}"#), "auto_replied");
        assert_eq!(
            kind(r#"{"ue_type": 2, "from_address_email": "MAILER-DAEMON@example.org"}"#),
            "auto_replied"
        );
        let notice = r#"{"ue_type": 2, "from_address_email": "postmaster@example.org", "is_auto_reply": 0}"#;
        assert_eq!(kind(notice), "auto_replied");
        assert_eq!(kind(r#"{"ue_type": 9}"#), "other");
    }
}
