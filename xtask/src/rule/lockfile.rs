//! Every locked dependency comes from crates.io.

use crate::finding::Finding;
use crate::repository::Text;

const OFFICIAL: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub fn check(texts: &[Text]) -> Vec<Finding> {
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| text.path.ends_with("Cargo.lock")) {
        for (i, line) in text.text.lines().enumerate() {
            let Some(source) = line.strip_prefix("source = ") else { continue };
            if source.trim_matches('"') != OFFICIAL {
                found.push(Finding::new(&text.path, i + 1, format!("{source} is not crates.io")));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_registry_and_a_git_dependency_are_found() {
        let text = format!(
            "source = \"{OFFICIAL}\"\nsource = \"registry+https://x.org/\"\nsource = \"git+https://x.org/y\"\n"
        );
        let lock = |path: &str| Text { path: path.into(), text: text.clone() };
        let found = check(&[lock("Cargo.lock"), lock("other.txt")]);
        assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [2, 3]);
    }
}
