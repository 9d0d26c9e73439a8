//! Small pieces that templates repeat: an icon, a channel, a time, a number. Leaves pages to templates.

use std::borrow::Borrow;
use std::fmt::{self, Display, Write};

use askama::filters::HtmlSafe;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::assets;

/// Markup that is already safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Html(String);

impl Html {
    /// Markup that was built from escaped parts.
    pub(crate) fn trusted(markup: String) -> Self {
        Self(markup)
    }
}

impl Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Html {}

/// Text as it may stand in markup and in a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// An icon of the sprite, by our own names.
pub(crate) fn icon(name: &str) -> Html {
    let sprite = assets::url("icons/sprite.svg");
    Html(format!("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{sprite}#{}\"/></svg>", escape(name)))
}

/// A key cap.
pub(crate) fn key(name: &str) -> Html {
    Html(format!("<kbd class=\"key\" aria-hidden=\"true\">{}</kbd>", escape(name)))
}

/// A channel's square: tinted where it came from them, outlined where we sent. `more` are further classes.
pub(crate) fn channel(name: &str, inbound: impl Borrow<bool>, more: &str) -> Html {
    let (side, from) = if *inbound.borrow() { (" in", ", from them") } else { ("", "") };
    Html(format!(
        "<span class=\"channel {}{side} {more}\">{}<span class=\"sr\">{}{from}</span></span>",
        escape(name),
        icon(name),
        channel_name(name),
    ))
}

/// A channel as people call it.
pub(crate) fn channel_name(name: &str) -> &'static str {
    match name {
        "email" => "E-mail",
        "call" => "Call",
        "linkedin" => "LinkedIn",
        "note" => "Note",
        _ => "System",
    }
}

/// Up to two letters for a round picture.
pub(crate) fn initials(name: impl AsRef<str>) -> String {
    let mut words =
        name.as_ref().split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    [first, last].into_iter().flatten().flat_map(char::to_uppercase).collect()
}

/// `1,204`
pub(crate) fn number(n: &i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::from(if *n < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count that stopped at a bound: `99+`.
pub(crate) fn some(n: &i64) -> String {
    if *n >= engine::overview::MANY { format!("{}+", engine::overview::MANY - 1) } else { n.to_string() }
}

/// `1 lead`, `3 leads`.
pub(crate) fn count(n: &i64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if *n == 1 { one } else { many })
}

/// `52 of 467` as a share: `11 %`; nothing where there is no base.
pub(crate) fn percent(part: &i64, whole: &i64) -> String {
    if *whole <= 0 {
        return String::new();
    }
    let share = 100.0 * *part as f64 / *whole as f64;
    if share > 0.0 && share < 9.95 { format!("{share:.1} %") } else { format!("{share:.0} %") }
}

/// `3 min 12 s`
pub(crate) fn lasted(seconds: &i32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s} s"),
        (m, 0) => format!("{m} min"),
        (m, s) => format!("{m} min {s} s"),
    }
}

/// A `time` element; `kind` is what the page's script may write anew in the reader's own zone.
pub(crate) fn time(at: &Timestamp, kind: &str, words: &str, zone: &TimeZone) -> Html {
    let mut html = String::with_capacity(160);
    let exact = at.to_zoned(zone.clone()).strftime("%A, %-d %B %Y at %H:%M:%S %Z").to_string();
    // Writing to a string does not fail.
    let _ = write!(
        html,
        "<time datetime=\"{at}\" data-as=\"{kind}\" title=\"{}\">{}</time>",
        escape(&exact),
        escape(words)
    );
    Html(html)
}

/// An instant by a pattern, in a zone.
pub(crate) fn format(pattern: &str, at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime(pattern).to_string()
}

/// `just now`, `42 min ago`, `in 3 d`, and a date past a week; what `js/time.js` says.
pub(crate) fn ago(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let seconds = now.duration_since(at).as_secs();
    let past = seconds >= 0;
    let size = seconds.unsigned_abs();
    let say = |n: u64, unit: &str| if past { format!("{n} {unit} ago") } else { format!("in {n} {unit}") };
    match size {
        0..60 => (if past { "just now" } else { "now" }).into(),
        60..3600 => say(size / 60, "min"),
        3600..86_400 => say(size / 3600, "h"),
        86_400..604_800 => say(size / 86_400, "d"),
        _ => {
            let this_year = format("%Y", at, zone) == format("%Y", now, zone);
            format(if this_year { "%-d %b" } else { "%-d %b %Y" }, at, zone)
        }
    }
}

/// A count beside a link; nothing at nought.
pub(crate) fn badge(n: &i64, what: &str, new: bool) -> String {
    if *n == 0 {
        return String::new();
    }
    let (class, n) = (if new { "count new" } else { "count" }, some(n));
    format!("<span class=\"{class}\" aria-label=\"{n} {what}\">{n}</span>")
}

