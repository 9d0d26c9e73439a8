//! Opens the database for a command, and makes sure its schema is the one this binary knows.

use engine::db::{self, Database};
use engine::{Error, Result};

use crate::config::{
    Command, Company, Connections, Deliveries, Global, Imports, Key, Offer, Replies, Rules, Settings, User,
};
use crate::output;

/// What a command wants of the schema.
enum Wants {
    /// Writes: the schema is brought up to date first.
    Current,
    /// Only asks: another owner's database is left as it is.
    CurrentOrRefused,
    /// Works on any schema, or on none.
    Nothing,
}

/// Makes the schema what the command needs.
pub(super) async fn prepare(database: &Database, command: &Command, global: &Global) -> Result<()> {
    let may_migrate = match wants(command) {
        Wants::Nothing => return Ok(()),
        Wants::Current => true,
        Wants::CurrentOrRefused => database.is_local(),
    };
    if db::is_current(database.pool()).await? {
        return Ok(());
    }
    if !may_migrate {
        return Err(Error::conflict(
            "this database has no Touchline tables yet, or older ones",
            "run `touchline migrate --dry-run` to see what would be done, then `touchline migrate`",
        ));
    }
    let plan = db::migrate(database.pool()).await?;
    if plan.steps.iter().any(|step| step.action != db::Action::Apply) {
        output::note(global, &plan.to_string());
    }
    Ok(())
}

/// Whether a command writes, and so leaves an entry in the audit log. A server's writes have actors of their own.
pub(super) fn writes(command: &Command) -> bool {
    match command {
        Command::Serve(_) => false,
        // These change what is there, and make nothing that a schema must be brought up to date for.
        Command::Deliveries { command: Deliveries::Retry { .. } }
        | Command::Connections {
            command: Connections::Rotate { .. } | Connections::Resume { .. } | Connections::Remove { .. },
        } => true,
        command => matches!(wants(command), Wants::Current),
    }
}

fn wants(command: &Command) -> Wants {
    match command {
        Command::Settings { command: Settings::TimeZone { zone: None } } => Wants::CurrentOrRefused,
        Command::Touches(command) if command.writes() => Wants::Current,
        Command::Bulk { command } if command.writes() => Wants::Current,
        Command::Campaign { command } if command.writes() => Wants::Current,
        Command::Up(_)
        | Command::Demo { .. }
        | Command::Sync(_)
        | Command::Import(_)
        | Command::Imports { command: Imports::Undo { .. } | Imports::Redo { .. } }
        | Command::Rebuild { dry_run: false }
        | Command::Connections { command: Connections::Add(_) }
        | Command::Settings { .. }
        | Command::User {
            command:
                User::Add { .. }
                | User::Role { .. }
                | User::Disable { .. }
                | User::Enable { .. }
                | User::Password { .. },
        }
        | Command::Key { command: Key::Add { .. } | Key::Revoke { .. } }
        | Command::Replies(Replies { command: Some(_), .. })
        | Command::Queue(_)
        | Command::Offer { command: Offer::Add { .. } | Offer::Edit { .. } | Offer::Archive { .. } }
        | Command::Company { command: Company::Edit { .. } }
        | Command::Rules { command: Rules::Set { .. } }
        | Command::Serve(_) => Wants::Current,
        Command::Touches(_)
        | Command::Status
        | Command::Connections { .. }
        | Command::Deliveries { .. }
        | Command::Imports { .. }
        | Command::Rebuild { dry_run: true }
        | Command::Reconcile { .. }
        | Command::Jobs { .. }
        | Command::Replies(Replies { command: None, .. })
        | Command::Rules { .. }
        | Command::Campaign { .. }
        | Command::Offer { .. }
        | Command::Company { .. }
        | Command::Funnel(_)
        | Command::Timeline { .. }
        | Command::Lead { .. }
        | Command::Bulk { .. }
        | Command::Raw { .. }
        | Command::User { command: User::List }
        | Command::Key { command: Key::List }
        | Command::Audit(_)
        | Command::Schema => Wants::CurrentOrRefused,
        Command::Migrate { .. } | Command::Psql { .. } => Wants::Nothing,
    }
}
