//! The architecture: dependencies between crates point down only, crates on one floor never see each
//! other, and DataFusion has one user. The floors stand in the root manifest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::finding::Finding;

/// Dependencies that belong to one crate alone.
const SOLE: [(&str, &str); 2] = [("datafusion", "ropeway-table"), ("lightgbm3-sys", "ropeway-learn")];

/// `metadata` is what `cargo metadata --no-deps` prints.
pub fn check(metadata: &Value) -> Vec<Finding> {
    let floors: BTreeMap<&str, i64> = metadata["metadata"]["floors"]
        .as_object()
        .map(|floors| floors.iter().filter_map(|(name, floor)| Some((name.as_str(), floor.as_i64()?))).collect())
        .unwrap_or_default();
    let unshipped: BTreeSet<&str> = texts(&metadata["metadata"]["unshipped"]["crates"]).collect();
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        seen.insert(name);
        if !floors.contains_key(name) && !unshipped.contains(name) {
            let what = format!("{name} stands on no floor; give it one in [workspace.metadata.floors]");
            found.push(Finding::new("Cargo.toml", 0, what));
        }
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            let development = dependency["kind"].as_str() == Some("dev");
            if let Some(what) = wrong(name, to, development, &floors, &unshipped) {
                found.push(Finding::new(&format!("{name}/Cargo.toml"), 0, what));
            }
        }
    }
    let absent = floors.keys().filter(|name| !seen.contains(*name));
    found.extend(absent.map(|name| {
        Finding::new("Cargo.toml", 0, format!("[workspace.metadata.floors] lists {name}, which does not exist"))
    }));
    found
}

fn wrong(
    from: &str,
    to: &str,
    development: bool,
    floors: &BTreeMap<&str, i64>,
    unshipped: &BTreeSet<&str>,
) -> Option<String> {
    if unshipped.contains(from) {
        return None;
    }
    if let Some((_, owner)) = SOLE.iter().find(|(name, owner)| *name == to && *owner != from) {
        return Some(format!("{to} is used by {owner} alone; go through it"));
    }
    if unshipped.contains(to) {
        return (!development).then(|| format!("{to} is not shipped; only tests may use it"));
    }
    let (here, there) = (floors.get(from)?, floors.get(to)?);
    if there < here {
        return None;
    }
    let how = if there == here { "the same floor" } else { "a higher floor" };
    Some(format!("{from} (floor {here}) depends on {to} (floor {there}), which is on {how}; dependencies point down"))
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is found when crate `from` depends on `to`, beside crates that are as they should be.
    fn found(from: &str, to: &str, kind: Option<&str>) -> Vec<String> {
        let package = |name: &str| {
            let depends = if name == from { vec![json!({"name": to, "kind": kind})] } else { vec![] };
            json!({"name": name, "dependencies": depends})
        };
        let names = ["low", "left", "right", "top", "testkit"];
        let metadata = json!({
            "packages": names.map(package),
            "metadata": {
                "floors": {"low": 0, "left": 1, "right": 1, "top": 2},
                "unshipped": {"crates": ["testkit"]},
            },
        });
        check(&metadata).into_iter().map(|f| f.to_string()).collect()
    }

    #[test]
    fn down_is_free_and_the_same_floor_and_up_are_not() {
        let check = |from: &str, to: &str, kind: Option<&str>, expect: &str| {
            let found = found(from, to, kind);
            match expect {
                "" => assert!(found.is_empty(), "{from} -> {to}: {found:?}"),
                _ => assert!(found.len() == 1 && found[0].contains(expect), "{from} -> {to}: {found:?}"),
            }
        };
        check("top", "left", None, "");
        check("top", "serde", None, "");
        check("left", "right", None, "the same floor");
        check("low", "top", None, "a higher floor");
        check("low", "top", Some("build"), "a higher floor");
        check("left", "right", Some("dev"), "the same floor");
        check("left", "low", Some("dev"), "");
        check("left", "testkit", Some("dev"), "");
        check("left", "testkit", None, "not shipped");
        check("testkit", "top", None, "");
        check("top", "datafusion", None, "ropeway-table alone");
        check("testkit", "datafusion", None, "");
    }

    #[test]
    fn a_crate_without_a_floor_and_a_floor_without_a_crate_are_found() {
        let metadata = json!({
            "packages": [{"name": "new", "dependencies": []}],
            "metadata": {"floors": {"gone": 3}, "unshipped": {"crates": []}},
        });
        let found: Vec<String> = check(&metadata).into_iter().map(|f| f.what).collect();
        assert!(found.len() == 2 && found[0].starts_with("new stands on no floor"), "{found:?}");
        assert!(found[1].contains("lists gone"), "{found:?}");
    }
}
