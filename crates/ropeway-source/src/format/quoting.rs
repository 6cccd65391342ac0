//! Quotes: when a text needs them in CSV and JSON, and what stands between them.

use std::borrow::Cow;

/// Where the first field of a CSV record ends: at the first delimiter outside quotes. Quotes count where they open the
/// field; what follows the closing one is part of it.
pub(crate) fn field_end(record: &[u8], delimiter: u8) -> usize {
    let mut quoted = record.first() == Some(&b'"');
    let mut at = usize::from(quoted);
    while let Some(byte) = record.get(at) {
        match byte {
            b'"' if quoted && record.get(at + 1) == Some(&b'"') => at += 1,
            b'"' => quoted = false,
            byte if *byte == delimiter && !quoted => break,
            _ => {}
        }
        at += 1;
    }
    at
}

/// What a CSV field says, without its quotes.
pub(crate) fn unquoted(field: &str) -> Cow<'_, str> {
    let Some(mut rest) = field.strip_prefix('"') else { return Cow::Borrowed(field) };
    let mut text = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('"') {
        text.push_str(before);
        let Some(more) = after.strip_prefix('"') else {
            rest = after;
            break;
        };
        text.push('"');
        rest = more;
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// A CSV field, in quotes where it needs them; an empty text is `""`, a missing one nothing.
pub(crate) fn quoted(text: &str, delimiter: u8, out: &mut Vec<u8>) {
    let needs = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n');
    if !text.is_empty() && !text.bytes().any(needs) {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// A CSV field as it was spelled, perhaps between other delimiters; in new quotes only where it would fall apart.
pub(crate) fn requoted(field: &str, delimiter: u8, out: &mut Vec<u8>) {
    if field_end(field.as_bytes(), delimiter) == field.len() {
        out.extend_from_slice(field.as_bytes());
    } else {
        quoted(&unquoted(field), delimiter, out);
    }
}

/// A JSON string.
pub(crate) fn json_string(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    if serde_json::to_writer(&mut *out, text).is_err() {
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
}

/// What a JSON text says: a string without its quotes, nothing for null, all else as it is.
pub(crate) fn plain(json: &str) -> Option<Cow<'_, str>> {
    match json.as_bytes().first() {
        Some(b'"') => Some(serde_json::from_str(json).map_or(Cow::Borrowed(json), Cow::Owned)),
        _ if json == "null" => None,
        _ => Some(Cow::Borrowed(json)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_its_spelling_unless_the_delimiter_tears_it() {
        let check = |field: &str, says: &str, with_comma: &str, with_tab: &str| {
            assert_eq!(unquoted(field), says, "{field}");
            for (delimiter, want) in [(b',', with_comma), (b'\t', with_tab)] {
                let mut out = Vec::new();
                requoted(field, delimiter, &mut out);
                assert_eq!(String::from_utf8(out).unwrap(), want, "{field}");
            }
        };
        check("007", "007", "007", "007");
        check("", "", "", "");
        check("\"\"", "", "\"\"", "\"\"");
        check("\"a\"", "a", "\"a\"", "\"a\"");
        check("\"a,\"\"b\"\"\"", "a,\"b\"", "\"a,\"\"b\"\"\"", "\"a,\"\"b\"\"\"");
        check("a\"b", "a\"b", "a\"b", "a\"b");
        check("a,b", "a,b", "\"a,b\"", "a,b");
        check("\"a\"b,c", "ab,c", "\"ab,c\"", "\"a\"b,c");
        check("\"a\"\tb", "a\tb", "\"a\"\tb", "\"a\tb\"");
    }

    #[test]
    fn json_says_text_a_number_or_nothing() {
        let check = |json: &str, want: Option<&str>| assert_eq!(plain(json).as_deref(), want, "{json}");
        check("\"a\\u00e9\\n\"", Some("aé\n"));
        check("1.10", Some("1.10"));
        check("null", None);
        check("\"null\"", Some("null"));
        check("[1, 2]", Some("[1, 2]"));
        // Half a surrogate pair is no character: it stays as it is.
        check("\"\\ud800\"", Some("\"\\ud800\""));
    }
}
