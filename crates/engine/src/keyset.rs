//! Where a page of a list ends, as a text that a link or a command can carry: the values its last row is ordered by.
//! Leaves the order itself to the list's SQL.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::Error;

/// The last row of a page, in lists that are ordered by a rank, a time and an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    pub rank: i16,
    pub at: Timestamp,
    pub id: Uuid,
}

impl After {
    /// Of a list that is ordered by time and id alone.
    pub(crate) fn of(at: Timestamp, id: Uuid) -> Self {
        Self { rank: 0, at, id }
    }
}

/// Cuts what was read down to a page, and says where the next one begins: one more than the page holds was asked for, so
/// that it is known whether there is a next one.
pub(crate) fn cut<T, A>(rows: &mut Vec<T>, limit: i64, end: impl Fn(&T) -> A) -> Option<A> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| more).map(end)
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.rank, self.at.as_microsecond(), self.id.simple())
    }
}

impl FromStr for After {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let read = || {
            let mut parts = text.splitn(3, '.');
            let rank = parts.next()?.parse().ok()?;
            let at = Timestamp::from_microsecond(parts.next()?.parse().ok()?).ok()?;
            Some(Self { rank, at, id: parts.next()?.parse().ok()? })
        };
        read().ok_or_else(|| {
            Error::invalid_field(
                "after",
                format!("`{text}` is not where a page ends"),
                "take `next` of the page before, or leave it out for the first page",
            )
        })
    }
}

impl Serialize for After {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_full_is_the_last() {
        let cut = |held: usize, limit| {
            let mut rows: Vec<usize> = (1..=held).collect();
            let next = cut(&mut rows, limit, |last| *last);
            (rows.len(), next)
        };
        assert_eq!(cut(3, 2), (2, Some(2)));
        assert_eq!(cut(2, 2), (2, None));
        assert_eq!(cut(0, 2), (0, None));
    }

    #[test]
    fn where_a_page_ends_comes_back_from_its_text() {
        let after =
            After { rank: 2, at: Timestamp::constant(1_795_400_000, 123_456_000), id: Uuid::from_u128(7) };
        assert_eq!(after.to_string().parse::<After>().unwrap(), after);
        for wrong in ["", "1", "1.2", "1.2.3", "x.1.00000000000000000000000000000007"] {
            assert!(wrong.parse::<After>().is_err(), "{wrong}");
        }
    }
}
