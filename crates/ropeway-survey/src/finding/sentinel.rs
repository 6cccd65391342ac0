//! `sentinel`: values that stand for a missing one. What does is decided where files are read; here it is counted: what was
//! read as missing, and what only all rows together show.

use ropeway_source::{missing_days, missing_numbers, missing_words};
use ropeway_stat::ValueCount;
use ropeway_vocab::{ColumnType, DAY_MICROS};

use super::{Code, Finding};
use crate::column::show;
use crate::seen::Column;
use crate::survey::Ask;

/// The values of a column that stand for a missing one: those that were read as such, and more.
pub(super) fn find(column: &Column<'_>, ask: &Ask<'_>) -> Option<Finding> {
    let read = ask.missing.iter().filter(|missing| missing.column == column.name);
    let mut values: Vec<ValueCount> =
        read.map(|missing| ValueCount { value: missing.value.clone(), count: missing.rows }).collect();
    let among = ask.looked_at.map_or_else(String::new, |rows| format!(" of the {rows} looked at"));
    let told = |value: &ValueCount, among: &str| format!("`{}` in {} rows{among}", value.value, value.count);
    let mut list: Vec<String> = values.iter().map(|value| told(value, &among)).collect();
    for more in left(column) {
        if values.iter().all(|value| value.value != more.value) {
            list.push(told(&more, ""));
            values.push(more);
        }
    }
    let rows: u64 = values.iter().map(|value| value.count).sum();
    if rows == 0 {
        return None;
    }
    let evidence = format!("{} stands for a missing value", list.join(", "));
    let of = column.rows.max(rows);
    Some(Finding::new(Code::Sentinel, &[column.name], (rows, of), evidence).values(values).decide("counts as missing"))
}

/// Those that were read as values.
pub(super) fn left(column: &Column<'_>) -> Vec<ValueCount> {
    let numbers = column.numbers();
    let of = |at: usize| ValueCount { value: show(numbers[at].1, column.ty), count: numbers[at].2 };
    match column.ty {
        ColumnType::Text => {
            let texts: Vec<&str> = column.texts().iter().map(|(text, _)| *text).collect();
            let of = |at: usize| ValueCount { value: texts[at].to_owned(), count: column.texts()[at].1 };
            missing_words(&texts).into_iter().map(of).collect()
        }
        _ if !column.exact => Vec::new(),
        ColumnType::Integer | ColumnType::Float => {
            let finite = numbers.iter().filter(|(number, ..)| number.is_finite());
            let counted: Vec<(f64, u64)> = finite.clone().map(|(number, _, rows)| (*number, *rows)).collect();
            let before = numbers.iter().take_while(|(number, ..)| !number.is_finite()).count();
            missing_numbers(&counted).into_iter().map(|at| of(before + at)).collect()
        }
        ColumnType::Date | ColumnType::Timestamp => {
            let unit = if column.ty == ColumnType::Date { 1 } else { DAY_MICROS };
            let days: Vec<i64> = numbers.iter().map(|(_, bits, _)| (*bits as i64).div_euclid(unit)).collect();
            missing_days(&days).into_iter().map(of).collect()
        }
        ColumnType::Boolean => Vec::new(),
    }
}
