//! What comes back, and what we answer by hand: replies, automatic ones, bounces, strangers.

use serde_json::{Value, json};
use uuid::Uuid;

use super::World;
use super::agenda::Task;
use super::enrolment::{Enrolment, Mood};
use super::journal::What;
use super::letters::Letter;
use crate::clock::{DAY, HOUR, MINUTE, day, stamp};
use crate::material::answers::{self, Texts};
use crate::material::people::Person;

/// What tells one reply from another.
pub(crate) struct Reply {
    texts: &'static Texts,
    /// Written from another mailbox than the lead's.
    elsewhere: bool,
    interest: Option<i64>,
    step: Option<u8>,
}

impl World {
    /// A reply of the lead; stops the sequence.
    pub(crate) fn reply(&mut self, lead: &str, mood: Mood, at: i64) -> Option<Uuid> {
        let enrolment = self.enrolments.get(lead)?.clone();
        let texts = match mood {
            Mood::Interested => &answers::INTERESTED,
            Mood::Meeting => &answers::MEETING,
            Mood::NotInterested => &answers::NOT_INTERESTED,
            Mood::Question => &answers::QUESTION,
            Mood::Referral => &answers::REFERRAL,
            Mood::Pricing => &answers::PRICING,
            Mood::OtherMailbox => &answers::OTHER_MAILBOX,
        };
        let interest = match mood {
            Mood::Interested | Mood::Meeting | Mood::OtherMailbox => Some(1),
            Mood::NotInterested => Some(-1),
            Mood::Referral => Some(-2),
            Mood::Pricing => Some(7),
            Mood::Question => None,
        };
        let elsewhere = mood == Mood::OtherMailbox;
        let mail = self.write_reply(
            lead,
            &enrolment,
            at,
            &Reply { texts, elsewhere, interest, step: enrolment.step },
        )?;
        if let Some(interest) = interest {
            self.interest(lead, interest, at);
        }
        self.complete(lead, at);
        if mood != Mood::NotInterested {
            let soon = at + self.prng.between(30, 1_200) * MINUTE;
            // We answer in working hours.
            let when = self.slot(&enrolment.campaign, soon).unwrap_or(soon);
            self.agenda.add(when, Task::Answer { lead: lead.to_owned() });
            if mood == Mood::Meeting {
                self.agenda.add(when + 5 * HOUR, Task::Confirm { lead: lead.to_owned() });
            }
        }
        Some(mail)
    }

    pub(super) fn confirm(&mut self, lead: &str, at: i64) {
        let Some(enrolment) = self.enrolments.get(lead).cloned() else { return };
        // The vendor cannot tell which step a second reply answers.
        let texts = &answers::CONFIRMED;
        self.write_reply(
            lead,
            &enrolment,
            at,
            &Reply { texts, elsewhere: false, interest: Some(2), step: None },
        );
        self.interest(lead, 2, at);
        // Some meetings take place, some of those are won, and some stay booked.
        if self.prng.chance(70) {
            self.agenda.add(at + 6 * DAY, Task::Met { lead: lead.to_owned(), interest: 3 });
            if self.prng.chance(40) {
                self.agenda.add(at + 12 * DAY, Task::Met { lead: lead.to_owned(), interest: 4 });
            }
        }
    }

