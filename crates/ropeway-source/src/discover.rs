//! The columns of a source: their names from its files, their types from the settings or its first rows, their labels
//! from the settings. Every column that the settings name must be there.

use std::path::{Path, PathBuf};

use ropeway_vocab::{ColumnSpec, ColumnType, Problem, Result, nearest};

use crate::batch::tally::{MASK, shortened};
use crate::file::found::{SourceFile, last_part, resolve};
use crate::file::several_sheets::several_sheets;
use crate::format::names::Repeated;
use crate::notice::Noticed;
use crate::reader::{FileReader, Likely};
use crate::settings::{Columns, Format, SourceSettings};
use crate::spec::SourceSpec;
use crate::value::evidence::OddValue;

/// Files that lack columns and are named.
const LACKING: usize = 5;

/// The columns of a source, as far as its first rows tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Inferred {
    /// All of them, in the order of the first file.
    pub columns: Vec<ColumnSpec>,
    /// Those that are text for the sake of a few values.
    pub exceptions: Vec<TextByException>,
    /// What else should be known of the first file.
    pub noticed: Vec<Noticed>,
    /// Columns that the first files call by one name.
    pub repeated: Vec<Vec<String>>,
}

/// A column that is text only because a few of its values are not what nearly all others are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextByException {
    /// The column.
    pub column: String,
    /// The type of nearly all values.
    pub ty: ColumnType,
    /// How many of the values looked at have that type.
    pub fit: u64,
    /// How many values were looked at; missing ones are none.
    pub of: u64,
    /// The first of the others; what a personal column holds is `***`.
    pub odd: Vec<OddValue>,
}

/// The columns of the source called `name`, its files under the folder `root`. Reads the names of the columns of every
/// file, and the first `infer_rows` rows.
pub fn infer(name: &str, settings: &SourceSettings, root: &Path) -> Result<Vec<ColumnSpec>> {
    inferred(name, settings, root).map(|inferred| inferred.columns)
}

/// Like [`infer`], with the columns that are text by exception.
pub fn inferred(name: &str, settings: &SourceSettings, root: &Path) -> Result<Inferred> {
    let spec = SourceSpec::new(name, settings)?;
    let files = found(&spec, root)?;
    let inferred = discover(&spec, &files)?;
    let same = settings.columns == Columns::Same;
    for file in files.iter().skip(1).filter(|_| same) {
        same_columns(&inferred.columns, FileReader::open(&spec, file)?.names(), file, &files[0])?;
    }
    Ok(inferred)
}

/// The paths of the files of the source called `name` under the folder `root`, in the order in which they are read.
pub fn paths(name: &str, settings: &SourceSettings, root: &Path) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        found(&SourceSpec::new(name, settings)?, root)?.into_iter().map(|file| file.path).collect();
    // Sheets of one workbook are of one file.
    paths.dedup();
    Ok(paths)
}

/// The files of a source.
pub(crate) fn found(spec: &SourceSpec, root: &Path) -> Result<Vec<SourceFile>> {
    let of_source = |problem: Problem| problem.context(format_args!("source `{}`", spec.name));
    let mut files = resolve(&spec.settings.path, root).and_then(|files| sheets(spec, files)).map_err(of_source)?;
    let all = files.len();
    for pattern in &spec.settings.leave_out {
        let glob = glob::Pattern::new(pattern.trim_start_matches("./")).map_err(|error| {
            of_source(Problem::invalid(
                "glob",
                format!("`leave_out` names `{pattern}`, which is no glob: {}", error.msg),
            ))
            .remedy("use `*`, `?` and `[a-z]`; write `[*]` for a star in a name")
        })?;
        // A name alone is meant in every folder, and one with a folder there.
        let named = |file: &SourceFile| {
            if pattern.contains('/') { glob.matches(&file.name) } else { glob.matches(last_part(&file.name)) }
        };
        files.retain(|file| !named(file));
    }
    if files.is_empty() {
        let what = format!("`leave_out` leaves out all {all} files of the source");
        return Err(of_source(Problem::invalid("no-files", what)).remedy("take out of it what is to be read"));
    }
    Ok(files)
}

