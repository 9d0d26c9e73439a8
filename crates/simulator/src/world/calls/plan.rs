//! Who is called when, and how it will come out.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Calls, EVERY, outcome};
use crate::clock::{DAY, HOUR, MINUTE, SECOND, is_weekday};
use crate::material::calls::CallOutcome;
use crate::prng::Prng;

/// No call takes longer, from being dialled to its costs being known.
const LONGEST: i64 = HOUR;

/// One call, from its creation to its end.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) created: i64,
    /// From creation to dialling; 0: at once, else the call was scheduled.
    pub(super) waits: i64,
    pub(super) number: String,
    pub(super) first: String,
    pub(super) company: String,
    /// What the customer is called in somebody else's books.
    pub(super) reference: Option<String>,
    pub(super) campaign: Option<String>,
    pub(super) outcome: CallOutcome,
}

/// When what happens to a call, in milliseconds since 1970.
pub(super) struct Moments {
    pub(super) dialled: i64,
    pub(super) ringing: i64,
    /// Somebody, or a mailbox, picks up.
    pub(super) answered: Option<i64>,
    pub(super) ended: i64,
    /// Analysis and costs are there.
    pub(super) settled: i64,
}

impl Plan {
    /// None where the lead has no number.
    pub(super) fn new(
        prng: &mut Prng,
        lead: &Value,
        created: i64,
        waits: i64,
        outcome: CallOutcome,
    ) -> Option<Self> {
        let number = number(lead)?;
        let text = |field: &str, otherwise: &str| lead[field].as_str().unwrap_or(otherwise).to_owned();
        Some(Plan {
            id: prng.uuid(created).to_string(),
            created,
            waits,
            number,
            first: text("first_name", "there"),
            company: text("company_name", "your team"),
            reference: lead["id"].as_str().map(str::to_owned),
            campaign: None,
            outcome,
        })
    }

    pub(super) fn moments(&self) -> Moments {
        let dialled = self.created + self.waits;
        let ringing = dialled + 3_500;
        let (answered, ended) = match self.outcome {
            CallOutcome::NoAnswer => (None, dialled + 57_800),
            CallOutcome::Busy => (None, dialled + 8_020),
            CallOutcome::Failed => (None, dialled + 410),
            CallOutcome::Unexplained => (None, dialled + 9_300),
            CallOutcome::Voicemail => (Some(dialled + 28_000), dialled + 28_000 + self.speech()),
            _ => (Some(dialled + 16_200), dialled + 16_200 + self.speech()),
        };
        let settled = ended + 30 * SECOND;
        debug_assert!(settled < dialled + LONGEST, "a call of {} ms", settled - dialled);
        Moments { dialled, ringing, answered, ended, settled }
    }

    /// Whether anything happens between two instants; true also where little speaks for it. Messages are expensive to
    /// make, and this is asked of every call again and again.
    pub(super) fn may_be_told(&self, after: i64, until: i64) -> bool {
        self.created <= until && after < self.created + self.waits + LONGEST
    }

    fn speech(&self) -> i64 {
        self.lines().iter().map(|line| 900 + 60 * line.chars().count() as i64).sum()
    }

    /// What is said, in turn.
    pub(super) fn lines(&self) -> Vec<String> {
        let script = self.outcome.script();
        script.map_or_else(Vec::new, |script| script.lines.iter().map(|line| self.fill(line)).collect())
    }

    pub(super) fn fill(&self, text: &str) -> String {
        text.replace("{first}", &self.first).replace("{company}", &self.company)
    }
}

/// Somebody who may be called: has a number, and has neither answered nor left by then.
pub(in crate::world) struct Callee<'w> {
    pub(in crate::world) record: &'w Value,
    /// When something went to them last.
    pub(in crate::world) last_touch: i64,
    /// Nothing more is on its way to them, so that a word of theirs crosses with nothing.
    pub(in crate::world) is_done: bool,
}

/// Calls of the last twelve days: each of these is called once, and again where nobody answered.
pub(super) fn past(calls: &mut Calls, callees: &[Callee], mail: &str, prng: &mut Prng, now: i64) {
    let mut number = 0;
    for (place, callee) in callees.iter().enumerate() {
        for attempt in 0..2 {
            let planned = outcome(number);
            number += 1;
            let back =
                DAY + 11 * DAY * (callees.len() - place) as i64 / callees.len() as i64 - attempt * DAY / 2;
            let latest = now - 2 * HOUR;
            let mut at = in_office_hours(now - back + prng.between(0, 40 * MINUTE)).min(latest);
            // Who is spoken to hears nothing more by itself.
            let outcome = if !planned.speaks() {
                planned
            } else if callee.is_done && callee.last_touch < latest {
                at = at.max(callee.last_touch + MINUTE);
                planned
            } else {
                CallOutcome::Voicemail
            };
            // Some are planned in the morning for the afternoon.
            let waits = if number.is_multiple_of(9) { 3 * HOUR / 2 } else { 0 };
            let Some(plan) = Plan::new(prng, callee.record, at, waits, outcome) else { break };
            let campaign = (callee.record["campaign"] == mail).then(|| calls.campaign.clone());
            let reference = plan.reference.clone().filter(|_| !number.is_multiple_of(3));
            calls.add(Plan { campaign, reference, ..plan });
            if !matches!(outcome, CallOutcome::NoAnswer | CallOutcome::Busy) {
                break;
            }
        }
    }
    // Somebody who is on no list.
    if let Some(callee) = callees.first() {
        let at = in_office_hours(now - 2 * DAY);
        if let Some(plan) = Plan::new(prng, callee.record, at, 0, CallOutcome::Interested) {
            let unknown = "+12025550142".to_owned();
            calls.add(Plan { number: unknown, first: "Robin".into(), reference: None, ..plan });
        }
    }
}

/// Calls of the next two weeks, a few an hour, to those of the campaign who have not been spoken to.
pub(super) fn future(calls: &mut Calls, callees: &[Callee], mail: &str, prng: &mut Prng, now: i64) {
    let spoken: BTreeSet<String> =
        calls.plans.values().filter(|plan| plan.outcome.speaks()).map(|plan| plan.number.clone()).collect();
    let mut open: Vec<&Value> = callees
        .iter()
        .filter(|callee| callee.is_done && callee.record["campaign"] == mail)
        .map(|callee| callee.record)
        .filter(|record| number(record).is_some_and(|number| !spoken.contains(&number)))
        .collect();
    let mut at = now + 90 * SECOND;
    let mut count = 1;
    while at < now + 14 * DAY && !open.is_empty() {
        let place = prng.below(open.len());
        if let Some(plan) = Plan::new(prng, open[place], at, 0, outcome(count)) {
            if plan.outcome.speaks() {
                open.swap_remove(place);
            }
            calls.add(Plan { campaign: Some(calls.campaign.clone()), ..plan });
        }
        count += 1;
        at += EVERY + prng.between(0, EVERY);
    }
}

/// A lead's number as it is dialled.
pub(super) fn number(lead: &Value) -> Option<String> {
    let digits: String = lead["phone"].as_str()?.chars().filter(char::is_ascii_digit).collect();
    Some(format!("+{digits}"))
}

/// The same day between eight and four, UTC; the Friday before a weekend.
fn in_office_hours(at: i64) -> i64 {
    let mut day = at.div_euclid(DAY) * DAY;
    while !is_weekday(day) {
        day -= DAY;
    }
    day + 8 * HOUR + at.rem_euclid(DAY) / 3
}
