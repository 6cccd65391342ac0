//! Rows that are named by others: an order names its customer. That such a row exists follows from the row that names it.

use datafusion::common::DFSchema;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, Join, Operator};

use super::flow::Flow;
use super::lineage::position;
use super::origin::{Cell, Identity, Origin};

/// The origin of a join's other side of which all key columns are equal to columns of one origin of this side, and that one.
/// Not where these are its own key: such a row only adds to it, and may still be to come.
pub(super) fn named(join: &Join, this: (&Flow, &DFSchema), other: (&Flow, &DFSchema)) -> Option<(Origin, Origin)> {
    let pairs: Vec<(&Cell, &Cell)> = equal(join)
        .into_iter()
        .filter_map(|(a, b)| match (cell(a, this), cell(b, other)) {
            (Some(a), Some(b)) => Some((a, b)),
            _ => Some((cell(b, this)?, cell(a, other)?)),
        })
        .collect();
    let one = |cell: &Cell| cell.origins.iter().next().copied().filter(|_| cell.origins.len() == 1);
    pairs.iter().find_map(|(by, key)| {
        let (by, named) = (one(by)?, one(key)?);
        let of_both: Vec<&(&Cell, &Cell)> =
            pairs.iter().filter(|(a, b)| one(a) == Some(by) && one(b) == Some(named)).collect();
        let covers = |identity: &Identity, cells: &mut dyn Iterator<Item = &Cell>| {
            let told: Vec<&(String, String)> = cells.flat_map(|cell| cell.deps.keys()).collect();
            identity.iter().all(|column| told.contains(&column))
        };
        let key = other.0.paired.identity.get(&named)?;
        let own = this.0.paired.identity.get(&by);
        let is_named = covers(key, &mut of_both.iter().map(|(_, key)| *key));
        let is_own = own.is_some_and(|own| covers(own, &mut of_both.iter().map(|(by, _)| *by)));
        (is_named && !is_own).then_some((named, by))
    })
}

/// The columns that a join holds to be equal.
fn equal(join: &Join) -> Vec<(&Expr, &Expr)> {
    let mut pairs: Vec<(&Expr, &Expr)> = join.on.iter().map(|(a, b)| (a, b)).collect();
    for condition in join.filter.iter().flat_map(split_conjunction) {
        if let Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) = condition {
            pairs.push((left, right));
        }
    }
    pairs
}

fn cell<'a>(expr: &Expr, (flow, schema): (&'a Flow, &DFSchema)) -> Option<&'a Cell> {
    let Expr::Column(column) = expr else { return None };
    schema.maybe_index_of_column(column).and_then(|_| position(schema, column)).and_then(|i| flow.paired.columns.get(i))
}
