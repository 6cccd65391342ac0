//! How values are spelled, of a whole source or of one column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How one column is read. What it leaves out is as the source says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnReading {
    /// Spellings of a missing value in this column, instead of those of the source: `-999` may be missing in one column and
    /// a value in another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null: Option<Vec<String>>,
    /// How its numbers are written, instead of `number` of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberSpelling>,
    /// How its dates and times are written, instead of `dates` of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<Vec<String>>,
    /// How its texts are brought to one spelling. A request is read the same way where the table passes the column on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextSpelling>,
}

/// How texts are brought to one spelling: `benzin ` and `Benzin` are then one level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSpelling {
    /// What becomes of blanks; they stay as they are unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blanks: Option<Blanks>,
    /// What becomes of capitals; they stay as they are unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
}

/// What becomes of the blanks in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Blanks {
    /// None at both ends, and one where several follow each other.
    Trim,
}

/// What becomes of the letters of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// Small ones.
    Lower,
    /// Capitals.
    Upper,
}

/// How numbers are written. A value that is written otherwise costs its row. A cell of a workbook that is a number is that number,
/// whatever is said here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberSpelling {
    /// The decimal mark: a point unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
    /// What stands between groups of three digits. Numbers without it fit, too; groups of any other length do not, but for commas as in
    /// India, where groups of two stand before the last three (`12,34,567`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thousands: Option<ThousandsMark>,
    /// What may stand before or after a number, such as `€`, `USD`, `kg` or `.-` in place of cents; it is dropped, and a number without it fits,
    /// too. `%` divides by a hundred, as a spreadsheet does (`12.5 %` is 0.125); a column that may have it needs it at
    /// every number but 0, in JSON too: `"12.5 %"`, since a bare 9 may be meant as 9 % or as 900 %.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unit: Vec<String>,
    /// How a negative number is written beside a minus before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative: Option<Negative>,
}

/// What stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DecimalMark {
    /// `1.5`.
    #[serde(rename = ".")]
    Point,
    /// `1,5`.
    #[serde(rename = ",")]
    Comma,
}

/// What stands between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ThousandsMark {
    /// `1.234`.
    #[serde(rename = ".")]
    Point,
    /// `1,234`.
    #[serde(rename = ",")]
    Comma,
    /// `1 234`; no-break and thin spaces count as well.
    #[serde(rename = " ")]
    Space,
    /// `1'234`; the typographic one counts as well.
    #[serde(rename = "'")]
    Apostrophe,
    /// `1_234`.
    #[serde(rename = "_")]
    Underscore,
}

/// How accounts write negative numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Negative {
    /// `(12.50)`.
    Parentheses,
    /// `12.50-`.
    Trailing,
}
