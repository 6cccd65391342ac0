//! Names and texts as SQL and TOML write them.

use super::names::is_reserved;

/// A column's name in SQL, in quotes where it needs them.
pub fn sql_name(name: &str) -> String {
    let bare = name.chars().next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !is_reserved(name);
    if bare { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A text in SQL.
pub fn sql_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text without line breaks and other control characters.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A text in TOML.
pub fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A list of texts in TOML, broken into lines where it is long.
pub fn toml_list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<String> = texts.into_iter().map(toml_text).collect();
    let one = format!("[{}]", items.join(", "));
    if one.len() <= 90 {
        return one;
    }
    let mut lines = vec![String::new()];
    for item in items {
        let full = lines.last().is_some_and(|line| !line.is_empty() && line.len() + item.len() > 96);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            let gap = if line.is_empty() { "    " } else { " " };
            line.push_str(&format!("{gap}{item},"));
        }
    }
    format!("[\n{}\n]", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_get_quotes_where_they_need_them() {
        assert_eq!(
            [sql_name("a_1"), sql_name("Sale Price"), sql_name("order"), sql_name("a\"b")],
            ["a_1", "\"Sale Price\"", "\"order\"", "\"a\"\"b\""]
        );
        assert_eq!(sql_text("it's"), "'it''s'");
    }

    #[test]
    fn toml_reads_back_what_is_written() {
        for text in ["a", "a\"b", "\"Sale Price\" > 1", "it's \\ \"x\"", "a\nb\t"] {
            let written = format!("x = {}", toml_text(text));
            let read: toml::Table = written.parse().unwrap();
            assert_eq!(read["x"].as_str(), Some(text), "{written}");
        }
        let many: Vec<String> = (0..40).map(|i| format!("column_{i}")).collect();
        let written = format!("x = {}", toml_list(many.iter().map(String::as_str)));
        assert!(written.lines().all(|line| line.len() <= 110), "{written}");
        let read: toml::Table = written.parse().unwrap();
        assert_eq!(read["x"].as_array().map(Vec::len), Some(40));
    }
}
