//! `touchline rules`: when campaigns call and write on LinkedIn.

use std::process::ExitCode;

use engine::campaigns;
use engine::db::Database;
use engine::queue::rules;
use jiff::Timestamp;

use crate::config::{Global, Rules};
use crate::output;

pub(super) async fn run(global: &Global, database: &Database, command: Rules) -> anyhow::Result<ExitCode> {
    let pool = database.pool();
    let stands = match command {
        Rules::Show { campaign } => {
            let campaign = match campaign.filter(|name| name != "default") {
                Some(name) => Some(campaigns::named(pool, &name).await?),
                None => None,
            };
            rules::show(pool, campaign).await?
        }
        Rules::Set { campaign, rules: changes } => {
            let campaign = match campaign.as_str() {
                "default" => None,
                name => Some(campaigns::named(pool, name).await?),
            };
            rules::set(pool, campaign, &changes, None, Timestamp::now()).await?
        }
    };
    if global.json {
        output::json(&stands)?;
    } else {
        output::print(&stands.iter().map(told).collect::<Vec<_>>().join("\n\n"));
    }
    Ok(ExitCode::SUCCESS)
}

fn told(rules: &rules::Rules) -> String {
    let own = |field: &str| {
        let own = rules.campaign_id.is_some() && rules.own.iter().any(|known| known == field);
        if own {
            "set here".to_owned()
        } else if rules.campaign_id.is_some() {
            "as the default".into()
        } else {
            String::new()
        }
    };
    let days = ["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let weekdays: Vec<&str> =
        rules.weekdays.iter().filter_map(|day| days.get(usize::try_from(*day).ok()?).copied()).collect();
    let hours = format!("{}-{}", rules.opens_at.strftime("%H:%M"), rules.closes_at.strftime("%H:%M"));
    let rows = [
        ("after_days", rules.after_days.to_string()),
        ("between_days", rules.between_days.to_string()),
        ("max_attempts", rules.max_attempts.to_string()),
        ("daily_limit", rules.daily_limit.to_string()),
        ("hours", hours),
        ("weekdays", weekdays.join(",")),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(field, value)| vec![format!("  {}.{field}", rules.channel), value, own(field)])
        .collect();
    let whose = rules.campaign_name.as_deref().unwrap_or("Every campaign that sets nothing else");
    format!("{}, {}\n{}", output::plain(whose), rules.channel, output::table(&rows))
}
