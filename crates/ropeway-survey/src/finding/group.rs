//! `group`: rows of one customer, storm or patient, whose labels are alike: a model that has seen one of them knows the
//! others, so that they must not stand on both sides of a split.

use ropeway_vocab::ColumnType;

use super::label::LabelSurvey;
use super::personal::names_one;
use super::time::is_date_part;
use super::words::{names_entity, names_identifier};
use super::{Code, Finding};
use crate::measure::{Grouped, Target, intra_class};
use crate::seen::{Column, Seen};

/// Fewer groups are categories.
const GROUPS: usize = 30;
/// How much more alike labels of one group are, so that it matters: of rows that stand together, and of those that a name
/// alone brings together.
const ALIKE: f64 = 0.1;
const ALIKE_BY_NAME: f64 = 0.05;

struct Candidate<'a> {
    columns: Vec<&'a Column<'a>>,
    grouped: Grouped,
    alike: f64,
    stands: bool,
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
        let rank = |of: &Candidate<'_>| (of.stands, of.alike);
        if best.as_ref().is_none_or(|known| rank(&candidate) > rank(known)) {
            best = Some(candidate);
        }
    }
    best.map(|best| said(&best, label))
}

/// A column whose values are groups.
fn single<'a>(seen: &'a Seen<'a>, column: &'a Column<'a>, target: &Target) -> Option<Candidate<'a>> {
    let person = names_one(column);
    let named = person || names_entity(column.name) || names_identifier(column.name);
    if column.ty == ColumnType::Integer && !named {
        return None;
    }
    let grouped = Grouped::by(&[seen.first(column)]);
    let rows = grouped.of.len();
    if grouped.groups < GROUPS || grouped.groups * 20 > rows * 19 {
        return None;
    }
    let alike = intra_class(&grouped, target)?;
    let small = grouped.groups * 2_000 > rows;
    let stands = grouped.together >= 0.5 && grouped.together >= grouped.by_chance + 0.3 && small;
    // People of whom a table has two rows each are alike by chance: three standard errors of what is alike in no way.
    let more = (rows as f64 * (rows as f64 / grouped.groups as f64 - 1.0)).max(1.0);
    let least = if person { ALIKE_BY_NAME.max(3.0 * (2.0 / more).sqrt()) } else { ALIKE_BY_NAME };
    let counts = stands && alike >= ALIKE || named && small && alike >= least;
    counts.then_some(Candidate { columns: vec![column], grouped, alike, stands })
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
            Candidate { columns: vec![first, second], grouped, alike, stands: true }
        }
        _ => of,
    }
}

fn said(found: &Candidate<'_>, label: &LabelSurvey) -> Finding {
    let Candidate { columns, grouped, alike, stands } = found;
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
    let evidence = format!(
        "{} groups in {rows} rows; labels of one group are alike (intra-class correlation {alike:.2} of `{}`){next}",
        grouped.groups, label.column
    );
    let decision = "the split keeps each group on one side: else the model is judged on what it has seen";
    Finding::new(Code::Group, &names, (grouped.again as u64, rows), evidence).decide(decision)
}
