//! Columns: their logical types, their labels, and the names of the hidden ones.

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use serde::{Deserialize, Serialize};

use crate::{Problem, Result};

/// The hidden column that carries a row's known-at through every plan and snapshot
/// (timestamp in microseconds UTC; missing means never visible). A static table has none.
pub const KNOWN_AT: &str = "__known_at";
/// The column of an example that holds its prediction time.
pub const AT: &str = "at";
/// The column of an example that holds its label.
pub const LABEL: &str = "label";
/// The hidden column of an example that holds how much it counts, where the project says that examples do not count alike.
pub const WEIGHT: &str = "__weight";

/// The logical type of a column. Each has exactly one Arrow type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// True or false; Arrow `Boolean`.
    Boolean,
    /// A 64-bit signed integer; Arrow `Int64`.
    Integer,
    /// A double; Arrow `Float64`.
    Float,
    /// UTF-8 text; Arrow `Utf8`.
    Text,
    /// A calendar day; Arrow `Date32`.
    Date,
    /// An instant in whole microseconds UTC; Arrow `Timestamp(Microsecond, "UTC")`.
    Timestamp,
}

impl ColumnType {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Boolean, Self::Integer, Self::Float, Self::Text, Self::Date, Self::Timestamp];

    /// Its one Arrow type.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Boolean => DataType::Boolean,
            Self::Integer => DataType::Int64,
            Self::Float => DataType::Float64,
            Self::Text => DataType::Utf8,
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        }
    }

    /// The logical type that holds every value of an Arrow type, where there is one.
    pub fn of_arrow(data_type: &DataType) -> Option<Self> {
        match data_type {
            DataType::Boolean => Some(Self::Boolean),
            data_type if data_type.is_integer() => Some(Self::Integer),
            DataType::Float16
            | DataType::Float32
            | DataType::Float64
            | DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..) => Some(Self::Float),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Some(Self::Text),
            DataType::Date32 | DataType::Date64 => Some(Self::Date),
            DataType::Timestamp(..) => Some(Self::Timestamp),
            DataType::Dictionary(_, values) => Self::of_arrow(values),
            _ => None,
        }
    }

    /// Its name in the project file and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Text => "text",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
        }
    }
}

impl std::fmt::Display for ColumnType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A column with its labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSpec {
    /// Its name, unique in its table.
    pub name: String,
    /// Its logical type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Whether it belongs to the plan and may be used in the example itself.
    pub known_ahead: bool,
    /// Whether it is about a person: masked in logs, quarantine and reports.
    pub personal: bool,
}

/// How a relation's rows relate to time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// A dimension assumed not to change: always known.
    Static,
    /// Each row carries its known-at in the hidden column.
    Timed,
    /// Rows have no time; the reason says why not.
    Untimed(String),
}

/// The columns of a relation and its timing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSchema {
    /// Visible columns in order.
    pub columns: Vec<ColumnSpec>,
    /// How its rows relate to time.
    pub timing: Timing,
    /// The columns that identify a row, where declared.
    pub key: Vec<String>,
}

impl TableSchema {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&ColumnSpec> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The Arrow schema of its batches: visible columns, then the hidden known-at if timed. All nullable.
    pub fn arrow(&self) -> Schema {
        let mut fields: Vec<Field> = self.columns.iter().map(|c| Field::new(&c.name, c.ty.arrow(), true)).collect();
        if self.timing == Timing::Timed {
            fields.push(Field::new(KNOWN_AT, ColumnType::Timestamp.arrow(), true));
        }
        Schema::new(fields)
    }

    /// The position of a visible column, or a problem that names the nearest one.
    pub fn position(&self, name: &str) -> Result<usize> {
        self.columns.iter().position(|column| column.name == name).ok_or_else(|| {
            let problem = Problem::invalid("unknown-column", format!("column `{name}` is not known"));
            match crate::nearest(name, self.columns.iter().map(|c| c.name.as_str())) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None => problem.remedy(format!(
                    "known columns: {}",
                    self.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
                )),
            }
        })
    }
}
