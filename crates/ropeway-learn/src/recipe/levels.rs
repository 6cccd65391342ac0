//! The levels of a text feature: those frequent enough in the training rows, the rest pooled.

use std::collections::HashMap;

use ropeway_stat::Grain;
use serde::{Deserialize, Serialize};

use super::counted::{self, Weights};

/// The frequent levels in alphabetical order, and whether any rare one was pooled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    names: Vec<String>,
    pooled: bool,
}

impl Levels {
    /// Keeps the levels that occur at least `least` times, as much as rows count, at most `most` of them (the more frequent first, then
    /// the alphabet).
    pub fn fit(values: &[Option<&str>], weights: Weights<'_>, (least, most): (f64, usize)) -> Self {
        let mut counts: HashMap<&str, f64> = HashMap::new();
        for (place, value) in values.iter().enumerate() {
            let Some(value) = value else { continue };
            *counts.entry(*value).or_default() += counted::of(weights, place);
        }
        let grain = Grain::of(weights.map_or(values.len() as f64, |weights| weights.iter().sum()));
        let mut ranked: Vec<(&str, f64)> =
            counts.into_iter().map(|(level, count)| (level, grain.rounded(count))).collect();
        ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let kept = ranked.iter().take(most).take_while(|(_, count)| *count >= least).count();
        let mut names: Vec<String> = ranked[..kept].iter().map(|(name, _)| (*name).to_owned()).collect();
        names.sort_unstable();
        Self { names, pooled: kept < ranked.len() }
    }

    /// The frequent levels.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether there is a code for rare levels.
    pub fn pooled(&self) -> bool {
        self.pooled
    }

    /// How many codes there are, with the one for rare levels.
    pub fn count(&self) -> usize {
        self.names.len() + usize::from(self.pooled)
    }

    /// The code of a level; rare and never-seen ones share the last code, where rare ones were pooled.
    pub fn code(&self, value: &str) -> Option<usize> {
        match self.names.binary_search_by(|name| name.as_str().cmp(value)) {
            Ok(code) => Some(code),
            Err(_) => self.pooled.then_some(self.names.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_levels_are_pooled_and_unseen_ones_join_them() {
        let values: Vec<Option<&str>> = ["a", "b", "b", "c", "c", "c"].into_iter().map(Some).chain([None]).collect();
        let levels = Levels::fit(&values, None, (2.0, 10));
        assert_eq!(levels.names(), ["b", "c"]);
        assert_eq!((levels.code("b"), levels.code("a"), levels.code("zz")), (Some(0), Some(2), Some(2)));
        let capped = Levels::fit(&values, None, (1.0, 1));
        assert_eq!((capped.names(), capped.code("b")), (["c".to_owned()].as_slice(), Some(1)));
        let all = Levels::fit(&values, None, (1.0, 10));
        assert_eq!((all.count(), all.code("zz")), (3, None));
        let weights = [2.0, 1.0, 1.0, 0.5, 0.25, 0.25, 1.0];
        assert_eq!(Levels::fit(&values, Some(&weights), (2.0, 10)).names(), ["a", "b"], "as much as rows count");
    }
}
