//! All sections that the crates below know, as one value.

use indexmap::IndexMap;
use ropeway_feature::{ExamplesSettings, LookupSettings, WindowSettings};
use ropeway_learn::{CostsOfError, LearnSettings, RecipeSettings, SplitSettings};
use ropeway_source::SourceSettings;
use ropeway_table::{CheckSettings, TableSettings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::SectionSpec;
use crate::reader::Reader;

/// What the project is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectSettings {
    /// Its name, which is also the name of the model: letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// What the model is for, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// Where all randomness starts: the same seed gives the same model.
    #[serde(default)]
    pub seed: u64,
}

/// The project file.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `[project]`.
    pub project: ProjectSettings,
    /// `[source.NAME]`.
    pub source: IndexMap<String, SourceSettings>,
    /// `[table.NAME]`.
    pub table: IndexMap<String, TableSettings>,
    /// `[[check]]`.
    pub check: Vec<CheckSettings>,
    /// `[examples]`.
    pub examples: ExamplesSettings,
    /// `[lookup.NAME]`.
    pub lookup: IndexMap<String, LookupSettings>,
    /// `[window.NAME]`.
    pub window: IndexMap<String, WindowSettings>,
    /// `[derive]`: feature name to SQL expression.
    pub derive: IndexMap<String, String>,
    /// `[split]`.
    pub split: SplitSettings,
    /// `[recipe]`.
    pub recipe: RecipeSettings,
    /// `[learn]`.
    pub learn: LearnSettings,
    /// `[costs_of_error]`.
    pub costs_of_error: CostsOfError,
    /// `[accept]`: by the code of a finding the columns of which it was looked at and is all right.
    pub accept: IndexMap<String, Vec<String>>,
}

/// The sections as they were read; `None` is a section that is missing or wrong.
pub(crate) struct Sections {
    project: Option<ProjectSettings>,
    source: IndexMap<String, SourceSettings>,
    table: IndexMap<String, TableSettings>,
    check: Vec<CheckSettings>,
    examples: Option<ExamplesSettings>,
    lookup: IndexMap<String, LookupSettings>,
    window: IndexMap<String, WindowSettings>,
    derive: IndexMap<String, String>,
    split: Option<SplitSettings>,
    recipe: Option<RecipeSettings>,
    learn: Option<LearnSettings>,
    costs_of_error: Option<CostsOfError>,
    accept: IndexMap<String, Vec<String>>,
}

impl Sections {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            project: reader.one("project"),
            source: reader.named("source"),
            table: reader.named("table"),
            check: reader.list("check"),
            examples: reader.one("examples"),
            lookup: reader.named("lookup"),
            window: reader.named("window"),
            derive: reader.one("derive").unwrap_or_default(),
            split: reader.one("split"),
            recipe: reader.one("recipe"),
            learn: reader.one("learn"),
            costs_of_error: reader.one("costs_of_error"),
            accept: reader.one("accept").unwrap_or_default(),
        }
    }

    /// The settings as far as tables go by them, of a file without `[examples]`: what is left empty there is not looked at.
    pub(crate) fn tables(mut self) -> Result<Settings, &'static str> {
        let none = ExamplesSettings {
            table: String::new(),
            at: None,
            label: String::new(),
            request: Vec::new(),
            key: Vec::new(),
        };
        self.examples.get_or_insert(none);
        self.complete()
    }

    /// The settings, or the name of the first section that must be there and is not.
    pub(crate) fn complete(self) -> Result<Settings, &'static str> {
        if self.source.is_empty() {
            return Err("source");
        }
        Ok(Settings {
            project: self.project.ok_or("project")?,
            source: self.source,
            table: self.table,
            check: self.check,
            examples: self.examples.ok_or("examples")?,
            lookup: self.lookup,
            window: self.window,
            derive: self.derive,
            split: self.split.unwrap_or_default(),
            recipe: self.recipe.unwrap_or_default(),
            learn: self.learn.unwrap_or_default(),
            costs_of_error: self.costs_of_error.unwrap_or_default(),
            accept: self.accept,
        })
    }
}

/// The same sections for the JSON Schema.
pub(crate) const OWN: [SectionSpec; 13] = [
    SectionSpec::one::<ProjectSettings>("project"),
    SectionSpec::named::<SourceSettings>("source"),
    SectionSpec::named::<TableSettings>("table"),
    SectionSpec::list::<CheckSettings>("check"),
    SectionSpec::one::<ExamplesSettings>("examples"),
    SectionSpec::named::<LookupSettings>("lookup"),
    SectionSpec::named::<WindowSettings>("window"),
    SectionSpec::one::<IndexMap<String, String>>("derive"),
    SectionSpec::one::<SplitSettings>("split"),
    SectionSpec::one::<RecipeSettings>("recipe"),
    SectionSpec::one::<LearnSettings>("learn"),
    SectionSpec::one::<CostsOfError>("costs_of_error"),
    SectionSpec::one::<IndexMap<String, Vec<String>>>("accept"),
];

/// An example of each section that must be there, for the remedy where it is missing.
pub(crate) fn sketch(section: &str) -> &'static str {
    match section {
        "project" => "add [project] with name = \"...\"",
        "source" => "add [source.NAME] with path = \"data/file.csv\"",
        "examples" => {
            "add [examples] with table = \"...\", label = \"an SQL expression that is true or false\" and request = [...]"
        }
        _ => "add it",
    }
}
