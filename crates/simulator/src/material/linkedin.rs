//! What is said on LinkedIn: our first message to who accepted, and what comes back. English first, German second.

pub(crate) static MESSAGES: [&[&str]; 2] = [
    &[
        "Hi {first}, thanks for connecting. We plan freight for teams like {company} – is that on your desk?",
        "Thanks, {first}! One question: who looks after dispatch at {company}?",
    ],
    &["Hallo {first}, danke fürs Vernetzen. Wer plant bei {company} die Touren?"],
];

pub(crate) static ANSWERS: [&[&str]; 2] = [
    &[
        "Hi {sender}, sure – send me a page and I will have a look.",
        "That is me. Call me next week?",
        "Not at the moment, but let's stay in touch.",
    ],
    &["Hallo, das bin ich. Schicken Sie gern etwas.", "Aktuell nicht, danke."],
];

/// Our profiles: id at the tool, first and last name, public name.
pub(crate) const PROFILES: &[(i64, &str, &str, &str)] = &[
    (501, "Mira", "Lindqvist", "fixture-mira-lindqvist"),
    (502, "Tobias", "Brandt", "fixture-tobias-brandt"),
];
