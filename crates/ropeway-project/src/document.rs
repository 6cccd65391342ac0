//! The text of a project file with the place of every key in it, so that each problem can show its line.

use std::collections::BTreeMap;
use std::ops::Range;

use ropeway_vocab::{Place, Problem, Result};
use toml::de::{DeTable, DeValue};

/// Where a key and its value stand, in bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Extent {
    key: Range<usize>,
    value: Range<usize>,
}

/// A parsed TOML file that knows where everything stands. Elements of a list are addressed by their number
/// from 0, for example `check.1.tolerate`.
#[derive(Debug, Clone)]
pub struct Document {
    file: String,
    text: String,
    extents: BTreeMap<Vec<String>, Extent>,
}

impl Document {
    /// Parses `text`; `file` is its name in messages. Text that is not TOML is a located problem.
    pub fn parse(file: &str, text: String) -> Result<Self> {
        let mut document = Self { file: file.to_owned(), text, extents: BTreeMap::new() };
        let mut extents = BTreeMap::new();
        let table = document.table()?;
        for (key, value) in &table {
            collect(vec![key.get_ref().to_string()], key.span(), value, &mut extents);
        }
        document.extents = extents;
        Ok(document)
    }

    /// The file's name in messages.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parsed table with its spans.
    pub(crate) fn table(&self) -> Result<DeTable<'_>> {
        DeTable::parse(&self.text).map(|table| table.into_inner()).map_err(|error| self.not_toml(&error))
    }

    /// Whether there is a key at `path`.
    pub fn has(&self, path: &[&str]) -> bool {
        self.extents.contains_key(&owned(path))
    }

    /// The place of the key at `path`, or of the nearest part of the path that exists; the file where nothing does.
    pub fn place(&self, path: &[&str]) -> Place {
        self.place_by(path, |extent| extent.key.start)
    }

    /// The place of the value at `path`, with the same fallbacks.
    pub fn value_place(&self, path: &[&str]) -> Place {
        self.place_by(path, |extent| extent.value.start)
    }

    /// The place of `column` (from 1) of `line`, a line of the text value at `path` (an SQL expression, say). Where
    /// the file writes that line differently, with escapes, it is the place of the value's opening quote.
    pub fn place_inside(&self, path: &[&str], line: &str, column: u64) -> Place {
        let Some(extent) = self.extents.get(&owned(path)) else { return self.place(path) };
        let raw = self.text.get(extent.value.clone()).unwrap_or_default();
        let before = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        match raw.find(line).filter(|_| !line.is_empty()) {
            Some(start) => {
                let inside: usize = line.chars().take(before).map(char::len_utf8).sum();
                self.at(extent.value.start + start + inside)
            }
            None => self.at(extent.value.start),
        }
    }

    /// The place of the first text below `path` that is exactly `text`: an element of a list, say.
    pub fn place_of_text(&self, path: &[&str], text: &str) -> Option<Place> {
        let path = owned(path);
        let below = self.extents.iter().filter(|(at, _)| at.len() > path.len() && at.starts_with(&path));
        let is_text = |extent: &Extent| {
            let raw = self.text.get(extent.value.clone()).unwrap_or_default();
            raw.len() == text.len() + 2 && raw.starts_with(['"', '\'']) && &raw[1..raw.len() - 1] == text
        };
        below
            .filter(|(_, extent)| is_text(extent))
            .map(|(_, extent)| extent.value.start)
            .min()
            .map(|start| self.at(start))
    }

    /// The place of a byte offset.
    pub(crate) fn at(&self, offset: usize) -> Place {
        Place::at_offset(&self.file, &self.text, offset)
    }

    /// The path of the innermost key or value that covers `span`, and whether it is the key itself.
    pub(crate) fn path_at(&self, span: &Range<usize>) -> (Vec<String>, bool) {
        let covers = |range: &Range<usize>| range.start <= span.start && span.end <= range.end;
        let size = |range: &Range<usize>| range.end.saturating_sub(range.start);
        let mut best: Option<(usize, usize, &Vec<String>, bool)> = None;
        for (path, extent) in &self.extents {
            for (range, is_key) in [(&extent.key, true), (&extent.value, false)] {
                let rank = (size(range), usize::MAX - path.len());
                if covers(range) && best.is_none_or(|(size, depth, ..)| rank < (size, depth)) {
                    best = Some((rank.0, rank.1, path, is_key));
                }
            }
        }
        best.map_or((Vec::new(), false), |(_, _, path, is_key)| (path.clone(), is_key))
    }

    fn place_by(&self, path: &[&str], start: impl Fn(&Extent) -> usize) -> Place {
        let owned = owned(path);
        (1..=owned.len()).rev().find_map(|length| Some((length, self.extents.get(&owned[..length])?))).map_or_else(
            || Place::file(&self.file),
            |(length, extent)| self.at(if length == owned.len() { start(extent) } else { extent.key.start }),
        )
    }

    fn not_toml(&self, error: &toml::de::Error) -> Problem {
        let problem = Problem::invalid("not-toml", format!("this is not TOML: {}", error.message())).remedy(
            "see https://toml.io: texts stand in quotes, lists in square brackets, each key once in its section",
        );
        match error.span() {
            Some(span) => problem.at(self.at(span.start)),
            None => problem.at(Place::file(&self.file)),
        }
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|part| (*part).to_owned()).collect()
}

