//! What was called, and by whom, for the audit log: the command's name and the ids it was given, never its texts.

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use uuid::Uuid;

/// A call of the program.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    /// Like `touchline user add`.
    pub(crate) action: String,
    /// The first id among its arguments.
    pub(crate) subject: Option<String>,
    /// Who called it, as the machine knows them.
    pub(crate) user: String,
}

impl Invocation {
    /// Reads the command line; ends the process where it cannot be read, as clap does.
    pub(crate) fn parse<C: CommandFactory + FromArgMatches>() -> (C, Self) {
        let mut matches = C::command().get_matches();
        let action = named(&matches);
        let cli = C::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit());
        let ids = std::env::args().skip(1).find(|argument| argument.parse::<Uuid>().is_ok());
        let user = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
        let user = user.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "command line".into());
        (cli, Self { action, subject: ids, user })
    }
}

fn named(matches: &ArgMatches) -> String {
    let (mut words, mut here) = (vec!["touchline"], matches);
    while let Some((name, below)) = here.subcommand() {
        words.push(name);
        here = below;
    }
    words.join(" ")
}
