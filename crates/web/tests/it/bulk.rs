//! The same done to many leads: over the API and by the page's form, with a verdict for each, and taken back as a whole.

use serde_json::{Value, json};

use crate::support::Server;

const CAMPAIGN: &str = "00000000-0000-0000-0000-0000000000c1";

fn lead(n: u8) -> String {
    format!("00000000-0000-0000-0000-0000000000{n:02}")
}

/// Six leads; the sixth must not be contacted.
async fn with_people() -> Server {
    let server = Server::alone().await;
    let rows = format!(
        "insert into campaigns (id, campaign_name, uses_calls) values ('{CAMPAIGN}', 'June', true);
         insert into leads (id, first_name, last_name, email, lead_status)
         select ('00000000-0000-0000-0000-0000000000' || lpad(n::text, 2, '0'))::uuid, 'Jane', '=Doe' || n,
                'jane' || n || '@acme.example', case when n < 4 then 'new' else 'contacted' end
           from generate_series(1, 6) n;
         insert into suppressions (lead_id, channel, reason, source, natural_key, suppressed_at)
         values ('{}', 'all', 'opt_out', 'test', 'test', '2026-11-01')",
        lead(6)
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(server.pool()).await.unwrap();
    server
}

impl Server {
    async fn bulk(&self, body: Value) -> Value {
        let answer = self.send("POST", "/api/v1/bulk", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }

    async fn taken_back(&self, done: &Value) -> Value {
        let path = format!("/api/v1/bulk/{}/undo", done["id"].as_str().unwrap());
        let answer = self.send("POST", &path, json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.pool()).await.unwrap()
    }
}

#[tokio::test]
async fn everybody_of_a_filter_is_added_with_a_verdict_each_and_taken_out_again() {
    let server = with_people().await;
    let one = json!({"action": "add_to_campaign", "campaign_id": CAMPAIGN, "leads": [lead(1)]});
    assert_eq!(server.bulk(one).await["changed"], 1);
    let all = json!({"action": "add_to_campaign", "campaign_id": CAMPAIGN, "filter": {}});
    let done = server.bulk(all).await;
    assert_eq!((&done["leads"], &done["changed"]), (&json!(6), &json!(4)), "{done}");
    assert_eq!(done["verdicts"], json!({"added": 4, "already_in": 1, "suppressed": 1}));
    let path = format!("/api/v1/bulk/{}/leads", done["id"].as_str().unwrap());
    let verdicts = server.get(&path).await.json();
    assert_eq!(verdicts["items"][5]["verdict"], "suppressed", "{verdicts}");

    let back = server.taken_back(&done).await;
    assert!(back["undone_at"].is_string(), "{back}");
    let members = "select count(*) from campaign_leads where removed_at is null";
    assert_eq!(server.count(members).await, 1, "who was in it before stays");
    server.taken_back(&done).await;
    assert_eq!(server.count(members).await, 1, "twice changes nothing");
    let list = server.get("/api/v1/bulk?limit=1").await.json();
    assert_eq!(list["items"][0]["id"], done["id"]);
    assert!(list["next"].is_string());
}

#[tokio::test]
async fn a_status_is_set_told_and_taken_back_unless_it_was_set_otherwise_since() {
    let server = with_people().await;
    let body = json!({"action": "set_status", "lead_status": "qualified", "filter": {"lead_status": "new"}});
    let done = server.bulk(body).await;
    assert_eq!((&done["leads"], &done["changed"]), (&json!(3), &json!(3)), "{done}");
    let told = server.get(&format!("/api/v1/leads/{}/timeline", lead(1))).await.json();
    assert_eq!(told["items"][0]["event_type"], "status_changed", "{told}");
    sqlx::query("update leads set lead_status = 'converted' where last_name = '=Doe2'")
        .execute(server.pool())
        .await
        .unwrap();
    server.taken_back(&done).await;
    let statuses: Vec<String> = sqlx::query_scalar("select lead_status from leads order by id")
        .fetch_all(server.pool())
        .await
        .unwrap();
    assert_eq!(statuses, ["new", "converted", "new", "contacted", "contacted", "contacted"]);
    assert_eq!(server.count("select count(*) from events where withdrawn_at is null").await, 0);
}

#[tokio::test]
async fn many_are_suppressed_as_one_is_and_let_go_on_together() {
    let server = with_people().await;
    let added = json!({"action": "add_to_campaign", "campaign_id": CAMPAIGN, "leads": [lead(1), lead(2)]});
    server.bulk(added).await;
    let body = json!({"action": "suppress", "reason": "opt-out", "note": "By letter", "leads": [lead(1), lead(2), lead(3)]});
    let done = server.bulk(body).await;
    assert_eq!((&done["changed"], &done["reason"]), (&json!(3), &json!("opt_out")), "{done}");
    let held = "select count(*) from suppressions where lifted_at is null";
    assert_eq!(server.count(held).await, 4);
    let stopped = "select count(*) from campaign_leads where stopped_at is not null";
    assert_eq!(server.count(stopped).await, 2, "what they were in stops");
    let again = json!({"action": "suppress", "reason": "opt-out", "leads": [lead(1)]});
    assert_eq!(server.bulk(again).await["changed"], 0, "the same again adds nothing");
    let single = json!({"who": lead(2), "channel": "all", "reason": "opt-out"});
    server.send("POST", "/api/v1/suppressions", single).await;
    assert_eq!(server.count(held).await, 4, "one by one, it is the same row");
    server.taken_back(&done).await;
    assert_eq!(server.count(held).await, 1);
    assert_eq!(server.count(stopped).await, 0, "they go on");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_by_its_field_and_nothing_is_noted() {
    let server = with_people().await;
    for (body, field) in [
        (json!({"action": "set_status", "leads": [lead(1)]}), "lead_status"),
        (json!({"action": "add_to_campaign", "leads": [lead(1)]}), "campaign_id"),
        (json!({"action": "set_status", "lead_status": "new"}), "leads"),
        (json!({"action": "set_status", "lead_status": "new", "leads": [], "filter": {}}), "leads"),
        (json!({"action": "set_status", "lead_status": "new", "leads": []}), "leads"),
        (json!({"action": "suppress", "channel": "fax", "leads": [lead(1)]}), "channel"),
        (json!({"action": "suppress", "reason": " ", "leads": [lead(1)]}), "reason"),
        (json!({"action": "set_status", "lead_status": "new", "filter": {"colour": "red"}}), "filter"),
    ] {
        let answer = server.send("POST", "/api/v1/bulk", body.clone()).await;
        assert!(matches!(answer.status, 400 | 422), "{body}: {}", answer.text);
        let named = answer.json()["field"].as_str().unwrap_or_default().to_owned();
        assert!(named.starts_with(field), "{body}: {}", answer.text);
    }
    assert_eq!(server.count("select count(*) from touchline.bulk_actions").await, 0);
}

#[tokio::test]
async fn the_page_does_it_to_those_that_are_ticked_and_offers_the_way_back() {
    let server = with_people().await;
    let (one, two) = (lead(1), lead(2));
    let fields = [
        ("status", ""),
        ("back", "/leads?status=new"),
        ("id", one.as_str()),
        ("id", two.as_str()),
        ("do", "set_status"),
        ("set_status", "replied"),
    ];
    let answer = server.form("/leads/bulk", "", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/leads?status=new"), "{}", answer.text);
    let page = Answered(&server, answer.cookie()).page("/leads").await;
    assert!(page.contains("2 leads set to"), "the toast says it");
    let history = server.get("/leads/bulk").await.text;
    let undo =
        history.split("action=\"").find_map(|rest| rest.split('"').next().filter(|a| a.ends_with("/undo")));
    let answer = server.form(undo.unwrap(), "", &[("back", "/leads")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(server.count("select count(*) from leads where lead_status = 'replied'").await, 0);
    let everybody = [("all", "yes"), ("status", "new"), ("do", "set_status"), ("set_status", "converted")];
    assert_eq!(server.form("/leads/bulk", "", &everybody).await.status, 303);
    assert_eq!(server.count("select count(*) from leads where lead_status = 'converted'").await, 3);
}

/// A browser that shows a cookie.
struct Answered<'a>(&'a Server, String);

impl Answered<'_> {
    async fn page(&self, path: &str) -> String {
        self.0.ask("GET", path).header("cookie", &self.1).send().await.unwrap().text().await.unwrap()
    }
}

#[tokio::test]
async fn a_list_is_exported_whole_and_no_cell_of_it_is_computed() {
    let server = with_people().await;
    for path in ["/leads.csv?status=new&sort=name", "/api/v1/leads/export?lead_status=new&sort=name"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.header("content-type").starts_with("text/csv"));
        let lines: Vec<&str> = answer.text.lines().collect();
        assert_eq!(lines.len(), 4, "a head and three leads: {}", answer.text);
        assert!(lines[0].starts_with("id,first_name,last_name,email,phone"));
        assert!(lines[1].contains("\"'=Doe1\""), "{}", lines[1]);
    }
    let rows = "insert into leads (last_name) select 'N' || n from generate_series(1, 20000) n";
    sqlx::raw_sql(rows).execute(server.pool()).await.unwrap();
    for sort in ["touched", "added", "name"] {
        let answer = server.get(&format!("/api/v1/leads/export?sort={sort}")).await;
        assert_eq!(answer.text.lines().count(), 20_007, "{sort}");
    }
    assert_eq!(server.get("/api/v1/leads/export?limit=5").await.status, 400);
}

#[tokio::test]
async fn columns_stand_in_the_address_and_a_view_keeps_them_with_who_made_it() {
    let server = with_people().await;
    let page = server.get("/leads?status=new&col=phone&col=email").await.text;
    assert!(page.contains("<th scope=\"col\" class=\"p3\">Phone</th>") && !page.contains(">Six weeks</th>"));
    assert!(
        page.contains("col=email&amp;col=phone") || page.contains("col=email&#38;col=phone"),
        "links keep them"
    );
    assert_eq!(server.get("/leads?col=shoe").await.status, 400);
    let user = "insert into users (email) values ('jane@acme.example')";
    sqlx::raw_sql(user).execute(server.pool()).await.unwrap();
    let view = json!({"view_name": "Phones", "page": "leads", "query": "status=new&col=phone"});
    let saved = server.send("POST", "/api/v1/views", view).await;
    assert_eq!(saved.status, 201, "{}", saved.text);
    assert!(saved.json()["created_by"].is_string(), "who made it is kept: {}", saved.text);
    assert_eq!(server.get("/api/v1/views?page=leads").await.json()["items"][0]["view_name"], "Phones");
    assert_eq!(server.get("/api/v1/views?page=moon").await.json()["field"], "page");
    let id = saved.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.send("DELETE", &format!("/api/v1/views/{id}"), json!({})).await.status, 200);
}
