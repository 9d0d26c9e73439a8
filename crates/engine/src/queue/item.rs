//! What a line of the queue is about, as a text that lasts: `call-<enrollment>-<attempt>`. The same thing due is the same
//! item, so that a decision about it can be found again.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::Error;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Answer a reply.
    Answer,
    /// What was promised, or planned by hand.
    FollowUp,
    Call,
    /// Ask for a connection on LinkedIn.
    Connect,
    /// Write on LinkedIn.
    Message,
}

impl ItemKind {
    pub const ALL: &[Self] = &[Self::Answer, Self::FollowUp, Self::Call, Self::Connect, Self::Message];

    /// Its word: column, JSON, beginning of an item.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::FollowUp => "follow_up",
            Self::Call => "call",
            Self::Connect => "connect",
            Self::Message => "message",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// One thing due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    pub kind: ItemKind,
    /// The reply's event; else the enrollment, or for a follow-up outside campaigns the event that promised it.
    pub subject: Uuid,
    /// Which attempt, or when it is due in seconds; null for a reply.
    pub number: Option<i64>,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.kind.word(), self.subject)?;
        match self.number {
            Some(number) => write!(f, "-{number}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Item {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let read = || {
            let (kind, rest) = text.split_once('-')?;
            let kind = ItemKind::named(kind)?;
            let (subject, number) = rest.split_at_checked(36)?;
            let number = match number.strip_prefix('-') {
                Some(number) => Some(number.parse().ok().filter(|number| *number >= 0)?),
                None if number.is_empty() => None,
                None => return None,
            };
            // Only a reply comes without a number.
            (number.is_none() == (kind == ItemKind::Answer)).then_some(())?;
            Some(Self { kind, subject: subject.parse().ok()?, number })
        };
        read().ok_or_else(|| {
            Error::invalid(
                format!("`{text}` names nothing in the queue"),
                "take the id of a line of `touchline queue`, such as call-<enrollment>-1",
            )
        })
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_comes_back_from_its_text_and_nothing_else_does() {
        let id = Uuid::from_u128(7);
        for (kind, number) in
            [(ItemKind::Answer, None), (ItemKind::Call, Some(2)), (ItemKind::FollowUp, Some(1_795_400_000))]
        {
            let item = Item { kind, subject: id, number };
            assert_eq!(item.to_string().parse::<Item>().unwrap(), item);
        }
        for wrong in [
            "",
            "call",
            "call-1",
            &format!("call-{id}"),
            &format!("answer-{id}-1"),
            &format!("call-{id}-x"),
            "answer-ééééééééééééééééééééééééééééééééééééé",
        ] {
            assert!(wrong.parse::<Item>().is_err(), "{wrong}");
        }
    }
}
