//! How a world begins: workspace, mailboxes, campaigns and a draft 46 days ago; then life runs until now.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::agenda::{Agenda, Task};
use super::bulk::Bulk;
use super::calls::Calls;
use super::hooks::Hooks;
use super::journal::{Entry, What};
use super::linkedin::LinkedIn;
use super::mails::Mails;
use super::{World, merge};
use crate::clock::{DAY, HOUR, MINUTE, stamp};
use crate::material::html;
use crate::material::people::SENDERS;
use crate::material::sequences::{SEQUENCES, Sequence};
use crate::prng::Prng;
use crate::{Options, Size};

/// Days of history.
const HISTORY: i64 = 45;

impl World {
    /// The world of these options, with its history.
    pub fn new(options: &Options) -> World {
        let now = options.clock.milliseconds();
        let start = (now - HISTORY * DAY).div_euclid(DAY) * DAY;
        let mut prng = Prng::new(options.seed);
        let organization = prng.uuid(start - 300 * DAY).to_string();
        let owner = prng.uuid(start - 299 * DAY).to_string();
        let mut world = World {
            clock: options.clock.clone(),
            prng,
            workspace: Value::Null,
            labels: BTreeMap::new(),
            campaigns: BTreeMap::new(),
            accounts: BTreeMap::new(),
            leads: BTreeMap::new(),
            blocked: BTreeMap::new(),
            mails: Mails::default(),
            calls: Calls::default(),
            journal: Vec::new(),
            agenda: Agenda::default(),
            enrolments: BTreeMap::new(),
            stories: BTreeMap::new(),
            latest: start - 2 * DAY,
            born: now,
            people: 0,
            lively: options.lively,
            letters: 0,
            hooks: Hooks::new(options.seed, options.manners),
            calls_told_until: options.clock.now(),
            linkedin: options.linkedin.then(|| LinkedIn::new(options.seed)),
            organization,
            owner,
        };
        world.found(start);
        for number in 0..options.size.accounts {
            world.open_mailbox(number, start);
        }
        let stories = SEQUENCES.iter().cycle().take(options.size.campaigns).enumerate();
        for (number, story) in stories {
            world.open_campaign(number, story, options.size, start);
        }
        world.open_draft(start);
        if let Some(bulk) = options.size.bulk {
            world.fill(options, bulk, start, now);
        } else {
            world.plan(options.size, start, now);
            if options.listened {
                let url = "https://hooks.example.com/instantly/before";
                let asked = json!({"target_hook_url": url, "event_type": "all_events", "name": "before"});
                world.hooks.subscribe(&world.organization, start, &asked);
                world.hooks.is_history = true;
            }
            world.live(now);
            world.hooks.is_history = false;
            world.hooks.subscriptions.clear();
            world.plan_calls(options.seed, now);
        }
        world
    }

    fn found(&mut self, start: i64) {
        self.workspace = json!({
            "id": self.organization, "timestamp_created": stamp(start - 300 * DAY),
            "timestamp_updated": stamp(start - 20 * DAY), "owner": self.owner, "name": "Lotse Outbound",
            "plan_id": "pid_hg_v1", "plan_id_bundle": null, "add_unsub_to_block": true,
            "default_opportunity_value": 250.5, "plan_id_leadfinder": null, "org_logo_url": null,
            "org_client_domain": null, "plan_id_crm": null, "plan_id_website_visitor": null,
            "plan_id_inbox_placement": null, "scheduled_for_removal_at": null,
        });
        self.block("competitor.test", start - 80 * DAY);
        self.block("Board.Member@investor.test", start - 70 * DAY);
        for (label, meaning, status) in [
            ("Send pricing – später", "positive", 7),
            ("Student", "negative", -10),
            ("Back in spring", "neutral", 11),
        ] {
            let at = self.at_least(start - 60 * DAY);
            let id = self.prng.uuid(at).to_string();
            self.labels.insert(
                id.clone(),
                json!({
                    "id": id, "timestamp_created": stamp(at), "created_by": self.owner,
                    "organization_id": self.organization, "label": label, "interest_status_label": meaning,
                    "interest_status": status, "description": null, "use_with_ai": false,
                }),
            );
        }
    }

