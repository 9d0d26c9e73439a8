//! A small world: two Instantly campaigns, one that calls and writes on LinkedIn, and people in them.

use engine::touches::{self, Kind, Log, Logged, Outcome};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::mirror::support::Store;
pub(super) use crate::roads::support::{NOW, Sent, take_in};

pub(super) const FIRST: &str = "019a1000-0001-743d-9448-c82ed573edfe";
pub(super) const SECOND: &str = "019a1000-0002-743d-9448-c82ed573edfe";

/// A store with campaigns and people in it.
pub(super) struct Scene {
    pub(super) store: Store,
}

impl std::ops::Deref for Scene {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Scene {
    /// Campaigns `one`, `two` (Instantly) and `calls` (calls and LinkedIn); nobody yet.
    pub(super) async fn new() -> Self {
        let store = Store::new().await;
        store
            .execute(&format!(
                "insert into campaigns (campaign_name, instantly_campaign_id, uses_email, uses_calls, uses_linkedin, campaign_status)
                 values ('one', '{FIRST}', true, false, false, 'active'),
                        ('two', '{SECOND}', true, false, false, 'active'),
                        ('calls', null, false, true, true, 'active')"
            ))
            .await;
        Self { store }
    }

    /// Somebody who is in all three campaigns, with a follow-up planned by hand.
    pub(super) async fn person(&self, name: &str) -> Uuid {
        let domain = format!("{name}.example.com");
        self.execute(&format!(
            "with c as (insert into companies (company_name, company_domain) values ('{name}', '{domain}') on conflict do nothing returning id)
             insert into leads (first_name, last_name, email, phone, linkedin_url, company_id)
             select '{name}', 'Test', '{name}@{domain}', '+12025550123', 'https://www.linkedin.com/in/{name}-test', id from c"
        ))
        .await;
        self.execute(&format!(
            "insert into lead_identities (identity_kind, identity_value, lead_id)
             select 'email', email, id from leads where first_name = '{name}'
             union all select 'linkedin', 'in/{name}-test', id from leads where first_name = '{name}'"
        ))
        .await;
        self.execute(&format!(
            "insert into campaign_leads (campaign_id, lead_id, next_followup_at)
             select c.id, l.id, '2026-12-24T09:00:00Z' from campaigns c, leads l where l.first_name = '{name}'"
        ))
        .await;
        self.value(&format!("select id from leads where first_name = '{name}'"))
            .await
            .unwrap()
            .parse()
            .unwrap()
    }

    /// `status/overall/stop reason` of each campaign, in the order of their names.
    pub(super) async fn stands(&self, lead: Uuid) -> Vec<String> {
        self.lines(&format!(
            "select c.campaign_name || ' ' || m.email_status || ' ' || m.call_status || ' ' || m.linkedin_status || ' '
                    || m.overall_status || ' ' || coalesce(m.stop_reason, '-') || ' ' || (m.next_followup_at is not null)
               from campaign_leads m join campaigns c on c.id = m.campaign_id where m.lead_id = '{lead}' order by c.campaign_name"
        ))
        .await
    }

    /// Suppressions that hold: channel, reason, address.
    pub(super) async fn suppressed(&self) -> Vec<String> {
        self.lines(
            "select channel || ' ' || reason || ' ' || scope || ' ' || coalesce(contact_address, '-')
               from suppressions where lifted_at is null order by 1",
        )
        .await
    }

    pub(super) async fn lines(&self, sql: &str) -> Vec<String> {
        self.values(sql).await.into_iter().flatten().collect()
    }

    /// Logs a touch of theirs.
    pub(super) async fn log(&self, lead: Uuid, kind: Kind, outcome: Option<Outcome>) -> Logged {
        touches::log(self.pool(), &said(lead, kind, outcome), None, NOW).await.unwrap()
    }

    /// Everything that people see of how things stand, without ids and clocks of ours.
    pub(super) async fn dump(&self) -> Vec<String> {
        self.lines(include_str!("stands.sql")).await
    }
}

pub(super) fn said(lead: Uuid, kind: Kind, outcome: Option<Outcome>) -> Log {
    Log {
        kind,
        who: lead.to_string(),
        text: None,
        at: Some(NOW - SignedDuration::from_hours(1)),
        outcome,
        reply: false,
        stop: false,
        follow_up_at: None,
        campaign: None,
    }
}

/// A webhook of Instantly about somebody, so many minutes after a fixed start.
pub(super) fn told(event: &str, campaign: &str, address: &str, minutes: i64) -> Sent {
    let at: Timestamp = "2026-11-10T09:00:00Z".parse().unwrap();
    let at = at + SignedDuration::from_mins(minutes);
    Sent::instantly(
        json!({
            "event_type": event, "timestamp": at.to_string(), "workspace": "01950000-0001-7d90-95fb-39c34dfc240b",
            "campaign_id": campaign, "lead_email": address, "email_account": "mira@outreach.example.com", "step": 1,
            "email_id": format!("{event}-{campaign}-{address}-{minutes}"), "reply_text": format!("words of {minutes}"),
        })
        .to_string(),
    )
}

/// A LinkedIn touch of somebody.
pub(super) fn linked(event: &str, name: &str, minutes: i64) -> Sent {
    let at: Timestamp = "2026-11-10T09:00:00Z".parse().unwrap();
    let at = at + SignedDuration::from_mins(minutes);
    Sent::linkedin(
        "",
        json!({
            "event": event, "occurred_at": at.to_string(), "linkedin_url": format!("https://www.linkedin.com/in/{name}-test"),
            "sender": "nia", "campaign": "calls", "message": format!("words of {minutes}"), "external_id": format!("{event}-{name}-{minutes}"),
        })
        .to_string(),
    )
}
