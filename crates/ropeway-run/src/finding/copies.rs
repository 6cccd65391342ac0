//! A static source that repeats what another source says only later: in another format, or some of its columns and rows.
//! Files of equal bytes are refused before anything is read (`ropeway-project`); here values are compared.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, UInt32Array};
use arrow::compute::kernels::cmp::not_distinct;
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Float64Type};
use arrow::row::{Row, RowConverter, Rows, SortField};
use ropeway_project::Project;
use ropeway_source::SourceSettings;
use ropeway_table::{Relation, SourceDef, TablePlan};
use ropeway_vocab::{ColumnSpec, ColumnType, Kind, Problem, Result};

use crate::batch::arrow_defect;
use crate::data::Data;
use crate::step::{Engine, Made, key};

/// Columns agree for a reason where chance would make them agree so in less than one case in a billion.
const CHANCE: f64 = -20.7;
/// So many rows are looked at before all are.
const GLANCE: usize = 256;
/// One row in so many may differ: a copy may be older than what was put right since.
const SPARED: usize = 100;

/// A static source and one that is not, with columns that say which rows of theirs belong together.
pub(crate) struct Pair {
    pub copy: String,
    pub original: String,
    /// Columns of both. A key of another name is not looked for: numbers that count rows are alike in every source.
    on: Vec<String>,
    /// Columns of the copy, with columns of the original that are known only later.
    compared: Vec<(String, String)>,
}

/// A column that gives another one away.
struct Found<'a> {
    column: &'a str,
    later: &'a str,
    rows: usize,
}

/// The pairs of sources that could be copies by their columns.
pub(crate) fn pairs(plan: &TablePlan) -> Vec<Pair> {
    let sources = &plan.definitions().sources;
    let mut all = Vec::new();
    for (copy, of_copy) in sources.iter().filter(|(_, source)| source.settings.is_static) {
        for (original, of_original) in sources.iter().filter(|(_, source)| !source.settings.is_static) {
            let on = shared(of_copy, of_original);
            let ahead = &of_original.settings.known_ahead;
            let is_later = |column: &&ColumnSpec| !ahead.contains(&column.name) && !on.contains(&column.name);
            let mut compared = Vec::new();
            for later in of_original.columns.iter().filter(is_later) {
                let others = of_copy.columns.iter().filter(|column| alike(column.ty, later.ty));
                let others = others.filter(|column| !on.contains(&column.name));
                compared.extend(others.map(|column| (column.name.clone(), later.name.clone())));
            }
            if !on.is_empty() && !compared.is_empty() {
                all.push(Pair { copy: copy.clone(), original: original.clone(), on, compared });
            }
        }
    }
    all
}

/// By which columns rows of two sources belong together: by the original's key, else by all that both have and that is
/// known ahead.
fn shared(copy: &SourceDef, original: &SourceDef) -> Vec<String> {
    let SourceSettings { key, known_ahead, .. } = &original.settings;
    let both = |column: &&ColumnSpec| copy.columns.iter().any(|o| o.name == column.name && alike(o.ty, column.ty));
    let of_key: Vec<&ColumnSpec> = original.columns.iter().filter(|column| key.contains(&column.name)).collect();
    let columns: Vec<&ColumnSpec> = match !of_key.is_empty() && of_key.iter().all(both) {
        true => of_key,
        false => original.columns.iter().filter(|column| known_ahead.contains(&column.name)).filter(both).collect(),
    };
    columns.into_iter().map(|column| column.name.clone()).collect()
}

/// Refuses a run whose static sources give away what becomes known later.
pub(crate) async fn copies_step(engine: &Engine, project: &Project, data: &mut Data) -> Result<()> {
    let pairs = pairs(&data.plan);
    if pairs.is_empty() {
        return Ok(());
    }
    let mut builder = key("copies");
    for pair in &pairs {
        let [copy, original] = [&pair.copy, &pair.original];
        builder.digest(&data.record(copy)?.digest).digest(&data.record(original)?.digest);
        pair.on.iter().chain(pair.compared.iter().flat_map(|(column, later)| [column, later])).for_each(|name| {
            builder.text(name);
        });
    }
    let work = async || {
        for pair in &pairs {
            pair.check(project, &data.relation(&pair.copy)?, &data.relation(&pair.original)?)?;
        }
        Made::default().kept("compared", &pairs.len())
    };
    engine.step("copies", builder.finish(), work).await.map(|_| ())
}

impl Pair {
    /// Refuses the pair where a column of the one gives a column of the other away.
    pub fn check(&self, project: &Project, copy: &Relation, original: &Relation) -> Result<()> {
        let Some((here, there)) = self.together(copy, original)? else { return Ok(()) };
        for (column, later) in &self.compared {
            let Some(values) = same_type(copy.column(column)?, original.column(later)?)? else { continue };
            if equal(&values, &here, &there)? {
                return Err(self.problem(project, &Found { column, later, rows: here.len() }));
            }
        }
        Ok(())
    }

