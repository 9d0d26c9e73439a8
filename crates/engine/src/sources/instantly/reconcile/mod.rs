//! Our totals beside Instantly's counters: which are compared, and what may explain that they differ. Leaves keeping and
//! telling to `reconcile`. Facts about the counters: the fact sheet, 4.1 and 7.

use jiff::{SignedDuration, Timestamp};
use sqlx::{PgPool, Row};

use crate::Result;
use crate::reconcile::{Total, Verdict};

/// Counters and lists that were asked for within this time of one another are of one moment.
const ONE_MOMENT: SignedDuration = SignedDuration::from_mins(5);

const SYNC: &str = "run `touchline sync`; it brings both up to date";

/// Every total, campaign by campaign, then the workspace's days.
pub(crate) async fn totals(pool: &PgPool) -> Result<Vec<Total>> {
    let known = Known::of(pool).await?;
    let mut totals = Vec::new();
    for row in sqlx::query(include_str!("campaigns.sql")).fetch_all(pool).await? {
        let metric: String = row.try_get("metric")?;
        let first_sent_at: Option<jiff_sqlx::Timestamp> = row.try_get("first_sent_at")?;
        let campaign = Campaign {
            unsorted: row.try_get("unsorted")?,
            gone: row.try_get("gone")?,
            first_sent_at: first_sent_at.map(|at| at.to_jiff()),
        };
        let (ours, vendor): (i64, i64) = (row.try_get("ours")?, row.try_get("vendor")?);
        let explained = if ours == vendor { None } else { known.explain(&metric, ours - vendor, &campaign) };
        totals.push(Total {
            campaign_id: row.try_get("campaign_id")?,
            place: row.try_get("place")?,
            label: label(&metric).into(),
            ..total(metric, ours, vendor, explained)
        });
    }
    totals.extend(days(pool, &known).await?);
    Ok(totals)
}

/// The sum of thirty days, and each day that differs.
async fn days(pool: &PgPool, known: &Known) -> Result<Vec<Total>> {
    let days: Vec<(jiff_sqlx::Date, i64, i64)> =
        sqlx::query_as(include_str!("days.sql")).fetch_all(pool).await?;
    if days.is_empty() {
        return Ok(Vec::new());
    }
    let explain = |delta| if delta == 0 { None } else { known.mail_explains(delta) };
    let (ours, vendor) = days.iter().fold((0, 0), |sum, day| (sum.0 + day.1, sum.1 + day.2));
    let mut totals = vec![Total {
        label: format!("E-mails sent, last {} days with any", days.len()),
        ..total("daily_sent".into(), ours, vendor, explain(ours - vendor))
    }];
    totals.extend(days.into_iter().filter(|day| day.1 != day.2).map(|(day, ours, vendor)| {
        let day = day.to_jiff();
        Total {
            label: format!("E-mails sent on {}", day.strftime("%-d %B")),
            ..total(format!("daily_sent:{day}"), ours, vendor, explain(ours - vendor))
        }
    }));
    Ok(totals)
}

fn total(metric: String, ours: i64, vendor: i64, explained: Option<Explained>) -> Total {
    let delta = ours - vendor;
    let verdict = match (&explained, delta) {
        (_, 0) => Verdict::Same,
        (Some(_), _) => Verdict::NotComparable,
        (None, _) => Verdict::Different,
    };
    let (why, repair) = match explained {
        Some(explained) => (Some(explained.why), explained.repair.map(String::from)),
        None if delta == 0 => (None, None),
        None => (
            Some("nothing we know explains it".into()),
            Some("walk everything again: `touchline sync --full`".into()),
        ),
    };
    Total {
        campaign_id: None,
        place: "Workspace".into(),
        label: String::new(),
        metric,
        ours,
        vendor,
        delta,
        comparable: verdict != Verdict::NotComparable,
        verdict,
        why,
        repair,
    }
}

fn label(metric: &str) -> &'static str {
    match metric {
        "leads_count" => "Leads",
        "emails_sent_count" => "E-mails sent",
        "reply_count" => "Answers by e-mail",
        "reply_count_unique" => "People who answered",
        "reply_count_automatic" => "Automatic replies",
        "open_count_unique" => "Opens, unique",
        "link_click_count_unique" => "Clicks, unique",
        "bounced_count" => "Bounces",
        _ => "Unsubscribed",
    }
}

