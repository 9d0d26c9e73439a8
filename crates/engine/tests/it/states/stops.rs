//! What stops a person, where, and for how long.

use engine::states;
use engine::states::stops::{self, Asked};
use engine::suppressions::{self, Ask, Channel};
use engine::touches::{self, Kind, Outcome};
use jiff::SignedDuration;

use super::support::{FIRST, NOW, SECOND, Scene, linked, said, take_in, told};
use crate::roads::support::assert_settled;

#[tokio::test]
async fn an_answer_on_any_channel_stops_every_campaign_of_the_person_and_nobody_else() {
    for answer in ["reply_received", "message_replied"] {
        let scene = Scene::new().await;
        let (ann, bob) = (scene.person("ann").await, scene.person("bob").await);
        let sent = match answer {
            "reply_received" => told(answer, FIRST, "ann@ann.example.com", 10),
            _ => linked("message_replied", "ann", 10),
        };
        take_in(&scene, &[told("email_sent", FIRST, "ann@ann.example.com", 0), sent], 1).await;
        for line in scene.stands(ann).await {
            assert!(line.contains(" replied reply false"), "{answer}: {line}");
        }
        for line in scene.stands(bob).await {
            assert!(line.ends_with("active - true"), "{line}");
        }
        assert_eq!(scene.suppressed().await, [""; 0], "an answer is no opt-out");
        let stop = "select reason || ' ' || channel from touchline.stops where ended_at is null";
        assert_eq!(scene.lines(stop).await, ["reply all"]);
        assert_settled(&scene).await;
    }
}

#[tokio::test]
async fn what_a_machine_wrote_and_out_of_office_stop_nobody() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let address = "ann@ann.example.com";
    let sent = [
        told("email_sent", FIRST, address, 0),
        told("email_opened", FIRST, address, 1),
        told("auto_reply_received", FIRST, address, 2),
        told("lead_out_of_office", FIRST, address, 3),
        told("lead_neutral", SECOND, address, 4),
        linked("connection_accepted", "ann", 5),
    ];
    take_in(&scene, &sent, 2).await;
    assert_eq!(
        scene.stands(ann).await,
        [
            "calls pending not_scheduled connected active - true",
            "one opened not_scheduled not_started active - true",
            "two pending not_scheduled not_started active - true"
        ]
    );
    let interest = "select interest_status from campaign_leads m join campaigns c on c.id = m.campaign_id order by c.campaign_name";
    assert_eq!(scene.values(interest).await, [None, Some("0".into()), None], "none is not out of office");
    assert_eq!(scene.count("touchline.stops").await, 0);
}

/// What came of a call: the stop it makes, what is suppressed by it, and the overall status everywhere.
const OUTCOMES: &[(Outcome, Option<&str>, Option<&str>, &str)] = &[
    (Outcome::Interested, Some("reply"), None, "replied"),
    (Outcome::Callback, Some("reply"), None, "replied"),
    (Outcome::Meeting, Some("meeting"), None, "replied"),
    (Outcome::NotInterested, Some("not_interested"), None, "disqualified"),
    (Outcome::WrongPerson, Some("wrong_person"), None, "disqualified"),
    (Outcome::WrongNumber, Some("wrong_number"), Some("call"), "active"),
    (Outcome::DoNotCall, Some("do_not_call"), Some("call"), "disqualified"),
    (Outcome::DoNotContact, Some("do_not_contact"), Some("all"), "unsubscribed"),
    (Outcome::OptOut, Some("opt_out"), Some("email"), "unsubscribed"),
    (Outcome::Complaint, Some("complaint"), Some("all"), "unsubscribed"),
    (Outcome::Voicemail, None, None, "active"),
    (Outcome::NoAnswer, None, None, "active"),
    (Outcome::Busy, None, None, "active"),
    (Outcome::Failed, None, None, "active"),
    (Outcome::Other, None, None, "active"),
];

