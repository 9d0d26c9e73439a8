//! Every fixture file, with the outcome that is promised for it.

use std::collections::BTreeSet;

use engine::import::{self, Options, State};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::support::{file, folder, run};

#[tokio::test]
async fn every_fixture_comes_out_as_promised() {
    let promises: Value =
        serde_json::from_slice(&std::fs::read(folder().join("expected.json")).unwrap()).unwrap();
    let mut broken = Vec::new();
    let database = testkit::database().await;
    for (name, promise) in promises.as_object().unwrap() {
        // One database for all of them, emptied as the demo's is: cloning one for each takes longer than the imports.
        if engine::demo::began_at(database.pool()).await.unwrap().is_some() {
            engine::demo::clear(database.pool()).await.unwrap();
        }
        engine::demo::mark(database.pool(), jiff::Timestamp::UNIX_EPOCH, false).await.unwrap();
        let found = outcome(database.pool(), name).await;
        for (what, value) in found.as_object().unwrap() {
            if promise[what] != *value {
                broken.push(format!("{name}: {what}\n  promised {}\n  found    {value}", promise[what]));
            }
        }
        check(database.pool(), name, promise, &mut broken).await;
    }
    assert!(broken.is_empty(), "{} promises broken:\n{}", broken.len(), broken.join("\n"));
}

/// What an import did, in the words of the promises.
async fn outcome(pool: &PgPool, name: &str) -> Value {
    let imported =
        run(pool, file(name), &Options::default()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    let report = imported.report;
    assert!(report.adds_up(), "{name}");
    let verdicts = import::rows(pool, report.id, None, 0, 1000).await.unwrap();
    assert_eq!(verdicts.len() as i64, report.rows, "{name}");
    let told = match report.state {
        State::Refused => format!("rejected:{}", report.refusal.as_deref().unwrap()),
        State::Completed if report.companies_only => "imported:companies_only".into(),
        State::Completed => "imported".into(),
        other => panic!("{name}: {other:?}"),
    };
    let rejected: Vec<Value> =
        verdicts.iter().filter(|v| v.outcome == "rejected").map(|v| json!([v.line, v.reason])).collect();
    let duplicates: Vec<Value> = verdicts
        .iter()
        .filter(|v| v.outcome == "duplicate")
        .map(|v| json!([v.line, v.reason, v.joins_line]))
        .collect();
    let notes: BTreeSet<&str> =
        report.file_notes.iter().map(String::as_str).chain(report.notes.keys().map(String::as_str)).collect();
    let companies: BTreeSet<String> =
        strings(pool, "select coalesce(company_domain, 'NULL:' || company_name) from companies").await;
    let leads: BTreeSet<String> = strings(
        pool,
        "select coalesce(l.email, 'linkedin:' || i.identity_value) from leads l
           left join lead_identities i on i.lead_id = l.id and i.identity_kind = 'linkedin'",
    )
    .await;
    let sorted = |name: &str, found: &BTreeSet<String>| {
        let promises: Value =
            serde_json::from_slice(&std::fs::read(folder().join("expected.json")).unwrap()).unwrap();
        let promised: BTreeSet<String> = promises[name.split('|').next().unwrap()]
            [name.split('|').nth(1).unwrap()]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_str().unwrap().to_owned())
        .collect();
        if promised == *found {
            promises[name.split('|').next().unwrap()][name.split('|').nth(1).unwrap()].clone()
        } else {
            json!(found)
        }
    };
    let notes: BTreeSet<String> = notes.into_iter().map(str::to_owned).collect();
    json!({
        "file": told,
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "data_rows": report.rows,
        "accepted": report.rows - report.repaired - report.rejected - report.duplicate,
        "repaired": report.repaired,
        "rejected": rejected,
        "duplicates": duplicates,
        "blank_rows": report.blank_rows,
        "notes": sorted(&format!("{name}|notes"), &notes),
        "companies": sorted(&format!("{name}|companies"), &companies),
        "leads": sorted(&format!("{name}|leads"), &leads),
    })
}

async fn strings(pool: &PgPool, sql: &'static str) -> BTreeSet<String> {
    sqlx::query_scalar::<_, String>(sql).fetch_all(pool).await.unwrap().into_iter().collect()
}

