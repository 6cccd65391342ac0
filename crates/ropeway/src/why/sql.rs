//! Codes of SQL.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "ambiguous-column",
        means: "A column has more than one meaning in this SQL.",
        comes: "Two tables of a join have a column of this name.",
        remedy: "Put the name of its table in front, or give one of them another name with AS.",
        example: "SELECT orders.id FROM orders JOIN customers ON customers.id = orders.customer",
    },
    Entry {
        code: "column-type",
        means: "A column or expression has another type than is needed here.",
        comes: "A time is needed and a text is given, or two columns are compared that can never be equal.",
        remedy: "Say the type under `types` of the source, or CAST it in the SQL of the table.",
        example: "CAST(placed AS timestamp)",
    },
    Entry {
        code: "memory",
        means: "The SQL needs more memory than there is.",
        comes: "A sort, a join or a group holds too many rows at once.",
        remedy: "Select fewer columns and rows before it, or aggregate first.",
        example: "SELECT customer, count(*) FROM orders GROUP BY customer",
    },
    Entry {
        code: "sql",
        means: "The engine refuses this SQL.",
        comes: "It says why in its message: types that do not go together, a function that takes other arguments.",
        remedy: "Change the SQL at the place shown.",
        example: "date_trunc('day', placed)",
    },
    Entry {
        code: "sql-empty",
        means: "There is no SQL where some is needed.",
        comes: "The file of a table, an expression or a query is empty or holds comments alone.",
        remedy: "Write one SELECT for a table or a query, an expression for a setting.",
        example: "SELECT id, amount FROM orders",
    },
    Entry {
        code: "sql-many",
        means: "There is more than one statement.",
        comes: "A table is one SELECT.",
        remedy: "Make each a table of its own, or put the first into a WITH.",
        example: "WITH recent AS (SELECT * FROM orders WHERE amount > 0) SELECT * FROM recent",
    },
    Entry {
        code: "sql-not-select",
        means: "A statement is no SELECT.",
        comes: "Tables and queries only read: nothing is inserted, created or dropped.",
        remedy: "Begin with SELECT or WITH.",
        example: "SELECT * FROM orders",
    },
    Entry {
        code: "sql-run",
        means: "The SQL failed on the data.",
        comes: "A value cannot be computed: a division by zero, a sum that is too large, a text that is no number.",
        remedy: "Guard the expression.",
        example: "amount / NULLIF(weight, 0)",
    },
    Entry {
        code: "sql-syntax",
        means: "This is not SQL.",
        comes: "A word or bracket is missing or stands in the wrong place.",
        remedy: "Mend the SQL at the place shown.",
        example: "SELECT a, b FROM t -- and no comma before FROM",
    },
    Entry {
        code: "sql-unsupported",
        means: "The engine has no way to execute this SQL.",
        comes: "A correlated subquery among the columns, or a form of SQL that other engines have.",
        remedy: "Write it as a join, or in the form that the message names.",
        example: "SELECT o.*, c.zone FROM orders o LEFT JOIN countries c ON c.country = o.country",
    },
    Entry {
        code: "subquery",
        means: "A subquery stands in an expression over one row.",
        comes: "Derived features, labels and checks see one row alone.",
        remedy: "Join the other table in the SQL of a table, or declare a lookup.",
        example: "[lookup.country] table = \"countries\" on = [\"country\"] take = [\"zone\"]",
    },
    Entry {
        code: "union-types",
        means: "A column of a UNION is text in one SELECT and no text in another.",
        comes: "Two files or sheets were to be alike, and in one a word stands among the numbers. The engine would make texts of all of \
                them: numbers would be levels, and what compares them would fail.",
        remedy: "Have both sources read it alike (`null`, `number` or `types`), or bring both sides to one type in the SQL.",
        example: "SELECT amount FROM jan UNION ALL SELECT TRY_CAST(amount AS DOUBLE) AS amount FROM feb",
    },
    Entry {
        code: "unknown-column",
        means: "A column is named that is not there.",
        comes: "It is misspelled, was renamed in the SQL, or belongs to another table.",
        remedy: "Take the name that is proposed, or one of those listed.",
        example: "SELECT dest FROM flights",
    },
    Entry {
        code: "unknown-function",
        means: "SQL calls a function that the engine does not have.",
        comes: "It is misspelled, or of another database.",
        remedy: "Take the name that is proposed.",
        example: "date_trunc('month', placed)",
    },
    Entry {
        code: "unknown-table",
        means: "A source or table is named that the project does not have.",
        comes: "It is misspelled, or written with capitals: SQL folds names without double quotes to lower case.",
        remedy: "Take the name that is proposed; `ropeway check` lists all.",
        example: "ropeway table orders_clean",
    },
    Entry {
        code: "unsupported-clause",
        means: "SQL has a clause that Ropeway does not take.",
        comes: "What the clause does cannot be the same each time, or its rows could not be followed in time.",
        remedy: "Write it another way, as the message says.",
        example: "ORDER BY placed LIMIT 10 instead of TABLESAMPLE",
    },
    Entry {
        code: "volatile-function",
        means: "SQL calls a function that answers differently each time.",
        comes: "`now()` and `random()` would make another table in each run, which nothing could be compared with or \
             served from.",
        remedy: "Write the time as a literal, or read it from a column.",
        example: "placed < TIMESTAMP '2024-01-01T00:00:00Z'",
    },
];
