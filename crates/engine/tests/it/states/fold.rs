//! What the states of an enrollment say, over every channel; what people wrote stays.

use engine::states;
use engine::touches::{self, Interest, Kind, Outcome};

use super::support::{FIRST, NOW, SECOND, Scene, linked, said, take_in, told};
use crate::roads::support::assert_settled;

#[tokio::test]
async fn each_channel_reaches_the_furthest_it_got_whatever_comes_late() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let address = "ann@ann.example.com";
    let mut sent = vec![
        told("email_sent", FIRST, address, 0),
        told("email_opened", FIRST, address, 5),
        told("link_clicked", FIRST, address, 6),
        linked("connection_sent", "ann", 1),
        linked("connection_accepted", "ann", 2),
        linked("message_sent", "ann", 3),
    ];
    let expected = [
        "calls pending not_scheduled message_sent active - true",
        "one clicked not_scheduled not_started active - true",
        "two pending not_scheduled not_started active - true",
    ];
    take_in(&scene, &sent, 100).await;
    assert_eq!(scene.stands(ann).await, expected);
    let backwards = Scene::new().await;
    let ann = backwards.person("ann").await;
    sent.reverse();
    take_in(&backwards, &sent, 1).await;
    assert_eq!(backwards.stands(ann).await, expected);
    assert_eq!(backwards.dump().await, scene.dump().await);
}

#[tokio::test]
async fn a_call_that_reached_somebody_beats_those_that_did_not() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let status = "select call_status from campaign_leads m join campaigns c on c.id = m.campaign_id where c.campaign_name = 'calls'";
    for (outcome, expected) in [
        (Outcome::NoAnswer, "no_answer"),
        (Outcome::Voicemail, "voicemail"),
        (Outcome::Other, "completed"),
        (Outcome::NoAnswer, "completed"),
        (Outcome::WrongNumber, "wrong_number"),
        (Outcome::DoNotCall, "do_not_call"),
    ] {
        scene.log(ann, Kind::Call, Some(outcome)).await;
        assert_eq!(scene.value(status).await.as_deref(), Some(expected), "{outcome:?}");
    }
    assert_settled(&scene).await;
}

#[tokio::test]
async fn a_persons_word_on_interest_beats_an_automatic_one_and_of_two_alike_the_later_counts() {
    let scene = Scene::new().await;
    scene.person("ann").await;
    let address = "ann@ann.example.com";
    let interest = "select interest_status from campaign_leads m join campaigns c on c.id = m.campaign_id where c.campaign_name = 'one'";
    // The later of two automatic ones, though it came first.
    take_in(
        &scene,
        &[told("lead_interested", FIRST, address, 20), told("lead_not_interested", FIRST, address, 10)],
        1,
    )
    .await;
    assert_eq!(scene.value(interest).await.as_deref(), Some("1"));
    let say = async |word: &str| {
        let word = Interest::named(word).unwrap();
        touches::interest(scene.pool(), address, word, Some("one"), None, None, NOW).await.unwrap()
    };
    let won = say("won").await;
    assert_eq!(scene.value(interest).await.as_deref(), Some("4"));
    take_in(&scene, &[told("lead_not_interested", FIRST, address, 90_000)], 1).await;
    assert_eq!(scene.value(interest).await.as_deref(), Some("4"), "however late the machine speaks");
    assert_eq!(scene.value("select lead_status from leads").await.as_deref(), Some("converted"));
    touches::undo(scene.pool(), Some(won.event_id), None, NOW).await.unwrap();
    assert_eq!(scene.value(interest).await.as_deref(), Some("-1"));
    say("none").await;
    assert_eq!(scene.value(interest).await, None, "none is not out of office");
    assert_eq!(scene.count("events where event_type = 'interest_changed'").await, 5, "the history stays");
    assert_settled(&scene).await;
}

#[tokio::test]
async fn what_people_wrote_into_an_enrollment_stays_and_the_rest_follows() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let address = "ann@ann.example.com";
    take_in(&scene, &[told("email_sent", FIRST, address, 0)], 1).await;
    scene.execute("update campaign_leads m set email_status = 'failed', overall_status = 'converted' from campaigns c where c.id = m.campaign_id and c.campaign_name = 'one'").await;
    take_in(
        &scene,
        &[told("email_opened", FIRST, address, 1), told("reply_received", SECOND, address, 2)],
        1,
    )
    .await;
    assert_eq!(
        scene.stands(ann).await,
        [
            "calls pending not_scheduled not_started replied reply false",
            "one failed not_scheduled not_started converted reply false",
            "two replied not_scheduled not_started replied reply false",
        ],
        "a stop is no matter of taste: it holds for what was edited, too"
    );
    assert_settled(&scene).await;
    assert!(states::again(scene.pool(), &[ann], NOW).await.unwrap().iter().all(|written| written.rows == 0));
}

#[tokio::test]
async fn two_touches_of_the_same_instant_do_not_shadow_each_other() {
    let mut dumps = Vec::new();
    for turned in [false, true] {
        let scene = Scene::new().await;
        scene.person("ann").await;
        let address = "ann@ann.example.com";
        let mut sent = vec![
            told("reply_received", FIRST, address, 5),
            told("lead_unsubscribed", FIRST, address, 5),
            told("lead_meeting_booked", SECOND, address, 5),
            linked("message_replied", "ann", 5),
        ];
        if turned {
            sent.reverse();
        }
        take_in(&scene, &sent, 1).await;
        assert_eq!(scene.count("events").await, 4);
        assert_eq!(scene.count("touchline.stops where ended_at is null").await, 3, "reply, opt-out, meeting");
        dumps.push(scene.dump().await);
    }
    assert_eq!(dumps[0], dumps[1]);
}

#[tokio::test]
async fn an_enrollment_that_only_a_taken_back_touch_told_of_goes_again() {
    let scene = Scene::new().await;
    scene.execute("insert into leads (first_name, email) values ('new', 'new@example.com')").await;
    let lead = scene.value("select id from leads").await.unwrap().parse().unwrap();
    let mut call = said(lead, Kind::Call, Some(Outcome::Meeting));
    call.campaign = Some("Calls".into());
    touches::log(scene.pool(), &call, None, NOW).await.unwrap();
    assert_eq!(scene.stands(lead).await, ["calls pending completed not_started replied meeting false"]);
    assert_eq!(scene.value("select lead_status from leads").await.as_deref(), Some("qualified"));
    touches::undo(scene.pool(), None, None, NOW).await.unwrap();
    assert_eq!(scene.stands(lead).await, [""; 0]);
    assert_eq!(scene.value("select lead_status from leads").await.as_deref(), Some("new"));
    assert_settled(&scene).await;
}
