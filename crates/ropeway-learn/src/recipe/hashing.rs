//! Texts that fall into buckets by their hash: nothing of them is kept, and new ones have a place.

use std::collections::HashSet;

use twox_hash::XxHash64;

/// The bucket of a text, from 0: XXH64 with seed 0, modulo the number of buckets ("Feature Hashing for Large Scale Multitask
/// Learning", Weinberger and others, 2009, without its signs, so that a count stays a count).
pub fn bucket(text: &str, buckets: u32) -> usize {
    (XxHash64::oneshot(0, text.as_bytes()) % u64::from(buckets.max(1))) as usize
}

/// Up to so many different words of the training rows have nearly a bucket each: fewer, and as many more as enough rows can tell
/// apart. A linear fit takes four times as long on twice as many.
const FEW_WORDS: (usize, usize) = (256, 512);
/// Buckets for so few words: of 512 one in eight meets another.
const ROOMY: u32 = 4_096;
/// Rows from and up to which words fall into 256 buckets: of fewer rows they say more than these can tell apart, and of more
/// they take memory.
const ENOUGH_ROWS: std::ops::Range<usize> = 2_000..200_000;

/// Into how many buckets the words of these texts fall, where nobody says it.
pub fn word_buckets(texts: &[Option<&str>]) -> u32 {
    let enough = ENOUGH_ROWS.contains(&texts.len());
    let few = if enough { FEW_WORDS.1 } else { FEW_WORDS.0 };
    let mut seen = HashSet::new();
    for text in texts.iter().flatten() {
        seen.extend(words_of(text).map(|word| XxHash64::oneshot(0, word.as_bytes())));
        if seen.len() > few {
            return if enough { 256 } else { 64 };
        }
    }
    ROOMY
}

/// The words of a text: runs of two or more letters, digits or apostrophes, in lower case.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    let runs = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    runs.filter(|word| word.chars().nth(1).is_some()).map(str::to_lowercase)
}

/// Adds `ln(1 + n)` of the words of a text to the columns of its buckets, `n` being how many of its words fall into a bucket.
pub fn words(text: &str, counts: &mut [f64]) {
    let buckets = u32::try_from(counts.len()).unwrap_or(u32::MAX);
    counts.fill(0.0);
    words_of(text).for_each(|word| counts[bucket(&word, buckets)] += 1.0);
    counts.iter_mut().filter(|count| **count > 0.0).for_each(|count| *count = libm::log1p(*count));
}

/// The buckets that words of these texts fall into, ascending.
pub fn buckets_met(texts: &[Option<&str>], buckets: u32) -> Vec<u32> {
    let mut met = vec![false; buckets as usize];
    texts.iter().flatten().flat_map(|text| words_of(text)).for_each(|word| met[bucket(&word, buckets)] = true);
    (0..buckets).filter(|bucket| met[*bucket as usize]).collect()
}

/// The words of texts, a column for each of some buckets; a missing text has none.
pub fn word_columns(texts: &[Option<&str>], (buckets, kept): (u32, &[u32])) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::with_capacity(texts.len()); kept.len()];
    let mut counts = vec![0.0; buckets as usize];
    for text in texts {
        words(text.unwrap_or_default(), &mut counts);
        columns.iter_mut().zip(kept).for_each(|(column, bucket)| column.push(counts[*bucket as usize]));
    }
    columns
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
    fn few_words_have_a_bucket_each_and_many_share() {
        let texts = |words: usize, rows: usize| -> Vec<String> {
            (0..rows).map(|row| format!("word{} again", row % words)).collect()
        };
        let buckets = |texts: &[String]| {
            let texts: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
            let buckets = word_buckets(&texts);
            (buckets, buckets_met(&texts, buckets).len())
        };
        assert_eq!(buckets(&texts(34, 500)), (4_096, 35));
        assert_eq!(buckets(&texts(400, 2_000)).0, 4_096);
        assert_eq!(buckets(&texts(400, 1_000)).0, 64);
        assert_eq!(buckets(&texts(1_000, 1_000)).0, 64);
        let (all, met) = buckets(&texts(1_000, 2_000));
        assert!(all == 256 && (240..=256).contains(&met), "{all} {met}");
        assert_eq!(word_buckets(&[None]), 4_096);
    }

    #[test]
    fn words_are_counted_whatever_their_case_and_what_stands_around_them() {
        let mut counts = [7.0; 64];
        words("Good, GOOD: good! I don't -- a", &mut counts);
        let mut expected = [0.0; 64];
        expected[bucket("good", 64)] = 4_f64.ln();
        expected[bucket("don't", 64)] = 2_f64.ln();
        assert!(counts.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12), "{counts:?}");
        words("", &mut counts);
        assert_eq!(counts, [0.0; 64]);
    }
}
