//! Codes of features.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "aggregate",
        means: "A window cannot compute this.",
        comes: "Its value is no aggregate that windows have, or a DISTINCT stands where it makes no sense.",
        remedy: "Use one of those listed.",
        example: "value = \"count(DISTINCT customer)\"",
    },
    Entry {
        code: "answer-in-lookup",
        means: "A lookup gives away the label.",
        comes: "What it takes is computed from the same columns as the label, and without time nothing tells an \
             earlier row from the answer itself.",
        remedy: "Take the column out, or give the project time and count what was known before.",
        example: "[examples] at = \"placed\"",
    },
    Entry {
        code: "answer-in-request",
        means: "A request column is the answer itself.",
        comes: "It is computed from all that the label is computed from. When the model is asked, nobody knows it.",
        remedy: "Take it out of `request`.",
        example: "label = \"delay > 15\" and request = [\"delay\"]",
    },
    Entry {
        code: "date-without-zone",
        means: "A date is read as a prediction time, and its source has a zone.",
        comes: "A date is an instant only with a zone; its midnight in UTC is another one.",
        remedy: "Read the column as a timestamp, which is its midnight there.",
        example: "types = { day = \"timestamp\" }",
    },
    Entry {
        code: "derive-cycle",
        means: "Derived features read one another in a circle.",
        comes: "Each needs the other first.",
        remedy: "Write one of them out.",
        example: "[derive] a = \"amount * 2\" b = \"a + 1\"",
    },
    Entry {
        code: "duplicate-key",
        means: "An exact lookup finds more than one row for a key.",
        comes: "Which of them would count is chance.",
        remedy: "Add a check `unique` that rejects the others, match on more columns, or look up as of a time.",
        example: "[[check]] table = \"planes\" unique = [\"tailnum\"]",
    },
    Entry {
        code: "empty-lookup",
        means: "A lookup takes no column.",
        comes: "`take` is empty.",
        remedy: "Name the columns to take.",
        example: "take = [\"seats\", \"year\"]",
    },
    Entry {
        code: "no-time",
        means: "Something needs a time, and examples have none.",
        comes: "A window, a lookup as of a time, the proof and `--at` need the example's `at`.",
        remedy: "Give [examples] an `at`, or do without.",
        example: "at = \"sched_at - INTERVAL '2 hours'\"",
    },
    Entry {
        code: "not-requested",
        means: "A feature reads a column that a request does not bring along.",
        comes: "When the model is asked, only the columns in `request` and the key are there.",
        remedy: "Add it to `request`.",
        example: "request = [\"carrier\", \"origin\"]",
    },
    Entry {
        code: "within-without-as-of",
        means: "A lookup says how old a row may be, and not which time counts.",
        comes: "`within` is measured from `as_of`.",
        remedy: "Name the column with each row's time.",
        example: "as_of = \"time_hour\"",
    },
];
