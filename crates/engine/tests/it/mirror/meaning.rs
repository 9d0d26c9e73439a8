//! What messages and codes mean: event types, states of enrollments and leads, automatic replies, scheduled mail.

use serde_json::{Value, json};
use simulator::Size;

use super::support::{Mirror, like};

#[tokio::test]
async fn every_message_is_one_event_of_its_type_with_its_person_and_campaign() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    mirror.sync().await;
    let mails: Vec<Value> = mirror.sim.world(|world| world.emails().collect());
    let scheduled = mails.iter().filter(|mail| mail["ue_type"] == 4).count();
    assert!(scheduled > 0);
    assert_eq!(mirror.count("events").await, (mails.len() - scheduled) as i64, "scheduled mail is no event");
    for mail in &mails {
        let id = mail["id"].as_str().unwrap();
        let automatic = mirror.sim.world(|world| world.email(id).unwrap()["is_auto_reply"] == 1)
            || mail["from_address_email"].as_str().unwrap().starts_with("mailer-daemon@");
        let expected = match mail["ue_type"].as_i64().unwrap() {
            4 => continue,
            2 if automatic => "email_auto_replied",
            2 => "email_replied",
            _ => "email_sent",
        };
        let sql = format!(
            "select event_type || '|' || coalesce(l.email, '') || '|' || coalesce(c.instantly_campaign_id, '') || '|'
                    || (e.event_timestamp = (raw_data ->> 'timestamp_email')::timestamptz) || '|' || coalesce(e.email_subject, '')
               from events e left join leads l on l.id = e.lead_id left join campaigns c on c.id = e.campaign_id
              where natural_key = 'instantly:email:{id}'"
        );
        let found = mirror.value(&sql).await.unwrap();
        let text = |name: &str| mail[name].as_str().unwrap_or_default().to_owned();
        let mut parts = found.split('|');
        assert_eq!(parts.next(), Some(expected), "{mail}");
        let person = parts.next().unwrap();
        assert!(
            person.eq_ignore_ascii_case(text("lead").trim()) || text("lead").is_empty(),
            "{person}: {mail}"
        );
        assert_eq!(parts.next(), Some(text("campaign_id").as_str()));
        assert_eq!(parts.next(), Some("true"));
        assert_eq!(parts.collect::<Vec<_>>().join("|"), text("subject"));
    }
}

#[tokio::test]
async fn only_the_message_by_itself_says_that_a_reply_was_automatic_and_it_is_asked_once() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.stream("emails").await;
    let unknown = mirror.count("events where event_type = 'email_auto_replied'").await;
    mirror.sync().await;
    let known = mirror.count("events where event_type = 'email_auto_replied'").await;
    assert!(known > unknown, "{known} after asking, {unknown} before");
    mirror.sim.clear_requests();
    mirror.sync().await;
    let singly = |path: &str| path.starts_with("/api/v2/emails/");
    assert!(!mirror.sim.requests().iter().any(|seen| singly(&seen.path)), "asked once, known for good");
    // A payload that changes later does not bring the list's ignorance back.
    let automatic = mirror
        .value("select instantly_email_id from instantly_email_details_raw where is_auto_reply order by 1 limit 1")
        .await
        .unwrap();
    mirror.sim.world(|world| {
        world.edit_email(&automatic, |mail| {
            mail.insert("is_unread".into(), json!(0));
            mail.insert("i_status".into(), Value::Null);
            mail.insert("timestamp_created".into(), json!("2026-11-23T08:59:00.000Z"));
        });
    });
    mirror.sync().await;
    let event = format!("select event_type from events where natural_key = 'instantly:email:{automatic}'");
    assert_eq!(mirror.value(&event).await.as_deref(), Some("email_auto_replied"));
}

