//! Which rows are positive: from the label column's values, or as the user says.

use std::collections::BTreeMap;

use ropeway_vocab::{ColumnType, Problem, Result, nearest};
use serde::Serialize;

use super::identifier::{sql_name, sql_text};
use super::survey::{Column, Survey};
use crate::render::number::count;

/// Values of the label mentioned in a message.
const MENTIONED: usize = 6;
/// Words that say yes.
const AFFIRMATIVE: [&str; 7] = ["yes", "y", "true", "t", "positive", "pos", "1"];

/// Which values count as positive, where the user says so.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Nothing was said.
    Nothing,
    /// This value.
    Positive(String),
    /// Numbers above this one.
    Above(f64),
}

/// The label of the new project.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelChoice {
    /// The column.
    pub column: String,
    /// The SQL expression that is true for positives.
    pub sql: String,
    /// Positive rows, where they were counted.
    pub positives: Option<u64>,
    /// Negative rows, where they were counted.
    pub negatives: Option<u64>,
    /// Rows without a label: they stay among the examples and are not learned from.
    pub missing: u64,
    /// Why these are the positives.
    pub why: String,
}

/// Chooses the positives of the label column.
///
/// # Errors
/// No such column; no value; one value; more than two and nothing said; a wish that fits no value or type.
pub fn choose(survey: &Survey, name: &str, wish: &Wish) -> Result<LabelChoice> {
    let Some(column) = survey.column(name) else { return Err(unknown_column(survey, name)) };
    let counts = column.counts.as_ref();
    if column.missing == survey.kept() {
        return Err(Problem::invalid("label-missing", format!("the label `{name}` is missing in every row"))
            .remedy("name a column that has values, or join the label to the table first"));
    }
    match (wish, counts) {
        (Wish::Above(bound), _) => above(column, *bound),
        (Wish::Positive(value), Some(counts)) => positive(column, counts, value),
        (Wish::Nothing, Some(counts)) if counts.len() == 1 => Err(one_value(column, counts)),
        (Wish::Nothing, Some(counts)) if counts.len() == 2 => Ok(of_two(column, counts)),
        (Wish::Positive(value), None) => Err(Problem::invalid(
            "label-values",
            format!("the label `{name}` has more than 10,000 different values; `{value}` was not looked for"),
        )
        .remedy("use --above NUMBER, or make a column of two values first")),
        (Wish::Nothing, _) => Err(many_values(column)),
    }
}

fn unknown_column(survey: &Survey, name: &str) -> Problem {
    let names = survey.columns.iter().map(|column| column.name.as_str());
    let problem = Problem::invalid("unknown-column", format!("the file has no column `{name}`"));
    match nearest(name, names.clone()) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None => problem.remedy(format!("its columns are {}", names.collect::<Vec<_>>().join(", "))),
    }
}

fn one_value(column: &Column, counts: &BTreeMap<String, u64>) -> Problem {
    let value = counts.keys().next().map(String::as_str).unwrap_or_default();
    Problem::invalid("label-one-class", format!("the label `{}` is `{value}` in every row that has one", column.name))
        .remedy("both outcomes are needed to learn from; check the file, or choose another column")
}

fn many_values(column: &Column) -> Problem {
    let name = &column.name;
    let what = format!(
        "the label `{name}` has {} different values, and two are needed{}",
        count(column.distinct),
        most_frequent(column)
    );
    let problem = Problem::invalid("label-many-values", what);
    if matches!(column.ty, ColumnType::Integer | ColumnType::Float) {
        let example = median(column).map_or_else(|| "NUMBER".to_owned(), |median| median.to_string());
        return problem.remedy(format!(
            "say which numbers count as positive, for example `--above {example}` (or `--positive VALUE` for one \
             value); predicting the number itself follows later"
        ));
    }
    let value = column.counts.as_ref().and_then(|counts| {
        let yes = counts.keys().find(|value| AFFIRMATIVE.contains(&value.to_lowercase().as_str()));
        yes.cloned().or_else(|| rarest(counts))
    });
    let value = value.unwrap_or_else(|| "VALUE".into());
    problem.remedy(format!(
        "say which value counts as positive, all others being negative, for example `--positive {}`; several classes \
         at once follow later",
        quoted_for_shell(&value)
    ))
}

