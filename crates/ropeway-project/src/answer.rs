//! Whether the request gives the answer away: a label that reads nothing but request columns is known before anything
//! is learned. This holds with and without time.

use std::collections::BTreeSet;

use ropeway_feature::ExamplesSettings;
use ropeway_vocab::{Kind, Problem};

/// Words of SQL that name no column.
const WORDS: [&str; 31] = [
    "and",
    "as",
    "between",
    "bigint",
    "boolean",
    "case",
    "cast",
    "date",
    "distinct",
    "double",
    "else",
    "end",
    "escape",
    "false",
    "from",
    "ilike",
    "in",
    "int",
    "integer",
    "interval",
    "is",
    "like",
    "not",
    "null",
    "or",
    "similar",
    "text",
    "then",
    "timestamp",
    "true",
    "when",
];

/// The number of the request column that gives the label away, and the refusal.
pub(crate) fn given_away(examples: &ExamplesSettings) -> Option<(usize, Problem)> {
    let read = columns(&examples.label);
    let requested = |name: &String| examples.request.iter().any(|column| column == name);
    if read.is_empty() || !read.iter().all(requested) {
        return None;
    }
    let index = examples.request.iter().position(|column| read.contains(column))?;
    let list = read.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let label = &examples.label;
    let what = format!("the label `{label}` reads only request columns ({list}): the request is its own answer");
    let problem = Problem::new(Kind::Refused, "answer-in-request", what)
        .remedy(format!("take {list} out of `request`: when the model is asked, nobody knows it"));
    Some((index, problem))
}

/// The names in an expression that may be columns: words that are no SQL, no function, and not inside a text.
fn columns(sql: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let chars: Vec<char> = sql.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let (length, name) = match rest[0] {
            '\'' => (until(rest, '\''), None),
            '"' => {
                let length = until(rest, '"');
                (length, Some(rest[1..length.max(2) - 1].iter().collect::<String>()))
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
                let word: String = rest[..length].iter().collect::<String>().to_lowercase();
                let call = rest[length..].iter().find(|c| !c.is_whitespace()) == Some(&'(');
                (length, Some(word).filter(|word| !call && !WORDS.contains(&word.as_str())))
            }
            c if c.is_ascii_digit() => (rest.iter().take_while(|c| c.is_alphanumeric() || **c == '.').count(), None),
            _ => (1, None),
        };
        names.extend(name);
        at += length;
    }
    names
}

/// The length of a quoted piece, both quotes included; to the end where it is not closed.
fn until(rest: &[char], quote: char) -> usize {
    rest.iter().skip(1).position(|c| *c == quote).map_or(rest.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_label_that_the_request_determines_is_refused() {
        let refused = |label: &str, request: &[&str]| {
            let request = request.iter().map(|column| (*column).to_owned()).collect();
            let examples =
                ExamplesSettings { table: "t".into(), at: None, label: label.into(), request, key: Vec::new() };
            given_away(&examples).map(|(index, _)| index)
        };
        assert_eq!(refused("returned", &["amount", "returned"]), Some(1));
        assert_eq!(refused("CASE WHEN Delay > 15 THEN 1 ELSE 0 END", &["delay"]), Some(0));
        assert_eq!(refused("\"Sale Price\" > 1e5", &["Sale Price"]), Some(0));
        assert_eq!(refused("status = 'amount'", &["amount"]), None);
        assert_eq!(refused("paid < amount", &["amount"]), None, "part of it may be asked for");
        assert_eq!(refused("abs(delay) > 15", &["abs"]), None);
        assert_eq!(refused("true", &["a"]), None);
        assert_eq!(refused("\"", &["a"]), None);
        assert_eq!(refused("'open", &["a"]), None);
    }
}
