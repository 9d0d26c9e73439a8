//! Deliveries as nobody should send them: the right status, nothing lost of what was authentic, the worker alive.

use std::io::Write;

use aws_lc_rs::hmac;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::support;
use crate::support::server::{Place, becomes, end, number};

const KEY: &str = "a key that is long enough, and no secret";

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap()
}

/// Signed as Vapi does it, at a time in milliseconds.
fn signed(http: &Client, url: &str, body: &str, at: i64) -> RequestBuilder {
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    let tag = hmac::sign(&key, format!("{at}.{body}").as_bytes());
    let tag: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let request = http.post(url).header("x-timestamp", at.to_string()).header("x-signature", tag);
    request.body(body.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_deliveries_get_the_right_status_and_hold_nobody_up() {
    let database = support::database().await;
    let place = Place::new();
    let mail = place.connect(&database, &["instantly", "--label", "mail"]).await;
    let other = place.connect(&database, &["instantly", "--label", "other"]).await;
    let profiles = place.connect(&database, &["linkedin", "--label", "profiles"]).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), KEY).unwrap();
    let path = file.path().to_str().unwrap();
    let calls = place.connect(&database, &["vapi", "--auth", "hmac", "--secret-file", path]).await;
    let server = place.command(&database, &["serve"]).spawn().unwrap();
    place.is_up().await;
    let http = Client::new();
    let (url, name, secret) =
        (text(&mail, "/url"), text(&mail, "/header/name"), text(&mail, "/header/value"));
    let proven = |body: Vec<u8>| http.post(url).header(name, secret).body(body);
    let event = |named: &str, second: usize| {
        json!({
            "timestamp": format!("2026-11-20T10:{:02}:{:02}.000Z", second / 60, second % 60), "event_type": named,
            "workspace": "w", "lead_email": "ada@example.com",
        })
    };
    let good = event("email_opened", 0).to_string();

    // Who is not known or not proven learns nothing, and leaves nothing.
    assert_eq!(status(http.post(format!("{}/hooks/instantly/nobody", place.base)).body("{}")).await, 404);
    assert_eq!(status(http.post(url.replace("instantly", "vapi")).body("{}")).await, 404);
    assert_eq!(status(http.post(url).body(good.clone())).await, 401);
    assert_eq!(status(http.post(url).header(name, "wrong").body(good.clone())).await, 401);
    let others = text(&other, "/header/value");
    assert_eq!(status(http.post(url).header(name, others).body(good.clone())).await, 401);
    assert_eq!(status(http.get(url)).await, 405);
    let now = jiff::Timestamp::now().as_millisecond();
    let calls = text(&calls, "/url");
    assert_eq!(status(signed(&http, calls, "{}", now - 6 * 60_000)).await, 401, "late");
    assert_eq!(status(signed(&http, calls, "{}", now + 6 * 60_000)).await, 401, "ahead of time");
    assert_eq!(status(http.post(calls).body("{}")).await, 401, "unsigned");
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 64 << 20]).unwrap();
    let bomb = bomb.finish().unwrap();
    assert_eq!(status(proven(bomb).header("content-encoding", "gzip")).await, 413);
    assert_eq!(status(proven(vec![b' '; 9 << 20])).await, 413);
    assert_eq!(number(&database, "select count(*) from touchline.deliveries").await, 0);

    // What is authentic is kept, whatever it is.
    let mut taken = 0;
    let deep =
        format!("{{\"event_type\": \"email_opened\", \"a\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let mut dice = fastrand::Rng::with_seed(7);
    let noise: Vec<u8> = std::iter::repeat_with(|| dice.u8(..)).take(5_000).collect();
    for body in [
        noise.clone(),
        deep.into_bytes(),
        Vec::new(),
        b"{\"event_type\": \"email_o".to_vec(),
        b"[[[]]]".to_vec(),
        b"null".to_vec(),
    ] {
        assert_eq!(status(proven(body)).await, 200);
        taken += 1;
    }
    assert_eq!(
        status(proven(noise).header("content-encoding", "gzip")).await,
        200,
        "said to be compressed, and is not"
    );
    assert_eq!(status(http.post(text(&profiles, "/url")).body("\u{0}")).await, 200);
    assert_eq!(status(signed(&http, calls, "{}", now)).await, 200);
    assert_eq!(status(signed(&http, calls, "{}", now)).await, 401, "replayed");
    taken += 3;
    for number in 0..1_000 {
        let body = event(&format!("lead_invented_{number}"), number).to_string();
        assert_eq!(status(proven(body.into_bytes())).await, 200);
        taken += 1;
    }
    assert_eq!(status(proven(good.clone().into_bytes())).await, 200);
    let mut small = GzEncoder::new(Vec::new(), Compression::default());
    small.write_all(event("email_opened", 61).to_string().as_bytes()).unwrap();
    assert_eq!(status(proven(small.finish().unwrap()).header("content-encoding", "gzip")).await, 200);
    taken += 2;

    becomes(&database, "select count(*) from touchline.deliveries where state = 'waiting'", 0).await;
    assert_eq!(number(&database, "select count(*) from touchline.deliveries").await, taken);
    let rows = "select count(*) from public.instantly_webhook_events_raw";
    assert_eq!(number(&database, rows).await, 1_002);
    becomes(&database, "select count(*) from public.events where event_type = 'email_opened'", 2).await;
    assert!(
        number(
            &database,
            "select count(*) from touchline.deliveries where state = 'set_aside' and reason is not null"
        )
        .await
            >= 7
    );
    let unknown = "select count(*) from touchline.problems where kind = 'unknown_code'";
    assert!(number(&database, unknown).await > 0, "what nobody has explained is told");
    end(server).await.expect(0);
}
