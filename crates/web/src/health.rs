//! Whether it is well, for load balancers (`/health`).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use engine::{PgPool, db};
use serde_json::{Value, json};

/// 200 while the database answers and its schema is the one we know, else 503 with the reason.
pub(crate) async fn health(State(pool): State<PgPool>) -> (StatusCode, Json<Value>) {
    match db::is_current(&pool).await {
        Ok(true) => (StatusCode::OK, Json(json!({ "status": "ok" }))),
        Ok(false) => unavailable("the schema is not up to date: run `touchline migrate`"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            unavailable("the database does not answer")
        }
    }
}

fn unavailable(reason: &str) -> (StatusCode, Json<Value>) {
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "unavailable", "reason": reason })))
}