/// The values with their counts, most frequent first; empty where they were not counted.
fn most_frequent(column: &Column) -> String {
    let Some(counts) = &column.counts else { return String::new() };
    let mut all: Vec<(&String, &u64)> = counts.iter().collect();
    all.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let mut shown: Vec<String> =
        all.iter().take(MENTIONED).map(|(value, rows)| format!("`{value}` ({})", count(**rows))).collect();
    if all.len() > shown.len() {
        shown.push(format!("{} more", count((all.len() - shown.len()) as u64)));
    }
    format!(": {}", shown.join(", "))
}

/// The smallest value that half of the rows do not exceed, weighted by count.
fn median(column: &Column) -> Option<f64> {
    let Some(counts) = &column.counts else { return column.median };
    let mut numbers: Vec<(f64, u64)> =
        counts.iter().filter_map(|(value, count)| Some((value.parse().ok()?, *count))).collect();
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = numbers.iter().map(|(_, count)| count).sum::<u64>() / 2;
    let mut seen = 0;
    numbers.into_iter().find_map(|(number, count)| {
        seen += count;
        (seen > half && number.is_finite()).then_some(number)
    })
}

fn rarest(counts: &BTreeMap<String, u64>) -> Option<String> {
    counts.iter().min_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(value, _)| value.clone())
}

fn quoted_for_shell(value: &str) -> String {
    let bare = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if bare { value.to_owned() } else { format!("'{}'", value.replace('\'', "'\\''")) }
}

fn above(column: &Column, bound: f64) -> Result<LabelChoice> {
    if !matches!(column.ty, ColumnType::Integer | ColumnType::Float) || !bound.is_finite() {
        return Err(Problem::invalid(
            "label-type",
            format!("`--above` needs numbers, and `{}` is {}", column.name, column.ty),
        )
        .remedy("use `--positive VALUE`"));
    }
    let split = column.counts.as_ref().map(|counts| {
        counts.iter().fold((0, 0), |(over, under), (value, count)| match value.parse::<f64>() {
            Ok(number) if number > bound => (over + count, under),
            Ok(number) if number <= bound => (over, under + count),
            _ => (over, under),
        })
    });
    if let Some((positives, negatives)) = split
        && (positives == 0 || negatives == 0)
    {
        let side = if positives == 0 { "no" } else { "every" };
        return Err(Problem::invalid("label-one-class", format!("{side} row has a `{}` above {bound}", column.name))
            .remedy("choose a bound that parts the rows"));
    }
    Ok(LabelChoice {
        column: column.name.clone(),
        sql: format!("{} > {bound}", sql_name(&column.called)),
        positives: split.map(|(positives, _)| positives),
        negatives: split.map(|(_, negatives)| negatives),
        missing: column.missing,
        why: format!("numbers above {bound} count as positive, as asked"),
    })
}

fn positive(column: &Column, counts: &BTreeMap<String, u64>, value: &str) -> Result<LabelChoice> {
    let found = counts.keys().find(|known| *known == value || same_number(known, value));
    let Some(found) = found else {
        let what = format!("the label `{}` is never `{value}`{}", column.name, most_frequent(column));
        let problem = Problem::invalid("unknown-value", what);
        return Err(match nearest(value, counts.keys().map(String::as_str)) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy("choose one of its values"),
        });
    };
    if counts.len() == 1 {
        return Err(one_value(column, counts));
    }
    Ok(choice(column, counts, found, format!("`{found}` counts as positive, as asked; every other value is negative")))
}

