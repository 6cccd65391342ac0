//! A file to score is opened in the form that it has: by its name, or as the sources of the model write theirs.

use std::collections::BTreeSet;
use std::path::Path;

use ropeway_package::{Package, example_readings};
use ropeway_project::is_reserved_feature;
use ropeway_source::propose::{Footer, Inside, SheetFound, around, is_utf8, sheet_with};
use ropeway_source::{Format, Repeated, Sheets, SourceSettings, Stream, Wanted, open_stream_as};
use ropeway_table::{Definitions, SourceDef};
use ropeway_vocab::{AT, ColumnSpec, ColumnType, Place, Problem, Result};

use crate::{absent, swapped};

/// The columns that the model reads. Those whose name in their source is one that examples have themselves (`at`, `label`) are
/// called otherwise in the table, and may stand in the file as in the source.
fn wanted(package: &Package) -> Result<Vec<Wanted>> {
    let plan = &package.contents.plan;
    let (tables, table) = (package.tables()?, plan.examples_table());
    let key: Vec<&str> = plan.key().iter().map(|column| column.name.as_str()).collect();
    let mut all = Vec::new();
    for column in plan.input_columns() {
        let required = column.name != AT;
        let mut called = None;
        if required && tables.passes_on(table, &column.name) {
            let read = tables.read_by(table, &[&column.name], &key)?;
            let names: BTreeSet<&str> = read.into_iter().flat_map(|(_, columns)| columns).collect();
            let one = names.first().filter(|_| names.len() == 1);
            called = one.filter(|name| is_reserved_feature(name)).map(|name| (*name).to_owned());
        }
        all.push(Wanted { name: column.name, called, ty: column.ty, required, personal: column.personal });
    }
    if let Some(name) = plan.at_name().filter(|name| all.iter().all(|column| column.name != *name)) {
        let (name, personal) = (name.to_owned(), plan.is_personal(name));
        all.push(Wanted { name, called: None, ty: ColumnType::Timestamp, required: false, personal });
    }
    absent::allowed(&mut all, package);
    Ok(all)
}

/// A file to score that is open.
pub(crate) struct ToScore {
    pub stream: Stream,
    /// The sheet of a workbook that is read, where its columns tell it or it was asked for.
    pub sheet: Option<String>,
    /// Columns that it lacks as files of the training did: they are missing in all its rows.
    pub absent: Vec<ColumnSpec>,
    /// What is left out of it.
    pub warnings: Vec<String>,
}

/// Opens the file by its name's delimiter or, where columns are missing so, by one of the sources', or in all the form of
/// one; else by the delimiter that it has. Of a workbook it is the sheet called `asked`, else that with the columns of the model.
/// A file that is not in UTF-8 is in the encoding of the sources, and the lines above its table are those that it has. Every key
/// of JSON lines is a column of the output, wherever it first stands. In whatever form, rows at its end are left out where files of the sources end in such and this one itself
/// shows that they are no part of the table.
pub(crate) fn opened(input: &Path, asked: Option<&str>, package: &Package) -> Result<ToScore> {
    let definitions = &package.contents.definitions;
    let wanted = wanted(package)?;
    let readings = example_readings(package)?;
    let sources = || definitions.sources.values().map(|source| &source.settings);
    let found = found_sheet(input, asked, &wanted, definitions)?;
    let sheet = asked.or(found.as_ref().map(|found| found.name.as_str()));
    let mut settings = SourceSettings { infer_rows: usize::MAX, ..SourceSettings::of_file("") };
    let utf8 = is_utf8(input);
    let encoding = sources().find_map(|source| source.encoding.clone());
    settings.encoding = encoding.filter(|_| !utf8);
    // A file that cannot be looked at is told where it is opened.
    let around = around(input, sheet).unwrap_or_default();
    let single = |source: &SourceSettings| source.quote == "'" && around.single_quotes;
    if let Some(source) = sources().find(|source| single(source)) {
        settings.quote.clone_from(&source.quote);
    }
    let delimiters = sources().filter_map(|source| source.delimiter.as_ref());
    let with = |delimiter: &String| SourceSettings { delimiter: Some(delimiter.clone()), ..settings.clone() };
    let forms = [settings.clone()].into_iter().chain(delimiters.map(with));
    // A source may write its files in another encoding than this one is in, and with other lines above the table.
    let of_source = |source: &SourceSettings| {
        let form = settings.in_form_of(source);
        SourceSettings { encoding: form.encoding.filter(|_| !utf8), ..form }
    };
    let below = |source| SourceSettings { skip_lines: around.skip_lines, ..of_source(source) };
    let forms = forms.chain(sources().map(of_source)).chain(sources().map(below));
    let declared = sources().any(|source| source.skip_footer > 0 || source.comment.is_some());
    let footer = around.footer.filter(|_| declared);
    // A comment of the source alone is no reason: in this file rows may begin so that are no totals.
    let passes = |inside: &Inside| sources().any(|source| source.comment.as_ref() == Some(&inside.begins));
    let inside = around.inside.filter(passes);
    let own = Format::of_name(&input.to_string_lossy()) == Some(Format::Xlsx);
    // A file without the columns of the model, or without a header, has the sheet that a source names.
    let of_sheet = |form: SourceSettings| {
        let usual = form.sheet.clone().filter(|usual| own && usual.only().is_some());
        SourceSettings { sheet: sheet.map(|sheet| Sheets::One(sheet.to_owned())).or(usual), ..form }
    };
    let forms = forms.map(|form| without(of_sheet(form), footer.as_ref(), inside.as_ref()));
    let stream = open_stream_as(input, forms, &wanted, &readings)?;
    told_apart(&stream, definitions).map_err(|problem| problem.at(Place::file(input.display().to_string())))?;
    let others = found.as_ref().and_then(|found| Some(other_sheets(&found.name, found.others.as_ref()?)));
    let renamed = stream.renamed().map(|(called, name)| {
        format!("the column `{called}` of the file is read as `{name}`, which the table calls it")
    });
    let swapped = swapped::told(input, sheet, &wanted, definitions);
    let absent = absent::of(&stream, wanted, package);
    let between = inside.iter().map(|inside| format!("rows between the others are left out: {}", inside.why));
    let left_out = footer.iter().map(left_out).chain(between).chain(swapped);
    let warnings = others.into_iter().chain(renamed).chain(left_out).chain(absent::told(&absent, &stream)).collect();
    Ok(ToScore { sheet: sheet.map(str::to_owned), absent, warnings, stream })
}

