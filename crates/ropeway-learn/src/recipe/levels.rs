//! The levels of a text feature: those frequent enough in the training rows, the rest pooled.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// The frequent levels in alphabetical order, and whether any rare one was pooled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    names: Vec<String>,
    pooled: bool,
}

impl Levels {
    /// Keeps the levels that occur at least `least` times, at most `most` of them (the more frequent first, then
    /// the alphabet).
    pub fn fit(values: &[Option<&str>], least: usize, most: usize) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for value in values.iter().flatten() {
            *counts.entry(*value).or_default() += 1;
        }
        let mut ranked: Vec<(&str, usize)> = counts.into_iter().collect();
        ranked.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
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
        let levels = Levels::fit(&values, 2, 10);
        assert_eq!(levels.names(), ["b", "c"]);
        assert_eq!((levels.code("b"), levels.code("a"), levels.code("zz")), (Some(0), Some(2), Some(2)));
        let capped = Levels::fit(&values, 1, 1);
        assert_eq!((capped.names(), capped.code("b")), (["c".to_owned()].as_slice(), Some(1)));
        let all = Levels::fit(&values, 1, 10);
        assert_eq!((all.count(), all.code("zz")), (3, None));
    }
}
