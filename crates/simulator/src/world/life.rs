//! How the world goes on: an agenda of what happens when. Every happening writes its record, its journal entry and
//! what follows from it; running the agenda to a time is the whole simulation.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::World;
use super::journal::What;
use super::letters::Letter;
use crate::clock::{DAY, HOUR, MINUTE, is_weekday, stamp};
use crate::material::answers;
use crate::material::people::{Person, person};

/// What will happen, by time and then by the order it was planned in.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    tasks: BTreeMap<(i64, u64), Task>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: i64, task: Task) {
        self.planned += 1;
        self.tasks.insert((at, self.planned), task);
    }

    fn next(&mut self, until: i64) -> Option<(i64, Task)> {
        let entry = self.tasks.first_entry()?;
        let (at, _) = *entry.key();
        (at <= until).then(|| (at, entry.remove()))
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Task {
    /// The next person is added to the next campaign.
    Arrive,
    ListLead,
    Send {
        lead: String,
        step: usize,
    },
    Complete {
        lead: String,
    },
    Open {
        lead: String,
        step: usize,
    },
    Click {
        lead: String,
        step: usize,
    },
    Reply {
        lead: String,
        mood: Mood,
    },
    AutoReply {
        lead: String,
    },
    Answer {
        lead: String,
    },
    Confirm {
        lead: String,
    },
    Met {
        lead: String,
        interest: i64,
    },
    Bounce {
        lead: String,
    },
    Unsubscribe {
        lead: String,
    },
    /// A mail planned by hand goes out.
    Due {
        lead: String,
        mail: Uuid,
    },
    Stranger,
    /// Once a day: restated days, deletions, edits, new leads.
    Weather {
        arrivals: usize,
    },
}

/// How a lead answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Interested,
    Meeting,
    NotInterested,
    Question,
    Referral,
    Pricing,
    OtherMailbox,
}

/// What will become of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Silent,
    Answers(Mood, usize),
    Away(usize),
    AwayThen(Mood),
    Bounces,
    Unsubscribes,
    Skipped,
}

/// What the world knows of a lead in a campaign.
#[derive(Debug, Clone)]
pub(crate) struct Enrolment {
    pub(crate) campaign: String,
    pub(crate) account: String,
    pub(crate) sender: String,
    pub(crate) person: Person,
    variant: u8,
    fate: Fate,
    pub(crate) thread: String,
    pub(crate) subject: String,
    last_text: String,
    /// The step that was sent last.
    pub(crate) step: Option<u8>,
}

/// The fates of the first forty, chosen so that a small world has one of each; those after are quieter.
fn fate(number: usize) -> Fate {
    use Mood::{Interested, Meeting, NotInterested, OtherMailbox, Pricing, Question, Referral};
    if number >= 40 && number % 3 == 1 {
        return Fate::Silent;
    }
    match number % 40 {
        1 => Fate::Answers(Interested, 0),
        2 => Fate::Answers(Meeting, 1),
        4 => Fate::Bounces,
        5 => Fate::Away(0),
        6 => Fate::Answers(NotInterested, 0),
        8 => Fate::Answers(Question, 1),
        10 => Fate::Answers(OtherMailbox, 0),
        11 => Fate::Away(1),
        13 => Fate::Unsubscribes,
        15 => Fate::Answers(Referral, 0),
        16 => Fate::AwayThen(Interested),
        18 => Fate::Answers(Pricing, 2),
        20 => Fate::Skipped,
        22 => Fate::Away(0),
        23 => Fate::Bounces,
        26 => Fate::Answers(NotInterested, 2),
        29 => Fate::Away(2),
        _ => Fate::Silent,
    }
}

impl World {
    /// Lets everything happen that is due until now.
    pub fn tick(&mut self) {
        self.live(self.clock.milliseconds());
    }

    pub(crate) fn live(&mut self, until: i64) {
        while let Some((at, task)) = self.agenda.next(until) {
            let at = self.at_least(at);
            self.happen(at, task);
        }
    }

