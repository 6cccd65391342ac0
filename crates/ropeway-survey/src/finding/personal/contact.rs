//! How to reach a person: mail, telephone, street, machine; and what people are called.

use std::net::IpAddr;

/// A mail address: one `@` between a name and a domain with a dot.
pub(super) fn is_mail(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '@');
    plain(name) && plain(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}

/// An address of version 4 or 6.
pub(super) fn is_ip(text: &str) -> bool {
    (text.contains('.') || text.matches(':').count() >= 2) && text.parse::<IpAddr>().is_ok()
}

/// 7 to 15 digits (E.164) with the marks that people put between them.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let marks = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+' | 'x'));
    (7..=15).contains(&digits) && marks && text.rfind('+').is_none_or(|at| at == 0)
}

/// A number and a word that streets are called by.
pub(super) fn is_street(text: &str) -> bool {
    const STREETS: [&str; 24] = [
        "street",
        "st",
        "st.",
        "road",
        "rd",
        "rd.",
        "avenue",
        "ave",
        "ave.",
        "lane",
        "ln",
        "drive",
        "dr",
        "dr.",
        "boulevard",
        "blvd",
        "way",
        "court",
        "square",
        "rue",
        "via",
        "calle",
        "plaza",
        "weg",
    ];
    let lower = text.to_lowercase();
    let number = lower.contains(|c: char| c.is_ascii_digit());
    let street = lower.split([' ', ',']).any(|word| {
        STREETS.contains(&word)
            || ["strasse", "straße", "str.", "gasse", "allee", "platz"].iter().any(|end| word.ends_with(end))
    });
    number && street && lower.contains(' ')
}

/// Two to four words that begin with a capital letter, as people are called.
pub(super) fn is_full_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.'))
    };
    (2..=4).contains(&words.len()) && words.iter().all(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_from_what_looks_like_it() {
        assert!(is_mail("a.b@example.org") && !is_mail("a@b") && !is_mail("at @ noon.today"));
        assert!(is_ip("192.168.0.1") && is_ip("2001:db8::1") && !is_ip("1.2.3") && !is_ip("12:30"));
        assert!(
            is_phone("+41 44 668 18 00")
                && is_phone("(555) 123-4567")
                && !is_phone("123")
                && !is_phone("2024-01-01 10:00:00")
        );
        assert!(
            is_street("12 Main Street")
                && is_street("Hauptstraße 5")
                && !is_street("First Street")
                && !is_street("12 apples")
        );
        assert!(is_full_name("Ada Lovelace") && !is_full_name("Ada") && !is_full_name("new york"));
    }
}
