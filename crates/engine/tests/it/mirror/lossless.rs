//! Nothing of a payload is lost on its way into the raw tables.

use std::collections::BTreeMap;

use engine::sources::instantly::{Client, Instantly};
use engine::sync::{self, Options, Stop, Unwatched};
use serde_json::{Value, json};
use simulator::{Kind, Size};

use super::exact::vendor;
use super::support::{Mirror, Store, finished, following, unhurried};

/// Every row of `table`: equal to what the vendor answers, as JSONB or byte for byte, and no row more.
async fn holds(store: &Store, table: &str, key: &str, records: &BTreeMap<String, Value>) {
    assert!(!records.is_empty(), "{table}");
    assert_eq!(store.count(table).await, records.len() as i64, "{table}");
    let sql = format!("select raw_json, raw_bytes from {table} t where {key} = $1");
    for (id, record) in records {
        let (kept, bytes): (Value, Option<Vec<u8>>) =
            sqlx::query_as(sqlx::AssertSqlSafe(sql.clone())).bind(id).fetch_one(store.pool()).await.unwrap();
        let kept = bytes.map_or(kept, |bytes| serde_json::from_slice(&bytes).unwrap());
        assert_eq!(kept, *record, "{table} {id}");
    }
}

#[tokio::test]
async fn every_record_of_the_vendor_is_kept_as_it_was_sent() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    let mut days = 0;
    for (table, key, kind) in [
        ("instantly_campaign_configs_raw", "instantly_campaign_id", Kind::Campaign),
        ("instantly_accounts_raw", "email", Kind::Account),
        ("instantly_leads_raw", "instantly_lead_id", Kind::Lead),
        ("instantly_block_list_raw", "instantly_block_id", Kind::Blocked),
        ("instantly_emails_raw", "instantly_email_id", Kind::Email),
    ] {
        holds(&mirror, table, key, &mirror.sim.world(|world| world.records(kind))).await;
    }
    let details = mirror.sim.world(|world| {
        let received = world.emails().filter(|mail| mail["ue_type"] == 2);
        let id = |mail: Value| mail["id"].as_str().unwrap().to_owned();
        received.map(id).map(|id| (id.clone(), world.email(&id).unwrap())).collect::<BTreeMap<_, _>>()
    });
    holds(&mirror, "instantly_email_details_raw", "instantly_email_id", &details).await;
    let figures = mirror.sim.world(|world| world.analytics());
    let by_id: BTreeMap<String, Value> = figures
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["campaign_id"].as_str().unwrap().to_owned(), row.clone()))
        .collect();
    holds(&mirror, "instantly_campaigns_raw", "instantly_campaign_id", &by_id).await;

    let mut daily = BTreeMap::new();
    let mut steps = BTreeMap::new();
    for campaign in by_id.keys().map(|id| Some(id.as_str())).chain([None]) {
        let answer = mirror.sim.world(|world| world.analytics_daily(campaign, None, None));
        for row in answer.as_array().unwrap() {
            daily.insert(
                format!("{}|{}", row["date"].as_str().unwrap(), campaign.unwrap_or_default()),
                row.clone(),
            );
            days += 1;
        }
        let Some(campaign) = campaign else { continue };
        let answer = mirror.sim.world(|world| world.analytics_steps(campaign, true));
        for row in answer.as_array().unwrap() {
            let part = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            steps.insert(format!("{campaign}|{}|{}", part("step"), part("variant")), row.clone());
        }
    }
    assert_eq!(daily.len(), days);
    let key = "analytics_date::text || '|' || coalesce(instantly_campaign_id, '')";
    holds(&mirror, "instantly_daily_analytics_raw", key, &daily).await;
    holds(&mirror, "instantly_steps_raw", "step_key", &steps).await;
    let with_nul = mirror.count("instantly_emails_raw where raw_bytes is not null").await;
    assert!(with_nul > 0, "the simulator always has a mail with U+0000");
}

