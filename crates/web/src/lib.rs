//! HTTP over the engine. Every route on one page; a handler calls one engine function and renders.
//! Leaves SQL, vendors and retries to `engine`; pages and webhooks come into this room next.

mod health;

use axum::Router;
use axum::routing::get;
use engine::PgPool;
use tokio::net::TcpListener;

/// Every route.
pub fn routes(pool: PgPool) -> Router {
    Router::new()
        .route("/health", get(health::health))
        .route("/api/v1/status", get(health::status))
        .with_state(pool)
}

/// Serves until `stop` returns; requests under way are answered first.
pub async fn serve(
    listener: TcpListener,
    pool: PgPool,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, routes(pool)).with_graceful_shutdown(stop).await
}
