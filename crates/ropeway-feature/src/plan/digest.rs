//! The steps of a plan as seen from outside: what each reads and writes, and the digest of its meaning.

use ropeway_vocab::{AT, Digest, DigestBuilder, Span};
use serde::{Deserialize, Serialize};

use super::FeaturePlan;
use super::step::{DeriveStep, LookupStep, Match, WindowStep};

/// The version of the code behind a sort of step: raised when its answers change, so that cached answers of older code
/// are not used. Windows add integers beyond 2^53 exactly since 2.
const fn version(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Lookup | StepKind::Derive => "feature-step/1",
        StepKind::Window => "feature-step/2",
    }
}

/// What sort of step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A lookup.
    Lookup,
    /// A window.
    Window,
    /// A derived feature.
    Derive,
}

impl StepKind {
    /// Its name in the project file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lookup => "lookup",
            Self::Window => "window",
            Self::Derive => "derive",
        }
    }
}

/// One step: it reads columns of the examples (and features before it) and rows of a table, and gives features.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureStep {
    /// Its sort.
    pub kind: StepKind,
    /// Its name in the settings.
    pub name: String,
    /// The table that it looks into; none for a derived feature.
    pub table: Option<String>,
    /// The request columns and features that it reads, `at` among them where it does.
    pub inputs: Vec<String>,
    /// The features that it gives.
    pub outputs: Vec<String>,
    /// The digest of its meaning; its inputs have their own.
    pub digest: Digest,
}

pub(super) fn steps(plan: &FeaturePlan) -> Vec<FeatureStep> {
    let lookups = plan.lookups.iter().map(|step| lookup(step));
    let windows = plan.windows.iter().map(|step| window(step));
    lookups.chain(windows).chain(plan.derived.iter().map(|step| derive(step))).collect()
}

fn begin(kind: StepKind, name: &str) -> DigestBuilder {
    let mut digest = DigestBuilder::new(version(kind));
    digest.text(kind.name()).text(name);
    digest
}

fn pairs(digest: &mut DigestBuilder, pairs: &[Match]) {
    digest.number(pairs.len() as u64);
    for pair in pairs {
        digest.text(&pair.example).text(&pair.table).text(pair.ty.name());
    }
}

fn span(digest: &mut DigestBuilder, span: Option<Span>) {
    digest.text(&span.map(|span| span.micros().to_string()).unwrap_or_default());
}

fn inputs(pairs: &[Match], at: bool) -> Vec<String> {
    pairs.iter().map(|pair| pair.example.clone()).chain(at.then(|| AT.to_string())).collect()
}

fn lookup(step: &LookupStep) -> FeatureStep {
    let mut digest = begin(StepKind::Lookup, &step.name);
    pairs(&mut digest, &step.on);
    digest.text(step.as_of.as_ref().map_or("", |(name, _)| name));
    span(&mut digest, step.within);
    digest.number(u64::from(step.timed)).number(step.take.len() as u64);
    for taken in &step.take {
        digest.text(&taken.column).text(taken.ty.name());
    }
    FeatureStep {
        kind: StepKind::Lookup,
        name: step.name.clone(),
        table: Some(step.table.clone()),
        inputs: inputs(&step.on, step.as_of.is_some()),
        outputs: step.take.iter().map(|taken| taken.feature.clone()).collect(),
        digest: digest.finish(),
    }
}

fn window(step: &WindowStep) -> FeatureStep {
    let mut digest = begin(StepKind::Window, &step.name);
    pairs(&mut digest, &step.by);
    span(&mut digest, Some(step.over));
    digest.text(step.aggregate.name()).text(step.ty.name());
    digest.text(step.argument.as_ref().map_or("*", |argument| argument.normalized()));
    for filter in &step.filters {
        digest.text(filter.normalized());
    }
    FeatureStep {
        kind: StepKind::Window,
        name: step.name.clone(),
        table: Some(step.table.clone()),
        inputs: inputs(&step.by, true),
        outputs: vec![step.name.clone()],
        digest: digest.finish(),
    }
}

fn derive(step: &DeriveStep) -> FeatureStep {
    let mut digest = begin(StepKind::Derive, &step.name);
    digest.text(step.expression.normalized()).text(step.expression.ty().name());
    FeatureStep {
        kind: StepKind::Derive,
        name: step.name.clone(),
        table: None,
        inputs: step.expression.columns().into_iter().map(str::to_string).collect(),
        outputs: vec![step.name.clone()],
        digest: digest.finish(),
    }
}
