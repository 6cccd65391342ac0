//! A part of many rows that stands for all of them.

/// At most so many of them, evenly spread.
pub(crate) fn evenly<T: Copy>(rows: &[T], most: usize) -> Vec<T> {
    let count = rows.len().min(most);
    (0..count).map(|place| rows[place * rows.len() / count]).collect()
}

#[cfg(test)]
mod tests {
    use super::evenly;

    #[test]
    fn takes_all_of_few_and_every_so_many_of_many() {
        assert_eq!(evenly(&[3, 1, 2], 3), [3, 1, 2]);
        assert_eq!(evenly(&[0, 1, 2, 3, 4, 5, 6], 3), [0, 2, 4]);
        assert_eq!(evenly::<u32>(&[], 3), [0_u32; 0]);
    }
}
