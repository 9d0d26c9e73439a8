//! Who may enter, what they may do, and what is noted of it.

mod audit;
mod idempotency;
mod keys;
mod sign_in;
mod users;

use engine::actor::Role;
use engine::users::{New, User, setup};
use jiff::{SignedDuration, Timestamp};
use sqlx::PgPool;

const PASSWORD: &str = "four words in a row";

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

async fn somebody(pool: &PgPool, email: &str, role: Role) -> User {
    let new = New { email, full_name: Some("Jane Doe"), role };
    setup::add_with_password(pool, new, PASSWORD, now()).await.unwrap()
}
