//! `group`: rows of one customer, storm or patient, whose labels are alike: a model that has seen one of them knows the
//! others, so that they must not stand on both sides of a split.
//!
//! `known-groups`: so much is known of each group that it is rather one that comes back, as a shop does. No data tells for certain
//! which of both a user means: scikit-learn's guide to cross-validation and Roberts et al. (2017, Ecography 40) leave it to whether the
//! model is asked about groups that it has not seen, and what trains models by itself (H2O, AutoGluon, DataRobot) takes groups from its
//! user alone. The rule here: people, patients and machines, by their names, are new ones when asked, however many rows each has,
//! since of them nearly every table has but some; anything else of which a group has a hundred rows is known, and a feature, since
//! whoever has so many rows of each has all of them. Either way the project holds the other choice as a line.

mod again;
mod attributes;
mod by_value;
mod copied;
mod nameless;
mod pair;
mod renamed;
mod returning;
#[cfg(test)]
mod tests;

use ropeway_vocab::ColumnType;

pub(super) use self::copied::find as copied;
pub(super) use self::renamed::find as renamed;
use super::entity::{names_entity, names_identifier, names_place};
use super::label::LabelSurvey;
use super::personal::names_one;
use super::time::is_date_part;
use super::{Code, Finding};
use crate::measure::{Grouped, Target, intra_class};
use crate::seen::{Column, Seen};

/// Fewer groups are categories.
const GROUPS: usize = 30;
/// Groups from which it is worth saying that rows of one are alike, though they are categories.
const CATEGORIES: usize = 5;
/// Rows of a group from which it is known well.
const KNOWN: u64 = 100;
/// How much more alike labels of one group are, so that it matters: of rows that stand together, and of those that a name
/// alone brings together.
const ALIKE: f64 = 0.1;
const ALIKE_BY_NAME: f64 = 0.05;

struct Candidate<'a> {
    columns: Vec<&'a Column<'a>>,
    grouped: Grouped,
    alike: f64,
    stands: bool,
    /// Whether each is so well known that new rows are rather of the same ones.
    known: bool,
    /// The other columns of which rows of one are alike, where nothing but values says that they belong together.
    by_value: Option<Vec<&'a str>>,
}

pub(super) fn find(seen: &Seen<'_>, label: &LabelSurvey, time: Option<&Finding>) -> Option<Finding> {
    let own = seen.column(&label.column)?;
    let target = label.target(own, seen.first(own));
    let of_time = |column: &Column<'_>| time.is_some_and(|time| time.columns.iter().any(|name| name == column.name));
    let may: Vec<&Column<'_>> = seen
        .columns
        .iter()
        .filter(|column| column.name != label.column && matches!(column.ty, ColumnType::Text | ColumnType::Integer))
        .filter(|column| column.distinct > 1 && !column.unique())
        .collect();
    let mut best: Option<Candidate<'_>> = None;
    for column in may.iter().filter(|column| !of_time(column) && !is_date_part(column.name)) {
        let Some(mut candidate) = single(seen, column, &target) else { continue };
        if candidate.stands && candidate.grouped.runs * 10 > candidate.grouped.groups * 13 {
            candidate = narrowed(seen, candidate, &may, &target);
        }
        let rank = |of: &Candidate<'_>| (!of.known, of.stands, of.alike);
        if best.as_ref().is_none_or(|known| rank(&candidate) > rank(known)) {
            best = Some(candidate);
        }
    }
    let sorted = best.as_ref().is_some_and(|best| best.stands && !best.known);
    if let Some(pair) = (!sorted).then(|| pair::find(seen, (own, &target), &may)).flatten()
        && best.as_ref().is_none_or(|best| best.known || pair.alike >= pair::CLEARLY * best.alike)
    {
        best = Some(pair);
    }
    if best.as_ref().is_none_or(|best| best.known)
        && let Some(found) = by_value::find(seen, (own, &target), &may, time.is_some())
        && (best.is_none() || !found.known)
    {
        best = Some(found);
    }
    match best {
        Some(best) if !best.known => Some(said(&best, label)),
        // A key of which some rows are there again goes before what is a feature.
        best => again::find(seen, label, &may).or_else(|| best.map(|best| said_known(&best, seen, label))),
    }
}

/// Whether it names people, patients or machines, of which there are always others.
fn is_entity(column: &Column<'_>) -> bool {
    names_one(column) || names_entity(column.name)
}

/// Whether it is called as what has rows of its own, or as what numbers them.
fn is_named(column: &Column<'_>) -> bool {
    is_entity(column) || names_identifier(column.name) || names_place(column.name)
}

