//! Arrow columns of any type that a file may have to the one Arrow type of a logical type, value by value where a
//! value may not fit.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, PrimitiveBuilder, StringArray, TimestampMicrosecondArray, new_null_array,
};
use arrow::compute::{CastOptions, cast_with_options, nullif};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use ropeway_vocab::{ColumnType, DAY_MICROS, Problem, Result};

use crate::batch::column::{ColumnBuilder, NUL};
use crate::value::coercion::Coercion;
use crate::value::number::{self, INTEGER_RANGE};
use crate::value::zone::ZoneCounts;
use crate::write::cells::Cells;
use crate::write::nested::is_nested;

/// A value that does not fit.
pub(crate) struct Misfit {
    pub(crate) row: usize,
    pub(crate) value: String,
    pub(crate) reason: &'static str,
}

type Converted = (ArrayRef, Vec<Misfit>);

/// 0001-01-01 and 9999-12-31 in days since 1970-01-01.
const DAYS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;
const OUT_OF_YEARS: &str = "is out of the years 0001 to 9999";
const NO_DAY: &str = "is a time where a day is needed";

/// The values of `array` as the logical type `ty`; those that do not fit are missing, and told.
pub(crate) fn convert(
    array: &ArrayRef,
    ty: ColumnType,
    coercion: &Coercion,
    counts: &mut ZoneCounts,
) -> Result<Converted> {
    let array = match array.data_type() {
        DataType::Null => return Ok((new_null_array(&ty.arrow(), array.len()), Vec::new())),
        DataType::Dictionary(_, values) => cast(array, values)?,
        data_type if is_nested(data_type) => return nested(array, ty, coercion, counts),
        _ => Arc::clone(array),
    };
    match (ColumnType::of_arrow(array.data_type()), ty) {
        (Some(ColumnType::Boolean), ColumnType::Boolean) => Ok((array, Vec::new())),
        // Arrow divides, which rounds twice where a decimal has more digits than a double.
        (Some(ColumnType::Float), ColumnType::Float) if !array.data_type().is_floating() => {
            texts(&cast(&array, &DataType::Utf8)?, ty, coercion, counts)
        }
        (Some(ColumnType::Integer | ColumnType::Float), ColumnType::Float)
        | (Some(ColumnType::Integer), ColumnType::Integer) => {
            let (array, misfits) = lossless(&array, ty)?;
            Ok((without_spelled(array, coercion)?, misfits))
        }
        // A program that has a missing value among whole numbers writes all of them as doubles, and a day as its midnight.
        (Some(ColumnType::Float), ColumnType::Integer) if array.data_type().is_floating() => {
            let (array, misfits) = whole(&array)?;
            Ok((without_spelled(array, coercion)?, misfits))
        }
        (Some(ColumnType::Timestamp), ColumnType::Date) => {
            let (days, misfits) = midnights(&array)?;
            Ok((without_spelled(days, coercion)?, misfits))
        }
        (Some(ColumnType::Date), ColumnType::Date) => {
            let (days, misfits) = dates(&array)?;
            Ok((without_spelled(days, coercion)?, misfits))
        }
        (Some(ColumnType::Date), ColumnType::Timestamp) => {
            let (days, mut misfits) = dates(&array)?;
            let midnights = cast(&days, &DataType::Timestamp(TimeUnit::Microsecond, None))?;
            let (array, more) = timestamps(&midnights, coercion, counts)?;
            misfits.extend(more);
            Ok((array, misfits))
        }
        (Some(ColumnType::Timestamp), ColumnType::Timestamp) => timestamps(&array, coercion, counts),
        _ => texts(&cast(&array, &DataType::Utf8)?, ty, coercion, counts),
    }
}

fn cast(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let options = CastOptions { safe: true, ..CastOptions::default() };
    cast_with_options(array, to, &options).map_err(|error| {
        Problem::invalid("type", format!("{} values cannot be read as {to}: {error}", array.data_type()))
            .remedy("leave the column its own type, or write it as text")
    })
}

/// Numbers and days without those that the source spells as missing: in such a column there is no text to tell them by.
fn without_spelled(array: ArrayRef, coercion: &Coercion) -> Result<ArrayRef> {
    let nulls = &coercion.nulls;
    if !nulls.have_values() {
        return Ok(array);
    }
    let mask: BooleanArray = if let Some(integers) = array.as_primitive_opt::<Int64Type>() {
        integers.iter().map(|value| value.map(|value| nulls.are(value as f64))).collect()
    } else if let Some(floats) = array.as_primitive_opt::<Float64Type>() {
        floats.iter().map(|value| value.map(|value| nulls.are(value))).collect()
    } else if let Some(days) = array.as_primitive_opt::<Date32Type>() {
        days.iter().map(|day| day.map(|day| nulls.are_day(day))).collect()
    } else {
        return Ok(array);
    };
    nullif(&array, &mask).map_err(|error| Problem::internal(error.to_string()))
}

