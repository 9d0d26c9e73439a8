//! What programs write over the API: it is done, it is found where it belongs, and nobody writes over what they have not seen.

use serde_json::{Value, json};

use crate::support::{Answer, Server, json as with_json};

const JANE: &str = "00000000-0000-0000-0000-0000000000a1";
const BOB: &str = "00000000-0000-0000-0000-0000000000a2";
const COMPANY: &str = "00000000-0000-0000-0000-0000000000b1";

async fn with_people() -> Server {
    let server = Server::alone().await;
    let rows = format!(
        "insert into companies (id, company_name, company_domain) values ('{COMPANY}', 'Acme', 'acme.example');
         insert into leads (id, first_name, email, phone, company_id, lead_status)
         values ('{JANE}', 'Jane', 'jane@acme.example', '+15550100', '{COMPANY}', 'new'),
                ('{BOB}', 'Bob', 'bob@acme.example', '+15550101', '{COMPANY}', 'new')"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(server.pool()).await.unwrap();
    server
}

impl Server {
    /// Does it, and gives what came back.
    async fn does(&self, method: &str, path: &str, body: Value, status: u16) -> Value {
        let answer = self.send(method, &format!("/api/v1{path}"), body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        answer.json()
    }

    async fn shows(&self, path: &str) -> Value {
        let answer = self.get(&format!("/api/v1{path}")).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    async fn edits(&self, path: &str, tag: &str, body: Value) -> Answer {
        let request = self.ask("PATCH", &format!("/api/v1{path}")).header("if-match", tag);
        Answer::of(with_json(request, &body).send().await.unwrap()).await
    }

    /// Every item of a list, two a page.
    async fn all_of(&self, list: &str) -> Vec<Value> {
        let (mut items, mut after) = (Vec::new(), String::new());
        loop {
            let joint = if list.contains('?') { '&' } else { '?' };
            let page = self.shows(&format!("{list}{joint}limit=2{after}")).await;
            items.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { return items };
            after = format!("&after={next}");
        }
    }
}

fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_touch_is_logged_with_what_follows_from_it_and_taken_back_with_it() {
    let server = with_people().await;
    let campaign =
        server.does("POST", "/campaigns", json!({"campaign_name": "June", "uses_calls": true}), 201).await;
    let members = format!("/campaigns/{}/members", id(&campaign));
    let added = server.does("POST", &members, json!({"people": [JANE, "nobody@acme.example"]}), 200).await;
    assert_eq!(
        (&added["items"][0]["verdict"], &added["items"][1]["verdict"]),
        (&json!("added"), &json!("unknown"))
    );
    let touch =
        json!({"kind": "call", "outcome": "do_not_contact", "text": "Never again", "campaign": "June"});
    let logged = server.does("POST", &format!("/leads/{JANE}/touches"), touch, 201).await;
    assert_eq!(logged["lead"]["lead_id"], JANE, "{logged}");
    assert_eq!(logged["stopped"][0]["campaign_name"], "June", "{logged}");
    assert_eq!(logged["suppressions"][0]["channel"], "all", "{logged}");
    let event = logged["event_id"].as_str().unwrap();
    let timeline = server.shows(&format!("/leads/{JANE}/timeline")).await;
    assert_eq!(timeline["items"][0]["id"], event, "{timeline}");
    assert!(server.shows(&members).await["items"][0]["stopped_at"].is_string());

    let undo = format!("/touches/{event}/undo");
    let undone = server.does("POST", &undo, json!({}), 200).await;
    assert_eq!(
        (undone["was_undone"].as_bool(), undone["lifted"].as_array().unwrap().len()),
        (Some(false), 1)
    );
    assert_eq!(server.does("POST", &undo, json!({}), 200).await["was_undone"], true);
    assert!(server.shows(&members).await["items"][0]["stopped_at"].is_null());
    assert_eq!(server.shows("/suppressions").await["items"], json!([]));

    let word = json!({"interest": "meeting_booked"});
    let word = server.does("POST", &format!("/leads/{BOB}/interest"), word, 201).await;
    assert_eq!(word["lead"]["lead_id"], BOB);
    let ahead = json!({"kind": "note", "text": "x", "at": "2030-01-01T00:00:00Z"});
    server.does("POST", &format!("/leads/{BOB}/touches"), ahead, 422).await;
    server
        .does("POST", "/leads/0198f3c2-7d1e-7000-8000-000000000000/touches", json!({"kind": "note"}), 404)
        .await;
}

#[tokio::test]
async fn whoever_is_suppressed_gets_into_no_campaign_until_somebody_lifts_it() {
    let server = with_people().await;
    let campaign = server.does("POST", "/campaigns", json!({"campaign_name": "June"}), 201).await;
    let made = json!({"who": "jane@acme.example", "note": "asked on the phone"});
    let made = server.does("POST", "/suppressions", made, 201).await;
    assert_eq!((&made["channel"], &made["reason"]), (&json!("all"), &json!("manual")));
    let members = format!("/campaigns/{}/members", id(&campaign));
    let verdict = server.does("POST", &members, json!({"people": [JANE, BOB]}), 200).await;
    assert_eq!(verdict["items"][0]["verdict"], "suppressed", "{verdict}");
    assert_eq!(verdict["items"][1]["verdict"], "added", "{verdict}");
    let lift = format!("/suppressions/{}/lift", id(&made));
    server.does("POST", &lift, json!({"why": " "}), 422).await;
    let lifted = server.does("POST", &lift, json!({"why": "asked us to call"}), 200).await;
    assert_eq!(lifted["lifted_why"], "asked us to call");
    assert_eq!(
        server.does("POST", &members, json!({"people": [JANE]}), 200).await["items"][0]["verdict"],
        "added"
    );
    let out = server.does("POST", &format!("{members}/remove"), json!({"people": [BOB]}), 200).await;
    assert_eq!(out["items"][0]["verdict"], "removed", "{out}");
    assert_eq!(server.shows(&members).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn offers_campaigns_and_rules_are_made_and_edited_and_a_stale_edit_changes_nothing() {
    let server = with_people().await;
    let offer =
        server.does("POST", "/offers", json!({"offer_name": "Audit", "price_min": "10.50"}), 201).await;
    let fields = json!({"campaign_name": "June", "offer_id": id(&offer), "uses_calls": true});
    let campaign = server.does("POST", "/campaigns", fields, 201).await;
    assert_eq!(campaign["offer_name"], "Audit");
    let (offer, campaign) = (format!("/offers/{}", id(&offer)), format!("/campaigns/{}", id(&campaign)));
    let (company, rules) = (format!("/companies/{COMPANY}"), format!("{campaign}/rules"));
    for (path, first, second) in [
        (&offer, json!({"value_proposition": "Less waste"}), json!({"offer_name": "Lost"})),
        (&campaign, json!({"campaign_status": "active"}), json!({"campaign_name": "Lost"})),
        (&company, json!({"industry": "Tools"}), json!({"company_name": "Lost"})),
        (&rules, json!({"call": {"after_days": 5, "weekdays": [5, 1]}}), json!({"call": {"daily_limit": 1}})),
    ] {
        let tag = server.get(&format!("/api/v1{path}")).await.header("etag").to_owned();
        let edited = server.edits(path, &tag, first).await;
        assert_eq!(edited.status, 200, "{path}: {}", edited.text);
        let stale = server.edits(path, &tag, second.clone()).await;
        assert_eq!(stale.status, 412, "{path}: {}", stale.text);
        assert!(stale.json()["hint"].as_str().unwrap().contains("If-Match"));
        assert_eq!(server.shows(path).await, edited.json(), "{path}: the refused edit changed nothing");
        let fresh = server.get(&format!("/api/v1{path}")).await.header("etag").to_owned();
        assert_eq!(server.edits(path, &format!("\"x\", {fresh}"), second).await.status, 200, "{path}");
    }
    let edited = server.shows(&offer).await;
    assert_eq!((&edited["value_proposition"], &edited["price_min"]), (&json!("Less waste"), &json!("10.50")));
    let put = server.does("PUT", &format!("{offer}/archived"), json!({"archived": true}), 200).await;
    assert!(put["archived_at"].is_string());
    assert_eq!(server.shows("/offers").await["items"], json!([]));
    server.does("POST", "/campaigns", json!({"campaign_name": ""}), 422).await;
}

#[tokio::test]
async fn rules_are_set_channel_by_channel_and_null_goes_back_to_the_default() {
    let server = with_people().await;
    let campaign = server.does("POST", "/campaigns", json!({"campaign_name": "June"}), 201).await;
    let path = format!("/campaigns/{}/rules", id(&campaign));
    let calls = |rules: &Value| {
        rules["items"].as_array().unwrap().iter().find(|one| one["channel"] == "call").cloned()
    };
    let default = calls(&server.shows("/rules").await).unwrap();
    let set = json!({"call": {"after_days": 9, "hours": "10:00-16:30", "weekdays": [5, 1]}});
    let set = calls(&server.does("PATCH", &path, set, 200).await).unwrap();
    assert_eq!((&set["after_days"], &set["weekdays"]), (&json!(9), &json!([1, 5])), "{set}");
    assert_eq!(set["closes_at"], "16:30:00");
    assert_eq!(set["max_attempts"], default["max_attempts"], "what was left out stays");
    let back = json!({"call": {"after_days": null, "hours": null, "weekdays": null}});
    let back = calls(&server.does("PATCH", &path, back, 200).await).unwrap();
    assert_eq!((&back["after_days"], &back["own"]), (&default["after_days"], &json!([])), "{back}");
    for (body, field) in [
        (json!({"call": {"after_days": 366}}), "call.after_days"),
        (json!({"linkedin": {"hours": "17-9"}}), "linkedin.hours"),
        (json!({"call": {"weekdays": []}}), "call.weekdays"),
        (json!({"call": {"colour": 1}}), "call"),
    ] {
        let refused = server.does("PATCH", &path, body, 422).await;
        assert!(refused["field"].as_str().unwrap().starts_with(field), "{refused}");
    }
    server.does("PATCH", "/rules", json!({"call": {"after_days": null}}), 422).await;
    let default = server.does("PATCH", "/rules", json!({"call": {"after_days": 7}}), 200).await;
    assert_eq!(calls(&default).unwrap()["after_days"], 7);
    assert_eq!(calls(&server.shows(&path).await).unwrap()["after_days"], 7);
}

#[tokio::test]
async fn imports_deliveries_and_stops_follow_each_other_without_gap_or_repeat() {
    let server = with_people().await;
    for n in 0..5 {
        let request = server.ask("POST", &format!("/api/v1/imports?file_name={n}.csv"));
        let file = format!("First Name,Email\nJane,jane{n}@acme.example\n");
        assert_eq!(request.header("content-type", "text/csv").body(file).send().await.unwrap().status(), 201);
    }
    let connection =
        server.does("POST", "/connections", json!({"source": "linkedin", "provider": "heyreach"}), 201).await;
    let url = connection["settings"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|one| one["value"].as_str().filter(|value| value.contains("/hooks/")));
    for n in 0..5 {
        let sent = with_json(server.client.post(url.unwrap()), &json!({"n": n})).send().await.unwrap();
        assert!(sent.status().is_success(), "{}", sent.status());
    }
    server.does("POST", "/campaigns", json!({"campaign_name": "June"}), 201).await;
    for lead in server.shows("/leads?limit=5").await["items"].as_array().unwrap() {
        let touch = json!({"kind": "note", "text": "Stop", "stop": true});
        server.does("POST", &format!("/leads/{}/touches", id(lead)), touch, 201).await;
    }
    for list in ["/imports", "/deliveries", "/stops?all=true"] {
        let mut ids: Vec<String> = server.all_of(list).await.iter().map(|one| id(one).to_owned()).collect();
        let whole = server.shows(list).await["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| id(one).to_owned())
            .collect::<Vec<_>>();
        assert_eq!(ids, whole, "{list}");
        ids.sort_unstable();
        ids.dedup();
        assert!(ids.len() >= 5 && ids.len() == whole.len(), "{list}: {ids:?}");
    }
}

#[tokio::test]
async fn a_nul_in_an_address_is_refused_and_breaks_nothing() {
    let server = with_people().await;
    for path in [
        "/leads/by-email/a%00@acme.example",
        "/calls/a%00/recording",
        "/raw/instantly_leads_raw/a%00",
        "/raw/instantly_leads_raw/a%00/versions",
    ] {
        let answer = server.get(&format!("/api/v1{path}")).await;
        assert!([404, 422].contains(&answer.status), "{path}: {} {}", answer.status, answer.text);
    }
    assert_eq!(server.send("POST", "/api/v1/sync/a%00", json!({})).await.status, 404);
    assert_eq!(server.get("/search?q=%00").await.status, 422);
}
