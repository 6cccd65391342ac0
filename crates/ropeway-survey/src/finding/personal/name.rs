//! Columns about people by what they are called, and by names of people in them, whatever they are called. A name of a column that
//! says a thing (`brand`, `hotel`) speaks against people, since things are called after them.

use ropeway_vocab::ColumnType;

use super::names::{self, is_given_alone, is_single};
use super::roles::{is_titled, names_role};
use super::{NEARLY_ALL, things};
use crate::finding::birth::names_birth;
use crate::finding::person::{is_bare_name, names_name, names_person, numbers_person};
use crate::finding::words::{asks_whether, has};
use crate::finding::{Code, Finding};
use crate::seen::Column;

/// The share of values that look like names of people, and that are given names that are known.
const NAMES: f64 = 0.7;
const KNOWN_NAMES: f64 = 0.6;
/// The share of known ones where the name of the column speaks for people, too: given names of most of the world are not in the list.
const SOME_KNOWN: f64 = 0.05;
/// Fewer of them may be brands that are called after people, unless nearly all are known.
const FEW_PEOPLE: u64 = 5;
const FEW_KNOWN: u64 = 3;
/// Smaller numbers are counts: years of birth, telephones and national numbers are not.
const LEAST: f64 = 1_000.0;
/// Words that speak for people.
const OF_PEOPLE: [&str; 4] = ["name", "driver", "employee", "patient"];

/// What says that a column is about people, and the rows that do; `named_people` where another column names some.
pub(super) fn find(column: &Column<'_>, named_people: bool) -> Option<(String, u64)> {
    by_name(column).or_else(|| by_bare_name(column, named_people))
}

/// What looks like names of people in a column that is called as a thing is: who has the table has to say.
pub(super) fn doubtful(column: &Column<'_>) -> Option<Finding> {
    if column.ty != ColumnType::Text || column.distinct < FEW_PEOPLE || !things::names_thing(column.name) {
        return None;
    }
    let share = names::share(column);
    let rows = (share.written * column.present() as f64).round() as u64;
    let evidence = format!(
        "{:.0}% of its values look like names of people, and it is called as things are that may be called after some",
        100.0 * share.written
    );
    let finding = Finding::new(Code::MaybePersonal, &[column.name], (rows, column.rows), evidence);
    share.people.then(|| finding.decide("stays: name it in `personal` of the source where it is about people"))
}

/// Whether its texts are names of people, by what it is called.
pub(in crate::finding) fn names_people(column: &Column<'_>) -> bool {
    column.ty == ColumnType::Text && names_name(column.name) && column.share_of(is_single) >= NEARLY_ALL
}

/// Whether it has whole names, each of one person.
pub(super) fn names_one(column: &Column<'_>) -> bool {
    by_name(column).is_some() && names::share(column).written >= NAMES
}

/// What is called a name and nothing else: of people where most are given names, or where it stands beside such names.
fn by_bare_name(column: &Column<'_>, named_people: bool) -> Option<(String, u64)> {
    if column.ty != ColumnType::Text || !is_bare_name(column.name) {
        return None;
    }
    let known = column.share_of(is_given_alone);
    if known >= KNOWN_NAMES && column.distinct >= FEW_PEOPLE {
        return Some((format!("{:.0}% of its values are given names", 100.0 * known), column.present()));
    }
    let beside = named_people && column.share_of(is_single) >= NEARLY_ALL;
    beside.then(|| ("it is called a name, and stands beside names of people".into(), column.present()))
}

/// Whether a column whose name holds such a word counts, times or answers instead: calls by telephone, when a mail was
/// sent, whether there is one.
fn counts(column: &Column<'_>) -> bool {
    let rows_below = |bound: f64| {
        let below = column.numbers().iter().filter(|(number, ..)| *number < bound);
        below.map(|(.., rows)| rows).sum::<u64>()
    };
    let small = column.ty == ColumnType::Integer && 2 * rows_below(LEAST) > rows_below(f64::INFINITY);
    let other = column.ty != ColumnType::Text && !numbers_person(column.name);
    other || small || column.distinct <= 2 && asks_whether(column.name)
}

fn by_name(column: &Column<'_>) -> Option<(String, u64)> {
    let rows = column.present();
    if names_person(column.name) && !counts(column) || column.is_time() && names_birth(column.name) {
        return Some(("it is called as what is about a person".into(), rows));
    }
    if column.ty != ColumnType::Text {
        return None;
    }
    let share = names::share(column);
    let thing = things::names_thing(column.name);
    let (written, known) = share.capitals;
    // Firms and places are written as people are; hardly one of them begins with a given name.
    let spoken_for = !thing && has(column.name, &OF_PEOPLE) && written >= NAMES && known >= SOME_KNOWN;
    if spoken_for && column.distinct * 5 > rows {
        return Some((format!("{:.0}% of its values are names of people", 100.0 * written), rows));
    }
    // Few people did what many rows are about.
    let in_role = !thing && names_role(column.name);
    let titled = if in_role { column.share_of(is_titled) } else { 0.0 };
    if in_role && share.written + titled >= NAMES && share.known + titled >= SOME_KNOWN {
        let evidence = format!("{:.0}% of its values are names of people", 100.0 * (share.written + titled).min(1.0));
        return Some((evidence, rows));
    }
    // Things come back in many rows, and only some are called after people.
    let overwhelming = share.known >= NEARLY_ALL && column.distinct as f64 >= NEARLY_ALL * rows as f64;
    let least = if share.known >= NEARLY_ALL { FEW_KNOWN } else { FEW_PEOPLE };
    let people = share.people && column.distinct >= least && (!thing || overwhelming);
    people.then(|| (format!("{:.0}% of its values are names of people", 100.0 * share.written), rows))
}
