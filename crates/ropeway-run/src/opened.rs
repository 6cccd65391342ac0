//! A project opened to be looked at: its tables and examples as the steps of a run make them, found finished where they are,
//! and recorded under no run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ropeway_project::Project;
use ropeway_store::Store;
use ropeway_table::TablePlan;
use ropeway_vocab::Result;

use crate::data::Data;
use crate::progress::Silent;
use crate::record::Records;
use crate::run::store_root;
use crate::step::Engine;

/// How long a look waits for a run that has the project.
const WAIT: Duration = Duration::from_secs(30);

/// The engine of a look.
pub(crate) struct Opened {
    pub engine: Engine,
}

impl Opened {
    /// Looks at a project with its record open and its lock held; where that may only be read, what steps make is kept in
    /// memory.
    pub async fn look<T>(project: &Project, look: impl AsyncFnOnce(Self) -> Result<T>) -> Result<T> {
        let store = Store::open_to_read(&store_root(project)).await?;
        store
            .closing(async |store| {
                store.lock(WAIT).await?;
                let (store, records) = (store.clone(), Records::open(store).await?);
                let engine = Engine::new(store, records, Arc::new(Silent), Arc::new(AtomicBool::new(false)), None);
                look(Self { engine }).await
            })
            .await
    }

    /// The relations of these names, with all that they stand on; the others are planned and not made.
    pub async fn data(&self, project: &Project, plan: TablePlan, names: &[&str]) -> Result<Data> {
        let wanted = needed(&plan, names)?;
        Data::make_these(&self.engine, plan, &project.root, &project.settings.source, &wanted).await
    }
}

/// All that these relations are made from and held against by checks, themselves included, in the order in which they can
/// be made.
pub(crate) fn needed<S: AsRef<str>>(plan: &TablePlan, names: &[S]) -> Result<Vec<String>> {
    let mut wanted: Vec<String> = names.iter().map(|name| name.as_ref().to_owned()).collect();
    let mut needed = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        for name in plan.upstream(&name)? {
            if needed.insert(name.clone()) {
                wanted.extend(plan.referenced(&name)?);
            }
        }
    }
    Ok(plan.order().iter().filter(|name| needed.contains(*name)).cloned().collect())
}
