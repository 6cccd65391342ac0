//! A column that is filled in for one class alone, or left empty for one alone, however seldom: a reason that is written down
//! of customers who left, and not of each of them.

use std::collections::HashSet;

use super::Known;
use crate::seen::{Column, Seen, number};
use crate::tally::MISSING;

/// Rows of one class alone from which chance is asked.
const ENOUGH: usize = 10;
/// How probable it may be that chance alone makes such a column, all columns, classes and both sides together.
const CHANCE: f64 = 0.001;
/// The share of exceptions, of that among all rows. An honest feature lowers the share of a class; it does not end it.
const EXCEPTIONS: f64 = 0.02;

/// What is the same in most rows of such a column, where the outcome writes something else.
#[derive(Clone, Copy)]
enum Usual {
    Nothing,
    Zero,
}

/// What was seen, and in how many rows of how many with a label.
pub(super) fn find(seen: &Seen<'_>, column: &Column<'_>, known: &Known<'_>) -> Option<(String, usize, usize)> {
    let (of, names) = known.classes()?;
    let kinds: &[Usual] = if column.is_number() { &[Usual::Nothing, Usual::Zero] } else { &[Usual::Nothing] };
    let tests = (seen.columns.len() * names.len() * 2 * kinds.len()) as f64;
    kinds.iter().find_map(|usual| {
        let differs = |cell: &u64| match usual {
            Usual::Nothing => *cell != MISSING,
            Usual::Zero => number(*cell).is_some_and(|number| number != 0.0),
        };
        let group = |row: usize| known.groups.as_ref().and_then(|groups| groups.of.get(row).copied().flatten());
        let mut counts = vec![[0_usize; 2]; names.len()];
        let (mut units, mut counted) = ([0_usize; 2], HashSet::new());
        for (row, (cell, class)) in seen.spread(column).iter().zip(of).enumerate() {
            let Some(class) = *class else { continue };
            let side = usize::from(differs(cell));
            counts[class][side] += 1;
            units[side] += usize::from(group(row).is_none_or(|group| counted.insert((side, group))));
        }
        let alone = (0..names.len()).rev().flat_map(|class| [(class, 1), (class, 0)]);
        // Zeros of one class alone are what any count has.
        let alone = alone.filter(|(_, side)| matches!(usual, Usual::Nothing) || *side == 1);
        alone
            .map(|(class, side)| Alone::of(&counts, units[side], class, side))
            .find(|alone| alone.stands_out(tests))
            .map(|alone| {
                let said = alone.said(*usual, &known.label.column, &names[alone.class]);
                (said, alone.rows, alone.all)
            })
    })
}

/// How the rows with a value, or those without, fall on one class.
struct Alone {
    class: usize,
    /// 1 where it is the rows with a value.
    side: usize,
    rows: usize,
    /// Of so many groups, each of which counts as one row where chance is asked; as many as rows where there are none.
    units: usize,
    /// Those of the class.
    own: usize,
    /// Rows of the class on the other side.
    others: usize,
    all: usize,
}

impl Alone {
    fn of(counts: &[[usize; 2]], units: usize, class: usize, side: usize) -> Self {
        Self {
            units,
            class,
            side,
            rows: counts.iter().map(|of| of[side]).sum(),
            own: counts[class][side],
            others: counts[class][1 - side],
            all: counts.iter().flatten().sum(),
        }
    }

    /// Whether hardly a row is of another class, and chance does not make that of the share of the class among all rows.
    fn stands_out(&self, tests: f64) -> bool {
        let usual = (self.own + self.others) as f64 / self.all.max(1) as f64;
        let exceptions = (self.rows - self.own) as f64 / self.rows.max(1) as f64;
        self.rows >= ENOUGH
            && self.all - self.rows >= ENOUGH
            && exceptions <= EXCEPTIONS * (1.0 - usual)
            && tests * at_most(self.own * self.units / self.rows, self.units, usual) <= CHANCE
    }

    fn said(&self, usual: Usual, label: &str, class: &str) -> String {
        let Self { rows, own, others, all, .. } = self;
        let (has, without) = match (usual, self.side) {
            (Usual::Zero, _) => ("is not 0", "with 0"),
            (Usual::Nothing, 1) => ("has a value", "without a value"),
            (Usual::Nothing, _) => ("is missing", "with a value"),
        };
        let of_them = if own == rows { "all of these".to_owned() } else { format!("{own} of these") };
        let rest = match others {
            0 => "in no other row".to_owned(),
            1 => format!("in 1 row {without}"),
            others => format!("in {others} rows {without}"),
        };
        format!("it {has} in {rows} of {all} rows, and in {of_them} `{label}` is `{class}`, as {rest}")
    }
}

/// An upper bound for how probable it is that so many of these rows are of a class with this share: that of Chernoff and
/// Hoeffding, which is the probability itself where all are.
fn at_most(own: usize, rows: usize, share: f64) -> f64 {
    let seen = own as f64 / rows as f64;
    if seen <= share || rows == 0 {
        return 1.0;
    }
    let part = |seen: f64, share: f64| if seen > 0.0 { seen * (seen / share).ln() } else { 0.0 };
    (-(rows as f64) * (part(seen, share) + part(1.0 - seen, 1.0 - share))).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exact tails are those of scipy (`binom.sf`).
    #[test]
    fn the_bound_is_the_probability_where_all_are_of_the_class_and_above_it_elsewhere() {
        assert!((at_most(20, 20, 0.5) - 0.5_f64.powi(20)).abs() < 1e-18);
        assert!(at_most(99, 100, 0.5) >= 7.967_495_142_732_219e-29 && at_most(99, 100, 0.5) < 1e-27);
        assert_eq!(at_most(50, 100, 0.5), 1.0);
        assert_eq!(at_most(0, 0, 0.5), 1.0);
    }

    #[test]
    fn a_reason_stands_out_at_any_fill_rate_and_a_rare_feature_does_not() {
        let stands_of = |present: [usize; 2], absent: [usize; 2], units: usize| {
            Alone::of(&[[absent[0], present[0]], [absent[1], present[1]]], units, 1, 1).stands_out(24.0)
        };
        let stands = |present: [usize; 2], absent| stands_of(present, absent, present[0] + present[1]);
        assert!(!stands_of([0, 24], [681, 95], 3), "three customers may be so by chance");
        assert!(stands([0, 108], [681, 11]) && stands([0, 24], [681, 95]));
        assert!(!stands([0, 9], [681, 110]), "too few rows");
        assert!(!stands([2, 106], [679, 13]), "a feature of which few are of the other class may be honest");
        assert!(!stands([0, 100], [50, 850]), "a hundred rows of a class with 95% of the rows come by chance");
    }
}
