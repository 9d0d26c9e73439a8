//! A phone number in one spelling: E.164. A number that does not say its country is nobody's key: guessing would join
//! strangers. `touchline.phone()` in the database is the same rule, and a test holds them together.

/// `+12025550101` from any spelling that names its country: `+1 (202) 555-0101`, `0044 20 …`, `tel:+44 (0)20 …`, and an
/// American number with its 1. Nothing for extensions, letters, two numbers in one cell.
pub fn e164(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| matches!(c, ' ' | '\t' | '\'' | '"' | '\u{a0}'));
    let text = text.strip_prefix("tel:").unwrap_or(text).replace("(0)", "");
    let bare: String = text.chars().filter(|c| !SPACING.contains(*c)).collect();
    let digits = match (bare.strip_prefix('+'), bare.strip_prefix("00")) {
        (Some(digits), _) | (None, Some(digits)) => digits,
        (None, None) if is_american(&bare) => &bare,
        _ => return None,
    };
    let sound = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    (sound && (7..=15).contains(&digits.len())).then(|| format!("+{digits}"))
}

/// What people put between digits.
const SPACING: &str = " ()-./\t\u{a0}\u{2010}\u{2011}\u{2012}\u{2013}\u{202f}";

/// 1, area, exchange, line: neither area nor exchange begins with 0 or 1.
fn is_american(digits: &str) -> bool {
    let at = |place: usize| digits.as_bytes().get(place).copied().unwrap_or(b'0');
    digits.len() == 11 && at(0) == b'1' && at(1) > b'1' && at(4) > b'1'
}
