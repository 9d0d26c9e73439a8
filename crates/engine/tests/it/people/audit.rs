//! The audit log: an entry before a write, its outcome once, and nothing else.

use engine::actor::Actor;
use engine::audit::{self, Filter, Outcome, Write};
use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::now;

#[tokio::test]
async fn an_entry_can_be_settled_once_and_never_be_changed_or_taken_out() {
    let database = testkit::database().await;
    let pool = database.pool();
    let write = Write {
        action: "POST /api/v1/keys",
        subject: Some("crm\0"),
        details: json!({"label": "crm"}),
        request_id: Uuid::now_v7(),
    };
    let begun = audit::begin(pool, &Actor::command("jane"), &write, now()).await.unwrap();
    let open = audit::list(pool, &Filter::default(), 10).await.unwrap();
    assert_eq!((open[0].outcome.as_deref(), open[0].subject.as_deref()), (None, Some("crm")));
    audit::settle(pool, begun, Outcome::Done, "201", now()).await.unwrap();
    audit::settle(pool, begun, Outcome::Failed, "500", now()).await.unwrap();
    let entry =
        &audit::list(pool, &Filter { subject: Some("crm"), ..Filter::default() }, 10).await.unwrap()[0];
    assert_eq!((entry.outcome.as_deref(), entry.status.as_deref()), (Some("done"), Some("201")));
    assert_eq!((entry.actor.as_str(), entry.actor_label.as_str()), ("command", "jane"));

    for tampering in [
        "update touchline.audit set actor_label = 'eve'",
        "update touchline.audit set outcome = 'refused'",
        "delete from touchline.audit",
        "truncate touchline.audit",
    ] {
        let error = sqlx::raw_sql(AssertSqlSafe(tampering)).execute(pool).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{tampering}: {error}");
    }
    assert_eq!(audit::list(pool, &Filter::default(), 10).await.unwrap(), std::slice::from_ref(entry));
}
