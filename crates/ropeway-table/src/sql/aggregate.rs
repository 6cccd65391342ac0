//! Takes an aggregate call such as `avg(CASE ... END)` apart, for windows whose kernel is not SQL's.

use datafusion::sql::sqlparser::ast::{
    DuplicateTreatment, Expr, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments, Spanned,
};
use datafusion::sql::sqlparser::tokenizer::Location;
use ropeway_vocab::Result;
use serde::{Deserialize, Serialize};

use super::complain::Text;
use super::expression::read_expression;
use super::read::{is_aggregate, refuse_reserved};

/// One call of an aggregate function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AggregateCall {
    /// Its name in lower case.
    pub function: String,
    /// Its argument as SQL; none for `count(*)`.
    pub argument: Option<String>,
    /// Whether it is over distinct values.
    pub distinct: bool,
    /// Its `FILTER (WHERE ...)` as SQL.
    pub filter: Option<String>,
}

/// Reads `function([DISTINCT] argument) [FILTER (WHERE condition)]`.
///
/// # Errors
/// Anything else, with line and column inside `sql`.
pub fn parse_aggregate(sql: &str) -> Result<AggregateCall> {
    let text = Text { file: "value", sql };
    let refuse = |what: &str, at: Location| {
        text.problem("aggregate", what, at)
            .remedy("write one aggregate call, for example avg(delay), count(*) or count(DISTINCT dest)")
    };
    refuse_reserved(text)?;
    let expr = read_expression(text)?;
    let at = expr.span().start;
    let Expr::Function(call) = expr else {
        return Err(refuse("a window's value is one call of an aggregate function", at));
    };
    let function = call.name.to_string().to_lowercase();
    if call.over.is_some() || !call.within_group.is_empty() || call.null_treatment.is_some() {
        return Err(refuse("OVER, WITHIN GROUP and null treatment have no meaning in a window", at));
    }
    let FunctionArguments::List(list) = call.args else {
        return Err(refuse(&format!("`{function}` needs its argument in parentheses"), at));
    };
    if let Some(clause) = list.clauses.first() {
        let what = match clause {
            FunctionArgumentClause::OrderBy(_) => "ORDER BY has no meaning here: a window is ordered by known-at",
            _ => "this clause has no meaning in a window",
        };
        return Err(refuse(what, at));
    }
    if !is_aggregate(&function) && function != "last" {
        return Err(refuse(&format!("`{function}` is not an aggregate function"), at));
    }
    let argument = match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] if function == "count" => None,
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))] => Some(argument.to_string()),
        _ => return Err(refuse(&format!("`{function}` takes one argument"), at)),
    };
    let distinct = matches!(list.duplicate_treatment, Some(DuplicateTreatment::Distinct));
    Ok(AggregateCall { function, argument, distinct, filter: call.filter.map(|filter| filter.to_string()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_taken_apart() {
        let check = |sql: &str, function: &str, argument: Option<&str>, distinct: bool, filter: Option<&str>| {
            let call = parse_aggregate(sql).unwrap();
            let expected = AggregateCall {
                function: function.to_string(),
                argument: argument.map(str::to_string),
                distinct,
                filter: filter.map(str::to_string),
            };
            assert_eq!(call, expected);
        };
        check(
            "avg(CASE WHEN d > 15 THEN 1.0 ELSE 0.0 END)",
            "avg",
            Some("CASE WHEN d > 15 THEN 1.0 ELSE 0.0 END"),
            false,
            None,
        );
        check("COUNT(*)", "count", None, false, None);
        check("count(DISTINCT dest)", "count", Some("dest"), true, None);
        check("sum(x) FILTER (WHERE y > 1)", "sum", Some("x"), false, Some("y > 1"));
        check("last(x)", "last", Some("x"), false, None);
        check("stddev(a + b)", "stddev", Some("a + b"), false, None);
    }

    #[test]
    fn anything_else_is_refused_with_its_place() {
        for sql in [
            "avg(x) + 1",
            "x",
            "upper(x)",
            "sum(*)",
            "sum(x) OVER ()",
            "sum(x, y)",
            "sum()",
            "sum",
            "avg(x ORDER BY y)",
        ] {
            let problem = parse_aggregate(sql).unwrap_err();
            assert!(problem.place().is_some_and(|place| place.line == Some(1)), "{sql}: {problem}");
            assert!(problem.advice().is_some(), "{sql}");
        }
    }
}
