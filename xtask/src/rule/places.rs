//! No file names a place of one machine or a mirror of a package registry: a clone works anywhere.

use crate::finding::Finding;
use crate::repository::Text;

/// Assembled from halves, so that this file does not find itself.
const FOLDERS: [&str; 4] =
    [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];
const MIRRORS: [&str; 6] = [
    concat!("index", "-url"),
    concat!("INDEX", "_URL"),
    concat!("replace", "-with"),
    concat!("GO", "PROXY"),
    concat!("CARGO_", "REGISTRIES_"),
    concat!("npm_config_", "registry"),
];

pub fn check(texts: &[Text]) -> Vec<Finding> {
    let mut found = Vec::new();
    for text in texts {
        for (i, line) in text.text.lines().enumerate() {
            if let Some(folder) = FOLDERS.iter().find(|folder| names_folder(line, folder)) {
                let what =
                    format!("`{folder}` is a folder of one machine; name it relative to the repository or to $HOME");
                found.push(Finding::new(&text.path, i + 1, what));
            }
            if let Some(word) = MIRRORS.iter().find(|word| line.contains(**word)) {
                let what = format!("`{word}` names a package registry; which one to use is the machine's business");
                found.push(Finding::new(&text.path, i + 1, what));
            }
        }
    }
    found
}

/// Whether a path starts with `folder` in this line: what stands before it does not belong to a longer path.
fn names_folder(line: &str, folder: &str) -> bool {
    let starts = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_-./~}*$:".contains(c));
    line.match_indices(folder).any(|(at, _)| starts(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_found(text: &str) -> Vec<usize> {
        check(&[Text { path: "x".into(), text: text.into() }]).into_iter().map(|f| f.line).collect()
    }

    #[test]
    fn folders_of_a_machine_are_found_and_the_ends_of_longer_paths_are_not() {
        for folder in FOLDERS {
            assert_eq!(lines_found(&format!("a\ncd {folder}x\nsee docs{folder}x and $HOME{folder}")), [2], "{folder}");
        }
    }

    #[test]
    fn mirrors_are_found() {
        for word in MIRRORS {
            assert_eq!(lines_found(&format!("pip install --{word}=https://example.org/simple")), [1], "{word}");
        }
    }
}
