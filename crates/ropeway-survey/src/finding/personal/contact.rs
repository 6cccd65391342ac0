//! How to reach a person: mail and machine; and what people are called.

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
        assert!(is_full_name("Ada Lovelace") && !is_full_name("Ada") && !is_full_name("new york"));
    }
}
