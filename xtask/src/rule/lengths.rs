//! Files and functions stay short: none longer than the longest that the ratchet has recorded.

use crate::finding::Finding;
use crate::ratchet::Ratchets;
use crate::source::Source;

/// What the floor of the workspace may hold at most.
const VOCAB: (&str, usize) = ("crates/ropeway-vocab/src/", 3000);

/// Lines of the longest file and of the longest function.
pub fn measure(sources: &[Source]) -> (usize, usize) {
    let files = sources.iter().map(|source| source.text.lines().count()).max();
    let functions = sources.iter().flat_map(Source::functions).map(|function| function.length).max();
    (files.unwrap_or(0), functions.unwrap_or(0))
}

pub fn check(sources: &[Source], ratchets: &Ratchets) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let lines = source.text.lines().count();
        if lines > ratchets.longest_file {
            let what = format!("{lines} lines; no file is longer than {}: split it", ratchets.longest_file);
            found.push(Finding::new(&source.path, 0, what));
        }
        for function in source.functions().iter().filter(|f| f.length > ratchets.longest_function) {
            let (name, lines, limit) = (&function.name, function.length, ratchets.longest_function);
            let what = format!("`{name}` has {lines} lines; no function is longer than {limit}: split it");
            found.push(Finding::new(&source.path, function.line, what));
        }
    }
    let vocab = sources.iter().filter(|source| source.path.starts_with(VOCAB.0));
    let lines: usize = vocab.map(|source| source.text.lines().count()).sum();
    if lines > VOCAB.1 {
        let what = format!("{lines} lines together; the nouns that cross floors stay under {}", VOCAB.1);
        found.push(Finding::new(VOCAB.0, 0, what));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_recorded_is_found() {
        let sources = [Source::new("a.rs", "fn short() {}\n\nfn long() {\n    1;\n    2;\n}\n")];
        assert_eq!(measure(&sources), (6, 4));
        let limits = |longest_file, longest_function| Ratchets { longest_file, longest_function, duplicate_lines: 0 };
        assert!(check(&sources, &limits(6, 4)).is_empty());
        assert_eq!(check(&sources, &limits(5, 4))[0].line, 0);
        assert_eq!(check(&sources, &limits(6, 3))[0].line, 3);
        let vocab = [Source::new("crates/ropeway-vocab/src/a.rs", &"\n".repeat(3001))];
        assert_eq!(check(&vocab, &limits(9999, 9999)).len(), 1);
    }
}
