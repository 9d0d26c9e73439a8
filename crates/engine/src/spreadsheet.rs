//! CSV that may be opened in a spreadsheet: no cell of outside text is computed there.

/// One line of cells, with its end.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        safe(cell, &mut text);
    }
    text.push_str("\r\n");
    text
}

/// What looks like a formula gets an apostrophe, a phone number quotes only.
fn safe(cell: &str, out: &mut String) {
    let phone = cell.strip_prefix('+').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || " -().".contains(c))
    });
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !phone;
    if !(formula || phone || cell.contains([',', '"', '\n', '\r', ';', '\t'])) {
        out.push_str(cell);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&cell.replace('"', "\"\""));
    out.push('"');
}
