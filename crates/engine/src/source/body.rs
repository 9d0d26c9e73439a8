//! The body of a webhook delivery as JSON objects: one, or a list of them. Leaves what an object says to the sources.

use serde_json::value::RawValue;

/// Deepest nesting that is read: far more than any vendor sends, far less than PostgreSQL's stack takes.
const DEEPEST: usize = 100;

/// The objects of a body, or why there are none.
pub(crate) fn objects(body: &[u8]) -> Result<Vec<&RawValue>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8 text")?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| match text.as_bytes().first() {
        None => "the body is empty",
        Some(b'<') => "the body is HTML or XML, not JSON",
        Some(_) if error.is_eof() => "the body breaks off in the middle of its JSON",
        Some(_) => "the body is not JSON",
    })?;
    if deeper_than(text, DEEPEST) {
        return Err(format!("the body is nested deeper than {DEEPEST} levels"));
    }
    match text.as_bytes().first() {
        Some(b'{') => Ok(vec![whole]),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| error.to_string())?;
            let objects: Vec<&RawValue> =
                items.into_iter().filter(|item| item.get().starts_with('{')).collect();
            if objects.is_empty() { Err("the body is a list without objects".into()) } else { Ok(objects) }
        }
        _ => Err("the body is neither a JSON object nor a list of them".into()),
    }
}

/// Counts brackets outside strings; the text is known to be JSON.
fn deeper_than(json: &str, deepest: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > deepest {
                    return true;
                }
            }
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_one_object_or_several_or_says_why_it_is_none() {
        let count = |body: &str| objects(body.as_bytes()).map(|found| found.len());
        assert_eq!(count("\u{feff} {\"a\": [[\"]]]]\"]]} "), Ok(1));
        assert_eq!(count("[{}, 1, {\"a\": 2}]"), Ok(2));
        for (body, reason) in [
            ("", "empty"),
            ("<html>", "HTML"),
            ("{\"a\": ", "breaks off"),
            ("a=b", "not JSON"),
            ("\"text\"", "neither"),
            ("[1, null]", "without objects"),
        ] {
            assert!(count(body).is_err_and(|told| told.contains(reason)), "{body}");
        }
        assert!(objects(b"{\"a\": \"\xff\"}").is_err_and(|told| told.contains("UTF-8")));
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(count(&deep).is_err_and(|told| told.contains("nested")));
    }
}
