//! Names that users give: what they may look like, and which ones are taken.

use ropeway_vocab::{AT, LABEL, Problem, nearest};

/// Refuses a name that cannot name a source, table, lookup, window or derived feature.
pub(crate) fn check_name(kind: &str, name: &str) -> Result<(), Problem> {
    let bad = |what: String, remedy: &str| Err(Problem::invalid("bad-name", what).remedy(remedy));
    let plain = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !plain {
        return bad(
            format!("`{name}` cannot be the name of a {kind}"),
            "use letters, digits and `_`, beginning with a letter, so that it needs no quotes in SQL",
        );
    }
    if name.starts_with("__") {
        return bad(format!("the {kind} name `{name}` is reserved"), "names beginning with `__` are Ropeway's own");
    }
    if matches!(kind, "source" | "table") && name.eq_ignore_ascii_case("examples") {
        return bad(
            format!("the {kind} name `{name}` is reserved"),
            "`examples` is what `ropeway query` calls the examples",
        );
    }
    Ok(())
}

/// Refuses a project name that cannot be a file, a route and `NAME@VERSION` at once.
///
/// # Errors
/// Such a name.
pub fn check_project_name(name: &str) -> Result<(), Problem> {
    let plain = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && name.len() <= 100;
    if plain {
        return Ok(());
    }
    Err(Problem::invalid("bad-name", format!("`{name}` cannot be the name of a project"))
        .remedy("use up to 100 letters, digits, `-`, `_` and `.`, beginning with a letter or digit"))
}

/// Whether a feature of that name would hide a column that examples or predictions have themselves.
pub fn is_reserved_feature(name: &str) -> bool {
    const OWN: [&str; 8] =
        [AT, LABEL, "label_known_at", "probability", "decision", "predicted", "predicted_low", "predicted_high"];
    OWN.contains(&name) || name.starts_with("__")
}

/// `what` names something that does not exist; adds the nearest of `known`.
pub(crate) fn unknown<'a>(what: String, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Problem {
    let problem = Problem::invalid("unknown-name", what);
    match nearest(name, known.clone()) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None => problem.remedy(format!("known are {}", known.into_iter().collect::<Vec<_>>().join(", "))),
    }
}

/// A key in TOML, in quotes where it needs them.
pub fn toml_key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if bare {
        return name.to_owned();
    }
    let mut out = String::from("\"");
    for c in name.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
