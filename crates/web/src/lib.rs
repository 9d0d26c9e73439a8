//! HTTP over the engine. Every route on one page; a handler calls one engine function and renders.
//! Leaves SQL, vendors and retries to `engine`.

mod address;
mod api;
mod assets;
mod chart;
mod csv;
mod error;
mod guard;
mod health;
mod hooks;
mod live;
mod metrics;
mod pages;
mod parts;
mod say;
mod session;
mod shell;
mod state;
mod story;
mod strip;
mod toast;

use std::net::SocketAddr;

use axum::Extension;
pub use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use engine::PgPool;
use engine::clock::Clock;
use engine::inbox::Inbox;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

use self::live::Closing;
use self::metrics::Measured;
use self::pages::{
    analytics, campaigns, companies, connections, event, home, imports, lead, leads, offers, people, queue,
    replies, rows, search, settings, sign_in, sync, views,
};
pub use self::session::Entry;
use self::state::App;
pub use self::state::Tools;

/// Every route.
pub fn routes(pool: PgPool, inbox: Inbox, clock: Clock, tools: Tools) -> Router {
    let measured = Measured { pool: pool.clone(), inbox: inbox.clone(), clock: clock.clone() };
    let app = App::new(pool.clone(), clock, tools);
    Router::new()
        .merge(for_people())
        .merge(api::routes(&app))
        .with_state(app.clone())
        .route("/metrics", get(metrics::metrics).with_state(measured))
        .layer(from_fn_with_state(app.clone(), session::enter))
        .layer(from_fn(guard::same_origin))
        .layer(from_fn_with_state(app, error::in_its_form))
        .layer(CompressionLayer::new())
        .layer(from_fn(guard::headers))
        .route("/assets/{hash}/{*path}", get(assets::serve))
        .merge(public_routes(pool, inbox))
}

/// What people see and do, page by page.
fn for_people() -> Router<App> {
    Router::new()
        .route("/", get(home::home))
        .route("/replies", get(replies::list))
        .route("/events/{id}/link", post(replies::link))
        .route("/events/{id}/undo", post(replies::unlink))
        .route("/queue", get(queue::list))
        .route("/queue/{item}/{decision}", post(queue::decide))
        .route("/decisions/{id}/undo", post(queue::undo))
        .route("/search", get(search::search))
        .route("/companies", get(companies::list))
        .route("/companies/{id}", get(companies::show))
        .route("/leads", get(leads::list))
        .route("/leads.csv", get(leads::csv))
        .route("/leads/bulk", get(leads::bulk::list).post(leads::bulk::act))
        .route("/leads/bulk/{id}/undo", post(leads::bulk::undo))
        .route("/leads/{id}", get(lead::show))
        .route("/leads/{id}/touches", post(lead::log))
        .route("/leads/{id}/stop", post(lead::stop))
        .route("/leads/{id}/resume", post(lead::resume))
        .route("/leads/{id}/interest", post(lead::interest))
        .route("/touches/{id}/undo", post(lead::undo))
        .route("/events/{id}/mail", get(event::mail))
        .route("/events/{id}/raw", get(event::raw))
        .route("/views", post(views::save))
        .route("/views/{id}/remove", post(views::remove))
        .route("/live", get(live::news))
        .merge(of_data())
        .route("/settings/people", get(people::show))
        .route("/settings/people/users", post(people::add_user))
        .route("/settings/people/users/{id}/role", post(people::set_role))
        .route("/settings/people/users/{id}/password", post(people::new_password))
        .route("/settings/people/users/{id}/disable", post(people::disable))
        .route("/settings/people/users/{id}/enable", post(people::enable))
        .route("/settings/people/keys", post(people::add_key))
        .route("/settings/people/keys/{id}/revoke", post(people::revoke))
        .route("/sessions", get(people::sessions))
        .route("/sessions/{id}/end", post(people::end_session))
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/setup/{secret}", get(sign_in::show_setup).post(sign_in::choose))
        .fallback(pages::missing)
}

/// Where data comes from and what it says.
fn of_data() -> Router<App> {
    // A file may be of any size: it goes to disk as it comes.
    let any_size = DefaultBodyLimit::disable();
    Router::new()
        .route("/analytics", get(analytics::analytics))
        .route("/analytics.csv", get(analytics::csv))
        .route("/analytics/rows", get(rows::rows))
        .route("/analytics/rows.csv", get(rows::csv))
        .route("/campaigns", get(campaigns::list).post(campaigns::add))
        .route("/campaigns/{id}", get(campaigns::show).post(campaigns::edit))
        .route("/campaigns/{id}/rules", post(campaigns::set_rules))
        .route("/campaigns/{id}/members", post(campaigns::add_members))
        .route("/campaigns/{id}/members/remove", post(campaigns::remove_member))
        .route("/campaigns/{id}/members/{lead}/undo", post(campaigns::member_back))
        .route("/offers", get(offers::list).post(offers::add))
        .route("/offers/{id}", get(offers::show).post(offers::edit))
        .route("/offers/{id}/archive", post(offers::archive))
        .route("/offers/{id}/archive/undo", post(offers::unarchive))
        .route("/imports", get(imports::list).post(imports::receive).layer(any_size))
        .route("/imports/files/{id}", get(imports::look).post(imports::correct))
        .route("/imports/files/{id}/import", post(imports::commit))
        .route("/imports/files/{id}/stop", post(imports::stop))
        .route("/imports/files/{id}/discard", post(imports::discard))
        .route("/imports/{id}", get(imports::report))
        .route("/imports/{id}/rejects.csv", get(imports::rejects))
        .route("/imports/{id}/undo", post(imports::undo))
        .route("/imports/{id}/redo", post(imports::redo))
        .route("/sync", get(sync::sync))
        .route("/sync/run", post(sync::run))
        .route("/sync/reconcile", post(sync::compare))
        .route("/sync/jobs/{id}/stop", post(sync::stop))
        .route("/sync/runs", get(sync::runs))
        .route("/sync/runs/{id}", get(sync::receipt))
        .route("/sync/records", get(sync::records))
        .route("/sync/deliveries", get(sync::deliveries))
        .route("/sync/deliveries/retry", post(sync::retry))
        .route("/sync/deliveries/{id}", get(sync::delivery))
        .route("/connections", get(connections::list).post(connections::add))
        .route("/connections/{id}/rotate", post(connections::rotate))
        .route("/connections/{id}/test", post(connections::test))
        .route("/connections/{id}/remove", post(connections::remove))
        .route("/settings", get(settings::settings))
        .route("/settings/time-zone", post(settings::time_zone))
        .route("/settings/stops", post(settings::stops))
}

/// What strangers may reach: webhooks prove themselves, and health tells nothing but whether it is well.
pub fn public_routes(pool: PgPool, inbox: Inbox) -> Router {
    Router::new().route("/health", get(health::health)).with_state(pool).merge(hooks::routes(inbox))
}

/// Serves until `stop` returns; requests under way are answered first.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // Streams of news have no end of their own, and would hold the server up.
    let (close, closing) = watch::channel(false);
    let stop = async move {
        stop.await;
        let _ = close.send(true);
    };
    let routes = routes.layer(Extension(Closing(closing)));
    let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
    // An answer goes out when it is written, not when more of it might follow.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, routes).with_graceful_shutdown(stop).await
}
