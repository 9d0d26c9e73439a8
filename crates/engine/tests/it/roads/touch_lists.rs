//! Lists of LinkedIn touches: every form of export, sums that add up, the same rows as by webhook.

use engine::import::{Input, Refusal};
use engine::sync::Stop;
use engine::touch_lists::{self, Options, Report};

use super::support::{Sent, assert_settled, fixture, take_in};
use crate::mirror::support::Store;

async fn import_as(
    store: &Store,
    name: &str,
    bytes: impl Into<Vec<u8>>,
    options: &Options,
) -> engine::Result<Report> {
    let bytes: Vec<u8> = bytes.into();
    let input = Input::Stream { name: name.into(), source: Box::new(std::io::Cursor::new(bytes)) };
    let clock = engine::clock::Clock::new(|| super::support::NOW);
    let report = touch_lists::import(store.pool(), input, options, &clock, &Stop::never()).await?;
    assert_eq!(report.rows, report.stored + report.repeated + report.rejected, "{report:?}");
    assert_eq!(report.rejected, report.reasons.values().sum::<u64>(), "{report:?}");
    Ok(report)
}

async fn import(store: &Store, name: &str, bytes: impl Into<Vec<u8>>) -> Report {
    import_as(store, name, bytes, &Options::default()).await.unwrap()
}

async fn events(store: &Store) -> Vec<String> {
    let sql = "select concat_ws(' ', event_type, contact_address, event_timestamp at time zone 'UTC', linkedin_message_text)
                 from events order by event_timestamp, event_type";
    store.values(sql).await.into_iter().flatten().collect()
}

const GENERIC: &str = "Event;Date;LinkedIn URL;Email;Sender;Campaign;Message
connection_sent;2026-05-01 08:00;https://www.linkedin.com/in/fixture-ada-quill;ada.quill@example.com;nia;Q2 founders;
Message Replied;2026-05-02;linkedin.com/in/fixture-ada-quill;;nia;Q2 founders;Sounds good
message_sent;2026-05-01;;bo@example.com;nia;Q2 founders;\"Hi; Bo\"
message_sent;2026-05-01;;bo@example.com;nia;Q2 founders;\"Hi; Bo\"
followed;soon;;bo@example.com;;;
followed;2026-05-03;;;;;
;2026-05-03;;bo@example.com;;;
Poked;2026-05-04;;bo@example.com;;;
";

#[tokio::test]
async fn each_row_is_stored_repeated_or_rejected_with_a_reason_and_again_changes_nothing() {
    let store = Store::new().await;
    let rehearsed =
        import_as(&store, "touches.csv", GENERIC, &Options { dry_run: true, ..Options::default() })
            .await
            .unwrap();
    assert_eq!(store.count("linkedin_events_raw").await, 0);
    let report = import(&store, "touches.csv", GENERIC).await;
    assert_eq!((report.stored, report.repeated, report.rejected), (4, 1, 3), "{report:?}");
    assert_eq!((rehearsed.stored, rehearsed.repeated, &rehearsed.rejects), (4, 1, &report.rejects));
    let rejects: Vec<(u64, &str)> =
        report.rejects.iter().map(|reject| (reject.line, reject.reason)).collect();
    assert_eq!(rejects, [(6, "date_unreadable"), (7, "nobody"), (8, "no_event")]);
    assert_eq!(
        events(&store).await,
        [
            "message_sent bo@example.com 2026-05-01 00:00:00 Hi; Bo",
            "connection_sent in/fixture-ada-quill 2026-05-01 08:00:00",
            "message_replied in/fixture-ada-quill 2026-05-02 00:00:00 Sounds good",
            "other bo@example.com 2026-05-04 00:00:00",
        ]
    );
    let before = store.rows_as_they_lie().await;
    let again = import(&store, "touches.csv", GENERIC).await;
    assert_eq!((again.stored, again.repeated, again.rejected), (0, 5, 3));
    assert_eq!(store.rows_as_they_lie().await, before);
    assert_settled(&store).await;
}

#[tokio::test]
async fn linkedins_own_connections_are_connections_accepted() {
    let store = Store::new().await;
    let list =
        std::fs::read(super::support::fixtures("csv").join("32_linkedin_connections_notes.csv")).unwrap();
    let report = import(&store, "Connections.csv", list).await;
    assert!(report.stored > 0 && report.rejected == 0, "{report:?}");
    let events = events(&store).await;
    assert!(events.iter().all(|event| event.starts_with("connection_accepted in/")), "{events:?}");
    assert_eq!(events[0], "connection_accepted in/fixture-quill 2026-05-01 00:00:00");
}

