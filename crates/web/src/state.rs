//! What every handler may use.

use std::sync::Arc;

use engine::PgPool;
use engine::clock::Clock;
use engine::connections::Keys;
use engine::inbox::Inbox;

use crate::live::Live;
use crate::session::{Entry, KeyLimit};

/// What every handler may use; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) pool: PgPool,
    pub(crate) inbox: Inbox,
    pub(crate) clock: Clock,
    pub(crate) live: Arc<Live>,
    pub(crate) entry: Arc<Entry>,
    pub(crate) key_limit: Arc<KeyLimit>,
    /// What seals secrets.
    pub(crate) keys: Arc<Keys>,
    /// The address under which others reach this server, without a slash at its end.
    pub(crate) public_url: Arc<str>,
}

impl App {
    pub(crate) fn new(
        pool: PgPool,
        inbox: Inbox,
        clock: Clock,
        entry: Entry,
        keys: Keys,
        public_url: &str,
    ) -> Self {
        let live = Arc::new(Live::new(pool.clone(), clock.clone()));
        Self {
            pool,
            inbox,
            clock,
            live,
            entry: Arc::new(entry),
            key_limit: Arc::default(),
            keys: Arc::new(keys),
            public_url: public_url.trim_end_matches('/').into(),
        }
    }
}
