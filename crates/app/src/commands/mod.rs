//! Every command, one file each. Each opens the database, calls the engine, prints.

mod demo;
mod import;
mod imports;
mod lead;
mod migrate;
mod open;
mod psql;
mod raw;
mod rebuild;
mod replies;
mod schema;
mod status;
mod sync;
mod up;

use std::process::ExitCode;

use crate::config::{Cli, Command, Imports, Lead, Raw};

/// Runs the command that was asked for.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { global, instantly, command } = cli;
    match command {
        Command::Up => up::run(&global, &instantly).await,
        Command::Demo { clear: true, .. } => demo::clear(&global).await,
        Command::Demo { into_existing, .. } => demo::run(&global, into_existing).await,
        Command::Sync(options) => sync::run(&global, &instantly, &options).await,
        Command::Status => status::run(&global, &instantly).await,
        Command::Import(options) => import::run(&global, options).await,
        Command::Imports { command } => match command {
            Imports::List { limit } => imports::list(&global, limit).await,
            Imports::Show { id, outcome, limit } => {
                imports::show(&global, &id, outcome.as_deref(), limit).await
            }
            Imports::Rejects { id } => imports::rejects(&global, &id).await,
            Imports::Undo { id } => imports::undo(&global, &id).await,
            Imports::Redo { id } => imports::redo(&global, &id).await,
        },
        Command::Replies { unmatched, limit } => replies::run(&global, unmatched, limit).await,
        Command::Timeline { email, limit } => lead::timeline(&global, &email, limit).await,
        Command::Lead { command: Lead::Show { email } } => lead::show(&global, &email).await,
        Command::Raw { command: Raw::Show { table, key, as_of, diff } } => {
            raw::show(&global, &table, &key, as_of, diff.as_deref()).await
        }
        Command::Rebuild { dry_run } => rebuild::run(&global, dry_run).await,
        Command::Migrate { dry_run } => migrate::run(&global, dry_run).await,
        Command::Psql { args } => psql::run(&global, args).await,
        Command::Schema => schema::run(&global).await,
    }
}