/// With a capital and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let head: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{head}{}{end}", letters.as_str())
}

/// Words with what stands between backticks as code, as people write both.
pub(crate) fn with_code(text: &str) -> Html {
    let parts: Vec<&str> = text.split('`').collect();
    let closed = parts.len() % 2 == 1;
    let mut out = String::with_capacity(text.len() + 16);
    for (place, part) in parts.iter().enumerate() {
        match place % 2 {
            1 if closed => out.push_str(&format!("<code>{}</code>", escape(part))),
            0 if closed || place == 0 => out.push_str(&escape(part)),
            _ => out.push_str(&format!("`{}", escape(part))),
        }
    }
    Html(out)
}

/// A status as its dot and word.
pub(crate) fn status(tone: &str, words: &str) -> Html {
    Html(format!("<span class=\"status {}\">{}</span>", escape(tone), escape(words)))
}

/// `leads.lead_status` for people.
pub(crate) fn lead_status(status: &str) -> Html {
    let (tone, words) = match status {
        "new" => ("idle", "New"),
        "contacted" => ("wait", "Contacted"),
        "replied" => ("good", "Replied"),
        "qualified" => ("good", "Qualified"),
        "converted" => ("good", "Converted"),
        "unqualified" => ("off", "Unqualified"),
        other => ("idle", other),
    };
    self::status(tone, words)
}

/// A channel's or an enrollment's status, by its word.
pub(crate) fn channel_status(status: &str) -> Html {
    let tone = match status {
        "replied" | "converted" | "completed" | "connected" => "good",
        "sent" | "opened" | "clicked" | "scheduled" | "connection_sent" | "message_sent" | "active"
        | "voicemail" | "no_answer" => "wait",
        "bounced" | "unsubscribed" | "failed" | "wrong_number" | "do_not_call" => "bad",
        "disqualified" | "not_scheduled" | "not_started" => "off",
        _ => "idle",
    };
    self::status(tone, &status.replace('_', " "))
}

/// Interest by its code; None: it was never set, which is not 0.
pub(crate) fn interest(code: &Option<i32>) -> Option<Html> {
    let (tone, words) = match (*code)? {
        0 => ("idle", "Out of office"),
        1 => ("good", "Interested"),
        2 => ("good", "Meeting booked"),
        3 => ("good", "Meeting held"),
        4 => ("good", "Won"),
        -1 => ("bad", "Not interested"),
        -2 => ("off", "Wrong person"),
        -3 => ("bad", "Lost"),
        -4 => ("warn", "No show"),
        _ => ("idle", "Own label"),
    };
    Some(self::status(tone, words))
}

/// Who somebody is of whom only the address of a channel is known.
pub(crate) fn unknown(channel: &str) -> &'static str {
    match channel {
        "call" => "No lead has this number",
        "linkedin" => "No lead has this profile",
        _ => "No lead has this address",
    }
}

/// A text, or what stands for one that is missing.
pub(crate) fn or(text: Option<String>, missing: &str) -> String {
    text.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| missing.into())
}

/// `1.2 million`, `48,000`: an estimate, as such.
pub(crate) fn about(n: &i64) -> String {
    if *n >= 1_000_000 { format!("{:.1} million", *n as f64 / 1e6) } else { number(&(n / 100 * 100)) }
}

/// An icon that says something by itself.
pub(crate) fn named_icon(name: &str, label: &str) -> Html {
    let sprite = assets::url("icons/sprite.svg");
    Html(format!(
        "<svg class=\"icon\" role=\"img\" aria-label=\"{}\"><use href=\"{sprite}#{}\"/></svg>",
        escape(label),
        escape(name)
    ))
}

/// A word of ours for people: `do_not_call` is "do not call".
pub(crate) fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// An address outside, where it is one that a browser may follow; else nowhere.
pub(crate) fn outside(url: &str) -> String {
    let url = url.trim();
    if url.starts_with("https://") || url.starts_with("http://") {
        url.into()
    } else {
        format!("https://{url}")
    }
}

/// A LinkedIn profile, short.
pub(crate) fn profile(url: &str) -> String {
    let short = url.trim().trim_end_matches('/');
    short.find("/in/").map_or(short, |at| &short[at + 1..]).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code_and_everything_is_escaped() {
        assert_eq!(
            with_code("run `a <b>`, then & `c`").to_string(),
            "run <code>a &lt;b&gt;</code>, then &amp; <code>c</code>"
        );
        assert_eq!(with_code("one ` alone <b>").to_string(), "one ` alone &lt;b&gt;");
    }
}
