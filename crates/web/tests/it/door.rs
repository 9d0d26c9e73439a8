//! Who comes in, and as whom.

use engine::actor::{Role, Scope};
use engine::audit::{self, Filter};
use engine::users::setup;
use serde_json::json;

use crate::support::{Answer, PASSWORD, Server, form, json as with_json, now};

#[tokio::test]
async fn without_a_sign_in_only_names_of_this_machine_are_answered() {
    let server = Server::alone().await;
    assert_eq!(server.get("/").await.status, 200);
    assert_eq!(server.get("/api/v1/me").await.json()["way"], "owner");
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.0.2.7:7575"] {
        for path in ["/", "/api/v1/leads", "/metrics"] {
            let answer = Answer::of(server.ask("GET", path).header("host", host).send().await.unwrap()).await;
            assert_eq!(answer.status, 421, "{host} {path}");
        }
    }
    let health =
        Answer::of(server.ask("GET", "/health").header("host", "lb.example").send().await.unwrap()).await;
    assert_eq!(health.status, 200, "a load balancer calls by any name");
}

#[tokio::test]
async fn a_page_of_somebody_else_can_write_nothing() {
    let server = Server::alone().await;
    let body = json!({"label": "x", "scopes": ["read"]});
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = with_json(server.ask("POST", "/api/v1/keys"), &body).header(header, value);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 403, "{header}: {value}");
    }
    assert!(server.get("/api/v1/keys").await.json()["items"].as_array().unwrap().is_empty());
    let own = with_json(server.ask("POST", "/api/v1/keys"), &body).header("origin", &server.base);
    assert_eq!(own.send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn where_everybody_signs_in_nothing_is_shown_before() {
    let server = Server::guarded().await;
    for path in ["/", "/leads", "/settings/people", "/nothing"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("location").starts_with("/sign-in?next="), "{path}");
    }
    for path in ["/api/v1/leads", "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/nothing", "/metrics"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 401, "{path}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{path}");
    }
    assert_eq!(server.get("/live").await.status, 401);
    assert_eq!(server.get("/health").await.status, 200);
    for key in ["tlk_wrong", "", "Basic x"] {
        let request = server.ask("GET", "/api/v1/me").header("authorization", format!("Bearer {key}"));
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
}

#[tokio::test]
async fn the_first_admin_comes_by_a_link_and_signs_in_and_out() {
    let server = Server::guarded().await;
    let secret = setup::give_first(server.pool(), now()).await.unwrap().unwrap();
    let link = format!("/setup/{}", secret.reveal());
    assert!(server.get(&link).await.text.contains("first admin"));
    let weak = server.form(&link, "", &[("email", "jane@acme.example"), ("password", "short")]).await;
    assert_eq!(weak.status, 422);
    assert!(weak.text.contains("jane@acme.example"), "what was typed is still there");
    let chosen = server.form(&link, "", &[("email", "jane@acme.example"), ("password", PASSWORD)]).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text);
    assert_eq!(server.get(&link).await.status, 404, "closed for good");
    let cookie = chosen.cookie();
    assert!(cookie.starts_with("touchline="));
    assert!(
        chosen.header("set-cookie").contains("HttpOnly")
            && chosen.header("set-cookie").contains("SameSite=Lax")
    );
    let home = Answer::of(server.ask("GET", "/").header("cookie", &cookie).send().await.unwrap()).await;
    assert_eq!(home.status, 200);
    assert_eq!(server.form("/sign-out", &cookie, &[]).await.status, 303);
    let after = Answer::of(server.ask("GET", "/").header("cookie", &cookie).send().await.unwrap()).await;
    assert_eq!(after.status, 303, "the cookie opens nothing any more");
}