    /// The rows of both that belong together; nothing where the columns do not tell the original's rows apart.
    fn together(&self, copy: &Relation, original: &Relation) -> Result<Option<(UInt32Array, UInt32Array)>> {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for name in &self.on {
            let Some((here, there)) = same_type(copy.column(name)?, original.column(name)?)? else { return Ok(None) };
            left.push(here);
            right.push(there);
        }
        let converter = converter(&left)?;
        let left = converter.convert_columns(&left).map_err(arrow_defect)?;
        let right = converter.convert_columns(&right).map_err(arrow_defect)?;
        let partners = partners(&left, &right);
        let met: u64 = partners.iter().map(|(count, _)| u64::from(*count)).sum();
        let single = |row: &usize| partners[*row].0 == 1;
        let here: Vec<u32> = (0..partners.len()).filter(single).map(|row| row as u32).collect();
        let there: Vec<u32> = here.iter().map(|row| partners[*row as usize].1).collect();
        let told_apart = !here.is_empty() && here.len() as u64 * 10 >= met * 9;
        Ok(told_apart.then(|| (here.into(), there.into())))
    }

    fn problem(&self, project: &Project, found: &Found<'_>) -> Problem {
        let Self { copy, original, on, .. } = self;
        let Found { column, later, rows } = found;
        let what = format!(
            "static source `{copy}` has in `{column}` what `{original}.{later}` says, which becomes known only in time: the \
             two are the same in {rows} rows of equal {}, and through the static copy it would be known always",
            on.join(", ")
        );
        Problem::new(Kind::Refused, "static-copy", what).at(project.place(&["source", copy, "path"])).remedy(format!(
            "leave `{column}` out of [source.{copy}], or take out its `static = true` and say when its rows become known; \
             if `{later}` is known from the beginning, name it in `known_ahead` of [source.{original}]"
        ))
    }
}

/// For each row of the one, how many rows of the other have its key, and the last of them; no row where it is not the
/// only one of its key.
fn partners(left: &Rows, right: &Rows) -> Vec<(u32, u32)> {
    let mut by_key: HashMap<Row<'_>, Option<u32>> = HashMap::with_capacity(left.num_rows());
    for (row, key) in left.iter().enumerate() {
        by_key.entry(key).and_modify(|row| *row = None).or_insert(Some(row as u32));
    }
    let mut partners = vec![(0_u32, 0_u32); left.num_rows()];
    for (row, key) in right.iter().enumerate() {
        if let Some(Some(partner)) = by_key.get(&key) {
            let (count, last) = &mut partners[*partner as usize];
            (*count, *last) = (count.saturating_add(1), row as u32);
        }
    }
    partners
}

/// Whether two columns say the same in rows that belong together, and not by chance.
fn equal((left, right): &(ArrayRef, ArrayRef), here: &UInt32Array, there: &UInt32Array) -> Result<bool> {
    let stride = here.len().div_ceil(GLANCE).max(1);
    let some = |rows: &UInt32Array| UInt32Array::from_iter_values(rows.values().iter().step_by(stride).copied());
    for (here, there) in [(some(here), some(there)), (here.clone(), there.clone())] {
        let left = take(left, &here, None).map_err(arrow_defect)?;
        let right = take(right, &there, None).map_err(arrow_defect)?;
        let same = not_distinct(&left, &right).map_err(arrow_defect)?.true_count();
        // A glance may meet more of the differing rows than there are in all.
        let spared = if here.len() < GLANCE { SPARED / 10 } else { SPARED };
        if (here.len() - same) * spared > here.len() {
            return Ok(false);
        }
    }
    Ok(by_chance(&take(right, there, None).map_err(arrow_defect)?)? < CHANCE)
}

/// The logarithm of the chance that values which are drawn from a column, each for itself, are those of the column: that
/// of two rows being equal, for every row.
fn by_chance(values: &ArrayRef) -> Result<f64> {
    let columns = std::slice::from_ref(values);
    let rows = converter(columns)?.convert_columns(columns).map_err(arrow_defect)?;
    let mut counts: HashMap<Row<'_>, u64> = HashMap::new();
    for value in rows.iter() {
        *counts.entry(value).or_default() += 1;
    }
    let pairs: u128 = counts.values().map(|count| u128::from(*count) * u128::from(*count)).sum();
    let all = values.len() as f64;
    Ok(all * (pairs as f64 / (all * all)).ln())
}

fn converter(columns: &[ArrayRef]) -> Result<RowConverter> {
    RowConverter::new(columns.iter().map(|c| SortField::new(c.data_type().clone())).collect()).map_err(arrow_defect)
}

/// Whether values of these types can say the same: another format may make an integer a float.
fn alike(a: ColumnType, b: ColumnType) -> bool {
    let number = |ty| matches!(ty, ColumnType::Integer | ColumnType::Float);
    a == b || (number(a) && number(b))
}

/// Both columns as one type. NaN is a missing value in formats that have no other.
fn same_type(a: &ArrayRef, b: &ArrayRef) -> Result<Option<(ArrayRef, ArrayRef)>> {
    if a.data_type() == b.data_type() && a.data_type() != &DataType::Float64 {
        return Ok(Some((ArrayRef::clone(a), ArrayRef::clone(b))));
    }
    let float = |array: &ArrayRef| -> Result<Option<ArrayRef>> {
        let number = matches!(array.data_type(), DataType::Int64 | DataType::Float64);
        let cast = if number { Some(cast(array, &DataType::Float64).map_err(arrow_defect)?) } else { None };
        let told = |values: &Float64Array| values.iter().map(|value| value.filter(|v| !v.is_nan())).collect();
        let told = cast.as_ref().and_then(|cast| cast.as_primitive_opt::<Float64Type>()).map(told);
        Ok(told.map(|values: Float64Array| std::sync::Arc::new(values) as ArrayRef))
    };
    Ok(float(a)?.zip(float(b)?))
}
