//! SQL's TIMESTAMP means what a column of instants holds: whole microseconds UTC. DataFusion's own reading is
//! nanoseconds without a zone, in which a year after 2262 fails the whole statement.

use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef};
use datafusion::common::Result;
use datafusion::logical_expr::planner::TypePlanner;
use datafusion::sql::sqlparser::ast::DataType;
use ropeway_vocab::ColumnType;

/// Plans TIMESTAMP and DATETIME, with or without time zone.
#[derive(Debug)]
pub(crate) struct InstantPlanner;

impl TypePlanner for InstantPlanner {
    fn plan_type_field(&self, sql_type: &DataType) -> Result<Option<FieldRef>> {
        Ok(match sql_type {
            DataType::Timestamp(..) | DataType::Datetime(_) => {
                Some(Arc::new(Field::new("", ColumnType::Timestamp.arrow(), true)))
            }
            _ => None,
        })
    }
}