    pub(super) fn write_reply(
        &mut self,
        lead: &str,
        enrolment: &Enrolment,
        at: i64,
        reply: &Reply,
    ) -> Option<Uuid> {
        let Reply { texts, elsewhere, interest, step } = *reply;
        let german = self.stories.get(&enrolment.campaign).is_some_and(|story| story.language == "de");
        let text = *self.prng.pick(texts[usize::from(german)]);
        let text = self.fill_in(text, enrolment, if german { "de" } else { "en" });
        let quoted = enrolment.last_text.lines().next().unwrap_or_default();
        let text = format!("{text}\n\n> On {}, {} wrote:\n> {quoted}", day(at), enrolment.sender);
        let from = if elsewhere {
            format!(
                "{}.private@example.org",
                enrolment.person.email.split(['@', '+']).next().unwrap_or("lead").to_lowercase()
            )
        } else {
            enrolment.person.email.clone()
        };
        let variant = step.map(|step| self.variant(lead, step));
        let mail = self.write(
            at,
            Letter {
                kind: 2,
                from: (from, full_name(&enrolment.person)),
                to: (enrolment.account.clone(), enrolment.sender.clone()),
                cc: elsewhere
                    .then(|| (enrolment.person.email.clone(), full_name_reversed(&enrolment.person))),
                account: enrolment.account.clone(),
                subject: format!("Re: {}", enrolment.subject.trim_start_matches("Re: ")),
                text,
                campaign: Some(enrolment.campaign.clone()),
                lead: Some((enrolment.person.email.clone(), lead.to_owned())),
                step: step.zip(variant).map(|(step, variant)| format!("0_{step}_{variant}")),
                thread: Some(enrolment.thread.clone()),
                interest,
                ..Letter::default()
            },
        )?;
        let replies =
            self.leads.get(lead).and_then(|record| record["email_reply_count"].as_u64()).unwrap_or(0);
        let mut fields = json!({
            "email_reply_count": replies + 1, "timestamp_last_reply": stamp(at), "timestamp_last_touch": stamp(at),
        });
        if let (Some(step), Some(variant)) = (step, variant) {
            super::merge(
                &mut fields,
                json!({"email_replied_step": step + 1, "email_replied_variant": variant}),
            );
        }
        self.mark_lead(lead, at, fields);
        self.note(lead, at, What::Replied, step, Some(mail));
        Some(mail)
    }

    pub(crate) fn auto_reply(&mut self, lead: &str, at: i64) -> Option<Uuid> {
        let enrolment = self.enrolments.get(lead)?.clone();
        let (subject, text) = answers::AUTOMATIC[self.letters % answers::AUTOMATIC.len()];
        let mut text = self.fill_in(text, &enrolment, "en");
        if !self.journal.iter().any(|entry| entry.what == What::AutoReplied) {
            // The first one of a world carries what PostgreSQL's text refuses.
            text.insert(text.find('.').map_or(text.len(), |place| place + 1), '\u{0}');
        }
        let step = enrolment.step;
        let away = self.prng.chance(50);
        let mail = self.write(
            at,
            Letter {
                kind: 2,
                from: (enrolment.person.email.clone(), full_name(&enrolment.person)),
                to: (enrolment.account.clone(), enrolment.sender.clone()),
                account: enrolment.account.clone(),
                subject: subject.replace("{subject}", &enrolment.subject),
                text,
                campaign: Some(enrolment.campaign.clone()),
                lead: Some((enrolment.person.email.clone(), lead.to_owned())),
                step: step.map(|step| format!("0_{step}_{}", self.variant(lead, step))),
                thread: Some(enrolment.thread.clone()),
                interest: away.then_some(0),
                auto_reply: true,
                ..Letter::default()
            },
        );
        if away && self.leads.get(lead).is_some_and(|record| record.get("lt_interest_status").is_none()) {
            self.interest(lead, 0, at);
        }
        self.note(lead, at, What::AutoReplied, step, mail);
        mail
    }

    /// We answer by hand; the vendor knows campaign and lead of such mails only sometimes.
    pub(super) fn answer(&mut self, lead: &str, at: i64) -> Option<Uuid> {
        let enrolment = self.enrolments.get(lead)?.clone();
        let german = self.stories.get(&enrolment.campaign).is_some_and(|story| story.language == "de");
        let text = *self.prng.pick(answers::OURS[usize::from(german)]);
        let text = self.fill_in(text, &enrolment, if german { "de" } else { "en" });
        let known = self.prng.chance(50);
        let letter = Letter {
            kind: 3,
            from: (enrolment.account.clone(), self.account_name(&enrolment.account)),
            to: (enrolment.person.email.clone(), full_name(&enrolment.person)),
            account: enrolment.account.clone(),
            subject: format!("Re: {}", enrolment.subject.trim_start_matches("Re: ")),
            text,
            campaign: known.then(|| enrolment.campaign.clone()),
            lead: known.then(|| (enrolment.person.email.clone(), lead.to_owned())),
            thread: Some(enrolment.thread.clone()),
            ..Letter::default()
        };
        let mail = self.write(at, letter.clone());
        self.mark_lead(lead, at, json!({"timestamp_last_touch": stamp(at)}));
        // One conversation in a while is taken up again later: planned now, visible as a scheduled mail.
        if self.prng.chance(50) {
            let due = at + self.prng.between(5, 20) * DAY;
            let scheduled = Letter {
                kind: 4,
                due: Some(due),
                subject: String::new(),
                text: String::new(),
                thread: None,
                campaign: Some(enrolment.campaign.clone()),
                lead: Some((enrolment.person.email.clone(), lead.to_owned())),
                step: enrolment.step.map(|step| format!("0_{step}_0")),
                ..letter
            };
            if let Some(mail) = self.write(at + MINUTE / 2, scheduled) {
                self.latest = self.latest.max(at + MINUTE / 2);
                self.agenda.add(due, Task::Due { lead: lead.to_owned(), mail });
            }
        }
        mail
    }

