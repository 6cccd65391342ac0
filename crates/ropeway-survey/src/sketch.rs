//! About how many different values there are, from their hashes in constant memory: HyperLogLog of Flajolet, Fusy,
//! Gandouet and Meunier (2007), with 2^14 registers, so that the standard error is 0.8%.

const BITS: u32 = 14;
const REGISTERS: usize = 1 << BITS;

/// The sketch.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    registers: Vec<u8>,
}

impl Sketch {
    pub(crate) fn new() -> Self {
        Self { registers: vec![0; REGISTERS] }
    }

    /// Takes the hash of a value into account.
    #[inline]
    pub(crate) fn add(&mut self, hash: u64) {
        let register = &mut self.registers[(hash >> (64 - BITS)) as usize];
        let rank = ((hash << BITS) | 1 << (BITS - 1)).leading_zeros() as u8 + 1;
        *register = (*register).max(rank);
    }

    /// The estimate.
    pub(crate) fn estimate(&self) -> u64 {
        let all = REGISTERS as f64;
        let sum: f64 = self.registers.iter().map(|rank| 0.5_f64.powi(i32::from(*rank))).sum();
        let raw = 0.7213 / (1.0 + 1.079 / all) * all * all / sum;
        let empty = self.registers.iter().filter(|rank| **rank == 0).count();
        if raw <= 2.5 * all && empty > 0 {
            (all * (all / empty as f64).ln()).round() as u64
        } else {
            raw.round() as u64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::of_bits;

    #[test]
    fn the_estimate_lies_within_three_standard_errors() {
        for many in [10_u64, 1_000, 30_000, 50_000, 300_000, 2_000_000] {
            let mut sketch = Sketch::new();
            for value in 0..many {
                sketch.add(of_bits(value * 7));
                sketch.add(of_bits(value * 7));
            }
            let error = (sketch.estimate() as f64 / many as f64 - 1.0).abs();
            assert!(error < 0.025, "{many}: {}", sketch.estimate());
        }
    }
}