#[tokio::test]
async fn each_outcome_of_a_call_does_what_the_rules_say_and_undo_takes_all_of_it_back() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let before = scene.dump().await;
    for (outcome, reason, channel, overall) in OUTCOMES {
        let logged = scene.log(ann, Kind::Call, Some(*outcome)).await;
        let name = outcome.word();
        for line in scene.stands(ann).await {
            let going = format!(" {overall} - true");
            let stopped = format!(" {overall} {} false", reason.unwrap_or_default());
            assert!(line.ends_with(if reason.is_some() { &stopped } else { &going }), "{name}: {line}");
        }
        assert_eq!(logged.followed.stopped.len(), if reason.is_some() { 3 } else { 0 }, "{name}");
        let suppressed: Vec<&str> = logged.followed.suppressions.iter().map(|s| s.channel.as_str()).collect();
        assert_eq!(suppressed, channel.iter().copied().collect::<Vec<_>>(), "{name}");
        if reason.is_some() {
            let gate = &logged.followed.receipts[0];
            assert_eq!(
                (gate.target_kind.as_str(), gate.state.as_str(), gate.red),
                ("touchline", "acknowledged", false)
            );
            let red = logged.followed.receipts.iter().filter(|receipt| receipt.red).count();
            assert!(red >= 2, "{name}: two campaigns at Instantly have to be told");
        }
        let undone = touches::undo(scene.pool(), Some(logged.event_id), None, NOW).await.unwrap();
        assert!(
            !undone.was_undone && undone.enrollments.iter().all(|one| one.stop_reason.is_none()),
            "{name}"
        );
        assert_eq!(scene.dump().await, before, "{name}");
        let again = touches::undo(scene.pool(), Some(logged.event_id), None, NOW).await.unwrap();
        assert!(again.was_undone && again.lifted.is_empty());
        assert_eq!(scene.dump().await, before, "{name}: twice changes nothing");
        let last = touches::undo(scene.pool(), None, None, NOW).await.unwrap();
        assert!(last.was_undone && last.event_id == logged.event_id, "the last one is taken back once");
    }
    assert_settled(&scene).await;
}

#[tokio::test]
async fn what_several_campaigns_link_to_is_told_once() {
    let scene = Scene::new().await;
    scene
        .execute(&format!(
            "insert into campaigns (campaign_name, instantly_campaign_id, vapi_campaign_id, uses_email, uses_calls, campaign_status)
             values ('again', '{FIRST}', 'v1', true, true, 'active'), ('once more', '{FIRST}', 'v1', true, true, 'active')"
        ))
        .await;
    let ann = scene.person("ann").await;
    let logged = scene.log(ann, Kind::Call, Some(Outcome::DoNotContact)).await;
    assert_eq!(logged.followed.stopped.len(), 5);
    let targets = "select target_kind || ' ' || target_id || ' ' || state from touchline.stop_receipts
                    where target_id = 'v1' or target_kind in ('instantly', 'touchline') order by 1";
    assert_eq!(
        scene.lines(targets).await,
        [
            format!("instantly {FIRST} waiting"),
            format!("instantly {SECOND} waiting"),
            "touchline gate acknowledged".into(),
            "vapi v1 waiting".into(),
        ]
    );
    assert_settled(&scene).await;
}

#[tokio::test]
async fn undoing_one_of_two_reasons_leaves_the_other_standing() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let first = scene.log(ann, Kind::Call, Some(Outcome::DoNotCall)).await;
    let second = scene.log(ann, Kind::Call, Some(Outcome::DoNotCall)).await;
    assert!(second.followed.stopped.is_empty(), "it had stopped already");
    touches::undo(scene.pool(), Some(first.event_id), None, NOW).await.unwrap();
    assert!(scene.stands(ann).await.iter().all(|line| line.ends_with("disqualified do_not_call false")));
    assert_eq!(scene.suppressed().await.len(), 1);
    touches::undo(scene.pool(), Some(second.event_id), None, NOW).await.unwrap();
    assert!(scene.stands(ann).await.iter().all(|line| line.ends_with("active - true")));
    assert_eq!(scene.suppressed().await.len(), 0);
    assert_eq!(
        scene.count("touchline.stop_receipts where state = 'waiting'").await,
        0,
        "nobody has to be told any more"
    );
}

#[tokio::test]
async fn a_bounce_suppresses_the_address_an_opt_out_the_person_and_a_sync_lifts_neither() {
    let scene = Scene::new().await;
    let (ann, bob) = (scene.person("ann").await, scene.person("bob").await);
    let sent = [
        told("email_bounced", FIRST, "ann@ann.example.com", 1),
        told("lead_unsubscribed", FIRST, "bob@bob.example.com", 2),
        told("lead_unsubscribed", FIRST, "nobody@known.example.com", 3),
    ];
    take_in(&scene, &sent, 3).await;
    assert_eq!(
        scene.suppressed().await,
        [
            "email hard_bounce address ann@ann.example.com",
            "email opt_out person bob@bob.example.com",
            "email opt_out person nobody@known.example.com"
        ]
    );
    let why = suppressions::why_not(scene.pool(), ann, Some(Channel::Email)).await.unwrap();
    assert_eq!(why.iter().map(|why| why.kind.as_str()).collect::<Vec<_>>(), ["suppressed", "stopped"]);
    let free = suppressions::why_not(scene.pool(), ann, Some(Channel::Call)).await.unwrap();
    assert!(free.iter().all(|why| why.kind == "stopped"), "{free:?}");
    // Another address that nothing is known against frees her, not him.
    for (lead, name) in [(ann, "ann"), (bob, "bob")] {
        scene
            .execute(&format!("insert into lead_identities (identity_kind, identity_value, lead_id) values ('email', '{name}@other.example.com', '{lead}')"))
            .await;
    }
    let suppressed = async |lead| {
        let why = suppressions::why_not(scene.pool(), lead, Some(Channel::Email)).await.unwrap();
        why.iter().any(|why| why.kind == "suppressed")
    };
    assert!(!suppressed(ann).await && suppressed(bob).await);
    // Lifted by a person, it stays lifted whatever comes again.
    let ids = scene.lines("select id from suppressions").await;
    for id in ids {
        suppressions::lift(scene.pool(), id.parse().unwrap(), "asked us to", None, NOW).await.unwrap();
    }
    take_in(&scene, &sent, 1).await;
    assert_settled(&scene).await;
    assert_eq!(scene.suppressed().await.len(), 0);
    // A new bounce is new evidence.
    take_in(&scene, &[told("lead_unsubscribed", SECOND, "bob@bob.example.com", 400)], 1).await;
    assert_eq!(scene.suppressed().await, ["email opt_out person bob@bob.example.com"]);
}

