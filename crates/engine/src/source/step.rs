//! One step from raw to normalised. Leaves running it to `normalise`.

/// One SQL statement from raw to normalised. It reads the temporary table `changed (raw_table, record_key)`, takes the
/// time as `$1`, and writes only rows that come out differently.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Source and what it makes.
    pub name: &'static str,
    pub sql: &'static str,
}

impl Step {
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql }
    }
}
