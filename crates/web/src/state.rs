//! What every handler may use.

use std::sync::Arc;

use engine::PgPool;
use engine::clock::Clock;
use engine::connections::Keys;
use engine::jobs::Wake;
use engine::recordings::Recordings;

use crate::live::Live;
use crate::session::{Entry, KeyLimit};

/// What pages need of the program around them.
#[derive(Clone)]
pub struct Tools {
    /// Wakes the worker behind long work.
    pub wake: Wake,
    /// Sources whose key is here, so that they can be pulled.
    pub sources: Vec<&'static str>,
    /// Where recordings of calls are fetched.
    pub recordings: Recordings,
    /// What seals secrets of connections.
    pub keys: Keys,
    /// Address under which vendors reach this server.
    pub public_url: String,
    /// The pace a back-fill is reckoned with.
    pub emails_per_minute: u32,
    /// Who may come in, and how.
    pub entry: Entry,
}

/// What every handler may use; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) pool: PgPool,
    pub(crate) clock: Clock,
    pub(crate) live: Arc<Live>,
    pub(crate) tools: Arc<Tools>,
    pub(crate) key_limit: Arc<KeyLimit>,
}

impl App {
    pub(crate) fn new(pool: PgPool, clock: Clock, tools: Tools) -> Self {
        let live = Arc::new(Live::new(pool.clone(), clock.clone()));
        Self { pool, clock, live, tools: Arc::new(tools), key_limit: Arc::default() }
    }
}