/// Why two totals cannot be compared.
struct Explained {
    why: String,
    repair: Option<&'static str>,
}

impl Explained {
    fn because(why: impl Into<String>) -> Option<Self> {
        Some(Self { why: why.into(), repair: None })
    }

    fn and(why: impl Into<String>, repair: &'static str) -> Option<Self> {
        Some(Self { why: why.into(), repair: Some(repair) })
    }
}

/// What may explain a difference of one campaign.
struct Campaign {
    /// Replies not asked about yet: by a person or by a machine.
    unsorted: i64,
    /// Leads that were deleted at the vendor.
    gone: i64,
    first_sent_at: Option<Timestamp>,
}

/// What is known of the streams and of webhooks.
struct Known {
    counters_at: Option<Timestamp>,
    emails_at: Option<Timestamp>,
    leads_at: Option<Timestamp>,
    webhooks_since: Option<Timestamp>,
}

impl Known {
    async fn of(pool: &PgPool) -> Result<Self> {
        let row = sqlx::query(include_str!("known.sql")).fetch_one(pool).await?;
        let at = |name: &str| -> Result<Option<Timestamp>> {
            Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name)?.map(|at| at.to_jiff()))
        };
        Ok(Self {
            counters_at: at("counters_at")?,
            emails_at: at("emails_at")?,
            leads_at: at("leads_at")?,
            webhooks_since: at("webhooks_since")?,
        })
    }

    fn explain(&self, metric: &str, delta: i64, campaign: &Campaign) -> Option<Explained> {
        match metric {
            "leads_count" => self.list_explains(self.leads_at, "leads"),
            "emails_sent_count" => self.mail_explains(delta),
            "reply_count" | "reply_count_unique" => {
                self.mail_explains(delta).or_else(|| sorting_explains(delta, campaign.unsorted))
            }
            "reply_count_automatic" => {
                self.mail_explains(delta).or_else(|| sorting_explains(-delta, campaign.unsorted))
            }
            "open_count_unique" => self.webhooks_explain("opens", delta, campaign),
            "link_click_count_unique" => self.webhooks_explain("clicks", delta, campaign),
            _ => self.list_explains(self.leads_at, "leads").or_else(|| {
                (campaign.gone > 0 && delta < 0)
                    .then(|| {
                        Explained::because(format!(
                            "{} leads were deleted at Instantly; their states went with them",
                            campaign.gone
                        ))
                    })
                    .flatten()
            }),
        }
    }

    /// Mail that is not here yet cannot be counted.
    fn mail_explains(&self, delta: i64) -> Option<Explained> {
        if self.emails_at.is_none() {
            return Explained::because("the history of e-mails is still filling");
        }
        if delta < 0 { self.list_explains(self.emails_at, "e-mails") } else { None }
    }

    /// A list that was walked long before or after the counters were asked for is of another moment.
    fn list_explains(&self, walked_at: Option<Timestamp>, what: &str) -> Option<Explained> {
        let (Some(counters_at), Some(walked_at)) = (self.counters_at, walked_at) else {
            return Explained::and(format!("{what} were never walked to the end"), SYNC);
        };
        let apart = counters_at.duration_since(walked_at);
        (apart.abs() > ONE_MOMENT)
            .then(|| {
                let newer = if apart.is_positive() { "newer" } else { "older" };
                let minutes = apart.abs().as_mins();
                Explained::and(format!("the counters are {minutes} minutes {newer} than our {what}"), SYNC)
            })
            .flatten()
    }

    fn webhooks_explain(&self, what: &str, delta: i64, campaign: &Campaign) -> Option<Explained> {
        let Some(since) = self.webhooks_since else {
            return Explained::and(
                format!("{what} come by webhook only, and none has come yet"),
                "connect Instantly: `touchline connections add instantly`",
            );
        };
        (delta < 0 && campaign.first_sent_at.is_some_and(|first| first < since))
            .then(|| {
                let day = since.strftime("%-d %B %Y");
                Explained::because(format!("webhooks are heard since {day}; this campaign had begun before"))
            })
            .flatten()
    }
}

fn sorting_explains(surplus: i64, unsorted: i64) -> Option<Explained> {
    (surplus > 0 && surplus <= unsorted)
        .then(|| {
            Explained::and(
                format!("{unsorted} replies are not sorted yet: by a person, or automatic"),
                "the next syncs ask for each",
            )
        })
        .flatten()
}
