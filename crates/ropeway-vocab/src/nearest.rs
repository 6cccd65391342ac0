//! "Did you mean": the known name nearest to an unknown one.

/// The known name nearest to `unknown`, where one is near enough to be a likely slip.
pub fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Of three letters two that differ make another word.
    let limit = match unknown.chars().count() {
        length @ ..=4 => length.saturating_sub(2).max(1),
        length => length.div_ceil(3) + 1,
    };
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&unknown.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_nothing_far() {
        assert_eq!(nearest("tolerat", ["table", "that", "tolerate"]), Some("tolerate"));
        assert_eq!(nearest("zzzzzz", ["table", "that"]), None);
        assert_eq!(nearest("dyas", ["days", "hours"]), Some("days"));
        assert_eq!(nearest("tim", ["time", "group"]), Some("time"));
        assert_eq!(nearest("foo", ["f1", "mcc"]), None);
    }
}
