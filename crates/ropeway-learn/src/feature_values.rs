//! The values of a feature's column with the rows that have them, to set it to one of them or to tell rows apart by it.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};

/// The finite numbers of a column with their rows; none where it is not of numbers.
pub fn numbers(column: &ArrayRef) -> Option<Vec<(f64, u32)>> {
    let keep = |values: &mut dyn Iterator<Item = Option<f64>>| {
        let placed = (0..).zip(values).filter_map(|(row, value)| Some((value.filter(|value| value.is_finite())?, row)));
        placed.collect()
    };
    if let Some(values) = column.as_primitive_opt::<Int64Type>() {
        Some(keep(&mut values.iter().map(|value| value.map(|value| value as f64))))
    } else if let Some(values) = column.as_primitive_opt::<Float64Type>() {
        Some(keep(&mut values.iter()))
    } else if let Some(values) = column.as_primitive_opt::<TimestampMicrosecondType>() {
        Some(keep(&mut values.iter().map(|value| value.map(|value| value as f64 / 1e6))))
    } else {
        let days = column.as_primitive_opt::<Date32Type>()?;
        Some(keep(&mut days.iter().map(|value| value.map(f64::from))))
    }
}

/// The levels of a column of texts or of yes and no, each with its rows, of which there is at least one.
pub fn levels(column: &ArrayRef) -> BTreeMap<String, Vec<u32>> {
    let mut levels: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for row in (0..column.len()).filter(|row| column.is_valid(*row)) {
        let level = match (column.as_string_opt::<i32>(), column.as_boolean_opt()) {
            (Some(texts), _) => texts.value(row).to_owned(),
            (_, Some(flags)) => flags.value(row).to_string(),
            _ => continue,
        };
        levels.entry(level).or_default().push(row as u32);
    }
    levels
}
