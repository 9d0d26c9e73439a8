//! Opens the database for a command, and makes sure its schema is the one this binary knows.

use engine::db::{self, Database};
use engine::{Error, Result};

use crate::config::Global;
use crate::output;

/// For commands that write: brings the schema up to date first, and says so where that did something.
pub(super) async fn for_writing(global: &Global) -> Result<Database> {
    let database = Database::open(global.database()?).await?;
    if !db::is_current(database.pool()).await? {
        let plan = db::migrate(database.pool()).await?;
        tracing::info!(steps = plan.steps.len(), "migrated");
        if plan.steps.iter().any(|step| step.action != db::Action::Apply) {
            output::note(global, &format!("{plan}"));
        }
    }
    Ok(database)
}

/// For commands that only ask. A private local database is ours to bring up to date; another one is its owner's.
pub(super) async fn for_reading(global: &Global) -> Result<Database> {
    let database = Database::open(global.database()?).await?;
    if !db::is_current(database.pool()).await? {
        if !database.is_local() {
            return Err(Error::conflict(
                "this database has no Touchline tables yet, or older ones",
                "run `touchline migrate --dry-run` to see what would be done, then `touchline migrate`",
            ));
        }
        db::migrate(database.pool()).await?;
    }
    Ok(database)
}
