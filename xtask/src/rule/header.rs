//! Every Rust file begins with `//!` and says why it exists.

use crate::finding::Finding;
use crate::source::Source;

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let bare = |source: &&Source| {
        let says = source.text.lines().next().and_then(|line| line.strip_prefix("//!"));
        says.is_none_or(|why| why.trim().len() < 10)
    };
    let what = "the file does not begin with `//!` and a line that says why it exists";
    sources.iter().filter(bare).map(|source| Finding::new(&source.path, 1, what)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_reason_is_found() {
        let sources = [
            Source::new("good.rs", "//! Says why it exists.\n"),
            Source::new("bare.rs", "use std::fmt;\n"),
            Source::new("mute.rs", "//!\nfn main() {}\n"),
            Source::new("empty.rs", ""),
        ];
        let found: Vec<String> = check(&sources).into_iter().map(|f| f.file).collect();
        assert_eq!(found, ["bare.rs", "mute.rs", "empty.rs"]);
    }
}
