//! A LinkedIn tool beside the mail: profiles looked at, connections asked for, messages, answers. Told by webhook in
//! HeyReach's form; it can be asked nothing. It has dice of its own; who answers on one side is left alone on the other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::World;
use crate::clock::{HOUR, MINUTE, stamp};
use crate::material::linkedin::{ANSWERS, MESSAGES, PROFILES};
use crate::prng::Prng;

/// The tool's name for itself.
pub(crate) const TOOL: &str = "heyreach";

/// What will happen there, and what was said.
#[derive(Debug)]
pub(crate) struct LinkedIn {
    prng: Prng,
    agenda: BTreeMap<(i64, u64), (String, Touch)>,
    planned: u64,
    /// By lead, oldest first: when, the words, whether they are the lead's.
    conversations: BTreeMap<String, Vec<(i64, String, bool)>>,
    /// By lead: when something last went to them.
    touched: BTreeMap<String, i64>,
    /// Who has been asked and has not answered yet, and who is connected.
    asked: Vec<String>,
    connected: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    Viewed,
    Liked,
    Followed,
    Asked,
    Accepted,
    Written,
    Answered,
}

impl LinkedIn {
    pub(super) fn new(seed: u64) -> Self {
        LinkedIn {
            prng: Prng::new(seed ^ 0x006c_696e_6b65_6469),
            agenda: BTreeMap::new(),
            planned: 0,
            conversations: BTreeMap::new(),
            touched: BTreeMap::new(),
            asked: Vec::new(),
            connected: Vec::new(),
        }
    }

    fn plan(&mut self, at: i64, lead: &str, touch: Touch) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), (lead.to_owned(), touch));
    }

    /// After the first mail many are looked up and asked to connect.
    pub(super) fn written_to(&mut self, lead: &str, at: i64) {
        if self.prng.chance(60) {
            let next = at + self.prng.between(20 * 60, 30 * 60) * MINUTE;
            self.plan(next, lead, Touch::Viewed);
        }
    }

    /// When something last went to them by itself.
    pub(super) fn last_touch(&self, lead: &str) -> Option<i64> {
        self.touched.get(lead).copied()
    }

    /// Whether something is still to come.
    pub(super) fn expects(&self, lead: &str) -> bool {
        self.agenda.values().any(|(planned, _)| planned == lead)
    }

    fn has_answered(&self, lead: &str) -> bool {
        self.conversations.get(lead).into_iter().flatten().any(|(_, _, is_reply)| *is_reply)
    }

    fn next(&mut self, until: i64) -> Option<(i64, String, Touch)> {
        let entry = self.agenda.first_entry()?;
        let (at, _) = *entry.key();
        if at > until {
            return None;
        }
        let (lead, touch) = entry.remove();
        Some((at, lead, touch))
    }

    /// What a touch leads to.
    fn follow(&mut self, lead: &str, touch: Touch, at: i64) {
        match touch {
            Touch::Viewed => {
                let next = at + self.prng.between(5, 300) * MINUTE;
                self.plan(next, lead, Touch::Asked);
                if self.prng.chance(70) {
                    let liked = at + self.prng.between(1, 4) * MINUTE;
                    self.plan(liked, lead, Touch::Liked);
                }
                if self.prng.chance(60) {
                    let followed = next + self.prng.between(1, 30) * HOUR;
                    self.plan(followed, lead, Touch::Followed);
                }
            }
            Touch::Asked => {
                self.asked.push(lead.to_owned());
                if self.prng.chance(48) {
                    let next = at + self.prng.between(2, 90) * HOUR;
                    self.plan(next, lead, Touch::Accepted);
                }
            }
            Touch::Accepted => {
                self.asked.retain(|asked| asked != lead);
                self.connected.push(lead.to_owned());
                let next = at + self.prng.between(1, 20) * HOUR;
                self.plan(next, lead, Touch::Written);
            }
            Touch::Written => {
                if self.prng.chance(26) {
                    let next = at + self.prng.between(1, 60) * HOUR;
                    self.plan(next, lead, Touch::Answered);
                }
            }
            Touch::Answered | Touch::Liked | Touch::Followed => {}
        }
    }
}

impl World {
    /// Whether the lead has answered, declined or left, by mail or there.
    pub(super) fn has_spoken(&self, lead: &str) -> bool {
        let by_mail = self.leads.get(lead).is_none_or(|record| {
            record["status"].as_i64().is_none_or(|status| status < 0)
                || record["email_reply_count"].as_u64().is_some_and(|replies| replies > 0)
                || record
                    .get("lt_interest_status")
                    .and_then(Value::as_i64)
                    .is_some_and(|interest| interest != 0)
        });
        by_mail || self.linkedin.as_ref().is_some_and(|linkedin| linkedin.has_answered(lead))
    }

