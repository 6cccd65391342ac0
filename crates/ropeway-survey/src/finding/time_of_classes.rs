//! `time-of-classes`: classes stand one after the other in time, so that a part of a split by it would have one class alone.

use super::label::LabelSurvey;
use super::{Code, Finding};
use crate::measure::Target;
use crate::seen::{Column, Seen, number};

/// The share of the rows that are held out, and the folds of the others, as a proposed project has them.
const HELD_OUT: f64 = 0.2;
const FOLDS: usize = 5;

/// What is to be said in place of a time to split by.
pub(super) fn find(seen: &Seen<'_>, time: &Finding, label: &LabelSurvey) -> Option<Finding> {
    let [name] = time.columns.as_slice() else { return None };
    let (column, own) = (seen.column(name)?, seen.column(&label.column)?);
    let Target::Classes(classes, names) = label.target(own, seen.first(own)) else { return None };
    let ordered = in_order(seen, column, &classes);
    let (part, class) = one_sided(&ordered, names.len() == 2)?;
    let what = format!(
        "{part} in the order of `{name}` are all `{}`: of a split by it a side would have one class alone",
        names.get(class).map_or("", String::as_str)
    );
    let decision = "no split by time: rows are parted otherwise, where the same classes are on all sides. Ask whether what comes \
                    later is the same kind of thing at all";
    Some(Finding::new(Code::TimeOfClasses, &[name], (ordered.len() as u64, seen.rows), what).decide(decision))
}

/// The classes of the rows that have both, by their time.
fn in_order(seen: &Seen<'_>, column: &Column<'_>, classes: &[Option<usize>]) -> Vec<usize> {
    let times = seen.first(column).iter().map(|cell| number(*cell));
    let mut both: Vec<(f64, usize)> = times.zip(classes).filter_map(|(time, class)| Some((time?, (*class)?))).collect();
    both.sort_by(|a, b| a.0.total_cmp(&b.0));
    both.into_iter().map(|(_, class)| class).collect()
}

/// The part that has one class alone, where it needs two: what the first fold learns from; of two classes all that judges, too.
fn one_sided(ordered: &[usize], binary: bool) -> Option<(String, usize)> {
    let alone = |rows: &[usize]| rows.first().copied().filter(|first| rows.iter().all(|class| class == first));
    let before = ordered.len() - (ordered.len() as f64 * HELD_OUT) as usize;
    let block = before / (FOLDS + 1);
    let first = before - FOLDS * block;
    let learned = alone(&ordered[..first]).map(|class| (format!("the first {first} rows"), class));
    let judged = || {
        let folds = (0..FOLDS).map(|fold| first + fold * block..first + (fold + 1) * block);
        let mut parts = folds.chain(std::iter::once(before..ordered.len())).filter(|_| binary);
        parts.find_map(|part| {
            alone(&ordered[part.clone()]).map(|class| (format!("the rows {} to {}", part.start + 1, part.end), class))
        })
    };
    learned.or_else(judged)
}

#[cfg(test)]
mod tests {
    use crate::Code;
    use crate::finding::surveyed::{dice, survey};

    #[test]
    fn classes_one_after_the_other_are_no_time_to_split_by() {
        let found = |class: &dyn Fn(u64) -> String| {
            let row =
                |row: u64| format!("2024-{:02}-{:02},{},{}", 1 + row / 28, 1 + row % 28, dice(row, 1) % 90, class(row));
            let rows: Vec<String> = (0..330).map(row).collect();
            let found = survey(&format!("day,x,kind\n{}\n", rows.join("\n")), Some("kind"));
            [Code::Time, Code::TimeOfClasses].map(|code| found.found(code).count())
        };
        assert_eq!(found(&|row| format!("Gen{}", row / 110)), [0, 1]);
        assert_eq!(found(&|row| format!("Gen{}", row / 290)), [0, 1], "of two classes one begins with the holdout");
        assert_eq!(found(&|row| format!("Gen{}", dice(row, 3) % 3)), [1, 0], "the control");
        assert_eq!(found(&|row| format!("Gen{}", dice(row, 3) % 2 + row / 200)), [1, 0], "a class that comes later");
    }
}
