//! From a path or glob to the files of a source, in the order of their names.

use std::fs::File;
use std::io::{self, Read, Seek, Take};
use std::path::{Path, PathBuf};

use ropeway_vocab::{Kind, Place, Problem, Result};

use crate::file::archive::{expanded, members};
use crate::settings::Format;

/// One file: where it is, and how messages and records name it.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    /// Where in it the bytes lie, if they are a member of a ZIP archive.
    pub(crate) part: Option<Part>,
    /// The sheet of a workbook, where it is one of several that are read.
    pub(crate) sheet: Option<String>,
}

/// A member of a ZIP archive: a range of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) start: u64,
    pub(crate) length: u64,
    /// Whether it is packed at all.
    pub(crate) deflated: bool,
    /// The checksum of the unpacked bytes.
    pub(crate) crc: u32,
}

impl SourceFile {
    /// Its bytes on disk.
    pub(crate) fn open(&self) -> io::Result<Take<File>> {
        let mut file = File::open(&self.path)?;
        match self.part {
            None => Ok(file.take(u64::MAX)),
            Some(part) => {
                file.seek(io::SeekFrom::Start(part.start))?;
                Ok(file.take(part.length))
            }
        }
    }

    pub(crate) fn at(path: &Path, root: Option<&Path>) -> Self {
        let inside = root.and_then(|root| path.strip_prefix(root).ok());
        let name = match inside {
            Some(inside) => inside.to_string_lossy().replace('\\', "/"),
            // Records hold no absolute path.
            None if root.is_some() => path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into()),
            None => path.to_string_lossy().into(),
        };
        Self { path: path.to_path_buf(), name, part: None, sheet: None }
    }

    pub(crate) fn place(&self) -> Place {
        Place::file(&self.name)
    }
}

/// The last part of a path: the name of a file without its folders.
pub(crate) fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The files of the path or glob `pattern` under the folder `root`; at least one, sorted by path.
pub(crate) fn resolve(pattern: &str, root: &Path) -> Result<Vec<SourceFile>> {
    if pattern.is_empty() {
        return Err(Problem::invalid("no-path", "the source has no path")
            .remedy("write `path = \"data/file.csv\"`, relative to the project folder"));
    }
    let literal = root.join(pattern);
    if literal.is_dir() {
        return in_folder(&literal, root, pattern);
    }
    if literal.exists() || !pattern.contains(['*', '?', '[']) {
        regular(&literal, pattern)?;
        return expanded(SourceFile::at(&literal, Some(root)));
    }
    let full = format!("{}/{pattern}", glob::Pattern::escape(&root.to_string_lossy()));
    // Without a folder it starts where the process is.
    let full = if Path::new(pattern).is_absolute() || root.as_os_str().is_empty() { pattern } else { &full };
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
    all_expanded(found.iter().map(|path| SourceFile::at(path, Some(root))))
}

/// The names of what lies beside the files of a source in its folder or archive, and is not read: other files, those that
/// begin with `_`, and folders. What begins with a point is hidden.
pub(crate) fn passed_over(pattern: &str, root: &Path, read: &[SourceFile]) -> Result<Vec<String>> {
    let path = root.join(pattern);
    let mut names: Vec<String> = Vec::new();
    if path.is_dir() {
        let failed = |error| Problem::io(format_args!("reading the folder {pattern}"), &error);
        for entry in std::fs::read_dir(&path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && read.iter().all(|file| file.path != entry.path()) {
                names.push(if entry.path().is_dir() { name + "/" } else { name });
            }
        }
    }
    let mut archives: Vec<&SourceFile> = read.iter().filter(|file| file.part.is_some()).collect();
    archives.dedup_by(|a, b| a.path == b.path);
    for member in archives {
        let archive = SourceFile::at(&member.path, Some(root));
        let others = members(&archive)?.into_iter().filter(|other| read.iter().all(|file| file.name != other.name));
        names.extend(others.map(|other| other.name.strip_prefix(&archive.name).unwrap_or(&other.name)[1..].to_owned()));
    }
    names.sort_unstable();
    Ok(names)
}

fn all_expanded(files: impl IntoIterator<Item = SourceFile>) -> Result<Vec<SourceFile>> {
    let files: Vec<Vec<SourceFile>> = files.into_iter().map(expanded).collect::<Result<_>>()?;
    Ok(files.concat())
}

/// The files of a folder, which are to be of one format. Hidden ones are not looked at.
fn in_folder(path: &Path, root: &Path, pattern: &str) -> Result<Vec<SourceFile>> {
    let reading = |error| Problem::io(format_args!("reading the folder {pattern}"), &error).at(Place::file(pattern));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']));
        if path.is_file() && !hidden {
            found.push(SourceFile::at(&path, Some(root)));
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    let count = found.len();
    let tables = tables_among(found).map_err(|others| {
        let inside = pattern.trim_end_matches('/');
        let what = match others.as_slice() {
            [] => format!("`{pattern}` is a folder, and none of its {count} files is a table by its name"),
            [first, others @ ..] => {
                let ty = |file: &SourceFile| Format::of_name(&file.name);
                let other = others.iter().find(|other| ty(other) != ty(first)).unwrap_or(first);
                format!(
                    "the folder `{pattern}` holds tables of different formats, such as {} and {}",
                    first.name, other.name
                )
            }
        };
        Problem::invalid("is-folder", what)
            .at(Place::file(pattern))
            .remedy(format!("name a file, or the files in it by a glob such as `{inside}/*.csv`"))
    })?;
    all_expanded(tables)
}

/// Those that their names tell to be tables, where all are of one format; else those of different formats. A `.txt` is a
/// table only where nothing else is.
pub(crate) fn tables_among(files: Vec<SourceFile>) -> std::result::Result<Vec<SourceFile>, Vec<SourceFile>> {
    let is_text = |file: &SourceFile| file.name.to_ascii_lowercase().trim_end_matches(".gz").ends_with(".txt");
    let kind = |file: &SourceFile| match Format::of_name(&file.name) {
        None if file.name.to_ascii_lowercase().ends_with(".zip") && file.part.is_none() => Some(None),
        format => format.map(Some),
    };
    let mut tables: Vec<SourceFile> = files.into_iter().filter(|file| kind(file).is_some()).collect();
    if !tables.iter().all(is_text) {
        tables.retain(|file| !is_text(file));
    }
    let alike = tables.iter().all(|file| kind(file) == tables.first().and_then(kind));
    if alike && !tables.is_empty() { Ok(tables) } else { Err(tables) }
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
    fn a_folder_gives_its_tables_where_they_are_alike() {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("data");
        std::fs::create_dir_all(data.join("sub.csv")).unwrap();
        for name in ["b.csv", "a.csv.gz", "README.txt", "notes.md", ".hidden.jsonl", "_SUCCESS.csv"] {
            std::fs::write(data.join(name), "x\n").unwrap();
        }
        assert_eq!(names(&resolve("data", root.path()).unwrap()), ["data/a.csv.gz", "data/b.csv"]);
        let read = resolve("data", root.path()).unwrap();
        let over = passed_over("data", root.path(), &read).unwrap();
        assert_eq!(over, ["README.txt", "_SUCCESS.csv", "notes.md", "sub.csv/"]);
        assert!(passed_over("data/b.csv", root.path(), &read[1..]).unwrap().is_empty());
        std::fs::write(data.join("c.jsonl"), "{}\n").unwrap();
        let problem = resolve("data/", root.path()).unwrap_err();
        assert!(problem.to_string().contains("such as data/a.csv.gz and data/c.jsonl"), "{problem}");
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
        check("data", Kind::Invalid, "none of its 0 files");
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
