//! A column that is filled in for one class alone, or left empty for one alone, however seldom: a reason that is written down
//! of customers who left, and not of each of them; or a single level of a column that is of one class alone. Told of columns before
//! anything trains, and of features afterwards.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

/// Rows of one class alone from which chance is asked.
pub(crate) const ENOUGH: usize = 10;
/// How probable it may be that chance alone makes such a column, all columns, classes and both sides together.
const CHANCE: f64 = 0.001;
/// The share of exceptions, of that among all rows. An honest feature lowers the share of a class; it does not end it.
pub(crate) const EXCEPTIONS: f64 = 0.02;
/// The share of a class that a level of it alone holds at least: of a column with many levels some are of one class because it has
/// many. Of the class that most rows are of, more: honest features, too, have levels of those who never fall ill.
const WORTH: (f64, f64) = (0.01, 0.05);
/// How many times likelier than its odds among all rows an honest level makes the class that most rows are of.
const HONEST_LEVEL: f64 = 5.0;
/// The same of a word, of which a text has so many that some are said of one class nearly alone.
const HONEST_WORD: f64 = 20.0;
/// How probable it may be that such an honest level has so few rows of other classes.
pub(crate) const HONEST: f64 = 0.01;

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
    /// A text without this word.
    Without(String),
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
        self.rows >= ENOUGH
            && self.all - self.rows >= ENOUGH
            && exceptions <= EXCEPTIONS * (1.0 - usual)
            && tests * at_most(self.own * units / self.rows, units, usual) <= CHANCE
            && (!self.is_level() || self.is_worth_a_word(units, usual))
    }

    /// Whether a level has a good share of its class, and is more surely of it than an honest one is.
    fn is_worth_a_word(&self, units: usize, usual: f64) -> bool {
        let of_class = self.own as f64 / (self.own + self.others).max(1) as f64;
        let frequent = usual > 0.5;
        let odds = match self.usual {
            Usual::Without(_) => HONEST_WORD,
            // An honest level may be of this class nearly alone: what is written afterwards is so without exception.
            _ if frequent && self.own < self.rows => return false,
            _ if frequent => HONEST_LEVEL,
            _ => return of_class >= WORTH.0,
        };
        let likelier = odds * usual / (odds * usual + 1.0 - usual);
        of_class >= if frequent { WORTH.1 } else { WORTH.0 }
            && at_most(self.own * units / self.rows, units, likelier) <= HONEST
    }

    /// Whether it is a single level, or a word, that is of the class.
    pub const fn is_level(&self) -> bool {
        matches!(self.usual, Usual::Not(_) | Usual::Without(_))
    }

    /// Whether hardly a row of the class is elsewhere.
    pub fn is_whole_class(&self) -> bool {
        self.others as f64 <= EXCEPTIONS * self.own as f64
    }

    /// In words, with what the label and its class are called.
    pub fn said(&self, label: &str, class: &str) -> String {
        let Self { rows, own, others, all, .. } = self;
        let (has, without) = match (&self.usual, self.differs) {
            (Usual::Not(level), _) => (&*format!("is `{level}`"), "where it is not"),
            (Usual::Without(word), _) => (&*format!("has the word `{word}`"), "without it"),
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
    use crate::levels_of_one_class;

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
    fn a_level_of_one_class_alone_stands_out() {
        let class = |row: usize| usize::from(row.is_multiple_of(4));
        let level = |row: usize| match row % 16 {
            0 => "refund sent",
            1 => "never asked",
            _ => ["open", "closed"][row / 16 % 2],
        };
        let (levels, looked) = levels_of_one_class((0..3_000).map(|row| (class(row), level(row))), 2);
        let levels: Vec<&str> = levels.iter().map(|of| of.level).collect();
        assert_eq!((levels.as_slice(), looked), (["never asked", "refund sent"].as_slice(), 4));
        let find = |of: &str| {
            let rows = (0..3_000).map(|row| (class(row), level(row) == of, None));
            OneClass::find(rows, 2, &Usual::Not(of.into()), 100.0)
        };
        let said =
            "is `refund sent` in 188 of 3000 rows, and in all of these `up` is `yes`, as in 562 rows where it is not";
        assert_eq!(find("refund sent").unwrap().said("up", "yes"), said);
        assert_eq!(find("never asked").unwrap().class, 0, "of three quarters of the rows");
        assert_eq!(find("open"), None);
    }

    /// So many rows of a level, all of a class with this share of 4,000.
    fn level(rows: usize, share: f64, usual: fn(String) -> Usual) -> Option<OneClass> {
        let own = (4_000.0 * share) as usize;
        let all = (0..4_000).map(|row| (usize::from(row < own), row < rows, None));
        OneClass::find(all, 2, &usual("a".into()), 100.0)
    }

    #[test]
    fn a_level_of_the_frequent_class_alone_has_to_be_surer_than_honest_ones_and_worth_a_share_of_it() {
        assert!(level(1_600, 0.8, Usual::Not).is_some(), "half of the class");
        assert!(level(540, 0.9, Usual::Not).is_some());
        assert_eq!(level(300, 0.95, Usual::Not), None, "15 of the others is what an honest level may lack");
        assert_eq!(level(120, 0.76, Usual::Not), None, "those who left school early are few");
        assert!(level(30, 0.3, Usual::Not).is_some());
        assert_eq!(level(10, 0.3, Usual::Not), None, "a hundredth of the class is one of many levels");
    }

    #[test]
    fn a_word_of_one_class_alone_has_to_be_surer_than_a_level() {
        assert!(level(60, 0.3, Usual::Without).is_some());
        assert_eq!(level(30, 0.3, Usual::Without), None, "what is rude is said in bad reviews");
        let said = level(60, 0.3, Usual::Without).unwrap().said("churn", "yes");
        assert!(
            said.starts_with("has the word `a` in 60 of 4000 rows, and in all of these `churn` is `yes`"),
            "{said}"
        );
    }
}
