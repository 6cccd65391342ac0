//! The task that the values of a label make, and what cannot be learned.

use ropeway_source::{Blanks, Case, TextSpelling, boolean_word};
use ropeway_stat::ValueCount;
use ropeway_vocab::{ColumnType, Problem, Result, nearest};

use super::super::{entity, sentinel, words};
use super::{HeavyTails, LabelSurvey, RARE, Task, classes, is_text};
use super::{heavy, skewed};
use crate::seen::Column;
use crate::survey::Wish;

/// Classes that a label may have.
const MOST_CLASSES: u64 = 100;
/// Whole numbers of so few different values may be codes.
const FEW_NUMBERS: u64 = 12;
/// Values of the label mentioned in a message.
const MENTIONED: usize = 6;

/// The label that a column makes; `drawn` are its cells in rows from everywhere.
pub(super) fn of(column: &Column<'_>, drawn: &[u64], wish: Wish<'_>) -> Result<LabelSurvey> {
    learnable(column, wish)?;
    let classes: Vec<ValueCount> = classes(column).into_iter().filter(|class| !is_gap(column, class)).collect();
    let (task, task_why) = match wish {
        Wish::Positive(_) => (Task::Binary, "one value is asked for".into()),
        Wish::Above(_) => (Task::Binary, "a bound is asked for".into()),
        Wish::Task(task) => wished(column, task, &classes)?,
        Wish::Nothing => task(column, &classes)?,
    };
    let numbers = if task == Task::Regression { heavy::values(column, drawn) } else { Vec::new() };
    let mut label = LabelSurvey {
        column: column.name.to_owned(),
        named: true,
        why: String::new(),
        runners_up: Vec::new(),
        task,
        task_why,
        classes: if task == Task::Regression { Vec::new() } else { classes },
        above: None,
        positive: None,
        positive_why: String::new(),
        heavy_tails: if task == Task::Regression { heavy::of(column, &numbers) } else { None },
        skewed: if task == Task::Regression { skewed::of(column, &numbers) } else { None },
        metric: String::new(),
        metric_why: String::new(),
        missing: column.missing,
    };
    match (task, wish) {
        (_, Wish::Positive(value)) => {
            (label.positive, label.positive_why) = (Some(asked(&label, value)?), "asked for".to_owned());
        }
        (_, Wish::Above(bound)) => above(&mut label, column, bound)?,
        (Task::Binary, _) => {
            let (value, why) = positive_of(column, &label.classes);
            (label.positive, label.positive_why) = (Some(value), why);
        }
        (Task::Multiclass | Task::Regression, _) => {}
    }
    (label.metric, label.metric_why) = metric(&label);
    Ok(label)
}

/// Two classes of numbers: those above a bound, and the others.
fn above(label: &mut LabelSurvey, column: &Column<'_>, bound: f64) -> Result<()> {
    if !column.is_number() || !bound.is_finite() {
        let what = format!("`--above` needs numbers, and `{}` is {}", column.name, column.ty);
        return Err(Problem::invalid("label-type", what).remedy("use `--positive VALUE`"));
    }
    let sides = |above: bool| {
        let rows = column.numbers().iter().filter(|(x, ..)| if above { *x > bound } else { *x <= bound });
        rows.map(|(.., rows)| rows).sum::<u64>()
    };
    let mut sides = [("above", sides(true)), ("below", sides(false))];
    if column.exact && sides.iter().any(|(_, rows)| *rows == 0) {
        let side = if sides[0].1 == 0 { "no" } else { "every" };
        return Err(Problem::invalid("label-one-class", format!("{side} row has a `{}` above {bound}", column.name))
            .remedy("choose a bound that parts the rows"));
    }
    sides.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let class = |(side, count): (&str, u64)| ValueCount { value: side.to_owned(), count };
    label.classes = if column.exact { sides.map(class).to_vec() } else { Vec::new() };
    (label.above, label.positive, label.positive_why) = (Some(bound), Some("above".into()), "asked for".into());
    Ok(())
}

/// A task that is asked for, where the values can bear it.
fn wished(column: &Column<'_>, task: Task, classes: &[ValueCount]) -> Result<(Task, String)> {
    let refuse = |what: String, remedy: &str| Err(Problem::invalid("label-task", what).remedy(remedy));
    let (name, many) = (column.name, classes.len());
    match task {
        Task::Binary if many != 2 || !column.exact => {
            let what = format!("the label `{name}` has {} different values, and a binary one has two", column.distinct);
            refuse(what, "say which are positive: `--positive VALUE` or `--above NUMBER`")
        }
        Task::Multiclass if many as u64 > MOST_CLASSES || !column.exact => {
            let what = format!(
                "the label `{name}` has {} different values, and up to {MOST_CLASSES} classes can be learned",
                column.distinct
            );
            refuse(what, "bring its values together in the table's SQL, or take it as numbers")
        }
        Task::Regression if !column.is_number() => refuse(
            format!("the label `{name}` is {}, and a number is needed", column.ty),
            "read it as numbers (`types` of the source) first",
        ),
        task => Ok((task, "asked for".into())),
    }
}

