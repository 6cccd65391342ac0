//! How columns of lists spell them in the training rows, so that whoever asks may send a list as JSON has it: it becomes the text
//! that a row of a file would hold.

use std::collections::BTreeMap;

use ropeway_table::{ColumnProfile, Profile};
use serde_json::{Map, Value};

use crate::contents::Contents;

/// Marks between the items of a list without brackets; prose has commas, too.
const BARE: [char; 2] = ['|', ';'];
/// Those of one in brackets.
const MARKS: [char; 3] = [',', ';', '|'];
/// One of so many texts holds the mark, where they are lists.
const ONE_IN: usize = 3;

/// The columns of examples that hold lists.
#[derive(Debug, Clone, Default)]
pub struct Lists(BTreeMap<String, Spelling>);

/// How a column spells lists.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spelling {
    /// The brackets around one, if any.
    around: Option<(char, char)>,
    mark: char,
    /// What stands between two items: the mark, and blanks around it where there are some.
    between: String,
    /// Around texts among the items.
    quote: Option<char>,
}

impl Lists {
    /// Those of a package, as far as the profile of its training rows tells: of personal columns it tells nothing.
    pub fn of(contents: &Contents) -> Self {
        let asked = contents.plan.request();
        let spelled = |profile: &ColumnProfile| {
            let is_asked = asked.iter().any(|column| column.name == profile.name);
            let Some(Profile::Text(text)) = profile.values.as_ref().filter(|_| is_asked) else { return None };
            let texts: Vec<&str> =
                text.top.iter().map(|top| top.value.trim()).filter(|text| !text.is_empty()).collect();
            Some((profile.name.clone(), Spelling::of(&texts)?))
        };
        Self(contents.profile.iter().filter_map(spelled).collect())
    }

    /// Puts texts in place of lists, in columns that hold some. One that cannot be spelled so stays, and is refused as such.
    pub fn spell(&self, examples: &mut [Map<String, Value>]) {
        for example in examples {
            for (column, spelling) in &self.0 {
                if let Some(value) = example.get_mut(column)
                    && let Value::Array(items) = &*value
                    && let Some(text) = spelling.list(items)
                {
                    *value = Value::String(text);
                }
            }
        }
    }
}

impl Spelling {
    /// That of these texts, where they are lists.
    fn of(texts: &[&str]) -> Option<Self> {
        let first = texts.first()?;
        let around = [('[', ']'), ('{', '}'), ('(', ')')].into_iter().find(|(open, _)| first.starts_with(*open));
        let inside = |text: &&str| match around {
            Some((open, close)) => text.strip_prefix(open)?.strip_suffix(close).map(str::to_owned),
            None => Some((*text).to_owned()),
        };
        let inside: Vec<String> = texts.iter().map(inside).collect::<Option<_>>()?;
        if inside.iter().any(|list| list.contains(['[', '{', '('])) {
            return None;
        }
        let several = |mark: &char| inside.iter().filter(|list| list.contains(*mark)).count() * ONE_IN >= inside.len();
        let marks = if around.is_some() { MARKS.as_slice() } else { &BARE };
        let mark = marks.iter().copied().find(several)?;
        let items = || inside.iter().flat_map(|list| list.split(mark)).map(str::trim);
        let quote = ['"', '\''].into_iter().find(|quote| items().any(|item| item.starts_with(*quote)));
        let spellings = [format!(" {mark} "), format!("{mark} "), mark.to_string()];
        let between =
            spellings.into_iter().find(|between| inside.iter().any(|list| list.contains(between.as_str())))?;
        Some(Self { around, mark, between, quote })
    }

    fn list(&self, items: &[Value]) -> Option<String> {
        let items: Vec<String> = items.iter().map(|item| self.item(item)).collect::<Option<_>>()?;
        let text = items.join(&self.between);
        Some(match self.around {
            Some((open, close)) => format!("{open}{text}{close}"),
            None => text,
        })
    }

    /// An item; none of what would not be one in the text.
    fn item(&self, item: &Value) -> Option<String> {
        match item {
            // As JSON has it.
            Value::String(_) if self.quote == Some('"') => Some(item.to_string()),
            Value::String(text) => {
                let odd = |c: char| c == self.mark || Some(c) == self.quote || "[]{}()".contains(c) || c.is_control();
                let quote = self.quote.map_or_else(String::new, String::from);
                (!text.contains(odd)).then(|| format!("{quote}{text}{quote}"))
            }
            Value::Number(_) | Value::Bool(_) => Some(item.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(texts: &[&str], list: &Value, want: Option<&str>) {
        let Value::Array(items) = list else { panic!("{list}") };
        let spelling = Spelling::of(texts);
        assert_eq!(spelling.and_then(|spelling| spelling.list(items)).as_deref(), want, "{texts:?} {list}");
    }

    #[test]
    fn a_list_is_spelled_as_those_of_the_training() {
        let list = json!(["red", "blue"]);
        check(&[r#"["a","b"]"#, r#"["a"]"#], &list, Some(r#"["red","blue"]"#));
        check(&["['a', 'b']", "['a']"], &list, Some("['red', 'blue']"));
        check(&["a;b", "a", "c;b;a"], &list, Some("red;blue"));
        check(&["a | b", "c | a"], &list, Some("red | blue"));
        check(&["[1, 2]", "[3, 4]"], &json!([1, 2.5]), Some("[1, 2.5]"));
        check(&["a;b", "b;c"], &json!([]), Some(""));
        check(&[r#"["a","b"]"#], &json!(["x\"y"]), Some(r#"["x\"y"]"#));
    }

    #[test]
    fn what_is_no_list_there_stays_refused() {
        let list = json!(["red", "blue"]);
        for texts in [&["Bern", "Wien"][..], &["Hello, world", "So, what"], &["a;b", "c", "d", "e"], &[], &["[[1]]"]] {
            check(texts, &list, None);
        }
        check(&["a;b", "b;c"], &json!(["x;y"]), None);
        check(&["a;b", "b;c"], &json!([["x"]]), None);
        check(&["a;b", "b;c"], &json!([null]), None);
    }
}
