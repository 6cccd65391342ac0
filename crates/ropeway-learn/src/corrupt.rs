//! The problem of a model whose parts do not fit together.

use ropeway_vocab::{Kind, Problem};

/// A model read from bytes that no fit could have made.
pub(crate) fn corrupt(what: &str) -> Problem {
    Problem::new(Kind::Corrupt, "model-damaged", format!("the model is damaged: {what}"))
        .remedy("fetch the package again, or run the project again to make it anew")
}
