//! A file that is not there until it is whole: written beside its place under another name, brought to disk, and
//! renamed. Abandoned, it leaves nothing behind.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ropeway_vocab::{Place, Problem, Result};

/// A file being written.
#[derive(Debug)]
pub(crate) struct PendingFile {
    file: Option<File>,
    path: PathBuf,
    beside: PathBuf,
}

impl PendingFile {
    /// Begins the file `path`. Its folder must be there.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let shown = path.display();
        if path.is_dir() {
            return Err(Problem::invalid("is-folder", format!("`{shown}` is a folder, and a file is to be written"))
                .remedy("add the name of the file"));
        }
        let Some(name) = path.file_name() else {
            return Err(Problem::invalid("no-path", format!("`{shown}` does not name a file")).remedy("name the file"));
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let beside = path.with_file_name(hidden);
        let file = File::create(&beside)
            .map_err(|error| Problem::io(format_args!("writing {shown}"), &error).at(Place::file(shown.to_string())))?;
        Ok(Self { file: Some(file), path: path.to_path_buf(), beside })
    }

    /// Brings it to disk and gives it its name.
    pub(crate) fn finish(mut self) -> Result<()> {
        let done = match self.file.take() {
            Some(file) => file.sync_all().and_then(|()| std::fs::rename(&self.beside, &self.path)),
            None => Ok(()),
        };
        done.map_err(|error| {
            let _ = std::fs::remove_file(&self.beside);
            self.failed(&error)
        })
    }

    /// The problem of a failed write.
    pub(crate) fn failed(&self, error: &io::Error) -> Problem {
        let shown = self.path.display();
        Problem::io(format_args!("writing {shown}"), error).at(Place::file(shown.to_string()))
    }
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Err(io::ErrorKind::BrokenPipe.into()), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(&self.beside);
        }
    }
}
