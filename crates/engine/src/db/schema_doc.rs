//! The schema as a page to read, made from the comments on tables and columns. Leaves the words to the migrations.

use std::fmt::Write;

use serde::Deserialize;
use sqlx::{PgPool, types::Json};

use super::made;
use crate::Result;

const SCHEMA: &str = include_str!("schema_doc.sql");

#[derive(Deserialize)]
struct Relation {
    name: String,
    kind: String,
    how_we_run: bool,
    comment: String,
    columns: Vec<[String; 4]>,
}

/// `docs/schema.md` of a migrated database.
pub async fn schema_markdown(pool: &PgPool) -> Result<String> {
    let relations: Vec<Json<Relation>> =
        sqlx::query_scalar(SCHEMA).bind(made::relations()).fetch_all(pool).await?;
    let relations: Vec<Relation> = relations.into_iter().map(|Json(relation)| relation).collect();
    let raw = |relation: &&Relation| {
        !relation.how_we_run && (relation.name.ends_with("_raw") || relation.name.starts_with("raw_"))
    };
    let mut page = String::from(
        "# The schema\n\n\
         Made from the comments in the database; to change a word here, change it in a migration. The tables to query\n\
         stand in your schema (`public` if you chose none), how Touchline runs in schema `touchline`. Times are `timestamptz`.\n",
    );
    let normalised = relations.iter().filter(|relation| !relation.how_we_run && !raw(relation));
    chapter(&mut page, "Normalised: what we conclude", normalised);
    chapter(&mut page, "Raw: what a vendor or a file said", relations.iter().filter(raw));
    chapter(&mut page, "How Touchline runs", relations.iter().filter(|relation| relation.how_we_run));
    Ok(page)
}

fn chapter<'a>(page: &mut String, title: &str, relations: impl Iterator<Item = &'a Relation>) {
    *page += &format!("\n## {title}\n");
    for relation in relations {
        table(page, relation);
    }
}

fn table(page: &mut String, relation: &Relation) {
    let view = if relation.kind == "v" { " (view)" } else { "" };
    *page += &format!("\n### `{}`{view}\n\n{}\n\n", relation.name, relation.comment);
    *page += "| column | type | null | |\n|---|---|---|---|\n";
    for [name, type_name, null, comment] in &relation.columns {
        let comment = comment.replace('|', "\\|");
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| `{name}` | {type_name} | {null} | {comment} |");
    }
}
