//! Codes of starting a project: the label that a table has.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "label-many-values",
        means: "The label has more than two values.",
        comes: "`ropeway init` makes a condition of it, and does not know which values belong together.",
        remedy: "Say which value is the positive one, or from which number on.",
        example: "ropeway init orders.csv --label status --positive returned",
    },
    Entry {
        code: "label-missing",
        means: "The label is missing in every row.",
        comes: "The column is empty, or spelled in a way that counts as missing.",
        remedy: "Name a column that has values, or join the label to the table first.",
        example: "ropeway init orders.csv --label returned",
    },
    Entry {
        code: "label-one-class",
        means: "The label is the same in every row that has one.",
        comes: "The file holds one outcome alone, or the bound parts nothing.",
        remedy: "Check the file, or choose another column or bound.",
        example: "ropeway init houses.csv --label price --above 300000",
    },
    Entry {
        code: "label-type",
        means: "The label has another type than the flag needs.",
        comes: "`--above` compares numbers.",
        remedy: "Use --positive with a value.",
        example: "ropeway init orders.csv --label status --positive returned",
    },
    Entry {
        code: "label-values",
        means: "The label has too many different values to look through.",
        comes: "It is a number or a text that is nearly different in each row.",
        remedy: "Use --above, or make a column of two values first.",
        example: "ropeway init houses.csv --label price --above 300000",
    },
    Entry {
        code: "unknown-value",
        means: "The label never has the value that is said to be positive.",
        comes: "It is misspelled, or has another case.",
        remedy: "Take one of the values that are listed.",
        example: "ropeway init orders.csv --label status --positive Returned",
    },
];
