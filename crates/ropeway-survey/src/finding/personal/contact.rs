//! How to reach a person: mail and machine.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_from_what_looks_like_it() {
        assert!(is_mail("a.b@example.org") && !is_mail("a@b") && !is_mail("at @ noon.today"));
        assert!(is_ip("192.168.0.1") && is_ip("2001:db8::1") && !is_ip("1.2.3") && !is_ip("12:30"));
    }
}
