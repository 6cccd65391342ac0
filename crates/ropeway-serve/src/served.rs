//! The models being served, each with its predictor.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use ropeway_learn::Output;
use ropeway_package::arrival::KeyIndex;
use ropeway_package::{Lists, Package, Predictor, Relations, Seen, Unread, classes_of, example_readings};
use ropeway_project::Project;
use ropeway_registry::{Opened, Registry, is_package_file};
use ropeway_source::Readings;
use ropeway_store::Store;
use ropeway_table::{Otherwise, Relation, TablePlan};
use ropeway_vocab::{Kind, Problem, Result, Timing, nearest};
use serde::Serialize;

/// One model at work.
pub(crate) struct Served {
    pub name: String,
    /// Its version; none for a package file that is not registered.
    pub version: Option<u64>,
    pub package: Arc<Package>,
    /// The plan of the package's tables.
    pub plan: TablePlan,
    /// What the model saw in training.
    pub seen: Seen,
    /// How the columns of examples are read.
    pub readings: Readings,
    /// The columns of examples that hold lists.
    pub lists: Lists,
    /// Columns that an example may have and that are not read.
    pub unread: Unread,
    /// What whoever asks it should know: that it is not the champion, though its name stands for it.
    pub warnings: Vec<String>,
    predictor: RwLock<Predictor>,
    /// Static relations, which new rows may join or are held against.
    statics: RwLock<Arc<BTreeMap<String, Relation>>>,
}

/// A line of `GET /v1/models`.
#[derive(Serialize)]
pub(crate) struct Line<'a> {
    model: &'a str,
    version: Option<u64>,
    digest: String,
    task: &'static str,
    /// Of two classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<f64>,
    /// Of several classes.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    classes: &'a [String],
    features: Vec<&'a str>,
    request: Vec<&'a str>,
    sample: bool,
    warnings: &'a [String],
}

impl Served {
    /// The predictor, for answering.
    pub fn predictor(&self) -> RwLockReadGuard<'_, Predictor> {
        self.predictor.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The static relations as they are now.
    pub fn statics(&self) -> Arc<BTreeMap<String, Relation>> {
        Arc::clone(&self.statics.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The static relations that new rows are held against.
    pub fn parents(&self) -> impl Iterator<Item = &str> {
        let refusing = self.plan.definitions().checks.iter().filter(|check| check.otherwise != Otherwise::Warn);
        let parents = refusing.filter_map(|check| Some(check.references.as_ref()?.table.as_str()));
        parents.filter(|parent| matches!(self.plan.timing(parent), Ok(Timing::Static)))
    }

    /// Puts rows that are on disk where they count: into windows and lookups, which waits for predictions under way, and
    /// among what other new rows are held against.
    pub fn learn(&self, made: &BTreeMap<String, Relation>) -> Result<()> {
        let mut predictor = self.predictor.write().unwrap_or_else(PoisonError::into_inner);
        made.iter().try_for_each(|(table, rows)| predictor.insert(table, rows))?;
        drop(predictor);
        let is_parent = |table: &str| self.parents().any(|parent| parent == table);
        let grown: Vec<(&String, &Relation)> = made.iter().filter(|(table, _)| is_parent(table)).collect();
        if grown.is_empty() {
            return Ok(());
        }
        let mut statics = self.statics.write().unwrap_or_else(PoisonError::into_inner);
        for (table, rows) in grown {
            if let Some(known) = Arc::make_mut(&mut statics).get_mut(table) {
                *known = known.with(rows)?;
            }
        }
        Ok(())
    }

    /// What is told of it.
    pub fn line(&self) -> Line<'_> {
        let (plan, model) = (&self.package.contents.plan, &self.package.contents.model);
        Line {
            model: &self.name,
            version: self.version,
            digest: self.package.digest.to_string(),
            task: model.output.task().name(),
            threshold: match &model.output {
                Output::Binary(binary) => Some(binary.threshold),
                Output::Classes(_) | Output::Number(_) => None,
            },
            classes: classes_of(model),
            features: plan.features().iter().map(|feature| feature.name.as_str()).collect(),
            request: plan.request().iter().map(|column| column.name.as_str()).collect(),
            sample: self.package.contents.lineage.sample.is_some(),
            warnings: &self.warnings,
        }
    }
}

/// All models, and what is known of the rows of each source with a key.
pub(crate) struct Models {
    pub served: Vec<Arc<Served>>,
    pub keys: BTreeMap<String, KeyIndex>,
}

impl Models {
    /// Loads the model that is asked for, or every model of the registry, and builds their state.
    pub async fn load(project: &Project, store: &Store, wanted: Option<&str>) -> Result<Self> {
        let mut models = Self { served: Vec::new(), keys: BTreeMap::new() };
        for opened in chosen(store, wanted).await? {
            models.add(project, store, opened).await?;
        }
        Ok(models)
    }

    async fn add(&mut self, project: &Project, store: &Store, opened: Opened) -> Result<()> {
        let Opened { package, version, warnings } = opened;
        let package = Arc::new(package);
        let relations = Relations::load(&package, &project.root, &project.source_paths(), store.root()).await?;
        let predictor = Predictor::new(Arc::clone(&package), &relations.by_name)?;
        let plan = package.tables()?.clone();
        let Relations { by_name, keys } = relations;
        let statics = by_name.into_iter().filter(|(_, relation)| relation.schema().timing == Timing::Static).collect();
        for (source, index) in keys {
            self.keys.entry(source).or_insert(index);
        }
        let (readings, unread) = (example_readings(&package)?, Unread::of(&package)?);
        let contents = &package.contents;
        let (name, seen, lists) = (contents.name.clone(), Seen::of(contents), Lists::of(contents));
        self.served.push(Arc::new(Served {
            name,
            version,
            package,
            plan,
            seen,
            readings,
            lists,
            unread,
            warnings,
            predictor: RwLock::new(predictor),
            statics: RwLock::new(Arc::new(statics)),
        }));
        Ok(())
    }

    /// The model of that name.
    pub fn find(&self, name: &str) -> Result<&Arc<Served>> {
        self.served.iter().find(|served| served.name == name).ok_or_else(|| {
            let problem = Problem::new(Kind::NotFound, "unknown-model", format!("there is no model `{name}` here"));
            match nearest(name, self.served.iter().map(|served| served.name.as_str())) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None => problem.remedy("GET /v1/models lists those that are served"),
            }
        })
    }
}

async fn chosen(store: &Store, wanted: Option<&str>) -> Result<Vec<Opened>> {
    if let Some(file) = wanted.filter(|wanted| is_package_file(wanted)) {
        return Ok(vec![Opened::file(file)?]);
    }
    let registry = Registry::open(store).await?;
    let names: Vec<String> = match wanted {
        Some(wanted) => vec![wanted.to_string()],
        None => registry.list().await?.into_iter().map(|model| model.name).collect(),
    };
    if names.is_empty() {
        return Err(
            Problem::new(Kind::NotFound, "no-model", "the project has no model yet").remedy("start with `ropeway run`")
        );
    }
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        all.push(Opened::registered(store, &registry, &name).await?);
    }
    Ok(all)
}
