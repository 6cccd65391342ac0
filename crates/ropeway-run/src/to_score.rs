//! A file to score is opened in the form that it has: by its name, or as the sources of the model write theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ropeway_package::{Contents, Package, example_readings};
use ropeway_source::propose::{Footer, footer_of, is_utf8};
use ropeway_source::{SourceSettings, Stream, Wanted, open_stream_as};
use ropeway_vocab::{AT, ColumnSpec, ColumnType, Result};

fn wanted(column: ColumnSpec) -> Wanted {
    let required = column.name != AT;
    Wanted { name: column.name, ty: column.ty, required, personal: column.personal }
}

/// A file to score that is open.
pub(crate) struct ToScore {
    pub stream: Stream,
    /// What is left out of it.
    pub warnings: Vec<String>,
}

/// Opens the file by its name's delimiter or, where columns are missing so, by one of the sources', or in all the form of
/// one; else by the delimiter that it has. A file that is not in UTF-8 is in the encoding of the sources. Every key of JSON lines is a column of the output,
/// wherever it first stands. In whatever form, rows at its end are left out where files of the sources end in such and this one itself
/// shows that they are no part of the table.
pub(crate) fn opened(input: &Path, package: &Package) -> Result<ToScore> {
    let Contents { plan, definitions, .. } = &package.contents;
    let mut wanted: Vec<Wanted> = plan.input_columns().into_iter().map(wanted).collect();
    if let Some(name) = plan.at_name().filter(|name| wanted.iter().all(|column| column.name != *name)) {
        let personal = plan.is_personal(name);
        wanted.push(Wanted { name: name.to_owned(), ty: ColumnType::Timestamp, required: false, personal });
    }
    let readings = example_readings(package)?;
    let sources = || definitions.sources.values().map(|source| &source.settings);
    let mut settings = SourceSettings { infer_rows: usize::MAX, ..SourceSettings::of_file("") };
    let declared = sources().find_map(|source| source.encoding.clone());
    if declared.is_some() && !is_utf8(input) {
        settings.encoding = declared;
    }
    let delimiters = sources().filter_map(|source| source.delimiter.as_ref());
    let with = |delimiter: &String| SourceSettings { delimiter: Some(delimiter.clone()), ..settings.clone() };
    let forms = [settings.clone()].into_iter().chain(delimiters.map(with));
    let forms = forms.chain(sources().map(|source| settings.in_form_of(source)));
    let declared = sources().any(|source| source.skip_footer > 0 || source.comment.is_some());
    // Each sheet has its own end. A file that cannot be looked at is told where it is opened.
    let sheets: BTreeSet<Option<String>> =
        sources().map(|source| source.sheet.clone()).chain([None]).filter(|_| declared).collect();
    let end = |sheet: Option<String>| Some((sheet.clone(), footer_of(input, sheet.as_deref()).ok()??));
    let footers: BTreeMap<Option<String>, Footer> = sheets.into_iter().filter_map(end).collect();
    let forms = forms.map(|form| {
        let footer = footers.get(&form.sheet);
        without(form, footer)
    });
    let stream = open_stream_as(input, forms, &wanted, &readings)?;
    let footer = footers.get(&stream.sheet().map(str::to_owned));
    Ok(ToScore { warnings: footer.map(left_out).into_iter().collect(), stream })
}

/// The form with these rows left out at the end, and no more: a comment that passes over them would leave out others.
fn without(mut form: SourceSettings, footer: Option<&Footer>) -> SourceSettings {
    form.skip_footer = footer.map_or(0, |footer| footer.rows);
    let begins = footer.and_then(|footer| footer.begins.as_deref());
    form.comment = form.comment.filter(|comment| !begins.is_some_and(|begins| begins.starts_with(comment.as_str())));
    form
}

fn left_out(footer: &Footer) -> String {
    match footer.rows {
        1 => format!("the last row is left out: {}", footer.why),
        rows => format!("the last {rows} rows are left out: {}", footer.why),
    }
}
