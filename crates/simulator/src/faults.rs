//! Trouble on command: rules that say which request meets which fault. How a fault looks on the wire is in `wire`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// 429, with a `Retry-After` in seconds or, as the vendor usually does, without.
    TooManyRequests { retry_after: Option<u64> },
    /// The vendor's error envelope with this status, such as 500.
    ServerError(u16),
    /// A gateway's 502 page, which is not JSON.
    Html502,
    /// `Content-Length` promises the whole body; half of it comes, then the connection ends.
    Truncated,
    /// The body arrives in pieces with this pause between them.
    SlowBody { chunk_every: Duration },
    /// The connection is closed without an answer.
    Reset,
    /// A page whose cursor is the one that was asked with: following it never ends.
    RepeatedCursor,
    /// The first page again and again, each time with a new cursor.
    EndlessCursor,
    /// 401 as for a key that was revoked.
    RevokedKey,
    /// 401 as for a key that lacks this scope.
    MissingScope(String),
    /// 200 with an error inside.
    ErrorInside,
    /// 200 with an empty list although there is more.
    EmptyItems,
    /// 200 with text that is no JSON.
    NotJson,
}

/// Which requests meet a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The start of the path, such as `/api/v2/emails`.
    pub path: String,
    /// Only this method, or any.
    pub method: Option<String>,
    /// How many matching requests pass unharmed first.
    pub after: usize,
    /// How often it strikes then.
    pub times: Times,
    /// What happens.
    pub fault: Fault,
}

/// How often a rule strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// So many times, then never again.
    Count(usize),
    /// Until the rules are cleared.
    Forever,
}

impl Rule {
    /// Every request whose path starts so meets the fault, until cleared.
    pub fn always(path: &str, fault: Fault) -> Self {
        Rule { path: path.to_owned(), method: None, after: 0, times: Times::Forever, fault }
    }

    /// The next request whose path starts so meets the fault, and no other.
    pub fn once(path: &str, fault: Fault) -> Self {
        Rule { times: Times::Count(1), ..Rule::always(path, fault) }
    }

    /// Lets so many matching requests pass first.
    pub fn after(self, requests: usize) -> Self {
        Rule { after: requests, ..self }
    }
}

/// The rules in force; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Rule>>>);

impl Faults {
    /// Adds a rule. Earlier rules strike first.
    pub fn push(&self, rule: Rule) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(rule);
    }

    /// Takes all rules out.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The rules still waiting or striking, with the counts they have left.
    pub fn rules(&self) -> Vec<Rule> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The fault this request meets, counting it against the first rule that matches.
    pub(crate) fn strike(&self, method: &str, path: &str) -> Option<Fault> {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut struck = None;
        for rule in rules.iter_mut() {
            let matches = path.starts_with(&rule.path)
                && rule.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method));
            if !matches {
                continue;
            }
            if rule.after > 0 {
                rule.after -= 1;
                continue;
            }
            if let Times::Count(left) = &mut rule.times {
                *left = left.saturating_sub(1);
            }
            struck = Some(rule.fault.clone());
            break;
        }
        rules.retain(|rule| rule.times != Times::Count(0));
        struck
    }
}
