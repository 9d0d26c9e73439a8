//! The running simulator: takes a request through key, limits, faults and scope to its route, and keeps a log of it.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{Response, header};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::answer::Answer;
use crate::faults::Fault;
use crate::limits::Windows;
use crate::line::{Cutter, Lines};
use crate::prng::Prng;
use crate::query::Call;
use crate::{Clock, Faults, Limits, Options, World, routes, sender, wire};

/// The largest request body that is read.
const LARGEST: usize = 4 << 20;

/// A running stand-in for the vendor. Dropping it closes its port and lets its connections finish.
#[derive(Debug)]
pub struct Simulator {
    port: u16,
    shared: Arc<Shared>,
    clock: Clock,
    _stop: oneshot::Sender<()>,
}

/// A request that came, and how it was answered.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `GET`, `POST`.
    pub method: String,
    /// Path and query as they were sent.
    pub path: String,
    /// The body as text.
    pub body: String,
    /// When it came.
    pub at: Instant,
    /// The status answered; 0 if the connection was closed without one.
    pub status: u16,
    /// The fault it met.
    pub fault: Option<Fault>,
}

#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    access: Mutex<Access>,
    faults: Faults,
    windows: Mutex<Windows>,
    seen: Mutex<Vec<Seen>>,
    cursors: Mutex<Prng>,
    page_shift: bool,
    key: String,
    /// Sends webhooks; made when the first is sent.
    http: OnceLock<reqwest::Client>,
    vapi_key: String,
}

/// What the key may do.
#[derive(Debug)]
struct Access {
    revoked: bool,
    scopes: Vec<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A test that panics inside `world` must not turn every later request into a second panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Simulator {
    /// Makes the world and serves it on a free port of 127.0.0.1, on the current runtime.
    pub async fn start(options: Options) -> std::io::Result<Simulator> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new(&options)),
            access: Mutex::new(Access { revoked: false, scopes: options.scopes }),
            faults: Faults::default(),
            windows: Mutex::new(Windows::new(options.limits)),
            seen: Mutex::new(Vec::new()),
            cursors: Mutex::new(Prng::new(options.seed)),
            page_shift: options.page_shift,
            key: options.key,
            http: OnceLock::new(),
            vapi_key: options.vapi_key,
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new().fallback(handle).with_state(shared.clone());
        let service = router.into_make_service_with_connect_info::<Cutter>();
        let serving = axum::serve(Lines(listener), service).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        tokio::spawn(async move {
            let _ = serving.await;
        });
        Ok(Simulator { port, shared, clock: options.clock, _stop: stop })
    }

    /// Where it listens, without a path: `http://127.0.0.1:PORT`. Instantly's API is under `/api/v2`, Vapi's at the root.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The bearer key it accepts.
    pub fn key(&self) -> &str {
        &self.shared.key
    }

    /// The bearer key that Vapi's API accepts.
    pub fn vapi_key(&self) -> &str {
        &self.shared.vapi_key
    }

    /// Reads or changes the world under its lock.
    pub fn world<R>(&self, f: impl FnOnce(&mut World) -> R) -> R {
        f(&mut lock(&self.shared.world))
    }

    /// The world's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Moves the clock and lets life happen until then: sends, replies, opens, restated days, deleted leads.
    pub fn advance(&self, by: Duration) {
        self.world(|world| world.advance(by));
    }

    /// The rules for trouble.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        self.shared.http()
    }

    /// Every request so far, in the order they were answered.
    pub fn requests(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        lock(&self.shared.seen).clear();
    }

    /// Switches the request limits; what was counted is forgotten.
    pub fn set_limits(&self, limits: Limits) {
        *lock(&self.shared.windows) = Windows::new(limits);
    }

    /// Revokes the key, or gives it back.
    pub fn set_revoked(&self, revoked: bool) {
        lock(&self.shared.access).revoked = revoked;
    }

    /// Sets the key's scopes, such as `["campaigns:all", "leads:read"]`.
    pub fn set_scopes(&self, scopes: &[&str]) {
        lock(&self.shared.access).scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    }
}

