//! Reads one SELECT statement: which relations it names, which functions, which line makes each output
//! column; and refuses what a table must not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use datafusion::common::TableReference;
use datafusion::logical_expr::planner::ContextProvider;
use datafusion::logical_expr::{LogicalPlan, Volatility};
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::planner::SqlToRel;
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArguments, Ident, ObjectName, Query, SelectItem, SetExpr, Spanned,
    Statement as SqlStatement, Visit, Visitor,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};
use ropeway_vocab::{KNOWN_AT, Problem, Result, nearest};

use super::clauses::refuse_ignored;
use super::complain::Text;
use super::session::{Catalog, parser_options, single};

/// One parsed SELECT.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    statement: SqlStatement,
    /// The relations it reads with the place of their first mention, without its own WITH names.
    pub(crate) relations: BTreeMap<String, Location>,
    /// Where each output column is made, where it can be told; `*` for a wildcard. Of a UNION for each of its SELECTs.
    branches: Vec<BTreeMap<String, Location>>,
}

impl Statement {
    /// Its logical plan over the relations of a catalog.
    pub(crate) fn plan(&self, catalog: &Catalog, text: Text<'_>) -> Result<LogicalPlan> {
        SqlToRel::new_with_options(catalog, parser_options())
            .sql_statement_to_plan(self.statement.clone())
            .map_err(|error| text.complaint(&error))
    }

    /// The line that makes an output column.
    pub(crate) fn line(&self, column: &str) -> Option<u64> {
        self.place(0, column).map(|at| at.line)
    }

    /// Where SELECT number `branch`, from 0, of its UNION makes a column; the first is that of a statement without one.
    pub(crate) fn place(&self, branch: usize, column: &str) -> Option<Location> {
        let made = self.branches.get(branch)?;
        made.get(column).or_else(|| made.get("*")).copied()
    }

    /// What each output column is called as it is written: the text of an expression without a name of its own, none of what has
    /// one. Of a UNION that of its first SELECT, and nothing where a `*` stands for columns.
    pub(crate) fn headers(&self) -> Vec<Option<String>> {
        let SqlStatement::Query(query) = &self.statement else { return Vec::new() };
        let mut body = &query.body;
        loop {
            match body.as_ref() {
                SetExpr::Query(query) => body = &query.body,
                SetExpr::SetOperation { left, .. } => body = left,
                SetExpr::Select(select) => return headers(&select.projection).unwrap_or_default(),
                _ => return Vec::new(),
            }
        }
    }

    /// How many SELECTs its UNION has.
    pub(crate) fn branches(&self) -> usize {
        self.branches.len()
    }
}

/// What it is for. Functions that answer differently each time (`now()`, `random()`) stand in neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allow {
    /// A table, a check, an expression: the same input must give the same output.
    Visible,
    /// A query that someone reads once: it may name the hidden known-at, which the relations have under this name.
    Hidden(&'static str),
}

impl Allow {
    /// What to write instead of a function that answers differently each time.
    const fn instead(self) -> &'static str {
        match self {
            Self::Visible => "a table must be the same for the same inputs: use a column instead, or a literal time",
            Self::Hidden(_) => "write the value itself, for example TIMESTAMP '2024-05-01 00:00:00'",
        }
    }
}

