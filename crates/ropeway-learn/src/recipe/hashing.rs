//! Texts that fall into buckets by their hash: nothing of them is kept, and new ones have a place.

use twox_hash::XxHash64;

/// The bucket of a text, from 0: XXH64 with seed 0, modulo the number of buckets ("Feature Hashing for Large Scale Multitask
/// Learning", Weinberger and others, 2009, without its signs, so that a count stays a count).
pub fn bucket(text: &str, buckets: u32) -> usize {
    (XxHash64::oneshot(0, text.as_bytes()) % u64::from(buckets.max(1))) as usize
}

/// Adds `ln(1 + n)` of the words of a text to the columns of its buckets, `n` being how many of its words fall into a bucket. A word is a run of
/// two or more letters, digits or apostrophes, in lower case.
pub fn words(text: &str, counts: &mut [f64]) {
    let buckets = u32::try_from(counts.len()).unwrap_or(u32::MAX);
    counts.fill(0.0);
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        if word.chars().nth(1).is_some() {
            counts[bucket(&word.to_lowercase(), buckets)] += 1.0;
        }
    }
    counts.iter_mut().filter(|count| **count > 0.0).for_each(|count| *count = libm::log1p(*count));
}

/// The words of texts, a column a bucket; a missing text has none.
pub fn word_columns(texts: &[Option<&str>], buckets: u32) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::with_capacity(texts.len()); buckets as usize];
    let mut counts = vec![0.0; buckets as usize];
    for text in texts {
        words(text.unwrap_or_default(), &mut counts);
        columns.iter_mut().zip(&counts).for_each(|(column, count)| column.push(*count));
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
