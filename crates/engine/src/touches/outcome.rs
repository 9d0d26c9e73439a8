//! What came of a touch, in the words of `events.call_outcome`.

use serde::Serialize;

/// What came of a touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = TouchOutcome)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Interested,
    NotInterested,
    Meeting,
    Callback,
    WrongPerson,
    WrongNumber,
    DoNotCall,
    DoNotContact,
    OptOut,
    Complaint,
    Voicemail,
    NoAnswer,
    Busy,
    Failed,
    Other,
}

impl Outcome {
    /// Every one, in the order people read them.
    pub const ALL: &[Self] = &[
        Self::Interested,
        Self::NotInterested,
        Self::Meeting,
        Self::Callback,
        Self::WrongPerson,
        Self::WrongNumber,
        Self::DoNotCall,
        Self::DoNotContact,
        Self::OptOut,
        Self::Complaint,
        Self::Voicemail,
        Self::NoAnswer,
        Self::Busy,
        Self::Failed,
        Self::Other,
    ];

    /// Its word in the database and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Interested => "interested",
            Self::NotInterested => "not_interested",
            Self::Meeting => "meeting",
            Self::Callback => "callback",
            Self::WrongPerson => "wrong_person",
            Self::WrongNumber => "wrong_number",
            Self::DoNotCall => "do_not_call",
            Self::DoNotContact => "do_not_contact",
            Self::OptOut => "opt_out",
            Self::Complaint => "complaint",
            Self::Voicemail => "voicemail",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::Other => "other",
        }
    }

    /// The one of that word, written with `-` or `_`.
    pub fn named(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        Self::ALL.iter().copied().find(|outcome| outcome.word() == word)
    }

    /// Whether the other one said something: nobody speaks where nobody picked up.
    pub const fn is_an_answer(self) -> bool {
        !matches!(self, Self::Voicemail | Self::NoAnswer | Self::Busy | Self::Failed | Self::Other)
    }
}
