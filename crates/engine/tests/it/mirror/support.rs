//! A mirror under test: a database of its own, a simulator, and a sync without pauses; dumps and checks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use engine::clock::Clock;
use engine::db::Database;
use engine::sources::instantly::{Client, Instantly, Settings};
use engine::sources::vapi::{self, Vapi};
use engine::sync::{self, Options, Receipt, Report, State, Stop, Unwatched};
use serde_json::{Value, json};
use simulator::{Simulator, Size, VapiKind};
use sqlx::{AssertSqlSafe, PgPool};
use testkit::TestDatabase;

/// Raw tables, with the column that is the record's key.
pub(crate) const RAW: [&str; 16] = [
    "instantly_campaign_configs_raw",
    "instantly_campaigns_raw",
    "instantly_accounts_raw",
    "instantly_leads_raw",
    "instantly_block_list_raw",
    "instantly_daily_analytics_raw",
    "instantly_steps_raw",
    "instantly_emails_raw",
    "instantly_email_details_raw",
    "instantly_webhook_events_raw",
    "vapi_calls_raw",
    "vapi_campaigns_raw",
    "vapi_assistants_raw",
    "vapi_phone_numbers_raw",
    "vapi_messages_raw",
    "linkedin_events_raw",
];
const NORMALISED: [&str; 6] =
    ["companies", "leads", "lead_identities", "campaigns", "campaign_leads", "events"];

/// A migrated database of one test's own, opened as the product opens it.
pub(crate) struct Store {
    pub(crate) database: Database,
    _test: TestDatabase,
}

impl Store {
    pub(crate) async fn new() -> Self {
        let test = testkit::database().await;
        let settings = engine::db::Settings::new("/nonexistent").url(test.url());
        Self { database: Database::open(settings).await.unwrap(), _test: test }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        self.database.pool()
    }

    pub(crate) async fn execute(&self, sql: &str) -> u64 {
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(self.pool()).await.unwrap().rows_affected()
    }

    pub(crate) async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {sql}")))
            .fetch_one(self.pool())
            .await
            .unwrap()
    }

    /// The one value a query gives, as text.
    pub(crate) async fn value(&self, sql: &str) -> Option<String> {
        let rows = self.values(sql).await;
        assert!(rows.len() <= 1, "{sql} gave {} rows", rows.len());
        rows.into_iter().next().flatten()
    }

    /// The first column of a query, as text.
    pub(crate) async fn values(&self, sql: &str) -> Vec<Option<String>> {
        let sql = format!("select ((to_jsonb(q) -> 'value') #>> '{{}}') from ({sql}) as q(value)");
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(self.pool()).await.unwrap()
    }

    /// Place and writer of every row: equal only where nothing was written.
    pub(crate) async fn rows_as_they_lie(&self) -> BTreeMap<String, Vec<Option<String>>> {
        let mut lie = BTreeMap::new();
        for table in RAW.iter().chain(&NORMALISED).chain(&["raw_history"]) {
            let sql = format!("select ctid::text || ' ' || xmin::text from {table} order by 1");
            lie.insert((*table).to_owned(), self.values(&sql).await);
        }
        lie
    }

    /// Everything the raw layer holds now, without ids of ours and clocks.
    pub(crate) async fn raw_dump(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for table in RAW {
            let sql = format!(
                "select '{table} ' || (to_jsonb(t) - '{{id,synced_at,created_at,updated_at,gone_at}}'::text[]
                        || jsonb_build_object('gone', gone_at is not null))::text from {table} t order by 1"
            );
            lines.extend(self.values(&sql).await.into_iter().flatten());
        }
        lines
    }

    /// Everything the normalised layer says, without ids of ours and clocks.
    pub(crate) async fn normalised_dump(&self) -> Vec<String> {
        self.values(include_str!("normalised.sql")).await.into_iter().flatten().collect()
    }
}

/// A store and the vendor it mirrors.
pub(crate) struct Mirror {
    pub(crate) store: Store,
    pub(crate) sim: Simulator,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
}

impl std::ops::Deref for Mirror {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Mirror {
    pub(crate) async fn of(size: Size) -> Self {
        Self::start(simulator::Options { size, ..simulator::Options::default() }).await
    }

    pub(crate) async fn start(options: simulator::Options) -> Self {
        let sim = Simulator::start(options).await.unwrap();
        let settings = unhurried(&sim.url(), sim.key());
        Self { store: Store::new().await, clock: following(&sim), sim, settings }
    }

    pub(crate) fn source(&self) -> Instantly {
        Instantly::new(Client::new(self.settings.clone(), self.clock.clone()).unwrap())
    }

    /// The other vendor of the same world.
    pub(crate) fn vapi(&self) -> Vapi {
        let settings = vapi::Settings {
            api_url: self.sim.url(),
            requests_per_minute: 0,
            timeout: self.settings.timeout,
            retry_pause: self.settings.retry_pause,
            retries: self.settings.retries,
            ..vapi::Settings::new(self.sim.vapi_key())
        };
        Vapi::new(vapi::Client::new(settings, self.clock.clone()).unwrap())
    }

    /// A sync of the other vendor that may end in any way.
    pub(crate) async fn sync_vapi(&self, options: &Options) -> Report {
        sync::sync(&self.database, &self.vapi(), options, &self.clock, Stop::never(), &Unwatched)
            .await
            .unwrap()
    }

