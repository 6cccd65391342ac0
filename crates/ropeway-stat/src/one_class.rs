//! A column that is filled in for one class alone, or left empty for one alone, however seldom: a reason that is written down
//! of customers who left, and not of each of them; or a single level of a column that is of one class alone. Told of columns before
//! anything trains, and of features afterwards.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

/// Rows of one class alone from which chance is asked.
const ENOUGH: usize = 10;
/// How probable it may be that chance alone makes such a column, all columns, classes and both sides together.
const CHANCE: f64 = 0.001;
/// The share of exceptions, of that among all rows. An honest feature lowers the share of a class; it does not end it.
const EXCEPTIONS: f64 = 0.02;
/// Most levels of a column that are looked at closely, those of most rows first.
const LEVELS: usize = 16;

/// What is the same in most rows of such a column, where the outcome writes something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Usual {
    /// No value.
    Nothing,
    /// A zero.
    Zero,
    /// Any other level than this one.
    Not(String),
}

/// A row: its class, whether the column is other than usual, and the group that it is of.
pub type ClassedRow = (usize, bool, Option<u64>);

/// How the rows in which a column is other than usual, or those in which it is usual, fall on one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneClass {
    usual: Usual,
    /// By its place among the classes.
    pub class: usize,
    /// Whether it is the rows that are other than usual.
    differs: bool,
    /// Rows that show it.
    pub rows: usize,
    /// Those of the class.
    own: usize,
    /// Rows of the class on the other side.
    others: usize,
    /// All rows.
    pub all: usize,
}

impl OneClass {
    /// The last of `classes` that such rows are of alone. Rows of one group are alike, and count as one where chance is asked;
    /// `tests` such columns, classes and sides are looked at.
    pub fn find(
        rows: impl Iterator<Item = ClassedRow> + Clone,
        classes: usize,
        usual: &Usual,
        tests: f64,
    ) -> Option<Self> {
        let mut counts = vec![[0_usize; 2]; classes];
        rows.clone().for_each(|(class, differs, _)| counts[class][usize::from(differs)] += 1);
        // Zeros of one class alone are what any count has, and rows without a level are those with another one.
        let sides: &[bool] = if *usual == Usual::Nothing { &[true, false] } else { &[true] };
        let alone = (0..classes).rev().flat_map(|class| sides.iter().map(move |differs| (class, *differs)));
        let alone = alone.map(|at| Self::of(&counts, usual.clone(), at));
        // Groups, which take longer to count, make it only less improbable.
        alone.filter(|alone| alone.stands_out(alone.rows, tests)).find(|alone| {
            let groups = rows.clone().filter(|row| row.1 == alone.differs).map(|row| row.2);
            let single = groups.clone().filter(Option::is_none).count();
            let groups: HashSet<u64> = groups.flatten().collect();
            alone.stands_out(single + groups.len(), tests)
        })
    }

    fn of(counts: &[[usize; 2]], usual: Usual, (class, differs): (usize, bool)) -> Self {
        let [own, others] = [differs, !differs].map(|side| counts[class][usize::from(side)]);
        let rows = counts.iter().map(|of| of[usize::from(differs)]).sum();
        Self { usual, class, differs, rows, own, others, all: counts.iter().flatten().sum() }
    }

    /// Whether hardly a row is of another class, and chance does not make that of the share of the class among all rows, where
    /// the rows count as so many.
    fn stands_out(&self, units: usize, tests: f64) -> bool {
        let usual = (self.own + self.others) as f64 / self.all.max(1) as f64;
        let exceptions = (self.rows - self.own) as f64 / self.rows.max(1) as f64;
        // A level of the class that most rows are of is what honest columns have: who never falls ill.
        let frequent = matches!(self.usual, Usual::Not(_)) && usual > 0.5;
        !frequent
            && self.rows >= ENOUGH
            && self.all - self.rows >= ENOUGH
            && exceptions <= EXCEPTIONS * (1.0 - usual)
            && tests * at_most(self.own * units / self.rows, units, usual) <= CHANCE
    }

    /// Whether it is a single level that is of the class.
    pub const fn is_level(&self) -> bool {
        matches!(self.usual, Usual::Not(_))
    }

    /// In words, with what the label and its class are called.
    pub fn said(&self, label: &str, class: &str) -> String {
        let Self { rows, own, others, all, .. } = self;
        let (has, without) = match (&self.usual, self.differs) {
            (Usual::Not(level), _) => (&*format!("is `{level}`"), "where it is not"),
            (Usual::Zero, _) => ("is not 0", "with 0"),
            (Usual::Nothing, true) => ("has a value", "without a value"),
            (Usual::Nothing, false) => ("is missing", "with a value"),
        };
        let of_them = if own == rows { "all of these".to_owned() } else { format!("{own} of these") };
        let rest = match others {
            0 => "in no other row".to_owned(),
            1 => format!("in 1 row {without}"),
            others => format!("in {others} rows {without}"),
        };
        format!("{has} in {rows} of {all} rows, and in {of_them} `{label}` is `{class}`, as {rest}")
    }
}

