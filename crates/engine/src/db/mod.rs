//! The database: open it, bring it to the current schema. Leaves what is in it to the other rooms.

pub mod migrate;
