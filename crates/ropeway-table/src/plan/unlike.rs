//! Columns of a UNION that are text in one SELECT and no text in another. The engine makes texts of all of them: numbers are levels
//! then, and what compares or adds them up fails once rows are there, far from where the SQL brings them together.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::{Expr, LogicalPlan, Union};
use ropeway_vocab::{ColumnType, Place, Problem, Result};

use super::TablePlan;
use crate::sql::{Allow, Statement, Text, read_query};

/// A column of a SELECT in a UNION.
struct Side {
    /// Which SELECT, from 0.
    branch: usize,
    name: String,
    ty: ColumnType,
}

impl TablePlan {
    /// Refuses tables with such columns. A package may have them: its rows came out as they did.
    ///
    /// # Errors
    /// The first such column, with the types of both sides.
    pub fn refuse_unlike_unions(&self) -> Result<()> {
        for (name, table) in &self.definitions.tables {
            let text = Text { file: &table.file, sql: &table.sql_text };
            refuse(&self.table_part(name)?.logical, &read_query(text, Allow::Visible)?, text)?;
        }
        Ok(())
    }
}

fn refuse(plan: &LogicalPlan, statement: &Statement, text: Text<'_>) -> Result<()> {
    let mut found = None;
    let _ = plan.apply_with_subqueries(|node| {
        let LogicalPlan::Union(union) = node else { return Ok(TreeNodeRecursion::Continue) };
        let branches = branches(union);
        found = unlike(&branches).map(|sides| (sides, branches.len()));
        Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    let Some((sides, branches)) = found else { return Ok(()) };
    Err(problem(&sides, place(&sides[1], branches, statement, text)))
}

/// The SELECTs of a UNION of any number.
fn branches(union: &Union) -> Vec<&Arc<LogicalPlan>> {
    let of = |input| match Arc::as_ref(input) {
        LogicalPlan::Union(inner) => branches(inner),
        _ => vec![input],
    };
    union.inputs.iter().flat_map(of).collect()
}

/// The first column that is text in one of them and no text in another; a literal is what it needs to be.
fn unlike(branches: &[&Arc<LogicalPlan>]) -> Option<[Side; 2]> {
    let columns = branches.first()?.schema().fields().len();
    (0..columns).find_map(|position| {
        let sides = branches.iter().enumerate().filter_map(|(branch, plan)| {
            let field = plan.schema().fields().get(position)?;
            let ty = Some(field.data_type()).filter(|ty| **ty != DataType::Null).and_then(ColumnType::of_arrow)?;
            (!is_literal(plan, position)).then(|| Side { branch, name: field.name().clone(), ty })
        });
        let (texts, others): (Vec<Side>, Vec<Side>) = sides.partition(|side| side.ty == ColumnType::Text);
        let mut both = [texts.into_iter().next()?, others.into_iter().next()?];
        both.sort_by_key(|side| side.branch);
        Some(both)
    })
}

fn is_literal(plan: &LogicalPlan, position: usize) -> bool {
    let LogicalPlan::Projection(projection) = plan else { return false };
    projection.expr.get(position).is_some_and(|expr| matches!(expr.clone().unalias(), Expr::Literal(..)))
}

/// Where the second of both is made; the word where the UNION is not the whole statement.
fn place(side: &Side, branches: usize, statement: &Statement, text: Text<'_>) -> Place {
    let whole = statement.branches() == branches;
    let made = statement.place(side.branch, &side.name).filter(|_| whole);
    made.map_or_else(|| text.word(&["union"]), |at| text.place(at))
}

fn problem([first, second]: &[Side; 2], place: Place) -> Problem {
    let told = |side: &Side| format!("{} in SELECT {}", side.ty, side.branch + 1);
    let what = format!("column `{}` of the UNION is {} and {}", first.name, told(first), told(second));
    let other = if first.ty == ColumnType::Text { second } else { first };
    let sql = match other.ty {
        ColumnType::Boolean => "BOOLEAN",
        ColumnType::Integer => "BIGINT",
        ColumnType::Float => "DOUBLE",
        ColumnType::Text => "VARCHAR",
        ColumnType::Date => "DATE",
        ColumnType::Timestamp => "TIMESTAMP",
    };
    Problem::invalid("union-types", what).at(place).remedy(format!(
        "if the texts are slips or spell a missing value, let their source read them as {} (`null`, `number`, `types`); else bring both \
         to one type, for example TRY_CAST({} AS {sql})",
        other.ty, second.name
    ))
}
