//! Expressions over one row: known-at, labels, derived features, checks. Compiled once, evaluated on any
//! batch that has the columns, for one row as for a million.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{Cast, Expr, ExprSchemable};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::sql::planner::{PlannerContext, SqlToRel};
use datafusion::sql::sqlparser::ast::{Expr as SqlExpr, Visit};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;
use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result};

use super::complain::Text;
use super::overflow::without_wrapping;
use super::read::{Allow, Scope, Seen, check_function, refuse_reserved};
use super::session::{Catalog, parser_options, single};

/// Functions that are a CASE by another name; `ifnull` is `nvl`.
const CASES: [&str; 3] = ["coalesce", "nvl", "nvl2"];

/// A deterministic SQL expression over the columns of one row.
#[derive(Debug, Clone)]
pub struct RowExpr {
    pub(super) sql: String,
    pub(super) file: String,
    ty: ColumnType,
    /// The columns that it reads.
    pub(super) schema: SchemaRef,
    /// Whether one of them is about a person.
    pub(super) personal: bool,
    normalized: String,
    pub(super) physical: Arc<dyn PhysicalExpr>,
}

impl RowExpr {
    /// Compiles `sql` over these columns. Its value has the Arrow type of the logical type that it comes to.
    ///
    /// # Errors
    /// Syntax, unknown columns and functions, types that do not fit, aggregates, subqueries and functions that
    /// answer differently each time; line and column count inside the expression.
    pub fn compile(sql: &str, columns: &[ColumnSpec]) -> Result<Self> {
        Self::compile_in("expression", sql, columns)
    }

    /// The same; problems name `file` (a setting such as ``known_at of source `flights` ``).
    pub fn compile_in(file: &str, sql: &str, columns: &[ColumnSpec]) -> Result<Self> {
        let text = Text { file, sql };
        let ast = read_expression(text)?;
        refuse_reserved(text)?;
        let mut seen = Seen::default();
        let _ = ast.visit(&mut seen) as ControlFlow<()>;
        if seen.subquery.is_some() {
            return Err(Problem::invalid("subquery", "a subquery cannot stand in an expression over one row")
                .remedy("join in a table, or declare a lookup")
                .at(text.word(&["select"])));
        }
        seen.functions.iter().try_for_each(|f| check_function(f, text, Allow::Visible, Scope::Row))?;

        let fields = |keep: &dyn Fn(&str) -> bool| -> SchemaRef {
            let kept = columns.iter().filter(|column| keep(&column.name));
            Arc::new(Schema::new(kept.map(|c| Field::new(&c.name, c.ty.arrow(), true)).collect::<Vec<_>>()))
        };
        let complain = |error: &datafusion::common::DataFusionError| text.complaint(error);
        let all = DFSchema::try_from(fields(&|_| true)).map_err(|e| complain(&e))?;
        let expr = SqlToRel::new_with_options(&Catalog::default(), parser_options())
            .sql_to_expr(ast, &all, &mut PlannerContext::new())
            .map_err(|e| complain(&e))?;
        let used: BTreeSet<String> = expr.column_refs().into_iter().map(|column| column.name.clone()).collect();
        let schema = fields(&|name| used.contains(name));
        let df_schema = DFSchema::try_from(Arc::clone(&schema)).map_err(|e| complain(&e))?;
        let found = expr.get_type(&df_schema).map_err(|e| complain(&e))?;
        let personal = columns.iter().any(|column| column.personal && used.contains(&column.name));
        let ty = logical_type(&found, text, "the expression")?;
        // An expression is printed without the parentheses that make `a - (b - c)` of it.
        let normalized = format!("{expr}\nas {}", text.spelled());
        let expr = if found == ty.arrow() { expr } else { Expr::Cast(Cast::new(Box::new(expr), ty.arrow())) };
        let expr = as_cases(expr).map_err(|e| complain(&e))?;
        let physical = single().create_physical_expr(expr, &df_schema).map_err(|e| complain(&e))?;
        let physical = without_wrapping(physical, &schema).map_err(|e| complain(&e))?;
        Ok(Self { sql: sql.to_string(), file: file.to_string(), ty, schema, personal, normalized, physical })
    }

