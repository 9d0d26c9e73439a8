//! What we send: the steps of a sequence in its hours, and what a sent step leads to.

use serde_json::json;
use uuid::Uuid;

use super::World;
use super::agenda::Task;
use super::enrolment::{Enrolment, Fate};
use super::journal::{Entry, What};
use super::letters::Letter;
use crate::clock::{DAY, HOUR, MINUTE, is_weekday, stamp};

impl World {
    /// A moment in the campaign's sending hours, at `after` or later.
    pub(super) fn slot(&mut self, campaign: &str, after: i64) -> Option<i64> {
        let story = self.stories.get(campaign)?;
        let mut day = after.div_euclid(DAY) * DAY;
        while !is_weekday(day) || day + story.opens + story.lasts <= after {
            day += DAY;
        }
        let opens = (day + story.opens).max(after);
        Some(self.prng.between(opens, day + story.opens + story.lasts - 1))
    }

    pub(super) fn steps(&self, campaign: &str) -> usize {
        self.campaigns
            .get(campaign)
            .and_then(|campaign| campaign["sequences"][0]["steps"].as_array())
            .map_or(0, Vec::len)
    }

    pub(super) fn send_step(&mut self, lead: &str, step: usize, at: i64) {
        let Some(enrolment) = self.enrolments.get(lead) else { return };
        let campaign = enrolment.campaign.clone();
        if self.leads.get(lead).is_none_or(|record| record["status"] != 1)
            || !self.campaigns.contains_key(&campaign)
        {
            return;
        }
        if !self.is_running(&campaign) {
            self.agenda.add(at + DAY, Task::Send { lead: lead.to_owned(), step });
            return;
        }
        if self.send(lead, step as u8, at).is_none() {
            return;
        }
        self.follow(lead, &campaign, step, at);
    }

    /// Writes the mail of a step and books it.
    pub(crate) fn send(&mut self, lead: &str, step: u8, at: i64) -> Option<Uuid> {
        let enrolment = self.enrolments.get(lead)?.clone();
        let story = *self.stories.get(&enrolment.campaign)?;
        let material = &story.steps[step as usize % story.steps.len()];
        let variant = enrolment.variant % material.variants.len() as u8;
        let text = self.fill_in(material.variants[variant as usize], &enrolment, story.language);
        let subject = match step {
            0 => self.fill_in(story.subjects[variant as usize % 2], &enrolment, story.language),
            _ if enrolment.subject.starts_with("Re: ") => enrolment.subject.clone(),
            _ => format!("Re: {}", enrolment.subject),
        };
        let mail = self.write(
            at,
            Letter {
                kind: 1,
                from: (enrolment.account.clone(), self.account_name(&enrolment.account)),
                to: (enrolment.person.email.clone(), String::new()),
                account: enrolment.account.clone(),
                subject: subject.clone(),
                text: text.clone(),
                campaign: Some(enrolment.campaign.clone()),
                lead: Some((enrolment.person.email.clone(), lead.to_owned())),
                step: Some(format!("0_{step}_{variant}")),
                thread: Some(enrolment.thread.clone()),
                ..Letter::default()
            },
        );
        if let Some(enrolment) = self.enrolments.get_mut(lead) {
            enrolment.step = Some(step);
            enrolment.last_text = text;
            if enrolment.subject.is_empty() {
                enrolment.subject = subject;
            }
        }
        // The id of a step is the campaign's with the step's number in its last group.
        let step_id = format!("{}{step:04}", &enrolment.campaign[..enrolment.campaign.len() - 4]);
        self.mark_lead(lead, at, json!({
            "status_summary": {"lastStep": {"from": "campaign", "stepID": step_id, "timestamp_executed": stamp(at)}},
            "last_step_from": "campaign", "last_step_id": step_id, "last_step_timestamp_executed": stamp(at),
            "timestamp_last_contact": stamp(at), "timestamp_last_touch": stamp(at),
            "last_contacted_from": enrolment.account,
        }));
        self.note(lead, at, What::Sent, Some(step), mail);
        mail
    }

