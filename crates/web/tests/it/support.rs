//! A server of one test's own.

use engine::actor::{Role, Scope};
use engine::api_keys;
use engine::clock::Clock;
use engine::connections::Keys;
use engine::inbox::{Inbox, Limits};
use engine::users::{New, User, setup};
use jiff::Timestamp;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use sqlx::PgPool;
use testkit::TestDatabase;
use tokio::net::TcpListener;
use web::{Entry, Tools};

pub(crate) const PASSWORD: &str = "four words in a row";

pub(crate) struct Server {
    pub(crate) database: TestDatabase,
    pub(crate) base: String,
    pub(crate) client: Client,
    _home: tempfile::TempDir,
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

impl Server {
    /// Where whoever reaches it is the one user.
    pub(crate) async fn alone() -> Self {
        Self::with(Entry::default()).await
    }

    /// Where everybody signs in.
    pub(crate) async fn guarded() -> Self {
        Self::with(Entry { sign_in: true, ..Entry::default() }).await
    }

    pub(crate) async fn with(entry: Entry) -> Self {
        let (database, home) = (testkit::database().await, tempfile::tempdir().unwrap());
        let keys = Keys { given: None, file: home.path().join("secret.key") };
        let clock = Clock::new(now);
        let inbox = Inbox::start(database.pool().clone(), keys.clone(), clock.clone(), Limits::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let tools = Tools {
            wake: engine::jobs::Wake::default(),
            sources: Vec::new(),
            recordings: engine::recordings::Recordings::default(),
            keys,
            public_url: base.clone(),
            emails_per_minute: 0,
            entry,
        };
        let routes = web::routes(database.pool().clone(), inbox, clock, tools);
        tokio::spawn(web::serve(listener, routes, std::future::pending()));
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { database, base, client, _home: home }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        self.database.pool()
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.ask("GET", path).send().await.unwrap()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        Answer::of(json(self.ask(method, path), &body).send().await.unwrap()).await
    }

    /// A form as a browser on our own page sends it.
    pub(crate) async fn form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.ask("POST", path).header("cookie", cookie).header("origin", &self.base);
        Answer::of(form(request, fields).send().await.unwrap()).await
    }

    pub(crate) async fn somebody(&self, email: &str, role: Role) -> User {
        let new = New { email, full_name: Some("Jane Doe"), role };
        setup::add_with_password(self.pool(), new, PASSWORD, now()).await.unwrap()
    }

    pub(crate) async fn key(&self, user: Option<&User>, scopes: &[Scope]) -> String {
        let user_id = user.map(|user| user.id);
        let new = api_keys::New { label: "a program", scopes, user_id, expires_at: None };
        api_keys::add(self.pool(), new, now()).await.unwrap().1.reveal().to_owned()
    }

    /// Signs somebody in; the cookie as the browser sends it back.
    pub(crate) async fn signed_in(&self, email: &str) -> String {
        let answer = self.form("/sign-in", "", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.cookie()
    }
}

pub(crate) fn json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request.header("content-type", "application/json").body(body.to_string())
}

pub(crate) fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    let body: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"))
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }
}
