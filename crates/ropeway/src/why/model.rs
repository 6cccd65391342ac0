//! Codes of models: packages, versions, gates.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "altered-package",
        means: "A package is not what was sealed.",
        comes: "A byte of it was changed, or it was put together by something else. Nothing of it is used.",
        remedy: "Copy it again from where it was made, or run the project again.",
        example: "ropeway run",
    },
    Entry {
        code: "gate",
        means: "A gate cannot be understood.",
        comes: "It compares no figure with a number, or names one that there is not.",
        remedy: "Write it as FIGURE, comparison, number.",
        example: "that = \"holdout.average_precision.low >= 0.40\"",
    },
    Entry {
        code: "missing-source",
        means: "A model reads a source that the project does not have.",
        comes: "The source was renamed or taken out after the model was made.",
        remedy: "Add it, or run the project again.",
        example: "[source.weather] path = \"data/weather.csv\"",
    },
    Entry {
        code: "model-damaged",
        means: "A stored model is damaged.",
        comes: "The file was changed, or written by something else. Nothing of it is used.",
        remedy: "Fetch the package again, or run the project again.",
        example: "ropeway run",
    },
    Entry {
        code: "model-reference",
        means: "A text names no version of a model.",
        comes: "After `@` stands a number from 1 or an alias.",
        remedy: "Write NAME, NAME@1 or NAME@champion.",
        example: "ropeway predict shop@2 --in new.csv --out scored.csv",
    },
    Entry {
        code: "newer-package",
        means: "A package was made by a newer Ropeway.",
        comes: "Its format is not known here; an older one never guesses.",
        remedy: "Use that newer Ropeway.",
        example: "ropeway --version",
    },
    Entry {
        code: "not-a-package",
        means: "A file is no package.",
        comes: "Its first bytes are others; perhaps it is a page that was saved in its place.",
        remedy: "Name the file that ends in .ropeway.",
        example: "ropeway predict .ropeway/models/shop/1/shop.ropeway --in new.csv --out scored.csv",
    },
    Entry {
        code: "not-champion",
        means: "A version may not be champion.",
        comes: "It is of a sample, or one of its gates said no.",
        remedy: "Look at its gates; run the whole project, or another version.",
        example: "ropeway models",
    },
    Entry {
        code: "not-reproduced",
        means: "A package does not reproduce the scores that it carries.",
        comes: "It was made on another platform, whose arithmetic differs in the last bit, or it was tampered with. \
             It refuses to answer.",
        remedy: "Run the project on this platform.",
        example: "ropeway run",
    },
    Entry {
        code: "sample-conflict",
        means: "The same model is registered as one of a sample and as one of all examples.",
        comes: "This is a defect of Ropeway: the mark belongs into the package.",
        remedy: "Please report it.",
        example: "ropeway models --json",
    },
    Entry {
        code: "truncated-package",
        means: "A package breaks off.",
        comes: "The copy was cut off.",
        remedy: "Copy it again.",
        example: "cp --verbose .ropeway/models/shop/1/shop.ropeway /mnt/models/",
    },
    Entry {
        code: "unknown-alias",
        means: "A model has no such alias.",
        comes: "It is misspelled, or no version has become champion: its gates have not passed.",
        remedy: "Take one that is listed.",
        example: "ropeway models",
    },
    Entry {
        code: "unknown-model",
        means: "There is no model of this name.",
        comes: "It is misspelled, or nothing was run yet.",
        remedy: "Take the name that is proposed.",
        example: "ropeway models",
    },
    Entry {
        code: "unknown-version",
        means: "A model has no such version.",
        comes: "Versions count from 1.",
        remedy: "Take one that is listed.",
        example: "ropeway models",
    },
    Entry {
        code: "wrong-package",
        means: "The stored package is not the one that was registered.",
        comes: "The file in the store was replaced.",
        remedy: "Run the project again to make it anew.",
        example: "ropeway run",
    },
];
