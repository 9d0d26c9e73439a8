//! The files of `migrations/`, embedded. Leaves running them to `migrate`.

/// One file of `migrations/`.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number; applied in this order.
    pub version: i32,
    /// What it brings, from the file name.
    pub name: &'static str,
    pub sql: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../../../migrations/", $name, ".sql")),
        }),*]
    };
}

/// Every migration, in order.
pub const MIGRATIONS: &[Migration] = migrations![
    1 "0001_users",
    2 "0002_instantly_raw",
    3 "0003_csv_imports_raw",
    4 "0004_offers",
    5 "0005_companies",
    6 "0006_leads",
    7 "0007_campaigns",
    8 "0008_campaign_leads",
    9 "0009_events",
    10 "0010_instantly_further_raw",
    11 "0011_raw_history",
    12 "0012_lead_identities",
    13 "0013_sync_state",
    14 "0014_normalise_helpers",
    15 "0015_csv_import",
    16 "0016_events_of_every_channel",
    17 "0017_inbox",
    18 "0018_instantly_webhooks",
    19 "0019_linkedin",
    20 "0020_funnel",
    21 "0021_stops",
    22 "0022_stop_signals",
    23 "0023_threads",
    24 "0024_outgoing",
    25 "0025_vapi",
    26 "0026_replies_and_queue",
    27 "0027_zones",
    28 "0028_members",
    29 "0029_schedule",
    30 "0030_lists_store_fast",
    31 "0031_people",
    32 "0032_audit",
    33 "0033_lead_lists",
    34 "0034_jobs",
    35 "0035_bulk",
    36 "0036_delivered",
    37 "0037_queue_at_size",
    38 "0038_block_list",
    39 "0039_suppressed_numbers",
    40 "0040_orders_ascend",
    41 "0041_delivered_touches",
    42 "0042_decisions_are_no_touches",
    43 "0043_views_said_once",
    44 "0044_company_order",
];