    /// A sync that may end in any way.
    pub(crate) async fn sync_with(&self, options: &Options) -> Report {
        self.sync_until(options, Stop::never()).await
    }

    pub(crate) async fn sync_until(&self, options: &Options, stop: Stop) -> Report {
        let source = self.source();
        let report =
            sync::sync(&self.database, &source, options, &self.clock, stop, &Unwatched).await.unwrap();
        for receipt in &report.streams {
            let sum = receipt.new
                + receipt.changed
                + receipt.unchanged
                + receipt.stale
                + receipt.returned
                + receipt.set_aside
                + receipt.repeated;
            assert_eq!(receipt.items, sum, "the receipt's sum: {receipt:?}");
            assert!(receipt.state == State::Finished || receipt.reason.is_some(), "{receipt:?}");
            assert!(receipt.state == State::Finished || receipt.hint.is_some(), "{receipt:?}");
        }
        report
    }

    /// A sync of all streams that has to come to its end.
    pub(crate) async fn sync(&self) -> Report {
        finished(self.sync_with(&Options::default()).await)
    }

    /// A sync of one stream that may end in any way.
    pub(crate) async fn stream(&self, name: &str) -> Receipt {
        let options = Options { streams: vec![name.to_owned()], ..Options::default() };
        self.sync_with(&options).await.streams.remove(0)
    }
}

/// The report, once it is sure that all of it came to the end.
pub(crate) fn finished(report: Report) -> Report {
    assert_eq!(report.state, State::Finished, "{:#?}", report.reason);
    report
}

pub(crate) fn receipt<'a>(report: &'a Report, stream: &str) -> &'a Receipt {
    report.streams.iter().find(|receipt| receipt.stream == stream).unwrap()
}

/// No limit of ours, and retries after a moment.
pub(crate) fn unhurried(url: &str, key: &str) -> Settings {
    Settings {
        api_url: url.to_owned(),
        requests_per_minute: 0,
        emails_per_minute: 0,
        timeout: Duration::from_secs(10),
        retry_pause: Duration::from_millis(1),
        retries: 3,
        ..Settings::new(key)
    }
}

/// The simulator's clock, a little later each time it is asked; finer than the microseconds PostgreSQL keeps.
pub(crate) fn following(sim: &Simulator) -> Clock {
    let (hands, asked) = (sim.clock().clone(), Arc::new(AtomicI64::new(0)));
    Clock::new(move || {
        hands.now() + jiff::SignedDuration::from_nanos(1_501 * asked.fetch_add(1, Ordering::Relaxed))
    })
}

/// Lists of several pages in every stream.
pub(crate) async fn large_mirror() -> Mirror {
    let size = Size { campaigns: 2, leads: 120, accounts: 4, steps: 2, bulk: None };
    // The log of deliveries holds the whole history.
    let options = simulator::Options { size, listened: true, ..simulator::Options::default() };
    let mirror = Mirror::start(options).await;
    mirror.sim.world(|world| {
        let draft = world.campaigns().values().find(|campaign| campaign["status"] == 0).unwrap().clone();
        let account = world.accounts().values().next().unwrap().clone();
        for number in 0..110 {
            let mut draft = draft.clone();
            draft["id"] = json!(format!("019c0000-0000-7000-8000-{number:012}"));
            world.put_campaign(draft).unwrap();
            let mut account = account.clone();
            account["email"] = json!(format!("box{number}@sender.example.com"));
            world.put_account(account).unwrap();
            world.block_now(&format!("blocked{number}@example.com"));
        }
    });
    mirror
}

/// The lines that only one of two dumps has.
pub(crate) fn difference(ours: &[String], theirs: &[String]) -> Vec<String> {
    let only = |these: &[String], those: &[String], mark: &str| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).map(|line| format!("{mark} {line}")).collect()
    };
    [only(ours, theirs, "-"), only(theirs, ours, "+")].concat()
}

/// Like the vendor's own record of that kind, with these fields over it.
pub(crate) fn like(record: &Value, fields: Value) -> Value {
    let mut record = record.clone();
    for (name, value) in fields.as_object().unwrap() {
        record[name] = value.clone();
    }
    record
}

/// The same for the vendor of calls: more calls, assistants, lines and campaigns than a page holds.
pub(crate) async fn large_vapi() -> Mirror {
    let mirror = Mirror::of(Size { campaigns: 2, leads: 60, accounts: 2, steps: 1, bulk: None }).await;
    mirror.sim.world(|world| {
        let call =
            world.calls().into_iter().find(|call| call["endedReason"] == "customer-ended-call").unwrap();
        for number in 0..230 {
            let made = format!("2026-11-{:02}T10:{:02}:00.000Z", 12 + number / 30, number % 30);
            let fields = json!({
                "id": format!("019c0000-0000-7000-8000-{number:012}"), "createdAt": made, "updatedAt": made,
            });
            world.put_call(like(&call, fields)).unwrap();
        }
        for kind in [VapiKind::Assistant, VapiKind::PhoneNumber, VapiKind::Campaign] {
            let record = world.vapi(kind).values().next().unwrap().clone();
            for number in 0..120 {
                let made = format!("2026-10-01T{:02}:{:02}:00.000Z", number / 60, number % 60);
                let fields =
                    json!({ "id": format!("019c0000-0000-7000-9000-{number:012}"), "createdAt": made });
                world.put_vapi(kind, like(&record, fields)).unwrap();
            }
        }
    });
    mirror
}
