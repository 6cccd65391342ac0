//! Unsafe code has its places, and says each time why it is sound.

use crate::finding::Finding;
use crate::source::Source;

/// Where unsafe code may stand: the binding to LightGBM, and one call to the allocator.
const PLACES: [&str; 2] = ["crates/ropeway-learn/src/boosted/", "crates/ropeway/src/memory.rs"];
/// How many lines above an unsafe block its reason may begin.
const ABOVE: usize = 6;

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let lines: Vec<&str> = source.text.lines().collect();
        for (i, line) in source.code.lines().enumerate() {
            let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            if !words.into_iter().any(|word| word == "unsafe") {
                continue;
            }
            if !PLACES.iter().any(|place| source.path.starts_with(place)) {
                let what = format!("unsafe code outside {}", PLACES.join(", "));
                found.push(Finding::new(&source.path, i + 1, what));
            } else if !lines[i.saturating_sub(ABOVE)..=i].iter().any(|line| line.contains("SAFETY:")) {
                found.push(Finding::new(
                    &source.path,
                    i + 1,
                    "unsafe code without a `// SAFETY:` that says why it is sound",
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_code_elsewhere_or_without_a_reason_is_found() {
        let block = "fn f() {\n    unsafe { g() }\n}";
        let reasoned = "fn f() {\n    // SAFETY: g has no conditions.\n    unsafe { g() }\n}";
        let check_in = |path: &str, text: &str| check(&[Source::new(path, text)]).len();
        assert_eq!(check_in("crates/ropeway-stat/src/a.rs", reasoned), 1);
        assert_eq!(check_in("crates/ropeway-learn/src/boosted/a.rs", block), 1);
        assert_eq!(check_in("crates/ropeway-learn/src/boosted/a.rs", reasoned), 0);
        assert_eq!(check_in("crates/ropeway-stat/src/a.rs", "// unsafe\n#![deny(unsafe_code)]"), 0);
    }
}
