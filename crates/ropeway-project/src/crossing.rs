//! What crosses sections: names that must exist elsewhere, names that must differ, settings that need each other.
//! What a crate can check by itself it checks itself; SQL and data are looked at later.

use std::collections::BTreeMap;

use ropeway_learn::settings::SplitBy;
use ropeway_vocab::{Problem, Result};

use crate::locate::setting;
use crate::names::{check_name, check_project_name, is_reserved_feature, unknown};
use crate::{Document, Settings};

/// Everything that is wrong across the sections.
pub(crate) fn check(settings: &Settings, document: &Document) -> Vec<Problem> {
    let mut findings = Findings { document, problems: Vec::new() };
    names(settings, &mut findings);
    if !findings.problems.is_empty() {
        // A name that must change changes what refers to it.
        return findings.problems;
    }
    tables(settings, &mut findings);
    keys(settings, &mut findings);
    features(settings, &mut findings);
    windows(settings, &mut findings);
    split(settings, &mut findings);
    learn(settings, &mut findings);
    findings.problems
}

/// What is wrong with sources, tables and checks, of a file without `[examples]`.
pub(crate) fn check_tables(settings: &Settings, document: &Document) -> Vec<Problem> {
    let mut findings = Findings { document, problems: Vec::new() };
    names(settings, &mut findings);
    if findings.problems.is_empty() {
        references(settings, &mut findings);
        keys(settings, &mut findings);
    }
    findings.problems
}

/// Collects located problems.
struct Findings<'a> {
    document: &'a Document,
    problems: Vec<Problem>,
}

impl Findings<'_> {
    fn add(&mut self, path: &[&str], problem: Problem) {
        self.problems.push(problem.or_at(|| self.document.value_place(path)));
    }

    fn at_key(&mut self, path: &[&str], problem: Problem) {
        self.problems.push(problem.or_at(|| self.document.place(path)));
    }

    fn result(&mut self, path: &[&str], result: Result<()>) {
        if let Err(problem) = result {
            self.add(path, problem);
        }
    }
}

fn names(settings: &Settings, findings: &mut Findings<'_>) {
    findings.result(&["project", "name"], check_project_name(&settings.project.name));
    let named = [
        ("source", settings.source.keys().collect::<Vec<_>>()),
        ("table", settings.table.keys().collect()),
        ("lookup", settings.lookup.keys().collect()),
        ("window", settings.window.keys().collect()),
    ];
    for (kind, names) in named {
        for name in names {
            if let Err(problem) = check_name(kind, name) {
                findings.at_key(&[kind, name], problem);
            }
        }
    }
    for name in settings.derive.keys() {
        if let Err(problem) = check_name("feature", name) {
            findings.at_key(&["derive", name], problem);
        }
    }
    for name in settings.table.keys() {
        let same = settings.source.keys().find(|source| source.eq_ignore_ascii_case(name));
        if let Some(source) = same {
            let place = findings.document.place(&["source", source]);
            let what = format!("`{name}` is the name of a source already, at {place}");
            let problem = Problem::invalid("name-taken", what)
                .remedy(format!("give the table a name of its own, for example `{name}_clean`"));
            findings.at_key(&["table", name], problem);
        }
    }
}

/// References to sources and tables, and the paths they are read from.
fn tables(settings: &Settings, findings: &mut Findings<'_>) {
    let known: Vec<&str> = settings.source.keys().chain(settings.table.keys()).map(String::as_str).collect();
    let table = settings.examples.table.as_str();
    if !known.contains(&table) {
        let problem = unknown(format!("there is no source or table named `{table}`"), table, known.iter().copied());
        findings.add(&["examples", "table"], problem);
    }
    references(settings, findings);
}

/// The same but for the table of the examples.
fn references(settings: &Settings, findings: &mut Findings<'_>) {
    let known: Vec<&str> = settings.source.keys().chain(settings.table.keys()).map(String::as_str).collect();
    let missing = |name: &str| {
        (!known.contains(&name))
            .then(|| unknown(format!("there is no source or table named `{name}`"), name, known.iter().copied()))
    };
    let mut refer = |path: &[&str], name: &str| {
        if let Some(problem) = missing(name) {
            findings.add(path, problem);
        }
    };
    for (name, lookup) in &settings.lookup {
        refer(&["lookup", name, "table"], &lookup.table);
    }
    for (name, window) in &settings.window {
        refer(&["window", name, "table"], &window.table);
    }
    for (index, check) in settings.check.iter().enumerate() {
        let index = index.to_string();
        refer(&["check", &index, "table"], &check.table);
        if let Some(references) = &check.references {
            refer(&["check", &index, "references", "table"], &references.table);
        }
    }
    for (name, source) in &settings.source {
        if source.path.is_empty() {
            let problem = Problem::invalid("missing-key", format!("[source.{name}] needs the key `path`"))
                .remedy("add path = \"data/file.csv\": a file or a glob, relative to the project folder");
            findings.at_key(&["source", name], problem);
        }
    }
    for (name, table) in &settings.table {
        if table.sql.is_empty() {
            let problem = Problem::invalid("missing-key", format!("[table.{name}] needs the key `sql`"))
                .remedy("add sql = \"tables/file.sql\": a file with one SELECT, relative to the project folder");
            findings.at_key(&["table", name], problem);
        }
    }
}

