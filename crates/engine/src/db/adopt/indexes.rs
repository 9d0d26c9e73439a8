//! Plain indexes: one that is ours under another name gets our name; a stranger under our name makes way.
//! Leaves making missing ones to the migration files, and uniqueness to `keys`.

use sqlx::PgConnection;

use super::{catalog::Table, refusal::Refusal};
use crate::{
    Result,
    db::plan::{Action, PlanStep},
};

/// Renames for one table.
pub(super) fn compare(contract: &Table, live: &Table, steps: &mut Vec<PlanStep>) {
    for wanted in contract.indexes.iter().filter(|index| !index.unique) {
        let same = |name: &str| live.indexes.iter().any(|index| index.name == name && index.same_as(wanted));
        if same(&wanted.name) {
            continue;
        }
        let theirs = |name: &str| contract.indexes.iter().any(|index| index.name == name);
        let twin = live
            .indexes
            .iter()
            .find(|index| !index.unique && index.usable && index.same_as(wanted) && !theirs(&index.name));
        if let Some(twin) = twin {
            let what = format!("index `{}` is the contract's `{}`", twin.name, wanted.name);
            let sql = format!("alter index {} rename to {}", twin.name, wanted.name);
            steps.push(PlanStep::new(Action::Rename, &live.name, what, sql));
        }
    }
}

/// Relations of other tables, or of another shape, that bear a name the contract's indexes need.
pub(super) async fn clear_names(
    connection: &mut PgConnection,
    contract: &[Table],
    live: &[Table],
    steps: &mut Vec<PlanStep>,
    refusals: &mut Vec<Refusal>,
) -> Result<()> {
    let wanted: Vec<_> =
        contract.iter().flat_map(|table| table.indexes.iter().map(move |index| (table, index))).collect();
    for (table, wanted) in wanted {
        let found = live.iter().find(|found| found.name == table.name);
        let bearer = found.and_then(|found| found.indexes.iter().find(|index| index.name == wanted.name));
        if bearer.is_some_and(|index| index.usable && index.same_as(wanted)) {
            continue;
        }
        // A primary key on other columns keeps its name: ours then comes as a uniqueness with a name of its own.
        if wanted.primary && bearer.is_some_and(|index| index.primary) {
            continue;
        }
        let kind: Option<String> = sqlx::query_scalar(
            "select relkind::text from pg_class where relnamespace = current_schema()::regnamespace and relname = $1",
        )
        .bind(&wanted.name)
        .fetch_optional(&mut *connection)
        .await?;
        let (name, aside) =
            (&wanted.name, format!("{}_before_touchline", &wanted.name[..wanted.name.len().min(46)]));
        match kind.as_deref() {
            None => {}
            Some("i") => {
                let what =
                    format!("another index bears the name the contract gives to one of `{}`", table.name);
                let sql = format!("alter index {name} rename to {aside}");
                steps.push(PlanStep::new(Action::Rename, name, what, sql));
            }
            Some(_) => refusals.push(Refusal::new(
                name,
                format!("bears the name of an index the contract needs on `{}`", table.name),
                "rename it",
            )),
        }
    }
    Ok(())
}
