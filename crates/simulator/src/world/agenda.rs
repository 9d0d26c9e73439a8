//! How the world goes on: an agenda of what happens when. Every happening writes its record, its journal entry and
//! what follows from it; running the agenda to a time is the whole simulation.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use super::World;
use super::enrolment::Mood;
use crate::clock::MINUTE;

/// What will happen, by time and then by the order it was planned in.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    tasks: BTreeMap<(i64, u64), Task>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: i64, task: Task) {
        self.planned += 1;
        self.tasks.insert((at, self.planned), task);
    }

    fn first_at(&self) -> Option<i64> {
        self.tasks.keys().next().map(|(at, _)| *at)
    }

    fn next(&mut self, until: i64) -> Option<(i64, Task)> {
        let entry = self.tasks.first_entry()?;
        let (at, _) = *entry.key();
        (at <= until).then(|| (at, entry.remove()))
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Task {
    /// The next person is added to the next campaign.
    Arrive,
    ListLead,
    Send {
        lead: String,
        step: usize,
    },
    Complete {
        lead: String,
    },
    Open {
        lead: String,
        step: usize,
    },
    Click {
        lead: String,
        step: usize,
    },
    Reply {
        lead: String,
        mood: Mood,
    },
    AutoReply {
        lead: String,
    },
    Answer {
        lead: String,
    },
    Confirm {
        lead: String,
    },
    Met {
        lead: String,
        interest: i64,
    },
    Bounce {
        lead: String,
    },
    Unsubscribe {
        lead: String,
    },
    /// A mail planned by hand goes out.
    Due {
        lead: String,
        mail: Uuid,
    },
    Stranger,
    /// Once a day: restated days, deletions, edits, new leads.
    Weather {
        arrivals: usize,
    },
}

impl World {
    /// Moves the clock and lets everything happen that is due until then.
    pub fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
        self.tick();
    }

    /// Lets everything happen that is due until now.
    pub fn tick(&mut self) {
        self.live(self.clock.milliseconds());
    }

    pub(crate) fn live(&mut self, until: i64) {
        loop {
            // Whichever of the two comes first, so that each knows what was said to the other.
            let next = self.agenda.first_at().map_or(until, |at| at.min(until));
            self.live_on_linkedin(next);
            let Some((at, task)) = self.agenda.next(until) else { return };
            let at = self.at_least(at);
            self.happen(at, task);
        }
    }

    pub(super) fn happen(&mut self, at: i64, task: Task) {
        match task {
            Task::Arrive => {
                let running: Vec<String> =
                    self.stories.keys().filter(|id| self.is_running(id)).cloned().collect();
                if !running.is_empty() {
                    let campaign = running[self.people % running.len()].clone();
                    self.enrol(&campaign, at);
                }
            }
            Task::ListLead => self.add_list_lead(at),
            Task::Send { lead, step } => self.send_step(&lead, step, at),
            Task::Complete { lead } => self.complete(&lead, at),
            Task::Open { lead, step } => {
                self.open(&lead, step as u8, at);
                if self.lively && self.prng.chance(84) {
                    let again = at + self.prng.between(10, 2_400) * MINUTE;
                    self.agenda.add(again, Task::Open { lead, step });
                }
            }
            Task::Click { lead, step } => self.click(&lead, step as u8, at),
            Task::Reply { lead, mood } => drop(self.reply(&lead, mood, at)),
            Task::AutoReply { lead } => drop(self.auto_reply(&lead, at)),
            Task::Answer { lead } => drop(self.answer(&lead, at)),
            Task::Confirm { lead } => self.confirm(&lead, at),
            Task::Met { lead, interest } => self.interest(&lead, interest, at),
            Task::Bounce { lead } => self.bounce(&lead, at),
            Task::Unsubscribe { lead } => self.unsubscribe(&lead, at),
            Task::Due { lead, mail } => {
                if self.mails.remove(mail) {
                    self.answer(&lead, at);
                }
            }
            Task::Stranger => drop(self.stranger(at)),
            Task::Weather { arrivals } => self.weather(arrivals, at),
        }
    }

    pub(super) fn is_running(&self, campaign: &str) -> bool {
        self.campaigns.get(campaign).is_some_and(|campaign| campaign["status"] == 1)
    }
}