    /// Sets the interest status; the first positive one is an opportunity.
    pub(crate) fn interest(&mut self, lead: &str, value: i64, at: i64) {
        let Some(record) = self.leads.get(lead) else { return };
        let already = record.get("lt_interest_status").and_then(Value::as_i64).is_some_and(|value| value > 0);
        let step = self.enrolments.get(lead).and_then(|enrolment| enrolment.step);
        self.mark_lead(
            lead,
            at,
            json!({"lt_interest_status": value, "timestamp_last_interest_change": stamp(at)}),
        );
        self.note(lead, at, What::Interest(value), step, None);
        if value > 0 && !already {
            self.note(lead, at, What::Opportunity, step, None);
        }
    }

    pub(super) fn bounce(&mut self, lead: &str, at: i64) {
        let Some(enrolment) = self.enrolments.get(lead).cloned() else { return };
        let thread = self.prng.thread();
        let text = self.fill_in(answers::BOUNCES[self.letters % answers::BOUNCES.len()], &enrolment, "en");
        let mail = self.write(
            at,
            Letter {
                kind: 2,
                from: (
                    format!("mailer-daemon@{}", enrolment.person.domain),
                    "Mail Delivery System".to_owned(),
                ),
                to: (enrolment.account.clone(), String::new()),
                account: enrolment.account.clone(),
                subject: "Undelivered Mail Returned to Sender".to_owned(),
                text,
                campaign: Some(enrolment.campaign.clone()),
                lead: Some((enrolment.person.email.clone(), lead.to_owned())),
                thread: Some(thread),
                ..Letter::default()
            },
        );
        self.mark_lead(lead, at, json!({"status": -1, "verification_status": -1, "esp_code": 1000}));
        self.note(lead, at, What::Bounced, None, mail);
    }

    pub(super) fn unsubscribe(&mut self, lead: &str, at: i64) {
        self.mark_lead(lead, at, json!({"status": -2, "timestamp_last_touch": stamp(at)}));
        self.note(lead, at, What::Unsubscribed, None, None);
        // The workspace is set up so (`add_unsub_to_block`).
        if let Some(enrolment) = self.enrolments.get(lead) {
            let address = enrolment.person.email.clone();
            self.block(&address, at);
        }
    }

    pub(crate) fn stranger(&mut self, at: i64) -> Option<Uuid> {
        let (address, name, subject, text) = answers::STRANGERS[self.letters % answers::STRANGERS.len()];
        let account = self.accounts.keys().next().cloned().unwrap_or_default();
        let thread = self.prng.thread();
        let mail = self.write(
            at,
            Letter {
                kind: 2,
                from: (address.to_owned(), name.to_owned()),
                to: (account.clone(), String::new()),
                account,
                subject: subject.to_owned(),
                text: text.to_owned(),
                thread: Some(thread),
                ..Letter::default()
            },
        );
        if let Some(mail) = mail {
            self.tell_stranger(at, mail);
        }
        mail
    }
}

fn full_name(person: &Person) -> String {
    let name = [person.first.as_deref(), person.last.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    name.join(" ")
}

fn full_name_reversed(person: &Person) -> String {
    let name = [person.last.as_deref(), person.first.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    name.join(", ")
}
