//! The order of an adoption: each phase reads the catalog anew, compares, and does what follows from it.
//! Everything happens in one transaction, so a refusal in a late phase takes back the early ones.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::{
    catalog::{self, Table},
    checks, columns, indexes, keys, references,
    refusal::{self, Refusal},
};
use crate::{
    Error, Result,
    db::{
        plan::{Action, PlanStep},
        trouble,
    },
};

/// One adoption under way.
pub(super) struct Adoption {
    pub(super) workspace: String,
    /// The tables it is about, whether they are there or not.
    pub(super) names: Vec<String>,
    pub(super) contract: Vec<Table>,
    pub(super) steps: Vec<PlanStep>,
    pub(super) refusals: Vec<Refusal>,
}

/// What is compared, in this order; each builds on what the ones before it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Columns,
    /// Keys that are too strict go.
    Loosen,
    Checks,
    /// Strangers that bear the names of our indexes make way.
    ClearNames,
    /// Keys and plain indexes get their names, missing keys come.
    Keys,
    /// After the files ran, so that every parent exists.
    References,
}

impl Adoption {
    /// Refuses what cannot be changed at all, locks the rest for the duration, and counts its rows.
    pub(super) async fn admit(
        &mut self,
        connection: &mut PgConnection,
        live: &[Table],
    ) -> Result<BTreeMap<String, i64>> {
        let mut rows = BTreeMap::new();
        for table in live {
            let Table { name, owner, role, .. } = table;
            if table.kind != "r" {
                let what = format!("is {}; it must be a table", table.kind_in_words);
                self.refusals.push(Refusal::new(name, what, "rename it, so that Touchline makes its table"));
            } else if !table.ours_to_change {
                let what = format!("belongs to `{owner}`, so role `{role}` cannot change it");
                let remedy = format!(
                    "connect as `{owner}`, or run `alter table {name} owner to {role}` as `{owner}` or a superuser"
                );
                self.refusals.push(Refusal::new(name, what, remedy));
            } else {
                let lock = format!("lock table {name} in access exclusive mode");
                trouble::run(connection, &format!("adopting `{name}`"), &lock).await?;
                let sql = format!("select count(*) from {name}");
                rows.insert(name.clone(), super::count(connection, &sql).await?);
            }
        }
        Ok(rows)
    }

    /// Compares and does what follows. An error while refusals are known is most likely their consequence.
    pub(super) async fn perform(&mut self, connection: &mut PgConnection, phase: Phase) -> Result<()> {
        let outcome = self.try_perform(connection, phase).await;
        match outcome {
            Err(_) if !self.refusals.is_empty() => Err(refusal::error(&self.refusals)),
            outcome => outcome,
        }
    }

    async fn try_perform(&mut self, connection: &mut PgConnection, phase: Phase) -> Result<()> {
        let mut steps = Vec::new();
        let mut refusals = Vec::new();
        self.compare(connection, phase, &mut steps, &mut refusals).await?;
        self.refusals.extend(refusals);
        for step in &steps {
            for sql in &step.sql {
                trouble::run(connection, &format!("adopting `{}`", step.subject), sql).await?;
            }
        }
        self.steps.extend(steps);
        Ok(())
    }

    /// Compares everything once more: nothing may be left to do.
    pub(super) async fn verify(&self, connection: &mut PgConnection) -> Result<()> {
        let mut left = Vec::new();
        let mut refusals = Vec::new();
        for phase in
            [Phase::Columns, Phase::Loosen, Phase::Checks, Phase::ClearNames, Phase::Keys, Phase::References]
        {
            self.compare(connection, phase, &mut left, &mut refusals).await?;
        }
        let mut left: Vec<_> = left
            .iter()
            .filter(|step| step.action != Action::Note)
            .map(|step| format!("`{}`: {}", step.subject, step.what))
            .chain(refusals.iter().map(ToString::to_string))
            .collect();
        let live = catalog::read(connection, &self.workspace, &self.names).await?;
        for wanted in &self.contract {
            let found = live.iter().find(|table| table.name == wanted.name);
            let there =
                |name: &str| found.is_some_and(|table| table.indexes.iter().any(|index| index.name == name));
            left.extend(
                wanted
                    .indexes
                    .iter()
                    .filter(|index| index.constraint.is_none() && !there(&index.name))
                    .map(|index| format!("`{}`: index `{}` is not there", wanted.name, index.name)),
            );
        }
        if left.is_empty() {
            return Ok(());
        }
        Err(Error::conflict(
            format!("adoption did not reach the contract: {}", left.join("; ")),
            "nothing was changed; this is a defect of Touchline, please report it with this message",
        ))
    }

    async fn compare(
        &self,
        connection: &mut PgConnection,
        phase: Phase,
        steps: &mut Vec<PlanStep>,
        refusals: &mut Vec<Refusal>,
    ) -> Result<()> {
        let live = catalog::read(connection, &self.workspace, &self.names).await?;
        let live: Vec<_> =
            live.into_iter().filter(|table| table.kind == "r" && table.ours_to_change).collect();
        if phase == Phase::ClearNames {
            return indexes::clear_names(connection, &self.contract, &live, steps, refusals).await;
        }
        for table in &live {
            let Some(contract) = self.contract.iter().find(|wanted| wanted.name == table.name) else {
                continue;
            };
            match phase {
                Phase::Columns => columns::compare(connection, contract, table, steps, refusals).await?,
                Phase::Loosen => keys::loosen(contract, table, steps, refusals),
                Phase::Checks => checks::compare(connection, contract, table, steps, refusals).await?,
                Phase::ClearNames => {}
                Phase::Keys => {
                    keys::settle(connection, contract, table, steps, refusals).await?;
                    indexes::compare(contract, table, steps);
                }
                Phase::References => {
                    references::compare(connection, &self.workspace, contract, table, steps).await?;
                }
            }
        }
        Ok(())
    }
}
