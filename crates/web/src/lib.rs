//! HTTP over the engine. Every route on one page; a handler calls one engine function and renders.
//! Leaves SQL, vendors and retries to `engine`; pages come into this room next.

mod health;
mod hooks;
mod metrics;

use axum::Router;
use axum::routing::get;
use engine::PgPool;
use engine::clock::Clock;
use engine::inbox::Inbox;
use tokio::net::TcpListener;

use self::metrics::Measured;

/// Every route.
pub fn routes(pool: PgPool, inbox: Inbox, clock: Clock) -> Router {
    let measured = Measured { pool: pool.clone(), inbox: inbox.clone(), clock };
    Router::new()
        .route("/metrics", get(metrics::metrics).with_state(measured))
        .route("/api/v1/status", get(health::status))
        .with_state(pool.clone())
        .merge(public_routes(pool, inbox))
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
    axum::serve(listener, routes).with_graceful_shutdown(stop).await
}
