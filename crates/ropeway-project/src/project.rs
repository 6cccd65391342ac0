//! Loads a project: its file, the settings in it, and all that is wrong with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ropeway_feature::FeatureSettings;
use ropeway_vocab::{Kind, Place, Problem, Result};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::reader::Reader;
use crate::settings::{Sections, sketch};
use crate::{Document, SectionSpec, Settings, crossing};

/// The name of the project file.
pub const FILE: &str = "ropeway.toml";

/// A project whose file has been read and found sound in itself; SQL and data have not been looked at.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder that holds the project file.
    pub root: PathBuf,
    /// All sections of the crates below this one.
    pub settings: Settings,
    /// The file as written.
    pub document: Document,
}

impl Project {
    /// Loads the project in the folder `root`; registered sections are none.
    ///
    /// # Errors
    /// The first problem of [`Project::examine`].
    pub fn load(root: &Path) -> Result<Self> {
        Self::load_with(root, &[])
    }

    /// Loads the project in the folder `root`, whose file may also hold `sections`.
    ///
    /// # Errors
    /// The first problem of [`Project::examine`].
    pub fn load_with(root: &Path, sections: &[SectionSpec]) -> Result<Self> {
        Self::examine(root, sections).map_err(|problems| {
            problems
                .into_iter()
                .next()
                .unwrap_or_else(|| Problem::internal("a project failed to load without a reason"))
        })
    }

    /// Loads the project in the folder `root` to look at its sources and tables: it needs no `[examples]`.
    ///
    /// # Errors
    /// The first problem of [`Project::examine`], but for what is wrong with sections that nobody looks at without examples.
    pub fn load_tables(root: &Path, sections: &[SectionSpec]) -> Result<Self> {
        let document = Document::parse(FILE, read(root)?)?;
        if document.has(&["examples"]) {
            return Self::load_with(root, sections);
        }
        let mut reader = Reader::new(&document)?;
        let own = Sections::read(&mut reader);
        for section in sections {
            (section.read)(&mut reader, section.name);
        }
        if let Some(problem) = reader.finish().into_iter().next() {
            return Err(problem);
        }
        let settings = own.tables().map_err(missing)?;
        match crossing::check_tables(&settings, &document).into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(Self { root: root.to_owned(), settings, document }),
        }
    }

    /// Whether the file has `[examples]`: a project that was loaded for its tables may lack it.
    pub fn has_examples(&self) -> bool {
        self.document.has(&["examples"])
    }

    /// Loads the project in the folder `root`, or returns every problem of its file in the order of its lines.
    pub fn examine(root: &Path, sections: &[SectionSpec]) -> Result<Self, Vec<Problem>> {
        let text = read(root).map_err(|problem| vec![problem])?;
        Self::from_text(root, text, sections)
    }

    /// The same from a text that has not been written yet.
    pub fn from_text(root: &Path, text: String, sections: &[SectionSpec]) -> Result<Self, Vec<Problem>> {
        let document = Document::parse(FILE, text).map_err(|problem| vec![problem])?;
        let mut reader = Reader::new(&document).map_err(|problem| vec![problem])?;
        let own = Sections::read(&mut reader);
        for section in sections {
            (section.read)(&mut reader, section.name);
        }
        let mut problems = reader.finish();
        // What follows from a section that could not be read, or has a slip in its name, is not reported beside it.
        if problems.is_empty() {
            match own.complete() {
                Ok(settings) => {
                    problems = crossing::check(&settings, &document);
                    if problems.is_empty() {
                        return Ok(Self { root: root.to_owned(), settings, document });
                    }
                }
                Err(section) => problems.push(missing(section)),
            }
        }
        problems.sort_by_key(|problem| {
            problem.place().map_or((None, None), |place| (Some(place.line.unwrap_or(u64::MAX)), place.column))
        });
        Err(problems)
    }

    /// The name of the project and of its model.
    pub fn name(&self) -> &str {
        &self.settings.project.name
    }

    /// The seed of all randomness.
    pub fn seed(&self) -> u64 {
        self.settings.project.seed
    }

    /// The settings of a registered section: for `[[name]]` ask for a `Vec`, for `[name.NAME]` for a map. `None`
    /// where the file does not have it.
    ///
    /// # Errors
    /// The section is not what `T` reads; a section that was registered has been checked already.
    pub fn section<T: DeserializeOwned + JsonSchema>(&self, name: &'static str) -> Result<Option<T>> {
        let mut reader = Reader::new(&self.document)?;
        let section = reader.one(name);
        match reader.finish().into_iter().find(|problem| problem.code() != "unknown-section") {
            Some(problem) => Err(problem),
            None => Ok(section),
        }
    }

    /// What makes examples and features.
    pub fn features(&self) -> FeatureSettings {
        FeatureSettings {
            examples: self.settings.examples.clone(),
            lookup: self.settings.lookup.clone(),
            window: self.settings.window.clone(),
            derive: self.settings.derive.clone(),
        }
    }

    /// Where each source lies, as the project says.
    pub fn source_paths(&self) -> BTreeMap<String, String> {
        self.settings.source.iter().map(|(name, source)| (name.clone(), source.path.clone())).collect()
    }

    /// The place of a key of the project file, for problems that later stages find with it.
    pub fn place(&self, path: &[&str]) -> Place {
        self.document.place(path)
    }
}

fn missing(section: &'static str) -> Problem {
    Problem::invalid("missing-section", format!("the project file has no [{section}] section"))
        .at(Place::file(FILE))
        .remedy(sketch(section))
}

fn read(root: &Path) -> Result<String> {
    let path = root.join(FILE);
    let bytes = std::fs::read(&path).map_err(|error| {
        let problem = Problem::io(format_args!("reading {FILE}"), &error);
        if error.kind() != std::io::ErrorKind::NotFound {
            return problem.at(Place::file(path.display().to_string()));
        }
        let missing = Problem::new(Kind::NotFound, "no-project", format!("there is no {FILE} in {}", shown(root)));
        match above(root) {
            Some(folder) => {
                missing.remedy(format!("there is one in {}: go there, or name it with -C", folder.display()))
            }
            None if !root.is_dir() => missing.remedy("the folder itself does not exist; check the path after -C"),
            None => missing.remedy("start a project from a table with `ropeway init FILE --label COLUMN`"),
        }
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let mut place = Place::at_offset(FILE, &text, valid);
        place.text = None;
        Problem::invalid("not-utf8", "the project file is not UTF-8 text").at(place).remedy("save it as UTF-8")
    })
}

fn shown(root: &Path) -> String {
    if root == Path::new(".") || root.as_os_str().is_empty() {
        "this folder".into()
    } else {
        root.display().to_string()
    }
}

/// The nearest folder above that holds a project.
fn above(root: &Path) -> Option<PathBuf> {
    let full = std::fs::canonicalize(root).ok()?;
    full.ancestors().skip(1).find(|folder| folder.join(FILE).is_file()).map(Path::to_owned)
}