    /// The text it was compiled from.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Its meaning as text: comments, case of keywords and white space do not show.
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// The logical type of its value.
    pub fn ty(&self) -> ColumnType {
        self.ty
    }

    /// The columns it reads, in the order in which they were declared.
    pub fn columns(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }
}

/// `coalesce` and its kin have no kernel of their own: the optimizer of queries writes them as CASE, and an expression over
/// a row does not pass it.
fn as_cases(expr: Expr) -> datafusion::common::Result<Expr> {
    let context = SimplifyContext::builder().build();
    let case = |expr: Expr| match expr {
        Expr::ScalarFunction(ScalarFunction { func, args }) if CASES.contains(&func.name()) => {
            Ok(match func.simplify(args, &context)? {
                ExprSimplifyResult::Simplified(case) => Transformed::yes(case),
                ExprSimplifyResult::Original(args) => {
                    Transformed::no(Expr::ScalarFunction(ScalarFunction { func, args }))
                }
            })
        }
        other => Ok(Transformed::no(other)),
    };
    Ok(expr.transform_up(case)?.data)
}

/// The logical type of an Arrow type, or what to cast it to.
pub(crate) fn logical_type(found: &DataType, text: Text<'_>, what: &str) -> Result<ColumnType> {
    ColumnType::of_arrow(found).ok_or_else(|| {
        let remedy = match found {
            DataType::Duration(_) | DataType::Interval(_) => {
                "turn it into a number, for example date_part('epoch', a - b) for seconds"
            }
            DataType::Time32(_) | DataType::Time64(_) => "turn it into a number, for example date_part('hour', t)",
            _ => "cast it to BOOLEAN, BIGINT, DOUBLE, VARCHAR, DATE or TIMESTAMP",
        };
        Problem::invalid("column-type", format!("{what} has the type {found}, which no column can hold"))
            .remedy(remedy)
            .at(text.whole())
    })
}

