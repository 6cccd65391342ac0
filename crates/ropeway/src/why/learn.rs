//! Codes of learning: labels, splits, settings.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "costs-of-another-task",
        means: "A cost under [costs_of_error] is none of the task.",
        comes: "Two classes have false_negative and false_positive, several have matrix, a number has under and over; \
             any other would count for nothing.",
        remedy: "Say it in the keys of the task, or take it out.",
        example: "[costs_of_error]\nunder = 3.0",
    },
    Entry {
        code: "feature-type",
        means: "A feature has another type than the model was fitted with.",
        comes: "The rows to score were made by something else than the model's own features.",
        remedy: "Give the feature in its type, or run the project again.",
        example: "amount as a number, not as text",
    },
    Entry {
        code: "label",
        means: "A label has a value that the task does not take.",
        comes: "The label of a binary task is true or false.",
        remedy: "Write the label as a condition.",
        example: "label = \"amount > 100\"",
    },
    Entry {
        code: "label-not-binary",
        means: "A label is neither 0 nor 1.",
        comes: "Figures and calibration of a binary task need these two.",
        remedy: "Write the label as a condition; rows without a label are left out before.",
        example: "label = \"delay > 15\"",
    },
    Entry {
        code: "labels-not-known",
        means: "No training label was known in time.",
        comes: "All were purged: they become known after what follows them begins, or never do.",
        remedy: "State by when a label is settled (`known_at` of the examples' table), or collect examples over a \
             longer time.",
        example: "known_at = \"placed + INTERVAL '30 days'\"",
    },
    Entry {
        code: "metric",
        means: "A metric is none of the task, or says nothing of which candidate is better.",
        comes: "Each kind of label has metrics of its own.",
        remedy: "Take one of the metrics that are listed, or leave `metric` out.",
        example: "[learn] task = \"regression\", metric = \"mae\"",
    },
    Entry {
        code: "missing-feature",
        means: "Rows lack a feature that the model needs.",
        comes: "They were made by something else than the model's own features.",
        remedy: "Give all features, or let `ropeway predict` compute them.",
        example: "ropeway predict NAME --in new.csv --out scored.csv",
    },
    Entry {
        code: "no-labels",
        means: "No example has a label.",
        comes: "The label's expression is missing in every row, or all rows were left out before.",
        remedy: "Look at it: ropeway query \"SELECT label, count(*) FROM examples GROUP BY label\".",
        example: "label = \"status = 'returned'\"",
    },
    Entry {
        code: "one-class",
        means: "All labels are the same, in all or in one part.",
        comes: "The condition holds always or never, or the part is too small, or one outcome comes only late in \
             time.",
        remedy: "Look at the label; choose a larger part, or a split at random. Where a class has fewer examples than there are \
             folds and the holdout, collect more of it.",
        example: "holdout = { by = \"random\", share = 0.2 }",
    },
    Entry {
        code: "recipe-step",
        means: "A step of `[recipe]` is set where it cannot be done.",
        comes: "Numbers are imputed, clipped and scaled, text is encoded, and dates have parts; one was asked of another.",
        remedy: "Take it out, or set it for the kind of feature that it is for.",
        example: "[recipe.text]\nencode = \"hashing\"",
    },
    Entry {
        code: "score-not-finite",
        means: "A score to calibrate is NaN or infinite.",
        comes: "A learner ran away, most often on values of enormous size.",
        remedy: "Clip or scale the columns, or choose another learner.",
        example: "[derive] amount_log = \"ln(amount + 1)\"",
    },
    Entry {
        code: "split",
        means: "The split cannot be made as it is written.",
        comes: "A share or count is out of range, or all examples have the same time.",
        remedy: "Change [split] as the message says.",
        example: "folds = { by = \"time\", count = 5 }",
    },
    Entry {
        code: "split-group",
        means: "A split by group cannot be made.",
        comes: "It names no group, holdout and folds name different ones, or there are fewer groups than parts.",
        remedy: "Name columns in `group`, a finer one, or fewer folds.",
        example: "holdout = { by = \"group\", share = 0.2, group = [\"customer\"] }",
    },
    Entry {
        code: "too-few-rows",
        means: "There are too few labelled examples for the split.",
        comes: "The holdout and each fold need some.",
        remedy: "Lower `count` of the folds, or collect more examples.",
        example: "folds = { by = \"random\", count = 2 }",
    },
    Entry {
        code: "too-many-classes",
        means: "The label has too many different values to be classes.",
        comes: "It is a number, or it names the row.",
        remedy: "State task = \"regression\", choose another label, or put rare values together in SQL.",
        example: "CASE WHEN status IN ('a', 'b') THEN status ELSE 'other' END",
    },
    Entry {
        code: "trees",
        means: "Stored trees are damaged.",
        comes: "The file of a model was changed, or was written by something else.",
        remedy: "Take the package from where it was made, or run the project again.",
        example: "ropeway run",
    },
    Entry {
        code: "trees-text",
        means: "What LightGBM wrote cannot be understood.",
        comes: "Its version is another one than the one that is built in.",
        remedy: "Please report it: this is a defect of Ropeway.",
        example: "make build",
    },
    Entry {
        code: "unknown-class",
        means: "A class is named that no label is.",
        comes: "It is misspelled in `[costs_of_error] matrix` or after --class.",
        remedy: "Take one of the classes that are listed.",
        example: "[costs_of_error] matrix.storm = { calm = 10.0 }",
    },
    Entry {
        code: "unknown-feature",
        means: "`[recipe.feature.NAME]` names no feature.",
        comes: "It is misspelled, or the column is no request column, lookup, window or derived feature.",
        remedy: "Take the name that is proposed; `ropeway check` lists all features.",
        example: "[recipe.feature.review]\nencode = \"words\"",
    },
    Entry {
        code: "unknown-metric",
        means: "A metric is not known.",
        comes: "It is misspelled.",
        remedy: "Take the name that is proposed.",
        example: "metric = \"average_precision\"",
    },
    Entry {
        code: "weight-column",
        means: "`weight` of [learn] names a column that cannot say how much an example counts.",
        comes: "It is the label, a key of the examples, or no number.",
        remedy: "Name a column of numbers of the example table.",
        example: "[learn]\nweight = \"survey_weight\"",
    },
    Entry {
        code: "weight-value",
        means: "A labelled example has a weight that cannot be counted with, or all are 0.",
        comes: "It is missing, below zero, infinite, or of a size that sums lose.",
        remedy: "Give it a number, 0 where it is not to count, or leave the row out with a check.",
        example: "COALESCE(survey_weight, 1) AS survey_weight",
    },
];