/// A cast after which a missing value that was none before did not fit.
fn lossless(array: &ArrayRef, ty: ColumnType) -> Result<Converted> {
    let converted = cast(array, &ty.arrow())?;
    let misfits = (0..array.len())
        .filter(|row| converted.null_count() > array.null_count() && array.is_valid(*row) && converted.is_null(*row))
        .map(|row| Misfit { row, value: shown(array, row), reason: INTEGER_RANGE })
        .collect();
    Ok((converted, misfits))
}

/// Doubles that are whole numbers.
fn whole(array: &ArrayRef) -> Result<Converted> {
    let floats = cast(array, &DataType::Float64)?;
    let mut builder = PrimitiveBuilder::<Int64Type>::with_capacity(array.len());
    let mut misfits = Vec::new();
    for (row, value) in floats.as_primitive::<Float64Type>().iter().enumerate() {
        let read = value.filter(|value| !value.is_nan()).map(|value| number::integer(&value.to_string()));
        builder.append_option(read.and_then(std::result::Result::ok));
        if let Some(Err(reason)) = read {
            misfits.push(Misfit { row, value: shown(array, row), reason });
        }
    }
    Ok((Arc::new(builder.finish()), misfits))
}

/// The days of instants that are midnights, of those with a zone in UTC.
fn midnights(array: &ArrayRef) -> Result<Converted> {
    let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, None))?;
    let mut builder = PrimitiveBuilder::<Date32Type>::with_capacity(array.len());
    let mut misfits = Vec::new();
    for (row, micros) in micros.as_primitive::<TimestampMicrosecondType>().iter().enumerate() {
        let read = micros.map(|micros| match micros.rem_euclid(DAY_MICROS) {
            0 if DAYS.contains(&micros.div_euclid(DAY_MICROS)) => {
                i32::try_from(micros.div_euclid(DAY_MICROS)).map_err(|_| OUT_OF_YEARS)
            }
            0 => Err(OUT_OF_YEARS),
            _ => Err(NO_DAY),
        });
        builder.append_option(read.and_then(std::result::Result::ok));
        if let Some(Err(reason)) = read {
            misfits.push(Misfit { row, value: shown(array, row), reason });
        }
    }
    Ok((Arc::new(builder.finish()), misfits))
}

fn dates(array: &ArrayRef) -> Result<Converted> {
    let mut misfits = Vec::new();
    let days = match array.data_type() {
        // Milliseconds; the type promises whole days.
        DataType::Date64 => {
            let millis = cast(array, &DataType::Int64)?;
            millis.as_primitive::<Int64Type>().unary_opt::<_, Int64Type>(|millis| Some(millis.div_euclid(86_400_000)))
        }
        _ => {
            let days = cast(array, &DataType::Int32)?;
            cast(&days, &DataType::Int64)?.as_primitive::<Int64Type>().clone()
        }
    };
    let mut builder = PrimitiveBuilder::<Date32Type>::with_capacity(array.len());
    for (row, day) in days.iter().enumerate() {
        let fits = day.filter(|day| DAYS.contains(day)).and_then(|day| i32::try_from(day).ok());
        builder.append_option(fits);
        if array.is_valid(row) && fits.is_none() {
            misfits.push(Misfit { row, value: shown(array, row), reason: OUT_OF_YEARS });
        }
    }
    Ok((Arc::new(builder.finish()), misfits))
}

/// Instants, or local times of the declared zone where the type has no zone.
fn timestamps(array: &ArrayRef, coercion: &Coercion, counts: &mut ZoneCounts) -> Result<Converted> {
    let DataType::Timestamp(unit, zone) = array.data_type() else {
        return Err(Problem::internal("a timestamp was expected"));
    };
    let local = zone.is_none();
    let raw = cast(array, &DataType::Int64)?;
    let mut builder = PrimitiveBuilder::<TimestampMicrosecondType>::with_capacity(array.len());
    let mut misfits = Vec::new();
    for (row, value) in raw.as_primitive::<Int64Type>().iter().enumerate() {
        let read = value.map(|value| {
            let micros = match unit {
                TimeUnit::Second => value.checked_mul(1_000_000).ok_or(OUT_OF_YEARS),
                TimeUnit::Millisecond => value.checked_mul(1_000).ok_or(OUT_OF_YEARS),
                TimeUnit::Microsecond => Ok(value),
                TimeUnit::Nanosecond if value % 1_000 == 0 => Ok(value / 1_000),
                TimeUnit::Nanosecond => coercion.zone.cut(counts).map(|()| value.div_euclid(1_000)),
            }?;
            if !DAYS.contains(&micros.div_euclid(DAY_MICROS)) {
                return Err(OUT_OF_YEARS);
            }
            if local { coercion.zone.instant(micros, counts) } else { Ok(micros) }
        });
        builder.append_option(read.and_then(std::result::Result::ok));
        if let Some(Err(reason)) = read {
            misfits.push(Misfit { row, value: shown(array, row), reason });
        }
    }
    let array: TimestampMicrosecondArray = builder.finish().with_data_type(ColumnType::Timestamp.arrow());
    Ok((Arc::new(array), misfits))
}