/// Refuses what nobody can learn.
fn learnable(column: &Column<'_>, wish: Wish<'_>) -> Result<()> {
    let Column { name, ty, .. } = *column;
    let refuse = |code, what: String, remedy: &str| Err(Problem::invalid(code, what).remedy(remedy));
    if column.present() == 0 {
        let what = format!("the label `{name}` is missing in every row");
        return refuse("label-missing", what, "name a column that has values, or join the label to the table first");
    }
    if column.is_time() {
        let what = format!("the label `{name}` is a {ty}, and a class or a number is needed");
        let remedy = "compute what is to be predicted in the table's SQL first: a number of days, or whether it comes within some";
        return refuse("label-time", what, remedy);
    }
    if column.distinct == 1 {
        let value = classes(column).first().map(|class| class.value.clone()).unwrap_or_default();
        let what = format!("the label `{name}` is `{value}` in every row that has one");
        return refuse(
            "label-one-class",
            what,
            "both outcomes are needed to learn from; check the file, or choose another column",
        );
    }
    if matches!(wish, Wish::Positive(_) | Wish::Above(_)) {
        return Ok(());
    }
    let each = column.exact && column.distinct == column.present() || column.unique();
    if each && column.distinct > 2 && ty != ColumnType::Float && (is_text(column) || entity::names_identifier(name)) {
        let what = format!("the label `{name}` has a value of its own in each of {} rows", column.present());
        return refuse("label-unique", what, "it identifies rows; choose a column whose values come back");
    }
    if is_text(column)
        && (column.distinct > MOST_CLASSES
            || !column.exact
            || column.distinct * 2 > column.present() && column.distinct > 10)
    {
        let what = format!(
            "the label `{name}` has {} different texts, and up to {MOST_CLASSES} classes can be learned",
            column.distinct
        );
        return refuse("label-text", what, "bring its values together in the table's SQL, or choose another column");
    }
    Ok(())
}

/// Whether a value of a text label is no class.
fn is_gap(column: &Column<'_>, class: &ValueCount) -> bool {
    is_text(column) && sentinel::left(column).iter().any(|gap| gap.value == class.value)
}

fn task(column: &Column<'_>, classes: &[ValueCount]) -> Result<(Task, String)> {
    let name = column.name;
    match (column.ty, classes.len()) {
        (_, 0 | 1) => Err(Problem::invalid(
            "label-one-class",
            format!("the label `{name}` has one class beside spellings of a missing one"),
        )
        .remedy("both outcomes are needed to learn from")),
        (_, 2) if column.exact => Ok((Task::Binary, "two different values".into())),
        (ColumnType::Text, many) => Ok((Task::Multiclass, format!("{many} different texts"))),
        (ColumnType::Integer, many) if column.exact && many as u64 <= FEW_NUMBERS => Ok(few_numbers(column, classes)),
        (ColumnType::Integer, many) if column.exact && many as u64 <= MOST_CLASSES && says_code(name) => {
            Ok((Task::Multiclass, format!("{many} whole numbers that are called codes")))
        }
        _ => Ok((Task::Regression, format!("{} different numbers", column.distinct))),
    }
}

fn says_code(name: &str) -> bool {
    const CODES: [&str; 13] = [
        "class", "type", "code", "category", "cat", "status", "label", "cluster", "species", "segment", "digit", "id",
        "state",
    ];
    words::has(name, &CODES)
}

/// Counts are told from codes: by what the column is called, else by how its numbers lie and how often each comes.
fn few_numbers(column: &Column<'_>, classes: &[ValueCount]) -> (Task, String) {
    const COUNTS: [&str; 20] = [
        "count", "counts", "number", "num", "n", "qty", "quantity", "total", "age", "year", "years", "days", "hours",
        "rating", "score", "stars", "quality", "size", "visits", "children",
    ];
    let many = classes.len();
    if says_code(column.name) {
        return (
            Task::Multiclass,
            format!("{many} whole numbers that are called codes; `--task regression` takes them as numbers"),
        );
    }
    if words::has(column.name, &COUNTS) {
        return (
            Task::Regression,
            format!(
                "{many} whole numbers that are called a count or a grade; `--task multiclass` takes each as a class"
            ),
        );
    }
    let numbers = column.numbers();
    let steps = numbers.windows(2).all(|pair| pair[1].0 - pair[0].0 == 1.0);
    let peak = numbers.iter().enumerate().max_by_key(|(_, (.., rows))| *rows).map_or(0, |(at, _)| at);
    let falls = numbers[..=peak].windows(2).all(|pair| pair[0].2 <= pair[1].2)
        && numbers[peak..].windows(2).all(|pair| pair[0].2 >= pair[1].2);
    if steps && falls && many >= 4 {
        let why = "whole numbers in steps of one, rarer with the distance from the most frequent, as counts are; `--task multiclass` takes each as a class";
        return (Task::Regression, why.into());
    }
    (
        Task::Multiclass,
        format!("{many} whole numbers that do not lie as counts do; `--task regression` takes them as numbers"),
    )
}

