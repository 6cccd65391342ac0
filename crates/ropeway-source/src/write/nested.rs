//! Lists, structures and maps as JSON, whatever writes the values in them.

use arrow::array::{Array, ArrayRef, AsArray, OffsetSizeTrait};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field};
use ropeway_vocab::Result;

use crate::format::quoting::json_string;

/// Whether a column of this type holds nested values.
pub(crate) fn is_nested(data_type: &DataType) -> bool {
    use DataType::{FixedSizeList, LargeList, List, Map, Struct};
    matches!(data_type, List(_) | LargeList(_) | FixedSizeList(..) | Map(..) | Struct(_))
}

/// A column of nested values, those in it as columns `C`.
pub(crate) struct Nested<C> {
    missing: Option<NullBuffer>,
    shape: Shape<C>,
}

enum Shape<C> {
    /// Where the items of each row begin, and of the row after the last; all items.
    List(Vec<usize>, Box<C>),
    /// Keys, and their values.
    Map(Vec<usize>, Box<(C, C)>),
    /// The members, each with its name as JSON.
    Struct(Vec<(Vec<u8>, C)>),
}

impl<C> Nested<C> {
    /// The column, if it is nested; `column` makes those in it.
    pub(crate) fn of(array: &ArrayRef, column: impl Fn(&ArrayRef, &Field) -> Result<C>) -> Result<Option<Self>> {
        let boxed = |values: &ArrayRef, field: &Field| column(values, field).map(Box::new);
        let shape = match array.data_type() {
            DataType::List(field) => {
                let list = array.as_list::<i32>();
                Shape::List(begins(list.value_offsets()), boxed(list.values(), field)?)
            }
            DataType::LargeList(field) => {
                let list = array.as_list::<i64>();
                Shape::List(begins(list.value_offsets()), boxed(list.values(), field)?)
            }
            DataType::FixedSizeList(field, size) => {
                let size = usize::try_from(*size).unwrap_or_default();
                let values = array.as_fixed_size_list().values();
                Shape::List((0..=array.len()).map(|row| row * size).collect(), boxed(values, field)?)
            }
            DataType::Map(..) => {
                let map = array.as_map();
                let entry = |at: usize, values: &ArrayRef| column(values, &map.entries().fields()[at]);
                let entries = (entry(0, map.keys())?, entry(1, map.values())?);
                Shape::Map(begins(map.value_offsets()), Box::new(entries))
            }
            DataType::Struct(fields) => {
                let member = |(field, values): (&std::sync::Arc<Field>, &ArrayRef)| {
                    let mut name = Vec::new();
                    json_string(field.name(), &mut name);
                    Ok((name, column(values, field)?))
                };
                let columns = array.as_struct().columns();
                Shape::Struct(fields.iter().zip(columns).map(member).collect::<Result<_>>()?)
            }
            _ => return Ok(None),
        };
        Ok(Some(Self { missing: array.nulls().cloned(), shape }))
    }

    pub(crate) fn is_missing(&self, row: usize) -> bool {
        self.missing.as_ref().is_some_and(|missing| missing.is_null(row))
    }

    /// The value, not missing, as JSON; `json` writes the values in it. The keys of maps are strings there.
    pub(crate) fn json(&self, row: usize, out: &mut Vec<u8>, json: impl Fn(&C, usize, &mut Vec<u8>)) {
        match &self.shape {
            Shape::List(begins, items) => {
                out.push(b'[');
                separated(begins[row]..begins[row + 1], out, |item, out| json(items, item, out));
                out.push(b']');
            }
            Shape::Map(begins, entries) => {
                out.push(b'{');
                separated(begins[row]..begins[row + 1], out, |item, out| {
                    let mut key = Vec::new();
                    json(&entries.0, item, &mut key);
                    if key.first() == Some(&b'"') {
                        out.append(&mut key);
                    } else {
                        json_string(&String::from_utf8_lossy(&key), out);
                    }
                    out.push(b':');
                    json(&entries.1, item, out);
                });
                out.push(b'}');
            }
            Shape::Struct(members) => {
                out.push(b'{');
                separated(0..members.len(), out, |member, out| {
                    out.extend_from_slice(&members[member].0);
                    out.push(b':');
                    json(&members[member].1, row, out);
                });
                out.push(b'}');
            }
        }
    }
}

fn begins<O: OffsetSizeTrait>(offsets: &[O]) -> Vec<usize> {
    offsets.iter().map(|offset| offset.as_usize()).collect()
}

fn separated(items: std::ops::Range<usize>, out: &mut Vec<u8>, mut write: impl FnMut(usize, &mut Vec<u8>)) {
    let first = items.start;
    for item in items {
        if item > first {
            out.push(b',');
        }
        write(item, out);
    }
}
