//! Prepared rows with what one feature says in another order. Every prepared column comes of one feature, so that shuffling its
//! columns is shuffling the feature, without preparing thousands of others anew each time.

use crate::encoded::{Encoded, OutputColumn, Sparse};

/// Rows of which one feature at a time is in another order.
pub struct Shuffled<'a> {
    rows: &'a Encoded,
    outputs: &'a [OutputColumn],
    now: Encoded,
}

impl<'a> Shuffled<'a> {
    /// The rows as they are; `outputs` are their columns.
    pub fn new(rows: &'a Encoded, outputs: &'a [OutputColumn]) -> Self {
        Self { rows, outputs, now: rows.clone() }
    }

    /// What `ask` says of the rows while those of the feature stand in this order.
    pub fn with<T>(&mut self, feature: usize, order: &[u32], ask: impl FnOnce(&Encoded) -> T) -> T {
        self.put(feature, |row| order[row] as usize);
        let said = ask(&self.now);
        self.put(feature, |row| row);
        said
    }

    fn put(&mut self, feature: usize, from: impl Fn(usize) -> usize) {
        let of_feature = |column: &usize| self.outputs[*column].feature == feature;
        match (self.rows, &mut self.now) {
            (Encoded::Dense(rows), Encoded::Dense(now)) => {
                for column in (0..self.outputs.len()).filter(of_feature) {
                    let values = &rows.columns[column];
                    now.columns[column].iter_mut().enumerate().for_each(|(row, value)| *value = values[from(row)]);
                }
            }
            (Encoded::Sparse(rows), Encoded::Sparse(now)) => {
                let numbers: Vec<usize> = (0..rows.numbers).filter(of_feature).collect();
                let groups: Vec<usize> =
                    (0..rows.groups).filter(|group| of_group(rows, *group).is_some_and(|at| of_feature(&at))).collect();
                for row in 0..rows.rows {
                    let (values, active) = (rows.values(from(row)), rows.active(from(row)));
                    numbers.iter().for_each(|at| now.values[row * rows.numbers + at] = values[*at]);
                    groups.iter().for_each(|at| now.active[row * rows.groups + at] = active[*at]);
                }
            }
            _ => {}
        }
    }
}

/// A column of a group; none where no row has any.
fn of_group(rows: &Sparse, group: usize) -> Option<usize> {
    let of_row = |row: usize| rows.active(row)[group];
    (0..rows.rows).map(of_row).find(|position| *position != Sparse::NONE).map(|position| position as usize)
}
