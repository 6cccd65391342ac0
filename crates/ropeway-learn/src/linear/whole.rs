//! Multinomial logistic regression with few weights: Newton's method on all classes at once, which ends in a few steps also where
//! what classes read hangs together closely.

use ropeway_stat::{log_sum_exp, softmax};
use ropeway_vocab::Result;

use super::curvature::Curvature;
use super::dot;
use super::newton::{Position, direction, halved, violation};
use super::packed::Packed;
use super::penalty::Penalty;
use super::quadratic::Bend;
use crate::encoded::Sparse;
use crate::labels::Labels;
use crate::stop::Stop;

/// Most steps.
const STEPS: usize = 60;
/// Done when no derivative, divided by what the rows count together, is above this.
const TOLERANCE: f64 = 1e-9;

/// Rows of several classes with their labels (numbers of classes).
#[derive(Clone, Copy)]
pub struct Classes<'a> {
    pub rows: &'a Sparse,
    pub labels: &'a Labels,
    pub classes: usize,
    /// Set to stop.
    pub stop: Stop<'a>,
}

impl Classes<'_> {
    /// Coordinates of one class: its weights, and last its intercept.
    fn block(&self) -> usize {
        self.rows.width + 1
    }

    /// The sum of log losses at scores that stand row by row.
    fn loss(&self, scores: &[f64]) -> f64 {
        let of = |(row, (scores, label)): (usize, (&[f64], &f64))| {
            self.labels.weight(row) * (log_sum_exp(scores.iter().copied()) - scores[*label as usize])
        };
        scores.chunks(self.classes).zip(self.labels.iter()).enumerate().map(of).sum()
    }

    /// The values of a row that are not 0, by position; the intercept's 1 last.
    fn values(&self, row: usize, into: &mut Vec<(usize, f64)>) {
        into.clear();
        into.extend(self.rows.values(row).iter().copied().enumerate());
        let active = self.rows.active(row).iter().filter(|position| **position != Sparse::NONE);
        into.extend(active.map(|position| (*position as usize, 1.0)));
        into.push((self.rows.width, 1.0));
    }

    fn curvature(&self, scores: &[f64]) -> Result<Curvature> {
        let (block, size) = (self.block(), self.block() * self.classes);
        let (mut gradient, mut hessian) = (vec![0.0; size], vec![0.0; size * size]);
        let (mut chances, mut values) = (vec![0.0; self.classes], Vec::new());
        let mut lines = vec![0.0; block * block];
        let mut packed = (self.rows.groups == 0).then(|| Packed::new(self.classes, block));
        for (row, label) in self.labels.iter().enumerate() {
            let counts = self.labels.weight(row);
            self.stop.go_on()?;
            chances.copy_from_slice(&scores[row * self.classes..(row + 1) * self.classes]);
            softmax(&mut chances);
            self.values(row, &mut values);
            // Where every column has its value in every row, whole lines are added at once.
            let dense = values.len() == block;
            if let Some(packed) = &mut packed {
                packed.meet(&values);
            } else if dense {
                let each = values.iter().flat_map(|(_, x)| values.iter().map(move |(_, y)| x * y));
                lines.iter_mut().zip(each).for_each(|(line, value)| *line = value);
            }
            for (class, p) in chances.iter().enumerate() {
                let slope = counts * (p - f64::from(*label == class as f64));
                values.iter().for_each(|(at, value)| gradient[class * block + at] += slope * value);
                for (other, q) in chances[..=class].iter().enumerate() {
                    let weight = counts * if other == class { p * (1.0 - p) } else { -p * q };
                    if let Some(packed) = &mut packed {
                        packed.add((class, other), weight);
                        continue;
                    }
                    let start = |a: usize| (class * block + a) * size + other * block;
                    if dense {
                        for (a, line) in lines.chunks_exact(block).enumerate() {
                            let sums = &mut hessian[start(a)..start(a) + block];
                            sums.iter_mut().zip(line).for_each(|(sum, value)| *sum += weight * value);
                        }
                        continue;
                    }
                    for (a, x) in &values {
                        let scaled = weight * x;
                        values.iter().for_each(|(b, y)| hessian[start(*a) + b] += scaled * y);
                    }
                }
            }
        }
        if let Some(packed) = packed {
            packed.unpack(&mut hessian);
        }
        for a in 0..size {
            for b in 0..a {
                hessian[b * size + a] = hessian[a * size + b];
            }
        }
        Ok(Curvature { gradient, bend: Bend::Matrix(hessian), size })
    }

    /// What a step adds to each score.
    fn along(&self, direction: &[f64]) -> Vec<f64> {
        let block = self.block();
        let of = |row: usize, class: usize| {
            let own = &direction[class * block..(class + 1) * block];
            dot(self.rows, row, own) + own[block - 1]
        };
        (0..self.rows.rows)
            .flat_map(|row| (0..self.classes).map(move |class| (row, class)))
            .map(|(r, c)| of(r, c))
            .collect()
    }
}

/// Intercept and weights of each class at the minimum, sought from first intercepts; `offsets` are scores that come on top.
///
/// # Errors
/// Cancellation.
pub fn minimise(
    of: Classes<'_>,
    penalty: &Penalty,
    start: &[f64],
    offsets: Option<&[f64]>,
) -> Result<Vec<(f64, Vec<f64>)>> {
    let block = of.block();
    let penalty = &penalty.of_blocks(block);
    let mut at = vec![0.0; block * of.classes];
    start.iter().enumerate().for_each(|(class, intercept)| at[class * block + block - 1] = *intercept);
    let scores = (0..of.rows.rows * of.classes)
        .map(|place| start[place % of.classes] + offsets.map_or(0.0, |offsets| offsets[place]))
        .collect();
    let mut from = Position { at, scores };
    for _ in 0..STEPS {
        let model = of.curvature(&from.scores)?;
        let far = violation(&model.gradient, &from.at, penalty);
        let tolerance = TOLERANCE * of.labels.total();
        if far <= tolerance {
            break;
        }
        let direction = direction(&model, &from.at, penalty, ((far * 1e-4).min(tolerance), of.stop))?;
        let along = of.along(&direction);
        let value = |position: &Position| of.loss(&position.scores) + penalty.value(&position.at);
        let Some(next) = halved(&from, &direction, &along, value) else { break };
        from = next;
    }
    Ok(from.at.chunks(block).map(|own| (own[block - 1], own[..block - 1].to_vec())).collect())
}
