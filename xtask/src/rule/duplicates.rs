//! Code that stands twice: runs of twelve lines and more that are equal but for their indentation.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::ratchet::Ratchets;
use crate::source::Source;

const RUN: usize = 12;

/// A place where a run begins that also stands elsewhere.
struct Twin {
    at: (usize, usize),
    first: (usize, usize),
}

/// The lines that count: what is left without comments, blank lines and imports.
fn lines_of(source: &Source) -> Vec<(usize, &str)> {
    let text = source.text.lines().zip(source.code.lines()).enumerate();
    text.filter(|(_, (_, code))| {
        let code = code.trim();
        !code.is_empty() && !code.starts_with("use ") && !code.starts_with("#[")
    })
    .map(|(i, (line, _))| (i + 1, line.trim()))
    .collect()
}

/// How many lines belong to runs that stand at least twice (each but for its first occurrence), and
/// where those runs begin.
fn search(sources: &[Source]) -> (usize, Vec<Twin>) {
    let lines: Vec<Vec<(usize, &str)>> = sources.iter().map(lines_of).collect();
    let mut first: BTreeMap<Vec<&str>, (usize, usize)> = BTreeMap::new();
    let (mut count, mut twins) = (0, Vec::new());
    for (file, lines) in lines.iter().enumerate() {
        // Up to where the lines of this file are already counted.
        let mut counted = 0;
        for (start, run) in lines.windows(RUN).enumerate() {
            let key: Vec<&str> = run.iter().map(|(_, line)| *line).collect();
            let Some(known) = first.get(&key) else {
                first.insert(key, (file, start));
                continue;
            };
            // A run that overlaps its own first occurrence is repetition inside a table, not a copy.
            if known.0 == file && start < known.1 + RUN {
                continue;
            }
            if start > counted || counted == 0 {
                twins.push(Twin { at: (file, run[0].0), first: *known });
            }
            count += start + RUN - start.max(counted);
            counted = start + RUN;
        }
    }
    for twin in &mut twins {
        twin.first.1 = lines[twin.first.0][twin.first.1].0;
    }
    (count, twins)
}

/// How many lines stand twice.
pub fn measure(sources: &[Source]) -> usize {
    search(sources).0
}

pub fn check(sources: &[Source], ratchets: &Ratchets) -> Vec<Finding> {
    let (count, twins) = search(sources);
    if count <= ratchets.duplicate_lines {
        return Vec::new();
    }
    let finding = |twin: &Twin| {
        let first = format!("{}:{}", sources[twin.first.0].path, twin.first.1);
        let what = format!(
            "stands already at {first}; {count} lines of the repository stand twice, and no more than {} may: share it",
            ratchets.duplicate_lines
        );
        Finding::new(&sources[twin.at.0].path, twin.at.1, what)
    };
    twins.iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(from: usize, to: usize, indent: &str) -> String {
        (from..to).map(|i| format!("{indent}call({i});\n")).collect()
    }

    #[test]
    fn a_copy_is_found_whatever_its_indentation() {
        let a = Source::new("a.rs", &format!("//! A.\n{}", numbered(0, 30, "")));
        let b = Source::new("b.rs", &format!("//! B.\nfn b() {{\n{}}}\n", numbered(10, 25, "    ")));
        let sources = [a, b];
        assert_eq!(measure(&sources), 15);
        let limits = |duplicate_lines| Ratchets { longest_file: 0, longest_function: 0, duplicate_lines };
        assert!(check(&sources, &limits(15)).is_empty());
        let found = check(&sources, &limits(14));
        assert_eq!(found.iter().map(|f| (f.file.as_str(), f.line)).collect::<Vec<_>>(), [("b.rs", 3)]);
        assert!(found[0].what.contains("a.rs:12"), "{}", found[0].what);
    }

    #[test]
    fn short_likenesses_and_repetition_in_place_are_no_copies() {
        let a = Source::new("a.rs", &numbered(0, 11, ""));
        let b = Source::new("b.rs", &numbered(0, 11, ""));
        let table = Source::new("c.rs", &"row();\n".repeat(20));
        assert_eq!(measure(&[a, b, table]), 0);
    }
}
