//! Whether a column's type can hold what the contract puts into it.

use super::catalog::Column;

/// How a type that was found stands to the one the contract names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Same,
    /// Another type that holds everything and reads the same; stays.
    Wider,
    /// Holds less. `harmless`: it may stay where something depends on it.
    Widen {
        harmless: bool,
    },
    /// Another kind of value: a person's decision.
    Other,
}

/// How `found` stands to the type `wanted`.
pub(super) fn fit(wanted: &str, found: &Column) -> Fit {
    if found.type_name == wanted {
        return Fit::Same;
    }
    // An enum or a domain says no to values the contract allows.
    if found.kind != "b" {
        return Fit::Other;
    }
    let unlimited = found.type_name == found.base;
    match (wanted, found.base.as_str()) {
        ("text", "citext") => Fit::Wider,
        ("text", base) if base.ends_with(".citext") => Fit::Wider,
        ("text", "character varying") | ("text[]", "character varying[]") => {
            Fit::Widen { harmless: unlimited }
        }
        ("text", "character") => Fit::Widen { harmless: false },
        ("integer", "bigint") => Fit::Wider,
        ("integer", "smallint") | ("bigint", "smallint" | "integer") => Fit::Widen { harmless: false },
        ("numeric", "smallint" | "integer" | "bigint") => Fit::Widen { harmless: false },
        // numeric(10,2), timestamp(3) with time zone: rounds, which a person chose.
        (wanted, base) if wanted == base => Fit::Widen { harmless: true },
        _ => Fit::Other,
    }
}

/// The statement with which a person may change the type himself, where there is an honest one.
pub(super) fn remedy(table: &str, wanted: &Column, found: &Column) -> String {
    let (column, will) = (&found.name, wanted.type_name.as_str());
    let drop_default =
        if found.default.is_some() { format!("alter column {column} drop default, ") } else { String::new() };
    let alter = |expression: &str| {
        format!(
            "run `alter table {table} {drop_default}alter column {column} type {will} using {expression}`"
        )
    };
    let rename = format!(
        "rename it (`alter table {table} rename column {column} to {column}_before`), so that Touchline adds its own"
    );
    match (will, found.base.as_str()) {
        ("timestamp with time zone", "timestamp without time zone") => {
            alter(&format!("{column} at time zone 'UTC'"))
                + ", if its times are UTC; name their zone otherwise"
        }
        ("jsonb", "json" | "text" | "character varying") => alter(&format!("{column}::jsonb")),
        ("text", base) if !base.ends_with("[]") => alter(&format!("{column}::text")),
        ("text[]", "text" | "character varying") => {
            alter(&format!("string_to_array({column}, ',')")) + ", if it is a list divided by commas"
        }
        ("uuid", "text" | "character varying") => {
            alter(&format!("{column}::uuid")) + ", if every value is a uuid"
        }
        ("integer", "text" | "character varying") => {
            alter(&format!("nullif({column}, '')::integer")) + ", if every value is a whole number"
        }
        ("integer", "numeric" | "real" | "double precision") => {
            alter(&format!("round({column})::integer")) + ", if rounding loses nothing you need"
        }
        ("numeric", "real" | "double precision" | "text" | "character varying") => {
            alter(&format!("{column}::numeric"))
        }
        (
            "date",
            "timestamp with time zone" | "timestamp without time zone" | "text" | "character varying",
        ) => alter(&format!("{column}::date")),
        _ => rename,
    }
}
