//! `leak-later`: a column that is called, or dated, as what comes after the outcome.

use ropeway_vocab::ColumnType;

use super::{Known, LOOK};
use crate::finding::words::{has, words};
use crate::finding::{Code, Finding};
use crate::measure::tells;
use crate::seen::{Column, Seen, number};

/// In English, and what exports of other countries call it.
const AFTERWARDS: [&str; 57] = [
    "outcome",
    "result",
    "resolution",
    "resolved",
    "closed",
    "closing",
    "cancelled",
    "canceled",
    "cancellation",
    "refund",
    "refunded",
    "chargeback",
    "recovered",
    "recovery",
    "recoveries",
    "settled",
    "settlement",
    "writeoff",
    "charged",
    "final",
    "actual",
    "realized",
    "after",
    "post",
    "death",
    "discharge",
    "discharged",
    "churned",
    "ended",
    "completed",
    "completion",
    "returned",
    "arrival",
    "arrived",
    "delivered",
    "paid",
    "terminated",
    "termination",
    "bezahlt",
    "gezahlt",
    "geliefert",
    "storniert",
    "erledigt",
    "geschlossen",
    "abgeschlossen",
    "beendet",
    "gekündigt",
    "kündigung",
    "retourniert",
    "ergebnis",
    "payé",
    "livré",
    "annulé",
    "clôturé",
    "pagado",
    "entregado",
    "cancelado",
];
/// How much of the label such a column tells, so that it is suspected.
const SOMETHING: f64 = 0.4;

/// Whether a column is called as what comes after the outcome.
pub(in crate::finding) fn names_afterwards(name: &str) -> bool {
    has(name, &AFTERWARDS)
}

pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    let label = words(&known.label.column);
    let own = words(column.name);
    let of_label =
        !label.is_empty() && own.len() > label.len() && label.iter().all(|word| own.contains(word) && word.len() > 2);
    let afterwards = names_afterwards(column.name);
    let (rows, of) = (column.present(), column.rows);
    if column.is_time()
        && (afterwards || of_label)
        && let Some(earlier) = seen.columns.iter().find(|other| follows(seen, column, other))
    {
        let evidence = format!("by its name it comes afterwards, and it is never before `{}`", earlier.name);
        return Some(Finding::new(Code::LeakLater, &[column.name, earlier.name], (rows, of), evidence).decide(LOOK));
    }
    if !afterwards && !of_label {
        return None;
    }
    let told = tells(seen.spread(column), column.is_number() || column.is_time(), &known.target)?;
    if told.share < SOMETHING {
        return None;
    }
    let how = if of_label { "is called after the label" } else { "is called as what comes afterwards" };
    let evidence = format!("it {how}, and tells much of it ({} {:.3})", told.name, told.figure);
    Some(Finding::new(Code::LeakLater, &[column.name], (rows, of), evidence).decide(LOOK))
}

/// Whether a time is never before another one, and mostly later.
fn follows(seen: &Seen<'_>, column: &Column<'_>, other: &Column<'_>) -> bool {
    if !other.is_time() || other.name == column.name {
        return false;
    }
    // A date and an instant are compared by their days.
    let micros = if other.ty == column.ty { 1.0 } else { 86_400e6 };
    let of = |column: &Column<'_>, cell: u64| {
        let number = number(cell)?;
        Some(if column.ty == ColumnType::Timestamp { (number / micros).floor() } else { number })
    };
    let cells = seen.spread(column).iter().zip(seen.spread(other));
    let pairs: Vec<(f64, f64)> = cells.filter_map(|(a, b)| Some((of(column, *a)?, of(other, *b)?))).collect();
    let later = pairs.iter().filter(|(a, b)| a > b).count();
    pairs.len() >= 20 && pairs.iter().all(|(a, b)| a >= b) && later * 2 > pairs.len()
}
