//! `kill -9` of our process while the vendor's world goes on: the same changes in two worlds, one pulled in peace
//! after each of them, one under fire.

use std::time::Instant;

use serde_json::json;
use simulator::World;

use crate::process_kills::{Tally, killed, undisturbed};
use crate::support::dump::{difference, dump};
use crate::support::{self, moment, run, setting, state, sync, world};

/// Changes of the world for each database, with a kill before and after each.
const CHANGES: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_while_the_world_goes_on_lose_and_double_nothing() {
    let mut dice = support::dice();
    let wanted = (setting("TOUCHLINE_KILLS", 25) * 2).div_ceil(5);
    let began = Instant::now();
    let (_, pace) = undisturbed().await;

    let mut tally = Tally::default();
    while tally.kills < wanted {
        let (quiet_vendor, vendor) = (world().await, world().await);
        let (quiet, database) = tokio::join!(support::database(), support::database());
        let (mut first, mut second) = (sync(&quiet, &quiet_vendor), sync(&database, &vendor));
        let (first, second) = tokio::join!(run(&mut first), run(&mut second));
        first.expect(0);
        second.expect(0);
        for number in 0..CHANGES {
            killed(&database, &vendor, moment(&mut dice, pace.again), &mut tally).await;
            for world in [&quiet_vendor, &vendor] {
                world.world(|world| change(world, number));
            }
            let mut in_peace = sync(&quiet, &quiet_vendor);
            let under_fire = killed(&database, &vendor, moment(&mut dice, pace.again), &mut tally);
            let (in_peace, _) = tokio::join!(run(&mut in_peace), under_fire);
            in_peace.expect(0);
        }
        // It goes on in the middle of walks that began before the last change, and still knows all at its end.
        run(&mut sync(&database, &vendor)).await.expect(0);
        state::mirrors(database.pool(), &vendor).await;
        let (expected, found) = (dump(quiet.pool()).await, dump(database.pool()).await);
        // A version that came and went between two pulls is in the history of one of them only.
        assert_eq!(difference(&expected, &found, &["raw_history"]), "");
        assert!(expected["raw_history"].len() >= CHANGES, "nothing changed, so nothing was tried");
        state::history_is_a_chain(database.pool()).await;
        tally.of_runs += state::settled(database.pool()).await;
    }
    eprintln!("{tally:?}, {:.1} s, a run takes {:?}", began.elapsed().as_secs_f64(), pace.again);
    assert!(tally.in_the_middle * 2 >= tally.kills, "the kills came too late: {tally:?}");
}

/// Some of everything that can happen to a workspace. The same in each world of the same history.
fn change(world: &mut World, number: usize) {
    let leads: Vec<String> = world.leads().keys().cloned().collect();
    let campaigns: Vec<String> = world.campaigns().keys().cloned().collect();
    let accounts: Vec<String> = world.accounts().keys().cloned().collect();
    let lead = |index: usize| leads[(number * 31 + index * 7) % leads.len()].as_str();
    for campaign in &campaigns {
        world.add_lead(campaign);
        world.touch_campaign(campaign);
    }
    world.add_send(lead(0));
    world.add_reply(lead(1));
    world.add_refusal(lead(2));
    world.add_reply_from_other_mailbox(lead(3));
    world.add_auto_reply(lead(4));
    world.add_reply_from_stranger();
    world.set_interest(lead(5), 2);
    world.add_open(lead(6));
    world.edit_lead(lead(7), |fields| {
        fields.insert("first_name".into(), json!(format!("Change {number}")));
    });
    world.edit_account(&accounts[number % accounts.len()], |fields| {
        fields.insert("stat_warmup_score".into(), json!(60 + number));
    });
    assert!(world.delete_lead(lead(8)));
}
