//! `list`: several values in one cell, joined by a mark.

use std::collections::HashSet;

use ropeway_vocab::ColumnType;

use super::{Code, Finding};
use crate::seen::Column;

const MARKS: [char; 4] = ['|', ';', ',', '/'];
/// Texts that are looked at.
const LOOKED_AT: usize = 2_000;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.ty != ColumnType::Text || column.distinct < 5 || column.share_of(super::object::is_object) > 0.5 {
        return None;
    }
    let texts: Vec<&str> = column.texts().iter().map(|(text, _)| *text).take(LOOKED_AT).collect();
    let mark = MARKS.into_iter().find(|mark| is_list(&texts, *mark))?;
    let rows = column.rows_of(|text| text.contains(mark));
    let evidence = format!("{rows} rows hold several values with `{mark}` between them");
    let decision = "stays as one text: split it in the table's SQL, for example with `contains(column, 'value')`";
    Some(Finding::new(Code::List, &[column.name], (rows, column.rows), evidence).decide(decision))
}

/// Whether texts are made of the same few items: at least a third hold the mark, no item is a sentence, and items come in
/// several texts each.
fn is_list(texts: &[&str], mark: char) -> bool {
    let joined: Vec<&&str> = texts.iter().filter(|text| text.contains(mark)).collect();
    if joined.len() * 3 < texts.len() || joined.len() < 3 {
        return false;
    }
    let mut items: HashSet<&str> = HashSet::new();
    let mut all = 0_usize;
    for item in joined.iter().flat_map(|text| text.trim_matches(['[', ']', '{', '}']).split(mark)) {
        let item = item.trim().trim_matches(['"', '\'']);
        if item.split_whitespace().count() > 3 || item.parse::<f64>().is_ok() {
            return false;
        }
        all += 1;
        items.insert(item);
    }
    items.len() * 2 <= all && items.len() >= 2
}
