//! What a raw table looks like to us: its key, its extracted columns, and the statements made from them.
//! Leaves running them to `store`, and what goes into the columns to the vendor's folder.

/// One raw table of a vendor.
#[derive(Debug)]
pub struct RawTable {
    pub name: &'static str,
    /// SQL over the table's alias `t` that gives the record key as text.
    pub key: &'static str,
    /// SQL over `t` (stored) and `i` (incoming) that is true where both are the same record; must use an index of `t`.
    pub same_record: &'static str,
    /// Extracted columns, the key's own among them, in the order of [`Record::values`].
    pub columns: &'static [Column],
}

/// An extracted column: its name and SQL type.
#[derive(Debug)]
pub struct Column(pub &'static str, pub &'static str);

/// One record on its way into a raw table.
#[derive(Debug, Clone)]
pub struct Record {
    pub key: String,
    /// Text forms of the extracted columns; PostgreSQL must be able to cast each to its column's type.
    pub values: Vec<Option<String>>,
    pub payload: super::Payload,
}

impl RawTable {
    /// Column list, each with `prefix` before it and `suffix` after it.
    fn list(&self, prefix: &str, suffix: &str) -> String {
        self.columns.iter().map(|c| format!("{prefix}{}{suffix}", c.0)).collect::<Vec<_>>().join(", ")
    }

    /// The statement that tells new and unchanged records by their hash: `judge.sql`.
    pub(super) fn judge_statement(&self) -> String {
        self.fill(include_str!("judge.sql"), 4)
    }

    /// The statement that stores new records: `add.sql`.
    pub(super) fn add_statement(&self) -> String {
        self.fill(include_str!("add.sql"), 6)
    }

    /// The statement that stores records of any kind: `store.sql`.
    pub(super) fn store_statement(&self) -> String {
        self.fill(include_str!("store.sql"), 6)
    }

    /// Fills this table's names in; the extracted columns are the parameters from `first` on.
    fn fill(&self, sql: &str, first: usize) -> String {
        let parameters: String =
            (0..self.columns.len()).map(|n| format!(", ${}::text[]", n + first)).collect();
        let typed: Vec<String> =
            self.columns.iter().map(|c| format!("p.{0}::{1} as {0}", c.0, c.1)).collect();
        let assign: Vec<String> = self.columns.iter().map(|c| format!("{0} = i.{0}", c.0)).collect();
        sql.replace("{table}", self.name)
            .replace("{same_record}", self.same_record)
            .replace("{parameters}", &parameters)
            .replace("{names}", &self.list("", ""))
            .replace("{typed}", &typed.join(", "))
            .replace("{assign}", &assign.join(", "))
            .replace("{incoming}", &self.list("i.", ""))
    }
}