/// A column whose values are groups.
fn single<'a>(seen: &'a Seen<'a>, column: &'a Column<'a>, target: &Target) -> Option<Candidate<'a>> {
    let entity = is_entity(column);
    let numbered = names_identifier(column.name) || names_place(column.name);
    let named = entity || numbered;
    if column.ty == ColumnType::Integer && !named {
        return None;
    }
    let grouped = Grouped::by(&[seen.first(column)]);
    let rows = grouped.of.len();
    if grouped.groups < CATEGORIES || grouped.groups * 20 > rows * 19 {
        return None;
    }
    let alike = intra_class(&grouped, target)?;
    let small = grouped.groups * 2_000 > rows;
    let stands = grouped.together >= 0.5 && grouped.together >= grouped.by_chance + 0.3 && small;
    let well_known = column.present() >= column.distinct * KNOWN;
    let enough = grouped.groups >= GROUPS;
    // Things of which a table has two rows each are alike by chance.
    let least = ALIKE_BY_NAME.max(grouped.chance());
    let is_group = enough && (stands && alike >= ALIKE || named && small && alike >= least);
    let known = well_known && !(entity && is_group);
    let told = (numbered || entity && enough) && alike >= least;
    let counts = if known { told || is_group } else { is_group };
    counts.then_some(Candidate { columns: vec![column], grouped, alike, stands, known, by_value: None })
}

/// A name that comes again elsewhere in the table is not one group: the second column that tells these apart (the year of a
/// storm) is the one with which each group stands together best.
fn narrowed<'a>(seen: &'a Seen<'a>, of: Candidate<'a>, may: &[&'a Column<'a>], target: &Target) -> Candidate<'a> {
    let apart = |grouped: &Grouped| grouped.runs as f64 / grouped.groups.max(1) as f64;
    let before = apart(&of.grouped);
    let Some(first) = of.columns.first().copied() else { return of };
    let others = may.iter().filter(|column| column.name != first.name && column.distinct < 1_000);
    let pairs = others.filter_map(|second| {
        let grouped = Grouped::by(&[seen.first(first), seen.first(second)]);
        let still = grouped.together >= 0.9 * of.grouped.together && grouped.again > 0;
        still.then_some((*second, grouped))
    });
    let best = pairs.min_by(|a, b| apart(&a.1).total_cmp(&apart(&b.1)).then(a.1.groups.cmp(&b.1.groups)));
    match best {
        Some((second, grouped)) if apart(&grouped) < 0.9 * before => {
            let alike = intra_class(&grouped, target).unwrap_or(of.alike);
            // Of things that are always others none is known, however many rows each has.
            let rows = grouped.of.iter().flatten().count();
            let known = rows >= grouped.groups * KNOWN as usize && !is_entity(first);
            Candidate { columns: vec![first, second], grouped, alike, stands: true, known, by_value: None }
        }
        _ => of,
    }
}

fn said(found: &Candidate<'_>, label: &LabelSurvey) -> Finding {
    let Candidate { columns, grouped, alike, stands, by_value, .. } = found;
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let rows = grouped.of.len() as u64;
    let next = if *stands {
        format!(
            "; {:.0}% of neighbouring rows are of one group, {:.0}% would be by chance",
            100.0 * grouped.together,
            100.0 * grouped.by_chance
        )
    } else {
        String::new()
    };
    let shown = by_value.as_deref().map(so_are).unwrap_or_default();
    let evidence = format!(
        "{} groups in {rows} rows; labels of one group are alike (intra-class correlation {alike:.2} of `{}`){shown}{next}",
        grouped.groups, label.column
    );
    let decision = "the split keeps each group on one side: else the model is judged on what it has seen";
    Finding::new(Code::Group, &names, (grouped.again as u64, rows), evidence).decide(decision)
}

/// The other columns that are alike, as far as a sentence holds them.
fn so_are(shown: &[&str]) -> String {
    const NAMED: usize = 5;
    let more = if shown.len() > NAMED { format!(" and {} more", shown.len() - NAMED) } else { String::new() };
    let named: Vec<&str> = shown.iter().copied().take(NAMED).collect();
    match named.as_slice() {
        [] => String::new(),
        [only] => format!(", and so is `{only}`"),
        named => format!(", and so are `{}`{more}", named.join("`, `")),
    }
}

fn said_known(found: &Candidate<'_>, seen: &Seen<'_>, label: &LabelSurvey) -> Finding {
    let names: Vec<&str> = found.columns.iter().map(|column| column.name).collect();
    let (groups, rows) = found.columns.first().map_or((0, 0), |column| (column.distinct, column.present()));
    let mut evidence = format!(
        "{groups} groups in {rows} rows, {} rows each; labels of one group are alike (intra-class correlation {:.2} of `{}`)",
        rows / groups.max(1),
        found.alike,
        label.column
    );
    if let Some(shown) = &found.by_value {
        evidence.push_str(&format!("{}: it may name what rows belong to", so_are(shown)));
    }
    let decision = "a feature, as new rows are rather of the same ones; where they are of others, `group` of `[split]` keeps each on \
                    one side";
    Finding::new(Code::KnownGroups, &names, (rows - groups.min(rows), seen.rows), evidence).decide(decision)
}