#[tokio::test]
async fn a_follow_up_that_was_promised_outlives_the_stop_and_what_was_planned_before_comes_back_with_undo() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    let due = NOW + SignedDuration::from_hours(72);
    let mut callback = said(ann, Kind::Call, Some(Outcome::Callback));
    callback.follow_up_at = Some(due);
    let logged = touches::log(scene.pool(), &callback, None, NOW).await.unwrap();
    // Without a campaign it is the call's of the one that calls; there it is due, elsewhere nothing is any more.
    assert_eq!(logged.campaign_name.as_deref(), Some("calls"));
    let due_at = "select c.campaign_name || ' ' || coalesce(to_char(next_followup_at at time zone 'UTC', 'MM-DD'), '-')
                    from campaign_leads m join campaigns c on c.id = m.campaign_id order by 1";
    assert_eq!(scene.lines(due_at).await, ["calls 11-26", "one -", "two -"]);
    take_in(&scene, &[told("reply_received", FIRST, "ann@ann.example.com", 10)], 1).await;
    assert_settled(&scene).await;
    let undone = touches::undo(scene.pool(), None, None, NOW).await.unwrap();
    assert_eq!(undone.event_id, logged.event_id);
    assert!(undone.enrollments.iter().all(|one| one.stop_reason.as_deref() == Some("reply")), "{undone:?}");
    assert_eq!(scene.lines(due_at).await, ["calls -", "one -", "two -"], "her mail still stops everything");
}

#[tokio::test]
async fn a_stop_of_one_stops_the_whole_company_where_people_want_that() {
    for by_workspace in [true, false] {
        let scene = Scene::new().await;
        let (ann, bob, eve) =
            (scene.person("ann").await, scene.person("bob").await, scene.person("eve").await);
        scene.execute("update leads set company_id = (select company_id from leads where first_name = 'ann') where first_name = 'bob'").await;
        if by_workspace {
            states::stop_company(scene.pool(), true, NOW).await.unwrap();
        } else {
            scene.execute("update campaigns set stops_company = true where campaign_name = 'two'").await;
        }
        let logged = scene.log(ann, Kind::Call, Some(Outcome::NotInterested)).await;
        let colleagues = scene.stands(bob).await;
        let stopped = colleagues.iter().filter(|line| line.contains("not_interested")).count();
        assert_eq!(stopped, if by_workspace { 3 } else { 1 }, "{colleagues:?}");
        assert!(scene.stands(eve).await.iter().all(|line| line.ends_with("active - true")));
        assert!(
            colleagues.iter().all(|line| line.contains(" active ")),
            "a colleague has said nothing: {colleagues:?}"
        );
        assert_settled(&scene).await;
        touches::undo(scene.pool(), Some(logged.event_id), None, NOW).await.unwrap();
        assert!(scene.stands(bob).await.iter().all(|line| line.ends_with("active - true")));
        assert_settled(&scene).await;
    }
}

