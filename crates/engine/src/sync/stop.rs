//! A person's wish that a long job should end after the page at hand. Leaves signals to `app`.

use tokio::sync::watch;

/// Asked by the job between pages.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Held by whoever may ask the job to end.
#[derive(Debug)]
pub struct StopHandle(watch::Sender<bool>);

impl Stop {
    /// A stop and its handle.
    pub fn new() -> (StopHandle, Self) {
        let (sender, receiver) = watch::channel(false);
        (StopHandle(sender), Self(receiver))
    }

    /// A job nobody will stop.
    pub fn never() -> Self {
        Self::new().1
    }

    /// Whether the job should end now.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the job should end; never, where nobody can ask.
    pub async fn asked(&mut self) {
        if self.0.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl StopHandle {
    /// Asks the job to end.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }
}
