//! Rows of JSON requests, read by the same rules as files, so that a posted row is the row a file would have given.

use arrow::array::RecordBatch;
use ropeway_vocab::{ColumnSpec, Problem, nearest, without_mails};
use serde_json::{Map, Value};

use crate::batch::column::JsonRules;
use crate::batch::sheet::{Layout, Sheet};
use crate::value::readings::Readings;
use crate::value::zone::ZoneCounts;

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The place of the row in the request, from 0.
    pub index: usize,
    /// The column.
    pub column: String,
    /// The value, `***` if personal; empty where the column itself is wrong.
    pub value: String,
    /// Why: completes the sentence "the value ...".
    pub reason: String,
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {}: column `{}`: ", self.index, self.column)?;
        if self.value.is_empty() { f.write_str(&self.reason) } else { write!(f, "`{}` {}", self.value, self.reason) }
    }
}

impl RowProblem {
    /// The problems of a request as one.
    pub fn together(problems: &[Self]) -> Problem {
        let first: Vec<String> = problems.iter().take(5).map(Self::to_string).collect();
        let more = match problems.len().saturating_sub(5) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        Problem::invalid("bad-row", format!("{}{more}", first.join("; ")))
            .remedy("mend these rows and send all again: nothing of the request was taken")
    }
}

