//! `leak-missing`: a column is missing exactly where the label is of one class, or present exactly there.

use super::{Known, LOOK};
use crate::finding::{Code, Finding};
use crate::measure::{Target, roc_auc};
use crate::seen::{Column, Seen};
use crate::tally::MISSING;

/// Rows that both sides need.
const ENOUGH: usize = 20;
/// How sure it has to be.
const EXACTLY: f64 = 0.99;

pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    let gaps: Vec<bool> = seen.spread(column).iter().map(|cell| *cell == MISSING).collect();
    let count = gaps.iter().filter(|gap| **gap).count();
    if count < ENOUGH || gaps.len() - count < ENOUGH {
        return None;
    }
    if let Some(rows) = with_the_label(&gaps, &known.target) {
        let evidence = format!(
            "it is missing exactly where `{}` is missing, in {rows} rows: both come together",
            known.label.column
        );
        let found = Finding::new(Code::LeakMissing, &[column.name], (rows as u64, gaps.len() as u64), evidence);
        return Some(found.decide(LOOK));
    }
    let (said, rows) = match &known.target {
        Target::Classes(of, names) => names.iter().enumerate().rev().find_map(|(class, name)| {
            let (share, other) = (share(&gaps, of, |own| own == class)?, share(&gaps, of, |own| own != class)?);
            let rows = of.iter().filter(|own| **own == Some(class)).count();
            let label = &known.label.column;
            if rows < ENOUGH {
                None
            } else if share >= EXACTLY && other <= 1.0 - EXACTLY {
                Some((format!("it is missing exactly where `{label}` is `{name}`"), rows))
            } else if share <= 1.0 - EXACTLY && other >= EXACTLY {
                Some((format!("it has a value exactly where `{label}` is `{name}`"), rows))
            } else {
                None
            }
        })?,
        Target::Numbers(of) => {
            let known_rows = of.iter().zip(&gaps).filter_map(|(number, gap)| Some(((*number)?, *gap)));
            let (numbers, gaps): (Vec<f64>, Vec<bool>) = known_rows.unzip();
            let auc = roc_auc(&numbers, &gaps)?;
            let side = if auc > EXACTLY {
                "high"
            } else if auc < 1.0 - EXACTLY {
                "low"
            } else {
                return None;
            };
            (
                format!("where it is missing, `{}` is {side} (ROC AUC {:.3})", known.label.column, auc.max(1.0 - auc)),
                count,
            )
        }
    };
    let evidence = format!("{said}; {rows} of {} rows", gaps.len());
    Some(Finding::new(Code::LeakMissing, &[column.name], (rows as u64, gaps.len() as u64), evidence).decide(LOOK))
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

/// The share of gaps among the rows of some classes; none without such rows.
fn share(gaps: &[bool], of: &[Option<usize>], class: impl Fn(usize) -> bool) -> Option<f64> {
    let own = gaps.iter().zip(of).filter(|(_, own)| own.is_some_and(&class));
    let (gaps, all) = own.fold((0.0, 0.0), |(gaps, all), (gap, _)| (gaps + f64::from(u8::from(*gap)), all + 1.0));
    (all > 0.0).then_some(gaps / all)
}
