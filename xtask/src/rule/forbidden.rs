//! Code that is not allowed anywhere: silenced lints, unfinished functions, skipped tests.

use crate::finding::Finding;
use crate::source::Source;

const FORBIDDEN: [(&str, &str); 6] = [
    ("#[allow(", "use `#[expect(.., reason = \"..\")]`, so that it goes when it is no longer needed"),
    ("#![allow(", "use `#[expect(.., reason = \"..\")]` on the item it is needed for"),
    ("todo!(", "finish it, or return a problem that says what is missing"),
    ("unimplemented!(", "finish it, or return a problem that says what is missing"),
    ("dbg!(", "remove it, or trace it"),
    ("#[ignore", "a test runs or it goes"),
];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        for (i, line) in source.code.lines().enumerate() {
            for (word, remedy) in FORBIDDEN {
                if holds(line, word) {
                    found.push(Finding::new(&source.path, i + 1, format!("`{word}`: {remedy}")));
                }
            }
        }
    }
    found
}

/// Whether the line holds `word` where a word may start.
fn holds(line: &str, word: &str) -> bool {
    let starts = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| starts(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_in_code_and_not_in_text() {
        for (word, _) in FORBIDDEN {
            let text = format!("//! About {word}.\nlet s = \"{word}\";\n    {word}\n");
            let found = check(&[Source::new("x.rs", &text)]);
            assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [3], "{word}");
        }
        assert!(check(&[Source::new("x.rs", "my_todo!()")]).is_empty());
    }
}
