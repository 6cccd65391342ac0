//! What `[table.NAME]` and `[[check]]` sections say, as they are written.

use indexmap::IndexMap;
use ropeway_vocab::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A table: SQL over sources and other tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableSettings {
    /// The file with one SELECT, relative to the project folder.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(required)]
    pub sql: String,
    /// The columns that together identify a row. They also give the table its row order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// A later time at which a row became known than its inputs say: an SQL expression over the table's columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
}

/// What happens to rows that fail a check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Otherwise {
    /// They are left out and counted; the run stops when their share is above `tolerate`.
    #[default]
    Reject,
    /// They stay and are counted.
    Warn,
    /// The run stops when their share is above `tolerate`.
    Stop,
}

/// A statement that must hold of a table or source: exactly one of `that`, `unique`, `not_null`, `in`, `matches`,
/// `references`, `rows`, `fresh`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckSettings {
    /// The table or source.
    pub table: String,
    /// A boolean SQL expression over one row. Missing counts as true, as in SQL's own CHECK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub that: Option<String>,
    /// Columns whose values together occur once. What fails, and is counted, are the rows beyond the first of each key in the
    /// table's order: of three rows of one key, two. Rows in which one of the columns is missing pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique: Option<Vec<String>>,
    /// Columns that are never missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_null: Option<Vec<String>>,
    /// The values that each column may have. Missing passes.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub among: Option<IndexMap<String, Vec<Literal>>>,
    /// The regular expression that each text column matches somewhere (anchor it with `^` and `$`). Missing passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<IndexMap<String, String>>,
    /// Columns whose values exist in another table. Rows in which one of them is missing pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<Reference>,
    /// The number of rows: `between 1 and 10`, `>= 1`, `<= 10` or `5`. It holds of the whole table: failing it stops the run unless
    /// `otherwise = "warn"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// The greatest value of a time column is not older than a span. It holds of the whole table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh: Option<Fresh>,
    /// What happens to rows that fail it.
    #[serde(default)]
    pub otherwise: Otherwise,
    /// The share of rows (0 to 1) that may fail before the run stops. Default: 0.01 for `reject`, 0 for `stop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerate: Option<f64>,
}

impl CheckSettings {
    /// A check of a table about which nothing is stated yet.
    pub fn of(table: impl Into<String>) -> Self {
        Self {
            table: table.into(),
            that: None,
            unique: None,
            not_null: None,
            among: None,
            matches: None,
            references: None,
            rows: None,
            fresh: None,
            otherwise: Otherwise::default(),
            tolerate: None,
        }
    }

    /// The tolerated share of failing rows.
    pub fn tolerated(&self) -> f64 {
        self.tolerate.unwrap_or(if self.otherwise == Otherwise::Reject { 0.01 } else { 0.0 })
    }
}

/// A value as TOML and JSON write it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Literal {
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// A text; dates and instants are written as text, too.
    Text(String),
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "'{value}'"),
        }
    }
}

/// The other side of a reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The columns here.
    pub columns: Vec<String>,
    /// The other table or source.
    pub table: String,
    /// The columns there, in the same order; default: of the same names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
}

impl Reference {
    /// The columns there.
    pub fn targets(&self) -> &[String] {
        if self.to.is_empty() { &self.columns } else { &self.to }
    }
}

/// How fresh a table must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fresh {
    /// A timestamp or date column.
    pub column: String,
    /// The greatest age of its greatest value, for example `2 days`.
    #[schemars(with = "String")]
    pub within: Span,
}
