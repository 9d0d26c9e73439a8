//! Pages about data: each in every state, each number with its rows, an upload to its report and back.

use engine::normalise;

use super::support::{Answer, Server, now};

const WORLD: &str = "
insert into offers (id, offer_name) values ('00000000-0000-0000-0000-00000000000f', 'Audit <b>');
insert into campaigns (id, campaign_name, offer_id, uses_email)
values ('00000000-0000-0000-0000-0000000000c1', 'Ops & more', '00000000-0000-0000-0000-00000000000f', true);
insert into leads (id, email, first_name) select ('00000000-0000-0000-0000-0000000010' || lpad(n::text, 2, '0'))::uuid, n || '@example.com', '=cmd' || n from generate_series(10, 99) n;
insert into events (event_source, event_type, lead_id, campaign_id, event_timestamp, sequence_step)
select 'test', case when n % 5 = 0 then 'email_replied' else 'email_sent' end,
       ('00000000-0000-0000-0000-0000000010' || lpad((10 + n % 90)::text, 2, '0'))::uuid,
       '00000000-0000-0000-0000-0000000000c1', '2026-11-19T09:00:00Z'::timestamptz - n * interval '1 hour', 1
  from generate_series(1, 300) n;";

const PAGES: &[&str] = &[
    "/analytics",
    "/analytics?range=all&unit=touches&by=step",
    "/analytics?since=2024-01-01&until=2026-11-20&by=week",
    "/analytics/rows?stage=answered",
    "/campaigns",
    "/offers",
    "/imports",
    "/sync",
    "/sync?all=1",
    "/sync/runs",
    "/sync/records",
    "/sync/records?table=instantly_campaigns_raw&key=none",
    "/sync/deliveries",
    "/connections",
    "/settings",
];

async fn world() -> Server {
    let server = Server::alone().await;
    sqlx::raw_sql(WORLD).execute(server.pool()).await.unwrap();
    normalise::normalise(server.pool(), now()).await.unwrap();
    server
}

fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{}", answer.text);
    for written in ["<h1", "<main", "</html>"] {
        assert!(answer.text.contains(written), "{written} is not in {}", answer.text);
    }
    // The policy lets nothing inline through, so that it would not work.
    for inline in [" style=\"", " onclick=", "<script>"] {
        assert!(!answer.text.contains(inline), "{inline}");
    }
    &answer.text
}

#[tokio::test]
async fn every_page_about_data_stands_with_nothing_in_the_database_and_says_what_comes_next() {
    let server = Server::alone().await;
    for path in PAGES {
        let answer = server.get(path).await;
        page(&answer);
    }
    assert!(server.get("/imports").await.text.contains("No list was imported yet"));
}

#[tokio::test]
async fn every_page_about_data_stands_with_data_and_shows_outside_text_as_text() {
    let server = world().await;
    let more = [
        "/campaigns/00000000-0000-0000-0000-0000000000c1",
        "/offers/00000000-0000-0000-0000-00000000000f",
        "/analytics?by=offer&range=all",
    ];
    for path in PAGES.iter().chain(&more) {
        let answer = server.get(path).await;
        assert!(!page(&answer).contains("Audit <b>"), "{path}");
    }
}

#[tokio::test]
async fn a_word_that_no_filter_knows_is_told_and_not_passed_over() {
    let server = world().await;
    for path in ["/analytics?by=sender", "/analytics?unit=x", "/analytics?range=3w", "/campaigns?status=gone"]
    {
        let answer = server.get(path).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(answer.text.contains("<h1"), "{path}");
    }
    assert_eq!(server.get("/analytics?since=2026-11-20&until=2026-11-01").await.status, 422);
}

#[tokio::test]
async fn a_number_opens_as_many_rows_as_it_says_and_the_csv_has_them_all_without_a_formula() {
    let server = world().await;
    let text = server.get("/analytics?range=all").await.text;
    let link = text
        .split("href=\"")
        .find(|part| part.starts_with("/analytics/rows?") && part.contains("stage=answered"))
        .unwrap();
    let (link, rest) = link.split_once('"').unwrap();
    let shown: usize =
        rest.trim_start_matches('>').split('<').next().unwrap().replace(',', "").parse().unwrap();
    let link = link.replace("&#38;", "&").replace("&amp;", "&");
    let rows = server.get(&link).await;
    assert_eq!(rows.text.matches("<tr data-row").count(), shown, "{link}");
    let csv = server.get(&link.replace("/rows?", "/rows.csv?")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.text.lines().count(), shown + 1, "{}", csv.text);
    assert!(csv.text.contains("\"'=cmd"), "{}", csv.text);

    // Seventy-two people, fifty a page.
    let first = server.get("/analytics/rows?range=all&stage=contacted").await.text;
    let next = first
        .split("rel=\"next\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    let second = server.get(&next).await.text;
    let seen = first.matches("<tr data-row").count() + second.matches("<tr data-row").count();
    let all = server.get("/analytics/rows.csv?range=all&stage=contacted").await.text.lines().count() - 1;
    assert_eq!(seen, all);
}

async fn given(server: &Server, name: &str, text: &str) -> Answer {
    let body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/csv\r\n\r\n{text}\r\n--b--\r\n"
    );
    let request = server.ask("POST", "/imports").header("content-type", "multipart/form-data; boundary=b");
    Answer::of(request.body(body).send().await.unwrap()).await
}

