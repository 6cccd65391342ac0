//! `leak-order`: the number of a row, or its code, sorts with the label, so that it tells how the table was put together.

use std::collections::{BTreeMap, HashMap};

use ropeway_vocab::ColumnType;

use super::{Known, LOOK};
use crate::finding::entity::names_identifier;
use crate::finding::{Code, Finding};
use crate::measure::{Target, roc_auc, spearman};
use crate::seen::{Column, Seen, cell_of, number};

/// The area under the ROC curve, or the rank correlation, from which rows are sorted by their label.
const SORTED: f64 = 0.9;
/// Texts of the same shape that are the codes of rows, such as `A-000123`.
const ALIKE: f64 = 0.95;

pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    if column.distinct * 10 < column.present() * 9 {
        return None;
    }
    let numbers = match column.ty {
        ColumnType::Text => in_codes(seen, column)?,
        ColumnType::Integer if column.unique() => numbers(seen, column),
        _ if column.is_number() && names_identifier(column.name) => numbers(seen, column),
        _ => return None,
    };
    let evidence = match &known.target {
        Target::Classes(of, names) => {
            let rows = numbers.iter().zip(of).filter_map(|(number, class)| Some(((*number)?, (*class)?)));
            let (numbers, classes): (Vec<f64>, Vec<usize>) = rows.unzip();
            let strongest = (0..names.len()).filter_map(|class| {
                let own: Vec<bool> = classes.iter().map(|other| *other == class).collect();
                let many = own.iter().filter(|own| **own).count() * 20 >= own.len();
                Some((class, roc_auc(&numbers, &own).filter(|_| many)?))
            });
            let (class, auc) = strongest.max_by(|a, b| (a.1 - 0.5).abs().total_cmp(&(b.1 - 0.5).abs()))?;
            if (auc - 0.5).abs() < SORTED - 0.5 {
                return None;
            }
            let side = if auc > 0.5 { "highest" } else { "lowest" };
            format!(
                "it numbers the rows, and is {side} where `{}` is `{}` (ROC AUC {auc:.3})",
                known.label.column, names[class]
            )
        }
        Target::Numbers(of) => {
            let rows = numbers.iter().zip(of).filter_map(|(number, x)| Some(((*number)?, (*x)?)));
            let (numbers, label): (Vec<f64>, Vec<f64>) = rows.unzip();
            let correlation = spearman(&numbers, &label).filter(|r| r.abs() >= SORTED)?;
            format!(
                "it numbers the rows, and sorts them by `{}` (rank correlation {correlation:.3})",
                known.label.column
            )
        }
    };
    let rows = known.target.labelled() as u64;
    Some(Finding::new(Code::LeakOrder, &[column.name], (rows, rows), evidence).decide(LOOK))
}

fn numbers(seen: &Seen<'_>, column: &Column<'_>) -> Vec<Option<f64>> {
    seen.spread(column).iter().map(|cell| number(*cell)).collect()
}

/// The place of each row by the numbers in its code, where codes differ by these alone.
fn in_codes(seen: &Seen<'_>, column: &Column<'_>) -> Option<Vec<Option<f64>>> {
    let mut shapes: BTreeMap<String, Vec<(Vec<u64>, u64)>> = BTreeMap::new();
    for (text, _) in column.texts() {
        let shape = shape(text);
        shapes.entry(shape).or_default().push((in_text(text)?, cell_of(text)));
    }
    let (shape, mut codes) = shapes.into_iter().max_by_key(|(_, codes)| codes.len())?;
    let alike = codes.len() as f64 >= ALIKE * column.texts().len() as f64;
    if !alike || !shape.contains('0') || shape.contains(char::is_whitespace) {
        return None;
    }
    codes.sort_unstable();
    let places: HashMap<u64, f64> = codes.iter().enumerate().map(|(at, (_, cell))| (*cell, at as f64)).collect();
    Some(seen.spread(column).iter().map(|cell| places.get(cell).copied()).collect())
}

/// What is left of a code where its numbers are taken for one each.
fn shape(text: &str) -> String {
    let mut shape: Vec<char> = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape.dedup_by(|a, b| *a == '0' && *b == '0');
    shape.into_iter().collect()
}

/// The numbers in a code, first ones first; none where one has too many digits.
fn in_text(text: &str) -> Option<Vec<u64>> {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(|run| run.parse().ok()).collect()
}