#[tokio::test]
async fn enrollments_and_leads_show_the_furthest_that_was_reached() {
    let mirror = Mirror::of(Size { campaigns: 1, leads: 4, accounts: 1, steps: 2, bulk: None }).await;
    let lead = mirror.sim.world(|world| world.leads().values().next().unwrap().clone());
    // status, interest, opens, clicks, replies, contacted → email_status, overall_status, lead_status
    let cases = [
        (1, None, 0, 0, 0, false, "pending", "active", "new"),
        (1, None, 0, 0, 0, true, "sent", "active", "contacted"),
        (1, None, 2, 0, 0, true, "opened", "active", "contacted"),
        (3, None, 2, 1, 0, true, "clicked", "active", "contacted"),
        (3, None, 2, 1, 1, true, "replied", "replied", "replied"),
        (3, Some(1), 0, 0, 1, true, "replied", "replied", "qualified"),
        (3, Some(2), 0, 0, 1, true, "replied", "replied", "qualified"),
        (3, Some(4), 0, 0, 1, true, "replied", "converted", "converted"),
        (3, Some(-1), 0, 0, 1, true, "replied", "disqualified", "unqualified"),
        (3, Some(-3), 0, 0, 1, true, "replied", "disqualified", "unqualified"),
        (3, Some(0), 0, 0, 0, true, "sent", "active", "contacted"),
        (3, Some(4711), 0, 0, 1, true, "replied", "replied", "replied"),
        (-1, None, 0, 0, 0, true, "bounced", "bounced", "contacted"),
        (-2, None, 1, 1, 1, true, "unsubscribed", "unsubscribed", "replied"),
        (-2, Some(1), 1, 1, 1, true, "unsubscribed", "unsubscribed", "qualified"),
        (-3, None, 0, 0, 0, false, "pending", "active", "new"),
    ];
    let at = |is: bool| if is { json!("2026-11-20T10:00:00.000Z") } else { Value::Null };
    mirror.sim.world(|world| {
        for (number, (status, interest, opens, clicks, replies, contacted, ..)) in cases.iter().enumerate() {
            let mut record = like(
                &lead,
                json!({
                    "id": format!("019c0000-0000-7000-8000-{number:012}"), "email": format!("p{number}@cases.example.com"),
                    "status": status, "email_open_count": opens, "email_click_count": clicks, "email_reply_count": replies,
                    "timestamp_last_contact": at(*contacted), "timestamp_last_reply": at(*replies > 0),
                }),
            );
            record.as_object_mut().unwrap().remove("lt_interest_status");
            if let Some(interest) = interest {
                record["lt_interest_status"] = json!(interest);
            }
            world.put_lead(record).unwrap();
        }
    });
    mirror.sync().await;
    for (number, case) in cases.iter().enumerate() {
        let sql = format!(
            "select m.email_status || ' ' || m.overall_status || ' ' || l.lead_status || ' ' || coalesce(m.interest_status::text, '-')
               from leads l join campaign_leads m on m.lead_id = l.id where l.email = 'p{number}@cases.example.com'"
        );
        let interest = case.1.map_or("-".to_owned(), |interest| interest.to_string());
        let expected = format!("{} {} {} {interest}", case.6, case.7, case.8);
        assert_eq!(mirror.value(&sql).await, Some(expected), "{case:?}");
    }
}

#[tokio::test]
async fn a_message_that_is_withdrawn_takes_its_effect_along() {
    let mirror = Mirror::of(Size { campaigns: 1, leads: 6, accounts: 1, steps: 1, bulk: None }).await;
    let mail = mirror.sim.world(|world| world.emails().find(|mail| mail["ue_type"] == 1).unwrap());
    let address = "once@example.net";
    let template = like(
        &mail,
        json!({"id": "019c0000-0000-7000-8000-000000000001", "lead": address, "to_address_email_list": address,
               "timestamp_created": "2026-11-23T08:30:00.000Z", "timestamp_email": "2026-11-23T08:30:00.000Z"}),
    );
    mirror.sim.world(|world| world.put_email(template.clone(), false).unwrap());
    mirror.sync().await;
    let status = format!(
        "select m.email_status || ' ' || l.lead_status from leads l join campaign_leads m on m.lead_id = l.id where l.email = '{address}'"
    );
    assert_eq!(mirror.value(&status).await.as_deref(), Some("sent contacted"));
    mirror.sim.world(|world| world.put_email(like(&template, json!({"ue_type": 4})), false).unwrap());
    mirror.sync().await;
    assert_eq!(mirror.value(&status).await.as_deref(), Some("pending new"), "planned, not sent");
}
