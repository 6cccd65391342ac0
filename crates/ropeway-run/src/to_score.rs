//! A file to score is opened in the form that it has: by its name, or as the sources of the model write theirs.

use std::path::Path;

use ropeway_package::{Contents, Package, example_readings};
use ropeway_source::propose::{is_utf8, propose};
use ropeway_source::{SourceSettings, Stream, Wanted, open_stream_as};
use ropeway_vocab::{AT, ColumnSpec, ColumnType, Result};

fn wanted(column: ColumnSpec) -> Wanted {
    let required = column.name != AT;
    Wanted { name: column.name, ty: column.ty, required, personal: column.personal }
}

/// Opens the file by its name's delimiter or, where columns are missing so, by one of the sources', or in all the form of
/// one; else by the delimiter that it has. A file that is not in UTF-8 is in the encoding of the sources. Every key of JSON lines is a column of the output,
/// wherever it first stands.
pub(crate) fn opened(input: &Path, package: &Package) -> Result<Stream> {
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
    let forms = forms.chain(sources().map(|source| in_form_of(source, &settings, input)));
    open_stream_as(input, forms, &wanted, &readings)
}

/// The form of a source, with no more rows left out at the end than this file itself says are no part of the table.
fn in_form_of(source: &SourceSettings, settings: &SourceSettings, input: &Path) -> SourceSettings {
    let mut form = settings.in_form_of(source);
    if form.skip_footer > 0
        && let Ok(own) = propose(input, Path::new(""))
    {
        form.skip_footer = form.skip_footer.min(own.settings.skip_footer);
    }
    form
}
