//! Mail addresses, alone and between other words: what may be said of a text without telling whom it names.

use std::borrow::Cow;

/// What ends an address in a sentence, a row of a file or a list.
const MARKS: &str = "()<>[]{},;:|=\"'";

/// A mail address: one `@` between a name and a domain with a dot.
pub fn is_mail(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '@');
    plain(name) && plain(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}

/// The address that a piece of a text is, without the marks around it.
fn address(piece: &str) -> Option<&str> {
    let bare = piece.trim_matches(|c: char| !c.is_alphanumeric());
    let ends = || bare.rsplit('.').next().is_some_and(|end| end.len() >= 2 && end.chars().all(char::is_alphabetic));
    Some(bare).filter(|bare| is_mail(bare) && ends())
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(|c: char| c.is_whitespace() || MARKS.contains(c))
}

/// Whether a text holds a mail address.
pub fn holds_mail(text: &str) -> bool {
    text.contains('@') && pieces(text).any(|piece| address(piece).is_some())
}

/// A text with `***` in place of each mail address.
pub fn without_mails(text: &str) -> Cow<'_, str> {
    if !holds_mail(text) {
        return text.into();
    }
    let shown = |piece: &str| address(piece).map_or_else(|| piece.to_owned(), |own| piece.replacen(own, "***", 1));
    pieces(text).map(shown).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_what_looks_like_one() {
        assert!(is_mail("a.b@example.org") && !is_mail("a@b") && !is_mail("at @ noon.today"));
        assert!(holds_mail("write to <a@b.example>.") && !holds_mail("5 @ 3.20 EUR") && !holds_mail("v@1.2"));
    }

    #[test]
    fn a_text_is_shown_without_them() {
        for (text, shown) in [
            ("write to a.b@c.example, or (d@e.example)!", "write to ***, or (***)!"),
            ("7,mailto:a@b.example|c@d.example\t5", "7,mailto:***|***\t5"),
            ("a@b.example", "***"),
            ("5 @ 3.20", "5 @ 3.20"),
        ] {
            assert_eq!(without_mails(text), shown);
        }
    }
}
