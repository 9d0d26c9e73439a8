//! Everything in the tables people query, as text that two databases of the same history share: random ids become
//! what they stand for, our own clocks are left out. New tables and columns are taken in by themselves.

use std::collections::BTreeMap;
use std::fmt::Write;

use sqlx::{AssertSqlSafe, PgPool};

/// Rows as text, sorted, by table.
pub(crate) type Dump = BTreeMap<String, Vec<String>>;

/// When we did something: differs from run to run.
const CLOCKS: [&str; 6] = ["created_at", "updated_at", "synced_at", "observed_at", "valid_from", "valid_to"];

/// Dumps every table of schema `public`.
pub(crate) async fn dump(pool: &PgPool) -> Dump {
    let columns: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
        "select c.relname::text,
                a.attname::text,
                format_type(a.atttypid, null),
                (
                  select f.confrelid::regclass::text
                    from pg_constraint f
                   where f.contype = 'f' and f.conrelid = c.oid and f.conkey = array[a.attnum]
                )
           from pg_class c
           join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          where c.relnamespace = 'public'::regnamespace
            and c.relkind = 'r'
          order by c.relname, a.attnum",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column, kind, refers_to) in columns {
        let part = match refers_to {
            _ if CLOCKS.contains(&column.as_str()) => continue,
            _ if column == "id" && matches!(kind.as_str(), "uuid" | "bigint") => continue,
            Some(other) => format!("'{column}', {}", meaning(&other, &format!("t.{column}"))),
            // The values we last worked out, ids among them.
            None if column == "derived" && kind == "jsonb" => format!(
                "'derived', t.derived || case when t.derived ? 'company_id' then \
                 jsonb_build_object('company_id', {}) else '{{}}' end",
                meaning("companies", "(t.derived ->> 'company_id')::uuid")
            ),
            None if column == "gone_at" => "'gone', t.gone_at is not null".into(),
            None => format!("'{column}', t.{column}"),
        };
        parts.entry(table).or_default().push(part);
    }
    let mut dump = Dump::new();
    for (table, parts) in parts {
        let sql = format!("select jsonb_build_object({})::text from {table} t", parts.join(", "));
        let mut rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
        rows.sort_unstable();
        dump.insert(table, rows);
    }
    assert!(
        ["leads", "events", "raw_history"].iter().all(|table| dump.contains_key(*table)),
        "where are they?"
    );
    dump
}

/// What a random id stands for.
fn meaning(table: &str, id: &str) -> String {
    let named = |column: &str| format!("(select x.{column} from {table} x where x.id = {id})");
    match table {
        "users" => named("email"),
        "offers" => named("offer_name"),
        "events" => named("natural_key"),
        "csv_imports_raw" => named("file_name"),
        "campaigns" => format!(
            "(select coalesce(c.instantly_campaign_id, c.campaign_name) from campaigns c where c.id = {id})"
        ),
        "companies" => {
            format!("(select coalesce(c.company_domain, c.company_name) from companies c where c.id = {id})")
        }
        "leads" => format!(
            "(select min(i.identity_kind || ':' || i.identity_value) from lead_identities i where i.lead_id = {id})"
        ),
        "campaign_leads" => format!(
            "(select {} || ' in ' || {} from campaign_leads m where m.id = {id})",
            meaning("leads", "m.lead_id"),
            meaning("campaigns", "m.campaign_id")
        ),
        other => panic!("say in support/dump.rs what a row of {other} is known by"),
    }
}

/// How two dumps differ, in words; empty: they do not. Tables in `except` may.
pub(crate) fn difference(expected: &Dump, found: &Dump, except: &[&str]) -> String {
    let mut told = String::new();
    assert!(expected.keys().eq(found.keys()), "the databases have different tables");
    for (table, rows) in expected.iter().filter(|(table, _)| !except.contains(&table.as_str())) {
        let others = &found[table];
        if rows == others {
            continue;
        }
        let _ = writeln!(told, "{table}: {} rows expected, {} found", rows.len(), others.len());
        for (sign, row) in
            surplus(rows, others).map(|row| ('-', row)).chain(surplus(others, rows).map(|row| ('+', row)))
        {
            let cut: String = row.chars().take(1200).collect();
            let _ = writeln!(told, "  {sign} {cut}");
        }
    }
    told
}

/// The first rows of one that the other lacks, doubles counted.
fn surplus<'a>(of: &'a [String], over: &'a [String]) -> impl Iterator<Item = &'a String> {
    let count = |rows: &[String], row: &String| rows.iter().filter(|other| *other == row).count();
    of.iter().filter(move |row| count(of, row) > count(over, row)).take(3)
}

#[test]
fn a_double_and_a_changed_row_are_told() {
    let dump =
        |rows: &[&str]| Dump::from([("leads".to_owned(), rows.iter().map(|r| (*r).to_owned()).collect())]);
    assert_eq!(difference(&dump(&["a", "b"]), &dump(&["a", "b"]), &[]), "");
    let doubled = difference(&dump(&["a", "b"]), &dump(&["a", "a", "b"]), &[]);
    assert!(doubled.contains("+ a") && !doubled.contains("- "), "{doubled}");
    let changed = difference(&dump(&["a", "b"]), &dump(&["a", "c"]), &[]);
    assert!(changed.contains("- b") && changed.contains("+ c"), "{changed}");
    assert_eq!(difference(&dump(&["a"]), &dump(&["b"]), &["leads"]), "");
}
