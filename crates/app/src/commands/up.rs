//! `touchline up`: with a key the first sync, without one the demo. What `bin/up` ends in.

use std::process::ExitCode;

use super::{demo, sync};
use crate::config::{Global, Instantly, Sync, Vapi};
use crate::output;
use engine::db::Database;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    instantly: &Instantly,
    vapi: &Vapi,
) -> anyhow::Result<ExitCode> {
    if !instantly.has_key() {
        output::note(
            global,
            "No INSTANTLY_API_KEY is set, so here is the demo: a simulated workspace, nothing leaves this machine.\n",
        );
        return demo::run(global, database, false).await;
    }
    output::note(
        global,
        "First the newest, then the rest: Instantly answers 20 requests for e-mails a minute and we send 17 (1,700 messages), so a long history takes a while. Ctrl-C is safe; the next run goes on.\n",
    );
    sync::run(global, database, instantly, vapi, &Sync::default()).await
}
