//! How a column that passes through is marked: each of its values stands there as the file spells it, and the mark says
//! what that spelling is. Whoever writes the column keeps it where the target spells alike, and translates it elsewhere.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use ropeway_vocab::ColumnType;

/// The key of the mark in the metadata of a field.
const MARK: &str = "ropeway.spelling";

/// How the values of a text column are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As fields of a CSV file, quotes and all. CSV has no types: what the values are is known where they were asked for.
    Csv(Option<ColumnType>),
    /// As JSON.
    Json,
}

impl Spelling {
    /// The schema of columns as they are read.
    pub(crate) fn schema(self, names: &[String]) -> SchemaRef {
        Arc::new(Schema::new(names.iter().map(|name| self.field(name)).collect::<Vec<_>>()))
    }

    /// A column of this spelling.
    pub(crate) fn field(self, name: &str) -> Field {
        let mark = match self {
            Self::Csv(Some(ty)) => format!("csv {}", ty.name()),
            Self::Csv(None) => "csv".to_owned(),
            Self::Json => "json".to_owned(),
        };
        Field::new(name, DataType::Utf8, true).with_metadata(HashMap::from([(MARK.to_owned(), mark)]))
    }

    /// The spelling of a column; none where it holds values of its own type.
    pub(crate) fn of(field: &Field) -> Option<Self> {
        let mark = field.metadata().get(MARK)?;
        Some(match mark.split_once(' ') {
            Some((_, ty)) => Self::Csv(ColumnType::ALL.into_iter().find(|known| known.name() == ty)),
            None if mark == "json" => Self::Json,
            None => Self::Csv(None),
        })
    }

    /// The column without its mark.
    pub(crate) fn unmarked(field: &FieldRef) -> FieldRef {
        if !field.metadata().contains_key(MARK) {
            return Arc::clone(field);
        }
        let mut metadata = field.metadata().clone();
        metadata.remove(MARK);
        Arc::new(field.as_ref().clone().with_metadata(metadata))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_and_comes_off() {
        let csv = ColumnType::ALL.map(|ty| Spelling::Csv(Some(ty)));
        for spelling in [&csv[..], &[Spelling::Csv(None), Spelling::Json]].concat() {
            let field = Arc::new(spelling.field("x"));
            assert_eq!(Spelling::of(&field), Some(spelling));
            assert_eq!(Spelling::of(&Spelling::unmarked(&field)), None);
        }
    }
}
