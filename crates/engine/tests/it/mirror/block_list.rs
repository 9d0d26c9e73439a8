//! The workspace's block list: whom it names is not written to, and what leaves the list lifts nothing.

use engine::suppressions::{self, Asked, Channel};
use jiff::Timestamp;
use simulator::Size;
use uuid::Uuid;

use super::support::{Mirror, receipt};

/// Two people of different companies: their addresses, and their ids once they are known.
async fn people(mirror: &Mirror) -> [(String, Uuid); 2] {
    mirror.sync().await;
    let rows: Vec<(String, Uuid)> = sqlx::query_as(
        "select email, id from leads l
          where email like '%@%.test' and email not like '%+%'
            and not exists (select from lead_stops s where s.lead_id = l.id)
          order by email",
    )
    .fetch_all(mirror.pool())
    .await
    .unwrap();
    let domain = |address: &str| address.split_once('@').unwrap().1.to_owned();
    let first = rows[0].clone();
    let second = rows.iter().find(|row| domain(&row.0) != domain(&first.0)).unwrap().clone();
    [first, second]
}

/// Why this person must not be touched there.
async fn against(mirror: &Mirror, lead: Uuid, channel: Channel) -> Vec<String> {
    let reasons = suppressions::why_not(mirror.pool(), lead, Some(channel)).await.unwrap();
    reasons.into_iter().map(|why| why.reason).collect()
}

#[tokio::test]
async fn who_stands_on_the_block_list_gets_no_mail_until_a_person_lifts_it() {
    let mirror = Mirror::of(Size::small()).await;
    let [(address, by_address), (other, by_domain)] = people(&mirror).await;
    let domain = other.split_once('@').unwrap().1;
    let entry = mirror.sim.world(|world| {
        world.block_now(&domain.to_uppercase());
        world.block_now(&format!(" {} ", address.to_uppercase()))
    });
    mirror.sync().await;
    for lead in [by_address, by_domain] {
        assert_eq!(against(&mirror, lead, Channel::Email).await, ["block_list"]);
        assert_eq!(against(&mirror, lead, Channel::Call).await, [""; 0], "it is about mail");
    }

    // The same again adds nothing; what leaves the list lifts nothing.
    let count = mirror.count("suppressions").await;
    mirror.sim.world(|world| assert!(world.unblock(&entry)));
    assert_eq!(receipt(&mirror.sync().await, "block_list").new, 0);
    assert_eq!(against(&mirror, by_address, Channel::Email).await, ["block_list"]);
    assert_eq!(mirror.count("suppressions").await, count);

    // What a person lifts stays lifted, until the workspace blocks it anew.
    let asked = Asked { who: Some(address.clone()), ..Asked::default() };
    let page = suppressions::list(mirror.pool(), &asked, 10).await.unwrap();
    let now = Timestamp::now();
    suppressions::lift(mirror.pool(), page.suppressions[0].id, "by mistake", None, now).await.unwrap();
    mirror.sync().await;
    assert_eq!(engine::normalise::rebuild(mirror.pool(), now, true).await.unwrap().differences, []);
    assert_eq!(against(&mirror, by_address, Channel::Email).await, [""; 0]);
    mirror.sim.world(|world| world.block_now(&address));
    mirror.sync().await;
    assert_eq!(against(&mirror, by_address, Channel::Email).await, ["block_list"]);
}
