//! Who is written to: a lead in a campaign, what its record says, and what will become of it.

use serde_json::{Value, json};

use super::World;
use super::agenda::Task;
use crate::clock::stamp;
use crate::material::people::{Person, person};

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
pub(crate) enum Fate {
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
    pub(crate) variant: u8,
    pub(crate) fate: Fate,
    pub(crate) thread: String,
    pub(crate) subject: String,
    pub(crate) last_text: String,
    /// The step that was sent last.
    pub(crate) step: Option<u8>,
}

/// The fates of the first forty, chosen so that a small world has one of each; those after are quieter.
fn fate(number: usize) -> Fate {
    use Mood::{Interested, Meeting, NotInterested, OtherMailbox, Pricing, Question, Referral};
    // Over three, so that no campaign of the round gets all of the quiet ones.
    if number >= 40 && number / 3 % 3 == 1 {
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

    pub(super) fn lead_record(
        &mut self,
        id: &str,
        campaign: &str,
        person: &Person,
        number: usize,
        at: i64,
    ) -> Value {
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
    pub(super) fn add_list_lead(&mut self, at: i64) {
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
}
