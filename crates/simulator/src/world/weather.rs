//! How the vendor changes its mind, once a day: restated days, deleted leads, edited campaigns, new leads.

use super::World;
use super::agenda::Task;
use crate::clock::{DAY, HOUR, MINUTE, day};

impl World {
    pub(super) fn weather(&mut self, arrivals: usize, at: i64) {
        let number = at.div_euclid(DAY);
        let running: Vec<String> = self.stories.keys().filter(|id| self.is_running(id)).cloned().collect();
        if !running.is_empty() {
            let campaign = running[number as usize % running.len()].clone();
            let past = day(at - self.prng.between(1, 4) * DAY);
            self.restate(&campaign, &past, at);
            if number % 2 == 0 {
                self.touch(&campaign, at);
            }
        }
        if number % 3 == 0 {
            let done: Vec<String> =
                self.leads.iter().filter(|(_, lead)| lead["status"] == 3).map(|(id, _)| id.clone()).collect();
            if !done.is_empty() {
                let id = self.prng.pick(&done).clone();
                self.delete_lead(&id);
            }
        }
        for number in 0..arrivals {
            self.agenda.add(at + 10 * HOUR + number as i64 * MINUTE, Task::Arrive);
        }
        self.agenda.add(number * DAY + DAY + 20 * HOUR, Task::Weather { arrivals });
    }
}