#[tokio::test]
async fn a_person_lets_somebody_go_on_and_what_is_said_from_then_on_stops_them_again() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    take_in(&scene, &[told("reply_received", FIRST, "ann@ann.example.com", 10)], 1).await;
    let later = NOW + SignedDuration::from_mins(1);
    let resumed =
        touches::resume(scene.pool(), "ann@ann.example.com", None, None, None, later).await.unwrap();
    assert_eq!(resumed.enrollments.len(), 3);
    assert!(scene.stands(ann).await.iter().all(|line| line.contains(" - ")));
    assert_eq!(scene.count("touchline.stops where ended_at is null").await, 0);
    take_in(&scene, &[told("email_opened", FIRST, "ann@ann.example.com", 11)], 1).await;
    assert!(
        scene.stands(ann).await.iter().all(|line| line.contains(" - ")),
        "the same answer again is no news"
    );
    let mut call = said(ann, Kind::Call, Some(Outcome::Meeting));
    call.at = None;
    let even_later = later + SignedDuration::from_mins(1);
    touches::log(scene.pool(), &call, None, even_later).await.unwrap();
    assert!(scene.stands(ann).await.iter().all(|line| line.contains(" meeting ")));
    touches::undo(scene.pool(), None, None, even_later).await.unwrap();
    touches::undo(scene.pool(), resumed.event_id, None, even_later).await.unwrap();
    assert!(scene.stands(ann).await.iter().all(|line| line.contains(" reply ")), "the answer counts again");
    assert_settled(&scene).await;
}

#[tokio::test]
async fn a_word_on_the_list_holds_for_people_addresses_and_companies_once_and_again() {
    let scene = Scene::new().await;
    let (ann, bob) = (scene.person("ann").await, scene.person("bob").await);
    let ask = |who: &str, channel| Ask {
        who: who.into(),
        channel,
        reason: "do-not-contact".into(),
        note: None,
        company: false,
    };
    let suppress = async |ask: &Ask| suppressions::suppress(scene.pool(), ask, None, NOW).await;
    let first = suppress(&ask("Ann@ann.example.com", Channel::All)).await.unwrap();
    assert_eq!(
        suppress(&ask("ann@ann.example.com", Channel::All)).await.unwrap().id,
        first.id,
        "twice is once"
    );
    assert!(scene.stands(ann).await.iter().all(|line| line.contains("manual false")), "all of it stops");
    scene.execute("update companies set company_domain = 'example.com' where company_name = 'bob'").await;
    suppress(&ask("bob.example.com", Channel::Email)).await.unwrap();
    let why = suppressions::why_not(scene.pool(), bob, Some(Channel::Email)).await.unwrap();
    assert_eq!(why[0].kind, "suppressed", "by the domain of the company");
    suppress(&ask("later@known.example.com", Channel::All)).await.unwrap();
    scene.execute("insert into leads (first_name, email) values ('late', 'later@known.example.com')").await;
    let late = scene.value("select id from leads where first_name = 'late'").await.unwrap().parse().unwrap();
    assert!(
        !suppressions::why_not(scene.pool(), late, None).await.unwrap().is_empty(),
        "also who comes later"
    );
    for wrong in ["gmail.com", "nobody", "00000000-0000-0000-0000-000000000000"] {
        assert!(suppress(&ask(wrong, Channel::All)).await.is_err(), "{wrong}");
    }
    suppressions::lift(scene.pool(), first.id, "a mistake", None, NOW).await.unwrap();
    assert_eq!(
        suppress(&ask("ann@ann.example.com", Channel::All)).await.unwrap().id,
        first.id,
        "holds again"
    );
    assert_settled(&scene).await;
}

#[tokio::test]
async fn each_receipt_is_handed_over_once_and_its_answer_is_kept() {
    let scene = Scene::new().await;
    let ann = scene.person("ann").await;
    scene.log(ann, Kind::Call, Some(Outcome::NotInterested)).await;
    assert_eq!(stops::red(scene.pool()).await.unwrap(), 3, "Instantly twice, the calls once");
    let soon = NOW + SignedDuration::from_secs(2);
    let first = stops::next(scene.pool(), "instantly", soon).await.unwrap().unwrap();
    let second = stops::next(scene.pool(), "instantly", soon).await.unwrap().unwrap();
    assert!(first.id != second.id && first.contact_address.as_deref() == Some("ann@ann.example.com"));
    assert_eq!(stops::next(scene.pool(), "instantly", soon).await.unwrap(), None, "nothing waits");
    let told = stops::answered(scene.pool(), first.id, true, "200", soon).await.unwrap();
    assert_eq!((told.state.as_str(), told.red, told.milliseconds), ("acknowledged", false, Some(2000)));
    let again = stops::answered(scene.pool(), first.id, false, "500", soon).await.unwrap();
    assert_eq!(again.state, "acknowledged", "it had answered");
    let failed = stops::answered(scene.pool(), second.id, false, "503", soon).await.unwrap();
    assert!(failed.red);
    assert_eq!(stops::next(scene.pool(), "instantly", soon).await.unwrap(), None, "not at once again");
    let retried =
        stops::next(scene.pool(), "instantly", soon + SignedDuration::from_mins(3)).await.unwrap().unwrap();
    assert_eq!((retried.id, retried.attempts), (second.id, 2));
    let page = stops::list(scene.pool(), &Asked { all: true, ..Asked::default() }, 2).await.unwrap();
    assert!(page.receipts[0].red && page.next.is_some(), "red first");
}