#[tokio::test]
async fn under_another_name_the_cookie_is_bound_to_its_host_and_passwords_travel_encrypted() {
    let server = Server::guarded().await;
    server.somebody("jane@acme.example", Role::Admin).await;
    let fields = [("email", "jane@acme.example"), ("password", PASSWORD)];
    let by = async |origin: &str| {
        let request = server.ask("POST", "/sign-in").header("host", "crm.example").header("origin", origin);
        Answer::of(form(request, &fields).send().await.unwrap()).await
    };
    let plain = by("http://crm.example").await;
    assert_eq!(plain.status, 403);
    assert!(plain.text.contains("unencrypted"), "{}", plain.text);
    let safe = by("https://crm.example").await;
    assert_eq!(safe.status, 303, "{}", safe.text);
    let line = safe.header("set-cookie");
    assert!(
        line.starts_with("__Host-touchline=") && line.contains("; Secure") && line.contains("Path=/;"),
        "{line}"
    );
}

#[tokio::test]
async fn guesses_are_answered_alike_and_soon_not_at_all() {
    let server = Server::guarded().await;
    server.somebody("jane@acme.example", Role::Admin).await;
    let wrong = server.form("/sign-in", "", &[("email", "jane@acme.example"), ("password", "x")]).await;
    let nobody = server.form("/sign-in", "", &[("email", "evan@acme.example"), ("password", "x")]).await;
    assert_eq!((wrong.status, nobody.status), (401, 401));
    assert_eq!(wrong.text.replace("jane", "evan"), nobody.text);
    for _ in 0..8 {
        server.form("/sign-in", "", &[("email", "jane@acme.example"), ("password", "x")]).await;
    }
    let late = server.form("/sign-in", "", &[("email", "jane@acme.example"), ("password", PASSWORD)]).await;
    assert_eq!(late.status, 429);
    assert!(late.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_of_a_form_loses_nothing() {
    let server = Server::guarded().await;
    server.somebody("jane@acme.example", Role::Member).await;
    let note = "Long note\nwith \"quotes\" & <tags>, ünïcode and a + sign";
    let request = server.ask("POST", "/leads/7/note").header("referer", format!("{}/leads/7", server.base));
    let lost = Answer::of(form(request, &[("note", note), ("stop", "on")]).send().await.unwrap()).await;
    assert_eq!(lost.status, 401);
    assert!(lost.text.contains("is kept"), "{}", lost.text);
    let hidden = |name: &str| {
        let from = lost.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        let value = from.split_once('"').unwrap().0;
        value
            .replace("&#38;", "&")
            .replace("&amp;", "&")
            .replace("&#34;", "\"")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
    };
    let (to, kept, next) = (hidden("resume_to"), hidden("resume"), hidden("next"));
    assert_eq!((to.as_str(), next.as_str()), ("/leads/7/note", "/leads/7"));
    let fields = [
        ("email", "jane@acme.example"),
        ("password", "wrong"),
        ("next", &next),
        ("resume_to", &to),
        ("resume", &kept),
    ];
    let wrong = server.form("/sign-in", "", &fields).await;
    assert!(wrong.status == 401 && wrong.text.contains("name=\"resume\""), "a wrong password keeps it, too");
    let mut fields = fields;
    fields[1].1 = PASSWORD;
    let there = server.form("/sign-in", "", &fields).await;
    assert_eq!(there.status, 200);
    assert!(there.text.contains("action=\"/leads/7/note\""), "{}", there.text);
    assert!(there.text.contains("ünïcode and a + sign") && !there.text.contains("<tags>"));
    assert!(there.text.contains("name=\"stop\" value=\"on\""));
    // Nothing leads elsewhere.
    fields[3].1 = "https://evil.example/x";
    let there = server.form("/sign-in", "", &fields).await;
    assert!(there.text.contains("action=\"/\""), "{}", there.text);
}

#[tokio::test]
async fn roles_hold_for_pages_and_the_api_alike() {
    let server = Server::guarded().await;
    let admin = server.somebody("admin@acme.example", Role::Admin).await;
    let member = server.somebody("member@acme.example", Role::Member).await;
    let reader = server.somebody("reader@acme.example", Role::Reader).await;
    let all: Vec<Scope> = engine::actor::SCOPES.iter().map(|(_, scope)| *scope).collect();
    // (method, path, what each gets): 403 is the door; anything else came through it.
    let cases = [
        ("GET", "/api/v1/leads", [true, true, true]),
        ("GET", "/api/v1/users", [true, false, false]),
        ("GET", "/api/v1/audit", [true, false, false]),
        ("POST", "/api/v1/keys", [true, false, false]),
        ("POST", "/api/v1/connections", [true, false, false]),
        ("PATCH", "/api/v1/settings", [true, false, false]),
        ("POST", "/api/v1/imports", [true, true, false]),
        ("POST", "/api/v1/deliveries/retry", [true, true, false]),
        ("POST", "/api/v1/queue/x/decisions", [true, true, false]),
        ("POST", "/api/v1/nothing/yet", [true, true, false]),
        ("POST", "/leads/7/anything", [true, true, false]),
        ("GET", "/settings/people", [true, false, false]),
        ("POST", "/settings/people/users", [true, false, false]),
    ];
    for (at, user) in [admin, member, reader].iter().enumerate() {
        let key = server.key(Some(user), &all).await;
        let cookie = server.signed_in(user.email.as_deref().unwrap()).await;
        for (method, path, may) in cases {
            for shown in [("authorization", format!("Bearer {key}")), ("cookie", cookie.clone())] {
                let request =
                    server.ask(method, path).header(shown.0, &shown.1).header("origin", &server.base);
                let answer = Answer::of(request.body("").send().await.unwrap()).await;
                let through = answer.status != 403;
                assert_eq!(
                    through, may[at],
                    "{:?} {method} {path} by {}: {}",
                    user.role, shown.0, answer.status
                );
                assert!(answer.status < 500, "{method} {path}: {}", answer.text);
            }
        }
    }
}

#[tokio::test]
async fn a_key_is_shown_once_opens_its_scopes_and_is_dead_once_revoked() {
    let server = Server::guarded().await;
    let admin = server.key(None, &[Scope::Read, Scope::People]).await;
    let ask = async |method: &str, path: &str, key: &str, body| {
        let request = server.ask(method, path).header("authorization", format!("Bearer {key}"));
        Answer::of(with_json(request, &body).send().await.unwrap()).await
    };
    let too_much = ask("POST", "/api/v1/keys", &admin, json!({"label": "x", "scopes": ["imports"]})).await;
    assert_eq!(too_much.status, 403, "a key gives no more than it has");
    let made = ask("POST", "/api/v1/keys", &admin, json!({"label": "x", "scopes": ["read"]})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!(ask("GET", "/api/v1/leads", &secret, json!({})).await.status, 200);
    assert_eq!(ask("GET", "/api/v1/keys", &secret, json!({})).await.status, 403);
    assert!(!ask("GET", "/api/v1/keys", &admin, json!({})).await.text.contains(&secret[12..]));
    let id = made.json()["key"]["id"].as_str().unwrap().to_owned();
    assert_eq!(ask("DELETE", &format!("/api/v1/keys/{id}"), &admin, json!({})).await.status, 200);
    assert_eq!(ask("GET", "/api/v1/leads", &secret, json!({})).await.status, 401);
}

#[tokio::test]
async fn every_write_has_an_actor_in_the_audit_log_and_looking_has_none() {
    let server = Server::alone().await;
    server.get("/api/v1/leads").await;
    let made = server.send("POST", "/api/v1/keys", json!({"label": "x", "scopes": ["read"]})).await;
    let id = made.json()["key"]["id"].as_str().unwrap().to_owned();
    server.send("DELETE", &format!("/api/v1/keys/{id}"), json!({})).await;
    let refused = server.send("POST", "/api/v1/keys", json!({"label": "", "scopes": []})).await;
    assert_eq!(refused.status, 422);
    let entries = audit::list(server.pool(), &Filter::default(), 10).await.unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|e| {
            (
                e.actor.as_str(),
                e.action.as_str(),
                e.subject.as_deref(),
                e.outcome.as_deref(),
                e.status.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("owner", "POST /api/v1/keys", None, Some("refused"), Some("422")),
            ("owner", "DELETE /api/v1/keys/{id}", Some(id.as_str()), Some("done"), Some("200")),
            ("owner", "POST /api/v1/keys", None, Some("done"), Some("201")),
        ]
    );
    assert_eq!(made.header("x-request-id"), entries[2].request_id.to_string());
}
