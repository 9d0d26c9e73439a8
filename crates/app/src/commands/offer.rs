//! `touchline offer`: what is offered, and what came of it.

use std::process::ExitCode;

use engine::db::Database;
use engine::funnel::Counts;
use engine::offers::{self, Asked};
use jiff::Timestamp;

use crate::config::{Global, Offer};
use crate::output::{self, count};

pub(super) async fn run(global: &Global, database: &Database, command: Offer) -> anyhow::Result<ExitCode> {
    let (pool, now) = (database.pool(), Timestamp::now());
    let offer = match command {
        Offer::List { search, offer_type, archived, page } => {
            let found =
                offers::list(pool, &Asked { search, offer_type, archived }, page.after, page.limit).await?;
            if global.json {
                output::json(&found)?;
            } else if found.offers.is_empty() {
                output::print(
                    "No offer. `touchline offer add NAME` makes one; campaigns then say what they sell.",
                );
            } else {
                output::print(&list(&found));
            }
            return Ok(ExitCode::SUCCESS);
        }
        Offer::Add { name, fields } => offers::add(pool, &fields.into_fields(Some(name)), None, now).await?,
        Offer::Show { offer } => offers::show(pool, offers::named(pool, &offer).await?).await?,
        Offer::Edit { offer, name, fields } => {
            offers::edit(pool, offers::named(pool, &offer).await?, &fields.into_fields(name), now).await?
        }
        Offer::Archive { offer, undo } => {
            offers::archive(pool, offers::named(pool, &offer).await?, !undo, now).await?
        }
    };
    if global.json {
        output::json(&offer)?;
    } else {
        output::print(&told(&offer));
    }
    Ok(ExitCode::SUCCESS)
}

fn list(page: &offers::Page) -> String {
    let mut rows = vec![
        ["offer", "type", "campaigns", "contacted", "answered", "positive", "id"].map(String::from).to_vec(),
    ];
    rows.extend(page.offers.iter().map(|offer| {
        vec![
            output::excerpt(&offer.offer_name, 40),
            offer.offer_type.clone().unwrap_or_default(),
            count(offer.campaigns.unsigned_abs()),
            count(offer.results.contacted.unsigned_abs()),
            count(offer.results.answered.unsigned_abs()),
            count(offer.results.positive.unsigned_abs()),
            offer.id.to_string(),
        ]
    }));
    let more = output::more(page.next);
    format!("{}{more}", output::table(&rows))
}

fn told(offer: &offers::Offer) -> String {
    let price = match (&offer.price_min, &offer.price_max) {
        (Some(min), Some(max)) if min != max => format!("{min} to {max}"),
        (Some(price), _) | (None, Some(price)) => price.clone(),
        (None, None) => "no price".into(),
    };
    let mut lines = vec![
        format!("{}  ({})", output::plain(&offer.offer_name), offer.id),
        format!("{} · {price}", offer.offer_type.as_deref().unwrap_or("no type")),
    ];
    if offer.archived_at.is_some() {
        lines.push("put away; `touchline offer archive --undo` takes it out".into());
    }
    if !offer.target_industries.is_empty() {
        lines.push(format!("for {}", output::plain(&offer.target_industries.join(", "))));
    }
    lines.extend(offer.value_proposition.as_deref().map(output::plain));
    lines.push(results(&offer.results));
    lines.join("\n")
}

/// What came of it, in a sentence.
pub(super) fn results(counts: &Counts) -> String {
    if counts.contacted == 0 {
        return "Nobody was contacted yet.".into();
    }
    let n = |number: i64| count(number.unsigned_abs());
    format!(
        "{} of {} people answered, {} of them well; {} meetings, {} won.",
        n(counts.answered),
        n(counts.contacted),
        n(counts.positive),
        n(counts.meeting),
        n(counts.converted)
    )
}
