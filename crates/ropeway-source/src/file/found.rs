//! From a path or glob to the files of a source, in the order of their names.

use std::path::{Path, PathBuf};

use ropeway_vocab::{Kind, Place, Problem, Result};

/// One file: where it is, and how messages and records name it.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
}

impl SourceFile {
    pub(crate) fn at(path: &Path, root: Option<&Path>) -> Self {
        let inside = root.and_then(|root| path.strip_prefix(root).ok());
        let name = match inside {
            Some(inside) => inside.to_string_lossy().replace('\\', "/"),
            // Records hold no absolute path.
            None if root.is_some() => path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into()),
            None => path.to_string_lossy().into(),
        };
        Self { path: path.to_path_buf(), name }
    }

    pub(crate) fn place(&self) -> Place {
        Place::file(&self.name)
    }
}

/// The files of the path or glob `pattern` under the folder `root`; at least one, sorted by path.
pub(crate) fn resolve(pattern: &str, root: &Path) -> Result<Vec<SourceFile>> {
    if pattern.is_empty() {
        return Err(Problem::invalid("no-path", "the source has no path")
            .remedy("write `path = \"data/file.csv\"`, relative to the project folder"));
    }
    let literal = root.join(pattern);
    if literal.is_dir() {
        return Err(folder(pattern));
    }
    if literal.exists() || !pattern.contains(['*', '?', '[']) {
        regular(&literal, pattern)?;
        return Ok(vec![SourceFile::at(&literal, Some(root))]);
    }
    let full = format!("{}/{pattern}", glob::Pattern::escape(&root.to_string_lossy()));
    let full = if Path::new(pattern).is_absolute() { pattern } else { &full };
    let paths = glob::glob(full).map_err(|error| {
        Problem::invalid("glob", format!("`{pattern}` is not a glob: {}", error.msg))
            .remedy("use `*`, `?`, `[a-z]` and `**`; write `[*]` for a star in a name")
    })?;
    let mut found = Vec::new();
    for path in paths {
        let path = path.map_err(|error| {
            Problem::io(format_args!("looking for {pattern} in {}", error.path().display()), error.error())
        })?;
        if path.is_file() {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(Problem::new(Kind::NotFound, "no-files", format!("no file matches `{pattern}`"))
            .remedy("check the path; it starts at the project folder"));
    }
    found.sort();
    Ok(found.iter().map(|path| SourceFile::at(path, Some(root))).collect())
}

/// Refuses what is missing, a folder, or no regular file.
pub(crate) fn regular(path: &Path, name: &str) -> Result<()> {
    let about = std::fs::metadata(path)
        .map_err(|error| Problem::io(format_args!("opening {name}"), &error).at(Place::file(name)))?;
    if about.is_dir() {
        return Err(folder(name));
    }
    if !about.is_file() {
        return Err(Problem::invalid("not-a-file", format!("`{name}` is neither a file nor a folder"))
            .at(Place::file(name))
            .remedy("a regular file is needed, because it is read more than once: save the data to one first"));
    }
    Ok(())
}

fn folder(name: &str) -> Problem {
    let inside = name.trim_end_matches('/');
    Problem::invalid("is-folder", format!("`{name}` is a folder, and a file is needed"))
        .at(Place::file(name))
        .remedy(format!("name a file, or the files in it by a glob such as `{inside}/*.csv`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[SourceFile]) -> Vec<&str> {
        files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn a_glob_gives_its_files_by_name_and_no_folders() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("data/sub.csv")).unwrap();
        for name in ["b.csv", "a.csv", "c.txt"] {
            std::fs::write(root.path().join("data").join(name), "x\n").unwrap();
        }
        assert_eq!(names(&resolve("data/*.csv", root.path()).unwrap()), ["data/a.csv", "data/b.csv"]);
        assert_eq!(names(&resolve("data/c.txt", root.path()).unwrap()), ["data/c.txt"]);
    }

    #[test]
    fn a_file_whose_name_has_the_signs_of_a_glob_is_found_as_it_is() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("a[1].csv"), "x\n").unwrap();
        assert_eq!(names(&resolve("a[1].csv", root.path()).unwrap()), ["a[1].csv"]);
    }

    #[test]
    fn what_is_missing_or_a_folder_is_refused_with_a_remedy() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("data")).unwrap();
        let check = |pattern: &str, kind: Kind, says: &str| {
            let problem = resolve(pattern, root.path()).unwrap_err();
            assert_eq!(problem.kind(), kind, "{problem}");
            assert!(problem.to_string().contains(says) && problem.advice().is_some(), "{problem}");
        };
        check("", Kind::Invalid, "no path");
        check("nothing.csv", Kind::NotFound, "nothing.csv");
        check("data", Kind::Invalid, "`data/*.csv`");
        check("data/*.csv", Kind::NotFound, "no file matches `data/*.csv`");
        check("data/a**b.csv", Kind::Invalid, "is not a glob");
    }

    #[test]
    fn an_absolute_path_outside_the_project_does_not_enter_the_name() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = other.path().join("x.csv");
        std::fs::write(&file, "x\n").unwrap();
        assert_eq!(names(&resolve(file.to_str().unwrap(), root.path()).unwrap()), ["x.csv"]);
    }
}
