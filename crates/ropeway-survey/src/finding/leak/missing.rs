//! `leak-missing`: a column is missing, or has a value, for one class alone, or where the label is high or low or
//! in one range, or is another number than 0 there, as a fee that is due from two hours on. Of one that is missing exactly where the label is, the label is the second column.

use super::separates::TOO_MUCH;
use super::{Known, LOOK, alone};
use crate::finding::{Code, Finding};
use crate::measure::{Target, roc_auc, tells};
use crate::seen::{Column, Seen, number};
use crate::tally::MISSING;

/// Rows that both sides need.
pub(super) const ENOUGH: usize = 20;
/// How sure it has to be.
const EXACTLY: f64 = 0.99;

pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    let gaps: Vec<bool> = seen.spread(column).iter().map(|cell| *cell == MISSING).collect();
    let count = gaps.iter().filter(|gap| **gap).count();
    let enough = count >= ENOUGH && gaps.len() - count >= ENOUGH;
    let label = &known.label.column;
    let found_of = |columns: &[&str], said: String, rows: usize, of: usize| {
        Some(Finding::new(Code::LeakMissing, columns, (rows as u64, of as u64), said).decide(LOOK))
    };
    let found = |said, rows, of| found_of(&[column.name], said, rows, of);
    if let Some(rows) = with_the_label(&gaps, &known.target).filter(|_| enough) {
        let said = format!("it is missing exactly where `{label}` is missing, in {rows} rows: both come together");
        return found_of(&[column.name, label], said, rows, gaps.len());
    }
    if let Some((said, rows, of)) = alone::find(seen, column, known) {
        return found(said, rows, of);
    }
    let Target::Numbers(of) = &known.target else {
        let cells: Vec<u64> = gaps.iter().map(|gap| u64::from(*gap)).collect();
        let told = tells(&cells, false, &known.target).filter(|told| enough && told.share >= TOO_MUCH)?;
        let said = format!("whether it has a value tells `{label}` ({} {:.3})", told.name, told.figure);
        return found(format!("{said}; it is missing in {count} of {} rows", gaps.len()), count, gaps.len());
    };
    let other = || seen.spread(column).iter().map(|cell| number(*cell).is_some_and(|x| x != 0.0)).collect();
    let zeros = column.is_number().then(|| ("not 0", other()));
    let (kind, (lies, rows)) = [("missing", gaps)].into_iter().chain(zeros).find_map(|(kind, marked)| {
        let labelled = of.iter().zip(&marked).filter_map(|(label, marked)| Some(((*label)?, *marked)));
        let (labels, marked): (Vec<f64>, Vec<bool>) = labelled.unzip();
        Some((kind, side(&labels, &marked).or_else(|| range(&labels, &marked))?))
    })?;
    let all = known.target.labelled();
    found(format!("where it is {kind}, `{label}` {lies}; {rows} of {all} rows"), rows, all)
}

/// On which side the label is in the rows that are marked, by the area under the ROC curve, and how many these are.
fn side(labels: &[f64], marked: &[bool]) -> Option<(String, usize)> {
    let rows = enough(marked)?;
    let auc = roc_auc(labels, marked)?;
    let side = match auc {
        _ if auc > EXACTLY => "high",
        _ if auc < 1.0 - EXACTLY => "low",
        _ => return None,
    };
    Some((format!("is {side} (ROC AUC {:.3})", auc.max(1.0 - auc)), rows))
}

/// The range of the label in the rows that are marked, where hardly another row has a label there, and how many these are. A row in a
/// hundred may lie elsewhere.
fn range(labels: &[f64], marked: &[bool]) -> Option<(String, usize)> {
    let rows = enough(marked)?;
    let mut own: Vec<f64> = labels.iter().zip(marked).filter(|(_, marked)| **marked).map(|(x, _)| *x).collect();
    own.sort_unstable_by(f64::total_cmp);
    let slips = (rows as f64 * (1.0 - EXACTLY)) as usize;
    let (from, to) = (own.get(slips / 2)?, own.get(rows - 1 - slips / 2)?);
    let there = labels.iter().filter(|x| (from..=to).contains(x)).count();
    let lies = if from == to { format!("is {from}") } else { format!("lies from {from} to {to}") };
    let others = (there + slips).saturating_sub(rows) as f64;
    let few = others <= (1.0 - EXACTLY) * rows.min(labels.len() - rows) as f64;
    few.then(|| (format!("{lies}, as in hardly another row"), rows))
}

/// How many rows are marked, where there are enough of both.
fn enough(marked: &[bool]) -> Option<usize> {
    let rows = marked.iter().filter(|marked| **marked).count();
    (rows >= ENOUGH && marked.len() - rows >= ENOUGH).then_some(rows)
}

/// The rows without a label, where a column has no value in these and in hardly any other.
fn with_the_label(gaps: &[bool], target: &Target) -> Option<usize> {
    let missing: Vec<bool> = match target {
        Target::Classes(of, _) => of.iter().map(Option::is_none).collect(),
        Target::Numbers(of) => of.iter().map(Option::is_none).collect(),
    };
    let rows = missing.iter().filter(|missing| **missing).count();
    let alike = missing.iter().zip(gaps).filter(|(missing, gap)| missing == gap).count();
    let both = missing.iter().zip(gaps).filter(|(missing, gap)| **missing && **gap).count();
    let share = |part: usize, of: usize| part as f64 / of as f64;
    (rows >= ENOUGH && share(both, rows) >= EXACTLY && share(alike, gaps.len()) >= EXACTLY).then_some(rows)
}