#[tokio::test]
async fn exports_of_tools_are_known_by_their_headers() {
    let store = Store::new().await;
    // A person a row, with the time of each touch.
    let people = "first_name,last_name,profile_link,email,invited_at,connected_at,last_received_message,last_received_message_datetime,campaign_instance\n\
                  Ada,Quill,https://www.linkedin.com/in/ada-quill/,,2026-05-01 10:00,2026-05-02 11:00,Sounds good,2026-05-03 12:00,Q2\n\
                  Bo,Larsen,https://www.linkedin.com/in/bo-larsen/,,2026-05-01 10:05,,,,Q2\n\
                  Cy,Novak,https://www.linkedin.com/in/cy-novak/,,,,,,Q2\n";
    let report = import(&store, "expandi-export.csv", people).await;
    assert_eq!((report.stored, report.rejected), (2, 1), "{report:?}");
    assert_eq!(
        events(&store).await,
        [
            "connection_sent in/ada-quill 2026-05-01 10:00:00",
            "connection_sent in/bo-larsen 2026-05-01 10:05:00",
            "connection_accepted in/ada-quill 2026-05-02 11:00:00",
            "message_replied in/ada-quill 2026-05-03 12:00:00 Sounds good",
        ]
    );
    // A status for each person; American days, which one of them gives away.
    let statuses = "Profile URL,Status,Date\nlinkedin.com/in/di-one,Pending,05/01/2026\nlinkedin.com/in/di-two,Connected,05/31/2026 9:30 PM\n";
    let report = import(&store, "heyreach.csv", statuses).await;
    assert_eq!(report.stored, 2, "{report:?}");
    let of = async |who: &str| {
        let sql = format!(
            "select concat_ws(' ', event_type, event_timestamp at time zone 'UTC') from events where contact_address = '{who}'"
        );
        store.value(&sql).await.unwrap()
    };
    assert_eq!(of("in/di-one").await, "connection_sent 2026-05-01 00:00:00");
    assert_eq!(of("in/di-two").await, "connection_accepted 2026-05-31 21:30:00");
    // A phantom's results: the file's name, or a person, says which touch they are. UTF-16, as Excel saves it.
    let phantom = "profileUrl\ttimestamp\nhttps://www.linkedin.com/in/ed-three\t2026-05-04T09:30:00.000Z\n";
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(phantom.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let refused = import_as(&store, "result.csv", utf16.clone(), &Options::default()).await.unwrap_err();
    assert!(refused.hint().unwrap().contains("--event"), "{refused}");
    let report = import(&store, "LinkedIn Auto Connect.csv", utf16.clone()).await;
    assert_eq!((report.stored, of("in/ed-three").await.as_str()), (1, "connection_sent 2026-05-04 09:30:00"));
    let told = Options { event: Some("message_sent".into()), ..Options::default() };
    assert_eq!(import_as(&store, "result.csv", utf16, &told).await.unwrap().stored, 1);
    let unclear = import(&store, "t.csv", "event,date,email\nfollowed,05/01/2026,bo@example.com\n").await;
    assert_eq!(unclear.rejects[0].reason, "date_unclear");
    for (name, bytes, refusal) in
        [("empty.csv", "", Refusal::Empty), ("page.csv", "<html><body>no</body></html>", Refusal::Html)]
    {
        assert_eq!(import(&store, name, bytes).await.refusal, Some(refusal.code()), "{name}");
    }
    assert_settled(&store).await;
}

#[tokio::test]
async fn a_touch_of_a_list_finds_its_lead_as_one_by_webhook_does() {
    let store = Store::new().await;
    store.execute("insert into leads (email) values ('ada.quill@example.com')").await;
    take_in(&store, &[Sent::linkedin("", fixture("linkedin", "generic"))], 1).await;
    let report = import(&store, "touches.csv", GENERIC).await;
    assert_eq!(report.stored, 4);
    assert_eq!(
        store.count("events where lead_id is not null and contact_address = 'in/fixture-ada-quill'").await,
        3,
        "the webhook's, and two of the list"
    );
    assert_settled(&store).await;
}
