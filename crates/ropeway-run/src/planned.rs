//! A project, planned: SQL, types, times and features resolved, settings found sound. What `check` reports and what every
//! other command stands on.

use ropeway_feature::{FeaturePlan, Finding};
use ropeway_project::Project;
use ropeway_registry::GateSettings;
use ropeway_table::TablePlan;
use ropeway_vocab::Result;

/// A project that could be run.
pub(crate) struct Planned {
    pub tables: TablePlan,
    pub features: FeaturePlan,
    pub findings: Vec<Finding>,
    pub gates: Vec<GateSettings>,
}

impl Planned {
    /// Plans a project; reads SQL files and the first rows of each source.
    pub fn new(project: &Project) -> Result<Self> {
        let settings = &project.settings;
        settings.learn.check()?;
        settings.costs_of_error.check()?;
        let gates: Vec<GateSettings> = project.section("gate")?.unwrap_or_default();
        ropeway_registry::check_gates(&gates)?;
        let tables = TablePlan::new(project.definitions()?)?;
        let (features, findings) = FeaturePlan::new(&project.features(), &tables)?;
        Ok(Self { tables, features, findings, gates })
    }
}
