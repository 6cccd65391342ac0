//! Names that say nothing: files and types are named for what they know.

use crate::finding::Finding;
use crate::source::Source;

const FILES: [&str; 12] = [
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "handler",
    "processor",
    "wrapper",
    "stuff",
    "shared",
];
const TYPES: [&str; 4] = ["Manager", "Handler", "Processor", "Wrapper"];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let parts = source.path.trim_end_matches(".rs").split('/');
        for part in parts.filter(|part| FILES.contains(part)) {
            let what = format!("`{part}` says nothing about what is inside; name it for what it knows");
            found.push(Finding::new(&source.path, 0, what));
        }
        for (i, line) in source.code.lines().enumerate() {
            if let Some(name) = declared_type(line).filter(|name| TYPES.iter().any(|end| name.ends_with(end))) {
                let what = format!("the name `{name}` says nothing about what the type is; name it for what it knows");
                found.push(Finding::new(&source.path, i + 1, what));
            }
        }
    }
    found
}

fn declared_type(line: &str) -> Option<&str> {
    let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    words.find(|word| ["struct", "enum", "trait"].contains(word))?;
    words.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_names_of_files_folders_and_types_are_found() {
        let sources = [
            Source::new("crates/a/src/utils.rs", ""),
            Source::new("crates/a/src/common/mod.rs", ""),
            Source::new("crates/a/src/window.rs", "/// A Manager.\npub(crate) struct RunManager<T>(T);"),
            Source::new("crates/a/src/handler_table.rs", "let handler = \"struct XHandler\";"),
        ];
        let found: Vec<(String, usize)> = check(&sources).into_iter().map(|f| (f.file, f.line)).collect();
        let expect = [("crates/a/src/utils.rs", 0), ("crates/a/src/common/mod.rs", 0), ("crates/a/src/window.rs", 2)];
        assert_eq!(found, expect.map(|(file, line)| (file.to_owned(), line)));
    }
}
