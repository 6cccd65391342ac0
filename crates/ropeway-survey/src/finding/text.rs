//! `free-text`: sentences, or words that hardly ever repeat.

use ropeway_vocab::ColumnType;

use super::{Code, Finding};
use crate::seen::Column;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    let present = column.present();
    if column.ty != ColumnType::Text || present <= 50 || column.texts().is_empty() {
        return None;
    }
    let share = column.distinct as f64 / present as f64;
    let (words, texts) = column
        .texts()
        .iter()
        .take(5_000)
        .fold((0_usize, 0_usize), |(words, texts), (text, _)| (words + text.split_whitespace().count(), texts + 1));
    let words = words as f64 / texts.max(1) as f64;
    // One word is a code or a name, and has a finding of its own.
    if words < 1.5 || !(share >= 0.3 && words >= 4.0 || share >= 0.9) {
        return None;
    }
    let evidence = format!("{} different texts in {present} rows, {words:.1} words each", column.distinct);
    let decision = "learned from by its words, its length and their number; `[recipe]` and `[derive]` say how";
    Some(Finding::new(Code::FreeText, &[column.name], (column.distinct, present), evidence).decide(decision))
}
