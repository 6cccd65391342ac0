//! The package behind what a user names: a version of the registry, or a package file.

use std::path::Path;

use ropeway_package::Package;
use ropeway_store::Store;
use ropeway_vocab::{Kind, Problem, Result};

use crate::Registry;

/// A model that was asked for, opened.
#[derive(Debug)]
pub struct Opened {
    /// The package.
    pub package: Package,
    /// Its version; none for a package file.
    pub version: Option<u64>,
    /// What whoever asked should know of it.
    pub warnings: Vec<String>,
}

/// Whether what names a model is the path of a package file.
pub fn is_package_file(model: &str) -> bool {
    model.ends_with(".ropeway") || model.contains('/')
}

impl Opened {
    /// Opens a package file.
    ///
    /// # Errors
    /// It cannot be read, or is damaged.
    pub fn file(path: &str) -> Result<Self> {
        Ok(Self { package: Package::open_file(Path::new(path))?, version: None, warnings: Vec::new() })
    }

    /// Opens the version that `reference` (a name, `NAME@VERSION`, `NAME@ALIAS`) stands for.
    ///
    /// # Errors
    /// There is no such version, or its package is missing, damaged or another than was registered.
    pub async fn registered(store: &Store, registry: &Registry, reference: &str) -> Result<Self> {
        let found = registry.resolve(reference).await?;
        let package = Package::open(&store.blobs().get(&found.package)?)?;
        if package.digest != found.digest {
            return Err(Problem::new(
                Kind::Corrupt,
                "wrong-package",
                "the stored package is not the one that was registered",
            )
            .remedy("run the project again to make it anew"));
        }
        let warnings = found.warning(reference).into_iter().collect();
        Ok(Self { package, version: Some(found.version), warnings })
    }
}
