//! What is learned, and how its labels are numbers.

use serde::{Deserialize, Serialize};

use crate::settings::Task;

/// What the labels of a population are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Of two classes: 1 where the condition holds, else 0.
    Binary,
    /// Of several classes with these names: the position of the class, from 0.
    Classes(Vec<String>),
    /// A number as it is.
    Number,
}

impl Target {
    /// The task that it makes.
    pub const fn task(&self) -> Task {
        match self {
            Self::Binary => Task::Binary,
            Self::Classes(_) => Task::Multiclass,
            Self::Number => Task::Regression,
        }
    }

    /// How many raw scores a row has.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Binary | Self::Number => 1,
            Self::Classes(names) => names.len(),
        }
    }
}
