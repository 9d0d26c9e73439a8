//! The check of who was contacted and should not have been.

use engine::safety::{self, Kind};

use super::support::{FIRST, SECOND, Scene, linked, take_in, told};

#[tokio::test]
async fn every_case_is_a_row_with_its_evidence_and_an_orderly_account_has_none() {
    let scene = Scene::new().await;
    let (ann, bob, cyd, dan) = (
        scene.person("ann").await,
        scene.person("bob").await,
        scene.person("cyd").await,
        scene.person("dan").await,
    );
    let of = |name: &str| format!("{name}@{name}.example.com");
    take_in(
        &scene,
        &[
            told("email_sent", FIRST, &of("ann"), 0),
            told("reply_received", FIRST, &of("ann"), 60),
            told("email_sent", SECOND, &of("bob"), 0),
        ],
        10,
    )
    .await;
    let orderly = safety::check(scene.pool()).await.unwrap();
    assert_eq!((orderly.unexplained, orderly.cases.len(), orderly.touches), (0, 0, 2), "{orderly:?}");
    take_in(
        &scene,
        &[
            // after her answer, on another channel
            linked("message_sent", "ann", 120),
            // the same step again, and a second campaign
            told("email_sent", SECOND, &of("bob"), 600),
            told("email_sent", FIRST, &of("cyd"), 0),
            told("email_sent", SECOND, &of("cyd"), 60),
            // though he had opted out; and one that crossed
            told("lead_unsubscribed", FIRST, &of("dan"), 10),
            told("email_sent", FIRST, &of("dan"), 12),
            told("email_sent", SECOND, &of("dan"), 5000),
        ],
        10,
    )
    .await;
    let report = safety::check(scene.pool()).await.unwrap();
    let cases = |kind| report.cases.iter().filter(move |case| case.kind == kind).collect::<Vec<_>>();
    let twice = cases(Kind::SameStepTwice);
    assert_eq!(twice.iter().map(|case| case.lead_id).collect::<Vec<_>>(), [bob]);
    assert!(twice[0].evidence_event_id.is_some() && twice[0].explanation.is_none());
    assert_eq!(cases(Kind::TwoCampaigns).iter().map(|case| case.lead_id).collect::<Vec<_>>(), [cyd]);
    let after = cases(Kind::AfterAnAnswer);
    assert!(
        after
            .iter()
            .any(|case| case.lead_id == ann && case.channel == "linkedin" && case.explanation.is_none())
    );
    let suppressed = cases(Kind::ThoughSuppressed);
    assert!(
        suppressed.iter().all(|case| case.lead_id == dan && case.suppression_id.is_some()),
        "{suppressed:?}"
    );
    assert!(
        report.cases.iter().any(|case| case.lead_id == dan && case.explanation.is_some()),
        "what crossed is explained"
    );
    assert!(report.unexplained >= 3 && !report.more);
}
