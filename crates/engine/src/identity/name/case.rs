//! Letter case of names that came in one case only. Mixed case is somebody's choice and stays.

/// Words of a surname that stay in lower case before its main word.
const PARTICLES: &[&str] = &[
    "af", "av", "bin", "bint", "da", "das", "de", "del", "des", "do", "dos", "du", "e", "ibn", "ten", "ter",
    "van", "von", "y", "zu", "zum", "zur", "'t", "’t",
];

/// Words that are particles after another particle only: `de la Cruz`, but `La Rosa`.
const INNER_PARTICLES: &[&str] = &["den", "dem", "der", "het", "la", "las", "lo", "los", "und"];

/// A first name in its usual case. Initials (`JP`, `J.R.`) stay as they are.
pub(super) fn first(name: &str) -> String {
    recased(name, |index, words| {
        is_initials(words[index]) || (index > 0 && index + 1 < words.len() && is_inner(words, index))
    })
}

/// A surname in its usual case.
pub(super) fn last(name: &str) -> String {
    recased(name, |index, words| index + 1 < words.len() && is_inner(words, index))
}

/// Whether a word belongs to the surname that follows it.
pub(super) fn is_particle(word: &str) -> bool {
    let lower = word.to_lowercase();
    PARTICLES.contains(&lower.as_str()) || INNER_PARTICLES.contains(&lower.as_str())
}

fn is_inner(words: &[&str], index: usize) -> bool {
    let particle = |list: &[&str], at: usize| list.contains(&words[at].to_lowercase().as_str());
    particle(PARTICLES, index)
        || (index > 0 && particle(INNER_PARTICLES, index) && particle(PARTICLES, index - 1))
}

/// Re-cases a name that is all capitals or all lower case; `special` words are initials or particles.
fn recased(name: &str, special: impl Fn(usize, &[&str]) -> bool) -> String {
    let has_upper = name.chars().any(char::is_uppercase);
    let has_lower = name.chars().any(char::is_lowercase);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if has_upper == has_lower || (has_upper && letters < 2) {
        return name.to_owned();
    }
    let words: Vec<&str> = name.split(' ').collect();
    let recase = |(index, word): (usize, &&str)| match special(index, &words) {
        true if is_initials(word) => (*word).to_owned(),
        true => word.to_lowercase(),
        false => titled(word),
    };
    words.iter().enumerate().map(recase).collect::<Vec<_>>().join(" ")
}

/// A capital at the start, after a hyphen or dot, and after the apostrophe of `O'Neil` and `D'Angelo`.
fn titled(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut since_break = 0;
    for c in word.chars() {
        if since_break == 0 && c.is_alphabetic() {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        since_break = match c {
            '-' | '‐' | '.' | '/' | '&' => 0,
            '\'' | '’' if since_break <= 1 => 0,
            _ => since_break + 1,
        };
    }
    out
}

/// Two or three capitals that no one can pronounce, or that end in J: `JP`, `TJ`, `AJ`.
fn is_initials(word: &str) -> bool {
    let capitals = word.chars().all(|c| c.is_ascii_uppercase());
    let vowels = word.chars().any(|c| "AEIOUY".contains(c));
    capitals && (2..=3).contains(&word.len()) && (!vowels || (word.len() == 2 && word.ends_with('J')))
}