fn collect(
    path: Vec<String>,
    key: Range<usize>,
    value: &toml::Spanned<DeValue<'_>>,
    extents: &mut BTreeMap<Vec<String>, Extent>,
) {
    let below = |part: String| path.iter().cloned().chain([part]).collect::<Vec<_>>();
    match value.get_ref() {
        DeValue::Table(table) => {
            for (name, inner) in table {
                collect(below(name.get_ref().to_string()), name.span(), inner, extents);
            }
        }
        DeValue::Array(array) => {
            for (index, inner) in array.iter().enumerate() {
                collect(below(index.to_string()), inner.span(), inner, extents);
            }
        }
        _ => {}
    }
    extents.insert(path, Extent { key, value: value.span() });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse("ropeway.toml", text.to_owned()).unwrap()
    }

    const TEXT: &str = "[project]\nname = \"x\"\n\n[source.flights]\npath = \"a\"\nkey = [\"a\", \"bb\"]\n\n[[check]]\ntable = \"t\"\n[[check]]\ntable = \"u\"\nin = { a = [1] }\n";

    #[test]
    fn every_key_and_element_has_a_place() {
        let check = |path: &[&str], line: u64, column: u64| {
            let place = document(TEXT).place(path);
            assert_eq!((place.line, place.column), (Some(line), Some(column)), "{path:?}");
        };
        check(&["project", "name"], 2, 1);
        check(&["source", "flights"], 4, 9);
        check(&["source", "flights", "key", "1"], 6, 13);
        check(&["check", "1"], 10, 1);
        check(&["check", "1", "table"], 11, 1);
        check(&["check", "1", "in", "a"], 12, 8);
    }

    #[test]
    fn a_missing_key_has_the_place_of_the_section_it_is_missing_from() {
        let document = document(TEXT);
        assert_eq!(document.place(&["source", "flights", "time"]).line, Some(4));
        assert_eq!(document.place(&["examples", "label"]).line, None);
    }

    #[test]
    fn a_place_inside_an_expression_counts_characters() {
        let document = document("[derive]\nx = \"é + nope\"\ny = \"a \\\" b\"\n");
        assert_eq!(document.place_inside(&["derive", "x"], "é + nope", 5).column, Some(10));
        assert_eq!(document.place_inside(&["derive", "y"], "a \" b", 5).column, Some(5));
    }

    #[test]
    fn an_element_of_a_list_is_found_by_its_text() {
        let document = document(TEXT);
        assert_eq!(document.place_of_text(&["source", "flights"], "bb").and_then(|place| place.column), Some(13));
        assert_eq!(document.place_of_text(&["source", "flights"], "zz"), None);
    }

    #[test]
    fn the_path_of_a_span_is_the_innermost_one() {
        let document = document(TEXT);
        let offset = TEXT.find("bb").unwrap();
        assert_eq!(document.path_at(&(offset..offset + 1)).0, ["source", "flights", "key", "1"]);
        let offset = TEXT.find("name").unwrap();
        assert_eq!(document.path_at(&(offset..offset + 4)), (vec!["project".into(), "name".into()], true));
    }

    #[test]
    fn text_that_is_not_toml_shows_its_line() {
        let check = |text: &str, line: u64| {
            let problem = Document::parse("ropeway.toml", text.to_owned()).unwrap_err();
            assert_eq!(problem.place().and_then(|place| place.line), Some(line), "{problem}");
            assert_eq!(problem.code(), "not-toml");
        };
        check("[project]\nname = x y\n", 2);
        check("[project]\nname = \"a\nb = 1\n", 2);
        check("[project]\nname = \"a\"\nname = \"b\"\n", 3);
        check("[project\n", 1);
        check(&format!("a = {}\n", "[".repeat(5_000)), 1);
    }
}
