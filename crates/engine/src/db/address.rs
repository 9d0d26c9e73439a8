//! A database URL: read, refused where it cannot work, told to people and to `psql` without its password.
//! Leaves connecting to `connect`.

use std::process::Command;

use reqwest::Url;
use sqlx::postgres::PgConnectOptions;

use crate::{Error, Result};

/// Parameters that our driver knows and `psql` refuses.
const OURS_ONLY: [&str; 1] = ["statement-cache-capacity"];

/// Where a configured database is.
#[derive(Clone)]
pub(super) struct Address {
    url: Url,
    pub(super) options: PgConnectOptions,
}

impl Address {
    /// Reads `DATABASE_URL`. No error repeats any part of it that may hold the password.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let url = Url::parse(text.trim()).map_err(|error| unreadable(&error.to_string()))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(unreadable("it does not begin with postgres://"));
        }
        refuse_statement_pooler(&url)?;
        let options: PgConnectOptions =
            text.trim().parse().map_err(|_| unreadable("a parameter has a wrong value"))?;
        if options.get_port() == STATEMENT_POOLER_PORT && options.get_socket().is_none() {
            return Err(statement_pooler("port 6543"));
        }
        Ok(Self { url, options })
    }

    /// Host and port, or the folder of the socket.
    pub(super) fn place(&self) -> String {
        match self.options.get_socket() {
            Some(folder) => format!("the socket in {}", folder.display()),
            None => format!("{}:{}", self.options.get_host(), self.options.get_port()),
        }
    }

    /// The database's name; PostgreSQL takes the user's where none is given.
    pub(super) fn database(&self) -> &str {
        self.options.get_database().unwrap_or_else(|| self.options.get_username())
    }

    /// Gives `psql` the address, and the password through the environment only: arguments show in `ps`.
    pub(super) fn give_to(&self, psql: &mut Command) {
        let mut url = self.url.clone();
        let mut password = url.password().map(percent_decoded);
        let _ = url.set_password(None);
        let kept: Vec<(String, String)> = self.url.query_pairs().into_owned().collect();
        url.set_query(None);
        for (name, value) in kept {
            match name.as_str() {
                "password" => password = Some(value),
                name if OURS_ONLY.contains(&name) || name.starts_with("options[") => {}
                name => append_pair(&mut url, name, &value),
            }
        }
        psql.arg("--dbname").arg(url.as_str());
        if let Some(password) = password {
            psql.env("PGPASSWORD", password);
        }
        if let Some(options) = self.options.get_options() {
            psql.env("PGOPTIONS", options);
        }
    }
}

/// Where poolers that hand out a connection for one transaction listen.
const STATEMENT_POOLER_PORT: u16 = 6543;

fn refuse_statement_pooler(url: &Url) -> Result<()> {
    let says_so = url.query_pairs().any(|(name, value)| name == "pgbouncer" && value == "true");
    if says_so { Err(statement_pooler("pgbouncer=true")) } else { Ok(()) }
}

fn statement_pooler(sign: &str) -> Error {
    Error::invalid(
        format!(
            "DATABASE_URL leads to a pooler in transaction mode ({sign}): prepared statements, locks and LISTEN do not \
             work through it"
        ),
        "use the session pooler on port 5432 of the same host, or the direct address (Supabase: Connect, Session \
         pooler or Direct connection), without `pgbouncer=true`",
    )
}

fn unreadable(why: &str) -> Error {
    Error::invalid(
        format!("DATABASE_URL is not the address of a PostgreSQL database: {why}"),
        "write it as postgres://user:password@host:5432/database, with signs such as @ : / # in the password \
         percent-encoded (@ is %40)",
    )
}

/// `psql` reads `+` as itself where a form would read a space, so spaces are written as `%20`.
fn append_pair(url: &mut Url, name: &str, value: &str) {
    let encoded: String = value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let query = match url.query() {
        Some(before) => format!("{before}&{name}={encoded}"),
        None => format!("{name}={encoded}"),
    };
    url.set_query(Some(&query));
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        match Address::parse(url) {
            Ok(_) => panic!("{url} was taken"),
            Err(error) => format!("{error}\nhint: {}", error.hint().unwrap_or_default()),
        }
    }

    #[test]
    fn a_pooler_in_transaction_mode_is_refused_with_the_way_out() {
        for url in [
            "postgres://postgres.abc:secret@aws-0-eu-west-1.pooler.supabase.com:6543/postgres",
            "postgres://u:secret@host:5432/db?pgbouncer=true",
            "postgres://u:secret@host/db?port=6543",
        ] {
            let words = refusal(url);
            assert!(
                words.contains("transaction mode") && words.contains("session pooler on port 5432"),
                "{words}"
            );
            assert!(!words.contains("secret"), "{words}");
        }
    }

    #[test]
    fn an_unreadable_address_is_refused_without_repeating_it() {
        for url in
            ["mysql://u:secret@host/db", "host=x password=secret", "postgres://u:secret@host:port/db", ""]
        {
            let words = refusal(url);
            assert!(words.contains("postgres://user:password@host:5432/database"), "{words}");
            assert!(!words.contains("secret"), "{words}");
        }
    }

    #[test]
    fn psql_gets_the_password_through_its_environment_only() {
        let url = "postgres://u:p%40ss@host:5433/db?sslmode=require&options=-c%20search_path%3Dlab";
        let mut psql = Command::new("psql");
        Address::parse(url).unwrap().give_to(&mut psql);
        let args: Vec<_> = psql.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        let wanted = "postgres://u@host:5433/db?sslmode=require&options=-c%20search_path%3Dlab";
        assert_eq!(args, ["--dbname", wanted]);
        let password = psql.get_envs().find(|(name, _)| *name == "PGPASSWORD").and_then(|(_, value)| value);
        assert_eq!(password, Some("p@ss".as_ref()));
    }

    #[test]
    fn a_socket_folder_may_stand_in_the_address() {
        let address = Address::parse("postgres:///leads?host=/run/pg").unwrap();
        assert_eq!(address.place(), "the socket in /run/pg");
        assert_eq!(address.database(), "leads");
    }
}
