//! Which column could be the label: by its name, its place and its values.

use super::super::{entity, words};
use super::{Candidate, LabelSurvey, Task, task};
use crate::seen::{Column, Seen};
use crate::survey::Wish;

/// Runners-up that are told.
const TOLD: usize = 3;
/// Points from which a column is proposed.
const ENOUGH: i32 = 2;

/// The label that is proposed.
pub(super) fn propose(seen: &Seen<'_>) -> Option<LabelSurvey> {
    let mut all: Vec<(i32, LabelSurvey)> = Vec::new();
    for column in &seen.columns {
        if entity::names_identifier(column.name) || column.missing * 2 > column.rows || column.unique() {
            continue;
        }
        let Ok(label) = task::of(column, seen.spread(column), Wish::Nothing) else { continue };
        // One row of a class is no label that anybody keeps; who means it names it.
        if label.task == Task::Binary && label.classes.iter().any(|class| class.count < 2) {
            continue;
        }
        let (points, why) = points(column, &label, seen);
        if points > 0 {
            all.push((points, LabelSurvey { named: false, why, ..label }));
        }
    }
    // Of equal points, the later column: labels tend to stand at the end.
    all.sort_by_key(|(points, _)| -points);
    let best = all.iter().map(|(points, _)| *points).max().filter(|points| *points >= ENOUGH)?;
    let at = all.iter().rposition(|(points, _)| *points == best)?;
    let mut label = all.remove(at).1;
    label.runners_up =
        all.into_iter().take(TOLD).map(|(_, other)| Candidate { column: other.column, why: other.why }).collect();
    Some(label)
}

/// What speaks for a column.
fn points(column: &Column<'_>, label: &LabelSurvey, seen: &Seen<'_>) -> (i32, String) {
    let Some((mut points, called)) = by_name(column, seen) else { return (0, String::new()) };
    let mut why = vec![called];
    let mut speak = |more: i32, what: &'static str| {
        points += more;
        why.push(what);
    };
    if column.index + 1 == seen.columns.len() {
        speak(2, "it stands last");
    } else if column.index == 0 && label.task != Task::Regression {
        speak(1, "it stands first");
    }
    if label.task == Task::Binary {
        speak(2, "it has two values");
    }
    why.retain(|what| !what.is_empty());
    (points, why.join(", "))
}

/// What its name says: fully where it is one word, less where it ends in it, as `ct_result` does; none where labels are not
/// called so.
fn by_name(column: &Column<'_>, seen: &Seen<'_>) -> Option<(i32, &'static str)> {
    const LABELS: [&str; 22] = [
        "label",
        "target",
        "y",
        "class",
        "outcome",
        "churn",
        "churned",
        "default",
        "defaulted",
        "fraud",
        "survived",
        "converted",
        "bought",
        "won",
        "readmitted",
        "approved",
        "response",
        "diagnosis",
        "clicked",
        "cancelled",
        "died",
        "attrition",
    ];
    const OFTEN: [&str; 14] = [
        "status", "result", "price", "score", "delay", "late", "amount", "volume", "sales", "revenue", "quality",
        "rating", "cost", "value",
    ];
    const NEVER: [&str; 14] = [
        "split",
        "fold",
        "partition",
        "set",
        "lat",
        "latitude",
        "lon",
        "long",
        "longitude",
        "x",
        "z",
        "date",
        "time",
        "weight",
    ];
    let own = words::words(column.name);
    let last = own.last().map_or("", String::as_str);
    // Beside an `x`, a `y` is a place.
    if NEVER.contains(&last) || last == "y" && seen.columns.iter().any(|other| words::has(other.name, &["x"])) {
        return None;
    }
    Some(match (LABELS.contains(&last), OFTEN.contains(&last), own.len()) {
        (true, _, 1) => (5, "it is called as labels are"),
        (_, true, 1) => (4, "it is called as many labels are"),
        (_, true, _) => (3, "its name ends as those of many labels do"),
        (true, ..) => (2, "its name ends as those of labels do"),
        _ => (0, ""),
    })
}
