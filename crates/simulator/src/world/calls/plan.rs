//! Who is called when, and how it will come out.

use std::collections::BTreeMap;

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
        let digits: String = lead["phone"].as_str()?.chars().filter(char::is_ascii_digit).collect();
        let text = |field: &str, otherwise: &str| lead[field].as_str().unwrap_or(otherwise).to_owned();
        Some(Plan {
            id: prng.uuid(created).to_string(),
            created,
            waits,
            number: format!("+{digits}"),
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

/// Calls of the last twelve days: each lead with a number is called once, and again where nobody answered.
pub(super) fn past(calls: &mut Calls, leads: &BTreeMap<String, Value>, prng: &mut Prng, now: i64) {
    let reachable: Vec<&Value> = leads.values().filter(|lead| lead["phone"].is_string()).collect();
    let mut number = 0;
    for (place, lead) in reachable.iter().enumerate() {
        for attempt in 0..2 {
            let outcome = outcome(number);
            number += 1;
            let back = DAY + 11 * DAY * (reachable.len() - place) as i64 / reachable.len() as i64
                - attempt * DAY / 2;
            let at = in_office_hours(now - back + prng.between(0, 40 * MINUTE)).min(now - 2 * HOUR);
            // Some are planned in the morning for the afternoon.
            let waits = if number.is_multiple_of(9) { 3 * HOUR / 2 } else { 0 };
            let Some(plan) = Plan::new(prng, lead, at, waits, outcome) else { break };
            let in_campaign = place % 2 == 0;
            let campaign = in_campaign.then(|| calls.campaign.clone());
            let reference = plan.reference.clone().filter(|_| !number.is_multiple_of(3));
            calls.add(Plan { campaign, reference, ..plan });
            if !matches!(outcome, CallOutcome::NoAnswer | CallOutcome::Busy) {
                break;
            }
        }
    }
    // Somebody who is on no list.
    if let Some(lead) = reachable.first() {
        let at = in_office_hours(now - 2 * DAY);
        if let Some(plan) = Plan::new(prng, lead, at, 0, CallOutcome::Interested) {
            let unknown = "+12025550142".to_owned();
            calls.add(Plan { number: unknown, first: "Robin".into(), reference: None, ..plan });
        }
    }
}

/// Calls of the next two weeks, a few an hour.
pub(super) fn future(calls: &mut Calls, leads: &BTreeMap<String, Value>, prng: &mut Prng, now: i64) {
    let reachable: Vec<&Value> = leads.values().filter(|lead| lead["phone"].is_string()).collect();
    if reachable.is_empty() {
        return;
    }
    let mut at = now + 90 * SECOND;
    let mut number = 1;
    while at < now + 14 * DAY {
        let lead = reachable[prng.below(reachable.len())];
        if let Some(plan) = Plan::new(prng, lead, at, 0, outcome(number)) {
            calls.add(Plan { campaign: Some(calls.campaign.clone()), ..plan });
        }
        number += 1;
        at += EVERY + prng.between(0, EVERY);
    }
}

/// The same day between eight and four, UTC; the Friday before a weekend.
fn in_office_hours(at: i64) -> i64 {
    let mut day = at.div_euclid(DAY) * DAY;
    while !is_weekday(day) {
        day -= DAY;
    }
    day + 8 * HOUR + at.rem_euclid(DAY) / 3
}