async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request,
) -> Response<Body> {
    let at = Instant::now();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.unwrap_or_default();
    let path = parts.uri.path();
    let method = parts.method.as_str();
    let fault = shared.faults.strike(method, path);
    let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let query = Query::try_from_uri(&parts.uri).map(|Query(query)| query).unwrap_or_default();
    let host =
        parts.headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let call = Call { id: String::new(), query, body: body.clone(), host };
    let mut answer = shared.answer(method, path, authorization, call, fault.as_ref());
    if answer.status == 200 && routes::find(method, path).is_some_and(|found| found.pattern == routes::TEST) {
        answer = shared.trial(&answer).await;
    }
    lock(&shared.seen).push(Seen {
        method: method.to_owned(),
        path: parts.uri.path_and_query().map_or(path, |path| path.as_str()).to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
        at,
        status: answer.status,
        fault: fault.clone(),
    });
    wire::respond(answer, fault.as_ref(), &cutter)
}

impl Shared {
    fn answer(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        mut call: Call,
        fault: Option<&Fault>,
    ) -> Answer {
        let scopes = lock(&self.access).scopes.join(", ");
        if let Some(answer) = fault.and_then(|fault| wire::instead(fault, path, &scopes)) {
            return answer;
        }
        if wire::is_vapi(path) {
            return self.vapi(method, path, key, &call);
        }
        if let Err(answer) = self.authorise(key, &self.key) {
            return answer;
        }
        if !lock(&self.windows).admit(path) {
            return Answer::error(429, "Rate limit exceeded");
        }
        let Some(found) = routes::find(method, path) else { return Answer::not_found() };
        if !self.may(found.scope) {
            return wire::missing_scope(&format!("{}:{}", found.scope.0, found.scope.1), &scopes);
        }
        call.id = found.id;
        let asked = cursor_of(&call);
        if fault == Some(&Fault::EndlessCursor) {
            drop_cursor(&mut call);
        }
        let mut world = lock(&self.world);
        let shifts = self.page_shift && path == "/api/v2/emails" && call.get("sort_order") != Some("asc");
        let answer = (found.handler)(&mut world, &call).unwrap_or_else(|refusal| refusal);
        // A page that ends in a cursor, so that more is to come: a walk one page long has nothing to shift.
        if shifts && answer.status == 200 && answer.body.ends_with(b"\"}") {
            world.shift();
        }
        drop(world);
        match fault {
            Some(Fault::EndlessCursor) => {
                wire::with_cursor(answer, &wire::fresh_cursor(&mut lock(&self.cursors)))
            }
            Some(Fault::RepeatedCursor) => match asked {
                Some(asked) => wire::with_cursor(answer, &asked),
                None => answer,
            },
            _ => answer,
        }
    }

    /// Another vendor: a key and paths of its own, no scopes, and storage that needs no key at all.
    fn vapi(&self, method: &str, path: &str, key: Option<&str>, call: &Call) -> Answer {
        if path.starts_with(routes::vapi::STORAGE) {
            return routes::vapi::stored(key);
        }
        if let Err(answer) = self.authorise(key, &self.vapi_key) {
            return answer;
        }
        routes::vapi::answer(&mut lock(&self.world), method, path, call)
    }

    fn authorise(&self, key: Option<&str>, right: &str) -> Result<(), Answer> {
        let Some(key) = key else { return Err(Answer::error(401, "Missing Authorization header")) };
        if key.strip_prefix("Bearer ") != Some(right) || lock(&self.access).revoked {
            return Err(Answer::error(401, "Invalid API key"));
        }
        Ok(())
    }

    /// Has the delivery sent for which the handler named the subscription.
    async fn trial(&self, subscription: &Answer) -> Answer {
        let subscription = serde_json::from_slice(&subscription.body).unwrap_or_default();
        let (organization, at) = {
            let world = lock(&self.world);
            (world.organization().to_owned(), crate::clock::stamp(world.clock.milliseconds()))
        };
        Answer::json(&sender::trial(self.http(), &subscription, &organization, at).await)
    }

    fn http(&self) -> &reqwest::Client {
        self.http.get_or_init(reqwest::Client::new)
    }

    fn may(&self, (resource, action): (&str, &str)) -> bool {
        let access = lock(&self.access);
        let all = |action: &str| format!("all:{action}");
        let enough = [format!("{resource}:{action}"), format!("{resource}:all"), all(action), all("all")];
        access.scopes.iter().any(|scope| enough.contains(scope))
    }
}

/// The cursor a request came with, from the query or the body.
fn cursor_of(call: &Call) -> Option<String> {
    let in_body = || call.object().ok()?.get("starting_after")?.as_str().map(str::to_owned);
    call.get("starting_after").map(str::to_owned).or_else(in_body)
}

fn drop_cursor(call: &mut Call) {
    call.query.retain(|(key, _)| key != "starting_after");
    if let Ok(mut body) = call.object() {
        body.remove("starting_after");
        call.body = serde_json::Value::Object(body).to_string().into();
    }
}
