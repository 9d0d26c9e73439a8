//! The figures agree with the mails and leads they count.

use serde_json::Value;
use simulator::{Options, Size};

use crate::support::{Api, start};

async fn demo() -> Api {
    start(Options { size: Size::demo(), ..Options::default() }).await
}

fn sum(rows: &Value, key: &str) -> u64 {
    rows.as_array().unwrap().iter().map(|row| row.get(key).map_or(0, |value| value.as_u64().unwrap())).sum()
}

fn is_reply(mail: &Value) -> bool {
    let from = mail["from_address_email"].as_str().unwrap_or_default();
    mail["ue_type"] == 2 && mail["lead"].is_string() && !from.starts_with("mailer-daemon@")
}

#[tokio::test]
async fn lifetime_daily_and_step_figures_count_the_same_mails() {
    let api = demo().await;
    agree(&api, true).await;
    // Days are restated and leads deleted meanwhile: what the leads count is less then, the mails still agree.
    for _ in 0..10 {
        api.sim.advance(std::time::Duration::from_secs(86_400));
    }
    agree(&api, false).await;
}

async fn agree(api: &Api, with_leads: bool) {
    let rows = api.ok("/api/v2/campaigns/analytics").await;
    assert_eq!(rows, api.sim.world(|world| world.analytics()));
    assert_eq!(rows.as_array().unwrap().len(), 3, "the draft is left out");
    for row in rows.as_array().unwrap() {
        let id = row["campaign_id"].as_str().unwrap();
        let mails: Vec<Value> = api.sim.world(|world| {
            let mails = world.emails().filter(|mail| mail["campaign_id"] == id);
            mails.map(|mail| world.email(mail["id"].as_str().unwrap()).unwrap()).collect()
        });
        let count = |wanted: &dyn Fn(&Value) -> bool| mails.iter().filter(|mail| wanted(mail)).count() as u64;
        let sent = count(&|mail| mail["ue_type"] == 1);
        let replies = count(&|mail| is_reply(mail) && mail["is_auto_reply"] == 0);
        let automatic = count(&|mail| is_reply(mail) && mail["is_auto_reply"] == 1);
        assert_eq!(row["emails_sent_count"], sent);
        assert_eq!(row["reply_count"], replies);
        if let Some(value) = row.get("reply_count_automatic") {
            assert_eq!(*value, automatic);
        }
        let leads: Vec<Value> = api
            .sim
            .world(|world| world.leads().values().filter(|lead| lead["campaign"] == id).cloned().collect());
        let of_status = |status: i64| leads.iter().filter(|lead| lead["status"] == status).count() as u64;
        assert_eq!(row["leads_count"], leads.len() as u64);
        if with_leads {
            assert_eq!(row["bounced_count"], of_status(-1));
            assert_eq!(row["unsubscribed_count"], of_status(-2));
            assert_eq!(row["completed_count"], of_status(3));
            let counted = |key: &str| leads.iter().map(|lead| lead[key].as_u64().unwrap()).sum::<u64>();
            assert_eq!(row["reply_count"], counted("email_reply_count"));
            assert_eq!(row["open_count"], counted("email_open_count"));
            assert_eq!(row["link_click_count"], counted("email_click_count"));
        }

        let days = api.ok(&format!("/api/v2/campaigns/analytics/daily?campaign_id={id}")).await;
        assert_eq!(days, api.sim.world(|world| world.analytics_daily(Some(id), None, None)));
        assert_eq!((sum(&days, "sent"), sum(&days, "replies")), (sent, replies));
        assert_eq!(sum(&days, "replies_automatic"), automatic);
        assert_eq!(sum(&days, "new_leads_contacted"), row["contacted_count"].as_u64().unwrap());
        for day in days.as_array().unwrap() {
            let date = day["date"].as_str().unwrap();
            let of_day = |mail: &Value| mail["timestamp_created"].as_str().unwrap().starts_with(date);
            assert_eq!(day["sent"], count(&|mail| mail["ue_type"] == 1 && of_day(mail)), "{date}");
            let replies = count(&|mail| is_reply(mail) && mail["is_auto_reply"] == 0 && of_day(mail));
            assert_eq!(day["replies"], replies, "{date}");
            assert!(day.get("campaign_id").is_none());
        }
        let steps = api.ok(&format!("/api/v2/campaigns/analytics/steps?campaign_id={id}")).await;
        assert_eq!((sum(&steps, "sent"), sum(&steps, "replies")), (sent, replies));
        assert!(
            steps.as_array().unwrap().iter().all(|step| step["step"].is_string() || step["step"].is_null())
        );
    }
}

#[tokio::test]
async fn workspace_days_are_the_sums_and_idle_days_have_no_row() {
    let api = demo().await;
    let all = api.ok("/api/v2/campaigns/analytics/daily").await;
    let ids: Vec<String> = api.sim.world(|world| world.campaigns().keys().cloned().collect());
    for key in ["sent", "replies", "replies_automatic", "opened", "unique_opened", "clicks", "opportunities"]
    {
        let mut parts = 0;
        for id in &ids {
            parts += sum(&api.ok(&format!("/api/v2/campaigns/analytics/daily?campaign_id={id}")).await, key);
        }
        assert_eq!(sum(&all, key), parts, "{key}");
        assert!(parts > 0, "{key} never happens");
    }
    let ignored = api.ok(&format!("/api/v2/campaigns/analytics/daily?id={}", ids[0])).await;
    assert_eq!(ignored, all, "id is ignored, the answer is the workspace's");
    let one = api.ok("/api/v2/campaigns/analytics/daily?start_date=2026-11-12&end_date=2026-11-12").await;
    assert_eq!(one.as_array().unwrap().len(), 1, "the end day is included");
    assert_eq!(one[0]["date"], "2026-11-12");
    let idle = api.ok("/api/v2/campaigns/analytics/daily?start_date=2025-01-01&end_date=2025-02-01").await;
    assert_eq!(idle, serde_json::json!([]));
}

#[tokio::test]
async fn the_overview_adds_the_campaigns_up_and_selects_by_id() {
    let api = demo().await;
    let rows = api.ok("/api/v2/campaigns/analytics").await;
    let overview = api.ok("/api/v2/campaigns/analytics/overview").await;
    for key in ["emails_sent_count", "reply_count", "bounced_count", "total_opportunities", "contacted_count"]
    {
        assert_eq!(overview[key], sum(&rows, key), "{key}");
    }
    assert!(
        overview["total_interested"].as_u64() > Some(0)
            && overview["total_meeting_booked"].as_u64() > Some(0)
    );
    let (first, last) = (&rows[0], &rows[2]);
    let path = format!(
        "/api/v2/campaigns/analytics?ids={}&ids={}&exclude_total_leads_count=true",
        first["campaign_id"].as_str().unwrap(),
        last["campaign_id"].as_str().unwrap()
    );
    let two = api.ok(&path).await;
    assert_eq!(two.as_array().unwrap().len(), 2);
    assert!(two[0].get("leads_count").is_none());
    let id = last["campaign_id"].as_str().unwrap();
    assert_eq!(
        api.ok(&format!("/api/v2/campaigns/analytics/overview?id={id}")).await["reply_count"],
        last["reply_count"]
    );
}
