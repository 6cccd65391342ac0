//! The model that was asked for: a version of the registry, or a package file, which needs no project.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ropeway_package::{Package, Predictor, Relations};
use ropeway_project::Project;
use ropeway_registry::Registry;
use ropeway_store::Store;
use ropeway_table::TablePlan;
use ropeway_vocab::{Kind, Problem, Result};

use crate::run::store_root;

/// A model that was asked for, opened.
pub(crate) struct Chosen {
    pub package: Arc<Package>,
    pub version: Option<u64>,
    /// What whoever asked should know of it.
    pub warnings: Vec<String>,
}

/// Whether what names a model is the path of a package file.
pub fn is_package_file(model: &str) -> bool {
    model.ends_with(".ropeway") || model.contains('/')
}

impl Chosen {
    /// Opens a package file, or finds a version in the registry of the project.
    pub async fn find(project: Option<&Project>, model: &str) -> Result<Self> {
        match project {
            Some(project) if !is_package_file(model) => Self::registered(project, model).await,
            _ => {
                let package = Arc::new(Package::open_file(Path::new(model))?);
                Ok(Self { package, version: None, warnings: Vec::new() })
            }
        }
    }

    async fn registered(project: &Project, model: &str) -> Result<Self> {
        let store = Store::open(&store_root(project)).await?;
        let found = Registry::open(&store).await?.resolve(model).await?;
        let package = Package::open(&store.blobs().get(&found.package)?)?;
        store.close().await;
        if package.digest != found.digest {
            return Err(Problem::new(
                Kind::Corrupt,
                "wrong-package",
                "the stored package is not the one that was registered",
            )
            .remedy("run the project again to make it anew"));
        }
        let warnings = found.warning(model).into_iter().collect();
        Ok(Self { package: Arc::new(package), version: Some(found.version), warnings })
    }

    /// The model with the state behind its features, from the project's sources and posts as they are now; a model whose
    /// features read no table needs neither.
    pub async fn predictor(&self, project: Option<&Project>) -> Result<Predictor> {
        let relations = match project {
            _ if self.package.contents.plan.tables().is_empty() => Default::default(),
            Some(project) => relations(project, &self.package).await?.by_name,
            None => return Err(self.needs_project()?),
        };
        Predictor::new(Arc::clone(&self.package), &relations)
    }

    /// Refuses to go on without a project where features read tables.
    pub fn check_project(&self, project: Option<&Project>) -> Result<()> {
        if project.is_some() || self.package.contents.plan.tables().is_empty() {
            return Ok(());
        }
        Err(self.needs_project()?)
    }

    fn needs_project(&self) -> Result<Problem> {
        let contents = &self.package.contents;
        let plan = TablePlan::new(contents.definitions.clone())?;
        let tables = contents.plan.tables();
        let mut sources = BTreeSet::new();
        for table in &tables {
            sources.extend(plan.upstream(table)?.into_iter().filter(|name| plan.is_source(name)));
        }
        let sources: Vec<String> = sources.into_iter().collect();
        let what = format!(
            "features of `{}` look into {}, made from the source{} {}, and here is no project that has them",
            contents.name,
            tables.join(", "),
            if sources.len() == 1 { "" } else { "s" },
            sources.join(", ")
        );
        Ok(Problem::new(Kind::NotFound, "no-project", what)
            .remedy("go to a project whose ropeway.toml says where these sources lie, or name its folder with -C DIR"))
    }
}

/// The relations behind a package's features, from the project's sources and posts as they are now.
pub(crate) async fn relations(project: &Project, package: &Package) -> Result<Relations> {
    let paths = project.settings.source.iter().map(|(name, source)| (name.clone(), source.path.clone())).collect();
    Relations::load(package, &project.root, &paths, &store_root(project)).await
}
