//! Texts that differ by case or blanks alone, brought to one spelling.

use std::borrow::Cow;

use crate::settings::{Blanks, Case, TextSpelling};

impl TextSpelling {
    /// The text in the one spelling.
    pub fn read<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let trimmed = match self.blanks {
            Some(Blanks::Trim) => trimmed(text),
            None => Cow::Borrowed(text),
        };
        let changes = |of: Case| match of {
            Case::Lower => trimmed.chars().any(|c| !c.is_ascii_lowercase() && !c.is_ascii_digit()),
            Case::Upper => trimmed.chars().any(|c| !c.is_ascii_uppercase() && !c.is_ascii_digit()),
        };
        match self.case.filter(|case| changes(*case)) {
            Some(Case::Lower) => Cow::Owned(trimmed.to_lowercase()),
            Some(Case::Upper) => Cow::Owned(trimmed.to_uppercase()),
            None => trimmed,
        }
    }
}

/// No blank at the ends, and one where several follow each other.
fn trimmed(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let mut before = false;
    let plain = text.chars().all(|c| {
        let odd = c.is_whitespace() && (before || c != ' ');
        before = c.is_whitespace();
        !odd
    });
    if plain { Cow::Borrowed(text) } else { Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_blanks_are_told_one_by_one() {
        let check = |blanks: bool, case: Option<Case>, text: &str, want: &str| {
            let spelling = TextSpelling { blanks: blanks.then_some(Blanks::Trim), case };
            assert_eq!(spelling.read(text), want, "{text:?}");
            assert_eq!(spelling.read(want), want, "what is read once stays as it is");
        };
        check(false, None, " Benzin ", " Benzin ");
        check(true, None, "\u{a0}New \t York ", "New York");
        check(true, Some(Case::Lower), " BENZIN", "benzin");
        check(true, Some(Case::Lower), "Größe  M", "größe m");
        check(true, Some(Case::Upper), "diesel ", "DIESEL");
        check(false, Some(Case::Lower), "A ", "a ");
        check(true, Some(Case::Lower), "  ", "");
    }
}
