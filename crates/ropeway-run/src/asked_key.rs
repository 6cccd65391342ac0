//! The key of an example as a person writes it on the command line: its values, quoted as in a CSV file where they hold commas, and
//! spelled as its source spells them.

use arrow::array::{Array, ArrayRef};
use ropeway_source::Readings;
use ropeway_source::rows::coerce;
use ropeway_vocab::{ColumnSpec, Problem, Result, nearest};
use serde_json::{Map, Value};

/// What stands between two commas.
#[derive(Debug, Default)]
struct Part {
    text: String,
    /// Where its first `=` stands outside of quotes.
    equals: Option<usize>,
}

impl Part {
    /// `COLUMN=VALUE`, where it is that.
    fn named(&self) -> Option<(&str, &str)> {
        self.equals.map(|at| (self.text[..at].trim(), self.text[at + 1..].trim()))
    }
}

/// The key's columns with their wanted values.
///
/// # Errors
/// Other values than the key has columns.
pub(crate) fn asked_key(text: &str, key: &[ColumnSpec]) -> Result<Vec<(String, String)>> {
    let names: Vec<&str> = key.iter().map(|column| column.name.as_str()).collect();
    let bad = |what: String| {
        let remedy = format!(
            "the key is {}; give its values in this order, separated by commas; a value with a comma stands in double quotes",
            names.join(", ")
        );
        Problem::invalid("bad-key", what).remedy(remedy)
    };
    let parts = parts(text).ok_or_else(|| bad("a quote in the key has no end".into()))?;
    if parts.len() != names.len() {
        return Err(bad(format!("the key has {} columns and {} values were given", names.len(), parts.len())));
    }
    if !parts.iter().all(|part| part.named().is_some_and(|(name, _)| names.contains(&name))) {
        if let Some((name, _)) = parts.iter().find_map(Part::named) {
            let near = nearest(name, names.iter().copied()).map_or(String::new(), |n| format!(" (`{n}`?)"));
            return Err(bad(format!("`{name}` is not a column of the key{near}")));
        }
        return Ok(names
            .iter()
            .zip(parts)
            .map(|(name, part)| ((*name).to_string(), part.text.trim().into()))
            .collect());
    }
    let named: Vec<(&str, &str)> = parts.iter().filter_map(Part::named).collect();
    let value = |name: &str| named.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let all = names.iter().map(|name| Some(((*name).to_string(), value(name)?.to_string())));
    all.collect::<Option<Vec<_>>>().ok_or_else(|| bad("a column of the key is named twice".into()))
}

/// Parts at commas outside of quotes; none where a quote has no end. A quote begins a value, and two of them in one are one.
fn parts(text: &str) -> Option<Vec<Part>> {
    let (mut all, mut quoted, mut letters) = (vec![Part::default()], false, text.chars().peekable());
    while let Some(letter) = letters.next() {
        let part = all.last_mut()?;
        let begins = part.equals.map_or(0, |at| at + 1);
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => part.text.extend(letters.next()),
            '"' if quoted => quoted = false,
            '"' if part.text[begins..].trim().is_empty() => quoted = true,
            ',' if !quoted => all.push(Part::default()),
            letter => {
                if letter == '=' && !quoted && part.equals.is_none() {
                    part.equals = Some(part.text.len());
                }
                part.text.push(letter);
            }
        }
    }
    (!quoted).then_some(all)
}

/// Each value as the sources of its column read it; none where they could not.
pub(crate) fn as_read(wanted: &[(String, String)], key: &[ColumnSpec], readings: &Readings) -> Vec<Option<ArrayRef>> {
    let of = |((name, value), column): (&(String, String), &ColumnSpec)| {
        let row = Map::from_iter([(name.clone(), Value::String(value.clone()))]);
        let batch = coerce(&[row], std::slice::from_ref(column), readings).ok()?;
        Some(batch.column(0).clone()).filter(|read| read.is_valid(0))
    };
    wanted.iter().zip(key).map(of).collect()
}

#[cfg(test)]
mod tests {
    use ropeway_vocab::ColumnType;

    use super::*;

    fn check(text: &str, expected: Result<[&str; 2], &str>) {
        let column =
            |name: &str| ColumnSpec { name: name.into(), ty: ColumnType::Text, known_ahead: true, personal: false };
        let found = asked_key(text, &[column("name"), column("day")]);
        match (found, expected) {
            (Ok(found), Ok(expected)) => {
                assert_eq!(found.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), expected, "{text}");
            }
            (Err(problem), Err(part)) => assert!(problem.to_string().contains(part), "{text}: {problem}"),
            (found, _) => panic!("{text}: {found:?}"),
        }
    }

    #[test]
    fn values_stand_in_order_or_by_name_and_quotes_hold_commas() {
        check("Smith, 3", Ok(["Smith", "3"]));
        check("day=3,name=Smith", Ok(["Smith", "3"]));
        check("\"Smith, J\",3", Ok(["Smith, J", "3"]));
        check("name=\"Smith, J\", day=3", Ok(["Smith, J", "3"]));
        check("\"say \"\"a=b\"\"\",3", Ok(["say \"a=b\"", "3"]));
        check("5\" nail,3", Ok(["5\" nail", "3"]));
        check("Smith, J,3", Err("2 columns and 3 values"));
        check("\"Smith, J,3", Err("a quote in the key has no end"));
        check("dya=3,name=Smith", Err("`dya` is not a column of the key"));
    }
}
