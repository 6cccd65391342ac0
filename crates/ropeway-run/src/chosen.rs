//! The model that was asked for: a version of the registry, or a package file, which needs no project.

use std::collections::BTreeSet;
use std::sync::Arc;

use ropeway_package::{Package, Predictor, Relations};
use ropeway_project::Project;
use ropeway_registry::{Opened, Registry, is_package_file};
use ropeway_store::Store;
use ropeway_vocab::{Kind, Problem, Result};

use crate::run::store_root;

/// A model that was asked for, opened.
pub(crate) struct Chosen {
    pub package: Arc<Package>,
    pub version: Option<u64>,
    /// What whoever asked should know of it.
    pub warnings: Vec<String>,
}

impl Chosen {
    /// Opens a package file, or finds a version in the registry of the project.
    pub async fn find(project: Option<&Project>, model: &str) -> Result<Self> {
        let Opened { package, version, warnings } = match project {
            Some(project) if !is_package_file(model) => {
                let store = Store::open_to_read(&store_root(project)).await?;
                let found = async |store: &Store| Opened::registered(store, &Registry::open(store).await?, model).await;
                store.closing(found).await?
            }
            _ => Opened::file(model)?,
        };
        Ok(Self { package: Arc::new(package), version, warnings })
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
        let plan = self.package.tables()?;
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
    Relations::load(package, &project.root, &project.source_paths(), &store_root(project)).await
}
