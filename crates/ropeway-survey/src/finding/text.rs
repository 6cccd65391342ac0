//! `free-text`: sentences, or words that hardly ever repeat.

use ropeway_vocab::ColumnType;

use super::{Code, Finding};
use crate::seen::Column;

/// Texts whose words are counted.
const COUNTED: usize = 5_000;

/// The words of a text, in the mean of the different ones; none of what has no texts.
pub(super) fn words_each(column: &Column<'_>) -> Option<f64> {
    let texts = column.texts();
    if column.ty != ColumnType::Text || texts.is_empty() {
        return None;
    }
    let counted = &texts[..texts.len().min(COUNTED)];
    let words: usize = counted.iter().map(|(text, _)| count_words(text)).sum();
    Some(words as f64 / counted.len() as f64)
}

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    let present = column.present();
    let words = words_each(column).filter(|_| present > 50)?;
    let share = column.distinct as f64 / present as f64;
    // One word is a code or a name, and has a finding of its own.
    if words < 1.5 || !(share >= 0.3 && words >= 4.0 || share >= 0.9) {
        return None;
    }
    let evidence = format!("{} different texts in {present} rows, {words:.1} words each", column.distinct);
    let decision = "learned from by its words, its length and their number; `[recipe]` and `[derive]` say how";
    Some(Finding::new(Code::FreeText, &[column.name], (column.distinct, present), evidence).decide(decision))
}

/// Groups of digits alone are none: numbers are written so.
fn count_words(text: &str) -> usize {
    if text.contains(char::is_alphabetic) { text.split_whitespace().count() } else { 0 }
}
