//! What a world is made of, and that it is the same each time.

use std::collections::BTreeSet;

use simulator::{Kind, Options, Size, World};

fn world(size: Size, seed: u64) -> World {
    World::new(&Options { size, seed, ..Options::default() })
}

fn print(world: &World) -> String {
    let kinds = [Kind::Campaign, Kind::Account, Kind::Lead, Kind::Email, Kind::Label];
    let records: Vec<_> = kinds.iter().map(|kind| world.records(*kind)).collect();
    serde_json::to_string(&(records, world.analytics(), world.analytics_daily(None, None, None))).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_world_and_another_seed_another() {
    assert!(print(&world(Size::small(), 3)) == print(&world(Size::small(), 3)));
    assert!(print(&world(Size::small(), 3)) != print(&world(Size::small(), 4)));
    let (a, b) = (world(Size::mails(500, 2_000), 1), world(Size::mails(500, 2_000), 1));
    assert!(print(&a) == print(&b));
}

#[test]
fn a_small_world_is_small_and_holds_every_awkward_case() {
    for seed in 1..15 {
        // Another weekday each time.
        let options = Options { seed, ..Options::default() };
        options.clock.advance(std::time::Duration::from_secs(seed * 86_400));
        let world = World::new(&options);
        assert_eq!(world.campaigns().len(), 3, "two and a draft");
        assert_eq!(world.leads().len(), 40);
        assert!((75..=130).contains(&world.email_count()), "{} mails", world.email_count());
        let all = print(&world);
        assert!(all.contains("\\u0000"), "seed {seed} has no U+0000");
        for word in
            ["mailer-daemon@", "+ops@", "future_field", "priority_score", "\"ue_type\":3", "\"is_unread\":"]
        {
            assert!(all.contains(word), "seed {seed} lacks {word}");
        }
        let statuses: BTreeSet<i64> =
            world.leads().values().map(|lead| lead["status"].as_i64().unwrap()).collect();
        for status in [-3, -2, -1, 1, 3] {
            assert!(statuses.contains(&status), "seed {seed} has no lead of status {status}");
        }
        let interests: BTreeSet<i64> =
            world.leads().values().filter_map(|lead| lead.get("lt_interest_status")?.as_i64()).collect();
        for interest in [-1, 1, 7] {
            assert!(interests.contains(&interest), "seed {seed} has no interest {interest}: {interests:?}");
        }
        assert!(world.leads().values().any(|lead| lead.get("lt_interest_status").is_none()));
        assert!(world.leads().values().any(|lead| lead["email"].is_null() && lead["campaign"].is_null()));
        assert!(world.leads().values().any(|lead| lead["email"].is_string() && lead["first_name"].is_null()));
        let addresses: Vec<&str> = world.leads().values().filter_map(|lead| lead["email"].as_str()).collect();
        let different: BTreeSet<&&str> = addresses.iter().collect();
        assert!(different.len() < addresses.len(), "nobody is in two campaigns");
        let strangers = world.emails().filter(|mail| mail["ue_type"] == 2 && mail["lead"].is_null());
        assert!(strangers.count() > 0);
        let elsewhere = world.emails().filter(|mail| {
            mail["ue_type"] == 2
                && mail["lead"].is_string()
                && mail["from_address_email"] != mail["lead"]
                && !mail["from_address_email"].as_str().unwrap().starts_with("mailer-daemon@")
        });
        assert!(elsewhere.count() > 0);
    }
}

#[test]
fn the_demo_world_is_worth_looking_at() {
    let world = world(Size::demo(), 1);
    let kinds = |kind: i64| world.emails().filter(|mail| mail["ue_type"] == kind).count();
    println!(
        "{} mails: {} sent, {} received, {} by hand, {} scheduled",
        world.email_count(),
        kinds(1),
        kinds(2),
        kinds(3),
        kinds(4)
    );
    assert_eq!(world.campaigns().len(), 4);
    assert_eq!(world.leads().len(), 500);
    assert!((1_600..=2_200).contains(&world.email_count()), "{} mails", world.email_count());
    assert!(kinds(3) > 10 && kinds(4) > 2);
}

#[test]
fn addresses_stay_on_reserved_domains() {
    let world = world(Size::demo(), 1);
    // A preview may end in the middle of an address.
    let mails = world.emails().map(|mut mail| {
        mail["content_preview"].take();
        mail.to_string()
    });
    let leads = world.leads().values().map(ToString::to_string);
    let all = mails.chain(leads).collect::<Vec<_>>().join("\n");
    for (place, _) in all.match_indices('@') {
        let domain: String = all[place + 1..]
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || ".-".contains(*letter))
            .collect();
        let domain = domain.trim_end_matches(['.', '-']);
        let reserved =
            ["example.com", "example.org", "example.net"].iter().any(|known| domain.ends_with(known));
        assert!(reserved || domain.ends_with(".test"), "@{domain}");
    }
}

#[test]
fn bulk_mails_have_about_the_size_that_was_asked_for() {
    let world = world(Size::mails(2_000, 3_000), 1);
    assert_eq!(world.email_count(), 2_000);
    let sizes: Vec<usize> = world.emails().map(|mail| mail.to_string().len()).collect();
    let mean = sizes.iter().sum::<usize>() / sizes.len();
    assert!((2_700..=3_300).contains(&mean), "{mean} bytes");
    let ids: BTreeSet<String> = world.emails().map(|mail| mail["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2_000);
}
