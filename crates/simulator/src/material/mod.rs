//! The words of the made-up world: people, sequences, answers. Data and placeholders only; nothing here decides.

pub(crate) mod answers;
pub(crate) mod calls;
pub(crate) mod linkedin;
pub(crate) mod people;
pub(crate) mod sequences;

/// Plain text as the simple HTML that mail programs make of it.
pub(crate) fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<div>{}</div>", escaped.replace(" – ", " &ndash; ").replace('\n', "<br/>"))
}

/// The first characters on one line, as a list shows them.
pub(crate) fn preview(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\u{0}', "").chars().take(90).collect()
}