/// The files, each workbook as many times as sheets of it are read, where that are several.
fn sheets(spec: &SourceSpec, files: Vec<SourceFile>) -> Result<Vec<SourceFile>> {
    let Some(sheets) = spec.settings.sheet.as_ref().filter(|sheets| sheets.only().is_none()) else { return Ok(files) };
    let mut all = Vec::new();
    for file in files {
        // What has no sheets is refused where it is opened.
        match spec.format_of(&file) {
            Ok(Format::Xlsx) => all.extend(several_sheets(&file, sheets.each())?),
            _ => all.push(file),
        }
    }
    Ok(all)
}

/// The columns, from as many files as the rows to infer from take.
pub(crate) fn discover(spec: &SourceSpec, files: &[SourceFile]) -> Result<Inferred> {
    let mut names: Vec<String> = Vec::new();
    let mut types: Vec<Likely> = Vec::new();
    let mut rows = 0;
    let (mut says_itself, mut noticed, mut repeated) = (false, Vec::new(), Vec::new());
    let mut lacking = Vec::new();
    let union = spec.settings.columns == Columns::Union;
    for (index, file) in files.iter().enumerate() {
        let enough = rows >= spec.settings.infer_rows || says_itself;
        if enough && !union {
            break;
        }
        let mut reader = FileReader::open(spec, file)?;
        lacking.push(reader.names().to_vec());
        repeated.extend(reader.repeated().iter().map(Repeated::names));
        if index == 0 {
            names = reader.names().to_vec();
            noticed.extend_from_slice(reader.noticed());
        }
        let more: Vec<usize> = (0..reader.names().len()).filter(|at| !names.contains(&reader.names()[*at])).collect();
        if enough && more.is_empty() {
            continue;
        }
        // Of columns that only this file has, its own rows tell.
        let left = spec.settings.infer_rows - if more.is_empty() { rows } else { 0 };
        let looked = reader.look(left, spec)?;
        rows = rows.saturating_add(looked.rows).min(spec.settings.infer_rows);
        says_itself |= looked.types.iter().any(|likely| matches!(likely, Likely::Said(_)));
        if index == 0 {
            types = looked.types;
            continue;
        }
        merge(&names, &mut types, reader.names(), &looked.types);
        if union {
            names.extend(more.iter().map(|at| reader.names()[*at].clone()));
            types.extend(more.into_iter().map(|at| looked.types[at].clone()));
        }
    }
    if union {
        noticed.extend(unlike(&names, files, &lacking));
    }
    let columns = labelled(&spec.settings, &names, &types)
        .map_err(|problem| problem.context(format_args!("source `{}`", spec.name)).or_at(|| files[0].place()))?;
    if rows == 0 && !says_itself && columns.iter().any(|column| !spec.settings.types.contains_key(&column.name)) {
        return Err(Problem::invalid("no-rows", format!("source `{}`: there are columns and no rows", spec.name))
            .at(files[0].place())
            .remedy("put the rows into the file, or give every column its type under `types`"));
    }
    Ok(Inferred { exceptions: exceptions(&columns, &types, &spec.settings), columns, noticed, repeated })
}

/// What files lack of the columns that the source has; `each` are the names of its files.
fn unlike(names: &[String], files: &[SourceFile], each: &[Vec<String>]) -> Option<Noticed> {
    let lacks = |own: &Vec<String>| -> Vec<String> {
        names.iter().filter(|name| !own.contains(name)).map(|name| format!("`{name}`")).collect()
    };
    let all: Vec<(&SourceFile, Vec<String>)> =
        files.iter().zip(each).map(|(file, own)| (file, lacks(own))).filter(|(_, lacks)| !lacks.is_empty()).collect();
    let (first, _) = all.first()?;
    let shown: Vec<String> =
        all.iter().take(LACKING).map(|(file, lacks)| format!("{} lacks {}", file.name, lacks.join(", "))).collect();
    let more = if all.len() > LACKING { format!("; and {} more files", all.len() - LACKING) } else { String::new() };
    let what = format!("what a file lacks is missing in its rows: {}{more}", shown.join("; "));
    let remedy = "leave such a file out with `leave_out`, if its rows are of another kind";
    Some(Noticed::new("other-columns", what, remedy).at(&first.name, None))
}

