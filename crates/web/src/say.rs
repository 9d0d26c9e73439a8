//! Words for codes, sizes and times of long work. Leaves markup to `parts`.

use engine::funnel::Stage;
use engine::import::Field;

use crate::parts;

/// A value as a template hands it over: itself, or behind references.
pub(crate) trait Given<T> {
    fn given(self) -> T;
}

macro_rules! given {
    ($($kind:ty),*) => {$(
        impl Given<$kind> for $kind { fn given(self) -> $kind { self } }
        impl Given<$kind> for &$kind { fn given(self) -> $kind { *self } }
        impl Given<$kind> for &&$kind { fn given(self) -> $kind { **self } }
    )*};
}
given!(i64, f64, Field, Stage);

impl Given<i64> for usize {
    fn given(self) -> i64 {
        i64::try_from(self).unwrap_or(i64::MAX)
    }
}

impl Given<i64> for &i32 {
    fn given(self) -> i64 {
        i64::from(*self)
    }
}

/// `1,204`
pub(crate) fn number(n: impl Given<i64>) -> String {
    parts::number(&n.given())
}

/// `1 lead`, `3 leads`
pub(crate) fn count(n: impl Given<i64>, one: &str, many: &str) -> String {
    parts::count(&n.given(), one, many)
}

/// With a capital.
pub(crate) fn capital(text: impl AsRef<str>) -> String {
    let mut letters = text.as_ref().chars();
    let head: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{head}{}", letters.as_str())
}

/// `8.4 MB`
pub(crate) fn bytes(n: impl Given<i64>) -> String {
    let n = n.given() as f64;
    match n {
        ..1e3 => format!("{n} bytes"),
        ..1e6 => format!("{:.0} kB", n / 1e3),
        ..1e9 => format!("{:.1} MB", n / 1e6),
        _ => format!("{:.1} GB", n / 1e9),
    }
}

/// `1.8 s`, `4 min`, `2 h 5 min`
pub(crate) fn took(seconds: impl Given<f64>) -> String {
    let seconds = seconds.given();
    match seconds {
        ..0.1 => "under 0.1 s".into(),
        ..60.0 => format!("{seconds:.1} s"),
        ..3600.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.0} h {:.0} min", (seconds / 3600.0).floor(), (seconds % 3600.0) / 60.0),
    }
}

/// A hint as a page gives it: without the words for a command line.
pub(crate) fn here(hint: &str) -> &str {
    hint.split_once(": --").map_or(hint, |(hint, _)| hint)
}

/// A field of a form as its page calls it; None: people do not type it.
pub(crate) fn label(name: &str) -> Option<&'static str> {
    Some(match name {
        "offer_name" | "campaign_name" | "full_name" | "label" | "name" => "Name",
        "price_min" => "Price from",
        "price_max" => "Price to",
        "target_industries" => "Industries",
        "value_proposition" => "What it does for them",
        "time_zone" => "Time zone",
        "mapping_name" => "Name of the mapping",
        "follow_up" => "Next follow-up",
        "people" => "People",
        "who" => "Who it is",
        "email" => "E-mail",
        "text" | "note" => "Note",
        _ => return None,
    })
}

/// A sentence about fields, in the words of the page.
pub(crate) fn with_labels(text: &str) -> String {
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(|c| !word(c)) {
        let name = part.trim_end_matches(|c| !word(c));
        match label(name).filter(|_| name.contains('_')) {
            Some(label) => out.push_str(&format!("“{label}”{}", &part[name.len()..])),
            None => out.push_str(part),
        }
    }
    out
}

/// What a column can be, as people call it.
pub(crate) fn field(field: impl Given<Field>) -> &'static str {
    match field.given() {
        Field::Email => "E-mail",
        Field::FirstName => "First name",
        Field::LastName => "Last name",
        Field::FullName => "Full name",
        Field::JobTitle => "Title",
        Field::Seniority => "Seniority",
        Field::Phone => "Phone",
        Field::LinkedinUrl => "LinkedIn",
        Field::CompanyName => "Company",
        Field::Website => "Website",
        Field::Industry => "Industry",
        Field::CompanySize => "Employees",
        Field::CompanyLinkedinUrl => "Company’s LinkedIn",
    }
}

/// A stage as people call it.
pub(crate) fn stage(stage: impl Given<Stage>) -> &'static str {
    match stage.given() {
        Stage::Contacted => "Contacted",
        Stage::Bounced => "Bounced",
        Stage::Delivered => "Delivered",
        Stage::Opened => "Opened",
        Stage::Answered => "Answered",
        Stage::Positive => "Positive",
        Stage::Meeting => "Meeting",
        Stage::Converted => "Converted",
    }
}