    fn open_mailbox(&mut self, number: usize, start: i64) {
        let (address, first, last) = SENDERS[number % SENDERS.len()];
        let address = match number / SENDERS.len() {
            0 => address.to_owned(),
            round => format!("box{round}.{address}"),
        };
        // Several share one instant, which is why their cursor carries the address too.
        let created = stamp(start - 120 * DAY + (number / 3) as i64 * DAY);
        let signature = if first.is_empty() {
            Value::Null
        } else {
            json!(format!("<div>{first} {last}<br/>Lotse</div>"))
        };
        let mut account = json!({
            "email": address, "timestamp_created": created, "timestamp_updated": stamp(start + 40 * DAY + 412),
            "first_name": first, "last_name": last,
            "warmup": {
                "limit": 10,
                "advanced": {"warm_ctd": false, "open_rate": 0.95, "important_rate": 0.8, "read_emulation": true,
                    "spam_save_rate": 0.02, "weekday_only": false},
                "warmup_custom_ftag": "quartz-fern", "increment": "disabled", "reply_rate": 30,
            },
            "added_by": self.owner, "daily_limit": 30, "daily_limit_max": null, "warmup_limit_max": null,
            "modified_by": null, "tracking_domain_name": "inst.example.com", "tracking_domain_status": "active",
            "status": 1, "enable_slow_ramp": false, "inbox_placement_test_limit": null,
            "organization": self.organization, "warmup_status": 1, "timestamp_warmup_start": stamp(start - 119 * DAY),
            "provider_code": 2, "setup_pending": false, "is_managed_account": false, "stat_warmup_score": 100,
            "sending_gap": 10, "signature": signature, "reply_to": null, "autofix_failed": null,
        });
        match number % 4 {
            1 => merge(
                &mut account,
                json!({
                    "daily_limit": null, "tracking_domain_name": null, "tracking_domain_status": null, "status": -1,
                    "warmup_status": -1, "timestamp_warmup_start": null, "provider_code": 1, "stat_warmup_score": null,
                    "autofix_failed": true,
                    "status_message": {"code": "EAUTH", "command": "AUTH XOAUTH2",
                        "response": "535-5.7.8 Username and Password not accepted", "e_message": "invalid login: 535-5.7.8",
                        "responseCode": 535, "extra_hint": "reconnect"},
                }),
            ),
            2 => {
                merge(
                    &mut account,
                    json!({
                        "status": 3, "warmup_status": 0, "provider_code": 11, "warmup_pool_id": null,
                        "timestamp_last_used": stamp(start + 44 * DAY), "dfy_password_changed": false,
                        "is_ready_made_account": null, "send_capacity_hint": "30",
                    }),
                );
                if let Some(fields) = account.as_object_mut() {
                    for optional in ["warmup", "signature", "stat_warmup_score"] {
                        fields.remove(optional);
                    }
                }
            }
            _ => {}
        }
        self.accounts.insert(address, account);
    }

    fn open_campaign(&mut self, number: usize, story: &'static Sequence, size: Size, start: i64) {
        let at = self.at_least(start - DAY + number as i64 * HOUR);
        let id = self.prng.uuid(at).to_string();
        let steps: Vec<Value> = story
            .steps
            .iter()
            .take(size.steps)
            .enumerate()
            .map(|(place, step)| {
                let variants: Vec<Value> = step
                    .variants
                    .iter()
                    .enumerate()
                    .map(|(variant, text)| {
                        // Later steps answer in the thread, which the vendor writes as an empty subject.
                        let subject = if place == 0 {
                            vendor_braces(story.subjects[variant % 2])
                        } else {
                            String::new()
                        };
                        json!({"subject": subject, "body": html(&vendor_braces(text))})
                    })
                    .collect();
                json!({"type": "email", "delay": step.delay_days, "delay_unit": "days", "variants": variants})
            })
            .collect();
        let name = if number < SEQUENCES.len() {
            story.name.to_owned()
        } else {
            format!("{} ({})", story.name, number + 1)
        };
        let from = format!("{:02}:00", 9);
        let mut campaign = json!({
            "id": id, "name": name, "pl_value": if number == 0 { json!(500) } else { Value::Null },
            "status": 1, "is_evergreen": number == 2,
            "campaign_schedule": {"start_date": null, "end_date": null, "schedules": [{
                "name": "Weekdays", "timing": {"from": from, "to": "17:30"},
                "days": {"1": true, "2": true, "3": true, "4": true, "5": true}, "timezone": story.timezone}]},
            "sequences": [{"steps": steps}],
            "timestamp_created": stamp(at), "timestamp_updated": stamp(at + 5 * MINUTE), "email_gap": 10,
            "random_wait_max": 9, "text_only": false, "first_email_text_only": number == 0,
            "email_list": self.accounts.keys().cloned().collect::<Vec<_>>(), "daily_limit": 90, "stop_on_reply": true,
            "email_tag_list": [], "link_tracking": story.tracks_opens, "open_tracking": story.tracks_opens,
            "stop_on_auto_reply": false, "daily_max_leads": 40, "prioritize_new_leads": false,
            "auto_variant_select": null, "match_lead_esp": false, "not_sending_status": null, "stop_for_company": true,
            "core_variables": null, "custom_variables": {"industry": "industry", "past_customer": "past_customer"},
            "insert_unsubscribe_header": true, "allow_risky_contacts": false, "disable_bounce_protect": false,
            "limit_emails_per_company_override": null, "cc_list": [], "bcc_list": [],
            "organization": self.organization, "owned_by": self.owner, "ai_sdr_id": null, "provider_routing_rules": [],
        });
        match number % 3 {
            1 => merge(
                &mut campaign,
                json!({
                    "auto_variant_select": {"trigger": "reply_rate"}, "not_sending_status": 1, "owned_by": null,
                    "limit_emails_per_company_override": {"mode": "custom", "daily_limit": 3, "scope": "across_workspace"},
                    "warming_mode_beta": "soft", "daily_limit": "90",
                }),
            ),
            2 => merge(
                &mut campaign,
                json!({
                    "provider_routing_rules": [{"action": "send", "recipient_esp": ["all"], "sender_esp": ["google"]}],
                }),
            ),
            _ => {}
        }
        self.stories.insert(id.clone(), story);
        self.campaigns.insert(id, campaign);
    }