    /// Lets happen what is due there until then.
    pub(super) fn live_on_linkedin(&mut self, until: i64) {
        while let Some((at, lead, touch)) = self.linkedin.as_mut().and_then(|linkedin| linkedin.next(until)) {
            self.touch_on_linkedin(&lead, touch, at);
        }
    }

    /// Somebody who was asked accepts now; answers the lead's id.
    pub fn accept_on_linkedin(&mut self) -> Option<String> {
        let at = self.clock.milliseconds();
        let linkedin = self.linkedin.as_mut()?;
        let place = linkedin.prng.below(linkedin.asked.len());
        let lead = linkedin.asked.get(place)?.clone();
        linkedin.agenda.retain(|_, (planned, touch)| *planned != lead || *touch != Touch::Accepted);
        self.touch_on_linkedin(&lead, Touch::Accepted, at);
        Some(lead)
    }

    /// Somebody who is connected answers now; answers the lead's id.
    pub fn answer_on_linkedin(&mut self) -> Option<String> {
        let at = self.clock.milliseconds();
        let linkedin = self.linkedin.as_mut()?;
        let place = linkedin.prng.below(linkedin.connected.len());
        let lead = linkedin.connected.get(place)?.clone();
        if !linkedin.conversations.contains_key(&lead) {
            self.touch_on_linkedin(&lead, Touch::Written, at - HOUR);
        }
        self.touch_on_linkedin(&lead, Touch::Answered, at);
        Some(lead)
    }

    fn touch_on_linkedin(&mut self, lead: &str, touch: Touch, at: i64) {
        let Some(enrolment) = self.enrolments.get(lead).cloned() else { return };
        // Who has answered or is gone is left alone.
        let by_us = matches!(touch, Touch::Viewed | Touch::Asked | Touch::Written);
        if by_us && self.has_spoken(lead) {
            return;
        }
        if by_us && let Some(linkedin) = self.linkedin.as_mut() {
            linkedin.touched.insert(lead.to_owned(), at);
        }
        if touch == Touch::Answered {
            self.complete(lead, at);
        }
        let german = self.stories.get(&enrolment.campaign).is_some_and(|story| story.language == "de");
        let language = if german { "de" } else { "en" };
        let place = self.stories.keys().position(|id| *id == enrolment.campaign).unwrap_or(0);
        let (sender, first, last, profile) = PROFILES[place % PROFILES.len()];
        let Some(linkedin) = self.linkedin.as_mut() else { return };
        let said = match touch {
            Touch::Written => Some((*linkedin.prng.pick(MESSAGES[usize::from(german)]), false)),
            Touch::Answered => Some((*linkedin.prng.pick(ANSWERS[usize::from(german)]), true)),
            _ => None,
        };
        if let Some((text, is_reply)) = said {
            let text = self.fill_in(text, &enrolment, language).replace(&enrolment.sender, first);
            if let Some(linkedin) = self.linkedin.as_mut() {
                linkedin.conversations.entry(lead.to_owned()).or_default().push((at, text, is_reply));
            }
        }
        let Some(linkedin) = self.linkedin.as_mut() else { return };
        linkedin.follow(lead, touch, at);
        let messages: Vec<Value> = linkedin
            .conversations
            .get(lead)
            .into_iter()
            .flatten()
            .map(|(at, text, is_reply)| {
                json!({"creation_time": stamp(*at), "message": text, "is_reply": is_reply})
            })
            .collect();
        let person = &enrolment.person;
        let (given, family) =
            (person.first.clone().unwrap_or_default(), person.last.clone().unwrap_or_default());
        let payload = json!({
            "event_type": name(touch), "timestamp": stamp(at), "conversation_id": format!("2-{lead}"), "is_inmail": false,
            "campaign": {"id": 1001 + place, "name": self.campaigns.get(&enrolment.campaign).map(|c| c["name"].clone())},
            "sender": {"id": sender, "first_name": first, "last_name": last,
                "profile_url": format!("https://www.linkedin.com/in/{profile}")},
            "lead": {"id": lead, "profile_url": format!("https://www.linkedin.com/in/{}", public_name(&person.email)),
                "first_name": given, "last_name": family, "full_name": format!("{given} {family}").trim(),
                "company_name": person.company, "position": person.title, "email_address": person.email},
            "recent_messages": messages,
        });
        self.hooks.tell_by_tool(at, TOOL, &payload);
    }
}

fn name(touch: Touch) -> &'static str {
    match touch {
        Touch::Viewed => "viewed_profile",
        Touch::Liked => "liked_post",
        Touch::Followed => "follow_sent",
        Touch::Asked => "connection_request_sent",
        Touch::Accepted => "connection_request_accepted",
        Touch::Written => "message_sent",
        Touch::Answered => "message_reply_received",
    }
}

/// The end of a profile's address: made of the mail address, so that it is the same each time.
fn public_name(address: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    address.trim_end_matches(".test").chars().map(plain).collect()
}