/// The levels of a column of which nearly all rows are of one of `classes`, those of most rows first, from the class and the level of
/// each row; and how many levels have enough rows to be looked at.
pub fn levels_of_one_class<L: Ord>(rows: impl Iterator<Item = (usize, L)>, classes: usize) -> (Vec<L>, usize) {
    let mut counts: BTreeMap<L, Vec<usize>> = BTreeMap::new();
    rows.for_each(|(class, level)| counts.entry(level).or_insert_with(|| vec![0; classes])[class] += 1);
    let counted = counts.into_iter().map(|(level, of)| (level, of.iter().sum::<usize>(), of.into_iter().max()));
    let looked: Vec<(L, usize, Option<usize>)> = counted.filter(|(_, rows, _)| *rows >= ENOUGH).collect();
    let count = looked.len();
    let nearly = |rows: usize, most: usize| (rows - most) as f64 <= EXCEPTIONS * rows as f64;
    let mut found: Vec<(L, usize, Option<usize>)> =
        looked.into_iter().filter(|(_, rows, most)| most.is_some_and(|most| nearly(*rows, most))).collect();
    found.sort_by_key(|(_, rows, _)| std::cmp::Reverse(*rows));
    (found.into_iter().map(|(level, ..)| level).take(LEVELS).collect(), count)
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

    /// Rows of two classes, those with a value and those without, in groups of so many.
    fn find(present: [usize; 2], absent: [usize; 2], of_group: Option<usize>) -> Option<OneClass> {
        let part = |differs: bool, counts: [usize; 2]| {
            (0..2).flat_map(move |class| std::iter::repeat_n((class, differs), counts[class]))
        };
        let rows = part(true, present).chain(part(false, absent)).enumerate();
        let rows = rows.map(|(at, (class, differs))| (class, differs, of_group.map(|rows| (at / rows) as u64)));
        OneClass::find(rows, 2, &Usual::Nothing, 24.0)
    }

    #[test]
    fn a_reason_stands_out_at_any_fill_rate_and_a_rare_feature_does_not() {
        let found = find([0, 108], [681, 11], None).unwrap();
        assert_eq!((found.class, found.rows, found.all), (1, 108, 800));
        let said = "has a value in 108 of 800 rows, and in all of these `left` is `yes`, as in 11 rows without a value";
        assert_eq!(found.said("left", "yes"), said);
        assert!(find([0, 24], [681, 95], None).is_some_and(|found| found.class == 1));
        assert!(
            find([681, 95], [0, 24], None).unwrap().said("left", "yes").starts_with("is missing in 24 of 800 rows")
        );
        assert_eq!(find([0, 9], [681, 110], None), None, "too few rows");
        assert_eq!(
            find([2, 106], [679, 13], None),
            None,
            "a feature of which few are of the other class may be honest"
        );
        assert_eq!(
            find([0, 100], [50, 850], None),
            None,
            "a hundred rows of a class with 95% of the rows come by chance"
        );
    }

    #[test]
    fn rows_of_one_group_count_as_one() {
        assert!(find([0, 24], [681, 95], Some(1)).is_some());
        assert_eq!(find([0, 24], [681, 95], Some(8)), None, "three customers may be so by chance");
    }

    #[test]
    fn zeros_of_one_class_alone_are_what_any_count_has() {
        let rows = |zero: usize| (0..800).map(move |row| (usize::from(row < 100), (row < 100) != (zero == 0), None));
        assert!(OneClass::find(rows(1), 2, &Usual::Zero, 24.0).is_some_and(|found| found.class == 1));
        let few = (0..800).map(|row| (usize::from(row < 400), row >= 100, None));
        assert_eq!(OneClass::find(few.clone(), 2, &Usual::Zero, 24.0), None);
        assert!(OneClass::find(few, 2, &Usual::Nothing, 24.0).is_some());
    }

    /// A quarter of 3,000 rows escalate, and of these some have a level that no other row has, as a level of the others.
    #[test]
    fn a_level_of_the_rarer_class_alone_stands_out_and_one_of_the_frequent_class_does_not() {
        let class = |row: usize| usize::from(row.is_multiple_of(4));
        let level = |row: usize| match row % 16 {
            0 => "refund sent",
            1 => "never asked",
            _ => ["open", "closed"][row / 16 % 2],
        };
        let (levels, looked) = levels_of_one_class((0..3_000).map(|row| (class(row), level(row))), 2);
        assert_eq!((levels.as_slice(), looked), (["never asked", "refund sent"].as_slice(), 4));
        let find = |of: &str| {
            let rows = (0..3_000).map(|row| (class(row), level(row) == of, None));
            OneClass::find(rows, 2, &Usual::Not(of.into()), 100.0)
        };
        let said =
            "is `refund sent` in 188 of 3000 rows, and in all of these `up` is `yes`, as in 562 rows where it is not";
        assert_eq!(find("refund sent").unwrap().said("up", "yes"), said);
        assert_eq!(find("never asked"), None, "of three quarters of the rows");
        assert_eq!(find("open"), None);
    }
}
