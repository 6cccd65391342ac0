//! Which candidates meet which folds. Random search: all candidates on all folds. Successive halving (Jamieson and
//! Talwalkar, 2016), with folds as its resource: all candidates on one fold, the better ones on more, the best on
//! all. Candidates are compared on the same folds only.

use crate::settings::Strategy;

/// Fewest drawn candidates of which some are drawn near the best of the others.
const ENOUGH: usize = 8;
/// So few listed candidates all meet all folds: they are far apart, and one fold may be wrong about them.
const FEW: usize = 4;

/// One round of the race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// How many of the candidates so far take part: the best.
    pub keep: usize,
    /// How many new candidates join them: at random in the first rung, later near the best three.
    pub join: usize,
    /// The folds that they all meet by the end of it.
    pub folds: Vec<usize>,
}

/// The rungs for `candidates` candidates, `drawn` or listed, on folds with `sizes` training rows.
///
/// The first fold is the one a third of the way up by size: with time folds that expand, large enough to tell
/// candidates apart and cheaper than the later ones. Three fifths of drawn candidates meet it first, the others are
/// drawn near the best of them. A third of all go on to half of the other folds, the smaller ones, and the best
/// tenth, two at least, to the rest. Few candidates that are listed all meet all folds.
pub fn schedule(strategy: Strategy, candidates: usize, drawn: bool, sizes: &[usize]) -> Vec<Rung> {
    let mut folds: Vec<usize> = (0..sizes.len()).collect();
    folds.sort_by_key(|fold| (sizes[*fold], *fold));
    if strategy == Strategy::Random || candidates <= if drawn { 2 } else { FEW } || folds.len() < 2 {
        return vec![Rung { keep: 0, join: candidates, folds }];
    }
    let first: Vec<usize> = scout(strategy, sizes).into_iter().collect();
    folds.retain(|fold| !first.contains(fold));
    let rest = folds.split_off(folds.len() / 2);
    let near = if drawn && candidates >= ENOUGH { candidates * 2 / 5 } else { 0 };
    let second = (candidates * 3).div_ceil(10).max(2);
    let third = candidates.div_ceil(10).clamp(2, second);
    let mut rungs = vec![Rung { keep: 0, join: candidates - near, folds: first.clone() }];
    if near > 0 {
        rungs.push(Rung { keep: candidates - near, join: near, folds: first });
    }
    if !folds.is_empty() {
        rungs.push(Rung { keep: second, join: 0, folds });
    }
    rungs.push(Rung { keep: third, join: 0, folds: rest });
    rungs
}

/// The fold that all candidates of a race by halving meet first, where there are others.
pub fn scout(strategy: Strategy, sizes: &[usize]) -> Option<usize> {
    let mut folds: Vec<usize> = (0..sizes.len()).collect();
    folds.sort_by_key(|fold| (sizes[*fold], *fold));
    (strategy == Strategy::Halving && folds.len() > 1).then(|| folds[(folds.len() - 1) / 3])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(candidates: usize, drawn: bool, folds: usize, expect: &[(usize, usize, &[usize])]) {
        let sizes: Vec<usize> = (1..=folds).map(|fold| fold * 100).collect();
        let rungs = schedule(Strategy::Halving, candidates, drawn, &sizes);
        let found: Vec<(usize, usize, &[usize])> = rungs.iter().map(|r| (r.keep, r.join, r.folds.as_slice())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn every_finalist_meets_every_fold() {
        check(20, true, 5, &[(0, 12, &[1]), (12, 8, &[1]), (6, 0, &[0, 2]), (2, 0, &[3, 4])]);
        check(20, false, 5, &[(0, 20, &[1]), (6, 0, &[0, 2]), (2, 0, &[3, 4])]);
        check(20, true, 2, &[(0, 12, &[0]), (12, 8, &[0]), (2, 0, &[1])]);
        check(20, true, 3, &[(0, 12, &[0]), (12, 8, &[0]), (6, 0, &[1]), (2, 0, &[2])]);
        check(5, true, 5, &[(0, 5, &[1]), (2, 0, &[0, 2]), (2, 0, &[3, 4])]);
        check(2, true, 5, &[(0, 2, &[0, 1, 2, 3, 4])]);
        check(1, false, 3, &[(0, 1, &[0, 1, 2])]);
        check(3, false, 3, &[(0, 3, &[0, 1, 2])]);
        check(3, true, 3, &[(0, 3, &[0]), (2, 0, &[1]), (2, 0, &[2])]);
        check(5, false, 3, &[(0, 5, &[0]), (2, 0, &[1]), (2, 0, &[2])]);
    }

    #[test]
    fn random_search_is_one_rung() {
        let expect = [Rung { keep: 0, join: 20, folds: vec![0, 1] }];
        assert_eq!(schedule(Strategy::Random, 20, true, &[1, 2]), expect);
    }
}
