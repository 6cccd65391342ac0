//! What a stranger's table holds, found out by reading it once, batch by batch and in bounded memory: the statistics of each
//! column, and findings, each with its evidence and the decision that follows from it. It knows no SQL and no model, and
//! decides nothing: `ropeway profile` prints a survey, `ropeway init` writes a project by it.
//!
//! Its rooms: what is counted while rows pass (`tally`, `sample`, `repeats`, brought together by `scan`), the statistics
//! that come out of it (`column`), measures of how columns go together (`measure`), and one `finding` a file.

mod column;
mod finding;
mod hash;
mod measure;
mod repeats;
mod sample;
mod scan;
mod seen;
mod sketch;
mod survey;
mod tally;

pub use column::{ColumnSurvey, ValueCount};
pub use finding::entity::names_identifier;
pub use finding::identifier::WELL_KNOWN;
pub use finding::label::{Candidate, FEW, HeavyTails, LabelSurvey, Skewed, Task};
pub use finding::person::names_person;
pub use finding::spelling::toml as spelling_toml;
pub use finding::weight::names_weight;
pub use finding::{Code, Finding};
pub use repeats::Repeats;
pub use survey::{Ask, Counted, Survey, Wish, count};
