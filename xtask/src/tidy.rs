//! Runs every rule over the repository and says what it found.

use crate::finding::Finding;
use crate::ratchet::Ratchets;
use crate::repository::Repository;
use crate::rule::{changelog, duplicates, floors, forbidden, header, lengths, lockfile, names, places, safety};

/// Checks all rules and prints what is broken; whether none was. With `ratchet`, the present measures are
/// recorded first.
pub fn run(ratchet: bool) -> Result<bool, String> {
    let repository = Repository::open()?;
    let now = Ratchets::measure(&repository.sources);
    if ratchet {
        now.write(&repository.root)?;
    }
    let recorded = Ratchets::read(&repository.root)?;
    let found = check(&repository, &recorded);
    for finding in &found {
        println!("{finding}");
    }
    for slack in recorded.slack(&now) {
        println!("note: {slack}; `cargo xtask tidy --ratchet` records it");
    }
    let files = repository.texts.len();
    match found.len() {
        0 => println!("tidy: {files} files, nothing to mend"),
        broken => println!("tidy: {files} files, {broken} to mend"),
    }
    Ok(found.is_empty())
}

fn check(repository: &Repository, recorded: &Ratchets) -> Vec<Finding> {
    let Repository { texts, sources, metadata, .. } = repository;
    let mut found = floors::check(metadata);
    found.extend(header::check(sources));
    found.extend(names::check(sources));
    found.extend(forbidden::check(sources));
    found.extend(safety::check(sources));
    found.extend(lengths::check(sources, recorded));
    found.extend(duplicates::check(sources, recorded));
    found.extend(places::check(texts));
    found.extend(lockfile::check(texts));
    found.extend(changelog::check(texts));
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_keeps_its_rules() {
        let repository = Repository::open().unwrap();
        let found = check(&repository, &Ratchets::read(&repository.root).unwrap());
        let lines: Vec<String> = found.iter().map(Finding::to_string).collect();
        assert!(found.is_empty(), "{}", lines.join("\n"));
    }
}