/// Columns that stand twice in a key: one of them was meant to be another.
fn keys(settings: &Settings, findings: &mut Findings<'_>) {
    let examples = ("[examples]".to_owned(), vec!["examples", "key"], &settings.examples.key);
    let sources = settings.source.iter().map(|(n, s)| (format!("[source.{n}]"), vec!["source", n, "key"], &s.key));
    let tables = settings.table.iter().map(|(n, t)| (format!("[table.{n}]"), vec!["table", n, "key"], &t.key));
    for (section, path, key) in std::iter::once(examples).chain(sources).chain(tables) {
        for (index, column) in key.iter().enumerate().filter(|(index, column)| key[..*index].contains(column)) {
            let index = index.to_string();
            let problem = Problem::invalid("repeated-name", format!("`key` of {section} names `{column}` twice"))
                .remedy("name each column of the key once");
            findings.add(&[path.as_slice(), &[index.as_str()]].concat(), problem);
        }
    }
}

/// Windows that can never hold a fact. A lookup `within` no time still meets a row of the very moment, known before.
fn windows(settings: &Settings, findings: &mut Findings<'_>) {
    for (name, _) in settings.window.iter().filter(|(_, window)| window.over.micros() == 0) {
        let problem = Problem::invalid("out-of-range", format!("`over` of [window.{name}] is no time at all")).remedy(
            "a window holds what became known in this span before `at`: write a longer one, for example \"7 days\"",
        );
        findings.add(&["window", name, "over"], problem);
    }
}

/// Two features of one name, and names that examples or predictions need themselves.
fn features(settings: &Settings, findings: &mut Findings<'_>) {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    let path = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
    for (index, column) in settings.examples.request.iter().enumerate() {
        all.push((column.clone(), path(&["examples", "request", &index.to_string()])));
    }
    for (name, lookup) in &settings.lookup {
        for (index, column) in lookup.take.iter().enumerate() {
            all.push((format!("{name}_{column}"), path(&["lookup", name, "take", &index.to_string()])));
        }
    }
    all.extend(settings.window.keys().map(|name| (name.clone(), path(&["window", name]))));
    all.extend(settings.derive.keys().map(|name| (name.clone(), path(&["derive", name]))));
    let mut first: BTreeMap<&str, &Vec<String>> = BTreeMap::new();
    for (name, path) in &all {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        if is_reserved_feature(name) {
            let problem = Problem::invalid("reserved-name", format!("a feature cannot be named `{name}`"))
                .remedy("examples and predictions have a column of that name themselves; choose another");
            findings.at_key(&parts, problem);
        }
        if let Some(earlier) = first.insert(name, path) {
            let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
            let place = findings.document.place(&earlier);
            let what = format!("two features are named `{name}`: the first is at {place}, in {}", section(&earlier));
            let problem = Problem::invalid("duplicate-feature", what)
                .remedy("rename one of them; a lookup's features are named LOOKUP_COLUMN");
            findings.at_key(&parts, problem);
        }
    }
    if all.is_empty() {
        let problem = Problem::invalid("no-features", "the project has no feature")
            .remedy("name columns in `request` of [examples], or add a [lookup.NAME] or [window.NAME]");
        findings.at_key(&["examples"], problem);
    }
}

fn section(path: &[&str]) -> String {
    match path {
        ["examples", ..] => "[examples] request".into(),
        ["derive", ..] => "[derive]".into(),
        [kind, name, ..] => format!("[{kind}.{name}]"),
        _ => path.join("."),
    }
}

/// What the split, lookups and windows need of the examples.
fn split(settings: &Settings, findings: &mut Findings<'_>) {
    let timed = settings.examples.at.is_some();
    let (holdout, folds) = settings.split.resolved(timed);
    for (part, by) in [("holdout", holdout), ("folds", folds)] {
        if by == SplitBy::Time && !timed {
            let problem =
                Problem::invalid("split-needs-time", format!("`{part}` is by time, and examples have no time"))
                    .remedy("add `at` to [examples], or use by = \"random\" or by = \"group\"");
            findings.add(&["split", part, "by"], problem);
        }
    }
    let share = settings.split.holdout.share();
    if !(share > 0.0 && share < 1.0) {
        let problem = Problem::invalid("out-of-range", format!("the holdout's `share` is {share}"))
            .remedy("write a number between 0 and 1, for example 0.2");
        findings.add(&["split", "holdout", "share"], problem);
    }
    let count = settings.split.folds.count;
    if !(2..=1000).contains(&count) {
        let problem = Problem::invalid("out-of-range", format!("the `count` of folds is {count}"))
            .remedy("write a whole number from 2 to 1000, for example 5");
        findings.add(&["split", "folds", "count"], problem);
    }
    findings.result(&["split"], settings.split.check(timed));
    findings.result(&["split"], settings.split.group_columns().map(drop));
    if timed {
        return;
    }
    for name in settings.window.keys() {
        let problem = Problem::invalid("window-needs-time", format!("window `{name}` needs a prediction time"))
            .remedy("add `at` to [examples]: a window sees what was known before it");
        findings.at_key(&["window", name], problem);
    }
    for (name, lookup) in &settings.lookup {
        if lookup.as_of.is_some() {
            let problem = Problem::invalid("lookup-needs-time", format!("lookup `{name}` is as of a time"))
                .remedy("add `at` to [examples], or remove `as_of` for an exact lookup");
            findings.add(&["lookup", name, "as_of"], problem);
        }
    }
}

/// What the sections check by themselves, on the line of the key that their message names.
fn learn(settings: &Settings, findings: &mut Findings<'_>) {
    let checked = [
        ("recipe", settings.recipe.check()),
        ("learn", settings.learn.check()),
        ("costs_of_error", settings.costs_of_error.check()),
        ("costs_of_error", settings.costs_of_error.check_task(settings.learn.task)),
    ];
    for (own, result) in checked {
        if let Err(problem) = result {
            let path = setting(problem.what()).unwrap_or_else(|| vec![own.to_owned()]);
            findings.at_key(&path.iter().map(String::as_str).collect::<Vec<_>>(), problem);
        }
    }
}
