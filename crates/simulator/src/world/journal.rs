//! What happened, in order: the one source of every figure the analytics answer.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

/// One happening of one lead in one campaign.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: i64,
    pub(crate) campaign: Arc<str>,
    pub(crate) lead: Arc<str>,
    /// Step and variant from 0, if the vendor could attribute it.
    pub(crate) step: Option<(u8, u8)>,
    pub(crate) what: What,
    pub(crate) mail: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum What {
    Sent,
    Replied,
    AutoReplied,
    Opened,
    Clicked,
    Opportunity,
    /// The interest status was set to this value.
    Interest(i64),
    Bounced,
    Unsubscribed,
    Completed,
}

impl What {
    /// Whether the daily and step reports know it; a day with nothing else has no row.
    fn is_daily(self) -> bool {
        !matches!(self, What::Interest(_) | What::Bounced | What::Unsubscribed | What::Completed)
    }
}

/// How often something happened, and how often it was a first.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) all: u64,
    /// First of its lead in the campaign, ever.
    pub(crate) unique: u64,
    /// First of its lead and step.
    pub(crate) by_step: u64,
    /// First of its lead on that day.
    pub(crate) on_day: u64,
}

/// The counts of a selection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<What, Count>,
    contacted: HashSet<(Arc<str>, Arc<str>)>,
}

impl Tally {
    pub(crate) fn of(&self, what: What) -> Count {
        self.counts.get(&what).copied().unwrap_or_default()
    }

    /// Different leads written to.
    pub(crate) fn contacted(&self) -> u64 {
        self.contacted.len() as u64
    }

    pub(crate) fn is_idle(&self) -> bool {
        !self.counts.keys().any(|what| what.is_daily())
    }

    fn add(&mut self, marked: &Marked<'_>) {
        let count = self.counts.entry(marked.entry.what).or_default();
        count.all += 1;
        count.unique += u64::from(marked.unique);
        count.by_step += u64::from(marked.by_step);
        count.on_day += u64::from(marked.on_day);
        if marked.entry.what == What::Sent {
            self.contacted.insert((marked.entry.campaign.clone(), marked.entry.lead.clone()));
        }
    }
}

/// An entry that knows whether it was a first.
struct Marked<'a> {
    entry: &'a Entry,
    day: String,
    unique: bool,
    by_step: bool,
    on_day: bool,
}

/// Which entries count: a campaign (or all), and UTC days from and to, both included.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    pub(crate) campaigns: Option<Vec<String>>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
}

impl Selection {
    pub(crate) fn campaign(id: &str) -> Self {
        Selection { campaigns: Some(vec![id.to_owned()]), ..Selection::default() }
    }

    fn of_campaign(&self, campaign: &str) -> bool {
        self.campaigns.as_ref().is_none_or(|ids| ids.iter().any(|id| id == campaign))
    }

    fn of_day(&self, day: &str) -> bool {
        self.from.as_deref().is_none_or(|from| day >= from) && self.to.as_deref().is_none_or(|to| day <= to)
    }
}

/// All counts of a selection.
pub(crate) fn total(journal: &[Entry], selection: &Selection) -> Tally {
    let mut tally = Tally::default();
    each(journal, selection, |marked| tally.add(marked));
    tally
}

/// Counts for each UTC day with activity.
pub(crate) fn by_day(journal: &[Entry], selection: &Selection) -> BTreeMap<String, Tally> {
    let mut days: BTreeMap<String, Tally> = BTreeMap::new();
    each(journal, selection, |marked| days.entry(marked.day.clone()).or_default().add(marked));
    days.retain(|_, tally| !tally.is_idle());
    days
}

/// Counts for each step and variant; what could not be attributed comes last.
pub(crate) fn by_step(journal: &[Entry], selection: &Selection) -> Vec<(Option<(u8, u8)>, Tally)> {
    let mut steps: BTreeMap<(bool, Option<(u8, u8)>), Tally> = BTreeMap::new();
    each(journal, selection, |marked| {
        if marked.entry.what.is_daily() || matches!(marked.entry.what, What::Interest(_)) {
            steps.entry((marked.entry.step.is_none(), marked.entry.step)).or_default().add(marked);
        }
    });
    steps.into_iter().filter(|(_, tally)| !tally.is_idle()).map(|((_, step), tally)| (step, tally)).collect()
}

fn each(journal: &[Entry], selection: &Selection, mut visit: impl FnMut(&Marked<'_>)) {
    // Restated days add entries with a past date, so the order of the journal is not the order of time.
    let mut entries: Vec<&Entry> =
        journal.iter().filter(|entry| selection.of_campaign(&entry.campaign)).collect();
    entries.sort_by_key(|entry| entry.at);
    let mut ever = HashSet::new();
    let mut steps = HashSet::new();
    let mut days = HashSet::new();
    for entry in entries {
        let who = (entry.what, &entry.campaign, &entry.lead);
        let number = entry.at.div_euclid(crate::clock::DAY);
        let marked = Marked {
            entry,
            day: crate::clock::day(entry.at),
            unique: ever.insert(who),
            by_step: steps.insert((who, entry.step)),
            on_day: days.insert((who, number)),
        };
        if selection.of_day(&marked.day) {
            visit(&marked);
        }
    }
}
