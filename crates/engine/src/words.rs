//! Outside text as people may read it on one line or in a terminal: no tags, no control characters, no quoted mail below
//! the answer. Pure functions; leaves HTML that is shown as HTML to `web`.

/// The words a person wrote, without the message they answered below it.
pub fn without_quote(text: &str) -> &str {
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let seen = line.trim();
        let quotes = seen.starts_with('>')
            || seen.starts_with("-----Original Message")
            || seen.starts_with("________________________________")
            || seen.starts_with("On ") && seen.ends_with("wrote:")
            || seen.starts_with("Am ") && seen.ends_with("schrieb:")
            || seen.starts_with("Le ") && seen.ends_with("a écrit :");
        // A text that is quoted from its first line on is shown as it is.
        if quotes && !text[..from].trim().is_empty() {
            return text[..from].trim_end();
        }
        from += line.len();
    }
    text
}

/// The first words of what somebody wrote, on one line: no tags, no quoted mail.
pub fn snippet(text: &str, limit: usize) -> String {
    excerpt(without_quote(&words(text)), limit)
}

/// The first words of a text, on one line; HTML without its tags, control characters left out.
pub fn excerpt(text: &str, limit: usize) -> String {
    let line = words(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= limit {
        return line;
    }
    let cut: String = line.chars().take(limit).collect();
    format!("{}…", cut.trim_end())
}

/// The words of a message: tags of HTML become line breaks or nothing.
pub fn words(text: &str) -> String {
    if looks_like_html(text) { plain(&without_tags(text)) } else { plain(text) }
}

/// Outside text as a terminal may show it: control characters could move the cursor or recolour the screen.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !(c.is_control() || is_direction_mark(*c))).collect()
}

/// What mail programs write has lines or blocks; a person who writes of `<b>` means these letters.
fn looks_like_html(text: &str) -> bool {
    const LAYOUT: [&str; 9] =
        ["<!doctype", "<html", "<body", "<br", "<div", "<p>", "<p ", "<table", "<blockquote"];
    let text = text.to_ascii_lowercase();
    LAYOUT.iter().any(|tag| text.contains(tag))
}

/// Characters that reorder what follows them.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let tag = &rest[open + 1..];
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if matches!(name.to_ascii_lowercase().as_str(), "br" | "p" | "div" | "li" | "tr" | "blockquote") {
            out.push('\n');
        }
        let Some(close) = tag.find('>') else { return unescape(&out) };
        rest = &tag[close + 1..];
    }
    out.push_str(rest);
    unescape(&out)
}

fn unescape(text: &str) -> String {
    let named = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&ndash;", "–"),
        ("&#8211;", "–"),
        ("&hellip;", "…"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (name, character)| text.replace(name, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_cannot_steer_the_terminal() {
        assert_eq!(words("a\u{1b}[31mred\u{202e}x"), "a[31mredx");
        assert_eq!(words("Put <b>our</b> name in bold, 1 < 2"), "Put <b>our</b> name in bold, 1 < 2");
        assert_eq!(words("Hi,<BR>see <b>below</b>"), "Hi,\nsee below");
        assert_eq!(excerpt("<div>Hi Nadia,<br/>1 &lt; 2 &amp;amp;</div>", 80), "Hi Nadia, 1 < 2 &amp;");
    }

    #[test]
    fn an_answer_is_shown_without_what_it_answers() {
        let mail = "Thursday works.\n\nOn Mon, 1 Jun 2026 at 10:00 Mara wrote:\n> Does Thursday work?";
        assert_eq!(without_quote(mail), "Thursday works.");
        assert_eq!(without_quote("> only this"), "> only this");
    }
}
