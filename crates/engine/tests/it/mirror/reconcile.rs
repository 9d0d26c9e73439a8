//! Our totals beside the vendor's own: what matches, what cannot be compared and why, and what nothing explains.

use engine::reconcile::{self, Total, Verdict};
use simulator::Size;

use super::support::Mirror;

fn of<'a>(totals: &'a [Total], metric: &str) -> Vec<&'a Total> {
    totals.iter().filter(|total| total.metric == metric).collect()
}

#[tokio::test]
async fn after_a_sync_every_total_matches_or_says_why_not() {
    let mirror = Mirror::of(Size::small()).await;
    assert_eq!(reconcile::compare(mirror.pool(), mirror.clock.now()).await.unwrap().totals, []);
    mirror.sync().await;
    let found = reconcile::compare(mirror.pool(), mirror.clock.now()).await.unwrap();
    assert_eq!(found.different, 0, "{:#?}", &found.totals[..found.different]);
    for metric in ["leads_count", "emails_sent_count", "reply_count", "reply_count_automatic", "daily_sent"] {
        let totals = of(&found.totals, metric);
        assert!(!totals.is_empty(), "{metric}");
        assert!(totals.iter().all(|total| total.verdict == Verdict::Same), "{totals:#?}");
    }
    let opens = of(&found.totals, "open_count_unique");
    assert!(opens.iter().any(|total| total.vendor > 0 && total.verdict == Verdict::NotComparable));
    assert!(found.totals.iter().all(|t| t.verdict == Verdict::Same || t.why.is_some()));
    assert_eq!(found.same + found.not_comparable, found.totals.len());
    let kept = reconcile::latest(mirror.pool()).await.unwrap().unwrap();
    assert_eq!((kept.id, kept.totals), (found.id, found.totals));
}

#[tokio::test]
async fn a_loss_that_nothing_explains_is_named_with_its_repair() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    mirror
        .execute(
            "delete from events where id in (
               select e.id from events e join campaigns c on c.id = e.campaign_id
                where e.event_type = 'email_sent' and c.instantly_campaign_id is not null
                order by e.event_timestamp desc limit 1)",
        )
        .await;
    let found = reconcile::compare(mirror.pool(), mirror.clock.now()).await.unwrap();
    let missing = &found.totals[0];
    assert_eq!((missing.verdict, missing.delta, missing.comparable), (Verdict::Different, -1, true));
    assert!(missing.repair.is_some() && missing.why.is_some(), "{missing:?}");
}

#[tokio::test]
async fn what_explains_a_difference_makes_it_not_comparable() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    for (change, metric, said) in [
        (
            "update touchline.streams set walked_to_end_at = null where stream = 'emails';
             update instantly_campaigns_raw set raw_json = jsonb_set(raw_json, '{emails_sent_count}', '999999')",
            "emails_sent_count",
            "still filling",
        ),
        (
            "update touchline.streams set walked_to_end_at = walked_to_end_at - interval '90 minutes' where stream = 'leads';
             update instantly_campaigns_raw set raw_json = jsonb_set(raw_json, '{leads_count}', '999999')",
            "leads_count",
            "minutes newer than our leads",
        ),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(change.to_owned())).execute(mirror.pool()).await.unwrap();
        let found = reconcile::compare(mirror.pool(), mirror.clock.now()).await.unwrap();
        let totals = of(&found.totals, metric);
        assert!(
            totals
                .iter()
                .all(|t| t.verdict == Verdict::NotComparable && t.why.as_ref().unwrap().contains(said)),
            "{totals:#?}"
        );
    }
}
