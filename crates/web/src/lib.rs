//! HTTP over the engine. Every route on one page; a handler calls one engine function and renders.
//! Leaves SQL, vendors and retries to `engine`.

#![allow(dead_code, reason = "pages land one after the other")]

mod assets;
mod error;
mod guard;
mod health;
mod hooks;
mod live;
mod metrics;
mod pages;
mod parts;
mod session;
mod shell;
mod state;
mod strip;
mod toast;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Extension, Router};
use engine::PgPool;
use engine::clock::Clock;
use engine::inbox::Inbox;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

use self::live::Closing;
use self::metrics::Measured;
use self::pages::{home, leads, views};
use self::state::App;
pub use self::state::Tools;

/// Every route.
pub fn routes(pool: PgPool, inbox: Inbox, clock: Clock, tools: Tools) -> Router {
    let measured = Measured { pool: pool.clone(), inbox: inbox.clone(), clock: clock.clone() };
    let app = App::new(pool.clone(), inbox.clone(), clock, tools);
    Router::new()
        .merge(for_people())
        .with_state(app.clone())
        .route("/metrics", get(metrics::metrics).with_state(measured))
        .route("/api/v1/status", get(health::status).with_state(pool.clone()))
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
        .route("/leads", get(leads::list))
        .route("/views", post(views::save))
        .route("/views/{id}/remove", post(views::remove))
        .route("/live", get(live::news))
        .fallback(pages::missing)
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
    axum::serve(listener, routes.layer(Extension(Closing(closing)))).with_graceful_shutdown(stop).await
}
