//! Which candidates meet which folds. Random search: all candidates on all folds. Successive halving (Jamieson and
//! Talwalkar, 2016), with folds as its resource: all candidates on one fold, the better ones on more, the best on
//! all. Candidates are compared on the same folds only.

use crate::settings::Strategy;

/// One round of the race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// How many candidates take part: the best so far.
    pub keep: usize,
    /// The folds that they meet in it.
    pub folds: Vec<usize>,
}

/// The rungs for `candidates` candidates on folds with `sizes` training rows.
///
/// The first fold is the one below the middle by size: with time folds that expand, large enough to tell candidates
/// apart and cheaper than the later ones. A third or less of the candidates go on to the folds before it and the
/// next one, and the best two to the rest.
pub fn schedule(strategy: Strategy, candidates: usize, sizes: &[usize]) -> Vec<Rung> {
    let mut folds: Vec<usize> = (0..sizes.len()).collect();
    folds.sort_by_key(|fold| (sizes[*fold], *fold));
    if strategy == Strategy::Random || candidates <= 2 || folds.len() < 2 {
        return vec![Rung { keep: candidates, folds }];
    }
    let first = folds.remove((folds.len() - 1) / 2);
    let rest = folds.split_off(folds.len() / 2);
    let second = (candidates * 3).div_ceil(10).max(2);
    let third = candidates.div_ceil(10).clamp(2, second);
    let rungs = [
        Rung { keep: candidates, folds: vec![first] },
        Rung { keep: second, folds },
        Rung { keep: third, folds: rest },
    ];
    rungs.into_iter().filter(|rung| !rung.folds.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(candidates: usize, folds: usize, expect: &[(usize, &[usize])]) {
        let sizes: Vec<usize> = (1..=folds).map(|fold| fold * 100).collect();
        let rungs = schedule(Strategy::Halving, candidates, &sizes);
        let found: Vec<(usize, &[usize])> = rungs.iter().map(|rung| (rung.keep, rung.folds.as_slice())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn every_finalist_meets_every_fold_once() {
        check(20, 5, &[(20, &[2]), (6, &[0, 1]), (2, &[3, 4])]);
        check(20, 2, &[(20, &[0]), (2, &[1])]);
        check(20, 3, &[(20, &[1]), (6, &[0]), (2, &[2])]);
        check(5, 5, &[(5, &[2]), (2, &[0, 1]), (2, &[3, 4])]);
        check(2, 5, &[(2, &[0, 1, 2, 3, 4])]);
        check(1, 3, &[(1, &[0, 1, 2])]);
    }

    #[test]
    fn random_search_is_one_rung() {
        assert_eq!(schedule(Strategy::Random, 20, &[1, 2]), [Rung { keep: 20, folds: vec![0, 1] }]);
    }
}
