//! The world lives on, by its clock and on command.

use std::time::Duration;

use simulator::{Kind, Options, Size};

use crate::support::start;

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn days_bring_mails_changes_and_deletions_the_same_each_time() {
    let mut ends = Vec::new();
    for _ in 0..2 {
        let api = start(Options { size: Size::demo(), ..Options::default() }).await;
        let (mails, leads) = api.sim.world(|world| (world.records(Kind::Email), world.records(Kind::Lead)));
        let past = api.sim.world(|world| world.analytics_daily(None, None, Some("2026-11-22")));
        for _ in 0..7 {
            api.sim.advance(DAY);
        }
        api.sim.world(|world| {
            assert!(world.email_count() > mails.len() + 50, "{} then {}", mails.len(), world.email_count());
            assert!(leads.keys().any(|id| !world.leads().contains_key(id)), "nobody was deleted");
            assert!(world.leads().keys().any(|id| !leads.contains_key(id)), "nobody came");
            assert_ne!(
                past,
                world.analytics_daily(None, None, Some("2026-11-22")),
                "no past day was restated"
            );
            let newest = world.emails().next().unwrap()["timestamp_created"].as_str().unwrap().to_owned();
            assert!(newest.as_str() > "2026-11-28" && newest.as_str() <= "2026-11-30T09:00:01", "{newest}");
        });
        ends.push(
            api.sim.world(|world| (world.records(Kind::Email), world.records(Kind::Lead), world.analytics())),
        );
    }
    assert!(ends[0] == ends[1], "the second time was another");
}

#[tokio::test]
async fn one_long_step_is_the_same_as_many_short_ones() {
    let once = start(Options::default()).await;
    once.sim.advance(DAY * 4);
    let often = start(Options::default()).await;
    for _ in 0..96 {
        often.sim.advance(Duration::from_secs(3_600));
    }
    for kind in [Kind::Email, Kind::Lead, Kind::Campaign] {
        let (once, often) =
            (once.sim.world(|world| world.records(kind)), often.sim.world(|world| world.records(kind)));
        assert!(once == often, "{kind:?}");
    }
}

#[tokio::test]
async fn commands_show_at_once_and_count() {
    let api = start(Options::default()).await;
    api.sim.world(|world| {
        let lead = world
            .leads()
            .values()
            .find(|lead| lead["status"] == 1 && !lead["last_step_id"].is_null())
            .unwrap();
        let (id, campaign) =
            (lead["id"].as_str().unwrap().to_owned(), lead["campaign"].as_str().unwrap().to_owned());
        let replies = |world: &mut simulator::World| {
            let rows = world.analytics();
            let row =
                rows.as_array().unwrap().iter().find(|row| row["campaign_id"] == campaign.as_str()).cloned();
            row.unwrap()["reply_count"].as_u64().unwrap()
        };
        let before = replies(world);
        let mail = world.add_reply(&id).unwrap();
        assert_eq!(world.emails().next().unwrap()["id"], mail.as_str(), "the newest is in front");
        assert_eq!(replies(world), before + 1);
        assert_eq!(world.leads()[&id]["email_reply_count"], 1);
        assert_eq!(world.leads()[&id]["lt_interest_status"], 1);
        let automatic = world.add_auto_reply(&id).unwrap();
        assert_eq!(world.email(&automatic).unwrap()["is_auto_reply"], 1);
        assert_eq!(replies(world), before + 1, "automatic ones are counted apart");
        let stranger = world.add_reply_from_stranger().unwrap();
        let stranger = world.email(&stranger).unwrap();
        assert!(
            stranger["lead"].is_null() && stranger["lead_id"].is_null() && stranger["campaign_id"].is_null()
        );

        let day = world.analytics_daily(Some(&campaign), Some("2026-11-19"), Some("2026-11-19"));
        assert!(world.restate_day(&campaign, "2026-11-19"));
        assert_ne!(day, world.analytics_daily(Some(&campaign), Some("2026-11-19"), Some("2026-11-19")));

        let updated = world.campaigns()[&campaign]["timestamp_updated"].clone();
        assert!(world.touch_campaign(&campaign));
        assert_ne!(world.campaigns()[&campaign]["timestamp_updated"], updated);
        assert!(world.edit_email(&mail, |fields| drop(fields.insert("i_status".into(), 2.into()))));
        assert_eq!(world.email(&mail).unwrap()["i_status"], 2);
        assert!(world.remove_email(&mail) && world.email(&mail).is_none());
        assert!(world.delete_lead(&id) && !world.leads().contains_key(&id));
        let added = world.add_lead(&campaign).unwrap();
        assert!(world.add_send(&added).is_some());
    });
}
