//! The label: the column to predict, what kind of task its values make, and what follows from that.

mod heavy;
mod propose;
mod skewed;
mod task;

use std::collections::HashMap;

pub use heavy::HeavyTails;
pub use ropeway_learn::Task;
use ropeway_stat::ValueCount;
use ropeway_vocab::{ColumnType, Problem, Result, nearest};
use serde::{Deserialize, Serialize};
pub use skewed::Skewed;

use super::{Code, Finding};
use crate::column::show;
use crate::measure::Target;
use crate::seen::{Column, Kept, Seen, cell_of, number};
use crate::survey::Ask;

/// A column that could be the label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The column.
    pub column: String,
    /// What speaks for it.
    pub why: String,
}

/// The label of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelSurvey {
    /// The column.
    pub column: String,
    /// Whether it was named; else it is proposed.
    pub named: bool,
    /// Why it is proposed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What else could be the label, the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runners_up: Vec<Candidate>,
    /// The kind of task.
    pub task: Task,
    /// Why it is of that kind.
    pub task_why: String,
    /// The classes, the most frequent first; none of numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ValueCount>,
    /// Numbers above this one are one class, the others the other one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// The class that counts as positive, of two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positive: Option<String>,
    /// Why that one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub positive_why: String,
    /// Where a few rows decide what a squared error comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heavy_tails: Option<HeavyTails>,
    /// Where logarithms of the label lie more evenly than it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skewed: Option<Skewed>,
    /// The metric that fits.
    pub metric: String,
    /// Why that one.
    pub metric_why: String,
    /// Rows without a label: they are not learned from.
    pub missing: u64,
}

/// The rows that a class needs, so that each of five folds and the holdout can have one.
pub const FEW: u64 = 10;
/// The share of rows from which the rarer of two classes is not rare.
const RARE: f64 = 0.2;

/// The label that is asked for, or the one that is proposed; none where no column could be it.
///
/// # Errors
/// The column that is asked for is not there, or nothing can be learned from its values.
pub(crate) fn label(seen: &Seen<'_>, ask: &Ask<'_>) -> Result<Option<LabelSurvey>> {
    let Some(name) = ask.label else { return Ok(propose::propose(seen)) };
    let Some(column) = seen.column(name) else {
        let names = || seen.columns.iter().map(|column| column.name);
        let problem = Problem::invalid("unknown-column", format!("the file has no column `{name}`"));
        return Err(match nearest(name, names()) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy(format!("its columns are {}", names().collect::<Vec<_>>().join(", "))),
        });
    };
    task::of(column, seen.spread(column), ask.wish).map(Some)
}

impl LabelSurvey {
    /// Its rarest class with its share of the rows that have a label.
    pub fn rarest(&self) -> Option<(&ValueCount, f64)> {
        let all: u64 = self.classes.iter().map(|class| class.count).sum();
        let positive =
            self.classes.iter().find(|class| self.classes.len() > 2 && self.positive.as_ref() == Some(&class.value));
        positive.or(self.classes.last()).map(|class| (class, class.count as f64 / all.max(1) as f64))
    }

    /// Classes of too few rows to stand in every part.
    pub fn too_rare(&self) -> Vec<&ValueCount> {
        let rare = self.classes.iter().filter(|class| class.count < FEW);
        if self.task == Task::Multiclass { rare.collect() } else { Vec::new() }
    }

    /// What is to be known of it.
    pub(super) fn findings(&self, rows: u64) -> Vec<Finding> {
        let mut found = Vec::new();
        let name = self.column.as_str();
        if let (Task::Binary, Some((class, share))) = (self.task, self.rarest())
            && share < RARE
        {
            let evidence = format!("`{}` has {} of {rows} rows ({:.1}%)", class.value, class.count, 100.0 * share);
            let decision =
                format!("judged by {}, which a model of the frequent class alone does not please", self.metric);
            found.push(Finding::new(Code::Imbalance, &[name], (class.count, rows), evidence).decide(decision));
        }
        if let Some((value, tails)) = self.heavy_tails.as_ref().and_then(|tails| Some((tails.slip()?, tails))) {
            let evidence = format!(
                "one row has {value}, so far from all others that it holds {:.0}% of their squared deviation",
                100.0 * tails.share
            );
            let decision = "its row stays: if it is a slip, leave it out in the SQL of `tables/` or name the value under `null` of its \
                            column, since figures and gates that rest on squares are of that row alone";
            found.push(Finding::new(Code::FarLabel, &[name], (1, rows), evidence).decide(decision));
        }
        let rare: Vec<ValueCount> = self.too_rare().into_iter().cloned().collect();
        if !rare.is_empty() {
            let count = rare.iter().map(|class| class.count).sum();
            let list: Vec<String> = rare.iter().take(5).map(|c| format!("`{}` {}", c.value, c.count)).collect();
            let evidence = format!(
                "{} of {} classes have fewer than {FEW} rows: {}",
                rare.len(),
                self.classes.len(),
                list.join(", ")
            );
            let decision = "their rows have no label, and are not learned from";
            found.push(Finding::new(Code::RareClass, &[name], (count, rows), evidence).values(rare).decide(decision));
        }
        found
    }

    /// The label in the rows of a sample.
    pub(crate) fn target(&self, column: &Column<'_>, cells: &[u64]) -> Target {
        if let Some(bound) = self.above {
            let class = |cell: &u64| number(*cell).map(|x| usize::from(x > bound));
            return Target::Classes(cells.iter().map(class).collect(), vec!["below".into(), "above".into()]);
        }
        if self.task == Task::Regression {
            return Target::Numbers(cells.iter().map(|cell| number(*cell)).collect());
        }
        if let Some(positive) = self.positive.as_ref().filter(|_| self.classes.len() > 2) {
            let all = Self { positive: None, ..self.clone() }.target(column, cells);
            let Target::Classes(of, names) = all else { return all };
            let class = |class: Option<usize>| class.map(|class| usize::from(names[class] == *positive));
            return Target::Classes(of.into_iter().map(class).collect(), vec!["other".into(), positive.clone()]);
        }
        let mut names = self.classes.clone();
        names.sort_by(|a, b| a.value.cmp(&b.value));
        let places: HashMap<u64, usize> = match &column.kept {
            Kept::Texts(values) => values
                .iter()
                .filter_map(|(text, _)| {
                    let place = names.iter().position(|class| class.value == *text)?;
                    Some((cell_of(text), place))
                })
                .collect(),
            Kept::Numbers(_, values) => values
                .iter()
                .filter_map(|(x, bits, _)| {
                    let text = show(*bits, column.ty);
                    Some((x.to_bits(), names.iter().position(|class| class.value == text)?))
                })
                .collect(),
        };
        let of = cells.iter().map(|cell| places.get(cell).copied()).collect();
        Target::Classes(of, names.into_iter().map(|class| class.value).collect())
    }
}

/// The values of a column with their rows, the most frequent first.
fn classes(column: &Column<'_>) -> Vec<ValueCount> {
    let mut all: Vec<ValueCount> = match &column.kept {
        Kept::Numbers(_, values) => {
            values.iter().map(|(_, bits, count)| ValueCount { value: show(*bits, column.ty), count: *count }).collect()
        }
        Kept::Texts(values) => {
            values.iter().map(|(text, count)| ValueCount { value: (*text).to_owned(), count: *count }).collect()
        }
    };
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    all
}

/// Whether the values are words or codes, or could be.
fn is_text(column: &Column<'_>) -> bool {
    column.ty == ColumnType::Text
}
