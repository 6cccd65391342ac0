//! The sections `[examples]`, `[lookup.*]`, `[window.*]` and `[derive]` of the project file.

use indexmap::IndexMap;
use ropeway_vocab::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All sections that together say which features an example has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeatureSettings {
    /// The rows to learn from and to predict for.
    pub examples: ExamplesSettings,
    /// Dimensions joined to the example, exactly or as of its time, by name.
    #[serde(default)]
    pub lookup: IndexMap<String, LookupSettings>,
    /// Aggregates over the facts of a key known in the span before the example's time, by name.
    #[serde(default)]
    pub window: IndexMap<String, WindowSettings>,
    /// SQL expressions over request columns, other features and `at`, by name.
    #[serde(default)]
    pub derive: IndexMap<String, String>,
}

/// `[examples]`: where examples come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExamplesSettings {
    /// The table whose rows are the examples.
    pub table: String,
    /// SQL expression for the prediction time, for example `sched_at - INTERVAL '2 hours'`. Without it the
    /// project has no time: no windows, no as-of lookups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// SQL expression for the label: a condition, with `task = "multiclass"` also a text or whole number, with
    /// `task = "regression"` a number. Missing means not known.
    pub label: String,
    /// Columns of the table that a request brings along; each is a feature, and all must be known ahead.
    pub request: Vec<String>,
    /// Columns that identify an example. Default: the key of the table, or of its source where all its
    /// columns are in the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
}

/// Which columns of the example meet which columns of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Matching {
    /// Columns of the same name on both sides: `["carrier"]`.
    Same(Vec<String>),
    /// Column of the example = column of the table: `{ dest = "faa" }`.
    Pairs(IndexMap<String, String>),
}

impl Matching {
    /// The columns of the table.
    pub fn columns_of_table(&self) -> Vec<String> {
        self.pairs().into_iter().map(|(_, table)| table.to_string()).collect()
    }

    /// The pairs (column of the example, column of the table).
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Same(names) => names.iter().map(|name| (name.as_str(), name.as_str())).collect(),
            Self::Pairs(pairs) => pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect(),
        }
    }
}

/// `[lookup.NAME]`: columns of one row of a table, as features `NAME_column`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookupSettings {
    /// The table to look into.
    pub table: String,
    /// Request columns to match: `["origin"]`, or `{ dest = "faa" }` for a column of another name. A missing
    /// value matches nothing.
    pub on: Matching,
    /// Column of the table with the time of each row: the newest visible row not after `at` is taken.
    /// Without it the match is exact, and a key may occur once only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// How old that row may be, counted from its `as_of` time; unlimited by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub within: Option<Span>,
    /// Columns to take.
    pub take: Vec<String>,
}

/// `[window.NAME]`: an aggregate over facts, as the feature `NAME`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowSettings {
    /// The table of facts.
    pub table: String,
    /// Request columns to match: `["carrier"]`, or `{ dest = "origin" }` for a column of another name. A
    /// missing value matches nothing. An empty list takes all facts of the table.
    pub by: Matching,
    /// How far back from `at` the window reaches, for example `7 days`.
    #[schemars(with = "String")]
    pub over: Span,
    /// One aggregate: `count(*)`, or `count(..)`, `count(DISTINCT ..)`, `sum(..)`, `avg(..)`, `min(..)`, `max(..)`, `stddev(..)`
    /// or `last(..)` of an SQL expression over the columns of the table, for example
    /// `avg(CASE WHEN arr_delay > 15 THEN 1.0 ELSE 0.0 END)`.
    pub value: String,
    /// SQL condition that a fact must meet to count.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKETCH: &str = r#"{
        "examples": { "table": "flights_clean", "at": "sched_at - INTERVAL '2 hours'", "label": "arr_delay > 15",
                      "request": ["carrier", "origin"] },
        "lookup": { "weather": { "table": "weather_clean", "on": ["origin"], "as_of": "time_hour",
                                 "within": "3 hours", "take": ["temp"] },
                    "airport": { "table": "airports", "on": { "dest": "faa" }, "take": ["lat"] } },
        "window": { "late": { "table": "flights_clean", "by": ["carrier"], "over": "7 days",
                              "value": "avg(x)", "where": "x > 0" } },
        "derive": { "b": "1", "a": "2" } }"#;

    #[test]
    fn reads_the_sketch_and_writes_it_back_in_order() {
        let settings: FeatureSettings = serde_json::from_str(SKETCH).unwrap();
        assert_eq!(settings.lookup["weather"].on.pairs(), [("origin", "origin")]);
        assert_eq!(settings.lookup["airport"].on.pairs(), [("dest", "faa")]);
        assert_eq!(settings.window["late"].filter.as_deref(), Some("x > 0"));
        assert_eq!(settings.derive.keys().collect::<Vec<_>>(), ["b", "a"]);
        let back: FeatureSettings = serde_json::from_str(&serde_json::to_string(&settings).unwrap()).unwrap();
        assert_eq!(back, settings);
    }

    #[test]
    fn unknown_keys_are_errors() {
        let slip = SKETCH.replace("\"over\"", "\"ovr\"");
        assert!(serde_json::from_str::<FeatureSettings>(&slip).unwrap_err().to_string().contains("ovr"));
    }
}
