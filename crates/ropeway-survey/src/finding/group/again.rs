//! A key of which some rows are there again: hardly any value comes twice, and where one does, its rows are alike beyond chance,
//! as two visits of one patient are. Values that are equal by accident are not.

use ropeway_vocab::ColumnType;

use crate::finding::entity::{names_entity, names_identifier};
use crate::finding::label::LabelSurvey;
use crate::finding::personal::names_one;
use crate::finding::{Code, Finding, text};
use crate::measure::{Grouped, alike, equal_columns};
use crate::seen::{Column, Seen};

/// Rows beyond the first of their key from which it matters, and one of how many rows these have to be.
pub(super) const ENOUGH: usize = 10;
pub(super) const ONE_OF: u64 = 200;
/// Other columns that could show that rows are of one thing.
const COLUMNS: usize = 2;

pub(super) fn find(seen: &Seen<'_>, label: &LabelSurvey, may: &[&Column<'_>]) -> Option<Finding> {
    let own = seen.column(&label.column)?;
    let found = may.iter().filter_map(|column| of(seen, column, (label, own)));
    found.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, finding)| finding)
}

/// How much more alike its labels are, and what to say.
fn of(seen: &Seen<'_>, column: &Column<'_>, (label, own): (&LabelSurvey, &Column<'_>)) -> Option<(f64, Finding)> {
    let named = names_identifier(column.name) || names_entity(column.name) || names_one(column);
    // A sentence names nothing; a whole number does where it is called so.
    let codes = column.ty == ColumnType::Text && text::find(column).is_none();
    if !named && !codes {
        return None;
    }
    if column.distinct * 20 <= column.present() * 19 {
        return None;
    }
    let cells = seen.spread(column);
    let grouped = Grouped::by(&[cells]);
    let others: Vec<&[u64]> = seen
        .columns
        .iter()
        .filter(|other| other.name != column.name && other.name != own.name && other.distinct > 1 && !other.unique())
        .map(|other| seen.spread(other))
        .collect();
    // Rows that repeat another one in every column stand once in the table.
    let whole = |(a, b): &(usize, usize)| seen.scanned.spread.cells.iter().all(|cells| cells[*a] == cells[*b]);
    let pairs: Vec<(usize, usize)> = grouped.pairs().into_iter().filter(|pair| !whole(pair)).collect();
    let (again, rows) = again_of_all(seen, column, pairs.len() as u64);
    if pairs.len() < ENOUGH || again * ONE_OF < rows {
        return None;
    }
    let labels = alike(&pairs, &label.target(own, seen.spread(own)));
    let (equal, of) = equal_columns(&pairs, &others);
    let one_thing = of >= COLUMNS && equal * 2 > of;
    if labels.is_none() && !one_thing {
        return None;
    }
    let mut evidence = format!("{again} of {rows} rows have the `{}` of an earlier row", column.name);
    if let Some(alike) = labels {
        evidence.push_str(&format!(
            ", and labels of one are alike (`{}` differs {:.0}% less than between random rows, and in none of 999 random pairings as \
             little)",
            label.column,
            100.0 * alike
        ));
    }
    if one_thing {
        evidence.push_str(&format!(
            ", and {equal} of {of} other columns are mostly equal in them, which chance does not make"
        ));
    }
    let decision = "the split keeps rows of one on one side: else the model is judged on what it has seen";
    let finding = Finding::new(Code::Group, &[column.name], (again, rows), evidence).decide(decision);
    Some((labels.unwrap_or(0.0), finding))
}

/// Rows beyond the first of their value, and of how many. Both rows of a pair are hardly ever drawn of a large table, so that these
/// would be too few: there they are those that are counted of all rows, without the copies that leave.
fn again_of_all(seen: &Seen<'_>, column: &Column<'_>, drawn: u64) -> (u64, u64) {
    if seen.all_are_drawn() {
        return (drawn, seen.rows);
    }
    let repeats = seen.scanned.repeats;
    let copies = if repeats.are_copies() { repeats.rows } else { 0 };
    ((column.present() - column.distinct.min(column.present())).saturating_sub(copies), seen.rows)
}
