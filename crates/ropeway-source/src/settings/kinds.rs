//! Words of which a setting has one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Delimited text.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
    /// A sheet of an Excel workbook.
    Xlsx,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Jsonl, Self::Parquet, Self::Xlsx];

    /// Its name in the project file and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format that a file's name tells, a trailing `.gz` or `.zst` aside.
    pub fn of_name(name: &str) -> Option<Self> {
        match extension(name)?.as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "parquet" | "pq" => Some(Self::Parquet),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// What stands between the fields of a CSV file of this name: a tab for `.tsv`, packed or not; else a comma.
pub(crate) fn delimiter_of_name(name: &str) -> u8 {
    if extension(name).as_deref() == Some("tsv") { b'\t' } else { b',' }
}

fn extension(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let stem = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    Some(stem.rsplit_once('.')?.1.to_owned())
}

/// Which columns a source of several files has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Columns {
    /// Those of each file: one with others is refused. Their order may differ.
    #[default]
    Same,
    /// Those of all files: what a file lacks is missing in its rows.
    Union,
}

/// What becomes of a local time that does not exist because clocks were set forward.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Gap {
    /// It moves forward by the length of the gap: 02:30 becomes 03:30.
    #[default]
    Forward,
    /// Its row is rejected.
    Reject,
}

/// What becomes of a local time that exists twice because clocks were set back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Overlap {
    /// The earlier of both instants.
    #[default]
    Earliest,
    /// The later of both instants.
    Latest,
    /// Its row is rejected.
    Reject,
}

/// What becomes of a timestamp that no whole microsecond holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Finer {
    /// Its row is rejected.
    #[default]
    Reject,
    /// It is cut to the microsecond in which it lies: never later than it was.
    Cut,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_format() {
        let check = |name: &str, format| assert_eq!(Format::of_name(name), format, "{name}");
        check("a/b.csv", Some(Format::Csv));
        check("B.CSV.GZ", Some(Format::Csv));
        check("x.jsonl.zst", Some(Format::Jsonl));
        check("x.parquet", Some(Format::Parquet));
        check("x", None);
    }
}
