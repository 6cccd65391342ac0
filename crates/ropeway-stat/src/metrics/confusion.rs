//! Decisions against labels, and what follows from the four counts.

use serde::{Deserialize, Serialize};

use crate::count;

/// What one wrong decision costs, in any unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// Of a positive that was not called.
    pub false_negative: f64,
    /// Of a negative that was called.
    pub false_positive: f64,
}

impl Default for Costs {
    /// Both errors cost 1.
    fn default() -> Self {
        Self { false_negative: 1.0, false_positive: 1.0 }
    }
}

/// What it costs to be off by one unit of the label.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NumberCosts {
    /// Of deciding for too little.
    pub under: f64,
    /// Of deciding for too much.
    pub over: f64,
}

impl NumberCosts {
    /// The cost of being so far above the label.
    pub fn of(self, above: f64) -> f64 {
        if above < 0.0 { -above * self.under } else { above * self.over }
    }

    /// The quantile of what may happen that is cheapest to decide for (Koenker and Bassett 1978).
    pub fn quantile(self) -> f64 {
        self.under / (self.under + self.over)
    }
}

impl Default for NumberCosts {
    /// Both sides cost 1 a unit.
    fn default() -> Self {
        Self { under: 1.0, over: 1.0 }
    }
}

/// How many rows were decided how; where rows have weights, the sum of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// Positives called positive.
    #[serde(with = "count")]
    pub tp: f64,
    /// Negatives called positive.
    #[serde(with = "count")]
    pub fp: f64,
    /// Negatives not called.
    #[serde(with = "count")]
    pub tn: f64,
    /// Positives not called.
    #[serde(rename = "fn", with = "count")]
    pub fn_: f64,
}

/// A share; 0 of nothing.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

impl Confusion {
    /// All rows.
    pub fn total(&self) -> f64 {
        self.tp + self.fp + self.tn + self.fn_
    }

    /// Share of right decisions.
    pub fn accuracy(&self) -> f64 {
        share(self.tp + self.tn, self.total())
    }

    /// Share of positives among those called; 0 when none was.
    pub fn precision(&self) -> f64 {
        share(self.tp, self.tp + self.fp)
    }

    /// Share of positives that were called; 0 without positives.
    pub fn recall(&self) -> f64 {
        share(self.tp, self.tp + self.fn_)
    }

    /// `2 tp / (2 tp + fp + fn)`; 0 when that is 0/0.
    pub fn f1(&self) -> f64 {
        share(2.0 * self.tp, 2.0 * self.tp + self.fp + self.fn_)
    }

    /// `(tp tn - fp fn) / sqrt((tp+fp)(tp+fn)(tn+fp)(tn+fn))` (Matthews 1975); 0 when a factor is 0.
    pub fn mcc(&self) -> f64 {
        let Self { tp, fp, tn, fn_ } = *self;
        let below = ((tp + fp) * (tp + fn_)).sqrt() * ((tn + fp) * (tn + fn_)).sqrt();
        if below == 0.0 { 0.0 } else { (tp * tn - fp * fn_) / below }
    }

    /// Mean cost per row.
    pub fn expected_cost(&self, costs: Costs) -> f64 {
        let cost = self.fn_ * costs.false_negative + self.fp * costs.false_positive;
        share(cost, self.total())
    }
}

#[cfg(test)]
mod tests {
    use super::{Confusion, Costs};

    #[test]
    fn nothing_called_and_nothing_there() {
        let none = Confusion { tp: 0.0, fp: 0.0, tn: 5.0, fn_: 0.0 };
        assert_eq!(
            (none.precision(), none.recall(), none.f1(), none.mcc(), none.accuracy()),
            (0.0, 0.0, 0.0, 0.0, 1.0)
        );
        let empty = Confusion::default();
        assert_eq!((empty.accuracy(), empty.expected_cost(Costs::default())), (0.0, 0.0));
    }

    #[test]
    fn errors_cost_what_they_are_said_to() {
        let confusion = Confusion { tp: 1.0, fp: 2.0, tn: 3.0, fn_: 4.0 };
        assert_eq!(confusion.expected_cost(Costs { false_negative: 5.0, false_positive: 1.0 }), 2.2);
    }
}
