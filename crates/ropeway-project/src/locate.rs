//! Finds the place in the project file of a problem that a crate below found with a setting. Crates below know the
//! names of sections and keys, not the lines they stand on: they say `[window.x] value`, or "source `x`", as the place
//! of an expression or in the message.

use ropeway_vocab::{Place, Problem};

use crate::Project;

impl Project {
    /// Gives `problem` the place of the setting that it names, else that of `path`, unless it has a place already.
    #[must_use]
    pub fn locate(&self, problem: Problem, path: &[&str]) -> Problem {
        self.located(problem).or_at(|| self.document.place(path))
    }

    /// Gives `problem` the place of the setting that it names, where it names one and has no place in a file yet.
    #[must_use]
    pub fn located(&self, problem: Problem) -> Problem {
        match problem.place().cloned() {
            Some(place) => match self.inside(&place) {
                Some(found) => problem.at(found),
                None => problem,
            },
            None => match self.named(problem.what()) {
                Some(place) => problem.at(place),
                None => problem,
            },
        }
    }

    /// The place in the project file of a place inside an expression of it.
    fn inside(&self, place: &Place) -> Option<Place> {
        let line = place.text.as_deref().unwrap_or_default();
        let path = match setting(&place.file) {
            Some(path) => path,
            None if place.file == "value" => self.window_with(line)?,
            None => self.check_with(place.file.strip_prefix("check of `")?.trim_end_matches('`'), line)?,
        };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let found = self.document.place_inside(&path, line, place.column.unwrap_or(1));
        found.line.is_some().then_some(found)
    }

    /// The place of the setting that a message names; where the message also quotes texts that stand in that
    /// setting, the place of the last of them.
    fn named(&self, what: &str) -> Option<Place> {
        let path = setting(what)?;
        let mut path: Vec<&str> = path.iter().map(String::as_str).collect();
        // The word after a section may be a key of it, or only the next word of the sentence.
        while path.len() > 1 && !self.document.has(&path) {
            path.pop();
        }
        let quoted = what.split('`').skip(1).step_by(2);
        let text = quoted.filter_map(|text| self.document.place_of_text(&path, text)).last();
        text.or_else(|| Some(self.document.place(&path)).filter(|place| place.line.is_some()))
    }

    fn window_with(&self, value: &str) -> Option<Vec<String>> {
        let (name, _) =
            self.settings.window.iter().find(|(_, window)| window.value.lines().any(|line| line == value))?;
        Some(vec!["window".into(), name.clone(), "value".into()])
    }

    fn check_with(&self, table: &str, that: &str) -> Option<Vec<String>> {
        let states = |sql: &Option<String>| sql.as_ref().is_some_and(|sql| sql.lines().any(|line| line == that));
        let index = self.settings.check.iter().position(|check| check.table == table && states(&check.that))?;
        Some(vec!["check".into(), index.to_string(), "that".into()])
    }
}

/// The path of the setting that a text names.
pub(crate) fn setting(text: &str) -> Option<Vec<String>> {
    let gate = || text.starts_with("gate `").then(|| vec!["gate".to_owned()]);
    bracketed(text).or_else(|| by_noun(text)).or_else(gate)
}

/// `[section.name] key`, inside backticks or not.
fn bracketed(text: &str) -> Option<Vec<String>> {
    let start = text.find('[')?;
    let (mut path, rest) = dotted(text[start..].trim_start_matches('['))?;
    let rest = rest.strip_prefix(']')?.trim_start_matches(']');
    let key: String = rest
        .trim_start_matches([' ', '`', '.'])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    if rest.starts_with([' ', '.', '`']) && !key.is_empty() {
        path.push(key);
    }
    Some(path)
}

/// The parts of a dotted key, bare or in double quotes, and what stands behind it.
fn dotted(text: &str) -> Option<(Vec<String>, &str)> {
    let (mut parts, mut rest) = (Vec::new(), text);
    loop {
        let (part, end) = if rest.starts_with('"') {
            let mut quoted = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            (quoted.next()?.ok()?, quoted.byte_offset())
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?;
            (rest[..end].to_owned(), end)
        };
        if end == 0 {
            return None;
        }
        parts.push(part);
        rest = &rest[end..];
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None => return Some((parts, rest)),
        }
    }
}

/// "source `x`", "`key` of table `x`", "lookup `x`", "window `x`", "derived feature `x`".
fn by_noun(text: &str) -> Option<Vec<String>> {
    let nouns = [("source", "source"), ("table", "table"), ("lookup", "lookup"), ("window", "window")];
    nouns.into_iter().chain([("feature", "derive"), ("derived", "derive")]).find_map(|(noun, section)| {
        let at = text.find(&format!("{noun} `"))?;
        let name = text[at + noun.len() + 2..].split('`').next()?;
        let mut path = vec![section.to_owned(), name.to_owned()];
        let before = text[..at].strip_suffix(" of ").and_then(|before| before.split(' ').next_back());
        path.extend(before.map(|key| key.trim_matches('`').to_owned()));
        Some(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_setting_that_a_message_names() {
        let check = |text: &str, path: &[&str]| assert_eq!(setting(text).unwrap_or_default(), path, "{text}");
        check("`[learn.boosted] max_bin` is out of its range", &["learn", "boosted", "max_bin"]);
        check("[derive] slip: column `dep` is not known", &["derive", "slip"]);
        check("[lookup.weather]: table `x` is untimed", &["lookup", "weather"]);
        check("known_at of source `flights`", &["source", "flights", "known_at"]);
        check("`time` of source `flights` names column `x`", &["source", "flights", "time"]);
        check("source `flights`: `tolerate` is not a share", &["source", "flights"]);
        check(
            "`[recipe.feature.\"net \\\"of\\\" tax]\"]` is for a feature",
            &["recipe", "feature", "net \"of\" tax]", "is"],
        );
        check("a list [1, 2] is none", &[]);
        check("gate `holdout.x > 1`: `x` is no metric", &["gate"]);
        check("no setting at all", &[]);
    }
}
