//! Shows a run while it goes: bars on a terminal, a line per stream without one, nothing for programs.

use std::collections::HashMap;
use std::sync::Mutex;

use engine::sync::{Receipt, State, Watch};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::config::Global;
use crate::output;

/// Watches a sync for the person at the command line.
pub(crate) struct Progress {
    mode: Mode,
    bars: MultiProgress,
    by_stream: Mutex<HashMap<&'static str, ProgressBar>>,
}

#[derive(PartialEq)]
enum Mode {
    Bars,
    Lines,
    Quiet,
}

impl Progress {
    pub(crate) fn new(global: &Global) -> Self {
        let mode = match (global.json, output::is_watched()) {
            (true, _) => Mode::Quiet,
            (false, true) => Mode::Bars,
            (false, false) => Mode::Lines,
        };
        Self { mode, bars: MultiProgress::new(), by_stream: Mutex::default() }
    }

    fn bar(&self, stream: &'static str) -> ProgressBar {
        let mut bars = self.by_stream.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        bars.entry(stream)
            .or_insert_with(|| {
                let bar = self.bars.add(ProgressBar::new_spinner());
                if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix:18} {msg}") {
                    bar.set_style(style);
                }
                bar.set_prefix(stream);
                bar.enable_steady_tick(std::time::Duration::from_millis(120));
                bar
            })
            .clone()
    }
}

impl Watch for Progress {
    fn receipt(&self, receipt: &Receipt) {
        match self.mode {
            Mode::Quiet => {}
            Mode::Lines if receipt.state == State::Running => {}
            Mode::Lines => output::aside(&format!("{:<18} {}", receipt.stream, told(receipt))),
            Mode::Bars => {
                let bar = self.bar(receipt.stream);
                if receipt.state == State::Running {
                    bar.set_message(told(receipt));
                } else {
                    bar.finish_with_message(told(receipt));
                }
            }
        }
    }
}

/// A receipt in one line.
pub(crate) fn told(receipt: &Receipt) -> String {
    let mut parts = vec![format!(
        "{} {}",
        output::count(receipt.items),
        if receipt.items == 1 { "record" } else { "records" }
    )];
    let mut add = |count: u64, what: &str| {
        if count > 0 {
            parts.push(format!("{} {what}", output::count(count)));
        }
    };
    add(receipt.new, "new");
    add(receipt.changed, "changed");
    add(receipt.gone, "gone");
    add(receipt.returned, "back again");
    add(receipt.set_aside, "set aside");
    add(receipt.retries, if receipt.retries == 1 { "retry" } else { "retries" });
    if receipt.waited_seconds >= 5.0 {
        parts.push(format!("{:.0} s waited for the vendor's limit", receipt.waited_seconds));
    }
    let state = match receipt.state {
        State::Running => "…",
        State::Finished => "done",
        State::Stopped => "stopped",
        State::Failed => "FAILED",
    };
    let mut line = format!("{state:<8} {}", parts.join(", "));
    if let Some(reason) = &receipt.reason {
        line.push_str(&format!(": {reason}"));
    }
    line
}