#[tokio::test]
async fn a_file_that_is_given_leads_to_its_check_and_one_that_is_no_list_to_the_reason() {
    let server = Server::alone().await;
    let answer = given(&server, "people.csv", "First Name,Email\r\nJane,jane@example.com\r\n").await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let at = answer.header("location").to_owned();
    assert!(at.starts_with("/imports/files/"), "{at}");
    let check = server.get(&at).await;
    assert!(page(&check).contains("Which column is what"));
    assert!(check.text.contains("name=\"key0\" value=\"First Name\""));
    let corrected = server
        .form(
            &at,
            "",
            &[
                ("key0", "First Name"),
                ("was0", "first_name"),
                ("col0", "full_name"),
                ("key1", "Email"),
                ("was1", "email"),
                ("col1", "email"),
            ],
        )
        .await;
    assert_eq!(corrected.status, 303, "{}", corrected.text);
    assert!(server.get(&at).await.text.contains("you said so"));

    let refused = given(&server, "page.csv", "<!doctype html><html><body>Sign in</body></html>").await;
    let at = refused.header("location").to_owned();
    let report = server.get(&at).await;
    assert!(page(&report).contains("This is a web page, not a CSV file."), "{}", report.text);
    assert_eq!(server.ask("POST", "/imports").send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_connection_shows_its_secrets_once() {
    let server = Server::alone().await;
    let made =
        server.form("/connections", "", &[("source", "linkedin:heyreach"), ("label", "Mara’s seat")]).await;
    let shown = page(&made).to_owned();
    let address = shown.split("/hooks/linkedin/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(address.len() > 20, "{address}");
    let later = server.get("/connections").await;
    assert!(page(&later).contains("Mara’s seat") && !later.text.contains(&address));
}

#[tokio::test]
async fn an_offer_and_a_campaign_are_made_changed_and_put_away_by_forms() {
    let server = Server::alone().await;
    let offer = server
        .form("/offers", "", &[("offer_name", "Audit"), ("price_min", "10"), ("price_max", "20")])
        .await;
    assert_eq!(offer.status, 303, "{}", offer.text);
    let offer = offer.header("location").to_owned();
    let refused =
        server.form(&offer, "", &[("offer_name", "Audit"), ("price_min", "30"), ("price_max", "20")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("below"), "{}", refused.text);
    let id = offer.rsplit('/').next().unwrap().to_owned();
    let campaign = server
        .form("/campaigns", "", &[("campaign_name", "June"), ("offer_id", &id), ("uses_calls", "yes")])
        .await;
    assert_eq!(campaign.status, 303, "{}", campaign.text);
    let campaign = campaign.header("location").to_owned();
    assert!(page(&server.get(&campaign).await).contains("Audit"));
    let rules =
        server.form(&format!("{campaign}/rules"), "", &[("call.after_days", "5"), ("call.hours", "")]).await;
    assert_eq!(rules.status, 303, "{}", rules.text);
    assert!(server.get(&campaign).await.text.contains("after 5 days"));
    let members = server.form(&format!("{campaign}/members"), "", &[("people", "nobody@example.com")]).await;
    assert!(page(&members).contains("nobody@example.com"));
    assert_eq!(server.form(&format!("{offer}/archive"), "", &[]).await.status, 303);
    assert!(!server.get("/offers").await.text.contains("/offers/0"));
}

#[tokio::test]
async fn figures_are_counted_in_the_zone_that_was_chosen_and_a_zone_that_is_none_is_refused() {
    let server = world().await;
    assert_eq!(server.form("/settings/time-zone", "", &[("time_zone", "Europe/Berlin")]).await.status, 303);
    assert!(server.get("/analytics").await.text.contains("days begin in Europe/Berlin"));
    assert_eq!(server.form("/settings/time-zone", "", &[("time_zone", "Mars/Base")]).await.status, 422);
    server.form("/settings/stops", "", &[("stops_company", "yes")]).await;
    assert!(server.get("/settings").await.text.contains("name=\"stops_company\" value=\"yes\" checked"));
}