    fn happen(&mut self, at: i64, task: Task) {
        match task {
            Task::Arrive => {
                let running: Vec<String> =
                    self.stories.keys().filter(|id| self.is_running(id)).cloned().collect();
                if !running.is_empty() {
                    let campaign = running[self.people % running.len()].clone();
                    self.enrol(&campaign, at);
                }
            }
            Task::ListLead => self.add_list_lead(at),
            Task::Send { lead, step } => self.send_step(&lead, step, at),
            Task::Complete { lead } => self.complete(&lead, at),
            Task::Open { lead, step } => self.open(&lead, step as u8, at),
            Task::Click { lead, step } => self.click(&lead, step as u8, at),
            Task::Reply { lead, mood } => drop(self.reply(&lead, mood, at)),
            Task::AutoReply { lead } => drop(self.auto_reply(&lead, at)),
            Task::Answer { lead } => drop(self.answer(&lead, at)),
            Task::Confirm { lead } => self.confirm(&lead, at),
            Task::Met { lead, interest } => self.interest(&lead, interest, at),
            Task::Bounce { lead } => self.bounce(&lead, at),
            Task::Unsubscribe { lead } => self.unsubscribe(&lead, at),
            Task::Due { lead, mail } => {
                if self.mails.remove(mail) {
                    self.answer(&lead, at);
                }
            }
            Task::Stranger => drop(self.stranger(at)),
            Task::Weather { arrivals } => self.weather(arrivals, at),
        }
    }

    fn is_running(&self, campaign: &str) -> bool {
        self.campaigns.get(campaign).is_some_and(|campaign| campaign["status"] == 1)
    }

    /// Adds the next person to a campaign and plans the first mail.
    pub(crate) fn enrol(&mut self, campaign: &str, at: i64) -> String {
        let number = self.people;
        self.people += 1;
        // Every 19th is someone we know already, from 13 places before: in another campaign, since 13 divides by none.
        let again = number % 19 == 18 && self.stories.len() > 1;
        let person = person(if again { number - 13 } else { number }, &mut self.prng);
        let fate = if again { Fate::Silent } else { fate(number) };
        let id = self.prng.uuid(at).to_string();
        let sender =
            self.accounts.keys().nth(number % self.accounts.len().max(1)).cloned().unwrap_or_default();
        let name =
            self.accounts.get(&sender).and_then(|account| account["first_name"].as_str()).unwrap_or_default();
        let name = if name.is_empty() { "Jonas".to_owned() } else { name.to_owned() };
        let record = self.lead_record(&id, campaign, &person, number, at);
        self.leads.insert(id.clone(), record);
        let enrolment = Enrolment {
            campaign: campaign.to_owned(),
            account: sender,
            sender: name,
            variant: (self.prng.below(2)) as u8,
            fate,
            thread: self.prng.thread(),
            subject: String::new(),
            last_text: String::new(),
            step: None,
            person,
        };
        self.enrolments.insert(id.clone(), enrolment);
        if fate == Fate::Skipped {
            self.mark_lead(&id, at, json!({"status": -3, "verification_status": -1}));
        } else if let Some(when) = self.slot(campaign, at) {
            self.agenda.add(when, Task::Send { lead: id.clone(), step: 0 });
        }
        id
    }