#[tokio::test]
async fn extracted_columns_say_what_the_payload_says() {
    let mirror = Mirror::of(Size::small()).await;
    mirror.sync().await;
    let integer = |path: &str| format!("(raw_json ->> '{path}')::integer");
    let text = |path: &str| format!("raw_json ->> '{path}'");
    let mut rules: Vec<(&str, String, String)> = Vec::new();
    let campaigns = "instantly_campaigns_raw";
    rules.push((campaigns, "campaign_name".into(), text("campaign_name")));
    for column in ["campaign_status", "leads_count", "contacted_count", "reply_count", "emails_sent_count"] {
        rules.push((campaigns, column.into(), integer(column)));
    }
    let accounts = "instantly_accounts_raw";
    for column in ["first_name", "last_name"] {
        rules.push((accounts, column.into(), text(column)));
    }
    rules.push((accounts, "account_status".into(), integer("status")));
    rules.push((accounts, "warmup_status".into(), integer("warmup_status")));
    rules.push((accounts, "warmup_score".into(), integer("stat_warmup_score")));
    let daily = "instantly_daily_analytics_raw";
    rules.push((daily, "analytics_date".into(), "(raw_json ->> 'date')::date".into()));
    for column in ["sent", "opened", "unique_opened", "replies", "unique_replies", "clicks", "unique_clicks"]
    {
        rules.push((daily, column.into(), integer(column)));
    }
    let emails = "instantly_emails_raw";
    rules.push((emails, "instantly_campaign_id".into(), text("campaign_id")));
    rules.push((
        emails,
        "email_address".into(),
        "lower(btrim(coalesce(raw_json ->> 'lead', case raw_json ->> 'ue_type' when '2' then raw_json ->> 'from_address_email' \
         else raw_json ->> 'to_address_email_list' end)))"
            .into(),
    ));
    rules.push((emails, "event_date".into(), "(raw_json ->> 'timestamp_email')::timestamptz".into()));
    rules.push((
        emails,
        "event_type".into(),
        "case when raw_json ->> 'ue_type' in ('1', '3') then 'sent' when raw_json ->> 'ue_type' = '4' then 'scheduled' \
         when (select d.raw_json ->> 'is_auto_reply' from instantly_email_details_raw d \
               where d.instantly_email_id = t.instantly_email_id) = '1' \
           or raw_json ->> 'from_address_email' like 'mailer-daemon@%' then 'auto_replied' else 'replied' end"
            .into(),
    ));
    for (table, column, rule) in rules {
        let off = format!("{table} t where {column} is distinct from {rule}");
        assert_eq!(mirror.count(&off).await, 0, "{off}");
        let filled = format!("{table} t where {column} is not null");
        assert!(mirror.count(&filled).await > 0, "{filled}: nothing to see");
    }
    assert!(mirror.count("instantly_emails_raw where event_type = 'auto_replied'").await > 0);
}

#[tokio::test]
async fn what_jsonb_cannot_hold_is_kept_byte_for_byte_and_numbers_keep_every_digit() {
    let hostile = [
        r#"{"id":"a1","t":"nul \u0000 here","email":"a1@example.com"}"#,
        r#"{"id":"a2","t":"lone \ud83d surrogate \udc00"}"#,
        r#"{"id":"a3","email":"first@example.com","x":{"k":1,"k":2}}"#,
        r#"{"id":"first","id":"a4"}"#,
        r#"{"id":"a5","n":1e999999999}"#,
        r#"{"id":"a6","\u0000":1,"deep":"\\u0000"}"#,
    ];
    let deep = format!(r#"{{"id":"a7","d":{}{}}}"#, "[".repeat(3000), "]".repeat(3000));
    let tiny = format!(r#"{{"id":"a8","n":0.{}1e-9000}}"#, "0".repeat(9000));
    let fine = [
        r#"{"id":"b1","n":1e400,"m":-12345678901234567890123456789.12345678901234567890}"#,
        r#"{"id":"b2","t":"\ud83d\ude00 \u00e4 \\ \" \/","e":"","o":{},"l":[]}"#,
        r#"{"id":"b3","n":1.50,"zero":-0.0,"e":2E-3}"#,
    ];
    let mut items: Vec<String> = hostile.iter().chain(&fine).map(|item| (*item).to_owned()).collect();
    items.extend([deep.clone(), tiny.clone()]);
    let url =
        vendor(vec![("/api/v2/leads/list", format!("{{ \"items\" : [ {} ] }}", items.join(" ,\n")))]).await;
    let (store, sim) = (Store::new().await, Mirror::of(Size::small()).await);
    let clock = following(&sim.sim);
    let source = Instantly::new(Client::new(unhurried(&url, "key"), clock.clone()).unwrap());
    let only_leads = Options { streams: vec!["leads".into()], ..Options::default() };
    for _ in 0..2 {
        let report =
            sync::sync(&store.database, &source, &only_leads, &clock, Stop::never(), &Unwatched).await;
        finished(report.unwrap());
    }
    assert_eq!(store.count("instantly_leads_raw").await, items.len() as i64);
    assert_eq!(store.count("raw_history").await, 0, "the same bytes again are no change");
    for item in hostile.iter().copied().chain([deep.as_str(), tiny.as_str()]) {
        let kept = format!("instantly_leads_raw where raw_bytes = convert_to($item${item}$item$, 'utf8')");
        assert_eq!(store.count(&kept).await, 1, "{}", &item[..item.len().min(80)]);
    }
    for item in fine {
        let kept =
            format!("instantly_leads_raw where raw_json = $item${item}$item$::jsonb and raw_bytes is null");
        assert_eq!(store.count(&kept).await, 1, "{item}");
    }
    let table = engine::sources::raw_tables().find(|table| table.name == "instantly_leads_raw").unwrap();
    let shown = engine::raw::show(store.pool(), table, "b1", None).await.unwrap().unwrap();
    assert_eq!(shown.payload["m"].to_string(), "-12345678901234567890123456789.12345678901234567890");
    let shown = engine::raw::show(store.pool(), table, "a3", None).await.unwrap().unwrap();
    assert_eq!(shown.original.as_deref(), Some(hostile[2]));
    assert_eq!(shown.payload["x"], json!({"k": 2}));
}