/// The further promises of single files.
async fn check(pool: &PgPool, name: &str, promise: &Value, broken: &mut Vec<String>) {
    let Some(checks) = promise["check"].as_object() else { return };
    let of_leads = |column: &str| {
        format!(
            "select coalesce(jsonb_agg({column} order by csv_import_id, r.line), '[]') from leads l join touchline.import_rows r on r.lead_id = l.id and r.outcome = 'new'"
        )
    };
    for (what, wanted) in checks {
        let found: Value = match what.as_str() {
            "apollo_data_keys" if wanted.is_number() => {
                ask(pool, "select to_jsonb(count(*)) from (select jsonb_object_keys(apollo_data) from (select apollo_data from leads limit 1) one) keys".into()).await
            }
            "apollo_data_keys" => {
                let keys: BTreeSet<String> = strings(pool, "select jsonb_object_keys(apollo_data) from leads").await;
                let wanted: BTreeSet<String> =
                    wanted.as_array().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect();
                json!(keys == wanted)
            }
            "seniority" => ask(pool, of_leads("seniority")).await,
            "first_name" => ask(pool, of_leads("first_name")).await,
            "job_title" if wanted.is_array() => ask(pool, of_leads("job_title")).await,
            "job_title" if wanted.is_string() => ask(pool, of_leads("job_title")).await[0].clone(),
            "job_title" => ask(pool, "select jsonb_object_agg(email, job_title) from leads where email in ('ada.quill@quillworks.test')".into()).await,
            "company_size" => {
                let keys: Vec<&String> = wanted.as_object().unwrap().keys().collect();
                ask(pool, format!("select jsonb_object_agg(company_domain, company_size) from companies where company_domain in ({})", quoted(&keys))).await
            }
            "company_name" if wanted.is_string() => {
                ask(pool, "select to_jsonb(company_name) from companies where company_domain = 'mueller.test'".into()).await
            }
            "company_name" => ask(pool, "select jsonb_object_agg(company_domain, company_name) from companies where company_domain = 'quillworks.test'".into()).await,
            "first_header" => {
                let has = ask(pool, "select to_jsonb(bool_and(apollo_data ? 'First Name')) from leads".into()).await;
                if has == json!(true) { wanted.clone() } else { has }
            }
            "phone_in_apollo_data_keeps_leading_quote" => {
                ask(pool, "select to_jsonb(bool_and(apollo_data ->> 'Corporate Phone' like '''+%') filter (where apollo_data ->> 'Corporate Phone' <> '')) from leads".into()).await
            }
            "apollo_data__extra" => ask(pool, "select apollo_data -> '_extra' from leads where apollo_data ? '_extra'".into()).await,
            "header_line" => ask(pool, "select to_jsonb(header_line) from touchline.imports".into()).await,
            "keywords_bytes_row2" => ask(pool, "select to_jsonb(octet_length(apollo_data ->> 'Keywords')) from leads where email like 'ada%'".into()).await,
            "first_name_row2" => ask(pool, "select to_jsonb(first_name) from leads where email like 'ada%'".into()).await,
            "secondary_emails" => ask(pool, "select jsonb_object_agg(email, apollo_data -> '_emails') from leads where apollo_data ? '_emails'".into()).await,
            "accepted_rows" => ask(pool, "select jsonb_agg(line order by line) from touchline.import_rows where notes is null".into()).await,
            "repaired_rows" => ask(pool, "select jsonb_agg(line order by line) from touchline.import_rows where notes is not null".into()).await,
            "company_of" => ask(pool, "select jsonb_build_object(email, company_id) from leads where email like '%yahoo%'".into()).await,
            "name" => ask(pool, "select jsonb_object_agg(email, jsonb_build_array(first_name, last_name)) from leads".into()).await,
            "forbidden_company_domains" => {
                let domains = strings(pool, "select company_domain from companies where company_domain is not null").await;
                let forbidden = wanted.as_array().unwrap().iter().any(|domain| domains.contains(domain.as_str().unwrap()));
                if forbidden { json!("found") } else { wanted.clone() }
            }
            "phones_are_not_flagged" => ask(pool, "select to_jsonb(count(phone) = 3) from leads".into()).await,
            "rule" | "alternative" | "limit" => continue,
            other => panic!("{name}: nobody looks at `{other}`"),
        };
        let holds = if what == "apollo_data_keys" && wanted.is_array() {
            found == json!(true)
        } else {
            found == *wanted
        };
        if !holds {
            broken.push(format!("{name}: check {what}\n  promised {wanted}\n  found    {found}"));
        }
    }
}

async fn ask(pool: &PgPool, sql: String) -> Value {
    sqlx::query_scalar::<_, Option<Value>>(sqlx::AssertSqlSafe(sql))
        .fetch_one(pool)
        .await
        .unwrap()
        .unwrap_or(Value::Null)
}

fn quoted(words: &[&String]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
}
