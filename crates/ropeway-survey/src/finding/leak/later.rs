//! `leak-later`: a column that is called, or dated, as what comes after the outcome.

use super::between::{Order, days};
use super::{Known, LOOK};
use crate::finding::when::names_another_time;
use crate::finding::words::{has, words};
use crate::finding::{Code, Finding};
use crate::measure::{Told, tells};
use crate::seen::{Column, Seen};

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
    if column.is_time()
        && let Some(found) = dated(seen, column, known, afterwards || of_label)
    {
        return Some(found);
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
    Some(Finding::new(Code::LeakLater, &[column.name], (column.present(), column.rows), evidence).decide(LOOK))
}

/// A time that lies after that of its row, or after another one, and is called so or tells much of the label.
fn dated(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>, named: bool) -> Option<Finding> {
    let at = known.at.and_then(|at| seen.column(at)).filter(|at| at.name != column.name);
    let lies = at.and_then(|at| Some((at, Order::of(seen, at, column).filter(Order::nearly_always)?)));
    let other = |earlier: &&Column<'_>| earlier.name != column.name && !names_another_time(earlier.name);
    let follows = |earlier: &Column<'_>| Order::of(seen, earlier, column).filter(Order::always);
    let mut others = seen.columns.iter().filter(|earlier| earlier.is_time()).filter(other);
    let other = || others.find_map(|earlier| Some((earlier, follows(earlier)?)));
    let (earlier, order) = if named { lies.or_else(other)? } else { lies? };
    let rows = (order.later as u64, order.both as u64);
    let lies = order.said(earlier.name);
    let evidence = if named {
        format!("by its name it comes afterwards, and {lies}")
    } else {
        let told = tells(&days(seen, earlier, column), true, &known.target)?;
        if told.share < SOMETHING {
            return None;
        }
        let (label, Told { name, figure, .. }) = (&known.label.column, told);
        format!("{lies}, and the days between both tell much of `{label}` ({name} {figure:.3})")
    };
    Some(Finding::new(Code::LeakLater, &[column.name, earlier.name], rows, evidence).decide(LOOK))
}