    /// A draft has the fewest keys of all.
    fn open_draft(&mut self, start: i64) {
        let at = self.at_least(start + HOUR);
        let id = self.prng.uuid(at).to_string();
        let schedule = json!({"start_date": null, "end_date": null, "schedules": [{
            "name": "Weekdays", "timing": {"from": "09:00", "to": "17:30"}, "days": {"1": true, "2": true},
            "timezone": "Europe/Belgrade"}]});
        self.campaigns.insert(id.clone(), json!({
            "id": id, "name": "draft – do not touch", "status": 0, "campaign_schedule": schedule,
            "timestamp_created": stamp(at), "timestamp_updated": stamp(at), "organization": self.organization,
        }));
    }

    /// Puts the arrival of every lead on the agenda, early ones first, and the rest of life behind them.
    fn plan(&mut self, size: Size, start: i64, now: i64) {
        let span = now - 2 * DAY - start;
        for number in 0..size.leads {
            // Nine of ten come in the first two thirds, so that most sequences have run their course by now.
            let share = number as i64 * 1_000 / size.leads.max(1) as i64;
            let share = if share < 900 { share * 660 / 900 } else { 660 + (share - 900) * 340 / 100 };
            let at = start + 2 * HOUR + span / 1_000 * share + number as i64 * MINUTE;
            // The last lead is the one of a list, without campaign or address.
            let task = if number + 1 == size.leads { Task::ListLead } else { Task::Arrive };
            self.agenda.add(at, task);
        }
        self.agenda.add(start + 20 * DAY + 11 * HOUR, Task::Stranger);
        if size.leads > 100 {
            self.agenda.add(start + 33 * DAY + 15 * HOUR, Task::Stranger);
        }
        // From here on the world also changes its mind now and then.
        self.agenda
            .add(now.div_euclid(DAY) * DAY + 20 * HOUR, Task::Weather { arrivals: size.leads / 100 + 1 });
    }

    fn fill(&mut self, options: &Options, bulk: (usize, usize), start: i64, now: i64) {
        let Some(campaign) = self.stories.keys().next().cloned() else { return };
        for number in 0..options.size.leads {
            let at = self.at_least(start + number as i64 * MINUTE);
            self.enrol(&campaign, at);
        }
        let leads = self.leads.values().map(|lead| {
            (
                lead["id"].as_str().unwrap_or_default().to_owned(),
                lead["email"].as_str().unwrap_or_default().to_owned(),
            )
        });
        let leads: Vec<(String, String)> = leads.collect();
        if leads.is_empty() {
            return;
        }
        let account = self.accounts.keys().next().cloned().unwrap_or_default();
        let bulk = Bulk::new(options.seed, now, bulk, (&self.organization, &campaign, &account), leads);
        let campaign: Arc<str> = campaign.into();
        let names: Vec<Arc<str>> = bulk.leads.iter().map(|(id, _)| id.as_str().into()).collect();
        for number in 0..bulk.count {
            self.journal.push(Entry {
                at: bulk.at(number),
                campaign: campaign.clone(),
                lead: names[bulk.lead(number)].clone(),
                step: Some((0, 0)),
                what: if Bulk::is_reply(number) { What::Replied } else { What::Sent },
                mail: Some(bulk.id(number)),
            });
        }
        self.latest = self.latest.max(now);
        self.mails.fill(bulk);
        // Leads of a bulk world stay as they are: nobody writes to them but the bulk.
        self.agenda = Agenda::default();
    }
}

/// Our placeholders as the vendor writes its own.
fn vendor_braces(text: &str) -> String {
    text.replace("{first}", "{{firstName}}")
        .replace("{company}", "{{companyName}}")
        .replace("{industry}", "{{industry}}")
        .replace("{sender}", "{{sendingAccountFirstName}}")
}
