//! Takes typed sections out of a parsed project file, collecting every problem rather than the first one.

use indexmap::IndexMap;
use ropeway_vocab::{Problem, nearest};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::Document;
use crate::complaint::{Keys, explain};

/// Reads sections one by one; what is left at the end is unknown.
pub(crate) struct Reader<'t> {
    document: &'t Document,
    table: DeTable<'t>,
    known: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl<'t> Reader<'t> {
    /// Starts at the top of `document`.
    pub(crate) fn new(document: &'t Document) -> ropeway_vocab::Result<Self> {
        Ok(Self { document, table: document.table()?, known: Vec::new(), problems: Vec::new() })
    }

    /// `[name]`: one section.
    pub(crate) fn one<T: DeserializeOwned + JsonSchema>(&mut self, name: &'static str) -> Option<T> {
        let value = self.take(name)?;
        self.decode(&format!("[{name}]"), value)
    }

    /// `[name.*]`: sections that the user names, in the order written.
    pub(crate) fn named<T: DeserializeOwned + JsonSchema>(&mut self, name: &'static str) -> IndexMap<String, T> {
        let mut all = IndexMap::new();
        let Some(value) = self.take(name) else { return all };
        let span = value.span();
        let DeValue::Table(table) = value.into_inner() else {
            self.wrong_shape(name, span.start, format!("write it as [{name}.NAME] with its keys below"));
            return all;
        };
        for (key, value) in table {
            let key = key.into_inner().into_owned();
            if let Some(decoded) = self.decode(&format!("[{name}.{key}]"), value) {
                all.insert(key, decoded);
            }
        }
        all
    }

    /// `[[name]]`: a list of sections.
    pub(crate) fn list<T: DeserializeOwned + JsonSchema>(&mut self, name: &'static str) -> Vec<T> {
        let Some(value) = self.take(name) else { return Vec::new() };
        let span = value.span();
        let DeValue::Array(array) = value.into_inner() else {
            self.wrong_shape(name, span.start, format!("write it as [[{name}]], in double brackets, once for each"));
            return Vec::new();
        };
        array.into_iter().filter_map(|value| self.decode(&format!("[[{name}]]"), value)).collect()
    }

    /// Reports the sections that nobody asked for, and hands over all problems in the order of the file.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        let left: Vec<_> = std::mem::take(&mut self.table).into_iter().collect();
        for (key, _) in left {
            let name = key.get_ref().as_ref();
            let problem = Problem::invalid("unknown-section", format!("`{name}` is not a section of the project file"));
            let problem = match nearest(name, self.known.iter().copied()) {
                Some(near) => problem.remedy(format!("did you mean `{near}`?")),
                None => problem.remedy(format!("its sections are {}", self.known.join(", "))),
            };
            self.problems.push(problem.at(self.document.at(key.span().start)));
        }
        self.problems
    }

    fn take(&mut self, name: &'static str) -> Option<Spanned<DeValue<'t>>> {
        self.known.push(name);
        self.table.remove(name)
    }

    fn decode<T: DeserializeOwned + JsonSchema>(&mut self, title: &str, value: Spanned<DeValue<'t>>) -> Option<T> {
        let span = value.span();
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(decoded) => Some(decoded),
            Err(error) => {
                let schema = schemars::SchemaGenerator::default().into_root_schema_for::<T>().to_value();
                let keys = Keys { title, schema: &schema };
                self.problems.push(explain(self.document, &keys, &error, span));
                None
            }
        }
    }

    fn wrong_shape(&mut self, name: &str, offset: usize, remedy: String) {
        self.problems.push(
            Problem::invalid("wrong-form", format!("`{name}` has the wrong form"))
                .remedy(remedy)
                .at(self.document.at(offset)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropeway_vocab::Span;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only their decoding is under test")]
    struct Thing {
        /// Where the file lies. Relative to the project.
        path: String,
        #[serde(default)]
        tolerate: f64,
        #[serde(default)]
        count: u32,
        #[serde(default)]
        key: Vec<String>,
        #[serde(default)]
        strict: bool,
        #[serde(default)]
        by: Option<By>,
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        over: Option<Span>,
        #[serde(default)]
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its decoding is under test")]
    struct Inner {
        /// How many times.
        depth: u32,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum By {
        Time,
        Random,
    }

    fn problems(text: &str) -> Vec<Problem> {
        let document = Document::parse("ropeway.toml", text.to_owned()).unwrap();
        let mut reader = Reader::new(&document).unwrap();
        let _ = reader.one::<Thing>("one");
        let _ = reader.named::<Thing>("source");
        let _ = reader.list::<Thing>("check");
        reader.finish()
    }

    #[test]
    fn each_slip_names_its_line_what_was_expected_and_the_remedy() {
        let check = |text: &str, line: u64, column: u64, what: &str, remedy: &str| {
            let found = problems(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            let place = found[0].place().unwrap();
            assert!(found[0].what().contains(what), "{}", found[0]);
            assert!(found[0].advice().unwrap_or_default().contains(remedy), "{}", found[0]);
            assert_eq!((place.line, place.column), (Some(line), Some(column)), "{}", found[0]);
            assert!(place.text.is_some());
        };
        let known = "[source.a]\npath = \"x\"\n";
        check(&format!("{known}tolerat = 1"), 3, 1, "`tolerat` is not a key of [source.a]", "did you mean `tolerate`?");
        check(&format!("{known}zzzzzz = 1"), 3, 1, "`zzzzzz`", "its keys are path, tolerate");
        check(&format!("{known}count = \"7\""), 3, 9, "`count` must be a whole number, zero or more", "ropeway schema");
        check(&format!("{known}count = -7"), 3, 9, "and this is the whole number -7", "");
        check(&format!("{known}key = \"a\""), 3, 7, "`key` must be a list", "");
        check(&format!("{known}key = [\"a\", 3]"), 3, 13, "element 2 of `key` must be a text", "");
        check(&format!("{known}strict = \"true\""), 3, 10, "`strict` must be true or false", "");
        check(&format!("{known}by = \"tim\""), 3, 6, "`by` cannot be `tim`", "did you mean \"time\"");
        check(&format!("{known}over = \"7 dyas\""), 3, 8, "is not a span of time", "did you mean `days`?");
        check("[source.a]\ncount = 1\n", 1, 1, "[source.a] needs the key `path`", "Where the file lies");
        check("[one]\npath = 3\n", 2, 8, "`path` must be a text in quotes", "Where the file lies");
        check("one = 3\n", 1, 7, "[one] must be a table with keys", "");
        check("[[check]]\npath = \"a\"\n[[check]]\npath = 1\n", 4, 8, "`path` must be", "");
        check("[check]\npath = \"a\"\n", 1, 1, "`check` has the wrong form", "[[check]]");
        check("[sorce.a]\npath = \"a\"\n", 1, 2, "`sorce` is not a section", "did you mean `source`?");
        check(&format!("{known}[source.a.inner]\ndpeth = 1\n"), 4, 1, "`dpeth`", "did you mean `depth`?");
        check(&format!("{known}[source.a.inner]\n"), 3, 1, "needs the key `depth`", "How many times");
        check(&format!("{known}inner = 3\n"), 3, 9, "`inner` must be a table with keys", "");
    }

    #[test]
    fn every_section_is_read_before_anything_is_reported() {
        let found = problems("[source.a]\npath = 1\n[source.b]\npat = \"a\"\n[xyz]\n");
        assert_eq!(found.iter().filter_map(|p| p.place()?.line).collect::<Vec<_>>(), [2, 4, 5]);
    }
}
