//! Primary keys and uniqueness: the contract's keys come (no duplicates allowed), keys that would keep records out go.
//! Leaves plain indexes to `indexes`.

use sqlx::PgConnection;

use super::{
    catalog::{Index, Table},
    duplicates,
    refusal::Refusal,
};
use crate::{
    Result,
    db::plan::{Action, PlanStep},
};

/// Drops what is too strict.
pub(super) fn loosen(contract: &Table, live: &Table, steps: &mut Vec<PlanStep>, refusals: &mut Vec<Refusal>) {
    for index in live.indexes.iter().filter(|index| index.unique && too_strict(contract, live, index)) {
        drop_key(contract, live, index, steps, refusals);
    }
}

/// Names the keys that are there as the contract does, and adds the missing ones.
pub(super) async fn settle(
    connection: &mut PgConnection,
    contract: &Table,
    live: &Table,
    steps: &mut Vec<PlanStep>,
    refusals: &mut Vec<Refusal>,
) -> Result<()> {
    let wanted: Vec<_> = contract.indexes.iter().filter(|index| index.unique).collect();
    for wanted in wanted {
        if !wanted.columns.iter().all(|column| live.fits(contract, column)) {
            continue; // Refused already, in its own words.
        }
        match find(live, wanted) {
            Some(found) => name_as_wanted(&live.name, wanted, found, steps),
            None => match duplicates::find(connection, live, wanted).await? {
                Some(refusal) => refusals.push(refusal),
                None => steps.extend(add(live, wanted)),
            },
        }
    }
    Ok(())
}

/// The index that does what `wanted` does; of several the one that has its name.
fn find<'a>(live: &'a Table, wanted: &Index) -> Option<&'a Index> {
    // A table without a primary key gets the contract's, though a uniqueness of the same columns be there.
    let must_be_primary = wanted.primary && live.primary_key().is_none() && filled(live, wanted);
    let same = |index: &&Index| {
        index.unique && index.usable && index.same_as(wanted) && (index.primary || !must_be_primary)
    };
    live.indexes
        .iter()
        .filter(same)
        .find(|index| index.name == wanted.name)
        .or_else(|| live.indexes.iter().find(same))
}

fn filled(live: &Table, wanted: &Index) -> bool {
    wanted.keys.iter().all(|key| live.column(key).is_some_and(|column| column.not_null))
}

/// Whether a unique index refuses rows that the contract allows.
fn too_strict(contract: &Table, live: &Table, index: &Index) -> bool {
    let implied = contract.indexes.iter().filter(|wanted| wanted.unique).any(|wanted| implies(wanted, index));
    let (ours, extra): (Vec<_>, Vec<_>) =
        index.columns.iter().partition(|name| contract.column(name).is_some());
    if index.primary {
        let fills = |name: &&String| live.column(name).is_some_and(|column| column.varies_when_left_out());
        let empty = |name: &String| contract.column(name).is_some_and(|column| !column.not_null);
        let varies = extra.iter().any(fills);
        return ours.iter().any(|name| empty(name)) || !extra.iter().all(fills) || !(varies || implied);
    }
    // One address, one lead: stricter than the contract, and what its owner wants.
    if ours == ["email"] && !contract.name.ends_with("_raw") {
        return false;
    }
    // Our rows leave extra columns out. Null or another value each time: they never collide.
    let free = |name: &&&String| {
        index.keys.contains(name)
            && live.column(name).is_some_and(|column| {
                column.generated.is_empty()
                    && (column.varies_when_left_out() || column.stays_null_when_left_out())
            })
    };
    let never_collides = index.nulls_distinct && extra.iter().any(|name| free(&name));
    !(never_collides || implied)
}

/// Whether uniqueness of `wanted` makes that of `index` a matter of course.
fn implies(wanted: &Index, index: &Index) -> bool {
    // `… where x is not null` binds the same rows as a whole index does, where nulls are distinct.
    let whole = match &wanted.predicate {
        None => true,
        Some(predicate) => wanted.keys.iter().any(|key| *predicate == format!("({key} IS NOT NULL)")),
    };
    let superset = wanted.keys.iter().all(|key| index.keys.contains(key));
    (whole && superset && index.nulls_distinct) || index.same_as(wanted)
}

