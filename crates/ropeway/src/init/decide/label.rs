//! The label in the words of SQL.

use ropeway_learn::{least_of_class, least_rows};
use ropeway_survey::{FEW, LabelSurvey, Survey, Task};
use ropeway_vocab::{ColumnType, Problem, Result};
use serde::Serialize;

use crate::init::look::Looked;
use crate::init::quoted::{sql_name, sql_text};

/// Folds that are written, but for very large tables.
pub const FOLDS: usize = 5;

/// The label of the new project.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelChoice {
    /// The column.
    pub column: String,
    /// What kind of task it is.
    pub task: Task,
    /// The SQL expression of the label.
    pub sql: String,
    /// Positive rows, where they were counted.
    pub positives: Option<u64>,
    /// Negative rows, where they were counted.
    pub negatives: Option<u64>,
    /// Rows without a label: they stay among the examples and are not learned from.
    pub missing: u64,
    /// Why it is taken so.
    pub why: String,
}

/// The label as the survey has it.
pub fn choose(looked: &Looked, label: &LabelSurvey) -> LabelChoice {
    let name = sql_name(looked.called(&label.column));
    let ty = looked.survey.column(&label.column).map_or(ColumnType::Text, |column| column.ty);
    let positive = label.positive.as_deref().unwrap_or_default();
    let sql = match (label.above, label.task) {
        (Some(bound), _) => format!("{name} > {bound}"),
        (None, Task::Binary) => equals(&name, ty, positive),
        (None, Task::Multiclass) => without_rare(&name, ty, label),
        (None, Task::Regression) => name,
    };
    let all: u64 = label.classes.iter().map(|class| class.count).sum();
    let side = if label.above.is_some() { "above" } else { positive };
    let positives = label.classes.iter().find(|class| class.value == side).map(|class| class.count);
    let positives = positives.filter(|_| label.task == Task::Binary);
    let proposed = if label.named { String::new() } else { format!("proposed, since {}; ", label.why) };
    let why = match (label.above, label.task) {
        (Some(bound), _) => format!("numbers above {bound} count as positive, as asked"),
        (None, Task::Binary) => format!("`{positive}` counts as positive: {}", label.positive_why),
        (None, task) => format!("{}: {}", task.name(), label.task_why),
    };
    LabelChoice {
        column: label.column.clone(),
        task: label.task,
        sql,
        positives,
        negatives: positives.map(|positives| all - positives),
        missing: label.missing,
        why: format!("{proposed}{why}"),
    }
}

/// Refuses a label of which too few rows are there for the split that `init` writes: no run could end.
///
/// # Errors
/// Fewer rows, or fewer of a class, than a holdout and the folds need.
pub fn enough(survey: &Survey, label: &LabelSurvey, choice: &LabelChoice) -> Result<()> {
    let name = &label.column;
    let refuse = |what: String, remedy: &str| Err(Problem::invalid("label-few", what).remedy(remedy));
    if !survey.whole {
        return Ok(());
    }
    let (rows, least) = (survey.rows.saturating_sub(label.missing), least_rows(FOLDS) as u64);
    if rows < least {
        let what =
            format!("{rows} rows have the label `{name}`, and a holdout and {FOLDS} folds need at least {least}");
        return refuse(what, "collect more rows, or name a column that more rows have");
    }
    let least = least_of_class(FOLDS) as u64;
    if let (Some(positives), Some(negatives)) = (choice.positives, choice.negatives)
        && positives.min(negatives) < least
    {
        let (few, class) = if positives <= negatives { (positives, "positive") } else { (negatives, "negative") };
        let what = format!(
            "{few} of {rows} rows {} {class} by the label `{name}` ({}), and at least {least} are needed: one for the holdout, and \
             one for each of {FOLDS} folds",
            if few == 1 { "is" } else { "are" },
            choice.why
        );
        return refuse(what, "collect more such rows, or choose another label");
    }
    let left = label.classes.len() - label.too_rare().len();
    if label.task == Task::Multiclass && !label.classes.is_empty() && left < 2 {
        let what = format!(
            "{left} of {} classes of the label `{name}` have {FEW} rows, and two are needed",
            label.classes.len()
        );
        return refuse(what, "collect more rows, or bring its values together in the table's SQL first");
    }
    Ok(())
}

fn equals(name: &str, ty: ColumnType, value: &str) -> String {
    match ty {
        ColumnType::Boolean if value == "true" => name.to_owned(),
        ColumnType::Boolean => format!("NOT {name}"),
        _ => format!("{name} = {}", literal(ty, value)),
    }
}

/// A value of a column in SQL.
pub fn literal(ty: ColumnType, value: &str) -> String {
    match ty {
        ColumnType::Boolean | ColumnType::Integer | ColumnType::Float => value.to_owned(),
        ColumnType::Text => sql_text(value),
        ColumnType::Date => format!("DATE {}", sql_text(value)),
        ColumnType::Timestamp => format!("TIMESTAMP {}", sql_text(value)),
    }
}

/// Classes of too few rows are no label: no part of the rows but one would have them.
fn without_rare(name: &str, ty: ColumnType, label: &LabelSurvey) -> String {
    let rare: Vec<String> = label.too_rare().iter().map(|class| literal(ty, &class.value)).collect();
    if rare.is_empty() {
        name.to_owned()
    } else {
        format!("CASE WHEN {name} NOT IN ({}) THEN {name} END", rare.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_as_its_type_asks() {
        assert_eq!(equals("x", ColumnType::Text, "it's"), "x = 'it''s'");
        assert_eq!(equals("x", ColumnType::Float, "2"), "x = 2");
        assert_eq!(equals("x", ColumnType::Boolean, "false"), "NOT x");
        assert_eq!(equals("x", ColumnType::Date, "2024-01-01"), "x = DATE '2024-01-01'");
    }
}
