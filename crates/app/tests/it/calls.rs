//! `touchline sync vapi` and the recordings behind `touchline serve`, as a person would run them.

use std::time::Duration;

use simulator::{Simulator, World};
use tokio::process::Command;

use crate::support::{self, on, reaching, run, small_world};

/// The environment that leads to the vendor of calls, at full speed.
fn calling<'a>(command: &'a mut Command, vendor: &Simulator) -> &'a mut Command {
    command
        .env("VAPI_API_URL", vendor.url())
        .env("VAPI_API_KEY", vendor.vapi_key())
        .env("VAPI_REQUESTS_PER_MINUTE", "0")
        .env("VAPI_RETRY_PAUSE_MS", "20")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_are_pulled_by_name_or_with_everything_and_a_missing_key_is_told() {
    let (vendor, database) = (small_world().await, support::database().await);
    let keyless = run(&mut on(&database, &["sync", "vapi"])).await.expect(1);
    assert!(keyless.stderr.contains("hint: set VAPI_API_KEY"), "{}", keyless.stderr);
    let calls = run(calling(&mut on(&database, &["sync", "vapi", "--json"]), &vendor)).await.expect(0).json();
    assert_eq!(calls["source"], "vapi");
    assert!(calls["streams"][3]["new"].as_u64().unwrap() > 10, "{calls}");
    let mut both = on(&database, &["sync", "--json"]);
    let both = run(calling(reaching(&mut both, &vendor), &vendor)).await.expect(0).json();
    assert_eq!((&both[0]["source"], &both[1]["source"]), (&"instantly".into(), &"vapi".into()), "{both}");
    let one =
        run(calling(&mut on(&database, &["sync", "--stream", "calls", "--json"]), &vendor)).await.expect(0);
    assert_eq!(one.json()["streams"][0]["stream"], "calls");
    vendor.set_revoked(true);
    let refused = run(calling(&mut on(&database, &["sync", "vapi"]), &vendor)).await.expect(1);
    let said = format!("{}{}", refused.stdout, refused.stderr);
    assert!(said.contains("VAPI_API_KEY") && !said.contains(vendor.vapi_key()), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_is_heard_through_our_own_address() {
    let (vendor, database) = (small_world().await, support::database().await);
    run(calling(&mut on(&database, &["sync", "vapi"]), &vendor)).await.expect(0);
    let recorded = vendor.world(World::calls);
    let recorded = recorded.iter().find(|call| call["artifact"]["recordingUrl"].is_string()).unwrap();
    let id = recorded["id"].as_str().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let home = tempfile::tempdir().unwrap();
    let mut serve = on(&database, &["serve", "--listen", &format!("127.0.0.1:{port}")]);
    serve.env("TOUCHLINE_HOME", home.path());
    let mut serving = calling(&mut serve, &vendor).spawn().unwrap();
    let get = async |call: &str| {
        let address = format!("http://127.0.0.1:{port}/api/v1/calls/{call}/recording");
        for _ in 0..100 {
            match reqwest::get(&address).await {
                Ok(answer) => return answer,
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        panic!("the server never came up");
    };
    let heard = get(id).await;
    assert_eq!(heard.status(), 200);
    assert_eq!(heard.headers()["content-type"], "audio/wav");
    let headers = format!("{:?}", heard.headers());
    assert!(!headers.contains("Signature") && !headers.contains(vendor.vapi_key()), "{headers}");
    assert!(heard.bytes().await.unwrap().starts_with(b"RIFF"));
    let unknown = get("no-such-call").await;
    assert_eq!(unknown.status(), 404);
    serving.start_kill().unwrap();
    let _ = serving.wait().await;
}
