//! `weight`: a column that may say how much each row counts, as a survey's weights do.

use super::words::{has, has_phrase};
use super::{Code, Finding};
use crate::column::show;
use crate::seen::Column;

/// What only weights of rows are called.
const SURE: [&str; 14] = [
    "sample weight",
    "sampling weight",
    "survey weight",
    "case weight",
    "final weight",
    "design weight",
    "person weight",
    "household weight",
    "population weight",
    "frequency weight",
    "expansion factor",
    "fnlwgt",
    "pweight",
    "instance weight",
];
/// What a weight in kilograms is called, too.
const MAYBE: [&str; 5] = ["weight", "weights", "wt", "wgt", "wts"];

/// Whether a column is called as only weights of rows are.
pub fn names_weight(name: &str) -> bool {
    SURE.iter().any(|phrase| has_phrase(name, phrase))
}

/// Positive numbers that are not all the same, called a weight.
pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    let sure = names_weight(column.name);
    let numbers = column.numbers();
    let (least, most) = (numbers.first()?, numbers.last()?);
    // A weight of 0 is a row that does not count, where the name is sure.
    let positive = least.0 > 0.0 && most.0.is_finite() && column.exact || least.0 >= 0.0 && most.0 > 0.0 && sure;
    if !column.is_number()
        || !(sure || has(column.name, &MAYBE))
        || !positive
        || column.distinct < 2
        || column.missing > 0
    {
        return None;
    }
    let range = format!("{} to {}", show(least.1, column.ty), show(most.1, column.ty));
    let named = if sure { "is called as weights of rows are" } else { "is called a weight" };
    let sign = if least.0 > 0.0 { "positive" } else { "0 or positive" };
    let evidence = format!("{named}, and all {} values are {sign}, {range}", column.rows);
    let setting = format!("`weight = {:?}` of `[learn]` makes each row count so much", column.name);
    let decision = if sure {
        format!("no feature, since it tells how rows were drawn and not what they are; {setting}")
    } else {
        format!("stays a feature, since it may be a weight that was measured; if it is not, {setting}")
    };
    Some(Finding::new(Code::Weight, &[column.name], (column.rows, column.rows), evidence).decide(decision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_names_are_sure() {
        for name in ["sample_weight", "SurveyWeight", "fnlwgt", "FINAL_WEIGHT"] {
            assert!(names_weight(name), "{name}");
        }
        for name in ["weight", "wt", "birth_weight", "weighted_score", "weight_kg"] {
            assert!(!names_weight(name), "{name}");
        }
    }
}
