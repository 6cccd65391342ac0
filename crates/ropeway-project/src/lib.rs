//! The project file `ropeway.toml`: read with the place of every key, checked within and across its sections, and
//! handed on as the settings of the crates below. Knows no record, no run and no server; their sections are
//! registered by the binary ([`SectionSpec`]). For users the keys are told in `docs/project-file.md`.

mod complaint;
mod copies;
mod crossing;
mod definitions;
mod document;
mod locate;
mod names;
mod project;
mod reader;
mod schema;
mod section;
mod settings;
#[cfg(test)]
mod tests;

pub use definitions::Looked;
pub use document::Document;
pub use names::{check_project_name, is_reserved_feature, toml_key};
pub use project::{FILE, Project};
pub use schema::schema;
pub use section::SectionSpec;
pub use settings::{ProjectSettings, Settings};
