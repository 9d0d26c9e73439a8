//! Every command, one file each. Each opens the database, calls the engine, prints.

mod audit;
mod bulk;
mod campaign;
mod company;
mod connections;
mod deliveries;
mod demo;
mod funnel;
mod import;
mod imports;
mod jobs;
mod key;
mod lead;
mod migrate;
mod offer;
mod open;
mod psql;
mod queue;
mod raw;
mod rebuild;
mod reconcile;
mod replies;
mod rules;
mod schema;
mod serve;
mod server;
mod settings;
mod show;
mod sources;
mod status;
mod sync;
mod touch_list;
mod touches;
mod up;
mod user;

use std::process::ExitCode;

use engine::db::Database;

use crate::config::{
    Cli, Command, Connections, Deliveries, Global, Imports, Instantly, Invocation, Lead, Raw, Vapi,
};
use crate::output;

/// Runs the command that was asked for. The database is closed whatever comes of it, so that the last one out stops
/// the private local server.
pub(crate) async fn run(cli: Cli, invocation: Invocation) -> anyhow::Result<ExitCode> {
    let database = Database::open(cli.global.database()?).await?;
    let outcome = on(&database, cli, invocation).await;
    let closed = database.close().await;
    let code = outcome?;
    closed?;
    Ok(code)
}

async fn on(database: &Database, cli: Cli, invocation: Invocation) -> anyhow::Result<ExitCode> {
    let Cli { global, instantly, vapi, command } = cli;
    open::prepare(database, &command, &global).await?;
    if !open::writes(&command) {
        return run_command(database, global, instantly, vapi, command).await;
    }
    let begun = audit::begin(database, &invocation).await?;
    let ran = run_command(database, global, instantly, vapi, command).await;
    audit::settle(database, begun, &ran).await;
    ran
}

async fn run_command(
    database: &Database,
    global: Global,
    instantly: Instantly,
    vapi: Vapi,
    command: Command,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Up(options) => up::run(&global, database, &instantly, &vapi, options).await,
        Command::Demo { clear: true, .. } => demo::clear(&global, database).await,
        Command::Demo { into_existing, once, serve, .. } => {
            let stays = !once && !global.json && output::is_on_a_terminal();
            demo::run(&global, database, into_existing, stays, serve).await
        }
        Command::Sync(options) => sync::run(&global, database, &instantly, &vapi, &options).await,
        Command::Import(options) => import::run(&global, database, options).await,
        Command::Imports { command } => match command {
            Imports::List { limit } => imports::list(&global, database, limit).await,
            Imports::Show { id, outcome, limit } => {
                imports::show(&global, database, &id, outcome.as_deref(), limit).await
            }
            Imports::Rejects { id } => imports::rejects(&global, database, &id).await,
            Imports::Undo { id } => imports::undo(&global, database, &id).await,
            Imports::Redo { id } => imports::redo(&global, database, &id).await,
        },
        Command::Status => status::run(&global, database, &instantly).await,
        Command::Campaign { command } => campaign::run(&global, database, command).await,
        Command::Offer { command } => offer::run(&global, database, command).await,
        Command::Company { command } => company::run(&global, database, command).await,
        Command::Rules { command } => rules::run(&global, database, command).await,
        Command::Queue(asked) => queue::run(&global, database, asked).await,
        Command::Touches(command) => touches::run(&global, database, command).await,
        Command::Replies(asked) => replies::run(&global, database, asked).await,
        Command::Funnel(asked) => funnel::run(&global, database, &asked).await,
        Command::Settings { command } => settings::run(&global, database, command).await,
        Command::Timeline { email, limit } => lead::timeline(&global, database, &email, limit).await,
        Command::Lead { command } => match command {
            Lead::Show { email } => lead::show(&global, database, &email).await,
            Lead::List(asked) => lead::list(&global, database, *asked).await,
            Lead::Export(which) => lead::export(database, *which).await,
        },
        Command::Bulk { command } => bulk::run(&global, database, command).await,
        Command::Raw { command: Raw::Show { table, key, as_of, diff } } => {
            raw::show(&global, database, &table, &key, as_of, diff.as_deref()).await
        }
        Command::Jobs { limit } => jobs::run(&global, database, limit).await,
        Command::Reconcile { all } => reconcile::run(&global, database, all).await,
        Command::Rebuild { dry_run } => rebuild::run(&global, database, dry_run).await,
        Command::Migrate { dry_run } => migrate::run(&global, database, dry_run).await,
        Command::Psql { args } => psql::run(database, args).await,
        Command::Serve(options) => serve::run(&global, database, &instantly, &vapi, options).await,
        Command::Connections { command } => match command {
            Connections::Add(options) => connections::add(&global, database, &instantly, *options).await,
            Connections::List => connections::list(&global, database).await,
            Connections::Rotate { connection, grace_hours, place, secret_file } => {
                connections::rotate(&global, database, &connection, grace_hours, &place, secret_file).await
            }
            Connections::Test { connection, place } => {
                connections::test(&global, database, &connection, &place).await
            }
            Connections::Resume { connection } => {
                connections::resume(&global, database, &instantly, &connection).await
            }
            Connections::Remove { connection } => connections::remove(&global, database, &connection).await,
        },
        Command::Deliveries { command } => match command {
            Deliveries::List { state, limit } => {
                deliveries::list(&global, database, state.as_deref(), limit).await
            }
            Deliveries::Show { id } => deliveries::show(&global, database, &id).await,
            Deliveries::Retry { id } => deliveries::retry(&global, database, id.as_deref()).await,
        },
        Command::User { command } => user::run(&global, database, command).await,
        Command::Key { command } => key::run(&global, database, command).await,
        Command::Audit(asked) => audit::run(&global, database, asked).await,
        Command::Schema => schema::run(&global, database).await,
    }
}
