//! The recorded measures that may only go down: `xtask/ratchets.toml`.

use std::fmt::Write;
use std::path::Path;

use crate::rule::{duplicates, lengths};
use crate::source::Source;

const FILE: &str = "xtask/ratchets.toml";

/// How long and how repetitive code may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratchets {
    /// Lines of the longest Rust file.
    pub longest_file: usize,
    /// Lines of the longest function, from `fn` to its closing brace.
    pub longest_function: usize,
    /// Lines in runs of at least twelve that stand elsewhere too.
    pub duplicate_lines: usize,
}

impl Ratchets {
    /// What the sources measure now.
    pub fn measure(sources: &[Source]) -> Self {
        let (longest_file, longest_function) = lengths::measure(sources);
        Self { longest_file, longest_function, duplicate_lines: duplicates::measure(sources) }
    }

    /// What is recorded.
    pub fn read(root: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(root.join(FILE)).map_err(|error| format!("reading {FILE}: {error}"))?;
        Self::parse(&text)
    }

    /// Records it.
    pub fn write(&self, root: &Path) -> Result<(), String> {
        std::fs::write(root.join(FILE), self.to_text()).map_err(|error| format!("writing {FILE}: {error}"))
    }

    /// The entries by name.
    fn entries(&self) -> [(&'static str, &'static str, usize); 3] {
        [
            ("longest_file", "Lines of the longest Rust file.", self.longest_file),
            (
                "longest_function",
                "Lines of the longest function, from `fn` to its closing brace.",
                self.longest_function,
            ),
            ("duplicate_lines", "Lines in runs of at least twelve that stand elsewhere too.", self.duplicate_lines),
        ]
    }

    fn to_text(&self) -> String {
        let mut text = "# May only go down. `cargo xtask tidy --ratchet` records the present measures.\n".to_owned();
        for (name, meaning, value) in self.entries() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n# {meaning}\n{name} = {value}\n");
        }
        text
    }

    fn parse(text: &str) -> Result<Self, String> {
        let entry = |name: &str| {
            let line = text.lines().find_map(|line| line.split_once('=').filter(|(key, _)| key.trim() == name));
            let value = line.and_then(|(_, value)| value.trim().parse().ok());
            value.ok_or_else(|| format!("{FILE} has no number `{name}`; `cargo xtask tidy --ratchet` writes it anew"))
        };
        Ok(Self {
            longest_file: entry("longest_file")?,
            longest_function: entry("longest_function")?,
            duplicate_lines: entry("duplicate_lines")?,
        })
    }

    /// Sentences that say where the code is better than recorded.
    pub fn slack(&self, now: &Self) -> Vec<String> {
        let pairs = self.entries().into_iter().zip(now.entries());
        pairs
            .filter(|(recorded, now)| now.2 < recorded.2)
            .map(|(recorded, now)| format!("{} is {} by now, {} is recorded", now.0, now.2, recorded.2))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Ratchets;

    #[test]
    fn reads_back_what_it_writes() {
        let ratchets = Ratchets { longest_file: 300, longest_function: 70, duplicate_lines: 24 };
        assert_eq!(Ratchets::parse(&ratchets.to_text()), Ok(ratchets.clone()));
        assert!(Ratchets::parse("longest_file = many").unwrap_err().contains("longest_file"));
        let now = Ratchets { longest_file: 310, longest_function: 60, duplicate_lines: 24 };
        assert_eq!(ratchets.slack(&now), ["longest_function is 60 by now, 70 is recorded"]);
    }
}
