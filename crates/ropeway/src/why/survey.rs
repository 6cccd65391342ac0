//! Codes of what `ropeway profile` and `ropeway init` find in a file.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "constant",
        means: "A column has one value, or none at all.",
        comes: "It says nothing that tells rows apart.",
        remedy: "It is left out; nothing is to be done.",
        example: "country is DE in every row",
    },
    Entry {
        code: "copied-later",
        means: "Rows are equal in all but what numbers them and their times, and their labels are alike.",
        comes: "What was loaded again, or written down each month, is there several times: a split by time or at random has copies on \
             both sides, and judges the model on what it has seen.",
        remedy: "Leave the split by the columns that tell them from others, or keep one row of each in the SQL of the table.",
        example: "three monthly snapshots of customers who changed nothing",
    },
    Entry {
        code: "copied-rows",
        means: "Rows are equal in all but what numbers them, and their labels are alike.",
        comes: "A file was appended twice, or the same thing was entered again under another number. With one of them on each side of a \
                split, a model is judged on what it has seen.",
        remedy: "The split keeps equal rows on one side, by the columns that tell them from others. Better take the copies out in the \
                 table's SQL, where they are errors.",
        example: "[split] group = [\"amount\", \"opened\"]",
    },
    Entry {
        code: "copy",
        means: "A column says the same as another one.",
        comes: "Each value of one goes with one value of the other: a code and its name, a number in two units, one that counts from \
                another point.",
        remedy: "One of both is left out. Exchange them in `request` where the other is the one you will have.",
        example: "status_code and status_name",
    },
    Entry {
        code: "dated-later",
        means: "A date lies after the time of its row.",
        comes: "It is a day that was agreed on ahead, as a due date is, or one that was put down once it had come: the model is \
                asked before that.",
        remedy: "It stays, since it tells little of the label. Take it out of `request` and `known_ahead` where it is put down \
                 afterwards.",
        example: "[examples] request = [\"promised_on\"], without `delivered_on`",
    },
    Entry {
        code: "duplicate-keys",
        means: "What looks like a key has several rows of one value.",
        comes: "Rows were exported twice, or the column names things that have several rows.",
        remedy: "Where whole rows repeat, `SELECT DISTINCT` makes it a key. Else keep the row that counts, in the table's SQL, or name \
                 more columns as the key.",
        example: "key = [\"order_id\", \"line\"]",
    },
    Entry {
        code: "duplicate-rows",
        means: "Rows repeat an earlier row in every column.",
        comes: "Exports overlap, or equal rows are different things, such as two sales of one product.",
        remedy: "`SELECT DISTINCT` in the table's SQL leaves them out; take it away where equal rows are different things. It is not \
                 written where columns are so few and coarse that chance makes rows equal.",
        example: "SELECT DISTINCT ... FROM orders",
    },
    Entry {
        code: "far-label",
        means: "One label is so far from all others that it alone holds more than half of their squared deviation.",
        comes: "Somebody typed 9999 where nothing was known, or lost a decimal mark.",
        remedy: "Look at its row. Leave it out in the SQL of `tables/`, or name the value under `null` of its column.",
        example: "WHERE delivery_hours < 9999",
    },
    Entry {
        code: "free-text",
        means: "A column holds sentences.",
        comes: "Hardly two rows have the same text, and each has several words.",
        remedy: "It is learned from by its words, its length and their number; change that under `[recipe]` and `[derive]`.",
        example: "[recipe.feature.comment] encode = \"words\"",
    },
    Entry {
        code: "group",
        means: "Rows belong together, and their labels are alike.",
        comes: "Several rows are of one customer, storm or machine. With one of them on each side of a split, a model is judged on \
                what it has seen.",
        remedy: "Split by group, where the model will be asked about new ones. Where it will be asked about known ones, split by time.",
        example: "[split] group = [\"customer\"]",
    },
    Entry {
        code: "identifier",
        means: "A column names things of which most come once or a few times.",
        comes: "A model would learn by heart what each of them did.",
        remedy: "It is left out; take it into `request` where its values come again.",
        example: "booking_no with 3,998 values in 4,023 rows",
    },
    Entry {
        code: "imbalance",
        means: "One class of the label is rare.",
        comes: "A model that always says the other one is right nearly always, so that accuracy says nothing.",
        remedy: "Judge by a metric that counts the rare class, and say what errors cost.",
        example: "[learn] metric = \"average_precision\"",
    },
    Entry {
        code: "key",
        means: "A column has a value of its own in each row.",
        comes: "It identifies the row: `ropeway explain --key` finds an example by it.",
        remedy: "It is no feature; nothing is to be done.",
        example: "key = [\"order_id\"]",
    },
    Entry {
        code: "known-groups",
        means: "Rows belong together, and so many are of each that it comes back rather than being new.",
        comes: "A shop or a station has hundreds of rows, whose labels are alike: what it is tells much of the label. Or a column of \
                fewer rows each may name what rows belong to, by its values alone, and nothing else says so.",
        remedy: "It stays a feature. Where the model will be asked about others, take the mark before `group` in `[split]` away and the \
                 column out of `request`.",
        example: "# group = [\"shop\"]",
    },
    Entry {
        code: "leading-zeros",
        means: "Digits are a code: some begin with a zero.",
        comes: "As a number 00123 would become 123, and another code.",
        remedy: "It stays text. Where it is a number after all, say so.",
        example: "[source.orders.types] quantity = \"integer\"",
    },
    Entry {
        code: "leak-later",
        means: "A column is called, or dated, as what comes after the outcome.",
        comes: "By its name it belongs to the end of the story, and it tells much of the label or is never before another time.",
        remedy: "Ask when its value is there. If that is after the prediction, take it out of `request` and `known_ahead`; \
                 `--drop-suspects` does both.",
        example: "resolution_code, closed_at",
    },
    Entry {
        code: "leak-level",
        means: "A level of a column, or a word of a text, is of one class alone.",
        comes: "It is set with the outcome or after it, as a state that says `refund sent`; or it settles the outcome honestly, as some \
                diagnoses do. Chance would hardly ever make it, whatever the levels and columns, nor would a column whose other levels \
                are spread as these are; where most rows are of the class anyway, or of a word, it has to be surer still. `ropeway run` says it of features, too.",
        remedy: "Ask when this level is set. If that is with the outcome, take the column out of `request` and `known_ahead`, as \
                 `--drop-suspects` does, or read the level as missing in the table's SQL.",
        example: "status is `refund sent` in 226 of 3000 rows, and in all of these escalated is true",
    },
    Entry {
        code: "leak-missing",
        means: "A column is missing, or has a value, for one class, one number or one range of the label alone.",
        comes: "It is filled in with the outcome: a reason is written down of customers who left, if not of each. Chance would hardly \
                ever make that, and an honest feature does not end a class. `ropeway run` says it of features, too.",
        remedy: "Ask when its value is there. If that is with the outcome, take it out of `request` and `known_ahead`; \
                 `--drop-suspects` does both.",
        example: "cancel_reason has a value in 108 of 800 rows, and in all of these churned is true",
    },
    Entry {
        code: "leak-order",
        means: "The number of a row, or its code, sorts with the label.",
        comes: "The table was put together class by class, or sorted by the outcome.",
        remedy: "Leave the number out; look whether the order of the rows says more.",
        example: "id is highest where churned is true",
    },
    Entry {
        code: "leak-separates",
        means: "One column alone tells the label.",
        comes: "It learned on one half of the rows and told nearly all of the other: honest features hardly do.",
        remedy: "It is the answer under another name, or made of it. Take it out of `request` and `known_ahead`, unless it is there \
                 when a prediction is asked for.",
        example: "refund_amount is 0 unless returned is true",
    },
    Entry {
        code: "list",
        means: "A column holds several values in one cell.",
        comes: "A mark stands between the same few items.",
        remedy: "Make a column of each item in the table's SQL.",
        example: "contains(tags, 'urgent') AS urgent",
    },
    Entry {
        code: "maybe-personal",
        means: "Most values of a column look like names of people, and the column is called as things are.",
        comes: "Brands, hotels and schools are called after people (`Hugo Boss`), and come back in many rows. In another table such a column \
                may name who made or owns the thing.",
        remedy: "It stays a feature and is shown. Name it in `personal` of the source where it is about people.",
        example: "personal = [\"maker\"]",
    },
    Entry {
        code: "near-constant",
        means: "Nearly all rows have one value.",
        comes: "The few others may be slips, or what matters.",
        remedy: "It stays; look at the others.",
        example: "currency is EUR in 99.9% of the rows",
    },
    Entry {
        code: "near-copy",
        means: "A column has the values of another one in nearly all rows.",
        comes: "One was filled in from the other and then mended, or both were typed in: fewer than one row of a hundred differs.",
        remedy: "Both stay, since the rows in which they differ may tell something. Where these are slips, take one out of `request`.",
        example: "billing_city and delivery_city",
    },
    Entry {
        code: "not-finite",
        means: "Numbers are no numbers: NaN or infinite.",
        comes: "A program divided by zero, or wrote so what is missing.",
        remedy: "They count as missing for figures. Mend them where they are made, or in the table's SQL.",
        example: "CASE WHEN isnan(ratio) THEN NULL ELSE ratio END AS ratio",
    },
    Entry {
        code: "object",
        means: "A column holds objects of JSON.",
        comes: "A line of the file has an object within an object, or a Parquet file a struct.",
        remedy: "Make columns of its parts before reading, or take them out of the text in the table's SQL.",
        example: "CAST(regexp_replace(plan, '.*\"seats\":([0-9]+).*', '\\1') AS BIGINT) AS seats",
    },
    Entry {
        code: "personal",
        means: "A column is about people.",
        comes: "It is called so, its values are mail addresses, telephones, streets, numbers with check digits, or names of people, or one of \
                ten of its texts holds such a thing between other words.",
        remedy: "It is masked and no feature. Take it out of `personal` of the source where it is about nobody.",
        example: "personal = [\"contact\"]",
    },
    Entry {
        code: "personal-text",
        means: "Some texts of a column hold mail addresses, telephone numbers, or numbers of cards or accounts.",
        comes: "People write them into notes and reviews. They are few, so that the words of the others are learned from.",
        remedy: "Name the column in `personal` of the source where nobody must read it, or take them out in the table's SQL.",
        example: "personal = [\"note\"]",
    },
    Entry {
        code: "sentinel",
        means: "Values stand for a missing one.",
        comes: "Programs write -999, `unknown` or 1900-01-01 where they know nothing.",
        remedy: "They are read as missing. Take them out of `null` where they are true values.",
        example: "null = [\"\", \"N/A\"]",
    },
    Entry {
        code: "spellings",
        means: "Levels of a column differ by case or blanks alone.",
        comes: "People typed them, or systems were joined: `Benzin`, `benzin ` and `BENZIN` are one level to people and three \
             to a learner.",
        remedy: "`text = { blanks = \"trim\", case = \"lower\" }` of the column reads them as one, in files and requests; take it \
             out where they differ.",
        example: "[source.cars.column.fuel] text = { blanks = \"trim\", case = \"lower\" }",
    },
    Entry {
        code: "time",
        means: "Rows have a time, by which they can be split.",
        comes: "What is judged should come after what was learned from, as it will when the model is used.",
        remedy: "The split is by time where no group asks for another; `--at COLUMN` names the time.",
        example: "[split] holdout = { by = \"time\", share = 0.2 }",
    },
    Entry {
        code: "time-of-classes",
        means: "Classes of the label stand one after the other in time.",
        comes: "Of a split by that time a part would have one class alone, from which nothing can be learned or judged.",
        remedy: "Ask whether the model will tell classes apart that come at the same time; if one follows the other for good, there is \
                 nothing to predict.",
        example: "Gen1 up to March, Gen2 from April on",
    },
    Entry {
        code: "weight",
        means: "A column is called as weights of rows are.",
        comes: "Surveys and samples say how much each row counts; a weight that was measured is called so, too.",
        remedy: "Name it as `weight` under [learn] if rows are to count by it.",
        example: "[learn] weight = \"sample_weight\"",
    },
];
