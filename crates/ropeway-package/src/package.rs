//! Sealing and opening: a package is refused unless its seal holds and it reproduces its own scores.

use std::path::Path;
use std::sync::OnceLock;

use ropeway_learn::Prediction;
use ropeway_table::TablePlan;
use ropeway_vocab::{Digest, Kind, Problem, Result};

use crate::container;
use crate::contents::Contents;

/// A package: its content and the digest of that.
#[derive(Debug, Clone)]
pub struct Package {
    /// The digest of the content; it names the model.
    pub digest: Digest,
    /// What it holds.
    pub contents: Contents,
    tables: OnceLock<TablePlan>,
}

impl Package {
    fn new(digest: Digest, contents: Contents) -> Self {
        Self { digest, contents, tables: OnceLock::new() }
    }

    /// The plan of its own sources and tables, made when it is first asked for.
    ///
    /// # Errors
    /// Definitions that this version cannot plan.
    pub fn tables(&self) -> Result<&TablePlan> {
        if let Some(tables) = self.tables.get() {
            return Ok(tables);
        }
        let tables = TablePlan::new(self.contents.definitions.clone())?;
        Ok(self.tables.get_or_init(|| tables))
    }

    /// Seals contents into the bytes of a file.
    ///
    /// # Errors
    /// Contents that do not reproduce their own scores (a defect).
    pub fn seal(contents: Contents) -> Result<(Self, Vec<u8>)> {
        replay(&contents)?;
        let sections = contents.sections()?;
        let digest = container::content_digest(&sections);
        let format = contents.format();
        Ok((Self::new(digest, contents), container::seal(&sections, format)?))
    }

    /// Opens the bytes of a file: checks its seal, its parts, and that it reproduces its scores bit for bit.
    ///
    /// # Errors
    /// `Corrupt`, with what does not hold.
    pub fn open(bytes: &[u8]) -> Result<Self> {
        let (digest, sections) = container::open(bytes)?;
        let contents = Contents::from_sections(&sections)?;
        contents.model.check()?;
        replay(&contents)?;
        Ok(Self::new(digest, contents))
    }

    /// Opens a file.
    ///
    /// # Errors
    /// As [`Package::open`], and what the operating system says.
    pub fn open_file(path: &Path) -> Result<Self> {
        let name = path.display();
        let bytes = std::fs::read(path).map_err(|error| Problem::io(format!("reading the package {name}"), &error))?;
        Self::open(&bytes).map_err(|problem| problem.context(name))
    }
}

/// Derived features and scores of the package's examples must come out as they were sealed, to the last bit.
fn replay(contents: &Contents) -> Result<()> {
    for step in contents.plan.steps() {
        if step.table.is_some() {
            continue;
        }
        let again = contents.plan.derive(&step.name, &contents.examples)?;
        let sealed = contents.examples.column_by_name(&step.name);
        if sealed.is_none_or(|sealed| sealed.to_data() != again.column(0).to_data()) {
            return Err(not_reproduced(&format!("the derived feature `{}`", step.name)));
        }
    }
    let again = contents.model.predict(&contents.examples)?;
    if again.len() != contents.scores.len() {
        return Err(not_reproduced("the number of scores"));
    }
    match again.iter().zip(&contents.scores).position(|(a, b)| !same(a, b)) {
        Some(row) => Err(not_reproduced(&format!("the score of example {}", row + 1))),
        None => Ok(()),
    }
}

fn same(a: &Prediction, b: &Prediction) -> bool {
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    match (a, b) {
        (Prediction::Binary(a), Prediction::Binary(b)) => {
            bits(&[a.raw, a.probability]) == bits(&[b.raw, b.probability]) && a.decision == b.decision
        }
        (Prediction::Classes(a), Prediction::Classes(b)) => {
            bits(&a.raw) == bits(&b.raw) && bits(&a.probabilities) == bits(&b.probabilities) && a.class == b.class
        }
        (Prediction::Number(a), Prediction::Number(b)) => {
            bits(&[a.value, a.low, a.high, a.decision]) == bits(&[b.value, b.low, b.high, b.decision])
        }
        _ => false,
    }
}

fn not_reproduced(what: &str) -> Problem {
    Problem::new(Kind::Corrupt, "not-reproduced", format!("the package does not reproduce {what} on this machine"))
        .remedy("bit-for-bit equality is promised per platform: run the project again on this one")
}
