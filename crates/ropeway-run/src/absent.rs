//! Columns that a file to score lacks as files of the training did: those of a source whose files are not all alike. They are missing
//! in all its rows.

use std::sync::Arc;

use arrow::array::{RecordBatch, new_null_array};
use arrow::datatypes::{Field, FieldRef, Schema};
use ropeway_package::Package;
use ropeway_source::{Columns, Stream, Wanted};
use ropeway_vocab::{AT, ColumnSpec, Result, nearest};

use crate::batch::arrow_defect;

/// Asks no more for columns that files of the training may have lacked, where others are left by which the table is known.
pub(crate) fn allowed(wanted: &mut [Wanted], package: &Package) {
    let may: Vec<bool> = wanted.iter().map(|column| column.required && may_lack(package, &column.name)).collect();
    if wanted.iter().zip(&may).any(|(column, may)| column.required && !may) {
        wanted.iter_mut().zip(may).for_each(|(column, may)| column.required &= !may);
    }
}

/// Whether the files of a source of the column differ, and it was missing in rows of the training.
fn may_lack(package: &Package, name: &str) -> bool {
    let contents = &package.contents;
    let mut unlike = contents.definitions.sources.values().filter(|source| source.settings.columns == Columns::Union);
    let missing = contents.profile.iter().any(|profile| profile.name == name && profile.missing > 0);
    missing && unlike.any(|source| source.columns.iter().any(|column| column.name == name))
}

/// The columns that were asked for and are not there.
pub(crate) fn of(stream: &Stream, wanted: Vec<Wanted>, package: &Package) -> Vec<ColumnSpec> {
    let input = package.contents.plan.input_columns();
    let has = |name: &str| stream.columns().iter().any(|column| column.name == name);
    let lacks = |wanted: &Wanted| wanted.name != AT && !has(&wanted.name);
    let names: Vec<String> = wanted.into_iter().filter(lacks).map(|wanted| wanted.name).collect();
    input.into_iter().filter(|column| names.contains(&column.name)).collect()
}

/// What to say of them.
pub(crate) fn told<'a>(absent: &'a [ColumnSpec], stream: &'a Stream) -> impl Iterator<Item = String> + 'a {
    absent.iter().map(|ColumnSpec { name, .. }| {
        let schema = stream.original_schema();
        let others = schema.fields().iter().map(|field| field.name().as_str());
        let near = nearest(name, others.filter(|other| stream.called(other).is_none()));
        let near = near.map_or_else(String::new, |near| format!(" (is `{near}` meant? then rename it)"));
        format!("the file has no column `{name}`, which is missing in all its rows, as in files of the training{near}")
    })
}

/// The rows with the columns that their file lacks.
pub(crate) fn with(rows: &RecordBatch, absent: &[ColumnSpec]) -> Result<RecordBatch> {
    let mut fields: Vec<FieldRef> = rows.schema().fields().iter().cloned().collect();
    let mut columns = rows.columns().to_vec();
    for column in absent {
        columns.push(new_null_array(&column.ty.arrow(), rows.num_rows()));
        fields.push(Arc::new(Field::new(&column.name, column.ty.arrow(), true)));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(arrow_defect)
}
