//! What a `[source.NAME]` section says, as it is written. The checked form is `SourceSpec`.

use indexmap::IndexMap;
use ropeway_vocab::{ColumnType, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where raw data comes from and how its values are to be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["path"]))]
pub struct SourceSettings {
    /// A file, or a glob such as `data/flights-*.csv.gz`, relative to the project folder. Files ending in `.gz` or
    /// `.zst` are decompressed (what counts is their content, not their name).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The format of the files; by default it follows from their name (`.csv`, `.tsv`, `.jsonl`, `.ndjson`, `.parquet`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// What stands between two fields of a CSV file, one ASCII character; `tab` may be written out. Default: a
    /// comma, a tab for `.tsv`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// The quote of a CSV file, one ASCII character; an empty text switches quoting off.
    #[serde(default = "default_quote", skip_serializing_if = "is_default_quote")]
    pub quote: String,
    /// Whether the first line of a CSV file holds the names of the columns; without, they are `column_1`, `column_2`, ...
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub header: bool,
    /// Spellings of a missing value. An empty field of a column that is not text is missing in any case. Posted rows and
    /// examples to predict for are read so, too.
    #[serde(default = "default_null", skip_serializing_if = "is_default_null")]
    pub null: Vec<String>,
    /// Types of columns, where the inferred ones are not wanted.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "IndexMap<String, TypeName>")]
    pub types: IndexMap<String, ColumnType>,
    /// From how many of the first rows types are inferred: 10,000 unless said otherwise. A value after them that does
    /// not fit costs its row; one among them makes the column text, and `ropeway check` names it where nearly all others
    /// fit.
    #[serde(default = "default_infer_rows", skip_serializing_if = "is_default_infer_rows")]
    pub infer_rows: usize,
    /// The IANA time zone (for example `America/New_York`) of timestamps written without an offset; default UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// What becomes of local times that daylight saving skips; they are counted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gap: Gap,
    /// What becomes of local times that daylight saving repeats; they are counted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub overlap: Overlap,
    /// What becomes of timestamps finer than a microsecond.
    #[serde(default, skip_serializing_if = "is_default")]
    pub finer: Finer,
    /// The columns that together identify a row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Columns that belong to the plan: known before the row's own time, usable in the example itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_ahead: Vec<String>,
    /// Whether the rows themselves belong to the plan, as those of a timetable do: that there is one is known before any
    /// example. Else `known_ahead` is what an example brings along, and other rows count from when they became known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub planned: bool,
    /// When the other columns of a row became known: an SQL expression over its columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
    /// The column that holds the time of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// How long after `time` a row becomes known, for example `1 hour`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub known_after: Option<Span>,
    /// Whether it is a dimension assumed not to change: always known. The report lists it as an assumption.
    #[serde(default, rename = "static", skip_serializing_if = "is_default")]
    pub is_static: bool,
    /// Columns about a person: masked in logs, quarantine and reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personal: Vec<String>,
    /// The share of rows (0 to 1) that may be rejected before the run stops.
    #[serde(default = "default_tolerate", skip_serializing_if = "is_default_tolerate")]
    pub tolerate: f64,
    /// The longest row, in bytes. A longer one is rejected.
    #[serde(default = "default_max_record_bytes", skip_serializing_if = "is_default_max_record_bytes")]
    pub max_record_bytes: usize,
}

impl SourceSettings {
    /// The settings of a file about which nothing else is said.
    pub fn of_file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            format: None,
            delimiter: None,
            quote: default_quote(),
            header: true,
            null: default_null(),
            types: IndexMap::new(),
            infer_rows: default_infer_rows(),
            zone: None,
            gap: Gap::default(),
            overlap: Overlap::default(),
            finer: Finer::default(),
            key: Vec::new(),
            planned: false,
            known_ahead: Vec::new(),
            known_at: None,
            time: None,
            known_after: None,
            is_static: false,
            personal: Vec::new(),
            tolerate: default_tolerate(),
            max_record_bytes: default_max_record_bytes(),
        }
    }

    /// The same without the path: what a definition holds, and a package carries.
    #[must_use]
    pub fn without_path(&self) -> Self {
        Self { path: String::new(), ..self.clone() }
    }
}

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
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Jsonl, Self::Parquet];

    /// Its name in the project file and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// The format that a file's name tells, a trailing `.gz` or `.zst` aside.
    pub fn of_name(name: &str) -> Option<Self> {
        match extension(name)?.as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "parquet" | "pq" => Some(Self::Parquet),
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

/// The spelling of the column types in the schema of the project file.
#[derive(JsonSchema)]
#[schemars(rename = "ColumnType")]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "it only lends its JSON Schema to the type of the same variants in ropeway-vocab")]
enum TypeName {
    Boolean,
    Integer,
    Float,
    Text,
    Date,
    Timestamp,
}

fn default_quote() -> String {
    "\"".to_owned()
}

fn is_default_quote(quote: &str) -> bool {
    quote == "\""
}

fn default_null() -> Vec<String> {
    vec![String::new()]
}

fn is_default_null(null: &[String]) -> bool {
    matches!(null, [only] if only.is_empty())
}

fn default_infer_rows() -> usize {
    10_000
}

fn is_default_infer_rows(rows: &usize) -> bool {
    *rows == default_infer_rows()
}

fn default_tolerate() -> f64 {
    0.01
}

fn is_default_tolerate(share: &f64) -> bool {
    share.to_bits() == default_tolerate().to_bits()
}

fn default_max_record_bytes() -> usize {
    1 << 20
}

fn is_default_max_record_bytes(bytes: &usize) -> bool {
    *bytes == default_max_record_bytes()
}

fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_with_a_path_alone_has_the_defaults_and_writes_back_as_short() {
        let read: SourceSettings = serde_json::from_str(r#"{"path": "data/x.csv"}"#).unwrap();
        assert_eq!(read, SourceSettings::of_file("data/x.csv"));
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"{"path":"data/x.csv"}"#);
        assert_eq!(serde_json::to_string(&read.without_path()).unwrap(), "{}");
    }

    #[test]
    fn every_key_reads_back() {
        let text = r#"{"path":"a","format":"jsonl","delimiter":";","quote":"'","header":false,"null":["NA"],
            "types":{"b":"float","a":"text"},"infer_rows":5,"zone":"Europe/Zurich","gap":"reject","overlap":"latest",
            "finer":"cut","key":["k"],"known_ahead":["a"],"known_at":"t","time":"t","known_after":"1 hour","static":true,
            "personal":["name"],"tolerate":0.5,"max_record_bytes":100}"#;
        let read: SourceSettings = serde_json::from_str(text).unwrap();
        assert_eq!(read.types.keys().collect::<Vec<_>>(), ["b", "a"], "the user's order is kept");
        let again: SourceSettings = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(read, again);
    }

    #[test]
    fn a_slip_in_a_key_is_refused() {
        assert!(serde_json::from_str::<SourceSettings>(r#"{"path":"a","nul":["NA"]}"#).is_err());
    }

    #[test]
    fn the_schema_knows_the_types_and_that_a_path_is_needed() {
        let schema = serde_json::to_value(schemars::schema_for!(SourceSettings)).unwrap();
        assert!(schema["required"].as_array().unwrap().contains(&"path".into()), "{schema}");
        assert!(schema.to_string().contains("timestamp"), "{schema}");
    }

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