/// Reads one SELECT.
pub(crate) fn read_query(text: Text<'_>, allow: Allow) -> Result<Statement> {
    let dialect = GenericDialect {};
    let mut tokens =
        Tokenizer::new(&dialect, text.sql).tokenize_with_location().map_err(|error| text.syntax(&error.to_string()))?;
    if let Allow::Hidden(name) = allow {
        name_hidden(&mut tokens, name);
    }
    let mut parser = Parser::new(&dialect).with_tokens_with_locations(tokens);
    let mut statements = parser.parse_statements().map_err(|error| text.syntax(&error.to_string()))?;
    let statement = match (statements.pop(), statements.first()) {
        (None, _) => {
            return Err(Problem::invalid("sql-empty", "there is no SQL statement")
                .remedy("write one SELECT")
                .at(text.whole()));
        }
        (Some(second), Some(_)) => {
            return Err(text
                .problem("sql-many", "there is more than one SQL statement", second.span().start)
                .remedy("keep one SELECT a file; give the other its own table"));
        }
        (Some(only), None) => only,
    };
    let SqlStatement::Query(query) = &statement else {
        return Err(Problem::invalid("sql-not-select", "only a SELECT makes a table")
            .remedy("begin the statement with SELECT or WITH")
            .at(text.whole()));
    };
    if allow == Allow::Visible {
        refuse_reserved(text)?;
    }
    refuse_ignored(query, text)?;
    let mut seen = Seen::default();
    let _ = statement.visit(&mut seen);
    seen.functions.iter().try_for_each(|function| check_function(function, text, allow, Scope::Query))?;
    let df = DfStatement::Statement(Box::new(statement.clone()));
    let (names, _) = resolve_table_references(&df, true).map_err(|error| text.complaint(&error))?;
    let names: BTreeSet<String> = names.into_iter().map(|name: TableReference| name.to_string()).collect();
    let relations = names
        .into_iter()
        .map(|name| {
            let at = seen.relations.get(&name).copied().unwrap_or(Location { line: 0, column: 0 });
            (name, at)
        })
        .collect();
    let mut branches = Vec::new();
    outputs(&query.body, &mut branches);
    Ok(Statement { statement, relations, branches })
}

/// Lets `__known_at` mean the hidden known-at by whatever name it has.
fn name_hidden(tokens: &mut [TokenWithSpan], name: &str) {
    for token in tokens {
        if let Token::Word(word) = &mut token.token
            && word.value.eq_ignore_ascii_case(KNOWN_AT)
        {
            word.value = name.to_string();
        }
    }
}

/// Names that begin with two underscores are Ropeway's own.
pub(crate) fn refuse_reserved(text: Text<'_>) -> Result<()> {
    let tokens = text.tokens();
    let reserved = tokens.iter().find_map(|token| match &token.token {
        Token::Word(word) if word.value.starts_with("__") => Some((word.value.clone(), token.span.start)),
        _ => None,
    });
    reserved.map_or(Ok(()), |(name, at)| {
        Err(text
            .problem(
                "reserved-name",
                format!("the name `{name}` is reserved: names that begin with `__` are hidden columns"),
                at,
            )
            .remedy("choose a name that does not begin with two underscores"))
    })
}

/// Where a function stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// In a SELECT.
    Query,
    /// In an expression over one row.
    Row,
}

/// Functions that the planner understands though no registry lists them.
const SPECIAL: [&str; 3] = ["unnest", "unnest_outer", "grouping"];

/// Refuses unknown functions, those that are not deterministic, and in a row expression those over many rows.
pub(crate) fn check_function(function: &Function, text: Text<'_>, allow: Allow, scope: Scope) -> Result<()> {
    let name = function.name.to_string().replace('"', "").to_lowercase();
    let at = function.name.span().start;
    let catalog = Catalog::default();
    let scalar = catalog.get_function_meta(&name);
    let aggregate = catalog.get_aggregate_meta(&name).is_some();
    let window = catalog.get_window_meta(&name).is_some();
    if scalar.is_none() && !aggregate && !window && !SPECIAL.contains(&name.as_str()) {
        let mut known = catalog.udf_names();
        if scope == Scope::Query {
            known.extend(catalog.udaf_names());
            known.extend(catalog.udwf_names());
        }
        let problem = text.problem("unknown-function", format!("function `{name}` is not known"), at);
        if matches!(function.args, FunctionArguments::None) {
            return Err(problem.remedy("if a column is meant, put its name in double quotes: the word is SQL's own"));
        }
        return Err(match (beginning_with(&name, &known), nearest(&name, known.iter().map(String::as_str))) {
            (Some(these), _) => problem.remedy(format!("did you mean {these}?")),
            (None, Some(near)) => problem.remedy(format!("did you mean `{near}`?")),
            (None, None) => problem.remedy("use a function of DataFusion's SQL reference"),
        });
    }
    let volatile = scalar.as_ref().is_some_and(|udf| udf.signature().volatility != Volatility::Immutable);
    if volatile {
        return Err(text
            .problem("volatile-function", format!("function `{name}` answers differently each time"), at)
            .remedy(allow.instead()));
    }
    if scope == Scope::Row && (function.over.is_some() || (scalar.is_none() && (aggregate || window))) {
        return Err(text
            .problem("not-row-wise", format!("`{name}` looks at more than one row"), at)
            .remedy("an expression here sees one row: aggregate in a table, or declare a window"));
    }
    Ok(())
}