fn exceptions(columns: &[ColumnSpec], types: &[Likely], settings: &SourceSettings) -> Vec<TextByException> {
    let of = |(column, likely): (&ColumnSpec, &Likely)| {
        let Likely::Guessed(guess) = likely else { return None };
        let mut found = guess.but_for().filter(|_| !settings.types.contains_key(&column.name))?;
        for odd in &mut found.odd {
            odd.value = if column.personal { MASK.to_owned() } else { shortened(&odd.value) };
        }
        Some(TextByException {
            column: column.name.clone(),
            ty: found.ty,
            fit: found.fit,
            of: found.of,
            odd: found.odd,
        })
    };
    columns.iter().zip(types).filter_map(of).collect()
}

fn merge(names: &[String], types: &mut [Likely], others: &[String], looked: &[Likely]) {
    for (name, ty) in names.iter().zip(types) {
        let other = others.iter().position(|other| other == name).map(|at| &looked[at]);
        if let (Likely::Guessed(guess), Some(Likely::Guessed(other))) = (ty, other) {
            guess.merge(other);
        }
    }
}

fn labelled(settings: &SourceSettings, names: &[String], types: &[Likely]) -> Result<Vec<ColumnSpec>> {
    let known = |what: &str, column: &str| -> Result<()> {
        if names.iter().any(|name| name == column) {
            return Ok(());
        }
        let problem =
            Problem::invalid("unknown-column", format!("`{what}` names the column `{column}`, which is not there"));
        Err(match nearest(column, names.iter().map(String::as_str)) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy(format!("the columns are: {}", names.join(", "))),
        })
    };
    settings.types.keys().try_for_each(|column| known("types", column))?;
    settings.column.keys().try_for_each(|column| known("column", column))?;
    settings.key.iter().try_for_each(|column| known("key", column))?;
    settings.known_ahead.iter().try_for_each(|column| known("known_ahead", column))?;
    settings.personal.iter().try_for_each(|column| known("personal", column))?;
    settings.time.iter().try_for_each(|column| known("time", column))?;
    let columns: Vec<ColumnSpec> = names
        .iter()
        .zip(types)
        .map(|(name, likely)| ColumnSpec {
            name: name.clone(),
            ty: settings.types.get(name).copied().unwrap_or_else(|| likely.ty()),
            known_ahead: settings.known_ahead.contains(name),
            personal: settings.personal.contains(name),
        })
        .collect();
    let time = settings.time.as_ref().and_then(|time| columns.iter().find(|column| column.name == *time));
    if let Some(time) = time.filter(|time| !matches!(time.ty, ColumnType::Timestamp | ColumnType::Date)) {
        return Err(Problem::invalid(
            "time-type",
            format!("`time` names the column `{}`, which is {}", time.name, time.ty),
        )
        .remedy(format!("if it holds times, say `types.{} = \"timestamp\"`", time.name)));
    }
    Ok(columns)
}

/// Refuses a file whose columns are others than those of the first.
pub(crate) fn same_columns(
    columns: &[ColumnSpec],
    names: &[String],
    file: &SourceFile,
    first: &SourceFile,
) -> Result<()> {
    let lacking: Vec<&str> =
        columns.iter().map(|column| column.name.as_str()).filter(|name| !names.iter().any(|n| n == name)).collect();
    let extra: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| !columns.iter().any(|column| column.name == *name)).collect();
    if lacking.is_empty() && extra.is_empty() {
        return Ok(());
    }
    let mut what = format!("{} has other columns than {}:", file.name, first.name);
    if !lacking.is_empty() {
        what.push_str(&format!(" it lacks `{}`", lacking.join("`, `")));
    }
    if !extra.is_empty() {
        what.push_str(&format!(
            "{} it has `{}` besides",
            if lacking.is_empty() { "" } else { ";" },
            extra.join("`, `")
        ));
    }
    Err(Problem::invalid("different-columns", what)
        .at(file.place())
        .remedy(
            "say `columns = \"union\"` at the source, and what a file lacks is missing in its rows; or leave files out with \
             `leave_out`; or make them two sources, and bring them together in SQL",
        ))
}

impl Likely {
    /// The type.
    pub(crate) fn ty(&self) -> ColumnType {
        match self {
            Self::Said(ty) => *ty,
            Self::Guessed(guess) => guess.ty(),
        }
    }
}
