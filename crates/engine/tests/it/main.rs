//! One test binary for the engine. Tests are named as sentences.

mod identity;
