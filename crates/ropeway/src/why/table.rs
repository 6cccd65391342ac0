//! Codes of tables: when rows became known, checks, sizes.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "check",
        means: "A check cannot be made as it is written.",
        comes: "It states no condition or several, names a column of another type, or its share lies outside 0 to 1.",
        remedy: "State exactly one of that, unique, not_null, in, matches, references, rows, fresh.",
        example: "that = \"distance BETWEEN 1 AND 6000\"",
    },
    Entry {
        code: "check-failed",
        means: "A row that was sent to a server fails a check.",
        comes: "Checks of single rows hold for rows that arrive, too.",
        remedy: "Mend the row and send it again; nothing of the request was taken.",
        example: "amount = -5 where a check says amount >= 0",
    },
    Entry {
        code: "check-stopped",
        means: "A check says that the run must not go on.",
        comes: "More rows fail it than `tolerate` allows, or a statement about the whole table (`rows`, `fresh`) \
             does not hold.",
        remedy: "Look at the rows with `ropeway show`; mend the data or the SQL, change the check, or raise \
             `tolerate`.",
        example: "tolerate = 0.01",
    },
    Entry {
        code: "known-at-earlier",
        means: "A table states that its rows became known earlier than the rows that they are made of.",
        comes: "Nothing can be known before what it is computed from. Rows that are known at no time, such as those \
             that wait for a partner, have no earlier time either.",
        remedy: "Take `known_at` out, so that the inputs' time counts, or state a later one.",
        example: "known_at = \"day + INTERVAL '1 day'\"",
    },
    Entry {
        code: "known-at-type",
        means: "An expression that says when rows became known is no time.",
        comes: "`known_at` came to a number or a text.",
        remedy: "Write an expression that comes to a timestamp.",
        example: "known_at = \"placed + INTERVAL '7 days'\"",
    },
    Entry {
        code: "known-at-unfounded",
        means: "A table states a known-at, and nothing that it is made of has one.",
        comes: "The statement could not be held against anything.",
        remedy: "Give its sources a known-at, and write the SQL with steps that carry it.",
        example: "[source.orders] known_at = \"placed + INTERVAL '7 days'\"",
    },
    Entry {
        code: "known-later",
        means: "A value would be used before it is known.",
        comes: "A request column, derived feature or exact lookup reaches a value that becomes known only later: the \
             path shows how. In training it would be there, when the model is asked it would not.",
        remedy: "Look it up as of the time, count it in a window, or, where it really is known from the beginning, \
             list it under `known_ahead` of its source.",
        example: "[window.late_7d] value = \"avg(CASE WHEN delay > 15 THEN 1.0 ELSE 0.0 END)\" over = \"7 days\"",
    },
    Entry {
        code: "not-a-source",
        means: "Rows are given to a table that SQL makes.",
        comes: "Only sources take rows.",
        remedy: "Give them to the source that the table reads.",
        example: "POST /v1/tables/orders/rows",
    },
    Entry {
        code: "static-copy",
        means: "A file that changes with time is also read as one that does not.",
        comes: "`static = true` says that its rows were always known. Read twice, every outcome would show through \
             the static copy.",
        remedy: "Read the file once, or take `static` out and say when its rows became known.",
        example: "[source.orders] known_at = \"placed + INTERVAL '7 days'\"",
    },
    Entry {
        code: "table-size",
        means: "A table is larger than can be held.",
        comes: "It has more than 4,294,967,295 rows, or the text of one column takes more than 2 GiB.",
        remedy: "Select fewer columns or rows, or aggregate at the source.",
        example: "SELECT id, amount FROM orders",
    },
    Entry {
        code: "untimed",
        means: "A table has no time, and its rows are needed in time.",
        comes: "Its SQL has a step through which the time of rows cannot be followed, or its sources do not say when \
             they became known.",
        remedy: "Write the SQL with steps that carry the time (the message lists them), and give the sources a \
             known-at.",
        example: "[source.weather] time = \"time_hour\" known_after = \"1 hour\"",
    },
];
