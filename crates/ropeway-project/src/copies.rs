//! One file under two sources, once as facts that become known in time and once as a dimension that is always known: the
//! static copy would show every outcome to every example. Facts twice are no harm, since each keeps its known-at.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use ropeway_source::Sheets;
use ropeway_vocab::{Kind, Problem, Result};

use crate::Project;

/// A file of a source.
struct Found<'a> {
    source: &'a str,
    path: PathBuf,
    /// Without links, so that one file has one name.
    real: PathBuf,
    bytes: u64,
    /// The sheets of a workbook that are named.
    sheet: Option<&'a Sheets>,
}

impl Project {
    /// Refuses a static source that reads a file of a source which is not static.
    pub(crate) fn check_copies(&self) -> Result<()> {
        let (statics, others) = (self.files(true)?, self.files(false)?);
        for copy in &statics {
            for original in &others {
                if same(copy, original) {
                    return Err(self.leak(copy, original));
                }
            }
        }
        Ok(())
    }

    /// The files of all static sources, or of all others.
    fn files(&self, is_static: bool) -> Result<Vec<Found<'_>>> {
        let mut found = Vec::new();
        for (source, settings) in self.settings.source.iter().filter(|(_, settings)| settings.is_static == is_static) {
            let paths = ropeway_source::paths(source, settings, &self.root)
                .map_err(|problem| self.locate(problem, &["source", source, "path"]))?;
            for path in paths {
                let real = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
                let bytes = std::fs::metadata(&path).map_or(0, |about| about.len());
                found.push(Found { source, path, real, bytes, sheet: settings.sheet.as_ref() });
            }
        }
        Ok(found)
    }

    fn leak(&self, copy: &Found<'_>, original: &Found<'_>) -> Problem {
        let place = |source: &str| self.document.value_place(&["source", source, "path"]);
        let shown = |file: &Found<'_>| {
            let inside = file.path.strip_prefix(&self.root).unwrap_or(&file.path);
            inside.display().to_string()
        };
        let same = match copy.real == original.real {
            true => format!("source `{}` reads the same file", original.source),
            false => format!("source `{}` reads the same bytes in `{}`", original.source, shown(original)),
        };
        let what = format!(
            "static source `{}` reads `{}`, and {same} as rows that become known in time (at {}): through the static \
             copy their outcomes would be known always",
            copy.source,
            shown(copy),
            place(original.source)
        );
        Problem::new(Kind::Refused, "static-copy", what).at(place(copy.source)).remedy(format!(
            "read the file once: take `static = true` out of [source.{}] and say there when its rows become known \
             (known_at, or time with known_after)",
            copy.source
        ))
    }
}

fn same(a: &Found<'_>, b: &Found<'_>) -> bool {
    if matches!((a.sheet, b.sheet), (Some(a), Some(b)) if !a.may_share(b)) {
        return false;
    }
    // Files that cannot be read any more are reported by whoever reads their rows.
    a.real == b.real || (a.bytes == b.bytes && same_bytes(&a.real, &b.real).unwrap_or(false))
}

fn same_bytes(a: &Path, b: &Path) -> std::io::Result<bool> {
    let (mut a, mut b) = (BufReader::new(File::open(a)?), BufReader::new(File::open(b)?));
    loop {
        let (left, right) = (a.fill_buf()?, b.fill_buf()?);
        let shared = left.len().min(right.len());
        if shared == 0 || left[..shared] != right[..shared] {
            return Ok(left.len() == right.len() && shared == 0);
        }
        a.consume(shared);
        b.consume(shared);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks a project of two sources over three files, of which the third has the bytes of the first.
    fn check(first: &str, second: &str) -> Result<()> {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in [("a.csv", "id,x\n1,2\n"), ("b.csv", "id,x\n1,3\n"), ("copy.csv", "id,x\n1,2\n")] {
            std::fs::write(folder.path().join(file), text).unwrap();
        }
        std::os::unix::fs::symlink("a.csv", folder.path().join("link.csv")).unwrap();
        let text = format!(
            "[project]\nname = \"p\"\n[source.one]\n{first}\n[source.two]\n{second}\n[examples]\ntable = \"one\"\n\
             label = \"x > 2\"\nrequest = [\"id\"]\n"
        );
        Project::from_text(folder.path(), text, &[]).unwrap().check_copies()
    }

    #[test]
    fn a_static_copy_of_facts_is_refused_whatever_it_is_called() {
        let facts = "path = \"a.csv\"\ntime = \"x\"\nknown_after = \"1 day\"";
        for copy in ["a.csv", "./a.csv", "[a].csv", "*.csv", "link.csv", "copy.csv"] {
            let problem = check(facts, &format!("path = \"{copy}\"\nstatic = true")).unwrap_err();
            assert_eq!((problem.kind(), problem.code()), (Kind::Refused, "static-copy"), "{copy}");
            assert_eq!(problem.place().unwrap().line, Some(8), "{problem}");
            assert!(problem.what().contains("`one`") && problem.what().contains("ropeway.toml:4:8"), "{problem}");
        }
        let untimed = check("path = \"?.csv\"", "path = \"[a-b].csv\"\nstatic = true").unwrap_err();
        assert_eq!(untimed.code(), "static-copy");
    }

    #[test]
    fn one_file_as_facts_twice_or_as_a_dimension_twice_is_accepted() {
        let timed = |known: &str| format!("path = \"a.csv\"\nknown_at = \"{known}\"");
        check(&timed("x"), &timed("id")).unwrap();
        check("path = \"a.csv\"\nstatic = true", "path = \"*.csv\"\nstatic = true").unwrap();
        check(&timed("x"), "path = \"b.csv\"\nstatic = true").unwrap();
        let sheet = |name: &str| format!("path = \"a.csv\"\nsheet = \"{name}\"");
        check(&sheet("facts"), &format!("{}\nstatic = true", sheet("codes"))).unwrap();
        let same = check(&sheet("facts"), &format!("{}\nstatic = true", sheet("facts"))).unwrap_err();
        assert_eq!(same.code(), "static-copy");
    }
}
