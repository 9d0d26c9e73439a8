//! Logging by any name of a person; who an unknown sender is.

use engine::Error;
use engine::touches::{self, Kind};
use uuid::Uuid;

use super::support::{FIRST, NOW, Scene, linked, said, take_in, told};
use crate::roads::support::assert_settled;

#[tokio::test]
async fn a_person_is_found_by_address_phone_profile_and_id_or_said_not_to_be() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let id = ann.to_string();
    for who in [
        "ann@ann.example.com",
        " ANN@ANN.example.com ",
        "+1 (202) 555-0123",
        "https://de.linkedin.com/in/ann-test/?trk=x",
        "in/ann-test",
        &id,
    ] {
        let mut note = said(ann, Kind::Note, None);
        note.who = who.into();
        note.text = Some("met at the fair".into());
        let logged = touches::log(scene.pool(), &note, None, NOW).await.unwrap();
        assert_eq!(logged.lead.lead_id, ann, "{who}");
    }
    scene.person("bob").await;
    for (who, expected) in [
        ("+1 202 555 0123", "several people"),
        ("eve@example.com", "nobody"),
        ("not a name", "names nobody"),
        ("00000000-0000-0000-0000-000000000000", "nobody"),
    ] {
        let mut note = said(ann, Kind::Note, None);
        note.who = who.into();
        let error: Error = touches::log(scene.pool(), &note, None, NOW).await.unwrap_err();
        assert!(error.to_string().contains(expected) && error.hint().is_some(), "{who}: {error}");
    }
    let mut ahead = said(ann, Kind::Note, None);
    ahead.at = Some(NOW + jiff::SignedDuration::from_hours(1));
    assert!(touches::log(scene.pool(), &ahead, None, NOW).await.unwrap_err().to_string().starts_with("at:"));
}

async fn unmatched(scene: &Scene) -> Uuid {
    scene
        .value("select id from events where lead_id is null order by event_timestamp limit 1")
        .await
        .unwrap()
        .parse()
        .unwrap()
}

#[tokio::test]
async fn an_unknown_sender_is_linked_once_and_everything_from_that_address_follows_also_later() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let other = "a.test@ann.example.com";
    take_in(&scene, &[told("reply_received", FIRST, other, 10), told("email_opened", FIRST, other, 11)], 1)
        .await;
    let event = unmatched(&scene).await;
    let suggested = touches::suggest(scene.pool(), event).await.unwrap();
    assert_eq!(suggested.len(), 1, "by the domain and the name: {suggested:?}");
    assert_eq!(
        (suggested[0].lead_id, suggested[0].why.as_str()),
        (ann, "same company, and the name is in the address")
    );
    let linked = touches::link(scene.pool(), event, "ann@ann.example.com", NOW).await.unwrap();
    assert_eq!((linked.events, linked.was_linked, linked.is_new_lead), (2, false, false));
    assert_eq!(linked.followed.stopped.len(), 3, "the answer counts now");
    assert!(touches::link(scene.pool(), event, &ann.to_string(), NOW).await.unwrap().was_linked);
    take_in(&scene, &[told("email_opened", FIRST, other, 12)], 1).await;
    assert_eq!(scene.count("events where lead_id is null").await, 0, "later arrivals, too");
    assert_settled(&scene).await;
    // Another person cannot have it as well.
    scene.person("bob").await;
    let error = touches::link(scene.pool(), event, "bob@bob.example.com", NOW).await.unwrap_err();
    assert!(error.to_string().contains("ann Test's"), "{error}");
    let unlinked = touches::unlink(scene.pool(), event, NOW).await.unwrap();
    assert_eq!((unlinked.events, unlinked.lead_id), (3, Some(ann)));
    assert!(
        scene.stands(ann).await.iter().all(|line| line.ends_with("active - true")),
        "as if it had never been hers"
    );
    assert!(touches::unlink(scene.pool(), event, NOW).await.unwrap().was_unlinked);
    assert_settled(&scene).await;
    assert_eq!(scene.count("events where lead_id is null").await, 3, "a rebuild does not guess");
}

#[tokio::test]
async fn a_new_lead_is_made_of_an_unknown_sender_on_any_channel() {
    let scene = Scene::new().await;
    take_in(&scene, &[linked("message_replied", "eve", 3)], 1).await;
    let event = unmatched(&scene).await;
    let made = touches::link_new(scene.pool(), event, NOW).await.unwrap();
    assert!(made.is_new_lead);
    assert_eq!(made.lead.linkedin_url.as_deref(), Some("https://www.linkedin.com/in/eve-test"));
    assert!(touches::link_new(scene.pool(), event, NOW).await.unwrap().was_linked, "twice is once");
    take_in(&scene, &[linked("message_sent", "eve", 4)], 1).await;
    assert_eq!(scene.count(&format!("events where lead_id = '{}'", made.lead.lead_id)).await, 2);
    assert_settled(&scene).await;
    let own = touches::unlink(scene.pool(), event, NOW).await;
    assert!(own.is_ok());
}

#[tokio::test]
async fn an_opt_out_from_an_unknown_address_becomes_the_persons_when_it_is_linked() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    take_in(&scene, &[told("lead_unsubscribed", FIRST, "other@example.com", 1)], 1).await;
    assert_eq!(scene.suppressed().await, ["email opt_out person other@example.com"]);
    let event = unmatched(&scene).await;
    touches::link(scene.pool(), event, &ann.to_string(), NOW).await.unwrap();
    assert_eq!(scene.count(&format!("suppressions where lead_id = '{ann}'")).await, 1);
    assert!(scene.stands(ann).await.iter().all(|line| line.contains("unsubscribed opt_out")));
    touches::unlink(scene.pool(), event, NOW).await.unwrap();
    assert_eq!(
        scene.count("suppressions where lead_id is null and lifted_at is null").await,
        1,
        "the address stays out"
    );
    assert_settled(&scene).await;
}

#[tokio::test]
async fn only_what_people_logged_can_be_taken_back() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    assert!(
        touches::undo(scene.pool(), None, None, NOW)
            .await
            .unwrap_err()
            .to_string()
            .contains("nothing has been logged")
    );
    take_in(&scene, &[told("reply_received", FIRST, "ann@ann.example.com", 1)], 1).await;
    let event = scene.value("select id from events").await.unwrap().parse().unwrap();
    let error = touches::undo(scene.pool(), Some(event), None, NOW).await.unwrap_err();
    assert!(error.to_string().contains("told by instantly") && error.hint().is_some(), "{error}");
    assert!(scene.stands(ann).await.iter().all(|line| line.contains(" reply ")));
}
