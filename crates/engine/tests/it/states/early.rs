//! A no that was said before anybody knew the person, or of a number that is nobody's key: it holds once they are here.

use std::io::Cursor;

use engine::campaigns;
use engine::clock::Clock;
use engine::import::{self, Input, Options};
use engine::queue::{self, Asked};
use engine::suppressions::{self, Ask, Channel};
use engine::sync::Stop;
use jiff::SignedDuration;
use uuid::Uuid;

use super::support::{FIRST, NOW, Scene, take_in, told};

async fn import(scene: &Scene, list: &str) -> import::Report {
    let source = Box::new(Cursor::new(list.as_bytes().to_vec()));
    let input = Input::Stream { name: "list.csv".into(), source };
    let clock = Clock::new(|| NOW);
    let imported =
        import::import(scene.pool(), input, &Options::default(), &clock, &Stop::never(), &()).await;
    imported.unwrap().report
}

/// Puts everybody into the campaign of calls, and says whom the queue would have called within a month.
async fn due_calls(scene: &Scene) -> Vec<String> {
    let campaign: Uuid =
        scene.value("select id from campaigns where campaign_name = 'calls'").await.unwrap().parse().unwrap();
    let leads = scene.lines("select id::text from leads order by email").await;
    campaigns::add_members(scene.pool(), campaign, &leads, None, NOW).await.unwrap();
    let asked = Asked {
        until: NOW + SignedDuration::from_hours(30 * 24),
        channel: None,
        campaign_id: None,
        waiting: false,
    };
    let page = queue::list(scene.pool(), asked, None, 500, NOW).await.unwrap();
    let calls = page.items.into_iter().filter(|line| line.channel == "call");
    let mut names: Vec<String> = calls.filter_map(|line| line.first_name).collect();
    names.sort();
    names
}

#[tokio::test]
async fn who_opted_out_before_they_were_on_a_list_is_never_due() {
    let scene = Scene::new().await;
    take_in(&scene, &[told("lead_unsubscribed", FIRST, "ada@quillworks.example.com", 0)], 10).await;
    let report = import(
        &scene,
        "First Name,Last Name,Email,Phone\n\
         Ada,Quill,Ada@QuillWorks.example.com,+1 202 555 0101\n\
         Ben,Marsh,ben@quillworks.example.com,+1 202 555 0102\n",
    )
    .await;
    assert_eq!(report.notes.get("must_not_be_contacted"), Some(&1));
    let of = "select count(*) from events e join leads l on l.id = e.lead_id where l.first_name = 'Ada'";
    assert_eq!(scene.value(of).await.as_deref(), Some("1"), "her word is hers");
    assert_eq!(due_calls(&scene).await, ["Ben"]);
    let stands = "select overall_status || ' ' || stop_reason from campaign_leads m join campaigns c on c.id = m.campaign_id
                   join leads l on l.id = m.lead_id where l.first_name = 'Ada' and c.campaign_name = 'calls'";
    assert_eq!(scene.lines(stands).await, ["unsubscribed opt_out"]);
}

#[tokio::test]
async fn a_suppressed_number_holds_up_whoever_it_would_be_dialled_for_however_it_is_written() {
    let scene = Scene::new().await;
    let ask = Ask {
        who: "+1 (509) 555-0111".into(),
        channel: Channel::Call,
        reason: "do-not-call".into(),
        note: None,
        company: false,
    };
    suppressions::suppress(scene.pool(), &ask, None, NOW).await.unwrap();
    let report = import(
        &scene,
        "First Name,Last Name,Email,Phone\n\
         A,Plain,a@one.example.com,+15095550111\n\
         B,Dashes,b@two.example.com,1-509-555-0111\n\
         C,Zeros,c@three.example.com,0015095550111\n\
         D,Local,d@four.example.com,(509) 555-0111\n\
         E,Other,e@five.example.com,+1 509 555 0112\n\
         F,Abroad,f@six.example.com,+44 1509 555 0111\n\
         G,Elsewhere,g@seven.example.com,(212) 555-0111\n",
    )
    .await;
    assert_eq!(report.notes.get("must_not_be_contacted"), Some(&4));
    assert_eq!(due_calls(&scene).await, ["E", "F", "G"]);
}
