//! Codes of the project file.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "bad-name",
        means: "A name cannot be used for what it is to name.",
        comes: "Names of sources, tables and features stand in SQL without quotes; the name of a project is a file, \
             a route and part of `NAME@VERSION`; aliases are no numbers.",
        remedy: "Use letters, digits and `_`, beginning with a letter; for projects and aliases also `-` and `.`.",
        example: "[table.orders_clean]",
    },
    Entry {
        code: "bad-setting",
        means: "A key has a value that is refused.",
        comes: "The value has the right type and yet cannot be: a number out of range, a text that is not \
             understood.",
        remedy: "Change it as the message says.",
        example: "within = \"3 hours\"",
    },
    Entry {
        code: "cycle",
        means: "Tables need each other in a circle.",
        comes: "A table reads another that reads the first, perhaps over several steps.",
        remedy: "Take one of the references out, or put what both need into a third table.",
        example: "orders_clean -> customers_clean -> orders_clean",
    },
    Entry {
        code: "duplicate-feature",
        means: "Two features have the same name.",
        comes: "A lookup, a window, a derived feature or a request column was named like another; a lookup names its \
             features LOOKUP_COLUMN.",
        remedy: "Rename one of them.",
        example: "[lookup.plane] take = [\"year\"] makes plane_year",
    },
    Entry {
        code: "duplicate-name",
        means: "A source and a table have the same name.",
        comes: "SQL could not tell them apart.",
        remedy: "Give one of them another name.",
        example: "[source.orders] and [table.orders_clean]",
    },
    Entry {
        code: "lookup-needs-time",
        means: "A lookup is as of a time, and examples have none.",
        comes: "`as_of` looks for the row that was current at the example's time.",
        remedy: "Add `at` to [examples], or take `as_of` out for an exact lookup.",
        example: "at = \"sched_at - INTERVAL '2 hours'\"",
    },
    Entry {
        code: "missing-key",
        means: "A section lacks a key that it needs.",
        comes: "The key was left out or stands in another section.",
        remedy: "Add it.",
        example: "[source.orders] needs path = \"data/orders.csv\"",
    },
    Entry {
        code: "missing-section",
        means: "The project file lacks a section that every project has.",
        comes: "It was left out or its name is misspelled.",
        remedy: "Add it as the message shows.",
        example: "[examples] table = \"orders\" label = \"returned\" request = [\"amount\"]",
    },
    Entry {
        code: "name-taken",
        means: "A table has the name of a source.",
        comes: "SQL could not tell them apart.",
        remedy: "Give the table a name of its own.",
        example: "[table.orders_clean]",
    },
    Entry {
        code: "no-features",
        means: "The project has no feature to learn from.",
        comes: "`request` is empty, and there is neither a lookup nor a window.",
        remedy: "Name columns in `request`, or add a [lookup.NAME] or [window.NAME].",
        example: "request = [\"amount\", \"country\"]",
    },
    Entry {
        code: "not-toml",
        means: "The project file is not TOML.",
        comes: "A quote or bracket is not closed, or a key stands twice in its section.",
        remedy: "Mend the line that is shown; https://toml.io shows the form.",
        example: "name = \"flights\"",
    },
    Entry {
        code: "out-of-range",
        means: "A number lies outside what it may be.",
        comes: "A share is not between 0 and 1, a count is too small, a span has no length.",
        remedy: "Write a number in the range that is named.",
        example: "holdout = { by = \"time\", share = 0.2 }",
    },
    Entry {
        code: "repeated-name",
        means: "A list names one thing twice.",
        comes: "A column stands twice in a `key`.",
        remedy: "Name it once.",
        example: "key = [\"order\", \"line\"]",
    },
    Entry {
        code: "reserved-name",
        means: "A name is one of Ropeway's own.",
        comes: "Names that begin with two underscores are hidden columns; `at`, `label`, `probability` and \
             `decision` are columns of examples and predictions.",
        remedy: "Choose another name; in a file, rename the column or select it with AS.",
        example: "SELECT label AS outcome FROM orders",
    },
    Entry {
        code: "split-needs-time",
        means: "A part is drawn by time, and examples have none.",
        comes: "`by = \"time\"` parts by `at`.",
        remedy: "Add `at` to [examples], or part at random or by group.",
        example: "holdout = { by = \"random\", share = 0.2 }",
    },
    Entry {
        code: "unknown-choice",
        means: "A key cannot have this value: it is one of a few words.",
        comes: "The word is misspelled.",
        remedy: "Write one of the words that are listed.",
        example: "otherwise = \"reject\"",
    },
    Entry {
        code: "unknown-key",
        means: "A section has a key that it does not know.",
        comes: "The key is misspelled or belongs to another section. Unknown keys are refused, since a setting that \
             silently does nothing is worse.",
        remedy: "Take the name that is proposed, or look it up: `ropeway schema` prints all keys for your editor.",
        example: "tolerat = 0.1 was meant to be tolerate = 0.1",
    },
    Entry {
        code: "unknown-name",
        means: "Something is named that the project does not have.",
        comes: "A table, a learner or a metric is misspelled, or was renamed elsewhere.",
        remedy: "Take the name that is proposed, or one of those listed.",
        example: "table = \"orders_clean\"",
    },
    Entry {
        code: "unknown-section",
        means: "The project file has a section that does not exist.",
        comes: "It is misspelled, or of a newer Ropeway.",
        remedy: "Take the name that is proposed.",
        example: "[lookups.plane] was meant to be [lookup.plane]",
    },
    Entry {
        code: "window-needs-time",
        means: "A window is declared, and examples have no time.",
        comes: "A window sees what was known before `at`.",
        remedy: "Add `at` to [examples].",
        example: "at = \"placed\"",
    },
    Entry {
        code: "wrong-form",
        means: "A value has none of the forms that its key takes.",
        comes: "A key may be a text or a table, and this is something else; or a section is a list where it should \
             be one.",
        remedy: "Write it as the message shows.",
        example: "[[check]] is a list of sections, [learn] is one",
    },
    Entry {
        code: "wrong-type",
        means: "A value has another type than its key takes.",
        comes: "A number stands in quotes, or a text where a list is needed.",
        remedy: "Write it in the type that is named.",
        example: "key = [\"id\"], not key = \"id\"",
    },
];
