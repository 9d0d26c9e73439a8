//! A stand-in for a Supabase project: its roles, its `auth` schema, its default privileges, and an owner who is no
//! superuser. The SQL is in `data/supabase-shim.sql`.

use crate::server::{connect, run, server};
use crate::{TestDatabase, empty_database, must, template};

const SHIM: &str = include_str!("../data/supabase-shim.sql");

/// What Supabase grants on new tables to the roles of its API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// Everything, at once: projects from before the switch.
    Granted,
    /// Nothing: every project since 2026-10-30.
    Revoked,
}

/// A database that looks like a Supabase project's.
pub struct Supabase {
    database: TestDatabase,
}

/// An empty project of that era.
pub async fn supabase(era: Era) -> Supabase {
    let database = empty_database().await;
    let mut admin = server().await.admin().await;
    // Roles belong to the whole server, so one test at a time makes them.
    must(template::lock(&mut admin).await, "waiting for other tests");
    let mut connection = must(connect(&database.url()).await, "connecting to a test database");
    must(run(&mut connection, shim(era)).await, "applying the Supabase stand-in");
    let name = database.name();
    let as_hosted = format!(
        "alter role sb_postgres password 'sb_postgres';
         grant create, connect, temporary on database {name} to sb_postgres;
         alter database {name} set search_path = \"$user\", public, extensions"
    );
    must(run(&mut connection, as_hosted).await, "applying the Supabase stand-in");
    Supabase { database }
}

impl Supabase {
    /// As the project's owner, which is what people paste into `DATABASE_URL`: no superuser, passes row security.
    pub fn url(&self) -> String {
        self.database.url_as("sb_postgres")
    }

    /// As the superuser that only the platform has.
    pub fn superuser_url(&self) -> String {
        self.database.url()
    }

    /// The database itself; its pool is the superuser's.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }
}

/// The file is written for `psql`: its `\if` is decided here.
fn shim(era: Era) -> String {
    let mut sql = String::new();
    let mut taken: Vec<bool> = vec![];
    for line in SHIM.lines() {
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["\\if", ":legacy_grants"] => taken.push(era == Era::Granted),
            ["\\if", ..] => taken.push(true),
            ["\\else"] => taken.iter_mut().last().into_iter().for_each(|branch| *branch = !*branch),
            ["\\endif"] => drop(taken.pop()),
            ["\\set", ..] => {}
            _ if taken.iter().all(|branch| *branch) => sql += &format!("{line}\n"),
            _ => {}
        }
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::{Era, shim};

    #[test]
    fn each_era_gets_its_own_half_of_the_file() {
        let (granted, revoked) = (shim(Era::Granted), shim(Era::Revoked));
        assert!(granted.contains("grant all on tables") && !granted.contains("revoke all on tables"));
        assert!(revoked.contains("revoke all on tables") && !revoked.contains("grant all on tables"));
        assert!(!granted.contains('\\') && !revoked.contains('\\'));
    }
}
