//! Codes of sources: files, their bytes, rows and columns.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "archive",
        means: "An archive holds no table, or tables that do not belong together.",
        comes: "Of a ZIP archive every table is read as one; they must have the same columns.",
        remedy: "Leave one kind of table in the archive, or unpack it and name the file.",
        example: "[source.orders] path = \"data/orders.zip\"",
    },
    Entry {
        code: "bad-row",
        means: "A row of a request has a value that does not fit its column.",
        comes: "The rows of a request are taken all together or not at all. In a file to score such a row costs \
             itself alone.",
        remedy: "Mend the value of the row that is named, or declare another type or another spelling of missing \
             values (`types`, `null`) at the source.",
        example: "row 2: column `age`: `old` is not an integer",
    },
    Entry {
        code: "binary-file",
        means: "A file is named as text and holds something else.",
        comes: "A picture, a workbook, a web page or a database was saved under the name of a table.",
        remedy: "Save it as a table, or name it by what it is, for example .xlsx.",
        example: "orders.csv is a PNG picture",
    },
    Entry {
        code: "column-name",
        means: "The name of a column holds a control character.",
        comes: "The delimiter was taken wrongly, so that tabs became part of a name; or the file is no text, or has \
             no header.",
        remedy: "Say `delimiter = \"tab\"` or `header = false` at the source, or export the file as text.",
        example: "[source.orders] delimiter = \"tab\"",
    },
    Entry {
        code: "damaged-file",
        means: "A compressed file or a Parquet file breaks off or does not hold what it announces.",
        comes: "The copy or the download was cut off, or the file was written over while it was read. Nothing of it \
             was used.",
        remedy: "Fetch or write the file again. If it is of another format, name it so or say `format` at the source.",
        example: "flights.csv.gz ends after 1,048,576 readable bytes",
    },
    Entry {
        code: "delimiter",
        means: "The delimiter of a CSV file cannot be told, or the one that is said parts nothing.",
        comes: "Several characters part the first lines into columns equally well, or the one in use leaves a single \
             column where another one would leave many.",
        remedy: "Say which one it is at the source.",
        example: "[source.orders] delimiter = \";\"",
    },
    Entry {
        code: "different-columns",
        means: "The files of one source have different columns.",
        comes: "A glob matches files of two sorts, or a column was added on the way. Their order may differ, their \
             names may not.",
        remedy: "Say `columns = \"union\"` at the source, and what a file lacks is missing in its rows; or leave files out with \
             `leave_out`; or make them two sources and bring them together in SQL.",
        example: "[source.visits] columns = \"union\" or leave_out = [\"notes*.csv\"]",
    },
    Entry {
        code: "duplicate-column",
        means: "Two columns have the same name.",
        comes: "A SELECT gives two columns one name, as `SELECT *` over a join does. (In a file the second `a` is read as `a_2`.)",
        remedy: "Give one another name with AS.",
        example: "SELECT o.id, c.id AS customer FROM orders o JOIN customers c ON c.id = o.customer",
    },
    Entry {
        code: "empty-file",
        means: "A file has no bytes, or nothing but line ends.",
        comes: "An export failed, or a placeholder matches the glob of a source.",
        remedy: "Put the data into it, or take it out of the source.",
        example: "data/2024-05.csv: the file is empty",
    },
    Entry {
        code: "glob",
        means: "The path of a source is no glob that can be understood.",
        comes: "A bracket is not closed, or `**` stands beside other characters.",
        remedy: "Use `*`, `?`, `[a-z]` and `**`; a star that is part of a name is written `[*]`.",
        example: "path = \"data/orders-*.csv\"",
    },
    Entry {
        code: "header",
        means: "The first line of a file is longer than any row may be.",
        comes: "A closing quote is missing, the delimiter or the line end is another one, or the file is no table.",
        remedy: "Look at the first line; if rows may really be as long, raise `max_record_bytes` at the source.",
        example: "[source.orders] max_record_bytes = 4000000",
    },
    Entry {
        code: "is-folder",
        means: "A folder is named where a file is needed.",
        comes: "A source, or `--in` and `--out`, names a folder.",
        remedy: "Name a file, or the files in the folder by a glob.",
        example: "path = \"data/*.csv\"",
    },
    Entry {
        code: "missing-column",
        means: "A column that is needed is not there.",
        comes: "A file lacks a column that the project or the model reads: it was renamed, or the file is another \
             one. A file to score is tried in every form of the sources, and by each delimiter, before that is said.",
        remedy: "Give the file all columns by their names, or change the project and run it again, which makes a model of the \
             columns that there are.",
        example: "new.csv has no column `city`",
    },
    Entry {
        code: "no-columns",
        means: "A file has no column of a type that is read.",
        comes: "All columns of a Parquet file are lists, maps or structures.",
        remedy: "Write columns of numbers, text, booleans, dates or timestamps.",
        example: "SELECT id, tags[1] AS first_tag ... before the file is written",
    },
    Entry {
        code: "no-files",
        means: "No file matches the path of a source.",
        comes: "The path is mistyped, or counted from the wrong folder: it starts at the project folder, not at the \
             one you are in.",
        remedy: "Check the path, or put the files there.",
        example: "path = \"data/orders.csv\" in a project at ~/shop means ~/shop/data/orders.csv",
    },
    Entry {
        code: "no-path",
        means: "A source or a command names no file.",
        comes: "`path` is empty, or `--out` ends in a folder that has no name.",
        remedy: "Write the path of a file.",
        example: "path = \"data/orders.csv\"",
    },
    Entry {
        code: "no-rows",
        means: "A file has columns and no rows, or no row that can be read at all.",
        comes: "An export found nothing, or the file is of another form than its name says: JSON lines has one \
             object a line.",
        remedy: "Put the rows into the file. Where a source is empty by right, give every column its type under \
             `types`.",
        example: "types = { id = \"integer\", name = \"text\" }",
    },
    Entry {
        code: "not-a-file",
        means: "A path names something that is neither a file nor a folder.",
        comes: "A pipe, a socket or a device was named; a source is read more than once.",
        remedy: "Save the data to a regular file first.",
        example: "curl -o data/orders.csv https://example.org/orders.csv",
    },
    Entry {
        code: "not-utf8",
        means: "A file is not UTF-8 text.",
        comes: "It was saved in another encoding: Latin-1, Windows-1252 or UTF-16, as spreadsheets do.",
        remedy: "Save it as UTF-8, or convert it.",
        example: "iconv -f WINDOWS-1252 -t UTF-8 orders.csv > orders-utf8.csv",
    },
    Entry {
        code: "parquet",
        means: "A Parquet file could not be written.",
        comes: "The writer says why in its message; most often the disk is full.",
        remedy: "Look at the message; another format (`.csv`, `.jsonl`) may do.",
        example: "ropeway table orders --out orders.csv",
    },
    Entry {
        code: "sheet",
        means: "A workbook has no sheet of that name, or no sheet with a table.",
        comes: "`sheet` or `--sheet` is misspelled, or the workbook holds charts and notes alone.",
        remedy: "Name one of the sheets that are listed.",
        example: "[source.orders] sheet = \"2024\"",
    },
    Entry {
        code: "source-settings",
        means: "Settings of a source contradict each other or cannot be.",
        comes: "Delimiter and quote are the same character, a character is none, or a share lies outside 0 to 1.",
        remedy: "Change the key that is named.",
        example: "delimiter = \";\" and quote = \"\\\"\"",
    },
    Entry {
        code: "source-time",
        means: "The settings of a source that say when its rows became known do not go together.",
        comes: "`known_after` without `time`, `static` beside `known_at`, or a column that does not exist.",
        remedy: "Say one of: `known_at`, `time` with `known_after`, or `static = true`.",
        example: "time = \"measured_at\" and known_after = \"1 hour\"",
    },
    Entry {
        code: "time-type",
        means: "The column that `time` names holds no times.",
        comes: "It was read as text or as numbers.",
        remedy: "Say its type at the source, or name another column.",
        example: "types.measured_at = \"timestamp\"",
    },
    Entry {
        code: "too-many-rejected",
        means: "More rows of a source could not be taken than `tolerate` allows.",
        comes: "Values do not fit their columns: a word among numbers, a date in another spelling. Each such row \
             went into quarantine with its line and reason.",
        remedy: "Look at the rows with `ropeway show --quarantine SOURCE`; mend the file, declare `types` or `null`, \
             or raise `tolerate` if the rows may be lost.",
        example: "null = [\"NA\", \"-\"]",
    },
    Entry {
        code: "type",
        means: "Values cannot be turned into the type that is wanted.",
        comes: "A column of a Parquet file has a type that has no counterpart in the declared one, or a value cannot \
             be written in a text format.",
        remedy: "Leave the column its own type, or write a `.parquet` file, which keeps columns as they are.",
        example: "types = { amount = \"float\" }",
    },
    Entry {
        code: "unclosed-quote",
        means: "A quote opens and is not closed before the end of the file.",
        comes: "A quote is part of a text and was not doubled, or the file breaks off.",
        remedy: "Close it, double it where it is part of the text, or say that quotes mean nothing.",
        example: "[source.orders] quote = \"\"",
    },
    Entry {
        code: "unknown-format",
        means: "The name of a file does not tell its format.",
        comes: "Files are told apart by their names: .csv, .tsv, .jsonl, .parquet, and .gz or .zst behind them.",
        remedy: "Rename the file, or say `format` at the source.",
        example: "[source.orders] format = \"csv\"",
    },
    Entry {
        code: "unknown-zone",
        means: "A time zone is not known.",
        comes: "`zone` is misspelled or no name of the IANA list.",
        remedy: "Write a name of the list.",
        example: "zone = \"Europe/Zurich\"",
    },
    Entry {
        code: "unpacks-too-far",
        means: "A compressed file unpacks to far more than it could hold.",
        comes: "Files made to fill a disk unpack to hundreds of times their size.",
        remedy: "If it is what you expect, unpack it yourself and name the unpacked file.",
        example: "bomb.csv.gz unpacks to more than 250 times its size",
    },
    Entry {
        code: "wrong-format",
        means: "A file is of another format than its name or its settings say.",
        comes: "A JSON array stands in a .jsonl file, or a Parquet file is named .csv.",
        remedy: "Name it as what it is, say `format` at the source, or convert it.",
        example: "jq -c '.[]' orders.json > orders.jsonl",
    },
];
