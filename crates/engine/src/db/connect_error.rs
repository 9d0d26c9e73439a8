//! A connection that could not be made, in words that say what to do next. Never repeats a password.

use std::io::ErrorKind;

use super::address::Address;
use crate::Error;

/// Says what stands between us and the database.
pub(super) fn explain(error: sqlx::Error, address: &Address) -> Error {
    let place = address.place();
    let user = address.options.get_username();
    match &error {
        sqlx::Error::Io(io) => unreachable_place(io, &place),
        sqlx::Error::Tls(tls) => Error::invalid(
            format!("no encrypted connection to {place}: {tls}"),
            "check `sslmode` in DATABASE_URL; with `verify-full` name the authority's certificate with `sslrootcert`",
        ),
        sqlx::Error::Database(refusal) => {
            let said = refusal.message().to_owned();
            match refusal.code().as_deref() {
                Some("28P01") => Error::invalid(
                    format!("{place} does not accept the password of `{user}`"),
                    "put the right password into DATABASE_URL, with signs such as @ : / # percent-encoded (@ is %40)",
                ),
                Some("28000") => Error::invalid(
                    format!("{place} does not let `{user}` in: {said}"),
                    "check the user name in DATABASE_URL, and that the server's pg_hba.conf lets it in from here",
                ),
                Some("3D000") => Error::invalid(
                    format!("{place} has no database `{}`", address.database()),
                    "make it with `create database`, or put the name of another one into DATABASE_URL",
                ),
                Some("53300") => Error::conflict(
                    format!("{place} has no connection left: {said}"),
                    "close other programs that use it, or raise its max_connections; then run the command again",
                ),
                Some("57P03") => Error::conflict(
                    format!("{place} is starting or stopping: {said}"),
                    "run the command again in a minute",
                ),
                _ if said.contains("Tenant or user not found") => Error::invalid(
                    format!("the pooler at {place} does not know the user `{user}`"),
                    "take the whole address from Supabase's Connect dialog: through the pooler the user is written \
                     `postgres.<project>`, and the host differs from project to project",
                ),
                _ => Error::Database(error),
            }
        }
        _ => Error::Database(error),
    }
}

/// No answer within the time that a connection may take.
pub(super) fn too_slow(address: &Address) -> Error {
    Error::invalid(
        format!("{} does not answer", address.place()),
        "check host and port in DATABASE_URL, and that no firewall stands between",
    )
}

/// A server older than everything here was written for.
pub(super) fn too_old(version: &str, oldest: u32) -> Error {
    Error::invalid(
        format!("this database is PostgreSQL {version}, and {oldest} or newer is needed"),
        "upgrade the server, or set DATABASE_URL to a newer one",
    )
}

fn unreachable_place(error: &std::io::Error, place: &str) -> Error {
    let check = "check host and port in DATABASE_URL, and that the server runs";
    let said = error.to_string();
    match error.kind() {
        ErrorKind::ConnectionRefused => Error::invalid(format!("nothing listens at {place}"), check),
        ErrorKind::NotFound => Error::invalid(
            format!("there is no PostgreSQL at {place}"),
            "check the folder that `host=` names in DATABASE_URL, and that the server runs",
        ),
        ErrorKind::PermissionDenied => Error::invalid(
            format!("this user may not open {place}"),
            "run touchline as the user who owns the server, or connect by host name",
        ),
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => Error::invalid(
            format!("no way through the network to {place}"),
            "a direct Supabase address has IPv6 only: use the session pooler (port 5432) where the network has IPv4 \
             only",
        ),
        _ if said.contains("lookup address") => Error::invalid(
            format!("the host of {place} is not known"),
            "check its spelling in DATABASE_URL; a paused or deleted Supabase project has no host; its direct address \
             has IPv6 only, the session pooler (port 5432) has IPv4",
        ),
        _ => Error::invalid(format!("no connection to {place}: {said}"), check),
    }
}
