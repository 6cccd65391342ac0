//! How models, versions and aliases are named: `flights`, `flights@3`, `flights@champion`.

use ropeway_vocab::{Problem, Result};

/// What stands behind the `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    /// Nothing: the champion, else the newest.
    Best,
    Version(u64),
    Alias(String),
}

/// Splits a reference into the model's name and which of its versions is meant.
pub(crate) fn parse(reference: &str) -> Result<(&str, Which)> {
    let Some((name, which)) = reference.split_once('@') else { return Ok((reference, Which::Best)) };
    if which.is_empty() {
        return Err(Problem::invalid("model-reference", format!("`{reference}` names no version"))
            .remedy(format!("write `{name}`, `{name}@1` or `{name}@champion`")));
    }
    if which.bytes().all(|byte| byte.is_ascii_digit()) {
        let version = which.parse().map_err(|_| {
            Problem::invalid("model-reference", format!("`{which}` is not a version")).remedy("versions count from 1")
        })?;
        return Ok((name, Which::Version(version)));
    }
    Ok((name, Which::Alias(which.to_owned())))
}

/// Refuses names that could not be written in a reference, a path or an address.
pub(crate) fn check(what: &str, name: &str) -> Result<()> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let number = name.bytes().all(|byte| byte.is_ascii_digit());
    if name.is_empty() || name.len() > 128 || !name.chars().all(plain) || name.starts_with('.') || number {
        return Err(Problem::invalid("bad-name", format!("`{name}` cannot be the name of {what}"))
            .remedy("use letters, digits, `-`, `_` and `.`, at most 128 bytes, not a number alone"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_references() {
        assert_eq!(parse("flights").unwrap(), ("flights", Which::Best));
        assert_eq!(parse("flights@3").unwrap(), ("flights", Which::Version(3)));
        assert_eq!(parse("flights@champion").unwrap(), ("flights", Which::Alias("champion".into())));
        assert!(parse("flights@").is_err());
        assert!(parse("flights@99999999999999999999").is_err());
    }

    #[test]
    fn refuses_names_that_cannot_be_written_elsewhere() {
        for name in ["flight-delays", "v1.2_b", "Verspätung"] {
            check("a model", name).unwrap();
        }
        for name in ["", "a@b", "a/b", "..", "12", "a b", &"x".repeat(129)] {
            assert!(check("a model", name).is_err(), "{name}");
        }
    }
}
