//! `leak-order`: the number of a row sorts with the label, so that it tells how the table was put together.

use super::{Known, LOOK};
use crate::finding::entity::names_identifier;
use crate::finding::{Code, Finding};
use crate::measure::{Target, roc_auc, spearman};
use crate::seen::{Column, Seen, number};

/// The area under the ROC curve, or the rank correlation, from which rows are sorted by their label.
const SORTED: f64 = 0.9;

pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    let numbers_rows = column.is_number() && column.distinct * 10 >= column.present() * 9;
    if !numbers_rows
        || !(names_identifier(column.name) || column.unique() && column.ty == ropeway_vocab::ColumnType::Integer)
    {
        return None;
    }
    let cells = seen.spread(column);
    let evidence = match &known.target {
        Target::Classes(of, names) => {
            let rows = cells.iter().zip(of).filter_map(|(cell, class)| Some((number(*cell)?, (*class)?)));
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
            let rows = cells.iter().zip(of).filter_map(|(cell, x)| Some((number(*cell)?, (*x)?)));
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
