//! Lists in one cell: how many items each has, and whether it has those that are frequent.

use std::fmt::Write;

use ropeway_survey::{Code, Finding};

use crate::init::decide::columns::{ColumnChoice, Use};
use crate::init::names::plain;
use crate::init::quoted::{sql_name, toml_text};
use crate::init::write::Plan;

/// Different lists that are levels like others.
const LEVELS: u64 = 50;

impl Plan<'_> {
    /// The features that are computed from lists: names, and SQL.
    pub(super) fn of_lists(&self) -> Vec<(String, String)> {
        let features = self.of(Use::Feature).filter(|column| column.list);
        let listed =
            features.filter_map(|column| Some((column, self.looked.survey.found_of(Code::List, &column.name)?)));
        listed.flat_map(|(column, found)| of_list(column, found)).collect()
    }

    /// How the lists themselves are learned from: many different ones by their words, vectors hardly.
    pub(super) fn recipe_of_lists(&self, out: &mut String) {
        for column in self.of(Use::Feature).filter(|column| column.list && column.distinct > LEVELS) {
            let vector =
                self.looked.survey.found_of(Code::List, &column.name).is_some_and(|found| found.numbers.is_some());
            let (encode, why) = if vector {
                (
                    "frequency",
                    "A list of numbers is learned from by each of them (`[derive]`): as a text it says nothing.",
                )
            } else {
                ("words", "Lists are learned from by the words in them, beside what `[derive]` counts.")
            };
            let name = toml_text(&column.called);
            let _ = write!(out, "# {why}\n[recipe.feature.{name}]\nencode = \"{encode}\"\n\n");
        }
    }
}

fn of_list(column: &ColumnChoice, found: &Finding) -> Vec<(String, String)> {
    let Some(mark) = found.mark else { return Vec::new() };
    let (name, stem) = (sql_name(&column.called), plain(&column.called, '_', "list"));
    // Without the blanks behind marks, brackets and quotes.
    let bare = format!(r#"translate(replace({name}, '{mark} ', '{mark}'), '[]{{}}()"''', '')"#);
    if let Some(count) = found.numbers {
        let number = |at: usize| format!("TRY_CAST(split_part({bare}, '{mark}', {at}) AS DOUBLE)");
        return (1..=count).map(|at| (format!("{stem}_{at}"), number(at))).collect();
    }
    let marks = format!("character_length({bare}) - character_length(replace({bare}, '{mark}', ''))");
    let count = format!("CASE WHEN trim({bare}) = '' THEN 0 ELSE {marks} + 1 END");
    let mut all = vec![(format!("{stem}_items"), count)];
    for item in &found.values {
        // The minus sign of a number is no mark between words.
        let minus = item.value.starts_with('-') && item.value.parse::<f64>().is_ok();
        let minus = if minus { "minus_" } else { "" };
        let feature = format!("{stem}_has_{minus}{}", plain(&item.value, '_', "item"));
        let odd = item.value.contains(['[', ']', '{', '}', '(', ')', '"', '\'']);
        if !odd && all.iter().all(|(taken, _)| *taken != feature) {
            all.push((feature, format!("contains('{mark}' || {bare} || '{mark}', '{mark}{}{mark}')", item.value)));
        }
    }
    all
}