/// The sheet of a workbook with most of the columns that are wanted; looked for where none is asked for.
fn found_sheet(
    input: &Path,
    asked: Option<&str>,
    wanted: &[Wanted],
    definitions: &Definitions,
) -> Result<Option<SheetFound>> {
    if asked.is_some() || !input.is_file() {
        return Ok(None);
    }
    let names: Vec<&str> =
        wanted.iter().flat_map(|column| [Some(column.name.as_str()), column.called.as_deref()]).flatten().collect();
    let usual = definitions.sources.values().filter_map(|source| source.settings.sheet.as_ref()?.only());
    sheet_with(input, &names, &usual.collect::<Vec<_>>())
}

fn other_sheets(read: &str, others: &str) -> String {
    format!("the sheet `{read}` is scored, and others with the same columns are not: {others}; `--sheet` names another")
}

/// Refuses a name that stands twice where a column of it is read: which of them is meant would be a guess. Where a source has as
/// many columns of the name, each is the one in its place.
fn told_apart(stream: &Stream, definitions: &Definitions) -> Result<()> {
    let is_read = |name: &str| stream.called(name).is_some();
    let known = |repeated: &Repeated| {
        let names = |same: &Vec<String>| repeated.columns.iter().all(|(_, name)| same.contains(name));
        let of = |source: &SourceDef| source.repeated.iter().any(names);
        definitions.sources.values().any(of)
    };
    let unclear = |repeated: &&Repeated| repeated.columns.iter().any(|(_, name)| is_read(name)) && !known(repeated);
    let Some(Repeated { header, columns }) = stream.repeated().iter().find(unclear) else { return Ok(()) };
    let numbers: Vec<String> = columns.iter().map(|(number, _)| number.to_string()).collect();
    let what = format!(
        "repeated column: `{header}` stands in columns {} of the file, the model reads it, and in training it stood once",
        numbers.join(" and ")
    );
    Err(Problem::invalid("repeated-column", what).remedy(format!(
        "keep the one that the model means, and take the other out or give it another name; where both belong to the data, \
         train with both (the second is read as `{}`)",
        columns.get(1).map_or(header, |(_, name)| name)
    )))
}

/// The form with these rows left out at the end and between the others, and no more: a comment that passes over them would leave out others.
fn without(mut form: SourceSettings, footer: Option<&Footer>, inside: Option<&Inside>) -> SourceSettings {
    form.skip_footer = footer.map_or(0, |footer| footer.rows);
    let begins = footer.and_then(|footer| footer.begins.as_deref());
    if let Some(Inside { begins, .. }) = inside {
        form.comment = Some(begins.clone());
        return form;
    }
    form.comment = form.comment.filter(|comment| !begins.is_some_and(|begins| begins.starts_with(comment.as_str())));
    form
}

fn left_out(footer: &Footer) -> String {
    match footer.rows {
        1 => format!("the last row is left out: {}", footer.why),
        rows => format!("the last {rows} rows are left out: {}", footer.why),
    }
}
