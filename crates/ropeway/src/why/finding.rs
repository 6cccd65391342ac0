//! Codes of findings: what is not refused and yet should be known.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "accepts-nothing",
        means: "`[accept]` names a column that is not there.",
        comes: "The column has left with an earlier file, or is called otherwise by now: nothing is silenced.",
        remedy: "Take the name out, or write the column as the file does. A name that is nearly one of a column is refused.",
        example: "[accept] leak-later = [\"closing_note\"]",
    },
    Entry {
        code: "biased-mean",
        means: "Predictions of a number are too low or too high on the whole.",
        comes: "Their mean over rows that were not learned from lies beyond the 95% interval of the mean of the labels. `mae` and its \
             like ask for what lies in the middle; of a heavy tail, the largest labels are said too low where no feature tells \
             them apart.",
        remedy: "Where sums of predictions count, learn for the mean; else nothing: each by itself is as good as it can be.",
        example: "[learn] metric = \"rmse\"",
    },
    Entry {
        code: "feature-tells-all",
        means: "One feature alone tells the label.",
        comes: "It may be an honest signal; more often it is the answer under another name, or filled in after the \
             outcome.",
        remedy: "Ask when its value becomes known. Take it out, or look it up as of the time.",
        example: "closed_at is there exactly where the label is true",
    },
    Entry {
        code: "few-blocks",
        means: "An interval stands on few independent blocks.",
        comes: "Examples of one time or one group belong together, so that intervals are drawn from whole blocks; \
             with few of them an interval is rough.",
        remedy: "Read it with care; collect examples over a longer time or of more groups.",
        example: "3 groups in the holdout",
    },
    Entry {
        code: "first-known-kept",
        means: "A check keeps of equal keys the row that became known first.",
        comes: "No later row takes its place, which would be a look into the future.",
        remedy: "If the newest is wanted, choose it in SQL as of a time.",
        example: "[lookup.customer] as_of = \"changed_at\"",
    },
    Entry {
        code: "large-integers",
        means: "A column of a Parquet file holds whole numbers that no signed 64-bit number is.",
        comes: "Hashes and keys are written as unsigned numbers. A double would make neighbours of them equal, so that they are read as \
                text, which keeps every digit.",
        remedy: "Nothing, where they are keys. Where they are amounts, give the column its type.",
        example: "[source.blocks] types = { difficulty = \"float\" }",
    },
    Entry {
        code: "later-known-check",
        means: "A check of the examples' table reads what becomes known later.",
        comes: "Which examples there are then hangs on the outcome: those that fail are not there in training and \
             will be there when the model is asked.",
        remedy: "See how many it costs; check it in a table that examples do not stand on, or warn instead.",
        example: "otherwise = \"warn\"",
    },
    Entry {
        code: "later-known-rows",
        means: "A filter or join of the examples' table reads what becomes known later.",
        comes: "Which examples there are then hangs on the outcome.",
        remedy: "See how many it costs, and whether the model will be asked about such rows, too.",
        example: "WHERE delivered_at IS NOT NULL",
    },
    Entry {
        code: "mape-near-zero",
        means: "Labels are 0 or nearly so, and mape divides by them.",
        comes: "Mape is the mean of each error as a share of its label. A label of 0, or below 1% of the median label, makes any error \
             hundreds of its size or more, and a few such rows decide the figure.",
        remedy: "Judge by mae or rmse, or by rmsle where sizes differ by much.",
        example: "claims of a year, most of them 0: mape 1.35e15",
    },
    Entry {
        code: "nearly-perfect",
        means: "The model hardly ever errs, and no feature alone tells the label.",
        comes: "Several features together may compute it: the label is their comparison, their difference, their quotient. Honest labels \
             are seldom told so well.",
        remedy: "Look at what the model leans on most, and ask when each becomes known.",
        example: "complete = (delivered = ordered), with both among the features",
    },
    Entry {
        code: "never-decided",
        means: "The model decides for a class on no validated example, though some have it.",
        comes: "A class is decided where that is expected to cost least. Of a rare class no probability gets that far \
             while all errors cost the same; the probabilities may rank well all the same.",
        remedy: "Say under [costs_of_error] what it costs to miss the class, or use probabilities and their order.",
        example: "[costs_of_error]\nfalse_negative = 10.0",
    },
    Entry {
        code: "open-frame",
        means: "A window function tells that no other row comes between.",
        comes: "It counts rows that are known, but which of them are neighbours is settled only later.",
        remedy: "State by when the rows are complete (`known_at`), or count in a [window.NAME].",
        example: "known_at = \"day + INTERVAL '1 day'\"",
    },
    Entry {
        code: "open-group",
        means: "A group tells that no later row joins it.",
        comes: "It is known with the latest of its rows; that there is no later one is not known then.",
        remedy: "State by when the group is complete, or count in a [window.NAME], which counts what was known.",
        example: "known_at = \"day + INTERVAL '1 day'\"",
    },
    Entry {
        code: "open-join",
        means: "Rows that find no partner in a join are known at no time.",
        comes: "That no partner comes is known only when none can come any more, so that no window, timed lookup or training \
             label sees such rows.",
        remedy: "State by when a partner must have come (`known_at`), or use an inner join.",
        example: "known_at = \"ordered + INTERVAL '30 days'\"",
    },
    Entry {
        code: "other-columns",
        means: "Files of one source have not the same columns.",
        comes: "The source says `columns = \"union\"`: it has the columns of all of its files, and what a file lacks is missing \
             in its rows.",
        remedy: "Look whether the missing values tell more than they should (a file is a month, a clinic, a year). Leave a file \
             out with `leave_out`, if its rows are of another kind.",
        example: "[source.visits] leave_out = [\"notes*.csv\"]",
    },
    Entry {
        code: "personal-levels",
        means: "A feature is personal, and a model keeps some of its values.",
        comes: "A text becomes levels, which the package holds.",
        remedy: "Take it out of the features, or replace it by something that is about no single person.",
        example: "request = [\"age_group\"]",
    },
    Entry {
        code: "posts-superseded",
        means: "Posted rows differ from those of the files under the same key.",
        comes: "The row of the file counts.",
        remedy: "Take it out of the file where the posted one is right.",
        example: "data/orders.csv and POST /v1/tables/orders/rows",
    },
    Entry {
        code: "rare-class",
        means: "A class has fewer than 20 rows in the holdout, or among the rows to learn from; or, of a file, too few to be learned.",
        comes: "An interval is found by drawing rows of the part again and again. Of a few rows always the same are drawn, so \
                that the interval does not show what other rows of the class would do to the figure: it is too narrow.",
        remedy: "Collect more of them, give the holdout a greater `share` in `[split]`, or put rare classes together.",
        example: "12 positives in the holdout: precision 0.75 [0.60, 0.92] may as well be 0.5",
    },
    Entry {
        code: "repeated-column",
        means: "A header has one name twice.",
        comes: "The second column called `a` is read as `a_2`, the next as `a_3`, everywhere alike: where a model is trained \
             and where files are scored. A file to score that has a name twice which training had once is refused where the \
             model reads it: which of them is meant would be a guess.",
        remedy: "Nothing, if that suits. Rename the columns in the file, if the names are to say what they hold; of a file to \
             score keep the one that the model means.",
        example: "id,amount,amount is read as id, amount, amount_2",
    },
    Entry {
        code: "search-cut",
        means: "The search ended before it had tried all candidates; or no trial of a learner ended, and a constant stands for it.",
        comes: "The budget of minutes was used up.",
        remedy: "Raise it, take fewer trials, or ask for fewer `buckets` of words.",
        example: "[learn.tune] minutes = 30",
    },
    Entry {
        code: "swallowed-lines",
        means: "Lines within quotes have the fields of rows.",
        comes: "A quote that opens a field and is not meant to takes all up to the next quote, line ends too. The record has as \
             many fields as it should, so that no row is rejected, and yet rows are gone.",
        remedy: "Mend the quote on the line that is named; where quotes mean nothing in a file, say so.",
        example: "[source.parts] quote = \"\"",
    },
    Entry {
        code: "text-by-exception",
        means: "A column is text for the sake of a few values.",
        comes: "Nearly all are numbers or times, and one word among them decides.",
        remedy: "Name the word under `null`, or say the column's type, so that such rows go into quarantine.",
        example: "null = [\"unknown\"]",
    },
    Entry {
        code: "uneven-coverage",
        means: "The 90% intervals of a number hold fewer or more labels at some sizes of the prediction.",
        comes: "They hold nine of ten of all, and widen with the prediction where there are rows to tell by how much; where errors \
             follow something else, or rows are few, small and large numbers differ.",
        remedy: "Learn the logarithm where the label is a price or a count; else read the share of each tenth in the report.",
        example: "[learn] target_transform = [\"identity\", \"log\"]",
    },
    Entry {
        code: "uneven-footer",
        means: "`skip_footer` takes a true row of some files.",
        comes: "It leaves out the same number of rows at the end of each file of a source, and not all end in rows of totals.",
        remedy: "Take it out, and pass over these rows by what they begin with.",
        example: "[source.claims] comment = \"Total,\"",
    },
    Entry {
        code: "weight-scale",
        means: "Weights are of another size than rows.",
        comes: "An example of weight 1 counts as one example; penalties, and what a leaf of a tree needs at least, are told in \
             examples. Weights that sum up to 1, or that say how many people a row stands for, make either everything or nothing of them.",
        remedy: "Divide the weights by their mean in SQL, unless each is how often its row occurred.",
        example: "weight / avg(weight) OVER () AS weight",
    },
];
