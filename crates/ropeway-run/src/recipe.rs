//! What each step of a run's recipe learned.

use ropeway_learn::{LearnedStep, LearnerKind};
use ropeway_project::Project;
use ropeway_store::Store;
use ropeway_vocab::{Kind, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::shown::Earlier;

/// The recipe of a run's model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownRecipe {
    /// The run.
    pub run: String,
    /// The learner that it prepares rows for.
    pub learner: LearnerKind,
    /// What each step learned of the training rows, feature by feature.
    pub steps: Vec<LearnedStep>,
}

/// The recipe of the model that a run made. Of a personal feature it says the steps, and no value that they learned.
///
/// # Errors
/// There is no such run, or it made no model.
pub async fn show_recipe(project: &Project, store: &Store, run: Option<&str>) -> Result<ShownRecipe> {
    let earlier = Earlier::find(project, store, run).await?;
    let package = earlier.package().await?.ok_or_else(|| {
        let what = format!("run {} made no model, and so has no recipe", earlier.line.run);
        Problem::new(Kind::NotFound, "run-without-model", what)
            .remedy("take a run that is done, or that only a gate refused: `ropeway runs` lists them")
    })?;
    let personal: Vec<&str> =
        package.contents.plan.features().iter().filter(|f| f.personal).map(|f| f.name.as_str()).collect();
    let mut steps = package.contents.model.recipe.learned();
    for step in &mut steps {
        if step.learned.of_values
            && (personal.contains(&step.feature.as_str()) || earlier.personal.contains(&step.feature))
        {
            step.learned.hide();
        }
    }
    let learner = package.contents.lineage.candidate.learner();
    Ok(ShownRecipe { run: earlier.line.run, learner, steps })
}
