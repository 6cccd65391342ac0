//! What a `[source.NAME]` section says, as it is written. The checked form is `SourceSpec`.

mod kinds;
mod reading;
mod sheets;

use indexmap::IndexMap;
use ropeway_vocab::{ColumnType, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use kinds::delimiter_of_name;
pub use kinds::{Columns, Finer, Format, Gap, Overlap};
pub use reading::{Blanks, Case, ColumnReading, DecimalMark, Negative, NumberSpelling, TextSpelling, ThousandsMark};
pub use sheets::Sheets;
pub(crate) use sheets::is_pattern;

/// Where raw data comes from and how its values are to be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["path"]))]
pub struct SourceSettings {
    /// A file, a folder of equal files, or a glob such as `data/flights-*.csv.gz`, relative to the project folder. Files
    /// packed as gzip, Zstandard or ZIP are unpacked (what counts is their content, not their name).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Files of the folder, archive or glob that are not read, by their names or by globs such as `notes*.csv`: in every folder, or
    /// where the pattern has one (`old/notes.csv`, `./notes.csv`) in that, as seen from the project folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave_out: Vec<String>,
    /// Which columns the source has where its files have not the same: `same` refuses it, `union` has those of all files.
    /// Default: `"same"`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Columns,
    /// The format of the files; by default it follows from their name (`.csv`, `.tsv`, `.jsonl`, `.ndjson`, `.parquet`,
    /// `.xlsx`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The encoding of a text file by one of its usual names, such as `windows-1252`, `latin1` or `utf-16le`. Default: what
    /// its byte order mark says, else UTF-8. Bytes that are no text in it cost their row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The sheet of a workbook, several in a list, or a pattern such as `*`, which takes all that are shown and not empty: of
    /// several the rows of all are read, as those of several files are. Default: the first that holds a table, a header and a
    /// row of at least two columns, one that is shown before hidden ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Sheets>,
    /// How many lines stand above the header (or the first row) of each file that are no part of the table, such as a
    /// title. In a sheet they are rows. Default: 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub skip_lines: usize,
    /// What a line begins with that is a comment, for example `#`. Such lines are left out wherever a row may begin, and
    /// counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// How many rows at the end of each file are no part of the table, such as a row of totals. They are left out, and
    /// counted. Default: 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub skip_footer: usize,
    /// What stands between two fields of a CSV file, one ASCII character; `tab` may be written out. Default: a
    /// comma, a tab for `.tsv`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// The quote of a CSV file, one ASCII character; an empty text switches quoting off. Default: `"`.
    #[serde(default = "default_quote", skip_serializing_if = "is_default_quote")]
    pub quote: String,
    /// Whether the first line of a CSV file holds the names of the columns; without, they are `column_1`, `column_2`, ...
    /// Line breaks and runs of blanks in a name are one blank. Default: true.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub header: bool,
    /// Spellings of a missing value, instead of the empty text alone. An empty field of a column that is not text is missing in any case. Posted rows and
    /// examples to predict for are read so, too.
    #[serde(default = "default_null", skip_serializing_if = "is_default_null")]
    pub null: Vec<String>,
    /// How numbers are written, where it is not as in `-1234.56`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub number: NumberSpelling,
    /// How dates and times are written, where it is not as in `2024-12-31 23:59:00`: patterns such as `%d.%m.%Y` or
    /// `%m/%d/%y %I:%M %p`, with `%b` or `%B` for the name of a month (in some thirty languages, also shortened, without its marks or in
    /// the case that dates have: `апреля`, `kwietnia`), `%a` for a word that is the day of the week, `%f` for a part of a second,
    /// `%z` for an offset and `%EY` for a year of the Buddhist era (2567 is 2024); all else stands for itself, as in `%Y年%m月%d日` or
    /// `%d de %b de %Y`. `iso` is the usual spelling; `epoch_seconds`, `epoch_milliseconds` and `epoch_microseconds` are counts since
    /// 1970. A pattern without a day (`%m/%Y`), or of a quarter (`%YQ%q`), reads the first day of it. Of several the first that fits
    /// holds. Years of two digits lie from 1969 to 2068.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<String>,
    /// How single columns are read, where it is not as the rest of the source.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub column: IndexMap<String, ColumnReading>,
    /// Types of columns, where the inferred ones are not wanted. A value that does not fit costs its row.
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
    /// What becomes of local times that daylight saving skips; they are counted. Default: `"forward"`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gap: Gap,
    /// What becomes of local times that daylight saving repeats; they are counted. Default: `"earliest"`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub overlap: Overlap,
    /// What becomes of timestamps finer than a microsecond. Default: `"reject"`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub finer: Finer,
    /// The columns that together identify a row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Columns whose values are known before the outcome, such as what was ordered: the example of a row may use those of
    /// its own row. All others count only from when the row became known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_ahead: Vec<String>,
    /// Whether the rows themselves belong to the plan, as those of a timetable do: that there is one is known before any
    /// example. Else `known_ahead` is what an example brings along, and other rows count from when they became known.
    /// Default: false.
    #[serde(default, skip_serializing_if = "is_default")]
    pub planned: bool,
    /// When the columns that are not `known_ahead` became known: an SQL expression over the row's columns, for example
    /// `delivered_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
    /// The column that holds the time at which the row's event happened; the row becomes known `known_after` later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// How long after `time` a row becomes known, for example `1 hour`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub known_after: Option<Span>,
    /// Whether it is a dimension assumed not to change, such as a list of countries: always known. The report lists it as
    /// an assumption. Default: false.
    #[serde(default, rename = "static", skip_serializing_if = "is_default")]
    pub is_static: bool,
    /// Columns about a person: masked in logs, quarantine and reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personal: Vec<String>,
    /// The share of rows (0 to 1) that may be rejected before the run stops. Default: 0.01.
    #[serde(default = "default_tolerate", skip_serializing_if = "is_default_tolerate")]
    pub tolerate: f64,
    /// The longest row, in bytes. A longer one is rejected. Default: 1048576.
    #[serde(default = "default_max_record_bytes", skip_serializing_if = "is_default_max_record_bytes")]
    pub max_record_bytes: usize,
}

impl SourceSettings {
    /// The settings of a file about which nothing else is said.
    pub fn of_file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            leave_out: Vec::new(),
            columns: Columns::default(),
            format: None,
            encoding: None,
            sheet: None,
            skip_lines: 0,
            comment: None,
            skip_footer: 0,
            delimiter: None,
            quote: default_quote(),
            header: true,
            null: default_null(),
            number: NumberSpelling::default(),
            dates: Vec::new(),
            column: IndexMap::new(),
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

    /// The same for files that have the form of another source's: their lines and fields are found as there.
    #[must_use]
    pub fn in_form_of(&self, other: &Self) -> Self {
        let Self { encoding, sheet, skip_lines, comment, skip_footer, delimiter, quote, header, .. } = other.clone();
        Self { encoding, sheet, skip_lines, comment, skip_footer, delimiter, quote, header, ..self.clone() }
    }

    /// The same without the path: what a definition holds, and a package carries.
    #[must_use]
    pub fn without_path(&self) -> Self {
        Self { path: String::new(), ..self.clone() }
    }
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
        let text = r##"{"path":"a","leave_out":["b*"],"columns":"union","format":"jsonl","delimiter":";","quote":"'","header":false,"null":["NA"],
            "encoding":"latin1","sheet":"s","skip_lines":2,"comment":"#","skip_footer":1,"dates":["%d.%m.%Y"],
            "number":{"decimal":",","thousands":".","unit":["€"],"negative":"parentheses"},
            "column":{"b":{"null":["-1"],"number":{"unit":["%"]},"dates":["iso"]}},
            "types":{"b":"float","a":"text"},"infer_rows":5,"zone":"Europe/Zurich","gap":"reject","overlap":"latest",
            "finer":"cut","key":["k"],"known_ahead":["a"],"known_at":"t","time":"t","known_after":"1 hour","static":true,
            "personal":["name"],"tolerate":0.5,"max_record_bytes":100}"##;
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
}
