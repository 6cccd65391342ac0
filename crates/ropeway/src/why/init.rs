//! Codes of starting a project: the label that a table has.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "label-few",
        means: "Too few rows have the label, or one of its classes, for the split that `init` writes.",
        comes: "The holdout and each of the folds need rows, and of two classes both.",
        remedy: "Collect more rows, or choose another label.",
        example: "ropeway init machines.csv --label failed, where one machine of 200 failed",
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
        code: "label-task",
        means: "The label's values do not make the task that is asked for.",
        comes: "`--task` names classes for a number with fractions, or a number for words.",
        remedy: "Leave --task out, or name another column.",
        example: "ropeway init houses.csv --label price --task regression",
    },
    Entry {
        code: "label-text",
        means: "The label is free text.",
        comes: "Nearly every row has a text of its own, of several words.",
        remedy: "Name a column with a few values, or make one of the text first.",
        example: "ropeway init reviews.csv --label score",
    },
    Entry {
        code: "label-time",
        means: "The label is a time.",
        comes: "A date or an instant is neither a class nor a number.",
        remedy: "Make a number of it in SQL, for example the days until then.",
        example: "date_part('day', returned - ordered)",
    },
    Entry {
        code: "label-type",
        means: "The label has another type than the flag needs.",
        comes: "`--above` compares numbers.",
        remedy: "Use --positive with a value.",
        example: "ropeway init orders.csv --label status --positive returned",
    },
    Entry {
        code: "label-unique",
        means: "The label is different in every row.",
        comes: "It names the row, as an id does.",
        remedy: "Name another column as the label.",
        example: "ropeway init orders.csv --label returned",
    },
    Entry {
        code: "no-label",
        means: "No column looks like something to predict.",
        comes: "No label was named, and every column is an id, a time or a text.",
        remedy: "Name the column with --label.",
        example: "ropeway init orders.csv --label returned",
    },
    Entry {
        code: "unknown-value",
        means: "The label never has the value that is said to be positive.",
        comes: "It is misspelled, or has another case.",
        remedy: "Take one of the values that are listed.",
        example: "ropeway init orders.csv --label status --positive Returned",
    },
];