    fn lead_record(&mut self, id: &str, campaign: &str, person: &Person, number: usize, at: i64) -> Value {
        let payload = match number % 7 {
            1 => Value::Null,
            4 => json!({}),
            _ => json!({
                "firstName": person.first, "lastName": person.last, "companyName": person.company,
                "email": person.email, "industry": person.industry, "employees": person.employees,
                "past_customer": number.is_multiple_of(5), "crm_id": format!("{number:04}"), "note": null,
            }),
        };
        let mut lead = json!({
            "id": id, "timestamp_created": stamp(at), "timestamp_updated": stamp(at), "organization": self.organization,
            "campaign": campaign, "status": 1, "email": person.email,
            "personalization": self.prng.chance(40).then_some("Congrats on the hiring round!"),
            "website": person.company.as_ref().map(|_| format!("https://www.{}", person.domain)),
            "last_name": person.last, "first_name": person.first, "company_name": person.company,
            "job_title": person.title, "phone": person.phone, "email_open_count": 0, "email_reply_count": 0,
            "email_click_count": 0, "company_domain": person.domain, "status_summary": {}, "payload": payload,
            "last_step_from": null, "last_step_id": null, "last_step_timestamp_executed": null,
            "email_opened_step": null, "email_opened_variant": null, "email_replied_step": null,
            "email_replied_variant": null, "email_clicked_step": null, "email_clicked_variant": null,
            "subsequence_id": null, "verification_status": 1, "pl_value_lead": null,
            "timestamp_added_subsequence": null, "timestamp_last_contact": null, "timestamp_last_open": null,
            "timestamp_last_reply": null, "timestamp_last_interest_change": null, "timestamp_last_click": null,
            "enrichment_status": 1, "list_id": null, "last_contacted_from": null, "uploaded_by_user": self.owner,
            "upload_method": if number.is_multiple_of(3) { "manual" } else { "api" }, "assigned_to": self.owner,
            "is_website_visitor": false, "timestamp_last_touch": null, "esp_code": 1, "esg_code": 0,
        });
        match number % 12 {
            2 => lead["pl_value_lead"] = json!("500"),
            5 => lead["payload"]["legacy"] = json!({"nested": "object"}),
            7 => lead["future_field"] = json!([1, 2]),
            9 => drop(
                lead.as_object_mut()
                    .map(|fields| (fields.remove("enrichment_status"), fields.remove("esg_code"))),
            ),
            10 => lead["payload"]["score"] = json!("87"),
            _ => {}
        }
        lead
    }

    /// A lead of a list: no campaign, no address, and an interest value that only this workspace knows.
    fn add_list_lead(&mut self, at: i64) {
        let person = person(37, &mut self.prng);
        let id = self.prng.uuid(at).to_string();
        let list = self.prng.uuid(at).to_string();
        let mut lead = self.lead_record(&id, "", &person, 10, at);
        super::merge(
            &mut lead,
            json!({
                "campaign": null, "email": null, "list_id": list, "company_domain": "", "company_name": "",
                "lt_interest_status": 7, "timestamp_last_interest_change": stamp(at), "first_name": "Sam", "last_name": "",
                "payload": {"firstName": "Sam", "tags": "a;b;c", "score": "87", "legacy": {"nested": "object"}},
            }),
        );
        self.leads.insert(id, lead);
    }

    /// A moment in the campaign's sending hours, at `after` or later.
    fn slot(&mut self, campaign: &str, after: i64) -> Option<i64> {
        let story = self.stories.get(campaign)?;
        let mut day = after.div_euclid(DAY) * DAY;
        while !is_weekday(day) || day + story.opens + story.lasts <= after {
            day += DAY;
        }
        let opens = (day + story.opens).max(after);
        Some(self.prng.between(opens, day + story.opens + story.lasts - 1))
    }

    fn steps(&self, campaign: &str) -> usize {
        self.campaigns
            .get(campaign)
            .and_then(|campaign| campaign["sequences"][0]["steps"].as_array())
            .map_or(0, Vec::len)
    }