/// What a touch was, where its person is named beside it.
pub(crate) fn happened(event_type: &str) -> String {
    let words = match event_type {
        "email_sent" => "mail sent",
        "email_replied" => "answered by mail",
        "email_received" => "wrote a mail",
        "email_auto_replied" => "automatic reply",
        "email_opened" => "opened a mail",
        "email_clicked" => "clicked a link",
        "email_bounced" => "the mail bounced",
        "email_unsubscribed" => "opted out",
        "call_initiated" => "call placed",
        "call_answered" => "picked up",
        "call_completed" => "talked on the phone",
        "call_voicemail" => "voicemail",
        "call_no_answer" => "call, no answer",
        "call_failed" => "the call failed",
        "connection_sent" => "asked to connect",
        "connection_accepted" => "accepted on LinkedIn",
        "message_sent" => "LinkedIn message sent",
        "message_replied" => "answered on LinkedIn",
        "note_added" => "note",
        other => return parts::plain(other),
    };
    words.into()
}

/// What became of a row: tone and word.
pub(crate) fn outcome(word: &str) -> (&'static str, &'static str) {
    match word {
        "new" => ("good", "New"),
        "updated" => ("wait", "Changed"),
        "unchanged" => ("idle", "Same"),
        "duplicate" => ("warn", "Twice in file"),
        _ => ("bad", "Not taken"),
    }
}

/// Why a row was not taken or what was noticed in it, for people.
pub(crate) fn code(code: &str) -> String {
    let words = match code {
        "invalid_email" => "what stands for an e-mail address is none",
        "no_contact" => "no e-mail address, profile or phone number to know the person by",
        "no_company" => "no company to know it by",
        "duplicate_in_file" => "the same person stands further up",
        "known_by_profile" => "known by the LinkedIn profile",
        "repeated_header" => "the header once more",
        "shifted_row" => "its cells stand one column off",
        "short_row" => "fewer cells than the header; the rest is empty",
        "long_row" => "more cells than the header; they are kept",
        "cell_too_large" => "a cell is larger than 1 MiB",
        "record_too_large" => "the row is larger than 4 MiB",
        "unterminated_quote" => "a quote is never closed",
        "unterminated_quote_resynced" => "a quote is never closed; reading goes on with the next row",
        "stray_quote" => "a quote inside a cell was read as a letter",
        "nul_removed" => "empty bytes were taken out",
        "refused_by_database" => "the database does not take it",
        "email_cleaned" => "the address was found inside other text",
        "email_dropped" => "the address cannot be one",
        "multiple_emails" => "several addresses; the first good one serves",
        "website_cleaned" => "the domain was found inside other text",
        "website_is_social" => "the website is a page at a network, no domain of theirs",
        "website_unusable" => "the website gives no domain",
        "website_unusable_email_domain_used" => "the domain comes from the e-mail address",
        "free_mail_domain" => "free-mail address: no company made of it",
        "company_without_domain" => "company known by its name only",
        "company_size_cleaned" => "the size was read out of words",
        "company_size_from_date" => "a spreadsheet had made a date of the size",
        "name_recased" => "the name was in capitals",
        "name_cleaned" => "titles or pictures were cut from the name",
        "placeholder_as_empty" => "a word for nothing was taken as empty",
        "phone_unusable" => "the phone number cannot be one",
        "formula_like" => "a formula where a name belongs",
        "mojibake_suspected" => "letters look wrongly decoded; left as they are",
        "encoding_guessed" => "the encoding was guessed",
        "preamble_skipped" => "lines before the header were passed over",
        "duplicate_header" => "a header stands more than once",
        "unnamed_column" => "a column has no name",
        "quote_char_single" => "cells are quoted with apostrophes",
        "space_before_quotes" => "quotes stand after a blank",
        "must_not_be_contacted" | "suppressed" => "must not be contacted; left alone",
        other => return other.replace('_', " "),
    };
    words.into()
}

/// The delimiter of a list.
pub(crate) fn delimiter(of: impl AsRef<str>) -> String {
    match of.as_ref() {
        "," => "comma".into(),
        ";" => "semicolon".into(),
        "\t" => "tab".into(),
        "|" => "bar".into(),
        other => format!("“{other}”"),
    }
}

/// A raw stream as people call it: `email_details` is "E-mail details".
pub(crate) fn stream(name: &str) -> String {
    capital(name.replace('_', " ")).replace("Email", "E-mail")
}

/// A source as its vendor writes it.
pub(crate) fn source(name: &str) -> String {
    match name {
        "linkedin" => "LinkedIn tools".into(),
        other => capital(other),
    }
}

/// How a run or a stream ended: tone and word.
pub(crate) fn ended(state: &str) -> (&'static str, &'static str) {
    match state {
        "finished" => ("good", "finished"),
        "running" => ("wait", "running"),
        "waiting" => ("wait", "waiting"),
        "stopped" => ("warn", "stopped"),
        _ => ("bad", "failed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_said_as_people_say_them() {
        assert_eq!([12_i64, 8_412_077, 5_000_000_000].map(bytes), ["12 bytes", "8.4 MB", "5.0 GB"]);
        assert_eq!([took(1.84), took(240.0), took(7500.0)], ["1.8 s", "4 min", "2 h 5 min"]);
        assert_eq!(stream("email_details"), "E-mail details");
        assert_eq!(with_labels("price_max: it is below price_min"), "“Price to”: it is below “Price from”");
        assert_eq!(with_labels("the note has no name"), "the note has no name");
    }
}