fn same_number(a: &str, b: &str) -> bool {
    matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

fn of_two(column: &Column, counts: &BTreeMap<String, u64>) -> LabelChoice {
    let values: Vec<&String> = counts.keys().collect();
    let affirmative: Vec<&&String> =
        values.iter().filter(|value| AFFIRMATIVE.contains(&value.to_lowercase().as_str())).collect();
    let numbers: Vec<Option<f64>> = values.iter().map(|value| value.parse().ok()).collect();
    let (value, why) = match (affirmative.as_slice(), numbers.as_slice()) {
        (_, [Some(a), Some(b)]) if column.ty != ColumnType::Text => {
            let larger = if a >= b { values[0] } else { values[1] };
            (larger.clone(), format!("{larger}, the larger number, counts as positive"))
        }
        ([only], _) => ((**only).clone(), format!("`{only}` counts as positive, because it says yes")),
        _ => {
            let rare = rarest(counts).unwrap_or_default();
            let why =
                format!("`{rare}` counts as positive, because it is the rarer value (`--positive VALUE` chooses)");
            (rare, why)
        }
    };
    choice(column, counts, &value, why)
}

fn choice(column: &Column, counts: &BTreeMap<String, u64>, value: &str, why: String) -> LabelChoice {
    let name = sql_name(&column.called);
    let sql = match column.ty {
        ColumnType::Boolean if value == "true" => name,
        ColumnType::Boolean => format!("NOT {name}"),
        ColumnType::Integer | ColumnType::Float => format!("{name} = {value}"),
        ColumnType::Text => format!("{name} = {}", sql_text(value)),
        ColumnType::Date => format!("{name} = DATE {}", sql_text(value)),
        ColumnType::Timestamp => format!("{name} = TIMESTAMP {}", sql_text(value)),
    };
    let positives = counts.get(value).copied().unwrap_or_default();
    let negatives = counts.values().sum::<u64>().saturating_sub(positives);
    LabelChoice {
        column: column.name.clone(),
        sql,
        positives: Some(positives),
        negatives: Some(negatives),
        missing: column.missing,
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropeway_source::SourceSettings;

    fn survey(ty: ColumnType, counts: &[(&str, u64)]) -> Survey {
        let counts: BTreeMap<String, u64> = counts.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect();
        let rows = counts.values().sum();
        let column = Column {
            name: "Class".into(),
            called: "Class".into(),
            ty,
            missing: 0,
            distinct: counts.len() as u64,
            counts: Some(counts),
            median: None,
        };
        Survey {
            settings: SourceSettings::of_file("x.csv"),
            columns: vec![column],
            but_for: BTreeMap::new(),
            rows,
            rejected: 0,
            notes: vec![],
        }
    }

    #[test]
    fn two_values_need_no_question() {
        let check = |ty, counts: &[(&str, u64)], sql: &str| {
            assert_eq!(choose(&survey(ty, counts), "Class", &Wish::Nothing).unwrap().sql, sql);
        };
        check(ColumnType::Text, &[("bad", 5), ("good", 95)], "\"Class\" = 'bad'");
        check(ColumnType::Text, &[("no", 5), ("Yes", 95)], "\"Class\" = 'Yes'");
        check(ColumnType::Integer, &[("0", 5), ("1", 95)], "\"Class\" = 1");
        check(ColumnType::Float, &[("1.0", 5), ("2.0", 95)], "\"Class\" = 2.0");
        check(ColumnType::Boolean, &[("false", 5), ("true", 95)], "\"Class\"");
    }

    #[test]
    fn more_values_are_explained_with_the_flag_that_helps() {
        let numbers = survey(ColumnType::Integer, &[("1", 10), ("7", 10), ("30", 1)]);
        let problem = choose(&numbers, "Class", &Wish::Nothing).unwrap_err();
        assert!(problem.what().contains("3 different values"), "{problem}");
        assert!(problem.advice().unwrap().contains("--above 7"), "{problem}");
        assert_eq!(choose(&numbers, "Class", &Wish::Above(7.0)).unwrap().positives, Some(1));
        assert_eq!(choose(&numbers, "Class", &Wish::Positive("7".into())).unwrap().negatives, Some(11));
        assert_eq!(choose(&numbers, "Class", &Wish::Above(99.0)).unwrap_err().code(), "label-one-class");
        let words = survey(ColumnType::Text, &[("tropical storm", 10), ("hurricane", 10), ("low", 2)]);
        let problem = choose(&words, "Class", &Wish::Nothing).unwrap_err();
        assert!(problem.advice().unwrap().contains("--positive low"), "{problem}");
        let problem = choose(&words, "Class", &Wish::Positive("huricane".into())).unwrap_err();
        assert!(problem.advice().unwrap().contains("`hurricane`"), "{problem}");
    }

    #[test]
    fn no_class_one_class_and_no_column_are_refused() {
        let one = survey(ColumnType::Text, &[("a", 3)]);
        assert_eq!(choose(&one, "Class", &Wish::Nothing).unwrap_err().code(), "label-one-class");
        assert!(choose(&one, "Clas", &Wish::Nothing).unwrap_err().advice().unwrap().contains("`Class`"));
        let mut none = survey(ColumnType::Text, &[]);
        none.columns[0].missing = 4;
        none.rows = 4;
        assert_eq!(choose(&none, "Class", &Wish::Nothing).unwrap_err().code(), "label-missing");
    }
}
