//! The sections of the project file that say how it is learned: split, learners, costs, gates.

use std::fmt::Write;

use ropeway_survey::{LabelSurvey, Task};

use super::identifier::toml_list;
use super::plan::Split;
use super::text::Plan;
use crate::render::number::count;

/// Rows from which a candidate takes so long that few are tried.
const MANY_ROWS: u64 = 200_000;

impl Plan<'_> {
    /// `[split]`, with the reason.
    pub(super) fn split(&self, out: &mut String) {
        match self.split {
            Split::Random => {
                out.push_str(
                    "[split]\n# At random: rows have no time, and no column shows that some belong together. Rows of one customer or\n\
                     # machine are kept together by { by = \"group\", group = [\"customer\"] }.\n\
                     holdout = { by = \"random\", share = 0.2 }   # opened by `ropeway run --final`, every look counted\n\
                     folds = { by = \"random\", count = 5 }\n\n",
                );
            }
            Split::Group { columns, why } => {
                let called: Vec<&str> = columns.iter().map(|name| self.looked.called(name)).collect();
                let group = toml_list(called);
                let _ = write!(
                    out,
                    "[split]\n# By group: {why}.\n# {{ by = \"random\" }} would judge a model on groups that it has seen.\n\
                     holdout = {{ by = \"group\", share = 0.2, group = {group} }}   # opened by `ropeway run --final`, every look counted\n\
                     folds = {{ by = \"group\", count = 5 }}\n\n"
                );
            }
            Split::Time { why, .. } => {
                let _ = write!(
                    out,
                    "[split]\n# By time: {why}. What is judged comes after what was learned from.\n\
                     holdout = {{ by = \"time\", share = 0.2 }}   # opened by `ropeway run --final`, every look counted\n\
                     folds = {{ by = \"time\", count = 5 }}\n\n"
                );
            }
        }
    }

    /// `[learn]` and what follows from the task.
    pub(super) fn learn(&self, out: &mut String) {
        let label: &LabelSurvey = self.label_survey;
        let _ = write!(
            out,
            "[learn]\ntask = \"{}\"   # {}\nmetric = \"{}\"   # {}\nlearners = [\"linear\", \"boosted\"]\n",
            label.task.name(),
            label.task_why,
            label.metric,
            label.metric_why
        );
        let rows = self.looked.survey.rows;
        let (trials, minutes, why) = if rows > MANY_ROWS || !self.looked.survey.whole {
            (8, 2.0, format!("with {} rows and more a candidate takes long, so that few are tried", count(rows)))
        } else {
            (20, 3.0, "more trials search longer".to_owned())
        };
        let _ = write!(
            out,
            "[learn.tune]\nstrategy = \"halving\"\ntrials = {trials}    # {why}\nminutes = {minutes:.1}   # of search for each learner; what it left out is in the record\n\n"
        );
        if label.heavy_tails.is_some() {
            out.push_str(
                "[learn.linear]\nloss = [\"huber\"]   # far outliers pull a linear model by a constant force, not by their square\n\n",
            );
        }
        out.push_str(match label.task {
            Task::Binary => {
                "# What a wrong decision costs, in any one unit; the decision threshold follows from it.\n\
                 [costs_of_error]\nfalse_negative = 1.0\nfalse_positive = 1.0\n\n"
            }
            Task::Multiclass | Task::Regression => "",
        });
        let (bar, better) = match (label.task, &label.heavy_tails) {
            (Task::Binary, _) => ("roc_auc.low > 0.5".to_owned(), "better than chance"),
            (Task::Multiclass, _) => ("macro_roc_auc.low > 0.5".to_owned(), "better than chance"),
            (Task::Regression, None) => ("r2.low > 0.0".to_owned(), "better than the mean of all labels"),
            (Task::Regression, Some(tails)) => {
                (format!("mae.high < {}", rounded(tails.absolute)), "better than the median of all labels")
            }
        };
        let _ = write!(
            out,
            "# A model whose gates hold becomes the champion; else `ropeway run` ends with exit code 3.\n\
             # Validation chose the model, so that its figures are a little too good; the holdout, which `ropeway run --final`\n\
             # opens, chose nothing.\n\
             [[gate]]\nthat = \"validation.{bar}\"        # {better}, as far as validation tells\n\
             [[gate]]\nthat = \"holdout.{bar}\"           # {better}, beyond doubt\n"
        );
    }
}

/// Three digits are enough of a bar.
fn rounded(number: f64) -> String {
    let digits = (2.0 - number.abs().log10().floor()).clamp(0.0, 12.0);
    format!("{number:.*}", digits as usize)
}
