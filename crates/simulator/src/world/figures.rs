//! The journal's counts in the shapes the analytics endpoints answer, with their gaps and oddities.

use serde_json::{Map, Value, json};

use super::World;
use super::journal::{self, Selection, Tally, What};

impl World {
    /// The row of `/campaigns/analytics` for one campaign; drafts have none.
    pub(crate) fn analytics_row(&self, id: &str, selection: &Selection, with_leads: bool) -> Option<Value> {
        let campaign = self.campaigns.get(id).filter(|campaign| campaign["status"] != 0)?;
        let tally = journal::total(&self.journal, selection);
        let mut row = lifetime(&tally);
        row.insert("campaign_name".into(), campaign["name"].clone());
        row.insert("campaign_id".into(), json!(id));
        row.insert("campaign_status".into(), campaign["status"].clone());
        row.insert(
            "campaign_is_evergreen".into(),
            campaign.get("is_evergreen").cloned().unwrap_or(json!(false)),
        );
        if with_leads {
            row.insert("leads_count".into(), json!(self.leads_of(id)));
        }
        match self.rank(id) {
            // Some rows lack every optional key …
            1 => row.retain(|key, _| {
                !key.contains("_unique") && key != "reply_count_automatic" || key == "campaign_id"
            }),
            // … and some have keys that no document mentions.
            2 => {
                row.insert("leads_bounced_pct".into(), json!(1.6));
                row.insert("experiment".into(), json!({"bucket": "b"}));
            }
            _ => {}
        }
        Some(Value::Object(row))
    }

    /// The one object of `/campaigns/analytics/overview`.
    pub(crate) fn overview(&self, selection: &Selection) -> Value {
        let tally = journal::total(&self.journal, selection);
        let mut row = lifetime(&tally);
        for (key, interest) in [
            ("total_interested", 1),
            ("total_meeting_booked", 2),
            ("total_meeting_completed", 3),
            ("total_closed", 4),
        ] {
            row.insert(key.into(), json!(tally.of(What::Interest(interest)).unique));
        }
        Value::Object(row)
    }

    /// The rows of `/campaigns/analytics/daily`; without a campaign they are the sums of all.
    pub(crate) fn daily_rows(&self, selection: &Selection) -> Vec<Value> {
        let odd = matches!(selection.campaigns.as_deref(), Some([id]) if self.rank(id) == 1);
        let days = journal::by_day(&self.journal, selection);
        days.into_iter()
            .map(|(date, tally)| {
                let mut row = counts(&tally);
                row.insert("date".into(), json!(date));
                row.insert("contacted".into(), json!(tally.of(What::Sent).on_day));
                row.insert("new_leads_contacted".into(), json!(tally.of(What::Sent).unique));
                row.insert("opportunities".into(), json!(tally.of(What::Opportunity).all));
                row.insert("unique_opportunities".into(), json!(tally.of(What::Opportunity).unique));
                if odd && tally.of(What::Sent).all == 0 {
                    // As a year ago: fields that came later are missing where they would be 0.
                    let late =
                        ["contacted", "new_leads_contacted", "clicks", "unique_clicks", "opportunities"];
                    row.retain(|key, value| !late.contains(&key.as_str()) || *value != 0);
                    row.insert("new_metric_beta".into(), json!(7));
                }
                Value::Object(row)
            })
            .collect()
    }

    /// The rows of `/campaigns/analytics/steps`.
    pub(crate) fn step_rows(&self, selection: &Selection, with_opportunities: bool) -> Vec<Value> {
        let steps = journal::by_step(&self.journal, selection);
        steps
            .into_iter()
            .map(|(step, tally)| {
                let mut row = counts(&tally);
                // Strings, and 1-based where the mails' own `step` counts from 0.
                row.insert("step".into(), json!(step.map(|(step, _)| (step + 1).to_string())));
                row.insert("variant".into(), json!(step.map(|(_, variant)| variant.to_string())));
                if with_opportunities {
                    row.insert("opportunities".into(), json!(tally.of(What::Opportunity).all));
                    row.insert("unique_opportunities".into(), json!(tally.of(What::Opportunity).unique));
                    row.insert("meetings_booked".into(), json!(tally.of(What::Interest(2)).unique));
                    row.insert("won".into(), json!(tally.of(What::Interest(4)).unique));
                }
                Value::Object(row)
            })
            .collect()
    }

    /// The place of a campaign among all, in the order of their ids; decides which oddities it shows.
    fn rank(&self, id: &str) -> usize {
        self.campaigns.keys().position(|key| key == id).unwrap_or(usize::MAX)
    }

    fn leads_of(&self, campaign: &str) -> usize {
        self.leads.values().filter(|lead| lead["campaign"] == campaign).count()
    }
}

/// What the lifetime report and the overview share.
fn lifetime(tally: &Tally) -> Map<String, Value> {
    let mut row = Map::new();
    for (prefix, what) in [
        ("open_count", What::Opened),
        ("reply_count", What::Replied),
        ("reply_count_automatic", What::AutoReplied),
        ("link_click_count", What::Clicked),
    ] {
        let count = tally.of(what);
        row.insert(prefix.into(), json!(count.all));
        row.insert(format!("{prefix}_unique"), json!(count.unique));
        row.insert(format!("{prefix}_unique_by_step"), json!(count.by_step));
    }
    row.insert("contacted_count".into(), json!(tally.contacted()));
    row.insert("new_leads_contacted_count".into(), json!(tally.of(What::Sent).unique));
    row.insert("emails_sent_count".into(), json!(tally.of(What::Sent).all));
    row.insert("bounced_count".into(), json!(tally.of(What::Bounced).unique));
    row.insert("unsubscribed_count".into(), json!(tally.of(What::Unsubscribed).unique));
    row.insert("completed_count".into(), json!(tally.of(What::Completed).unique));
    let opportunities = tally.of(What::Opportunity).unique;
    row.insert("total_opportunities".into(), json!(opportunities));
    row.insert("total_opportunity_value".into(), json!(opportunities as f64 * 250.5));
    row
}

/// What the daily and the step report share.
fn counts(tally: &Tally) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("sent".into(), json!(tally.of(What::Sent).all));
    for (key, what) in [
        ("opened", What::Opened),
        ("replies", What::Replied),
        ("replies_automatic", What::AutoReplied),
        ("clicks", What::Clicked),
    ] {
        row.insert(key.into(), json!(tally.of(what).all));
        row.insert(format!("unique_{key}"), json!(tally.of(what).unique));
    }
    row
}
