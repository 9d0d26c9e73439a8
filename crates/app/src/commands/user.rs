//! `touchline user`: who may enter, and as what.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use engine::Error;
use engine::db::Database;
use engine::users::{self, New, User, setup};
use jiff::Timestamp;
use serde_json::json;

use crate::config::{self, Global};
use crate::output;

pub(super) async fn run(
    global: &Global,
    database: &Database,
    asked: config::User,
) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    match asked {
        config::User::Add { email, role, name, password } => {
            // Read before anything is made: a file that cannot be read leaves nothing half-done.
            let given = read(password.password_file.as_deref())?;
            let new = New { email: &email, full_name: name.as_deref(), role };
            let user = match &given {
                Some(given) => setup::add_with_password(pool, new, given, now).await?,
                None => users::add(pool, new, now).await?,
            };
            tell(global, database, &user, given.is_some(), &password.place.or_usual()).await?;
        }
        config::User::List => list(global, &users::list(pool).await?)?,
        config::User::Role { user, role } => {
            said(global, &users::set_role(pool, &user, role, now).await?, "is now")?;
        }
        config::User::Disable { user } => {
            said(global, &users::disable(pool, &user, now).await?, "may not enter any more:")?;
        }
        config::User::Enable { user } => {
            said(global, &users::enable(pool, &user, now).await?, "may enter again:")?;
        }
        config::User::Password { user, password } => {
            let mut user = users::find(pool, &user).await?;
            let given = read(password.password_file.as_deref())?;
            if let Some(given) = &given {
                user = setup::set_password(pool, &user, given, now).await?;
            }
            tell(global, database, &user, given.is_some(), &password.place.or_usual()).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(global: &Global, users: &[User]) -> anyhow::Result<()> {
    if global.json {
        return output::json(&users);
    }
    if users.is_empty() {
        output::print("no users yet; `touchline user add EMAIL --role admin` adds the first");
        return Ok(());
    }
    let now = Timestamp::now();
    let rows: Vec<Vec<String>> = users
        .iter()
        .map(|user| {
            let seen = match (user.disabled_at, user.last_sign_in_at, user.has_password) {
                (Some(at), ..) => format!("shut out {}", output::ago(at, now)),
                (None, Some(at), _) => format!("signed in {}", output::ago(at, now)),
                (None, None, true) => "never signed in".into(),
                (None, None, false) => "no password yet".into(),
            };
            vec![
                output::plain(user.email.as_deref().unwrap_or("(no address)")),
                user.role.as_str().into(),
                seen,
                output::plain(user.full_name.as_deref().unwrap_or_default()),
            ]
        })
        .collect();
    output::print(&output::table(&rows));
    Ok(())
}

fn said(global: &Global, user: &User, what: &str) -> anyhow::Result<()> {
    if global.json {
        return output::json(user);
    }
    output::print(&format!("{} {what} {}", output::plain(&user.name()), user.role.as_str()));
    Ok(())
}

/// The user; and, where no password was given, the link by which they choose one.
async fn tell(
    global: &Global,
    database: &Database,
    user: &User,
    has_chosen: bool,
    public_url: &str,
) -> anyhow::Result<()> {
    let link = match has_chosen {
        true => None,
        false => {
            let secret = setup::give(database.pool(), user, Timestamp::now()).await?;
            Some(format!("{}/setup/{}", public_url.trim_end_matches('/'), secret.reveal()))
        }
    };
    if global.json {
        return output::json(&json!({ "user": user, "setup_link": link }));
    }
    let who = format!("{} ({})", output::plain(&user.name()), user.role.as_str());
    output::print(&match link {
        Some(link) => format!("{who} chooses a password here, once, within three days:\n\n  {link}"),
        None => format!("{who} can sign in with that password."),
    });
    Ok(())
}

fn read(file: Option<&Path>) -> engine::Result<Option<String>> {
    let Some(file) = file else { return Ok(None) };
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(file).map(|read| text = read)
    };
    read.map_err(|error| {
        Error::invalid(
            format!("`{}` cannot be read: {error}", file.display()),
            "give a file with the password, or `-`",
        )
    })?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}
