//! UTF-8 that someone decoded as Windows-1252 before we saw it: `ZoÃ«` for `Zoë`. We warn, and never rewrite.

/// Whether a text holds pairs of characters that all but only a wrong decoding makes.
pub fn is_suspected(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let mut pairs = text.chars().zip(text.chars().skip(1));
    pairs.any(|(first, second)| match first {
        'Â' | 'Ã' => is_second_byte(second) || is_special(second),
        'Ä' | 'Å' | 'Ð' | 'Ñ' => is_second_byte(second),
        'â' => second == '€',
        'ð' => second == 'Ÿ',
        _ => false,
    })
}

/// Bytes 0x80–0xBF, where Windows-1252 (or Latin-1) has the character at the same place.
fn is_second_byte(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{BF}')
}

/// Bytes 0x80–0x9F, where Windows-1252 has a letter or sign of its own.
fn is_special(c: char) -> bool {
    "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".contains(c)
}
