//! Boosted trees in Ropeway's own form: validated when they are made or read, evaluated by Ropeway's own code in
//! the order that LightGBM adds them up, so that both give the same bits.

use ropeway_vocab::{Kind, Problem, Result};
use serde::{Deserialize, Serialize};

use super::block::{Block, Parting, ROWS, zeroed};
use super::tree::{Tree, ZERO};
use crate::encoded::Dense;

/// Up to so many rows a walk of each is faster than parting them.
const FEW: usize = 16;

/// One booster; packages of earlier versions hold two. The score is the log-odds of the positive class, before
/// calibration: the sum of a booster's trees in their order, and the mean over boosters. One booster's score has the bits
/// of LightGBM's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct Trees {
    width: usize,
    pub(super) boosters: Vec<Vec<Tree>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    columns: u32,
    boosters: Vec<Vec<Tree>>,
}

impl From<Trees> for Stored {
    fn from(trees: Trees) -> Self {
        Self { columns: trees.width as u32, boosters: trees.boosters }
    }
}

impl TryFrom<Stored> for Trees {
    type Error = Problem;

    fn try_from(stored: Stored) -> Result<Self> {
        Self::new(stored.columns as usize, stored.boosters)
    }
}

impl Trees {
    pub(super) fn new(width: usize, boosters: Vec<Vec<Tree>>) -> Result<Self> {
        let damaged = |what: String| {
            Problem::new(Kind::Corrupt, "trees", what)
                .remedy("take the package or the stored model from its source again, or run the project again")
        };
        if boosters.is_empty() {
            return Err(damaged("boosted trees hold no booster".into()));
        }
        match boosters.iter().flatten().map(Tree::width).max() {
            Some(tested) if tested > width => Err(damaged(format!("boosted trees test column {tested} of {width}"))),
            _ => Ok(Self { width, boosters }),
        }
    }

    /// Those of the first rounds: what training for so many rounds gives.
    pub fn first(&self, rounds: usize) -> Self {
        let first = |trees: &Vec<Tree>| trees.iter().take(rounds).cloned().collect();
        Self { width: self.width, boosters: self.boosters.iter().map(first).collect() }
    }

    /// How many columns a row has.
    pub fn columns(&self) -> usize {
        self.width
    }

    /// How many trees there are.
    pub fn count(&self) -> usize {
        self.boosters.iter().map(Vec::len).sum()
    }

    /// How many leaves all trees have together.
    pub fn leaves(&self) -> usize {
        self.boosters.iter().flatten().map(|tree| tree.leaves.len()).sum()
    }

    /// The score (log-odds) of one row: NaN where missing, category codes as whole numbers. A row that is too short
    /// counts as missing in the rest.
    pub fn raw(&self, row: &[f64]) -> f64 {
        if row.len() < self.width || row.iter().any(|value| *value != 0.0 && value.abs() <= ZERO) {
            return self.mean_of_sums(&self.prepared(row));
        }
        self.mean_of_sums(row)
    }

    fn mean_of_sums(&self, row: &[f64]) -> f64 {
        let sums = self.boosters.iter().map(|trees| trees.iter().fold(0.0, |sum, tree| sum + tree.value(row)));
        sums.fold(0.0, |total, sum| total + sum) / self.boosters.len() as f64
    }

    /// The row at its full width, with what LightGBM takes for zero set to zero.
    pub(super) fn prepared(&self, row: &[f64]) -> Vec<f64> {
        (0..self.width).map(|column| row.get(column).map_or(f64::NAN, |value| zeroed(*value))).collect()
    }

    /// The scores of all rows; the same bits as [`Trees::raw`] row by row.
    pub fn raw_all(&self, rows: &Dense) -> Vec<f64> {
        if rows.rows < FEW {
            let mut row = Vec::with_capacity(self.width);
            let mut raw = |index| {
                rows.row(index, &mut row);
                self.raw(&row)
            };
            return (0..rows.rows).map(&mut raw).collect();
        }
        let mut scores = vec![0.0; rows.rows];
        let (mut block, mut parting) = (Block::new(self.width), Parting::new());
        for (index, scores) in scores.chunks_mut(ROWS).enumerate() {
            block.take(rows, index * ROWS);
            for trees in &self.boosters {
                let mut sums = [0.0; ROWS];
                for tree in trees {
                    tree.add(&block, &mut parting, &mut sums);
                }
                scores.iter_mut().zip(sums).for_each(|(score, sum)| *score += sum);
            }
            scores.iter_mut().for_each(|score| *score /= self.boosters.len() as f64);
        }
        scores
    }
}