/// Reads rows as the columns of a table, in the order of `columns`. A column that a row leaves out is missing in it; a
/// column that is not known is a problem with the nearest known name. Strings are read as in a CSV file, so `"12"` is
/// an integer, and what is spelled as missing is missing; NaN and infinities are refused, because JSON has none. Either all rows fit, or all problems are told,
/// at most one a row for values and one for each unknown column.
pub fn coerce(
    rows: &[Map<String, Value>],
    columns: &[ColumnSpec],
    readings: &Readings,
) -> Result<RecordBatch, Vec<RowProblem>> {
    let mut problems = Vec::new();
    let layout = Layout::new(columns.to_vec(), readings);
    let mut sheet = Sheet::for_rows(&layout, rows.len());
    let mut counts = ZoneCounts::default();
    for (index, row) in rows.iter().enumerate() {
        let known = columns.iter().filter(|column| row.contains_key(&column.name)).count();
        if known < row.len() {
            problems.extend(unknown(index, row, columns));
        }
        let mut fits = true;
        for ((builder, column), coercion) in sheet.builders.iter_mut().zip(columns).zip(&layout.coercions) {
            let value = row.get(&column.name).unwrap_or(&Value::Null);
            if let Err(reason) = builder.append_json(value, JsonRules::Request, coercion, &mut counts)
                && std::mem::replace(&mut fits, false)
            {
                let value = if column.personal { "***".to_owned() } else { short(value) };
                let reason = coercion.told(reason).into_owned();
                problems.push(RowProblem { index, column: column.name.clone(), value, reason });
            }
        }
        sheet.end_row(true);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    sheet.finish(&layout.schema).map_err(|problem| {
        vec![RowProblem { index: 0, column: String::new(), value: String::new(), reason: problem.to_string() }]
    })
}

fn unknown(index: usize, row: &Map<String, Value>, columns: &[ColumnSpec]) -> Vec<RowProblem> {
    let names = || columns.iter().map(|column| column.name.as_str());
    row.keys()
        .filter(|key| !names().any(|name| name == key.as_str()))
        .map(|key| {
            let reason = match nearest(key, names()) {
                Some(near) => format!("is not known; did you mean `{near}`?"),
                None => format!("is not known; the columns are: {}", names().collect::<Vec<_>>().join(", ")),
            };
            RowProblem { index, column: key.chars().take(100).collect(), value: String::new(), reason }
        })
        .collect()
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    without_mails(&text).chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use arrow::util::display::array_value_to_string;
    use ropeway_vocab::ColumnType;
    use serde_json::json;

    use super::*;

    fn columns() -> Vec<ColumnSpec> {
        [("id", ColumnType::Integer), ("delay", ColumnType::Float), ("name", ColumnType::Text)]
            .into_iter()
            .map(|(name, ty)| ColumnSpec { name: name.into(), ty, known_ahead: false, personal: name == "name" })
            .collect()
    }

    fn of_type(ty: ColumnType) -> ColumnSpec {
        ColumnSpec { name: "x".into(), ty, known_ahead: false, personal: false }
    }

    fn read(rows: Value) -> Result<RecordBatch, Vec<RowProblem>> {
        let rows: Vec<Map<String, Value>> = serde_json::from_value(rows).unwrap();
        coerce(&rows, &columns(), &Readings::default())
    }

    #[test]
    fn rows_become_the_columns_in_their_order_and_what_is_left_out_is_missing() {
        let batch = read(json!([{"name": "x", "id": 1}, {"delay": 2, "id": "7", "name": null}])).unwrap();
        let text = arrow::util::pretty::pretty_format_batches(&[batch]).unwrap().to_string();
        let rows: Vec<&str> = text.lines().skip(3).collect();
        assert_eq!(rows[0], "| 1  |       | x    |");
        assert_eq!(rows[1], "| 7  | 2.0   |      |");
        assert_eq!(read(json!([])).unwrap().num_rows(), 0);
    }

    #[test]
    fn each_column_is_read_as_its_sources_read_it() {
        let source = |null: &str, zone: &str| crate::SourceSettings {
            null: vec![null.into()],
            zone: Some(zone.into()),
            ..crate::SourceSettings::of_file("")
        };
        let (first, second) = (source("NA", "America/New_York"), source("-1", "Asia/Tokyo"));
        let of = |source| (source, std::collections::BTreeSet::new());
        let readings = Readings::of(&source("none", "UTC")).unwrap().with("a", &[of(&first), of(&second)]).unwrap();
        let readings = readings.with("b", &[of(&second)]).unwrap().with("c", &[]).unwrap();
        let read = |ty, value: Value| {
            let specs = ["a", "b", "c"].map(|name| ColumnSpec { name: name.into(), ..of_type(ty) });
            let row = json!({"a": value, "b": value, "c": value});
            let batch = coerce(&[row.as_object().unwrap().clone()], &specs, &readings).unwrap();
            batch.columns().iter().map(|c| array_value_to_string(c, 0).unwrap()).collect::<Vec<_>>().join("|")
        };
        assert_eq!(read(ColumnType::Text, json!("NA")), "|NA|NA");
        assert_eq!(read(ColumnType::Text, json!("")), "||", "texts without a character");
        assert_eq!(read(ColumnType::Float, json!(-1)), "||-1.0", "a number that stands for a missing one");
        assert_eq!(read(ColumnType::Text, json!(-1)), "||-1");
        let times = read(ColumnType::Timestamp, json!("2024-01-01 00:00:00"));
        assert_eq!(times, "2024-01-01T05:00:00Z|2023-12-31T15:00:00Z|2024-01-01T00:00:00Z");
        let infinite = Readings::of(&source("inf", "UTC")).unwrap();
        let row = json!({"x": " inf "});
        let batch = coerce(&[row.as_object().unwrap().clone()], &[of_type(ColumnType::Float)], &infinite).unwrap();
        assert_eq!(batch.column(0).null_count(), 1, "spelled as missing, it is no infinity");
    }

    #[test]
    fn a_request_is_read_as_the_column_of_its_source_is() {
        let text = r#"{"number": {"decimal": ","}, "column": {"p": {"null": ["-1"], "number": {"unit": ["€"], "decimal": ","}}}}"#;
        let source: crate::SourceSettings = serde_json::from_str(text).unwrap();
        let from = |columns: &[&'static str]| [(&source, columns.iter().copied().collect())];
        let readings = Readings::default().with("renamed", &from(&["p"])).unwrap();
        let readings = readings.with("sum", &from(&["p", "q"])).unwrap();
        let read = |value: Value| {
            let specs = ["renamed", "sum"].map(|name| ColumnSpec { name: name.into(), ..of_type(ColumnType::Float) });
            let row = json!({"renamed": value, "sum": value});
            let batch = coerce(&[row.as_object().unwrap().clone()], &specs, &readings);
            batch.map(|batch| {
                array_value_to_string(batch.column(0), 0).unwrap()
                    + "|"
                    + &array_value_to_string(batch.column(1), 0).unwrap()
            })
        };
        assert_eq!(read(json!("1,5")).unwrap(), "1.5|1.5");
        assert_eq!(read(json!(-1)).unwrap(), "|-1.0");
        assert_eq!(read(json!("1,5 €")).unwrap_err()[0].column, "sum");
        assert!(read(json!("1.5")).is_err());
    }

    #[test]
    fn times_of_a_request_are_written_as_in_its_source_or_as_json_writes_them() {
        let text = r#"{"dates": ["%d.%m.%Y", "%d.%m.%Y %H:%M"], "zone": "Europe/Zurich", "null": ["1900-01-01"]}"#;
        let source: crate::SourceSettings = serde_json::from_str(text).unwrap();
        let readings = Readings::default().with("day", &[(&source, ["day"].into())]).unwrap();
        let readings = readings.with("when", &[(&source, ["when"].into())]).unwrap().or_iso();
        let read = |column: &str, ty: ColumnType, value: &str| {
            let spec = ColumnSpec { name: column.into(), ..of_type(ty) };
            let row = json!({ column: value });
            let batch = coerce(&[row.as_object().unwrap().clone()], &[spec], &readings);
            batch
                .map(|batch| array_value_to_string(batch.column(0), 0).unwrap())
                .map_err(|problems| problems[0].reason.clone())
        };
        for value in ["03.11.2025", "2025-11-03"] {
            assert_eq!(read("day", ColumnType::Date, value).as_deref(), Ok("2025-11-03"), "{value}");
        }
        for value in ["03.11.2025 08:30", "2025-11-03T08:30:00", "2025-11-03T07:30:00Z"] {
            assert_eq!(read("when", ColumnType::Timestamp, value).as_deref(), Ok("2025-11-03T07:30:00Z"), "{value}");
        }
        assert_eq!(read("day", ColumnType::Date, "1900-01-01").as_deref(), Ok(""));
        let refused = read("day", ColumnType::Date, "11/03/2025").unwrap_err();
        let says = "is not written as `dates` says: expected `%d.%m.%Y`, as in `03.11.2025`, or ";
        assert!(refused.starts_with(says), "{refused}");
        assert!(read("day", ColumnType::Date, "31.02.2025").is_err());
    }

    #[test]
    fn every_row_that_does_not_fit_is_told_with_its_place_and_no_personal_value() {
        let problems =
            read(json!([{"id": 1}, {"id": "one"}, {"dealy": 3}, {"name": ["Ada"]}, {"delay": "NaN"}])).unwrap_err();
        let told: Vec<(usize, &str)> = problems.iter().map(|p| (p.index, p.column.as_str())).collect();
        assert_eq!(told, [(1, "id"), (2, "dealy"), (3, "name"), (4, "delay")]);
        assert!(problems[1].reason.contains("did you mean `delay`?"));
        assert_eq!(problems[2].value, "***");
        let problem = RowProblem::together(&problems);
        assert!(problem.to_string().contains("row 1: column `id`: `one` is not an integer"), "{problem}");
    }
}
