//! The findings that a class is so rare, or that groups are so few, that intervals cannot be trusted: a bootstrap resamples
//! the few that there are, and knows nothing of those that there could have been.

use crate::population::{Classes, SplitRecord};
use crate::report::FindingReport;

/// Rows of each class below which a 95% bootstrap interval is too narrow to be called so. For the like interval of a rare
/// count, x ± 1.96 √x with x from a Poisson distribution: it holds the truth in 95% of all cases where 20 are expected, in
/// 93% where 10 are, in 80% where 3 are.
const FEW: u64 = 20;

/// The classes with few rows, and how many they have, the rarest first.
fn few(of: &Classes) -> Vec<(&str, u64)> {
    let mut few: Vec<(&str, u64)> =
        of.0.iter().filter(|(_, rows)| *rows < FEW).map(|(name, rows)| (name.as_str(), *rows)).collect();
    few.sort_by_key(|(_, rows)| *rows);
    few
}

/// A finding for the rows to learn from, and one for the holdout, where either has few of a class.
pub(crate) fn rare(split: &SplitRecord) -> Vec<FindingReport> {
    let parts = [
        ("the rows to learn from have", "validation", few(&split.train_classes)),
        ("the holdout has", "holdout", few(&split.holdout_classes)),
    ];
    let few = parts.into_iter().filter(|(.., few)| !few.is_empty());
    few.map(|(have, figures, few)| finding(have, figures, &few)).collect()
}

/// Blocks below which a bootstrap of blocks is too narrow: with 5 groups its 95% interval held the truth in half of all
/// draws of a simulation, with 40 in nearly nine of ten.
const FEW_BLOCKS: u64 = 10;

/// A finding for validation and one for the holdout, where the intervals of either rest on few groups or stretches of time.
pub(crate) fn few_blocks(split: &SplitRecord) -> Vec<FindingReport> {
    let parts = [("validation", split.blocks.0), ("holdout", split.blocks.1)];
    let few =
        parts.into_iter().filter_map(|(part, blocks)| Some((part, blocks.filter(|blocks| *blocks < FEW_BLOCKS)?)));
    few.map(|(part, blocks)| FindingReport {
        code: "few-blocks".into(),
        message: format!(
            "the rows of the {part} are of {blocks} group{} or moment{0} of time only: too few to trust the intervals of its \
             figures, which other groups or times could change by more than the intervals show",
            if blocks == 1 { "" } else { "s" }
        ),
        remedy: format!("gather more of them, or give the {part} more in [split]; {FEW_BLOCKS} are few, 40 are good"),
        ..FindingReport::default()
    })
    .collect()
}

fn finding(have: &str, figures: &str, few: &[(&str, u64)]) -> FindingReport {
    let classes: Vec<String> = few.iter().map(|(class, rows)| format!("{rows} {class}")).collect();
    FindingReport {
        code: "rare-class".into(),
        message: format!(
            "{have} {} examples: too few to trust the intervals of the {figures} figures, which other rows of such a class \
             could change by more than the intervals show",
            classes.join(", ")
        ),
        column: Some("examples.label".into()),
        remedy: format!(
            "gather more of them, give the holdout a greater share in [split], or put rare classes together in the SQL of the \
             examples' table; take no decision on the {figures} figures until {FEW} of each class are there"
        ),
        ..FindingReport::default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Classes, few};

    #[test]
    fn rare_classes_are_named() {
        let of = |rows: &[(&str, u64)]| Classes(rows.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect());
        assert_eq!(few(&of(&[("negative", 400), ("positive", 2)])), [("positive", 2)]);
        assert_eq!(few(&of(&[("a", 19), ("b", 400), ("c", 1)])), [("c", 1), ("a", 19)]);
        assert!(few(&of(&[("negative", 20), ("positive", 20)])).is_empty() && few(&of(&[])).is_empty());
    }
}
