//! The sections of the project file that say how it is learned: split, learners, costs, gates.

use std::fmt::Write;

use ropeway_survey::{Code, ColumnSurvey, LabelSurvey, Task, names_weight};

use crate::init::decide::label::FOLDS;
use crate::init::decide::split::{OtherChoice, Split};
use crate::init::quoted::{one_line, toml_list, toml_text};
use crate::init::write::Plan;
use crate::render::number::count;

/// Up to so many rows, penalties that take features out are tried, too.
const FEW_ROWS: u64 = 20_000;
/// Rows from which a candidate takes so long that few are tried.
const MANY_ROWS: u64 = 200_000;
/// Rows from which a fold has enough of them for fewer folds to say as much, and trees take so long that they are bounded.
const VERY_MANY_ROWS: u64 = 1_000_000;

impl Plan<'_> {
    /// `[split]`, with the reason.
    pub(super) fn split(&self, out: &mut String) {
        let (folds, why_folds) = if self.has_very_many_rows() {
            (3, "   # 5 is the rule; with so many rows 3 say as much, and end sooner")
        } else {
            (FOLDS, "")
        };
        let by = match self.split {
            Split::Random => {
                let _ = write!(
                    out,
                    "[split]\n# At random: {}. Rows of one customer or\n\
                     # machine are kept together by {{ by = \"group\", group = [\"customer\"] }}.\n{}",
                    self.why_random(),
                    self.dates().iter().map(|date| format!("# {date}.\n")).collect::<String>(),
                );
                "random"
            }
            Split::Group { columns, why, .. } => {
                let called: Vec<&str> = columns.iter().map(|name| self.looked.called(name)).collect();
                let _ = write!(
                    out,
                    "[split]\n# By group: {}.\n# {{ by = \"random\" }} would judge a model on groups that it has seen.\n{}group = {}\n",
                    one_line(why),
                    self.other_choice(),
                    toml_list(called)
                );
                ""
            }
            Split::Time { why, groups, .. } => {
                let groups = groups.as_ref().map_or_else(String::new, |said| format!("# {}.\n", one_line(said)));
                let _ = write!(
                    out,
                    "[split]\n# By time: {}.\n{groups}# What is judged comes after what was learned from.\n",
                    one_line(why)
                );
                "time"
            }
        };
        // By the default, where one line is to change it.
        let known = self.known_groups();
        let by = if by.is_empty() || known.is_some() { String::new() } else { format!("by = \"{by}\", ") };
        if let Some(columns) = known {
            let _ = writeln!(out, "{}# group = {}", self.other_choice(), one_line(&toml_list(columns)));
        }
        let _ = write!(
            out,
            "holdout = {{ {by}share = 0.2 }}   # opened by `ropeway run --final`, every look counted\n\
             folds = {{ {by}count = {folds} }}{why_folds}\n\n"
        );
    }

    /// The columns of groups that are features, where the split is by no group.
    fn known_groups(&self) -> Option<Vec<&str>> {
        let known = self.looked.survey.found(Code::KnownGroups).next()?;
        let called = || known.columns.iter().map(|name| self.looked.called(name)).collect();
        (!matches!(self.split, Split::Group { .. })).then(called)
    }

    fn other_choice(&self) -> String {
        let other = self.split.other_choice(&self.looked.survey);
        let lines = |OtherChoice { taken, otherwise }: OtherChoice| {
            format!("# {}.\n# {}.\n", one_line(&taken), one_line(&otherwise))
        };
        other.map(lines).unwrap_or_default()
    }

    fn why_random(&self) -> String {
        let survey = &self.looked.survey;
        if [Code::Group, Code::Time].iter().any(|code| survey.found(*code).next().is_some()) {
            "what would tell rows apart is all there is to learn from".into()
        } else if let Some(known) = survey.found(Code::KnownGroups).next() {
            let names = known.columns.join("`, `");
            one_line(&format!("rows that are alike are of what comes back. `{names}`: {}", known.evidence))
        } else if let Some(classes) = survey.found(Code::TimeOfClasses).next() {
            one_line(&classes.evidence)
        } else if crate::init::decide::split::dates(survey, &self.label.column).next().is_none() {
            "no column is a date, and none shows that some rows belong together".into()
        } else {
            "no date is plainly that of the rows, and no column shows that some belong together".into()
        }
    }

    /// Of each column of dates that it may be when rows happened, and how to say so.
    pub(super) fn dates(&self) -> Vec<String> {
        let said = |column: &ColumnSurvey| {
            let name = one_line(&column.name);
            let asked = if name.contains(' ') { format!("\"{name}\"") } else { name.clone() };
            let distinct = count(column.distinct);
            format!(
                "`{name}` is a {} of {distinct} values: if it is when rows happened, `ropeway init --at {asked}` splits by it",
                column.ty
            )
        };
        let in_blocks = |name: &str| self.looked.survey.found_of(Code::TimeOfClasses, name).is_some();
        let suspect =
            |name: &str| in_blocks(name) || self.columns.iter().any(|column| column.name == name && column.suspect);
        let all = crate::init::decide::split::dates(&self.looked.survey, &self.label.column);
        // What may come after the outcome is no time at which a prediction is asked for.
        all.filter(|column| !suspect(&column.name)).map(said).collect()
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
        if let Some(skewed) = &label.skewed {
            let name = skewed.transform.name();
            let of = if name == "log" { "their logarithms" } else { "logarithms of 1 + these" };
            let _ = write!(
                out,
                "# The labels lie far to one side (skewness {:.1}), {of} evenly ({:.1}), as what is multiplied by what moves it. The\n\
                 # search takes the logarithm where the metric prefers it.\n\
                 target_transform = [\"identity\", \"{name}\"]\n",
                skewed.skewness, skewed.of_logarithms
            );
        }
        for finding in self.looked.survey.found(Code::Weight) {
            let column = finding.columns.first().map_or("", String::as_str);
            let name = self.looked.called(column);
            let more = if names_weight(column) { "" } else { "; take it out of `request` then" };
            let why = one_line(&format!("`{column}` {}", finding.evidence));
            let _ = write!(
                out,
                "# {why}: if it says how many rows each row\n# stands for, each counts so much in fits and figures by this line{more}.\n# weight = {}\n",
                one_line(&toml_text(name))
            );
        }
        self.tune(out);
        self.linear(label.heavy_tails.is_some(), out);
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

    /// `[learn.linear]`, where something speaks against its defaults.
    fn linear(&self, heavy_tails: bool, out: &mut String) {
        let mut settings = String::new();
        if self.looked.survey.rows <= FEW_ROWS && self.looked.survey.whole {
            settings.push_str(
                "# With few rows, features that say nothing cost most. 1 takes them out (lasso), 0 (the default) makes all small (ridge).\n\
                 l1_ratio = [0.0, 1.0]\n",
            );
        }
        if heavy_tails {
            settings.push_str(
                "loss = [\"huber\"]   # far outliers pull a linear model by a constant force, not by their square\n",
            );
        }
        if !settings.is_empty() {
            let _ = write!(out, "[learn.linear]\n{settings}\n");
        }
    }

    /// `[learn.tune]`, and what bounds trees where there are very many rows.
    fn tune(&self, out: &mut String) {
        let rows = self.looked.survey.rows;
        let (trials, minutes, why) = if rows > MANY_ROWS || self.has_very_many_rows() {
            (8, 2.0, format!("with {} rows and more a candidate takes long, so that few are tried", count(rows)))
        } else {
            (20, 3.0, "more trials search longer".to_owned())
        };
        let _ = write!(
            out,
            "[learn.tune]\nstrategy = \"halving\"\ntrials = {trials}    # {why}\nminutes = {minutes:.1}   # of search for each learner; what it left out is in the record\n\n"
        );
        if self.has_very_many_rows() {
            out.push_str(
                "# So that all ends within minutes: fewer and longer steps than the defaults (rounds = 1000, learning_rate = [0.03, 0.3]),\n\
                 # which find a little more in several times the time. Take the section out for these.\n\
                 [learn.boosted]\nrounds = 300\nlearning_rate = [0.1, 0.3]\n\n",
            );
        }
    }

    /// Whether there are so many rows that less of them is learned from at a time; a file of which only a sample was read counts.
    fn has_very_many_rows(&self) -> bool {
        self.looked.survey.rows >= VERY_MANY_ROWS || !self.looked.survey.whole
    }
}

/// Three digits are enough of a bar.
fn rounded(number: f64) -> String {
    let digits = (2.0 - number.abs().log10().floor()).clamp(0.0, 12.0);
    format!("{number:.*}", digits as usize)
}
