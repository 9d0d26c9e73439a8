//! Where in a cell the addresses are: several with separators, `"Name" <address>`, `mailto:`, stray blanks and marks.

/// The pieces of a cell that may be addresses. Without an `@` anywhere, the whole cell.
pub(super) fn candidates(text: &str) -> Vec<String> {
    let text = if text.contains('@') { text.to_owned() } else { text.replace("%40", "@") };
    let mut found = Vec::new();
    for piece in pieces(&text).filter(|piece| piece.contains('@')) {
        let in_brackets = piece.split('<').skip(1).filter_map(|part| part.split('>').next());
        let before = found.len();
        found.extend(in_brackets.filter(|inner| inner.contains('@')).map(tidy));
        if found.len() == before {
            unbracketed(piece, &mut found);
        }
    }
    if found.is_empty() { vec![tidy(&text)] } else { found }
}

/// Splits at commas, semicolons and bars, but not inside double quotes that close again.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let quotes_close = text.matches('"').count().is_multiple_of(2);
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"' && quotes_close;
        !quoted && matches!(c, ',' | ';' | '|')
    })
}

/// A piece without `<…>`: one address, perhaps with blanks in it, or several set apart by blanks or a slash.
fn unbracketed(piece: &str, found: &mut Vec<String>) {
    let several = piece.matches('@').count() > 1;
    if several && piece.trim().contains(' ') {
        found.extend(piece.split(' ').filter(|word| word.contains('@')).map(tidy));
    } else if several && piece.contains('/') {
        found.extend(piece.split('/').filter(|part| part.contains('@')).map(tidy));
    } else {
        found.push(closed_up(&tidy(piece.split(" (").next().unwrap_or(piece))));
    }
}

/// Takes off what is written around an address: quotes, brackets, final marks, `mailto:` and its query.
fn tidy(piece: &str) -> String {
    let mut text = piece;
    loop {
        let before = text;
        text = text.trim_matches(|c: char| " \"'`<>()[]:,;".contains(c)).trim_end_matches('.');
        for label in ["mailto:", "smtp:", "e-mail:", "email:"] {
            if text.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label)) {
                text = &text[label.len()..];
                text = text.split('?').next().unwrap_or(text);
            }
        }
        if text == before {
            return text.to_owned();
        }
    }
}

/// `e.five @five.test` without its blank: one beside the `@`, or beside a dot of the domain.
fn closed_up(text: &str) -> String {
    let Some((local, domain)) = text.rsplit_once('@') else { return text.to_owned() };
    format!("{}@{}", local.trim_end(), domain.trim_start().replace(" .", ".").replace(". ", "."))
}