/// Text, read as in a CSV file.
fn texts(array: &ArrayRef, ty: ColumnType, coercion: &Coercion, counts: &mut ZoneCounts) -> Result<Converted> {
    let texts: &StringArray = array.as_string();
    let mut misfits = Vec::new();
    let mut builder = ColumnBuilder::new(ty, texts.len());
    for (row, text) in texts.iter().enumerate() {
        let fit = match text {
            None => {
                builder.append_null();
                continue;
            }
            Some(text) if text.contains('\0') => {
                builder.append_null();
                Err(NUL)
            }
            Some(text) => builder.append_text(text, coercion, counts),
        };
        if let Err(reason) = fit {
            misfits.push(Misfit { row, value: text.unwrap_or_default().to_owned(), reason });
        }
    }
    Ok((builder.finish(), misfits))
}

/// Lists, structures and maps, each read as its JSON is in a line of a file.
fn nested(array: &ArrayRef, ty: ColumnType, coercion: &Coercion, counts: &mut ZoneCounts) -> Result<Converted> {
    let cells = Cells::of(array)?;
    let mut misfits = Vec::new();
    let mut builder = ColumnBuilder::new(ty, array.len());
    for row in 0..array.len() {
        let mut json = Vec::new();
        cells.json(row, &mut json);
        let json = String::from_utf8_lossy(&json);
        if let Err(reason) = builder.append_spelled(&json, coercion, counts) {
            misfits.push(Misfit { row, value: json.into_owned(), reason });
        }
    }
    Ok((builder.finish(), misfits))
}

fn shown(array: &ArrayRef, row: usize) -> String {
    let options = FormatOptions::default().with_display_error(true);
    ArrayFormatter::try_new(array.as_ref(), &options).map_or_else(|_| String::new(), |all| all.value(row).to_string())
}

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, Int32Array};

    use super::*;
    use crate::SourceSettings;

    #[test]
    fn numbers_that_spell_a_missing_value_are_missing() {
        let null = ["-999", "n/a", "1e3", "nan"].map(str::to_string).to_vec();
        let coercion = Coercion::of(&SourceSettings { null, ..SourceSettings::of_file("") }).unwrap();
        let read = |array: ArrayRef, ty| convert(&array, ty, &coercion, &mut ZoneCounts::default()).unwrap();
        let (integers, misfits) =
            read(Arc::new(Int32Array::from(vec![Some(-999), Some(7), None])), ColumnType::Integer);
        let expected = arrow::array::Int64Array::from(vec![None, Some(7), None]);
        assert_eq!((integers.as_primitive(), misfits.len()), (&expected, 0));
        let (floats, _) = read(Arc::new(Float64Array::from(vec![-999.0, 1000.0, f64::NAN, 0.5])), ColumnType::Float);
        assert_eq!(floats.as_primitive(), &Float64Array::from(vec![None, None, None, Some(0.5)]));
        let (as_floats, _) = read(Arc::new(Int32Array::from(vec![-999, 7])), ColumnType::Float);
        assert_eq!(as_floats.as_primitive(), &Float64Array::from(vec![None, Some(7.0)]));
        let (as_integers, misfits) = read(
            Arc::new(Float64Array::from(vec![Some(-999.0), Some(7.0), None, Some(f64::NAN), Some(7.5)])),
            ColumnType::Integer,
        );
        let expected = arrow::array::Int64Array::from(vec![None, Some(7), None, None, None]);
        assert_eq!((as_integers.as_primitive(), misfits.len()), (&expected, 1), "{}", misfits[0].value);
    }

    #[test]
    fn midnights_are_days_and_days_that_spell_a_missing_one_are_missing() {
        let null = vec!["9999-12-31".to_owned()];
        let coercion = Coercion::of(&SourceSettings { null, ..SourceSettings::of_file("") }).unwrap();
        let day = 86_400_000_000;
        let micros =
            arrow::array::TimestampMicrosecondArray::from(vec![Some(day), Some(2_932_896 * day), Some(day + 1), None]);
        let (days, misfits) =
            convert(&(Arc::new(micros) as ArrayRef), ColumnType::Date, &coercion, &mut ZoneCounts::default()).unwrap();
        assert_eq!(days.as_primitive::<Date32Type>().iter().collect::<Vec<_>>(), [Some(1), None, None, None]);
        assert!(misfits.len() == 1 && misfits[0].row == 2 && misfits[0].reason == NO_DAY);
    }
}