fn positive_of(column: &Column<'_>, classes: &[ValueCount]) -> (String, String) {
    const BAD: [&str; 24] = [
        "bad",
        "churn",
        "churned",
        "default",
        "defaulted",
        "fraud",
        "late",
        "failed",
        "fail",
        "failure",
        "lost",
        "dead",
        "died",
        "sick",
        "disease",
        "malignant",
        "abnormal",
        "spam",
        "click",
        "clicked",
        "bought",
        "converted",
        "won",
        "cancelled",
    ];
    let (first, second) = (&classes[0], &classes[1]);
    if column.is_number() {
        let number = |class: &ValueCount| class.value.parse::<f64>().unwrap_or(0.0);
        let larger = if number(first) >= number(second) { first } else { second };
        return (larger.value.clone(), "the larger number".into());
    }
    if let Some(yes) = says_yes(first, second) {
        return (yes.value.clone(), "it says yes".into());
    }
    let sought: Vec<&ValueCount> =
        classes.iter().filter(|class| BAD.contains(&class.value.trim().to_lowercase().as_str())).collect();
    match sought.as_slice() {
        [only] => (only.value.clone(), "what people look for".into()),
        _ => (second.value.clone(), "the rarer value; `--positive VALUE` chooses".into()),
    }
}

/// The one of two words that means yes where the other one means no.
fn says_yes<'a>(first: &'a ValueCount, second: &'a ValueCount) -> Option<&'a ValueCount> {
    let means = |value: &str| match value.trim().to_lowercase().as_str() {
        "positive" | "pos" => Some(true),
        "negative" | "neg" => Some(false),
        word => boolean_word(word),
    };
    match (means(&first.value)?, means(&second.value)?) {
        (true, false) => Some(first),
        (false, true) => Some(second),
        _ => None,
    }
}

fn asked(label: &LabelSurvey, value: &str) -> Result<String> {
    let same = |known: &str| {
        // A file may write its booleans in words of its own.
        let booleans = matches!((boolean_word(known), boolean_word(value)), (Some(a), Some(b)) if a == b);
        let united = TextSpelling { blanks: Some(Blanks::Trim), case: Some(Case::Lower) };
        let spelled = united.read(known) == united.read(value);
        booleans || spelled || matches!((known.parse::<f64>(), value.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
    };
    let found = label.classes.iter().find(|class| class.value == value);
    if let Some(found) = found.or_else(|| label.classes.iter().find(|class| same(&class.value))) {
        return Ok(found.value.clone());
    }
    let problem = Problem::invalid(
        "unknown-value",
        format!("the label `{}` is never `{value}`{}", label.column, mentioned(label)),
    );
    Err(match nearest(value, label.classes.iter().map(|class| class.value.as_str())) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None => problem.remedy("choose one of its values"),
    })
}

fn mentioned(label: &LabelSurvey) -> String {
    let shown: Vec<String> =
        label.classes.iter().take(MENTIONED).map(|class| format!("`{}` ({})", class.value, class.count)).collect();
    format!(": {}", shown.join(", "))
}

fn metric(label: &LabelSurvey) -> (String, String) {
    match (label.task, label.rarest()) {
        (Task::Binary, Some((class, share))) if share < RARE => (
            "average_precision".into(),
            format!("`{}` has {:.1}% of the rows: what counts is to find them", class.value, 100.0 * share),
        ),
        (Task::Binary, _) => ("roc_auc".into(), "both classes have their share of the rows".into()),
        (Task::Multiclass, _) => ("log_loss".into(), "it judges the probability of every class".into()),
        (Task::Regression, _) => match &label.heavy_tails {
            Some(HeavyTails { min, max, share, alone, .. }) => (
                "mae".into(),
                format!(
                    "{} {:.0}% of the squared deviation and would decide the rmse; in absolute \
                     errors all rows count",
                    alone.map_or_else(
                        || format!("two rows, of {min} and {max}, hold"),
                        |value| format!("one row, of {value}, holds")
                    ),
                    100.0 * share
                ),
            ),
            None => ("rmse".into(), "it is in the unit of the label, and large errors count most".into()),
        },
    }
}
