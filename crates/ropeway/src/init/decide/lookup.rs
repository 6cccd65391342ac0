//! Tables beside the one to learn from: one with a row a key that most rows find becomes a lookup; of another it is said why
//! it does not.

use std::path::Path;

use ropeway_source::TextSpelling;
use ropeway_survey::Ask;
use ropeway_vocab::Result;
use serde::Serialize;

use crate::init::CELLS;
use crate::init::decide::columns::{self, ColumnChoice, Use};
use crate::init::decide::matched::{self, Form, Match};
use crate::init::decide::split::Split;
use crate::init::decide::{unmatched, zeros};
use crate::init::look::{Looked, look};
use crate::init::names::Names;
use crate::render::number::count;

/// A table that rows are looked up in.
#[derive(Debug)]
pub struct Lookup {
    pub names: Names,
    pub looked: Looked,
    pub columns: Vec<ColumnChoice>,
    pub choice: LookupChoice,
}

/// What is to be known of it.
#[derive(Debug, Clone, Serialize)]
pub struct LookupChoice {
    /// The file.
    pub file: String,
    /// The column of the rows, or those that make a key together.
    pub column: Vec<String>,
    /// The columns of the file for these, one row a value.
    pub key: Vec<String>,
    /// Rows that find one.
    pub found: u64,
    /// Of so many.
    pub of: u64,
    /// What is taken.
    pub take: Vec<String>,
    /// The key in the form of the column, as SQL, where one of them has leading zeros.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

impl LookupChoice {
    /// The evidence in a sentence.
    pub fn why(&self) -> String {
        let Self { column, found, of, .. } = self;
        let share = 100.0 * *found as f64 / (*of).max(1) as f64;
        let zeros = match &self.form {
            Some(form) => format!("; leading zeros are brought to one form in the SQL of its table ({form})"),
            None => String::new(),
        };
        format!(
            "{share:.1}% of the rows find their `{}` in it, {} of {}{zeros}",
            column.join("`, `"),
            count(*found),
            count(*of)
        )
    }
}

/// The table to learn from.
pub struct Main<'a> {
    pub root: &'a Path,
    pub names: &'a Names,
    pub looked: &'a Looked,
    pub label: &'a str,
    pub columns: &'a [ColumnChoice],
}

impl Main<'_> {
    /// How spellings of a column are read as one, where they are: what it is found by has to be read so, too.
    pub(super) fn spelling(&self, column: &ColumnChoice) -> Option<TextSpelling> {
        self.looked.settings.column.get(&column.name).and_then(|own| own.text)
    }
}

/// Which of these files are looked up in, and what is to be said of the others.
///
/// # Errors
/// Whatever reading the files finds.
pub fn find(main: &Main<'_>, files: &[String]) -> Result<(Vec<Lookup>, Vec<String>)> {
    let (mut lookups, mut notes): (Vec<Lookup>, Vec<String>) = (Vec::new(), Vec::new());
    for file in files {
        let mut names = Names::new(main.root, file, Some(""))?;
        let taken = |source: &str| source == main.names.source || lookups.iter().any(|l| l.names.source == source);
        if taken(&names.source) {
            names.source.push_str("_lookup");
            names.table = format!("{}_clean", names.source);
        }
        if taken(&names.source) {
            notes.push(format!("`{file}` is not used: another file has its name"));
            continue;
        }
        let mut looked =
            look(main.root, file, None, &Ask::default(), Some(CELLS)).map_err(|problem| problem.context(file))?;
        let told = std::mem::take(&mut looked.notes);
        match of_file(main, file, names, looked)? {
            Ok(lookup) => {
                notes.push(format!("`{file}` is a lookup: {}", lookup.choice.why()));
                notes.extend(lookup.looked.aloud().into_iter().chain(told).map(|note| format!("`{file}`: {note}")));
                lookups.push(lookup);
            }
            Err(why) => notes.push(format!("`{file}` is not used: {why}")),
        }
    }
    Ok((lookups, notes))
}

fn of_file(
    main: &Main<'_>,
    file: &str,
    names: Names,
    mut looked: Looked,
) -> Result<std::result::Result<Lookup, String>> {
    if !looked.survey.whole {
        return Ok(Err("it is too large to be read whole, so that nothing says that a key comes once".into()));
    }
    let Match { found, of, columns: by, key, form } = match matched::best(main, &looked, &names.source)? {
        Ok(found) => found,
        Err(near) => return Ok(Err(unmatched::why(main, &looked, &names.source, near))),
    };
    let form = match form {
        Form::Same => None,
        Form::Sql(form) => Some(form),
        Form::Several => return Ok(Err(zeros::in_several_forms(&Match { found, of, columns: by, key, form }))),
    };
    if let Some(column) = by.iter().find(|column| column.personal) {
        return Ok(Err(format!("`{}`, by which rows would find theirs, is about people", column.name)));
    }
    if let [column] = by.as_slice()
        && column.used == Use::Key
    {
        let why = "each row would find one of its own: join it in the SQL of the table";
        return Ok(Err(format!("`{}` is the key of both, so that {why}", column.name)));
    }
    let column: Vec<String> = by.iter().map(|column| column.called.clone()).collect();
    if let ([own], [key]) = (by.as_slice(), key.as_slice())
        && let Some(text) = main.spelling(own)
    {
        looked.unite(key, text, format!("`{}`, by which rows are found, is read so", own.called));
    }
    let (mut columns, _) = columns::choose(&looked, "", &Split::Random, false);
    for own in columns.iter_mut().filter(|own| key.contains(&own.name)) {
        (own.used, own.why) = (Use::Key, "is what rows are found by".into());
        own.form = form.clone();
    }
    let take: Vec<String> =
        columns.iter().filter(|own| own.used == Use::Feature).map(|own| own.called.clone()).collect();
    if take.is_empty() {
        return Ok(Err("beside what rows are found by it has no column to learn from".into()));
    }
    let choice = LookupChoice { file: file.to_owned(), column, key, found, of, take, form };
    Ok(Ok(Lookup { names, looked, columns, choice }))
}

/// The column by which rows are looked up is asked for in a request, whatever else it is.
pub fn ask_for(columns: &mut [ColumnChoice], lookups: &[Lookup]) {
    for column in columns.iter_mut() {
        if let Some(lookup) = lookups.iter().find(|lookup| lookup.choice.column.contains(&column.called))
            && matches!(column.used, Use::LeftOut | Use::Group)
        {
            (column.used, column.why) = (Use::Feature, format!("`{}` is looked up by it", lookup.names.source));
        }
    }
}
