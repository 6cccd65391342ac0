//! Texts that fall into buckets by their hash: nothing of them is kept, and new ones have a place.

use serde::{Deserialize, Serialize};
use twox_hash::XxHash64;

/// The bucket of a text, from 0: XXH64 with seed 0, modulo the number of buckets ("Feature Hashing for Large Scale Multitask
/// Learning", Weinberger and others, 2009, without its signs, so that a count stays a count).
pub fn bucket(text: &str, buckets: u32) -> usize {
    (XxHash64::oneshot(0, text.as_bytes()) % u64::from(buckets.max(1))) as usize
}

/// Into so many buckets words fall where nobody says how many: of the thousands of words that a table's texts have, few then meet.
pub const ROOMY: u32 = 65_536;
/// A word that fewer texts of the training rows have says nothing of others.
const TEXTS: u32 = 3;

/// Which buckets of words have a column each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Buckets {
    /// How many there are.
    #[serde(rename = "buckets")]
    pub all: u32,
    /// Those with a column, ascending.
    #[serde(rename = "met")]
    pub kept: Vec<u32>,
}

impl Buckets {
    /// Of training texts. As many as asked for, and every one that a word falls into; where nobody says it, of many those that
    /// most texts have a word in, at most `columns`.
    pub fn fit(texts: &[Option<&str>], asked: Option<u32>, columns: usize) -> Self {
        let all = asked.unwrap_or(ROOMY);
        // In how many texts each is met, and the last of these.
        let mut met = vec![(0_u32, usize::MAX); all as usize];
        for (row, text) in texts.iter().enumerate() {
            for word in words_of(text.unwrap_or_default()) {
                let (count, last) = &mut met[bucket(&word, all)];
                *count += u32::from(*last != row);
                *last = row;
            }
        }
        let least = if asked.is_some() { 1 } else { TEXTS };
        let mut kept: Vec<u32> = (0..all).filter(|bucket| met[*bucket as usize].0 >= least).collect();
        if asked.is_none() {
            kept.sort_by_key(|bucket| std::cmp::Reverse(met[*bucket as usize].0));
            kept.truncate(columns);
            kept.sort_unstable();
        }
        Self { all, kept }
    }

    /// Whether it is what a fit makes.
    pub fn is_sound(&self) -> bool {
        let Self { all, kept } = self;
        (1..=ROOMY).contains(all) && kept.is_sorted() && kept.last().is_none_or(|last| last < all)
    }

    /// The words of texts, a column for each bucket kept; a missing text has none.
    pub fn columns(&self, texts: &[Option<&str>]) -> Vec<Vec<f64>> {
        let mut columns = vec![vec![0.0; texts.len()]; self.kept.len()];
        for (row, text) in texts.iter().enumerate() {
            let column = |bucket: u32| self.kept.binary_search(&bucket).ok();
            words(text.unwrap_or_default(), self.all, |bucket, value| {
                if let Some(column) = column(bucket) {
                    columns[column][row] = value;
                }
            });
        }
        columns
    }
}

/// The words of a text: runs of two or more letters, digits or apostrophes, in lower case.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    let runs = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    runs.filter(|word| word.chars().nth(1).is_some()).map(str::to_lowercase)
}

/// Tells each bucket that words of a text fall into, ascending, with `ln(1 + n)` of the `n` words that do.
pub fn words(text: &str, buckets: u32, mut tell: impl FnMut(u32, f64)) {
    let mut met: Vec<u32> = words_of(text).map(|word| bucket(&word, buckets) as u32).collect();
    met.sort_unstable();
    met.chunk_by(u32::eq).for_each(|same| tell(same[0], libm::log1p(same.len() as f64)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_those_of_xxh64() {
        // XXH64 of "" is ef46db3751d8e999 and of "a" d24ec4f1a98c6e5b (the reference implementation, version 0.8.2).
        assert_eq!(bucket("", 1_000), (0xef46_db37_51d8_e999_u64 % 1_000) as usize);
        assert_eq!(bucket("a", 253), (0xd24e_c4f1_a98c_6e5b_u64 % 253) as usize);
    }

    #[test]
    fn of_many_words_those_that_most_texts_have_get_a_bucket_each() {
        let texts: Vec<String> = (0..900).map(|row| format!("often word{} rare{row}", row % 300)).collect();
        let texts: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
        let fitted = |columns| Buckets::fit(&texts, None, columns);
        // `often`, and the 300 that three texts have: none that one text has.
        let all = fitted(1_000);
        assert!(all.all == ROOMY && (298..=301).contains(&all.kept.len()), "{} {}", all.all, all.kept.len());
        assert_eq!(fitted(1).kept, [bucket("often", ROOMY) as u32]);
        assert_eq!(fitted(100).kept.len(), 100);
        assert!(fitted(100).kept.is_sorted() && fitted(100).kept.iter().all(|kept| all.kept.contains(kept)));
        // As many as asked for are all kept.
        let asked = Buckets::fit(&texts, Some(64), 1);
        assert_eq!(asked, Buckets { all: 64, kept: (0..64).collect() });
        assert_eq!(Buckets::fit(&[None], None, 9).kept, [0_u32; 0]);
    }

    #[test]
    fn words_are_counted_whatever_their_case_and_what_stands_around_them() {
        let counted = |text: &str| {
            let mut told = Vec::new();
            words(text, 64, |bucket, value| told.push((bucket, value)));
            told
        };
        let mut expected = [(bucket("good", 64) as u32, 4_f64.ln()), (bucket("don't", 64) as u32, 2_f64.ln())];
        expected.sort_by_key(|(bucket, _)| *bucket);
        let found = counted("Good, GOOD: good! I don't -- a");
        assert!(found.iter().zip(&expected).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-12), "{found:?}");
        assert_eq!((found.len(), counted("").len()), (2, 0));
        let buckets = Buckets { all: 64, kept: vec![expected[1].0] };
        assert_eq!(
            buckets.columns(&[Some("a good"), None, Some("don't")]).concat().iter().filter(|x| **x > 0.0).count(),
            1
        );
    }
}