/// Reads one expression and nothing after it.
pub(crate) fn read_expression(text: Text<'_>) -> Result<SqlExpr> {
    let syntax = |error: datafusion::sql::sqlparser::parser::ParserError| text.syntax(&error.to_string());
    if text.sql.trim().is_empty() {
        return Err(Problem::invalid("sql-empty", "the expression is empty")
            .remedy("write an SQL expression")
            .at(text.whole()));
    }
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text.sql).map_err(syntax)?;
    let expr = parser.parse_expr().map_err(syntax)?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(text
            .problem("sql-syntax", format!("the expression ends before `{}`", rest.token), rest.span.start)
            .remedy("write one expression"));
    }
    Ok(expr)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};

    use super::*;
    use crate::fixture::{HOUR, column, flights};

    fn columns() -> Vec<ColumnSpec> {
        use ColumnType::{Integer, Text, Timestamp};
        [("id", Integer), ("carrier", Text), ("sched", Timestamp), ("dep_delay", Integer)]
            .map(|(n, t)| column(n, t))
            .to_vec()
    }

    fn refused(sql: &str, code: &str, column: u64) {
        let problem = RowExpr::compile(sql, &columns()).unwrap_err();
        let at = problem.place().and_then(|place| place.column);
        assert_eq!((problem.code(), at), (code, Some(column)), "{problem}");
        assert!(problem.advice().is_some(), "{problem}");
    }

    #[test]
    fn functions_that_are_a_case_by_another_name_have_values() {
        for (sql, ty) in [
            ("coalesce(dep_delay, 0)", ColumnType::Integer),
            ("coalesce(dep_delay, 0.5)", ColumnType::Float),
            ("nvl(dep_delay, 0) + 1", ColumnType::Integer),
            ("ifnull(carrier, 'none')", ColumnType::Text),
            ("nvl2(dep_delay, coalesce(dep_delay, id), -1)", ColumnType::Integer),
        ] {
            let value = RowExpr::compile(sql, &columns()).unwrap().eval(&flights(6)).unwrap();
            assert_eq!((value.data_type(), value.null_count()), (&ty.arrow(), 0), "{sql}");
        }
    }

    #[test]
    fn it_reads_only_its_columns_and_has_a_logical_type() {
        let check = |sql: &str, ty, columns_read: &[&str]| {
            let expr = RowExpr::compile(sql, &columns()).unwrap();
            assert_eq!((expr.ty(), expr.columns()), (ty, columns_read.to_vec()), "{sql}");
            assert_eq!(expr.eval(&flights(4)).unwrap().data_type(), &ty.arrow(), "{sql}");
        };
        check("dep_delay > 15", ColumnType::Boolean, &["dep_delay"]);
        check("date_part('dow', sched)", ColumnType::Integer, &["sched"]);
        check("extract(hour from sched) + id", ColumnType::Integer, &["id", "sched"]);
        check("CAST(dep_delay AS DECIMAL(5, 1)) / 3", ColumnType::Float, &["dep_delay"]);
        check("carrier || '-' || id", ColumnType::Text, &["id", "carrier"]);
        check("sched::date", ColumnType::Date, &["sched"]);
        check("1", ColumnType::Integer, &[]);
        check("NULL", ColumnType::Text, &[]);
        check("CASE WHEN id > 1 THEN 1.0 ELSE 0.0 END", ColumnType::Float, &["id"]);
        check("sched > '1970-01-01T02:00:00Z'", ColumnType::Boolean, &["sched"]);
        check("carrier ~ '^A'", ColumnType::Boolean, &["carrier"]);
    }

    #[test]
    fn it_finds_columns_by_name_in_any_batch() {
        let expr = RowExpr::compile("dep_delay * 2 - id", &columns()).unwrap();
        let reordered = flights(6).project(&[4, 0]).unwrap();
        let value = expr.eval(&reordered).unwrap();
        let value: Vec<Option<i64>> = value.as_primitive::<Int64Type>().iter().collect();
        assert_eq!(value, [Some(0), Some(1), Some(2), Some(3), None, Some(5)]);
        assert_eq!(expr.eval(&flights(6).project(&[0]).unwrap()).unwrap_err().code(), "missing-column");
        assert_eq!(
            RowExpr::compile("1.5", &columns())
                .unwrap()
                .eval(&flights(3))
                .unwrap()
                .as_primitive::<Float64Type>()
                .values(),
            &[1.5; 3]
        );
    }

    #[test]
    fn intervals_multiply() {
        let expr = RowExpr::compile("sched + (dep_delay + id) * INTERVAL '30 minutes'", &columns()).unwrap();
        let value = expr.eval(&flights(3)).unwrap();
        let value = value.as_primitive::<TimestampMicrosecondType>();
        assert_eq!(value.values(), &[0, 2 * HOUR, 4 * HOUR]);
        assert_eq!(value.timezone(), Some("UTC"));
    }

    #[test]
    fn what_is_no_row_expression_is_refused_at_its_column() {
        refused("dep_dely > 3", "unknown-column", 1);
        refused("1 + dep_dely", "unknown-column", 5);
        refused("id + avg(dep_delay)", "not-row-wise", 6);
        refused("row_number() OVER ()", "not-row-wise", 1);
        refused("id IN (SELECT 1)", "subquery", 8);
        refused("id > random()", "volatile-function", 6);
        refused("id +", "sql-syntax", 5);
        refused("id id", "sql-syntax", 4);
        refused("", "sql-empty", 1);
        refused("loer(carrier)", "unknown-function", 1);
        refused("__known_at > sched", "reserved-name", 1);
        refused("sched - sched", "column-type", 1);
        refused("flights.idd", "unknown-column", 1);
        assert!(RowExpr::compile("carrier * 2 + sched", &columns()).unwrap_err().place().is_some());
    }

    #[test]
    fn white_space_does_not_show_in_the_normalized_text() {
        let text = |sql: &str| RowExpr::compile(sql, &columns()).unwrap().normalized().to_string();
        assert_eq!(text("id>1 AND carrier='x'"), text(" ID > 1 -- why\n and carrier = 'x'"));
        assert_ne!(text("id > 1"), text("id > 2"));
        for (one, other) in [
            ("id - (dep_delay - 1)", "id - dep_delay - 1"),
            ("id / (dep_delay * 2)", "id / dep_delay * 2"),
            ("NOT (id > 1 AND dep_delay > 0)", "NOT id > 1 AND dep_delay > 0"),
            ("carrier = 'AA' AND (carrier = 'B') IS NULL", "(carrier = 'AA' AND carrier = 'B') IS NULL"),
        ] {
            assert_ne!(text(one), text(other));
        }
    }
}
