//! Codes of errors and findings: every one that the sources know is explained by `ropeway why`, and nothing else is; every
//! printed error shows its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::ropeway::Folder;
use crate::shop;

/// Words that stand where a code could stand and are none.
const NO_CODES: [&str; 1] = ["never-run"];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            rust_files(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push(path);
        }
    }
}

/// A code at the beginning of a text, in quotes.
fn quoted(text: &str) -> Option<&str> {
    let (code, _) = text.trim_start().strip_prefix('"')?.split_once('"')?;
    let plain = code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    plain.then_some(code)
}

/// The codes of a source text: what stands where a problem or finding takes its code, and each word with hyphens that comes
/// first in a call or a tuple, since some are handed on.
fn codes(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for lead in ["Problem::invalid(", "new(kind, ", "code: ", "const LOST: &str = ", "const FIRST_KNOWN_KEPT: &str = "]
    {
        found.extend(text.match_indices(lead).filter_map(|(at, _)| quoted(&text[at + lead.len()..])));
    }
    for (at, _) in text.match_indices("Kind::") {
        // `Kind::Invalid, "code"`, where a variant has no closing bracket behind it.
        let rest = &text[at + "Kind::".len()..];
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).strip_prefix(',');
        found.extend(rest.and_then(quoted));
    }
    for (at, _) in text.match_indices('(') {
        let rest = &text[at + 1..];
        let Some(code) = quoted(rest).filter(|code| code.contains('-')) else { continue };
        let behind = &rest[rest.find('"').unwrap() + code.len() + 2..];
        found.extend(behind.trim_start().starts_with(',').then_some(code));
    }
    found
}

/// Every code of the workspace, with a file that has it.
fn of_sources() -> BTreeMap<String, PathBuf> {
    let mut files = Vec::new();
    for krate in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
        let sources = krate.unwrap().path().join("src");
        // The page's words with hyphens are attributes of HTML, and it raises no problem.
        if sources.is_dir() && !sources.ends_with("ropeway-report/src") {
            rust_files(&sources, &mut files);
        }
    }
    let mut found = BTreeMap::new();
    for file in files.into_iter().filter(|file| !file.to_string_lossy().contains("/src/why/")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for code in codes(text) {
            if !NO_CODES.contains(&code) {
                found.insert(code.to_owned(), file.clone());
            }
        }
    }
    found.extend(of_surveys());
    found
}

/// The codes of what `ropeway profile` finds, which are the names of an enum.
fn of_surveys() -> BTreeMap<String, PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ropeway-survey/src/finding/mod.rs");
    let text = std::fs::read_to_string(&file).unwrap();
    let names = text.split("pub enum Code {").nth(1).unwrap().split('}').next().unwrap();
    let names = names.lines().map(str::trim).filter(|line| line.ends_with(',') && !line.starts_with('/'));
    let kebab = |name: &str| {
        let mut code = String::new();
        for c in name.trim_end_matches(',').chars() {
            if c.is_uppercase() && !code.is_empty() {
                code.push('-');
            }
            code.extend(c.to_lowercase());
        }
        code
    };
    let found: BTreeMap<String, PathBuf> = names.map(|name| (kebab(name), file.clone())).collect();
    assert!(found.len() > 20 && found.contains_key("leak-later"), "{found:?}");
    found
}

#[test]
fn every_code_of_the_sources_is_explained_and_no_other() {
    let all = Folder::new().run(&["why", "--json"]).expect(0).json();
    let explained: BTreeSet<&str> =
        all["codes"].as_array().unwrap().iter().map(|entry| entry["code"].as_str().unwrap()).collect();
    let sources = of_sources();
    assert!(sources.len() > 150, "{}", sources.len());
    let missing: Vec<_> = sources.iter().filter(|(code, _)| !explained.contains(code.as_str())).collect();
    assert!(missing.is_empty(), "codes without an entry in src/why: {missing:#?}");
    let stale: Vec<_> = explained.iter().filter(|code| !sources.contains_key(**code)).collect();
    assert!(stale.is_empty(), "entries in src/why for codes that nothing has any more: {stale:?}");
}

#[test]
fn the_walk_finds_codes_wherever_they_stand() {
    let text = r#"
        Problem::invalid("sql-empty", "x"); Problem::new(Kind::Io, "io", y); Problem::new(
            Kind::Corrupt,
            "blob-damaged",
        let (code, what) = match z { 5 => (Kind::Busy, "database-busy", B), _ => ("long-path", "the path", "") };
        corrupt("truncated-package", format!("{}")); FindingReport { code: "rare-class".into() }
        header("content-type"); plain("word", 1)"#;
    let expected = ["blob-damaged", "database-busy", "io", "long-path", "rare-class", "sql-empty", "truncated-package"];
    assert_eq!(codes(text).into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_code_is_explained_with_its_remedy_and_a_typo_gets_the_nearest() {
    let folder = Folder::new();
    let page = folder.run(&["why", "known-later"]).expect(0).stdout;
    for part in ["known-later: A value would be used before it is known.", "How it comes", "What to do", "For example"]
    {
        assert!(page.contains(part), "`{part}` is not in:\n{page}");
    }
    let entry = folder.run(&["why", "error[unknown-column]", "--json"]).expect(0).json();
    assert_eq!(entry["code"], "unknown-column");
    for part in ["means", "comes", "remedy", "example"] {
        assert!(!entry[part].as_str().unwrap().is_empty(), "{entry}");
    }
    folder.fails(&["why", "known-latr"], 1, &["error[unknown-code]", "did you mean `known-later`?"]);
    folder.fails(&["why", "xyzzy-plugh-quux"], 1, &["`ropeway why` lists all codes"]);
    let list = folder.run(&["why"]).expect(0).stdout;
    assert!(list.contains("Findings") && list.contains("too-many-rejected"), "{list}");
}

#[test]
fn what_is_printed_shows_its_code_and_where_more_is_said() {
    let folder = shop::folder();
    folder.run(&["run", "--sampel", "5%"]).expect(2).says("error[usage]: ").says("--sample");
    folder
        .run(&["table", "ordres"])
        .expect(1)
        .says("error[unknown-table]: ")
        .says("`ropeway why unknown-table` says more");
    let quiet = folder.run(&["table", "ordres", "--quiet"]).expect(1);
    assert!(quiet.stderr.contains("error[unknown-table]") && !quiet.stderr.contains("says more"), "{}", quiet.stderr);
    // Several at once have one line together.
    folder.edit("ropeway.toml", "[learn.tune]", "[learn.tune]\ntrails = 3");
    folder.edit("ropeway.toml", "seed = 7", "seed = \"7\"");
    let both = folder.run(&["check"]).expect(1).says("error[unknown-key]").says("error[wrong-type]");
    assert_eq!(both.stderr.matches("says more").count(), 1, "{}", both.stderr);
    // What ended a run has its code on record, too.
    folder.write("ropeway.toml", shop::PROJECT.replacen("that = \"amount >= 0\"", "that = \"amount >= 30\"", 1));
    folder.run(&["run", "--quiet"]).expect(3);
    let runs = folder.run(&["runs", "--json"]).expect(0).json();
    let problem = runs["runs"][0]["problem"].as_str().unwrap();
    assert!(problem.starts_with("[check-stopped] "), "{problem}");
    let told: Value = folder.run(&["run", "--json"]).expect(3).json();
    assert_eq!(told["problem"]["code"], json!("check-stopped"));
}
