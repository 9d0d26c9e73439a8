//! docs/schema.md says what the database says.

use std::{env, fs};

use engine::db::{migrate, schema_markdown};

use crate::own_database::empty_database;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema.md");

#[tokio::test]
async fn the_schema_page_is_up_to_date() {
    let (pool, _) = empty_database().await;
    migrate(&pool).await.unwrap();
    let page = schema_markdown(&pool).await.unwrap();
    if env::var_os("TOUCHLINE_WRITE_SCHEMA_DOC").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(
        written == page,
        "docs/schema.md is not what the migrations say; write it anew with \
         `TOUCHLINE_WRITE_SCHEMA_DOC=1 cargo test -p engine schema_page`"
    );
}

#[tokio::test]
async fn every_table_and_column_has_a_comment() {
    let (pool, _) = empty_database().await;
    migrate(&pool).await.unwrap();
    let bare: Vec<String> = sqlx::query_scalar(
        "select c.oid::regclass || coalesce('.' || a.attname, '')
           from pg_class c
           left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and c.relkind = 'r'
          where c.relnamespace in ('public'::regnamespace, 'touchline'::regnamespace)
            and c.relkind in ('r', 'v')
            and coalesce(col_description(c.oid, a.attnum), obj_description(c.oid, 'pg_class')) is null
             or c.relnamespace in ('public'::regnamespace, 'touchline'::regnamespace)
            and c.relkind = 'r' and col_description(c.oid, a.attnum) is null",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(bare, Vec::<String>::new());
}