fn drop_key(
    contract: &Table,
    live: &Table,
    index: &Index,
    steps: &mut Vec<PlanStep>,
    refusals: &mut Vec<Refusal>,
) {
    let (table, keys) = (&live.name, index.keys.join(", "));
    let drop = match &index.constraint {
        Some(constraint) => format!("alter table {table} drop constraint {constraint}"),
        None => format!("drop index {}", index.name),
    };
    let word = if index.primary { "primary key" } else { "uniqueness" };
    if !index.leaned_on_by.is_empty() {
        refusals.push(Refusal::new(
            format!("{table} ({keys})"),
            format!(
                "is a {word} that would keep records out, but foreign keys lean on it: {}",
                index.leaned_on_by.join(", ")
            ),
            format!("drop those foreign keys, or run `{drop} cascade` if nothing else needs them"),
        ));
        return;
    }
    let mut sql = vec![drop];
    if index.primary {
        for column in &index.columns {
            if contract.column(column).is_none_or(|wanted| !wanted.not_null) {
                sql.push(format!("alter table {table} alter column {column} drop not null"));
            }
        }
        // What made its rows distinct stays said, as uniqueness: that lets rows through that leave a part empty.
        let extra = index
            .columns
            .iter()
            .filter_map(|name| live.column(name))
            .find(|column| contract.column(&column.name).is_none() && column.stays_null_when_left_out());
        if extra.is_some() {
            let name = key_name(table, &index.keys);
            sql.push(format!("alter table {table} add constraint {name} unique ({keys})"));
        }
    }
    let what = format!("its {word} of ({keys}) goes: it would keep records out that the contract allows");
    steps.push(PlanStep { action: Action::Relax, subject: table.clone(), what, sql });
}

fn name_as_wanted(table: &str, wanted: &Index, found: &Index, steps: &mut Vec<PlanStep>) {
    let sql = match (&wanted.constraint, &found.constraint) {
        // A primary key that does for a uniqueness of ours keeps its name, and so does a uniqueness beside another one.
        _ if found.primary != wanted.primary => return,
        (Some(name), Some(was)) if name != was => {
            format!("alter table {table} rename constraint {was} to {name}")
        }
        (Some(name), None) if found.plain => {
            let kind = if wanted.primary { "primary key" } else { "unique" };
            format!("alter table {table} add constraint {name} {kind} using index {}", found.name)
        }
        (None, None) if wanted.name != found.name => {
            format!("alter index {} rename to {}", found.name, wanted.name)
        }
        (None, Some(was)) if wanted.name != *was => {
            format!("alter table {table} rename constraint {was} to {}", wanted.name)
        }
        _ => return,
    };
    let what = format!("`{}` is the contract's `{}`", found.name, wanted.name);
    steps.push(PlanStep::new(Action::Rename, table, what, sql));
}

/// The missing key; a partial one is left to its migration file.
fn add(live: &Table, wanted: &Index) -> Vec<PlanStep> {
    let Some(name) = &wanted.constraint else { return Vec::new() };
    let (table, keys) = (&live.name, wanted.keys.join(", "));
    let step = |what: String, sql: String| PlanStep::new(Action::Add, table, what, sql);
    if !wanted.primary {
        let sql = format!("alter table {table} add constraint {name} unique ({keys})");
        return vec![step(format!("unique ({keys}); no duplicates found"), sql)];
    }
    let own = live.primary_key();
    if own.is_none() && filled(live, wanted) {
        let sql = format!("alter table {table} add constraint {name} primary key ({keys})");
        return vec![step(format!("primary key ({keys})"), sql)];
    }
    let unique_name = key_name(table, &wanted.keys);
    let sql = format!("alter table {table} add constraint {unique_name} unique ({keys})");
    let why = match own {
        Some(index) => format!("it keeps its primary key ({})", index.keys.join(", ")),
        None => format!("not a primary key: rows without {keys} are there"),
    };
    vec![step(format!("unique ({keys}); {why}"), sql)]
}

/// PostgreSQL's own way to name a uniqueness, cut to what a name may hold.
fn key_name(table: &str, keys: &[String]) -> String {
    let mut name = format!("{table}_{}", keys.join("_"));
    name.retain(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    name.truncate(59);
    name + "_key"
}