/// The few functions that begin with a word of three letters or more, or else that with which it begins: `var_` and
/// `variance` are no slips of other words. Of a name and a longer one that begins with it, the first stands for both.
fn beginning_with(word: &str, known: &[String]) -> Option<String> {
    let mut found: Vec<&String> = known.iter().filter(|name| name.starts_with(word)).collect();
    found.sort_unstable();
    found.dedup_by(|longer, shorter| longer.starts_with(shorter.as_str()));
    if word.chars().count() < 3 || found.len() > 4 {
        return None;
    }
    let stems = known.iter().filter(|name| name.len() >= 3 && word.starts_with(name.as_str()));
    if found.is_empty() {
        found.extend(stems.max_by_key(|name| name.len()));
    }
    (!found.is_empty()).then(|| found.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "))
}

/// What a walk over the syntax tree found.
#[derive(Default)]
pub(crate) struct Seen {
    /// Every function call.
    pub(crate) functions: Vec<Function>,
    /// Every relation with its first place, WITH names included.
    pub(crate) relations: BTreeMap<String, Location>,
    /// The first subquery.
    pub(crate) subquery: Option<Location>,
}

impl Visitor for Seen {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        self.subquery.get_or_insert(query.span().start);
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        let name: Vec<String> = relation.0.iter().filter_map(|part| part.as_ident()).map(folded).collect();
        self.relations.entry(name.join(".")).or_insert(relation.span().start);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr {
            self.functions.push(function.clone());
        }
        ControlFlow::Continue(())
    }
}

/// A name as SQL means it: folded to lower case unless quoted.
pub(crate) fn folded(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

/// The texts of expressions without a name; none where an item may stand for several columns.
fn headers(items: &[SelectItem]) -> Option<Vec<Option<String>>> {
    let header = |item: &SelectItem| match item {
        SelectItem::UnnamedExpr(Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => Some(None),
        SelectItem::UnnamedExpr(expr) => Some(Some(expr.to_string())),
        SelectItem::ExprWithAlias { .. } => Some(None),
        _ => None,
    };
    items.iter().map(header).collect()
}

/// Notes where each SELECT of a set operation makes its output columns.
fn outputs(body: &SetExpr, branches: &mut Vec<BTreeMap<String, Location>>) {
    match body {
        SetExpr::Select(select) => {
            let mut made = BTreeMap::new();
            for item in &select.projection {
                let (name, at) = match item {
                    SelectItem::ExprWithAlias { alias, .. } => (folded(alias), alias.span.start),
                    SelectItem::UnnamedExpr(expr @ Expr::Identifier(ident)) => (folded(ident), expr.span().start),
                    SelectItem::UnnamedExpr(expr @ Expr::CompoundIdentifier(parts)) => {
                        (parts.last().map(folded).unwrap_or_default(), expr.span().start)
                    }
                    SelectItem::QualifiedWildcard(..) | SelectItem::Wildcard(_) => ("*".to_string(), item.span().start),
                    _ => continue,
                };
                if at.line > 0 {
                    made.entry(name).or_insert(at);
                }
            }
            branches.push(made);
        }
        SetExpr::Query(query) => outputs(&query.body, branches),
        SetExpr::SetOperation { left, right, .. } => {
            outputs(left, branches);
            outputs(right, branches);
        }
        _ => branches.push(BTreeMap::new()),
    }
}

/// Names of all scalar functions, for hints.
pub(crate) fn is_aggregate(name: &str) -> bool {
    single().aggregate_functions().contains_key(name)
}
