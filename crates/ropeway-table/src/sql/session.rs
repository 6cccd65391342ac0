//! The DataFusion session: which functions exist, how SQL is read, how many partitions run. Everything
//! here is deterministic settings; no table is ever registered in a session.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{TableReference, plan_datafusion_err};
use datafusion::execution::SessionState;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::logical_plan::builder::LogicalTableSource;
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner, TypePlanner};
use datafusion::logical_expr::{AggregateUDF, HigherOrderUDF, LogicalPlan, ScalarUDF, TableSource, WindowUDF};
use datafusion::optimizer::{Optimizer, OptimizerRule};
use datafusion::prelude::SessionConfig;
use datafusion::sql::planner::ParserOptions;

use super::exact::aggregate_functions;
use super::instant::InstantPlanner;
use super::interval::IntervalPlanner;
use super::overflow::NoWrapping;

/// Makes a session that works with `partitions` partitions.
fn make(partitions: usize) -> SessionState {
    let mut config = SessionConfig::new().with_target_partitions(partitions).with_information_schema(false);
    let options = config.options_mut();
    options.execution.time_zone = Some("UTC".to_string());
    options.sql_parser.collect_spans = true;
    options.sql_parser.map_string_types_to_utf8view = false;
    options.execution.parquet.pushdown_filters = false;
    let mut planners: Vec<Arc<dyn ExprPlanner>> = vec![Arc::new(IntervalPlanner)];
    planners.extend(SessionStateDefaults::default_expr_planners());
    SessionStateBuilder::new()
        .with_config(config)
        .with_scalar_functions(SessionStateDefaults::default_scalar_functions())
        .with_aggregate_functions(aggregate_functions())
        .with_window_functions(SessionStateDefaults::default_window_functions())
        .with_expr_planners(planners)
        .with_analyzer_rule(Arc::new(NoWrapping))
        .with_optimizer_rules(optimizer_rules())
        .build()
}

/// The engine's rules but one, which makes sums of sums of `sum(x), sum(DISTINCT y)`, and so rounds twice.
fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let mut rules = Optimizer::new().rules;
    rules.retain(|rule| rule.name() != "single_distinct_aggregation_to_group_by");
    rules
}

/// One partition: what plans, evaluates expressions and runs everything whose floating sums or ties would
/// depend on the partitioning.
static SINGLE: LazyLock<SessionState> = LazyLock::new(|| make(1));

/// The single-partition session.
pub(crate) fn single() -> &'static SessionState {
    &SINGLE
}

/// A session for row-wise plans, whose result does not depend on the number of partitions.
pub(crate) fn partitioned(partitions: usize) -> SessionState {
    if partitions <= 1 { SINGLE.clone() } else { make(partitions) }
}

/// The plan with all types settled, as it will be before it is optimized.
pub(crate) fn analyzed(plan: LogicalPlan) -> datafusion::common::Result<LogicalPlan> {
    single().analyzer().execute_and_check(plan, single().config_options(), |_, _| {})
}

/// How SQL text becomes a logical plan.
pub(crate) fn parser_options() -> ParserOptions {
    ParserOptions::new().with_collect_spans(true).with_map_string_types_to_utf8view(false)
}

/// What the SQL planner may see: relations by name, and the functions of the session.
#[derive(Default)]
pub(crate) struct Catalog {
    tables: BTreeMap<String, Arc<dyn TableSource>>,
}

impl Catalog {
    /// Makes a relation visible under its name.
    pub(crate) fn add(&mut self, name: &str, schema: SchemaRef) {
        self.tables.insert(name.to_string(), Arc::new(LogicalTableSource::new(schema)));
    }
}

impl ContextProvider for Catalog {
    fn get_table_source(&self, name: TableReference) -> datafusion::common::Result<Arc<dyn TableSource>> {
        let found = if name.schema().is_some() { None } else { self.tables.get(name.table()) };
        found.cloned().ok_or_else(|| plan_datafusion_err!("table `{name}` is not known"))
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        single().expr_planners()
    }

    fn get_type_planner(&self) -> Option<Arc<dyn TypePlanner>> {
        Some(Arc::new(InstantPlanner))
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        single().scalar_functions().get(name).cloned()
    }

    fn get_higher_order_meta(&self, _name: &str) -> Option<Arc<HigherOrderUDF>> {
        None
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        single().aggregate_functions().get(name).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        single().window_functions().get(name).cloned()
    }

    fn get_variable_type(&self, _names: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        single().config_options()
    }

    fn udf_names(&self) -> Vec<String> {
        sorted(single().scalar_functions().keys())
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn udaf_names(&self) -> Vec<String> {
        sorted(single().aggregate_functions().keys())
    }

    fn udwf_names(&self) -> Vec<String> {
        sorted(single().window_functions().keys())
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = names.cloned().collect();
    names.sort_unstable();
    names
}
