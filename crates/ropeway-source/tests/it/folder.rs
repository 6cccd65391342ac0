//! A project folder with files in it, and short ways to look at what was read.

use std::io::Write;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::util::display::array_value_to_string;
use ropeway_source::{SourceRead, SourceSettings, read, read_all};
use ropeway_vocab::Problem;

pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with one file in it.
    pub fn with(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        Self::new().and(name, bytes)
    }

    pub fn and(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, settings: &SourceSettings) -> Result<SourceRead, Problem> {
        let read = read("s", settings, self.root());
        if let Ok(read) = &read {
            balanced(read);
        }
        read
    }

    /// Reads whatever share is rejected.
    pub fn read_all(&self, settings: &SourceSettings) -> SourceRead {
        let (read, _) = read_all("s", settings, self.root()).unwrap();
        balanced(&read);
        read
    }
}

fn balanced(read: &SourceRead) {
    assert_eq!(read.rows_in, read.kept + read.rejected);
    assert_eq!(read.kept, read.batches.iter().map(|batch| batch.num_rows() as u64).sum::<u64>());
    for batch in &read.batches {
        for (field, column) in batch.schema().fields().iter().zip(&read.columns) {
            assert_eq!((field.name(), field.data_type()), (&column.name, &column.ty.arrow()));
        }
    }
}

pub fn file(path: &str) -> SourceSettings {
    SourceSettings::of_file(path)
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The rows as text, `∅` for missing, fields separated by `|`.
pub fn rows(batches: &[RecordBatch]) -> Vec<String> {
    let mut all = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cell = |column: &arrow::array::ArrayRef| {
                if column.is_null(row) { "∅".to_owned() } else { array_value_to_string(column, row).unwrap() }
            };
            all.push(batch.columns().iter().map(cell).collect::<Vec<_>>().join("|"));
        }
    }
    all
}

/// The columns as `name:type`.
pub fn columns(read: &SourceRead) -> Vec<String> {
    read.columns.iter().map(|column| format!("{}:{}", column.name, column.ty)).collect()
}

/// The rejected rows as `line column reason`.
pub fn rejected(read: &SourceRead) -> Vec<String> {
    read.quarantine
        .iter()
        .map(|row| format!("{} {} {}", row.line, row.column.as_deref().unwrap_or("-"), row.reason))
        .collect()
}
