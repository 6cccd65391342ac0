//! Codes of the command line and of the machine under it.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "bad-key",
        means: "The key of an example cannot be understood.",
        comes: "`--key` has more or fewer values than the key has columns, or names one that it does not have; or the \
                model was made before a key was declared, and does not know it.",
        remedy: "Give the values in the order of the key, separated by commas, or as COLUMN=VALUE; run again, where the key is newer \
                 than the model.",
        example: "ropeway explain shop --key 123",
    },
    Entry {
        code: "cancelled",
        means: "The work was stopped on request.",
        comes: "Ctrl-C or the system asked for it. What was finished is kept.",
        remedy: "Run the same again: it goes on after the last finished step or trial.",
        example: "ropeway run",
    },
    Entry {
        code: "digest",
        means: "A text is no digest.",
        comes: "A digest has 64 hexadecimal digits.",
        remedy: "Copy it whole.",
        example: "ropeway show --json prints digests",
    },
    Entry {
        code: "file-exists",
        means: "A file that would be written is there already.",
        comes: "`ropeway init` never overwrites.",
        remedy: "Start in an empty folder, or move the file away.",
        example: "mkdir shop && ropeway -C shop init orders.csv --label returned",
    },
    Entry {
        code: "instant",
        means: "A text is no instant.",
        comes: "It has no offset, or is written another way.",
        remedy: "Write a date, or an instant as RFC 3339 has it.",
        example: "2013-12-01T17:00:00Z",
    },
    Entry {
        code: "internal",
        means: "Something that was checked before does not hold: a defect of Ropeway.",
        comes: "No data and no setting should be able to bring this about.",
        remedy: "Please report it with the command that showed it.",
        example: "ropeway run --json",
    },
    Entry {
        code: "io",
        means: "The operating system, the disk or the network failed, or a file is not there.",
        comes: "Its own message stands in the text. A relative path in ropeway.toml starts at the project folder, on \
             the command line at the folder you are in.",
        remedy: "Check path, rights and free space.",
        example: "ls -l data/orders.csv",
    },
    Entry {
        code: "no-project",
        means: "There is no project in this folder.",
        comes: "You are in another folder, or nobody has started one.",
        remedy: "Go to it, name its folder with -C, or start one from a table.",
        example: "ropeway -C ~/shop run",
    },
    Entry {
        code: "out-of-memory",
        means: "There is too little memory for the rows of a source, or for a step.",
        comes: "Steps hold the rows of a table in memory while they read it, and twice while they put them in order. What is \
             left is the least of the machine's, the container's and `ulimit -v`. Finished steps and all that was \
             acknowledged stay.",
        remedy: "Give it more memory, name fewer files in `path`, or leave out columns. Learning takes less with \
             `ropeway run --sample 5%`; `ropeway profile FILE` reads a file of any size in constant memory.",
        example: "a CSV of 3 GB within 2 GB",
    },
    Entry {
        code: "project-busy",
        means: "Another process is at work in this project.",
        comes: "One run at a time may write the record. The lock ends with its process and never has to be removed.",
        remedy: "Wait until it has finished, or stop it.",
        example: "ropeway runs",
    },
    Entry {
        code: "run-id",
        means: "A text is no id of a run.",
        comes: "Runs are numbered.",
        remedy: "Write it as `ropeway runs` lists it.",
        example: "ropeway show r7",
    },
    Entry {
        code: "run-without-model",
        means: "The run made no model, and so has no recipe.",
        comes: "It failed, was stopped, or a check said no before a model was fitted.",
        remedy: "Take one that is done, or that only a gate refused.",
        example: "ropeway runs",
    },
    Entry {
        code: "run-without-report",
        means: "The run has no model that a page could tell of.",
        comes: "It failed, was stopped, or a check said no before a model was measured.",
        remedy: "Take one that is done, or see how far this one came with `ropeway show`.",
        example: "ropeway runs",
    },
    Entry {
        code: "same-file",
        means: "A file is to be read and written at once.",
        comes: "`--in` and `--out` name the same file.",
        remedy: "Name another file after --out.",
        example: "ropeway predict shop --in new.csv --out scored.csv",
    },
    Entry {
        code: "span",
        means: "A text is no span of time.",
        comes: "It has no unit, or a sign.",
        remedy: "Write a whole number and a unit.",
        example: "7 days",
    },
    Entry {
        code: "unfinished-run",
        means: "A run came to no end, so that there is nothing to compare.",
        comes: "It failed, was stopped, or a check said no before a model was measured.",
        remedy: "Take one that is done, or that only a gate refused.",
        example: "ropeway runs",
    },
    Entry {
        code: "unknown-code",
        means: "There is no problem with this code.",
        comes: "It is misspelled, or of another version of Ropeway.",
        remedy: "Take the code that is proposed; `ropeway why` lists all.",
        example: "ropeway why unknown-column",
    },
    Entry {
        code: "unknown-example",
        means: "No example has this key.",
        comes: "It is mistyped, its row has no `at`, or a check rejected it.",
        remedy: "Look for it among the examples.",
        example: "ropeway query \"SELECT * FROM examples LIMIT 5\"",
    },
    Entry {
        code: "unknown-run",
        means: "There is no such run.",
        comes: "It is mistyped, or nothing was run yet.",
        remedy: "Take one that is listed.",
        example: "ropeway runs",
    },
    Entry {
        code: "usage",
        means: "The command line cannot be understood.",
        comes: "A flag is misspelled, lacks its value, or goes with another command.",
        remedy: "Take the flag that is proposed, or read the help.",
        example: "ropeway run --help",
    },
];
