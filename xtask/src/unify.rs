//! Writes `crates/ropeway-unify/Cargo.toml`: the third-party crates whose features would differ between building one
//! crate of the workspace and building all of them, with the features of the whole. Without it, testing one crate alone
//! would compile Arrow and all that stands on it a second time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::repository::{Repository, output};

/// The crate that is written, relative to the repository.
const MANIFEST: &str = "crates/ropeway-unify/Cargo.toml";
/// Features bring further crates, which may differ in turn: so many rounds have always been enough.
const ROUNDS: usize = 6;

/// The features of each third-party crate, by name and version.
type Tree = BTreeMap<(String, String), BTreeSet<String>>;

/// Whether the manifest unifies all features. Without `check` it is written until it does.
pub fn run(check: bool) -> Result<bool, String> {
    let repository = Repository::open()?;
    let path = repository.root.join(MANIFEST);
    let manifest = std::fs::read_to_string(&path).map_err(|error| format!("{MANIFEST}: {error}"))?;
    if check {
        let (_, differing) = compare(&repository)?;
        for (name, version) in &differing {
            println!("{MANIFEST}: {name} {version} has other features in a part of the workspace: cargo xtask unify");
        }
        return Ok(differing.is_empty());
    }
    let head = manifest.split_once("[dependencies]").map_or(manifest.as_str(), |(head, _)| head).to_string();
    let write = |body: &str| {
        let text = if body.is_empty() {
            head.clone()
        } else {
            format!("{head}[dependencies]\n{body}\n[build-dependencies]\n{body}")
        };
        std::fs::write(&path, text).map_err(|error| format!("{MANIFEST}: {error}"))
    };
    write("")?;
    let mut chosen = BTreeSet::new();
    for _ in 0..ROUNDS {
        let (whole, differing) = compare(&repository)?;
        if differing.is_empty() {
            println!("{MANIFEST}: {} crates", chosen.len());
            return Ok(true);
        }
        chosen.extend(differing);
        chosen.retain(|package| whole.contains_key(package));
        write(&lines(&whole, &chosen))?;
    }
    Err(format!("{MANIFEST}: the features still differ after {ROUNDS} rounds"))
}

/// The features of the whole workspace, and the crates that have others somewhere.
fn compare(repository: &Repository) -> Result<(Tree, BTreeSet<(String, String)>), String> {
    let root = &repository.root;
    let whole = tree(root, &["--workspace", "-e", "normal,build,dev"])?;
    let packages = repository.metadata["packages"].as_array().into_iter().flatten();
    let names = packages.filter_map(|package| package["name"].as_str()).filter(|name| *name != "ropeway-unify");
    let mut parts = vec![tree(root, &["--workspace", "-e", "normal,build"])?];
    for name in names {
        parts.push(tree(root, &["-p", name, "-e", "normal,build"])?);
        parts.push(tree(root, &["-p", name, "-e", "normal,build,dev"])?);
    }
    let differs = |(package, features): (&(String, String), &BTreeSet<String>)| {
        (whole.get(package) != Some(features)).then(|| package.clone())
    };
    let differing = parts.iter().flatten().filter_map(differs).collect();
    Ok((whole, differing))
}

fn tree(root: &Path, arguments: &[&str]) -> Result<Tree, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let format = ["--prefix", "none", "-f", "{p}|{f}"];
    let command: Vec<&str> = ["tree", "--offline"].iter().chain(arguments).chain(&format).copied().collect();
    Ok(parsed(&output(root, &cargo, &command)?))
}

/// Lines such as `regex v1.13.2 (*)|default,std`. A crate built in two ways has the features of both.
fn parsed(text: &str) -> Tree {
    let mut tree = Tree::new();
    for line in text.lines() {
        let Some((package, features)) = line.split_once('|') else { continue };
        let mut words = package.split_whitespace();
        let (Some(name), Some(version)) = (words.next(), words.next()) else { continue };
        let local = package.contains("(/") || package.contains(":\\");
        let version = version.trim_start_matches('v').split('+').next().unwrap_or_default();
        if !local {
            let features = features.trim_end_matches(" (*)").split(',').filter(|feature| !feature.is_empty());
            tree.entry((name.to_owned(), version.to_owned())).or_default().extend(features.map(str::to_owned));
        }
    }
    tree
}

fn lines(whole: &Tree, chosen: &BTreeSet<(String, String)>) -> String {
    let mut text = String::new();
    for package in chosen {
        let (name, version) = package;
        let alone = whole.keys().filter(|(other, _)| other == name).count() == 1;
        let (key, of) = match alone {
            true => (name.clone(), String::new()),
            false => (format!("{name}-{}", version.replace('.', "-")), format!("package = \"{name}\", ")),
        };
        let features: Vec<String> =
            whole.get(package).into_iter().flatten().map(|feature| format!("\"{feature}\"")).collect();
        let features = features.join(", ");
        text +=
            &format!("{key} = {{ {of}version = \"{version}\", default-features = false, features = [{features}] }}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "xtask v0.1.0 (/somewhere/xtask)|\nregex v1.13.2|std,default\nrand v0.8.8|std\nrand v0.9.5 (*)|\n\
                        syn v2.0.1+meta (proc-macro)|full\nregex v1.13.2 (*)|unicode,std";

    #[test]
    fn a_tree_is_read_without_the_crates_of_the_workspace() {
        let tree = parsed(TREE);
        let names: Vec<String> = tree.keys().map(|(name, version)| format!("{name} {version}")).collect();
        assert_eq!(names, ["rand 0.8.8", "rand 0.9.5", "regex 1.13.2", "syn 2.0.1"]);
        let regex = &tree[&("regex".to_owned(), "1.13.2".to_owned())];
        assert_eq!(regex.iter().map(String::as_str).collect::<Vec<_>>(), ["default", "std", "unicode"]);
    }

    #[test]
    fn two_versions_of_one_crate_get_names_of_their_own() {
        let tree = parsed(TREE);
        let chosen = tree.keys().filter(|(name, _)| name != "syn").cloned().collect();
        assert_eq!(
            lines(&tree, &chosen),
            "rand-0-8-8 = { package = \"rand\", version = \"0.8.8\", default-features = false, features = [\"std\"] }\n\
             rand-0-9-5 = { package = \"rand\", version = \"0.9.5\", default-features = false, features = [] }\n\
             regex = { version = \"1.13.2\", default-features = false, features = [\"default\", \"std\", \"unicode\"] }\n"
        );
    }
}
