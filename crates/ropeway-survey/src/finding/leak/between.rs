//! Dates held against each other: which of two lies after the other, and whether the days between them tell the label, as those
//! from the promised day of a delivery to the true one tell whether it was late.

use ropeway_vocab::ColumnType;

use super::separates::TOO_MUCH;
use super::{Known, LOOK, names_afterwards};
use crate::finding::{Code, Finding};
use crate::measure::tells;
use crate::seen::{Column, Seen, number};
use crate::tally::MISSING;

/// So many columns of times are held against each other.
const DATES: usize = 8;
/// Rows with both times from which their order is told.
const ENOUGH: usize = 20;
/// The share of rows that is nearly all.
const NEARLY: f64 = 0.95;
const DAY: f64 = 86_400e6;

/// Whether a time lies after another one, in the rows that have both.
pub(in crate::finding) struct Order {
    pub(super) both: usize,
    pub(super) later: usize,
    earlier: usize,
}

impl Order {
    /// A date and an instant are compared by their days.
    pub(in crate::finding) fn of(seen: &Seen<'_>, from: &Column<'_>, to: &Column<'_>) -> Option<Self> {
        let floor = from.ty != to.ty;
        let mut order = Self { both: 0, later: 0, earlier: 0 };
        for (a, b) in pairs(seen, from, to).flatten() {
            let (a, b) = if floor { (a.floor(), b.floor()) } else { (a, b) };
            order.both += 1;
            order.later += usize::from(b > a);
            order.earlier += usize::from(b < a);
        }
        (order.both >= ENOUGH).then_some(order)
    }

    /// Never before it, and mostly after it.
    pub(super) fn always(&self) -> bool {
        self.earlier == 0 && self.later * 2 > self.both
    }

    /// Hardly ever before it, and mostly after it.
    pub(in crate::finding) fn nearly_always(&self) -> bool {
        self.earlier as f64 <= (1.0 - NEARLY) * self.both as f64 && self.later * 2 > self.both
    }

    /// In words.
    pub(super) fn said(&self, other: &str) -> String {
        let Self { both, later, earlier } = self;
        match earlier {
            0 => format!("it lies after `{other}` in {later} of {both} rows, and in none before it"),
            _ => format!("it lies after `{other}` in {later} of {both} rows"),
        }
    }
}

/// Both times of each row, in days.
fn pairs(seen: &Seen<'_>, from: &Column<'_>, to: &Column<'_>) -> impl Iterator<Item = Option<(f64, f64)>> {
    let unit = |column: &Column<'_>| if column.ty == ColumnType::Timestamp { DAY } else { 1.0 };
    let (a_unit, b_unit) = (unit(from), unit(to));
    let cells = seen.spread(from).iter().zip(seen.spread(to));
    cells.map(move |(a, b)| Some((number(*a)? / a_unit, number(*b)? / b_unit)))
}

/// The days from one time to the other as cells, as `[derive]` computes them.
pub(super) fn days(seen: &Seen<'_>, from: &Column<'_>, to: &Column<'_>) -> Vec<u64> {
    pairs(seen, from, to).map(|pair| pair.map_or(MISSING, |(a, b)| (b - a).to_bits())).collect()
}

/// `leak-separates`: the days between this time and another one alone tell the label. Of both the one is suspected that is not the
/// time of the row, that is called as what comes afterwards, or that tells more by itself.
pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<Finding> {
    if !column.is_time() || known.at == Some(column.name) {
        return None;
    }
    let rows = known.target.labelled() as u64;
    let times = || seen.columns.iter().filter(|other| other.is_time() && other.distinct > 1).take(DATES);
    if times().all(|time| time.name != column.name) {
        return None;
    }
    let suspicion = |of: &Column<'_>| {
        let at = known.at.and_then(|at| seen.column(at));
        let cells = at.map_or_else(|| seen.spread(of).to_vec(), |at| days(seen, at, of));
        (names_afterwards(of.name), tells(&cells, true, &known.target).map_or(0.0, |told| told.share), of.index)
    };
    times().filter(|other| other.name != column.name && other.name != known.label.column).find_map(|other| {
        let told =
            tells(&days(seen, other, column), true, &known.target).filter(|told| told.share >= TOO_MUCH)?;
        if known.at != Some(other.name) && suspicion(other) > suspicion(column) {
            return None;
        }
        let evidence = format!(
            "the days from `{}` to it alone tell `{}`: {} {:.3}, learned on one half of {rows} rows and judged on the other",
            other.name, known.label.column, told.name, told.figure
        );
        Some(Finding::new(Code::LeakSeparates, &[column.name, other.name], (rows, rows), evidence).decide(LOOK))
    })
}

/// `dated-later`: what lies after the time of its row, and is no suspect otherwise: a due date is known then, what has happened since is
/// not.
pub(super) fn remarks(seen: &Seen<'_>, label: &str, at: Option<&str>, suspects: &[Finding]) -> Vec<Finding> {
    let Some(at) = at.and_then(|at| seen.column(at)) else { return Vec::new() };
    let suspected = |name: &str| suspects.iter().any(|found| found.columns.first().is_some_and(|own| own == name));
    let others = seen.columns.iter().filter(|column| column.is_time() && column.name != at.name);
    let others = others.filter(|column| column.name != label && !suspected(column.name));
    let remark = |column: &Column<'_>| {
        let order = Order::of(seen, at, column).filter(Order::nearly_always)?;
        let (rows, evidence) = ((order.later as u64, order.both as u64), order.said(at.name));
        let decision = "stays: a day that is agreed on ahead is known by then; take it out of `request` where it is put down only \
                        once it has come";
        Some(Finding::new(Code::DatedLater, &[column.name, at.name], rows, evidence).decide(decision))
    };
    others.filter_map(remark).collect()
}
