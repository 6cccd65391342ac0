//! The names of the new project and of what is in it: made of file and folder names, and free.

use std::collections::BTreeSet;
use std::path::Path;

use ropeway_project::is_reserved_feature;
use ropeway_vocab::{Problem, Result, ascii_letters};

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

/// Words that SQL does not take for a column without quotes, at any place where a column may stand.
const RESERVED: &str = "\
    all analyze and any array as asc between by case cast check cluster column cross current current_catalog \
    current_date current_time current_timestamp current_user date default desc distinct distribute else end \
    except exclude exists explain false fetch filter for from full group having in inner intersect interval \
    into is join lateral left like limit localtime localtimestamp minus natural not null offset on or order \
    outer over partition returning right select session_user set sort struct table then time timestamp top \
    trim true union user using values view when where with";

/// Whether a name in lower case needs quotes in SQL.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.split_ascii_whitespace().any(|word| word == name)
}

/// What a table calls its columns: as the file does, but for names that examples or predictions have themselves.
pub(super) fn called<'a>(names: impl IntoIterator<Item = &'a str> + Clone) -> Vec<String> {
    let mut taken: BTreeSet<String> = names.clone().into_iter().map(str::to_lowercase).collect();
    let call = |name: &str| {
        if !is_reserved_feature(name) {
            return name.to_owned();
        }
        free(&format!("{name}_value"), &mut taken)
    };
    names.into_iter().map(call).collect()
}

/// The name, with a number behind it where it is taken, whatever its case; it is taken from now on.
pub(super) fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut free = name.to_owned();
    for number in 2.. {
        if taken.insert(free.to_lowercase()) {
            break;
        }
        free = format!("{name}_{number}");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_called_after_their_files() {
        let names = |file: &str| Names::new(Path::new("."), file, Some("p")).unwrap().source;
        assert_eq!(names("../Data/Lending Club-2013.csv.gz"), "lending_club_2013");
        assert_eq!(names("2013.csv"), "data_2013");
        assert_eq!(names("é.csv"), "e");
        assert_eq!(names("Ünï Größe.csv"), "ueni_groesse");
        assert_eq!(names("u\u{308}n.csv"), "un");
        assert_eq!(names("表.csv"), "data");
        assert_eq!(names("examples.csv"), "data_examples");
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut taken: BTreeSet<String> = ["month".to_owned()].into();
        assert_eq!(["Month", "year", "month"].map(|name| free(name, &mut taken)), ["Month_2", "year", "month_3"]);
    }

    #[test]
    fn names_that_are_taken_get_one_that_is_free() {
        let check = |names: &[&str], want: &[&str]| assert_eq!(called(names.iter().copied()), want);
        check(&["at", "At", "x"], &["at_value", "At", "x"]);
        check(
            &["probability", "Probability_Value", "decision"],
            &["probability_value_2", "Probability_Value", "decision_value"],
        );
        check(&["label", "label_value", "label_value_2"], &["label_value_3", "label_value", "label_value_2"]);
        check(&[], &[]);
    }
}