    fn send_step(&mut self, lead: &str, step: usize, at: i64) {
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
    fn follow(&mut self, lead: &str, campaign: &str, step: usize, at: i64) {
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
        let soon = at + self.prng.between(40, 1_500) * MINUTE;
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

    fn complete(&mut self, lead: &str, at: i64) {
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

    fn click(&mut self, lead: &str, step: u8, at: i64) {
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
        let mail = self.write_reply(
            lead,
            &enrolment,
            texts,
            mood == Mood::OtherMailbox,
            interest,
            enrolment.step,
            at,
        )?;
        if let Some(interest) = interest {
            self.interest(lead, interest, at);
        }
        self.complete(lead, at);
        if mood != Mood::NotInterested {
            let when = at + self.prng.between(30, 1_200) * MINUTE;
            self.agenda.add(when, Task::Answer { lead: lead.to_owned() });
            if mood == Mood::Meeting {
                self.agenda.add(when + 5 * HOUR, Task::Confirm { lead: lead.to_owned() });
            }
        }
        Some(mail)
    }

    fn confirm(&mut self, lead: &str, at: i64) {
        let Some(enrolment) = self.enrolments.get(lead).cloned() else { return };
        // The vendor cannot tell which step a second reply answers.
        self.write_reply(lead, &enrolment, &answers::CONFIRMED, false, Some(2), None, at);
        self.interest(lead, 2, at);
        self.agenda.add(at + 6 * DAY, Task::Met { lead: lead.to_owned(), interest: 3 });
        if self.prng.chance(30) {
            self.agenda.add(at + 12 * DAY, Task::Met { lead: lead.to_owned(), interest: 4 });
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one caller each for a first and a second reply")]
    fn write_reply(
        &mut self,
        lead: &str,
        enrolment: &Enrolment,
        texts: &[&'static [&'static str]; 2],
        elsewhere: bool,
        interest: Option<i64>,
        step: Option<u8>,
        at: i64,
    ) -> Option<Uuid> {
        let german = self.stories.get(&enrolment.campaign).is_some_and(|story| story.language == "de");
        let text = *self.prng.pick(texts[usize::from(german)]);
        let text = self.fill_in(text, enrolment, if german { "de" } else { "en" });
        let quoted = enrolment.last_text.lines().next().unwrap_or_default();
        let text =
            format!("{text}\n\n> On {}, {} wrote:\n> {quoted}", crate::clock::day(at), enrolment.sender);
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
        if let Some(place) =
            text.find('.').filter(|_| !self.journal.iter().any(|entry| entry.what == What::AutoReplied))
        {
            // The first one of a world carries what PostgreSQL's text refuses.
            text.insert(place + 1, '\u{0}');
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
    fn answer(&mut self, lead: &str, at: i64) -> Option<Uuid> {
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
        if self.prng.chance(25) {
            let due = at + self.prng.between(8, 12) * DAY;
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

    fn bounce(&mut self, lead: &str, at: i64) {
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

    fn unsubscribe(&mut self, lead: &str, at: i64) {
        self.mark_lead(lead, at, json!({"status": -2, "timestamp_last_touch": stamp(at)}));
        self.note(lead, at, What::Unsubscribed, None, None);
    }

    pub(crate) fn stranger(&mut self, at: i64) -> Option<Uuid> {
        let (address, name, subject, text) = answers::STRANGERS[self.letters % answers::STRANGERS.len()];
        let account = self.accounts.keys().next().cloned().unwrap_or_default();
        let thread = self.prng.thread();
        self.write(
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
        )
    }

    fn weather(&mut self, arrivals: usize, at: i64) {
        let number = at.div_euclid(DAY);
        let running: Vec<String> = self.stories.keys().filter(|id| self.is_running(id)).cloned().collect();
        if !running.is_empty() {
            let campaign = running[number as usize % running.len()].clone();
            let past = crate::clock::day(at - self.prng.between(1, 4) * DAY);
            self.restate_day(&campaign, &past);
            if number % 2 == 0 {
                self.touch(&campaign, at);
            }
        }
        if number % 3 == 0 {
            let done: Vec<String> =
                self.leads.iter().filter(|(_, lead)| lead["status"] == 3).map(|(id, _)| id.clone()).collect();
            if !done.is_empty() {
                let id = self.prng.pick(&done).clone();
                self.delete_lead(&id);
            }
        }
        for number in 0..arrivals {
            self.agenda.add(at + 10 * HOUR + number as i64 * MINUTE, Task::Arrive);
        }
        self.agenda.add(number * DAY + DAY + 20 * HOUR, Task::Weather { arrivals });
    }

    /// The variant this lead got in a step.
    fn variant(&self, lead: &str, step: u8) -> u8 {
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
        let step = step.map(|step| (step, self.variant(lead, step)));
        self.journal.push(super::Entry { at, campaign, lead: lead.into(), step, what, mail });
    }

    fn account_name(&self, address: &str) -> String {
        let part = |key: &str| {
            self.accounts
                .get(address)
                .and_then(|account| account[key].as_str())
                .unwrap_or_default()
                .to_owned()
        };
        format!("{} {}", part("first_name"), part("last_name")).trim().to_owned()
    }

    fn fill_in(&self, text: &str, enrolment: &Enrolment, language: &str) -> String {
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

fn full_name(person: &Person) -> String {
    let name = [person.first.as_deref(), person.last.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    name.join(" ")
}

fn full_name_reversed(person: &Person) -> String {
    let name = [person.last.as_deref(), person.first.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    name.join(", ")
}
