//! The words of a name.

/// In small letters; `startTime`, `start-time` and `start_time` are two words.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        let joins = c.is_alphanumeric();
        if !joins || c.is_uppercase() && small {
            words.push(String::new());
        }
        if joins && let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_signs_begin_words() {
        assert_eq!(words("startTime_of-day 2"), ["start", "time", "of", "day", "2"]);
        assert_eq!(words("latest"), ["latest"]);
    }
}