    /// What a sent step leads to: opens, the lead's fate, the next step or the end.
    pub(super) fn follow(&mut self, lead: &str, campaign: &str, step: usize, at: i64) {
        let Some(enrolment) = self.enrolments.get(lead) else { return };
        let fate = enrolment.fate;
        let owned = || lead.to_owned();
        if self.stories.get(campaign).is_some_and(|story| story.tracks_opens) && fate != Fate::Bounces {
            if self.prng.chance(45) {
                let opened = at + self.prng.between(4, 1_800) * MINUTE;
                self.agenda.add(opened, Task::Open { lead: owned(), step });
                if self.prng.chance(20) {
                    self.agenda.add(opened + 26 * HOUR, Task::Open { lead: owned(), step });
                }
            }
            if self.prng.chance(4) {
                let clicked = at + self.prng.between(30, 1_800) * MINUTE;
                self.agenda.add(clicked, Task::Click { lead: owned(), step });
            }
        }
        let mut soon = at + self.prng.between(40, 1_500) * MINUTE;
        // Most people write while they work; the others answer on Sundays and at night.
        if self.prng.chance(75) {
            soon = self.slot(campaign, soon).unwrap_or(soon);
        }
        match fate {
            Fate::Answers(mood, on) if on == step => {
                self.agenda.add(soon, Task::Reply { lead: owned(), mood })
            }
            Fate::Away(on) if on == step => self.agenda.add(at + MINUTE, Task::AutoReply { lead: owned() }),
            Fate::AwayThen(mood) if step == 0 => {
                self.agenda.add(at + MINUTE, Task::AutoReply { lead: owned() });
                self.agenda.add(soon + 4 * DAY, Task::Reply { lead: owned(), mood });
            }
            Fate::Bounces if step == 0 => self.agenda.add(at + 3 * MINUTE, Task::Bounce { lead: owned() }),
            Fate::Unsubscribes if step == 1 => self.agenda.add(soon, Task::Unsubscribe { lead: owned() }),
            _ => {}
        }
        let delay =
            self.stories.get(campaign).map_or(3, |story| story.steps[step % story.steps.len()].delay_days);
        if step + 1 < self.steps(campaign) {
            if let Some(next) = self.slot(campaign, at + delay * DAY - 4 * HOUR) {
                self.agenda.add(next, Task::Send { lead: owned(), step: step + 1 });
            }
        } else {
            self.agenda.add(at + DAY, Task::Complete { lead: owned() });
        }
    }

    pub(super) fn complete(&mut self, lead: &str, at: i64) {
        if self.leads.get(lead).is_some_and(|record| record["status"] == 1) {
            self.mark_lead(lead, at, json!({"status": 3}));
            self.note(lead, at, What::Completed, None, None);
        }
    }

    pub(crate) fn open(&mut self, lead: &str, step: u8, at: i64) {
        let opens = self.leads.get(lead).and_then(|record| record["email_open_count"].as_u64()).unwrap_or(0);
        self.mark_lead(lead, at, json!({
            "email_open_count": opens + 1, "email_opened_step": step + 1, "email_opened_variant": self.variant(lead, step),
            "timestamp_last_open": stamp(at), "timestamp_last_touch": stamp(at),
        }));
        self.note(lead, at, What::Opened, Some(step), None);
    }

    pub(super) fn click(&mut self, lead: &str, step: u8, at: i64) {
        let clicks =
            self.leads.get(lead).and_then(|record| record["email_click_count"].as_u64()).unwrap_or(0);
        self.mark_lead(
            lead,
            at,
            json!({
                "email_click_count": clicks + 1, "email_clicked_step": step + 1,
                "email_clicked_variant": self.variant(lead, step), "timestamp_last_click": stamp(at),
                "timestamp_last_touch": stamp(at),
            }),
        );
        self.note(lead, at, What::Clicked, Some(step), None);
    }

    /// The variant this lead got in a step.
    pub(super) fn variant(&self, lead: &str, step: u8) -> u8 {
        let Some(enrolment) = self.enrolments.get(lead) else { return 0 };
        let Some(story) = self.stories.get(&enrolment.campaign) else { return 0 };
        enrolment.variant % story.steps[step as usize % story.steps.len()].variants.len() as u8
    }

    /// Books a happening of a lead under its campaign.
    pub(crate) fn note(&mut self, lead: &str, at: i64, what: What, step: Option<u8>, mail: Option<Uuid>) {
        let Some(campaign) = self.enrolments.get(lead).map(|enrolment| enrolment.campaign.as_str().into())
        else {
            return;
        };
        self.tell(lead, at, what, step, mail);
        if what == What::Sent
            && step == Some(0)
            && let Some(linkedin) = self.linkedin.as_mut()
        {
            linkedin.written_to(lead, at);
        }
        let step = step.map(|step| (step, self.variant(lead, step)));
        self.journal.push(Entry { at, campaign, lead: lead.into(), step, what, mail });
    }

    pub(super) fn account_name(&self, address: &str) -> String {
        let part = |key: &str| {
            self.accounts
                .get(address)
                .and_then(|account| account[key].as_str())
                .unwrap_or_default()
                .to_owned()
        };
        format!("{} {}", part("first_name"), part("last_name")).trim().to_owned()
    }

    pub(super) fn fill_in(&self, text: &str, enrolment: &Enrolment, language: &str) -> String {
        let person = &enrolment.person;
        let (nobody, firm) =
            if language == "de" { ("zusammen", "Ihrem Betrieb") } else { ("there", "your team") };
        text.replace("{first}", person.first.as_deref().unwrap_or(nobody))
            .replace("{last}", person.last.as_deref().unwrap_or_default())
            .replace("{company}", person.company.as_deref().unwrap_or(firm))
            .replace("{industry}", person.industry)
            .replace("{employees}", &person.employees.to_string())
            .replace("{domain}", &person.domain)
            .replace("{email}", &person.email)
            .replace("{sender}", &enrolment.sender)
    }
}
