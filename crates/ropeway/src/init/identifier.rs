//! Names made from file and folder names, and column names as SQL and TOML write them.

use std::path::Path;

use ropeway_vocab::{Problem, Result, ascii_letters};

use super::words::is_reserved;

/// The names of the new project and of what is in it.
#[derive(Debug, Clone)]
pub struct Names {
    /// The project, and its model.
    pub project: String,
    /// The source.
    pub source: String,
    /// The table over it.
    pub table: String,
}

impl Names {
    /// From the folder's and the file's names.
    pub fn new(root: &Path, file: &str, name: Option<&str>) -> Result<Self> {
        let project = match name {
            Some(name) => name.to_owned(),
            None => {
                let full = std::fs::canonicalize(root)
                    .map_err(|error| Problem::io(format_args!("looking at {}", root.display()), &error))?;
                let folder = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                plain(&folder, '-', "project")
            }
        };
        let stem = Path::new(file).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = stem.split('.').next().unwrap_or_default();
        let mut source = plain(stem, '_', "data");
        if source.starts_with(|c: char| c.is_ascii_digit()) || is_reserved(&source) || source == "examples" {
            source = format!("data_{source}");
        }
        Ok(Self { project, table: format!("{source}_clean"), source })
    }

    /// Where the table's SQL goes.
    pub fn sql_file(&self) -> String {
        format!("tables/{}.sql", self.table)
    }
}

/// Lower-case letters and digits, without accents, everything else one `joint`.
pub fn plain(text: &str, joint: char, otherwise: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if let Some(letters) = ascii_letters(c) {
            out.push_str(letters);
        } else if !out.is_empty() && !out.ends_with(joint) {
            out.push(joint);
        }
    }
    let out = out.trim_end_matches(joint);
    if out.is_empty() { otherwise.to_owned() } else { out.chars().take(60).collect() }
}

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
    fn names_need_no_quotes_and_columns_get_theirs() {
        let names = |file: &str| Names::new(Path::new("."), file, Some("p")).unwrap().source;
        assert_eq!(names("../Data/Lending Club-2013.csv.gz"), "lending_club_2013");
        assert_eq!(names("2013.csv"), "data_2013");
        assert_eq!(names("é.csv"), "e");
        assert_eq!(names("Ünï Größe.csv"), "ueni_groesse");
        assert_eq!(names("u\u{308}n.csv"), "un");
        assert_eq!(names("表.csv"), "data");
        assert_eq!(names("examples.csv"), "data_examples");
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
