//! What is said on calls, by how they come out. Data and placeholders only.

/// How a call comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CallOutcome {
    /// A conversation that ends with a date.
    Meeting,
    Interested,
    /// Asked to be called again.
    Callback,
    NotInterested,
    /// Never to be called again.
    DoNotCall,
    /// Somebody else picked up.
    WrongNumber,
    Voicemail,
    NoAnswer,
    Busy,
    /// The carrier refused.
    Failed,
    /// Ended for a reason that nobody has explained yet.
    Unexplained,
}

impl CallOutcome {
    /// Whether somebody said something after which nothing more should come by itself.
    pub(crate) fn speaks(self) -> bool {
        use CallOutcome::{Busy, Failed, NoAnswer, Unexplained, Voicemail};
        !matches!(self, Voicemail | NoAnswer | Busy | Failed | Unexplained)
    }
}

/// Outcomes in the round that calls take; most calls reach nobody.
pub(crate) const ROUND: &[CallOutcome] = &[
    CallOutcome::NoAnswer,
    CallOutcome::Interested,
    CallOutcome::Voicemail,
    CallOutcome::NoAnswer,
    CallOutcome::NotInterested,
    CallOutcome::Voicemail,
    CallOutcome::Busy,
    CallOutcome::NoAnswer,
    CallOutcome::Meeting,
    CallOutcome::Voicemail,
    CallOutcome::NoAnswer,
    CallOutcome::Callback,
    CallOutcome::Voicemail,
    CallOutcome::Failed,
    CallOutcome::NoAnswer,
    CallOutcome::WrongNumber,
    CallOutcome::Voicemail,
    CallOutcome::NoAnswer,
    CallOutcome::Unexplained,
    CallOutcome::NoAnswer,
    CallOutcome::Voicemail,
    CallOutcome::DoNotCall,
    CallOutcome::NoAnswer,
];

/// A conversation: lines of the assistant and the other side in turn, a summary, and the word for the outcome that the
/// assistant's analysis plan asks for.
pub(crate) struct Script {
    pub(crate) lines: &'static [&'static str],
    pub(crate) summary: &'static str,
    pub(crate) word: &'static str,
}

pub(crate) const OPENING: &str = "Hi {first}, this is the assistant of Lotse. Do you have a minute?";

impl CallOutcome {
    /// `endedReason` of the vendor.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Meeting | Self::Interested | Self::Callback => "customer-ended-call",
            Self::NotInterested | Self::DoNotCall | Self::WrongNumber => "assistant-ended-call",
            Self::Voicemail => "voicemail",
            Self::NoAnswer => "customer-did-not-answer",
            Self::Busy => "customer-busy",
            Self::Failed => "call.in-progress.error-providerfault-outbound-sip-503-service-unavailable",
            Self::Unexplained => "relay-lost-its-thread",
        }
    }

    pub(crate) fn script(self) -> Option<Script> {
        let script = |lines, summary, word| Some(Script { lines, summary, word });
        match self {
            Self::Meeting => script(
                &[
                    OPENING,
                    "Sure, what is it about?",
                    "We help teams like {company} plan their tours a day ahead. Would a short demo next week suit you?",
                    "Tuesday at ten works. Send the invite to my usual address.",
                    "Great, Tuesday at ten. Thank you, goodbye.",
                ],
                "{first} agreed to a demo on Tuesday at ten and asked for an invite.",
                "meeting",
            ),
            Self::Interested => script(
                &[
                    OPENING,
                    "Yes, go ahead.",
                    "We help teams like {company} plan their tours a day ahead. Is that something you are looking at?",
                    "Actually yes, this quarter even. Can you send me something I can forward?",
                    "Gladly, you will have it today. Goodbye.",
                ],
                "{first} is looking at this for the quarter and asked for a page to forward.",
                "interested",
            ),
            Self::Callback => script(
                &[
                    OPENING,
                    "I am on the road, call me again on Thursday after lunch.",
                    "Thursday after lunch it is. Drive safely.",
                ],
                "{first} was on the road and wants a call on Thursday after lunch.",
                "callback",
            ),
            Self::NotInterested => script(
                &[
                    OPENING,
                    "If this is about software: we have just signed with somebody else.",
                    "Understood, thank you for saying so. Goodbye.",
                ],
                "{company} has just signed with another vendor; no interest.",
                "not_interested",
            ),
            Self::DoNotCall => script(
                &[
                    OPENING,
                    "How did you get this number? Take me off your list and do not call again.",
                    "I am sorry. You will not be called again. Goodbye.",
                ],
                "{first} asked not to be called again.",
                "do_not_call",
            ),
            Self::WrongNumber => script(
                &[
                    OPENING,
                    "There is no {first} here, you have the wrong number.",
                    "I am sorry for the disturbance. Goodbye.",
                ],
                "The number belongs to somebody else.",
                "wrong_number",
            ),
            Self::Voicemail => script(
                &[
                    "You have reached the mailbox of this number. Please leave a message after the tone.",
                    "Hi {first}, Lotse here. I will try again tomorrow.",
                ],
                "A message was left on the mailbox.",
                "voicemail",
            ),
            Self::NoAnswer | Self::Busy | Self::Failed | Self::Unexplained => None,
        }
    }
}
